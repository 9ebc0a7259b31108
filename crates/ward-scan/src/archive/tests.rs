use std::io::Write as _;

use super::*;
use crate::{
    Blob, Report,
    scan::tests::{places, scan_with, settings},
};

/// A tar of files; the last may lie about its size.
pub(crate) fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, bytes) in files {
        push_member(&mut out, name, b'0', bytes);
    }
    out.extend([0; 1024]);
    out
}

fn push_member(out: &mut Vec<u8>, name: &str, kind: u8, bytes: &[u8]) {
    let mut block = [0; 512];
    block[..name.len().min(100)].copy_from_slice(&name.as_bytes()[..name.len().min(100)]);
    block[124..136].copy_from_slice(format!("{:011o}\0", bytes.len()).as_bytes());
    block[156] = kind;
    block[257..265].copy_from_slice(b"ustar\x0000");
    block[148..156].fill(b' ');
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    out.extend(block);
    out.extend(bytes);
    out.extend(vec![0; (512 - bytes.len() % 512) % 512]);
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ::bzip2::write::BzEncoder::new(Vec::new(), ::bzip2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Zstandard without compression: one raw block (RFC 8878, section 3.1.1.2).
fn zstd(bytes: &[u8]) -> Vec<u8> {
    let mut out = b"\x28\xb5\x2f\xfd".to_vec();
    out.push(0xa0);
    out.extend(u32::try_from(bytes.len()).unwrap().to_le_bytes());
    let header = u32::try_from(bytes.len()).unwrap() << 3 | 1;
    out.extend(&header.to_le_bytes()[..3]);
    out.extend(bytes);
    out
}

/// A zip; every member is deflated.
pub(crate) fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    zip_with(files, 0)
}

fn zip_with(files: &[(&str, &[u8])], flags: u16) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in files {
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).unwrap();
        let packed = encoder.finish().unwrap();
        let at = u32::try_from(out.len()).unwrap();
        let size = |len: usize| u32::try_from(len).unwrap().to_le_bytes();
        let mut shared = Vec::new();
        shared.extend([20, 0]);
        shared.extend(flags.to_le_bytes());
        shared.extend([8, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        shared.extend(size(packed.len()));
        shared.extend(size(bytes.len()));
        shared.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        shared.extend([0, 0]);
        out.extend(b"PK\x03\x04");
        out.extend(&shared);
        out.extend(name.bytes());
        out.extend(&packed);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&shared);
        directory.extend([0; 10]);
        directory.extend(at.to_le_bytes());
        directory.extend(name.bytes());
    }
    let start = u32::try_from(out.len()).unwrap();
    let count = u16::try_from(files.len()).unwrap().to_le_bytes();
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend([count, count].concat());
    out.extend(u32::try_from(directory.len()).unwrap().to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0, 0]);
    out
}

/// [`SECRET`] as `xz --format=lzma` writes it.
const LZMA: &[u8] = b"\x5d\x00\x00\x80\x00\xff\xff\xff\xff\xff\xff\xff\xff\x00\x05\x1b\xc9\xf4\xa1\x22\x6d\xcb\x75\x83\x46\x0c\xaa\x86\x73\x0d\x68\xc9\xff\xff\xac\x6c\x00\x00";

fn scan_one(name: &str, bytes: &[u8]) -> Report {
    scan_limited(name, bytes, Limits::default())
}

fn scan_limited(name: &str, bytes: &[u8], limits: Limits) -> Report {
    let with = crate::scan::Settings { limits, ..settings() };
    scan_with(&with, |scanner| {
        scanner.examine(&Blob::of_bytes(name, bytes), None);
    })
}

#[track_caller]
fn check(name: &str, bytes: &[u8], found: &[&str], told: &[&str]) {
    let report = scan_one(name, bytes);
    let paths: Vec<_> = report.not_examined.iter().map(|one| one.at.full_path()).collect();
    assert_eq!(
        (places(&report), paths),
        (
            found.iter().map(|s| (*s).to_owned()).collect(),
            told.iter().map(|s| (*s).to_owned()).collect()
        )
    );
}

const SECRET: &[u8] = b"\nkey=hidden-1\n";

