//! What a tool's arguments make of its run: whether it fails on what it finds, and whether it looks at anything.
//!
//! What holds for many tools is data of the lexicon (flags, defaults); what holds for one stands in `named`.

mod action;
mod bill;
mod excluded;

pub(super) use excluded::ignored;
mod languages;
mod named;
mod requirements;
mod targets;

use super::{
    Hollow, Service,
    bare::Bare,
    script,
    setting::{Reader, Setting},
};
use crate::{
    lexicon::{Gates, Needs, Tool},
    topic::Topic,
};

/// What was found.
#[derive(Debug, Clone, Default)]
pub(super) struct Judgement {
    pub(super) hollow: Vec<Hollow>,
    pub(super) limits: Vec<Hollow>,
    pub(super) unknown: Option<&'static str>,
    pub(super) floor: Option<&'static str>,
    /// The folders and files that it looks at, from the root; none where that is not known.
    pub(super) targets: Option<Vec<String>>,
    /// What it was told to look for, as the topics that this serves; none where nothing was chosen.
    pub(super) serves: Option<Vec<Topic>>,
    /// The languages that it is told to look at; empty where nothing says which.
    pub(super) languages: Vec<String>,
    /// What a baseline holds lets it pass.
    pub(super) baseline: bool,
    /// It leaves out every file of the tests that it would look at.
    pub(super) leaves_tests: bool,
    /// Files that it writes its results to.
    pub(super) writes: Vec<String>,
}

pub(super) use action::judge as action;
pub(super) use bill::{alone as bill_alone, beside as bill_beside, beside_action as bill_beside_action};
pub(crate) use excluded::is_of_tests;
pub(super) use excluded::judge as leave_out;
pub(crate) use languages::named as languages_in;
pub(crate) use targets::{is_code, is_for, names_kinds};

/// Commands of tools beside those of the lexicon: the tool, the command.
pub(super) const COMMANDS: &[(&str, &str)] = &[
    ("pytest", "python -m unittest"),
    ("pytest", "unittest"),
    ("pytest", "cargo test"),
    ("pytest", "cargo nextest"),
    ("pytest", "cargo miri test"),
    ("pytest", "cargo miri nextest"),
    ("pytest", "mix test"),
    ("pytest", "swift test"),
    ("pytest", "flutter test"),
    ("pytest", "dart test"),
    ("pytest", "deno test"),
    ("pytest", "bun test"),
    ("pytest", "phpunit"),
    ("pytest", "go test"),
    ("pytest", "npm test"),
    ("pytest", "ctest"),
    ("pytest", "cargo llvm-cov"),
    ("pytest", "cargo tarpaulin"),
    ("pytest", "gotestsum"),
    ("pytest", "dotnet test"),
    ("pytest", "rspec"),
    ("pytest", "manage.py test"),
    ("pytest", "python manage.py test"),
    ("pytest", "python3 manage.py test"),
    ("pytest", "node --test"),
    ("pytest", "mocha"),
    ("pytest", "jest"),
    ("pytest", "vitest"),
    ("gitleaks", "gitleaks"),
    ("trivy", "trivy filesystem"),
];

/// Programs that build a project and run its tests on the way: the goals that do, and the words that leave the tests out.
const BUILDS: &[(&[&str], &[&str], &[&str])] = &[
    (
        &["mvn", "mvnw"],
        &["test", "integration-test", "package", "verify", "install", "deploy"],
        &["-DskipTests", "-Dmaven.test.skip", "-v", "--version"],
    ),
    (
        &["gradle", "gradlew"],
        &["test", "check", "build"],
        &["-x", "--exclude-task", "--dry-run", "-m"],
    ),
];

