//! Hashes, keys and permissions: B103, B324, B505; and `exec`, B102.

use ruff_python_ast::Expr;
use ward_evidence::Severity::{self, High, Medium};

use super::{
    values::{self, Value},
    walk::{Call, Walk},
};

/// All tests of this file.
pub(super) fn call<'a>(walk: &mut Walk<'a>, call: &Call<'a>) {
    if call.full == "exec" {
        walk.about("B102", Medium, call);
    }
    if let Some(severity) = permissions(call) {
        walk.about("B103", severity, call);
    }
    if let Some(severity) = weak_hash(call) {
        walk.about("B324", severity, call);
    }
    if let Some(severity) = weak_key(call) {
        walk.about("B505", severity, call);
    }
}

/// Modes that others, or the group beyond reading, may write or execute with.
fn permissions(call: &Call<'_>) -> Option<Severity> {
    if !call.last().contains("chmod") || call.args() != 2 {
        return None;
    }
    let Expr::NumberLiteral(literal) = call.arg(1)? else {
        return None;
    };
    let mode = literal.value.as_int()?.as_i64()?;
    match mode {
        mode if mode & 0o2 != 0 => Some(High),
        mode if mode & 0o31 != 0 => Some(Medium),
        _ => None,
    }
}

fn weak_hash(call: &Call<'_>) -> Option<Severity> {
    let weak = |name: &str| matches!(name, "md4" | "md5" | "sha" | "sha1");
    if call.has_part("hashlib") {
        let found = match call.last() {
            "new" => {
                let name = call.arg(0).map_or_else(|| call.value("name"), values::argument)?;
                weak(&name.word()?.to_lowercase())
            }
            name => weak(name),
        };
        let for_security = match call.keyword("usedforsecurity") {
            None => true,
            Some(value) => values::argument(value).is_some_and(|value| value.is("True")),
        };
        return (found && for_security).then_some(High);
    }
    if call.has_part("crypt") {
        let (position, keyword) = match call.last() {
            "crypt" => (1, "salt"),
            "mksalt" => (0, "method"),
            _ => return None,
        };
        let method = call
            .arg(position)
            .map_or_else(|| call.value(keyword), values::argument)?;
        let weak = matches!(method.word()?, "METHOD_CRYPT" | "METHOD_MD5" | "METHOD_BLOWFISH");
        return weak.then_some(Medium);
    }
    None
}

/// The kind of key a function makes.
enum Key {
    /// Its strength is a number of bits, at this position or by this name.
    Bits(usize, &'static str),
    /// Its strength is that of a curve.
    Curve,
}

fn weak_key(call: &Call<'_>) -> Option<Severity> {
    let key = match call.full.as_str() {
        "cryptography.hazmat.primitives.asymmetric.dsa.generate_private_key" => Key::Bits(0, "key_size"),
        "cryptography.hazmat.primitives.asymmetric.rsa.generate_private_key" => Key::Bits(1, "key_size"),
        "cryptography.hazmat.primitives.asymmetric.ec.generate_private_key" => Key::Curve,
        "Crypto.PublicKey.DSA.generate"
        | "Crypto.PublicKey.RSA.generate"
        | "Cryptodome.PublicKey.DSA.generate"
        | "Cryptodome.PublicKey.RSA.generate" => Key::Bits(0, "bits"),
        _ => return None,
    };
    match key {
        Key::Bits(position, name) => {
            let bits = match call.keyword(name) {
                Some(value) => values::argument(value),
                None => call.arg(position).and_then(values::of),
            };
            match bits? {
                Value::Number(bits) if bits < 1024.0 => Some(High),
                Value::Number(bits) if bits < 2048.0 => Some(Medium),
                _ => None,
            }
        }
        Key::Curve => {
            let curve = call.keyword("curve").or(call.arg(0)).and_then(values::argument)?;
            matches!(curve.word()?, "SECP192R1" | "SECT163K1" | "SECT163R2").then_some(Medium)
        }
    }
}
