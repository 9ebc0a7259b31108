//! Attestations against the schemas, and against somebody who changes them.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may fail loudly"
)]
#![expect(unreachable_pub, reason = "the fuzz body is shared with the fuzz target")]

#[path = "../../../fuzz/bodies/attestation.rs"]
mod attestation;
#[path = "../../ward-scan/tests/bom/schema.rs"]
mod schema;

use std::{collections::BTreeMap, fs, path::Path};

use schema::Schemas;
use serde_json::Value;
use ward_evidence::{by_id, standard, standards};
use ward_policy::attest::{
    Attestation, Evidence, Inputs, SCHEMA,
    document::{About, Effort, Input, Item, Outcome, Section, Source},
    html, join, oscal, pdf, text, verify,
};

const RESULTS: &str = "oscal_assessment-results_schema.json";
const PLAN: &str = "oscal_assessment-plan_schema.json";
const OURS: &str = "attest.schema.json";

fn schemas() -> Schemas {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas");
    let kept = |name: &'static str| {
        (
            name,
            serde_json::from_slice(&fs::read(folder.join(name)).unwrap()).unwrap(),
        )
    };
    Schemas(BTreeMap::from([
        kept(RESULTS),
        kept(PLAN),
        (OURS, serde_json::from_str(SCHEMA).unwrap()),
    ]))
}

fn item(source: Source, outcome: Outcome) -> Item {
    Item {
        source,
        outcome,
        count: 3,
        what: "What was seen,\nin two lines <&>.".into(),
        places: vec!["src/a.py:3 (code/x, high)".into()],
        proofs: vec![],
    }
}

fn made(id: &str, evidence: &[(&str, Outcome)], excluded: &[&str]) -> Attestation {
    let mut all = Evidence::new();
    for (at, (control, outcome)) in evidence.iter().enumerate() {
        let source = [Source::Scan, Source::Policy, Source::Ledger, Source::Tests][at % 4];
        all.entry(by_id(control).unwrap().id)
            .or_default()
            .push(item(source, *outcome));
    }
    join(Inputs {
        standard: standard(id).unwrap(),
        about: About {
            subject: "a project <with> \"a\" name".into(),
            made: "2026-01-02T03:04:05Z".into(),
            since: Some("2025-01-01T00:00:00Z".into()),
            program: "ward 0".into(),
        },
        evidence: all,
        not_applicable: excluded
            .iter()
            .map(|id| ((*id).to_owned(), "it does not concern us".to_owned()))
            .collect(),
        sections: vec![Section {
            title: "Bill".into(),
            outcome: Outcome::NotExamined,
            lines: vec!["one".into()],
        }],
        inputs: vec![Input {
            kind: "scan".into(),
            name: "s.json".into(),
            digest: "sha256:0".into(),
            more: String::new(),
        }],
        limits: vec![],
    })
}

/// With every outcome in it.
fn mixed() -> Attestation {
    let evidence = [
        ("RUN-7a", Outcome::Held),
        ("RUN-7b", Outcome::Held),
        ("RUN-7c", Outcome::Held),
        ("DATA-3a", Outcome::Failed),
        ("MOD-1a", Outcome::NotExamined),
    ];
    made("hipaa", &evidence, &["164.310(b)", "164.308(b)(1)"])
}

#[test]
fn every_format_passes_its_schema_for_every_standard() {
    let schemas = schemas();
    let check = |made: &Attestation| {
        let id = &made.standard.id;
        assert_eq!(schemas.fault(RESULTS, &oscal::results(made)), None, "{id}");
        assert_eq!(schemas.fault(PLAN, &oscal::plan(made)), None, "{id}");
        assert_eq!(schemas.fault(OURS, &serde_json::to_value(made).unwrap()), None, "{id}");
    };
    check(&mixed());
    check(&made(
        "cra",
        &[("SEC-1a", Outcome::Held), ("DEP-1a", Outcome::Failed)],
        &[],
    ));
    for standard in standards() {
        // The plan holds the names of all requirements, and little else.
        let made = made(standard.id, &[("SEC-1a", Outcome::Held)], &[]);
        assert_eq!(schemas.fault(PLAN, &oscal::plan(&made)), None, "{}", standard.id);
    }
    let everything: Vec<&str> = standard("slsa")
        .unwrap()
        .requirements
        .iter()
        .map(|one| one.id.as_str())
        .collect();
    check(&made("slsa", &[], &everything));
}

#[test]
fn the_schemas_refuse_what_is_no_such_document() {
    let schemas = schemas();
    let (results, ours) = (oscal::results(&mixed()), serde_json::to_value(mixed()).unwrap());
    for (file, good, pointer, bad) in [
        (RESULTS, &results, "/assessment-results/import-ap", Value::from(1)),
        (RESULTS, &results, "/assessment-results/results/0/uuid", "no".into()),
        (
            RESULTS,
            &results,
            "/assessment-results/results/0/findings/0/target/status/state",
            "perhaps".into(),
        ),
        (OURS, &ours, "/requirements/0/outcome", "compliant".into()),
        (OURS, &ours, "/controls/0/outcome", "not_applicable".into()),
    ] {
        let mut changed = good.clone();
        *changed.pointer_mut(pointer).unwrap() = bad;
        assert!(schemas.fault(file, &changed).is_some(), "{pointer}");
    }
}

