//! What a project wants of a scan: the section `[scan]` of its `ward.toml`.
//!
//! ```toml
//! [scan]
//! profile = "thorough"
//! threshold = "medium"
//! engines = ["secrets", "models", "code"]
//! baseline = "ward-baseline.json"
//!
//! [scan.licences]
//! allow = ["MIT", "Apache-2.0"]
//! ask = ["MPL-2.0"]
//! deny = ["AGPL-3.0-only"]
//!
//! [scan.dependencies]
//! internal = ["acme-*"]
//! advisories-at-most-days = 30
//! ```

use serde::{Deserialize, Deserializer, de};
use ward_evidence::Severity;

use crate::{
    ENGINES, Error, ErrorKind,
    suppress::{Day, read_day},
};

/// The JSON schema (draft 2020-12) of the section.
pub const SCHEMA: &str = include_str!("config.schema.json");

/// The file's name, at the root of what is scanned and of folders below it.
pub const FILE: &str = "ward.toml";

/// The section `[scan]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// How much is shown.
    pub profile: Profile,
    /// From which severity on findings make the exit code 1, where `--threshold` does not say it.
    #[serde(deserialize_with = "severity")]
    pub threshold: Option<Severity>,
    /// Names of the engines that run where `--engines` does not say it. Empty: all.
    #[serde(deserialize_with = "names_of_engines")]
    pub engines: Vec<String>,
    /// The baseline where no flag names one: a path, relative to the folder of the file.
    pub baseline: Option<String>,
    /// Which licences dependencies and models may have.
    pub licences: Licences,
    /// What is known of dependencies.
    pub dependencies: Dependencies,
    /// What the project says of vulnerabilities of its dependencies.
    pub vex: Vec<Statement>,
    /// What the project says of models and data sets, which no file tells.
    pub supplied: Vec<Supplied>,
}

/// Who supplies a model or a data set, from where, and since when: for bills of materials.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Supplied {
    /// Its name, as `owner/name` on a hub, or the path of its file.
    pub name: String,
    /// The person or organisation that supplies it; of a data set who made it.
    pub supplier: Option<String>,
    /// The address that it is fetched from.
    pub location: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// The day on which it was released.
    #[serde(deserialize_with = "day")]
    pub released: Option<Day>,
    /// The day on which a data set was made.
    #[serde(deserialize_with = "day")]
    pub built: Option<Day>,
}

/// What the project says of one vulnerability.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Statement {
    /// A name of the vulnerability: a CVE, or that of an advisory.
    pub vulnerability: String,
    /// The package URL that it is about, with or without a version, as `pkg:pypi/pillow@10.0.0`. None: every package that has it.
    pub package: Option<String>,
    /// Whether it does harm here.
    pub status: Status,
    /// Why, or what was done or is to be done.
    pub reason: Option<String>,
}

/// Whether a vulnerability does harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It does no harm; without a reason that keeps nothing back.
    NotAffected,
    /// It does.
    Affected,
    /// It was mended here.
    Fixed,
    /// Somebody is looking.
    UnderInvestigation,
}

/// How much is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// What is worth a person's time.
    #[default]
    Default,
    /// Everything, also style and tests.
    Thorough,
}

/// Licences by what is to be done about them: SPDX identifiers. What stands nowhere is asked about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Licences {
    /// Fine.
    pub allow: Vec<String>,
    /// Somebody has to decide.
    pub ask: Vec<String>,
    /// Never.
    pub deny: Vec<String>,
}

/// What is known of dependencies.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Dependencies {
    /// Names, with `*` for any characters, of packages that come from the project's own index only: the same name in a
    /// public index is dependency confusion.
    pub internal: Vec<String>,
    /// Most days since the advisories were made; older ones make the dependencies not examined. None: 30.
    pub advisories_at_most_days: Option<u32>,
}

fn day<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Day>, D::Error> {
    let text = String::deserialize(from)?;
    read_day(&text).map(Some).ok_or_else(|| de::Error::custom("no day"))
}

fn severity<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Severity>, D::Error> {
    let word = String::deserialize(from)?;
    word.parse().map(Some).map_err(|_| de::Error::custom("no severity"))
}

fn names_of_engines<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let names = Vec::<String>::deserialize(from)?;
    if names
        .iter()
        .all(|name| ENGINES.iter().any(|engine| engine.name == name))
    {
        return Ok(names);
    }
    Err(de::Error::custom("no engine"))
}

/// The whole file; sections of other commands are theirs.
#[derive(Deserialize)]
struct File {
    #[serde(default)]
    scan: Config,
}

impl Config {
    /// Reads the section `[scan]` of a `ward.toml`. Without one, the default.
    ///
    /// # Errors
    /// [`ErrorKind::Input`] when the file is no TOML or the section holds a field or a value that does not exist.
    pub fn read(text: &str) -> Result<Self, Error> {
        let file: File = toml::from_str(text).map_err(|error| {
            let table = toml::from_str::<toml::Table>(text).is_ok();
            let what = if table {
                "a field or a value of [scan] that `ward scan` does not know; the guide to `ward scan` lists them"
            } else {
                "this is no TOML"
            };
            let wrong = Error::new(ErrorKind::Input, what);
            let Some(span) = error.span() else { return wrong };
            let before = text.get(..text.floor_char_boundary(span.start)).unwrap_or_default();
            let line = 1 + memchr::memchr_iter(b'\n', before.as_bytes()).count();
            let key = text.lines().nth(line - 1).and_then(key_of);
            wrong.about(u32::try_from(line).unwrap_or(u32::MAX), key)
        })?;
        Ok(file.scan)
    }

