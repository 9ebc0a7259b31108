//! What a sentence says of something that goes out to others: in which words, and how what is promised is tied to it.

use crate::{promise::Promise, topic::Topic};

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
    "green",
    "passed",
    "precondition",
    "required",
    "requirement",
    "refuse",
    "refuses",
];
/// Those with which it is said to wait for what a sentence names without a tool, and no other thing.
const BINDS: &[&str] = &[
    "gate",
    "gates",
    "gated",
    "gating",
    "precondition",
    "prerequisite",
    "wait",
    "waits",
    "unless",
    "until",
    "green",
    "passed",
    "refuse",
    "refuses",
    "nothing",
];

/// How a sentence ties what it speaks of to what goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tie {
    /// "Before anything is published", "published only after it passed".
    Published,
    /// "Before every release", "nothing is released before".
    Before,
    /// "A finding blocks the release".
    Blocks,
    /// In other words than these: which of the two comes first is not read, and what goes out has to wait.
    Other,
}

/// What is sent out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sent {
    Packages,
    Images,
}

/// What a sentence promises of the order in which things are done.
#[derive(Debug)]
pub(in crate::check::asked) struct Order {
    pub(super) ties: Vec<Tie>,
    of_images: bool,
    of_anything: bool,
}

impl Order {
    /// What a sentence says of order, if it does: words in lower case, with a space on either side.
    pub(in crate::check::asked) fn of(words: &str, promise: &Promise) -> Option<Self> {
        // What is made for a release, or signs it, is a part of it.
        let is_made = matches!(promise.topic, Topic::Sbom | Topic::SignedReleases);
        let is_named = !promise.frame.tools.is_empty();
        Self::read(words, !is_made && (is_named || binds(words)))
    }

    /// `in_any`: it counts in any grammar, as of a tool that is named, or where a word says that something waits.
    fn read(words: &str, in_any: bool) -> Option<Self> {
        let all = tokens(words);
        let mut ties: Vec<Tie> = (0..all.len()).filter_map(|at| tie(&all, at)).collect();
        if ties.is_empty() && in_any && speaks_of_going_out(words) {
            ties.push(Tie::Other);
        }
        ties.sort_unstable();
        ties.dedup();
        let says = |names: &[&str]| all.iter().any(|word| names.contains(word));
        let of_anything = says(&["nothing", "anything", "everything"])
            && says(&["pushed", "published", "shipped", "deployed", "uploaded"]);
        (!ties.is_empty()).then_some(Self {
            ties,
            of_images: words.contains(" image") || words.contains(" container"),
            of_anything,
        })
    }

    /// What waits where it is tied so: images where they are named, and packages; what is released is a package.
    pub(super) fn sent(&self, tie: Tie) -> impl Iterator<Item = Sent> {
        let published = tie == Tie::Published;
        let images = self.of_images && matches!(tie, Tie::Published | Tie::Other)
            || self.of_anything && matches!(tie, Tie::Published | Tie::Before);
        let packages = !(self.of_images && published) || self.of_anything;
        let packages = packages.then_some(Sent::Packages);
        packages.into_iter().chain(images.then_some(Sent::Images))
    }
}

/// Whether a sentence says that what goes out waits for what it speaks of, though it names no tool.
fn binds(words: &str) -> bool {
    // What it is good for is no order: "so nothing secret is published".
    let all = tokens(words.split(", so ").next().unwrap_or(words));
    let is_sent = |word: &&str| {
        let verbs = ["publish", "releas", "ship", "deploy", "upload"];
        verbs.iter().any(|verb| word.starts_with(verb))
    };
    let near = |at: usize, reach: usize| all.iter().skip(at + 1).take(reach).any(is_sent);
    all.iter().enumerate().any(|(at, word)| match *word {
        "before" => near(at, 3),
        "only" | "block" | "blocks" => near(at, 2),
        word => BINDS.contains(&word),
    })
}

fn tokens(words: &str) -> Vec<&str> {
    let bare = |c: char| !(c.is_ascii_alphanumeric() || c == '-');
    words.split_whitespace().map(|word| word.trim_matches(bare)).collect()
}

