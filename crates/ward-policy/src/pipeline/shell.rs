//! Shell text as a tree: lists, pipelines, groups, conditions. For looking, never for running.
//!
//! It knows quotes, escapes, comments, here-documents, redirections, substitutions, `if`, loops, `case` and functions of
//! the POSIX shell and of bash, reads any text in one pass and never fails: what it does not know comes out as odd words.
//!
//! Source: POSIX.1-2024, Shell Command Language; GNU Bash manual.

use std::ops::Range;

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

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word {
        text: String,
        start: usize,
        inside: Vec<Range<usize>>,
        quoted: bool,
    },
    Write(String),
    Pipe,
    And,
    Or,
    Background,
    End,
    CaseEnd,
    Open,
    Close,
}

/// Reads `text`.
pub(super) fn read(text: &str) -> Sequence {
    let tokens = tokens(text);
    let mut parser = Parser { tokens: &tokens, at: 0 };
    let mut out = Vec::new();
    while parser.at < tokens.len() {
        out.extend(parser.sequence(&[], 0));
        // A bracket or word that closes nothing is stepped over.
        parser.at += 1;
    }
    out
}

fn tokens(text: &str) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut at = 0;
    let mut pending: Vec<(String, bool)> = Vec::new();
    while let Some(byte) = bytes.get(at).copied() {
        if out.len() >= TOKENS {
            break;
        }
        let next = bytes.get(at + 1).copied();
        match byte {
            b' ' | b'\t' | b'\r' => at += 1,
            b'\\' if next == Some(b'\n') => at += 2,
            b'\\' if next == Some(b'\r') && bytes.get(at + 2) == Some(&b'\n') => at += 3,
            b'\n' => {
                at += 1;
                out.push(Token::End);
                for (end, tabs) in std::mem::take(&mut pending) {
                    at = after_document(text, at, &end, tabs);
                }
            }
            b'#' => {
                at = bytes[at..]
                    .iter()
                    .position(|byte| *byte == b'\n')
                    .map_or(bytes.len(), |more| at + more)
            }
            b'|' if next == Some(b'|') => {
                at += 2;
                out.push(Token::Or);
            }
            b'|' => {
                at += 1 + usize::from(next == Some(b'&'));
                out.push(Token::Pipe);
            }
            b'&' if next == Some(b'&') => {
                at += 2;
                out.push(Token::And);
            }
            b'&' if next == Some(b'>') => at = redirect(text, at + 1, &mut out, &mut pending),
            b'&' => {
                at += 1;
                out.push(Token::Background);
            }
            b';' if next == Some(b';') => {
                at += 2;
                out.push(Token::CaseEnd);
            }
            b';' => {
                at += 1;
                out.push(Token::End);
            }
            b'(' => {
                at += 1;
                out.push(Token::Open);
            }
            b')' => {
                at += 1;
                out.push(Token::Close);
            }
            b'<' | b'>' if next != Some(b'(') => at = redirect(text, at, &mut out, &mut pending),
            b'0'..=b'9' => {
                let digits = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
                if matches!(bytes.get(at + digits), Some(b'<' | b'>')) {
                    at = redirect(text, at + digits, &mut out, &mut pending);
                } else {
                    at = word(text, at, &mut out);
                }
            }
            _ => at = word(text, at, &mut out),
        }
    }
    out
}

/// The end of a here-document that begins at `at`.
fn after_document(text: &str, mut at: usize, end: &str, tabs: bool) -> usize {
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let length = rest.find('\n').map_or(rest.len(), |end| end + 1);
        let line = rest.get(..length).unwrap_or_default().trim_end_matches(['\n', '\r']);
        at += length;
        let line = if tabs { line.trim_start_matches('\t') } else { line };
        if line.trim_start_matches(' ') == end {
            break;
        }
    }
    at
}

