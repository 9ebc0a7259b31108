//! Messages for a syslog server: RFC 5424, over UDP (RFC 5426) or TCP with counted octets (RFC 6587, 3.4.1).

use std::net::SocketAddr;

use super::{Alert, cef};

/// How the server is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// One datagram a message.
    Udp,
    /// One connection, each message led by its length.
    Tcp,
}

/// A syslog server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Server {
    /// How.
    pub transport: Transport,
    /// Where.
    pub address: SocketAddr,
}

/// Facility 13, log audit (RFC 5424, table 1).
const FACILITY: u8 = 13;

impl Server {
    /// The server of a setting: `udp:ADDRESS:PORT` or `tcp:ADDRESS:PORT`, the address as numbers.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (transport, address) = text.split_once(':')?;
        let transport = match transport {
            "udp" => Transport::Udp,
            "tcp" => Transport::Tcp,
            _ => return None,
        };
        Some(Self {
            transport,
            address: address.parse().ok()?,
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
                address: "[::1]:6514".parse().unwrap()
            })
        );
        assert!(Server::read("udp:127.0.0.1:514").is_some());
        for bad in ["127.0.0.1:514", "udp:host:514", "udp:127.0.0.1", "unix:/dev/log", ""] {
            assert_eq!(Server::read(bad), None, "{bad}");
        }
    }
}
