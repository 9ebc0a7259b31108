//! Names that no title or label announces: what the word is called, and what people around do.

use super::asked::{self, Person};
use super::{Recogniser, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::lex::{Scan, Shape};
use crate::lexicon::{
    ACTS, BIRTH, CARE_VERB, CREDENTIAL, DEPARTMENT, DOES, FACILITY, HONORIFIC, KIN, LETTER, MRN, OWNED, PARTICLE,
    PERSONAL, ROLE, SAYS, SEX, SSN, STREET, TAKES_PERSON, YEARS,
};
use crate::names;

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "mentioned-name",
    class: Class::Name,
    what: "Names in the middle of text, by weight: how much more often a word is a name than anything else, what stands before \
           it (\"told\", \"consulted\", \"message to\", a bullet, a dash at the end of a letter) and what follows (\"was \
           extubated\", \"at bedside\", \"from surgery\", an age in brackets).",
    why: "Most mentions of people carry no title and no label.",
    source: "45 CFR 164.514(b)(2)(i)(A); how clinicians write",
    yes: &[
        ("Ferraro was last seen in clinic", "Ferraro"),
        ("Yesterday Chowdhury was extubated.", "Chowdhury"),
        ("I told Zanele to stop smoking.", "Zanele"),
        ("Haugland from surgery will see", "Haugland"),
        ("Consulted Quigley from cardiology.", "Quigley"),
        ("Should Santos be on a statin?", "Santos"),
        ("see you soon\n-Venkataraman", "Venkataraman"),
        ("RN Aoife aware.", "Aoife"),
        ("Paged Zimmermann at 0200.", "Zimmermann"),
        ("Wife Dorothea at bedside.", "Dorothea"),
        ("Thank you for referring Ferraro.", "Ferraro"),
    ],
    no: &[
        "Metoprolol was started yesterday.",
        "Should Ozempic be held before surgery?",
        "We started Keppra on day 2.",
        "Consulted Cardiology. Paged Neurology at 0200.",
        "told Medicare about it",
        "Foley was placed. Heparin was stopped.",
        "RN aware. MD notified.",
        "1. Sepsis - continue Zosyn",
        "Plan: Continue Lisinopril",
    ],
    strong: false,
    trigger: Trigger::Name(|scan, i, hits| {
        if scan.shape(i) != Some(Shape::Lower) || !scan.typed_small() {
            mention(scan, i, hits);
        }
    }),
};

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const SMALL: Recogniser = Recogniser {
    id: "mentioned-small-name",
    class: Class::Name,
    what: "The same in text typed without capitals.",
    why: "Questions to an assistant are typed in a hurry.",
    source: "45 CFR 164.514(b)(2)(i)(A); how clinicians type",
    yes: &[
        ("i told zanele to stop smoking", "zanele"),
        ("paged zimmermann at 0200", "zimmermann"),
        ("should santos be on a statin?", "santos"),
        ("chowdhury was extubated yesterday", "chowdhury"),
    ],
    no: &[
        "told them to stop smoking",
        "paged on call at 0200",
        "should aspirin be held",
        "metoprolol was started",
        "message to billing about it",
    ],
    strong: false,
    trigger: Trigger::Text(|scan, hits| {
        if scan.typed_small() {
            for i in 0..scan.tokens.len() {
                let long = scan.word(i).len() >= 3 || scan.has(i, PARTICLE) && scan.gap(i) == "-";
                if scan.shape(i) == Some(Shape::Lower) && long {
                    mention(scan, i, hits);
                }
            }
        }
    }),
};

/// Weight from which on a word is believed to be a name, and from which on it is looked for elsewhere.
const ENOUGH: i32 = 7;
const PLENTY: i32 = 13;

