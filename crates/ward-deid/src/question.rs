//! Questions and their answers: a value that only its label explains.
//!
//! An observation such as `OBX|1|ST|X^Mother maiden name||Quillfeatherby` holds a name that nothing in the value gives
//! away. The label is read with the value: what `Mother maiden name: Quillfeatherby` would show in a letter, and what
//! the label alone promises. Ages over 89 are found by their LOINC code, too.

mod fhir;

use std::collections::HashMap;

use ward_formats::{Doc, Document, Role, Span};

use crate::find::{self, Hit};
use crate::recognisers::keys;
use crate::{Class, Known};

/// Longest label read, in bytes.
const LONGEST_LABEL: usize = 80;

/// Longest value read after its label, in bytes.
const LONGEST_VALUE: usize = 400;

/// Answers to one question that are read together with its label: more are still read by themselves.
const MOST_ANSWERS: usize = 16;

/// LOINC codes of ages in years: age, as reported, as estimated, as calculated, now or at death, at death, when the
/// specimen was taken.
const AGES: &[&str] = &[
    "30525-0", "21612-7", "21611-9", "29553-5", "63900-5", "39016-1", "35659-2",
];

/// Words in a label, all of which must stand in it, and the class they promise.
const LABELS: &[(&[&str], Class)] = &[
    (&["maiden"], Class::Name),
    (&["surname"], Class::Name),
    (&["last", "name"], Class::Name),
    (&["family", "name"], Class::Name),
    (&["first", "name"], Class::Name),
    (&["given", "name"], Class::Name),
    (&["middle", "name"], Class::Name),
    (&["full", "name"], Class::Name),
    (&["legal", "name"], Class::Name),
    (&["preferred", "name"], Class::Name),
    (&["patient", "name"], Class::Name),
    (&["mother", "name"], Class::Name),
    (&["mothers", "name"], Class::Name),
    (&["father", "name"], Class::Name),
    (&["fathers", "name"], Class::Name),
    (&["spouse", "name"], Class::Name),
    (&["contact", "name"], Class::Name),
    (&["guardian", "name"], Class::Name),
    (&["caregiver", "name"], Class::Name),
    (&["physician", "name"], Class::Name),
    (&["doctor", "name"], Class::Name),
    (&["provider", "name"], Class::Name),
    (&["nurse", "name"], Class::Name),
    (&["nickname"], Class::Name),
    (&["next", "kin"], Class::Name),
    (&["social", "security"], Class::Ssn),
    (&["ssn"], Class::Ssn),
    (&["phone"], Class::Phone),
    (&["telephone"], Class::Phone),
    (&["fax"], Class::Phone),
    (&["pager"], Class::Phone),
    (&["mobile", "number"], Class::Phone),
    (&["email"], Class::Email),
    (&["street"], Class::Place),
    (&["address"], Class::Place),
    (&["zip"], Class::Place),
    (&["postal", "code"], Class::Place),
    (&["birthplace"], Class::Place),
    (&["place", "birth"], Class::Place),
    (&["birth", "date"], Class::Birth),
    (&["medical", "record", "number"], Class::Mrn),
    (&["mrn"], Class::Mrn),
    (&["passport"], Class::Licence),
];

/// Words that make something else of a label: "phone use", "type of address".
const OTHERWISE: &[&str] = &["type", "use", "status", "hours"];

/// Words for things, whose names are nobody's.
const THINGS: &[&str] = &[
    "organism",
    "drug",
    "medication",
    "product",
    "brand",
    "system",
    "test",
    "study",
];

/// How the places end of a coded answer's code and texts.
const CODED: &[&str] = &["-5", ".1", ".2", ".5", ".9"];

/// The question that some fields of a document answer.
struct Question {
    label: String,
    promise: Option<Class>,
    age: bool,
    /// It asks for the name of a thing.
    thing: bool,
    /// What a year is in the unit of the answer.
    year: f64,
}

/// An answer: its question, and whether it is one of the first.
#[derive(Clone, Copy)]
struct Answer {
    question: usize,
    joined: bool,
}

/// All questions of a document. Empty for formats whose answers stand in the order of the text.
#[derive(Default)]
pub(crate) struct Questions {
    questions: Vec<Question>,
    /// Field to the question that it answers.
    answers: HashMap<usize, Answer>,
}

