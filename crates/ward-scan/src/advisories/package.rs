//! The name under which advisories of a package stand.

use crate::inventory::{Component, Ecosystem, requirement::normalised};

/// A package of an ecosystem, its name as the ecosystem compares names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Package {
    /// The ecosystem.
    pub ecosystem: Ecosystem,
    /// The name.
    pub name: String,
}

/// The ecosystems whose advisories are kept.
pub const ECOSYSTEMS: [Ecosystem; 5] = [
    Ecosystem::PyPI,
    Ecosystem::Npm,
    Ecosystem::Cargo,
    Ecosystem::Go,
    Ecosystem::GitHubActions,
];

impl Package {
    /// A package as an advisory names it. None for ecosystems whose packages Ward does not read.
    #[must_use]
    pub fn of(ecosystem: &str, name: &str) -> Option<Self> {
        // A release of a distribution stands behind a colon.
        let word = ecosystem.split(':').next().unwrap_or(ecosystem);
        let ecosystem = ECOSYSTEMS
            .into_iter()
            .find(|one| one.name().eq_ignore_ascii_case(word))?;
        let name = compared(ecosystem, name.trim());
        (!name.is_empty() && name.len() <= 500).then_some(Self { ecosystem, name })
    }

    /// The names under which a component's advisories may stand. A package that conda builds is as a rule that of the same
    /// name on PyPI; an action in a folder of a repository is that repository's.
    #[must_use]
    pub fn of_component(component: &Component) -> Option<Self> {
        let ecosystem = match component.ecosystem {
            Ecosystem::Conda => Ecosystem::PyPI,
            other => other,
        };
        ECOSYSTEMS.contains(&ecosystem).then(|| Self {
            ecosystem,
            name: compared(ecosystem, &component.name),
        })
    }
}

fn compared(ecosystem: Ecosystem, name: &str) -> String {
    match ecosystem {
        Ecosystem::PyPI | Ecosystem::Conda => normalised(name),
        Ecosystem::GitHubActions => {
            let mut parts = name.split('/');
            let (owner, repository) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            format!("{owner}/{repository}").to_lowercase()
        }
        _ => name.to_owned(),
    }
}
