//! Words that are written in pieces: as a shell joins them (`ab""cd`, `"ab"'cd'`, `"abcd"efgh`), and where a line goes on
//! behind a backslash (shells, properties, YAML, C), or with characters in it that nobody sees (zero-width spaces and joiners,
//! soft hyphens). A credential has no spaces, so only words without any are joined.

use std::ops::Range;

use super::{Budget, Piece, joined};

/// Longest word.
const MOST: usize = 4096;
/// How many characters must stand on both sides of a single quote: `don't` and `L'heure` are words of people.
const AROUND: usize = 4;

/// Finds every word that has a joint. Each is handed on with what stands before it on its line.
pub(crate) fn pieces(text: &[u8], budget: &mut Budget, each: &mut dyn FnMut(Piece, &mut Budget)) {
    join(text, memchr::memchr3_iter(b'"', b'\'', b'\\', text), budget, each);
    join(text, memchr::memchr3_iter(0xc2, 0xe2, 0xef, text), budget, each);
}

/// Finds the words of which a joint may stand at one of `places`.
fn join(
    text: &[u8],
    places: impl Iterator<Item = usize>,
    budget: &mut Budget,
    each: &mut dyn FnMut(Piece, &mut Budget),
) {
    let mut done = 0;
    for at in places {
        if at < done {
            continue;
        }
        let Some(mut joint) = joint(text, at, done) else {
            continue;
        };
        let before = text.get(done.max(at.saturating_sub(MOST))..at).unwrap_or_default();
        let start = at - before.iter().rev().take_while(|byte| is_inside(**byte)).count();
        let mut word = text.get(start..at).unwrap_or_default().to_vec();
        loop {
            let rest = text.get(joint.end..).unwrap_or_default();
            let part = rest.iter().take_while(|byte| is_inside(**byte)).count();
            word.extend_from_slice(rest.get(..part).unwrap_or_default());
            done = joint.end + part;
            match self::joint(text, done, joint.end).filter(|_| word.len() < MOST) {
                Some(next) => joint = next,
                None => break,
            }
        }
        if !budget.take(word.len()) {
            word.fill(0);
            return;
        }
        let piece = Piece {
            span: start..done,
            how: "a word written in pieces",
            text: joined::on_its_line(text, start, word),
        };
        each(piece, budget);
    }
}

/// The bytes at `at` that stand for nothing between two parts of a word, the first of which does not begin before `from`.
fn joint(text: &[u8], at: usize, from: usize) -> Option<Range<usize>> {
    let before = text.get(from..at)?;
    let after = text.get(at + 1..)?;
    let joins = |end: usize| {
        let joined = before.last().is_some_and(is_part) && text.get(end).is_some_and(is_part);
        joined.then_some(at..end)
    };
    if let Some(length) = unseen(text.get(at..)?) {
        return joins(at + length);
    }
    match (text.get(at)?, after.first()?) {
        (b'\\', b'\n' | b'\r') => {
            let line = usize::from(after.starts_with(b"\r\n")) + 1;
            let blank = after.get(line..)?.iter().take(MOST);
            joins(at + 1 + line + blank.take_while(|byte| matches!(byte, b' ' | b'\t')).count())
        }
        (b'"' | b'\'', b'"' | b'\'') => joins(at + 2),
        (b'"' | b'\'', _) => {
            let left = before
                .iter()
                .rev()
                .take(AROUND)
                .take_while(|byte| is_part(byte))
                .count();
            let right = after.iter().take(AROUND).take_while(|byte| is_part(byte)).count();
            (left == AROUND && right == AROUND).then_some(at..at + 1)
        }
        _ => None,
    }
}

/// The length of a character of UTF-8 that takes no room: U+00AD, U+200B to U+200D, U+2060, U+FEFF.
fn unseen(text: &[u8]) -> Option<usize> {
    match text {
        [0xc2, 0xad, ..] => Some(2),
        [0xe2, 0x80, 0x8b..=0x8d, ..] | [0xe2, 0x81, 0xa0, ..] | [0xef, 0xbb, 0xbf, ..] => Some(3),
        _ => None,
    }
}

/// What may stand on either side of a joint.
fn is_part(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// What such a word is made of.
fn is_inside(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\'' | b'\\' | b',' | b';' | b'<' | b'>' | b'(' | b')')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        super::super::tests::check(pieces, text, expect);
    }

    #[test]
    fn words_are_joined_as_a_shell_joins_them() {
        check("export T=ab\"\"cd\n", &["export T=abcd"]);
        check("T=ab''cd''ef x", &["T=abcdef"]);
        check("T=\"ab\"'cd'\n", &["T=\"abcd"]);
        check("T=\"abcd\"efgh\n", &["T=\"abcdefgh"]);
        check("T=abcd'efgh'", &["T=abcdefgh"]);
    }

    #[test]
    fn lines_go_on_behind_a_backslash() {
        check("ENV T=ab\\\ncd\n", &["ENV T=abcd"]);
        check("a=ab\\\r\n   cd\\\n\tef", &["a=abcdef"]);
        check("k: \"ab\\\n  cd\"", &["k: \"abcd"]);
    }

    #[test]
    fn what_nobody_sees_is_left_out() {
        check("T=ab\u{200b}cd\u{2060}ef x", &["T=abcdef"]);
        check("ab\u{ad}cd", &["abcd"]);
        check("ab\u{feff}cd\"\"ef", &["ab\u{feff}cdef", "abcdef"]);
        for text in [
            "caf\u{e9}s \u{2014} \u{201c}x\u{201d}",
            "a\u{200b} b",
            "\u{feff}name: x",
        ] {
            check(text, &[]);
        }
    }

    #[test]
    fn what_people_write_stays_apart() {
        for text in [
            "don't, L'heure, the users' own",
            "f('', 'x')",
            "x = \"\"\"docs\"\"\"",
            "run --a \\\n  --b",
            "{\"ab\":\"cd\"}",
            "r\"ab\" b'cd' f\"efgh\"",
            "a\\nb \\\"c\\\"",
            "",
        ] {
            check(text, &[]);
        }
    }
}
