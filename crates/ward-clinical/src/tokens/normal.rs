//! What is done to a text before it is cut into words.

use regex::Regex;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// One step.
pub(super) enum Normalizer {
    Nfc,
    Nfd,
    Nfkc,
    Nfkd,
    Lowercase,
    StripAccents,
    /// White space at the beginning, at the end.
    Strip(bool, bool),
    /// Set before a text that is not empty.
    Prepend(String),
    /// Every match becomes this.
    Replace(Regex, String),
    Bert(Bert),
}

/// The normaliser of BERT.
pub(super) struct Bert {
    pub(super) clean: bool,
    pub(super) chinese: bool,
    pub(super) accents: bool,
    pub(super) lower: bool,
}

impl Normalizer {
    /// The text after the step.
    pub(super) fn apply(&self, text: String) -> String {
        match self {
            Self::Nfc => text.nfc().collect(),
            Self::Nfd => text.nfd().collect(),
            Self::Nfkc => text.nfkc().collect(),
            Self::Nfkd => text.nfkd().collect(),
            Self::Lowercase => lower(&text),
            Self::StripAccents => text.chars().filter(|c| !is_combining_mark(*c)).collect(),
            Self::Strip(left, right) => {
                let text = if *left { text.trim_start() } else { &text };
                if *right { text.trim_end() } else { text }.to_owned()
            }
            Self::Prepend(_) if text.is_empty() => text,
            Self::Prepend(before) => format!("{before}{text}"),
            Self::Replace(pattern, by) => pattern.replace_all(&text, regex::NoExpand(by)).into_owned(),
            Self::Bert(bert) => bert.apply(&text),
        }
    }
}

impl Bert {
    fn apply(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            if self.clean && (c == '\0' || c == '\u{fffd}' || is_other(c)) {
                continue;
            }
            match c {
                c if self.clean && c.is_whitespace() => out.push(' '),
                c if self.chinese && is_chinese(c) => out.extend([' ', c, ' ']),
                c => out.push(c),
            }
        }
        if self.accents {
            out = out.nfd().filter(|c| !is_combining_mark(*c)).collect();
        }
        if self.lower { lower(&out) } else { out }
    }
}

/// Lower case, character by character.
fn lower(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// A control, format or private character that is no white space.
fn is_other(c: char) -> bool {
    !matches!(c, '\t' | '\n' | '\r')
        && (c.is_control()
            || matches!(c, '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{180e}' | '\u{200b}'..='\u{200f}')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{e000}'..='\u{f8ff}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
            || c >= '\u{e0000}')
}

/// The ideographs that BERT sets apart.
fn is_chinese(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{20000}'..='\u{2a6df}' | '\u{2a700}'..='\u{2b73f}')
        || matches!(c, '\u{2b740}'..='\u{2b81f}' | '\u{2b920}'..='\u{2ceaf}' | '\u{f900}'..='\u{faff}' | '\u{2f800}'..='\u{2fa1f}')
}
