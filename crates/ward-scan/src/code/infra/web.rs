//! JavaScript and TypeScript: servers, pages and agents around models.
//!
//! The file is parsed by tree-sitter, which reads any text and marks what is no program. Names are followed through imports
//! and through assignments within a function; that is all: what comes from another function or file is not known here, and
//! rules speak up where the two ends stand close together.

mod rules;
mod taint;

use std::{collections::BTreeMap, ops::ControlFlow};

use tree_sitter::{Node, ParseOptions, Parser};
use ward_evidence::{RuleMeta, Severity};

use super::{command, file::File};
#[cfg(test)]
pub(super) use rules::EXAMPLES;
pub(super) use rules::RULES;
use rules::{
    AGENT_TOOL, BROWSER_KEY, COMMAND, COOKIE, CORS, DESERIALISE, EVAL, HTML, PATH, PROTOTYPE, REDIRECT, SQL, SSRF,
    TLS_OFF, TOKEN_CHECK, TOKEN_KEY, WEAK_CRYPTO, WEAK_RANDOM,
};
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
    let mut read = |at: usize, _| text.as_bytes().get(at..).unwrap_or_default();
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
    let program = Program {
        text,
        nodes,
        imports,
        tainted,
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
                    let words = arguments.get(1).copied().unwrap_or(first);
                    let composed = self.of(words).contains("${")
                        || self.made(first) != Made::Constant
                        || self.source(words).is_some();
                    if composed {
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
            || last == "sendFile"
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
                if self.source(target) == Some(Source::Request) && self.begins_with_source(target) {
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

    fn creates(&self, file: &mut File<'_>, node: Node<'t>) {
        let Some(constructor) = node.child_by_field_name("constructor") else {
            return;
        };
        let name = self.name(constructor);
        let arguments = self.arguments(node);
        if name == "Function"
            && let Some(body) = arguments.last()
        {
            self.runs(file, node, *body, "new Function");
        }
        if matches!(name.as_str(), "vm.Script" | "vm2.VMScript")
            && let Some(first) = arguments.first()
        {
            self.runs(file, node, *first, &name);
        }
    }

    /// Text that is run as a program.
    fn runs(&self, file: &mut File<'_>, node: Node<'t>, code: Node<'t>, name: &str) {
        if self.made(code) == Made::Constant {
            return;
        }
        let (severity, note) = match self.source(code) {
            Some(Source::Model) => (Severity::Critical, format!("`{name}` runs what a model wrote")),
            Some(Source::Request) => (Severity::Critical, format!("`{name}` runs what a request brought")),
            None if name == "setTimeout" || name == "setInterval" => return,
            None => (
                EVAL.severity,
                format!("`{name}` runs text that is put together while the program runs"),
            ),
        };
        self.report(file, &EVAL, severity, node, note);
    }

    fn commands(&self, file: &mut File<'_>, node: Node<'t>, line: Node<'t>, name: &str) {
        let made = self.made(line);
        if made == Made::Constant {
            return;
        }
        match self.source(line) {
            Some(Source::Model) => self.report(
                file,
                &COMMAND,
                Severity::Critical,
                node,
                format!("`{name}` gives a shell what a model wrote"),
            ),
            Some(Source::Request) => self.report(
                file,
                &COMMAND,
                Severity::Critical,
                node,
                format!("`{name}` gives a shell what a request brought"),
            ),
            None if made == Made::Composed => {
                self.report(file, &COMMAND, COMMAND.severity, node, format!("`{name}` gives a shell a line that is put together: a space or `;` in a part is read as the shell reads it"));
            }
            None => self.report_thorough(file, &COMMAND, node, "a shell is given a line that is not known here"),
        }
    }

    fn html(&self, file: &mut File<'_>, node: Node<'t>, html: Node<'t>) {
        let text = self.of(html);
        let clean = [
            "sanitize",
            "Sanitize",
            "escapeHtml",
            "escapeHTML",
            "encodeURIComponent",
            "purify",
            "JSON.stringify",
        ]
        .iter()
        .any(|word| text.contains(word));
        if self.made(html) == Made::Constant || clean || text.trim() == "''" {
            return;
        }
        match self.source(html) {
            Some(Source::Model) => self.report(
                file,
                &HTML,
                Severity::High,
                node,
                "what a model wrote becomes part of the page, scripts too",
            ),
            Some(Source::Request) => self.report(
                file,
                &HTML,
                Severity::High,
                node,
                "what a request brought becomes part of the page, scripts too",
            ),
            None if ["marked", "markdown", "Markdown", "showdown", "md.render"]
                .iter()
                .any(|word| text.contains(word)) =>
            {
                self.report(
                    file,
                    &HTML,
                    Severity::Medium,
                    node,
                    "Markdown may hold HTML: what is rendered becomes part of the page, scripts too",
                );
            }
            None => self.report_thorough(file, &HTML, node, "text becomes part of the page as HTML"),
        }
    }

    fn sql(&self, file: &mut File<'_>, node: Node<'t>, query: Node<'t>, method: &str) {
        if self.made(query) != Made::Composed {
            return;
        }
        let text = self
            .of(query)
            .trim_start_matches(['`', '"', '\'', ' ', '\n', '('])
            .to_ascii_lowercase();
        let begins = [
            "select ",
            "insert into",
            "update ",
            "delete from",
            "drop ",
            "alter ",
            "create ",
            "with ",
        ]
        .iter()
        .any(|word| text.starts_with(word));
        let body = [" from ", " set ", " values", " where ", " into ", " table "]
            .iter()
            .any(|word| text.contains(word));
        if !begins || !body {
            return;
        }
        let severity = if self.source(query).is_some() {
            Severity::Critical
        } else {
            SQL.severity
        };
        self.report(
            file,
            &SQL,
            severity,
            node,
            format!("`{method}` is given a statement that is put together of text"),
        );
    }

    /// Whether what comes from outside stands first, so that it says where to go.
    fn begins_with_source(&self, node: Node<'t>) -> bool {
        match node.kind() {
            "template_string" => self.of(node).starts_with("`${"),
            // After the origin alone a parameter still says which site: `.example.org`, `@example.org`.
            "binary_expression" => node
                .child_by_field_name("left")
                .is_some_and(|left| self.source(left).is_some() || self.of(left).ends_with(".origin")),
            "string" => false,
            _ => true,
        }
    }

    fn fetches(&self, file: &mut File<'_>, node: Node<'t>, target: Node<'t>) {
        if target.kind() == "object" || self.made(target) == Made::Constant || !self.begins_with_source(target) {
            return;
        }
        match self.source(target) {
            Some(Source::Request) => self.report(
                file,
                &SSRF,
                SSRF.severity,
                node,
                "a request says which address the server fetches, those of its own network too",
            ),
            Some(Source::Model) => self.report(
                file,
                &SSRF,
                SSRF.severity,
                node,
                "a model says which address is fetched, and can send out what it knows in it",
            ),
            None => {}
        }
    }

    fn files(&self, file: &mut File<'_>, node: Node<'t>, path: Node<'t>) {
        let text = self.of(path);
        if text.contains("basename") || text.contains("sanitize") {
            return;
        }
        match self.source(path) {
            Some(Source::Request) => self.report(
                file,
                &PATH,
                PATH.severity,
                node,
                "a request says which file: `..` in it leaves the folder",
            ),
            Some(Source::Model) => self.report(
                file,
                &PATH,
                PATH.severity,
                node,
                "a model says which file: `..` in it leaves the folder",
            ),
            None => {}
        }
    }

    fn hashes(&self, file: &mut File<'_>, node: Node<'t>, algorithm: Node<'t>) {
        let Some(name) = self.string(algorithm).map(str::to_ascii_lowercase) else {
            return;
        };
        if !matches!(name.as_str(), "md5" | "sha1" | "md4") {
            return;
        }
        let line = file.line(file.at(node.start_byte()).0).to_ascii_lowercase();
        if ["password", "passwd", "token", "secret", "signature"]
            .iter()
            .any(|word| line.contains(word))
        {
            self.report(
                file,
                &WEAK_CRYPTO,
                WEAK_CRYPTO.severity,
                node,
                format!("{name} of a secret can be tried through, or made to fit"),
            );
        } else {
            self.report_thorough(
                file,
                &WEAK_CRYPTO,
                node,
                "a hash that can be made to fit: no use where somebody could want that",
            );
        }
    }

    fn tokens(&self, file: &mut File<'_>, arguments: &[Node<'t>]) {
        let Some(key) = arguments.get(1) else { return };
        if let Some(secret) = self.string(*key)
            && secret.len() >= 3
            && !secret.starts_with("-----BEGIN PUBLIC")
        {
            let at = file.at(key.start_byte());
            let note =
                "the key that signs tokens is written into the program: whoever reads it is everybody".to_owned();
            file.report_secret(&TOKEN_KEY, TOKEN_KEY.severity, at, note, secret);
        }
    }

    fn assigns(&self, file: &mut File<'_>, node: Node<'t>) {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
            return;
        };
        let name = self.name(left);
        let last = name.rsplit('.').next().unwrap_or_default();
        if matches!(last, "innerHTML" | "outerHTML") {
            self.html(file, node, right);
        }
        if name == "process.env.NODE_TLS_REJECT_UNAUTHORIZED" && matches!(self.of(right).trim_matches(['"', '\'']), "0")
        {
            self.report(
                file,
                &TLS_OFF,
                TLS_OFF.severity,
                node,
                "no connection of the process checks who answers",
            );
        }
        self.random(file, last, right);
    }

    fn declares(&self, file: &mut File<'_>, node: Node<'t>) {
        if let (Some(name), Some(value)) = (node.child_by_field_name("name"), node.child_by_field_name("value")) {
            self.random(file, self.of(name), value);
        }
    }

    fn random(&self, file: &mut File<'_>, name: &str, value: Node<'t>) {
        let lower = name.to_ascii_lowercase();
        let secret = [
            "token",
            "secret",
            "password",
            "sessionid",
            "session_id",
            "nonce",
            "otp",
            "apikey",
            "api_key",
            "csrf",
        ]
        .iter()
        .any(|word| lower.contains(word))
            && !lower.contains("tokens");
        if secret && value.kind() != "arrow_function" && self.of(value).contains("Math.random()") {
            self.report(
                file,
                &WEAK_RANDOM,
                WEAK_RANDOM.severity,
                value,
                "what `Math.random` gives next can be computed from what it gave",
            );
        }
    }

    fn pair(&self, file: &mut File<'_>, node: Node<'t>) {
        let (Some(key), Some(value)) = (node.child_by_field_name("key"), node.child_by_field_name("value")) else {
            return;
        };
        let name = self.of(key).trim_matches(['"', '\'']);
        let text = self.of(value);
        match (name, text) {
            ("rejectUnauthorized" | "strictSSL", "false") => {
                self.report(
                    file,
                    &TLS_OFF,
                    TLS_OFF.severity,
                    node,
                    "the connection does not check who answers",
                );
            }
            ("dangerouslyAllowBrowser", "true") => {
                self.report(
                    file,
                    &BROWSER_KEY,
                    BROWSER_KEY.severity,
                    node,
                    "the key of the model's service goes to every visitor",
                );
            }
            (
                "allowDangerousRequests"
                | "allowDangerousDeserialization"
                | "allow_dangerous_code"
                | "allowDangerousCode",
                "true",
            ) => {
                self.report(
                    file,
                    &AGENT_TOOL,
                    AGENT_TOOL.severity,
                    node,
                    format!("`{name}` takes the guard off"),
                );
            }
            ("httpOnly" | "secure", "false") => {
                let options = node.parent().map_or("", |parent| self.of(parent));
                if options.contains("maxAge") || options.contains("sameSite") || options.contains("httpOnly") {
                    let what = if name == "secure" {
                        "travels without encryption too"
                    } else {
                        "can be read by every script of the page"
                    };
                    self.report(file, &COOKIE, COOKIE.severity, node, format!("the cookie {what}"));
                }
            }
            ("ignoreExpiration", "true") => {
                self.report(file, &TOKEN_CHECK, Severity::Medium, node, "a token is taken for ever");
            }
            ("algorithms", list) if list.to_ascii_lowercase().contains("none") => {
                self.report(
                    file,
                    &TOKEN_CHECK,
                    TOKEN_CHECK.severity,
                    node,
                    "a token without a signature is taken",
                );
            }
            ("__html", _) => self.html(file, node, value),
            _ => {}
        }
    }

    /// `process.env.NEXT_PUBLIC_OPENAI_API_KEY`: what begins so is put into the page.
    fn member(&self, file: &mut File<'_>, node: Node<'t>) {
        let text = self.of(node);
        let Some(name) = text
            .strip_prefix("process.env.")
            .or_else(|| text.strip_prefix("import.meta.env."))
        else {
            return;
        };
        let bare = [
            "NEXT_PUBLIC_",
            "VITE_",
            "REACT_APP_",
            "EXPO_PUBLIC_",
            "NUXT_PUBLIC_",
            "PUBLIC_",
        ]
        .iter()
        .find_map(|start| name.strip_prefix(start));
        // Keys that are made for the page, as those of maps and of sign-in.
        let meant = [
            "ANON",
            "PUBLISHABLE",
            "FIREBASE",
            "MAPS",
            "MAPBOX",
            "POSTHOG",
            "SENTRY",
            "CLERK",
            "STRIPE_P",
            "RECAPTCHA",
            "SITE_KEY",
            "ALGOLIA",
            "ANALYTICS",
            "PUBLIC_KEY",
            "VAPID",
            "PUSHER",
            "AMPLITUDE",
        ]
        .iter()
        .any(|word| name.contains(word));
        if !meant
            && bare.is_some_and(command::is_secret_name)
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        {
            self.report(
                file,
                &BROWSER_KEY,
                BROWSER_KEY.severity,
                node,
                format!("`{name}` is put into the page, where every visitor reads it"),
            );
        }
    }
}
