//! A report for people and for programs. Nothing here prints; every function gives text.

mod about;
pub mod gitlab;
pub mod html;
pub mod json;
pub mod junit;
mod markdown;
pub mod sarif;
pub mod summary;
pub mod text;

pub use about::{About, alternative, date_time, engine_of, weaknesses};

/// Writes control characters and marks that reorder or hide text as escapes: for text that may hold names out of hostile
/// files and goes to a terminal or a page.
#[must_use]
pub fn harmless(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() || misleads(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// Whether nothing but printable ASCII stands in a text, as in nearly all: nothing in it can mislead.
pub(crate) fn is_plain(text: &str) -> bool {
    // A piece at a time without a way out of it, which compilers turn into few instructions.
    let is_plain = |piece: &[u8]| {
        piece
            .iter()
            .fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~'))
    };
    text.as_bytes().chunks(64).all(is_plain)
}

/// Whether a character reorders the text around it, ends a line where none is seen, or is not seen at all: the characters of
/// Unicode's categories Cf, Zl and Zp but for the two joiners, which scripts and emoji need.
pub(crate) fn misleads(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A JSON value as one line of text in which such characters, and control characters, are written as `\uXXXX` (RFC 8259,
/// section 7): whoever looks at the text sees it in its order, and whoever parses it gets the same value.
#[must_use]
pub fn json_text(value: &serde_json::Value) -> String {
    one_line(value.to_string())
}

fn one_line(text: String) -> String {
    // By pieces, of which nearly all are plain.
    let misled = |c: char| !c.is_ascii_graphic() && (c.is_control() || misleads(c));
    let in_piece = |piece: &str| !is_plain(piece) && piece.chars().any(misled);
    if !text.split('{').any(in_piece) {
        return text;
    }
    let mut out = String::with_capacity(text.len() + 64);
    for c in text.chars() {
        // Outside of strings a line of JSON holds neither.
        if c.is_control() || misleads(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_misleads_is_escaped() {
        assert_eq!(
            harmless("a\u{202e}b\u{e0041}\u{200b}\n"),
            "a\\u{202e}b\\u{e0041}\\u{200b}\\u{a}"
        );
        assert_eq!(harmless("نص é 👩\u{200d}🔬"), "نص é 👩\u{200d}🔬");
        let value = serde_json::json!({"a\u{202e}": "\u{7f}\u{e0041}\u{2066}é\n"});
        let text = json_text(&value);
        assert_eq!(text, "{\"a\\u202e\":\"\\u007f\\udb40\\udc41\\u2066é\\n\"}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }
}
