//! Patterns of words: how a complaint may be said.
//!
//! A pattern is words in lower case, apart by spaces. `a|b` is one of several words, `vomit*` one that begins so, `..` up to four words of
//! the same part of a sentence, `...` up to six words that may be parted by commas, and `!a|b` at the end says which words must not come next, at the
//! beginning which must not stand before.
//! No gap reaches over a full stop, a "but" or a word that denies, `..` over no "and" either.

use std::borrow::Cow;

/// A pattern, read once.
pub(super) struct Pattern {
    /// As it is written.
    pub(super) text: &'static str,
    first: OneOf,
    rest: Vec<Step>,
    /// Words that must not stand before.
    not_after: Option<OneOf>,
    /// Words that must not come next.
    not: Option<OneOf>,
}

/// One of several words, or beginnings of words.
pub(super) struct OneOf(Vec<Alternative>);

struct Alternative {
    text: &'static str,
    begins: bool,
}

/// The next word of a pattern, and how far it may stand from the one before.
struct Step {
    word: OneOf,
    reach: usize,
    over: Parted,
}

impl OneOf {
    fn read(part: &'static str) -> Self {
        let read = |one: &'static str| match one.strip_suffix('*') {
            Some(text) => Alternative { text, begins: true },
            None => Alternative {
                text: one,
                begins: false,
            },
        };
        Self(part.split('|').map(read).collect())
    }

    fn is(&self, word: &str) -> bool {
        self.0.iter().any(|one| match one.begins {
            true => word.starts_with(one.text),
            false => word == one.text,
        })
    }
}

impl Pattern {
    /// Reads a pattern.
    pub(super) fn read(text: &'static str) -> Self {
        let mut parts = text.split(' ').peekable();
        let not_after = parts.next_if(|part| part.starts_with('!'));
        let mut pattern = Self {
            text,
            not_after: not_after.and_then(|part| part.strip_prefix('!')).map(OneOf::read),
            first: OneOf::read(parts.next().unwrap_or("")),
            rest: Vec::new(),
            not: None,
        };
        let (mut reach, mut over) = (0, Parted::No);
        for part in parts {
            match (part, part.strip_prefix('!')) {
                ("..", _) => (reach, over) = (4, Parted::No),
                ("...", _) => (reach, over) = (6, Parted::Comma),
                (_, Some(not)) => pattern.not = Some(OneOf::read(not)),
                _ => {
                    let word = OneOf::read(part);
                    pattern.rest.push(Step { word, reach, over });
                    (reach, over) = (0, Parted::No);
                }
            }
        }
        pattern
    }

    /// The words, or beginnings of words (true), that it may begin with.
    pub(super) fn begins(&self) -> impl Iterator<Item = (&'static str, bool)> + '_ {
        self.first.0.iter().map(|one| (one.text, one.begins))
    }
}

/// A word of a text and its bytes. Hyphens and slashes part words; "can't", "can not" and "unable to" are all `cannot`.
struct Word<'a> {
    text: Cow<'a, str>,
    start: usize,
    end: usize,
    /// What stands between it and the word before: a comma or colon, or a full stop.
    parted: Parted,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Parted {
    No,
    Comma,
    Stop,
}

/// A text as words.
pub(super) struct Words<'a>(Vec<Word<'a>>);

/// Words over which no gap reaches.
const ENDS: &[&str] = &[
    "but", "no", "not", "without", "denies", "denied", "nor", "however", "although", "except", "never", "if",
];

impl<'a> Words<'a> {
    /// The words of `text`, which is in lower case.
    pub(super) fn of(text: &'a str) -> Self {
        let inside = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '\u{2019}');
        let curly = text.contains('\u{2019}');
        let mut words: Vec<Word<'a>> = Vec::with_capacity(text.len() / 5 + 1);
        let mut parted = Parted::Stop;
        let mut at = 0;
        while at < text.len() {
            let rest = text.get(at..).unwrap_or("");
            let (word, rest) = rest.split_at(rest.find(|c| !inside(c)).unwrap_or(rest.len()));
            if !word.is_empty() {
                let said = match curly && word.contains('\u{2019}') {
                    true => Cow::Owned(word.replace('\u{2019}', "'")),
                    false => Cow::Borrowed(word),
                };
                push(&mut words, said, at, at + word.len(), parted);
                parted = Parted::No;
                at += word.len();
            }
            for c in rest.chars().take_while(|c| !inside(*c)) {
                at += c.len_utf8();
                parted = parted.max(match c {
                    ',' | ':' | '(' | ')' => Parted::Comma,
                    '.' | ';' | '?' | '!' | '\n' => Parted::Stop,
                    _ => Parted::No,
                });
            }
        }
        Self(words)
    }

    /// The words, in order.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|word| &*word.text)
    }

    /// The bytes of the first place from byte `from` on at which `pattern` stands.
    pub(super) fn find(&self, pattern: &Pattern, from: usize) -> Option<(usize, usize)> {
        let first = self.0.partition_point(|word| word.start < from);
        (first..self.0.len()).find_map(|at| {
            let word = self.0.get(at).filter(|word| pattern.first.is(&word.text))?;
            let before = at.checked_sub(1).and_then(|before| self.0.get(before));
            if let (Some(before), Some(not), Parted::No) = (before, &pattern.not_after, word.parted)
                && not.is(&before.text)
            {
                return None;
            }
            let last = self.goes_on(pattern, &pattern.rest, at)?;
            Some((word.start, self.0.get(last)?.end))
        })
    }

    /// The last word of the pattern whose steps `rest` come after word `at`.
    fn goes_on(&self, pattern: &Pattern, rest: &[Step], at: usize) -> Option<usize> {
        let Some((step, rest)) = rest.split_first() else {
            let next = self.0.get(at + 1).filter(|next| next.parted == Parted::No);
            let forbidden = next
                .zip(pattern.not.as_ref())
                .is_some_and(|(next, not)| not.is(&next.text));
            return (!forbidden).then_some(at);
        };
        for next in at + 1..=at + 1 + step.reach {
            let between = self.0.get(next)?;
            if between.parted > step.over {
                return None;
            }
            if step.word.is(&between.text)
                && let Some(last) = self.goes_on(pattern, rest, next)
            {
                return Some(last);
            }
            // "Throat is sore and swollen tonsils".
            let apart = step.over == Parted::No && between.text == "and" && step.reach > 0;
            if apart || ENDS.contains(&&*between.text) {
                return None;
            }
        }
        None
    }
}

