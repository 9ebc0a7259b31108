//! GitHub's expressions, `${{ .. }}`: which contexts flow into the text they become.
//!
//! A comparison or a call of `contains` gives true or false, whatever a stranger wrote; `format` and `||` hand on what they
//! were given. Only what is handed on can inject.
//!
//! Source: GitHub documentation, *Evaluate expressions in workflows and actions* and *Contexts reference*.

use std::ops::Range;

/// Brackets inside brackets that are followed; GitHub allows 50.
const DEPTH: usize = 50;

/// The insides of the expressions in a text: where each stands, and what is in it.
pub(in super::super) fn expressions(text: &str) -> Vec<(Range<usize>, &str)> {
    let mut out = Vec::new();
    let mut from = 0;
    while let Some(start) = text.get(from..).and_then(|rest| rest.find("${{")).map(|at| from + at) {
        let inside = start + 3;
        let Some(length) = end_of(text.get(inside..).unwrap_or_default()) else {
            break;
        };
        out.push((
            start..inside + length + 2,
            text.get(inside..inside + length).unwrap_or_default(),
        ));
        from = inside + length + 2;
    }
    out
}

/// Where `}}` ends the expression; quoted text may hold it.
fn end_of(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut quoted = false;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\'' => quoted = !quoted,
            b'}' if !quoted && bytes.get(at + 1) == Some(&b'}') => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

/// A text with every expression replaced by as many letters, so that a reader of shell sees one plain word.
pub(in super::super) fn blanked(text: &str) -> String {
    let mut out = text.to_owned().into_bytes();
    for (range, _) in expressions(text) {
        for byte in out.get_mut(range).unwrap_or_default() {
            if *byte != b'\n' {
                *byte = b'x';
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The contexts whose value can become the value of the expression, in lower case, indices as `.name` or `.*`.
pub(in super::super) fn flows(expression: &str) -> Vec<String> {
    let mut reader = Reader {
        text: expression,
        at: 0,
        depth: 0,
    };
    let mut out = reader.or();
    // Something that is no expression: take every name in it.
    if !reader.rest().trim().is_empty() {
        let names = expression.split(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '*')));
        out = names
            .filter(|name| name.contains('.'))
            .map(str::to_ascii_lowercase)
            .collect();
    }
    out
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn take(&mut self, word: &str) -> bool {
        let rest = self.rest();
        let trimmed = rest.trim_start();
        if trimmed.starts_with(word) {
            self.at += rest.len() - trimmed.len() + word.len();
            true
        } else {
            false
        }
    }

    /// `a || b`: either.
    fn or(&mut self) -> Vec<String> {
        let mut out = self.and();
        while self.take("||") {
            out.extend(self.and());
        }
        out
    }

    /// `a && b`: `b`, or `a` where that is false, empty or null and so harmless.
    fn and(&mut self) -> Vec<String> {
        let mut out = self.comparison();
        while self.take("&&") {
            out = self.comparison();
        }
        out
    }

    fn comparison(&mut self) -> Vec<String> {
        let mut out = self.unary();
        while ["==", "!=", "<=", ">=", "<", ">"].iter().any(|sign| self.take(sign)) {
            self.unary();
            out.clear();
        }
        out
    }

    fn unary(&mut self) -> Vec<String> {
        let mut negated = false;
        while !self.rest().trim_start().starts_with("!=") && self.take("!") {
            negated = true;
        }
        let out = self.primary();
        if negated { Vec::new() } else { out }
    }

    fn primary(&mut self) -> Vec<String> {
        if self.depth >= DEPTH {
            return Vec::new();
        }
        if self.take("(") {
            self.depth += 1;
            let out = self.or();
            self.depth -= 1;
            self.take(")");
            return self.index(out);
        }
        if self.take("'") {
            loop {
                match self.rest().find('\'') {
                    Some(at) => self.at += at + 1,
                    None => self.at = self.text.len(),
                }
                if !self.rest().starts_with('\'') {
                    return Vec::new();
                }
                self.at += 1;
            }
        }
        let rest = self.rest();
        let trimmed = rest.trim_start();
        let length = trimmed
            .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '*' | '+')))
            .unwrap_or(trimmed.len());
        let name = trimmed.get(..length).unwrap_or_default().to_ascii_lowercase();
        if name.is_empty() {
            return Vec::new();
        }
        self.at += rest.len() - trimmed.len() + length;
        if self.take("(") {
            self.depth += 1;
            let mut arguments = Vec::new();
            while !self.rest().trim_start().is_empty() && !self.take(")") {
                let before = self.at;
                arguments.extend(self.or());
                self.take(",");
                if self.at == before {
                    break;
                }
            }
            self.depth -= 1;
            // What the others give is true, false, or a hash.
            let hands_on = matches!(name.as_str(), "format" | "join" | "tojson" | "fromjson" | "case");
            return if hands_on { self.index(arguments) } else { Vec::new() };
        }
        let constant = matches!(name.as_str(), "true" | "false" | "null" | "nan" | "infinity")
            || name.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'));
        if constant {
            return Vec::new();
        }
        self.index(vec![name])
    }

    /// `[..]` and `.name` after a value.
    fn index(&mut self, mut of: Vec<String>) -> Vec<String> {
        loop {
            if self.take("[") {
                let rest = self.rest().trim_start();
                let literal = rest
                    .strip_prefix('\'')
                    .and_then(|rest| rest.split_once('\''))
                    .map(|(name, _)| name.to_ascii_lowercase());
                self.depth += 1;
                if self.depth < DEPTH {
                    self.or();
                }
                self.depth -= 1;
                let closed = self.take("]");
                let name = literal.unwrap_or_else(|| "*".to_owned());
                for context in &mut of {
                    context.push('.');
                    context.push_str(&name);
                }
                if !closed {
                    return of;
                }
            } else if self.rest().starts_with('.') {
                self.at += 1;
                let rest = self.rest();
                let length = rest
                    .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '*')))
                    .unwrap_or(rest.len());
                let name = rest.get(..length).unwrap_or_default().to_ascii_lowercase();
                self.at += length;
                for context in &mut of {
                    context.push('.');
                    context.push_str(&name);
                }
            } else {
                return of;
            }
        }
    }
}

