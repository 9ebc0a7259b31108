//! Faults of what surrounds a program: the pipelines that build it, the images it runs in, the scripts and pages beside it.
//!
//! - [`pipeline`]: GitHub workflows, composite actions and GitLab pipelines as jobs and steps, for whoever wants to know
//!   what runs when (the rules here, and the reader of security policies).
//! - `workflow`: rules about pipelines; `container`: about Dockerfiles, compose files and Kubernetes objects; `command`:
//!   about commands wherever they stand, shell scripts first; `web`: about JavaScript and TypeScript.
//!
//! A rule is a [`RuleMeta`] with documentation beside the code that looks, and an `Example` with texts that break it and
//! texts that do not.

mod command;
mod container;
mod file;
pub mod pipeline;
mod shell;
mod shown;
mod web;
mod workflow;

use std::{borrow::Cow, sync::LazyLock};

use ward_evidence::RuleMeta;
use ward_formats::{Budget, ErrorKind, yaml::Yaml};

use crate::{Blob, Findings};
use file::{File, path_of};

/// Most bytes of one file. What is larger was made by a program.
const LARGEST: usize = 4 << 20;

/// What one file may cost as YAML.
const YAML: Budget = Budget {
    bytes: LARGEST,
    depth: 64,
    items: 400_000,
};

static RULES: LazyLock<Vec<&'static RuleMeta>> =
    LazyLock::new(|| [workflow::RULES, container::RULES, command::RULES, web::RULES].concat());

/// Every rule of this module.
#[must_use]
pub fn rules() -> &'static [&'static RuleMeta] {
    &RULES
}

/// What a file is, as its name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A GitHub workflow or action.
    GitHub,
    GitLab,
    Dockerfile,
    Compose,
    /// YAML that may hold Kubernetes objects.
    Yaml,
    Shell,
    /// JavaScript or TypeScript; true where elements of pages may stand in it.
    Web(bool),
}

fn kind(path: &str) -> Option<Kind> {
    let lower = path.to_ascii_lowercase();
    let name = lower.rsplit(['/', '\\']).next().unwrap_or_default();
    if let Some(stem) = name.strip_suffix(".yml").or_else(|| name.strip_suffix(".yaml")) {
        let in_folder = |folder: &str| {
            lower
                .split_once(folder)
                .is_some_and(|(before, after)| (before.is_empty() || before.ends_with('/')) && !after.contains('/'))
        };
        let hub = [".github/workflows/", ".gitea/workflows/", ".forgejo/workflows/"];
        return Some(if hub.iter().any(|folder| in_folder(folder)) || stem == "action" {
            Kind::GitHub
        } else if stem.ends_with(".gitlab-ci") || lower.contains(".gitlab/ci/") {
            Kind::GitLab
        } else if stem == "compose"
            || stem == "docker-compose"
            || stem.starts_with("compose.")
            || stem.starts_with("docker-compose")
        {
            Kind::Compose
        } else {
            Kind::Yaml
        });
    }
    let docker = ["dockerfile", "containerfile"];
    if docker.iter().any(|word| {
        name == *word
            || name
                .strip_suffix(word)
                .is_some_and(|stem| stem.ends_with(['.', '-', '_']))
            || name.strip_prefix(word).is_some_and(|rest| {
                rest.starts_with(['.', '-', '_'])
                    && ![".md", ".py", ".dockerignore", ".rs", ".txt", ".j2"]
                        .iter()
                        .any(|end| rest.ends_with(end))
            })
    }) {
        return Some(Kind::Dockerfile);
    }
    match name.rsplit_once('.')?.1 {
        "sh" | "bash" | "zsh" | "ksh" => Some(Kind::Shell),
        "js" | "mjs" | "cjs" | "jsx" | "tsx" => Some(Kind::Web(true)),
        "ts" | "mts" | "cts" if !name.contains(".d.") => Some(Kind::Web(false)),
        _ => None,
    }
}

