//! The faults of one pickle: one for each name, the worst that is done with it.

use ward_evidence::{Location, RuleMeta, Severity};
use ward_formats::pickle::{Effect, explain};

use super::Judge;
use crate::{
    Findings,
    report::{Found, More, Value},
};

/// Distinct faults that are kept of one pickle file. More are counted.
const MOST: usize = 60;

/// Something that the pickle would do.
pub(super) struct Fault {
    rule: &'static RuleMeta,
    severity: Severity,
    /// An import is weaker than a call of the same name.
    weight: u8,
    at: u64,
    note: String,
    details: Vec<String>,
}

impl<'a> Judge<'a> {
    /// Keeps a fault.
    pub(super) fn fault(
        &mut self,
        effect: &Effect,
        rule: &'static RuleMeta,
        severity: Severity,
        weight: u8,
        value: String,
        note: String,
    ) {
        if self.strict && severity < Severity::High {
            return;
        }
        // One name, one finding: the worst thing done with it, and the first place where that is done.
        let old = self.faults.keys().find(|(_, known)| *known == value).cloned();
        if let Some(key) = old {
            let weaker = self
                .faults
                .get(&key)
                .is_none_or(|old| (old.severity, old.weight) < (severity, weight));
            if !weaker {
                return;
            }
            self.faults.remove(&key);
        } else if self.faults.len() >= MOST {
            self.more += 1;
            // The worst are kept whatever their number.
            let Some(mildest) = self
                .faults
                .iter()
                .min_by_key(|(_, fault)| (fault.severity, fault.weight))
            else {
                return;
            };
            if (mildest.1.severity, mildest.1.weight) >= (severity, weight) {
                return;
            }
            let key = mildest.0.clone();
            self.faults.remove(&key);
        }
        let fault = Fault {
            rule,
            severity,
            weight,
            at: effect.at,
            note,
            details: explain(self.input, effect),
        };
        self.faults.insert((rule.id, value), fault);
    }

    /// Takes over what another judge noticed of the same bytes.
    pub(in crate::models) fn absorb(&mut self, other: Judge<'a>) {
        for (key, fault) in other.faults {
            if self.faults.len() < MOST && !self.faults.keys().any(|(_, known)| *known == key.1) {
                self.faults.insert(key, fault);
            }
        }
    }

    /// Adds the findings, each at `place`.
    pub(in crate::models) fn tell(self, place: &Location, findings: &mut Findings) {
        let mut faults: Vec<_> = self.faults.into_iter().collect();
        faults.sort_by(|((_, a), x), ((_, b), y)| (x.at, a).cmp(&(y.at, b)));
        let last = faults.len().saturating_sub(1);
        for (n, ((_, value), mut fault)) in faults.into_iter().enumerate() {
            if n == last && self.more > 0 {
                fault
                    .details
                    .push(format!("{} more names of this kind are not listed", self.more));
            }
            findings.found.push(Found {
                rule: fault.rule,
                severity: fault.severity,
                at: place.clone().over(fault.at, fault.at + 1),
                note: fault.note.into(),
                details: fault.details,
                value: Value::new(value),
                more: More::default(),
            });
        }
    }
}
