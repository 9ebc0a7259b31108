//! The findings that were there already: a file that lists their fingerprints, with a reason for each.
//!
//! ```json
//! {"ward_baseline":1,"key":"<64 hex digits>","entries":[
//!   {"fingerprint":"<32 hex digits>","rule":"secrets/..","path":"..","reason":"..","by":"..","date":"2026-01-31"}]}
//! ```
//!
//! The key is random and belongs to the baseline, so that everybody who has the file computes the same fingerprints. Who
//! has the file can test guesses at a listed value; strong secrets cannot be guessed, and weak ones should be replaced
//! and not listed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ward_seal::{Secret32, hash};

use crate::{
    error::{Error, ErrorKind},
    fingerprint::Fingerprint,
    report::Reported,
    suppress::{Day, write_day},
};

/// A baseline, read or being written.
pub struct Baseline {
    key: Secret32,
    entries: BTreeMap<Fingerprint, Entry>,
}

/// Why a finding is in the baseline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    fingerprint: String,
    rule: String,
    path: String,
    reason: String,
    by: String,
    date: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    ward_baseline: u32,
    key: String,
    entries: Vec<Entry>,
}

/// Largest baseline that is read, in bytes.
pub const MAX_FILE: usize = 64 << 20;

impl Baseline {
    /// An empty baseline under `key`, which must be random.
    #[must_use]
    pub fn new(key: Secret32) -> Self {
        Self {
            key,
            entries: BTreeMap::new(),
        }
    }

    /// Reads a baseline.
    ///
    /// # Errors
    /// [`ErrorKind::Input`] when it is no baseline, is of a newer version, or an entry has no reason.
    pub fn read(bytes: &[u8]) -> Result<Self, Error> {
        let bad = |what| Error::new(ErrorKind::Input, what);
        let file: File =
            serde_json::from_slice(bytes).map_err(|_| bad("the baseline cannot be read as one of Ward's"))?;
        if file.ward_baseline != 1 {
            return Err(bad("the baseline is of another version; use the Ward that wrote it"));
        }
        let key = hash::unhex(&file.key).ok_or(bad("the baseline's key is damaged"))?;
        let mut baseline = Self::new(Secret32::new(key));
        for entry in file.entries {
            let fingerprint = hash::unhex(&entry.fingerprint).ok_or(bad("a fingerprint of the baseline is damaged"))?;
            if entry.reason.trim().is_empty() {
                return Err(bad("an entry of the baseline gives no reason; every one needs it"));
            }
            baseline.entries.insert(fingerprint, entry);
        }
        Ok(baseline)
    }

    /// The key for fingerprints.
    #[must_use]
    pub fn key(&self) -> &Secret32 {
        &self.key
    }

    /// Whether a finding is listed.
    #[must_use]
    pub fn has(&self, fingerprint: &Fingerprint) -> bool {
        self.entries.contains_key(fingerprint)
    }

    /// How many are listed.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// True when none is listed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Lists a finding, unless it is listed already.
    pub fn add(&mut self, reported: &Reported, reason: &str, by: &str, today: Day) {
        self.entries
            .entry(reported.finding.fingerprint)
            .or_insert_with(|| Entry {
                fingerprint: reported.finding.fingerprint_hex(),
                rule: reported.finding.rule.id.to_owned(),
                path: reported.finding.at.full_path(),
                reason: reason.to_owned(),
                by: by.to_owned(),
                date: write_day(today),
            });
    }

    /// The text of the file: sorted by path, so that changes can be reviewed.
    ///
    /// # Errors
    /// Never in practice: a baseline is plain text and numbers.
    pub fn write(&self) -> Result<String, Error> {
        let mut entries: Vec<Entry> = self.entries.values().cloned().collect();
        entries.sort_by(|a, b| (&a.path, &a.rule, &a.fingerprint).cmp(&(&b.path, &b.rule, &b.fingerprint)));
        let file = File {
            ward_baseline: 1,
            key: hash::hex(self.key.expose()),
            entries,
        };
        let text = serde_json::to_string_pretty(&file);
        text.map(|text| text + "\n")
            .map_err(|_| Error::new(ErrorKind::Environment, "the baseline cannot be written"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suppress::NO_REASON;
    use ward_evidence::{Finding, Location, Severity};

    fn reported(first: u8) -> Reported {
        let mut fingerprint = [0; 16];
        fingerprint[0] = first;
        Reported {
            finding: Finding {
                rule: &NO_REASON,
                at: Location::of_file("a/b").at(3, 1),
                fingerprint,
                note: "x".into(),
            },
            severity: Severity::Low,
            details: Vec::new(),
            excerpt: None,
            commit: None,
            more: crate::report::More::default(),
            called: None,
            caret: None,
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let mut baseline = Baseline::new(Secret32::new([5; 32]));
        baseline.add(&reported(2), "first", "ann", 0);
        baseline.add(&reported(1), "first", "ann", 0);
        baseline.add(&reported(1), "second", "bob", 1);
        let text = baseline.write().unwrap();
        let again = Baseline::read(text.as_bytes()).unwrap();
        assert_eq!(again.key().expose(), &[5; 32]);
        assert_eq!((again.len(), again.write().unwrap()), (2, text.clone()));
        assert!(again.has(&reported(1).finding.fingerprint) && !again.has(&reported(3).finding.fingerprint));
        assert!(text.contains("1970-01-01") && !text.contains("second"));
    }

    #[test]
    fn what_is_no_baseline_is_refused() {
        let good = {
            let mut baseline = Baseline::new(Secret32::new([5; 32]));
            baseline.add(&reported(2), "why", "ann", 0);
            baseline.write().unwrap()
        };
        for bad in [
            "".to_owned(),
            "[]".to_owned(),
            good.replace("\"ward_baseline\": 1", "\"ward_baseline\": 2"),
            good.replace("why", " "),
            good.replace("0505", "05"),
            good.replace("0200", "02zz"),
            good.replace("\"by\"", "\"bye\""),
        ] {
            assert!(Baseline::read(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
