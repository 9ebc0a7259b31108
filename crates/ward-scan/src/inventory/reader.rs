//! Which files are manifests, and how each is read.

use std::borrow::Cow;

use ward_formats::{
    Budget,
    json::{NodeId, Tree},
    yaml::{self, Yaml},
};

use super::{
    Component, Manifest, cargo, conda, dockerfile, go, hub, install, lock_toml, npm, pipfile, pixi, pnpm, pyproject,
    python_locks, requirements, script, setup, tox, unread, workflows, yarn,
};
use crate::Blob;

/// A format of manifests. One file a family of formats and one line in [`READERS`] each.
pub struct Reader {
    /// What the format is called.
    pub format: &'static str,
    /// Whether a file belongs to it, by its name.
    pub is: fn(&Name<'_>) -> bool,
    /// Reads it. What could not be read goes into [`Reading::problems`].
    pub read: fn(&Text<'_>, &mut Reading),
}

/// Every format, the more specific before the more general.
pub static READERS: &[Reader] = &[
    Reader {
        format: "pyproject.toml",
        is: |name| name.file == "pyproject.toml",
        read: pyproject::read,
    },
    Reader {
        format: "poetry.lock",
        is: |name| name.file == "poetry.lock",
        read: python_locks::poetry,
    },
    Reader {
        format: "uv.lock",
        is: |name| name.file == "uv.lock",
        read: python_locks::uv,
    },
    Reader {
        format: "pdm.lock",
        is: |name| name.file == "pdm.lock",
        read: python_locks::pdm,
    },
    Reader {
        format: "pylock.toml",
        is: python_locks::is_pylock,
        read: python_locks::pylock,
    },
    Reader {
        format: "Pipfile",
        is: |name| name.file == "pipfile",
        read: pipfile::pipfile,
    },
    Reader {
        format: "Pipfile.lock",
        is: |name| name.file == "pipfile.lock",
        read: pipfile::lock,
    },
    Reader {
        format: "setup.cfg",
        is: |name| name.file == "setup.cfg",
        read: setup::cfg,
    },
    Reader {
        format: "setup.py",
        is: |name| name.file == "setup.py",
        read: setup::py,
    },
    Reader {
        format: "tox.ini",
        is: |name| name.file == "tox.ini",
        read: tox::read,
    },
    Reader {
        format: "pixi.toml",
        is: |name| name.file == "pixi.toml",
        read: pixi::manifest,
    },
    Reader {
        format: "pixi.lock",
        is: |name| name.file == "pixi.lock",
        read: pixi::lock,
    },
    Reader {
        format: install::NOTEBOOK,
        is: |name| name.file.ends_with(".ipynb"),
        read: install::notebook,
    },
    Reader {
        format: script::FORMAT,
        is: |name| name.file.ends_with(".py"),
        read: script::read,
    },
    Reader {
        format: "conda environment",
        is: conda::is,
        read: conda::read,
    },
    Reader {
        format: "requirements.txt",
        is: requirements::is,
        read: requirements::read,
    },
    Reader {
        format: "Cargo.toml",
        is: |name| name.file == "cargo.toml",
        read: cargo::manifest,
    },
    Reader {
        format: "Cargo.lock",
        is: |name| name.file == "cargo.lock",
        read: cargo::lock,
    },
    Reader {
        format: "package.json",
        is: |name| name.file == "package.json",
        read: npm::package,
    },
    Reader {
        format: "package-lock.json",
        is: npm::is_lock,
        read: npm::lock,
    },
    Reader {
        format: "yarn.lock",
        is: |name| name.file == "yarn.lock",
        read: yarn::read,
    },
    Reader {
        format: "pnpm-lock.yaml",
        is: |name| name.file == "pnpm-lock.yaml",
        read: pnpm::read,
    },
    Reader {
        format: "go.mod",
        is: |name| name.file == "go.mod",
        read: go::module,
    },
    Reader {
        format: "go.sum",
        is: |name| name.file == "go.sum",
        read: go::sums,
    },
    Reader {
        format: "Dockerfile",
        is: dockerfile::is,
        read: dockerfile::read,
    },
    Reader {
        format: "GitHub workflow",
        is: workflows::is_github,
        read: workflows::github,
    },
    Reader {
        format: "GitLab pipeline",
        is: workflows::is_gitlab,
        read: workflows::gitlab,
    },
    Reader {
        format: "pre-commit",
        is: workflows::is_pre_commit,
        read: workflows::pre_commit,
    },
    Reader {
        format: "adapter_config.json",
        is: |name| name.file == "adapter_config.json",
        read: hub::adapter,
    },
    Reader {
        format: unread::FORMAT,
        is: |name| unread::is(name.file),
        read: unread::read,
    },
    Reader {
        format: requirements::UNNAMED,
        is: requirements::may_be,
        read: requirements::unnamed,
    },
];

/// Largest manifest that is read: a lockfile of 100,000 packages is smaller.
const MAX_MANIFEST: usize = 64 << 20;

/// What reading one manifest may cost.
const BUDGET: Budget = Budget {
    bytes: MAX_MANIFEST,
    depth: 100,
    items: 8_000_000,
};

/// What is said of a key that stands twice.
const TWICE: &str = "a key that stands here a second time: some programs take the first value, some the last";

/// Most keys that are named for standing twice.
const MOST_TWICE: usize = 20;

/// Most components of one manifest.
const MAX_COMPONENTS: usize = 400_000;

/// What a file is called.
pub struct Name<'a> {
    /// The whole path, `/` between its parts, as it is written.
    pub path: &'a str,
    /// The file's own name in lower case.
    pub file: &'a str,
}

impl Name<'_> {
    /// The name of the folder it lies in; empty at the root.
    #[must_use]
    pub fn folder(&self) -> &str {
        self.path.rsplit('/').nth(1).unwrap_or_default()
    }
}

