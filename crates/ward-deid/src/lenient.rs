//! Placeholders as models write them back.
//!
//! The exact grammar is [`ward_formats::placeholder`]. A model that was given `[NAME_1KQ]` may
//! answer with `[name_1kq]`, `**[NAME_1KQ]**`, `\[NAME\_1KQ\]`, `[NAME-1KQ]`, `[NAME 1KQ]` or
//! `NAME_1KQ`. This module reads all of these:
//!
//! - between `[` and `]`, or `\[` and `\]`: class, one of `_` `\_` `-` or a space, 1 to 9 digits,
//!   two check letters. Brackets count only as a pair.
//! - without brackets: the same with `_` or `\_` only, and no letter or digit on either side, and `_` on neither
//!   side or on both (`_NAME_1KQ_` is in italics).
//!
//! Letters may be of either case. Anything else is ordinary text, so that `day_1`, `plan 5mg` or
//! `NAME` alone are left as they are.

use std::ops::Range;

use ward_formats::placeholder::{CLASSES, LETTERS};

use crate::Class;

/// Longest form in bytes: two for each bracket, class 8, separator 2, digits 9, letters 2.
pub(crate) const MAX_LEN: usize = 25;

/// What a text begins with.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// No placeholder, whatever follows.
    No,
    /// The text ended before it could be told.
    More,
    /// A placeholder: its length in bytes, and what it names.
    Yes(usize, Key),
}

/// What a placeholder names: class, number, check letters in upper case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub(crate) class: Class,
    pub(crate) number: u32,
    pub(crate) check: [u8; 2],
}

/// What `text` names when it is one placeholder and nothing else.
pub(crate) fn whole(text: &str) -> Option<Key> {
    match at_start(text, None, true) {
        Reading::Yes(len, key) if len == text.len() => Some(key),
        _ => None,
    }
}

/// Reads the placeholder that `text` begins with. `before` is the character before it, `end` says
/// that nothing follows `text`. Without `end`, the answer is the same for every continuation of
/// `text`, or [`Reading::More`].
pub(crate) fn at_start(text: &str, before: Option<char>, end: bool) -> Reading {
    let bytes = text.as_bytes();
    let (open, close): (&[u8], &[u8]) = match bytes.first() {
        Some(b'[') => (b"[", b"]"),
        Some(b'\\') => (b"\\[", b"\\]"),
        Some(b) if b.is_ascii_alphabetic() => (b"", b""),
        Some(_) => return Reading::No,
        None => return Reading::More,
    };
    // `_NAME_1KQ_` is a bare placeholder in italics.
    let slanted = before == Some('_');
    if open.is_empty() && before.is_some_and(joins) && !slanted {
        return Reading::No;
    }
    let read = literal(bytes, 0, open).and_then(|at| {
        let (at, key) = body(bytes, at, !open.is_empty())?;
        let at = literal(bytes, at, close)?;
        if open.is_empty() {
            match text.get(at..).and_then(|rest| rest.chars().next()) {
                Some(next) if joins(next) && !(slanted && next == '_') => return Err(Stop::No),
                Some(next) if slanted && next != '_' => return Err(Stop::No),
                None if slanted && end => return Err(Stop::No),
                None if !end => return Err(Stop::More),
                _ => {}
            }
        }
        Ok((at, key))
    });
    match read {
        Ok((len, key)) => Reading::Yes(len, key),
        Err(Stop::More) if !end => Reading::More,
        Err(_) => Reading::No,
    }
}

/// Every range of `text` that could be read as a placeholder in some surroundings, ascending:
/// like [`at_start`] at every place, but without looking at the neighbours.
pub(crate) fn candidates(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while let Some(hit) = next_sign(bytes, at) {
        at = hit + 1;
        let range = if bytes.get(hit) == Some(&b'[') {
            let (start, close): (usize, &[u8]) = match hit.checked_sub(1).and_then(|i| bytes.get(i)) {
                Some(b'\\') => (hit - 1, b"\\]"),
                _ => (hit, b"]"),
            };
            let end = body(bytes, hit + 1, true).and_then(|(at, _)| {
                // `\[..]` is read as `\` and `[..]`.
                literal(bytes, at, close).or_else(|_| literal(bytes, at, b"]"))
            });
            end.ok().map(|end| start..end)
        } else {
            let mut name_end = hit;
            if hit.checked_sub(1).and_then(|i| bytes.get(i)) == Some(&b'\\') {
                name_end -= 1;
            }
            CLASSES.iter().find_map(|class| {
                let start = name_end.checked_sub(class.len())?;
                let named = bytes.get(start..name_end)?.eq_ignore_ascii_case(class.as_bytes());
                if !named {
                    return None;
                }
                let end = body(bytes, start, false).ok()?.0;
                (end > hit).then_some(start..end)
            })
        };
        match (range, found.last_mut()) {
            (Some(new), Some(last)) if new.start < last.end => {
                last.start = last.start.min(new.start);
                last.end = last.end.max(new.end);
            }
            (Some(new), _) => found.push(new),
            (None, _) => {}
        }
    }
    found
}

/// Why reading stopped.
enum Stop {
    No,
    More,
}

