//! Reports of vulnerabilities, and incidents, as cases: what came in, what is due when, what was done, what is published.
//!
//! - [`report`]: what a stranger sent, from text or an e-mail; what it lacks, what to answer, what it repeats.
//! - [`case`]: steps, roles, states, and what must be there before a case is closed.
//! - [`calendar`], [`clock`]: business days, time zones, and promises and duties that run from something that happened.
//! - [`score`]: CVSS 3.1 and 4.0, and what a fault may do to patients.
//! - [`affected`]: which releases have it.
//! - [`advisory`]: CSAF 2.0, OSV, CycloneDX VEX, security.txt, thanks.
//! - [`store`]: where cases are kept, sealed.
//! - [`settings`]: the section `[disclose]` of `ward.toml`.
//!
//! Nothing here reads a clock, the network or the repository; the folder of cases is `ward-seal`'s. Reports are data:
//! nothing in them is opened, run or followed.

pub mod advisory;
pub mod affected;
pub mod calendar;
pub mod case;
pub mod clock;
pub mod error;
pub mod report;
pub mod score;
pub mod settings;
pub mod store;

pub use case::Case;
pub use error::{Error, ErrorKind, Fault};
pub use jiff::civil::Date;
pub use report::Report;
pub use settings::Settings;
pub use store::Cases;
