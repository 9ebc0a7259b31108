use super::labelled::{self, Cue, cue, strict};
use super::{Recogniser, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::lex::Scan;
use crate::lexicon::VEHICLE;

const CUES: &[Cue] = &[
    cue("vin"),
    cue("license plate"),
    cue("licence plate"),
    cue("vehicle identification"),
    cue("vehicle registration"),
    strict("vehicle"),
    cue("plate"),
    cue("plates"),
    strict("tag"),
];

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "vehicle",
    class: Class::Vehicle,
    what: "Vehicle identification numbers and licence plates after the words for them, and the former by their check digit.",
    why: "A plate or a VIN leads to its keeper.",
    source: "45 CFR 164.514(b)(2)(i)(L); 49 CFR 565.15 (check digit)",
    yes: &[
        ("VIN 1HGCM82633A004352 in the lot", "1HGCM82633A004352"),
        ("license plate 7ABC123", "7ABC123"),
        ("Plate #: KXR-4821", "KXR-4821"),
        ("truck with plate 7CK-4419", "7CK-4419"),
        ("a car, 1M8GDM9AXKP042788, in", "1M8GDM9AXKP042788"),
    ],
    no: &[
        "plate 3 screws",
        "volar plate with 6 holes",
        "motor vehicle collision at 40 mph",
        "growth plates closed",
        "1M8GDM9A1KP042788",
    ],
    strong: false,
    trigger: Trigger::Either(VEHICLE, |scan, i, hits| {
        if scan.is_number(i) {
            by_check_digit(scan, i, hits);
        } else {
            labelled::find(scan, i, CUES, Class::Vehicle, 5, hits);
        }
    }),
};

/// A vehicle identification number, found by its form: 17 letters and digits, the ninth of which checks the others.
fn by_check_digit(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let bytes = scan.text.as_bytes();
    let is_part = |b: &&u8| b.is_ascii_alphanumeric();
    let before = bytes.get(..scan.start(i)).unwrap_or_default();
    let head = before.iter().rev().take(18).take_while(is_part);
    // From the first number of the run only.
    if head.clone().any(u8::is_ascii_digit) {
        return;
    }
    let start = scan.start(i) - head.count();
    let run = bytes.get(start..).unwrap_or_default();
    if run.iter().take(18).take_while(is_part).count() != 17 {
        return;
    }
    let vin = run.get(..17).unwrap_or_default();
    let digits = vin.iter().filter(|b| b.is_ascii_digit()).count();
    let sum: Option<u32> = vin
        .iter()
        .zip(WEIGHTS)
        .map(|(b, weight)| value_of(*b).map(|value| value * weight))
        .sum();
    let check = match vin.get(8) {
        Some(b'X' | b'x') => 10,
        Some(b) if b.is_ascii_digit() => u32::from(b - b'0'),
        _ => return,
    };
    if (4..17).contains(&digits) && sum.is_some_and(|sum| sum % 11 == check) {
        hits.push(start, start + 17, Class::Vehicle, 80);
    }
}

/// Weights of the places, the check digit's own included (49 CFR 565.15).
const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

/// The value of a letter or digit; I, O and Q have none.
fn value_of(b: u8) -> Option<u32> {
    Some(u32::from(match b.to_ascii_uppercase() {
        digit @ b'0'..=b'9' => digit - b'0',
        letter @ b'A'..=b'H' => letter - b'A' + 1,
        letter @ b'J'..=b'N' => letter - b'J' + 1,
        b'P' => 7,
        b'R' => 9,
        letter @ b'S'..=b'Z' => letter - b'S' + 2,
        _ => return None,
    }))
}
