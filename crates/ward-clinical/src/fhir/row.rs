//! A row in the making: a fact and the parts of the source that it quotes.

use std::sync::Arc;

use ward_formats::{
    Span,
    json::{JsonKind, NodeId, Tree},
};

use super::{at, list};
use crate::{
    fact::{Fact, FactKind, Passage, Piece, Record, Section},
    when::{self, When},
};

/// A fact being read, with its pieces.
pub(crate) struct Row<'a> {
    tree: &'a Tree,
    /// The fact so far.
    pub(crate) fact: Fact,
}

impl<'a> Row<'a> {
    pub(crate) fn new(tree: &'a Tree) -> Self {
        Self {
            tree,
            fact: Fact::new(FactKind::Remark, "", Section::Other),
        }
    }

    /// Sets kind and section.
    pub(crate) fn of(mut self, kind: FactKind, section: Section) -> Self {
        (self.fact.kind, self.fact.section) = (kind, section);
        self
    }

    /// The text of a string, number or boolean, noted as a piece.
    pub(crate) fn quote(&mut self, node: NodeId) -> Option<String> {
        let text = self.tree.text(node)?;
        if text.trim().is_empty() {
            return None;
        }
        self.fact.pieces.push(Piece {
            text: Arc::from(text),
            span: self.tree.raw(node),
        });
        Some(text.to_owned())
    }

    /// Reads with `read`; what it quotes goes to the fact's details.
    pub(crate) fn aside<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.fact.pieces.len();
        let value = read(self);
        let aside = self.fact.pieces.split_off(before);
        self.fact.details.extend(aside);
        value
    }

    /// [`Row::quote`] along a path.
    pub(crate) fn quote_at(&mut self, from: NodeId, path: &[&str]) -> Option<String> {
        at(self.tree, from, path).and_then(|node| self.quote(node))
    }

    /// The words of a CodeableConcept (or Coding): its text, else a display, else a code.
    pub(crate) fn concept(&mut self, node: NodeId) -> Option<String> {
        self.words_of(node).and_then(|node| self.quote(node))
    }

    /// [`Row::concept`] along a path.
    pub(crate) fn concept_at(&mut self, from: NodeId, path: &[&str]) -> Option<String> {
        at(self.tree, from, path).and_then(|node| self.concept(node))
    }

    /// The words of each element of the array `key`, joined by commas.
    pub(crate) fn concepts(&mut self, from: NodeId, key: &str) -> Option<String> {
        let all: Vec<String> = list(self.tree, from, key)
            .into_iter()
            .filter_map(|node| self.concept(node))
            .collect();
        (!all.is_empty()).then(|| all.join(", "))
    }

    fn words_of(&self, node: NodeId) -> Option<NodeId> {
        let tree = self.tree;
        if tree.kind(node) == JsonKind::String {
            return Some(node);
        }
        let filled = |node: NodeId| tree.str(node).is_some_and(|s| !s.trim().is_empty()).then_some(node);
        tree.get(node, "text")
            .and_then(filled)
            .or_else(|| {
                list(tree, node, "coding")
                    .into_iter()
                    .find_map(|c| tree.get(c, "display").and_then(filled))
            })
            .or_else(|| tree.get(node, "display").and_then(filled))
            .or_else(|| {
                list(tree, node, "coding")
                    .into_iter()
                    .find_map(|c| tree.get(c, "code").and_then(filled))
            })
            .or_else(|| tree.get(node, "code").and_then(filled))
    }

    /// The code of a CodeableConcept (for statuses), noted as a piece.
    pub(crate) fn code_at(&mut self, from: NodeId, path: &[&str]) -> Option<String> {
        let node = at(self.tree, from, path)?;
        let code = list(self.tree, node, "coding")
            .into_iter()
            .find_map(|c| self.tree.get(c, "code"));
        match code {
            Some(code) => self.quote(code),
            None => self.concept(node),
        }
    }

    /// A date by path, not yet noted as a piece.
    pub(crate) fn date_at(&self, from: NodeId, path: &[&str]) -> Option<When> {
        let node = at(self.tree, from, path)?;
        let text = self.tree.str(node)?;
        let raw = self.tree.raw(node);
        let mut when = when::machine(text, raw.start).or_else(|| {
            let text = text.trim();
            (!text.is_empty()).then(|| When {
                text: text.to_owned(),
                day: None,
                span: Some(raw),
            })
        })?;
        // An escape inside a date: the part cannot be cut out, quote the whole.
        let source = when.span.and_then(|span| self.tree.source().get(span.start..span.end));
        if source != Some(when.text.as_bytes()) {
            when.text = text.to_owned();
            when.span = Some(raw);
        }
        Some(when)
    }

    /// The first date there is among paths; it becomes the fact's date.
    pub(crate) fn dated(&mut self, from: NodeId, paths: &[&[&str]]) {
        self.fact.when = paths.iter().find_map(|path| self.date_at(from, path));
    }

    /// A Quantity: value and unit, with its comparator.
    pub(crate) fn quantity(&mut self, node: NodeId) -> Option<(String, Option<String>)> {
        let comparator = self.quote_at(node, &["comparator"]).unwrap_or_default();
        let value = self.quote_at(node, &["value"])?;
        let unit = self
            .quote_at(node, &["unit"])
            .or_else(|| self.quote_at(node, &["code"]));
        Some((format!("{comparator}{value}"), unit))
    }

    /// Ends the row: dates become its last pieces, a passage is made of it.
    pub(crate) fn finish(mut self, record: &mut Record) {
        if self.fact.concept.is_empty() {
            return;
        }
        for when in [self.fact.when.clone(), self.fact.until.clone()].into_iter().flatten() {
            if let Some(span) = when.span
                && !self.fact.pieces.iter().any(|p| p.span == span)
            {
                self.fact.pieces.push(Piece {
                    text: Arc::from(when.text.as_str()),
                    span,
                });
            }
        }
        let pieces = self.fact.pieces.clone();
        let (Some(start), Some(end)) = (
            pieces.iter().map(|p| p.span.start).min(),
            pieces.iter().map(|p| p.span.end).max(),
        ) else {
            return;
        };
        let text: Vec<&str> = pieces.iter().map(|p| &*p.text).collect();
        record.passages.push(Passage {
            text: Arc::from(text.join(" · ")),
            span: Span::new(start, end),
            pieces,
            section: self.fact.section,
            when: self.fact.when.clone(),
            place: None,
        });
        record.facts.push(self.fact);
    }
}
