//! How much what stands before a word speaks for a name.

use super::super::asked::does;
use super::asks;
use crate::Class;
use crate::find::Hits;
use crate::lex::{Scan, Shape};
use crate::lexicon::{ACTS, CREDENTIAL, DOES, EPONYM, KIN, LETTER, ROLE, SEX, TAKES_PERSON};
use crate::names;

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
    "drain",
    "tube",
    "catheter",
    "line",
    "scale",
    "score",
    "sign",
    "organism",
];

/// True for the label of a thing and for what stands behind it: "Line: PICC", "Drain: Jackson Pratt".
pub(super) fn is_thing(scan: &Scan<'_>, i: usize) -> bool {
    let is_label = |at: usize| THINGS.iter().any(|word| scan.is(at, word));
    if is_label(i) && scan.gap(i).starts_with(':') {
        return true;
    }
    let goes_on = i > 0 && scan.gap_before(i) == " " && scan.has(i - 1, EPONYM);
    let first = i - usize::from(goes_on);
    let label = first
        .checked_sub(1)
        .filter(|_| matches!(scan.gap_before(first), ": " | ":" | ":  "));
    label.is_some_and(is_label)
}

/// A label that nobody knows, and nothing but a name after it: "Assistant: Zanele Mkhwanazi".
pub(super) fn label(scan: &Scan<'_>, i: usize, last: usize) -> i32 {
    let Some(b) = i
        .checked_sub(1)
        .filter(|_| matches!(scan.gap_before(i), ": " | ":" | ":  " | " - "))
    else {
        return 0;
    };
    // "Shift: Day          RN: Zanele Mkhwanazi          Date: 1/2/26": columns, whose gaps the copy closes.
    let column = |gap: &str| gap.starts_with("  ") || gap.starts_with('\t');
    let head = (b.saturating_sub(2)..=b).any(|at| scan.starts_line(at) || column(scan.gap_before(at)));
    let gap = scan.gap(last);
    let alone = last + 1 >= scan.tokens.len()
        || gap.contains('\n')
        || matches!(gap, " / " | " | " | ", " | " - ")
        || (column(gap) || gap == " " && scan.gap(last + 1).starts_with(':')) && is_person(scan, b, i, last);
    let thing = (b.saturating_sub(2)..=b).any(|at| THINGS.iter().any(|word| scan.is(at, word)));
    if head && alone && !thing && last > i && !does(scan, i) {
        4
    } else {
        0
    }
}

/// True where a label of people stands at token `b`, or a listed given name and surname behind it: forms have things in columns,
/// too ("Dressing: Aquacel Ag   Changed: 3").
fn is_person(scan: &Scan<'_>, b: usize, i: usize, last: usize) -> bool {
    const LABELS: &[&str] = &["signature", "signed", "by", "tech", "charge"];
    const LISTED: i32 = 4;
    const PLACE: i32 = 5;
    let known = scan.has(b, CREDENTIAL | ROLE | KIN | TAKES_PERSON) || LABELS.iter().any(|label| scan.is(b, label));
    let first = scan.levels(i);
    let given = first.given() >= LISTED && scan.tags(i) == 0 && (first.proper() == 0 || first.given() > LISTED + 1);
    let listed = given && scan.all_levels(last).surname() >= LISTED;
    // "RN: Float Pool   Shift: Day"
    let word = |at: usize| {
        let levels = scan.all_levels(at);
        levels.is_listed() && levels.given().max(levels.surname()) <= levels.lower()
    };
    // "CNA: Hourly Rounds    Time: 0600", "RN: Unna Boot    Time: 0600", "RN: Salem Sump    Time: 0600"
    let thing = |at: usize| {
        let levels = scan.all_levels(at);
        word(at) || scan.has(at, ACTS | EPONYM) || levels.proper() >= 3 && levels.given() <= LISTED + 1
    };
    let named = known && !(i..=last).any(thing) && scan.all_levels(i).place() < PLACE;
    // "RN: Will King    Time: 0600"
    let (called, family) = (scan.all_levels(i), scan.all_levels(last));
    let eponym = scan.has(i, EPONYM) || scan.has(last, EPONYM);
    let named = named || known && !eponym && called.given() >= LISTED && family.surname() > LISTED + 1;
    (named || given && known && !word(last) || listed) && !names::is_beside(scan, last) && !(i..=last).all(word)
}

/// "We started Quigley on heparin"
pub(super) fn taken_on(scan: &Scan<'_>, i: usize, last: usize) -> i32 {
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
pub(super) enum Before {
    /// The word goes on from a name or another word to its left, or cannot begin a name here.
    Inside,
    /// How much what stands there speaks for a name.
    Points(i32),
}

pub(super) fn before(scan: &Scan<'_>, i: usize, hits: &Hits) -> Before {
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
        let closes = scan.is(b, "signed") && (scan.starts_line(b) || scan.gap_before(b).ends_with(". "));
        let signed = gap == ", " && (closes || valediction.iter().any(|word| scan.is(b, word)));
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
    // "Guardian: Refused"
    if gap == ": " && does(scan, i) {
        return Before::Points(0);
    }
    // "/s/ Quigley", "Donor: Quigley", "from Zanele to Quigley"
    if gap.starts_with('/') && scan.is(b, "s")
        || gap == ": " && scan.has(b, TAKES_PERSON)
        || gap == " " && scan.is(b, "to") && b > 0 && is_found(scan, b - 1, hits)
    {
        return Before::Points(6);
    }
    // "Seen w/ Zelda Quill"
    if gap == "/ " && scan.is(b, "w") && is_met(scan, i) {
        return Before::Points(2);
    }
    if !matches!(gap, " " | ": " | " - " | "  " | " (" | ", ") {
        return Before::Points(0);
    }
    if scan.has(b, KIN | ROLE) && !scan.has(b, LETTER) {
        return Before::Points(match gap {
            _ if does(scan, i) => 0,
            ": " => 6,
            _ => 5,
        });
    }
    // "Baby boy Quigley", "next of kin Quigley", "I'm Zanele", "this is Zanele"
    let me = scan.is(b, "m") && matches!(scan.gap_before(b), "'" | "’")
        || scan.is(b, "is") && (scan.is(b.wrapping_sub(1), "this") || scan.is(b.wrapping_sub(1), "name"))
        || scan.is(b, "am") && scan.is(b.wrapping_sub(1), "i");
    if gap == " " && (me || scan.is(b, "kin") || scan.has(b, SEX) && scan.word(b).len() > 2) || scan.is(b, "nok") {
        return Before::Points(5);
    }
    // "BG Quigley, DOL 3", but not "BG 140"
    if gap == " " && matches!(scan.word(b), "BB" | "BG") && scan.is(i + 1, "dol") {
        return Before::Points(6);
    }
    if gap == " " && matches!(scan.word(b), "née" | "Née" | "né" | "Né") {
        return Before::Points(6);
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
                    "back",
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

/// True behind `w/` and a word of meeting people: "Seen w/ Zelda Quill", "f/u w/ Quill"; not "pt w/ Swan Ganz", "tx w/ Hartmann".
fn is_met(scan: &Scan<'_>, i: usize) -> bool {
    const MEETS: &[&str] = &[
        "seen",
        "discussed",
        "spoke",
        "spoken",
        "talked",
        "met",
        "reviewed",
        "rounded",
        "consulted",
        "staffed",
        "here",
        "u",
        "followup",
        "appt",
        "appointment",
        "visit",
        "signed",
        "lives",
        "came",
    ];
    i.checked_sub(2)
        .is_some_and(|verb| MEETS.iter().any(|word| scan.is(verb, word)))
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
