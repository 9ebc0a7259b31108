//! Screening what a model says for values that did not come from the request.

use crate::dispatch::{self, recognise};
use crate::find::{Hit, resolve};
use crate::lex::Scan;
use crate::lexicon::{self, ACCOUNT, FILLER, LAST_FOUR, MRN, PHONE, SSN};
use crate::{Class, Tally, lenient};
use ward_formats::Span;

/// What a [`ForeignScreen`] withheld, counted by class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Withheld {
    /// Counts by class.
    pub tally: Tally,
}

/// Withholds identifying values from the text of a model, before placeholders are restored.
///
/// A model was given placeholders; a social security number, a telephone number, an e-mail
/// address, a medical record or account number, an IP address or a card number in its text comes
/// from somewhere else: its training, another patient, its own invention. Each is replaced by
/// `[withheld: phone number]` and the like. Placeholders and clinical numbers pass.
///
/// The law: however the text is cut into chunks, the concatenated output is the same. The screen
/// works character by character and holds back only the words and numbers that may still belong
/// to a value, never more than [`ForeignScreen::HELD_MAX`] bytes. A value longer than that, or
/// one whose announcing word lies further back, is seen only in part.
#[derive(Default)]
pub struct ForeignScreen {
    /// Not yet let go: words and numbers that may belong together, the last one perhaps unfinished.
    held: String,
    /// Where the unfinished word begins.
    word: usize,
    done: Withheld,
}

/// How much is kept for the next look when `held` is full.
const KEPT: usize = 96;

impl ForeignScreen {
    /// Most bytes ever held back.
    pub const HELD_MAX: usize = 256;

    /// A screen for one text.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next piece of text and appends to `out` what is certain by now.
    pub fn push(&mut self, chunk: &str, out: &mut String) {
        for c in chunk.chars() {
            if self.held.len() + c.len_utf8() > Self::HELD_MAX {
                self.let_go_some(out);
            }
            self.held.push(c);
            if c.is_whitespace() {
                let word = self.held.get(self.word..).unwrap_or("");
                if is_live(word) {
                    self.word = self.held.len();
                } else {
                    self.let_go(self.held.len(), out);
                }
            }
        }
    }

    /// Ends the text: appends what was held back and says what was withheld.
    pub fn finish(mut self, out: &mut String) -> Withheld {
        self.let_go(self.held.len(), out);
        self.done
    }

    /// What must not pass, and placeholders (class [`Class::Text`]), which must.
    fn judge(&self) -> Vec<Hit> {
        let scan = Scan::new(&self.held);
        let mut hits = recognise(&scan, &dispatch::STRONG);
        if hits.is_empty() {
            return hits;
        }
        hits.extend(lenient::candidates(&self.held).into_iter().map(|range| Hit {
            span: Span::new(range.start, range.end),
            class: Class::Text,
            rule: "placeholder",
            score: 100,
        }));
        resolve(hits)
    }

    /// Emits the first `end` bytes of what is held.
    fn let_go(&mut self, end: usize, out: &mut String) {
        let mut at = 0;
        if self.held.bytes().any(|b| b.is_ascii_digit() || b == b'@' || b == b':') {
            for hit in self
                .judge()
                .into_iter()
                .filter(|hit| hit.span.end <= end && hit.class != Class::Text)
            {
                out.push_str(self.held.get(at..hit.span.start).unwrap_or(""));
                out.push_str("[withheld: ");
                out.push_str(hit.class.word());
                out.push(']');
                self.done.tally.add(hit.class);
                at = hit.span.end;
            }
        }
        out.push_str(self.held.get(at..end).unwrap_or(""));
        self.held.drain(..end);
        self.word = self.word.saturating_sub(end);
    }

    /// Makes room: emits all but the last [`KEPT`] bytes, and cuts no value.
    fn let_go_some(&mut self, out: &mut String) {
        let mut end = self.held.len().saturating_sub(KEPT);
        if let Some(space) = self
            .held
            .get(..end)
            .and_then(|head| head.rfind(char::is_whitespace))
            .filter(|at| *at > KEPT)
        {
            end = space;
        }
        while !self.held.is_char_boundary(end) {
            end -= 1;
        }
        for hit in self.judge() {
            if hit.span.start < end && end < hit.span.end {
                end = if hit.span.start > 0 {
                    hit.span.start
                } else {
                    hit.span.end
                };
            }
        }
        self.let_go(end, out);
    }
}

