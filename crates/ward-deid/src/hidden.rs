//! A string nobody can print by accident, wiped when dropped.

use std::borrow::Borrow;

use zeroize::Zeroize;

/// A value that may identify somebody. It has no `Debug`, `Display` or serialisation, and its
/// bytes are overwritten with zeros when it is dropped. Boxed, so that moving it copies no text.
#[derive(PartialEq, Eq, Hash, Clone)]
pub(crate) struct Hidden(Box<str>);

impl Hidden {
    pub(crate) fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The one way in.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Hidden {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}
