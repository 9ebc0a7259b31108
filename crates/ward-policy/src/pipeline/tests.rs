//! Workflows with what is to be found in each: `fixtures/pipelines/*.yml`, whose head says it.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::repository::{File, Git};

/// A fixture: a small repository, and what is expected of tools in it.
struct Fixture {
    name: String,
    repository: Repository,
    asked: Vec<Hollow>,
    /// Tool, word of the standing, reason.
    expect: Vec<(String, String, Option<Hollow>)>,
}

fn reason(word: &str) -> Hollow {
    *Hollow::ALL
        .iter()
        .find(|one| one.word() == word)
        .unwrap_or_else(|| panic!("no reason is called {word}"))
}

fn fixture(name: &str, text: &str) -> Fixture {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let mut git = Git {
        default_branch: Some("main".to_owned()),
        ..Git::default()
    };
    let (mut slug, mut asked, mut expect, mut at) = (None, Vec::new(), Vec::new(), String::new());
    for line in text.lines() {
        let Some((key, value)) = line.strip_prefix("#@ ").and_then(|rest| rest.split_once(": ")) else {
            let file = files.entry(at.clone()).or_default();
            file.push_str(line);
            file.push('\n');
            continue;
        };
        match key {
            "path" | "file" => at = value.to_owned(),
            "files" => files.extend(value.split(' ').map(|path| (path.to_owned(), "x\n".to_owned()))),
            "default" => git.default_branch = Some(value.to_owned()),
            "slug" => slug = Some(value.to_owned()),
            "asked" => asked.push(reason(value)),
            "expect" => {
                let words: Vec<&str> = value.split(' ').collect();
                expect.push((
                    words[0].to_owned(),
                    words[1].to_owned(),
                    words.get(2).map(|word| reason(word)),
                ));
            }
            key => panic!("{name}: {key}"),
        }
    }
    let file = |text: String| File {
        len: text.len() as u64,
        bytes: Some(text.into_bytes()),
        lfs: false,
    };
    let repository = Repository {
        files: files.into_iter().map(|(path, text)| (path, file(text))).collect(),
        git: Some(git),
        slug,
        ..Repository::default()
    };
    Fixture {
        name: name.to_owned(),
        repository,
        asked,
        expect,
    }
}

fn fixtures() -> Vec<Fixture> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/pipelines");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "yml"));
    paths.sort();
    paths
        .iter()
        .map(|path| {
            fixture(
                path.file_stem().unwrap().to_str().unwrap(),
                &std::fs::read_to_string(path).unwrap(),
            )
        })
        .collect()
}

#[test]
fn fixtures_are_judged_as_labelled() {
    let (mut wrong, mut seen, mut hollow, mut right, mut said) = (Vec::new(), BTreeSet::<Hollow>::new(), 0, 0, 0);
    let all = fixtures();
    assert!(all.len() >= 80);
    for one in &all {
        let pipelines = read(&one.repository);
        for (tool, word, reason) in &one.expect {
            let standing = pipelines.standing(tool, &one.asked);
            let (got, runs) = match &standing {
                Standing::Gates(runs) => ("gates", &runs[..]),
                Standing::Hollow(runs) => ("hollow", &runs[..]),
                Standing::Unknown(runs) => ("unknown", &runs[..]),
                Standing::Absent => ("absent", &[][..]),
            };
            hollow += usize::from(word == "hollow");
            said += usize::from(got == "hollow");
            right += usize::from(word == "hollow" && got == "hollow");
            let reasons: Vec<Hollow> = runs
                .iter()
                .flat_map(|run| run.hollow.iter().chain(&run.limits).copied())
                .collect();
            let found = reason.is_none_or(|reason| reasons.contains(&reason));
            seen.extend(reason);
            if got != word || !found {
                wrong.push(format!(
                    "{}: {tool} {word} {reason:?}, got {got} {reasons:?} {:?}",
                    one.name,
                    runs.iter().map(|run| run.unknown).collect::<Vec<_>>()
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong; hollow: {hollow} labelled, {said} said, {right} right\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    let unseen: Vec<_> = Hollow::ALL.iter().filter(|one| !seen.contains(one)).collect();
    assert!(unseen.is_empty(), "no fixture shows {unseen:?}");
}
