//! Runs the fuzz bodies over their kept inputs, and over random ones.

#![expect(clippy::unwrap_used, unreachable_pub, reason = "shared with the fuzzer")]

#[path = "../../../fuzz/bodies/ledger.rs"]
mod ledger;

use proptest::prelude::*;

#[test]
fn ledger_corpus() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/ledger");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        ledger::run(&std::fs::read(entry.unwrap().path()).unwrap());
        count += 1;
    }
    assert!(count > 0, "no corpus at {folder}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn ledger_random_changes(mut data in prop::collection::vec(any::<u8>(), 1..40)) {
        data[0] |= 1;
        ledger::run(&data);
    }
}
