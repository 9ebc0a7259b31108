//! Which version jobs of a workflow check out: what was looked at in one version says nothing of another that is sent out.
//!
//! Source: documentation of `actions/checkout`, `ref`; GitHub Docs, "Contexts reference", `github.ref`, `github.sha`.

use super::Job;

/// Expressions for the version that an event came with, which is also checked out where nothing is said.
const OWN: &[&str] = &[
    "github.ref",
    "github.sha",
    "github.ref_name",
    "github.event.release.tag_name",
];

/// Whether two jobs have the same version before them at these lines, as far as both check one out.
pub(super) fn is_same(first: &Job<'_>, at: u32, second: &Job<'_>, line: u32) -> bool {
    match (checked_out(first, at), checked_out(second, line)) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    }
}

/// The version that the last checkout of a job before a line names, empty for that of the event; none where nothing is
/// checked out.
fn checked_out(job: &Job<'_>, line: u32) -> Option<String> {
    let before = job.steps.iter().take_while(|step| step.line() <= line);
    let checkouts = before.filter_map(|step| {
        let uses = step.text_of("uses")?;
        let with = step.get("with");
        let of = |key: &str| with.and_then(|with| with.text_of(key));
        // Another repository, or one aside, is not what is sent out.
        let is_own = uses.split('@').next() == Some("actions/checkout") && of("path").is_none();
        (is_own && of("repository").is_none()).then(|| of("ref").unwrap_or_default())
    });
    let named: String = checkouts.last()?.chars().filter(|c| !c.is_whitespace()).collect();
    let inner = named.strip_prefix("${{").and_then(|rest| rest.strip_suffix("}}"));
    Some(match inner {
        Some(inner) if OWN.contains(&inner) => String::new(),
        _ => named,
    })
}