/// What a reader made of a file.
#[derive(Debug, Default)]
pub struct Reading {
    /// What the file names.
    pub manifest: Manifest,
    /// What could not be read.
    pub problems: Vec<Problem>,
}

/// Something of a manifest that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Line from 1, where one is known.
    pub line: Option<u32>,
    /// Why.
    pub why: Cow<'static, str>,
}

impl Reading {
    /// Adds a component.
    pub(super) fn push(&mut self, component: Component) {
        if component.name.trim().is_empty() {
            self.problem(Some(component.line), "an entry without a name");
            return;
        }
        if self.manifest.components.len() < MAX_COMPONENTS {
            self.manifest.components.push(component);
        } else if self.manifest.components.len() == MAX_COMPONENTS
            && !self.problems.iter().any(|one| one.why.starts_with("more than 400,000"))
        {
            self.problem(None, "more than 400,000 components; the rest were not looked at");
        }
    }

    /// Reports what could not be read.
    pub(super) fn problem(&mut self, line: Option<u32>, why: impl Into<Cow<'static, str>>) {
        self.problems.push(Problem { line, why: why.into() });
    }
}

/// The text of a manifest.
pub struct Text<'a> {
    /// Its path.
    pub path: &'a str,
    /// The text without a byte order mark.
    pub text: &'a str,
    /// How many bytes stand before the text.
    base: u64,
    /// Offsets of line ends.
    ends: Vec<u32>,
}

impl<'a> Text<'a> {
    /// A text at a path.
    #[must_use]
    pub fn new(path: &'a str, text: &'a str) -> Self {
        let (text, base) = text.strip_prefix('\u{feff}').map_or((text, 0), |rest| (rest, 3));
        let ends = memchr::memchr_iter(b'\n', text.as_bytes());
        Self {
            path,
            text,
            base,
            ends: ends.map(|at| u32::try_from(at).unwrap_or(u32::MAX)).collect(),
        }
    }

