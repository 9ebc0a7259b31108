//! What a note says is absent: a cue, the list after it, and the words that end its reach.
//!
//! The method is that of NegEx and ConText (Chapman 2001, Harkema 2009): cues, false cues, scope
//! terminators. The lists here are our own.

use super::{Scan, boxes, by_place, cues::bit, history::is_treated, listed::is_name, whose, words::Sort};
use crate::{
    fact::{Experiencer, Fact, FactKind, Section},
    lexicon::conditions,
};

/// A cue before the list.
#[rustfmt::skip]
const CUES: &[&[&str]] = &[
    &["no", "evidence", "of"], &["no", "signs", "of"], &["no", "sign", "of"], &["no", "history", "of"], &["no", "hx", "of"], &["no",
    "complaints", "of"], &["no", "known"], &["negative", "for"], &["absence", "of"], &["free", "of"], &["does",
    "not", "have"], &["did", "not", "have"], &["has", "not", "had"], &["not", "have"], &["denies", "having"],
    &["denies", "any"], &["denied", "any"], &["denies"], &["denied"], &["denying"], &["deny"], &["without", "any"],
    &["without"], &["no"], &["never", "had"], &["rules", "out"], &["ruled", "out"], &["doesn't", "have"], &["don't", "have"],
    &["didn't", "have"], &["hasn't", "had"], &["haven't", "had"], &["neither"],
    &["negatives"], &["negative"],
];

/// The first words of those.
pub(super) const FIRST: &[&str] = &[
    "no",
    "negative",
    "absence",
    "free",
    "does",
    "did",
    "has",
    "not",
    "denies",
    "denied",
    "denying",
    "deny",
    "without",
    "never",
    "rules",
    "ruled",
    "doesn't",
    "don't",
    "didn't",
    "hasn't",
    "haven't",
    "neither",
    "negatives",
];

/// Words after "no" or "without" that make it no denial.
#[rustfmt::skip]
const FALSE_AFTER: &[&str] = &[
    "change", "changes", "increase", "longer", "further", "more", "need", "difficulty", "known", "additional",
    "other", "new", "problem", "problems", "later", "one", "show", "acute", "significant", "complications",
    "refills", "matter", "incident", "way",
];

/// Words that end the reach of a cue.
#[rustfmt::skip]
const ENDS: &[&str] = &[
    "but", "however", "except", "although", "though", "reports", "endorses", "admits", "states", "complains",
    "positive", "still", "aside", "apart", "which", "because", "since", "who", "where", "unless", "and/or", "is",
    "was", "are", "were", "has", "had", "have", "will", "she", "he", "they", "patient", "does", "did", "if", "when",
    "while", "that", "continues", "presents", "takes", "worse", "until", "i", "we", "lives", "works", "drinks", "smokes", "married", "retired", "s/p",
];

/// Verbs of a clause that tells what is there. Before a noun none of them is an adjective.
#[rustfmt::skip]
const TELLS: &[&str] = &[
    "shows", "demonstrates", "reveals", "suggests", "indicates", "develops", "showed", "revealed", "demonstrated", "developed", "experienced", "presented",
    "complained",
];

/// Whether a word is such a verb.
pub(super) fn tells(word: &str) -> bool {
    TELLS.contains(&word)
}

/// Whether a clause with a verb of its own begins behind the "and" at token `at`, to which a denial before it does not reach: "no ischemia and
/// demonstrates atrial fibrillation". "No rash or developed hives" goes on.
pub(super) fn begins_clause(words: &super::words::Words<'_>, at: usize) -> bool {
    let verb = at
        + 1
        + usize::from(matches!(
            words.word(at + 1),
            Some("then" | "instead" | "later" | "subsequently")
        ));
    // "No joint pain and developed no rash", but not "and developed or worsened".
    words.word(at) == Some("and")
        && words.word(verb).is_some_and(tells)
        && words.sort(verb + 1).is_some_and(|sort| sort != Sort::Mark)
}

/// Words at which an item ends though the list goes on.
const ITEM_ENDS: &[&str] = &[
    "at",
    "today",
    "during",
    "currently",
    "noted",
    "seen",
    "this",
    "over",
    "from",
    "by",
    "to",
    "as",
    "on",
    "with",
    "associated",
];

