//! Labelled pipelines are judged as their labels say, and hostile ones are read to their end.

#![expect(unreachable_pub, reason = "the fuzz body is shared with the fuzz target")]

#[path = "../../../fuzz/bodies/pipelines.rs"]
mod body;
#[path = "pipelines/fixture.rs"]
mod fixture;

use std::{fs, path::Path};

use fixture::Count;
use proptest::prelude::*;
use ward_policy::pipeline::Hollow;

fn counts() -> [Count; 2] {
    let mut counts = [Count::default(), Count::default()];
    for one in fixture::all(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/pipelines")) {
        fixture::measure(&one, &mut counts[usize::from(one.held_out)]);
    }
    counts
}

#[test]
fn hollow_scans_are_told_from_scans_that_gate() {
    let [tuned, held_out] = counts();
    assert!(tuned.fixtures >= 80);
    for (name, count) in [("tuned", &tuned), ("held out", &held_out)] {
        println!(
            "{name}: {} fixtures, precision {:.3} recall {:.3} agreed {}/{}",
            count.fixtures,
            count.precision(),
            count.recall(),
            count.agreed,
            count.labels
        );
    }
    assert!(tuned.wrong.is_empty(), "{}", tuned.wrong.join("\n"));
    let wrong = held_out.wrong.join("\n");
    assert!(held_out.precision() >= 0.95 && held_out.recall() >= 0.95, "{wrong}");
    if std::env::var_os("WARD_SHOW").is_some() {
        println!("{wrong}");
    }
}

#[test]
fn every_reason_is_shown_by_a_fixture() {
    let [tuned, _] = counts();
    let unseen: Vec<_> = Hollow::ALL.iter().filter(|one| !tuned.reasons.contains(one)).collect();
    assert!(unseen.is_empty(), "{unseen:?}");
}

#[test]
fn pipelines_corpus() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/pipelines");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    assert!(paths.len() > 3, "the corpus is there");
    for path in paths {
        let file = fs::read(path).unwrap();
        body::run(&file);
        let step = (file.len() / 4).max(1);
        for at in (0..file.len()).step_by(step) {
            body::run(&file[..at]);
            for byte in [b'$', b'(', b'\n', 0xff, b'"', b'|'] {
                let mut changed = file.clone();
                changed[at] = byte;
                body::run(&changed);
            }
        }
    }
}

#[test]
fn large_and_nested_pipelines_are_read_to_their_end() {
    let step = "      - run: bandit -r src -o a.json || true\n";
    let workflow = format!("on: push\njobs:\n  a:\n    steps:\n{}", step.repeat(600));
    body::run(workflow.as_bytes());
    for unit in [
        "$(bandit ",
        "if bandit; then ",
        "bandit | ",
        "( ",
        "x: x\n\tmake x\n",
        "[testenv:a]\ncommands = tox -e a\n",
        "a: b\n\tbandit -r . -o a || b\n",
    ] {
        body::run(unit.repeat(150).as_bytes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 30, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(data in prop::collection::vec(any::<u8>(), 0..200)) {
        body::run(&data);
    }

    #[test]
    fn words_and_operators(parts in prop::collection::vec(prop::sample::select(vec![
        "bandit -r src", " || true", " && ", " | tee a", "\n", "; ", "if ", "then ", "else ", "fi", "$(", ")", "(", "{ ", "}", "set +e", "exit 1", "exit $x", "x=$?",
        "jobs:", "  a:\n", "steps:\n", "- run: ", "uses: ./x", "on: push\n", "${{ ", " }}", "matrix", "make x", "x:\n\t", "[testenv]\ncommands = ", "while ", "do ",
        "done", "case a in b) ", ";; esac", "<<E\n", "E\n", "\"", "'", "#", "\\", "é", "-o a.json", "pip-audit", "gitleaks detect",
    ]), 0..40)) {
        body::run(parts.concat().as_bytes());
    }
}
