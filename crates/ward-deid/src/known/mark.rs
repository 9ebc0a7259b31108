//! Finding known values in a text.

use ward_formats::Span;

use super::guard::{fits, is_near};
use super::{Known, MAX_IDENTIFIER, spellings};
use crate::find::{Hit, Hits, window};
use crate::lex::{Scan, Shape};
use crate::lexicon::{self, MONTH};
use crate::{Class, dates, fold, gazetteer};

/// The rule that finds a known word in pieces.
pub(crate) const BROKEN: &str = "known-broken-word";

/// Most pieces of a broken word.
const MAX_PIECES: usize = 4;

/// Least letters of a word that is found with a space between every two.
const SPACED: usize = 6;

/// True when what stands between two pieces may break a word.
fn is_broken(gap: &str) -> bool {
    match gap.as_bytes() {
        [b'_' | b'-'] => true,
        [b'-', rest @ ..] => gap.len() <= 20 && rest.contains(&b'\n') && rest.iter().all(u8::is_ascii_whitespace),
        _ => matches!(gap, "‐" | "‐\n" | "\u{2011}"),
    }
}

/// True for a word that the lexicon does not have and medical text hardly: a name, where it is joined to one.
fn is_no_word(scan: &Scan<'_>, i: usize) -> bool {
    scan.tags(i) & !lexicon::AMBIGUOUS == 0 && scan.levels(i).lower() < 2
}

/// True when what follows token `i` lets the next belong to the same phrase.
pub(super) fn is_near_gap(scan: &Scan<'_>, i: usize) -> bool {
    scan.gap(i).len() <= 12 && !scan.gap(i).contains(['\n', '.', ';', '?', '!'])
}

impl Known {
    /// Adds every spelling of a known date of birth or death, also those too vague for a date by
    /// themselves (`14.3.52`, `03141952`).
    pub(crate) fn mark_births(&self, scan: &Scan<'_>, hits: &mut Vec<Hit>) {
        if self.births.is_empty() {
            return;
        }
        for i in (0..scan.tokens.len()).filter(|i| scan.is_number(*i) || scan.has(*i, MONTH)) {
            let whole = dates::at(scan, i).filter(|found| dates::readings(found).any(|day| self.is_birth(Some(day))));
            let span = match whole {
                Some(found) => Span::new(found.start, found.end),
                None if dates::of_six_digits(scan, i).any(|day| self.is_birth(Some(day))) => {
                    Span::new(scan.start(i), scan.end(i))
                }
                // "birthday 3/17"
                None if matches!(scan.digits(i + 1), 1 | 2)
                    && matches!(scan.gap(i), "/" | "-" | ".")
                    && Self::is_said_birth(scan, i)
                    && self.births.has_day_of_year(scan.number(i), scan.number(i + 1)) =>
                {
                    Span::new(scan.start(i), scan.end(i + 1))
                }
                None => continue,
            };
            hits.push(Hit {
                span,
                class: Class::Birth,
                rule: "known-birth",
                score: 92,
            });
        }
    }

    /// Adds every place where something known stands.
    pub(crate) fn mark(&self, scan: &Scan<'_>, found: &mut Vec<Hit>) {
        if self.is_empty() {
            return;
        }
        let mut hits = Hits {
            found: std::mem::take(found),
            rule: "known-words",
        };
        self.mark_words(scan, &mut hits);
        hits.rule = BROKEN;
        self.mark_broken_words(scan, &mut hits);
        self.mark_spaced_words(scan, &mut hits);
        self.mark_parted_words(scan, &mut hits);
        hits.rule = "known-misread-word";
        self.mark_misread_words(scan, &mut hits);
        hits.rule = "known-initials";
        self.mark_initials(scan, &mut hits);
        hits.rule = "known-near-word";
        self.mark_near_words(scan, &mut hits);
        hits.rule = "known-identifier";
        self.mark_identifiers(scan, &mut hits);
        self.mark_endings(scan, &mut hits);
        *found = hits.found;
    }

    /// Places where something known stands, and nothing else.
    pub(crate) fn find(&self, text: &str) -> Vec<Hit> {
        let mut hits = Vec::new();
        let mut from = 0;
        while from < text.len() && !self.is_empty() {
            let window = window(text, from);
            let before = hits.len();
            self.mark(&Scan::new(window), &mut hits);
            for hit in hits.iter_mut().skip(before) {
                hit.span = Span::new(hit.span.start + from, hit.span.end + from);
            }
            from += window.len().max(1);
        }
        crate::find::resolve(hits)
    }

