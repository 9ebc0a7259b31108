//! A second verifier, written from the format's description alone. It shares no code with the crate: it reads
//! whole files into memory, parses by hand, and computes the tree by its definition.

#![allow(dead_code, reason = "not every test looks at everything it found")]

use std::{collections::BTreeMap, fs, path::Path};

use data_encoding::BASE64;
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest, Sha256};

/// What a good ledger holds.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) entries: u64,
    pub(crate) root: [u8; 32],
}

fn sha(parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    parts.iter().for_each(|part| hasher.update(part));
    hasher.finalize().into()
}

/// RFC 6962, section 2.1, as defined, with the roots of full subtrees remembered.
struct Tree {
    leaves: Vec<[u8; 32]>,
    full: BTreeMap<(usize, usize), [u8; 32]>,
}

impl Tree {
    fn root(&mut self, from: usize, to: usize) -> [u8; 32] {
        match to - from {
            0 => sha(&[]),
            1 => self.leaves[from],
            n => {
                if let Some(known) = self.full.get(&(from, to)) {
                    return *known;
                }
                let mut k = 1;
                while k * 2 < n {
                    k *= 2;
                }
                let (left, right) = (self.root(from, from + k), self.root(from + k, to));
                let root = sha(&[&[1], &left, &right]);
                if n == 2 * k {
                    self.full.insert((from, to), root);
                }
                root
            }
        }
    }
}

struct Signer {
    name: String,
    id: [u8; 4],
    key: VerifyingKey,
}

impl Signer {
    fn read(text: &[u8]) -> Result<Self, &'static str> {
        let text = std::str::from_utf8(text).map_err(|_| "key not text")?;
        let line = text.strip_suffix('\n').ok_or("key line")?;
        let (name, rest) = line.split_once('+').ok_or("key parts")?;
        let (id, blob) = rest.split_once('+').ok_or("key parts")?;
        let blob = BASE64.decode(blob.as_bytes()).map_err(|_| "key base64")?;
        if blob.len() != 33 || blob[0] != 1 {
            return Err("key algorithm");
        }
        let hash = sha(&[name.as_bytes(), b"\n", &blob]);
        let want: String = hash[..4].iter().map(|b| format!("{b:02x}")).collect();
        if id != want {
            return Err("key id");
        }
        let key = VerifyingKey::from_bytes(blob[1..].try_into().unwrap()).map_err(|_| "key point")?;
        Ok(Self {
            name: name.to_owned(),
            id: hash[..4].try_into().unwrap(),
            key,
        })
    }

    /// The whole note must be exactly this text with exactly one good signature.
    fn check(&self, note: &[u8], text: &str) -> Result<(), &'static str> {
        let start = format!("{text}\n\u{2014} {} ", self.name);
        let blob = note
            .strip_prefix(start.as_bytes())
            .ok_or("note text")?
            .strip_suffix(b"\n")
            .ok_or("note end")?;
        let blob = BASE64.decode(blob).map_err(|_| "signature base64")?;
        if blob.len() != 68 || blob[..4] != self.id {
            return Err("signature id");
        }
        let signature = Signature::from_bytes(blob[4..].try_into().unwrap());
        self.key
            .verify_strict(text.as_bytes(), &signature)
            .map_err(|_| "signature")
    }
}

/// Everything in the folder, or the first thing that is wrong.
pub(crate) fn verify(dir: &Path) -> Result<Found, &'static str> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        files.insert(
            entry.file_name().into_string().unwrap(),
            fs::read(entry.path()).unwrap(),
        );
    }
    let signer = Signer::read(&files.remove("key.pub").ok_or("no key")?)?;
    let checkpoint = files.remove("checkpoint").ok_or("no checkpoint")?;
    if files.remove("lock").is_some_and(|lock| !lock.is_empty()) {
        return Err("lock");
    }
    let mut tree = Tree {
        leaves: Vec::new(),
        full: BTreeMap::new(),
    };
    let (mut notes, mut cuts, mut number) = (Vec::new(), Vec::new(), 0);
    while let Some(segment) = files.remove(&format!("segment-{:08}.ledger", number + 1)) {
        number += 1;
        let last = !files.contains_key(&format!("segment-{:08}.ledger", number + 1));
        read_segment(&segment, last, &signer, &mut tree, &mut notes, &mut cuts)?;
    }
    if !notes.contains(&checkpoint) {
        return Err("checkpoint is of no batch");
    }
    for (name, len, hash) in cuts {
        let bytes = files.remove(&name).ok_or("torn file gone")?;
        let digest: String = sha(&[&bytes]).iter().map(|b| format!("{b:02x}")).collect();
        if bytes.len() as u64 != len || digest != hash {
            return Err("torn file changed");
        }
    }
    files.retain(|name, _| !(name.starts_with('.') && name.ends_with(".tmp")));
    if !files.is_empty() {
        return Err("unknown file");
    }
    let entries = tree.leaves.len();
    Ok(Found {
        entries: entries as u64,
        root: tree.root(0, entries),
    })
}

fn read_segment(
    bytes: &[u8],
    last: bool,
    signer: &Signer,
    tree: &mut Tree,
    notes: &mut Vec<Vec<u8>>,
    cuts: &mut Vec<(String, u64, String)>,
) -> Result<(), &'static str> {
    let size = tree.leaves.len();
    let root = tree.root(0, size);
    let mut header = b"WARDLEDG\x01\0\0\0".to_vec();
    header.extend_from_slice(&sha(&[signer.name.as_bytes()]));
    header.extend_from_slice(&(size as u64).to_le_bytes());
    header.extend_from_slice(&root);
    header.extend_from_slice(&crc32c::crc32c(&header).to_le_bytes());
    let mut rest = bytes.strip_prefix(&header[..]).ok_or("header")?;
    let mut in_batch = 0;
    while !rest.is_empty() {
        if rest.len() < 9 {
            return Err("short record");
        }
        let len = u32::from_le_bytes(rest[..4].try_into().unwrap()) as usize;
        let crc = u32::from_le_bytes(rest[4..8].try_into().unwrap());
        if len == 0 || rest.len() - 8 < len {
            return Err("record length");
        }
        let body = &rest[8..8 + len];
        if crc32c::crc32c(&[&rest[..4], body].concat()) != crc {
            return Err("record checksum");
        }
        match body[0] {
            1 | 3 if len >= 9 => {
                tree.leaves.push(sha(&[&[0], body]));
                in_batch += 1;
                if body[0] == 3 {
                    let cut: serde_json::Value = serde_json::from_slice(&body[9..]).map_err(|_| "cut")?;
                    let text = |name: &str| cut[name].as_str().unwrap_or_default().to_owned();
                    cuts.push((text("file"), cut["bytes"].as_u64().unwrap_or(u64::MAX), text("sha256")));
                }
            }
            2 => {
                let size = tree.leaves.len();
                let root = BASE64.encode(&tree.root(0, size));
                signer.check(&body[1..], &format!("{}\n{size}\n{root}\n", signer.name))?;
                if (in_batch == 0) != notes.is_empty() {
                    return Err("empty batch");
                }
                notes.push(body[1..].to_vec());
                in_batch = 0;
            }
            _ => return Err("record kind"),
        }
        rest = &rest[8 + len..];
    }
    // A segment without a batch can only be the last, begun just before a crash.
    if in_batch > 0 || (bytes.len() == header.len() && !last) {
        return Err("unfinished batch");
    }
    Ok(())
}
