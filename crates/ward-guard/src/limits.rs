//! What one request may hold.

use ward_formats::Budget;

/// Limits on one request, checked by [`admit`](crate::admit()).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Messages in a conversation.
    pub messages: usize,
    /// Parts in one message.
    pub parts: usize,
    /// Bytes of typed text over all messages.
    pub text_bytes: usize,
    /// Records handed over.
    pub documents: usize,
    /// Pixels of all pictures together.
    pub pixels: usize,
    /// Estimated tokens of the whole prompt and of the longest answer that is asked for, together.
    pub tokens: usize,
    /// What reading one record may cost.
    pub document: Budget,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            messages: 512,
            parts: 64,
            text_bytes: 4 << 20,
            documents: 16,
            pixels: 16 << 20,
            tokens: 1 << 20,
            document: Budget::RECORD,
        }
    }
}
