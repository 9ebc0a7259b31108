//! The configuration of the pre-commit framework.

use super::{block, hashed};
use crate::init::blocks::Wanted;

pub(super) fn file() -> Wanted {
    let text = "repos:\n  - repo: local\n    hooks:\n      - id: ward\n        name: ward (secrets, models, code)\n\
                \x20       entry: ward hook run\n        language: system\n        pass_filenames: false\n\
                \x20       stages: [pre-commit]\n";
    hashed(
        ".pre-commit-config.yaml",
        "the hook before every commit",
        vec![block("hook", text.to_owned())],
    )
}
