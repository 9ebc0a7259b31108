//! All promises of a repository with their verdicts.

use ward_evidence::ControlId;

use crate::{promise::Promise, topic::Topic, verdict::Verdict};

/// What became of a repository's promises.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Each promise with its verdict, by place.
    pub judged: Vec<Judged>,
    /// What a policy of this kind usually promises and this one does not.
    pub missing: Vec<Topic>,
    /// Faults of the policy that are no promise: a dead link, a placeholder, hidden instructions, another project's name.
    pub remarks: Vec<Remark>,
    /// What could not be examined, and why: a file too long, another language, no git.
    pub not_examined: Vec<(String, String)>,
    /// The documents that were read, by path.
    pub documents: Vec<String>,
}

/// A promise and what became of it.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The promise.
    pub promise: Promise,
    /// The control it is bound to.
    pub control: Option<ControlId>,
    /// What became of it.
    pub verdict: Verdict,
    /// One sentence: why this verdict.
    pub message: String,
    /// The rule that judged it, from the table of checks: a stable name such as `policy-tool-absent`.
    pub rule: &'static str,
}

/// A fault of a policy's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// A stable name, such as `policy-link-dead`.
    pub rule: &'static str,
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
    /// One sentence.
    pub message: String,
    /// Whether it makes the command fail.
    pub is_fault: bool,
}
