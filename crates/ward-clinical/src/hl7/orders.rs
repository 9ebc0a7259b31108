//! Medicine orders: ORC with RXE (or RXO, RXD), TQ1 and RXR.

use super::segment::{Reading, finish};
use crate::{
    fact::{Fact, FactKind, Record, Section},
    when::When,
};

/// ORC-1 codes (HL7 table 0119) and what they say of a medicine.
const CONTROL: &[(&str, &str)] = &[
    ("NW", "started"),
    ("RL", "started"),
    ("XO", "changed"),
    ("XX", "changed"),
    ("RO", "changed"),
    ("RP", "changed"),
    ("DC", "stopped"),
    ("CA", "stopped"),
    ("OD", "stopped"),
    ("OC", "stopped"),
    ("HD", "held"),
    ("OH", "held"),
    ("RF", "continued"),
];

/// An order in the making.
#[derive(Default)]
pub(crate) struct Order {
    status: Option<&'static str>,
    /// ORC-15, else ORC-9.
    transaction: Option<When>,
    reason: Option<(String, Fact)>,
    message: Option<When>,
    start: Option<When>,
    end: Option<When>,
    frequency: Option<(String, Fact)>,
    fact: Option<Fact>,
    of: &'static str,
    /// Comments on it.
    pub(crate) comments: Vec<Fact>,
}

impl Order {
    /// An order from its ORC.
    pub(crate) fn new(reading: &Reading<'_>, message: Option<When>) -> Self {
        let control = reading.text(1, 0, 1).unwrap_or_default();
        let mut bearer = Fact::new(FactKind::Medication, "", Section::Medications);
        let reason = reading.quote_coded(&mut bearer, 16, 0);
        Self {
            status: CONTROL
                .iter()
                .find(|(code, _)| *code == control)
                .map(|(_, status)| *status),
            transaction: reading.date(15).or_else(|| reading.date(9)),
            reason: reason.map(|text| (text, bearer)),
            message,
            ..Self::default()
        }
    }

    /// An order without an ORC.
    pub(crate) fn empty(message: Option<When>) -> Self {
        Self {
            message,
            ..Self::default()
        }
    }

    /// What it is about.
    pub(crate) fn name(&self) -> String {
        self.fact.as_ref().map_or(String::new(), |fact| fact.concept.clone())
    }

    /// When it was so: for a change or stop the day of the transaction, else the start.
    pub(crate) fn date(&self) -> Option<When> {
        let changed = matches!(self.status, Some("stopped" | "held" | "changed"));
        let in_order = if changed {
            [&self.transaction, &self.end, &self.start, &self.message]
        } else {
            [&self.start, &self.transaction, &self.message, &self.end]
        };
        in_order.into_iter().find_map(Clone::clone)
    }

    /// Reads RXO, RXE, RXD or RXG. An RXE stands for the RXO of the same order when they name the
    /// same medicine; otherwise both are kept.
    pub(crate) fn medicine(&mut self, reading: &Reading<'_>, id: &str, record: &mut Record) {
        let (code, amount, unit, instruction) = match id {
            "RXO" => (1, 2, 4, Some(7)),
            "RXE" => (2, 3, 5, Some(7)),
            "RXD" => (2, 4, 5, Some(9)),
            _ => (4, 5, 7, None),
        };
        let mut fact = Fact::new(FactKind::Medication, "", Section::Medications);
        let Some(concept) = reading.quote_coded(&mut fact, code, 0) else {
            return;
        };
        fact.concept = concept;
        let number = reading.quote(&mut fact, amount, 0, 1);
        let unit = reading.quote_coded(&mut fact, unit, 0);
        fact.dose = number.map(|n| unit.map_or(n.clone(), |u| format!("{n} {u}")));
        let named = fact.pieces.len();
        if let Some(field) = instruction {
            let texts: Vec<String> = (0..reading.segment.reps(field))
                .filter_map(|rep| reading.quote_coded(&mut fact, field, rep))
                .collect();
            fact.value = (!texts.is_empty()).then(|| texts.join("; "));
            if fact.value.is_some() {
                // The instruction says the amount in words.
                let amounts = fact.pieces.drain(1..named).collect::<Vec<_>>();
                fact.details.extend(amounts);
            }
        }
        let replaced = self.fact.take().filter(|old| old.concept != fact.concept);
        if let Some(old) = replaced {
            self.write(old, record);
        }
        self.fact = Some(fact);
        self.of = match id {
            "RXO" => "RXO",
            "RXE" => "RXE",
            _ => "RXD",
        };
    }

    /// Reads RXR or TQ1.
    pub(crate) fn detail(&mut self, reading: &Reading<'_>, id: &str) {
        if id == "RXR" {
            if let Some(fact) = self.fact.as_mut()
                && fact.route.is_none()
            {
                fact.route = reading.quote_coded(fact, 1, 0);
            }
            return;
        }
        self.start = self.start.take().or_else(|| reading.date(7));
        self.end = self.end.take().or_else(|| reading.date(8));
        if self.frequency.is_none() {
            let mut bearer = Fact::new(FactKind::Medication, "", Section::Medications);
            let text = reading
                .quote(&mut bearer, 3, 0, 1)
                .or_else(|| reading.quote_coded(&mut bearer, 3, 0));
            self.frequency = text.map(|text| (text, bearer));
        }
    }

    /// Ends the order.
    pub(crate) fn finish(mut self, record: &mut Record) {
        if let Some(fact) = self.fact.take() {
            self.write(fact, record);
        }
        for comment in std::mem::take(&mut self.comments) {
            finish(comment, record);
        }
    }

    fn write(&self, mut fact: Fact, record: &mut Record) {
        fact.status = self.status.map(str::to_owned);
        if let Some((text, bearer)) = &self.frequency {
            fact.frequency = Some(text.clone());
            fact.pieces.extend(bearer.pieces.iter().cloned());
        }
        if let Some((text, bearer)) = &self.reason {
            fact.reason = Some(text.clone());
            fact.pieces.extend(bearer.pieces.iter().cloned());
        }
        fact.when = self.date();
        fact.until = self
            .end
            .clone()
            .filter(|end| fact.when.as_ref().map(|w| &w.text) != Some(&end.text));
        finish(fact, record);
    }
}
