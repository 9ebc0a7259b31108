use super::labelled::{self, Cue, cue, strict};
use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::Class;
use crate::lexicon::VEHICLE;

const CUES: &[Cue] = &[
    cue("vin"),
    cue("license plate"),
    cue("licence plate"),
    cue("vehicle identification"),
    cue("vehicle registration"),
    strict("vehicle"),
    cue("plate"),
    strict("plates"),
    strict("tag"),
];

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "vehicle",
    class: Class::Vehicle,
    what: "Vehicle identification numbers and licence plates after the words for them.",
    why: "A plate or a VIN leads to its keeper.",
    source: SAFE_HARBOR,
    yes: &[
        ("VIN 1HGCM82633A004352 in the lot", "1HGCM82633A004352"),
        ("license plate 7ABC123", "7ABC123"),
        ("Plate #: KXR-4821", "KXR-4821"),
        ("truck with plate 7CK-4419", "7CK-4419"),
    ],
    no: &[
        "plate 3 screws",
        "volar plate with 6 holes",
        "motor vehicle collision at 40 mph",
        "growth plates closed",
    ],
    strong: false,
    trigger: Trigger::Word(VEHICLE, |scan, i, hits| {
        labelled::find(scan, i, CUES, Class::Vehicle, 5, hits)
    }),
};
