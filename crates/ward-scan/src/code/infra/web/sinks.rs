//! What calls do with what they are given: programs, commands, pages, queries, requests, files, hashes, tokens.

use tree_sitter::Node;
use ward_evidence::Severity;

use super::{
    Made, Program,
    fixed::children,
    rules::{COMMAND, EVAL, HTML, PATH, SQL, SSRF, TOKEN_KEY, WEAK_CRYPTO},
    taint::{Source, is_function},
};
use crate::code::{flow::shell_runs_arguments, infra::file::File};

impl<'t> Program<'t> {
    pub(super) fn creates(&self, file: &mut File<'_>, node: Node<'t>) {
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
    pub(super) fn runs(&self, file: &mut File<'_>, node: Node<'t>, code: Node<'t>, name: &str) {
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

    pub(super) fn commands(&self, file: &mut File<'_>, node: Node<'t>, line: Node<'t>, name: &str) {
        let made = self.made(line);
        if made == Made::Constant {
            return;
        }
        match self.source(line) {
            None if self.fixed.is_fixed(line) => {
                self.report_thorough(file, &COMMAND, node, "a shell is given a line of constants and numbers");
            }
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

    /// Whether the words for a shell are a text that is written out, behind `-c`, and values that it only names:
    /// `['-c', 'cat "$1"', 'sh', file]`.
    pub(super) fn only_names_arguments(&self, words: Node<'t>) -> bool {
        let mut words = children(words).map(|word| self.string(word));
        words.next().flatten() == Some("-c") && words.next().flatten().is_some_and(|text| !shell_runs_arguments(text))
    }

    pub(super) fn html(&self, file: &mut File<'_>, node: Node<'t>, html: Node<'t>) {
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

    /// What a server answers: a part of the request as it came, alone or among tags. Answers that are said to be no HTML are left.
    pub(super) fn answers(&self, file: &mut File<'_>, node: Node<'t>, body: Node<'t>) {
        let composed = self.made(body) == Made::Composed;
        if composed && !self.of(body).contains('<') || !self.holds_request(body) {
            return;
        }
        let mut around = node;
        while let Some(parent) = around.parent()
            && !is_function(around.kind())
        {
            around = parent;
        }
        // What is said of the answer after it was sent says nothing.
        let before = self.text.get(around.start_byte()..node.end_byte());
        let around = before.unwrap_or_default().to_ascii_lowercase();
        let typed = ["content-type", "contenttype(", ".type("]
            .iter()
            .any(|word| around.contains(word));
        if typed && !around.contains("html") {
            return;
        }
        let note = "what a request brought is sent back as a page, scripts too";
        self.report(file, &HTML, HTML.severity, node, note);
    }

    /// Whether one of the parts that text is put together of is a part of the request that no function was given.
    fn holds_request(&self, text: Node<'t>) -> bool {
        self.has_part(text, |node| self.tainted.is_given(self.of(node), node.start_byte()))
    }

    /// Whether one of the parts that text is put together of is a name or an element that is so.
    fn has_part(&self, text: Node<'t>, is: impl Fn(Node<'t>) -> bool) -> bool {
        const MOST: usize = 200;
        let mut open = vec![text];
        for _ in 0..MOST {
            let Some(node) = open.pop() else { break };
            match node.kind() {
                // What is compared or counted is no part of the text.
                "binary_expression"
                    if !node
                        .child_by_field_name("operator")
                        .is_some_and(|sign| matches!(self.of(sign), "+" | "||" | "??")) => {}
                "template_string" | "template_substitution" | "parenthesized_expression" | "binary_expression" => {
                    let parts = (0..node.named_child_count().min(MOST))
                        .filter_map(|index| node.named_child(u32::try_from(index).ok()?));
                    open.extend(parts);
                }
                "identifier" | "member_expression" | "subscript_expression" if is(node) => return true,
                _ => {}
            }
        }
        false
    }

    /// Whether a statement holds a value of the request as it came, or one of a model, that nothing around asks about; `deep`
    /// says how many names of parts are followed.
    fn brings(&self, place: Node<'t>, statement: Node<'t>, deep: u32) -> bool {
        self.has_part(statement, |part| {
            let is_name = part.kind() == "identifier";
            let given = self.tainted.is_given(self.of(part), part.start_byte());
            if given || is_name && self.source(part) == Some(Source::Model) {
                return !self.is_asked_about(place, self.of(part));
            }
            let written = self.fixed.given(part).filter(|_| is_name && deep > 0);
            written
                .filter(|made| matches!(made.kind(), "template_string" | "binary_expression"))
                .is_some_and(|made| self.brings(place, made, deep - 1))
        })
    }

    /// Whether the parts of a statement that the program did not write are all parameters that its schema takes no text of.
    fn is_plain(&self, statement: Node<'t>) -> bool {
        let holds_text = |part: Node<'t>| {
            let is_number = self.tainted.is_plain(self.of(part), part.start_byte());
            !is_number && !self.fixed.is_fixed(part)
        };
        let mut parts = children(statement).filter(|one| one.kind() == "template_substitution");
        statement.kind() == "template_string"
            && parts.all(|part| part.named_child(0).is_some_and(|inner| !holds_text(inner)))
    }

    pub(super) fn sql(&self, file: &mut File<'_>, node: Node<'t>, query: Node<'t>, method: &str) {
        // `const query = ..; pool.query(query)`: most such texts are put together of conditions that the program wrote, so
        // only what is known to come from outside is told.
        let query = match query.kind() {
            "identifier" => match self.fixed.written(query) {
                Some(written) if self.brings(node, written, 2) => written,
                _ => return,
            },
            _ => query,
        };
        if self.made(query) != Made::Composed || self.fixed.is_fixed(query) || self.is_chosen(node, query) {
            return;
        }
        if self.is_plain(query) {
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

    /// Whether what comes from outside says where an address leads: it stands first, or where the site is named.
    pub(super) fn begins_with_source(&self, node: Node<'t>) -> bool {
        match node.kind() {
            "string" => return false,
            "template_string" | "binary_expression" => {}
            _ => return true,
        }
        // What is written out so far, and the part before that is not.
        let (mut written, mut before) = (String::new(), None);
        for part in self.parts(node) {
            if matches!(part.kind(), "string" | "string_fragment") {
                let first = written.is_empty() && before.is_none();
                written += self.of(part).trim_matches(['"', '\'', '`']);
                let site = match written.split_once("//") {
                    Some((scheme, site)) if scheme.is_empty() || scheme.ends_with(':') => site,
                    // A path, or an address of another kind.
                    _ if first => return false,
                    _ => &written,
                };
                if site.contains(['/', '?', '#']) {
                    return false;
                }
                before = None;
                continue;
            }
            // After the origin alone a parameter still says which site: `.example.org`, `@example.org`.
            let follows = before.is_none_or(|before: Node<'t>| {
                self.of(before).ends_with(".origin")
                    || part.parent().is_some_and(|one| one.kind() == "template_substitution")
            });
            if follows && self.source(part).is_some() {
                return true;
            }
            before = Some(part);
        }
        false
    }

    /// What text is put together of, in its order.
    fn parts(&self, text: Node<'t>) -> Vec<Node<'t>> {
        const MOST: usize = 200;
        let (mut parts, mut open) = (Vec::new(), vec![text]);
        while let Some(node) = open.pop()
            && parts.len() + open.len() < MOST
        {
            let is_sum = || {
                node.child_by_field_name("operator")
                    .is_some_and(|sign| self.of(sign) == "+")
            };
            match node.kind() {
                "template_string" | "template_substitution" | "parenthesized_expression" => {}
                "binary_expression" if is_sum() => {}
                _ => {
                    parts.push(node);
                    continue;
                }
            }
            let inner: Vec<Node<'t>> = children(node).collect();
            open.extend(inner.into_iter().rev());
        }
        parts
    }

    pub(super) fn fetches(&self, file: &mut File<'_>, node: Node<'t>, target: Node<'t>) {
        if target.kind() == "object" || self.made(target) == Made::Constant || !self.begins_with_source(target) {
            return;
        }
        if self.is_chosen(node, target) {
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

    pub(super) fn files(&self, file: &mut File<'_>, node: Node<'t>, path: Node<'t>) {
        let text = self.of(path);
        if text.contains("basename") || text.contains("sanitize") {
            return;
        }
        let note = match self.source(path) {
            Some(Source::Request) => "a request says which file: `..` in it leaves the folder",
            Some(Source::Model) => "a model says which file: `..` in it leaves the folder",
            None => return,
        };
        if !self.is_checked(node, path) {
            self.report(file, &PATH, PATH.severity, node, note);
        }
    }

    /// Whether the options of Express's `sendFile` name a folder that no request chose: it refuses paths that leave it.
    pub(super) fn names_root(&self, options: Option<&Node<'t>>) -> bool {
        let key = |one: Node<'t>| {
            let name = one.child_by_field_name("key").unwrap_or(one);
            self.of(name) == "root" && self.source(one).is_none()
        };
        options.is_some_and(|options| options.kind() == "object" && children(*options).any(key))
    }

    pub(super) fn hashes(&self, file: &mut File<'_>, node: Node<'t>, algorithm: Node<'t>) {
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

    pub(super) fn tokens(&self, file: &mut File<'_>, arguments: &[Node<'t>]) {
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
}
