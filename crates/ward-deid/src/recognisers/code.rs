use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::Class;
use crate::lex::{Scan, Shape};

/// Prefixes of codes that name things, not people.
const PUBLIC: &[&str] = &[
    "nct", "cpt", "icd", "pmid", "pmc", "doi", "isrctn", "rxcui", "snomed", "loinc", "ndc", "cas", "atc", "hcpcs",
    "drg", "cas", "chebi", "mesh", "iso", "rfc", "cfr", "sctid", "umls", "ec", "rs", "oid",
];

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "code",
    class: Class::Id,
    what: "Identifiers by their shape alone: UUIDs, nine or more digits in a row, a few capitals and five or more digits.",
    why: "Clinical quantities do not have that shape, identifiers of people and records do.",
    source: "45 CFR 164.514(b)(2)(i); RFC 9562 (UUID)",
    yes: &[
        (
            "id c24d03a5-85ce-4ab0-9ef0-1385b673bca1 end",
            "c24d03a5-85ce-4ab0-9ef0-1385b673bca1",
        ),
        ("number 9876543210.", "9876543210"),
        ("(RB-123456)", "RB-123456"),
        ("JHC-20220410SL seen", "JHC-20220410SL"),
        ("file MRN998877", "MRN998877"),
        ("visit VS-22-61804)", "VS-22-61804"),
    ],
    no: &[
        "NCT01234567",
        "COVID-19",
        "SARS-CoV-2",
        "HLA-B27",
        "ICD-10 E11",
        "platelets 150000",
        "CPT-99213",
        "T38.5",
        SAFE_HARBOR,
    ],
    strong: false,
    trigger: Trigger::Number(|scan, i, hits| {
        let digits = scan.digits(i);
        if digits >= 9 && !scan.gap_before(i).ends_with(['.', ',']) {
            hits.push(scan.start(i), scan.end(i), Class::Id, 60);
        } else if digits >= 5 || (digits >= 2 && scan.gap(i) == "-" && digits + scan.digits(i + 1) >= 6) {
            prefixed(scan, i, hits);
        }
        if digits > 0 || scan.gap(i).is_empty() {
            uuid(scan, i, hits);
        }
    }),
};

/// `RB-123456`, `MRN998877`, `JHC-20220410SL`
fn prefixed(scan: &Scan<'_>, i: usize, hits: &mut crate::find::Hits) {
    let Some(before) = i.checked_sub(1) else { return };
    let prefix = scan.word(before);
    let is_prefix = matches!(scan.shape(before), Some(Shape::Upper | Shape::Initial))
        && prefix.len() <= 5
        && !PUBLIC.iter().any(|p| prefix.eq_ignore_ascii_case(p));
    if !is_prefix || !matches!(scan.gap(before), "" | "-") || (before > 0 && scan.gap_before(before).is_empty()) {
        return;
    }
    let mut last = i;
    while matches!(scan.gap(last), "" | "-")
        && last + 1 < scan.tokens.len()
        && last < i + 4
        && scan.word(last + 1).len() <= 12
    {
        last += 1;
    }
    hits.push(scan.start(before), scan.end(last), Class::Id, 65);
}

/// A UUID that holds the number `i`.
fn uuid(scan: &Scan<'_>, i: usize, hits: &mut crate::find::Hits) {
    let bytes = scan.text.as_bytes();
    let mut start = scan.start(i);
    while start > 0
        && scan.start(i) - start < 36
        && bytes
            .get(start - 1)
            .is_some_and(|b| b.is_ascii_hexdigit() || *b == b'-')
    {
        start -= 1;
    }
    let Some(text) = bytes.get(start..start + 36) else {
        return;
    };
    let free = |at: Option<&u8>| !at.is_some_and(|b| b.is_ascii_alphanumeric());
    let is_uuid = text.iter().enumerate().all(|(n, b)| match n {
        8 | 13 | 18 | 23 => *b == b'-',
        _ => b.is_ascii_hexdigit(),
    });
    if is_uuid && free(start.checked_sub(1).and_then(|at| bytes.get(at))) && free(bytes.get(start + 36)) {
        hits.push(start, start + 36, Class::Id, 90);
    }
}
