//! Which crate may use which: the table of ARCHITECTURE.md, compared with the manifests.
//!
//! The table stands between two marks. Its columns are the crate, what lives there, and what it may use (`-` for
//! nothing, `all` for every other crate but `xtask`). A crate whose first cell says `(not yet)` does not exist yet. An
//! arrow that the table allows and nobody uses is no fault; a dependency only of tests is not looked at.

use crate::{
    Project,
    report::{Fault, Report},
    workspace::Workspace,
};
use anyhow::{Context as _, Result, bail};
use std::collections::{BTreeMap, BTreeSet};

const FILE: &str = "ARCHITECTURE.md";
const BEGIN: &str = "<!-- arrows:begin -->";
const END: &str = "<!-- arrows:end -->";

/// One crate of the table.
#[derive(Debug, PartialEq, Eq)]
struct Row {
    line: usize,
    exists: bool,
    may_use: BTreeSet<String>,
}

type Table = BTreeMap<String, Row>;

pub(crate) fn check(project: &Project) -> Result<Report> {
    let table = parse(project.tree.text(FILE)?)?;
    let mut faults = faults_of_table(&table);
    faults.extend(faults_of_crates(&table, &project.workspace));
    let arrows: usize = ward_arrows(&project.workspace).count();
    let crates = project.workspace.members().count();
    Ok(Report::new(
        format!("{crates} crates, {arrows} arrows between them"),
        faults,
    ))
}

fn parse(text: &str) -> Result<Table> {
    let mut table = Table::new();
    let mut inside = false;
    let mut closed = false;
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        match line.trim() {
            BEGIN => inside = true,
            END => {
                closed = inside;
                inside = false;
            }
            row if inside && row.starts_with("| `") => {
                let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
                let [first, _, may_use] = cells.as_slice() else {
                    bail!("{FILE}:{number}: a row of the table has three cells: crate, what lives there, may use");
                };
                let (name, mark) = first
                    .strip_prefix('`')
                    .and_then(|rest| rest.split_once('`'))
                    .with_context(|| format!("{FILE}:{number}: the first cell is a crate's name in backticks"))?;
                let may_use = match *may_use {
                    "-" => BTreeSet::new(),
                    list => list
                        .split(',')
                        .map(|word| full_name(word.trim().trim_matches('`')))
                        .collect(),
                };
                let row = Row {
                    line: number,
                    exists: !mark.contains("(not yet)"),
                    may_use,
                };
                if table.insert(name.to_owned(), row).is_some() {
                    bail!("{FILE}:{number}: {name} has two rows");
                }
            }
            _ => {}
        }
    }
    if !closed || table.is_empty() {
        bail!("{FILE} must hold the table of crates between {BEGIN} and {END}");
    }
    let everybody: BTreeSet<String> = table.keys().filter(|name| *name != "xtask").cloned().collect();
    for (name, row) in &mut table {
        if row.may_use.remove("all") {
            row.may_use
                .extend(everybody.iter().filter(|other| *other != name).cloned());
        }
    }
    Ok(table)
}

/// `formats` for `ward-formats`; `ward`, `xtask` and `all` as they are.
fn full_name(word: &str) -> String {
    if matches!(word, "ward" | "xtask" | "all") || word.starts_with("ward-") {
        word.to_owned()
    } else {
        format!("ward-{word}")
    }
}

/// A table that allows a circle, or names a crate without a row, cannot be obeyed.
fn faults_of_table(table: &Table) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (name, row) in table {
        for unknown in row.may_use.iter().filter(|used| !table.contains_key(*used)) {
            let what = format!("{name} may use {unknown}, which has no row");
            faults.push(Fault::new(
                FILE,
                Some(row.line),
                "unknown crate",
                what,
                "add a row or mend the name",
            ));
        }
    }
    // Take away crates that may use nothing that is left; what cannot be taken away is in or above a circle.
    let mut left: BTreeSet<&String> = table.keys().collect();
    loop {
        let free: Vec<&String> = left
            .iter()
            .copied()
            .filter(|name| {
                table
                    .get(*name)
                    .is_none_or(|row| row.may_use.iter().all(|used| !left.contains(used)))
            })
            .collect();
        if free.is_empty() {
            break;
        }
        for name in free {
            left.remove(name);
        }
    }
    if let Some(first) = left.first() {
        let names: Vec<&str> = left.iter().map(|name| name.as_str()).collect();
        let what = format!(
            "these crates may use each other in a circle, or use such: {}",
            names.join(", ")
        );
        let line = table.get(*first).map(|row| row.line);
        faults.push(Fault::new(FILE, line, "circle", what, "take one arrow out"));
    }
    faults
}

/// Arrows between members, as (from, to), without those of tests.
fn ward_arrows(workspace: &Workspace) -> impl Iterator<Item = (&str, &str)> {
    let members: BTreeSet<&str> = workspace.members().map(|package| package.name.as_str()).collect();
    workspace.members().flat_map(move |package| {
        let members = members.clone();
        let arrows = package
            .depends
            .iter()
            .filter(move |arrow| !arrow.dev && members.contains(arrow.to.as_str()));
        arrows.map(|arrow| (package.name.as_str(), arrow.to.as_str()))
    })
}

