//! Tar archives: NeMo, checkpoints of PyTorch before 0.2, and whatever else is one.

use ward_evidence::Severity;
use ward_formats::tar;

use super::{Walk, blob_at, formats::leaves, rules, script};
use crate::{
    Blob,
    report::{Found, More, Value},
};

/// Most members that are looked at.
const MOST: usize = 200_000;

/// True for a tar archive.
pub(super) fn sniffed(_: &Blob<'_>, head: &[u8]) -> bool {
    tar::is_tar(head)
}

/// Looks at every member.
pub(super) fn scan(blob: &Blob<'_>, walk: &mut Walk<'_>) {
    let archive = tar::read(&blob.content, MOST);
    let name = blob.name();
    let is_model = name.ends_with(".nemo")
        || name.ends_with(".mar")
        || archive.members.iter().any(|member| super::is_model_name(&member.name));
    let outer = walk.code;
    walk.code |= super::is_model_archive(&name, archive.members.iter().map(|member| member.name.as_str()));
    // Layers of images and backups hold models, and links to anywhere.
    if is_unpacked(&name) {
        let outside = |(from, to): &&(String, String)| leads_out(from, to);
        let names = archive.members.iter().map(|member| member.name.as_str());
        let links = archive.links.iter().filter(outside).map(|(from, _)| from.as_str());
        for name in names.filter(|name| leaves(name)).chain(links) {
            tell_outside(blob, name, walk);
        }
    }
    for member in &archive.members {
        let inner = blob_at(
            blob.place.clone().inside(&member.name),
            blob.content.part(member.data, member.size),
        );
        if walk.code && script::is_source(&member.name) || is_model && script::is_settings(&member.name, &[]) {
            script::scan(&inner, walk);
        } else if walk.code && inner.content.at(0, 1024).is_ok_and(|head| script::is_native(&head)) {
            script::native(&inner, walk);
        } else {
            walk.inside(&inner);
        }
    }
    walk.code = outer;
    if let Some(at) = archive.tail {
        let place = blob.place.clone().inside(&format!("bytes@{at}"));
        if !walk.inside(&blob_at(place, blob.content.part(at, u64::MAX))) {
            super::pickle::tail(blob.content, at, &blob.place, "the members of the archive", walk);
        }
    }
    if let Some(problem) = archive.problems.first() {
        walk.findings
            .not_examined(blob.place.clone(), format!("{} ({})", problem.what, problem.place));
    }
}

/// True for archives that their loaders unpack to a folder, by name.
pub(super) fn is_unpacked(name: &str) -> bool {
    name.ends_with(".nemo") || name.ends_with(".mar")
}

/// True when a link leads out of the folder, or is itself called so. A link counts from the folder that it stands in.
fn leads_out(from: &str, to: &str) -> bool {
    let parts = |path: &str| path.split('/').filter(|part| !matches!(*part, "" | ".")).count();
    let climbs = |depth: usize| {
        let mut depth = depth;
        to.split('/').any(|part| match part {
            "" | "." => false,
            ".." if depth == 0 => true,
            ".." => {
                depth -= 1;
                false
            }
            _ => {
                depth += 1;
                false
            }
        })
    };
    leaves(from) || to.starts_with('/') || climbs(parts(from).saturating_sub(1))
}

/// Tells of a member that is unpacked to another place; of each name once.
pub(super) fn tell_outside(blob: &Blob<'_>, name: &str, walk: &mut Walk<'_>) {
    const MOST: usize = 100;
    let known = walk
        .findings
        .found
        .iter()
        .filter(|found| found.rule.id == rules::OUTSIDE.id);
    if known.clone().count() >= MOST || known.clone().any(|found| found.value.expose() == name.as_bytes()) {
        return;
    }
    let shown = ward_formats::pickle::plain(name);
    walk.findings.found.push(Found {
        rule: &rules::OUTSIDE,
        severity: Severity::High,
        at: blob.place.clone(),
        note: format!("its member {shown} leads out of the folder that the archive is unpacked to").into(),
        details: Vec::new(),
        value: Value::new(name),
        more: More::default(),
    });
}

#[cfg(test)]
mod tests {
    use super::leads_out;

    #[test]
    fn links_count_from_their_folder() {
        for (from, to) in [
            ("w", "../w"),
            ("a/w", "../../w"),
            ("w", "/etc/passwd"),
            ("../w", "x"),
            ("a/w", "b/../../../w"),
        ] {
            assert!(leads_out(from, to), "{from} {to}");
        }
        for (from, to) in [("a/w", "../w"), ("./a/w", "../b/w"), ("w", "a/../w"), ("w", "a")] {
            assert!(!leads_out(from, to), "{from} {to}");
        }
    }
}
