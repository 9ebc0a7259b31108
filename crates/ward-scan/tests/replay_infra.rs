//! Runs the fuzz bodies of workflows, containers, scripts and programs over their corpora, and over mutations of them.

#![expect(unreachable_pub, reason = "the fuzz bodies are shared with the fuzz targets")]
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "../../../fuzz/bodies/dockerfile.rs"]
mod dockerfile;
#[path = "../../../fuzz/bodies/workflow.rs"]
mod workflow;

use std::{fs, path::Path};

use proptest::prelude::*;

fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz/corpus")
        .join(name);
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    assert!(paths.len() > 3, "the corpus is there");
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// Every file as it is, cut at some places, and with each of some bytes put in at some places.
fn replay(name: &str, run: fn(&[u8])) {
    for file in corpus(name) {
        run(&file);
        for at in (0..file.len()).step_by((file.len() / 25).max(1)) {
            run(&file[..at]);
            for byte in [b'"', b'$', b'{', b'\n', 0xff] {
                let mut changed = file.clone();
                changed[at] = byte;
                run(&changed);
            }
        }
    }
}

#[test]
fn workflows() {
    replay("workflow", workflow::run);
}

#[test]
fn containers_and_programs() {
    replay("dockerfile", dockerfile::run);
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
