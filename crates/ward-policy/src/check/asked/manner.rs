//! How a tool is said to run, beyond when and on what: strictly, with a detector, on several systems. A run keeps such a sentence only where a file shows it; else it was not looked at.

use super::{Words, amounts::versions, made, systems, written};
use crate::{
    check::Facts,
    pipeline::{Job, Occasion, Run, Service},
    promise::Promise,
    topic::Topic,
};

/// A manner of running.
#[derive(Debug)]
pub(super) struct Manner {
    /// What it is, after "nothing here shows".
    pub(super) says: &'static str,
    is_asked: fn(&Words, Topic) -> bool,
    is_shown: fn(&Facts<'_>, &Run) -> bool,
    /// Several runs may show it together, each a part of what is said.
    pub(super) by_several: bool,
}

impl Manner {
    /// A manner that each run is to show.
    const EACH: Manner = Manner {
        says: "",
        is_asked: |_, _| false,
        is_shown: |_, _| false,
        by_several: false,
    };
    /// One that several may show together.
    const SEVERAL: Manner = Manner {
        by_several: true,
        ..Manner::EACH
    };
}

const MANNERS: &[Manner] = &[
    Manner {
        says: "its strict mode",
        is_asked: |words, topic| {
            let is_strict = |word: &str| matches!(word, "strict" | "--strict" | "strict-mode");
            topic == Topic::TypeCheck && words.bare().any(is_strict)
        },
        is_shown: |facts, run| run.command.contains("--strict") || is_strict_by_settings(facts),
        ..Manner::EACH
    },
    Manner {
        says: "the race detector",
        is_asked: |words, _| words.say(&["race detector", "-race"]),
        is_shown: |_, run| run.command.contains("-race"),
        ..Manner::EACH
    },
    Manner {
        says: "the sanitizer of threads",
        is_asked: |words, _| words.say(&["threadsanitizer", "thread sanitizer", "thread sanitiser", " tsan"]),
        is_shown: |facts, run| {
            let names = [
                "=thread",
                ",thread",
                "sanitize_thread",
                "threadsan",
                "thread_san",
                "tsan",
            ];
            written::says(facts, run, &names)
        },
        ..Manner::EACH
    },
    Manner {
        says: "a sanitizer",
        is_asked: |words, _| words.say(&["sanitizer", "sanitiser"]),
        is_shown: |facts, run| written::says(facts, run, &["sanitiz", "sanitis"]),
        ..Manner::EACH
    },
    Manner {
        says: "Miri",
        is_asked: |words, topic| topic == Topic::Tests && words.say(&["under miri", "with miri", "in miri"]),
        is_shown: |facts, run| written::says(facts, run, &["miri"]),
        ..Manner::EACH
    },
    Manner {
        says: "that it runs on ARM64",
        is_asked: |words, topic| topic == Topic::Tests && words.bare().any(|word| matches!(word, "arm64" | "aarch64")),
        is_shown: |facts, run| {
            let names = ["-arm", "arm64", "aarch64", "macos-latest", "macos-14", "macos-15"];
            written::says(facts, run, &names)
        },
        ..Manner::SEVERAL
    },
    Manner {
        says: "that it runs on Linux",
        is_asked: |words, topic| runs_on(words, topic, LINUX, "linux"),
        is_shown: |facts, run| {
            run.service == Service::GitLab
                || stands_on(facts, run, &["ubuntu", "linux"]) && !written::says(facts, run, &[systems::MACHINE])
        },
        ..Manner::SEVERAL
    },
    Manner {
        says: "that it runs on macOS",
        is_asked: |words, topic| runs_on(words, topic, MACOS, "macos"),
        is_shown: |facts, run| stands_on(facts, run, &["macos"]),
        ..Manner::SEVERAL
    },
    Manner {
        says: "that it runs on Windows",
        is_asked: |words, topic| runs_on(words, topic, WINDOWS, "windows"),
        is_shown: |facts, run| stands_on(facts, run, &["windows"]),
        ..Manner::SEVERAL
    },
    Manner {
        says: "that it runs on PyPy",
        is_asked: |words, topic| topic == Topic::Tests && words.bare().any(|word| word == "pypy"),
        is_shown: |facts, run| written::says(facts, run, &["pypy"]),
        ..Manner::SEVERAL
    },
    Manner {
        says: "that it runs on FreeBSD",
        is_asked: |words, topic| topic == Topic::Tests && words.bare().any(|word| word == "freebsd"),
        is_shown: |facts, run| written::says(facts, run, &["freebsd"]),
        ..Manner::SEVERAL
    },
    Manner {
        says: "that it runs with several versions",
        is_asked: |words, topic| topic == Topic::Tests && words.say(VERSIONS) && versions(words).len() < 2,
        is_shown: |facts, run| written::says(facts, run, &["matrix", "tox", "nox"]),
        ..Manner::EACH
    },
    Manner {
        says: "that all of its rules are on",
        is_asked: |words, _| words.say(&["all of its rules", "all its rules", "with all rules", "every rule of"]),
        is_shown: |facts, run| match run.tool {
            "bandit" => has_every_rule_of_bandit(facts, run),
            _ => run.command.contains("ALL") || has_every_rule(facts),
        },
        ..Manner::EACH
    },
    Manner {
        says: "that it looks at every crate",
        is_asked: |words, _| words.say(&[" all crates", " every crate", " each crate", "whole workspace"]),
        is_shown: |facts, run| {
            let has = |words: &[&str]| run.command.split_whitespace().any(|word| words.contains(&word));
            let all = has(&["--workspace", "--all"]) || !is_package_of_workspace(facts);
            all && !has(&["-p", "--package", "--exclude"])
        },
        ..Manner::EACH
    },
    Manner {
        says: "a plugin for rules of security",
        is_asked: |words, _| {
            words.say(&["eslint"]) && words.say(&["security plugin", "plugin-security", "security rule"])
        },
        is_shown: |facts, run| run.tool != "eslint" || has_security_plugin(facts),
        ..Manner::EACH
    },
    Manner {
        says: "that it runs on all of those branches",
        is_asked: |words, topic| {
            let of_history = matches!(topic, Topic::HistoryScan | Topic::SecretScan);
            !of_history
                && words.say(&[
                    "every branch",
                    "all branches",
                    "maintained branches",
                    "release branches",
                ])
        },
        is_shown: |facts, run| run.service == Service::GitHub && !written::says(facts, run, &["branches:"]),
        ..Manner::EACH
    },
    Manner {
        says: "that this makes a bill of materials",
        is_asked: |_, topic| topic == Topic::Sbom,
        is_shown: |facts, run| made::is_bill(facts, run),
        ..Manner::EACH
    },
    Manner {
        says: "that this signs anything",
        is_asked: |words, topic| topic == Topic::SignedReleases && !words.say(&["verif"]),
        is_shown: |_, run| made::is_signature(run),
        ..Manner::EACH
    },
    Manner {
        says: "that it runs before a tag is made",
        is_asked: |words, _| {
            words.say(&[
                "before we tag",
                "before tagging",
                "before a tag",
                "before the tag",
                "before it is tagged",
            ])
        },
        is_shown: |_, run| {
            let of_changes = [
                Occasion::Push,
                Occasion::Branch,
                Occasion::PullRequest,
                Occasion::MergeGroup,
            ];
            let mut surely = run.occasions.iter().filter(|one| !run.perhaps.contains(one));
            surely.any(|one| of_changes.contains(one))
        },
        ..Manner::EACH
    },
    Manner {
        says: "tests of the whole, from end to end",
        is_asked: |words, topic| {
            topic == Topic::Tests && words.say(&["end-to-end test", "end to end test", " e2e test"])
        },
        is_shown: |facts, run| {
            made::names_kind(
                facts,
                run,
                &["e2e", "end-to-end", "end_to_end", "endtoend", "playwright", "cypress"],
            )
        },
        ..Manner::SEVERAL
    },
    Manner {
        says: "that coverage is collected",
        is_asked: |words, topic| topic == Topic::Tests && words.say(&["code coverage", "test coverage", " coverage:"]),
        is_shown: |facts, run| made::collects_coverage(facts, run),
        ..Manner::SEVERAL
    },
    Manner {
        says: "tests by fuzzing",
        is_asked: |words, topic| topic == Topic::Tests && words.say(&[" fuzz"]),
        is_shown: |facts, run| made::names_kind(facts, run, &["fuzz", "hypothesis", "proptest", "atheris"]),
        ..Manner::SEVERAL
    },
    Manner {
        says: "tests of integration",
        is_asked: |words, topic| topic == Topic::Tests && words.say(&["integration test", "integration-test"]),
        is_shown: |facts, run| {
            // Cargo's own name for what stands in the folder of tests; Maven's verifying runs them.
            let by_name = ["cargo ", "mvn ", "./mvnw "]
                .iter()
                .any(|begin| run.command.starts_with(begin));
            by_name
                || made::names_kind(
                    facts,
                    run,
                    &["integration", "e2e", "end-to-end", "functional", "testcontainers"],
                )
        },
        ..Manner::SEVERAL
    },
    Manner {
        says: "that it is made for a release",
        is_asked: |words, topic| {
            let with_one = [
                "every release",
                "each release",
                "all releases",
                "a release",
                "the release",
                "our releases",
                "releases",
            ];
            topic == Topic::Sbom && words.say(&with_one)
        },
        is_shown: |facts, run| {
            let comes = |one: &Occasion| matches!(one, Occasion::Tag | Occasion::Release | Occasion::Manual);
            run.service == Service::GitLab
                || run.occasions.iter().any(comes)
                || written::says(facts, run, &["release", "publish", "push: true", "docker push"])
        },
        ..Manner::EACH
    },
];

const LINUX: &[&str] = &[" linux"];
const MACOS: &[&str] = &[" macos", " mac os"];
const WINDOWS: &[&str] = &[" windows"];
const VERSIONS: &[&str] = &[
    "versions of python",
    "versions of node",
    "versions of go",
    "versions of rust",
    "python versions",
    "node versions",
    "supported versions",
];

/// Whether settings of Ruff choose every rule.
fn has_every_rule(facts: &Facts<'_>) -> bool {
    let is_settings = |name: &str| matches!(name, "pyproject.toml" | "ruff.toml" | ".ruff.toml");
    let says = |path: &str| facts.text(path).is_some_and(|text| text.contains("\"ALL\""));
    facts.named(&is_settings).take(50).any(says)
}

/// Whether nothing leaves a rule of Bandit out: without a choice, all run.
fn has_every_rule_of_bandit(facts: &Facts<'_>, run: &Run) -> bool {
    let chooses = |word: &str| {
        let name = word.split('=').next().unwrap_or(word);
        matches!(
            name,
            "-t" | "--tests" | "-s" | "--skip" | "-p" | "--profile" | "-c" | "--configfile" | "--ini"
        )
    };
    !run.command.split_whitespace().any(chooses) && facts.named(&|name| name == ".bandit").next().is_none()
}

/// Whether a sentence says that something runs on a system: it names several, or says "on" of this one. What comes after
/// "whether" is no matter.
fn runs_on(words: &Words, topic: Topic, names: &[&str], name: &str) -> bool {
    let said = words.0.split(" whether ").next().unwrap_or_default();
    let words = Words(said.to_owned());
    let alone = topic == Topic::Tests && words.say(&[&format!(" on {name}")]);
    alone || systems(&words) > 1 && words.say(names)
}

/// How many systems a sentence names.
fn systems(words: &Words) -> usize {
    [LINUX, MACOS, WINDOWS].iter().filter(|names| words.say(names)).count()
}

/// The manners that a sentence asks for.
pub(super) fn asked(words: &Words, promise: &Promise) -> Vec<&'static Manner> {
    let is_asked = |manner: &&Manner| (manner.is_asked)(words, promise.topic);
    MANNERS.iter().filter(is_asked).collect()
}

