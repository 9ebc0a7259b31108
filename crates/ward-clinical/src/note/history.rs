//! Problems, procedures, vaccines and follow-up in notes.

use super::{
    Scan,
    cues::bit,
    family::family,
    listed::{listed_beside, listed_problem, short_illness},
    medication,
    negation::{begins_clause, denied_after, lacks, names_both},
    social::social,
    words::Sort,
};
use crate::{
    fact::{Fact, FactKind, Section},
    lexicon::{Phrases, conditions, drugs},
    medicines::PLANNED,
};

/// Words before a condition that make it absent.
#[rustfmt::skip]
const NOT_HERE: &[&str] = &[
    "no", "denies", "denied", "without", "negative", "negatives", "not", "never", "ruled", "rules", "absence", "free",
];

/// Words that end the reach of those.
const BUT: &[&str] = &[
    "but", "however", "although", "reports", "endorses", "has", "except", "s/p",
];

/// Finds everything that this file is about.
pub(crate) fn find(scan: &mut Scan<'_>) {
    if scan.section == Section::Header {
        return;
    }
    if family(scan) {
        return;
    }
    known(scan, FactKind::Immunization, drugs::vaccines(), bit::VACCINE);
    known(scan, FactKind::Procedure, conditions::procedures(), bit::PROCEDURE);
    if scan.section != Section::Allergies {
        known(scan, FactKind::Problem, conditions::diagnoses(), bit::DIAGNOSIS);
        abbreviated(scan);
    }
    complaints(scan);
    listed_beside(scan);
    listed_problem(scan);
    social(scan);
    follow_up(scan);
}

/// Facts for every phrase of `list`, whose first words have `bit`, in the sentence.
fn known(scan: &mut Scan<'_>, kind: FactKind, list: &Phrases, bit: u16) {
    if !scan.words.has(bit) {
        return;
    }
    let mut i = 0;
    while i < scan.words.len() {
        let hit = if !scan.words.may(i, bit) || scan.is_taken(i) {
            None
        } else {
            list.at(|k| scan.words.word(i + k))
        };
        let Some((_, len)) = hit else {
            i += 1;
            continue;
        };
        let mut len = len;
        // "vaccine" after the name belongs to it; a plain "influenza" or "tetanus" needs it.
        if kind == FactKind::Immunization {
            let next = scan.words.word(i + len);
            if matches!(
                next,
                Some("vaccine" | "vaccination" | "booster" | "shot" | "immunization")
            ) {
                len += 1;
            } else if scan.section != Section::Immunizations
                && matches!(scan.words.word(i), Some("influenza" | "tetanus" | "pfizer" | "moderna"))
                && len == 1
            {
                i += 1;
                continue;
            }
        }
        let mut fact = scan.fact(kind, i, i + len);
        fact.negated = denied(scan, i) && !(kind == FactKind::Procedure && (shows(scan, i) || finds(scan, i + len)));
        let no_more = scan.has(i + len, i + len + 2, &["unlikely", "screening", "screen"])
            || scan.words.word(i + len) == Some("less") && scan.words.word(i + len + 1) == Some("likely");
        fact.status = standing(scan, kind, i, i + len).map(str::to_owned);
        let named = only_named(scan, i, i + len);
        if kind == FactKind::Problem && (fact.negated || no_more || named) {
            // The denial is told once, as such.
            i += len;
            continue;
        }
        if kind == FactKind::Problem && denied_after(scan, i + len) {
            (fact.kind, fact.negated, fact.status) = (FactKind::Negation, true, None);
        }
        if kind != FactKind::Problem && (not_done(scan, i + len) || declined_before(scan, i)) {
            fact.negated = true;
        } else if kind == FactKind::Procedure && (to_come(scan, i) || scheduled_after(scan, i + len))
            || kind != FactKind::Problem && due_after(scan, i + len)
        {
            fact.status = Some(PLANNED.to_owned());
        }
        if bit == bit::SYMPTOM
            && fact.kind == FactKind::Problem
            && let Some(drug) = side_effect(scan, i, i + len)
        {
            (fact.reason, fact.status) = (Some(drug), Some("inactive".to_owned()));
        }
        if matches!(kind, FactKind::Procedure | FactKind::Problem) {
            fact.site = side(scan, i, i + len).map(str::to_owned);
        }
        scan.take(i, i + len);
        scan.tell(fact, i, i + len);
        i += len;
    }
}

/// The longest of those abbreviations, in bytes.
const LONGEST_SHORT: usize = 5;

