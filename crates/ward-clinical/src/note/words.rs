//! A sentence as a row of words, numbers, dates and marks, each with its place.

use ward_formats::placeholder;

use super::{
    cues,
    language::Language,
    pack::{self, Pack},
};
use crate::{
    lexicon::{conditions, drugs, is_alphanumeric},
    when,
};

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
    /// The English word that it is read as, where a pack says so. Of several the first has the place in the text.
    says: Option<&'static str>,
    /// What it may begin or be ([`cues`]).
    bits: u16,
}

/// A sentence, its lower-case form (same byte offsets: only ASCII is lowered), its tokens and dates.
pub(crate) struct Words<'a> {
    /// The sentence.
    pub(crate) text: &'a str,
    lower: String,
    /// The sentence as its pack reads it, where the pack is of another language.
    english: Option<String>,
    /// Its tokens.
    pub(crate) tokens: Vec<Token>,
    /// Its dates.
    pub(crate) dates: Vec<when::Found>,
    /// What any of the tokens may begin or be.
    all_bits: u16,
    /// The pack that it is read by.
    pub(crate) pack: &'static Pack,
}

impl<'a> Words<'a> {
    /// Splits an English `text`.
    pub(crate) fn new(text: &'a str) -> Self {
        Self::by(text, pack::pack(Language::English))
    }

    /// Splits `text`, which is in the language of `pack`.
    pub(crate) fn by(text: &'a str, pack: &'static Pack) -> Self {
        let dates = if pack.comma {
            when::find_day_first(text)
        } else {
            when::find(text)
        };
        let ascii = text.to_ascii_lowercase();
        let mut tokens = Vec::with_capacity(text.len() / 4);
        let mut next_date = dates.iter().peekable();
        let mut at = 0;
        while let Some(byte) = text.as_bytes().get(at) {
            let c = match byte.is_ascii() {
                true => Some(char::from(*byte)),
                false => text.get(at..).and_then(|rest| rest.chars().next()),
            };
            let Some(c) = c else { break };
            if c.is_whitespace() {
                at += c.len_utf8();
                continue;
            }
            while next_date.peek().is_some_and(|d| d.start < at) {
                next_date.next();
            }
            let (sort, end) = match next_date.peek() {
                Some(date) if date.start == at => (Sort::Date, date.end),
                _ => token(text, at, c, next_date.peek().map_or(text.len(), |d| d.start), pack),
            };
            tokens.push(Token {
                sort,
                start: at,
                end,
                says: None,
                bits: 0,
            });
            at = end.max(at + c.len_utf8());
        }
        if pack.translates() {
            tokens = read_as_english(text, &tokens, pack);
        }
        let english = pack.translates().then(|| in_english(&ascii, &tokens));
        let mut all_bits = 0;
        let has_apostrophe = ascii.contains('\u{2019}');
        for token in tokens.iter_mut().filter(|token| token.sort == Sort::Word) {
            if has_apostrophe && token.says.is_none() {
                token.says = ascii.get(token.start..token.end).and_then(contraction);
            }
            let word = token.says.or_else(|| ascii.get(token.start..token.end));
            token.bits = cues::of(word.unwrap_or(""));
            all_bits |= token.bits;
        }
        Self {
            all_bits,
            text,
            lower: ascii,
            english,
            tokens,
            dates,
            pack,
        }
    }

    /// The sentence in lower case (ASCII letters only), in English words where a pack has them.
    pub(crate) fn lower(&self) -> &str {
        self.english.as_deref().unwrap_or(&self.lower)
    }

    /// Whether token `index` may be what one of `bits` of [`cues::bit`] stands for.
    pub(crate) fn may(&self, index: usize, bits: u16) -> bool {
        self.tokens.get(index).is_some_and(|token| token.bits & bits != 0)
    }

    /// Whether any token may.
    pub(crate) fn has(&self, bits: u16) -> bool {
        self.all_bits & bits != 0
    }

