//! Every crate of `Cargo.lock` beside the advisories that are kept in the repository, so that a change is compared with
//! them without the network (ASVS 5.0, 15.2.1).
//!
//! `advisories.txt` holds facts alone: a line for each advisory about a crate, its fields set apart by tabs: its name, the
//! crate, the kind of fault, the day of its last change, and the affected ranges of versions. It is written from what
//! `ward db update` or `ward db import` brought (RustSec's advisories are in the public domain, CC0-1.0).

use crate::{
    report::{Fault, Report},
    tree::Tree,
};
use anyhow::{Context as _, Result, bail};
use serde::Deserialize;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};
use ward_scan::{
    advisories::{
        Advisories, FILE,
        advisory::{Advisory, Event, Kind},
        version::Scheme,
    },
    inventory::Ecosystem,
    suppress::{read_day, write_day},
};

/// Where the advisories stand.
const LIST: &str = "xtask/advisories.txt";
/// What holds the versions that are built.
const LOCK: &str = "Cargo.lock";
/// What the first line says before the day.
const AS_OF: &str = "# as of ";

/// Options of `cargo xtask advisories`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The data folder into which `ward db update` or `ward db import` brought the advisories
    #[arg(long)]
    data: PathBuf,
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
    /// None for what stands in this repository.
    source: Option<String>,
}

/// Compares the lock file with the list.
pub(crate) fn check(tree: &Tree) -> Result<Report> {
    let text = tree.text(LIST)?;
    let list = read(text)?;
    let as_of = text.lines().next().and_then(|line| line.strip_prefix(AS_OF));
    let as_of = as_of.with_context(|| format!("{LIST} does not begin with `{AS_OF}YYYY-MM-DD`"))?;
    let lock: Lock = toml::from_str(tree.text(LOCK)?).context(LOCK)?;
    let crates = lock.package.iter().filter(|one| one.source.is_some());
    let mut faults = Vec::new();
    let mut about = 0;
    for one in crates.clone() {
        for advisory in list.get(one.name.as_str()).into_iter().flatten() {
            about += 1;
            // What cannot be compared is a fault too.
            if advisory.affects(Some(Scheme::Semver), &one.version) == Some(false) {
                continue;
            }
            let what = format!("{} concerns {} {}", advisory.id, one.name, one.version);
            let mend = "update it, replace it or switch it off within the time that SECURITY.md gives";
            faults.push(Fault::new(LOCK, None, "advisory", what, mend));
        }
    }
    let advisories: usize = list.values().map(Vec::len).sum();
    let examined = format!(
        "{} crates, {advisories} advisories as of {as_of}, {about} about these crates",
        crates.count()
    );
    Ok(Report::new(examined, faults))
}

/// Writes the list anew. True always: a list that cannot be written is an error.
pub(crate) fn run(options: &Options, root: &Path) -> Result<bool> {
    let path = options.data.join(FILE);
    let bytes = fs::read(&path).with_context(|| format!("{}: `ward db update` makes it", path.display()))?;
    let made = Advisories::of_bytes(bytes).with_context(|| path.display().to_string())?;
    let text = written(&made)?;
    read(&text).context("what was written cannot be read again")?;
    fs::write(root.join(LIST), &text).with_context(|| format!("cannot write {LIST}"))?;
    println!("{LIST}: {} advisories", text.lines().count() - 1);
    Ok(true)
}

/// The list of what a database says of crates.
fn written(database: &Advisories) -> Result<String> {
    let kept = database.facts().ecosystems.get(Ecosystem::Cargo.name());
    let kept = kept.context("there are no advisories about crates")?;
    let mut lines = Vec::new();
    for record in database.all() {
        let (package, all) = record?;
        if package.ecosystem != Ecosystem::Cargo {
            continue;
        }
        for one in all {
            if !one.versions.is_empty() {
                bail!(
                    "{} names versions one by one, and the list has no field for them",
                    one.id
                );
            }
            let ranges: Vec<String> = one.ranges.iter().map(|range| shown(range)).collect();
            lines.push(
                [
                    &one.id,
                    &package.name,
                    word(one.kind),
                    &write_day(one.modified),
                    &ranges.join(" "),
                ]
                .join("\t"),
            );
        }
    }
    lines.sort_unstable();
    Ok(format!("{AS_OF}{}\n{}\n", write_day(kept.as_of), lines.join("\n")))
}