#[test]
fn oscal_says_satisfied_of_what_held_alone() {
    let made = mixed();
    let results = oscal::results(&made);
    let result = &results["assessment-results"]["results"][0];
    let states: BTreeMap<String, String> = result["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            let target = &one["target"];
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            (text(&target["target-id"]), text(&target["status"]["state"]))
        })
        .collect();
    let count = |outcome| made.requirements.iter().filter(|one| one.outcome == outcome).count();
    assert_eq!(states.len(), count(Outcome::Held) + count(Outcome::Failed));
    assert_eq!(states["hipaa_164.312_b"], "satisfied");
    assert_eq!(states["hipaa_164.312_a_2_iv"], "not-satisfied");
    let excluded = result["reviewed-controls"]["control-selections"][0]["exclude-controls"]
        .as_array()
        .unwrap();
    assert_eq!(excluded.len(), 2);
    let methods = result["observations"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["methods"][0] == "UNKNOWN");
    assert!(methods.count() >= count(Outcome::NotExamined));
    let mut tokens: Vec<&Value> = Vec::new();
    for one in result["reviewed-controls"]["control-selections"][0]["include-controls"]
        .as_array()
        .unwrap()
    {
        assert!(!tokens.contains(&&one["control-id"]), "{one}");
        tokens.push(&one["control-id"]);
    }
}

#[test]
fn an_outcome_that_does_not_follow_is_noticed() {
    let good = mixed();
    assert_eq!(verify::faults(&good), Vec::<String>::new());
    assert_eq!(verify::other_mappings(&good), None);
    for outcome in Outcome::ALL {
        for at in 0..good.requirements.len() {
            let mut changed = good.clone();
            let was = std::mem::replace(&mut changed.requirements[at].outcome, outcome);
            // What is not applicable is the project's word, and cannot be derived.
            let derived = was == outcome || outcome == Outcome::NotApplicable;
            let counted = was == outcome;
            assert_eq!(
                verify::faults(&changed).is_empty(),
                derived && counted,
                "{} {outcome:?}",
                good.requirements[at].id
            );
        }
        for at in (0..good.controls.len()).filter(|_| outcome != Outcome::NotApplicable) {
            let mut changed = good.clone();
            let was = std::mem::replace(&mut changed.controls[at].outcome, outcome);
            assert_eq!(verify::faults(&changed).is_empty(), was == outcome);
        }
    }
    let mut dropped = good.clone();
    let failed = dropped
        .requirements
        .iter_mut()
        .find(|one| one.outcome == Outcome::Failed)
        .unwrap();
    failed.controls.retain(|part| part.outcome != Outcome::Failed);
    assert!(verify::other_mappings(&dropped).is_some());
}

#[test]
fn no_format_says_that_anything_complies() {
    let made = mixed();
    let page = html::render(&made);
    let all = [
        made.to_text().unwrap(),
        text::render(&made, true),
        text::render(&made, false),
        page.clone(),
    ];
    for one in &all {
        let lower = one.to_lowercase();
        for word in ["compliant", "complies", "certified", "conforms"] {
            assert!(!lower.contains(word), "{word}");
        }
        assert!(lower.contains("no finding of compliance"));
    }
    // Nothing of the project gets into the page unescaped, and the page asks for nothing.
    assert!(page.contains("a project &lt;with&gt;") && !page.contains("<with>"));
    assert!(!page.contains("http:") && !page.contains("https:") && !page.contains("<script"));
    assert!(pdf::render(&made).starts_with(b"%PDF-"));
    assert!(made.gaps.is_sorted_by_key(|gap| gap.effort) && made.gaps.iter().any(|gap| gap.effort == Effort::Mend));
}

#[test]
fn the_same_evidence_gives_the_same_bytes_and_reads_back() {
    let (one, two) = (mixed(), mixed());
    let text = one.to_text().unwrap();
    assert_eq!(text, two.to_text().unwrap());
    assert_eq!(oscal::results(&one), oscal::results(&two));
    assert_eq!(pdf::render(&one), pdf::render(&two));
    assert_eq!(Attestation::read(text.as_bytes()).unwrap(), one);
    let other = text.replacen("ward-attestation/1", "ward-attestation/2", 1);
    assert!(Attestation::read(other.as_bytes()).is_err() && Attestation::read(b"{}").is_err());
}

#[test]
fn damaged_files_are_read_without_harm() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/attestation");
    let mut files: Vec<Vec<u8>> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| fs::read(entry.unwrap().path()).unwrap())
        .collect();
    assert!(files.len() > 3, "the corpus is there");
    files.push(
        made("slsa", &[("CODE-4b", Outcome::Held)], &[])
            .to_text()
            .unwrap()
            .into_bytes(),
    );
    for file in files {
        attestation::run(&file);
        let step = (file.len() / 12).max(1);
        for at in (0..file.len()).step_by(step) {
            attestation::run(&file[..at]);
            for byte in [b'"', b'<', b'/', 0xff, b'{'] {
                let mut changed = file.clone();
                changed[at] = byte;
                attestation::run(&changed);
            }
        }
    }
}
