//! What a team wants: the section `[disclose]` of its `ward.toml`.
//!
//! ```toml
//! [disclose]
//! team = "The Acme security team"
//! product = "Acme Triage"
//! time-zone = "Europe/Berlin"
//! clocks = ["standard", "cra"]
//!
//! [disclose.people]
//! ana = "coordinator"
//!
//! [disclose.holidays]
//! country = "DE"
//! dates = ["2026-12-24"]
//!
//! [disclose.supported]
//! "1.x" = "2027-06-30"
//! ```

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;

use crate::{
    Error, ErrorKind,
    calendar::{COUNTRIES, Calendar, Offset},
    case::Role,
    clock::{Clock, Event, Length, OF_TEAMS, PRESETS, by_default},
};

/// The file's name.
pub const FILE: &str = "ward.toml";

/// The section `[disclose]`, checked.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The team, as it signs.
    pub team: String,
    /// The product.
    pub product: String,
    /// What ids of cases begin with.
    pub prefix: String,
    /// Days that count.
    pub calendar: Calendar,
    /// Clocks that run on every case.
    pub clocks: Vec<Clock>,
    /// Hours before the end from which a warning is due.
    pub warn_hours: u32,
    /// Who works on cases, and as what. Empty: one person, a coordinator.
    pub people: BTreeMap<String, Role>,
    /// Lines of versions that are owed a fix, with the day on which that ends.
    pub supported: BTreeMap<String, Option<Date>>,
    /// Where warnings are posted.
    pub webhook: Option<String>,
    /// Who publishes advisories.
    pub publisher: Publisher,
    /// The package, for advisories.
    pub package: Package,
    /// What security.txt says.
    pub contact: ContactFile,
    /// What the policy says of scope and good faith.
    pub policy: PolicyText,
    /// The intake of the running service.
    pub intake: Intake,
}

/// Who publishes advisories (CSAF 2.0, section 3.2.1.8).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Publisher {
    /// The name.
    pub name: String,
    /// An address under the publisher's control, such as `https://acme.example`.
    pub namespace: String,
    /// How to reach it.
    pub contact: Option<String>,
    /// Where the folder of advisories will stand on the web, such as `https://acme.example/.well-known/csaf`.
    pub advisories_url: Option<String>,
}

/// The package that advisories speak of.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Package {
    /// As OSV names it: `PyPI`, `crates.io`, `npm`, `Go`.
    pub ecosystem: Option<String>,
    /// The package's name there.
    pub name: Option<String>,
    /// Its package URL (purl).
    pub purl: Option<String>,
    /// Its repository, for ranges of commits.
    pub repository: Option<String>,
    /// CPE 2.3 name of the product without a version, if there is one.
    pub cpe: Option<String>,
}

/// What security.txt says (RFC 9116).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ContactFile {
    /// Where to report, best first: `mailto:`, `https:` or `tel:`.
    pub contact: Vec<String>,
    /// The day after which it is stale. None: a year after it is written, less a day.
    pub expires: Option<String>,
    /// Where a key for encrypted reports is.
    pub encryption: Vec<String>,
    /// Where those who reported are thanked.
    pub acknowledgments: Option<String>,
    /// Languages that are read, such as `en`.
    pub languages: Vec<String>,
    /// Where this file stands.
    pub canonical: Vec<String>,
    /// The policy.
    pub policy: Option<String>,
    /// Where those who look for work find it.
    pub hiring: Option<String>,
}

/// Scope and good faith.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct PolicyText {
    /// What may be tested.
    pub in_scope: Vec<String>,
    /// What may not, or is no vulnerability here.
    pub out_of_scope: Vec<String>,
    /// The team's own text on good faith. None: Ward's.
    pub safe_harbour: Option<String>,
}

/// The intake of the running service.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Intake {
    /// Who can open what arrives, `age1...`.
    pub recipients: Vec<String>,
}

