//! What `ward policy init` has to know, and where it takes it from: flags and questions, the section `[policy]` of a
//! `ward.toml` that an earlier run wrote, and the repository.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use ward_scan::suppress::{Day, read_day, write_day};

use super::{
    blocks::Wanted,
    files::updates,
    kinds::{Ecosystem, Profile, Updates},
};
use crate::repository::Repository;

/// The file that holds the answers.
pub(super) const FILE: &str = "ward.toml";

/// Why there is no plan.
pub const MISSING_CONTACT: &str = "nothing says where vulnerabilities are to be reported: name an address (mailto:..) or a page \
     (https://..) that somebody watches";

/// What a person said, by flags or by answers. None and empty: not said.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// The project's name.
    pub project: Option<String>,
    /// Where to report: an address or a page.
    pub contact: Option<String>,
    /// The page of published advisories.
    pub advisories: Option<String>,
    /// Supported versions.
    pub versions: Vec<Supported>,
    /// Whether the project loads or ships models.
    pub models: Option<bool>,
    /// The address of the service that the project runs.
    pub service: Option<String>,
    /// How fast reports are answered.
    pub profile: Option<Profile>,
    /// Which service proposes updates.
    pub updates: Option<Updates>,
    /// Who owns the code: `@name`, `@team/name`, an address.
    pub owners: Vec<String>,
    /// Write a workflow for GitHub.
    pub github: Option<bool>,
    /// Write a pipeline for GitLab.
    pub gitlab: Option<bool>,
    /// Where pipelines get Ward from: the address of its repository.
    pub ward_repository: Option<String>,
    /// Which commit of it, by its full id.
    pub ward_commit: Option<String>,
    /// The address of whoever made the newest commit, when nothing better says where to report.
    pub committer: Option<String>,
}

/// A line of versions that gets fixes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Supported {
    /// The line: `1.4.x`.
    pub version: String,
    /// The last day on which it gets fixes, as `YYYY-MM-DD`.
    pub until: String,
}

/// Everything that is known.
#[derive(Debug, Clone)]
pub struct Answers {
    /// The project's name.
    pub project: String,
    /// Where to report: `mailto:..` or `https://..`.
    pub contact: String,
    /// The page of published advisories.
    pub advisories: Option<String>,
    /// Supported versions; empty for the newest release only.
    pub versions: Vec<Supported>,
    /// Whether the project loads or ships models.
    pub models: bool,
    /// The address of the service that the project runs.
    pub service: Option<String>,
    /// How fast reports are answered.
    pub profile: Profile,
    /// Which service proposes updates.
    pub updates: Updates,
    /// Who owns the code.
    pub owners: Vec<String>,
    /// Write a workflow for GitHub.
    pub github: bool,
    /// Write a pipeline for GitLab.
    pub gitlab: bool,
    /// Where pipelines get Ward from.
    pub ward_repository: Option<String>,
    /// Which commit of it.
    pub ward_commit: Option<String>,
    /// Ecosystems with the folders of their manifests.
    pub ecosystems: BTreeMap<Ecosystem, Vec<String>>,
    /// The branch that changes go to.
    pub branch: String,
    /// Blocks that were written before, as `path#block`.
    pub written: Vec<String>,
    /// Today.
    pub today: Day,
    /// What people should know: where an answer was taken from.
    pub notes: Vec<String>,
}

/// The section `[policy]`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Kept {
    project: Option<String>,
    contact: Option<String>,
    advisories: Option<String>,
    versions: Vec<Supported>,
    models: Option<bool>,
    service: Option<String>,
    profile: Option<String>,
    updates: Option<String>,
    owners: Vec<String>,
    github: Option<bool>,
    gitlab: Option<bool>,
    ward_repository: Option<String>,
    ward_commit: Option<String>,
    written: Vec<String>,
}

#[derive(Default, Deserialize)]
struct Settings {
    #[serde(default)]
    policy: Kept,
}