impl Questions {
    /// Reads the labels (OBX-3) and finds the answers (OBX-5) of HL7 observations, and what FHIR asks.
    pub(crate) fn of(doc: &Doc) -> Self {
        let mut all = Self::default();
        let hl7 = match doc {
            Doc::Hl7(hl7) => hl7,
            Doc::Fhir(_) => return Self::of_fhir(doc),
            Doc::Text(_) => return all,
        };
        for segment in hl7.segments().iter().filter(|segment| segment.id() == "OBX") {
            let text = |component| hl7.get(segment, 3, component).map(|field| field.text.trim());
            let code = [1, 4].into_iter().filter_map(text).any(|code| AGES.contains(&code));
            let label = [2, 5, 9, 1]
                .into_iter()
                .filter_map(text)
                .find(|label| is_label(label))
                .unwrap_or_default();
            let unit = [1, 2].into_iter().filter_map(|c| hl7.get(segment, 6, c)).next();
            let question = Question::new(label, code, unit.map_or("", |unit| unit.text.as_str()));
            if question.label.is_empty() && !question.age {
                continue;
            }
            let number = all.questions.len();
            all.questions.push(question);
            for (nth, index) in segment.leaves(5).enumerate() {
                let joined = nth < MOST_ANSWERS;
                all.answers.insert(
                    index,
                    Answer {
                        question: number,
                        joined,
                    },
                );
            }
            // Of a coded answer, the code and the texts, not the name of the code system.
            for index in segment.leaves(5) {
                let is_code = hl7.fields().get(index).is_some_and(|field| field.role == Role::Code);
                let place = doc.place(index);
                if is_code && !CODED.iter().any(|end| place.ends_with(end)) {
                    all.answers.remove(&index);
                }
            }
        }
        all
    }

    /// What of the answer in field `index` its question gives away; nothing when it answers none.
    pub(crate) fn hits(&self, doc: &Doc, index: usize, known: &Known) -> Vec<Hit> {
        let Some(answer) = self.answers.get(&index) else {
            return Vec::new();
        };
        let (Some(question), Some(field)) = (self.questions.get(answer.question), doc.fields().get(index)) else {
            return Vec::new();
        };
        let joined = answer.joined && matches!(field.role, Role::Text | Role::Unknown | Role::Value);
        question.hits(&field.text, joined, known)
    }

    /// What the question alone promises of the answer in field `index`, without reading it as text.
    pub(crate) fn promised(&self, doc: &Doc, index: usize) -> Vec<Hit> {
        let question = self
            .answers
            .get(&index)
            .and_then(|answer| self.questions.get(answer.question));
        match (question, doc.fields().get(index)) {
            (Some(question), Some(field)) => question.hits(&field.text, false, &Known::default()),
            _ => Vec::new(),
        }
    }

    /// Teaches what the answers say of the people of a record.
    pub(crate) fn teach(&self, doc: &Doc, known: &mut Known) {
        let nobody = Known::default();
        let mut indexes: Vec<usize> = self.answers.keys().copied().collect();
        indexes.sort_unstable();
        for index in indexes {
            for hit in self
                .hits(doc, index, &nobody)
                .iter()
                .filter(|hit| hit.score >= find::SURE)
            {
                let text = doc.fields().get(index).map_or("", |field| field.text.as_str());
                let value = text.get(hit.span.start..hit.span.end).unwrap_or_default();
                // What many share is found by its own shape.
                if !matches!(
                    hit.class,
                    Class::Day | Class::Age | Class::Text | Class::File | Class::Facility
                ) {
                    known.learn_value(hit.class, value);
                }
            }
        }
    }
}

