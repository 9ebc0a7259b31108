//! Escapes of JSON strings: reading one, walking them, writing them.

use std::fmt::Write;

/// A stretch of an encoded string that decodes as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unit {
    /// Bytes it takes in the source.
    pub(crate) raw: usize,
    /// Bytes of its decoded text.
    pub(crate) decoded: usize,
    /// How it may be cut.
    pub(crate) cut: Cut,
}

/// How a [`Unit`] may be cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Plain bytes: anywhere between characters.
    Anywhere,
    /// One escape: nowhere.
    Nowhere,
    /// An escape that never ends, up to the end of the field: nowhere, and nothing encoded may follow.
    Open,
}

/// The unit that `rest`, the inside of a valid JSON string, begins with.
pub(crate) fn unit(rest: &[u8]) -> Unit {
    let plain = memchr::memchr(b'\\', rest).unwrap_or(rest.len());
    if plain > 0 {
        return Unit {
            raw: plain,
            decoded: plain,
            cut: Cut::Anywhere,
        };
    }
    match read(rest) {
        Some((c, raw)) => Unit {
            raw,
            decoded: c.len_utf8(),
            cut: Cut::Nowhere,
        },
        // Not inside a valid string: nothing that could be walked further.
        None => Unit {
            raw: rest.len(),
            decoded: rest.len(),
            cut: Cut::Anywhere,
        },
    }
}

/// The character that the escape at the start of `rest` stands for, and the bytes it takes.
pub(super) fn read(rest: &[u8]) -> Option<(char, usize)> {
    let simple = |c: char| Some((c, 2));
    match *rest.get(1)? {
        b'"' => simple('"'),
        b'\\' => simple('\\'),
        b'/' => simple('/'),
        b'b' => simple('\u{8}'),
        b'f' => simple('\u{c}'),
        b'n' => simple('\n'),
        b'r' => simple('\r'),
        b't' => simple('\t'),
        b'u' => {
            let first = hex4(rest.get(2..6)?)?;
            if let Some(c) = char::from_u32(first) {
                return Some((c, 6));
            }
            // A surrogate: only a high one with a low one after it is a character.
            if first >= 0xdc00 || rest.get(6..8)? != br"\u" {
                return None;
            }
            let second = hex4(rest.get(8..12)?)?;
            if !(0xdc00..0xe000).contains(&second) {
                return None;
            }
            let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
            char::from_u32(code).map(|c| (c, 12))
        }
        _ => None,
    }
}

fn hex4(digits: &[u8]) -> Option<u32> {
    digits
        .iter()
        .try_fold(0, |sum, b| Some(sum * 16 + char::from(*b).to_digit(16)?))
}

/// `text` as the inside of a JSON string, without quotes.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape_into(text, &mut out);
    out
}

/// Appends `text` as the inside of a JSON string to `out`.
pub fn escape_into(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_what_it_reads() {
        for text in ["", "plain", "a\"b\\c/d\n\r\t\u{8}\u{c}\u{0}\u{1f}", "é😀\u{7f}\u{2028}"] {
            let encoded = escape(text);
            let (mut at, mut back) = (0, String::new());
            while at < encoded.len() {
                let unit = unit(&encoded.as_bytes()[at..]);
                match unit.cut {
                    Cut::Anywhere => back.push_str(&encoded[at..at + unit.raw]),
                    _ => back.push(read(&encoded.as_bytes()[at..]).unwrap().0),
                }
                at += unit.raw;
            }
            assert_eq!(back, text);
        }
    }

    #[test]
    fn refuses_bad_escapes() {
        for bad in [
            r"\",
            r"\x",
            r"\u12",
            r"\u12g4",
            r"\ud800",
            r"\ud800\u0041",
            r"\ud800\n....",
            r"\udc00\ud800",
            r"\u+123",
        ] {
            assert_eq!(read(bad.as_bytes()), None, "{bad}");
        }
        assert_eq!(read(br"\u0000"), Some(('\0', 6)));
        assert_eq!(read(br"\uD83D\uDE00x"), Some(('😀', 12)));
    }
}