impl Answers {
    /// Answers from what was given, what was kept, and what the repository shows.
    ///
    /// # Errors
    /// What is missing or cannot be meant, as a sentence.
    pub fn new(given: Given, repository: &Repository) -> Result<Self, &'static str> {
        let kept = match repository.text(FILE) {
            Some(text) => {
                let settings: Settings = toml::from_str(&text).map_err(
                    |_| "ward.toml is no TOML, or its section [policy] holds a value of another kind; mend it first",
                )?;
                settings.policy
            }
            None => Kept::default(),
        };
        let mut notes = Vec::new();
        let slug = repository.slug.as_deref();
        let on_github = slug.is_some_and(|slug| slug.starts_with("github."));
        let has = |folder: &str| repository.files.keys().any(|path| path.starts_with(folder));
        let gitlab = given
            .gitlab
            .or(kept.gitlab)
            .unwrap_or_else(|| slug.is_some_and(|slug| slug.contains("gitlab")) || has(".gitlab-ci.yml"));
        let github = given
            .github
            .or(kept.github)
            .unwrap_or(on_github || has(".github/") || !gitlab);
        let contact = given.contact.or(kept.contact).or_else(|| {
            let found = contact(repository, slug, given.committer.as_deref());
            notes.extend(
                found
                    .as_ref()
                    .map(|(contact, from)| format!("reports go to {contact}, {from}; --contact names another place")),
            );
            Some(found?.0)
        });
        let contact = address(&contact.ok_or(MISSING_CONTACT)?)?;
        let advisories = given.advisories.or(kept.advisories).or_else(|| {
            let slug = slug.filter(|_| on_github)?;
            Some(format!("https://{slug}/security/advisories"))
        });
        let profile = match (given.profile, kept.profile) {
            (Some(profile), _) => profile,
            (None, Some(word)) => {
                Profile::from_word(&word).ok_or("ward.toml: [policy] profile is standard, strict or small-team")?
            }
            (None, None) => Profile::default(),
        };
        let updates = match (given.updates, kept.updates) {
            (Some(updates), _) => updates,
            (None, Some(word)) => {
                Updates::from_word(&word).ok_or("ward.toml: [policy] updates is dependabot, renovate or none")?
            }
            (None, None) if github && !updates::is_renovated(repository) => Updates::Dependabot,
            (None, None) => Updates::Renovate,
        };
        let past = |one: &Supported| read_day(&one.until).is_some_and(|until| until < repository.today);
        if given.versions.iter().any(past) {
            return Err("the last day of a supported version lies in the past");
        }
        let mut versions = first_of(given.versions, kept.versions);
        if versions.iter().any(past) {
            notes.push("ward.toml supports a version until a day that has passed; --supported names others".to_owned());
        }
        if versions.is_empty() {
            let line = version(repository).and_then(|version| line_of(&version));
            let year = write_day(repository.today + 365);
            versions.extend(line.map(|version| Supported { version, until: year }));
        }
        if versions
            .iter()
            .any(|one| read_day(&one.until).is_none() || !is_plain(&one.version))
        {
            return Err("a supported version is written as 1.4.x=2027-06-30");
        }
        let mut owners = first_of(given.owners, kept.owners);
        if owners.is_empty()
            && let Some(owner) = slug.and_then(|slug| slug.split('/').nth(1))
        {
            owners.push(format!("@{owner}"));
            notes.push(format!(
                "the code belongs to @{owner}, who owns the repository; --owner names others"
            ));
        }
        if owners.iter().any(|one| !is_plain(one) || !one.contains('@')) {
            return Err("an owner is written as @name, @organisation/team or an e-mail address");
        }
        let pair = (
            given.ward_repository.or(kept.ward_repository),
            given.ward_commit.or(kept.ward_commit),
        );
        let good =
            |commit: &String| matches!(commit.len(), 40 | 64) && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
        if pair.1.as_ref().is_some_and(|commit| !good(commit)) {
            return Err("a commit of Ward is named by its full id, 40 hexadecimal digits");
        }
        if pair
            .0
            .as_ref()
            .is_some_and(|address| !is_plain(address) || !address.contains("://"))
        {
            return Err("the repository of Ward is named by an address such as https://..");
        }
        if pair.0.is_some() != pair.1.is_some() {
            return Err("name both where Ward comes from (--ward-repository) and which commit of it (--ward-commit)");
        }
        let service = given.service.or(kept.service).filter(|one| !one.is_empty());
        if service
            .iter()
            .chain(&advisories)
            .any(|one| !is_plain(one) || !one.starts_with("https://"))
        {
            return Err("a page and a service are named by an address that begins with https://");
        }
        let git = repository.git.as_ref();
        let branch = git.and_then(|git| git.default_branch.clone().or_else(|| git.branch.clone()));
        Ok(Self {
            project: one_line(&given.project.or(kept.project).unwrap_or_else(|| name(repository))),
            contact,
            advisories,
            versions,
            models: given.models.or(kept.models).unwrap_or_else(|| has_models(repository)),
            service,
            profile,
            updates,
            owners,
            github,
            gitlab,
            ward_repository: pair.0,
            ward_commit: pair.1,
            ecosystems: Ecosystem::of(repository),
            branch: branch.filter(|one| is_plain(one)).unwrap_or_else(|| "main".to_owned()),
            written: kept.written,
            today: repository.today,
            notes,
        })
    }

    /// The section `[policy]` as it is kept, without the list of blocks.
    pub(super) fn kept(&self) -> String {
        let text = |text: &str| toml::Value::String(text.to_owned()).to_string();
        let mut out = String::from("[policy]\n");
        let mut line = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                out.push_str(&format!("{name} = {value}\n"));
            }
        };
        let quoted = |value: &Option<String>| value.as_deref().map(text);
        line("project", Some(text(&self.project)));
        line("contact", Some(text(&self.contact)));
        line("advisories", quoted(&self.advisories));
        line("service", quoted(&self.service));
        line("profile", Some(text(self.profile.word())));
        line("updates", Some(text(self.updates.word())));
        line("models", Some(self.models.to_string()));
        line("github", Some(self.github.to_string()));
        line("gitlab", Some(self.gitlab.to_string()));
        line("ward_repository", quoted(&self.ward_repository));
        line("ward_commit", quoted(&self.ward_commit));
        let owners: Vec<String> = self.owners.iter().map(|one| text(one)).collect();
        line(
            "owners",
            (!owners.is_empty()).then(|| format!("[{}]", owners.join(", "))),
        );
        let row = |one: &Supported| {
            format!(
                "    {{ version = {}, until = {} }},\n",
                text(&one.version),
                text(&one.until)
            )
        };
        let rows: String = self.versions.iter().map(row).collect();
        line("versions", (!rows.is_empty()).then(|| format!("[\n{rows}]")));
        out
    }
}

