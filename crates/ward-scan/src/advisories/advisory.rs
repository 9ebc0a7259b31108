//! One advisory about one package, as the database keeps it.

use std::collections::{BTreeMap, HashMap};

use ward_evidence::Severity;

use super::{
    severity,
    version::{Cut, Scheme, Set, Version},
};
use crate::suppress::Day;

/// What an advisory says of one package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advisory {
    /// Its name, as `GHSA-..`, `PYSEC-..`, `RUSTSEC-..`.
    pub id: String,
    /// Other names of the same fault, sorted.
    pub aliases: Vec<String>,
    /// A line that says what it is about.
    pub summary: String,
    /// The CVSS vector, if one is given.
    pub vector: String,
    /// Its severity in words, for what has no vector.
    pub rated: Option<Severity>,
    /// What kind of fault.
    pub kind: Kind,
    /// When it was last changed.
    pub modified: Day,
    /// How likely it is to be exploited within 30 days, in ten thousandths (EPSS).
    pub epss: Option<u16>,
    /// Ranges of versions.
    pub ranges: Vec<Vec<Event>>,
    /// Versions that are named one by one.
    pub versions: Vec<String>,
}

/// What kind of fault an advisory is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A vulnerability.
    Fault,
    /// The package was made to do harm.
    Malicious,
    /// Nobody looks after it.
    Unmaintained,
    /// Its interface allows what its language forbids.
    Unsound,
    /// Something else to know.
    Notice,
}

impl Kind {
    /// All of them, in the order by whose numbers the database writes them.
    pub const ALL: [Self; 5] = [
        Self::Fault,
        Self::Malicious,
        Self::Unmaintained,
        Self::Unsound,
        Self::Notice,
    ];
}

/// A mark in a range, in the order of versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The fault came in with this version; `0` is before all.
    Introduced(String),
    /// It is gone with this version.
    Fixed(String),
    /// This is the last version that has it.
    LastAffected(String),
    /// Nothing is known of this version and those after it; `*` is after all.
    Limit(String),
}

impl Advisory {
    /// Its score in tenths.
    #[must_use]
    pub fn score(&self) -> Option<u8> {
        severity::score(&self.vector)
    }

    /// How bad it is. Medium when nobody said.
    #[must_use]
    pub fn severity(&self) -> Severity {
        match self.kind {
            Kind::Malicious => Severity::Critical,
            Kind::Unmaintained | Kind::Notice => Severity::Low,
            Kind::Fault | Kind::Unsound => {
                let unrated = if self.kind == Kind::Unsound {
                    Severity::Low
                } else {
                    Severity::Medium
                };
                self.score()
                    .map(severity::of_score)
                    .or(self.rated)
                    .unwrap_or(unrated)
                    .max(Severity::Low)
            }
        }
    }

