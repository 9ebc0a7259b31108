//! SHA-256 (FIPS 180-4), HMAC (RFC 2104), HKDF (RFC 5869), hexadecimal, comparison in constant time.

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// SHA-256 of `data`.
#[must_use]
pub fn sha256(data: &[u8]) -> [u8; 32] {
    Sha256::digest(data).into()
}

/// SHA-256 of the parts, one after the other, without copying them together. The lengths are not
/// hashed: the caller's format must be unambiguous.
#[must_use]
pub fn sha256_parts(parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// SHA-256 of what comes in pieces, as of a file that is too large to hold.
#[derive(Default)]
pub struct Sha256Pieces(Sha256);

impl Sha256Pieces {
    /// Takes the next piece.
    pub fn add(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    /// The digest of all pieces, one after the other.
    #[must_use]
    pub fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

/// HMAC-SHA-256 of `data` under `key`, which may have any length (RFC 2104, section 2).
#[must_use]
pub fn hmac_sha256(key: &[u8], data: &[u8]) -> [u8; 32] {
    hmac_sha256_parts(key, &[data])
}

/// HMAC-SHA-256 of the parts, one after the other.
#[must_use]
pub fn hmac_sha256_parts(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC takes keys of every length; the fallback is never reached.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return sha256_parts(&[b"unreachable", key]);
    };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// A key for one purpose from a master secret: HKDF-SHA-256 with no salt and `label` as info.
/// Different labels give independent keys.
#[must_use]
pub fn derive(secret: &[u8; 32], label: &str) -> [u8; 32] {
    let mut out = [0u8; 32];
    // HKDF refuses only outputs longer than 255 * 32 bytes; 32 is always granted.
    let _granted = Hkdf::<Sha256>::new(None, secret).expand(label.as_bytes(), &mut out);
    out
}

/// Lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

/// Reads lower-case hexadecimal of exactly `N` bytes; `None` for anything else, upper case included.
#[must_use]
pub fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    data_encoding::HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok()
}

/// Whether two byte strings are equal, in a time that depends only on their lengths.
#[must_use]
pub fn equal(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(hex: &str) -> Vec<u8> {
        data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap()
    }

    /// FIPS 180-4 examples, as published by NIST.
    #[test]
    fn sha256_vectors() {
        for (text, want) in [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            (
                "abc",
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            ),
        ] {
            assert_eq!(hex(&sha256(text.as_bytes())), want);
        }
        assert_eq!(sha256_parts(&[b"a", b"", b"bc"]), sha256(b"abc"));
    }

    /// RFC 4231, test cases 1 to 4, 6 and 7 (5 is truncated to 128 bits: its prefix is compared).
    #[test]
    fn hmac_vectors() {
        let cases: &[(Vec<u8>, Vec<u8>, &str)] = &[
            (vec![0x0b; 20], b"Hi There".to_vec(), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
            (b"Jefe".to_vec(), b"what do ya want for nothing?".to_vec(), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
            (vec![0xaa; 20], vec![0xdd; 50], "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
            ((1..=25).collect(), vec![0xcd; 50], "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
            (vec![0x0c; 20], b"Test With Truncation".to_vec(), "a3b6167473100ee06e0c796c2955552b"),
            (vec![0xaa; 131], b"Test Using Larger Than Block-Size Key - Hash Key First".to_vec(), "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
            (vec![0xaa; 131], b"This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.".to_vec(), "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
        ];
        for (key, data, want) in cases {
            assert!(hex(&hmac_sha256(key, data)).starts_with(want));
        }
    }

    /// RFC 5869, appendix A.1 to A.3 (the library under `derive`), and `derive` against the definition.
    #[test]
    fn hkdf_vectors() {
        let check = |ikm: &[u8], salt: &[u8], info: &[u8], want: &str| {
            let want = bytes(want);
            let mut out = vec![0; want.len()];
            Hkdf::<Sha256>::new(Some(salt), ikm).expand(info, &mut out).unwrap();
            assert_eq!(out, want);
        };
        check(
            &[0x0b; 22],
            &bytes("000102030405060708090a0b0c"),
            &bytes("f0f1f2f3f4f5f6f7f8f9"),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
        );
        let long = |from: u8| (from..=from.wrapping_add(0x4f)).collect::<Vec<u8>>();
        check(
            &long(0x00),
            &long(0x60),
            &long(0xb0),
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
        );
        check(
            &[0x0b; 22],
            &[],
            &[],
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
        );
        let secret = [9; 32];
        let prk = hmac_sha256(&[0; 32], &secret);
        assert_eq!(derive(&secret, "label"), hmac_sha256(&prk, b"label\x01"));
    }

    #[test]
    fn hex_is_strict() {
        assert_eq!(unhex::<2>("0aff"), Some([0x0a, 0xff]));
        for bad in ["0aFF", "0af", "0aff00", "", "zz00"] {
            assert_eq!(unhex::<2>(bad), None, "{bad}");
        }
        assert!(equal(b"a", b"a") && !equal(b"a", b"b") && !equal(b"a", b"aa"));
    }
}
