//! Runs the fuzz body of policies over its corpus, and over mutations of it.

#![expect(unreachable_pub, reason = "the fuzz body is shared with the fuzz target")]
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "../../../fuzz/bodies/policy.rs"]
mod policy;
#[path = "../../../fuzz/replay.rs"]
mod replay;

use proptest::prelude::*;

#[test]
fn policy_corpus() {
    let bytes = [b'|', b'<', b'\n', 0xff, b'`', b'*', b':'];
    replay::mutated(&replay::corpus("policy", 4), 20, &bytes, policy::run);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(data in prop::collection::vec(any::<u8>(), 0..300)) {
        policy::run(&data);
    }

    #[test]
    fn marks_and_words(kind in 0u8..9, parts in prop::collection::vec(prop::sample::select(vec![
        "# ", "\n", "\n\n", "- ", "  - ", "| ", "|---|---|", "We ", "must ", "scan ", "Bandit ", "weekly ", "within 48 hours", "security@acme.dev",
        "<table>", "<td>", "</tr>", "<!--", "-->", "**", "`", "```\n", "> ", "Version", "Supported", "1.x", "yes", "1. ", "[x](y)", "====\n", "+--+\n", "Critical: ",
        "Scope", "Please include:", "\u{202e}", "安全", "::\n", "|===\n", "report ", "public issue ", "disclose ", ". ", "!", "é",
    ]), 0..60)) {
        let mut data = vec![kind];
        data.extend(parts.concat().into_bytes());
        policy::run(&data);
    }
}
