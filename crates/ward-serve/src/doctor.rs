//! What is risky about settings and keys, for `ward doctor`. Looks and changes nothing.

use std::net::IpAddr;

use ward_seal::apikey::KeyRecord;

use crate::{
    alert::syslog::{Server, Transport},
    config::Config,
    fetch,
    identity::{Role, oidc::KeySource},
    listen::WARN_MS,
};

const DAY_MS: u64 = 24 * 3600 * 1000;

/// How bad a risk is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Worth knowing.
    Info,
    /// To be mended soon.
    Medium,
    /// To be mended now.
    High,
}

impl Level {
    /// The level's word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Level::Info => "info",
            Level::Medium => "medium",
            Level::High => "high",
        }
    }
}

/// One risk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Risk {
    /// Its word.
    pub word: &'static str,
    /// How bad it is.
    pub level: Level,
    /// What it is about: a setting, a key's id.
    pub about: String,
    /// What is wrong and what to do.
    pub what: &'static str,
}

/// What is known of the surroundings of the settings.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// When the certificate ends, milliseconds since 1970 UTC; none when there is none yet or it cannot be read.
    pub certificate_ends_unix_ms: Option<u64>,
    /// Whether others than their owner may write the settings.
    pub settings_writable_by_others: bool,
    /// Whether the system may write the service's memory to its swap.
    pub may_be_swapped: bool,
    /// Settings whose secret can be read by others.
    pub secrets_readable_by_others: Vec<&'static str>,
}

