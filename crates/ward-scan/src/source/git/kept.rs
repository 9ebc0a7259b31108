//! Whether git can give a file back as it lies in the folder.

use std::collections::HashMap;

use super::{
    objects::{Objects, Reader},
    repo::Repository,
};

/// For each path below the work tree and its content: whether git's index holds exactly this content, so that a change
/// of the file can be taken back. False too when that cannot be known.
#[must_use]
pub fn holds(repository: &Repository, files: &[(&[u8], &[u8])]) -> Vec<bool> {
    let Ok(index) = repository.index() else {
        return vec![false; files.len()];
    };
    let ids: HashMap<&[u8], &[u8]> = index
        .iter()
        .filter(|entry| entry.stage == 0)
        .map(|entry| (entry.path.as_slice(), entry.id.as_slice()))
        .collect();
    let objects = Objects::open_lazily(repository);
    let mut reader = Reader::new(&objects);
    let mut held = |(path, content): &(&[u8], &[u8])| {
        let object = objects.find(ids.get(path)?)?;
        Some(reader.read(object)?.as_slice() == *content)
    };
    files.iter().map(|file| held(file).unwrap_or(false)).collect()
}
