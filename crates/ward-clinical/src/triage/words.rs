//! Phrases of notes that triage looks for, and what makes a phrase mean nothing: negation, other people, other times,
//! conditions. Texts are lower case here.

use std::sync::LazyLock;

use super::screen::Screen;
use crate::{
    lexicon::has_digit,
    note::{self, pack::Pack},
};

/// How oxygen is given, or that it is not.
pub(super) const OXYGEN: &[(&str, bool)] = &[
    ("room air", false),
    ("on ra", false),
    ("off oxygen", false),
    ("without oxygen", false),
    ("nasal cannula", true),
    ("non-rebreather", true),
    ("nonrebreather", true),
    ("venturi mask", true),
    ("face mask oxygen", true),
    ("oxygen mask", true),
    ("high-flow", true),
    ("high flow", true),
    ("bipap", true),
    ("cpap with oxygen", true),
    ("supplemental oxygen", true),
    ("supplemental o2", true),
    ("home oxygen", true),
    ("on oxygen", true),
    ("on o2", true),
    ("l nc", true),
    ("l/min oxygen", true),
    ("litres of oxygen", true),
    ("liters of oxygen", true),
    ("oxygen", true),
    ("intubated", true),
    ("ventilated", true),
];

/// Not alert: C, V, P and U of ACVPU.
pub(super) const ALTERED: &[&str] = &[
    "confused",
    "confusion",
    "disoriented",
    "delirious",
    "delirium",
    "obtunded",
    "lethargic",
    "stuporous",
    "comatose",
    "unresponsive",
    "responds to voice",
    "responsive to voice",
    "responds only to voice",
    "responds to pain",
    "responsive to pain",
    "responds only to pain",
    "altered mental status",
    "altered mentation",
    "unconscious",
    "avpu: v",
    "avpu: p",
    "avpu: u",
    "avpu v",
    "avpu p",
    "avpu u",
    "not alert",
    "difficult to arouse",
    "hard to wake",
    "acvpu: c",
];

/// Alert.
pub(super) const ALERT: &[&str] = &["alert", "a&o", "a and o", "avpu: a", "avpu a", "awake and oriented"];

/// [`may_tell`] of oxygen.
pub(super) const OF_OXYGEN: u8 = 1;

/// [`may_tell`] of how aware the patient is.
pub(super) const OF_AWARENESS: u8 = 2;

/// Of what a text may tell, as bits.
pub(super) fn may_tell(text: &str) -> u8 {
    static SCREEN: LazyLock<Screen> = LazyLock::new(|| {
        let oxygen = OXYGEN.iter().map(|(phrase, _)| (*phrase, OF_OXYGEN));
        let awareness = [ALTERED, ALERT, ORIENTED, COMA].into_iter().flatten();
        Screen::of(oxygen.chain(awareness.map(|phrase| (*phrase, OF_AWARENESS))))
    });
    SCREEN.may_stand(text)
}

const NEGATIONS: &[&str] = &[
    "no",
    "not",
    "denies",
    "denied",
    "denying",
    "without",
    "negative for",
    "never",
    "free of",
    "rules out",
    "ruled out",
    "absence of",
    "nor",
    "resolved",
    "doesn't have",
    "don't have",
    "didn't have",
    "hasn't had",
    "haven't had",
    "isn't",
    "wasn't",
    "no longer",
    "stopped",
];

const CONDITIONS: &[&str] = &[
    "if",
    "should you",
    "in case of",
    "return for",
    "call for",
    "risk of",
    "to prevent",
    "watch for",
    "monitor for",
    "unless",
    "when you",
    "signs of",
    "counseled on",
    "counselled on",
    "warned about",
    "return precautions",
    "to rule out",
    "rule out",
    "r/o",
    "screen for",
    "concern about future",
];

