//! What comes from outside: names for it, as far as one function shows.

use std::{collections::BTreeMap, ops::Range, sync::LazyLock};

use regex::Regex;
use tree_sitter::Node;

use super::fixed::children;

/// Where something comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// Whoever sends a request.
    Request,
    /// A language model.
    Model,
}

/// Parts of a request, as frameworks for servers name them.
static REQUEST: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"\b(?:req|request|ctx\.req|ctx\.request|context\.request)\.(?:query|body|params|param\(|get\(|json\(\)|text\(\)|formData\(\))|\bctx\.(?:query|params)\b|\bsearchParams\.get\(|\bevent\.(?:queryStringParameters|pathParameters)\b|\blocation\.(?:hash|search)\b",
    )
    .ok()
});

/// Parts of a model's answer, as its services' libraries name them.
static MODEL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"\.choices\[\w+\]|\.choices\?\.\[|\bmessage\.content\b|\.output_text\b|\.tool_calls\b|\.function\.arguments\b|\btoolCall\.args\b|\b(?:completion|llmResponse|aiResponse|llmOutput|modelOutput)\.(?:text|content|data|output)\b|\.candidates\[\w+\]|\bchain\.invoke\(|\bllm\.invoke\(|\bmodel\.generateContent\(|\bgenerateText\(",
    )
    .ok()
});

/// One value out of what a client sends, as Express names it, and what may stand instead of it.
static GIVEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:(?:req|request|ctx\.request)\.(?:query|params|body)|ctx\.(?:query|params))(?:\??\.\w+|\[[^\[\]]+\])+(?:\s*(?:\|\||\?\?).*)?$").ok()
});

fn is_given(text: &str) -> bool {
    text.len() <= 200 && !text.ends_with(".length") && GIVEN.as_ref().is_some_and(|pattern| pattern.is_match(text))
}

/// Kinds of nodes that are functions.
pub(super) fn is_function(kind: &str) -> bool {
    matches!(
        kind,
        "function_declaration"
            | "function_expression"
            | "arrow_function"
            | "method_definition"
            | "generator_function_declaration"
    )
}

fn direct(text: &str) -> Option<Source> {
    let text = text.get(..text.floor_char_boundary(4_000)).unwrap_or(text);
    if REQUEST.as_ref().is_some_and(|pattern| pattern.is_match(text)) {
        Some(Source::Request)
    } else if MODEL.as_ref().is_some_and(|pattern| pattern.is_match(text)) {
        Some(Source::Model)
    } else {
        None
    }
}

/// Names that hold what comes from outside, each within a function.
pub(super) struct Tainted<'t> {
    names: BTreeMap<&'t str, Vec<(Range<usize>, Source)>>,
    /// Those of them that are one value of the request, as it came.
    given: BTreeMap<&'t str, Vec<Range<usize>>>,
    /// Parameters of tools that are numbers, truth values or one of a list.
    plain: BTreeMap<&'t str, Vec<Range<usize>>>,
}

/// Names of one file that are kept.
const MOST: usize = 2_000;
/// Calls that give a number, a truth value or a checked value.
const HARMLESS: &[&str] = &[
    "parseInt(",
    "Number(",
    "Boolean(",
    ".length",
    "typeof ",
    ".parse(",
    "safeParse(",
    "validate",
    "escape(",
    "===",
    "allowlist",
    "whitelist",
    "includes(",
];

