//! `ward scan`: sources through engines to a report.

mod mend;
mod progress;
mod revisions;
pub mod rules;
mod settings;
mod verify;
mod watch;

use std::{ffi::OsString, fs, io::Read, path::Path, sync::Arc, time::SystemTime};

use anyhow::{Context, Result, bail};
use clap::Parser as _;
use ward_evidence::Severity;
use ward_scan::{
    Report,
    baseline::Baseline,
    bom::vex::{self, Statements},
    config, licences, output,
    report::Progress,
    scan::{Scanner, Settings},
    source::{
        disk,
        folder::{self, Options},
        git::{history, repo::Repository, since},
    },
};

pub(super) use settings::today;

use super::sbom;
use crate::{
    cli::{
        self, Cli,
        scan::{Format, Scan, Schema},
    },
    exit::Exit,
    terminal,
};

/// Most bytes that are read from standard input.
const MAX_STDIN: u64 = 256 << 20;

/// Scans.
///
/// # Errors
/// When an argument cannot be meant, or a file that was named cannot be read or written.
pub fn run(args: &Scan) -> Result<Exit> {
    if let Some(of) = args.schema {
        terminal::result(match of {
            Schema::Report => output::json::SCHEMA,
            Schema::Settings => config::SCHEMA,
        })?;
        return Ok(Exit::Clean);
    }
    let with_packages = mend::packages(args);
    let args = &settings::with_defaults(args)?;
    if args.watch {
        return watch::run(args);
    }
    let settings = settings::of(args)?;
    let begun = now();
    let progress = Progress::default();
    let scanner = Scanner::new(&settings, &progress);
    progress::shown(&progress, || sources(args, &scanner))?;
    installed(args, &settings, &scanner)?;
    let mut report = scanner.finish();
    keep_back(args, &settings, &mut report)?;
    if let Some(file) = &args.write_baseline {
        return write_baseline(args, file, settings.baseline, &report);
    }
    if args.fix
        && let mend::Then::Done = mend::run(args, &settings, &mut report, with_packages)?
    {
        return Ok(exit(args, &report));
    }
    let targets: Vec<String> = args.paths.iter().map(|path| disk::path_text(path)).collect();
    let about = output::About {
        target: targets.join(", "),
        begun,
        ended: now(),
    };
    write(args, &report, &about)?;
    Ok(exit(args, &report))
}

/// Now, in seconds since 1970.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or_default())
}

/// Scans what was named and keeps back what statements keep back.
fn scanned(args: &Scan) -> Result<Report> {
    let settings = settings::of(args)?;
    let progress = Progress::default();
    let scanner = Scanner::new(&settings, &progress);
    sources(args, &scanner)?;
    installed(args, &settings, &scanner)?;
    let mut report = scanner.finish();
    keep_back(args, &settings, &mut report)?;
    Ok(report)
}

/// The settings for files that an editor holds.
///
/// # Errors
/// As [`run`].
pub(super) fn for_editor(root: Option<&Path>, engines: &[String], data: Option<&Path>) -> Result<Settings> {
    let engines = if engines.is_empty() {
        "secrets,repository,code".to_owned()
    } else {
        engines.join(",")
    };
    let mut words: Vec<OsString> = vec!["--engines".into(), engines.into()];
    if let Some(data) = data {
        words.extend(["--data".into(), data.as_os_str().to_owned()]);
    }
    words.extend(["--".into(), root.unwrap_or(Path::new(".")).as_os_str().to_owned()]);
    settings::of(&words_of_scan(words)?)
}

/// Scans what is staged, for a hook. `words` are those of `ward scan`.
///
/// # Errors
/// As [`run`].
pub(super) fn of_staged(words: Vec<OsString>) -> Result<Report> {
    let args = words_of_scan(words)?;
    let settings = settings::of(&args)?;
    let progress = Progress::default();
    let scanner = Scanner::new(&settings, &progress);
    sources(&args, &scanner)?;
    Ok(scanner.finish())
}

/// What a scan finds, without writing it, and without how long it took: of the same files always the same. `words` are
/// those of `ward scan`.
///
/// # Errors
/// As [`run`].
pub(super) fn of_words(words: Vec<OsString>) -> Result<Report> {
    let args = words_of_scan(words)?;
    let settings = Settings {
        clock: None,
        ..settings::of(&args)?
    };
    let progress = Progress::default();
    let scanner = Scanner::new(&settings, &progress);
    progress::shown(&progress, || sources(&args, &scanner))?;
    Ok(scanner.finish())
}

/// Shows a report to a person.
///
/// # Errors
/// When stdout cannot be written to.
pub(super) fn show(report: &Report) -> Result<()> {
    terminal::result(&output::text::render(report, look()))
}

