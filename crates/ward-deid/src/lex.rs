//! Text to words and numbers, in one pass.

use crate::fold;
use crate::gazetteer::{self, Key, Levels};
use crate::lexicon::{self, AMBIGUOUS, BESIDE, COUNTRY, EPONYM, STATE, Tags};

/// The case of a word, or that it is a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A run of ASCII digits.
    Number,
    /// `word`
    Lower,
    /// `Word`
    Capital,
    /// `WORD`, two letters or more.
    Upper,
    /// `McDonald`, `eGFR`
    Mixed,
    /// `W`
    Initial,
    /// One character of a script without spaces or without case.
    Uncased,
}

/// A word or a number and where it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Token {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) tags: Tags,
    pub(crate) shape: Shape,
    /// What the gazetteer says of the word; nothing for words that cannot be names for other reasons.
    pub(crate) levels: Levels,
}

impl Token {
    pub(crate) fn len(&self) -> usize {
        (self.end - self.start) as usize
    }
}

/// A text with its tokens. Accessors answer for indices beyond either end as for nothing: an
/// empty word without tags.
pub(crate) struct Scan<'t> {
    pub(crate) text: &'t str,
    pub(crate) tokens: Vec<Token>,
    /// Of each token, the low half of the hash of its folded word; 0 when nothing is known of it.
    pub(crate) prints: Vec<u32>,
    /// Words of five bytes and more that are no number, have no tags and are never in small letters in medical text.
    pub(crate) rare: Vec<u32>,
    /// Words, no numbers, without any tag that are never in small letters in medical text.
    pub(crate) strange: Vec<u32>,
    /// Single capitals, and words of two or three.
    pub(crate) capitals: Vec<u32>,
    /// Tokens right after which another stands, or a mark that may be a misread letter.
    pub(crate) glued: Vec<u32>,
    /// Tokens right after which a hyphen, `_` or a character beyond ASCII stands.
    pub(crate) tied: Vec<u32>,
    /// Tokens of one byte that are no number.
    pub(crate) single: Vec<u32>,
    lower_only: bool,
    typed_small: bool,
}

/// Least length of a word in [`Scan::rare`].
pub(crate) const RARE: usize = 5;

/// Texts are read in windows of about this many bytes, cut at a line's end where there is one, so that memory stays bounded
/// (some eight bytes a byte), and is used again from one window to the next.
pub(crate) const WINDOW: usize = 4 << 20;

impl<'t> Scan<'t> {
    /// Reads `text`, at most [`WINDOW`] bytes.
    pub(crate) fn new(text: &'t str) -> Self {
        let mut scan = Self {
            text,
            tokens: Vec::with_capacity(text.len() / 4),
            prints: Vec::with_capacity(text.len() / 4),
            rare: Vec::new(),
            strange: Vec::new(),
            capitals: Vec::new(),
            glued: Vec::new(),
            tied: Vec::new(),
            single: Vec::new(),
            lower_only: true,
            typed_small: true,
        };
        scan.lex();
        scan
    }

