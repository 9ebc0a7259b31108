//! Section heads and visit heads of notes.

use super::pack::{self, Pack};
use crate::{
    fact::{FactKind, Section},
    lexicon::has_digit,
    when,
};

/// How a head turns what stands under it: "Discontinued medications", "Resolved problems".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Standing {
    /// It goes on, though other lists of the section do not.
    Current,
    /// It was begun.
    Started,
    /// It was changed.
    Changed,
    /// It goes on.
    Continued,
    /// It was interrupted.
    Held,
    /// It was ended.
    Stopped,
    /// It is over.
    Past,
    /// It is there: "Positive:" over a list of symptoms.
    Found,
    /// It is not there: "Negative:" over a list of symptoms.
    Denied,
}

impl Standing {
    /// The standing that a word of a pack names.
    pub(super) fn named(word: &str) -> Option<Self> {
        Some(match word {
            "current" => Self::Current,
            "started" => Self::Started,
            "changed" => Self::Changed,
            "continued" => Self::Continued,
            "held" => Self::Held,
            "stopped" => Self::Stopped,
            "past" => Self::Past,
            _ => return None,
        })
    }

    /// The status that it gives a medicine or a problem which its own sentence gives none.
    pub(super) fn status(self, kind: FactKind) -> Option<&'static str> {
        match (kind, self) {
            (FactKind::Medication, Self::Started) => Some("started"),
            (FactKind::Medication, Self::Changed) => Some("changed"),
            (FactKind::Medication, Self::Continued) => Some("continued"),
            (FactKind::Medication, Self::Held) => Some("held"),
            (FactKind::Medication, Self::Stopped | Self::Past) => Some("stopped"),
            (FactKind::Problem | FactKind::Allergy, Self::Stopped | Self::Past) => Some("inactive"),
            _ => None,
        }
    }
}

/// Where a sentence stands: its section, and how the head over it turns what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    /// The section.
    pub(crate) section: Section,
    /// What the head says beyond it.
    pub(crate) standing: Option<Standing>,
    /// It is an item of a list with boxes of which one is ticked.
    pub(crate) boxes: bool,
}

/// A head found at the beginning of a line.
pub(crate) struct Head {
    /// Its section.
    pub(crate) section: Section,
    /// How it turns what stands under it.
    pub(crate) standing: Option<Standing>,
    /// Bytes of the line it takes, colon and white space after it included. The whole line when it stands alone.
    pub(crate) len: usize,
    /// True when nothing follows on the line.
    pub(crate) alone: bool,
}

/// The section head that `line` is or begins with and that `pack` has a name for.
pub(crate) fn named_head(line: &str, pack: &Pack) -> Option<Head> {
    let (offset, trimmed, bare) = undecorated(line)?;
    if bare.len() <= 60
        && let Some((section, standing)) = named(bare, pack)
        && (bare.len() > 2
            || trimmed.trim_end().ends_with(':')
            || bare.chars().all(char::is_uppercase) && bare.len() == 2)
    {
        return Some(Head {
            section,
            standing,
            len: line.len(),
            alone: true,
        });
    }
    if let Some(head) = allergies_before_dash(trimmed, pack) {
        return Some(Head {
            len: offset + head.len,
            ..head
        });
    }
    if let Some(colon) = trimmed
        .get(..trimmed.len().min(60))
        .or(Some(trimmed))
        .and_then(|t| t.find(':'))
        && let Some(name) = trimmed.get(..colon)
        && let Some((section, standing)) = named(name.trim_end_matches('*'), pack)
    {
        let after = trimmed.get(colon + 1..).unwrap_or("");
        let gap = after.len() - after.trim_start_matches(|c: char| c.is_whitespace() || c == '*').len();
        return Some(Head {
            section,
            standing,
            len: offset + colon + 1 + gap,
            alone: after.len() == gap,
        });
    }
    None
}

