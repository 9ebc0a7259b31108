//! `ward scan --watch`: scans again when files change, and says what came and what went.
//!
//! Files are looked at every half second (and less often where there are so many that it would cost more than a tenth of a core). The whole
//! folder is scanned again, so that what files say together stays right.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
    thread,
    time::{Duration, Instant, SystemTime},
};

use anyhow::Result;
use ward_scan::Report;

use super::{look, scanned};
use crate::{cli::scan::Scan, exit::Exit, terminal};

/// How often files are looked at.
const EVERY: Duration = Duration::from_millis(500);
/// Most files that are watched.
const MAX_FILES: usize = 500_000;

/// What a file looks like from outside.
type Seen = BTreeMap<PathBuf, (Option<SystemTime>, u64)>;

/// Scans until it is interrupted.
///
/// # Errors
/// As the first scan. Later scans that fail are told of and tried again.
pub(super) fn run(args: &Scan) -> Result<Exit> {
    let mut seen = seen(args);
    let mut known = scanned(args)?;
    terminal::result(&ward_scan::output::text::render(&known, look()))?;
    terminal::note("watching; interrupt to end");
    loop {
        let begun = Instant::now();
        let now = self::seen(args);
        let cost = begun.elapsed();
        if now != seen {
            seen = now;
            match scanned(args) {
                Ok(report) => {
                    tell(&known, &report)?;
                    known = report;
                }
                Err(error) => terminal::complain(&error),
            }
        }
        thread::sleep(EVERY.max(cost * 10));
    }
}

/// What came and what went, by fingerprint.
fn tell(before: &Report, after: &Report) -> Result<()> {
    let prints =
        |report: &Report| -> BTreeSet<_> { report.findings.iter().map(|one| one.finding.fingerprint).collect() };
    let (old, new) = (prints(before), prints(after));
    let gone: Vec<String> = before
        .findings
        .iter()
        .filter(|one| !new.contains(&one.finding.fingerprint))
        .map(|one| format!("gone: {} [{}]\n", one.finding.at, one.rule_name()))
        .collect();
    let mut came = Report {
        not_examined: after.not_examined.clone(),
        ..Report::default()
    };
    came.not_examined.retain(|one| !before.not_examined.contains(one));
    let fresh = after
        .findings
        .iter()
        .filter(|one| !old.contains(&one.finding.fingerprint));
    came.findings = fresh.cloned().collect();
    let mut text: String = gone.concat();
    text += &ward_scan::output::text::findings(&came, look());
    text += &format!(
        "{} new, {} gone; {} findings, {} not examined\n",
        came.findings.len(),
        gone.len(),
        after.findings.len(),
        after.not_examined.len()
    );
    terminal::result(&text)
}

/// Every file below what is scanned, whatever git thinks of it; `.git` itself changes all the time and is left out.
fn seen(args: &Scan) -> Seen {
    let mut seen = Seen::new();
    let mut waiting: Vec<PathBuf> = args.paths.clone();
    while let Some(path) = waiting.pop() {
        let Ok(meta) = fs::symlink_metadata(&path) else {
            continue;
        };
        if meta.is_dir() {
            let entries = fs::read_dir(&path).into_iter().flatten().flatten();
            waiting.extend(
                entries
                    .filter(|entry| entry.file_name() != ".git")
                    .map(|entry| entry.path()),
            );
        } else if seen.len() < MAX_FILES {
            seen.insert(path, (meta.modified().ok(), meta.len()));
        }
    }
    seen
}
