//! What files say about licences: manifests, metadata of packages, licence files, cards, and the line that names a licence
//! at the head of a source file.

use ward_evidence::Location;

use super::{
    card::{self, Card},
    expression::{Expression, LONGEST},
    models,
    names::{self, Said},
    text::{self, Reading},
    words,
};
use crate::{Blob, Findings, inventory::Ecosystem};

/// What one file says.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// About what.
    pub of: Subject,
    /// What.
    pub said: Said,
    /// The words it was said in, short, for people; empty for a text.
    pub words: String,
    /// On which line.
    pub line: u32,
    /// What was recognised, when it is a text.
    pub reading: Option<Reading>,
}

/// What a statement is about.
#[derive(Debug, Clone, PartialEq)]
pub enum Subject {
    /// The project that a manifest describes.
    Project {
        /// Its name, when the manifest gives one.
        name: Option<String>,
        /// Whether it says that it is not to be published.
        private: bool,
    },
    /// An installed or vendored package.
    Package {
        /// Its ecosystem.
        ecosystem: Ecosystem,
        /// Its name, normalised.
        name: String,
        /// Its version.
        version: String,
    },
    /// A licence file: about the folder it lies in.
    Text,
    /// A source file.
    Source,
    /// A model or a data set, by its card.
    Card(Box<Card>),
}

/// Largest manifest that is read.
const MAX_MANIFEST: usize = 1 << 20;
/// Bytes at the head of a source file in which its licence is looked for.
const HEAD: usize = 2048;

/// Reads what a file says about licences, and leaves it as facts.
pub fn read(blob: &Blob<'_>, findings: &mut Findings) {
    let name = blob.name();
    let path = blob.place.full_path().to_lowercase().replace('\\', "/");
    findings.looked = true;
    let made = match kind_of(&name, &path) {
        Some(kind) => whole(blob, findings).and_then(|bytes| kind(&bytes, &path)),
        None if is_text_name(&name) => whole(blob, findings).map(|bytes| {
            let said = of_text(&bytes);
            if let Said::Unknown(_) = said.said {
                findings.not_examined(
                    blob.place.clone(),
                    "a licence text that is none of the licences Ward knows; somebody has to read it",
                );
            }
            said
        }),
        None if name.ends_with(".md") && is_card_name(&name) => {
            let Ok(head) = blob.content.at(0, MAX_MANIFEST) else {
                return;
            };
            card::read(&head).map_or_else(
                |why| {
                    findings.not_examined(blob.place.clone(), why);
                    None
                },
                |card| card.map(of_card),
            )
        }
        None => {
            let made = of_source(blob);
            findings.looked = made.is_some();
            made
        }
    };
    if let Some(made) = made {
        super::leave(made, findings);
    }
}

type Reader = fn(&[u8], &str) -> Option<Statement>;

/// The reader of a manifest or of a package's metadata.
fn kind_of(name: &str, path: &str) -> Option<Reader> {
    match name {
        "metadata" if path.contains(".dist-info/") => Some(metadata),
        "pkg-info" => Some(metadata),
        "package.json" => Some(package_json),
        "cargo.toml" => Some(cargo_toml),
        "pyproject.toml" => Some(pyproject),
        "setup.cfg" => Some(setup_cfg),
        _ => None,
    }
}

fn whole<'a>(blob: &Blob<'a>, findings: &mut Findings) -> Option<std::borrow::Cow<'a, [u8]>> {
    match blob.content.whole(MAX_MANIFEST) {
        Ok(Some(bytes)) => Some(bytes),
        Ok(None) => {
            findings.not_examined(blob.place.clone(), "larger than a file about a licence can be");
            None
        }
        Err(_) => {
            findings.not_examined(blob.place.clone(), "the file could not be read");
            None
        }
    }
}

/// Whether a file of this (lower-case) name holds a licence's text.
#[must_use]
pub fn is_text_name(name: &str) -> bool {
    let (stem, ending) = name.split_once('.').unwrap_or((name, ""));
    if [
        "py", "rs", "js", "ts", "go", "json", "html", "png", "svg", "yml", "yaml", "toml", "c", "h", "java", "tmpl",
        "css", "sh",
    ]
    .contains(&ending)
    {
        return false;
    }
    ["license", "licence", "copying", "unlicense", "unlicence", "licenses"]
        .iter()
        .any(|start| {
            stem.strip_prefix(start)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_', ' ']))
        })
        || [".license", ".licence", "-license", "-licence", "_license"]
            .iter()
            .any(|end| name.ends_with(end))
        || name.ends_with("-license.txt")
        || name.ends_with("license.txt")
}

