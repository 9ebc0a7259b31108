//! Labelled pipelines: small repositories as text, with what is to be found in each.
//!
//! Lines that begin with `#@ ` are read here, all others are the file that was named last:
//! `half: held out` (absent: tuned), `path:` and `file:` begin a file, `files:` names tracked files of one line,
//! `default:` the default branch, `slug:` the repository's name, `asked:` a limit that counts, `expect: TOOL gates`,
//! `expect: TOOL hollow REASON`, `expect: TOOL unknown`, `expect: TOOL absent`.

use std::{collections::BTreeMap, fs, path::Path};

use ward_policy::{
    pipeline::{self, Hollow, Standing},
    repository::{File, Git, Repository},
};

/// A fixture.
pub(crate) struct Fixture {
    pub(crate) name: String,
    pub(crate) held_out: bool,
    repository: Repository,
    asked: Vec<Hollow>,
    /// Tool, standing, reason.
    expect: Vec<(String, String, Option<Hollow>)>,
    /// Lines of its head that say nothing known.
    faults: Vec<String>,
}

fn reason(word: &str) -> Option<Hollow> {
    Hollow::ALL.iter().find(|one| one.word() == word).copied()
}

fn fixture(name: &str, text: &str) -> Fixture {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let mut git = Git {
        default_branch: Some("main".to_owned()),
        ..Git::default()
    };
    let (mut slug, mut asked, mut expect, mut at, mut held_out) = (None, Vec::new(), Vec::new(), String::new(), false);
    let mut faults = Vec::new();
    for line in text.lines() {
        let Some((key, value)) = line.strip_prefix("#@ ").and_then(|rest| rest.split_once(": ")) else {
            let file = files.entry(at.clone()).or_default();
            file.push_str(line);
            file.push('\n');
            continue;
        };
        match key {
            "half" => held_out = value == "held out",
            "path" | "file" => at = value.to_owned(),
            "files" => files.extend(value.split(' ').map(|path| (path.to_owned(), "x\n".to_owned()))),
            "default" => git.default_branch = Some(value.to_owned()),
            "slug" => slug = Some(value.to_owned()),
            "asked" => asked.extend(reason(value)),
            "expect" => {
                let words: Vec<&str> = value.split(' ').collect();
                match words[..] {
                    [tool, standing] => expect.push((tool.to_owned(), standing.to_owned(), None)),
                    [tool, standing, word] if reason(word).is_some() => {
                        expect.push((tool.to_owned(), standing.to_owned(), reason(word)));
                    }
                    _ => faults.push(format!("{name}: {line}")),
                }
            }
            _ => faults.push(format!("{name}: {line}")),
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
        held_out,
        repository,
        asked,
        expect,
        faults,
    }
}

/// Every fixture of a folder, by name.
pub(crate) fn all(folder: &Path) -> Vec<Fixture> {
    let mut paths: Vec<_> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "yml"))
        .collect();
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let name = path.file_stem().map(|name| name.to_string_lossy().into_owned());
        fixture(&name.unwrap_or_default(), &fs::read_to_string(path).unwrap_or_default())
    };
    paths.iter().map(read).collect()
}

/// What was counted.
#[derive(Debug, Default)]
pub(crate) struct Count {
    pub(crate) fixtures: usize,
    pub(crate) labels: usize,
    /// Labelled hollow, called hollow, both.
    pub(crate) hollow: usize,
    pub(crate) called: usize,
    pub(crate) both: usize,
    /// Labels whose standing and reason agree.
    pub(crate) agreed: usize,
    pub(crate) wrong: Vec<String>,
    /// Reasons that some label names.
    pub(crate) reasons: Vec<Hollow>,
}

impl Count {
    pub(crate) fn precision(&self) -> f64 {
        share(self.both, self.called)
    }

    pub(crate) fn recall(&self) -> f64 {
        share(self.both, self.hollow)
    }
}

pub(crate) fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

/// Reads a fixture and counts what agrees.
pub(crate) fn measure(fixture: &Fixture, count: &mut Count) {
    let pipelines = pipeline::read(&fixture.repository);
    count.fixtures += 1;
    count.wrong.extend(fixture.faults.iter().cloned());
    for (tool, word, reason) in &fixture.expect {
        let standing = pipelines.standing(tool, &fixture.asked);
        let (got, runs) = match &standing {
            Standing::Gates(runs) => ("gates", &runs[..]),
            Standing::Hollow(runs) => ("hollow", &runs[..]),
            Standing::Unknown(runs) => ("unknown", &runs[..]),
            Standing::Absent => ("absent", &[][..]),
        };
        count.labels += 1;
        count.hollow += usize::from(word == "hollow");
        count.called += usize::from(got == "hollow");
        count.both += usize::from(word == "hollow" && got == "hollow");
        let reasons: Vec<Hollow> = runs
            .iter()
            .flat_map(|run| run.hollow.iter().chain(&run.limits).copied())
            .collect();
        count.reasons.extend(reason);
        if got == word && reason.is_none_or(|reason| reasons.contains(&reason)) {
            count.agreed += 1;
        } else {
            let why: Vec<_> = runs.iter().map(|run| run.unknown).collect();
            count.wrong.push(format!(
                "{}: {tool} {word} {reason:?}, got {got} {reasons:?} {why:?}",
                fixture.name
            ));
        }
    }
}