const OTHERS: &[&str] = &[
    "mother",
    "father",
    "sister",
    "brother",
    "aunt",
    "uncle",
    "grandmother",
    "grandfather",
    "daughter",
    "son",
    "husband",
    "wife",
    "cousin",
    "family history",
    "maternal",
    "paternal",
    "roommate",
    "partner",
];

const FORMERLY: &[&str] = &[
    "history of",
    "hx of",
    "h/o",
    "prior",
    "previous",
    "previously",
    "in the past",
    "years ago",
    "months ago",
    "last year",
    "status post",
    "s/p",
    "remote",
    "childhood",
    "former",
];

/// A text in lower case, with the plain apostrophe.
fn lower(text: &str) -> String {
    let lower = text.to_lowercase();
    match lower.contains('\u{2019}') {
        true => lower.replace('\u{2019}', "'"),
        false => lower,
    }
}

/// A sentence as patterns and phrases have it: in lower case, in English words where a pack has them.
pub(super) fn told(text: &str, pack: &'static Pack) -> String {
    match pack.translates() {
        true => lower(note::words::Words::by(text, pack).lower()),
        false => lower(note::without_empty_no(text).as_deref().unwrap_or(text)),
    }
}

/// Where `phrase` stands as words of its own.
pub(super) fn stands(text: &str, phrase: &str) -> Option<usize> {
    let apart = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
    text.match_indices(phrase).map(|(at, _)| at).find(|at| {
        let before = text.get(..*at).and_then(|head| head.chars().next_back());
        let after = text.get(at + phrase.len()..).and_then(|tail| tail.chars().next());
        // "2l nc": a unit may touch its number.
        (apart(before) || (phrase.starts_with("l ") && before.is_some_and(|c| c.is_ascii_digit()))) && apart(after)
    })
}

/// Characters before a phrase that are looked at.
const NEAR: usize = 400;

/// The part of the sentence before `at`, back to a "but" or a full stop.
fn clause_before(text: &str, at: usize) -> &str {
    let head = text.get(..at).unwrap_or("");
    // Eight words are shorter: a long text is not searched again for each of its phrases.
    let near = head.char_indices().rev().nth(NEAR).map_or(0, |(at, _)| at);
    let head = head.get(near..).unwrap_or(head);
    let start = [
        ". ",
        "; ",
        " but ",
        " however ",
        " although ",
        " except ",
        " and is ",
        " and was ",
        " and had ",
        ", has ",
        ", now ",
        " and has ",
        " reports ",
        " endorses ",
        " complains ",
        " admits ",
    ]
    .iter()
    .filter_map(|end| head.rfind(end).map(|found| found + end.len()))
    .chain(clause_of_verb(head))
    .max()
    .unwrap_or(0);
    head.get(start..).unwrap_or(head)
}

/// Where the last clause begins that has an "and" before it and a verb of its own: "no chest pain and developed ..".
fn clause_of_verb(head: &str) -> Option<usize> {
    head.rmatch_indices(" and ").find_map(|(at, and)| {
        let from = at + and.len();
        let rest = head.get(from..)?;
        let rest = rest.strip_prefix("then ").unwrap_or(rest);
        let (verb, _) = rest.split_once(' ')?;
        note::begins_clause(verb).then_some(from)
    })
}

/// Of that part what still speaks of the phrase at `at`: at most eight words.
fn before(text: &str, at: usize) -> &str {
    let clause = clause_before(text, at);
    let from = clause
        .char_indices()
        .rev()
        .filter(|(_, c)| *c == ' ')
        .nth(8)
        .map_or(0, |(at, _)| at);
    clause.get(from..).unwrap_or(clause)
}

fn any_before(text: &str, at: usize, list: &[&str]) -> bool {
    let clause = before(text, at);
    list.iter().any(|word| stands(clause, word).is_some())
}

/// Words that open a list of what is denied.
const LIST: &[&str] = &[
    "denies",
    "denied",
    "denying",
    "no",
    "negative for",
    "without",
    "free of",
    "absence of",
];