impl<'t> Tainted<'t> {
    pub(super) fn of(text: &'t str, nodes: &[Node<'t>]) -> Self {
        let mut this = Self {
            names: BTreeMap::new(),
            given: BTreeMap::new(),
            plain: BTreeMap::new(),
        };
        let mut functions: Vec<Range<usize>> = Vec::new();
        let mut count = 0;
        let has_tools = TOOLS.iter().any(|library| text.contains(library));
        for node in nodes {
            while functions.last().is_some_and(|range| range.end <= node.start_byte()) {
                functions.pop();
            }
            match node.kind() {
                kind if is_function(kind) => functions.push(node.byte_range()),
                "call_expression" | "new_expression" if has_tools => {
                    for (function, name, is_plain) in tools(text, *node) {
                        count += 1;
                        if count >= MOST {
                            break;
                        }
                        if is_plain {
                            this.plain.entry(name).or_default().push(function);
                        } else {
                            this.names.entry(name).or_default().push((function, Source::Model));
                        }
                    }
                }
                "variable_declarator" => {
                    let (Some(name), Some(value)) =
                        (node.child_by_field_name("name"), node.child_by_field_name("value"))
                    else {
                        continue;
                    };
                    if count >= MOST || matches!(value.kind(), "arrow_function" | "function_expression") {
                        continue;
                    }
                    let of = text.get(value.byte_range()).unwrap_or_default();
                    let Some(source) = this
                        .source(of, value.start_byte())
                        .or_else(|| whole_request(of, name.kind()))
                    else {
                        continue;
                    };
                    if HARMLESS.iter().any(|word| of.contains(word)) {
                        continue;
                    }
                    let scope = functions.last().cloned().unwrap_or(0..text.len());
                    let pattern = text.get(name.byte_range()).unwrap_or_default();
                    let given = is_given(of) || whole_request(of, name.kind()).is_some();
                    for one in names(pattern) {
                        count += 1;
                        if given {
                            this.given.entry(one).or_default().push(scope.clone());
                        }
                        this.names.entry(one).or_default().push((scope.clone(), source));
                    }
                }
                _ => {}
            }
        }
        this
    }

    /// Whether an expression is one value of the request, as it came.
    pub(super) fn is_given(&self, text: &str, at: usize) -> bool {
        let places = self.given.get(text).map_or(&[][..], Vec::as_slice);
        is_given(text) || places.iter().any(|scope| scope.contains(&at))
    }

    /// Whether a name is a parameter of a tool that its schema takes only as a number or as one of a list.
    pub(super) fn is_plain(&self, name: &str, at: usize) -> bool {
        let places = self.plain.get(name).map_or(&[][..], Vec::as_slice);
        places.iter().any(|scope| scope.contains(&at))
    }

    /// Where the value of an expression comes from.
    pub(super) fn source(&self, text: &str, at: usize) -> Option<Source> {
        if HARMLESS.iter().take(4).any(|word| text.starts_with(word)) {
            return None;
        }
        if let Some(source) = direct(text) {
            return Some(source);
        }
        if self.names.is_empty() {
            return None;
        }
        let text = text.get(..text.floor_char_boundary(2_000)).unwrap_or(text);
        let mut rest = text;
        // Words that are no property of something else and stand in no plain string.
        let words = std::iter::from_fn(|| {
            let start = rest.find(|c: char| c.is_alphabetic() || c == '_' || c == '$')?;
            let before = rest.get(..start).and_then(|before| before.chars().next_back());
            let tail = rest.get(start..)?;
            let end = tail
                .find(|c: char| !(c.is_alphanumeric() || c == '_'))
                .unwrap_or(tail.len())
                .max(1);
            let end = tail.ceil_char_boundary(end);
            rest = tail.get(end..)?;
            Some((before, tail.get(..end)?))
        });
        words
            .filter(|(before, _)| !matches!(before, Some('.' | '\'' | '"')))
            .find_map(|(_, word)| {
                let places = self.names.get(word)?;
                places
                    .iter()
                    .find(|(scope, _)| scope.contains(&at))
                    .map(|(_, source)| *source)
            })
    }
}

/// Libraries in which a program gives a model functions to call.
const TOOLS: &[&str] = &[
    "langchain",
    "@openai/agents",
    "from 'ai'",
    "from \"ai\"",
    "@mastra/",
    "@modelcontextprotocol/",
];

/// What a model calls a tool with: the names of the first parameter of `tool(async ({ path }) => ..)` and of
/// `tool({ execute: async ({ path }) => .. })`, each with the function, and whether its schema takes no text of it.
fn tools<'t>(text: &'t str, call: Node<'t>) -> Vec<(Range<usize>, &'t str, bool)> {
    let of = |node: Node<'t>| text.get(node.byte_range()).unwrap_or_default();
    let called = call
        .child_by_field_name("function")
        .or_else(|| call.child_by_field_name("constructor"));
    let makes = ["tool", "createTool", "DynamicTool", "DynamicStructuredTool"];
    // `server.registerTool("name", { .. }, async ({ path }) => ..)`
    let of_server = |called: Node<'t>| {
        let method = called.child_by_field_name("property").map(of);
        matches!(method, Some("tool" | "registerTool")) && text.contains("@modelcontextprotocol/")
    };
    let Some(arguments) = call
        .child_by_field_name("arguments")
        .filter(|_| called.is_some_and(|called| makes.contains(&of(called)) || of_server(called)))
    else {
        return Vec::new();
    };
    // What the schema takes only as a number or as one of a list.
    let is_plain = |name: &str| {
        let words = of(call);
        let words = words.get(..words.floor_char_boundary(8_000)).unwrap_or(words);
        let schema = words.split_once(&format!("{name}: z.")).map_or("", |(_, rest)| rest);
        let kinds = [
            "number(",
            "coerce.number(",
            "boolean(",
            "enum(",
            "nativeEnum(",
            "literal(",
        ];
        kinds.iter().any(|kind| schema.starts_with(kind))
    };
    let runs = |pair: Node<'t>| {
        let key = pair.child_by_field_name("key").map_or("", of);
        let function = pair.child_by_field_name("value");
        function.filter(|_| matches!(key, "execute" | "func"))
    };
    let functions = children(arguments).flat_map(|argument| match argument.kind() {
        "object" => children(argument).filter_map(runs).collect(),
        _ => vec![argument],
    });
    functions
        .filter(|function| is_function(function.kind()))
        .flat_map(|function| {
            let first = function
                .child_by_field_name("parameters")
                .and_then(|all| all.named_child(0)?.child_by_field_name("pattern"))
                .or_else(|| function.child_by_field_name("parameter"));
            names(first.map_or("", of)).map(move |name| (function.byte_range(), name))
        })
        .map(|(function, name)| (function, name, is_plain(name)))
        .collect()
}

