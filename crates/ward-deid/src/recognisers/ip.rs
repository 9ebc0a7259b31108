use std::net::Ipv6Addr;

use super::{Recogniser, Trigger};
use crate::Class;

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "ip",
    class: Class::Ip,
    what: "Internet addresses: four numbers up to 255 with dots, or version 6.",
    why: "An address leads to a connection and its holder.",
    source: "45 CFR 164.514(b)(2)(i); RFC 4291 section 2.2",
    yes: &[
        ("IP address 192.168.1.1, last", "192.168.1.1"),
        ("from 10.0.0.254.", "10.0.0.254"),
        ("at 2001:db8::8a2e:370:7334 now", "2001:db8::8a2e:370:7334"),
    ],
    no: &[
        "OID 2.16.840.1.113883",
        "section 1.2.3",
        "10:30:45",
        "999.1.1.1",
        "std::vec",
        "1.5.2.300",
    ],
    strong: true,
    trigger: Trigger::Text(|scan, hits| {
        let mut floor = 0;
        for i in 0..scan.tokens.len() {
            let dotted = |n: usize| scan.gap(i + n) == "." && scan.is_number(i + n + 1);
            let small = (0..4).all(|n| scan.digits(i + n) <= 3 && scan.number(i + n).is_some_and(|v| v <= 255));
            if scan.is_number(i) && (0..3).all(dotted) && small {
                let before =
                    i > 0 && (scan.gap_before(i) == "." && scan.is_number(i - 1) || scan.gap_before(i).is_empty());
                if !before && !dotted(3) {
                    hits.push(scan.start(i), scan.end(i + 3), Class::Ip, 85);
                }
            }
            if scan.start(i) >= floor && matches!(scan.gap(i), ":" | "::") {
                floor = version_6(scan.text, scan.start(i), hits);
            }
        }
    }),
};

/// Reads an address of version 6 at `start`; gives where to go on.
fn version_6(text: &str, start: usize, hits: &mut crate::find::Hits) -> usize {
    let bytes = text.as_bytes();
    let is_part = |b: &u8| b.is_ascii_hexdigit() || matches!(b, b':' | b'.');
    let mut from = start;
    while from > 0 && start - from < 4 && bytes.get(from - 1) == Some(&b':') {
        from -= 1;
    }
    if from > 0
        && bytes
            .get(from - 1)
            .is_some_and(|b| b.is_ascii_alphanumeric() || *b >= 0x80)
    {
        return start;
    }
    let len = bytes
        .get(from..)
        .unwrap_or_default()
        .iter()
        .take(46)
        .take_while(|b| is_part(b))
        .count();
    let found = text.get(from..from + len).unwrap_or("").trim_end_matches('.');
    let found = if found.ends_with("::") {
        found
    } else {
        found.trim_end_matches(':')
    };
    let ends = !bytes.get(from + len).is_some_and(u8::is_ascii_alphanumeric);
    let groups = found.split(':').filter(|group| !group.is_empty()).count();
    if ends && groups >= 3 && found.parse::<Ipv6Addr>().is_ok() {
        hits.push(from, from + found.len(), Class::Ip, 85);
        return from + found.len();
    }
    from + len
}
