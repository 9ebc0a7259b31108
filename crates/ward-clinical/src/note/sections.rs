//! Section heads and visit heads of notes.

use std::{collections::HashMap, sync::LazyLock};

use crate::{fact::Section, lexicon::Plain, when};

/// Head names, lower case, and their section.
#[rustfmt::skip]
const HEADS: &[(&str, Section)] = &[
    ("chief complaint", Section::ChiefComplaint), ("cc", Section::ChiefComplaint), ("reason for visit", Section::ChiefComplaint), ("presenting complaint", Section::ChiefComplaint), ("reason for consultation", Section::ChiefComplaint),
    ("reason for admission", Section::ChiefComplaint), ("chief complaints", Section::ChiefComplaint),
    ("history of present illness", Section::PresentIllness), ("hpi", Section::PresentIllness), ("present illness", Section::PresentIllness), ("interval history", Section::PresentIllness), ("subjective", Section::PresentIllness), ("s", Section::PresentIllness),
    ("history", Section::PresentIllness), ("hospital course", Section::PresentIllness), ("emergency department course", Section::PresentIllness), ("ed course", Section::PresentIllness), ("interim history", Section::PresentIllness),
    ("past medical history", Section::PastHistory), ("pmh", Section::PastHistory), ("medical history", Section::PastHistory), ("past history", Section::PastHistory), ("problem list", Section::PastHistory), ("active problems", Section::PastHistory), ("problems", Section::PastHistory),
    ("pmhx", Section::PastHistory), ("chronic problems", Section::PastHistory), ("significant past medical history", Section::PastHistory), ("active problem list", Section::PastHistory), ("chronic conditions", Section::PastHistory), ("obstetric history", Section::PastHistory), ("ob history", Section::PastHistory),
    ("past surgical history", Section::SurgicalHistory), ("psh", Section::SurgicalHistory), ("surgical history", Section::SurgicalHistory), ("pshx", Section::SurgicalHistory), ("past surgeries", Section::SurgicalHistory),
    ("family history", Section::FamilyHistory), ("fh", Section::FamilyHistory), ("fhx", Section::FamilyHistory), ("family medical history", Section::FamilyHistory), ("fam hx", Section::FamilyHistory),
    ("social history", Section::SocialHistory), ("sh", Section::SocialHistory), ("shx", Section::SocialHistory), ("habits", Section::SocialHistory),
    ("medications", Section::Medications), ("current medications", Section::Medications), ("meds", Section::Medications), ("home medications", Section::Medications), ("medication list", Section::Medications), ("current meds", Section::Medications), ("medication", Section::Medications), ("outpatient medications", Section::Medications),
    ("discharge medications", Section::Medications), ("medications on admission", Section::Medications), ("prescriptions", Section::Medications), ("active medications", Section::Medications), ("medication changes", Section::Medications), ("medications at discharge", Section::Medications),
    ("allergies", Section::Allergies), ("allergy", Section::Allergies), ("all", Section::Allergies), ("drug allergies", Section::Allergies), ("allergies and intolerances", Section::Allergies), ("allergies/intolerances", Section::Allergies), ("medication allergies", Section::Allergies), ("adverse reactions", Section::Allergies), ("intolerances", Section::Allergies), ("allergies/adverse reactions", Section::Allergies),
    ("immunizations", Section::Immunizations), ("vaccinations", Section::Immunizations), ("vaccines", Section::Immunizations), ("immunization history", Section::Immunizations), ("immunizations given", Section::Immunizations),
    ("review of systems", Section::Review), ("ros", Section::Review),
    ("vitals", Section::Vitals), ("vital signs", Section::Vitals), ("vitals reviewed", Section::Vitals), ("vs", Section::Vitals),
    ("physical exam", Section::Exam), ("physical examination", Section::Exam), ("exam", Section::Exam), ("examination", Section::Exam), ("pe", Section::Exam), ("objective", Section::Exam), ("o", Section::Exam), ("mental status exam", Section::Exam),
    ("results", Section::Results), ("labs", Section::Results), ("laboratory", Section::Results), ("laboratory data", Section::Results), ("lab results", Section::Results), ("laboratory results", Section::Results), ("imaging", Section::Results), ("data", Section::Results), ("diagnostics", Section::Results), ("studies", Section::Results), ("radiology", Section::Results),
    ("data reviewed", Section::Results), ("diagnostic studies", Section::Results), ("labs today", Section::Results), ("labs reviewed", Section::Results), ("laboratory studies", Section::Results), ("recent labs", Section::Results), ("ekg", Section::Results), ("ecg", Section::Results),
    ("assessment", Section::Assessment), ("impression", Section::Assessment), ("diagnosis", Section::Assessment), ("diagnoses", Section::Assessment), ("assessment and plan", Section::Assessment), ("assessment & plan", Section::Assessment), ("a/p", Section::Assessment), ("a&p", Section::Assessment), ("a", Section::Assessment), ("assessment/plan", Section::Assessment),
    ("impression and plan", Section::Assessment), ("final diagnosis", Section::Assessment), ("discharge diagnosis", Section::Assessment), ("discharge diagnoses", Section::Assessment), ("admission diagnosis", Section::Assessment), ("medical decision making", Section::Assessment),
    ("plan", Section::Plan), ("p", Section::Plan), ("recommendations", Section::Plan), ("treatment", Section::Plan), ("treatment plan", Section::Plan), ("orders", Section::Plan), ("plan of care", Section::Plan),
    ("instructions", Section::Instructions), ("follow-up", Section::Instructions), ("follow up", Section::Instructions), ("followup", Section::Instructions), ("disposition", Section::Instructions), ("discharge instructions", Section::Instructions), ("patient instructions", Section::Instructions),
    ("procedures", Section::Procedures), ("procedure", Section::Procedures), ("procedures performed", Section::Procedures),
    ("attestation", Section::Other), ("signature", Section::Other), ("addendum", Section::Other), ("patient agreements", Section::Other), ("disclaimer", Section::Other), ("counseling", Section::Other), ("general", Section::Other), ("narrative", Section::Other),
];

