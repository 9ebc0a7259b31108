//! The Safe Harbor profile: what is left of a value when nothing may follow from it.
//!
//! 45 CFR 164.514(b)(2)(i) lists what has to go, 164.514(c)(1) forbids codes derived from it. So names, places and
//! contacts are removed, numbers that other parts of the data may refer to become random tokens (counted, then
//! encrypted under a key that is forgotten), dates keep their year and ages over 89 become `90+`.

use std::collections::HashMap;

use ward_formats::date::Civil;
use ward_seal::hash::hmac_sha256_parts;
use zeroize::Zeroizing;

use crate::hidden::Hidden;
use crate::same::SameNumbers;
use crate::{Class, dates, fold, lexicon, weekday, zip};

/// Characters of tokens: upper-case letters and digits that are not mistaken for one another.
const TOKEN: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// States of more than one word.
const TWO_WORDS: &[&str] = &[
    "district of columbia",
    "new hampshire",
    "new jersey",
    "new mexico",
    "new york",
    "north carolina",
    "north dakota",
    "puerto rico",
    "rhode island",
    "south carolina",
    "south dakota",
    "west virginia",
];

/// What removal knows of one subject.
pub(crate) struct Removal {
    key: Zeroizing<[u8; 32]>,
    /// The day from which ages are counted.
    pub(crate) today: Option<Civil>,
    tokens: HashMap<(Class, Hidden), String>,
    same: SameNumbers,
}

impl Removal {
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        Self {
            key: Zeroizing::new(ward_seal::hash::hmac_sha256(key, b"ward-deid random tokens")),
            today: None,
            tokens: HashMap::new(),
            same: SameNumbers::default(),
        }
    }

    /// What is left of `value`.
    pub(crate) fn value(&mut self, class: Class, value: &str) -> String {
        match class {
            Class::Name
            | Class::Facility
            | Class::Phone
            | Class::Email
            | Class::Url
            | Class::Ip
            | Class::Ssn
            | Class::File
            | Class::Text => removed(class),
            Class::Place => place(value),
            Class::Age => "90+".to_owned(),
            Class::Day => year(value).map_or_else(|| removed(class), |year| format!("{year:04}")),
            Class::Birth => self.birth(value),
            Class::Mrn | Class::Plan | Class::Account | Class::Licence | Class::Vehicle | Class::Device | Class::Id => {
                self.token(class, value)
            }
        }
    }

    /// The year of a birth or death, if nobody over 89 can be told by it. Without a day to count from, no year is
    /// safe.
    fn birth(&self, value: &str) -> String {
        match (year(value), self.today) {
            (Some(year), Some(today)) if today.year - year < 90 => format!("{year:04}"),
            (Some(_), Some(_)) => "90+".to_owned(),
            _ => removed(Class::Birth),
        }
    }

    /// A random token, the same for the same value of this subject. A UUID or an object identifier where the value is one.
    fn token(&mut self, class: Class, value: &str) -> String {
        let class = self.same.class(class, value);
        let same = Hidden::new(&fold::identifier(value));
        let count = self.tokens.len().to_be_bytes();
        let key = &self.key;
        self.tokens
            .entry((class, same))
            .or_insert_with(|| random(key.as_ref(), &count, value))
            .clone()
    }
}

/// The token number `count`, in place of a value such as `like`.
fn random(key: &[u8], count: &[u8], like: &str) -> String {
    let mut draw = hmac_sha256_parts(key, &[count]);
    if is_oid(like) {
        return drawn_oid(&draw);
    }
    if is_uuid(like) {
        // RFC 9562: version 4, variant 10.
        draw[6] = draw[6] & 0x0f | 0x40;
        draw[8] = draw[8] & 0x3f | 0x80;
        let hex = ward_seal::hash::hex(draw.get(..16).unwrap_or_default());
        let mut out = String::with_capacity(36);
        for (i, c) in hex.chars().enumerate() {
            if matches!(i, 8 | 12 | 16 | 20) {
                out.push('-');
            }
            out.push(c);
        }
        return out;
    }
    draw.iter()
        .take(12)
        .map(|b| char::from(TOKEN[usize::from(b & 31)]))
        .collect()
}

/// An object identifier (ITU-T X.660) of four arcs or more: numbers without leading zeros, the first below 3.
pub(crate) fn is_oid(value: &str) -> bool {
    let arc =
        |arc: &str| !arc.is_empty() && arc.bytes().all(|b| b.is_ascii_digit()) && (arc == "0" || !arc.starts_with('0'));
    value.split('.').count() >= 4
        && value.split('.').all(arc)
        && value.starts_with(['0', '1', '2'])
        && value.get(1..2) == Some(".")
}

/// The object identifier that ITU-T X.667 makes of the first 128 bits drawn.
pub(crate) fn drawn_oid(draw: &[u8; 32]) -> String {
    let number = draw.iter().take(16).fold(0_u128, |n, b| n << 8 | u128::from(*b));
    format!("2.25.{number}")
}