/// Adds the list of blocks to the settings.
pub(super) fn list_written(file: &mut Wanted, written: &BTreeSet<String>) {
    let Some(block) = file.blocks.iter_mut().find(|block| block.stands_for == "[policy]") else {
        return;
    };
    let rows: String = written
        .iter()
        .map(|one| format!("    {},\n", toml::Value::String(one.clone())))
        .collect();
    block.text = format!(
        "{}# What was written, so that what somebody took out stays out.\nwritten = [\n{rows}]\n",
        block.text
    );
}

fn first_of<T>(given: Vec<T>, kept: Vec<T>) -> Vec<T> {
    if given.is_empty() { kept } else { given }
}

/// A word that can stand in any of the files without being taken for something else.
fn is_plain(text: &str) -> bool {
    let good = |c: char| c.is_alphanumeric() || "@._-/+:~%?=&<>".contains(c);
    !text.is_empty() && text.len() <= 200 && text.chars().all(good) && !text.contains("--")
}

fn one_line(text: &str) -> String {
    let plain = |c: char| !c.is_control() && !"<>[]`|\\".contains(c);
    let text: String = text.chars().filter(|c| plain(*c)).take(100).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `mailto:` or `https:`, of what people type.
fn address(text: &str) -> Result<String, &'static str> {
    const WRONG: &str = "a contact is an e-mail address or a page that begins with https://";
    let text = text.trim();
    let rest = text.strip_prefix("mailto:").unwrap_or(text);
    if let Some(page) = text.strip_prefix("https://") {
        let good = page.contains('.') && is_plain(text);
        return good.then(|| text.to_owned()).ok_or(WRONG);
    }
    let (name, host) = rest.split_once('@').ok_or(WRONG)?;
    let good = |c: char| c.is_ascii_alphanumeric() || "._+-".contains(c);
    let fits = !name.is_empty() && name.chars().all(good) && host.contains('.') && host.chars().all(good);
    if !fits || host.starts_with('.') || host.ends_with('.') || host.contains("..") {
        return Err(WRONG);
    }
    if is_placeholder(host) {
        return Err("this address belongs to nobody: name one that somebody reads");
    }
    Ok(format!("mailto:{rest}"))
}

