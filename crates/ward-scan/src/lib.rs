//! What goes into a model: files, history and archives to findings.
//!
//! ```text
//! source -> Blob (place, bytes) -> archive -> engine -> Found | NotExamined -> suppressions, baseline -> Report -> output
//! ```
//!
//! - [`source`]: where bytes come from: a folder, git's objects, standard input.
//! - [`blob`]: one thing to look at, whether a file, a git blob, a member of an archive or standard input.
//! - [`archive`]: archives and compressed files as folders, within limits.
//! - [`engine`]: the table of engines. An engine looks at one blob at a time and knows no IO.
//! - [`secrets`]: credentials in text and in the files that hold them.
//! - [`models`]: model files that run code, lie about their layout, or hide something.
//! - [`code`]: programs: Python and notebooks.
//! - [`licences`]: what things may be used for, and whether that goes together.
//! - [`bom`]: bills of materials.
//! - [`inventory`]: the components of a project, as its manifests and lockfiles name them.
//! - [`advisories`]: what is known of packages that have faults, as a database in one file.
//! - [`dependencies`]: what manifests and lockfiles ask for, judged.
//! - [`fact`]: what files say only together, and [`config`]: what a project wants of a scan.
//! - [`repository`]: credential files and weights that git should not hold.
//! - [`scan`]: one blob through archives, engines and suppressions into the report, on any number of threads.
//! - [`fingerprint`], [`baseline`], [`suppress`]: findings told apart, and findings kept back, with a reason.
//! - [`report`]: what was found, what was not examined, and how much was looked at.
//! - [`fix`]: what would mend findings, as a patch.
//! - [`output`]: a report as text, JSON, SARIF and HTML.
//!
//! Silence is never success: whatever an engine could not follow to its end is
//! [`NotExamined`], with a reason. Only the sources touch files; engines get bytes.

pub mod advisories;
pub mod archive;
pub mod baseline;
pub mod blob;
pub mod bom;
pub mod code;
pub mod config;
pub mod dependencies;
pub mod engine;
pub mod error;
mod excerpt;
pub mod fact;
pub mod fingerprint;
pub mod fix;
pub mod inventory;
pub mod licences;
pub mod models;
pub mod output;
pub mod report;
pub mod repository;
pub mod scan;
pub mod secrets;
pub mod source;
pub mod suppress;

pub use blob::Blob;
pub use engine::{ENGINES, Engine};
pub use error::{Error, ErrorKind};
pub use fact::{Fact, Project};
pub use report::{Findings, Found, NotExamined, Report};