    /// All its names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.id.as_str()).chain(self.aliases.iter().map(String::as_str))
    }

    /// The versions its ranges cover, as the algorithm of the OSV schema decides it. None when a version in them cannot be
    /// compared.
    #[must_use]
    pub fn covered(&self, scheme: Scheme) -> Option<Set> {
        self.ranges
            .iter()
            .try_fold(Set::none(), |set, range| Some(set.or(range_set(scheme, range)?)))
    }

    /// Whether a version is affected. None when that cannot be said.
    #[must_use]
    pub fn affects(&self, scheme: Option<Scheme>, version: &str) -> Option<bool> {
        if self.versions.iter().any(|one| one == version) {
            return Some(true);
        }
        let Some(scheme) = scheme else {
            return if self.ranges.is_empty() { Some(false) } else { None };
        };
        let parsed = scheme.read(version);
        if let Some(parsed) = &parsed
            && self.lists(scheme, parsed)
        {
            return Some(true);
        }
        if self.ranges.is_empty() {
            // A version is not on the list, and the list is all there is.
            return Some(false);
        }
        Some(self.covered(scheme)?.contains(&parsed?))
    }

    /// Whether a version is on the list, however it is spelt. A local part does not make another version of it.
    fn lists(&self, scheme: Scheme, version: &Version) -> bool {
        let plain = match version {
            Version::Pep440(one) => Version::Pep440(one.public()),
            Version::Semver(_) => version.clone(),
        };
        self.versions
            .iter()
            .filter_map(|one| scheme.read(one))
            .any(|one| one == plain || one == *version)
    }

    /// Everything it affects as a set: its ranges, and the versions on its list one by one.
    #[must_use]
    pub fn affected(&self, scheme: Scheme) -> Option<Set> {
        let listed = self
            .versions
            .iter()
            .filter_map(|one| super::specifier::only(scheme, one));
        Some(listed.fold(self.covered(scheme)?, Set::or))
    }

    /// Drops from the list what the ranges say anyway, so that the database is smaller.
    pub(super) fn condense(&mut self, scheme: Option<Scheme>) {
        let Some(covered) = scheme
            .and_then(|scheme| self.covered(scheme))
            .filter(|_| !self.ranges.is_empty())
        else {
            return;
        };
        let outside = |one: &String| {
            scheme
                .and_then(|scheme| scheme.read(one))
                .is_none_or(|version| !covered.contains(&version))
        };
        self.versions.retain(outside);
    }

    /// Versions in which the fault is gone, as they are written.
    pub fn fixes(&self) -> impl Iterator<Item = &str> {
        self.ranges.iter().flatten().filter_map(|event| match event {
            Event::Fixed(version) => Some(version.as_str()),
            _ => None,
        })
    }
}

/// The versions of one range.
fn range_set(scheme: Scheme, events: &[Event]) -> Option<Set> {
    let bound = |text: &str| match text.trim() {
        "0" => Some(Cut::Start),
        text => scheme.read(text).map(Cut::before),
    };
    let mut marks: Vec<(Cut, bool)> = Vec::with_capacity(events.len());
    let mut limits: Option<Set> = None;
    for event in events {
        match event {
            Event::Introduced(version) => marks.push((bound(version)?, true)),
            Event::Fixed(version) => marks.push((bound(version)?, false)),
            Event::LastAffected(version) => marks.push((after(scheme.read(version)?), false)),
            Event::Limit(version) => {
                let below = match version.trim() {
                    "*" => Set::all(),
                    version => Set::between(Cut::Start, Cut::before(scheme.read(version)?)),
                };
                limits = Some(limits.unwrap_or_default().or(below));
            }
        }
    }
    // Marks of one version keep the order they are written in.
    marks.sort_by(|a, b| a.0.cmp(&b.0));
    let mut set = Set::none();
    let mut from: Option<Cut> = None;
    for (cut, begins) in marks {
        match (&from, begins) {
            (None, true) => from = Some(cut),
            (Some(start), false) => {
                set = set.or(Set::between(start.clone(), cut));
                from = None;
            }
            _ => {}
        }
    }
    if let Some(start) = from {
        set = set.or(Set::between(start, Cut::End));
    }
    Some(match limits {
        Some(limits) => set.and(&limits),
        None => set,
    })
}

/// Behind a version and its local versions.
fn after(version: Version) -> Cut {
    Cut::after(match version {
        Version::Pep440(one) if !one.has_local() => Version::Pep440(one.above_locals()),
        other => other,
    })
}

/// Puts advisories that are about one fault together: those that share a name, or share one with another of them. The order
/// within and among groups is that of [`rank`].
#[must_use]
pub fn grouped(mut all: Vec<Advisory>) -> Vec<Vec<Advisory>> {
    all.sort_by(|a, b| rank(&a.id).cmp(&rank(&b.id)).then_with(|| a.id.cmp(&b.id)));
    // Each names one of its group that stands before it, or itself when it is the first.
    let mut before: Vec<usize> = (0..all.len()).collect();
    let mut named: HashMap<&str, usize> = HashMap::new();
    for (index, one) in all.iter().enumerate() {
        for name in one.names() {
            let other = *named.entry(name).or_insert(index);
            let (a, b) = (first(&mut before, index), first(&mut before, other));
            if let Some(later) = before.get_mut(a.max(b)) {
                *later = a.min(b);
            }
        }
    }
    let mut groups: BTreeMap<usize, Vec<Advisory>> = BTreeMap::new();
    for (index, one) in all.into_iter().enumerate() {
        groups.entry(first(&mut before, index)).or_default().push(one);
    }
    groups.into_values().collect()
}

