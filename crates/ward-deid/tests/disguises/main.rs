//! Known values in disguise: whatever a record says of its people is found in its free texts, however it is written there.
//!
//! Every disguise of the table, for generated people, in plain text, in FHIR, in HL7 and in DICOM. The sentences give no
//! sign that a name or a number follows; only the record's own fields do. And sentences that hold nothing of the record
//! stay as they are.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail loudly")]

#[path = "../dicom/bytes.rs"]
#[expect(dead_code, reason = "written for other tests, too")]
mod bytes;
mod table;

use proptest::prelude::*;
use ward_deid::{Class, Deidentifier, Hit, Known, Mode, find};
use ward_formats::dicom::{BUDGET, DicomFile};
use ward_formats::{Budget, Doc, Kind};

use table::{CARRIERS, DISGUISES, FAMILY, GIVEN, Person, STREETS, TOWNS};

fn person() -> impl Strategy<Value = Person> {
    let who = (0..GIVEN.len(), 0..FAMILY.len(), 0..STREETS.len(), 0..TOWNS.len());
    let when = (1930_u16..2005, 1_u8..=12, 13_u8..=28);
    let phone = (201_u16..989, 200_u16..999, 1_000_u16..9_999);
    let numbers = (
        11_u16..9_999,
        10_001_u32..99_999,
        10_000_000_u32..99_999_999,
        100_000_000_u32..665_999_999,
    );
    (who, when, phone, numbers).prop_map(|(who, when, phone, numbers)| Person {
        given: GIVEN[who.0].0,
        nick: GIVEN[who.0].1,
        family: FAMILY[who.1],
        street: STREETS[who.2],
        town: TOWNS[who.3],
        year: when.0,
        month: when.1,
        day: when.2,
        area: phone.0,
        exchange: phone.1,
        line: phone.2,
        house: numbers.0,
        zip: numbers.1,
        mrn: numbers.2,
        ssn: numbers.3,
    })
}

/// What the fields of a record teach.
fn known(p: &Person) -> Known {
    let mut known = Known::default();
    for (class, value) in [
        (Class::Name, format!("{}^{}", p.family, p.given)),
        (Class::Birth, p.birth()),
        (Class::Phone, p.phone()),
        (Class::Mrn, format!("{:08}", p.mrn)),
        (Class::Ssn, p.ssn.to_string()),
        (Class::Place, format!("{} {}", p.house, p.street)),
        (Class::Place, p.town.to_owned()),
        (Class::Place, format!("{:05}", p.zip)),
    ] {
        known.learn_value(class, &value);
    }
    known
}

/// Text without its braces, and for each byte whether it was inside.
fn read(marked: &str) -> (String, Vec<bool>) {
    let (mut text, mut inside, mut wanted) = (String::new(), false, Vec::new());
    for c in marked.chars() {
        match c {
            '{' => inside = true,
            '}' => inside = false,
            _ => {
                text.push(c);
                wanted.resize(text.len(), inside && c.is_alphanumeric());
            }
        }
    }
    (text, wanted)
}

fn is_masked(hits: &[Hit], at: usize) -> bool {
    hits.iter().any(|hit| hit.span.start <= at && at < hit.span.end)
}

/// Every disguise of `p` in every carrier, with its name.
fn texts(p: &Person) -> Vec<(&'static str, String)> {
    let mut texts = Vec::new();
    for (name, _, write) in DISGUISES.iter().filter(|(_, possible, _)| possible(p)) {
        for carrier in CARRIERS {
            texts.push((*name, carrier.replace("{}", &write(p))));
        }
    }
    texts
}

