//! Runs the fuzz bodies of workflows, containers, scripts and programs over their corpora, and over mutations of them.

#![expect(unreachable_pub, reason = "the fuzz bodies are shared with the fuzz targets")]
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "../../../fuzz/bodies/dockerfile.rs"]
mod dockerfile;
#[path = "../../../fuzz/replay.rs"]
mod replay;
#[path = "../../../fuzz/bodies/workflow.rs"]
mod workflow;

use proptest::prelude::*;

/// See [`replay::mutated`].
fn over(name: &str, run: fn(&[u8])) {
    replay::mutated(&replay::corpus(name, 4), 25, &[b'"', b'$', b'{', b'\n', 0xff], run);
}

#[test]
fn workflows() {
    over("workflow", workflow::run);
}

#[test]
fn containers_and_programs() {
    over("dockerfile", dockerfile::run);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_marks(text in "[-a$(){}\\[\\]<>|&;:'\"`\\\\#= \\n\\t]{0,80}") {
        workflow::run(text.as_bytes());
        dockerfile::run(text.as_bytes());
    }

    #[test]
    fn any_script_in_a_step(text in "[-a$(){}<>|&;'\"`\\\\#= é]{0,60}") {
        let file = format!("on: issues\njobs:\n  a:\n    steps:\n      - run: |\n          {text}\n          ${{{{ {text} }}}}\n");
        workflow::run(file.as_bytes());
        dockerfile::run(format!("FROM a\nRUN {text}\n").as_bytes());
    }
}

#[test]
fn what_is_long_or_deep_ends() {
    for unit in [
        "${{ ",
        "$(",
        "`",
        "{",
        "[",
        "<a>",
        "!",
        "(",
        "a?b:",
        "=>",
        "RUN a \\\n",
        "`${",
        "- ",
        "*a ",
        "<<E\n",
        "/*",
        "a.",
        "if(a)",
        "${",
    ] {
        let text = unit.repeat(2_000);
        workflow::run(text.as_bytes());
        dockerfile::run(text.as_bytes());
    }
}
