//! The vault: what stands for what in de-identified data, kept so that it can be put back, and forgotten.
//!
//! ```text
//! DATA/keys/vault.key        the master key; vault-next.key beside it while a rotation is under way
//! DATA/keys/pseudonyms.key   what stand-ins and the names of files follow from; never rotated
//! DATA/vault/lock            held while a subject is changed
//! DATA/vault/cipher          what is written is sealed with, where that was chosen
//! DATA/vault/ab/<id>.key     a subject's own key, wrapped by the master key, with its dates
//! DATA/vault/ab/<id>.rows    its rows, each sealed with its own key
//! ```
//!
//! Cases of disclosure are kept in the same way, apart: `DATA/cases` under `keys/cases.key` ([`Vault::open_cases`]).
//!
//! - A subject is a patient or a request. Its id is an HMAC-SHA-256 of tenant and name, cut to 128 bits: the
//!   same name always gives the same id, and nobody without the key learns the name from it.
//! - Rows are opaque bytes, sealed with AES-256-GCM-SIV (RFC 8452), or with XChaCha20-Poly1305 where that was chosen, under a random nonce; what is authenticated
//!   besides is the subject, the row's number and how many rows there are, so that rows cannot be moved, dropped or
//!   taken from somebody else.
//! - [`Vault::erase`] destroys a subject's key. What a backup without that key file holds is noise from then on.
//! - [`Vault::rotate`] wraps the subjects' keys anew; rows it touches only where they are sealed with another cipher than the chosen one. It can be killed at any time and called
//!   again: both master keys stay until every subject is under the new one.
//! - A damaged file is refused, for that subject alone.

use std::{
    fs::{self, File, OpenOptions},
    path::PathBuf,
};

use zeroize::Zeroizing;

use crate::{
    Error, ErrorKind, Secret32, hash,
    hash::{hex, hmac_sha256, unhex},
    random,
    store::{DataDir, private},
};

mod sealed;
#[cfg(test)]
mod tests;

use sealed::{KeyFile, Master};

/// What is kept where: two kinds of things are kept in the same way, apart, under master keys of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    /// The folder in the data folder.
    folder: &'static str,
    /// The current master key, in `keys/`.
    master: &'static str,
    /// The master key to come, while a rotation is under way.
    next: &'static str,
    /// What the ids of subjects follow from.
    index: &'static str,
}

/// What stands for what in de-identified data.
const VAULT: Place = Place {
    folder: "vault",
    master: "vault",
    next: "vault-next",
    index: "ward vault index",
};

/// Reports of vulnerabilities and incidents.
const CASES: Place = Place {
    folder: "cases",
    master: "cases",
    next: "cases-next",
    index: "ward cases index",
};

/// Largest file of rows, in bytes.
const MAX_ROWS_FILE: u64 = 256 * 1024 * 1024;
/// Most bytes of a key file that are read.
const MAX_KEY_FILE: u64 = 4096;

/// One row: bytes that this crate does not look into. Wiped when dropped.
pub type Row = Zeroizing<Vec<u8>>;

/// What the files of subjects are sealed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cipher {
    /// AES-256-GCM-SIV (RFC 8452), what is used where nobody chose.
    #[default]
    Aes256GcmSiv,
    /// XChaCha20-Poly1305, which rests on nothing that AES does.
    XChaCha20Poly1305,
}

impl Cipher {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Aes256GcmSiv, Self::XChaCha20Poly1305];

    /// Its name.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Aes256GcmSiv => "aes-256-gcm-siv",
            Self::XChaCha20Poly1305 => "xchacha20-poly1305",
        }
    }

    /// The one of this name.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cipher| cipher.word() == word)
    }
}

/// A subject's own key.
type SubjectKey = Zeroizing<[u8; 32]>;

/// The opaque id of a subject.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SubjectId([u8; 16]);

impl SubjectId {
    /// Reads the 32 hexadecimal digits that [`SubjectId::text`] writes.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        unhex::<16>(text).map(Self)
    }

    /// 32 hexadecimal digits.
    #[must_use]
    pub fn text(&self) -> String {
        hex(&self.0)
    }
}

/// A subject as it is kept.
pub struct Subject {
    /// When its first row was kept, in milliseconds since 1970.
    pub created_unix_ms: u64,
    /// When it expires, in milliseconds since 1970; none for never.
    pub expires_unix_ms: Option<u64>,
    /// Its rows, in the order they were given.
    pub rows: Vec<Row>,
}

