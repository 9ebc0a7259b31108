//! The name under which advisories of a package stand.

use std::borrow::Cow;

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
        let name = compared(ecosystem, name.trim()).into_owned();
        (!name.is_empty() && name.len() <= 500).then_some(Self { ecosystem, name })
    }

    /// The ecosystem in which a component's advisories stand. A package that conda builds is as a rule that of the same name on
    /// PyPI.
    #[must_use]
    pub fn ecosystem_of(component: &Component) -> Option<Ecosystem> {
        let ecosystem = match component.ecosystem {
            Ecosystem::Conda => Ecosystem::PyPI,
            other => other,
        };
        ECOSYSTEMS.contains(&ecosystem).then_some(ecosystem)
    }

    /// The name under which a component's advisories may stand in an ecosystem; an action in a folder of a repository is that
    /// repository's.
    #[must_use]
    pub fn name_of(component: &Component, ecosystem: Ecosystem) -> Cow<'_, str> {
        compared(ecosystem, &component.name)
    }
}

fn compared(ecosystem: Ecosystem, name: &str) -> Cow<'_, str> {
    match ecosystem {
        Ecosystem::PyPI | Ecosystem::Conda if is_normalised(name) => name.into(),
        Ecosystem::PyPI | Ecosystem::Conda => normalised(name).into(),
        Ecosystem::GitHubActions => {
            let mut parts = name.split('/');
            let (owner, repository) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            format!("{owner}/{repository}").to_lowercase().into()
        }
        _ => name.into(),
    }
}

/// Whether PEP 503 leaves a name as it is, as those of lockfiles are.
fn is_normalised(name: &str) -> bool {
    let mut before = b' ';
    name.bytes().all(|byte| {
        let pair = (std::mem::replace(&mut before, byte), byte);
        !matches!(byte, b'_' | b'.' | b'A'..=b'Z') && pair != (b'-', b'-')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_as_they_are_compared_are_told() {
        for name in [
            "a", "a-b", "a--b", "-a-", "a_b", "a.b", "A", "a-.b", "é-x", "É", "", "-", "--",
        ] {
            assert_eq!(is_normalised(name), normalised(name) == name, "{name}");
            assert_eq!(compared(Ecosystem::PyPI, name), normalised(name), "{name}");
        }
    }
}
