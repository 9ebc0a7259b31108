//! When something that happens is worth telling a person, and how they are told.
//!
//! `Rules` are pure: what was seen, and when, gives an alert or none. [`deliver`] brings alerts to a webhook and to a
//! syslog server, keeps them while these are away, and writes each to the ledger.

pub mod cef;
pub mod deliver;
pub mod spool;
pub mod syslog;

use std::{collections::HashMap, path::PathBuf};

use serde::{Deserialize, Serialize};
use ward_guard::Phi;

/// One kind of alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Its word, which stands on the ledger and in every message.
    pub word: &'static str,
    /// From 0 to 10, as CEF has it.
    pub severity: u8,
    /// What it says.
    pub message: &'static str,
}

/// Every kind of alert.
pub const RULES: &[Rule] = &[
    Rule {
        word: "auth_storm",
        severity: 6,
        message: "Many requests without a valid key came from one address.",
    },
    Rule {
        word: "limit_storm",
        severity: 5,
        message: "One caller went over its limits many times.",
    },
    Rule {
        word: "forbidden_storm",
        severity: 6,
        message: "One caller asked many times for what it may not have.",
    },
    Rule {
        word: "canary_hit",
        severity: 8,
        message: "An answer repeated the secret mark of its prompt and was stopped.",
    },
    Rule {
        word: "harvest",
        severity: 6,
        message: "One caller asks systematically, as for copying a model or a set of data.",
    },
    Rule {
        word: "canary_phrase",
        severity: 8,
        message: "The canary phrase of a key turned up with another.",
    },
    Rule {
        word: "break_glass",
        severity: 8,
        message: "An emergency key was used.",
    },
    Rule {
        word: "verification_failed",
        severity: 10,
        message: "Something that Ward checks is not as it was written.",
    },
    Rule {
        word: "clock_jumped",
        severity: 5,
        message: "The machine's clock jumped; times on the ledger around this entry may be wrong.",
    },
    Rule {
        word: "weakened",
        severity: 5,
        message: "The service runs with settings that weaken a control.",
    },
];

/// An alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// The rule's word.
    pub rule: &'static str,
    /// Its severity.
    pub severity: u8,
    /// What it says.
    pub message: &'static str,
    /// Whom or what it is about: a key's id, an address, a part of Ward.
    pub subject: String,
    /// How often it was seen in this window.
    pub count: u64,
    /// When, milliseconds since 1970 UTC.
    pub at_unix_ms: u64,
}

/// An alert as it waits in the spool.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Kept {
    rule: String,
    subject: String,
    count: u64,
    at_unix_ms: u64,
}

impl Alert {
    pub(crate) fn keep(&self) -> Kept {
        Kept {
            rule: self.rule.to_owned(),
            subject: self.subject.clone(),
            count: self.count,
            at_unix_ms: self.at_unix_ms,
        }
    }

    /// The alert of a kept one; none for a rule that there is not.
    pub(crate) fn of(kept: Kept) -> Option<Self> {
        let rule = RULES.iter().find(|rule| rule.word == kept.rule)?;
        Some(Self {
            rule: rule.word,
            severity: rule.severity,
            message: rule.message,
            subject: kept.subject,
            count: kept.count,
            at_unix_ms: kept.at_unix_ms,
        })
    }
}

/// How often something must be seen within a minute to be worth an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thresholds {
    /// Requests without a valid key from one address.
    pub not_known: u64,
    /// Refusals for a limit of one caller.
    pub limited: u64,
    /// Refusals for permission of one caller.
    pub forbidden: u64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            not_known: 20,
            limited: 60,
            forbidden: 10,
        }
    }
}

/// When alerts are raised and where they go.
#[derive(Clone, Default)]
pub struct AlertSettings {
    /// How often is too often.
    pub thresholds: Thresholds,
    /// An address that gets each alert as JSON by POST: `https`, or `http` on this machine.
    pub webhook: Option<std::sync::Arc<Phi<String>>>,
    /// What the webhook asks for, as a bearer token.
    pub webhook_token: Option<std::sync::Arc<Phi<String>>>,
    /// A syslog server.
    pub syslog: Option<syslog::Server>,
    /// A file of authorities to believe for the webhook, instead of the system's.
    pub ca: Option<PathBuf>,
}

/// How long a window is, milliseconds.
const WINDOW_MS: u64 = 60_000;
/// Most subjects that are watched at a time, over all rules.
const MAX_WATCHED: usize = 16_384;

struct Window {
    began_ms: u64,
    count: u64,
    raised: bool,
}

