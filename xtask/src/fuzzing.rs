//! Every fuzz body has a wrapper for cargo-fuzz, a folder of seeds, and a plain test that replays them.

use crate::{
    Project,
    report::{Fault, Report},
    rust_text,
    tree::{File, Tree},
};
use anyhow::Result;
use std::collections::BTreeSet;

const BODIES: &str = "fuzz/bodies/";
const TARGETS: &str = "fuzz/fuzz_targets/";
const CORPUS: &str = "fuzz/corpus/";
const MANIFEST: &str = "fuzz/Cargo.toml";

pub(crate) fn check(project: &Project) -> Result<Report> {
    let faults = faults_of(&project.tree)?;
    let seeds = project.tree.below(CORPUS).count();
    Ok(Report::new(
        format!("{} fuzz bodies, {seeds} seeds", bodies(&project.tree).len()),
        faults,
    ))
}

/// The names of the bodies, sorted: files with a function `run`. A file without one holds laws that bodies share.
pub(crate) fn bodies(tree: &Tree) -> Vec<&str> {
    names(tree, BODIES)
        .into_iter()
        .filter(|name| code(tree, name).contains("pub fn run("))
        .collect()
}

/// The names of the files that body `name` includes as `super::NAME`, themselves or through each other.
pub(crate) fn shared<'a>(tree: &'a Tree, name: &str) -> BTreeSet<&'a str> {
    let all = names(tree, BODIES);
    let mut found = BTreeSet::new();
    let mut open = vec![name];
    while let Some(next) = open.pop() {
        let code = code(tree, next);
        for other in all
            .iter()
            .filter(|other| !rust_text::lines_with_word(&code, &format!("super::{other}")).is_empty())
        {
            if found.insert(*other) {
                open.push(other);
            }
        }
    }
    found
}

/// The masked code of a file of the bodies' folder.
pub(crate) fn code(tree: &Tree, name: &str) -> String {
    let text = tree
        .file(&format!("{BODIES}{name}.rs"))
        .and_then(File::text)
        .unwrap_or_default();
    rust_text::mask(text)
}

/// The names of the Rust files directly in `folder`.
fn names<'a>(tree: &'a Tree, folder: &'a str) -> Vec<&'a str> {
    tree.below(folder)
        .filter_map(|file| file.path.strip_prefix(folder)?.strip_suffix(".rs"))
        .filter(|name| !name.contains('/'))
        .collect()
}

fn faults_of(tree: &Tree) -> Result<Vec<Fault>> {
    let mut faults = Vec::new();
    let bodies = bodies(tree);
    let targets = names(tree, TARGETS);
    let bins = declared(tree)?;
    let replays: Vec<&str> = tree
        .files()
        .iter()
        .filter(|file| is_test(file))
        .filter_map(File::text)
        .collect();
    for name in &bodies {
        let body = format!("{BODIES}{name}.rs");
        let seeds = format!("{CORPUS}{name}/");
        if tree.below(&seeds).next().is_none() {
            faults.push(Fault::new(
                &body,
                None,
                "no seeds",
                format!("{seeds} holds no seed"),
                "add at least one",
            ));
        }
        let path = format!("bodies/{name}.rs");
        if !replays.iter().any(|text| text.contains(&path)) {
            let what = "no test replays its seeds";
            let mend = "include it by #[path] in tests/replay.rs of its crate and run it over its folder of seeds";
            faults.push(Fault::new(&body, None, "no replay", what, mend));
        }
        if !targets.contains(name) || !bins.iter().any(|bin| bin == name) {
            let what = "cargo-fuzz does not know it";
            faults.push(Fault::new(&body, None, "no wrapper", what, "run `cargo xtask docs`"));
        }
    }
    for name in targets.iter().filter(|name| !bodies.contains(name)) {
        let target = format!("{TARGETS}{name}.rs");
        faults.push(Fault::new(
            target,
            None,
            "no body",
            "it wraps nothing",
            format!("add {BODIES}{name}.rs or remove it"),
        ));
    }
    // A file of git's own may stand beside the folders.
    for file in tree.below(CORPUS).filter(|file| !file.name().starts_with(".git")) {
        let name = file
            .path
            .strip_prefix(CORPUS)
            .and_then(|rest| rest.split('/').next())
            .unwrap_or_default();
        if !bodies.contains(&name) && !faults.iter().any(|fault| fault.file == format!("{CORPUS}{name}")) {
            let what = "seeds that no body reads";
            faults.push(Fault::new(
                format!("{CORPUS}{name}"),
                None,
                "no body",
                what,
                format!("add {BODIES}{name}.rs"),
            ));
        }
    }
    Ok(faults)
}

