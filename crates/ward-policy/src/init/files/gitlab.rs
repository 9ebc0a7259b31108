//! A pipeline for GitLab.

use super::{block, hashed};
use crate::init::{answers::Answers, blocks::Wanted};

pub(super) fn file(answers: &Answers) -> Option<Wanted> {
    if !answers.gitlab {
        return None;
    }
    // Without them, variables of the project's settings are meant: the job fails until they are set.
    let from = match (&answers.ward_repository, &answers.ward_commit) {
        (Some(repository), Some(commit)) => {
            format!("    WARD_REPOSITORY: \"{repository}\"\n    WARD_COMMIT: \"{commit}\"\n")
        }
        _ => String::new(),
    };
    let text = format!(
        "ward:\n  stage: test\n  image: rust:1.95\n  rules:\n\
         \x20   - if: $CI_PIPELINE_SOURCE == \"merge_request_event\"\n    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH\n\
         \x20 variables:\n    GIT_DEPTH: \"0\"\n{from}\
         \x20 script:\n\
         \x20   - cargo install --locked --git \"$WARD_REPOSITORY\" --rev \"$WARD_COMMIT\" ward\n\
         \x20   - ward db update\n\
         \x20   - ward scan --engines secrets,models,repository,code,dependencies --threshold medium .\n\
         \x20   - ward scan --history --engines secrets,repository --threshold medium .\n\
         \x20   - ward policy check .\n"
    );
    Some(hashed(
        ".gitlab-ci.yml",
        "the pipeline that scans and checks",
        vec![block("pipeline", text)],
    ))
}
