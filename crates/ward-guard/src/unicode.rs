//! Characters that a reader does not see and a model does.
//!
//! [`screen`] counts them by class; `Copy` is what things are looked for in. The text itself is never changed: `m²`, `½`
//! and `µ` are clinical, and a model that is given `m2` is told something else.
//!
//! Sources: Unicode 16 chapter 23 (special areas and format characters), UAX 9 (bidirectional controls), UTS 39
//! (confusables), UAX 15 (NFKC).

use std::borrow::Cow;

use unicode_normalization::char::decompose_compatible;

/// A class of hidden characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Hidden {
    /// Tag characters (U+E0000 to U+E007F): a whole alphabet that no font shows.
    Tag,
    /// Overrides of direction (U+202D, U+202E): what is shown is not what stands there.
    Override,
    /// Variation selectors one after the other. One changes the form of the character before it; two or more carry bytes.
    VariationRun,
    /// Embeddings and isolates of direction (U+202A to U+202C, U+2066 to U+2069). Texts in two scripts have them.
    Direction,
    /// Characters without width between letters of the Latin script: U+200B to U+200D, U+2060, U+FEFF, U+00AD and the like.
    ZeroWidth,
    /// Control characters other than tab, line ends and the separators of HL7.
    Control,
    /// A variation selector after a character that has no variants: a letter of an alphabet, a blank, nothing. One after each
    /// character carries as many bytes as a run.
    Variation,
}

impl Hidden {
    /// Every class.
    pub const ALL: [Hidden; 7] = [
        Hidden::Tag,
        Hidden::Override,
        Hidden::VariationRun,
        Hidden::Direction,
        Hidden::ZeroWidth,
        Hidden::Control,
        Hidden::Variation,
    ];

    /// Its word, for evidence and for people.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Hidden::Tag => "tag characters",
            Hidden::Override => "overrides of direction",
            Hidden::VariationRun => "runs of variation selectors",
            Hidden::Direction => "controls of direction",
            Hidden::ZeroWidth => "characters without width",
            Hidden::Control => "control characters",
            Hidden::Variation => "variation selectors that select nothing",
        }
    }
}

/// How many of each class a text holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HiddenCounts([u32; Hidden::ALL.len()]);

impl HiddenCounts {
    /// How many of this class.
    #[must_use]
    pub fn of(&self, class: Hidden) -> u32 {
        self.0.get(class as usize).copied().unwrap_or(0)
    }

    /// How many of all classes.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.0.iter().fold(0, |sum, n| sum.saturating_add(*n))
    }

    /// Adds those of another text.
    pub fn merge(&mut self, other: &Self) {
        for (here, there) in self.0.iter_mut().zip(&other.0) {
            *here = here.saturating_add(*there);
        }
    }

    fn add(&mut self, class: Hidden) {
        if let Some(n) = self.0.get_mut(class as usize) {
            *n = n.saturating_add(1);
        }
    }
}

/// Where the line begins that holds the first character of a class, in bytes.
#[must_use]
pub(crate) fn first(text: &str, class: Hidden) -> usize {
    let holds = |end: usize| screen(text.get(..end).unwrap_or_default()).of(class) > 0;
    let mut ends: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
    ends.push(text.len());
    let line = ends.partition_point(|end| !holds(*end));
    line.checked_sub(1)
        .and_then(|before| ends.get(before))
        .map_or(0, |end| end + 1)
}