/// "Allergies - Penicillin": the one head that a dash may follow.
fn allergies_before_dash(line: &str, pack: &Pack) -> Option<Head> {
    let reach = line
        .get(..line.floor_char_boundary(LONGEST_HEAD + DASH))
        .unwrap_or(line);
    if !reach.bytes().any(|b| b == b'-' || !b.is_ascii()) {
        return None;
    }
    let (at, dash) = [" - ", " \u{2013} ", " \u{2014} "]
        .into_iter()
        .filter_map(|dash| Some((reach.find(dash)?, dash)))
        .min()?;
    let name = line.get(..at)?;
    let (section, standing) = named(name, pack)?;
    (section == Section::Allergies && squeezed(name).ends_with("allergies")).then_some(Head {
        section,
        standing,
        len: at + dash.len(),
        alone: false,
    })
}

/// The head that `sentence`, which follows another one on its line, begins with: a name and a colon. Names that are common words, or labels
/// within a section ("Drugs: none" of habits), head nothing there.
pub(crate) fn head_within(sentence: &str, pack: &Pack) -> Option<Head> {
    let reach = sentence.as_bytes().get(..sentence.len().min(LONGEST_HEAD))?;
    let end = reach.iter().position(|byte| *byte == b':')?;
    let name = sentence.get(..end)?;
    let known = name.len() > 1
        && name.starts_with(char::is_alphabetic)
        && !WITHIN_NO_HEAD.contains(&name.to_ascii_lowercase().as_str());
    let (section, standing) = named(name, pack).filter(|_| known)?;
    let opens = matches!(
        section,
        Section::Allergies
            | Section::Medications
            | Section::PastHistory
            | Section::SurgicalHistory
            | Section::FamilyHistory
            | Section::SocialHistory
            | Section::Immunizations
            | Section::Review
            | Section::Vitals
            | Section::Exam
            | Section::Results
            | Section::Assessment
            | Section::Plan
    );
    let after = sentence.get(end + 1..)?;
    let gap = after.len() - after.trim_start().len();
    // "a:b" is no head.
    let apart = gap > 0 || after.is_empty();
    (opens && apart).then_some(Head {
        section,
        standing,
        len: end + 1 + gap,
        alone: after.len() == gap,
    })
}

/// Names of heads that are none in the middle of a line.
const WITHIN_NO_HEAD: &[&str] = &["all", "drugs", "data", "treatment", "habits", "examination", "orders"];

/// The names of heads that `line` may be or begin with, lower case and white space squeezed, without regard to what turns them.
pub(super) fn names(line: &str) -> [Option<String>; 2] {
    let Some((_, trimmed, bare)) = undecorated(line) else {
        return [None, None];
    };
    let begins = trimmed.find(':').and_then(|colon| trimmed.get(..colon));
    [Some(bare).filter(|bare| bare.len() > 2), begins].map(|name| {
        let name = name?;
        let name = name.split_once('(').map_or(name, |(before, _)| before);
        let name = name.trim_end_matches('*');
        let name = name.trim();
        may_be_head(name).then(|| squeezed(name))
    })
}

/// Whether a name is short enough for that of a section, all of which begin with a letter, and begins as one does.
fn may_be_head(name: &str) -> bool {
    name.len() <= LONGEST_HEAD && name.starts_with(char::is_alphabetic) && pack::may_begin_head(name)
}

/// The longest dash with white space around it, in bytes.
const DASH: usize = 5;

/// The longest head, in bytes.
const LONGEST_HEAD: usize = 60;

/// The section head that `line`, which stands in section `before`, is or begins with.
pub(crate) fn head(line: &str, before: Section, pack: &'static Pack) -> Option<Head> {
    named_head(line, pack)
        .or_else(|| head_of_part(line, before, pack))
        .or_else(|| head_of_capitals(line, before, pack))
        .or_else(|| head_after_allergies(line, before, pack))
}

/// A label with text, of whatever it is, that ends a list of allergies: "Pharmacy: ..", but not "Food: peanuts" nor "Foozol: hives".
fn head_after_allergies(line: &str, before: Section, pack: &'static Pack) -> Option<Head> {
    if before != Section::Allergies
        || pack.translates()
        || super::layout::bullet(line) > 0
        || super::layout::untagged(line) != line.trim_start()
    {
        return None;
    }
    let (offset, trimmed, _) = undecorated(line)?;
    let colon = trimmed.find(':').filter(|colon| (2..=LONGEST_LABEL).contains(colon))?;
    let (label, after) = (trimmed.get(..colon)?, trimmed.get(colon + 1..)?);
    let gap = after.len() - after.trim_start().len();
    let apart = gap > 0 && label.starts_with(char::is_uppercase) && label.split_whitespace().count() <= 3;
    (apart && !super::allergy::is_told_under(label, after, pack)).then_some(Head {
        section: Section::Other,
        standing: None,
        len: offset + colon + 1 + gap,
        alone: after.len() == gap,
    })
}

