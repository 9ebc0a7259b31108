//! The parts of a submission that are filled from data: bill of materials, threat model, handling of vulnerabilities.

use std::{collections::BTreeMap, path::Path};

use anyhow::{Context as _, Result};
use ward_disclose::Cases;
use ward_policy::attest::document::{Outcome, Section};
use ward_scan::bom::cyclonedx;
use ward_seal::store::DataDir;

use super::bytes;
use crate::{cli::attest::Make, commands::sbom};

/// Where a threat model is looked for.
const THREAT_MODELS: &[&str] = &[
    "docs/threat-model.md",
    "THREAT_MODEL.md",
    "THREAT-MODEL.md",
    "docs/THREAT_MODEL.md",
    "docs/security/threat-model.md",
    "security/threat-model.md",
];
/// Where a security policy may stand.
const POLICIES: &[&str] = &["SECURITY.md", ".github/SECURITY.md", "docs/SECURITY.md"];
/// Where a security.txt may stand.
const CONTACTS: &[&str] = &[
    "security.txt",
    ".well-known/security.txt",
    "public/.well-known/security.txt",
];
/// Where cases are kept in a data folder.
const CASES: &str = "cases";
/// Longest document that is read.
pub(super) const MAX_DOCUMENT: usize = 5 << 20;
/// How many headings of a document are shown.
const HEADINGS: usize = 30;
/// What a threat model is to hold, with words of headings that name it. Source: FDA, "Cybersecurity in Medical Devices:
/// Quality System Considerations and Content of Premarket Submissions", V.A.1; IEC 81001-5-1, 7.2.
const PARTS: &[(&str, &[&str])] = &[
    (
        "what is to be protected",
        &["asset", "protect", "data we hold", "what is at stake"],
    ),
    (
        "the system and where trust ends",
        &[
            "boundar",
            "data flow",
            "architecture",
            "entry point",
            "diagram",
            "surface",
        ],
    ),
    ("who attacks", &["attacker", "adversar", "actor", "capabilit"]),
    ("threats", &["threat", "attack tree", "stride", "abuse", "scenario"]),
    (
        "what is done against them",
        &[
            "mitigation",
            "control",
            "countermeasure",
            "defence",
            "defense",
            "measures",
        ],
    ),
    (
        "what remains and is assumed",
        &[
            "residual",
            "remain",
            "accepted",
            "assumption",
            "out of scope",
            "does not",
        ],
    ),
];

/// The sections. `note` names what was read.
///
/// # Errors
/// When the project cannot be read.
pub(super) fn of(args: &Make, note: &mut dyn FnMut(&str, &str, &[u8])) -> Result<Vec<Section>> {
    let path = args.path.as_path();
    Ok(vec![
        materials(path, args.no_scan, note)?,
        threats(path, note),
        handling(args, note)?,
    ])
}

fn materials(path: &Path, no_scan: bool, note: &mut dyn FnMut(&str, &str, &[u8])) -> Result<Section> {
    let title = "Bill of materials".to_owned();
    if no_scan {
        let lines = vec!["The project was not looked at (`--no-scan`).".to_owned()];
        return Ok(Section {
            title,
            outcome: Outcome::NotExamined,
            lines,
        });
    }
    let bom = sbom::of_path(path, None, &[], false)?;
    let text = format!("{:#}\n", cyclonedx::value(&bom, 0));
    note("sbom", "bom.cdx.json", text.as_bytes());
    let mut lines = vec![format!(
        "{} components, in CycloneDX 1.6; `ward sbom --time 0` writes the document with the digest below.",
        bom.parts.len()
    )];
    let outcome = if bom.unknown.is_empty() {
        Outcome::Held
    } else {
        lines.push(format!(
            "{} places could not be examined; the bill lists them as unknown.",
            bom.unknown.len()
        ));
        Outcome::NotExamined
    };
    Ok(Section { title, outcome, lines })
}

fn first(path: &Path, names: &[&str]) -> Option<(String, Vec<u8>)> {
    names.iter().find_map(|name| {
        let read = bytes(&path.join(name), MAX_DOCUMENT).ok()?;
        Some(((*name).to_owned(), read))
    })
}

