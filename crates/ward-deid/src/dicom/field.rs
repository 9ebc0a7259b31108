//! Single values: what class an attribute is of, dates, UIDs, dummies, and what a value may look like.

use ward_formats::Span;
use ward_formats::date::Civil;
use ward_formats::dicom::{Tag, Vr};

use crate::Class;

/// What an attribute that identifies somebody holds; names are known by their representation (PN).
pub(super) fn class(tag: Tag) -> Option<Class> {
    Some(match tag.0 {
        0x0010_0020 | 0x0010_1000 | 0x0010_1090 => Class::Mrn,
        0x0010_0030 => Class::Birth,
        0x0010_1050 => Class::Plan,
        0x0010_1040 | 0x0008_0081 | 0x0008_0092 | 0x0040_1102 | 0x4008_011a => Class::Place,
        0x0010_2154 | 0x0008_0094 | 0x0040_1103 => Class::Phone,
        0x0008_0080 | 0x0012_0031 | 0x0012_0060 | 0x0012_0010 | 0x0040_a027 | 0x0040_4036 | 0x0010_2299 => {
            Class::Facility
        }
        0x0038_0010 | 0x0038_0060 => Class::Account,
        0x0008_0050 | 0x0020_0010 | 0x0040_2016 | 0x0040_2017 | 0x0040_1001 | 0x0040_0009 | 0x0012_0040
        | 0x0012_0042 | 0x0040_050a | 0x0040_0551 | 0x0040_0512 => Class::Id,
        0x0018_1000 | 0x0018_1009 | 0x0018_700a | 0x0018_9371 | 0x0018_9367 | 0x0016_0051 | 0x3008_0105 => {
            Class::Device
        }
        0x4008_010c | 0x4008_010a | 0x4008_0102 | 0x4008_0119 => Class::Name,
        _ => return None,
    })
}

/// What counts as replaced when an attribute goes that has no class of its own.
pub(super) fn class_of(tag: Tag, vr: Vr) -> Class {
    class(tag).unwrap_or(match &vr.0 {
        b"PN" => Class::Name,
        b"DA" | b"DT" | b"TM" => Class::Day,
        b"UI" => Class::Id,
        b"AS" => Class::Age,
        b"UR" => Class::Url,
        b"AE" => Class::Device,
        b"OB" | b"OD" | b"OF" | b"OL" | b"OV" | b"OW" | b"UN" => Class::File,
        _ => Class::Text,
    })
}

/// The class of a report item by the code of its concept name (DICOM PS3.16 Annex D, scheme DCM).
pub(super) fn concept(code: &str) -> Option<Class> {
    Some(match code {
        // Person Observer, Subject, Mother of fetus, Performing Physician, Person administering, Person, Login Name.
        "121008" | "121029" | "121036" | "121114" | "121152" | "113870" | "128774" => Class::Name,
        // Person Observer's Organization, Service Delivery Location, Organization.
        "121009" | "121434" | "113873" => Class::Facility,
        // Name and Serial Number of Device Observer, Device Subject and Device.
        "121013" | "121016" | "121193" | "121196" | "113877" | "113880" => Class::Device,
        // Physical Location of Device Observer and Device Subject.
        "121017" | "121197" => Class::Place,
        "121030" => Class::Mrn,
        SUBJECT_AGE => Class::Age,
        // Placer, Filler, Accession, Specimen Accession Number; Specimen, Person and Role Identifier.
        "121020" | "121021" | "121022" | "121040" | "121041" | "113871" | "128775" => Class::Id,
        _ => return None,
    })
}

/// Subject Age: a number item.
const SUBJECT_AGE: &str = "121033";

/// The day of a DA value: `YYYYMMDD`, or `YYYY.MM.DD` of before 1993 (PS3.5 section 6.2).
pub(super) fn day(value: &str) -> Option<Civil> {
    let digits: String = match value.len() {
        8 => value.to_owned(),
        10 if value.split('.').map(str::len).eq([4, 2, 2]) => value.replace('.', ""),
        _ => return None,
    };
    Civil::from_hl7(&digits)
}

