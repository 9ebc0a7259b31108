//! Standards: their clauses, and which control has to do with which clause.
//!
//! Both are data. A list of clauses is a file of `clauses/` (ids, no text of the standard); the mappings of a standard
//! are a file of `mappings/`. To add a standard, add both and a line to `FILES`. A mapping that names a control or a
//! clause that does not exist is refused, and so is one that claims to be verified where the text was not read.

use crate::{ControlId, by_id};
use serde::Serialize;
use std::{collections::BTreeMap, fmt, sync::LazyLock};

/// The three parts of a line of [`FILES`].
macro_rules! files {
    ($id:literal) => {
        (
            $id,
            Some(include_str!(concat!("../clauses/", $id, ".txt"))),
            include_str!(concat!("../mappings/", $id, ".toml")),
        )
    };
}
/// The files of a standard: its id, its list of clauses (none when no list could be read), its mappings.
const FILES: &[(&str, Option<&str>, &str)] = &[
    files!("hipaa"),
    files!("gdpr"),
    files!("ccpa"),
    files!("soc2"),
    files!("iso27001"),
    files!("csf"),
    files!("ai-rmf"),
    files!("ssdf"),
    files!("sp800-53"),
    files!("owasp-top-10"),
    files!("owasp-llm"),
    files!("asvs"),
    files!("fda"),
    files!("iec62443-4-1"),
    files!("iec62443-4-2"),
    ("iec81001-5-1", None, include_str!("../mappings/iec81001-5-1.toml")),
    files!("ai-act"),
    files!("cra"),
    files!("scorecard"),
    files!("osps"),
    files!("slsa"),
];

/// What a control does for a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Relation {
    /// When the control holds, the system that Ward is does all that the clause asks of such a system.
    Satisfies,
    /// The control is a part of what the clause asks for. Other parts are not Ward's.
    Supports,
    /// It has to do with the same matter and may help an assessor. It decides nothing.
    Related,
}

impl Relation {
    /// `satisfies`, `supports` or `related`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Relation::Satisfies => "satisfies",
            Relation::Supports => "supports",
            Relation::Related => "related",
        }
    }

    /// Whether the control's outcome counts for the clause. What is only [`Relation::Related`] does not.
    #[must_use]
    pub fn decides(self) -> bool {
        self != Relation::Related
    }
}

/// How much a mapping may be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Checked {
    /// The clause stands in the list, and its text in the named source was read when the relation was chosen.
    Verified,
    /// The text was not read, or not in a source that can be named.
    ToBeChecked,
}

impl Checked {
    /// `verified` or `to-be-checked`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Checked::Verified => "verified",
            Checked::ToBeChecked => "to-be-checked",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        [Checked::Verified, Checked::ToBeChecked]
            .into_iter()
            .find(|checked| checked.word() == word)
    }
}

/// Where the clauses of a standard were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceKind {
    /// What the issuer itself publishes.
    Issuer,
    /// The issuer's text, copied by somebody else.
    Copy,
    /// Ids and titles by somebody else; the text was not read.
    Outline,
    /// Nothing was read.
    Memory,
}

impl SourceKind {
    /// What a page says of it.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            SourceKind::Issuer => "The text was read as its issuer publishes it.",
            SourceKind::Copy => "The text was read in a copy that somebody else keeps.",
            SourceKind::Outline => "Only an outline was read, not the text: every mapping is to be checked.",
            SourceKind::Memory => "Nothing was read: every mapping is to be checked.",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "issuer" => SourceKind::Issuer,
            "copy" => SourceKind::Copy,
            "outline" => SourceKind::Outline,
            "memory" => SourceKind::Memory,
            _ => return None,
        })
    }
}

/// A clause of a standard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Requirement {
    /// Its id, as the standard writes it.
    pub id: String,
    /// A short title, or empty.
    pub title: String,
    /// It is a heading above requirements and none of its own.
    pub heading: bool,
}

/// One control and one clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mapping {
    /// The control.
    pub control: ControlId,
    /// The clause's id.
    pub clause: String,
    /// What the control does for it.
    pub relation: Relation,
    /// How much that may be believed.
    pub status: Checked,
}

/// A standard, its clauses and their mappings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Standard {
    /// Its name on the command line, as in `hipaa`.
    pub id: &'static str,
    /// Its full name.
    pub name: String,
    /// The edition.
    pub version: String,
    /// Who issues it.
    pub publisher: String,
    /// Where it was read: repository, file, commit.
    pub source: String,
    /// What that source is.
    pub kind: SourceKind,
    /// The day of the source's state, `YYYY-MM-DD`.
    pub snapshot: String,
    /// Its clauses, in its order. Empty when no list could be read.
    pub requirements: Vec<Requirement>,
    /// Its mappings, by clause in the standard's order, then by relation and control.
    pub mappings: Vec<Mapping>,
}

