//! Which commit brought which object in, and under which name: one walk over all trees, oldest commit first, each tree
//! read once.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap, HashSet},
};

use super::{
    index::{GITLINK, KIND},
    objects::{NONE, No, Objects, Reader},
    parse::{self, Kind},
    refs,
    repo::{Repository, SUBMODULE},
};
use crate::source::disk;

/// A commit, in the order of the walk.
#[derive(Debug, Clone, Copy)]
pub(super) struct CommitAt {
    pub(super) no: No,
    tree: No,
}

/// Where an object was first seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    /// The commit's place in the order, or one of the words below.
    pub(super) commit: u32,
    /// The tree it stood in.
    parent: No,
    /// Its name there.
    name: u32,
}

/// Not seen.
const UNSEEN: u32 = u32::MAX;
/// Seen in a tree that no commit has.
pub(super) const LOST: u32 = u32::MAX - 1;
/// Seen in a commit that was not asked for.
const LEFT_OUT: u32 = u32::MAX - 2;

/// What the walk found.
pub(super) struct History<'a> {
    objects: &'a Objects,
    /// Commits, oldest first.
    pub(super) commits: Vec<CommitAt>,
    seen: Vec<Seen>,
    names: Names,
    /// The same blob under another name.
    pub(super) again: Vec<(No, Seen)>,
    again_seen: HashSet<(No, u32)>,
    /// What is not there: where, and why.
    pub(super) missing: Vec<(String, &'static str)>,
    submodules: HashSet<(No, u32)>,
    /// Why an object may be missing, and why the files of a commit may be.
    why_missing: &'static str,
    why_no_files: &'static str,
    why_no_target: &'static str,
}

/// Most places that are told; more are counted in one line.
const MOST_MISSING: usize = 1_000;
/// Most blobs that are looked at again under another name.
const MOST_AGAIN: usize = 1_000_000;
/// Deepest path that is followed.
const DEEPEST: usize = 4_096;

const MISSING: &str = "an object that the history names and the repository lacks; run `git fsck`";
const NOT_FETCHED: &str = "an object that this partial clone has not fetched; clone without a filter and scan again";
const FILES_MISSING: &str = "a commit whose files are missing; run `git fsck`";
const FILES_NOT_FETCHED: &str =
    "a commit whose files this partial clone has not fetched; clone without a filter and scan again";
const TARGET_MISSING: &str = "a tag of an object that the repository lacks; run `git fsck`";
const TARGET_NOT_FETCHED: &str =
    "a tag of an object that this partial clone has not fetched; clone without a filter and scan again";
const NAMED: &str = "it names an object that the repository lacks; run `git fsck`";
const DAMAGED: &str = "an object that is damaged, or larger than 128 MiB";

impl<'a> History<'a> {
    /// A walk over these objects. Of a `partial` clone objects may be missing because nobody needed them yet.
    pub(super) fn new(objects: &'a Objects, partial: bool) -> Self {
        let unseen = Seen {
            commit: UNSEEN,
            parent: NONE,
            name: 0,
        };
        Self {
            objects,
            commits: Vec::new(),
            seen: vec![unseen; objects.len()],
            names: Names::new(),
            again: Vec::new(),
            again_seen: HashSet::new(),
            missing: Vec::new(),
            submodules: HashSet::new(),
            why_missing: if partial { NOT_FETCHED } else { MISSING },
            why_no_files: if partial { FILES_NOT_FETCHED } else { FILES_MISSING },
            why_no_target: if partial { TARGET_NOT_FETCHED } else { TARGET_MISSING },
        }
    }

