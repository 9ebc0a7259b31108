use super::labelled::{self, Cue, cue, strict};
use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::lex::Scan;
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
        ("Policy no: XJK 221 99 82", "XJK 221 99 82"),
        ("Policy number: XJK 221 99 82, ok", "XJK 221 99 82"),
        ("ins. #789-1234-567", "789-1234-567"),
        ("Member ID: XQZ12345678", "XQZ12345678"),
        ("issues with HMO-234567", "HMO-234567"),
        ("her card shows 1EG4-TE5-MK73 on", "1EG4-TE5-MK73"),
    ],
    no: &[
        "Plan: 500 mg twice daily",
        "insurance denied 2 refills",
        "Medicare in 2023",
        "group 4 of 7",
        "insurance: BP 120 80 72",
        "covered by Medicare Part B",
        "1EG4-TE5-MK7X",
        "4th floor, 2EG",
    ],
    strong: false,
    trigger: Trigger::Either(PLAN | ROLE, |scan, i, hits| {
        if scan.is_number(i) {
            medicare(scan, i, hits);
            return;
        }
        // `HMO-234567`: the word is part of the number.
        if scan.gap(i) == "-" && scan.digits(i + 1) >= 5 {
            hits.push(scan.start(i), scan.end(i + 1), Class::Plan, 90);
            return;
        }
        labelled::find(scan, i, CUES, Class::Plan, 5, hits);
    }),
};

/// A Medicare beneficiary identifier, by its form: digits and letters in fixed places, never S, L, O, I, B, Z.
fn medicare(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    // N: digit, A: letter, X: either; the first is never 0.
    const FORM: &[u8] = b"NAXNAXNAANN";
    if scan.digits(i) != 1 || !scan.gap(i).is_empty() || i > 0 && scan.gap_before(i).is_empty() {
        return;
    }
    let start = scan.start(i);
    let mut end = start;
    let rest = scan.text.as_bytes().get(start..).unwrap_or_default();
    let mut form = FORM.iter();
    for (at, b) in rest.iter().take(14).enumerate() {
        if *b == b'-' && matches!(at, 4 | 8) {
            continue;
        }
        let letter = b.is_ascii_uppercase() && !b"SLOIBZ".contains(b);
        let fits = match form.next() {
            Some(b'N') => b.is_ascii_digit(),
            Some(b'A') => letter,
            Some(_) => letter || b.is_ascii_digit(),
            None => break,
        };
        if !fits {
            return;
        }
        end = start + at + 1;
    }
    let free = !scan.text.as_bytes().get(end).is_some_and(u8::is_ascii_alphanumeric);
    if form.next().is_none() && free && scan.word(i) != "0" {
        hits.push(start, end, Class::Plan, 80);
    }
}
