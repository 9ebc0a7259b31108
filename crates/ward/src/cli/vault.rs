//! `ward vault`.

use clap::Subcommand;

use super::Data;

/// `ward vault`.
#[derive(Debug, Subcommand)]
pub enum Vault {
    /// List subjects by their opaque ids: dates and counts, never names or values.
    List {
        /// Data folder.
        #[command(flatten)]
        data: Data,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Forget a subject for good: its key is destroyed, and with it every copy of its rows.
    Erase {
        /// The patient, or the name, given to `ward deid --subject`; or the subject's opaque id.
        #[arg(value_name = "SUBJECT")]
        subject: String,
        /// Whose data it is, as given to `ward deid --tenant`.
        #[arg(long, value_name = "NAME", default_value = "local")]
        tenant: String,
        /// Data folder.
        #[command(flatten)]
        data: Data,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Forget the subjects whose time is over.
    Expire {
        /// Data folder.
        #[command(flatten)]
        data: Data,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Wrap every subject's key with a new master key and forget the old one. May be interrupted and called again. The
    /// stand-ins of patients stay what they are.
    Rotate {
        /// Data folder.
        #[command(flatten)]
        data: Data,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}
