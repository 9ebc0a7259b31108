//! What is written where a run stands: the lines of its job, and those of the tasks and scripts that the job calls.

use crate::{check::Facts, pipeline::Run};

/// Lines of one file that are looked at, and the longest.
const LINES: usize = 20_000;
const LONGEST: usize = 100_000;

/// The lines of the workflow that a run stands in, in lower case, without comments: those of its own job, and those that
/// are of no job. Of what is no workflow, all.
pub(super) fn of_job(facts: &Facts<'_>, run: &Run) -> Vec<String> {
    let mut paths: Vec<&str> = run.jobs.iter().map(|job| job.path.as_str()).collect();
    paths.push(&run.entry);
    paths.sort_unstable();
    paths.dedup();
    paths.into_iter().flat_map(|path| of_file(facts, run, path)).collect()
}

/// Those, and the lines of the file that the run stands in.
pub(super) fn of_run(facts: &Facts<'_>, run: &Run) -> Vec<String> {
    let mut lines = of_job(facts, run);
    let is_elsewhere = run.place.path != run.entry && run.jobs.iter().all(|job| job.path != run.place.path);
    if is_elsewhere {
        lines.extend(of_file(facts, run, &run.place.path));
    }
    lines
}

fn of_file(facts: &Facts<'_>, run: &Run, path: &str) -> Vec<String> {
    let text = facts.text(path).unwrap_or_default();
    let jobs: Vec<_> = run.jobs.iter().filter(|job| job.path == path).collect();
    let is_own = |number: u32| {
        let within = |job: &&crate::pipeline::Job| job.own.contains(&number) || !job.all.contains(&number);
        jobs.is_empty() || jobs.iter().any(within)
    };
    let numbered = (1_u32..).zip(text.lines()).take(LINES);
    let own = numbered.filter(|(number, line)| is_own(*number) && line.len() < LONGEST);
    own.map(|(_, line)| uncommented(path, line).to_ascii_lowercase())
        .filter(|line| !line.trim().is_empty())
        .collect()
}

/// A line without its comment. Data and programs have `//`, the others `#` and `;`.
pub(super) fn uncommented<'l>(path: &str, line: &'l str) -> &'l str {
    let begins = ["#", ";", "//"].iter().any(|mark| line.trim_start().starts_with(mark));
    if begins {
        return "";
    }
    let is_program = [".json", "js", ".ts", ".mts"].iter().any(|end| path.ends_with(end));
    match line.split_once(" #") {
        Some((before, _)) if !is_program => before,
        _ => line,
    }
}

/// Whether one of `words` stands there.
pub(super) fn says(facts: &Facts<'_>, run: &Run, words: &[&str]) -> bool {
    let lines = of_run(facts, run);
    lines.iter().any(|line| words.iter().any(|word| line.contains(word)))
}