/// Counts the hidden characters of a text. Linear; nothing is allocated.
#[must_use]
pub fn screen(text: &str) -> HiddenCounts {
    let mut counts = HiddenCounts::default();
    let control = |b: u8| matches!(b, 0..=8 | 0x0e..=0x1b | 0x7f);
    if text.is_ascii() {
        for _ in text.bytes().filter(|b| control(*b)) {
            counts.add(Hidden::Control);
        }
        return counts;
    }
    let mut before = '\n';
    let mut run = 0;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if is_variation(c) {
            run += 1;
            match run {
                1 if !has_variants(before, c) && !chars.peek().copied().is_some_and(is_variation) => {
                    counts.add(Hidden::Variation);
                }
                2 => counts.add(Hidden::VariationRun),
                _ => {}
            }
            continue;
        }
        run = 0;
        match c {
            '\u{0}'..='\u{7f}' if u8::try_from(c).is_ok_and(control) => counts.add(Hidden::Control),
            '\u{0}'..='\u{7f}' => {}
            '\u{80}'..='\u{84}' | '\u{86}'..='\u{9f}' => counts.add(Hidden::Control),
            '\u{e0000}'..='\u{e007f}' => counts.add(Hidden::Tag),
            '\u{202d}' | '\u{202e}' => counts.add(Hidden::Override),
            '\u{202a}'..='\u{202c}' | '\u{2066}'..='\u{2069}' => counts.add(Hidden::Direction),
            _ if is_zero_width(c) => {
                let latin = |c: char| c.is_ascii_alphanumeric() || matches!(c, '\u{c0}'..='\u{24f}');
                let after = chars.peek().copied().unwrap_or('\n');
                if latin(before) && (latin(after) || is_zero_width(after)) || is_zero_width(before) {
                    counts.add(Hidden::ZeroWidth);
                }
            }
            _ => {}
        }
        before = c;
    }
    counts
}

/// Selects the form of the character before it.
fn is_variation(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' | '\u{180b}'..='\u{180d}')
}

/// Whether a character may have a variant that this selector selects: emoji and symbols, ideographs, the scripts with
/// standardised variants (Unicode's StandardizedVariants.txt and emoji-variation-sequences.txt, by block), figures.
fn has_variants(base: char, selector: char) -> bool {
    match base {
        '0'..='9' | '#' | '*' | '\u{a9}' | '\u{ae}' => selector <= '\u{fe0f}',
        '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' => true,
        '\u{1800}'..='\u{18af}' | '\u{11660}'..='\u{1167f}' => true,
        '\u{1000}'..='\u{109f}' | '\u{aa60}'..='\u{aa7f}' | '\u{a840}'..='\u{a87f}' | '\u{10ac0}'..='\u{10aff}' => true,
        '\u{13000}'..='\u{1345f}' => true,
        // Punctuation, arrows, mathematics, symbols, emoji.
        '\u{2010}'..='\u{2dff}' | '\u{ff00}'..='\u{ff0f}' | '\u{1f000}'..='\u{1faff}' => selector <= '\u{fe0f}',
        _ => false,
    }
}

/// Takes no room.
fn is_zero_width(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}'
        | '\u{206a}'..='\u{206f}' | '\u{feff}' | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}')
}

/// Shown as nothing.
fn is_invisible(c: char) -> bool {
    is_variation(c)
        || is_zero_width(c)
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{e0000}'..='\u{e007f}')
        || c.is_control() && !c.is_whitespace()
}

/// The copy of a text in which things are looked for: invisible characters are gone, tag characters are the letters they
/// stand for, compatibility forms are plain (NFKC), letters that look like Latin ones are those (the skeleton of UTS 39, for
/// single characters), accents are off, and everything is in small letters. Every byte knows where it came from.
pub struct Copy<'a> {
    original: &'a str,
    text: Cow<'a, str>,
    /// Where a stretch begins in the copy, and in the original, and whether both are the same in it. Ascending.
    stretches: Vec<(usize, usize, bool)>,
}