impl Question {
    fn new(label: &str, code: bool, unit: &str) -> Self {
        let words: Vec<String> = label
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| word.len() > 1)
            .map(str::to_lowercase)
            .collect();
        let has = |wanted: &&str| words.iter().any(|word| word == wanted);
        let table = || {
            let line = LABELS.iter().find(|(wanted, _)| wanted.iter().all(has));
            line.map(|(_, class)| *class)
        };
        let exact = || keys::key(label).filter(|key| !key.vague).map(|key| key.class);
        let thing = THINGS.iter().any(has);
        let promise = if thing || OTHERWISE.iter().any(has) {
            None
        } else {
            exact().or_else(table)
        };
        let year = match unit.trim().to_ascii_lowercase().trim_end_matches('s') {
            "mo" | "month" | "mon" => 12.0,
            "wk" | "week" => 52.18,
            "d" | "day" => 365.25,
            "h" | "hr" | "hour" => 8766.0,
            _ => 1.0,
        };
        Self {
            label: label.to_owned(),
            promise,
            age: code || has(&"age") && !has(&"gestational"),
            thing,
            year,
        }
    }

    fn hits(&self, value: &str, joined: bool, known: &Known) -> Vec<Hit> {
        let trimmed = value.trim();
        let start = value.len() - value.trim_start().len();
        let hit = |class| Hit {
            span: Span::new(start, start + trimmed.len()),
            class,
            rule: "question",
            score: 95,
        };
        let mut hits = Vec::new();
        if self.age && first_number(trimmed).is_some_and(|n| n / self.year >= 90.0 && n / self.year < 131.0) {
            hits.push(hit(Class::Age));
        }
        if let Some(class) = self.promise.filter(|class| keys::fits(*class, trimmed)) {
            hits.push(hit(class));
        }
        if joined && !self.thing && hits.is_empty() && !self.label.is_empty() && trimmed.len() <= LONGEST_VALUE {
            hits.extend(after_label(&self.label, value, known));
        }
        hits
    }
}

/// True for words that a person would read as a label.
fn is_label(text: &str) -> bool {
    text.len() <= LONGEST_LABEL && text.bytes().filter(u8::is_ascii_alphabetic).count() >= 2
}

/// The number that a value begins with: `93`, `>90`, `93.5 years`.
fn first_number(value: &str) -> Option<f64> {
    let value = value.trim_start_matches(['<', '>', '=', '~', ' ']);
    let len = value
        .bytes()
        .take(12)
        .take_while(|b| b.is_ascii_digit() || *b == b'.')
        .count();
    value.get(..len)?.trim_end_matches('.').parse().ok()
}

/// What is found in `value` when it is read after `label` and a colon.
fn after_label(label: &str, value: &str, known: &Known) -> Vec<Hit> {
    let text = format!("{label}: {value}");
    let from = label.len() + 2;
    let mut hits = find::find(&text, known);
    hits.retain_mut(|hit| {
        // Which ages a label asks for was decided before.
        let keep = hit.span.end > from && hit.class != Class::Age;
        hit.span = Span::new(hit.span.start.saturating_sub(from), hit.span.end.saturating_sub(from));
        keep
    });
    hits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(label: &str, unit: &str, value: &str, expect: &[(&str, Class)]) {
        let hits = Question::new(label, false, unit).hits(value, true, &Known::default());
        let found: Vec<_> = hits
            .iter()
            .map(|hit| (&value[hit.span.start..hit.span.end], hit.class))
            .collect();
        assert_eq!(found, expect, "{label}: {value}");
    }

    #[test]
    fn reads_the_label_with_the_value() {
        check(
            "Mother maiden name",
            "",
            "Quillfeatherby",
            &[("Quillfeatherby", Class::Name)],
        );
        check("Surname", "", " Quillfeatherby ", &[("Quillfeatherby", Class::Name)]);
        check("SSN", "", "123456789", &[("123456789", Class::Ssn)]);
        check("Contact phone", "", "6174827731", &[("6174827731", Class::Phone)]);
        check("Street", "", "Elmgrove 7", &[("Elmgrove 7", Class::Place)]);
        check("Attending physician", "", "Tuva Oster", &[("Tuva Oster", Class::Name)]);
        check("Patient age", "", "93", &[("93", Class::Age)]);
        check("Age", "mo", "1100", &[("1100", Class::Age)]);
        check("Age", "d", "280", &[]);
        check("Age", "", "89", &[]);
        check("Gestational age", "", "95", &[]);
        check("Hemoglobin", "", "11.9", &[]);
        check("Organism name", "", "Staphylococcus aureus", &[]);
        check("White cell count", "", "93000", &[]);
        check("Phone use", "", "daily", &[]);
        check("Surname", "", "none", &[]);
    }
}
