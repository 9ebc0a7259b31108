//! Runs the fuzz bodies over their kept inputs, and over random ones.

#![expect(unreachable_pub, dead_code, reason = "the fuzz bodies and their replay are shared")]
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "../../../fuzz/bodies/ledger.rs"]
mod ledger;
#[path = "../../../fuzz/replay.rs"]
mod replay;

use proptest::prelude::*;

#[test]
fn ledger_corpus() {
    replay::corpus("ledger", 1).iter().for_each(|data| ledger::run(data));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn ledger_random_changes(mut data in prop::collection::vec(any::<u8>(), 1..40)) {
        data[0] |= 1;
        ledger::run(&data);
    }
}
