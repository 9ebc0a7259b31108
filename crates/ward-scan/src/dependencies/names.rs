//! Names of packages: those that are internal, and those that look like a well-known one.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use super::{
    about,
    rules::{INTERNAL_NAME, LOOKALIKE},
    view::View,
};
use crate::{
    Findings, Project,
    inventory::{Ecosystem, IndexKind, Origin},
};

/// Well-known packages, a line each: the ecosystem's letter and a name. See the head of the file.
const KNOWN: &str = include_str!("known_names.txt");

/// Shorter names are a slip away from too many others.
const SHORTEST: usize = 5;

/// The well-known names of one ecosystem, ready to be compared with.
#[derive(Default)]
struct Names {
    exact: HashSet<&'static str>,
    /// Without separators.
    plain: HashMap<String, &'static str>,
    /// With letters in place of what looks like them.
    looks: HashMap<String, &'static str>,
    by_length: Vec<Vec<&'static str>>,
}

static NAMES: LazyLock<HashMap<Ecosystem, Names>> = LazyLock::new(|| {
    let mut names: HashMap<Ecosystem, Names> = HashMap::new();
    let mut ecosystem = Ecosystem::PyPI;
    for line in KNOWN.lines() {
        match line.trim() {
            "[PyPI]" => ecosystem = Ecosystem::PyPI,
            "[npm]" => ecosystem = Ecosystem::Npm,
            "[crates.io]" => ecosystem = Ecosystem::Cargo,
            line if line.starts_with('#') => {}
            line => line
                .split_whitespace()
                .for_each(|name| names.entry(ecosystem).or_default().add(name)),
        }
    }
    names
});

impl Names {
    fn add(&mut self, name: &'static str) {
        self.exact.insert(name);
        if name.len() < SHORTEST {
            return;
        }
        self.plain.insert(plain(name), name);
        self.looks.insert(looks(name), name);
        if self.by_length.len() <= name.len() {
            self.by_length.resize(name.len() + 1, Vec::new());
        }
        if let Some(all) = self.by_length.get_mut(name.len()) {
            all.push(name);
        }
    }
}

fn plain(name: &str) -> String {
    name.replace(['-', '_', '.'], "")
}

fn looks(name: &str) -> String {
    name.replace('0', "o")
        .replace('1', "l")
        .replace("rn", "m")
        .replace("vv", "w")
}

/// Without a number at the end: that is a version or a sibling, as `jinja2`, `psycopg3`.
fn sibling(name: &str) -> &str {
    name.trim_end_matches(|c: char| c.is_ascii_digit())
        .trim_end_matches('-')
}

pub(super) fn judge(view: &View<'_>, project: &Project<'_>, findings: &mut Findings) {
    for entry in &view.entries {
        let internal = &project.config_at(&entry.place.path).dependencies.internal;
        // An index in place of the public one is the project's own.
        let own_index = entry
            .manifest
            .indexes
            .iter()
            .any(|one| one.kind == IndexKind::Instead && !is_public(&one.url));
        let beside = entry.manifest.indexes.iter().any(|one| one.kind == IndexKind::Beside);
        for component in &entry.manifest.components {
            if component.origin != Origin::Registry {
                continue;
            }
            if internal.iter().any(|pattern| fits(pattern, &component.name)) && (!own_index || beside) {
                let note = format!(
                    "{} is internal, and the public registry is searched for it here",
                    component.name
                );
                findings
                    .found
                    .push(about(&INTERNAL_NAME, INTERNAL_NAME.severity, entry, component, note));
            }
            // What others need was chosen by them.
            if component.direct == Some(false) || entry.manifest.lock && component.direct.is_none() {
                continue;
            }
            if let Some(known) = like(component.ecosystem, &component.name) {
                let note = format!("{} looks like {known}; check that it is meant", component.name);
                let mut found = about(&LOOKALIKE, LOOKALIKE.severity, entry, component, note);
                found.details = vec!["a hint: only the names were compared".to_owned()];
                findings.found.push(found);
            }
        }
    }
}

