//! Shell text as a tree: lists, pipelines, groups, conditions. For looking, never for running.
//!
//! It knows pipes, lists, groups, `if`, loops, `case` and functions of the POSIX shell and of bash, reads any text in one
//! pass and never fails. Words and operators are those of [`ward_formats::shell`].
//!
//! Source: POSIX.1-2024, Shell Command Language; GNU Bash manual.

use std::ops::Range;

use ward_formats::shell::{Lexer, Token};

/// Groups inside groups that are read as such. What is deeper is read as if it stood at that depth.
const DEPTH: usize = 24;
/// Most tokens of one script.
const TOKENS: usize = 50_000;

/// How two pipelines of a list are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Join {
    And,
    Or,
}

/// Commands one after the other.
pub(super) type Sequence = Vec<List>;

/// Pipelines joined by `&&` and `||`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct List {
    /// Each with what joins it to the one before; the first has none.
    pub(super) parts: Vec<(Option<Join>, Pipe)>,
    /// It ends with `&`.
    pub(super) background: bool,
}

/// Commands joined by `|`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Pipe {
    pub(super) negated: bool,
    pub(super) nodes: Vec<Node>,
}

/// A command, or several that are one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    Simple(Command),
    /// `{ .. }`.
    Group(Sequence),
    /// `( .. )`: what ends it ends nothing else.
    Subshell(Sequence),
    /// The conditions and the bodies of `if`, `elif`, `else`.
    If(Vec<Sequence>, Vec<Sequence>),
    /// How often a loop runs, its condition (empty for `for`) and its body.
    Loop(Repeat, Sequence, Sequence),
    /// The bodies of `case`.
    Case(Vec<Sequence>),
    Function(String, Sequence),
}

/// How often a loop runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeat {
    /// While its condition holds.
    While,
    /// Until its condition holds.
    Until,
    /// For each of some words that are written out: once at least.
    Some,
    /// For each of what only a run knows.
    Perhaps,
    /// For each of no words.
    Never,
}

/// A command with its words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Command {
    /// Words without quotes, assignments before the program among them; expansions stand as they are written.
    pub(super) words: Vec<String>,
    /// Files it writes to.
    pub(super) writes: Vec<String>,
    /// Where it begins in the text.
    pub(super) start: usize,
    /// Text inside `$(..)` and backticks.
    pub(super) inside: Vec<Range<usize>>,
}

/// Reads `text`.
pub(super) fn read(text: &str) -> Sequence {
    let tokens: Vec<Token<'_>> = Lexer::new(text, 0..text.len())
        .filter(|token| is_shown(text, token))
        .take(TOKENS)
        .collect();
    let mut parser = Parser { tokens: &tokens, at: 0 };
    let mut out = Vec::new();
    while parser.at < tokens.len() {
        out.extend(parser.sequence(&[], 0));
        // A bracket or word that closes nothing is stepped over.
        parser.at += 1;
    }
    out
}

/// Whether a token is part of the tree: all but redirections that write no file.
fn is_shown(text: &str, token: &Token<'_>) -> bool {
    let Token::Redirect { at, operator, word } = token else {
        return true;
    };
    let (both, operator) = match operator.strip_prefix('&') {
        Some(operator) => (true, operator),
        None => (false, *operator),
    };
    // What is said beside the results may go; where it goes to a file, something may read it.
    let aside = !both && text.get(..*at).is_some_and(|before| before.ends_with('2'));
    operator.starts_with('>') && !operator.contains('&') && !(aside && word.text == "/dev/null")
}

struct Parser<'t> {
    tokens: &'t [Token<'t>],
    at: usize,
}

/// Words that end a sequence where they stand first in a command.
const ENDS: &[&str] = &["then", "elif", "else", "fi", "do", "done", "esac", "}"];