/// Most words of one item of such a list.
const ITEM: usize = 5;

/// Words that no item has: with one a list is over.
#[rustfmt::skip]
const NO_ITEM: &[&str] = &[
    "has", "had", "have", "is", "was", "are", "were", "came", "comes", "with", "presents", "presented", "developed", "develops", "started", "now", "then",
    "because", "since", "which", "who", "when", "while", "took", "yes", "positive", "he", "she", "they", "i", "patient",
];

/// Whether the phrase at `at` stands in a list that a word of [`LIST`] opens, however long: "denies fever, chills, cough or syncope".
fn in_denied_list(text: &str, at: usize, end: usize) -> bool {
    let clause = clause_before(text, at);
    LIST.iter().any(|cue| {
        clause.rmatch_indices(cue).any(|(from, _)| {
            let rest = clause.get(from..).unwrap_or("");
            let starts = !clause.get(..from).unwrap_or("").ends_with(char::is_alphanumeric);
            let list = rest.get(cue.len()..).unwrap_or("");
            let first = list.split_whitespace().next();
            let items = list.replace(" or ", ", ").replace(" and ", ", ").replace(" nor ", ", ");
            starts
                && stands(rest, cue) == Some(0)
                && !first.is_some_and(|first| NOT_DENIED.contains(&first))
                && items.contains(',')
                && (denies_both(cue, list, text, end) || !is_pair(list, text.get(at..).unwrap_or("")))
                && items.split([',', '/']).all(|item| {
                    let words: Vec<&str> = item.split_whitespace().collect();
                    words.len() <= ITEM && !words.iter().any(|word| NO_ITEM.contains(word))
                })
        })
    })
}

/// Whether what is denied and the phrase are the two parts of "no trauma, crushing chest pain", where nobody can tell whether the
/// second is denied too: one comma, nothing that joins, and the phrase ends it. What may be urgent is then not denied.
fn is_pair(list: &str, phrase_and_after: &str) -> bool {
    let after = phrase_and_after.split(['.', ';', '\n']).next().unwrap_or("");
    let joins = |part: &str| [" or ", " nor ", " and "].iter().any(|word| part.contains(word));
    list.matches(',').count() == 1 && !joins(list) && !after.contains(',') && !joins(after)
}

/// Whether a "denies" reaches the second of two things, which is the phrase alone: "denies cough, shortness of breath." "Denies drug use, chest pain
/// on the floor" goes on to tell.
fn denies_both(cue: &str, list: &str, text: &str, end: usize) -> bool {
    let after = text.get(end..).unwrap_or("").split(['.', ';', '\n']).next();
    cue.starts_with("den") && list.trim_end().ends_with(',') && after.is_none_or(|after| after.trim().is_empty())
}

/// Words after a "no" that make it one of them: "no relief of chest pain".
const NOT_DENIED: &[&str] = &[
    "getting",
    "sure",
    "able",
    "helping",
    "his",
    "her",
    "my",
    "relief",
    "improvement",
    "change",
    "response",
    "better",
    "improving",
    "resolving",
    "only",
];

/// Words that deny what stands before a mark and them: "chest pain: none".
const AFTERWARDS: &[&str] = &[
    "none", "no", "negative", "neg", "denied", "denies", "absent", "nil", "n", "never",
];

/// Words that deny so without a mark.
const PLAIN: &[&str] = &["negative", "denied", "absent", "none", "excluded"];

