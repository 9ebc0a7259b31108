//! `ward policy init`: a policy that is true from the first day, and the configuration that makes it so.
//!
//! [`Answers`] come from flags, from questions, from an earlier run and from the repository; [`plan`] turns them into
//! files. Everything that is written stands in marked blocks with a hash: a block that somebody edited is theirs, and is
//! left as it is on the next run.

mod answers;
mod blocks;
mod diff;
mod files;
mod kinds;

pub use answers::{Answers, Given, MISSING_CONTACT, Supported};
pub use diff::unified;
pub use kinds::{Clocks, Ecosystem, Profile, Updates};

use std::collections::BTreeSet;

use crate::repository::Repository;

/// What becomes of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its path from the root, with `/`.
    pub path: String,
    /// What it is for, in a few words.
    pub what: &'static str,
    /// Its text now; none when there is no such file.
    pub before: Option<String>,
    /// Its text afterwards; none when it stays as it is.
    pub after: Option<String>,
    /// What was left alone, and why.
    pub kept: Vec<String>,
}

/// How edited and deleted blocks are treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Manner {
    /// Write blocks again that somebody edited or took out.
    pub replace: bool,
}

/// What would be written, file by file. Files that stay as they are stand there too, with what was kept in them.
///
/// Nothing in the repository is lost: a file that is not Ward's is left alone, or, where its format allows, gets a block
/// at its end.
#[must_use]
pub fn plan(repository: &Repository, answers: &Answers, manner: Manner) -> Vec<Change> {
    let mut written: BTreeSet<String> = answers.written.iter().cloned().collect();
    let (mut changes, mut held) = (Vec::new(), Vec::new());
    for file in files::measures(repository, answers) {
        let change = change(repository, answers, manner, &file, &mut written);
        let text = change.after.as_deref().or(change.before.as_deref()).unwrap_or_default();
        let there = file.blocks.iter().filter(|block| blocks::holds(&file, text, block));
        held.extend(there.filter(|_| file.lacks.is_none()).map(|block| block.name));
        changes.push(change);
    }
    let policy = files::policy(repository, answers, &held);
    changes.push(change(repository, answers, manner, &policy, &mut written));
    // The settings come last: they hold the list of all blocks that were ever written.
    let mut settings = files::settings(answers);
    let names = settings
        .blocks
        .iter()
        .map(|block| blocks::name(&settings.path, block.name));
    written.extend(names.collect::<Vec<_>>());
    answers::list_written(&mut settings, &written);
    changes.push(change(repository, answers, manner, &settings, &mut written));
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    changes
}

