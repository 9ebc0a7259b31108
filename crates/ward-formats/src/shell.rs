//! Shell text as tokens: words, redirections and the operators between them. For looking, never for running.
//!
//! It knows quotes, escapes, comments, here-documents, redirections, expansions and substitutions of the POSIX shell and of
//! bash, reads any text in one pass and never fails: what it does not know (a `case` pattern, arithmetic) comes out as odd
//! words. What stands inside substitutions is not read, only named, so that who reads it says how deep. Keywords are words
//! here. Pure Rust on purpose: scripts of strangers are no input for a parser in C.
//!
//! Source: POSIX.1-2024, Shell Command Language; GNU Bash manual.

use std::ops::Range;

/// A word, as far as it is known without running anything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Word {
    /// Without quotes; expansions stand as they are written.
    pub text: String,
    /// Where it begins in the text.
    pub start: usize,
    /// Where it ends, quotes included.
    pub end: usize,
    /// Some of it stands in quotes.
    pub quoted: bool,
    /// An expansion in it stands outside of quotes, so that its value is split into words.
    pub bare: bool,
    /// It begins in single quotes, and nothing in it is expanded.
    pub literal: bool,
    /// Where the commands in its substitutions stand: `$(..)`, `<(..)`, `>(..)` and backticks.
    pub inside: Vec<Range<usize>>,
}

/// A piece of shell text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token<'t> {
    /// A word, which may be a keyword or an assignment.
    Word(Word),
    /// A redirection; the lines of a here-document are left out.
    Redirect {
        /// Where the operator begins; the number of what is redirected may stand before it.
        at: usize,
        /// `>`, `&>`, `<<-` and the like.
        operator: &'t str,
        /// What it is redirected to or from, or what ends a here-document.
        word: Word,
    },
    /// `|` or `|&`.
    Pipe,
    /// `&&`.
    And,
    /// `||`.
    Or,
    /// `&`.
    Background,
    /// `;` or the end of a line.
    End,
    /// `;;`.
    CaseEnd,
    /// `(`.
    Open,
    /// `)`.
    Close,
}

/// Reads the tokens of a text, one after the other.
#[derive(Debug)]
pub struct Lexer<'t> {
    text: &'t str,
    at: usize,
    /// Here-documents whose lines have not come yet: the word that ends each, and whether tabs before it are left out.
    documents: Vec<(String, bool)>,
    open: Option<usize>,
}

impl<'t> Lexer<'t> {
    /// Over the part of `text` at `range`: the whole, or what stands inside a substitution. Places are those of `text`.
    #[must_use]
    pub fn new(text: &'t str, range: Range<usize>) -> Self {
        let text = text.get(..range.end).unwrap_or_default();
        let at = if text.is_char_boundary(range.start) {
            range.start
        } else {
            text.len()
        };
        Self {
            text,
            at,
            documents: Vec::new(),
            open: None,
        }
    }

