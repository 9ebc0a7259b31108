use super::labelled::{self, Cue, cue, strict};
use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::Class;
use crate::lexicon::{PLAN, ROLE};

const CUES: &[Cue] = &[
    cue("insurance policy"),
    cue("insurance plan"),
    cue("insurance member"),
    cue("insurance"),
    cue("ins"),
    cue("health plan beneficiary"),
    cue("health plan"),
    cue("health insurance"),
    cue("member id"),
    cue("member"),
    cue("subscriber"),
    cue("beneficiary"),
    cue("policy"),
    cue("plan id"),
    cue("medicare"),
    cue("medicaid"),
    cue("hicn"),
    cue("mbi"),
    cue("hpbn"),
    cue("hmo"),
    cue("ppo"),
    cue("tricare"),
    cue("aetna"),
    cue("cigna"),
    cue("humana"),
    strict("plan number"),
    strict("group"),
    strict("coverage"),
    strict("payer"),
    strict("payor"),
];

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "plan",
    class: Class::Plan,
    what: "Health plan, member, policy and insurance numbers after the words for them.",
    why: "An insurer's number names one insured person.",
    source: SAFE_HARBOR,
    yes: &[
        ("Insurance ID: HMO-67890.", "HMO-67890"),
        ("Medicare #AB-987654", "AB-987654"),
        ("her insurance: HP-789123.", "HP-789123"),
        ("insurance policy number HP-1234-5678?", "HP-1234-5678"),
        ("ins. #789-1234-567", "789-1234-567"),
        ("Member ID: XQZ12345678", "XQZ12345678"),
        ("issues with HMO-234567", "HMO-234567"),
    ],
    no: &[
        "Plan: 500 mg twice daily",
        "insurance denied 2 refills",
        "Medicare in 2023",
        "group 4 of 7",
        "covered by Medicare Part B",
    ],
    strong: false,
    trigger: Trigger::Word(PLAN | ROLE, |scan, i, hits| {
        // `HMO-234567`: the word is part of the number.
        if scan.gap(i) == "-" && scan.digits(i + 1) >= 5 {
            hits.push(scan.start(i), scan.end(i + 1), Class::Plan, 90);
            return;
        }
        labelled::find(scan, i, CUES, Class::Plan, 5, hits);
    }),
};