impl Parser<'_> {
    fn keyword(&self) -> Option<&str> {
        match self.tokens.get(self.at) {
            Some(Token::Word(word)) if !word.quoted => Some(&word.text),
            _ => None,
        }
    }

    fn take(&mut self, word: &str) -> bool {
        let there = self.keyword() == Some(word);
        self.at += usize::from(there);
        there
    }

    /// Lists up to one of `ends` (not taken), a closing bracket or `;;` (not taken), or the end.
    fn sequence(&mut self, ends: &[&str], depth: usize) -> Sequence {
        let mut out = Vec::new();
        loop {
            match self.tokens.get(self.at) {
                None | Some(Token::Close | Token::CaseEnd) => return out,
                Some(Token::End | Token::Background) => {
                    self.at += 1;
                    continue;
                }
                _ => {}
            }
            if self
                .keyword()
                .is_some_and(|word| ends.contains(&word) || ENDS.contains(&word))
            {
                return out;
            }
            let before = self.at;
            let list = self.list(depth);
            if !list.parts.is_empty() {
                out.push(list);
            }
            if self.at == before {
                self.at += 1;
            }
        }
    }

    fn list(&mut self, depth: usize) -> List {
        let mut list = List::default();
        let mut join = None;
        loop {
            let pipe = self.pipe(depth);
            if !pipe.nodes.is_empty() {
                list.parts.push((join, pipe));
            }
            join = match self.tokens.get(self.at) {
                Some(Token::And) => Some(Join::And),
                Some(Token::Or) => Some(Join::Or),
                Some(Token::Background) => {
                    list.background = true;
                    self.at += 1;
                    return list;
                }
                _ => return list,
            };
            self.at += 1;
            self.skip_ends();
        }
    }

    fn skip_ends(&mut self) {
        while self.tokens.get(self.at) == Some(&Token::End) {
            self.at += 1;
        }
    }

    fn pipe(&mut self, depth: usize) -> Pipe {
        let mut pipe = Pipe::default();
        while self.take("!") {
            pipe.negated = !pipe.negated;
        }
        loop {
            if let Some(node) = self.node(depth) {
                pipe.nodes.push(node);
            }
            if self.tokens.get(self.at) != Some(&Token::Pipe) {
                return pipe;
            }
            self.at += 1;
            self.skip_ends();
        }
    }

    fn node(&mut self, depth: usize) -> Option<Node> {
        let deep = depth >= DEPTH;
        let node = match (self.tokens.get(self.at)?, self.keyword()) {
            (Token::Open, _) if !deep => {
                self.at += 1;
                let inner = self.sequence(&[], depth + 1);
                self.at += usize::from(self.tokens.get(self.at) == Some(&Token::Close));
                Node::Subshell(inner)
            }
            (_, Some("{")) if !deep => {
                self.at += 1;
                let inner = self.sequence(&["}"], depth + 1);
                self.take("}");
                Node::Group(inner)
            }
            (_, Some("if")) if !deep => {
                let (mut conditions, mut bodies) = (Vec::new(), Vec::new());
                self.at += 1;
                loop {
                    conditions.push(self.sequence(&["then"], depth + 1));
                    self.take("then");
                    bodies.push(self.sequence(&["elif", "else", "fi"], depth + 1));
                    if !self.take("elif") {
                        break;
                    }
                }
                if self.take("else") {
                    bodies.push(self.sequence(&["fi"], depth + 1));
                }
                self.take("fi");
                Node::If(conditions, bodies)
            }
            (_, Some(word @ ("while" | "until"))) if !deep => {
                let repeat = if word == "while" { Repeat::While } else { Repeat::Until };
                self.at += 1;
                let condition = self.sequence(&["do"], depth + 1);
                self.take("do");
                let body = self.sequence(&["done"], depth + 1);
                self.take("done");
                Node::Loop(repeat, condition, body)
            }
            (_, Some("for" | "select")) if !deep => {
                self.at += 1;
                let repeat = self.each_of();
                self.take("do");
                let body = self.sequence(&["done"], depth + 1);
                self.take("done");
                Node::Loop(repeat, Vec::new(), body)
            }
            (_, Some("case")) if !deep => {
                self.at += 1;
                while self.at < self.tokens.len() && !self.take("in") {
                    self.at += 1;
                }
                let mut bodies = Vec::new();
                while self.at < self.tokens.len() && !self.take("esac") {
                    while self.at < self.tokens.len()
                        && self.tokens.get(self.at) != Some(&Token::Close)
                        && self.keyword() != Some("esac")
                    {
                        self.at += 1;
                    }
                    self.at += usize::from(self.tokens.get(self.at) == Some(&Token::Close));
                    let before = self.at;
                    bodies.push(self.sequence(&["esac"], depth + 1));
                    self.at += usize::from(self.tokens.get(self.at) == Some(&Token::CaseEnd));
                    self.skip_ends();
                    if self.at == before && self.keyword() != Some("esac") {
                        self.at += 1;
                    }
                }
                Node::Case(bodies)
            }
            (_, Some("function")) if !deep => {
                self.at += 1;
                let name = self.keyword().unwrap_or_default().to_owned();
                self.at += 1;
                self.function(name, depth)
            }
            (Token::Word(_), _) if !deep && self.is_function() => {
                let name = self.keyword().unwrap_or_default().to_owned();
                self.at += 1;
                self.function(name, depth)
            }
            _ => return self.simple().map(Node::Simple),
        };
        // Redirections of the whole.
        while matches!(self.tokens.get(self.at), Some(Token::Redirect { .. })) {
            self.at += 1;
        }
        Some(node)
    }

    /// Steps over the words of `for x in ..`, up to `do`, and says how often the loop runs.
    fn each_of(&mut self) -> Repeat {
        let (mut listed, mut words, mut open) = (false, 0_usize, false);
        while let Some(token) = self.tokens.get(self.at) {
            match token {
                Token::CaseEnd => break,
                Token::Word(word) if !word.quoted && word.text == "do" => break,
                Token::Word(word) if !listed => listed = !word.quoted && word.text == "in",
                Token::Word(word) => {
                    words += 1;
                    open |= word.text.contains(['$', '`', '*', '?', '[', '@']);
                }
                _ => {}
            }
            self.at += 1;
        }
        match (listed, words) {
            (true, 0) => Repeat::Never,
            (true, _) if !open => Repeat::Some,
            _ => Repeat::Perhaps,
        }
    }

    fn is_function(&self) -> bool {
        matches!(
            (self.tokens.get(self.at + 1), self.tokens.get(self.at + 2)),
            (Some(Token::Open), Some(Token::Close))
        )
    }

    fn function(&mut self, name: String, depth: usize) -> Node {
        if self.tokens.get(self.at) == Some(&Token::Open) {
            self.at += 2;
        }
        self.skip_ends();
        let body = if self.take("{") {
            let body = self.sequence(&["}"], depth + 1);
            self.take("}");
            body
        } else if self.tokens.get(self.at) == Some(&Token::Open) {
            self.at += 1;
            let body = self.sequence(&[], depth + 1);
            self.at += usize::from(self.tokens.get(self.at) == Some(&Token::Close));
            body
        } else {
            Vec::new()
        };
        Node::Function(name, body)
    }

    fn simple(&mut self) -> Option<Command> {
        let mut command = Command::default();
        let mut any = false;
        let mut test = false;
        while let Some(token) = self.tokens.get(self.at) {
            match token {
                Token::Word(word) => {
                    if command.words.is_empty() {
                        command.start = word.start;
                        test = word.text == "[[";
                    }
                    command.words.push(word.text.clone());
                    command.inside.extend(word.inside.iter().cloned());
                    if test && word.text == "]]" {
                        test = false;
                    }
                }
                Token::Redirect { word, .. } => command.writes.push(word.text.clone()),
                Token::End | Token::CaseEnd => break,
                // Inside `[[ .. ]]` these join conditions.
                Token::And | Token::Or | Token::Open | Token::Close | Token::Pipe if test => {}
                _ => break,
            }
            any = true;
            self.at += 1;
        }
        any.then_some(command)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write as _;

    fn shown(sequence: &Sequence, out: &mut String) {
        for list in sequence {
            for (join, pipe) in &list.parts {
                out.push_str(match join {
                    Some(Join::And) => " && ",
                    Some(Join::Or) => " || ",
                    None => "",
                });
                if pipe.negated {
                    out.push_str("! ");
                }
                for (index, node) in pipe.nodes.iter().enumerate() {
                    if index > 0 {
                        out.push_str(" | ");
                    }
                    let mut part = |name: &str, inner: &[Sequence]| {
                        out.push_str(name);
                        for one in inner {
                            out.push('(');
                            shown(one, out);
                            out.push(')');
                        }
                    };
                    match node {
                        Node::Simple(command) => out.push_str(&command.words.join(" ")),
                        Node::Group(inner) | Node::Subshell(inner) => part("group", std::slice::from_ref(inner)),
                        Node::If(conditions, bodies) => {
                            part("if", conditions);
                            part("then", bodies);
                        }
                        Node::Loop(_, condition, body) => part("loop", &[condition.clone(), body.clone()]),
                        Node::Case(bodies) => part("case", bodies),
                        Node::Function(name, body) => {
                            let _ = write!(out, "fn {name}");
                            out.push('(');
                            shown(body, out);
                            out.push(')');
                        }
                    }
                }
            }
            out.push_str(if list.background { " & " } else { "; " });
        }
    }

    #[track_caller]
    fn check(text: &str, expect: &str) {
        let mut out = String::new();
        shown(&read(text), &mut out);
        assert_eq!(out.replace("; )", ";)").trim_end(), expect, "{text}");
    }

    #[test]
    fn trees_are_read() {
        check("", "");
        check("a b; c & d", "a b; c & d;");
        check("a && b || c\nd", "a && b || c; d;");
        check("a |\n b | c", "a | b | c;");
        check("! a", "! a;");
        check("(a; b) || { c; exit 1; }", "group(a; b;) || group(c; exit 1;);");
        check(
            "if a; then b; elif c; then d; else e; fi",
            "if(a;)(c;)then(b;)(d;)(e;);",
        );
        check(
            "while a; do b; done; for x in 1 2; do c; done",
            "loop(a;)(b;); loop()(c;);",
        );
        check("case $x in\n a|b) c;;\n *) d;;\nesac\ne", "case(c;)(d;); e;");
        check("f() { a; }\nf", "fn f(a;); f;");
        check("cat <<'E' > o\nif x\nE\nb # c", "cat; b;");
        check("[[ a && b ]] && c", "[[ a b ]] && c;");
        check("x=$(a | b) c 'd e' \"f $(g)\"", "x=$(a | b) c d e f $(g);");
        check(") a", "a;");
        check("fi; a", "a;");
        check("é\\é \"\u{1f600}`x`\"", "éé \u{1f600}`x`;");
    }

    #[test]
    fn reading_is_linear_and_never_fails() {
        for unit in [
            "$(",
            "`",
            "\"$(",
            "${",
            "<<a ",
            "(",
            "'",
            "\\",
            "| ",
            "<(a ",
            "$(\n",
            "<<a\n",
            "if ",
            "{ ",
            "case x in a) ",
            "if a; then ",
            "while ",
            "f() { ",
            "done ",
            ")",
            "&& ",
            "[[ ",
        ] {
            let text = unit.repeat(20_000);
            let _ = read(&text);
        }
    }
}
