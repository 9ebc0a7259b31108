//! All promises of a repository with their verdicts.

use std::collections::HashMap;

use ward_evidence::ControlId;
use ward_seal::hash;

use crate::{promise::Promise, read::Unmapped, topic::Topic, verdict::Verdict};

/// What became of a repository's promises.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Each promise with its verdict, by place.
    pub judged: Vec<Judged>,
    /// What a policy of this kind usually promises and this one does not.
    pub missing: Vec<Topic>,
    /// Faults of the policy that are no promise: a dead link, a placeholder, hidden instructions, another project's name.
    pub remarks: Vec<Remark>,
    /// What the policy says and no control takes up: neither kept nor broken, and without a part in how the report ends.
    pub unmapped: Vec<Unmapped>,
    /// How many more such sentences there are than `unmapped` holds.
    pub unmapped_more: usize,
    /// What could not be examined, and why: a file too long, another language, no git.
    pub not_examined: Vec<(String, String)>,
    /// The documents that were read, by path.
    pub documents: Vec<String>,
    /// A policy is there and was not read.
    pub unread_policy: bool,
}

/// A promise and what became of it.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The promise.
    pub promise: Promise,
    /// The control it is bound to.
    pub control: Option<ControlId>,
    /// What became of it.
    pub verdict: Verdict,
    /// One sentence: why this verdict.
    pub message: String,
    /// The rule that judged it, from the table of checks: a stable name such as `policy-tool-absent`.
    pub rule: &'static str,
}

/// A fault of a policy's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// A stable name, such as `policy-link-dead`.
    pub rule: &'static str,
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
    /// One sentence.
    pub message: String,
    /// Whether it makes the command fail.
    pub is_fault: bool,
}

/// How a report ends: what becomes of the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Nothing is wrong with what was examined, and everything was.
    Clean,
    /// A promise is broken, weak or contradictory, or the policy has a fault.
    Faults,
    /// Nothing is wrong with what was examined, and something was not, or there is no policy.
    NotExamined,
}

impl Report {
    /// How it ends. `strict` also counts promises that are vague or that nothing here can verify.
    #[must_use]
    pub fn ending(&self, strict: bool) -> Ending {
        let fails = |one: &Judged| {
            one.verdict.is_fault() || strict && matches!(one.verdict, Verdict::Vague | Verdict::Unverifiable { .. })
        };
        let dark = |one: &Judged| matches!(one.verdict, Verdict::NotExamined(_));
        if self.judged.iter().any(fails) || self.remarks.iter().any(|one| one.is_fault) {
            Ending::Faults
        } else if self.documents.is_empty() || !self.not_examined.is_empty() || self.judged.iter().any(dark) {
            Ending::NotExamined
        } else {
            Ending::Clean
        }
    }

    /// How many verdicts have this word.
    #[must_use]
    pub fn count(&self, word: &str) -> usize {
        self.judged.iter().filter(|one| one.verdict.word() == word).count()
    }

    /// How many of the sentences are promises of the project: all but advice and what others promise.
    #[must_use]
    pub fn promises(&self) -> usize {
        self.judged.len() - self.count("advice") - self.count("delegated")
    }

