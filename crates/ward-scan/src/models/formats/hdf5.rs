//! HDF5: numbers by name, with attributes beside them. Three things in it are more than numbers: configurations of Keras in the
//! attributes ([`super::keras`]), links to groups of other files, and datasets whose numbers stand in other files.
//!
//! The file is searched for the messages that say so, wherever its groups put them. Links in heaps that are compressed, and the
//! sources of virtual datasets, are not found.
//!
//! Source: HDF5 File Format Specification 3.0, II.A (superblock), III.D (local heaps), IV.A.2.g (link), IV.A.2.h (external data
//! files).

use std::{collections::BTreeSet, io, sync::LazyLock};

use aho_corasick::AhoCorasick;
use ward_evidence::{RuleMeta, Severity, controls::MOD_1A};

use super::{
    found,
    keras::{self, LONGEST, contains},
    leaves, not_read, shown,
};
use crate::{Blob, Findings};

/// Data from elsewhere.
pub(crate) static OUTSIDE: RuleMeta = RuleMeta {
    id: "models/hdf5-outside",
    severity: Severity::High,
    controls: &[MOD_1A],
    summary: "The HDF5 file takes groups or numbers from other files.",
    docs: "An external link leads to a group of another file, and external storage takes the numbers of a dataset out of any file of the \
        machine. Whoever loads the weights and passes them on passes that file on with them.\n\n\
        Example: a dataset whose storage is `/etc/passwd`. A file beside the model is told as medium.\n\n\
        Instead: do not load it; ask for a file that holds all of its numbers, or for safetensors.\n\n\
        Source: HDF5 File Format Specification, \"The Link Message\" and \"External Data Files Message\"; CWE-73.",
};

/// Bytes that are searched at a time.
const PIECE: usize = 4 << 20;

/// The most bytes of a file that are searched.
const MOST: u64 = 64 << 30;

/// How far what is looked for reaches at most: a configuration's beginning, a link with its names.
const OVERLAP: usize = 16 << 10;

/// The most bytes that are read of objects of JSON that do not end.
const MOST_VAIN: usize = 128 << 20;

/// The most local heaps that are known by their addresses.
const MOST_HEAPS: usize = 50_000;

/// The most outer files of a kind that are told of.
const MOST_FILES: usize = 1_000;

/// The most names that one list of outer files gives.
const MOST_NAMES: u64 = 500;

pub(super) const MAGIC: &[u8] = b"\x89HDF\r\n\x1a\n";

/// Where the file begins, behind a user block or at once.
fn base(head: &[u8]) -> Option<usize> {
    [0, 512, 1024, 2048]
        .into_iter()
        .find(|at| head.get(*at..).is_some_and(|rest| rest.starts_with(MAGIC)))
}

/// HDF5 by its magic, at the beginning or after a user block.
pub(crate) fn sniff(_: &Blob<'_>, head: &[u8]) -> bool {
    base(head).is_some()
}

/// Looks for configurations, and for links and storage outside.
pub(crate) fn scan(blob: &Blob<'_>, findings: &mut Findings) {
    let len = blob.content.len();
    if len > MOST {
        return findings.not_examined(blob.place.clone(), "the file is longer than 64 GiB");
    }
    let Ok(head) = blob.content.at(0, 4096) else {
        return not_read(blob, findings);
    };
    if offsets_are_odd(&head) {
        findings.not_examined(
            blob.place.clone(),
            "its addresses are not of 8 bytes: storage in other files was not looked for",
        );
    }
    let mut outside = Outside::default();
    let (mut at, mut after) = (0_u64, 0_u64);
    // Bytes that were read of objects that do not end.
    let mut vain = 0;
    while at < len {
        let Ok(piece) = blob.content.at(at, PIECE + OVERLAP) else {
            return not_read(blob, findings);
        };
        outside.look(&piece, at);
        for start in beginnings(&piece) {
            let start = at + start as u64;
            if start < after || vain > MOST_VAIN {
                continue;
            }
            match text_of(blob, start) {
                Ok(Text::Whole(json)) => {
                    after = start + json.len() as u64;
                    if keras::may_be_config(&json) && !keras::judge(blob, findings, &json) {
                        findings.not_examined(
                            blob.place.clone(),
                            "a configuration inside the file is no JSON that can be read",
                        );
                    }
                }
                // Bytes that begin as an object and are something else, or a text that no reader of JSON takes.
                Ok(Text::Cut(begun, end)) if end == End::Zero || !contains(&begun, b"class_name") => {
                    after = start + 1;
                    vain += begun.len();
                    if vain > MOST_VAIN {
                        findings.not_examined(
                            blob.place.clone(),
                            "it holds more that begins as a configuration and does not end than is followed",
                        );
                    }
                }
                Ok(Text::Cut(..)) => {
                    findings.not_examined(blob.place.clone(), "a configuration inside the file has no end");
                    return;
                }
                Err(_) => return not_read(blob, findings),
            }
        }
        at += PIECE as u64;
    }
    if outside.tell(blob, findings, base(&head).unwrap_or(0) as u64).is_err() {
        not_read(blob, findings);
    }
}

