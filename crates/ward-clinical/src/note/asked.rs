//! Questions in notes and conversations, and what a plain answer makes of them.
//!
//! A question says nothing: "Are you allergic to penicillin?" is no allergy. With a plain yes or no right after it the two together
//! do: the fact is then quoted from both. Any other answer is left to speak for itself.

use std::{collections::HashSet, sync::LazyLock};

use super::{layout, squeeze};
use crate::{
    fact::{Fact, FactKind, Piece, Section},
    lexicon::{Plain, conditions, packed},
    medicines::CONSIDERED,
};

/// Words that begin a question which yes or no answers.
#[rustfmt::skip]
const OPENS: &[&str] = &[
    "are", "is", "do", "does", "did", "have", "has", "had", "was", "were", "any", "can", "could", "you", "you're", "you've", "still", "ever", "no",
    "taking", "nimmt", "nehmen", "haben", "hat", "sind", "ist",
];

/// Words that may stand before them.
const LEADS: &[&str] = &[
    "and", "so", "okay", "ok", "alright", "now", "um", "uh", "but", "also", "well", "then",
];

/// Both, as [`packed`] gives them.
static BEGINS: LazyLock<HashSet<u128, Plain>> = LazyLock::new(|| {
    let words = OPENS.iter().chain(LEADS);
    words.filter_map(|word| packed(word.as_bytes())).collect()
});

/// Persons a question may be about when no mark ends it.
const PERSONS: &[&str] = &["you", "your", "he", "she", "they", "there", "sie"];

/// Words that say yes at the beginning of an answer.
#[rustfmt::skip]
const YES: &[&str] = &["yes", "yeah", "yep", "yup", "correct", "absolutely", "definitely", "ja", "positive"];

/// Words that say no there.
const NO: &[&str] = &[
    "no", "nope", "nah", "never", "none", "negative", "nein", "denies", "denied",
];

/// Answers of two words.
#[rustfmt::skip]
const SHORT: &[(&str, &str, bool)] = &[
    ("i", "do", true), ("i", "am", true), ("i", "have", true), ("i", "did", true), ("that's", "right", true), ("of", "course", true),
    ("i", "don't", false), ("i", "haven't", false), ("i", "didn't", false), ("i'm", "not", false), ("not", "yet", false), ("not", "really", false),
    ("i", "wasn't", false), ("not", "currently", false), ("not", "that", false),
];

/// The words of a sentence without bullet and speaker, in lower case, with marks as words of their own.
fn words(sentence: &str) -> Vec<String> {
    let rest = sentence.get(layout::bullet(sentence)..).unwrap_or(sentence);
    let rest = layout::untagged(rest);
    let mut found = Vec::new();
    for word in rest.split_whitespace().take(8) {
        let bare = word.trim_end_matches([',', '.', '?', '!', ';']);
        if !bare.is_empty() {
            found.push(bare.to_lowercase().replace('\u{2019}', "'"));
        }
        if bare.len() < word.len() {
            found.push(",".to_owned());
        }
    }
    found
}

/// Whether a sentence asks.
pub(crate) fn is_question(sentence: &str) -> bool {
    if sentence
        .trim_end_matches([' ', '"', '\'', ')', '\u{201d}'])
        .ends_with('?')
    {
        return true;
    }
    // Few sentences begin so.
    let begins = layout::untagged(sentence.get(layout::bullet(sentence)..).unwrap_or(sentence));
    let first = begins
        .split(|c: char| !c.is_alphabetic() && c != '\'')
        .next()
        .unwrap_or("");
    if !packed(first.as_bytes()).is_some_and(|first| BEGINS.contains(&first)) {
        return false;
    }
    let words = words(sentence);
    let mut rest = words
        .iter()
        .skip_while(|word| LEADS.contains(&word.as_str()) || *word == ",");
    let (first, second) = (rest.next(), rest.next());
    first.is_some_and(|word| OPENS.contains(&word.as_str()) && word != "you" && word != "no")
        && second.is_some_and(|word| PERSONS.contains(&word.as_str()))
}