fn redirect(text: &str, mut at: usize, out: &mut Vec<Token>, pending: &mut Vec<(String, bool)>) -> usize {
    let bytes = text.as_bytes();
    let start = at;
    while at - start < 3 && matches!(bytes.get(at), Some(b'<' | b'>' | b'&' | b'|' | b'-')) {
        if matches!(bytes.get(at), Some(b'<' | b'>')) && bytes.get(at + 1) == Some(&b'(') && at > start {
            break;
        }
        at += 1;
    }
    let operator = text.get(start..at).unwrap_or_default();
    while matches!(bytes.get(at), Some(b' ' | b'\t')) {
        at += 1;
    }
    if matches!(bytes.get(at), None | Some(b'\n' | b'|' | b';' | b')')) {
        return at;
    }
    let mut target = Vec::new();
    let at = word(text, at, &mut target);
    if let Some(Token::Word { text: name, .. }) = target.pop() {
        if operator.starts_with("<<") && !operator.starts_with("<<<") {
            pending.push((name, operator.ends_with('-')));
        } else if operator.starts_with('>') && !operator.contains('&') {
            // What is said beside the results may go; where it goes to a file, something may read it.
            let aside = text.get(..start).is_some_and(|before| before.ends_with('2'));
            if !(aside && name == "/dev/null") {
                out.push(Token::Write(name));
            }
        }
    }
    at
}

/// Reads one word that begins at `start`; takes at least one byte. Gives where it ends.
fn word(text: &str, start: usize, out: &mut Vec<Token>) -> usize {
    let bytes = text.as_bytes();
    let mut at = start;
    let mut word = String::new();
    let mut inside = Vec::new();
    let mut quoted = false;
    while let Some(byte) = bytes.get(at).copied() {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' | b';' | b'|' | b'&' | b')' => break,
            b'(' if at > start => break,
            b'<' | b'>' if bytes.get(at + 1) == Some(&b'(') => at = substitution(text, at, 2, &mut word, &mut inside),
            b'<' | b'>' => break,
            b'\\' => {
                let length = char_at(text, at + 1);
                if bytes.get(at + 1) != Some(&b'\n') {
                    word.push_str(text.get(at + 1..at + 1 + length).unwrap_or_default());
                }
                at += 1 + length;
            }
            b'\'' => {
                quoted = true;
                let rest = text.get(at + 1..).unwrap_or_default();
                let length = rest.find('\'').unwrap_or(rest.len());
                word.push_str(rest.get(..length).unwrap_or_default());
                at = (at + 1 + length + 1).min(text.len());
            }
            b'"' => {
                quoted = true;
                at += 1;
                while let Some(byte) = bytes.get(at).copied() {
                    match byte {
                        b'"' => {
                            at += 1;
                            break;
                        }
                        b'\\' => {
                            let length = char_at(text, at + 1);
                            let after = text.get(at + 1..at + 1 + length).unwrap_or_default();
                            if !matches!(after, "\"" | "\\" | "$" | "`" | "\n") {
                                word.push('\\');
                            }
                            if after != "\n" {
                                word.push_str(after);
                            }
                            at += 1 + length;
                        }
                        b'$' => at = expansion(text, at, &mut word, &mut inside),
                        b'`' => at = backticks(text, at, &mut word, &mut inside),
                        _ => at = literal(text, at, &mut word),
                    }
                }
            }
            b'$' if bytes.get(at + 1) == Some(&b'\'') => at += 1,
            b'$' => at = expansion(text, at, &mut word, &mut inside),
            b'`' => at = backticks(text, at, &mut word, &mut inside),
            _ => at = literal(text, at, &mut word),
        }
    }
    if at == start {
        at += char_at(text, at).max(1);
    }
    out.push(Token::Word {
        text: word,
        start,
        inside,
        quoted,
    });
    at
}

fn char_at(text: &str, at: usize) -> usize {
    text.get(at..)
        .and_then(|rest| rest.chars().next())
        .map_or(0, char::len_utf8)
}

fn literal(text: &str, at: usize, word: &mut String) -> usize {
    let length = char_at(text, at).max(1);
    word.push_str(text.get(at..at + length).unwrap_or_default());
    at + length
}

