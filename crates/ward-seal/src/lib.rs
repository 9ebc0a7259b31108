//! All of Ward's cryptography: keys, random values, and the ledger anyone can verify.
//!
//! This crate knows bytes, not medicine. What lives where:
//!
//! - [`random`], [`hash`]: random bytes, SHA-256, HMAC, HKDF, hex.
//! - [`store`]: the data folder, its permissions, atomic private files, long-lived secrets.
//! - [`apikey`]: `wk_` keys, made once, stored as keyed hashes, revoked while a server runs.
//! - [`age`]: files that only the holder of a key can open, in the age format.
//! - [`note`]: Ed25519 keys and C2SP signed notes and checkpoints.
//! - [`merkle`]: the RFC 6962 tree and its proofs.
//! - [`vault`]: what stands for what in de-identified data, sealed per subject; forgetting it.
//! - [`ff1`]: format-preserving encryption.
//! - [`ledger`]: the append-only log, its recovery, and its verification.
//!
//! The clock is always an argument. Files are touched only by [`store`], [`apikey`], [`vault`]
//! and [`ledger`].

pub mod age;
pub mod apikey;
pub mod error;
pub mod ff1;
pub mod hash;
pub mod ledger;
pub mod merkle;
pub mod note;
pub mod random;
pub mod secret;
pub mod store;
pub mod vault;

pub use error::{Error, ErrorKind, Fault};
pub use secret::Secret32;