/// Whether a sentence of a section asks. A line of a list with a mark at one of its items does not: "HTN, DM, lupus?".
pub(crate) fn asks(sentence: &str, section: Section) -> bool {
    is_question(sentence) && !(LISTS.contains(&section) && is_list(sentence))
}

/// Sections that are lists.
const LISTS: &[Section] = &[
    Section::PastHistory,
    Section::SurgicalHistory,
    Section::Medications,
    Section::Allergies,
    Section::Assessment,
    Section::Immunizations,
];

/// Whether a sentence with a mark names several things and asks nobody.
fn is_list(sentence: &str) -> bool {
    let words = words(sentence);
    let person = words.iter().any(|word| PERSONS.contains(&word.as_str()));
    let first = words.first().map_or("", String::as_str);
    sentence.contains([',', ';']) && !person && !opens(&words) && !LEADS.contains(&first) && !OPEN.contains(&first)
}

/// Whether what a question names may be so: the sentence after it says yes, or it is a name with a mark ("Chest pain?") that no sentence
/// answers.
pub(crate) fn may_be_so(question: &str, next: &str) -> bool {
    match answer(&words(next)) {
        Some(answer) => answer == Answer::Yes,
        None => !opens(&words(question)),
    }
}

/// Whether a question begins as one that yes or no answers.
fn opens(words: &[String]) -> bool {
    let first = words
        .iter()
        .find(|word| !LEADS.contains(&word.as_str()) && *word != ",");
    first.is_some_and(|first| OPENS.contains(&first.as_str()))
}

/// A question that yes or no answers, waiting for it.
pub(crate) struct Asked {
    facts: Vec<Fact>,
    text: String,
    either: bool,
    /// Its last clause, in small letters, where it asks more than one thing: "You have asthma and you smoke?"
    last: Option<String>,
    /// It is a name with a mark and nothing else: "Lupus?".
    bare: bool,
}

/// Most words of a name with a question mark, with a dose and how often.
const NAME: usize = 8;

/// Words of questions that yes or no does not answer.
const OPEN: &[&str] = &[
    "what", "when", "where", "who", "why", "how", "which", "should", "was", "wie", "wann", "wo", "wer", "warum",
    "welche",
];

impl Asked {
    /// The question in `sentence`, whose words tell `facts`. None when a plain yes or no says nothing of them.
    pub(crate) fn of(sentence: &str, mut facts: Vec<Fact>) -> Option<Self> {
        // "Does anyone in your family have gout?"
        let of_family =
            letters(&sentence.to_lowercase()).any(|word| matches!(word, "family" | "relatives" | "familie"));
        for fact in facts
            .iter_mut()
            .filter(|fact| of_family && fact.kind == FactKind::Problem)
        {
            super::of_relative(fact, "family");
        }
        // "No redness, right?" denies no right, and "no gout, do you?" no "do you".
        let asks = ["right", "do you", "did you", "have you", "are you"];
        facts.retain(|fact| !(fact.kind == FactKind::Negation && asks.contains(&fact.concept.as_str())));
        let words = words(sentence);
        let first = words
            .iter()
            .find(|word| !LEADS.contains(&word.as_str()) && *word != ",")?;
        let opens = opens(&words);
        let bare = !opens && sentence.split_whitespace().count() <= NAME && !OPEN.contains(&first.as_str());
        // "No nausea or vomiting?" is denied by a no, and a yes to it says nothing.
        let alike = facts
            .windows(2)
            .all(|two| matches!(two, [a, b] if a.negated == b.negated));
        let plain = (opens || bare) && !facts.is_empty() && alike;
        // "You have gout and drink beer?" is two things, "You have gout and asthma?" two of a list.
        let told = without_tag(sentence);
        let apart = || {
            let last = ends_with(told)?;
            (!facts.iter().any(|fact| last.contains(&fact.concept.to_lowercase()))).then_some(last)
        };
        // "Do you have gout, and do you smoke? No." answers both.
        let last = first
            .starts_with("you")
            .then(|| last_clause(told).or_else(apart))
            .flatten();
        plain.then(|| Self {
            facts,
            text: squeeze(sentence.trim()),
            last,
            bare,
            either: sentence.split_whitespace().any(|word| matches!(word, "or" | "oder")),
        })
    }

