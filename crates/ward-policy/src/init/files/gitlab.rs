//! A pipeline for GitLab: `.gitlab-ci.yml`, or beside somebody else's a file that it can include.

use ward_formats::yaml::{Value as Node, Yaml};

use super::{block, hashed, is_foreign};
use crate::{
    init::{answers::Answers, blocks::Wanted},
    pipeline,
    repository::Repository,
};

/// The file that a project's pipelines are read from.
const MAIN: &str = ".gitlab-ci.yml";
/// Where the job stands when that is somebody else's.
const BESIDE: &str = ".gitlab/ward.yml";

pub(super) fn file(repository: &Repository, answers: &Answers) -> Option<Wanted> {
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
    let is_beside = is_foreign(repository, MAIN, "pipeline");
    let main = repository.text(MAIN).filter(|_| is_beside);
    let yaml = main.and_then(|text| Yaml::parse(text.as_bytes(), pipeline::YAML).ok());
    let root = yaml.as_ref().and_then(Yaml::root);
    let stage = root.and_then(stage).unwrap_or("test");
    // What its jobs have in common is not for this one.
    let apart = if is_beside {
        "  inherit:\n    default: false\n"
    } else {
        ""
    };
    let text = format!(
        "ward:\n  stage: {stage}\n  image: rust:1.95\n{apart}  rules:\n\
         \x20   - if: $CI_PIPELINE_SOURCE == \"merge_request_event\"\n    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH\n\
         \x20 variables:\n    GIT_DEPTH: \"0\"\n{from}\
         \x20 script:\n\
         \x20   - cargo install --locked --git \"$WARD_REPOSITORY\" --rev \"$WARD_COMMIT\" ward\n\
         \x20   - ward db update\n\
         \x20   - ward scan --engines secrets,models,repository,code,dependencies --threshold medium .\n\
         \x20   - ward scan --history --engines secrets,repository --threshold medium .\n\
         \x20   - ward policy check .\n"
    );
    let what = "the pipeline that scans and checks";
    let blocks = vec![block("pipeline", text)];
    if !is_beside {
        return Some(hashed(MAIN, what, blocks));
    }
    Some(Wanted {
        lacks: (!root.is_some_and(includes)).then_some(
            ".gitlab-ci.yml is not Ward's and does not include it: add `include: [{local: .gitlab/ward.yml}]` there and \
             run `ward policy init` again; until then SECURITY.md promises no scans",
        ),
        ..hashed(BESIDE, what, blocks)
    })
}

/// The stage for the job, where the pipeline names its stages: the usual one, else its first.
fn stage(root: Node<'_>) -> Option<&str> {
    let mut stages = root.get("stages")?.texts().map(|(_, text)| text);
    let first = stages.next()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let usual = first == "test" || stages.any(|stage| stage == "test");
    (!usual && first.chars().all(plain)).then_some(first)
}

/// Whether the pipeline includes the file beside it.
fn includes(root: Node<'_>) -> bool {
    let is_it = |path: &str| path.trim_start_matches('/') == BESIDE;
    root.get("include").is_some_and(|include| {
        let named = |node: Node<'_>| node.text_of("local").is_some_and(is_it);
        include.texts().any(|(_, text)| is_it(text)) || named(include) || include.items().any(named)
    })
}