fn is_card_name(name: &str) -> bool {
    [
        "readme",
        "modelcard",
        "model_card",
        "model-card",
        "dataset_card",
        "datasetcard",
        "data_card",
    ]
    .iter()
    .any(|stem| name.strip_prefix(stem).is_some_and(|rest| rest.starts_with('.')))
}

fn short(text: &str) -> String {
    text.trim()
        .lines()
        .next()
        .unwrap_or_default()
        .chars()
        .filter(|c| !c.is_control())
        .take(80)
        .collect()
}

fn statement(of: Subject, words: &str, line: u32) -> Statement {
    Statement {
        of,
        said: names::read(words),
        words: short(words),
        line,
        reading: None,
    }
}

/// What a licence file says.
#[must_use]
pub fn of_text(bytes: &[u8]) -> Statement {
    let text = String::from_utf8_lossy(bytes);
    let reading = text::identify(&text);
    let head = models::by_head(&words::of(text.get(..text.floor_char_boundary(4096)).unwrap_or(&text)));
    let mut parts: Vec<Expression> = head
        .map(|model| Expression::One(names::term(model.id)))
        .into_iter()
        .collect();
    parts.extend(reading.matches.iter().map(|one| Expression::One(names::term(one.id))));
    let said = match Expression::all(parts) {
        Some(expression) => Said::Expression(expression),
        // A few words that name a licence and point elsewhere are no text: "see the file X".
        None => match names::read(text.trim()) {
            Said::Expression(expression) => Said::Expression(expression),
            _ if text.trim().is_empty() => Said::Nothing,
            _ => Said::Unknown(reading.resembles.map_or_else(String::new, |(id, _)| id.to_owned())),
        },
    };
    Statement {
        of: Subject::Text,
        said,
        words: String::new(),
        line: 1,
        reading: Some(reading),
    }
}

fn of_card(card: Card) -> Statement {
    let words = card.licence.clone().unwrap_or_default();
    let mut said = names::read(&words);
    // `other` leaves it to the name beside it.
    let other = said
        .expression()
        .is_some_and(|one| one.to_string() == "LicenseRef-Hub-Other");
    if other && let Some(name) = &card.licence_name {
        said = match names::read(name) {
            Said::Nothing => Said::Unknown(short(name)),
            known => known,
        };
    }
    Statement {
        words: short(card.licence_name.as_deref().filter(|_| other).unwrap_or(&words)),
        said,
        line: card.line,
        of: Subject::Card(Box::new(card)),
        reading: None,
    }
}

/// The line `SPDX-License-Identifier:` of a source file.
fn of_source(blob: &Blob<'_>) -> Option<Statement> {
    const MARK: &[u8] = b"SPDX-License-Identifier:";
    let head = blob.content.at(0, HEAD).ok()?;
    let at = memchr::memmem::find(&head, MARK)?;
    let rest = head.get(at + MARK.len()..)?;
    let end = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len()).min(LONGEST);
    let words = str::from_utf8(rest.get(..end)?).ok()?;
    let words = words
        .trim()
        .trim_end_matches("*/")
        .trim_end_matches("-->")
        .trim_end_matches(['"', '\'', '#', '*'])
        .trim();
    // A text about the mark is no mark.
    if words.is_empty() || words.starts_with(['<', '{', '$', '[', '\\', '`']) {
        return None;
    }
    let line = memchr::memchr_iter(b'\n', head.get(..at)?).count();
    Some(statement(
        Subject::Source,
        words,
        u32::try_from(line).unwrap_or_default().saturating_add(1),
    ))
}

