//! Promises about a running service, held against `[serve]` of `ward.toml`: what `ward serve` is told to do.
//!
//! What is configured is kept with its limit, and a setting that weakens what is promised breaks it. Who promises another
//! product's doing (a login of somebody else's) is not kept by Ward's own settings.

use std::collections::BTreeMap;

use toml::{Table, Value};

use super::{Facts, Outcome, broken, kept, proof, rules};
use crate::{promise::Promise, topic::Topic, verdict::Verdict};

/// What these settings do not show.
const LIMIT: &str =
    "this is the configuration of `ward serve`: that it runs, and that every request goes through it, is not shown";
/// The file.
const FILE: &str = "ward.toml";
/// The setting of the upstream's address.
const UPSTREAM: &str = "upstream.url";
/// Largest request body without a setting, in bytes.
const BODY: i64 = 16 << 20;

/// What `[serve]` makes of a promise; none where it says nothing of it.
pub(super) fn judge(facts: &Facts<'_>, promise: &Promise) -> Option<Outcome> {
    let text = facts.text(FILE)?;
    let table: Table = text.parse().ok()?;
    let serve = table.get("serve")?.as_table()?;
    let said = Said {
        serve,
        limits: &facts.repository.service_limits,
        text,
        lower: promise.text.to_ascii_lowercase(),
    };
    let outcome = said.judge(promise.topic)?;
    match &facts.repository.service_fault {
        // What is refused is not run: nor does its upstream break anything.
        Some((line, what)) if matches!(outcome.verdict, Verdict::Kept { .. }) || what.contains(UPSTREAM) => {
            let at = line.map_or_else(String::new, |line| format!(":{line}"));
            let why = format!("`ward serve` refuses {FILE}{at}: {}", what.trim_end_matches('.'));
            let says = "The settings are not valid, so that they keep nothing.";
            Some(Outcome::new(&rules::SERVICE_DIFFERS, Verdict::NotExamined(why), says))
        }
        _ => Some(outcome),
    }
}

/// How an upstream is spoken to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// With TLS.
    Tls,
    /// Without, on this machine.
    ClearHere,
    /// Without, beyond this machine.
    Clear,
}

/// The settings, and what the sentence says.
struct Said<'a> {
    serve: &'a Table,
    limits: &'a BTreeMap<String, i64>,
    text: &'a str,
    lower: String,
}