fn expansion(text: &str, at: usize, word: &mut String, inside: &mut Vec<Range<usize>>) -> usize {
    let rest = text.get(at..).unwrap_or_default().as_bytes();
    match rest.get(1) {
        Some(b'(') => substitution(text, at, 2, word, inside),
        Some(b'{') => {
            let end = text.ceil_char_boundary(at + closing(rest, 2, b'{', b'}'));
            word.push_str(text.get(at..end).unwrap_or_default());
            end
        }
        _ => {
            word.push('$');
            at + 1
        }
    }
}

fn substitution(text: &str, at: usize, lead: usize, word: &mut String, inside: &mut Vec<Range<usize>>) -> usize {
    let rest = text.get(at..).unwrap_or_default().as_bytes();
    let end = text.ceil_char_boundary(at + closing(rest, lead, b'(', b')'));
    word.push_str(text.get(at..end).unwrap_or_default());
    inside.push(at + lead..text.floor_char_boundary(end.saturating_sub(1)).max(at + lead));
    end
}

fn backticks(text: &str, at: usize, word: &mut String, inside: &mut Vec<Range<usize>>) -> usize {
    let bytes = text.as_bytes();
    let mut end = at + 1;
    while let Some(byte) = bytes.get(end) {
        end += 1;
        match byte {
            b'`' => break,
            b'\\' => end += 1,
            _ => {}
        }
    }
    let end = text.ceil_char_boundary(end.min(text.len()));
    word.push_str(text.get(at..end).unwrap_or_default());
    inside.push(at + 1..text.floor_char_boundary(end.saturating_sub(1)).max(at + 1));
    end
}

/// The length up to the bracket that closes one whose inside begins at `from`; all there is where none does, and for a
/// brace no more than its line.
fn closing(bytes: &[u8], from: usize, open: u8, close: u8) -> usize {
    let bytes = if open == b'{' {
        let line = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
        bytes.get(..line).unwrap_or_default()
    } else {
        bytes
    };
    let (mut depth, mut at, mut quote) = (1_usize, from, None);
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match (quote, *byte) {
            (Some(b'\''), b'\'') | (Some(b'"'), b'"') => quote = None,
            (_, b'\\') if quote != Some(b'\'') => at += 1,
            (Some(_), _) => {}
            (None, b'\'' | b'"') => quote = Some(*byte),
            (None, byte) if byte == open => depth += 1,
            (None, byte) if byte == close => {
                depth -= 1;
                if depth == 0 {
                    return at;
                }
            }
            _ => {}
        }
    }
    bytes.len().min(at.max(from.min(bytes.len())))
}

struct Parser<'t> {
    tokens: &'t [Token],
    at: usize,
}

/// Words that end a sequence where they stand first in a command.
const ENDS: &[&str] = &["then", "elif", "else", "fi", "do", "done", "esac", "}"];

impl Parser<'_> {
    fn keyword(&self) -> Option<&str> {
        match self.tokens.get(self.at) {
            Some(Token::Word {
                text, quoted: false, ..
            }) => Some(text),
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
            (Token::Word { .. }, _) if !deep && self.is_function() => {
                let name = self.keyword().unwrap_or_default().to_owned();
                self.at += 1;
                self.function(name, depth)
            }
            _ => return self.simple().map(Node::Simple),
        };
        // Redirections of the whole.
        while matches!(self.tokens.get(self.at), Some(Token::Write(_))) {
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
                Token::Word { text, quoted, .. } if !quoted && text == "do" => break,
                Token::Word { text, quoted, .. } if !listed => listed = !quoted && text == "in",
                Token::Word { text, .. } => {
                    words += 1;
                    open |= text.contains(['$', '`', '*', '?', '[', '@']);
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
                Token::Word {
                    text, start, inside, ..
                } => {
                    if command.words.is_empty() {
                        command.start = *start;
                        test = text == "[[";
                    }
                    command.words.push(text.clone());
                    command.inside.extend(inside.iter().cloned());
                    if test && text == "]]" {
                        test = false;
                    }
                }
                Token::Write(name) => command.writes.push(name.clone()),
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
