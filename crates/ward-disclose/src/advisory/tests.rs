use serde_json::json;

use super::*;
use crate::{
    case::{Credit, Publication, Role, Step, Versions, What},
    report::{Channel, Report},
    score::{Assessment, Clinical, Exploitation},
};

const NOW: u64 = 1_795_348_800_000; // 2026-11-22T12:00:00Z

fn case(clinical: Clinical, cwe: &str) -> Case {
    let report = Report::from_text(Channel::Text, None, b"PLANTED: the reporter's own words").unwrap();
    let vectors = [
        "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H".to_owned(),
        "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N".to_owned(),
    ];
    let assessment = Assessment::new(&vectors, clinical, Exploitation::None, None, None, Some(cwe.to_owned())).unwrap();
    let versions = Versions {
        affected: ["v1.2.0", "v1.2.1", "v2.0.0", "v0.9.0"].map(str::to_owned).to_vec(),
        unaffected: ["v1.0.0", "v1.2.4"].map(str::to_owned).to_vec(),
        how: "tags".to_owned(),
        declined: false,
    };
    let credit = |name: &str, consent| What::Credited {
        credit: Credit {
            name: name.to_owned(),
            url: Some("https://ana.example".to_owned()),
            consent,
            how: None,
        },
    };
    let all = [
        What::Received {
            report: Box::new(report),
        },
        What::Assessed { assessment },
        What::Affected { versions },
        What::Fixed {
            line: "1.2".to_owned(),
            version: "v1.2.4".to_owned(),
        },
        What::Fixed {
            line: "2.x".to_owned(),
            version: "v2.0.1".to_owned(),
        },
        What::FixDeclined {
            line: "0.9".to_owned(),
            reason: "out of support".to_owned(),
        },
        credit("Ana Ruiz", true),
        credit("PLANTED who does not want to be named", false),
        What::Published {
            publication: Publication {
                places: vec!["https://acme.example/a".to_owned()],
                cve: None,
            },
        },
    ];
    let step = |(i, what)| Step {
        number: i,
        at_unix_ms: NOW,
        happened_unix_ms: None,
        by: "PLANTED-by".to_owned(),
        role: Role::Coordinator,
        what,
    };
    Case::from_steps("WD-2026-0001", (1..).zip(all).map(step).collect()).unwrap()
}

fn settings() -> Settings {
    Settings::read(
        "[disclose]\nproduct = \"Acme Triage\"\n[disclose.publisher]\nname = \"Acme\"\nnamespace = \"https://acme.example\"\n\
         advisories-url = \"https://acme.example/.well-known/csaf/\"\n[disclose.package]\necosystem = \"PyPI\"\nname = \"acme-triage\"\n\
         purl = \"pkg:pypi/acme-triage\"\ncpe = \"cpe:2.3:a:acme:triage:*:*:*:*:*:*:*:*\"\nrepository = \"https://git.acme.example/triage\"\n\
         [disclose.contact]\ncontact = [\"mailto:security@acme.example\"]\nlanguages = [\"en\", \"de\"]\n",
    )
    .unwrap()
}

fn draft() -> Draft {
    Draft::read(
        "title = \"Path traversal in the upload of records\"\nsummary = \"An upload can leave its folder.\"\n\
         description = \"\"\"\nThe name of a file is not checked.\n\"\"\"\nimpact = \"An attacker can write anywhere.\"\n\
         workaround = \"Turn uploads off.\"\ncve = \"CVE-2026-12345\"\nreferences = [\"https://acme.example/a\"]\n\
         introduced-commits = [\"0123456789abcdef0123456789abcdef01234567\"]\nfixed-commits = [\"89abcdef0123456789abcdef0123456789abcdef\"]\n",
    )
    .unwrap()
}

fn written(case: &Case) -> Vec<File> {
    files(case, &draft(), &settings(), &[NOW, NOW + 86_400_000]).unwrap().0
}