#[test]
fn members_are_looked_at_whatever_holds_them() {
    check(
        "a.zip",
        &zip(&[("x", b"clean"), ("d/y", SECRET)]),
        &["a.zip!d/y:2"],
        &[],
    );
    check(
        "a.tar",
        &tar(&[("x", b"clean"), ("d/y", SECRET)]),
        &["a.tar!d/y:2"],
        &[],
    );
    check("a.tar.gz", &gzip(&tar(&[("y", SECRET)])), &["a.tar.gz!y:2"], &[]);
    check("a.tbz2", &bzip2(&tar(&[("y", SECRET)])), &["a.tbz2!y:2"], &[]);
    check("a.tar.zst", &zstd(&tar(&[("y", SECRET)])), &["a.tar.zst!y:2"], &[]);
    check("y.txt.gz", &gzip(SECRET), &["y.txt.gz!y.txt:2"], &[]);
    check("y.txt.lzma", LZMA, &["y.txt.lzma!y.txt:2"], &[]);
    check("strange", &gzip(SECRET), &["strange!content:2"], &[]);
    let two = [gzip(b"clean\n"), gzip(SECRET)].concat();
    check("two.gz", &two, &["two.gz!two:3"], &[]);
    let frames = [
        zstd(b"clean\n"),
        b"\x50\x2a\x4d\x18\x03\x00\x00\x00abc".to_vec(),
        zstd(SECRET),
    ]
    .concat();
    check("two.zst", &frames, &["two.zst!two:3"], &[]);
    // A layer of an image is a tar in a tar.
    let image = tar(&[("blobs/sha256/aa", &gzip(&tar(&[("app/.env", SECRET)])))]);
    check("image.tar", &image, &["image.tar!blobs/sha256/aa!app/.env:2"], &[]);
    // Bytes before a zip, as in a self-extracting one, are no zip by their first bytes; after a tar they are told.
    let after = [tar(&[("y", SECRET)]), vec![b'x'; 512]].concat();
    check("a.tar", &after, &["a.tar!y:2"], &["a.tar"]);
}

#[test]
fn comments_and_texts_beside_pictures_are_looked_at() {
    let mut archive = zip(&[("x", b"clean")]);
    let length = u16::try_from(SECRET.len()).unwrap().to_le_bytes();
    let at = archive.len() - 2;
    archive.splice(at.., length.into_iter().chain(SECRET.iter().copied()));
    check("a.zip", &archive, &["a.zip!headers of the archive:2"], &[]);
    let length = u32::try_from(SECRET.len() + 2).unwrap().to_be_bytes();
    let picture = [b"\x89PNG\r\n\x1a\n", &length[..], b"tEXtk\0", SECRET, &[0; 4]].concat();
    check("a.png", &picture, &["a.png!tEXt 1:2"], &[]);
    // What stands in a PDF as it is was found already.
    check("a.pdf", &[b"%PDF-1.7\n", SECRET].concat(), &["a.pdf:3"], &[]);
}

