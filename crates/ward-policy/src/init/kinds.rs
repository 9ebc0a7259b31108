//! What can be chosen: how fast faults are answered, which services propose updates; and what is found: ecosystems.

use std::collections::{BTreeMap, BTreeSet};

use crate::repository::Repository;

/// How fast reports are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    /// 48 hours, 5 business days, 24 hours to 8 weeks.
    #[default]
    Standard,
    /// For teams with people on call: half of that.
    Strict,
    /// For one or two people with other work: days and weeks that can be kept.
    SmallTeam,
}

/// The times of a profile, as people write them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clocks {
    /// Until a report is acknowledged.
    pub acknowledge: &'static str,
    /// Until it is assessed.
    pub assess: &'static str,
    /// Until it is fixed, by severity: critical, high, medium, low.
    pub fix: [&'static str; 4],
    /// From the fix until details are published.
    pub publish: &'static str,
}

impl Profile {
    /// Every profile.
    pub const ALL: &'static [Profile] = &[Profile::Standard, Profile::Strict, Profile::SmallTeam];

    /// Its word on the command line and in `ward.toml`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Profile::Standard => "standard",
            Profile::Strict => "strict",
            Profile::SmallTeam => "small-team",
        }
    }

    /// The profile called `word`.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.word() == word)
    }

    /// Its times.
    #[must_use]
    pub fn clocks(self) -> Clocks {
        match self {
            Profile::Standard => Clocks {
                acknowledge: "48 hours",
                assess: "5 business days",
                fix: ["24 hours", "2 weeks", "4 weeks", "8 weeks"],
                publish: "30 days",
            },
            Profile::Strict => Clocks {
                acknowledge: "24 hours",
                assess: "3 business days",
                fix: ["24 hours", "1 week", "2 weeks", "4 weeks"],
                publish: "14 days",
            },
            Profile::SmallTeam => Clocks {
                acknowledge: "5 business days",
                assess: "10 business days",
                fix: ["7 days", "30 days", "60 days", "90 days"],
                publish: "30 days",
            },
        }
    }
}

/// Which service proposes updates of dependencies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Updates {
    /// GitHub's Dependabot.
    #[default]
    Dependabot,
    /// Renovate.
    Renovate,
    /// None.
    None,
}

impl Updates {
    /// Every choice.
    pub const ALL: &'static [Updates] = &[Updates::Dependabot, Updates::Renovate, Updates::None];

    /// Its word on the command line and in `ward.toml`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Updates::Dependabot => "dependabot",
            Updates::Renovate => "renovate",
            Updates::None => "none",
        }
    }

    /// The choice called `word`.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.word() == word)
    }
}

/// Where packages come from, by the names that Dependabot has for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ecosystem {
    /// Rust.
    Cargo,
    /// PHP.
    Composer,
    /// Containers.
    Docker,
    /// Workflows.
    GithubActions,
    /// Go.
    Gomod,
    /// Java, Kotlin.
    Gradle,
    /// Java.
    Maven,
    /// JavaScript.
    Npm,
    /// .NET.
    Nuget,
    /// Python.
    Pip,
    /// Ruby.
    Bundler,
    /// Terraform.
    Terraform,
}

/// A manifest's name, or how it ends after `*`, and its ecosystem.
const MANIFESTS: &[(&str, Ecosystem)] = &[
    ("Cargo.toml", Ecosystem::Cargo),
    ("composer.json", Ecosystem::Composer),
    ("Dockerfile", Ecosystem::Docker),
    ("go.mod", Ecosystem::Gomod),
    ("build.gradle", Ecosystem::Gradle),
    ("build.gradle.kts", Ecosystem::Gradle),
    ("pom.xml", Ecosystem::Maven),
    ("package.json", Ecosystem::Npm),
    ("*.csproj", Ecosystem::Nuget),
    ("pyproject.toml", Ecosystem::Pip),
    ("setup.py", Ecosystem::Pip),
    ("Pipfile", Ecosystem::Pip),
    ("requirements.txt", Ecosystem::Pip),
    ("Gemfile", Ecosystem::Bundler),
    ("main.tf", Ecosystem::Terraform),
];

/// Folders whose manifests are others' or are made to be wrong.
const FOREIGN: &[&str] = &[
    "node_modules",
    "vendor",
    "third_party",
    "fixtures",
    "testdata",
    "corpus",
    "site-packages",
];
/// Most folders of one ecosystem.
const MOST_FOLDERS: usize = 20;

impl Ecosystem {
    /// Its name in `dependabot.yml`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Ecosystem::Cargo => "cargo",
            Ecosystem::Composer => "composer",
            Ecosystem::Docker => "docker",
            Ecosystem::GithubActions => "github-actions",
            Ecosystem::Gomod => "gomod",
            Ecosystem::Gradle => "gradle",
            Ecosystem::Maven => "maven",
            Ecosystem::Npm => "npm",
            Ecosystem::Nuget => "nuget",
            Ecosystem::Pip => "pip",
            Ecosystem::Bundler => "bundler",
            Ecosystem::Terraform => "terraform",
        }
    }

    /// The ecosystems of a repository, with the folders of their manifests as `/` and `/web`.
    #[must_use]
    pub fn of(repository: &Repository) -> BTreeMap<Ecosystem, Vec<String>> {
        let mut found: BTreeMap<Ecosystem, BTreeSet<String>> = BTreeMap::new();
        for path in repository.files.keys() {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            if folder.split('/').any(|part| FOREIGN.contains(&part)) {
                continue;
            }
            let is = |pattern: &str| match pattern.strip_prefix('*') {
                Some(end) => name.ends_with(end),
                None => name == pattern,
            };
            for (_, ecosystem) in MANIFESTS.iter().filter(|(pattern, _)| is(pattern)) {
                found.entry(*ecosystem).or_default().insert(format!("/{folder}"));
            }
        }
        let few = |(ecosystem, folders): (Ecosystem, BTreeSet<String>)| {
            (ecosystem, folders.into_iter().take(MOST_FOLDERS).collect())
        };
        found.into_iter().map(few).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repository::File;

    #[test]
    fn manifests_name_ecosystems_and_their_folders() {
        let mut repository = Repository::default();
        for path in [
            "pyproject.toml",
            "web/package.json",
            "node_modules/x/package.json",
            "x/a.csproj",
            "requirements.txt",
        ] {
            repository.files.insert(path.to_owned(), File::default());
        }
        let found = Ecosystem::of(&repository);
        assert_eq!(found[&Ecosystem::Pip], ["/"]);
        assert_eq!(found[&Ecosystem::Npm], ["/web"]);
        assert_eq!(found[&Ecosystem::Nuget], ["/x"]);
        assert_eq!(found.len(), 3);
    }

    #[test]
    fn words_lead_back() {
        assert!(
            Profile::ALL
                .iter()
                .all(|one| Profile::from_word(one.word()) == Some(*one))
        );
        assert!(
            Updates::ALL
                .iter()
                .all(|one| Updates::from_word(one.word()) == Some(*one))
        );
    }
}
