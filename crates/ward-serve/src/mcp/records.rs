//! The files that a session may see.

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    Fault,
    beneath::{Folder, Kind},
};

/// Most records of a session.
const MOST: usize = 10_000;

/// Deepest folder that is entered.
const DEEPEST: usize = 64;

/// Largest record that is read, in bytes.
const LARGEST: u64 = 16 << 20;

/// What the addresses of records begin with.
pub(super) const SCHEME: &str = "ward://record/";

/// A record of a folder.
#[derive(Debug, Clone)]
pub struct Listed {
    /// What an agent calls it: a number, since names of files often name patients; or its path, where that was allowed.
    pub(super) name: String,
    root: Arc<Folder>,
    below: PathBuf,
}

impl Listed {
    /// Its bytes.
    pub(super) fn read(&self) -> Result<Vec<u8>, Fault> {
        let bytes = self.root.read(&self.below, LARGEST);
        let bytes = bytes.map_err(|_| Fault::new("the record cannot be read"))?;
        bytes.ok_or_else(|| Fault::new(format!("the record is larger than {} MiB", LARGEST >> 20)))
    }
}

/// The files below folders, in the order of their names. No link is followed, now or when a record is read. A folder that is
/// not there holds nothing.
///
/// # Errors
/// When a folder cannot be read, or there are too many files.
pub fn list(folders: &[PathBuf], show_names: bool) -> Result<Vec<Listed>, Fault> {
    let not = |_| Fault::new("a folder of records cannot be read");
    let mut found: Vec<(PathBuf, Arc<Folder>)> = Vec::new();
    let mut named: Vec<&PathBuf> = folders.iter().collect();
    named.sort();
    named.dedup();
    for path in named {
        let root = match Folder::open(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            other => Arc::new(other.map_err(not)?),
        };
        let mut open = vec![PathBuf::new()];
        while let Some(folder) = open.pop() {
            for (name, kind) in root.entries(&folder).map_err(not)? {
                let below = folder.join(name);
                match kind {
                    Kind::Folder if below.components().count() <= DEEPEST => open.push(below),
                    Kind::File if found.len() == MOST => {
                        return Err(Fault::new(format!(
                            "the folders hold more than {MOST} files; name smaller ones"
                        )));
                    }
                    Kind::File => found.push((below, Arc::clone(&root))),
                    _ => {}
                }
            }
        }
    }
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    let listed = found.into_iter().enumerate().map(|(number, (below, root))| Listed {
        name: if show_names {
            shown(&below)
        } else {
            (number + 1).to_string()
        },
        root,
        below,
    });
    Ok(listed.collect())
}

fn shown(below: &Path) -> String {
    below.to_string_lossy().replace('\\', "/")
}
