//! Connections: B113, B501 to B504, B507 to B509, B612, B614, B615.

use ruff_python_ast::{Expr, StmtFunctionDef};
use ward_evidence::Severity::{High, Low, Medium};

use super::{
    values,
    walk::{Call, Walk},
};

/// Protocol versions with known faults, as `ssl` and pyOpenSSL call them.
const WEAK_PROTOCOLS: &[&str] = &[
    "PROTOCOL_SSLv2",
    "SSLv2_METHOD",
    "SSLv23_METHOD",
    "PROTOCOL_SSLv3",
    "PROTOCOL_TLSv1",
    "SSLv3_METHOD",
    "TLSv1_METHOD",
    "PROTOCOL_TLSv1_1",
    "TLSv1_1_METHOD",
];

/// All tests of this file.
pub(super) fn call<'a>(walk: &mut Walk<'a>, call: &Call<'a>) {
    requests(walk, call);
    protocol(walk, call);
    if call.last() == "set_missing_host_key_policy" && walk.imported_like("paramiko") && trusts_any_host(call) {
        walk.about("B507", High, call);
    }
    match call.full.as_str() {
        "pysnmp.hlapi.CommunityData" if number_is(call, "mpModel", &[0.0, 1.0]) => walk.about("B508", Medium, call),
        "pysnmp.hlapi.UsmUserData" if call.args() < 3 => walk.about("B509", Medium, call),
        "logging.config.listen" if call.keyword("verify").is_none() => walk.about("B612", Medium, call),
        "torch.load" | "torch.serialization.load" if walk.imported("torch") && !call.is("weights_only", "True") => {
            walk.about("B614", Medium, call);
        }
        _ => {}
    }
    if is_unpinned_download(walk, call) {
        walk.about("B615", Medium, call);
    }
}

fn number_is(call: &Call<'_>, name: &str, numbers: &[f64]) -> bool {
    matches!(call.value(name), Some(values::Value::Number(own)) if numbers.contains(&own))
}

fn requests<'a>(walk: &mut Walk<'a>, call: &Call<'a>) {
    let verb = matches!(
        call.last(),
        "get" | "options" | "head" | "post" | "put" | "patch" | "delete"
    );
    let first = call.full.split('.').next().unwrap_or_default();
    let (requests, httpx) = match first {
        "requests" => (verb, false),
        "httpx" => (
            false,
            verb || matches!(call.last(), "request" | "stream" | "Client" | "AsyncClient"),
        ),
        _ => (false, false),
    };
    if (requests || httpx) && call.is("verify", "False") {
        walk.about_argument("B501", High, call, "verify");
    }
    let no_limit = call.is("timeout", "None");
    if requests && (no_limit || call.value("timeout").is_none()) || httpx && no_limit {
        walk.about("B113", Medium, call);
    }
}

fn protocol<'a>(walk: &mut Walk<'a>, call: &Call<'a>) {
    let weak = |name: &str| {
        call.value(name)
            .is_some_and(|value| value.word().is_some_and(|word| WEAK_PROTOCOLS.contains(&word)))
    };
    match call.full.as_str() {
        "ssl.wrap_socket" => {
            if weak("ssl_version") {
                walk.about_argument("B502", High, call, "ssl_version");
            } else if call.value("ssl_version").is_none() {
                walk.about_argument("B504", Low, call, "ssl_version");
            }
        }
        "pyOpenSSL.SSL.Context" => {
            if weak("method") {
                walk.about_argument("B502", High, call, "method");
            }
        }
        _ => {
            let named = ["method", "ssl_version"].into_iter().find(|name| weak(name));
            if named.is_some() {
                let at = if call.keyword("method").is_some() {
                    "method"
                } else {
                    "ssl_version"
                };
                walk.about_argument("B502", Medium, call, at);
            }
        }
    }
}

/// B503: a parameter whose default is a weak protocol version.
pub(super) fn weak_protocol_default<'a>(walk: &mut Walk<'a>, function: &'a StmtFunctionDef) {
    let parameters = &function.parameters;
    let mut defaults = parameters
        .posonlyargs
        .iter()
        .chain(&parameters.args)
        .filter_map(|one| one.default.as_deref());
    let weak = defaults.any(|default| match default {
        Expr::Attribute(attribute) => WEAK_PROTOCOLS.contains(&attribute.attr.as_str()),
        _ => false,
    });
    if weak {
        let range = walk.lines_of(function.into());
        walk.report("B503", Medium, range, range);
    }
}

fn trusts_any_host(call: &Call<'_>) -> bool {
    let policy = match call.arg(0) {
        Some(Expr::Call(made)) => &*made.func,
        Some(other) => other,
        None => return false,
    };
    let word = match policy {
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        Expr::Name(name) => name.id.as_str(),
        _ => return false,
    };
    matches!(word, "AutoAddPolicy" | "WarningPolicy")
}

/// B615: something is fetched from a hub without the commit that is meant.
fn is_unpinned_download(walk: &Walk<'_>, call: &Call<'_>) -> bool {
    let library = match call.last() {
        "from_pretrained" => "transformers",
        "load_dataset" => "datasets",
        "hf_hub_download" | "snapshot_download" => "huggingface_hub",
        _ => return false,
    };
    if !call.has_part(library)
        || !["transformers", "datasets", "huggingface_hub"]
            .iter()
            .any(|one| walk.imported_like(one))
    {
        return false;
    }
    for name in ["revision", "commit_id"] {
        let pinned = match call.keyword(name) {
            None | Some(Expr::NoneLiteral(_)) => continue,
            Some(Expr::StringLiteral(text)) => {
                let text = text.value.to_str();
                text.len() >= 7 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
            }
            Some(
                Expr::NumberLiteral(_) | Expr::BooleanLiteral(_) | Expr::BytesLiteral(_) | Expr::EllipsisLiteral(_),
            ) => false,
            Some(_) => true,
        };
        return !pinned;
    }
    let local = |text: &str| ["./", "/", "../"].iter().any(|start| text.starts_with(start));
    !matches!(call.arg(0), Some(Expr::StringLiteral(text)) if local(text.value.to_str()))
}