/// What a list says of a subject: nothing of its rows but their number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its id.
    pub id: SubjectId,
    /// When its first row was kept, in milliseconds since 1970.
    pub created_unix_ms: u64,
    /// When it expires, in milliseconds since 1970; none for never.
    pub expires_unix_ms: Option<u64>,
    /// How many rows it has.
    pub rows: u32,
    /// True when its files cannot be what Ward wrote.
    pub damaged: bool,
}

/// What a rotation did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotated {
    /// What the subjects' files are sealed with now.
    pub cipher: Cipher,
    /// Subjects whose keys are under the new master key now.
    pub wrapped: u64,
    /// Subjects whose key files are damaged. As long as there are any, the old master key is kept and the rotation is
    /// not finished: restore the files or erase the subjects, and rotate again.
    pub damaged: Vec<SubjectId>,
}

/// The vault of a data folder.
pub struct Vault {
    data: DataDir,
    place: Place,
    index: Zeroizing<[u8; 32]>,
    pseudonyms: Secret32,
}

impl Vault {
    /// Opens the vault of `data`, and makes it and its keys on first use.
    ///
    /// # Errors
    /// What the system says, and [`ErrorKind::Damaged`] or [`ErrorKind::Exposed`] for its keys.
    pub fn open(data: &DataDir) -> Result<Self, Error> {
        Self::open_at(data, VAULT)
    }

    /// Opens what is kept of cases, `DATA/cases` under the master key `keys/cases.key`, and makes both on first use. Each
    /// case is a subject: its own key, its own sealed rows, changed whole or not at all.
    ///
    /// # Errors
    /// As [`Vault::open`].
    pub fn open_cases(data: &DataDir) -> Result<Self, Error> {
        Self::open_at(data, CASES)
    }

