//! Records that do not stand where a record is expected: none of them may reach an upstream as prose.

use serde_json::{Value, json};

use crate::support::{
    upstream::{Behaviour, MODEL, Upstream},
    ward::{Ward, folder},
};

const FHIR: &str = r#"{"resourceType":"Patient","id":"x","name":[{"family":"Quillfeather","given":["Zelda"]}],"birthDate":"1952-03-14","identifier":[{"value":"AB-778899"}],"address":[{"city":"Oddville"}]}"#;
const HL7: &str = "MSH|^~\\&|L|B|C|D|20240108||ORU^R01|1|P|2.5.1\rPID|1||AB778899^^^OG^MR||Quillfeather^Zelda^A||19520314|F|||12 Elm Street^^Oddville^IL^62704||5556781234\rOBX|1|NM|4548-4^A1c^LN||7.2\r";

/// What must not be sent on.
const PLANTED: [&str; 8] = [
    "Quillfeather",
    "Zelda",
    "Oddville",
    "AB778899",
    "AB-778899",
    "1952-03-14",
    "19520314",
    "5556781234",
];

/// What becomes of a shape.
#[derive(Clone, Copy)]
enum Fate {
    /// It is read as a record and answered.
    Read,
    /// It is refused.
    Refused,
}

/// Texts with a record in them.
fn shapes() -> Vec<(&'static str, String, Fate)> {
    use Fate::{Read, Refused};
    let quoted = |mark: &str| HL7.split('\r').map(|line| format!("{mark}{line}\n")).collect();
    let pretty = serde_json::to_string_pretty(&serde_json::from_str::<Value>(FHIR).unwrap()).unwrap();
    let (_, without_header) = HL7.split_once('\r').unwrap();
    vec![
        ("question, line, resource", format!("How old is she?\n{FHIR}"), Read),
        ("question, resource", format!("How old is she? {FHIR}"), Read),
        ("heading", format!("Patient record:\n{FHIR}\n\nHow old is she?"), Read),
        (
            "statement",
            format!("Summarise this for the ward round.\n\n{FHIR}"),
            Read,
        ),
        ("resource, statement", format!("{FHIR}\n\nSummarise this."), Read),
        ("between two texts", format!("Hi.\n\n{FHIR}\n\nHow old is she?"), Read),
        ("fence", format!("```json\n{FHIR}\n```\n\nHow old is she?"), Read),
        ("context", format!("Context: {FHIR}"), Read),
        ("array", format!("[{FHIR}] ?"), Read),
        ("wrapper", format!("{{\"data\":{{\"patient\":{FHIR}}}}}"), Read),
        ("lines of resources", format!("{FHIR}\n{FHIR}\nSame person?"), Read),
        ("comment", format!("// hi\n{FHIR}"), Read),
        (
            "spread out",
            format!("So: {}", pretty.replacen("\"id\"", "\n\n  \"id\"", 1)),
            Read,
        ),
        (
            "escaped key",
            format!("So: {}", FHIR.replace("resourceType", "resource\\u0054ype")),
            Read,
        ),
        (
            "escaped key, broken",
            format!("So: {}!", &FHIR.replace("resourceType", "resource\\u0054ype")[..150]),
            Refused,
        ),
        ("cut", format!("So: {}", &FHIR[..FHIR.len() - 2]), Refused),
        ("single quotes", FHIR.replace('"', "'"), Refused),
        ("in a string", json!({ "payload": FHIR }).to_string(), Refused),
        (
            "xml",
            "<Patient xmlns=\"http://hl7.org/fhir\"><name><family value=\"Quillfeather\"/></name></Patient>".to_owned(),
            Refused,
        ),
        (
            "c-cda",
            "<ClinicalDocument xmlns=\"urn:hl7-org:v3\"><given>Zelda</given></ClinicalDocument>".to_owned(),
            Refused,
        ),
        ("question, line, message", format!("How old is she?\n{HL7}"), Read),
        ("question, message", format!("How old is she? {HL7}"), Read),
        (
            "message, question",
            format!("{}\nHow old is she?", HL7.replace('\r', "\n")),
            Read,
        ),
        ("line before MSH", format!("message:\n{HL7}"), Read),
        ("no MSH", without_header.to_owned(), Refused),
        ("lower-case msh", HL7.replace("MSH", "msh"), Refused),
        ("lower-case pid", HL7.replace("PID", "pid"), Refused),
        ("quoted", quoted("> "), Refused),
        ("indented", quoted("    "), Refused),
        ("written line ends", HL7.replace('\r', "\\r"), Refused),
        ("broken line", HL7.replace("^Zelda", "\n^Zelda"), Refused),
    ]
}

#[test]
fn a_record_in_a_text_reaches_the_upstream_as_a_record_or_not_at_all() {
    let data = folder();
    let upstream = Upstream::start(Behaviour::Say("Noted.".to_owned(), 4));
    let ward = Ward::start(data.path(), &["--upstream", &upstream.url]);
    for (shape, text, fate) in shapes() {
        let asks = json!({"role": "user", "content": "Summarise."});
        let file = |kind: &str| {
            json!({"role": "user", "content": [
                {"type": "file", "file": {"filename": "f", "file_data": format!(
                    "data:{kind};base64,{}", data_encoding::BASE64.encode(text.as_bytes())
                )}},
                {"type": "text", "text": "Summarise."},
            ]})
        };
        let longer = "How old is she, the patient in the record that is above, and where does she live now?";
        let ways = [
            ("user", vec![json!({"role": "user", "content": text}), asks.clone()]),
            ("system", vec![json!({"role": "system", "content": text}), asks.clone()]),
            (
                "assistant",
                vec![
                    asks.clone(),
                    json!({"role": "assistant", "content": text}),
                    asks.clone(),
                ],
            ),
            ("text file", vec![file("text/plain")]),
            ("file", vec![file("application/octet-stream")]),
            (
                "parts",
                vec![json!({"role": "user", "content": [
                    {"type": "text", "text": text}, {"type": "text", "text": longer},
                ]})],
            ),
        ];
        for (way, messages) in ways {
            let before = upstream.received().len();
            let response = ward.client().chat(&json!({"model": MODEL, "messages": messages}));
            let received = String::from_utf8_lossy(&upstream.received()[before..]).into_owned();
            let leaked = PLANTED.map(|value| received.contains(value).then_some(value));
            assert_eq!(leaked, [None; PLANTED.len()], "{shape} as {way}");
            match (response.status, fate) {
                (400, _) => {
                    assert_eq!(response.code(), "bad_document", "{shape} as {way}");
                    assert!(!received.contains("/chat/"), "{shape} as {way}");
                    // A file is one record: what is not one is refused all the more.
                    assert!(
                        way.ends_with("file") || matches!(fate, Fate::Refused),
                        "{shape} as {way}: {}",
                        response.text()
                    );
                }
                (200, Fate::Read) => assert!(!received.is_empty(), "{shape} as {way}"),
                (status, _) => panic!("{shape} as {way}: {status} {}", response.text()),
            }
        }
    }
}