impl Said<'_> {
    fn judge(&self, topic: Topic) -> Option<Outcome> {
        let said = self;
        match topic {
            Topic::Tls => said.tls(),
            Topic::RateLimit => said.rate(),
            Topic::ResourceLimits | Topic::InputValidation => said.body(),
            Topic::Authentication => said.identity(),
            Topic::CertificatePinning => said.pins(),
            // How long entries are kept, and what else is logged, the settings do not say.
            Topic::AuditLog if said.says(&["day", "week", "month", "year", "retain", "kept for"]) => None,
            Topic::AuditLog => said.always(
                &["log", "ledger", "audit"],
                "every request leaves a receipt on the ledger of `ward serve`",
            ),
            Topic::Deidentification | Topic::Minimisation => said.deidentified(),
            _ => None,
        }
    }

    fn says(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.lower.contains(word))
    }

    fn at(&self, way: &str) -> Option<&Value> {
        let mut keys = way.split('.');
        let first = self.serve.get(keys.next()?)?;
        keys.try_fold(first, |value, key| value.get(key))
    }

    /// A limit that holds, written or not; and where it is not written, that it comes from the profile or the default.
    fn limit(&self, way: &str) -> Option<(i64, &'static str)> {
        let written = self.at(way).and_then(Value::as_integer).map(|most| (most, ""));
        let unwritten = || {
            self.limits
                .get(way)
                .map(|most| (*most, ", by the profile or the default"))
        };
        written.or_else(unwritten).filter(|(most, _)| *most > 0)
    }

    fn is_on(&self, way: &str) -> bool {
        self.at(way).and_then(Value::as_bool) == Some(true)
    }

    /// The line of a setting; of `[serve]` where the setting is not written.
    fn line(&self, way: &str) -> Option<u32> {
        let key = way.rsplit('.').next().unwrap_or(way);
        let lines = || self.text.lines().map(str::trim_start);
        let start = lines().position(|line| line.starts_with("[serve"))?;
        let of_key = |line: &str| {
            line.strip_prefix(key)
                .is_some_and(|rest| rest.trim_start().starts_with('='))
        };
        let found = lines().skip(start).position(of_key).map_or(start, |at| start + at);
        u32::try_from(found + 1).ok()
    }

    fn kept(&self, way: &str, note: impl Into<String>) -> Option<Outcome> {
        let shown = kept(vec![proof(FILE, self.line(way), note)], Some(LIMIT));
        Some(Outcome::new(
            &rules::PROMISE,
            shown,
            "The settings of `ward serve` do it.",
        ))
    }

    fn broken(&self, way: &str, note: impl Into<String>) -> Option<Outcome> {
        let shown = broken(vec![proof(FILE, self.line(way), note)]);
        Some(Outcome::new(
            &rules::SERVICE_DIFFERS,
            shown,
            "The settings of `ward serve` do something else.",
        ))
    }

    fn always(&self, words: &[&str], note: &str) -> Option<Outcome> {
        self.says(words).then(|| self.kept("serve", note)).flatten()
    }

    /// Text is always de-identified; pictures go as they are where `unsafe_pictures` says so.
    fn deidentified(&self) -> Option<Outcome> {
        if !self.says(&["model", "prompt", "request", "identif", "anonymi", "de-id"]) {
            return None;
        }
        let way = "unsafe_pictures";
        if self.is_on(way) {
            return self.broken(
                way,
                "pictures go to the model as they are, with whatever is to be seen on them",
            );
        }
        self.kept(
            "serve",
            "`ward serve` de-identifies the text that goes to a model and refuses pictures; no setting switches the first off, and `unsafe_pictures` is not set",
        )
    }

    /// How the upstream is spoken to; none where no address of one is written.
    fn way_upstream(&self) -> Option<Way> {
        let url = self.at("upstream.url").and_then(Value::as_str)?.trim();
        let Some(rest) = url
            .get(7..)
            .filter(|_| url.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("http://")))
        else {
            return Some(Way::Tls);
        };
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
        let bare = match host.strip_prefix('[') {
            Some(six) => six.split(']').next().unwrap_or_default(),
            None => host.split(':').next().unwrap_or_default(),
        };
        let here = bare.eq_ignore_ascii_case("localhost")
            || bare
                .parse::<std::net::IpAddr>()
                .is_ok_and(|address| address.is_loopback());
        Some(if here { Way::ClearHere } else { Way::Clear })
    }

    fn tls(&self) -> Option<Outcome> {
        let way = self.way_upstream();
        // Who speaks of the way to the service speaks of callers.
        let of_callers = self.says(&[
            "to the service",
            "to the server",
            "to the api",
            "to our service",
            "from clients",
        ]);
        if way == Some(Way::Clear) && !of_callers {
            return self.broken(
                UPSTREAM,
                "what goes to the upstream leaves this machine without TLS; `ward serve` refuses to start so",
            );
        }
        // What is said of the way to a model is not shown by how callers are answered.
        if self.says(&[
            "upstream",
            "outgoing",
            "outbound",
            "to the model",
            "to models",
            "backend",
        ]) {
            return match way? {
                Way::Tls => self.kept(UPSTREAM, "the upstream is spoken to over TLS"),
                Way::Clear | Way::ClearHere => {
                    self.broken(UPSTREAM, "an upstream on this machine is spoken to without TLS")
                }
            };
        }
        let old = self.is_on("unsafe_tls_1_2");
        let asks_for_new = self.says(&["1.3"]) && !self.says(&["1.2"]);
        match (old, asks_for_new) {
            (true, true) => self.broken("unsafe_tls_1_2", "TLS 1.2 is answered too"),
            (true, false) => self.kept("unsafe_tls_1_2", "TLS 1.2 and 1.3 are answered, and nothing older"),
            (false, _) => self.kept("serve", "`ward serve` answers TLS 1.3 and nothing else"),
        }
    }

    fn rate(&self) -> Option<Outcome> {
        if self.is_on("unsafe_unlimited") {
            return self.broken("unsafe_unlimited", "callers and addresses have no limits");
        }
        let way = "limits.requests_per_minute";
        let most = self.limit(way);
        let promised = self
            .number(&["request", "per minute", "/min"])
            .filter(|_| self.says(&["minute", "/min"]));
        match (most, promised) {
            (Some((most, by)), Some(promised)) if most > promised => self.broken(
                way,
                format!("{most} requests a minute are let through{by}, {promised} are promised"),
            ),
            (Some((most, by)), _) => self.kept(way, format!("{most} requests of one caller a minute{by}")),
            (None, Some(_)) => None,
            (None, None) => {
                let tokens = ["limits.tokens_per_minute", "limits.tokens_per_day", "limits.at_once"];
                let way = tokens.into_iter().find(|way| self.limit(way).is_some())?;
                self.kept(way, format!("callers are limited by `{way}`"))
            }
        }
    }

    fn body(&self) -> Option<Outcome> {
        let promised = self.number(&["mb", "mib", "megabyte"])?;
        if !self.says(&["bod", "request", "payload", "upload", "input"]) {
            return None;
        }
        let way = "limits.max_body";
        let (most, by) = self.limit(way).unwrap_or((BODY, ", by the default"));
        // A megabyte is taken for the larger of its two meanings.
        if most > promised.saturating_mul(1 << 20) {
            self.broken(
                way,
                format!("bodies of up to {most} bytes are taken{by}, {promised} MB are promised"),
            )
        } else {
            self.kept(way, format!("bodies of more than {most} bytes are refused{by}"))
        }
    }

    fn identity(&self) -> Option<Outcome> {
        if self.says(&["client certificate", "mtls", "mutual tls"]) {
            return if self.is_on("tls.client_required") {
                self.kept(
                    "tls.client_required",
                    "a connection without a client certificate is refused",
                )
            } else {
                self.broken("tls.client_required", "client certificates are not required")
            };
        }
        if self.says(&["oidc", "openid"]) {
            return self
                .at("oidc.issuer")
                .is_some()
                .then(|| self.kept("oidc.issuer", "tokens of an issuer are asked for"))
                .flatten();
        }
        // Other people's logins, second factors and roles are not Ward's keys.
        let is_key = self.says(&[
            "api key",
            "api-key",
            "bearer",
            "access key",
            "with a key",
            "authenticated request",
        ]);
        // How keys are kept is another matter than that they are asked for.
        let is_kept = self.says(&["hash", "stored", "encrypt", "argon2", "bcrypt", "rotat", "expire"]);
        (is_key && !is_kept)
            .then(|| self.kept("serve", "every question needs a key"))
            .flatten()
    }

    fn pins(&self) -> Option<Outcome> {
        let way = "upstream.pins";
        let pins = self
            .at(way)
            .and_then(Value::as_array)
            .is_some_and(|pins| !pins.is_empty());
        if pins {
            return self.kept(way, "the upstream's certificate must have one of these keys");
        }
        // Certificates of something else are not pinned here.
        self.says(&["upstream"])
            .then(|| self.broken(way, "no key of the upstream is pinned"))
            .flatten()
    }

    /// The number that stands before one of `units`: "60 requests", "10 MB".
    fn number(&self, units: &[&str]) -> Option<i64> {
        let mut before: Option<i64> = None;
        for word in self
            .lower
            .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')'))
        {
            let digits: String = word.chars().take_while(char::is_ascii_digit).collect();
            let unit = word.get(digits.len()..).unwrap_or_default();
            if let Ok(number) = digits.parse() {
                if units.iter().any(|one| !unit.is_empty() && unit.starts_with(one)) {
                    return Some(number);
                }
                before = unit.is_empty().then_some(number);
            } else if units.iter().any(|one| word.starts_with(one)) {
                if before.is_some() {
                    return before;
                }
            } else if !word.is_empty() {
                before = None;
            }
        }
        None
    }
}