fn mention(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    // What surely is none, quickly.
    if scan.has(i, HONORIFIC | CREDENTIAL | DEPARTMENT | FACILITY | SEX)
        && scan.tags(i) & crate::lexicon::AMBIGUOUS == 0
    {
        return;
    }
    let Before::Points(lead) = before(scan, i, hits) else {
        return;
    };
    // "I sliced my finger"
    let small = scan.word(i) == "I" && scan.shape(i + 1) == Some(Shape::Lower);
    if scan.gap(i) == " " && (small || scan.word(i) == "A") {
        return;
    }
    let Some(person) = asked::person(scan, i) else { return };
    let last = person.last;
    let lead = lead + label(scan, i, last) + taken_on(scan, i, last);
    let other =
        scan.has(last + 1, FACILITY | STREET) && scan.gap(last) == " " && scan.shape(last + 1) != Some(Shape::Lower);
    if other || names::is_eponymous(scan, last) || scan.gap(last).is_empty() && last + 1 < scan.tokens.len() {
        return;
    }
    let Some(called) = called(scan, i, &person) else { return };
    let question = asks(scan, i);
    let follow = after(scan, last, question);
    // Nothing around says anything: the other recognisers judge names by themselves.
    if lead.max(follow) < 2 {
        return;
    }
    // In the middle of a sentence a capital is a sign by itself.
    let inside = scan.shape(i) == Some(Shape::Capital)
        && i > 0
        && scan.gap_before(i) == " "
        && scan.shape(i - 1) == Some(Shape::Lower);
    let weight = called + lead + follow + 2 * i32::from(inside && lead >= 3);
    // Among capitals, small letters are a sign against a name.
    let small = scan.shape(i) == Some(Shape::Lower) && !scan.typed_small();
    if small && scan.tags(i) != 0 {
        return;
    }
    if weight >= if small { ENOUGH + 4 } else { ENOUGH } {
        let score = if weight >= PLENTY { 80 } else { 68 };
        hits.push(scan.start(i), scan.end(last), Class::Name, score);
    }
}

/// How much more the words are a name than anything else; none for what is never one without a title.
fn called(scan: &Scan<'_>, i: usize, person: &Person) -> Option<i32> {
    let word = scan.word(person.last);
    if names::ends_like_a_term(word) && person.parts < 2 && person.odds < 4 || person.parts == 1 && word.len() < 3 {
        return None;
    }
    let capital = matches!(scan.shape(i), Some(Shape::Capital | Shape::Mixed | Shape::Initial));
    let listed = person.odds.clamp(-6, 8);
    let strange = match person.strange {
        false => i32::MIN,
        true => i32::from(capital || scan.typed_small() || scan.shape(i) == Some(Shape::Upper) && in_capitals(scan, i)),
    };
    let several = match person.parts {
        0 | 1 => 0,
        _ if person.odds >= 1 => 3,
        _ => 2,
    };
    let doubt = i32::from(person.doubtful && person.parts < 2);
    Some(listed.max(strange) + several - doubt)
}

/// True when the words around are in capitals, too, so that capitals say nothing.
fn in_capitals(scan: &Scan<'_>, i: usize) -> bool {
    let upper = |at: usize| scan.shape(at) == Some(Shape::Upper);
    upper(i + 1) || i > 0 && upper(i - 1)
}

/// Labels of things.
const THINGS: &[&str] = &[
    "drug",
    "drugs",
    "medication",
    "medications",
    "meds",
    "rx",
    "dose",
    "diagnosis",
    "dx",
    "procedure",
    "test",
    "tests",
    "organism",
    "allergies",
    "allergy",
    "assessment",
    "impression",
    "plan",
    "findings",
    "device",
    "implant",
    "product",
    "brand",
    "vaccine",
    "problem",
    "complaint",
    "indication",
    "title",
    "system",
    "department",
    "service",
    "unit",
];

/// A label that nobody knows, and nothing but a name after it: "Assistant: Zanele Mkhwanazi".
fn label(scan: &Scan<'_>, i: usize, last: usize) -> i32 {
    let Some(b) = i
        .checked_sub(1)
        .filter(|_| matches!(scan.gap_before(i), ": " | ":" | ":  " | " - "))
    else {
        return 0;
    };
    let head = (b.saturating_sub(2)..=b).any(|at| scan.starts_line(at));
    let gap = scan.gap(last);
    let alone = last + 1 >= scan.tokens.len() || gap.contains('\n') || matches!(gap, " / " | " | " | ", " | " - ");
    let thing = (b.saturating_sub(2)..=b).any(|at| THINGS.iter().any(|word| scan.is(at, word)));
    if head && alone && !thing && last > i { 4 } else { 0 }
}

/// "We started Quigley on heparin"
fn taken_on(scan: &Scan<'_>, i: usize, last: usize) -> i32 {
    let put = i > 0
        && [
            "started", "start", "put", "placed", "kept", "loaded", "bridged", "place", "keep",
        ]
        .iter()
        .any(|word| scan.is(i - 1, word));
    if put && scan.is(last + 1, "on") && scan.gap(last) == " " && !scan.is(last + 2, "day") {
        4
    } else {
        0
    }
}