    fn open_at(data: &DataDir, place: Place) -> Result<Self, Error> {
        let folder = data.path().join(place.folder);
        match fs::symlink_metadata(&folder) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                // Keys first: a vault without them would look as if they had been lost.
                data.secret(place.master)?;
                private::create_folder(&folder)?;
            }
            Err(e) => return Err(Error::io(&e, "cannot look at the folder").in_file(place.folder)),
            Ok(meta) if !meta.is_dir() => {
                return Err(Error::new(ErrorKind::NotAFolder, "this must be a folder").in_file(place.folder));
            }
            Ok(meta) => private::refuse_exposed(&meta).map_err(|e| e.in_file(place.folder))?,
        }
        let pseudonyms = data.secret("pseudonyms")?;
        Ok(Self {
            data: data.clone(),
            place,
            index: Zeroizing::new(hash::derive(pseudonyms.expose(), place.index)),
            pseudonyms,
        })
    }

    /// Opens the vault of `data` if there is one.
    ///
    /// # Errors
    /// As [`Vault::open`].
    pub fn open_existing(data: &DataDir) -> Result<Option<Self>, Error> {
        if data.path().join(VAULT.folder).is_dir() {
            Self::open(data).map(Some)
        } else {
            Ok(None)
        }
    }

    /// The id of a subject.
    #[must_use]
    pub fn subject(&self, tenant: &str, name: &str) -> SubjectId {
        let draw = hmac_sha256(self.index.as_ref(), label(tenant, name).as_bytes());
        SubjectId(draw.first_chunk().copied().unwrap_or_default())
    }

    /// The key that a subject's stand-ins follow from: HKDF-SHA-256 of the secret `pseudonyms`, tenant and name. The
    /// same next week, and after a rotation.
    #[must_use]
    pub fn pseudonym_key(&self, tenant: &str, name: &str) -> Zeroizing<[u8; 32]> {
        let label = Zeroizing::new(format!("ward pseudonyms {}", &*label(tenant, name)));
        Zeroizing::new(hash::derive(self.pseudonyms.expose(), &label))
    }

    /// What is kept of a subject; `None` when there is nothing, or it has expired.
    ///
    /// # Errors
    /// [`ErrorKind::Damaged`] when a file is not as written, [`ErrorKind::WrongKey`] when its master key is not here,
    /// [`ErrorKind::NewerFormat`], and what the system says.
    pub fn read(&self, id: &SubjectId, now_unix_ms: u64) -> Result<Option<Subject>, Error> {
        match self.open_key(id)? {
            Some((file, key)) if !file.is_over(now_unix_ms) => Ok(Some(Subject {
                created_unix_ms: file.created,
                expires_unix_ms: file.expires(),
                rows: self.read_rows(id, &key)?,
            })),
            _ => Ok(None),
        }
    }

    /// Changes the rows of a subject, whole or not at all, while no other process does. `change` gets the rows there
    /// are (none when it is new or has expired). With `keep_ms` it expires that long from now; without, its date
    /// stays as it is.
    ///
    /// # Errors
    /// As [`Vault::read`]; then nothing has changed. [`ErrorKind::TooLarge`] for more than the vault can hold.
    pub fn update(
        &self,
        id: &SubjectId,
        now_unix_ms: u64,
        keep_ms: Option<u64>,
        change: impl FnOnce(&mut Vec<Row>),
    ) -> Result<(), Error> {
        let _lock = self.lock()?;
        let found = match self.open_key(id)? {
            Some((file, _)) if file.is_over(now_unix_ms) => {
                self.remove(id)?;
                None
            }
            found => found,
        };
        let until = keep_ms.map(|keep| now_unix_ms.saturating_add(keep).max(1));
        let cipher = self.cipher()?;
        let (key, mut rows, first) = match found {
            Some((mut file, key)) => {
                let rows = self.read_rows(id, &key)?;
                if until.is_some() && until != file.expires() {
                    file.expires = until.unwrap_or(0);
                    self.write_key(id, &file.wrapped(cipher, &self.newest()?, &key)?)?;
                }
                (key, rows, None)
            }
            None => {
                let key = Zeroizing::new(random::bytes::<32>()?);
                let file = KeyFile::new(id.0, now_unix_ms, until.unwrap_or(0));
                private::create_folder(&self.shard(id))?;
                let wrapped = file.wrapped(cipher, &self.newest()?, &key)?;
                (key, Vec::new(), Some(wrapped))
            }
        };
        change(&mut rows);
        let bytes = sealed::seal_rows(cipher, &id.0, &key, &rows)?;
        if bytes.len() as u64 > MAX_ROWS_FILE {
            return Err(Error::new(
                ErrorKind::TooLarge,
                "more rows than a subject of the vault can hold",
            ));
        }
        // Rows before their key: a key without rows is damage then, and rows without a key are noise that an
        // interruption or an erasure left, and that the next rows replace.
        self.write(id, "rows", &bytes)?;
        first.map_or(Ok(()), |wrapped| self.write_key(id, &wrapped))
    }

    /// Forgets a subject: its key is overwritten and removed, then its rows. False when there was none.
    ///
    /// # Errors
    /// What the system says. Call it again until it succeeds.
    pub fn erase(&self, id: &SubjectId) -> Result<bool, Error> {
        let _lock = self.lock()?;
        self.remove(id)
    }

    /// Forgets every subject whose time is over, and gives their ids.
    ///
    /// # Errors
    /// As [`Vault::erase`], and when the vault cannot be listed.
    pub fn expire(&self, now_unix_ms: u64) -> Result<Vec<SubjectId>, Error> {
        let _lock = self.lock()?;
        let mut gone = Vec::new();
        for id in self.ids()? {
            if let Some(bytes) = self.key_bytes(&id)?
                && KeyFile::parse(&id.0, &bytes).is_ok_and(|file| file.is_over(now_unix_ms))
            {
                self.remove(&id)?;
                gone.push(id);
            }
        }
        Ok(gone)
    }

    /// Every subject, by id.
    ///
    /// # Errors
    /// When the vault cannot be listed.
    pub fn list(&self) -> Result<Vec<Listed>, Error> {
        let mut listed = Vec::new();
        for id in self.ids()? {
            let Some(bytes) = self.key_bytes(&id)? else { continue };
            let file = KeyFile::parse(&id.0, &bytes);
            let rows = sealed::about_rows(&id.0, &self.path(&id, "rows"));
            listed.push(Listed {
                created_unix_ms: file.as_ref().map_or(0, |file| file.created),
                expires_unix_ms: file.as_ref().ok().and_then(KeyFile::expires),
                rows: rows.as_ref().map_or(0, |(_, count)| *count),
                damaged: file.is_err() || rows.is_err(),
                id,
            });
        }
        Ok(listed)
    }

    /// Makes a new master key and wraps every subject's key with it, then forgets the old one. When it was
    /// interrupted before, it goes on. With a cipher, that is what the vault writes from now on, and what every subject is
    /// sealed with in the end.
    ///
    /// # Errors
    /// What the system says; nothing is lost then, and calling it again goes on.
    pub fn rotate(&self, chosen: Option<Cipher>) -> Result<Rotated, Error> {
        let _lock = self.lock()?;
        if let Some(chosen) = chosen {
            // First of all: what is interrupted later is finished with it.
            self.data.write_private(&self.cipher_name(), chosen.word().as_bytes())?;
        }
        let cipher = self.cipher()?;
        self.data.secret(self.place.next)?;
        let masters = self.masters()?;
        let mut rotated = Rotated {
            cipher,
            wrapped: 0,
            damaged: Vec::new(),
        };
        let newest = self.newest()?;
        for id in self.ids()? {
            let Some(bytes) = self.key_bytes(&id)? else { continue };
            let opened = KeyFile::parse(&id.0, &bytes).and_then(|file| {
                let key = file.open(&masters)?;
                let other = self.rows_of_other(&id, &key, cipher)?;
                Ok((file, key, other))
            });
            match opened {
                Ok((file, key, other)) => {
                    if let Some(rows) = other {
                        self.write(&id, "rows", &sealed::seal_rows(cipher, &id.0, &key, &rows)?)?;
                    }
                    if file.master != newest.id || file.cipher != cipher {
                        self.write_key(&id, &file.wrapped(cipher, &newest, &key)?)?;
                    }
                    rotated.wrapped += 1;
                }
                Err(_) => rotated.damaged.push(id),
            }
        }
        if rotated.damaged.is_empty() {
            let keys = self.data.path().join("keys");
            fs::rename(self.key_path(self.place.next), self.key_path(self.place.master))
                .map_err(|e| Error::io(&e, "cannot put the new master key in place").in_file("keys"))?;
            private::sync_folder(&keys)?;
        }
        Ok(rotated)
    }

    /// The rows of a subject, if they are sealed with another cipher than this. Rows that are gone are none.
    fn rows_of_other(&self, id: &SubjectId, key: &[u8; 32], cipher: Cipher) -> Result<Option<Vec<Row>>, Error> {
        match sealed::about_rows(&id.0, &self.path(id, "rows")) {
            Ok((other, _)) if other != cipher => self.read_rows(id, key).map(Some),
            _ => Ok(None),
        }
    }

    fn cipher_name(&self) -> String {
        format!("{}/cipher", self.place.folder)
    }

    /// What is written is sealed with.
    fn cipher(&self) -> Result<Cipher, Error> {
        let name = self.cipher_name();
        let Some(bytes) = private::read(&self.data.path().join(&name), 64)? else {
            return Ok(Cipher::default());
        };
        let word = std::str::from_utf8(&bytes).unwrap_or_default().trim();
        let unknown = "this file names no cipher that this Ward knows; name one with `ward vault rotate --cipher`";
        Cipher::named(word).ok_or_else(|| Error::damaged(unknown).in_file(name))
    }

    /// The file of a master key.
    fn key_path(&self, name: &str) -> PathBuf {
        self.data.path().join("keys").join(format!("{name}.key"))
    }

    /// The master keys: the current one, then the one to come.
    fn masters(&self) -> Result<Vec<Master>, Error> {
        let mut masters = vec![Master::new(self.data.secret(self.place.master)?)];
        if self.key_path(self.place.next).exists() {
            masters.push(Master::new(self.data.secret(self.place.next)?));
        }
        Ok(masters)
    }

    /// The master key that new wraps use.
    fn newest(&self) -> Result<Master, Error> {
        self.masters()?
            .pop()
            .ok_or_else(|| Error::new(ErrorKind::Bug, "the vault has no master key"))
    }

    fn open_key(&self, id: &SubjectId) -> Result<Option<(KeyFile, SubjectKey)>, Error> {
        // A rotation may end between reading the file and reading the master keys: then look again.
        let mut last = None;
        for _ in 0..2 {
            let Some(bytes) = self.key_bytes(id)? else {
                return Ok(None);
            };
            let named = |e: Error| e.in_file(self.name(id, "key"));
            let file = KeyFile::parse(&id.0, &bytes).map_err(named)?;
            match file.open(&self.masters()?) {
                Ok(key) => return Ok(Some((file, key))),
                Err(error) => last = Some(named(error)),
            }
        }
        last.map_or(Ok(None), Err)
    }

    fn read_rows(&self, id: &SubjectId, key: &[u8; 32]) -> Result<Vec<Row>, Error> {
        match private::read(&self.path(id, "rows"), MAX_ROWS_FILE)? {
            None => Err(Error::damaged(
                "the rows of this subject are gone; restore the file from a backup, or erase the subject",
            )
            .in_file(self.name(id, "rows"))),
            Some(bytes) => sealed::open_rows(&id.0, key, &bytes).map_err(|e| e.in_file(self.name(id, "rows"))),
        }
    }

    fn key_bytes(&self, id: &SubjectId) -> Result<Option<Vec<u8>>, Error> {
        private::read(&self.path(id, "key"), MAX_KEY_FILE)
    }

    fn write_key(&self, id: &SubjectId, bytes: &[u8]) -> Result<(), Error> {
        self.write(id, "key", bytes)
    }

    fn write(&self, id: &SubjectId, kind: &str, bytes: &[u8]) -> Result<(), Error> {
        self.data.write_private(&self.name(id, kind), bytes)
    }

    fn remove(&self, id: &SubjectId) -> Result<bool, Error> {
        let key = self.path(id, "key");
        let there = key.exists();
        if there {
            // Where the file system writes in place, the wrapped key is gone from the disk, too.
            let cannot = |e: std::io::Error| Error::io(&e, "cannot overwrite the key").in_file(self.name(id, "key"));
            let file = OpenOptions::new().write(true).open(&key).map_err(cannot)?;
            let len = file.metadata().map_err(cannot)?.len().min(MAX_KEY_FILE);
            std::io::Write::write_all(&mut &file, &vec![0; usize::try_from(len).unwrap_or(0)])
                .and_then(|()| file.sync_all())
                .map_err(cannot)?;
        }
        remove_file(&key)?;
        remove_file(&self.path(id, "rows"))?;
        if there {
            private::sync_folder(&self.shard(id))?;
        }
        Ok(there)
    }

    /// Every subject that has a key, sorted.
    fn ids(&self) -> Result<Vec<SubjectId>, Error> {
        let cannot = |e: std::io::Error| Error::io(&e, "cannot list the vault").in_file(self.place.folder);
        let mut ids = Vec::new();
        for shard in fs::read_dir(self.data.path().join(self.place.folder)).map_err(cannot)? {
            let shard = shard.map_err(cannot)?;
            if !shard.file_type().map_err(cannot)?.is_dir() {
                continue;
            }
            for entry in fs::read_dir(shard.path()).map_err(cannot)? {
                let name = entry.map_err(cannot)?.file_name();
                ids.extend(
                    name.to_str()
                        .and_then(|name| name.strip_suffix(".key"))
                        .and_then(SubjectId::from_text),
                );
            }
        }
        ids.sort_unstable();
        Ok(ids)
    }

    /// Holds other processes off changing the vault while it lives.
    fn lock(&self) -> Result<File, Error> {
        let cannot =
            |e: std::io::Error| Error::io(&e, "cannot lock the vault").in_file(format!("{}/lock", self.place.folder));
        let file = private::private(OpenOptions::new().write(true).create(true).truncate(false))
            .open(self.data.path().join(self.place.folder).join("lock"))
            .map_err(cannot)?;
        file.lock().map_err(cannot)?;
        Ok(file)
    }

    fn name(&self, id: &SubjectId, kind: &str) -> String {
        let text = id.text();
        format!(
            "{}/{}/{text}.{kind}",
            self.place.folder,
            text.get(..2).unwrap_or_default()
        )
    }

    fn path(&self, id: &SubjectId, kind: &str) -> PathBuf {
        self.data.path().join(self.name(id, kind))
    }

    fn shard(&self, id: &SubjectId) -> PathBuf {
        self.data
            .path()
            .join(self.place.folder)
            .join(id.text().get(..2).unwrap_or_default())
    }
}

/// Tenant and name, so that no two pairs read alike.
fn label(tenant: &str, name: &str) -> Zeroizing<String> {
    Zeroizing::new(format!("{}:{tenant} {}:{name}", tenant.len(), name.len()))
}

fn remove_file(path: &std::path::Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(Error::io(&e, "cannot remove a file of the vault")),
        _ => Ok(()),
    }
}