/// Illnesses by an abbreviation that may mean something else, right after words that only an illness follows: "history of MI", "h/o PE".
fn abbreviated(scan: &mut Scan<'_>) {
    let mut found = Vec::new();
    for i in 1..scan.words.len() {
        let written = scan.words.slice(i, i + 1);
        if !(2..=LONGEST_SHORT).contains(&written.len()) || !written.starts_with(|c: char| c.is_ascii_uppercase()) {
            continue;
        }
        let cue = match scan.words.word(i - 1) {
            Some("h/o" | "hx" | "s/p") => true,
            Some("prior" | "previous" | "recent" | "acute" | "old") => written == "MI",
            Some("of") => scan.has(i.saturating_sub(2), i - 1, &["history", "hx", "diagnosis", "died"]),
            _ => false,
        };
        if !cue {
            continue;
        }
        if let Some(len) = short_illness(scan, i)
            && !denied(scan, i)
            && !only_named(scan, i, i + len)
        {
            found.push((i, i + len));
        }
    }
    for (from, to) in found {
        let mut fact = scan.fact(FactKind::Problem, from, to);
        fact.status = standing(scan, FactKind::Problem, from, to).map(str::to_owned);
        scan.take(from, to);
        scan.tell(fact, from, to);
    }
}

/// Words after which a side is that of something else: "DVT after right hip replacement", "cancer s/p right mastectomy", "pain radiating to left arm".
#[rustfmt::skip]
const OF_ELSE: &[&str] = &[
    "after", "before", "following", "since", "from", "s/p", "s", "status", "post", "due", "secondary", "during", "while", "for", "by", "without", "requiring", "treated",
    "than", "versus", "vs", "radiating", "radiates", "radiated", "radiation",
];

