//! Git repositories, read from their files: no git is run, nothing is written, no hook or configuration takes effect.

pub mod index;
pub mod repo;
