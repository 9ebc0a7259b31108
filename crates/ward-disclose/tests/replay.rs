//! Runs the fuzz bodies over their kept inputs, and over random changes of them.

#![expect(clippy::unwrap_used, unreachable_pub, reason = "shared with the fuzzer")]

#[path = "../../../fuzz/bodies/case_steps.rs"]
mod case_steps;
#[path = "../../../fuzz/bodies/report_mail.rs"]
mod report_mail;

use proptest::prelude::*;

fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = format!("{}/../../fuzz/corpus/{name}", env!("CARGO_MANIFEST_DIR"));
    let files = std::fs::read_dir(folder).unwrap();
    let mut inputs: Vec<Vec<u8>> = files.map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect();
    inputs.sort();
    assert!(!inputs.is_empty());
    inputs
}

#[test]
fn kept_inputs() {
    corpus("report_mail").iter().for_each(|data| report_mail::run(data));
    corpus("case_steps").iter().for_each(|data| case_steps::run(data));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn mails_with_changes(which in 0_usize..16, changes in prop::collection::vec((any::<u16>(), any::<u8>()), 0..12), cut in any::<u16>()) {
        let inputs = corpus("report_mail");
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
        let inputs = corpus("case_steps");
        let mut data = inputs[which % inputs.len()].clone();
        for (at, byte) in changes {
            let at = usize::from(at) % data.len();
            data[at] = byte;
        }
        case_steps::run(&data);
    }
}
