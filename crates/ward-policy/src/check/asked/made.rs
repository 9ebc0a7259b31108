//! What a command makes or runs, where its tool does several things: a bill of materials, a signature, tests of a kind.
//!
//! Source: documentation of Syft ("Output formats"), cosign ("cosign sign", "cosign attest").

use super::{coverage, written};
use crate::{
    check::Facts,
    pipeline::{Run, is_of_tests},
};

/// Whether a run of a tool that makes bills of materials makes one: Syft prints a table unless it is given a format, and
/// Ward's own comparison of two makes none.
pub(super) fn is_bill(facts: &Facts<'_>, run: &Run) -> bool {
    let words: Vec<&str> = run.command.split_whitespace().collect();
    if run.tool == "ward-sbom" {
        return !matches!(words.get(2), Some(&("diff" | "check")));
    }
    if run.tool != "syft" || run.command.contains('@') && words.len() == 1 {
        return true;
    }
    let given = words.iter().enumerate().filter_map(|(at, word)| match *word {
        "-o" | "--output" => words.get(at + 1).copied(),
        "--file" => Some("file"),
        word => ["--output=", "--file=", "-o"]
            .iter()
            .find_map(|flag| word.strip_prefix(flag)),
    });
    let mut given = given.filter(|format| !matches!(*format, "table" | "text" | "syft-table" | "syft-text"));
    // `syft convert` takes one and makes another.
    given.next().is_some()
        || words.contains(&"convert")
        || words.contains(&"attest")
        || facts.named(&|name| name == ".syft.yaml").next().is_some()
        || words.windows(2).any(|two| two == ["|", "tee"])
}

/// Whether a command of cosign signs or attests something; its others make keys, fetch and verify.
pub(super) fn is_signature(run: &Run) -> bool {
    let mut words = run.command.split_whitespace().filter(|word| !word.starts_with('-'));
    let is_cosign = words
        .next()
        .is_some_and(|program| program.rsplit('/').next() == Some("cosign"));
    !is_cosign || words.any(|word| word.starts_with("sign") || word.starts_with("attest"))
}

/// Whether something collects the coverage of tests where a run stands, or by a file of settings.
pub(super) fn collects_coverage(facts: &Facts<'_>, run: &Run) -> bool {
    let names = ["cov", "tarpaulin", "nyc", "c8 ", "jacoco"];
    let says = |path: &str| facts.text(path).is_some_and(|text| text.contains("cov"));
    written::says(facts, run, &names) || facts.named(&coverage::is_settings).take(50).any(says)
}

/// Whether tests of a kind are named where a run stands, or by a file of the tests.
pub(super) fn names_kind(facts: &Facts<'_>, run: &Run, names: &[&str]) -> bool {
    let is_one = |path: &&String| {
        let lower = path.to_ascii_lowercase();
        (is_of_tests(path) || lower.contains("test")) && names.iter().any(|name| lower.contains(name))
    };
    written::says(facts, run, names) || facts.repository.files.keys().any(|path| is_one(&path))
}