/// The phrase at bytes `at..end` is denied: by a word before it, or after it by "is absent", "resolved", ": none", "(-)".
pub(super) fn is_negated(text: &str, at: usize, end: usize) -> bool {
    let after: String = text.get(at..).unwrap_or("").chars().take(60).collect();
    let after = after.split(['.', ';', ',']).next().unwrap_or("");
    let clause = before(text, at);
    let denies = |word: &str| {
        clause.match_indices(word).any(|(from, _)| {
            let rest = clause.get(from..).unwrap_or("");
            let list = rest.get(word.len()..).unwrap_or("");
            let next = list.split_whitespace().next();
            let starts = !clause.get(..from).unwrap_or("").ends_with(char::is_alphanumeric);
            starts
                && stands(rest, word) == Some(0)
                && !next.is_some_and(|next| NOT_DENIED.contains(&next))
                && (denies_both(word, list, text, end) || !is_pair(list, text.get(at..).unwrap_or("")))
        })
    };
    NEGATIONS.iter().any(|word| denies(word))
        || in_denied_list(text, at, end)
        || denied_after(text, end)
        || [
            "is absent",
            "was absent",
            "has resolved",
            "have resolved",
            "resolved",
            "ruled out",
            "denied",
        ]
        .iter()
        .any(|word| stands(after, word).is_some())
}

/// Whether what follows the phrase that ends at byte `end` denies it at once: ": none", "- no", "? no.", "(-)", "negative".
fn denied_after(text: &str, end: usize) -> bool {
    let rest = text.get(end..).unwrap_or("").trim_start();
    let sign = rest.trim_start_matches([':', ' ']);
    if sign.starts_with("(-)") || sign.starts_with("(\u{2212})") {
        // "(+) chest pain (-) cough": there it is of what comes next.
        return !note::begins_with_sign(text);
    }
    let said = rest
        .trim_start_matches([':', '-', '\u{2013}', '?', '=', '('])
        .trim_start();
    let marked = said.len() < rest.len();
    let end = said.find(|c: char| !c.is_alphanumeric()).unwrap_or(said.len());
    let (word, after) = said.split_at(end);
    let next = after.trim_start();
    let alone = !next.starts_with(char::is_alphanumeric)
        || ["today", "now", "currently", "reported", "noted", "at "]
            .iter()
            .any(|time| next.starts_with(time));
    // "Chest pain free since the stent".
    if word == "free" && !next.starts_with("of ") {
        return true;
    }
    alone && (word == "no" || PLAIN.contains(&word) || (marked && AFTERWARDS.contains(&word)))
}

/// The phrase at `at` is about what may happen.
pub(super) fn is_hypothetical(text: &str, at: usize) -> bool {
    any_before(text, at, CONDITIONS) || is_advice(text, at)
}

/// The phrase at `at` stands in a sentence that says when to come: "Bei Atemnot bitte sofort vorstellen", as its English words. A time makes
/// it none.
fn is_advice(text: &str, at: usize) -> bool {
    let after = text.get(at..).unwrap_or("").split(['.', ';']).next().unwrap_or("");
    let comes = stands(after, "please").is_some_and(|from| stands(after.get(from..).unwrap_or(""), "return").is_some());
    comes
        && text.trim_start().starts_with("at ")
        && !["since", "now", "today", "yesterday", "currently"]
            .iter()
            .any(|time| stands(text, time).is_some())
}

/// The phrase at `at..end` is about somebody else: "her mother had ..", "cardiac arrest in father".
pub(super) fn is_of_another(text: &str, at: usize, end: usize) -> bool {
    let after = text
        .get(end..)
        .unwrap_or("")
        .split(['.', ';', ','])
        .next()
        .unwrap_or("");
    let mut after = after.split_whitespace();
    let whose = matches!(after.next(), Some("in" | "of"))
        && after
            .take(3)
            .find(|word| !matches!(*word, "his" | "her" | "the" | "my" | "a" | "patient's"))
            .is_some_and(|word| OTHERS.contains(&word));
    whose || any_before(text, at, OTHERS)
}

/// Words after a phrase that make it the name of something that is taught or kept from.
const TOPICS: &[&str] = &[
    "bias",
    "hazard",
    "hazards",
    "prevention",
    "education",
    "training",
    "counseling",
    "counselling",
    "awareness",
    "screening",
];