    /// Where a quote or a substitution begins that nothing closes, the first of those that were read: a shell would not run
    /// such a text, and what stands behind that place may mean something else.
    #[must_use]
    pub fn open(&self) -> Option<usize> {
        self.open
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Steps over blanks, comments and the ends of lines that go on.
    fn skip_blanks(&mut self) {
        loop {
            self.at += match (self.peek(0), self.peek(1)) {
                (Some(b' ' | b'\t' | b'\r'), _) => 1,
                (Some(b'\\'), Some(b'\n')) => 2,
                (Some(b'\\'), Some(b'\r')) if self.peek(2) == Some(b'\n') => 3,
                (Some(b'#'), _) => self.rest().find('\n').unwrap_or(self.rest().len()),
                _ => return,
            };
        }
    }

    /// Steps over the lines of here-documents that begin here.
    fn skip_documents(&mut self) {
        for (end, tabs) in std::mem::take(&mut self.documents) {
            self.at = after_document(self.text, self.at, &end, tabs);
        }
    }

    /// Whether a redirection begins here: the length of the number before its operator.
    fn redirects(&self) -> Option<usize> {
        let digits = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        let begins = match self.peek(digits) {
            Some(b'<' | b'>') => digits > 0 || self.peek(1) != Some(b'('),
            Some(b'&') => digits == 0,
            _ => false,
        };
        begins.then_some(digits)
    }

    /// Reads an operator such as `>`, and the word behind it if there is one.
    fn redirect(&mut self) -> Option<Token<'t>> {
        let at = self.at;
        while self.at - at < 3 && matches!(self.peek(0), Some(b'<' | b'>' | b'&' | b'|' | b'-')) {
            // `<(` and `>(` after an operator are substitutions.
            if matches!(self.peek(0), Some(b'<' | b'>')) && self.peek(1) == Some(b'(') && self.at > at {
                break;
            }
            self.at += 1;
        }
        let operator = self.text.get(at..self.at).unwrap_or_default();
        while matches!(self.peek(0), Some(b' ' | b'\t')) {
            self.at += 1;
        }
        if matches!(self.peek(0), None | Some(b'\n' | b'|' | b';' | b')')) {
            return None;
        }
        let word = self.word();
        if operator.starts_with("<<") && operator != "<<<" {
            self.documents.push((word.text.clone(), operator.ends_with('-')));
        }
        Some(Token::Redirect { at, operator, word })
    }

    /// Reads one word; takes at least one byte.
    fn word(&mut self) -> Word {
        let start = self.at;
        let mut word = Word {
            start,
            ..Word::default()
        };
        while let Some(byte) = self.peek(0) {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | b';' | b'|' | b'&' | b')' => break,
                // A function's name or an array ends the word.
                b'(' if self.at > start => break,
                b'<' | b'>' if self.peek(1) == Some(b'(') => self.substitution(&mut word),
                b'<' | b'>' => break,
                b'\\' => self.escape(&mut word, |_| true),
                b'\'' => {
                    word.literal |= word.text.is_empty() && !word.quoted;
                    self.single_quotes(&mut word);
                }
                b'"' => {
                    word.literal = false;
                    self.double_quotes(&mut word);
                }
                b'$' if self.peek(1) == Some(b'\'') => self.at += 1,
                b'$' | b'`' => {
                    (word.bare, word.literal) = (true, false);
                    self.expansion(&mut word);
                }
                _ => self.literal(&mut word),
            }
        }
        if self.at == start {
            self.literal(&mut Word::default());
        }
        word.end = self.at;
        word
    }

    fn literal(&mut self, word: &mut Word) {
        let next = self.rest().chars().next();
        word.text.extend(next);
        self.at += next.map_or(1, char::len_utf8);
    }

    /// A backslash and what stands behind it, which loses its meaning; the backslash stays where `quotes` says that it does
    /// nothing to that character.
    fn escape(&mut self, word: &mut Word, quotes: impl FnOnce(&str) -> bool) {
        let length = self.rest().chars().nth(1).map_or(0, char::len_utf8);
        let after = self.rest().get(1..1 + length).unwrap_or_default();
        if !quotes(after) {
            word.text.push('\\');
        }
        if after != "\n" {
            word.text.push_str(after);
        }
        self.at += 1 + length;
    }

    fn single_quotes(&mut self, word: &mut Word) {
        word.quoted = true;
        let inside = self.rest().get(1..).unwrap_or_default();
        let length = inside.find('\'').unwrap_or_else(|| {
            self.open.get_or_insert(self.at);
            inside.len()
        });
        word.text.push_str(inside.get(..length).unwrap_or_default());
        self.at = (self.at + length + 2).min(self.text.len());
    }

    fn double_quotes(&mut self, word: &mut Word) {
        word.quoted = true;
        let start = self.at;
        self.at += 1;
        while let Some(byte) = self.peek(0) {
            match byte {
                b'"' => {
                    self.at += 1;
                    return;
                }
                b'\\' => self.escape(word, |after| matches!(after, "\"" | "\\" | "$" | "`" | "\n")),
                b'$' | b'`' => self.expansion(word),
                _ => self.literal(word),
            }
        }
        self.open.get_or_insert(start);
    }

    /// `$name`, `${..}`, `$(..)`, `$((..))` and backticks: written out as it is.
    fn expansion(&mut self, word: &mut Word) {
        match (self.peek(0), self.peek(1)) {
            (Some(b'`'), _) => self.commands(word, 1, closing_backtick(self.rest())),
            (_, Some(b'(')) => self.substitution(word),
            (_, Some(b'{')) => {
                let line = self.rest().split('\n').next().unwrap_or_default();
                let length = closing(line, b'{', b'}').unwrap_or(line.len());
                self.written(word, length);
            }
            _ => self.literal(word),
        }
    }

    /// `$(..)`, `<(..)` and `>(..)`. Where nothing closes one, it takes all there is.
    fn substitution(&mut self, word: &mut Word) {
        self.commands(word, 2, closing(self.rest(), b'(', b')'));
    }

    /// Takes commands that begin behind `lead` bytes and that one byte closes, the last of `length`; where nothing closes
    /// them, all there is.
    fn commands(&mut self, word: &mut Word, lead: usize, length: Option<usize>) {
        let end = match length {
            Some(length) => self.at + length - 1,
            None => {
                self.open.get_or_insert(self.at);
                // The end of the last line is no part of what is in there.
                self.text.trim_end().len()
            }
        };
        word.inside.push(self.at + lead..end);
        self.written(word, length.unwrap_or(self.rest().len()));
    }

    fn written(&mut self, word: &mut Word, length: usize) {
        word.text.push_str(self.rest().get(..length).unwrap_or_default());
        self.at += length;
    }
}

