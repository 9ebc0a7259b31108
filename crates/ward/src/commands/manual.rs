//! `ward completions` and `ward man`: generated from the same table as the help.

use std::path::Path;

use anyhow::{Context, Result};
use clap::CommandFactory;
use clap_complete::Shell;

use crate::{cli::Cli, exit::Exit, terminal};

/// Prints a completion script.
///
/// # Errors
/// When stdout cannot be written to.
pub fn completions(shell: Shell) -> Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "ward", &mut script);
    terminal::result(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Clean)
}

/// Writes `ward.1`, `ward-serve.1` and so on.
///
/// # Errors
/// When the folder cannot be written to.
pub fn pages(folder: &Path) -> Result<Exit> {
    clap_mangen::generate_to(Cli::command(), folder).with_context(|| {
        format!(
            "manual pages cannot be written to {}; make the folder first",
            folder.display()
        )
    })?;
    Ok(Exit::Clean)
}
