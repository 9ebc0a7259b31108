//! How a text is cut into the words that a model makes tokens of.

use std::sync::LazyLock;

use fancy_regex::Regex;

/// One way.
pub(super) enum Splitter {
    /// Bytes as characters, each word of [`GPT2`] for itself where that is asked for.
    Bytes { space_before: bool, words: bool },
    /// By a pattern.
    Pattern(Regex, Behaviour, bool),
    /// Numbers apart, each digit for itself where that is asked for.
    Digits { each: bool },
    /// Spaces become a character that a word begins with.
    Marked { mark: char, before: Before, split: bool },
    /// Words, and runs of marks.
    Words,
    /// At white space.
    Spaces,
    /// Marks apart.
    Marks(Behaviour),
    /// At white space, and every mark apart.
    Bert,
}

/// What becomes of what a pattern matches.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Behaviour {
    Removed,
    Isolated,
    MergedWithPrevious,
    MergedWithNext,
    Contiguous,
}

/// When a mark is set before a text that has none.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Before {
    Always,
    First,
    Never,
}

/// The words of GPT-2.
pub(super) const GPT2: &str = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

impl Splitter {
    /// Cuts `text` and adds the words to `words`. `first` where it begins the text.
    pub(super) fn split(&self, text: &str, first: bool, words: &mut Vec<String>) {
        let mut add = |pieces: Vec<&str>| words.extend(pieces.into_iter().map(str::to_owned));
        match self {
            Self::Bytes {
                space_before,
                words: cut,
            } => {
                let text = match *space_before && !text.starts_with(' ') {
                    true => format!(" {text}"),
                    false => text.to_owned(),
                };
                static WORDS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(GPT2).ok());
                let pieces = match WORDS.as_ref().filter(|_| *cut) {
                    Some(pattern) => pieces(&text, &matches(&text, pattern), Behaviour::Isolated, false),
                    None => vec![text.as_str()],
                };
                words.extend(
                    pieces
                        .into_iter()
                        .map(|piece| piece.bytes().map(byte_char).collect::<String>()),
                );
            }
            Self::Pattern(pattern, behaviour, invert) => {
                add(pieces(text, &matches(text, pattern), *behaviour, *invert))
            }
            Self::Digits { each } => {
                let behaviour = if *each {
                    Behaviour::Isolated
                } else {
                    Behaviour::Contiguous
                };
                add(pieces(text, &chars(text, char::is_numeric), behaviour, false));
            }
            Self::Marked { mark, before, split } => {
                let mut text = text.replace(' ', mark.encode_utf8(&mut [0; 4]));
                let begins = *before == Before::Always || (*before == Before::First && first);
                if begins && !text.starts_with(*mark) {
                    text.insert(0, *mark);
                }
                match split {
                    true => add(pieces(
                        &text,
                        &chars(&text, |c| c == *mark),
                        Behaviour::MergedWithNext,
                        false,
                    )),
                    false => words.push(text),
                }
            }
            Self::Words => {
                static WORDS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\w+|[^\w\s]+").ok());
                if let Some(pattern) = WORDS.as_ref() {
                    add(pieces(text, &matches(text, pattern), Behaviour::Removed, true));
                }
            }
            Self::Spaces => add(pieces(
                text,
                &chars(text, char::is_whitespace),
                Behaviour::Removed,
                false,
            )),
            Self::Marks(behaviour) => add(pieces(text, &chars(text, is_mark), *behaviour, false)),
            Self::Bert => {
                for word in pieces(text, &chars(text, char::is_whitespace), Behaviour::Removed, false) {
                    add(pieces(word, &chars(word, is_mark), Behaviour::Isolated, false));
                }
            }
        }
    }

    /// A splitter by a pattern of the file.
    pub(super) fn pattern(pattern: &str, behaviour: Behaviour, invert: bool) -> Option<Self> {
        Some(Self::Pattern(Regex::new(pattern).ok()?, behaviour, invert))
    }
}

/// Where a pattern matches. One that gives up matches nothing more.
fn matches(text: &str, pattern: &Regex) -> Vec<(usize, usize)> {
    let hits = pattern.find_iter(text).map_while(Result::ok);
    hits.map(|hit| (hit.start(), hit.end())).collect()
}

/// Where characters are of a sort, each for itself.
fn chars(text: &str, is: impl Fn(char) -> bool) -> Vec<(usize, usize)> {
    let hits = text.char_indices().filter(|(_, c)| is(*c));
    hits.map(|(at, c)| (at, at + c.len_utf8())).collect()
}

