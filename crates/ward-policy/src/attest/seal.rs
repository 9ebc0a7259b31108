//! The signature over an attestation: a C2SP signed note that names the file's digest.

use ward_seal::{
    hash::{hex, sha256},
    note::{PublicKey, SigningKey},
};

use super::document::Attestation;

/// The name under which attestations are signed.
pub const SIGNER: &str = "ward.local/attest";

/// The name of the signing key in a data folder.
pub const KEY: &str = "attest";

/// The text that is signed: what it is, the digest of the file, the standard, when it was made.
#[must_use]
pub fn text(bytes: &[u8], made: &Attestation) -> String {
    format!(
        "{}\nsha256:{}\n{}\n{}\n",
        made.format,
        hex(&sha256(bytes)),
        made.standard.id,
        made.about.made
    )
}

/// The signed note over the file `bytes`, which hold `made`.
#[must_use]
pub fn sign(key: &SigningKey, bytes: &[u8], made: &Attestation) -> String {
    key.sign_note(SIGNER, &text(bytes, made))
}

/// Whether `note` is signed by `key` and names exactly these bytes.
#[must_use]
pub fn holds(key: &PublicKey, note: &str, bytes: &[u8], made: &Attestation) -> bool {
    // Others may add their signatures: an assessor, a witness.
    key.open_note(SIGNER, note, true)
        .is_some_and(|signed| signed == text(bytes, made))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attest::join::{Inputs, join};
    use ward_evidence::standard;
    use ward_seal::Secret32;

    #[test]
    fn a_changed_byte_is_noticed() {
        let about = crate::attest::document::About {
            subject: "p".into(),
            made: "2026-01-02T03:04:05Z".into(),
            since: None,
            program: "ward".into(),
        };
        let made = join(Inputs {
            standard: standard("slsa").unwrap(),
            about,
            evidence: Default::default(),
            not_applicable: Default::default(),
            sections: vec![],
            inputs: vec![],
            limits: vec![],
        });
        let bytes = made.to_text().unwrap().into_bytes();
        let key = SigningKey::from_secret(&Secret32::new([7; 32]));
        let note = sign(&key, &bytes, &made);
        assert!(holds(&key.public(), &note, &bytes, &made));
        let other = SigningKey::from_secret(&Secret32::new([8; 32]));
        assert!(!holds(&other.public(), &note, &bytes, &made));
        for at in [0, bytes.len() / 2, bytes.len() - 1] {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert!(!holds(&key.public(), &note, &changed, &made));
        }
        let later = Attestation {
            about: crate::attest::document::About {
                made: "2027-01-02T03:04:05Z".into(),
                ..made.about.clone()
            },
            ..made
        };
        assert!(!holds(&key.public(), &note, &bytes, &later));
    }
}
