//! `ward policy init`: questions, a diff, and files.

use std::{
    fs,
    io::{self, BufRead as _, IsTerminal as _, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, anyhow, bail};
use serde_json::json;
use ward_policy::{
    init::{self, Answers, Change, Given, Manner, Profile, Supported, Updates, unified},
    repository::{File, Repository},
};
use ward_scan::output::harmless;

use super::{gather, git};
use crate::{
    cli::policy::{Init, Updater},
    exit::Exit,
    terminal,
};

/// Longest answer to a question.
const MAX_ANSWER: u64 = 4_096;
/// How often one question is asked.
const MOST_TRIES: usize = 5;
/// What a profile may be.
const PROFILES: &str = "a profile is standard, strict or small-team";

/// Plans and writes the files of a policy.
///
/// # Errors
/// When nothing says where to report, an answer cannot be meant, or a file cannot be written.
pub(super) fn run(args: &Init) -> Result<Exit> {
    let root = gather::root(args.path.as_deref())?;
    let mut repository = gather::read(&root)?.repository;
    also_untracked(&root, &mut repository)?;
    let mut given = given(args)?;
    given.committer = git::committer(&root);
    let asks = io::stdin().is_terminal() && terminal::is_watched() && !args.yes && !args.json;
    if asks {
        ask(&mut given, &repository)?;
    }
    let answers = Answers::new(given, &repository).map_err(|why| anyhow!(why))?;
    let changes = init::plan(&repository, &answers, Manner { replace: args.replace });
    let writing: Vec<&Change> = changes.iter().filter(|change| change.after.is_some()).collect();
    let sure = !args.dry_run && (args.yes || args.apply);
    if args.json {
        terminal::json(&as_json(&changes, &answers, sure))?;
    } else {
        show(&changes)?;
    }
    for note in &answers.notes {
        terminal::note(&harmless(note));
    }
    if answers.ward_repository.is_none() && (answers.github || answers.gitlab) {
        terminal::note(
            "the pipeline gets Ward from the variables WARD_REPOSITORY and WARD_COMMIT of the forge's settings and fails until \
             they are set; --ward-repository and --ward-commit write them into the file",
        );
    }
    if writing.is_empty() {
        terminal::note("nothing to write: everything is as it would be written, or was left alone");
        return Ok(Exit::Clean);
    }
    if args.dry_run {
        terminal::note("nothing was written (--dry-run)");
        return Ok(Exit::Clean);
    }
    let agreed = sure || asks && yes(&format!("Write {} files?", writing.len()))?;
    if !agreed {
        terminal::note("nothing was written; --apply writes it");
        return Ok(Exit::Clean);
    }
    for change in &writing {
        write(&root, change)?;
    }
    terminal::note(&format!(
        "{} files are written; look at them, `git add` them, and run `ward policy check`",
        writing.len()
    ));
    Ok(Exit::Clean)
}

/// Files that an earlier run wrote and that git does not track yet count as well.
fn also_untracked(root: &Path, repository: &mut Repository) -> Result<()> {
    for path in PLACES {
        let whole = root.join(path);
        if repository.files.contains_key(*path) || fs::symlink_metadata(&whole).is_err() {
            continue;
        }
        let bytes = fs::read(&whole).with_context(|| format!("cannot read {path}"))?;
        let file = File {
            len: bytes.len() as u64,
            bytes: Some(bytes),
            lfs: false,
        };
        repository.files.insert((*path).to_owned(), file);
    }
    Ok(())
}

/// Where the files that are written may already stand.
const PLACES: &[&str] = &[
    "SECURITY.md",
    ".github/SECURITY.md",
    "docs/SECURITY.md",
    ".well-known/security.txt",
    "security.txt",
    "ward.toml",
    ".pre-commit-config.yaml",
    ".gitignore",
    ".github/CODEOWNERS",
    "CODEOWNERS",
    "docs/CODEOWNERS",
    ".gitlab/CODEOWNERS",
    ".github/workflows/security.yml",
    ".github/workflows/ward.yml",
    ".gitlab-ci.yml",
    ".gitlab/ward.yml",
    ".github/dependabot.yml",
    ".github/dependabot.yaml",
    "renovate.json5",
    "renovate.json",
    ".github/renovate.json5",
    ".github/renovate.json",
    ".renovaterc",
];

fn given(args: &Init) -> Result<Given> {
    let version = |text: &String| {
        let (version, until) = text
            .split_once('=')
            .with_context(|| "a supported version is written as 1.4.x=2027-06-30")?;
        Ok(Supported {
            version: version.to_owned(),
            until: until.to_owned(),
        })
    };
    let profile = match &args.profile {
        Some(word) => Some(Profile::from_word(word).context(PROFILES)?),
        None => None,
    };
    Ok(Given {
        project: args.project.clone(),
        contact: args.contact.clone(),
        advisories: args.advisories.clone(),
        versions: args.supported.iter().map(version).collect::<Result<_>>()?,
        models: args.models,
        service: args.service.clone(),
        profile,
        updates: args.updates.map(|updates| match updates {
            Updater::Dependabot => Updates::Dependabot,
            Updater::Renovate => Updates::Renovate,
            Updater::None => Updates::None,
        }),
        owners: args.owner.clone(),
        github: args.github,
        gitlab: args.gitlab,
        ward_repository: args.ward_repository.clone(),
        ward_commit: args.ward_commit.clone(),
        committer: None,
    })
}

/// Asks what was not said, and offers what would be taken.
fn ask(given: &mut Given, repository: &Repository) -> Result<()> {
    let guess = Answers::new(given.clone(), repository).ok();
    let or = |guess: Option<String>| guess.unwrap_or_default();
    if given.contact.is_none() {
        let offered = or(guess.as_ref().map(|one| one.contact.clone()));
        let text = "Where are vulnerabilities reported (an address or a private form)?";
        settle(given, repository, text, &offered, |given, said| {
            given.contact = Some(said).filter(|said| !said.is_empty());
            Ok(())
        })?;
    }
    if given.profile.is_none() {
        let offered = guess.as_ref().map_or(Profile::Standard, |one| one.profile);
        let text = "How fast are reports answered (standard, strict, small-team)?";
        settle(given, repository, text, offered.word(), |given, said| {
            given.profile = Some(Profile::from_word(&said).ok_or(PROFILES)?);
            Ok(())
        })?;
    }
    if given.versions.is_empty()
        && let Some(first) = guess.as_ref().and_then(|one| one.versions.first())
    {
        let text = format!("Until when does {} get fixes?", first.version);
        settle(given, repository, &text, &first.until, |given, until| {
            given.versions = vec![Supported {
                version: first.version.clone(),
                until,
            }];
            Ok(())
        })?;
    }
    if given.service.is_none() {
        let offered = or(guess.as_ref().and_then(|one| one.service.clone()));
        let text = "Which address has the service that you run, if any (https://..)?";
        settle(given, repository, text, &offered, |given, said| {
            given.service = Some(said);
            Ok(())
        })?;
    }
    if given.owners.is_empty() {
        let offered = guess.as_ref().map_or_else(String::new, |one| one.owners.join(" "));
        let text = "Who owns the code (@name @team/name)?";
        settle(given, repository, text, &offered, |given, said| {
            given.owners = said.split_whitespace().map(str::to_owned).collect();
            Ok(())
        })?;
    }
    Ok(())
}

/// Asks until the answer can be meant: what it is put into is refused for nothing that was not wrong before.
fn settle(
    given: &mut Given,
    repository: &Repository,
    text: &str,
    offered: &str,
    put: impl Fn(&mut Given, String) -> Result<(), &'static str>,
) -> Result<()> {
    let before = Answers::new(given.clone(), repository).err();
    for _ in 0..MOST_TRIES {
        let said = question(text, offered)?;
        let mut with = given.clone();
        let fault = put(&mut with, said).err().or_else(|| {
            let after = Answers::new(with.clone(), repository).err();
            after.filter(|why| before != Some(*why))
        });
        match fault {
            None => {
                *given = with;
                return Ok(());
            }
            Some(why) => terminal::note(why),
        }
    }
    bail!("nothing was written: after {MOST_TRIES} answers none could be taken");
}

/// An answer of a person; an empty one takes what was offered.
fn question(text: &str, offered: &str) -> Result<String> {
    let offer = if offered.is_empty() {
        String::new()
    } else {
        format!(" [{}]", harmless(offered))
    };
    terminal::ask(&format!("{text}{offer} "));
    let mut line = String::new();
    io::Read::take(io::stdin().lock(), MAX_ANSWER)
        .read_line(&mut line)
        .context("cannot read the answer")?;
    let line = line.trim();
    Ok(if line.is_empty() { offered } else { line }.to_owned())
}

fn yes(text: &str) -> Result<bool> {
    Ok(matches!(
        question(&format!("{text} (yes, no)"), "no")?.to_lowercase().as_str(),
        "y" | "yes"
    ))
}

fn show(changes: &[Change]) -> Result<()> {
    let mut out = String::new();
    for change in changes {
        if let Some(after) = &change.after {
            out += &unified(&change.path, change.before.as_deref(), after);
        }
    }
    terminal::result(&out)?;
    for change in changes {
        for kept in &change.kept {
            terminal::note(&format!("{}: {kept}", harmless(&change.path)));
        }
    }
    Ok(())
}

fn as_json(changes: &[Change], answers: &Answers, written: bool) -> serde_json::Value {
    let files: Vec<serde_json::Value> = changes
        .iter()
        .map(|change| {
            let state = match (&change.before, &change.after) {
                (None, Some(_)) => "new",
                (Some(_), Some(_)) => "changed",
                _ if change.kept.is_empty() => "same",
                _ => "kept",
            };
            json!({"path": change.path, "what": change.what, "state": state, "kept": change.kept})
        })
        .collect();
    json!({"files": files, "written": written, "contact": answers.contact, "profile": answers.profile.word(), "notes": answers.notes})
}

/// Writes a file through a new one beside it, so that it is never half there. A link is not written through.
fn write(root: &Path, change: &Change) -> Result<()> {
    let Some(after) = &change.after else { return Ok(()) };
    let path = root.join(&change.path);
    let named = || format!("cannot write {}", change.path);
    if fs::symlink_metadata(&path).is_ok_and(|meta| meta.is_symlink()) {
        bail!("{} is a link; it was not written through", change.path);
    }
    let folder: PathBuf = path.parent().map_or_else(|| root.to_owned(), Path::to_owned);
    fs::create_dir_all(&folder).with_context(named)?;
    let inside = folder
        .canonicalize()
        .with_context(named)?
        .starts_with(root.canonicalize().with_context(named)?);
    if !inside {
        bail!(
            "the folder of {} is a link that leads elsewhere; nothing was written there",
            change.path
        );
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".ward-new");
    let beside = folder.join(name);
    let written = fs::File::create_new(&beside).and_then(|mut file| {
        file.write_all(after.as_bytes())?;
        file.sync_all()
    });
    let moved = written.and_then(|()| {
        if let Ok(meta) = fs::metadata(&path) {
            fs::set_permissions(&beside, meta.permissions())?;
        }
        fs::rename(&beside, &path)
    });
    if moved.is_err() {
        // What is left of it is of no use to anybody.
        let _removed = fs::remove_file(&beside);
    }
    moved.with_context(named)
}
