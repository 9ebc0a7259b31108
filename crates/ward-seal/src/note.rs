//! Ed25519 keys (RFC 8032), C2SP signed notes, and C2SP tlog checkpoints.
//!
//! A checkpoint is the text `origin\nsize\nbase64(root)\n`. A signed note is that text, an empty
//! line, and signature lines `— name base64(key id || signature)`. The public key travels as
//! `name+key id in hex+base64(0x01 || key)`, the verifier-key form of the signed-note text.
//! Sources: c2sp.org/signed-note, c2sp.org/tlog-checkpoint.

use std::fmt;

use data_encoding::BASE64;
use ed25519_dalek::Signer;

use crate::{
    Error, ErrorKind, Secret32,
    hash::{hex, sha256, sha256_parts, unhex},
    merkle::Hash,
};

/// Longest origin in bytes.
pub const MAX_ORIGIN: usize = 200;
/// Longest note this crate reads, in bytes: room for sixteen witnesses, also with signatures of five kilobytes.
pub const MAX_NOTE: usize = 128 * 1024;
/// The signature algorithm byte for Ed25519.
const ED25519: u8 = 1;

/// Whether `origin` may name a ledger: 1 to [`MAX_ORIGIN`] visible ASCII characters, no `+`.
#[must_use]
pub fn origin_is_valid(origin: &str) -> bool {
    (1..=MAX_ORIGIN).contains(&origin.len()) && origin.bytes().all(|b| b.is_ascii_graphic() && b != b'+')
}

/// A key that signs.
#[derive(Clone)]
pub struct SigningKey(ed25519_dalek::SigningKey);

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(..)")
    }
}

impl SigningKey {
    /// The Ed25519 key whose 32-byte seed is `secret`.
    #[must_use]
    pub fn from_secret(secret: &Secret32) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(secret.expose()))
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    /// The signature of `message`, 64 bytes.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }

    /// A signed note over `text`, which must end in a newline, with one signature by `name`.
    #[must_use]
    pub fn sign_note(&self, name: &str, text: &str) -> String {
        let mut blob = self.public().key_id(name).to_vec();
        blob.extend_from_slice(&self.sign(text.as_bytes()));
        format!("{text}\n\u{2014} {name} {}\n", BASE64.encode(&blob))
    }
}

/// A key that checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(ed25519_dalek::VerifyingKey);

impl PublicKey {
    /// From its 32 bytes; `None` when they are no point of the curve, or a weak one.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 32]) -> Option<Self> {
        let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).ok()?;
        (!key.is_weak()).then_some(Self(key))
    }

    /// Its 32 bytes.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// SHA-256 of the 32 bytes in hexadecimal: what a person keeps and compares. The four-byte key
    /// id of a signed note is too short for that: a key with a wanted id can be searched for.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        hex(&sha256(&self.to_bytes()))
    }

    /// The signed-note key id under `name`: the first four bytes of SHA-256(name || 0x0A || 0x01 || key).
    #[must_use]
    pub fn key_id(&self, name: &str) -> [u8; 4] {
        let [a, b, c, d, ..] = sha256_parts(&[name.as_bytes(), &[b'\n', ED25519], &self.to_bytes()]);
        [a, b, c, d]
    }

    /// The verifier-key text `name+id+base64`.
    #[must_use]
    pub fn verifier_key(&self, name: &str) -> String {
        let mut blob = vec![ED25519];
        blob.extend_from_slice(&self.to_bytes());
        format!("{name}+{}+{}", hex(&self.key_id(name)), BASE64.encode(&blob))
    }

    /// Reads a verifier key: the name and the key. Strict: what it accepts it would print the same.
    #[must_use]
    pub fn parse_verifier_key(text: &str) -> Option<(String, Self)> {
        let mut parts = text.splitn(3, '+');
        let (name, id, blob) = (parts.next()?, parts.next()?, parts.next()?);
        let blob = BASE64.decode(blob.as_bytes()).ok()?;
        let (algorithm, bytes) = blob.split_first()?;
        let key = Self::from_bytes(bytes.try_into().ok()?)?;
        let right = *algorithm == ED25519 && origin_is_valid(name) && unhex::<4>(id)? == key.key_id(name);
        right.then(|| (name.to_owned(), key))
    }

    /// Whether `signature` is this key's over `message` (strict verification: no weak keys, no
    /// second form of a signature).
    #[must_use]
    pub fn check(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        let signature = ed25519_dalek::Signature::from_bytes(signature);
        self.0.verify_strict(message, &signature).is_ok()
    }

    /// The text of a signed note, when `name` signed it with this key. Lines of other signers are
    /// allowed when `others` says so. A line that claims this name and id and does not verify
    /// refuses the note.
    #[must_use]
    pub fn open_note<'a>(&self, name: &str, note: &'a str, others: bool) -> Option<&'a str> {
        if note.len() > MAX_NOTE || note.bytes().any(|b| b < b' ' && b != b'\n') {
            return None;
        }
        let break_at = note.rfind("\n\n")?;
        let (text, signatures) = (note.get(..=break_at)?, note.get(break_at + 2..)?.strip_suffix('\n')?);
        let mut signed = false;
        for (count, line) in signatures.split('\n').enumerate() {
            let (signer, blob) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
            let blob = BASE64.decode(blob.as_bytes()).ok()?;
            let (id, signature) = blob.split_first_chunk::<4>()?;
            let ours = signer == name && *id == self.key_id(name);
            if ours {
                if signed || !self.check(text.as_bytes(), signature.try_into().ok()?) {
                    return None;
                }
                signed = true;
            } else if !others || count > 64 {
                return None;
            }
        }
        signed.then_some(text)
    }
}

