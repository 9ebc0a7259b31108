//! Which `ward.toml` counts, and its settings together with the flags.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use ward_serve::settings::read::{self, Document, MAX_BYTES, Read};

use crate::terminal;

/// The file that was named, else `ward.toml` in the data folder, if there is one.
#[must_use]
pub fn file(named: Option<&Path>, data: &Path) -> Option<PathBuf> {
    let usual = data.join("ward.toml");
    named.map(Path::to_owned).or_else(|| usual.exists().then_some(usual))
}

/// Reads the settings.
///
/// # Errors
/// When the file cannot be read, or something in it is wrong.
pub fn read(file: Option<&Path>, flags: &read::Flags, data: PathBuf) -> Result<Read> {
    let text = match file {
        None => None,
        Some(file) => {
            let shown = file.display();
            let about = fs::metadata(file).with_context(|| format!("cannot read {shown}"))?;
            if about.len() > MAX_BYTES as u64 {
                bail!("{shown} is larger than {MAX_BYTES} bytes");
            }
            Some(fs::read_to_string(file).with_context(|| format!("cannot read {shown}"))?)
        }
    };
    let folder = file.and_then(Path::parent).unwrap_or(Path::new(""));
    let name = file
        .map(|file| terminal::plain(&file.display().to_string()))
        .unwrap_or_default();
    let document = text.as_deref().map(|text| Document {
        name: &name,
        text,
        folder,
    });
    Ok(read::read(document, flags, data, &|name| std::env::var(name).ok())?)
}
