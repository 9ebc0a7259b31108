//! What was found and what was not examined: as engines say it, and as people get it.

use std::{
    borrow::Cow,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use ward_evidence::{Finding, Location, RuleMeta, Severity};

use crate::{Fact, suppress::Day};

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
    /// What only some findings have.
    pub more: More,
}

/// What only some findings have: the way of a value, a fix, a package, another tool's name for it.
#[derive(Debug, Clone, Default)]
pub struct More {
    /// Shown in the thorough profile only: right, and rarely worth a person's time, as an assertion in a test.
    pub thorough: bool,
    /// The line as it stands in the file, for what is no secret. Without one, the report shows what stands before the
    /// value.
    pub excerpt: Option<String>,
    /// How the value got there, from where it came in to where it does harm; empty when there is nothing to follow.
    pub flow: Vec<Step>,
    /// What would mend it, when that is safe to do without a person's thought.
    pub fix: Option<Fix>,
    /// The package it is about.
    pub package: Option<Box<Package>>,
    /// It stands in the history and no longer in the folder.
    pub gone: bool,
    /// What another tool calls it, for `--compat`.
    pub alias: Option<Alias>,
}

/// One step of the way of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Where.
    pub at: Location,
    /// What happens there, in a few words.
    pub note: Cow<'static, str>,
}

/// A change of one file that mends a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, in a few words.
    pub what: Cow<'static, str>,
    /// Replacements of bytes of the file the finding is in, in order, none overlapping another.
    pub edits: Vec<Edit>,
}

/// Bytes `start..end` of a file become `text`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Edit {
    /// First byte.
    pub start: u64,
    /// One past the last byte.
    pub end: u64,
    /// What stands there afterwards.
    pub text: String,
}

/// The package that a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Package {
    /// Its ecosystem as OSV names it: `PyPI`, `npm`, `crates.io`, `Go`.
    pub ecosystem: Cow<'static, str>,
    /// Its name as its ecosystem normalises it.
    pub name: String,
    /// The version, or the range when none is fixed.
    pub version: Option<String>,
    /// The advisory.
    pub advisory: Option<String>,
    /// Other names of the advisory.
    pub aliases: Vec<String>,
    /// The smallest version that has no known fault and is not below the one in use.
    pub fixed: Option<String>,
}

/// What another tool calls a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alias {
    /// The tool, as `--compat` names it.
    pub tool: &'static str,
    /// Its name for the rule, as `B101`.
    pub id: &'static str,
    /// How bad it says this is.
    pub severity: Severity,
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
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
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
    /// What says something only together with other files.
    pub facts: Vec<Fact>,
    /// Whose names for rules the report uses ([`Settings::compat`](crate::scan::Settings::compat)): an engine that knows the
    /// tool says what that tool would say, and nothing else.
    pub compat: Option<&'static str>,
    /// Whether the engine looked at the content, because it is of a kind that the engine knows. The scanner counts it.
    pub looked: bool,
    /// How many findings a comment keeps back that the tool of [`compat`](Self::compat) obeys.
    pub kept_back: u64,
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

/// The commit that brought something in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Commit {
    /// Its id in hexadecimal.
    pub id: String,
    /// When it was made, in seconds since 1970 (UTC), as its author's clock said.
    pub time: i64,
    /// The author's name as the commit gives it. The address is left out.
    pub author: String,
}

/// A finding as it is reported.
#[derive(Debug, Clone)]
pub struct Reported {
    /// Rule, place, fingerprint and sentence.
    pub finding: Finding,
    /// How bad this case is.
    pub severity: Severity,
    /// Lines that say why.
    pub details: Vec<String>,
    /// What stands before it on its line, without the value and without anything else that looks like one.
    pub excerpt: Option<String>,
    /// The first commit that has it, when history was searched.
    pub commit: Option<Arc<Commit>>,
    /// What only some findings have.
    pub more: More,
    /// What the rule is called, where the report uses another tool's names.
    pub called: Option<&'static str>,
    /// What of the excerpt is meant.
    pub caret: Option<Caret>,
}

/// The characters of an excerpt that are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caret {
    /// How many characters of the excerpt stand before them.
    pub start: usize,
    /// How many they are; at least one.
    pub len: usize,
}

impl Reported {
    /// The rule's name in this report.
    #[must_use]
    pub fn rule_name(&self) -> &'static str {
        self.called.unwrap_or(self.finding.rule.id)
    }
}

