//! Bills of materials of an invented project: against the official schemas, against files that are kept, and against
//! themselves.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may fail loudly"
)]

#[path = "bom/schema.rs"]
mod schema;

use std::{collections::BTreeMap, fs, path::Path};

use schema::Schemas;
use serde_json::Value;
use ward_evidence::Location;
use ward_scan::{
    Blob, Fact, NotExamined, Project,
    advisories::Known,
    bom::{self, Bom, build, cyclonedx, diff, read, spdx},
    config::Config,
    config::Supplied,
    report::Findings,
};

fn kept(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(path)
}

fn schemas() -> Schemas {
    let files = [
        "bom-1.6.schema.json",
        "spdx.schema.json",
        "jsf-0.82.schema.json",
        "spdx-3.0.1.schema.json",
    ];
    let read = |name: &'static str| {
        (
            name,
            serde_json::from_slice(&fs::read(kept("schemas").join(name)).unwrap()).unwrap(),
        )
    };
    Schemas(files.into_iter().map(read).collect::<BTreeMap<_, _>>())
}

/// A safetensors file of one tensor.
fn weights() -> Vec<u8> {
    let table = r#"{"a":{"dtype":"BF16","shape":[2,3],"data_offsets":[0,12]}}"#;
    [&(table.len() as u64).to_le_bytes()[..], table.as_bytes(), &[0; 12]].concat()
}

