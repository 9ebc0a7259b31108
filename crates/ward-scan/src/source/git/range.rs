//! Which commits a range means.

use std::collections::HashSet;

use super::{
    objects::{No, Objects, Reader},
    parse, refs,
    repo::Repository,
};

/// The commits of a range, and the commits just outside of it.
pub(super) struct Range {
    pub(super) inside: HashSet<No>,
    pub(super) border: Vec<No>,
}

/// Reads `A..B` (what B has and A has not) or `B` (B and all before it). An empty side is `HEAD`.
pub(super) fn read(text: &str, repository: &Repository, objects: &Objects, reader: &mut Reader<'_>) -> Option<Range> {
    if text.contains("...") {
        return None;
    }
    let (from, to) = match text.split_once("..") {
        Some((from, to)) => (Some(refs::commit(from, repository, objects, reader)?), to),
        None => (None, text),
    };
    let to = refs::commit(to, repository, objects, reader)?;
    let before = from.map_or_else(HashSet::new, |from| reachable(from, &HashSet::new(), objects, reader).0);
    let (inside, border) = reachable(to, &before, objects, reader);
    Some(Range { inside, border })
}

/// All commits from one back to the first, without `except`; and those of `except` that were met.
fn reachable(start: No, except: &HashSet<No>, objects: &Objects, reader: &mut Reader<'_>) -> (HashSet<No>, Vec<No>) {
    let mut found = HashSet::new();
    let mut border = Vec::new();
    let mut waiting = vec![start];
    while let Some(no) = waiting.pop() {
        if except.contains(&no) {
            border.push(no);
            continue;
        }
        if !found.insert(no) {
            continue;
        }
        if let Some(commit) = reader
            .read(no)
            .and_then(|bytes| parse::commit(&bytes, objects.id(no).len()))
        {
            waiting.extend(commit.parents.iter().filter_map(|parent| objects.find(parent)));
        }
    }
    border.sort_unstable();
    border.dedup();
    (found, border)
}