/// A character that glues a bare placeholder to its neighbour.
fn joins(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn next_sign(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    memchr::memchr2(b'[', b'_', rest).map(|i| from + i)
}

fn literal(bytes: &[u8], at: usize, expected: &[u8]) -> Result<usize, Stop> {
    for (i, want) in expected.iter().enumerate() {
        match bytes.get(at + i) {
            None => return Err(Stop::More),
            Some(b) if b == want => {}
            Some(_) => return Err(Stop::No),
        }
    }
    Ok(at + expected.len())
}

/// Class, separator, digits, check letters. Gives where it ends.
fn body(bytes: &[u8], at: usize, bracketed: bool) -> Result<(usize, Key), Stop> {
    let (at, class) = class(bytes, at)?;
    let at = match bytes.get(at) {
        None => return Err(Stop::More),
        Some(b'_') => at + 1,
        Some(b'-' | b' ') if bracketed => at + 1,
        Some(b'\\') => literal(bytes, at, b"\\_")?,
        Some(_) => return Err(Stop::No),
    };
    let mut digits = 0;
    let mut number = 0_u32;
    while let Some(b) = bytes.get(at + digits).filter(|b| b.is_ascii_digit()) {
        digits += 1;
        if digits > 9 {
            return Err(Stop::No);
        }
        number = number * 10 + u32::from(b - b'0');
    }
    let mut check = [0_u8; 2];
    for (i, letter) in check.iter_mut().enumerate() {
        match bytes.get(at + digits + i) {
            None => return Err(Stop::More),
            Some(b) if digits > 0 && LETTERS.contains(&b.to_ascii_uppercase()) => *letter = b.to_ascii_uppercase(),
            Some(_) => return Err(Stop::No),
        }
    }
    Ok((at + digits + 2, Key { class, number, check }))
}

/// The class name at `at`, in either case, followed by something that is not part of it.
fn class(bytes: &[u8], at: usize) -> Result<(usize, Class), Stop> {
    let rest = bytes.get(at..).unwrap_or_default();
    let mut more = false;
    for class in Class::ALL {
        let label = class.label().as_bytes();
        let given = rest.get(..label.len()).unwrap_or(rest);
        let same = given.eq_ignore_ascii_case(label.get(..given.len()).unwrap_or_default());
        if same && given.len() == label.len() {
            return Ok((at + label.len(), class));
        }
        more |= same;
    }
    Err(if more { Stop::More } else { Stop::No })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, before: Option<char>, expect: Option<usize>) {
        let read = match at_start(text, before, true) {
            Reading::Yes(len, _) => Some(len),
            _ => None,
        };
        assert_eq!(read, expect, "{text}");
    }

    #[test]
    fn reads_what_models_write() {
        for (text, len) in [
            ("[NAME_1KR]", 10),
            ("[name_1kr] x", 10),
            ("[NAME-1KR]", 10),
            ("[NAME 1KR]", 10),
            (r"\[NAME_1KR\]", 12),
            (r"\[NAME\_1KR\]", 13),
            ("NAME_1KR", 8),
            ("NAME_1KR's", 8),
            ("Name_1Kr]", 8),
            ("[DAY_123456789TR]", 17),
        ] {
            check(text, None, Some(len));
        }
    }

    #[test]
    fn leaves_ordinary_words() {
        for text in [
            "day_1",
            "NAME",
            "plan 5mg",
            "PLAN-5MG",
            "[day 2",
            "name_1kr2",
            "name_1kré",
            "[NAME_1KR",
            r"\[NAME_1KR]",
            "[NAME_KR]",
            "NAME_1234567890KR",
            "[NAME__1KR]",
            "id",
            "[",
            r"\",
        ] {
            check(text, None, None);
        }
        check("NAME_1KR", Some('x'), None);
        check("NAME_1KR", Some('('), Some(8));
        check("NAME_1KR", Some('_'), None);
        check("NAME_1KR_ x", Some('_'), Some(8));
        check("NAME_1KR_", None, None);
        check("[NAME_1KR]", Some('x'), Some(10));
    }

    #[test]
    fn waits_only_while_it_must() {
        let whole = r"\[FACILITY\_123456789KR\]";
        assert_eq!(whole.len(), MAX_LEN);
        for end in 0..whole.len() {
            assert_eq!(at_start(&whole[..end], None, false), Reading::More, "{end}");
        }
        assert!(matches!(at_start(whole, None, false), Reading::Yes(MAX_LEN, _)));
        assert_eq!(at_start("NAME_1KR", None, false), Reading::More);
        assert_eq!(at_start("NAMES", None, false), Reading::No);
    }

    #[test]
    fn finds_candidates_anywhere() {
        let text = r"x[NAME_1KR]yNAME_2BBz \[day 3cc\] AGE_1NNAME_1KR \[DAY_1BC] [plan 5mg] plan 5mg";
        let found: Vec<_> = candidates(text).into_iter().map(|r| &text[r]).collect();
        assert_eq!(
            found,
            [
                "[NAME_1KR]",
                "NAME_2BB",
                r"\[day 3cc\]",
                "AGE_1NNAME_1KR",
                r"\[DAY_1BC]",
                "[plan 5mg]"
            ]
        );
    }
}
