//! Pipelines: which scans are told to be hollow, against the labels of `crates/ward-policy/fixtures/pipelines`.

#[path = "../../../crates/ward-policy/tests/pipelines/fixture.rs"]
mod fixture;

use crate::tree;
use anyhow::{Result, ensure};
use fixture::Count;

/// Reads, judges, prints a table.
pub(crate) fn run() -> Result<()> {
    let fixtures = fixture::all(&tree::root().join("crates/ward-policy/fixtures/pipelines"));
    ensure!(!fixtures.is_empty(), "there are no labelled pipelines");
    let (mut tuned, mut held_out) = (Count::default(), Count::default());
    for one in &fixtures {
        fixture::measure(one, if one.held_out { &mut held_out } else { &mut tuned });
    }
    println!("\n## Pipelines: {} labelled repositories\n", fixtures.len());
    println!("| part | pipelines | labels | hollow: precision | recall | standing and reason agree |");
    println!("|---|---|---|---|---|---|");
    for (name, count) in [("tuned", &tuned), ("written afterwards", &held_out)] {
        println!(
            "| {name} | {} | {} | {:.3} ({} of {}) | {:.3} ({} of {}) | {:.3} ({} of {}) |",
            count.fixtures,
            count.labels,
            count.precision(),
            count.both,
            count.called,
            count.recall(),
            count.both,
            count.hollow,
            fixture::share(count.agreed, count.labels),
            count.agreed,
            count.labels,
        );
    }
    println!("\n{} reasons are shown by labels of the tuned part.", {
        let mut reasons = tuned.reasons.clone();
        reasons.sort_unstable();
        reasons.dedup();
        reasons.len()
    });
    for line in tuned.wrong.iter().chain(&held_out.wrong) {
        println!("- {line}");
    }
    Ok(())
}