    /// The lower-case text of token `index`, if there is one and it is a word.
    pub(crate) fn word(&self, index: usize) -> Option<&str> {
        let token = self.tokens.get(index)?;
        (token.sort == Sort::Word)
            .then(|| token.says.or_else(|| self.lower.get(token.start..token.end)))
            .flatten()
    }

    /// The lower-case text of token `index`, whatever it is.
    pub(crate) fn any(&self, index: usize) -> Option<&str> {
        self.tokens
            .get(index)
            .and_then(|token| token.says.or_else(|| self.lower.get(token.start..token.end)))
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

    /// What a fact says of the tokens from `from` up to and without `to`: the text as written; where a pack translates, its English words if
    /// it knows all of them, and numbers with a decimal point.
    pub(crate) fn told(&self, from: usize, to: usize) -> String {
        if !self.pack.translates() {
            return self.slice(from, to).to_owned();
        }
        let tokens = self.tokens.get(from..to.min(self.tokens.len())).unwrap_or(&[]);
        let written = |token: &Token| self.text.get(token.start..token.end).unwrap_or("");
        // Short words that no table has are units and the like.
        let known = tokens
            .iter()
            .all(|token| token.sort != Sort::Word || token.says.is_some() || written(token).len() <= UNIT);
        let mut out = String::new();
        let mut end = None;
        for token in tokens {
            let says = token.says.filter(|_| known);
            let gap = end.and_then(|end| self.text.get(end..token.start));
            out += gap.unwrap_or("");
            if says.is_some() && out.ends_with(|c: char| c.is_alphanumeric()) {
                out.push(' ');
            }
            match says {
                Some(says) => out += says,
                None if token.sort == Sort::Number => out += &pack::with_point(written(token)),
                None => out += written(token),
            }
            end = Some(token.end);
        }
        out
    }

    /// How many tokens.
    pub(crate) fn len(&self) -> usize {
        self.tokens.len()
    }
}

/// The longest unit, in bytes, that is a word which no table need have: `mg/dl`.
const UNIT: usize = 6;

/// The words of an entry of a pack.
pub(crate) fn plain(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let end = word_or_mark(text.get(at..).unwrap_or(""), c) + at;
        if !c.is_whitespace() {
            found.push(text.get(at..end).unwrap_or("").to_owned());
        }
        at = end.max(at + c.len_utf8());
    }
    found
}

