//! Files whose business it is to hold credentials, each read in its own format.

use super::page::{Candidate, Page};
use crate::{Blob, Findings};

/// Whether a file of this name has a reader of its own.
#[must_use]
pub fn has_reader(_name: &str) -> bool {
    false
}

/// Reads `page` in its own format.
pub(crate) fn read(_page: &Page<'_>, _out: &mut Vec<Candidate>) {}

/// Tells stores of keys and passwords by their first bytes.
pub(crate) fn binary(_name: &str, _bytes: &[u8], _offset: u64, _blob: &Blob<'_>, _findings: &mut Findings) {}
