use std::{fs, io::Write as _, path::Path};

use super::*;
use crate::{
    Report,
    scan::tests::{places, scan_with, settings},
    source::git::{lookup::Lookup, refs},
};

/// An id for a test's object. Ward compares ids and does not compute them.
fn id_of(kind: &str, bytes: &[u8]) -> Vec<u8> {
    hash::sha256_parts(&[kind.as_bytes(), b"\0", bytes])[..20].to_vec()
}

fn pack_bytes(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A repository made by hand.
struct Made {
    folder: tempfile::TempDir,
}

impl Made {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let git = folder.path().join(".git");
        for name in ["objects/pack", "refs/heads"] {
            fs::create_dir_all(git.join(name)).unwrap();
        }
        fs::write(git.join("HEAD"), "ref: refs/heads/main\n").unwrap();
        Self { folder }
    }

    fn git(&self) -> std::path::PathBuf {
        self.folder.path().join(".git")
    }

    fn object(&self, kind: &str, bytes: &[u8]) -> Vec<u8> {
        let id = id_of(kind, bytes);
        let hex = hash::hex(&id);
        let folder = self.git().join("objects").join(&hex[..2]);
        fs::create_dir_all(&folder).unwrap();
        let mut whole = format!("{kind} {}\0", bytes.len()).into_bytes();
        whole.extend(bytes);
        fs::write(folder.join(&hex[2..]), pack_bytes(&whole)).unwrap();
        id
    }

    fn tree(&self, entries: &[(&str, &str, Vec<u8>)]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (mode, name, id) in entries {
            bytes.extend(format!("{mode} {name}\0").bytes());
            bytes.extend(id);
        }
        self.object("tree", &bytes)
    }

    /// A commit of files, all at the top; the branch moves to it.
    fn commit(&self, number: i64, parents: &[&[u8]], files: &[(&str, &str)]) -> Vec<u8> {
        let entries: Vec<_> = files
            .iter()
            .map(|(name, text)| ("100644", *name, self.object("blob", text.as_bytes())))
            .collect();
        self.commit_tree(number, parents, &self.tree(&entries))
    }

    fn commit_tree(&self, number: i64, parents: &[&[u8]], tree: &[u8]) -> Vec<u8> {
        let mut text = format!("tree {}\n", hash::hex(tree));
        for parent in parents {
            text += &format!("parent {}\n", hash::hex(parent));
        }
        let time = 1_700_000_000 + number;
        text += &format!("author Ann <a@b> {time} +0000\ncommitter Ann <a@b> {time} +0000\n\nnumber {number}\n");
        let id = self.object("commit", text.as_bytes());
        fs::write(self.git().join("refs/heads/main"), hash::hex(&id)).unwrap();
        id
    }

    fn repository(&self) -> Repository {
        Repository::find(self.folder.path()).unwrap()
    }

    fn scan(&self) -> Report {
        self.scan_range(None)
    }

    fn scan_range(&self, range: Option<&str>) -> Report {
        scan_with(&settings(), |scanner| {
            super::scan(&self.repository(), range, 2, None, scanner).unwrap()
        })
    }

    /// Puts blobs into a pack: the first whole, each next one as a delta to the one before.
    fn chain(&self, texts: &[String]) {
        let mut pack = b"PACK\0\0\0\x02".to_vec();
        pack.extend(u32::try_from(texts.len()).unwrap().to_be_bytes());
        let mut rows: Vec<(Vec<u8>, u32)> = Vec::new();
        for (at, text) in texts.iter().enumerate() {
            let start = pack.len();
            match at.checked_sub(1) {
                None => push_entry(&mut pack, 3, &[], text.as_bytes()),
                Some(before) => {
                    let distance = u32::try_from(start).unwrap() - rows[before].1;
                    push_entry(&mut pack, 6, &offset(distance), &difference(&texts[before], text));
                }
            }
            rows.push((id_of("blob", text.as_bytes()), u32::try_from(start).unwrap()));
        }
        pack.extend([0; 20]);
        rows.sort();
        let mut index = b"\xfftOc\0\0\0\x02".to_vec();
        for first in 0..=255 {
            let count = rows.iter().filter(|(id, _)| id[0] <= first).count();
            index.extend(u32::try_from(count).unwrap().to_be_bytes());
        }
        index.extend(rows.iter().flat_map(|(id, _)| id.clone()));
        index.extend(vec![0; rows.len() * 4]);
        index.extend(rows.iter().flat_map(|(_, offset)| offset.to_be_bytes()));
        index.extend([0; 40]);
        fs::write(self.git().join("objects/pack/pack-1.pack"), pack).unwrap();
        fs::write(self.git().join("objects/pack/pack-1.idx"), index).unwrap();
    }
}