    /// Orders commits, parents before children and older before newer. `wanted` none means all there are.
    pub(super) fn order_commits(&mut self, wanted: Option<&HashSet<No>>, reader: &mut Reader<'_>, shallow: bool) {
        let mut read: HashMap<No, (i64, No, Vec<No>)> = HashMap::new();
        for no in self.objects.numbers() {
            // What a wanted commit names as its parent is one, though its bytes may be nothing.
            let is_commit = match wanted {
                Some(wanted) => wanted.contains(&no),
                None => self.objects.kind(no) == Kind::Commit,
            };
            if !is_commit || !self.is_first(no) {
                continue;
            }
            let commit = reader
                .read(no)
                .and_then(|bytes| parse::commit(&bytes, self.objects.id(no).len()));
            let Some(commit) = commit else {
                self.tell_id(no, "a commit that is damaged; run `git fsck`");
                continue;
            };
            let Some(tree) = self.objects.find(&commit.tree) else {
                self.tell_id(no, self.why_no_files);
                continue;
            };
            let mut parents = Vec::new();
            for parent in &commit.parents {
                match self.objects.find(parent) {
                    Some(parent) => parents.push(parent),
                    None if shallow => {}
                    None => self.tell_id(no, "a commit whose parent is missing; run `git fsck`"),
                }
            }
            read.insert(no, (commit.committed, tree, parents));
        }
        let mut children: HashMap<No, Vec<No>> = HashMap::new();
        let mut waits: HashMap<No, usize> = HashMap::new();
        for (no, (_, _, parents)) in &read {
            let inside = parents.iter().filter(|parent| read.contains_key(parent));
            waits.insert(*no, inside.clone().count());
            for parent in inside {
                children.entry(*parent).or_default().push(*no);
            }
        }
        let time = |no: No| read.get(&no).map_or(0, |(time, ..)| *time);
        let ready = waits.iter().filter(|(_, count)| **count == 0);
        let mut heap: BinaryHeap<Reverse<(i64, No)>> = ready.map(|(no, _)| Reverse((time(*no), *no))).collect();
        while let Some(Reverse((_, no))) = heap.pop() {
            if let Some((_, tree, _)) = read.get(&no) {
                self.commits.push(CommitAt { no, tree: *tree });
            }
            for child in children.get(&no).into_iter().flatten() {
                if let Some(count) = waits.get_mut(child) {
                    *count = count.saturating_sub(1);
                    if *count == 0 {
                        heap.push(Reverse((time(*child), *child)));
                    }
                }
            }
        }
    }

    /// Marks what these commits have as known, so that it is not taken for new.
    pub(super) fn leave_out(&mut self, commits: &[No], reader: &mut Reader<'_>) {
        for no in commits {
            let commit = reader
                .read(*no)
                .and_then(|bytes| parse::commit(&bytes, self.objects.id(*no).len()));
            if let Some(tree) = commit.and_then(|commit| self.objects.find(&commit.tree)) {
                self.walk(tree, LEFT_OUT, reader);
            }
        }
    }

    /// Walks over the trees of all ordered commits.
    pub(super) fn walk_commits(&mut self, reader: &mut Reader<'_>) {
        for order in 0..self.commits.len() {
            if let Some(commit) = self.commits.get(order).copied() {
                self.walk(commit.tree, u32::try_from(order).unwrap_or(LOST - 2), reader);
            }
        }
    }

    /// After the commits: what is staged and no commit has yet has its path, so that it is told once with the file in the
    /// folder; then come the trees that no commit has, and tags of and references to
    /// what is not there.
    pub(super) fn walk_rest(&mut self, repository: &Repository, reader: &mut Reader<'_>) {
        for entry in repository.index().unwrap_or_default() {
            let found = self.objects.find(&entry.id);
            if let Some(no) = found.filter(|no| self.objects.kind(*no) == Kind::Blob && self.seen(*no).is_none()) {
                let seen = Seen {
                    commit: LOST,
                    parent: NONE,
                    name: self.names.number(&entry.path),
                };
                self.mark(no, seen);
            }
        }
        for no in self.objects.numbers() {
            if self.objects.kind(no) == Kind::Tree && self.is_first(no) && self.seen(no).is_none() {
                self.walk(no, LOST, reader);
            }
        }
        for no in self.objects.numbers() {
            if self.objects.kind(no) == Kind::Tag && self.is_first(no) {
                let named = reader
                    .read(no)
                    .and_then(|bytes| parse::tag(&bytes, self.objects.id(no).len()));
                match named {
                    Some(id) if self.objects.find(&id).is_some() => {}
                    Some(_) => self.tell_id(no, self.why_no_target),
                    None => self.tell_id(no, DAMAGED),
                }
            }
        }
        for (name, id) in refs::all(repository) {
            if self.objects.find(&id).is_none() {
                self.tell(format!(".git/{name}"), NAMED);
            }
        }
    }

    /// Whether `find` gives this number, and not that of another copy.
    pub(super) fn is_first(&self, no: No) -> bool {
        self.objects.find(self.objects.id(no)) == Some(no)
    }

    /// Where an object was first seen.
    pub(super) fn seen(&self, no: No) -> Option<Seen> {
        self.seen.get(no as usize).copied().filter(|seen| seen.commit != UNSEEN)
    }

    /// Whether it was first seen in a commit that was asked for, or in none.
    pub(super) fn is_new(&self, no: No) -> bool {
        self.seen(no).is_some_and(|seen| seen.commit != LEFT_OUT)
    }