impl<'a> Copy<'a> {
    /// The copy of `text`. Linear. A text of small ASCII letters is borrowed.
    #[must_use]
    pub fn of(text: &'a str) -> Self {
        let plain = |b: u8| b.is_ascii() && !b.is_ascii_uppercase() && !matches!(b, 0..=8 | 0x0e..=0x1f | 0x7f);
        if text.bytes().all(plain) {
            return Self {
                original: text,
                text: Cow::Borrowed(text),
                stretches: Vec::new(),
            };
        }
        let mut copy = String::with_capacity(text.len());
        let mut stretches = Vec::new();
        // Whether the word that is being read has a Latin letter, and where it ends.
        let (mut latin, mut word_end) = (false, 0);
        for (at, c) in text.char_indices() {
            if c.is_ascii() && !c.is_ascii_control() || c.is_whitespace() && c.is_ascii() {
                copy.push(c.to_ascii_lowercase());
                continue;
            }
            if at >= word_end && c.is_alphabetic() {
                (latin, word_end) = word(text, at);
            }
            stretches.push((copy.len(), at, false));
            fold(c, latin && at < word_end, &mut copy);
            stretches.push((copy.len(), at + c.len_utf8(), true));
        }
        Self {
            original: text,
            text: Cow::Owned(copy),
            stretches,
        }
    }

    /// The copy.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where byte `at` of the copy stands in the original, as a place between characters.
    #[must_use]
    pub fn back(&self, at: usize) -> usize {
        let after = self.stretches.partition_point(|(copy, ..)| *copy <= at);
        let (copy, original, same) = after
            .checked_sub(1)
            .and_then(|last| self.stretches.get(last))
            .copied()
            .unwrap_or((0, 0, true));
        let on = if same { at - copy.min(at) } else { 0 };
        let mut place = original.saturating_add(on).min(self.original.len());
        while !self.original.is_char_boundary(place) {
            place -= 1;
        }
        place
    }
}

/// Whether the word around `at` has a Latin letter, and where it ends.
fn word(text: &str, at: usize) -> (bool, usize) {
    let inside = |c: char| c.is_alphanumeric() || is_invisible(c) || ('\u{300}'..='\u{36f}').contains(&c);
    let (head, tail) = (text.get(..at).unwrap_or_default(), text.get(at..).unwrap_or_default());
    let length = tail.find(|c| !inside(c)).unwrap_or(tail.len());
    let latin = tail
        .get(..length)
        .is_some_and(|tail| tail.bytes().any(|b| b.is_ascii_alphabetic()));
    // Whatever stands before in the same word is ASCII: it was not looked at as a word.
    let before = head.chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric());
    (latin || before, at + length)
}

/// Appends what a character is looked for as. `latin`: in a word with Latin letters, those of other alphabets that look
/// like one are one.
fn fold(c: char, latin: bool, out: &mut String) {
    match c {
        // A tag character stands for the ASCII character 0xE0000 below it.
        '\u{e0020}'..='\u{e007e}' => out.extend(char::from_u32(c as u32 - 0xe_0000).map(|c| c.to_ascii_lowercase())),
        _ if is_invisible(c) => {}
        _ if c.is_whitespace() => out.push(if matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}') {
            '\n'
        } else {
            ' '
        }),
        '\u{2018}' | '\u{2019}' | '\u{201b}' => out.push('\''),
        '\u{201c}' | '\u{201d}' => out.push('"'),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => out.push('-'),
        // The blank of some vocabularies.
        '\u{2581}' => out.push('_'),
        // Syllables of Hangul would fall apart.
        '\u{ac00}'..='\u{d7a3}' => out.push(c),
        _ => decompose_compatible(c, |d| {
            if is_accent(d) {
                return;
            }
            match looks_like(d).filter(|_| latin || d.is_ascii()) {
                Some(plain) => out.push(plain),
                None => out.extend(d.to_lowercase()),
            }
        }),
    }
}

/// Combining marks of the Latin script.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}')
}