/// Where nobody looks: targets of links, records of pax, extra fields, names and comments of gzip, frames to be skipped.
#[test]
fn what_headers_say_is_looked_at() {
    let told = b"key=hidden-1";
    let mut linked = Vec::new();
    push_member(&mut linked, "l", b'2', b"");
    linked[157..157 + told.len()].copy_from_slice(told);
    linked[148..156].fill(b' ');
    let sum: u32 = linked[..512].iter().map(|byte| u32::from(*byte)).sum();
    linked[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    check("a.tar", &linked, &["a.tar!headers of the archive:1"], &[]);
    for kind in [b'x', b'g'] {
        let mut noted = Vec::new();
        push_member(&mut noted, "h", kind, b"25 comment=key=hidden-1 \n13 mtime=123\n");
        push_member(&mut noted, "y", b'0', SECRET);
        check("a.tar", &noted, &["a.tar!headers of the archive:1", "a.tar!y:2"], &[]);
    }
    // Times alone say nothing.
    let mut dull = Vec::new();
    push_member(&mut dull, "h", b'x', b"13 mtime=123\n");
    push_member(&mut dull, "y", b'0', SECRET);
    assert_eq!(scan_one("a.tar", &dull).stats.members, 1);
    // An extra field in the directory, which stands before the end record of 22 bytes.
    let mut archive = zip(&[("x", b"clean")]);
    let end = archive.len() - 22;
    let directory = memchr::memmem::rfind(&archive, b"PK\x01\x02").unwrap();
    let extra = [b"\x75\x70\x11\0\x01\0\0\0\0", &told[..]].concat();
    archive[directory + 30] = u8::try_from(extra.len()).unwrap();
    archive[end + 12] += u8::try_from(extra.len()).unwrap();
    archive.splice(end..end, extra);
    check("a.zip", &archive, &["a.zip!headers of the archive:1"], &[]);
    let named = |flags: u8, header: &[u8]| {
        let mut bytes = gzip(SECRET);
        bytes[3] = flags;
        bytes.splice(10..10, header.iter().copied());
        bytes
    };
    let both = ["a.gz!a:2", "a.gz!headers of the archive:1"];
    check("a.gz", &named(8, b"key=hidden-1\0"), &both, &[]);
    check("a.gz", &named(24, b"x\0key=hidden-1\0"), &both, &[]);
    check("a.gz", &named(4, b"\x10\0AB\x0c\0key=hidden-1"), &both, &[]);
    let frames = [&b"\x50\x2a\x4d\x18\x0c\0\0\0key=hidden-1"[..], &zstd(SECRET)].concat();
    check("a.zst", &frames, &["a.zst!a:2", "a.zst!headers of the archive:1"], &[]);
}

/// Members that the directory does not name, and bytes between members, are what anybody finds who looks.
#[test]
fn what_the_directory_does_not_name_is_seen() {
    let good = zip(&[("x", b"clean")]);
    let hidden = |flags: u16, packed: &[u8], method: u16| {
        let mut out = b"PK\x03\x04\x14\0".to_vec();
        out.extend(flags.to_le_bytes());
        out.extend(method.to_le_bytes());
        out.extend([0; 8]);
        let told = if flags & 8 == 0 {
            u32::try_from(packed.len()).unwrap()
        } else {
            0
        };
        out.extend(told.to_le_bytes());
        out.extend(u32::try_from(SECRET.len()).unwrap().to_le_bytes());
        out.extend([4, 0, 0, 0]);
        out.extend(b".env");
        out.extend(packed);
        out
    };
    let mut deflated = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
    deflated.write_all(SECRET).unwrap();
    let deflated = deflated.finish().unwrap();
    let name = "a.zip!.env (not in the directory):2";
    for before in [hidden(0, SECRET, 0), hidden(0, &deflated, 8), hidden(8, &deflated, 8)] {
        check("a.zip", &[before, good.clone()].concat(), &[name], &[]);
    }
    // Between the last member and the directory.
    let at = memchr::memmem::find(&good, b"PK\x01\x02").unwrap();
    let padding = vec![b' '; 40];
    let mut split = [&good[..at], &padding, b"\n", SECRET, &good[at..]].concat();
    let end = split.len() - 22;
    let moved = u32::try_from(at + padding.len() + 1 + SECRET.len()).unwrap();
    split[end + 16..end + 20].copy_from_slice(&moved.to_le_bytes());
    check("a.zip", &split, &["a.zip!bytes between members:3"], &[]);
    let mut padded = [&good[..at], &[0; 3000], &good[at..]].concat();
    let end = padded.len() - 22;
    padded[end + 16..end + 20].copy_from_slice(&u32::try_from(at + 3000).unwrap().to_le_bytes());
    check("a.zip", &padded, &[], &[]);
}

#[test]
fn long_names_and_links() {
    let long = format!("{}/y", "d".repeat(150));
    let mut out = Vec::new();
    push_member(&mut out, "././@LongLink", b'L', format!("{long}\0").as_bytes());
    push_member(&mut out, "short", b'0', SECRET);
    push_member(&mut out, "pax", b'x', b"15 path=p/axed\n");
    push_member(&mut out, "ignored", b'0', SECRET);
    push_member(&mut out, "link", b'2', b"");
    push_member(&mut out, "folder/", b'5', b"");
    push_member(&mut out, "sparse", b'S', b"xyz");
    check(
        "a.tar",
        &out,
        &[&format!("a.tar!{long}:2"), "a.tar!p/axed:2"],
        &["a.tar!sparse"],
    );
}

#[test]
fn what_cannot_be_opened_is_told() {
    check("a.zip", &zip_with(&[("x", SECRET)], 1), &[], &["a.zip!x"]);
    check("a.rar", b"Rar!\x1a\x07\x01\x00 and so on and on", &[], &["a.rar"]);
    check(
        "a.7z",
        b"7z\xbc\xaf\x27\x1c and then nothing of the kind",
        &[],
        &["a.7z"],
    );
    let whole = zip(&[("x", b"clean"), ("y", SECRET)]);
    check("a.zip", &whole[..whole.len() - 30], &[], &["a.zip"]);
    let packed = gzip(&tar(&[("x", b"clean"), ("y", SECRET)]));
    check("a.tgz", &packed[..packed.len() - 12], &["a.tgz!y:2"], &["a.tgz"]);
    check("a.gz", &gzip(SECRET)[..20], &[], &["a.gz!a"]);
    check("y.lzma", &LZMA[..24], &[], &["y.lzma!y"]);
    check("y.lz", b"LZIP\x01\x0c and so on and on", &[], &["y.lz"]);
}

#[test]
fn seven_zip() {
    let seed = |name: &str| {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/scan_archive");
        std::fs::read(folder.join(name)).unwrap()
    };
    for name in ["lzma2.7z", "bzip2.7z", "deflate.7z"] {
        check("a.7z", &seed(name), &["a.7z!d/two.txt:2"], &[]);
    }
    for name in ["endless.7z", "aes.7z", "zstd.7z", "cut.7z"] {
        let report = scan_one("a.7z", &seed(name));
        assert!(report.findings.is_empty() && !report.not_examined.is_empty(), "{name}");
    }
    let whole = seed("lzma2.7z");
    for at in 0..whole.len() {
        let mut bad = whole.clone();
        bad[at] ^= 0x11;
        let _ = scan_one("a.7z", &bad);
        let _ = scan_one("a.7z", &whole[..at]);
    }
}

#[test]
fn bombs_end_early() {
    let bomb = gzip(&vec![0; 12 << 20]);
    check("a.gz", &bomb, &[], &["a.gz!a"]);
    let report = scan_one("a.zip", &zip(&[("zeros", &vec![0; 12 << 20]), ("y", SECRET)]));
    assert_eq!(
        (places(&report), report.not_examined.len()),
        (vec!["a.zip!y:2".to_owned()], 1)
    );
    // More members than may be, together too large, too deep.
    let few = Limits {
        members: 2,
        ..Limits::default()
    };
    let report = scan_limited("a.zip", &zip(&[("1", b"a"), ("2", SECRET), ("3", SECRET)]), few);
    assert_eq!((places(&report).len(), report.not_examined.len()), (1, 1));
    let small = Limits {
        total_bytes: 3_000,
        ..Limits::default()
    };
    let report = scan_limited(
        "a.tar",
        &tar(&[("1", SECRET), ("2", &[b'x'; 4_000]), ("3", SECRET)]),
        small,
    );
    assert_eq!((places(&report).len(), report.not_examined.len()), (1, 1));
    let mut nested = SECRET.to_vec();
    for _ in 0..7 {
        nested = zip(&[("in", &nested)]);
    }
    let report = scan_one("a.zip", &nested);
    assert_eq!((places(&report).len(), report.not_examined.len()), (0, 1));
    // A zip whose members all name the same bytes.
    let one = Limits {
        member_bytes: 10,
        ..Limits::default()
    };
    let report = scan_limited("a.zip", &zip(&[("1", SECRET)]), one);
    assert_eq!(report.not_examined.len(), 1);
}

#[test]
fn no_damage_makes_it_panic_or_silent_about_the_archive() {
    let files: &[(&str, &[u8])] = &[("a", SECRET), ("b", b"some more text that is clean")];
    for (name, whole) in [
        ("a.zip", zip(files)),
        ("a.tar", tar(files)),
        ("a.tgz", gzip(&tar(files))),
        ("a.tzst", zstd(&tar(files))),
    ] {
        for at in (0..whole.len()).step_by(whole.len() / 60 + 1) {
            let mut bad = whole.clone();
            bad[at] ^= 0x81;
            let _ = scan_one(name, &bad);
            let _ = scan_one(name, &whole[..at]);
        }
    }
}

#[test]
fn a_zip_behind_a_program_is_opened_and_the_program_looked_at() {
    let zip = zip(&[("a/__main__.py", b"x = hidden-1"), ("b.txt", b"nothing")]);
    for before in [&b"#!/usr/bin/env python3\n"[..], b"MZ\0\0 y = hidden-2 \0\0"] {
        let whole = [before, &zip].concat();
        let report = scan_with(&settings(), |scanner| {
            scanner.examine(&Blob::of_bytes("app.pyz", &whole), None);
        });
        assert!(
            places(&report).contains(&"app.pyz!a/__main__.py:1".to_owned()),
            "{:?}",
            places(&report)
        );
        let own = places(&report).iter().any(|place| place.starts_with("app.pyz:"));
        assert_eq!(own, before.starts_with(b"MZ"));
    }
    // What only ends like one hides nothing, and is said.
    let end = &zip[zip.len() - 22..];
    let report = scan_with(&settings(), |scanner| {
        scanner.examine(&Blob::of_bytes("notes.txt", &[b"z = hidden-3\n", end].concat()), None);
    });
    assert_eq!(places(&report), ["notes.txt:1"]);
    assert_eq!(report.not_examined.len(), 1);
}