/// As written.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct Written {
    team: Option<String>,
    product: Option<String>,
    prefix: Option<String>,
    time_zone: Option<String>,
    weekend: Option<Vec<String>>,
    clocks: Option<Vec<String>>,
    clock: Vec<WrittenClock>,
    warn_hours: Option<u32>,
    people: BTreeMap<String, String>,
    holidays: WrittenHolidays,
    supported: BTreeMap<String, toml::Value>,
    webhook: Option<String>,
    publisher: Publisher,
    package: Package,
    contact: ContactFile,
    policy: PolicyText,
    intake: Intake,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct WrittenHolidays {
    country: Option<String>,
    dates: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct WrittenClock {
    name: String,
    what: String,
    from: String,
    until: String,
    hours: Option<i32>,
    days: Option<i32>,
    business_days: Option<i32>,
    months: Option<i32>,
}

/// The whole file; sections of other commands are theirs.
#[derive(Deserialize)]
struct File {
    #[serde(default)]
    disclose: Written,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            team: "The security team".to_owned(),
            product: "this project".to_owned(),
            prefix: "WD".to_owned(),
            calendar: Calendar::default(),
            clocks: by_default(),
            warn_hours: 24,
            people: BTreeMap::new(),
            supported: BTreeMap::new(),
            webhook: None,
            publisher: Publisher::default(),
            package: Package::default(),
            contact: ContactFile::default(),
            policy: PolicyText::default(),
            intake: Intake::default(),
        }
    }
}

fn wrong(what: impl Into<String>) -> Error {
    Error::new(ErrorKind::Settings, format!("{FILE}: {}", what.into()))
}

impl Settings {
    /// Reads the section `[disclose]` of a `ward.toml`. Without one, the default: UTC, no holidays, all presets.
    ///
    /// # Errors
    /// [`ErrorKind::Settings`] with the field that is wrong and what may stand there.
    pub fn read(text: &str) -> Result<Self, Error> {
        let file: File = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(0, |span| {
                text.get(..span.start).unwrap_or_default().matches('\n').count() + 1
            });
            wrong(format!(
                "line {line}: {}",
                error.message().lines().next().unwrap_or_default()
            ))
        })?;
        let written = file.disclose;
        let default = Self::default();
        let mut calendar = match &written.time_zone {
            None => Calendar::default(),
            Some(zone) => Calendar::in_zone(zone)
                .ok_or_else(|| wrong("time-zone names no zone; write one such as Europe/Berlin"))?,
        };
        if let Some(country) = &written.holidays.country {
            let known: Vec<&str> = COUNTRIES.iter().map(|(code, _)| *code).collect();
            calendar = calendar.with_country(country).ok_or_else(|| {
                wrong(format!(
                    "holidays.country is none of {}; give dates instead",
                    known.join(", ")
                ))
            })?;
        }
        let dates = written
            .holidays
            .dates
            .iter()
            .map(|day| day.parse::<Date>())
            .collect::<Result<Vec<_>, _>>();
        calendar =
            calendar.with_dates(dates.map_err(|_| wrong("holidays.dates holds what is no date; write 2026-12-24"))?);
        if let Some(weekend) = &written.weekend {
            let days = weekend.iter().map(|day| weekday(day)).collect::<Option<Vec<_>>>();
            calendar = days
                .and_then(|days| calendar.with_weekend(&days))
                .ok_or_else(|| wrong("weekend names up to six days, such as [\"friday\", \"saturday\"]"))?;
        }
        let prefix = written.prefix.unwrap_or(default.prefix);
        let plain = prefix.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if !plain || !(1..=20).contains(&prefix.len()) || prefix.starts_with('-') {
            return Err(wrong("prefix is made of up to 20 letters, digits and hyphens"));
        }
        let mut people = BTreeMap::new();
        for (name, role) in &written.people {
            let role = Role::from_word(role)
                .ok_or_else(|| wrong("people: a role is coordinator, analyst, developer or observer"))?;
            people.insert(name.clone(), role);
        }
        let mut supported = BTreeMap::new();
        for (line, until) in &written.supported {
            supported.insert(line.clone(), support(until)?);
        }
        if written.webhook.as_deref().is_some_and(|url| {
            !url.starts_with("https://") && !url.starts_with("http://127.0.0.1") && !url.starts_with("http://localhost")
        }) {
            return Err(wrong("webhook begins with https:// (http:// on this machine)"));
        }
        Ok(Self {
            team: written.team.unwrap_or(default.team),
            product: written.product.unwrap_or(default.product),
            prefix,
            calendar,
            clocks: clocks(written.clocks.as_deref(), &written.clock)?,
            warn_hours: written.warn_hours.unwrap_or(default.warn_hours),
            people,
            supported,
            webhook: written.webhook,
            publisher: written.publisher,
            package: written.package,
            contact: written.contact,
            policy: written.policy,
            intake: written.intake,
        })
    }

    /// The role of a person. Nobody is listed: whoever it is, a coordinator.
    ///
    /// # Errors
    /// [`ErrorKind::Unknown`] for somebody who is not listed where others are.
    pub fn role(&self, name: &str) -> Result<Role, Error> {
        if self.people.is_empty() {
            return Ok(Role::Coordinator);
        }
        let unknown = || {
            Error::new(
                ErrorKind::Unknown,
                "this person is not in [disclose.people] of ward.toml; name one who is with --as",
            )
        };
        self.people.get(name).copied().ok_or_else(unknown)
    }

    /// The lines of versions that are owed a fix on a day.
    #[must_use]
    pub fn supported_on(&self, day: Date) -> Vec<String> {
        self.supported
            .iter()
            .filter(|(_, until)| until.is_none_or(|until| until >= day))
            .map(|(line, _)| line.clone())
            .collect()
    }
}

