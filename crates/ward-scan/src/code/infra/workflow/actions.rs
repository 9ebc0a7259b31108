//! What a step uses: whether it is pinned, and whether it is known to be bad.

use crate::inventory::requirement::is_commit;

/// A reference to an action or a reusable workflow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Uses<'a> {
    /// Of the same repository.
    Local,
    /// An image.
    Docker(&'a str),
    /// Of another repository: owner, the rest of the path, and the revision.
    Remote {
        owner: &'a str,
        name: &'a str,
        path: &'a str,
        revision: &'a str,
    },
    /// Not of a known form.
    Unknown,
}

pub(super) fn uses(text: &str) -> Uses<'_> {
    let text = text.trim();
    if text.starts_with("./") || text.starts_with("$/") || text.starts_with("../") || text == "." {
        return Uses::Local;
    }
    if let Some(image) = text.strip_prefix("docker://") {
        return Uses::Docker(image);
    }
    if text.contains("${{") {
        return Uses::Unknown;
    }
    let (path, revision) = text.split_once('@').unwrap_or((text, ""));
    let path = path.strip_prefix("https://github.com/").unwrap_or(path);
    let mut parts = path.splitn(3, '/');
    match (parts.next(), parts.next()) {
        (Some(owner), Some(name)) if !owner.is_empty() && !name.is_empty() => Uses::Remote {
            owner,
            name,
            path: parts.next().unwrap_or_default(),
            revision,
        },
        _ => Uses::Unknown,
    }
}

/// How a revision is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Revision {
    /// A commit's whole id.
    Commit,
    /// A tag of a version.
    Tag,
    /// A branch, a shortened id, or nothing.
    Branch,
}

pub(super) fn revision(text: &str) -> Revision {
    let version = text.rsplit('/').next().unwrap_or(text).trim_start_matches(['v', 'V']);
    if is_commit(text) {
        Revision::Commit
    } else if version.starts_with(|c: char| c.is_ascii_digit())
        && version.len() < 24
        && !(text.len() >= 7 && text.bytes().all(|byte| byte.is_ascii_hexdigit()))
    {
        Revision::Tag
    } else {
        Revision::Branch
    }
}

/// Owners whose actions are part of the service itself.
pub(super) fn is_first_party(owner: &str) -> bool {
    ["actions", "github"].iter().any(|one| owner.eq_ignore_ascii_case(one))
}

/// A fault that is known of an action.
pub(super) struct Advisory {
    /// `owner/name`, lower case.
    pub(super) action: &'static str,
    /// The first version that has the fault; empty for all before the repair.
    since: &'static str,
    /// The first version without it.
    repaired: &'static str,
    /// Its name in a public list.
    pub(super) id: &'static str,
    /// What it is, after "it".
    pub(super) what: &'static str,
    /// True when the action itself was taken over: what ran it has given its secrets away.
    pub(super) compromised: bool,
}

const fn fault(
    action: &'static str,
    since: &'static str,
    repaired: &'static str,
    id: &'static str,
    what: &'static str,
) -> Advisory {
    Advisory {
        action,
        since,
        repaired,
        id,
        what,
        compromised: false,
    }
}

const fn taken(action: &'static str, repaired: &'static str, id: &'static str, what: &'static str) -> Advisory {
    Advisory {
        action,
        since: "",
        repaired,
        id,
        what,
        compromised: true,
    }
}

/// Advisories about actions, from the public advisory lists (GitHub Advisory Database, CVE), November 2026.
/// A list to be added to, and no full one: `ward db update` brings the whole.
pub(super) static ADVISORIES: &[Advisory] = &[
    taken(
        "tj-actions/changed-files",
        "46.0.1",
        "CVE-2025-30066",
        "printed the secrets of the job into the log, March 2025",
    ),
    taken(
        "reviewdog/action-setup",
        "1.3.2",
        "CVE-2025-30154",
        "printed the secrets of the job into the log, March 2025",
    ),
    taken(
        "aquasecurity/trivy-action",
        "0.35.0",
        "GHSA-69fq-xp46-6x23",
        "sent the secrets of the job away, March 2026",
    ),
    fault(
        "tj-actions/branch-names",
        "",
        "7.0.7",
        "CVE-2023-49291",
        "runs the name of a branch as a command",
    ),
    fault(
        "actions/download-artifact",
        "4.0.0",
        "4.1.3",
        "CVE-2024-42471",
        "writes files outside of its folder",
    ),
    fault(
        "dawidd6/action-download-artifact",
        "",
        "6",
        "GHSA-5xr6-xhww-33m4",
        "takes artifacts of forks for those of the repository",
    ),
    fault(
        "ultralytics/actions",
        "",
        "0.0.3",
        "GHSA-7x29-qqmq-v6qc",
        "runs the name of a branch as a command",
    ),
    fault(
        "rlespinasse/github-slug-action",
        "4.0.0",
        "4.4.1",
        "CVE-2023-27581",
        "runs the name of a branch as a command",
    ),
    fault(
        "lycheeverse/lychee-action",
        "",
        "2.0.2",
        "CVE-2024-48908",
        "runs an input as a command",
    ),
    fault(
        "sonarsource/sonarqube-scan-action",
        "4.0.0",
        "6.0.0",
        "CVE-2025-59844",
        "runs an input as a command",
    ),
    fault(
        "step-security/harden-runner",
        "",
        "2.12.0",
        "CVE-2025-32955",
        "can be switched off by what it guards against",
    ),
    fault(
        "check-spelling/check-spelling",
        "",
        "0.0.19",
        "CVE-2021-32724",
        "gives a token to pull requests of strangers",
    ),
    fault(
        "atlassian/gajira-comment",
        "",
        "2.0.2",
        "CVE-2020-14188",
        "runs a comment as a command",
    ),
    fault(
        "hashicorp/vault-action",
        "",
        "2.2.0",
        "CVE-2021-32074",
        "prints secrets of several lines into the log",
    ),
];

