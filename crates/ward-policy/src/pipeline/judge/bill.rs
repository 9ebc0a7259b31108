//! Bills of materials that a command of another purpose makes beside it, where a flag asks for one.
//!
//! Source: Docker Docs, "SBOM attestations"; uv, "uv export"; pip-audit, "Usage"; ko, "SBOMs"; Trivy, "SBOM".

use super::{Judgement, is_format_of_bill, value, values};
use crate::{
    lexicon::{self, Tool},
    pipeline::expression::DYNAMIC,
};

/// The tool that stands for what makes a bill by the way.
fn by_the_way() -> Option<&'static Tool> {
    lexicon::tool("sbom-generator-action")
}

/// What makes a bill where a command runs that is known for something else.
pub(in crate::pipeline) fn beside(words: &[String]) -> Option<(&'static Tool, Judgement)> {
    let first = words.first()?;
    let words: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
    let plain: Vec<&str> = words.iter().filter(|word| !word.starts_with('-')).copied().collect();
    let is_cyclonedx = |flags: &[&str]| value(&words, flags).is_some_and(|format| format.starts_with("cyclonedx"));
    let builds = || {
        let with_sbom = |value: &str| !matches!(value, "false" | "none" | "0");
        words.contains(&"--sbom") && !words.contains(&"--sbom=false")
            || words
                .iter()
                .filter_map(|word| word.strip_prefix("--sbom="))
                .any(with_sbom)
            || values(&words, "--attest").any(|one| one.starts_with("type=sbom") && !one.contains("disabled=true"))
    };
    let makes = match (first.rsplit('/').next()?, plain.first(), plain.get(1)) {
        ("docker", Some(&"buildx"), Some(&("build" | "b" | "bake"))) | ("docker", Some(&"build"), _) => builds(),
        ("ko", Some(&"build"), _) => value(&words, &["--sbom"]).is_some_and(|format| format != "none"),
        ("uv", Some(&"export"), _) => is_cyclonedx(&["--format"]),
        ("pip-audit", ..) => is_cyclonedx(&["--format", "-f"]),
        _ => false,
    };
    makes.then_some((by_the_way()?, Judgement::default()))
}

/// What makes a bill where a step uses an action that is known for something else.
pub(in crate::pipeline) fn beside_action(slug: &str, with: &[(String, String)]) -> Option<(&'static Tool, Judgement)> {
    if !matches!(slug, "docker/build-push-action" | "docker/bake-action") {
        return None;
    }
    let (_, value) = with.iter().find(|(key, _)| key == "sbom")?;
    let value = value.trim();
    if matches!(value, "" | "false") {
        return None;
    }
    let unknown = value
        .contains(DYNAMIC)
        .then_some("whether it makes a bill of materials is set by a run");
    let judgement = Judgement {
        unknown,
        ..Judgement::default()
    };
    Some((by_the_way()?, judgement))
}

/// A command of Trivy that scans, and writes a bill with what it finds in it: the same one without what it is to find.
pub(in crate::pipeline) fn alone(tool: &Tool, words: &[String]) -> Option<Vec<String>> {
    let plain: Vec<&str> = words.iter().map(String::as_str).collect();
    if tool.name != "trivy" || !is_format_of_bill(&plain) {
        return None;
    }
    let at = words
        .iter()
        .position(|word| word == "--scanners" || word.starts_with("--scanners="))?;
    let taken = if words.get(at)?.contains('=') { 1 } else { 2 };
    let kept = words
        .iter()
        .enumerate()
        .filter(|(place, _)| !(at..at + taken).contains(place));
    Some(kept.map(|(_, word)| word.clone()).collect())
}
