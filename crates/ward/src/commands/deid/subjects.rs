//! Whose values are being replaced: one [`Deidentifier`] a subject, a bounded number of them at a time.

use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasher, RandomState},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use anyhow::Result;
use ward_deid::{Deidentifier, Mode};
use ward_formats::date::Civil;
use ward_seal::{Secret32, hash, store::DataDir};

use super::fault::Stop;
use crate::vault;

/// Subjects kept in memory. One more, and the quarter that was not used for longest goes.
const MOST: usize = 4_096;

/// The replacements of one subject, shared between the workers.
pub(super) type Shared = Arc<Mutex<Deidentifier>>;

/// What the replacements follow from.
pub(super) enum Keys {
    /// One key: of a file, or random of this run.
    Master {
        /// The key.
        key: Secret32,
        /// Whose data it is.
        tenant: String,
    },
    /// The keys of a data folder, and its vault.
    Folder {
        /// The vault.
        subjects: vault::Subjects,
        /// Whose data it is.
        tenant: String,
        /// Whether rows are kept, and for how many milliseconds.
        keep: Option<Option<u64>>,
    },
}

impl Keys {
    /// Those of a data folder.
    pub(super) fn of_folder(data: &DataDir, tenant: String, keep: bool, days: Option<u32>) -> Result<Keys> {
        const DAY_MS: u64 = 86_400_000;
        Ok(Keys::Folder {
            subjects: vault::Subjects::open(data)?,
            tenant,
            keep: keep.then(|| days.map(|days| u64::from(days) * DAY_MS)),
        })
    }
}

/// The tenant whose subjects are called by their names alone.
pub(super) const LOCAL: &str = "local";

/// All subjects of a run.
pub(super) struct Subjects {
    mode: Mode,
    keys: Keys,
    /// The one subject that was named.
    named: Option<String>,
    held: Mutex<Held>,
    hasher: RandomState,
    unnamed: AtomicU64,
    /// What day it is: mode remove keeps birth years of people who are not over 89.
    today: Option<Civil>,
}

#[derive(Default)]
struct Held {
    /// The subject, when it was last used, and whether it was used since its rows were kept.
    by_name: HashMap<String, (Shared, u64, bool)>,
    clock: u64,
    gone: HashSet<u64>,
    returned: u64,
}

impl Subjects {
    pub(super) fn new(mode: Mode, keys: Keys, named: Option<String>) -> Self {
        Self {
            mode,
            keys,
            named,
            held: Mutex::new(Held::default()),
            hasher: RandomState::new(),
            unnamed: AtomicU64::new(0),
            today: today(),
        }
    }

    /// What is put in place of a value.
    pub(super) fn mode(&self) -> Mode {
        self.mode
    }

    /// The subject called `name`, unless one was named for everything.
    pub(super) fn of(&self, name: &str) -> Result<Shared, Stop> {
        let name = self.named.as_deref().unwrap_or(name);
        let mut held = self.lock();
        held.clock += 1;
        let clock = held.clock;
        if let Some((shared, used, dirty)) = held.by_name.get_mut(name) {
            (*used, *dirty) = (clock, true);
            return Ok(Arc::clone(shared));
        }
        if held.by_name.len() >= MOST {
            self.make_room(&mut held)?;
        }
        // A subject that comes back begins anew; in modes that number, under another key, so that the old placeholders
        // do not stand for new values. One that is in the vault goes on where it ended.
        let mut generation = 0;
        if self.keep().is_none() && held.gone.contains(&self.hasher.hash_one(name)) {
            held.returned += 1;
            generation = if self.mode == Mode::Surrogate { 0 } else { held.returned };
        }
        let shared = Arc::new(Mutex::new(self.make(name, generation)?));
        held.by_name.insert(name.to_owned(), (Arc::clone(&shared), clock, true));
        Ok(shared)
    }

    /// The subject of a stretch of a long text: in modes that remember, so that memory stays bounded. In mode surrogate all
    /// stretches share the key, and so the stand-ins.
    pub(super) fn stretch(&self, file: &str, number: u64) -> Result<Shared, Stop> {
        if self.named.is_some() || self.keep().is_some() || number == 0 {
            return self.of(&of_file(file));
        }
        let name = format!("{}, stretch {number}", of_file(file));
        let mut held = self.lock();
        held.clock += 1;
        let clock = held.clock;
        if let Some((shared, used, _)) = held.by_name.get_mut(&name) {
            *used = clock;
            return Ok(Arc::clone(shared));
        }
        let key = if self.mode == Mode::Surrogate {
            of_file(file)
        } else {
            name.clone()
        };
        let shared = Arc::new(Mutex::new(self.make(&key, 0)?));
        // Stretches are worked on in order: those long past are not needed again.
        let past = number
            .checked_sub(3)
            .map(|past| format!("{}, stretch {past}", of_file(file)));
        if let Some(past) = past {
            held.by_name.remove(&past);
        }
        held.by_name.insert(name, (Arc::clone(&shared), clock, false));
        Ok(shared)
    }