impl Standard {
    /// The mappings of a clause.
    pub fn of_clause<'a>(&'a self, clause: &'a str) -> impl Iterator<Item = &'a Mapping> {
        self.mappings.iter().filter(move |mapping| mapping.clause == clause)
    }

    /// The mappings of a control.
    pub fn of_control(&self, control: ControlId) -> impl Iterator<Item = &Mapping> {
        self.mappings.iter().filter(move |mapping| mapping.control == control)
    }

    /// The title of a clause, or an empty text.
    #[must_use]
    pub fn title(&self, clause: &str) -> &str {
        self.requirements
            .iter()
            .find(|requirement| requirement.id == clause)
            .map_or("", |requirement| &requirement.title)
    }
}

/// Why a file of mappings was refused. It names the place by clause or control, which are Ward's own data.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum MappingFault {
    /// It is no TOML, or not of this shape.
    Malformed(String),
    /// This field is missing or empty.
    Missing(&'static str),
    /// This field has a word that means nothing.
    Word(&'static str),
    /// No such control.
    UnknownControl(String),
    /// The clause does not stand in the list.
    UnknownClause(String),
    /// It claims to be verified, and nothing that could verify it was read.
    Unverifiable(String),
    /// The same control twice for this clause.
    Twice(String),
}

impl fmt::Display for MappingFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MappingFault::Malformed(what) => write!(f, "malformed: {what}"),
            MappingFault::Missing(field) => write!(f, "{field} is missing"),
            MappingFault::Word(field) => write!(f, "{field} has an unknown word"),
            MappingFault::UnknownControl(id) => write!(f, "there is no control {id}"),
            MappingFault::UnknownClause(id) => write!(f, "{id} does not stand in the list of clauses"),
            MappingFault::Unverifiable(id) => write!(f, "{id} claims to be verified, but its text was not read"),
            MappingFault::Twice(id) => write!(f, "{id} names a control twice"),
        }
    }
}

impl std::error::Error for MappingFault {}

/// Every standard, in the order of the catalogue.
#[must_use]
pub fn standards() -> &'static [Standard] {
    static STANDARDS: LazyLock<Vec<Standard>> = LazyLock::new(|| {
        // A test reads every file; one that is refused would be missing here.
        FILES
            .iter()
            .filter_map(|(id, list, mappings)| read(id, *list, mappings).ok())
            .collect()
    });
    &STANDARDS
}

/// The ids of all standards, in their order, without reading any.
pub fn standard_ids() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(id, _, _)| *id)
}

/// The standard of this id, in any case.
#[must_use]
pub fn standard(id: &str) -> Option<&'static Standard> {
    standards().iter().find(|standard| standard.id.eq_ignore_ascii_case(id))
}

/// The mappings of a control, with their standards.
pub fn mappings_of(control: ControlId) -> impl Iterator<Item = (&'static Standard, &'static Mapping)> {
    standards()
        .iter()
        .flat_map(move |standard| standard.of_control(control).map(move |mapping| (standard, mapping)))
}

/// The clauses of a list: an id a line, a tab and a title after it, `^` before a heading.
#[must_use]
pub fn read_list(list: &str) -> Vec<Requirement> {
    let lines = list.lines().filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let (id, title) = line.split_once('\t').unwrap_or((line, ""));
            let (id, heading) = id.strip_prefix('^').map_or((id, false), |id| (id, true));
            Requirement {
                id: id.to_owned(),
                title: title.to_owned(),
                heading,
            }
        })
        .collect()
}