/// Whether a program builds the project and runs its tests on the way.
pub(super) fn builds_with_tests(program: &str, rest: &[String]) -> bool {
    BUILDS.iter().any(|(programs, goals, without)| {
        let leaves_out = |word: &String| {
            let (name, value) = word.split_once('=').unwrap_or((word, "true"));
            without.contains(&name) && value != "false"
        };
        // Android has such a task for each variant: `testDebugUnitTest`.
        let is_variant =
            |goal: &str| goals.contains(&"check") && goal.starts_with("test") && goal.ends_with("UnitTest");
        let is_goal = |word: &String| {
            let goal = word.rsplit(':').next().unwrap_or(word);
            goals.contains(&goal) || is_variant(goal)
        };
        programs.contains(&program) && rest.iter().any(is_goal) && !rest.iter().any(leaves_out)
    })
}

/// The words after a command that runs tests which name files: others are filters, goals and packages.
fn files_of_tests<'w>(bare: &'w Bare, rest: &'w [String]) -> &'w [String] {
    let first = bare.words.first().map(|word| word.rsplit('/').next().unwrap_or(word));
    match first {
        Some("pytest" | "py.test" | "go" | "jest" | "vitest" | "ctest") => rest,
        Some("unittest" | "python" | "python3") => {
            let start = rest
                .iter()
                .position(|word| matches!(word.as_str(), "-s" | "--start-directory"));
            start
                .and_then(|at| rest.get(at + 1))
                .map(std::slice::from_ref)
                .unwrap_or_default()
        }
        _ => &[],
    }
}

/// Whether a tool makes something for others to take, so that nothing has to fail: a bill of materials, a signature.
pub(super) fn produces(tool: &Tool) -> bool {
    !tool.topics.is_empty()
        && tool.topics.iter().all(|topic| {
            matches!(
                topic,
                Topic::Sbom
                    | Topic::SignedReleases
                    | Topic::ModelChecksums
                    | Topic::HashPinning
                    | Topic::WorkflowHardening
            )
        })
        && !matches!(tool.name, "zizmor" | "actionlint" | "scorecard")
}

/// What a command of `tool` is worth. `named` words of it name the tool.
pub(super) fn command(
    reader: &Reader<'_>,
    tool: &'static Tool,
    bare: &Bare,
    named: usize,
    setting: &Setting,
    writes: &[String],
) -> Judgement {
    let rest = bare.words.get(named..).unwrap_or_default();
    let mut out = Judgement {
        writes: writes.to_vec(),
        ..Judgement::default()
    };
    out.writes.extend(script::outputs(rest));
    // Beside other words, `-h` is help to those that look at files; others take the name of a host.
    let helps = tool.evidence.needs.contains(&Needs::Target) && rest.iter().any(|word| word == "-h");
    if asks_for_version(rest, &bare.words) || helps {
        out.hollow.push(Hollow::OnlyVersion);
        return out;
    }
    let words: Vec<&str> = bare.words.iter().skip(1).map(String::as_str).collect();
    flags(tool, &words, &mut out);
    out.serves = serves(tool, &words);
    named::judge(reader, tool, bare, &words, setting, &mut out);
    if setting.nothing_there && !matches!(tool.name, "cosign" | "syft" | "snyk") {
        out.hollow.push(Hollow::TargetEmpty);
    }
    let looks = tool.evidence.needs.contains(&Needs::Target)
        || matches!(
            tool.name,
            "flake8" | "black" | "isort" | "pyright" | "checkov" | "hadolint"
        );
    if looks && setting.world.is_other_version() {
        out.unknown = Some("a command before it checks out another version than the one that is judged");
    }
    if looks && out.unknown.is_none() {
        let named = if tool.name == "pytest" {
            files_of_tests(bare, rest)
        } else {
            rest
        };
        targets::judge(reader, tool, bare, named, setting, &mut out);
    }
    if tool.name == "gitleaks" {
        out.targets = targets::source(reader, &bare.words, setting);
    }
    excluded::judge(reader, tool, &words, setting, &mut out);
    let gone = |file: &&String| *file == "/dev/null" || file.ends_with("=/dev/null");
    // `-o` of some is a format and no file.
    let files = || out.writes.iter().filter(|file| file.contains(['.', '/']));
    if tool.topics.contains(&Topic::Sbom) && files().next().is_some() && files().all(|file| gone(&file)) {
        out.hollow.push(Hollow::ThrownAway);
    }
    if tool.evidence.needs.contains(&Needs::History) {
        history(&words, setting, &mut out);
    }
    out
}

