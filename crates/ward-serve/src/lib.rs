//! The running service: listener, TLS, identities, limits, routes, streaming, ledger writing.
//!
//! [`start`] opens the data folder and listens. The request path itself is in [`exchange`]; the
//! addresses are in [`routes`], each with the scope it asks for. [`fetch`] gets one file for `ward db update`, [`tell`] posts a warning.

pub mod addresses;
pub mod admin;
pub mod alert;
pub mod app;
mod begins;
pub mod cite;
pub mod config;
mod connection;
pub mod doctor;
mod drain;
pub mod engines;
pub mod error;
pub mod exchange;
pub mod fetch;
pub mod handlers;
pub mod harvest;
pub mod identity;
pub mod intake;
pub mod journal;
pub mod listen;
pub mod log;
pub mod mcp;
pub mod metrics;
pub mod openai;
mod origin;
pub mod otlp;
pub mod phrases;
pub mod policy;
mod quiet;
pub mod quota;
pub mod routes;
pub mod settings;
pub mod tell;
pub mod tls;
pub mod tokenizer;
mod turned_away;
pub mod upstream;
mod waits;
pub mod watch;
mod wire;

pub use app::App;
pub use config::{Config, Memory, Timeouts, UpstreamConfig};
pub use engines::BUILT_IN_MODEL;
pub use error::{StartError, StartErrorKind};
pub use exchange::{Event, Reply};
pub use identity::{Caller, Role, Scope};
pub use listen::{Running, start};
