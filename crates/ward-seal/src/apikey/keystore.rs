//! The keys of a data folder, in memory for answering and on disk for keeping.
//!
//! `keys/api-keys.json` holds the records, their keyed hashes, a generation number, and a MAC over all of it,
//! so that a damaged, edited or mismatched file is refused and never read as an empty list. It is replaced
//! whole, under a lock that other processes respect; a running server notices by its contents.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use serde::{Deserialize, Serialize};

use super::{KeyRecord, KeyRefusal, NewKey, generate, parse};
use crate::{
    Error, ErrorKind, Secret32,
    hash::{self, hex, hmac_sha256, sha256, unhex},
    store::DataDir,
};

/// The file under the data folder.
const FILE: &str = "keys/api-keys.json";
/// Most keys a store holds, revoked ones included.
pub const MAX_KEYS: usize = 10_000;
/// The format this version writes.
const FORMAT: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    /// MAC of `body` under a key derived from the pepper, in hexadecimal.
    mac: String,
    /// The JSON of [`Body`], as text, so that the MAC covers bytes and not a way of writing them.
    body: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    /// Grows by one with every change.
    generation: u64,
    keys: Vec<Stored>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    record: KeyRecord,
    /// HMAC-SHA-256(pepper, `id_secret`) in hexadecimal.
    hash: String,
}

#[derive(Clone)]
struct Entry {
    record: KeyRecord,
    hash: [u8; 32],
}

#[derive(Default)]
struct Keys {
    generation: u64,
    by_id: HashMap<String, Entry>,
    /// SHA-256 of the file they were read from; `None` when there was none.
    digest: Option<[u8; 32]>,
}

/// The keys of a data folder. One per process; every method may be called from any thread.
pub struct KeyStore {
    data: DataDir,
    pepper: Secret32,
    keys: RwLock<Keys>,
}

impl std::fmt::Debug for KeyStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyStore(..)")
    }
}

impl KeyStore {
    /// Reads the keys. Without a file there are none yet.
    ///
    /// # Errors
    /// [`ErrorKind::Damaged`] when the file or the pepper is not as written, [`ErrorKind::NewerFormat`], and what
    /// the system says.
    pub fn open(data: &DataDir) -> Result<Self, Error> {
        let there = data.read(FILE)?.is_some();
        if there && data.read("keys/api-key-pepper.key")?.is_none() {
            let what = "the secret that belongs to the API keys is gone; restore it from a backup";
            return Err(Error::new(ErrorKind::Damaged, what).in_file("keys/api-key-pepper.key"));
        }
        let store = Self {
            data: data.clone(),
            pepper: data.secret("api-key-pepper")?,
            keys: RwLock::new(Keys::default()),
        };
        let keys = store.load()?;
        *store.write() = keys;
        Ok(store)
    }

    /// Makes a key. The whole key is in [`NewKey`] and nowhere else.
    ///
    /// # Errors
    /// [`ErrorKind::Argument`] for a role or an owner out of form, [`ErrorKind::TooLarge`] at [`MAX_KEYS`], and
    /// what the system says. Then no key was made.
    pub fn create(
        &self,
        role: &str,
        owner: &str,
        expires_unix_ms: Option<u64>,
        now_unix_ms: u64,
    ) -> Result<(KeyRecord, NewKey), Error> {
        let role_is_right = (1..=32).contains(&role.len())
            && role
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if !role_is_right {
            return Err(Error::new(
                ErrorKind::Argument,
                "a role is 1 to 32 lower-case letters, digits or `-`",
            ));
        }
        if owner.chars().count() > 200 || owner.chars().any(char::is_control) {
            return Err(Error::new(
                ErrorKind::Argument,
                "an owner is up to 200 characters without control characters",
            ));
        }
        self.change(|keys| {
            if keys.by_id.len() >= MAX_KEYS {
                return Err(Error::new(
                    ErrorKind::TooLarge,
                    "there are too many keys in this data folder",
                ));
            }
            let (id, key) = loop {
                let (id, key) = generate()?;
                if !keys.by_id.contains_key(&id) {
                    break (id, key);
                }
            };
            let hash = parse(key.expose()).map(|parts| hmac_sha256(self.pepper.expose(), parts.hashed.as_bytes()));
            let hash = hash.ok_or_else(|| Error::new(ErrorKind::Bug, "a new key cannot be read back"))?;
            let record = KeyRecord {
                id: id.clone(),
                role: role.to_owned(),
                owner: owner.to_owned(),
                created_unix_ms: now_unix_ms,
                expires_unix_ms,
                revoked_unix_ms: None,
            };
            keys.by_id.insert(
                id,
                Entry {
                    record: record.clone(),
                    hash,
                },
            );
            Ok((record, key))
        })
    }

