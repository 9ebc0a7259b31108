//! Promises that files of the repository keep: owners, protection of branches, weights, signatures.

use super::{CONFIGURED, Facts, Outcome, broken, kept, proof, rules, tools, weak};
use crate::{
    lexicon,
    pipeline::glob,
    promise::Promise,
    verdict::{Proof, Verdict},
};

const OWNERS: &[&str] = &[
    ".github/CODEOWNERS",
    "CODEOWNERS",
    "docs/CODEOWNERS",
    ".gitlab/CODEOWNERS",
];

/// Code has owners.
pub(super) fn code_owners(facts: &Facts<'_>, _promise: &Promise) -> Outcome {
    let Some(path) = OWNERS.iter().find(|path| facts.repository.files.contains_key(**path)) else {
        let shown = proof(
            ".github/CODEOWNERS",
            None,
            "no file of owners is in any place where forges look",
        );
        return Outcome::new(
            &rules::OWNERS_ABSENT,
            broken(vec![shown]),
            "Owners of code are promised, and there is no CODEOWNERS.",
        );
    };
    let Some(text) = facts.text(path) else {
        return Outcome::new(
            &rules::PROMISE,
            Verdict::NotExamined(format!("{path} could not be read")),
            "The file of owners could not be read.",
        );
    };
    let (mut faults, mut good) = (Vec::new(), Vec::new());
    for (index, line) in text.lines().enumerate().take(5_000) {
        let line = line.split(" #").next().unwrap_or_default().trim();
        if line.is_empty() || line.starts_with('#') || line.starts_with('[') || line.starts_with("^[") {
            continue;
        }
        let number = u32::try_from(index + 1).ok();
        let mut words = line.split_whitespace();
        let Some(pattern) = words.next() else { continue };
        let owners: Vec<&str> = words.collect();
        let is_owner =
            |owner: &&str| owner.starts_with('@') && owner.len() > 1 || owner.contains('@') && owner.contains('.');
        let is_placeholder = |owner: &&str| {
            ["@your-", "@org/", "@username", "@owner", "@example", "@global-owner"]
                .iter()
                .any(|start| owner.to_ascii_lowercase().starts_with(start))
        };
        if let Some(wrong) = owners.iter().find(|owner| !is_owner(owner)) {
            let _ = wrong;
            faults.push(proof(
                path,
                number,
                "an owner that is neither `@name`, `@team/name` nor an address",
            ));
        } else if owners.iter().any(is_placeholder) {
            faults.push(proof(path, number, "an owner that a template left"));
        } else if !owners.is_empty() {
            if facts.repository.files.keys().any(|file| owns(pattern, file)) {
                good.push(proof(path, number, format!("`{pattern}` has owners")));
            } else {
                faults.push(proof(path, number, format!("`{pattern}` matches no tracked file")));
            }
        }
    }
    if good.is_empty() {
        faults.push(proof(
            path,
            None,
            "no line of it gives an owner to a file that is there",
        ));
        return Outcome::new(
            &rules::OWNERS_HOLLOW,
            weak(faults),
            "The file of owners gives no file an owner.",
        );
    }
    if !faults.is_empty() {
        let count = faults.len();
        faults.truncate(12);
        return Outcome::new(
            &rules::OWNERS_HOLLOW,
            weak(faults),
            format!("The file of owners has {count} faulty lines."),
        );
    }
    good.truncate(5);
    let limit = "that an owner must approve is a setting of the forge, and not shown";
    Outcome::new(&rules::PROMISE, kept(good, Some(limit)), "Code has owners.")
}

/// Whether a pattern of CODEOWNERS matches a file: as in .gitignore, without `!` and `[ ]`.
fn owns(pattern: &str, file: &str) -> bool {
    let rooted = pattern.starts_with('/') || pattern.trim_end_matches('/').contains('/');
    let body = pattern.trim_start_matches('/');
    let body = body.trim_end_matches('/');
    if body.is_empty() || body == "*" || body == "**" {
        return true;
    }
    let below = format!("{body}/**");
    let any = |text: &str| glob::matches(body, text) || glob::matches(&below, text);
    if rooted {
        return any(file);
    }
    any(file)
        || file
            .match_indices('/')
            .any(|(at, _)| any(file.get(at + 1..).unwrap_or_default()))
}

/// Branches are protected.
pub(super) fn branch_protection(facts: &Facts<'_>, _promise: &Promise) -> Outcome {
    let found = protection(facts);
    if found.is_empty() {
        let verdict = Verdict::Unverifiable {
            why: "protection of branches is a setting of the forge, and no file here holds it",
            would: "the branch rules of the forge, or settings kept as code (.github/settings.yml, rulesets)",
        };
        return Outcome::new(
            &rules::FORGE_SETTING,
            verdict,
            "Protection of branches is a setting of the forge: no file shows it.",
        );
    }
    Outcome::new(
        &rules::PROMISE,
        kept(found, Some("that the forge applies these settings is not shown")),
        "Protection of branches is kept as code.",
    )
}