    /// A name for each sentence that stays when lines move and verdicts change: 32 hexadecimal digits, in the order of
    /// [`Report::judged`].
    #[must_use]
    pub fn fingerprints(&self) -> Vec<String> {
        let mut seen: HashMap<String, u32> = HashMap::new();
        let name = |one: &Judged| {
            let words: Vec<&str> = one.promise.text.split_whitespace().collect();
            format!(
                "{}\0{}\0{}",
                one.promise.topic.word(),
                one.promise.place.path,
                words.join(" ").to_lowercase()
            )
        };
        let mut numbered = |name: String| {
            let number = seen.entry(name.clone()).or_default();
            *number += 1;
            let whole = hash::sha256(format!("{name}\0{number}").as_bytes());
            hash::hex(whole.get(..16).unwrap_or_default())
        };
        self.judged.iter().map(|one| numbered(name(one))).collect()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::{
        promise::{Actor, Frame, Modality, Place},
        verdict::{Proof, Proofs},
    };

    /// A sentence of a policy with a verdict.
    pub(crate) fn judged(text: &str, line: u32, topic: Topic, verdict: Verdict) -> Judged {
        let frame = Frame {
            actor: Actor::Project,
            modality: Modality::Binding,
            negated: false,
            tools: vec!["bandit"],
            frequency: None,
            within: None,
            severity: None,
            condition: None,
        };
        let place = Place {
            path: "SECURITY.md".into(),
            line,
            last_line: line,
        };
        Judged {
            promise: Promise {
                text: text.into(),
                place,
                headings: vec!["Security".into()],
                leads: Vec::new(),
                topic,
                frame,
            },
            control: topic.control(),
            verdict,
            message: "Why it is so.".into(),
            rule: "policy-example",
        }
    }

    pub(crate) fn proofs() -> Proofs {
        Proofs::one(Proof {
            path: ".github/workflows/a b.yml".into(),
            line: Some(7),
            note: "runs bandit".into(),
        })
    }

    /// A report with every verdict, and names and words that are out to do harm.
    pub(crate) fn every_verdict() -> Report {
        let place = |line| Place {
            path: "SECURITY.md".into(),
            line,
            last_line: line,
        };
        let verdicts = [
            Verdict::Kept {
                proofs: proofs(),
                limit: Some("no run was seen"),
            },
            Verdict::Broken(proofs()),
            Verdict::Weak(proofs()),
            Verdict::Contradictory(vec![place(90)]),
            Verdict::Vague,
            Verdict::Unverifiable {
                why: "people answer, not files",
                would: "case records",
            },
            Verdict::NotExamined("no engine ran".into()),
            Verdict::Advice(None),
            Verdict::Advice(Some(proofs())),
            Verdict::Delegated,
        ];
        let judged = (1..).zip(verdicts).map(|(line, verdict)| {
            let text = format!("Sentence {line} <b>\u{202e}&\"' of |");
            judged(&text, line, Topic::StaticAnalysis, verdict)
        });
        Report {
            judged: judged.collect(),
            missing: vec![Topic::SupportedVersions, Topic::SafeHarbour],
            remarks: vec![Remark {
                rule: "policy-link-dead",
                path: "SECURITY.md".into(),
                line: 3,
                message: "A link leads nowhere: docs/<none>.md".into(),
                is_fault: true,
            }],
            unmapped: vec![Unmapped {
                text: "Fuzzers <b>run\u{202e} on.".into(),
                place: place(12),
            }],
            unmapped_more: 0,
            not_examined: vec![("docs/\u{1b}[31m.md".into(), "too long".into())],
            documents: vec!["SECURITY.md".into(), "README.md".into()],
            unread_policy: false,
        }
    }

    #[test]
    fn faults_come_before_what_was_not_examined() {
        let kept = || Verdict::Kept {
            proofs: proofs(),
            limit: None,
        };
        #[track_caller]
        fn check(verdicts: Vec<Verdict>, strict: bool, expect: Ending) {
            let report = Report {
                judged: verdicts
                    .into_iter()
                    .map(|verdict| judged("x", 1, Topic::Lint, verdict))
                    .collect(),
                documents: vec!["SECURITY.md".into()],
                ..Report::default()
            };
            assert_eq!(report.ending(strict), expect);
        }
        let vague = || vec![kept(), Verdict::Vague];
        check(vec![kept()], true, Ending::Clean);
        check(vague(), false, Ending::Clean);
        check(vague(), true, Ending::Faults);
        check(
            vec![kept(), Verdict::NotExamined("x".into())],
            false,
            Ending::NotExamined,
        );
        check(
            vec![Verdict::Weak(proofs()), Verdict::NotExamined("x".into())],
            false,
            Ending::Faults,
        );
        check(
            vec![Verdict::Advice(Some(proofs())), Verdict::Delegated],
            true,
            Ending::Clean,
        );
        assert_eq!(Report::default().ending(false), Ending::NotExamined);
        assert_eq!(every_verdict().promises(), 7);
    }

    #[test]
    fn fingerprints_stay_when_lines_move_and_differ_for_the_same_words() {
        let at = |line, verdict| judged("We  scan", line, Topic::Lint, verdict);
        let report = |first| Report {
            judged: vec![at(first, Verdict::Vague), at(first + 1, Verdict::Delegated)],
            ..Report::default()
        };
        let (one, two) = (report(1).fingerprints(), report(40).fingerprints());
        assert_eq!(one, two);
        assert!(one[0] != one[1] && one[0].len() == 32);
    }
}
