//! What a record says: facts, passages, and where they stand.

use std::{fmt, sync::Arc};

use ward_formats::{Problem, Span};

use crate::{
    note::{
        language::Language,
        pack::{self, Pack},
        sections::Place,
    },
    when::When,
};

/// What sort of statement a fact is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FactKind {
    /// Sex, birth date, age.
    Demographic,
    /// An allergy or intolerance, or the statement that none is known.
    Allergy,
    /// A medicine: ordered, taken, changed, stopped.
    Medication,
    /// A diagnosis or problem.
    Problem,
    /// Something said to be absent: a denied symptom, a finding not seen.
    Negation,
    /// A vital sign.
    Vital,
    /// A laboratory result, survey score or other measurement.
    Lab,
    /// A procedure, operation or imaging study.
    Procedure,
    /// A vaccine given.
    Immunization,
    /// An illness of a relative.
    FamilyHistory,
    /// Tobacco, alcohol, drugs, work, home.
    Social,
    /// A visit or stay.
    Encounter,
    /// A plan to come back, a care plan, a goal, an appointment.
    FollowUp,
    /// Free text that a structured record carries (a conclusion, a comment).
    Remark,
}

impl FactKind {
    /// Every kind, in the order of compressed output.
    pub const ALL: [FactKind; 14] = [
        FactKind::Demographic,
        FactKind::Allergy,
        FactKind::Medication,
        FactKind::Problem,
        FactKind::Negation,
        FactKind::Vital,
        FactKind::Lab,
        FactKind::Procedure,
        FactKind::Immunization,
        FactKind::FamilyHistory,
        FactKind::Social,
        FactKind::Encounter,
        FactKind::FollowUp,
        FactKind::Remark,
    ];

    /// The word used in output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            FactKind::Demographic => "demographic",
            FactKind::Allergy => "allergy",
            FactKind::Medication => "medication",
            FactKind::Problem => "problem",
            FactKind::Negation => "negation",
            FactKind::Vital => "vital",
            FactKind::Lab => "lab",
            FactKind::Procedure => "procedure",
            FactKind::Immunization => "immunization",
            FactKind::FamilyHistory => "family history",
            FactKind::Social => "social",
            FactKind::Encounter => "encounter",
            FactKind::FollowUp => "follow-up",
            FactKind::Remark => "remark",
        }
    }
}

/// Whom a fact is about.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub enum Experiencer {
    /// The patient.
    #[default]
    Patient,
    /// A relative, by the word the record uses (`mother`), lower case.
    Relative(String),
}

impl fmt::Debug for Experiencer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Experiencer::Patient => "Patient",
            Experiencer::Relative(_) => "Relative",
        })
    }
}

/// What sort of document says a fact. An order of a structure is a state: one that is over ends nothing but itself. A note
/// or a message tells what happened: "metformin stopped" ends the medicine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Origin {
    /// A resource of a structured record (FHIR).
    #[default]
    Structure,
    /// A message (HL7 v2).
    Message,
    /// A note.
    Note,
}

impl Origin {
    /// Every origin.
    pub const ALL: [Origin; 3] = [Origin::Structure, Origin::Message, Origin::Note];

    /// The word used in output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Origin::Structure => "structure",
            Origin::Message => "message",
            Origin::Note => "note",
        }
    }
}

/// The part of a record a statement stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Section {
    /// Before the first section: name, birth date, numbers.
    Header,
    /// Why the patient came.
    ChiefComplaint,
    /// History of the present illness, interval history.
    PresentIllness,
    /// Past medical history, problem list.
    PastHistory,
    /// Past operations.
    SurgicalHistory,
    /// Illnesses of relatives.
    FamilyHistory,
    /// Habits, work, home.
    SocialHistory,
    /// Medication list, orders.
    Medications,
    /// Allergies and intolerances.
    Allergies,
    /// Vaccines.
    Immunizations,
    /// Review of systems.
    Review,
    /// Vital signs.
    Vitals,
    /// Physical examination.
    Exam,
    /// Laboratory and imaging results.
    Results,
    /// Assessment, impression, diagnoses.
    Assessment,
    /// Plan, orders, recommendations.
    Plan,
    /// Instructions, follow-up.
    Instructions,
    /// Procedures done.
    Procedures,
    /// Visits and stays.
    Encounters,
    /// A section this version has no name for, or none.
    Other,
}