/// A DA, DT or TM value with its day moved by `shift`; `None` when it is none, or cannot be moved.
pub(super) fn moved(vr: Vr, value: &str, shift: impl FnOnce(Civil) -> Option<Civil>) -> Option<String> {
    match &vr.0 {
        b"DA" => {
            let day = shift(day(value)?)?;
            Some(format!("{:04}{:02}{:02}", day.year, day.month, day.day))
        }
        b"DT" => {
            let end = value.bytes().position(|b| !b.is_ascii_digit()).unwrap_or(value.len());
            let from = Civil::from_hl7(value)?;
            let day = shift(from)?;
            let date = format!("{:04}{:02}{:02}", day.year, day.month, day.day);
            let length = end.min(8);
            Some(format!("{}{}", date.get(..length)?, value.get(length..)?))
        }
        b"TM" => is_time(value).then(|| value.to_owned()),
        _ => None,
    }
}

/// `HH[MM[SS[.FFFFFF]]]`, also with the colons of before 1993.
fn is_time(value: &str) -> bool {
    let value = value.trim_end();
    (2..=16).contains(&value.len()) && value.bytes().all(|b| matches!(b, b'0'..=b'9' | b'.' | b':'))
}

/// The one offset from UTC: `&ZZXX` (Timezone Offset From UTC).
pub(super) fn is_offset(value: &str) -> bool {
    let (sign, digits) = value.split_at_checked(1).unwrap_or_default();
    matches!(sign, "+" | "-") && digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit())
}

/// A UID of the standard: under its root, with the short components the registry has (PS3.6 Annex A). A number of a person
/// does not fit in them.
pub(super) fn is_well_known(uid: &str) -> bool {
    let rest = uid.strip_prefix("1.2.840.10008.");
    rest.is_some_and(|rest| {
        rest.len() <= 24
            && rest
                .split('.')
                .all(|part| (1..=4).contains(&part.len()) && is_digits(part))
    })
}

/// A UID of a code system that HL7 registered.
pub(super) fn is_code_system(tag: Tag, uid: &str) -> bool {
    let rest = uid.strip_prefix("2.16.840.1.113883.");
    matches!(tag.0, 0x0008_010c | 0x0008_010d)
        && rest.is_some_and(|rest| {
            rest.len() <= 24
                && rest
                    .split('.')
                    .all(|part| (1..=5).contains(&part.len()) && is_digits(part))
        })
}

/// What a UID looks like: numbers with dots, at most 64 characters.
pub(super) fn is_uid(uid: &str) -> bool {
    uid.len() <= 64 && uid.split('.').all(|part| !part.is_empty() && is_digits(part))
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

/// A number as DS and IS write it.
pub(super) fn is_number(value: &str) -> bool {
    let value = value.trim();
    value.len() <= 32
        && value
            .bytes()
            .all(|b| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b'E' | b'e'))
        && value.bytes().any(|b| b.is_ascii_digit())
}

/// An age `nnnD`, `nnnW`, `nnnM` or `nnnY`, at most 90 years (45 CFR 164.514(b)(2)(i)(C)); `None` when it is none.
pub(super) fn age(value: &str) -> Option<&str> {
    let value = value.trim();
    let (number, unit) = value.split_at_checked(3)?;
    if !is_digits(number) || !matches!(unit, "D" | "W" | "M" | "Y") {
        return None;
    }
    Some(if unit == "Y" && number > "089" { "090Y" } else { value })
}

/// A value that says nothing and is valid for its representation (PS3.5 section 6.2). Numbers: zeros, as many as there
/// were.
pub(super) fn dummy(vr: Vr, length: usize) -> Vec<u8> {
    let size = match &vr.0 {
        b"US" | b"SS" | b"OW" | b"OB" | b"UN" => 2,
        b"UL" | b"SL" | b"FL" | b"AT" | b"OF" | b"OL" => 4,
        b"FD" | b"SV" | b"UV" | b"OD" | b"OV" => 8,
        _ => return words(vr).as_bytes().to_vec(),
    };
    let bulk = matches!(&vr.0, b"OW" | b"OB" | b"UN" | b"OF" | b"OL" | b"OD" | b"OV");
    let count = if bulk { 1 } else { (length / size).max(1) };
    vec![0; size * count]
}

fn words(vr: Vr) -> &'static str {
    match &vr.0 {
        b"DA" => "19000101",
        b"DT" => "19000101000000",
        b"TM" => "000000",
        b"AS" => "000Y",
        b"DS" | b"IS" => "0",
        b"UR" => "urn:removed",
        _ => "REMOVED",
    }
}

