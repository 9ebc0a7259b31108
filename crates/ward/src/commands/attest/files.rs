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
    // Before anything is written: without its key nothing is signed, and then nothing is made.
    let key = args.sign.then(|| signing_key(args)).transpose()?;
    let mut beside: Vec<seal::Beside> = Vec::new();
    let mut put = |file: PathBuf, bytes: &[u8]| {
        let name = file
            .strip_prefix(folder)
            .unwrap_or(&file)
            .to_string_lossy()
            .replace('\\', "/");
        beside.push((name, seal::digest(bytes)));
        fs::write(&file, bytes).with_context(|| format!("cannot write {}", file.display()))
    };
    let inside = folder.join(INPUTS);
    fs::create_dir_all(&inside).with_context(|| format!("cannot make {}", inside.display()))?;
    let document = made.to_text()?;
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
    let whole = folder.join("attestation.json");
    fs::write(&whole, document.as_bytes()).with_context(|| format!("cannot write {}", whole.display()))?;
    // A signature of another attestation must not stay beside this one.
    for old in ["attestation.note", "attestation.key"] {
        match fs::remove_file(folder.join(old)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("cannot remove the old {old}"));
            }
            _ => {}
        }
    }
    if let Some(key) = key {
        let note = seal::sign(&key, document.as_bytes(), made, &beside);
        let public = format!("{}\n", key.public().verifier_key(seal::SIGNER));
        for (name, text) in [("attestation.note", note), ("attestation.key", public)] {
            let file = folder.join(name);
            fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
        }
        terminal::note(&format!(
            "signed; keep the fingerprint of the key elsewhere: {}",
            key.public().fingerprint()
        ));
    }
    Ok(())
}

fn signing_key(args: &Make) -> Result<SigningKey> {
    let data = DataDir::open(&folder::data(args.data.data.clone())?).context("cannot open the data folder")?;
    Ok(SigningKey::from_secret(
        &data.secret(seal::KEY).context("cannot have the signing key")?,
    ))
}

/// The digest of a file that a note names. None where it does not lie there, or its name leads elsewhere.
pub(super) fn digest_of(attestation: &Path, name: &str) -> Option<String> {
    let plain = Path::new(name)
        .components()
        .all(|part| matches!(part, std::path::Component::Normal(_)));
    let folder = attestation.parent().filter(|_| plain)?;
    Some(seal::digest(&fs::read(folder.join(name)).ok()?))
}

/// The digest of an input that lies beside an attestation. None where it does not.
pub(super) fn digest_beside(attestation: &Path, input: &Input) -> Option<String> {
    let folder = attestation.parent().unwrap_or(Path::new("."));
    let read = fs::read(place(folder, &input.kind, &input.name)).ok()?;
    Some(format!("sha256:{}", hex(&sha256(&read))))
}