    /// What a question says that nobody answered: of a list of problems or allergies, "Lupus?" is one that is suspected; of a list of
    /// medicines, "Gabapentin?" one that is thought of.
    pub(crate) fn unanswered(self, section: Section) -> Vec<Fact> {
        let bare = self.bare;
        let unclear = |kind: FactKind| match (section, kind) {
            (Section::PastHistory | Section::Assessment, FactKind::Problem) => Some("suspected"),
            (Section::Allergies, FactKind::Allergy) => Some("suspected"),
            (Section::Medications, FactKind::Medication) => Some(CONSIDERED),
            _ => None,
        };
        let listed = self.facts.into_iter().filter(|_| bare);
        listed
            .filter_map(|mut fact| {
                fact.status = Some(unclear(fact.kind)?.to_owned());
                Some(fact)
            })
            .collect()
    }

    /// Whether the sentence after the question answers it.
    pub(crate) fn is_answered(sentence: &str) -> bool {
        answer(&words(sentence)).is_some()
    }

    /// The facts that the question and the sentence after it tell together.
    pub(crate) fn answered(self, sentence: &str, piece: &Piece) -> Vec<Fact> {
        let words = words(sentence);
        let Some(answer) = answer(&words) else {
            return Vec::new();
        };
        // "Aspirin or ibuprofen? Yes": which?
        let unclear = answer == Answer::Yes && self.either && self.facts.len() > 1;
        let facts = if unclear { Vec::new() } else { self.facts };
        // "You have asthma and you smoke? No." answers the last of both at most.
        let last = self.last.filter(|_| answer != Answer::Yes);
        let meant = |fact: &Fact| {
            let asked = || {
                last.as_ref()
                    .is_none_or(|last| last.contains(&fact.concept.to_lowercase()))
            };
            fact.kind == FactKind::Social || asked()
        };
        facts
            .into_iter()
            .filter(meant)
            .filter_map(|mut fact| {
                match (answer, fact.kind) {
                    (Answer::No, _) if fact.negated => {}
                    _ if fact.negated => return None,
                    (_, FactKind::Social) => {
                        let said = sentence.get(layout::bullet(sentence)..).unwrap_or(sentence);
                        fact.value = Some(format!("{} {}", self.text, squeeze(layout::untagged(said).trim())));
                    }
                    (Answer::Stopped, FactKind::Medication) => fact.status = Some("stopped".to_owned()),
                    (Answer::Stopped, _) => return None,
                    (Answer::No, FactKind::Problem) => (fact.kind, fact.negated) = (FactKind::Negation, true),
                    // A value, a visit or a plan that was asked about and denied is none.
                    (Answer::No, FactKind::Lab | FactKind::Vital | FactKind::FollowUp | FactKind::Encounter) => {
                        return None;
                    }
                    (Answer::No, _) => fact.negated = true,
                    (Answer::Yes, _) => {}
                }
                fact.pieces.push(piece.clone());
                Some(fact)
            })
            .collect()
    }
}

/// A question without the words at its end that ask for a yes: "You take aspirin, don't you?"
fn without_tag(sentence: &str) -> &str {
    let Some((before, tag)) = sentence.rsplit_once(',') else {
        return sentence;
    };
    let words: Vec<String> = letters(&tag.to_lowercase()).map(str::to_owned).collect();
    let verb = words.first().is_some_and(|word| {
        SUBJECTS.contains(&word.as_str())
            || matches!(word.as_str(), "don" | "didn" | "haven" | "aren" | "isn" | "doesn")
    });
    let who = words
        .last()
        .is_some_and(|word| matches!(word.as_str(), "you" | "it" | "he" | "she" | "they"));
    if (2..=3).contains(&words.len()) && verb && who {
        before
    } else {
        sentence
    }
}

