//! Reading the fields of one segment.

use std::sync::Arc;

use ward_formats::{
    Document, Span,
    hl7::{Hl7Doc, Segment},
};

use crate::{
    fact::{Fact, Origin, Passage, Piece, Record},
    when::{self, When},
};

/// A segment of a document.
#[derive(Clone, Copy)]
pub(crate) struct Reading<'a> {
    pub(crate) doc: &'a Hl7Doc,
    pub(crate) segment: &'a Segment,
}

impl Reading<'_> {
    /// The decoded text of a component (its first subcomponent), not noted as a piece.
    pub(crate) fn text(&self, field: usize, rep: usize, component: usize) -> Option<String> {
        let index = self.segment.leaf(field, rep, component, 1)?;
        self.text_at(index)
    }

    fn text_at(&self, index: usize) -> Option<String> {
        let text = &super::field(self.doc, index)?.text;
        // Two quotation marks say "delete", which is no value.
        (!text.trim().is_empty() && text != "\"\"").then(|| text.clone())
    }

    /// Notes leaf `index` as a piece of the fact.
    pub(crate) fn push(&self, fact: &mut Fact, index: usize) {
        fact.pieces.extend(self.piece(index));
    }

    fn piece(&self, index: usize) -> Option<Piece> {
        let field = super::field(self.doc, index)?;
        Some(Piece {
            text: Arc::from(field.text.as_str()),
            span: field.raw,
        })
    }

    /// The text of a component, noted as a piece.
    pub(crate) fn quote(&self, fact: &mut Fact, field: usize, rep: usize, component: usize) -> Option<String> {
        let index = self.segment.leaf(field, rep, component, 1)?;
        let text = self.text_at(index)?;
        self.push(fact, index);
        Some(text)
    }

    /// The words of a coded element: text, alternate text, original text, else a code. With its leaf.
    pub(crate) fn coded(&self, field: usize, rep: usize) -> Option<(String, usize)> {
        [2, 5, 9, 1, 4].iter().find_map(|component| {
            let index = self.segment.leaf(field, rep, *component, 1)?;
            Some((self.text_at(index)?, index))
        })
    }

    /// [`Reading::coded`], noted as a piece.
    pub(crate) fn quote_coded(&self, fact: &mut Fact, field: usize, rep: usize) -> Option<String> {
        let (text, index) = self.coded(field, rep)?;
        self.push(fact, index);
        Some(text)
    }

    /// [`Reading::coded`], noted as a part that answers do not quote.
    pub(crate) fn detail_coded(&self, fact: &mut Fact, field: usize, rep: usize) -> Option<String> {
        let (text, index) = self.coded(field, rep)?;
        fact.details.extend(self.piece(index));
        Some(text)
    }

    /// A unit: its code (`mg/dL`), which is how units are written, else its text.
    pub(crate) fn quote_unit(&self, fact: &mut Fact, field: usize) -> Option<String> {
        self.quote(fact, field, 0, 1).or_else(|| self.quote(fact, field, 0, 2))
    }

    /// The date in a field.
    pub(crate) fn date(&self, field: usize) -> Option<When> {
        self.date_part(field, 1)
    }

    /// The date in a component.
    pub(crate) fn date_part(&self, field: usize, component: usize) -> Option<When> {
        let index = self.segment.leaf(field, 0, component, 1)?;
        let field = super::field(self.doc, index)?;
        let when = when::machine(&field.text, field.raw.start)?;
        let span = when.span?;
        // A date written with escapes cannot be cut out of the source; it is none that we know.
        (self.doc.source().get(span.start..span.end) == Some(when.text.as_bytes())).then_some(when)
    }
}

/// Adds a fact to the record: its dates become its last pieces, a passage is made of it.
pub(crate) fn finish(mut fact: Fact, record: &mut Record) {
    fact.origin = Origin::Message;
    for when in [fact.when.clone(), fact.until.clone()].into_iter().flatten() {
        if let Some(span) = when.span
            && !fact.pieces.iter().any(|p| p.span == span)
        {
            fact.pieces.push(Piece {
                text: Arc::from(when.text.as_str()),
                span,
            });
        }
    }
    let (Some(start), Some(end)) = (
        fact.pieces.iter().map(|p| p.span.start).min(),
        fact.pieces.iter().map(|p| p.span.end).max(),
    ) else {
        return;
    };
    let text: Vec<&str> = fact.pieces.iter().map(|p| &*p.text).collect();
    record.passages.push(Passage {
        text: Arc::from(text.join(" · ")),
        span: Span::new(start, end),
        pieces: fact.pieces.clone(),
        section: fact.section,
        when: fact.when.clone(),
        place: None,
    });
    record.facts.push(fact);
}
