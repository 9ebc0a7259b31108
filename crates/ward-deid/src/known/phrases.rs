//! Phrases to look for word by word: a tree of the words that follow each other.

use std::collections::HashMap;

use super::guard::{Guard, guard};
use super::lengths::Lengths;
use super::words::Words;
use crate::lex::Scan;
use crate::seeded::Seeded;
use crate::{Class, fold, gazetteer};

/// Longest phrase in words.
const MAX_WORDS: usize = 12;

/// Most bytes of a phrase that are read.
const MAX_BYTES: usize = 1_024;

/// Words for which there is room from the first phrase on: those of one person, spelled in many ways.
const FIRST_WORDS: usize = 48;

/// Phrases by their folded words.
#[derive(Default)]
pub(super) struct Phrases {
    /// Words to their numbers, from 1.
    words: Words,
    /// Of each word by number, the node that leads to from the root; 0 is none.
    first: Vec<u32>,
    /// (node, word) to node, but for the root.
    edges: HashMap<(u32, u32), u32, Seeded>,
    /// What ends at each node.
    ends: Vec<Option<End>>,
    /// How many nodes something ends at.
    count: usize,
    nodes: u32,
    /// A reading whose memory is used again.
    spare: Option<Scan<'static>>,
    folded: String,
}

/// What a phrase is, and when its words are believed to be it.
#[derive(Clone, Copy)]
pub(super) struct End {
    pub(super) class: Class,
    pub(super) guard: Guard,
}

impl Phrases {
    /// How many phrases there are.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// The words of all phrases.
    pub(super) fn words(&self) -> &Words {
        &self.words
    }

    /// Adds a phrase, `named` as in [`guard`]. What its words may not be looked for at all is left out. True when it is a
    /// name that stays hidden behind a value of another class with the same words.
    pub(super) fn add(&mut self, value: &str, class: Class, named: bool, lengths: &mut Lengths) -> bool {
        self.add_with(value, class, |scan| guard(scan, class, named), lengths)
    }

    /// Adds a short form of a name that nobody lists, alone or beside the family name.
    pub(super) fn add_short(&mut self, value: &str, lengths: &mut Lengths) {
        self.add_with(value, Class::Name, |_| Some(Guard::Short), lengths);
    }

    fn add_with(
        &mut self,
        value: &str,
        class: Class,
        guard: impl Fn(&Scan<'_>) -> Option<Guard>,
        lengths: &mut Lengths,
    ) -> bool {
        if self.count == 0 {
            self.words.reserve(FIRST_WORDS);
            self.edges.reserve(FIRST_WORDS);
        }
        let value = value.get(..value.len().min(MAX_BYTES)).unwrap_or_default();
        let scan = match self.spare.take() {
            Some(spare) => spare.again(value),
            None => Scan::new(value),
        };
        let guard = (1..=MAX_WORDS).contains(&scan.tokens.len()).then(|| guard(&scan));
        let shadowed = guard
            .flatten()
            .is_some_and(|guard| self.grow(&scan, class, guard, lengths));
        self.spare = Some(scan.on(""));
        shadowed
    }

    fn grow(&mut self, scan: &Scan<'_>, class: Class, guard: Guard, lengths: &mut Lengths) -> bool {
        let mut node = 0;
        for i in 0..scan.tokens.len() {
            let word = self.word(scan, i, lengths);
            node = self.node_or_next(node, word);
        }
        let at = node as usize;
        if self.ends.len() <= at {
            self.ends.resize(at + 1, None);
        }
        let Some(slot) = self.ends.get_mut(at) else {
            return false;
        };
        self.count += usize::from(slot.is_none());
        let end = slot.get_or_insert(End { class, guard });
        // A sending facility called "Lowell" must not hide the patient Lowell: a name is looked for in more places.
        if class == Class::Name && end.class == Class::Facility {
            end.class = class;
        }
        end.guard = end.guard.min(guard);
        class == Class::Name && end.class != class
    }

    /// The number of the word at token `i`; the next one when it is new.
    fn word(&mut self, scan: &Scan<'_>, i: usize, lengths: &mut Lengths) -> u32 {
        let word = scan.word(i);
        if word.is_ascii()
            && let Some(hash) = gazetteer::hash_of(scan.text.as_bytes(), scan.start(i), scan.end(i))
        {
            lengths.note(word.as_bytes());
            return self.words.number_or_next_of_hash(hash);
        }
        self.folded.clear();
        fold::push_word(word, &mut self.folded);
        lengths.note(self.folded.as_bytes());
        self.words
            .number_or_next_of_hash(gazetteer::hash_of_folded(&self.folded))
    }

    /// The node that `word` leads to from `node`, which is 0 for the root; 0 when there is none.
    pub(super) fn node(&self, node: u32, word: u32) -> u32 {
        if node == 0 {
            self.first.get(word as usize).copied().unwrap_or(0)
        } else {
            self.edges.get(&(node, word)).copied().unwrap_or(0)
        }
    }

    /// The same; a new one when there is none.
    fn node_or_next(&mut self, node: u32, word: u32) -> u32 {
        let at = word as usize;
        if node == 0 && self.first.len() <= at {
            self.first.resize(at + 1, 0);
        }
        let slot = match (node, self.first.get_mut(at)) {
            (0, Some(slot)) => slot,
            _ => self.edges.entry((node, word)).or_insert(0),
        };
        if *slot == 0 {
            self.nodes = self.nodes.saturating_add(1);
            *slot = self.nodes;
        }
        *slot
    }

    /// What ends at `node`.
    pub(super) fn end(&self, node: u32) -> Option<&End> {
        self.ends.get(node as usize)?.as_ref()
    }

    /// What the phrase of the one folded word is.
    pub(super) fn one_word(&self, folded: &str) -> Option<&End> {
        self.end(self.node(0, self.words.number(folded)))
    }
}

impl Drop for Phrases {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.folded);
    }
}
