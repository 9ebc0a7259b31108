//! Security policies, read as promises and held against what a repository does.
//!
//! ```text
//! SECURITY.md, security.txt, .. -> read::policies -> Promise (words, place, frame, topic) ─┐
//! files, tags, pipelines, findings of `ward scan` -> Repository ──────────────────────────┴─> check::judge -> Report -> output
//! ```
//!
//! - [`read`]: documents to promises, contacts, clocks, versions; [`lexicon`] holds the words it reads by.
//! - [`promise`]: what a policy promises, and how firmly.
//! - [`topic`]: what a promise is about, and which control it is bound to.
//! - [`repository`]: what promises are held against, as data: the binary reads it, checks never touch a disk.
//! - [`verdict`]: what became of a promise. `Kept` cannot be built without evidence.
//! - [`report`]: all promises with their verdicts, and what the policy lacks.
//! - [`init`]: the files of a policy that is true from the first day.
//! - [`output`]: a report as text, JSON, SARIF, a page, a badge; what the words in it mean.
//! - [`attest`]: evidence for the requirements of a standard, joined, with its limits.
//!
//! Text of a policy is data: no word of it, visible or hidden, changes what this crate does.

pub mod attest;
pub mod check;
pub mod init;
pub mod lexicon;
mod markdown;
pub mod output;
pub mod pipeline;
pub mod promise;
pub mod read;
pub mod report;
pub mod repository;
pub mod topic;
pub mod verdict;
