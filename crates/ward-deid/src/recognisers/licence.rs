use super::labelled::{self, Cue, cue, strict};
use super::{Recogniser, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::lex::Scan;
use crate::lexicon::LICENCE;

const CUES: &[Cue] = &[
    cue("npi"),
    cue("dea"),
    cue("passport"),
    cue("driver license"),
    cue("driver licence"),
    cue("driver s license"),
    cue("driver s licence"),
    cue("drivers license"),
    cue("drivers licence"),
    cue("medical license"),
    cue("license"),
    cue("licence"),
    cue("certificate"),
    strict("lic"),
    strict("dl"),
    strict("cert"),
    strict("certification"),
    strict("registration"),
    strict("permit"),
];

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "licence",
    class: Class::Licence,
    what: "Licence, certificate, passport, NPI and DEA numbers after the words for them, and DEA numbers by their check digit.",
    why: "Such numbers are looked up in public registers.",
    source: "45 CFR 164.514(b)(2)(i); DEA number check: 21 CFR 1301 practice, sum of digits 1, 3, 5 and twice 2, 4, 6",
    yes: &[
        ("(License No: CLN-112233)", "CLN-112233"),
        ("NPI 1234567893", "1234567893"),
        ("driver's license D123-4567-8901", "D123-4567-8901"),
        ("signed, AB1234563.", "AB1234563"),
    ],
    no: &[
        "license renewed in 2023",
        "certificate of need",
        "AB1234567",
        "dea agent with 3 tablets",
    ],
    strong: false,
    trigger: Trigger::Either(LICENCE, |scan, i, hits| {
        if scan.has(i, LICENCE) {
            labelled::find(scan, i, CUES, Class::Licence, 5, hits);
        } else if scan.digits(i) == 7 {
            dea(scan, i, hits);
        }
    }),
};

/// Two letters and seven digits, the last of which is the units digit of a weighted sum.
fn dea(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let Some(before) = i.checked_sub(1) else { return };
    let letters = scan.word(before);
    let free = |gap: &str| !gap.is_empty() || gap.is_empty() && (before == 0 || i + 1 == scan.tokens.len());
    if letters.len() != 2 || !letters.bytes().all(|b| b.is_ascii_uppercase()) || !scan.gap(before).is_empty() {
        return;
    }
    if !free(scan.gap_before(before)) || !free(scan.gap(i)) {
        return;
    }
    let digits: Vec<u32> = scan.word(i).bytes().map(|b| u32::from(b - b'0')).collect();
    if let [a, b, c, d, e, f, check] = digits.as_slice()
        && (a + c + e + 2 * (b + d + f)) % 10 == *check
    {
        hits.push(scan.start(before), scan.end(i), Class::Licence, 70);
    }
}
