//! What an earlier scan of a history found clean, so that it need not be looked at again.
//!
//! The file holds no content and no finding: a hash of the id and the path of every blob that had nothing to say, the ids
//! of the blobs that had (they are looked at again every time), and the places that could not be examined. It is good
//! for the same rules of the same build of Ward only, and it is signed with a key of the data folder, so that one that
//! somebody else wrote or changed is as good as none.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use serde::{Deserialize, Serialize};
use ward_seal::{Secret32, hash};

use super::{objects, refs, repo::Repository};
use crate::source::disk;

/// Where what is known of histories is kept, and for which rules it holds.
pub struct Cache {
    /// The folder; made when it is not there, readable by its owner only.
    pub folder: PathBuf,
    /// What the files are signed with.
    pub key: Secret32,
    /// A hash of everything that decides what is found: the build, its rules, the engines, the limits.
    pub context: [u8; 32],
}

/// What tells a blob at a path from another.
pub(super) type Tag = [u8; 16];

/// What is known of one history.
#[derive(Default)]
pub(super) struct Known {
    /// Sorted.
    pub(super) clean: Vec<Tag>,
    pub(super) rest: Rest,
}

/// The part that is not tags.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Rest {
    pub(super) context: String,
    /// A hash over the names of all packs, loose objects and references: the same when nothing was added or taken away.
    pub(super) state: String,
    /// How many blobs and commits there are.
    pub(super) blobs: u64,
    pub(super) commits: u64,
    /// Blobs that had something to say.
    pub(super) unclean: Vec<Unclean>,
    /// What the walk over the trees could not examine.
    pub(super) not_examined: Vec<(String, String)>,
}

/// A blob that had something to say.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Unclean {
    pub(super) id: String,
    pub(super) path: String,
    /// The place of its first commit in the order, and that commit's id.
    pub(super) order: u32,
    pub(super) commit: Option<String>,
}

const BEGIN: &[u8] = b"ward scan cache 1\n";
/// Largest file that is read: some 30 million blobs.
const MAX_FILE: u64 = 512 << 20;

impl Cache {
    fn file(&self, repository: &Repository) -> PathBuf {
        let path = repository
            .common_dir
            .canonicalize()
            .unwrap_or_else(|_| repository.common_dir.clone());
        let name = hash::sha256(path.as_os_str().as_encoded_bytes());
        self.folder.join(format!(
            "{}.history",
            hash::hex(name.first_chunk::<16>().unwrap_or(&[0; 16]))
        ))
    }

    fn mac(&self, body: &[u8]) -> [u8; 32] {
        let key = hash::derive(self.key.expose(), "ward scan cache");
        hash::hmac_sha256(&key, body)
    }

    /// What is known of a repository's history. Nothing when there is no file, or it is for other rules, damaged or not
    /// ours.
    pub(super) fn load(&self, repository: &Repository) -> Option<Known> {
        let bytes = disk::read_small(&self.file(repository), MAX_FILE).ok()??;
        let rest = bytes.strip_prefix(BEGIN)?;
        let (mac, body) = rest.split_at_checked(32)?;
        if !hash::equal(mac, &self.mac(body)) {
            return None;
        }
        let (len, body) = body.split_first_chunk::<4>()?;
        let (text, tags) = body.split_at_checked(usize::try_from(u32::from_le_bytes(*len)).ok()?)?;
        let rest: Rest = serde_json::from_slice(text).ok()?;
        if rest.context != hash::hex(&self.context) {
            return None;
        }
        let (clean, _) = tags.as_chunks::<16>();
        Some(Known {
            clean: clean.to_vec(),
            rest,
        })
    }

    /// Keeps what is known.
    ///
    /// # Errors
    /// What the system says. The scan is none the worse for it.
    pub(super) fn store(&self, repository: &Repository, mut known: Known) -> io::Result<()> {
        known.clean.sort_unstable();
        known.clean.dedup();
        known.rest.context = hash::hex(&self.context);
        let text = serde_json::to_vec(&known.rest)?;
        let mut body = u32::try_from(text.len())
            .map_err(|_| io::ErrorKind::FileTooLarge)?
            .to_le_bytes()
            .to_vec();
        body.extend(text);
        body.extend(known.clean.as_flattened());
        private_folder(&self.folder)?;
        let file = self.file(repository);
        let unique = ward_seal::random::bytes::<8>().map_err(|_| io::ErrorKind::Other)?;
        let trial = file.with_extension(hash::hex(&unique));
        let written = private_file(&trial).and_then(|mut out| {
            out.write_all(BEGIN)?;
            out.write_all(&self.mac(&body))?;
            out.write_all(&body)?;
            out.flush()
        });
        let placed = written.and_then(|()| fs::rename(&trial, &file));
        if placed.is_err() {
            let _gone = fs::remove_file(&trial);
        }
        placed
    }
}

impl Known {
    /// Whether a blob at a path was found clean.
    pub(super) fn is_clean(&self, tag: &Tag) -> bool {
        self.clean.binary_search(tag).is_ok()
    }
}

/// The tag of a blob at a path.
pub(super) fn tag(id: &[u8], path: &str) -> Tag {
    let full = hash::sha256_parts(&[id, b"\0", path.as_bytes()]);
    *full.first_chunk().unwrap_or(&[0; 16])
}

/// A hash over what objects there are, by the names, sizes and times of their files, and over what names them.
pub(super) fn state(repository: &Repository) -> String {
    let mut lines = Vec::new();
    for folder in objects::object_folders(&repository.common_dir.join("objects")) {
        for path in objects::names_in(&folder.join("pack")) {
            let meta = fs::metadata(&path);
            let time = meta.as_ref().ok().and_then(|meta| meta.modified().ok());
            let time = time
                .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
                .map_or(0, |time| time.as_nanos());
            let len = meta.map_or(0, |meta| meta.len());
            lines.push(format!("{} {len} {time}", path.display()));
        }
        for first in 0..=255_u8 {
            let loose = objects::names_in(&folder.join(format!("{first:02x}")));
            lines.extend(loose.map(|path| path.display().to_string()));
        }
    }
    let references = refs::all(repository).into_iter();
    lines.extend(references.map(|(name, id)| format!("{name} {}", hash::hex(&id))));
    lines.sort_unstable();
    lines.push(format!(
        "{} {} {}",
        repository.shallow, repository.partial, repository.id_len
    ));
    hash::hex(&hash::sha256(lines.join("\n").as_bytes()))
}

fn private_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

fn private_file(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