/// Hosts that are for examples (RFC 2606), or that a template left.
fn is_placeholder(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let reserved = ["example.com", "example.net", "example.org"].iter().any(|one| {
        host.strip_suffix(one)
            .is_some_and(|before| before.is_empty() || before.ends_with('.'))
    });
    reserved
        || [".example", ".invalid", ".test", ".localhost"]
            .iter()
            .any(|end| host.ends_with(end))
        || [
            "yourdomain.",
            "your-domain.",
            "yourproject.",
            "your-project.",
            "yourcompany.",
        ]
        .iter()
        .any(|start| host.starts_with(start))
}

/// Where to report, when nobody said: the forge's private form, an address that the project publishes, the committer.
fn contact(repository: &Repository, slug: Option<&str>, committer: Option<&str>) -> Option<(String, &'static str)> {
    for path in [".well-known/security.txt", "security.txt"] {
        let text = repository.text(path).unwrap_or_default();
        let mut lines = text.lines().filter_map(|line| line.split_once(':'));
        let found = lines.find(|(key, _)| key.trim().eq_ignore_ascii_case("contact"));
        if let Some(good) = found.and_then(|(_, value)| address(value).ok()) {
            return Some((good, "as security.txt says"));
        }
    }
    if let Some(slug) = slug.filter(|slug| slug.starts_with("github.")) {
        let page = format!("https://{slug}/security/advisories/new");
        return Some((
            page,
            "the forge's private form, which has to be switched on in its settings",
        ));
    }
    let author = || {
        let table = table(repository, "pyproject.toml")?;
        let authors = table.get("project")?.get("authors")?.as_array()?;
        authors.iter().find_map(|one| address(one.get("email")?.as_str()?).ok())
    };
    if let Some(author) = author() {
        return Some((author, "the author whom pyproject.toml names"));
    }
    let committer = committer.and_then(|one| address(one).ok())?;
    // An address that forges make up so that nobody writes to it.
    (!committer.contains("noreply")).then_some((committer, "who made the newest commit"))
}

fn table(repository: &Repository, path: &str) -> Option<toml::Table> {
    repository.text(path)?.parse().ok()
}

/// The value at a path of tables.
fn value(repository: &Repository, path: &str, keys: &[&str]) -> Option<String> {
    let table = table(repository, path)?;
    let (first, rest) = keys.split_first()?;
    let found = rest.iter().try_fold(table.get(*first)?, |value, key| value.get(*key))?;
    found.as_str().map(str::to_owned)
}

fn package(repository: &Repository, key: &str) -> Option<String> {
    let text = repository.text("package.json")?;
    let value: serde_json::Value = serde_json::from_str(&text).ok()?;
    value[key].as_str().map(str::to_owned)
}

fn name(repository: &Repository) -> String {
    let found = value(repository, "pyproject.toml", &["project", "name"])
        .or_else(|| value(repository, "pyproject.toml", &["tool", "poetry", "name"]))
        .or_else(|| value(repository, "Cargo.toml", &["package", "name"]))
        .or_else(|| package(repository, "name"));
    let of_slug = || repository.slug.as_deref()?.rsplit('/').next().map(str::to_owned);
    found.or_else(of_slug).unwrap_or_else(|| "this project".to_owned())
}

fn version(repository: &Repository) -> Option<String> {
    value(repository, "pyproject.toml", &["project", "version"])
        .or_else(|| value(repository, "pyproject.toml", &["tool", "poetry", "version"]))
        .or_else(|| value(repository, "Cargo.toml", &["package", "version"]))
        .or_else(|| value(repository, "Cargo.toml", &["workspace", "package", "version"]))
        .or_else(|| package(repository, "version"))
}

/// `1.4.x` of `1.4.2`.
fn line_of(version: &str) -> Option<String> {
    let mut parts = version.split('.');
    let (major, minor) = (parts.next()?, parts.next()?);
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (digits(major) && digits(minor)).then(|| format!("{major}.{minor}.x"))
}

