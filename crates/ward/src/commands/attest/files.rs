//! The files of an attestation: written, and found again beside it.

use std::{
    fs,
    io::{self, Read as _},
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
/// Longest file beside an attestation that is held against its digest, in bytes.
const MAX_BESIDE: u64 = 256 << 20;

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

/// Opens a regular file. A pipe or a device is none: to open it could take for ever.
///
/// # Errors
/// When it is not there, is no regular file, or cannot be opened.
pub(super) fn regular(file: &Path) -> io::Result<fs::File> {
    let is_file = |meta: fs::Metadata| meta.is_file().then_some(());
    let refused = || io::Error::other("it is no regular file");
    is_file(fs::metadata(file)?).ok_or_else(refused)?;
    let open = fs::File::open(file)?;
    is_file(open.metadata()?).ok_or_else(refused)?;
    Ok(open)
}

/// The digest of a file that a note names. None where it does not lie there, or its name leads elsewhere.
pub(super) fn digest_of(attestation: &Path, name: &str) -> Option<String> {
    let plain = Path::new(name)
        .components()
        .all(|part| matches!(part, std::path::Component::Normal(_)));
    let folder = attestation.parent().filter(|_| plain)?;
    Some(seal::digest(&whole(&folder.join(name))?))
}

/// The digest of an input that lies beside an attestation. None where it does not.
pub(super) fn digest_beside(attestation: &Path, input: &Input) -> Option<String> {
    let folder = attestation.parent().unwrap_or(Path::new("."));
    let read = whole(&place(folder, &input.kind, &input.name))?;
    Some(format!("sha256:{}", hex(&sha256(&read))))
}

/// The bytes of a file beside an attestation; none for one that is longer than any that is written there.
fn whole(file: &Path) -> Option<Vec<u8>> {
    let mut read = Vec::new();
    let length = regular(file).ok()?.take(MAX_BESIDE + 1).read_to_end(&mut read).ok()?;
    (length as u64 <= MAX_BESIDE).then_some(read)
}
