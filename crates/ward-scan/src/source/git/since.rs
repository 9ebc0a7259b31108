//! Which files are still as a revision has them.

use std::collections::HashMap;

use super::{
    index,
    objects::{No, Objects, Reader},
    parse, refs,
    repo::Repository,
};
use crate::{Error, ErrorKind, source::disk};

/// Most files and folders of a revision.
const MOST: usize = 10_000_000;

/// The files of a revision: the id of what each holds.
pub struct AsBefore {
    /// By path below the work tree.
    ids: HashMap<String, Vec<u8>>,
    objects: Objects,
}

/// Reads which files a revision has.
///
/// # Errors
/// [`ErrorKind::Argument`] when the repository has no such revision, [`ErrorKind::Input`] when its commit or a folder of it
/// cannot be read.
pub fn read(repository: &Repository, revision: &str) -> Result<AsBefore, Error> {
    let objects = Objects::open_lazily(repository);
    let mut reader = Reader::new(&objects);
    let commit = refs::commit(revision, repository, &objects, &mut reader)
        .ok_or_else(|| Error::new(ErrorKind::Argument, "the repository has no such revision"))?;
    let damaged = || {
        Error::new(
            ErrorKind::Input,
            "the revision's commit or a folder of it cannot be read",
        )
    };
    let root = reader
        .read(commit)
        .and_then(|bytes| parse::commit(&bytes, objects.id(commit).len()))
        .and_then(|commit| objects.find(&commit.tree))
        .ok_or_else(damaged)?;
    let mut ids = HashMap::new();
    let mut waiting: Vec<(No, String)> = vec![(root, String::new())];
    while let Some((tree, within)) = waiting.pop() {
        let bytes = reader.read(tree).ok_or_else(damaged)?;
        for entry in parse::tree(&bytes, objects.id(tree).len()) {
            let entry = entry.ok_or_else(damaged)?;
            let mut path = within.clone();
            disk::push_name(&mut path, entry.name);
            if entry.mode & index::KIND == index::FOLDER {
                let folder = objects.find(entry.id).ok_or_else(damaged)?;
                waiting.push((folder, path + "/"));
            } else {
                ids.insert(path, entry.id.to_vec());
            }
            if ids.len() + waiting.len() > MOST {
                return Err(Error::new(
                    ErrorKind::Input,
                    "the revision has more files than are read",
                ));
            }
        }
    }
    drop(reader);
    Ok(AsBefore { ids, objects })
}

impl AsBefore {
    /// Whether the file at a path below the work tree holds what the revision has there. False where that cannot be known.
    #[must_use]
    pub fn has(&self, path: &str, content: &[u8]) -> bool {
        let Some(object) = self.ids.get(path).and_then(|id| self.objects.find(id)) else {
            return false;
        };
        let mut reader = Reader::new(&self.objects);
        reader.read(object).is_some_and(|before| before.as_slice() == content)
    }
}
