//! What a report holds of what is needed to work on it: seven things, each with the line where it was seen. Words and
//! layout are looked at, never meaning: a report may be complete and wrong.

mod look;
mod text;
mod words;

use serde::Serialize;

use super::Report;
use look::{contact, kind, path, proof, steps, version};
use text::Text;

/// Something that a report needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// What kind of fault it is.
    Type,
    /// Which versions.
    Version,
    /// Which files, functions or addresses.
    Paths,
    /// The steps that show it.
    Reproduction,
    /// Code, a request, a trace or a file that proves it.
    Proof,
    /// What an attacker gains.
    Impact,
    /// Where to answer.
    Contact,
}

impl Need {
    /// Every need, in the order in which they are asked for.
    pub const ALL: [Need; 7] = [
        Self::Type,
        Self::Version,
        Self::Paths,
        Self::Reproduction,
        Self::Proof,
        Self::Impact,
        Self::Contact,
    ];

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::Version => "version",
            Self::Paths => "paths",
            Self::Reproduction => "reproduction",
            Self::Proof => "proof",
            Self::Impact => "impact",
            Self::Contact => "contact",
        }
    }

    /// What to ask a reporter for.
    #[must_use]
    pub fn question(self) -> &'static str {
        match self {
            Self::Type => {
                "What kind of vulnerability it is, for instance path traversal or missing authorisation (a CWE number helps)."
            }
            Self::Version => "Which version, release or commit you tried it with.",
            Self::Paths => "Which files, functions or addresses are affected, with lines if you know them.",
            Self::Reproduction => "The steps that show it, from a fresh installation on, and what you saw.",
            Self::Proof => "A proof of concept: code, a request, a file or a log. It need not be a working exploit.",
            Self::Impact => "What somebody could do with it, and what they need for that.",
            Self::Contact => "Where we can reach you. You may stay anonymous; then we cannot ask you anything.",
        }
    }
}

/// A need, and whether and why it is taken to be met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// The need.
    pub need: Need,
    /// True when something was seen.
    pub present: bool,
    /// What was seen and on which line; or what was looked for.
    pub why: String,
}

/// What a report holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Completeness {
    /// The seven needs, in order.
    pub needs: Vec<Seen>,
}

impl Completeness {
    /// Looks at a report.
    #[must_use]
    pub fn of(report: &Report) -> Self {
        let text = Text::new(&report.text);
        let title = report.title.to_lowercase();
        let needs = Need::ALL
            .into_iter()
            .map(|need| {
                let found = match need {
                    Need::Contact => contact(report, &text),
                    _ => text.labelled(need).or_else(|| match need {
                        Need::Type => kind(&title, &text),
                        Need::Version => version(&text),
                        Need::Paths => path(&text),
                        Need::Reproduction => steps(&text),
                        Need::Proof => proof(report, &text),
                        Need::Impact => text
                            .phrase(words::of("gains"))
                            .map(|line| format!("line {line} says what somebody could do")),
                        Need::Contact => None,
                    }),
                };
                Seen {
                    need,
                    present: found.is_some(),
                    why: found.unwrap_or_else(|| "nothing of the kind was seen".to_owned()),
                }
            })
            .collect();
        Self { needs }
    }

    /// What is missing.
    pub fn missing(&self) -> impl Iterator<Item = Need> {
        self.needs.iter().filter(|seen| !seen.present).map(|seen| seen.need)
    }

    /// True when nothing is.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.missing().next().is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Channel;
    use super::*;

    fn missing(text: &str) -> Vec<&'static str> {
        let report = Report::from_text(Channel::Text, None, text.as_bytes()).unwrap();
        Completeness::of(&report).missing().map(Need::word).collect()
    }

    #[test]
    fn a_whole_report_misses_nothing() {
        let text = "Path traversal in the upload of records\n\nAffected version: 1.4.2\nFile: src/upload.py:88\n\n\
            ## Steps to reproduce\n1. Start the service\n2. Send the request\n\n```\ncurl -F 'file=@x;filename=../../x' https://127.0.0.1/upload\n```\n\n\
            Impact: an attacker can write anywhere.\n\nana@lab.example";
        assert_eq!(missing(text), Vec::<&str>::new());
    }

    #[test]
    fn labels_inside_a_line_are_heard() {
        for (text, expect) in [
            (
                "Steps: run `demo ../../etc/passwd`. Impact: any file is read.",
                "type version paths proof contact",
            ),
            (
                "XSS. Version: 1.2.3; Contact: bo@lab.example",
                "paths reproduction proof impact",
            ),
            // Announced on a line of its own, and nothing under it.
            (
                "Type: XSS\nSteps to reproduce:\n\nImpact: all records are read",
                "version paths reproduction proof contact",
            ),
            (
                "Type: XSS\nSteps to reproduce:\nrun `demo`\nImpact: all records are read",
                "version paths proof contact",
            ),
            // Announced inside a line, and nothing filled in.
            (
                "XSS. Impact: TBD. Steps: ?",
                "version paths reproduction proof impact contact",
            ),
            // A colon inside a sentence is no label.
            (
                "It prints the impact: zero",
                "type version paths reproduction proof impact contact",
            ),
            (
                "An attacker reads every note.",
                "type version paths reproduction proof contact",
            ),
        ] {
            assert_eq!(missing(text).join(" "), expect, "{text}");
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        for (text, expect) in [
            (
                "Your site is broken, pay me.",
                "type version paths reproduction proof impact contact",
            ),
            ("XSS in /api/v1/notes", "version reproduction proof impact contact"),
            (
                "Version: TBD\nImpact: [please fill in]\nContact:\n",
                "type version paths reproduction proof impact contact",
            ),
            (
                "### Impact\n\n### Version\n1.2",
                "type paths reproduction proof impact contact",
            ),
            (
                "RCE. pip install ward==1.2.3 then run ```x``` see ward/serve.py",
                "reproduction proof impact contact",
            ),
            (
                "Denial of service at commit 3f2a9c1d by a large body. Mail me: bo@lab.example",
                "paths reproduction proof impact",
            ),
            (
                "The port of torch is open on 10.0.0.1 since 2026-11-22",
                "type version paths reproduction proof impact contact",
            ),
        ] {
            assert_eq!(missing(text).join(" "), expect, "{text}");
        }
    }
}
