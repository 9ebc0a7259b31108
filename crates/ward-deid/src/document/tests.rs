use proptest::strategy::Strategy;
use ward_formats::{Budget, Kind};

use super::field::date;
use super::*;

fn parse(text: &str, kind: Kind) -> Doc {
    Doc::parse(text.as_bytes(), Some(kind), Budget::RECORD)
        .unwrap()
        .document
}

fn round(text: &str, kind: Kind, gone: &[&str], kept: &[&str]) -> (String, ReplacedDocument) {
    let doc = parse(text, kind);
    let known = Known::from_documents([&doc]);
    let mut names = Pseudonyms::new([7; 32]);
    let replaced = names.replace_document(&doc, &known).unwrap();
    let out = String::from_utf8(replaced.bytes.clone()).unwrap();
    assert_eq!(u32::try_from(replaced.applied.len()), Ok(replaced.tally.total()));
    for one in &replaced.applied {
        assert!(
            out[one.new.start..one.new.end].contains('_') && !one.place.is_empty(),
            "{one:?}"
        );
        assert_eq!(replaced.map.to_old(one.new), one.old);
    }
    for value in gone {
        assert!(
            !out.to_lowercase().contains(&value.to_lowercase()),
            "{value} is still in {out}"
        );
    }
    for value in kept {
        assert!(out.contains(value), "{value} is not in {out}");
    }
    let back = names.restore_document(&parse(&out, kind)).unwrap();
    assert_eq!(String::from_utf8(back).unwrap(), text);
    (out, replaced)
}

#[test]
fn fhir_by_role() {
    let text = r##"{"resourceType":"Bundle","type":"collection","entry":[
{"fullUrl":"urn:uuid:c24d03a5-85ce-4ab0-9ef0-1385b673bca1","resource":{"resourceType":"Patient","id":"c24d03a5-85ce-4ab0-9ef0-1385b673bca1",
"identifier":[{"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"MR"}]},"value":"AB-778899"},
{"system":"http://hl7.org/fhir/sid/us-ssn","value":"123-45-6789"}],
"name":[{"family":"Quillfeather","given":["Zelda","Ann"]}],"birthDate":"1952-03-14","telecom":[{"system":"phone","value":"555-678-1234"}],
"address":[{"line":["12 Elm Street"],"city":"Oddville","state":"IL","postalCode":"62704"}]}},
{"fullUrl":"https://host.example/fhir/Observation/o-1","resource":{"resourceType":"Observation","id":"o-1","status":"final",
"code":{"coding":[{"system":"http://loinc.org","code":"4548-4","display":"Hemoglobin A1c"}],"text":"Hemoglobin A1c"},
"subject":{"reference":"Patient/c24d03a5-85ce-4ab0-9ef0-1385b673bca1","display":"Zelda Quillfeather"},
"effectiveDateTime":"2024-01-08T10:15:00Z","valueQuantity":{"value":7.2,"unit":"%"},
"note":[{"text":"Zelda's A1c 7.2 %; call 5556781234. Born 3/14/1952. \"Quoted\" [NAME_1KR]"}]}}]}"##;
    let (out, replaced) = round(
        text,
        Kind::Fhir,
        &[
            "quillfeather",
            "zelda",
            "778899",
            "6789",
            "1952",
            "5556781234",
            "elm street",
            "oddville",
            "62704",
            "c24d03a5",
            "2024-01-08",
        ],
        &[
            "\"IL\"",
            "4548-4",
            "Hemoglobin A1c",
            "7.2",
            "Patient/[ID_",
            "urn:uuid:[ID_",
            "[MRN_",
            "[SSN_",
            "[DAY_",
            "[BIRTH_",
        ],
    );
    assert!(replaced.problems.is_empty());
    // One id, three places, one placeholder.
    let id = out
        .find("urn:uuid:")
        .and_then(|at| out[at + 9..].split(']').next())
        .unwrap();
    assert_eq!(out.matches(id).count(), 3);
    assert!(replaced.tally.get(Class::Name) >= 4);
}

