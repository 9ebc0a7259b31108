//! Strings that a program joins: `"ab" + "cd"` and, where nothing stands between them, `"ab" "cd"`, also over lines.
//!
//! A credential has no spaces, so only pieces without any are joined; text in sentences stays as it is.

use std::ops::Range;

use super::{Budget, Piece};

/// Longest piece, and longest result.
const MOST: usize = 4096;
/// What may stand between two pieces: line ends, an operator, a backslash.
const GAP: usize = 200;
/// How much of the line before the first piece goes with it: it may say what the value is.
const BEFORE: usize = 120;

/// Finds every chain of two strings or more. Each is handed on with what stands before it on its line.
pub(crate) fn pieces(text: &[u8], budget: &mut Budget, each: &mut dyn FnMut(Piece, &mut Budget)) {
    let mut done = 0;
    for close in memchr::memchr2_iter(b'"', b'\'', text) {
        if close < done {
            continue;
        }
        let Some(open) = next_string(text, close) else { continue };
        let Some(first) = string_before(text, close, done) else {
            continue;
        };
        let mut joined = text.get(first.clone()).unwrap_or_default().to_vec();
        let mut end = close + 1;
        let mut next = Some(open);
        while let Some(content) = next.and_then(|open| string_at(text, open)) {
            joined.extend_from_slice(text.get(content.clone()).unwrap_or_default());
            end = content.end + 1;
            next = next_string(text, content.end).filter(|_| joined.len() < MOST);
        }
        if end == close + 1 {
            continue;
        }
        done = end;
        if !budget.take(joined.len()) {
            joined.fill(0);
            return;
        }
        joined.extend(text.get(close));
        let piece = Piece {
            span: first.start..end,
            how: "strings that are joined",
            text: on_its_line(text, first.start, joined),
        };
        each(piece, budget);
    }
}

/// What was joined from `start` on, behind what stands before it on its line.
pub(super) fn on_its_line(text: &[u8], start: usize, mut joined: Vec<u8>) -> Vec<u8> {
    let said = text.get(start.saturating_sub(BEFORE)..start).unwrap_or_default();
    let line = memchr::memrchr(b'\n', said).map_or(0, |at| at + 1);
    let mut whole = said.get(line..).unwrap_or_default().to_vec();
    whole.append(&mut joined);
    whole
}

/// Where the string that is joined to the one that closes at `close` opens: the same quote behind a gap.
fn next_string(text: &[u8], close: usize) -> Option<usize> {
    let quote = *text.get(close)?;
    let rest = text.get(close + 1..text.len().min(close + 1 + GAP))?;
    let mut operators = 0;
    for (length, byte) in rest.iter().enumerate() {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' | b'\\' => {}
            b'+' | b'.' | b'&' if operators == 0 => operators += 1,
            byte if *byte == quote && length > 0 => return Some(close + 1 + length),
            _ => return None,
        }
    }
    None
}

/// The content of the string that opens at `open`, when it has no spaces and ends.
fn string_at(text: &[u8], open: usize) -> Option<Range<usize>> {
    let quote = *text.get(open)?;
    let rest = text.get(open + 1..text.len().min(open + 1 + MOST))?;
    let length = rest.iter().take_while(|byte| is_inside(**byte, quote)).count();
    (length > 0 && rest.get(length) == Some(&quote)).then_some(open + 1..open + 1 + length)
}

/// The content of the string that closes at `close`, not before `from`.
fn string_before(text: &[u8], close: usize, from: usize) -> Option<Range<usize>> {
    let quote = *text.get(close)?;
    let before = text.get(from.max(close.saturating_sub(MOST))..close)?;
    let length = before.iter().rev().take_while(|byte| is_inside(**byte, quote)).count();
    let opens = before.len().checked_sub(length + 1).and_then(|at| before.get(at)) == Some(&quote);
    (length > 0 && opens).then_some(close - length..close)
}

fn is_inside(byte: u8, quote: u8) -> bool {
    byte.is_ascii_graphic() && byte != quote && byte != b'\\'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[(&str, &str)]) {
        let mut out = Vec::new();
        pieces(text.as_bytes(), &mut Budget::of(text.len()), &mut |piece, _| {
            let span = text.get(piece.span.clone()).unwrap().to_owned();
            out.push((span, String::from_utf8(piece.text.clone()).unwrap()));
        });
        let expect: Vec<_> = expect.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        assert_eq!(out, expect, "{text}");
    }

    #[test]
    fn chains_are_joined_with_what_they_are_given_to() {
        check("key = \"ab\" + \"cd\";", &[("ab\" + \"cd\"", "key = \"abcd\"")]);
        check(
            "key = 'ab' 'cd' \\\n   'ef'\n",
            &[("ab' 'cd' \\\n   'ef'", "key = 'abcdef'")],
        );
        check("k = (\"ab\"\n     \"cd\")", &[("ab\"\n     \"cd\"", "k = (\"abcd\"")]);
        check("$k = 'ab' . 'cd';", &[("ab' . 'cd'", "$k = 'abcd'")]);
    }

    #[test]
    fn other_strings_stay_apart() {
        for text in [
            "f(\"ab\", \"cd\")",
            "{\"ab\": \"cd\"}",
            "x = \"a b\" + \"c d\"",
            "\"\"\"docs\"\"\"",
            "\"ab\" + name + \"cd\"",
            "'it''s'",
            "\"ab\" + + \"cd\"",
            "\"\" + \"\"",
        ] {
            check(text, &[]);
        }
    }
}
