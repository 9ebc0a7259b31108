//! What a policy promises, and how firmly.

use crate::topic::Topic;

/// A sentence, a list item or a row of a table that says what is done or should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// The words as they stand in the file, on one line, markup left out. A policy is public: it may be quoted.
    pub text: String,
    /// Where they stand.
    pub place: Place,
    /// The headings above it, outermost first.
    pub headings: Vec<String>,
    /// What leads to it, outermost last: "On every pull request:" above a list.
    pub leads: Vec<String>,
    /// What it is about. A sentence about two things is two promises with one place.
    pub topic: Topic,
    /// Who, how firmly, with what, how often, how fast.
    pub frame: Frame,
}

/// Lines of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file, from the root of the repository, with `/`.
    pub path: String,
    /// First line, from 1.
    pub line: u32,
    /// Last line.
    pub last_line: u32,
}

/// Who, how firmly, with what, how often, how fast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Whose doing it is.
    pub actor: Actor,
    /// How firmly it is said.
    pub modality: Modality,
    /// It is said that something is *not* done.
    pub negated: bool,
    /// Tools that are named, by their name in the lexicon: `bandit`, `pip-audit`.
    pub tools: Vec<&'static str>,
    /// How often.
    pub frequency: Option<Frequency>,
    /// How fast.
    pub within: Option<Within>,
    /// The severity it is limited to, in the policy's word in lower case: `critical`.
    pub severity: Option<String>,
    /// The condition it is limited to, as written: "if the report is accepted".
    pub condition: Option<String>,
}

/// Whose doing a promise is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Actor {
    /// The project's own: "we", "the maintainers", "CI", the passive under "Security measures".
    Project,
    /// What users are told to do: advice, not a promise.
    Users,
    /// What reporters are asked to do.
    Reporter,
    /// Somebody else's: an organisation's policy, a bug bounty platform.
    ThirdParty,
}

/// How firmly a thing is said. The order is from firm to loose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Modality {
    /// Does, is, will, must.
    Binding,
    /// Aims to, tries to, should.
    Goal,
    /// May, considers.
    Possible,
    /// Planned, soon, not yet: never kept.
    Planned,
}

/// How often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Frequency {
    /// On every change: commit, push, pull request.
    EveryChange,
    /// Before every commit.
    EveryCommit,
    /// Every release.
    EveryRelease,
    /// Every day.
    Daily,
    /// Every week.
    Weekly,
    /// Every month.
    Monthly,
    /// Every quarter.
    Quarterly,
    /// Every year.
    Yearly,
    /// "Regularly", "continuously", "periodically": no date follows from it.
    Regularly,
}

/// How fast: `min` to `max` of a unit ("1-2 weeks"); both are the same when one number stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Within {
    /// The smaller number.
    pub min: u32,
    /// The larger number.
    pub max: u32,
    /// Of what.
    pub unit: TimeUnit,
}

/// A unit of time in a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TimeUnit {
    /// Hours.
    Hours,
    /// Days by the calendar.
    Days,
    /// Business or working days.
    BusinessDays,
    /// Weeks.
    Weeks,
    /// Months.
    Months,
    /// "Promptly", "as soon as possible": the numbers are 0.
    Vague,
}
