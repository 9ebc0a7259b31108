//! Patterns of words: how a complaint may be said.
//!
//! A pattern is words in lower case, apart by spaces. `a|b` is one of several words, `vomit*` one that begins so, `..` up to four words of
//! the same part of a sentence, `...` up to six words that may be parted by commas, and `!a|b` at the end says which words must not come next.
//! No gap reaches over a full stop, a "but" or a word that denies, `..` over no "and" either.

/// A word of a text and its bytes. Hyphens and slashes part words; "can't", "can not" and "unable to" are all `cannot`.
struct Word {
    text: String,
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
pub(super) struct Words(Vec<Word>);

/// Words over which no gap reaches.
const ENDS: &[&str] = &[
    "but", "no", "not", "without", "denies", "denied", "nor", "however", "although", "except", "never", "if",
];

impl Words {
    /// The words of `text`, which is in lower case.
    pub(super) fn of(text: &str) -> Self {
        let mut words: Vec<Word> = Vec::new();
        let (mut start, mut parted) = (None, Parted::Stop);
        let marked = text.char_indices().map(|(at, c)| (at, Some(c)));
        for (at, c) in marked.chain(std::iter::once((text.len(), None))) {
            let inside = c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '\'' | '\u{2019}'));
            match (start, inside) {
                (None, true) => start = Some(at),
                (Some(from), false) => {
                    let word = text.get(from..at).unwrap_or("").replace('\u{2019}', "'");
                    push(&mut words, &word, from, at, parted);
                    (start, parted) = (None, Parted::No);
                }
                _ => {}
            }
            parted = parted.max(match c {
                Some(',' | ':' | '(' | ')') => Parted::Comma,
                Some('.' | ';' | '?' | '!' | '\n') => Parted::Stop,
                _ => Parted::No,
            });
        }
        Self(words)
    }

    /// The bytes of the first place from byte `from` on at which `pattern` stands.
    pub(super) fn find(&self, pattern: &str, from: usize) -> Option<(usize, usize)> {
        let parts: Vec<&str> = pattern.split(' ').collect();
        let first = self.0.partition_point(|word| word.start < from);
        (first..self.0.len()).find_map(|at| {
            let last = self.matches(&parts, at)?;
            Some((self.0.get(at)?.start, self.0.get(last)?.end))
        })
    }

    /// The last word of the pattern where it stands at word `at`.
    fn matches(&self, parts: &[&str], at: usize) -> Option<usize> {
        let (part, rest) = parts.split_first()?;
        let word = self.0.get(at)?;
        if !one_of(part, &word.text) {
            return None;
        }
        let (reach, over) = match rest.first() {
            None => return Some(at),
            Some(not) if not.starts_with('!') => {
                let next = self.0.get(at + 1).filter(|next| next.parted == Parted::No);
                return next
                    .is_none_or(|next| !one_of(not.trim_start_matches('!'), &next.text))
                    .then_some(at);
            }
            Some(&"..") => (4, Parted::No),
            Some(&"...") => (6, Parted::Comma),
            Some(_) => (0, Parted::No),
        };
        let rest = if reach > 0 { rest.get(1..)? } else { rest };
        for next in at + 1..=at + 1 + reach {
            let between = self.0.get(next)?;
            if between.parted > over {
                return None;
            }
            if let Some(last) = self.matches(rest, next) {
                return Some(last);
            }
            // "Throat is sore and swollen tonsils".
            let apart = over == Parted::No && between.text == "and" && reach > 0;
            if apart || ENDS.contains(&between.text.as_str()) {
                return None;
            }
        }
        None
    }
}

/// Adds a word in the form in which patterns have it.
fn push(words: &mut Vec<Word>, text: &str, start: usize, end: usize, parted: Parted) {
    let mut add = |text: &str, parted: Parted| {
        let text = text.to_owned();
        words.push(Word {
            text,
            start,
            end,
            parted,
        });
    };
    match text {
        "can't" | "cant" | "couldn't" => return add("cannot", parted),
        "won't" => {
            add("will", parted);
            return add("not", Parted::No);
        }
        "isn't" | "wasn't" | "doesn't" | "didn't" | "don't" | "hasn't" => return add("not", parted),
        "not" | "to" => {}
        _ => return add(text.trim_matches('\''), parted),
    }
    let first: &[&str] = if text == "not" { &["can", "could"] } else { &["unable"] };
    match words.last_mut().filter(|before| first.contains(&before.text.as_str())) {
        Some(before) => (before.text, before.end) = ("cannot".to_owned(), end),
        None => words.push(Word {
            text: text.to_owned(),
            start,
            end,
            parted,
        }),
    }
}

fn one_of(part: &str, word: &str) -> bool {
    part.split('|').any(|one| match one.strip_suffix('*') {
        Some(begins) => word.starts_with(begins),
        None => one == word,
    })
}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn patterns_stand_where_their_words_do() {
        for (pattern, text, stands) in [
            ("cannot .. breathe", "she can't really breathe", true),
            ("cannot .. breathe", "unable to breathe", true),
            ("cannot .. breathe", "can not breathe", true),
            ("cannot .. breathe !through", "cannot breathe through the nose", false),
            ("cannot .. breathe", "cannot sleep, breathes well", false),
            ("vomit* .. blood", "vomited bright blood", true),
            ("vomit* .. blood", "vomiting, blood pressure high", false),
            ("chest pressure ... sweat*", "chest pressure, pale and sweating", true),
            ("chest pressure ... sweat*", "chest pressure, no sweating", false),
            ("chest pressure ... sweat*", "chest pressure. sweating", false),
            ("non blanching rash", "a non-blanching rash", true),
            ("will not wake", "won\u{2019}t wake", true),
        ] {
            assert_eq!(Words::of(text).find(pattern, 0).is_some(), stands, "{pattern}: {text}");
        }
        let text = "no chest pain, then chest pain";
        let second = Words::of(text).find("chest pain", 4).map(|(from, to)| &text[from..to]);
        assert_eq!(second, Some("chest pain"));
    }
}
