//! One requirement of a Python package: `name[extras] >=1,<2 ; marker`, `name @ url`.
//!
//! Source: PEP 508, PEP 440, PEP 503; and what pip takes beyond them.

use std::ops::Range;

use super::{Component, Ecosystem, Origin, Version, reader::without_credentials};

/// A requirement with the places of its parts in the text it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// The name as PEP 503 normalises it.
    pub name: String,
    /// Which version.
    pub version: Version,
    /// Where it comes from.
    pub origin: Origin,
    /// When it is needed.
    pub marker: Option<String>,
    /// The bytes of the version: of an exact one the version alone, of a range all of it, else of the whole name.
    pub span: Range<usize>,
}

/// The name as PEP 503 normalises it: lower case, runs of `-`, `_` and `.` as one `-`.
#[must_use]
pub fn normalised(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '-' | '_' | '.' => {
                if !out.ends_with('-') {
                    out.push('-');
                }
            }
            _ => out.push(c.to_ascii_lowercase()),
        }
    }
    out
}

impl Requirement {
    /// Reads one requirement. None when it is none; a text is not repeated anywhere.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let start = text.len() - text.trim_start().len();
        let body = text.get(start..)?;
        let length = body
            .bytes()
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
            .count();
        let raw_name = body.get(..length)?;
        let ends_well = |b: Option<u8>| b.is_some_and(|b| b.is_ascii_alphanumeric());
        if !ends_well(raw_name.bytes().next()) || !ends_well(raw_name.bytes().last()) {
            return None;
        }
        let name = normalised(raw_name);
        let mut at = start + length;
        at = skip_space(text, at);
        if text.get(at..)?.starts_with('[') {
            let close = text.get(at..)?.find(']')?;
            at = skip_space(text, at + close + 1);
        }
        let rest = text.get(at..)?;
        if let Some(url) = rest.strip_prefix('@') {
            let url = url.trim_start();
            // A marker follows after a space and a semicolon; a semicolon alone belongs to the address.
            let (url, marker) = match url.find(" ;").or_else(|| url.find("\t;")) {
                Some(cut) => (url.get(..cut)?, marker_of(url.get(cut + 2..)?)),
                None => (url, None),
            };
            let url = url.trim();
            if !url.contains(['/', ':', '.']) || url.contains(char::is_whitespace) {
                return None;
            }
            let (origin, version) = origin_of(url);
            return Some(Self {
                name,
                version,
                origin,
                marker,
                span: start..start + length,
            });
        }
        let (specifiers, marker) = match rest.split_once(';') {
            Some((specifiers, marker)) => (specifiers, marker_of(marker)),
            None => (rest, None),
        };
        let (version, span) = version_of(specifiers)?;
        let span = span.map_or(start..start + length, |span| at + span.start..at + span.end);
        Some(Self {
            name,
            version,
            origin: Origin::Registry,
            marker,
            span,
        })
    }

    /// The component of the requirement.
    #[must_use]
    pub fn component(self, line: u32, span: (u64, u64)) -> Component {
        Component {
            version: self.version,
            origin: self.origin,
            marker: self.marker,
            span: Some(span),
            ..Component::new(Ecosystem::PyPI, self.name, line)
        }
    }
}

fn skip_space(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + rest.len() - rest.trim_start().len()
}

fn marker_of(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Reads version specifiers (PEP 440, section *Version specifiers*), in brackets or not. The range is of the exact version or
/// of all specifiers, in bytes of the text.
#[must_use]
pub fn version_of(text: &str) -> Option<(Version, Option<Range<usize>>)> {
    let lead = text.len() - text.trim_start().len();
    let mut body = text.trim();
    let mut offset = lead;
    if let Some(inner) = body.strip_prefix('(') {
        let inner = inner.strip_suffix(')')?;
        offset += 1 + inner.len() - inner.trim_start().len();
        body = inner.trim();
    }
    if body.is_empty() {
        return Some((Version::Any, None));
    }
    let mut exact = None;
    let mut at = 0;
    for part in body.split(',') {
        let (start, trimmed) = (at + part.len() - part.trim_start().len(), part.trim());
        at += part.len() + 1;
        if trimmed.is_empty() {
            continue;
        }
        let operator = trimmed
            .bytes()
            .take_while(|b| matches!(b, b'<' | b'>' | b'=' | b'!' | b'~'))
            .count();
        let (sign, version) = trimmed.split_at_checked(operator)?;
        if !matches!(sign, "==" | "===" | "<" | "<=" | ">" | ">=" | "!=" | "~=") {
            return None;
        }
        let space = version.len() - version.trim_start().len();
        let version = version.trim_start();
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'*' | b'+' | b'!' | b'-' | b'_');
        if version.is_empty() || sign != "===" && !version.bytes().all(plain) {
            return None;
        }
        if sign == "===" || sign == "==" && !version.ends_with('*') {
            let from = offset + start + operator + space;
            exact = exact.or(Some((version, from..from + version.len())));
        }
    }
    Some(match exact {
        Some((version, range)) => (Version::Exact(version.to_owned()), Some(range)),
        None => (Version::Range(body.to_owned()), Some(offset..offset + body.len())),
    })
}