/// The threat model by its headings: that it is there and which parts they name, not that it is right.
fn threats(path: &Path, note: &mut dyn FnMut(&str, &str, &[u8])) -> Section {
    let lines = match first(path, THREAT_MODELS) {
        Some((name, read)) => {
            note("document", &name, &read);
            let mut lines = vec![format!(
                "{name} is there. Whether it is right, nobody examined here; its headings follow."
            )];
            lines.extend(parts(&String::from_utf8_lossy(&read)));
            lines
        }
        None => vec![format!(
            "None was found; it was looked for as {}.",
            THREAT_MODELS.join(", ")
        )],
    };
    Section {
        title: "Threat model".to_owned(),
        outcome: Outcome::NotExamined,
        lines,
    }
}

/// Which parts of a threat model its headings name and which none does; and the headings.
fn parts(text: &str) -> Vec<String> {
    let headings: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| line.trim_start_matches('#').trim())
        .collect();
    // The title names the whole.
    let below: Vec<String> = headings.iter().skip(1).map(|heading| heading.to_lowercase()).collect();
    let (named, missing): (Vec<_>, Vec<_>) = PARTS.iter().partition(|(_, words)| {
        below
            .iter()
            .any(|heading| words.iter().any(|word| heading.contains(word)))
    });
    let list = |parts: &[&(&str, &[&str])]| parts.iter().map(|(name, _)| *name).collect::<Vec<_>>().join("; ");
    let mut out = Vec::new();
    if !named.is_empty() {
        out.push(format!(
            "Of what a threat model is to hold, headings name: {}.",
            list(&named)
        ));
    }
    if !missing.is_empty() {
        out.push(format!("No heading names: {}.", list(&missing)));
    }
    out.extend(headings.into_iter().take(HEADINGS).map(str::to_owned));
    out
}

fn handling(args: &Make, note: &mut dyn FnMut(&str, &str, &[u8])) -> Result<Section> {
    let path = args.path.as_path();
    let mut lines = Vec::new();
    for (what, names) in [("security policy", POLICIES), ("security.txt", CONTACTS)] {
        match first(path, names) {
            Some((name, read)) => {
                note("document", &name, &read);
                lines.push(format!(
                    "The {what} is {name}; `ward policy check` says which of its promises are kept."
                ));
            }
            None => lines.push(format!(
                "There is no {what}; it was looked for as {}.",
                names.join(", ")
            )),
        }
    }
    lines.push(cases(args.data.data.as_deref())?);
    Ok(Section {
        title: "Handling of vulnerabilities".to_owned(),
        outcome: Outcome::NotExamined,
        lines,
    })
}

/// How many cases of disclosure stand where. Nothing of a case is told but its state.
fn cases(data: Option<&Path>) -> Result<String> {
    let Some(data) = data.filter(|data| data.join(CASES).is_dir()) else {
        return Ok("No cases of disclosure are kept in a data folder that was named.".to_owned());
    };
    let cases = Cases::open(&DataDir::open_existing(data).context("cannot open the data folder")?)
        .context("cannot open the cases")?;
    let mut states: BTreeMap<&str, u64> = BTreeMap::new();
    for entry in cases.entries().context("cannot list the cases")? {
        let state = cases.read(&entry.case).map_or("unreadable", |case| case.state.word());
        *states.entry(state).or_default() += 1;
    }
    let states: Vec<String> = states.iter().map(|(state, count)| format!("{count} {state}")).collect();
    let states = if states.is_empty() {
        "none".to_owned()
    } else {
        states.join(", ")
    };
    Ok(format!(
        "Cases of disclosure and incidents: {states}. Whether their clocks were kept is not examined here; `ward disclose` says it."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        let said = parts(text);
        for expect in expect {
            assert!(said.iter().any(|line| line == expect), "{expect}: {said:?}");
        }
    }

    #[test]
    fn parts_of_a_threat_model_are_told_by_its_headings() {
        check(
            "# Threat model of assets\n",
            &[
                "No heading names: what is to be protected; the system and where trust ends; who attacks; threats; what is done against them; what remains and is assumed.",
                "Threat model of assets",
            ],
        );
        check(
            "# Threat model\n## Assets\n## Trust boundaries\n### Attackers\nThreats\n## Residual risk\n",
            &[
                "Of what a threat model is to hold, headings name: what is to be protected; the system and where trust ends; who attacks; what remains and is assumed.",
                "No heading names: threats; what is done against them.",
            ],
        );
    }
}