/// Words that begin no item.
#[rustfmt::skip]
const LEADS: &[&str] = &[
    "any", "a", "an", "the", "of", "for", "recent", "active", "current", "having", "her", "his", "either",
    "symptoms", "signs", "some", "other", "further", "new", "acute", "significant", "frank", "focal", "associated",
    "obvious",
];

/// Words that deny what stands before them: "chest pain: none", "dyspnea - denied".
const AFTERWARDS: &[&str] = &[
    "none", "no", "negative", "neg", "denied", "denies", "absent", "nil", "n", "never",
];

/// Those that need no mark between.
const PLAIN: &[&str] = &[
    "negative",
    "denied",
    "absent",
    "excluded",
    "nr",
    "nonreactive",
    "non-reactive",
];

/// Whether what ends before token `to` is denied right after it: "chest pain: none", "chest pain? no.", "dyspnea (-)", "PE ruled out",
/// "edema absent". "Pain: no relief" denies something else.
pub(super) fn denied_after(scan: &Scan<'_>, to: usize) -> bool {
    let words = &scan.words;
    let mark = matches!(words.any(to), Some(":" | "-" | "\u{2013}" | "?" | "=" | "(" | ","));
    // "Hepatitis a negative".
    let kind = scan.has(to.saturating_sub(1), to, &["hepatitis", "influenza"])
        && words.word(to).is_some_and(|word| word.len() == 1)
        && scan.has(to + 1, to + 2, PLAIN);
    let mut at = to + usize::from(mark || kind);
    while matches!(
        words.word(at),
        Some("is" | "was" | "were" | "are" | "been" | "has" | "have")
    ) {
        at += 1;
    }
    // "Asthma, but this was later ruled out".
    let told_later = matches!(words.word(to), Some("but" | "which"))
        && scan.has(to, to + 3, &["this", "it", "that", "which"])
        && (to..to + 6).any(|i| words.word(i) == Some("ruled") && words.word(i + 1) == Some("out"))
        && !scan.has(to, to + 6, &["not", "never", "cannot"]);
    if told_later || was_not_found(scan, to) || boxes::says_no(words, to) {
        return true;
    }
    match words.word(at) {
        Some("not") if mark => matches!(words.word(at + 1), Some("present" | "found" | "seen" | "detected")),
        Some("no") if !mark => words.any(at + 1).is_none_or(|next| matches!(next, "." | "," | ";")),
        Some("ruled") => words.word(at + 1) == Some("out"),
        Some(word) if PLAIN.contains(&word) => {
            words.word(at + 1) != Some("not") && !(mark && words.any(to) == Some(","))
        }
        Some(word) => {
            let alone = words
                .any(at + 1)
                .is_none_or(|next| matches!(next, "." | "," | ";" | ")" | "/"));
            mark && words.any(to) != Some(",") && alone && AFTERWARDS.contains(&word)
        }
        None => {
            let open = to + usize::from(words.any(to) == Some(":"));
            !by_place::signs_lead(words) && (0..3).all(|k| words.any(open + k) == ["(", "-", ")"].get(k).copied())
        }
    }
}

/// Whether token `at` begins "doesn't have", "hasn't had", or "neither asthma nor gout" after a word of having or before one of finding.
pub(super) fn lacks(scan: &Scan<'_>, at: usize) -> bool {
    match scan.words.word(at) {
        Some("doesn't" | "don't" | "didn't") => scan.words.word(at + 1) == Some("have"),
        Some("hasn't" | "haven't") => scan.words.word(at + 1) == Some("had"),
        Some("neither") => {
            scan.has(at.saturating_sub(1), at, &["has", "have", "had", "with"]) || neither_was_found(scan, at)
        }
        _ => false,
    }
}

/// Whether "neither" at token `at` begins "neither fever nor chills were noted". "Neither pain nor swelling has improved" denies none of them.
fn neither_was_found(scan: &Scan<'_>, at: usize) -> bool {
    let end = (at + 1..scan.words.len())
        .find(|i| matches!(scan.words.any(*i), Some("." | ";" | "," | "but")))
        .unwrap_or(scan.words.len());
    // "Reports neither nausea nor vomiting": nothing is said of them but their names.
    let alone = |nor: usize| known_len(scan, nor + 1).is_some_and(|len| nor + 1 + len == end);
    let nor = (at + 1..end).find(|i| scan.words.word(*i) == Some("nor"));
    known_in(scan, at + 1, at + 2) && (scan.has(at + 1, end, FOUND) || nor.is_some_and(alone))
}