/// True when a name that was found before ends with token `i`.
fn is_found(scan: &Scan<'_>, i: usize, hits: &Hits) -> bool {
    let end = scan.end(i);
    let mut latest = hits.found.iter().rev().take(24);
    latest.any(|hit| hit.span.end == end && hit.class == Class::Name)
}

/// What stands before a word.
enum Before {
    /// The word goes on from a name or another word to its left, or cannot begin a name here.
    Inside,
    /// How much what stands there speaks for a name.
    Points(i32),
}

fn before(scan: &Scan<'_>, i: usize, hits: &Hits) -> Before {
    let gap = scan.gap_before(i);
    let Some(b) = i.checked_sub(1) else {
        return Before::Points(opening(scan, i, gap));
    };
    if gap.is_empty() || gap.ends_with(['.', '/', '_', '@', '\'', '’', '-']) && !gap.contains([' ', '\n']) {
        let listed = gap == "/" && (scan.levels(b).small_name_odds() >= 3 || is_found(scan, b, hits));
        return if listed { Before::Points(4) } else { Before::Inside };
    }
    if gap.contains('\n') || b + 1 == i && gap.contains(['\u{2022}', '*']) {
        return Before::Points(opening(scan, i, gap));
    }
    // "Bed 4: Quigley", "1. Quigley", "Rm 302 Quigley"
    if scan.is_number(b) && scan.digits(b) <= 4 {
        let listed = matches!(gap, ". " | ") ") && scan.starts_line(b);
        let bed =
            scan.is(b.wrapping_sub(1), "bed") || scan.is(b.wrapping_sub(1), "rm") || scan.is(b.wrapping_sub(1), "room");
        return Before::Points(if bed {
            6
        } else if listed {
            3
        } else {
            0
        });
    }
    if matches!(gap, ". " | "? " | "! " | ".  ") {
        return Before::Points(0);
    }
    let cased = matches!(scan.shape(b), Some(Shape::Capital | Shape::Mixed)) && scan.tags(b) == 0;
    // The word before is a name by itself, and this one goes on with it.
    if matches!(gap, " " | "-")
        && cased
        && !scan.has(b, TAKES_PERSON | ACTS | DOES)
        && scan.levels(b).small_name_odds() >= 3
    {
        return Before::Inside;
    }
    let joins = matches!(gap, " & " | "; " | ", " | "/") || gap == " " && scan.is(b, "and");
    if joins {
        let other = if scan.is(b, "and") { b.wrapping_sub(1) } else { b };
        let found = is_found(scan, other, hits);
        let near = found || scan.levels(other).small_name_odds() >= 3 && scan.tags(other) == 0;
        let valediction = [
            "regards",
            "best",
            "thanks",
            "sincerely",
            "cheers",
            "love",
            "respectfully",
            "yours",
            "truly",
            "wishes",
            "hi",
            "hello",
            "hey",
            "dear",
        ];
        let signed = gap == ", " && valediction.iter().any(|word| scan.is(b, word));
        return Before::Points(if signed || found {
            6
        } else if near || gap == ", " && scan.has(other, KIN | ROLE) {
            4
        } else if gap == ", "
            && (scan.has(b, crate::lexicon::STOP) || b == 0 || scan.gap_before(b).contains(['.', '\n']))
        {
            2
        } else {
            0
        });
    }
    // "/s/ Quigley", "Donor: Quigley", "from Zanele to Quigley"
    if gap.starts_with('/') && scan.is(b, "s")
        || gap == ": " && scan.has(b, TAKES_PERSON)
        || gap == " " && scan.is(b, "to") && b > 0 && is_found(scan, b - 1, hits)
    {
        return Before::Points(6);
    }
    if !matches!(gap, " " | ": " | " - " | "  " | " (" | ", ") {
        return Before::Points(0);
    }
    if scan.has(b, KIN | ROLE) && !scan.has(b, LETTER) {
        return Before::Points(if gap == ": " { 6 } else { 5 });
    }
    // "Baby boy Quigley", "next of kin Quigley", "I'm Zanele", "this is Zanele"
    let me = scan.is(b, "m") && matches!(scan.gap_before(b), "'" | "’")
        || scan.is(b, "is") && (scan.is(b.wrapping_sub(1), "this") || scan.is(b.wrapping_sub(1), "name"))
        || scan.is(b, "am") && scan.is(b.wrapping_sub(1), "i");
    if gap == " " && (me || scan.is(b, "kin") || scan.has(b, SEX) && scan.word(b).len() > 2) || scan.is(b, "nok") {
        return Before::Points(5);
    }
    // "RN Aoife aware", "PCP Quigley notified"
    if gap == " " && scan.has(b, CREDENTIAL) && scan.shape(b) == Some(Shape::Upper) {
        return Before::Points(3);
    }
    if scan.has(b, TAKES_PERSON) && gap == " " {
        return Before::Points(6);
    }
    let is = |at: usize, words: &[&str]| words.iter().any(|word| scan.is(at, word));
    // Nothing stands before the first word; "gap" of it is empty then.
    let verb = b.saturating_sub(1);
    // "message to", "spoke with", "reviewed by", "signed out to"
    let carried = is(b, &["to", "with", "by", "from", "under", "for", "of", "about", "that"])
        && b > 0
        && scan.gap(verb) == " "
        && (scan.has(verb, TAKES_PERSON)
            || is(
                verb,
                &[
                    "message",
                    "letter",
                    "spoke",
                    "talked",
                    "discussed",
                    "signed",
                    "reviewed",
                    "ordered",
                    "dictated",
                    "transcribed",
                    "explain",
                    "explained",
                    "email",
                    "lives",
                    "living",
                    "married",
                    "met",
                    "handoff",
                    "out",
                    "admitted",
                    "patient",
                    "care",
                    "call",
                    "written",
                    "prepared",
                    "performed",
                    "up",
                    "voicemail",
                    "chart",
                    "asked",
                    "meeting",
                    "wrote",
                    "write",
                    "note",
                    "according",
                    "son",
                    "daughter",
                    "mother",
                    "father",
                ],
            ));
    if carried {
        return Before::Points(5);
    }
    if asks(scan, i) {
        return Before::Points(3);
    }
    if (scan.is(b, "law") || scan.is(b, "called")) && gap == " " {
        return Before::Points(if scan.is(b, "law") { 5 } else { 3 });
    }
    if is(
        b,
        &[
            "per",
            "u",
            "w",
            "summarize",
            "summarise",
            "contact",
            "seeing",
            "show",
            "poa",
            "proxy",
        ],
    ) {
        return Before::Points(4);
    }
    if is(
        b,
        &[
            "for", "with", "about", "by", "from", "to", "re", "d", "did", "does", "is", "was", "me", "up", "of",
        ],
    ) {
        return Before::Points(2);
    }
    if is(
        b,
        &[
            "today",
            "yesterday",
            "overnight",
            "then",
            "when",
            "why",
            "tell",
            "discharge",
            "started",
            "that",
            "if",
        ],
    ) {
        return Before::Points(2);
    }
    Before::Points(0)
}