impl Section {
    /// Every section.
    pub const ALL: [Section; 20] = [
        Section::Header,
        Section::ChiefComplaint,
        Section::PresentIllness,
        Section::PastHistory,
        Section::SurgicalHistory,
        Section::FamilyHistory,
        Section::SocialHistory,
        Section::Medications,
        Section::Allergies,
        Section::Immunizations,
        Section::Review,
        Section::Vitals,
        Section::Exam,
        Section::Results,
        Section::Assessment,
        Section::Plan,
        Section::Instructions,
        Section::Procedures,
        Section::Encounters,
        Section::Other,
    ];

    /// The name shown with a citation.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Section::Header => "Header",
            Section::ChiefComplaint => "Chief complaint",
            Section::PresentIllness => "Present illness",
            Section::PastHistory => "Past history",
            Section::SurgicalHistory => "Surgical history",
            Section::FamilyHistory => "Family history",
            Section::SocialHistory => "Social history",
            Section::Medications => "Medications",
            Section::Allergies => "Allergies",
            Section::Immunizations => "Immunizations",
            Section::Review => "Review of systems",
            Section::Vitals => "Vitals",
            Section::Exam => "Examination",
            Section::Results => "Results",
            Section::Assessment => "Assessment",
            Section::Plan => "Plan",
            Section::Instructions => "Instructions",
            Section::Procedures => "Procedures",
            Section::Encounters => "Encounters",
            Section::Other => "Other",
        }
    }
}

/// A verbatim part of the source.
///
/// `text` is the decoded text of the source bytes `span` (for a JSON string, what is between the
/// quotes with escapes resolved; for HL7, with `\F\` and the like resolved).
#[derive(Clone, PartialEq, Eq)]
pub struct Piece {
    /// The decoded text. Shared: many facts may stand in one sentence.
    pub text: Arc<str>,
    /// Bytes of the document's source.
    pub span: Span,
}

/// One statement of the record. Patient data: `Debug` shows lengths only.
#[derive(Clone, PartialEq, Eq)]
pub struct Fact {
    /// What sort of statement.
    pub kind: FactKind,
    /// What it is about: the medicine, allergen, test, diagnosis, as written.
    pub concept: String,
    /// A result or a statement: `7.9`, `Never smoker`, `in 3 months`.
    pub value: Option<String>,
    /// The unit of `value`, as written.
    pub unit: Option<String>,
    /// Dose or dosing instruction: `20 mg`, `1 tablet`.
    pub dose: Option<String>,
    /// The dose before a change, where the record says it.
    pub old_dose: Option<String>,
    /// `oral`, `IV`.
    pub route: Option<String>,
    /// `twice daily`, `q6h`, `as needed`.
    pub frequency: Option<String>,
    /// For a medicine `started`, `stopped`, `held`, `increased`, `decreased`, `continued` (notes), or
    /// the status code of the structure (`active`, `completed`).
    pub status: Option<String>,
    /// An allergy's manifestation.
    pub reaction: Option<String>,
    /// `severe`, `high` (criticality), a stage (`Stage II`), as written.
    pub severity: Option<String>,
    /// Where in or on the body: a structure's body site as written; of a note `left`, `right` or `bilateral`.
    pub site: Option<String>,
    /// An abnormal flag: `H`, `L`, `high`. `alert` marks what must not be missed.
    pub flag: Option<String>,
    /// Why, where the structure says so.
    pub reason: Option<String>,
    /// When it ended: abatement, end of period, the day a stopped order was stopped.
    pub until: Option<When>,
    /// True when the record says it is not so.
    pub negated: bool,
    /// Whom it is about.
    pub experiencer: Experiencer,
    /// When it was so.
    pub when: Option<When>,
    /// Where in the record.
    pub section: Section,
    /// Of a medicine in a list of a note: the list is that of the discharge, or that of before (the admission, the home). No such list says nothing.
    pub at_discharge: Option<bool>,
    /// What sort of document says so.
    pub origin: Origin,
    /// The verbatim parts that say so. In a note one sentence or list item; in a structure the parts
    /// in the order they are quoted.
    pub pieces: Vec<Piece>,
    /// Further parts of the source that the attributes hold and that an answer need not quote.
    pub details: Vec<Piece>,
}

