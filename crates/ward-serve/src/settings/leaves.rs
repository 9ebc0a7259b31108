//! The text of `ward.toml` as values with their lines, before anybody asks what they mean.

use std::{collections::HashMap, path::Path, sync::Arc};

use toml::de::{DeTable, DeValue};
use ward_guard::Phi;

use super::{Kind, SettingsError, Value, masked, secrets, table};

/// Largest `ward.toml`, in bytes.
pub const MAX_BYTES: usize = 1 << 20;

/// Sections of the same file that other commands read, and check.
const OTHERS: &[&str] = &["attest", "disclose", "policy", "scan"];

/// Lists of tables: `[[serve.client]]` and so on.
const LISTS: [&str; 3] = ["client", "tool", "route"];

/// A value as it was written.
#[derive(Debug, Clone)]
pub(super) enum Raw {
    Bool(bool),
    Number(i64),
    Text(String),
    Texts(Vec<String>),
    Other,
}

/// A value and its line.
#[derive(Debug, Clone)]
pub(super) struct Leaf {
    pub(super) line: Option<usize>,
    pub(super) value: Raw,
}

/// One entry of a list: which list, its line, its members.
pub(super) type Entry = (&'static str, Option<usize>, HashMap<String, Leaf>);

/// Everything that a text says.
#[derive(Debug, Default)]
pub(super) struct Leaves {
    pub(super) profile: Option<(String, Option<usize>)>,
    pub(super) single: HashMap<String, Leaf>,
    pub(super) lists: Vec<Entry>,
}

impl Leaves {
    /// Reads a text: a whole file, or what stands below `[serve]` of no file, which has no lines.
    pub(super) fn parse(text: &str, whole: bool) -> Result<Self, SettingsError> {
        let line_at = |at: usize| whole.then(|| text.get(..at).map_or(1, |before| before.matches('\n').count() + 1));
        if text.len() > MAX_BYTES {
            return Err(wrong(None, "", format!("this file is longer than {MAX_BYTES} bytes.")));
        }
        let document = DeTable::parse(text).map_err(|error| {
            let line = error.span().and_then(|span| line_at(span.start));
            wrong(line, "", format!("this is not TOML: {}.", error.message()))
        })?;
        let mut leaves = Self::default();
        let root = document.get_ref();
        if !whole {
            leaves.take(root, "", &line_at)?;
            return Ok(leaves);
        }
        for (name, value) in root {
            let line = line_at(name.span().start);
            match (name.get_ref().as_ref(), value.get_ref()) {
                ("serve", DeValue::Table(table)) => leaves.take(table, "", &line_at)?,
                (other, DeValue::Table(_)) if OTHERS.contains(&other) => {}
                _ => return Err(unknown(line, name.get_ref())),
            }
        }
        Ok(leaves)
    }

    fn take(
        &mut self,
        table: &DeTable<'_>,
        prefix: &str,
        line_at: &impl Fn(usize) -> Option<usize>,
    ) -> Result<(), SettingsError> {
        for (name, value) in table {
            let path = format!("{prefix}{}", name.get_ref());
            let line = line_at(name.span().start);
            let is_known = |path: &str| table::named(path).is_some();
            match value.get_ref() {
                DeValue::String(text) if path == "profile" => self.profile = Some((text.to_string(), line)),
                DeValue::Table(inner) if table::all().any(|one| one.path.starts_with(&format!("{path}."))) => {
                    self.take(inner, &format!("{path}."), line_at)?;
                }
                DeValue::Array(items) if LISTS.contains(&path.as_str()) => {
                    let list = LISTS.into_iter().find(|list| *list == path).unwrap_or_default();
                    for item in items {
                        let DeValue::Table(inner) = item.get_ref() else {
                            let what = format!("write [[serve.{list}]] and its members below.");
                            return Err(wrong(line, format!("serve.{list}"), what));
                        };
                        let mut members = HashMap::new();
                        for (name, value) in inner {
                            let path = format!("{list}[].{}", name.get_ref());
                            let line = line_at(name.span().start);
                            if !is_known(&path) {
                                return Err(unknown(line, &format!("serve.{path}")));
                            }
                            let value = Raw::of(value.get_ref());
                            members.insert(path, Leaf { line, value });
                        }
                        self.lists.push((list, line_at(item.span().start), members));
                    }
                }
                value if is_known(&path) => {
                    let value = Raw::of(value);
                    self.single.insert(path, Leaf { line, value });
                }
                _ => return Err(unknown(line, &format!("serve.{path}"))),
            }
        }
        Ok(())
    }
}

pub(super) fn wrong(line: Option<usize>, path: impl Into<String>, what: impl Into<String>) -> SettingsError {
    SettingsError {
        file: None,
        line,
        path: path.into(),
        what: what.into(),
    }
}

/// A setting that there is not. Its name is repeated, cut and without anything but plain characters: it may be a secret that
/// was written in the wrong place.
fn unknown(line: Option<usize>, path: &str) -> SettingsError {
    let plain = |c: &char| c.is_ascii_alphanumeric() || "_-.[]".contains(*c);
    let name: String = path.chars().filter(plain).take(60).collect();
    let what = "there is no such setting. The reference lists all of them; nothing is ignored.";
    wrong(line, name, what)
}

impl Raw {
    fn of(value: &DeValue<'_>) -> Self {
        match value {
            DeValue::Boolean(value) => Self::Bool(*value),
            DeValue::String(text) => Self::Text(text.to_string()),
            DeValue::Integer(number) => {
                i64::from_str_radix(number.as_str(), number.radix()).map_or(Self::Other, Self::Number)
            }
            DeValue::Array(items) => {
                let texts = items.iter().map(|item| match item.get_ref() {
                    DeValue::String(text) => Some(text.to_string()),
                    _ => None,
                });
                texts.collect::<Option<_>>().map_or(Self::Other, Self::Texts)
            }
            _ => Self::Other,
        }
    }

    /// As TOML, without passwords of addresses.
    pub(super) fn shown(&self) -> String {
        let quoted = |text: &str| toml::Value::from(masked(text).as_ref()).to_string();
        match self {
            Self::Bool(value) => value.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Text(text) => quoted(text),
            Self::Texts(texts) => format!(
                "[{}]",
                texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", ")
            ),
            Self::Other => String::new(),
        }
    }

    /// The same, of an address that lets in whoever knows it no more than where it leads.
    pub(super) fn shown_as(&self, kind: Kind) -> String {
        match (kind, self) {
            (Kind::Address, Self::Text(text)) => toml::Value::from(as_far_as_the_host(text)).to_string(),
            _ => self.shown(),
        }
    }

    /// The value in the form that a setting has, or what to write instead. Never repeats what was written.
    pub(super) fn of_kind(
        &self,
        kind: Kind,
        folder: &Path,
        env: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Value, String> {
        match (kind, self) {
            (Kind::Bool, Self::Bool(value)) => Ok(Value::Bool(*value)),
            (Kind::Bool, _) => Err("write true or false.".to_owned()),
            (Kind::Number { least, most }, Self::Number(number)) => match u64::try_from(*number) {
                Ok(number) if (least..=most).contains(&number) => Ok(Value::Number(number)),
                _ => Err(format!("write a number from {least} to {most}.")),
            },
            (Kind::Number { least, most }, _) => Err(format!("write a number from {least} to {most}.")),
            (Kind::Text, Self::Text(text)) if !text.is_empty() => Ok(Value::Text(text.clone())),
            (Kind::Text, _) => Err("write a text, in quotes.".to_owned()),
            (Kind::Choice(words), Self::Text(text)) if words.contains(&text.as_str()) => Ok(Value::Text(text.clone())),
            (Kind::Choice(words), _) => Err(format!("write one of {}.", words.join(", "))),
            (Kind::Texts, Self::Texts(texts)) => Ok(Value::Texts(texts.clone())),
            (Kind::Texts, _) => Err("write a list of texts, such as [\"a\", \"b\"].".to_owned()),
            (Kind::File, Self::Text(text)) if !text.is_empty() => Ok(Value::File(folder.join(text))),
            (Kind::File, _) => Err("write the path of a file, in quotes.".to_owned()),
            (Kind::Secret, Self::Text(text)) => secrets::find(text, folder, env),
            (Kind::Secret, _) => Err(secrets::FORM.to_owned()),
            (Kind::Address, Self::Text(text)) if secrets::is_elsewhere(text) => secrets::find(text, folder, env),
            (Kind::Address, Self::Text(text)) => Ok(Value::Secret(Arc::new(Phi::new(text.clone())))),
            (Kind::Address, _) => Err("write an address, in quotes.".to_owned()),
        }
    }
}

fn as_far_as_the_host(text: &str) -> String {
    let shown = masked(text);
    match shown.split_once("://") {
        Some((scheme, rest)) => match rest.split_once(['/', '?', '#']) {
            Some((host, path)) if !path.is_empty() => format!("{scheme}://{host}/***"),
            _ => shown.into_owned(),
        },
        None => shown.into_owned(),
    }
}
