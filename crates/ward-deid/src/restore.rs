//! Putting values back, as text streams in.

use std::collections::HashMap;
use std::sync::Arc;

use crate::Class;
use crate::hidden::Hidden;
use crate::lenient::{self, Key, Reading};
use crate::links::Links;
use crate::row::Row;
use crate::seeded::Seeded;
use crate::surrogate::{Found, StandIns};
use ward_formats::Span;

/// Placeholder to value. Shared between [`Pseudonyms`](crate::Pseudonyms) and its restorers; the
/// values are wiped when the last of them is dropped.
#[derive(Clone, Default)]
pub(crate) struct Vault {
    pub(crate) values: HashMap<Key, Hidden, Seeded>,
}

/// What `text` reads as: placeholders of `vault`, stand-ins of `table`, and what they stand for.
pub(crate) fn readings<'a>(vault: &'a Vault, table: &'a StandIns, text: &str) -> Vec<(Span, &'a str)> {
    let mut found = Vec::new();
    let mut before = None;
    let mut at = 0;
    while let Some(first) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = text.get(at..).unwrap_or_default();
        let read = match lenient::at_start(rest, before, true) {
            Reading::Yes(len, key) => Some((len, vault.values.get(&key).map(Hidden::expose))),
            _ => match table.at_start(rest, before, true) {
                Found::Yes(len, index) => Some((len, table.get(index).map(|pair| pair.value.expose()))),
                _ => None,
            },
        };
        let len = read.map_or(first.len_utf8(), |(len, _)| len);
        if let Some((len, Some(value))) = read {
            found.push((Span::new(at, at + len), value));
        }
        before = rest.get(..len).and_then(|read| read.chars().next_back());
        at += len;
    }
    found
}

/// A text of placeholder form that was left as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unknown {
    /// Its first byte in the text that was pushed.
    pub at: usize,
    /// The class it names.
    pub class: Class,
}

/// Most unknown placeholders whose places are kept.
const NOTED: usize = 1_000;

/// What a [`Restorer`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Restored {
    /// Placeholders replaced by their values.
    pub restored: u32,
    /// Texts of placeholder form that were left as they stand: those that name nothing of this
    /// request (wrong check letters or an unknown number), and those that stand in a link.
    pub unknown: u32,
}

/// Replaces placeholders by their values in a text that arrives in pieces.
///
/// The law: however the text is cut into chunks, the concatenated output is the same. The
/// restorer works character by character and holds back only text that may still become a
/// placeholder, never more than [`Restorer::HELD_MAX`] bytes. A value that was put back is not
/// looked at again. It accepts what models make of placeholders (other case, `\[..\]`, `-` or a
/// space for `_`, no brackets, a possessive after), and nothing else.
///
/// Nothing is put back into links: a web address, the target of a Markdown link or image, the
/// quoted value of an HTML attribute that holds an address. Whoever displays an answer may fetch
/// what it links to, and the address would carry the value to its host. What was put back counts
/// as text before what follows, so that a web address of the record is not added to either.
#[derive(Clone)]
pub struct Restorer {
    vault: Arc<Vault>,
    stand_ins: Arc<StandIns>,
    /// Bytes read, those held left out.
    read: usize,
    noted: Vec<Unknown>,
    held: String,
    before: Option<char>,
    links: Option<Links>,
    done: Restored,
    written: usize,
    limit: usize,
    over: bool,
}

impl Restorer {
    /// Most bytes ever held back: the longest form of a placeholder and the start of the
    /// character after it.
    pub const HELD_MAX: usize = lenient::MAX_LEN + 4;

    pub(crate) fn new(vault: Arc<Vault>) -> Self {
        Self {
            vault,
            stand_ins: Arc::default(),
            read: 0,
            noted: Vec::new(),
            held: String::new(),
            before: None,
            links: Some(Links::default()),
            done: Restored::default(),
            written: 0,
            limit: usize::MAX,
            over: false,
        }
    }

    /// For what earlier runs replaced: `rows` from a vault.
    #[must_use]
    pub fn from_rows(rows: &[Row]) -> Self {
        crate::Pseudonyms::new([0; 32])
            .with_rows(rows)
            .restorer()
            .with_stand_ins(Arc::new(StandIns::from_rows(rows)))
    }

    /// Puts back what these stand for, too. Then more may be held back: up to the longest stand-in.
    #[must_use]
    pub(crate) fn with_stand_ins(mut self, stand_ins: Arc<StandIns>) -> Self {
        self.stand_ins = stand_ins;
        self
    }

