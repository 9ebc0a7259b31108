//! JavaScript and TypeScript: servers, pages and agents around models.
//!
//! The file is parsed by tree-sitter, which reads any text and marks what is no program. Names are followed through imports
//! and through assignments within a function; that is all: what comes from another function or file is not known here, and
//! rules speak up where the two ends stand close together.

mod checked;
mod fixed;
mod rules;
mod settings;
mod sinks;
mod taint;

use std::{borrow::Cow, collections::BTreeMap, ops::ControlFlow};

use tree_sitter::{Node, ParseOptions, Parser};
use ward_evidence::{RuleMeta, Severity};

use super::file::File;
use checked::Guards;
use fixed::Fixed;
#[cfg(test)]
pub(super) use rules::EXAMPLES;
pub(super) use rules::RULES;
use rules::{CORS, DESERIALISE, PROTOTYPE, REDIRECT, WEAK_CRYPTO};
use taint::{Source, Tainted};

/// Most bytes of one file.
pub(super) const LARGEST: usize = 1 << 20;
/// Most nodes that are looked at.
const MOST_NODES: usize = 500_000;

/// The nodes of a program with names for what is imported.
struct Program<'t> {
    text: &'t str,
    nodes: Vec<Node<'t>>,
    /// Local names of modules and of what was imported from them: `exec` is `child_process.exec`.
    imports: BTreeMap<&'t str, String>,
    tainted: Tainted<'t>,
    fixed: Fixed<'t>,
    guards: Guards<'t>,
}

/// Says what is wrong with a program. `jsx` for everything but plain TypeScript, where `<T>x` is a cast.
pub(super) fn examine(file: &mut File<'_>, jsx: bool) {
    let text = file.text;
    let language = if jsx {
        tree_sitter_typescript::LANGUAGE_TSX
    } else {
        tree_sitter_typescript::LANGUAGE_TYPESCRIPT
    };
    let mut parser = Parser::new();
    if parser.set_language(&language.into()).is_err() {
        return file.not_examined(None, "the grammar for JavaScript cannot be used; please report it");
    }
    // Asked after every hundred steps of the parser: a program takes about one step a byte.
    let mut left = 2_000 + text.len() / 6;
    let mut stop = |_: &tree_sitter::ParseState| {
        left = left.saturating_sub(1);
        if left == 0 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    };
    let options = ParseOptions::new().progress_callback(&mut stop);
    let parsed = without_false_chains(text);
    let mut read = |at: usize, _| parsed.get(at..).unwrap_or_default();
    let Some(tree) = parser.parse_with_options(&mut read, None, Some(options)) else {
        return file.not_examined(None, "a program that costs too much to read");
    };
    let mut nodes = Vec::new();
    let mut cursor = tree.walk();
    'all: loop {
        let node = cursor.node();
        if node.is_named() {
            nodes.push(node);
        }
        if nodes.len() >= MOST_NODES {
            file.not_examined(
                Some(file.at(node.start_byte())),
                "a very large program: from here on it was not examined",
            );
            break;
        }
        if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                break 'all;
            }
        }
    }
    if let Some(error) = nodes.iter().find(|node| {
        // A `&` in the text of an element is text for browsers, and none for the grammar.
        node.is_error() && !node.parent().is_some_and(|parent| parent.kind().starts_with("jsx"))
    }) {
        let at = file.at(error.start_byte());
        file.not_examined(Some(at), "no JavaScript or TypeScript that is known here: what stands there was not examined, the rest of the file was");
    }
    let imports = taint::imports(text, &nodes);
    let tainted = Tainted::of(text, &nodes);
    let fixed = Fixed::of(text, &nodes);
    let guards = Guards::of(text, &nodes);
    let program = Program {
        text,
        nodes,
        imports,
        tainted,
        fixed,
        guards,
    };
    for node in &program.nodes {
        let node = *node;
        match node.kind() {
            "call_expression" => program.call(file, node),
            "new_expression" => program.creates(file, node),
            "assignment_expression" => program.assigns(file, node),
            "variable_declarator" => program.declares(file, node),
            "pair" => program.pair(file, node),
            "member_expression" => program.member(file, node),
            _ => {}
        }
    }
}