/// The commit that the tags of `tj-actions/changed-files` were moved to.
pub(super) const PLANTED: &[&str] = &["0e58ed8671d6b60d0890c21b07f8835ace038e67"];

/// The numbers of a version. A tag such as `v4` stands for the highest `4.x`.
fn numbers(version: &str, missing: u64) -> Option<[u64; 3]> {
    let version = version.trim().trim_start_matches(['v', 'V']);
    if !version.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let mut out = [missing; 3];
    for (slot, part) in out.iter_mut().zip(version.split(['.', '-', '+'])) {
        *slot = part.parse().ok()?;
    }
    Some(out)
}

/// The advisories that hold for a version of an action.
pub(super) fn advisories(owner: &str, name: &str, version: &str) -> impl Iterator<Item = &'static Advisory> {
    let action = format!("{owner}/{name}").to_ascii_lowercase();
    let version = numbers(version, u64::MAX);
    ADVISORIES.iter().filter(move |one| {
        let since = numbers(one.since, 0).unwrap_or_default();
        let repaired = numbers(one.repaired, 0).unwrap_or([u64::MAX; 3]);
        one.action == action && version.is_some_and(|version| version >= since && version < repaired)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read() {
        let remote = |owner, name, path, revision| Uses::Remote {
            owner,
            name,
            path,
            revision,
        };
        for (text, expect) in [
            ("actions/checkout@v4", remote("actions", "checkout", "", "v4")),
            (
                "a/b/.github/workflows/c.yml@main",
                remote("a", "b", ".github/workflows/c.yml", "main"),
            ),
            ("a/b", remote("a", "b", "", "")),
            ("./.github/actions/x", Uses::Local),
            ("docker://alpine:3", Uses::Docker("alpine:3")),
            ("${{ matrix.x }}", Uses::Unknown),
            ("x", Uses::Unknown),
        ] {
            assert_eq!(uses(text), expect, "{text}");
        }
        for (text, expect) in [
            ("v4", Revision::Tag),
            ("v1.2.3", Revision::Tag),
            ("release/v1", Revision::Tag),
            ("2024.1", Revision::Tag),
            ("main", Revision::Branch),
            ("", Revision::Branch),
            ("0123456", Revision::Branch),
            ("0123456789012345678901234567890123456789", Revision::Commit),
        ] {
            assert_eq!(revision(text), expect, "{text}");
        }
    }

    #[test]
    fn advisories_hold_for_a_range() {
        let ids = |action: &str, version: &str| {
            let (owner, name) = action.split_once('/').unwrap();
            advisories(owner, name, version).map(|one| one.id).collect::<Vec<_>>()
        };
        assert_eq!(ids("tj-actions/changed-files", "v45.0.7"), ["CVE-2025-30066"]);
        assert_eq!(ids("TJ-Actions/changed-files", "v44"), ["CVE-2025-30066"]);
        assert!(ids("tj-actions/changed-files", "v46").is_empty());
        assert!(ids("tj-actions/changed-files", "main").is_empty());
        assert_eq!(ids("actions/download-artifact", "4.1.2"), ["CVE-2024-42471"]);
        assert!(ids("actions/download-artifact", "v4").is_empty());
        assert!(ids("actions/download-artifact", "v3").is_empty());
        for one in ADVISORIES {
            assert_eq!(one.action, one.action.to_ascii_lowercase());
            assert!(numbers(one.repaired, 0).is_some() && (one.since.is_empty() || numbers(one.since, 0).is_some()));
        }
    }
}