fn look() -> output::text::Look {
    output::text::Look {
        colour: terminal::results_in_colour(),
        width: terminal::width(),
    }
}

fn words_of_scan(words: Vec<OsString>) -> Result<Scan> {
    let first = [OsString::from("ward"), "scan".into()];
    match Cli::try_parse_from(first.into_iter().chain(words))?.command {
        cli::Command::Scan(args) => Ok(args),
        _ => bail!("these words are no scan"),
    }
}

fn exit(args: &Scan, report: &Report) -> Exit {
    if report.reaches(args.threshold.unwrap_or(Severity::Low)) {
        Exit::Findings
    } else if report.not_examined.is_empty() {
        Exit::Clean
    } else {
        Exit::NotExamined
    }
}

/// What the dependencies of a folder are found to be, for statements about it.
///
/// # Errors
/// As [`run`].
pub(super) fn of_dependencies(path: &Path, data: &cli::Data) -> Result<(Report, ward_scan::config::Config)> {
    let mut words: Vec<OsString> = vec!["--engines".into(), "dependencies".into()];
    if let Some(data) = &data.data {
        words.extend(["--data".into(), data.as_os_str().to_owned()]);
    }
    words.extend(["--".into(), path.as_os_str().to_owned()]);
    let args = words_of_scan(words)?;
    let settings = settings::of(&args)?;
    let progress = Progress::default();
    let scanner = Scanner::new(&settings, &progress);
    sources(&args, &scanner)?;
    let report = scanner.finish();
    Ok((report, settings.config))
}

/// What `ward.toml` at a root says.
///
/// # Errors
/// When it cannot be read.
pub(super) fn config_of(root: &Path) -> Result<config::Config> {
    settings::config(&words_of_scan(vec!["--".into(), root.as_os_str().to_owned()])?)
}

/// What is installed says its licences.
fn installed(args: &Scan, settings: &Settings, scanner: &Scanner<'_>) -> Result<()> {
    let judged = settings
        .engines
        .iter()
        .any(|engine| engine.name == licences::ENGINE.name);
    if !judged || args.staged || args.commits.is_some() {
        return Ok(());
    }
    match args.paths.as_slice() {
        [root] => sbom::add_installed(root, &args.environment, scanner),
        _ => sbom::add_installed(Path::new(""), &args.environment, scanner),
    }
}

/// Reads files of statements; later ones replace what earlier ones say.
///
/// # Errors
/// When one cannot be read or understood.
pub(super) fn read_statements(files: &[std::path::PathBuf], into: &mut Statements) -> Result<()> {
    for file in files {
        let bytes =
            disk::read_small(file, vex::MAX_FILE as u64).with_context(|| format!("cannot read {}", file.display()))?;
        let bytes = bytes.with_context(|| format!("there is nothing at {}", file.display()))?;
        into.read(&bytes).with_context(|| file.display().to_string())?;
    }
    Ok(())
}

/// Findings that a statement says do no harm.
fn keep_back(args: &Scan, settings: &Settings, report: &mut Report) -> Result<()> {
    let mut statements = Statements::default();
    statements.add(&settings.config.vex);
    read_statements(&args.vex, &mut statements)?;
    if statements.without_reason > 0 {
        terminal::note(&format!(
            "{} statements of VEX give no reason why a vulnerability does no harm; they keep nothing back",
            statements.without_reason
        ));
    }
    report.stats.suppressed.vex = statements.keep_back(report) as u64;
    Ok(())
}

/// The repository that a folder is in.
fn repository(args: &Scan, folder: &Path) -> Option<Repository> {
    let mut repository = folder.is_dir().then(|| Repository::find(folder)).flatten()?;
    // A commit of named files, or of all that changed, has an index of its own, which git names to its hooks.
    if let Some(index) = std::env::var_os("GIT_INDEX_FILE").filter(|_| args.staged) {
        let top = repository.work_tree.clone().unwrap_or_default();
        repository.index_file = top.join(index);
    }
    Some(repository)
}