/// The longest label, in bytes.
const LONGEST_LABEL: usize = 32;

/// Heads over symptoms that are there.
const FOUND: &[&str] = &[
    "positive",
    "positives",
    "positive for",
    "pertinent positives",
    "endorses",
    "reports",
];

/// Heads over symptoms that are not.
const DENIED: &[&str] = &["negative", "negatives", "negative for", "pertinent negatives", "denies"];

/// A head on a line of its own over symptoms that are there, or are not.
fn head_of_symptoms(bare: &str, before: Section) -> Option<Head> {
    let name = squeezed(bare);
    let standing = if FOUND.contains(&name.as_str()) {
        Standing::Found
    } else if DENIED.contains(&name.as_str()) {
        Standing::Denied
    } else {
        return None;
    };
    let section = match before {
        // What is negative there is a result or a person.
        Section::Results | Section::FamilyHistory | Section::Medications | Section::Allergies => return None,
        Section::Header | Section::Other => Section::Review,
        section => section,
    };
    Some(Head {
        section,
        standing: Some(standing),
        len: 0,
        alone: true,
    })
}

/// A head that only tells how what follows stands: "Stopped:" opens a part of the section before it.
fn head_of_part(line: &str, before: Section, pack: &Pack) -> Option<Head> {
    let (_, trimmed, bare) = undecorated(line)?;
    let marked = trimmed.trim_end().ends_with(':') || !bare.chars().any(char::is_lowercase);
    if !marked || bare.len() > 40 {
        return None;
    }
    if let Some(head) = head_of_symptoms(bare, before).filter(|_| trimmed.trim_end().ends_with(':')) {
        return Some(Head {
            len: line.len(),
            ..head
        });
    }
    let (standing, rest) = pack.standing(&squeezed(bare))?;
    let section = match before {
        Section::Medications | Section::PastHistory | Section::Allergies | Section::Plan | Section::Instructions => {
            before
        }
        _ => Section::Other,
    };
    rest.is_empty().then_some(Head {
        section,
        standing: Some(standing),
        len: line.len(),
        alone: true,
    })
}

/// A line of capitals is a head of a section we have no name for. Behind a bullet it is an item of a list, unless a colon ends it or it names a section.
fn head_of_capitals(line: &str, before: Section, pack: &'static Pack) -> Option<Head> {
    let (_, trimmed, bare) = undecorated(line)?;
    let bullet = super::layout::bullet(line);
    let item = line.get(bullet..).unwrap_or("");
    let opens = Some(item).filter(|_| bullet > 0).and_then(|item| named(item, pack));
    if bullet > 0 && !trimmed.trim_end().ends_with(':') && opens.is_none() {
        return None;
    }
    let few = || bare.split_whitespace().count() <= 6;
    // Most lines have a small letter near their beginning.
    let capitals = bare
        .chars()
        .all(|c| c.is_uppercase() || c.is_whitespace() || matches!(c, '&' | '/' | '-' | ','))
        && bare.chars().filter(|c| c.is_alphabetic()).count() >= 4;
    // "NKDA" and "PENICILLIN" in a list of allergies head nothing.
    if capitals
        && few()
        && !super::allergy::is_entry(bare, pack)
        && bare.len() == trimmed.trim_end_matches(|c: char| c.is_whitespace() || c == ':').len()
    {
        let opens = opens.filter(|(section, _)| opens_behind_bullet(*section, before));
        let (section, standing) = opens.unwrap_or((Section::Other, None));
        return Some(Head {
            section,
            standing,
            len: line.len(),
            alone: true,
        });
    }
    None
}

