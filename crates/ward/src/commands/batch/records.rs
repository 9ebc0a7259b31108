//! One record after the other: whole files, and lines of files that hold many.

use std::{
    borrow::Cow,
    io::{BufRead as _, BufReader, Read as _},
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicU64},
    vec,
};

use serde_json::Value;

use super::{
    super::deid::{fault::Stop, inputs::Input, progress::Progress, source::Source},
    seen::{self, Seen},
};

/// Largest record, in bytes.
const LARGEST: usize = 16 << 20;

/// A record to work on.
pub(super) struct Record {
    /// What its line calls it.
    pub(super) id: Option<String>,
    /// The file it stands in.
    pub(super) file: String,
    /// Which record of the file, from 1.
    pub(super) number: u64,
    /// Its bytes.
    pub(super) content: Content,
}

/// Where its bytes are.
pub(super) enum Content {
    /// In a file of its own, which its worker reads.
    File(PathBuf),
    /// Here.
    Bytes(Vec<u8>),
    /// Nowhere, and why.
    Not(String),
}

impl Content {
    /// The bytes, or why there are none.
    pub(super) fn bytes(&self, read: &Arc<AtomicU64>) -> Result<Cow<'_, [u8]>, String> {
        match self {
            Content::Bytes(bytes) => Ok(Cow::Borrowed(bytes)),
            Content::Not(why) => Err(why.clone()),
            Content::File(path) => whole(path, read).map(Cow::Owned).map_err(why),
        }
    }
}

/// A file that is one record.
fn whole(path: &Path, read: &Arc<AtomicU64>) -> Result<Vec<u8>, Stop> {
    let mut source = Source::open(Some(path), None, read)?;
    let bytes = source.whole(LARGEST)?.ok_or_else(|| {
        Stop::because(format!(
            "it is larger than {} MiB; split it, or make it lines (NDJSON)",
            LARGEST >> 20
        ))
    })?;
    source.check()?;
    Ok(bytes)
}

/// Reads records. What cannot be read is a record that says so.
pub(super) struct Records<'a> {
    files: vec::IntoIter<Input>,
    lines: Option<Lines>,
    read: Arc<AtomicU64>,
    progress: &'a Progress,
    keys: Keys<'a>,
    /// What an earlier run did, which is passed over.
    done: Done,
    seen: Seen,
}

/// What an earlier run did: how many records, and what they were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Done {
    pub(super) records: u64,
    pub(super) seen: Seen,
}

/// Where the id and the text of a line stand.
#[derive(Clone, Copy)]
pub(super) struct Keys<'a> {
    pub(super) id: &'a str,
    pub(super) text: &'a str,
}

struct Lines {
    reader: BufReader<Source>,
    file: String,
    number: u64,
    ended: bool,
}

impl<'a> Records<'a> {
    /// Over these files, after what was done before.
    pub(super) fn new(
        files: Vec<Input>,
        read: &Arc<AtomicU64>,
        progress: &'a Progress,
        keys: Keys<'a>,
        done: Done,
    ) -> Self {
        Self {
            files: files.into_iter(),
            lines: None,
            read: Arc::clone(read),
            progress,
            keys,
            done,
            seen: Seen::default(),
        }
    }

    /// The next record that was not done before.
    ///
    /// # Errors
    /// When what was done before is not what stands there now: nothing is passed over unseen.
    pub(super) fn next(&mut self) -> Result<Option<Record>, Stop> {
        while self.done.records > 0 {
            let Some(record) = self.any() else { return Err(other()) };
            let content = record.content.bytes(&self.read);
            self.seen.add(&seen::of(&record.file, record.number, &content));
            self.done.records -= 1;
            if self.done.records == 0 && self.seen != self.done.seen {
                return Err(other());
            }
        }
        Ok(self.any())
    }

    fn any(&mut self) -> Option<Record> {
        loop {
            if let Some(lines) = &mut self.lines {
                match lines.next(self.keys) {
                    Some(record) => return Some(record),
                    None => self.lines = None,
                }
            }
            let file = self.files.next()?;
            self.progress.file();
            match file.path {
                Some(path) if !holds_lines(&file.name) => {
                    return Some(Record {
                        id: None,
                        file: file.name,
                        number: 1,
                        content: Content::File(path),
                    });
                }
                path => match self.open(file.name, path.as_deref()) {
                    Ok(lines) => self.lines = Some(lines),
                    Err(record) => return Some(record),
                },
            }
        }
    }

    /// Opens a file of lines; one that cannot be opened is a record that says so.
    fn open(&self, file: String, path: Option<&Path>) -> Result<Lines, Record> {
        match Source::open(path, None, &self.read) {
            Ok(source) => Ok(Lines {
                reader: BufReader::with_capacity(1 << 18, source),
                file,
                number: 0,
                ended: false,
            }),
            Err(stop) => Err(Record {
                id: None,
                file,
                number: 0,
                content: Content::Not(why(stop)),
            }),
        }
    }
}