fn is_public(url: &str) -> bool {
    crate::inventory::PUBLIC_INDEXES.iter().any(|one| url.starts_with(one))
}

/// Whether a name fits a pattern in which `*` stands for any characters.
fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (
        pattern.to_lowercase().replace('_', "-"),
        name.to_lowercase().replace('_', "-"),
    );
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else {
        return false;
    };
    let mut last = None;
    for part in parts {
        last = Some(part);
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    match last {
        None => rest.is_empty(),
        Some(last) => last.is_empty() || name.ends_with(last) && name.len() >= first.len() + last.len(),
    }
}

/// The well-known package that a name is one slip away from: a letter more, less, replaced or two swapped, a separator left
/// out or put in, digits in place of letters that look like them. None for well-known names themselves.
pub(super) fn like(ecosystem: Ecosystem, name: &str) -> Option<&'static str> {
    let names = NAMES.get(&ecosystem)?;
    if names.exact.contains(name) || name.len() < SHORTEST || name.starts_with('@') {
        return None;
    }
    if let Some(known) = names.plain.get(&plain(name)).or_else(|| names.looks.get(&looks(name))) {
        return Some(known);
    }
    let near = names
        .by_length
        .get(name.len() - 1..)
        .unwrap_or_default()
        .iter()
        .take(3)
        .flatten();
    near.copied()
        .find(|known| one_edit(name.as_bytes(), known.as_bytes()) && sibling(name) != sibling(known))
}

/// Whether two words differ by one letter more, less, other, or by two neighbours that are swapped.
fn one_edit(a: &[u8], b: &[u8]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if long.len() - short.len() > 1 {
        return false;
    }
    let same = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    if short.len() < long.len() {
        return short.get(same..) == long.get(same + 1..);
    }
    let (x, y) = (
        short.get(same..).unwrap_or_default(),
        long.get(same..).unwrap_or_default(),
    );
    if x.get(1..) == y.get(1..) {
        // Another letter at the end or in the middle of a short name is another word more often than a slip.
        return short.len() >= 7;
    }
    match (x, y) {
        ([a, b, rest @ ..], [c, d, other @ ..]) => a == d && b == c && rest == other,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_found_and_other_names_are_not() {
        for (ecosystem, name, expect) in [
            (Ecosystem::PyPI, "reqeusts", Some("requests")),
            (Ecosystem::PyPI, "request", Some("requests")),
            (Ecosystem::PyPI, "requestss", Some("requests")),
            (Ecosystem::PyPI, "tensorfow", Some("tensorflow")),
            (Ecosystem::PyPI, "pythondateutil", Some("python-dateutil")),
            (Ecosystem::PyPI, "co1orama", Some("colorama")),
            (Ecosystem::PyPI, "beautifulsup4", Some("beautifulsoup4")),
            (Ecosystem::PyPI, "requests", None),
            (Ecosystem::PyPI, "httpx", None),
            (Ecosystem::PyPI, "numpy", None),
            (Ecosystem::PyPI, "acme-tool", None),
            (Ecosystem::Npm, "expres", Some("express")),
            (Ecosystem::Npm, "@types/lodahs", None),
            (Ecosystem::Cargo, "rustdecimal", Some("rust_decimal")),
            (Ecosystem::Cargo, "serde", None),
        ] {
            assert_eq!(like(ecosystem, name), expect, "{name}");
        }
    }

    #[test]
    fn patterns_of_internal_names() {
        for (pattern, name, expect) in [
            ("acme-*", "acme-auth", true),
            ("acme-*", "acm-auth", false),
            ("acme", "acme", true),
            ("acme", "acme2", false),
            ("*-internal", "x-internal", true),
            ("*-internal", "x-internals", false),
            ("a*b*c", "axxbyyc", true),
            ("a*b*c", "axxc", false),
            ("@acme/*", "@acme/x", true),
            ("Acme_*", "acme-x", true),
        ] {
            assert_eq!(fits(pattern, name), expect, "{pattern} {name}");
        }
    }
}
