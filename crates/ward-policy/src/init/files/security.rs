//! SECURITY.md: what is promised, and nothing that the other files do not make true.

use std::fmt::Write as _;

use super::{block, existing};
use crate::{
    init::{
        answers::Answers,
        blocks::{Comment, Other, Wanted},
        kinds::Updates,
    },
    repository::Repository,
};

/// `held` are the measures whose blocks stand in the repository afterwards.
pub(in crate::init) fn file(repository: &Repository, answers: &Answers, held: &[&str]) -> Wanted {
    Wanted {
        path: existing(repository, &["SECURITY.md", ".github/SECURITY.md", "docs/SECURITY.md"]).to_owned(),
        what: "the security policy",
        comment: Comment::Html,
        other: Other::Leave,
        lacks: None,
        blocks: vec![
            block("reporting", reporting(answers)),
            block("clocks", clocks(answers)),
            block("versions", versions(answers)),
            block("measures", measures(repository, answers, held)),
            block("scope", scope(answers)),
        ],
    }
}

fn reporting(answers: &Answers) -> String {
    let how = match answers.contact.strip_prefix("mailto:") {
        Some(address) => format!("write to <{address}>"),
        None => format!("use the private form at <{}>", answers.contact),
    };
    format!(
        "# Security policy\n\n\
         ## Reporting a vulnerability\n\n\
         Please report vulnerabilities in {project} privately: {how}. Please do not open a public issue, pull request or \
         discussion about a vulnerability before its fix is published.\n\n\
         Please include in your report:\n\n\
         - the type of the vulnerability\n\
         - the affected files, with their paths\n\
         - the affected version, or the commit\n\
         - the configuration that it needs\n\
         - the steps that reproduce it\n\
         - a proof of concept\n\
         - the impact, in your view\n\
         - how to reach you, and whether you want to be named\n\n\
         Send what you have; none of it is a condition.\n",
        project = answers.project
    )
}

fn clocks(answers: &Answers) -> String {
    let clocks = answers.profile.clocks();
    let [critical, high, medium, low] = clocks.fix;
    format!(
        "## What happens then\n\n\
         | Step | Within |\n|---|---|\n\
         | We acknowledge the report | {} |\n\
         | We assess it | {} |\n\
         | We fix a vulnerability of critical severity | {critical} |\n\
         | We fix a vulnerability of high severity | {high} |\n\
         | We fix a vulnerability of medium severity | {medium} |\n\
         | We fix a vulnerability of low severity | {low} |\n\
         | We publish the details, after the fix | {} |\n\n\
         The first two clocks start when the report arrives, those of the fix when the vulnerability is confirmed. Severity \
         follows CVSS 4.0. Advisories give credit to reporters who want it.{}\n",
        clocks.acknowledge,
        clocks.assess,
        clocks.publish,
        match &answers.advisories {
            Some(page) => format!(" Advisories are published at <{page}>."),
            None => String::new(),
        }
    )
}

fn versions(answers: &Answers) -> String {
    if answers.versions.is_empty() {
        return "## Supported versions\n\nOnly the newest release gets security fixes.\n".to_owned();
    }
    let rows: String = answers
        .versions
        .iter()
        .map(|one| format!("| {} | yes | {} |\n", one.version, one.until))
        .collect();
    format!("## Supported versions\n\n| Version | Supported | Until |\n|---|---|---|\n{rows}| older | no | - |\n")
}

/// Only what the files make true that are written with it: a file of somebody else's makes nothing true.
fn measures(repository: &Repository, answers: &Answers, held: &[&str]) -> String {
    let mut out = String::from("## Security measures\n\n");
    let has = |block: &str| held.contains(&block);
    let models = if answers.models { ", model files" } else { "" };
    let (on_github, on_gitlab) = (has("workflow"), has("pipeline"));
    // Writing to a String cannot fail.
    if on_github || on_gitlab {
        let when = if on_github {
            "every push and every pull request"
        } else {
            "every merge request and every push to the default branch"
        };
        let _ = writeln!(
            out,
            "- `ward scan` runs on {when}. It scans code, secrets{models} and dependencies, and fails on findings of medium severity \
             or worse."
        );
        let often = if on_github { "Every week, and on" } else { "On" };
        let _ = writeln!(
            out,
            "- {often} {when}, the full git history is scanned for secrets with `ward scan --history`."
        );
        let _ = writeln!(
            out,
            "- `ward policy check` holds this policy against the repository on {when}."
        );
    }
    if on_github {
        let path = super::github::path(repository);
        let name = path.rsplit('/').next().unwrap_or(path);
        let _ = writeln!(
            out,
            "- Actions in the workflow `{name}` are pinned to full commit ids, and its token may only read."
        );
    }
    if has("hook") {
        let _ = writeln!(
            out,
            "- A pre-commit hook (`.pre-commit-config.yaml`) scans what is staged for secrets, for those who install it."
        );
    }
    match answers.updates {
        Updates::Dependabot if has("updates") => {
            out.push_str("- Dependabot proposes updates of dependencies every week.\n");
        }
        Updates::Renovate if has("updates") => {
            out.push_str("- Renovate proposes updates of dependencies every week.\n");
        }
        _ => {}
    }
    if has("owners") {
        out.push_str("- The code has owners, whom the file `CODEOWNERS` names.\n");
    }
    if has("credentials") {
        out.push_str("- Credential files such as `.env` are ignored by git and are not committed.\n");
    }
    out
}

fn scope(answers: &Answers) -> String {
    let service = match &answers.service {
        Some(address) => format!(
            "- the service at <{address}>. Please test it only with accounts and data of your own, and do not disturb others\n"
        ),
        None => String::new(),
    };
    format!(
        "## Scope\n\n\
         In scope:\n\n\
         - everything that is built from this repository\n\
         {service}\n\
         Out of scope:\n\n\
         - vulnerabilities of a dependency that {project} does not make reachable; please report them to its authors\n\
         - denial of service by sheer volume\n\n\
         ## Safe harbour\n\n\
         We will not take legal action against anybody for research in good faith that follows this policy: you test what is \
         yours or what you were allowed to test, you go no further than showing the vulnerability needs, you do not keep or \
         pass on other people's data, and you give us the time named above before you publish.\n",
        project = answers.project
    )
}