/// `"1.x" = "2027-06-30"`, `= true` (no end), `= { until = ".." }`.
fn support(value: &toml::Value) -> Result<Option<Date>, Error> {
    let day = |text: &str| {
        text.parse::<Date>()
            .map(Some)
            .map_err(|_| wrong("supported: an end is a date such as 2027-06-30, or true for none"))
    };
    match value {
        toml::Value::Boolean(true) => Ok(None),
        toml::Value::String(text) => day(text),
        toml::Value::Datetime(date) => day(&date.to_string()),
        toml::Value::Table(table) => table.get("until").map_or(Ok(None), support),
        _ => Err(wrong(
            "supported: an end is a date such as 2027-06-30, or true for none",
        )),
    }
}

fn weekday(name: &str) -> Option<jiff::civil::Weekday> {
    let names = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    let at = names.iter().position(|known| known.eq_ignore_ascii_case(name))?;
    jiff::civil::Weekday::from_monday_zero_offset(i8::try_from(at).ok()?).ok()
}

fn clocks(presets: Option<&[String]>, own: &[WrittenClock]) -> Result<Vec<Clock>, Error> {
    let mut clocks = Vec::new();
    match presets {
        None => clocks.extend(by_default()),
        Some(names) if names.iter().filter(|name| OF_TEAMS.contains(&name.as_str())).count() > 1 => {
            return Err(wrong(format!("clocks: choose one of {}", OF_TEAMS.join(", "))));
        }
        Some(names) => {
            for name in names {
                let known = || {
                    let all: Vec<&str> = PRESETS.iter().map(|preset| preset.name).collect();
                    wrong(format!("clocks names presets: {}", all.join(", ")))
                };
                clocks.extend(
                    PRESETS
                        .iter()
                        .find(|preset| preset.name == name)
                        .ok_or_else(known)?
                        .clocks(),
                );
            }
        }
    }
    for written in own {
        let event = |word: &str| {
            Event::from_word(word).ok_or_else(|| {
                let all: Vec<String> = Event::ALL.iter().map(|event| event.word()).collect();
                wrong(format!("clock: from and until are of {}", all.join(", ")))
            })
        };
        let given = [
            written.hours.map(Offset::Hours),
            written.days.map(Offset::Days),
            written.business_days.map(Offset::BusinessDays),
            written.months.map(Offset::Months),
        ];
        let mut given = given.into_iter().flatten();
        let (Some(offset), None) = (given.next(), given.next()) else {
            return Err(wrong("clock: give one of hours, days, business-days and months"));
        };
        if Calendar::default().end(jiff::Timestamp::UNIX_EPOCH, offset).is_none() {
            return Err(wrong("clock: a period is between nothing and ten years"));
        }
        let name_is_plain = written
            .name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if written.name.is_empty() || !name_is_plain {
            return Err(wrong("clock: a name is made of small letters, digits and hyphens"));
        }
        // One of the same name takes the place of a preset's.
        clocks.retain(|clock| clock.name != written.name);
        clocks.push(Clock {
            name: written.name.clone(),
            what: written.what.clone(),
            from: event(&written.from)?,
            given: None,
            until: event(&written.until)?,
            length: Length::Always(offset),
            source: "[disclose] of ward.toml".to_owned(),
        });
    }
    Ok(clocks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_section_is_read() {
        let text = "[scan]\nprofile = \"thorough\"\n[disclose]\nteam = \"T\"\ntime-zone = \"Europe/Berlin\"\nclocks = [\"standard\"]\nwarn-hours = 12\n\
            [disclose.people]\nana = \"coordinator\"\n[disclose.holidays]\ncountry = \"DE\"\ndates = [\"2026-12-24\"]\n\
            [disclose.supported]\n\"1.x\" = \"2027-06-30\"\n\"2.x\" = true\n\"0.9\" = { until = 2025-01-01 }\n\
            [[disclose.clock]]\nname = \"acknowledge\"\nwhat = \"answer\"\nfrom = \"received\"\nuntil = \"acknowledged\"\nbusiness-days = 1\n";
        let settings = Settings::read(text).unwrap();
        assert_eq!(settings.calendar.zone_name(), "Europe/Berlin");
        assert!(!settings.calendar.is_business_day("2026-12-24".parse().unwrap()));
        assert_eq!(settings.supported_on("2026-11-22".parse().unwrap()), ["1.x", "2.x"]);
        assert_eq!(settings.role("ana"), Ok(Role::Coordinator));
        assert_eq!(settings.role("eve").unwrap_err().kind(), ErrorKind::Unknown);
        let acknowledge: Vec<&Clock> = settings
            .clocks
            .iter()
            .filter(|clock| clock.name == "acknowledge")
            .collect();
        assert_eq!(acknowledge.len(), 1);
        assert_eq!(acknowledge[0].length, Length::Always(Offset::BusinessDays(1)));
        assert!(!settings.clocks.iter().any(|clock| clock.name.starts_with("cra")));
        assert_eq!(Settings::read("").unwrap().role("anybody"), Ok(Role::Coordinator));
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, expect) in [
            ("[disclose]\ntime-zone = \"Berlin\"", "time-zone"),
            ("[disclose]\nclocks = [\"iso\"]", "standard, cra"),
            ("[disclose]\nclocks = [\"standard\", \"strict\"]", "choose one"),
            ("[disclose]\nprefix = \"../x\"", "prefix"),
            ("[disclose]\nteem = \"x\"", "line 2"),
            ("[disclose]\nweekend = [\"monday\", \"someday\"]", "weekend"),
            ("[disclose]\nwebhook = \"http://a.example\"", "webhook"),
            ("[disclose.holidays]\ndates = [\"24.12.\"]", "2026-12-24"),
            ("[disclose.holidays]\ncountry = \"XX\"", "AT, BE"),
            ("[disclose.people]\nana = \"boss\"", "coordinator"),
            ("[disclose.supported]\n\"1.x\" = \"soon\"", "supported"),
            (
                "[[disclose.clock]]\nname = \"a\"\nwhat = \"b\"\nfrom = \"received\"\nuntil = \"never\"\nhours = 1",
                "until",
            ),
            (
                "[[disclose.clock]]\nname = \"a\"\nwhat = \"b\"\nfrom = \"received\"\nuntil = \"fixed\"",
                "give one of",
            ),
            (
                "[[disclose.clock]]\nname = \"a\"\nwhat = \"b\"\nfrom = \"received\"\nuntil = \"fixed\"\ndays = 99999",
                "ten years",
            ),
        ] {
            let error = Settings::read(text).map(drop).unwrap_err();
            assert!(error.to_string().contains(expect), "{text}: {error}");
        }
    }
}
