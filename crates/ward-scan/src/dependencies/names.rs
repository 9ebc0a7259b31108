//! Names of packages: those that are internal, and those that look like a well-known one.

use std::{collections::HashMap, sync::LazyLock};

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

static NAMES: LazyLock<HashMap<Ecosystem, Vec<&'static str>>> = LazyLock::new(|| {
    let mut names: HashMap<Ecosystem, Vec<&'static str>> = HashMap::new();
    let mut ecosystem = Ecosystem::PyPI;
    for line in KNOWN.lines() {
        match line.trim() {
            "[PyPI]" => ecosystem = Ecosystem::PyPI,
            "[npm]" => ecosystem = Ecosystem::Npm,
            "[crates.io]" => ecosystem = Ecosystem::Cargo,
            line if line.starts_with('#') => {}
            line => names.entry(ecosystem).or_default().extend(line.split_whitespace()),
        }
    }
    names.values_mut().for_each(|all| all.sort_unstable());
    names
});

pub(super) fn judge(view: &View<'_>, project: &Project<'_>, findings: &mut Findings) {
    let internal = &project.config.dependencies.internal;
    for entry in &view.entries {
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

/// The well-known package that a name is a slip away from. None for well-known names themselves.
pub(super) fn like(ecosystem: Ecosystem, name: &str) -> Option<&'static str> {
    let names = NAMES.get(&ecosystem)?;
    if names.binary_search(&name).is_ok() || name.len() < SHORTEST || name.starts_with('@') {
        return None;
    }
    names
        .iter()
        .copied()
        .filter(|known| known.len() >= SHORTEST)
        .find(|known| is_slip(name, known))
}

/// Whether one name is the other with one slip: a letter more, less, replaced or two swapped, a separator left out or put in,
/// digits in place of letters that look like them.
fn is_slip(name: &str, known: &str) -> bool {
    let plain = |text: &str| text.replace(['-', '_', '.'], "");
    if plain(name) == plain(known) {
        return true;
    }
    let looks = |text: &str| {
        text.replace('0', "o")
            .replace('1', "l")
            .replace("rn", "m")
            .replace("vv", "w")
    };
    if looks(name) == looks(known) {
        return true;
    }
    // A digit at the end is a version or a sibling, as `jinja2`, `psycopg3`.
    let sibling = |text: &str| {
        text.trim_end_matches(|c: char| c.is_ascii_digit())
            .trim_end_matches('-')
            .to_owned()
    };
    if sibling(name) == sibling(known) {
        return false;
    }
    one_edit(name.as_bytes(), known.as_bytes())
}

/// Whether two words differ by one letter more, less, other, or by two neighbours that are swapped.
fn one_edit(a: &[u8], b: &[u8]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if long.len() - short.len() > 1 {
        return false;
    }
    let same = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    let tail = |word: &[u8], from: usize| word.get(from..).unwrap_or_default().to_vec();
    if short.len() < long.len() {
        return tail(short, same) == tail(long, same + 1);
    }
    let (x, y) = (tail(short, same), tail(long, same));
    if x.get(1..) == y.get(1..) {
        // Another letter at the end or in the middle of a short name is another word more often than a slip.
        return short.len() >= 7;
    }
    match (x.as_slice(), y.as_slice()) {
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