/// `const { q } = req` and `const { content } = completion.choices[0].message`.
fn whole_request(value: &str, pattern: &str) -> Option<Source> {
    (pattern == "object_pattern"
        && matches!(
            value.trim(),
            "req.query" | "req.body" | "req.params" | "await req.json()" | "await request.json()"
        ))
    .then_some(Source::Request)
}

/// The names that a pattern binds, roughly: every word in it.
fn names(pattern: &str) -> impl Iterator<Item = &str> {
    let plain = pattern.split(':').next().unwrap_or(pattern);
    let text = if pattern.starts_with(['{', '[']) {
        pattern
    } else {
        plain
    };
    text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'))
        .filter(|word| !word.is_empty())
        .take(40)
}

/// What stands in `promisify(..)`.
fn promised<'t>(text: &'t str, call: Node<'t>) -> Option<&'t str> {
    let of = |node: Node<'t>| text.get(node.byte_range());
    let function = of(call.child_by_field_name("function")?)?;
    let is_made = call.kind() == "call_expression" && function.rsplit('.').next() == Some("promisify");
    of(call
        .child_by_field_name("arguments")
        .filter(|_| is_made)?
        .named_child(0)?)
}

/// The name of what `require('fs')` or `require('fs').promises` gives.
pub(super) fn required(text: &str) -> Option<String> {
    let (module, member) = text.strip_prefix("require(")?.split_once(')')?;
    let module = module.trim().trim_matches(['"', '\'', '`']);
    let module = module.strip_prefix("node:").unwrap_or(module);
    let is_name = member.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
    is_name.then(|| module.to_owned() + member)
}

/// Local names for modules and for what comes from them.
pub(super) fn imports<'t>(text: &'t str, nodes: &[Node<'t>]) -> BTreeMap<&'t str, String> {
    let of = |node: Node<'_>| text.get(node.byte_range()).unwrap_or_default();
    let module = |quoted: &str| {
        let name = quoted.trim_matches(['"', '\'', '`']);
        name.strip_prefix("node:").unwrap_or(name).to_owned()
    };
    let mut out = BTreeMap::new();
    let bind = |out: &mut BTreeMap<&'t str, String>, pattern: &'t str, module: &str| {
        let inner = pattern.trim();
        if let Some(list) = inner.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            for one in list.split(',').map(str::trim).filter(|one| !one.is_empty()).take(200) {
                let (from, local) = one
                    .split_once(" as ")
                    .or_else(|| one.split_once(':'))
                    .unwrap_or((one, one));
                out.insert(
                    local.trim(),
                    format!("{module}.{}", from.trim().trim_start_matches("type ")),
                );
            }
        } else {
            let local = inner.trim_start_matches("* as ").trim();
            out.insert(local, module.to_owned());
        }
    };
    for node in nodes {
        match node.kind() {
            "import_statement" => {
                let Some(source) = node.child_by_field_name("source") else {
                    continue;
                };
                let module = module(of(source));
                let clause = (0..node.named_child_count())
                    .filter_map(|index| node.named_child(u32::try_from(index).ok()?))
                    .find(|child| child.kind() == "import_clause");
                let Some(clause) = clause else { continue };
                let text = of(clause);
                // `a, { b, c as d }`
                match text.find('{') {
                    Some(at) => {
                        let first = text.get(..at).unwrap_or_default().trim().trim_end_matches(',').trim();
                        if !first.is_empty() {
                            bind(&mut out, first, &module);
                        }
                        bind(&mut out, text.get(at..).unwrap_or_default(), &module);
                    }
                    None => bind(&mut out, text, &module),
                }
            }
            "variable_declarator" => {
                let (Some(name), Some(value)) = (node.child_by_field_name("name"), node.child_by_field_name("value"))
                else {
                    continue;
                };
                // `promisify(exec)` is called as `exec` is.
                if let Some(function) = promised(text, value) {
                    let known = match function.split_once('.') {
                        Some((object, member)) => out.get(object).map(|object| format!("{object}.{member}")),
                        None => out.get(function).cloned(),
                    };
                    if let Some(known) = known.or_else(|| required(function)) {
                        out.insert(of(name), known);
                    }
                    continue;
                }
                let value = of(value);
                let Some(inner) = value.strip_prefix("require(").and_then(|rest| rest.split_once(')')) else {
                    continue;
                };
                let member = inner
                    .1
                    .strip_prefix('.')
                    .filter(|member| member.chars().all(char::is_alphanumeric));
                let module = module(inner.0.trim());
                match member {
                    Some(member) => bind(&mut out, of(name), &format!("{module}.{member}")),
                    None => bind(&mut out, of(name), &module),
                }
            }
            _ => {}
        }
    }
    // `import fs from 'fs/promises'` and promisified functions are named alike.
    out
}
