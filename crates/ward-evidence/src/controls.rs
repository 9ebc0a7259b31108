//! The control catalogue: one file per family, one entry per control.
//!
//! To add a control, add a `ControlId` and an entry to the file of its family, after the last letter of its clause. An
//! id never changes its meaning, for it stands in ledgers: a control that no longer fits keeps its letter. A clause whose
//! promise stands only in part has several controls, so that the part that stands and the part that does not are told
//! apart.

pub mod code;
pub mod dependencies;
pub mod devices;
pub mod disclosure;
pub mod models;
pub mod patient_data;
pub mod secrets;
pub mod service;
pub mod standards;

use crate::Control;
use std::sync::LazyLock;

pub use code::*;
pub use dependencies::*;
pub use devices::*;
pub use disclosure::*;
pub use models::*;
pub use patient_data::*;
pub use secrets::*;
pub use service::*;
pub use standards::*;

/// The families' tables, in the order of the catalogue.
const TABLES: &[&[Control]] = &[
    disclosure::CONTROLS,
    code::CONTROLS,
    secrets::CONTROLS,
    dependencies::CONTROLS,
    models::CONTROLS,
    service::CONTROLS,
    patient_data::CONTROLS,
    devices::CONTROLS,
    standards::CONTROLS,
];

static CATALOGUE: LazyLock<Vec<Control>> = LazyLock::new(|| TABLES.concat());

/// Every control, in the order of [`CLAUSES`](crate::CLAUSES).
#[must_use]
pub fn catalogue() -> &'static [Control] {
    &CATALOGUE
}

/// The control of this name, as in `DATA-1a`.
#[must_use]
pub fn by_id(id: &str) -> Option<&'static Control> {
    catalogue().iter().find(|control| control.id.as_str() == id)
}

/// The controls of a clause, as in `DATA-1`; none for a clause that does not exist.
pub fn by_clause(clause: &str) -> impl Iterator<Item = &'static Control> {
    catalogue().iter().filter(move |control| control.clause == clause)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CLAUSES, Status};

    #[test]
    fn every_clause_has_controls_lettered_from_a_and_no_control_lacks_a_clause() {
        let mut in_clause_order = Vec::new();
        for clause in CLAUSES {
            let ids: Vec<_> = by_clause(clause.id).map(|control| control.id.to_string()).collect();
            let expect: Vec<_> = ('a'..='z')
                .take(ids.len())
                .map(|letter| format!("{}{letter}", clause.id))
                .collect();
            assert!(!ids.is_empty(), "{} has no control", clause.id);
            assert_eq!(
                ids, expect,
                "the controls of {} must be lettered from a without gaps",
                clause.id
            );
            in_clause_order.extend(ids);
        }
        let all: Vec<_> = catalogue().iter().map(|control| control.id.to_string()).collect();
        assert_eq!(
            all, in_clause_order,
            "the catalogue must follow the order of the clauses"
        );
    }

    #[test]
    fn an_id_names_its_clause_and_leads_back_to_its_control() {
        for control in catalogue() {
            assert_eq!(control.id.clause(), control.clause);
            assert_eq!(by_id(control.id.as_str()), Some(control));
        }
        for unknown in ["", "DATA-1", "DATA-1A", "DATA-99a", "data-1a"] {
            assert_eq!(by_id(unknown), None);
        }
        assert_eq!(by_clause("DATA-99").count(), 0);
    }

    #[test]
    fn every_text_is_there_and_statements_are_sentences() {
        for Control {
            id,
            title,
            statement,
            rationale,
            enforced_by,
            verified_by,
            ..
        } in catalogue()
        {
            assert!(title.len() >= 8 && !title.ends_with('.'), "{id}: title");
            for (sentence, at_least) in [(statement, 30), (rationale, 10)] {
                assert!(
                    sentence.len() >= at_least && sentence.ends_with('.'),
                    "{id}: {sentence}"
                );
                assert!(!sentence.contains('\n') && !sentence.contains("  "), "{id}: {sentence}");
            }
            for item in enforced_by.iter().chain(verified_by.iter()) {
                assert!(item.len() >= 5 && item.trim() == *item, "{id}: {item}");
            }
        }
    }

    #[test]
    fn no_two_controls_say_the_same() {
        for text in [|c: &Control| c.title, |c: &Control| c.statement] {
            let mut texts: Vec<_> = catalogue().iter().map(text).collect();
            texts.sort_unstable();
            assert!(texts.windows(2).all(|pair| pair[0] != pair[1]));
        }
    }

    #[test]
    fn only_a_control_that_stands_claims_enforcement_and_it_must() {
        for control in catalogue() {
            let claims = !control.enforced_by.is_empty();
            let shows = !control.verified_by.is_empty();
            let stands = control.status == Status::Stands;
            assert_eq!((claims, shows), (stands, stands), "{}", control.id);
        }
    }
}
