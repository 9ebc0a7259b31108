//! Texts that show what they are for: the beginning of a query, of an address, of a page.

use ruff_python_ast::Expr;
use ruff_text_size::Ranged;

use super::{
    Hurt,
    function::Following,
    sinks::Sink,
    sources::Source,
    value::{Origin, Value},
};
use crate::code::{constant::Const, open};

/// Most characters of a text that are looked at.
const HEAD: usize = 400;

impl<'a> Following<'_, 'a> {
    /// Looks at a text that is put together, and at what its parts hold. Gives what the whole holds.
    pub(super) fn put_together(&mut self, expr: &'a Expr, value: Value) -> Value {
        let constant = self.ctx.constant(expr);
        let Const::Partial(parts) = &constant else { return value };
        let Some(first) = parts
            .iter()
            .flatten()
            .map(|part| part.trim_start())
            .find(|part| !part.is_empty())
        else {
            return value;
        };
        let first = first.get(..first.floor_char_boundary(HEAD)).unwrap_or(first);
        let begins = parts.first().and_then(Option::as_ref).is_some();
        let sink = if begins && is_query(first, parts.len()) {
            Sink::Sql
        } else if begins && matches!(first, "http://" | "https://" | "ftp://") {
            Sink::Url
        } else if first.starts_with('<')
            && first.contains('>')
            && first.as_bytes().get(1).is_some_and(u8::is_ascii_alphabetic)
        {
            Sink::Html
        } else {
            return value;
        };
        for part in value.parts() {
            let request = match part.origin {
                Origin::Source(index) => matches!(self.file.source_of(index), Some(Source::Request | Source::Model)),
                _ => false,
            };
            if request && part.live & sink.bit() != 0 && self.shapes.len() < 200 {
                self.shapes.push(Hurt {
                    sink,
                    part: *part,
                    range: expr.range(),
                    name: match sink {
                        Sink::Sql => "a query".to_owned(),
                        Sink::Url => "an address".to_owned(),
                        _ => "a page".to_owned(),
                    },
                });
            }
        }
        if sink == Sink::Sql && open::has_open_part(self.ctx, &self.around, [expr]) {
            let text = self.source(Source::Text, expr.range());
            return value.join(&text);
        }
        value
    }

    /// What was put together for a purpose that it was not seen to reach, and holds what a request or a model chose.
    pub(super) fn finish_shapes(&mut self) {
        for shape in std::mem::take(&mut self.shapes) {
            let reached = self
                .hurts
                .iter()
                .any(|hurt| hurt.part.origin == shape.part.origin && hurt.sink == shape.sink);
            if !reached {
                self.hurts.push(shape);
            }
        }
        // Where a text holds what somebody else chose, that is what to say of it.
        let chosen: Vec<_> = self
            .hurts
            .iter()
            .filter(|hurt| hurt.sink == Sink::Sql && !self.is_text(hurt))
            .filter(|hurt| matches!(hurt.part.origin, Origin::Source(_)))
            .map(|hurt| hurt.range)
            .collect();
        let mut hurts = std::mem::take(&mut self.hurts);
        hurts.retain(|hurt| !self.is_text(hurt) || !chosen.contains(&hurt.range));
        self.hurts = hurts;
    }

    fn is_text(&self, hurt: &Hurt) -> bool {
        match hurt.part.origin {
            Origin::Source(index) => self.file.source_of(index) == Some(Source::Text),
            _ => false,
        }
    }
}

/// Whether a text begins as a query does, and has a second word of one.
fn is_query(text: &str, parts: usize) -> bool {
    let mut words = text.split_ascii_whitespace().map(str::to_ascii_lowercase);
    let Some(first) = words.next() else { return false };
    let mut then = |words_of_it: &[&str]| {
        parts > 1
            && words
                .next()
                .is_none_or(|word| words_of_it.is_empty() || words_of_it.contains(&word.as_str()))
    };
    match first.as_str() {
        "select" | "with" => {
            let lower = text.to_ascii_lowercase();
            lower.contains(" from ")
                || lower.contains(" where ")
                || lower.trim() == "select"
                || lower.trim() == "select * from"
                || lower.trim_end().ends_with("from")
        }
        "insert" | "replace" => then(&["into", "or", "ignore", "overwrite"]),
        "delete" => then(&["from"]),
        "update" => {
            let lower = text.to_ascii_lowercase();
            lower.contains(" set ") || lower.trim() == "update"
        }
        "drop" | "create" | "alter" | "truncate" => {
            then(&["table", "database", "index", "user", "view", "schema", "role", "unique"])
        }
        "exec" | "execute" | "call" | "grant" | "merge" => false,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_told_from_prose() {
        for (text, expect) in [
            ("SELECT * FROM t WHERE a = ", true),
            ("select a from ", true),
            ("SELECT ", true),
            ("Select one of ", false),
            ("DELETE FROM t", true),
            ("Delete the file ", false),
            ("UPDATE t SET a = ", true),
            ("Update available: ", false),
            ("INSERT INTO t VALUES (", true),
            ("Create a new ", false),
            ("DROP TABLE ", true),
        ] {
            assert_eq!(is_query(text, 2), expect, "{text}");
        }
    }
}