/// Every risk of these settings and keys, the worst first.
#[must_use]
pub fn risks(config: &Config, keys: &[KeyRecord], around: &Surroundings, now_unix_ms: u64) -> Vec<Risk> {
    let mut risks = Vec::new();
    let mut add = |word, level, about: &str, what| {
        risks.push(Risk {
            word,
            level,
            about: about.to_owned(),
            what,
        });
    };
    let beyond = !config.listen.ip().is_loopback();
    for name in &config.weakened {
        add(
            "weakened",
            Level::High,
            name,
            "this setting weakens a control. Remove it; until then it is on the ledger at every start.",
        );
    }
    match around.certificate_ends_unix_ms {
        Some(ends) if ends <= now_unix_ms => {
            add(
                "certificate_ended",
                Level::High,
                "tls.certificate",
                "the certificate has ended: clients refuse it. Put a new one in its place; it is taken up without a restart.",
            );
        }
        Some(ends) if ends.saturating_sub(now_unix_ms) < WARN_MS => {
            add(
                "certificate_ends",
                Level::Medium,
                "tls.certificate",
                "the certificate ends within 30 days. Put a new one in its place; it is taken up without a restart.",
            );
        }
        _ => {}
    }
    if around.settings_writable_by_others {
        add(
            "settings_writable",
            Level::High,
            "the settings",
            "others may write this file. Close it: chmod go-w.",
        );
    }
    for setting in &around.secrets_readable_by_others {
        add(
            "secret_readable",
            Level::High,
            setting,
            "others may read the file of this secret. Close it: chmod 0600.",
        );
    }
    if around.may_be_swapped {
        add(
            "memory_swapped",
            Level::Info,
            "swap",
            "what requests hold may be written to this machine's swap. Lift the limit on locked memory (LimitMEMLOCK=infinity \
             in systemd, ulimit -l unlimited), or encrypt the swap or switch it off.",
        );
    }
    if beyond && config.alerts.webhook.is_none() && config.alerts.syslog.is_none() {
        add(
            "nobody_told",
            Level::Medium,
            "alerts",
            "alerts are written to the ledger only. Name a webhook or a syslog server.",
        );
    }
    if let Some(Server { transport, host, .. }) = &config.alerts.syslog
        && *transport != Transport::Tls
        && !host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    {
        add(
            "alerts_in_clear",
            Level::Medium,
            "alerts.syslog",
            "alerts go to another machine in clear: whoever is on the way can read, change and stop them. Use tls:NAME:PORT.",
        );
    }
    if beyond && config.admin.is_none() {
        add(
            "no_metrics",
            Level::Info,
            "admin",
            "there are no metrics. Set admin = \"127.0.0.1:9443\".",
        );
    }
    if let Some(upstream) = &config.upstream
        && upstream.url.starts_with("https")
        && upstream.pins.is_empty()
    {
        add(
            "upstream_not_pinned",
            Level::Info,
            "upstream.pins",
            "any authority that this system believes can vouch for the upstream. Pin its key.",
        );
    }
    if config
        .upstream
        .as_ref()
        .is_some_and(|upstream| upstream.tokenizer.is_none())
    {
        add(
            "tokens_estimated",
            Level::Info,
            "upstream.tokenizer",
            "tokens of prompts are estimated. Name the tokenizer of the upstream's model to have them counted.",
        );
    }
    if let Some(oidc) = &config.oidc
        && let KeySource::Url(url) = &oidc.keys
        && fetch::is_address(url)
        && !url.starts_with("https")
    {
        add(
            "issuer_in_clear",
            Level::Info,
            "oidc.keys",
            "the issuer's keys come from this machine in clear: whoever can listen on that port is the issuer.",
        );
    }
    for key in keys {
        let ended = key.revoked_unix_ms.is_some() || key.expires_unix_ms.is_some_and(|end| end <= now_unix_ms);
        if ended {
            continue;
        }
        let age = now_unix_ms.saturating_sub(key.created_unix_ms);
        if Role::from_word(&key.role) == Some(Role::BreakGlass) {
            add(
                "break_glass_open",
                Level::Medium,
                &key.id,
                "this emergency key works now. Revoke it when the emergency is over.",
            );
        }
        if age > u64::from(config.key_age_days) * DAY_MS {
            add(
                "key_old",
                Level::Medium,
                &key.id,
                "this key is older than key_age_days. Replace it: ward key rotate ID.",
            );
        }
        if beyond && key.expires_unix_ms.is_none() {
            add(
                "key_endless",
                Level::Medium,
                &key.id,
                "this key never ends. Make one with --expires and revoke this.",
            );
        }
        if config.environment.is_some() && key.environment.is_none() {
            add(
                "key_everywhere",
                Level::Info,
                &key.id,
                "this key names no environment, so a copy of the data folder elsewhere takes it too. Make one with --environment.",
            );
        }
        if key.environment.is_some() && key.environment != config.environment {
            add(
                "key_elsewhere",
                Level::Info,
                &key.id,
                "this key is for another environment and is refused here.",
            );
        }
    }
    risks.sort_by(|a, b| {
        b.level
            .cmp(&a.level)
            .then_with(|| (a.word, &a.about).cmp(&(b.word, &b.about)))
    });
    risks
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;
    use ward_seal::{apikey::KeyStore, store::DataDir};

    const NOW: u64 = 1_795_305_600_000;

    fn words(config: &Config, keys: &[KeyRecord], around: &Surroundings) -> Vec<&'static str> {
        risks(config, keys, around, NOW).iter().map(|risk| risk.word).collect()
    }

    #[test]
    fn the_usual_settings_on_this_machine_hold_no_risk() {
        let around = Surroundings {
            certificate_ends_unix_ms: Some(NOW + WARN_MS),
            ..Surroundings::default()
        };
        assert_eq!(words(&Config::new(PathBuf::new()), &[], &around), [""; 0]);
    }

    #[test]
    fn each_risk_is_told() {
        let temp = tempfile::tempdir().unwrap();
        let store = KeyStore::open(&DataDir::open(&temp.path().join("data")).unwrap()).unwrap();
        store.create("clinician", "old", None, NOW - 91 * DAY_MS).unwrap();
        store.create("break-glass", "b", Some(NOW + 5), NOW).unwrap();
        store.create("clinician", "ended", Some(NOW - 1), 0).unwrap();
        let mut config = Config::new(PathBuf::new());
        config.listen = "0.0.0.0:8443".parse().unwrap();
        config.weakened = vec!["unsafe_any_host"];
        config.environment = Some("production".to_owned());
        config.upstream = Some(crate::UpstreamConfig::new("https://m.example".to_owned()));
        let around = Surroundings {
            certificate_ends_unix_ms: Some(NOW),
            settings_writable_by_others: true,
            may_be_swapped: true,
            secrets_readable_by_others: vec!["upstream.key"],
        };
        let expect = [
            "certificate_ended",
            "secret_readable",
            "settings_writable",
            "weakened",
            "break_glass_open",
            "key_endless",
            "key_old",
            "nobody_told",
            "key_everywhere",
            "key_everywhere",
            "memory_swapped",
            "no_metrics",
            "tokens_estimated",
            "upstream_not_pinned",
        ];
        assert_eq!(words(&config, &store.list(), &around), expect);
        let soon = Surroundings {
            certificate_ends_unix_ms: Some(NOW + WARN_MS - 1),
            ..Surroundings::default()
        };
        assert!(words(&config, &[], &soon).contains(&"certificate_ends"));
        for (server, told) in [
            ("udp:10.0.0.5:514", true),
            ("tcp:[2001:db8::5]:514", true),
            ("udp:127.0.0.1:514", false),
            ("tcp:[::1]:514", false),
            ("tls:log.example:6514", false),
        ] {
            config.alerts.syslog = Some(Server::read(server).unwrap());
            let words = words(&config, &[], &soon);
            assert_eq!(words.contains(&"alerts_in_clear"), told, "{server}");
            assert!(!words.contains(&"nobody_told"));
        }
    }
}