/// Whether weights lie here, or what loads them is asked for.
fn has_models(repository: &Repository) -> bool {
    const WEIGHTS: &[&str] = &[
        "safetensors",
        "gguf",
        "onnx",
        "pt",
        "pth",
        "ckpt",
        "h5",
        "keras",
        "tflite",
        "pkl",
        "joblib",
    ];
    const LOADERS: &[&str] = &[
        "torch",
        "transformers",
        "tensorflow",
        "keras",
        "onnxruntime",
        "llama-cpp-python",
        "safetensors",
    ];
    let weights = |path: &String| {
        path.rsplit_once('.')
            .is_some_and(|(_, ending)| WEIGHTS.contains(&ending))
    };
    let asks = |path: &String| {
        let name = path.rsplit('/').next().unwrap_or_default();
        let text = match name.starts_with("requirements")
            || matches!(name, "pyproject.toml" | "setup.py" | "setup.cfg" | "Pipfile")
        {
            true => repository.text(path).unwrap_or_default(),
            false => return false,
        };
        let mut words = text.split(|c: char| !(c.is_alphanumeric() || c == '-'));
        words.any(|word| LOADERS.contains(&word))
    };
    repository.files.keys().any(|path| weights(path) || asks(path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repository::File;

    fn repository(files: &[(&str, &str)]) -> Repository {
        let mut repository = Repository {
            today: 20_000,
            ..Repository::default()
        };
        for (path, text) in files {
            let file = File {
                bytes: Some(text.as_bytes().to_vec()),
                ..File::default()
            };
            repository.files.insert((*path).to_owned(), file);
        }
        repository
    }

    #[test]
    fn answers_come_from_flags_then_settings_then_the_repository() {
        let python = "[project]\nname = 'tool'\nversion = '1.4.2'\nauthors = [{email = 'ann@acme.dev'}]\ndependencies = ['torch>=2']\n";
        let mut found = repository(&[("pyproject.toml", python)]);
        let answers = Answers::new(Given::default(), &found).unwrap();
        assert_eq!(
            (answers.project.as_str(), answers.contact.as_str()),
            ("tool", "mailto:ann@acme.dev")
        );
        assert_eq!(answers.versions[0].version, "1.4.x");
        assert_eq!(answers.versions[0].until, write_day(20_365));
        assert!(answers.models && answers.github && !answers.gitlab && answers.owners.is_empty());
        found.slug = Some("github.com/ann/tool".to_owned());
        let answers = Answers::new(Given::default(), &found).unwrap();
        assert_eq!(answers.contact, "https://github.com/ann/tool/security/advisories/new");
        assert_eq!(answers.owners, ["@ann"]);
        // What is kept leads back to the same answers, and flags go before it.
        let mut kept = found.clone();
        let text = answers.kept().into_bytes();
        kept.files.insert(
            FILE.to_owned(),
            File {
                bytes: Some(text),
                ..File::default()
            },
        );
        kept.slug = None;
        let again = Answers::new(Given::default(), &kept).unwrap();
        assert_eq!(again.kept(), answers.kept());
        let given = Given {
            contact: Some("bob@acme.dev".into()),
            profile: Some(Profile::Strict),
            ..Given::default()
        };
        let again = Answers::new(given, &kept).unwrap();
        assert_eq!(
            (again.contact.as_str(), again.profile),
            ("mailto:bob@acme.dev", Profile::Strict)
        );
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        let found = repository(&[]);
        let refused = |given: Given| Answers::new(given, &found).is_err();
        let contact = || Some("a@acme.dev".to_owned());
        assert_eq!(Answers::new(Given::default(), &found).unwrap_err(), MISSING_CONTACT);
        for bad in [
            "nobody",
            "a@b",
            "http://example.org/x",
            "a@acme.dev\nx: y",
            "https://x y.org",
            "-->@acme.dev",
            "",
        ] {
            assert!(
                refused(Given {
                    contact: Some(bad.into()),
                    ..Given::default()
                }),
                "{bad}"
            );
        }
        let committer = Some("1+ann@users.noreply.acme.dev".to_owned());
        assert!(refused(Given {
            committer,
            ..Given::default()
        }));
        assert!(refused(Given {
            contact: contact(),
            ward_commit: Some("v1".into()),
            ..Given::default()
        }));
        assert!(refused(Given {
            contact: contact(),
            service: Some("ftp://x".into()),
            ..Given::default()
        }));
        assert!(refused(Given {
            contact: contact(),
            owners: vec!["ann".into()],
            ..Given::default()
        }));
        let version = |until: &str| Supported {
            version: "1.x".into(),
            until: until.into(),
        };
        assert!(refused(Given {
            contact: contact(),
            versions: vec![version("soon")],
            ..Given::default()
        }));
        assert!(!refused(Given {
            contact: contact(),
            versions: vec![version("2027-01-31")],
            ..Given::default()
        }));
        let odd = Given {
            contact: contact(),
            project: Some("<!-- x -->\u{7} y".into()),
            ..Given::default()
        };
        assert_eq!(Answers::new(odd, &found).unwrap().project, "!-- x -- y");
    }
}
