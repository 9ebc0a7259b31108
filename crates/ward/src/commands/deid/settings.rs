//! From what was typed to a run that can begin.

use std::{
    fs::{self, File, OpenOptions},
    io::BufWriter,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64},
    },
};

use anyhow::{Context as _, Result, bail};
use encoding_rs::Encoding;
use serde_json::json;
use ward_deid::Mode;
use ward_formats::{Doc, Document};
use ward_seal::{Secret32, hash, random};

use super::{
    context::{Context, DOCUMENT},
    corrections::Corrections,
    images,
    inputs::{self, Inputs},
    output::Journal,
    patients::Patients,
    record, rename,
    review::Review,
    run::{Outcome, Run},
    shape::{Shape, unmarked},
    source::Source,
    subjects::{Keys, Subjects},
};
use crate::{
    audit::Audit,
    cli::deid::{Deid, DeidKind, ModeChoice},
    commands::settings::read_record,
    folder, terminal,
};

/// A run that can begin.
pub(super) struct Prepared {
    pub(super) run: Run,
    /// With --vault: the ledger.
    pub(super) audit: Option<Audit>,
    pub(super) inputs: Inputs,
    /// How many results keep a file name that may say whose it is.
    pub(super) telling: usize,
}

/// Checks what was typed and opens what the run needs.
pub(super) fn prepare(args: &Deid, stop: &'static AtomicBool) -> Result<Prepared> {
    let mode = match args.mode {
        ModeChoice::Tag => Mode::Tag,
        ModeChoice::Surrogate => Mode::Surrogate,
        ModeChoice::Remove => Mode::Remove,
    };
    if args.vault && mode == Mode::Remove {
        bail!("mode remove keeps nothing to put back; leave --vault out");
    }
    if args.vault && args.spans {
        bail!("--spans replaces nothing, so there is nothing to keep; leave --vault out");
    }
    if args.spans && args.json {
        bail!("--spans prints JSON by itself; leave --json out");
    }
    let images = images::options(mode, args.pixels_clean, &args.retain)?;
    let encoding = args.encoding.as_deref().map(encoding_of).transpose()?;
    let mut inputs = inputs::gather(&args.inputs, args.out.as_deref(), args.spans)?;
    if let Some(map) = &args.rename {
        rename::rename(&mut inputs, map)?;
    }
    if let Some(page) = args.review.as_deref().or(args.manifest.as_deref())
        && inputs.files.iter().any(|input| input.path.as_deref() == Some(page))
    {
        bail!("{} is an input; name another file", page.display());
    }
    let known = args
        .known
        .iter()
        .map(|path| people_of(path))
        .collect::<Result<Vec<Doc>>>()?;
    let read = Arc::new(AtomicU64::new(0));
    let mut patients = Patients::default();
    for input in &inputs.files {
        if let Some(path) = &input.path
            && holds_patients(args.kind, path)
        {
            patients.read(path);
        }
    }
    let corrections = args.accept.as_deref().map(Corrections::read).transpose()?;
    if let Some(corrections) = &corrections {
        for name in corrections.names() {
            if !inputs.files.iter().any(|input| input.name == name) {
                bail!(
                    "the corrections are for a file that was not named (with --accept, name the same inputs as with --review)"
                );
            }
        }
    }
    let telling = match args.rename {
        Some(_) => 0,
        None => inputs.files.iter().filter(|input| tells(&input.name)).count(),
    };
    if telling > 0 && args.out.is_some() {
        terminal::note(&format!(
            "{telling} of the file names hold what looks like a name, a number or a date: results, the manifest and this \
             summary keep the names of the files; --rename FILE gives them others"
        ));
    }
    let (keys, audit) = keys(args, mode)?;
    if let Some(audit) = &audit {
        audit.write("deid", json!({"mode": mode.word(), "files": inputs.files.len()}))?;
    }
    let journal = inputs
        .folder
        .as_deref()
        .map(|folder| Journal::open(folder, options(args)?, args.resume))
        .transpose()?;
    let manifest = args.manifest.as_deref().map(|path| create(path, false)).transpose()?;
    let jobs = args.jobs.map_or_else(
        || std::thread::available_parallelism().map_or(1, Into::into),
        usize::from,
    );
    let list = manifest.is_some() || args.spans;
    Ok(Prepared {
        run: Run {
            context: Context {
                spans: args.spans,
                known,
                subjects: Subjects::new(mode, keys, args.subject.clone()),
                patients,
                corrections,
                list,
                show: args.review.is_some(),
                images,
                stop,
            },
            kind: args.kind,
            mode,
            json: args.json,
            encoding,
            jobs,
            read,
            journal,
            manifest: manifest.map(|file| Mutex::new(BufWriter::new(file))),
            review: args.review.as_ref().map(|_| Mutex::new(Review::default())),
            residual: Mutex::default(),
            outcome: Mutex::new(Outcome::default()),
        },
        audit,
        telling: if args.out.is_some() { telling } else { 0 },
        inputs,
    })
}

/// True when the name of a file or its folders may say whose it is.
fn tells(name: &str) -> bool {
    name.split(['/', '\\']).any(|part| {
        let stem = part.split('.').next().unwrap_or(part);
        let words = stem.replace(['_', '-', '+'], " ");
        let digits = words.bytes().filter(u8::is_ascii_digit).count();
        let capitals = |word: &str| word.starts_with(char::is_uppercase);
        digits >= 6
            || !ward_deid::find(&words, &ward_deid::Known::default()).is_empty()
            || words
                .split(' ')
                .any(|word| capitals(word) && ward_deid::columns::may_be_a_name(word))
    })
}

