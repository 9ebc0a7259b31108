//! Credentials in text, and in the files whose business it is to hold them.
//!
//! ```text
//! bytes -> text (UTF-8, UTF-16, printable stretches) -> keywords -> rules, names, addresses, blocks, hashes, tokens
//!                                                    -> decoded pieces, the same again, to a depth of 3
//!       -> the format of the file, if it has one     -> candidates -> the surest of those that overlap -> findings
//! ```
//!
//! - [`rule`]: what a provider's rule is; [`rules`]: the table of them; [`sample`]: look-alikes for their examples.
//! - [`matcher`]: from keywords to rules to places in a text; [`pattern`]: one rule's pattern.
//! - [`generic`], [`address`], [`blocks`], [`hashes`], [`jwt`]: secrets that belong to no provider; [`kinds`]: their
//!   rules.
//! - [`files`]: credential files, one format each. [`decode`]: what is written in another alphabet.
//! - [`placeholder`], [`rarity`], [`entropy`], [`checksum`], [`place`]: what tells a secret from something that looks
//!   like one.
//! - [`paths`]: tokens in the names of files, which no report shows.
//! - `pyc`: the strings of compiled Python.
//! - [`page`], [`engine`]: a text, its candidates, and how they become findings. [`mask`]: what may be shown.

use std::sync::LazyLock;

use ward_evidence::RuleMeta;

use crate::Engine;

pub mod address;
pub mod blocks;
mod cells;
pub mod checksum;
pub mod decode;
pub mod engine;
pub mod entropy;
pub mod files;
pub mod generic;
pub mod hashes;
pub mod jwt;
pub mod kinds;
pub mod mask;
pub mod matcher;
pub mod page;
pub mod paths;
pub mod pattern;
pub mod place;
pub mod placeholder;
mod pyc;
pub mod rarity;
pub mod rule;
pub mod rules;
pub mod sample;
pub mod verify;

/// The engine.
pub const ENGINE: Engine = Engine {
    name: "secrets",
    what: "credentials in text, configuration and credential files",
    rules: metas,
    scan: engine::scan,
    history: true,
    conclude: None,
};

static METAS: LazyLock<Vec<&'static RuleMeta>> = LazyLock::new(|| {
    let kinds = kinds::ALL.iter().copied();
    let formats = files::FORMATS.iter().map(|format| &format.meta);
    kinds
        .chain([&files::stores::STORE, &paths::IN_NAME])
        .chain(formats)
        .chain(rules::all().map(|rule| &rule.meta))
        .collect()
});

fn metas() -> &'static [&'static RuleMeta] {
    &METAS
}
