//! The files that a session may see.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::Fault;

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
    path: PathBuf,
}

impl Listed {
    /// Its bytes.
    pub(super) fn read(&self) -> Result<Vec<u8>, Fault> {
        let not = |_| Fault::new("the record cannot be read");
        let length = fs::metadata(&self.path).map_err(not)?.len();
        if length > LARGEST {
            return Err(Fault::new(format!("the record is larger than {} MiB", LARGEST >> 20)));
        }
        fs::read(&self.path).map_err(not)
    }
}

/// The files below folders, in the order of their names. Links are not followed. A folder that is not there holds nothing.
///
/// # Errors
/// When a folder cannot be read, or there are too many files.
pub fn list(folders: &[PathBuf], show_names: bool) -> Result<Vec<Listed>, Fault> {
    let mut found: Vec<(String, PathBuf)> = Vec::new();
    for root in folders {
        let mut open = vec![(root.clone(), 0)];
        while let Some((folder, depth)) = open.pop() {
            below(root, &folder, depth, &mut open, &mut found)?;
        }
    }
    found.sort();
    found.dedup();
    let listed = found.into_iter().enumerate().map(|(number, (name, path))| Listed {
        name: if show_names { name } else { (number + 1).to_string() },
        path,
    });
    Ok(listed.collect())
}

fn below(
    root: &Path,
    folder: &Path,
    depth: usize,
    open: &mut Vec<(PathBuf, usize)>,
    found: &mut Vec<(String, PathBuf)>,
) -> Result<(), Fault> {
    let not = |_| Fault::new("a folder of records cannot be read");
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && depth == 0 => return Ok(()),
        other => other.map_err(not)?,
    };
    for entry in entries {
        let entry = entry.map_err(not)?;
        let of = entry.file_type().map_err(not)?;
        let path = entry.path();
        if of.is_dir() && depth < DEEPEST {
            open.push((path, depth + 1));
        } else if of.is_file() {
            if found.len() == MOST {
                return Err(Fault::new(format!(
                    "the folders hold more than {MOST} files; name smaller ones"
                )));
            }
            let name = path.strip_prefix(root).unwrap_or(&path);
            found.push((name.to_string_lossy().replace('\\', "/"), path.clone()));
        }
    }
    Ok(())
}
