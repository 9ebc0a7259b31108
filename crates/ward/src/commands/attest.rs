//! `ward attest`: evidence for the requirements of a standard, and what can be done with it.

pub mod control;
mod files;
mod gather;
mod ledgers;
mod sections;

use std::{
    env, fs,
    io::Read as _,
    path::{Path, PathBuf},
    time::SystemTime,
};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use ward_evidence::{Checked, standard, standards};
use ward_policy::attest::{self, Attestation, diff, document::MAX_BYTES, html, oscal, seal, text, verify, when};
use ward_seal::{
    hash::{hex, sha256},
    note::PublicKey,
};

use crate::{
    cli::attest::{Action, Attest, Format, Make},
    exit::Exit,
    terminal,
};

/// Longest note or key that is read, in bytes.
const MAX_NOTE: usize = 4 << 20;

/// Runs the command.
///
/// # Errors
/// When an argument cannot be meant, or a file that was named cannot be read or written.
pub fn run(args: &Attest) -> Result<Exit> {
    match &args.action {
        None => make(&args.make),
        Some(Action::Verify { file, note, key, json }) => check(file, note.as_deref(), key.as_deref(), *json),
        Some(Action::Diff { old, new, json }) => compare(old, new, *json),
        Some(Action::Standards { json }) => list(*json),
    }
}

/// The JSON schema of an attestation.
#[must_use]
pub fn schema() -> &'static str {
    attest::SCHEMA
}

fn make(args: &Make) -> Result<Exit> {
    if args.schema {
        terminal::result(attest::SCHEMA)?;
        return Ok(Exit::Clean);
    }
    let format = if args.json { Format::Json } else { args.format };
    if format == Format::Pdf && args.out.is_none() {
        bail!("a PDF is written to a folder; name one with --out DIR");
    }
    let wanted = args.standard.as_deref().unwrap_or_default();
    let standard = standard(wanted).context("there is no such standard; `ward attest standards` lists them")?;
    let gathered = gather::gather(args, standard, now(args.time.as_deref())?)?;
    let made = attest::join(gathered.inputs);
    if let Some(folder) = &args.out {
        files::write(folder, &made, &gathered.files, args)?;
    }
    match format {
        Format::Text => terminal::result(&text::render(&made, args.full))?,
        Format::Json => terminal::result(&made.to_text()?)?,
        Format::Oscal => terminal::json(&oscal::results(&made))?,
        Format::Html => terminal::result(&html::render(&made))?,
        Format::Pdf => terminal::note("the PDF is in the folder"),
    }
    Ok(exit(&made))
}

fn exit(made: &Attestation) -> Exit {
    match (made.summary.failed, made.summary.not_examined) {
        (1.., _) => Exit::Findings,
        (0, 1..) => Exit::NotExamined,
        (0, 0) => Exit::Clean,
    }
}

/// When an attestation was made: what was asked for, the time that reproducible builds give, or now.
fn now(asked: Option<&str>) -> Result<i64> {
    if let Some(text) = asked {
        let time = text.parse().ok().or_else(|| when::day(text));
        return time.context("--time is a day such as 2026-01-31, or a number of seconds since 1970");
    }
    if let Some(text) = env::var_os("SOURCE_DATE_EPOCH") {
        let text = text.to_string_lossy();
        return text
            .trim()
            .parse()
            .context("SOURCE_DATE_EPOCH is no number of seconds since 1970");
    }
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    Ok(since.map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or_default()))
}

/// The bytes of a file that is not too long.
fn bytes(file: &Path, most: usize) -> Result<Vec<u8>> {
    let named = || format!("cannot read {}", file.display());
    let mut bytes = Vec::new();
    let open = files::regular(file).with_context(named)?;
    open.take(most as u64 + 1).read_to_end(&mut bytes).with_context(named)?;
    if bytes.len() > most {
        bail!("{} is too long", file.display());
    }
    Ok(bytes)
}

/// A note or a key: short text.
fn words(file: &Path) -> Result<String> {
    String::from_utf8(bytes(file, MAX_NOTE)?).map_err(|_| anyhow::anyhow!("{} is no text", file.display()))
}

fn read(file: &Path) -> Result<(Vec<u8>, Attestation)> {
    let bytes = bytes(file, MAX_BYTES)?;
    let made = Attestation::read(&bytes).map_err(|what| anyhow::anyhow!("{}: {what}", file.display()))?;
    Ok((bytes, made))
}

/// What verifying found of the signature.
struct Signature {
    word: &'static str,
    fingerprint: Option<String>,
    known: bool,
    /// The files that the note names besides the attestation.
    beside: Vec<seal::Beside>,
}

fn signature(
    file: &Path,
    note: Option<&Path>,
    key: Option<&str>,
    bytes: &[u8],
    made: &Attestation,
) -> Result<Signature> {
    let beside = file.with_extension("note");
    let unsigned = Signature {
        word: "none",
        fingerprint: None,
        known: false,
        beside: Vec::new(),
    };
    let kept = key.and_then(PublicKey::parse_verifier_key);
    let is_fingerprint = |key: &str| key.len() == 64 && key.bytes().all(|byte| byte.is_ascii_hexdigit());
    if key.is_some_and(|key| kept.is_none() && !is_fingerprint(key)) {
        bail!("--key takes a verifier key (name+id+base64) or a fingerprint (64 hexadecimal digits); this is neither");
    }
    let note = match note {
        Some(note) => words(note)?,
        None if fs::symlink_metadata(&beside).is_ok() => words(&beside)?,
        None if key.is_some() => bail!("there is no signature beside {}", file.display()),
        None => return Ok(unsigned),
    };
    let held = match kept {
        Some((_, key)) => key,
        None => {
            let file = file.with_extension("key");
            let text = words(&file).context("there is no key beside the attestation; give one with --key")?;
            let parsed = PublicKey::parse_verifier_key(text.trim());
            parsed
                .with_context(|| format!("{} holds no verifier key", file.display()))?
                .1
        }
    };
    let known = key.is_some_and(|key| kept.is_some() || key.eq_ignore_ascii_case(&held.fingerprint()));
    let opened = seal::opened(&held, &note, bytes, made).filter(|_| key.is_none() || known);
    Ok(Signature {
        word: if opened.is_some() { "good" } else { "bad" },
        fingerprint: Some(held.fingerprint()),
        known,
        beside: opened.unwrap_or_default(),
    })
}

