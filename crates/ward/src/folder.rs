//! Where the data folder is when nobody says.

use std::{env, path::PathBuf};

use anyhow::{Context, Result};

/// `--data`, else `$WARD_DATA`, else the user's folder for application data.
///
/// # Errors
/// When none of them is known.
pub fn data(given: Option<PathBuf>) -> Result<PathBuf> {
    if let Some(folder) = given {
        return Ok(folder);
    }
    let home = || env::var_os("HOME").map(PathBuf::from);
    let base = if cfg!(target_os = "macos") {
        home().map(|home| home.join("Library/Application Support"))
    } else if cfg!(windows) {
        env::var_os("LOCALAPPDATA").map(PathBuf::from)
    } else {
        let xdg = env::var_os("XDG_DATA_HOME")
            .map(PathBuf::from)
            .filter(|path| path.is_absolute());
        xdg.or_else(|| home().map(|home| home.join(".local/share")))
    };
    Ok(base
        .context("there is no home folder to keep data in; name one with --data DIR")?
        .join("ward"))
}

/// The user's folder for what can be made again; none when there is no home.
#[must_use]
pub fn cache() -> Option<PathBuf> {
    let home = || env::var_os("HOME").map(PathBuf::from);
    let base = if cfg!(target_os = "macos") {
        home().map(|home| home.join("Library/Caches"))
    } else if cfg!(windows) {
        env::var_os("LOCALAPPDATA").map(PathBuf::from)
    } else {
        let xdg = env::var_os("XDG_CACHE_HOME")
            .map(PathBuf::from)
            .filter(|path| path.is_absolute());
        xdg.or_else(|| home().map(|home| home.join(".cache")))
    };
    Some(base?.join("ward"))
}
