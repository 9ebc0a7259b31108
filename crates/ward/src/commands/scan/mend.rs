//! `ward scan --fix`: shows what would mend findings, and does it when it is told to.
//!
//! A file is changed only when a second look at its bytes asks for the very same changes, and when git can give it back
//! as it was. It is written beside itself and renamed, so nobody ever sees half of it.

use std::{
    collections::HashSet,
    fs,
    io::{self, IsTerminal as _},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde_json::json;
use ward_scan::{
    Blob, Findings, Report, dependencies,
    fix::{self, FileFixes, NoPatch, Patch},
    report::{Edit, Reported},
    scan::Settings,
    source::{
        disk,
        git::{kept, repo::Repository},
    },
};

use super::revisions;
use crate::{
    cli::scan::{Format, Scan},
    terminal,
};

/// Largest file that is mended.
const MAX_FILE: u64 = 32 << 20;

/// A file that can be mended.
struct Mendable {
    fixes: FileFixes,
    path: PathBuf,
    before: Vec<u8>,
    after: Vec<u8>,
    patch: String,
}

/// Whether the report is still to be written.
pub(super) enum Then {
    /// Yes, without what was mended.
    Report,
    /// No: only the patch was asked for.
    Done,
}

/// Shows the changes, makes them when told to, and takes what was mended out of the report; versions of packages only when
/// `with_packages`.
///
/// # Errors
/// When the patch cannot be written, or a file cannot be.
pub(super) fn run(args: &Scan, settings: &Settings, report: &mut Report, with_packages: bool) -> Result<Then> {
    let mut files = Vec::new();
    if args.proposals {
        return propose(args, report);
    }
    for fixes in fix::plan(report, with_packages) {
        let path = place(args, &fixes.path);
        let left = fixes.left.len();
        if left > 0 {
            terminal::note(&format!(
                "{}: {left} fixes overlap others; scan again after these",
                fixes.path
            ));
        }
        match prepare(settings, report, fixes, path, args.diff) {
            Ok(file) => files.push(file),
            Err((path, why)) => terminal::note(&format!("{path} is left out: {why}")),
        }
    }
    let patch: String = files.iter().map(|file| file.patch.as_str()).collect();
    if args.diff {
        match &args.out {
            Some(out) => fs::write(out, patch).with_context(|| format!("cannot write {}", out.display()))?,
            None => terminal::result(&patch)?,
        }
        return Ok(Then::Done);
    }
    if args.format == Format::Text && !args.json && args.out.is_none() {
        terminal::result(&shown(&patch))?;
    }
    let findings: usize = files.iter().map(|file| file.fixes.mends.len()).sum();
    if with_packages {
        say_tools(report);
    }
    if files.is_empty() {
        terminal::note("there is nothing that can be mended without a person's thought");
    } else if args.apply || agreed(findings, files.len()) {
        apply(args, report, files)?;
    } else {
        terminal::note(&format!(
            "nothing was changed: --apply mends {findings} findings in {} files",
            files.len()
        ));
    }
    Ok(Then::Report)
}

/// Whether versions of packages are to be changed: only where the engine of dependencies was typed.
pub(super) fn packages(args: &Scan) -> bool {
    args.engines.iter().any(|name| name == dependencies::ENGINE.name)
}

/// Says which files only their own tools may change.
fn say_tools(report: &Report) {
    let all = fix::proposals(report);
    let left: Vec<String> = all
        .iter()
        .filter(|one| !one.by_ward)
        .map(|one| match &one.by_tool {
            Some(command) => format!("{}: `{command}`", one.at.full_path()),
            None => format!("{}: {} {}, by hand", one.at.full_path(), one.package.1, one.to),
        })
        .collect();
    for line in left.iter().take(20) {
        terminal::note(&format!("left to its own tool: {}", ward_scan::output::harmless(line)));
    }
    if let Some(more) = left.len().checked_sub(20).filter(|more| *more > 0) {
        terminal::note(&format!("and {more} more; --proposals lists them all"));
    }
    let written = |end: &str| all.iter().any(|one| one.by_ward && one.at.path.ends_with(end));
    if written("package.json") || written("Cargo.toml") || written("pyproject.toml") {
        terminal::note("a lockfile beside a manifest that is changed has to be made anew by its tool");
    }
}

/// Lists updates and changes nothing.
fn propose(args: &Scan, report: &Report) -> Result<Then> {
    let all = fix::proposals(report);
    let revisions = revisions::of(report, revisions::cache().as_deref(), |path| {
        let bytes = disk::read_small(&place(args, path), MAX_FILE).ok().flatten()?;
        String::from_utf8(bytes).ok()
    });
    let text = if args.json {
        let list: Vec<_> = all
            .iter()
            .map(|one| {
                json!({"path": one.at.full_path(), "line": one.at.line, "ecosystem": one.package.0, "package": one.package.1,
                    "from": one.from, "to": one.to, "clears": one.clears, "by_ward": one.by_ward, "by_tool": one.by_tool})
            })
            .collect();
        ward_scan::output::json_text(&json!({
            "proposals": list,
            "revisions": revisions.iter().map(revisions::Unpinned::json).collect::<Vec<_>>(),
        })) + "\n"
    } else {
        let line = |one: &fix::Proposal| {
            let from = one.from.as_deref().map_or_else(String::new, |from| format!(" {from}"));
            let how = match (&one.by_tool, one.by_ward) {
                (_, true) => "`ward scan --fix --engines dependencies --apply`".to_owned(),
                (Some(command), false) => format!("`{command}`"),
                (None, false) => "by hand".to_owned(),
            };
            let text = format!(
                "{}: {}{from} -> {} ({}): {how}",
                one.at,
                one.package.1,
                one.to,
                one.clears.join(", ")
            );
            ward_scan::output::harmless(&text) + "\n"
        };
        let pins = revisions.iter().map(revisions::Unpinned::line);
        all.iter().map(line).chain(pins).collect()
    };
    match &args.out {
        Some(out) => fs::write(out, text).with_context(|| format!("cannot write {}", out.display()))?,
        None => terminal::result(&text)?,
    }
    if all.is_empty() {
        terminal::note("no advisory that applies names a version to go to");
    }
    Ok(Then::Done)
}

/// The file on disk that a report calls `path`.
fn place(args: &Scan, path: &str) -> PathBuf {
    match args.paths.as_slice() {
        [folder] if folder.is_dir() => folder.join(path),
        _ => PathBuf::from(path),
    }
}

/// Reads a file and looks at it again: the changes have to be those that the report asks for.
fn prepare(
    settings: &Settings,
    report: &Report,
    fixes: FileFixes,
    path: PathBuf,
    diff: bool,
) -> Result<Mendable, (String, &'static str)> {
    let refuse = |why| (fixes.path.clone(), why);
    let meta = fs::symlink_metadata(&path).map_err(|_| refuse("it cannot be read"))?;
    if !meta.is_file() {
        return Err(refuse("it is no regular file"));
    }
    let before = disk::read_small(&path, MAX_FILE)
        .ok()
        .flatten()
        .ok_or_else(|| refuse("it cannot be read"))?;
    let blob = Blob::of_bytes(fixes.path.clone(), &before);
    let mut findings = Findings::default();
    for engine in &settings.engines {
        (engine.scan)(&blob, &mut findings);
    }
    let wanted: HashSet<&Edit> = findings
        .found
        .iter()
        .filter_map(|one| one.more.fix.as_ref())
        .flat_map(|fix| &fix.edits)
        .collect();
    let mends = fixes.mends.iter().filter_map(|at| report.findings.get(*at));
    let (of_packages, others): (Vec<&Reported>, Vec<&Reported>) = mends.partition(|one| one.more.package.is_some());
    let of_others = others
        .iter()
        .filter_map(|one| one.more.fix.as_ref())
        .flat_map(|fix| &fix.edits);
    let fits = of_others.into_iter().all(|edit| wanted.contains(edit));
    if !fits || !of_packages.is_empty() && !fix::still_asks(&blob, &of_packages) {
        return Err(refuse("it changed since it was scanned"));
    }
    let after = fix::apply(&before, &fixes.edits).ok_or_else(|| refuse("it changed since it was scanned"))?;
    let kind = if diff { Patch::Exact } else { Patch::Shown };
    let patch = fix::patch(&fixes.path, &before, &fixes.edits, kind).map_err(|why| {
        refuse(match why {
            NoPatch::Secret => {
                "a patch would show what is most likely a credential; --fix --apply makes the change without one"
            }
            NoPatch::NotText => "it is no UTF-8",
            NoPatch::Outside => "it changed since it was scanned",
        })
    })?;
    Ok(Mendable {
        fixes,
        path,
        before,
        after,
        patch,
    })
}

/// A patch for a terminal: in colour where that is wanted, without what could draw on it.
fn shown(patch: &str) -> String {
    let colour = terminal::results_in_colour();
    let mut out = String::with_capacity(patch.len());
    for line in patch.lines() {
        let line = ward_scan::output::harmless(&line.replace('\t', "    "));
        let code = match line.as_bytes().first() {
            Some(b'+') => "32",
            Some(b'-') => "31",
            Some(b'@') => "36",
            _ => "",
        };
        if colour && !code.is_empty() {
            out.push_str(&format!("\u{1b}[{code}m{line}\u{1b}[0m\n"));
        } else {
            out.push_str(&line);
            out.push('\n');
        }
    }
    out
}

/// Asks, where there is somebody to ask.
fn agreed(findings: usize, files: usize) -> bool {
    if !io::stdin().is_terminal() || !terminal::is_watched() {
        return false;
    }
    terminal::note(&format!("mend {findings} findings in {files} files? [y/N]"));
    let mut answer = String::new();
    let read = io::stdin().read_line(&mut answer);
    read.is_ok() && matches!(answer.trim(), "y" | "Y" | "yes")
}

/// Writes the files that git can give back, and takes their findings out of the report.
fn apply(args: &Scan, report: &mut Report, files: Vec<Mendable>) -> Result<()> {
    let allowed = allowed(args, &files);
    let mut mended = HashSet::new();
    let mut changed = 0;
    for (file, allowed) in files.into_iter().zip(allowed) {
        let name = &file.fixes.path;
        if !allowed {
            terminal::note(&format!(
                "{name} is left as it is: git cannot give it back; commit it, or mend it anyway with --force"
            ));
            continue;
        }
        // Between the second look and now is a moment.
        if disk::read_small(&file.path, MAX_FILE).ok().flatten().as_deref() != Some(file.before.as_slice()) {
            terminal::note(&format!("{name} is left as it is: it changed since it was scanned"));
            continue;
        }
        write(&file.path, &file.after).with_context(|| format!("cannot write {name}"))?;
        changed += 1;
        mended.extend(file.fixes.mends);
    }
    terminal::note(&format!("mended {} findings in {changed} files", mended.len()));
    let mut at = 0;
    report.findings.retain(|_| {
        at += 1;
        !mended.contains(&(at - 1))
    });
    Ok(())
}

/// Which files may be changed: those that git holds as they are, those outside of any repository, and all with `--force`.
fn allowed(args: &Scan, files: &[Mendable]) -> Vec<bool> {
    if args.force {
        return vec![true; files.len()];
    }
    let ask = |file: &Mendable| {
        let path = file.path.canonicalize().ok()?;
        let Some(repository) = path.parent().and_then(Repository::find) else {
            return Some(true);
        };
        let below = path.strip_prefix(repository.work_tree.as_deref()?).ok()?;
        let held = kept::holds(&repository, &[(disk::path_text(below).as_bytes(), &file.before)]);
        held.first().copied()
    };
    files.iter().map(|file| ask(file).unwrap_or(false)).collect()
}

/// Replaces a file in one step, with the permissions it had.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let part = path.with_file_name(format!(".{name}.ward-{}", std::process::id()));
    let placed = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&part)
        .and_then(|mut file| {
            io::Write::write_all(&mut file, bytes)?;
            file.set_permissions(fs::metadata(path)?.permissions())?;
            file.sync_all()?;
            fs::rename(&part, path)
        });
    if placed.is_err() {
        let _ = fs::remove_file(&part);
    }
    placed
}
