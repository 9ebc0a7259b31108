//! Values of a record planted where a list of fields forgets to look, and searched for afterwards, in code that shares
//! nothing with what removes them.

use anyhow::{Context as _, Result};
use flate2::read::GzDecoder;
use serde_json::{Map, Value, json};
use std::{
    collections::BTreeSet,
    fs,
    io::Read as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Prints one row a format.
pub(crate) fn run(data: Option<&Path>, ward: &Path, python: Option<&Path>, kit: &Path, folder: &Path) -> Result<()> {
    println!("## Planted values\n\nIn mode tag; \"left\" counts values that stand in an output, once a file.\n");
    println!("| format | files | values searched for | left | remarks |\n|---|---|---|---|---|");
    let Some(data) = data else {
        println!("| - | 0 | - | - | no --data |");
        return Ok(());
    };
    println!("{}", fhir(&data.join("fhir"), ward, &folder.join("fhir"))?);
    println!("{}", hl7(&data.join("hl7"), ward, &folder.join("hl7"))?);
    match python {
        Some(python) => println!(
            "{}",
            dicom(&data.join("dicom"), ward, python, kit, &folder.join("dicom"))?
        ),
        None => println!("| DICOM | 0 | - | - | pydicom plants and checks: run with peers |"),
    }
    Ok(())
}

/// Empty folders for what goes in and what comes out.
fn folders(folder: &Path) -> Result<(PathBuf, PathBuf)> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    let (source, target) = (folder.join("in"), folder.join("out"));
    fs::create_dir_all(&source)?;
    Ok((source, target))
}

fn deidentify(ward: &Path, kind: &str, source: &Path, target: &Path) -> Result<String> {
    let done = Command::new(ward)
        .args(["deid", "--kind", kind, "--out"])
        .arg(target)
        .arg(source)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()?;
    let code = done.status.code().unwrap_or(-1);
    Ok(format!("exit {code}"))
}

fn files(folder: &Path, ending: &str) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|file| file.to_string_lossy().ends_with(ending));
    files.sort();
    Ok(files)
}

