//! Which line says of whom or of what the next ones are, as far as a layout can tell.

use crate::note::layout;

/// A head or a sentence.
pub(super) struct Item<'a> {
    /// Its words.
    pub(super) words: &'a str,
    /// It begins a line.
    pub(super) begins_line: bool,
    /// It is the head of a section.
    pub(super) head: bool,
    /// It begins a paragraph.
    pub(super) apart: bool,
    /// It is the head of a visit, or is kept byte for byte: nothing before it reaches beyond it.
    pub(super) fixed: bool,
}

impl Item<'_> {
    /// A line that by its marks or capitals is the head of what follows, and is no head of a section.
    fn names(&self) -> bool {
        !self.head && (self.words.ends_with(':') || self.begins_line && looks_like_head(self.words) == Sign::Sure)
    }
}

/// The item from `from` on and before `to` that the item at `to` may hang on: behind a mark nobody would see it. `item` gives an item by its number.
pub(super) fn hidden<'a>(item: &impl Fn(usize) -> Option<Item<'a>>, from: usize, to: usize) -> Option<usize> {
    let next = item(to).filter(|next| !next.fixed && !next.head && !next.names())?;
    let in_line = !next.begins_line && !next.apart;
    if in_line && layout::labelled(next.words) {
        return None;
    }
    for at in (from..to).rev() {
        let one = item(at)?;
        let anchor = match in_line {
            true => one.head || one.names() || layout::labelled(one.words) || one.begins_line && is_short(one.words),
            // The head of a section reaches over its paragraphs as well, and is known to.
            false => one.names() || one.head && !next.apart,
        };
        if anchor {
            return Some(at);
        }
        if one.head || one.begins_line && in_line || one.apart && !next.apart {
            return None;
        }
    }
    None
}

/// Whether a sentence at the beginning of a line may be no more than the name of what the next ones are about: "Exam of the left hand."
fn is_short(words: &str) -> bool {
    words.split_whitespace().count() <= 8
}

/// Whether a line looks like the head of what follows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// By its marks, or by its capitals.
    Sure,
    /// It is short, as an item of a list may be.
    Short,
    /// It does not.
    None,
}

/// Whether `line` looks like the head of what follows.
pub(super) fn looks_like_head(line: &str) -> Sign {
    let bullet = layout::bullet(line);
    let line = line.get(bullet..).unwrap_or(line).trim();
    let marked = line.ends_with([':', '*', '_']) || line.starts_with(['#', '*', '_', '[', '=']);
    let capitals = line.chars().any(char::is_alphabetic) && !line.chars().any(char::is_lowercase);
    let count = line.split_whitespace().count();
    if marked || bullet == 0 && capitals {
        Sign::Sure
    } else if bullet == 0 && (count <= 4 || count <= 6 && !line.ends_with('.')) {
        Sign::Short
    } else {
        Sign::None
    }
}

/// Whether what stands between two blocks has a blank line.
pub(super) fn is_apart(gap: &str) -> bool {
    gap.matches('\n').count() > 1
}
