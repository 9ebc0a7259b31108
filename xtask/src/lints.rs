//! Lints: every crate inherits those of the workspace, and whoever is excepted from one says why.

use crate::{
    Project,
    report::{Fault, Report},
    rust_text,
    tree::Tree,
};
use anyhow::Result;

pub(crate) fn check(project: &Project) -> Result<Report> {
    let mut faults = not_inherited(&project.tree)?;
    let escapes = escapes(&project.tree);
    faults.extend(escapes.without_reason);
    let crates = project
        .tree
        .files()
        .iter()
        .filter(|file| file.is_member_manifest())
        .count();
    let examined = format!("{crates} manifests, {} exceptions with a reason", escapes.with_reason);
    let notes = escapes
        .for_ever
        .into_iter()
        .map(|place| format!("{place}: `expect` with a reason is better than `allow`"));
    Ok(Report::new(examined, faults).with_notes(notes.collect()))
}

fn not_inherited(tree: &Tree) -> Result<Vec<Fault>> {
    let mut faults = Vec::new();
    for file in tree.files().iter().filter(|file| file.is_member_manifest()) {
        let manifest: toml::Table = toml::from_str(tree.text(&file.path)?)?;
        let inherits = manifest
            .get("lints")
            .and_then(|lints| lints.get("workspace"))
            .and_then(toml::Value::as_bool);
        if inherits != Some(true) {
            let what = "the crate does not inherit the lints of the workspace";
            faults.push(Fault::new(
                &file.path,
                None,
                "lints",
                what,
                "add `[lints]` with `workspace = true`",
            ));
        }
    }
    Ok(faults)
}

/// Exceptions from lints.
#[derive(Default)]
struct Escapes {
    /// `expect` that gives no reason.
    without_reason: Vec<Fault>,
    /// Places of `allow`, which stays when it is no longer needed, where `expect` would tell.
    for_ever: Vec<String>,
    with_reason: usize,
}

/// The exceptions of every file that is not test code as a whole: clippy does not know that helpers there are tests too.
fn escapes(tree: &Tree) -> Escapes {
    let mut escapes = Escapes::default();
    for file in tree.files().iter().filter(|file| file.is_rust() && !file.is_test()) {
        let code = rust_text::mask(file.text().unwrap_or_default());
        for (line, attribute) in attributes(&code) {
            let has = |word| !rust_text::lines_with_word(attribute, word).is_empty();
            if has("allow") {
                escapes.for_ever.push(format!("{}:{line}", file.path));
            } else if has("expect") && has("reason") {
                escapes.with_reason += 1;
            } else if has("expect") {
                let what = "an exception without a reason";
                let fault = Fault::new(
                    &file.path,
                    Some(line),
                    "exception from a lint",
                    what,
                    "add `reason = \"..\"`",
                );
                escapes.without_reason.push(fault);
            }
        }
    }
    escapes
}

/// The attributes of masked code, from `#[` or `#![` to the bracket that closes it, with their lines from 1.
fn attributes(code: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut line = 1;
    let mut counted = 0;
    for (at, _) in code.match_indices('#') {
        let Some(rest) = code.get(at..) else { continue };
        if !rest.starts_with("#[") && !rest.starts_with("#![") {
            continue;
        }
        let mut depth = 0_usize;
        let close = rest.char_indices().find(|(_, c)| {
            match c {
                '[' => depth += 1,
                ']' => depth = depth.saturating_sub(1),
                _ => return false,
            }
            depth == 0
        });
        line += code.get(counted..at).map_or(0, |text| text.matches('\n').count());
        counted = at;
        found.push((line, close.and_then(|(end, _)| rest.get(..end)).unwrap_or(rest)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, without_reason: &[usize], for_ever: &[&str], with_reason: usize) {
        let escapes = escapes(&Tree::of(&[("a.rs", source)]));
        let lines: Vec<_> = escapes.without_reason.iter().map(|fault| fault.line.unwrap()).collect();
        assert_eq!(
            (lines.as_slice(), escapes.with_reason),
            (without_reason, with_reason),
            "{source}"
        );
        assert_eq!(escapes.for_ever, for_ever, "{source}");
    }

    #[test]
    fn exceptions_need_a_reason_and_should_be_taken_back() {
        check("#[allow(dead_code)]\nfn a() {}", &[], &["a.rs:1"], 0);
        check("\n#![allow(x, reason = \"y\")]", &[], &["a.rs:2"], 0);
        check("#[cfg_attr(test, allow(x))]", &[], &["a.rs:1"], 0);
        check(
            "#[expect(x)]\n#[expect(\n    y,\n    reason = \"z\"\n)]\n#[expect(z)]",
            &[1, 6],
            &[],
            1,
        );
        check(
            "// #[allow(x)]\n#[derive(Debug)] fn allow(a: [u8; 2]) { x.expect(\"#[allow(x)]\") }",
            &[],
            &[],
            0,
        );
        check("#[unfinished", &[], &[], 0);
        assert!(
            super::escapes(&Tree::of(&[("crates/a/tests/b.rs", "#![allow(x)]")]))
                .for_ever
                .is_empty()
        );
    }

    #[test]
    fn crates_inherit_the_lints() {
        let tree = Tree::of(&[
            ("crates/a/Cargo.toml", "[lints]\nworkspace = true\n"),
            ("crates/b/Cargo.toml", "[lints.rust]\nx = \"warn\"\n"),
            ("xtask/Cargo.toml", ""),
        ]);
        let files: Vec<_> = not_inherited(&tree)
            .unwrap()
            .into_iter()
            .map(|fault| fault.file)
            .collect();
        assert_eq!(files, ["crates/b/Cargo.toml", "xtask/Cargo.toml"]);
    }
}
