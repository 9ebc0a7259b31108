//! Any JSON as fields with a column each, for data that follows no standard.

use std::collections::HashMap;
use std::fmt;

use super::{JsonKind, NodeId, Standing, Tree};
use crate::splice::{self, Encoding};
use crate::{Budget, Edit, Error, Field, Parsed, Problem, Role, Spliced};

/// Columns that are told apart.
const MOST_COLUMNS: usize = 20_000;

/// Bytes of a key that count in the name of a column.
const LONGEST_KEY: usize = 64;

/// A JSON text whose strings, numbers and keys are fields. A value's column is the way to it without the places in arrays:
/// `patient.names` for `{"patient":{"names":["A"]}}`. Its `Debug` does not show the content.
#[derive(Clone)]
pub struct Values {
    tree: Tree,
    fields: Vec<Field>,
    /// For each field: its node and its column.
    nodes: Vec<(NodeId, u32)>,
    columns: Vec<String>,
}

impl Values {
    /// Reads `bytes` as one JSON text. A repeated key is a problem; each of its values is a field.
    ///
    /// # Errors
    /// As [`Tree::parse`].
    pub fn parse(bytes: &[u8], budget: Budget) -> Result<Parsed<Values>, Error> {
        let tree = Tree::parse(bytes, budget)?;
        let problems = tree
            .duplicate_keys()
            .into_iter()
            .map(|n| Problem {
                place: tree.path(n, |_| false),
                what: "a key stands twice in one object; programs differ in which value they take",
                broken: true,
            })
            .collect();
        let mut columns = vec![String::new()];
        let mut interned: HashMap<(u32, &str), u32> = HashMap::new();
        let mut column_of = vec![0_u32; tree.nodes.len()];
        let mut fields = Vec::new();
        let mut nodes = Vec::new();
        let mut key: Option<&str> = None;
        for (index, node) in (0_u32..).zip(&tree.nodes) {
            let n = NodeId(index);
            let above = column_of.get(node.parent as usize).copied().unwrap_or(0);
            let column = match node.place {
                Standing::Key => {
                    key = tree.text(n);
                    above
                }
                Standing::Element => above,
                Standing::Value => {
                    let name = key.unwrap_or_default();
                    *interned.entry((above, name)).or_insert_with(|| {
                        // A text that invents keys without end gets no column of its own for each.
                        if columns.len() >= MOST_COLUMNS {
                            return 0;
                        }
                        let end = (0..=name.len().min(LONGEST_KEY))
                            .rfind(|at| name.is_char_boundary(*at))
                            .unwrap_or(0);
                        let name = name.get(..end).unwrap_or_default();
                        let parent = columns.get(above as usize).map_or("", String::as_str);
                        let whole = if parent.is_empty() {
                            name.to_owned()
                        } else {
                            format!("{parent}.{name}")
                        };
                        columns.push(whole);
                        u32::try_from(columns.len() - 1).unwrap_or(0)
                    })
                }
            };
            if let Some(slot) = column_of.get_mut(index as usize) {
                *slot = column;
            }
            let role = match (node.kind, node.place) {
                (JsonKind::String, Standing::Key) => Role::Code,
                (JsonKind::String, _) => Role::Unknown,
                (JsonKind::Number, _) => Role::Value,
                _ => continue,
            };
            fields.push(Field {
                text: tree.text(n).unwrap_or_default().to_owned(),
                role,
                raw: tree.raw(n),
            });
            nodes.push((n, column));
        }
        drop(interned);
        Ok(Parsed {
            document: Values {
                tree,
                fields,
                nodes,
                columns,
            },
            problems,
        })
    }

    /// The JSON.
    #[must_use]
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// Strings ([`Role::Unknown`]), numbers ([`Role::Value`]) and keys ([`Role::Code`]), in source order.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The names of all columns, at most 20,000, keys cut after 64 bytes. The first is that of values without a key, and of
    /// those beyond the limit.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The column of field `index`, as an index into [`columns`](Values::columns). For a key, that of its object.
    #[must_use]
    pub fn column(&self, index: usize) -> usize {
        self.nodes.get(index).map_or(0, |(_, column)| *column as usize)
    }

    /// Where field `index` stands, for people. Keys for which `known` is false may be content, and show as `?`.
    #[must_use]
    pub fn place(&self, index: usize, known: impl Fn(&str) -> bool) -> String {
        self.nodes
            .get(index)
            .map_or_else(String::new, |(n, _)| self.tree.path(*n, known))
    }

    /// The source with the edits applied and everything else byte-identical. An edit of a number makes it a string.
    ///
    /// # Errors
    /// [`ErrorKind::Edit`](crate::ErrorKind::Edit) when an edit names no field, leaves its text or overlaps another.
    pub fn splice(&self, edits: &[Edit]) -> Result<Spliced, Error> {
        splice::splice(self.tree.source(), &self.fields, edits, |index| {
            match self.fields.get(index).map(|field| field.role) {
                Some(Role::Value) => Encoding::JsonLiteral,
                _ => Encoding::JsonString,
            }
        })
    }
}

impl fmt::Debug for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Values")
            .field("len", &self.tree.source().len())
            .field("fields", &self.fields.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Span;

    fn values(text: &str) -> Parsed<Values> {
        Values::parse(text.as_bytes(), Budget::RECORD).unwrap()
    }

    #[test]
    fn every_text_has_a_column() {
        let doc = values(r#"{"id":7,"p":{"names":["A",{"x":"B"}]},"ok":true,"n":null,"names":"C"}"#).document;
        let got: Vec<(&str, &str, Role)> = (0..doc.fields().len())
            .filter(|i| doc.fields()[*i].role != Role::Code)
            .map(|i| {
                (
                    doc.columns()[doc.column(i)].as_str(),
                    doc.fields()[i].text.as_str(),
                    doc.fields()[i].role,
                )
            })
            .collect();
        assert_eq!(
            got,
            [
                ("id", "7", Role::Value),
                ("p.names", "A", Role::Unknown),
                ("p.names.x", "B", Role::Unknown),
                ("names", "C", Role::Unknown)
            ]
        );
        let keys: Vec<&str> = doc
            .fields()
            .iter()
            .filter(|f| f.role == Role::Code)
            .map(|f| f.text.as_str())
            .collect();
        assert_eq!(keys, ["id", "p", "names", "x", "ok", "n", "names"]);
    }

    #[test]
    fn edits_strings_numbers_and_keys() {
        let doc = values(r#"{"Ann":{"n":12}, "b":["x"]}"#).document;
        let edit = |field, end, with: &str| Edit {
            field,
            span: Span::new(0, end),
            with: with.to_owned(),
        };
        let out = doc
            .splice(&[edit(0, 3, "[N]"), edit(2, 2, "[I]"), edit(4, 1, "\"")])
            .unwrap();
        assert_eq!(
            String::from_utf8(out.bytes).unwrap(),
            r#"{"[N]":{"n":"[I]"}, "b":["\""]}"#
        );
        assert_eq!(doc.place(4, |_| true), "b[0]");
        assert_eq!(doc.place(4, |_| false), "?[0]");
    }

    #[test]
    fn a_repeated_key_is_a_problem_and_read() {
        let parsed = values(r#"{"a":"1","a":"2"}"#);
        assert_eq!(parsed.problems.len(), 1);
        assert!(parsed.problems[0].broken);
        assert_eq!(parsed.document.fields().len(), 4);
    }
}
