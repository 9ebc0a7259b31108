//! Lockfiles that disagree with one another or with their manifest.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    about, at_line,
    rules::{LOCK_STALE, LOCKS_DISAGREE},
    view::{Entry, View},
};
use crate::{
    Findings,
    advisories::{specifier, version::Scheme},
    inventory::{Component, Ecosystem, Origin, Scope, Version},
};

/// Manifests with the lockfiles that are made from them alone.
const PAIRS: &[(&str, &[&str])] = &[
    ("pyproject.toml", &["poetry.lock", "uv.lock", "pdm.lock"]),
    ("Pipfile", &["Pipfile.lock"]),
    ("package.json", &["package-lock.json", "yarn.lock", "pnpm-lock.yaml"]),
    ("Cargo.toml", &["Cargo.lock"]),
    ("pixi.toml", &["pixi.lock"]),
];

pub(super) fn judge(view: &View<'_>, findings: &mut Findings) {
    stale(view, findings);
    disagree(view, findings);
}

fn stale(view: &View<'_>, findings: &mut Findings) {
    for entry in &view.entries {
        let Some((_, formats)) = PAIRS.iter().find(|(format, _)| *format == entry.manifest.format) else {
            continue;
        };
        let beside = |other: &&Entry<'_>| other.folder == entry.folder && formats.contains(&other.manifest.format);
        for lock in view.entries.iter().filter(beside) {
            // A lockfile that could not be read holds nothing, and that was said.
            if lock.manifest.components.is_empty() {
                continue;
            }
            let mut held: HashMap<(Ecosystem, &str), Vec<&Component>> = HashMap::new();
            for component in &lock.manifest.components {
                held.entry((component.ecosystem, component.name.as_str()))
                    .or_default()
                    .push(component);
            }
            for component in &entry.manifest.components {
                if component.origin != Origin::Registry || matches!(component.scope, Scope::Build | Scope::Optional(_))
                {
                    continue;
                }
                let Some(why) = stale_why(
                    component,
                    held.get(&(component.ecosystem, component.name.as_str())),
                    lock,
                ) else {
                    continue;
                };
                let mut found = about(&LOCK_STALE, LOCK_STALE.severity, entry, component, why);
                found.more.thorough = entry.aside;
                findings.found.push(found);
            }
        }
    }
}

/// Why a lockfile does not fit what is asked for. None when it does, or when that cannot be told.
fn stale_why(component: &Component, held: Option<&Vec<&Component>>, lock: &Entry<'_>) -> Option<String> {
    let format = lock.manifest.format;
    let Some(held) = held else {
        // PDM and uv may lock some groups only.
        let complete = component.scope == Scope::Run || !matches!(format, "pdm.lock");
        return (complete && component.marker.is_none()).then(|| format!("{format} does not hold {}", component.name));
    };
    let words = match &component.version {
        Version::Any => return None,
        Version::Range(words) => words.clone(),
        Version::Exact(version) if component.ecosystem == Ecosystem::Cargo || component.ecosystem == Ecosystem::Npm => {
            format!("={version}")
        }
        Version::Exact(version) => format!("=={version}"),
    };
    let allowed = specifier::allowed(component.ecosystem, &words)?;
    let scheme = Scheme::of(component.ecosystem)?;
    let mut shown = None;
    for one in held {
        // From a repository or a folder it has any version.
        if !matches!(one.origin, Origin::Registry | Origin::OtherRegistry(_)) {
            return None;
        }
        let version = one.version.exact()?;
        if allowed.contains(&scheme.read(version)?) {
            return None;
        }
        shown = Some(version);
    }
    Some(format!(
        "{format} holds {} {}, which {} does not allow",
        component.name,
        shown?,
        words.trim_start_matches('=')
    ))
}

fn disagree(view: &View<'_>, findings: &mut Findings) {
    let mut by_folder: BTreeMap<&str, Vec<&Entry<'_>>> = BTreeMap::new();
    for entry in &view.entries {
        let lock = PAIRS
            .iter()
            .any(|(_, formats)| formats.contains(&entry.manifest.format));
        if lock && !entry.manifest.components.is_empty() {
            by_folder.entry(&entry.folder).or_default().push(entry);
        }
    }
    for locks in by_folder.values().filter(|locks| locks.len() > 1) {
        for (at, first) in locks.iter().enumerate() {
            for second in locks.get(at + 1..).unwrap_or_default() {
                compare(first, second, findings);
            }
        }
    }
}

fn compare(first: &Entry<'_>, second: &Entry<'_>, findings: &mut Findings) {
    let versions = |entry: &Entry<'_>| {
        let mut out: BTreeMap<(Ecosystem, String), BTreeSet<String>> = BTreeMap::new();
        for component in &entry.manifest.components {
            if let Some(version) = component.version.exact() {
                out.entry((component.ecosystem, component.name.clone()))
                    .or_default()
                    .insert(version.to_owned());
            }
        }
        out
    };
    let (a, b) = (versions(first), versions(second));
    let other: Vec<String> = a
        .iter()
        .filter_map(|(key, mine)| {
            let theirs = b.get(key)?;
            let list = |all: &BTreeSet<String>| all.iter().cloned().collect::<Vec<_>>().join(", ");
            mine.is_disjoint(theirs)
                .then(|| format!("{}: {} here, {} there", key.1, list(theirs), list(mine)))
        })
        .collect();
    let Some(line) = second.manifest.components.first().map(|one| one.line) else {
        return;
    };
    if other.is_empty() {
        return;
    }
    let packages = if other.len() == 1 {
        "1 package".to_owned()
    } else {
        format!("{} packages", other.len())
    };
    let note = format!("{packages} have other versions in {}", first.manifest.format);
    let mut found = at_line(
        &LOCKS_DISAGREE,
        LOCKS_DISAGREE.severity,
        second,
        line,
        first.manifest.format,
        note,
    );
    found.details = other.into_iter().take(10).collect();
    found.more.thorough = second.aside;
    findings.found.push(found);
}
