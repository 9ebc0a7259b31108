//! Systems and compilers that a sentence says the tests run on, by their names: each is to stand in a job that runs them.

use ward_formats::yaml::{Value as Node, Yaml};

use super::{Words, amounts::holds, written};
use crate::{
    check::Facts,
    pipeline::{self, Run},
    topic::Topic,
};

/// Names in a sentence, and what jobs call the same; Linux, macOS, Windows, FreeBSD and PyPy are manners of their own.
const SYSTEMS: &[(&str, &[&str])] = &[
    ("ubuntu", &["ubuntu"]),
    ("debian", &["debian", "trixie", "bookworm", "bullseye", "buster"]),
    ("alpine", &["alpine"]),
    ("fedora", &["fedora"]),
    ("centos", &["centos"]),
    ("rhel", &["rhel", "ubi8", "ubi9", "ubi10"]),
    ("almalinux", &["almalinux"]),
    ("opensuse", &["opensuse"]),
    ("openbsd", &["openbsd"]),
    ("netbsd", &["netbsd"]),
    ("android", &["android"]),
    ("ios", &["ios", "iphone", "iphonesimulator"]),
    ("musl", &["musl", "alpine"]),
    ("32-bit", &["i386", "i686", "386", "x86"]),
    ("arm", &["arm", "arm64", "armv7", "aarch64", "armhf"]),
];
/// Runners of macOS that are ARM machines, though their names do not say it.
const ARM_MACHINES: &[&str] = &["macos-latest", "macos-14", "macos-15", "macos-26"];
/// Actions that run their commands in a machine of another system.
pub(super) const MACHINE: &str = "vmactions/";
/// Words for Rust's nightly compiler: "nightly" alone says when.
const NIGHTLY: &[&str] = &[
    "nightly rust",
    "rust nightly",
    "nightly toolchain",
    "nightly compiler",
    "nightly channel",
];

/// The names that a sentence about tests has, each with what shows it.
pub(super) fn named(words: &Words, topic: Topic) -> Vec<&'static [&'static str]> {
    if topic != Topic::Tests {
        return Vec::new();
    }
    let said = words.0.split(" whether ").next().unwrap_or_default();
    let words = Words(said.to_owned());
    let is_said = |name: &str| words.bare().any(|word| word == name);
    let systems = SYSTEMS
        .iter()
        .filter(|(name, _)| is_said(name))
        .map(|(_, shows)| *shows);
    let nightly = words.say(NIGHTLY).then_some(&["nightly"] as &[&str]);
    systems.chain(nightly).collect()
}

/// What runners are called of the one system that a sentence says it runs on; empty where it names none or several.
pub(super) fn paired(words: &Words) -> &'static [&'static str] {
    const RUNNERS: &[(&str, &[&str])] = &[
        (" on linux", &["ubuntu", "linux"]),
        (" on ubuntu", &["ubuntu"]),
        (" on macos", &["macos"]),
        (" on windows", &["windows"]),
    ];
    let mut found = RUNNERS.iter().filter(|(name, _)| words.0.contains(name));
    match (found.next(), found.next()) {
        (Some((_, runners)), None) => runners,
        _ => &[],
    }
}

/// Whether the matrix of a run's workflow leaves out one of the versions on such a runner.
pub(super) fn leaves_out(facts: &Facts<'_>, run: &Run, runners: &[&str], versions: &[String]) -> bool {
    let text = facts.text(&run.entry).filter(|text| text.contains("exclude:"));
    let Some(Ok(yaml)) = text.map(|text| Yaml::parse(text.as_bytes(), pipeline::YAML)) else {
        return false;
    };
    let matrices = yaml.nodes().filter_map(|node: Node<'_>| node.get("matrix"));
    let mut pairs = matrices
        .filter_map(|matrix| matrix.get("exclude"))
        .flat_map(Node::items);
    pairs.any(|pair| {
        let values = || pair.entries().filter_map(|(_, value)| value.text());
        let on = values().any(|value| runners.iter().any(|name| value.to_ascii_lowercase().contains(name)));
        on && values().any(|value| versions.iter().any(|version| holds(value, version)))
    })
}

/// Whether the job of a run names one of these. What runs in a container does not run on the system around it.
pub(super) fn is_shown(facts: &Facts<'_>, run: &Run, names: &[&str]) -> bool {
    let lines = written::of_run(facts, run);
    let is_inside = lines
        .iter()
        .any(|line| line.trim_start().starts_with("container:") || line.contains(MACHINE));
    lines.iter().any(|line| {
        let line = line.trim_start().trim_start_matches("- ");
        let is_word = ["name:", "echo ", "run: echo "]
            .iter()
            .any(|begin| line.starts_with(begin));
        let is_around = is_inside && line.starts_with("runs-on:");
        let is_token = |word: &str| names.contains(&word);
        let is_arm = names.contains(&"arm64") && ARM_MACHINES.iter().any(|name| line.contains(name));
        !is_word && !is_around && (is_arm || line.split(|c: char| !c.is_ascii_alphanumeric()).any(is_token))
    })
}