/// Whether a bulleted name of a section opens it behind one of section `before`. In a plan "LABS" is a part of it, in a list of allergies "DRUGS".
fn opens_behind_bullet(section: Section, before: Section) -> bool {
    match before {
        _ if section == Section::FamilyHistory => true,
        Section::Assessment | Section::Plan | Section::Instructions => false,
        Section::Allergies => section != Section::Medications,
        _ => true,
    }
}

/// How many bytes of decoration a line begins with, the line without them, and without those at its end.
fn undecorated(line: &str) -> Option<(usize, &str, &str)> {
    let trimmed =
        line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '#' | '*' | '=' | '_' | '~' | '>'));
    let bare =
        trimmed.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '#' | '*' | '=' | '_' | '~' | '-' | ':'));
    (!trimmed.is_empty()).then_some((line.len() - trimmed.len(), trimmed, bare))
}

/// The section that a head names, and how it turns what stands under it: "Medications", "Home meds (held)", "Discontinued medications".
fn named(name: &str, pack: &Pack) -> Option<(Section, Option<Standing>)> {
    let name = name.trim();
    let (name, aside) = name
        .split_once('(')
        .map_or((name, ""), |(before, aside)| (before.trim(), aside));
    // What follows a bracket is no part of a name: "Medications (at home): aspirin".
    let more = aside.split_once(')').is_some_and(|(_, more)| !more.is_empty());
    if more || !may_be_head(name) {
        return None;
    }
    let name = squeezed(name);
    if let Some(section) = pack.head(&name) {
        let aside = squeezed(aside.trim_end_matches(')'));
        return Some((section, pack.standing(&aside).map(|(standing, _)| standing)));
    }
    if let Some(section) = pack::head_elsewhere(&name) {
        return Some((section, None));
    }
    let (standing, rest) = pack.standing(&name)?;
    Some((pack.head(&rest)?, Some(standing)))
}

/// Words in heads of the medicines of a discharge.
const DISCHARGE: &[&str] = &["discharge", "entlass"];

/// Words in heads of the medicines that were taken before it.
const BEFORE: &[&str] = &[
    "admission",
    "home",
    "prior",
    "pta",
    "outpatient",
    "aufnahme",
    "hausmed",
    "vormed",
];

/// Whether a head of medicines is that of the list of the discharge, or that of the one before it.
pub(super) fn at_discharge(head: &str) -> Option<bool> {
    let head = head.to_lowercase();
    let names = |words: &[&str]| words.iter().any(|word| head.contains(word));
    names(DISCHARGE)
        .then_some(true)
        .or_else(|| names(BEFORE).then_some(false))
}

/// Lower case, with single spaces.
fn squeezed(name: &str) -> String {
    let mut squeezed = super::squeeze(name.trim());
    squeezed.make_ascii_lowercase();
    squeezed
}

/// The date of the visit that `line` is the head of: its bytes in the line and its day.
pub(crate) fn visit(line: &str, pack: &Pack) -> Option<when::Found> {
    if line.len() > 140 || !has_digit(line.as_bytes()) {
        return None;
    }
    let trimmed = line.trim();
    if trimmed.starts_with(['-', '•']) && !trimmed.starts_with("--") || trimmed.starts_with("* ") {
        return None;
    }
    let mut dates = if pack.comma {
        when::find_day_first(line)
    } else {
        when::find(line)
    };
    if dates.is_empty() || dates.len() > 2 {
        return None;
    }
    let date = dates.swap_remove(0);
    let before = line.get(..date.start)?;
    let after = line.get(date.end..)?;
    let rest = format!("{before} {after}").to_lowercase();
    let words: Vec<&str> = rest
        .split(|c: char| !(c.is_alphanumeric() || c == '-'))
        .map(|word| word.trim_matches('-'))
        .filter(|word| !word.is_empty())
        .collect();
    if words.len() > 14 || words.iter().any(|word| pack.no_visit.contains(word)) {
        return None;
    }
    if is_arranged(before, trimmed) {
        return None;
    }
    // A date with a lone time, or nothing but decoration, or words of which one names a visit.
    let early = before.split_whitespace().count() <= 8;
    let cue = words.iter().any(|word| pack.visit.contains(word));
    let ends_like_prose = trimmed.ends_with('.') && words.len() > 6;
    let bare = words
        .iter()
        .all(|word| word.bytes().all(|b| b.is_ascii_digit()) || matches!(*word, "am" | "pm" | "vom"));
    (early && !ends_like_prose && (cue || (bare && words.len() <= 3))).then_some(date)
}

