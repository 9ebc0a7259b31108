//! `ward policy check`: the repository is read, scanned and judged; the report is written.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use anyhow::{Context, Result, bail};
use ward_policy::{
    check, output,
    output::About,
    read,
    report::{Ending, Report},
    repository::{Fault, MAX_FILE, Repository, Scan},
    topic::Topic,
};
use ward_scan::{
    report::{By, NotExamined, Reported},
    source::disk,
};

use super::gather;
use crate::{
    cli::policy::{Check, Format},
    commands::scan,
    exit::Exit,
    terminal,
};

/// Checks.
///
/// # Errors
/// When there is no such folder, the policy that was named cannot be read, or a report cannot be written.
pub(super) fn run(args: &Check) -> Result<Exit> {
    if args.schema {
        terminal::result(output::json::SCHEMA)?;
        return Ok(Exit::Clean);
    }
    let root = gather::root(args.path.as_deref())?;
    let gathered = gather::read(&root)?;
    let mut repository = gathered.repository;
    let policy = match &args.policy {
        Some(file) => Some(named_policy(file, &root, &mut repository)?),
        None => None,
    };
    if !args.no_scan {
        repository.scan = Some(scanned(args, &root, &args.engines, args.history)?);
    }
    let reading = read::policies_of(&repository, policy.as_deref());
    let promises_pins = reading.promises.iter().any(|one| one.topic == Topic::Pinning);
    if !args.no_scan && promises_pins {
        repository.pins = Some(pins(args, &root)?);
    }
    let mut report = check::judge(&reading, &repository);
    report.not_examined.extend(gathered.not_examined);
    for path in &gathered.untracked {
        terminal::note(&format!(
            "{path} is not tracked by git, so it was not read: `git add` it, and check again"
        ));
    }
    let about = About {
        target: args.path.as_deref().map_or_else(|| ".".to_owned(), disk::path_text),
        at: now(),
        scan: repository.scan.as_ref(),
    };
    write(args, &report, &about)?;
    Ok(match report.ending(args.strict) {
        Ending::Clean => Exit::Clean,
        Ending::Faults => Exit::Findings,
        Ending::NotExamined => Exit::NotExamined,
    })
}

/// Now, in seconds since 1970.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or_default())
}

/// The path by which the policy that was named is known in the repository. One that lies elsewhere is added to what is
/// read, under the path as it was typed.
fn named_policy(file: &Path, root: &Path, repository: &mut Repository) -> Result<String> {
    let shown = || file.display().to_string();
    // As typed, from the current folder; else from the project's.
    let found = [file.to_owned(), root.join(file)]
        .into_iter()
        .find(|path| path.is_file())
        .with_context(|| format!("there is no file {}", shown()))?;
    let bytes = disk::read_small(&found, MAX_FILE).with_context(|| format!("cannot read {}", shown()))?;
    let bytes = bytes.with_context(|| format!("there is no file {}", shown()))?;
    let whole = found.canonicalize().with_context(shown)?;
    let below = root
        .canonicalize()
        .ok()
        .and_then(|root| Some(whole.strip_prefix(root).ok()?.to_owned()));
    let path = disk::path_text(below.as_deref().unwrap_or(file));
    let file = repository.files.entry(path.clone()).or_default();
    file.len = bytes.len() as u64;
    file.bytes = Some(bytes);
    Ok(path)
}

/// What the engine `dependencies` says of versions.
fn pins(args: &Check, root: &Path) -> Result<Scan> {
    scanned(args, root, &["dependencies".to_owned()], false).map(super::without_advisories)
}

/// Runs engines.
fn scanned(args: &Check, root: &Path, engines: &[String], history: bool) -> Result<Scan> {
    let mut words: Vec<OsString> = vec!["--engines".into(), engines.join(",").into()];
    let bare = !super::git::is_in_repository(root);
    if history && bare {
        bail!(
            "{} is in no git repository, so it has no history to scan",
            root.display()
        );
    }
    if history {
        words.push("--history".into());
    }
    if let Some(data) = &args.data.data {
        words.extend(["--data".into(), data.as_os_str().to_owned()]);
    }
    words.extend(["--".into(), root.as_os_str().to_owned()]);
    let report = scan::of_words(words)?;
    let fault = |one: &Reported| Fault {
        rule: one.finding.rule.id.to_owned(),
        severity: one.severity.word().to_owned(),
        path: one.finding.at.path.clone(),
        line: one.finding.at.line,
        commit: one
            .commit
            .as_ref()
            .filter(|_| one.more.gone)
            .map(|commit| commit.id.chars().take(12).collect()),
    };
    let suppressed = &report.stats.suppressed;
    let named = report.kept_back.len() as u64;
    let by = |by: By| match by {
        By::Comment => "a comment",
        By::Path => "`.wardignore`",
        By::Baseline => "the baseline",
    };
    let dark = |one: &NotExamined| (one.at.full_path(), one.reason.clone().into_owned());
    Ok(Scan {
        engines: engines.to_vec(),
        history,
        findings: report.findings.iter().map(fault).collect(),
        kept_back: report
            .kept_back
            .iter()
            .map(|(one, who)| (fault(one), by(*who)))
            .collect(),
        kept_back_unnamed: (suppressed.inline + suppressed.path + suppressed.baseline).saturating_sub(named),
        not_examined: report.not_examined.iter().map(dark).collect(),
        accepted: suppressed.not_examined,
    })
}

fn write(args: &Check, report: &Report, about: &About<'_>) -> Result<()> {
    let plain = output::text::Look::default();
    let to_file = |file: &PathBuf, text: String| {
        fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
    };
    for (format, file) in &args.report {
        to_file(file, rendered(*format, report, about, plain))?;
    }
    let format = if args.json { Format::Json } else { args.format };
    match &args.out {
        Some(file) => to_file(file, rendered(format, report, about, plain)),
        None => {
            let look = output::text::Look {
                colour: terminal::results_in_colour(),
                width: terminal::width(),
            };
            terminal::result(&rendered(format, report, about, look))
        }
    }
}

fn rendered(format: Format, report: &Report, about: &About<'_>, look: output::text::Look) -> String {
    match format {
        Format::Text => output::text::render(report, about, look),
        Format::Json => format!("{}\n", output::json::value(report, about)),
        Format::Sarif => format!("{}\n", output::sarif::value(report, about)),
        Format::Html => output::html::render(report, about),
        Format::Badge => output::badge::render(report),
    }
}
