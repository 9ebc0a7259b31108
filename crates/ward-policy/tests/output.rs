//! Reports against the schemas that they are to follow: the official one of SARIF 2.1.0, and Ward's own of `--json`.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may fail loudly"
)]

// One reader of schemas serves the tests of two crates.
#[path = "../../ward-scan/tests/bom/schema.rs"]
mod schema;

use std::collections::BTreeMap;

use schema::Schemas;
use serde_json::Value;
use ward_policy::{
    output::{About, json, sarif},
    promise::{Actor, Frame, Modality, Place, Promise},
    read::Unmapped,
    report::{Judged, Remark, Report},
    repository::Scan,
    topic::Topic,
    verdict::{Proof, Proofs, Verdict},
};

const SARIF: &str = "sarif-schema-2.1.0.json";
const OWN: &str = "policy.schema.json";

fn schemas() -> Schemas {
    let mut official: Value = serde_json::from_str(include_str!("schemas/sarif-schema-2.1.0.json")).unwrap();
    // Draft 4 calls `$id` `id`; it limits nothing.
    official.as_object_mut().unwrap().remove("id");
    let own = serde_json::from_str(json::SCHEMA).unwrap();
    Schemas(BTreeMap::from([(SARIF, official), (OWN, own)]))
}

fn place(line: u32) -> Place {
    Place {
        path: "docs/a policy#1.md".into(),
        line,
        last_line: line + 1,
    }
}

/// A report in which every topic and every verdict occurs.
fn report() -> Report {
    let proofs = || {
        let proof = |line| Proof {
            path: ".github/workflows/ci.yml".into(),
            line,
            note: "what it shows".into(),
        };
        Proofs::of(vec![proof(Some(3)), proof(None)]).unwrap()
    };
    let verdicts = [
        Verdict::Kept {
            proofs: proofs(),
            limit: Some("no run was seen"),
        },
        Verdict::Kept {
            proofs: proofs(),
            limit: None,
        },
        Verdict::Broken(proofs()),
        Verdict::Weak(proofs()),
        Verdict::Contradictory(vec![place(9)]),
        Verdict::Vague,
        Verdict::Unverifiable {
            why: "people answer",
            would: "records",
        },
        Verdict::NotExamined("no git".into()),
        Verdict::Advice(Some(proofs())),
        Verdict::Advice(None),
        Verdict::Delegated,
    ];
    let actors = [Actor::Project, Actor::Users, Actor::Reporter, Actor::ThirdParty];
    let modalities = [Modality::Binding, Modality::Goal, Modality::Possible, Modality::Planned];
    let judged = Topic::ALL.iter().enumerate().map(|(number, topic)| {
        let frame = Frame {
            actor: actors[number % actors.len()],
            modality: modalities[number % modalities.len()],
            negated: false,
            tools: vec!["bandit"],
            frequency: None,
            within: None,
            severity: None,
            condition: None,
        };
        Judged {
            promise: Promise {
                text: format!("Sentence {number} \"<&>\u{202e}"),
                place: place(u32::try_from(number).unwrap()),
                headings: vec!["Security".into()],
                leads: Vec::new(),
                topic: *topic,
                frame,
            },
            control: (number % 5 != 0).then(|| topic.control().unwrap()),
            verdict: verdicts[number % verdicts.len()].clone(),
            message: "Why it is so.".into(),
            rule: if number % 2 == 0 { "policy-even" } else { "policy-odd" },
        }
    });
    let remark = |line, is_fault| Remark {
        rule: "policy-link-dead",
        path: "SECURITY.md".into(),
        line,
        message: "A link leads nowhere.".into(),
        is_fault,
    };
    Report {
        judged: judged.collect(),
        missing: Topic::ALL.to_vec(),
        remarks: vec![remark(0, true), remark(4, false)],
        unmapped: vec![Unmapped {
            text: "Fuzzers run around the clock.".into(),
            place: Place {
                path: "SECURITY.md".into(),
                line: 12,
                last_line: 12,
            },
        }],
        unmapped_more: 3,
        not_examined: vec![("a b/c".into(), "too long".into())],
        documents: vec!["SECURITY.md".into()],
        unread_policy: false,
    }
}

#[test]
fn reports_are_as_their_schemas_say() {
    let schemas = schemas();
    let scan = Scan {
        engines: vec!["code".into()],
        ..Scan::default()
    };
    for report in [report(), Report::default()] {
        for scan in [None, Some(&scan)] {
            let about = About {
                target: ".".into(),
                at: 1_700_000_000,
                scan,
            };
            assert_eq!(schemas.fault(SARIF, &sarif::value(&report, &about)), None);
            assert_eq!(schemas.fault(OWN, &json::value(&report, &about)), None);
        }
    }
}

#[test]
fn the_schemas_refuse_what_is_wrong() {
    let (schemas, about) = (schemas(), About::default());
    let mut log = sarif::value(&report(), &about);
    log["runs"][0]["results"][0]["kind"] = "good".into();
    assert!(schemas.fault(SARIF, &log).is_some());
    let mut value = json::value(&report(), &about);
    value["promises"][0]["verdict"] = "good".into();
    assert!(schemas.fault(OWN, &value).is_some());
    let mut value = json::value(&report(), &about);
    value["promises"][0].as_object_mut().unwrap().remove("evidence");
    assert!(schemas.fault(OWN, &value).is_some());
}

#[test]
fn fingerprints_are_all_different() {
    let report = report();
    let mut all = report.fingerprints();
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), count);
}
