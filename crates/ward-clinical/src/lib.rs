//! Clinical facts, compression with proof, answers by citation.
//!
//! [`read`] turns a document (FHIR R4, HL7 v2 or a note) into a [`Record`]: typed [`Fact`]s and the
//! [`Passage`]s they stand in, each with its place in the source. [`compress()`] writes the facts
//! densely and proves, by reading its own output again, that none is missing and none is new.
//! [`cite::answer`] answers a question with quotes from the record and nothing else.
//! [`triage::triage`] says how urgent a patient is, with every reason.
//!
//! Everything here is a function of its arguments: no IO, no clock, no randomness, no network. All
//! work is linear in the document (sorting aside). Text of the record is data: nothing in it
//! changes what these functions do.
//!
//! Documents may be plain or de-identified: a date is then a placeholder `[DAY_4812TR]`, whose
//! number orders days as the real dates did (see [`ward_formats::placeholder`]).

pub mod cite;
pub mod compress;
mod fact;
mod fhir;
mod hl7;
pub mod json;
mod lexicon;
mod medicines;
mod note;
pub mod state;
mod subjects;
pub mod tokens;
pub mod triage;
pub mod ucum;
mod when;

pub use compress::{
    Compressed, FactCounts, LeftOut, OLDER_SENTENCES, Omitted, Options, SENTENCES, TokenCounts, compress,
};
pub use fact::{Experiencer, Fact, FactKind, Origin, Passage, Piece, Record, Section};
pub use note::language::Language;
pub use subjects::patients;
pub use when::When;

use ward_formats::{Doc, Document, Problem};

use note::language::Signs;

/// Reads the facts and passages of a document.
///
/// FHIR is read by structure, HL7 v2 by segment, notes by section, sentence and a small grammar.
/// What was not read is listed in [`Record::problems`]; nothing is skipped in silence.
#[must_use]
pub fn read(doc: &Doc) -> Record {
    read_as(doc, None)
}

/// The same, and a note is in `language` where that is given. Otherwise it is read by the language that its heads and small words
/// tell ([`Language::of`]), and as English where they do not. Structured records have no use for it.
#[must_use]
pub fn read_as(doc: &Doc, language: Option<Language>) -> Record {
    match doc {
        Doc::Text(text) => {
            let start = text.fields().first().map_or(0, |field| field.raw.start);
            let signs = Signs::of(text.text());
            let language = language.or_else(|| signs.language());
            let read_in = language.unwrap_or(Language::English);
            let mut record = note::read(text.text(), start, note::pack::pack(read_in));
            if signs.are_mixed(read_in) {
                record.problems.push(Problem {
                    place: "the note".to_owned(),
                    what: match read_in {
                        Language::English => "parts look German; all of it was read as English",
                        Language::German => "parts look English; all of it was read as German",
                    },
                    broken: true,
                });
            }
            Record { language, ..record }
        }
        Doc::Fhir(doc) => Record {
            coded: true,
            ..fhir::read(doc)
        },
        Doc::Hl7(doc) => hl7::read(doc),
    }
}

/// Whether `text` names a medicine or a class of them that lists of allergies name.
#[must_use]
pub fn names_medicine(text: &str) -> bool {
    lexicon::drugs::names_medicine(text)
}

/// Whether `text`, in small letters, is the name of an illness or a symptom and nothing else.
#[must_use]
pub fn names_condition(text: &str) -> bool {
    lexicon::conditions::is_name(text)
}

/// The terms that mean the same as `term`, in small letters.
pub fn same_terms(term: &str) -> impl Iterator<Item = &'static str> + '_ {
    lexicon::synonyms::of(term)
}
