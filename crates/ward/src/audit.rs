//! What commands leave on the ledger of this machine, `ledger/local`: who looked at what, never values.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use ward_seal::{ledger::Ledger, store::DataDir};
use ward_serve::{Caller, journal::ReceiptId, listen};

/// The ledger, open for one command.
pub struct Audit {
    ledger: Ledger,
    receipt: ReceiptId,
    route: &'static str,
}

impl Audit {
    /// Opens the ledger of a data folder for the command `route`.
    ///
    /// # Errors
    /// When it cannot be written: then the command must not go on.
    pub fn open(data: &DataDir, route: &'static str) -> Result<Self> {
        let ledger =
            listen::local_ledger(data).context("cannot open the ledger, and what is not recorded is not done")?;
        let receipt = ReceiptId::draw().ok().context("the system gives no random bytes")?;
        Ok(Self { ledger, receipt, route })
    }

    /// The receipt that the entries of this command carry.
    #[must_use]
    pub fn receipt(&self) -> &str {
        self.receipt.as_str()
    }

    /// Writes an entry: `fields` beside what every entry has. Durable when it returns.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, event: &str, fields: Value) -> Result<()> {
        let caller = Caller::local();
        let mut entry = json!({
            "event": event,
            "receipt": self.receipt.as_str(),
            "key": caller.key,
            "role": caller.role,
            "route": self.route,
        });
        if let (Value::Object(entry), Value::Object(fields)) = (&mut entry, fields) {
            entry.extend(fields);
        }
        let payload = serde_json::to_vec(&entry).context("cannot write the ledger's entry")?;
        self.ledger
            .append_wait(payload)
            .context("cannot write the ledger, and what is not recorded is not done")?;
        Ok(())
    }
}
