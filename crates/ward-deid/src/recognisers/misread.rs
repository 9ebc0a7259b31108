use std::sync::LazyLock;

use super::{RECOGNISERS, Recogniser, Trigger};
use crate::Class;
use crate::dispatch::{self, Dispatch};
use crate::find::Hits;
use crate::lex::Scan;

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "misread-date",
    class: Class::Day,
    what: "Dates, telephone numbers and addresses of machines in which letters stand for digits: \"1o/28/2024\", \"Apr 17 2O14\".",
    why: "Optical recognition reads O for 0 and l for 1.",
    source: "45 CFR 164.514(b)(2)(i); confusions of optical character recognition",
    yes: &[
        ("seen 1o/28/2024 by", "1o/28/2024"),
        ("on 2O24-05-12, then", "2O24-05-12"),
        ("on Apr 17 2O14 with", "Apr 17 2O14"),
        ("came 28-OCT-20l9.", "28-OCT-20l9"),
        ("on 2S-APR-2025", "2S-APR-2025"),
        ("on 11.O5.2015 he", "11.O5.2015"),
        ("at (576) 414-3O59.", "(576) 414-3O59"),
        ("from 10.l32.98.113 was", "10.l32.98.113"),
    ],
    no: &[
        "B12 10 mg",
        "S1-S2 and L5-S1",
        "5O mg on 3l/min",
        "C5-6-7 fusion",
        "1st of all",
        "on 2l O2 by cannula",
    ],
    strong: false,
    trigger: Trigger::Number(misread),
};

/// What is looked for in the repaired stretch.
static WHAT: LazyLock<Dispatch> = LazyLock::new(|| {
    Dispatch::of(|i| {
        RECOGNISERS
            .get(i)
            .is_some_and(|other| ["day", "birth", "phone", "ip"].contains(&other.id))
    })
});

/// Most bytes of context on either side.
const CONTEXT: usize = 32;

/// The digit that a letter is read for.
fn digit(b: u8) -> Option<u8> {
    match b {
        b'0'..=b'9' => Some(b),
        b'o' | b'O' => Some(b'0'),
        b'l' | b'L' | b'I' => Some(b'1'),
        b's' | b'S' => Some(b'5'),
        b'B' => Some(b'8'),
        _ => None,
    }
}

/// One past the last letter or digit of the run from `at` on, and how many of its bytes are letters.
fn run(bytes: &[u8], at: usize) -> (usize, usize) {
    let rest = bytes.get(at..).unwrap_or_default();
    let len = rest.iter().take(17).take_while(|b| b.is_ascii_alphanumeric()).count();
    let letters = rest.iter().take(len).filter(|b| b.is_ascii_alphabetic()).count();
    (at + len, letters)
}

fn misread(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let bytes = scan.text.as_bytes();
    let at = scan.start(i);
    let letter = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphabetic);
    if !letter(bytes.get(scan.end(i))) && !letter(at.checked_sub(1).and_then(|before| bytes.get(before))) {
        return;
    }
    let head = bytes.get(..at).unwrap_or_default();
    let start = at
        - head
            .iter()
            .rev()
            .take(17)
            .take_while(|b| b.is_ascii_alphanumeric())
            .count();
    let (end, letters) = run(bytes, start);
    let all = end - start;
    let readable = |from: usize, to: usize| {
        bytes
            .get(from..to)
            .is_some_and(|run| run.iter().all(|b| digit(*b).is_some()))
    };
    // Once for each run, from its first number.
    let first = bytes
        .get(start..at)
        .is_some_and(|head| head.iter().all(u8::is_ascii_alphabetic));
    if !first || all > 12 || letters == 0 || letters * 2 > all || !readable(start, end) {
        return;
    }
    let (mut low, mut high) = (start.saturating_sub(CONTEXT), (end + CONTEXT).min(bytes.len()));
    while !scan.text.is_char_boundary(low) {
        low += 1;
    }
    while !scan.text.is_char_boundary(high) {
        high -= 1;
    }
    let mut repaired = scan.slice(low, high).as_bytes().to_vec();
    let mut from = 0;
    while from < repaired.len() {
        let (to, letters) = run(&repaired, from);
        if letters < to - from
            && let Some(run) = repaired.get_mut(from..to)
            && run.iter().all(|b| digit(*b).is_some())
        {
            for b in run {
                *b = digit(*b).unwrap_or(*b);
            }
        }
        from = to.max(from + 1);
    }
    let Ok(repaired) = String::from_utf8(repaired) else {
        return;
    };
    for hit in dispatch::recognise(&Scan::new(&repaired), &WHAT) {
        let (first, last) = (low + hit.span.start, low + hit.span.end);
        // What the cut of the stretch has shortened is not believed.
        let whole = (first > low || low == 0) && (last < high || high == bytes.len());
        if first <= start && end <= last && last - first > all && whole {
            hits.push(first, last, hit.class, hit.score.min(79));
        }
    }
}
