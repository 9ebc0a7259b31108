//! An attestation held against itself: the join done again, and its proofs checked.

use std::collections::BTreeMap;

use ward_evidence::{Relation, standard};
use ward_seal::{
    hash,
    ledger::{InclusionProof, check_inclusion},
    note::PublicKey,
};

use super::{
    document::{Attestation, Counts, Input, Outcome, Proof},
    join,
};

/// What does not follow from the evidence that the attestation itself holds: a sentence each. None when everything does.
#[must_use]
pub fn faults(made: &Attestation) -> Vec<String> {
    let mut faults = Vec::new();
    let mut outcomes: BTreeMap<&str, Outcome> = BTreeMap::new();
    for control in &made.controls {
        let again = join::of_control(&control.status, &control.evidence);
        if again != control.outcome {
            faults.push(format!(
                "{} is said to be {}, its evidence says {}.",
                control.id,
                control.outcome.word(),
                again.word()
            ));
        }
        if outcomes.insert(&control.id, again).is_some() {
            faults.push(format!("{} stands twice.", control.id));
        }
    }
    for requirement in &made.requirements {
        let mut deciding = Vec::new();
        for part in &requirement.controls {
            let outcome = outcomes
                .get(part.control.as_str())
                .copied()
                .unwrap_or(Outcome::NotExamined);
            if outcome != part.outcome {
                faults.push(format!(
                    "{}: {} has another outcome there than here.",
                    requirement.id, part.control
                ));
            }
            if part.relation != Relation::Related.word() {
                deciding.push((part.control.as_str(), outcome));
            }
        }
        let excluded = (requirement.outcome == Outcome::NotApplicable).then_some("x");
        let (again, _) = join::of_parts(excluded, &deciding);
        if again != requirement.outcome {
            faults.push(format!(
                "{} is said to be {}, its controls say {}.",
                requirement.id,
                requirement.outcome.word(),
                again.word()
            ));
        }
    }
    if Counts::of(made.requirements.iter().map(|one| one.outcome)) != made.summary {
        faults.push("The summary does not count the requirements.".to_owned());
    }
    faults.extend(proofs(made));
    faults
}

/// What is wrong with the proofs.
fn proofs(made: &Attestation) -> Vec<String> {
    let mut faults = Vec::new();
    for control in &made.controls {
        for proof in control.evidence.iter().flat_map(|item| &item.proofs) {
            if !holds(proof, &made.inputs) {
                faults.push(format!(
                    "{}: the proof of entry {} of {} does not hold.",
                    control.id, proof.index, proof.ledger
                ));
            }
        }
    }
    faults
}

/// How many proofs it holds.
#[must_use]
pub fn count_proofs(made: &Attestation) -> usize {
    let items = made.controls.iter().flat_map(|control| &control.evidence);
    items.map(|item| item.proofs.len()).sum()
}

/// Whether a proof leads from its leaf to a checkpoint signed by the key that the inputs name for its ledger.
fn holds(proof: &Proof, inputs: &[Input]) -> bool {
    let Some(leaf) = hash::unhex::<32>(&proof.leaf) else {
        return false;
    };
    let Ok(read) = InclusionProof::parse(&proof.proof, leaf) else {
        return false;
    };
    let ledger = inputs
        .iter()
        .find(|input| input.kind == "ledger" && input.name == proof.ledger);
    let key = ledger.and_then(|ledger| PublicKey::parse_verifier_key(&ledger.more));
    read.index == proof.index && key.is_some_and(|(origin, key)| check_inclusion(&read, &leaf, &origin, &key))
}

/// Whether this build of Ward maps the standard's clauses as the attestation does; if not, the sentence to show.
#[must_use]
pub fn other_mappings(made: &Attestation) -> Option<String> {
    let here = standard(&made.standard.id)?;
    let there = made.requirements.iter().flat_map(|one| {
        one.controls
            .iter()
            .map(|part| (one.id.as_str(), part.control.as_str(), part.relation.as_str()))
    });
    let mut there: Vec<_> = there.collect();
    let mut ours: Vec<_> = here
        .mappings
        .iter()
        .map(|mapping| {
            (
                mapping.clause.as_str(),
                mapping.control.as_str(),
                mapping.relation.word(),
            )
        })
        .collect();
    there.sort_unstable();
    ours.sort_unstable();
    (there != ours).then(|| "The mappings of the standard are not those of this build of Ward.".to_owned())
}
