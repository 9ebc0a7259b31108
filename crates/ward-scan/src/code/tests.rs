//! Rules against their examples, and the engine as a whole.

mod flows;
mod view;

use super::*;
use crate::{Blob, Findings};

fn ids(path: &str, program: &str) -> Vec<(&'static str, u32, u32)> {
    let mut findings = Findings::default();
    scan(&Blob::of_bytes(path, program.as_bytes()), &mut findings);
    findings
        .found
        .iter()
        .map(|found| (found.rule.id, found.at.line.unwrap_or(0), found.at.column.unwrap_or(0)))
        .collect()
}

#[test]
fn every_rule_finds_its_bad_examples_and_nothing_in_its_good_ones() {
    let mut wrong = Vec::new();
    for rule in rules::all() {
        let id = rule.meta.id;
        assert!(
            !rule.bad.is_empty() && !rule.good.is_empty(),
            "{id} needs examples of both kinds"
        );
        assert!(rule.meta.docs.contains("Source:"), "{id} names no source");
        for (examples, expect) in [(rule.bad, true), (rule.good, false)] {
            for example in examples {
                let mut findings = Findings::default();
                // What begins like a line for the shell can only stand in a notebook.
                if example.starts_with(['!', '%']) {
                    let book = serde_json::json!({"cells": [{"cell_type": "code", "source": [example]}]}).to_string();
                    scan(&Blob::of_bytes("a.ipynb", book.as_bytes()), &mut findings);
                } else {
                    scan(&Blob::of_bytes("a.py", example.as_bytes()), &mut findings);
                }
                assert!(findings.not_examined.is_empty(), "{id} does not parse: {example}");
                conclude_alone(&mut findings);
                let found = findings.found.iter().any(|found| std::ptr::eq(found.rule, &rule.meta));
                if found != expect {
                    wrong.push(format!("{id} {expect}: {example}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n---\n"));
}

/// What the file says alone, as if it were the whole project.
fn conclude_alone(findings: &mut Findings) {
    let facts = findings.facts.drain(..).map(|fact| (Location::of_file("a.py"), fact));
    let facts: Vec<_> = facts.collect();
    conclude(&facts, findings);
}

/// What all facts of a project show together.
fn conclude(facts: &[(Location, crate::Fact)], findings: &mut Findings) {
    let project = crate::Project {
        advisories: &crate::advisories::Known::None,
        facts,
        config: &crate::config::Config::default(),
        nested: &[],
        today: 0,
    };
    flow::conclude(&project, findings);
}

/// What is found in the files of a project, by rule and line, sorted.
fn of_project(files: &[(&str, &str)]) -> Vec<(&'static str, u32)> {
    let mut findings = Findings::default();
    let mut facts = Vec::new();
    for (path, program) in files {
        scan(&Blob::of_bytes(*path, program.as_bytes()), &mut findings);
        facts.extend(findings.facts.drain(..).map(|fact| (Location::of_file(*path), fact)));
    }
    conclude(&facts, &mut findings);
    // That a shell is used at all is said by a rule of its own.
    let shown = findings
        .found
        .iter()
        .filter(|found| !found.more.thorough && found.rule.id != "code/shell");
    let mut found: Vec<_> = shown.map(|found| (found.rule.id, found.at.line.unwrap_or(0))).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// What only all files of a project together show, with the places of the way.
fn project(files: &[(&str, &str)]) -> Vec<(String, String, Vec<String>)> {
    let mut facts = Vec::new();
    for (path, program) in files {
        let mut findings = Findings::default();
        scan(&Blob::of_bytes(*path, program.as_bytes()), &mut findings);
        assert!(findings.not_examined.is_empty(), "{path}");
        let own = findings.facts.drain(..).map(|fact| (Location::of_file(*path), fact));
        facts.extend(own);
    }
    let mut findings = Findings::default();
    conclude(&facts, &mut findings);
    assert!(findings.not_examined.is_empty());
    findings
        .found
        .iter()
        .map(|found| {
            let way = found.more.flow.iter().map(|step| step.at.to_string()).collect();
            (found.rule.id.to_owned(), found.at.to_string(), way)
        })
        .collect()
}

#[track_caller]
fn check_project(files: &[(&str, &str)], expect: &[(&str, &str, &[&str])]) {
    let found = project(files);
    let found: Vec<_> = found
        .iter()
        .map(|(id, at, way)| {
            (
                id.as_str(),
                at.as_str(),
                way.iter().map(String::as_str).collect::<Vec<_>>(),
            )
        })
        .collect();
    let expect: Vec<_> = expect.iter().map(|(id, at, way)| (*id, *at, way.to_vec())).collect();
    assert_eq!(found, expect);
}

#[track_caller]
fn check(program: &str, expect: &[(&str, u32, u32)]) {
    assert_eq!(ids("a.py", program), expect, "{program}");
}

#[test]
fn names_are_followed_through_imports_scopes_and_objects() {
    const T: &str = "ml/torch-load";
    check("import torch\n\nx = torch.load(p)", &[(T, 3, 5)]);
    check("import torch as t\nt.load(p)", &[(T, 2, 1)]);
    check("from torch import *\nload(p)", &[(T, 2, 1)]);
    check(
        "import torch\ndef f():\n    l = torch.load\n    return l(p)",
        &[(T, 4, 12)],
    );
    check("def f():\n    return torch.load(p)\nimport torch", &[(T, 2, 12)]);
    check(
        "try:\n    import torch\nexcept ImportError:\n    torch = None\ntorch.load(p)",
        &[(T, 5, 1)],
    );
    check("import torch\ntorch = fake()\ntorch.load(p)", &[]);
    check("def f(torch):\n    torch.load(p)", &[]);
    check(
        "import torch\nclass A:\n    def torch(self):\n        torch.load(p)",
        &[(T, 4, 9)],
    );
    check("import torch\n[torch.load(p) for p in ps]", &[(T, 2, 2)]);
    check("import torch\n[torch.load(p) for torch in ps]", &[]);
    check("getattr(__import__('torch'), 'load')(p)", &[(T, 1, 1)]);
    check(
        "import importlib\nt = importlib.import_module('torch')\nt.load(p)",
        &[(T, 3, 1)],
    );
    check("import torch\nkw = {'weights_only': True}\ntorch.load(p, **kw)", &[]);
    check(
        "import torch\nkw = {'weights_only': False}\ntorch.load(p, **kw)",
        &[(T, 3, 1)],
    );
    check("é = 1; import torch; torch.load(p)", &[(T, 1, 22)]);
    check("def f():\n    torch.load(p)\ndef f():\n    import torch", &[(T, 2, 5)]);
}

#[test]
fn what_does_not_parse_is_reported_and_the_rest_examined() {
    for program in [
        "import torch\ntorch.load(p)\nx = = 1\ntorch.load(q)\n",
        "import torch\ntorch.load(p)\nprint 'a'\ntorch.load(q)\n",
        "import torch\ntorch.load(p)\nexec 'a' in b\ntorch.load(q)\n",
    ] {
        let mut findings = Findings::default();
        scan(&Blob::of_bytes("a.py", program.as_bytes()), &mut findings);
        assert_eq!(findings.found.len(), 2, "{program}");
        assert_eq!(findings.not_examined.len(), 1, "{program}");
        assert!(findings.not_examined[0].at.line.is_some());
    }
}

#[test]
fn a_generated_file_of_many_megabytes_is_told() {
    let program = "x = 'nobody wrote this line'\n".repeat(200_000);
    let mut findings = Findings::default();
    scan(&Blob::of_bytes("gen.py", program.as_bytes()), &mut findings);
    let told: Vec<_> = findings.not_examined.iter().map(|one| &*one.reason).collect();
    assert_eq!(
        told,
        ["a Python file of more than 4 MiB; split it, or accept that it is not examined"]
    );
}

#[test]
fn nesting_bombs_are_refused_or_survived() {
    for (program, refused) in [
        (format!("{}1{}", "(".repeat(2_000), ")".repeat(2_000)), false),
        (format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000)), true),
        ("(".repeat(100_000), true),
        (format!("x = 1{}", " + 1".repeat(2_500)), false),
        (format!("x = 1{}", " + 1".repeat(100_000)), true),
        (format!("x = {}1", "-".repeat(100_000)), true),
        (format!("x = {}1", "lambda: ".repeat(2_500)), false),
        (format!("x = {}y", "not ".repeat(100_000)), true),
        (format!("x{}", ".a".repeat(2_500)), false),
        (format!("f\"{}{}\"", "{f'".repeat(500), "'}".repeat(500)), false),
        (format!("f'{}'", "{(".repeat(50_000)), true),
        ((0..1_000).map(|n| format!("{}if a:\n", " ".repeat(n))).collect(), false),
        (format!("x = {}", "f(".repeat(50_000)), true),
    ] {
        let mut findings = Findings::default();
        scan(&Blob::of_bytes("a.py", program.as_bytes()), &mut findings);
        let said = findings.not_examined.iter().any(|one| one.reason == TOO_DEEP);
        assert_eq!(said, refused, "{}", program.get(..40).unwrap_or_default());
    }
}

#[test]
fn a_notebook_is_examined_with_cells_named() {
    let book = r#"{"cells": [
{"cell_type": "code", "source": ["import torch\n", "%pip install x\n", "!ls\n"]},
{"cell_type": "code", "source": [
  "y = torch.load(p)\n"]}]}"#;
    let mut findings = Findings::default();
    scan(&Blob::of_bytes("a.ipynb", book.as_bytes()), &mut findings);
    assert!(findings.not_examined.is_empty());
    let found = &findings.found[0];
    assert_eq!((found.at.line, found.at.column), (Some(4), Some(5)));
    assert_eq!(found.details, ["cell 2, line 1"]);
    assert_eq!(found.more.excerpt.as_deref(), Some("y = torch.load(p)"));
}