/// The tokens with the English words that `pack` reads them as.
fn read_as_english(text: &str, tokens: &[Token], pack: &Pack) -> Vec<Token> {
    let row: Vec<String> = tokens
        .iter()
        .map(|token| match token.sort {
            Sort::Word | Sort::Mark => pack::fold(text.get(token.start..token.end).unwrap_or("")),
            _ => String::new(),
        })
        .collect();
    let mut paired: Vec<Option<&[&'static str]>> = vec![None; tokens.len()];
    for i in 0..row.len() {
        if let Some((other, first, second)) = pack.pair(&row, i)
            && let [from, .., to] = paired.get_mut(i..=other).unwrap_or(&mut [])
            && from.is_none()
            && to.is_none()
        {
            (*from, *to) = (Some(first), Some(second));
        }
    }
    let mut out = Vec::with_capacity(tokens.len() + 2);
    let mut i = 0;
    while let Some(token) = tokens.get(i) {
        let after_number = i
            .checked_sub(1)
            .and_then(|before| tokens.get(before))
            .is_some_and(|before| before.sort == Sort::Number);
        let word = (token.sort == Sort::Word).then(|| row.get(i)).flatten();
        let single = paired.get(i).copied().flatten().map(|says| (1, says));
        let compound = word.and_then(|word| pack.compound(word));
        let hit = single
            .or_else(|| pack.phrase(&row, i, after_number))
            .or_else(|| compound.as_ref().map(|says| (1, says.as_slice())));
        let (len, says) = match hit {
            Some(hit) => hit,
            None => {
                // "Furosemid": a medicine's name without its last letter.
                let says = word.and_then(|word| drugs::generic_with_e(word));
                out.push(Token { says, ..*token });
                i += 1;
                continue;
            }
        };
        let end = tokens.get(i + len - 1).map_or(token.end, |last| last.end);
        for (k, word) in says.iter().enumerate() {
            out.push(Token {
                sort: Sort::Word,
                start: if k == 0 { token.start } else { end },
                end,
                says: Some(word),
                bits: 0,
            });
        }
        i += len;
    }
    deny_at_the_end(&mut out, text);
    out
}

/// Words that deny a whole clause from its end, as German verbs do, and the word that denies it from its beginning.
const AT_THE_END: &[(&str, &str)] = &[("denied", "denies"), ("avoided", "avoid"), ("excluded", "no")];

/// "Fever, chills are denied", with the verb last: the denial is set before its list too.
fn deny_at_the_end(tokens: &mut Vec<Token>, text: &str) {
    let says = |token: &Token| {
        token
            .says
            .unwrap_or_else(|| text.get(token.start..token.end).unwrap_or(""))
    };
    let trailing = ["patient", "the", "she", "he", "noted", "is", "are", "was", ".", "!"];
    let Some(last) = tokens.iter().rposition(|token| !trailing.contains(&says(token))) else {
        return;
    };
    let verb = tokens.get(last).and_then(|token| token.says);
    let Some((_, leads)) = AT_THE_END.iter().find(|(own, _)| Some(*own) == verb) else {
        return;
    };
    let before = tokens.get(..last).unwrap_or(&[]);
    let mut start = before
        .iter()
        .rposition(|token| matches!(says(token), ";" | "." | "but"))
        .map_or(0, |at| at + 1);
    // Of a list, the items before the last comma are denied too as far as they are names of symptoms or illnesses and nothing else:
    // what the patient reports before is not.
    let part = |from: usize, to: usize| {
        let word = |at: usize| before.get(from + at).filter(|_| from + at < to).map(says);
        let lists = [conditions::symptoms(), conditions::diagnoses()];
        lists
            .iter()
            .any(|list| list.at(word).is_some_and(|(_, len)| from + len == to))
    };
    let commas = |to: usize| before.iter().take(to).rposition(|token| says(token) == ",");
    let mut from = before.len();
    while let Some(comma) = commas(from).filter(|comma| *comma >= start) {
        if from < before.len() && !part(comma + 1, from) {
            break;
        }
        from = comma;
    }
    if from < before.len() && !part(start, from) {
        start = from + 1;
    }
    let words = before.iter().skip(start).filter(|token| token.sort == Sort::Word);
    if words.clone().count() == 0
        || words
            .clone()
            .any(|token| matches!(token.says, Some("no" | "not" | "denied")))
    {
        return;
    }
    let Some(first) = tokens.get(start).copied() else {
        return;
    };
    if let Some(token) = tokens.get_mut(last) {
        token.says = Some("noted");
    }
    tokens.insert(
        start,
        Token {
            sort: Sort::Word,
            end: first.start,
            says: Some(leads),
            ..first
        },
    );
}

/// The sentence in the words that its tokens are read as.
fn in_english(lower: &str, tokens: &[Token]) -> String {
    let words: Vec<&str> = tokens
        .iter()
        .map(|token| {
            token
                .says
                .unwrap_or_else(|| lower.get(token.start..token.end).unwrap_or(""))
        })
        .collect();
    words.join(" ")
}

/// Bytes of the number that `bytes` begin with, which may have a decimal comma and points between thousands; and whether it is a day and month
/// ("03.11."), which is no number.
fn number_with_comma(bytes: &[u8]) -> (Sort, usize) {
    let digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
    let mut end = 1;
    while digit(end) || (matches!(bytes.get(end), Some(b'.' | b',')) && digit(end + 1)) {
        end += 1;
    }
    let day = bytes.get(..end).unwrap_or(&[]);
    let mut parts = day.split(|b| *b == b'.');
    let two = |part: Option<&[u8]>, most: u8| {
        part.is_some_and(|part| {
            (1..=2).contains(&part.len())
                && part
                    .iter()
                    .try_fold(0u8, |n, b| n.checked_mul(10)?.checked_add(b.wrapping_sub(b'0')))
                    .is_some_and(|n| (1..=most).contains(&n))
        })
    };
    let partial = two(parts.next(), 31) && two(parts.next(), 12) && parts.next().is_none();
    if partial && bytes.get(end) == Some(&b'.') && !digit(end + 1) && bytes.get(end + 1).is_some_and(|b| *b != b'\n') {
        return (Sort::Date, end + 1);
    }
    (Sort::Number, end)
}

/// Contractions as the lists of words write them.
#[rustfmt::skip]
const CONTRACTIONS: &[&str] = &[
    "aren't", "can't", "couldn't", "didn't", "doesn't", "don't", "hadn't", "hasn't", "haven't", "he's", "i'd", "i'm", "i've", "isn't", "it's",
    "she's", "shouldn't", "that's", "wasn't", "we're", "weren't", "we've", "won't", "wouldn't", "you're", "you've",
];

/// The contraction that `word` is with a typographic apostrophe.
fn contraction(word: &str) -> Option<&'static str> {
    let (before, after) = word.split_once('\u{2019}')?;
    let mut known = CONTRACTIONS.iter().copied();
    known.find(|known| known.split_once('\'') == Some((before, after)))
}