/// Whether the superblock says that addresses have a size other than the usual.
fn offsets_are_odd(head: &[u8]) -> bool {
    let superblock = base(head).and_then(|base| head.get(base..)).unwrap_or_default();
    let at = if superblock.get(8).is_some_and(|version| *version < 2) {
        13
    } else {
        9
    };
    superblock.get(at).is_some_and(|size| matches!(size, 2 | 4 | 16 | 32))
}

/// The beginnings of a local heap and of a link of the outer kind (version 1, flags, type 64).
static MARKS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let flags = (0x08..=0x0f).chain(0x18..=0x1f_u8);
    let mut marks: Vec<Vec<u8>> = flags.map(|flags| vec![1, flags, OUTER]).collect();
    marks.push(HEAP.to_vec());
    AhoCorasick::new(marks).ok()
});

const HEAP: &[u8] = b"HEAP";
/// What a list of outer files begins with: its version and nothing.
const LIST: &[u8] = &[1, 0, 0, 0];
/// Bytes of a list before the address of the heap that has its names.
const BEFORE_HEAP: usize = 8;
/// The type of an outer link.
const OUTER: u8 = 64;

/// What the file takes from others, as far as it was searched.
#[derive(Default)]
struct Outside {
    /// The files that links lead to.
    links: Files,
    /// Where local heaps may begin, in bytes of the file.
    heaps: BTreeSet<u64>,
    /// There was more than is told of.
    cut: bool,
}

impl Outside {
    /// Looks through a piece that begins at byte `at` of a file.
    fn look(&mut self, piece: &[u8], at: u64) {
        let Some(marks) = MARKS.as_ref() else { return };
        for mark in marks.find_iter(piece).take_while(|mark| mark.start() < PIECE) {
            let rest = piece.get(mark.start()..).unwrap_or_default();
            if rest.starts_with(HEAP) {
                self.cut |= self.heaps.len() >= MOST_HEAPS;
                if !self.cut {
                    self.heaps.insert(at + mark.start() as u64);
                }
            } else if let Some(file) = link(rest.get(..OVERLAP).unwrap_or(rest)) {
                self.cut |= !self.links.keep(file);
            }
        }
    }

    /// The outer files of datasets: their lists are found by the addresses of the heaps that have the names, which count from `base`.
    fn stored(&mut self, blob: &Blob<'_>, base: u64) -> io::Result<Files> {
        let mut files = Files::default();
        let addresses: Vec<[u8; 8]> = self
            .heaps
            .iter()
            .filter_map(|at| Some(at.checked_sub(base)?.to_le_bytes()))
            .collect();
        let heaps = match AhoCorasick::new(&addresses) {
            Ok(heaps) if !addresses.is_empty() => heaps,
            _ => return Ok(files),
        };
        let mut at = 0;
        while at < blob.content.len() {
            let piece = blob.content.at(at, PIECE + OVERLAP)?;
            for heap in heaps.find_overlapping_iter(&piece) {
                let before = heap.start().checked_sub(BEFORE_HEAP);
                let list = before.and_then(|start| list(piece.get(start..heap.start())?, piece.get(heap.start()..)?));
                let Some((heap, used, names)) = list else { continue };
                self.cut |= used > names.len() as u64;
                for name in names {
                    if let Some(file) = name_in(blob, base, heap, name)? {
                        self.cut |= !files.keep(file);
                    }
                }
            }
            at += PIECE as u64;
        }
        Ok(files)
    }

