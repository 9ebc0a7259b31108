//! `ward mcp`: an agent's tools over records, by the Model Context Protocol on standard input and output.
//!
//! The protocol and the tools are those of `ward serve`: `ward_serve::mcp`.

use std::io::{self, BufRead as _, Read as _, Write as _};

use anyhow::{Context as _, Result};
use serde_json::Value;
use ward_guard::Policy;
use ward_seal::store::DataDir;
use ward_serve::{
    mcp::{self, Fault, MAX_MESSAGE, Session, Terms},
    tokenizer,
};

use crate::{audit::Audit, cli::mcp::Mcp, exit::Exit, folder, terminal};

/// Most bytes that one session de-identifies.
const MAX_SESSION: usize = 256 << 20;

/// Serves until standard input ends. Every line is a message and gets its reply, also one that cannot be read.
///
/// # Errors
/// When a folder of records or the ledger cannot be opened, or standard output cannot be written.
pub fn run(args: &Mcp) -> Result<Exit> {
    let data = DataDir::open(&folder::data(args.data.data.clone())?).context("cannot open the data folder")?;
    let audit = Audit::open(&data, "ward mcp")?;
    for folder in &args.records {
        std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    }
    let records = mcp::list(&args.records, args.show_names)?;
    terminal::note(&format!(
        "{} records; waiting for a client on standard input",
        records.len()
    ));
    let mut session = Session::new(records, MAX_SESSION)?;
    let note = |fields: Value| {
        audit
            .write("mcp", fields)
            .map_err(|_| Fault::new("the ledger cannot be written, and what is not recorded is not done"))
    };
    let policy = Policy::default();
    let tokenizer = args.tokenizer.as_deref().map(tokenizer::read).transpose()?;
    let terms = Terms {
        may_reid: args.allow_reid,
        tokenizer: tokenizer.as_ref(),
        policy: &policy,
        note: &note,
    };
    let mut input = io::stdin().lock();
    let mut output = io::stdout().lock();
    let mut line = Vec::new();
    loop {
        line.clear();
        let limit = MAX_MESSAGE as u64 + 1;
        let count = input.by_ref().take(limit).read_until(b'\n', &mut line);
        if count.context("standard input cannot be read")? == 0 {
            return Ok(Exit::Clean);
        }
        if line.len() > MAX_MESSAGE && !line.ends_with(b"\n") {
            input.skip_until(b'\n').context("standard input cannot be read")?;
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        if let Some(reply) = session.answer(line.trim_ascii(), &terms) {
            let written = writeln!(output, "{reply}").and_then(|()| output.flush());
            match written {
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(Exit::Clean),
                other => other.context("standard output cannot be written")?,
            }
        }
    }
}
