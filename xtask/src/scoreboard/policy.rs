//! Policies: what is lifted from the labelled policies of `crates/ward-policy/fixtures/policies`, and how it is judged.
//!
//! Nothing is fetched and no peer is asked: no other program reads the promises of a policy. `--data` may name a folder with
//! `policies/*.md`, public policies of which only counts are printed.

#[path = "../../../crates/ward-policy/tests/fixture/mod.rs"]
mod fixture;

use crate::{scoreboard::Options, tree};
use anyhow::{Result, ensure};
use fixture::{Count, Part, share};
use std::{fs, path::Path};
use ward_policy::{
    check,
    promise::Actor,
    read,
    repository::{File, Repository},
};

/// Reads, judges, prints tables.
pub(crate) fn run(options: &Options) -> Result<bool> {
    let fixtures = fixture::all(&tree::root().join("crates/ward-policy/fixtures/policies"));
    ensure!(!fixtures.is_empty(), "there are no labelled policies");
    let mut counts: [Count; Part::ALL.len()] = Default::default();
    let mut sizes = [0; Part::ALL.len()];
    for fixture in &fixtures {
        let reading = read::policies(&fixture.repository);
        let report = check::judge(&reading, &fixture.repository);
        let part = fixture.part as usize;
        let (Some(count), Some(size)) = (counts.get_mut(part), sizes.get_mut(part)) else {
            continue;
        };
        fixture::measure(fixture, &reading, Some(&report), count);
        *size += 1;
    }
    println!("## Policies: {} labelled repositories\n", fixtures.len());
    println!(
        "| part | policies | promises labelled | lifted: precision | recall | advice read as promise | verdicts that agree | own promises lifted or told | told and no promise |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for (((_, name), count), size) in Part::ALL.into_iter().zip(&counts).zip(sizes) {
        println!(
            "| {name} | {size} | {} | {:.3} ({} of {}) | {:.3} ({} of {}) | {} of {} | {:.3} ({} of {}) | {:.3} ({} and {} of {}) | {} |",
            count.labels,
            count.precision(),
            count.right,
            count.lifted,
            count.recall(),
            count.found,
            count.labels,
            count.advice_as_promise,
            count.advice,
            share(count.agreed, count.judged),
            count.agreed,
            count.judged,
            count.lifted_or_told(),
            count.own_found,
            count.own_told,
            count.own,
            count.needless,
        );
    }
    // The other parts are not shown: who sees what went wrong there tunes to it.
    println!("\nTuned part, what went wrong:\n");
    for line in &counts[0].wrong {
        println!("- {line}");
    }
    if let Some(folder) = options
        .data
        .as_deref()
        .map(|data| data.join("policies"))
        .filter(|folder| folder.is_dir())
    {
        public(&folder)?;
    }
    crate::scoreboard::pipelines::run()?;
    Ok(true)
}

/// Public policies: counts only, since a verdict on a named project is not this program's to publish.
fn public(folder: &Path) -> Result<()> {
    let (mut files, mut promises, mut bytes) = (0, [0; 4], 0);
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let content = fs::read(&path)?;
        let mut repository = Repository::default();
        let ending = path
            .extension()
            .map_or_else(|| "md".to_owned(), |ending| ending.to_string_lossy().into_owned());
        bytes += content.len();
        files += 1;
        let file = File {
            len: content.len() as u64,
            bytes: Some(content),
            ..File::default()
        };
        repository.files.insert(format!("SECURITY.{ending}"), file);
        for promise in read::policies(&repository).promises {
            let at = match promise.frame.actor {
                Actor::Project => 0,
                Actor::Reporter => 1,
                Actor::Users => 2,
                Actor::ThirdParty => 3,
            };
            promises[at] += 1;
        }
    }
    let [own, asked, advice, others] = promises;
    println!("\n## {files} public policies, {bytes} bytes\n");
    println!("| the project's own | asked of reporters | advice to users | somebody else's |\n|---|---|---|---|");
    println!("| {own} | {asked} | {advice} | {others} |");
    Ok(())
}