    /// The line (from 1) of an offset of the text.
    #[must_use]
    pub fn line(&self, at: usize) -> u32 {
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        u32::try_from(self.ends.partition_point(|end| *end < at)).unwrap_or(u32::MAX - 1) + 1
    }

    /// A line, by its number from 1; empty where there is none.
    pub(super) fn line_text(&self, number: u32) -> &'a str {
        let ends = |at: u32| self.ends.get(at as usize).map(|end| *end as usize);
        let start = number.checked_sub(2).map_or(Some(0), |at| ends(at).map(|end| end + 1));
        let end = number.checked_sub(1).and_then(ends).unwrap_or(self.text.len());
        start.and_then(|start| self.text.get(start..end)).unwrap_or_default()
    }

    /// Offsets of the text as bytes of the file.
    #[must_use]
    pub fn span(&self, start: usize, end: usize) -> (u64, u64) {
        (self.base + start as u64, self.base + end as u64)
    }

    /// Lines with their number from 1 and the offset of their first byte, without what ends them.
    pub(super) fn lines(&self) -> impl Iterator<Item = (u32, usize, &'a str)> + use<'a> {
        let mut at = 0;
        let mut number = 0;
        self.text.split_inclusive('\n').map(move |line| {
            let start = at;
            at += line.len();
            number += 1;
            (number, start, line.trim_end_matches(['\n', '\r']))
        })
    }

    /// The text as a TOML document; what is wrong with it goes into the reading.
    pub(super) fn toml(&self, reading: &mut Reading) -> Option<toml::de::DeTable<'a>> {
        let parsed = toml::de::DeTable::parse(self.text).map(toml::Spanned::into_inner);
        self.or_no_toml(parsed, reading)
    }

    /// The same of a lockfile, which takes less.
    pub(super) fn locked(&self, reading: &mut Reading) -> Option<lock_toml::Table<'a>> {
        self.or_no_toml(lock_toml::parse(self.text), reading)
    }

    fn or_no_toml<T>(&self, parsed: Result<T, toml::de::Error>, reading: &mut Reading) -> Option<T> {
        let failed = |error: &toml::de::Error| {
            let line = error.span().map(|span| self.line(span.start));
            reading.problem(line, "it is no TOML, so nothing of it was read");
        };
        parsed.inspect_err(failed).ok()
    }

    /// The text as YAML; what is wrong with it goes into the reading.
    pub(super) fn yaml(&self, reading: &mut Reading) -> Option<Yaml> {
        match Yaml::parse(self.text.as_bytes(), BUDGET) {
            Ok(yaml) => {
                for key in yaml.duplicates().take(MOST_TWICE) {
                    reading.problem(Some(key.line()), TWICE);
                }
                Some(yaml)
            }
            Err(error) => {
                let line = Some(self.line(error.at()));
                reading.problem(line, "it is no YAML, so nothing of it was read");
                None
            }
        }
    }

    /// The bytes of a scalar in the file, without its quotes.
    pub(super) fn yaml_span(&self, value: yaml::Value<'_>) -> (u64, u64) {
        let span = value.span();
        let quote = usize::from(value.style() == Some(yaml::Style::Quoted));
        self.span(span.start + quote, span.end.saturating_sub(quote))
    }

    /// The text as a JSON document; what is wrong with it goes into the reading.
    pub(super) fn json(&self, reading: &mut Reading) -> Option<Json<'_, 'a>> {
        match Tree::parse(self.text.as_bytes(), BUDGET) {
            Ok(tree) => {
                for value in tree.duplicate_keys().into_iter().take(MOST_TWICE) {
                    reading.problem(Some(self.line(tree.outer(value).start)), TWICE);
                }
                Some(Json { tree, text: self })
            }
            Err(error) => {
                let line = Some(self.line(error.at()));
                reading.problem(line, "it is no JSON, so nothing of it was read");
                None
            }
        }
    }
}

