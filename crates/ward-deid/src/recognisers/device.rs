use super::labelled::{self, Cue, cue, strict};
use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::Class;
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
    ],
    no: &[
        "serial troponins 3 times",
        "serial exams",
        "pump 5 units",
        "at 10:15:30 and 11:20:40",
    ],
    strong: false,
    trigger: Trigger::Word(DEVICE, |scan, i, hits| {
        labelled::find(scan, i, CUES, Class::Device, 5, hits)
    }),
};