/// Words that join a clause to the one before it.
const JOINS: &[&str] = &["and", "but", "so"];

/// Words that begin such a clause: who it is about, or the verb of a question.
#[rustfmt::skip]
const SUBJECTS: &[&str] = &[
    "you", "you're", "you've", "your", "he", "she", "they", "it", "i", "we", "do", "does", "did", "are", "is", "was", "were", "have", "has", "had", "can", "will",
];

/// The last clause of a question in small letters, where another one stands before it: "Do you have asthma and are you taking metformin?" What the
/// clause before names is left out of it, for the answer may be about something else of the same: ".. and do you take anything for asthma?"
fn last_clause(sentence: &str) -> Option<String> {
    let said = layout::untagged(sentence.get(layout::bullet(sentence)..).unwrap_or(sentence));
    let said = said.to_lowercase().replace('\u{2019}', "'").replace(';', " ; ");
    let bare = said
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric() && c != ';'));
    let words: Vec<&str> = bare.filter(|word| !word.is_empty()).collect();
    let leads = words.iter().take_while(|word| LEADS.contains(word)).count();
    let begins = joined(&words, leads)?;
    let (before, last) = words.split_at(begins);
    let new = last.iter().filter(|word| !before.contains(word));
    Some(new.copied().collect::<Vec<_>>().join(" "))
}

/// The first word of the last of several clauses that are joined, none of them before word `from`.
fn joined(words: &[&str], from: usize) -> Option<usize> {
    let joins = |i: usize| words.get(i).is_some_and(|word| JOINS.contains(word) || *word == ";");
    let begins =
        |i: usize| words.get(i).is_some_and(|word| SUBJECTS.contains(word)) && words.get(i + 1) != Some(&"know");
    (from + 2..words.len()).rev().find(|i| joins(i - 1) && begins(*i))
}

/// What an answer says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    Yes,
    No,
    /// Of a medicine: it was taken and is no more.
    Stopped,
}

/// Whether a sentence says plainly yes (true) or no (false) to the question before it, and no more.
pub(crate) fn plainly(sentence: &str) -> Option<bool> {
    let words = words(sentence);
    let more = words.iter().any(|word| {
        let word = word.as_str();
        !(YES.contains(&word) || NO.contains(&word) || PLAIN.contains(&word))
    });
    match answer(&words).filter(|_| !more)? {
        Answer::Yes => Some(true),
        Answer::No => Some(false),
        Answer::Stopped => None,
    }
}

/// Words of a plain answer beside yes and no: "no, I don't", "not that I know of".
#[rustfmt::skip]
const PLAIN: &[&str] = &[
    ",", "i", "do", "am", "have", "don't", "not", "none", "that", "that's", "right", "know", "of", "known", "at", "all", "really", "sir", "ma'am",
    "doctor", "any", "allergies", "medications", "i'm",
];

/// All words that a question for the patient's own allergies may have: "Okay, do you have any allergies to medications that you know of?"
#[rustfmt::skip]
const WHETHER: &[&str] = &[
    "okay", "ok", "alright", "all", "right", "great", "good", "and", "so", "now", "um", "uh", "but", "also", "well", "then", "do", "you", "have", "are",
    "there", "any", "known", "drug", "drugs", "medication", "medications", "medicine", "medicines", "allergies", "allergic", "to", "anything", "or", "that",
    "i", "we", "should", "know", "about", "of", "at", "sir",
];

/// What such a question asks after "allergic to".
const THINGS: &[&str] = &[
    "anything",
    "drug",
    "drugs",
    "medication",
    "medications",
    "medicine",
    "medicines",
];