    /// Reports what was found. `base` is where the addresses of the file count from.
    fn tell(mut self, blob: &Blob<'_>, findings: &mut Findings, base: u64) -> io::Result<()> {
        let stored = self.stored(blob, base)?;
        if self.cut {
            findings.not_examined(
                blob.place.clone(),
                "it names more other files, or has more groups, than are followed",
            );
        }
        let kinds = [
            ("a link leads to", &self.links),
            ("a dataset takes its numbers from", &stored),
        ];
        for (says, files) in kinds {
            let outside = files.outside.iter().map(|file| (file, Severity::High));
            for (file, severity) in outside.chain(files.beside.iter().map(|file| (file, Severity::Medium))) {
                let note = format!("{says} the file {}", shown(file));
                found(blob, findings, &OUTSIDE, severity, note, file);
            }
        }
        Ok(())
    }
}

/// Names of other files.
#[derive(Default)]
struct Files {
    /// Out of the model's folder.
    outside: BTreeSet<String>,
    beside: BTreeSet<String>,
}

impl Files {
    /// False: there are more than are kept.
    fn keep(&mut self, file: String) -> bool {
        let kind = if leaves(&file) {
            &mut self.outside
        } else {
            &mut self.beside
        };
        let room = kind.len() < MOST_FILES || kind.contains(&file);
        if room {
            kind.insert(file);
        }
        room
    }
}

/// Takes a number of `width` bytes, least first, off the front.
fn take(rest: &mut &[u8], width: usize) -> Option<u64> {
    let (number, after) = rest.split_at_checked(width)?;
    *rest = after;
    number
        .iter()
        .rev()
        .try_fold(0_u64, |sum, byte| sum.checked_mul(256)?.checked_add(u64::from(*byte)))
}

/// The file of an outer link whose message begins here: its name, then two bytes of length, a byte that is 0, and two strings that end
/// with 0, the file and the path in it.
fn link(message: &[u8]) -> Option<String> {
    let flags = *message.get(1)?;
    let mut rest = message.get(3..)?;
    if flags & 4 != 0 {
        take(&mut rest, 8)?;
    }
    if flags & 16 != 0 && take(&mut rest, 1)? > 1 {
        return None;
    }
    let name = take(&mut rest, 1 << (flags & 3))?;
    let (name, after) = rest.split_at_checked(usize::try_from(name).ok()?)?;
    rest = after;
    let size = usize::try_from(take(&mut rest, 2)?).ok()?;
    let [0, strings @ .., 0] = rest.get(..size)? else {
        return None;
    };
    let (file, path) = strings.split_at_checked(memchr::memchr(0, strings)?)?;
    let said = |text: &[u8]| !text.is_empty() && !text.iter().any(|byte| byte.is_ascii_control());
    (said(name) && said(file) && said(path.get(1..)?)).then(|| String::from_utf8_lossy(file).into_owned())
}

/// A list of outer files, from its beginning and from the address of its heap on: that address, how
/// many names there are, and where they stand in the heap.
fn list(begin: &[u8], mut rest: &[u8]) -> Option<(u64, u64, Vec<u64>)> {
    let mut counts = begin.strip_prefix(LIST)?;
    let (room, used) = (take(&mut counts, 2)?, take(&mut counts, 2)?);
    let heap = take(&mut rest, 8)?;
    let mut names = Vec::new();
    for _ in 0..used.min(MOST_NAMES) {
        let Some(name) = take(&mut rest, 8) else { break };
        names.push(name);
        // Where the numbers begin in that file, and how many they are.
        take(&mut rest, 16);
    }
    (1..=room).contains(&used).then_some((heap, used, names))
}

/// The name at a place of a local heap.
fn name_in(blob: &Blob<'_>, base: u64, heap: u64, name: u64) -> io::Result<Option<String>> {
    let header = blob.content.at(base + heap, 32)?;
    let mut rest = header.get(24..).unwrap_or_default();
    let place = take(&mut rest, 8).and_then(|data| base.checked_add(data)?.checked_add(name));
    let Some(place) = place.filter(|place| *place < blob.content.len()) else {
        return Ok(None);
    };
    let text = blob.content.at(place, 1024)?;
    let text = text.split(|byte| *byte == 0).next().unwrap_or_default();
    Ok((!text.is_empty()).then(|| String::from_utf8_lossy(text).into_owned()))
}

