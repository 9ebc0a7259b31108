//! Whom a statement of a note is about, where that is not the patient: "her mother takes warfarin", "DVT in brother", "diabetes (mother only)".
//!
//! The nearest relative of the same clause counts, where a verb of having or taking (or nothing at all) ties it to what is said. A relative
//! who reports, brings or gives is no more than that.

use super::{Scan, cues::bit};
use crate::{fact::FactKind, lexicon::conditions};

/// Words after a relative that tie to it what follows.
#[rustfmt::skip]
const TIES: &[&str] = &[
    "has", "had", "have", "having", "with", "takes", "took", "taking", "uses", "used", "using", "on", "died", "suffers", "suffered", "diagnosed", "treated", "being",
    "allergic", "developed", "got", "history", "side", "also", "deceased", "smokes", "smoked", "drinks", "drank", "underwent", "w", ":", "(", "-", ",",
];

/// Of those, words that begin a statement about a relative after "and": "..., and her dad had a stroke". After "she and" they tell of both.
const BEGINS: &[&str] = &[
    "has",
    "had",
    "with",
    "takes",
    "took",
    "died",
    "suffers",
    "suffered",
    "developed",
    "diagnosed",
    "w",
];

/// Words after a relative that make it one who tells, helps or is there.
#[rustfmt::skip]
const INFORMS: &[&str] = &[
    "says", "said", "states", "stated", "reports", "reported", "notes", "noted", "notices", "noticed", "observed", "found", "thinks", "believes",
    "feels", "wants", "asks", "asked", "worries", "worried", "concerned", "concerns", "denies", "denied", "confirms", "confirmed", "describes",
    "brings", "brought", "gave", "gives", "giving", "given", "called", "calls", "helps", "manages", "administers", "administered", "present", "here",
    "accompanied", "accompanies", "told", "tells", "refuses", "requests", "requested", "agrees",
];

/// Words before a relative that make it company or a source.
const BESIDE: &[&str] = &["with", "by", "per", "to", "from", "for", "via", "and", "between"];

/// Words that begin a clause of the patient's own.
const OWN: &[&str] = &[
    "she",
    "he",
    "i",
    "we",
    "you",
    "patient",
    "pt",
    "patient's",
    "himself",
    "herself",
];

/// Possessives before what is said: it is the patient's.
const HERS: &[&str] = &["her", "his", "my", "your", "their", "our"];

/// Verbs by which a patient takes what is another's.
const TAKES: &[&str] = &[
    "take",
    "takes",
    "took",
    "taken",
    "taking",
    "using",
    "used",
    "uses",
    "swallowed",
    "ingested",
    "tried",
];

/// The relative that tokens `from..to` are about, if it is one.
pub(super) fn whose(scan: &Scan<'_>, from: usize, to: usize) -> Option<&'static str> {
    if !scan.words.has(bit::RELATIVE) {
        return None;
    }
    after(scan, to).or_else(|| before(scan, from))
}

/// Whom a denial of several is about, and whether of all of them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Nobody {
    /// The family; not all of it where somebody is excepted.
    Family(bool),
    /// The patient and somebody who is no relative.
    Patient,
}

/// Of whom what begins at token `from` is denied, where that is of more than one: "no one in the family has cancer", but "except her mother";
/// "neither she nor her mother takes warfarin", "neither she nor her nurse noticed a rash".
pub(super) fn of_nobody(scan: &Scan<'_>, from: usize, kind: FactKind) -> Option<Nobody> {
    if let Some(nobody) = of_neither(scan, from, kind).filter(|_| !patient_does(scan, from)) {
        return Some(nobody);
    }
    let words = &scan.words;
    if kind != FactKind::Problem || !words.has(bit::FAMILY) {
        return None;
    }
    let family = (0..from)
        .rev()
        .take_while(|i| {
            let word = words.any(*i);
            !matches!(word, Some("." | ";" | "but" | "except") | None) && !word.is_some_and(|word| OWN.contains(&word))
        })
        .find(|i| words.word(*i) == Some("family"))
        .filter(|at| {
            let verb = at + 1 + usize::from(scan.has(at + 1, at + 2, &["member", "members"]));
            scan.has(verb, verb + 1, &["has", "have", "had"])
        })?;
    let all = !scan.has(from, words.len(), &["except", "besides", "than", "apart"]);
    if words.word(family.wrapping_sub(1)) == Some("no") {
        return Some(Nobody::Family(all));
    }
    let of = (0..family)
        .rev()
        .find(|i| !scan.has(*i, *i + 1, HERS) && !scan.has(*i, *i + 1, &["the", "immediate"]))
        .filter(|of| scan.has(*of, *of + 1, &["in", "of"]))?;
    let mut before = (0..of)
        .rev()
        .filter_map(|i| words.any(i))
        .skip_while(|word| *word == "else");
    let nobody = match before.next()? {
        "nobody" | "none" | "no-one" => true,
        "one" => before.next() == Some("no"),
        _ => false,
    };
    nobody.then_some(Nobody::Family(all))
}

