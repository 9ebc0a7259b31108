//! security.txt (RFC 9116): written, and read again to warn before it is stale.

use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};

use super::time;
use crate::{Error, ErrorKind, Settings};

/// A file to be put at `/.well-known/security.txt`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityTxt {
    /// Its text.
    pub text: String,
    /// When it is stale.
    pub expires: Timestamp,
}

/// What a file says and lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// When it is stale; none when it does not say.
    pub expires: Option<Timestamp>,
    /// What RFC 9116 asks for and is not so.
    pub problems: Vec<String>,
}

impl SecurityTxt {
    /// Writes one from `[disclose.contact]`.
    ///
    /// # Errors
    /// [`ErrorKind::Settings`] for no contact, a field that is no address, or an end that has passed.
    pub fn write(settings: &Settings, now: Timestamp) -> Result<Self, Error> {
        let wrong = |what: &str| Error::new(ErrorKind::Settings, format!("ward.toml, [disclose.contact]: {what}"));
        let file = &settings.contact;
        if file.contact.is_empty() {
            return Err(wrong(
                "contact names at least one way to report, such as mailto:security@acme.example",
            ));
        }
        let uri = |text: &str| {
            let known = ["https://", "mailto:", "tel:", "openpgp4fpr:", "dns:"]
                .iter()
                .any(|scheme| text.starts_with(scheme));
            known && !text.contains(char::is_whitespace) && !text.chars().any(char::is_control)
        };
        let fields = file
            .contact
            .iter()
            .chain(&file.encryption)
            .chain(&file.canonical)
            .chain(&file.acknowledgments)
            .chain(&file.policy)
            .chain(&file.hiring);
        if !fields.into_iter().all(|text| uri(text)) {
            return Err(wrong(
                "every address begins with https://, mailto: or tel: and has no spaces",
            ));
        }
        let expires = match &file.expires {
            Some(day) => {
                let day: Date = day.parse().map_err(|_| wrong("expires is a date such as 2027-06-30"))?;
                day.to_zoned(TimeZone::UTC)
                    .map_err(|_| wrong("expires is no date that there is"))?
                    .timestamp()
            }
            None => {
                let day = now
                    .to_zoned(TimeZone::UTC)
                    .date()
                    .checked_add(364.days())
                    .map_err(|_| wrong("no date is left"))?;
                day.to_zoned(TimeZone::UTC)
                    .map_err(|_| wrong("no date is left"))?
                    .timestamp()
            }
        };
        if expires <= now {
            return Err(wrong("expires has passed"));
        }
        let mut text = String::new();
        let mut line = |name: &str, value: &str| text.push_str(&format!("{name}: {value}\n"));
        file.contact.iter().for_each(|value| line("Contact", value));
        line("Expires", &time(expires));
        file.encryption.iter().for_each(|value| line("Encryption", value));
        file.acknowledgments
            .iter()
            .for_each(|value| line("Acknowledgments", value));
        if !file.languages.is_empty() {
            line("Preferred-Languages", &file.languages.join(", "));
        }
        file.canonical.iter().for_each(|value| line("Canonical", value));
        file.policy.iter().for_each(|value| line("Policy", value));
        file.hiring.iter().for_each(|value| line("Hiring", value));
        Ok(Self { text, expires })
    }
}

impl Checked {
    /// Reads a file. `warn_days` before its end is a problem, too.
    #[must_use]
    pub fn read(text: &str, now: Timestamp, warn_days: i64) -> Self {
        let mut problems = Vec::new();
        let mut contacts = 0;
        let mut expires = Vec::new();
        for line in text.lines().take(1_000) {
            let line = line.trim();
            if line.starts_with('#') || line.is_empty() {
                continue;
            }
            let Some((name, value)) = line.split_once(':') else {
                continue;
            };
            match name.to_ascii_lowercase().as_str() {
                "contact" => contacts += 1,
                "expires" => expires.push(value.trim().parse::<Timestamp>().ok()),
                _ => {}
            }
        }
        if contacts == 0 {
            problems.push("it has no Contact".to_owned());
        }
        let found = match expires.as_slice() {
            [] => {
                problems.push("it has no Expires".to_owned());
                None
            }
            [Some(one)] => Some(*one),
            [None] => {
                problems.push("its Expires is no date and time".to_owned());
                None
            }
            _ => {
                problems.push("it has more than one Expires".to_owned());
                expires.iter().flatten().min().copied()
            }
        };
        if let Some(end) = found {
            let left = end.as_second().saturating_sub(now.as_second());
            if left <= 0 {
                problems.push("it is stale: Expires has passed".to_owned());
            } else if left < warn_days.saturating_mul(86_400) {
                problems.push(format!("it will be stale in {} days", left / 86_400));
            } else if left > 366 * 86_400 {
                problems.push("its Expires is more than a year away; RFC 9116 asks for less".to_owned());
            }
        }
        Self {
            expires: found,
            problems,
        }
    }
}
