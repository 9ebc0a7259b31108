//! A sentence as a row of words, numbers, dates and marks, each with its place.

use ward_formats::placeholder;

use super::cues;
use crate::when;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    /// Letters, perhaps with inner hyphens, apostrophes, slashes, digits.
    Word,
    /// Digits, perhaps with thousands commas and a decimal part.
    Number,
    /// A date in prose, or a day's placeholder.
    Date,
    /// Another placeholder.
    Holder,
    /// A single other character.
    Mark,
}

/// One token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token {
    /// What it is.
    pub(crate) sort: Sort,
    /// First byte in the sentence.
    pub(crate) start: usize,
    /// One past the last byte.
    pub(crate) end: usize,
}

/// A sentence, its lower-case form (same byte offsets: only ASCII is lowered), its tokens and dates.
pub(crate) struct Words<'a> {
    /// The sentence.
    pub(crate) text: &'a str,
    lower: String,
    /// Its tokens.
    pub(crate) tokens: Vec<Token>,
    /// Its dates.
    pub(crate) dates: Vec<when::Found>,
    /// What each token may begin or be ([`cues`]).
    bits: Vec<u16>,
    /// All of them.
    all_bits: u16,
}

impl<'a> Words<'a> {
    /// Splits `text`.
    pub(crate) fn new(text: &'a str) -> Self {
        let dates = when::find(text);
        let lower = text.to_ascii_lowercase();
        let mut tokens = Vec::new();
        let mut next_date = dates.iter().peekable();
        let mut at = 0;
        while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
            while next_date.peek().is_some_and(|d| d.start < at) {
                next_date.next();
            }
            let (sort, end) = match next_date.peek() {
                Some(date) if date.start == at => (Sort::Date, date.end),
                _ => token(text, at, c, next_date.peek().map_or(text.len(), |d| d.start)),
            };
            if !c.is_whitespace() {
                tokens.push(Token { sort, start: at, end });
            }
            at = end.max(at + c.len_utf8());
        }
        let bits = tokens.iter().map(|token| match token.sort {
            Sort::Word => cues::of(lower.get(token.start..token.end).unwrap_or("")),
            _ => 0,
        });
        let bits: Vec<u16> = bits.collect();
        Self {
            all_bits: bits.iter().fold(0, |all, bits| all | bits),
            text,
            lower,
            tokens,
            dates,
            bits,
        }
    }

    /// The sentence in lower case (ASCII letters only).
    pub(crate) fn lower(&self) -> &str {
        &self.lower
    }

    /// Whether token `index` may be what one of `bits` of [`cues::bit`] stands for.
    pub(crate) fn may(&self, index: usize, bits: u16) -> bool {
        self.bits.get(index).is_some_and(|own| own & bits != 0)
    }

    /// Whether any token may.
    pub(crate) fn has(&self, bits: u16) -> bool {
        self.all_bits & bits != 0
    }

    /// The lower-case text of token `index`, if there is one and it is a word.
    pub(crate) fn word(&self, index: usize) -> Option<&str> {
        let token = self.tokens.get(index)?;
        (token.sort == Sort::Word)
            .then(|| self.lower.get(token.start..token.end))
            .flatten()
    }

    /// The lower-case text of token `index`, whatever it is.
    pub(crate) fn any(&self, index: usize) -> Option<&str> {
        self.tokens
            .get(index)
            .and_then(|token| self.lower.get(token.start..token.end))
    }

    /// What token `index` is.
    pub(crate) fn sort(&self, index: usize) -> Option<Sort> {
        self.tokens.get(index).map(|token| token.sort)
    }

    /// The text from token `from` up to and without token `to`, as written.
    pub(crate) fn slice(&self, from: usize, to: usize) -> &'a str {
        let start = self.tokens.get(from).map_or(self.text.len(), |t| t.start);
        let end = to
            .checked_sub(1)
            .and_then(|last| self.tokens.get(last))
            .map_or(start, |t| t.end);
        self.text.get(start..end.max(start)).unwrap_or("")
    }

    /// How many tokens.
    pub(crate) fn len(&self) -> usize {
        self.tokens.len()
    }
}

/// The token at `at`, which begins with `c` and must end by `limit`.
fn token(text: &str, at: usize, c: char, limit: usize) -> (Sort, usize) {
    let rest = text.get(at..limit).unwrap_or("");
    if c == '['
        && let Some(holder) = placeholder::at_start(rest)
    {
        return (Sort::Holder, at + holder.len);
    }
    let bytes = rest.as_bytes();
    if c.is_ascii_digit() {
        let mut end = 1;
        while let Some(b) = bytes.get(end) {
            let next_is_digit = bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
            let thousands = *b == b','
                && bytes
                    .get(end + 1..end + 4)
                    .is_some_and(|d| d.iter().all(u8::is_ascii_digit))
                && !bytes.get(end + 4).is_some_and(u8::is_ascii_digit);
            if b.is_ascii_digit() || (*b == b'.' && next_is_digit) || thousands {
                end += 1;
            } else {
                break;
            }
        }
        return (Sort::Number, at + end);
    }
    if c.is_alphabetic() || c == '°' {
        let mut end = c.len_utf8();
        let mut run = 1usize;
        for (i, c) in rest.char_indices().skip(1) {
            let next = rest.get(i + c.len_utf8()..).and_then(|r| r.chars().next());
            let goes_on = next.is_some_and(char::is_alphanumeric);
            let keep = match c {
                '-' | '\'' | '\u{2019}' => goes_on,
                '/' => goes_on && run <= 4 && next.is_some_and(char::is_alphabetic),
                '.' => run == 1 && next.is_some_and(char::is_alphabetic),
                '+' => !goes_on && run <= 2,
                _ => c.is_alphanumeric(),
            };
            if !keep {
                break;
            }
            run = if matches!(c, '.' | '/' | '-') { 0 } else { run + 1 };
            end = i + c.len_utf8();
        }
        return (Sort::Word, at + end);
    }
    (Sort::Mark, at + c.len_utf8())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_sentences_into_words() {
        let check = |text: &str, expect: &[&str]| {
            let words = Words::new(text);
            let got: Vec<&str> = (0..words.len()).map(|i| words.slice(i, i + 1)).collect();
            assert_eq!(got, expect, "{text}");
        };
        check(
            "Take 500mg p.o. b.i.d. x3",
            &["Take", "500", "mg", "p.o", ".", "b.i.d", ".", "x3"],
        );
        check(
            "BP: 130/68, A1c 7.9%.",
            &["BP", ":", "130", "/", "68", ",", "A1c", "7.9", "%", "."],
        );
        check("glucose 1,250 mg/dL", &["glucose", "1,250", "mg/dL"]);
        check("on 2023-04-05 [NAME_1KR] é", &["on", "2023-04-05", "[NAME_1KR]", "é"]);
        check("lisinopril/aspirin q6h", &["lisinopril", "/", "aspirin", "q6h"]);
        check("covid-19 d/c'd", &["covid-19", "d/c'd"]);
    }
}