    /// What was done so far; after [`Restorer::close`], all of it.
    #[must_use]
    pub fn done(&self) -> Restored {
        self.done
    }

    /// The first thousand texts of placeholder form that were left as they stand, in order.
    #[must_use]
    pub fn unknown(&self) -> &[Unknown] {
        &self.noted
    }

    /// What `text` holds that this restorer puts values in place of, in bytes, and the values. Links are looked at, too.
    #[must_use]
    pub fn readings(&self, text: &str) -> Vec<(Span, &str)> {
        readings(&self.vault, &self.stand_ins, text)
    }

    /// How many texts of placeholder form `text` holds that name nothing here.
    pub(crate) fn strangers(&self, text: &str) -> usize {
        let known = |range: &std::ops::Range<usize>| {
            let form = text.get(range.clone()).unwrap_or_default();
            readings(&self.vault, &StandIns::default(), form).is_empty()
        };
        lenient::candidates(text).iter().filter(|range| known(range)).count()
    }

    /// Where `text` holds what this restorer would put values in place of, in bytes. Links are looked at, too.
    #[must_use]
    pub fn covered(&self, text: &str) -> Vec<Span> {
        readings(&self.vault, &self.stand_ins, text)
            .into_iter()
            .map(|(span, _)| span)
            .collect()
    }

    /// Sets how many bytes the answer may have for a value to be put back into it; without this
    /// call there is no limit. Every byte written to `out` counts, from the first push to the end.
    ///
    /// A short answer can name one long value many times, so that what is sent out grows without
    /// relation to what came in. The first value that would pass the limit is not written (and not
    /// copied), nor is anything after it, and [`Restorer::is_over`] turns true. Where that happens
    /// does not depend on the cuts between chunks. Text that is no value is never cut: whoever
    /// receives the answer bounds that.
    #[must_use]
    pub fn limited(mut self, bytes: usize) -> Self {
        self.limit = bytes;
        self
    }

    /// Puts values back into links too: for text that was de-identified and that no model wrote.
    #[must_use]
    pub fn into_links(mut self) -> Self {
        self.links = None;
        self
    }

    /// True when a value would have passed the limit, so that what was written is cut short.
    /// Ask again after [`Restorer::close`]: the last placeholder may be settled only there.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.over
    }

    /// Takes the next piece of text and appends to `out` what is certain by now.
    pub fn push(&mut self, chunk: &str, out: &mut String) {
        if self.over {
            return;
        }
        out.reserve(chunk.len());
        for c in chunk.chars() {
            if self.held.is_empty() && !may_start(c) && !self.stand_ins.may_start(c) {
                self.keep(c, out);
                self.read += c.len_utf8();
            } else {
                self.held.push(c);
                self.settle(false, out);
                if self.over {
                    return;
                }
            }
        }
    }

    /// Ends the text: appends what was held back. [`Restorer::finish`] does the same and gives up
    /// the restorer; use this one to ask [`Restorer::is_over`] afterwards.
    pub fn close(&mut self, out: &mut String) {
        self.settle(true, out);
    }

    /// Ends the text: appends what was held back and says what was done.
    pub fn finish(mut self, out: &mut String) -> Restored {
        self.close(out);
        self.done
    }

    /// Writes one character of the answer as it stands.
    fn keep(&mut self, c: char, out: &mut String) {
        self.write(c.encode_utf8(&mut [0; 4]), out);
        self.before = Some(c);
    }

    fn write(&mut self, text: &str, out: &mut String) {
        out.push_str(text);
        self.written = self.written.saturating_add(text.len());
        if let Some(links) = &mut self.links {
            links.read(text);
        }
    }

    /// Decides on what is held, from its start, as far as that is possible.
    fn settle(&mut self, end: bool, out: &mut String) {
        let mut held = std::mem::take(&mut self.held);
        let mut at = 0;
        while let Some(first) = held.get(at..).and_then(|rest| rest.chars().next()) {
            let rest = held.get(at..).unwrap_or_default();
            match lenient::at_start(rest, self.before, end) {
                Reading::More => break,
                Reading::Yes(len, key) => {
                    let read = rest.get(..len).unwrap_or_default();
                    let linked = self.links.as_ref().is_some_and(Links::inside);
                    let vault = Arc::clone(&self.vault);
                    match vault.values.get(&key).map(Hidden::expose).filter(|_| !linked) {
                        Some(value) if value.len() > self.limit.saturating_sub(self.written) => {
                            self.over = true;
                            return;
                        }
                        Some(value) => {
                            self.write(value, out);
                            self.done.restored = self.done.restored.saturating_add(1);
                        }
                        None => {
                            self.write(read, out);
                            self.done.unknown = self.done.unknown.saturating_add(1);
                            if self.noted.len() < NOTED {
                                self.noted.push(Unknown {
                                    at: self.read,
                                    class: key.class,
                                });
                            }
                        }
                    }
                    self.before = read.chars().next_back();
                    at += len;
                    self.read += len;
                }
                Reading::No => match self.stand_ins.at_start(rest, self.before, end) {
                    Found::More => break,
                    Found::Yes(len, index) => {
                        let read = rest.get(..len).unwrap_or_default();
                        let linked = self.links.as_ref().is_some_and(Links::inside);
                        let stand_ins = Arc::clone(&self.stand_ins);
                        match stand_ins.get(index).map(|pair| pair.value.expose()).filter(|_| !linked) {
                            Some(value) if value.len() > self.limit.saturating_sub(self.written) => {
                                self.over = true;
                                return;
                            }
                            Some(value) => {
                                self.write(value, out);
                                self.done.restored = self.done.restored.saturating_add(1);
                            }
                            // A name in an address may be anybody's: it is no unknown placeholder.
                            None => self.write(read, out),
                        }
                        self.before = read.chars().next_back();
                        at += len;
                        self.read += len;
                    }
                    Found::No => {
                        self.keep(first, out);
                        at += first.len_utf8();
                        self.read += first.len_utf8();
                    }
                },
            }
        }
        held.drain(..at);
        self.held = held;
    }
}

