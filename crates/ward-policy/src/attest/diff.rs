//! What changed between two attestations of one standard.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::document::{Attestation, Outcome};

/// A requirement or control whose outcome is not what it was. None stands for one that was not there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Its id.
    pub id: String,
    /// The outcome in the older one.
    pub before: Option<Outcome>,
    /// The outcome in the newer one.
    pub after: Option<Outcome>,
}

impl Change {
    /// Whether it is worse: it held and does not, or it failed and had not.
    #[must_use]
    pub fn is_worse(&self) -> bool {
        let held = |outcome: Option<Outcome>| outcome == Some(Outcome::Held);
        let failed = |outcome: Option<Outcome>| outcome == Some(Outcome::Failed);
        (held(self.before) && !held(self.after) && self.after != Some(Outcome::NotApplicable))
            || (failed(self.after) && !failed(self.before))
    }
}

/// What changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The standard.
    pub standard: String,
    /// When the two were made, the older first.
    pub made: (String, String),
    /// The edition or the mappings are not the same, so that outcomes may differ without anything having happened.
    pub other_mappings: bool,
    /// Requirements, in the order of the newer one, then those that are gone.
    pub requirements: Vec<Change>,
    /// Controls, likewise.
    pub controls: Vec<Change>,
}

impl Difference {
    /// Whether anything is worse.
    #[must_use]
    pub fn is_worse(&self) -> bool {
        self.requirements.iter().chain(&self.controls).any(Change::is_worse)
    }
}

/// What changed from `old` to `new`.
///
/// # Errors
/// A sentence when they are about different standards.
pub fn compare(old: &Attestation, new: &Attestation) -> Result<Difference, &'static str> {
    if old.standard.id != new.standard.id {
        return Err("the two are about different standards");
    }
    let of_requirements = |made: &Attestation| {
        made.requirements
            .iter()
            .map(|one| (one.id.clone(), one.outcome))
            .collect()
    };
    let of_controls = |made: &Attestation| made.controls.iter().map(|one| (one.id.clone(), one.outcome)).collect();
    let mappings = |made: &Attestation| {
        let parts = made
            .requirements
            .iter()
            .flat_map(|one| one.controls.iter().map(|part| (&one.id, part)));
        parts
            .map(|(id, part)| format!("{id} {} {}", part.control, part.relation))
            .collect::<BTreeSet<String>>()
    };
    Ok(Difference {
        standard: new.standard.id.clone(),
        made: (old.about.made.clone(), new.about.made.clone()),
        other_mappings: old.standard.version != new.standard.version || mappings(old) != mappings(new),
        requirements: changes(of_requirements(old), of_requirements(new)),
        controls: changes(of_controls(old), of_controls(new)),
    })
}

fn changes(old: Vec<(String, Outcome)>, new: Vec<(String, Outcome)>) -> Vec<Change> {
    let before: BTreeMap<&str, Outcome> = old.iter().map(|(id, outcome)| (id.as_str(), *outcome)).collect();
    let after: BTreeSet<&str> = new.iter().map(|(id, _)| id.as_str()).collect();
    let kept = new.iter().map(|(id, outcome)| Change {
        id: id.clone(),
        before: before.get(id.as_str()).copied(),
        after: Some(*outcome),
    });
    let gone = old
        .iter()
        .filter(|(id, _)| !after.contains(id.as_str()))
        .map(|(id, outcome)| Change {
            id: id.clone(),
            before: Some(*outcome),
            after: None,
        });
    kept.chain(gone)
        .filter(|change| change.before != change.after)
        .collect()
}

/// The difference for people.
#[must_use]
pub fn text(difference: &Difference) -> String {
    let mut out = format!(
        "{}: from {} to {}\n",
        difference.standard, difference.made.0, difference.made.1
    );
    if difference.other_mappings {
        out.push_str("The mappings differ, so that an outcome can differ without anything having happened.\n");
    }
    let word = |outcome: Option<Outcome>| outcome.map_or("not there", Outcome::word);
    for (title, changes) in [
        ("Requirements", &difference.requirements),
        ("Controls", &difference.controls),
    ] {
        if changes.is_empty() {
            continue;
        }
        out.push_str(&format!("\n{title}\n"));
        for change in changes {
            let mark = if change.is_worse() { "worse" } else { "     " };
            out.push_str(&format!(
                "  {mark}  {}: {} -> {}\n",
                change.id,
                word(change.before),
                word(change.after)
            ));
        }
    }
    if difference.requirements.is_empty() && difference.controls.is_empty() {
        out.push_str("No outcome changed.\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_worse_is_told_from_what_is_only_different() {
        use Outcome::{Failed, Held, NotApplicable, NotExamined};
        let check = |before, after, expect| {
            let change = Change {
                id: "x".into(),
                before,
                after,
            };
            assert_eq!(change.is_worse(), expect, "{change:?}");
        };
        check(Some(Held), Some(Failed), true);
        check(Some(Held), Some(NotExamined), true);
        check(Some(Held), None, true);
        check(Some(Held), Some(NotApplicable), false);
        check(Some(NotExamined), Some(Failed), true);
        check(None, Some(Failed), true);
        check(Some(Failed), Some(NotExamined), false);
        check(Some(NotExamined), Some(Held), false);
        check(None, Some(NotExamined), false);
    }

    #[test]
    fn only_what_changed_is_listed() {
        let pair = |id: &str, outcome| (id.to_owned(), outcome);
        let old = vec![
            pair("a", Outcome::Held),
            pair("b", Outcome::Held),
            pair("c", Outcome::Failed),
        ];
        let new = vec![
            pair("a", Outcome::Held),
            pair("b", Outcome::Failed),
            pair("d", Outcome::Held),
        ];
        let ids: Vec<String> = changes(old, new).into_iter().map(|change| change.id).collect();
        assert_eq!(ids, ["b", "d", "c"]);
    }
}
