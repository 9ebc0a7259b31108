//! What is believed of forms whose labels, colons and values stand in columns.
//!
//! The copy that is searched ([`Copy`]) shows a label, its colon and its value side by side, however far apart they stand.
//! That makes sentences of tables: a label may look like a surname, the head of the next column like the value of the one
//! before. So what was found across such a gap stays only where it looks like what it was taken for.

use crate::Class;
use crate::detection::{Copy, before_colon, is_in_row, next_column};
use crate::find::Hit;
use crate::lex::{Scan, Shape};
use crate::lexicon::{AMBIGUOUS, EPONYM, HONORIFIC, WORD_NAME};
use crate::names;

/// Blanks after a colon from which on its value stands in a column of its own.
const WIDE: usize = 5;

/// Least digits of a number behind a label in a column: with letters or signs of measures among them, without, and with a
/// hyphen or a capital beside them.
const SPREAD: usize = 6;
const DIGITS: usize = 4;
const MARKED: usize = 3;

/// Leaves of `hits` in `copy`, which `scan` reads, what the columns of `text` allow, and cuts what goes on into the label of the
/// next column.
pub(crate) fn sift(text: &str, copy: &Copy, scan: &Scan<'_>, hits: &mut Vec<Hit>) {
    let bytes = text.as_bytes();
    hits.retain_mut(|hit| {
        let (opens, mut end) = copy.back(hit.span.start, hit.span.end);
        let mut start = opens;
        if hit.score == 100 {
            return true;
        }
        // "67M   CHF   SOB   Labs pending"
        if hit.class == Class::Facility && holds_columns(bytes, start, end) {
            return false;
        }
        if let Some(gap) = gap_in(bytes, start, end) {
            // "10 Units        Route: SC"
            if hit.class == Class::Place {
                return false;
            }
            hit.span.end = copy.at(gap);
            end = gap;
        }
        // "Bed 4          To      CT"
        if hit.class == Class::Place && number_apart(bytes, start, end) {
            return false;
        }
        // "PNA          Quill   Dry wt 71 kg"
        if hit.class == Class::Name {
            let (from, to) = within_columns(bytes, copy, scan, start, end);
            if from > start {
                hit.span.start = copy.at(from);
                start = from;
            }
            if to < end {
                hit.span.end = copy.at(to);
                end = to;
            }
        }
        // "Morse      : 45", "Reader:          none"
        let label = bytes.get(end) == Some(&b':') && opens_column(bytes, end);
        if before_colon(bytes, end).is_some() || label || hit.span.is_empty() {
            return false;
        }
        match hit.class {
            Class::Name => {
                let far = far_colon(text, opens);
                let label = far && bytes.get(end) == Some(&b':');
                !(label || holds_far_colon(text, start, end)) && (!far || is_person(scan, hit))
            }
            Class::Mrn | Class::Plan | Class::Account | Class::Licence | Class::Vehicle | Class::Device | Class::Id => {
                !far_colon(text, opens) || is_number(scan.slice(hit.span.start, hit.span.end))
            }
            _ => true,
        }
    });
}

/// Most letters of an abbreviation.
const ABBREVIATED: usize = 4;

/// True when many blanks stand behind the number that begins between two bytes of `text`.
fn number_apart(text: &[u8], start: usize, end: usize) -> bool {
    let value = text.get(start..end).unwrap_or_default();
    let digits = value.iter().take_while(|b| b.is_ascii_digit()).count();
    let blanks = value.iter().skip(digits).take_while(|b| **b == b' ').count();
    digits > 0 && blanks >= WIDE
}

