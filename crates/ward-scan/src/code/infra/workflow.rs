//! Faults of pipelines: GitHub workflows and actions, GitLab.

mod actions;
mod agent;
mod checks;
mod expression;
mod github;
mod gitlab;
mod injection;
mod rules;

pub(super) use expression::blanked;
pub(super) use github::github;
pub(super) use gitlab::gitlab;
#[cfg(test)]
pub(super) use rules::EXAMPLES;
pub(super) use rules::RULES;

/// How an image is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pin {
    /// By its digest.
    Digest,
    /// By a tag that names a version.
    Tag,
    /// By nothing, or by `latest` and the like.
    Nothing,
    /// The name stands in a variable.
    Unknown,
}

/// How firmly the name of an image is pinned.
pub(super) fn pin(image: &str) -> Pin {
    let image = image.trim().trim_start_matches("docker://");
    if image.contains("@sha256:") {
        return Pin::Digest;
    }
    let name = image.rsplit('/').next().unwrap_or(image);
    match name.split_once(':') {
        _ if name.contains("xxx") || image.contains('<') => Pin::Unknown,
        Some((_, tag)) if tag.contains(['$', '{']) => Pin::Unknown,
        _ if image.is_empty() || name.starts_with(['$', '{', '%']) => Pin::Unknown,
        None if image.contains(['$', '{']) => Pin::Unknown,
        None => Pin::Nothing,
        Some((_, "latest" | "main" | "master" | "nightly" | "edge" | "dev" | "develop" | "stable" | "lts" | "")) => {
            Pin::Nothing
        }
        Some(_) => Pin::Tag,
    }
}