/// A JSON document with the lines of its nodes.
pub(super) struct Json<'t, 'a> {
    /// The nodes.
    pub(super) tree: Tree,
    text: &'t Text<'a>,
}

impl Json<'_, '_> {
    pub(super) fn line(&self, node: NodeId) -> u32 {
        self.text.line(self.tree.outer(node).start)
    }

    /// The bytes between the quotes of a string.
    pub(super) fn span(&self, node: NodeId) -> (u64, u64) {
        let span = self.tree.raw(node);
        self.text.span(span.start, span.end)
    }

    pub(super) fn str_of(&self, node: NodeId, key: &str) -> Option<&str> {
        self.tree.str(self.tree.get(node, key)?)
    }
}

/// Reads a blob if its name is that of a manifest.
#[must_use]
pub fn read(blob: &Blob<'_>) -> Option<(&'static str, Reading)> {
    let reader = reader_of(blob)?;
    let mut reading = Reading::default();
    reading.manifest.format = reader.format;
    // What only looks like a list is not worth reading when it is large.
    let most = match reader.format {
        requirements::UNNAMED => requirements::MAX_UNNAMED,
        _ => MAX_MANIFEST,
    };
    let content = blob.content.whole(most);
    // Most programs and notebooks list nothing, and are no manifests.
    let lists: Option<fn(&[u8]) -> bool> = match reader.format {
        script::FORMAT => Some(script::is_in),
        install::NOTEBOOK => Some(install::is_in),
        requirements::UNNAMED => Some(requirements::looks_like),
        _ => None,
    };
    if lists.is_some_and(|lists| !matches!(&content, Ok(Some(bytes)) if lists(bytes))) {
        return None;
    }
    match content {
        Err(_) => reading.problem(None, "it could not be read"),
        Ok(None) => reading.problem(None, "it is larger than 64 MiB, so nothing of it was read"),
        Ok(Some(bytes)) => match std::str::from_utf8(&bytes) {
            Ok(text) => (reader.read)(&Text::new(&blob.place.path, text), &mut reading),
            Err(_) => reading.problem(None, "it is no UTF-8, so nothing of it was read; save it as UTF-8"),
        },
    }
    if reader.format == requirements::UNNAMED && !reading.problems.is_empty() {
        return None;
    }
    Some((reader.format, reading))
}