/// What a ledger says it is at one moment: its name, its length, and the root over all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The ledger's name.
    pub origin: String,
    /// Entries.
    pub size: u64,
    /// The RFC 6962 root.
    pub root: Hash,
}

impl Checkpoint {
    /// The text that is signed.
    #[must_use]
    pub fn text(&self) -> String {
        checkpoint_text(&self.origin, self.size, &self.root)
    }

    /// Reads the text of a checkpoint. Strict: exactly three lines, numbers and base64 in the one
    /// canonical form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        let checkpoint = Self {
            origin: origin.to_owned(),
            size: size.parse().ok()?,
            root: BASE64.decode(root.as_bytes()).ok()?.try_into().ok()?,
        };
        (lines.next().is_none() && origin_is_valid(origin) && checkpoint.text() == text).then_some(checkpoint)
    }

    /// Reads and checks a signed checkpoint. With `others`, further signatures (witnesses') may follow.
    ///
    /// # Errors
    /// [`ErrorKind::Damaged`] when it is no checkpoint, or not signed by this key for this origin.
    pub fn open(note: &str, origin: &str, key: &PublicKey, others: bool) -> Result<Self, Error> {
        let bad = || Error::new(ErrorKind::Damaged, "the checkpoint is not signed by this ledger's key");
        let text = key.open_note(origin, note, others).ok_or_else(bad)?;
        let checkpoint = Self::parse(text).ok_or_else(|| Error::damaged("the checkpoint's text is malformed"))?;
        if checkpoint.origin == origin {
            Ok(checkpoint)
        } else {
            Err(Error::damaged("the checkpoint belongs to another ledger"))
        }
    }
}

/// The text of a checkpoint: `origin\nsize\nbase64(root)\n`.
#[must_use]
pub fn checkpoint_text(origin: &str, size: u64, root: &Hash) -> String {
    format!("{origin}\n{size}\n{}\n", BASE64.encode(root))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> SigningKey {
        SigningKey::from_secret(&Secret32::new([3; 32]))
    }

    /// RFC 8032, section 7.1, tests 1 to 3: secret, public, message, signature.
    #[test]
    fn ed25519_vectors() {
        for (secret, public, message, signature) in [
            (
                "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
                "",
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
            ),
            (
                "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
                "72",
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
            ),
            (
                "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
                "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
                "af82",
                "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
            ),
        ] {
            let key = SigningKey::from_secret(&Secret32::new(unhex(secret).unwrap()));
            let message = data_encoding::HEXLOWER.decode(message.as_bytes()).unwrap();
            assert_eq!(hex(&key.public().to_bytes()), public);
            assert_eq!(hex(&key.sign(&message)), signature);
            let mut bad: [u8; 64] = unhex(signature).unwrap();
            assert!(key.public().check(&message, &bad));
            bad[0] ^= 1;
            assert!(!key.public().check(&message, &bad));
        }
    }

    /// The verifier key that the signed-note text (and Go's sumdb/note documentation) gives as its example.
    #[test]
    fn verifier_key_vector() {
        let text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
        let (name, key) = PublicKey::parse_verifier_key(text).unwrap();
        assert_eq!(name, "PeterNeumann");
        assert_eq!(key.verifier_key(&name), text);
        let note = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
        assert!(key.open_note(&name, note, false).is_some());
    }

    #[test]
    fn any_change_of_a_note_is_caught() {
        let note = key().sign_note("ward.test/a", &checkpoint_text("ward.test/a", 7, &[1; 32]));
        let open = |note: &str| Checkpoint::open(note, "ward.test/a", &key().public(), false);
        assert_eq!(open(&note).unwrap().size, 7);
        for i in 0..note.len() {
            for mask in [1u8, 2, 4, 8, 16, 32, 64, 128] {
                let mut bytes = note.clone().into_bytes();
                bytes[i] ^= mask;
                if let Ok(text) = String::from_utf8(bytes) {
                    assert!(open(&text).is_err(), "byte {i} mask {mask}");
                }
            }
            assert!(note.get(..i).is_none_or(|cut| open(cut).is_err()));
        }
    }

    #[test]
    fn witnesses_may_sign_too() {
        let text = checkpoint_text("ward.test/a", 7, &[1; 32]);
        let witness = SigningKey::from_secret(&Secret32::new([4; 32]));
        let ours = key().sign_note("ward.test/a", &text);
        let theirs = witness.sign_note("witness", &text);
        let both = format!("{ours}{}", theirs.split_once("\n\n").unwrap().1);
        let open = |note: &str, others| Checkpoint::open(note, "ward.test/a", &key().public(), others).is_ok();
        assert!(open(&both, true) && !open(&both, false) && !open(&theirs, true));
    }

    #[test]
    fn checkpoints_have_one_form() {
        let good = checkpoint_text("o", 12, &[0; 32]);
        assert!(Checkpoint::parse(&good).is_some());
        for bad in [
            good.replace("12", "012"),
            good.replace("12", "+12"),
            good.replace("o\n", "o \n"),
            format!("{good}extension\n"),
            good.replace("AAA=", "AAB="),
            good.trim_end().to_owned(),
            String::new(),
        ] {
            assert!(Checkpoint::parse(&bad).is_none(), "{bad:?}");
        }
    }
}
