//! Runs the fuzz bodies over their corpora, and over mutations of them.

#![expect(unreachable_pub, reason = "the fuzz bodies are shared with the fuzz targets")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail loudly")]

#[path = "../../../fuzz/bodies/delimited.rs"]
mod delimited;
#[path = "../../../fuzz/bodies/dicom_parse.rs"]
mod dicom_parse;
#[path = "../../../fuzz/bodies/fhir.rs"]
mod fhir;
#[path = "../../../fuzz/bodies/hl7.rs"]
mod hl7;
#[path = "../../../fuzz/bodies/json.rs"]
mod json;
#[path = "../../../fuzz/bodies/json_values.rs"]
mod json_values;
#[path = "../../../fuzz/bodies/pickle.rs"]
mod pickle;
#[path = "../../../fuzz/replay.rs"]
mod replay;
#[path = "../../../fuzz/bodies/shell.rs"]
mod shell;
#[path = "../../../fuzz/bodies/splicing.rs"]
mod splicing;
#[path = "../../../fuzz/bodies/text.rs"]
mod text;
#[path = "../../../fuzz/bodies/xml.rs"]
mod xml;
#[path = "../../../fuzz/bodies/yaml.rs"]
mod yaml;
#[path = "../../../fuzz/bodies/zip.rs"]
mod zip;

use proptest::prelude::*;

/// See [`replay::mutated`].
fn over(name: &str, run: fn(&[u8])) {
    replay::mutated(
        &replay::corpus(name, 4),
        25,
        &[b'"', b'\\', b'|', b'\r', 0xff, b'{'],
        run,
    );
}

#[test]
fn json_corpus() {
    over("json", json::run);
}

#[test]
fn dicom_corpus() {
    over("dicom_parse", dicom_parse::run);
}

#[test]
fn delimited_corpus() {
    over("delimited", delimited::run);
}

#[test]
fn json_values_corpus() {
    over("json_values", json_values::run);
    over("json", json_values::run);
}

#[test]
fn xml_corpus() {
    over("xml", xml::run);
}

#[test]
fn fhir_corpus() {
    over("fhir", fhir::run);
}

#[test]
fn hl7_corpus() {
    over("hl7", hl7::run);
}

#[test]
fn pickle_corpus() {
    over("pickle", pickle::run);
}

#[test]
fn yaml_corpus() {
    over("yaml", yaml::run);
}

#[test]
fn shell_corpus() {
    over("shell", shell::run);
}

#[test]
fn zip_corpus() {
    over("zip", zip::run);
}

#[test]
fn text_corpus() {
    over("text", text::run);
}

/// A file of the corpus with some bytes replaced, removed and put in.
fn mutated(name: &'static str) -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<prop::sample::Index>(), 0..3u8, any::<u8>());
    let file = prop::sample::select(replay::corpus(name, 4));
    (file, prop::collection::vec(change, 0..6)).prop_map(|(mut file, changes)| {
        for (at, how, byte) in changes {
            let at = at.index(file.len() + 1);
            match how {
                0 => file.insert(at, byte),
                1 if at < file.len() => file[at] = byte,
                _ if at < file.len() => drop(file.remove(at)),
                _ => {}
            }
        }
        file
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(data in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = ward_formats::sniff::kind(&data);
        json::run(&data);
        fhir::run(&data);
        hl7::run(&data);
        text::run(&data);
        pickle::run(&data);
        zip::run(&data);
        yaml::run(&data);
        shell::run(&data);
        dicom_parse::run(&data);
    }

    #[test]
    fn mutated_dicom(data in mutated("dicom_parse")) {
        dicom_parse::run(&data);
    }

    #[test]
    fn mutated_tables(data in mutated("delimited")) {
        delimited::run(&data);
    }

    #[test]
    fn mutated_xml(data in mutated("xml")) {
        xml::run(&data);
    }

    #[test]
    fn mutated_json_values(data in mutated("json_values")) {
        json_values::run(&data);
    }

    #[test]
    fn mutated_pickle(data in mutated("pickle")) {
        pickle::run(&data);
    }

    #[test]
    fn mutated_yaml(data in mutated("yaml")) {
        yaml::run(&data);
    }

    #[test]
    fn yaml_of_any_marks(text in "[-a:?,&*!|>'\"{}#%@ \\[\\]\n\t]{0,60}") {
        yaml::run(text.as_bytes());
    }

    #[test]
    fn mutated_shell(data in mutated("shell")) {
        shell::run(&data);
    }

    #[test]
    fn shell_of_any_marks(text in "[a2é$`(){}<>&|;'\"#\\\\ \n\t-]{0,60}") {
        shell::run(text.as_bytes());
    }

    #[test]
    fn mutated_zip(data in mutated("zip")) {
        zip::run(&data);
    }

    #[test]
    fn mutated_json(data in mutated("json")) {
        json::run(&data);
    }

    #[test]
    fn mutated_fhir(data in mutated("fhir")) {
        fhir::run(&data);
    }

    #[test]
    fn mutated_hl7(data in mutated("hl7")) {
        hl7::run(&data);
    }

    #[test]
    fn hl7_of_any_texts(texts in prop::collection::vec("[ -~éß\\\\|^&~]{0,12}", 1..8), ends in "[\r\n]{1,2}") {
        let body = texts.join("|");
        let message = format!("MSH|^~\\&|A|B|||20240101||ADT^A01|1{ends}PID|{body}{ends}ZXX|{body}{ends}{body}");
        hl7::run(message.as_bytes());
    }

    #[test]
    fn fhir_of_any_texts(texts in prop::collection::vec(any::<String>(), 3)) {
        let value = serde_json::json!({
            "resourceType": "Patient", "id": texts[0], "name": [{"family": texts[1], "given": [texts[2], texts[0]]}],
            "text": {"div": texts[2]}, texts[1].clone(): texts[0], "unknown": [1, true, null, texts[2]],
        });
        fhir::run(value.to_string().as_bytes());
        fhir::run(serde_json::to_string_pretty(&value).unwrap().as_bytes());
    }

    #[test]
    fn text_of_any_characters(text in any::<String>()) {
        text::run(text.as_bytes());
    }
}
