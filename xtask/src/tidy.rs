//! House rules on files: how long they may be, what modules may be called, words that must not stand in the repository,
//! and where versions of dependencies are named.

use crate::{
    Project,
    report::{Fault, Report},
    tree::{File, Tree},
};
use anyhow::Result;
use std::collections::BTreeSet;

/// More lines than this want a second look.
const LONG: usize = 800;
/// More lines than this fail.
const TOO_LONG: usize = 1500;
/// Files that may be longer, each with the reason: a table that is read line by line, never code.
const LONG_TABLES: &[(&str, &str)] = &[];

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &["core", "common", "utils", "util", "types", "helpers", "misc"];

/// Words that belong to one machine and not to the repository. Written in two parts, so that this file may hold them.
const MACHINE_WORDS: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/tmp", "/wt"),
    concat!("/tmp", "/t/"),
    concat!("/tmp", "/brief"),
    concat!("/ho", "me/"),
];

/// The only origins that a lock file may name.
const LOCK_ORIGINS: &[&str] = &["registry+https://github.com/rust-lang/crates.io-index"];

pub(crate) fn check(project: &Project) -> Result<Report> {
    let tree = &project.tree;
    let (mut faults, mut notes) = lengths(tree, LONG_TABLES);
    faults.extend(names(tree));
    faults.extend(words(tree));
    faults.extend(lock_files(tree));
    faults.extend(cargo_config(tree));
    let (wrong, idle) = versions(tree)?;
    faults.extend(wrong);
    notes.extend(idle);
    Ok(Report::new(format!("{} files", tree.files().len()), faults).with_notes(notes))
}

fn lengths(tree: &Tree, tables: &[(&str, &str)]) -> (Vec<Fault>, Vec<String>) {
    let mut faults = Vec::new();
    let mut notes = Vec::new();
    for file in tree.files().iter().filter(|file| file.is_rust()) {
        let lines = file.text().map_or(0, |text| text.lines().count());
        let is_table = tables.iter().any(|(path, _)| *path == file.path);
        if lines > TOO_LONG && !is_table {
            let what = format!("{lines} lines, more than {TOO_LONG}");
            let mend = "split it by what a newcomer would guess; a table may be listed in LONG_TABLES with its reason";
            faults.push(Fault::new(&file.path, None, "length", what, mend));
        } else if lines > LONG && !is_table {
            notes.push(format!("{} has {lines} lines; aim at 150 to 400", file.path));
        }
    }
    for (path, _) in tables {
        let lines = tree
            .file(path)
            .and_then(File::text)
            .map_or(0, |text| text.lines().count());
        if lines <= TOO_LONG {
            let what = "it is listed as a long table but is not long";
            faults.push(Fault::new(
                *path,
                None,
                "stale exception",
                what,
                "take it off LONG_TABLES",
            ));
        }
    }
    (faults, notes)
}

fn names(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for file in tree.files().iter().filter(|file| file.is_rust()) {
        let parts = file
            .path
            .split('/')
            .map(|part| part.strip_suffix(".rs").unwrap_or(part));
        if let Some(name) = parts.into_iter().find(|part| EMPTY_NAMES.contains(part)) {
            let what = format!("a module called {name} says nothing about what is inside");
            faults.push(Fault::new(
                &file.path,
                None,
                "name",
                what,
                "name it after what it does, or move things to their users",
            ));
        }
    }
    faults
}

fn words(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for file in tree.files() {
        let Some(text) = file.text() else { continue };
        for (index, line) in text.lines().enumerate() {
            if let Some(word) = MACHINE_WORDS.iter().find(|word| stands_alone(line, word)) {
                let what = format!("{word} is a path of one machine");
                faults.push(Fault::new(
                    &file.path,
                    Some(index + 1),
                    "machine path",
                    what,
                    "use a path below the repository",
                ));
            }
        }
    }
    faults
}

/// True when `word`, an absolute path, begins in `line` where no longer path or URL runs into it.
fn stands_alone(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '~' | '}'))
    })
}

fn lock_files(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for file in tree.files().iter().filter(|file| file.name() == "Cargo.lock") {
        for (index, line) in file.text().unwrap_or_default().lines().enumerate() {
            let source = line.strip_prefix("source = \"").and_then(|rest| rest.strip_suffix('"'));
            if source.is_some_and(|source| !LOCK_ORIGINS.contains(&source)) {
                let what = "a package that does not come from crates.io";
                let mend = "remove the registry replacement and write the lock file anew";
                faults.push(Fault::new(&file.path, Some(index + 1), "registry", what, mend));
            }
        }
    }
    faults
}

/// The repository's cargo configuration must not say where packages are fetched from: that belongs to a machine.
fn cargo_config(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for file in tree.files().iter().filter(|file| file.path.contains(".cargo/config")) {
        for (index, line) in file.text().unwrap_or_default().lines().enumerate() {
            let line = line.trim_start();
            if ["[source", "[registr", "source.", "registr"]
                .iter()
                .any(|start| line.starts_with(start))
            {
                let what = "a registry is configured for everybody";
                faults.push(Fault::new(
                    &file.path,
                    Some(index + 1),
                    "registry",
                    what,
                    "keep it in the configuration of the machine",
                ));
            }
        }
    }
    faults
}

