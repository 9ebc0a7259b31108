//! What was found and what was not examined.

use std::borrow::Cow;

use ward_evidence::{Location, RuleMeta, Severity};

/// A fault as an engine sees it, before the report adds a fingerprint. It holds nothing of a secret but
/// [`value`](Found::value), which never leaves the process: it is hashed into the fingerprint and wiped.
pub struct Found {
    /// The rule.
    pub rule: &'static RuleMeta,
    /// How bad this case is: the rule's severity, raised or lowered by kind and place.
    pub severity: Severity,
    /// Where, with line and column when it is text, with a span when bytes are meant.
    pub at: Location,
    /// One sentence for people, without the value that was found.
    pub note: Cow<'static, str>,
    /// Lines for people who want to know why: a disassembly, a chain of decodings, a masked value. Never a secret.
    pub details: Vec<String>,
    /// What tells this case from another in the same file under the same rule: for a secret the secret itself, for a
    /// model the global that is called. Goes into the keyed fingerprint and nowhere else.
    pub value: Value,
}

/// Bytes that go into a fingerprint and nowhere else: no `Debug`, wiped when dropped.
pub struct Value(Vec<u8>);

impl Value {
    /// Keeps `bytes` for the fingerprint.
    #[must_use]
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    /// The bytes, for the fingerprint and for removing duplicates.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for Value {
    fn drop(&mut self) {
        self.0.fill(0);
    }
}

/// Something that was not looked at, or not to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotExamined {
    /// What.
    pub at: Location,
    /// Why, and what to do. Never content.
    pub reason: Cow<'static, str>,
}

/// What engines say of a blob.
#[derive(Default)]
pub struct Findings {
    /// Faults.
    pub found: Vec<Found>,
    /// What could not be examined.
    pub not_examined: Vec<NotExamined>,
}

impl Findings {
    /// Reports that `at` was not (wholly) examined.
    pub fn not_examined(&mut self, at: Location, reason: impl Into<Cow<'static, str>>) {
        self.not_examined.push(NotExamined {
            at,
            reason: reason.into(),
        });
    }
}
