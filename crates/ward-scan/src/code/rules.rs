//! The table of rules. One file for a rule or a small family; one line here for each rule.

use super::{flow::rules as flows, rule::Rule};

mod assertion;
mod bind;
mod evaluate;
mod hash;
mod ml;
mod pickle;
mod shell;
mod tempfile;
mod tls;
mod torch;
mod yaml;

/// Every rule for Python: the general ones, then those for programs with models.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    RULES.iter().chain(ml::RULES).copied()
}

/// The general rules.
static RULES: &[&Rule] = &[
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
    // What flows find; see `code/flow`.
    &flows::CODE,
    &flows::COMMAND,
    &flows::DESERIALISE,
    &flows::HTML,
    &flows::LOG,
    &flows::MODEL,
    &flows::PATH,
    &flows::PROMPT,
    &flows::QUERY,
    &flows::REDIRECT,
    &flows::REGEX,
    &flows::SENT,
    &flows::SQL,
    &flows::TEMPLATE,
    &flows::URL,
];