impl Manner {
    /// Whether a file shows it of a run.
    pub(super) fn is_shown(&self, facts: &Facts<'_>, run: &Run) -> bool {
        (self.is_shown)(facts, run)
    }
}

/// Whether a run stands in a job on one of these systems; where that is known only when it runs, whether one is written.
fn stands_on(facts: &Facts<'_>, run: &Run, names: &[&str]) -> bool {
    let is_open = run.jobs.is_empty() || run.jobs.iter().any(Job::is_open);
    let on = |job: &Job| names.iter().any(|name| job.system.contains(name));
    run.jobs.iter().any(on) || is_open && written::says(facts, run, names)
}

/// Whether a manifest at the root is of a package that has others beside it: without a word for all of them, only that
/// package is looked at.
fn is_package_of_workspace(facts: &Facts<'_>) -> bool {
    let table = facts
        .text("Cargo.toml")
        .and_then(|text| text.parse::<toml::Table>().ok());
    table.is_some_and(|table| {
        let workspace = table.get("workspace");
        let chosen = workspace.is_some_and(|workspace| workspace.get("default-members").is_some());
        workspace.is_some() && (chosen || table.contains_key("package"))
    })
}

/// Settings of mypy, Pyright and the compiler of TypeScript that ask for everything.
fn is_strict_by_settings(facts: &Facts<'_>) -> bool {
    let is_settings = |name: &str| {
        matches!(
            name,
            "mypy.ini" | ".mypy.ini" | "setup.cfg" | "pyproject.toml" | "pyrightconfig.json"
        ) || name.starts_with("tsconfig")
    };
    let is_strict = |line: &str| {
        let bare = |c: &char| !c.is_whitespace() && !matches!(c, '"' | '\'');
        let line: String = line.to_ascii_lowercase().chars().filter(bare).take(60).collect();
        ["strict=true", "strict:true", "strict=[", "strict:["]
            .iter()
            .any(|set| line.starts_with(set) || line.contains(&format!("{{{set}")) || line.contains(&format!(",{set}")))
            || ["typecheckingmode=strict", "typecheckingmode:strict"]
                .iter()
                .any(|set| line.contains(set))
    };
    facts.named(&is_settings).take(50).any(|path| {
        let text = facts.text(path).unwrap_or_default();
        text.lines().take(2_000).any(is_strict)
    })
}

/// Whether a setting or a manifest of the project names the plugin of ESLint for security.
fn has_security_plugin(facts: &Facts<'_>) -> bool {
    let is_settings =
        |name: &str| name.starts_with(".eslintrc") || name.starts_with("eslint.config") || name == "package.json";
    facts.named(&is_settings).take(50).any(|path| {
        let text = facts.text(path).unwrap_or_default();
        text.contains("plugin-security") || text.contains("plugin:security") || text.contains("\"security\"")
    })
}