impl<'t> Iterator for Lexer<'t> {
    type Item = Token<'t>;

    fn next(&mut self) -> Option<Token<'t>> {
        loop {
            self.skip_blanks();
            let (token, length) = match (self.peek(0)?, self.peek(1)) {
                (b'\n', _) => {
                    self.at += 1;
                    self.skip_documents();
                    return Some(Token::End);
                }
                (b'|', Some(b'|')) => (Token::Or, 2),
                (b'|', next) => (Token::Pipe, 1 + usize::from(next == Some(b'&'))),
                (b'&', Some(b'&')) => (Token::And, 2),
                (b'&', next) if next != Some(b'>') => (Token::Background, 1),
                (b';', Some(b';')) => (Token::CaseEnd, 2),
                (b';', _) => (Token::End, 1),
                (b'(', _) => (Token::Open, 1),
                (b')', _) => (Token::Close, 1),
                _ => match self.redirects() {
                    None => return Some(Token::Word(self.word())),
                    Some(digits) => {
                        self.at += digits;
                        match self.redirect() {
                            None => continue,
                            redirect => return redirect,
                        }
                    }
                },
            };
            self.at += length;
            return Some(token);
        }
    }
}

/// Where the lines end of a here-document that begins at `at`.
fn after_document(text: &str, mut at: usize, end: &str, tabs: bool) -> usize {
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let length = rest.find('\n').map_or(rest.len(), |end| end + 1);
        let line = rest.get(..length).unwrap_or_default().trim_end_matches(['\n', '\r']);
        at += length;
        let line = if tabs { line.trim_start_matches('\t') } else { line };
        // Text of a script that was cut out of a configuration may be indented.
        if line.trim_start_matches(' ') == end {
            break;
        }
    }
    at
}

/// The length up to the backtick that closes the one which `text` begins with.
fn closing_backtick(text: &str) -> Option<usize> {
    let mut bytes = text.bytes().enumerate().skip(1);
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'`' => return Some(at + 1),
            b'\\' => {
                bytes.next();
            }
            _ => {}
        }
    }
    None
}

