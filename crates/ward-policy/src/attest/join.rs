//! The join: evidence and mappings to outcomes and gaps.
//!
//! - A control that does not stand yet never failed: it held, or was **not examined**.
//! - A control **failed** when any evidence shows that it failed, **held** when some shows that it held and none that it
//!   failed, and was **not examined** otherwise. What a scan looked for and did not see whole, a pipeline that looks for
//!   it does not show; nor does a scan that found nothing show what a promise says that was not examined.
//! - A requirement is **not applicable** when the project says so with a reason; it **failed** when a control that decides
//!   it failed; it **held** when at least one control decides it and all that do held; otherwise it was **not examined**.
//! - A control decides a requirement when it satisfies or supports it. One that is only related decides nothing.

use std::collections::{BTreeMap, BTreeSet};

use ward_evidence::{Checked, Control, ControlId, Relation, Standard, Status, catalogue};

use super::promises::NOT_EXAMINED;
use super::{
    Evidence,
    document::{
        About, Attestation, ControlResult, Counts, Effort, FORMAT, Gap, Input, Item, Outcome, Part, RequirementResult,
        Section, Source, StandardRef,
    },
    scan,
};
use crate::check::CONFIGURED;

/// What is joined.
#[derive(Debug, Clone)]
pub struct Inputs {
    /// The standard.
    pub standard: &'static Standard,
    /// When, about what, by what.
    pub about: About,
    /// Evidence by control.
    pub evidence: Evidence,
    /// Requirements that do not concern the project, with the reason.
    pub not_applicable: BTreeMap<String, String>,
    /// Parts that are filled from data.
    pub sections: Vec<Section>,
    /// What was read.
    pub inputs: Vec<Input>,
    /// Limits besides those that every attestation has.
    pub limits: Vec<String>,
}

/// What every attestation does not show.
pub const LIMITS: [&str; 6] = [
    "This is evidence and no finding of compliance: whether a law or a standard is met is decided by people who are entitled to decide it.",
    "A requirement that held is one of which every control that Ward maps to it held. Where its extent is `part`, the requirement asks for more than these controls do.",
    "What is about organisations, contracts, training, buildings and people is not examined.",
    "Evidence from a scan or a policy is about the repository as it stood; evidence from a ledger is about the service that wrote it, in the period; evidence from tests is about the program that was tested.",
    "A mapping that is to be checked was not compared with the text of the standard.",
    "Of drills, the records are named that people wrote; nobody examined what stands in them.",
];

/// What evidence says of a control.
#[must_use]
pub fn of_items(items: &[Item]) -> Outcome {
    let any = |outcome| items.iter().any(|item| item.outcome == outcome);
    let is_unseen = |item: &Item| item.source == Source::Scan && item.outcome == Outcome::NotExamined;
    let unseen = items.iter().any(is_unseen);
    // That a pipeline looks is no look.
    let is_set_up = |item: &Item| item.source == Source::Policy && item.what.ends_with(CONFIGURED);
    let unknown = items.iter().any(is_unknown_promise);
    let holds = |item: &Item| {
        item.outcome == Outcome::Held && !(unseen && is_set_up(item)) && !(unknown && item.source == Source::Scan)
    };
    if any(Outcome::Failed) {
        Outcome::Failed
    } else if items.iter().any(holds) {
        Outcome::Held
    } else {
        Outcome::NotExamined
    }
}

/// Whether an item is of a promise that was not examined, other than for want of advisories or of what a licence says.
fn is_unknown_promise(item: &Item) -> bool {
    let of_data = ["advisor", "licen"].iter().any(|word| item.what.contains(word));
    item.source == Source::Policy
        && item.outcome == Outcome::NotExamined
        && item.what.starts_with(NOT_EXAMINED)
        && !of_data
}

/// What evidence says of a control of this status (a word of [`Status`]). Of one that does not stand yet, Ward's own looks
/// cannot have failed, as nothing was built that could; what the project says by its own tests and drills counts both ways.
#[must_use]
pub fn of_control(status: &str, items: &[Item]) -> Outcome {
    let own = |item: &Item| matches!(item.source, Source::Tests | Source::Drill);
    let failed = |item: &&Item| item.outcome == Outcome::Failed;
    match of_items(items) {
        Outcome::Failed if status != Status::Stands.word() && !items.iter().filter(failed).any(own) => {
            Outcome::NotExamined
        }
        outcome => outcome,
    }
}

