//! The engine of dependencies: what manifests and lockfiles ask for, judged.
//!
//! While files are looked at it leaves facts: a [`Manifest`] for each file that names components, and the modules that Python
//! files import. When the last file was looked at, all manifests are judged together:
//!
//! - `known`: packages with known faults, and the version that clears them; `reach`: whether anything imports them.
//! - `pins`: versions and hashes that are not fixed. `locks`: lockfiles that disagree or are stale.
//! - `origins`: repositories, addresses, folders, other indexes. `names`: internal names, and names that look like others.

mod imports;
mod known;
mod locks;
mod names;
mod origins;
mod pins;
mod reach;
mod rules;
#[cfg(test)]
mod tests;
mod view;

use std::borrow::Cow;

use ward_evidence::{Location, RuleMeta, Severity};

use self::view::{Entry, View};
use crate::{
    Blob, Engine, Fact, Findings, Found, Project,
    inventory::{Component, Manifest, Origin, Version, hub, reader},
    report::{More, Package, Value},
};

/// The engine.
pub const ENGINE: Engine = Engine {
    name: "dependencies",
    what: "Packages, images, actions and models with known faults, without an exact version, or from doubtful places.",
    rules,
    scan,
    history: false,
    conclude: Some(conclude),
};

/// Every rule of the engine.
fn rules() -> &'static [&'static RuleMeta] {
    rules::RULES
}

/// Largest Python file that is searched for imports.
const MAX_SOURCE: usize = 8 << 20;

fn scan(blob: &Blob<'_>, findings: &mut Findings) {
    if let Some((_, reading)) = reader::read(blob) {
        findings.looked = true;
        for problem in reading.problems {
            let place = blob.place.clone();
            let place = match problem.line {
                Some(line) => place.at(line, 1),
                None => place,
            };
            findings.not_examined(place, problem.why);
        }
        findings.facts.push(Fact::Manifest(Box::new(reading.manifest)));
    }
    let name = blob.name();
    if [".py", ".pyi", ".pyw", ".ipynb"].iter().any(|end| name.ends_with(end)) {
        findings.looked = true;
        python(blob, findings);
    }
}

fn python(blob: &Blob<'_>, findings: &mut Findings) {
    // A larger file is generated; the engine of code says so.
    let Ok(Some(bytes)) = blob.content.whole(MAX_SOURCE) else {
        return;
    };
    let modules = imports::of(&bytes);
    if !modules.is_empty() {
        findings.facts.push(Fact::Imports(modules.into()));
    }
    let Ok(source) = std::str::from_utf8(&bytes) else {
        return;
    };
    let components = hub::of_python(source);
    if !components.is_empty() {
        findings.facts.push(Fact::Manifest(Box::new(Manifest {
            format: hub::FORMAT,
            components,
            ..Manifest::default()
        })));
    }
}

fn conclude(project: &Project<'_>, findings: &mut Findings) {
    let view = View::of(project);
    view.missing_includes(findings);
    known::judge(&view, project, findings);
    pins::judge(&view, findings);
    locks::judge(&view, findings);
    origins::judge(&view, findings);
    names::judge(&view, project, findings);
}

/// Says which files that manifests take in were not found.
pub(crate) fn missing_includes(project: &Project<'_>, findings: &mut Findings) {
    View::of(project).missing_includes(findings);
}

/// A finding about a component of a file.
fn about(rule: &'static RuleMeta, severity: Severity, entry: &Entry<'_>, component: &Component, note: String) -> Found {
    let value = format!("{} {} {}", rule.id, component.ecosystem, component.name);
    Found {
        rule,
        severity,
        at: place(entry, component.line, component.span),
        note: note.into(),
        details: Vec::new(),
        value: Value::new(value),
        more: More {
            package: Some(Box::new(Package {
                ecosystem: Cow::Borrowed(component.ecosystem.name()),
                name: component.name.clone(),
                version: version_text(component),
                ..Package::default()
            })),
            excerpt: None,
            ..More::default()
        },
    }
}

/// A finding about a line of a file.
fn at_line(
    rule: &'static RuleMeta,
    severity: Severity,
    entry: &Entry<'_>,
    line: u32,
    what: &str,
    note: String,
) -> Found {
    Found {
        rule,
        severity,
        at: place(entry, line, None),
        note: note.into(),
        details: Vec::new(),
        value: Value::new(format!("{} {what}", rule.id)),
        more: More::default(),
    }
}

fn place(entry: &Entry<'_>, line: u32, span: Option<(u64, u64)>) -> Location {
    let place = entry.place.clone().at(line, 1);
    match span {
        Some((start, end)) => place.over(start, end),
        None => place,
    }
}

/// The version as the file asks for it, or the revision of a repository.
fn version_text(component: &Component) -> Option<String> {
    match (&component.version, &component.origin) {
        (
            _,
            Origin::Git {
                commit: Some(commit), ..
            },
        ) => Some(commit.clone()),
        (Version::Exact(version) | Version::Range(version), _) => Some(version.clone()),
        (Version::Any, _) => None,
    }
}

/// A name and a version in a sentence.
fn named(component: &Component) -> String {
    match &component.version {
        Version::Exact(version) => format!("{} {version}", component.name),
        Version::Range(range) if range.starts_with(|c: char| c.is_ascii_alphanumeric()) => {
            format!("{} ({range})", component.name)
        }
        Version::Range(range) => format!("{} {range}", component.name),
        Version::Any => component.name.clone(),
    }
}
