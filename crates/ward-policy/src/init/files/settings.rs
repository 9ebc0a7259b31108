//! ward.toml: the answers, what is wanted of scans, and the clocks of reports.

use super::{block, hashed};
use crate::init::{
    answers::{Answers, FILE},
    blocks::{Block, Other, Wanted},
    kinds::Profile,
};

pub(in crate::init) fn file(answers: &Answers) -> Wanted {
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

/// The section `[disclose]`, as `ward disclose` reads it: its clocks are the preset that is called as the profile.
fn disclose(answers: &Answers) -> String {
    let text = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let clocks = match answers.profile {
        Profile::Standard => String::from(
            "# Without `clocks` the preset \"standard\" runs, and those of laws, which begin with `mark`. SECURITY.md says the same times:\n# who changes one changes both, and `ward policy check` compares them.\n",
        ),
        other => format!(
            "# The preset of the times that SECURITY.md says, and the clocks of laws, which begin with `mark`. Who changes one changes both:\n# `ward policy check` compares them.\n\
             clocks = [\"{}\", \"cra\", \"fda\", \"hipaa\", \"gdpr\"]\n",
            other.word()
        ),
    };
    let mut out = format!(
        "# For `ward disclose`: which clocks run, what is supported, where to report.\n[disclose]\nproduct = {}\n{clocks}",
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
    out += &publisher(answers);
    out
}

/// Who publishes advisories. Its namespace is the service's address, or the owner's page at the forge; where neither is
/// known, a line that is to be filled in.
fn publisher(answers: &Answers) -> String {
    let text = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let origin = |url: &String, parts: usize| {
        let rest = url.strip_prefix("https://")?;
        let kept: Vec<&str> = rest.split('/').filter(|part| !part.is_empty()).take(parts).collect();
        (kept.len() == parts).then(|| format!("https://{}", kept.join("/")))
    };
    let service = answers.service.as_ref().and_then(|url| origin(url, 1));
    let namespace = service.or_else(|| answers.advisories.as_ref().and_then(|url| origin(url, 2)));
    let namespace = namespace.map_or_else(
        || {
            "# namespace = \"https://..\"  # an address that the publisher controls: `ward disclose advise` needs it\n"
                .to_owned()
        },
        |namespace| format!("namespace = {}\n", text(&namespace)),
    );
    format!("\n[disclose.publisher]\nname = {}\n{namespace}", text(&answers.project))
}