/// The part of a name between two bytes of `text` that stands in one column: without the words before and behind a gap of two
/// blanks or more that no name goes on with.
fn within_columns(text: &[u8], copy: &Copy, scan: &Scan<'_>, start: usize, end: usize) -> (usize, usize) {
    let blank = |b: &u8| matches!(b, b' ' | b'\t');
    let token = |at: usize| {
        let shown = copy.at(at);
        scan.token_at(shown)
    };
    let (mut from, mut at) = (start, start);
    loop {
        let rest = text.get(at..end).unwrap_or_default();
        let Some(gap) = rest.iter().position(blank).map(|found| at + found) else {
            return (from, end);
        };
        let behind = text.get(gap..end).unwrap_or_default();
        at = gap + behind.iter().take_while(|b| blank(b)).count();
        if at == gap + 1 || at >= end {
            continue;
        }
        // "PNA          Quill"
        let next = token(at);
        let short = |word: usize| {
            let capitals = scan.shape(word) == Some(Shape::Upper) && scan.word(word).len() <= ABBREVIATED;
            let apart = at >= gap + WIDE || scan.shape(next) != Some(Shape::Upper);
            apart && capitals && !scan.all_levels(word).is_listed()
        };
        // "Susan   Age 44", "Reed   Dry cough"
        let goes_on = {
            let levels = scan.all_levels(next);
            let word = levels.lower().max(levels.proper()) > levels.given().max(levels.surname());
            let small = matches!(scan.shape(next + 1), Some(Shape::Lower | Shape::Number));
            word && small
                && text
                    .get(copy.back(scan.start(next), scan.end(next)).1..)
                    .is_some_and(|rest| rest.starts_with(b" ") && !rest.starts_with(b"  "))
        };
        // "Quill   Zelda" and "Zelda   Poor" are whole names only together, be the surname a word.
        let nobodys = |word: usize| {
            let levels = scan.all_levels(word);
            names::is_beside(scan, word) && levels.given().max(levels.surname()) == 0
        };
        let title = usize::from(scan.has(token(from), HONORIFIC));
        let whole = token(at) - token(from) > 1 + title;
        if (token(from)..token(at)).all(|word| nobodys(word) || short(word)) {
            from = at;
        } else if goes_on || nobodys(next) || whole && names::is_beside(scan, next) {
            return (from, gap);
        }
    }
}

/// True where two blanks or a tab stand between two bytes of `text`, and others between or before them on the line.
fn holds_columns(text: &[u8], start: usize, end: usize) -> bool {
    let value = text.get(start..end).unwrap_or_default();
    let wide = |at: &usize| {
        value
            .get(*at..)
            .is_some_and(|rest| rest.starts_with(b"  ") || rest.starts_with(b"\t"))
    };
    let gap = (0..value.len()).rev().find(wide);
    gap.is_some_and(|gap| is_in_row(text, start + gap))
}

/// Where the label of another column is set apart between two bytes of `text`.
fn gap_in(text: &[u8], start: usize, end: usize) -> Option<usize> {
    let blank = |b: &u8| matches!(b, b' ' | b'\t');
    let mut at = start;
    loop {
        let gap = at + text.get(at..end)?.iter().position(blank)?;
        if next_column(text, gap).is_some() {
            return Some(gap);
        }
        at = gap + text.get(gap..)?.iter().take_while(|b| blank(b)).count();
    }
}

/// True when a label, a far colon and a value stand between two bytes of `text`: `MR          : Trace`, `MR:          Trace`.
pub(crate) fn holds_far_colon(text: &str, start: usize, end: usize) -> bool {
    let within = text.as_bytes().get(start..end).unwrap_or_default();
    memchr::memchr_iter(b':', within).any(|colon| is_set_apart(within, colon) || opens_column(within, colon))
}

/// True for a colon with a tab or many blanks behind it.
fn opens_column(text: &[u8], colon: usize) -> bool {
    let behind = text.get(colon + 1..).unwrap_or_default();
    let blanks = behind.iter().take_while(|b| matches!(b, b' ' | b'\t'));
    blanks.clone().count() >= WIDE || blanks.clone().any(|b| *b == b'\t')
}

/// True for a colon that stands behind two blanks, a tab or dots.
fn is_set_apart(text: &[u8], colon: usize) -> bool {
    let before = text.get(..colon).unwrap_or_default();
    [&b"  "[..], b"\t", b"\t ", b".."]
        .iter()
        .any(|end| before.ends_with(end))
}

/// True when the value that begins at byte `start` of `text` stands behind a colon that is far from it, or from its label, or
/// where other markup begins between: `<span>Unit:</span> <span>|250`.
fn far_colon(text: &str, start: usize) -> bool {
    const MOST_TAGS: usize = 8;
    let mut head = text.get(..start).unwrap_or_default();
    let mut parted = false;
    for seen in 0..MOST_TAGS {
        let closed = head.trim_end_matches([' ', '\t']);
        parted |= seen > 0 && closed.len() < head.len() && closed.ends_with('>');
        let Some(tag) = closed.strip_suffix('>').and_then(|inside| inside.rfind('<')) else {
            break;
        };
        head = closed.get(..tag).unwrap_or_default();
    }
    let colon = head.trim_end_matches([' ', '\t']);
    let blanks = head.len() - colon.len();
    colon.strip_suffix(':').is_some_and(|label| {
        let wide = parted || opens_column(head.as_bytes(), label.len());
        wide || is_set_apart(text.as_bytes(), label.len()) || blanks > 1 && label.ends_with(' ')
    })
}

