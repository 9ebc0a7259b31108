//! `cargo xtask notes`: labelled clinical text of [`ward_deid::synthetic`], for measuring and training.

use anyhow::{Context as _, Result};
use clap::Args;
use serde_json::json;
use ward_deid::synthetic::{self, Half};

/// What to print.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// train or test: the halves share no name, place or sentence
    #[arg(long, default_value = "train")]
    half: String,
    /// The first seed
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// How many
    #[arg(short = 'n', long, default_value_t = 100)]
    count: u64,
    /// Questions to an assistant in place of notes
    #[arg(long)]
    queries: bool,
    /// Lines of forms, lists and letters in place of notes
    #[arg(long, conflicts_with = "queries")]
    forms: bool,
}

/// Prints `{"id","text","spans":[{"start","end","type"}],"keep":[{"start","end"}]}` lines; offsets are code points.
pub(crate) fn run(options: &Options) -> Result<bool> {
    let half = Half::from_word(&options.half).context("--half is train or test")?;
    let make = if options.forms {
        synthetic::form
    } else if options.queries {
        synthetic::query
    } else {
        synthetic::note_of_either_surface
    };
    for seed in (options.seed..).take(usize::try_from(options.count)?) {
        let note = make(half, seed);
        let points = |at: usize| note.text.get(..at).map_or(0, |head| head.chars().count());
        let spans: Vec<_> = note
            .spans
            .iter()
            .map(|(span, class)| json!({"start": points(span.start), "end": points(span.end), "type": class.label()}))
            .collect();
        let keep: Vec<_> = note
            .keep
            .iter()
            .map(|span| json!({"start": points(span.start), "end": points(span.end)}))
            .collect();
        println!(
            "{}",
            json!({"id": format!("{}-{seed}", options.half), "text": note.text, "spans": spans, "keep": keep})
        );
    }
    Ok(true)
}
