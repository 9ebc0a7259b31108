//! Labelled pipelines are judged as their labels say.

#[path = "pipelines/fixture.rs"]
mod fixture;

use std::path::Path;

use fixture::Count;
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