/// What was seen lately.
pub(crate) struct Rules {
    thresholds: Thresholds,
    windows: HashMap<(&'static str, String), Window>,
}

impl Rules {
    pub(crate) fn new(thresholds: Thresholds) -> Self {
        Self {
            thresholds,
            windows: HashMap::new(),
        }
    }

    pub(crate) fn set_thresholds(&mut self, thresholds: Thresholds) {
        self.thresholds = thresholds;
    }

    /// Something was seen. Gives an alert when that is the one too many, once for each window of a minute.
    pub(crate) fn seen(&mut self, word: &'static str, subject: &str, now_unix_ms: u64) -> Option<Alert> {
        let rule = RULES.iter().find(|rule| rule.word == word)?;
        let threshold = match word {
            "auth_storm" => self.thresholds.not_known,
            "limit_storm" => self.thresholds.limited,
            "forbidden_storm" => self.thresholds.forbidden,
            _ => 1,
        };
        let over = |window: &Window| now_unix_ms.abs_diff(window.began_ms) >= WINDOW_MS;
        let key = (word, subject.to_owned());
        if self.windows.len() >= MAX_WATCHED && !self.windows.contains_key(&key) {
            self.windows.retain(|_, window| !over(window));
            if self.windows.len() >= MAX_WATCHED {
                // Too many at once to be told apart: they are one.
                return (subject != "many")
                    .then(|| self.seen_as_many(word, now_unix_ms))
                    .flatten();
            }
        }
        let window = self.windows.entry(key).or_insert(Window {
            began_ms: now_unix_ms,
            count: 0,
            raised: false,
        });
        if over(window) {
            *window = Window {
                began_ms: now_unix_ms,
                count: 0,
                raised: false,
            };
        }
        window.count += 1;
        if window.raised || window.count < threshold.max(1) {
            return None;
        }
        window.raised = true;
        Some(Alert {
            rule: rule.word,
            severity: rule.severity,
            message: rule.message,
            subject: subject.to_owned(),
            count: window.count,
            at_unix_ms: now_unix_ms,
        })
    }

    fn seen_as_many(&mut self, word: &'static str, now_unix_ms: u64) -> Option<Alert> {
        // One of the windows makes room; there are enough of them.
        let any = self.windows.keys().next().cloned();
        if let Some(any) = any {
            self.windows.remove(&any);
        }
        self.seen(word, "many", now_unix_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alert_is_raised_at_the_threshold_and_once_a_minute() {
        let mut rules = Rules::new(Thresholds::default());
        let mut raised = |subject: &str, at: u64| rules.seen("auth_storm", subject, at).map(|alert| alert.count);
        for i in 0..19 {
            assert_eq!(raised("192.0.2.1", i), None);
        }
        assert_eq!(raised("192.0.2.2", 20), None, "somebody else");
        assert_eq!(raised("192.0.2.1", 20), Some(20));
        for i in 0..100 {
            assert_eq!(raised("192.0.2.1", 30 + i), None, "told already");
        }
        for i in 0..19 {
            assert_eq!(raised("192.0.2.1", WINDOW_MS + i), None, "a new window");
        }
        assert_eq!(raised("192.0.2.1", WINDOW_MS + 30), Some(20));
        // A clock that goes back begins a new window and does not silence the rule.
        for _ in 0..19 {
            assert_eq!(raised("192.0.2.1", 0), None);
        }
        assert_eq!(raised("192.0.2.1", 0), Some(20));
    }

    #[test]
    fn what_must_never_happen_is_told_at_once() {
        let mut rules = Rules::new(Thresholds::default());
        for word in [
            "canary_hit",
            "break_glass",
            "verification_failed",
            "clock_jumped",
            "weakened",
        ] {
            let alert = rules.seen(word, "x", 5).unwrap();
            assert_eq!((alert.rule, alert.count), (word, 1));
            assert_eq!(Alert::of(alert.keep()), Some(alert));
        }
        assert!(rules.seen("no such rule", "x", 5).is_none());
    }

    #[test]
    fn many_subjects_stay_within_memory_and_are_told_of() {
        let mut rules = Rules::new(Thresholds {
            not_known: 2,
            ..Thresholds::default()
        });
        let mut told = 0;
        for i in 0..MAX_WATCHED * 2 {
            told += usize::from(rules.seen("auth_storm", &i.to_string(), 1).is_some());
        }
        assert!(rules.windows.len() <= MAX_WATCHED);
        assert_eq!(told, 1, "a storm from everywhere is a storm");
    }
}
