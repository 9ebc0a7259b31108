//! The steps of a case: who, when, what.

use serde::{Deserialize, Serialize};

use super::{Kind, State};
use crate::{Error, ErrorKind, Report, calendar::instant, clock::Event, score::Assessment};

/// What a person is to a case. Roles keep a team in order; they do not keep out whoever can read the team's keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Speaks with reporters and the public; may do everything.
    Coordinator,
    /// Finds out what a report comes to.
    Analyst,
    /// Mends it.
    Developer,
    /// Reads.
    Observer,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 4] = [Self::Coordinator, Self::Analyst, Self::Developer, Self::Observer];

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Coordinator => "coordinator",
            Self::Analyst => "analyst",
            Self::Developer => "developer",
            Self::Observer => "observer",
        }
    }

    /// The role of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }
}

/// One step.
#[derive(Clone, Serialize, Deserialize)]
pub struct Step {
    /// 1 for the first.
    pub number: u32,
    /// When it was recorded, in milliseconds since 1970.
    pub at_unix_ms: u64,
    /// When it happened, if that was earlier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub happened_unix_ms: Option<u64>,
    /// Who, as they call themselves.
    pub by: String,
    /// As what.
    pub role: Role,
    /// What.
    pub what: What,
}

impl Step {
    /// When it happened, as far as is known.
    #[must_use]
    pub fn when(&self) -> jiff::Timestamp {
        instant(self.happened_unix_ms.unwrap_or(self.at_unix_ms))
    }
}

/// Which versions are affected, or why nobody looked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versions {
    /// Affected versions, oldest first.
    pub affected: Vec<String>,
    /// Versions that were looked at and are not.
    #[serde(default)]
    pub unaffected: Vec<String>,
    /// How that was found out, or why it was not.
    pub how: String,
    /// True when it was declined to look.
    #[serde(default)]
    pub declined: bool,
}

/// What the search for the same fault elsewhere came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Siblings {
    /// The rules that were run.
    pub rules: Vec<String>,
    /// `path:line` of what they found.
    pub places: Vec<String>,
    /// How it was looked for by hand, what the places came to, or why nobody looked.
    pub how: String,
    /// True when it was declined to look.
    #[serde(default)]
    pub declined: bool,
}

/// A file that was written, by what its bytes hash to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// Its name.
    pub name: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// The advisory of a case, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdvisoryMade {
    /// The advisory's text and facts, for the next revision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<crate::advisory::Draft>,
    /// Its revision: 1 for the first.
    pub revision: u32,
    /// When each revision was made, in milliseconds since 1970.
    #[serde(default)]
    pub revised_unix_ms: Vec<u64>,
    /// The files.
    #[serde(default)]
    pub files: Vec<Sealed>,
    /// Why there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declined: Option<String>,
}

/// Where an advisory is public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// Addresses.
    pub places: Vec<String>,
    /// Its CVE, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cve: Option<String>,
}

/// Somebody to thank. Nobody is named in public without consent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credit {
    /// The name to be used.
    pub name: String,
    /// A page of theirs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// True when they asked or agreed to be named.
    pub consent: bool,
    /// How that is known: `mail of 3 November`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub how: Option<String>,
}

/// Whose data an incident touched, as far as can be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subjects {
    /// Pseudonymous ids, as they stand on the ledger.
    pub ids: Vec<String>,
    /// From when, in milliseconds since 1970.
    pub from_unix_ms: u64,
    /// Until when.
    pub until_unix_ms: u64,
    /// What cannot be known from the ledger.
    pub unknown: Vec<String>,
}

/// What a step does.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the fields say what they are; the variants are documented")]
#[non_exhaustive]
pub enum What {
    /// A report arrived.
    Received { report: Box<Report> },
    /// An incident was noticed: from an alert of the ledger, or by a person.
    Detected {
        title: String,
        facts: String,
        #[serde(default)]
        alerts: Vec<String>,
    },
    /// The reporter was told that it arrived.
    Acknowledged { note: Option<String> },
    /// Its severity was found out.
    Assessed { assessment: Assessment },
    /// It could not be reproduced.
    NotReproduced { tried: String },
    /// It is no vulnerability of ours, out of scope, or another case.
    Declined {
        reason: String,
        duplicate_of: Option<String>,
    },
    /// It goes on.
    Reopened { reason: String },
    /// Affected versions.
    Affected { versions: Versions },
    /// The same fault elsewhere.
    Siblings { siblings: Siblings },
    /// A line of versions has its fix.
    Fixed { line: String, version: String },
    /// A line of versions will have none.
    FixDeclined { line: String, reason: String },
    /// Every line that was owed a fix has one: a corrective measure is available.
    FixesDone,
    /// A date of publication was agreed on.
    Coordinated { with: String, public_on: Option<String> },
    /// An advisory was written or declined.
    Advisory { made: Box<AdvisoryMade> },
    /// It is public.
    Published { publication: Publication },
    /// Something happened that clocks run from or to.
    Marked { event: Event, note: Option<String> },
    /// An incident cannot spread.
    Contained { note: String },
    /// What it touched is known.
    IncidentAssessed { note: String },
    /// Its cause is removed.
    Remediated { note: String },
    /// The service is what it was.
    Recovered { note: String },
    /// What can be learned.
    Learned { note: String },
    /// Whose data it touched.
    SubjectsListed { subjects: Subjects },
    /// Somebody is to be thanked.
    Credited { credit: Credit },
    /// Somebody works on it.
    Assigned { to: String },
    /// A letter was written to the reporter.
    Replied { text: String },
    /// A note.
    Noted { text: String },
    /// Nothing is left to do.
    Closed { reason: Option<String> },
}

