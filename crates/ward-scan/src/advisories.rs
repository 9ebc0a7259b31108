//! Advisories: what is known of packages that have faults, as a database in one file.
//!
//! ```text
//! OSV, RustSec, KEV, EPSS -> Builder -> bytes of a file        (ward db import)
//! file -> Advisories::open -> of(package) -> Advisory -> affects(version), affected() -> a Set of versions
//! ```
//!
//! The [`Builder`] reads what advisory databases publish; [`Advisories`] looks packages up in the file it makes, reading only
//! what is asked for. Versions are compared as their ecosystem does: [`version`], [`specifier`].

pub mod advisory;
mod build;
mod exploited;
mod file;
mod osv;
pub mod package;
pub mod pep440;
mod rustsec;
pub mod severity;
pub mod specifier;
pub mod version;

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    io,
};

use serde::{Deserialize, Serialize};

pub use build::{Added, Builder};

use self::{
    advisory::Advisory,
    file::{ENTRY, Entry, HEAD, Head, Refused},
    package::Package,
};
use crate::{Error, ErrorKind, inventory::Ecosystem, suppress::Day};

/// The name of the file in the data folder.
pub const FILE: &str = "advisories.db";

/// Reads exactly the buffer's length at an offset.
pub type Reader = Box<dyn Fn(u64, &mut [u8]) -> io::Result<()> + Send + Sync>;

/// What is known of the whole database. Days are counted from 1970-01-01.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The day of the last import.
    pub imported: Day,
    /// By ecosystem, as OSV names it.
    pub ecosystems: BTreeMap<String, Kept>,
    /// Where the advisories are from: the beginnings of their names (`GHSA`, `PYSEC`), with how many.
    pub sources: BTreeMap<String, u64>,
    /// CVE numbers that are known to be exploited (KEV).
    pub exploited: BTreeSet<String>,
    /// Advisories whose likelihood of being exploited is known (EPSS).
    pub rated: u64,
}

/// What is kept of one ecosystem.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Packages with advisories.
    pub packages: u64,
    /// Advisories.
    pub advisories: u64,
    /// Of which day the data is: that of the newest advisory, or the day it was fetched from its source.
    pub as_of: Day,
}

/// A database that was opened.
pub struct Advisories {
    read: Reader,
    index: Vec<u8>,
    records_end: u64,
    facts: Facts,
}

const DAMAGED: &str = "the advisory database is damaged; import it again: ward db import";

impl Advisories {
    /// Opens a file of a length.
    ///
    /// # Errors
    /// [`ErrorKind::Input`] when it is no database of this version or is damaged, [`ErrorKind::Environment`] when it cannot
    /// be read.
    pub fn open(length: u64, read: Reader) -> Result<Self, Error> {
        let failed = |_| Error::new(ErrorKind::Environment, "the advisory database cannot be read");
        let damaged = || Error::new(ErrorKind::Input, DAMAGED);
        let mut head = vec![0; HEAD.min(usize::try_from(length).unwrap_or(HEAD))];
        read(0, &mut head).map_err(failed)?;
        let head = Head::read(&head, length).map_err(|refused| {
            let what = match refused {
                Refused::Other => "the file of advisories is no advisory database; import it again: ward db import",
                Refused::Newer => "the advisory database was made by a later Ward; update Ward, or import it again: ward db import --replace",
                Refused::Older => "the advisory database was made by an earlier Ward; import it again: ward db import --replace",
                Refused::Damaged => DAMAGED,
            };
            Error::new(ErrorKind::Input, what)
        })?;
        let part = |offset: u64, length: usize, sum: u32| -> Result<Vec<u8>, Error> {
            let mut bytes = vec![0; length];
            read(offset, &mut bytes).map_err(failed)?;
            if crc32c::crc32c(&bytes) == sum {
                Ok(bytes)
            } else {
                Err(damaged())
            }
        };
        let facts_length = usize::try_from(head.facts).map_err(|_| damaged())?;
        if (HEAD as u64).saturating_add(u64::from(head.facts)) > head.index {
            return Err(damaged());
        }
        let facts = part(HEAD as u64, facts_length, head.facts_sum)?;
        let entries = usize::try_from(head.entries).map_err(|_| damaged())?;
        let index = part(head.index, entries * ENTRY, head.index_sum)?;
        let facts = serde_json::from_slice(&facts).map_err(|_| damaged())?;
        Ok(Self {
            read,
            index,
            records_end: head.index,
            facts,
        })
    }

    /// A database in memory.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn of_bytes(bytes: Vec<u8>) -> Result<Self, Error> {
        let length = bytes.len() as u64;
        let read = move |at: u64, buffer: &mut [u8]| {
            let start = usize::try_from(at).unwrap_or(usize::MAX);
            let end = start.saturating_add(buffer.len());
            buffer.copy_from_slice(bytes.get(start..end).ok_or(io::ErrorKind::UnexpectedEof)?);
            Ok(())
        };
        Self::open(length, Box::new(read))
    }

    /// What is known of the whole.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// What advisories say of a package.
    ///
    /// # Errors
    /// [`ErrorKind::Input`] when the record is damaged, [`ErrorKind::Environment`] when it cannot be read.
    pub fn of(&self, package: &Package) -> Result<Vec<Advisory>, Error> {
        for entry in Entry::of(&self.index, file::hash(package.ecosystem, &package.name)) {
            let (found, all) = self.record(&entry)?;
            if found == *package {
                return Ok(all);
            }
        }
        Ok(Vec::new())
    }

    /// Whether there may be advisories about a package: false is certain.
    #[must_use]
    pub fn may_name(&self, ecosystem: Ecosystem, name: &str) -> bool {
        Entry::of(&self.index, file::hash(ecosystem, name)).next().is_some()
    }

    fn record(&self, entry: &Entry) -> Result<(Package, Vec<Advisory>), Error> {
        let damaged = || Error::new(ErrorKind::Input, DAMAGED);
        if entry.offset.saturating_add(entry.length as u64) > self.records_end {
            return Err(damaged());
        }
        let mut bytes = vec![0; entry.length];
        (self.read)(entry.offset, &mut bytes)
            .map_err(|_| Error::new(ErrorKind::Environment, "the advisory database cannot be read"))?;
        if crc32c::crc32c(&bytes) != entry.sum {
            return Err(damaged());
        }
        file::read_record(&bytes).ok_or_else(damaged)
    }

    /// Every package with what advisories say of it: reads and checks the whole file.
    pub fn all(&self) -> impl Iterator<Item = Result<(Package, Vec<Advisory>), Error>> + '_ {
        (0..self.index.len() / ENTRY)
            .filter_map(|place| Entry::at(&self.index, place))
            .map(|entry| self.record(&entry))
    }

    /// Of which day the oldest part of the data is; none when there is none.
    #[must_use]
    pub fn as_of(&self) -> Option<Day> {
        self.facts.ecosystems.values().map(|kept| kept.as_of).min()
    }

    /// Whether a fault is known to be exploited.
    #[must_use]
    pub fn is_exploited(&self, one: &Advisory) -> bool {
        one.names().any(|name| self.facts.exploited.contains(name))
    }
}

/// The advisories that a scan has.
#[derive(Default)]
pub enum Known {
    /// None were imported.
    #[default]
    None,
    /// There is a database, and it cannot be used.
    Refused(Error),
    /// A database.
    Open(Box<Advisories>),
}

/// Why a file that was to be imported was not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// The file, or its place in an archive.
    pub name: String,
    /// Why.
    pub why: Cow<'static, str>,
}