/// Settings of branches that stand in files.
fn protection(facts: &Facts<'_>) -> Vec<Proof> {
    let mut out = Vec::new();
    for path in [".github/settings.yml", ".github/settings.yaml", ".asf.yaml"] {
        let Some(text) = facts.text(path) else { continue };
        let keys = [
            "protection:",
            "protected_branches:",
            "required_pull_request_reviews:",
            "required_status_checks:",
        ];
        if let Some(line) = text
            .lines()
            .position(|line| keys.iter().any(|key| line.trim_start().starts_with(key)))
        {
            out.push(proof(path, u32::try_from(line + 1).ok(), "settings of branches"));
        }
    }
    for path in facts
        .repository
        .files
        .keys()
        .filter(|path| path.ends_with(".json") && path.contains("ruleset"))
        .take(50)
    {
        let Some(json) = facts
            .text(path)
            .and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok())
        else {
            continue;
        };
        let is = |key: &str, word: &str| json.get(key).and_then(serde_json::Value::as_str) == Some(word);
        if is("enforcement", "active") && is("target", "branch") {
            out.push(proof(path, None, "a ruleset for branches, active"));
        }
    }
    out
}

/// Changes are reviewed.
pub(super) fn review(facts: &Facts<'_>, _promise: &Promise) -> Outcome {
    let mut found = Vec::new();
    for path in [".github/settings.yml", ".github/settings.yaml", ".asf.yaml"] {
        if let Some(text) = facts.text(path)
            && let Some(line) = text.lines().position(|line| {
                line.contains("required_approving_review_count") || line.contains("required_pull_request_reviews")
            })
        {
            out_push(&mut found, path, line, "reviews are required");
        }
    }
    for path in facts
        .repository
        .files
        .keys()
        .filter(|path| path.ends_with(".json") && path.contains("ruleset"))
        .take(50)
    {
        if let Some(text) = facts.text(path)
            && let Some(line) = text
                .lines()
                .position(|line| line.contains("required_approving_review_count") && !line.contains(": 0"))
        {
            out_push(&mut found, path, line, "reviews are required");
        }
    }
    if found.is_empty() {
        let verdict = Verdict::Unverifiable {
            why: "that changes are reviewed is a setting of the forge and a matter of conduct; no file here shows it",
            would: "the branch rules of the forge, and the reviews of merged changes",
        };
        return Outcome::new(
            &rules::FORGE_SETTING,
            verdict,
            "Whether changes are reviewed is not shown by files.",
        );
    }
    Outcome::new(
        &rules::PROMISE,
        kept(found, Some("that the forge applies these settings is not shown")),
        "Reviews are required by settings that are kept as code.",
    )
}

fn out_push(out: &mut Vec<Proof>, path: &str, line: usize, note: &str) {
    out.push(proof(path, u32::try_from(line + 1).ok(), note));
}

const WEIGHTS: &[&str] = &[
    ".pt",
    ".pth",
    ".ckpt",
    ".safetensors",
    ".onnx",
    ".gguf",
    ".ggml",
    ".h5",
    ".hdf5",
    ".keras",
    ".tflite",
    ".pb",
    ".mlmodel",
    ".engine",
    ".weights",
    ".caffemodel",
    ".pkl",
    ".pickle",
    ".dill",
    ".joblib",
    ".npz",
];

/// Whether a name in lower case is that of a file of weights.
pub(super) fn is_weights_name(name: &str) -> bool {
    WEIGHTS.iter().any(|ending| name.ends_with(ending))
}

