//! `ward sbom`: bills of materials written, compared, and completed with statements about vulnerabilities.

use std::{env, fs, io::Read, path::Path, time::SystemTime};

use anyhow::{Context, Result, bail};
use ward_scan::{
    advisories::Known,
    archive,
    bom::{self, Bom, build, cyclonedx, diff, read, spdx},
    report::Progress,
    scan::{Scanner, Settings},
    source::{
        disk, environment,
        folder::{self, Options},
        git::{repo::Repository, revision},
    },
    suppress::PathRules,
};
use ward_seal::Secret32;

use super::scan as scan_command;
use crate::{
    cli::sbom::{Action, Diff, DiffFormat, FailOn, Format, Sbom, Vex, Write},
    exit::Exit,
    terminal,
};

/// Runs the command.
///
/// # Errors
/// When an argument cannot be meant, or a file that was named cannot be read or written.
pub fn run(args: &Sbom) -> Result<Exit> {
    match &args.action {
        None => write(&args.write),
        Some(Action::Diff(args)) => compare(args),
        Some(Action::Vex(args)) => statements(args),
    }
}

fn write(args: &Write) -> Result<Exit> {
    let bom = of_path(&args.path, args.revision.as_deref(), &args.environment, args.no_ignore)?;
    let made = made(args.time)?;
    let document = match args.format {
        Format::Cyclonedx => cyclonedx::value(&bom, made),
        Format::Spdx => spdx::value(&bom, made),
    };
    put(args.out.as_deref(), &format!("{document:#}\n"))?;
    for one in bom.unknown.iter().take(20) {
        terminal::note(&format!("{}: {}", one.at, one.reason));
    }
    if bom.is_incomplete() {
        terminal::note(&format!(
            "{} places could not be examined; the bill lists them as unknown",
            bom.unknown.len()
        ));
        return Ok(Exit::NotExamined);
    }
    Ok(Exit::Clean)
}

fn put(out: Option<&Path>, text: &str) -> Result<()> {
    match out {
        Some(file) => fs::write(file, text).with_context(|| format!("cannot write {}", file.display())),
        None => terminal::result(text),
    }
}

/// When a document was made: what was asked for, the time that reproducible builds give, or now.
fn made(asked: Option<i64>) -> Result<i64> {
    if let Some(time) = asked {
        return Ok(time);
    }
    if let Some(text) = env::var_os("SOURCE_DATE_EPOCH") {
        let text = text.to_string_lossy();
        return text
            .trim()
            .parse()
            .context("SOURCE_DATE_EPOCH is no number of seconds since 1970");
    }
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    Ok(since.map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or_default()))
}

/// The bill of a folder, or of a revision of its repository.
///
/// # Errors
/// When there is nothing at the path, or it cannot be read.
pub(super) fn of_path(
    path: &Path,
    at: Option<&str>,
    environments: &[std::path::PathBuf],
    everything: bool,
) -> Result<Bom> {
    let named = || path.display().to_string();
    if fs::symlink_metadata(path).is_err() {
        bail!("there is nothing at {}", named());
    }
    let config = scan_command::config_of(path)?;
    let settings = Settings {
        engines: vec![&bom::ENGINE],
        // No finding leaves this scan, so that the key of its fingerprints is of no use.
        key: Secret32::new([0; 32]),
        baseline: None,
        paths: PathRules::default(),
        config,
        profile: None,
        ask: None,
        compat: None,
        foreign_markers: false,
        limits: archive::Limits::default(),
        advisories: Known::None,
        today: 0,
        clock: None,
    };
    let progress = Progress::default();
    let scanner = Scanner::new(&settings, &progress);
    let repository = if path.is_dir() { Repository::find(path) } else { None };
    if let Some(at) = at {
        let Some(repository) = &repository else {
            bail!("{} is in no git repository", named());
        };
        revision::scan(repository, at, &scanner).with_context(|| format!("{}, revision {at}", named()))?;
    } else {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let options = Options {
            everything,
            threads,
            with_history: false,
            as_before: None,
        };
        folder::scan(path, "", repository.as_ref(), options, &scanner).with_context(named)?;
        add_installed(path, environments, &scanner)?;
    }
    let (report, facts) = scanner.finish_with_facts();
    let name = fs::canonicalize(path)
        .ok()
        .and_then(|path| Some(disk::path_text(Path::new(path.file_name()?))));
    Ok(build::build(
        &facts,
        report.not_examined,
        &name.unwrap_or_else(|| "project".to_owned()),
        &settings.config.supplied,
    ))
}