/// Whether a line is a head over dates of what is to come.
pub(super) fn heads_appointments(line: &str) -> bool {
    let name = line
        .trim()
        .strip_suffix(':')
        .unwrap_or("")
        .trim_end()
        .to_ascii_lowercase();
    let name = ["upcoming ", "future ", "scheduled ", "follow-up "]
        .iter()
        .find_map(|lead| name.strip_prefix(lead))
        .unwrap_or(&name);
    name == "appointments"
}

/// Words that begin the line of a plan and no head.
const PLANS: &[&str] = &[
    "needs",
    "need",
    "schedule",
    "reschedule",
    "book",
    "refer",
    "recommend",
    "arrange",
    "see",
];

/// Whether a line with `before` its date plainly arranges what is to come: "Follow up with cardiology on 4/15/2024.", "Please follow up 4/15/2024",
/// "Follow-up appointment: 4/15/2024". What was a follow-up, or may be the head of one, is a visit.
fn is_arranged(before: &str, line: &str) -> bool {
    let before = before.trim().to_ascii_lowercase();
    // "Needs neurology clinic on ..", "schedule a visit on ..", "patient to be seen in clinic on ..".
    let begins = before
        .split_whitespace()
        .next()
        .is_some_and(|word| PLANS.contains(&word));
    let infinitive = [" to follow ", " to be "]
        .iter()
        .any(|verb| format!(" {before} ").contains(verb));
    if begins || infinitive {
        return true;
    }
    let asked = ["please ", "plan: "].iter().find_map(|lead| before.strip_prefix(lead));
    let words = asked.unwrap_or(&before).trim_start();
    let Some(rest) = ["follow up", "follow-up", "f/u"]
        .iter()
        .find_map(|lead| words.strip_prefix(lead))
    else {
        return false;
    };
    let rest = rest.trim();
    let appointment = ["appointment", "appt"].iter().any(|word| rest.starts_with(word))
        && (rest.ends_with(':') || rest.ends_with(" on"));
    let with = rest.starts_with("with ") && rest.ends_with(" on") && line.ends_with('.');
    let noted = rest
        .split_whitespace()
        .any(|word| matches!(word, "visit" | "note" | "encounter"));
    !noted && (asked.is_some() || with || appointment)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::{language::Language, pack::pack};

    #[test]
    fn knows_heads() {
        let check = |line: &str, expect: Option<(Section, bool)>| {
            assert_eq!(
                head(line, Section::Other, pack(Language::English)).map(|h| (h.section, h.alone)),
                expect,
                "{line}"
            );
        };
        check("CHIEF COMPLAINT", Some((Section::ChiefComplaint, true)));
        check("## Medications:", Some((Section::Medications, true)));
        check("Allergies: penicillin (rash)", Some((Section::Allergies, false)));
        check("**Plan:** stop metformin", Some((Section::Plan, false)));
        check("Drug allergies - Penicillin", Some((Section::Allergies, false)));
        check("Allergy - seen by Dr. Chen", None);
        check("Plan - stop metformin", None);
        check("INTERPRETER STATEMENT", Some((Section::Other, true)));
        check("BP: 130/80", None);
        check("Plan to see her again.", None);
        check("- Eyes: Denies changes", None);
        check("HR 90", None);
        // Behind a bullet capitals are an item, but for a colon or the name of a section.
        for item in ["- PENICILLIN", "* GERD", "- COPD", "  - LATEX", "+ HYPERTENSION"] {
            check(item, None);
        }
        check("- CARDIOVASCULAR:", Some((Section::Other, true)));
        check("- MEDICATIONS", Some((Section::Medications, true)));
        check("- FAMILY HX", Some((Section::FamilyHistory, true)));
        check("**MEDICATIONS**", Some((Section::Medications, true)));
        check("# GERD", Some((Section::Other, true)));
    }

    #[test]
    fn knows_heads_behind_bullets_in_lists() {
        use Section::{Allergies, FamilyHistory, Medications, Other, PastHistory, Plan};
        for (line, before, expect) in [
            ("- FAMILY HISTORY", Allergies, FamilyHistory),
            ("- FAMILY HX", PastHistory, FamilyHistory),
            ("- FAMILY HISTORY", Plan, FamilyHistory),
            ("- MEDICATIONS", PastHistory, Medications),
            ("- MEDICATIONS", Allergies, Other),
            ("- MEDICATIONS", Plan, Other),
            ("- DRUG ALLERGIES", Allergies, Allergies),
        ] {
            let found = head(line, before, pack(Language::English)).map(|head| head.section);
            assert_eq!(found, Some(expect), "{line} in {before:?}");
        }
        for (line, before) in [
            ("- LATEX", Allergies),
            ("- COLON CANCER", PastHistory),
            ("- Family reunion", Plan),
        ] {
            assert!(head(line, before, pack(Language::English)).is_none(), "{line}");
        }
    }

    #[test]
    fn knows_the_lists_of_a_discharge() {
        for (head, expect) in [
            ("Discharge medications:", Some(true)),
            ("MEDICATIONS AT DISCHARGE", Some(true)),
            ("Medikation bei Entlassung:", Some(true)),
            ("Admission medications", Some(false)),
            ("Home meds:", Some(false)),
            ("Medikation bei Aufnahme", Some(false)),
            ("Medications", None),
            ("Current medications", None),
        ] {
            assert_eq!(at_discharge(head), expect, "{head}");
        }
    }

    #[test]
    fn knows_visits() {
        let check = |line: &str, expect: Option<&str>| {
            assert_eq!(
                visit(line, pack(Language::English)).map(|d| &line[d.start..d.end]),
                expect,
                "{line}"
            );
        };
        check("Visit date: 2023-04-05", Some("2023-04-05"));
        check("=== 2024-01-03 Progress note ===", Some("2024-01-03"));
        check("03/14/2022 - Follow-up visit, Dr. Chen", Some("03/14/2022"));
        check("OFFICE VISIT - March 14, 2022", Some("March 14, 2022"));
        check("DATE OF SERVICE: [DAY_4812TR]", Some("[DAY_4812TR]"));
        check("2024-01-03", Some("2024-01-03"));
        check("DOB: 03/14/1952", None);
        check("Next visit: 2024-01-03", None);
        for arranged in [
            "Follow up with cardiology on 2024-01-03.",
            "Follow-up appointment: 2024-01-03 at 10:00",
            "Please follow up 2024-01-03",
            "Plan: follow up 2024-01-03",
            "Needs neurology follow-up clinic on 2024-01-03",
            "Schedule follow-up visit on 2024-01-03",
            "Patient to be seen in clinic on 2024-01-03",
            "Patient to follow up in clinic on 2024-01-03",
        ] {
            check(arranged, None);
        }
        for visit in [
            "Patient seen in follow-up on 2024-01-03.",
            "Follow up on 2024-01-03",
            "Follow up with Dr. Jones on 2024-01-03:",
            "Patient returned for follow-up on 2024-01-03.",
            "Presented for follow-up with cardiology on 2024-01-03.",
            "Neurology follow-up clinic on 2024-01-03",
            "Diabetes follow up on 2024-01-03",
            "Follow-up appointment 2024-01-03",
            "Clinic visit 2024-01-03 (see scanned notes)",
            "Office visit 2024-01-03 - needs refills",
            "New patient to clinic 2024-01-03",
            "Follow-up visit: 2024-01-03",
            "Follow-up visit 2024-01-03 with Dr. Gray",
        ] {
            check(visit, Some("2024-01-03"));
        }
        check("Follow-up visit on 2024-01-03", Some("2024-01-03"));
        check("Office visit with cardiology on 2024-01-03", Some("2024-01-03"));
        check("Follow up note 2024-01-03", Some("2024-01-03"));
        check("A1c 7.9 on 2024-01-03", None);
        check(
            "The colonoscopy was done at the clinic on 2024-01-03 without complication.",
            None,
        );
    }
}