    fn walk(&mut self, root: No, commit: u32, reader: &mut Reader<'_>) {
        if self.seen(root).is_some() {
            return;
        }
        let seen = Seen {
            commit,
            parent: NONE,
            name: 0,
        };
        self.mark(root, seen);
        let mut waiting = vec![root];
        while let Some(tree) = waiting.pop() {
            let Some(bytes) = reader.read(tree).filter(|_| self.objects.kind(tree) == Kind::Tree) else {
                self.tell_tree(tree);
                continue;
            };
            for entry in parse::tree(&bytes, self.objects.id(tree).len()) {
                let Some(entry) = entry else {
                    self.tell_tree(tree);
                    break;
                };
                self.entry(tree, commit, entry, &mut waiting);
            }
        }
    }

    fn entry(&mut self, tree: No, commit: u32, entry: parse::TreeEntry<'_>, waiting: &mut Vec<No>) {
        let found = if entry.mode & KIND == GITLINK {
            None
        } else {
            self.objects.find(entry.id)
        };
        let Some(no) = found else {
            let name = self.names.number(entry.name);
            let seen = Seen {
                commit,
                parent: tree,
                name,
            };
            let submodule = entry.mode & KIND == GITLINK;
            if commit != LEFT_OUT && (!submodule || self.submodules.insert((self.parent_of(tree), name))) {
                let path = self.path(Some(seen));
                self.tell(path, if submodule { SUBMODULE } else { self.why_missing });
            }
            return;
        };
        match self.seen(no) {
            None => {
                let name = self.names.number(entry.name);
                let seen = Seen {
                    commit,
                    parent: tree,
                    name,
                };
                self.mark(no, seen);
                if self.objects.kind(no) != Kind::Blob {
                    waiting.push(no);
                }
            }
            Some(before) if self.objects.kind(no) == Kind::Blob && self.names.get(before.name) != entry.name => {
                let name = self.names.number(entry.name);
                if commit != LEFT_OUT && self.again.len() < MOST_AGAIN && self.again_seen.insert((no, name)) {
                    let seen = Seen {
                        commit,
                        parent: tree,
                        name,
                    };
                    self.again.push((no, seen));
                }
            }
            Some(_) => {}
        }
    }

    fn parent_of(&self, no: No) -> No {
        self.seen(no).map_or(NONE, |seen| seen.parent)
    }

    fn mark(&mut self, no: No, seen: Seen) {
        if let Some(place) = self.seen.get_mut(no as usize) {
            *place = seen;
        }
    }

    /// The path under which something was seen.
    pub(super) fn path(&self, seen: Option<Seen>) -> String {
        let mut parts = Vec::new();
        let mut at = seen;
        while let Some(seen) = at.filter(|_| parts.len() < DEEPEST) {
            parts.push(self.names.get(seen.name));
            at = if seen.parent == NONE {
                None
            } else {
                self.seen(seen.parent)
            };
        }
        let mut path = String::new();
        for part in parts.iter().rev().filter(|part| !part.is_empty()) {
            if !path.is_empty() {
                path.push('/');
            }
            disk::push_name(&mut path, part);
        }
        path
    }

    fn tell(&mut self, path: String, why: &'static str) {
        match self.missing.len() {
            0..MOST_MISSING => self.missing.push((path, why)),
            MOST_MISSING => {
                let why = "more than 1,000 objects are missing or damaged; the rest are not listed";
                self.missing.push((".git/objects".to_owned(), why));
            }
            _ => {}
        }
    }

    /// Tells of a tree that cannot be read: by its path, or its id when it is the root of one.
    fn tell_tree(&mut self, tree: No) {
        let path = self.path(self.seen(tree));
        if path.is_empty() {
            self.tell_id(tree, DAMAGED);
        } else {
            self.tell(path, DAMAGED);
        }
    }

    fn tell_id(&mut self, no: No, why: &'static str) {
        let path = format!(".git/objects/{}", ward_seal::hash::hex(self.objects.id(no)));
        self.tell(path, why);
    }
}

/// Names, each kept once.
struct Names {
    numbers: HashMap<Box<[u8]>, u32>,
    names: Vec<Box<[u8]>>,
}

impl Names {
    /// Number 0 is the empty name.
    fn new() -> Self {
        let mut names = Self {
            numbers: HashMap::new(),
            names: Vec::new(),
        };
        names.number(b"");
        names
    }

    fn number(&mut self, name: &[u8]) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.names.push(name.into());
        self.numbers.insert(name.into(), number);
        number
    }

    fn get(&self, number: u32) -> &[u8] {
        self.names.get(number as usize).map_or(b"", |name| name)
    }
}
