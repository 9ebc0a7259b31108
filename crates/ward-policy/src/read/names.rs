//! By which name a text calls the project whose policy it is: a policy copied from another project often keeps the other's.

use std::sync::LazyLock;

use regex::Regex;

use crate::markdown::Page;

/// Words with a capital that are no project.
const NO_NAMES: &[&str] = &[
    "the",
    "this",
    "our",
    "these",
    "that",
    "any",
    "all",
    "security",
    "github",
    "gitlab",
    "python",
    "please",
    "if",
    "we",
    "a",
    "an",
    "its",
    "report",
    "reporting",
    "vulnerability",
    "project",
    "policy",
    "your",
    "their",
    "microsoft-owned",
    "open",
    "core",
    "private",
    "public",
    "api",
    "apis",
    "cve",
    "cves",
    "pypi",
    "npm",
    "docker",
    "linux",
    "windows",
    "macos",
    "ai",
    "ml",
    "llm",
    "development",
    "maintainer",
    "maintainers",
    "team",
    "for",
    "third-party",
    "dependencies",
    "dependency",
    "both",
    "each",
    "some",
    "other",
    "another",
    "third",
    "supported",
    "no",
    "to",
    "in",
    "of",
    "software",
    "production",
    "application",
    "code",
    "model",
    "models",
    "data",
    "response",
    "product",
    "incident",
    "infrastructure",
];

/// The names in one sentence.
pub(super) fn of(text: &str) -> Vec<String> {
    static IN: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?:[Vv]ulnerabilit(?:y|ies)|security (?:issues?|bugs?|flaws?|problems?|holes?|vulnerabilit(?:y|ies))) (?:in|with|within|affecting|of) (?:the )?([A-Z][A-Za-z0-9.+-]{1,39}|[a-z]+[A-Z][A-Za-z0-9]{1,39})").ok()
    });
    static TEAM: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"\b([A-Z][A-Za-z0-9.+-]{1,39})(?:'s)? (?:[Ss]ecurity [Tt]eam|[Pp]roject [Tt]eam|[Tt]eam (?:takes|will|and)|takes (?:the )?security|[Mm]aintainers|[Dd]evelopers (?:take|will)|[Cc]ore [Tt]eam)").ok()
    });
    let mut found = Vec::new();
    if !["ulnerab", "ecurity", " team", "aintainers", "evelopers"]
        .iter()
        .any(|word| text.contains(word))
    {
        return found;
    }
    for regex in [&IN, &TEAM] {
        for groups in regex.iter().flat_map(|regex| regex.captures_iter(text)).take(8) {
            let name = groups
                .get(1)
                .map_or("", |name| name.as_str())
                .trim_end_matches(['.', '-', '+']);
            put(name, &mut found);
        }
    }
    found
}

/// The names in the title: "Security policy for X", "X security policy".
pub(super) fn of_title(page: &Page) -> Vec<String> {
    static TITLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"^(?:(?i:security (?:policy|policies|guidelines)) (?:for|of|-|–|—) (?:the )?([A-Za-z][A-Za-z0-9.+_-]{1,39})|([A-Za-z][A-Za-z0-9.+_-]{1,39})(?:'s)?(?: -| –| —|:)? (?i:security policy|security policies))$").ok()
    });
    let mut found = Vec::new();
    let title = page.headings.first().map(|heading| &*heading.text).unwrap_or_default();
    if let Some(groups) = TITLE.as_ref().and_then(|regex| regex.captures(title)) {
        let name = groups.get(1).or(groups.get(2)).map_or("", |name| name.as_str());
        put(name, &mut found);
    }
    found
}

fn put(name: &str, into: &mut Vec<String>) {
    if name.len() > 1 && !NO_NAMES.contains(&name.to_lowercase().as_str()) && !into.iter().any(|other| other == name) {
        into.push(name.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_heard() {
        assert_eq!(of("If you find a vulnerability in Lumen, tell us."), ["Lumen"]);
        assert_eq!(of("The Lumen team takes security seriously."), ["Lumen"]);
        assert!(of("Report vulnerabilities in the project to the Security team.").is_empty());
        assert!(of("If you find a vulnerability in Python code").is_empty());
    }
}
