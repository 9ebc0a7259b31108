//! `ward mcp`: an agent's tools over records, by the Model Context Protocol on standard input and output.
//!
//! - `desk`: what one session holds, and the work: every record is de-identified before anything else looks at it.
//! - `tools`: the table of tools, with their arguments.
//! - `server`: the protocol.

mod desk;
mod server;
mod tools;

use anyhow::{Context as _, Result};
use rmcp::ServiceExt as _;
use ward_seal::store::DataDir;

use self::{desk::Desk, server::Server};
use crate::{audit::Audit, cli::mcp::Mcp, exit::Exit, folder, terminal};

/// Serves until standard input ends.
///
/// # Errors
/// When a folder of records or the ledger cannot be opened, or the client speaks no MCP.
pub fn run(args: &Mcp) -> Result<Exit> {
    let data = DataDir::open(&folder::data(args.data.data.clone())?).context("cannot open the data folder")?;
    let audit = Audit::open(&data, "ward mcp")?;
    let desk = Desk::new(&args.records, args.allow_reid, audit)?;
    terminal::note(&format!(
        "{} records; waiting for a client on standard input",
        desk.records().len()
    ));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("cannot start threads")?;
    runtime.block_on(async {
        let running = Server::new(desk)
            .serve(rmcp::transport::stdio())
            .await
            .context("the client on standard input speaks no MCP")?;
        running.waiting().await.context("the session broke")
    })?;
    Ok(Exit::Clean)
}