/// Reads the files of a standard.
///
/// # Errors
/// [`MappingFault`] says which rule is broken, and where.
pub fn read(id: &'static str, list: Option<&str>, mappings: &str) -> Result<Standard, MappingFault> {
    let table: toml::Table = mappings
        .parse()
        .map_err(|fault: toml::de::Error| MappingFault::Malformed(fault.message().to_owned()))?;
    let text = |field: &'static str| {
        let value = table.get(field).and_then(toml::Value::as_str).unwrap_or_default();
        if value.is_empty() {
            Err(MappingFault::Missing(field))
        } else {
            Ok(value.to_owned())
        }
    };
    let kind = SourceKind::from_word(&text("kind")?).ok_or(MappingFault::Word("kind"))?;
    let status = Checked::from_word(&text("status")?).ok_or(MappingFault::Word("status"))?;
    let requirements = list.map(read_list).unwrap_or_default();
    let order: BTreeMap<&str, usize> = requirements
        .iter()
        .enumerate()
        .map(|(at, requirement)| (requirement.id.as_str(), at))
        .collect();
    let rows = table
        .get("mappings")
        .and_then(toml::Value::as_table)
        .ok_or(MappingFault::Missing("mappings"))?;
    let mut all = Vec::new();
    for (clause, row) in rows {
        let row = row
            .as_table()
            .ok_or_else(|| MappingFault::Malformed(format!("{clause} is no table")))?;
        if list.is_some() && !order.contains_key(clause.as_str()) {
            return Err(MappingFault::UnknownClause(clause.clone()));
        }
        let status = match row.get("status") {
            None => status,
            Some(word) => word
                .as_str()
                .and_then(Checked::from_word)
                .ok_or(MappingFault::Word("status"))?,
        };
        let readable = list.is_some() && matches!(kind, SourceKind::Issuer | SourceKind::Copy);
        if status == Checked::Verified && !readable {
            return Err(MappingFault::Unverifiable(clause.clone()));
        }
        all.extend(of_row(clause, row, status)?);
    }
    let place = |mapping: &Mapping| order.get(mapping.clause.as_str()).copied().unwrap_or(usize::MAX);
    all.sort_by(|a, b| (place(a), &a.clause, a.relation, a.control).cmp(&(place(b), &b.clause, b.relation, b.control)));
    Ok(Standard {
        id,
        name: text("name")?,
        version: text("version")?,
        publisher: text("publisher")?,
        source: text("source")?,
        kind,
        snapshot: text("snapshot")?,
        requirements,
        mappings: all,
    })
}

