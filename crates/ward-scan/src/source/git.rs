//! Git repositories, read from their files: no git is run, nothing is written, no hook or configuration takes effect.
//!
//! The history is read object by object and not commit by commit: every blob is unpacked once, in the order in which
//! packs chain their differences, whatever number of commits has it; which commit brought it in is found by one walk
//! over the trees, each of which is read once too.

pub mod cache;
pub mod delta;
mod forest;
pub mod history;
pub mod index;
mod inflate;
pub mod kept;
pub mod lookup;
mod messages;
mod objects;
mod pack;
pub mod parse;
mod range;
pub mod refs;
pub mod repo;
pub mod revision;
pub mod since;
mod trees;
