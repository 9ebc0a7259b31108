//! Every setting. The order is that of the reference, and that in which they are set.

use std::{net::SocketAddr, time::Duration};

use ward_guard::{policy::Response, tools::Tool};

use super::{Kind, Setting, Value, Wrong};
use crate::{
    alert::syslog::Server,
    config::{Config, RoutePolicy, UpstreamConfig, set_hidden},
    fetch,
    identity::{
        ClientCertificate, Role,
        oidc::{self, KeySource, OidcSettings},
    },
    otlp::OtlpSettings,
    upstream,
};

/// A number without a useful upper bound.
const MANY: u64 = 1_000_000_000_000;

fn bool_of(value: &Value) -> bool {
    matches!(value, Value::Bool(true))
}

fn number(value: &Value) -> u64 {
    match value {
        Value::Number(number) => *number,
        _ => 0,
    }
}

fn small(value: &Value) -> u32 {
    u32::try_from(number(value)).unwrap_or(u32::MAX)
}

fn size(value: &Value) -> usize {
    usize::try_from(number(value)).unwrap_or(usize::MAX)
}

fn seconds(value: &Value) -> Duration {
    Duration::from_secs(number(value))
}

fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        _ => String::new(),
    }
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Texts(texts) => texts.clone(),
        _ => Vec::new(),
    }
}

fn file(value: &Value) -> Option<std::path::PathBuf> {
    match value {
        Value::File(path) => Some(path.clone()),
        _ => None,
    }
}

fn address(value: &Value) -> Result<SocketAddr, Wrong> {
    text(value)
        .parse()
        .map_err(|_| "write an address and a port, such as \"127.0.0.1:8443\"")
}

fn word(text: &str) -> Result<String, Wrong> {
    let right = (1..=32).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    right
        .then(|| text.to_owned())
        .ok_or("write 1 to 32 lower-case letters, digits or `-`")
}

fn words(value: &Value) -> Result<Vec<String>, Wrong> {
    texts(value).iter().map(|text| word(text)).collect()
}

/// 64 hexadecimal digits, with or without `sha256:` before them.
fn digest(text: &str) -> Result<[u8; 32], Wrong> {
    let digits = text.strip_prefix("sha256:").unwrap_or(text).replace(':', "");
    ward_seal::hash::unhex(&digits.to_ascii_lowercase())
        .ok_or("write the SHA-256 of the public key as 64 hexadecimal digits")
}

fn role(text: &str) -> Result<Role, Wrong> {
    Role::from_word(text).ok_or("there is no such role; roles are clinician, service, auditor, administrator")
}

fn upstream(config: &mut Config) -> Result<&mut UpstreamConfig, Wrong> {
    config.upstream.as_mut().ok_or("set upstream.url too")
}

fn issuer(config: &mut Config) -> Result<&mut OidcSettings, Wrong> {
    config.oidc.as_mut().ok_or("set oidc.issuer too")
}

fn client(config: &mut Config) -> Result<&mut ClientCertificate, Wrong> {
    config.clients.last_mut().ok_or("set its name too")
}

fn otlp(config: &mut Config) -> Result<&mut OtlpSettings, Wrong> {
    config.otlp.as_mut().ok_or("set otlp.url too")
}

fn route(config: &mut Config) -> Result<&mut RoutePolicy, Wrong> {
    config.routes.last_mut().ok_or("set its path too")
}

fn response(value: &Value) -> Result<Response, Wrong> {
    Response::of_word(&text(value)).ok_or("write one of mark, ask, block")
}

/// A tool with the schema that was read from a file, or, before that is known, with one that nothing fits.
fn tool(name: &str, schema: &str, changes: bool) -> Result<Tool, Wrong> {
    Tool::new(name, schema, changes)
        .map_err(|_| "this is not a schema that is checked whole; the guide to `ward serve` lists the keywords")
}

/// What becomes of something suspicious. `allow` is an option of its own, that begins with `unsafe_`.
const RESPONSES: Kind = Kind::Choice(&["mark", "ask", "block"]);

/// A score from its hundredths.
fn hundredths(value: &Value) -> f32 {
    f32::from(u8::try_from(number(value)).unwrap_or(100)) / 100.0
}

const COUNT: Kind = Kind::Number { least: 0, most: MANY };
const SECONDS: Kind = Kind::Number { least: 1, most: 3600 };

