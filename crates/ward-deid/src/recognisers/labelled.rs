//! Numbers and codes that stand after the words for them: "MRN: 12-345", "member ID is X12345".

use crate::Class;
use crate::dates;
use crate::find::Hits;
use crate::lex::{Scan, Shape};
use crate::lexicon::{FILLER, ID, LAST_FOUR, UNIT};

/// Words that announce a value.
pub(super) struct Cue {
    /// One to four words in lower case.
    pub(super) words: &'static str,
    /// True when the words have other uses, so that `:`, `#`, "number", "no" or "id" must follow.
    pub(super) strict: bool,
    /// First letter and length of the first word.
    first: (u8, usize),
}

/// A cue.
const fn new(words: &'static str, strict: bool) -> Cue {
    let bytes = words.as_bytes();
    let mut len = 0;
    while len < bytes.len() && bytes[len] != b' ' {
        len += 1;
    }
    let first = if bytes.is_empty() { 0 } else { bytes[0] };
    Cue {
        words,
        strict,
        first: (first, len),
    }
}

/// A cue that announces a value wherever it stands.
pub(super) const fn cue(words: &'static str) -> Cue {
    new(words, false)
}

/// A cue that announces a value only with `:`, `#`, "number", "no" or "id" after it.
pub(super) const fn strict(words: &'static str) -> Cue {
    new(words, true)
}

/// The value announced at token `i` by one of `cues`, if it has at least `min` letters and digits.
pub(super) fn find(scan: &Scan<'_>, i: usize, cues: &[Cue], class: Class, min: usize, hits: &mut Hits) {
    let word = scan.word(i).as_bytes();
    let first = (word.first().map_or(0, u8::to_ascii_lowercase), word.len());
    for cue in cues.iter().filter(|cue| cue.first == first) {
        let Some(last) = phrase(scan, i, cue.words) else {
            continue;
        };
        if let Some((start, end)) = value_after(scan, last, cue.strict, min) {
            hits.push(start, end, class, 90);
            return;
        }
    }
}

/// The last token of `words`, when they stand at token `i`.
pub(super) fn phrase(scan: &Scan<'_>, i: usize, words: &str) -> Option<usize> {
    let mut last = None;
    for (n, word) in words.split(' ').enumerate() {
        if !scan.is(i + n, word) || (n > 0 && !matches!(scan.gap(i + n - 1), " " | "-" | "'" | "’" | "  " | "\n" | "/"))
        {
            return None;
        }
        last = Some(i + n);
    }
    last
}

/// Characters between a label and its value.
fn is_label_gap(gap: &str) -> bool {
    // "MRN          884213", "Account #          88122331": the value stands in a column of its own.
    const WIDEST: usize = 40;
    if gap.len() <= WIDEST && matches!(gap.trim_end_matches(' '), "" | "#" | " #") {
        return true;
    }
    gap.len() <= 8
        && gap.chars().all(|c| {
            matches!(
                c,
                ' ' | '\t'
                    | ':'
                    | '#'
                    | '='
                    | '.'
                    | '('
                    | ')'
                    | '['
                    | ','
                    | '*'
                    | '"'
                    | '\''
                    | '’'
                    | '-'
                    | '–'
                    | '/'
                    | '|'
                    | '\n'
                    | '\r'
                    | 's'
            )
        })
}

/// The span of the value after the label that ends with token `last`.
fn value_after(scan: &Scan<'_>, last_of_label: usize, strict: bool, min: usize) -> Option<(usize, usize)> {
    let mut at = last_of_label + 1;
    let mut labelled = false;
    for _ in 0..5 {
        let gap = scan.gap(at - 1);
        if !is_label_gap(gap) || at >= scan.tokens.len() {
            return None;
        }
        labelled |= gap.contains([':', '#', '=']);
        let glued = !scan
            .gap(at)
            .starts_with([' ', ':', '#', '.', '\t', ')', '=', '\n', '\r', '\'', '’', '/']);
        if glued
            || scan.is_number(at)
            || !(scan.has(at, FILLER | ID) || scan.is(at, "s") || scan.is(at, "in") && scan.has(at - 1, LAST_FOUR))
        {
            break;
        }
        labelled |= scan.has(at, LAST_FOUR);
        labelled |= matches!(
            scan.word(at).to_ascii_lowercase().as_str(),
            "number" | "no" | "num" | "id" | "nr" | "identifier" | "code"
        );
        at += 1;
    }
    let end = value_end(scan, at)?;
    let (first, last) = (scan.start(at), scan.end(end));
    let value = scan.slice(first, last);
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let letters = value.chars().filter(|c| c.is_alphanumeric()).count();
    // "claim CLM-889-221", "subject 1002-044": a code needs no label.
    let coded = scan.gap(last_of_label) == " "
        && at == last_of_label + 1
        && value.contains('-')
        && digits >= 5
        && !value.contains(['.', '/', ':'])
        && dates::at(scan, at).is_none();
    if strict && !labelled && !coded {
        return None;
    }
    let quantity = digits < 5 && digits == letters && scan.has(end + 1, UNIT) && matches!(scan.gap(end), "" | " ");
    let year = at == end
        && digits == 4
        && letters == 4
        && !labelled
        && scan.number(at).is_some_and(|n| (1900..=2099).contains(&n));
    (digits > 0 && letters >= min && letters <= 64 && !quantity && !year).then_some((first, last))
}

/// The last token of the number or code that begins with token `at`.
fn value_end(scan: &Scan<'_>, at: usize) -> Option<usize> {
    if at >= scan.tokens.len() || scan.shape(at) == Some(Shape::Uncased) {
        return None;
    }
    let mut end = at;
    // "A 123456", "KXR 4821": letters before the digits.
    let letters = matches!(scan.shape(at), Some(Shape::Upper | Shape::Initial)) && scan.word(at).len() <= 4;
    let year = scan.number(at + 1).is_some_and(|n| (1900..=2099).contains(&n)) && scan.digits(at + 1) == 4;
    let threes = scan.digits(at + 1) >= 3;
    let paired = threes
        && scan.word(at).len() >= 3
        && scan.digits(at + 2) == 2
        && scan.digits(at + 3) == 2
        && scan.gap(at + 2) == " ";
    let counted = scan.digits(at + 1) >= 4 && !year || threes && scan.digits(at + 2) >= 3 || paired;
    if letters && scan.gap(at) == " " && counted && !scan.has(at + 2, UNIT)
        || letters && scan.gap(at) == " " && scan.gap(at + 1) == "." && scan.digits(at + 2) >= 4
    {
        end += 1;
    }
    let lettered = end > at;
    for _ in 0..24 {
        let tight = matches!(
            scan.gap(end),
            "" | "-" | "/" | "." | "_" | "‐" | "–" | "--" | "*" | ":" | "#"
        );
        let groups =
            scan.gap(end) == " " && scan.digits(end) >= 2 && scan.digits(end + 1) >= 3 && !scan.has(end + 2, UNIT);
        // "XJK 221 99 82"
        let pairs = lettered
            && (2..=3).contains(&scan.digits(end))
            && scan.digits(end + 1) == 2
            && scan.gap(end) == " "
            && !scan.has(end + 2, UNIT);
        if end + 1 >= scan.tokens.len() || !(tight || groups || pairs) {
            break;
        }
        // "MRN 123.Patient" : a sentence ends.
        if scan.gap(end) == "." && scan.word(end + 1).len() > 3 && !scan.is_number(end + 1) {
            break;
        }
        end += 1;
    }
    Some(end)
}
