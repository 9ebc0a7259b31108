//! A workflow for GitHub: one action, pinned by its commit, and otherwise plain commands.

use super::{block, hashed, is_foreign};
use crate::{
    init::{answers::Answers, blocks::Wanted},
    repository::Repository,
};

/// actions/checkout 7.0.1.
const CHECKOUT: &str = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1";

/// Its path: another one where somebody else's workflow stands.
pub(super) fn path(repository: &Repository) -> &'static str {
    let usual = ".github/workflows/security.yml";
    if is_foreign(repository, usual, "workflow") {
        ".github/workflows/ward.yml"
    } else {
        usual
    }
}

pub(super) fn file(repository: &Repository, answers: &Answers) -> Option<Wanted> {
    if !answers.github {
        return None;
    }
    let (from, commit) = match (&answers.ward_repository, &answers.ward_commit) {
        (Some(from), Some(commit)) => (from.clone(), commit.clone()),
        // Variables of the repository's settings: the step fails until they are set.
        _ => (
            "${{ vars.WARD_REPOSITORY }}".to_owned(),
            "${{ vars.WARD_COMMIT }}".to_owned(),
        ),
    };
    let text = format!(
        "name: Security\n\
         on:\n  push:\n    branches: [\"{branch}\"]\n  pull_request:\n  schedule:\n    - cron: \"17 4 * * 1\"\n\
         permissions:\n  contents: read\n\
         concurrency:\n  group: security-${{{{ github.ref }}}}\n  cancel-in-progress: true\n\
         jobs:\n  ward:\n    runs-on: ubuntu-24.04\n    timeout-minutes: 60\n    steps:\n\
         \x20     - name: Check out with the whole history\n\
         \x20       uses: {CHECKOUT}\n\
         \x20       with:\n          fetch-depth: 0\n          persist-credentials: false\n\
         \x20     - name: Build Ward from a commit\n\
         \x20       env:\n          WARD_REPOSITORY: {from}\n          WARD_COMMIT: {commit}\n\
         \x20       run: cargo install --locked --git \"$WARD_REPOSITORY\" --rev \"$WARD_COMMIT\" ward\n\
         \x20     - name: Get advisories\n        run: ward db update\n\
         \x20     - name: Scan\n        run: ward scan --engines secrets,models,repository,code,dependencies --threshold medium .\n\
         \x20     - name: Scan the history for secrets\n\
         \x20       run: ward scan --history --engines secrets,repository --threshold medium .\n\
         \x20     - name: Check the policy\n        run: ward policy check .\n",
        branch = answers.branch
    );
    Some(hashed(
        path(repository),
        "the workflow that scans and checks",
        vec![block("workflow", text)],
    ))
}
