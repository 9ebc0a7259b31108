//! Who proposes updates: Dependabot or Renovate, for the ecosystems that are there.

use std::fmt::Write as _;

use super::{block, existing, hashed};
use crate::{
    init::{
        answers::Answers,
        blocks::{Comment, Wanted},
        kinds::{Ecosystem, Updates},
    },
    repository::Repository,
};

/// Where Dependabot reads its settings.
const DEPENDABOT: &[&str] = &[".github/dependabot.yml", ".github/dependabot.yaml"];
/// Where Renovate reads them.
const RENOVATE: &[&str] = &[
    "renovate.json5",
    "renovate.json",
    ".github/renovate.json5",
    ".github/renovate.json",
    ".renovaterc",
];

/// Whether Renovate proposes updates already, and Dependabot does not.
pub(in crate::init) fn is_renovated(repository: &Repository) -> bool {
    let has = |paths: &[&str]| paths.iter().any(|path| repository.files.contains_key(*path));
    has(RENOVATE) && !has(DEPENDABOT)
}

pub(super) fn file(repository: &Repository, answers: &Answers) -> Option<Wanted> {
    match answers.updates {
        Updates::Dependabot => {
            let path = existing(repository, DEPENDABOT);
            Some(hashed(
                path,
                "updates of dependencies, every week",
                vec![block("updates", dependabot(answers))],
            ))
        }
        Updates::Renovate => {
            let text = "{\n  $schema: \"https://docs.renovatebot.com/renovate-schema.json\",\n  \
                        extends: [\"config:recommended\"],\n  schedule: [\"before 6am on monday\"],\n}\n";
            Some(Wanted {
                comment: Comment::Slashes,
                ..hashed(
                    existing(repository, RENOVATE),
                    "updates of dependencies, every week",
                    vec![block("updates", text.to_owned())],
                )
            })
        }
        Updates::None => None,
    }
}

fn dependabot(answers: &Answers) -> String {
    let mut ecosystems = answers.ecosystems.clone();
    if answers.github {
        ecosystems.insert(Ecosystem::GithubActions, vec!["/".to_owned()]);
    }
    let mut out = String::from("version: 2\nupdates:\n");
    for (ecosystem, folders) in &ecosystems {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "  - package-ecosystem: \"{}\"", ecosystem.word());
        let quoted = |folder: &String| format!("\"{}\"", folder.replace(['"', '\\'], ""));
        let _ = match folders.as_slice() {
            [one] => writeln!(out, "    directory: {}", quoted(one)),
            several => writeln!(
                out,
                "    directories: [{}]",
                several.iter().map(quoted).collect::<Vec<_>>().join(", ")
            ),
        };
        out.push_str("    schedule:\n      interval: \"weekly\"\n    cooldown:\n      default-days: 7\n");
    }
    out
}