/// The files of the invented project.
fn files() -> Vec<(&'static str, Vec<u8>)> {
    let text = |text: &str| text.as_bytes().to_vec();
    vec![
        (
            "pyproject.toml",
            text(
                "[project]\nname = \"invented\"\nversion = \"1.2\"\nlicense = \"MIT\"\ndependencies = [\"alpha>=2\", \"beta==1.0\"]\n",
            ),
        ),
        (
            "requirements.txt",
            text(&format!(
                "alpha==2.1 --hash=sha256:{}\nbeta==1.0; python_version < '3.9'\ngamma\n-e git+https://example.org/delta.git@0123456789012345678901234567890123456789#egg=delta\n",
                "0a".repeat(32)
            )),
        ),
        (
            "lib/site-packages/alpha-2.1.dist-info/METADATA",
            text("Name: alpha\nVersion: 2.1\nLicense-Expression: MIT OR Apache-2.0\n"),
        ),
        (
            "lib/site-packages/beta-1.0.dist-info/METADATA",
            text("Name: beta\nVersion: 1.0\nLicense: our own\n"),
        ),
        ("Dockerfile", text("FROM python:3.12-slim\n")),
        (
            ".github/workflows/ci.yml",
            text("on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v4\n"),
        ),
        (
            "package-lock.json",
            text(
                r#"{"name":"invented","lockfileVersion":3,"packages":{"":{"dependencies":{"@a/b":"^1"}},"node_modules/@a/b":{"version":"1.0.0","license":"ISC","dependencies":{"c":"*"}},"node_modules/c":{"version":"2.0.0","dev":true}}}"#,
            ),
        ),
        ("model/model.safetensors", weights()),
        (
            "model/config.json",
            text(r#"{"model_type":"llama","architectures":["LlamaForCausalLM"],"torch_dtype":"bfloat16"}"#),
        ),
        (
            "model/README.md",
            text(
                "---\nlicense: llama3.1\nlanguage: [en, de]\npipeline_tag: text-generation\ndatasets: [acme/notes]\nbase_model: acme/base-7b\nmodel-index:\n- name: Invented\n  results:\n  - dataset: {name: Notes}\n    metrics:\n    - {type: f1, value: 0.93}\n---\n# Model\n",
            ),
        ),
        (
            "data/README.md",
            text("---\nlicense: cc-by-4.0\ntask_categories: [text-classification]\npretty_name: Invented notes\n---\n"),
        ),
        (
            "use.py",
            text(
                "from transformers import AutoModel\nAutoModel.from_pretrained(\"acme/other\", revision=\"0123456789012345678901234567890123456789\")\n",
            ),
        ),
        ("Cargo.lock", text("version = [\n")),
    ]
}

fn bill(files: &[(&'static str, Vec<u8>)]) -> Bom {
    stated(files, &[])
}

fn stated(files: &[(&'static str, Vec<u8>)], stated: &[Supplied]) -> Bom {
    let (mut facts, mut unknown): (Vec<(Location, Fact)>, Vec<NotExamined>) = Default::default();
    for (path, bytes) in files {
        let mut findings = Findings::default();
        let blob = Blob::of_bytes(*path, bytes);
        (bom::ENGINE.scan)(&blob, &mut findings);
        assert!(findings.found.is_empty());
        facts.extend(findings.facts.into_iter().map(|fact| (Location::of_file(*path), fact)));
        unknown.extend(findings.not_examined);
    }
    facts.sort_by(|a, b| a.0.cmp(&b.0));
    let project = Project {
        facts: &facts,
        config: &Config::default(),
        nested: &[],
        advisories: &Known::None,
        today: 0,
    };
    let mut findings = Findings::default();
    (bom::ENGINE.conclude.unwrap())(&project, &mut findings);
    unknown.extend(findings.not_examined);
    build::build(&facts, unknown, "folder", stated)
}

#[track_caller]
fn golden(name: &str, value: &Value) {
    // The order of fields is that of the program that was built (other crates may ask for another one), and no matter either.
    let mut value = value.clone();
    value.sort_all_objects();
    // Nor is the version of Ward.
    let text = format!("{value:#}\n").replace(env!("CARGO_PKG_VERSION"), "VERSION");
    let file = kept("bom").join(name);
    if std::env::var_os("WARD_WRITE_GOLDEN").is_some() {
        fs::write(&file, &text).unwrap();
    }
    assert_eq!(
        text,
        fs::read_to_string(&file).unwrap(),
        "{name}; WARD_WRITE_GOLDEN=1 writes it anew"
    );
}

#[test]
fn what_is_written_is_valid_and_as_it_was() {
    let schemas = schemas();
    let bom = bill(&files());
    let cyclone = cyclonedx::value(&bom, 0);
    assert_eq!(schemas.fault("bom-1.6.schema.json", &cyclone), None);
    golden("invented.cdx.json", &cyclone);
    let spdx = spdx::value(&bom, 0);
    assert_eq!(schemas.fault("spdx-3.0.1.schema.json", &spdx), None);
    golden("invented.spdx.json", &spdx);
    // An empty project has a bill too.
    let empty = bill(&[]);
    assert_eq!(schemas.fault("bom-1.6.schema.json", &cyclonedx::value(&empty, 0)), None);
    assert_eq!(schemas.fault("spdx-3.0.1.schema.json", &spdx::value(&empty, 0)), None);
}

/// Conformance with the profiles AI and Dataset is claimed when all that they ask for is known, and only then.
#[test]
fn profiles_are_claimed_where_all_is_known() {
    let claimed = |document: &Value| -> Vec<String> {
        let all = document["@graph"].as_array().unwrap();
        let whole = all.iter().find(|one| one["type"] == "SpdxDocument").unwrap();
        serde_json::from_value(whole["profileConformance"].clone()).unwrap()
    };
    let without = spdx::value(&bill(&files()), 0);
    assert_eq!(claimed(&without), ["core", "software", "simpleLicensing"]);
    let names = [
        "model/model.safetensors",
        "acme/base-7b",
        "acme/other",
        "acme/notes",
        "data/README.md",
    ];
    let text: String = names
        .iter()
        .map(|name| {
            format!(
                "[[scan.supplied]]\nname = '{name}'\nsupplier = 'Acme'\nlocation = 'https://models.example.org/{name}'\n\
                version = '1'\nreleased = '2026-01-31'\nbuilt = '2026-01-30'\n"
            )
        })
        .collect();
    let all = Config::read(&text).unwrap().supplied;
    let document = spdx::value(&stated(&files(), &all), 0);
    assert_eq!(schemas().fault("spdx-3.0.1.schema.json", &document), None);
    assert_eq!(
        claimed(&document),
        ["core", "software", "simpleLicensing", "ai", "dataset"]
    );
    golden("invented.ai.spdx.json", &document);
    let graph = document["@graph"].as_array().unwrap();
    for one in graph {
        let needs: &[&str] = match one["type"].as_str().unwrap() {
            "ai_AIPackage" => &["suppliedBy", "software_packageVersion"],
            "dataset_DatasetPackage" => &["originatedBy", "builtTime", "dataset_datasetType"],
            _ => continue,
        };
        let always = ["releaseTime", "software_downloadLocation", "software_primaryPurpose"];
        for field in needs.iter().copied().chain(always) {
            assert!(one.get(field).is_some(), "{field} of {one}");
        }
        for kind in ["hasDeclaredLicense", "hasConcludedLicense"] {
            let of = |other: &&Value| other["relationshipType"] == kind && other["from"] == one["spdxId"];
            assert_eq!(graph.iter().filter(of).count(), 1, "{kind} of {}", one["name"]);
        }
    }
    // One that nobody speaks of is enough.
    let claims = claimed(&spdx::value(&stated(&files(), &all[..4]), 0));
    assert_eq!(claims, ["core", "software", "simpleLicensing", "ai"]);
}

/// The check itself finds what is wrong.
#[test]
fn what_is_not_valid_is_refused() {
    let schemas = schemas();
    let bom = bill(&files());
    for (pointer, value) in [
        ("/components/0/type", "thing"),
        ("/serialNumber", "1"),
        ("/metadata/lifecycles/0/phase", "x"),
        ("/compositions/0/aggregate", "all"),
    ] {
        let mut document = cyclonedx::value(&bom, 0);
        *document.pointer_mut(pointer).unwrap() = value.into();
        assert!(schemas.fault("bom-1.6.schema.json", &document).is_some(), "{pointer}");
    }
    for (pointer, value) in [
        ("/@graph/0/created", "today"),
        ("/@graph/3/type", "Thing"),
        ("/@graph/3/software_primaryPurpose", "x"),
        ("/@context", "x"),
    ] {
        let mut document = spdx::value(&bom, 0);
        *document.pointer_mut(pointer).unwrap() = value.into();
        assert!(
            schemas.fault("spdx-3.0.1.schema.json", &document).is_some(),
            "{pointer}"
        );
    }
    let mut document = spdx::value(&bom, 0);
    document["@graph"][3]["unheard_of"] = 1.into();
    assert!(schemas.fault("spdx-3.0.1.schema.json", &document).is_some());
}

#[test]
fn every_component_of_every_manifest_is_there() {
    let bom = bill(&files());
    let names: Vec<(&str, Option<&str>)> = bom
        .parts
        .values()
        .map(|part| (part.name.as_str(), part.version.as_deref()))
        .collect();
    for one in [
        ("alpha", Some("2.1")),
        ("beta", Some("1.0")),
        ("gamma", None),
        ("delta", None),
        ("python", None),
        ("actions/checkout", None),
        ("@a/b", Some("1.0.0")),
        ("c", Some("2.0.0")),
        ("acme/base-7b", None),
        ("acme/notes", None),
        ("Invented notes", None),
        ("Invented", None),
        ("acme/other", Some("0123456789012345678901234567890123456789")),
    ] {
        assert!(names.contains(&one), "{one:?} in {names:?}");
    }
    assert_eq!(
        (
            bom.subject.name.as_str(),
            bom.subject.version.as_deref(),
            bom.subject.licence.as_deref()
        ),
        ("invented", Some("1.2"), Some("MIT"))
    );
    // The lockfile that cannot be read is named, and so the bill is incomplete.
    assert!(bom.is_incomplete());
    assert_eq!(
        bom.unknown.iter().map(|one| one.at.path.as_str()).collect::<Vec<_>>(),
        ["Cargo.lock"]
    );
    let alpha = bom.parts.values().find(|part| part.name == "alpha").unwrap();
    let places: Vec<_> = alpha
        .places
        .iter()
        .map(|place| (place.path.as_str(), place.line, place.wanted.as_deref()))
        .collect();
    assert_eq!(
        places,
        [("pyproject.toml", 5, Some(">=2")), ("requirements.txt", 1, None)]
    );
    assert_eq!(alpha.licence.as_deref(), Some("MIT OR Apache-2.0"));
}

/// What lies in the project's own folders may have the name of something in a registry, and is not that.
#[test]
fn a_package_url_names_no_registry_for_what_is_local() {
    let text = |text: &str| text.as_bytes().to_vec();
    let bom = bill(&[
        (
            "Cargo.toml",
            text("[package]\nname='a'\n[dependencies]\nown={path='../own',version='1'}\nserde='1'\n"),
        ),
        (
            "b/Cargo.lock",
            text(
                "version=4\n[[package]]\nname='own'\nversion='1.5.0'\nsource='registry+https://github.com/rust-lang/crates.io-index'\n",
            ),
        ),
        (
            ".github/workflows/ci.yml",
            text(
                "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: ./build\n      - uses: actions/checkout@v4\n",
            ),
        ),
        ("package.json", text(r#"{"name":"root","workspaces":["p/*"]}"#)),
        ("p/lib/package.json", text(r#"{"name":"@acme/lib","version":"1.0.0"}"#)),
        ("p/shown/package.json", text(r#"{"name":"shown","version":"1.0.0"}"#)),
        (
            "p/app/package.json",
            text(r#"{"name":"app","dependencies":{"@acme/lib":"^1.0.0","express":"^4","shown":"^1"}}"#),
        ),
        (
            "site/package-lock.json",
            text(r#"{"lockfileVersion":3,"packages":{"node_modules/shown":{"version":"1.0.0"}}}"#),
        ),
    ]);
    let listed: Vec<(&str, Option<&str>)> = bom
        .parts
        .values()
        .map(|part| (part.name.as_str(), part.purl.as_deref()))
        .collect();
    for expect in [
        ("own", None),
        ("own", Some("pkg:cargo/own@1.5.0")),
        ("serde", Some("pkg:cargo/serde")),
        ("./build", None),
        ("actions/checkout", Some("pkg:github/actions/checkout")),
        ("@acme/lib", None),
        ("express", Some("pkg:npm/express")),
        ("shown", Some("pkg:npm/shown@1.0.0")),
    ] {
        assert!(listed.contains(&expect), "{expect:?} {listed:?}");
    }
    assert_eq!(listed.len(), 8, "{listed:?}");
}

#[test]
fn the_serial_number_is_that_of_the_content() {
    let (one, other) = (
        cyclonedx::value(&bill(&files()), 0),
        cyclonedx::value(&bill(&files()), 1_000),
    );
    assert_eq!(one["serialNumber"], other["serialNumber"]);
    assert_ne!(one["metadata"]["timestamp"], other["metadata"]["timestamp"]);
    assert_ne!(one["serialNumber"], cyclonedx::value(&bill(&[]), 0)["serialNumber"]);
}

#[test]
fn both_formats_list_the_same_and_differences_are_told() {
    let whole = bill(&files());
    let cyclone = read::read(cyclonedx::value(&whole, 0).to_string().as_bytes()).unwrap();
    let spdx = read::read(spdx::value(&whole, 0).to_string().as_bytes()).unwrap();
    let purls = |listed: &read::Listed| {
        listed
            .parts
            .keys()
            .filter(|key| key.starts_with("pkg:"))
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(purls(&cyclone), purls(&spdx));
    assert_eq!(cyclone.unknown, spdx.unknown);
    assert!(diff::of(&cyclone, &cyclone).is_empty());
    let mut fewer = files();
    fewer.retain(|(path, _)| *path != "use.py");
    for file in &mut fewer {
        if file.0 == "requirements.txt" {
            file.1 = String::from_utf8(file.1.clone())
                .unwrap()
                .replace("alpha==2.1", "alpha==2.0")
                .into_bytes();
        }
    }
    let before = read::read(cyclonedx::value(&bill(&fewer), 0).to_string().as_bytes()).unwrap();
    let diff = diff::of(&before, &cyclone);
    let names = |changes: &[diff::Change]| changes.iter().map(|one| one.component.clone()).collect::<Vec<_>>();
    assert_eq!(names(&diff.added), ["pkg:huggingface/acme/other"]);
    assert_eq!(names(&diff.versions), ["pkg:pypi/alpha"]);
    assert!(diff.removed.is_empty());
}

#[test]
fn a_list_that_is_taken_in_and_is_not_there_makes_the_bill_incomplete() {
    let list = ("requirements.txt", b"requests==2.32.3\n-r more.txt\n".to_vec());
    let lacking = bill(std::slice::from_ref(&list));
    assert!(lacking.is_incomplete());
    assert_eq!(lacking.unknown[0].at.to_string(), "requirements.txt:2:1");
    let document = cyclonedx::value(&lacking, 0);
    assert_eq!(document["compositions"][0]["aggregate"], "incomplete");
    assert!(!bill(&[list, ("more.txt", b"idna==3.7\n".to_vec())]).is_incomplete());
}
