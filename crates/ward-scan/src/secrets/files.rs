//! Files whose business it is to hold credentials, each read in its own format: one [`Format`] each, in the file of its
//! family, and one line in [`FORMATS`].

use std::ops::Range;

use ward_evidence::{RuleMeta, Severity};

use super::{
    generic::{
        names::{self, Kind},
        values::{is_thought_of, is_weak_word},
    },
    page::{Candidate, Certainty, Page},
    placeholder::{is_only_placeholder, is_reference, placeholder},
    rarity::is_random,
};

pub mod automation;
pub mod browsers;
pub mod chat;
pub mod cloud;
pub mod containers;
pub mod databases;
pub mod dotnet;
pub mod environment;
pub mod java;
pub mod mail;
pub mod networks;
pub mod packages;
pub mod prompts;
pub mod routers;
pub mod servers;
pub mod shell;
pub mod sql;
pub mod stores;
mod syntax;
pub mod transfer;
pub mod unix;
pub mod web;

/// A format of files that hold credentials.
pub struct Format {
    /// Its rule.
    pub meta: RuleMeta,
    /// Whether a file is one: by its name, its folder, or how it starts.
    pub is: fn(&Page<'_>) -> bool,
    /// Reads it and gives what is secret in it.
    pub read: fn(&Page<'_>, &mut Sink<'_, '_>),
}

/// Every format.
pub static FORMATS: &[&Format] = &[
    &automation::ANSIBLE,
    &automation::JENKINS,
    &automation::CHEF,
    &automation::CLOUD_INIT,
    &browsers::FIREFOX,
    &chat::IRC,
    &cloud::AWS,
    &cloud::BOTO,
    &cloud::GCLOUD,
    &cloud::AZURE,
    &cloud::RCLONE,
    &cloud::COMMAND_LINES,
    &cloud::TERRAFORM,
    &containers::DOCKER,
    &containers::KUBERNETES,
    &databases::PGPASS,
    &databases::MYSQL,
    &databases::CLIENTS,
    &databases::DBEAVER,
    &databases::SETTINGS,
    &dotnet::CONFIG,
    &dotnet::POLICY,
    &environment::DOTENV,
    &java::PROPERTIES,
    &java::XML,
    &mail::CLIENTS,
    &mail::RELAYS,
    &networks::WIRELESS,
    &networks::TUNNELS,
    &packages::NPM,
    &packages::PYPI,
    &packages::COMPOSER,
    &packages::TOKENS,
    &prompts::PROMPTS,
    &routers::ROUTERS,
    &servers::GAMES,
    &shell::SHELL,
    &sql::SQL,
    &transfer::NETRC,
    &transfer::GIT,
    &transfer::FILEZILLA,
    &transfer::EDITORS,
    &transfer::JETBRAINS,
    &transfer::CLIENTS,
    &unix::SHADOW,
    &unix::HTPASSWD,
    &web::WORDPRESS,
    &web::PHP,
    &web::PYTHON,
    &web::RAILS,
    &web::SALESFORCE,
];

/// Whether a file of this name has a reader of its own.
#[must_use]
pub fn has_reader(path: &str, name: &str) -> bool {
    let page = Page::of_file(path, name, b"");
    FORMATS.iter().any(|format| (format.is)(&page))
}

/// Formats that are programs themselves. The others are not looked for in programs and pages of text, whatever their names:
/// `htpasswd.py` is no password file.
const PROGRAMS: &[&str] = &[
    "secrets/file-wordpress",
    "secrets/file-php-config",
    "secrets/file-python-settings",
    "secrets/file-rails",
    "secrets/file-chef",
    "secrets/file-login-call",
    "secrets/file-command",
];

/// Whether files with this extension are programs or pages of text.
fn is_program(extension: &str) -> bool {
    matches!(
        extension,
        "py" | "pyi"
            | "pyx"
            | "js"
            | "mjs"
            | "cjs"
            | "jsx"
            | "ts"
            | "tsx"
            | "go"
            | "rs"
            | "java"
            | "kt"
            | "scala"
            | "c"
            | "h"
            | "cc"
            | "cpp"
            | "hpp"
            | "cs"
            | "vb"
            | "rb"
            | "php"
            | "phtml"
            | "pl"
            | "pm"
            | "lua"
            | "swift"
            | "m"
            | "html"
            | "htm"
            | "css"
            | "scss"
            | "vue"
            | "svelte"
            | "md"
            | "mdx"
            | "rst"
            | "adoc"
            | "tex"
            | "erb"
            | "j2"
            | "jinja"
            | "jinja2"
            | "svg"
            | "po"
    )
}

/// Reads `page` in every format that it is in.
pub(crate) fn read(page: &Page<'_>, out: &mut Vec<Candidate>) {
    let program = is_program(page.extension());
    for format in FORMATS {
        if program && !PROGRAMS.contains(&format.meta.id) {
            continue;
        }
        if (format.is)(page) {
            let mut sink = Sink {
                page,
                meta: &format.meta,
                out,
            };
            (format.read)(page, &mut sink);
        }
    }
}

pub(crate) use stores::binary;

/// Where a reader puts what it found.
pub struct Sink<'p, 'o> {
    page: &'p Page<'p>,
    meta: &'static RuleMeta,
    out: &'o mut Vec<Candidate>,
}

impl Sink<'_, '_> {
    /// The secret of a login at `span`: what stands there is one, whatever it looks like, unless it is empty, a
    /// reference
    /// or a placeholder.
    pub(crate) fn login(&mut self, span: Range<usize>) {
        self.login_noted(span, "");
    }

    /// As [`Sink::login`], with a note.
    pub(crate) fn login_noted(&mut self, span: Range<usize>, note: &'static str) {
        if let Some(value) = self.plain(&span)
            && value.len() >= 3
            && !is_only_placeholder(value)
        {
            self.push(span, None, note);
        }
    }

    /// A value that a configuration gives to `name`: a secret if the name says so, and of little worth if it is the
    /// word
    /// that everybody starts with.
    pub(crate) fn setting(&mut self, name: &[u8], span: Range<usize>) {
        let Some(kind) = names::kind(name).or_else(|| names::kind_of_setting(name)) else {
            return;
        };
        let Some(value) = self.value(&span) else { return };
        let fine = match kind {
            Kind::Password => value.len() >= 4 && !value.contains(' '),
            Kind::Weak => value.len() >= 16 && is_random(value.as_bytes()),
            _ => value.len() >= 8 && !value.contains(' ') && !value.starts_with('/') && !value.contains("://"),
        };
        // `"session_token": "session_token"`: the name of a field, not its value.
        let identifier = value.contains('_')
            && value.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_')
            && names::kind(value.as_bytes()).is_some();
        let number = value
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'))
            && value.len() < 6;
        if fine && !number && !identifier && !value.eq_ignore_ascii_case(&String::from_utf8_lossy(name)) {
            let weak = is_weak_word(value).then_some(Severity::Low);
            self.push(span, weak, "");
        }
    }

    /// A value that a command or a declaration gives to `name`, where it may also say what the secret is called or stand for
    /// one that comes later: a secret if it looks random, or as a password if it looks thought of as one.
    pub(crate) fn given(&mut self, name: &[u8], span: Range<usize>) {
        let Some(kind) = names::kind(name).or_else(|| names::kind_of_setting(name)) else {
            return;
        };
        let Some(value) = self.value(&span) else { return };
        if is_random(value.as_bytes()) || kind == Kind::Password && is_thought_of(value) {
            self.setting(name, span);
        }
    }

    /// A hash of a password, in whatever scheme.
    pub(crate) fn hash(&mut self, span: Range<usize>) {
        self.push(span, None, "the hash of a password");
    }

    /// Something that is encrypted or hidden in a way that can be undone or tried.
    pub(crate) fn hidden(&mut self, span: Range<usize>, severity: Severity, note: &'static str) {
        if self.value(&span).is_some_and(|value| value.len() >= 3) {
            self.push(span, Some(severity), note);
        }
    }

    /// A value that is encrypted, whatever it looks like.
    pub(crate) fn encrypted(&mut self, span: Range<usize>, severity: Severity, note: &'static str) {
        self.push(span, Some(severity), note);
    }

    /// The value at `span`, unless it stands for another or for nothing, or is a placeholder.
    fn value(&self, span: &Range<usize>) -> Option<&str> {
        self.plain(span).filter(|value| placeholder(value).is_none())
    }

    /// The value at `span`, unless it stands for another or for nothing.
    fn plain(&self, span: &Range<usize>) -> Option<&str> {
        const NOTHING: &[&str] = &[
            "null",
            "none",
            "nil",
            "true",
            "false",
            "undefined",
            "no",
            "yes",
            "~",
            "-",
            "*",
            "!",
            "!!",
            "x",
            "prompt",
            "ask",
            "disabled",
        ];
        let value = str::from_utf8(self.page.get(span.clone())).ok()?;
        let lower = value.to_ascii_lowercase();
        let said = value.is_empty()
            || value.len() > 4096
            || NOTHING.contains(&lower.as_str())
            || is_reference(value)
            || value.chars().any(|c| c.is_control() && c != '\t');
        (!said).then_some(value)
    }

    fn push(&mut self, span: Range<usize>, at_most: Option<Severity>, note: &'static str) {
        let mut candidate = Candidate::new(self.meta, span, Certainty::Format).note(note);
        if let Some(severity) = at_most {
            candidate = candidate.at_most(severity);
        }
        self.out.push(candidate);
    }
}

/// Whether the folder that holds `page` is called `name`, in upper or lower case.
pub(crate) fn in_folder(page: &Page<'_>, name: &str) -> bool {
    page.path
        .rsplit(['/', '!'])
        .nth(1)
        .is_some_and(|folder| folder.eq_ignore_ascii_case(name))
}

/// Whether any folder above `page` is called `name`.
pub(crate) fn below_folder(page: &Page<'_>, name: &str) -> bool {
    page.path
        .rsplit(['/', '!'])
        .skip(1)
        .any(|folder| folder.eq_ignore_ascii_case(name))
}

/// Whether the start of the text holds `mark`.
pub(crate) fn starts_with_mark(page: &Page<'_>, mark: &str) -> bool {
    let head = page.text.get(..page.text.len().min(2048)).unwrap_or_default();
    memchr::memmem::find(head, mark.as_bytes()).is_some()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::{
        Blob, Findings,
        secrets::{engine, sample::Dice},
    };

    /// The lines of all findings in a file at `path`, whose holes are filled.
    #[track_caller]
    pub(crate) fn check(path: &str, text: &str, expect: &[u32]) {
        for seed in 1..4 {
            let text = Dice::new(seed).fill(text).unwrap();
            let mut findings = Findings::default();
            engine::scan(&Blob::of_bytes(path, text.as_bytes()), &mut findings);
            let lines: Vec<u32> = findings.found.iter().filter_map(|found| found.at.line).collect();
            let rules: Vec<&str> = findings.found.iter().map(|found| found.rule.id).collect();
            assert_eq!(lines, expect, "{path}: {rules:?}\n{text}");
        }
    }

    #[test]
    fn formats_are_well_formed() {
        let mut ids = std::collections::HashSet::new();
        for format in FORMATS {
            assert_eq!(format.meta.fault(), None, "{}", format.meta.id);
            assert!(format.meta.id.starts_with("secrets/file-"), "{}", format.meta.id);
            assert!(ids.insert(format.meta.id), "{} stands twice", format.meta.id);
        }
    }

    #[test]
    fn programs_with_telling_names_are_no_credential_files() {
        check("lib/htpasswd.py", "def a():\n    x: str\n    password: secure\n", &[]);
        check("plugins/inventory/x.py", "options:\n  password: plain\n", &[]);
        assert!(
            PROGRAMS
                .iter()
                .all(|id| FORMATS.iter().any(|format| format.meta.id == *id))
        );
    }

    #[test]
    fn every_reader_takes_any_text() {
        let pieces = [
            "password",
            "=",
            ":",
            "\"",
            "'",
            "<a b=\"",
            ">",
            "\n",
            "{",
            "[",
            " ",
            "INSERT INTO users VALUES (",
            ")",
            ",",
            "é",
            "\0",
            "$1$",
        ];
        let mut dice = Dice::new(9);
        for _ in 0..40 {
            let text: String = (0..200)
                .filter_map(|_| pieces.get((dice.roll() % pieces.len() as u64) as usize))
                .copied()
                .collect();
            let page = Page::of_file("x/y", "y", text.as_bytes());
            for format in FORMATS {
                let mut out = Vec::new();
                (format.read)(
                    &page,
                    &mut Sink {
                        page: &page,
                        meta: &format.meta,
                        out: &mut out,
                    },
                );
                assert!(out.iter().all(|candidate| candidate.span.end <= text.len()));
            }
        }
    }
}
