//! `ward vault`.

use clap::{Subcommand, ValueEnum};

use super::Data;

/// What the vault is sealed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Cipher {
    /// AES-256-GCM-SIV, the usual one.
    #[value(name = "aes-256-gcm-siv")]
    Aes256GcmSiv,
    /// XChaCha20-Poly1305, which rests on nothing that AES does.
    #[value(name = "xchacha20-poly1305")]
    XChaCha20Poly1305,
}

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
        /// Seal everything with this cipher, now and from now on. Without it the cipher stays what it is.
        #[arg(long, value_name = "CIPHER")]
        cipher: Option<Cipher>,
        /// Rotate what `ward disclose` keeps of cases instead.
        #[arg(long)]
        cases: bool,
        /// Data folder.
        #[command(flatten)]
        data: Data,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}
