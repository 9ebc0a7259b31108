//! The files of an attestation: written, and found again beside it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use ward_policy::attest::{Attestation, document::Input, html, oscal, pdf, seal, text};
use ward_seal::{
    hash::{hex, sha256},
    note::SigningKey,
    store::DataDir,
};

use crate::{cli::attest::Make, folder, terminal};

/// The folder of the inputs, beside the attestation.
const INPUTS: &str = "inputs";

/// Whether an input of this kind is a file of bytes that can lie beside the attestation.
pub(super) fn has_bytes(kind: &str) -> bool {
    matches!(kind, "catalogue" | "mappings" | "configuration" | "scan" | "tests")
}

/// Where an input lies.
fn place(folder: &Path, kind: &str, name: &str) -> PathBuf {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') {
            c
        } else {
            '_'
        }
    };
    let name: String = name.chars().map(plain).collect();
    let ending = if matches!(kind, "catalogue" | "mappings") {
        ".json"
    } else {
        ""
    };
    folder.join(INPUTS).join(format!("{kind}-{name}{ending}"))
}

/// Writes every format, the inputs and the signature.
///
/// # Errors
/// When a file cannot be written, or the key cannot be had.
pub(super) fn write(
    folder: &Path,
    made: &Attestation,
    inputs: &[(&'static str, String, Vec<u8>)],
    args: &Make,
) -> Result<()> {
    let put = |file: PathBuf, bytes: &[u8]| {
        fs::write(&file, bytes).with_context(|| format!("cannot write {}", file.display()))
    };
    let inside = folder.join(INPUTS);
    fs::create_dir_all(&inside).with_context(|| format!("cannot make {}", inside.display()))?;
    let document = made.to_text()?;
    put(folder.join("attestation.json"), document.as_bytes())?;
    put(folder.join("attestation.txt"), text::render(made, true).as_bytes())?;
    put(folder.join("attestation.html"), html::render(made).as_bytes())?;
    put(folder.join("attestation.pdf"), &pdf::render(made))?;
    put(
        folder.join("assessment-results.json"),
        format!("{:#}\n", oscal::results(made)).as_bytes(),
    )?;
    put(
        folder.join(oscal::PLAN_FILE),
        format!("{:#}\n", oscal::plan(made)).as_bytes(),
    )?;
    for (kind, name, bytes) in inputs {
        put(place(folder, kind, name), bytes)?;
    }
    // A signature of another attestation must not stay beside this one.
    for old in ["attestation.note", "attestation.key"] {
        match fs::remove_file(folder.join(old)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("cannot remove the old {old}"));
            }
            _ => {}
        }
    }
    if args.sign {
        let data = DataDir::open(&folder::data(args.data.data.clone())?).context("cannot open the data folder")?;
        let key = SigningKey::from_secret(&data.secret(seal::KEY).context("cannot have the signing key")?);
        put(
            folder.join("attestation.note"),
            seal::sign(&key, document.as_bytes(), made).as_bytes(),
        )?;
        put(
            folder.join("attestation.key"),
            format!("{}\n", key.public().verifier_key(seal::SIGNER)).as_bytes(),
        )?;
        terminal::note(&format!(
            "signed; keep the fingerprint of the key elsewhere: {}",
            key.public().fingerprint()
        ));
    }
    Ok(())
}

/// The digest of an input that lies beside an attestation. None where it does not.
pub(super) fn digest_beside(attestation: &Path, input: &Input) -> Option<String> {
    let folder = attestation.parent().unwrap_or(Path::new("."));
    let read = fs::read(place(folder, &input.kind, &input.name)).ok()?;
    Some(format!("sha256:{}", hex(&sha256(&read))))
}
