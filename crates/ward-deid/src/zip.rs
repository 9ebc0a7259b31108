//! ZIP codes: what may stay of them.
//!
//! 45 CFR 164.514(b)(2)(i)(B): the first three digits may stay when all ZIP codes that begin with them hold more than
//! 20,000 people; otherwise they become 000. The list is that of the guidance of the Department of Health and Human
//! Services on de-identification (26 November 2012), from the census of 2000.

use std::ops::Range;

/// First three digits that 20,000 people or fewer share.
const RESTRICTED: [&str; 17] = [
    "036", "059", "063", "102", "203", "556", "692", "790", "821", "823", "830", "831", "878", "879", "884", "890",
    "893",
];

/// The first three digits of a ZIP code, or 000.
pub(crate) fn first_three(zip: &str) -> &str {
    match zip.get(..3) {
        Some(three) if !RESTRICTED.contains(&three) => three,
        _ => "000",
    }
}

/// The ZIP code that an address ends with: `62704`, `62704-1234`.
pub(crate) fn at_end(address: &str) -> Option<Range<usize>> {
    let digits_before = |end: usize| {
        let head = address.get(..end)?;
        Some(head.len() - head.trim_end_matches(|c: char| c.is_ascii_digit()).len())
    };
    let end = address.trim_end().len();
    let mut five = end;
    if digits_before(end)? == 4 && address.get(..end - 4)?.ends_with('-') {
        five = end - 5;
    }
    if digits_before(five)? != 5 {
        return None;
    }
    let start = five - 5;
    let apart = address
        .get(..start)?
        .chars()
        .next_back()
        .is_none_or(|c| !c.is_alphanumeric() && c != '-' && c != '.');
    apart.then_some(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_three_digits_or_none() {
        assert_eq!(first_three("62704"), "627");
        assert_eq!(first_three("03601-1234"), "000");
        assert_eq!(first_three("1"), "000");
        for (address, expect) in [
            ("12 Elm St, Oddville, IL 62704", Some("62704")),
            ("62704-1234 ", Some("62704-1234")),
            ("12345 Elm St", None),
            ("x62704", None),
            ("262704", None),
            ("Oddville", None),
            ("1234-1234", None),
        ] {
            assert_eq!(at_end(address).map(|range| &address[range]), expect);
        }
    }
}