/// Brings everything that was named to the scanner.
fn sources(args: &Scan, scanner: &Scanner<'_>) -> Result<()> {
    let threads = settings::threads(args);
    for path in &args.paths {
        if path == Path::new("-") {
            from_stdin(scanner)?;
            continue;
        }
        let prefix = prefix_of(path, args.paths.len() > 1);
        let named = || path.display().to_string();
        if fs::symlink_metadata(path).is_err() {
            bail!("there is nothing at {}", named());
        }
        let repository = repository(args, path);
        let as_before = match (&args.since, &repository) {
            (Some(revision), Some(repository)) => {
                Some(Arc::new(since::read(repository, revision).with_context(named)?))
            }
            (Some(_), None) => bail!("{} is in no git repository", named()),
            (None, _) => None,
        };
        let options = Options {
            everything: args.no_ignore,
            threads,
            with_history: args.history,
            as_before,
        };
        if args.staged || args.commits.is_some() || args.history {
            let Some(repository) = &repository else {
                bail!("{} is in no git repository", named());
            };
            if args.staged {
                history::scan_staged(repository, scanner).with_context(named)?;
                continue;
            }
            let cache = settings::cache(args);
            history::scan(repository, args.commits.as_deref(), threads, cache.as_ref(), scanner).with_context(named)?;
            if args.commits.is_some() || repository.work_tree.is_none() {
                continue;
            }
        }
        let bare = repository.as_ref().is_some_and(|one| one.work_tree.is_none());
        if bare {
            bail!(
                "{} is a bare repository: it has no files; scan its history with --history",
                named()
            );
        }
        folder::scan(path, &prefix, repository.as_ref(), options, scanner).with_context(named)?;
    }
    Ok(())
}

/// What places begin with: nothing for the one folder that is scanned, otherwise the path as it was typed.
fn prefix_of(path: &Path, several: bool) -> String {
    let typed = disk::path_text(path);
    let typed = typed.trim_start_matches("./");
    if path.is_dir() && (!several || typed == ".") {
        String::new()
    } else if path.is_dir() {
        format!("{typed}/")
    } else {
        typed.to_owned()
    }
}

fn from_stdin(scanner: &Scanner<'_>) -> Result<()> {
    let mut bytes = Vec::new();
    let mut input = std::io::stdin().lock().take(MAX_STDIN + 1);
    input.read_to_end(&mut bytes).context("cannot read standard input")?;
    if bytes.len() as u64 > MAX_STDIN {
        bytes.truncate(usize::try_from(MAX_STDIN).unwrap_or(usize::MAX));
        let place = ward_evidence::Location::of_file("stdin");
        scanner.not_examined(place, "only the first 256 MiB were examined; scan a file instead");
    }
    folder::scan_bytes(&bytes, "stdin", scanner);
    Ok(())
}

fn write(args: &Scan, report: &Report, about: &output::About) -> Result<()> {
    let to_file =
        |file: &Path, text: String| fs::write(file, text).with_context(|| format!("cannot write {}", file.display()));
    for (format, file) in &args.report {
        to_file(file, rendered(*format, report, about, output::text::Look::default()))?;
    }
    let format = if args.json { Format::Json } else { args.format };
    let look = if args.out.is_none() {
        look()
    } else {
        output::text::Look::default()
    };
    let text = rendered(format, report, about, look);
    match &args.out {
        Some(file) => to_file(file, text),
        None => terminal::result(&text),
    }
}

fn rendered(format: Format, report: &Report, about: &output::About, look: output::text::Look) -> String {
    let gitlab = |kind| output::json_text(&output::gitlab::value(report, kind, about)) + "\n";
    match format {
        Format::Text => output::text::render(report, look),
        Format::Json => output::json::text(report) + "\n",
        Format::Html => output::html::render(report, about),
        Format::Sarif => output::json_text(&output::sarif::value(report)) + "\n",
        Format::Markdown => output::summary::render(report, about),
        Format::Junit => output::junit::render(report, about),
        Format::GitlabSast => gitlab(output::gitlab::Kind::Sast),
        Format::GitlabSecrets => gitlab(output::gitlab::Kind::Secrets),
        Format::GitlabDependencies => gitlab(output::gitlab::Kind::Dependencies),
    }
}

fn write_baseline(args: &Scan, file: &Path, before: Option<Baseline>, report: &Report) -> Result<Exit> {
    let Some(mut baseline) = before else {
        bail!("there is no baseline to write");
    };
    let reason = args.reason.as_deref().unwrap_or_default().trim();
    if reason.chars().filter(|c| c.is_alphabetic()).count() < 3 {
        bail!("say with --reason why these findings are kept back, in three letters at least");
    }
    let listed = baseline.len();
    let by = args.by.as_deref().unwrap_or("unknown");
    let new = report.findings.len();
    for finding in &report.findings {
        baseline.add(finding, reason, by, settings::today());
    }
    fs::write(file, baseline.write()?).with_context(|| format!("cannot write {}", file.display()))?;
    terminal::note(&format!(
        "{} lists {} findings, {new} of them new",
        file.display(),
        listed + new
    ));
    Ok(if report.not_examined.is_empty() {
        Exit::Clean
    } else {
        Exit::NotExamined
    })
}
