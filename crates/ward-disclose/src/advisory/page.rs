//! What people read: the advisory as a page, thanks, and what the policy says of scope and good faith.

use std::collections::BTreeMap;

use super::{Draft, csaf::clinical};
use crate::{
    Settings,
    case::{Case, Fix},
};

/// Text that cannot become anything else in Markdown: no HTML, no links, no emphasis.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '<' | '>' | '[' | ']' | '*' | '_' | '`' | '\\' | '|' | '#' | '&') {
            out.push('\\');
        }
        out.push(if c == '\n' { ' ' } else { c });
    }
    out
}

/// The advisory as Markdown. The texts of the draft are the team's own Markdown and stand as they are.
#[must_use]
pub fn markdown(case: &Case, draft: &Draft, settings: &Settings) -> String {
    let mut text = format!("# {}: {}\n\n", case.id, plain(&draft.title));
    if !draft.summary.trim().is_empty() {
        text.push_str(&format!("{}\n\n", draft.summary.trim()));
    }
    text.push_str("| | |\n|---|---|\n");
    let mut row = |name: &str, value: String| text.push_str(&format!("| {name} | {value} |\n"));
    row("Product", plain(&settings.product));
    if let Some(cve) = &draft.cve {
        row("CVE", cve.clone());
    }
    if let Some(assessment) = &case.assessment {
        row("Severity", assessment.level.word().to_owned());
        for scored in &assessment.cvss {
            row(
                &format!("CVSS {}", scored.version),
                format!("{:.1} ({})", scored.score, scored.vector),
            );
        }
        if let Some(cwe) = draft.cwe.as_ref().or(assessment.cwe.as_ref()) {
            row("Weakness", cwe.clone());
        }
        row("Patients", clinical(assessment.clinical).to_owned());
    }
    if let Some(versions) = &case.versions {
        row("Affected", plain(&versions.affected.join(", ")));
    }
    for (line, fix) in &case.fixes {
        match fix {
            Fix::Released(version) => row(&format!("Fixed in {}", plain(line)), plain(version)),
            Fix::Declined(reason) => row(&format!("No fix for {}", plain(line)), plain(reason)),
        }
    }
    for (title, body) in [
        ("Description", &draft.description),
        ("Impact", &draft.impact),
        ("Workaround", &draft.workaround),
    ] {
        if !body.trim().is_empty() {
            text.push_str(&format!("\n## {title}\n\n{}\n", body.trim()));
        }
    }
    let names: Vec<String> = case
        .credits
        .iter()
        .filter(|credit| credit.consent)
        .map(|credit| plain(&credit.name))
        .collect();
    if !names.is_empty() {
        text.push_str(&format!(
            "\n## Thanks\n\nWe thank {} for reporting this.\n",
            names.join(", ")
        ));
    }
    if !draft.references.is_empty() {
        text.push_str("\n## References\n\n");
        for url in &draft.references {
            text.push_str(&format!("- <{url}>\n"));
        }
    }
    text
}

/// Those who reported what was published and agreed to be named, by year, as Markdown.
#[must_use]
pub fn hall_of_fame(cases: &[Case]) -> String {
    let mut by_year: BTreeMap<i16, Vec<String>> = BTreeMap::new();
    for case in cases.iter().filter(|case| case.published.is_some()) {
        let year = case.opened().to_zoned(jiff::tz::TimeZone::UTC).year();
        for credit in case.credits.iter().filter(|credit| credit.consent) {
            let url = credit
                .url
                .as_deref()
                .filter(|url| url.starts_with("https://") && !url.contains(['<', '>', ' ', ')', '(']));
            let name = plain(&credit.name);
            let shown = url.map_or_else(|| name.clone(), |url| format!("[{name}]({url})"));
            by_year.entry(year).or_default().push(format!("- {shown}, {}", case.id));
        }
    }
    let mut text = "# Thanks\n\nThey found faults, told us in private, and agreed to be named.\n".to_owned();
    for (year, lines) in by_year.iter().rev() {
        text.push_str(&format!("\n## {year}\n\n{}\n", lines.join("\n")));
    }
    text
}

/// Scope and good faith, for the policy, as Markdown.
#[must_use]
pub fn policy_text(settings: &Settings) -> String {
    let mut text = String::new();
    for (title, list) in [
        ("In scope", &settings.policy.in_scope),
        ("Out of scope", &settings.policy.out_of_scope),
    ] {
        if !list.is_empty() {
            text.push_str(&format!("## {title}\n\n"));
            list.iter().for_each(|one| text.push_str(&format!("- {one}\n")));
            text.push('\n');
        }
    }
    text.push_str("## Good faith\n\n");
    let own = settings
        .policy
        .safe_harbour
        .as_deref()
        .map(str::trim)
        .filter(|own| !own.is_empty());
    text.push_str(own.unwrap_or(
        "Whoever looks for faults in good faith, within the scope above, and tells us in private has our thanks. We take such \
         work to be authorised. We will not take legal action over it, nor ask others to, and if somebody else does, we will say \
         that you acted with our consent.\n\nGood faith means: look no further than a fault needs to be shown; do not look at, \
         change or keep data of patients or of other people, and stop and tell us when you meet some; do not make a service \
         stand still; never test on devices or systems in clinical use; give us time to mend it before you tell others. This \
         does not bind third parties, and it does not allow what a law forbids without our leave. If in doubt, ask first.",
    ));
    text.push('\n');
    text
}
