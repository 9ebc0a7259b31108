//! Finding stand-ins in text: whole words, the longest first, in any case.

use std::collections::HashMap;

use crate::Class;
use crate::fold::is_unspaced;
use crate::hidden::Hidden;
use crate::row::Row;

/// What a text begins with.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// No stand-in, whatever follows.
    No,
    /// The text ended before it could be told.
    More,
    /// A stand-in of so many bytes, and which.
    Yes(usize, usize),
}

/// A stand-in and its value.
#[derive(Clone)]
pub(crate) struct Pair {
    pub(crate) class: Class,
    pub(crate) stand_in: Hidden,
    pub(crate) value: Hidden,
    /// One word of a longer stand-in: it gives way to whole ones.
    part: bool,
}

/// The stand-ins of one subject, as a trie of small letters.
#[derive(Clone, Default)]
pub(crate) struct StandIns {
    pairs: Vec<Pair>,
    exact: HashMap<Hidden, usize>,
    edges: HashMap<(u32, char), u32>,
    ends: HashMap<u32, Vec<usize>>,
    nodes: u32,
}

impl StandIns {
    /// The stand-ins of a vault. Rows that hold placeholders are passed over.
    pub(crate) fn from_rows(rows: &[Row]) -> Self {
        // Which words stand for which does not depend on the key.
        let key = [0; 32];
        let all = super::Surrogates::new(&key, crate::shift::Shift::new(&key)).with_rows(rows);
        StandIns::clone(&all.table)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.pairs.len()
    }

    pub(crate) fn get(&self, index: usize) -> Option<&Pair> {
        self.pairs.get(index)
    }

    /// The pairs that are no parts of others.
    pub(crate) fn whole(&self) -> impl Iterator<Item = &Pair> {
        self.pairs.iter().filter(|pair| !pair.part)
    }

    /// The value that exactly `stand_in` stands for, unless it is a part.
    pub(crate) fn value(&self, stand_in: &str) -> Option<&str> {
        let pair = self.pairs.get(*self.exact.get(stand_in)?)?;
        (!pair.part).then(|| pair.value.expose())
    }

    /// Adds a pair. What is there already stays, unless it is a part and this is not.
    pub(crate) fn insert(&mut self, class: Class, stand_in: &str, value: &str, part: bool) {
        let pair = Pair {
            class,
            stand_in: Hidden::new(stand_in),
            value: Hidden::new(value),
            part,
        };
        if let Some(at) = self.exact.get(stand_in) {
            if let Some(there) = self.pairs.get_mut(*at).filter(|there| there.part && !part) {
                *there = pair;
            }
            return;
        }
        let index = self.pairs.len();
        self.pairs.push(pair);
        self.exact.insert(Hidden::new(stand_in), index);
        let mut node = 0;
        for c in stand_in.chars() {
            let nodes = &mut self.nodes;
            node = *self.edges.entry((node, small(c))).or_insert_with(|| {
                *nodes = nodes.saturating_add(1);
                *nodes
            });
        }
        self.ends.entry(node).or_default().push(index);
    }

    /// True when a stand-in may begin with `c`.
    pub(crate) fn may_start(&self, c: char) -> bool {
        self.edges.contains_key(&(0, small(c)))
    }

    /// Reads the stand-in that `text` begins with, the longest there is. `before` is the character before it, `end`
    /// says that nothing follows. Without `end`, the answer is the same for every continuation of `text`.
    pub(crate) fn at_start(&self, text: &str, before: Option<char>, end: bool) -> Found {
        let Some(first) = text.chars().next() else {
            return if end { Found::No } else { Found::More };
        };
        if !self.may_start(first) || before.is_some_and(|before| joins(before, first)) {
            return Found::No;
        }
        let mut best = Found::No;
        let mut node = 0;
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let Some(next) = self.edges.get(&(node, small(c))) else {
                return best;
            };
            node = *next;
            let len = at + c.len_utf8();
            let ends = self.ends.get(&node);
            let apart = match chars.peek() {
                Some((_, after)) => !joins(c, *after),
                None if end => true,
                None => return Found::More,
            };
            if let Some(ends) = ends.filter(|_| apart) {
                let read = text.get(..len).unwrap_or_default();
                best = self.best(ends, read).map_or(best, |index| Found::Yes(len, index));
            }
        }
        best
    }

    /// Of the pairs that read alike: the one spelled exactly so, else the first whole one, else the first.
    fn best(&self, ends: &[usize], read: &str) -> Option<usize> {
        let pair = |index: &usize| self.pairs.get(*index);
        let exact = ends
            .iter()
            .find(|i| pair(i).is_some_and(|pair| pair.stand_in.expose() == read));
        let whole = || ends.iter().find(|i| pair(i).is_some_and(|pair| !pair.part));
        exact.or_else(whole).or_else(|| ends.first()).copied()
    }
}

/// The small letter for `c`; every white space is a space.
fn small(c: char) -> char {
    if c.is_whitespace() {
        return ' ';
    }
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

/// True when two characters side by side belong to one word or one number. In scripts without spaces none do.
fn joins(a: char, b: char) -> bool {
    if is_unspaced(a) || is_unspaced(b) {
        return false;
    }
    let letter = |c: char| c.is_alphabetic() || crate::fold::is_glue(c);
    (letter(a) && letter(b)) || (a.is_numeric() && b.is_numeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_whole_words_longest_first() {
        let mut all = StandIns::default();
        for (stand_in, value) in [
            ("Marisol Delgado", "Zelda Quill"),
            ("Delgado", "Quill"),
            ("MARISOL", "ZELDA"),
            ("Marisol", "Zelda"),
            ("陈伟", "王明"),
            ("10/12/2024", "9/9/2024"),
        ] {
            all.insert(Class::Name, stand_in, value, false);
        }
        all.insert(Class::Name, "delgado", "quill", true);
        for (text, before, expect) in [
            ("Marisol Delgado.", None, Some("Zelda Quill")),
            ("marisol delgado", None, Some("Zelda Quill")),
            ("Marisol\nDelgado", None, Some("Zelda Quill")),
            ("Marisol Delgados", None, Some("Zelda")),
            ("MARISOL x", None, Some("ZELDA")),
            ("Delgado's", None, Some("Quill")),
            ("delgado", None, Some("quill")),
            ("DELGADO", None, Some("Quill")),
            ("Delgado", Some('x'), None),
            ("Delgado", Some('1'), Some("Quill")),
            ("陈伟说", Some('叫'), Some("王明")),
            ("10/12/20245", None, None),
            ("10/12/2024.", None, Some("9/9/2024")),
            ("x", None, None),
        ] {
            let found = match all.at_start(text, before, true) {
                Found::Yes(_, index) => all.get(index).map(|pair| pair.value.expose()),
                _ => None,
            };
            assert_eq!(found, expect, "{text}");
        }
        assert_eq!(all.at_start("Marisol", None, false), Found::More);
        assert_eq!(all.at_start("Marisol D", None, false), Found::More);
        assert!(matches!(all.at_start("Marisol x", None, false), Found::Yes(7, _)));
        assert_eq!(all.value("delgado"), None);
        assert_eq!(all.value("Delgado"), Some("Quill"));
        assert_eq!(all.whole().count(), 6);
    }
}
