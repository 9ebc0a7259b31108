//! An attestation as data.

use serde::{Deserialize, Serialize};

/// What stands in [`Attestation::format`].
pub const FORMAT: &str = "ward-attestation/1";

/// Longest attestation that is read back, in bytes.
pub const MAX_BYTES: usize = 64 << 20;

/// What became of a control or of a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Evidence shows that it failed.
    Failed,
    /// There is no evidence, or not enough.
    NotExamined,
    /// Evidence shows that it held, and none shows otherwise.
    Held,
    /// The project says that the requirement does not concern it, and why.
    NotApplicable,
}

impl Outcome {
    /// Every outcome, in the order of reports.
    pub const ALL: [Outcome; 4] = [
        Outcome::Held,
        Outcome::Failed,
        Outcome::NotExamined,
        Outcome::NotApplicable,
    ];

    /// The word for people: `held`, `failed`, `not examined`, `not applicable`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Failed => "failed",
            Outcome::NotExamined => "not examined",
            Outcome::Held => "held",
            Outcome::NotApplicable => "not applicable",
        }
    }
}

/// Where evidence comes from, and so what it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A scan of the repository.
    Scan,
    /// The promises of the repository's security policy, held against it.
    Policy,
    /// The ledger of a running service.
    Ledger,
    /// Tests that ran.
    Tests,
    /// A drill that people recorded.
    Drill,
}

impl Source {
    /// The word for people.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Source::Scan => "scan",
            Source::Policy => "policy",
            Source::Ledger => "ledger",
            Source::Tests => "tests",
            Source::Drill => "drill",
        }
    }
}

/// Evidence for a control, from one source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Where it comes from.
    pub source: Source,
    /// What it shows. Never [`Outcome::NotApplicable`].
    pub outcome: Outcome,
    /// Over how many things.
    pub count: u64,
    /// What it shows, in one sentence.
    pub what: String,
    /// Some of the places: `path:line`, a test's name. At most [`MAX_PLACES`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<String>,
    /// Entries of the ledger that show it, with their proofs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proofs: Vec<Proof>,
}

/// How many places an item names.
pub const MAX_PLACES: usize = 10;

/// That an entry stands in a ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// The ledger's folder, as in `serve`.
    pub ledger: String,
    /// The entry's place, from 0.
    pub index: u64,
    /// The receipt it carries, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<String>,
    /// When it was written, milliseconds since 1970 by the clock of the writer.
    pub unix_ms: u64,
    /// The entry's leaf hash, 64 hexadecimal digits.
    pub leaf: String,
    /// The inclusion proof as C2SP tlog-proof text.
    pub proof: String,
}

/// A control of the attestation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ControlResult {
    /// Its id.
    pub id: String,
    /// A few words.
    pub title: String,
    /// What is true when it holds.
    pub statement: String,
    /// `stands` or `planned`: whether this build of Ward makes it true at all.
    pub status: String,
    /// What the evidence says.
    pub outcome: Outcome,
    /// The evidence.
    pub evidence: Vec<Item>,
}

/// A control's part in a requirement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The control.
    pub control: String,
    /// `satisfies`, `supports` or `related`.
    pub relation: String,
    /// `verified` or `to-be-checked`: whether the mapping was checked against the text of the standard.
    pub mapping: String,
    /// What became of the control.
    pub outcome: Outcome,
}

/// A requirement of the standard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequirementResult {
    /// Its id, as the standard writes it.
    pub id: String,
    /// A short title, or empty.
    pub title: String,
    /// What became of it.
    pub outcome: Outcome,
    /// How much of it Ward's controls can decide: `whole` when one of them satisfies it, `part` when they only support it,
    /// `none` when none decides it.
    pub extent: String,
    /// Why, in one sentence.
    pub reason: String,
    /// Its controls. Those that are only related decide nothing.
    pub controls: Vec<Part>,
}

/// How much it takes to close a gap. In the order of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effort {
    /// The control stands; only evidence is missing.
    Examine,
    /// It was looked at and could not be seen to the end: something has to be set, or given.
    Configure,
    /// Something is wrong and has to be mended.
    Mend,
    /// Ward does not do it yet.
    Planned,
}

impl Effort {
    /// The word for people.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Effort::Examine => "examine",
            Effort::Configure => "configure",
            Effort::Mend => "mend",
            Effort::Planned => "planned",
        }
    }
}

/// A control that decides requirements and did not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// The control.
    pub control: String,
    /// How much it takes.
    pub effort: Effort,
    /// What to do.
    pub how: String,
    /// The requirements that wait for it.
    pub requirements: Vec<String>,
}

