//! Which lists of requirements count whose names do not say that they are any: those that others take in.

use std::collections::BTreeSet;

use ward_evidence::Location;

use crate::Fact;

/// Leaves out what only looks like a list of requirements and is taken in by no manifest that counts.
pub(crate) fn settle(facts: &mut Vec<(Location, Fact)>) {
    let manifest = |fact: &Fact| match fact {
        Fact::Manifest(manifest) => Some(manifest.clone()),
        _ => None,
    };
    let unnamed = |fact: &Fact| matches!(fact, Fact::Manifest(manifest) if manifest.unnamed);
    if !facts.iter().any(|(_, fact)| unnamed(fact)) {
        return;
    }
    // Those that count, and then those that they take in, until none is new.
    let mut counts = BTreeSet::new();
    loop {
        let before = counts.len();
        for (at, fact) in facts.iter() {
            let path = at.full_path();
            if unnamed(fact) && !counts.contains(&path) {
                continue;
            }
            let folder = path.rsplit_once(['/', '!']).map_or("", |(folder, _)| folder);
            let includes = manifest(fact).map(|manifest| manifest.includes).unwrap_or_default();
            counts.extend(includes.iter().filter_map(|include| join(folder, &include.path)));
        }
        if counts.len() == before {
            break;
        }
    }
    facts.retain(|(at, fact)| !unnamed(fact) || counts.contains(&at.full_path()));
}

/// A path relative to a folder, without `.` and `..`. None when it leaves what is scanned.
pub(crate) fn join(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::reader::read_text;

    #[test]
    fn a_list_counts_where_something_takes_it_in() {
        let files = [
            ("requirements.txt", "-r deps/base.txt\n"),
            ("deps/base.txt", "-r more.txt\nflask==2\n"),
            ("deps/more.txt", "pillow==10\n"),
            ("deps/words.txt", "apple\nbanana\n"),
            ("deps/prose.txt", "This is a text.\n"),
        ];
        let mut facts: Vec<(Location, Fact)> = files
            .iter()
            .map(|(path, text)| (path, read_text(path, text).manifest))
            .filter(|(_, manifest)| !manifest.format.is_empty())
            .map(|(path, manifest)| (Location::of_file(*path), Fact::Manifest(Box::new(manifest))))
            .collect();
        assert_eq!(facts.len(), 4, "prose is no list");
        settle(&mut facts);
        let left: Vec<_> = facts.iter().map(|(at, _)| at.path.as_str()).collect();
        assert_eq!(left, ["requirements.txt", "deps/base.txt", "deps/more.txt"]);
    }

    #[test]
    fn paths_are_joined_within_the_folder() {
        assert_eq!(join("a/b", "../c/./d.txt").as_deref(), Some("a/c/d.txt"));
        assert_eq!(join("", "../x"), None);
    }
}