/// True when `value` stands in `text` as words of its own; both in lower case.
fn stands(text: &str, value: &str) -> bool {
    text.match_indices(value).any(|(at, _)| {
        let before = text.get(..at).and_then(|head| head.chars().next_back());
        let after = text.get(at + value.len()..).and_then(|tail| tail.chars().next());
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

fn row(format: &str, count: usize, searched: usize, left: &[String], remarks: &str) -> String {
    let places: BTreeSet<&String> = left.iter().collect();
    let examples: Vec<_> = places.iter().take(6).map(|place| place.as_str()).collect();
    let remarks = if examples.is_empty() {
        remarks.to_owned()
    } else {
        format!("{remarks}; {}", examples.join(", "))
    };
    format!("| {format} | {count} | {searched} | {} | {remarks} |", left.len())
}

fn fhir(data: &Path, ward: &Path, folder: &Path) -> Result<String> {
    let (source, target) = folders(folder)?;
    let mut values = Vec::new();
    for file in files(data, ".json.gz")? {
        let mut text = String::new();
        GzDecoder::new(fs::File::open(&file)?)
            .take(256 << 20)
            .read_to_string(&mut text)?;
        let mut bundle: Value = serde_json::from_str(&text).with_context(|| file.display().to_string())?;
        let found = people(&bundle);
        plant(&mut bundle, &found);
        let name = file.file_stem().context("a file without a name")?.to_owned();
        fs::write(source.join(&name), serde_json::to_vec(&bundle)?)?;
        values.push((name, found));
    }
    let exit = deidentify(ward, "fhir", &source, &target)?;
    let (mut left, mut searched) = (Vec::new(), 0);
    for (name, found) in &values {
        let Ok(text) = fs::read_to_string(target.join(name)) else {
            left.push(format!(
                "no output for file {}",
                values.iter().position(|v| v.0 == *name).unwrap_or(0)
            ));
            continue;
        };
        let output: Value = serde_json::from_str(&text)?;
        let mut strings = Vec::new();
        walk(&output, "", &mut |path, value| {
            strings.push((path.to_owned(), value.to_lowercase()))
        });
        for value in found {
            searched += 1;
            let value = value.to_lowercase();
            if let Some((path, _)) = strings.iter().find(|(_, text)| stands(text, &value)) {
                left.push(format!("`{}`", path.trim_start_matches('.')));
            }
        }
    }
    Ok(row("FHIR R4", values.len(), searched, &left, &exit))
}

/// Every string with its path, array positions left out.
fn walk(value: &Value, path: &str, visit: &mut impl FnMut(&str, &str)) {
    match value {
        Value::String(text) => visit(path, text),
        Value::Array(items) => items.iter().for_each(|item| walk(item, path, visit)),
        Value::Object(fields) => fields
            .iter()
            .for_each(|(key, item)| walk(item, &format!("{path}.{key}"), visit)),
        _ => {}
    }
}

/// What the bundle says of its people and places: names, addresses, numbers, the day of birth.
fn people(bundle: &Value) -> BTreeSet<String> {
    let mut values = BTreeSet::new();
    for entry in bundle["entry"].as_array().into_iter().flatten() {
        let resource = &entry["resource"];
        let kind = resource["resourceType"].as_str().unwrap_or_default();
        if !matches!(kind, "Patient" | "Practitioner") {
            continue;
        }
        let mut add = |value: &Value, shortest: usize| {
            if let Some(text) = value
                .as_str()
                .map(str::trim)
                .filter(|text| text.chars().count() >= shortest)
            {
                values.insert(text.to_owned());
            }
        };
        for name in resource["name"].as_array().into_iter().flatten() {
            add(&name["family"], 3);
            name["given"]
                .as_array()
                .into_iter()
                .flatten()
                .for_each(|given| add(given, 3));
        }
        for address in resource["address"].as_array().into_iter().flatten() {
            address["line"]
                .as_array()
                .into_iter()
                .flatten()
                .for_each(|line| add(line, 5));
            add(&address["city"], 4);
            add(&address["postalCode"], 5);
        }
        for contact in resource["telecom"].as_array().into_iter().flatten() {
            add(&contact["value"], 7);
        }
        for identifier in resource["identifier"].as_array().into_iter().flatten() {
            add(&identifier["value"], 6);
        }
        if kind == "Patient" {
            add(&resource["birthDate"], 10);
            add(&resource["id"], 10);
        }
    }
    values
}

/// Puts all values where text may stand: notes, extensions two deep, contained resources, narratives, displays, elements
/// that no version of the standard knows.
fn plant(bundle: &mut Value, values: &BTreeSet<String>) {
    let all = values.iter().cloned().collect::<Vec<_>>().join(", ");
    let text = format!("Seen today. Family and friends: {all}. Will follow up.");
    let extension = json!([{"url": "http://example.org/outer", "extension": [
        {"url": "http://example.org/inner", "valueString": text},
        {"url": "http://example.org/more", "valueAnnotation": {"authorString": all, "text": text}},
    ]}]);
    let mut turn = 0;
    for entry in bundle["entry"].as_array_mut().into_iter().flatten() {
        let Some(resource) = entry["resource"].as_object_mut() else {
            continue;
        };
        if resource.get("resourceType").and_then(Value::as_str) == Some("Patient") {
            continue;
        }
        turn += 1;
        match turn % 40 {
            1 => set(resource, "note", json!([{"text": text}])),
            2 => set(resource, "extension", extension.clone()),
            3 => set(
                resource,
                "contained",
                json!([{"resourceType": "Basic", "id": "c1", "code": {"text": text}, "extension": extension}]),
            ),
            4 => set(
                resource,
                "text",
                json!({"status": "generated", "div": format!("<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>{}</p></div>", text.replace('&', "&amp;").replace('<', "&lt;"))}),
            ),
            5 => set(resource, "subject", json!({"reference": "Patient/x", "display": all})),
            6 => set(resource, "wardUnknownElement", json!({"deep": [{"deeper": text}]})),
            7 => set(resource, "description", json!(text)),
            8 => set(resource, "comment", json!(text)),
            _ => {}
        }
    }
}

fn set(resource: &mut Map<String, Value>, key: &str, value: Value) {
    resource.insert(key.to_owned(), value);
}

fn hl7(data: &Path, ward: &Path, folder: &Path) -> Result<String> {
    let (source, target) = folders(folder)?;
    let mut values = Vec::new();
    for file in files(data, ".hl7")? {
        let text = fs::read_to_string(&file)?.replace("\r\n", "\r").replace('\n', "\r");
        let Some(found) = demographics(&text) else { continue };
        let all = found.iter().cloned().collect::<Vec<_>>().join(", ");
        let planted = format!(
            "{}\rOBX|98|TX|1^note^L||Seen with family: {all}. Stable.||||||F\rNTE|1||Call about {all} tomorrow.\rZWD|1|{all}|x^{all}\r",
            text.trim_end_matches('\r')
        );
        let name = file.file_name().context("a file without a name")?.to_owned();
        fs::write(source.join(&name), planted)?;
        values.push((name, found));
    }
    let exit = deidentify(ward, "hl7", &source, &target)?;
    let (mut left, mut searched) = (Vec::new(), 0);
    for (number, (name, found)) in values.iter().enumerate() {
        let Ok(text) = fs::read_to_string(target.join(name)) else {
            left.push(format!("no output for message {number}"));
            continue;
        };
        for segment in text.to_lowercase().split(['\r', '\n']) {
            for value in found {
                if stands(segment, &value.to_lowercase()) {
                    let place: String = segment.chars().take(3).collect();
                    left.push(format!("{} of message {number}", place.to_uppercase()));
                }
            }
        }
        searched += found.len();
    }
    Ok(row("HL7 v2", values.len(), searched, &left, &exit))
}

/// What PID says of the patient. Names in capitals that are codes elsewhere in the message are left out.
fn demographics(message: &str) -> Option<BTreeSet<String>> {
    let pid = message.split('\r').find(|segment| segment.starts_with("PID|"))?;
    let field = |number: usize| pid.split('|').nth(number).unwrap_or_default();
    let mut values = BTreeSet::new();
    let mut add = |text: &str, shortest: usize| {
        let text = text.trim();
        if text.chars().count() >= shortest && !text.starts_with('"') {
            values.insert(text.to_owned());
        }
    };
    for repetition in field(5).split('~') {
        repetition.split('^').take(2).for_each(|part| add(part, 4));
    }
    for repetition in field(11).split('~') {
        let parts: Vec<&str> = repetition.split('^').collect();
        for (part, shortest) in [(0, 6), (2, 4), (4, 5)] {
            parts.get(part).into_iter().for_each(|text| add(text, shortest));
        }
    }
    for number in [3, 18, 19] {
        field(number)
            .split('~')
            .for_each(|repetition| add(repetition.split('^').next().unwrap_or_default(), 6));
    }
    field(13)
        .split('~')
        .for_each(|repetition| add(repetition.split('^').next().unwrap_or_default(), 7));
    (!values.is_empty()).then_some(values)
}

fn dicom(data: &Path, ward: &Path, python: &Path, kit: &Path, folder: &Path) -> Result<String> {
    let (source, target) = folders(folder)?;
    let values = folder.join("values.txt");
    let script = |action: &str, from: &Path, to: &Path| -> Result<Value> {
        let done = Command::new(python)
            .arg(kit.join("dicom.py"))
            .arg(action)
            .args([from, to, &values])
            .stderr(Stdio::null())
            .output()?;
        serde_json::from_slice(&done.stdout).with_context(|| format!("dicom.py {action}: {}", done.status))
    };
    let planted = script("plant", data, &source)?;
    let exit = deidentify(ward, "dicom", &source, &target)?;
    let checked = script("check", &source, &target)?;
    let searched = fs::read_to_string(&values)?.lines().count();
    let left: Vec<String> = checked["left"]
        .as_object()
        .into_iter()
        .flatten()
        .flat_map(|(value, names)| {
            names
                .as_array()
                .into_iter()
                .flatten()
                .map(move |name| format!("{value} in {name}"))
        })
        .collect();
    let count = |key: &str| checked[key].as_array().map_or(0, Vec::len);
    let remarks = format!(
        "{exit}; {} planted, {} cleaned and read by pydicom, {} unreadable, {} without (0012,0062)",
        planted["planted"],
        checked["read"],
        count("unread"),
        count("unmarked")
    );
    let files = usize::try_from(checked["read"].as_u64().unwrap_or(0))?;
    Ok(row("DICOM", files, searched * files, &left, &remarks))
}