/// What controls say of a requirement: the outcome and why. `parts` are the controls that decide it, with theirs.
#[must_use]
pub fn of_parts(not_applicable: Option<&str>, deciding: &[(&str, Outcome)]) -> (Outcome, String) {
    if let Some(reason) = not_applicable {
        return (Outcome::NotApplicable, format!("The project says: {reason}"));
    }
    let with = |wanted: Outcome| -> Vec<&str> {
        deciding
            .iter()
            .filter(|(_, outcome)| *outcome == wanted)
            .map(|(id, _)| *id)
            .collect()
    };
    let (failed, held, dark) = (with(Outcome::Failed), with(Outcome::Held), with(Outcome::NotExamined));
    if !failed.is_empty() {
        return (Outcome::Failed, format!("{} failed.", failed.join(", ")));
    }
    if deciding.is_empty() {
        return (
            Outcome::NotExamined,
            "No control of Ward decides it; what is listed is only related.".to_owned(),
        );
    }
    if !dark.is_empty() {
        let reason = format!(
            "{} of {} controls that decide it held; {} not examined.",
            held.len(),
            deciding.len(),
            listed(&dark)
        );
        return (Outcome::NotExamined, reason);
    }
    (Outcome::Held, format!("{} held.", held.join(", ")))
}

fn listed(ids: &[&str]) -> String {
    match ids {
        [one] => format!("{one} was"),
        many => format!("{} were", many.join(", ")),
    }
}

/// How much of a requirement controls of these relations decide.
#[must_use]
pub fn extent(relations: impl Iterator<Item = Relation>) -> &'static str {
    match relations.filter(|relation| relation.decides()).min() {
        Some(Relation::Satisfies) => "whole",
        Some(_) => "part",
        None => "none",
    }
}

/// Joins.
#[must_use]
pub fn join(inputs: Inputs) -> Attestation {
    let Inputs {
        standard,
        about,
        mut evidence,
        not_applicable,
        sections,
        inputs,
        limits: more,
    } = inputs;
    let wanted: BTreeSet<ControlId> = standard.mappings.iter().map(|mapping| mapping.control).collect();
    let mut outcomes = BTreeMap::new();
    let mut controls = Vec::new();
    for control in catalogue().iter().filter(|control| wanted.contains(&control.id)) {
        let items = evidence.remove(&control.id).unwrap_or_default();
        let outcome = of_control(control.status.word(), &items);
        outcomes.insert(control.id, outcome);
        controls.push(result(control, outcome, items));
    }
    let requirements = requirements(standard, &outcomes, &not_applicable);
    let mapped: BTreeSet<&str> = requirements.iter().map(|one| one.id.as_str()).collect();
    let unmapped = standard
        .requirements
        .iter()
        .filter(|one| !one.heading && !mapped.contains(one.id.as_str()))
        .map(|one| one.id.clone())
        .collect();
    let mut limits: Vec<String> = LIMITS.iter().map(|limit| (*limit).to_owned()).collect();
    if standard
        .mappings
        .iter()
        .any(|mapping| mapping.status == Checked::ToBeChecked)
    {
        limits.push(format!("{}: {}", standard.name, standard.kind.sentence()));
    }
    limits.extend(more);
    Attestation {
        format: FORMAT.to_owned(),
        about,
        standard: StandardRef {
            id: standard.id.to_owned(),
            name: standard.name.clone(),
            version: standard.version.clone(),
            source: standard.source.clone(),
            kind: serde_word(standard.kind),
            snapshot: standard.snapshot.clone(),
        },
        summary: Counts::of(requirements.iter().map(|one| one.outcome)),
        gaps: gaps(&requirements, &controls),
        requirements,
        unmapped,
        controls,
        sections,
        inputs,
        limits,
    }
}

fn serde_word(kind: ward_evidence::SourceKind) -> String {
    let word = serde_json::to_value(kind).unwrap_or_default();
    word.as_str().unwrap_or_default().to_owned()
}

fn result(control: &Control, outcome: Outcome, evidence: Vec<Item>) -> ControlResult {
    ControlResult {
        id: control.id.to_string(),
        title: control.title.to_owned(),
        statement: control.statement.to_owned(),
        status: control.status.word().to_owned(),
        outcome,
        evidence,
    }
}

