//! Tools of an agent over records, by the Model Context Protocol: the same over standard input (`ward mcp`) and over HTTP (`/mcp`).
//!
//! - `records`: the files that a session may see.
//! - `desk`: what one session holds, and the work: every record is de-identified before anything else looks at it.
//! - `tools`: the table of tools, with their arguments.
//! - `session`: the protocol, from the bytes of a message to those of its reply.
//! - `http`: sessions of callers, behind keys, roles, policies, limits and the ledger.

mod beneath;
mod desk;
pub(crate) mod http;
mod records;
mod session;
mod tools;

pub use self::{
    records::{Listed, list},
    session::{MAX_MESSAGE, Session},
};

use std::{borrow::Cow, fmt};

use serde_json::Value;
use ward_clinical::tokens::Tokenizer;
use ward_guard::{Code, Policy};

/// Why nothing was done, in words for the agent. Holds nothing of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault(Cow<'static, str>);

impl Fault {
    /// For this reason.
    pub fn new(why: impl Into<Cow<'static, str>>) -> Self {
        Self(why.into())
    }

    /// What `/v1` would answer with this code, with more words of Ward's.
    fn refused(code: Code, more: &str) -> Self {
        let row = code.row();
        Self::new(format!("{}: {} ({more})", row.word, row.message))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Fault {}

/// What holds for one message.
pub struct Terms<'a> {
    /// Whether values may be put back.
    pub may_reid: bool,
    /// The tokenizer that counts for `compress`; without one tokens are estimated.
    pub tokenizer: Option<&'a Tokenizer>,
    /// What is let pass of texts that come in.
    pub policy: &'a Policy,
    /// Writes an entry on the ledger: durable when it returns. What is not recorded is not done.
    pub note: &'a dyn Fn(Value) -> Result<(), Fault>,
}