/// [`HEADS`] by name; the first of two with the same name counts.
static BY_NAME: LazyLock<HashMap<&str, Section, Plain>> = LazyLock::new(|| {
    let mut by_name = HashMap::with_hasher(Plain::default());
    for (head, section) in HEADS {
        by_name.entry(*head).or_insert(*section);
    }
    by_name
});

/// A head found at the beginning of a line.
pub(crate) struct Head {
    /// Its section.
    pub(crate) section: Section,
    /// Bytes of the line it takes, colon and white space after it included. The whole line when it stands alone.
    pub(crate) len: usize,
    /// True when nothing follows on the line.
    pub(crate) alone: bool,
}

/// The section head that `line` is or begins with.
pub(crate) fn head(line: &str) -> Option<Head> {
    let trimmed =
        line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '#' | '*' | '=' | '_' | '~' | '>'));
    if trimmed.is_empty() {
        return None;
    }
    let offset = line.len() - trimmed.len();
    let bare =
        trimmed.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '#' | '*' | '=' | '_' | '~' | '-' | ':'));
    if bare.len() <= 60
        && let Some(section) = named(bare)
        && (bare.len() > 2
            || trimmed.trim_end().ends_with(':')
            || bare.chars().all(char::is_uppercase) && bare.len() == 2)
    {
        return Some(Head {
            section,
            len: line.len(),
            alone: true,
        });
    }
    if let Some(colon) = trimmed
        .get(..trimmed.len().min(60))
        .or(Some(trimmed))
        .and_then(|t| t.find(':'))
        && let Some(name) = trimmed.get(..colon)
        && let Some(section) = named(name.trim_end_matches('*'))
    {
        let after = trimmed.get(colon + 1..).unwrap_or("");
        let gap = after.len() - after.trim_start_matches(|c: char| c.is_whitespace() || c == '*').len();
        return Some(Head {
            section,
            len: offset + colon + 1 + gap,
            alone: after.len() == gap,
        });
    }
    // A line of capitals is a head of a section we have no name for.
    let words = bare.split_whitespace().count();
    let capitals = bare.chars().filter(|c| c.is_alphabetic()).count() >= 4
        && bare
            .chars()
            .all(|c| c.is_uppercase() || c.is_whitespace() || matches!(c, '&' | '/' | '-' | ','));
    // "NKDA" and "PENICILLIN" in a list of allergies head nothing.
    if capitals
        && words <= 6
        && !super::allergy::is_entry(bare)
        && bare.len() == trimmed.trim_end_matches(|c: char| c.is_whitespace() || c == ':').len()
    {
        return Some(Head {
            section: Section::Other,
            len: line.len(),
            alone: true,
        });
    }
    None
}

