//! How deeply a program is nested, found out before and after it is parsed, without recursion.
//!
//! A tree is as deep as its program is nested, and every walk over it (dropping it, too) takes stack for each level. Depth
//! comes from brackets and indentation, and from chains as well: `a + a + a ..`, `a.b.c ..`, `not not not ..`. What is
//! counted here is never less than the true depth of what was counted.

use ruff_python_ast::token::{Token, TokenKind};

/// Counts levels: those that are open, and the links of the chain at each of them.
#[derive(Default)]
struct Levels {
    /// The links at each open level; the first is the statement.
    links: Vec<u32>,
    statement: u32,
    indent: usize,
    sum: usize,
    most: usize,
}

impl Levels {
    fn link(&mut self) {
        *self.links.last_mut().unwrap_or(&mut self.statement) += 1;
        self.sum += 1;
        self.most = self.most.max(self.sum + self.indent);
    }

    fn open(&mut self) {
        self.links.push(0);
        self.sum += 1;
        self.most = self.most.max(self.sum + self.indent);
    }

    fn close(&mut self) {
        if let Some(links) = self.links.pop() {
            self.sum = self.sum.saturating_sub(links as usize + 1);
        }
        self.link();
    }

    /// A comma or a semicolon: the next item begins a chain of its own.
    fn next(&mut self) {
        let links = self.links.last_mut().unwrap_or(&mut self.statement);
        self.sum = self.sum.saturating_sub(*links as usize);
        *links = 0;
    }

    fn end_statement(&mut self) {
        self.links.clear();
        self.statement = 0;
        self.sum = 0;
    }
}

/// A bound on the depth of the tree of a program, from its bytes: linear, and roughly right also where the program is
/// broken. Strings are skipped, except that brackets in f-strings count.
pub(super) fn of_bytes(source: &[u8]) -> usize {
    let mut levels = Levels::default();
    let mut indents: Vec<usize> = vec![0];
    let mut at = 0;
    let mut line_start = true;
    while let Some(&byte) = source.get(at) {
        if line_start {
            line_start = false;
            let rest = source.get(at..).unwrap_or_default();
            let indent = rest
                .iter()
                .take_while(|byte| matches!(byte, b' ' | b'\t' | 0x0c))
                .count();
            at += indent;
            let after = rest.get(indent..).unwrap_or_default();
            if matches!(after.first(), None | Some(b'\n' | b'\r' | b'#')) {
                continue;
            }
            // No expression holds these words: whatever was open before is not closed any more.
            let fresh = indent == 0 && (after.starts_with(b"def ") || after.starts_with(b"class "));
            if fresh {
                levels.end_statement();
            }
            if levels.links.is_empty() {
                while indents.last().is_some_and(|last| *last > indent) {
                    indents.pop();
                }
                if indents.last().is_none_or(|last| *last < indent) {
                    indents.push(indent);
                }
                levels.indent = indents.len();
                levels.most = levels.most.max(levels.indent);
            }
            continue;
        }
        at += 1;
        match byte {
            b'\n' => {
                line_start = true;
                if levels.links.is_empty() {
                    levels.end_statement();
                }
            }
            b'\\' => at += 1,
            b'#' => at = memchr::memchr(b'\n', source.get(at..).unwrap_or_default()).map_or(source.len(), |n| at + n),
            b'(' | b'[' | b'{' => levels.open(),
            b')' | b']' | b'}' => levels.close(),
            b',' | b';' => levels.next(),
            b'+' | b'-' | b'*' | b'/' | b'%' | b'@' | b'&' | b'|' | b'^' | b'~' | b'<' | b'>' | b'!' | b'.' => {
                levels.link();
            }
            b'"' | b'\'' => at = string(source, at - 1, false, &mut levels),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => {
                let from = at - 1;
                while source
                    .get(at)
                    .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80)
                {
                    at += 1;
                }
                let word = source.get(from..at).unwrap_or_default();
                if word.len() <= 2 && matches!(source.get(at), Some(b'"' | b'\'')) {
                    let holds_code = word.iter().any(|byte| matches!(byte, b'f' | b'F' | b't' | b'T'));
                    at = string(source, at, holds_code, &mut levels);
                } else if is_link(word) {
                    levels.link();
                }
            }
            _ => {}
        }
    }
    levels.most
}

