//! Advisories of the RustSec database: Markdown with TOML before it.
//!
//! Source: the format description in the database's own repository, `rustsec/advisory-db`.

use serde::Deserialize;

use super::{
    advisory::{Advisory, Event, Kind},
    osv::{Read, first_sentence},
    package::Package,
    specifier,
    version::{Cut, Set, Side, Version},
};
use crate::{inventory::Ecosystem, suppress::read_day};

#[derive(Deserialize)]
struct File {
    advisory: Head,
    #[serde(default)]
    versions: Versions,
}

#[derive(Deserialize)]
struct Head {
    id: String,
    package: String,
    date: String,
    #[serde(default)]
    aliases: Vec<String>,
    cvss: Option<String>,
    informational: Option<String>,
    withdrawn: Option<String>,
    collection: Option<String>,
}

#[derive(Deserialize, Default)]
struct Versions {
    #[serde(default)]
    patched: Vec<String>,
    #[serde(default)]
    unaffected: Vec<String>,
}

/// Reads an advisory. None when it is none.
pub(super) fn markdown(bytes: &[u8]) -> Option<Read> {
    let text = std::str::from_utf8(bytes).ok()?;
    let rest = text.trim_start().strip_prefix("```toml")?;
    let (front, body) = rest.split_once("\n```")?;
    let file: File = toml::from_str(front).ok()?;
    let head = file.advisory;
    let fine = file.versions.patched.iter().chain(&file.versions.unaffected);
    let ranges = affected(fine.map(String::as_str))?;
    let modified = read_day(head.date.get(..10)?)?;
    let mut aliases = head.aliases;
    aliases.sort();
    aliases.dedup();
    let title = body
        .lines()
        .find_map(|line| line.strip_prefix("# "))
        .unwrap_or_default();
    let about = Advisory {
        aliases,
        summary: first_sentence(title),
        vector: head.cvss.unwrap_or_default(),
        rated: None,
        kind: match head.informational.as_deref() {
            Some("unmaintained") => Kind::Unmaintained,
            Some("unsound") => Kind::Unsound,
            Some(_) => Kind::Notice,
            None => Kind::Fault,
        },
        modified,
        epss: None,
        ranges,
        versions: Vec::new(),
        id: head.id.clone(),
    };
    // The compiler and its tools are no crates.
    let crates = head.collection.as_deref().is_none_or(|one| one == "crates");
    let package = Package {
        ecosystem: Ecosystem::Cargo,
        name: head.package,
    };
    Some(Read {
        withdrawn: head
            .withdrawn
            .map(|day| day.get(..10).and_then(read_day).unwrap_or(crate::suppress::Day::MIN)),
        about: if crates { vec![(package, about)] } else { Vec::new() },
        elsewhere: u64::from(!crates),
        modified,
        id: head.id,
    })
}

/// What no requirement in the list allows, as ranges. None when one of them is not understood.
fn affected<'a>(fine: impl Iterator<Item = &'a str>) -> Option<Vec<Vec<Event>>> {
    let mut set = Set::none();
    for words in fine {
        // These requirements are about the order of versions: unlike Cargo, `< 2.0.0` lets pre-releases of 2.0.0 in.
        set = set.or(ordered(words)?);
    }
    set.not().pieces().iter().map(events).collect()
}

fn ordered(words: &str) -> Option<Set> {
    let mut both = Set::all();
    for part in words.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let length = part
            .bytes()
            .take_while(|b| matches!(b, b'<' | b'>' | b'=' | b'^' | b'~'))
            .count();
        let (sign, version) = part.split_at_checked(length)?;
        let version = super::version::Scheme::Semver.read(version);
        let set = match (sign, version) {
            (">=", Some(version)) => Set::between(Cut::before(version), Cut::End),
            (">", Some(version)) => Set::between(Cut::after(version), Cut::End),
            ("<", Some(version)) => Set::between(Cut::Start, Cut::before(version)),
            ("<=", Some(version)) => Set::between(Cut::Start, Cut::after(version)),
            ("=" | "==", Some(version)) => Set::between(Cut::before(version.clone()), Cut::after(version)),
            _ => specifier::allowed(Ecosystem::Cargo, part)?,
        };
        both = both.and(&set);
    }
    Some(both)
}

/// One piece of the order of versions as events.
fn events((from, to): &(Cut, Cut)) -> Option<Vec<Event>> {
    let text = |version: &Version| match version {
        Version::Semver(version) => Some(version.to_string()),
        Version::Pep440(_) => None,
    };
    // What comes right after a version is the lowest pre-release of the next.
    let next = |version: &Version| match version {
        Version::Semver(one) if one.pre.is_empty() => {
            Some(format!("{}.{}.{}-0", one.major, one.minor, one.patch.checked_add(1)?))
        }
        Version::Semver(one) => Some(format!("{one}.0")),
        Version::Pep440(_) => None,
    };
    let mut out = vec![Event::Introduced(match from {
        Cut::At(version, Side::Before) => text(version)?,
        Cut::At(version, Side::After) => next(version)?,
        Cut::Start | Cut::End => "0".to_owned(),
    })];
    match to {
        Cut::At(version, Side::Before) => out.push(Event::Fixed(text(version)?)),
        Cut::At(version, Side::After) => out.push(Event::LastAffected(text(version)?)),
        Cut::Start | Cut::End => {}
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::super::version::Scheme;
    use super::*;

    #[track_caller]
    fn check(versions: &str, affected: &[&str], fine: &[&str]) {
        let text = format!(
            "```toml\n[advisory]\nid = \"RUSTSEC-2020-0001\"\npackage = \"x\"\ndate = \"2020-01-02\"\naliases = [\"CVE-1\"]\n\n[versions]\n{versions}\n```\n\n# A title\n\nText.\n"
        );
        let read = markdown(text.as_bytes()).unwrap();
        let (package, one) = &read.about[0];
        assert_eq!((package.name.as_str(), one.summary.as_str()), ("x", "A title"));
        for version in affected {
            assert_eq!(one.affects(Some(Scheme::Semver), version), Some(true), "{version}");
        }
        for version in fine {
            assert_eq!(one.affects(Some(Scheme::Semver), version), Some(false), "{version}");
        }
    }

    #[test]
    fn what_is_patched_and_unaffected_is_fine() {
        check(
            "patched = [\">= 1.2.3\"]\nunaffected = [\"< 0.5.0\"]",
            &["0.5.0", "1.2.2", "1.2.3-rc.1"],
            &["0.4.9", "1.2.3", "2.0.0"],
        );
        check(
            "patched = [\"^1.2.3\", \">= 2.0.1\"]",
            &["1.2.2", "2.0.0"],
            &["1.2.3", "1.9.0", "2.0.1"],
        );
        check("patched = []", &["0.0.1", "9.0.0"], &[]);
        check(
            "patched = []\nunaffected = [\"<= 1.0.0\"]",
            &["1.0.1", "1.0.1-alpha"],
            &["1.0.0", "0.1.0"],
        );
        check(
            "patched = [\"> 1.0.0, < 1.1.0\", \"=1.2.0\"]",
            &["1.0.0", "1.1.0", "1.2.1"],
            &["1.0.5", "1.2.0"],
        );
        for bad in ["", "# no", "```toml\n[advisory]\n```", "```toml\nx"] {
            assert!(markdown(bad.as_bytes()).is_none(), "{bad}");
        }
    }
}
