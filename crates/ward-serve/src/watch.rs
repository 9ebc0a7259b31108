//! What happens, seen from one place: counted for metrics, told to the log, and looked at for alerts.

use std::{
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use tokio::sync::mpsc;
use ward_guard::Code;

use crate::{
    addresses::network,
    alert::{Alert, Rules, Thresholds},
    app::now,
    identity::{Caller, Role},
    log::{Field, Line, LogSink},
    metrics::Metrics,
    otlp::Spans,
};

/// Something that may be worth an alert.
#[derive(Debug, Clone, Copy)]
pub enum Signal<'a> {
    /// Somebody showed no key, a wrong one, or one that has ended.
    NotKnown {
        /// From where.
        from: IpAddr,
    },
    /// A caller went over a limit.
    Limited {
        /// Who.
        who: &'a str,
    },
    /// A caller asked for what they may not have.
    Forbidden {
        /// Who.
        who: &'a str,
    },
    /// An answer repeated the secret mark of its prompt.
    Canary {
        /// Whose question it was.
        who: &'a str,
    },
    /// The canary phrase of another key turned up with a caller.
    Phrase {
        /// With whom.
        who: &'a str,
    },
    /// A caller asks systematically.
    Harvest {
        /// Who.
        who: &'a str,
    },
    /// An emergency key was used.
    BreakGlass {
        /// Which.
        who: &'a str,
    },
    /// Something that Ward checks is not as it was written.
    NotVerified {
        /// What.
        what: &'static str,
    },
    /// The machine's clock went elsewhere.
    ClockJumped,
    /// Settings that weaken a control are in use.
    Weakened,
}

/// Where everything that happens is seen.
pub struct Watch {
    /// Counts.
    pub metrics: Metrics,
    rules: Mutex<Rules>,
    alerts: mpsc::Sender<Alert>,
    log: Option<LogSink>,
    spans: Option<Spans>,
}

impl Watch {
    /// A watch that raises alerts into this channel.
    pub(crate) fn new(thresholds: Thresholds, alerts: mpsc::Sender<Alert>, log: Option<LogSink>, traced: bool) -> Self {
        Self {
            metrics: Metrics::default(),
            rules: Mutex::new(Rules::new(thresholds)),
            alerts,
            log,
            spans: traced.then(Spans::default),
        }
    }

    /// What waits to be told to a collector, when there is one.
    pub(crate) fn spans(&self) -> Option<&Spans> {
        self.spans.as_ref()
    }

    pub(crate) fn set_thresholds(&self, thresholds: Thresholds) {
        self.rules
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .set_thresholds(thresholds);
    }

    /// Looks at something that happened.
    pub fn seen(&self, signal: Signal<'_>) {
        let raised = {
            let mut rules = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
            match signal {
                Signal::NotKnown { from } => rules.seen("auth_storm", &network(from).to_string(), now()),
                Signal::Limited { who } => rules.seen("limit_storm", who, now()),
                Signal::Forbidden { who } => rules.seen("forbidden_storm", who, now()),
                Signal::Canary { who } => rules.seen("canary_hit", who, now()),
                Signal::Phrase { who } => rules.seen("canary_phrase", who, now()),
                Signal::Harvest { who } => rules.seen("harvest", who, now()),
                Signal::BreakGlass { who } => rules.seen("break_glass", who, now()),
                Signal::NotVerified { what } => rules.seen("verification_failed", what, now()),
                Signal::ClockJumped => rules.seen("clock_jumped", "clock", now()),
                Signal::Weakened => rules.seen("weakened", "settings", now()),
            }
        };
        if let Some(alert) = raised {
            self.tell(
                &Line::now("alert")
                    .with("rule", Field::Word(alert.rule))
                    .with("subject", Field::Id(alert.subject.clone()))
                    .with("count", Field::Number(alert.count)),
            );
            self.metrics.alert(alert.rule);
            // A full channel means that alerts are raised faster than they can be kept: these are counted and dropped.
            if self.alerts.try_send(alert).is_err() {
                self.metrics.alerts_dropped();
            }
        }
    }

    /// Looks at a refusal of a caller who is known.
    pub fn refused(&self, who: &Caller, code: Code) {
        let signal = match code {
            Code::RateLimited | Code::TooManyAtOnce | Code::TokensSpent | Code::ComputeSpent => {
                Signal::Limited { who: &who.key }
            }
            Code::Forbidden | Code::ForeignPage | Code::PolicyForbids | Code::PurposeRefused | Code::Misdirected => {
                Signal::Forbidden { who: &who.key }
            }
            Code::OutputBlocked => Signal::Canary { who: &who.key },
            Code::LedgerUnavailable => Signal::NotVerified { what: "ledger" },
            _ => return,
        };
        self.seen(signal);
    }

    /// Looks at a caller who is known, before anything is decided.
    pub fn came(&self, who: &Caller) {
        if who.role == Role::BreakGlass.word() {
            self.seen(Signal::BreakGlass { who: &who.key });
        }
    }

    /// Tells the log, and keeps what a collector is to hear.
    pub fn tell(&self, line: &Line) {
        if self.spans.as_ref().is_some_and(|spans| !spans.keep(line)) {
            self.metrics.span_dropped();
        }
        if let Some(log) = &self.log {
            log.tell(line);
        }
    }
}