#[test]
fn hl7_by_role() {
    let text = "MSH|^~\\&|LAB|OddvilleGeneral|EHR|Ward|20240108101500||ORU^R01|MSG00042|P|2.5.1\rPID|1||AB778899^^^OG^MR||Quillfeather^Zelda^A||19520314|F|||12 Elm Street^^Oddville^IL^62704||5556781234||||||123456789\rOBX|1|NM|4548-4^Hemoglobin A1c^LN||7.2|%|||||F|||20240108\rNTE|1||Discussed with Ms. Quillfeather on 01/08/2024\\.br\\A1c 7.2 %\rZPI|1|Zelda Quillfeather|AB778899\r";
    let (out, _) = round(
        text,
        Kind::Hl7,
        &[
            "quillfeather",
            "zelda",
            "778899",
            "123456789",
            "19520314",
            "5556781234",
            "elm street",
            "62704",
            "20240108",
            "01/08/2024",
        ],
        &["|7.2|", "4548-4", "^IL^", "[MRN_", "[SSN_", "\\.br\\A1c 7.2 %"],
    );
    assert!(out.starts_with("MSH|^~\\&|"));
}

#[test]
fn text_by_header() {
    round(
        "Patient: Quillfeather, Zelda\nDOB: 03/14/1952\nMRN: AB-778899\nPCP: Dr. Omar Haddad\n\nZelda reports pain. Haddad agrees. BP 120/80. File AB778899.\n",
        Kind::Text,
        &["quillfeather", "zelda", "haddad", "1952", "778899"],
        &["BP 120/80", "reports pain"],
    );
}

#[test]
fn binary_is_reported() {
    let text = r#"{"resourceType":"DocumentReference","status":"current","content":[{"attachment":{"contentType":"text/plain","data":"WmVsZGE="}}]}"#;
    let (out, replaced) = round(text, Kind::Fhir, &["WmVsZGE="], &["[FILE_1", "text/plain"]);
    assert_eq!(replaced.problems.len(), 1, "{out}");
}

#[test]
fn fhir_answers_go_with_their_questions() {
    let text = r##"{"resourceType":"Bundle","type":"collection","entry":[
{"resource":{"resourceType":"QuestionnaireResponse","status":"completed","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">Knee pain</div>"},"item":[
{"linkId":"1","text":"What is your surname?","answer":[{"valueString":"Quillfeatherby"}]},
{"linkId":"2","text":"Mother's maiden name","answer":[{"valueString":"Vandermolen"}]},
{"linkId":"3","text":"Street","answer":[{"valueString":"Elmgrove 7"}]},
{"linkId":"4","text":"Social security number","answer":[{"valueInteger":123456789}]},
{"linkId":"5","text":"Age","answer":[{"valueInteger":93}]},
{"linkId":"6","text":"Do you smoke?","answer":[{"valueString":"Never"}]},
{"linkId":"7","text":"Heart rate","answer":[{"valueInteger":95}]}]}},
{"resource":{"resourceType":"Observation","status":"final","code":{"text":"Contact phone"},"valueInteger":6174827731,
"component":[{"code":{"text":"Surname"},"valueString":"Kowalczyk"}]}},
{"resource":{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"30525-0"}]},
"valueQuantity":{"value":94,"unit":"a","system":"http://unitsofmeasure.org"}}},
{"resource":{"resourceType":"Condition","onsetAge":{"value":91,"unit":"years","system":"http://unitsofmeasure.org","code":"a"}}},
{"resource":{"resourceType":"FamilyMemberHistory","status":"completed","ageString":"99","note":[{"text":"Quillfeatherby side"}]}}]}"##;
    let (out, replaced) = round_but_numbers(text);
    for value in [
        "Quillfeatherby",
        "Vandermolen",
        "Elmgrove",
        "123456789",
        "6174827731",
        "Kowalczyk",
        ":93",
        ":94",
        ":91",
        "\"99\"",
    ] {
        assert!(!out.contains(value), "{value} is still in {out}");
    }
    for value in [
        "xmlns=\\\"http://www.w3.org/1999/xhtml\\\"",
        "\"system\":\"http://unitsofmeasure.org\",\"code\":\"a\"",
        "Never",
        "valueInteger\":95",
        "Knee pain",
    ] {
        assert!(out.contains(value), "{value} is not in {out}");
    }
    assert!(replaced.problems.is_empty());
}

