//! ward.toml: the answers, what is wanted of scans, and the clocks of reports.

use super::{block, hashed};
use crate::init::{
    answers::{Answers, FILE},
    blocks::{Block, Other, Wanted},
    kinds::Profile,
};

pub(super) fn file(answers: &Answers) -> Wanted {
    let policy = format!(
        "# What `ward policy init` was told. Change it here or by flags, and run it again.\n{}",
        answers.kept()
    );
    let scan = "[scan]\nprofile = \"default\"\n\n[scan.dependencies]\nadvisories-at-most-days = 30\n".to_owned();
    let disclose = disclose(answers);
    let part = |name, text, stands_for, always| Block {
        stands_for,
        always,
        ..block(name, text)
    };
    Wanted {
        other: Other::Append,
        ..hashed(
            FILE,
            "what Ward does here",
            vec![
                part("policy", policy, "[policy]", true),
                part("scan", scan, "[scan]", false),
                part("disclose", disclose, "[disclose]", false),
            ],
        )
    }
}

/// The section `[disclose]`, as `ward disclose` reads it. Times of fixes depend on the severity and come from the preset.
fn disclose(answers: &Answers) -> String {
    let text = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let mut out = format!(
        "# For `ward disclose`: the clocks of SECURITY.md, what is supported, where to report.\n[disclose]\nproduct = {}\n\
         # Without `clocks`, every preset runs: those of laws begin with `mark`. Times of fixes by severity are those of the preset \"standard\".\n",
        text(&answers.project)
    );
    if !answers.versions.is_empty() {
        let rows: String = answers
            .versions
            .iter()
            .map(|one| format!("{} = {}\n", text(&one.version), text(&one.until)))
            .collect();
        out += &format!("\n[disclose.supported]\n{rows}");
    }
    out += &format!("\n[disclose.contact]\ncontact = [{}]\n", text(&answers.contact));
    if answers.profile == Profile::Standard {
        return out;
    }
    let clocks = answers.profile.clocks();
    for (name, what, from, until, length) in [
        (
            "acknowledge",
            "acknowledge the report",
            "received",
            "acknowledged",
            clocks.acknowledge,
        ),
        ("assess", "assess the report", "received", "assessed", clocks.assess),
        ("disclose", "publish the advisory", "fixed", "published", clocks.publish),
    ] {
        let (number, unit) = length.split_once(' ').unwrap_or((length, "days"));
        let unit = unit.replace(' ', "-");
        out += &format!(
            "\n[[disclose.clock]]\nname = \"{name}\"\nwhat = \"{what}\"\nfrom = \"{from}\"\nuntil = \"{until}\"\n\
             {unit} = {number}\n"
        );
    }
    out
}
