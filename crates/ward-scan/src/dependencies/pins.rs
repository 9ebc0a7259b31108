//! Versions and hashes that are not fixed.

use ward_evidence::Severity;

use super::{
    about, at_line, named,
    rules::{UNHASHED, UNPINNED},
    view::{Entry, View},
};
use crate::{
    Findings,
    inventory::{Component, Ecosystem, Origin, Scope, Version, hub},
};

pub(super) fn judge(view: &View<'_>, findings: &mut Findings) {
    for (at, entry) in view.entries.iter().enumerate() {
        if entry.constrains {
            continue;
        }
        if !entry.manifest.lock {
            unpinned(view, at, entry, findings);
        }
        if !is_compiled(view, entry) {
            unhashed(entry, findings);
        }
    }
}

fn unpinned(view: &View<'_>, at: usize, entry: &Entry<'_>, findings: &mut Findings) {
    let constraints = view.constraints(at);
    for component in &entry.manifest.components {
        // Images and actions are the configuration engine's, models the code engine's; what a repository or an address gives
        // has a rule of its own. Packages of an operating system move with its release.
        let packages = matches!(
            component.ecosystem,
            Ecosystem::PyPI | Ecosystem::Npm | Ecosystem::Cargo | Ecosystem::Conda | Ecosystem::Go
        );
        let registry = matches!(component.origin, Origin::Registry | Origin::OtherRegistry(_));
        let peer = matches!(&component.scope, Scope::Optional(name) if name == "peer");
        if !packages || !registry || peer || component.version.exact().is_some() || entry.manifest.format == hub::FORMAT
        {
            continue;
        }
        let limited = constraints.get(&(component.ecosystem, component.name.as_str()));
        if limited.is_some_and(|version| version.exact().is_some()) {
            continue;
        }
        if view.locks_of(entry, component).next().is_some() {
            continue;
        }
        let what = match &component.version {
            Version::Range(_) => format!(
                "{} allows more than one version, and no lockfile holds it",
                named(component)
            ),
            _ => format!("{} has no version, and no lockfile holds it", component.name),
        };
        let mut found = about(&UNPINNED, UNPINNED.severity, entry, component, what);
        // An environment of conda names the interpreter and its installer like packages.
        let tool = component.ecosystem == Ecosystem::Conda && matches!(component.name.as_str(), "python" | "pip");
        found.more.thorough = entry.aside || component.scope == Scope::Build || tool;
        findings.found.push(found);
    }
}

/// Whether a list is what `pip-compile` and `uv pip compile` read, and what they wrote lies beside it: hashes stand there.
fn is_compiled(view: &View<'_>, entry: &Entry<'_>) -> bool {
    let path = entry.place.full_path();
    path.strip_suffix(".in")
        .is_some_and(|stem| view.holds(&format!("{stem}.txt")))
}

fn unhashed(entry: &Entry<'_>, findings: &mut Findings) {
    let manifest = entry.manifest;
    let from_registry = |one: &&Component| {
        matches!(one.origin, Origin::Registry | Origin::OtherRegistry(_)) && one.version.exact().is_some()
    };
    let python = matches!(
        manifest.format,
        "requirements.txt" | "poetry.lock" | "uv.lock" | "pdm.lock" | "Pipfile.lock" | "pylock.toml"
    );
    let others = matches!(
        manifest.format,
        "package-lock.json" | "yarn.lock" | "pnpm-lock.yaml" | "Cargo.lock"
    );
    if !python && !others {
        return;
    }
    let pinned: Vec<&Component> = manifest.components.iter().filter(from_registry).collect();
    let bare: Vec<&Component> = pinned.iter().copied().filter(|one| one.hashes.is_empty()).collect();
    if bare.is_empty() {
        return;
    }
    if bare.len() < pinned.len() {
        for component in bare {
            let note = format!("{} has no hash, and others of this file have", named(component));
            let mut found = about(&UNHASHED, UNHASHED.severity, entry, component, note);
            found.more.thorough = entry.aside;
            findings.found.push(found);
        }
    } else if let Some(first) = bare.first() {
        // Not one has: that is how the file is written.
        if manifest.components.iter().any(|one| one.version.exact().is_none()) {
            return;
        }
        let note = match bare.len() {
            1 => format!("{} is pinned by its version and not by a hash", named(first)),
            count => format!("all {count} packages are pinned by their versions and none by a hash"),
        };
        let mut found = at_line(&UNHASHED, Severity::Info, entry, first.line, "all", note);
        found.more.thorough = entry.aside;
        findings.found.push(found);
    }
}