/// The parts of `marked` that identify: runs of letters and digits, of three and more.
fn planted(marked: &str) -> Vec<String> {
    let inside = marked.split('{').skip(1).filter_map(|part| part.split('}').next());
    inside
        .flat_map(|part| part.split(|c: char| !c.is_alphanumeric()))
        .filter(|run| run.chars().count() >= if run.bytes().all(|b| b.is_ascii_digit()) { 4 } else { 3 })
        .filter(|run| *run != "span")
        .map(str::to_owned)
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, max_shrink_iters: 0, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn in_text(p in person()) {
        let known = known(&p);
        let mut left = Vec::new();
        for (name, marked) in texts(&p) {
            let (text, wanted) = read(&marked);
            let hits = find(&text, &known);
            if wanted.iter().enumerate().any(|(at, wanted)| *wanted && !is_masked(&hits, at)) {
                let found: Vec<_> = hits.iter().map(|hit| &text[hit.span.start..hit.span.end]).collect();
                left.push(format!("{name}: {text:?}: {found:?}"));
            }
        }
        prop_assert!(left.is_empty(), "{} left:\n{}", left.len(), left.join("\n"));
    }

    #[test]
    fn in_fhir(p in person()) {
        let mut left = Vec::new();
        for (name, marked) in texts(&p).into_iter().step_by(13) {
            let text = read(&marked).0;
            let narrative = format!("<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>{}</p></div>", escape(&text));
            let bundle = serde_json::json!({"resourceType": "Bundle", "type": "collection", "entry": [
                {"resource": {"resourceType": "Patient", "id": "p1", "name": [{"family": p.family, "given": [p.given]}],
                    "birthDate": p.birth(), "telecom": [{"system": "phone", "value": p.phone()}],
                    "identifier": [{"system": "urn:oid:1.2.3", "value": format!("{:08}", p.mrn)},
                        {"system": "http://hl7.org/fhir/sid/us-ssn", "value": p.ssn.to_string()}],
                    "address": [{"line": [format!("{} {}", p.house, p.street)], "city": p.town,
                        "postalCode": format!("{:05}", p.zip)}]}},
                {"resource": {"resourceType": "Observation", "id": "o1", "status": "final", "code": {"text": "Comment"},
                    "subject": {"reference": "Patient/p1"}, "note": [{"text": text}],
                    "text": {"status": "generated", "div": narrative}}}]});
            let doc = document(&bundle.to_string(), Kind::Fhir);
            let known = Known::from_documents([&doc]);
            let done = Deidentifier::new(Mode::Tag, [7; 32]).document(&doc, &known).expect("a document");
            let out = String::from_utf8(done.bytes).expect("UTF-8");
            check(name, &marked, &out, &mut left);
        }
        prop_assert!(left.is_empty(), "{} left:\n{}", left.len(), left.join("\n"));
    }

    #[test]
    fn in_hl7(p in person()) {
        let mut left = Vec::new();
        for (name, marked) in texts(&p).into_iter().step_by(13) {
            let text = read(&marked).0;
            let field = text.replace('\\', "\\E\\").replace('|', "\\F\\").replace('^', "\\S\\").replace('&', "\\T\\")
                .replace('~', "\\R\\").replace('\n', "\\.br\\");
            let message = format!(
                "MSH|^~\\&|A|B|C|D|20240101||ORU^R01|1|P|2.5\rPID|1||{:08}^^^H^MR||{}^{}||{:04}{:02}{:02}|M|||{} {}^^{}^^{:05}||{}||||||{}\r\
                 OBR|1|||X^Note\rOBX|1|TX|X^Note||{field}\rNTE|1||{field}\r",
                p.mrn, p.family, p.given, p.year, p.month, p.day, p.house, p.street, p.town, p.zip, p.phone(), p.ssn
            );
            let doc = document(&message, Kind::Hl7);
            let known = Known::from_documents([&doc]);
            let done = Deidentifier::new(Mode::Tag, [7; 32]).document(&doc, &known).expect("a document");
            let out = String::from_utf8(done.bytes).expect("UTF-8");
            check(name, &marked, &out, &mut left);
        }
        prop_assert!(left.is_empty(), "{} left:\n{}", left.len(), left.join("\n"));
    }

    #[test]
    fn in_dicom(p in person()) {
        let mut left = Vec::new();
        for (name, marked) in texts(&p).into_iter().step_by(13) {
            let mut set = bytes::Set::new();
            for (tag, vr, value) in [
                (0x0008_0005, "CS", "ISO_IR 192".to_owned()),
                (0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.88.11".to_owned()),
                (0x0008_0018, "UI", "1.2.826.0.1.3680043.778899.1".to_owned()),
                (0x0010_0010, "PN", format!("{}^{}", p.family, p.given)),
                (0x0010_0020, "LO", format!("{:08}", p.mrn)),
                (0x0010_0030, "DA", format!("{:04}{:02}{:02}", p.year, p.month, p.day)),
                (0x0010_1000, "LO", p.ssn.to_string()),
                (0x0010_1040, "LO", format!("{} {}, {} {:05}", p.house, p.street, p.town, p.zip)),
                (0x0010_2154, "SH", p.phone()),
                (0x0040_a160, "UT", read(&marked).0),
            ] {
                bytes::text(&mut set, tag, vr, &value);
            }
            let file = bytes::file(&set, &bytes::Set::new(), bytes::How::Explicit, false);
            let file = DicomFile::parse(&file, BUDGET).expect("a file");
            let options = ward_deid::dicom::Options::basic();
            let mut deid = Deidentifier::new(Mode::Tag, [7; 32]);
            let done = ward_deid::dicom::clean(&file, &options, &mut deid, &mut Known::default()).unwrap();
            check(name, &marked, &String::from_utf8_lossy(&done.bytes), &mut left);
        }
        prop_assert!(left.is_empty(), "{} left:\n{}", left.len(), left.join("\n"));
    }
}

fn document(text: &str, kind: Kind) -> Doc {
    Doc::parse(text.as_bytes(), Some(kind), Budget::RECORD)
        .expect("a document")
        .document
}

fn escape(text: &str) -> String {
    // References that the text has itself stay.
    text.replace("<b>", "\u{1}")
        .replace('"', "&quot;")
        .replace('\u{1}', "<b>")
}

/// Notes what of `marked` is left in `out`.
fn check(name: &str, marked: &str, out: &str, left: &mut Vec<String>) {
    for value in planted(marked) {
        if out.contains(&value) {
            left.push(format!("{name}: {marked:?}: {value}"));
        }
    }
}

#[test]
fn family_names_in_small_letters() {
    for family in [
        "Smith",
        "Johnson",
        "Foley",
        "Nguyen",
        "Garcia",
        "Miller",
        "Baker",
        "Washington",
        "Kelly",
        "Parkinson",
    ] {
        let mut known = Known::default();
        known.learn_value(Class::Name, &format!("{family}^John"));
        let text = format!("{} feels better", family.to_lowercase());
        assert_eq!(
            find(&text, &known).first().map(|hit| hit.span.len()),
            Some(family.len()),
            "{text}"
        );
    }
}

#[test]
fn what_is_not_of_the_record_stays() {
    let mut known = Known::default();
    for (class, value) in [
        (Class::Name, "Vandermolen^Thaddeus"),
        (Class::Name, "Park^Hope"),
        (Class::Name, "Young^Will^May"),
        (Class::Name, "Parkinson^June"),
        (Class::Name, "Burns^Rose"),
        (Class::Birth, "1951-03-05"),
        (Class::Phone, "617-555-0123"),
        (Class::Mrn, "00120080"),
        (Class::Ssn, "123-45-6789"),
        (Class::Place, "12 Main Street"),
        (Class::Place, "Reading"),
        (Class::Place, "02139"),
    ] {
        known.learn_value(class, value);
    }
    let mut wrong = Vec::new();
    for text in [
        "BP 120/80, HR 72, strength 5/5 and 3/5, reflexes 2+.",
        "We hope he will improve; may repeat the scan. In young adults burns heal well.",
        "Parkinson's disease, stable on levodopa.",
        "The TV was on. J.P. drain removed.",
        "takes 6789 units a week",
        "She has reading glasses, park bench, rose bengal stain, main street of the argument",
        "platelets 150000, sodium 139, weight 80 kg, 12 mg daily",
        "the van der Waals radius, a molen of sand",
        "Will continue metformin. May increase to 500 mg.",
        "Tests: B12 low, T4 normal, L5-S1 disc, HbA1c 7.2%",
        "C. difficile and T. pallidum were not found; H. pylori neither",
        "Use <b>two</b> tablets *daily* & rest; a < b, x > y &amp; z",
    ] {
        let found: Vec<_> = find(text, &known)
            .iter()
            .map(|hit| (&text[hit.span.start..hit.span.end], hit.rule))
            .collect();
        if !found.is_empty() {
            wrong.push(format!("{text}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
