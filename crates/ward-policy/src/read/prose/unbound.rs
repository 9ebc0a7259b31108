//! What a policy says of the project, its people or its software, and what no topic takes up: told as it stands, so that
//! nobody takes silence for a check. Left out is what says nothing of them: what a reader is told to do, questions, lists of
//! what is in scope, dangers, thanks, and what a page says of itself.

use super::*;
use crate::read::Unmapped;

/// Most sentences that are told. How many more there are is counted.
const MOST: usize = 200;

/// Words of thanks and of good will. They bind nobody.
const COURTESY: &[&str] = &[
    "thank",
    "appreciat",
    "grateful",
    "gratitude",
    "seriously",
    "priority",
    "priorities",
    "welcome",
    "committed to",
    "commitment to",
    "we value",
    "we believe",
    "strives to",
    "important to us",
    "paramount",
    "feel free",
    "happy to",
];

/// How a page speaks of itself, after its first word.
const PAGES: &[&str] = &[
    "document",
    "documents",
    "policy",
    "page",
    "section",
    "sections",
    "file",
    "guide",
    "statement",
    "table",
    "list",
    "following",
    "chapter",
    "note",
    "notes",
    "subsection",
    "template",
    "checklist",
    "model",
    "text",
    "process",
    "procedure",
];

/// Words that a sentence begins with and that no verb in the imperative is.
const OPENERS: &[&str] = &[
    "a",
    "all",
    "an",
    "and",
    "any",
    "at",
    "both",
    "but",
    "by",
    "each",
    "either",
    "every",
    "for",
    "from",
    "given",
    "half",
    "he",
    "her",
    "how",
    "i",
    "if",
    "in",
    "it",
    "its",
    "many",
    "most",
    "much",
    "neither",
    "no",
    "nor",
    "none",
    "not",
    "of",
    "on",
    "once",
    "one",
    "only",
    "or",
    "our",
    "she",
    "since",
    "so",
    "some",
    "such",
    "than",
    "that",
    "the",
    "their",
    "then",
    "these",
    "they",
    "this",
    "those",
    "though",
    "to",
    "two",
    "under",
    "unless",
    "until",
    "upon",
    "we",
    "what",
    "when",
    "where",
    "whether",
    "which",
    "while",
    "who",
    "whoever",
    "why",
    "with",
    "within",
    "without",
    "you",
    "your",
    "after",
    "before",
    "during",
    "because",
    "between",
    "behind",
    "here",
    "there",
    "through",
    "throughout",
    "via",
    "across",
    "against",
    "as",
    "besides",
    "beyond",
    "inside",
    "outside",
    "over",
    "per",
    "yes",
    "never",
    "always",
    "also",
    "even",
    "just",
    "three",
    "four",
];

/// Words that follow a verb in the imperative, and hardly a noun that begins a sentence.
const OBJECTS: &[&str] = &[
    "a", "an", "any", "each", "every", "it", "me", "no", "our", "the", "their", "them", "these", "this", "those", "us",
    "your", "yourself",
];

/// Verbs that a sentence rarely does without, and what they are joined with.
const AUXILIARY: &[&str] = &[
    "is", "are", "was", "were", "be", "been", "has", "have", "had", "will", "would", "can", "cannot", "must", "shall",
    "do", "does", "did", "never", "may", "might", "gets", "get", "goes", "go", "stays", "stay", "remains", "remain",
    "runs", "run",
];

impl Reader<'_> {
    /// Tells a unit that was read to its end without giving anything, where it says what somebody or something of the project
    /// does, did or never does.
    pub(super) fn unbound(&mut self, at: usize, unit: &Unit, section: Section, leads: &[Found]) {
        let is_policy = self.kind == DocumentKind::Policy;
        if !is_policy && !self.head(unit).is_some_and(|head| head.is_security) {
            return;
        }
        let answer = self.answers.get(at).cloned().unwrap_or_default();
        if !says(unit, section, leads, &answer) {
            return;
        }
        if self.reading.unmapped.len() >= MOST {
            self.reading.unmapped_more += 1;
            return;
        }
        let text = match &answer.question {
            Some(question) => format!("{question} {}", unit.text),
            None => unit.text.clone(),
        };
        self.reading.unmapped.push(Unmapped {
            text: text.chars().take(MAX_TEXT).collect(),
            place: self.place(unit.line, unit.last_line),
        });
    }
}

/// Whether a unit says what the project, its people or its software does.
fn says(unit: &Unit, section: Section, leads: &[Found], answer: &Answer) -> bool {
    if matches!(section, Section::Asked | Section::Scope | Section::Template)
        || unit.text.ends_with([':', '?'])
        || answer.is_advice()
    {
        return false;
    }
    let found = phrases::find(&unit.text);
    let whole = words(&found.plain);
    let is_ours = found.has(Word::We) || found.has(Word::Our) || found.has(Word::Receives);
    if whole.is_empty() || is_elsewhere(unit) || is_page(&whole) || is_courtesy(&found) || is_danger(&found, is_ours) {
        return false;
    }
    if section == Section::History && !is_ours {
        return false;
    }
    let lead = leads.first();
    let led = lead.is_some_and(|lead| {
        (lead.has(Word::We) || lead.has(Word::Our) || lead.has(Word::Automation)) && !lead.has(Word::Please)
    });
    if lead.is_some_and(|lead| {
        !led && (lead.has(Word::Advise) || lead.has(Word::Please) || lead.has(Word::Users) || lead.has(Word::Reporters))
    }) && !is_ours
    {
        return false;
    }
    let is_own_part = section == Section::Measures || unit.kind != UnitKind::Sentence && led;
    if answer.question.is_some() {
        return true;
    }
    if !is_own_part && is_told(unit, section, &found, &whole) {
        return false;
    }
    let rest = words(found.plain.get(frame::label_end(unit)..).unwrap_or_default());
    match unit.kind {
        UnitKind::Sentence => rest.len() >= 3 && (is_own_part || is_ours || has_verb(&rest) || has_verb(&whole)),
        UnitKind::Item | UnitKind::Row => match section {
            Section::Measures => whole.len() >= 2,
            _ if led => whole.len() >= 2,
            Section::Reporting | Section::Versions | Section::Users => is_ours || has_verb(&rest) && rest.len() >= 4,
            _ => whole.len() >= 3,
        },
    }
}

