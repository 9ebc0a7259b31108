//! Models and data sets: the classes AIPackage and DatasetPackage of SPDX 3.0.1, and what their profiles ask for.

use serde_json::{Map, Value, json};

use super::{
    super::{Bom, Kind, Model, Part, cyclonedx},
    Document,
};
use crate::suppress::Day;

/// What stands for a licence that nobody names (model ExpandedLicensing).
const NO_ASSERTION: &str = "expandedlicensing_NoAssertionLicense";

/// Whether a part is a model or a data set.
pub(super) fn is_one(part: &Part) -> bool {
    matches!(part.kind, Kind::Model | Kind::Data)
}

/// The profiles that a bill conforms with, and a sentence for each that it has elements of and lacks something for.
///
/// AI asks of every AIPackage a supplier, a location, a version and a time of release, Dataset of every DatasetPackage who
/// made it, when, and the same (SPDX 3.0.1, restrictions of external properties of the two classes); both ask for exactly
/// one declared and one concluded licence.
pub(super) fn profiles(bom: &Bom) -> (Vec<&'static str>, Vec<String>) {
    let mut profiles = vec!["core", "software", "simpleLicensing"];
    let mut lacks = Vec::new();
    for (kind, profile, what) in [(Kind::Model, "ai", "models"), (Kind::Data, "dataset", "data sets")] {
        let parts: Vec<&Part> = bom.parts.values().filter(|part| part.kind == kind).collect();
        let missing: Vec<Vec<&str>> = parts.iter().map(|part| part.supplied.lacks(kind)).collect();
        let incomplete = missing.iter().filter(|one| !one.is_empty()).count();
        if parts.is_empty() {
            continue;
        }
        if incomplete == 0 {
            profiles.push(profile);
            continue;
        }
        let mut fields: Vec<&str> = missing.concat();
        fields.sort_unstable();
        fields.dedup();
        lacks.push(format!(
            "Conformance with the profile {profile} is not claimed: of {} {what}, {incomplete} lack something that it asks for ({}); \
            [[scan.supplied]] of ward.toml can say it.",
            parts.len(),
            fields.join(", ")
        ));
    }
    (profiles, lacks)
}

impl Document {
    /// The fields of a model or a data set.
    pub(super) fn artefact(&mut self, part: &Part, fields: &mut Map<String, Value>) {
        let supplied = &part.supplied;
        let time = |day: Day| json!(cyclonedx::time(day.saturating_mul(86_400)));
        let agent = supplied.by.as_deref().map(|name| self.agent(name));
        let mut put = |key: &str, value: Value| fields.insert(key.to_owned(), value);
        if let Some(location) = &supplied.location {
            put("software_downloadLocation", json!(location));
        }
        if let Some(day) = supplied.released {
            put("releaseTime", time(day));
        }
        if let Some(day) = supplied.built {
            put("builtTime", time(day));
        }
        let known = part.model.as_ref();
        if part.kind == Kind::Data {
            if let Some(agent) = agent {
                put("originatedBy", json!([agent]));
            }
            data(known, &mut put);
        } else {
            if let Some(agent) = agent {
                put("suppliedBy", json!(agent));
            }
            // Nothing of a file says so, and a reader should not take silence for no.
            put("ai_useSensitivePersonalInformation", json!("noAssertion"));
            put("ai_autonomyType", json!("noAssertion"));
            if let Some(known) = known {
                model(known, &mut put);
            }
        }
    }

    /// Exactly one licence that is declared, and one that is concluded: Ward concludes none.
    pub(super) fn licences_of_artefact(&mut self, id: &str, declared: bool) {
        let nobody = [NO_ASSERTION.to_owned()];
        if !declared {
            self.relation(id, "hasDeclaredLicense", &nobody, "noAssertion", None);
        }
        self.relation(id, "hasConcludedLicense", &nobody, "noAssertion", None);
    }