/// The phrase that ends at `end` is only part of a name: "overdose prevention", "choking hazard counseling".
pub(super) fn is_topic(text: &str, end: usize) -> bool {
    let rest = text
        .get(end..)
        .and_then(|rest| rest.strip_prefix([' ', '-']))
        .unwrap_or("");
    let word = rest.split(|c: char| !c.is_alphabetic()).next().unwrap_or("");
    TOPICS.contains(&word)
}

/// The phrase at `at..end` is what an allergy does, listed with it and of no day: "penicillin allergy: anaphylaxis".
pub(super) fn is_listed_reaction(text: &str, at: usize, end: usize) -> bool {
    let clause = before(text, at).trim_end();
    let listed = clause.contains("allerg") && clause.ends_with([':', '(', '-', '\u{2013}']);
    let rest = text.get(end..).unwrap_or("").split('.').next().unwrap_or("");
    let now = [
        "today",
        "now",
        "currently",
        "after",
        "this",
        "epinephrine",
        "minutes",
        "hour",
        "hours",
        "arrived",
    ];
    listed && !now.iter().any(|word| stands(rest, word).is_some())
}

/// What does not respond is no patient: "pupils unresponsive", "unresponsive to fluids", though "unresponsive to pain" is one.
pub(super) fn is_of_a_thing(text: &str, at: usize, end: usize) -> bool {
    let last = before(text, at).trim_end();
    let last = ["are", "is", "was", "were", "and", "fixed"]
        .iter()
        .fold(last, |rest, word| rest.strip_suffix(word).map_or(rest, str::trim_end));
    let thing = ["pupil", "pupils", "hypotension", "fever", "anemia", "rash", "symptoms"]
        .iter()
        .any(|thing| last.ends_with(thing));
    let mut after = text.get(end..).unwrap_or("").split_whitespace();
    let to = after.next() == Some("to")
        && !after.take(2).any(|word| {
            [
                "voice",
                "verbal",
                "pain",
                "painful",
                "stimuli",
                "stimulation",
                "command",
                "touch",
                "sternal",
                "any",
            ]
            .iter()
            .any(|own| word.starts_with(own))
        });
    thing || to
}

/// The phrase at `at` is about another time.
pub(super) fn is_of_another_time(text: &str, at: usize) -> bool {
    let after: String = text.get(at..).unwrap_or("").chars().take(50).collect();
    let after = after.split(['.', ';']).next().unwrap_or("").to_owned();
    // "Vor zwei Jahren": of what stands right before it, not of all of a list.
    let beside = after.split(',').next().unwrap_or("");
    let words: Vec<&str> = beside.split_whitespace().collect();
    let counted = |three: &[&str]| matches!(three, ["vor", count, "years"] if number(count).is_some());
    any_before(text, at, FORMERLY)
        || stands(beside, "in earlier years").is_some()
        || words.windows(3).any(counted)
        || [
            "years ago",
            "months ago",
            "last year",
            "in the past",
            "at age",
            "in childhood",
            "as a child",
        ]
        .iter()
        .any(|word| stands(&after, word).is_some())
}

/// True when a flow in litres stands beside the phrase: "2 L oxygen", "oxygen at 3 L/min".
pub(super) fn litres_beside(text: &str, at: usize) -> bool {
    let head: String = text.get(..at).unwrap_or("").chars().rev().take(16).collect();
    let head: String = head.chars().rev().collect();
    let tail: String = text.get(at..).unwrap_or("").chars().take(24).collect();
    [head, tail].iter().any(|part| {
        part.split_whitespace()
            .zip(part.split_whitespace().skip(1))
            .any(|(a, b)| number(a).is_some() && b.starts_with('l'))
            || part.split_whitespace().any(|word| {
                word.strip_suffix('l').and_then(number).is_some()
                    || word.strip_suffix("l/min").and_then(number).is_some()
            })
    })
}

