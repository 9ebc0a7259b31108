//! A text to search, and what was found in it.

use std::{borrow::Cow, ops::Range};

use ward_evidence::{RuleMeta, Severity};

use super::place::Place;

/// A text to search: a whole file, or something that was decoded from one.
pub struct Page<'a> {
    /// Its bytes; mostly UTF-8, never promised to be.
    pub text: &'a [u8],
    /// The path of the file, with `/` between its parts.
    pub path: &'a str,
    /// The file's own name, lower case.
    pub name: &'a str,
    /// What kind of place it is.
    pub place: Place,
    /// Whether values stand without quotes: a configuration, a script, a log.
    pub bare: bool,
    /// How often it was decoded: 0 for the file itself.
    pub depth: u8,
}

impl<'a> Page<'a> {
    /// A file's text.
    #[must_use]
    pub fn of_file(path: &'a str, name: &'a str, text: &'a [u8]) -> Self {
        Self {
            text,
            path,
            name,
            place: Place::of(path),
            bare: is_bare(name),
            depth: 0,
        }
    }

    /// The text `span`, empty where there is none.
    #[must_use]
    pub fn get(&self, span: Range<usize>) -> &'a [u8] {
        self.text.get(span).unwrap_or_default()
    }

    /// The file's extension, lower case, without the dot; empty for `.env` and `Makefile`.
    #[must_use]
    pub fn extension(&self) -> &'a str {
        match self.name.rsplit_once('.') {
            Some((stem, extension)) if !stem.is_empty() => extension,
            _ => "",
        }
    }
}

/// Whether files of this name write values without quotes.
fn is_bare(name: &str) -> bool {
    let extension = match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => extension,
        _ => return true,
    };
    matches!(
        extension,
        "env"
            | "ini"
            | "cfg"
            | "conf"
            | "cnf"
            | "config"
            | "properties"
            | "yml"
            | "yaml"
            | "toml"
            | "sh"
            | "bash"
            | "zsh"
            | "fish"
            | "ps1"
            | "bat"
            | "cmd"
            | "txt"
            | "log"
            | "md"
            | "rst"
            | "tf"
            | "tfvars"
            | "hcl"
            | "service"
            | "plist"
            | "xml"
            | "http"
            | "rest"
            | "csv"
            | "tsv"
            | "sql"
            | "local"
            | "prod"
            | "production"
            | "dev"
            | "development"
            | "staging"
            | "test"
            | "bak"
            | "old"
            | "orig"
            | "save"
            | "backup"
            | "out"
            | "dump"
            | "ipynb"
            | "inc"
            | "rc"
            | "settings"
            | "vars"
            | "dockerfile"
            | "list"
            | "repo"
            | "network"
            | "ovpn"
            | "eml"
    )
}

/// How sure a candidate is; the surest of those that overlap is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// A value that is assigned to a telling name.
    Guess,
    /// A known shape: a hash, a token, an address with a password.
    Shape,
    /// The place where a known format keeps its secret.
    Format,
    /// A provider's token.
    Provider,
    /// A checksum or an encoded structure is right.
    Proven,
}

/// Something that may be a secret.
pub struct Candidate {
    /// The rule that says so.
    pub rule: &'static RuleMeta,
    /// The bytes of the secret in the page.
    pub span: Range<usize>,
    /// How bad, before the place is looked at.
    pub severity: Severity,
    /// How sure.
    pub certainty: Certainty,
    /// What this case has beyond the rule's summary. Never the value.
    pub note: Cow<'static, str>,
    /// How many of its first characters are the fixed mark of its kind.
    pub shown: usize,
    /// The decodings it was read through, outermost first.
    pub chain: Vec<&'static str>,
    /// The secret itself when it was decoded; otherwise the page holds it at `span`.
    pub decoded: Option<Vec<u8>>,
}

impl Candidate {
    /// A candidate of `rule` at `span` with the rule's own severity.
    #[must_use]
    pub fn new(rule: &'static RuleMeta, span: Range<usize>, certainty: Certainty) -> Self {
        Self {
            rule,
            span,
            severity: rule.severity,
            certainty,
            note: Cow::Borrowed(""),
            shown: 0,
            chain: Vec::new(),
            decoded: None,
        }
    }

    /// With a note.
    #[must_use]
    pub fn note(mut self, note: impl Into<Cow<'static, str>>) -> Self {
        self.note = note.into();
        self
    }

    /// At most this severe.
    #[must_use]
    pub fn at_most(mut self, severity: Severity) -> Self {
        self.severity = self.severity.min(severity);
        self
    }
}

impl Drop for Candidate {
    fn drop(&mut self) {
        if let Some(value) = &mut self.decoded {
            value.fill(0);
        }
    }
}