/// The pieces of a text by its matches.
fn pieces<'t>(text: &'t str, matches: &[(usize, usize)], behaviour: Behaviour, invert: bool) -> Vec<&'t str> {
    let mut parts: Vec<(usize, usize, bool)> = Vec::with_capacity(2 * matches.len() + 1);
    let mut at = 0;
    for (start, end) in matches {
        parts.push((at, *start, invert));
        parts.push((*start, *end, !invert));
        at = *end;
    }
    parts.push((at, text.len(), invert));
    parts.retain(|(start, end, _)| start < end);
    let mut merged: Vec<(usize, usize, bool)> = Vec::with_capacity(parts.len());
    match behaviour {
        Behaviour::Isolated => merged = parts,
        Behaviour::Removed => merged.extend(parts.into_iter().filter(|(.., hit)| !hit)),
        Behaviour::Contiguous | Behaviour::MergedWithPrevious => {
            let mut before = false;
            for (n, (start, end, hit)) in parts.into_iter().enumerate() {
                let joins = match behaviour {
                    Behaviour::Contiguous => n > 0 && hit == before,
                    _ => n > 0 && hit && !before,
                };
                match merged.last_mut() {
                    Some(last) if joins => last.1 = end,
                    _ => merged.push((start, end, hit)),
                }
                before = hit;
            }
        }
        Behaviour::MergedWithNext => {
            let mut after = false;
            for (start, end, hit) in parts.into_iter().rev() {
                match merged.last_mut() {
                    Some(last) if hit && !after => last.0 = start,
                    _ => merged.push((start, end, hit)),
                }
                after = hit;
            }
            merged.reverse();
        }
    }
    merged
        .into_iter()
        .filter_map(|(start, end, _)| text.get(start..end))
        .collect()
}

/// A mark: of ASCII, or of Unicode's punctuation.
fn is_mark(c: char) -> bool {
    static MARK: LazyLock<Option<regex::Regex>> = LazyLock::new(|| regex::Regex::new(r"^\p{P}").ok());
    c.is_ascii_punctuation()
        || (!c.is_ascii()
            && MARK
                .as_ref()
                .is_some_and(|mark| mark.is_match(c.encode_utf8(&mut [0; 4]))))
}

/// The character that stands for a byte: itself where it can be seen, else one after U+0100 in the order of the bytes.
fn byte_char(byte: u8) -> char {
    let hidden = match byte {
        0..=0x20 => u32::from(byte),
        0x7f..=0xa0 => 0x21 + u32::from(byte) - 0x7f,
        0xad => 0x43,
        _ => return char::from(byte),
    };
    char::from_u32(0x100 + hidden).unwrap_or('\u{fffd}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_as_asked() {
        let check = |splitter: Splitter, text: &str, expect: &[&str]| {
            let mut words = Vec::new();
            splitter.split(text, true, &mut words);
            assert_eq!(words, expect, "{text}");
        };
        let by = |pattern: &str, behaviour| Splitter::pattern(pattern, behaviour, false).unwrap();
        check(
            by("-", Behaviour::Removed),
            "the-final--countdown",
            &["the", "final", "countdown"],
        );
        check(by("-", Behaviour::Isolated), "the--x", &["the", "-", "-", "x"]);
        check(
            by("-", Behaviour::MergedWithPrevious),
            "the-final--x",
            &["the-", "final-", "-", "x"],
        );
        check(
            by("-", Behaviour::MergedWithNext),
            "the-final--x",
            &["the", "-final", "-", "-x"],
        );
        check(by("-", Behaviour::Contiguous), "the--x", &["the", "--", "x"]);
        check(Splitter::Words, "A1c 7.9%.", &["A1c", "7", ".", "9", "%."]);
        check(Splitter::Bert, "A1c 7.9%", &["A1c", "7", ".", "9", "%"]);
        check(Splitter::Digits { each: true }, "a12", &["a", "1", "2"]);
        check(
            Splitter::Marked {
                mark: '\u{2581}',
                before: Before::Always,
                split: true,
            },
            "a b",
            &["\u{2581}a", "\u{2581}b"],
        );
        check(
            Splitter::Bytes {
                space_before: false,
                words: true,
            },
            "It's  7.9",
            &["It", "'s", "\u{120}", "\u{120}7", ".", "9"],
        );
        // Every byte has a character of its own.
        let all: std::collections::HashSet<char> = (0..=255).map(byte_char).collect();
        assert_eq!(all.len(), 256);
    }
}