/// Whether a sentence asks plainly for all allergies of the patient: "Do you have any allergies?", "Are you allergic to anything?" One that has
/// another word in it asks for some of them, for those of another, or for what is done for them.
pub(crate) fn asks_for_allergies(sentence: &str) -> bool {
    // Few sentences have the word.
    if !sentence.contains("llerg") || !is_question(sentence) {
        return false;
    }
    let lower = sentence
        .get(layout::bullet(sentence)..)
        .unwrap_or(sentence)
        .to_lowercase();
    let words = || letters(layout::untagged(&lower));
    let has = |list: &[&str]| words().any(|word| list.contains(&word));
    (has(&["allergies"]) || has(&["allergic"]) && has(THINGS)) && words().all(|word| WHETHER.contains(&word))
}

/// The words of a text, without marks and numbers.
fn letters(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty())
}

/// Words of a question that goes on with allergies after they were denied: "Nothing at all?", "Latex or foods?"
#[rustfmt::skip]
const DOUBTS: &[&str] = &[
    "nothing", "none", "sure", "certain", "really", "food", "foods", "latex", "contrast", "rash", "hives", "reaction", "reactions", "reacted", "react",
    "allergies", "allergy", "allergic",
];

/// Words of a question that asks what is taken.
const TAKEN: &[&str] = &["take", "takes", "taking", "took", "on", "using", "use", "still"];

/// Words that say nothing by themselves.
#[rustfmt::skip]
const FILLERS: &[&str] = &[
    "okay", "ok", "alright", "all", "right", "great", "good", "hm", "hmm", "mm", "um", "uh", "so", "and", "perfect", "thanks", "thank", "you",
];

/// Words that begin an answer which takes back a no: "Well, penicillin", "Just shellfish".
const TAKES_BACK: &[&str] = &[
    "well", "just", "only", "except", "but", "oh", "actually", "wait", "although", "though", "maybe",
];

/// What the sentence after a denial of all allergies makes of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Denial {
    /// It stands.
    Stands,
    /// The sentence says nothing or asks once more: the one after it decides.
    Waits,
    /// It may be taken back.
    Falls,
}

/// What `next` makes of a denial of all allergies that was doubted already where `again` says so. `agent` says whether `next` names what one
/// may be allergic to.
pub(crate) fn denial(next: &str, again: bool, agent: bool) -> Denial {
    let lower = next.get(layout::bullet(next)..).unwrap_or(next).to_lowercase();
    let words = || letters(layout::untagged(&lower));
    let has = |list: &[&str]| words().any(|word| list.contains(&word));
    if is_question(next) {
        let short = has(&["anything"]) && words().count() <= 3;
        return match has(DOUBTS) || short || agent && !has(TAKEN) {
            true => Denial::Waits,
            false if again => Denial::Falls,
            false => Denial::Stands,
        };
    }
    let taken_back = words().next().is_some_and(|first| TAKES_BACK.contains(&first));
    if words().all(|word| FILLERS.contains(&word)) {
        Denial::Waits
    } else if taken_back || again && plainly(next) != Some(false) {
        Denial::Falls
    } else {
        Denial::Stands
    }
}

/// What the sentence before told, where a turn of a conversation may contradict it.
#[derive(Default)]
pub(super) struct Claimed {
    /// Who said it.
    speaker: String,
    /// From which of the facts on it was told.
    from: usize,
    /// It told the other speaker something about the other.
    of_other: bool,
    /// What it ended with, where it told several things.
    last: Option<String>,
    /// Its turn asks something, which is what a no answers.
    asks: bool,
}

