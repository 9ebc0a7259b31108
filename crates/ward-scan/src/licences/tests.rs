//! Every rule with files that break it and files that do not.

use ward_evidence::Location;

use super::ENGINE;
use crate::{
    Blob, Fact, Findings, Project,
    config::Config,
    inventory::{Component, Ecosystem, Manifest, Origin, Scope, Version},
};

/// Files of a project, and the rules that are broken by it.
struct Case {
    files: &'static [(&'static str, &'static str)],
    config: &'static str,
    /// Components of a manifest: name and licence.
    components: &'static [(&'static str, &'static str)],
    found: &'static [&'static str],
    not_examined: usize,
}

const NO: Case = Case {
    files: &[],
    config: "",
    components: &[],
    found: &[],
    not_examined: 0,
};
const MIT_PROJECT: (&str, &str) = ("pyproject.toml", "[project]\nname = 'a'\nlicense = 'MIT'\n");
const GPL_PACKAGE: (&str, &str) = (
    "lib/site-packages/g-1.dist-info/METADATA",
    "Name: g\nVersion: 1\nLicense-Expression: GPL-3.0-only\n",
);
const LISTS: &str = "[scan.licences]\nallow = ['MIT']\nask = ['MPL-2.0']\ndeny = ['AGPL-3.0-only']\n";

