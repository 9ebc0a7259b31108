use super::labelled::{self, Cue, cue, strict};
use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::Class;
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

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "device",
    class: Class::Device,
    what: "Serial numbers and device identifiers after the words for them, and MAC addresses.",
    why: "An implanted or carried device is registered to its bearer.",
    source: SAFE_HARBOR,
    yes: &[
        ("pacemaker serial number PM-8841-2231", "PM-8841-2231"),
        ("Serial: SN4455667", "SN4455667"),
        ("MAC 00:1A:2b:3C:4d:5E seen", "00:1A:2b:3C:4d:5E"),
        ("Device ID 88-1123", "88-1123"),
    ],
    no: &[
        "serial troponins 3 times",
        "serial exams",
        "pump 5 units",
        "at 10:15:30 and 11:20:40",
    ],
    strong: false,
    trigger: Trigger::Text(|scan, hits| {
        for i in 0..scan.tokens.len() {
            if scan.has(i, DEVICE) {
                labelled::find(scan, i, CUES, Class::Device, 5, hits);
            }
        }
        let bytes = scan.text.as_bytes();
        let mut from = 0;
        while let Some(at) = bytes
            .get(from..)
            .and_then(|rest| memchr_colon(rest))
            .map(|at| at + from)
        {
            from = at + 1;
            if let Some(start) = at.checked_sub(2).filter(|start| is_mac(scan, *start)) {
                hits.push(start, start + 17, Class::Device, 85);
                from = start + 17;
            }
        }
    }),
};

fn memchr_colon(bytes: &[u8]) -> Option<usize> {
    bytes.iter().position(|b| *b == b':')
}

/// Six pairs of hexadecimal digits with colons, at least one of them a letter.
fn is_mac(scan: &Scan<'_>, start: usize) -> bool {
    let bytes = scan.text.as_bytes();
    let free = |at: Option<&u8>| !at.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b':');
    let Some(text) = bytes.get(start..start + 17) else {
        return false;
    };
    free(start.checked_sub(1).and_then(|i| bytes.get(i)))
        && free(bytes.get(start + 17))
        && text
            .iter()
            .enumerate()
            .all(|(i, b)| if i % 3 == 2 { *b == b':' } else { b.is_ascii_hexdigit() })
        && text.iter().any(u8::is_ascii_alphabetic)
}