impl Fact {
    /// A fact with nothing but a kind, a concept and a section.
    #[must_use]
    pub fn new(kind: FactKind, concept: impl Into<String>, section: Section) -> Self {
        Self {
            kind,
            concept: concept.into(),
            value: None,
            unit: None,
            dose: None,
            old_dose: None,
            route: None,
            frequency: None,
            status: None,
            reaction: None,
            severity: None,
            site: None,
            flag: None,
            reason: None,
            until: None,
            negated: false,
            experiencer: Experiencer::Patient,
            when: None,
            section,
            at_discharge: None,
            origin: Origin::Structure,
            pieces: Vec::new(),
            details: Vec::new(),
        }
    }

    /// Every named attribute that is set, in a fixed order, `concept`, `value` and `when` apart.
    #[must_use]
    pub fn attributes(&self) -> Vec<(&'static str, &str)> {
        let who = match &self.experiencer {
            Experiencer::Patient => None,
            Experiencer::Relative(word) => Some(word.as_str()),
        };
        let all = [
            ("unit", self.unit.as_deref()),
            ("dose", self.dose.as_deref()),
            ("from", self.old_dose.as_deref()),
            ("route", self.route.as_deref()),
            ("freq", self.frequency.as_deref()),
            ("status", self.status.as_deref()),
            ("reaction", self.reaction.as_deref()),
            ("severity", self.severity.as_deref()),
            ("site", self.site.as_deref()),
            ("flag", self.flag.as_deref()),
            ("for", self.reason.as_deref()),
            ("until", self.until.as_ref().map(|until| until.text.as_str())),
            ("who", who),
            ("absent", self.negated.then_some("yes")),
        ];
        all.into_iter()
            .filter_map(|(key, value)| value.map(|value| (key, value)))
            .collect()
    }

    /// The day it is dated to, in the units of [`When::day`].
    #[must_use]
    pub fn day(&self) -> Option<i64> {
        self.when.as_ref().and_then(|when| when.day)
    }
}

impl fmt::Debug for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fact")
            .field("kind", &self.kind)
            .field("concept_len", &self.concept.len())
            .field("section", &self.section)
            .field("pieces", &self.pieces.len())
            .finish_non_exhaustive()
    }
}

/// A sentence of a note or a row of a structure. Patient data: no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Passage {
    /// The sentence verbatim, or the row's texts joined by a middle dot.
    pub text: Arc<str>,
    /// Bytes of the document's source that it covers.
    pub span: Span,
    /// The verbatim parts: one for a sentence, several for a row.
    pub pieces: Vec<Piece>,
    /// Where in the record.
    pub section: Section,
    /// When it was written or was so.
    pub when: Option<When>,
    /// Where a sentence of a note stands.
    pub(crate) place: Option<Place>,
}

/// What was read of a document.
#[derive(Clone, Default)]
pub struct Record {
    /// Every fact, in source order.
    pub facts: Vec<Fact>,
    /// Every sentence or row, in source order.
    pub passages: Vec<Passage>,
    /// What was not read, and why.
    pub problems: Vec<Problem>,
    /// The language of a note, where it was given or its words tell. A note of which nothing tells is read as English.
    pub language: Option<Language>,
    /// Read from FHIR resources, each of which has its own date.
    pub coded: bool,
}

impl Record {
    /// The pack that a note is read by.
    pub(crate) fn pack(&self) -> &'static Pack {
        pack::pack(self.language.unwrap_or(Language::English))
    }
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record")
            .field("facts", &self.facts.len())
            .field("passages", &self.passages.len())
            .field("problems", &self.problems)
            .finish()
    }
}
