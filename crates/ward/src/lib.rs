//! One program that makes an AI project's security policy true: the command line.
//!
//! Arguments are read twice: [`cli`] holds what was typed, each module of [`commands`] turns that into
//! checked settings and runs. Results go to stdout, progress and diagnostics to stderr.

pub mod audit;
pub mod cli;
pub mod commands;
pub mod exit;
pub mod folder;
pub mod process;
pub mod terminal;
pub mod vault;

use clap::Parser;

/// Runs the program with the arguments of this process.
#[must_use]
pub fn run() -> exit::Exit {
    process::harden();
    let cli = match cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version go to stdout with 0, mistakes to stderr with 2, as clap decides.
            let _ = error.print();
            return if error.use_stderr() {
                exit::Exit::Failed
            } else {
                exit::Exit::Clean
            };
        }
    };
    match commands::run(cli) {
        Ok(exit) => exit,
        Err(error) => {
            terminal::complain(&error);
            exit::Exit::Failed
        }
    }
}
