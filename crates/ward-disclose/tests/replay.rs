//! Runs the fuzz bodies over their kept inputs, and over random changes of them.

#![expect(unreachable_pub, dead_code, reason = "the fuzz bodies and their replay are shared")]
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "../../../fuzz/bodies/case_steps.rs"]
mod case_steps;
#[path = "../../../fuzz/replay.rs"]
mod replay;
#[path = "../../../fuzz/bodies/report_mail.rs"]
mod report_mail;

use proptest::prelude::*;

#[test]
fn kept_inputs() {
    replay::corpus("report_mail", 1)
        .iter()
        .for_each(|data| report_mail::run(data));
    replay::corpus("case_steps", 1)
        .iter()
        .for_each(|data| case_steps::run(data));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn mails_with_changes(which in 0_usize..16, changes in prop::collection::vec((any::<u16>(), any::<u8>()), 0..12), cut in any::<u16>()) {
        let inputs = replay::corpus("report_mail", 1);
        let mut data = inputs[which % inputs.len()].clone();
        for (at, byte) in changes {
            let at = usize::from(at) % data.len();
            data[at] = byte;
        }
        data.truncate(1 + usize::from(cut) % data.len().max(1) * 2);
        report_mail::run(&data);
    }

    #[test]
    fn steps_with_changes(which in 0_usize..16, changes in prop::collection::vec((any::<u16>(), any::<u8>()), 0..4)) {
        let inputs = replay::corpus("case_steps", 1);
        let mut data = inputs[which % inputs.len()].clone();
        for (at, byte) in changes {
            let at = usize::from(at) % data.len();
            data[at] = byte;
        }
        case_steps::run(&data);
    }
}
