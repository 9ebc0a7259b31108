//! What every leaf of an HL7 v2 message means: by segment, field, datatype and component.

use super::fields::{self, Meaning};
use super::schema::SCHEMA;
use crate::{Role, Whose, date::Civil};

/// Where a leaf stands in its field. All counted from 1.
#[derive(Debug, Clone, Copy)]
pub(super) struct At {
    pub(super) component: usize,
    pub(super) sub: usize,
    /// The first component of this repetition is there.
    pub(super) coded: bool,
    /// This repetition has more than one component.
    pub(super) parts: bool,
    /// This component has more than one subcomponent.
    pub(super) subs: bool,
}

/// What is known of a field before its leaves are looked at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    /// Its type.
    of: Option<&'static str>,
    exception: Option<Meaning>,
    owner: Option<Whose>,
    segment_owner: Whose,
}

/// What is known of a field: the segment's id, the field counted from 1, and the datatype that OBX-2
/// names (in OBX segments).
pub(super) fn known(segment: &str, field: usize, obx: &str) -> Known {
    let of = match SCHEMA.field(segment, field) {
        Some("*") if segment == "OBX" => SCHEMA.known(obx),
        other => other,
    };
    Known {
        // Later versions made a coded element with exceptions (CWE) of every coded element (CE).
        of: of.map(current),
        exception: fields::exception(segment, field),
        owner: fields::owner(segment, field),
        segment_owner: fields::segment_owner(segment),
    }
}

/// The role of a leaf.
pub(super) fn role(known: &Known, at: At, text: &str) -> Role {
    if text == "\"\"" {
        // The null value: says that there is none.
        return Role::Code;
    }
    let (meaning, whose) = known
        .of
        .map_or((Meaning::Unknown, Whose::Unknown), |of| meaning(known, at, of));
    let meaning = match meaning {
        Meaning::Value if !is_number(text) => Meaning::Unknown,
        Meaning::Coded if at.coded => Meaning::Code,
        // A code is one word; what is more was typed by somebody.
        Meaning::Code if text.trim().contains(char::is_whitespace) => Meaning::Text,
        Meaning::Coded => Meaning::Text,
        Meaning::Oid if is_oid(text) => Meaning::Code,
        Meaning::Oid => Meaning::Facility,
        Meaning::Region if text.bytes().any(|b| b.is_ascii_digit()) => Meaning::Address,
        other => other,
    };
    match meaning {
        Meaning::Text | Meaning::Unknown if is_date(text) => Role::Date,
        Meaning::Name => Role::Name(whose),
        Meaning::Facility | Meaning::Oid => Role::Facility,
        Meaning::Address => Role::Address(whose),
        Meaning::Region => Role::Region,
        Meaning::Contact => Role::Contact(whose),
        Meaning::Identifier => Role::Identifier(whose),
        Meaning::Birth => Role::BirthDate,
        Meaning::Date => Role::Date,
        Meaning::Text => Role::Text,
        Meaning::Binary => Role::Binary,
        Meaning::Code | Meaning::Coded => Role::Code,
        Meaning::Value => Role::Value,
        Meaning::Unknown => Role::Unknown,
    }
}

/// What a leaf of a field of type `of` means, and whose it is.
fn meaning(known: &Known, at: At, of: &str) -> (Meaning, Whose) {
    let Known { exception, owner, .. } = *known;
    if !SCHEMA.is_composite(of) {
        let meaning = uncut(exception.unwrap_or_else(|| fields::primitive(of)), at.parts || at.subs);
        return (meaning, owner.unwrap_or(known.segment_owner));
    }
    let inner = SCHEMA.component(of, at.component).map(current);
    // The innermost datatype with components decides: XPN.1 is an FN, whose first is the surname.
    let (outer_type, place, cut) = match inner {
        None => return (Meaning::Unknown, Whose::Unknown),
        Some(inner) if SCHEMA.is_composite(inner) => match SCHEMA.component(inner, at.sub) {
            None => return (Meaning::Unknown, Whose::Unknown),
            Some(leaf) => (inner, at.sub, SCHEMA.is_composite(leaf)),
        },
        Some(_) => (of, at.component, at.subs),
    };
    let meaning = uncut(SCHEMA.meaning(outer_type, place).unwrap_or(Meaning::Unknown), cut);
    let meaning = match (meaning, exception) {
        (Meaning::Date, Some(Meaning::Birth)) => Meaning::Birth,
        (Meaning::Code | Meaning::Coded, Some(named @ (Meaning::Facility | Meaning::Text)))
            if outer_type == "CWE" && matches!(place, 1 | 2 | 4 | 5 | 10 | 11) =>
        {
            named
        }
        _ => meaning,
    };
    let whose = fields::type_owner(outer_type)
        .or(owner)
        .or_else(|| fields::type_owner(of))
        .unwrap_or(known.segment_owner);
    // A field that names its owner wins over the datatype for persons: QRD-8 is an XCN, and the patient.
    let whose = match (whose, owner) {
        (Whose::Clinician, Some(owner)) => owner,
        (whose, _) => whose,
    };
    (meaning, whose)
}