/// The metadata of a Python package (PEP 566, PEP 639): header lines up to the first empty one.
fn metadata(bytes: &[u8], _: &str) -> Option<Statement> {
    let text = String::from_utf8_lossy(bytes);
    let (mut name, mut version) = (None, String::new());
    let (mut expression, mut licence, mut classifiers) = (None, None, Vec::new());
    for (at, line) in text.lines().enumerate() {
        if line.is_empty() {
            break;
        }
        let Some((key, value)) = line.split_once(':') else {
            continue;
        };
        let line = u32::try_from(at).unwrap_or_default().saturating_add(1);
        let value = value.trim();
        match key.to_ascii_lowercase().as_str() {
            "name" if name.is_none() => name = Some(normal(value)),
            "version" if version.is_empty() => version = value.chars().take(80).collect(),
            "license-expression" => expression = Some((value.to_owned(), line)),
            "license" => licence = Some((value.to_owned(), line)),
            "classifier" => classifiers.extend(names::classifier(value).map(|said| (said, line))),
            _ => {}
        }
    }
    let of = Subject::Package {
        ecosystem: Ecosystem::PyPI,
        name: name?,
        version,
    };
    if let Some((words, line)) = expression.filter(|(words, _)| !words.is_empty()) {
        return Some(statement(of, &words, line));
    }
    let mut made = statement(
        of,
        licence.as_ref().map_or("", |(words, _)| words),
        licence.as_ref().map_or(1, |(_, line)| *line),
    );
    // A name without a version beside one classifier of the same family: the classifier says which.
    if let ([(Said::Expression(one), line)], Said::Expression(named)) = (classifiers.as_slice(), &made.said)
        && let ([fine], [rough]) = (one.terms().as_slice(), named.terms().as_slice())
        && Expression::parse(&made.words).is_err()
        && fine.id.split('-').next() == rough.id.split('-').next()
    {
        (made.said, made.line) = (Said::Expression(one.clone()), *line);
    }
    // Classifiers are of a fixed vocabulary and win over a name that nobody knows, and over one without a version.
    if !matches!(made.said, Said::Expression(_)) {
        let line = classifiers.first().map(|(_, line)| *line);
        // One that nobody knows makes the whole unknown: what it asks for must not be left out.
        let unknown = classifiers.iter().find(|(said, _)| said.expression().is_none());
        let known: Vec<Expression> = classifiers
            .iter()
            .filter_map(|(said, _)| said.expression().cloned())
            .collect();
        match (unknown, Expression::all(known)) {
            (Some((said, line)), _) if made.said == Said::Nothing || *said != Said::Nothing => {
                (made.said, made.line) = (said.clone(), *line);
            }
            (None, Some(all)) => (made.said, made.line) = (Said::Expression(all), line.unwrap_or(1)),
            _ => {}
        }
    }
    Some(made)
}

/// A name as PEP 503 normalises it.
fn normal(name: &str) -> String {
    let mut out = String::with_capacity(name.len().min(200));
    for c in name.trim().chars().take(200) {
        match c {
            '-' | '_' | '.' if out.ends_with('-') => {}
            '-' | '_' | '.' => out.push('-'),
            c if c.is_control() => {}
            c => out.extend(c.to_lowercase()),
        }
    }
    out
}

/// npm's `package.json`: `license` as an expression or an object, `licenses` as a list of objects.
fn package_json(bytes: &[u8], path: &str) -> Option<Statement> {
    let root: serde_json::Value = serde_json::from_slice(bytes).ok()?;
    let field = |key: &str| root.get(key).and_then(serde_json::Value::as_str);
    let name = field("name").map(|name| name.chars().filter(|c| !c.is_control()).take(214).collect::<String>());
    let version = field("version").unwrap_or_default().chars().take(80).collect();
    let of_one = |value: &serde_json::Value| {
        let text = value
            .as_str()
            .or_else(|| value.get("type").and_then(serde_json::Value::as_str));
        text.map(str::to_owned)
    };
    let words = match (root.get("license"), root.get("licenses")) {
        (Some(licence), _) => of_one(licence).unwrap_or_default(),
        (None, Some(list)) => {
            let list = list.as_array().map(Vec::as_slice).unwrap_or_default();
            list.iter().filter_map(of_one).take(20).collect::<Vec<_>>().join(" OR ")
        }
        (None, None) => String::new(),
    };
    let line = line_of(bytes, b"\"license");
    let installed = path.contains("node_modules/");
    let of = match (installed, name) {
        // Folders of an installed package hold further files of this name, which name only how modules are loaded.
        (true, None) => return None,
        (true, Some(name)) => Subject::Package {
            ecosystem: Ecosystem::Npm,
            name,
            version,
        },
        (false, name) => Subject::Project {
            name,
            private: root.get("private").and_then(serde_json::Value::as_bool) == Some(true),
        },
    };
    Some(statement(of, &words, line))
}

fn line_of(bytes: &[u8], mark: &[u8]) -> u32 {
    let at = memchr::memmem::find(bytes, mark).unwrap_or(0);
    let lines = memchr::memchr_iter(b'\n', bytes.get(..at).unwrap_or_default()).count();
    u32::try_from(lines).unwrap_or_default().saturating_add(1)
}

fn table(bytes: &[u8]) -> Option<toml::Table> {
    str::from_utf8(bytes).ok()?.parse().ok()
}