/// What is installed: in the folders that were named, and in those of the usual names at the root of what is looked at.
///
/// # Errors
/// When a folder that was named is none.
pub(super) fn add_installed(root: &Path, named: &[std::path::PathBuf], scanner: &Scanner<'_>) -> Result<()> {
    for folder in named {
        if !folder.is_dir() {
            bail!("{} is no folder", folder.display());
        }
        let installed = environment::read(folder, &disk::path_text(folder));
        take(installed, scanner);
    }
    for name in environment::USUAL {
        let folder = root.join(name);
        if fs::symlink_metadata(&folder).is_ok_and(|meta| meta.is_dir()) {
            take(environment::read(&folder, name), scanner);
        }
    }
    Ok(())
}

fn take(installed: environment::Installed, scanner: &Scanner<'_>) {
    for one in installed.not_examined {
        scanner.not_examined(one.at, one.reason);
    }
    scanner.add_facts(installed.facts);
}

fn compare(args: &Diff) -> Result<Exit> {
    let (before, after) = match (&args.new, args.old.split_once("..")) {
        (Some(new), _) => (listed(Path::new(&args.old))?, listed(new)?),
        (None, Some((old, new))) if !new.starts_with('.') => {
            let of = |revision: &str| -> Result<read::Listed> {
                let revision = if revision.is_empty() { "HEAD" } else { revision };
                let bom = of_path(&args.repository, Some(revision), &[], false)?;
                Ok(read::read(cyclonedx::value(&bom, 0).to_string().as_bytes())?)
            };
            (of(old)?, of(new)?)
        }
        _ => bail!("name two bills of materials, or two revisions as REV1..REV2"),
    };
    let diff = diff::of(&before, &after);
    let format = if args.json { DiffFormat::Json } else { args.format };
    match format {
        DiffFormat::Text => terminal::result(&diff.text())?,
        DiffFormat::Json => terminal::json(&diff.json())?,
        DiffFormat::Markdown => terminal::result(&diff.markdown())?,
    }
    let fails = args.fail_on.iter().any(|kind| match kind {
        FailOn::Added => !diff.added.is_empty(),
        FailOn::Removed => !diff.removed.is_empty(),
        FailOn::Version => !diff.versions.is_empty(),
        FailOn::Licence => !diff.licences.is_empty(),
    });
    Ok(match (fails, diff.is_incomplete()) {
        (true, _) => Exit::Findings,
        (false, false) => Exit::Clean,
        (false, true) => Exit::NotExamined,
    })
}

fn listed(file: &Path) -> Result<read::Listed> {
    let mut bytes = Vec::new();
    let open = fs::File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
    open.take(read::MAX_FILE as u64 + 1)
        .read_to_end(&mut bytes)
        .with_context(|| format!("cannot read {}", file.display()))?;
    read::read(&bytes).with_context(|| file.display().to_string())
}

fn statements(args: &Vex) -> Result<Exit> {
    let (report, config) = scan_command::of_dependencies(&args.path, &args.data)?;
    let mut said = bom::vex::Statements::default();
    said.add(&config.vex);
    scan_command::read_statements(&args.vex, &mut said)?;
    let document = bom::vex::write(&report, made(args.time)?, &said);
    put(args.out.as_deref(), &format!("{document:#}\n"))?;
    if report.not_examined.is_empty() {
        return Ok(Exit::Clean);
    }
    terminal::note(&format!(
        "{} places were not examined; `ward scan --engines dependencies` lists them",
        report.not_examined.len()
    ));
    Ok(Exit::NotExamined)
}
