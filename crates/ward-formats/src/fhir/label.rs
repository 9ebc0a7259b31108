//! What is asked where a value answers: the text of a question, the code of an observation, the name of a parameter.

use crate::json::{JsonKind, NodeId, Tree};

/// What a number that is an age is called.
pub(super) const AGE: &str = "Age";

/// Youngest age that has to go (45 CFR 164.514(b)(2)(i)(C)).
const OLD: f64 = 90.0;

/// Codes of LOINC and SNOMED CT that ask for an age.
const AGE_CODES: &[&str] = &[
    "30525-0",
    "21612-7",
    "21611-9",
    "29553-5",
    "35659-2",
    "39016-1",
    "63900-5",
    "397669002",
    "424144002",
];

/// True for a value that may answer a question, by the key that it stands under. Others are codes and systems.
pub(super) fn answers(key: &str) -> bool {
    key.starts_with("value") || matches!(key, "text" | "display")
}

/// What the key of an element says when it is a question itself.
pub(super) fn of_key(key: &str) -> Option<&'static str> {
    ["ageString", "deceasedString", "onsetString", "abatementString"]
        .contains(&key)
        .then_some(AGE)
}

/// True for `valueString`, `valueQuantity` ...
pub(super) fn is_choice(key: &str) -> bool {
    key.strip_prefix("value")
        .is_some_and(|of| of.starts_with(|c: char| c.is_ascii_uppercase()))
}

/// What the object `holder` asks, whose member is `value[x]`.
pub(super) fn question(tree: &Tree, holder: NodeId) -> Option<String> {
    let text = |n: NodeId, key: &str| tree.get(n, key).and_then(|v| tree.str(v)).map(str::to_owned);
    if let Some(code) = tree.get(holder, "code").filter(|n| tree.kind(*n) == JsonKind::Object) {
        let codings = || tree.get(code, "coding").into_iter().flat_map(|list| tree.items(list));
        let is_age = |coding: NodeId| {
            tree.get(coding, "code")
                .and_then(|c| tree.str(c))
                .is_some_and(|c| AGE_CODES.contains(&c))
        };
        if codings().any(is_age) {
            return Some(AGE.to_owned());
        }
        return text(code, "text").or_else(|| codings().find_map(|coding| text(coding, "display")));
    }
    // An answer of a QuestionnaireResponse, whose item holds the question.
    let answers = match tree.key(holder) {
        Some("answer") => Some(holder),
        _ => tree.parent(holder).filter(|list| tree.key(*list) == Some("answer")),
    };
    if let Some(item) = answers.and_then(|answers| tree.parent(answers)) {
        return text(item, "text").or_else(|| text(item, "linkId").map(|id| words(&id)));
    }
    if let Some(url) = text(holder, "url") {
        return Some(words(url.rsplit(['/', '#', ':']).next().unwrap_or_default()));
    }
    text(holder, "name").map(|name| words(&name))
}

/// `mothersMaidenName`, `maiden-name` as words.
fn words(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let mut lower = false;
    for c in name.chars() {
        if matches!(c, '-' | '_' | '.') {
            out.push(' ');
        } else {
            if c.is_uppercase() && lower {
                out.push(' ');
            }
            out.push(c);
        }
        lower = c.is_lowercase();
    }
    out
}

/// True when the number `n` is an age of 90 years or more. `typed`: FHIR says that its object is an age; `asked`:
/// what it answers.
pub(super) fn is_old_age(tree: &Tree, n: NodeId, typed: bool, asked: Option<&str>) -> bool {
    let Some(number) = tree.text(n).and_then(|text| text.parse::<f64>().ok()) else {
        return false;
    };
    // Most numbers stop here: in the smallest unit that ages of adults come in, this is too little.
    if number < OLD {
        return false;
    }
    let years = number / per_year(tree, n);
    (OLD..=150.0).contains(&years) && (typed || in_age_range(tree, n) || asked.is_some_and(asks_age))
}

/// How many of the unit of `n` make a year.
fn per_year(tree: &Tree, n: NodeId) -> f64 {
    let unit = |key| {
        let parent = tree.parent(n)?;
        tree.str(tree.get(parent, key)?)
    };
    match unit("code").or_else(|| unit("unit")).unwrap_or_default() {
        "mo" | "month" | "months" => 12.0,
        "wk" | "week" | "weeks" => 52.18,
        "d" | "day" | "days" => 365.25,
        "h" | "hour" | "hours" => 8_766.0,
        "min" | "minute" | "minutes" => 525_960.0,
        _ => 1.0,
    }
}

/// `ageRange.low.value`
fn in_age_range(tree: &Tree, n: NodeId) -> bool {
    let range = tree.parent(n).and_then(|side| {
        let key = tree.key(side)?;
        matches!(key, "low" | "high").then(|| tree.parent(side))?
    });
    range
        .and_then(|range| tree.key(range))
        .is_some_and(|key| matches!(key, "ageRange" | "onsetRange" | "deceasedRange" | "abatementRange"))
}

/// True for a question with the word "age".
fn asks_age(label: &str) -> bool {
    label.split(|c: char| !c.is_alphanumeric()).any(|word| {
        ["age", "aged", "alter", "leeftijd"]
            .iter()
            .any(|age| word.eq_ignore_ascii_case(age))
    }) || label.to_ascii_lowercase().contains("years old")
}