/// How the word at `at` is tied to what the sentence speaks of, where it names something that goes out.
fn tie(all: &[&str], at: usize) -> Option<Tie> {
    let word = |at: usize| all.get(at).copied().unwrap_or_default();
    let own = word(at);
    let is_before = |reach: usize| {
        (1..=reach).filter_map(|back| at.checked_sub(back)).any(|at| {
            word(at) == "before" || word(at) == "to" && at.checked_sub(1).is_some_and(|at| word(at) == "prior")
        })
    };
    let is_published = matches!(own, "pushed" | "published" | "shipped" | "deployed" | "uploaded");
    let is_named = is_published || matches!(own, "upload" | "publication" | "publishing" | "deployment");
    // "Packages are published only after Bandit has passed".
    let mut after = (at + 1..at + 4).filter(|next| word(*next) == "only");
    let only_after = after.any(|next| matches!(word(next + 1), "after" | "once" | "when"));
    // "Images are only pushed after Trivy has passed".
    let only_before = at.checked_sub(1).map(word) == Some("only") && matches!(word(at + 1), "after" | "once" | "when");
    let only_after = only_after || only_before;
    if is_named && is_before(6) || (is_published || own == "released") && only_after {
        return Some(Tie::Published);
    }
    let is_none = is_published || matches!(own, "released" | "ships");
    if is_none && word(at + 1) == "before" && all.contains(&"nothing") || own.starts_with("release") && is_before(5) {
        return Some(Tie::Before);
    }
    let is_release = matches!(own, "release" | "releases");
    // "A release is blocked when Bandit finds something", "blocks the release".
    let is_held = matches!(word(at + 1), "is" | "are" | "gets" | "get")
        && matches!(word(at + 2), "blocked" | "stopped" | "prevented" | "held");
    let blocks = |at: Option<usize>| {
        let verb = at.map(word).unwrap_or_default();
        matches!(verb, "block" | "blocks" | "stop" | "stops" | "prevent" | "prevents")
    };
    let is_any = matches!(
        at.checked_sub(1).map(word),
        Some("the" | "a" | "any" | "every" | "each")
    );
    let blocked = blocks(at.checked_sub(1)) || is_any && blocks(at.checked_sub(2));
    (is_release && (is_held || blocked)).then_some(Tie::Blocks)
}

/// Whether a sentence says of something that it goes out to others, as more than the time at which a tool runs: a promise
/// of what comes before what, in any grammar.
fn speaks_of_going_out(words: &str) -> bool {
    // What it is good for is no order: "so that nothing insecure is published".
    let words = words.split(" so that ").next().unwrap_or(words);
    let all = tokens(words);
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
            // "Every published version has passed".
            let has_passed = all.windows(2).any(|two| matches!(two, ["has" | "have", "passed"]));
            (!is_name || has_passed) && !is_of_results(all, at)
        }
        "publish" | "publishes" | "publishing" | "publication" | "releasing" | "ship" | "ships" | "shipping"
        | "upload" | "uploads" | "uploading" | "deploy" | "deploys" | "deploying" | "deployment" | "deployments" => {
            let is_held = matches!(before, "block" | "blocks" | "stop" | "stops" | "prevent" | "prevents");
            is_held || !matches!(before, "after" | "since" | "during") && !is_of_results(all, at)
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
            assert_eq!(Order::read(&words, true).is_some(), expect, "{text}");
        }
    }

    #[test]
    fn one_reader_tells_the_ties_apart() {
        for (text, expect) in [
            ("Bandit runs before every release.", Some(Tie::Before)),
            ("Nothing is released before Bandit has passed.", Some(Tie::Before)),
            ("Images are scanned before they are pushed.", Some(Tie::Published)),
            ("Prior to publication the code is scanned.", Some(Tie::Published)),
            (
                "Packages are published only after Bandit has passed.",
                Some(Tie::Published),
            ),
            ("Images are only pushed after Trivy has passed.", Some(Tie::Published)),
            ("A finding blocks the release.", Some(Tie::Blocks)),
            ("Releases are blocked by findings.", Some(Tie::Blocks)),
            ("Bandit gates every release.", Some(Tie::Other)),
            ("Bandit runs on every release.", None),
            ("A finding blocks the merge.", None),
            ("Tests pass before a pull request is merged.", None),
            ("Reports are answered before the next meeting.", None),
        ] {
            let words = format!(" {} ", text.to_ascii_lowercase());
            let read = Order::read(&words, true).map(|order| order.ties);
            assert_eq!(read, expect.map(|tie| vec![tie]), "{text}");
            // What counts in any grammar is of a tool that is named.
            let unnamed = Order::read(&words, false).map(|order| order.ties);
            let expect = expect.filter(|tie| *tie != Tie::Other);
            assert_eq!(unnamed, expect.map(|tie| vec![tie]), "{text}");
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
                "A green Bandit run is a precondition for every release.",
                "Every published version has passed Bandit.",
                "We refuse to release with open Bandit findings.",
                "Bandit is a required step of our release pipeline.",
                "Bandit blocks the deployment on findings.",
            ],
        );
    }

    #[test]
    fn without_a_tool_a_word_has_to_say_that_something_waits() {
        let is_order = |text: &str| {
            let words = format!(" {} ", text.to_ascii_lowercase());
            Order::read(&words, binds(&words)).is_some()
        };
        for text in [
            "Nothing is published unless all tests pass.",
            "We only release when the tests are green.",
            "The test suite gates every release.",
            "Static analysis runs before we publish.",
            "A failed secret scan blocks the deployment.",
        ] {
            assert!(is_order(text), "{text}");
        }
        for text in [
            "All tests run on every release.",
            "Dependencies are checked for published vulnerabilities.",
            "New releases of dependencies are tested.",
            "Every release is scanned for secrets.",
            "Tests run in CI and their results are published.",
            "We release every week, and tests run on every pull request.",
            "Tests pass before a change is merged.",
            "Dependencies are scanned every week; if a vulnerability is found, we release a fix.",
            "Secrets are never committed, and releases are signed.",
            "Secret scanning prevents credentials from being published.",
            "Every fix is tested in CI before it is merged and is released as a patch.",
            "Releases hold no dependency without a licence.",
            "Secret scanning runs on every push, so nothing secret is published.",
        ] {
            assert!(!is_order(text), "{text}");
        }
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