/// "98% on 2 L", "on 4l/min": a flow without a word for what flows.
pub(super) fn is_on_litres(text: &str) -> bool {
    if !has_digit(text.as_bytes()) {
        return false;
    }
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')'))
        .filter(|w| !w.is_empty())
        .collect();
    let litre = |word: &str| {
        matches!(
            word.trim_end_matches('.'),
            "l" | "l/min" | "lpm" | "liters" | "litres" | "liter"
        )
    };
    words.windows(2).any(|two| match two {
        ["on" | "via" | "requiring", flow] => flow
            .trim_end_matches('.')
            .strip_suffix('l')
            .or_else(|| flow.strip_suffix("l/min"))
            .and_then(number)
            .is_some(),
        _ => false,
    }) || words.windows(3).any(|three| match three {
        ["on" | "via" | "requiring", flow, unit] => number(flow).is_some() && litre(unit),
        _ => false,
    })
}

/// "98% RA", "SpO2 98 RA": a saturation and the air that it was taken in, with no "on" between. RA alone may be an illness.
pub(super) fn is_on_air(text: &str) -> bool {
    if !has_digit(text.as_bytes()) || !text.as_bytes().windows(2).any(|two| two == b"ra") {
        return false;
    }
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '(' | ')' | '='))
        .filter(|word| !word.is_empty())
        .collect();
    let is_air = |word: &str| word.trim_end_matches('.') == "ra";
    let named = |word: &str| {
        matches!(
            word,
            "spo2" | "sao2" | "sat" | "sats" | "o2" | "o2sat" | "ox" | "saturation"
        )
    };
    words.windows(3).any(|three| match three {
        [name, value, air] if is_air(air) => {
            let number = |text: &str| text.parse::<f64>().is_ok_and(|value| (30.0..=100.0).contains(&value));
            value.strip_suffix('%').is_some_and(number)
                || (named(name) && number(value))
                || (*value == "%" && number(name))
        }
        _ => false,
    })
}

/// What counts are written after, of what the patient knows.
const ORIENTED: &[&str] = &["a&o", "ao", "aao", "a/o", "oriented"];

/// How many of person, place, time and situation the patient knows, where the text counts them: "A&Ox3", "oriented x 2".
pub(super) fn oriented(text: &str) -> Option<u8> {
    ORIENTED.iter().find_map(|name| {
        text.match_indices(name).find_map(|(at, _)| {
            let apart = !text.get(..at)?.ends_with(char::is_alphanumeric);
            let rest = text.get(at + name.len()..)?.trim_start();
            let count = rest.strip_prefix(['x', '\u{d7}'])?.trim_start().chars().next()?;
            let count = u8::try_from(count.to_digit(10)?).ok()?;
            (apart && count <= 4).then_some(count)
        })
    })
}

/// The names of the Glasgow Coma Scale.
const COMA: &[&str] = &["gcs", "glasgow coma scale", "glasgow coma score"];