/// A word that opens a line: after a bullet, or as a signature.
fn opening(scan: &Scan<'_>, i: usize, gap: &str) -> i32 {
    let line = gap.rsplit('\n').next().unwrap_or_default();
    let mark = line.trim();
    let rest = scan.text.get(scan.end(i)..).unwrap_or_default();
    let ends = rest.trim_start_matches([' ', '.']).is_empty() || rest.starts_with('\n');
    let listed = matches!(
        mark,
        "-" | "\u{2022}" | "*" | "~" | "--" | "\u{2013}" | "\u{2014}" | "/"
    );
    match (listed, ends) {
        (true, true) => 6,
        (true, false) => 2,
        _ => 0,
    }
}

/// True when a question opens right before token `i`: "Is Quigley eligible".
fn asks(scan: &Scan<'_>, i: usize) -> bool {
    let Some(b) = i.checked_sub(1).filter(|b| scan.gap(*b) == " ") else {
        return false;
    };
    let opens = b == 0
        || scan.gap_before(b).contains(['.', '?', '!', '\n', ':', ','])
        || scan.is(b, "did")
        || scan.is(b, "does");
    let verbs = [
        "is", "should", "can", "did", "does", "was", "has", "will", "could", "are",
    ];
    opens && verbs.iter().any(|word| scan.is(b, word))
}