fn json_of(files: &[File], part: &str) -> Value {
    let file = files
        .iter()
        .find(|file| file.path.contains(part) && file.path.ends_with(".json"))
        .unwrap();
    serde_json::from_slice(&file.bytes).unwrap()
}

#[test]
fn a_tag_and_its_release_are_one_product() {
    let mut made = case(Clinical::None, "CWE-22");
    let tags = ["v1.0.0", "1.2.4", "release-2.0.1", "v2.0.10", "1.2.40"];
    made.versions.as_mut().unwrap().unaffected = tags.map(str::to_owned).to_vec();
    let csaf = json_of(&written(&made), "white/2026/wd-2026-0001");
    let status = &csaf["vulnerabilities"][0]["product_status"];
    assert_eq!(status["fixed"].as_array().unwrap().len(), 2);
    assert_eq!(status["known_not_affected"].as_array().unwrap().len(), 3, "{status}");
    assert_eq!(status["known_affected"].as_array().unwrap().len(), 4);
}

/// The rules of CSAF 2.0, section 6.1, that can be broken by what stands in a case; the rest of them follow from the
/// shape. The whole list is run by an outside validator.
#[test]
fn csaf_keeps_its_own_rules() {
    for (clinical, cwe, named) in [(Clinical::Harm, "CWE-22", true), (Clinical::None, "CWE-99999", false)] {
        let files = written(&case(clinical, cwe));
        let csaf = json_of(&files, "white/2026/wd-2026-0001");
        let names = |list: &Value| -> Vec<String> {
            list.as_array()
                .unwrap()
                .iter()
                .map(|id| id.as_str().unwrap().to_owned())
                .collect()
        };
        let branches = csaf
            .pointer("/product_tree/branches/0/branches/0/branches")
            .unwrap()
            .as_array()
            .unwrap();
        let defined: Vec<&str> = branches
            .iter()
            .map(|branch| branch["product"]["product_id"].as_str().unwrap())
            .collect();
        let vulnerability = &csaf["vulnerabilities"][0];
        let status = vulnerability["product_status"].as_object().unwrap();
        let all: Vec<String> = status.values().flat_map(&names).collect();
        let mut distinct = all.clone();
        distinct.sort();
        distinct.dedup();
        assert_eq!(distinct.len(), all.len(), "6.1.6: contradicting status");
        assert!(
            all.iter().all(|id| defined.contains(&id.as_str())),
            "6.1.1: undefined id"
        );
        assert_eq!(names(&status["known_affected"]).len(), 4);
        assert_eq!(names(&status["fixed"]).len(), 2);
        assert_eq!(
            names(&status["known_not_affected"]).len(),
            1,
            "a fixed version is not listed twice"
        );
        let history = csaf
            .pointer("/document/tracking/revision_history")
            .unwrap()
            .as_array()
            .unwrap();
        assert_eq!(history.len(), 2);
        assert_eq!(csaf.pointer("/document/tracking/version").unwrap(), "2");
        assert_eq!(vulnerability["scores"][0]["cvss_v3"]["baseScore"], json!(9.8));
        let cvss = vulnerability["scores"][0]["cvss_v3"].as_object().unwrap();
        assert_eq!(
            (cvss.len(), &cvss["attackVector"], &cvss["scope"]),
            (12, &json!("NETWORK"), &json!("UNCHANGED"))
        );
        assert_eq!(vulnerability["cwe"].is_object(), named);
        let remedies: Vec<&str> = vulnerability["remediations"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["category"].as_str().unwrap())
            .collect();
        assert_eq!(remedies, ["no_fix_planned", "vendor_fix", "vendor_fix", "workaround"]);
        assert_eq!(
            branches[0]["product"]["product_identification_helper"]["purl"],
            "pkg:pypi/acme-triage@1.2.0"
        );
        let hash = files.iter().find(|file| file.path.ends_with(".sha256")).unwrap();
        let sum = ward_seal::hash::hex(&ward_seal::hash::sha256(&files[0].bytes));
        assert_eq!(hash.bytes, format!("{sum}  wd-2026-0001.json\n").into_bytes());
    }
}

