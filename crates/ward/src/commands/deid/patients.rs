//! Patients of FHIR NDJSON: which line says who they are, for the lines that refer to them.
//!
//! A first pass notes where each `Patient` line stands, not what it says; the line is read again when it is needed. So a
//! bulk export of any size takes a few dozen bytes a patient.

use std::{
    collections::HashMap,
    fs::File,
    io::{BufRead, BufReader, Read, Seek, SeekFrom},
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use ward_formats::{Doc, Kind, json::Tree};

use super::context::DOCUMENT;

/// Most patients noted.
const MOST: usize = 4_000_000;

/// Longest line of a patient.
const LONGEST: usize = 4 << 20;

/// Documents of patients kept for the next line.
const KEPT: usize = 512;

/// Where patients' lines stand.
#[derive(Default)]
pub(super) struct Patients {
    files: Vec<Mutex<File>>,
    lines: HashMap<Box<str>, (u32, u64, u32)>,
    kept: Mutex<HashMap<String, Arc<Doc>>>,
}

impl Patients {
    /// Notes the patients of a file of JSON lines. A file that cannot be read is told of when it is worked on.
    pub(super) fn read(&mut self, path: &Path) {
        let Ok(file) = File::open(path) else { return };
        let Ok(again) = file.try_clone() else { return };
        let index = u32::try_from(self.files.len()).unwrap_or(u32::MAX);
        let mut reader = BufReader::with_capacity(1 << 20, file);
        let mut line = Vec::new();
        let mut at = 0_u64;
        let before = self.lines.len();
        loop {
            line.clear();
            let Ok(count) = reader.by_ref().take(LONGEST as u64).read_until(b'\n', &mut line) else {
                break;
            };
            if count == 0 || self.lines.len() >= MOST {
                break;
            }
            if let Some(id) = patient(&line) {
                let length = u32::try_from(count).unwrap_or(u32::MAX);
                self.lines.entry(id).or_insert((index, at, length));
            }
            at += count as u64;
        }
        if self.lines.len() > before {
            self.files.push(Mutex::new(again));
        }
    }

    /// The patient of that id, if a line says who it is.
    pub(super) fn get(&self, id: &str) -> Option<Arc<Doc>> {
        let (file, at, length) = *self.lines.get(id)?;
        if let Some(doc) = self.kept.lock().unwrap_or_else(PoisonError::into_inner).get(id) {
            return Some(Arc::clone(doc));
        }
        let mut bytes = vec![0; length as usize];
        {
            let mut file = self
                .files
                .get(file as usize)?
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            file.seek(SeekFrom::Start(at)).ok()?;
            file.read_exact(&mut bytes).ok()?;
        }
        let doc = Arc::new(
            Doc::parse(bytes.trim_ascii(), Some(Kind::Fhir), DOCUMENT)
                .ok()?
                .document,
        );
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(id.to_owned(), Arc::clone(&doc));
        Some(doc)
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }
}

/// The id of the patient that a line says something of.
fn patient(line: &[u8]) -> Option<Box<str>> {
    memchr::memmem::find(line, b"\"Patient\"")?;
    let tree = Tree::parse(line.trim_ascii(), DOCUMENT).ok()?;
    let of = |key| tree.get(tree.root(), key).and_then(|n| tree.str(n));
    (of("resourceType") == Some("Patient")).then(|| of("id").map(Box::from))?
}
