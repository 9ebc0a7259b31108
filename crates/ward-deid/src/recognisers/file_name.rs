use super::{Recogniser, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::lex::{Scan, Shape};
use crate::lexicon::FILE;

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "file-name",
    class: Class::Id,
    what: "Names of files: images, recordings, scans, documents.",
    why: "Photographs and recordings identify, and the names of files are made of names, dates and numbers.",
    source: "45 CFR 164.514(b)(2)(i)(P), (Q), (R)",
    yes: &[
        ("photo jsmith_face.jpg attached", "jsmith_face.jpg"),
        ("see Maria_Santos_wound_2024.png.", "Maria_Santos_wound_2024.png"),
        ("(smith-john.ct.dcm)", "smith-john.ct.dcm"),
        ("sent /data/jdoe/labs.pdf to", "/data/jdoe/labs.pdf"),
    ],
    no: &[
        "saved as pdf",
        "a .jpg file",
        "dose 2.5 ml.Xml is",
        "see the doc. Txt me",
        "HbA1c 7.2",
    ],
    strong: false,
    trigger: Trigger::Word(FILE, name),
};

/// Longest name read, in bytes.
const LONGEST: usize = 200;

fn name(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let small = matches!(scan.shape(i), Some(Shape::Lower | Shape::Upper));
    if !small || scan.gap_before(i) != "." || scan.gap(i).starts_with(['_', '-', '@']) {
        return;
    }
    let dot = scan.start(i) - 1;
    let head = scan.text.get(..dot).unwrap_or_default();
    let len: usize = head
        .chars()
        .rev()
        .take(LONGEST)
        .take_while(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | '\\' | '~' | '+' | '%'))
        .map(char::len_utf8)
        .sum();
    let stem = head.get(dot - len..).unwrap_or_default();
    let mut end = scan.end(i);
    // "x.hl7", "x.mp4"
    if scan.is_number(i + 1) && scan.gap(i).is_empty() && scan.digits(i + 1) == 1 {
        end = scan.end(i + 1);
    }
    if stem.chars().any(char::is_alphanumeric) && stem.len() >= 2 {
        hits.push(dot - len, end, Class::Id, 75);
    }
}
