//! The history of a repository, the commits of a range, or what is staged.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use ward_evidence::Location;
use ward_formats::input::Input;
use ward_seal::hash;

use super::{
    forest::{Forest, Hands},
    index,
    objects::{No, Objects, Reader},
    parse::{self, Kind},
    range, refs,
    repo::Repository,
    trees::{History, LOST, Seen},
};
use crate::{
    Blob, Error, ErrorKind,
    report::{Commit, Progress},
    scan::{Origin, Scanner},
    source::{disk, queue},
};

const SHALLOW: &str = "a shallow clone: what is older was not cloned; run `git fetch --unshallow` and scan again";
const DAMAGED: &str = "a blob that is damaged, larger than 128 MiB, or made from one that is missing; run `git fsck`";

/// Scans every blob of the repository, or those that the commits of `commits` brought in.
///
/// # Errors
/// [`ErrorKind::Argument`] when `commits` names no commits.
pub fn scan(
    repository: &Repository,
    commits: Option<&str>,
    threads: usize,
    scanner: &Scanner<'_>,
) -> Result<(), Error> {
    let objects = Objects::open(repository);
    for (place, why) in &objects.problems {
        scanner.not_examined(Location::of_file(format!(".git/{place}")), *why);
    }
    let mut reader = Reader::new(&objects);
    let mut history = History::new(&objects, repository.partial);
    match commits {
        None => history.order_commits(None, &mut reader, repository.shallow),
        Some(text) => {
            let range = range::read(text, repository, &objects, &mut reader);
            let what = "these commits cannot be found: write A..B, a branch, a tag or an id";
            let range = range.ok_or(Error::new(ErrorKind::Argument, what))?;
            history.order_commits(Some(&range.inside), &mut reader, true);
            history.leave_out(&range.border, &mut reader);
        }
    }
    history.walk_all(commits.is_none(), &mut reader);
    drop(reader);
    for (path, why) in std::mem::take(&mut history.missing) {
        scanner.not_examined(Location::of_file(path), why);
    }
    if repository.shallow {
        scanner.not_examined(Location::of_file(".git/shallow"), SHALLOW);
    }
    Progress::add(&scanner.progress().commits, history.commits.len() as u64);
    let wanted = objects
        .numbers()
        .map(|no| is_wanted(no, &objects, &history, commits.is_none()))
        .collect();
    let work = Work {
        objects: &objects,
        history: &history,
        again: again(&history),
        scanner,
        known: Mutex::default(),
    };
    work.run(wanted, threads);
    Ok(())
}

/// Blobs, and what could be one.
fn is_wanted(no: No, objects: &Objects, history: &History<'_>, all: bool) -> bool {
    let kind = objects.kind(no);
    let unknown = kind == Kind::Unknown;
    (kind == Kind::Blob || unknown) && (history.is_new(no) || all) && history.is_first(no)
}

fn again(history: &History<'_>) -> HashMap<No, Vec<Seen>> {
    let mut again: HashMap<No, Vec<Seen>> = HashMap::new();
    for (no, seen) in &history.again {
        again.entry(*no).or_default().push(*seen);
    }
    again
}

/// Blobs on their way to the engines.
struct Work<'a> {
    objects: &'a Objects,
    history: &'a History<'a>,
    again: HashMap<No, Vec<Seen>>,
    scanner: &'a Scanner<'a>,
    /// Commits that were named in a finding.
    known: Mutex<HashMap<u32, Option<Arc<Commit>>>>,
}

