//! Conditions of workflows, as far as they are known without running one.
//!
//! Three values: true, false, and not known. A condition over what only a run can say (an input, an output, a variable of
//! the repository) is not known, and nobody guesses.
//!
//! Source: GitHub Docs, "Evaluate expressions in workflows and actions".

use std::collections::BTreeMap;

/// What an expression comes to.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Text(String),
    Number(f64),
    Bool(bool),
    Null,
    /// Somebody: unequal to any name that is written out, equal to none that is known.
    Somebody,
    /// The reference of a tag: it begins with `refs/tags/`, and the rest is not known.
    Tag,
    Unknown,
}

/// What every reference of a tag begins with.
const TAGS: &str = "refs/tags/";

impl Value {
    /// Whether it counts as true.
    pub(super) fn truth(&self) -> Option<bool> {
        match self {
            Value::Text(text) => Some(!text.is_empty()),
            Value::Number(number) => Some(*number != 0.0),
            Value::Bool(value) => Some(*value),
            Value::Null => Some(false),
            Value::Somebody | Value::Tag => Some(true),
            Value::Unknown => None,
        }
    }

    fn text(&self) -> Option<String> {
        match self {
            Value::Text(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(value) => Some(value.to_string()),
            Value::Null => Some(String::new()),
            Value::Somebody | Value::Tag | Value::Unknown => None,
        }
    }

    fn number(&self) -> Option<f64> {
        match self {
            Value::Number(number) => Some(*number),
            Value::Bool(value) => Some(f64::from(u8::from(*value))),
            Value::Null => Some(0.0),
            Value::Text(text) if text.trim().is_empty() => Some(0.0),
            Value::Text(text) => Some(text.trim().parse().unwrap_or(f64::NAN)),
            Value::Somebody | Value::Tag | Value::Unknown => None,
        }
    }
}

/// What is known: names in lower case, such as `github.event_name`, `env.x`, `matrix.os`.
pub(super) type Known = BTreeMap<String, Value>;

/// What the text of an expression, without `${{ }}`, comes to.
pub(super) fn evaluate(text: &str, known: &Known) -> Value {
    let Some(tokens) = tokens(text) else {
        return Value::Unknown;
    };
    let mut reader = Reader {
        tokens: &tokens,
        at: 0,
        known,
    };
    let value = reader.or(0);
    if reader.at == tokens.len() {
        value
    } else {
        Value::Unknown
    }
}

/// Whether a condition is true, false, or not known. `${{ }}` around all of it is allowed.
pub(super) fn condition(text: &str, known: &Known) -> Option<bool> {
    let text = text.trim();
    let inner = text.strip_prefix("${{").and_then(|rest| rest.strip_suffix("}}"));
    match inner {
        Some(inner) if !inner.contains("${{") => evaluate(inner, known).truth(),
        // Text around an expression is a text that is not empty: always true.
        _ if text.contains("${{") => {
            let outside = text
                .split("${{")
                .next()
                .is_some_and(|before| !before.trim().is_empty() && !before.trim_start().starts_with('!'));
            if outside && !text.contains("==") && !text.contains("&&") {
                Some(true)
            } else {
                evaluate(&text.replace("${{", "(").replace("}}", ")"), known).truth()
            }
        }
        _ => evaluate(text, known).truth(),
    }
}

/// Stands where the value of an expression is not known.
pub(super) const DYNAMIC: &str = "@dynamic@";

/// `text` with every `${{ .. }}` replaced by its value, or by [`DYNAMIC`].
pub(super) fn filled(text: &str, known: &Known) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${{") {
        out.push_str(before);
        let Some((inner, end)) = after.split_once("}}") else {
            out.push_str("${{");
            rest = after;
            continue;
        };
        match evaluate(inner, known).text() {
            Some(value) => out.push_str(&value.replace('\n', " ")),
            None => out.push_str(DYNAMIC),
        }
        // Lines must stay where they are.
        out.extend(inner.chars().filter(|c| *c == '\n'));
        rest = end;
    }
    out.push_str(rest);
    out
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Text(String),
    Number(f64),
    Name(String),
    Mark(&'static str),
}

fn tokens(text: &str) -> Option<Vec<Token>> {
    const MARKS: &[&str] = &[
        "&&", "||", "==", "!=", "<=", ">=", "!", "<", ">", "(", ")", ",", "[", "]",
    ];
    let mut out = Vec::new();
    let mut rest = text.trim_start();
    while let Some(c) = rest.chars().next() {
        if out.len() > 400 {
            return None;
        }
        if c == '\'' {
            let mut value = String::new();
            let mut at = 1;
            loop {
                let more = rest.get(at..)?;
                let end = more.find('\'')?;
                value.push_str(more.get(..end)?);
                at += end + 1;
                if rest.get(at..).is_some_and(|more| more.starts_with('\'')) {
                    value.push('\'');
                    at += 1;
                } else {
                    break;
                }
            }
            out.push(Token::Text(value));
            rest = rest.get(at..)?;
        } else if let Some(mark) = MARKS.iter().find(|mark| rest.starts_with(**mark)) {
            out.push(Token::Mark(mark));
            rest = rest.get(mark.len()..)?;
        } else {
            let end = rest
                .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '*')))
                .unwrap_or(rest.len());
            if end == 0 {
                return None;
            }
            let word = rest.get(..end)?;
            out.push(match word.parse::<f64>() {
                Ok(number) if !word.starts_with(['n', 'N', 'i', 'I']) => Token::Number(number),
                _ => Token::Name(word.to_ascii_lowercase()),
            });
            rest = rest.get(end..)?;
        }
        rest = rest.trim_start();
    }
    Some(out)
}