/// How much what follows token `last` speaks for a name.
fn after(scan: &Scan<'_>, last: usize, question: bool) -> i32 {
    // "Quigley J. is"
    let gap = match scan.gap(last) {
        ". " if names::is_initial(scan, last) => " ",
        gap => gap,
    };
    let mut next = last + 1;
    let is = |at: usize, words: &[&str]| words.iter().any(|word| scan.is(at, word));
    if matches!(gap, "'" | "’") && scan.is(next, "s") {
        return if scan.has(last + 2, OWNED | KIN | CARE_VERB) {
            5
        } else {
            2
        };
    }
    let aged = |at: usize| {
        scan.number(at).is_some_and(|years| years <= 120) && (scan.has(at + 1, YEARS | SEX) || scan.is(at + 1, "y"))
    };
    if matches!(gap, ", " | " (" | ",") {
        let told = aged(next)
            || scan.is(next, "age")
            || scan.is(next, "aged")
            || is(next, &["who", "whose"])
            || scan.is(next, "a") && (aged(next + 1) || is(next + 1, &["patient", "pleasant"]))
            || scan.has(next, MRN | BIRTH | SSN) && scan.word(next).len() > 1
            || gap == " (" && scan.has(next, KIN | ROLE | CREDENTIAL | DEPARTMENT)
            || gap == " (" && scan.shape(next) == Some(Shape::Upper) && scan.gap(next).starts_with(')');
        let given = gap == ", " && scan.shape(next) == scan.shape(last) && scan.levels(next).given() >= 4;
        let reversed = given && scan.levels(next).small_name_odds() >= 4;
        let acts = reversed && scan.gap(next) == " " && after(scan, next, false) >= 5;
        return match (told, reversed) {
            (true, _) => 5,
            (_, true) if acts => 7,
            (_, true) => 4,
            _ => 0,
        };
    }
    if matches!(gap, " - " | ": " | " \u{2013} " | " \u{2014} ") {
        let told =
            scan.has(next, DOES | PERSONAL | ACTS) || is(next, &["npo", "awaiting", "pending", "d", "dc", "needs"]);
        return if told { 4 } else { 2 };
    }
    // "Zanele & Hannah", "Quigley/Zanele"
    let other = if scan.is(next, "and") { next + 1 } else { next };
    if (matches!(gap, " & " | "/") || gap == " " && other > next && scan.gap(next) == " ")
        && scan.levels(other).small_name_odds() >= 3
        && scan.tags(other) == 0
    {
        return 4;
    }
    if gap != " " {
        return 0;
    }
    // "Quigley also has not been"
    for _ in 0..4 {
        let adverb = is(
            next,
            &[
                "also",
                "still",
                "now",
                "then",
                "initially",
                "last",
                "recently",
                "currently",
                "just",
                "already",
                "not",
                "been",
                "never",
                "has",
                "have",
                "had",
                "be",
                "being",
                "again",
                "very",
            ],
        );
        if !adverb || scan.gap(next) != " " {
            break;
        }
        // "Should Quigley be on a statin"
        if scan.is(next, "be") && scan.is(next + 1, "on") && !is(next + 2, &["hold", "day", "the"]) {
            return 4;
        }
        next += 1;
    }
    if scan.has(next, SAYS | ACTS) && scan.word(next).len() > 2 {
        return 6;
    }
    if scan.has(next, PERSONAL) {
        return if question {
            6
        } else if next == last + 1 {
            2
        } else {
            4
        };
    }
    let verb = is(
        next,
        &[
            "is", "was", "were", "will", "can", "may", "should", "would", "needs", "to",
        ],
    );
    if verb {
        let mut at = next + 1;
        while at < next + 4
            && is(
                at,
                &[
                    "be",
                    "been",
                    "not",
                    "also",
                    "last",
                    "still",
                    "now",
                    "very",
                    "then",
                    "initially",
                    "recently",
                    "just",
                    "being",
                    "again",
                ],
            )
        {
            at += 1;
        }
        if scan.has(at, PERSONAL | ACTS | SAYS) && scan.word(at).len() > 2 || scan.is(at, "a") && aged(at + 1) {
            return 6;
        }
        return if is(next, &["is", "was"]) { 1 } else { 2 };
    }
    // "Quigley from cardiology", "Zanele at bedside", "Zanele on the phone"
    if scan.is(next, "from") && scan.has(next + 1, DEPARTMENT)
        || scan.is(next, "at") && is(next + 1, &["bedside", "home"])
    {
        return 5;
    }
    if scan.is(next, "on") && scan.is(next + 1, "the") && scan.is(next + 2, "phone")
        || scan.is(next, "by") && scan.is(next + 1, "phone")
    {
        return 4;
    }
    if scan.is(next, "c") && scan.gap(next) == "/" {
        return 5;
    }
    if scan.is(next, "service") || scan.is(next, "team") {
        return 3;
    }
    if scan.has(next, DOES) {
        return 2;
    }
    i32::from(is(
        next,
        &[
            "on", "at", "and", "about", "of", "re", "by", "her", "his", "tomorrow", "today", "in",
        ],
    ))
}