fn asks_for_version(rest: &[String], all: &[String]) -> bool {
    let word = |word: &String| {
        matches!(
            word.as_str(),
            "--version" | "--help" | "-V" | "-h" | "version" | "help" | "-v"
        )
    };
    match rest {
        [only] => word(only) && (only != "-v" || all.len() == 2),
        _ => rest.iter().any(|one| matches!(one.as_str(), "--version" | "--help")),
    }
}

/// Whether one of `flags` stands in `words`: whole, with a value after `=`, or as two words (`--exit-code 0`).
fn has(words: &[&str], flag: &str) -> bool {
    match flag.split_once(' ') {
        Some((name, value)) => {
            words
                .windows(2)
                .any(|pair| matches!(pair, [a, b] if *a == name && *b == value))
                || words.iter().any(|word| word.split_once('=') == Some((name, value)))
        }
        None => words
            .iter()
            .any(|word| *word == flag || word.split_once('=').is_some_and(|(name, _)| name == flag)),
    }
}

/// The value of a flag, after a space or `=`.
fn value<'w>(words: &[&'w str], names: &[&str]) -> Option<&'w str> {
    words.iter().enumerate().find_map(|(at, word)| {
        if names.contains(word) {
            return words.get(at + 1).copied();
        }
        let (name, value) = word.split_once('=')?;
        names.contains(&name).then_some(value)
    })
}

/// The values of a flag that may be given several times.
fn values<'w>(words: &'w [&'w str], name: &'w str) -> impl Iterator<Item = &'w str> {
    words.iter().enumerate().filter_map(move |(at, word)| {
        if *word == name {
            return words.get(at + 1).copied();
        }
        word.strip_prefix(name)?.strip_prefix('=')
    })
}

/// What the lexicon says of flags and defaults.
fn flags(tool: &Tool, words: &[&str], out: &mut Judgement) {
    let evidence = &tool.evidence;
    if evidence
        .ungate_flags
        .iter()
        .any(|flag| has(words, flag) && *flag != "--quiet" && !(tool.name == "ruff" && *flag == "-e"))
    {
        out.hollow.push(Hollow::ExitZeroFlag);
    }
    match evidence.gates {
        Gates::Default | Gates::Service => {}
        Gates::Flag => {
            if !evidence.gate_flags.iter().any(|flag| has(words, flag)) {
                out.hollow.push(Hollow::ExitZeroDefault);
            }
        }
        Gates::Never => {
            if !produces(tool) && tool.name != "codeql" && tool.name != "git-lfs" {
                out.hollow.push(Hollow::ExitZeroDefault);
            }
        }
    }
}

/// What the parts of a tool that looks for several things serve: the tool, the word that chooses a part, its topics.
const PARTS: &[(&str, &str, &[Topic])] = &[
    (
        "ward",
        "secrets",
        &[Topic::SecretScan, Topic::HistoryScan, Topic::EnvironmentFiles],
    ),
    ("ward", "models", &[Topic::SafeLoading, Topic::ModelChecksums]),
    (
        "ward",
        "code",
        &[
            Topic::StaticAnalysis,
            Topic::Injection,
            Topic::SafeLoading,
            Topic::CertificateChecks,
            Topic::ContainerUser,
            Topic::ImageDigests,
        ],
    ),
    (
        "ward",
        "repository",
        &[
            Topic::WorkflowHardening,
            Topic::WeightsOutsideGit,
            Topic::EnvironmentFiles,
        ],
    ),
    ("ward", "dependencies", &[Topic::DependencyScan, Topic::Pinning]),
    ("ward", "licences", &[Topic::Licences]),
    ("trivy", "vuln", &[Topic::DependencyScan]),
    ("trivy", "secret", &[Topic::SecretScan, Topic::HistoryScan]),
    ("trivy", "license", &[Topic::Licences]),
    ("trivy", "sbom", &[Topic::Sbom]),
    ("trivy", "misconfig", &[Topic::StaticAnalysis, Topic::WorkflowHardening]),
    ("cargo-deny", "advisories", &[Topic::DependencyScan]),
    ("cargo-deny", "licenses", &[Topic::Licences]),
    ("cargo-deny", "bans", &[Topic::Pinning]),
    ("cargo-deny", "sources", &[Topic::Pinning]),
    ("snyk", "test", &[Topic::DependencyScan]),
    ("snyk", "code", &[Topic::StaticAnalysis]),
    ("snyk", "iac", &[Topic::StaticAnalysis]),
    ("snyk", "container", &[Topic::DependencyScan]),
];