/// Looks at a file when it is one of those this module knows, and says whether it was.
pub fn scan(blob: &Blob<'_>, findings: &mut Findings) -> bool {
    let path = path_of(blob);
    let Some(kind) = kind(path).or_else(|| shebang(blob)) else {
        return false;
    };
    if blob.content.is_empty() {
        return true;
    }
    let bytes = match blob.content.whole(LARGEST) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => {
            // A large file of data is no pipeline; whatever says that it is one, is named.
            let head = blob.content.at(0, 64 << 10).unwrap_or_default();
            if kind == Kind::Yaml && !may_be_kubernetes(&head) {
                return false;
            }
            let reason = "larger than 4 MiB: the rules for pipelines, containers and scripts did not look at it";
            findings.not_examined(blob.place.clone(), reason);
            return true;
        }
        Err(_) => {
            findings.not_examined(blob.place.clone(), "it could not be read");
            return true;
        }
    };
    if kind == Kind::Yaml && !may_be_kubernetes(&bytes) {
        return false;
    }
    let text = String::from_utf8_lossy(&bytes);
    match kind {
        Kind::Dockerfile => container::dockerfile(&mut File::new(blob, &text, findings)),
        Kind::Shell => {
            let mut file = File::new(blob, &text, findings);
            command::examine(&mut file, &text, command::Origin::Byte(0));
        }
        Kind::Web(jsx) => {
            let mut file = File::new(blob, &text, findings);
            if text.len() > web::LARGEST {
                file.not_examined(None, "a program of more than 1 MiB: no person wrote it");
            } else {
                web::examine(&mut file, jsx);
            }
        }
        Kind::GitHub | Kind::GitLab | Kind::Compose | Kind::Yaml => {
            let template = kind == Kind::Yaml && text.contains("{{");
            let text = if template { without_templates(text) } else { text };
            let mut file = File::new(blob, &text, findings);
            match Yaml::parse(text.as_bytes(), YAML) {
                Ok(yaml) => match kind {
                    Kind::GitHub => workflow::github(&mut file, &yaml),
                    Kind::GitLab => workflow::gitlab(&mut file, &yaml),
                    Kind::Compose => container::compose(&mut file, &yaml),
                    _ => container::kubernetes(&mut file, &yaml),
                },
                Err(error) => {
                    let at = file.at(error.at().min(text.len()));
                    let reason = match error.kind() {
                        ErrorKind::Budget => "YAML that costs too much to read",
                        ErrorKind::Encoding => "not valid UTF-8",
                        _ if template => "a template that is no YAML: render it and scan the result",
                        _ => "not valid YAML",
                    };
                    file.not_examined(Some(at), reason);
                }
            }
        }
    }
    true
}

fn may_be_kubernetes(bytes: &[u8]) -> bool {
    memchr::memmem::find(bytes, b"apiVersion").is_some() && memchr::memmem::find(bytes, b"kind").is_some()
}

/// A script without an ending that begins with `#!/bin/sh` or the like.
fn shebang(blob: &Blob<'_>) -> Option<Kind> {
    if blob.name().contains('.') || blob.content.len() < 8 {
        return None;
    }
    let head = blob.content.at(0, 64).ok()?;
    let line = head.strip_prefix(b"#!")?.split(|byte| *byte == b'\n').next()?;
    let line = std::str::from_utf8(line).ok()?;
    let program = line
        .split_whitespace()
        .map(|word| word.rsplit('/').next().unwrap_or(word));
    program
        .filter(|word| *word != "env")
        .any(|word| matches!(word, "sh" | "bash" | "zsh" | "dash" | "ksh"))
        .then_some(Kind::Shell)
}

/// The text of a Helm template with what is between `{{` and `}}` filled in by letters, so that most of it can be read as
/// YAML: lines that only steer go, values become words. Byte for byte as long as before.
fn without_templates(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.contains("{{") {
        return text;
    }
    let mut out = text.as_bytes().to_vec();
    let mut from = 0;
    while let Some(start) =
        memchr::memmem::find(text.as_bytes().get(from..).unwrap_or_default(), b"{{").map(|at| from + at)
    {
        let rest = text.as_bytes().get(start..).unwrap_or_default();
        let Some(length) = memchr::memmem::find(rest, b"}}").map(|at| at + 2) else {
            break;
        };
        let line_start =
            memchr::memrchr(b'\n', text.as_bytes().get(..start).unwrap_or_default()).map_or(0, |at| at + 1);
        let alone = text
            .get(line_start..start)
            .is_some_and(|before| before.trim().is_empty());
        let after = text.as_bytes().get(start + length..).unwrap_or_default();
        let ends = after
            .iter()
            .take_while(|byte| **byte != b'\n')
            .all(|byte| byte.is_ascii_whitespace());
        let fill = if alone && ends { b' ' } else { b'x' };
        for byte in out.get_mut(start..start + length).unwrap_or_default() {
            if *byte != b'\n' {
                *byte = fill;
            }
        }
        from = start + length;
    }
    match String::from_utf8(out) {
        Ok(filled) => Cow::Owned(filled),
        Err(_) => text,
    }
}