fn text_at<'a>(table: &'a toml::Table, way: &[&str]) -> Option<&'a str> {
    let (last, way) = way.split_last()?;
    let mut at = table;
    for key in way {
        at = at.get(*key)?.as_table()?;
    }
    at.get(*last)?.as_str()
}

/// Cargo's manifest.
fn cargo_toml(bytes: &[u8], path: &str) -> Option<Statement> {
    let root = table(bytes)?;
    let words =
        text_at(&root, &["package", "license"]).or_else(|| text_at(&root, &["workspace", "package", "license"]));
    let name = text_at(&root, &["package", "name"]).map(str::to_owned);
    let vendored = ["vendor/", "third_party/", "registry/src/"]
        .iter()
        .any(|folder| path.contains(folder));
    let of = match name {
        Some(name) if vendored => Subject::Package {
            ecosystem: Ecosystem::Cargo,
            name,
            version: text_at(&root, &["package", "version"]).unwrap_or_default().to_owned(),
        },
        name => {
            // A member that takes its workspace's licence says nothing of its own.
            words?;
            let private = root
                .get("package")
                .and_then(|package| package.get("publish"))
                .and_then(toml::Value::as_bool)
                == Some(false);
            Subject::Project { name, private }
        }
    };
    Some(statement(
        of,
        words.unwrap_or_default(),
        line_of(bytes, b"\nlicense").saturating_add(1),
    ))
}

/// `pyproject.toml`: PEP 639's expression, PEP 621's table, Poetry's field, classifiers.
fn pyproject(bytes: &[u8], _: &str) -> Option<Statement> {
    let root = table(bytes)?;
    let project = root.get("project").and_then(toml::Value::as_table);
    let poetry = root
        .get("tool")
        .and_then(|tool| tool.get("poetry"))
        .and_then(toml::Value::as_table);
    let name = project
        .and_then(|one| text_at(one, &["name"]))
        .or_else(|| poetry.and_then(|one| text_at(one, &["name"])));
    let words = project
        .and_then(|one| text_at(one, &["license"]).or_else(|| text_at(one, &["license", "text"])))
        .or_else(|| poetry.and_then(|one| text_at(one, &["license"])));
    let line = line_of(bytes, b"\nlicense").saturating_add(1);
    let classifiers = project
        .or(poetry)
        .and_then(|one| one.get("classifiers"))
        .and_then(toml::Value::as_array);
    let of = Subject::Project {
        name: name.map(str::to_owned),
        private: false,
    };
    let mut made = statement(of, words.unwrap_or_default(), line);
    let known = classifiers
        .into_iter()
        .flatten()
        .filter_map(|one| names::classifier(one.as_str()?))
        .filter_map(|said| said.expression().cloned());
    let known: Vec<Expression> = known.collect();
    if !matches!(made.said, Said::Expression(_))
        && let Some(all) = Expression::all(known)
    {
        made.said = Said::Expression(all);
    }
    (made.said != Said::Nothing).then_some(made)
}

/// setuptools' `setup.cfg`: the line `license =` of `[metadata]`.
fn setup_cfg(bytes: &[u8], _: &str) -> Option<Statement> {
    let text = str::from_utf8(bytes).ok()?;
    let mut inside = false;
    for (at, line) in text.lines().enumerate() {
        if line.starts_with('[') {
            inside = line.trim() == "[metadata]";
        }
        let Some((key, value)) = line.split_once('=').filter(|_| inside) else {
            continue;
        };
        if key.trim() == "license" {
            let of = Subject::Project {
                name: None,
                private: false,
            };
            return Some(statement(
                of,
                value,
                u32::try_from(at).unwrap_or_default().saturating_add(1),
            ));
        }
    }
    None
}

