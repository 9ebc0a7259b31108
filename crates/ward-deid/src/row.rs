//! A row of the vault: what stands for what.

use crate::Class;
use crate::hidden::Hidden;

/// One value and what stands for it. Neither `Debug` nor `Display` nor serialisation shows it; the value is wiped
/// when the row is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Row {
    class: Class,
    stand_in: Hidden,
    value: Hidden,
}

impl Row {
    /// `stand_in` stands for `value`.
    #[must_use]
    pub fn new(class: Class, stand_in: &str, value: &str) -> Self {
        Self {
            class,
            stand_in: Hidden::new(stand_in),
            value: Hidden::new(value),
        }
    }

    /// What kind of value it is.
    #[must_use]
    pub fn class(&self) -> Class {
        self.class
    }

    /// What stands in the de-identified text: a placeholder or a stand-in.
    #[must_use]
    pub fn stand_in(&self) -> &str {
        self.stand_in.expose()
    }

    /// The value. The one way in.
    #[must_use]
    pub fn value(&self) -> &str {
        self.value.expose()
    }
}