/// The first of the group that an index belongs to. The way there is shortened, so that the next one finds it sooner.
fn first(before: &mut [usize], mut index: usize) -> usize {
    while let Some(up) = before.get(index).copied().filter(|up| *up != index) {
        let above = before.get(up).copied().unwrap_or(up);
        if let Some(slot) = before.get_mut(index) {
            *slot = above;
        }
        index = above;
    }
    index
}

/// Which of several names of one fault is shown: that of the ecosystem's own database first, then GitHub's, then CVE.
#[must_use]
pub fn rank(id: &str) -> u8 {
    match id.split('-').next().unwrap_or_default() {
        "MAL" => 0,
        "PYSEC" | "RUSTSEC" | "GO" => 1,
        "GHSA" => 2,
        "CVE" => 4,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn advisory(ranges: &[&[Event]], versions: &[&str]) -> Advisory {
        Advisory {
            id: "X-1".into(),
            aliases: Vec::new(),
            summary: String::new(),
            vector: String::new(),
            rated: None,
            kind: Kind::Fault,
            modified: 0,
            epss: None,
            ranges: ranges.iter().map(|one| one.to_vec()).collect(),
            versions: versions.iter().map(|one| (*one).to_owned()).collect(),
        }
    }

    #[track_caller]
    fn check(scheme: Scheme, one: &Advisory, affected: &[&str], fine: &[&str]) {
        let mut condensed = one.clone();
        condensed.condense(Some(scheme));
        for one in [one, &condensed] {
            for version in affected {
                assert_eq!(one.affects(Some(scheme), version), Some(true), "{version}");
            }
            for version in fine {
                assert_eq!(one.affects(Some(scheme), version), Some(false), "{version}");
            }
        }
    }

    fn introduced(version: &str) -> Event {
        Event::Introduced(version.into())
    }
    fn fixed(version: &str) -> Event {
        Event::Fixed(version.into())
    }
    fn last(version: &str) -> Event {
        Event::LastAffected(version.into())
    }
    fn limit(version: &str) -> Event {
        Event::Limit(version.into())
    }

    #[test]
    fn the_algorithm_of_the_schema() {
        use Scheme::{Pep440, Semver};
        // One range of two pieces, written out of order.
        let one = advisory(
            &[&[fixed("1.5.0"), introduced("1.0.0"), introduced("2.0.0"), fixed("2.1.0")]],
            &[],
        );
        check(
            Semver,
            &one,
            &["1.0.0", "1.4.9", "2.0.0", "2.1.0-rc.1", "1.5.0-rc.1"],
            &["0.9.9", "1.0.0-rc.1", "1.5.0", "1.9.0", "2.1.0"],
        );
        // `0` comes before everything, pre-releases too.
        let one = advisory(&[&[introduced("0"), fixed("1.0.0")]], &[]);
        check(Semver, &one, &["0.0.0-0", "0.0.1", "1.0.0-alpha"], &["1.0.0"]);
        check(Pep440, &one, &["0.dev0", "0.1", "1.0rc1"], &["1.0", "1.0.post1"]);
        // The last one that has it is affected, and its local versions are.
        let one = advisory(&[&[introduced("0"), last("1.2")]], &[]);
        check(
            Pep440,
            &one,
            &["1.2", "1.2.0", "1.2+cu118"],
            &["1.2.post1", "1.3.dev0", "1!0"],
        );
        // Never fixed.
        let one = advisory(&[&[introduced("3.0.0")]], &[]);
        check(Semver, &one, &["3.0.0", "99.0.0"], &["2.9.9"]);
        // Beyond the limit nothing is said.
        let one = advisory(
            &[
                &[introduced("1.0.0"), limit("2.0.0")],
                &[introduced("5.0.0"), limit("*")],
            ],
            &[],
        );
        check(Semver, &one, &["1.5.0", "5.0.0", "7.0.0"], &["2.0.0", "3.0.0"]);
        // Of several limits the highest counts.
        let one = advisory(&[&[introduced("0"), limit("2.0.0"), limit("3.0.0")]], &[]);
        check(Semver, &one, &["2.5.0"], &["3.0.0"]);
        // A list, with and without ranges; spelling does not matter.
        let one = advisory(&[], &["1.0.0", "2.0rc1"]);
        check(Pep440, &one, &["1.0", "1.0+local", "2.0c1"], &["1.0.1", "2.0"]);
        let one = advisory(&[&[introduced("2.0"), fixed("3.0")]], &["0.5", "2.5"]);
        check(Pep440, &one, &["0.5", "2.5", "2.9"], &["0.6", "3.0"]);
        // A fix and a new fault in one version: what is written last holds.
        let one = advisory(
            &[&[introduced("1.0.0"), fixed("2.0.0"), introduced("2.0.0"), fixed("3.0.0")]],
            &[],
        );
        check(Semver, &one, &["1.0.0", "2.0.0", "2.9.0"], &["3.0.0"]);
        // Nothing but a fix: nothing is affected.
        check(Semver, &advisory(&[&[fixed("2.0.0")]], &[]), &[], &["1.0.0"]);
        // What cannot be compared is not known.
        let one = advisory(&[&[introduced("0"), fixed("weird")]], &["odd"]);
        assert_eq!(one.affects(Some(Pep440), "1.0"), None);
        assert_eq!(one.affects(Some(Pep440), "odd"), Some(true));
        let one = advisory(&[&[introduced("0"), fixed("1.0")]], &[]);
        assert_eq!(one.affects(Some(Pep440), "odd"), None);
        assert_eq!(one.affects(None, "1.0"), None);
    }

    #[test]
    fn one_fault_is_one_group() {
        let named = |id: &str, aliases: &[&str]| Advisory {
            id: id.into(),
            aliases: aliases.iter().map(|one| (*one).to_owned()).collect(),
            ..advisory(&[], &[])
        };
        let ids = |all: &[Advisory]| -> Vec<Vec<String>> {
            let groups = grouped(all.to_vec()).into_iter();
            groups
                .map(|group| group.into_iter().map(|one| one.id).collect())
                .collect()
        };
        let mut all = vec![
            named("GHSA-1", &["CVE-1"]),
            named("GHSA-2", &[]),
            named("PYSEC-1", &["CVE-1"]),
            named("CVE-3", &[]),
            named("PYSEC-3", &["CVE-3", "GHSA-3"]),
        ];
        assert_eq!(
            ids(&all),
            [vec!["PYSEC-1", "GHSA-1"], vec!["PYSEC-3", "CVE-3"], vec!["GHSA-2"]]
        );
        // One that says that two others are one.
        all.push(named("GHSA-9", &["CVE-3", "CVE-1"]));
        assert_eq!(
            ids(&all),
            [vec!["PYSEC-1", "PYSEC-3", "GHSA-1", "GHSA-9", "CVE-3"], vec!["GHSA-2"]]
        );
        let chain = (0..20_000).map(|at| named(&format!("X-{at}"), &[&format!("Y-{at}"), &format!("Y-{}", at + 1)]));
        assert_eq!(grouped(chain.collect()).len(), 1);
    }

    #[test]
    fn severity_comes_from_the_vector_then_the_word() {
        let mut one = advisory(&[], &[]);
        assert_eq!(one.severity(), Severity::Medium);
        one.rated = Some(Severity::High);
        assert_eq!(one.severity(), Severity::High);
        one.vector = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H".into();
        assert_eq!(one.severity(), Severity::Critical);
        one.kind = Kind::Unmaintained;
        assert_eq!(one.severity(), Severity::Low);
    }
}