/// The folder a file lies in: empty at the root.
#[must_use]
pub fn folder(place: &Location) -> String {
    let path = place.full_path().replace('\\', "/");
    path.rsplit_once('/')
        .map_or_else(String::new, |(folder, _)| folder.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fact;

    #[track_caller]
    fn check(path: &str, text: &str, expect: Option<(&str, u32)>) {
        let mut findings = Findings::default();
        read(&Blob::of_bytes(path, text.as_bytes()), &mut findings);
        let got = findings.facts.first().map(|fact| match fact {
            Fact::Licence(one) => (
                one.said
                    .expression()
                    .map_or_else(|| format!("{:?}", one.said), ToString::to_string),
                one.line,
            ),
            _ => ("no licence".to_owned(), 0),
        });
        assert_eq!(got, expect.map(|(said, line)| (said.to_owned(), line)), "{path}");
    }

    #[test]
    fn manifests_and_metadata_say_licences() {
        check(
            "pyproject.toml",
            "[project]\nname = 'a'\nlicense = 'MIT'\n",
            Some(("MIT", 3)),
        );
        check(
            "pyproject.toml",
            "[project]\nname = 'a'\nlicense = {text = 'Apache 2.0'}\n",
            Some(("Apache-2.0", 3)),
        );
        check(
            "pyproject.toml",
            "[tool.poetry]\nname = 'a'\nlicense = 'GPL-3.0-or-later'\n",
            Some(("GPL-3.0-or-later", 3)),
        );
        check(
            "pyproject.toml",
            "[project]\nclassifiers = ['License :: OSI Approved :: MIT License']\n",
            Some(("MIT", 2)),
        );
        check("pyproject.toml", "[build-system]\n", None);
        check(
            "setup.cfg",
            "[metadata]\nname = a\nlicense = BSD-3-Clause\n",
            Some(("BSD-3-Clause", 3)),
        );
        check(
            "Cargo.toml",
            "[package]\nname = 'a'\nlicense = 'MIT/Apache-2.0'\n",
            Some(("MIT OR Apache-2.0", 3)),
        );
        check("Cargo.toml", "[package]\nname = 'a'\nlicense.workspace = true\n", None);
        check(
            "package.json",
            "{\"name\": \"a\",\n\"license\": \"ISC\"}",
            Some(("ISC", 2)),
        );
        check(
            "node_modules/b/package.json",
            "{\"name\": \"b\", \"licenses\": [{\"type\": \"MIT\"}, {\"type\": \"ISC\"}]}",
            Some(("MIT OR ISC", 1)),
        );
        check("node_modules/b/esm/package.json", "{\"type\": \"module\"}", None);
        check(
            "lib/site-packages/a-1.dist-info/METADATA",
            "Metadata-Version: 2.1\nName: A_b\nVersion: 1\nLicense: UNKNOWN\nClassifier: License :: OSI Approved :: Apache Software License\n\nLicense: none of ours\n",
            Some(("Apache-2.0", 5)),
        );
        check(
            "x.dist-info/METADATA",
            "Name: a\nLicense-Expression: MIT AND ISC\nLicense: x\n",
            Some(("MIT AND ISC", 2)),
        );
        check(
            "x.dist-info/METADATA",
            "Name: a\nLicense: LGPL\nClassifier: License :: OSI Approved :: GNU Lesser General Public License v3 (LGPLv3)\n",
            Some(("LGPL-3.0-only", 3)),
        );
        check("x.dist-info/METADATA", "Name: a\n", Some(("Nothing", 1)));
        check(
            "x.dist-info/METADATA",
            "Name: a\nClassifier: License :: OSI Approved :: MIT License\nClassifier: License :: Of our own\n",
            Some(("Unknown(\"Of our own\")", 3)),
        );
        check("README.md", "---\nlicense: gemma\n---\n", Some(("LicenseRef-Gemma", 2)));
        check("README.md", "# Title\n", None);
        check("LICENSE", "", Some(("Nothing", 1)));
        check("LICENSE", "Apache License 2.0", Some(("Apache-2.0", 1)));
    }

    #[test]
    fn source_files_name_their_licence() {
        let mark = concat!("SPDX-License-", "Identifier:");
        check(
            "a.c",
            &format!("/* {mark} GPL-2.0+ */\n"),
            Some(("GPL-2.0-or-later", 1)),
        );
        check(
            "a.py",
            &format!("#!/usr/bin/python\n# {mark} MIT OR ISC\n"),
            Some(("MIT OR ISC", 2)),
        );
        check("a.html", &format!("<!-- {mark} MIT -->\n"), Some(("MIT", 1)));
        check("a.md", &format!("write `{mark} <id>`\n"), None);
        check("a.py", "print()\n", None);
    }

    #[test]
    fn names_of_licence_files_are_known() {
        for name in [
            "license",
            "licence.md",
            "license-mit",
            "license.txt",
            "copying.lesser",
            "unlicense",
            "apache-2.0.license",
            "license_model",
        ] {
            assert!(is_text_name(name), "{name}");
        }
        for name in [
            "license.py",
            "licenses.json",
            "licensed",
            "readme.md",
            "license_check.py",
            "license.html",
        ] {
            assert!(!is_text_name(name), "{name}");
        }
    }
}
