//! Recall and precision on notes and queries that nobody wrote: a guard against regress.
//!
//! Figures on a generator's notes are no proof of recall on real ones. The floors below are a little under what was
//! measured on the test half when they were last raised; `cargo xtask scoreboard phi` prints the figures themselves.

use std::collections::BTreeMap;

use ward_deid::synthetic::{self, Half, Note};
use ward_deid::{Class, Hit, Known, find};

#[derive(Default)]
struct Score {
    /// Of each class: spans, and spans of which every letter and digit was found.
    spans: BTreeMap<Class, (u32, u32)>,
    /// What must stay, and what of it was touched.
    keep: (u32, u32),
    missed: Vec<String>,
}

impl Score {
    fn of(notes: impl Iterator<Item = Note>) -> Self {
        let mut score = Self::default();
        for note in notes {
            let hits = find(&note.text, &Known::default());
            for (span, class) in &note.spans {
                let masked = note.text[span.start..span.end]
                    .char_indices()
                    .filter(|(_, c)| c.is_alphanumeric())
                    .all(|(at, _)| covered(&hits, span.start + at));
                let counts = score.spans.entry(*class).or_default();
                counts.0 += 1;
                counts.1 += u32::from(masked);
                if !masked {
                    score
                        .missed
                        .push(format!("{class:?}: {}", around(&note.text, span.start, span.end)));
                }
            }
            for span in &note.keep {
                score.keep.0 += 1;
                if (span.start..span.end).any(|at| covered(&hits, at)) {
                    score.keep.1 += 1;
                    score
                        .missed
                        .push(format!("touched: {}", around(&note.text, span.start, span.end)));
                }
            }
        }
        score
    }

    fn recall(&self, class: Option<Class>) -> f64 {
        let chosen = self
            .spans
            .iter()
            .filter(|(of, _)| class.is_none_or(|class| class == **of));
        let (all, masked) = chosen.fold((0, 0), |sum, (_, counts)| (sum.0 + counts.0, sum.1 + counts.1));
        f64::from(masked) / f64::from(all.max(1))
    }

    fn show(&self, title: &str) -> String {
        let mut text = format!(
            "{title}: {:.4} of spans masked, {} of {} kept pieces touched\n",
            self.recall(None),
            self.keep.1,
            self.keep.0
        );
        for (class, (all, masked)) in &self.spans {
            text.push_str(&format!("  {:10} {masked:5} of {all:5}\n", class.label()));
        }
        for line in self.missed.iter().take(if std::env::var_os("WARD_SHOW_ALL").is_some() {
            400
        } else {
            20
        }) {
            text.push_str(&format!("  {line}\n"));
        }
        text
    }
}

fn covered(hits: &[Hit], at: usize) -> bool {
    let next = hits.partition_point(|hit| hit.span.end <= at);
    hits.get(next).is_some_and(|hit| hit.span.start <= at)
}

fn around(text: &str, start: usize, end: usize) -> String {
    let from = text[..start].char_indices().rev().nth(20).map_or(0, |(at, _)| at);
    let to = text[end..]
        .char_indices()
        .nth(12)
        .map_or(text.len(), |(at, _)| end + at);
    format!("{}<<{}>>{}", &text[from..start], &text[start..end], &text[end..to]).replace('\n', "\\n")
}

/// The half to measure: the test half, unless `WARD_HALF=train` asks for the one that rules may be tuned on.
fn half() -> Half {
    let word = std::env::var("WARD_HALF").unwrap_or_default();
    Half::from_word(&word).unwrap_or(Half::Test)
}

#[test]
fn notes() {
    let score = Score::of((0..300).map(|seed| synthetic::note(half(), seed, None)));
    println!("{}", score.show("notes"));
    assert!(score.recall(None) >= 0.94, "{}", score.show("notes"));
}

#[test]
fn forms() {
    let score = Score::of((0..2000).map(|seed| synthetic::form(half(), seed)));
    println!("{}", score.show("forms"));
    assert!(score.recall(None) >= 0.94, "{}", score.show("forms"));
    assert!(score.keep.1 * 14 <= score.keep.0, "{}", score.show("forms"));
}

#[test]
fn queries() {
    let score = Score::of((0..600).map(|seed| synthetic::query(half(), seed)));
    println!("{}", score.show("queries"));
    assert!(score.recall(None) >= 0.95, "{}", score.show("queries"));
}
