//! From what advisory databases publish to the bytes of a file.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use ward_formats::input::Input;

use super::{
    Advisories, Facts, Kept, Rejected,
    advisory::Advisory,
    exploited,
    file::{self, Entry, HEAD, Head},
    osv::{self, Read},
    package::Package,
    rustsec,
    version::Scheme,
};
use crate::{
    Error, ErrorKind,
    archive::{self, Limits, Member, Spent},
    suppress::Day,
};

/// Largest file of one advisory.
const MAX_ADVISORY: usize = 16 << 20;
/// Largest list, of all CVE numbers with their likelihoods.
const MAX_LIST: usize = 512 << 20;
/// Most files that are named when they could not be read.
const MAX_REJECTED: usize = 1_000;

/// What was imported.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Added {
    /// Advisories about packages of ecosystems that Ward reads.
    pub advisories: u64,
    /// Advisories that were taken back, so that they are not kept.
    pub withdrawn: u64,
    /// Advisories about other packages only.
    pub elsewhere: u64,
    /// CVE numbers that are known to be exploited.
    pub exploited: u64,
    /// CVE numbers whose likelihood of being exploited was read.
    pub rated: u64,
    /// Files that are something else: a licence, a page of documentation.
    pub others: u64,
    /// Files that look like advisories and could not be read, as far as they are named.
    pub rejected: Vec<Rejected>,
    /// How many those are.
    pub rejected_count: u64,
}

/// Advisories on their way into a file.
#[derive(Default)]
pub struct Builder {
    packages: BTreeMap<Package, BTreeMap<String, Advisory>>,
    exploited: BTreeSet<String>,
    as_of: BTreeMap<String, Day>,
    added: Added,
    /// Names of advisories that this import brought or took back, so that what an older file says of them is forgotten.
    seen: HashSet<String>,
    /// The day the data was fetched, when it was.
    fetched: Option<Day>,
    /// Today; what is taken back on a later day still holds.
    today: Option<Day>,
    rates: BTreeMap<String, u16>,
}

impl Builder {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Says which day it is: an advisory that will be taken back on a later day still holds. Without a day everything that has
    /// one is taken back.
    pub fn on(&mut self, today: Day) {
        self.today = Some(today);
    }

    /// What an import fetched today is of today, however old its newest advisory.
    pub fn fetched(&mut self, day: Day) {
        self.fetched = Some(day);
    }

    /// Takes over what an older database holds and this import did not bring anew.
    ///
    /// # Errors
    /// When the older database is damaged.
    pub fn keep(&mut self, older: &Advisories) -> Result<(), Error> {
        for record in older.all() {
            let (package, all) = record?;
            for one in all {
                if !self.seen.contains(&one.id) {
                    self.packages
                        .entry(package.clone())
                        .or_default()
                        .entry(one.id.clone())
                        .or_insert(one);
                }
            }
        }
        for (ecosystem, kept) in &older.facts().ecosystems {
            let day = self.as_of.entry(ecosystem.clone()).or_insert(kept.as_of);
            *day = (*day).max(kept.as_of);
        }
        if self.exploited.is_empty() {
            self.exploited.clone_from(&older.facts().exploited);
        }
        Ok(())
    }

    /// What was imported so far.
    #[must_use]
    pub fn added(&self) -> &Added {
        &self.added
    }

    /// How many advisories about an ecosystem, as OSV names it, were imported so far.
    #[must_use]
    pub fn advisories_of(&self, ecosystem: &str) -> u64 {
        let of = self
            .packages
            .iter()
            .filter(|(package, _)| package.ecosystem.name() == ecosystem);
        let ids: HashSet<&str> = of.flat_map(|(_, all)| all.keys().map(String::as_str)).collect();
        ids.len() as u64
    }

    /// Reads a file: an advisory, a list, or an archive of them. Its name is for the report and for what it is called by its
    /// end.
    pub fn add(&mut self, name: &str, content: &Input<'_>) {
        match archive::kind(content) {
            Some(kind) if !matches!(kind, archive::Kind::Other(_)) => self.open(name, content, kind, 0),
            _ => self.one(name, content),
        }
    }