struct Reader<'t> {
    tokens: &'t [Token],
    at: usize,
    known: &'t Known,
}

impl Reader<'_> {
    fn take(&mut self, mark: &'static str) -> bool {
        let there = self.tokens.get(self.at) == Some(&Token::Mark(mark));
        self.at += usize::from(there);
        there
    }

    fn or(&mut self, depth: usize) -> Value {
        let mut left = self.and(depth);
        while self.take("||") {
            let right = self.and(depth);
            left = match left.truth() {
                Some(true) => left,
                Some(false) => right,
                None if right.truth() == Some(true) => Value::Bool(true),
                None => Value::Unknown,
            };
        }
        left
    }

    fn and(&mut self, depth: usize) -> Value {
        let mut left = self.compare(depth);
        while self.take("&&") {
            let right = self.compare(depth);
            left = match left.truth() {
                Some(true) => right,
                Some(false) => left,
                None if right.truth() == Some(false) => Value::Bool(false),
                None => Value::Unknown,
            };
        }
        left
    }

    fn compare(&mut self, depth: usize) -> Value {
        let left = self.unary(depth);
        for (mark, equal) in [("==", true), ("!=", false)] {
            if self.take(mark) {
                let right = self.unary(depth);
                return match (&left, &right) {
                    (Value::Unknown, _) | (_, Value::Unknown) => Value::Unknown,
                    // A name is never empty.
                    (Value::Somebody, Value::Text(other)) | (Value::Text(other), Value::Somebody)
                        if other.is_empty() =>
                    {
                        Value::Bool(!equal)
                    }
                    (Value::Somebody, _) | (_, Value::Somebody) => {
                        if equal {
                            Value::Unknown
                        } else {
                            Value::Bool(true)
                        }
                    }
                    (Value::Tag, Value::Text(other)) | (Value::Text(other), Value::Tag) => {
                        if other.to_ascii_lowercase().starts_with(TAGS) {
                            Value::Unknown
                        } else {
                            Value::Bool(!equal)
                        }
                    }
                    (Value::Tag, _) | (_, Value::Tag) => Value::Unknown,
                    (Value::Text(a), Value::Text(b)) => Value::Bool(a.eq_ignore_ascii_case(b) == equal),
                    _ => match (left.number(), right.number()) {
                        (Some(a), Some(b)) => Value::Bool((a == b) == equal),
                        _ => Value::Unknown,
                    },
                };
            }
        }
        for mark in ["<=", ">=", "<", ">"] {
            if self.take(mark) {
                let right = self.unary(depth);
                return match (left.number(), right.number()) {
                    (Some(a), Some(b)) => Value::Bool(match mark {
                        "<=" => a <= b,
                        ">=" => a >= b,
                        "<" => a < b,
                        _ => a > b,
                    }),
                    _ => Value::Unknown,
                };
            }
        }
        left
    }

    fn unary(&mut self, depth: usize) -> Value {
        if depth > 40 {
            self.at = self.tokens.len() + 1;
            return Value::Unknown;
        }
        if self.take("!") {
            return match self.unary(depth + 1).truth() {
                Some(value) => Value::Bool(!value),
                None => Value::Unknown,
            };
        }
        if self.take("(") {
            let value = self.or(depth + 1);
            self.take(")");
            return value;
        }
        match self.tokens.get(self.at).cloned() {
            Some(Token::Text(text)) => {
                self.at += 1;
                Value::Text(text)
            }
            Some(Token::Number(number)) => {
                self.at += 1;
                Value::Number(number)
            }
            Some(Token::Name(name)) => {
                self.at += 1;
                if self.take("(") {
                    let mut arguments = Vec::new();
                    while self.at < self.tokens.len() && !self.take(")") {
                        arguments.push(self.or(depth + 1));
                        self.take(",");
                        if arguments.len() > 50 {
                            break;
                        }
                    }
                    return call(&name, &arguments);
                }
                let mut name = name;
                while self.take("[") {
                    let index = self.or(depth + 1);
                    self.take("]");
                    name.push('.');
                    name.push_str(&index.text().unwrap_or_else(|| "?".to_owned()).to_ascii_lowercase());
                }
                match name.as_str() {
                    "true" => Value::Bool(true),
                    "false" => Value::Bool(false),
                    "null" => Value::Null,
                    name => self.known.get(name).cloned().unwrap_or(Value::Unknown),
                }
            }
            _ => {
                self.at += 1;
                Value::Unknown
            }
        }
    }
}

