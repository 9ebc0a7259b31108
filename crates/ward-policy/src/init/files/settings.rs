//! ward.toml: the answers, what is wanted of scans, and the clocks of reports.

use super::{block, hashed};
use crate::init::{
    answers::{Answers, FILE},
    blocks::{Block, Other, Wanted},
};

pub(super) fn file(answers: &Answers) -> Wanted {
    let clocks = answers.profile.clocks();
    let [critical, high, medium, low] = clocks.fix;
    let policy = format!(
        "# What `ward policy init` was told. Change it here or by flags, and run it again.\n{}",
        answers.kept()
    );
    let scan = "[scan]\nprofile = \"default\"\n\n[scan.dependencies]\nadvisories-at-most-days = 30\n".to_owned();
    let disclose = format!(
        "# The clocks of SECURITY.md, for `ward disclose`.\n[disclose]\nacknowledge = \"{}\"\nassess = \"{}\"\n\
         publish = \"{}\"\n\n[disclose.fix]\ncritical = \"{critical}\"\nhigh = \"{high}\"\nmedium = \"{medium}\"\n\
         low = \"{low}\"\n",
        clocks.acknowledge, clocks.assess, clocks.publish
    );
    let part = |name, text, stands_for, always| Block {
        stands_for,
        always,
        ..block(name, text)
    };
    Wanted {
        other: Other::Append,
        ..hashed(
            FILE,
            "what Ward does here",
            vec![
                part("policy", policy, "[policy]", true),
                part("scan", scan, "[scan]", false),
                part("disclose", disclose, "[disclose]", false),
            ],
        )
    }
}