fn encoding_of(name: &str) -> Result<&'static Encoding> {
    Encoding::for_label_no_replacement(name.as_bytes())
        .with_context(|| format!("{name:?} is no encoding that Ward knows; windows-1252, for example, is"))
}

/// A file that others may not read (`private`) or that has the usual permissions.
pub(super) fn create(path: &Path, private: bool) -> Result<File> {
    let mut open = OpenOptions::new();
    open.create(true).write(true).truncate(true);
    #[cfg(unix)]
    if private {
        use std::os::unix::fs::OpenOptionsExt;
        // A file that is there may have other permissions.
        let _ = fs::remove_file(path);
        open.mode(0o600);
    }
    open.open(path)
        .with_context(|| format!("cannot write {}", path.display()))
}

/// What decides a result, so that a run is taken up only with the same options. Holds no key and no subject.
fn options(args: &Deid) -> Result<String> {
    let file = |path: &Option<PathBuf>| -> Result<String> {
        Ok(match path {
            Some(path) => hash::hex(&hash::sha256(
                &fs::read(path).with_context(|| format!("cannot read {}", path.display()))?,
            )),
            None => String::new(),
        })
    };
    let mut known = String::new();
    for path in &args.known {
        known.push_str(&file(&Some(path.clone()))?);
    }
    let mut retain: Vec<&str> = args.retain.iter().map(String::as_str).collect();
    retain.sort_unstable();
    let all = format!(
        "{} {:?} {:?} {} {} {:?} {} {:?} {} {:?} {} {:?}",
        env!("CARGO_PKG_VERSION"),
        args.kind,
        args.mode,
        args.spans,
        known,
        args.subject,
        args.vault,
        args.tenant,
        file(&args.accept)?,
        args.encoding,
        args.pixels_clean,
        retain,
    );
    Ok(hash::hex(&hash::sha256(all.as_bytes())[..16]))
}

/// The people of a record, without the rest of it: they are looked for in every other file.
fn people_of(path: &Path) -> Result<Doc> {
    let bytes = read_record(path)?;
    let bytes = unmarked(&bytes);
    let parsed = Doc::parse(bytes, None, DOCUMENT)
        .with_context(|| format!("{} cannot be read as a record", path.display()))?
        .document;
    let smaller = match &parsed {
        Doc::Fhir(doc) => {
            let tree = doc.tree();
            let people: Vec<&str> = doc
                .resources()
                .filter(|(of, _)| {
                    matches!(
                        *of,
                        "Patient" | "RelatedPerson" | "Practitioner" | "Person" | "Organization" | "Coverage"
                    )
                })
                .filter_map(|(_, node)| {
                    let span = tree.outer(node);
                    std::str::from_utf8(tree.source().get(span.start..span.end)?).ok()
                })
                .map(|text| text.trim())
                .collect();
            let entries: Vec<String> = people.iter().map(|text| format!("{{\"resource\":{text}}}")).collect();
            format!("{{\"resourceType\":\"Bundle\",\"entry\":[{}]}}", entries.join(","))
        }
        Doc::Hl7(_) => {
            let text = String::from_utf8_lossy(parsed.source()).into_owned();
            let wanted = ["MSH", "PID", "PD1", "NK1", "PV1", "GT1", "IN1", "IN2"];
            let lines = text
                .split(['\r', '\n'])
                .filter(|line| wanted.iter().any(|id| line.starts_with(id)));
            lines.collect::<Vec<_>>().join("\r")
        }
        Doc::Text(_) => return Ok(parsed),
    };
    match record::parse(smaller.as_bytes(), parsed.kind()) {
        Ok(smaller) => Ok(smaller.document),
        Err(_) => Ok(parsed),
    }
}

/// Whether a file holds FHIR resources line by line.
fn holds_patients(kind: DeidKind, path: &Path) -> bool {
    if !matches!(kind, DeidKind::Auto | DeidKind::Jsonl | DeidKind::Fhir) {
        return false;
    }
    let none = Arc::new(AtomicU64::new(0));
    let Ok(data) = fs::metadata(path) else { return false };
    if !data.is_file() {
        return false;
    }
    let Ok(source) = Source::open(Some(path), None, &none) else {
        return false;
    };
    !source.gzip
        && !source.transcoded
        && Shape::of(kind, path, &source.head, false) == Shape::Lines
        && memchr::memmem::find(&source.head, b"\"resourceType\"").is_some()
}

/// What stand-ins follow from: the data folder's keys for surrogates and for the vault, else random bytes of this run.
fn keys(args: &Deid, mode: Mode) -> Result<(Keys, Option<Audit>)> {
    let tenant = args.tenant.clone();
    if let Some(path) = &args.key_file {
        let text = zeroize::Zeroizing::new(
            fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?,
        );
        let key = hash::unhex::<32>(text.trim())
            .with_context(|| format!("{} does not hold 64 hexadecimal digits in lower case", path.display()))?;
        let key = Secret32::new(key);
        return Ok((Keys::Master { key, tenant }, None));
    }
    if args.spans {
        let key = Secret32::new([0; 32]);
        return Ok((Keys::Master { key, tenant }, None));
    }
    if args.vault || mode == Mode::Surrogate {
        let path = folder::data(args.data.data.clone())?;
        let data = ward_seal::store::DataDir::open(&path)
            .with_context(|| format!("cannot use the data folder {}", path.display()))?;
        let audit = args.vault.then(|| Audit::open(&data, "ward deid")).transpose()?;
        return Ok((Keys::of_folder(&data, tenant, args.vault, args.ttl)?, audit));
    }
    let key = Secret32::new(random::bytes()?);
    Ok((Keys::Master { key, tenant }, None))
}
