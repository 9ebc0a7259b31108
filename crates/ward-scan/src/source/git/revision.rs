//! The files of one revision, as they stood then.

use ward_evidence::Location;
use ward_formats::input::Input;

use super::{
    index,
    objects::{No, Objects, Reader},
    parse, refs,
    repo::Repository,
};
use crate::{Blob, Error, ErrorKind, report::Progress, scan::Scanner, source::disk};

/// Most folders that wait to be read, and most files.
const MOST: usize = 10_000_000;

/// Looks at every file of a revision: a branch, a tag, a commit.
///
/// # Errors
/// [`ErrorKind::Argument`] when the repository has no such revision, [`ErrorKind::Input`] when its commit cannot be read.
pub fn scan(repository: &Repository, revision: &str, scanner: &Scanner<'_>) -> Result<(), Error> {
    let objects = Objects::open_lazily(repository);
    let mut reader = Reader::new(&objects);
    let commit = refs::commit(revision, repository, &objects, &mut reader)
        .ok_or_else(|| Error::new(ErrorKind::Argument, "the repository has no such revision"))?;
    let root = reader
        .read(commit)
        .and_then(|bytes| parse::commit(&bytes, objects.id(commit).len()))
        .and_then(|commit| objects.find(&commit.tree))
        .ok_or_else(|| Error::new(ErrorKind::Input, "the revision's commit or its folder cannot be read"))?;
    let mut waiting: Vec<(No, String)> = vec![(root, String::new())];
    let mut files = 0;
    while let Some((tree, within)) = waiting.pop() {
        let Some(bytes) = reader.read(tree) else {
            let place = Location::of_file(within.trim_end_matches('/'));
            scanner.not_examined(place, "a folder of the revision that is damaged or not here");
            continue;
        };
        for entry in parse::tree(&bytes, objects.id(tree).len()) {
            let Some(entry) = entry else {
                scanner.not_examined(Location::of_file(within.trim_end_matches('/')), "a damaged folder");
                break;
            };
            let mut path = within.clone();
            disk::push_name(&mut path, entry.name);
            let kind = entry.mode & index::KIND;
            match objects.find(entry.id) {
                _ if kind == index::LINK => {}
                _ if kind == index::GITLINK => {
                    scanner.not_examined(Location::of_file(path), "a submodule: it has a bill of its own");
                }
                Some(no) if kind == index::FOLDER && waiting.len() < MOST => waiting.push((no, path + "/")),
                Some(no) if kind != index::FOLDER && files < MOST => {
                    files += 1;
                    let Some(bytes) = reader.read(no) else {
                        scanner.not_examined(
                            Location::of_file(path),
                            "an object that is damaged, or larger than 128 MiB",
                        );
                        continue;
                    };
                    Progress::add(&scanner.progress().files, 1);
                    let blob = Blob {
                        tracked: Some(true),
                        ..Blob::at(Location::of_file(path), Input::of_bytes(&bytes))
                    };
                    scanner.examine(&blob, None);
                }
                Some(_) => scanner.not_examined(Location::of_file(path), "more files than are read"),
                None => scanner.not_examined(Location::of_file(path), "an object that the repository lacks"),
            }
        }
    }
    Ok(())
}
