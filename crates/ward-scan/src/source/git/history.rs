//! The history of a repository, the commits of a range, or what is staged.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use ward_evidence::Location;
use ward_formats::input::Input;
use ward_seal::hash;

use super::{
    cache::{self, Cache, Known, Rest, Tag, Unclean},
    forest::{Forest, Hands},
    index, messages,
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
const DAMAGED: &str =
    "an object that is damaged, larger than 128 MiB, or made from one that is missing; run `git fsck`";

/// Scans every blob of the repository, or those that the commits of `commits` brought in. With a cache, blobs that were
/// found clean before are left out of a scan of everything.
///
/// # Errors
/// [`ErrorKind::Argument`] when `commits` names no commits.
pub fn scan(
    repository: &Repository,
    commits: Option<&str>,
    threads: usize,
    cache: Option<&Cache>,
    scanner: &Scanner<'_>,
) -> Result<(), Error> {
    let cache = cache.filter(|_| commits.is_none());
    // Taken before anything is read: objects that come meanwhile make it a different one.
    let state = cache.map(|_| cache::state(repository)).unwrap_or_default();
    let known = cache.and_then(|cache| cache.load(repository)).unwrap_or_default();
    if cache.is_some() && known.rest.state == state {
        again_unclean(repository, &known.rest, scanner);
        return Ok(());
    }
    let objects = Objects::open(repository);
    let mut reader = Reader::new(&objects);
    let mut history = History::new(&objects, repository.partial);
    match commits {
        None => history.order_commits(None, &mut reader, repository.shallow),
        Some(text) => {
            let range = range::read(text, repository, &objects, &mut reader);
            let what = "these commits cannot be found: write A..B, a branch, a tag or an id";
            let range = range.ok_or(Error::new(ErrorKind::Argument, what))?;
            history.order_commits(Some(&range.inside), &mut reader, repository.shallow);
            history.leave_out(&range.border, &mut reader);
        }
    }
    history.walk_commits(&mut reader);
    if commits.is_none() {
        history.walk_rest(repository, &mut reader);
    }
    drop(reader);
    let mut not_examined: Vec<(String, String)> = Vec::new();
    let problems = objects
        .problems
        .iter()
        .map(|(place, why)| (format!(".git/{place}"), *why));
    let missing = std::mem::take(&mut history.missing);
    let shallow = repository.shallow.then(|| (".git/shallow".to_owned(), SHALLOW));
    not_examined.extend(
        problems
            .chain(missing)
            .chain(shallow)
            .map(|(path, why)| (path, why.to_owned())),
    );
    tell(&not_examined, scanner);
    Progress::add(&scanner.progress().commits, history.commits.len() as u64);
    let work = Work {
        objects: &objects,
        history: &history,
        again: again(&history),
        scanner,
        named: Mutex::default(),
        cached: cache.is_some(),
        outcome: Mutex::default(),
    };
    let mut kept = Vec::new();
    let wanted: Vec<bool> = objects
        .numbers()
        .map(|no| is_wanted(no, &objects, &history, commits.is_none()) && !work.is_clean(no, &known, &mut kept))
        .collect();
    let blobs = wanted.iter().filter(|wanted| **wanted).count() + kept.len();
    Progress::add(&scanner.progress().cached, kept.len() as u64);
    work.run(wanted, threads);
    let said = work.messages(commits.is_none(), &known);
    let Some(cache) = cache else { return Ok(()) };
    let (mut clean, unclean) = work.outcome.into_inner().unwrap_or_else(PoisonError::into_inner);
    clean.extend(kept.into_iter().flatten());
    clean.extend(said);
    let rest = Rest {
        state,
        blobs: blobs as u64,
        commits: history.commits.len() as u64,
        unclean,
        not_examined,
        ..Rest::default()
    };
    // Without it the next scan takes longer, and nothing else.
    let _stored = cache.store(repository, Known { clean, rest });
    Ok(())
}

fn tell(not_examined: &[(String, String)], scanner: &Scanner<'_>) {
    for (path, why) in not_examined {
        scanner.not_examined(Location::of_file(path.clone()), why.clone());
    }
}

/// Nothing has changed since the last scan: only the blobs that had something to say then are looked at.
fn again_unclean(repository: &Repository, rest: &Rest, scanner: &Scanner<'_>) {
    tell(&rest.not_examined, scanner);
    let progress = scanner.progress();
    Progress::add(&progress.commits, rest.commits);
    let blobs = rest.unclean.iter().filter(|one| !messages::is_message(&one.path));
    let mut ids: Vec<&str> = blobs.map(|one| one.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    Progress::add(&progress.cached, rest.blobs.saturating_sub(ids.len() as u64));
    Progress::add(&progress.blobs, ids.len() as u64);
    if rest.unclean.is_empty() {
        return;
    }
    let objects = Objects::open_lazily(repository);
    let find = |hex: &str| parse::unhex(hex.as_bytes(), repository.id_len).and_then(|id| objects.find(&id));
    let mut reader = Reader::new(&objects);
    for one in &rest.unclean {
        let place = Location::of_file(one.path.clone());
        let Some(bytes) = find(&one.id).and_then(|no| reader.read(no)) else {
            scanner.not_examined(place, DAMAGED);
            continue;
        };
        let commit = || {
            one.commit
                .as_deref()
                .and_then(find)
                .and_then(|no| read_commit(no, &objects))
                .map(Arc::new)
        };
        let origin = Origin {
            order: one.order,
            commit: &commit,
        };
        let blob = Blob {
            tracked: Some(true),
            ..Blob::at(place, Input::of_bytes(messages::part(&one.path, &bytes)))
        };
        scanner.examine(&blob, Some(&origin));
    }
}

fn read_commit(no: No, objects: &Objects) -> Option<Commit> {
    let bytes = Reader::new(objects).read(no)?;
    let commit = parse::commit(&bytes, objects.id(no).len())?;
    Some(Commit {
        id: hash::hex(objects.id(no)),
        time: commit.authored,
        author: commit.author,
    })
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
pub(super) struct Work<'a> {
    pub(super) objects: &'a Objects,
    pub(super) history: &'a History<'a>,
    again: HashMap<No, Vec<Seen>>,
    pub(super) scanner: &'a Scanner<'a>,
    /// Commits that were named in a finding.
    named: Mutex<HashMap<u32, Option<Arc<Commit>>>>,
    /// Whether what is clean is written down.
    cached: bool,
    outcome: Mutex<(Vec<Tag>, Vec<Unclean>)>,
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
        for seen in self.places(no) {
            let place = Location::of_file(self.path(no, seen));
            let Some(bytes) = bytes else {
                self.scanner.not_examined(place, DAMAGED);
                self.note(no, seen, false);
                continue;
            };
            let order = seen.map_or(LOST, |seen| seen.commit);
            let commit = || self.commit(order);
            let origin = Origin { order, commit: &commit };
            let blob = Blob {
                tracked: Some(true),
                ..Blob::at(place, Input::of_bytes(bytes))
            };
            let clean = self.scanner.examine(&blob, Some(&origin));
            self.note(no, seen, clean);
        }
    }

    /// Writes down what became of a blob at a path.
    fn note(&self, no: No, seen: Option<Seen>, clean: bool) {
        let order = seen.map_or(LOST, |seen| seen.commit);
        self.write_down(no, self.path(no, seen), order, clean);
    }

    /// Writes down what became of an object at `path` that came with the commit at `order`.
    pub(super) fn write_down(&self, no: No, path: String, order: u32, clean: bool) {
        if !self.cached {
            return;
        }
        let tag = clean.then(|| cache::tag(self.objects.id(no), &path));
        let mut outcome = self.outcome.lock().unwrap_or_else(PoisonError::into_inner);
        match tag {
            Some(tag) => outcome.0.push(tag),
            None => {
                let commit = self
                    .history
                    .commits
                    .get(order as usize)
                    .map(|commit| hash::hex(self.objects.id(commit.no)));
                outcome.1.push(Unclean {
                    id: hash::hex(self.objects.id(no)),
                    path,
                    order,
                    commit,
                });
            }
        }
    }

    /// Whether a blob was found clean under every path that it has; its tags are then kept.
    fn is_clean(&self, no: No, known: &Known, kept: &mut Vec<Vec<Tag>>) -> bool {
        if known.clean.is_empty() {
            return false;
        }
        let tags: Vec<Tag> = self
            .places(no)
            .map(|seen| cache::tag(self.objects.id(no), &self.path(no, seen)))
            .collect();
        let clean = tags.iter().all(|tag| known.is_clean(tag));
        if clean {
            kept.push(tags);
        }
        clean
    }

    /// The places under which a blob is looked at.
    fn places(&self, no: No) -> impl Iterator<Item = Option<Seen>> {
        let more = self.again.get(&no).map(Vec::as_slice).unwrap_or_default();
        std::iter::once(self.history.seen(no)).chain(more.iter().map(|seen| Some(*seen)))
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
    pub(super) fn commit(&self, order: u32) -> Option<Arc<Commit>> {
        let mut named = self.named.lock().unwrap_or_else(PoisonError::into_inner);
        let read = || read_commit(self.history.commits.get(order as usize)?.no, self.objects);
        named.entry(order).or_insert_with(|| read().map(Arc::new)).clone()
    }
}

/// Scans what is staged: files of the index that the last commit does not have so.
///
/// # Errors
/// [`ErrorKind::Input`] when the index cannot be read.
pub fn scan_staged(repository: &Repository, scanner: &Scanner<'_>) -> Result<(), Error> {
    let entries = repository.index().map_err(|why| Error::new(ErrorKind::Input, why))?;
    let objects = Objects::open_lazily(repository);
    let mut reader = Reader::new(&objects);
    let head = refs::commit("HEAD", repository, &objects, &mut reader);
    let before = head.map_or_else(HashMap::new, |head| files_of(head, &objects, &mut reader));
    for entry in entries {
        let mut path = String::new();
        disk::push_name(&mut path, &entry.path);
        if before.get(&path) == Some(&entry.id) {
            continue;
        }
        let place = match entry.mode & index::KIND {
            index::LINK => Location::of_file(path).inside(disk::LINK_TARGET),
            _ => Location::of_file(path),
        };
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

/// The staged content of one file, by its path below the work tree; none when it is not staged.
///
/// # Errors
/// [`ErrorKind::Input`] when the index or the object cannot be read.
pub fn staged(repository: &Repository, path: &str) -> Result<Option<Vec<u8>>, Error> {
    let entries = repository.index().map_err(|why| Error::new(ErrorKind::Input, why))?;
    let is_file = |entry: &&index::Entry| entry.path == path.as_bytes() && entry.mode & index::KIND != index::LINK;
    let Some(entry) = entries.iter().find(is_file) else {
        return Ok(None);
    };
    let objects = Objects::open_lazily(repository);
    let bytes = objects
        .find(&entry.id)
        .and_then(|no| Reader::new(&objects).read(no).map(|bytes| bytes.to_vec()));
    bytes.map(Some).ok_or_else(|| Error::new(ErrorKind::Input, DAMAGED))
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
                Some(no) if entry.mode & index::KIND == index::FOLDER && waiting.len() < MOST => {
                    waiting.push((no, path + "/"));
                }
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