impl Work<'_> {
    fn run(&self, wanted: Vec<bool>, threads: usize) {
        let expected = wanted.iter().filter(|wanted| **wanted).count() as u64;
        Progress::add(&self.scanner.progress().blobs_expected, expected);
        let forest = Forest::new(self.objects, wanted);
        for no in forest.unreachable() {
            self.examine(no, None);
        }
        queue::run_with(
            threads,
            || Hands::new(self.objects),
            |send| forest.jobs().into_iter().for_each(send),
            |hands, roots: Vec<No>| {
                for root in roots {
                    forest.walk(root, hands, &mut |no, bytes| self.examine(no, bytes));
                }
            },
        );
    }

    fn examine(&self, no: No, bytes: Option<&[u8]>) {
        Progress::add(&self.scanner.progress().blobs, 1);
        let first = self.history.seen(no);
        let more = self.again.get(&no).map(Vec::as_slice).unwrap_or_default();
        for seen in std::iter::once(first).chain(more.iter().map(|seen| Some(*seen))) {
            let place = Location::of_file(self.path(no, seen));
            let Some(bytes) = bytes else {
                self.scanner.not_examined(place, DAMAGED);
                continue;
            };
            let order = seen.map_or(LOST, |seen| seen.commit);
            let commit = || self.commit(order);
            let origin = Origin { order, commit: &commit };
            let blob = Blob {
                tracked: Some(true),
                ..Blob::at(place, Input::of_bytes(bytes))
            };
            self.scanner.examine(&blob, Some(&origin));
        }
    }

    fn path(&self, no: No, seen: Option<Seen>) -> String {
        let path = seen.map(|seen| self.history.path(Some(seen))).unwrap_or_default();
        if path.is_empty() {
            format!(".git/objects/{}", hash::hex(self.objects.id(no)))
        } else {
            path
        }
    }

    /// The commit at a place in the order; none for what no commit has.
    fn commit(&self, order: u32) -> Option<Arc<Commit>> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known
            .entry(order)
            .or_insert_with(|| self.read_commit(order).map(Arc::new))
            .clone()
    }

    fn read_commit(&self, order: u32) -> Option<Commit> {
        let no = self.history.commits.get(order as usize)?.no;
        let bytes = Reader::new(self.objects).read(no)?;
        let commit = parse::commit(&bytes, self.objects.id(no).len())?;
        Some(Commit {
            id: hash::hex(self.objects.id(no)),
            time: commit.authored,
            author: commit.author,
        })
    }
}

/// Scans what is staged: files of the index that the last commit does not have so.
///
/// # Errors
/// [`ErrorKind::Input`] when the index cannot be read.
pub fn scan_staged(repository: &Repository, scanner: &Scanner<'_>) -> Result<(), Error> {
    let entries = repository.index().map_err(|why| Error::new(ErrorKind::Input, why))?;
    let objects = Objects::open(repository);
    let mut reader = Reader::new(&objects);
    let head = refs::commit("HEAD", repository, &objects, &mut reader);
    let before = head.map_or_else(HashMap::new, |head| files_of(head, &objects, &mut reader));
    for entry in entries {
        let mut path = String::new();
        disk::push_name(&mut path, &entry.path);
        if before.get(&path) == Some(&entry.id) || entry.mode & index::KIND == index::LINK {
            continue;
        }
        let place = Location::of_file(path);
        if entry.mode & index::KIND == index::GITLINK {
            scanner.not_examined(place, "a submodule: scan that repository by itself");
            continue;
        }
        let Some(bytes) = objects.find(&entry.id).and_then(|no| reader.read(no)) else {
            scanner.not_examined(place, DAMAGED);
            continue;
        };
        Progress::add(&scanner.progress().files, 1);
        let blob = Blob {
            tracked: Some(true),
            ..Blob::at(place, Input::of_bytes(&bytes))
        };
        scanner.examine(&blob, None);
    }
    Ok(())
}

/// The files of a commit: path and id.
fn files_of(commit: No, objects: &Objects, reader: &mut Reader<'_>) -> HashMap<String, Vec<u8>> {
    const MOST: usize = 10_000_000;
    let mut files = HashMap::new();
    let root = reader
        .read(commit)
        .and_then(|bytes| parse::commit(&bytes, objects.id(commit).len()));
    let mut waiting: Vec<(No, String)> = root
        .and_then(|commit| objects.find(&commit.tree))
        .map(|tree| (tree, String::new()))
        .into_iter()
        .collect();
    while let Some((tree, within)) = waiting.pop() {
        let Some(bytes) = reader.read(tree) else { continue };
        for entry in parse::tree(&bytes, objects.id(tree).len()).flatten() {
            let mut path = within.clone();
            disk::push_name(&mut path, entry.name);
            match objects.find(entry.id) {
                Some(no) if objects.kind(no) == Kind::Tree && waiting.len() < MOST => waiting.push((no, path + "/")),
                _ if files.len() < MOST => {
                    files.insert(path, entry.id.to_vec());
                }
                _ => {}
            }
        }
    }
    files
}

#[cfg(test)]
mod tests;