fn requirements(
    standard: &Standard,
    outcomes: &BTreeMap<ControlId, Outcome>,
    not_applicable: &BTreeMap<String, String>,
) -> Vec<RequirementResult> {
    // The mappings are sorted by clause; those a project excludes without any mapping are results as well.
    let mut ids: Vec<&str> = standard
        .mappings
        .iter()
        .map(|mapping| mapping.clause.as_str())
        .collect();
    ids.dedup();
    let known: BTreeSet<&str> = ids.iter().copied().collect();
    ids.extend(
        not_applicable
            .keys()
            .map(String::as_str)
            .filter(|id| !known.contains(id)),
    );
    ids.into_iter()
        .map(|id| {
            let mappings: Vec<_> = standard.of_clause(id).collect();
            let outcome = |control| outcomes.get(&control).copied().unwrap_or(Outcome::NotExamined);
            let deciding: Vec<(&str, Outcome)> = mappings
                .iter()
                .filter(|mapping| mapping.relation.decides())
                .map(|mapping| (mapping.control.as_str(), outcome(mapping.control)))
                .collect();
            let (result, reason) = of_parts(not_applicable.get(id).map(String::as_str), &deciding);
            RequirementResult {
                id: id.to_owned(),
                title: standard.title(id).to_owned(),
                outcome: result,
                extent: extent(mappings.iter().map(|mapping| mapping.relation)).to_owned(),
                reason,
                controls: mappings
                    .iter()
                    .map(|mapping| Part {
                        control: mapping.control.to_string(),
                        relation: mapping.relation.word().to_owned(),
                        mapping: mapping.status.word().to_owned(),
                        outcome: outcome(mapping.control),
                    })
                    .collect(),
            }
        })
        .collect()
}

/// Controls that decide a requirement and did not hold, least effort first, and among those the ones that most wait for.
#[must_use]
pub fn gaps(requirements: &[RequirementResult], controls: &[ControlResult]) -> Vec<Gap> {
    let mut waiting: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let open = |one: &&RequirementResult| matches!(one.outcome, Outcome::Failed | Outcome::NotExamined);
    for requirement in requirements.iter().filter(open) {
        let deciding = requirement
            .controls
            .iter()
            .filter(|part| part.relation != Relation::Related.word());
        for part in deciding.filter(|part| part.outcome != Outcome::Held) {
            waiting.entry(&part.control).or_default().push(requirement.id.clone());
        }
    }
    let mut gaps: Vec<Gap> = controls
        .iter()
        .filter_map(|control| {
            let requirements = waiting.remove(control.id.as_str())?;
            let (effort, how) = way(control);
            Some(Gap {
                control: control.id.clone(),
                effort,
                how,
                requirements,
            })
        })
        .collect();
    gaps.sort_by(|a, b| {
        (a.effort, b.requirements.len(), &a.control).cmp(&(b.effort, a.requirements.len(), &b.control))
    });
    gaps
}

/// What it takes for a control to hold.
fn way(result: &ControlResult) -> (Effort, String) {
    let Some(control) = ward_evidence::by_id(&result.id).filter(|control| control.status == Status::Stands) else {
        return (Effort::Planned, "Ward does not do this yet.".to_owned());
    };
    if result.outcome == Outcome::Failed {
        let what = result.evidence.iter().filter(|item| item.outcome == Outcome::Failed);
        let what: Vec<&str> = what.map(|item| item.what.as_str()).collect();
        return (Effort::Mend, what.join(" "));
    }
    let looked: Vec<&str> = result.evidence.iter().map(|item| item.what.as_str()).collect();
    if !looked.is_empty() {
        return (Effort::Configure, looked.join(" "));
    }
    (Effort::Examine, source_of(control))
}

/// Where evidence for a control that stands can come from.
fn source_of(control: &Control) -> String {
    let engines = scan::engines_of(control.id);
    if !engines.is_empty() {
        return format!(
            "Scan the project with the engines {} (`ward scan`).",
            engines.join(", ")
        );
    }
    let stage = control
        .enforced_by
        .iter()
        .any(|by| by.contains("serve") || by.contains("guard") || by.contains("stage"));
    let tests = "give the JUnit report of Ward's own tests (`--tests FILE`)";
    if stage {
        return format!("Name the data folder of a service that ran in the period (`--data DIR`), or {tests}.");
    }
    let mut sentence = tests.to_owned();
    if let Some(first) = sentence.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    sentence + "."
}

