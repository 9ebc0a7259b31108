//! What the setters of the table make of a value: numbers, texts, addresses, names, digests.

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use ward_guard::Phi;

use super::{Kind, Value, Wrong};
use crate::identity::Role;

/// A number without a useful upper bound.
pub(super) const MANY: u64 = 1_000_000_000_000;
pub(super) const COUNT: Kind = Kind::Number { least: 0, most: MANY };
pub(super) const SECONDS: Kind = Kind::Number { least: 1, most: 3600 };

pub(super) fn bool_of(value: &Value) -> bool {
    matches!(value, Value::Bool(true))
}

pub(super) fn number(value: &Value) -> u64 {
    match value {
        Value::Number(number) => *number,
        _ => 0,
    }
}

pub(super) fn small(value: &Value) -> u32 {
    u32::try_from(number(value)).unwrap_or(u32::MAX)
}

pub(super) fn size(value: &Value) -> usize {
    usize::try_from(number(value)).unwrap_or(usize::MAX)
}

pub(super) fn seconds(value: &Value) -> Duration {
    Duration::from_secs(number(value))
}

pub(super) fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        _ => String::new(),
    }
}

pub(super) fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Texts(texts) => texts.clone(),
        _ => Vec::new(),
    }
}

pub(super) fn file(value: &Value) -> Option<PathBuf> {
    match value {
        Value::File(path) => Some(path.clone()),
        _ => None,
    }
}

pub(super) fn address(value: &Value) -> Result<SocketAddr, Wrong> {
    text(value)
        .parse()
        .map_err(|_| "write an address and a port, such as \"127.0.0.1:8443\"")
}

pub(super) fn word(text: &str) -> Result<String, Wrong> {
    let right = (1..=32).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    right
        .then(|| text.to_owned())
        .ok_or("write 1 to 32 lower-case letters, digits or `-`")
}

pub(super) fn words(value: &Value) -> Result<Vec<String>, Wrong> {
    texts(value).iter().map(|text| word(text)).collect()
}

/// 64 hexadecimal digits, with or without `sha256:` before them.
pub(super) fn digest(text: &str) -> Result<[u8; 32], Wrong> {
    let digits = text.strip_prefix("sha256:").unwrap_or(text).replace(':', "");
    ward_seal::hash::unhex(&digits.to_ascii_lowercase())
        .ok_or("write the SHA-256 of the public key as 64 hexadecimal digits")
}

pub(super) fn role(text: &str) -> Result<Role, Wrong> {
    Role::from_word(text).ok_or("there is no such role; roles are clinician, service, auditor, administrator")
}

/// The secret that was found where the file says it is.
pub(super) fn secret(value: &Value) -> Option<Arc<Phi<String>>> {
    match value {
        Value::Secret(secret) => Some(secret.clone()),
        _ => None,
    }
}