/// How many requirements have which outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Held.
    pub held: u64,
    /// Failed.
    pub failed: u64,
    /// Not examined.
    pub not_examined: u64,
    /// Not applicable.
    pub not_applicable: u64,
}

impl Counts {
    /// Counts `outcomes`.
    #[must_use]
    pub fn of(outcomes: impl Iterator<Item = Outcome>) -> Self {
        let mut counts = Self::default();
        for outcome in outcomes {
            let count = match outcome {
                Outcome::Held => &mut counts.held,
                Outcome::Failed => &mut counts.failed,
                Outcome::NotExamined => &mut counts.not_examined,
                Outcome::NotApplicable => &mut counts.not_applicable,
            };
            *count += 1;
        }
        counts
    }

    /// How many have `outcome`.
    #[must_use]
    pub fn get(&self, outcome: Outcome) -> u64 {
        match outcome {
            Outcome::Held => self.held,
            Outcome::Failed => self.failed,
            Outcome::NotExamined => self.not_examined,
            Outcome::NotApplicable => self.not_applicable,
        }
    }
}

/// The standard that was attested against, and how much its mappings may be believed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandardRef {
    /// Its id on the command line.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The edition.
    pub version: String,
    /// Where its clauses were read.
    pub source: String,
    /// `issuer`, `copy`, `outline` or `memory`: what that source is.
    pub kind: String,
    /// The day of the source's state.
    pub snapshot: String,
}

/// When, about what, and by what it was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// What it is about: the project's name.
    pub subject: String,
    /// When it was made, RFC 3339 in UTC.
    pub made: String,
    /// Evidence of a service from this time on, RFC 3339 in UTC. None for all there is.
    pub since: Option<String>,
    /// The program and its version.
    pub program: String,
}

/// Something the join read, named so that anybody can do it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// `catalogue`, `mappings`, `configuration`, `scan`, `policy`, `ledger`, `tests`, `sbom` or `document`.
    pub kind: String,
    /// Its file or folder, without the way to it.
    pub name: String,
    /// SHA-256 of its bytes; of a ledger, the root of its tree.
    pub digest: String,
    /// What else identifies it: a ledger's signed checkpoint and verifier key, the engines of a scan.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub more: String,
}

/// A part of a submission that is filled from data: bill of materials, threat model, handling of vulnerabilities.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// Its title.
    pub title: String,
    /// Whether there was anything to fill it from.
    pub outcome: Outcome,
    /// What is there, or what is missing.
    pub lines: Vec<String>,
}

/// Evidence for the requirements of a standard, joined, with its limits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attestation {
    /// [`FORMAT`].
    pub format: String,
    /// When, about what, by what.
    pub about: About,
    /// The standard.
    pub standard: StandardRef,
    /// Outcomes of the requirements that have controls.
    pub summary: Counts,
    /// Requirements that some control decides or is related to, in the standard's order.
    pub requirements: Vec<RequirementResult>,
    /// Requirements that no control has anything to do with. Nothing was examined of them.
    pub unmapped: Vec<String>,
    /// The controls of those requirements, in the catalogue's order.
    pub controls: Vec<ControlResult>,
    /// What keeps requirements from holding, least effort first.
    pub gaps: Vec<Gap>,
    /// Parts of a submission that are filled from data.
    pub sections: Vec<Section>,
    /// What was read.
    pub inputs: Vec<Input>,
    /// What all this does not show.
    pub limits: Vec<String>,
}

impl Attestation {
    /// The file's text: JSON with a line break at the end. The same attestation is the same text.
    ///
    /// # Errors
    /// Never for an attestation that was made by [`join`](crate::attest::join()); the serialiser's word otherwise.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self).map(|text| text + "\n")
    }

    /// Reads an attestation.
    ///
    /// # Errors
    /// A sentence when it is none, is of another format, or is longer than [`MAX_BYTES`].
    pub fn read(bytes: &[u8]) -> Result<Self, &'static str> {
        if bytes.len() > MAX_BYTES {
            return Err("it is too long for an attestation");
        }
        let read: Self = serde_json::from_slice(bytes).map_err(|_| "it is no attestation")?;
        if read.format != FORMAT {
            return Err("it is an attestation of another format");
        }
        Ok(read)
    }

    /// The result of a control.
    #[must_use]
    pub fn control(&self, id: &str) -> Option<&ControlResult> {
        self.controls.iter().find(|control| control.id == id)
    }
}