/// The requirements that a project's `ward.toml` excludes: `[attest.not-applicable.STANDARD]`, a clause and the reason.
///
/// # Errors
/// A sentence when the table has another shape, names an unknown standard or clause, or gives no reason.
pub fn not_applicable(config: Option<&toml::Value>, standard: &Standard) -> Result<BTreeMap<String, String>, String> {
    let mut all = BTreeMap::new();
    let named = config.and_then(toml::Value::as_table).into_iter().flatten();
    if named.map(|(id, _)| id).any(|id| ward_evidence::standard(id).is_none()) {
        return Err(
            "[attest.not-applicable] names a standard that Ward does not have; `ward attest --help` lists them".into(),
        );
    }
    let Some(table) = config.and_then(|config| config.get(standard.id)) else {
        return Ok(all);
    };
    let place = format!("[attest.not-applicable.{}]", standard.id);
    let table = table.as_table().ok_or_else(|| format!("{place} is no table"))?;
    for (id, reason) in table {
        let known = standard.requirements.iter().any(|one| one.id == *id)
            || standard.mappings.iter().any(|mapping| mapping.clause == *id);
        if !known {
            return Err(format!("{place} names a clause that {} does not have", standard.id));
        }
        let reason = reason.as_str().map(str::trim).filter(|reason| reason.len() >= 10);
        let reason = reason.ok_or_else(|| format!("{place} {id} gives no reason of ten letters or more"))?;
        all.insert(id.clone(), reason.to_owned());
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ward_evidence::{by_id, standard, standards};

    pub(crate) fn item(outcome: Outcome) -> Item {
        Item {
            source: Source::Scan,
            outcome,
            count: 1,
            what: "It was seen.".into(),
            places: vec![],
            proofs: vec![],
        }
    }

    #[test]
    fn of_what_is_planned_only_the_project_can_say_that_it_failed() {
        let check = |status, source, expect| {
            let failed = Item {
                source,
                ..item(Outcome::Failed)
            };
            assert_eq!(of_control(status, &[failed]), expect);
        };
        check("planned", Source::Scan, Outcome::NotExamined);
        check("planned", Source::Ledger, Outcome::NotExamined);
        check("planned", Source::Tests, Outcome::Failed);
        check("stands", Source::Scan, Outcome::Failed);
    }

    #[test]
    fn what_a_scan_did_not_see_no_pipeline_shows() {
        use Outcome::{Failed, Held, NotExamined};
        let of = |items: &[(Source, Outcome, &str)]| {
            let items: Vec<Item> = items
                .iter()
                .map(|(source, outcome, what)| Item {
                    source: *source,
                    what: (*what).to_owned(),
                    ..item(*outcome)
                })
                .collect();
            of_items(&items)
        };
        let unseen = (Source::Scan, NotExamined, "");
        let set_up = (Source::Policy, Held, CONFIGURED);
        assert_eq!(of(&[unseen, set_up]), NotExamined);
        assert_eq!(of(&[unseen, set_up, (Source::Tests, Held, "")]), Held);
        assert_eq!(
            of(&[unseen, (Source::Policy, Held, "The scan found no secrets.")]),
            Held
        );
        assert_eq!(of(&[(Source::Scan, Held, ""), set_up]), Held);
        assert_eq!(of(&[set_up]), Held);
        assert_eq!(of(&[unseen, (Source::Policy, Failed, "")]), Failed);
        let promise = |what| (Source::Policy, NotExamined, what);
        let clean = (Source::Scan, Held, "");
        let elsewhere = promise("A promise is not examined: Nothing that was read runs tests.");
        assert_eq!(of(&[clean, elsewhere]), NotExamined);
        assert_eq!(of(&[clean, elsewhere, (Source::Tests, Held, "")]), Held);
        assert_eq!(of(&[clean, elsewhere, (Source::Policy, Held, "It runs.")]), Held);
        assert_eq!(
            of(&[clean, promise("A promise is not examined: There are no advisories.")]),
            Held
        );
        assert_eq!(of(&[clean, promise("A promise is vague: It names no time.")]), Held);
    }

    fn inputs(id: &str, evidence: &[(&str, Outcome)], excluded: &[(&str, &str)]) -> Inputs {
        let mut all = Evidence::new();
        for (control, outcome) in evidence {
            all.entry(by_id(control).unwrap().id).or_default().push(item(*outcome));
        }
        Inputs {
            standard: standard(id).unwrap(),
            about: About {
                subject: "p".into(),
                made: "2026-01-02T03:04:05Z".into(),
                since: None,
                program: "ward".into(),
            },
            evidence: all,
            not_applicable: excluded
                .iter()
                .map(|(id, why)| ((*id).to_owned(), (*why).to_owned()))
                .collect(),
            sections: vec![],
            inputs: vec![],
            limits: vec![],
        }
    }

    #[test]
    fn without_evidence_nothing_holds_for_any_standard() {
        for standard in standards() {
            let made = join(inputs(standard.id, &[], &[]));
            assert_eq!((made.summary.held, made.summary.failed), (0, 0), "{}", standard.id);
            assert!(made.summary.not_examined > 0);
            assert!(
                made.controls
                    .iter()
                    .all(|control| control.outcome == Outcome::NotExamined)
            );
            let listed = made.requirements.len() + made.unmapped.len();
            let all = standard.requirements.iter().filter(|one| !one.heading).count();
            assert!(listed >= all, "{}: {listed} of {all}", standard.id);
        }
    }

    #[track_caller]
    fn check(evidence: &[(&str, Outcome)], id: &str, expect: Outcome) {
        let made = join(inputs("hipaa", evidence, &[("164.310(b)", "there is no workstation")]));
        let requirement = made.requirements.iter().find(|one| one.id == id).unwrap();
        assert_eq!(requirement.outcome, expect, "{}", requirement.reason);
    }

    #[test]
    fn a_requirement_holds_when_all_that_decides_it_held() {
        use Outcome::{Failed, Held, NotApplicable, NotExamined};
        let audit = "164.312(b)";
        check(&[("RUN-7a", Held), ("RUN-7b", Held), ("RUN-7c", Held)], audit, Held);
        check(&[("RUN-7a", Held), ("RUN-7b", Held)], audit, NotExamined);
        check(&[("RUN-7a", Held), ("RUN-7b", Failed), ("RUN-7c", Held)], audit, Failed);
        check(
            &[("RUN-7a", Held), ("RUN-7a", Failed), ("RUN-7b", Held), ("RUN-7c", Held)],
            audit,
            Failed,
        );
        check(
            &[
                ("RUN-7a", NotExamined),
                ("RUN-7a", Held),
                ("RUN-7b", Held),
                ("RUN-7c", Held),
            ],
            audit,
            Held,
        );
        // What is only related neither holds nor fails it.
        check(
            &[("RUN-7a", Held), ("RUN-7b", Held), ("RUN-7c", Held), ("RUN-7d", Failed)],
            audit,
            Held,
        );
        check(
            &[("DEP-1a", Held), ("CODE-1a", Held)],
            "164.308(a)(1)(ii)(A)",
            NotExamined,
        );
        check(&[], "164.310(b)", NotApplicable);
    }

    #[test]
    fn gaps_come_by_effort() {
        let evidence = [("RUN-7a", Outcome::NotExamined), ("DATA-3a", Outcome::Failed)];
        let made = join(inputs("hipaa", &evidence, &[]));
        let efforts: Vec<Effort> = made.gaps.iter().map(|gap| gap.effort).collect();
        assert!(efforts.is_sorted() && efforts.contains(&Effort::Mend) && efforts.contains(&Effort::Planned));
        let gap = |id: &str| made.gaps.iter().find(|gap| gap.control == id).unwrap();
        assert_eq!(gap("RUN-7a").effort, Effort::Configure);
        assert_eq!(gap("DATA-3a").effort, Effort::Mend);
        assert_eq!(gap("RUN-7b").effort, Effort::Examine);
        assert!(gap("MOD-1a").how.contains("models"), "{}", gap("MOD-1a").how);
        assert!(
            made.gaps
                .iter()
                .all(|gap| !gap.requirements.is_empty() && !gap.how.is_empty())
        );
    }

    #[test]
    fn exclusions_need_a_clause_and_a_reason() {
        let read = |text: &str| {
            let table: toml::Table = text.parse().unwrap();
            not_applicable(table.get("n"), standard("hipaa").unwrap())
        };
        let good = read("[n.hipaa]\n\"164.310(b)\" = \"No workstation stands here.\"").unwrap();
        assert_eq!(good.len(), 1);
        assert_eq!(
            read("[n.gdpr]\n\"1\" = \"Not read for this standard.\"").unwrap().len(),
            0
        );
        for bad in [
            "[n.hipaa]\n\"164.999\" = \"There is no such clause.\"",
            "[n.hipaa]\n\"164.310(b)\" = \"no\"",
            "[n.hipaa]\n\"164.310(b)\" = true",
            "[n]\nhipaa = 1",
            "[n.hippa]\n\"164.310(b)\" = \"No workstation stands here.\"",
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