fn round_but_numbers(text: &str) -> (String, ReplacedDocument) {
    let doc = parse(text, Kind::Fhir);
    let known = Known::from_documents([&doc]);
    let replaced = Pseudonyms::new([7; 32]).replace_document(&doc, &known).unwrap();
    (String::from_utf8(replaced.bytes.clone()).unwrap(), replaced)
}

#[test]
fn keys_that_may_be_content_are_reported() {
    let check = |keys: &str, expect: usize| {
        let text = format!(
            r#"{{"resourceType":"Patient","name":[{{"family":"Vandermolen"}}],"x":{{{keys}}},"vendorField":"a"}}"#
        );
        let (_, replaced) = round_but_numbers(&text);
        let broken = replaced.problems.iter().filter(|problem| problem.broken).count();
        assert_eq!(broken, expect, "{keys}");
        assert!(replaced.problems.iter().all(|problem| !problem.place.contains("ander")));
    };
    check(r#""Vandermolen":1"#, 1);
    check(r#""vandermolen":1,"note_1":2"#, 1);
    check(r#""seen by Dr. Ruiz":1,"MRN123456":{"a":1}"#, 2);
    check(r#""local_code":1,"legacyId":"7""#, 0);
}

#[test]
fn dates_that_are_none_are_text() {
    assert_eq!(date("soon", &Known::default()), [(Span::new(0, 4), Class::Text)]);
    assert_eq!(
        date(" 2024-01-08 ", &Known::default()),
        [(Span::new(1, 11), Class::Day)]
    );
    assert_eq!(date("2024", &Known::default()), []);
    assert_eq!(date("08:30:00", &Known::default()), []);
}

#[test]
fn nothing_unknown_is_harmless() {
    for (key, value, expect) in [
        ("x", "A1234567", &["A1234567"][..]),
        ("x", "2024-01-08", &["2024-01-08"]),
        ("x", "call 555-678-1234", &["555-678-1234"]),
        ("x", "7.25", &[]),
        ("x", "knee pain", &[]),
        // A word that nobody knows, and an element whose name says that it holds a name.
        ("x", "oddfeatherby", &["oddfeatherby"]),
        ("patientName", "hope", &["hope"]),
        ("name", "Oddco", &["Oddco"]),
        ("wards", "Patient/ab", &["ab"]),
    ] {
        for text in [
            format!(r#"{{"resourceType":"Patient","beyond":{{"{key}":"{value}"}}}}"#),
            format!(r#"{{"resourceType":"Beyond","{key}":["{value}"]}}"#),
        ] {
            let doc = parse(&text, Kind::Fhir);
            let plan = plan(&doc, &Known::default());
            let found: Vec<_> = plan.found.iter().map(|one| super::value(&doc, one)).collect();
            assert_eq!(found, expect, "{text}");
        }
    }
}

#[test]
fn extensions_are_read_by_their_addresses() {
    let extension = |url: &str, value: &str| format!(r#"{{"url":"{url}","valueString":"{value}"}}"#);
    let inner = extension("text", "White");
    let text = format!(
        r#"{{"resourceType":"Patient","id":"p","extension":[{},{},{},{},{},{{"url":"http://h.example/us-core-race","extension":[{inner}]}}]}}"#,
        extension("http://h.example/x", "Zebby"),
        extension("http://h.example/y", "Thandeka"),
        extension("http://h.example/z", "Pneumonia"),
        extension("http://h.example/v", "active"),
        extension("http://h.example/patient-nickname", "Sunny"),
    );
    round(
        &text,
        Kind::Fhir,
        &["zebby", "thandeka", "sunny"],
        &["Pneumonia", "active", "White"],
    );
}

#[test]
fn further_given_names_of_a_clinician_are_known() {
    let head = "MSH|^~\\&|LAB|N|||20240108||ADT^A01|1|P|2.5\rPID|1||778899||Quillfeather^Zelda^Ann^Jr\r";
    let text = format!(
        "{head}PV1|1|I|||||4711^Marchetti^Lucia^Ottavia^^Dr^MD|8^Everard^Ann^A^III^^MD||||||A\\T\\E (incl. A\\T\\E)\r\
         NTE|1||Ottavia called, Marchetti O. came; Jr, III and MD stay\r"
    );
    let gone = ["ottavia", "marchetti", "zelda"];
    let (out, _) = round(
        &text,
        Kind::Hl7,
        &gone,
        &["A\\T\\E (incl. A\\T\\E)", "Jr, III and MD stay"],
    );
    assert!(out.ends_with(" stay\r"), "{out}");
}

#[test]
fn local_escapes_go_whole() {
    let head = "MSH|^~\\&|LAB|N|||20240108||ORU^R01|1|P|2.5\rPID|1||778899||Quillfeather^Zelda\r";
    let text = format!(
        "{head}NTE|1||saw \\ZQuillfeather\\, \\ZDr. Nemo Strange 4\\; \\ZB\\bold\\ZE\\, C:\\E\\Zoo\\E\\x, \\H\\high\\N\\\r"
    );
    let doc = parse(&text, Kind::Hl7);
    let mut names = Pseudonyms::new([7; 32]);
    let replaced = names.replace_document(&doc, &Known::from_documents([&doc])).unwrap();
    let out = String::from_utf8(replaced.bytes).unwrap();
    assert!(
        out.contains("NTE|1||saw [TEXT_1") && out.contains("], [TEXT_2"),
        "{out}"
    );
    assert!(
        out.ends_with("]; \\ZB\\bold\\ZE\\, C:\\E\\Zoo\\E\\x, \\H\\high\\N\\\r"),
        "{out}"
    );
    let told: Vec<&str> = replaced.problems.iter().map(|problem| problem.place.as_str()).collect();
    assert_eq!(told, ["NTE-3"]);
    // Read anew, it is the same text.
    let back = names.restore_document(&parse(&out, Kind::Hl7)).unwrap();
    let back = parse(&String::from_utf8(back).unwrap(), Kind::Hl7);
    let texts = |doc: &Doc| doc.fields().iter().map(|field| field.text.clone()).collect::<Vec<_>>();
    assert_eq!(texts(&back), texts(&doc));
}

#[test]
fn known_values_in_coded_fields_go() {
    let patient = r#"{"resourceType":"Patient","id":"p-1","name":[{"family":"Parkinson","given":["Zelda","Will","Ng"]}],
"identifier":[{"value":"778899"}],"telecom":[{"system":"phone","value":"555-678-1234"}],"address":[{"city":"Oddville"}]}"#;
    let observation = r#"{"resourceType":"Observation","status":"final","code":{"coding":[
{"system":"http://loinc.org","code":"4548-4","display":"Parkinson disease of Zelda"},{"code":"Zelda","display":"will NG"}]},
"valueQuantity":{"value":5556781234,"unit":"Oddville/ng"},"component":[{"valueInteger":778899},{"valueQuantity":{"value":150000.25}}]}"#;
    let text =
        format!(r#"{{"resourceType":"Bundle","entry":[{{"resource":{patient}}},{{"resource":{observation}}}]}}"#);
    let doc = parse(&text, Kind::Fhir);
    let known = Known::from_documents([&doc]);
    let replaced = Pseudonyms::new([7; 32]).replace_document(&doc, &known).unwrap();
    let out = String::from_utf8(replaced.bytes).unwrap();
    for value in ["Parkinson", "Zelda", "778899", "5556781234", "Oddville"] {
        assert!(!out.contains(value), "{value} is still in {out}");
    }
    for value in [
        "4548-4",
        "] disease of [",
        "\"will NG\"",
        "/ng\"",
        "150000.25",
        "\"final\"",
        "\"value\":\"[PHONE_",
    ] {
        assert!(out.contains(value), "{value} is not in {out}");
    }
    assert_eq!(parse(&out, Kind::Fhir).fields().len(), doc.fields().len());

    let text = "MSH|^~\\&|LAB|B|C|D|20240108||ORU^R01|1|P|2.5.1\rPID|1||778899^^^OG^MR||Orun^Zelda^CWE\rOBX|1|CWE|4548-4^Zelda A1c^LN||Zelda^Orun^L|Orun|Zelda|zelda\rOBX|2|NM|1-1^x^LN||778899|%\rDG1|1||I10^ORUN \\T\\ Zelda^I10\r";
    let (out, _) = round(
        text,
        Kind::Hl7,
        &["orun", "zelda", "|778899"],
        &["ORU^R01", "|CWE|", "|NM|", "I10"],
    );
    assert!(out.starts_with("MSH|^~\\&|"));
}

#[test]
fn a_facility_of_the_patient_s_name_hides_nothing() {
    let text = "MSH|^~\\&|Lowell|Lowell|C|D|20240108||ORU^R01|1|P|2.5.1\rPID|1||778899^^^OG^MR||Lowell^Amy\r\
        OBX|1|CE|x^Plan^L||X1^Lowell refuses^L\rDG1|1||I10^Dx per Lowell^I10\r";
    round(text, Kind::Hl7, &["lowell", "amy"], &[" refuses^L", "^Dx per "]);
}

#[test]
fn an_answer_is_read_with_its_question() {
    let text = "MSH|^~\\&|A|B|C|D|20240108||ORU^R01|1|P|2.5.1\rPID|1||778899^^^OG^MR||Orun^Amy\r\
        OBX|1|ST|X^Mother maiden name||Quillfeatherby\rOBX|2|NM|X^SSN||123456789\r\
        OBX|3|NM|30525-0^x^LN||93|a\rOBX|4|NM|21612-7||1140|mo\rOBX|5|SN|30525-0^Age^LN||>^94|a\r\
        OBX|6|CE|X^Surname||X1^Vandermolen^L\rOBX|7|NM|718-7^Hb^LN||93|g/L\rOBX|8|NM|30525-0^Age||88|a\r\
        NTE|1||the Quillfeatherby side\r";
    round(
        text,
        Kind::Hl7,
        &["quillfeatherby", "123456789", "||93|a", "1140", "^94", "vandermolen"],
        &["^LN||93|g/L", "||88|a", "^L\r", "|SN|30525-0^Age^LN||>^"],
    );
}

#[test]
fn a_postal_code_of_zeros_is_found_in_notes() {
    let text = "MSH|^~\\&|A|B|C|D|20240108||ORU^R01|1|P|2.5.1\rPID|1||778899^^^OG^MR||Orun^Amy||19520314|F|||1 Elm St^^Oddville^IL^00000\r\
        NTE|1||lives near 00000 now\r";
    round(text, Kind::Hl7, &["00000"], &["lives near ", " now"]);
}

const PIECES: &[&str] = &[
    "<b>",
    "</b>",
    "<td>",
    "<a title=\"Zelda\">",
    "<!-- Dr. Ana Ruiz -->",
    "<",
    ">",
    "&lt;",
    "&#39;",
    "&#x5b;",
    "&",
    "Zelda",
    "Quillan",
    "[NAME_1KR]",
    "NAME&#95;1KR",
    "[NAME_",
    "1KR]",
    "2024-01-08",
    "MRN: 778899",
    "\"",
    "\\",
    "\n",
    "é",
    " ",
    "12",
];

proptest::proptest! {
    #[test]
    fn restore_undoes_replace_in_every_field(
        parts in proptest::collection::vec(proptest::collection::vec(
            proptest::prop_oneof![
                3 => proptest::sample::select(PIECES).prop_map(str::to_owned),
                1 => ".{0,5}",
            ], 0..10).prop_map(|p| p.concat()), 5),
    ) {
        let json = serde_json::json!({
            "resourceType": "Patient", "id": "p-1", "name": [{"family": "Quillan", "given": ["Zelda"], "text": parts[4]}],
            "text": {"status": "generated", "div": parts[0]},
            "birthDate": parts[3], "unheardOf": {"x": parts[1]}, "extension": [{"url": "http://x.example", "valueString": parts[2]}],
            "gender": parts[2],
        });
        let text = json.to_string();
        let doc = parse(&text, Kind::Fhir);
        let known = Known::from_documents([&doc]);
        let mut names = Pseudonyms::new([3; 32]);
        let replaced = names.replace_document(&doc, &known).unwrap();
        let again = parse(std::str::from_utf8(&replaced.bytes).unwrap(), Kind::Fhir);
        let back = names.restore_document(&again).unwrap();
        let back: serde_json::Value = serde_json::from_slice(&back).unwrap();
        proptest::prop_assert_eq!(back, json);
    }
}
