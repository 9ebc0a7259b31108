//! CycloneDX 1.6 (ECMA-424), with model cards for models (ML-BOM).

use serde_json::{Map, Value, json};
use ward_seal::hash;

use super::{Bom, Kind, Model, Part};
use crate::{inventory::Scope, suppress};

/// Seconds of a day.
const DAY: i64 = 86_400;

/// When a bill was made, as RFC 3339 in UTC. `seconds` count from 1970.
#[must_use]
pub fn time(seconds: i64) -> String {
    let (day, rest) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY));
    format!(
        "{}T{:02}:{:02}:{:02}Z",
        suppress::write_day(day),
        rest / 3600,
        rest / 60 % 60,
        rest % 60
    )
}

/// A UUID of version 8 (RFC 9562) made of a digest: the same content has the same number, in whatever order its fields are held.
#[must_use]
pub fn uuid(content: &Value) -> String {
    let mut content = content.clone();
    content.sort_all_objects();
    let mut bytes = [0_u8; 16];
    bytes.copy_from_slice(
        hash::sha256(content.to_string().as_bytes())
            .get(..16)
            .unwrap_or(&[0; 16]),
    );
    if let Some(byte) = bytes.get_mut(6) {
        *byte = *byte & 0x0f | 0x80;
    }
    if let Some(byte) = bytes.get_mut(8) {
        *byte = *byte & 0x3f | 0x80;
    }
    let digits = hash::hex(&bytes);
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    format!(
        "{}-{}-{}-{}-{}",
        part(0, 8),
        part(8, 12),
        part(12, 16),
        part(16, 20),
        part(20, 32)
    )
}

/// The reference of the project itself.
pub(super) const ROOT: &str = "project";

/// The bill as a document. `made` is in seconds since 1970; everything else, the serial number too, depends on the content
/// alone.
#[must_use]
pub fn value(bom: &Bom, made: i64) -> Value {
    let mut components: Vec<Value> = bom
        .parts
        .iter()
        .map(|(reference, part)| component(reference, part))
        .collect();
    let unknown: Vec<String> = bom
        .unknown
        .iter()
        .enumerate()
        .map(|(at, _)| format!("not-examined:{at}"))
        .collect();
    for (reference, one) in unknown.iter().zip(&bom.unknown) {
        components.push(json!({
            "type": "file",
            "bom-ref": reference,
            "name": one.at.full_path(),
            "description": "This file was not (wholly) examined: what it names is missing here.",
            "properties": [{"name": "ward:not-examined", "value": one.reason}],
        }));
    }
    let mut compositions = vec![json!({
        "aggregate": if bom.is_incomplete() || bom.parts.values().any(|part| part.version.is_none() && part.ecosystem.is_some()) { "incomplete" } else { "unknown" },
        "assemblies": [ROOT],
    })];
    if !unknown.is_empty() {
        compositions.push(json!({"aggregate": "unknown", "assemblies": unknown}));
    }
    let mut subject = json!({"type": "application", "bom-ref": ROOT, "name": bom.subject.name});
    if let Some(version) = &bom.subject.version {
        subject["version"] = json!(version);
    }
    if let Some(licence) = &bom.subject.licence {
        subject["licenses"] = licences(licence, true);
    }
    let mut document = json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "lifecycles": [{"phase": "pre-build"}],
            "tools": {"components": [{"type": "application", "name": "ward", "version": env!("CARGO_PKG_VERSION")}]},
            "component": subject,
        },
        "components": components,
        "dependencies": dependencies(bom),
        "compositions": compositions,
    });
    document["serialNumber"] = json!(format!("urn:uuid:{}", uuid(&document)));
    document["metadata"]["timestamp"] = json!(time(made));
    document
}

fn dependencies(bom: &Bom) -> Vec<Value> {
    let of = |reference: &str| {
        bom.needs
            .get(reference)
            .map(|needs| needs.iter().collect::<Vec<_>>())
            .unwrap_or_default()
    };
    let one = |name: &str, needs: Vec<&String>| {
        if needs.is_empty() {
            json!({"ref": name})
        } else {
            json!({"ref": name, "dependsOn": needs})
        }
    };
    let mut all = vec![one(ROOT, of(""))];
    all.extend(bom.parts.keys().map(|reference| one(reference, of(reference))));
    all
}