/// Weights are kept in LFS and not in git.
pub(super) fn weights(facts: &Facts<'_>, promise: &Promise) -> Outcome {
    let lower = promise.text.to_ascii_lowercase();
    if !["git", "lfs", "commit", "repositor", "version control", "check"]
        .iter()
        .any(|word| lower.contains(word))
    {
        return super::service::judge(facts, promise);
    }
    let is_weights = |path: &str, len: u64| {
        let lower = path.to_ascii_lowercase();
        WEIGHTS.iter().any(|ending| lower.ends_with(ending)) || lower.ends_with(".bin") && len > 1 << 20
    };
    let all: Vec<(&String, &crate::repository::File)> = facts
        .repository
        .files
        .iter()
        .filter(|(path, file)| is_weights(path, file.len))
        .collect();
    let in_git: Vec<Proof> = all
        .iter()
        .filter(|(_, file)| !file.lfs)
        .take(12)
        .map(|(path, file)| proof(path, None, format!("{} bytes of weights stand in git", file.len)))
        .collect();
    if !in_git.is_empty() {
        return Outcome::new(&rules::WEIGHTS, broken(in_git), "Weights are tracked in git.");
    }
    let mut shown: Vec<Proof> = all
        .iter()
        .take(5)
        .map(|(path, _)| proof(path, None, "a pointer of Git LFS"))
        .collect();
    for path in facts.named(&|name| name == ".gitattributes") {
        let text = facts.text(path).unwrap_or_default();
        if let Some(line) = text.lines().position(|line| line.contains("filter=lfs")) {
            out_push(&mut shown, path, line, "files go to Git LFS");
        }
    }
    let lfs = promise.text.to_ascii_lowercase().contains("lfs");
    if shown.is_empty() && lfs {
        let shown = proof(
            ".gitattributes",
            None,
            "no line sends a file to Git LFS, and no tracked file is a pointer",
        );
        return Outcome::new(
            &rules::WEIGHTS,
            broken(vec![shown]),
            "Git LFS is promised, and nothing here uses it.",
        );
    }
    if shown.is_empty() {
        shown.push(proof(
            ".",
            None,
            format!(
                "none of {} tracked files is a file of weights",
                facts.repository.files.len()
            ),
        ));
    }
    let limit = "what earlier commits hold is not shown";
    Outcome::new(&rules::PROMISE, kept(shown, Some(limit)), "No weights stand in git.")
}

/// Tags, releases or commits are signed.
pub(super) fn signed(facts: &Facts<'_>, promise: &Promise) -> Outcome {
    let lower = promise.text.to_ascii_lowercase();
    let tools_named = promise.frame.tools.iter().filter(|name| **name != "git-lfs").count() > 0;
    if tools_named {
        return tools::judge(facts, promise);
    }
    if lower.contains("commit") && !lower.contains("tag") && !lower.contains("release") {
        let verdict = Verdict::Unverifiable {
            why: "signatures of commits are not looked at, and whose keys count is not in a file",
            would: "`git log --show-signature` with the maintainers' keys",
        };
        return Outcome::new(
            &rules::SIGNATURES,
            verdict,
            "Signatures of commits are not shown by files.",
        );
    }
    let Some(git) = facts.repository.git.as_ref() else {
        return Outcome::new(
            &rules::SIGNATURES,
            Verdict::NotExamined("there is no git repository".to_owned()),
            "There is no git repository to look at.",
        );
    };
    let mut tags: Vec<_> = git
        .tags
        .iter()
        .filter(|tag| {
            tag.name
                .trim_start_matches(['v', 'V'])
                .starts_with(|c: char| c.is_ascii_digit())
        })
        .collect();
    tags.sort_by_key(|tag| std::cmp::Reverse(tag.day));
    tags.truncate(5);
    if tags.iter().any(|tag| tag.signed) && tags.iter().all(|tag| tag.signed) {
        let shown = tags
            .iter()
            .map(|tag| proof("tags", None, format!("{} carries a signature", tag.name)))
            .collect();
        let limit = "whose signatures these are, and whether they are good, is not shown";
        return Outcome::new(
            &rules::PROMISE,
            kept(shown, Some(limit)),
            "The newest tags carry signatures.",
        );
    }
    let signers: Vec<Proof> = facts
        .pipelines
        .runs
        .iter()
        .filter(|run| {
            run.gates()
                && lexicon::tool(run.tool)
                    .is_some_and(|tool| tool.topics.contains(&crate::topic::Topic::SignedReleases))
        })
        .map(|run| proof(&run.place.path, Some(run.place.line), format!("{} signs", run.tool)))
        .collect();
    if !signers.is_empty() && !lower.contains("tag") {
        return Outcome::new(
            &rules::PROMISE,
            kept(signers, Some(CONFIGURED)),
            "A pipeline signs what is released.",
        );
    }
    if tags.is_empty() {
        let why = if git.shallow {
            "the clone is shallow and holds no tags"
        } else {
            "there is no tag of a version"
        };
        return Outcome::new(
            &rules::SIGNATURES,
            Verdict::NotExamined(why.to_owned()),
            format!("Signatures were not examined: {why}."),
        );
    }
    let shown = tags
        .iter()
        .filter(|tag| !tag.signed)
        .map(|tag| proof("tags", None, format!("{} carries no signature", tag.name)))
        .collect();
    Outcome::new(
        &rules::SIGNATURES,
        broken(shown),
        "Tags of releases carry no signature.",
    )
}
