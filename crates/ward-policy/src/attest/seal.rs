//! The signature over an attestation: a C2SP signed note that names the digest of the file, and those of every file that
//! was written beside it: the page, the PDF, the OSCAL documents, the inputs.

use ward_seal::{
    hash::{hex, sha256},
    note::{PublicKey, SigningKey},
};

use super::document::Attestation;

/// The name under which attestations are signed.
pub const SIGNER: &str = "ward.local/attest";

/// The name of the signing key in a data folder.
pub const KEY: &str = "attest";

/// A file that lies beside an attestation: its name from the folder, with `/`, and its digest as `sha256:HEX`.
pub type Beside = (String, String);

/// The digest of a file, as it stands in a note.
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    format!("sha256:{}", hex(&sha256(bytes)))
}

/// The text that is signed: what it is, the digest of the file, the standard, when it was made, then a line for each file
/// beside it: its digest, a space, its name.
#[must_use]
pub fn text(bytes: &[u8], made: &Attestation, beside: &[Beside]) -> String {
    let head = format!(
        "{}\n{}\n{}\n{}\n",
        made.format,
        digest(bytes),
        made.standard.id,
        made.about.made
    );
    beside
        .iter()
        .fold(head, |text, (name, digest)| text + digest + " " + name + "\n")
}

/// The signed note over the file `bytes`, which hold `made`, and over the files beside it.
#[must_use]
pub fn sign(key: &SigningKey, bytes: &[u8], made: &Attestation, beside: &[Beside]) -> String {
    key.sign_note(SIGNER, &text(bytes, made, beside))
}

/// The files that `note` names besides the attestation, when it is signed by `key` and names exactly these bytes.
#[must_use]
pub fn opened(key: &PublicKey, note: &str, bytes: &[u8], made: &Attestation) -> Option<Vec<Beside>> {
    // Others may add their signatures: an assessor, a witness.
    let signed = key.open_note(SIGNER, note, true)?;
    let rest = signed.strip_prefix(text(bytes, made, &[]).as_str())?;
    let line = |line: &str| {
        let (digest, name) = line.split_once(' ')?;
        Some((name.to_owned(), digest.to_owned()))
    };
    rest.lines().map(line).collect()
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
        let beside = vec![("attestation.pdf".to_owned(), digest(b"%PDF"))];
        let note = sign(&key, &bytes, &made, &beside);
        let holds =
            |key: &PublicKey, note: &str, bytes: &[u8], made: &Attestation| opened(key, note, bytes, made).is_some();
        assert_eq!(opened(&key.public(), &note, &bytes, &made), Some(beside));
        assert!(
            holds(&key.public(), &sign(&key, &bytes, &made, &[]), &bytes, &made),
            "as before"
        );
        let other_pdf = note.replace(&digest(b"%PDF"), &digest(b"%PDX"));
        assert!(!holds(&key.public(), &other_pdf, &bytes, &made));
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
