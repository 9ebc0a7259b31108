//! What one parse may cost.

/// Limits on one parse. A spent budget is an [`Error`](crate::Error) of kind
/// [`Budget`](crate::ErrorKind::Budget), never a partial answer that looks whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Bytes of input.
    pub bytes: usize,
    /// Nesting: objects, arrays, elements, escape levels.
    pub depth: usize,
    /// Nodes, fields, segments or lines.
    pub items: usize,
}

impl Budget {
    /// What a request or a record file may cost: 16 MiB, 64 levels, 2 million items.
    /// (A FHIR bundle of a long life holds about 100,000 items and nests under 20 levels.)
    pub const RECORD: Budget = Budget {
        bytes: 16 << 20,
        depth: 64,
        items: 2_000_000,
    };
}
