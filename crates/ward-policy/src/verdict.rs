//! What became of a promise.

use crate::promise::Place;

/// Something that was looked at, and what it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The file, or what else was looked at: `tags`, `scan`.
    pub path: String,
    /// The line, from 1, when it has one.
    pub line: Option<u32>,
    /// What it shows, in Ward's words.
    pub note: String,
}

/// One proof or more. There is no way to make an empty one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proofs(Vec<Proof>);

impl Proofs {
    /// One proof.
    #[must_use]
    pub fn one(first: Proof) -> Self {
        Self(vec![first])
    }

    /// As many as there are; none for none.
    #[must_use]
    pub fn of(proofs: Vec<Proof>) -> Option<Self> {
        (!proofs.is_empty()).then_some(Self(proofs))
    }

    /// One more.
    pub fn push(&mut self, proof: Proof) {
        self.0.push(proof);
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> &[Proof] {
        &self.0
    }
}

/// What became of a promise. Each carries what it needs to be believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is true. `limit` says what the evidence does not show: a workflow that gates is configuration, not a run.
    Kept {
        /// What shows it.
        proofs: Proofs,
        /// What it does not show.
        limit: Option<&'static str>,
    },
    /// It is not true.
    Broken(Proofs),
    /// Something runs, but cannot fail or looks at nothing.
    Weak(Proofs),
    /// The policy says something else elsewhere.
    Contradictory(Vec<Place>),
    /// Nothing can be held against it: no tool, no time, no thing.
    Vague,
    /// Nothing here can show it; `would` says what could.
    Unverifiable {
        /// Why not here.
        why: &'static str,
        /// What would verify it.
        would: &'static str,
    },
    /// It could have been checked and was not.
    NotExamined(String),
    /// It tells users what to do; `gap` is where the project itself does not.
    Advice(Option<Proofs>),
    /// Somebody else's promise; what they do was not examined.
    Delegated,
}

impl Verdict {
    /// The word of machine-readable output.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Verdict::Kept { .. } => "kept",
            Verdict::Broken(_) => "broken",
            Verdict::Weak(_) => "weak",
            Verdict::Contradictory(_) => "contradictory",
            Verdict::Vague => "vague",
            Verdict::Unverifiable { .. } => "unverifiable",
            Verdict::NotExamined(_) => "not_examined",
            Verdict::Advice(_) => "advice",
            Verdict::Delegated => "delegated",
        }
    }

    /// Whether it makes the command fail.
    #[must_use]
    pub fn is_fault(&self) -> bool {
        matches!(self, Verdict::Broken(_) | Verdict::Weak(_) | Verdict::Contradictory(_))
    }
}
