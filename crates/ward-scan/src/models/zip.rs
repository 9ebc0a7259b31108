//! Zip archives: PyTorch, TorchScript, NumPy's npz, TorchServe, and whatever else is one.

use std::collections::BTreeSet;

use ward_evidence::{Location, Severity};
use ward_formats::{
    input::Input,
    zip::{self, Member, ZipFile},
};

use super::{
    HEAD, Walk, blob_at,
    formats::leaves,
    is_model_archive, is_model_name,
    packed::{Codec, unpack},
    pickle, rules, script, tar, torch,
};
use crate::{
    Blob,
    report::{Found, More, Value},
};

/// Most bytes of one member that are decompressed and held.
const LONGEST: u64 = 512 << 20;

/// In an archive of at most so many members, each is looked at whatever it is called.
const FEW: usize = 64;

/// True for a zip archive.
pub(super) fn sniffed(_: &Blob<'_>, head: &[u8]) -> bool {
    zip::is_zip(head)
}

/// True when an archive stands at the end of something else, where the readers of zip files look for it.
pub(super) fn at_the_end(blob: &Blob<'_>, is_model: bool) -> bool {
    let looked_at = if is_model || is_model_name(&blob.name()) {
        65_557
    } else {
        22
    };
    let start = blob.content.len().saturating_sub(looked_at);
    let Ok(tail) = blob.content.at(start, looked_at as usize) else {
        return false;
    };
    if !zip::ends_as_zip(&tail) {
        return false;
    }
    // The four bytes alone may be anything.
    ZipFile::read(&blob.content, zip::Limits { members: 1, gaps: 0 })
        .members
        .iter()
        .any(|member| member.listed)
}

/// Looks at every member.
pub(super) fn scan(blob: &Blob<'_>, walk: &mut Walk<'_>) {
    let archive = ZipFile::read(&blob.content, zip::Limits::MODEL);
    let names = || {
        archive
            .members
            .iter()
            .flat_map(|member| [Some(member.name.as_str()), member.other_name.as_deref()])
            .flatten()
    };
    let roots: Vec<String> = names()
        .filter_map(torch::root)
        .map(str::to_owned)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let is_model = is_model_name(&blob.name()) || !roots.is_empty() || names().any(is_model_name);
    lies(blob, &archive, is_model, walk);
    if tar::is_unpacked(&blob.name()) {
        for name in names().filter(|name| leaves(name)) {
            tar::tell_outside(blob, name, walk);
        }
    }
    let outer = (walk.script, walk.code);
    walk.code |= !roots.is_empty() || is_model_archive(&blob.name(), names());
    walk.script = roots.iter().any(|root| {
        names().any(|name| {
            name.strip_prefix(root.as_str())
                .is_some_and(|rest| rest == "constants.pkl" || rest.starts_with("code/"))
        })
    });
    let mut seen = BTreeSet::new();
    for member in &archive.members {
        if !seen.insert((member.data, member.compressed, member.method, &member.name)) {
            continue;
        }
        let skip = torch::is_storage(&roots, &member.name)
            && member
                .other_name
                .as_deref()
                .is_none_or(|name| torch::is_storage(&roots, name));
        if skip
            || member.name.ends_with('/') && member.compressed == 0
            || !is_model && archive.members.len() > FEW && is_plain_name(&member.name)
        {
            continue;
        }
        look(blob, member, is_model, walk);
    }
    (walk.script, walk.code) = outer;
    if let Some((end, comment)) = archive.end {
        after(blob, end, comment, walk);
    }
}