    fn mark_words(&self, scan: &Scan<'_>, hits: &mut Hits) {
        let words = self.phrases.words();
        if words.is_empty() {
            return;
        }
        let mut folded = String::new();
        let text = scan.text.as_bytes();
        let mut number = |i: usize, print: u32| {
            if !words.may_have(print) {
                return 0;
            }
            let hash = gazetteer::hash_of(text, scan.start(i), scan.end(i)).filter(|_| scan.word(i).is_ascii());
            if let Some(hash) = hash {
                return words.number_of_hash(hash);
            }
            folded.clear();
            fold::push_word(scan.word(i), &mut folded);
            words.number(&folded)
        };
        for (i, print) in scan
            .prints
            .iter()
            .enumerate()
            .filter(|(_, print)| words.may_have(**print))
        {
            let mut node = self.phrases.node(0, number(i, *print));
            if node == 0 {
                continue;
            }
            let mut at = i;
            let mut best = None;
            loop {
                if let Some(end) = self.phrases.end(node).filter(|end| fits(scan, i, at, end.guard)) {
                    best = Some((at, *end));
                }
                let next = scan.prints.get(at + 1).map_or(0, |print| number(at + 1, *print));
                let to = if next == 0 || !is_near(scan, at) {
                    0
                } else {
                    self.phrases.node(node, next)
                };
                if to == 0 {
                    break;
                }
                node = to;
                at += 1;
            }
            if let Some((mut last, end)) = best {
                // "tvandermolen51"
                if end.class == Class::Name && scan.gap(last).is_empty() && scan.is_number(last + 1) {
                    last += 1;
                }
                // "zebulon.q.", the part of an address before the sign
                let initial = |at: usize| scan.shape(at) == Some(Shape::Lower) && scan.word(at).len() == 1;
                if end.class == Class::Name
                    && scan.shape(last) == Some(Shape::Lower)
                    && scan.gap(last) == "."
                    && initial(last + 1)
                    && !scan.gap(last + 1).is_empty()
                {
                    last += 1;
                }
                // "Quackenbush-Ortiz": the name that it is joined to.
                let mut first = i;
                if end.class == Class::Name {
                    let joined = |at: usize| scan.gap(at) == "-" && scan.shape(at + 1) == Some(Shape::Capital);
                    if joined(last) && is_no_word(scan, last + 1) {
                        last += 1;
                    }
                    if i > 0 && joined(i - 1) && scan.shape(i - 1) == Some(Shape::Capital) && is_no_word(scan, i - 1) {
                        first -= 1;
                    }
                }
                hits.push(scan.start(first), scan.end(last), end.class, 90);
            }
        }
    }

    /// Long names with one letter wrong: words that are not in the lexicon and that nobody writes otherwise.
    fn mark_near_words(&self, scan: &Scan<'_>, hits: &mut Hits) {
        if self.long.is_empty() {
            return;
        }
        let (shortest, longest) = self.long.iter().fold((usize::MAX, 0), |(least, most), known| {
            let len = known.expose().len();
            (least.min(len), most.max(len))
        });
        // For each first letter, the lengths that a word near a known one can have (63: and more).
        let mut lengths = [0_u64; 256];
        for known in self.long.iter().map(|known| known.expose().as_bytes()) {
            if let Some(set) = known.first().and_then(|first| lengths.get_mut(usize::from(*first))) {
                for len in known.len() - 1..=known.len() + 1 {
                    *set |= 1 << len.min(63);
                }
            }
        }
        let text = scan.text.as_bytes();
        let mut folded = String::new();
        for i in scan.rare.iter().map(|i| *i as usize) {
            let Some(token) = scan.get(i) else { continue };
            if token.len() + 1 < shortest || token.len() > 2 * longest + 1 {
                continue;
            }
            let first = text.get(token.start as usize).map_or(0, u8::to_ascii_lowercase);
            let near = lengths
                .get(usize::from(first))
                .is_some_and(|set| set >> token.len().min(63) & 1 != 0);
            if !near && scan.word(i).is_ascii() {
                continue;
            }
            folded.clear();
            fold::push_word(scan.word(i), &mut folded);
            if self
                .long
                .iter()
                .any(|known| spellings::is_near(known.expose(), &folded))
            {
                hits.push(scan.start(i), scan.end(i), Class::Name, 78);
            }
        }
    }