/// Versions of dependencies stand in the root manifest, and every one there is used.
fn versions(tree: &Tree) -> Result<(Vec<Fault>, Vec<String>)> {
    let mut faults = Vec::new();
    let mut used = BTreeSet::new();
    for file in tree.files().iter().filter(|file| file.is_member_manifest()) {
        let manifest: toml::Table = toml::from_str(tree.text(&file.path)?)?;
        // Those of one system stand in tables of their own.
        let targets = manifest.get("target").and_then(toml::Value::as_table);
        let everywhere = targets
            .into_iter()
            .flat_map(toml::Table::values)
            .filter_map(toml::Value::as_table);
        for table in everywhere.chain([&manifest]) {
            let kinds = ["dependencies", "build-dependencies", "dev-dependencies"];
            let named = kinds.iter().filter_map(|kind| table.get(*kind)?.as_table());
            for (name, value) in named.flatten() {
                used.insert(name.clone());
                if value.get("workspace").and_then(toml::Value::as_bool) != Some(true) {
                    let what = format!("{name} names its own version");
                    let mend = "give the version in the root Cargo.toml and write `workspace = true` here";
                    faults.push(Fault::new(&file.path, None, "versions", what, mend));
                }
            }
        }
    }
    let root: toml::Table = toml::from_str(tree.text("Cargo.toml")?)?;
    let named = root
        .get("workspace")
        .and_then(|workspace| workspace.get("dependencies"))
        .and_then(toml::Value::as_table);
    let idle: Vec<&str> = named
        .into_iter()
        .flat_map(|table| table.keys())
        .map(String::as_str)
        .filter(|n| !used.contains(*n))
        .collect();
    let note = (!idle.is_empty()).then(|| format!("nobody uses what the root Cargo.toml names: {}", idle.join(", ")));
    Ok((faults, note.into_iter().collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(faults: &[Fault], expect: &[(&str, &str)]) {
        let found: Vec<_> = faults.iter().map(|fault| (fault.file.as_str(), fault.rule)).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn long_files_fail_unless_they_are_listed_tables() {
        let (long, longer) = ("\n".repeat(801), "\n".repeat(1501));
        let tree = Tree::of(&[
            ("a.rs", &long),
            ("b.rs", &longer),
            ("t.rs", &longer),
            ("c.rs", "x"),
            ("d.md", &longer),
        ]);
        let (faults, notes) = lengths(&tree, &[("t.rs", "a table"), ("c.rs", "was long once")]);
        check(&faults, &[("b.rs", "length"), ("c.rs", "stale exception")]);
        assert_eq!(notes, ["a.rs has 801 lines; aim at 150 to 400"]);
    }

    #[test]
    fn modules_must_have_a_name_that_says_something() {
        let tree = Tree::of(&[
            ("a/src/utils.rs", ""),
            ("a/src/common/x.rs", ""),
            ("a/src/score.rs", ""),
            ("core/x.md", ""),
        ]);
        check(
            &names(&tree),
            &[("a/src/common/x.rs", "name"), ("a/src/utils.rs", "name")],
        );
    }

    #[test]
    fn paths_of_a_machine_are_found_and_urls_are_not() {
        let path = concat!("see \"/wo", "rk/x\"");
        let url = concat!("https://example.org/wo", "rk/x and a/b/wo", "rk/c");
        check(
            &words(&Tree::of(&[("a.md", path), ("b.md", url)])),
            &[("a.md", "machine path")],
        );
    }

    #[test]
    fn packages_come_from_one_registry_that_nobody_replaces() {
        let lock = "source = \"registry+https://github.com/rust-lang/crates.io-index\"\nsource = \"git+https://x\"\n";
        let tree = Tree::of(&[
            ("Cargo.lock", lock),
            (".cargo/config.toml", "[alias]\n[source.crates-io]\n"),
        ]);
        check(&lock_files(&tree), &[("Cargo.lock", "registry")]);
        check(&cargo_config(&tree), &[(".cargo/config.toml", "registry")]);
    }

    #[test]
    fn versions_stand_in_one_place_and_are_used() {
        let tree = Tree::of(&[
            ("crates/a/Cargo.toml", "[dependencies]\nserde.workspace = true\n"),
            ("crates/b/Cargo.toml", "[dependencies]\nserde = \"1\"\n"),
            ("Cargo.toml", "[workspace.dependencies]\nserde = \"1\"\nrand = \"1\"\n"),
        ]);
        let (faults, notes) = versions(&tree).unwrap();
        check(&faults, &[("crates/b/Cargo.toml", "versions")]);
        assert_eq!(notes, ["nobody uses what the root Cargo.toml names: rand"]);
    }
}
