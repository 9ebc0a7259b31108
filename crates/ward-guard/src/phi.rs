//! Values that may hold protected health information.

/// A value that may hold protected health information. It has no `Debug`, no `Display` and no
/// `Serialize`: it cannot reach a log, an error or a file by accident. [`Phi::expose`] and
/// [`Phi::into_exposed`] are the only ways in, and a search for `expose` finds every use.
pub struct Phi<T>(T);

impl<T> Phi<T> {
    /// Marks a value.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// Looks at the value.
    pub fn expose(&self) -> &T {
        &self.0
    }

    /// Takes the value out.
    pub fn into_exposed(self) -> T {
        self.0
    }
}