    /// The same for an equal text.
    pub(crate) fn on<'u>(self, text: &'u str) -> Scan<'u> {
        let Self {
            tokens,
            prints,
            rare,
            strange,
            capitals,
            glued,
            tied,
            single,
            lower_only,
            typed_small,
            ..
        } = self;
        Scan {
            text,
            tokens,
            prints,
            rare,
            strange,
            capitals,
            glued,
            tied,
            single,
            lower_only,
            typed_small,
        }
    }

    /// Reads another text into the same memory.
    pub(crate) fn again<'u>(self, text: &'u str) -> Scan<'u> {
        let mut scan = self.on(text);
        scan.tokens.clear();
        scan.prints.clear();
        for list in [
            &mut scan.rare,
            &mut scan.strange,
            &mut scan.capitals,
            &mut scan.glued,
            &mut scan.tied,
            &mut scan.single,
        ] {
            list.clear();
        }
        (scan.lower_only, scan.typed_small) = (true, true);
        scan.lex();
        scan
    }

    pub(crate) fn get(&self, i: usize) -> Option<&Token> {
        self.tokens.get(i)
    }

    pub(crate) fn word(&self, i: usize) -> &'t str {
        self.get(i).map_or("", |t| self.slice(t.start as usize, t.end as usize))
    }

    pub(crate) fn slice(&self, start: usize, end: usize) -> &'t str {
        self.text.get(start..end).unwrap_or("")
    }

    pub(crate) fn start(&self, i: usize) -> usize {
        self.get(i).map_or(self.text.len(), |t| t.start as usize)
    }

    pub(crate) fn end(&self, i: usize) -> usize {
        self.get(i).map_or(self.text.len(), |t| t.end as usize)
    }

    /// The first token that begins at byte `at` or behind it: of a hit, its first token and the one behind its last.
    pub(crate) fn token_at(&self, at: usize) -> usize {
        self.tokens.partition_point(|token| (token.start as usize) < at)
    }

    /// Text between token `i` and the next (or the end).
    pub(crate) fn gap(&self, i: usize) -> &'t str {
        self.slice(self.end(i), self.start(i + 1))
    }

    /// Text between the token before `i` (or the start) and token `i`.
    pub(crate) fn gap_before(&self, i: usize) -> &'t str {
        let from = i.checked_sub(1).map_or(0, |p| self.end(p));
        self.slice(from, self.start(i))
    }

    pub(crate) fn tags(&self, i: usize) -> Tags {
        self.get(i).map_or(0, |t| t.tags & !BESIDE)
    }

    pub(crate) fn has(&self, i: usize, tags: Tags) -> bool {
        self.get(i).is_some_and(|t| t.tags & tags != 0)
    }

    pub(crate) fn shape(&self, i: usize) -> Option<Shape> {
        self.get(i).map(|t| t.shape)
    }

    pub(crate) fn is_number(&self, i: usize) -> bool {
        self.shape(i) == Some(Shape::Number)
    }

    /// What the gazetteer says of token `i`.
    pub(crate) fn levels(&self, i: usize) -> Levels {
        self.get(i).map_or(Levels::default(), |t| t.levels)
    }

    /// The same, also for words that cannot be names for other reasons.
    pub(crate) fn all_levels(&self, i: usize) -> Levels {
        match self.get(i) {
            Some(t) if t.shape != Shape::Lower && t.shape != Shape::Initial || t.levels.is_listed() => t.levels,
            _ => gazetteer::word(self.word(i)),
        }
    }

    /// What the gazetteer says of tokens `first` to `last` together.
    pub(crate) fn phrase_levels(&self, first: usize, last: usize) -> Levels {
        gazetteer::phrase((first..=last).map(|i| self.word(i)))
    }

    /// Case-insensitive comparison with a lower-case ASCII word.
    #[inline]
    pub(crate) fn is(&self, i: usize, word: &str) -> bool {
        // Most words are of another length, and most others begin with another letter.
        let Some(token) = self.get(i).filter(|token| token.len() == word.len()) else {
            return false;
        };
        let range = token.start as usize..token.end as usize;
        let found = self.text.as_bytes().get(range).unwrap_or_default();
        let small = |bytes: &[u8]| bytes.first().map(|b| b | 0x20);
        small(found) == small(word.as_bytes()) && found.eq_ignore_ascii_case(word.as_bytes())
    }

    /// The number at `i` when it has at most nine digits.
    pub(crate) fn number(&self, i: usize) -> Option<u32> {
        let token = self.get(i)?;
        if token.shape != Shape::Number || token.len() > 9 {
            return None;
        }
        self.word(i).parse().ok()
    }

    /// Digits of the number at `i`, 0 when it is none.
    pub(crate) fn digits(&self, i: usize) -> usize {
        self.get(i).filter(|t| t.shape == Shape::Number).map_or(0, Token::len)
    }

    /// True when token `i` begins a line or follows nothing but list marks on it.
    pub(crate) fn starts_line(&self, i: usize) -> bool {
        let gap = self.gap_before(i);
        i == 0 || gap.contains(['\n', '\r'])
    }

    /// True when no word begins with a capital and goes on in small letters: names were typed without capitals, whatever
    /// abbreviations were not.
    pub(crate) fn typed_small(&self) -> bool {
        self.typed_small
    }

    /// True when the text has no capital letter at all, so that case says nothing.
    pub(crate) fn lower_only(&self) -> bool {
        self.lower_only
    }

    fn lex(&mut self) {
        let text = self.text;
        let bytes = text.as_bytes();
        let mut hashes = [0; BATCH];
        let mut batch = 0;
        let mut at = 0;
        while let Some(&b) = bytes.get(at) {
            let start = at;
            let (shape, hash) = if b.is_ascii_alphabetic() {
                let letters = gazetteer::letters(bytes, start);
                at += letters.len;
                if bytes.get(at).is_none_or(|b| *b < 0x80) {
                    (ascii_shape(letters.upper, letters.len, b & 0x20 == 0), letters.hash)
                } else {
                    at = word_end(text, at);
                    word_shape(text, start, at)
                }
            } else if b.is_ascii_digit() {
                while bytes.get(at).is_some_and(u8::is_ascii_digit) {
                    at += 1;
                }
                (Shape::Number, gazetteer::hash_of(bytes, start, at))
            } else if b < 0x80 {
                at += 1;
                continue;
            } else {
                let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else {
                    at += 1;
                    continue;
                };
                at += c.len_utf8();
                if fold::is_unspaced(c) && c.is_alphabetic() {
                    (Shape::Uncased, None)
                } else if c.is_alphabetic() {
                    at = word_end(text, at);
                    word_shape(text, start, at)
                } else {
                    continue;
                }
            };
            self.tokens.push(token(start, at, shape));
            if let Some(slot) = hashes.get_mut(batch) {
                *slot = hash.unwrap_or(0);
                batch += 1;
            }
            if batch == BATCH {
                self.look_up(&hashes);
                batch = 0;
            }
        }
        self.look_up(hashes.get(..batch).unwrap_or_default());
    }

    /// Adds what the lexicon and the gazetteer say of the last words, whose hashes are given (0 where there is none). Many
    /// at a time, so that they need not wait for the memory one after another.
    fn look_up(&mut self, hashes: &[u64]) {
        let lexicon = lexicon::lexicon();
        let bytes = self.text.as_bytes();
        let from = self.tokens.len() - hashes.len();
        let mut listed = [false; BATCH];
        for (listed, hash) in listed.iter_mut().zip(hashes) {
            *listed = lexicon.may_have(*hash);
        }
        let mut levels = [0_u32; BATCH];
        for (levels, hash) in levels.iter_mut().zip(hashes) {
            *levels = gazetteer::first(*hash);
        }
        let tokens = self
            .tokens
            .iter_mut()
            .skip(from)
            .zip(hashes)
            .zip(listed.iter().zip(levels));
        for (index, ((token, hash), (listed, first))) in (from..).zip(tokens) {
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            self.lower_only &= matches!(token.shape, Shape::Number | Shape::Lower | Shape::Uncased);
            if token.shape != Shape::Number {
                self.typed_small &= token.shape != Shape::Capital;
                if *hash != 0 {
                    if *listed {
                        token.tags = lexicon.tags(*hash);
                    }
                    if token.shape != Shape::Initial
                        && (token.shape != Shape::Lower || token.tags & !(SMALL | BESIDE) == 0)
                    {
                        token.levels = gazetteer::look_up_from(first, *hash);
                    }
                }
                if token.len() == 1 {
                    self.single.push(index);
                }
                if token.tags & !BESIDE == 0 && token.levels.lower() == 0 {
                    if token.len() >= RARE {
                        self.rare.push(index);
                    }
                    if token.tags == 0 {
                        self.strange.push(index);
                    }
                }
                if token.shape == Shape::Initial || token.shape == Shape::Upper && token.len() <= 3 {
                    self.capitals.push(index);
                }
            }
            let after = bytes.get(token.end as usize).copied().unwrap_or(b' ');
            if after != b' ' {
                if after >= 0x80 || matches!(after, b'-' | b'_') {
                    self.tied.push(index);
                }
                if after >= 0x80 || after.is_ascii_alphanumeric() || matches!(after, b'|' | b'!' | b'$' | b'@') {
                    self.glued.push(index);
                }
            }
        }
        self.prints.extend(hashes.iter().map(|hash| gazetteer::print(*hash)));
    }
}

