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

use super::{KeyRecord, KeyRefusal, KeyTerms, NewKey, generate, parse};
use crate::{
    Error, ErrorKind, Secret32,
    hash::{self, hex, hmac_sha256, sha256, unhex},
    store::DataDir,
};

/// The file under the data folder.
const FILE: &str = "keys/api-keys.json";
/// Most keys a store holds, revoked ones included.
pub const MAX_KEYS: usize = 10_000;
/// The format this version writes. Format 1 knew no environment, scopes, purposes, reason or replacement; it is read as
/// keys without them and written anew with the next change.
const FORMAT: u32 = 2;

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

    /// Makes a key for all that a role may. The whole key is in [`NewKey`] and nowhere else.
    ///
    /// # Errors
    /// As [`KeyStore::create_on`].
    pub fn create(
        &self,
        role: &str,
        owner: &str,
        expires_unix_ms: Option<u64>,
        now_unix_ms: u64,
    ) -> Result<(KeyRecord, NewKey), Error> {
        let terms = KeyTerms {
            expires_unix_ms,
            ..KeyTerms::new(role, owner)
        };
        self.create_on(&terms, now_unix_ms)
    }

    /// Makes a key on these terms. The whole key is in [`NewKey`] and nowhere else.
    ///
    /// # Errors
    /// [`ErrorKind::Argument`] for terms out of form, [`ErrorKind::TooLarge`] at [`MAX_KEYS`], and what the system says.
    /// Then no key was made.
    pub fn create_on(&self, terms: &KeyTerms, now_unix_ms: u64) -> Result<(KeyRecord, NewKey), Error> {
        terms.check()?;
        self.change(|keys| self.add(keys, terms, None, now_unix_ms))
    }

    /// Makes a key that takes the place of another, on the same terms and for as long as that one was made for. The old
    /// one ends after the overlap, or when it would have ended, whichever comes first.
    ///
    /// # Errors
    /// [`ErrorKind::Missing`] when there is no such id, [`ErrorKind::Argument`] when that key has ended already, and as
    /// [`KeyStore::create_on`]. Then nothing changed.
    pub fn rotate(&self, id: &str, overlap_ms: u64, now_unix_ms: u64) -> Result<(KeyRecord, NewKey), Error> {
        self.change(|keys| {
            let stands = |record: &KeyRecord| {
                record.revoked_unix_ms.is_none() && record.expires_unix_ms.is_none_or(|ends| now_unix_ms < ends)
            };
            if keys
                .by_id
                .values()
                .any(|one| one.record.replaces.as_deref() == Some(id) && stands(&one.record))
            {
                let what = "another key has taken the place of this one already; rotate that one";
                return Err(Error::new(ErrorKind::Argument, what));
            }
            let entry = keys.by_id.get_mut(id);
            let entry = entry.ok_or_else(|| Error::new(ErrorKind::Missing, "there is no key with this id"))?;
            let old = &mut entry.record;
            if old.revoked_unix_ms.is_some() || old.expires_unix_ms.is_some_and(|expires| now_unix_ms >= expires) {
                let what = "this key has ended; a key that has ended is not replaced but made anew";
                return Err(Error::new(ErrorKind::Argument, what));
            }
            if old.role == "break-glass" {
                let what = "a key for emergencies is not replaced; make a new one, with its own reason";
                return Err(Error::new(ErrorKind::Argument, what));
            }
            let lifetime = old.expires_unix_ms.map(|at| at.saturating_sub(old.created_unix_ms));
            let terms = KeyTerms::of(old, lifetime.map(|lifetime| now_unix_ms.saturating_add(lifetime)));
            let end = now_unix_ms.saturating_add(overlap_ms);
            old.expires_unix_ms = Some(old.expires_unix_ms.map_or(end, |expires| expires.min(end)));
            let replaces = Some(old.id.clone());
            self.add(keys, &terms, replaces, now_unix_ms)
        })
    }

    fn add(
        &self,
        keys: &mut Keys,
        terms: &KeyTerms,
        replaces: Option<String>,
        now_unix_ms: u64,
    ) -> Result<(KeyRecord, NewKey), Error> {
        if keys.by_id.len() >= MAX_KEYS {
            let what = "there are too many keys in this data folder";
            return Err(Error::new(ErrorKind::TooLarge, what));
        }
        let (id, key) = loop {
            let (id, key) = generate()?;
            if !keys.by_id.contains_key(&id) {
                break (id, key);
            }
        };
        let hash = parse(key.expose()).map(|parts| hmac_sha256(self.pepper.expose(), parts.hashed.as_bytes()));
        let hash = hash.ok_or_else(|| Error::new(ErrorKind::Bug, "a new key cannot be read back"))?;
        let record = terms.record(id.clone(), replaces, now_unix_ms);
        let kept = record.clone();
        keys.by_id.insert(id, Entry { record: kept, hash });
        Ok((record, key))
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

    /// Whose key this is, if it may be used. In memory; the hash is compared in constant time, and whether a key is
    /// revoked or expired is told only to who presents its secret.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn verify(&self, presented: &str, now_unix_ms: u64) -> Result<KeyRecord, KeyRefusal> {
        let record = self.holder(presented)?;
        record.stands(now_unix_ms)?;
        Ok(record)
    }

    /// Whose key this is or was: also of one that is revoked or expired, which [`KeyRecord::stands`] tells.
    ///
    /// # Errors
    /// Malformed or unknown.
    pub fn holder(&self, presented: &str) -> Result<KeyRecord, KeyRefusal> {
        let parts = parse(presented).ok_or(KeyRefusal::Malformed)?;
        let hash = hmac_sha256(self.pepper.expose(), parts.hashed.as_bytes());
        let keys = self.read();
        let entry = keys.by_id.get(parts.id).filter(|entry| hash::equal(&entry.hash, &hash));
        Ok(entry.ok_or(KeyRefusal::Unknown)?.record.clone())
    }

    /// Whether the key with this id may still be used: for work that began under it and is not done.
    ///
    /// # Errors
    /// Why not.
    pub fn stands(&self, id: &str, now_unix_ms: u64) -> Result<(), KeyRefusal> {
        let keys = self.read();
        let entry = keys.by_id.get(id).ok_or(KeyRefusal::Unknown)?;
        entry.record.stands(now_unix_ms)
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
        if !(1..=FORMAT).contains(&file.format) || !hash::equal(&mac, &self.mac(&file.body)) {
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

impl KeyRecord {
    /// Whether the key's time has not come to an end.
    ///
    /// # Errors
    /// Revoked or expired.
    pub fn stands(&self, now_unix_ms: u64) -> Result<(), KeyRefusal> {
        if self.revoked_unix_ms.is_some() {
            return Err(KeyRefusal::Revoked);
        }
        if self.expires_unix_ms.is_some_and(|expires| now_unix_ms >= expires) {
            return Err(KeyRefusal::Expired);
        }
        Ok(())
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
    fn a_key_is_replaced_with_an_overlap() {
        let (_temp, data) = folder();
        let store = KeyStore::open(&data).unwrap();
        let terms = KeyTerms {
            environment: Some("ward-4".to_owned()),
            scopes: vec!["ask".to_owned()],
            purposes: vec!["treatment".to_owned()],
            expires_unix_ms: Some(1_100),
            ..KeyTerms::new("clinician", "a")
        };
        let (old, old_key) = store.create_on(&terms, 100).unwrap();
        let (new, new_key) = store.rotate(&old.id, 50, 600).unwrap();
        assert_eq!(new.replaces.as_deref(), Some(old.id.as_str()));
        assert_eq!(new.expires_unix_ms, Some(1_600), "as long as the old one was made for");
        assert_eq!(
            (&new.environment, &new.scopes, &new.purposes),
            (&old.environment, &old.scopes, &old.purposes)
        );
        for (now, old_stands) in [(649, Ok(())), (650, Err(KeyRefusal::Expired))] {
            assert_eq!(store.verify(old_key.expose(), now).map(drop), old_stands);
            assert_eq!(store.stands(&old.id, now), old_stands);
            assert!(store.verify(new_key.expose(), now).is_ok());
        }
        // An end that was nearer than the overlap stays; a key that has ended is not replaced.
        store.rotate(&new.id, 10_000, 700).unwrap();
        assert_eq!(store.verify(new_key.expose(), 1_600), Err(KeyRefusal::Expired));
        for (id, kind) in [(old.id.as_str(), ErrorKind::Argument), ("nosuchid", ErrorKind::Missing)] {
            assert_eq!(store.rotate(id, 0, 2_000).unwrap_err().kind(), kind);
        }
        assert_eq!(store.list().len(), 3);
    }

    #[test]
    fn a_file_of_the_first_format_is_read_and_grows() {
        let (_temp, data) = folder();
        let store = KeyStore::open(&data).unwrap();
        let (record, key) = store.create("clinician", "a", None, 1).unwrap();
        // As the first format had it: without the members that came later.
        let whole = data.read(FILE).unwrap().unwrap();
        let file: File = serde_json::from_slice(&whole).unwrap();
        let mut body: serde_json::Value = serde_json::from_str(&file.body).unwrap();
        for member in ["environment", "scopes", "purposes", "reason", "replaces"] {
            body["keys"][0]["record"]
                .as_object_mut()
                .unwrap()
                .remove(member)
                .unwrap();
        }
        let body = body.to_string();
        let old = File {
            format: 1,
            mac: hex(&store.mac(&body)),
            body,
        };
        data.write_private(FILE, &serde_json::to_vec(&old).unwrap()).unwrap();
        let store = KeyStore::open(&data).unwrap();
        assert_eq!(store.verify(key.expose(), 2).unwrap(), record);
        store.revoke(&record.id, 3).unwrap();
        let file: File = serde_json::from_slice(&data.read(FILE).unwrap().unwrap()).unwrap();
        assert_eq!(file.format, FORMAT);
        assert_eq!(
            KeyStore::open(&data).unwrap().verify(key.expose(), 4),
            Err(KeyRefusal::Revoked)
        );
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
