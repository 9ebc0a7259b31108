use std::net::Ipv6Addr;

use super::{Recogniser, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::lex::Scan;

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
    trigger: Trigger::Number(|scan, i, hits| {
        version_4(scan, i, hits);
        if scan.gap(i).starts_with(':') || scan.gap_before(i).ends_with(':') {
            version_6(scan, i, hits);
        }
    }),
};

fn version_4(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let dotted = |n: usize| scan.gap(i + n) == "." && scan.is_number(i + n + 1);
    let small = |n: usize| scan.digits(i + n) <= 3 && scan.number(i + n).is_some_and(|value| value <= 255);
    let before = i > 0 && (scan.gap_before(i).is_empty() || scan.gap_before(i) == "." && scan.is_number(i - 1));
    if !before && (0..3).all(dotted) && !dotted(3) && (0..4).all(small) {
        hits.push(scan.start(i), scan.end(i + 3), Class::Ip, 85);
    }
}

/// Longest spelling of an address of version 6.
const LONGEST: usize = 46;

/// The address of version 6 around number `i`.
fn version_6(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let bytes = scan.text.as_bytes();
    let is_part = |b: &u8| b.is_ascii_hexdigit() || matches!(b, b':' | b'.');
    let head = bytes.get(..scan.start(i)).unwrap_or_default();
    let from = scan.start(i) - head.iter().rev().take(LONGEST).take_while(|b| is_part(b)).count();
    let tail = bytes.get(from..).unwrap_or_default();
    let len = tail.iter().take(2 * LONGEST).take_while(|b| is_part(b)).count();
    let glued = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_alphanumeric() || *b >= 0x80);
    if glued(from.checked_sub(1).and_then(|at| bytes.get(at))) || glued(tail.get(len)) {
        return;
    }
    let found = scan.slice(from, from + len).trim_end_matches('.');
    let found = if found.ends_with("::") {
        found
    } else {
        found.trim_end_matches(':')
    };
    let groups = found.split(':').filter(|group| !group.is_empty()).count();
    if groups >= 3 && found.parse::<Ipv6Addr>().is_ok() {
        hits.push(from, from + found.len(), Class::Ip, 85);
    }
}
