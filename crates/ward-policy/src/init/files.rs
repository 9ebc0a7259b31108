//! The files that are written: one module each, and one line in [`all`].

mod contact;
mod github;
mod gitlab;
mod hook;
mod ignored;
mod owners;
mod security;
mod settings;
pub(super) mod updates;

use super::{
    answers::Answers,
    blocks::{Block, Comment, Other, Wanted},
};
use crate::repository::Repository;

pub(super) use security::file as policy;
pub(super) use settings::file as settings;

/// Every file that these answers ask for but the policy and the settings, which depend on what becomes of these.
pub(super) fn measures(repository: &Repository, answers: &Answers) -> Vec<Wanted> {
    let mut files = vec![contact::file(repository, answers), hook::file(), ignored::file()];
    files.extend(owners::file(repository, answers));
    files.extend(github::file(repository, answers));
    files.extend(gitlab::file(repository, answers));
    files.extend(updates::file(repository, answers));
    files
}

/// A block that is somebody's own once it was edited.
fn block(name: &'static str, text: String) -> Block {
    Block {
        name,
        text,
        stands_for: "",
        always: false,
    }
}

/// A file of `# ..` comments that is left alone when it is somebody else's.
fn hashed(path: &str, what: &'static str, blocks: Vec<Block>) -> Wanted {
    Wanted {
        path: path.to_owned(),
        what,
        comment: Comment::Hash,
        other: Other::Leave,
        lacks: None,
        blocks,
    }
}

/// Whether a file stands at a path that has not this block of Ward's.
fn is_foreign(repository: &Repository, path: &str, block: &str) -> bool {
    let begin = format!("ward:begin {block} ");
    let is_there = repository.files.contains_key(path);
    is_there && !repository.text(path).is_some_and(|text| text.contains(&begin))
}

/// The first of these paths that is there, else the first of all.
fn existing<'a>(repository: &Repository, paths: &[&'a str]) -> &'a str {
    let there = paths.iter().find(|path| repository.files.contains_key(**path));
    there.or(paths.first()).copied().unwrap_or_default()
}
