//! Stand-ins for addresses and for names of organisations.

use std::ops::Range;

use super::draw::Draw;
use super::lists::{self, Kind};
use super::words::{in_case_of, words};
use crate::lexicon::{self, DEPARTMENT, FACILITY, PREPOSITION, STREET, UNIT_OF_ADDRESS};
use crate::removal::split_state;
use crate::zip;

/// Directions in an address.
const DIRECTIONS: &[&str] = &[
    "n", "s", "e", "w", "ne", "nw", "se", "sw", "north", "south", "east", "west",
];

/// An address with another street, number and city. State and country stay; of a ZIP code the first three digits,
/// where so many people share them that they may, and 000 otherwise.
pub(super) fn place(draw: &Draw, value: &str, attempt: u32) -> Option<String> {
    if value.chars().any(|c| c.is_alphabetic() && u32::from(c) > 0x024f) {
        return None;
    }
    let zip = zip::at_end(value).unwrap_or(value.len()..value.len());
    let head = value.get(..zip.start)?;
    let (before, _) = split_state(head);
    let mut out = String::new();
    let mut from = 0;
    for segment in before.split_inclusive([',', ';', '\n', '|', '^']) {
        segment_of(draw, segment, attempt, &mut out)?;
        from += segment.len();
    }
    out.push_str(head.get(from..)?);
    if !zip.is_empty() {
        out.push_str(&zip_code(draw, value.get(zip.clone())?, attempt));
        out.push_str(value.get(zip.end..)?);
    }
    Some(out)
}

/// What a word of an address is.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Kept,
    Street,
    City,
}

/// One part of an address between commas.
fn segment_of(draw: &Draw, segment: &str, attempt: u32, out: &mut String) -> Option<()> {
    let found = words(segment);
    let lower: Vec<String> = found
        .iter()
        .filter_map(|range| segment.get(range.clone()))
        .map(str::to_lowercase)
        .collect();
    let tagged = |i: usize, tag| lower.get(i).is_some_and(|word| lexicon::tags(word) & tag != 0);
    let direction = |i: usize| lower.get(i).is_some_and(|word| DIRECTIONS.contains(&word.as_str()));
    // "Apt 4B", "Box 12": a word before a number.
    let unit = |i: usize| {
        let end = found.get(i).map_or(0, |range| range.end);
        let next = segment
            .get(end..)
            .unwrap_or_default()
            .trim_start_matches(['.', ' ', '#']);
        tagged(i, UNIT_OF_ADDRESS) && next.starts_with(|c: char| c.is_ascii_digit())
    };
    let first = (0..found.len()).find(|i| !direction(*i) && !unit(*i)).unwrap_or(0);
    let street = (first + 1..found.len()).rev().find(|i| tagged(*i, STREET) && !unit(*i));
    let numbered = |range: &Range<usize>| {
        segment
            .get(..range.start)
            .is_some_and(|before| before.bytes().any(|b| b.is_ascii_digit()))
    };
    let part = |i: usize| match street {
        _ if unit(i) => Part::Kept,
        Some(street) if i == street => Part::Kept,
        _ if direction(i) && found.len() > 1 => Part::Kept,
        // "4B" is a number with a letter.
        _ if lower.get(i).is_some_and(|word| word.chars().count() == 1) && found.len() > 1 => Part::Kept,
        Some(street) if i < street => Part::Street,
        None if found.get(i).is_some_and(numbered) => Part::Street,
        _ => Part::City,
    };
    let mut at = 0;
    let mut i = 0;
    while let Some(range) = found.get(i) {
        let kind = part(i);
        numbers(draw, segment.get(at..range.start)?, attempt, out);
        let mut last = i;
        while kind != Part::Kept && last + 1 < found.len() && part(last + 1) == kind {
            last += 1;
        }
        let end = found.get(last).map_or(range.end, |range| range.end);
        let phrase = segment.get(range.start..end)?;
        let list = match kind {
            Part::Kept => None,
            Part::Street => Some(Kind::Street),
            Part::City => Some(Kind::City),
        };
        match list {
            None => out.push_str(phrase),
            Some(list) => {
                let new = draw.pick("place", &phrase.to_lowercase(), attempt, lists::words(list))?;
                out.push_str(&in_case_of(new, phrase));
            }
        }
        at = end;
        i = last + 1;
    }
    numbers(draw, segment.get(at..)?, attempt, out);
    Some(())
}

/// Text with every digit drawn anew: the first of a number is always another one, and no 0 unless it was.
fn numbers(draw: &Draw, text: &str, attempt: u32, out: &mut String) {
    let bits = draw.bits("house number", text, attempt);
    let mut before = ' ';
    for (c, bits) in text.chars().zip(bits.into_iter().cycle()) {
        match c.to_digit(10).and_then(|digit| u8::try_from(digit).ok()) {
            None => out.push(c),
            Some(_) if before.is_ascii_digit() => out.push(char::from(b'0' + bits % 10)),
            Some(0) => out.push(char::from(b'1' + bits % 9)),
            Some(digit) => out.push(char::from(b'1' + (digit + bits % 8) % 9)),
        }
        before = c;
    }
}