/// The reader of a blob's format, by its name. Installed packages are no part of what is scanned.
fn reader_of(blob: &Blob<'_>) -> Option<&'static Reader> {
    let path = blob.place.member.as_deref().unwrap_or(&blob.place.path);
    let path = path.rsplit('!').next().unwrap_or(path);
    if path
        .split('/')
        .any(|part| matches!(part, "node_modules" | "site-packages" | "dist-packages"))
    {
        return None;
    }
    let file = blob.name();
    let name = Name { path, file: &file };
    READERS.iter().find(|reader| (reader.is)(&name))
}

/// A string of a TOML value.
pub(super) fn toml_str<'v>(value: &'v toml::de::DeValue<'_>) -> Option<&'v str> {
    match value {
        toml::de::DeValue::String(text) => Some(text),
        _ => None,
    }
}

/// What stands under a key of a TOML table.
pub(super) fn toml_get<'v, 'i>(
    table: &'v toml::de::DeTable<'i>,
    key: &str,
) -> Option<&'v toml::Spanned<toml::de::DeValue<'i>>> {
    table.get(key)
}

/// An address without the user and password that may stand in it.
pub(super) fn without_credentials(url: &str) -> String {
    // Most have none, and no query.
    if memchr::memchr2(b'@', b'?', url.as_bytes()).is_none() {
        return url.to_owned();
    }
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at_checked(end).unwrap_or((rest, ""));
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    // Tokens stand in queries too.
    let path = path.split(['?']).next().unwrap_or_default();
    format!("{scheme}://{host}{path}")
}

/// Runs one reader over a text, for tests.
#[cfg(test)]
pub(super) fn read_text(path: &str, text: &str) -> Reading {
    read(&Blob::of_bytes(path, text.as_bytes()))
        .map(|(_, reading)| reading)
        .unwrap_or_default()
}

/// What a reading holds, a line a component, for tests: `name|version|origin|scope|line|..`.
#[cfg(test)]
pub(super) fn shown(reading: &Reading) -> String {
    use super::{Origin, Scope, Version};
    let mut out = String::new();
    for one in &reading.manifest.components {
        let version = match &one.version {
            Version::Exact(version) => format!("={version}"),
            Version::Range(range) => range.clone(),
            Version::Any => "*".to_owned(),
        };
        out += &format!("{} {} {version}", one.line, one.name);
        match &one.origin {
            Origin::Registry => {}
            Origin::OtherRegistry(url) => out += &format!(" registry:{url}"),
            Origin::Git { url, commit } => out += &format!(" git:{url}#{}", commit.as_deref().unwrap_or("?")),
            Origin::Url(url) => out += &format!(" url:{url}"),
            Origin::Local(path) => out += &format!(" local:{path}"),
        }
        match &one.scope {
            Scope::Run => {}
            Scope::Build => out += " build",
            Scope::Development => out += " dev",
            Scope::Optional(name) => out += &format!(" extra:{name}"),
        }
        match one.direct {
            Some(true) => out += " direct",
            Some(false) => out += " indirect",
            None => {}
        }
        if !one.hashes.is_empty() {
            out += &format!(" hashes:{}", one.hashes.len());
        }
        if !one.needs.is_empty() {
            out += &format!(" needs:{}", one.needs.join(","));
        }
        if let Some(licence) = &one.licence {
            out += &format!(" licence:{licence}");
        }
        out += "\n";
    }
    for problem in &reading.problems {
        out += &format!("! {:?} {}\n", problem.line, problem.why);
    }
    out
}

/// What stands at a component's span, for tests.
#[cfg(test)]
pub(super) fn spans<'t>(text: &'t str, reading: &Reading) -> Vec<&'t str> {
    let cut = |span: (u64, u64)| &text[usize::try_from(span.0).unwrap()..usize::try_from(span.1).unwrap()];
    reading
        .manifest
        .components
        .iter()
        .filter_map(|one| one.span)
        .map(cut)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{read_text, shown};
    use crate::Blob;

    #[test]
    fn lists_that_are_not_read_are_told() {
        for path in [
            "pom.xml",
            "a/Gemfile.lock",
            "a/Clinic.csproj",
            "build.gradle.kts",
            "Package.resolved",
        ] {
            let (_, reading) = super::read(&Blob::of_bytes(path, b"x")).unwrap();
            assert_eq!(reading.problems.len(), 1, "{path}");
            assert!(reading.manifest.components.is_empty());
        }
        for path in [
            "pom.xml.md",
            "node_modules/a/pom.xml",
            "gemfile.rb",
            "composer.py",
            "csproj",
        ] {
            assert!(super::read(&Blob::of_bytes(path, b"x")).is_none(), "{path}");
        }
    }

    #[test]
    fn keys_that_stand_twice_and_entries_without_a_name_are_told() {
        let twice = "{\"dependencies\": {\"a\": \"1\"},\n\"dependencies\": {\"b\": \"2\"}}";
        let text = shown(&read_text("package.json", twice));
        assert!(
            text.contains("! Some(2) a key that stands here a second time"),
            "{text}"
        );
        let yaml = "on: push\njobs:\n  a: {steps: []}\n  a: {steps: []}\n";
        let text = shown(&read_text(".github/workflows/a.yml", yaml));
        assert!(
            text.contains("! Some(4) a key that stands here a second time"),
            "{text}"
        );
        let text = shown(&read_text("package.json", "{\"dependencies\": {\"\": \"1\"}}"));
        assert_eq!(text, "! Some(1) an entry without a name\n");
    }
}
