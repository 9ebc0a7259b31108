//! What sentences say, each read once.
//!
//! What a sentence says hangs on its words, its place and the language and on nothing else ([`note::facts`]). A note that is compressed
//! has been read before, and its sentences stand in the output again: a sentence of which the same words were read in the same place is
//! not read anew, in the proof neither.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use crate::{
    fact::{Fact, Record},
    lexicon::Plain,
    note::{
        self, Said, asked,
        layout::{self, Layout, Sort},
        pack::Pack,
        sections::Place,
    },
};

/// Sentences that were read.
pub(crate) struct Readings {
    /// The pack they are read by.
    pub(crate) pack: &'static Pack,
    said: RefCell<HashMap<Place, HashMap<String, Rc<Said>>, Plain>>,
}

impl Readings {
    /// None yet.
    pub(crate) fn none(pack: &'static Pack) -> Self {
        Self {
            pack,
            said: RefCell::default(),
        }
    }

    /// Those that `record` holds, which was read from `text`, laid out as `layout`, at byte `at` of the source.
    pub(crate) fn of(record: &Record, text: &str, at: usize, layout: &Layout) -> Self {
        let readings = Self::none(record.pack());
        // What one speaker told and another took back is told by its sentence all the same.
        if layout::is_dialogue(text) {
            return readings;
        }
        let mut by_place: HashMap<usize, Vec<&Fact>> = HashMap::new();
        for fact in &record.facts {
            // What a question and its answer tell together is of neither.
            if let [piece] = fact.pieces.as_slice() {
                by_place.entry(piece.span.start).or_default().push(fact);
            }
        }
        for block in layout.blocks.iter().filter(|block| block.sort == Sort::Sentence) {
            let sentence = text.get(block.span.start..block.span.end).unwrap_or("");
            if asked::asks(sentence, block.section) {
                continue;
            }
            let start = at + block.span.start;
            let facts = by_place.get(&start).into_iter().flatten();
            let said = Said {
                facts: facts.map(|fact| alone(fact, start, sentence.len())).collect(),
                unclear: false,
                damaged: false,
            };
            readings.keep(sentence, block.place(), said);
        }
        readings
    }

    /// What a sentence says.
    pub(crate) fn said(&self, sentence: &str, place: Place) -> Rc<Said> {
        let known = self
            .said
            .borrow()
            .get(&place)
            .and_then(|said| said.get(sentence))
            .cloned();
        known.unwrap_or_else(|| self.keep(sentence, place, note::facts(sentence, place, self.pack)))
    }

    fn keep(&self, sentence: &str, place: Place, said: Said) -> Rc<Said> {
        let said = Rc::new(said);
        let mut all = self.said.borrow_mut();
        all.entry(place)
            .or_default()
            .insert(sentence.to_owned(), Rc::clone(&said));
        said
    }
}

/// A fact as its sentence alone says it: without pieces, and without the date of its visit.
fn alone(fact: &Fact, start: usize, len: usize) -> Fact {
    let own = fact.when.clone().and_then(|mut when| {
        let span = when.span.filter(|span| (start..start + len).contains(&span.start))?;
        when.span = Some(ward_formats::Span::new(span.start - start, span.end - start));
        Some(when)
    });
    let mut fact = fact.clone();
    fact.pieces.clear();
    fact.when = own;
    fact
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::pack;

    #[test]
    fn what_was_read_is_what_the_sentence_says_alone() {
        for text in [
            "Patient: Ana\nDOB: 03/14/1952\n\nVisit 2024-01-02\nMEDICATIONS\n- metformin 500 mg daily\nSTOPPED:\n- aspirin\n\nLABS\nA1c 7.9 on 2023-12-30. \
             K 4.1 -> 5.9. Any pain? No.\nHer mother has asthma.\n\nVisit 2024-02-02\nA1c 7.1. A1c 7.9 on 2023-12-30.\nMEDICATIONS\n- metformin 500 mg daily\n",
            "Diagnosen: Hypertonie\nMedikation: Metformin 1.000 mg 1-0-1, seit 03.11.2023 Ramipril 5 mg\nLabor: TSH 1.250, Kreatinin 1,2 mg/dl\nKein Fieber.\n",
        ] {
            let (record, at) = (
                crate::read(
                    &ward_formats::Doc::parse(text.as_bytes(), None, ward_formats::Budget::RECORD)
                        .unwrap()
                        .document,
                ),
                0,
            );
            let pack: &'static Pack = record.pack();
            assert!(std::ptr::eq(pack, pack::of(text)));
            let layout = layout::of(text, at, pack);
            let (kept, fresh) = (Readings::of(&record, text, at, &layout), Readings::none(pack));
            let mut facts = 0;
            for block in layout.blocks.iter().filter(|block| block.sort == Sort::Sentence) {
                let sentence = &text[block.span.start..block.span.end];
                let (a, b) = (kept.said(sentence, block.place()), fresh.said(sentence, block.place()));
                assert!(a.facts == b.facts, "{sentence}");
                facts += a.facts.len();
            }
            assert!(facts > 3);
        }
    }
}