/// Words that are looked up at a time.
const BATCH: usize = 64;

fn token(start: usize, end: usize, shape: Shape) -> Token {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Token {
        start: offset(start),
        end: offset(end),
        tags: 0,
        shape,
        levels: Levels::default(),
    }
}

/// Tags with which a word in small letters can be a name.
const SMALL: Tags = AMBIGUOUS | EPONYM | STATE | COUNTRY;

/// The shape and the hash of a word that is not all ASCII.
fn word_shape(text: &str, start: usize, end: usize) -> (Shape, Option<u64>) {
    let word = text.get(start..end).unwrap_or("");
    (shape(word), Key::of(word).hash())
}

/// The shape of `letters` ASCII letters, `upper` of them capitals.
fn ascii_shape(upper: usize, letters: usize, first_upper: bool) -> Shape {
    match (upper, letters) {
        (0, _) => Shape::Lower,
        (1, 1) => Shape::Initial,
        _ if upper == letters => Shape::Upper,
        (1, _) if first_upper => Shape::Capital,
        _ => Shape::Mixed,
    }
}

/// Where the word that reaches up to `at` ends.
fn word_end(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or("");
    rest.char_indices()
        .find(|(_, c)| !((c.is_alphabetic() && !fold::is_unspaced(*c)) || fold::is_glue(*c)))
        .map_or(text.len(), |(i, _)| at + i)
}