fn other() -> Stop {
    Stop::because(
        "the records are not those that the manifest says are done: it is damaged, or an input has changed; name another folder"
            .to_owned(),
    )
}

/// Whether a file of this name holds a record a line.
fn holds_lines(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    name.ends_with(".ndjson") || name.ends_with(".jsonl")
}

impl Lines {
    /// The record of the next line that is not empty.
    fn next(&mut self, keys: Keys<'_>) -> Option<Record> {
        while !self.ended {
            let mut line = Vec::new();
            let limit = LARGEST as u64 + 1;
            let mut read = self.reader.by_ref().take(limit).read_until(b'\n', &mut line);
            let long = line.len() > LARGEST && !line.ends_with(b"\n");
            if long {
                line = Vec::new();
                read = read.and_then(|_| self.reader.skip_until(b'\n'));
            }
            match read {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) => {
                    // Nothing more comes of a file that broke.
                    self.ended = true;
                    let why = format!("from here on: {}", why(Stop::unreadable(&error)));
                    return Some(self.record(None, Content::Not(why)));
                }
            }
            if long {
                let why = format!("the line is longer than {} MiB", LARGEST >> 20);
                return Some(self.record(None, Content::Not(why)));
            }
            let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line).trim_ascii();
            if line.is_empty() {
                self.number += 1;
                continue;
            }
            let (id, content) = of_line(line, keys);
            return Some(self.record(id, content));
        }
        None
    }

    fn record(&mut self, id: Option<String>, content: Content) -> Record {
        self.number += 1;
        Record {
            id,
            file: self.file.clone(),
            number: self.number,
            content,
        }
    }
}

/// Why something was not read.
pub(super) fn why(stop: Stop) -> String {
    match stop {
        Stop::Unexamined(why) => why,
        _ => "it cannot be read".to_owned(),
    }
}

/// What a line holds: a FHIR resource as it stands, or the text of an object.
fn of_line(line: &[u8], keys: Keys<'_>) -> (Option<String>, Content) {
    let not = |why: &str| Content::Not(why.to_owned());
    let value: Value = match serde_json::from_slice(line) {
        Ok(value) => value,
        Err(_) => return (None, not("the line is no JSON")),
    };
    let id = match value.get(keys.id) {
        Some(Value::String(id)) => Some(id.clone()),
        Some(Value::Number(id)) => Some(id.to_string()),
        _ => None,
    };
    if value.get("resourceType").is_some() {
        // The id of a resource identifies; its line is what tells it apart.
        return (None, Content::Bytes(line.to_vec()));
    }
    match value.get(keys.text) {
        Some(Value::String(text)) => (id, Content::Bytes(text.clone().into_bytes())),
        _ => (
            id,
            Content::Not(format!(
                "the line is neither a FHIR resource nor an object with a string under {:?}; --text-key says where it is",
                keys.text
            )),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, id: Option<&str>, content: Result<&str, &str>) {
        let keys = Keys { id: "id", text: "text" };
        let (got, held) = of_line(line.as_bytes(), keys);
        assert_eq!(got.as_deref(), id, "{line}");
        match (held, content) {
            (Content::Bytes(bytes), Ok(text)) => assert_eq!(bytes, text.as_bytes()),
            (Content::Not(why), Err(part)) => assert!(why.contains(part), "{why}"),
            _ => panic!("{line}"),
        }
    }

    #[test]
    fn lines_are_resources_or_texts() {
        check(r#"{"id":"a","text":"No fever."}"#, Some("a"), Ok("No fever."));
        check(r#"{"id":7,"text":""}"#, Some("7"), Ok(""));
        check(r#"{"text":"x"}"#, None, Ok("x"));
        let resource = r#"{"resourceType":"Patient","id":"mrn-1"}"#;
        check(resource, None, Ok(resource));
        check(r#"{"id":"a"}"#, Some("a"), Err("neither"));
        check(r#"["a"]"#, None, Err("neither"));
        check("{", None, Err("no JSON"));
        check(&"[".repeat(100_000), None, Err("no JSON"));
    }

    #[test]
    fn a_text_may_stand_elsewhere() {
        let line = br#"{"id": 1, "note_id": "n", "note": "No fever.", "text": "other"}"#;
        let (id, held) = of_line(
            line,
            Keys {
                id: "note_id",
                text: "note",
            },
        );
        assert_eq!(id.as_deref(), Some("n"));
        assert!(matches!(held, Content::Bytes(bytes) if bytes == b"No fever."));
    }

    #[test]
    fn files_of_lines_are_told_by_their_names() {
        for name in ["a.ndjson", "A.JSONL", "x.ndjson.gz"] {
            assert!(holds_lines(name), "{name}");
        }
        for name in ["a.json", "ndjson", "a.txt", "a.json.gz"] {
            assert!(!holds_lines(name), "{name}");
        }
    }
}
