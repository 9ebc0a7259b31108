use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::Class;

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "card",
    class: Class::Account,
    what: "Payment card numbers: 13 to 19 digits, together or in groups, with a right check digit.",
    why: "A card number names one account holder.",
    source: "45 CFR 164.514(b)(2)(i); ISO/IEC 7812-1 annex B (Luhn)",
    yes: &[
        ("card 4111 1111 1111 1111 exp", "4111 1111 1111 1111"),
        ("4111111111111111", "4111111111111111"),
        ("3782-822463-10005,", "3782-822463-10005"),
    ],
    no: &[
        "4111 1111 1111 1112",
        "1234567890123456",
        "0000 0000 0000 0000",
        SAFE_HARBOR,
    ],
    strong: true,
    trigger: Trigger::Number(|scan, i, hits| {
        let before = scan.gap_before(i);
        if i > 0 && (before.is_empty() || scan.is_number(i - 1) && matches!(before, "-" | ".")) {
            return;
        }
        let separator = scan.gap(i);
        let mut last = i;
        let mut digits: Vec<u32> = Vec::with_capacity(19);
        loop {
            if scan.digits(last) > 19 || digits.len() + scan.digits(last) > 19 {
                return;
            }
            digits.extend(scan.word(last).bytes().map(|b| u32::from(b - b'0')));
            let more = matches!(separator, " " | "-")
                && scan.gap(last) == separator
                && (3..=6).contains(&scan.digits(last + 1));
            if digits.len() >= 16 || !more {
                break;
            }
            last += 1;
        }
        let varied = digits.iter().any(|d| Some(d) != digits.first());
        if (13..=19).contains(&digits.len()) && varied && luhn(&digits) {
            hits.push(scan.start(i), scan.end(last), Class::Account, 85);
        }
    }),
};

fn luhn(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, d)| if i % 2 == 1 { d * 2 / 10 + d * 2 % 10 } else { *d })
        .sum();
    sum.is_multiple_of(10)
}