/// How many findings were kept back, and by what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Suppressed {
    /// By a comment beside them.
    pub inline: u64,
    /// By a line of `.wardignore`.
    pub path: u64,
    /// By the baseline.
    pub baseline: u64,
    /// By the profile: only the thorough one shows them.
    pub profile: u64,
    /// By statements that a vulnerability does no harm here (VEX).
    pub vex: u64,
    /// Places that were not examined, which `.wardignore` accepts.
    pub not_examined: u64,
}

/// What an engine did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ran {
    /// Its word for `--engines`.
    pub engine: &'static str,
    /// Files, members of archives and blobs of the history that were of a kind that it looks at.
    pub items: u64,
    /// How long it ran, all threads together; none when nobody gave a clock.
    pub time: Option<Duration>,
}

/// What was looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stats {
    /// Files of the folder, or standard input.
    pub files: u64,
    /// Members of archives.
    pub members: u64,
    /// Unique blobs of the git history.
    pub blobs: u64,
    /// Blobs of the git history that an earlier scan with the same rules found clean.
    pub cached: u64,
    /// Commits whose changes were looked at.
    pub commits: u64,
    /// Bytes that engines were given: files, members and blobs.
    pub bytes: u64,
    /// Files that were left out because git ignores them.
    pub ignored: u64,
    /// Findings kept back.
    pub suppressed: Suppressed,
    /// Entries of the baseline that nothing matches any more.
    pub stale_baseline: u64,
    /// Markers of other tools, which Ward does not obey.
    pub foreign_markers: u64,
    /// Of which day the oldest advisories are that packages were compared with.
    pub advisories: Option<Day>,
    /// The engines that ran, in the order of the settings.
    pub engines: Vec<Ran>,
}

/// What kept a finding back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// A comment beside it.
    Comment,
    /// A line of `.wardignore`.
    Path,
    /// The baseline.
    Baseline,
}

impl By {
    /// The word of machine-readable output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            By::Comment => "comment",
            By::Path => "path",
            By::Baseline => "baseline",
        }
    }
}

/// What a scan says.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Faults, in the order of [`Finding::report_order`].
    pub findings: Vec<Reported>,
    /// Findings that somebody keeps back, and by what: for services that show them as decided.
    pub kept_back: Vec<(Reported, By)>,
    /// What was not examined, by place.
    pub not_examined: Vec<NotExamined>,
    /// What was looked at.
    pub stats: Stats,
}

impl Report {
    /// How many findings there are of each severity, worst first.
    #[must_use]
    pub fn counts(&self) -> [(Severity, usize); 5] {
        Severity::ALL.map(|severity| {
            let count = self.findings.iter().filter(|one| one.severity == severity).count();
            (severity, count)
        })
    }

    /// The findings with the worst first, and those that are equally bad by place.
    #[must_use]
    pub fn worst_first(&self) -> Vec<&Reported> {
        let mut all: Vec<&Reported> = self.findings.iter().collect();
        all.sort_by_key(|one| std::cmp::Reverse(one.severity));
        all
    }

    /// True when a finding is at least this bad.
    #[must_use]
    pub fn reaches(&self, threshold: Severity) -> bool {
        self.findings.iter().any(|one| one.severity >= threshold)
    }
}

/// Counters that grow while a scan runs: for a progress line, and for [`Stats`] at the end.
#[derive(Debug, Default)]
pub struct Progress {
    /// Files.
    pub files: AtomicU64,
    /// Members.
    pub members: AtomicU64,
    /// Blobs.
    pub blobs: AtomicU64,
    /// Bytes.
    pub bytes: AtomicU64,
    /// Blobs there will be, once that is known.
    pub blobs_expected: AtomicU64,
    /// Blobs that an earlier scan found clean.
    pub cached: AtomicU64,
    /// Commits.
    pub commits: AtomicU64,
    /// Files left out.
    pub ignored: AtomicU64,
}

impl Progress {
    /// Adds to a counter.
    pub fn add(counter: &AtomicU64, more: u64) {
        counter.fetch_add(more, Ordering::Relaxed);
    }

    /// Reads a counter.
    #[must_use]
    pub fn get(counter: &AtomicU64) -> u64 {
        counter.load(Ordering::Relaxed)
    }
}