fn faults_of_crates(table: &Table, workspace: &Workspace) -> Vec<Fault> {
    let mut faults = Vec::new();
    for package in workspace.members() {
        match table.get(&package.name) {
            None => {
                let what = format!("{} has no row in the table of crates", package.name);
                faults.push(Fault::new(
                    FILE,
                    None,
                    "crate without a row",
                    what,
                    "say what lives there and what it may use",
                ));
            }
            Some(row) if !row.exists => {
                let what = format!("{} exists, but its row says (not yet)", package.name);
                faults.push(Fault::new(
                    FILE,
                    Some(row.line),
                    "stale mark",
                    what,
                    "take the mark away",
                ));
            }
            Some(_) => {}
        }
    }
    for (name, row) in table.iter().filter(|(_, row)| row.exists) {
        if workspace.members().all(|package| package.name != *name) {
            let what = format!("{name} has a row but does not exist");
            faults.push(Fault::new(
                FILE,
                Some(row.line),
                "row without a crate",
                what,
                "mark the row (not yet)",
            ));
        }
    }
    for (from, to) in ward_arrows(workspace) {
        if table.get(from).is_some_and(|row| !row.may_use.contains(to)) {
            let manifest = if from == "xtask" {
                "xtask/Cargo.toml".into()
            } else {
                format!("crates/{from}/Cargo.toml")
            };
            let what = format!("{from} uses {to}, which {FILE} does not allow");
            faults.push(Fault::new(
                manifest,
                None,
                "arrow",
                what,
                "take it out, or change the table and say why",
            ));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::{Arrow, Package};

    fn table(rows: &str) -> Result<Table> {
        parse(&format!(
            "# X\n| `ward-outside` | | - |\n{BEGIN}\n| crate | what | may use |\n|---|---|---|\n{rows}\n{END}\n"
        ))
    }

    fn workspace(crates: &[(&str, &[&str], &[&str])]) -> Workspace {
        let arrows = |names: &[&str], dev| -> Vec<Arrow> {
            names
                .iter()
                .map(|to| Arrow {
                    to: (*to).to_owned(),
                    dev,
                })
                .collect()
        };
        let packages = crates.iter().map(|(name, normal, dev)| Package {
            name: (*name).to_owned(),
            member: true,
            depends: [arrows(normal, false), arrows(dev, true)].concat(),
            ..Package::default()
        });
        Workspace {
            packages: packages.collect(),
            host_only: None,
        }
    }

    #[track_caller]
    fn check(rows: &str, crates: &[(&str, &[&str], &[&str])], expect: &[&str]) {
        let table = table(rows).unwrap();
        let mut faults = faults_of_table(&table);
        faults.extend(faults_of_crates(&table, &workspace(crates)));
        let rules: Vec<_> = faults.iter().map(|fault| fault.rule).collect();
        assert_eq!(rules, expect, "{faults:?}");
    }

    const ROWS: &str =
        "| `ward-a` | x | - |\n| `ward-b` | x | a |\n| `ward-c` (not yet) | x | a, b |\n| `ward` | x | all |";

    #[test]
    fn arrows_of_the_table_pass_and_others_fail() {
        check(
            ROWS,
            &[
                ("ward-a", &["serde"], &[]),
                ("ward-b", &["ward-a"], &[]),
                ("ward", &["ward-a", "ward-b"], &[]),
            ],
            &[],
        );
        check(
            ROWS,
            &[("ward-a", &["ward-b"], &[]), ("ward-b", &[], &[]), ("ward", &[], &[])],
            &["arrow"],
        );
        check(
            ROWS,
            &[("ward-a", &["ward"], &[]), ("ward-b", &[], &[]), ("ward", &[], &[])],
            &["arrow"],
        );
    }

    #[test]
    fn tests_may_use_what_they_like() {
        check(
            ROWS,
            &[
                ("ward-a", &[], &["ward-b"]),
                ("ward-b", &["ward-a"], &[]),
                ("ward", &[], &[]),
            ],
            &[],
        );
    }

    #[test]
    fn rows_and_crates_must_agree() {
        let without = "| `ward-a` | x | - |";
        check(
            without,
            &[("ward-a", &[], &[]), ("ward-n", &[], &[])],
            &["crate without a row"],
        );
        check(without, &[], &["row without a crate"]);
        check(
            "| `ward-a` (not yet) | x | - |",
            &[("ward-a", &[], &[])],
            &["stale mark"],
        );
        check("| `ward-a` | x | b |", &[("ward-a", &[], &[])], &["unknown crate"]);
    }

    #[test]
    fn a_table_with_a_circle_fails() {
        let rows = "| `ward-a` | x | b |\n| `ward-b` | x | c |\n| `ward-c` | x | a |\n| `ward-d` | x | - |";
        check(
            rows,
            &[
                ("ward-a", &[], &[]),
                ("ward-b", &[], &[]),
                ("ward-c", &[], &[]),
                ("ward-d", &[], &[]),
            ],
            &["circle"],
        );
    }

    #[test]
    fn a_table_that_cannot_be_read_is_an_error() {
        assert!(parse("no table").is_err());
        assert!(parse(&format!("{BEGIN}\n| `ward-a` | x | - |\n")).is_err());
        assert!(table("| `ward-a` | x |").is_err());
        assert!(table("| `ward-a` | x | - |\n| `ward-a` | x | - |").is_err());
    }
}