/// The side that the words next to tokens `from..to` name: "left total knee arthroplasty", "knee replacement (right)", "cataract of the left eye".
fn side(scan: &Scan<'_>, from: usize, to: usize) -> Option<&'static str> {
    // "Knee pain, right?" asks.
    let direction = |at: usize| {
        scan.words.any(at + 1) == Some("?")
            || matches!(
                scan.words.word(at + 1),
                Some("now" | "away" | "handed" | "after" | "before")
            )
    };
    let named = |at: usize| match scan.words.word(at).filter(|_| !direction(at))? {
        "left" | "left-sided" | "lt" => Some("left"),
        "right" | "right-sided" | "rt" => Some("right"),
        // "Both parents".
        "both" if scan.words.may(at + 1, bit::RELATIVE) => None,
        "bilateral" | "bilaterally" | "bilat" | "both" => Some("bilateral"),
        _ => None,
    };
    let stops = |at: usize| {
        matches!(
            scan.words.any(at),
            Some("," | ";" | "." | "and" | "or" | "with" | "but")
        )
    };
    // "R hip replacement", but not "2 L".
    let letter = from.checked_sub(1).and_then(|at| match scan.words.slice(at, from) {
        "L" if scan.words.sort(at.wrapping_sub(1)) != Some(Sort::Number) => Some("left"),
        "R" => Some("right"),
        _ => None,
    });
    let before = (from.saturating_sub(3)..from)
        .rev()
        .take_while(|at| !stops(*at))
        .find_map(named)
        .or(letter);
    // After a comma only right there: "knee replacement, left".
    let comma = usize::from(scan.words.any(to) == Some(","));
    let reach = if comma == 1 { 1 } else { 4 };
    let another = |at: usize| scan.words.any(at).is_some_and(|word| OF_ELSE.contains(&word));
    before.or_else(|| {
        (to + comma..to + comma + reach)
            .take_while(|at| !another(*at) && !stops(*at))
            .find_map(named)
    })
}

/// The medicine that did what the symptom of tokens `at..to` names, once: "previously had cough on enalapril". An illness beside a medicine is
/// what that is for: "history of hypertension on lisinopril".
fn side_effect(scan: &Scan<'_>, at: usize, to: usize) -> Option<String> {
    let once = scan.has(at.saturating_sub(4), at, &["previously", "formerly", "past"])
        && scan.has(at.saturating_sub(3), at, &["had", "developed"]);
    let on = scan.has(to, to + 1, &["on", "with", "from"])
        || scan.has(to, to + 1, &["while"]) && scan.has(to + 1, to + 2, &["on"]);
    let drug = (to + 1..to + 4).find_map(|from| Some((from, medication::drug_at(scan, from)?)));
    let (from, len) = drug.filter(|_| once && on)?;
    Some(super::squeeze(&scan.words.told(from, from + len)))
}

/// Words after the name of an illness that make it the name of something else: "pregnancy test", "HIV screening".
#[rustfmt::skip]
const OF_ANOTHER: &[&str] = &[
    "test", "tests", "testing", "screen", "screens", "screening", "antibody", "antibodies", "titer", "titers", "vaccine", "vaccination", "shot", "shots",
    "prophylaxis", "alert", "precautions", "prevention", "education", "counseling", "clinic", "risk", "panel", "questionnaire",
];

/// Whether the illness of tokens `at..to` is only named there: "pregnancy test", "screening for diabetes", "return if syncope".
fn only_named(scan: &Scan<'_>, at: usize, to: usize) -> bool {
    let looked_for = scan.has(at.saturating_sub(1), at, &["for"])
        && scan.has(
            at.saturating_sub(2),
            at.saturating_sub(1),
            &["screening", "screen", "screened", "test", "testing", "risk"],
        );
    let symptom = conditions::symptoms().at(|k| scan.words.word(at + k)).is_some();
    let may_come = symptom && !scan.asks && scan.has(at.saturating_sub(8), at, &["if"]);
    // "I don't think this is a heart attack".
    let doubted = (at.saturating_sub(8)..at).any(|i| {
        scan.words
            .word(i)
            .is_some_and(|word| matches!(word, "don't" | "doesn't" | "not"))
            && scan.has(i + 1, i + 2, &["think", "believe", "suspect"])
            && scan.has(
                i + 2,
                i + 3,
                &[
                    "this", "it", "it's", "that", "that's", "you", "he", "she", "there", "there's",
                ],
            )
    });
    // The costovertebral angle.
    let angle = scan.has(at, to, &["cva"]) && scan.has(to, to + 1, &["tenderness"]);
    // "Worried about cancer".
    let feared = scan.has(at.saturating_sub(1), at, &["about"])
        && scan.has(
            at.saturating_sub(2),
            at.saturating_sub(1),
            &["worried", "worries", "concerned", "anxious", "nervous"],
        );
    feared
        || afraid_of_having(scan, at)
        || looked_for
        || may_come
        || doubted
        || angle
        || scan.has(to, to + 1, OF_ANOTHER)
}

/// Whether the words right before token `at` tell of the fear that somebody has it: "he fears he has cancer", "is afraid that she might have gout".
fn afraid_of_having(scan: &Scan<'_>, at: usize) -> bool {
    let back = |at: usize, list: &[&str]| at - usize::from(scan.has(at.saturating_sub(1), at, list));
    let verb = back(at, &["a", "an", "the"]);
    let person = back(
        back(verb, &["have", "has", "had", "be", "is"]),
        &["may", "might", "could"],
    );
    let that = back(person, &["he", "she", "they", "i", "it", "this"]);
    let fear = back(that, &["that"]);
    person < verb
        && that < person
        && scan.has(
            fear.saturating_sub(1),
            fear,
            &["fear", "fears", "feared", "afraid", "scared"],
        )
}

/// Whether the study at token `at` is what showed that something is not there: "no fracture on x-ray". Of "not on dialysis" and "denies being on
/// dialysis" it is the thing itself that is denied.
fn shows(scan: &Scan<'_>, at: usize) -> bool {
    let Some(on) = (at.saturating_sub(3)..at)
        .rev()
        .find(|i| scan.has(*i, *i + 1, &["on", "by", "per"]))
    else {
        return false;
    };
    let before = on.checked_sub(1).and_then(|i| scan.words.word(i));
    let joined = (on + 1..at).all(|i| scan.words.word(i).is_some());
    let of_patient = |word: &str| {
        NOT_HERE.contains(&word)
            || matches!(
                word,
                "being"
                    | "currently"
                    | "longer"
                    | "yet"
                    | "been"
                    | "is"
                    | "was"
                    | "placed"
                    | "put"
                    | "started"
                    | "going"
            )
    };
    joined && before.is_some_and(|word| !of_patient(word))
}

/// Whether what is denied is what the study before token `at` found: "no ECG changes".
fn finds(scan: &Scan<'_>, at: usize) -> bool {
    scan.has(
        at,
        at + 1,
        &["change", "changes", "abnormality", "abnormalities", "findings"],
    )
}

/// Words after a procedure that say that it was not done.
#[rustfmt::skip]
const UNDONE: &[&str] = &["cancelled", "canceled", "declined", "declines", "refused", "refuses", "deferred", "aborted", "omitted"];

/// Whether the words after a procedure, up to token `at`, say that it was not done: "was not done", "declined".
fn not_done(scan: &Scan<'_>, at: usize) -> bool {
    let clause = (at..at + 5).map_while(|i| {
        scan.words
            .any(i)
            .filter(|word| !matches!(*word, "." | ";" | "," | "and" | "but"))
    });
    let words: Vec<&str> = clause.collect();
    let verb = |word: &&str| {
        matches!(
            *word,
            "done" | "performed" | "obtained" | "completed" | "indicated" | "had" | "undergone" | "tolerated"
        )
    };
    let denied = words
        .iter()
        .position(|word| matches!(*word, "not" | "never" | "wasn't" | "weren't" | "hasn't"));
    words.iter().any(|word| UNDONE.contains(word)) || denied.is_some_and(|at| words.iter().skip(at).any(verb))
}

/// Whether the words right before token `at` refuse what it names: "declined the flu vaccine".
fn declined_before(scan: &Scan<'_>, at: usize) -> bool {
    let refused = (at.saturating_sub(3)..at)
        .rev()
        .map_while(|i| scan.words.word(i))
        .take_while(|word| *word != "and");
    refused
        .into_iter()
        .any(|word| matches!(word, "declined" | "declines" | "refused" | "refuses" | "deferred"))
}

/// Whether the words before token `at` say that a procedure is yet to come: "will schedule a colonoscopy".
fn to_come(scan: &Scan<'_>, at: usize) -> bool {
    let clause = (at.saturating_sub(6)..at)
        .rev()
        .map_while(|i| scan.words.word(i))
        .take_while(|word| {
            !matches!(
                *word,
                "and" | "after" | "since" | "was" | "had" | "underwent" | "showed"
            )
        });
    clause.into_iter().any(|word| {
        matches!(
            word,
            "will" | "schedule" | "scheduled" | "planned" | "planning" | "consider"
        )
    })
}

/// Words that say that what was scheduled or pending has come since.
#[rustfmt::skip]
const HAS_COME: &[&str] = &[
    "was", "were", "showed", "shows", "shown", "done", "completed", "performed", "revealed", "returned", "back", "read", "result", "results", "resulted",
    "normal", "benign", "negative", "positive", "last", "ago", "yesterday",
];

/// Whether the words after a procedure, from token `at` on, put it in the time to come: "colonoscopy scheduled", "MRI is planned for May". What
/// was scheduled and is done is no plan: "colonoscopy scheduled last year was normal".
fn scheduled_after(scan: &Scan<'_>, at: usize) -> bool {
    let verb = at + usize::from(scan.has(at, at + 1, &["is", "are"]));
    scan.has(verb, verb + 1, &["scheduled", "planned", "pending"]) && !scan.has(verb + 1, scan.words.len(), HAS_COME)
}

/// Whether the words after a study or vaccine, from token `at` on, say that it is yet to be done: "Tdap due", "colonoscopy is overdue".
fn due_after(scan: &Scan<'_>, at: usize) -> bool {
    let verb = at + usize::from(scan.has(at, at + 1, &["is", "are"]));
    // "Ultrasound due to pain" gives a reason.
    scan.has(verb, verb + 1, &["due", "overdue"])
        && !scan.has(verb + 1, verb + 2, &["to"])
        && !scan.has(verb + 1, scan.words.len(), HAS_COME)
}

/// What the words before tokens `at..to` say of a problem: suspected, or over ("no longer has"); or those after it ("resolved").
pub(super) fn standing(scan: &Scan<'_>, kind: FactKind, at: usize, to: usize) -> Option<&'static str> {
    let pack = scan.words.pack;
    if kind != FactKind::Problem {
        return None;
    }
    if (at.saturating_sub(6)..at)
        .any(|i| scan.words.word(i) == Some("longer") && scan.words.word(i.wrapping_sub(1)) == Some("no"))
    {
        return Some("inactive");
    }
    if scan.has(to, to + 3, &["resolved"]) {
        return Some("resolved");
    }
    if scan.has(to, to + 4, &["cured"]) {
        return Some("resolved");
    }
    if scan.words.word(to) == Some("in") && scan.has(to + 1, to + 3, &["remission"]) {
        return Some("remission");
    }
    let young = scan.has(to, to + 3, &["childhood"])
        || (scan.words.word(to) == Some("as")
            && matches!(scan.words.word(to + 2), Some("child" | "teenager" | "infant")));
    if young {
        return Some("inactive");
    }
    let clause = (at.saturating_sub(8)..at).rev().map_while(|i| {
        let word = scan.words.any(i)?;
        (!matches!(word, "," | ";" | "." | ":" | "due" | "secondary" | "has" | "with")).then_some(word)
    });
    let before = clause.into_iter().find_map(|word| match word {
        word if pack.suspected.contains(&word) => Some("suspected"),
        word if pack.past.contains(&word) => Some("inactive"),
        _ => None,
    });
    // "May have lupus", "could be gout".
    let verb = at - usize::from(scan.has(at.saturating_sub(1), at, &["a", "an", "some"]));
    let may = scan.has(verb.saturating_sub(1), verb, &["have", "be"])
        && scan.has(
            verb.saturating_sub(2),
            verb.saturating_sub(1),
            &["may", "might", "could"],
        );
    before.or_else(|| (may || doubted_after(scan, to)).then_some("suspected"))
}

/// Whether what ends before token `to` is doubted right after it: "lupus (possible)", "PE suspected", "lupus?".
fn doubted_after(scan: &Scan<'_>, to: usize) -> bool {
    let doubts = |at: usize| {
        scan.words
            .any(at)
            .is_some_and(|word| scan.words.pack.suspected.contains(&word))
    };
    let last = |at: usize| {
        scan.words
            .any(at + 1)
            .is_none_or(|next| matches!(next, "." | "," | ";" | ")"))
    };
    let mark = matches!(scan.words.any(to), Some("(" | "," | "-" | ":"));
    // The mark of a question is none of doubt.
    let versus = matches!(scan.words.word(to), Some("vs" | "versus"));
    // "Cannot be excluded", "not ruled out".
    let open = scan.has(to, to + 4, &["excluded", "ruled"]) && scan.has(to, to + 4, &["not", "cannot", "can't"]);
    versus
        || open
        || (doubts(to) && last(to) && !(scan.asks && scan.words.any(to) == Some("?")))
        || (mark && doubts(to + 1) && last(to + 1))
}

/// Whether a denial reaches token `at`.
pub(super) fn denied(scan: &Scan<'_>, at: usize) -> bool {
    let from = at.saturating_sub(12);
    if let Some(item) = affirmed_item(scan, at) {
        return scan.has(item, at, NOT_HERE);
    }
    let mut denied = false;
    // "It isn't asthma, it's COPD": a comma ends what such a verb denies.
    let mut by_verb = false;
    for i in from..at {
        match scan.words.any(i) {
            Some("." | ";") => denied = false,
            Some(",") if by_verb => (denied, by_verb) = (false, false),
            Some("isn't" | "aren't" | "wasn't" | "weren't") => (denied, by_verb) = (true, true),
            Some(word) if BUT.contains(&word) || begins_clause(&scan.words, i) => denied = false,
            Some("negatives") if names_both(&scan.words, i) => {}
            Some(word) if NOT_HERE.contains(&word) || lacks(scan, i) => (denied, by_verb) = (true, false),
            _ => {}
        }
    }
    denied || in_denied_list(scan, at)
}

/// Whether words of treatment say of the item of a list that begins at token `item` that it is there: "HTN, well controlled".
pub(super) fn is_treated(scan: &Scan<'_>, item: usize) -> bool {
    (item..item + 6)
        .map_while(|i| {
            scan.words
                .any(i)
                .filter(|word| !matches!(*word, "," | ";" | "." | "and" | "or" | "but"))
        })
        .any(|word| {
            matches!(
                word,
                "controlled" | "uncontrolled" | "diet-controlled" | "well-controlled"
            )
        })
}

/// The first token of the item of a list at `at`, where it, or one before it, stands after a comma and is said to be treated: "no MI, HTN
/// controlled, asthma". What is denied before that is another thing.
fn affirmed_item(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let commas = (at.saturating_sub(LIST)..at)
        .rev()
        .take_while(|i| !matches!(scan.words.any(*i), Some("." | ";")))
        .filter(|i| scan.words.any(*i) == Some(","));
    let commas: Vec<usize> = commas.collect();
    let last = commas.first().map(|comma| comma + 1)?;
    commas.iter().any(|comma| is_treated(scan, comma + 1)).then_some(last)
}

/// Longest list, in tokens, that one denial is followed over.
const LIST: usize = 120;

/// Whether token `at` stands in a list that a denial opens, however long: items of at most five words between commas, and no verb.
fn in_denied_list(scan: &Scan<'_>, at: usize) -> bool {
    let mut item = 0;
    for i in (at.saturating_sub(LIST)..at).rev() {
        match scan.words.any(i) {
            Some("and") if begins_clause(&scan.words, i) => return false,
            Some("," | "/" | "or" | "and" | "nor") => item = 0,
            Some("negatives") if names_both(&scan.words, i) => return false,
            Some("denies" | "denied" | "denying" | "no" | "without" | "negative" | "negatives") => return true,
            Some(
                "." | ";" | ":" | "is" | "was" | "were" | "are" | "had" | "have" | "with" | "presents" | "developed"
                | "because" | "now" | "then" | "since" | "who" | "which" | "he" | "she" | "they",
            ) => return false,
            Some(word) if BUT.contains(&word) => return false,
            _ => item += 1,
        }
        if item > 5 {
            return false;
        }
    }
    false
}

/// Words that make a symptom one that may come, or is asked about.
#[rustfmt::skip]
pub(super) const MAY_BE: &[&str] = &[
    "if", "should", "risk", "return", "call", "monitor", "watch", "prevent", "avoid", "may", "might", "could", "would", "cause", "causes", "signs", "warned",
    "advised", "side", "effects", "needed", "prn", "when", "screen", "screening", "rule", "evaluate", "worsening", "any", "develops", "develop", "resolved",
    "discussed", "explained", "educated", "allergy", "allergies", "reaction", "allergic", "family", "likely", "possible", "unless", "relieve", "relief",
];

/// Symptoms that the patient has: those named where the patient's state is told, not denied, and not as something that may come.
fn complaints(scan: &mut Scan<'_>) {
    let told_there = !matches!(
        scan.section,
        Section::Allergies
            | Section::Medications
            | Section::Instructions
            | Section::FamilyHistory
            | Section::SurgicalHistory
    );
    // "Bei Fieber Wiedervorstellung": a plan whose words for "if" and "in" are one tells of what may come.
    let may_come = scan.words.pack.translates() && scan.section == Section::Plan;
    if !told_there || may_come || !scan.words.has(bit::SYMPTOM) || (!scan.asks && scan.words.has(bit::MAY_BE)) {
        return;
    }
    known(scan, FactKind::Problem, conditions::symptoms(), bit::SYMPTOM);
}

/// Words that a follow-up begins with.
pub(super) const FOLLOW_UP: &[&str] = &[
    "follow-up",
    "followup",
    "f/u",
    "see",
    "rtc",
    "recheck",
    "follow",
    "return",
    "returns",
];

/// Units of the time until then.
#[rustfmt::skip]
const SPANS: &[&str] = &[
    "day", "days", "week", "weeks", "month", "months", "year", "years", "wk", "wks", "mo", "mos", "yr", "yrs",
];

/// "follow up in 3 months", "return in 2 weeks", "RTC 6 wks".
fn follow_up(scan: &mut Scan<'_>) {
    if !scan.words.has(bit::FOLLOW_UP) {
        return;
    }
    for i in 0..scan.words.len() {
        let cue = match scan.words.word(i) {
            Some("follow-up" | "followup" | "f/u" | "rtc" | "recheck") => 1,
            Some("follow") if scan.words.word(i + 1) == Some("up") => 2,
            Some("see") if scan.has(i + 1, i + 2, &["you"]) && scan.has(i + 2, i + 3, &["back", "again", "in"]) => 1,
            Some("return" | "returns") if matches!(scan.words.word(i + 1), Some("in" | "to" | "for")) => 1,
            _ => continue,
        };
        let Some(number) = (i + cue..(i + cue + 9).min(scan.words.len())).find(|k| {
            let counted = scan.words.sort(*k) == Some(Sort::Number)
                || matches!(
                    scan.words.word(*k),
                    Some("one" | "two" | "three" | "four" | "six" | "a" | "next")
                );
            counted && (*k + 1..*k + 4).any(|n| scan.has(n, n + 1, SPANS))
        }) else {
            continue;
        };
        let Some(end) = (number..number + 4).find(|n| scan.has(*n, *n + 1, SPANS)) else {
            continue;
        };
        let mut fact = Fact::new(FactKind::FollowUp, "follow-up", scan.section);
        fact.value = Some(super::squeeze(&scan.words.told(number, end + 1)));
        scan.tell(fact, 0, scan.words.len());
        return;
    }
}

#[cfg(test)]
mod tests;
