//! `ward reid`: put back what `ward deid --vault` replaced.
//!
//! `whose` says which subject a text belongs to, `formats` takes a file of each shape, `stream` takes text as it
//! comes, `check` looks for people who are not in the vault. Every access is on the ledger before a value leaves.

mod check;
mod formats;
mod stream;
mod whose;

use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use ward_seal::store::DataDir;

use self::{formats::Report, whose::Whose};
use crate::{
    audit::Audit,
    cli::{deid::DeidKind, reid::Reid},
    commands::deid::shape::Shape,
    exit::Exit,
    folder, terminal,
    vault::Subjects,
};

/// Largest file that is read whole, in bytes.
const MOST: u64 = 1 << 30;

/// Puts values back.
///
/// # Errors
/// When there is no vault, a file cannot be read or written, or the ledger cannot be.
pub fn run(args: &Reid) -> Result<Exit> {
    let data = DataDir::open_existing(&folder::data(args.data.data.clone())?)?;
    let subjects = Subjects::open_existing(&data)?;
    let mut whose = Whose::open(&subjects, &args.tenant, args.subject.as_deref())?;
    let mut inputs = args.inputs.clone();
    if inputs.is_empty() {
        inputs.push(PathBuf::from("-"));
    }
    if inputs.len() > 1 && args.out.is_none() && !args.json {
        bail!("several files need a folder to go to: --out DIR");
    }
    let audit = Audit::open(&data, "ward reid")?;
    audit.write("reid", json!({"subjects": whose.ids(), "files": inputs.len()}))?;
    let mut reports = Vec::new();
    for input in &inputs {
        whose.at(&subjects, &args.tenant, input);
        reports.push(one(args, &whose, input, inputs.len() > 1)?);
    }
    let sum = |of: fn(&Report) -> usize| reports.iter().map(|(_, report, _)| of(report)).sum::<usize>();
    let (restored, unknown, found) = (
        reports.iter().map(|(_, report, _)| report.restored).sum::<u64>(),
        sum(|report| report.left),
        sum(|report| report.findings.len()),
    );
    audit.write(
        "restored",
        json!({"restored": restored, "left": unknown, "findings": found}),
    )?;
    if args.json {
        let files: Vec<Value> = reports
            .iter()
            .map(|(input, report, text)| about(input, report, text.as_deref()))
            .collect();
        terminal::json(&json!({
            "files": files, "restored": restored, "left": unknown, "findings": found,
            "receipt": audit.receipt(),
        }))?;
    } else {
        for (input, report, _) in &reports {
            tell(input, report);
        }
        if args.out.is_some() {
            terminal::note(&format!("{restored} values put back in {} files", reports.len()));
        }
    }
    Ok(if unknown + found > 0 {
        Exit::Findings
    } else {
        Exit::Clean
    })
}

/// The name of a subject in the vault, as `ward deid` gives it.
pub(super) fn subject_name(tenant: &str, name: &str) -> String {
    if tenant == "local" {
        name.to_owned()
    } else {
        format!("{tenant}/{name}")
    }
}

/// One input: what came of it, and its text when nobody else gets it.
fn one<'a>(args: &Reid, whose: &Whose, input: &'a Path, several: bool) -> Result<(&'a Path, Report, Option<Vec<u8>>)> {
    let standard = input == Path::new("-");
    let streamed = standard && args.out.is_none() && !args.json && matches!(args.kind, DeidKind::Auto | DeidKind::Text);
    if let (true, Some(subject)) = (streamed, whose.only()) {
        let report = stream::through(subject, !args.no_check, args.links)?;
        return Ok((input, report, None));
    }
    let bytes = if standard {
        read(std::io::stdin().lock(), input)?
    } else {
        let file = fs::File::open(input).with_context(|| format!("cannot read {}", input.display()))?;
        read(file, input)?
    };
    let shape = Shape::of(args.kind, input, &bytes, true);
    let (out, report) = formats::restore(shape, &bytes, whose, !args.no_check, args.links)
        .with_context(|| format!("{}", input.display()))?;
    match &args.out {
        Some(path) if several || path.is_dir() => {
            fs::create_dir_all(path).with_context(|| format!("cannot make the folder {}", path.display()))?;
            let name = input
                .file_name()
                .with_context(|| format!("{} has no name", input.display()))?;
            write_private(&path.join(if standard { "stdin".as_ref() } else { name }), &out)?;
            Ok((input, report, None))
        }
        Some(path) => {
            write_private(path, &out)?;
            Ok((input, report, None))
        }
        None if args.json => Ok((input, report, Some(out))),
        None => {
            let text = String::from_utf8_lossy(&out);
            terminal::result(&text)?;
            Ok((input, report, None))
        }
    }
}

fn read(mut from: impl Read, name: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut limited = from.by_ref().take(MOST + 1);
    limited
        .read_to_end(&mut bytes)
        .with_context(|| format!("cannot read {}", name.display()))?;
    if bytes.len() as u64 > MOST {
        bail!(
            "{} is larger than 1 GiB; put it back in pieces, or through standard input as text",
            name.display()
        );
    }
    Ok(bytes)
}

/// Writes a file that its owner alone can read: whole, or not at all.
fn write_private(path: &Path, bytes: &[u8]) -> Result<()> {
    use std::io::Write;
    if path.exists() {
        terminal::note(&format!("{} was there before; it is replaced", path.display()));
    }
    let mut name = std::ffi::OsString::from(".ward-part-");
    name.push(path.file_name().unwrap_or_default());
    let part = path.with_file_name(name);
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    // What an interrupted run left has the name of a part, and may be of another mode.
    let _ = fs::remove_file(&part);
    let done = options
        .open(&part)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&part, path));
    if done.is_err() {
        let _ = fs::remove_file(&part);
    }
    done.with_context(|| format!("cannot write {}", path.display()))
}

/// Says what was left and what was found, never the text.
fn tell(input: &Path, report: &Report) {
    for unknown in &report.unknown {
        terminal::note(&format!(
            "{}: {}, a placeholder of class {} was left as it stands",
            input.display(),
            unknown.place,
            unknown.class.label()
        ));
    }
    if report.left > report.unknown.len() {
        terminal::note(&format!(
            "{}: {} more were left",
            input.display(),
            report.left - report.unknown.len()
        ));
    }
    for finding in &report.findings {
        terminal::note(&format!(
            "{}: {}, {} that is not in the vault ({})",
            input.display(),
            finding.place,
            finding.class.word(),
            finding.rule
        ));
    }
}

fn about(input: &Path, report: &Report, text: Option<&[u8]>) -> Value {
    let mut value = json!({
        "path": input.display().to_string(),
        "restored": report.restored,
        "left": report.left,
        "unknown": report.unknown.iter().map(|one| json!({"place": one.place, "class": one.class.label()})).collect::<Vec<_>>(),
        "findings": report.findings.iter()
            .map(|one| json!({"place": one.place, "class": one.class.label(), "rule": one.rule}))
            .collect::<Vec<_>>(),
    });
    if let Some(text) = text {
        value["text"] = json!(String::from_utf8_lossy(text));
    }
    value
}