#[test]
fn nothing_private_becomes_public() {
    let case = case(Clinical::Privacy, "CWE-22");
    let mut files = written(&case);
    files.push(File {
        path: "hall".to_owned(),
        bytes: hall_of_fame(std::slice::from_ref(&case)).into_bytes(),
    });
    for file in &files {
        let text = String::from_utf8_lossy(&file.bytes);
        assert!(!text.contains("PLANTED"), "{}", file.path);
    }
    let hall = String::from_utf8_lossy(&files.last().unwrap().bytes).into_owned();
    assert!(hall.contains("[Ana Ruiz](https://ana.example), WD-2026-0001"), "{hall}");
}

#[test]
fn osv_and_vex_say_the_same() {
    let files = written(&case(Clinical::Delay, "CWE-22"));
    let osv = json_of(&files, "osv/");
    assert_eq!(
        (osv["id"].as_str(), osv["aliases"][0].as_str()),
        (Some("x_WD-2026-0001"), Some("CVE-2026-12345"))
    );
    let ranges = osv["affected"][0]["ranges"].as_array().unwrap();
    let expect = json!([
        {"type": "ECOSYSTEM", "events": [{"introduced": "1.2.0"}, {"fixed": "1.2.4"}]},
        {"type": "ECOSYSTEM", "events": [{"introduced": "2.0.0"}, {"fixed": "2.0.1"}]},
    ]);
    assert_eq!(json!(ranges[..2]), expect);
    assert_eq!(ranges[2]["type"], "GIT");
    assert_eq!(osv["severity"].as_array().unwrap().len(), 2);
    let vex = json_of(&files, "vex/");
    let states: Vec<&str> = vex
        .pointer("/vulnerabilities/0/affects/0/versions")
        .unwrap()
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["status"].as_str().unwrap())
        .collect();
    assert_eq!(
        states,
        [
            "affected",
            "affected",
            "affected",
            "affected",
            "unaffected",
            "unaffected",
            "unaffected"
        ]
    );
    assert_eq!(vex["serialNumber"].as_str().unwrap().len(), 45);
}

#[test]
fn what_is_missing_is_said() {
    let case = case(Clinical::None, "CWE-22");
    let error = files(&case, &draft(), &Settings::default(), &[NOW])
        .map(drop)
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Settings);
    let mut bare = settings();
    bare.package = crate::settings::Package::default();
    let (made, notes) = files(&case, &draft(), &bare, &[NOW]).unwrap();
    assert!(!made.iter().any(|file| file.path.starts_with("osv/")) && notes[0].contains("OSV was not written"));
    for (text, expect) in [
        ("title = \"x\"", "description"),
        ("title = \"x\"\ndescription = \"...\"", "description"),
        ("title = \"x\"\ndescription = \"y\"\ncve = \"2026-1\"", "CVE-"),
        (
            "title = \"x\"\ndescription = \"y\"\nreferences = [\"http://a\"]",
            "https",
        ),
        (
            "title = \"x\"\ndescription = \"y\"\nfixed-commits = [\"abc\"]",
            "commits",
        ),
        ("title = \"x\"\nbody = \"y\"", "line 2"),
    ] {
        assert!(Draft::read(text).unwrap_err().to_string().contains(expect), "{text}");
    }
    let template = Draft::template(&case);
    assert!(toml::from_str::<Draft>(&template).is_ok(), "{template}");
    assert!(Draft::read(&template).is_err(), "a template is not filled in");
}