fn current(of: &str) -> &str {
    if of == "CE" { "CWE" } else { of }
}

/// Text may hold separators that its sender did not escape; a code or a number may not: one in parts
/// is of a version or a sender this table does not know.
fn uncut(meaning: Meaning, cut: bool) -> Meaning {
    match meaning {
        Meaning::Code | Meaning::Value | Meaning::Coded if cut => Meaning::Unknown,
        other => other,
    }
}

/// True for a number as laboratories write it: `7.2`, `-1`, `<5`, `1,200`, `5%`. Not for digits in
/// groups, which may be somebody's telephone.
fn is_number(text: &str) -> bool {
    let digits = text
        .trim()
        .trim_start_matches(['<', '>', '=', '+', '-'])
        .trim_end_matches('%');
    digits.bytes().any(|b| b.is_ascii_digit()) && digits.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','))
}

/// True for an ISO object identifier.
fn is_oid(text: &str) -> bool {
    text.contains('.') && text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// True for a whole date of a plausible year: HL7 with eight digits or more, or ISO.
fn is_date(text: &str) -> bool {
    let text = text.trim();
    if text.len() < 8 {
        return false;
    }
    let date = Civil::from_hl7(text).or_else(|| Civil::from_iso(text));
    date.is_some_and(|date| (1850..=2150).contains(&date.year))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(place: &str, text: &str, expect: Role) {
        let (segment, rest) = place.split_once('-').unwrap();
        let mut numbers = rest.split('.').map(|n| n.parse().unwrap());
        let (field, at) = (
            numbers.next().unwrap(),
            At {
                component: numbers.next().unwrap_or(1),
                sub: numbers.next().unwrap_or(1),
                coded: true,
                parts: rest.contains('.'),
                subs: rest.matches('.').count() > 1,
            },
        );
        assert_eq!(role(&known(segment, field, ""), at, text), expect, "{place}");
    }

    #[test]
    fn knows_the_demographics() {
        use Whose::{Clinician, Facility, Patient, Relative, Unknown};
        for (place, expect) in [
            ("MSH-3.1", Role::Facility),
            ("MSH-4.2", Role::Facility),
            ("MSH-7", Role::Date),
            ("MSH-9.1", Role::Code),
            ("MSH-10", Role::Identifier(Unknown)),
            ("PID-2.1", Role::Identifier(Patient)),
            ("PID-3.1", Role::Identifier(Patient)),
            ("PID-3.4.1", Role::Facility),
            ("PID-3.5", Role::Code),
            ("PID-3.7", Role::Date),
            ("PID-5.1.1", Role::Name(Patient)),
            ("PID-5.1.5", Role::Name(Patient)),
            ("PID-5.2", Role::Name(Patient)),
            ("PID-5.7", Role::Code),
            ("PID-6.1", Role::Name(Relative)),
            ("PID-7.1", Role::BirthDate),
            ("PID-8", Role::Code),
            ("PID-9.2", Role::Name(Patient)),
            ("PID-11.1.2", Role::Address(Patient)),
            ("PID-11.3", Role::Address(Patient)),
            ("PID-11.4", Role::Region),
            ("PID-11.5", Role::Address(Patient)),
            ("PID-11.6", Role::Region),
            ("PID-11.9", Role::Address(Patient)),
            ("PID-12", Role::Address(Patient)),
            ("PID-13.1", Role::Contact(Patient)),
            ("PID-13.7", Role::Contact(Patient)),
            ("PID-14.4", Role::Contact(Patient)),
            ("PID-18.1", Role::Identifier(Patient)),
            ("PID-19", Role::Identifier(Patient)),
            ("PID-20.1", Role::Identifier(Patient)),
            ("PID-20.2", Role::Region),
            ("PID-21.1", Role::Identifier(Relative)),
            ("PID-23", Role::Address(Patient)),
            ("PID-29.1", Role::BirthDate),
            ("PID-99", Role::Unknown),
            ("PD1-4.2", Role::Name(Clinician)),
            ("NK1-2.1", Role::Name(Relative)),
            ("NK1-4.3", Role::Address(Relative)),
            ("NK1-5.1", Role::Contact(Relative)),
            ("NK1-16.1", Role::BirthDate),
            ("NK1-37", Role::Identifier(Relative)),
            ("GT1-3.1", Role::Name(Relative)),
            ("GT1-12", Role::Identifier(Relative)),
            ("IN1-4.1", Role::Facility),
            ("IN1-16.1", Role::Name(Relative)),
            ("IN1-18.1", Role::BirthDate),
            ("IN1-36", Role::Identifier(Patient)),
            ("IN2-2", Role::Identifier(Relative)),
            ("PV1-3.1", Role::Facility),
            ("PV1-3.4.1", Role::Facility),
            ("PV1-7.1", Role::Identifier(Clinician)),
            ("PV1-7.2.1", Role::Name(Clinician)),
            ("PV1-7.9.1", Role::Facility),
            ("PV1-19.1", Role::Identifier(Patient)),
            ("PV1-44.1", Role::Date),
            ("ORC-2.1", Role::Identifier(Unknown)),
            ("OBR-16.3", Role::Name(Clinician)),
            ("OBR-4.2", Role::Code),
            ("OBR-7.1", Role::Date),
            ("OBR-32.1.2", Role::Name(Clinician)),
            ("OBX-23.1", Role::Facility),
            ("OBX-24.3", Role::Address(Facility)),
            ("ORC-22.5", Role::Address(Facility)),
            ("QRD-8.2", Role::Name(Patient)),
            ("QRD-8.1", Role::Identifier(Patient)),
            ("NTE-3", Role::Text),
            ("NTE-3.4", Role::Text),
            ("DG1-4", Role::Text),
            ("AL1-3.2", Role::Code),
            ("MRG-1.1", Role::Identifier(Patient)),
            ("STF-3.1", Role::Name(Clinician)),
            ("STF-6.1", Role::BirthDate),
            ("RXA-15", Role::Code),
            ("TXA-16", Role::Identifier(Unknown)),
            ("ZPD-1", Role::Unknown),
            ("ACC-9", Role::Name(Unknown)),
        ] {
            check(place, "x", expect);
        }
    }

    #[test]
    fn looks_at_the_value_where_the_type_is_not_enough() {
        check("OBX-9", "0.5", Role::Value);
        check("OBX-9", "Ann Lee", Role::Unknown);
        check("PID-8", "\"\"", Role::Code);
        check("ZPD-1", "20240105", Role::Date);
        check("ZPD-1", "202401051200+0100", Role::Date);
        check("ZPD-1", "2024-01-05", Role::Date);
        check("ZPD-1", "99999999", Role::Unknown);
        check("ZPD-1", "20240231", Role::Unknown);
        check("MSH-4.2", "2.16.840.1.113883.19", Role::Code);
        check("PID-11.4", "22031", Role::Address(Whose::Patient));
        check("SFT-2.2", "Ann", Role::Unknown);
        check("PID-8.2", "male", Role::Unknown);
        check("OBX-26.1", "Lee", Role::Unknown);
        check("RXE-7.1", "give slowly", Role::Text);
        check("RXO-32.1", "Main St Pharmacy", Role::Facility);
        check("PID-3.5", "CITY HOSPITAL", Role::Text);
        check("PID-15.9", "as she said", Role::Text);
        check("OBX-15.2", "City Lab", Role::Facility);
        let obx = |obx, component, coded, text| {
            let at = At {
                component,
                sub: 1,
                coded,
                parts: component > 1,
                subs: false,
            };
            role(&known("OBX", 5, obx), at, text)
        };
        for (of, component, coded, text, expect) in [
            ("NM", 1, true, "7.2", Role::Value),
            ("NM", 1, true, "<0.5", Role::Value),
            ("NM", 1, true, "-1,200", Role::Value),
            ("NM", 1, true, "refused by Ann", Role::Unknown),
            ("NM", 1, true, "555-01-4477", Role::Unknown),
            ("SN", 2, true, "5", Role::Value),
            ("ST", 1, true, "positive", Role::Text),
            ("TX", 2, true, "and more", Role::Text),
            ("FT", 1, true, "text", Role::Text),
            ("CE", 1, true, "F", Role::Code),
            ("CWE", 2, true, "Female", Role::Code),
            ("CWE", 2, false, "seen by Ann Lee", Role::Text),
            ("CWE", 9, true, "her words", Role::Text),
            ("DT", 1, true, "20240105", Role::Date),
            ("TS", 1, true, "2024", Role::Date),
            ("ED", 5, true, "JVBERi0=", Role::Binary),
            ("RP", 1, true, "file7", Role::Identifier(Whose::Unknown)),
            ("XPN", 2, true, "Ann", Role::Name(Whose::Unknown)),
            ("XCN", 3, true, "Ann", Role::Name(Whose::Clinician)),
            ("CX", 1, true, "123", Role::Identifier(Whose::Unknown)),
            ("", 1, true, "text", Role::Unknown),
            ("ZZ", 1, true, "text", Role::Unknown),
        ] {
            assert_eq!(obx(of, component, coded, text), expect, "{of}.{component}");
        }
    }
}
