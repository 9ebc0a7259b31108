//! API keys: `wk_<id>_<secret>_<check>`.
//!
//! - `id`: 8 characters of base32 (RFC 4648, lower case), 40 random bits. Public: it names the key in lists,
//!   logs and the ledger.
//! - `secret`: 52 characters of base32, 256 random bits. Shown once, when the key is made.
//! - `check`: 7 characters, CRC-32C of all before it. It tells a mistyped key from an unknown one without a
//!   look-up, and lets scanners recognise a leaked key. It protects nothing.
//!
//! What is stored is HMAC-SHA-256 under a pepper that lives in another file. A key has 256 bits of entropy, so
//! a slow password hash would add nothing.

mod keystore;
mod terms;

pub use keystore::{KeyStore, MAX_KEYS};
pub use terms::KeyTerms;

use std::fmt;

use data_encoding::BASE32_NOPAD;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{Error, random};

/// Characters of a whole key: `wk_`, 8, `_`, 52, `_`, 7.
pub const KEY_LEN: usize = 3 + 8 + 1 + 52 + 1 + 7;

/// What is known about a key. Nothing in it is secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyRecord {
    /// The public name, 8 characters.
    pub id: String,
    /// What its holder is: 1 to 32 lower-case letters, digits and `-`.
    pub role: String,
    /// Who holds it, in the words of whoever made it: up to 200 characters.
    pub owner: String,
    /// When it was made, milliseconds since 1970 UTC.
    pub created_unix_ms: u64,
    /// From when on it is refused.
    pub expires_unix_ms: Option<u64>,
    /// When it was revoked.
    pub revoked_unix_ms: Option<u64>,
    /// The environment it is for; none is any. Absent in files of format 1.
    #[serde(default)]
    pub environment: Option<String>,
    /// What it may do of what its role may; empty is all of it. Absent in files of format 1.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// The purposes it may be used for; empty is any. Absent in files of format 1.
    #[serde(default)]
    pub purposes: Vec<String>,
    /// Why it was made, for roles that must say so. Absent in files of format 1.
    #[serde(default)]
    pub reason: Option<String>,
    /// The id of the key it takes the place of. Absent in files of format 1.
    #[serde(default)]
    pub replaces: Option<String>,
}

/// A key just made, whole. It wipes itself.
pub struct NewKey(Zeroizing<String>);

impl NewKey {
    /// The key, to be shown once.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for NewKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewKey(..)")
    }
}

/// Why a presented key is refused. To the outside all four are 401; the difference is for the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyRefusal {
    /// It does not have the form of a key, or its check does not match: a typing error.
    Malformed,
    /// There is no such key.
    Unknown,
    /// It was revoked.
    Revoked,
    /// Its time is over.
    Expired,
}

impl KeyRefusal {
    /// One word for logs and the ledger.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Unknown => "unknown",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
        }
    }
}

impl fmt::Display for KeyRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the key is {}", self.word())
    }
}

impl std::error::Error for KeyRefusal {}

/// The parts of a well-formed key.
struct Parts<'a> {
    id: &'a str,
    /// `id_secret`, what is hashed.
    hashed: &'a str,
}

/// Takes a presented key apart, when its form and its check are right.
fn parse(presented: &str) -> Option<Parts<'_>> {
    if presented.len() != KEY_LEN || !presented.is_ascii() {
        return None;
    }
    let body = presented.strip_prefix("wk_")?;
    let mut parts = body.split('_');
    let (id, secret, check) = (parts.next()?, parts.next()?, parts.next()?);
    let base32 = |text: &str| {
        text.bytes()
            .all(|b| b.is_ascii_lowercase() || (b'2'..=b'7').contains(&b))
    };
    let well_formed = parts.next().is_none()
        && (id.len(), secret.len(), check.len()) == (8, 52, 7)
        && [id, secret, check].into_iter().all(base32);
    let (before, _) = presented.rsplit_once('_')?;
    if !well_formed || check_of(before) != check {
        return None;
    }
    Some(Parts {
        id,
        hashed: body.get(..8 + 1 + 52)?,
    })
}

fn check_of(before: &str) -> String {
    lower_base32(&crc32c::crc32c(before.as_bytes()).to_be_bytes())
}

fn lower_base32(bytes: &[u8]) -> String {
    let mut text = BASE32_NOPAD.encode(bytes);
    text.make_ascii_lowercase();
    text
}

/// A new key with random id and secret.
fn generate() -> Result<(String, NewKey), Error> {
    let id = lower_base32(&random::bytes::<5>()?);
    let secret = Zeroizing::new(random::bytes::<32>()?);
    let secret = Zeroizing::new(lower_base32(&*secret));
    let mut key = Zeroizing::new(String::with_capacity(KEY_LEN));
    for part in ["wk_", &id, "_", &secret] {
        key.push_str(part);
    }
    let check = check_of(&key);
    key.push('_');
    key.push_str(&check);
    Ok((id, NewKey(key)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_typing_error_is_malformed() {
        let (id, key) = generate().unwrap();
        let whole = key.expose();
        assert_eq!(whole.len(), KEY_LEN);
        assert_eq!(parse(whole).unwrap().id, id);
        assert_eq!(parse(whole).unwrap().hashed, &whole[3..64]);
        for i in 0..whole.len() {
            for with in ['a', 'b', '2', '7', '_', 'A', ' ', '0'] {
                let mut bad: Vec<char> = whole.chars().collect();
                bad[i] = with;
                let bad: String = bad.into_iter().collect();
                assert!(bad == whole || parse(&bad).is_none(), "{i} {with}");
            }
            assert!(parse(&whole[..i]).is_none());
        }
        for bad in [
            "",
            "wk_",
            &whole.to_uppercase(),
            &format!("{whole} "),
            &"é".repeat(KEY_LEN / 2),
        ] {
            assert!(parse(bad).is_none(), "{bad}");
        }
        assert_eq!(format!("{key:?}"), "NewKey(..)");
    }
}