#[test]
fn the_folder_lists_what_is_in_it() {
    let csaf = written(&case(Clinical::None, "CWE-22")).remove(0);
    let listed = Listed::read("2026/wd-2026-0001.json", &csaf.bytes).unwrap();
    assert!(Listed::read("x", b"{}").is_none());
    let files = index(&settings(), &[listed], instant(NOW));
    let text =
        |path: &str| String::from_utf8(files.iter().find(|file| file.path == path).unwrap().bytes.clone()).unwrap();
    assert_eq!(text("white/index.txt"), "2026/wd-2026-0001.json\n");
    assert_eq!(
        text("white/changes.csv"),
        "\"2026/wd-2026-0001.json\",\"2026-11-23T12:00:00Z\"\n"
    );
    assert!(text("provider-metadata.json").contains("https://acme.example/.well-known/csaf/white/"));
    assert!(text("white/csaf-feed-tlp-white.json").contains("\"rel\": \"hash\""));
    assert_eq!(index(&Settings::default(), &[], instant(NOW)).len(), 2);
}

/// DIS-1c: what is written conforms, and a warning comes before it is stale.
#[test]
fn security_txt_is_written_and_warned_of() {
    let now = instant(NOW);
    let written = SecurityTxt::write(&settings(), now).unwrap();
    assert_eq!(
        written.text,
        "Contact: mailto:security@acme.example\nExpires: 2027-11-21T00:00:00Z\nPreferred-Languages: en, de\n"
    );
    assert_eq!(Checked::read(&written.text, now, 30).problems, Vec::<String>::new());
    for (text, expect) in [
        (
            "Contact: mailto:a@b.example\nExpires: 2026-12-10T00:00:00Z",
            "stale in 17 days",
        ),
        (
            "Contact: mailto:a@b.example\nExpires: 2026-11-10T00:00:00Z",
            "has passed",
        ),
        (
            "Contact: mailto:a@b.example\nExpires: 2030-11-10T00:00:00Z",
            "more than a year",
        ),
        ("Contact: mailto:a@b.example\nExpires: soon", "no date"),
        ("Contact: mailto:a@b.example", "no Expires"),
        ("# x\nexpires: 2027-10-10T00:00:00Z", "no Contact"),
        (
            "Contact: x\nExpires: 2027-10-10T00:00:00Z\nExpires: 2027-10-11T00:00:00Z",
            "more than one",
        ),
    ] {
        let problems = Checked::read(text, now, 30).problems;
        assert!(
            problems.iter().any(|problem| problem.contains(expect)),
            "{text}: {problems:?}"
        );
    }
    for bad in [
        "contact = []",
        "contact = [\"a@b.example\"]",
        "contact = [\"mailto:a\\nExpires: x\"]",
        "contact = [\"mailto:a@b.example\"]\nexpires = \"2020-01-01\"",
    ] {
        let settings = Settings::read(&format!("[disclose.contact]\n{bad}\n")).unwrap();
        assert!(SecurityTxt::write(&settings, now).is_err(), "{bad}");
    }
}

#[test]
fn purls_and_cpes_take_a_version() {
    for (purl, expect) in [
        ("pkg:pypi/a", "pkg:pypi/a@1.0"),
        ("pkg:npm/%40scope/a?x=y", "pkg:npm/%40scope/a@1.0?x=y"),
        ("pkg:npm/@scope/a", "pkg:npm/@scope/a@1.0"),
        ("pkg:pypi/a@9", "pkg:pypi/a@1.0"),
    ] {
        assert_eq!(csaf::versioned(purl, "v1.0"), expect);
    }
    for (version, expect) in [
        ("v1.0", Some("1.0")),
        ("1.0+x", Some("1.0\\+x")),
        ("1.0 beta", None),
        ("", None),
    ] {
        let cpe = csaf::versioned_cpe("cpe:2.3:a:acme:triage:*:*:*:*:*:*:*:*", version);
        assert_eq!(
            cpe,
            expect.map(|version| format!("cpe:2.3:a:acme:triage:{version}:*:*:*:*:*:*:*")),
            "{version}"
        );
    }
    assert!(policy_text(&Settings::default()).contains("Good faith"));
}
