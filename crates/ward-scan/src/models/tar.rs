//! Tar archives: NeMo, checkpoints of PyTorch before 0.2, and whatever else is one.

use ward_formats::tar;

use super::{Walk, blob_at, script};
use crate::Blob;

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
