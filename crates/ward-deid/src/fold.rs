//! Spellings brought together: case, accents, punctuation.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Appends the folded form of a word: lower case, without accents and other combining marks,
/// compatibility forms resolved (NFKD), invisible characters left out.
pub(crate) fn push_word(word: &str, out: &mut String) {
    if word.is_ascii() {
        out.extend(word.bytes().map(|b| char::from(b.to_ascii_lowercase())));
        return;
    }
    for c in word.nfkd().filter(|c| !is_combining_mark(*c) && !is_invisible(*c)) {
        out.extend(c.to_lowercase());
    }
}

/// The words and numbers of `text`, folded, with one space between them. A text without any is
/// given back as it is.
pub(crate) fn words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for part in text
        .split(|c: char| !c.is_alphanumeric() && !is_glue(c))
        .filter(|part| !part.is_empty())
    {
        if !out.is_empty() {
            out.push(' ');
        }
        push_word(part, &mut out);
    }
    if out.is_empty() { text.to_owned() } else { out }
}

/// Letters and digits of `text` in upper case: what remains of an identifier when its punctuation
/// is taken away.
pub(crate) fn identifier(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .collect()
}

/// A character that belongs to the word it stands in: combining marks and invisible characters.
pub(crate) fn is_glue(c: char) -> bool {
    is_invisible(c) || (!c.is_ascii() && is_combining_mark(c))
}

/// Zero-width characters and the soft hyphen.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// Scripts written without spaces between words; every character counts as a word.
pub(crate) fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c),
        0x0e00..=0x0eff | 0x1000..=0x109f | 0x1100..=0x11ff | 0x1780..=0x17ff | 0x3040..=0x30ff | 0x3130..=0x318f
        | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xac00..=0xd7af | 0xf900..=0xfaff | 0x20000..=0x323af)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_spellings_together() {
        for (text, expect) in [
            ("José  O’Brien-Smith", "jose o brien smith"),
            ("JOSE\u{301}", "jose"),
            ("Do\u{200b}e", "doe"),
            ("ＪＡＮＥ", "jane"),
            ("12-34", "12 34"),
            ("--", "--"),
        ] {
            assert_eq!(words(text), expect);
        }
        assert_eq!(identifier("mrn-12 34"), "MRN1234");
    }
}