/// The total of a Glasgow Coma Scale that is written in the text.
pub(super) fn coma_scale(text: &str) -> Option<u8> {
    let at = COMA.iter().find_map(|name| Some(stands(text, name)? + name.len()))?;
    let rest: String = text.get(at..)?.chars().take(24).collect();
    let digits: String = rest
        .chars()
        .skip_while(|c| !c.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .collect();
    digits.parse().ok().filter(|scale| (3..=15).contains(scale))
}

/// Whether a value is only a bound: "> 90", "≤ 36".
pub(super) fn is_bound(value: &str) -> bool {
    value.trim_start().starts_with(['<', '>', '\u{2264}', '\u{2265}'])
}

/// The number that a value begins with: of "146/84" the first, of "> 38.5" the one after the sign.
pub(super) fn number(text: &str) -> Option<f64> {
    let text = text.trim_start_matches(['<', '>', '~', '=', ' ', '\u{2248}', '\u{2264}', '\u{2265}']);
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    text.get(..end)?.trim_end_matches('.').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_in_their_sentences() {
        for (text, phrase, negated, other, another_time, hypothetical) in [
            ("denies chest pain or fever", "chest pain", true, false, false, false),
            (
                "chest pain since this morning",
                "chest pain",
                false,
                false,
                false,
                false,
            ),
            (
                "no fever but chest pain at rest",
                "chest pain",
                false,
                false,
                false,
                false,
            ),
            ("her mother had chest pain", "chest pain", false, true, false, false),
            ("history of chest pain", "chest pain", false, false, true, false),
            (
                "call 911 if you have chest pain",
                "chest pain",
                false,
                false,
                false,
                true,
            ),
            ("chest pain has resolved", "chest pain", true, false, false, false),
            ("chest pain two years ago", "chest pain", false, false, true, false),
        ] {
            let at = stands(text, phrase).unwrap();
            let got = (
                is_negated(text, at, at + phrase.len()),
                is_of_another(text, at, at + phrase.len()),
                is_of_another_time(text, at),
                is_hypothetical(text, at),
            );
            assert_eq!(got, (negated, other, another_time, hypothetical), "{text}");
        }
    }

    #[test]
    fn denials_after_the_phrase() {
        for (text, denied) in [
            ("chest pain: none.", true),
            ("chest pain - no", true),
            ("chest pain? no.", true),
            ("chest pain (-), dyspnea", true),
            ("chest pain = n", true),
            ("chest pain negative", true),
            ("chest pain: no relief with rest", false),
            ("chest pain - none of the usual drugs help", false),
            ("no relief of chest pain", false),
            ("denies fever, has chest pain", false),
            ("chest pain no, fever yes", true),
            ("chest pain: yes", false),
            ("chest pain free since stent", true),
            ("doesn't have chest pain", true),
            ("doesn't have his inhaler, chest pain", false),
            (
                "no fever, chills, cough, nausea, vomiting, diarrhea, rash, dysuria, or chest pain.",
                true,
            ),
            (
                "no fever, chills, cough, nausea, vomiting, diarrhea but chest pain",
                false,
            ),
            (
                "no fever, chills, cough, nausea, vomiting, came with severe chest pain",
                false,
            ),
            (
                "no relief from tylenol, ibuprofen, rest, ice, heat or massage of the chest pain",
                false,
            ),
            ("no trauma, crushing chest pain", false),
            ("denies drug use, chest pain on the floor", false),
            ("denies fever, cough, chest pain", true),
            ("denies cough, chest pain.", true),
            ("denies cough, crushing chest pain.", false),
            ("no fever or chest pain", true),
        ] {
            let at = stands(text, "chest pain").unwrap();
            assert_eq!(is_negated(text, at, at + 10), denied, "{text}");
        }
        for (text, count) in [
            ("a&ox3", Some(3)),
            ("aaox4", Some(4)),
            ("alert and oriented x 2", Some(2)),
            ("disoriented x3 days", None),
            ("a&o", None),
        ] {
            assert_eq!(oriented(text), count, "{text}");
        }
    }

    #[test]
    fn numbers_and_scales() {
        for (text, value) in [
            ("146/84", Some(146.0)),
            ("> 38.5", Some(38.5)),
            ("98.", Some(98.0)),
            ("high", None),
            ("", None),
        ] {
            assert_eq!(number(text), value, "{text}");
        }
        assert_eq!(coma_scale("gcs 15 (e4v5m6)"), Some(15));
        assert_eq!(coma_scale("gcs: 9"), Some(9));
        assert_eq!(coma_scale("gcs not done"), None);
        assert!(
            litres_beside("on 2 l oxygen", 7)
                && litres_beside("oxygen at 3 l/min", 0)
                && !litres_beside("needs oxygen tubing", 6)
        );
    }
}
