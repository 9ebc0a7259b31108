use super::{Recogniser, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::lex::Scan;

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "object-id",
    class: Class::Id,
    what: "UIDs of studies, series and images, and other object identifiers of six numbers and 20 characters or more. Those of \
           the DICOM standard and of HL7's code systems, and what stands after \"oid:\", stay.",
    why: "A UID leads to one examination of one patient in every archive that holds it.",
    source: "45 CFR 164.514(b)(2)(i)(R); DICOM PS3.5 chapter 9; ITU-T X.660",
    yes: &[
        (
            "see study 1.2.826.0.1.3680043.8.498.45787 please",
            "1.2.826.0.1.3680043.8.498.45787",
        ),
        (
            "UID 2.25.329800735698586629295641978511506172918, CT",
            "2.25.329800735698586629295641978511506172918",
        ),
        (
            "(1.3.12.2.1107.5.1.4.73104.30000020010809.1).",
            "1.3.12.2.1107.5.1.4.73104.30000020010809.1",
        ),
    ],
    no: &[
        "class 1.2.840.10008.5.1.4.1.1.481.10",
        "LOINC is 2.16.840.1.113883.6.1 here",
        "urn:oid:1.2.840.114350.1.13.861.1.7.5",
        "section 1.2.3.4.5.6",
        "version 10.2.3.4.5.6.7.8.9.10.11",
        "labs 1.2, 2.3, 3.4, 4.5, 5.6",
    ],
    strong: true,
    trigger: Trigger::Number(object_id),
};

/// Least bytes, and most of those that the standards give out themselves.
const LEAST: usize = 20;
const STANDARD: usize = 40;

/// Most bytes (PS3.5).
const MOST: usize = 64;

fn object_id(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let dotted = |at: usize| scan.gap(at) == "." && scan.is_number(at + 1);
    if !dotted(i) || scan.digits(i) != 1 || scan.number(i).is_none_or(|first| first > 2) {
        return;
    }
    let before = scan.gap_before(i);
    let inside = i > 0 && (before.is_empty() || before == "." && scan.is_number(i - 1));
    if inside || before == ":" && i > 0 && scan.is(i - 1, "oid") {
        return;
    }
    let mut last = i;
    while dotted(last) && scan.end(last) - scan.start(i) < MOST {
        last += 1;
    }
    let found = scan.slice(scan.start(i), scan.end(last));
    let standard = ["1.2.840.10008.", "2.16.840.1.113883."]
        .iter()
        .any(|root| found.starts_with(root))
        && found.len() <= STANDARD
        && (i..=last).all(|at| scan.digits(at) <= 6);
    // "2.25." and a UUID as one number; elsewhere six numbers.
    let many = last - i >= 5 || found.starts_with("2.25.");
    let closed = !scan.gap(last).is_empty() || last + 1 >= scan.tokens.len();
    if found.len() >= LEAST && many && closed && !standard {
        hits.push(scan.start(i), scan.end(last), Class::Id, 82);
    }
}