    /// The subject of a record that names none: its own, unless one was named for everything or the vault must find it
    /// again, by its file.
    pub(super) fn alone(&self, file: &str, place: &str) -> Result<Shared, Stop> {
        if self.named.is_some() || self.keep().is_some() {
            return self.of(&of_file(file));
        }
        let generation = match self.mode {
            Mode::Surrogate => 0,
            _ => self.unnamed.fetch_add(1, Ordering::Relaxed) + (1 << 48),
        };
        let name = format!("{}, {place}", of_file(file));
        Ok(Arc::new(Mutex::new(self.make(&name, generation)?)))
    }

    /// How many subjects came back after they had to make room.
    pub(super) fn returned(&self) -> u64 {
        self.lock().returned
    }

    /// Keeps in the vault what was replaced since the last time. Results are put in their place after this only, so that
    /// there is none that cannot be put back.
    pub(super) fn keep_all(&self) -> Result<(), Stop> {
        let Some(_) = self.keep() else { return Ok(()) };
        let mut held = self.lock();
        for (name, (shared, _, dirty)) in &mut held.by_name {
            if *dirty {
                // Whoever still holds it may replace more in it: then it is to be kept again. Nobody new gets it meanwhile.
                let idle = Arc::strong_count(shared) == 1;
                self.keep_one(name, shared)?;
                *dirty = !idle;
            }
        }
        Ok(())
    }

    fn keep_one(&self, name: &str, shared: &Shared) -> Result<(), Stop> {
        if let Keys::Folder {
            subjects,
            keep: Some(days),
            ..
        } = &self.keys
        {
            let deid = shared.lock().unwrap_or_else(PoisonError::into_inner);
            subjects.keep(&self.full(name), &deid, *days)?;
        }
        Ok(())
    }

    fn keep(&self) -> Option<Option<u64>> {
        match &self.keys {
            Keys::Folder { keep, .. } => *keep,
            Keys::Master { .. } => None,
        }
    }

    /// The name of a subject in the vault.
    fn full(&self, name: &str) -> String {
        match &self.keys {
            Keys::Folder { tenant, .. } | Keys::Master { tenant, .. } if tenant != LOCAL => format!("{tenant}/{name}"),
            _ => name.to_owned(),
        }
    }

    fn make(&self, name: &str, generation: u64) -> Result<Deidentifier, Stop> {
        match &self.keys {
            Keys::Folder { subjects, keep, .. } => {
                let name = self.full(name);
                if keep.is_some() {
                    return Ok(subjects.deidentifier(self.mode, &name)?);
                }
                let key = subjects.vault().pseudonym_key("local", &name);
                Ok(Deidentifier::new(self.mode, *key))
            }
            Keys::Master { key, tenant } => {
                let master = hash::derive(key.expose(), "ward deid subjects");
                let length = (tenant.len() as u64).to_be_bytes();
                let number = generation.to_be_bytes();
                let parts: [&[u8]; 4] = [&length, tenant.as_bytes(), &number, name.as_bytes()];
                let new = Deidentifier::new(self.mode, hash::hmac_sha256_parts(&master, &parts));
                Ok(match self.today {
                    Some(today) => new.on(today),
                    None => new,
                })
            }
        }
    }

    fn make_room(&self, held: &mut Held) -> Result<(), Stop> {
        let mut ages: Vec<u64> = held.by_name.values().map(|(_, used, _)| *used).collect();
        ages.sort_unstable();
        let limit = ages.get(MOST / 4).copied().unwrap_or(0);
        let old = held
            .by_name
            .iter()
            .filter(|(_, (shared, used, _))| *used <= limit && Arc::strong_count(shared) == 1);
        let names: Vec<String> = old.map(|(name, _)| name.clone()).collect();
        for name in names {
            if let Some((shared, _, dirty)) = held.by_name.remove(&name) {
                if dirty {
                    self.keep_one(&name, &shared)?;
                }
                held.gone.insert(self.hasher.hash_one(&name));
            }
        }
        Ok(())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn today() -> Option<Civil> {
    const DAY_MS: u64 = 86_400_000;
    Civil::from_days(i32::try_from(ward_serve::app::now() / DAY_MS).ok()?)
}

/// The subject of what names no patient: its file.
pub(in crate::commands) fn of_file(file: &str) -> String {
    format!("file {file}")
}