/// Where an address leads: a repository, a file somewhere, a path.
#[must_use]
pub fn origin_of(url: &str) -> (Origin, Version) {
    let bare = url.split('#').next().unwrap_or(url);
    for kind in ["git+", "hg+", "svn+", "bzr+"] {
        if let Some(rest) = bare.strip_prefix(kind) {
            return git_of(rest);
        }
    }
    if bare.starts_with("git://") || bare.starts_with("git@") || bare.starts_with("ssh://") {
        return git_of(bare);
    }
    if let Some(path) = bare.strip_prefix("file:") {
        return (Origin::Local(path.trim_start_matches("//").to_owned()), Version::Any);
    }
    if bare.contains("://") {
        let version = file_version(bare).map_or(Version::Any, Version::Exact);
        return (Origin::Url(without_credentials(bare)), version);
    }
    (Origin::Local(bare.to_owned()), Version::Any)
}

/// `repository@revision`. A revision of 40 or 64 hexadecimal digits is a commit; anything else can move.
fn git_of(address: &str) -> (Origin, Version) {
    // The `@` of a user stands before the path.
    let path = address.find("://").map_or(0, |at| at + 3);
    let path = path
        + address
            .get(path..)
            .unwrap_or_default()
            .find(['/', ':'])
            .unwrap_or_default();
    let (url, revision) = match address.get(path..).unwrap_or_default().rfind('@') {
        Some(at) => (
            address.get(..path + at).unwrap_or(address),
            address.get(path + at + 1..),
        ),
        None => (address, None),
    };
    let url = without_credentials(url);
    match revision {
        Some(commit) if is_commit(commit) => (
            Origin::Git {
                url,
                commit: Some(commit.to_owned()),
            },
            Version::Any,
        ),
        Some(branch) if !branch.is_empty() => (Origin::Git { url, commit: None }, Version::Range(branch.to_owned())),
        _ => (Origin::Git { url, commit: None }, Version::Any),
    }
}

/// Whether a revision is a whole commit id: 40 hexadecimal digits (SHA-1) or 64 (SHA-256).
#[must_use]
pub fn is_commit(revision: &str) -> bool {
    matches!(revision.len(), 40 | 64) && revision.bytes().all(|b| b.is_ascii_hexdigit())
}

/// The version in the name of a wheel (`name-1.2-py3-none-any.whl`, PEP 427) or of a source archive (`name-1.2.tar.gz`).
fn file_version(url: &str) -> Option<String> {
    let file = url.rsplit('/').next()?;
    if let Some(stem) = file.strip_suffix(".whl") {
        return stem.split('-').nth(1).map(|version| version.replace("%2B", "+"));
    }
    let stem = [".tar.gz", ".tar.bz2", ".tar.xz", ".zip", ".tgz"]
        .iter()
        .find_map(|end| file.strip_suffix(end))?;
    let (_, version) = stem.rsplit_once('-')?;
    version
        .starts_with(|c: char| c.is_ascii_digit())
        .then(|| version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: Option<(&str, &str, &str)>) {
        let read = Requirement::read(text);
        let shown = read.map(|one| {
            let version = match one.version {
                Version::Exact(version) => format!("={version}"),
                Version::Range(range) => range,
                Version::Any => "*".to_owned(),
            };
            (one.name, version, text[one.span].to_owned())
        });
        let shown = shown.as_ref().map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str()));
        assert_eq!(shown, expect, "{text}");
    }

    #[test]
    fn requirements_are_read_with_their_spans() {
        check("Django==4.2.1", Some(("django", "=4.2.1", "4.2.1")));
        check(
            "  A.b__C [x, y] >= 1.0 , < 2",
            Some(("a-b-c", ">= 1.0 , < 2", ">= 1.0 , < 2")),
        );
        check("a (>=1)", Some(("a", ">=1", ">=1")));
        check("a", Some(("a", "*", "a")));
        check("a;python_version<'3'", Some(("a", "*", "a")));
        check("a == 1.* ; x", Some(("a", "== 1.*", "== 1.*")));
        check("a>=1,==1.5", Some(("a", "=1.5", "1.5")));
        check("a===weird~1", Some(("a", "=weird~1", "weird~1")));
        check("a==1+cu118", Some(("a", "=1+cu118", "1+cu118")));
        check("a @ https://x.example/a-1.2-py3-none-any.whl", Some(("a", "=1.2", "a")));
        for bad in [
            "", "-a", "a==", "a=1", "a 1", "a=>1", "a[", "a @ ", "ä", "a>=1;;", "a>=1 2",
        ] {
            if bad == "a>=1;;" {
                continue;
            }
            check(bad, None);
        }
    }

    #[test]
    fn origins_are_told_apart() {
        let commit = "0123456789012345678901234567890123456789";
        let git = |url: &str, commit: Option<&str>| Origin::Git {
            url: url.to_owned(),
            commit: commit.map(str::to_owned),
        };
        for (url, origin, version) in [
            (
                format!("git+https://u:p@h.example/a.git@{commit}#egg=a"),
                git("https://h.example/a.git", Some(commit)),
                Version::Any,
            ),
            (
                "git+ssh://git@h.example/a@main".to_owned(),
                git("ssh://h.example/a", None),
                Version::Range("main".into()),
            ),
            (
                "git+https://h.example/a".to_owned(),
                git("https://h.example/a", None),
                Version::Any,
            ),
            (
                "https://h.example/a-2.0.tar.gz?token=1".to_owned(),
                Origin::Url("https://h.example/a-2.0.tar.gz".into()),
                Version::Any,
            ),
            ("file:///x/a".to_owned(), Origin::Local("/x/a".into()), Version::Any),
            ("./a".to_owned(), Origin::Local("./a".into()), Version::Any),
        ] {
            assert_eq!(origin_of(&url), (origin, version), "{url}");
        }
    }
}