/// Adds a word in the form in which patterns have it.
fn push<'a>(words: &mut Vec<Word<'a>>, text: Cow<'a, str>, start: usize, end: usize, parted: Parted) {
    let add = |words: &mut Vec<Word<'a>>, text: Cow<'a, str>, parted: Parted| {
        words.push(Word {
            text,
            start,
            end,
            parted,
        });
    };
    match &*text {
        // One name, whatever is given for it.
        "19" if words
            .last()
            .is_some_and(|before| before.text == "covid" && before.end + 1 == start) =>
        {
            if let Some(before) = words.last_mut() {
                before.end = end;
            }
            return;
        }
        "can't" | "cant" | "couldn't" => return add(words, "cannot".into(), parted),
        "won't" => {
            add(words, "will".into(), parted);
            return add(words, "not".into(), Parted::No);
        }
        "isn't" | "wasn't" | "doesn't" | "didn't" | "don't" | "hasn't" => return add(words, "not".into(), parted),
        "not" | "to" => {}
        word if word.starts_with('\'') || word.ends_with('\'') => {
            return add(words, word.trim_matches('\'').to_owned().into(), parted);
        }
        // "Not able to breathe" is "cannot breathe".
        "able" if words.last().is_some_and(|before| before.text == "not") => {
            if let Some(before) = words.last_mut() {
                (before.text, before.end) = ("cannot".into(), end);
            }
            return;
        }
        _ => return add(words, text, parted),
    }
    let first: &[&str] = if text == "not" {
        &["can", "could"]
    } else {
        &["unable", "cannot"]
    };
    match words.last_mut().filter(|before| first.contains(&&*before.text)) {
        Some(before) => (before.text, before.end) = ("cannot".into(), end),
        None => add(words, text, parted),
    }
}

#[cfg(test)]
mod tests {
    use super::{Pattern, Words};

    #[test]
    fn patterns_stand_where_their_words_do() {
        for (pattern, text, stands) in [
            ("cannot .. breathe", "she can't really breathe", true),
            ("cannot .. breathe", "unable to breathe", true),
            ("cannot .. breathe", "isn't able to breathe", true),
            ("cannot .. breathe", "can not breathe", true),
            ("cannot .. breathe !through", "cannot breathe through the nose", false),
            ("!flu|a shot in", "flu shot in the fall", false),
            ("!flu|a shot in", "got a shot in the arm", false),
            ("!flu|a shot in", "he was shot in the arm", true),
            ("!covid shot in", "covid-19 shot in the arm", false),
            ("!covid shot in", "covid 19 shot in the arm", false),
            ("!covid shot in", "male, age 19 shot in the arm", true),
            ("!covid shot in", "has covid, 19, shot in the arm", true),
            ("!flu|a shot in", "shot in the arm", true),
            ("!flu|a shot in", "had the flu. shot in the arm", true),
            ("cannot .. breathe", "cannot sleep, breathes well", false),
            ("vomit* .. blood", "vomited bright blood", true),
            ("vomit* .. blood", "vomiting, blood pressure high", false),
            ("chest pressure ... sweat*", "chest pressure, pale and sweating", true),
            ("chest pressure ... sweat*", "chest pressure, no sweating", false),
            ("chest pressure ... sweat*", "chest pressure. sweating", false),
            ("non blanching rash", "a non-blanching rash", true),
            ("will not wake", "won\u{2019}t wake", true),
        ] {
            assert_eq!(
                Words::of(text).find(&Pattern::read(pattern), 0).is_some(),
                stands,
                "{pattern}: {text}"
            );
        }
        let text = "no chest pain, then chest pain";
        let second = Words::of(text)
            .find(&Pattern::read("chest pain"), 4)
            .map(|(from, to)| &text[from..to]);
        assert_eq!(second, Some("chest pain"));
    }
}