    /// Names of one word that are cut by a hyphen, a hyphen at the end of a line, or `_`.
    fn mark_broken_words(&self, scan: &Scan<'_>, hits: &mut Hits) {
        let mut folded = String::new();
        let tied = scan.tied.iter().map(|i| *i as usize);
        for i in tied.filter(|i| is_broken(scan.gap(*i)) && !scan.is_number(*i)) {
            folded.clear();
            fold::push_word(scan.word(i), &mut folded);
            for last in i + 1..i + MAX_PIECES {
                if last >= scan.tokens.len() || !is_broken(scan.gap(last - 1)) || folded.len() > MAX_IDENTIFIER {
                    break;
                }
                fold::push_word(scan.word(last), &mut folded);
                let end = self.phrases.one_word(&folded).filter(|end| fits(scan, i, i, end.guard));
                if let Some(end) = end {
                    hits.push(scan.start(i), scan.end(last), end.class, 90);
                }
            }
        }
    }

    /// Names of six letters and more with a space between every two letters: `V A N D E R M O L E N`.
    fn mark_spaced_words(&self, scan: &Scan<'_>, hits: &mut Hits) {
        let single = |i: usize| {
            scan.get(i)
                .is_some_and(|token| token.len() == 1 && token.shape != Shape::Number)
        };
        let apart = |gap: &str| matches!(gap, " " | "." | "-" | "  " | ". " | "·" | "_");
        let mut folded = String::new();
        // Six of them in a row.
        let rows = scan
            .single
            .windows(SPACED)
            .filter_map(|row| match (row.first(), row.last()) {
                (Some(first), Some(last)) if (last - first) as usize == SPACED - 1 => Some(*first as usize),
                _ => None,
            });
        for i in rows {
            folded.clear();
            let mut at = i;
            while single(at) && folded.len() <= MAX_IDENTIFIER {
                fold::push_word(scan.word(at), &mut folded);
                let known = at + 1 >= i + SPACED && self.phrases.one_word(&folded).is_some();
                if known {
                    hits.push(scan.start(i), scan.end(at), Class::Name, 88);
                }
                if !apart(scan.gap(at)) {
                    break;
                }
                at += 1;
            }
        }
    }

    fn mark_identifiers(&self, scan: &Scan<'_>, hits: &mut Hits) {
        if self.identifiers.is_empty() {
            return;
        }
        let mut id = String::new();
        let text = scan.text.as_bytes();
        for i in 0..scan.tokens.len() {
            // After most words stands a space.
            let spaced = || text.get(scan.end(i)) == Some(&b' ');
            if !scan.is_number(i) && (spaced() || !matches!(scan.gap(i), "" | "-" | "_" | "." | "/")) {
                continue;
            }
            let glued = i > 0 && scan.gap_before(i).is_empty();
            if glued {
                continue;
            }
            id.clear();
            let mut at = i;
            let mut best = None;
            loop {
                id.extend(scan.word(at).chars().flat_map(char::to_uppercase));
                if id.len() > MAX_IDENTIFIER {
                    break;
                }
                let closed = !scan.gap(at).is_empty() || at + 1 >= scan.tokens.len();
                if closed
                    && self.lengths.has(id.as_bytes())
                    && let Some(class) = self.identifiers.get(id.as_str())
                {
                    best = Some((at, *class));
                }
                let gap = scan.gap(at);
                let tight = matches!(gap, "" | "-" | "_" | "." | "/" | "‐" | "–");
                let digits = scan.is_number(at)
                    && scan.is_number(at + 1)
                    && matches!(gap, " " | ") " | ")" | " (" | "(" | " - " | ")-");
                if at + 1 >= scan.tokens.len() || !(tight || digits) || at > i + 24 {
                    break;
                }
                at += 1;
            }
            if let Some((mut last, class)) = best {
                // "02139-4307"
                let zip = class == Class::Place && last == i && scan.digits(i) == 5;
                if zip && scan.gap(i) == "-" && scan.digits(i + 1) == 4 {
                    last += 1;
                }
                hits.push(scan.start(i), scan.end(last), class, 92);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_names_with_spaced_letters() {
        let mut known = Known::default();
        known.learn_value(Class::Name, "Thaddeus Vandermolen");
        for (text, expect) in [
            ("saw V A N D E R M O L E N today", Some("V A N D E R M O L E N")),
            ("saw V A N D E R today", None),
        ] {
            let found = known.find(text);
            let found = found.first().map(|hit| &text[hit.span.start..hit.span.end]);
            assert_eq!(found, expect, "{text}");
        }
    }
}
