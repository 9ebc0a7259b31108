//! One module a command.

pub mod ask;
pub mod attest;
pub mod batch;
pub mod db;
pub mod deid;
pub mod disclose;
pub mod doctor;
pub mod hook;
pub mod inspect;
pub mod key;
pub mod ledger;
pub mod lsp;
pub mod manual;
pub mod mcp;
pub mod model;
pub mod policy;
pub mod reid;
pub mod sbom;
pub mod scan;
pub mod serve;
pub mod settings;
pub mod state;
pub mod triage;
pub mod vault;

use anyhow::Result;

use crate::{
    cli::{Cli, Command},
    exit::Exit,
};

/// Runs a command.
///
/// # Errors
/// What went wrong and what to do, to be shown to the person who typed it.
pub fn run(cli: Cli) -> Result<Exit> {
    match cli.command {
        Command::Serve(args) => serve::run(args),
        Command::Ask(args) => ask::run(args),
        Command::Deid(args) => deid::run(args),
        Command::Reid(args) => reid::run(&args),
        Command::Vault(args) => vault::run(args),
        Command::Facts(args) => inspect::facts(&args),
        Command::Compress(args) => inspect::compress(&args),
        Command::State(args) => state::run(&args),
        Command::Scan(args) => scan::run(&args),
        Command::Hook(hook) => hook::run(&hook),
        Command::Lsp(args) => lsp::run(&args),
        Command::Rules(args) => scan::rules::list(&args),
        Command::Explain(args) => scan::rules::explain(&args),
        Command::Db(args) => db::run(&args),
        Command::Sbom(args) => sbom::run(&args),
        Command::Policy(policy) => policy::run(&policy),
        Command::Disclose(args) => disclose::run(args),
        Command::Incident(args) => disclose::incident(args),
        Command::Model(args) => model::run(&args),
        Command::Attest(args) => attest::run(&args),
        Command::Triage(args) => triage::run(&args),
        Command::Batch(args) => batch::run(&args),
        Command::Mcp(args) => mcp::run(&args),
        Command::Doctor(args) => doctor::run(&args),
        Command::Key(args) => key::run(args),
        Command::Ledger(args) => ledger::run(args),
        Command::Completions { shell } => manual::completions(shell),
        Command::Man { folder } => manual::pages(&folder),
    }
}
