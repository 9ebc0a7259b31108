//! The labels of a form that ask for a person, and what each asks for.

/// Labels that ask for a patient and nothing else, in small letters.
#[rustfmt::skip]
const PATIENTS: &[&str] = &[
    "patient", "patient name", "pt name", "name of patient", "name of injured", "full name", "legal name", "preferred name", "client name",
    "resident name", "member name",
];

/// Labels that ask for another person and nothing else.
#[rustfmt::skip]
const PERSONS: &[&str] = &[
    "pt", "client", "resident", "member", "subscriber", "subscriber name", "insured", "insured name", "guarantor",
    "guarantor name", "next of kin", "nok", "mother", "father", "parent", "guardian", "legal guardian", "spouse", "wife", "husband", "son",
    "daughter", "sister", "brother", "partner", "emergency contact", "contact name", "contact person", "caregiver", "informant", "interpreter", "witness",
    "witnessed by", "proxy", "poa", "author", "scribe", "driver", "employee", "employee name", "staff name", "student", "student name", "printed name",
    "print name", "interviewer", "médecin", "infirmière", "infirmier", "arzt",
];

/// Labels that ask for somebody who cares for patients, whom a surname alone may name.
#[rustfmt::skip]
const STAFF: &[&str] = &[
    "attending", "attending physician", "attending md", "physician", "physician name", "provider", "provider name",
    "pcp", "primary care physician", "primary care provider", "referring physician", "referring provider", "ordering physician",
    "ordering provider", "consultant", "surgeon", "assistant", "anesthesiologist", "nurse", "nurse name", "charge nurse", "rn", "lpn", "cna", "md",
    "np", "tech", "technician", "signed", "signed by", "cosigned by", "cosigner", "verified by", "reviewed by", "reported by", "reported to",
    "given by", "performed by", "collected by", "ordered by", "dictated by", "transcribed by", "prepared by", "completed by", "entered by", "seen by",
    "rt", "midwife", "therapist", "counselor", "social worker", "case manager", "signature", "supervisor", "reader", "read by", "intern", "fellow",
    "hospitalist", "pharmacist", "on call", "on-call", "covering", "médecin traitant", "hausarzt",
    "stationsarzt", "oberarzt",
];

/// Labels that ask for a surname.
const FAMILIES: &[&str] = &[
    "last",
    "last name",
    "family name",
    "surname",
    "nom",
    "nom de famille",
    "nom de naissance",
    "nom de jeune fille",
    "nachname",
];

/// Labels that ask for a given name, of a form with one for the surname before it.
const GIVENS: &[&str] = &[
    "first",
    "first name",
    "given name",
    "forename",
    "prénom",
    "prenom",
    "vorname",
];

/// What else a label may ask for behind a slash.
const BESIDE: &[&str] = &["dob", "age", "mrn", "id", "title", "relationship", "phone"];

/// What stands in brackets behind a label, and says how to write the name.
#[rustfmt::skip]
const BRACKETED: &[&str] = &[
    "last", "first", "middle", "mi", "initial", "family", "given", "surname", "forename", "maiden", "suffix", "name", "print", "printed", "please",
    "block", "capital", "capitals", "letters", "legal", "full", "preferred", "patient", "and", "or", "of", "as", "on", "id", "card", "type", "s",
];

/// Most characters of a label, and of what stands in brackets behind it.
const LONGEST: usize = 40;

/// Most bytes that are looked at before the end of a label.
const WINDOW: usize = 256;

/// What a label asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Asks {
    Patient,
    Person,
    /// Somebody who cares for patients.
    Staff,
    /// "Name", which things have, too.
    Name,
    Family,
    Given,
}

impl Asks {
    /// True where nothing but a person is asked for.
    pub(super) fn is_of_person(self) -> bool {
        matches!(self, Self::Patient | Self::Person | Self::Staff)
    }
}

/// What the label asks for that ends before byte `end` of `text`, markup, leaders and a bracket behind it left out.
pub(super) fn label(text: &str, end: usize) -> Option<Asks> {
    const FILLED: [char; 5] = [' ', '\t', '.', '_', '*'];
    let from = (end.saturating_sub(WINDOW)..=end).find(|at| text.is_char_boundary(*at))?;
    let mut head = text.get(from..end)?.trim_end_matches(FILLED);
    for _ in 0..2 {
        // "</b>"
        while let Some((at, _)) = head
            .strip_suffix('>')
            .and_then(|head| head.char_indices().rev().take(LONGEST).find(|(_, c)| *c == '<'))
            .filter(|(at, _)| head.as_bytes().get(at + 1) == Some(&b'/'))
        {
            head = head.get(..at)?.trim_end_matches(FILLED);
        }
        // "(Last, First)"
        if let Some(open) = head.strip_suffix(')') {
            let (at, _) = open.char_indices().rev().take(LONGEST).find(|(_, c)| *c == '(')?;
            // "Name (generic)" is that of a thing.
            let mut words = open.get(at + 1..)?.split([' ', ',', '/', '.', '&']);
            if !words.all(|word| word.is_empty() || BRACKETED.iter().any(|known| word.eq_ignore_ascii_case(known))) {
                return None;
            }
            head = head.get(..at)?.trim_end_matches(FILLED);
        }
    }
    let mut len = 0;
    let mut opens = true;
    for c in head.chars().rev() {
        let before = head.get(..head.len() - len)?;
        if before.ends_with("  ") {
            break;
        }
        if !(c.is_alphabetic() || matches!(c, ' ' | '\'' | '’' | '/' | '-')) {
            opens = matches!(c, '\n' | '\r' | '\t' | '|' | '>' | '*' | '_' | '•' | ';');
            break;
        }
        len += c.len_utf8();
        if len > LONGEST {
            return None;
        }
    }
    let shown = head.get(head.len() - len..)?.trim_start_matches(['-', ' ']);
    if !opens || shown.is_empty() {
        return None;
    }
    let folded = shown.to_lowercase().replace(['\'', '’'], "");
    let mut parts = folded.split('/');
    let first = parts.next()?.trim();
    if !parts.all(|part| BESIDE.contains(&part.trim())) {
        return None;
    }
    let owned = first.strip_prefix("patients ").map(|rest| format!("patient {rest}"));
    let first = owned.as_deref().unwrap_or(first);
    let asks = [
        (Asks::Name, &["name"][..]),
        (Asks::Patient, PATIENTS),
        (Asks::Person, PERSONS),
        (Asks::Staff, STAFF),
        (Asks::Family, FAMILIES),
        (Asks::Given, GIVENS),
    ];
    asks.iter()
        .find(|(_, labels)| labels.contains(&first))
        .map(|(asks, _)| *asks)
}