impl What {
    /// The kind of case that it is a step of; none for what belongs to both, and for what begins one.
    #[must_use]
    pub fn of_kind(&self) -> Option<Kind> {
        match self {
            Self::Acknowledged { .. }
            | Self::Assessed { .. }
            | Self::NotReproduced { .. }
            | Self::Declined { .. }
            | Self::Affected { .. }
            | Self::Siblings { .. }
            | Self::Fixed { .. }
            | Self::FixDeclined { .. }
            | Self::FixesDone
            | Self::Coordinated { .. }
            | Self::Advisory { .. }
            | Self::Published { .. }
            | Self::Credited { .. }
            | Self::Replied { .. } => Some(Kind::Vulnerability),
            Self::Contained { .. }
            | Self::IncidentAssessed { .. }
            | Self::Remediated { .. }
            | Self::Recovered { .. }
            | Self::Learned { .. }
            | Self::SubjectsListed { .. } => Some(Kind::Incident),
            Self::Received { .. }
            | Self::Detected { .. }
            | Self::Reopened { .. }
            | Self::Marked { .. }
            | Self::Assigned { .. }
            | Self::Noted { .. }
            | Self::Closed { .. } => None,
        }
    }

    /// Its word, which is all that the ledger says of a step.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Received { .. } => "received",
            Self::Detected { .. } => "detected",
            Self::Acknowledged { .. } => "acknowledged",
            Self::Assessed { .. } => "assessed",
            Self::NotReproduced { .. } => "not-reproduced",
            Self::Declined { .. } => "declined",
            Self::Reopened { .. } => "reopened",
            Self::Affected { .. } => "affected",
            Self::Siblings { .. } => "siblings",
            Self::Fixed { .. } => "fixed",
            Self::FixDeclined { .. } => "fix-declined",
            Self::FixesDone => "fixes-done",
            Self::Coordinated { .. } => "coordinated",
            Self::Advisory { .. } => "advisory",
            Self::Published { .. } => "published",
            Self::Marked { .. } => "marked",
            Self::Contained { .. } => "contained",
            Self::IncidentAssessed { .. } => "incident-assessed",
            Self::Remediated { .. } => "remediated",
            Self::Recovered { .. } => "recovered",
            Self::Learned { .. } => "learned",
            Self::SubjectsListed { .. } => "subjects",
            Self::Credited { .. } => "credited",
            Self::Assigned { .. } => "assigned",
            Self::Replied { .. } => "replied",
            Self::Noted { .. } => "noted",
            Self::Closed { .. } => "closed",
        }
    }

    /// The words that it was taken with, if any. They are a person's, and may be a stranger's.
    #[must_use]
    pub fn says(&self) -> Option<&str> {
        match self {
            Self::Detected { facts: text, .. }
            | Self::NotReproduced { tried: text }
            | Self::Declined { reason: text, .. }
            | Self::Reopened { reason: text }
            | Self::FixDeclined { reason: text, .. }
            | Self::Contained { note: text }
            | Self::IncidentAssessed { note: text }
            | Self::Remediated { note: text }
            | Self::Recovered { note: text }
            | Self::Learned { note: text }
            | Self::Noted { text } => Some(text.as_str()),
            Self::Acknowledged { note } | Self::Marked { note, .. } | Self::Closed { reason: note } => note.as_deref(),
            Self::Coordinated { with, .. } => Some(with.as_str()),
            Self::Assigned { to } => Some(to.as_str()),
            _ => None,
        }
        .filter(|text| !text.is_empty())
    }

    /// The state that it leads to, if any.
    pub(super) fn reaches(&self) -> Option<State> {
        Some(match self {
            Self::Acknowledged { .. } => State::Acknowledged,
            Self::Assessed { .. } => State::Assessed,
            Self::Fixed { .. } | Self::FixDeclined { .. } => State::Fix,
            Self::Coordinated { .. } => State::Coordinated,
            Self::Published { .. } => State::Published,
            Self::Contained { .. } => State::Contained,
            Self::IncidentAssessed { .. } => State::IncidentAssessed,
            Self::Remediated { .. } => State::Remediated,
            Self::Recovered { .. } => State::Recovered,
            Self::Learned { .. } => State::Learned,
            _ => return None,
        })
    }

    /// Reads a step's bytes.
    ///
    /// # Errors
    /// [`ErrorKind::Store`] for what is no step of this version.
    pub(crate) fn read(bytes: &[u8]) -> Result<Step, Error> {
        serde_json::from_slice(bytes).map_err(|error| {
            let at = error.column();
            Error::new(
                ErrorKind::Store,
                format!("a step of this case cannot be read (column {at}); a newer Ward may have written it"),
            )
        })
    }
}
