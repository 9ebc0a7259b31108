//! What controls that stand are shown by: every test that the catalogue names exists.

use crate::{
    Project,
    report::{Fault, Report},
    rust_text,
    tree::{File, Tree},
};
use anyhow::Result;
use ward_evidence::{Status, catalogue};

const CATALOGUE: &str = "crates/ward-evidence/src/controls";

pub(crate) fn check(project: &Project) -> Result<Report> {
    let mut faults = Vec::new();
    let mut untested = Vec::new();
    let mut tests = 0;
    for control in catalogue().iter().filter(|control| control.status == Status::Stands) {
        let mut tested = false;
        for shown in control.verified_by {
            match kind(&project.tree, shown) {
                Ok(Kind::Test) => {
                    tested = true;
                    tests += 1;
                }
                Ok(Kind::Command) => {}
                Err(what) => {
                    let what = format!("{} is shown by `{shown}`: {what}", control.id);
                    let mend = "name a test (`path.rs::function`), a file, or a command in backticks";
                    faults.push(Fault::new(CATALOGUE, None, "nothing to show", what, mend));
                }
            }
        }
        if !tested {
            untested.push(control.id.as_str());
        }
    }
    let stand = catalogue()
        .iter()
        .filter(|control| control.status == Status::Stands)
        .count();
    let examined = format!(
        "{stand} of {} controls stand, shown by {tests} tests",
        catalogue().len()
    );
    let note = (!untested.is_empty()).then(|| format!("no test shows these, only a command: {}", untested.join(", ")));
    Ok(Report::new(examined, faults).with_notes(note.into_iter().collect()))
}

enum Kind {
    Test,
    Command,
}

/// What an entry of `verified_by` is: a test or a whole test file that exists, or a command in backticks.
fn kind(tree: &Tree, shown: &str) -> Result<Kind, &'static str> {
    if shown.starts_with('`') {
        return Ok(Kind::Command);
    }
    let (path, function) = match shown.split_once("::") {
        Some((path, function)) => (path, Some(function)),
        None => (shown, None),
    };
    let text = tree.file(path).and_then(File::text).ok_or("there is no such file")?;
    let Some(function) = function else {
        return Ok(Kind::Test);
    };
    let code = rust_text::mask(text);
    let head = format!("fn {function}");
    let lines: Vec<&str> = code.lines().collect();
    let line = rust_text::lines_with_word(&code, &head)
        .first()
        .copied()
        .ok_or("there is no such test in the file")?;
    let above = lines
        .iter()
        .take(line - 1)
        .rev()
        .take_while(|line| line.trim_start().starts_with("#["));
    let is_test = above.into_iter().any(|line| line.contains("test]"));
    if is_test {
        Ok(Kind::Test)
    } else {
        Err("the function is not a test")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(shown: &str, expect: Result<bool, &str>) {
        let source = "#[test]\nfn one() {}\nproptest! {\n    #[test]\n    #[cfg(unix)]\n    fn two(x in 0..3) {}\n}\nfn one_more() {}\n";
        let tree = Tree::of(&[("a/b.rs", source), ("c.rs", "// #[test]\n// fn three() {}")]);
        assert_eq!(
            kind(&tree, shown).map(|kind| matches!(kind, Kind::Test)),
            expect,
            "{shown}"
        );
    }

    #[test]
    fn tests_must_exist_and_be_tests() {
        check("a/b.rs::one", Ok(true));
        check("a/b.rs::two", Ok(true));
        check("a/b.rs", Ok(true));
        check("`ward ledger verify`", Ok(false));
        check("a/b.rs::on", Err("there is no such test in the file"));
        check("a/b.rs::one_more", Err("the function is not a test"));
        check("c.rs::three", Err("there is no such test in the file"));
        check("d.rs::one", Err("there is no such file"));
        check("we looked", Err("there is no such file"));
    }
}