/// What becomes of one file; blocks that are Ward's are added to those that were written.
fn change(
    repository: &Repository,
    answers: &Answers,
    manner: Manner,
    file: &blocks::Wanted,
    written: &mut BTreeSet<String>,
) -> Change {
    let before = repository.text(&file.path).map(std::borrow::Cow::into_owned);
    let is_unread = before.is_none() && repository.files.contains_key(&file.path);
    let merged = if is_unread {
        let kept = vec!["it is there and was not read, so it was left alone".to_owned()];
        blocks::Merged {
            kept,
            ..blocks::Merged::default()
        }
    } else {
        blocks::merge(file, before.as_deref(), &answers.written, manner)
    };
    if merged.is_ours {
        written.extend(file.blocks.iter().map(|block| blocks::name(&file.path, block.name)));
    }
    let mut kept = merged.kept;
    kept.extend(file.lacks.map(str::to_owned));
    Change {
        path: file.path.clone(),
        what: file.what,
        after: merged.text.filter(|text| Some(text) != before.as_ref()),
        before,
        kept,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repository::File;

    fn with(files: &[(&str, &str)]) -> Repository {
        let mut repository = Repository {
            today: 20_000,
            slug: Some("github.com/ann/tool".to_owned()),
            ..Repository::default()
        };
        for (path, text) in files {
            put(&mut repository, path, text);
        }
        repository
    }

    fn put(repository: &mut Repository, path: &str, text: &str) {
        let file = File {
            bytes: Some(text.as_bytes().to_vec()),
            ..File::default()
        };
        repository.files.insert(path.to_owned(), file);
    }

    fn planned(repository: &Repository, given: Given) -> Vec<Change> {
        let answers = Answers::new(given, repository).unwrap();
        plan(repository, &answers, Manner::default())
    }

    fn apply(repository: &mut Repository, changes: &[Change]) -> usize {
        let mut count = 0;
        for change in changes {
            if let Some(after) = &change.after {
                put(repository, &change.path, after);
                count += 1;
            }
        }
        count
    }

    #[test]
    fn a_second_run_changes_nothing_and_an_edit_stays() {
        let mut repository = with(&[("pyproject.toml", "[project]\nname = 'tool'\nversion = '0.3.1'\n")]);
        let first = planned(&repository, Given::default());
        let paths: Vec<&str> = first.iter().map(|change| change.path.as_str()).collect();
        assert_eq!(
            paths,
            [
                ".github/CODEOWNERS",
                ".github/dependabot.yml",
                ".github/workflows/security.yml",
                ".gitignore",
                ".pre-commit-config.yaml",
                ".well-known/security.txt",
                "SECURITY.md",
                "ward.toml"
            ]
        );
        assert_eq!(apply(&mut repository, &first), 8);
        repository.today += 5;
        let second = planned(&repository, Given::default());
        assert_eq!(apply(&mut repository, &second), 0, "{second:?}");

        let text = repository
            .text("SECURITY.md")
            .unwrap()
            .replace("Send what you have", "Send all you have");
        put(&mut repository, "SECURITY.md", &text);
        repository.files.remove(".pre-commit-config.yaml");
        let given = || Given {
            profile: Some(Profile::SmallTeam),
            ..Given::default()
        };
        let third = planned(&repository, given());
        let of = |changes: &[Change], path: &str| changes.iter().find(|change| change.path == path).cloned().unwrap();
        let policy = of(&third, "SECURITY.md").after.unwrap();
        assert!(policy.contains("Send all you have") && policy.contains("10 business days"));
        let hook = of(&third, ".pre-commit-config.yaml");
        assert!(hook.after.is_none() && hook.kept.len() == 1);
        let answers = Answers::new(given(), &repository).unwrap();
        let anew = plan(&repository, &answers, Manner { replace: true });
        assert!(of(&anew, ".pre-commit-config.yaml").after.is_some());
        assert!(of(&anew, "SECURITY.md").after.unwrap().contains("Send what you have"));
    }

    #[test]
    fn what_somebody_else_wrote_is_left_or_added_to() {
        let repository = with(&[
            ("SECURITY.md", "# Ours\n"),
            (".gitignore", "build/\n"),
            ("ward.toml", "[scan]\nprofile = \"thorough\"\n"),
            ("docs/CODEOWNERS", "* @bob\n"),
        ]);
        let changes = planned(&repository, Given::default());
        let of = |path: &str| changes.iter().find(|change| change.path == path).unwrap();
        assert!(of("SECURITY.md").after.is_none() && of("SECURITY.md").kept.len() == 1);
        assert!(of("docs/CODEOWNERS").after.is_none());
        assert!(
            of(".gitignore")
                .after
                .as_ref()
                .unwrap()
                .starts_with("build/\n\n# ward:begin")
        );
        let settings = of("ward.toml").after.as_ref().unwrap();
        assert_eq!(settings.matches("[scan]").count(), 1);
        let table: toml::Table = settings.parse().unwrap();
        // Without a list every preset runs, those of laws too.
        assert!(table["disclose"].get("clocks").is_none());
        assert_eq!(
            table["policy"]["contact"].as_str(),
            Some("https://github.com/ann/tool/security/advisories/new")
        );
    }

    #[test]
    fn nothing_is_promised_that_stands_in_files_of_others() {
        let policy = |files: &[(&str, &str)], given: Given| {
            let changes = planned(&with(files), given);
            let of = |path: &str| changes.iter().find(|change| change.path == path).cloned();
            (
                of("SECURITY.md").unwrap().after.unwrap(),
                of(".gitlab/ward.yml"),
                changes,
            )
        };
        let gitlab = || Given {
            gitlab: Some(true),
            github: Some(false),
            ..Given::default()
        };
        let scans = |text: &str| text.contains("`ward scan` runs on");
        // Nothing there, or nothing of its kind: everything is promised.
        let (text, beside, _) = policy(&[("README.md", "# tool\n")], gitlab());
        assert!(scans(&text) && text.contains("Renovate proposes") && beside.is_none());
        let (text, beside, _) = policy(&[(".gitlab-ci.yml", "test:\n  script: [make test]\n")], gitlab());
        let beside = beside.unwrap();
        assert!(
            !scans(&text) && beside.kept[0].contains("include: [{local: .gitlab/ward.yml}]"),
            "{text}"
        );
        assert!(beside.after.as_ref().unwrap().contains("  stage: test\n") && text.contains("A pre-commit hook"));
        for include in [
            "/.gitlab/ward.yml",
            "[{local: .gitlab/ward.yml}]",
            "{local: /.gitlab/ward.yml}",
        ] {
            let main = format!("stages: [check, ship]\ninclude: {include}\n");
            let (text, beside, _) = policy(&[(".gitlab-ci.yml", &main)], gitlab());
            let beside = beside.unwrap();
            assert!(scans(&text) && beside.kept.is_empty(), "{include}");
            assert!(beside.after.unwrap().contains("  stage: check\n"));
        }
        for other in [
            "include: .gitlab/other.yml\n",
            "include: [{remote: 'https://a.dev/.gitlab/ward.yml'}]\n",
            "- a\n",
        ] {
            assert!(!scans(&policy(&[(".gitlab-ci.yml", other)], gitlab()).0), "{other}");
        }
        // On GitHub another workflow stands beside theirs.
        let theirs = [
            (".github/workflows/security.yml", "on: push\njobs: {}\n"),
            ("docs/CODEOWNERS", "* @b\n"),
        ];
        let (text, _, changes) = policy(&theirs, Given::default());
        assert!(scans(&text) && text.contains("the workflow `ward.yml`") && !text.contains("CODEOWNERS"));
        assert!(changes.iter().any(|change| change.path == ".github/workflows/ward.yml"));
        let (text, _, changes) = policy(&[("renovate.json", "{}\n")], Given::default());
        assert!(!text.contains("proposes") && !changes.iter().any(|change| change.path.contains("dependabot")));
        let (text, ..) = policy(&[(".github/dependabot.yml", "version: 2\n")], Given::default());
        assert!(!text.contains("proposes") && text.contains("the workflow `security.yml`"));
        let (text, ..) = policy(
            &[(".pre-commit-config.yaml", "repos: []\n"), (".gitignore", "build/\n")],
            Given::default(),
        );
        assert!(!text.contains("A pre-commit hook") && text.contains("are ignored by git"));
    }

    #[test]
    fn every_answer_gives_files_that_can_be_read() {
        for (gitlab, updates, service) in [
            (true, Updates::Renovate, Some("https://tool.example.org")),
            (false, Updates::None, None),
        ] {
            let given = Given {
                gitlab: Some(gitlab),
                github: Some(!gitlab),
                updates: Some(updates),
                service: service.map(str::to_owned),
                models: Some(true),
                owners: vec!["@ann".into(), "bob@example.org".into()],
                ..Given::default()
            };
            let changes = planned(
                &with(&[("a/requirements.txt", "x"), ("b/requirements.txt", "x")]),
                given,
            );
            for change in &changes {
                let text = change.after.as_ref().unwrap();
                assert!(!text.contains("{{ ") || text.contains("${{ "), "{}", change.path);
                if change.path.ends_with(".toml") {
                    text.parse::<toml::Table>().unwrap();
                }
                assert!(
                    text.ends_with('\n') && !text.contains("\n\n\n"),
                    "{}:\n{text}",
                    change.path
                );
            }
            let has = |path: &str| changes.iter().any(|change| change.path == path);
            assert_eq!(has(".gitlab-ci.yml"), gitlab);
            assert_eq!(has("renovate.json5"), updates == Updates::Renovate);
            assert!(!has(".github/dependabot.yml"));
        }
    }
}