impl Claimed {
    /// Takes the next sentence in, with what is left of its turn. Where another speaker contradicts with it what was told just before, nobody knows
    /// what is so: of `facts` what was said of illnesses, allergies and medicines goes.
    pub(super) fn next(&mut self, (sentence, turn): (&str, &str), begins_line: bool, facts: &mut Vec<Fact>) {
        let tag = speaker(sentence);
        if begins_line && !tag.is_empty() && tag != self.speaker {
            if self.of_other && contradicts(turn) {
                let told = facts.split_off(self.from.min(facts.len()));
                let of_medicine = refuses(turn);
                let stays = plain_words(turn) == STAYS;
                // "You have gout and you drink. No." may be about the last. What only a medicine is answered with is about one in the last clause.
                let in_last = |fact: &Fact| {
                    let named = |last: &String| of_medicine && last.contains(&fact.concept.to_lowercase());
                    self.last.as_ref().is_none_or(named)
                };
                // An illness that is told stays, whatever the patient says to it.
                let of_kind = |fact: &Fact| match fact.kind {
                    FactKind::Medication => is_withdrawn(fact),
                    FactKind::Problem => is_withdrawn(fact) && of_relative(turn),
                    _ => is_withdrawn(fact) && !of_medicine,
                };
                let meant = |fact: &Fact| of_kind(fact) && (stays || in_last(fact));
                // Of several things nobody knows which is meant.
                let one = told.iter().filter(|fact| of_kind(fact)).count() == 1;
                facts.extend(told.into_iter().filter_map(|mut fact| {
                    let kept = !(one && meant(&fact)) || stays && unchanged(&mut fact) || !in_last(&fact);
                    kept.then_some(fact)
                }));
            }
            (self.speaker, self.asks) = (tag, false);
        }
        self.asks |= sentence.contains('?');
        self.from = facts.len();
        self.of_other = !self.speaker.is_empty() && !self.asks && is_of_other(sentence);
        self.last = if self.of_other { ends_with(sentence) } else { None };
    }
}

/// Who speaks, by the name before a turn of a conversation; nothing where there is none.
fn speaker(sentence: &str) -> String {
    let line = sentence.trim_start();
    let said = layout::untagged(line);
    let tag = line.get(..line.len() - said.len()).unwrap_or("");
    let name: String = tag.chars().filter(|c| c.is_alphanumeric()).collect();
    match name.to_ascii_lowercase().as_str() {
        "doctor" => "dr".to_owned(),
        "patient" => "pt".to_owned(),
        name => name.to_owned(),
    }
}

/// Most words of a sentence that tells one thing.
const ONE_THING: usize = 12;

/// What a sentence ends with, in small letters, where it is of several clauses or tells several things: from its last joining word on, or from the
/// second "you".
fn ends_with(sentence: &str) -> Option<String> {
    let said = layout::untagged(sentence).to_lowercase().replace(';', " and ");
    let all: Vec<&str> = said
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let leads = all.iter().take_while(|word| LEADS.contains(word)).count();
    let joins = (leads..all.len())
        .rev()
        .find(|i| all.get(*i).is_some_and(|word| JOINS.contains(word)));
    let you = (leads..all.len()).filter(|i| all.get(*i) == Some(&"you"));
    let second = you.skip(1).last();
    let from = joins.max(second)?;
    Some(all.get(from..).unwrap_or_default().join(" "))
}

/// Whether a sentence tells the other speaker something: it is short, speaks of "you" or orders something, and asks nothing.
fn is_of_other(sentence: &str) -> bool {
    let said = layout::untagged(sentence).to_lowercase();
    let all: Vec<&str> = letters(&said).collect();
    let has = |list: &[&str]| all.iter().any(|word| list.contains(word));
    let orders = ["take", "stop", "start", "continue", "let", "we", "i'll", "i'm"];
    let orders = all.iter().take(2).any(|word| orders.contains(word)) || all.starts_with(&["i", "will"]);
    let addresses = orders || has(&["you", "your", "you're", "you've"]);
    let asks = has(&[
        "any",
        "or",
        "do",
        "did",
        "does",
        "how",
        "what",
        "questions",
        "my",
        "she",
        "he",
        "her",
        "his",
        "no",
        "not",
        "never",
    ]) || said.contains("n't")
        || said.contains("n\u{2019}t");
    all.len() <= ONE_THING && addresses && !asks
}

