//! `ward model`: work with model files.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Read as _, Seek as _, SeekFrom, Write as _},
    path::Path,
    sync::{Mutex, PoisonError},
};

use anyhow::{Context as _, Result, bail};
use serde_json::json;
use ward_formats::input::Input;
use ward_scan::models::convert::{Error, Summary, convert};

use crate::{cli::model as cli, exit::Exit, terminal};

/// Runs a subcommand.
///
/// # Errors
/// What went wrong and what to do.
pub fn run(command: &cli::Model) -> Result<Exit> {
    match command {
        cli::Model::Convert(args) => run_convert(args),
    }
}

fn run_convert(args: &cli::Convert) -> Result<Exit> {
    if args.output.exists() && !args.force {
        bail!("{} exists; give --force to replace it", args.output.display());
    }
    let file = File::open(&args.input).with_context(|| format!("{} cannot be opened", args.input.display()))?;
    let about = file
        .metadata()
        .with_context(|| format!("{} cannot be read", args.input.display()))?;
    if !about.is_file() {
        bail!("{} is no file", args.input.display());
    }
    // A path and its neighbour, so that a failure leaves nothing that looks whole.
    let mut part = args.output.clone().into_os_string();
    part.push(".part");
    let part = Path::new(&part);
    let made = write(file, about.len(), part);
    let summary = match made {
        Ok(summary) => summary,
        Err(error) => {
            let _ = fs::remove_file(part);
            let what = match error {
                Error::Write(_) => args.output.display(),
                _ => args.input.display(),
            };
            return Err(error).with_context(|| format!("{what} was not converted"));
        }
    };
    fs::rename(part, &args.output).with_context(|| format!("{} cannot be written", args.output.display()))?;
    if args.json {
        terminal::json(&json!({
            "tensors": summary.tensors,
            "bytes": summary.bytes,
            "left_out": summary.left_out,
            "left_out_count": summary.left_out_count,
        }))?;
    } else {
        terminal::result(&format!(
            "{} tensors, {} bytes: {}\n",
            summary.tensors,
            summary.bytes,
            args.output.display()
        ))?;
        if summary.left_out_count > 0 {
            let shown = summary.left_out.iter().take(10).cloned().collect::<Vec<_>>().join(", ");
            let more = if summary.left_out_count > 10 { ", .." } else { "" };
            terminal::note(&format!(
                "{} values are no tensors and were left out: {shown}{more}",
                summary.left_out_count
            ));
        }
    }
    Ok(Exit::Clean)
}

/// Converts `file` of `len` bytes into the new file `part`.
fn write(file: File, len: u64, part: &Path) -> Result<Summary, Error> {
    let file = Mutex::new(file);
    let read = |at: u64, buffer: &mut [u8]| -> io::Result<()> {
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(buffer)
    };
    let mut out = BufWriter::with_capacity(1 << 20, File::create(part).map_err(Error::Write)?);
    let summary = convert(Input::of_reader(len, &read), &mut |bytes| out.write_all(bytes))?;
    let file = out.into_inner().map_err(|error| Error::Write(error.into_error()))?;
    file.sync_all().map_err(Error::Write)?;
    Ok(summary)
}