/// The advisories of a list, by crate.
fn read(text: &str) -> Result<BTreeMap<&str, Vec<Advisory>>> {
    let mut list: BTreeMap<&str, Vec<Advisory>> = BTreeMap::new();
    for (number, line) in (1..).zip(text.lines()) {
        if line.starts_with('#') {
            continue;
        }
        let (name, advisory) = one(line).with_context(|| format!("{LIST}:{number} is no advisory"))?;
        list.entry(name).or_default().push(advisory);
    }
    Ok(list)
}

fn one(line: &str) -> Option<(&str, Advisory)> {
    let mut fields = line.split('\t');
    let mut next = || fields.next();
    let (id, name, kind, day, ranges) = (next()?, next()?, next()?, next()?, next()?);
    let ranges: Option<Vec<Vec<Event>>> = ranges
        .split_whitespace()
        .map(|range| range.split(',').map(event).collect())
        .collect();
    let advisory = Advisory {
        id: id.to_owned(),
        aliases: Vec::new(),
        summary: String::new(),
        vector: String::new(),
        rated: None,
        kind: Kind::ALL.into_iter().find(|one| word(*one) == kind)?,
        modified: read_day(day)?,
        epss: None,
        ranges: ranges?,
        versions: Vec::new(),
    };
    Some((name, advisory))
}

/// A range: `>=` where the fault came in, `<` where it is gone, `<=` the last version that has it, `|` where nothing is known.
fn shown(range: &[Event]) -> String {
    let events: Vec<String> = range
        .iter()
        .map(|event| match event {
            Event::Introduced(version) => format!(">={version}"),
            Event::Fixed(version) => format!("<{version}"),
            Event::LastAffected(version) => format!("<={version}"),
            Event::Limit(version) => format!("|{version}"),
        })
        .collect();
    events.join(",")
}

fn event(text: &str) -> Option<Event> {
    let after = |sign: &str| text.strip_prefix(sign).map(str::to_owned);
    after(">=")
        .map(Event::Introduced)
        .or_else(|| after("<=").map(Event::LastAffected))
        .or_else(|| after("<").map(Event::Fixed))
        .or_else(|| after("|").map(Event::Limit))
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Fault => "fault",
        Kind::Malicious => "malicious",
        Kind::Unmaintained => "unmaintained",
        Kind::Unsound => "unsound",
        Kind::Notice => "notice",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTED: &str = "# as of 2026-08-20\nRUSTSEC-2099-0001\tone\tfault\t2026-01-02\t>=0,<1.2.3 >=2.0.0,<=2.0.4\n";

    fn faults(lock: &str) -> usize {
        let tree = Tree::of(&[(LIST, LISTED), (LOCK, lock)]);
        check(&tree).unwrap().faults.len()
    }

    fn locked(version: &str) -> String {
        format!("[[package]]\nname = \"one\"\nversion = \"{version}\"\nsource = \"registry\"\n")
    }

    #[test]
    fn affected_versions_are_faults_and_others_are_not() {
        for version in ["0.1.0", "1.2.2", "2.0.0", "2.0.4", "1.2.3-rc.1", "no version"] {
            assert_eq!(faults(&locked(version)), 1, "{version}");
        }
        for version in ["1.2.3", "1.9.0", "2.0.5"] {
            assert_eq!(faults(&locked(version)), 0, "{version}");
        }
        assert_eq!(faults("[[package]]\nname = \"one\"\nversion = \"1.0.0\"\n"), 0);
    }

    #[test]
    fn a_list_that_cannot_be_read_is_an_error() {
        for list in [
            "",
            "RUSTSEC-2099-0001\tone\tfault\t2026-01-02\t>=0\n",
            "# as of 2026-08-20\nRUSTSEC-2099-0001\tone\tfault\n",
            "# as of 2026-08-20\nRUSTSEC-2099-0001\tone\tfault\t2026-01-02\t1.0.0\n",
            "# as of 2026-08-20\nRUSTSEC-2099-0001\tone\tother\t2026-01-02\t>=0\n",
        ] {
            let tree = Tree::of(&[(LIST, list), (LOCK, &locked("1.0.0"))]);
            assert!(check(&tree).is_err(), "{list}");
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let list = read(LISTED).unwrap();
        let ranges: Vec<String> = list["one"][0].ranges.iter().map(|range| shown(range)).collect();
        assert_eq!(ranges, [">=0,<1.2.3", ">=2.0.0,<=2.0.4"]);
    }
}
