//! What of a note goes together where a number of tokens leaves no room: no sentence is told without the line that says of whom or of what it is.
//!
//! Which line that is nobody knows for certain. So a paragraph goes as a whole, and only with those after it in its section; the rest of a section
//! is one paragraph from a line on that looks like a head of what follows; and a visit goes as a whole where such a line may reach over its
//! sections, because it stands before the first or a section has the name of another. A question at the end of a paragraph goes with what comes
//! next.

use std::collections::HashSet;

use super::anchors::{Sign, is_apart, looks_like_head};
use crate::note::{
    asked,
    layout::{Block, Layout, Sort},
};

/// Sentences that go together, by the numbers of their blocks.
pub(super) struct Group {
    /// Their visit.
    pub(super) visit: usize,
    /// The number of the block that their section begins with.
    pub(super) section: usize,
    /// Their blocks.
    pub(super) blocks: Vec<usize>,
}

/// The groups of all visits, in the order of the text.
pub(super) fn of(text: &str, layout: &Layout) -> Vec<Group> {
    let mut groups = Vec::new();
    let mut from = 0;
    for visit in layout.blocks.chunk_by(|a, b| a.visit == b.visit) {
        of_visit(text, visit, from, &mut groups);
        from += visit.len();
    }
    groups
}

fn of_visit(text: &str, blocks: &[Block], from: usize, groups: &mut Vec<Group>) {
    let words = |block: &Block| text.get(block.span.start..block.span.end).unwrap_or("");
    let is_section = |block: &Block| block.sort == Sort::SectionHead && block.begins_line;
    let breaks = |at: usize| gap(text, blocks, at).is_none_or(|gap| gap.contains('\n'));
    let may_head = |at: usize| {
        let block = blocks.get(at).filter(|block| block.sort == Sort::Sentence);
        block.is_some_and(|block| {
            let line = words(block);
            line.ends_with(':') || breaks(at) && breaks(at + 1) && looks_like_head(line) != Sign::None
        })
    };
    let first = blocks.iter().position(is_section).unwrap_or(blocks.len());
    let mut names = HashSet::new();
    let mut sections = blocks.iter().filter(|block| is_section(block));
    let again = sections.any(|block| !names.insert(words(block).trim_end_matches(':').to_lowercase()));
    let whole = again || first < blocks.len() && (0..first).any(may_head);
    let mut open: Option<Group> = None;
    // A line of the section looks like a head of what follows.
    let mut headed = false;
    let mut asks = false;
    let mut section = from;
    for (at, block) in blocks.iter().enumerate() {
        let begins = if whole {
            false
        } else if is_section(block) {
            (headed, section) = (false, from + at);
            true
        } else {
            let apart = gap(text, blocks, at).is_some_and(is_apart);
            apart && !(headed || asks)
        };
        headed |= may_head(at);
        if block.sort == Sort::Sentence {
            asks = asked::asks(words(block), block.section);
        }
        if begins || open.is_none() {
            groups.extend(open.take());
        }
        let group = open.get_or_insert_with(|| Group {
            visit: block.visit,
            section,
            blocks: Vec::new(),
        });
        if block.sort == Sort::Sentence {
            group.blocks.push(from + at);
        }
    }
    groups.extend(open);
}

/// What stands between the block at `at` and the one before.
fn gap<'a>(text: &'a str, blocks: &[Block], at: usize) -> Option<&'a str> {
    let before = at.checked_sub(1).and_then(|before| blocks.get(before))?;
    text.get(before.span.end..blocks.get(at)?.span.start)
}
