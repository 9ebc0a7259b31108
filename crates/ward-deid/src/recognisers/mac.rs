use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::Class;

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "mac",
    class: Class::Device,
    what: "Network addresses of devices: six pairs of hexadecimal digits with colons, one of them a letter.",
    why: "A device carried or implanted is registered to its bearer.",
    source: SAFE_HARBOR,
    yes: &[
        ("MAC 00:1A:2b:3C:4d:5E seen", "00:1A:2b:3C:4d:5E"),
        ("a0:b1:c2:d3:e4:f5", "a0:b1:c2:d3:e4:f5"),
        ("(00:00:5e:00:53:af)", "00:00:5e:00:53:af"),
    ],
    no: &[
        "at 10:15:30 and 11:20:40",
        "00:11:22:33:44:55:AA",
        "a:b:c:d:e:f",
        "12:30:45",
    ],
    strong: false,
    trigger: Trigger::Text(|scan, hits| {
        let bytes = scan.text.as_bytes();
        for at in memchr::memchr_iter(b':', scan.text.as_bytes()) {
            let Some(start) = at.checked_sub(2) else { continue };
            if is_mac(bytes, start) {
                hits.push(start, start + 17, Class::Device, 85);
            }
        }
    }),
};

fn is_mac(bytes: &[u8], start: usize) -> bool {
    let free = |at: Option<&u8>| !at.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b':');
    let Some(text) = bytes.get(start..start + 17) else {
        return false;
    };
    let pairs = text.iter().enumerate().all(|(i, b)| match i % 3 {
        2 => *b == b':',
        _ => b.is_ascii_hexdigit(),
    });
    pairs
        && text.iter().any(u8::is_ascii_alphabetic)
        && free(start.checked_sub(1).and_then(|i| bytes.get(i)))
        && free(bytes.get(start + 17))
}