/// The token at `at`, which begins with `c` and must end by `limit`.
fn token(text: &str, at: usize, c: char, limit: usize, pack: &Pack) -> (Sort, usize) {
    let rest = text.get(at..limit).unwrap_or("");
    if c == '['
        && let Some(holder) = placeholder::at_start(rest)
    {
        return (Sort::Holder, at + holder.len);
    }
    let bytes = rest.as_bytes();
    if c.is_ascii_digit() && pack.comma {
        let (sort, len) = number_with_comma(bytes);
        return (sort, at + len);
    }
    if c.is_ascii_digit() {
        let mut end = 1;
        while let Some(b) = bytes.get(end) {
            let next_is_digit = bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
            let thousands = *b == b','
                && bytes
                    .get(end + 1..end + 4)
                    .is_some_and(|d| d.iter().all(u8::is_ascii_digit))
                && !bytes.get(end + 4).is_some_and(u8::is_ascii_digit);
            // "1,2 mg/dL" in a note of such a language: no list is written so.
            let decimals = *b == b','
                && next_is_digit
                && bytes
                    .get(..end)
                    .is_some_and(|before| before.iter().all(u8::is_ascii_digit))
                && !bytes.get(end + 3).is_some_and(u8::is_ascii_digit)
                && !list_of_numbers(bytes, end + 1);
            if b.is_ascii_digit() || (*b == b'.' && next_is_digit) || thousands || decimals {
                end += 1;
            } else {
                break;
            }
        }
        return (Sort::Number, at + end);
    }
    let end = at + word_or_mark(rest, c);
    let word = c.is_alphabetic() || c == '°';
    (if word { Sort::Word } else { Sort::Mark }, end)
}

/// Whether the number at `at`, of at most two digits, is followed by a comma and another: "1,2,3".
fn list_of_numbers(bytes: &[u8], at: usize) -> bool {
    let digits = bytes.iter().skip(at).take_while(|b| b.is_ascii_digit()).count();
    bytes.get(at + digits) == Some(&b',') && bytes.get(at + digits + 1).is_some_and(u8::is_ascii_digit)
}

/// Bytes of the word or mark that `rest` begins with; `c` is its first letter.
fn word_or_mark(rest: &str, c: char) -> usize {
    let mut end = c.len_utf8();
    if c.is_alphabetic() || c == '°' {
        let mut run = 1usize;
        let ascii = rest
            .bytes()
            .position(|byte| !is_alphanumeric(byte))
            .unwrap_or(rest.len());
        if ascii > end {
            (run, end) = (run + ascii - end, ascii);
        }
        let from = end;
        for (i, c) in rest.get(from..).unwrap_or("").char_indices() {
            if c.is_ascii() && !matches!(c, '-' | '\'' | '/' | '.' | '+') && !c.is_ascii_alphanumeric() {
                break;
            }
            let i = from + i;
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
    }
    end
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
