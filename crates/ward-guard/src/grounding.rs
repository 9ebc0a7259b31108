//! Which sentences of an answer stand on nothing in the records.
//!
//! An optional look at a whole answer: each sentence is read for facts and figures, as the records are. A fact whose concept
//! no record names, that denies what a record says, or whose value no record gives, and a figure that stands in no record,
//! make the sentence unsupported. What holds no fact and no figure is not judged: this marks, and proves nothing.

mod denial;

use std::collections::HashSet;

use ward_clinical::{Experiencer, Fact, FactKind, Record};
use ward_formats::{Budget, Doc, Document, Kind, Span};

use denial::Held;

/// A sentence of an answer without support.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unsupported {
    /// Bytes of the answer.
    pub span: Span,
    /// Why.
    pub why: Why,
}

/// What a sentence says that no record does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It names what no record names.
    Concept,
    /// It says the opposite of a record.
    Denial,
    /// It gives a value or a figure that no record gives.
    Value,
}

impl Why {
    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Why::Concept => "concept",
            Why::Denial => "denial",
            Why::Value => "value",
        }
    }
}

/// What the records say, for looking up.
struct Said {
    concepts: HashSet<String>,
    held: HashSet<Matter>,
    denied: HashSet<Matter>,
    figures: HashSet<String>,
    /// What the patient has now.
    now: Held,
}

/// What can be contradicted: of the patient or of somebody else, an allergy or not, and what. That a mother has no diabetes says nothing of
/// her daughter's, and that there is no allergy to a medicine does not say that it is not taken.
type Matter = (bool, bool, String);

fn matter(fact: &Fact, concept: String) -> Matter {
    let of_patient = fact.experiencer == Experiencer::Patient;
    (of_patient, fact.kind == FactKind::Allergy, concept)
}

/// Kinds whose concept is worth looking for. Others are about the visit, not about the patient's state.
const JUDGED: &[FactKind] = &[
    FactKind::Allergy,
    FactKind::Medication,
    FactKind::Problem,
    FactKind::Procedure,
    FactKind::Lab,
    FactKind::Vital,
    FactKind::Immunization,
];

/// Looks at an answer beside the records it was given. Linear in both.
#[must_use]
pub fn unsupported<'a>(answer: &str, records: impl Iterator<Item = (&'a Doc, &'a Record)>) -> Vec<Unsupported> {
    let mut said = Said {
        concepts: HashSet::new(),
        held: HashSet::new(),
        denied: HashSet::new(),
        figures: HashSet::new(),
        now: Held::default(),
    };
    for (doc, record) in records {
        for fact in &record.facts {
            let concept = plain(&fact.concept);
            match fact.kind {
                FactKind::Allergy if is_current(fact) => said.now.allergy(&concept),
                FactKind::Problem if is_current(fact) => said.now.problem(&concept),
                _ if fact.negated && fact.experiencer == Experiencer::Patient => said.now.denied(&concept),
                _ => {}
            }
            let of = if fact.negated { &mut said.denied } else { &mut said.held };
            of.insert(matter(fact, concept.clone()));
            said.concepts.insert(concept);
        }
        for field in doc.fields() {
            said.figures
                .extend(figures(&field.text).map(|(_, figure)| figure.to_owned()));
        }
    }
    let Ok(parsed) = Doc::parse(answer.as_bytes(), Some(Kind::Text), Budget::RECORD) else {
        return Vec::new();
    };
    let read = ward_clinical::read(&parsed.document);
    let mut found: Vec<Unsupported> = Vec::new();
    for passage in &read.passages {
        let facts = || {
            read.facts.iter().filter(|fact| {
                let piece = fact.pieces.first().map(|piece| piece.span);
                piece.is_some_and(|span| span.start >= passage.span.start && span.end <= passage.span.end)
            })
        };
        // Under a heading such as "Family history" what is said is about somebody else.
        let of_patient = || facts().next().is_some() && facts().all(|fact| fact.experiencer == Experiencer::Patient);
        let strange = || figures(&passage.text).any(|(_, figure)| !said.figures.contains(figure));
        let why = facts()
            .filter_map(|fact| judge(fact, &said))
            .next()
            .or_else(|| said.now.is_denied_in(&passage.text).then_some(Why::Denial))
            .or_else(|| (of_patient() && said.now.is_found_absent_in(&passage.text)).then_some(Why::Denial))
            .or_else(|| strange().then_some(Why::Value));
        if let Some(why) = why {
            found.push(Unsupported {
                span: passage.span,
                why,
            });
        }
    }
    found
}

/// Whether the record says of the patient that it is so, and not that it is over, planned or doubted.
fn is_current(fact: &Fact) -> bool {
    let status = fact.status.as_deref();
    !fact.negated && fact.experiencer == Experiencer::Patient && status.is_none_or(|status| status == "active")
}

fn judge(fact: &Fact, said: &Said) -> Option<Why> {
    let concept = plain(&fact.concept);
    if !JUDGED.contains(&fact.kind) {
        return None;
    }
    if !said.concepts.contains(&concept) {
        // "no cough" where no record speaks of a cough is no claim.
        return (!fact.negated).then_some(Why::Concept);
    }
    let allergy = fact.kind == FactKind::Allergy;
    let opposite = if fact.negated {
        let matter = matter(fact, concept);
        said.held.contains(&matter) && !said.denied.contains(&matter)
    } else {
        // Where nothing but a denial speaks of it, be it a relative's, nothing supports it.
        let is_held = said.now.has(&concept);
        let of_anybody = |all: &HashSet<Matter>| {
            [true, false]
                .iter()
                .any(|who| all.contains(&(*who, allergy, concept.clone())))
        };
        !is_held && of_anybody(&said.denied) && !of_anybody(&said.held)
    };
    opposite.then_some(Why::Denial)
}

