//! The table of rules. One file for a rule or a small family; one line here for each rule.

use super::{flow::rules as flows, rule::Rule};

mod archive;
mod assertion;
mod bind;
mod cipher;
mod cleartext;
mod cleartext_url;
mod cookie;
mod cors;
mod direction;
mod django;
mod evaluate;
mod flask;
mod hash;
mod hashids;
mod hub;
mod imports;
mod jwt;
mod logging;
mod markup;
mod marshal;
mod mend;
mod ml;
mod password;
mod permissions;
mod pickle;
mod process;
mod random;
mod shell;
mod snmp;
mod sql;
mod ssh;
mod swallowed;
mod tempfile;
mod temporary_path;
mod timeout;
mod tls;
mod torch;
mod urlopen;
mod web;
mod xml;
mod yaml;

/// Every rule for Python: the general ones, then those for programs with models.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    RULES.iter().chain(ml::RULES).copied()
}

/// The general rules.
static RULES: &[&Rule] = &[
    &archive::EXTRACTION,
    &archive::MEMBER_NAME,
    &assertion::ASSERT,
    &bind::BIND_ALL,
    &cipher::WEAK_CIPHER,
    &cipher::WEAK_KEY,
    &cleartext::CLEARTEXT,
    &cors::CORS,
    &direction::DIRECTION,
    &django::DJANGO_SETTINGS,
    &evaluate::EVAL,
    &flask::FLASK_DEBUG,
    &hash::WEAK_HASH,
    &hashids::HASHIDS,
    &hub::UNPINNED,
    &imports::RISKY_IMPORT,
    &jwt::JWT,
    &logging::LISTEN,
    &markup::AUTOESCAPE,
    &markup::MARKUP,
    &markup::PLAIN_TEMPLATE,
    &marshal::MARSHAL,
    &password::PASSWORD,
    &permissions::PERMISSIONS,
    &pickle::PICKLE,
    &process::PARTIAL_PATH,
    &process::PROCESS,
    &process::SHELL_COMMAND,
    &process::WILDCARD,
    &random::WEAK_RANDOM,
    &shell::SHELL,
    &snmp::SNMP,
    &sql::DJANGO_RAW,
    &sql::SQL_STRING,
    &ssh::HOST_KEY,
    &ssh::SSH_COMMAND,
    &swallowed::SWALLOWED,
    &tempfile::MKTEMP,
    &temporary_path::TEMPORARY_PATH,
    &timeout::TIMEOUT,
    &tls::NO_VERIFY,
    &tls::WEAK_TLS,
    &torch::TORCH_LOAD,
    &urlopen::URL_OPEN,
    &xml::XML,
    &cleartext_url::CLEARTEXT_URL,
    &cookie::COOKIE,
    &web::CONTEXT,
    &web::FLASK_SETTINGS,
    &web::FORMAT_HTML,
    &yaml::YAML_LOAD,
    // What flows find; see `code/flow`.
    &flows::ADDRESS,
    &flows::CODE,
    &flows::COMMAND,
    &flows::DESERIALISE,
    &flows::HTML,
    &flows::LOG,
    &flows::MODEL,
    &flows::PATH,
    &flows::PROMPT,
    &flows::QUERY,
    &flows::QUERY_TEXT,
    &flows::REDIRECT,
    &flows::REGEX,
    &flows::SENT,
    &flows::SQL,
    &flows::TEMPLATE,
    &flows::URL,
];

/// The rule called `id`.
#[must_use]
pub fn by_id(id: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.meta.id == id)
}