fn check(file: &Path, note: Option<&Path>, key: Option<&str>, as_json: bool) -> Result<Exit> {
    let (bytes, made) = read(file)?;
    let signature = signature(file, note, key, &bytes, &made)?;
    let mut faults = verify::faults(&made);
    if signature.word == "bad" {
        faults.insert(0, "The signature is not of this key over these bytes.".to_owned());
    }
    let (mut inputs, mut files_checked, mut absent) = (0, 0, Vec::new());
    for input in made.inputs.iter().filter(|input| files::has_bytes(&input.kind)) {
        match files::digest_beside(file, input) {
            Some(digest) if digest == input.digest => inputs += 1,
            Some(_) => faults.push(format!("The input {} {} is not what was read.", input.kind, input.name)),
            None => absent.push(format!("{} {}", input.kind, input.name)),
        }
    }
    for (name, signed) in &signature.beside {
        match files::digest_of(file, name) {
            Some(digest) if digest == *signed => files_checked += 1,
            Some(_) => faults.push(format!("The file {name} is not what was signed.")),
            None => absent.push(name.clone()),
        }
    }
    absent.sort();
    absent.dedup();
    let mappings = verify::other_mappings(&made);
    let proofs = verify::count_proofs(&made);
    if as_json {
        terminal::json(&json!({
            "verified": faults.is_empty() && signature.word == "good" && absent.is_empty(),
            "signature": signature.word,
            "fingerprint": signature.fingerprint,
            "key_was_known": signature.known,
            "digest": format!("sha256:{}", hex(&sha256(&bytes))),
            "faults": faults,
            "proofs": proofs,
            "inputs_checked": inputs,
            "files_checked": files_checked,
            "inputs_absent": absent,
            "mappings_of_this_build": mappings.is_none(),
        }))?;
    } else {
        let mut out = format!("{}: {} of {}\n", file.display(), made.standard.id, made.about.made);
        out.push_str(match (signature.word, signature.known) {
            ("good", true) => "  Signed by the key you kept.\n",
            ("good", false) => {
                "  Signed by the key beside it; compare its fingerprint with one you kept elsewhere (--key).\n"
            }
            ("none", _) => "  Not signed.\n",
            _ => "  The signature is NOT good.\n",
        });
        if let Some(fingerprint) = &signature.fingerprint {
            out.push_str(&format!("  key  {fingerprint}\n"));
        }
        for fault in &faults {
            out.push_str(&format!("  WRONG  {fault}\n"));
        }
        if faults.is_empty() {
            out.push_str(&format!(
                "  Every outcome follows from the evidence in it; {proofs} proofs hold.\n"
            ));
        }
        out.push_str(&format!("  {inputs} inputs beside it have their digests.\n"));
        if !signature.beside.is_empty() {
            out.push_str(&format!("  {files_checked} files beside it are as they were signed.\n"));
        }
        for name in &absent {
            out.push_str(&format!("  Not beside it as a file, and not checked: {name}.\n"));
        }
        if let Some(sentence) = &mappings {
            out.push_str(&format!("  {sentence}\n"));
        }
        terminal::result(&out)?;
    }
    Ok(match (faults.is_empty(), signature.word) {
        (false, _) => Exit::Findings,
        (true, "good") if absent.is_empty() => Exit::Clean,
        (true, _) => Exit::NotExamined,
    })
}

fn compare(old: &Path, new: &Path, as_json: bool) -> Result<Exit> {
    let ((_, old), (_, new)) = (read(old)?, read(new)?);
    let difference = diff::compare(&old, &new).map_err(|what| anyhow::anyhow!("{what}"))?;
    if as_json {
        let mut object = serde_json::to_value(&difference)?;
        object["worse"] = difference.is_worse().into();
        terminal::json(&object)?;
    } else {
        terminal::result(&diff::text(&difference))?;
    }
    Ok(if difference.is_worse() {
        Exit::Findings
    } else {
        Exit::Clean
    })
}

fn list(as_json: bool) -> Result<Exit> {
    if as_json {
        terminal::json(&Value::Array(
            standards().iter().map(|standard| json!(standard)).collect(),
        ))?;
        return Ok(Exit::Clean);
    }
    let mut out = String::new();
    for standard in standards() {
        let verified = standard
            .mappings
            .iter()
            .filter(|one| one.status == Checked::Verified)
            .count();
        out.push_str(&format!(
            "{:14} {} ({}): {} mappings, {verified} verified\n",
            standard.id,
            standard.name,
            standard.version,
            standard.mappings.len()
        ));
    }
    terminal::result(&out)?;
    Ok(Exit::Clean)
}

/// The last part of a path, or `project` where it has none.
fn name_of(path: &Path) -> String {
    let whole = fs::canonicalize(path).unwrap_or_else(|_| PathBuf::from(path));
    let name = whole.file_name().map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_else(|| "project".to_owned())
}
