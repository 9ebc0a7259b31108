//! Calls of tools that an answer asks for, against a list of the operator's.
//!
//! A model that may call tools can be made to call them. So no call passes unless the operator named the tool and said, as a
//! schema, what its arguments may be. A call that changes something asks for a person's approval, always: somebody else's words
//! may stand behind it, in a record, in what a tool gave back, in a picture, or in a short note that was typed with the
//! question and that nobody can tell from the question.
//!
//! The schema is a part of JSON Schema (draft 2020-12) that can be checked in linear time: `type`, `enum`, `properties`,
//! `required`, `items`, `minLength`, `maxLength`, `minimum`, `maximum`, `minItems`, `maxItems`. Objects take no properties but
//! those named, whatever `additionalProperties` says. A schema with any other keyword is refused when it is read, not when
//! it is used.

use ward_formats::{
    Budget,
    json::{JsonKind, NodeId, Tree},
};

/// Most calls of one answer.
pub const MOST_CALLS: usize = 16;
/// Most bytes of the arguments of one call.
pub const MOST_ARGUMENTS: usize = 64 << 10;
/// Deepest schema.
const DEEPEST: usize = 32;

/// Why a tool cannot be put on the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SchemaError {
    /// The schema is not JSON, or too deep.
    NotJson,
    /// A keyword that is not checked, so that it would be ignored.
    Keyword,
    /// A keyword with a value of the wrong type.
    Value,
}

/// A tool that an answer may call.
#[derive(Clone)]
pub struct Tool {
    name: String,
    /// As it was written, for the engine.
    schema: String,
    changes: bool,
    root: Shape,
}

impl std::fmt::Debug for Tool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tool").field("name", &self.name).finish_non_exhaustive()
    }
}

impl PartialEq for Tool {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.changes == other.changes && self.root == other.root
    }
}

/// What a value may be.
#[derive(Debug, Clone, PartialEq, Default)]
struct Shape {
    kinds: Vec<&'static str>,
    one_of: Option<Vec<String>>,
    properties: Vec<(String, Shape)>,
    required: Vec<String>,
    items: Option<Box<Shape>>,
    length: (Option<u64>, Option<u64>),
    range: (Option<f64>, Option<f64>),
    count: (Option<u64>, Option<u64>),
}

impl Tool {
    /// A tool with the schema of its arguments. `changes`: it does more than look something up.
    ///
    /// # Errors
    /// [`SchemaError`] when the schema is not one that is checked whole.
    pub fn new(name: &str, schema: &str, changes: bool) -> Result<Self, SchemaError> {
        let tree = Tree::parse(schema.as_bytes(), Budget::RECORD).map_err(|_| SchemaError::NotJson)?;
        Ok(Self {
            name: name.to_owned(),
            schema: schema.to_owned(),
            changes,
            root: shape(&tree, tree.root(), 0)?,
        })
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The schema of its arguments, as JSON.
    #[must_use]
    pub fn schema(&self) -> &str {
        &self.schema
    }

    /// Whether it does more than look something up.
    #[must_use]
    pub fn changes(&self) -> bool {
        self.changes
    }
}

/// What becomes of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It may be made.
    Allowed,
    /// It may be made once a person has approved it.
    NeedsApproval,
    /// Nobody named this tool.
    NotListed,
    /// Its arguments are not what the schema says, or not JSON.
    WrongArguments,
}

/// Judges a call.
#[must_use]
pub fn judge(tools: &[Tool], name: &str, arguments: &str) -> Verdict {
    let Some(tool) = tools.iter().find(|tool| tool.name == name) else {
        return Verdict::NotListed;
    };
    if arguments.len() > MOST_ARGUMENTS {
        return Verdict::WrongArguments;
    }
    let Ok(tree) = Tree::parse(arguments.as_bytes(), Budget::RECORD) else {
        return Verdict::WrongArguments;
    };
    // Two members of one name are two meanings.
    if !tree.duplicate_keys().is_empty() || !fits(&tool.root, &tree, tree.root()) {
        return Verdict::WrongArguments;
    }
    if tool.changes {
        Verdict::NeedsApproval
    } else {
        Verdict::Allowed
    }
}