fn call(name: &str, arguments: &[Value]) -> Value {
    let text = |index: usize| {
        arguments
            .get(index)
            .and_then(Value::text)
            .map(|text| text.to_ascii_lowercase())
    };
    if let (Some(Value::Tag), Some(start)) = (arguments.first(), text(1)) {
        return match name {
            "startswith" if TAGS.starts_with(&start) => Value::Bool(true),
            "startswith" if !start.starts_with(TAGS) => Value::Bool(false),
            "contains" if TAGS.contains(&start) => Value::Bool(true),
            _ => Value::Unknown,
        };
    }
    match name {
        "success" | "always" => Value::Bool(true),
        "failure" | "cancelled" => Value::Bool(false),
        "startswith" | "endswith" | "contains" => match (text(0), text(1)) {
            (Some(a), Some(b)) => Value::Bool(match name {
                "startswith" => a.starts_with(&b),
                "endswith" => a.ends_with(&b),
                _ => a.contains(&b),
            }),
            _ => Value::Unknown,
        },
        _ => Value::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: Option<bool>) {
        let mut known = Known::new();
        known.insert("github.event_name".to_owned(), Value::Text("push".to_owned()));
        known.insert("github.ref".to_owned(), Value::Text("refs/heads/main".to_owned()));
        known.insert("github.actor".to_owned(), Value::Somebody);
        known.insert("github.tag".to_owned(), Value::Tag);
        known.insert("matrix.experimental".to_owned(), Value::Bool(false));
        assert_eq!(condition(text, &known), expect, "{text}");
    }

    #[test]
    fn conditions_are_judged() {
        check("false", Some(false));
        check("${{ false }}", Some(false));
        check("always()", Some(true));
        check("failure() || cancelled()", Some(false));
        check("github.event_name == 'push'", Some(true));
        check(
            "github.event_name == 'push' && github.event_name == 'schedule'",
            Some(false),
        );
        check(
            "github.event_name != 'pull_request' || github.event.x == 'y'",
            Some(true),
        );
        check("inputs.scan", None);
        check("inputs.scan && false", Some(false));
        check("inputs.scan || true", Some(true));
        check("!inputs.scan", None);
        check("startsWith(github.ref, 'refs/tags/')", Some(false));
        check("!startsWith(github.ref, 'refs/tags/')", Some(true));
        check("contains(fromJSON('[1]'), 2)", None);
        check("github.actor != 'dependabot[bot]'", Some(true));
        check("github.actor == 'dependabot[bot]'", None);
        check("github.actor == ''", Some(false));
        check("github.actor != ''", Some(true));
        check("github.actor == github.actor", None);
        check("github.tag == 'refs/heads/main'", Some(false));
        check("github.tag != 'refs/heads/main'", Some(true));
        check("github.tag == 'refs/tags/v1'", None);
        check("startsWith(github.tag, 'refs/tags/')", Some(true));
        check("startsWith(github.tag, 'refs/heads/release/')", Some(false));
        check("startsWith(github.tag, 'refs/tags/v')", None);
        check("contains(github.tag, 'rc')", None);
        check("${{ matrix.experimental }}", Some(false));
        check("${{ github.event_name }} == 'push'", Some(true));
        check("github['ref'] == 'refs/heads/main'", Some(true));
        check("1 < 2 && (2 >= 2)", Some(true));
        check("'it''s' == 'IT''S'", Some(true));
        check("", None);
        check("== (", None);
        check(&"(".repeat(5_000), None);
        check(&"!".repeat(300), None);
    }

    #[test]
    fn texts_are_filled() {
        let known = Known::from([("matrix.tool".to_owned(), Value::Text("bandit".to_owned()))]);
        assert_eq!(
            filled("${{ matrix.tool }} -r ${{ inputs.x }} ${{", &known),
            "bandit -r @dynamic@ ${{"
        );
    }
}
