//! From what was typed to checked settings.

use std::{fs, io::Read, path::Path, time::Duration};

use anyhow::{Context, Result, bail};
use ward_formats::Kind;
use ward_guard::Phi;
use ward_serve::UpstreamConfig;

use crate::cli;

/// The environment variable that may hold the upstream's key.
pub const UPSTREAM_KEY: &str = "WARD_UPSTREAM_KEY";

/// The upstream, if one was named.
///
/// # Errors
/// When its key's file cannot be read.
pub fn upstream(args: &cli::Upstream) -> Result<Option<UpstreamConfig>> {
    let Some(url) = &args.upstream else {
        return Ok(None);
    };
    let mut config = UpstreamConfig::new(url.clone());
    config.model.clone_from(&args.upstream_model);
    config.silence = Duration::from_secs(args.upstream_timeout);
    let key = match &args.upstream_key_file {
        Some(file) => Some(fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?),
        None => std::env::var(UPSTREAM_KEY).ok(),
    };
    config.key = key
        .map(|key| key.trim().to_owned())
        .filter(|key| !key.is_empty())
        .map(Phi::new);
    Ok(Some(config))
}

/// Largest record read from a file, in bytes.
const MAX_RECORD: u64 = 16 << 20;

/// The bytes of a record, from a file or standard input.
///
/// # Errors
/// When it cannot be read or is too large.
pub fn read_record(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        std::io::stdin().lock().take(MAX_RECORD + 1).read_to_end(&mut bytes)
    } else {
        let file = fs::File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
        file.take(MAX_RECORD + 1).read_to_end(&mut bytes)
    };
    read.with_context(|| format!("cannot read {}", path.display()))?;
    if bytes.len() as u64 > MAX_RECORD {
        bail!("{} is larger than {} MiB; split it", path.display(), MAX_RECORD >> 20);
    }
    Ok(bytes)
}

/// The format that was named.
#[must_use]
pub fn kind(choice: cli::KindChoice) -> Option<Kind> {
    match choice {
        cli::KindChoice::Auto => None,
        cli::KindChoice::Text => Some(Kind::Text),
        cli::KindChoice::Fhir => Some(Kind::Fhir),
        cli::KindChoice::Hl7 => Some(Kind::Hl7),
    }
}