const KINDS: &[&str] = &["object", "array", "string", "number", "integer", "boolean", "null"];

fn shape(tree: &Tree, node: NodeId, depth: usize) -> Result<Shape, SchemaError> {
    if depth > DEEPEST {
        return Err(SchemaError::NotJson);
    }
    if tree.kind(node) != JsonKind::Object {
        return Err(SchemaError::Value);
    }
    let mut shape_of = Shape::default();
    let text = |node| tree.str(node).ok_or(SchemaError::Value);
    let whole = |node| {
        number(tree, node)
            .filter(|n| *n >= 0.0 && n.fract() == 0.0)
            .map(|n| n as u64)
            .ok_or(SchemaError::Value)
    };
    for (keyword, value) in tree.members(node) {
        match keyword {
            "type" => {
                let names: Vec<&str> = match tree.kind(value) {
                    JsonKind::Array => tree.items(value).map(text).collect::<Result<_, _>>()?,
                    _ => vec![text(value)?],
                };
                for name in names {
                    let kind = KINDS.iter().find(|kind| **kind == name).ok_or(SchemaError::Value)?;
                    shape_of.kinds.push(kind);
                }
            }
            "enum" => {
                let values = tree.items(value).map(|item| text(item).map(str::to_owned));
                shape_of.one_of = Some(values.collect::<Result<_, _>>()?);
            }
            "properties" => {
                for (name, property) in tree.members(value) {
                    shape_of
                        .properties
                        .push((name.to_owned(), shape(tree, property, depth + 1)?));
                }
            }
            "required" => {
                let names = tree.items(value).map(|item| text(item).map(str::to_owned));
                shape_of.required = names.collect::<Result<_, _>>()?;
            }
            "items" => shape_of.items = Some(Box::new(shape(tree, value, depth + 1)?)),
            "minLength" => shape_of.length.0 = Some(whole(value)?),
            "maxLength" => shape_of.length.1 = Some(whole(value)?),
            "minItems" => shape_of.count.0 = Some(whole(value)?),
            "maxItems" => shape_of.count.1 = Some(whole(value)?),
            "minimum" => shape_of.range.0 = Some(number(tree, value).ok_or(SchemaError::Value)?),
            "maximum" => shape_of.range.1 = Some(number(tree, value).ok_or(SchemaError::Value)?),
            "additionalProperties" if tree.kind(value) == JsonKind::Bool => {}
            "title" | "description" => {}
            _ => return Err(SchemaError::Keyword),
        }
    }
    if shape_of.kinds.is_empty() && shape_of.one_of.is_none() {
        return Err(SchemaError::Value);
    }
    Ok(shape_of)
}

fn number(tree: &Tree, node: NodeId) -> Option<f64> {
    (tree.kind(node) == JsonKind::Number).then(|| tree.text(node)?.parse::<f64>().ok())?
}

