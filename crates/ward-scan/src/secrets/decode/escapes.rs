//! Percent signs (RFC 3986), escapes of program text (`\x41`, `\u0041`, `\101`), numeric entities (`&#65;`, `&#x41;`).

use std::ops::Range;

use super::{Budget, Piece, is_text};

/// Longest piece that is decoded.
const MOST: usize = 4096;

/// Finds every word that holds escapes.
pub(crate) fn pieces(text: &[u8], budget: &mut Budget, each: &mut dyn FnMut(Piece, &mut Budget)) {
    for (mark, how, least, one) in [
        (b'%', "percent signs", 2, percent as fn(&[u8]) -> Option<(u32, usize)>),
        (b'\\', "escapes", 4, escape),
        (b'&', "entities", 4, entity),
    ] {
        let mut done = 0;
        while let Some(found) = text.get(done..).and_then(|rest| memchr::memchr(mark, rest)) {
            let at = done + found;
            done = at + 1;
            if text.get(at..).and_then(one).is_none() {
                continue;
            }
            let span = word(text, at, at - found);
            done = span.end.max(at + 1);
            let Some(piece) = text.get(span.clone()) else { continue };
            if piece.iter().filter(|byte| **byte == mark).count() < least || !budget.take(piece.len()) {
                continue;
            }
            let (decoded, count) = decode(piece, mark, one);
            if count >= least && is_text(&decoded) {
                each(
                    Piece {
                        span,
                        how,
                        text: decoded,
                    },
                    budget,
                );
            }
        }
    }
}

/// The word around `at`, not before `from`: up to a space or a quote on either side.
fn word(text: &[u8], at: usize, from: usize) -> Range<usize> {
    let inside = |byte: &&u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\'' | b'`' | b'<' | b'>');
    let before = text.get(from.max(at.saturating_sub(MOST / 4))..at).unwrap_or_default();
    let after = text
        .get(at..at.saturating_add(MOST).min(text.len()))
        .unwrap_or_default();
    at - before.iter().rev().take_while(inside).count()..at + after.iter().take_while(inside).count()
}

fn decode(piece: &[u8], mark: u8, one: fn(&[u8]) -> Option<(u32, usize)>) -> (Vec<u8>, usize) {
    let mut out = Vec::with_capacity(piece.len());
    let (mut at, mut count) = (0, 0);
    while let Some(&byte) = piece.get(at) {
        let decoded = if byte == mark {
            piece.get(at..).and_then(one)
        } else {
            None
        };
        match decoded {
            Some((value, length)) => {
                count += 1;
                at += length.max(1);
                match (mark, u8::try_from(value), char::from_u32(value)) {
                    (b'%', Ok(byte), _) => out.push(byte),
                    (_, _, Some(c)) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
                    _ => out.push(b'?'),
                }
            }
            None => {
                out.push(byte);
                at += 1;
            }
        }
    }
    (out, count)
}

fn digits(bytes: Option<&[u8]>, base: u32) -> Option<u32> {
    let bytes = bytes?;
    if bytes.is_empty() || bytes.len() > 8 {
        return None;
    }
    bytes.iter().try_fold(0u32, |value, byte| {
        value.checked_mul(base)?.checked_add(char::from(*byte).to_digit(base)?)
    })
}

/// `%41`: the value and the length.
fn percent(rest: &[u8]) -> Option<(u32, usize)> {
    digits(rest.get(1..3), 16).map(|value| (value, 3))
}

/// `\x41`, `\u0041`, `\u{41}`, `\101`.
fn escape(rest: &[u8]) -> Option<(u32, usize)> {
    match rest.get(1)? {
        b'x' => digits(rest.get(2..4), 16).map(|value| (value, 4)),
        b'u' if rest.get(2) == Some(&b'{') => {
            let length = rest.get(3..)?.iter().take(7).position(|byte| *byte == b'}')?;
            digits(rest.get(3..3 + length), 16).map(|value| (value, length + 4))
        }
        b'u' => digits(rest.get(2..6), 16).map(|value| (value, 6)),
        b'0'..=b'3' => digits(rest.get(1..4), 8).map(|value| (value, 4)),
        _ => None,
    }
}

/// `&#65;`, `&#x41;`.
fn entity(rest: &[u8]) -> Option<(u32, usize)> {
    if rest.get(1) != Some(&b'#') {
        return None;
    }
    let length = rest.iter().take(11).position(|byte| *byte == b';')?;
    let value = match rest.get(2)? {
        b'x' | b'X' => digits(rest.get(3..length), 16),
        _ => digits(rest.get(2..length), 10),
    }?;
    Some((value, length + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        super::super::tests::check(pieces, text, expect);
    }

    #[test]
    fn words_with_escapes() {
        check("see a%3Db%26c and 100% of it", &["a=b&c"]);
        check(r#"x = "\x61\x62\x63\x64e" "#, &["abcde"]);
        check(r"\u0061\u0062\u{63}\144", &["abcd"]);
        check("<p>&#97;&#x62;&#99;&#100;</p>", &["abcd"]);
        check("printf(\"%d%s\", 1)", &[]);
        check("%zz %4", &[]);
        check("\\", &[]);
    }
}