    fn open(&mut self, name: &str, content: &Input<'_>, kind: archive::Kind, depth: u32) {
        let limits = Limits {
            depth: 3,
            member_bytes: 1 << 30,
            total_bytes: 64 << 30,
            members: 5_000_000,
            ratio: 1_000,
        };
        let file = name.rsplit('/').next().unwrap_or(name).to_lowercase();
        let mut spent = Spent::default();
        let mut inner: Vec<Rejected> = Vec::new();
        archive::open(
            content,
            kind,
            &file,
            &limits,
            &mut spent,
            &mut |member, _| match member {
                Member::Bytes { name: member, bytes } => {
                    let content = Input::of_bytes(bytes);
                    let place = format!("{name}!{member}");
                    match archive::kind(&content) {
                        Some(kind) if depth < 3 && !matches!(kind, archive::Kind::Other(_)) => {
                            self.open(&place, &content, kind, depth + 1)
                        }
                        _ => self.one(&place, &content),
                    }
                }
                Member::Problem { name: member, why } => {
                    let name = member.map_or_else(|| name.to_owned(), |member| format!("{name}!{member}"));
                    inner.push(Rejected { name, why: why.into() });
                }
            },
        );
        for one in inner {
            self.reject(one.name, one.why);
        }
    }

    fn reject(&mut self, name: String, why: impl Into<std::borrow::Cow<'static, str>>) {
        self.added.rejected_count += 1;
        if self.added.rejected.len() < MAX_REJECTED {
            self.added.rejected.push(Rejected { name, why: why.into() });
        }
    }