fn named(name: &str) -> Option<Section> {
    let name = name.trim();
    let name = name.split_once('(').map_or(name, |(before, _)| before.trim());
    if name.is_empty() || name.len() > 40 {
        return None;
    }
    let mut lower = name.to_ascii_lowercase();
    if lower.contains("  ") || lower.contains('\t') {
        lower = lower.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    BY_NAME.get(lower.as_str()).copied()
}

/// Words that make a line with a date the head of a visit.
#[rustfmt::skip]
const VISIT_WORDS: &[&str] = &[
    "visit", "note", "encounter", "date", "dos", "seen", "admission", "admitted", "discharge", "clinic", "consult",
    "consultation", "follow-up", "followup", "follow", "progress", "telephone", "telehealth", "annual", "emergency",
    "ed", "hospital", "hospitalization", "office", "physical", "wellness", "prenatal", "summary", "service",
    "check",
];

/// Words that make it something else.
#[rustfmt::skip]
const NOT_VISIT_WORDS: &[&str] = &[
    "dob", "birth", "born", "next", "last", "return", "due", "printed", "labs", "lab", "since", "scheduled",
    "signed", "electronically", "expires", "prior", "previous", "results", "fax", "phone", "dictated", "died",
    "record", "generated", "range", "onset", "was", "is", "were", "has", "had", "recorded", "will", "started",
    "updated", "reviewed",
];

/// The date of the visit that `line` is the head of: its bytes in the line and its day.
pub(crate) fn visit(line: &str) -> Option<when::Found> {
    if line.len() > 140 || !line.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let trimmed = line.trim();
    if trimmed.starts_with(['-', '•']) && !trimmed.starts_with("--") || trimmed.starts_with("* ") {
        return None;
    }
    let mut dates = when::find(line);
    if dates.is_empty() || dates.len() > 2 {
        return None;
    }
    let date = dates.swap_remove(0);
    let before = line.get(..date.start)?;
    let after = line.get(date.end..)?;
    let rest = format!("{before} {after}").to_ascii_lowercase();
    let words: Vec<&str> = rest
        .split(|c: char| !(c.is_alphanumeric() || c == '-'))
        .map(|word| word.trim_matches('-'))
        .filter(|word| !word.is_empty())
        .collect();
    if words.len() > 14 || words.iter().any(|word| NOT_VISIT_WORDS.contains(word)) {
        return None;
    }
    // A date with a lone time, or nothing but decoration, or words of which one names a visit.
    let early = before.split_whitespace().count() <= 8;
    let cue = words.iter().any(|word| VISIT_WORDS.contains(word));
    let ends_like_prose = trimmed.ends_with('.') && words.len() > 6;
    let bare = words
        .iter()
        .all(|word| word.bytes().all(|b| b.is_ascii_digit()) || matches!(*word, "am" | "pm"));
    (early && !ends_like_prose && (cue || (bare && words.len() <= 3))).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_heads() {
        let check = |line: &str, expect: Option<(Section, bool)>| {
            assert_eq!(head(line).map(|h| (h.section, h.alone)), expect, "{line}");
        };
        check("CHIEF COMPLAINT", Some((Section::ChiefComplaint, true)));
        check("## Medications:", Some((Section::Medications, true)));
        check("Allergies: penicillin (rash)", Some((Section::Allergies, false)));
        check("**Plan:** stop metformin", Some((Section::Plan, false)));
        check("INTERPRETER STATEMENT", Some((Section::Other, true)));
        check("BP: 130/80", None);
        check("Plan to see her again.", None);
        check("- Eyes: Denies changes", None);
        check("HR 90", None);
    }

    #[test]
    fn knows_visits() {
        let check = |line: &str, expect: Option<&str>| {
            assert_eq!(visit(line).map(|d| &line[d.start..d.end]), expect, "{line}");
        };
        check("Visit date: 2023-04-05", Some("2023-04-05"));
        check("=== 2024-01-03 Progress note ===", Some("2024-01-03"));
        check("03/14/2022 - Follow-up visit, Dr. Chen", Some("03/14/2022"));
        check("OFFICE VISIT - March 14, 2022", Some("March 14, 2022"));
        check("DATE OF SERVICE: [DAY_4812TR]", Some("[DAY_4812TR]"));
        check("2024-01-03", Some("2024-01-03"));
        check("DOB: 03/14/1952", None);
        check("Next visit: 2024-01-03", None);
        check("A1c 7.9 on 2024-01-03", None);
        check(
            "The colonoscopy was done at the clinic on 2024-01-03 without complication.",
            None,
        );
    }
}
