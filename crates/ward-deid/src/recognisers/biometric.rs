use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::lex::{Scan, Shape};

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "biometric",
    class: Class::Id,
    what: "Codes of finger, palm, voice and face prints and of scans of the iris or retina, without a word such as ID.",
    why: "They lead to the print in the system that took it, and so to its owner.",
    source: SAFE_HARBOR,
    yes: &[
        ("fingerprint FP-8821 taken", "FP-8821"),
        ("finger print template FPT-9921.", "FPT-9921"),
        ("retina scan RS-221,", "RS-221"),
        ("iris scan #IR9912 on file", "IR9912"),
        ("voiceprint template 88213;", "88213"),
        ("facial recognition template #A9921", "A9921"),
    ],
    no: &[
        "retinal scan 20/40",
        "iris scan 500 ms",
        "fingerprint 3 weeks ago",
        "retinal image 2024",
        "CT scan CT-2",
        "hand scan in 2024",
        "small print 88213",
    ],
    strong: true,
    trigger: Trigger::Number(biometric),
};

/// Words that say it alone.
const PRINTS: &[&str] = &[
    "fingerprint",
    "fingerprints",
    "voiceprint",
    "faceprint",
    "palmprint",
    "handprint",
    "biometric",
];

/// Words that say it after one of [`SITES`].
const TAKEN: &[&str] = &["scan", "print", "prints", "template", "geometry", "image", "pattern"];
const SITES: &[&str] = &[
    "iris",
    "retina",
    "retinal",
    "finger",
    "thumb",
    "palm",
    "hand",
    "print",
    "voice",
    "face",
    "facial",
    "fingerprint",
    "voiceprint",
    "recognition",
    "biometric",
];

/// Letters of a prefix such as `FPT-`, and digits with and without one.
const PREFIX: usize = 4;
const LEAST: usize = 3;
const LEAST_BARE: usize = 5;

fn biometric(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let prefixed = i > 0
        && matches!(scan.gap_before(i), "" | "-")
        && matches!(scan.shape(i - 1), Some(Shape::Upper | Shape::Initial))
        && scan.word(i - 1).len() <= PREFIX;
    let first = i - usize::from(prefixed);
    if scan.digits(i) < if prefixed { LEAST } else { LEAST_BARE } {
        return;
    }
    let Some(taken) = first
        .checked_sub(1)
        .filter(|at| matches!(scan.gap(*at), " " | ": " | " #" | ": #"))
    else {
        return;
    };
    let is = |at: usize, words: &[&str]| words.iter().any(|word| scan.is(at, word));
    let site = || {
        taken
            .checked_sub(1)
            .is_some_and(|at| scan.gap(at) == " " && is(at, SITES))
    };
    if is(taken, PRINTS) || is(taken, TAKEN) && site() {
        let mut last = i;
        while matches!(scan.gap(last), "" | "-") && last < i + 6 && last + 1 < scan.tokens.len() {
            last += 1;
        }
        hits.push(scan.start(first), scan.end(last), Class::Id, 82);
    }
}
