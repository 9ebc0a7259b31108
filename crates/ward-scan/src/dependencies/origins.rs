//! Where dependencies come from when it is not the ecosystem's own registry.

use std::collections::BTreeMap;

use ward_evidence::Severity;

use super::{
    about, at_line, named,
    rules::{FROM_ADDRESS, FROM_FOLDER, FROM_REPOSITORY, OTHER_REGISTRY, PLAIN_HTTP, SECOND_INDEX, TRUSTED_HOST},
    view::{Entry, View},
};
use crate::{
    Findings,
    inventory::{Component, Ecosystem, IndexKind, Origin},
};

/// Hosts of indexes that well-known projects publish builds of their own packages on.
const WELL_KNOWN: &[&str] = &[
    "download.pytorch.org",
    "pypi.nvidia.com",
    "data.pyg.org",
    "storage.googleapis.com",
];

pub(super) fn judge(view: &View<'_>, findings: &mut Findings) {
    for entry in &view.entries {
        for component in &entry.manifest.components {
            one(entry, component, findings);
        }
        registries(entry, findings);
        indexes(entry, findings);
    }
}

/// Whether a component is judged here: not what pipelines take, which is the configuration engine's.
fn is_package(component: &Component) -> bool {
    !matches!(
        component.ecosystem,
        Ecosystem::GitHubActions | Ecosystem::Oci | Ecosystem::System | Ecosystem::HuggingFace
    )
}

fn one(entry: &Entry<'_>, component: &Component, findings: &mut Findings) {
    if !is_package(component) {
        return;
    }
    let hashed = !component.hashes.is_empty();
    let mut found = match &component.origin {
        Origin::Registry | Origin::OtherRegistry(_) => return,
        Origin::Git { url, commit: Some(_) } => {
            let note = format!(
                "{} comes from the repository {url} at a fixed commit; no advisory names what lies there",
                component.name
            );
            about(&FROM_REPOSITORY, Severity::Info, entry, component, note)
        }
        Origin::Git { url, commit: None } => {
            let note = format!(
                "{} comes from the repository {url} and is not fixed to a commit",
                component.name
            );
            about(&FROM_REPOSITORY, FROM_REPOSITORY.severity, entry, component, note)
        }
        Origin::Url(url) if is_plain(url) && !hashed => {
            let note = format!("{} is fetched over http without a hash", named(component));
            about(&PLAIN_HTTP, PLAIN_HTTP.severity, entry, component, note)
        }
        Origin::Url(_) => {
            let with = if hashed { "with" } else { "without" };
            let note = format!("{} is a file at an address, {with} a hash", named(component));
            let severity = if hashed { Severity::Info } else { FROM_ADDRESS.severity };
            about(&FROM_ADDRESS, severity, entry, component, note)
        }
        Origin::Local(path) => {
            let note = format!(
                "{} is taken from {path}; no advisory names what lies there",
                component.name
            );
            about(&FROM_FOLDER, FROM_FOLDER.severity, entry, component, note)
        }
    };
    // `pip install -e .` takes the project itself, whose own manifest is read.
    let itself = matches!(&component.origin, Origin::Local(path) if matches!(path.as_str(), "." | "./"));
    found.more.thorough = entry.aside && found.severity < Severity::High || itself;
    findings.found.push(found);
}

/// Registries that components of a lockfile name, each once.
fn registries(entry: &Entry<'_>, findings: &mut Findings) {
    let mut seen: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for component in entry.manifest.components.iter().filter(|one| is_package(one)) {
        if let Origin::OtherRegistry(url) = &component.origin {
            let (count, _) = seen.entry(url).or_insert((0, component.line));
            *count += 1;
        }
    }
    for (url, (count, line)) in seen {
        let packages = if count == 1 {
            "1 package comes".to_owned()
        } else {
            format!("{count} packages come")
        };
        let mut found = if is_plain(url) {
            let note = format!("{packages} from a registry over http");
            at_line(&PLAIN_HTTP, PLAIN_HTTP.severity, entry, line, url, note)
        } else {
            let note = format!("{packages} from the registry {url}");
            at_line(&OTHER_REGISTRY, OTHER_REGISTRY.severity, entry, line, url, note)
        };
        found.more.thorough = entry.aside && found.severity < Severity::High;
        findings.found.push(found);
    }
}

fn indexes(entry: &Entry<'_>, findings: &mut Findings) {
    let components = &entry.manifest.components;
    let all_hashed = !components.is_empty() && components.iter().all(|one| !one.hashes.is_empty());
    for index in &entry.manifest.indexes {
        let url = index.url.as_str();
        let push = |rule, severity, note: String, findings: &mut Findings| {
            let mut found = at_line(rule, severity, entry, index.line, url, note);
            found.more.thorough = entry.aside && severity < Severity::High;
            findings.found.push(found);
        };
        if index.kind == IndexKind::Trusted {
            if !is_here(url) {
                let host = url.rsplit('@').next().unwrap_or_default();
                let note = format!("the certificate of {host} is not checked");
                push(&TRUSTED_HOST, TRUSTED_HOST.severity, note, findings);
            }
            continue;
        }
        if is_plain(url) {
            push(
                &PLAIN_HTTP,
                PLAIN_HTTP.severity,
                format!("packages are fetched from {url}"),
                findings,
            );
        }
        if matches!(index.kind, IndexKind::Beside | IndexKind::Links) && url.contains("://") {
            let known = WELL_KNOWN.contains(&host(url));
            let severity = match (all_hashed, known || index.kind == IndexKind::Links) {
                (true, _) => Severity::Info,
                (false, true) => Severity::Low,
                (false, false) => SECOND_INDEX.severity,
            };
            let note = format!("{url} is searched beside the first index, and the higher version wins");
            push(&SECOND_INDEX, severity, note, findings);
        }
    }
}

fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', ':', '?']).next().unwrap_or(rest)
}

/// Whether an address is plain http and not of this machine.
fn is_plain(url: &str) -> bool {
    url.starts_with("http://") && !is_here(host(url))
}

fn is_here(host: &str) -> bool {
    let host = host.split(':').next().unwrap_or(host);
    matches!(host, "localhost" | "127.0.0.1" | "[" | "host.docker.internal") || host.ends_with(".localhost")
}