/// What a stranger can write into a context.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in super::super) enum Untrusted {
    /// Whoever starts the workflow by hand or calls it.
    Caller,
    /// What an earlier step made of something.
    Derived,
    /// Anybody, but as one line without spaces: a branch, a label.
    Name,
    /// Anybody, any text.
    Text,
}

/// Whether strangers write this context, and how freely.
pub(in super::super) fn untrusted(context: &str) -> Option<Untrusted> {
    if context == "inputs" || context.starts_with("inputs.") || context.starts_with("github.event.inputs.") {
        return Some(Untrusted::Caller);
    }
    if context.starts_with("github.event.client_payload") {
        return Some(Untrusted::Caller);
    }
    if context == "github.head_ref" {
        return Some(Untrusted::Name);
    }
    if matches!(context, "github" | "github.event" | "github.*") {
        return Some(Untrusted::Text);
    }
    let rest = context.strip_prefix("github.event.")?;
    let mut parts = rest.split('.');
    let (first, last) = (parts.next()?, rest.rsplit('.').next()?);
    let text = match first {
        "issue" | "pull_request" | "discussion" => {
            matches!(last, "title" | "body" | "issue" | "pull_request" | "discussion")
        }
        "comment" | "review" | "review_comment" => matches!(last, "body" | "comment" | "review"),
        "pages" => matches!(last, "page_name" | "title" | "summary"),
        "commits" | "head_commit" => matches!(
            last,
            "message" | "name" | "email" | "username" | "head_commit" | "commits" | "author"
        ),
        "workflow_run" => {
            matches!(last, "message" | "name" | "email" | "display_title" | "workflow_run")
                && rest != "workflow_run.name"
        }
        "changes" => last == "from",
        "release" | "milestone" | "deployment" => matches!(last, "body" | "description"),
        _ => false,
    };
    if text {
        return Some(Untrusted::Text);
    }
    let name = match first {
        "pull_request" => {
            rest.ends_with("head.ref") || rest.ends_with("head.label") || rest.contains("head.repo.default_branch")
        }
        "workflow_run" => rest.ends_with("head_branch") || rest.ends_with("head.ref"),
        _ => false,
    };
    name.then_some(Untrusted::Name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(expression: &str, expect: &[&str]) {
        assert_eq!(flows(expression), expect, "{expression}");
    }

    #[test]
    fn only_what_is_handed_on_flows() {
        check(" github.head_ref ", &["github.head_ref"]);
        check("github.event['Issue'].title", &["github.event.issue.title"]);
        check("github.event.commits[0].message", &["github.event.commits.*.message"]);
        check("github.event.commits.*.message", &["github.event.commits.*.message"]);
        check("a.b == 'x'", &[]);
        check("!a.b", &[]);
        check("contains(github.event.comment.body, 'x')", &[]);
        check("format('{0} it''s', github.head_ref)", &["github.head_ref"]);
        check("a.b && c.d || e.f", &["c.d", "e.f"]);
        check("(a.b || c.d) && 'x'", &[]);
        check(
            "github.event_name == 'push' && github.ref || github.head_ref",
            &["github.ref", "github.head_ref"],
        );
        check("toJSON(github.event)", &["github.event"]);
        check("fromJSON(steps.a.outputs.b).c[env.D]", &["steps.a.outputs.b.c.*"]);
        check("1.5", &[]);
        check("a.b c.d", &["a.b", "c.d"]);
        check(&"(".repeat(10_000), &[]);
        check(&"!".repeat(10_000), &[]);
        check(&"a[".repeat(1_000), &[]);
    }

    #[test]
    fn expressions_are_cut_out() {
        let text = "a ${{ b }} ${{ '}}' }} ${{ open";
        let found: Vec<_> = expressions(text).into_iter().map(|(_, inside)| inside).collect();
        assert_eq!(found, [" b ", " '}}' "]);
        assert_eq!(blanked("echo ${{ a.b }} é"), "echo xxxxxxxxxx é");
    }

    #[test]
    fn strangers_write_some_contexts() {
        for (context, expect) in [
            ("github.event.issue.title", Some(Untrusted::Text)),
            ("github.event.pull_request.body", Some(Untrusted::Text)),
            ("github.event.pull_request.head.ref", Some(Untrusted::Name)),
            ("github.event.pull_request.number", None),
            ("github.event.pull_request.head.sha", None),
            ("github.event.commits.*.message", Some(Untrusted::Text)),
            ("github.event.head_commit.id", None),
            ("github.head_ref", Some(Untrusted::Name)),
            ("github.ref", None),
            ("github.actor", None),
            ("inputs.version", Some(Untrusted::Caller)),
            ("github.event.inputs.x", Some(Untrusted::Caller)),
            ("github.event.workflow_run.head_branch", Some(Untrusted::Name)),
            ("github.event.workflow_run.id", None),
            ("secrets.token", None),
        ] {
            assert_eq!(untrusted(context), expect, "{context}");
        }
    }
}
