//! An attestation for a terminal: the summary, the requirements, the gaps.

use super::{
    document::{Attestation, Outcome},
    page,
};

/// How many gaps are shown.
const GAPS: usize = 15;

/// The text. `everything` shows controls and inputs too.
#[must_use]
pub fn render(made: &Attestation, everything: bool) -> String {
    if everything {
        return all(made);
    }
    let mut out = format!(
        "{} ({})\n{}\n\n",
        made.standard.name,
        made.standard.version,
        page::summary(made)
    );
    for outcome in [
        Outcome::Failed,
        Outcome::Held,
        Outcome::NotApplicable,
        Outcome::NotExamined,
    ] {
        for one in made.requirements.iter().filter(|one| one.outcome == outcome) {
            let title = if one.title.is_empty() {
                String::new()
            } else {
                format!("  {}", one.title)
            };
            let part = if one.outcome == Outcome::Held && one.extent == "part" {
                " (in part)"
            } else {
                ""
            };
            out.push_str(&format!(
                "{:14} {}{title}{part}: {}\n",
                outcome.word(),
                one.id,
                one.reason
            ));
        }
    }
    if !made.gaps.is_empty() {
        out.push_str("\nGaps, least effort first\n");
    }
    for gap in made.gaps.iter().take(GAPS) {
        out.push_str(&format!(
            "  {:9}  {}, for {} requirements: {}\n",
            gap.effort.word(),
            gap.control,
            gap.requirements.len(),
            gap.how
        ));
    }
    if made.gaps.len() > GAPS {
        out.push_str(&format!("  and {} more\n", made.gaps.len() - GAPS));
    }
    out.push_str("\nThis is evidence and no finding of compliance. What it does not show stands in the report (`--format json`).\n");
    out
}

fn all(made: &Attestation) -> String {
    let mut out = String::new();
    for block in page::blocks(made) {
        match block {
            page::Block::Heading(level, text) => {
                let rule = if level == 1 { "=" } else { "-" };
                out.push_str(&format!("\n{text}\n{}\n", rule.repeat(text.chars().count())));
            }
            page::Block::Text(text) => out.push_str(&format!("{text}\n")),
            page::Block::Table { columns, rows } => {
                let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
                out.push_str(&format!("  {}\n", names.join(" | ")));
                for row in rows {
                    out.push_str(&format!("  {}\n", row.join(" | ")));
                }
            }
            page::Block::Item(text) => out.push_str(&format!("  - {text}\n")),
            page::Block::Result(outcome, name, text) => {
                out.push_str(&format!("\n{:14} {name}\n  {text}\n", outcome.word()))
            }
        }
    }
    out
}