    /// The element of a supplier.
    fn agent(&mut self, name: &str) -> String {
        if let Some(id) = self.agents.get(name) {
            return id.clone();
        }
        let id = self.id(&format!("supplier-{}", self.agents.len() + 1));
        self.element("Agent", &id, json!({"name": name}));
        self.agents.insert(name.to_owned(), id.clone());
        id
    }
}

fn model(model: &Model, put: &mut impl FnMut(&str, Value) -> Option<Value>) {
    let family = model
        .weights
        .as_ref()
        .and_then(|one| one.architecture.clone())
        .or_else(|| model.config.as_ref()?.family.clone());
    if let Some(family) = family {
        put("ai_typeOfModel", json!([family]));
    }
    let mut entries: Vec<(&str, String)> = Vec::new();
    if let Some(weights) = &model.weights {
        entries.push(("format", weights.format.to_owned()));
        entries.extend(weights.parameters.map(|count| ("parameters", count.to_string())));
        entries.extend(weights.quantisation.clone().map(|kind| ("quantisation", kind)));
        entries.extend(weights.tokenizer.clone().map(|kind| ("tokenizer", kind)));
        entries.extend(weights.context.map(|count| ("context length", count.to_string())));
    }
    if !entries.is_empty() {
        put("ai_hyperparameter", dictionary(&entries));
    }
    let Some(card) = &model.card else { return };
    if !card.tasks.is_empty() {
        put("ai_domain", json!(card.tasks));
    }
    if !card.datasets.is_empty() {
        put(
            "ai_informationAboutTraining",
            json!(format!("The card names these data sets: {}", card.datasets.join(", "))),
        );
    }
    let about = [
        (card.languages.join(", "), "languages"),
        (card.library.clone().unwrap_or_default(), "loaded with"),
    ];
    let about: Vec<String> = about
        .iter()
        .filter(|(text, _)| !text.is_empty())
        .map(|(text, what)| format!("{what}: {text}"))
        .collect();
    if !about.is_empty() {
        put(
            "ai_informationAboutApplication",
            json!(format!("The card says {}", about.join("; "))),
        );
    }
    let metrics: Vec<(&str, String)> = card
        .metrics
        .iter()
        .map(|(name, value)| (name.as_str(), value.clone()))
        .collect();
    if !metrics.is_empty() {
        put("ai_metric", dictionary(&metrics));
    }
}

fn data(known: Option<&Model>, put: &mut impl FnMut(&str, Value) -> Option<Value>) {
    let card = known.and_then(|known| known.card.as_ref());
    let tasks = card.map(|card| card.tasks.as_slice()).unwrap_or_default();
    let mut kinds: Vec<&str> = tasks.iter().filter_map(|task| kind_of(task)).collect();
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.is_empty() {
        kinds.push("noAssertion");
    }
    put("dataset_datasetType", json!(kinds));
    put("dataset_hasSensitivePersonalInformation", json!("noAssertion"));
    if !tasks.is_empty() {
        put("dataset_intendedUse", json!(tasks.join(", ")));
    }
}

/// The kind of data that a task of the hub works on (its list of tasks; DatasetType of SPDX).
fn kind_of(task: &str) -> Option<&'static str> {
    Some(match task {
        "translation"
        | "summarization"
        | "question-answering"
        | "fill-mask"
        | "token-classification"
        | "sentence-similarity"
        | "zero-shot-classification" => "text",
        "object-detection" | "depth-estimation" => "image",
        "automatic-speech-recognition" | "voice-activity-detection" => "audio",
        "time-series-forecasting" => "timeseries",
        task => match task.split_once('-')?.0 {
            "text" => "text",
            "image" => "image",
            "audio" => "audio",
            "video" => "video",
            "tabular" => "structured",
            "graph" => "graph",
            _ => return None,
        },
    })
}

fn dictionary(entries: &[(&str, String)]) -> Value {
    let entry = |(key, value): &(&str, String)| json!({"type": "DictionaryEntry", "key": key, "value": value});
    entries.iter().map(entry).collect()
}