/// Text as it may stand in a value: no control characters but those of long texts, and no backslash where it would begin
/// another value. Cut to the longest the representation allows, never inside one of `whole`.
pub(super) fn fit(vr: Vr, text: &str, whole: impl Iterator<Item = Span>) -> String {
    let cut = vr
        .max_chars()
        .and_then(|most| text.char_indices().nth(most))
        .map(|(at, _)| at);
    let mut cut = cut.unwrap_or(text.len());
    if cut < text.len()
        && let Some(span) = whole.into_iter().find(|span| span.start < cut && cut < span.end)
    {
        cut = span.start;
    }
    let lines = !vr.is_many();
    let text = text.get(..cut).unwrap_or_default();
    let clean = |c: char| match c {
        '\n' | '\r' | '\t' | '\u{c}' if lines => c,
        '\\' if !lines => ' ',
        c if c.is_control() => ' ',
        c => c,
    };
    text.chars().map(clean).collect()
}

/// What is hidden in bytes that are no text: stretches of printable ASCII of at least four characters.
pub(super) fn stretches(bytes: &[u8]) -> impl Iterator<Item = &str> {
    bytes
        .split(|b| !matches!(b, b' '..=b'~' | b'\t' | b'\n' | b'\r'))
        .filter(|stretch| stretch.len() >= 4)
        .filter_map(|stretch| std::str::from_utf8(stretch).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vr(letters: &str) -> Vr {
        Vr(letters.as_bytes().try_into().unwrap())
    }

    #[test]
    fn dates_move_and_times_stay() {
        let later = |day: Civil| match day.precision {
            ward_formats::date::Precision::Day => Civil::from_days(day.days() + 31),
            _ => Some(day),
        };
        for (kind, value, expect) in [
            ("DA", "20240131", Some("20240302")),
            ("DA", "2024.01.31", Some("20240302")),
            ("DA", "2024", None),
            ("DA", "20240199", None),
            ("DA", "Quillan", None),
            ("DT", "20240131", Some("20240302")),
            ("DT", "20240131235959.123456+0100", Some("20240302235959.123456+0100")),
            ("DT", "2024", Some("2024")),
            ("DT", "20240131x", None),
            ("TM", "101530.25", Some("101530.25")),
            ("TM", "Zelda", None),
            ("LO", "20240131", None),
        ] {
            assert_eq!(moved(vr(kind), value, later).as_deref(), expect, "{kind} {value}");
        }
    }

    #[test]
    fn values_are_what_they_look_like() {
        assert!(is_well_known("1.2.840.10008.5.1.4.1.1.481.10") && is_well_known("1.2.840.10008.1.2.4.100"));
        assert!(!is_well_known("1.2.840.10008.778899") && !is_well_known("1.2.840.10008.1..2"));
        assert!(is_code_system(Tag(0x0008_010c), "2.16.840.1.113883.6.96"));
        assert!(!is_code_system(Tag(0x0008_0018), "2.16.840.1.113883.6.96"));
        assert!(is_uid("1.2.3") && !is_uid("1..2") && !is_uid("ZELDA") && !is_uid(""));
        assert!(is_number("-1.5E+3") && !is_number("12a") && !is_number("-"));
        assert!(is_offset("+0100") && !is_offset("0100") && !is_offset("é"));
        assert_eq!(
            [
                age("089Y"),
                age("090Y"),
                age("101Y"),
                age("012M"),
                age("12"),
                age("é12Y")
            ],
            [Some("089Y"), Some("090Y"), Some("090Y"), Some("012M"), None, None]
        );
        assert_eq!(dummy(vr("US"), 6), [0; 6]);
        assert_eq!(dummy(vr("OB"), 60_000), [0; 2]);
        assert_eq!(dummy(vr("DA"), 8), b"19000101");
    }

    #[test]
    fn placeholders_are_never_cut() {
        let span = Span::new(10, 20);
        let fitted = |text| fit(vr("SH"), text, [span].into_iter());
        assert_eq!(fitted("short\\text\n"), "short text ");
        assert_eq!(fitted("seen by a [NAME_1KR] today"), "seen by a ");
        assert_eq!(fit(vr("ST"), "a\\b\nc\0", [].into_iter()), "a\\b\nc ");
    }
}