fn push_entry(pack: &mut Vec<u8>, kind: u8, base: &[u8], bytes: &[u8]) {
    let (mut size, mut byte) = (bytes.len() >> 4, kind << 4 | (bytes.len() & 15) as u8);
    while size > 0 {
        pack.push(byte | 0x80);
        byte = (size & 0x7f) as u8;
        size >>= 7;
    }
    pack.push(byte);
    pack.extend(base);
    pack.extend(pack_bytes(bytes));
}

/// A distance as packs write it.
fn offset(mut distance: u32) -> Vec<u8> {
    let mut bytes = vec![(distance & 0x7f) as u8];
    while distance >> 7 > 0 {
        distance = (distance >> 7) - 1;
        bytes.push(0x80 | (distance & 0x7f) as u8);
    }
    bytes.reverse();
    bytes
}

fn size(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value > 0x7f {
        bytes.push(0x80 | (value & 0x7f) as u8);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

/// A delta: what both begin with is copied, the rest is inserted.
fn difference(base: &str, text: &str) -> Vec<u8> {
    let same = base
        .bytes()
        .zip(text.bytes())
        .take_while(|(a, b)| a == b)
        .count()
        .min(0xffff);
    let mut delta = [size(base.len()), size(text.len())].concat();
    if same > 0 {
        delta.extend([0xb0, (same & 0xff) as u8, (same >> 8) as u8]);
    }
    for piece in text.as_bytes()[same..].chunks(127) {
        delta.push(piece.len() as u8);
        delta.extend(piece);
    }
    delta
}

#[test]
fn a_secret_is_found_with_the_commit_that_brought_it_in() {
    let made = Made::new();
    let first = made.commit(1, &[], &[("a", "clean")]);
    let second = made.commit(2, &[&first], &[("a", "key=hidden-1")]);
    let third = made.commit(3, &[&second], &[("a", "\nkey=hidden-1"), ("b", "x")]);
    made.commit(4, &[&third], &[("a", "clean")]);
    let report = made.scan();
    assert_eq!(places(&report), ["a:1"]);
    let commit = report.findings[0].commit.as_ref().unwrap();
    assert_eq!(
        (commit.id.as_str(), commit.time, commit.author.as_str()),
        (hash::hex(&second).as_str(), 1_700_000_002, "Ann")
    );
    assert_eq!((report.stats.commits, report.stats.blobs), (4, 4));
    assert!(report.not_examined.is_empty());
}

#[test]
fn a_range_is_what_its_commits_brought_in() {
    let made = Made::new();
    let first = made.commit(1, &[], &[("a", "hidden-1")]);
    let second = made.commit(2, &[&first], &[("a", "hidden-1"), ("b", "hidden-2")]);
    made.commit(3, &[&second], &[("b", "hidden-2"), ("c", "hidden-3")]);
    let check = |range: &str, expect: &[&str]| assert_eq!(places(&made.scan_range(Some(range))), expect, "{range}");
    check("HEAD~1..HEAD", &["c:1"]);
    check("HEAD~2..main", &["b:1", "c:1"]);
    check("HEAD~1", &["a:1", "b:1"]);
    check("main^..", &["c:1"]);
    check(&format!("{}..main", hash::hex(&first)), &["b:1", "c:1"]);
    check(&format!("{}..main", &hash::hex(&first)[..8]), &["b:1", "c:1"]);
    let progress = Progress::default();
    let with = settings();
    let scanner = Scanner::new(&with, &progress);
    for bad in ["nothing", "HEAD~9", "a...b", "../config", "HEAD^2"] {
        let error = super::scan(&made.repository(), Some(bad), 1, None, &scanner).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Argument, "{bad}");
    }
}

#[test]
fn every_version_in_a_chain_of_deltas_is_seen_once() {
    let made = Made::new();
    let texts: Vec<String> = (0..40)
        .map(|n| format!("{}key=hidden-{n}\n", "same line\n".repeat(200 - n)))
        .collect();
    made.chain(&texts);
    let mut parent: Option<Vec<u8>> = None;
    for (number, text) in texts.iter().enumerate() {
        let tree = made.tree(&[("100644", "a", id_of("blob", text.as_bytes()))]);
        let parents: Vec<&[u8]> = parent.iter().map(Vec::as_slice).collect();
        parent = Some(made.commit_tree(i64::try_from(number).unwrap(), &parents, &tree));
    }
    let report = made.scan();
    assert_eq!((report.findings.len(), report.stats.blobs), (40, 40));
    assert!(report.not_examined.is_empty());
    // Each was brought in by its own commit.
    let mut times: Vec<_> = report
        .findings
        .iter()
        .map(|one| one.commit.as_ref().unwrap().time)
        .collect();
    times.sort_unstable();
    times.dedup();
    assert_eq!(times.len(), 40);
}

#[test]
fn a_single_object_is_what_the_history_has() {
    let made = Made::new();
    let texts: Vec<String> = (0..9)
        .map(|n| format!("{}{n}\n", "same line\n".repeat(90 - n)))
        .collect();
    made.chain(&texts);
    let loose = made.commit(1, &[], &[("a", "loose\n")]);
    let lookup = Lookup::open(&made.repository());
    for (number, text) in texts.iter().enumerate() {
        let id = id_of("blob", text.as_bytes());
        let found = lookup.read(&id, 1_000);
        assert_eq!(found, Some((Kind::Blob, text.clone().into_bytes())), "{number}");
        assert_eq!(lookup.read(&id, text.len() - 1), None, "larger than allowed: {number}");
    }
    assert_eq!(refs::reference("HEAD", &made.repository()).as_ref(), Some(&loose));
    let (kind, commit) = lookup.read(&loose, 1_000).unwrap();
    assert_eq!(kind, Kind::Commit);
    assert_eq!(lookup.read(&loose, commit.len() - 1), None);
    assert_eq!(lookup.read(&[7; 20], 1_000), None);
    // An index or a pack that lies harms nobody, and what comes out of it is never larger than allowed.
    for (name, keep) in [("pack-1.pack", 20), ("pack-1.idx", 40)] {
        let path = made.git().join("objects/pack").join(name);
        let whole = fs::read(&path).unwrap();
        for at in (0..whole.len() - keep).step_by(3) {
            let mut bad = whole.clone();
            bad[at] ^= 0x41;
            fs::write(&path, &bad).unwrap();
            let lookup = Lookup::open(&made.repository());
            for text in &texts {
                let found = lookup.read(&id_of("blob", text.as_bytes()), 1_000);
                assert!(found.is_none_or(|(_, bytes)| bytes.len() <= 1_000), "{name}, byte {at}");
            }
        }
        fs::write(&path, &whole).unwrap();
    }
}

#[test]
fn a_damaged_pack_is_told_and_what_is_whole_is_seen() {
    let made = Made::new();
    let texts: Vec<String> = (0..6)
        .map(|n| format!("line {}\nhidden-{n}\n", "x".repeat(n)))
        .collect();
    made.chain(&texts);
    let entries: Vec<(&str, String, Vec<u8>)> = texts
        .iter()
        .enumerate()
        .map(|(n, text)| ("100644", format!("f{n}"), id_of("blob", text.as_bytes())))
        .collect();
    let entries: Vec<_> = entries
        .iter()
        .map(|(mode, name, id)| (*mode, name.as_str(), id.clone()))
        .collect();
    made.commit_tree(1, &[], &made.tree(&entries));
    let path = made.git().join("objects/pack/pack-1.pack");
    let whole = fs::read(&path).unwrap();
    assert_eq!(made.scan().findings.len(), 6);
    for at in 0..whole.len() {
        let mut bad = whole.clone();
        bad[at] ^= 0x41;
        fs::write(&path, &bad).unwrap();
        let report = made.scan();
        // Bytes that nobody reads: the count in the pack's header, and the checksum at its end.
        let read = (12..whole.len() - 20).contains(&at) || at < 8;
        assert!(!read || report.findings.len() < 6, "byte {at}: {:?}", places(&report));
        assert!(!read || !report.not_examined.is_empty(), "byte {at}");
    }
    for cut in [0, 11, 12, 40, whole.len() - 21] {
        fs::write(&path, &whole[..cut]).unwrap();
        assert!(!made.scan().not_examined.is_empty(), "cut at {cut}");
    }
    fs::write(&path, &whole).unwrap();
    let index = made.git().join("objects/pack/pack-1.idx");
    let rows = fs::read(&index).unwrap();
    for at in (0..rows.len() - 40).step_by(3) {
        let mut bad = rows.clone();
        bad[at] ^= 0x55;
        fs::write(&index, &bad).unwrap();
        let _ = made.scan();
    }
    fs::remove_file(&index).unwrap();
    assert!(made.scan().not_examined.iter().any(|one| one.reason.contains("index")));
}

#[test]
fn what_the_history_names_and_does_not_have_is_told() {
    let made = Made::new();
    let nested = made.tree(&[("100644", "gone", vec![3; 20]), ("160000", "sub", vec![4; 20])]);
    let tree = made.tree(&[("40000", "d", nested), ("40000", "lost", vec![5; 20])]);
    made.commit_tree(1, &[&[9; 20]], &tree);
    let told: Vec<_> = made.scan().not_examined.iter().map(|one| one.at.path.clone()).collect();
    assert!(
        told.contains(&"d/gone".to_owned()) && told.contains(&"d/sub".to_owned()) && told.contains(&"lost".to_owned())
    );
    assert_eq!(told.len(), 4, "{told:?}");
    let told = made.scan_range(Some("main")).not_examined;
    assert!(
        told.iter().any(|one| one.reason.contains("parent is missing")),
        "of a range too"
    );
    fs::write(made.git().join("shallow"), "").unwrap();
    let report = made.scan();
    assert!(report.not_examined.iter().any(|one| one.reason.contains("shallow")));
}

#[test]
fn what_is_named_or_borrowed_and_not_there_is_told() {
    let made = Made::new();
    let commit = made.commit(1, &[], &[("a", "clean")]);
    assert!(made.scan().not_examined.is_empty());
    let told = || -> Vec<String> { made.scan().not_examined.iter().map(|one| one.at.path.clone()).collect() };
    let write = |name: &str, text: &str| fs::write(made.git().join(name), text).unwrap();
    write("refs/heads/gone", &"ab".repeat(20));
    assert_eq!(told(), [".git/refs/heads/gone"]);
    // Packed, and written over by a loose one that is there.
    write("refs/heads/gone", &hash::hex(&commit));
    write(
        "packed-refs",
        &format!(
            "# pack-refs\n{} refs/heads/gone\n{} refs/tags/v1\n^{}\n",
            "ab".repeat(20),
            "cd".repeat(20),
            "ef".repeat(20)
        ),
    );
    assert_eq!(told(), [".git/refs/tags/v1"]);
    fs::remove_file(made.git().join("packed-refs")).unwrap();
    write("HEAD", &"12".repeat(20));
    assert_eq!(told(), [".git/HEAD"]);
    write("HEAD", "ref: refs/heads/unborn\n");
    assert!(told().is_empty());
    // A tag that is there, of what is not.
    let tag = |named: &str| format!("object {named}\ntype commit\ntag v2\ntagger A <a@example.org> 1 +0000\n\nx\n");
    made.object("tag", tag(&hash::hex(&commit)).as_bytes());
    assert!(told().is_empty());
    let id = made.object("tag", tag(&"cd".repeat(20)).as_bytes());
    assert_eq!(told(), [format!(".git/objects/{}", hash::hex(&id))]);
    fs::create_dir_all(made.git().join("objects/info")).unwrap();
    write("objects/info/alternates", "/nowhere/objects\n");
    assert!(told().contains(&".git/objects/info/alternates".to_owned()));
}

#[test]
fn a_damaged_object_is_named() {
    let made = Made::new();
    let first = made.commit(1, &[], &[("a", "clean")]);
    made.commit(2, &[&first], &[("a", "clean too")]);
    let tree = made.object("tree", b"100644 without an end");
    let hex = hash::hex(&first);
    fs::write(made.git().join("objects").join(&hex[..2]).join(&hex[2..]), "junk").unwrap();
    for (range, expect) in [(None, &[&tree, &first][..]), (Some("main"), &[&first][..])] {
        let report = made.scan_range(range);
        for id in expect {
            let place = format!(".git/objects/{}", hash::hex(id));
            assert!(
                report.not_examined.iter().any(|one| one.at.path == place),
                "{range:?} {place}"
            );
        }
    }
}

#[test]
fn blobs_that_no_commit_reaches_and_blobs_under_two_names_are_seen() {
    let made = Made::new();
    let lost = made.object("blob", b"hidden-lost");
    let first = made.commit(1, &[], &[("a", "hidden-1")]);
    made.commit(2, &[&first], &[("renamed", "hidden-1")]);
    let report = made.scan();
    assert_eq!(
        places(&report),
        [
            format!(".git/objects/{}:1", hash::hex(&lost)),
            "a:1".to_owned(),
            "renamed:1".to_owned()
        ]
    );
    assert!(report.findings[0].commit.is_none());
    assert_eq!(report.findings[2].commit.as_ref().unwrap().time, 1_700_000_002);
}

#[test]
fn only_what_is_staged() {
    let made = Made::new();
    made.commit(1, &[], &[("same", "hidden-1"), ("changed", "clean")]);
    let mut index = b"DIRC\0\0\0\x02\0\0\0\x03".to_vec();
    for (name, text) in [("changed", "hidden-2"), ("new", "x\nhidden-3"), ("same", "hidden-1")] {
        let id = made.object("blob", text.as_bytes());
        let start = index.len();
        index.extend([0; 24]);
        index.extend(0o100_644_u32.to_be_bytes());
        index.extend([0; 12]);
        index.extend(id);
        index.extend(u16::try_from(name.len()).unwrap().to_be_bytes());
        index.extend(name.bytes());
        index.extend(vec![0; 8 - (index.len() - start) % 8]);
    }
    index.extend([0; 20]);
    fs::write(made.git().join("index"), index).unwrap();
    let report = scan_with(&settings(), |scanner| scan_staged(&made.repository(), scanner).unwrap());
    assert_eq!(places(&report), ["changed:1", "new:2"]);
    // In the history they have the places that they are staged for.
    assert_eq!(places(&made.scan()), ["changed:1", "new:2", "same:1"]);
    fs::write(made.folder.path().join("new"), "another").unwrap();
    let of = |path: &str| super::staged(&made.repository(), path).unwrap();
    assert_eq!(
        of("new").as_deref(),
        Some(b"x\nhidden-3".as_slice()),
        "not the work tree's"
    );
    assert_eq!(of("absent"), None);
}

#[test]
fn a_bare_repository_and_a_work_tree_elsewhere_are_found() {
    let made = Made::new();
    made.commit(1, &[], &[("a", "hidden-1")]);
    let bare = Repository::find(&made.git()).map(|one| one.work_tree);
    assert_eq!(bare, Some(Some(made.folder.path().canonicalize().unwrap())));
    let renamed = made.folder.path().join("bare.git");
    fs::rename(made.git(), &renamed).unwrap();
    let repository = Repository::find(&renamed).unwrap();
    assert!(repository.work_tree.is_none());
    let other = tempfile::tempdir().unwrap();
    let admin = renamed.join("worktrees/other");
    fs::create_dir_all(&admin).unwrap();
    fs::write(admin.join("commondir"), "../..\n").unwrap();
    fs::write(admin.join("HEAD"), "ref: refs/heads/main\n").unwrap();
    fs::write(other.path().join(".git"), format!("gitdir: {}\n", admin.display())).unwrap();
    let repository = Repository::find(other.path()).unwrap();
    let report = scan_with(&settings(), |scanner| {
        super::scan(&repository, Some("HEAD"), 1, None, scanner).unwrap()
    });
    assert_eq!(places(&report), ["a:1"]);
    assert!(Repository::find(Path::new("/")).is_none());
}

#[test]
fn what_was_clean_is_not_looked_at_again() {
    let made = Made::new();
    let first = made.commit(1, &[], &[("a", "hidden-1"), ("b", "clean")]);
    let kept = tempfile::tempdir().unwrap();
    let cache = |context: u8, key: u8| Cache {
        folder: kept.path().join("cache"),
        key: ward_seal::Secret32::new([key; 32]),
        context: [context; 32],
    };
    let scan = |context: u8, key: u8| {
        let report = scan_with(&settings(), |scanner| {
            super::scan(&made.repository(), None, 2, Some(&cache(context, key)), scanner).unwrap();
        });
        (
            places(&report).join(" "),
            report.stats.blobs,
            report.stats.cached,
            report,
        )
    };
    let (found, blobs, cached, before) = scan(1, 1);
    assert_eq!((found.as_str(), blobs, cached), ("a:1", 2, 0));
    // Nothing new: only what was found is looked at, and said the same.
    let (found, blobs, cached, after) = scan(1, 1);
    assert_eq!((found.as_str(), blobs, cached), ("a:1", 1, 1));
    assert_eq!(before.findings[0].commit, after.findings[0].commit);
    assert_eq!(before.findings[0].finding, after.findings[0].finding);
    assert_eq!(after.stats.commits, 1);
    // Something new, and the old blob under a new name.
    made.commit(
        2,
        &[&first],
        &[("a", "hidden-1"), ("b", "clean"), ("c", "hidden-3"), ("d", "clean")],
    );
    let (found, blobs, cached, _) = scan(1, 1);
    assert_eq!((found.as_str(), blobs, cached), ("a:1 c:1", 3, 0));
    assert_eq!(scan(1, 1).2, 1);
    // Other rules, another key, a changed file: as if there were none.
    assert_eq!(scan(2, 1).2, 0);
    assert_eq!(scan(2, 1).2, 1);
    assert_eq!(scan(2, 2).2, 0);
    let file = fs::read_dir(kept.path().join("cache"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let whole = fs::read(&file).unwrap();
    assert!(!String::from_utf8_lossy(&whole).contains("hidden"));
    for at in 0..whole.len() {
        let mut bad = whole.clone();
        bad[at] ^= 1;
        fs::write(&file, bad).unwrap();
        assert!(cache(2, 2).load(&made.repository()).is_none(), "byte {at}");
    }
}

#[test]
fn messages_of_commits_and_tags_are_looked_at() {
    let made = Made::new();
    let tree = made.tree(&[]);
    let person = "Ann <a@b> 1700000000 +0000";
    let text = format!(
        "tree {}\nauthor {person}\ncommitter {person}\n\nsubject\n\nuse hidden-1 now\n",
        hash::hex(&tree)
    );
    let commit = made.object("commit", text.as_bytes());
    let id = hash::hex(&commit);
    fs::write(made.git().join("refs/heads/main"), &id).unwrap();
    let text = format!("object {id}\ntype commit\ntag v1\ntagger {person}\n\nhidden-2\n");
    let tag = hash::hex(&made.object("tag", text.as_bytes()));
    let expect = [format!(".git/commit/{id}:3"), format!(".git/tag/{tag}:1")];
    let report = made.scan();
    assert_eq!(places(&report), expect);
    assert_eq!(report.findings[0].commit.as_ref().unwrap().id, id);
    assert!(report.findings[1].commit.is_none());
    // With a cache, what is found is found again.
    let kept = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        let cache = Cache {
            folder: kept.path().to_owned(),
            key: ward_seal::Secret32::new([1; 32]),
            context: [1; 32],
        };
        let report = scan_with(&settings(), |scanner| {
            super::scan(&made.repository(), None, 1, Some(&cache), scanner).unwrap()
        });
        assert_eq!(places(&report), expect);
    }
}

#[test]
fn files_that_are_as_a_revision_has_them_are_known() {
    let made = Made::new();
    made.commit(1, &[], &[("a", "one"), ("b", "two")]);
    let repository = made.repository();
    let before = crate::source::git::since::read(&repository, "main").unwrap();
    assert!(before.has("a", b"one") && before.has("b", b"two"));
    assert!(!before.has("a", b"two") && !before.has("c", b"one"));
    assert!(crate::source::git::since::read(&repository, "no-such").is_err());
}
