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
    let (escapes, count) = escapes(&project.tree);
    faults.extend(escapes);
    let crates = project
        .tree
        .files()
        .iter()
        .filter(|file| file.is_member_manifest())
        .count();
    Ok(Report::new(
        format!("{crates} manifests, {count} exceptions with a reason"),
        faults,
    ))
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

/// Exceptions that give no reason, and how many give one. `expect` fails when it is no longer needed, `allow` stays for
/// ever, so only the first is welcome. Files that are tests as a whole are not looked at: clippy does not know that their
/// helpers are tests too.
fn escapes(tree: &Tree) -> (Vec<Fault>, usize) {
    let mut faults = Vec::new();
    let mut with_reason = 0;
    for file in tree.files().iter().filter(|file| file.is_rust() && !file.is_test()) {
        let code = rust_text::mask(file.text().unwrap_or_default());
        for (line, attribute) in attributes(&code) {
            if !rust_text::lines_with_word(attribute, "allow").is_empty() {
                let what = "`allow` is never taken back";
                let mend = "write `#[expect(LINT, reason = \"..\")]`, or mend what the lint says";
                faults.push(Fault::new(&file.path, Some(line), "exception from a lint", what, mend));
            } else if !rust_text::lines_with_word(attribute, "expect").is_empty() {
                if rust_text::lines_with_word(attribute, "reason").is_empty() {
                    let what = "an exception without a reason";
                    faults.push(Fault::new(
                        &file.path,
                        Some(line),
                        "exception from a lint",
                        what,
                        "add `reason = \"..\"`",
                    ));
                } else {
                    with_reason += 1;
                }
            }
        }
    }
    (faults, with_reason)
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
    fn check(source: &str, expect: &[usize], with_reason: usize) {
        let tree = Tree::of(&[("a.rs", source)]);
        let (faults, count) = escapes(&tree);
        let lines: Vec<_> = faults.iter().map(|fault| fault.line.unwrap()).collect();
        assert_eq!((lines.as_slice(), count), (expect, with_reason), "{source}");
    }

    #[test]
    fn exceptions_need_a_reason_and_must_be_taken_back() {
        check("#[allow(dead_code)]\nfn a() {}", &[1], 0);
        check("\n#![allow(x, reason = \"y\")]", &[2], 0);
        check("#[cfg_attr(test, allow(x))]", &[1], 0);
        check(
            "#[expect(x)]\n#[expect(\n    y,\n    reason = \"z\"\n)]\n#[expect(z)]",
            &[1, 6],
            1,
        );
        check(
            "// #[allow(x)]\n#[derive(Debug)] fn allow(a: [u8; 2]) { x.expect(\"#[allow(x)]\") }",
            &[],
            0,
        );
        check("#[unfinished", &[], 0);
        assert!(
            escapes(&Tree::of(&[("crates/a/tests/b.rs", "#![allow(x)]")]))
                .0
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