/// Texts that break a rule, and texts that do not.
#[cfg(test)]
pub(crate) struct Example {
    /// The rule's id.
    pub(crate) rule: &'static str,
    /// The name of the file the texts stand in.
    pub(crate) path: &'static str,
    /// Each breaks the rule.
    pub(crate) bad: &'static [&'static str],
    /// None does.
    pub(crate) good: &'static [&'static str],
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn found(path: &str, text: &str) -> (Vec<(&'static str, u32, bool)>, Vec<String>) {
        let mut findings = Findings::default();
        scan(&Blob::of_bytes(path, text.as_bytes()), &mut findings);
        let rules = findings.found.iter();
        let rules = rules.map(|found| (found.rule.id, found.at.line.unwrap_or(0), found.more.thorough));
        let problems = findings.not_examined.iter().map(|one| one.reason.to_string()).collect();
        (rules.collect(), problems)
    }

    #[test]
    fn every_rule_has_examples_that_break_it_and_that_do_not() {
        let mut shown = BTreeSet::new();
        let mut wrong = Vec::new();
        for example in workflow::EXAMPLES
            .iter()
            .chain(container::EXAMPLES)
            .chain(command::EXAMPLES)
            .chain(web::EXAMPLES)
        {
            let bad = example.bad.iter().map(|text| (text, true));
            for (text, expect) in bad.chain(example.good.iter().map(|text| (text, false))) {
                let (rules, problems) = found(example.path, text);
                if rules.iter().any(|(id, ..)| *id == example.rule) != expect || !problems.is_empty() {
                    wrong.push(format!(
                        "{}, expected {expect}, {rules:?} {problems:?}:\n{text}",
                        example.rule
                    ));
                }
            }
            assert!(!example.bad.is_empty() && !example.good.is_empty(), "{}", example.rule);
            shown.insert(example.rule);
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        for rule in rules() {
            assert_eq!(rule.fault(), None, "{}", rule.id);
            assert!(
                rule.docs.contains("**Instead:**") && rule.docs.contains("Source:"),
                "{}",
                rule.id
            );
            assert!(shown.contains(rule.id), "{} has no examples", rule.id);
        }
    }

    #[test]
    fn files_are_known_by_name() {
        for (path, expect) in [
            (".github/workflows/a.yml", Some(Kind::GitHub)),
            ("sub/.github/workflows/a.yaml", Some(Kind::GitHub)),
            (".github/workflows/data/a.yml", Some(Kind::Yaml)),
            (".github/actions/x/action.yml", Some(Kind::GitHub)),
            (".gitlab-ci.yml", Some(Kind::GitLab)),
            ("ci/build.gitlab-ci.yml", Some(Kind::GitLab)),
            ("docker-compose.dev.yml", Some(Kind::Compose)),
            ("compose.yaml", Some(Kind::Compose)),
            ("k8s/x.yaml", Some(Kind::Yaml)),
            ("Dockerfile", Some(Kind::Dockerfile)),
            ("a/gpu.Dockerfile", Some(Kind::Dockerfile)),
            ("Dockerfile.cuda", Some(Kind::Dockerfile)),
            ("dockerfile-gpu", Some(Kind::Dockerfile)),
            ("Dockerfile.md", None),
            ("mydockerfile", None),
            ("Dockerfile.dockerignore", None),
            ("run.sh", Some(Kind::Shell)),
            ("run.py", None),
        ] {
            assert_eq!(kind(path), expect, "{path}");
        }
        let script = Blob::of_bytes("bin/start", b"#!/usr/bin/env bash\nx\n");
        assert_eq!(shebang(&script), Some(Kind::Shell));
        assert_eq!(shebang(&Blob::of_bytes("bin/start", b"#!/usr/bin/python\n")), None);
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let (_, problems) = found(".github/workflows/a.yml", "a: [");
        assert_eq!(problems, ["not valid YAML"]);
        let (_, problems) = found("k.yaml", "apiVersion: v1\nkind: {{ .Kind }\n");
        assert_eq!(problems, ["a template that is no YAML: render it and scan the result"]);
        let (_, problems) = found(
            "k.yaml",
            "apiVersion: v1\nkind: {{ .Kind }}\n{{- if x }}\nspec: {{ y }}\n{{- end }}\n",
        );
        assert!(problems.is_empty());
        let large = "a".repeat(LARGEST + 1);
        assert!(found("values.yaml", &large).1.is_empty());
        assert_eq!(found("compose.yaml", &large).1.len(), 1);
    }

    #[test]
    fn a_number_behind_a_question_is_no_chain() {
        for text in [
            "x=/a?.5b/.test(y)?.01*z:\"?.2\"+`?.3${a?.5:b}`",
            "x=a?.5e3:b;y=a?.b;z=a?.[0];w=a?.(0);v=a?.05e-3:1",
            "x=a\n?.5\n:b // a?.5",
            "x=a?0.5:b",
        ] {
            assert!(found("a.js", text).1.is_empty(), "{text}");
            let told = format!("{text}\nrequire('child_process').exec(`ls ${{process.argv[2]}}`)\n");
            let (rules, problems) = found("a.js", &told);
            assert!(
                problems.is_empty() && !rules.is_empty(),
                "{told} {rules:?} {problems:?}"
            );
        }
        for text in ["x=a?.", "x=a?.5", "x=a?..5:b"] {
            assert_eq!(found("a.js", text).1.len(), 1, "{text}");
        }
    }

    #[test]
    fn tests_and_generated_files_are_quiet() {
        let text = "FROM python\nUSER 1\n";
        assert!(!found("Dockerfile", text).0.iter().any(|(.., thorough)| *thorough));
        for path in ["tests/Dockerfile", "examples/x/Dockerfile", "node_modules/x/Dockerfile"] {
            assert!(found(path, text).0.iter().all(|(.., thorough)| *thorough), "{path}");
        }
    }
}