/// One licence or expression in CycloneDX's form. A licence of Ward's own list has a name and no identifier.
fn licences(text: &str, expression: bool) -> Value {
    if expression && !text.contains("LicenseRef-") {
        json!([{"expression": text, "acknowledgement": "declared"}])
    } else {
        json!([{"license": {"name": text, "acknowledgement": "declared"}}])
    }
}

fn component(reference: &str, part: &Part) -> Value {
    let mut out = Map::new();
    let kind = match part.kind {
        Kind::Library | Kind::System => "library",
        Kind::Container => "container",
        Kind::Action => "application",
        Kind::Model => "machine-learning-model",
        Kind::Data => "data",
    };
    let mut put = |key: &str, value: Value| out.insert(key.to_owned(), value);
    put("type", json!(kind));
    put("bom-ref", json!(reference));
    let (group, name) = match part.name.rsplit_once('/') {
        Some((group, name)) if part.ecosystem.is_some() && !group.is_empty() && !name.is_empty() => (Some(group), name),
        _ => (None, part.name.as_str()),
    };
    if let Some(group) = group {
        put("group", json!(group));
    }
    put("name", json!(name));
    if let Some(by) = &part.supplied.by {
        put("supplier", json!({"name": by}));
    }
    if let Some(version) = &part.version {
        put("version", json!(version));
    }
    if let Some(purl) = &part.purl {
        put("purl", json!(purl));
    }
    if part.kind == Kind::Library {
        put(
            "scope",
            json!(match part.scope {
                Scope::Run => "required",
                Scope::Optional(_) => "optional",
                Scope::Build | Scope::Development => "excluded",
            }),
        );
    }
    if !part.hashes.is_empty() {
        put(
            "hashes",
            part.hashes
                .iter()
                .map(|(algorithm, digits)| json!({"alg": algorithm, "content": digits}))
                .collect(),
        );
    }
    if let Some(licence) = &part.licence {
        put("licenses", licences(licence, part.licence_is_expression));
    }
    let places = part
        .places
        .iter()
        .map(|place| json!({"location": place.path, "line": place.line}));
    put("evidence", json!({"occurrences": places.collect::<Vec<_>>()}));
    if let Some((kind, url)) = &part.fetched
        && *kind != "local"
    {
        put("externalReferences", json!([{"type": kind, "url": url}]));
    }
    if part.kind == Kind::Model {
        put("modelCard", card(part.model.as_ref()));
    }
    if part.kind == Kind::Data {
        put("data", json!([{"type": "dataset", "name": part.name}]));
    }
    let properties = properties(part);
    if !properties.is_empty() {
        put(
            "properties",
            properties
                .into_iter()
                .map(|(name, value)| json!({"name": name, "value": value}))
                .collect(),
        );
    }
    Value::Object(out)
}