const CASES: &[Case] = &[
    Case {
        files: &[MIT_PROJECT],
        components: &[("a", "AGPL-3.0-only")],
        config: LISTS,
        found: &["licences/denied"],
        ..NO
    },
    Case {
        files: &[MIT_PROJECT],
        components: &[("a", "AGPL-3.0-only OR MIT")],
        config: LISTS,
        ..NO
    },
    Case {
        files: &[MIT_PROJECT],
        components: &[("a", "MPL-2.0"), ("b", "ISC"), ("c", "MIT")],
        config: LISTS,
        found: &["licences/ask", "licences/ask"],
        ..NO
    },
    Case {
        files: &[MIT_PROJECT, GPL_PACKAGE],
        found: &["licences/incompatible"],
        ..NO
    },
    Case {
        files: &[
            ("pyproject.toml", "[project]\nlicense = 'GPL-3.0-or-later'\n"),
            GPL_PACKAGE,
        ],
        ..NO
    },
    Case {
        files: &[GPL_PACKAGE],
        found: &["licences/incompatible"],
        ..NO
    },
    Case {
        files: &[MIT_PROJECT],
        components: &[("a", "LGPL-3.0-only"), ("b", "MPL-2.0"), ("c", "Apache-2.0")],
        ..NO
    },
    Case {
        files: &[
            MIT_PROJECT,
            ("src/a.c", concat!("// SPDX-License-", "Identifier: GPL-2.0-only\n")),
        ],
        found: &["licences/incompatible"],
        ..NO
    },
    Case {
        files: &[
            MIT_PROJECT,
            ("src/a.c", concat!("// SPDX-License-", "Identifier: MIT\n")),
        ],
        ..NO
    },
    Case {
        files: &[("README.md", "---\nlicense: cc-by-nc-4.0\npipeline_tag: x\n---\n")],
        found: &["licences/non-commercial"],
        ..NO
    },
    Case {
        files: &[("README.md", "---\nlicense: cc-by-4.0\npipeline_tag: x\n---\n")],
        ..NO
    },
    Case {
        files: &[("README.md", "---\nlicense: llama3.1\n---\n")],
        found: &["licences/use-restricted"],
        ..NO
    },
    Case {
        files: &[("README.md", "---\nlicense: apache-2.0\n---\n")],
        ..NO
    },
    Case {
        files: &[("README.md", "---\npipeline_tag: x\n---\n")],
        found: &["licences/none"],
        ..NO
    },
    Case {
        files: &[("x.dist-info/METADATA", "Name: a\nLicense: Proprietary\n")],
        found: &["licences/none"],
        ..NO
    },
    Case {
        files: &[("x.dist-info/METADATA", "Name: a\nLicense: MIT\n")],
        ..NO
    },
    Case {
        files: &[("pyproject.toml", "[project]\nlicense = {text = 'see website'}\n")],
        found: &["licences/unreadable"],
        not_examined: 1,
        ..NO
    },
    Case {
        files: &[("pyproject.toml", "[project]\nlicense = {text = 'LicenseRef-Ours'}\n")],
        ..NO
    },
    // No expression of SPDX, where one is meant.
    Case {
        files: &[("package.json", r#"{"license": "MIT OR"}"#)],
        found: &["licences/unreadable"],
        not_examined: 1,
        ..NO
    },
    Case {
        files: &[(
            "src/a.c",
            concat!("// SPDX-License-", "Identifier: MIT WITH no-such-exception\n"),
        )],
        found: &["licences/unreadable"],
        not_examined: 1,
        ..NO
    },
    Case {
        files: &[("package.json", r#"{"license": "SEE LICENSE IN terms.txt"}"#)],
        found: &["licences/unreadable"],
        not_examined: 1,
        ..NO
    },
    Case {
        files: &[
            ("a/package.json", r#"{"license": "SEE LICENSE IN LICENSE"}"#),
            ("a/LICENSE", "MIT"),
        ],
        ..NO
    },
    Case {
        files: &[
            ("LICENSE", "MIT"),
            ("p/a/package.json", r#"{"license": "SEE LICENSE IN ../../LICENSE"}"#),
            ("p/b/package.json", r#"{"license": "SEE LICENSE IN <LICENSE>"}"#),
            ("p/b/LICENSE", "MIT"),
            ("p/c/package.json", r#"{"license": "SEE LICENSE IN ./license.md"}"#),
            ("p/c/LICENSE.md", "MIT"),
        ],
        found: &["licences/unreadable", "licences/unreadable", "licences/unreadable"],
        ..NO
    },
    // What lies above all that is scanned, and what is not there.
    Case {
        files: &[
            ("LICENSE", "MIT"),
            ("a/package.json", r#"{"license": "SEE LICENSE IN ../../LICENSE"}"#),
            ("b/package.json", r#"{"license": "SEE LICENSE IN ../c/LICENSE"}"#),
        ],
        found: &["licences/unreadable", "licences/unreadable"],
        not_examined: 2,
        ..NO
    },
    // A bracket that nothing closes.
    Case {
        files: &[("package.json", r#"{"license": "MIT AND (ISC"}"#)],
        found: &["licences/unreadable"],
        not_examined: 1,
        ..NO
    },
    Case {
        files: &[MIT_PROJECT],
        components: &[("a", "(MIT OR ISC"), ("b", "(MIT OR ISC)"), ("c", "BSD (3 clause)")],
        found: &["licences/unreadable"],
        not_examined: 1,
        ..NO
    },
    Case {
        files: &[("src/a.c", concat!("// SPDX-License-", "Identifier: )MIT(\n"))],
        found: &["licences/unreadable"],
        not_examined: 1,
        ..NO
    },
    Case {
        files: &[MIT_PROJECT],
        components: &[("a", "our own")],
        found: &["licences/unreadable"],
        not_examined: 1,
        ..NO
    },
    // What nothing tells is not examined, and never allowed.
    Case {
        files: &[MIT_PROJECT],
        components: &[("a", ""), ("b", "")],
        not_examined: 1,
        ..NO
    },
    Case {
        files: &[MIT_PROJECT],
        components: &[("a", "")],
        config: LISTS,
        not_examined: 1,
        ..NO
    },
    Case {
        config: "[scan.licences]\nallow = ['Mitt']\n",
        not_examined: 1,
        ..NO
    },
    Case {
        files: &[(
            "LICENSE",
            "You may read this on Sundays, when the author is at home and in a good mood.",
        )],
        not_examined: 1,
        ..NO
    },
    Case {
        files: &[("README.md", "---\nlicense: [\n---\n")],
        not_examined: 1,
        ..NO
    },
];

fn run(files: &[(&str, &str)], components: &[(&str, &str)], config: &str) -> Findings {
    let mut findings = Findings::default();
    let mut facts: Vec<(Location, Fact)> = Vec::new();
    for (path, text) in files {
        let mut of_file = Findings::default();
        (ENGINE.scan)(&Blob::of_bytes(*path, text.as_bytes()), &mut of_file);
        facts.extend(of_file.facts.into_iter().map(|fact| (Location::of_file(*path), fact)));
        findings.not_examined.extend(of_file.not_examined);
    }
    if !components.is_empty() {
        let component = |(at, (name, licence)): (usize, &(&str, &str))| Component {
            ecosystem: Ecosystem::PyPI,
            name: (*name).to_owned(),
            version: Version::Exact("1".to_owned()),
            origin: Origin::Registry,
            hashes: Vec::new(),
            scope: Scope::Run,
            direct: Some(true),
            needs: Vec::new(),
            licence: Some((*licence).to_owned()).filter(|one| !one.is_empty()),
            line: u32::try_from(at + 1).unwrap(),
            span: None,
            marker: None,
            noted: None,
        };
        let manifest = Manifest {
            format: "requirements.txt",
            lock: false,
            project: None,
            components: components.iter().enumerate().map(component).collect(),
            ..Manifest::default()
        };
        facts.push((
            Location::of_file("requirements.txt"),
            Fact::Manifest(Box::new(manifest)),
        ));
    }
    facts.sort_by(|a, b| a.0.cmp(&b.0));
    let config = Config::read(config).unwrap();
    let project = Project {
        facts: &facts,
        config: &config,
        advisories: &crate::advisories::Known::None,
        today: 20_000,
        nested: &[],
    };
    (ENGINE.conclude.unwrap())(&project, &mut findings);
    findings
}

#[test]
fn every_rule_has_cases_of_both_kinds() {
    for (at, case) in CASES.iter().enumerate() {
        let findings = run(case.files, case.components, case.config);
        let found: Vec<_> = findings.found.iter().map(|one| one.rule.id).collect();
        let notes: Vec<_> = findings.found.iter().map(|one| &one.note).collect();
        assert_eq!(
            (found.as_slice(), findings.not_examined.len()),
            (case.found, case.not_examined),
            "case {at}: {notes:?} {:?}",
            findings.not_examined
        );
    }
    for rule in super::rules::RULES {
        let broken = CASES.iter().any(|case| case.found.contains(&rule.id));
        assert!(
            broken
                || [&super::rules::CHANGED, &super::rules::CONTRADICTION]
                    .iter()
                    .any(|one| one.id == rule.id),
            "{} has no case",
            rule.id
        );
    }
    assert!(
        CASES
            .iter()
            .filter(|case| case.found.is_empty() && case.not_examined == 0)
            .count()
            >= 8
    );
}

#[test]
fn texts_are_compared_with_what_manifests_say() {
    let mit = spdx::license_id("MIT").unwrap().text();
    let apache = spdx::license_id("Apache-2.0").unwrap().text();
    let changed = format!("{mit}\nThe Software may not be used for commercial purposes.\n");
    let ids = |files: &[(&str, &str)]| {
        run(files, &[], "")
            .found
            .iter()
            .map(|one| one.rule.id)
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&[MIT_PROJECT, ("LICENSE", mit)]), [""; 0]);
    assert_eq!(ids(&[MIT_PROJECT, ("LICENSE", apache)]), ["licences/contradiction"]);
    assert_eq!(ids(&[MIT_PROJECT, ("LICENSE", apache), ("LICENSE-MIT", mit)]), [""; 0]);
    assert_eq!(ids(&[MIT_PROJECT, ("LICENSE", &changed)]), ["licences/text-changed"]);
    assert_eq!(
        ids(&[
            MIT_PROJECT,
            (
                "third_party/x/LICENSE",
                spdx::license_id("GPL-3.0-only").unwrap().text()
            )
        ]),
        ["licences/incompatible"]
    );
}