/// The first three digits that may stay, and drawn ones.
fn zip_code(draw: &Draw, zip: &str, attempt: u32) -> String {
    let mut out = zip::first_three(zip).to_owned();
    // What follows the first three is at least "dd", at most "dd-dddd".
    let rest = zip.get(3..).unwrap_or_default();
    let bits = draw.bits("zip", zip, attempt);
    for (c, bits) in rest.chars().zip(bits) {
        out.push(if c.is_ascii_digit() {
            char::from(b'0' + bits % 10)
        } else {
            c
        });
    }
    out
}

/// The name of an organisation with another distinctive part; what kind of place it is stays.
pub(super) fn facility(draw: &Draw, value: &str, attempt: u32) -> Option<String> {
    if value.chars().any(|c| c.is_alphabetic() && u32::from(c) > 0x024f) {
        return None;
    }
    // "Mercy Hospital in Cedar Falls"
    if let Some(at) = value.find(" in ") {
        let (name, city) = (value.get(..at)?, value.get(at + 4..)?);
        return Some(format!(
            "{} in {}",
            facility(draw, name, attempt)?,
            place(draw, city, attempt)?
        ));
    }
    let found = words(value);
    let joins = |word: &str| {
        ["of", "the", "and", "for"]
            .iter()
            .any(|small| small.eq_ignore_ascii_case(word))
    };
    let kept = |range: &Range<usize>| {
        let word = value.get(range.clone()).unwrap_or_default();
        lexicon::tags(word) & (FACILITY | DEPARTMENT | PREPOSITION) != 0 || joins(word)
    };
    let new = draw.pick("facility", &value.to_lowercase(), attempt, lists::words(Kind::Facility))?;
    let Some(first) = found.iter().position(|range| !kept(range)) else {
        let last = found.last().and_then(|range| value.get(range.clone()))?;
        return Some(format!("{} {last}", in_case_of(new, last)));
    };
    let last = (first..found.len())
        .take_while(|i| found.get(*i).is_some_and(|range| !kept(range)))
        .last()?;
    let (start, end) = (found.get(first)?.start, found.get(last)?.end);
    let mut out = value.get(..start)?.to_owned();
    out.push_str(&in_case_of(new, value.get(start..end)?));
    // Later distinctive words go, too, and what joined them: no name ends with "of".
    let mut at = end;
    let mut ends = out.len();
    for range in found.iter().skip(last + 1) {
        let gap = value.get(at..range.start)?;
        if kept(range) {
            let word = value.get(range.clone())?;
            out.push_str(gap);
            out.push_str(word);
            if !joins(word) && lexicon::tags(word) & PREPOSITION == 0 {
                ends = out.len();
            }
        }
        at = range.end;
    }
    out.truncate(ends);
    let tail: String = value.get(at..)?.chars().filter(|c| !c.is_alphanumeric()).collect();
    out.push_str(tail.strip_prefix("'s").unwrap_or(&tail));
    let digits_gone: String = out.chars().filter(|c| !c.is_ascii_digit()).collect();
    Some(digits_gone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_form_of_addresses() {
        let draw = Draw::new(&[1; 32]);
        for (value, gone, kept) in [
            (
                "1234 N. Elm St Apt 4B, Oddville, IL 62704-1234",
                &["1234", "Elm", "4B", "Oddville", "62704"][..],
                &[" N. ", " St Apt ", ", IL 627", "-"][..],
            ),
            (
                "12 COURT STREET, ODDVILLE",
                &["12", "COURT", "ODDVILLE"],
                &[" STREET, "],
            ),
            ("62704", &["62704"], &["627"]),
            ("82101", &["82101", "821"], &["000"]),
            ("Oddville", &["Oddville"], &[]),
            ("12 Broadway", &["12", "Broadway"], &[]),
            ("Oddville, New York", &["Oddville"], &[", New York"]),
            ("PO Box 123, Oddville", &["123", "Oddville"], &["Box"]),
        ] {
            let new = place(&draw, value, 0).unwrap();
            for gone in gone {
                assert!(!new.contains(gone), "{value}: {new}");
            }
            for kept in kept {
                assert!(new.contains(kept), "{value}: {new}");
            }
            assert_eq!(place(&draw, value, 0), Some(new.clone()));
        }
        assert_eq!(place(&draw, "北京市", 0), None);
    }

    #[test]
    fn keeps_the_kind_of_organisations() {
        let draw = Draw::new(&[1; 32]);
        for (value, gone, kept) in [
            ("Oddville General Hospital", "Oddville", " General Hospital"),
            ("St. Mary's Medical Center", "Mary", " Medical Center"),
            ("University of Oddville Hospital", "Oddville", "University of "),
            ("General Hospital", "General", " Hospital"),
            ("Quillco", "Quillco", ""),
            ("St. Luke's of Oddville", "of", ""),
            ("Quill Imaging of Oddville", "of", " Imaging"),
            ("Mercy Hospital in Oddville, IL", "Oddville", ", IL"),
        ] {
            let new = facility(&draw, value, 0).unwrap();
            assert!(!new.contains(gone) && new.contains(kept), "{value}: {new}");
        }
    }
}