/// Whether a fact is one that the other speaker knows about, and no denial.
fn is_withdrawn(fact: &Fact) -> bool {
    let kinds = [
        FactKind::Medication,
        FactKind::Problem,
        FactKind::Allergy,
        FactKind::Procedure,
        FactKind::Immunization,
    ];
    kinds.contains(&fact.kind) && !fact.negated
}

/// Turns that contradict the one before them, and say nothing else.
const CONTRADICTS: &[&str] = &["no", "no i don't", "no i didn't", "i don't"];

/// The turn that refuses what is to be done: a medicine that was to be stopped or changed stays as it was.
const STAYS: &str = "please don't";

/// Makes of a medicine that is to be stopped or changed what it was before. Of one that is not taken yet nothing is left.
fn unchanged(fact: &mut Fact) -> bool {
    let status = fact.status.as_deref().unwrap_or("");
    let changed = matches!(status, "increased" | "decreased" | "changed");
    let taken = changed || matches!(status, "stopped" | "held" | "continued");
    if changed {
        // The dose and the times are those that it was to have.
        (fact.dose, fact.frequency) = (fact.old_dose.take(), None);
    }
    if taken {
        fact.status = None;
    }
    taken
}

/// Turns that contradict what the one before them says of a medicine.
const REFUSES: &[&str] = &[STAYS, "not any more", "not anymore", "i don't take that"];

/// Whether a turn of a conversation is wholly a contradiction of the one before it: "not any more", "please don't", "no, that's my mom".
pub(crate) fn contradicts(turn: &str) -> bool {
    of_relative(turn) || CONTRADICTS.contains(&plain_words(turn).as_str()) || refuses(turn)
}

/// Whether a turn says that the one before it is true of a relative: "No, that's my mom."
fn of_relative(turn: &str) -> bool {
    let said = plain_words(turn);
    let who = said.strip_prefix("no that's my ");
    who.is_some_and(|who| conditions::relative(who).is_some())
}

/// Whether a turn takes back no more than a medicine: "Please don't.", "Not anymore."
fn refuses(turn: &str) -> bool {
    REFUSES.contains(&plain_words(turn).as_str())
}

/// What a turn says, in small letters without marks.
fn plain_words(turn: &str) -> String {
    let said = layout::untagged(turn)
        .to_lowercase()
        .replace('\u{2019}', "'")
        .replace(" n't", "n't")
        .replace(" 's", "'s");
    let bare = said.split(|c: char| c.is_whitespace() || matches!(c, ',' | '.' | '!'));
    bare.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn answer(words: &[String]) -> Option<Answer> {
    let at = |i: usize| words.get(i).map(String::as_str);
    let stopped = words
        .iter()
        .any(|word| matches!(word.as_str(), "stopped" | "quit" | "abgesetzt"));
    if stopped {
        return (!words
            .iter()
            .any(|word| matches!(word.as_str(), "not" | "never" | "haven't" | "didn't")))
        .then_some(Answer::Stopped);
    }
    // "No change" and "no fever" answer something else; "no" alone, or with more after a mark, is a no.
    let alone =
        |i: usize| at(i).is_none_or(|word| matches!(word, "," | "sir" | "ma'am" | "doctor" | "i" | "not" | "never"));
    let first = at(0)?;
    if YES.contains(&first) {
        return (at(1) != Some("and") || at(2) != Some("no")).then_some(Answer::Yes);
    }
    if NO.contains(&first) {
        return alone(1).then_some(Answer::No);
    }
    let short = SHORT.iter().find(|(a, b, _)| Some(*a) == at(0) && Some(*b) == at(1))?;
    // "I have asthma" tells by itself.
    alone(2).then_some(if short.2 { Answer::Yes } else { Answer::No })
}

#[cfg(test)]
mod tests;