/// Every setting below `[serve]`.
pub const SETTINGS: &[Setting] = &[
    Setting {
        path: "listen",
        kind: Kind::Text,
        default: "\"127.0.0.1:8443\"",
        doc: "Address and port to listen on. Port 0 takes a free one. `--listen` counts more.",
        restart: true,
        set: |config, value| address(value).map(|address| config.listen = address),
    },
    Setting {
        path: "admin",
        kind: Kind::Text,
        default: "none",
        doc: "Address and port of metrics and health, on this machine only. They ask for a key with the scope `metrics`.",
        restart: true,
        set: |config, value| {
            let address = address(value)?;
            if !address.ip().is_loopback() {
                return Err("metrics and health are for this machine only; name a loopback address");
            }
            config.admin = Some(address);
            Ok(())
        },
    },
    Setting {
        path: "environment",
        kind: Kind::Text,
        default: "none",
        doc: "What this server is for, such as `production`. A key that names an environment is taken only where it is the same.",
        restart: false,
        set: |config, value| word(&text(value)).map(|word| config.environment = Some(word)),
    },
    Setting {
        path: "hosts",
        kind: Kind::Texts,
        default: "[]",
        doc: "Names under which the server answers, beside addresses and `localhost`. A request for another name is refused with 421.",
        restart: false,
        set: |config, value| {
            config.hosts = texts(value);
            let plain = |host: &String| {
                !host.is_empty()
                    && host
                        .bytes()
                        .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
            };
            config
                .hosts
                .iter()
                .all(plain)
                .then_some(())
                .ok_or("write names only, such as \"ward.hospital.example\": no port, no address")
        },
    },
    Setting {
        path: "log",
        kind: Kind::Choice(&["none", "json"]),
        default: "\"none\"",
        doc: "Lines on standard error for every request: `json` is one object a line. No content, no addresses of callers.",
        restart: true,
        set: |_, _| Ok(()),
    },
    Setting {
        path: "policies",
        kind: Kind::File,
        default: "whoever may ask may have any question answered",
        doc: "A file of Cedar policies that decide about every question. Read again when it changes.",
        restart: false,
        set: |config, value| {
            config.policies = file(value);
            Ok(())
        },
    },
    Setting {
        path: "purposes",
        kind: Kind::Texts,
        default: "[]",
        doc: "Purposes that the header `ward-purpose` may name; empty is any.",
        restart: false,
        set: |config, value| words(value).map(|words| config.purposes = words),
    },
    Setting {
        path: "purpose_required",
        kind: Kind::Bool,
        default: "false",
        doc: "Whether a question must have a purpose: by the header, or by a key that is for one purpose.",
        restart: false,
        set: |config, value| {
            config.purpose_required = bool_of(value);
            Ok(())
        },
    },
    Setting {
        path: "key_age_days",
        kind: Kind::Number { least: 1, most: 36_500 },
        default: "90",
        doc: "Days after which `ward doctor` asks for a key to be replaced.",
        restart: false,
        set: |config, value| {
            config.key_age_days = small(value);
            Ok(())
        },
    },
    Setting {
        path: "tls.certificate",
        kind: Kind::File,
        default: "Ward's own",
        doc: "The certificate chain, in PEM, the server's own first. Read again when it changes; connections stay open.",
        restart: false,
        set: |config, value| {
            config.tls.certificate = file(value);
            Ok(())
        },
    },
    Setting {
        path: "tls.key",
        kind: Kind::File,
        default: "Ward's own",
        doc: "The private key of that certificate, in PEM.",
        restart: false,
        set: |config, value| {
            config.tls.key = file(value);
            Ok(())
        },
    },
    Setting {
        path: "tls.client_ca",
        kind: Kind::File,
        default: "none",
        doc: "The authority, in PEM, whose client certificates are believed.",
        restart: false,
        set: |config, value| {
            config.tls.client_ca = file(value);
            Ok(())
        },
    },
    Setting {
        path: "tls.client_required",
        kind: Kind::Bool,
        default: "false",
        doc: "Whether a connection without a client certificate of that authority is refused in the handshake.",
        restart: false,
        set: |config, value| {
            config.tls.client_required = bool_of(value);
            if config.tls.client_required && config.tls.client_ca.is_none() {
                return Err("set tls.client_ca too");
            }
            Ok(())
        },
    },
    Setting {
        path: "client[].name",
        kind: Kind::Text,
        default: "must be set",
        doc: "`[[serve.client]]`, a client certificate that is somebody: its name on the ledger, `cert:NAME`.",
        restart: false,
        set: |config, value| {
            let name = word(&text(value))?;
            if config.clients.iter().any(|client| client.name == name) {
                return Err("this name stands twice");
            }
            config.clients.push(ClientCertificate {
                name,
                spki: [0; 32],
                role: Role::Service,
            });
            Ok(())
        },
    },
    Setting {
        path: "client[].spki",
        kind: Kind::Text,
        default: "must be set",
        doc: "SHA-256 of the certificate's public key (SPKI), 64 hexadecimal digits.",
        restart: false,
        set: |config, value| {
            let spki = digest(&text(value))?;
            if config.clients.iter().any(|client| client.spki == spki) {
                return Err("this key stands twice");
            }
            client(config)?.spki = spki;
            Ok(())
        },
    },
    Setting {
        path: "client[].role",
        kind: Kind::Text,
        default: "\"service\"",
        doc: "Its role.",
        restart: false,
        set: |config, value| {
            client(config)?.role = role(&text(value))?;
            Ok(())
        },
    },
    Setting {
        path: "oidc.issuer",
        kind: Kind::Text,
        default: "none",
        doc: "The issuer whose tokens are taken, as in their claim `iss`.",
        restart: false,
        set: |config, value| {
            let issuer = text(value);
            if super::masked(&issuer) != issuer {
                return Err("write the issuer's name without a password");
            }
            config.oidc = Some(OidcSettings {
                issuer,
                audiences: Vec::new(),
                keys: KeySource::Url(String::new()),
                algorithms: ["RS256", "PS256", "ES256", "EdDSA"]
                    .iter()
                    .filter_map(|name| oidc::algorithm(name))
                    .collect(),
                role_claim: "roles".to_owned(),
                roles: Vec::new(),
                types: Vec::new(),
                acr: Vec::new(),
                amr: Vec::new(),
                max_age_s: None,
                leeway_s: 30,
                reread: Duration::from_secs(10),
            });
            Ok(())
        },
    },
    Setting {
        path: "oidc.audience",
        kind: Kind::Texts,
        default: "must be set",
        doc: "Who the tokens must be for, as in `aud`: at least one of these.",
        restart: false,
        set: |config, value| {
            issuer(config)?.audiences = texts(value);
            Ok(())
        },
    },
    Setting {
        path: "oidc.keys",
        kind: Kind::Text,
        default: "must be set",
        doc: "The issuer's key set (JWKS): `file:PATH`, or an `https` address, read again every ten minutes and for unknown keys.",
        restart: false,
        set: |config, value| {
            let text = text(value);
            issuer(config)?.keys = match text.strip_prefix("file:") {
                Some(path) => KeySource::File(path.into()),
                None if fetch::is_address(&text) => KeySource::Url(text),
                None => return Err("write file:PATH or an https address (http on this machine)"),
            };
            Ok(())
        },
    },
    Setting {
        path: "oidc.algorithms",
        kind: Kind::Texts,
        default: "[\"RS256\", \"PS256\", \"ES256\", \"EdDSA\"]",
        doc: "The signatures taken, as in `alg`. Shared secrets and `none` are never taken.",
        restart: false,
        set: |config, value| {
            let names = texts(value);
            let algorithms = names
                .iter()
                .map(|name| oidc::algorithm(name))
                .collect::<Option<Vec<_>>>();
            issuer(config)?.algorithms = algorithms.filter(|algorithms| !algorithms.is_empty()).ok_or(
                "write algorithms with public keys: RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, EdDSA",
            )?;
            Ok(())
        },
    },
    Setting {
        path: "oidc.role_claim",
        kind: Kind::Text,
        default: "\"roles\"",
        doc: "The claim that tells the role, a text or a list of texts; dots lead into objects, as in `realm_access.roles`.",
        restart: false,
        set: |config, value| {
            issuer(config)?.role_claim = text(value);
            Ok(())
        },
    },
    Setting {
        path: "oidc.roles",
        kind: Kind::Texts,
        default: "must be set",
        doc: "Which value of the claim means which role, as in `ward-doctors=clinician`; the first that is there counts.",
        restart: false,
        set: |config, value| {
            const FORM: Wrong = "write VALUE=ROLE, such as \"ward-doctors=clinician\"";
            let mut roles = Vec::new();
            for text in texts(value) {
                let (value, word) = text.rsplit_once('=').ok_or(FORM)?;
                let role = role(word.trim())?;
                if role == Role::BreakGlass {
                    return Err("break-glass is given by `ward key new`, with a reason and an end, and not by a token");
                }
                roles.push((value.trim().to_owned(), role));
            }
            issuer(config)?.roles = roles;
            Ok(())
        },
    },
    Setting {
        path: "oidc.types",
        kind: Kind::Texts,
        default: "access tokens, and tokens that say nothing of their kind",
        doc: "What a token must call itself in the field `typ` of its header, such as `at+jwt` (RFC 9068).",
        restart: false,
        set: |config, value| {
            issuer(config)?.types = texts(value);
            Ok(())
        },
    },
    Setting {
        path: "oidc.acr",
        kind: Kind::Texts,
        default: "any",
        doc: "How strong the sign-in must have been, as in the claim `acr`: one of these. A token that does not say is refused then.",
        restart: false,
        set: |config, value| {
            issuer(config)?.acr = texts(value);
            Ok(())
        },
    },
    Setting {
        path: "oidc.amr",
        kind: Kind::Texts,
        default: "any",
        doc: "By what the holder must have signed in, as in the claim `amr` (RFC 8176): one of these, such as `mfa` or `hwk`. A token that does not say is refused then.",
        restart: false,
        set: |config, value| {
            issuer(config)?.amr = texts(value);
            Ok(())
        },
    },
    Setting {
        path: "oidc.max_age_s",
        kind: Kind::Number { least: 1, most: MANY },
        default: "any",
        doc: "Most seconds since the holder signed in, as in the claim `auth_time`. A token that does not say is refused then.",
        restart: false,
        set: |config, value| {
            issuer(config)?.max_age_s = Some(number(value));
            Ok(())
        },
    },
    Setting {
        path: "oidc.leeway_s",
        kind: Kind::Number { least: 0, most: 300 },
        default: "30",
        doc: "Seconds by which the issuer's clock and this one may differ.",
        restart: false,
        set: |config, value| {
            issuer(config)?.leeway_s = number(value);
            Ok(())
        },
    },
    Setting {
        path: "upstream.url",
        kind: Kind::Text,
        default: "none",
        doc: "An OpenAI-compatible server to put the guard in front of. `--upstream` counts more.",
        restart: true,
        set: |config, value| {
            let url = text(value);
            upstream::client::address(&url)?;
            config.upstream = Some(UpstreamConfig::new(url));
            Ok(())
        },
    },
    Setting {
        path: "upstream.model",
        kind: Kind::Text,
        default: "those it lists",
        doc: "The one model it offers, for servers that do not list theirs.",
        restart: true,
        set: |config, value| {
            upstream(config)?.model = Some(text(value));
            Ok(())
        },
    },
    Setting {
        path: "upstream.key",
        kind: Kind::Secret,
        default: "none",
        doc: "The key that it asks for: `file:PATH`, `env:NAME`, `credential:NAME` or `keyring:NAME`.",
        restart: true,
        set: |config, value| {
            if let Value::Secret(secret) = value {
                upstream(config)?.key = Some(ward_guard::Phi::new(secret.expose().clone()));
            }
            Ok(())
        },
    },
    Setting {
        path: "upstream.timeout_s",
        kind: SECONDS,
        default: "120",
        doc: "Seconds it may stay silent before the request is given up.",
        restart: true,
        set: |config, value| {
            upstream(config)?.silence = seconds(value);
            Ok(())
        },
    },
    Setting {
        path: "upstream.ca",
        kind: Kind::File,
        default: "the system's",
        doc: "Authorities, in PEM, to believe for it instead of the system's.",
        restart: true,
        set: |config, value| {
            upstream(config)?.ca = file(value);
            Ok(())
        },
    },
    Setting {
        path: "upstream.pins",
        kind: Kind::Texts,
        default: "[]",
        doc: "SHA-256 of public keys (SPKI): its certificate must be believed and have one of these. Name the next key too before it changes.",
        restart: true,
        set: |config, value| {
            let pins = texts(value).iter().map(|text| digest(text)).collect::<Result<_, _>>()?;
            upstream(config)?.pins = pins;
            Ok(())
        },
    },
    Setting {
        path: "limits.max_body",
        kind: Kind::Number {
            least: 1024,
            most: 1 << 30,
        },
        default: "16777216",
        doc: "Largest request body, in bytes. `--max-body` counts more.",
        restart: true,
        set: |config, value| {
            config.max_body = size(value);
            Ok(())
        },
    },
    Setting {
        path: "limits.max_requests",
        kind: Kind::Number { least: 1, most: 65_536 },
        default: "256",
        doc: "Most requests under way at a time; more wait. `--max-requests` counts more.",
        restart: true,
        set: |config, value| {
            config.max_requests = size(value);
            Ok(())
        },
    },
    Setting {
        path: "limits.max_connections",
        kind: Kind::Number {
            least: 1,
            most: 1_000_000,
        },
        default: "1024",
        doc: "Most connections at a time; one more waits.",
        restart: true,
        set: |config, value| {
            config.max_connections = size(value);
            Ok(())
        },
    },
    Setting {
        path: "limits.body_memory",
        kind: Kind::Number {
            least: 1 << 20,
            most: 1 << 40,
        },
        default: "134217728",
        doc: "Most memory for bodies of requests under way, in bytes; at least one of the largest size.",
        restart: true,
        set: |config, value| {
            config.body_memory = size(value);
            Ok(())
        },
    },
    Setting {
        path: "limits.waiting",
        kind: Kind::Number { least: 0, most: 65_536 },
        default: "256",
        doc: "Most requests that wait for a place; one more is answered 503 at once.",
        restart: true,
        set: |config, value| {
            config.queue.waiting = size(value);
            Ok(())
        },
    },
    Setting {
        path: "limits.wait_s",
        kind: SECONDS,
        default: "2",
        doc: "Seconds one waits before it is answered 503.",
        restart: true,
        set: |config, value| {
            config.queue.wait = seconds(value);
            Ok(())
        },
    },
    Setting {
        path: "limits.handshake_s",
        kind: SECONDS,
        default: "10",
        doc: "Seconds a TLS handshake may take.",
        restart: true,
        set: |config, value| {
            config.timeouts.handshake = seconds(value);
            Ok(())
        },
    },
    Setting {
        path: "limits.header_s",
        kind: SECONDS,
        default: "15",
        doc: "Seconds the header of a request may take.",
        restart: true,
        set: |config, value| {
            config.timeouts.header = seconds(value);
            Ok(())
        },
    },
    Setting {
        path: "limits.body_s",
        kind: SECONDS,
        default: "60",
        doc: "Seconds the body of a request may take.",
        restart: true,
        set: |config, value| {
            config.timeouts.body = seconds(value);
            Ok(())
        },
    },
    Setting {
        path: "limits.stalled_s",
        kind: SECONDS,
        default: "60",
        doc: "Seconds a client may take nothing of its answer.",
        restart: true,
        set: |config, value| {
            config.timeouts.stalled = seconds(value);
            Ok(())
        },
    },
    Setting {
        path: "limits.requests_per_minute",
        kind: Kind::Number {
            least: 0,
            most: 10_000_000,
        },
        default: "0",
        doc: "Requests of one caller in a minute; 0 is no limit, as in all that follow.",
        restart: false,
        set: |config, value| {
            config.quotas.requests_per_minute = small(value);
            Ok(())
        },
    },
    Setting {
        path: "limits.tokens_per_minute",
        kind: COUNT,
        default: "0",
        doc: "Tokens of one caller in a minute, of prompts (estimated) and answers. What an answer may need is reserved before it begins.",
        restart: false,
        set: |config, value| {
            config.quotas.tokens_per_minute = number(value);
            Ok(())
        },
    },
    Setting {
        path: "limits.tokens_per_day",
        kind: COUNT,
        default: "0",
        doc: "Tokens of one caller in a day.",
        restart: false,
        set: |config, value| {
            config.quotas.tokens_per_day = number(value);
            Ok(())
        },
    },
    Setting {
        path: "limits.at_once",
        kind: Kind::Number { least: 0, most: 65_536 },
        default: "0",
        doc: "Questions of one caller under way at a time.",
        restart: false,
        set: |config, value| {
            config.quotas.at_once = small(value);
            Ok(())
        },
    },
    Setting {
        path: "limits.compute_seconds_per_minute",
        kind: Kind::Number {
            least: 0,
            most: 1_000_000,
        },
        default: "0",
        doc: "Seconds in which engines work for one caller, in a minute. More than 60 when several may be under way.",
        restart: false,
        set: |config, value| {
            config.quotas.compute_seconds_per_minute = small(value);
            Ok(())
        },
    },
    Setting {
        path: "limits.connections_per_address",
        kind: Kind::Number {
            least: 0,
            most: 1_000_000,
        },
        default: "0",
        doc: "Connections of one address at a time; of version 6, of one network of 64 bits. One more is closed.",
        restart: false,
        set: |config, value| {
            config.per_address.connections = small(value);
            Ok(())
        },
    },
    Setting {
        path: "limits.handshakes_per_minute_per_address",
        kind: Kind::Number {
            least: 0,
            most: 1_000_000,
        },
        default: "0",
        doc: "New connections of one address in a minute.",
        restart: false,
        set: |config, value| {
            config.per_address.handshakes_per_minute = small(value);
            Ok(())
        },
    },
    Setting {
        path: "alerts.webhook",
        kind: Kind::Text,
        default: "none",
        doc: "An address that gets each alert as JSON by POST: `https`, or `http` on this machine.",
        restart: true,
        set: |config, value| {
            let url = text(value);
            if !fetch::is_address(&url) {
                return Err("write an https address (http on this machine) without a password");
            }
            config.alerts.webhook = Some(url);
            Ok(())
        },
    },
    Setting {
        path: "alerts.webhook_token",
        kind: Kind::Secret,
        default: "none",
        doc: "What the webhook asks for as a bearer token: where it is, as for `upstream.key`.",
        restart: true,
        set: |config, value| {
            if let Value::Secret(secret) = value {
                config.alerts.webhook_token = Some(secret.clone());
            }
            Ok(())
        },
    },
    Setting {
        path: "alerts.ca",
        kind: Kind::File,
        default: "the system's",
        doc: "Authorities, in PEM, to believe for the webhook instead of the system's.",
        restart: true,
        set: |config, value| {
            config.alerts.ca = file(value);
            Ok(())
        },
    },
    Setting {
        path: "alerts.syslog",
        kind: Kind::Text,
        default: "none",
        doc: "A syslog server: RFC 5424, its text in CEF. `tls:NAME:PORT` is encrypted (RFC 5425); its certificate must be one that the system, or `alerts.ca`, believes. `udp:ADDRESS:PORT` and `tcp:ADDRESS:PORT` are not: name one on this machine.",
        restart: true,
        set: |config, value| {
            let server = Server::read(&text(value))
                .ok_or("write tls:NAME:PORT, udp:ADDRESS:PORT or tcp:ADDRESS:PORT, the address as numbers")?;
            config.alerts.syslog = Some(server);
            Ok(())
        },
    },
    Setting {
        path: "otlp.url",
        kind: Kind::Text,
        default: "none",
        doc: "A collector of OpenTelemetry, without `/v1/..`: metrics, and a span for each request, by OTLP over HTTP as JSON. `https`, or `http` on this machine.",
        restart: true,
        set: |config, value| {
            let url = text(value);
            if !fetch::is_address(&url) {
                return Err("write an https address (http on this machine) without a password");
            }
            config.otlp = Some(OtlpSettings::new(url));
            Ok(())
        },
    },
    Setting {
        path: "otlp.token",
        kind: Kind::Secret,
        default: "none",
        doc: "What the collector asks for as a bearer token: where it is, as for `upstream.key`.",
        restart: true,
        set: |config, value| {
            if let Value::Secret(secret) = value {
                otlp(config)?.token = Some(secret.clone());
            }
            Ok(())
        },
    },
    Setting {
        path: "otlp.ca",
        kind: Kind::File,
        default: "the system's",
        doc: "Authorities, in PEM, to believe for the collector instead of the system's.",
        restart: true,
        set: |config, value| {
            otlp(config)?.ca = file(value);
            Ok(())
        },
    },
    Setting {
        path: "otlp.every_s",
        kind: SECONDS,
        default: "15",
        doc: "Seconds between two messages to the collector.",
        restart: true,
        set: |config, value| {
            otlp(config)?.every = seconds(value);
            Ok(())
        },
    },
    Setting {
        path: "alerts.not_known_per_minute",
        kind: Kind::Number {
            least: 1,
            most: 1_000_000,
        },
        default: "20",
        doc: "Requests without a valid key from one address in a minute that are a storm.",
        restart: false,
        set: |config, value| {
            config.alerts.thresholds.not_known = number(value);
            Ok(())
        },
    },
    Setting {
        path: "alerts.limited_per_minute",
        kind: Kind::Number {
            least: 1,
            most: 1_000_000,
        },
        default: "60",
        doc: "Refusals for a limit of one caller in a minute that are a storm.",
        restart: false,
        set: |config, value| {
            config.alerts.thresholds.limited = number(value);
            Ok(())
        },
    },
    Setting {
        path: "alerts.forbidden_per_minute",
        kind: Kind::Number {
            least: 1,
            most: 1_000_000,
        },
        default: "10",
        doc: "Refusals for permission of one caller in a minute that are a storm.",
        restart: false,
        set: |config, value| {
            config.alerts.thresholds.forbidden = number(value);
            Ok(())
        },
    },
    Setting {
        path: "guard.instructions",
        kind: RESPONSES,
        default: "\"mark\"",
        doc: "What becomes of text that reads as if it instructed the model: marked and passed on as data, asked back (409), or refused (400).",
        restart: false,
        set: |config, value| response(value).map(|response| config.policy.injection.response = response),
    },
    Setting {
        path: "guard.mark_at",
        kind: Kind::Number { least: 1, most: 50 },
        default: "50",
        doc: "From which score on, in hundredths, text counts as such. It can be made stricter only.",
        restart: false,
        set: |config, value| {
            config.policy.injection.mark_at = hundredths(value);
            Ok(())
        },
    },
    Setting {
        path: "guard.block_at",
        kind: Kind::Number { least: 1, most: 90 },
        default: "90",
        doc: "From which score on, in hundredths, `block` refuses; below it, it asks back. It can be made stricter only.",
        restart: false,
        set: |config, value| {
            config.policy.injection.block_at = hundredths(value);
            Ok(())
        },
    },
    Setting {
        path: "guard.hidden",
        kind: RESPONSES,
        default: "\"mark\"",
        doc: "What becomes of characters that no reader sees. Tags, overrides of direction and runs of variation selectors are always refused.",
        restart: false,
        set: |config, value| response(value).map(|response| set_hidden(&mut config.policy, response)),
    },
    Setting {
        path: "guard.hosts",
        kind: Kind::Texts,
        default: "[]",
        doc: "Hosts that links and images of an answer may point to, over HTTPS: `host.example`, or `*.host.example` for those below it.",
        restart: false,
        set: |config, value| {
            let plain = |host: &String| {
                let name = host.strip_prefix("*.").unwrap_or(host);
                name.contains('.')
                    && name
                        .bytes()
                        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.".contains(&b))
            };
            let hosts = texts(value);
            if !hosts.iter().all(plain) {
                return Err(
                    "write names in small letters, such as \"ward.example\" or \"*.ward.example\": no scheme, no port",
                );
            }
            config.policy.output.hosts = hosts;
            Ok(())
        },
    },
    Setting {
        path: "guard.control_tokens",
        kind: Kind::Texts,
        default: "[]",
        doc: "Control tokens of the upstream's model, beside those of the common templates.",
        restart: false,
        set: |config, value| {
            let tokens = texts(value);
            if tokens.len() > 256
                || tokens
                    .iter()
                    .any(|token| !(2..=ward_guard::control_tokens::LONGEST).contains(&token.len()))
            {
                return Err("write at most 256 tokens of 2 to 64 bytes");
            }
            config.policy.control_tokens = tokens;
            Ok(())
        },
    },
    Setting {
        path: "guard.grounding",
        kind: Kind::Bool,
        default: "false",
        doc: "Names the sentences of an answer that stand on nothing in the records.",
        restart: false,
        set: |config, value| {
            config.policy.output.grounding = bool_of(value);
            Ok(())
        },
    },
    Setting {
        path: "guard.compress",
        kind: Kind::Bool,
        default: "true",
        doc: "Whether records go to the model in fewer words, with proof that their facts are kept. Without it they go whole, and sooner.",
        restart: false,
        set: |config, value| {
            config.policy.whole = !bool_of(value);
            Ok(())
        },
    },
    Setting {
        path: "tool[].name",
        kind: Kind::Text,
        default: "must be set",
        doc: "`[[serve.tool]]`, a tool that an answer may call when the request offers it. Ward calls none itself.",
        restart: false,
        set: |config, value| {
            let name = text(value);
            let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
            if name.is_empty() || name.len() > 64 || !name.bytes().all(plain) {
                return Err("write 1 to 64 letters, digits, `_` or `-`");
            }
            if config.policy.tools.iter().any(|tool| tool.name() == name) {
                return Err("this name stands twice");
            }
            config.policy.tools.push(tool(&name, "{\"enum\":[]}", true)?);
            Ok(())
        },
    },
    Setting {
        path: "tool[].schema",
        kind: Kind::Text,
        default: "must be set",
        doc: "What its arguments may be: JSON Schema as a text, of keywords that are checked whole.",
        restart: false,
        set: |config, value| {
            let last = config.policy.tools.pop().ok_or("set its name too")?;
            config
                .policy
                .tools
                .push(tool(last.name(), &text(value), last.changes())?);
            Ok(())
        },
    },
    Setting {
        path: "tool[].changes",
        kind: Kind::Bool,
        default: "true",
        doc: "Whether it does more than look something up. If so, every call says that a person must approve it.",
        restart: false,
        set: |config, value| {
            let last = config.policy.tools.pop().ok_or("set its name too")?;
            config
                .policy
                .tools
                .push(tool(last.name(), last.schema(), bool_of(value))?);
            Ok(())
        },
    },
    Setting {
        path: "route[].path",
        kind: Kind::Text,
        default: "must be set",
        doc: "`[[serve.route]]`, what the guard makes of suspicious text on one route, such as `/v1/chat/completions`.",
        restart: false,
        set: |config, value| {
            let path = text(value);
            if !crate::routes::all().any(|route| route.path == path) {
                return Err("there is no such route; the reference lists them");
            }
            if config.routes.iter().any(|route| route.path == path) {
                return Err("this route stands twice");
            }
            config.routes.push(RoutePolicy {
                path,
                instructions: None,
                hidden: None,
                compress: None,
            });
            Ok(())
        },
    },
    Setting {
        path: "route[].instructions",
        kind: RESPONSES,
        default: "as `guard.instructions`",
        doc: "What becomes of text there that reads as if it instructed the model.",
        restart: false,
        set: |config, value| {
            route(config)?.instructions = Some(response(value)?);
            Ok(())
        },
    },
    Setting {
        path: "route[].hidden",
        kind: RESPONSES,
        default: "as `guard.hidden`",
        doc: "What becomes of characters there that no reader sees.",
        restart: false,
        set: |config, value| {
            route(config)?.hidden = Some(response(value)?);
            Ok(())
        },
    },
    Setting {
        path: "route[].compress",
        kind: Kind::Bool,
        default: "as `guard.compress`",
        doc: "Whether records go to the model in fewer words there.",
        restart: false,
        set: |config, value| {
            route(config)?.compress = Some(bool_of(value));
            Ok(())
        },
    },
    Setting {
        path: "unsafe_allow_instructions",
        kind: Kind::Bool,
        default: "false",
        doc: "Looks for no text that instructs the model, except on routes that say what becomes of it. Weakens: every receipt says that nobody looked.",
        restart: false,
        set: |config, value| {
            if bool_of(value) {
                config.policy.injection.response = Response::Allow;
            }
            weaken(config, "unsafe_allow_instructions", bool_of(value))
        },
    },
    Setting {
        path: "limits.image_pixels",
        kind: Kind::Number {
            least: 1,
            most: 1 << 28,
        },
        default: "16777216",
        doc: "Most pixels of the pictures of one request together, where pictures are taken.",
        restart: true,
        set: |config, value| {
            config.limits.pixels = size(value);
            Ok(())
        },
    },
    Setting {
        path: "unsafe_pictures",
        kind: Kind::Bool,
        default: "false",
        doc: "Passes PNG and JPEG pictures on to the upstream, made anew from their pixels. Weakens: what they show is not de-identified.",
        restart: false,
        set: |config, value| {
            config.policy.pictures = bool_of(value);
            weaken(config, "unsafe_pictures", bool_of(value))
        },
    },
    Setting {
        path: "unsafe_tls_1_2",
        kind: Kind::Bool,
        default: "false",
        doc: "Answers TLS 1.2 too. Weakens: who connects can be seen on the way, and its suites are older.",
        restart: false,
        set: |config, value| {
            config.tls.tls12 = bool_of(value);
            weaken(config, "unsafe_tls_1_2", bool_of(value))
        },
    },
    Setting {
        path: "unsafe_any_host",
        kind: Kind::Bool,
        default: "false",
        doc: "Answers under any name. Weakens: a stranger's page may point a name of its own at this server.",
        restart: false,
        set: |config, value| weaken(config, "unsafe_any_host", bool_of(value)),
    },
    Setting {
        path: "unsafe_unlimited",
        kind: Kind::Bool,
        default: "false",
        doc: "Sets no limits on callers and addresses beyond this machine, where otherwise those of the profile `clinic` hold.",
        restart: false,
        set: |config, value| weaken(config, "unsafe_unlimited", bool_of(value)),
    },
];

fn weaken(config: &mut Config, name: &'static str, on: bool) -> Result<(), Wrong> {
    config.weakened.retain(|one| *one != name);
    if on {
        config.weakened.push(name);
    }
    Ok(())
}
