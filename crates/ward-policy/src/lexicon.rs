//! The words by which policies are read, as data beside the code.
//!
//! `lexicon/README.md` says what each file holds and where it is from. Every table is read once, when it is first asked for.

pub(crate) mod phrases;
pub(crate) mod tools;

pub use tools::{Evidence, Gates, Needs, Tool, tool, tools};