/// An object of JSON in the file.
enum Text {
    Whole(Vec<u8>),
    /// What there is of one that does not end, and what ends it.
    Cut(Vec<u8>, End),
}

/// What stands where an object of JSON goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// A byte of zero, which no JSON has.
    Zero,
    /// The end of the file, or of what is read of one.
    File,
}

/// Reads the object that begins at `start`, a little at first. HDF5 stores a string attribute as it is, so the JSON stands in
/// the file in one piece.
fn text_of(blob: &Blob<'_>, start: u64) -> io::Result<Text> {
    let mut longest = 64 << 10;
    loop {
        let text = blob.content.at(start, longest)?;
        if let Some(json) = object(&text) {
            return Ok(Text::Whole(json.to_vec()));
        }
        let end = memchr::memchr(0, &text).unwrap_or(text.len());
        if end < text.len() || text.len() < longest || longest >= LONGEST {
            let ends = if end < text.len() { End::Zero } else { End::File };
            return Ok(Text::Cut(text.get(..end).unwrap_or_default().to_vec(), ends));
        }
        longest = longest.saturating_mul(8).min(LONGEST);
    }
}

/// Longest beginning of an object that is looked at: a brace, white space, a key, a colon.
const OPENING: usize = 160;

/// Where an object of JSON may begin: `{`, a key in quotes, `:`, with white space between them.
fn beginnings(piece: &[u8]) -> Vec<usize> {
    let begins = |at: usize| {
        let rest = piece.get(at + 1..(at + OPENING).min(piece.len())).unwrap_or_default();
        let key = rest.trim_ascii_start().strip_prefix(b"\"")?;
        let end = memchr::memchr(b'"', key)?;
        let (key, after) = key.split_at_checked(end)?;
        let plain = !key.is_empty() && key.iter().all(|byte| matches!(byte, b' '..=b'~'));
        let colon = after.get(1..).unwrap_or_default().trim_ascii_start().starts_with(b":");
        (plain && colon).then_some(())
    };
    memchr::memchr_iter(b'{', piece)
        .take_while(|start| *start < PIECE)
        .filter(|start| begins(*start).is_some())
        .collect()
}