/// Of whom what begins at token `from` is denied by "neither": "neither parent has diabetes", "neither her mother nor her father".
pub(super) fn of_neither(scan: &Scan<'_>, from: usize, kind: FactKind) -> Option<Nobody> {
    if !matches!(kind, FactKind::Problem | FactKind::Medication | FactKind::Allergy) {
        return None;
    }
    let words = &scan.words;
    let neither = (0..from)
        .rev()
        .take_while(|i| !matches!(words.any(*i), Some("." | ";" | "but" | "except") | None))
        .find(|i| words.word(*i) == Some("neither"))?;
    let (mut at, mut relatives, mut patient) = (neither + 1, false, false);
    while at < from {
        let nor = scan.has(at - 1, at, &["nor"]);
        // "Neither she nor her mother": the patient is one of the two.
        let own = scan.has(at, at + 1, OWN) && (nor || scan.has(at + 1, at + 2, &["nor"]));
        let is = words.word(at) == Some("parent") || relative(scan, at).is_some();
        let between = scan.has(at, at + 1, HERS) || scan.has(at, at + 1, &["of", "the", "a", "nor", "patient's"]);
        // "Neither she nor the baby": whoever the other is.
        let other = patient && !between && scan.has(at - 1, at, HERS) || patient && scan.has(at - 1, at, &["the", "a"]);
        if !(is || own || between || other) {
            break;
        }
        relatives |= is;
        patient |= own;
        at += 1;
    }
    let own = (at..from).any(|i| words.word(i).is_some_and(|word| OWN.contains(&word)));
    // What neither of two noticed or tells of is not there, and would be the patient's.
    let told =
        kind == FactKind::Problem && patient && scan.has(at, at + 1, &["noticed", "noted", "reports", "reported"]);
    if told && !own {
        return Some(Nobody::Patient);
    }
    let verb = match kind {
        FactKind::Problem => scan.has(at, at + 1, &["has", "have", "had"]),
        FactKind::Medication => scan.has(at, at + 1, &["takes", "take", "took", "uses", "use", "used"]),
        FactKind::Allergy => {
            scan.has(at, at + 1, &["is", "are", "was", "were"]) && scan.has(at + 1, at + 2, &["allergic"])
        }
        _ => false,
    };
    match (relatives, patient) {
        _ if own || !verb => None,
        (true, _) => Some(Nobody::Family(true)),
        (false, true) => Some(Nobody::Patient),
        (false, false) => None,
    }
}

/// Whether the patient has what begins at token `from` and was denied of others: "but the patient does", "though he has it".
fn patient_does(scan: &Scan<'_>, from: usize) -> bool {
    let words = &scan.words;
    (from..words.len()).any(|i| {
        let own = words.word(i).is_some_and(|word| OWN.contains(&word));
        let does = scan.has(i + 1, i + 2, &["does", "do", "did"]) && words.word(i + 2) != Some("not");
        own && (does || words.word(i + 1) == Some("has") && words.word(i + 2) == Some("it"))
    })
}

/// The relative that token `at` names, and whether as an owner ("mother's").
fn relative(scan: &Scan<'_>, at: usize) -> Option<(&'static str, bool)> {
    if !scan.words.may(at, bit::RELATIVE) {
        return None;
    }
    let word = scan.words.word(at)?;
    let bare = conditions::owner(word);
    conditions::relative(bare.unwrap_or(word)).map(|who| (who, bare.is_some()))
}