/// Words that say of a sign that somebody found it.
#[rustfmt::skip]
const FOUND: &[&str] = &[
    "noted", "present", "reported", "seen", "found", "observed", "detected", "documented", "appreciated", "identified", "evident", "endorsed",
];

/// Whether "was not noted" stands behind what ends before token `to`, or behind the rest of its list: "fever and chills were not noted".
fn was_not_found(scan: &Scan<'_>, to: usize) -> bool {
    let mut at = to;
    while matches!(scan.words.any(at), Some("and" | "or" | ","))
        && let Some(len) = known_len(scan, at + 1)
    {
        at += 1 + len;
    }
    let verb = match scan.words.word(at) {
        Some("was" | "were") if scan.words.word(at + 1) == Some("not") => at + 2,
        Some("wasn't" | "weren't") => at + 1,
        _ => return false,
    };
    // "Not noted until today", "not seen by surgery" say something else.
    let ends = scan
        .words
        .any(verb + 1)
        .is_none_or(|next| matches!(next, "." | ";" | "," | "and" | "but"));
    scan.has(verb, verb + 1, FOUND) && ends
}

/// Finds denials.
pub(crate) fn find(scan: &mut Scan<'_>) {
    if matches!(
        scan.section,
        Section::Medications | Section::Allergies | Section::Header
    ) {
        return;
    }
    if !scan.words.has(bit::DENIAL) {
        return;
    }
    let mut i = 0;
    // Whose the last denial was, and where its list ended: "her son has no fever and no cough".
    let mut last: Option<(&'static str, usize)> = None;
    while i < scan.words.len() {
        let begins = scan.words.may(i, bit::DENIAL);
        let cue = CUES
            .iter()
            .take(if begins { CUES.len() } else { 0 })
            .filter(|cue| cue.iter().enumerate().all(|(k, w)| scan.words.word(i + k) == Some(*w)))
            .filter_map(|cue| cue_len(scan, i, cue))
            .max();
        let Some(len) = cue else {
            i += 1;
            continue;
        };
        let weak = len == 1 && matches!(scan.words.word(i), Some("no" | "without"));
        // "Neither she nor her mother" is about who.
        let of_whom = scan.words.word(i) == Some("neither") && !lacks(scan, i);
        if scan.is_taken(i) || of_whom || (weak && false_cue(scan, i + 1)) {
            i += len;
            continue;
        }
        let goes_on =
            last.filter(|(_, end)| (*end..i).all(|at| matches!(scan.words.any(at), Some("," | "and" | "or" | "nor"))));
        let who = relative_without(scan, i).or(goes_on.map(|(who, _)| who));
        let mut found = Vec::new();
        i = items(scan, i + len, weak, &mut found).max(i + len);
        // Of a list that names an illness all is the relative's: "her mother had no DVT or clotting disorder".
        let ill = found.iter().any(|(_, from, to)| known_in(scan, *from, *to));
        for (mut fact, from, to) in found {
            if let Some(who) = who.filter(|_| ill) {
                fact.kind = FactKind::FamilyHistory;
                fact.experiencer = Experiencer::Relative(who.to_owned());
            }
            scan.tell(fact, from, to);
        }
        last = who.map(|who| (who, i));
    }
}

/// Whether the "negatives" at token `at` stand in a label for what is there, too: "Pertinent positives and negatives: chest pain", "False negatives:".
pub(super) fn names_both(words: &super::words::Words<'_>, at: usize) -> bool {
    let other = ["positives", "positive", "false", "true"];
    (at.saturating_sub(3)..at).any(|i| words.word(i).is_some_and(|word| other.contains(&word)))
}

/// The tokens of a cue that stands at token `at`, and of the colon behind it where it is a label: "denies: fever, cough". A bare "negative" is a
/// cue only as the label of its line: "Negative: fever", but not "rapid flu negative: fever".
fn cue_len(scan: &Scan<'_>, at: usize, cue: &[&str]) -> Option<usize> {
    let colon = scan.words.any(at + cue.len()) == Some(":");
    let opens = !(0..at).any(|i| scan.words.sort(i) != Some(Sort::Mark));
    let bare = matches!(cue, ["negative"]);
    let both = matches!(cue, ["negatives"]) && names_both(&scan.words, at);
    (!both && (!bare || colon && opens)).then_some(cue.len() + usize::from(colon))
}

/// Whether a word before token `at` ends the reach of a denial: what stands behind it is a statement of its own.
pub(super) fn ends_before(words: &super::words::Words<'_>, at: usize) -> bool {
    (0..at).any(|i| words.word(i).is_some_and(|word| ENDS.contains(&word)))
}

/// "no change": no denial. "no other injuries" and "no new rash" are one when more follows.
fn false_cue(scan: &Scan<'_>, at: usize) -> bool {
    let Some(word) = scan.words.word(at) else { return true };
    if matches!(word, "other" | "new" | "acute" | "significant" | "further" | "known") {
        return scan
            .words
            .word(at + 1)
            .is_none_or(|next| FALSE_AFTER.contains(&next) || ENDS.contains(&next));
    }
    FALSE_AFTER.contains(&word)
}

/// Reads the list after a cue. Gives the token after it.
fn items(scan: &Scan<'_>, from: usize, weak: bool, found: &mut Vec<(Fact, usize, usize)>) -> usize {
    let mut start = from;
    let mut i = from;
    let mut count = 0;
    loop {
        let word = scan.words.any(i);
        let ends_list = match scan.words.sort(i) {
            None | Some(Sort::Number | Sort::Date | Sort::Holder) => true,
            Some(Sort::Mark) => !matches!(word, Some("," | "/" | "-" | "(" | ")")),
            _ => word.is_some_and(|w| ENDS.contains(&w)) || scan.is_taken(i),
        };
        let ends_item = ends_list
            || matches!(word, Some("," | "or" | "and" | "nor" | "/" | "(" | ")"))
            || word.is_some_and(|w| ITEM_ENDS.contains(&w));
        if ends_item {
            // Of "diabetes or take insulin" the verb is that of the medicine.
            let verb = i == start + 1 && scan.is_taken(i) && scan.words.may(start, bit::STATUS);
            if i > start && !verb {
                found.extend(item(scan, start, i).map(|fact| (fact, start, i)));
                count += 1;
            }
            if ends_list || (word.is_some_and(|w| ITEM_ENDS.contains(&w)) && !list_resumes(scan, i)) || count >= 40 {
                return i.max(from);
            }
            if word == Some(",") && is_treated(scan, i + 1) || begins_clause(&scan.words, i) {
                return i;
            }
            // After a plain "no", a clause that is no list item ends the reach.
            if weak && word == Some("and") && !known(scan, i + 1) {
                return i;
            }
            if word.is_some_and(|w| ITEM_ENDS.contains(&w)) {
                i = (i..scan.words.len())
                    .find(|k| matches!(scan.words.any(*k), Some("," | "or" | "nor")))
                    .unwrap_or(scan.words.len());
                start = i;
                continue;
            }
            start = i + 1;
        }
        i += 1;
    }
}

/// Whether the list goes on after a qualifier: a comma or "or" within six words, no end before it.
fn list_resumes(scan: &Scan<'_>, at: usize) -> bool {
    (at..at + 6)
        .map_while(|k| scan.words.any(k))
        .take_while(|w| !ENDS.contains(w) && *w != "." && *w != ";")
        .any(|w| matches!(w, "," | "or" | "nor"))
}

/// The relative of whom the cue at token `at` denies something: "her husband does not have", "mother has no". One who denies may speak of the patient.
pub(super) fn relative_without(scan: &Scan<'_>, at: usize) -> Option<&'static str> {
    let joint: &[&str] = match scan.words.word(at)? {
        "does" | "did" | "has" | "never" | "doesn't" | "don't" | "didn't" | "hasn't" | "haven't" => &[],
        "not" if scan.has(at.saturating_sub(1), at, &["do"]) => &["do"],
        "not" => &[],
        "no" | "neither" => &["has", "have", "had"],
        _ => return None,
    };
    let name = at.checked_sub(1 + usize::from(!joint.is_empty()))?;
    let follows = joint.is_empty() || scan.has(name + 1, at, joint);
    (follows && whose::is_relative(scan, name))
        .then(|| whose::before(scan, name + 1))
        .flatten()
}

fn known(scan: &Scan<'_>, at: usize) -> bool {
    known_in(scan, at, at + 3)
}

/// Whether a symptom or an illness begins at one of the tokens from `from` up to `to`.
fn known_in(scan: &Scan<'_>, from: usize, to: usize) -> bool {
    (from..to).any(|i| known_len(scan, i).is_some())
}

/// The tokens of the symptom or the illness that begins at token `at`.
fn known_len(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let lists = [conditions::symptoms(), conditions::diagnoses()];
    let found = lists.iter().filter_map(|list| list.at(|k| scan.words.word(at + k)));
    found.map(|(_, len)| len).max()
}

fn item(scan: &Scan<'_>, mut from: usize, to: usize) -> Option<Fact> {
    while from < to
        && scan
            .words
            .word(from)
            .is_none_or(|w| LEADS.contains(&w) || matches!(w, "or" | "and" | "nor" | "no"))
    {
        from += 1;
    }
    if from >= to || to - from > 7 {
        return None;
    }
    let mut fact = scan.fact(FactKind::Negation, from, to);
    // "never had ..", "no family history of ..": what is left over when the thing itself was taken by another fact.
    let last = to.checked_sub(1).and_then(|i| scan.words.word(i));
    let first = scan.words.word(from);
    let empty = matches!(last, Some("of" | "for" | "any"))
        || matches!(
            first,
            Some("allergy" | "allergies" | "ever" | "using" | "utilizing" | "previous" | "family")
        );
    if !is_name(&fact.concept) || empty {
        return None;
    }
    fact.negated = true;
    Some(fact)
}

#[cfg(test)]
mod first_words {
    #[test]
    fn every_cue_begins_with_one_of_the_first_words() {
        assert!(super::CUES.iter().all(|cue| super::FIRST.contains(&cue[0])));
        assert!(
            super::FIRST
                .iter()
                .all(|first| super::CUES.iter().any(|cue| cue[0] == *first))
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::note::tests::lines;

    #[test]
    fn a_label_of_positives_and_negatives_denies_nothing() {
        for label in [
            "Pertinent positives and negatives",
            "Positives/negatives",
            "ROS positives & negatives",
        ] {
            let text = format!("{label}: chest pain, no dyspnea");
            assert_eq!(
                lines(&text),
                ["problem: chest pain", "negation: dyspnea; absent yes"],
                "{label}"
            );
        }
        assert_eq!(lines("Pertinent negatives: dyspnea"), ["negation: dyspnea; absent yes"]);
    }

    #[test]
    fn a_clause_behind_an_and_is_not_denied() {
        let check = |text: &str, expect: &[&str]| assert_eq!(lines(text), expect, "{text}");
        check(
            "No ischemia and demonstrates atrial fibrillation.",
            &["problem: atrial fibrillation", "negation: ischemia; absent yes"],
        );
        check(
            "No chest pain and developed syncope.",
            &["problem: syncope", "negation: chest pain; absent yes"],
        );
        check(
            "He denies nausea and then developed vomiting.",
            &["problem: vomiting", "negation: nausea; absent yes"],
        );
        check(
            "No fever and showed no rash.",
            &["negation: fever; absent yes", "negation: rash; absent yes"],
        );
        // What has no verb of its own is of the list, and an "or" carries it on.
        let both = ["negation: chest pain; absent yes", "negation: syncope; absent yes"];
        check("No chest pain and syncope.", &both);
        check("No chest pain and no syncope.", &both);
        check("Denies chest pain or syncope.", &both);
        check(
            "Denies fever or developed rash.",
            &["negation: fever; absent yes", "negation: developed rash; absent yes"],
        );
        check(
            "No fever, cough and rash.",
            &[
                "negation: fever; absent yes",
                "negation: cough; absent yes",
                "negation: rash; absent yes",
            ],
        );
    }

    #[test]
    fn contractions_and_neither_deny() {
        let check = |text: &str, expect: &[&str]| assert_eq!(lines(text), expect, "{text}");
        for text in [
            "She doesn't have asthma.",
            "She doesn\u{2019}t have asthma.",
            "I don't have asthma.",
            "He didn't have asthma.",
            "He hasn't had asthma.",
        ] {
            check(text, &["negation: asthma; absent yes"]);
        }
        check(
            "She has neither asthma nor gout.",
            &["negation: asthma; absent yes", "negation: gout; absent yes"],
        );
        check(
            "Her brother doesn't have asthma.",
            &["family history: asthma; who brother; absent yes"],
        );
        check(
            "Neither fever nor chills were noted.",
            &["negation: fever; absent yes", "negation: chills; absent yes"],
        );
        check(
            "Neither cough nor rash has improved.",
            &["problem: cough", "problem: rash"],
        );
        check(
            "She reports neither nausea nor vomiting.",
            &["negation: nausea; absent yes", "negation: vomiting; absent yes"],
        );
        check(
            "Neither chest pain nor dyspnea, but has cough.",
            &[
                "problem: cough",
                "negation: chest pain; absent yes",
                "negation: dyspnea; absent yes",
            ],
        );
        check(
            "Fever and chills were not noted.",
            &["negation: Fever; absent yes", "negation: chills; absent yes"],
        );
        check("Fever was not noted until today.", &["problem: Fever"]);
        check(
            "Neither cough nor rash is better.",
            &["problem: cough", "problem: rash"],
        );
        check("Hepatitis a negative.", &["negation: Hepatitis; absent yes"]);
        check("It isn't pneumonia.", &[]);
        check("It isn't asthma, it's COPD.", &["problem: COPD"]);
        check("She doesn't know that she has asthma.", &["problem: asthma"]);
        check("She can't work because she has asthma.", &["problem: asthma"]);
    }

    #[test]
    fn what_a_relative_does_not_have_is_said_of_the_relative() {
        let check = |text: &str, expect: &[&str]| assert_eq!(lines(text), expect, "{text}");
        for (text, who) in [
            ("Her mother does not have asthma.", "mother"),
            ("Mother has no history of asthma.", "mother"),
            ("His brother never had asthma.", "brother"),
            ("Her husband did not have asthma.", "husband"),
        ] {
            check(text, &[&format!("family history: asthma; who {who}; absent yes")]);
        }
        check(
            "Her son has no fever and no cough.",
            &[
                "family history: fever; who son; absent yes",
                "family history: cough; who son; absent yes",
            ],
        );
        check(
            "Her son has no fever, she has no cough.",
            &[
                "family history: fever; who son; absent yes",
                "negation: cough; absent yes",
            ],
        );
        check(
            "Her mother had no history of DVT, PE or clotting disorder.",
            &[
                "family history: DVT; who mother; absent yes",
                "family history: PE; who mother; absent yes",
                "family history: clotting disorder; who mother; absent yes",
            ],
        );
        check(
            "Mother and father do not have asthma.",
            &["family history: asthma; who father; absent yes"],
        );
        check(
            "Both parents do not have asthma.",
            &["family history: asthma; who parents; absent yes"],
        );
        check(
            "She and her husband do not have asthma.",
            &["negation: asthma; absent yes"],
        );
        check("They do not have asthma.", &["negation: asthma; absent yes"]);
        check("Mother has no concerns.", &["negation: concerns; absent yes"]);
        check("She does not have asthma.", &["negation: asthma; absent yes"]);
    }

    #[test]
    fn reads_denials() {
        let check = |text: &str, expect: &[&str]| {
            let found: Vec<String> = lines(text)
                .into_iter()
                .filter_map(|l| {
                    l.strip_prefix("negation: ")
                        .map(|l| l.trim_end_matches("; absent yes").to_owned())
                })
                .collect();
            assert_eq!(found, expect, "{text}");
        };
        check(
            "The patient denies any chest pain, shortness of breath, or swelling in her legs.",
            &["chest pain", "shortness of breath", "swelling in her legs"],
        );
        check("Denies fever but reports cough.", &["fever"]);
        check("Mother denies fever.", &["fever"]);
        check("Mother has no concerns.", &["concerns"]);
        check("Here with her husband, no fever.", &["fever"]);
        check("She and her husband have no fever.", &["fever"]);
        check("Her husband does not have a fever.", &[]);
        check(
            "HPI: No fever, chills, cough, nausea, vomiting, diarrhea, chest pain, shortness of breath, or syncope.",
            &[
                "fever",
                "chills",
                "cough",
                "nausea",
                "vomiting",
                "diarrhea",
                "chest pain",
                "shortness of breath",
                "syncope",
            ],
        );
        check(
            "No papilledema. She has no other injuries.",
            &["papilledema", "injuries"],
        );
        check(
            "There is no evidence of fracture or dislocation.",
            &["fracture", "dislocation"],
        );
        check("SH: no EtOH, lives alone", &["EtOH"]);
        check("No change in therapy; no longer coughing.", &[]);
        check("No no seizure.", &["seizure"]);
        check("No fever, no chills.", &["fever", "chills"]);
        check("No fever and she is well.", &["fever"]);
        check(
            "Negative for nausea, vomiting and diarrhea.",
            &["nausea", "vomiting", "diarrhea"],
        );
    }
}