/// The JSON object that `text` begins with.
fn object(text: &[u8]) -> Option<&[u8]> {
    let (mut depth, mut quoted, mut escaped) = (0_u32, false, false);
    for (at, byte) in text.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' if !quoted => depth += 1,
            b'}' if !quoted => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return text.get(..=at);
                }
            }
            0 => return None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A link message to `file`, with the flags that h5py writes.
    fn link_to(file: &str) -> Vec<u8> {
        let mut message = vec![1, 0x18, OUTER, 1, 1, b'w'];
        message.extend(u16::try_from(file.len() + 5).unwrap().to_le_bytes());
        message.push(0);
        message.extend(file.as_bytes());
        message.extend(b"\0/x\0");
        message
    }

    /// A list of one outer file, and the heap that has its name.
    fn stored_in(file: &str, before: usize) -> Vec<u8> {
        let heap = (before + 40) as u64;
        let mut bytes = [LIST, &[1, 0, 1, 0]].concat();
        bytes.extend(heap.to_le_bytes());
        bytes.extend(8_u64.to_le_bytes());
        bytes.resize(40, 0);
        bytes.extend([HEAP, &[0; 4]].concat());
        bytes.extend([24_u64, 1, heap + 32].map(u64::to_le_bytes).concat());
        bytes.extend([0; 8]);
        bytes.extend(file.as_bytes());
        bytes.push(0);
        bytes
    }

    fn said(parts: &[&[u8]]) -> (Vec<Severity>, usize) {
        let bytes = [&[MAGIC, &[0; 3000]].concat(), parts.concat().as_slice()].concat();
        let mut findings = Findings::default();
        scan(&Blob::of_bytes("m.h5", &bytes), &mut findings);
        let found = findings.found.iter().map(|one| one.severity).collect();
        (found, findings.not_examined.len())
    }

    #[test]
    fn links_and_storage_outside_are_told() {
        let before = MAGIC.len() + 3000;
        for (part, expect) in [
            (link_to("../../secrets.h5"), vec![Severity::High]),
            (link_to("/data/x.h5"), vec![Severity::High]),
            (link_to("weights.h5"), vec![Severity::Medium]),
            (stored_in("/etc/passwd", before), vec![Severity::High]),
            (stored_in("raw.bin", before), vec![Severity::Medium]),
            // Cut, or lengths that do not fit.
            (link_to("x.h5").split_off(1), vec![]),
            ([&link_to("x.h5")[..10], &[0; 20]].concat(), vec![]),
            (stored_in("raw.bin", before + 8), vec![]),
        ] {
            assert_eq!(said(&[&part, &[0; 600]]), (expect, 0), "{part:?}");
        }
        // Across the pieces in which a file is read.
        let far = vec![7; PIECE - before - 5];
        assert_eq!(said(&[&far, &link_to("/data/x.h5")]).0, [Severity::High]);
    }

    #[test]
    fn numbers_are_no_lists() {
        let ones: Vec<u8> = (0..200_000_u32).flat_map(|n| (n % 3).to_le_bytes()).collect();
        let halves: Vec<u8> = (0..60_000_u16)
            .flat_map(|n| (f32::from(n) * 0.5).to_le_bytes())
            .collect();
        assert_eq!(said(&[&ones, &halves]), (vec![], 0));
    }

    #[test]
    fn much_is_bounded_and_what_leaves_is_told_first() {
        let many: Vec<u8> = (0..3_000).flat_map(|n| link_to(&format!("w{n}.h5"))).collect();
        let (found, not_examined) = said(&[&many, &link_to("../x.h5")]);
        assert_eq!(
            (found.first(), found.len(), not_examined),
            (Some(&Severity::High), 1 + MOST_FILES, 1)
        );
        let hollow = [1, 0x0a, OUTER].repeat(1 << 18);
        assert_eq!(said(&[&hollow]), (vec![], 0));
    }

    #[test]
    fn every_name_of_a_list_is_read() {
        let before = MAGIC.len() + 3000;
        let heap = (before + 80) as u64;
        let mut bytes = [LIST, &[2, 0, 2, 0]].concat();
        bytes.extend(heap.to_le_bytes());
        for name in [8_u64, 16] {
            bytes.extend([name, 0, 9].map(u64::to_le_bytes).concat());
        }
        bytes.resize(80, 0);
        bytes.extend([HEAP, &[0; 4]].concat());
        bytes.extend([40_u64, 1, heap + 32].map(u64::to_le_bytes).concat());
        bytes.extend(b"\0\0\0\0\0\0\0\0raw.bin\0/etc/passwd\0");
        assert_eq!(said(&[&bytes, &[0; 100]]).0, [Severity::High, Severity::Medium]);
    }

    #[test]
    fn beginnings_without_an_end_are_bounded() {
        let many = [MAGIC, &b"{\"a\":".repeat(1_000_000)].concat();
        let config = br#"{"class_name":"Lambda","config":{}}"#;
        for (bytes, found, not_examined) in [
            (many.clone(), 0, 1),
            ([MAGIC, &b"{\"a\":\0".repeat(100_000), config].concat(), 1, 0),
            ([MAGIC, &b"{\"a\":1}".repeat(100_000), config].concat(), 1, 0),
            ([MAGIC, b"{\"a\":", config].concat(), 0, 1),
            // Texts about layers among numbers, cut to the width of their column.
            ([MAGIC, &config[..30], b"\0", config].concat(), 1, 0),
            ([MAGIC, &config[..30], b"\0\0", &config[..20], b"\0"].concat(), 0, 0),
            ([MAGIC, &config[..30].repeat(50), b"\0", config].concat(), 1, 0),
            ([MAGIC, &config[..30].repeat(50)].concat(), 0, 1),
        ] {
            let mut findings = Findings::default();
            scan(&Blob::of_bytes("m.h5", &bytes), &mut findings);
            assert_eq!(
                (findings.found.len(), findings.not_examined.len()),
                (found, not_examined)
            );
        }
    }

    #[test]
    fn addresses_of_another_size_are_not_examined() {
        let mut bytes = [MAGIC, &[0; 100]].concat();
        bytes[13] = 4;
        let mut findings = Findings::default();
        scan(&Blob::of_bytes("m.h5", &bytes), &mut findings);
        assert_eq!(findings.not_examined.len(), 1);
    }
}