/// `8-4-4-4-12` hexadecimal digits.
pub(crate) fn is_uuid(value: &str) -> bool {
    value.len() == 36
        && value.bytes().enumerate().all(|(i, b)| {
            if matches!(i, 8 | 13 | 18 | 23) {
                b == b'-'
            } else {
                b.is_ascii_hexdigit()
            }
        })
}

fn removed(class: Class) -> String {
    format!("[{}]", class.label())
}

/// The year in a date.
fn year(value: &str) -> Option<i32> {
    let value = value.get(weekday::date_range(value)).unwrap_or(value);
    if let Some(day) = dates::whole(value) {
        return Some(day.year);
    }
    let runs = value.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() == 4);
    runs.filter_map(|run| run.parse().ok())
        .find(|year| (1850..=2199).contains(year))
}

/// State and the first three digits of the ZIP code stay, the rest goes.
fn place(value: &str) -> String {
    let zip = zip::at_end(value);
    let head = value
        .get(..zip.as_ref().map_or(value.len(), |zip| zip.start))
        .unwrap_or_default();
    let mut out = String::new();
    let (before, state) = split_state(head);
    if before.chars().any(char::is_alphanumeric) {
        out.push_str("[PLACE]");
    }
    for kept in [state, zip.and_then(|zip| value.get(zip)).map(zip::first_three)]
        .into_iter()
        .flatten()
    {
        if !out.is_empty() {
            out.push_str(if out.ends_with(']') { ", " } else { " " });
        }
        out.push_str(kept);
    }
    if out.is_empty() { removed(Class::Place) } else { out }
}

/// What an address says before its state, and the state.
pub(crate) fn split_state(head: &str) -> (&str, Option<&str>) {
    let trimmed = head.trim_end_matches([' ', ',', '.']);
    let Some(comma) = trimmed.rfind(',') else {
        return (head, None);
    };
    let state = trimmed.get(comma + 1..).unwrap_or_default().trim();
    let is_state = lexicon::tags(state.trim_end_matches('.')) & lexicon::STATE != 0
        || TWO_WORDS.iter().any(|name| name.eq_ignore_ascii_case(state));
    if is_state {
        (trimmed.get(..comma).unwrap_or_default(), Some(state))
    } else {
        (head, None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(class: Class, value: &str, expect: &str) {
        let mut removal = Removal::new(&[1; 32]);
        removal.today = Civil::new(2024, 6, 1);
        assert_eq!(removal.value(class, value), expect, "{class:?}");
    }

    #[test]
    fn keeps_what_safe_harbor_lets_stay() {
        check(Class::Name, "Jane Doe", "[NAME]");
        for date in [
            "2024-01-08",
            "Jan 8, 2024",
            "20240108101500-0500",
            "Monday, 1/8/2024",
            "2024-W02",
        ] {
            check(Class::Day, date, "2024");
        }
        check(Class::Day, "Jan 8", "[DAY]");
        check(Class::Birth, "03/14/1952", "1952");
        check(Class::Birth, "1934-12-31", "90+");
        check(Class::Birth, "1935-01-01", "1935");
        check(Class::Age, "97", "90+");
        check(Class::Place, "12 Elm St, Oddville, IL 62704-1234", "[PLACE], IL 627");
        check(
            Class::Place,
            "12 Elm St, Oddville, New York 10201",
            "[PLACE], New York 000",
        );
        check(Class::Place, "62704", "627");
        check(Class::Place, "82101", "000");
        check(Class::Place, "Oddville", "[PLACE]");
        check(Class::Text, "[NAME_1KR]", "[TEXT]");
        let mut blind = Removal::new(&[1; 32]);
        assert_eq!(blind.value(Class::Birth, "1999-01-01"), "[BIRTH]");
    }

    #[test]
    fn tokens_follow_from_nothing_but_their_order() {
        let (mut a, mut b) = (Removal::new(&[1; 32]), Removal::new(&[1; 32]));
        let first = a.value(Class::Mrn, "778899");
        assert_eq!(first, b.value(Class::Mrn, "112233"));
        assert_eq!(first.len(), 12);
        assert_eq!(a.value(Class::Mrn, "77-88 99"), first);
        assert_ne!(a.value(Class::Account, "778899"), first);
        assert_ne!(Removal::new(&[2; 32]).value(Class::Mrn, "778899"), first);
        let uuid = a.value(Class::Id, "c24d03a5-85ce-4ab0-9ef0-1385b673bca1");
        assert!(is_uuid(&uuid) && uuid.as_bytes()[14] == b'4');
        assert_eq!(a.value(Class::Id, "C24D03A5-85CE-4AB0-9EF0-1385B673BCA1"), uuid);
        let oid = a.value(Class::Id, "1.3.6.1.4.1.9999.77.4411");
        assert!(
            oid.strip_prefix("2.25.").is_some_and(|n| n.parse::<u128>().is_ok()),
            "{oid}"
        );
        for other in ["3.1.4.1", "1.2.3", "1.02.3.4", "1..2.3", "12.3.4.5", "1.2.3.x"] {
            assert!(!is_oid(other), "{other}");
        }
    }
}
