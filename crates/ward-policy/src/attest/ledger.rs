//! Evidence from the ledger of a service: the receipts that every stage of a request left.
//!
//! The binary reads the ledger and hands every entry to a [`Tally`]; nothing here touches a disk.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;
use ward_evidence::{
    ControlId, by_id,
    controls::{RUN_7A, RUN_7B, RUN_7C},
};

use ward_seal::hash;

use super::{
    Evidence,
    document::{Item, Outcome, Proof, Source},
};

/// How many entries of a control are kept as examples: of those that held, and of those that failed.
const EXAMPLES: usize = 2;

/// An entry that shows something, to be proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The ledger's folder, as in `serve`.
    pub ledger: String,
    /// The entry's place.
    pub index: u64,
    /// The receipt it carries.
    pub receipt: Option<String>,
    /// When it was written, milliseconds since 1970.
    pub unix_ms: u64,
    /// Its leaf hash.
    pub leaf: [u8; 32],
}

#[derive(Debug, Clone, Default)]
struct Seen {
    held: u64,
    failed: u64,
    not_examined: u64,
    /// What was examined, over all entries.
    things: u64,
    reasons: BTreeMap<String, u64>,
    held_examples: Vec<Example>,
    failed_examples: Vec<Example>,
}

/// Counts what entries say of controls.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    seen: BTreeMap<ControlId, Seen>,
    entries: u64,
    /// Receipts of requests, over all time: an answer in the period may belong to a request before it.
    requested: HashSet<[u8; 32]>,
    requests: u64,
    answers: u64,
    /// Answers without a request before them.
    orphans: u64,
    refusals: u64,
    unreadable: u64,
    outside: u64,
}

impl Tally {
    /// Takes an entry of the application's. `payload` is what it holds; entries before `since_ms` are only counted as such.
    pub fn add(&mut self, example: &Example, payload: &[u8], since_ms: Option<u64>) {
        let outside = since_ms.is_some_and(|since| example.unix_ms < since);
        let Ok(entry) = serde_json::from_slice::<Value>(payload) else {
            self.unreadable += 1;
            return;
        };
        let text = |name: &str| entry.get(name).and_then(Value::as_str);
        let receipt = hash::sha256(text("receipt").unwrap_or_default().as_bytes());
        let event = text("event").unwrap_or_default();
        if event == "request" {
            self.requested.insert(receipt);
        }
        if outside {
            self.outside += 1;
            return;
        }
        self.entries += 1;
        match event {
            "request" => self.requests += 1,
            "answered" => {
                self.answers += 1;
                self.orphans += u64::from(!self.requested.contains(&receipt));
            }
            "refused" => self.refusals += 1,
            _ => {}
        }
        let example = Example {
            receipt: text("receipt").map(str::to_owned),
            ..example.clone()
        };
        let stages = entry.get("stages").and_then(Value::as_array);
        let nested = stages
            .into_iter()
            .flatten()
            .filter_map(|stage| stage.get("evidence")?.as_array())
            .flatten();
        let direct = entry.get("evidence").and_then(Value::as_array).into_iter().flatten();
        for evidence in nested.chain(direct) {
            self.note(evidence, &example);
        }
    }

    fn note(&mut self, evidence: &Value, example: &Example) {
        let text = |name: &str| evidence.get(name).and_then(Value::as_str);
        let Some(control) = text("control").and_then(by_id) else {
            return;
        };
        let seen = self.seen.entry(control.id).or_default();
        let count = evidence.get("count").and_then(Value::as_u64).unwrap_or_default();
        let examples = match text("outcome") {
            Some("held") => {
                seen.held += 1;
                Some(&mut seen.held_examples)
            }
            Some("failed") => {
                seen.failed += 1;
                Some(&mut seen.failed_examples)
            }
            // What is neither was not examined, whatever it says.
            _ => {
                seen.not_examined += 1;
                None
            }
        };
        seen.things = seen.things.saturating_add(count);
        if let Some(examples) = examples
            && examples.len() < EXAMPLES
        {
            examples.push(example.clone());
        }
        if let Some(reason) = text("reason").filter(|reason| seen.reasons.len() < 20 && reason.len() < 200) {
            *seen.reasons.entry(reason.to_owned()).or_default() += 1;
        }
    }

    /// Entries of the period that could be read.
    #[must_use]
    pub fn entries(&self) -> u64 {
        self.entries
    }

    /// The evidence. `prove` makes the proof of an example; `whole` says whether every ledger verified: where one did not,
    /// what its entries say is not believed.
    pub fn evidence(&self, whole: bool, mut prove: impl FnMut(&Example) -> Option<Proof>) -> Evidence {
        let mut all = Evidence::new();
        for (control, seen) in &self.seen {
            let outcome = match (whole, seen.failed, seen.held) {
                (false, ..) => Outcome::NotExamined,
                (true, 1.., _) => Outcome::Failed,
                (true, 0, 1..) => Outcome::Held,
                (true, 0, 0) => Outcome::NotExamined,
            };
            let reasons: Vec<String> = seen
                .reasons
                .iter()
                .map(|(reason, times)| format!("{reason} ({times} times)"))
                .collect();
            let because = if reasons.is_empty() {
                String::new()
            } else {
                format!(" Reasons: {}.", reasons.join("; "))
            };
            let doubt = if whole {
                ""
            } else {
                " The ledger does not verify, so this is not believed."
            };
            let examples = if seen.failed > 0 {
                &seen.failed_examples
            } else {
                &seen.held_examples
            };
            all.entry(*control).or_default().push(Item {
                source: Source::Ledger,
                outcome,
                count: seen.things,
                what: format!(
                    "In {} requests it held, in {} it failed, in {} it was not examined.{because}{doubt}",
                    seen.held, seen.failed, seen.not_examined
                ),
                places: Vec::new(),
                proofs: if whole {
                    examples.iter().filter_map(&mut prove).collect()
                } else {
                    Vec::new()
                },
            });
        }
        for (control, item) in self.of_the_ledger(whole) {
            all.entry(control).or_default().push(item);
        }
        all
    }