fn is_link(word: &[u8]) -> bool {
    matches!(
        word,
        b"not" | b"lambda" | b"if" | b"else" | b"await" | b"and" | b"or" | b"in" | b"is" | b"for" | b"yield" | b"from"
    )
}

/// Skips the string whose quote stands at `at`; gives the offset after it.
fn string(source: &[u8], at: usize, holds_code: bool, levels: &mut Levels) -> usize {
    let Some(&quote) = source.get(at) else { return at };
    let triple = source.get(at..at + 3) == Some(&[quote; 3]);
    let mut at = at + if triple { 3 } else { 1 };
    let mut open = 0usize;
    while let Some(&byte) = source.get(at) {
        at += 1;
        match byte {
            b'\\' => at += 1,
            b'\n' if !triple => return at - 1,
            b'(' | b'[' | b'{' if holds_code => {
                open += 1;
                levels.most = levels.most.max(levels.sum + levels.indent + open);
            }
            b')' | b']' | b'}' if holds_code => open = open.saturating_sub(1),
            _ if byte == quote => {
                if !triple {
                    return at;
                }
                if source.get(at..at + 2) == Some(&[quote; 2]) {
                    return at + 2;
                }
            }
            _ => {}
        }
    }
    at
}

/// The same from the tokens that the parser saw.
pub(super) fn of_tokens(tokens: &[Token]) -> usize {
    use TokenKind as T;
    let mut levels = Levels::default();
    for token in tokens {
        match token.kind() {
            T::Lpar | T::Lsqb | T::Lbrace | T::FStringStart | T::TStringStart => levels.open(),
            T::Rpar | T::Rsqb | T::Rbrace | T::FStringEnd | T::TStringEnd => levels.close(),
            T::Comma | T::Semi => levels.next(),
            T::Newline => levels.end_statement(),
            T::Indent => {
                levels.indent += 1;
                levels.most = levels.most.max(levels.indent);
            }
            T::Dedent => levels.indent = levels.indent.saturating_sub(1),
            T::Name
            | T::String
            | T::Int
            | T::Float
            | T::Complex
            | T::Comment
            | T::NonLogicalNewline
            | T::FStringMiddle
            | T::TStringMiddle
            | T::Colon
            | T::Equal => {}
            _ => levels.link(),
        }
    }
    levels.most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, least: usize, most: usize) {
        let depth = of_bytes(source.as_bytes());
        assert!((least..=most).contains(&depth), "{depth} for {}", source.len());
    }

    #[test]
    fn depth_is_bounded_from_above_and_ordinary_programs_are_shallow() {
        check("x = 1\n", 1, 2);
        check("def f(a, b):\n    if a:\n        return b.c.d(e, f)[0]\n", 4, 12);
        check(&format!("{}1{}", "(".repeat(500), ")".repeat(500)), 500, 510);
        check(&"-".repeat(500), 500, 510);
        check(&"not ".repeat(500), 500, 510);
        check(&format!("x = 1{}", " + 1".repeat(500)), 500, 510);
        check(&format!("x{}", ".a()".repeat(500)), 500, 1_100);
        check(&format!("x = [{}]", "1 + 1, ".repeat(500)), 1, 10);
        check(&"x = f(1)\n".repeat(500), 1, 6);
        check(&format!("'''{}'''", "((((\n".repeat(500)), 0, 2);
        check(&format!("f'{}'", "{(".repeat(500)), 1_000, 1_010);
        check(&format!("# {}\n", "(".repeat(500)), 0, 2);
        let mut nested = String::new();
        for depth in 0..200 {
            nested.push_str(&format!("{}if a:\n", " ".repeat(depth)));
        }
        check(&nested, 200, 210);
        check("x = (\ndef f():\n    pass\n", 1, 8);
        check("'unterminated\n((", 2, 4);
    }
}
