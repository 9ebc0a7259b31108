//! As much of JSON Schema (drafts 7 and 2020-12) as the official schemas of bills of materials use. It knows every keyword in
//! them that limits anything, formats excepted, and stops at one that it does not know.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;
use serde_json::{Map, Value};

/// Schemas by the name of their file.
pub(crate) struct Schemas(pub(crate) BTreeMap<&'static str, Value>);

/// What a valid object has been asked about: the names of its members.
type Asked = BTreeSet<String>;

/// Keywords that limit nothing.
const NOTES: &[&str] = &[
    "$comment",
    "$id",
    "$schema",
    "$defs",
    "definitions",
    "default",
    "deprecated",
    "description",
    "examples",
    "format",
    "meta:enum",
    "title",
    "then",
    "additionalItems",
];

impl Schemas {
    /// The first thing that is wrong with a document.
    pub(crate) fn fault(&self, file: &'static str, value: &Value) -> Option<String> {
        self.check(file, &self.0[file], value, "").err()
    }

    fn check(&self, file: &'static str, schema: &Value, value: &Value, at: &str) -> Result<Asked, String> {
        let object = match schema {
            Value::Bool(true) => return Ok(Asked::new()),
            Value::Bool(false) => return Err(format!("{at}: not allowed")),
            Value::Object(object) => object,
            _ => panic!("a schema is an object"),
        };
        let mut asked = Asked::new();
        for (word, rule) in object {
            asked.extend(self.keyword(file, object, word, rule, value, at)?);
        }
        // What is left over is judged last: it depends on everything else.
        if object.get("unevaluatedProperties") == Some(&Value::Bool(false))
            && let Value::Object(members) = value
            && let Some(left) = members.keys().find(|name| !asked.contains(*name))
        {
            return Err(format!("{at}: {left} is not expected"));
        }
        Ok(asked)
    }

    fn keyword(
        &self,
        file: &'static str,
        schema: &Map<String, Value>,
        word: &str,
        rule: &Value,
        value: &Value,
        at: &str,
    ) -> Result<Asked, String> {
        let mut asked = Asked::new();
        let wrong = |why: &str| Err(format!("{at}: {why}"));
        match word {
            word if NOTES.contains(&word) => {}
            "unevaluatedProperties" => {}
            "$ref" => {
                let (name, path) = rule
                    .as_str()
                    .unwrap()
                    .split_once('#')
                    .unwrap_or((rule.as_str().unwrap(), ""));
                let file = if name.is_empty() {
                    file
                } else {
                    self.0
                        .keys()
                        .find(|key| name.ends_with(**key))
                        .expect("the schema is here")
                };
                let target = self.0[file].pointer(path).unwrap_or_else(|| panic!("{path} in {file}"));
                return self.check(file, target, value, at);
            }
            "type" => {
                let of = |kind: &str| match kind {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "integer" => value.is_i64() || value.is_u64(),
                    "number" => value.is_number(),
                    "boolean" => value.is_boolean(),
                    "null" => value.is_null(),
                    _ => panic!("type {kind}"),
                };
                let kinds: Vec<&str> = rule.as_array().map_or_else(
                    || vec![rule.as_str().unwrap()],
                    |all| all.iter().map(|one| one.as_str().unwrap()).collect(),
                );
                if !kinds.iter().any(|kind| of(kind)) {
                    return wrong(&format!("is no {kinds:?}"));
                }
            }
            "enum" if !rule.as_array().unwrap().contains(value) => {
                return wrong(&format!("{value} is none of the values"));
            }
            "const" if rule != value => return wrong(&format!("{value} is not {rule}")),
            "enum" | "const" => {}
            "properties" => {
                for (name, inner) in rule.as_object().unwrap() {
                    if let Some(member) = value.get(name) {
                        self.check(file, inner, member, &format!("{at}/{name}"))?;
                        asked.insert(name.clone());
                    }
                }
            }
            "required" => {
                if let Value::Object(members) = value
                    && let Some(missing) = rule
                        .as_array()
                        .unwrap()
                        .iter()
                        .find(|name| !members.contains_key(name.as_str().unwrap()))
                {
                    return wrong(&format!("{missing} is missing"));
                }
            }
            "additionalProperties" => {
                for (name, member) in value.as_object().into_iter().flatten() {
                    if schema.get("properties").is_none_or(|known| known.get(name).is_none()) {
                        self.check(file, rule, member, &format!("{at}/{name}"))?;
                        asked.insert(name.clone());
                    }
                }
            }
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    let inner = rule.as_array().map_or(Some(rule), |all| all.get(index));
                    match inner {
                        Some(inner) => {
                            self.check(file, inner, item, &format!("{at}/{index}"))?;
                        }
                        None if schema.get("additionalItems") == Some(&Value::Bool(false)) => {
                            return wrong("has more items than it may");
                        }
                        None => {}
                    }
                }
            }
            "allOf" => {
                for inner in rule.as_array().unwrap() {
                    asked.extend(self.check(file, inner, value, at)?);
                }
            }
            "anyOf" | "oneOf" => {
                let all = rule.as_array().unwrap();
                let (mut fits, mut why) = (0, String::new());
                for inner in all {
                    match self.check(file, inner, value, at) {
                        Ok(more) => {
                            fits += 1;
                            asked.extend(more);
                        }
                        // The fault that lies deepest tells most.
                        Err(one) if one.len() > why.len() => why = one,
                        Err(_) => {}
                    }
                }
                if fits == 0 || word == "oneOf" && fits > 1 {
                    return Err(if fits == 0 {
                        why
                    } else {
                        format!("{at}: fits {fits} of one")
                    });
                }
            }
            "not" if self.check(file, rule, value, at).is_ok() => return wrong("is what it may not be"),
            "not" => {}
            "if" => {
                if self.check(file, rule, value, at).is_ok()
                    && let Some(then) = schema.get("then")
                {
                    asked.extend(self.check(file, then, value, at)?);
                }
            }
            "pattern" => {
                if let Some(text) = value.as_str() {
                    let pattern = rule.as_str().unwrap();
                    // The one pattern that looks ahead.
                    let (pattern, ahead) = match pattern.strip_prefix("^(?!_:)") {
                        Some(rest) => (format!("^{rest}"), text.starts_with("_:")),
                        None => (pattern.to_owned(), false),
                    };
                    if ahead || !Regex::new(&pattern).unwrap().is_match(text) {
                        return wrong(&format!("{text:?} is not of the form {rule}"));
                    }
                }
            }
            "minItems"
                if value
                    .as_array()
                    .is_some_and(|all| (all.len() as u64) < rule.as_u64().unwrap()) =>
            {
                return wrong("has too few items");
            }
            "maxItems"
                if value
                    .as_array()
                    .is_some_and(|all| all.len() as u64 > rule.as_u64().unwrap()) =>
            {
                return wrong("has too many items");
            }
            "minLength"
                if value
                    .as_str()
                    .is_some_and(|text| (text.chars().count() as u64) < rule.as_u64().unwrap()) =>
            {
                return wrong("is too short");
            }
            "maxLength"
                if value
                    .as_str()
                    .is_some_and(|text| text.chars().count() as u64 > rule.as_u64().unwrap()) =>
            {
                return wrong("is too long");
            }
            "minimum" if value.as_f64().is_some_and(|number| number < rule.as_f64().unwrap()) => {
                return wrong("is too small");
            }
            "maximum" if value.as_f64().is_some_and(|number| number > rule.as_f64().unwrap()) => {
                return wrong("is too large");
            }
            "uniqueItems" => {
                let all: Vec<String> = value.as_array().into_iter().flatten().map(Value::to_string).collect();
                if all.iter().collect::<BTreeSet<_>>().len() < all.len() {
                    return wrong("has an item twice");
                }
            }
            "minItems" | "maxItems" | "minLength" | "maxLength" | "minimum" | "maximum" => {}
            other => panic!("the keyword {other} is not known"),
        }
        Ok(asked)
    }
}