fn may_start(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '[' || c == '\\'
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Class;

    fn vault() -> Arc<Vault> {
        let key = |class, number, check| Key { class, number, check };
        let values = [
            (key(Class::Name, 1, *b"KR"), "Zoë Öz"),
            (key(Class::Name, 2, *b"BC"), "[NAME_1KR]"),
            (key(Class::Day, 4812, *b"TR"), "Jan 8, 2024"),
            (key(Class::Id, 7, *b"ZZ"), "NAME_1KR"),
            (key(Class::Id, 8, *b"ZX"), "https://h.example"),
        ];
        Arc::new(Vault {
            values: values.into_iter().map(|(k, v)| (k, Hidden::new(v))).collect(),
        })
    }

    fn whole(text: &str) -> (String, Restored) {
        split(&[text])
    }

    fn split(chunks: &[&str]) -> (String, Restored) {
        let mut out = String::new();
        let mut restorer = Restorer::new(vault());
        for chunk in chunks {
            restorer.push(chunk, &mut out);
            assert!(restorer.held.len() <= Restorer::HELD_MAX);
        }
        let done = restorer.finish(&mut out);
        (out, done)
    }

    fn check(text: &str, expect: &str, restored: u32, unknown: u32) {
        assert_eq!(
            whole(text),
            (expect.to_owned(), Restored { restored, unknown }),
            "{text}"
        );
    }

    #[test]
    fn puts_values_back() {
        check("Seen [NAME_1KR] on [DAY_4812TR].", "Seen Zoë Öz on Jan 8, 2024.", 2, 0);
        check("**[name_1kr]**'s NAME_1KR’s", "**Zoë Öz**'s Zoë Öz’s", 2, 0);
        check(r"\[NAME\_1KR\] [NAME-1KR] [NAME 1KR]", "Zoë Öz Zoë Öz Zoë Öz", 3, 0);
        check("[NAME_1KR][NAME_1KR]NAME_1KR", "Zoë ÖzZoë ÖzZoë Öz", 3, 0);
        check("([see NAME_1KR])", "([see Zoë Öz])", 1, 0);
    }

    #[test]
    fn never_rescans_a_value() {
        check("[NAME_2BC] [ID_7ZZ]", "[NAME_1KR] NAME_1KR", 2, 0);
        check("[[ID_7ZZ]]", "[NAME_1KR]", 1, 0);
    }

    #[test]
    fn counts_and_keeps_what_it_does_not_know() {
        check("[NAME_1KB] [NAME_9KR] NAME_1BB", "[NAME_1KB] [NAME_9KR] NAME_1BB", 0, 3);
        check(
            "day_1 NAME plan 5mg [x] [ [NAME",
            "day_1 NAME plan 5mg [x] [ [NAME",
            0,
            0,
        );
    }

    const TRICKY: &[&str] = &[
        "[NAME_1KR]",
        "[[NAME_1KR]]",
        r"\[NAME\_1KR\]é",
        r"\[NAME_1KR] \\[NAME_1KR\]",
        "éNAME_1KRé NAME_1KR é",
        "[NAME[NAME_1KR",
        "NANAME_1KR NAME_1KR",
        "[DAY_4812TR]T[DAY_4812tr",
        "🙂[name 1kr]🙂",
        "[FACILITY_123456789BC] [NAME_1KR]",
        "FACIL [FACILITY_1",
        "PPLAN_1BC IIP_2ZZ ID_7ZZ",
        "[a](<x) [NAME_1KR]>) [NAME_1KR]",
        "href=\"http://[NAME_1KR]\" [NAME_1KR]",
        "[ID_8ZX][NAME_1KR] [NAME_1KR]",
    ];

    #[test]
    fn every_split_in_two_and_three_gives_the_same() {
        for text in TRICKY {
            let expect = whole(text);
            let cuts: Vec<usize> = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
            for &a in &cuts {
                for &b in cuts.iter().filter(|b| **b >= a) {
                    assert_eq!(split(&[&text[..a], &text[a..b], &text[b..]]), expect, "{text} {a} {b}");
                }
            }
            let mut chars = Vec::new();
            chars.extend(text.char_indices().map(|(i, c)| &text[i..i + c.len_utf8()]));
            assert_eq!(split(&chars), expect);
        }
    }

    #[test]
    fn puts_nothing_into_links() {
        for text in [
            "![x](http://h.example/?q=[NAME_1KR]&d=NAME_1KR)",
            r"[x](<h y/\[NAME\_1KR\] [NAME_1KR]>)",
            "<img src=\"//h/ [NAME_1KR] [NAME_1KR]\">",
            "(https://[NAME_1KR].h/[NAME-1KR]",
        ] {
            check(text, text, 0, 2);
        }
        check(
            "[NAME_1KR] (http://h/[NAME_1KR]) [NAME_1KR]",
            "Zoë Öz (http://h/[NAME_1KR]) Zoë Öz",
            2,
            1,
        );
        check("[ID_8ZX]?q=[NAME_1KR]", "https://h.example?q=[NAME_1KR]", 1, 1);
    }

    #[test]
    fn stops_before_the_value_that_passes_the_limit() {
        let text = "Seen [NAME_1KR], [NAME_1KR]. And then some.";
        let whole = "Seen Zoë Öz, Zoë Öz";
        for (limit, expect, over) in [
            (0, "Seen ", true),
            (12, "Seen ", true),
            ("Seen Zoë Öz".len(), "Seen Zoë Öz, ", true),
            (whole.len() - 1, "Seen Zoë Öz, ", true),
            (whole.len(), "Seen Zoë Öz, Zoë Öz. And then some.", false),
        ] {
            for size in 1..text.len() {
                let mut restorer = Restorer::new(vault()).limited(limit);
                let mut out = String::new();
                for start in (0..text.len()).step_by(size) {
                    restorer.push(&text[start..text.len().min(start + size)], &mut out);
                }
                restorer.close(&mut out);
                assert_eq!((out.as_str(), restorer.is_over()), (expect, over), "{limit} {size}");
                restorer.finish(&mut out);
                assert_eq!(out, expect);
            }
        }
        let mut restorer = Restorer::new(vault()).limited(3);
        let mut out = String::new();
        restorer.push("NAME_1KR", &mut out);
        assert!(!restorer.is_over());
        restorer.close(&mut out);
        assert!(out.is_empty() && restorer.is_over());
    }

    proptest! {
        #[test]
        fn any_split_gives_the_same(
            parts in proptest::collection::vec(
                prop_oneof![
                    proptest::sample::select(TRICKY).prop_map(str::to_owned),
                    proptest::sample::select(vec!["[", "](", "http://", "\"", "\\", "_", "]", "NAME", "day", "1", "KR", "é", "🙂", " "]).prop_map(str::to_owned),
                    ".{0,6}",
                ],
                0..12,
            ),
            cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..8),
        ) {
            let text = parts.concat();
            let bounds: Vec<usize> = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
            let mut at: Vec<usize> = cuts.iter().map(|c| bounds[c.index(bounds.len())]).collect();
            at.extend([0, text.len()]);
            at.sort_unstable();
            let chunks: Vec<&str> = at.windows(2).map(|w| &text[w[0]..w[1]]).collect();
            prop_assert_eq!(split(&chunks), whole(&text));
        }
    }
}