/// "in her brother", "(mother only)", "- father": right after it.
pub(super) fn after(scan: &Scan<'_>, to: usize) -> Option<&'static str> {
    if !matches!(scan.words.any(to), Some("in" | "(" | "-" | "\u{2013}")) {
        return None;
    }
    let mut at = to + 1;
    while matches!(
        scan.words.any(at),
        Some("her" | "his" | "my" | "your" | "their" | "patient's" | "the" | "a" | "both" | "one" | "in")
    ) {
        at += 1;
    }
    // "Penicillin (mother reports hives)" is the patient's.
    let informs = scan.has(at + 1, at + 2, INFORMS);
    relative(scan, at)
        .filter(|(_, owner)| !owner && !informs)
        .map(|(who, _)| who)
}

/// Whether token `at` names a relative who is no owner of what follows.
pub(super) fn is_relative(scan: &Scan<'_>, at: usize) -> bool {
    relative(scan, at).is_some_and(|(_, owner)| !owner)
}

/// The relative whose what begins at token `from` is, by the words before it.
pub(super) fn before(scan: &Scan<'_>, from: usize) -> Option<&'static str> {
    let words = &scan.words;
    let at = (0..from)
        .rev()
        .take_while(|i| {
            !matches!(
                words.any(*i),
                Some(";" | "." | "but" | "however" | "although" | "while")
            )
        })
        .find(|i| relative(scan, *i).is_some())?;
    let (who, owner) = relative(scan, at)?;
    let between = at + 1..from;
    // "My mom, she takes warfarin": the pronoun stands for her.
    let resumes = |i: usize| i == at + 1 || (i == at + 2 && words.any(at + 1) == Some(","));
    let own = between
        .clone()
        .any(|i| words.word(i).is_some_and(|word| OWN.contains(&word)) && !resumes(i));
    let hers = from
        .checked_sub(1)
        .filter(|last| *last > at)
        .and_then(|last| words.word(last))
        .is_some_and(|word| HERS.contains(&word));
    if own || hers {
        return None;
    }
    if owner {
        let taken = (0..at)
            .rev()
            .take(4)
            .any(|i| words.word(i).is_some_and(|word| TAKES.contains(&word)));
        return (between.len() <= 4 && !taken).then_some(who);
    }
    let company = (0..at)
        .rev()
        .find(|i| {
            !words
                .any(*i)
                .is_some_and(|word| HERS.contains(&word) || matches!(word, "the" | "a" | "maternal" | "paternal"))
        })
        .is_some_and(|i| match words.any(i) {
            Some("and") => !relative_before(scan, at) && !begins_anew(scan, i, at),
            Some(word) => BESIDE.contains(&word),
            None => false,
        });
    // "Mother of two with asthma" is the patient.
    // "Lives with her mother, who has dementia".
    let who_has = words.word(at + 1 + usize::from(words.any(at + 1) == Some(","))) == Some("who");
    if company && !who_has || words.any(at + 1) == Some("of") {
        return None;
    }
    let said = |i: usize| {
        let word = words.any(i)?;
        if TIES.contains(&word) || word == "an" && words.pack.translates() {
            // "Had noticed": what is had is a report.
            let next = words.word(i + 1).is_some_and(|next| INFORMS.contains(&next));
            Some(!next)
        } else {
            INFORMS.contains(&word).then_some(false)
        }
    };
    // "His mother, who is a nurse, gave him aspirin": a mark ties only where no verb says what she does.
    let mark = |i: usize| matches!(words.any(i), Some("," | ":" | "(" | "-"));
    let near = || between.clone().take(6);
    let verdict = near()
        .filter(|i| !mark(*i))
        .find_map(said)
        .or_else(|| between.clone().skip(6).take(4).find_map(said).filter(|ties| !ties))
        .or_else(|| near().any(mark).then_some(true));
    verdict.unwrap_or(between.is_empty()).then_some(who)
}

/// Whether the relative at token `at` begins a statement of its own after the "and" at token `joint`: "and her dad had a stroke", but not
/// "she and her dad had a cold".
fn begins_anew(scan: &Scan<'_>, joint: usize, at: usize) -> bool {
    let is = scan.has(at + 1, at + 2, &["is", "was"])
        && scan.has(
            at + 2,
            at + 3,
            &["allergic", "being", "on", "taking", "diagnosed", "treated"],
        );
    let verb = is || scan.words.word(at + 1).is_some_and(|word| BEGINS.contains(&word));
    let both = joint
        .checked_sub(1)
        .and_then(|i| scan.words.word(i))
        .is_some_and(|word| OWN.contains(&word));
    verb && !both
}

/// "Mother and sister": a relative stands right before the "and" before token `at`.
fn relative_before(scan: &Scan<'_>, at: usize) -> bool {
    at.checked_sub(2).is_some_and(|i| relative(scan, i).is_some())
}

#[cfg(test)]
mod tests {
    use crate::note::tests::lines;

    #[test]
    fn tells_whom_a_statement_is_about() {
        let check = |text: &str, expect: &[&str]| assert_eq!(lines(text), expect, "{text}");
        check(
            "Mother takes warfarin 5 mg daily.",
            &["family history: warfarin; dose 5 mg; freq daily; status taking; who mother"],
        );
        check(
            "Her husband's donepezil was increased to 10 mg.",
            &["family history: donepezil; dose 10 mg; status increased; who husband"],
        );
        // What she takes is hers to be warned of, whoever it was prescribed to.
        check(
            "She took her husband's donepezil 5 mg.",
            &["medication: donepezil; dose 5 mg"],
        );
        check("PMH: diabetes (mother only)", &["family history: diabetes; who mother"]);
        check("History of DVT in her brother.", &["family history: DVT; who brother"]);
        check(
            "ALLERGIES: penicillin (mother only)",
            &["family history: penicillin allergy; who mother"],
        );
        check(
            "Her mother is allergic to penicillin.",
            &["family history: penicillin allergy; who mother"],
        );
        check(
            "Mother died of a stroke at 80.",
            &["family history: stroke; who mother"],
        );
        check(
            "Mother and sister have breast cancer.",
            &["family history: breast cancer; who sister"],
        );
        check(
            "My mom, she takes lithium 300 mg.",
            &["family history: lithium; dose 300 mg; status taking; who mother"],
        );
        check(
            "Her mother has asthma and she has gout.",
            &["family history: asthma; who mother", "problem: gout"],
        );
        check(
            "Her mom has asthma and her dad had a stroke.",
            &[
                "family history: asthma; who mother",
                "family history: stroke; who father",
            ],
        );
        check(
            "Here with her mother who has gout.",
            &["family history: gout; who mother"],
        );
        check("Here with her mother who reports gout.", &["problem: gout"]);
        check(
            "No one in the family has gout or asthma.",
            &[
                "family history: gout; who family; absent yes",
                "family history: asthma; who family; absent yes",
            ],
        );
        check(
            "Nobody in her family had gout, but she has asthma.",
            &["family history: gout; who family; absent yes", "problem: asthma"],
        );
        check(
            "No one else in her family has gout except her sister.",
            &["family history: gout; who family"],
        );
        check("No one in the family has a car, she has gout.", &["problem: gout"]);
        check(
            "Neither she nor her mother has gout.",
            &["family history: gout; who family; absent yes"],
        );
        check(
            "Neither her mother nor she has gout.",
            &["family history: gout; who family; absent yes"],
        );
        check("Neither came, she and her mother have gout.", &["problem: gout"]);
        for (text, absent) in [
            ("No family member has gout.", "gout; who family"),
            ("Neither of the patient's parents had gout.", "gout; who family"),
            ("Neither she nor her sister takes warfarin.", "warfarin; who family"),
            (
                "Neither she nor her mother is allergic to penicillin.",
                "penicillin allergy; who family",
            ),
            ("Her daughter has no allergies.", "no known allergies; who daughter"),
            (
                "Her husband has no known drug allergies.",
                "no known allergies; who husband",
            ),
        ] {
            check(text, &[&format!("family history: {absent}; absent yes")]);
        }
        check(
            "No family member has gout or asthma.",
            &[
                "family history: gout; who family; absent yes",
                "family history: asthma; who family; absent yes",
            ],
        );
        check(
            "No family member has gout except her brother.",
            &["family history: gout; who family"],
        );
        check("No family members were here, she has gout.", &["problem: gout"]);
        check(
            "Neither she nor her nurse noticed a rash.",
            &["negation: rash; absent yes"],
        );
        check("Neither she nor the baby has fever.", &["negation: fever; absent yes"]);
        check(
            "Neither she nor her nurse came, but she has fever.",
            &["problem: fever"],
        );
        check("The family member who has gout is not here.", &["problem: gout"]);
        check("She has no family, and has gout.", &["problem: gout"]);
        check(
            "Neither she nor her sister came, she takes warfarin.",
            &["medication: warfarin; status taking"],
        );
        check(
            "Here with her mother, no known allergies.",
            &["allergy: no known allergies; absent yes"],
        );
        check(
            "Mother says she has no known allergies.",
            &["allergy: no known allergies; absent yes"],
        );
        check(
            "She and her husband have no known allergies.",
            &["allergy: no known allergies; absent yes"],
        );
        check("Her mother did not come, she has gout.", &["problem: gout"]);
        check("No one has asked the family. Gout.", &["problem: Gout"]);
        check("She has gout, and no one in the family helps.", &["problem: gout"]);
        check("MGM gout.", &["family history: gout; who grandmother"]);
        check(
            "Her sister has asthma and her mother is being treated for gout.",
            &["family history: asthma; who sister", "family history: gout; who mother"],
        );
        check(
            "ALLERGIES: penicillin, and her brother is allergic to latex",
            &["allergy: penicillin", "family history: latex allergy; who brother"],
        );
        check(
            "ALLERGIES: penicillin (mother reports hives)",
            &["allergy: penicillin; reaction hives"],
        );
        check(
            "His mother, who is a nurse, gave him aspirin 81 mg.",
            &["medication: aspirin; dose 81 mg"],
        );
        check("Mother, diabetic, asthma", &["family history: asthma; who mother"]);
        check("Grandmother w/ gout.", &["family history: gout; who grandmother"]);
        check("She and her husband had pneumonia.", &["problem: pneumonia"]);
        for patient in [
            "Mother reports asthma.",
            "Here with her husband for asthma.",
            "Her mother is worried about his asthma.",
            "Husband brought her in for asthma.",
            "Mother of two with asthma.",
        ] {
            check(patient, &["problem: asthma"]);
        }
        check(
            "She lives with her sister and has asthma.",
            &[
                "problem: asthma",
                "social: home = She lives with her sister and has asthma",
            ],
        );
    }
}
