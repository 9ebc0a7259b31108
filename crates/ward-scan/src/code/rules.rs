//! The table of rules. One file for a rule or a small family; one line here for each rule.

use super::rule::Rule;

mod assertion;
mod bind;
mod evaluate;
mod hash;
mod pickle;
mod shell;
mod tempfile;
mod tls;
mod torch;
mod yaml;

/// Every rule for Python.
pub static RULES: &[&Rule] = &[
    &assertion::ASSERT,
    &bind::BIND_ALL,
    &evaluate::EVAL,
    &hash::WEAK_HASH,
    &pickle::PICKLE,
    &shell::SHELL,
    &tempfile::MKTEMP,
    &tls::NO_VERIFY,
    &torch::TORCH_LOAD,
    &yaml::YAML_LOAD,
];