/// The small Latin letter that a character looks like, by the table of UTS 39.
fn looks_like(c: char) -> Option<char> {
    if c.is_ascii() {
        return Some(c.to_ascii_lowercase());
    }
    if !c.is_alphabetic() {
        return None;
    }
    let mut buffer = [0; 4];
    let mut skeleton = unicode_security::skeleton(c.encode_utf8(&mut buffer));
    let first = skeleton.next()?;
    if skeleton.next().is_some() || !first.is_ascii_alphabetic() {
        return None;
    }
    // The table has one prototype for capital I and small L.
    let capital = c.is_uppercase() && first == 'l';
    Some(if capital { 'i' } else { first.to_ascii_lowercase() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hidden_characters_are_counted_by_class() {
        let check = |text: &str, expect: &[Hidden]| {
            let counts = screen(text);
            let found: Vec<Hidden> = Hidden::ALL.into_iter().filter(|class| counts.of(*class) > 0).collect();
            assert_eq!(found, expect, "{}", text.escape_unicode());
        };
        check(
            "BSA 1.9 m\u{b2}, \u{bd} tablet, 5 \u{b5}g, 38.5 \u{b0}C\u{2014}stable\r\n\tnaïve",
            &[],
        );
        check("a\u{e0041}", &[Hidden::Tag]);
        check("a\u{202e}b\u{202c}", &[Hidden::Override, Hidden::Direction]);
        check("\u{2764}\u{fe0f} ok", &[]);
        check("a\u{fe01}\u{e0100}b", &[Hidden::VariationRun]);
        check("a\u{fe01}b\u{e0101}", &[Hidden::Variation]);
        check(" \u{e0100}", &[Hidden::Variation]);
        check(
            "1\u{fe0f}\u{20e3} \u{845b}\u{e0100} \u{2264}\u{fe00} \u{2695}\u{fe0e}",
            &[],
        );
        check("ig\u{200b}nore", &[Hidden::ZeroWidth]);
        check("a\u{200b}\u{200c}\u{200d} b", &[Hidden::ZeroWidth]);
        // Persian and emoji need joiners; a byte order mark begins a text.
        check("\u{645}\u{6cc}\u{200c}\u{62e}\u{648}\u{627}\u{647}\u{645}", &[]);
        check("\u{1f468}\u{200d}\u{2695}\u{fe0f}", &[]);
        check("\u{feff}Allergies", &[]);
        check("a\u{1b}[31mb", &[Hidden::Control]);
        check("MSH|\u{b}\u{1c}\r", &[]);
        check("é\u{9b}", &[Hidden::Control]);
    }

    #[test]
    fn the_copy_shows_what_a_reader_takes_it_for() {
        let check = |text: &str, expect: &str| assert_eq!(Copy::of(text).text(), expect);
        check("Ignore", "ignore");
        check("i\u{200b}gn\u{ad}ore", "ignore");
        check("\u{456}gn\u{43e}r\u{435}", "ignore");
        check("\u{406}GNORE", "ignore");
        check("\u{ff49}\u{ff47}\u{ff4e}\u{ff4f}\u{ff52}\u{ff45}", "ignore");
        check("\u{1d422}\u{1d420}\u{1d427}\u{1d428}\u{1d42b}\u{1d41e}", "ignore");
        check("\u{e0069}\u{e0067}\u{e006e}", "ign");
        check("<\u{ff5c}User\u{ff5c}>", "<|user|>");
        check("r\u{e9}sum\u{e9}", "resume");
        check("m\u{b2}", "m2");
        // A word of another alphabet stays one.
        check(
            "\u{438}\u{433}\u{43d}\u{43e}\u{440}",
            "\u{438}\u{433}\u{43d}\u{43e}\u{440}",
        );
    }

    proptest! {
        #[test]
        fn every_byte_of_the_copy_has_a_place(text in "\\PC{0,40}|[a-zA-Zé\u{200b}\u{2164}\u{fb03}\u{e0041}\n]{0,40}") {
            let copy = Copy::of(&text);
            let mut last = 0;
            for at in 0..=copy.text().len() {
                let place = copy.back(at);
                prop_assert!(place >= last && text.is_char_boundary(place));
                last = place;
            }
            prop_assert_eq!(copy.back(copy.text().len()), text.len());
        }
    }
}