/// The bytes to parse. `a?.5:b` chooses between numbers and chains nothing, which the grammar does not know: there a `1` stands
/// in place of the point. Where the same is written in a text or a pattern, its end stays where it is.
fn without_false_chains(text: &str) -> Cow<'_, [u8]> {
    let mut bytes = Cow::Borrowed(text.as_bytes());
    for at in memchr::memmem::find_iter(text.as_bytes(), b"?.") {
        if text.as_bytes().get(at + 2).is_some_and(u8::is_ascii_digit)
            && let Some(point) = bytes.to_mut().get_mut(at + 1)
        {
            *point = b'1';
        }
    }
    bytes
}

/// What an argument is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Made {
    /// Written out.
    Constant,
    /// Put together of parts that are not all written out.
    Composed,
    /// Anything else.
    Unknown,
}

impl<'t> Program<'t> {
    fn of(&self, node: Node<'t>) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    /// The dotted name of an expression through imports; empty for what has none.
    fn name(&self, node: Node<'t>) -> String {
        let mut parts: Vec<&str> = Vec::new();
        let mut node = node;
        for _ in 0..12 {
            match node.kind() {
                "identifier" | "this" | "super" => {
                    let first = self.of(node);
                    let first = self.imports.get(first).map_or(first, String::as_str);
                    let mut name = first.to_owned();
                    for part in parts.iter().rev() {
                        name.push('.');
                        name.push_str(part);
                    }
                    return name;
                }
                "member_expression" => {
                    if let Some(property) = node.child_by_field_name("property") {
                        parts.push(self.of(property));
                    }
                    let Some(object) = node.child_by_field_name("object") else {
                        break;
                    };
                    node = object;
                }
                // `require('child_process').exec`
                "call_expression" if self.of(node).starts_with("require(") => {
                    let module = taint::required(self.of(node)).unwrap_or_default();
                    return parts.iter().rev().fold(module, |name, part| name + "." + part);
                }
                "call_expression"
                | "await_expression"
                | "parenthesized_expression"
                | "non_null_expression"
                | "new_expression" => {
                    parts.push("()");
                    let inner = node
                        .child_by_field_name("function")
                        .or_else(|| node.child_by_field_name("constructor"));
                    let Some(inner) = inner.or_else(|| node.named_child(0)) else {
                        break;
                    };
                    node = inner;
                }
                _ => break,
            }
        }
        // `x().y` of something without a name: the end alone.
        parts.first().map_or_else(String::new, |last| format!("?.{last}"))
    }

    fn arguments(&self, call: Node<'t>) -> Vec<Node<'t>> {
        let Some(arguments) = call
            .child_by_field_name("arguments")
            .filter(|node| node.kind() == "arguments")
        else {
            return Vec::new();
        };
        (0..arguments.named_child_count().min(20))
            .filter_map(|index| arguments.named_child(u32::try_from(index).ok()?))
            .filter(|node| node.kind() != "comment")
            .collect()
    }

    fn made(&self, node: Node<'t>) -> Made {
        match node.kind() {
            "string"
            | "number"
            | "true"
            | "false"
            | "null"
            | "undefined"
            | "regex"
            | "arrow_function"
            | "function_expression" => Made::Constant,
            "template_string" => {
                let dynamic = (0..node.named_child_count())
                    .filter_map(|index| node.named_child(u32::try_from(index).ok()?))
                    .any(|child| child.kind() == "template_substitution");
                if dynamic { Made::Composed } else { Made::Constant }
            }
            "binary_expression" => {
                let text = self.of(node);
                let parts = ["left", "right"]
                    .iter()
                    .filter_map(|side| node.child_by_field_name(side));
                let kinds: Vec<&str> = parts.map(|part| part.kind()).collect();
                let constant = kinds.iter().all(|kind| matches!(*kind, "string" | "number"));
                if constant {
                    Made::Constant
                } else if text.contains('+') && text.contains(['"', '\'', '`']) {
                    Made::Composed
                } else {
                    Made::Unknown
                }
            }
            _ => Made::Unknown,
        }
    }

    /// The text of a constant string, without its quotes.
    fn string(&self, node: Node<'t>) -> Option<&'t str> {
        (matches!(node.kind(), "string" | "template_string") && self.made(node) == Made::Constant)
            .then(|| self.of(node).trim_matches(['"', '\'', '`']))
    }

    fn source(&self, node: Node<'t>) -> Option<Source> {
        self.tainted.source(self.of(node), node.start_byte())
    }

    fn report(
        &self,
        file: &mut File<'_>,
        rule: &'static RuleMeta,
        severity: Severity,
        node: Node<'t>,
        note: impl Into<std::borrow::Cow<'static, str>>,
    ) {
        let at = file.at(node.start_byte());
        let value: String = self
            .of(node)
            .split_whitespace()
            .flat_map(str::chars)
            .take(200)
            .collect();
        file.report_as(rule, severity, at, note, &value);
    }

    fn report_thorough(&self, file: &mut File<'_>, rule: &'static RuleMeta, node: Node<'t>, note: &'static str) {
        let at = file.at(node.start_byte());
        let value: String = self
            .of(node)
            .split_whitespace()
            .flat_map(str::chars)
            .take(200)
            .collect();
        file.report_thorough(rule, Severity::Low, at, note, &value);
    }

    fn call(&self, file: &mut File<'_>, node: Node<'t>) {
        let Some(function) = node.child_by_field_name("function") else {
            return;
        };
        let name = self.name(function);
        let last = name.rsplit('.').next().unwrap_or_default();
        let arguments = self.arguments(node);
        let Some(first) = arguments.first().copied() else {
            return self.without_arguments(file, node, &name);
        };
        let source = arguments.iter().find_map(|argument| self.source(*argument));
        match name.as_str() {
            "eval" | "vm.runInContext" | "vm.runInNewContext" | "vm.runInThisContext" | "vm.compileFunction" => {
                self.runs(file, node, first, &name)
            }
            "setTimeout" | "setInterval" if self.made(first) == Made::Composed => self.runs(file, node, first, &name),
            "child_process.exec"
            | "child_process.execSync"
            | "shelljs.exec"
            | "execa.command"
            | "execa.execaCommand" => self.commands(file, node, first, &name),
            "child_process.spawn"
            | "child_process.spawnSync"
            | "child_process.execFile"
            | "child_process.execFileSync" => {
                let options = arguments.last().map_or("", |last| self.of(*last));
                let shell = options.contains("shell") && options.contains("true");
                if shell
                    || matches!(
                        self.string(first),
                        Some("sh" | "bash" | "/bin/sh" | "/bin/bash" | "cmd")
                    )
                {
                    // The shell reads the program's name too.
                    let rest = arguments.get(1).copied().filter(|_| self.source(first).is_none());
                    let words = rest.unwrap_or(first);
                    let composed = self.of(words).contains("${")
                        || self.made(first) != Made::Constant
                        || self.source(words).is_some();
                    if composed && (shell || !self.only_names_arguments(words)) {
                        self.commands(file, node, words, &name);
                    }
                }
            }
            "document.write" | "document.writeln" => self.html(file, node, first),
            "node-serialize.unserialize" => {
                self.report(
                    file,
                    &DESERIALISE,
                    DESERIALISE.severity,
                    node,
                    "what is read back can hold functions, and runs them",
                );
            }
            "crypto.createHash" => self.hashes(file, node, first),
            "crypto.createCipheriv" | "crypto.createCipher" | "crypto.createDecipheriv" => {
                let mode = self.string(first).unwrap_or_default().to_ascii_lowercase();
                if name.ends_with("createCipher")
                    || mode.contains("ecb")
                    || mode.starts_with("des")
                    || mode.starts_with("rc4")
                {
                    self.report(
                        file,
                        &WEAK_CRYPTO,
                        WEAK_CRYPTO.severity,
                        node,
                        format!("{mode} hides little: patterns show, or it is broken"),
                    );
                }
            }
            "jsonwebtoken.sign" | "jsonwebtoken.verify" => self.tokens(file, &arguments),
            "fetch" | "axios" | "got" | "needle" | "undici.request" | "http.get" | "http.request" | "https.get"
            | "https.request" => self.fetches(file, node, first),
            "cors.default" | "cors" => {
                let options = self.of(first);
                let open = options.contains("origin: true")
                    || options.contains("origin: '*'")
                    || options.contains("origin: \"*\"");
                if open && options.contains("credentials: true") {
                    self.report(
                        file,
                        &CORS,
                        Severity::High,
                        node,
                        "every page may send requests with the visitor's cookies, and read the answers",
                    );
                }
            }
            _ => {}
        }
        if name.starts_with("axios.") && matches!(last, "get" | "post" | "put" | "head" | "request") {
            self.fetches(file, node, first);
        }
        if (name.starts_with("fs.") || name.starts_with("fs/promises.") || name.starts_with("fs-extra."))
            && [
                "readFile",
                "createReadStream",
                "writeFile",
                "unlink",
                "rm",
                "readdir",
                "createWriteStream",
            ]
            .iter()
            .any(|start| last.starts_with(start))
            || last == "sendFile" && !self.names_root(arguments.get(1))
            || matches!(name.as_str(), "res.download" | "response.download")
        {
            self.files(file, node, first);
        }
        match last {
            "query" | "execute" | "raw" | "$queryRawUnsafe" | "$executeRawUnsafe" | "exec" | "run" | "all"
            | "prepare" => self.sql(file, node, first, last),
            "insertAdjacentHTML" => {
                if let Some(html) = arguments.get(1) {
                    self.html(file, node, *html);
                }
            }
            "redirect" if name != "redirect" || source == Some(Source::Request) => {
                let target = arguments.last().copied().unwrap_or(first);
                let chosen_outside = self.source(target) == Some(Source::Request) && self.begins_with_source(target);
                if chosen_outside && !self.is_chosen(node, target) {
                    self.report(
                        file,
                        &REDIRECT,
                        REDIRECT.severity,
                        node,
                        "a link to this site can lead anywhere",
                    );
                }
            }
            "merge" | "defaultsDeep" | "mergeWith"
                if (name.starts_with("lodash") || name.starts_with('_'))
                    && arguments
                        .iter()
                        .skip(1)
                        .any(|argument| self.source(*argument) == Some(Source::Request)) =>
            {
                self.report(
                    file,
                    &PROTOTYPE,
                    PROTOTYPE.severity,
                    node,
                    "a key of `__proto__` in the request changes every object of the program",
                );
            }
            "send" | "write" | "end" if name.starts_with("res.") || name.starts_with("response.") => {
                self.answers(file, node, first);
            }
            "setHeader" | "header" | "set" | "append" => {
                if self
                    .string(first)
                    .is_some_and(|header| header.eq_ignore_ascii_case("access-control-allow-origin"))
                    && let Some(value) = arguments.get(1)
                {
                    if self.of(*value).contains("headers") && self.of(*value).contains("origin") {
                        self.report(
                            file,
                            &CORS,
                            Severity::Medium,
                            node,
                            "whichever page asks is allowed: the header repeats what the request said",
                        );
                    } else if self.string(*value) == Some("*") {
                        self.report_thorough(file, &CORS, node, "every page may read the answers");
                    }
                }
            }
            _ => {}
        }
    }

    fn without_arguments(&self, file: &mut File<'_>, node: Node<'t>, name: &str) {
        if matches!(name, "cors" | "cors.default") {
            self.report_thorough(file, &CORS, node, "every page may read the answers");
        }
    }
}