/// The mappings of one clause.
fn of_row(clause: &str, row: &toml::Table, status: Checked) -> Result<Vec<Mapping>, MappingFault> {
    let mut all: Vec<Mapping> = Vec::new();
    for (key, value) in row {
        let relation = match key.as_str() {
            "satisfies" => Relation::Satisfies,
            "supports" => Relation::Supports,
            "related" => Relation::Related,
            "status" => continue,
            _ => return Err(MappingFault::Malformed(format!("{clause} has the unknown field {key}"))),
        };
        let names = value
            .as_array()
            .ok_or_else(|| MappingFault::Malformed(format!("{clause}: {key} is no list")))?;
        for name in names {
            let name = name.as_str().unwrap_or_default();
            let control = by_id(name)
                .ok_or_else(|| MappingFault::UnknownControl(name.to_owned()))?
                .id;
            if all.iter().any(|mapping| mapping.control == control) {
                return Err(MappingFault::Twice(clause.to_owned()));
            }
            all.push(Mapping {
                control,
                clause: clause.to_owned(),
                relation,
                status,
            });
        }
    }
    if all.is_empty() {
        return Err(MappingFault::Malformed(format!("{clause} names no control")));
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue;

    const LIST: &str = "^1\n1.1\tOne\n1.2\n";

    fn file(kind: &str, status: &str, rows: &str) -> String {
        format!(
            "name = \"N\"\nversion = \"1\"\npublisher = \"P\"\nsource = \"S\"\nkind = \"{kind}\"\nsnapshot = \"2026-01-02\"\n\
             status = \"{status}\"\n[mappings]\n{rows}\n"
        )
    }

    #[track_caller]
    fn check(list: Option<&str>, file: &str, expect: Result<usize, MappingFault>) {
        assert_eq!(read("n", list, file).map(|standard| standard.mappings.len()), expect);
    }

    #[test]
    fn a_mapping_is_refused_for_what_is_wrong_with_it() {
        let copy = |rows: &str| file("copy", "verified", rows);
        check(
            Some(LIST),
            &copy("\"1.1\" = { supports = [\"SEC-1a\", \"SEC-1b\"], related = [\"DEP-1a\"] }"),
            Ok(3),
        );
        check(Some(LIST), &copy("\"1\" = { related = [\"SEC-1a\"] }"), Ok(1));
        let unknown = |clause: &str| Err(MappingFault::UnknownClause(clause.into()));
        check(
            Some(LIST),
            &copy("\"1.3\" = { supports = [\"SEC-1a\"] }"),
            unknown("1.3"),
        );
        check(
            Some(LIST),
            &copy("\"1.3\" = { supports = [\"SEC-1a\"], status = \"to-be-checked\" }"),
            unknown("1.3"),
        );
        check(
            Some(LIST),
            &copy("\"1.1\" = { supports = [\"SEC-9a\"] }"),
            Err(MappingFault::UnknownControl("SEC-9a".into())),
        );
        check(
            Some(LIST),
            &copy("\"1.1\" = { supports = [\"SEC-1a\"], related = [\"SEC-1a\"] }"),
            Err(MappingFault::Twice("1.1".into())),
        );
        check(
            Some(LIST),
            &copy("\"1.1\" = { fulfils = [\"SEC-1a\"] }"),
            Err(MappingFault::Malformed("1.1 has the unknown field fulfils".into())),
        );
        check(
            Some(LIST),
            &copy("\"1.1\" = { status = \"verified\" }"),
            Err(MappingFault::Malformed("1.1 names no control".into())),
        );
        check(
            Some(LIST),
            &copy("\"1.1\" = { supports = [\"SEC-1a\"], status = \"surely\" }"),
            Err(MappingFault::Word("status")),
        );
        check(
            Some(LIST),
            &copy("\"1.1\" = { supports = [\"SEC-1a\"] }").replace("source = \"S\"", "source = \"\""),
            Err(MappingFault::Missing("source")),
        );
    }

    #[test]
    fn verified_needs_a_list_and_a_text_that_was_read() {
        let row = "\"1.1\" = { supports = [\"SEC-1a\"] }";
        let refused = Err(MappingFault::Unverifiable("1.1".into()));
        for kind in ["issuer", "copy"] {
            check(Some(LIST), &file(kind, "verified", row), Ok(1));
            check(None, &file(kind, "verified", row), refused.clone());
        }
        for kind in ["outline", "memory"] {
            check(Some(LIST), &file(kind, "verified", row), refused.clone());
            check(Some(LIST), &file(kind, "to-be-checked", row), Ok(1));
            check(None, &file(kind, "to-be-checked", row), Ok(1));
            let claimed = "\"1.1\" = { supports = [\"SEC-1a\"], status = \"verified\" }";
            check(Some(LIST), &file(kind, "to-be-checked", claimed), refused.clone());
        }
    }

    #[test]
    fn every_file_of_mappings_is_sound() {
        for (id, list, mappings) in FILES {
            if let Err(fault) = read(id, *list, mappings) {
                panic!("mappings/{id}.toml: {fault}");
            }
        }
        assert_eq!(standards().len(), FILES.len());
        assert!(standard_ids().eq(standards().iter().map(|standard| standard.id)));
    }

    #[test]
    fn every_mapping_names_edition_clause_relation_source_date_and_status() {
        for standard in standards() {
            let Standard {
                id, snapshot, source, ..
            } = standard;
            let date: Vec<&str> = snapshot.split('-').collect();
            assert!(
                matches!(date.as_slice(), [year, month, day] if year.len() == 4 && month.len() == 2 && day.len() == 2),
                "{id}"
            );
            assert!(
                source.len() > 20 && !standard.version.is_empty() && !standard.mappings.is_empty(),
                "{id}"
            );
            for mapping in &standard.mappings {
                let listed = standard.requirements.iter().any(|one| one.id == mapping.clause);
                assert!(
                    listed || mapping.status == Checked::ToBeChecked,
                    "{id} {}",
                    mapping.clause
                );
            }
        }
    }

    #[test]
    fn lists_hold_every_id_once_and_are_not_empty() {
        for standard in standards()
            .iter()
            .filter(|standard| standard.kind != SourceKind::Memory)
        {
            let mut ids: Vec<&str> = standard.requirements.iter().map(|one| one.id.as_str()).collect();
            assert!(
                ids.iter().all(|id| !id.is_empty() && id.trim() == *id),
                "{}",
                standard.id
            );
            let count = ids.len();
            ids.sort_unstable();
            ids.dedup();
            assert!(count > 0 && ids.len() == count, "{}", standard.id);
        }
    }

    #[test]
    fn every_control_is_mapped_to_at_least_one_standard() {
        for control in catalogue() {
            assert!(
                mappings_of(control.id).next().is_some(),
                "{} has no mapping",
                control.id
            );
        }
    }

    #[test]
    fn standards_are_found_in_any_case() {
        assert_eq!(standard("HIPAA").map(|found| found.id), Some("hipaa"));
        assert_eq!(standard("none"), None);
        let audit = standard("hipaa").map(|found| found.title("164.312(b)"));
        assert_eq!(audit, Some("Audit controls"));
    }
}
