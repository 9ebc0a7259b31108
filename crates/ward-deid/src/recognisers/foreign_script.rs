use super::{Recogniser, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::fold;
use crate::lex::Scan;

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "foreign-script",
    class: Class::Name,
    what: "A few words in another script inside a line in Latin letters: \"王小明 is a 70-year-old\", \"wife Анна Петрова\".",
    why: "In a note in Latin letters, what stands in another script is as a rule how a person writes the own name.",
    source: "45 CFR 164.514(b)(2)(i)(A); Unicode blocks",
    yes: &[
        ("李秀英 is a 70 year old with stroke", "李秀英"),
        ("spoke with wife Анна Петрова today", "Анна Петрова"),
        ("seen with son محمد علي at noon", "محمد علي"),
        ("daughter 김지영 will drive her", "김지영"),
        ("son שלמה כהן signed the form", "שלמה כהן"),
        ("mother Ελένη Παππά was called", "Ελένη Παππά"),
    ],
    no: &[
        "TNF-α and β-blocker, 5 µg",
        "Ω 3 and Δ pressure of 5 mmHg",
        "пациент жалуется на боль в груди, назначен аспирин",
        "患者は胸痛を訴えて来院した。BP 120",
        "the word боль means pain",
        "José Øster saw Zoë",
    ],
    strong: false,
    trigger: Trigger::Text(|scan, hits| {
        if !scan.text.is_ascii() {
            foreign(scan, hits);
        }
    }),
};

/// Most letters of a name in scripts that have spaces, and in those that have none.
const MOST: usize = 40;
const MOST_UNSPACED: usize = 6;

/// Bytes on either side in which Latin letters are counted.
const AROUND: usize = 160;

fn foreign(scan: &Scan<'_>, hits: &mut Hits) {
    let text = scan.text;
    let mut at = 0;
    while let Some(next) = text
        .as_bytes()
        .get(at..)
        .and_then(|rest| rest.iter().position(|b| *b >= 0x80))
    {
        let start = at + next;
        let len = run(text.get(start..).unwrap_or_default());
        if len == 0 {
            let step = text.get(start..).and_then(|rest| rest.chars().next());
            at = start + step.map_or(1, char::len_utf8);
            continue;
        }
        at = start + len;
        let words = text.get(start..at).unwrap_or_default();
        if is_name(words) && is_guest(text, start, at) {
            hits.push(start, at, Class::Name, 60);
        }
    }
}

/// True for letters that no word in Latin letters holds.
fn is_foreign(c: char) -> bool {
    c.is_alphabetic()
        && matches!(c, '\u{370}'..='\u{1cff}' | '\u{1f00}'..='\u{1fff}' | '\u{3041}'..='\u{abff}' | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
        || matches!(c, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{65f}' | '\u{900}'..='\u{dff}')
}

/// Bytes of the words in another script that `text` begins with, one space, hyphen or middle dot between two.
fn run(text: &str) -> usize {
    let mut end = 0;
    let mut joined = false;
    for (at, c) in text.char_indices() {
        if is_foreign(c) {
            end = at + c.len_utf8();
            joined = false;
        } else if end > 0 && !joined && matches!(c, ' ' | '-' | '\u{b7}' | '\u{30fb}') {
            joined = true;
        } else {
            break;
        }
    }
    end
}

/// True for words that may be a name: as many letters as names have, and capitals where the script has them.
fn is_name(words: &str) -> bool {
    let letters = words.chars().filter(|c| c.is_alphabetic()).count();
    if words.chars().any(fold::is_unspaced) {
        let katakana = words.chars().all(|c| matches!(c, '\u{30a0}'..='\u{30ff}' | ' '));
        return (2..=if katakana { 2 * MOST_UNSPACED } else { MOST_UNSPACED }).contains(&letters);
    }
    let cased = |word: &str| {
        word.chars()
            .next()
            .is_some_and(|c| !c.is_lowercase() && (c.is_uppercase() || c.is_alphabetic()))
    };
    let several = words.split([' ', '-']).count();
    let greek = words.chars().any(|c| matches!(c, '\u{370}'..='\u{3ff}'));
    (if greek { 4 } else { 2 }..=MOST).contains(&letters) && several <= 4 && words.split([' ', '-']).all(cased)
}

/// True when the stretch stands by itself among Latin letters of the same line.
fn is_guest(text: &str, start: usize, end: usize) -> bool {
    let bytes = text.as_bytes();
    let head = bytes.get(start.saturating_sub(AROUND)..start).unwrap_or_default();
    let tail = bytes.get(end..(end + AROUND).min(bytes.len())).unwrap_or_default();
    let head = head.rsplit(|b| *b == b'\n').next().unwrap_or_default();
    let tail = tail.split(|b| *b == b'\n').next().unwrap_or_default();
    let glued = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphabetic);
    let count = |of: fn(&u8) -> bool| head.iter().chain(tail).filter(|b| of(b)).count();
    let (latin, others) = (count(u8::is_ascii_alphabetic), count(|b| *b >= 0x80));
    !glued(head.last()) && !glued(tail.first()) && latin >= 8 && latin > others
}
