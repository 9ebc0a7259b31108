//! An attestation as blocks of text: what the page, the PDF and the terminal show.

use super::document::{Attestation, ControlResult, Gap, Outcome, RequirementResult};

/// A block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading; 1 is the title.
    Heading(u8, String),
    /// A paragraph.
    Text(String),
    /// An item of a list.
    Item(String),
    /// A table: its columns with the share of the width that each takes, and its rows.
    Table {
        /// Name and share.
        columns: Vec<(&'static str, u8)>,
        /// Cells.
        rows: Vec<Vec<String>>,
    },
    /// A requirement or a control: its outcome, its name, what is said of it.
    Result(Outcome, String, String),
}

/// The blocks of an attestation, in order.
#[must_use]
pub fn blocks(made: &Attestation) -> Vec<Block> {
    let mut out = vec![
        Block::Heading(1, format!("Evidence for {}", made.standard.name)),
        Block::Text(format!(
            "{}, {}. About {}. Made {} by {}. {}",
            made.standard.name,
            made.standard.version,
            made.about.subject,
            made.about.made,
            made.about.program,
            match &made.about.since {
                Some(since) => format!("Evidence of a running service from {since} on."),
                None => "Evidence of a running service from its beginning on.".to_owned(),
            }
        )),
        Block::Text(summary(made)),
        Block::Table {
            columns: vec![("Outcome", 2), ("Requirements", 2), ("What it means", 9)],
            rows: Outcome::ALL
                .map(|outcome| {
                    vec![
                        outcome.word().to_owned(),
                        made.summary.get(outcome).to_string(),
                        means(outcome).to_owned(),
                    ]
                })
                .to_vec(),
        },
        Block::Heading(2, "What this does not show".into()),
    ];
    out.extend(made.limits.iter().map(|limit| Block::Item(limit.clone())));
    out.push(Block::Heading(2, "Requirements".into()));
    out.extend(made.requirements.iter().map(requirement));
    if !made.unmapped.is_empty() {
        out.push(Block::Text(format!(
            "Nothing was examined of these {} clauses, with which no control of Ward has to do: {}.",
            made.unmapped.len(),
            made.unmapped.join(", ")
        )));
    }
    out.push(Block::Heading(2, "Gaps, least effort first".into()));
    if made.gaps.is_empty() {
        out.push(Block::Text("None among the controls that decide something.".into()));
    }
    if !made.gaps.is_empty() {
        let row = |gap: &Gap| {
            let (effort, how) = (gap.effort.word().to_owned(), gap.how.clone());
            vec![gap.control.clone(), effort, how, gap.requirements.join(", ")]
        };
        out.push(Block::Table {
            columns: vec![("Control", 2), ("Effort", 2), ("What to do", 7), ("For", 5)],
            rows: made.gaps.iter().map(row).collect(),
        });
    }
    for section in &made.sections {
        out.push(Block::Heading(
            2,
            format!("{} ({})", section.title, section.outcome.word()),
        ));
        out.extend(section.lines.iter().map(|line| Block::Item(line.clone())));
    }
    out.push(Block::Heading(2, "Controls and their evidence".into()));
    for control in &made.controls {
        push_control(&mut out, control);
    }
    out.push(Block::Heading(2, "What was read".into()));
    out.extend(made.inputs.iter().map(|input| {
        let more = if input.more.is_empty() {
            String::new()
        } else {
            format!(", {}", input.more)
        };
        Block::Item(format!("{} {}: {}{more}", input.kind, input.name, input.digest))
    }));
    let Attestation { standard, .. } = made;
    out.push(Block::Text(format!(
        "The clauses were read in: {} (as of {}).",
        standard.source, standard.snapshot
    )));
    out
}

/// The summary in one sentence.
#[must_use]
pub fn summary(made: &Attestation) -> String {
    let counts = Outcome::ALL.map(|outcome| format!("{} {}", made.summary.get(outcome), outcome.word()));
    format!(
        "Of {} requirements that controls of Ward have to do with: {}. {} clauses have no control.",
        made.requirements.len(),
        counts.join(", "),
        made.unmapped.len()
    )
}

/// What an outcome says of a requirement.
fn means(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Held => "Evidence shows that the controls which decide it, or a part of it, held.",
        Outcome::Failed => "Evidence shows that a control which it needs did not hold.",
        Outcome::NotExamined => "There is not enough evidence either way.",
        Outcome::NotApplicable => "The project says why it does not apply.",
    }
}

fn requirement(one: &RequirementResult) -> Block {
    let title = if one.title.is_empty() {
        String::new()
    } else {
        format!(" {}", one.title)
    };
    let unchecked = one
        .controls
        .iter()
        .any(|part| part.mapping != "verified" && part.relation != "related");
    let extent = match (one.extent.as_str(), unchecked) {
        ("part", false) => " Ward's controls decide a part of it.",
        ("part", true) => " Ward's controls decide a part of it; the mapping is to be checked.",
        _ => "",
    };
    Block::Result(
        one.outcome,
        format!("{}{title}", one.id),
        format!("{}{extent}", one.reason),
    )
}

fn push_control(out: &mut Vec<Block>, control: &ControlResult) {
    let planned = if control.status == "planned" {
        " Ward does not do this yet."
    } else {
        ""
    };
    out.push(Block::Result(
        control.outcome,
        format!("{} {}", control.id, control.title),
        format!("{}{planned}", control.statement),
    ));
    for item in &control.evidence {
        out.push(Block::Item(format!(
            "{}, {}: {}",
            item.source.word(),
            item.outcome.word(),
            item.what
        )));
        out.extend(item.places.iter().map(|place| Block::Item(format!("  {place}"))));
        out.extend(item.proofs.iter().map(|proof| {
            let receipt = proof.receipt.as_deref().unwrap_or("none");
            Block::Item(format!(
                "  entry {} of ledger {}, receipt {receipt}, leaf {}",
                proof.index, proof.ledger, proof.leaf
            ))
        }));
    }
}