/// True for what numbers of people and things look like, and measures do not: `884213`, `24-118`, `OH-4419`; not `24-hour` or
/// `1000/mm3`.
fn is_number(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let marked = value.bytes().any(|b| b == b'-' || b.is_ascii_uppercase());
    let measured = value.bytes().any(|b| b.is_ascii_lowercase() || b"*^/".contains(&b));
    digits >= SPREAD || !measured && (digits >= DIGITS || digits >= MARKED && marked)
}

/// True for a name behind a label that asks for one and nothing else ("Patient Name", "Surname"), with an initial, or with a
/// word that is mostly a name.
fn is_person(scan: &Scan<'_>, hit: &Hit) -> bool {
    const OWNED: &[&str] = &[
        "patient",
        "pt",
        "last",
        "first",
        "given",
        "family",
        "full",
        "legal",
        "middle",
        "maiden",
        "preferred",
        "member",
        "client",
        "subscriber",
        "guarantor",
        "insured",
    ];
    let first = scan.token_at(hit.span.start);
    let next = scan.token_at(hit.span.end);
    let is = |at: usize, words: &[&str]| words.iter().any(|word| scan.is(at, word));
    let asks = first.checked_sub(1).is_some_and(|label| {
        is(
            label,
            &[
                "surname",
                "forename",
                "forenames",
                "lastname",
                "firstname",
                "patientname",
                "initials",
            ],
        ) || is(label, &["name", "names"]) && label > 0 && scan.gap(label - 1) == " " && is(label - 1, OWNED)
    });
    let part = |at: usize| {
        let levels = scan.all_levels(at);
        let name = levels.given().max(levels.surname());
        let word = levels.lower().max(levels.proper());
        let plain = scan.tags(at) & !(AMBIGUOUS | EPONYM | WORD_NAME) == 0;
        name > word && (plain && name >= LISTED || name >= COMMON)
    };
    // "L. Brandvold"
    let initial = names::is_initial(scan, first) && scan.gap(first) == ". " && first + 1 < next;
    asks || initial || (first..next).any(part)
}

/// Least level of a name that is more often one than a word of medical text.
const LISTED: i32 = 3;

/// Least level of a name that is one whatever else it may be.
const COMMON: i32 = 8;

#[cfg(test)]
mod tests {
    use crate::{Known, find};

    fn masked(text: &str) -> String {
        let mut out = String::new();
        let mut at = 0;
        for hit in find(text, &Known::default()) {
            out.push_str(&text[at..hit.span.start]);
            out.push('_');
            at = hit.span.end;
        }
        out + &text[at..]
    }

    #[test]
    fn a_name_before_a_label_is_found_at_any_distance() {
        for (name, rest) in [
            ("Susan Graves", "DOB: 1/2/80    MRN: 884213"),
            ("Tech: Susan Graves", "DOB: 01/02/1980"),
            ("RN: Iris Sandoval", "Shift: Day"),
            ("MD: Kowalczyk", "Service: Med"),
            ("Cosigner: Ida Bell", "MRN: 4418820"),
            ("Signature: Will King", "Dept: Lab"),
            ("J Lockhart", "MRN: 7719203"),
            ("RN: Susan Graves", "Date: 1/2/26"),
            ("Shift: Day          RN: Iris Sandoval", "Time: 1420"),
            ("Tech: Susan Graves", "Page: 1"),
            ("Quill, Zelda", "DOB: 1/2/80"),
        ] {
            for blanks in [1, 2, 3, 4, 5, 9, 20] {
                let text = format!("{name}{}{rest}\n", " ".repeat(blanks));
                let left = masked(&text);
                for word in [
                    "Susan",
                    "Graves",
                    "Iris",
                    "Sandoval",
                    "Kowalczyk",
                    "Ida",
                    "Bell",
                    "Will",
                    "Lockhart",
                    "Quill",
                    "Zelda",
                ] {
                    assert!(!left.contains(word), "{text}: {left}");
                }
                let label = rest.split(':').next().unwrap_or_default();
                assert!(blanks == 1 || left.contains(label), "{text}: {left}");
            }
        }
    }