    /// Every key, oldest first, revoked and expired ones too.
    #[must_use]
    pub fn list(&self) -> Vec<KeyRecord> {
        let mut records: Vec<_> = self.read().by_id.values().map(|entry| entry.record.clone()).collect();
        records.sort_by(|a, b| (a.created_unix_ms, &a.id).cmp(&(b.created_unix_ms, &b.id)));
        records
    }

    /// Revokes a key for good. A key already revoked keeps its time.
    ///
    /// # Errors
    /// [`ErrorKind::Missing`] when there is no such id, and what the system says.
    pub fn revoke(&self, id: &str, now_unix_ms: u64) -> Result<KeyRecord, Error> {
        self.change(|keys| {
            let entry = keys.by_id.get_mut(id);
            let entry = entry.ok_or_else(|| Error::new(ErrorKind::Missing, "there is no key with this id"))?;
            entry.record.revoked_unix_ms.get_or_insert(now_unix_ms);
            Ok(entry.record.clone())
        })
    }

    /// Whose key this is. In memory; the hash is compared in constant time, and whether a key is revoked or
    /// expired is told only to who presents its secret.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn verify(&self, presented: &str, now_unix_ms: u64) -> Result<KeyRecord, KeyRefusal> {
        let parts = parse(presented).ok_or(KeyRefusal::Malformed)?;
        let hash = hmac_sha256(self.pepper.expose(), parts.hashed.as_bytes());
        let keys = self.read();
        let entry = keys.by_id.get(parts.id).filter(|entry| hash::equal(&entry.hash, &hash));
        let record = &entry.ok_or(KeyRefusal::Unknown)?.record;
        if record.revoked_unix_ms.is_some() {
            return Err(KeyRefusal::Revoked);
        }
        if record.expires_unix_ms.is_some_and(|expires| now_unix_ms >= expires) {
            return Err(KeyRefusal::Expired);
        }
        Ok(record.clone())
    }

    /// Takes over what another process wrote. True when something changed. Cheap enough for once a second.
    ///
    /// # Errors
    /// [`ErrorKind::Damaged`] when the file is gone, not as written, or older than what was read before; the
    /// keys in memory then stay as they were.
    pub fn reload_if_changed(&self) -> Result<bool, Error> {
        let unchanged = |bytes: &Option<Vec<u8>>| bytes.as_deref().map(sha256) == self.read().digest;
        if unchanged(&self.data.read(FILE)?) {
            return Ok(false);
        }
        // Read again with everybody else held off: a change made by this process in between is not a rollback.
        let _lock = self.data.lock_keys()?;
        let bytes = self.data.read(FILE)?;
        if unchanged(&bytes) {
            return Ok(false);
        }
        let keys = self.parse_file(bytes)?;
        self.refuse_older(&keys)?;
        *self.write() = keys;
        Ok(true)
    }

    fn refuse_older(&self, keys: &Keys) -> Result<(), Error> {
        if keys.generation < self.read().generation {
            let what = "the keys on disk are older than the keys in use; a revocation may be missing";
            return Err(Error::damaged(what).in_file(FILE));
        }
        Ok(())
    }

    /// Changes what is on disk, whoever wrote it last, then what is in memory.
    fn change<T>(&self, change: impl FnOnce(&mut Keys) -> Result<T, Error>) -> Result<T, Error> {
        let _lock = self.data.lock_keys()?;
        let mut keys = self.load()?;
        self.refuse_older(&keys)?;
        let result = change(&mut keys)?;
        keys.generation += 1;
        let bytes = self.render(&keys)?;
        self.data.write_private(FILE, &bytes)?;
        keys.digest = Some(sha256(&bytes));
        *self.write() = keys;
        Ok(result)
    }

    fn load(&self) -> Result<Keys, Error> {
        self.parse_file(self.data.read(FILE)?)
    }

    fn mac(&self, body: &str) -> [u8; 32] {
        let key = hash::derive(self.pepper.expose(), "ward api key file");
        hmac_sha256(&key, body.as_bytes())
    }

    fn render(&self, keys: &Keys) -> Result<Vec<u8>, Error> {
        let mut stored: Vec<_> = keys
            .by_id
            .values()
            .map(|entry| Stored {
                record: entry.record.clone(),
                hash: hex(&entry.hash),
            })
            .collect();
        stored.sort_by(|a, b| (a.record.created_unix_ms, &a.record.id).cmp(&(b.record.created_unix_ms, &b.record.id)));
        let bug = |_| Error::new(ErrorKind::Bug, "the keys cannot be written as JSON");
        let body = serde_json::to_string(&Body {
            generation: keys.generation,
            keys: stored,
        })
        .map_err(bug)?;
        let file = File {
            format: FORMAT,
            mac: hex(&self.mac(&body)),
            body,
        };
        serde_json::to_vec_pretty(&file).map_err(bug)
    }

    fn parse_file(&self, bytes: Option<Vec<u8>>) -> Result<Keys, Error> {
        #[derive(Deserialize)]
        struct Version {
            format: u32,
        }
        let damaged = || Error::damaged("the API keys are damaged; restore the file from a backup").in_file(FILE);
        let Some(bytes) = bytes else {
            if self.read().generation > 0 {
                return Err(Error::damaged("the API keys are gone; restore the file from a backup").in_file(FILE));
            }
            return Ok(Keys::default());
        };
        let version: Version = serde_json::from_slice(&bytes).map_err(|_| damaged())?;
        if version.format > FORMAT {
            return Err(Error::new(ErrorKind::NewerFormat, "a newer Ward wrote the API keys").in_file(FILE));
        }
        let file: File = serde_json::from_slice(&bytes).map_err(|_| damaged())?;
        let mac = unhex::<32>(&file.mac).ok_or_else(damaged)?;
        if file.format != FORMAT || !hash::equal(&mac, &self.mac(&file.body)) {
            return Err(damaged());
        }
        let body: Body = serde_json::from_str(&file.body).map_err(|_| damaged())?;
        let mut by_id = HashMap::with_capacity(body.keys.len());
        for Stored { record, hash } in body.keys {
            let hash = unhex(&hash).ok_or_else(damaged)?;
            by_id.insert(record.id.clone(), Entry { record, hash });
        }
        Ok(Keys {
            generation: body.generation,
            by_id,
            digest: Some(sha256(&bytes)),
        })
    }

    // A thread that panicked while holding the lock cannot have left half a change behind: changes replace
    // the whole value. So a poisoned lock is as good as a whole one.
    fn read(&self) -> RwLockReadGuard<'_, Keys> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Keys> {
        self.keys.write().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, DataDir) {
        let temp = tempfile::tempdir().unwrap();
        let data = DataDir::open(&temp.path().join("data")).unwrap();
        (temp, data)
    }

    #[test]
    fn a_key_lives_and_ends() {
        let (_temp, data) = folder();
        let store = KeyStore::open(&data).unwrap();
        let (record, key) = store.create("clinician", "Dr. Who", Some(1_000), 10).unwrap();
        assert_eq!(store.verify(key.expose(), 999).unwrap(), record);
        assert_eq!(store.verify(key.expose(), 1_000), Err(KeyRefusal::Expired));
        let other = super::generate().unwrap().1;
        assert_eq!(store.verify(other.expose(), 0), Err(KeyRefusal::Unknown));
        assert_eq!(store.verify("wk_nonsense", 0), Err(KeyRefusal::Malformed));
        assert_eq!(store.revoke(&record.id, 20).unwrap().revoked_unix_ms, Some(20));
        assert_eq!(store.revoke(&record.id, 30).unwrap().revoked_unix_ms, Some(20));
        assert_eq!(store.verify(key.expose(), 5), Err(KeyRefusal::Revoked));
        assert_eq!(store.revoke("nosuchid", 30).unwrap_err().kind(), ErrorKind::Missing);
        let file = String::from_utf8(data.read(FILE).unwrap().unwrap()).unwrap();
        assert!(file.contains(&record.id) && !file.contains(&key.expose()[12..64]));
        for (role, owner) in [
            ("", "x"),
            ("Admin", "x"),
            ("a b", "x"),
            ("admin", "a\nb"),
            (&"a".repeat(33), "x"),
        ] {
            assert_eq!(
                store.create(role, owner, None, 0).unwrap_err().kind(),
                ErrorKind::Argument
            );
        }
    }

    #[test]
    fn the_right_id_with_another_secret_is_unknown() {
        let (_temp, data) = folder();
        let store = KeyStore::open(&data).unwrap();
        let (record, _) = store.create("user", "", None, 0).unwrap();
        store.revoke(&record.id, 1).unwrap();
        let mut forged = format!("wk_{}_{}", record.id, "a".repeat(52));
        let check = super::super::check_of(&forged);
        forged = format!("{forged}_{check}");
        assert_eq!(store.verify(&forged, 2), Err(KeyRefusal::Unknown));
    }

    #[test]
    fn two_processes_agree() {
        let (_temp, data) = folder();
        let (server, tool) = (KeyStore::open(&data).unwrap(), KeyStore::open(&data).unwrap());
        let (record, key) = server.create("user", "a", None, 1).unwrap();
        assert!(tool.reload_if_changed().unwrap());
        assert!(!tool.reload_if_changed().unwrap() && !server.reload_if_changed().unwrap());
        tool.revoke(&record.id, 2).unwrap();
        assert!(server.verify(key.expose(), 3).is_ok());
        assert!(server.reload_if_changed().unwrap());
        assert_eq!(server.verify(key.expose(), 3), Err(KeyRefusal::Revoked));
        // A change made on stale memory loses nothing that the other wrote.
        tool.create("user", "b", None, 4).unwrap();
        server.create("user", "c", None, 5).unwrap();
        assert_eq!(
            server.list().iter().map(|r| r.owner.as_str()).collect::<Vec<_>>(),
            ["a", "b", "c"]
        );
        assert_eq!(KeyStore::open(&data).unwrap().list(), server.list());
    }

    #[test]
    fn many_threads_may_change_and_verify() {
        let (_temp, data) = folder();
        let store = KeyStore::open(&data).unwrap();
        std::thread::scope(|scope| {
            let store = &store;
            scope.spawn(|| {
                for _ in 0..100 {
                    store.reload_if_changed().unwrap();
                }
            });
            for i in 0..4 {
                scope.spawn(move || {
                    for now in 0..5 {
                        let (record, key) = store.create("user", "", None, now).unwrap();
                        assert_eq!(store.verify(key.expose(), now).unwrap().id, record.id);
                        if i % 2 == 0 {
                            store.revoke(&record.id, now).unwrap();
                        }
                    }
                });
            }
        });
        assert_eq!(KeyStore::open(&data).unwrap().list().len(), 20);
    }

    #[test]
    fn a_damaged_file_is_refused_and_never_an_empty_list() {
        let (_temp, data) = folder();
        let store = KeyStore::open(&data).unwrap();
        let before = store.create("user", "a", None, 1).unwrap().0;
        let old = data.read(FILE).unwrap().unwrap();
        let (_, key) = store.create("user", "b", None, 1).unwrap();
        let whole = data.read(FILE).unwrap().unwrap();
        for i in 0..whole.len() {
            let mut bad = whole.clone();
            bad[i] ^= 1;
            std::fs::write(data.path().join(FILE), &bad).unwrap();
            // White space between members may change without a change of meaning; nothing else may.
            match KeyStore::open(&data) {
                Ok(store) => assert_eq!(store.list().len(), 2, "byte {i}"),
                Err(error) => assert!(matches!(error.kind(), ErrorKind::Damaged | ErrorKind::NewerFormat)),
            }
        }
        std::fs::write(data.path().join(FILE), b"").unwrap();
        assert_eq!(KeyStore::open(&data).unwrap_err().kind(), ErrorKind::Damaged);
        assert_eq!(store.reload_if_changed().unwrap_err().kind(), ErrorKind::Damaged);
        assert!(store.verify(key.expose(), 2).is_ok());
        // An older whole file is a rollback while a newer one is in use.
        std::fs::write(data.path().join(FILE), &old).unwrap();
        assert_eq!(store.reload_if_changed().unwrap_err().kind(), ErrorKind::Damaged);
        assert_eq!(store.revoke(&before.id, 3).unwrap_err().kind(), ErrorKind::Damaged);
        std::fs::remove_file(data.path().join(FILE)).unwrap();
        assert_eq!(store.reload_if_changed().unwrap_err().kind(), ErrorKind::Damaged);
        data.write_private(FILE, &whole).unwrap();
        std::fs::remove_file(data.path().join("keys/api-key-pepper.key")).unwrap();
        assert_eq!(KeyStore::open(&data).unwrap_err().kind(), ErrorKind::Damaged);
    }
}