/// A word that may belong to a value or announce one.
fn is_live(word: &str) -> bool {
    if word.bytes().any(|b| b.is_ascii_digit() || b == b'@') {
        return true;
    }
    let announces = PHONE | SSN | MRN | ACCOUNT | FILLER | LAST_FOUR;
    let mut letters = word
        .split(|c: char| !c.is_alphabetic())
        .filter(|part| !part.is_empty())
        .peekable();
    letters.peek().is_none() && !word.trim().is_empty()
        || letters.any(|part| {
            lexicon::tags(part) & announces != 0
                || ["record", "rec", "id", "security", "sec"]
                    .iter()
                    .any(|w| part.eq_ignore_ascii_case(w))
        })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(chunks: &[&str]) -> (String, u32) {
        let mut out = String::new();
        let mut screen = ForeignScreen::new();
        for chunk in chunks {
            screen.push(chunk, &mut out);
            assert!(screen.held.len() <= ForeignScreen::HELD_MAX);
        }
        let done = screen.finish(&mut out);
        (out, done.tally.total())
    }

    fn check(text: &str, expect: &str, count: u32) {
        assert_eq!(split(&[text]), (expect.to_owned(), count), "{text}");
    }

    #[test]
    fn withholds_foreign_values() {
        check("Call (555) 678-1234 today.", "Call [withheld: phone number] today.", 1);
        check("SSN 123-45-6789, x", "SSN [withheld: social security number], x", 1);
        check("write to a.b@example.com.", "write to [withheld: e-mail address].", 1);
        check(
            "MRN: 778899 and\nno more",
            "MRN: [withheld: medical record number] and\nno more",
            1,
        );
        check(
            "medical record number is AB-1234.",
            "medical record number is [withheld: medical record number].",
            1,
        );
        check(
            "from 10.0.0.254 with 4111 1111 1111 1111",
            "from [withheld: IP address] with [withheld: account number]",
            2,
        );
    }

    #[test]
    fn lets_the_rest_pass() {
        for text in [
            "MRN: [MRN_1KR], phone [PHONE_2BC], seen [DAY_4812TR].",
            "Metformin 500 mg, BP 120/80, A1c 7.2 %, K 4.2; eGFR 38 on 2024-01-08.",
            "Account for 50 % of cases. Record 1 of 3. Number 12.",
            "",
            "  \n",
        ] {
            check(text, text, 0);
        }
    }

    const TRICKY: &[&str] = &[
        "Call (555) 678-1234 or 555-678-1234 x12 now",
        "MRN\n: 778899é MRN 77 8899 12345",
        "mail é.b@example.com. and a@b.c@d.example",
        "123-45-6789 123 45 6789 12",
        "MRN: [MRN_1KR] ::: number number no 12345",
    ];

    #[test]
    fn every_split_in_two_gives_the_same() {
        for text in TRICKY {
            let expect = split(&[text]);
            for (i, _) in text.char_indices() {
                assert_eq!(split(&[&text[..i], &text[i..]]), expect, "{text} {i}");
            }
            let long = format!("{text} {} {text}", "1 ".repeat(300));
            let chars: Vec<&str> = long.char_indices().map(|(i, c)| &long[i..i + c.len_utf8()]).collect();
            assert_eq!(split(&chars), split(&[&long]), "{text}");
        }
    }

    #[test]
    fn cuts_no_value_when_full() {
        let text = format!("{}555-678-1234 is {}555-678-1234", "12 ".repeat(80), "x".repeat(400));
        let (out, count) = split(&[&text]);
        assert_eq!(count, 1, "{out}");
        assert!(!out.contains("12 555-678-1234"));
    }

    proptest! {
        #[test]
        fn any_split_gives_the_same(
            parts in proptest::collection::vec(prop_oneof![
                proptest::sample::select(TRICKY).prop_map(str::to_owned),
                "[0-9 @.:-]{0,12}",
                ".{0,6}",
            ], 0..20),
            cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..8),
        ) {
            let text = parts.concat();
            let bounds: Vec<usize> = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
            let mut at: Vec<usize> = cuts.iter().map(|c| bounds[c.index(bounds.len())]).collect();
            at.extend([0, text.len()]);
            at.sort_unstable();
            let chunks: Vec<&str> = at.windows(2).map(|w| &text[w[0]..w[1]]).collect();
            prop_assert_eq!(split(&chunks), split(&[&text]));
        }
    }
}
