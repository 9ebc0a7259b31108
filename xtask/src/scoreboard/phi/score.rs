//! Counting what a system masked.

use crate::scoreboard::phi::{
    systems::Outcome,
    texts::{Set, Text},
};
use std::{collections::BTreeMap, collections::HashMap, fmt::Write as _};

/// What a system did to a set.
#[derive(Default)]
pub(crate) struct Score {
    /// Spans and fully masked ones, by type.
    types: BTreeMap<String, (u32, u32)>,
    /// Texts with marked spans, and of these with one that was not fully masked.
    marked: (u32, u32),
    /// Texts without, and of these with something masked.
    unmarked: (u32, u32),
    /// Letters and digits in marked spans, of these masked, and all masked.
    letters: (u64, u64, u64),
    /// What must stay, and what of it was touched.
    keep: (u32, u32),
    bytes: usize,
}

impl Score {
    pub(crate) fn of(set: &Set, spans: &HashMap<String, Vec<(usize, usize)>>) -> Self {
        let mut score = Self::default();
        for text in &set.texts {
            score.add(text, spans.get(&text.id).map_or(&[], Vec::as_slice));
        }
        score
    }

    fn add(&mut self, text: &Text, spans: &[(usize, usize)]) {
        let letters: Vec<char> = text.text.chars().collect();
        let mut masked = vec![false; letters.len()];
        for (start, end) in spans {
            let end = (*end).min(letters.len());
            masked.get_mut((*start).min(end)..end).unwrap_or_default().fill(true);
        }
        let counts = |start: usize, end: usize| {
            let range = start.min(letters.len())..end.min(letters.len());
            range.filter(|at| letters.get(*at).is_some_and(|c| c.is_alphanumeric()))
        };
        let is_masked = |at: &usize| masked.get(*at).copied().unwrap_or(false);
        let mut leaks = false;
        for (start, end, kind) in &text.gold {
            let all = counts(*start, *end).count();
            let hidden = counts(*start, *end).filter(is_masked).count();
            let entry = self.types.entry(kind.clone()).or_default();
            entry.0 += 1;
            entry.1 += u32::from(all == hidden);
            leaks |= all != hidden;
            self.letters.0 += all as u64;
            self.letters.1 += hidden as u64;
        }
        self.letters.2 += counts(0, letters.len()).filter(is_masked).count() as u64;
        for (start, end) in &text.keep {
            self.keep.0 += 1;
            self.keep.1 += u32::from((*start..*end).any(|at| is_masked(&at)));
        }
        let group = if text.gold.is_empty() {
            &mut self.unmarked
        } else {
            &mut self.marked
        };
        group.0 += 1;
        group.1 += u32::from(if text.gold.is_empty() {
            masked.contains(&true)
        } else {
            leaks
        });
        self.bytes += text.text.len();
    }
}

fn share(part: impl Into<u64>, whole: impl Into<u64>) -> String {
    match (part.into(), whole.into()) {
        (_, 0) => "-".to_owned(),
        (part, whole) => format!("{:.1} % ({part} of {whole})", part as f64 * 100.0 / whole as f64),
    }
}

/// A table with a row for each system, and one with a row for each type.
pub(crate) fn table(set: &Set, rows: &[(&str, Score, Outcome)]) -> String {
    let mut text = String::new();
    let marked = set.is_marked();
    if marked {
        text.push_str("| system | spans fully masked | texts that leak | texts without PHI touched | letters: recall | letters: precision | kept expressions touched | CPU s | MB per CPU s |\n|---|---|---|---|---|---|---|---|---|\n");
    } else {
        text.push_str(
            "| system | expressions touched | letters masked | CPU s | MB per CPU s |\n|---|---|---|---|---|\n",
        );
    }
    for (name, score, outcome) in rows {
        let all: (u32, u32) = score
            .types
            .values()
            .fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        let seconds = outcome.cpu.as_secs_f64();
        let speed = if seconds < 0.05 {
            "-".to_owned()
        } else {
            format!("{:.2}", score.bytes as f64 / 1e6 / seconds)
        };
        let _ = if marked {
            writeln!(
                text,
                "| {name} | {} | {} | {} | {} | {} | {} | {seconds:.2} | {speed} |",
                share(all.1, all.0),
                share(score.marked.1, score.marked.0),
                share(score.unmarked.1, score.unmarked.0),
                share(score.letters.1, score.letters.0),
                share(score.letters.1, score.letters.2),
                share(score.keep.1, score.keep.0),
            )
        } else {
            writeln!(
                text,
                "| {name} | {} | {} | {seconds:.2} | {speed} |",
                share(score.keep.1, score.keep.0),
                score.letters.2
            )
        };
    }
    for (name, _, outcome) in rows.iter().filter(|(_, _, outcome)| !outcome.said.is_empty()) {
        let _ = writeln!(text, "\n{name}: {}.", outcome.said);
    }
    if !marked {
        return text;
    }
    let _ = writeln!(
        text,
        "\n| fully masked, by type | {} |",
        rows.iter().map(|row| row.0).collect::<Vec<_>>().join(" | ")
    );
    let _ = writeln!(text, "|---|{}", "---|".repeat(rows.len()));
    let kinds: std::collections::BTreeSet<&String> = rows.iter().flat_map(|row| row.1.types.keys()).collect();
    for kind in kinds {
        let cells: Vec<String> = rows
            .iter()
            .map(|(_, score, _)| {
                score
                    .types
                    .get(kind)
                    .map_or_else(|| "-".to_owned(), |(all, hidden)| format!("{hidden} of {all}"))
            })
            .collect();
        let _ = writeln!(text, "| {kind} | {} |", cells.join(" | "));
    }
    text
}
