//! Where bytes come from: a folder, git's objects, standard input. The only part of this crate that touches files.

pub mod disk;
pub mod environment;
pub mod folder;
pub mod git;
mod ignored;
mod queue;