/// Looks at what stands after the archive: its comment, or something that was appended.
pub(super) fn after(blob: &Blob<'_>, end: u64, comment: u64, walk: &mut Walk<'_>) {
    let rest = blob.content.part(end, u64::MAX);
    let is_comment = |bytes: &[u8]| {
        str::from_utf8(bytes)
            .is_ok_and(|text| !text.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t')))
    };
    let text = rest.len() == comment && rest.at(0, 65_535).is_ok_and(|bytes| is_comment(&bytes));
    let at = pickle::skip_padding(blob.content, end);
    let rest = blob.content.part(at, u64::MAX);
    if rest.is_empty() {
        return;
    }
    let place = blob.place.clone().inside(&format!("bytes@{at}"));
    if !walk.inside(&blob_at(place, rest)) && !text {
        pickle::tail(blob.content, at, &blob.place, "the archive", walk);
    }
}

/// Endings of files that no loader of models takes for one, in archives that hold no model.
fn is_plain_name(name: &str) -> bool {
    let ending = name
        .rsplit(['/', '\\'])
        .next()
        .and_then(|name| name.rsplit_once('.'))
        .map(|(_, ending)| ending.to_ascii_lowercase());
    let known = [
        "py", "pyi", "txt", "md", "rst", "html", "htm", "css", "js", "ts", "json", "yaml", "yml", "toml", "cfg", "ini",
        "csv", "xml", "svg", "png", "jpg", "jpeg", "gif", "c", "h", "cc", "cpp", "hpp", "java", "class", "so", "dll",
        "rs", "go", "sh", "po", "mo", "ttf", "woff",
    ];
    ending.is_some_and(|ending| known.contains(&ending.as_str()))
}

/// Reports where the archive's accounts of itself differ.
fn lies(blob: &Blob<'_>, archive: &ZipFile, is_model: bool, walk: &mut Walk<'_>) {
    let mut told = BTreeSet::new();
    for problem in archive.problems.iter().filter(|problem| problem.broken) {
        if !told.insert(problem.what) {
            continue;
        }
        if archive.members.is_empty() || problem.what.contains("budget") || problem.what.contains("could not be read") {
            walk.findings
                .not_examined(blob.place.clone(), format!("{} ({})", problem.what, problem.place));
        } else if is_model {
            lie(
                walk,
                &blob.place,
                problem.what,
                format!("{} ({})", problem.what, problem.place),
            );
        }
    }
}

fn lie(walk: &mut Walk<'_>, place: &Location, what: &str, note: String) {
    let known = walk
        .findings
        .found
        .iter()
        .any(|found| found.at == *place && found.value.expose() == what.as_bytes());
    if !known {
        walk.findings.found.push(Found {
            rule: &rules::LIES,
            severity: Severity::Medium,
            at: place.clone(),
            note: note.into(),
            details: Vec::new(),
            value: Value::new(what),
            more: More::default(),
        });
    }
}

fn codec(method: u16, member: &Member) -> Option<Codec> {
    Some(match method {
        0 => Codec::Stored,
        8 => Codec::Deflate,
        12 => Codec::Bzip2,
        // Bit 1 of the flags: the stream says itself where it ends.
        14 => Codec::ZipLzma(if member.flags & 2 != 0 { u64::MAX } else { member.size }),
        93 => Codec::Zstd,
        95 => Codec::Xz,
        _ => return None,
    })
}

/// Looks at one member by each account of how it is compressed.
fn look(blob: &Blob<'_>, member: &Member, is_model: bool, walk: &mut Walk<'_>) {
    let place = blob.place.clone().inside(&member.name);
    let content = member.content(&blob.content);
    let mut methods = vec![member.method];
    methods.extend(member.other_method);
    // Last, as they are: for readers that ignore a method that makes no sense.
    methods.push(0);
    methods.dedup();
    let encrypted = member.flags & 1 != 0;
    let mut readable = member.compressed == 0;
    let mut known = false;
    for method in methods {
        let Some(codec) = codec(method, member) else { continue };
        if codec == Codec::Stored {
            let declared = method == member.method || member.other_method == Some(method);
            if declared || !readable {
                readable |= declared && !encrypted;
                known |= one(content, &place, member, walk);
            }
            continue;
        }
        let first = unpack(codec, content, HEAD as u64);
        if first.bytes.is_empty() && first.broken {
            continue;
        }
        readable = true;
        let native = walk.code && script::is_native(&first.bytes);
        if !native && !Walk::may_be_known(&place, &first) && !wants_source(member, walk) {
            continue;
        }
        let whole = if first.more {
            unpack(codec, content, LONGEST.min(walk.left()))
        } else {
            first
        };
        walk.spend(whole.bytes.len());
        if whole.more {
            walk.findings.not_examined(
                place.clone(),
                "it decompresses to more than is looked at; the rest was left",
            );
        } else if whole.broken {
            walk.findings.not_examined(
                place.clone(),
                "its compressed bytes are broken or cut; the rest was left",
            );
        } else if member.crc.is_some_and(|crc| crc != sum(&whole.bytes)) {
            lie(
                walk,
                &place,
                "checksum",
                "its checksum is wrong: readers that check refuse it, others load it".to_owned(),
            );
        }
        known |= one(Input::of_bytes(&whole.bytes), &place, member, walk);
    }
    if encrypted && known {
        lie(
            walk,
            &place,
            "encrypted",
            "it is said to be encrypted and is not: readers that believe it see nothing".to_owned(),
        );
    } else if (encrypted || !readable) && (is_model || is_model_name(&member.name)) {
        let why = if encrypted {
            "it is encrypted"
        } else {
            "it is compressed in a way that cannot be read"
        };
        walk.findings.not_examined(place, why);
    }
}

/// True for source code beside weights.
fn wants_source(member: &Member, walk: &Walk<'_>) -> bool {
    walk.code && script::is_source(&member.name) || script::is_settings(&member.name, &[])
}

/// Looks at the bytes of a member. True when they are of a known format.
fn one(content: Input<'_>, place: &Location, member: &Member, walk: &mut Walk<'_>) -> bool {
    let inner = blob_at(place.clone(), content);
    if wants_source(member, walk) {
        script::scan(&inner, walk);
        return true;
    }
    if walk.code && content.at(0, 1024).is_ok_and(|head| script::is_native(&head)) {
        script::native(&inner, walk);
        return true;
    }
    let before = walk.findings.found.len();
    let known = walk.inside(&inner);
    if let Some(other) = member
        .other_name
        .as_deref()
        .filter(|_| walk.findings.found.len() > before)
    {
        for found in walk.findings.found.iter_mut().skip(before) {
            let shown = ward_formats::pickle::plain(other);
            found.details.push(format!("its other name in the archive: {shown}"));
        }
    }
    // Stored members are not decompressed, so that their checksum is made here when there is something to read.
    if known
        && member.method == 0
        && content.len() <= 16 << 20
        && let (Some(crc), Ok(Some(bytes))) = (member.crc, content.whole(16 << 20))
        && crc != sum(&bytes)
        && member.flags & 1 == 0
    {
        lie(
            walk,
            place,
            "checksum",
            "its checksum is wrong: readers that check refuse it, others load it".to_owned(),
        );
    }
    known
}

/// The checksum of the zip format.
fn sum(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}
