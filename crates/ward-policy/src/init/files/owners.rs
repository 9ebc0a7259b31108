//! CODEOWNERS: who is asked to review.

use super::{block, existing, hashed};
use crate::{
    init::{answers::Answers, blocks::Wanted},
    repository::Repository,
};

pub(super) fn file(repository: &Repository, answers: &Answers) -> Option<Wanted> {
    if answers.owners.is_empty() {
        return None;
    }
    let paths: &[&str] = if answers.github {
        &[".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"]
    } else {
        &["CODEOWNERS", ".gitlab/CODEOWNERS", "docs/CODEOWNERS"]
    };
    let owners = answers.owners.join(" ");
    let text = format!("* {owners}\n/SECURITY.md {owners}\n");
    Some(hashed(
        existing(repository, paths),
        "who is asked to review",
        vec![block("owners", text)],
    ))
}