    /// Fields that let a plain `ward scan` pass what it would stop at without them, with their values: for whoever judges
    /// whether a gate gates. Findings of severity low or info that pass are told by a threshold of medium or worse.
    #[must_use]
    pub fn lets_pass(&self) -> Vec<(&'static str, String)> {
        let threshold = self.threshold.filter(|least| *least > Severity::Low);
        let engines = ENGINES
            .iter()
            .any(|engine| self.engines.iter().all(|name| name != engine.name));
        let engines = (!self.engines.is_empty() && engines).then(|| self.engines.join(", "));
        [
            ("threshold", threshold.map(|least| least.word().to_owned())),
            ("engines", engines),
            ("baseline", self.baseline.clone()),
        ]
        .into_iter()
        .filter_map(|(field, value)| Some((field, value?)))
        .collect()
    }
}

/// The key that a line of TOML sets, or the table that it opens; none where it looks like anything else.
fn key_of(line: &str) -> Option<&str> {
    let key = line.split(['=', '#']).next().unwrap_or(line);
    let key = key.trim().trim_matches(['[', ']', '"', '\'']).trim();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    (!key.is_empty() && key.len() <= 60 && key.chars().all(plain)).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_names_the_fields_that_there_are() {
        let text = "[scan]\nprofile = 'default'\nthreshold = 'high'\nengines = ['code']\nbaseline = 'b.json'\n[scan.licences]\nallow = ['MIT']\nask = []\ndeny = []\n[scan.dependencies]\n\
            internal = []\nadvisories-at-most-days = 3\n[[scan.vex]]\nvulnerability = 'CVE-1'\npackage = 'pkg:pypi/a'\n\
            status = 'fixed'\nreason = 'mended'\n[[scan.supplied]]\nname = 'a/b'\nsupplier = 'a'\nlocation = 'https://a.example/b'\n\
            version = '1'\nreleased = '2026-01-31'\nbuilt = '2026-01-30'\n";
        assert_eq!(Config::read(text).unwrap().vex.len(), 1);
        let schema: serde_json::Value = serde_json::from_str(SCHEMA).unwrap();
        let scan = &schema["properties"]["scan"];
        let written: toml::Table = toml::from_str(text).unwrap();
        let written = serde_json::to_value(&written).unwrap();
        let same = |written: &serde_json::Value, schema: &serde_json::Value| {
            let keys = |value: &serde_json::Value| -> std::collections::BTreeSet<String> {
                value.as_object().unwrap().keys().cloned().collect()
            };
            assert_eq!(keys(written), keys(&schema["properties"]));
        };
        same(&written["scan"], scan);
        for name in ["licences", "dependencies"] {
            same(&written["scan"][name], &scan["properties"][name]);
        }
        for name in ["vex", "supplied"] {
            same(&written["scan"][name][0], &scan["properties"][name]["items"]);
        }
    }

    #[test]
    fn sections_are_read_and_unknown_fields_refused() {
        assert_eq!(Config::read("").unwrap(), Config::default());
        assert_eq!(Config::read("[serve]\nport = 1").unwrap(), Config::default());
        let config = Config::read("[scan]\nprofile = 'thorough'\n[scan.dependencies]\ninternal = ['a-*']").unwrap();
        assert_eq!(config.profile, Profile::Thorough);
        assert_eq!(config.dependencies.internal, ["a-*"]);
        for bad in [
            "[scan]\nprofil = 1",
            "[scan]\nprofile = 'loud'",
            "[scan]\nthreshold = 'loud'",
            "[scan]\nengines = ['cod']",
            "[[scan.supplied]]\nname = 'a'\nreleased = 'May'",
            "[scan",
            "[scan.licences]\nallow = 'MIT'",
        ] {
            assert_eq!(Config::read(bad).unwrap_err().kind(), ErrorKind::Input, "{bad}");
        }
        for (bad, expect) in [
            ("[scan]\nprofil = 1", "line 2, `profil`: a field"),
            ("[scan]\nprofile = 'loud'", "line 2, `profile`: a field"),
            ("a = 1\n[scan.licences]\nallow = 'MIT'", "line 3, `allow`: a field"),
            ("[scan\n", "line 1, `scan`: this is no TOML"),
            (
                "[[scan.vex]]\nvulnerability = 'CVE-1'\nstatus = 'fine'",
                "line 3, `status`: a field",
            ),
        ] {
            let error = Config::read(bad).unwrap_err().to_string();
            assert!(error.starts_with(expect), "{error}");
        }
    }

    #[test]
    fn what_lets_findings_pass_is_told() {
        for (text, expect) in [
            ("", vec![]),
            ("[scan]\nthreshold = 'low'", vec![]),
            (
                "[scan]\nthreshold = 'critical'",
                vec![("threshold", "critical".to_owned())],
            ),
            ("[scan]\nengines = ['code']", vec![("engines", "code".to_owned())]),
            ("[scan]\nbaseline = 'b'", vec![("baseline", "b".to_owned())]),
        ] {
            assert_eq!(Config::read(text).unwrap().lets_pass(), expect, "{text}");
        }
        let all = ENGINES.iter().map(|engine| engine.name).collect::<Vec<_>>();
        let config = Config::read(&format!("[scan]\nengines = {all:?}")).unwrap();
        assert!(config.lets_pass().is_empty());
    }
}