    /// What the ledger shows of itself.
    fn of_the_ledger(&self, whole: bool) -> Vec<(ControlId, Item)> {
        let item = |outcome, count, what: String| Item {
            source: Source::Ledger,
            outcome,
            count,
            what,
            places: Vec::new(),
            proofs: Vec::new(),
        };
        let mut all = vec![(
            RUN_7B,
            if whole {
                let what = format!(
                    "Every byte of the ledgers verifies; {} entries are of the period.",
                    self.entries
                );
                item(Outcome::Held, self.entries, what)
            } else {
                item(
                    Outcome::Failed,
                    0,
                    "A ledger does not verify: it is not as it was written.".to_owned(),
                )
            },
        )];
        if !whole {
            return all;
        }
        let Self {
            requests,
            answers,
            orphans,
            refusals,
            ..
        } = self;
        if *orphans > 0 {
            let what = format!("{orphans} of {answers} answers have no entry of their request before them.");
            all.push((RUN_7A, item(Outcome::Failed, *answers, what)));
        } else if requests + answers > 0 {
            let what = format!("{requests} requests were recorded, and each of {answers} answers after its request.");
            all.push((RUN_7A, item(Outcome::Held, requests + answers, what)));
        }
        if *refusals > 0 {
            all.push((
                RUN_7C,
                item(Outcome::Held, *refusals, format!("{refusals} refusals are recorded.")),
            ));
        }
        all
    }

    /// What was passed over, for the limits of the report.
    #[must_use]
    pub fn passed_over(&self) -> Option<String> {
        let mut parts = Vec::new();
        if self.unreadable > 0 {
            parts.push(format!("{} entries of the ledger could not be read", self.unreadable));
        }
        if self.outside > 0 {
            parts.push(format!("{} entries are older than the period", self.outside));
        }
        (!parts.is_empty()).then(|| format!("{}.", parts.join("; ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ward_evidence::controls::{DATA_1A, DATA_2A};

    fn example(index: u64) -> Example {
        Example {
            ledger: "serve".into(),
            index,
            receipt: None,
            unix_ms: index * 1000,
            leaf: [index as u8; 32],
        }
    }

    fn answered(receipt: &str, outcome: &str) -> String {
        format!(
            r#"{{"event":"answered","receipt":"{receipt}","stages":[{{"stage":"deidentify","evidence":[
               {{"control":"DATA-1a","outcome":"{outcome}","reason":"why","count":3}},{{"control":"NONE-1a","outcome":"held","count":1}}]}}]}}"#
        )
    }

    fn request(receipt: &str) -> String {
        format!(r#"{{"event":"request","receipt":"{receipt}"}}"#)
    }

    fn tally(entries: &[String], since: Option<u64>) -> Tally {
        let mut tally = Tally::default();
        for (index, entry) in entries.iter().enumerate() {
            tally.add(&example(index as u64), entry.as_bytes(), since);
        }
        tally
    }

    fn outcome(tally: &Tally, whole: bool, control: ControlId) -> Option<(Outcome, u64)> {
        let all = tally.evidence(whole, |_| None);
        all.get(&control).map(|items| (items[0].outcome, items[0].count))
    }

    #[test]
    fn one_failure_fails_and_what_was_only_not_examined_does_not_hold() {
        let check = |outcomes: &[&str], expect| {
            let entries: Vec<String> = outcomes.iter().map(|outcome| answered("r", outcome)).collect();
            let all = tally(&entries, None).evidence(true, |_| None);
            assert_eq!(all[&DATA_1A][0].outcome, expect, "{outcomes:?}");
            assert!(!all.contains_key(&DATA_2A));
        };
        check(&["held", "held"], Outcome::Held);
        check(&["held", "not_examined"], Outcome::Held);
        check(&["held", "failed", "held"], Outcome::Failed);
        check(&["not_examined"], Outcome::NotExamined);
        check(&["something new"], Outcome::NotExamined);
    }

    #[test]
    fn a_ledger_that_does_not_verify_is_not_believed() {
        let seen = tally(&[request("r"), answered("r", "held")], None);
        assert_eq!(outcome(&seen, false, DATA_1A), Some((Outcome::NotExamined, 3)));
        assert_eq!(outcome(&seen, false, RUN_7B), Some((Outcome::Failed, 0)));
        assert_eq!(outcome(&seen, false, RUN_7A), None);
        assert_eq!(outcome(&seen, true, RUN_7B), Some((Outcome::Held, 2)));
    }

    #[test]
    fn every_answer_has_its_request_before_it() {
        let check =
            |entries: &[String], since, expect| assert_eq!(outcome(&tally(entries, since), true, RUN_7A), expect);
        check(&[request("a"), answered("a", "held")], None, Some((Outcome::Held, 2)));
        check(&[answered("a", "held"), request("a")], None, Some((Outcome::Failed, 1)));
        check(
            &[request("a"), answered("a", "held")],
            Some(1000),
            Some((Outcome::Held, 1)),
        );
        check(&[request("a"), answered("a", "held")], Some(9000), None);
        check(&["{\"event\":\"revealed\"}".into(), "no json".into()], None, None);
    }
}
