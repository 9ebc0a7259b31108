//! What goes into a model: files, history and archives to findings.
//!
//! ```text
//! source -> Blob (place, bytes) -> engine -> Found | NotExamined -> baseline, suppressions -> Report
//! ```
//!
//! - [`blob`]: one thing to look at, whether a file, a git blob, a member of an archive or standard input.
//! - [`engine`]: the table of engines. An engine looks at one blob at a time and knows no IO.
//! - [`secrets`]: credentials in text and in the files that hold them.
//! - [`models`]: model files that run code, lie about their layout, or hide something.
//! - [`report`]: what was found, what was not examined, and how much was looked at.
//!
//! Silence is never success: whatever an engine could not follow to its end is
//! [`NotExamined`](report::NotExamined), with a reason. Only the sources touch files; engines get bytes.

pub mod blob;
pub mod engine;
pub mod models;
pub mod report;
pub mod secrets;

pub use blob::Blob;
pub use engine::{ENGINES, Engine};
pub use report::{Findings, Found, NotExamined};
