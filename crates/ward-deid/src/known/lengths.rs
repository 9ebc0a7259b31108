//! Which words and identifiers cannot be among the known ones, told without looking them up.

/// For each pair of first bytes of a folded word, mixed, the lengths that occur (bit 31: 31 and more).
pub(super) struct Lengths([u32; 256]);

impl Default for Lengths {
    fn default() -> Self {
        Self([0; 256])
    }
}

impl Lengths {
    fn slot(word: &[u8]) -> usize {
        let byte = |at: usize| usize::from(word.get(at).map_or(0, u8::to_ascii_lowercase));
        (byte(0) + 31 * byte(1)) % 256
    }

    pub(super) fn note(&mut self, folded: &[u8]) {
        if let Some(slot) = self.0.get_mut(Self::slot(folded)) {
            *slot |= 1 << folded.len().min(31);
        }
    }

    /// False when no ASCII word like this one was noted.
    pub(super) fn has(&self, word: &[u8]) -> bool {
        self.has_of(word, word.len())
    }

    /// False when no ASCII word of this length that begins as `word` does was noted.
    pub(super) fn has_of(&self, word: &[u8], length: usize) -> bool {
        let lengths = self.0.get(Self::slot(word)).copied().unwrap_or(0);
        lengths & (1 << length.min(31)) != 0
    }
}
