//! Names of commits (gitrevisions): branches, tags, ids, and steps back from them.

use std::{collections::HashSet, fs, path::Path};

use super::{
    objects::{No, Objects, Reader},
    parse::{self, Kind},
    repo::Repository,
};
use crate::source::disk;

/// Largest file of packed references.
const MAX_PACKED: u64 = 256 << 20;

/// The commit that `name` means: a branch, a tag, `HEAD`, an id or its beginning; followed by any number of `~n` and `^n`.
pub(super) fn commit(name: &str, repository: &Repository, objects: &Objects, reader: &mut Reader<'_>) -> Option<No> {
    let end = name.find(['~', '^']).unwrap_or(name.len());
    let (start, mut steps) = name.split_at_checked(end)?;
    let mut no = peel(by_name(start, repository, objects)?, objects, reader)?;
    while let Some(step) = steps.chars().next() {
        steps = steps.get(1..)?;
        let digits = steps.find(|c: char| !c.is_ascii_digit()).unwrap_or(steps.len());
        let (number, rest) = steps.split_at_checked(digits)?;
        steps = rest;
        let number: usize = if number.is_empty() { 1 } else { number.parse().ok()? };
        match (step, number) {
            (_, 0) => {}
            ('~', number) => {
                for _ in 0..number {
                    no = parent(no, 1, objects, reader)?;
                }
            }
            (_, number) => no = parent(no, number, objects, reader)?,
        }
    }
    Some(no)
}

fn parent(no: No, number: usize, objects: &Objects, reader: &mut Reader<'_>) -> Option<No> {
    let bytes = reader.read(no)?;
    let commit = parse::commit(&bytes, objects.id(no).len())?;
    objects.find(commit.parents.get(number.checked_sub(1)?)?)
}

/// The commit that an object is, or that a tag names, over at most a few tags of tags.
fn peel(mut no: No, objects: &Objects, reader: &mut Reader<'_>) -> Option<No> {
    for _ in 0..8 {
        match objects.kind(no) {
            Kind::Commit => return Some(no),
            Kind::Tag => no = objects.find(&parse::tag(&reader.read(no)?, objects.id(no).len())?)?,
            _ => return None,
        }
    }
    None
}

fn by_name(name: &str, repository: &Repository, objects: &Objects) -> Option<No> {
    let name = if matches!(name, "" | "@") { "HEAD" } else { name };
    let places = ["", "refs/", "refs/tags/", "refs/heads/", "refs/remotes/"];
    for place in places {
        let full = format!("{place}{name}");
        if let Some(id) = reference(&full, repository) {
            return objects.find(&id);
        }
    }
    if name.len() < 4 || !name.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    match objects.find_start(&name.to_lowercase()).as_slice() {
        [one] => Some(*one),
        _ => None,
    }
}

/// A name that stays inside the repository's folder.
fn is_safe(name: &str) -> bool {
    let part = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.contains(['\\', ':', '\0']);
    name.split('/').all(part)
        && (name.contains('/') || name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_'))
}

/// The id that a reference names: `HEAD`, or a full name like `refs/heads/main`. None too for a name that would lead out
/// of the repository's folder.
#[must_use]
pub fn reference(name: &str, repository: &Repository) -> Option<Vec<u8>> {
    let mut name = Some(name).filter(|name| is_safe(name))?.to_owned();
    for _ in 0..5 {
        let own = small(&repository.git_dir.join(&name)).or_else(|| small(&repository.common_dir.join(&name)));
        let Some(text) = own else {
            return packed(&name, repository);
        };
        match text.trim().strip_prefix("ref:") {
            Some(other) if is_safe(other.trim()) => name = other.trim().to_owned(),
            Some(_) => return None,
            None => return parse::unhex(text.trim().as_bytes(), repository.id_len),
        }
    }
    None
}

/// References that are listed at most.
const MOST: usize = 1 << 20;

/// Every reference that names an object by its id, by full name: branches, tags, what was fetched, and a `HEAD` that is on
/// no branch.
pub(super) fn all(repository: &Repository) -> Vec<(String, Vec<u8>)> {
    let id = |text: &[u8]| parse::unhex(text.trim_ascii(), repository.id_len);
    let mut found = Vec::new();
    if let Some(head) = small(&repository.git_dir.join("HEAD")).and_then(|text| id(text.as_bytes())) {
        found.push(("HEAD".to_owned(), head));
    }
    let mut folders = vec![(repository.common_dir.join("refs"), "refs".to_owned())];
    if repository.git_dir != repository.common_dir {
        folders.push((repository.git_dir.join("refs"), "refs".to_owned()));
    }
    while let Some((folder, below)) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let mut name = format!("{below}/");
            disk::push_name(&mut name, entry.file_name().as_encoded_bytes());
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && folders.len() < MOST => folders.push((entry.path(), name)),
                Ok(kind) if kind.is_file() && found.len() < MOST => {
                    let named = small(&entry.path()).and_then(|text| id(text.as_bytes()));
                    found.extend(named.map(|id| (name, id)));
                }
                _ => {}
            }
        }
    }
    let loose: HashSet<String> = found.iter().map(|(name, _)| name.clone()).collect();
    let packed = disk::read_small(&repository.common_dir.join("packed-refs"), MAX_PACKED)
        .ok()
        .flatten();
    for line in packed.unwrap_or_default().split(|byte| *byte == b'\n').take(MOST) {
        let mut parts = line.splitn(2, |byte| *byte == b' ');
        if let (Some(id), Some(written)) = (parts.next().and_then(id), parts.next()) {
            let mut name = String::new();
            disk::push_name(&mut name, written);
            // The loose one is newer.
            if !loose.contains(&name) {
                found.push((name, id));
            }
        }
    }
    found
}

fn small(path: &Path) -> Option<String> {
    String::from_utf8(disk::read_small(path, 4_096).ok()??).ok()
}

fn packed(name: &str, repository: &Repository) -> Option<Vec<u8>> {
    let text = disk::read_small(&repository.common_dir.join("packed-refs"), MAX_PACKED).ok()??;
    for line in text.split(|byte| *byte == b'\n') {
        let mut parts = line.splitn(2, |byte| *byte == b' ');
        let (id, found) = (parts.next(), parts.next());
        if found == Some(name.as_bytes()) {
            return parse::unhex(id?, repository.id_len);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_inside() {
        for good in ["HEAD", "ORIG_HEAD", "refs/heads/main", "refs/tags/v1.0"] {
            assert!(is_safe(good), "{good}");
        }
        for bad in [
            "",
            "config",
            "../x",
            "refs/../../x",
            "refs//x",
            "/etc/passwd",
            "refs/heads/.x",
            "a\\b/c",
        ] {
            assert!(!is_safe(bad), "{bad}");
        }
    }
}