    #[test]
    fn values_far_from_their_labels_are_found() {
        for (text, expect) in [
            ("RN:\tSaunders\tShift: Day\n", "RN:\t_\tShift: Day\n"),
            (
                "401B  Rivers, Dale           67M  PNA                 Nguyen\n",
                "401B  _           67M  PNA                 _\n",
            ),
            ("Pt Zelda Quill   Dry wt 71.5 kg\n", "Pt _   Dry wt 71.5 kg\n"),
            ("Patient: Niemann   Dottie\n", "Patient: _\n"),
            ("Name: Kimberlee   Rubinstein   Wt 71 kg\n", "Name: _   Wt 71 kg\n"),
            ("Name: AGUSTIN   CANE\n", "Name: _\n"),
            ("Dr. Lona   Poor\n", "_\n"),
            ("47F  Beth        Renal\n", "47F  _        Renal\n"),
            ("PCP:          Turner  Unit: 4W\n", "PCP:          _  Unit: 4W\n"),
            ("Attending         : BRASWELL\n", "Attending         : _\n"),
            ("MRN                  : 24-118\n", "MRN                  : _\n"),
            ("License              : OH-4419\n", "License              : _\n"),
            (
                "<p>Address: 12 Mill Rd<br>Salt Lake City UT</p>",
                "<p>Address: _<br>_</p>",
            ),
            ("patient_name: \"Spaulding\"\n", "patient_name: \"_\"\n"),
            ("MRN             : 00291827\n", "MRN             : _\n"),
            ("MRN..........: 884213\n", "MRN..........: _\n"),
            ("Name..........: Susan Graves\n", "Name..........: _\n"),
            ("Patient Name    : Quill\n", "Patient Name    : _\n"),
            (
                "Surname    : QUILL          Forenames  : ZELDA KAY\n",
                "Surname    : _          Forenames  : _\n",
            ),
            ("Name            : Susan Graves\n", "Name            : _\n"),
            ("Verified by     : L. Brandvold\n", "Verified by     : _\n"),
            ("Initials        : ZQ\n", "Initials        : _\n"),
            ("Visit           : 2024-31\n", "Visit           : _\n"),
            ("Phone           : 555-0142\n", "Phone           : _\n"),
            ("Name:               Susan Graves\n", "Name:               _\n"),
            ("<p><b>Unit no:</b> 250-1</p>", "<p><b>Unit no:</b> _</p>"),
            (
                "<p><span>MRN:</span> <span>884213</span></p>",
                "<p><span>MRN:</span> <span>_</span></p>",
            ),
        ] {
            assert_eq!(masked(text), expect);
        }
    }

    #[test]
    fn heads_labels_and_findings_stay() {
        for text in [
            "MR                   :  Trace\n",
            "MR  : Trace\n",
            "MR:              Trace\n",
            "MR:\tTrace\n",
            "Reader:              Home\n",
            "Lantus 10 Units        Route: SC\n",
            "Kcl:           20 mEq          Route: PO\n",
            "Robitussin            Dose: 10 mL        Route: PO\n",
            "Jackson Pratt        Site: left\n",
            "Emergency Contact :  Alive\n",
            "User:\tAlive\n",
            "MR : Trivial\nPR                   :  Trivial\nMR                   :  None\n",
            "Name:               Date:               Time:\n",
            "Name:               Dose          Route          Frequency\n",
            "Unit             : 10*3/uL\n",
            "Unit             : x10^9/L\n",
            "Unit             : 1000/mm3\n",
            "Specimen         : 24-hour urine\n",
            "Order            : 12-lead ECG\n",
            "Case             : 3-vessel CABG\n",
            "Visit            : 6-month\n",
            "Tag              : 99mTc\n",
            "User             : Former\n",
            "Name     : Penicillin\n",
            "Name     : Metformin\n",
            "Study Name    : ASPIRE\n",
            "Allergen Name    : Peanut\n",
            "Physician    : Paged\n",
            "Contact      : Droplet\n",
            "Mother       : Healthy\n",
            "Patient      : Supine\n",
            "To       : Floor\n",
            "Line     : PICC\n",
            "Diabetes        Clinic: none\n",
            "Norton   : 14\n",
            "From     ICU 4          To      CT          Mode    Bed\n",
            "Tube: Foley Hill          Date: none\n",
            "Drain: Jackson Pratt   30 mL\n",
            "Drain: Jackson Pratt          Output: 30 mL\n",
            "Site: Left Knee   Side: L\n",
            "Dressing: Mepilex     Changed by:\n",
            "Organism: Staph Aureus   Note: x\n",
            "Morse    : 45\n",
            "Allen    : normal\n",
            "Jackson Pratt   : 30 mL\n",
            "<p><span>Unit:</span> <span>250</span></p>",
            "<p><span>Name:</span> <span>Aspirin</span></p>",
        ] {
            assert_eq!(masked(text), text);
        }
    }
}