fn plain(concept: &str) -> String {
    concept.trim().to_lowercase()
}

/// Numbers of a text with where they stand: figures with at most a point or a stroke between them. Those inside
/// placeholders, and the numbers of lists and citations, are none.
fn figures(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + bytes.get(at..)?.iter().position(u8::is_ascii_digit)?;
            let inside = |b: &u8| b.is_ascii_digit() || *b == b'.';
            let length = bytes.get(start..)?.iter().take_while(|b| inside(b)).count();
            at = start + length;
            let figure = text.get(start..at)?.trim_end_matches('.');
            let before = start.checked_sub(1).and_then(|before| bytes.get(before));
            let word = before.is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'[' | b'#'));
            let list = figure.len() < 3 && matches!(bytes.get(start + figure.len()), Some(b')' | b']'))
                || before.is_none_or(|b| *b == b'\n') && bytes.get(start + figure.len()) == Some(&b'.');
            if !word && !list {
                return Some((start, figure));
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTE: &str = "ALLERGIES: penicillin (hives).\n\nMEDICATIONS:\nMetformin 500 mg twice daily.\n\nASSESSMENT:\nType 2 \
                        diabetes. Denies chest pain.\n\nLABS: HbA1c 7.2 %.\n";

    fn check(answer: &str, expect: &[(&str, Why)]) {
        check_of(NOTE, answer, expect);
    }

    fn check_of(note: &str, answer: &str, expect: &[(&str, Why)]) {
        let doc = Doc::parse(note.as_bytes(), Some(Kind::Text), Budget::RECORD)
            .unwrap()
            .document;
        let record = ward_clinical::read(&doc);
        let found = unsupported(answer, [(&doc, &record)].into_iter());
        let found: Vec<(&str, Why)> = found
            .iter()
            .map(|one| (&answer[one.span.start..one.span.end], one.why))
            .collect();
        assert_eq!(found, expect, "{answer}");
    }

    #[test]
    fn what_the_record_says_is_supported() {
        check(
            "She is allergic to penicillin. She takes metformin 500 mg twice daily.",
            &[],
        );
        check("Her HbA1c was 7.2 %.", &[]);
        check("1. Metformin 500 mg [1]\n2. I cannot tell.", &[]);
    }

    #[test]
    fn what_no_record_says_is_not() {
        check(
            "She takes warfarin 5 mg daily.",
            &[("She takes warfarin 5 mg daily.", Why::Concept)],
        );
        check(
            "She takes metformin 850 mg daily.",
            &[("She takes metformin 850 mg daily.", Why::Value)],
        );
        check("Her HbA1c was 9.1 %.", &[("Her HbA1c was 9.1 %.", Why::Value)]);
    }

    #[test]
    fn what_a_record_holds_is_not_denied() {
        for answer in [
            "She has no known allergies.",
            "NKDA.",
            "She has no diabetes.",
            "She doesn\u{2019}t have diabetes.",
            "She has never had diabetes.",
        ] {
            check(answer, &[(answer, Why::Denial)]);
        }
        // Of these the record says nothing, or the same.
        for answer in [
            "She has no cough.",
            "She denies chest pain.",
            "She has no hypertension.",
            "Her mother has no diabetes.",
            "She has no allergies besides penicillin.",
        ] {
            check(answer, &[]);
        }
        for answer in [
            "There is no evidence of diabetes.",
            "Diabetes: absent",
            "Diabetes was ruled out.",
            "Diabetes is not present.",
            "No diabetes is recorded.",
        ] {
            check(answer, &[(answer, Why::Denial)]);
        }
        for answer in [
            "There is no evidence of diabetic foot disease.",
            "There is no evidence of hypertension.",
            "Family history:\n- Diabetes: absent",
            "Family history:\nDiabetes is not present.",
            "Hypertension: absent",
            "No diabetes is recorded for her mother.",
        ] {
            check(answer, &[]);
        }
        let family = "ASSESSMENT:\nType 2 diabetes.\n\nFAMILY HISTORY:\nNo diabetes.\n\nALLERGIES: penicillin.\n\nMEDICATIONS:\n\
                      Metformin 500 mg daily.\n";
        check_of(family, "She has diabetes.", &[]);
        let only_family =
            "ASSESSMENT:\nGestational diabetes.\n\nFAMILY HISTORY:\nNo family history of diabetes or colon cancer.\n";
        for answer in [
            "The patient has diabetes.",
            "- Colon cancer",
            "The patient has colon cancer.",
        ] {
            check_of(only_family, answer, &[(answer, Why::Denial)]);
        }
        check_of(only_family, "The patient has gestational diabetes.", &[]);
        check_of(family, "She has no allergy to metformin.", &[]);
        check_of(family, "She takes metformin.", &[]);
        for answer in ["She has no allergy to penicillin.", "She does not take metformin."] {
            check_of(family, answer, &[(answer, Why::Denial)]);
        }
        let ruled_out = "ASSESSMENT:\nType 2 diabetes.\n\nPLAN:\nNo evidence of diabetes on the repeated test.\n";
        check_of(ruled_out, "There is no evidence of diabetes.", &[]);
        let over = "ALLERGIES: NKDA.\n\nASSESSMENT:\nPneumonia, resolved. Mother has asthma. Possible gout.\n";
        for answer in [
            "She has no known allergies.",
            "She has no pneumonia.",
            "She has no asthma.",
            "She has no gout.",
        ] {
            check_of(over, answer, &[]);
        }
    }
}
