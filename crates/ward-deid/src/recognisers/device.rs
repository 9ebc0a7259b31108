use super::labelled::{self, Cue, cue, strict};
use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::lex::Scan;
use crate::lexicon::DEVICE;

const CUES: &[Cue] = &[
    cue("serial"),
    cue("imei"),
    cue("udi"),
    cue("device id"),
    cue("device identifier"),
    cue("device serial"),
    strict("sn"),
    strict("device"),
    strict("implant"),
    strict("pacemaker"),
    strict("pump"),
];

/// After "S/".
const NUMBER: &[Cue] = &[cue("n")];

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "device",
    class: Class::Device,
    what: "Serial numbers and device identifiers after the words for them.",
    why: "An implanted or carried device is registered to its bearer.",
    source: SAFE_HARBOR,
    yes: &[
        ("pacemaker serial number PM-8841-2231", "PM-8841-2231"),
        ("Serial: SN4455667", "SN4455667"),
        ("Device ID 88-1123", "88-1123"),
        ("pump S/N 88213A", "88213A"),
        ("S/N: 4471882", "4471882"),
        (
            "UDI: (01)00643169007222(17)141231(21)A9123,",
            "(01)00643169007222(17)141231(21)A9123",
        ),
    ],
    no: &[
        "serial troponins 3 times",
        "serial exams",
        "S/N ratio 12000",
        "N 12345 patients",
        "w/n 12345",
        "pump 5 units",
        "at 10:15:30 and 11:20:40",
    ],
    strong: false,
    trigger: Trigger::Either(DEVICE, |scan, i, hits| {
        if scan.is_number(i) {
            gs1(scan, i, hits);
        } else if scan.is(i, "n") {
            if i > 0 && scan.is(i - 1, "s") && scan.gap(i - 1) == "/" {
                labelled::find(scan, i, NUMBER, Class::Device, 5, hits);
            }
        } else {
            labelled::find(scan, i, CUES, Class::Device, 5, hits);
        }
    }),
};

/// `(01)00643169007222(17)141231(21)A9123`: a unique device identifier as GS1 prints it.
fn gs1(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let opens = scan.word(i) == "01" && scan.gap_before(i).ends_with('(') && scan.gap(i).starts_with(')');
    if !opens || scan.digits(i + 1) != 14 {
        return;
    }
    let mut last = i + 1;
    for _ in 0..24 {
        match scan.gap(last) {
            "" | "(" | ")" | " (" | ") " | "-" if last + 1 < scan.tokens.len() => last += 1,
            _ => break,
        }
    }
    hits.push(scan.start(i) - 1, scan.end(last), Class::Device, 90);
}
