//! Messages for a syslog server: RFC 5424, over UDP (RFC 5426), TCP with counted octets (RFC 6587, 3.4.1) or TLS (RFC 5425).

use std::net::IpAddr;

use rustls::pki_types::ServerName;

use super::{Alert, cef};

/// How the server is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// One datagram a message.
    Udp,
    /// One connection, each message led by its length.
    Tcp,
    /// The same, encrypted, to whom the certificate names.
    Tls,
}

/// A syslog server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// How.
    pub transport: Transport,
    /// Its address as numbers; over TLS, or its name.
    pub host: String,
    /// Its port.
    pub port: u16,
}

/// Facility 13, log audit (RFC 5424, table 1).
const FACILITY: u8 = 13;

impl Server {
    /// The server of a setting: `tls:NAME:PORT`, `udp:ADDRESS:PORT` or `tcp:ADDRESS:PORT`, the address as numbers.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (transport, place) = text.split_once(':')?;
        let transport = match transport {
            "udp" => Transport::Udp,
            "tcp" => Transport::Tcp,
            "tls" => Transport::Tls,
            _ => return None,
        };
        let (host, port) = place.rsplit_once(':')?;
        let inside = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let host = inside.unwrap_or(host);
        let number = host.parse::<IpAddr>().ok();
        // Brackets are what an address with colons is written in, and nothing else.
        let is_written = number.is_some_and(|number| number.is_ipv6()) == inside.is_some();
        let is_name = transport == Transport::Tls && ServerName::try_from(host).is_ok();
        (is_written && (number.is_some() || is_name)).then_some(Self {
            transport,
            host: host.to_owned(),
            port: port.parse().ok()?,
        })
    }
}

/// An alert as a message of RFC 5424, its text in CEF.
#[must_use]
pub fn message(alert: &Alert) -> String {
    let level = match alert.severity {
        0..=3 => 6,
        4..=6 => 4,
        7..=8 => 3,
        _ => 2,
    };
    let priority = FACILITY * 8 + level;
    let time = timestamp(alert.at_unix_ms);
    // The host name is for the server to know; structured data has one element, in the range for private use (RFC 5612).
    format!(
        "<{priority}>1 {time} - ward - {} [ward@32473 rule=\"{}\" count=\"{}\"] {}",
        alert.rule,
        alert.rule,
        alert.count,
        cef::line(alert)
    )
}

/// A message as it goes over TCP.
#[must_use]
pub fn counted(message: &str) -> String {
    format!("{} {message}", message.len())
}

/// RFC 3339 in UTC with milliseconds.
pub(crate) fn timestamp(unix_ms: u64) -> String {
    let (year, month, day) = crate::tls::day(unix_ms);
    let (seconds, ms) = (unix_ms / 1000 % 86_400, unix_ms % 1000);
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{ms:03}Z",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_has_the_form_of_the_standard() {
        let alert = Alert {
            rule: "canary_hit",
            severity: 8,
            message: "An answer.",
            subject: "k1".to_owned(),
            count: 1,
            at_unix_ms: 1_795_305_600_123,
        };
        let message = message(&alert);
        let expect = "<107>1 2026-11-22T00:00:00.123Z - ward - canary_hit [ward@32473 rule=\"canary_hit\" count=\"1\"] CEF:0|Ward|";
        assert!(message.starts_with(expect), "{message}");
        assert_eq!(counted("abc"), "3 abc");
    }

    #[test]
    fn servers_are_named_by_number() {
        assert_eq!(
            Server::read("tcp:[::1]:6514"),
            Some(Server {
                transport: Transport::Tcp,
                host: "::1".to_owned(),
                port: 6514
            })
        );
        for good in [
            "udp:127.0.0.1:514",
            "tls:log.example:6514",
            "tls:127.0.0.1:6514",
            "tls:[::1]:6514",
        ] {
            assert!(Server::read(good).is_some(), "{good}");
        }
        for bad in [
            "127.0.0.1:514",
            "udp:host:514",
            "tcp:log.example:514",
            "udp:127.0.0.1",
            "tls:log.example",
            "tls::6514",
            "tls:a b:6514",
            "tls:[log.example]:6514",
            "tcp:::1:6514",
            "unix:/dev/log",
            "",
        ] {
            assert_eq!(Server::read(bad), None, "{bad}");
        }
    }
}