    fn one(&mut self, name: &str, content: &Input<'_>) {
        let file = name.rsplit(['/', '!']).next().unwrap_or(name).to_lowercase();
        // What a compressed file holds is called as the file without its end.
        let file = file
            .trim_end_matches(".gz")
            .trim_end_matches(".zst")
            .trim_end_matches(".xz");
        let end = file.rsplit_once('.').map_or("", |(_, end)| end);
        let limit = if end == "csv" || end == "json" {
            MAX_LIST
        } else {
            MAX_ADVISORY
        };
        if !matches!(end, "json" | "yaml" | "yml" | "md" | "csv") {
            self.added.others += 1;
            return;
        }
        let bytes = match content.whole(limit) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return self.reject(name.to_owned(), "it is larger than any advisory"),
            Err(_) => return self.reject(name.to_owned(), "it could not be read"),
        };
        match end {
            "json" => match osv::json(&bytes) {
                Some(read) => self.take(read),
                None => self.list_or_reject(name, &bytes),
            },
            "csv" => self.list_or_reject(name, &bytes),
            "md" => match rustsec::markdown(&bytes) {
                Some(read) => self.take(read),
                // A page that does not begin like an advisory is documentation.
                None if !bytes.starts_with(b"```toml") => self.added.others += 1,
                None => self.reject(name.to_owned(), "it is no RustSec advisory that can be read"),
            },
            _ => match osv::yaml(&bytes) {
                Some(read) => self.take(read),
                None => self.reject(name.to_owned(), "it is no OSV advisory in YAML"),
            },
        }
    }

    fn list_or_reject(&mut self, name: &str, bytes: &[u8]) {
        if let Some(exploited) = exploited::catalogue(bytes) {
            self.added.exploited += exploited.len() as u64;
            self.exploited = exploited;
        } else if let Some(rates) = exploited::probabilities(bytes) {
            self.added.rated += rates.len() as u64;
            self.rates = rates.into_iter().map(|(cve, rate)| (cve.to_owned(), rate)).collect();
        } else {
            self.reject(
                name.to_owned(),
                "it is neither an OSV advisory nor a list of exploited faults (KEV) or likelihoods (EPSS)",
            );
        }
    }

    fn take(&mut self, read: Read) {
        if read
            .withdrawn
            .is_some_and(|day| self.today.is_none_or(|today| day <= today))
        {
            self.added.withdrawn += 1;
            // It may have been imported before.
            for (package, _) in &read.about {
                if let Some(all) = self.packages.get_mut(package) {
                    all.remove(&read.id);
                }
            }
            self.seen.insert(read.id);
            return;
        }
        if read.about.is_empty() {
            self.added.elsewhere += u64::from(read.elsewhere > 0);
            self.added.others += u64::from(read.elsewhere == 0);
            return;
        }
        self.added.advisories += 1;
        for (package, mut one) in read.about {
            one.condense(Scheme::of(package.ecosystem));
            let day = self.as_of.entry(package.ecosystem.name().to_owned()).or_default();
            *day = (*day).max(self.fetched.unwrap_or(read.modified));
            let all = self.packages.entry(package).or_default();
            // Two databases may hold one advisory under one name; the newer says more.
            match all.get(&one.id) {
                Some(before) if before.modified > one.modified => {}
                _ => {
                    all.insert(one.id.clone(), one);
                }
            }
        }
        self.seen.insert(read.id);
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// [`ErrorKind::Input`] when there is nothing to write, or more than a file holds.
    pub fn write(mut self, today: Day) -> Result<(Vec<u8>, Facts), Error> {
        self.packages.retain(|_, all| !all.is_empty());
        let mut facts = Facts {
            imported: today,
            exploited: self.exploited,
            ..Facts::default()
        };
        let mut ids: BTreeSet<(&str, &str)> = BTreeSet::new();
        for (package, all) in &mut self.packages {
            let kept = facts
                .ecosystems
                .entry(package.ecosystem.name().to_owned())
                .or_insert_with(|| Kept {
                    as_of: self.as_of.get(package.ecosystem.name()).copied().unwrap_or_default(),
                    ..Kept::default()
                });
            kept.packages += 1;
            for one in all.values_mut() {
                let rate = one.names().filter_map(|name| self.rates.get(name)).max().copied();
                one.epss = rate.or(one.epss);
                facts.rated += u64::from(one.epss.is_some());
            }
        }
        for (package, all) in &self.packages {
            ids.extend(all.keys().map(|id| (package.ecosystem.name(), id.as_str())));
        }
        for (ecosystem, id) in ids {
            let source = id.split('-').next().unwrap_or(id);
            *facts.sources.entry(source.to_owned()).or_default() += 1;
            if let Some(kept) = facts.ecosystems.get_mut(ecosystem) {
                kept.advisories += 1;
            }
        }
        let large = || Error::new(ErrorKind::Input, "more advisories than a database holds");
        let facts_bytes = serde_json::to_vec(&facts).map_err(|_| large())?;
        let mut out = vec![0; HEAD];
        out.extend(&facts_bytes);
        let mut entries = Vec::with_capacity(self.packages.len());
        for (package, all) in &self.packages {
            let all: Vec<Advisory> = all.values().cloned().collect();
            let record = file::record(package, &all).ok_or_else(large)?;
            entries.push(Entry {
                hash: file::hash(package.ecosystem, &package.name),
                offset: out.len() as u64,
                length: record.len(),
                sum: crc32c::crc32c(&record),
            });
            out.extend(record);
        }
        entries.sort_unstable();
        let index = out.len();
        for entry in &entries {
            entry.write(&mut out);
        }
        let head = Head {
            facts: u32::try_from(facts_bytes.len()).map_err(|_| large())?,
            facts_sum: crc32c::crc32c(&facts_bytes),
            index: index as u64,
            entries: u32::try_from(entries.len()).map_err(|_| large())?,
            index_sum: crc32c::crc32c(out.get(index..).unwrap_or_default()),
            length: out.len() as u64,
        };
        if let Some(place) = out.get_mut(..HEAD) {
            place.copy_from_slice(&head.write());
        }
        Ok((out, facts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::Ecosystem;

    fn osv(id: &str, name: &str, fixed: &str, more: &str) -> String {
        format!(
            "{{\"id\":\"{id}\",\"modified\":\"2024-03-01T00:00:00Z\"{more},\"affected\":[{{\"package\":{{\"ecosystem\":\"PyPI\",\"name\":\"{name}\"}},\
            \"ranges\":[{{\"type\":\"ECOSYSTEM\",\"events\":[{{\"introduced\":\"0\"}},{{\"fixed\":\"{fixed}\"}}]}}],\"versions\":[\"0.5\",\"9.9\"]}}]}}"
        )
    }

    fn package(name: &str) -> Package {
        Package {
            ecosystem: Ecosystem::PyPI,
            name: name.into(),
        }
    }

    fn built(files: &[(&str, &str)]) -> (Vec<u8>, Added) {
        let mut builder = Builder::new();
        for (name, text) in files {
            builder.add(name, &Input::of_bytes(text.as_bytes()));
        }
        let added = builder.added().clone();
        (builder.write(20_000).unwrap().0, added)
    }

    #[test]
    fn files_of_other_versions_and_damaged_ones_are_refused() {
        let whole = built(&[("a.json", &osv("A-1", "a", "2", ""))]).0;
        let with_version = |version: u32| {
            let mut bytes = whole.clone();
            bytes[8..12].copy_from_slice(&version.to_le_bytes());
            bytes
        };
        for (bytes, expect) in [
            (with_version(0), "made by an earlier Ward"),
            (with_version(u32::MAX), "made by a later Ward"),
            (whole[..whole.len() - 1].to_vec(), "damaged"),
            (b"SQLite format 3\0 and so on".to_vec(), "is no advisory database"),
            (Vec::new(), "is no advisory database"),
        ] {
            let error = Advisories::of_bytes(bytes)
                .err()
                .map(|error| error.to_string())
                .unwrap_or_default();
            assert!(error.contains(expect), "{error}");
        }
    }

    #[test]
    fn what_goes_in_comes_out() {
        let (bytes, added) = built(&[
            ("a.json", &osv("GHSA-1", "A_b", "1.0", ",\"aliases\":[\"CVE-2024-1\"]")),
            ("b.json", &osv("GHSA-2", "a-b", "2.0", "")),
            (
                "c.json",
                &osv("GHSA-3", "c", "2.0", ",\"withdrawn\":\"2024-01-01T00:00:00Z\""),
            ),
            ("d.json", "{}"),
            ("README.md", "# Read me"),
            ("LICENSE", "x"),
            ("kev.json", "{\"vulnerabilities\":[{\"cveID\":\"CVE-2024-1\"}]}"),
            ("epss.csv", "#x\ncve,epss,percentile\nCVE-2024-1,0.5,1\n"),
        ]);
        assert_eq!(
            (added.advisories, added.withdrawn, added.others, added.rejected_count),
            (2, 1, 2, 1)
        );
        let opened = Advisories::of_bytes(bytes).unwrap();
        let all = opened.of(&package("a-b")).unwrap();
        assert_eq!(
            all.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(),
            ["GHSA-1", "GHSA-2"]
        );
        assert_eq!(
            (
                all[0].epss,
                all[1].epss,
                opened.is_exploited(&all[0]),
                opened.is_exploited(&all[1])
            ),
            (Some(5_000), None, true, false)
        );
        // What the range covers is not listed again.
        assert_eq!(all[0].versions, ["9.9"]);
        assert!(opened.of(&package("c")).unwrap().is_empty());
        let facts = opened.facts();
        assert_eq!(
            (
                facts.ecosystems["PyPI"].packages,
                facts.ecosystems["PyPI"].advisories,
                facts.sources["GHSA"]
            ),
            (1, 2, 2)
        );
        assert_eq!(
            facts.ecosystems["PyPI"].as_of,
            crate::suppress::read_day("2024-03-01").unwrap()
        );
    }

    #[test]
    fn a_later_import_adds_and_replaces() {
        let (older, _) = built(&[
            ("a.json", &osv("X-1", "a", "1.0", "")),
            ("b.json", &osv("X-2", "a", "1.0", "")),
            ("c.json", &osv("X-3", "c", "1.0", "")),
        ]);
        let older = Advisories::of_bytes(older).unwrap();
        let mut builder = Builder::new();
        builder.add("a.json", &Input::of_bytes(osv("X-1", "a", "1.5", "").as_bytes()));
        builder.add(
            "b.json",
            &Input::of_bytes(osv("X-2", "a", "1.5", ",\"withdrawn\":\"2024-01-01\"").as_bytes()),
        );
        builder.keep(&older).unwrap();
        let opened = Advisories::of_bytes(builder.write(20_001).unwrap().0).unwrap();
        let a = opened.of(&package("a")).unwrap();
        assert_eq!(a.len(), 1);
        assert_eq!(a[0].fixes().collect::<Vec<_>>(), ["1.5"]);
        assert_eq!(opened.of(&package("c")).unwrap().len(), 1);
    }

    #[test]
    fn damage_is_refused_where_it_is() {
        let (bytes, _) = built(&[
            ("a.json", &osv("X-1", "a", "1.0", "")),
            ("c.json", &osv("X-3", "c", "1.0", "")),
        ]);
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x10;
            let refused = match Advisories::of_bytes(damaged) {
                Err(_) => true,
                Ok(opened) => opened.all().any(|record| record.is_err()),
            };
            assert!(refused, "byte {at}");
        }
        for length in 0..bytes.len() {
            assert!(
                Advisories::of_bytes(bytes[..length].to_vec()).is_err(),
                "cut at {length}"
            );
        }
        let mut newer = bytes;
        newer[8] = 99;
        let error = Advisories::of_bytes(newer).err().unwrap();
        assert!(error.to_string().contains("later Ward"), "{error}");
    }

    #[test]
    fn an_empty_import_is_a_database_too() {
        let (bytes, _) = built(&[]);
        assert!(
            Advisories::of_bytes(bytes)
                .unwrap()
                .of(&package("a"))
                .unwrap()
                .is_empty()
        );
    }

    #[test]
    fn what_is_taken_back_later_still_holds() {
        let text = osv("X-9", "a", "1.5", ",\"withdrawn\":\"2099-01-01T00:00:00Z\"");
        for (today, expect) in [(None, 0), (Some(20_000), 1), (Some(60_000), 0)] {
            let mut builder = Builder::new();
            if let Some(today) = today {
                builder.on(today);
            }
            builder.add("a.json", &Input::of_bytes(text.as_bytes()));
            assert_eq!(builder.added().advisories, expect, "{today:?}");
        }
    }
}
