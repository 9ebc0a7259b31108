//! What a sentence says of something that goes out to others: in which words, and whether that is a promise of order.

/// What a tool finds is handed to its readers, and is no release.
const RESULTS: &[&str] = &[
    "result",
    "results",
    "report",
    "reports",
    "finding",
    "findings",
    "sarif",
    "coverage",
    "alert",
    "alerts",
    "log",
    "logs",
    "badge",
    "score",
    "scores",
    "summary",
    "summaries",
    "output",
    "advisory",
    "advisories",
];
/// Where such things are handed to.
const READERS: &[&str] = &[
    "codecov",
    "coveralls",
    "sonarcloud",
    "sonarqube",
    "scanning",
    "artifact",
    "artifacts",
    "dashboard",
    "tab",
    "defectdojo",
];
/// What a release is only named for.
const COMPOUNDS: &[&str] = &[
    "note",
    "notes",
    "branch",
    "branches",
    "candidate",
    "candidates",
    "page",
    "cycle",
    "manager",
    "managers",
    "series",
    "line",
    "lines",
    "checklist",
    "schedule",
    "mode",
    "train",
];
/// Words before a release that say when something is done, or to what.
const WHEN: &[&str] = &[
    "on", "for", "at", "with", "in", "of", "to", "per", "since", "after", "during", "within", "from", "into", "scan",
    "scans", "scanned", "check", "checks", "lint", "lints", "test", "tests", "audit", "audits", "analyse", "analyses",
    "analyze", "analyzes", "cover", "covers", "inspect", "inspects",
];
const ARTICLES: &[&str] = &[
    "a", "an", "the", "each", "every", "all", "any", "our", "its", "new", "this", "next", "public", "official",
    "tagged", "major", "minor", "stable",
];
/// Words with which a release is said to wait, wherever they stand.
const WAITS: &[&str] = &[
    "ahead",
    "gate",
    "gates",
    "gated",
    "gating",
    "first",
    "precede",
    "precedes",
    "precedence",
    "prerequisite",
    "wait",
    "waits",
    "unless",
    "until",
    "without",
];

/// Whether a sentence says of something that it goes out to others, as more than the time at which a tool runs: a promise
/// of what comes before what, in any grammar.
pub(in crate::check::asked) fn speaks_of_going_out(words: &str) -> bool {
    let bare = |c: char| !(c.is_ascii_alphanumeric() || c == '-');
    // What it is good for is no order: "so that nothing insecure is published".
    let words = words.split(" so that ").next().unwrap_or(words);
    let all: Vec<&str> = words.split_whitespace().map(|word| word.trim_matches(bare)).collect();
    let waits = all.iter().any(|word| WAITS.contains(word));
    let reaches = all.iter().enumerate().any(|(at, word)| {
        let mut near = all.iter().skip(at + 1).take(6);
        *word == "before" && near.any(|word| matches!(*word, "pypi" | "npmjs" | "production" | "users" | "customers"))
    });
    reaches || (0..all.len()).any(|at| goes_out(&all, at, waits))
}

/// Whether the word at `at` says so.
fn goes_out(all: &[&str], at: usize, waits: bool) -> bool {
    let word = |at: usize| all.get(at).copied().unwrap_or_default();
    let mut before = all
        .iter()
        .take(at)
        .rev()
        .copied()
        .skip_while(|word| ARTICLES.contains(word));
    let before = before.next().unwrap_or_default();
    match word(at) {
        "pre-release" => true,
        "release" | "releases" => {
            let next = word(at + 1);
            let is_number = next.trim_start_matches('v').starts_with(|c: char| c.is_ascii_digit());
            // "Every release is scanned" says when, as "scans every release" does.
            let is_scanned = matches!(next, "is" | "are" | "gets" | "get") && WHEN.contains(&word(at + 2));
            let says_when = WHEN.contains(&before) || is_scanned;
            !is_number && !COMPOUNDS.contains(&next) && (waits || !says_when)
        }
        "published" | "shipped" | "deployed" | "released" | "uploaded" => {
            // "Our deployed images" names them.
            let is_name = ARTICLES.contains(&word(at.wrapping_sub(1)));
            !is_name && !is_of_results(all, at)
        }
        "publish" | "publishes" | "publishing" | "publication" | "releasing" | "ship" | "ships" | "shipping"
        | "upload" | "uploads" | "uploading" | "deploy" | "deploys" | "deploying" | "deployment" | "deployments" => {
            !matches!(before, "after" | "since" | "during") && !is_of_results(all, at)
        }
        _ => false,
    }
}

/// Whether it is what a tool finds that is handed on: as what stands right before the verb, or soon after it.
fn is_of_results(all: &[&str], at: usize) -> bool {
    let is_link = |word: &&str| {
        let link = [
            "is",
            "are",
            "be",
            "been",
            "being",
            "also",
            "and",
            "then",
            "automatically",
            "get",
            "gets",
            "will",
            "was",
            "were",
        ];
        link.contains(word)
    };
    let mut before = all.iter().take(at).rev().copied().skip_while(is_link);
    let subject = before.next().unwrap_or_default();
    let mut after = all.iter().skip(at + 1).take(4);
    let passive = all.get(at).is_some_and(|word| word.ends_with("ed"));
    RESULTS.contains(&subject)
        || !passive && after.any(|word| RESULTS.contains(word))
        || all.iter().skip(at + 1).take(6).any(|word| READERS.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(expect: bool, texts: &[&str]) {
        for text in texts {
            let words = format!(" {} ", text.to_ascii_lowercase());
            assert_eq!(speaks_of_going_out(&words), expect, "{text}");
        }
    }

    #[test]
    fn what_goes_out_is_seen_in_any_grammar() {
        check(
            true,
            &[
                "We publish only after Bandit has passed.",
                "If Bandit fails, nothing is published.",
                "A release requires Bandit to pass.",
                "Releases wait for Bandit.",
                "Bandit gates every release.",
                "Bandit is a gate for releases.",
                "Packages are published after Bandit has passed.",
                "Bandit runs before we publish to PyPI.",
                "Prior to publication Bandit scans the code.",
                "Before a new version reaches PyPI, Bandit scans the code.",
                "If Bandit reports a finding, the release is aborted.",
                "Code is scanned with Bandit before it ships.",
                "Bandit is executed as the first step of each release.",
                "The release workflow runs Bandit first and stops on findings.",
                "Bandit scans the code pre-release.",
            ],
        );
    }

    #[test]
    fn when_a_tool_runs_is_no_order() {
        check(
            false,
            &[
                "Bandit runs on every release.",
                "Trivy scans every release.",
                "Every release is scanned with Trivy.",
                "Bandit runs after each release.",
                "Bandit runs since release 2.",
                "Since v2, Bandit findings are listed in the release notes.",
                "Bandit results are published in the security tab.",
                "Trivy uploads its SARIF report to GitHub code scanning.",
                "Coverage of pytest is uploaded to Codecov.",
                "Trivy scans our deployed images every day.",
                "We run Bandit on every release branch.",
                "Bandit runs on every pull request so that nothing insecure is published.",
                "Bandit runs on every pull request.",
            ],
        );
    }
}