/// The names of the programs that fuzz/Cargo.toml declares.
fn declared(tree: &Tree) -> Result<Vec<String>> {
    if tree.file(MANIFEST).is_none() {
        return Ok(Vec::new());
    }
    let manifest: toml::Table = toml::from_str(tree.text(MANIFEST)?)?;
    let bins = manifest
        .get("bin")
        .and_then(toml::Value::as_array)
        .cloned()
        .unwrap_or_default();
    Ok(bins
        .iter()
        .filter_map(|bin| Some(bin.get("name")?.as_str()?.to_owned()))
        .collect())
}

fn is_test(file: &File) -> bool {
    file.is_rust() && file.path.starts_with("crates/") && file.path.contains("/tests/")
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUN: &str = "pub fn run(data: &[u8]) { super::laws::hold() }";
    const MANIFEST_WITH_A: &str = "[[bin]]\nname = \"a\"\n";

    #[track_caller]
    fn check(files: &[(&str, &str)], expect: &[(&str, &str)]) {
        let faults = faults_of(&Tree::of(files)).unwrap();
        let found: Vec<_> = faults.iter().map(|fault| (fault.file.as_str(), fault.rule)).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn a_body_with_everything_passes() {
        check(
            &[
                ("fuzz/Cargo.toml", MANIFEST_WITH_A),
                ("fuzz/bodies/a.rs", RUN),
                ("fuzz/bodies/laws.rs", "pub fn hold() {}"),
                ("fuzz/fuzz_targets/a.rs", ""),
                ("fuzz/corpus/a/seed", "x"),
                ("fuzz/corpus/.gitattributes", "* -text"),
                (
                    "crates/x/tests/replay.rs",
                    "#[path = \"../../../fuzz/bodies/a.rs\"]\nmod a;",
                ),
            ],
            &[],
        );
        check(&[], &[]);
    }

    #[test]
    fn what_lacks_is_told() {
        let body = "fuzz/bodies/a.rs";
        check(
            &[(body, RUN)],
            &[(body, "no seeds"), (body, "no replay"), (body, "no wrapper")],
        );
        check(
            &[("fuzz/fuzz_targets/b.rs", "")],
            &[("fuzz/fuzz_targets/b.rs", "no body")],
        );
        check(
            &[("fuzz/corpus/c/1", ""), ("fuzz/corpus/c/2", "")],
            &[("fuzz/corpus/c", "no body")],
        );
    }

    #[test]
    fn shared_laws_are_found_through_each_other() {
        let tree = Tree::of(&[
            ("fuzz/bodies/a.rs", "use super::b; pub fn run() {}"),
            ("fuzz/bodies/b.rs", "super::c::x(); super::a::y()"),
            ("fuzz/bodies/c.rs", "// super::d"),
            ("fuzz/bodies/d.rs", ""),
        ]);
        assert_eq!(bodies(&tree), ["a"]);
        assert_eq!(shared(&tree, "a").into_iter().collect::<Vec<_>>(), ["a", "b", "c"]);
        assert!(shared(&tree, "d").is_empty());
    }
}