/// The words of a text in lower case, without marks.
fn words(plain: &str) -> Vec<&str> {
    let bare = |word: &'_ str| !word.is_empty();
    plain
        .split(|c: char| {
            c.is_whitespace()
                || matches!(
                    c,
                    ',' | ';' | ':' | '.' | '!' | '(' | ')' | '|' | '"' | '*' | '/' | '`' | '[' | ']'
                )
        })
        .filter(|word| bare(word) && word.chars().any(char::is_alphabetic))
        .collect()
}

/// Words that are all a link or all code point elsewhere, or show.
fn is_elsewhere(unit: &Unit) -> bool {
    let shown: usize = unit.linked.iter().chain(&unit.code).map(|range| range.len()).sum();
    let all = unit.text.len();
    shown * 5 >= all * 4
}

/// "This document describes ..", "See ..", "The following ..", "For details, ..".
fn is_page(whole: &[&str]) -> bool {
    let first = whole.first().copied().unwrap_or_default();
    let second = whole.get(1).copied().unwrap_or_default();
    let third = whole.get(2).copied().unwrap_or_default();
    matches!(
        first,
        "see"
            | "note"
            | "below"
            | "above"
            | "copyright"
            | "licence"
            | "license"
            | "last"
            | "version"
            | "e.g"
            | "example"
            | "examples"
            | "tl"
    ) || matches!(first, "this" | "the" | "these" | "our" | "following")
        && (PAGES.contains(&second) || second == "security" && PAGES.contains(&third) || first == "following")
        || matches!(
            (first, second),
            (
                "for",
                "more" | "details" | "further" | "example" | "instance" | "general"
            ) | ("more", _)
                | ("further", _)
                | ("here", "is" | "are")
                | ("there", "are" | "is")
        ) && !whole.iter().any(|word| matches!(*word, "no" | "never"))
}

fn is_courtesy(found: &Found) -> bool {
    COURTESY.iter().any(|word| found.plain.contains(word))
}

/// "A model can execute code": a danger, and nothing that is done against it.
fn is_danger(found: &Found, is_ours: bool) -> bool {
    let against = [
        "protect", "prevent", "reduc", "mitigat", "limit", "defen", "against", "guard", "never", "refus", "reject",
        "block",
    ];
    found.has(Word::Risk) && !is_ours && !against.iter().any(|word| found.plain.contains(word))
}

/// Whether a reader or a reporter is told something: what to do, what to expect of themselves, what follows if they do.
fn is_told(unit: &Unit, section: Section, found: &Found, whole: &[&str]) -> bool {
    let first = whole.first().copied().unwrap_or_default();
    let second = whole.get(1).copied().unwrap_or_default();
    let we = found.first(Word::We);
    if found.has(Word::Receives) {
        return false;
    }
    if found.has(Word::Please)
        || frame::is_imperative(unit, found)
        || frame::advises(found)
        || frame::asks_of_reader(found)
    {
        return true;
    }
    // "Mention the version": a verb, whichever it is.
    let is_verb = |word: &str| {
        word.len() > 2
            && !OPENERS.contains(&word)
            && (!word.ends_with('s') || word.ends_with("ss"))
            && !word.ends_with("ing")
            && !word.ends_with("ed")
            && !word.ends_with("ly")
    };
    if is_verb(first) && OBJECTS.contains(&second) && we.is_none() {
        return true;
    }
    // "You must ..", "If you .., ..": theirs, where nothing of ours follows.
    let you = whole
        .iter()
        .position(|word| matches!(*word, "you" | "you'll" | "you've" | "you're"));
    if you.is_some_and(|at| at <= 3) && we.is_none() {
        return true;
    }
    let subject = found
        .first(Word::Reporters)
        .or_else(|| found.first(Word::Users))
        .filter(|at| found.words_before(*at) <= 2);
    let is_owed = found.has(Word::Should)
        || [
            "must",
            "can",
            "may",
            "need",
            "are responsible",
            "have to",
            "are expected",
            "are asked",
            "are encouraged",
        ]
        .iter()
        .any(|word| found.plain.contains(word));
    if subject.is_some() && is_owed && we.is_none() {
        return true;
    }
    found.has(Word::Should)
        && we.is_none()
        && !found.has(Word::Our)
        && matches!(section, Section::Plain | Section::Users | Section::Reporting)
}

/// Whether the words hold a verb, as far as that shows.
fn has_verb(words: &[&str]) -> bool {
    words.iter().enumerate().any(|(at, word)| {
        let is_last = at + 1 >= words.len();
        AUXILIARY.contains(word)
            || word.ends_with("n't")
            || at > 0 && word.len() > 4 && word.ends_with("ed")
            || (1..=4).contains(&at)
                && !is_last
                && word.len() > 3
                && word.ends_with('s')
                && !word.ends_with("ss")
                && !word.ends_with("us")
            || (1..=4).contains(&at) && !is_last && phrases::find(word).has(Word::Imperative)
    })
}
