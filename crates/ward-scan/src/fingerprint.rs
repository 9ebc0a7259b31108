//! Fingerprints: what tells a finding from another, without telling what was found.
//!
//! A fingerprint is the first half of an HMAC-SHA-256 over the rule, the path, the value and how many times the same
//! value stood in the same file before. No line goes in, so it survives lines that move. The key is the baseline's own
//! when there is one, so that everybody who shares the baseline computes the same; otherwise it is the data folder's.
//! Without the key, a fingerprint cannot be tested against guesses.

use ward_seal::{Secret32, hash};

/// The first half of the keyed hash.
pub type Fingerprint = [u8; 16];

/// The fingerprint of the `ordinal`-th occurrence (from 0) of `value` under `rule` in the file or member `path`.
#[must_use]
pub fn of(key: &Secret32, rule: &str, path: &str, value: &[u8], ordinal: u32) -> Fingerprint {
    let length = |part: &[u8]| (part.len() as u64).to_le_bytes();
    let full = hash::hmac_sha256_parts(
        key.expose(),
        &[
            b"ward scan fingerprint 1",
            &length(rule.as_bytes()),
            rule.as_bytes(),
            &length(path.as_bytes()),
            path.as_bytes(),
            &length(value),
            value,
            &ordinal.to_le_bytes(),
        ],
    );
    *full.first_chunk().unwrap_or(&[0; 16])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_counts_and_none_runs_into_the_next() {
        let key = Secret32::new([7; 32]);
        let base = of(&key, "a/b", "p", b"v", 0);
        assert_eq!(base, of(&key, "a/b", "p", b"v", 0));
        for other in [
            of(&Secret32::new([8; 32]), "a/b", "p", b"v", 0),
            of(&key, "a/c", "p", b"v", 0),
            of(&key, "a/b", "q", b"v", 0),
            of(&key, "a/b", "p", b"w", 0),
            of(&key, "a/b", "p", b"v", 1),
            of(&key, "a/bp", "", b"v", 0),
            of(&key, "a/b", "pv", b"", 0),
        ] {
            assert_ne!(base, other);
        }
    }
}
