//! `ward deid` from outside: files and folders in, files and folders out.

mod checking;
mod names;
mod people;
mod results;
mod runs;

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Output, Stdio},
};

use crate::support::{
    self,
    ward::{command, folder, run},
};

/// Values that must not be in any result.
const PLANTED: &[&str] = &[
    "quillfeather",
    "zelda",
    "778899",
    "6789",
    "elm street",
    "oddville",
    "5556781234",
];

const NOTE: &str = "Dr. Ann Lee saw Zelda Quillfeather (MRN: AB778899, DOB 3/14/1952) on 2024-01-08.\nMs. Quillfeather lives at 12 Elm Street, Oddville. Call 555-678-1234.\nHbA1c 7.2 %, metformin 500 mg.\n";

const PATIENT: &str = r#"{"resourceType":"Patient","id":"p1","name":[{"family":"Quillfeather","given":["Zelda"]}],"gender":"female","birthDate":"1952-03-14","address":[{"line":["12 Elm Street"],"city":"Oddville","state":"IL","postalCode":"62704"}],"telecom":[{"system":"phone","value":"5556781234"}]}"#;

const HL7: &str = "MSH|^~\\&|LAB|OG|EHR|W|20240108101500||ORU^R01|M42|P|2.5.1\rPID|1||AB778899^^^OG^MR||Quillfeather^Zelda^A||19520314|F|||12 Elm Street^^Oddville^IL^62704||5556781234\rZPI|1|Zelda Quillfeather\rOBX|1|NM|4548-4^Hemoglobin A1c^LN||7.2|%|||||F\rNTE|1||Zelda is well\r";

const CDA: &str = r#"<?xml version="1.0"?>
<ClinicalDocument xmlns="urn:hl7-org:v3"><templateId root="2.16.840.1.113883.10.20.22.1.1"/><id root="1.2.3" extension="AB778899"/>
<recordTarget><patientRole><id extension="AB778899" root="1.2.3"/><addr><streetAddressLine>12 Elm Street</streetAddressLine><city>Oddville</city><state>IL</state></addr>
<telecom value="tel:5556781234"/><patient><name><given>Zelda</given><family>Quillfeather</family></name><administrativeGenderCode code="F" codeSystem="2.16.840.1.113883.5.1"/><birthTime value="19520314"/></patient></patientRole></recordTarget>
<effectiveTime value="20240108101500"/><!-- written for Zelda --><component><section><title>History</title><text><paragraph>zelda quillfeather &amp; her mother live in Oddville. HbA1c <content>7.2 %</content></paragraph></text>
<entry><observation><code code="4548-4" displayName="Hemoglobin A1c"/><value type="PQ" value="7.2" unit="%"/></observation></entry></section></component></ClinicalDocument>
"#;

const TABLE: &str = "person_id,first_name,last_name,zip,sex,dob,hba1c,note\r\n1,Zelda,Quillfeather,62704,F,1952-03-14,7.2,\"Zelda Quillfeather says \"\"ok\"\",\nlives in Oddville.\"\r\n2,Bo,Lind,62799,M,1960-01-01,5.1,Lind is fine\r\n";

fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, bytes).unwrap();
    path
}

fn deid(args: &[&str]) -> Output {
    run(&[&["deid"], args].concat())
}

fn piped(args: &[&str], input: &[u8]) -> Output {
    support::ward::piped(&[&["deid"], args].concat(), input)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

/// The summary of `--json`.
fn summary(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", text(&output.stderr)))
}

fn clean(text: &str) {
    let lower = text.to_lowercase();
    for value in PLANTED {
        assert!(!lower.contains(value), "{value} is still in {text}");
    }
}

fn s(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Everything under a folder, by its way from there, without Ward's own files.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(one) = folders.pop() {
        for entry in fs::read_dir(one).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with(".ward-deid.journal") {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
                found.push((name, fs::read(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

fn names(folder: &Path) -> Vec<String> {
    files(folder).into_iter().map(|(name, _)| name).collect()
}
