//! The syntaxes that credential files share. Each reader gives keys and values with their places, tolerates what is
//! broken, and reads every byte a bounded number of times.

use std::ops::Range;

pub(super) mod json;
pub(super) mod lines;
pub(super) mod xml;
pub(super) mod yaml;

/// Deepest nesting whose keys are remembered; below it keys are read, but their ancestors are those of this depth.
pub(crate) const DEEPEST: usize = 48;

/// A value with the keys above it.
pub(crate) struct Entry<'a, 't> {
    /// The keys of the ancestors, outermost first.
    pub(crate) above: &'a [&'t [u8]],
    /// Its own key; empty for a member of a list.
    pub(crate) key: &'t [u8],
    /// The value, without quotes.
    pub(crate) value: Range<usize>,
}

impl Entry<'_, '_> {
    /// Whether the key is `name`, in upper or lower case.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.key.eq_ignore_ascii_case(name.as_bytes())
    }

    /// Whether the key is one of `names`, in upper or lower case.
    pub(crate) fn is_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.is(name))
    }

    /// Whether an ancestor is called `name`, in upper or lower case.
    pub(crate) fn below(&self, name: &str) -> bool {
        self.above.iter().any(|key| key.eq_ignore_ascii_case(name.as_bytes()))
    }
}
