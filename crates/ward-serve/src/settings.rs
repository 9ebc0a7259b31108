//! `ward.toml`: what a person writes, to a checked [`Config`].
//!
//! Every setting is one row of [`table`]: its name, form, meaning, default, and what it sets. The reader, the
//! published schema, the reference page and `ward doctor` all read that table. What is not in it is refused by name and line.

pub mod at_start;
mod leaves;
pub mod profiles;
pub mod read;
pub mod reference;
mod secrets;
pub mod table;
mod values;

use std::{borrow::Cow, fmt, path::PathBuf, sync::Arc};

use ward_guard::Phi;

use crate::config::Config;

/// The form of a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `true` or `false`.
    Bool,
    /// A whole number within these bounds.
    Number {
        /// Least.
        least: u64,
        /// Most.
        most: u64,
    },
    /// Some text.
    Text,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A list of texts.
    Texts,
    /// A file, beside `ward.toml` when it is not absolute.
    File,
    /// A secret: `file:PATH` or `env:NAME`, never the secret itself.
    Secret,
    /// An address whose path may let in whoever knows it: shown as far as its host, and taken from elsewhere as a secret is.
    Address,
}

impl Kind {
    /// Whether the value may be a secret, so that it can stand elsewhere.
    #[must_use]
    pub fn may_be_elsewhere(self) -> bool {
        matches!(self, Self::Secret | Self::Address)
    }
}

/// A setting's value, of the form its row asks for.
#[derive(Clone)]
pub enum Value {
    /// Of [`Kind::Bool`].
    Bool(bool),
    /// Of [`Kind::Number`].
    Number(u64),
    /// Of [`Kind::Text`] and [`Kind::Choice`].
    Text(String),
    /// Of [`Kind::Texts`].
    Texts(Vec<String>),
    /// Of [`Kind::File`].
    File(PathBuf),
    /// Of [`Kind::Secret`] and [`Kind::Address`].
    Secret(Arc<Phi<String>>),
}

/// What is wrong with a value, in words that do not repeat it.
pub type Wrong = &'static str;

/// One setting.
pub struct Setting {
    /// Its name below `[serve]`.
    pub path: &'static str,
    /// Its form.
    pub kind: Kind,
    /// What holds when it is not set, in words or as TOML.
    pub default: &'static str,
    /// What it means.
    pub doc: &'static str,
    /// Whether a change takes a new start.
    pub restart: bool,
    /// Sets it.
    pub(crate) set: fn(&mut Config, &Value) -> Result<(), Wrong>,
}

/// Where an effective value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Nobody said anything.
    Default,
    /// The profile.
    Profile,
    /// The file.
    File,
    /// The command line.
    Flag,
}

impl Source {
    /// The source's word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Source::Default => "default",
            Source::Profile => "profile",
            Source::File => "file",
            Source::Flag => "flag",
        }
    }
}

/// What one setting is in the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effective {
    /// Its name below `[serve]`.
    pub path: &'static str,
    /// Its value as TOML; of a secret, where it is, and of an address, without a password.
    pub value: String,
    /// Who said so.
    pub source: Source,
}

/// A text as it may be shown: of an address, without the name and the password before its host.
pub(crate) fn masked(text: &str) -> Cow<'_, str> {
    let Some((scheme, rest)) = text.split_once("://") else {
        return Cow::Borrowed(text);
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let port = authority.rsplit_once(':').map(|(_, port)| port);
    // A password with a `/` in it makes what stands before it look like a host with a port that is none.
    let is_cut = port.is_some_and(|port| !port.ends_with(']') && !port.bytes().all(|b| b.is_ascii_digit()));
    let end = if is_cut { rest } else { authority }.rfind('@');
    match end.and_then(|at| rest.get(at..)) {
        Some(host) => Cow::Owned(format!("{scheme}://***{host}")),
        None => Cow::Borrowed(text),
    }
}

/// What is wrong with settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsError {
    /// The file, as whoever gave it calls it; none when it is about no line of one.
    pub file: Option<String>,
    /// The line of the file, from 1.
    pub line: Option<usize>,
    /// The name of the setting, as far as there is one.
    pub path: String,
    /// What is wrong and what to do.
    pub what: String,
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.file.as_deref().unwrap_or("settings"))?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if !self.path.is_empty() {
            write!(f, ": {}", self.path)?;
        }
        write!(f, ": {}", self.what)
    }
}

impl std::error::Error for SettingsError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_password() {
        for (text, shown) in [
            ("https://u:p4ss@x.example/v1", "https://***@x.example/v1"),
            ("https://u@x.example", "https://***@x.example"),
            ("https://u:p@ss@x.example:443", "https://***@x.example:443"),
            ("https://u:p/ss@x.example", "https://***@x.example"),
            ("https://u:p?s#s@x.example", "https://***@x.example"),
            // Nothing of these is a password.
            (
                "https://x.example:443/@team?to=a@b",
                "https://x.example:443/@team?to=a@b",
            ),
            ("https://[::1]/a@b", "https://[::1]/a@b"),
            ("http://127.0.0.1:11434", "http://127.0.0.1:11434"),
            ("file:keys@2.json", "file:keys@2.json"),
            ("somebody@x.example", "somebody@x.example"),
        ] {
            assert_eq!(masked(text), shown);
        }
    }
}
