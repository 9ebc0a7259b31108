//! Spellings brought together: case, accents, punctuation.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Appends the folded form of a word: lower case, without accents and other combining marks,
/// compatibility forms resolved (NFKD), invisible characters left out, letters of other alphabets
/// that look like Latin ones as those.
pub(crate) fn push_word(word: &str, out: &mut String) {
    if word.is_ascii() {
        let from = out.len();
        out.push_str(word);
        if let Some(added) = out.get_mut(from..) {
            added.make_ascii_lowercase();
        }
        return;
    }
    for c in word.nfkd().filter(|c| !is_combining_mark(*c) && !is_invisible(*c)) {
        match c {
            'ß' => out.push_str("ss"),
            'æ' | 'Æ' => out.push_str("ae"),
            'œ' | 'Œ' => out.push_str("oe"),
            _ => out.extend(c.to_lowercase().map(looks_like)),
        }
    }
}

/// The Latin letter that a small letter of another alphabet is drawn like, so that a name spelled
/// with a borrowed letter is still that name. Names wholly in another alphabet stay distinct among
/// each other for all but a few.
pub(crate) fn looks_like(c: char) -> char {
    /// Cyrillic, Greek and Latin letters, each with its double. From the shapes of the letters, as in
    /// Unicode Technical Standard 39.
    const DOUBLES: &[(char, char)] = &[
        ('\u{f0}', 'd'),
        ('\u{f8}', 'o'),
        ('\u{111}', 'd'),
        ('\u{131}', 'i'),
        ('\u{142}', 'l'),
        ('\u{237}', 'j'),
        ('\u{251}', 'a'),
        ('\u{261}', 'g'),
        ('\u{3b1}', 'a'),
        ('\u{3b2}', 'b'),
        ('\u{3b3}', 'y'),
        ('\u{3b5}', 'e'),
        ('\u{3b6}', 'z'),
        ('\u{3b7}', 'h'),
        ('\u{3b9}', 'i'),
        ('\u{3ba}', 'k'),
        ('\u{3bc}', 'm'),
        ('\u{3bd}', 'v'),
        ('\u{3bf}', 'o'),
        ('\u{3c1}', 'p'),
        ('\u{3c4}', 't'),
        ('\u{3c5}', 'u'),
        ('\u{3c7}', 'x'),
        ('\u{3f2}', 'c'),
        ('\u{3f3}', 'j'),
        ('\u{430}', 'a'),
        ('\u{432}', 'b'),
        ('\u{433}', 'r'),
        ('\u{435}', 'e'),
        ('\u{43a}', 'k'),
        ('\u{43c}', 'm'),
        ('\u{43d}', 'h'),
        ('\u{43e}', 'o'),
        ('\u{440}', 'p'),
        ('\u{441}', 'c'),
        ('\u{442}', 't'),
        ('\u{443}', 'y'),
        ('\u{445}', 'x'),
        ('\u{44c}', 'b'),
        ('\u{455}', 's'),
        ('\u{456}', 'i'),
        ('\u{458}', 'j'),
        ('\u{461}', 'w'),
        ('\u{475}', 'v'),
        ('\u{4bb}', 'h'),
        ('\u{4cf}', 'l'),
        ('\u{501}', 'd'),
        ('\u{51b}', 'q'),
        ('\u{51d}', 'w'),
        ('\u{585}', 'o'),
    ];
    if c.is_ascii() {
        return c;
    }
    // Where the capital and the small letter have different doubles, both count as one of them, so
    // that case still makes no difference.
    match DOUBLES.binary_search_by_key(&c, |(double, _)| *double) {
        Ok(at) => DOUBLES.get(at).map_or(c, |(_, latin)| *latin),
        Err(_) => c,
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
            ("ŁUKASZ Søren Weiß", "lukasz soren weiss"),
            ("12-34", "12 34"),
            ("Qu\u{131}ll Z\u{435}lda \u{410}\u{3bf}\u{399}", "quill zelda aoi"),
            ("--", "--"),
        ] {
            assert_eq!(words(text), expect);
        }
        assert_eq!(identifier("mrn-12 34"), "MRN1234");
    }
}