/// The length up to the bracket that closes the one which is the second byte of `text`.
fn closing(text: &str, open: u8, close: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    // In a parameter and in arithmetic there are no comments and no here-documents.
    let commands = open == b'(' && !text.starts_with("$((");
    let (mut depth, mut at, mut quote) = (1_usize, 2, None);
    let mut documents = Vec::new();
    while let Some(byte) = bytes.get(at) {
        let before = bytes.get(at - 1);
        at += 1;
        match (quote, *byte) {
            (Some(b'\''), b'\'') | (Some(b'"'), b'"') => quote = None,
            (_, b'\\') if quote != Some(b'\'') => at += 1,
            (Some(_), _) => {}
            (None, b'#') if commands && matches!(before, Some(b' ' | b'\t' | b'\n' | b';' | b'(')) => {
                let rest = text.get(at..)?;
                at += rest.find('\n').unwrap_or(rest.len());
            }
            (None, b'<') if commands && bytes.get(at) == Some(&b'<') => {
                at += 1;
                let rest = text.get(at..)?;
                if rest.starts_with('<') {
                    at += 1;
                } else {
                    documents.extend(document(rest));
                }
            }
            // What stands in a here-document closes nothing.
            (None, b'\n') => {
                for (end, tabs) in documents.drain(..) {
                    at = after_document(text, at, end, tabs);
                }
            }
            (None, b'\'' | b'"') => quote = Some(*byte),
            (None, byte) if byte == open => depth += 1,
            (None, byte) if byte == close => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// The word behind `<<` that ends a here-document, and whether tabs before it are left out.
fn document(text: &str) -> Option<(&str, bool)> {
    let tabs = text.strip_prefix('-');
    let word = tabs.unwrap_or(text).trim_start_matches(' ');
    let word = word.strip_prefix(['\'', '"']).unwrap_or(word);
    let length = word
        .bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
        .count();
    let end = word.get(..length).filter(|end| !end.is_empty())?;
    Some((end, tabs.is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words with `b`, `l` and `q` for bare, literal and quoted, redirections in angle brackets, operators as they are.
    fn shown(text: &str, range: Range<usize>) -> String {
        let word = |word: &Word| {
            let marks = [(word.bare, "b"), (word.literal, "l"), (word.quoted, "q")];
            let marks: String = marks.iter().filter_map(|(is, mark)| is.then_some(*mark)).collect();
            format!("{}{}{marks}", word.text, if marks.is_empty() { "" } else { ":" })
        };
        let tokens = Lexer::new(text, range).map(|token| match token {
            Token::Word(one) => word(&one),
            Token::Redirect {
                operator, word: one, ..
            } => format!("<{operator} {}>", word(&one)),
            Token::Pipe => "|".into(),
            Token::And => "&&".into(),
            Token::Or => "||".into(),
            Token::Background => "&".into(),
            Token::End => ";".into(),
            Token::CaseEnd => ";;".into(),
            Token::Open => "(".into(),
            Token::Close => ")".into(),
        });
        tokens.collect::<Vec<_>>().join(",")
    }

    #[track_caller]
    fn check(text: &str, expect: &str) {
        assert_eq!(shown(text, 0..text.len()), expect, "{text}");
    }

    #[test]
    fn operators_are_told_apart() {
        check("", "");
        check("# a comment\n", ";");
        check("a b; c & d\ne", "a,b,;,c,&,d,;,e");
        check("a|b||c|&d&&e", "a,|,b,||,c,|,d,&&,e");
        check("(a);;(b)", "(,a,),;;,(,b,)");
        check("f() { a; }", "f,(,),{,a,;,}");
        check("a#b # c", "a#b");
        check("a \\\n b\\\r\n c", "a,b\r,;,c");
    }

    #[test]
    fn words_lose_their_quotes() {
        check("a 'b c' \"d $e\" f\\ g", "a,b c:lq,d $e:q,f g");
        check("'a'b \"c\"'d' 'e'\"f\" 'g'$h", "ab:lq,cd:q,ef:q,g$h:bq");
        check("$a `b` \"`c`\" ${d e} <(f)", "$a:b,`b`:b,`c`:q,${d e}:b,<(f)");
        check(r#""a\q\"\$\\" $'b' \if"#, r#"a\q"$\:q,b:lq,if"#);
        check("é\\é \"\u{1f600}", "éé,\u{1f600}:q");
    }

    #[test]
    fn redirections_are_kept_apart() {
        check("a > b 2>&1 <c >>d", "a,<> b>,<>& 1>,<< c>,<>> d>");
        check("a &> b &>> c 12> d e2", "a,<&> b>,<&>> c>,<> d>,e2");
        check("(a >&-) | b <", "(,a,),|,b");
        check("a < <(b) &>(c)", "a,<< <(b)>,<& >(c)>");
        check(
            "cat <<'A' <<-B | sh\nnot $(here\nA\n\tnor\n\tB\nc",
            "cat,<<< A:lq>,<<<- B>,|,sh,;,c",
        );
        check("a <<< b\nc", "a,<<<< b>,;,c");
    }

    #[test]
    fn what_is_substituted_is_named() {
        let text = "a \"$(b `c`)\" <(d) > >(e) ${f:-$(g)} $((1))";
        let inside: Vec<_> = Lexer::new(text, 0..text.len())
            .filter_map(|token| match token {
                Token::Word(word) | Token::Redirect { word, .. } => Some(word.inside),
                _ => None,
            })
            .flatten()
            .collect();
        let texts: Vec<_> = inside.iter().map(|range| &text[range.clone()]).collect();
        assert_eq!(texts, ["b `c`", "d", "e", "(1)"]);
        assert_eq!(shown(text, inside[0].clone()), "b,`c`:b");
        assert_eq!(shown("éa b", 1..4), "");
        assert_eq!(shown("a b", 2..9), "");
    }

    #[test]
    fn comments_and_documents_inside_close_nothing() {
        for (text, expect) in [
            ("x=$(a # it's )\n) b", "x=$(a # it's )\n):b,b"),
            ("x=$(a#)b", "x=$(a#)b:b"),
            ("x=${a #} b", "x=${a #}:b,b"),
            ("x=$(cat <<'E'\nit's )\nE\n) b", "x=$(cat <<'E'\nit's )\nE\n):b,b"),
            ("x=$(cat <<-E\n)\n\tE\n) b", "x=$(cat <<-E\n)\n\tE\n):b,b"),
            ("x=$(cat <<< E\n) b", "x=$(cat <<< E\n):b,b"),
            ("x=$((1 <<E\n)) b", "x=$((1 <<E\n)):b,b"),
            ("x=$(a \"<<E\"\n) b", "x=$(a \"<<E\"\n):b,b"),
        ] {
            check(text, expect);
        }
    }

    #[test]
    fn what_nothing_closes_is_named() {
        for (text, expect, inside) in [
            ("echo 'a", Some(5), None),
            ("x\necho \"a $(b)", Some(7), Some("b")),
            ("x=$(a; b", Some(2), Some("a; b")),
            ("x=$(a é\n", Some(2), Some("a é")),
            ("a `b", Some(2), Some("b")),
            ("a $(", Some(2), Some("")),
            ("a ${b", None, None),
            ("a 'b' \"c\" # don't $(", None, None),
            ("cat <<E\nit's\nE\n", None, None),
        ] {
            let mut lexer = Lexer::new(text, 0..text.len());
            let found = lexer.by_ref().find_map(|token| match token {
                Token::Word(word) => word.inside.first().cloned(),
                _ => None,
            });
            let _ = lexer.by_ref().count();
            assert_eq!(lexer.open(), expect, "{text}");
            assert_eq!(found.and_then(|range| text.get(range)), inside, "{text}");
        }
    }

    #[test]
    fn reading_is_linear() {
        for unit in [
            "$(", "`", "\"$(", "${", "${\n", "`\n", "$(\n", "<(a ", "<<a ", "<<a\n", "$(<<a\n", "<<<", "(", "'", "\\",
            "1", "&>", "#",
        ] {
            let text = unit.repeat(100_000);
            assert!(Lexer::new(&text, 0..text.len()).count() <= text.len());
        }
    }
}
