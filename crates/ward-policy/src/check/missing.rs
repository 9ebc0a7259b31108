//! What a policy of this kind usually promises and this one does not.

use super::Facts;
use crate::{
    promise::Actor,
    read::{ClockKind, ContactKind, DocumentKind},
    topic::Topic,
};

/// What most policies hold, in the order of the catalogue.
const USUAL: &[Topic] = &[
    Topic::PrivateChannel,
    Topic::NeverPublic,
    Topic::ReportContents,
    Topic::Acknowledge,
    Topic::Fix,
    Topic::Embargo,
    Topic::SupportedVersions,
    Topic::Credit,
    Topic::Scope,
    Topic::SafeHarbour,
];

/// What a policy of a project with models should hold beside that.
const MODELS: &[Topic] = &[
    Topic::StaticAnalysis,
    Topic::SecretScan,
    Topic::DependencyScan,
    Topic::SafeLoading,
];

/// Whether the project works with models.
fn has_models(facts: &Facts<'_>) -> bool {
    const PACKAGES: &[&str] = &[
        "torch",
        "tensorflow",
        "transformers",
        "onnxruntime",
        "safetensors",
        "jax",
        "keras",
        "candle-core",
        "scikit-learn",
    ];
    let manifest = |name: &str| {
        name.starts_with("requirements")
            || matches!(
                name,
                "pyproject.toml" | "setup.py" | "setup.cfg" | "environment.yml" | "cargo.toml"
            )
    };
    let by_manifest = facts
        .named(&manifest)
        .take(50)
        .filter_map(|path| facts.text(path))
        .any(|text| {
            text.lines().take(2_000).any(|line| {
                let line = line.trim().trim_start_matches(['"', '\'', '-', ' ']);
                PACKAGES.iter().any(|name| {
                    line.strip_prefix(name)
                        .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_'))
                })
            })
        });
    by_manifest
        || facts
            .named(&|name| {
                [".safetensors", ".gguf", ".onnx", ".pt", ".pth"]
                    .iter()
                    .any(|ending| name.ends_with(ending))
            })
            .next()
            .is_some()
}

/// The usual promises that no document makes.
pub(super) fn missing(facts: &Facts<'_>) -> Vec<Topic> {
    let reading = facts.reading;
    let promised = |topic: Topic| {
        reading
            .promises
            .iter()
            .any(|promise| promise.topic == topic && promise.frame.actor != Actor::Users)
    };
    let timed = |kind: ClockKind| reading.clocks.iter().any(|clock| clock.kind == kind);
    let in_policy = |path: &str| {
        reading.documents.iter().any(|document| {
            document.path == path && matches!(document.kind, DocumentKind::Policy | DocumentKind::SecurityTxt)
        })
    };
    let there = |topic: Topic| {
        promised(topic)
            || match topic {
                Topic::PrivateChannel => reading.contacts.iter().any(|contact| {
                    in_policy(&contact.place.path)
                        && !matches!(contact.kind, ContactKind::PublicTracker | ContactKind::Key)
                }),
                Topic::ReportContents => !reading.asked.is_empty(),
                Topic::Acknowledge => timed(ClockKind::Acknowledge),
                Topic::Fix => timed(ClockKind::Fix),
                Topic::Embargo => timed(ClockKind::Publish),
                Topic::SupportedVersions => !reading.versions.is_empty(),
                Topic::StaticAnalysis => promised(Topic::Injection) || promised(Topic::CustomRules),
                Topic::SecretScan => promised(Topic::HistoryScan) || promised(Topic::EnvironmentFiles),
                _ => false,
            }
    };
    let more = if has_models(facts) { MODELS } else { &[] };
    USUAL
        .iter()
        .chain(more)
        .copied()
        .filter(|topic| !there(*topic))
        .collect()
}