/// Recursion is as deep as the schema, which is bounded.
fn fits(shape: &Shape, tree: &Tree, node: NodeId) -> bool {
    let within = |n: u64, (least, most): (Option<u64>, Option<u64>)| {
        least.is_none_or(|least| n >= least) && most.is_none_or(|most| n <= most)
    };
    if let Some(one_of) = &shape.one_of
        && !tree.str(node).is_some_and(|text| one_of.iter().any(|one| one == text))
    {
        return false;
    }
    let is = |kind: &str| shape.kinds.is_empty() || shape.kinds.contains(&kind);
    match tree.kind(node) {
        JsonKind::Object => {
            let known = |name: &str| {
                shape
                    .properties
                    .iter()
                    .find(|(known, _)| known == name)
                    .map(|(_, shape)| shape)
            };
            is("object")
                && shape.required.iter().all(|name| tree.get(node, name).is_some())
                && tree
                    .members(node)
                    .all(|(name, value)| known(name).is_some_and(|shape| fits(shape, tree, value)))
        }
        JsonKind::Array => {
            is("array")
                && within(tree.items(node).count() as u64, shape.count)
                && tree
                    .items(node)
                    .all(|item| shape.items.as_deref().is_some_and(|shape| fits(shape, tree, item)))
        }
        JsonKind::String => {
            is("string") && within(tree.str(node).unwrap_or_default().chars().count() as u64, shape.length)
        }
        JsonKind::Number => number(tree, node).is_some_and(|n| {
            (is("number") || is("integer") && n.fract() == 0.0)
                && shape.range.0.is_none_or(|least| n >= least)
                && shape.range.1.is_none_or(|most| n <= most)
        }),
        JsonKind::Bool => is("boolean"),
        JsonKind::Null => is("null"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SCHEMA: &str = r#"{"type":"object","required":["drug","mg"],"additionalProperties":false,"properties":{
        "drug":{"type":"string","maxLength":20},"mg":{"type":"integer","minimum":1,"maximum":4000},
        "route":{"enum":["oral","iv"]},"times":{"type":"array","maxItems":2,"items":{"type":"string"}}}}"#;

    fn tools() -> Vec<Tool> {
        vec![
            Tool::new("look_up", SCHEMA, false).unwrap(),
            Tool::new("order", SCHEMA, true).unwrap(),
        ]
    }

    fn check(name: &str, arguments: &str, expect: Verdict) {
        assert_eq!(judge(&tools(), name, arguments), expect, "{name} {arguments}");
    }

    #[test]
    fn only_listed_tools_with_fitting_arguments_pass() {
        use Verdict::{Allowed, NeedsApproval, NotListed, WrongArguments};
        let good = r#"{"drug":"metformin","mg":500,"route":"oral","times":["08:00","20:00"]}"#;
        check("look_up", good, Allowed);
        check("order", good, NeedsApproval);
        check("shell", good, NotListed);
        check("LOOK_UP", good, NotListed);
        for arguments in [
            "",
            "[]",
            "{}",
            "null",
            r#"{"drug":"x"}"#,
            r#"{"drug":"x","mg":0}"#,
            r#"{"drug":"x","mg":4001}"#,
            r#"{"drug":"x","mg":1.5}"#,
            r#"{"drug":"x","mg":"1"}"#,
            r#"{"drug":7,"mg":1}"#,
            r#"{"drug":"x","mg":1,"also":1}"#,
            r#"{"drug":"x","mg":1,"mg":2}"#,
            r#"{"drug":"x","mg":1,"route":"nasal"}"#,
            r#"{"drug":"x","mg":1,"times":["a","b","c"]}"#,
            r#"{"drug":"x","mg":1,"times":[1]}"#,
            r#"{"drug":"123456789012345678901","mg":1}"#,
            r#"{"drug":"x","mg":1} x"#,
        ] {
            check("look_up", arguments, WrongArguments);
        }
        check("look_up", r#"{"drug":"12345678901234567890","mg":4000}"#, Allowed);
    }

    #[test]
    fn a_schema_that_would_be_ignored_in_part_is_refused() {
        let check = |schema: &str, expect| assert_eq!(Tool::new("x", schema, false).err(), Some(expect), "{schema}");
        check(r#"{"type":"string","pattern":"a"}"#, SchemaError::Keyword);
        check(r#"{"anyOf":[]}"#, SchemaError::Keyword);
        check(r#"{"$ref":"x"}"#, SchemaError::Keyword);
        check("{}", SchemaError::Value);
        check(r#"{"type":"text"}"#, SchemaError::Value);
        check("x", SchemaError::NotJson);
        let deep = format!(
            "{}{{\"type\":\"null\"}}{}",
            r#"{"type":"array","items":"#.repeat(60),
            "}".repeat(60)
        );
        check(&deep, SchemaError::NotJson);
    }

    proptest! {
        #[test]
        fn any_arguments_are_judged(arguments in "[{}\\[\\]\":,a-z0-9. \\\\]{0,60}") {
            let _ = judge(&tools(), "look_up", &arguments);
        }
    }
}
