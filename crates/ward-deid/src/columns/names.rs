//! What the name of a column says.

mod table;

use self::table::{DAY, NAME, WHOLE, WORDS};
use super::{Quasi, Treatment};

/// What a name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    /// What is done with the values.
    pub treatment: Treatment,
    /// Whether the column narrows down who somebody is.
    pub quasi: Option<Quasi>,
    /// Whether its values say whose record it is.
    pub subject: bool,
}

/// What the name of a column says. Words are told apart by anything that is no letter or digit and by capitals
/// (`patientName`); of a way through JSON the last part decides, and if it says nothing the part before it.
#[must_use]
pub fn by_name(name: &str) -> Option<Said> {
    let parts: Vec<Vec<String>> = name.split('.').map(words).filter(|words| !words.is_empty()).collect();
    let last = parts.last()?;
    let above = parts.len().checked_sub(2).and_then(|at| parts.get(at));
    // `name.text`, `address.line`, `contact.value`, `telecom.value`: the part above knows.
    let joined = last.join("_");
    let part_of_a_name = matches!(
        joined.as_str(),
        "family" | "given" | "first" | "last" | "middle" | "prefix" | "suffix" | "full"
    );
    if let Some(above) = above
        && (part_of_a_name || matches!(joined.as_str(), "text" | "line" | "value"))
        && let Some(said) = of_words(above)
        && matches!(
            said.treatment,
            Treatment::Whole(_) | Treatment::Date(_) | Treatment::Age
        )
    {
        // `patient.given`: of whoever has an identifier, these are the name.
        return Some(if part_of_a_name && said.subject { NAME } else { said });
    }
    of_words(last).or_else(|| above.and_then(|above| of_words(above)))
}

fn of_words(words: &[String]) -> Option<Said> {
    let joined = words.join("_");
    if let Some((_, said)) = WHOLE.iter().find(|(name, _)| *name == joined) {
        return Some(*said);
    }
    if let [word] = words
        && (5..=8).contains(&word.len())
        && word.ends_with("dtc")
    {
        return Some(DAY);
    }
    let has = |set: &[&str]| words.iter().any(|word| set.contains(&word.as_str()));
    WORDS
        .iter()
        .find(|(one_of, none_of, _)| has(one_of) && !has(none_of))
        .map(|(_, _, said)| *said)
}

/// The words of a name in lower case.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut before = ' ';
    let mut chars = name.chars().take(128).peekable();
    while let Some(c) = chars.next() {
        let starts = c.is_uppercase()
            && (before.is_lowercase()
                || (before.is_uppercase() && chars.peek().is_some_and(|next| next.is_lowercase())));
        if (!c.is_alphanumeric() || starts) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// True for the name of a column that holds drugs, diseases, tests or what else has more names than a lexicon knows.
pub(super) fn holds_terms(name: &str) -> bool {
    const TERMS: &[&str] = &[
        "allergen",
        "analyte",
        "assay",
        "bacteria",
        "brand",
        "concept",
        "comorbidities",
        "comorbidity",
        "condition",
        "culture",
        "diagnose",
        "diagnosen",
        "diagnosis",
        "display",
        "drug",
        "generic",
        "hauptdiagnose",
        "icd",
        "ingredient",
        "isolate",
        "loinc",
        "medication",
        "medikament",
        "medikation",
        "method",
        "microbe",
        "ndc",
        "nebendiagnose",
        "nebendiagnosen",
        "organism",
        "pathogen",
        "problem",
        "procedure",
        "product",
        "rxnorm",
        "service",
        "snomed",
        "specialty",
        "species",
        "substance",
        "test",
        "triage",
        "vaccine",
    ];
    words(name).iter().any(|word| TERMS.contains(&word.as_str()))
}

/// True for the name of a column that holds states, countries, or peoples and languages called after them.
pub(super) fn holds_regions(name: &str) -> bool {
    const REGIONS: &[&str] = &[
        "citizenship",
        "country",
        "ethnic",
        "ethnicity",
        "lang",
        "language",
        "nationality",
        "race",
        "religion",
        "state",
    ];
    words(name).iter().any(|word| REGIONS.contains(&word.as_str()))
}

/// True for the name of a column of people who are insured, by a number or by what they are called.
pub(super) fn is_of_members(name: &str) -> bool {
    let last = words(name.rsplit('.').next().unwrap_or(name));
    matches!(last.as_slice(), [word] if matches!(word.as_str(), "member" | "subscriber" | "beneficiary"))
}

/// True for the subject of a study by a number that no other of the whole study has (CDISC SDTM 3.4, USUBJID).
pub(super) fn is_unique_in_a_study(name: &str) -> bool {
    label(name) == "usubjid"
}

/// A name as people would write it before a colon.
pub(super) fn label(name: &str) -> String {
    words(name.rsplit('.').next().unwrap_or(name)).join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_names_into_words() {
        for (name, expect) in [
            ("patientName", "patient name"),
            ("PATIENT_NAME", "patient name"),
            ("DOBDate", "dob date"),
            ("p.birthDate", "birth date"),
            ("  MRN # ", "mrn"),
            ("HbA1c", "hb a1c"),
        ] {
            assert_eq!(label(name), expect, "{name}");
        }
    }

    #[test]
    fn names_say_what_columns_hold() {
        for (name, expect) in [
            ("first_name", Some("name")),
            ("LastName", Some("name")),
            ("Attending Physician", Some("name")),
            ("drug_name", Some("category")),
            ("medication name", Some("category")),
            ("hospital_name", Some("facility name")),
            ("person_id", Some("identifier")),
            ("condition_concept_id", Some("category")),
            ("provider_id", Some("identifier")),
            ("visit_occurrence_id", Some("identifier")),
            ("birth_datetime", Some("date of birth or death")),
            ("admission date", Some("date")),
            ("days_supply", Some("number")),
            ("note_text", Some("free text")),
            ("note_id", Some("identifier")),
            ("note_date", Some("date")),
            ("zip", Some("address")),
            ("address.line", Some("address")),
            ("patient.name.family", Some("name")),
            ("patient.given", Some("name")),
            ("patient.last", Some("name")),
            ("patient.value", Some("identifier")),
            ("telecom.value", Some("phone number")),
            ("messages.content", Some("free text")),
            ("care_plan", None),
            ("age", Some("age")),
            ("patient_age", Some("age")),
            ("stage", None),
            ("x17", None),
            ("home_phone", Some("phone number")),
            ("member_id", Some("health plan number")),
            ("ssn", Some("social security number")),
            ("employee_number", Some("identifier")),
            ("number_of_visits", None),
            ("Referrer", Some("name")),
            ("USUBJID", Some("identifier")),
            ("BRTHDTC", Some("date of birth or death")),
            ("AESTDTC", Some("date")),
            ("dtc", None),
        ] {
            let got = by_name(name).map(|said| said.treatment.word());
            assert_eq!(got, expect, "{name}");
        }
        assert!(by_name("patient_id").unwrap().subject && by_name("MRN").unwrap().subject);
        assert!(!by_name("note_id").unwrap().subject);
        assert_eq!(by_name("sex").unwrap().quasi, Some(Quasi::Sex));
    }
}