/// Whether Trivy is told to write a bill of materials: it then looks for nothing.
///
/// Source: Trivy documentation, "SBOM", "Generating".
pub(super) fn is_bill(words: &[&str]) -> bool {
    is_format_of_bill(words) && value(words, &["--scanners"]).is_none()
}

fn is_format_of_bill(words: &[&str]) -> bool {
    let format = value(words, &["--format", "-f"]).unwrap_or_default();
    matches!(format, "cyclonedx" | "spdx" | "spdx-json" | "github")
}

/// What a tool was told to look for; none where it was told nothing, and looks for all that it can.
fn serves(tool: &Tool, words: &[&str]) -> Option<Vec<Topic>> {
    let plain = || words.iter().filter(|word| !word.starts_with('-')).copied();
    let chosen: Vec<&str> = match tool.name {
        "trivy" if is_bill(words) => vec!["sbom"],
        "trivy" if words.contains(&"config") => vec!["misconfig"],
        "trivy" => {
            let asked = value(words, &["--scanners", "--security-checks"]);
            asked.unwrap_or("vuln,secret").split(',').collect()
        }
        "cargo-deny" => plain().skip_while(|word| *word != "check").skip(1).collect(),
        "snyk" => plain().take(1).collect(),
        _ => return None,
    };
    parts(tool, &chosen)
}

/// What the chosen parts of a tool look for; none where nothing is known of them.
fn parts(tool: &Tool, chosen: &[&str]) -> Option<Vec<Topic>> {
    let known: Vec<Topic> = PARTS
        .iter()
        .filter(|(name, part, _)| *name == tool.name && chosen.contains(part))
        .flat_map(|(_, _, topics)| *topics)
        .copied()
        .collect();
    (!known.is_empty()).then_some(known)
}

const SEVERITIES: &[&str] = &["critical", "high", "medium", "low"];

fn floor(text: &str) -> Option<&'static str> {
    // The lowest that is named counts.
    let lower = text.to_ascii_lowercase();
    let lowest = SEVERITIES.iter().rev().find(|one| lower.contains(**one)).copied();
    if lower.contains("moderate") {
        Some("medium")
    } else {
        lowest
    }
}

fn above(floor: Option<&'static str>, out: &mut Judgement) {
    if let Some(floor) = floor.filter(|floor| *floor != "low") {
        out.floor = Some(floor);
        out.limits.push(Hollow::SeverityFloor);
    }
}

/// A scan of the history: how much of it is there.
fn history(words: &[&str], setting: &Setting, out: &mut Judgement) {
    let files_only =
        words.contains(&"--no-git") || matches!(words.first(), Some(&"dir" | &"filesystem" | &"directory" | &"file"));
    let staged = words.contains(&"protect")
        || words.contains(&"--staged")
        || words.contains(&"--pre-commit")
        || words.contains(&"pre-commit");
    if files_only
        || staged
        || setting.service == Service::Hook
        || has(words, "--since-commit")
        || words.iter().any(|word| word.starts_with("--log-opts"))
        || setting.commits.is_some_and(|commits| commits != 0)
    {
        out.limits.push(Hollow::ShallowHistory);
    }
}