fn shape(word: &str) -> Shape {
    let (mut upper, mut lower, mut letters) = (0_usize, 0_usize, 0_usize);
    let mut first_upper = false;
    for c in word.chars() {
        if c.is_uppercase() {
            first_upper |= letters == 0;
            upper += 1;
        } else if c.is_lowercase() {
            lower += 1;
        }
        letters += 1;
    }
    match (upper, lower) {
        (0, 0) => Shape::Uncased,
        (0, _) => Shape::Lower,
        (1, 0) if letters == 1 => Shape::Initial,
        (_, 0) => Shape::Upper,
        (1, _) if first_upper => Shape::Capital,
        _ => Shape::Mixed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_words_and_numbers() {
        let scan = Scan::new("Dr. José M. O’Neil, MD saw 王明 15JAN2024 eGFR 7.2\u{a0}mg");
        let words: Vec<_> = (0..scan.tokens.len()).map(|i| scan.word(i)).collect();
        assert_eq!(
            words,
            [
                "Dr", "José", "M", "O", "Neil", "MD", "saw", "王", "明", "15", "JAN", "2024", "eGFR", "7", "2", "mg"
            ]
        );
        assert_eq!(scan.shape(1), Some(Shape::Capital));
        assert_eq!(scan.shape(2), Some(Shape::Initial));
        assert_eq!(scan.shape(12), Some(Shape::Mixed));
        assert_eq!((scan.gap(3), scan.gap_before(0), scan.gap(99)), ("’", "", ""));
        assert_eq!((scan.number(11), scan.number(0), scan.digits(9)), (Some(2024), None, 2));
    }

    #[test]
    fn keeps_decomposed_and_invisible_characters_in_the_word() {
        let scan = Scan::new("Jose\u{301} Do\u{200b}e");
        assert_eq!((scan.tokens.len(), scan.word(1)), (2, "Do\u{200b}e"));
    }
}
