use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::lex::{Scan, Shape};
use crate::lexicon::{FACILITY_LABEL, PLACE_LABEL};

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "place-label",
    class: Class::Place,
    what: "What stands on a header line after \"Address:\", \"City:\", \"Facility:\", \"Employer:\" and the like.",
    why: "Headers of notes and letters give the household and the place of care.",
    source: SAFE_HARBOR,
    yes: &[
        ("Address: 12 Elm Street, Springfield\n", "12 Elm Street, Springfield"),
        ("City: Springfield", "Springfield"),
        ("Facility: Lakeside Family Practice\n", "Lakeside Family Practice"),
        ("INSURANCE: Chesapeake Trust, member ID K1", "Chesapeake Trust"),
        ("Location: Unit 4 West  Room 12", "Unit 4 West"),
        ("Home address: 12 Mill Apt 2", "12 Mill Apt 2"),
        ("Mailing address: 9 Church\n", "9 Church"),
    ],
    no: &[
        "address: the cause of pain",
        "Location: left knee",
        "lesion location: superior",
        "Address the pain",
        "school performance",
        "Site: right arm",
        "Insurance: denied",
        "Will address: Pain",
        "Issues to address: Pain",
        "Home address: unknown",
        "Home address the pain",
        "Went home address: Pain",
    ],
    strong: false,
    trigger: Trigger::Word(PLACE_LABEL | FACILITY_LABEL, line),
};

/// Longest value read.
const LONGEST: usize = 120;

/// Where the first sentence of `value` ends: "Aetna member ID X12. His mother died", but not "St. Mary".
fn sentence(value: &str) -> usize {
    let bytes = value.as_bytes();
    for (at, _) in value.match_indices('.') {
        let word = bytes.get(..at).unwrap_or_default();
        let long = word.iter().rev().take_while(|b| b.is_ascii_alphanumeric()).count();
        let number = word.last().is_some_and(u8::is_ascii_digit);
        let next = bytes.get(at + 1).copied().unwrap_or(b' ');
        if (long >= 4 || number) && (next == b' ' || next.is_ascii_uppercase()) {
            return at;
        }
    }
    value.len()
}

/// "Home address:" at the start of a line.
fn is_home_address(scan: &Scan<'_>, i: usize) -> bool {
    const WHOSE: &[&str] = &["home", "mailing", "postal", "street", "residential", "permanent"];
    scan.is(i, "address")
        && i.checked_sub(1)
            .is_some_and(|at| scan.gap(at) == " " && scan.starts_line(at) && WHOSE.iter().any(|word| scan.is(at, word)))
}

fn line(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let gap = scan.gap(i);
    if !gap.trim_start().starts_with(':')
        || gap.contains('\n')
        || scan.shape(i) == Some(Shape::Lower) && !scan.starts_line(i) && !is_home_address(scan, i)
    {
        return;
    }
    let first = i + 1;
    let start = scan.start(first);
    let rest = scan.text.get(start..).unwrap_or("");
    let mut end = rest.len().min(LONGEST);
    while !rest.is_char_boundary(end) {
        end -= 1;
    }
    let mut value = rest.get(..end).unwrap_or("");
    for stop in ["\n", "\r", "  ", "\t", "|", ";"] {
        value = value.split(stop).next().unwrap_or("");
    }
    // A label further on ends the value: "City: Erie Phone: ..".
    if let Some(colon) = value.find(':') {
        value = value
            .get(..colon)
            .and_then(|v| v.rsplit_once(' '))
            .map_or("", |(v, _)| v);
    }
    if !scan.has(i, PLACE_LABEL) {
        value = value.split(", ").next().unwrap_or("");
    }
    value = value.get(..sentence(value)).unwrap_or(value);
    // "M20 2QR. Tel 0161 496 0123"
    for stop in [". Tel", ". Phone", ". Mob", ". Fax", ". Email", ", Tel", ", Phone"] {
        value = value.split(stop).next().unwrap_or("");
    }
    let value = value.trim_end_matches([' ', '.', ',']);
    let capital = matches!(
        scan.shape(first),
        Some(Shape::Capital | Shape::Upper | Shape::Mixed | Shape::Number)
    );
    let body = [
        "left",
        "right",
        "upper",
        "lower",
        "bilateral",
        "anterior",
        "posterior",
        "superior",
        "chest",
        "abdomen",
        "none",
        "unknown",
    ]
    .iter()
    .any(|word| scan.is(first, word));
    if capital && !body && !value.is_empty() {
        let class = if scan.has(i, PLACE_LABEL) {
            Class::Place
        } else {
            Class::Facility
        };
        hits.push(start, start + value.len(), class, 82);
    }
}