/// What has no field of its own.
fn properties(part: &Part) -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    if let Some(ecosystem) = part.ecosystem {
        all.push(("ward:ecosystem", ecosystem.name().to_owned()));
    }
    for place in &part.places {
        if let Some(wanted) = &place.wanted {
            all.push(("ward:wanted", format!("{wanted} ({}:{})", place.path, place.line)));
        }
        if let Some(marker) = &place.marker {
            all.push(("ward:marker", format!("{marker} ({}:{})", place.path, place.line)));
        }
    }
    match &part.scope {
        Scope::Run => {}
        Scope::Build => all.push(("ward:scope", "build".to_owned())),
        Scope::Development => all.push(("ward:scope", "development".to_owned())),
        Scope::Optional(extra) => all.push(("ward:scope", format!("extra {extra}"))),
    }
    if let Some(("local", path)) = &part.fetched {
        all.push(("ward:local", path.clone()));
    }
    if part.licence.is_none() && matches!(part.kind, Kind::Library | Kind::Model | Kind::Data) {
        all.push(("ward:licence", "unknown".to_owned()));
    }
    if let Some(weights) = part.model.as_ref().and_then(|model| model.weights.as_ref()) {
        all.push(("ward:model:format", weights.format.to_owned()));
        all.push(("ward:model:bytes", weights.bytes.to_string()));
        let optional = [
            (
                "ward:model:parameters",
                weights.parameters.map(|count| count.to_string()),
            ),
            ("ward:model:quantisation", weights.quantisation.clone()),
            ("ward:model:tokenizer", weights.tokenizer.clone()),
            ("ward:model:context", weights.context.map(|count| count.to_string())),
            ("ward:model:pointer", weights.pointer.then(|| "git-lfs".to_owned())),
        ];
        all.extend(optional.into_iter().filter_map(|(name, value)| Some((name, value?))));
    }
    if let Some(config) = part.model.as_ref().and_then(|model| model.config.as_ref()) {
        let optional = [
            ("ward:model:numbers", &config.numbers),
            ("ward:model:quantised-by", &config.quantisation),
        ];
        all.extend(
            optional
                .into_iter()
                .filter_map(|(name, value)| Some((name, value.clone()?))),
        );
    }
    if let Some(card) = part.model.as_ref().and_then(|model| model.card.as_ref()) {
        all.extend(
            card.languages
                .iter()
                .map(|language| ("ward:card:language", language.clone())),
        );
        all.extend(
            card.library
                .iter()
                .map(|library| ("ward:card:library", library.clone())),
        );
        all.extend(
            card.licence_link
                .iter()
                .map(|link| ("ward:card:licence-link", link.clone())),
        );
        all.extend(
            card.base_models
                .iter()
                .map(|base| ("ward:card:base-model", base.clone())),
        );
    }
    all
}

/// The model card: what is known, and nothing else.
fn card(model: Option<&Model>) -> Value {
    let mut parameters = Map::new();
    let weights = model.and_then(|model| model.weights.as_ref());
    let config = model.and_then(|model| model.config.as_ref());
    let card = model.and_then(|model| model.card.as_ref());
    if let Some(task) = card.and_then(|card| card.tasks.first()) {
        parameters.insert("task".to_owned(), json!(task));
    }
    let family = weights
        .and_then(|one| one.architecture.clone())
        .or_else(|| config.and_then(|one| one.family.clone()));
    if let Some(family) = family {
        parameters.insert("architectureFamily".to_owned(), json!(family));
    }
    if let Some(architecture) = config.and_then(|one| one.architectures.first()) {
        parameters.insert("modelArchitecture".to_owned(), json!(architecture));
    }
    if let Some(card) = card.filter(|card| !card.datasets.is_empty()) {
        let data = card
            .datasets
            .iter()
            .map(|name| json!({"type": "dataset", "name": name}));
        parameters.insert("datasets".to_owned(), data.collect());
    }
    let mut out = Map::new();
    if !parameters.is_empty() {
        out.insert("modelParameters".to_owned(), Value::Object(parameters));
    }
    if let Some(card) = card.filter(|card| card.tasks.len() > 1) {
        out.insert("considerations".to_owned(), json!({"useCases": card.tasks}));
    }
    if let Some(card) = card.filter(|card| !card.metrics.is_empty()) {
        let metrics: Value = card
            .metrics
            .iter()
            .map(|(name, value)| json!({"type": name, "value": value}))
            .collect();
        out.insert(
            "quantitativeAnalysis".to_owned(),
            json!({"performanceMetrics": metrics}),
        );
    }
    Value::Object(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_numbers_are_written() {
        assert_eq!(time(0), "1970-01-01T00:00:00Z");
        assert_eq!(time(1_709_210_096), "2024-02-29T12:34:56Z");
        let one = uuid(&json!("a"));
        assert_eq!((one.len(), one.get(14..15)), (36, Some("8")));
        assert_ne!(one, uuid(&json!("b")));
    }
}
