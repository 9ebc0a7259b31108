//! pii-leak-benchmark: does what a client sends reach the upstream, does it come back, and does the answer leak what was
//! never sent, however the stream is cut.
//!
//! Its packages are pinned in `xtask/peers/leaks/requirements.txt`; `run.py` beside it does the work and says what.

use crate::peers::{Options, measured};
use anyhow::Result;

/// Runs it and prints what it measured. True when nothing leaked.
pub(crate) fn run(options: &Options) -> Result<bool> {
    let (ended, values) = measured(options, "leaks")?;
    let mut clean = ended && values.len() == 3;
    for value in &values {
        clean &= value["leaked"].as_array().is_some_and(Vec::is_empty);
        // What reached nobody leaked nothing, and shows nothing.
        let reached = ["requests", "cases_applicable"];
        clean &= reached.iter().any(|name| value[name].as_u64() > Some(0));
        println!("- {value}");
    }
    println!("\n{}", if clean { "nothing leaked" } else { "NOT clean" });
    Ok(clean)
}
