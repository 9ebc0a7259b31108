//! Days that count: holidays, business days, and the end of a day in a team's time zone.
//!
//! Every sum of days is done on civil dates and turned into an instant at the end, in the zone: a day of 23 or 25 hours
//! is one day. Hours are hours that pass, whatever the clocks on the wall do.

mod holidays;

use std::collections::BTreeSet;

use jiff::{Timestamp, ToSpan as _, civil::Date, civil::Weekday, tz::TimeZone};

pub use holidays::{COUNTRIES, easter};

/// Furthest that days are counted: ten years. No clock is longer, and a wrong one must not count for ever.
const FURTHEST: i32 = 3_660;

/// Where a team is: its time zone, its weekend and its holidays.
#[derive(Debug, Clone)]
pub struct Calendar {
    zone: TimeZone,
    country: Option<&'static str>,
    dates: BTreeSet<Date>,
    weekend: Vec<Weekday>,
}

/// What a period is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offset {
    /// Hours that pass.
    Hours(i32),
    /// Days of the calendar: the period ends with the last of them. The day of the event is not counted.
    Days(i32),
    /// Days that are neither weekend nor holiday, counted in the same way.
    BusinessDays(i32),
    /// Months of the calendar: it ends with the day of the same number, or with the last of a shorter month.
    Months(i32),
}

impl Offset {
    /// In words: `48 hours`, `5 business days`.
    #[must_use]
    pub fn words(self) -> String {
        let (count, unit) = match self {
            Self::Hours(count) => (count, "hour"),
            Self::Days(count) => (count, "day"),
            Self::BusinessDays(count) => (count, "business day"),
            Self::Months(count) => (count, "month"),
        };
        format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
    }
}

impl Default for Calendar {
    fn default() -> Self {
        Self {
            zone: TimeZone::UTC,
            country: None,
            dates: BTreeSet::new(),
            weekend: vec![Weekday::Saturday, Weekday::Sunday],
        }
    }
}

impl Calendar {
    /// A calendar in a zone of the IANA database (`Europe/Berlin`); none when there is no such zone.
    #[must_use]
    pub fn in_zone(name: &str) -> Option<Self> {
        Some(Self {
            zone: TimeZone::get(name).ok()?,
            ..Self::default()
        })
    }

    /// With the public holidays of a country ([`COUNTRIES`]); none when Ward does not know it.
    #[must_use]
    pub fn with_country(mut self, code: &str) -> Option<Self> {
        self.country = Some(holidays::country(code)?);
        Some(self)
    }

    /// With days off beside those of the country.
    #[must_use]
    pub fn with_dates(mut self, dates: impl IntoIterator<Item = Date>) -> Self {
        self.dates.extend(dates);
        self
    }

    /// With another weekend than Saturday and Sunday. Seven days are refused: no business day would ever come.
    #[must_use]
    pub fn with_weekend(mut self, days: &[Weekday]) -> Option<Self> {
        let mut distinct = days.to_vec();
        distinct.sort_by_key(|day| day.to_monday_zero_offset());
        distinct.dedup();
        (distinct.len() < 7).then(|| {
            self.weekend = distinct;
            self
        })
    }

    /// The zone.
    #[must_use]
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The name of the zone.
    #[must_use]
    pub fn zone_name(&self) -> &str {
        self.zone.iana_name().unwrap_or("UTC")
    }

    /// True for a day that is neither weekend nor holiday.
    #[must_use]
    pub fn is_business_day(&self, day: Date) -> bool {
        !self.weekend.contains(&day.weekday())
            && !self.dates.contains(&day)
            && !self.country.is_some_and(|country| holidays::is_holiday(country, day))
    }

    /// The date on the wall at an instant.
    #[must_use]
    pub fn date_of(&self, at: Timestamp) -> Date {
        self.zone.to_datetime(at).date()
    }

    /// The first instant that is no longer in the period which begins at `from`. None for what no calendar holds (a
    /// period below nothing, or beyond ten years).
    #[must_use]
    pub fn end(&self, from: Timestamp, offset: Offset) -> Option<Timestamp> {
        let day = self.date_of(from);
        let last = match offset {
            Offset::Hours(count) => {
                return (0..=FURTHEST * 24)
                    .contains(&count)
                    .then(|| from.checked_add(i64::from(count).hours()).ok())
                    .flatten();
            }
            Offset::Days(count) if (0..=FURTHEST).contains(&count) => day.checked_add(count.days()).ok()?,
            Offset::Months(count) if (0..=FURTHEST / 30).contains(&count) => day.checked_add(count.months()).ok()?,
            Offset::BusinessDays(count) if (0..=FURTHEST / 2).contains(&count) => self.business_day(day, count)?,
            _ => return None,
        };
        self.day_after(last)
    }

    /// The `count`th business day after `day`; for 0 the day itself.
    fn business_day(&self, day: Date, count: i32) -> Option<Date> {
        let mut left = count;
        let mut at = day;
        for _ in 0..FURTHEST {
            if left == 0 {
                return Some(at);
            }
            at = at.tomorrow().ok()?;
            left -= i32::from(self.is_business_day(at));
        }
        None
    }

    /// Reads an instant: with an offset, or as a local time of this zone.
    #[must_use]
    pub fn read_time(&self, text: &str) -> Option<Timestamp> {
        let local = |text: &str| {
            let local: jiff::civil::DateTime = text.parse().ok()?;
            Some(local.to_zoned(self.zone.clone()).ok()?.timestamp())
        };
        text.parse().ok().or_else(|| local(text))
    }

    /// An instant on the wall of this zone: `2026-11-22 13:00 Europe/Berlin`.
    #[must_use]
    pub fn wall(&self, at: Timestamp) -> String {
        let local = self.zone.to_datetime(at);
        format!("{} {}", local.strftime("%Y-%m-%d %H:%M"), self.zone_name())
    }

    /// The first instant of the day after `day`. Where midnight does not exist, the first instant that does.
    fn day_after(&self, day: Date) -> Option<Timestamp> {
        let next = day.tomorrow().ok()?;
        Some(next.to_zoned(self.zone.clone()).ok()?.timestamp())
    }
}

/// An instant from milliseconds since 1970; the last that there is for what lies beyond.
#[must_use]
pub fn instant(unix_ms: u64) -> Timestamp {
    i64::try_from(unix_ms)
        .ok()
        .and_then(|ms| Timestamp::from_millisecond(ms).ok())
        .unwrap_or(Timestamp::MAX)
}

/// Milliseconds since 1970; 0 for what lies before.
#[must_use]
pub fn unix_ms(at: Timestamp) -> u64 {
    u64::try_from(at.as_millisecond()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn end(zone: &str, country: Option<&str>, from: &str, offset: Offset) -> String {
        let mut calendar = Calendar::in_zone(zone).unwrap();
        if let Some(country) = country {
            calendar = calendar.with_country(country).unwrap();
        }
        calendar.end(from.parse().unwrap(), offset).unwrap().to_string()
    }

    #[test]
    fn periods_end_when_a_reader_would_say() {
        use Offset::{BusinessDays, Days, Hours, Months};
        for (zone, country, from, offset, expect) in [
            // 48 hours are 48 hours, also when the clocks go forward and back.
            (
                "Europe/Berlin",
                None,
                "2026-03-28T12:00:00Z",
                Hours(48),
                "2026-03-30T12:00:00Z",
            ),
            (
                "Europe/Berlin",
                None,
                "2026-10-24T12:00:00Z",
                Hours(48),
                "2026-10-26T12:00:00Z",
            ),
            // A day is a day: it ends at midnight of the new offset.
            (
                "Europe/Berlin",
                None,
                "2026-03-28T12:00:00Z",
                Days(1),
                "2026-03-29T22:00:00Z",
            ),
            (
                "Europe/Berlin",
                None,
                "2026-10-24T12:00:00Z",
                Days(1),
                "2026-10-25T23:00:00Z",
            ),
            // 23:30 in Berlin is still that day there, though it is the next nowhere else.
            (
                "Europe/Berlin",
                None,
                "2026-11-20T22:30:00Z",
                Days(0),
                "2026-11-20T23:00:00Z",
            ),
            (
                "Asia/Tokyo",
                None,
                "2026-11-20T22:30:00Z",
                Days(0),
                "2026-11-21T15:00:00Z",
            ),
            // Friday afternoon, five business days: the end of the next Friday.
            (
                "UTC",
                None,
                "2026-11-20T15:00:00Z",
                BusinessDays(5),
                "2026-11-28T00:00:00Z",
            ),
            // A report on a Saturday: Monday is the first.
            (
                "UTC",
                None,
                "2026-11-21T15:00:00Z",
                BusinessDays(1),
                "2026-11-24T00:00:00Z",
            ),
            // Christmas in Germany: 25 and 26 December, and 1 January.
            (
                "Europe/Berlin",
                Some("DE"),
                "2025-12-23T09:00:00Z",
                BusinessDays(5),
                "2026-01-02T23:00:00Z",
            ),
            // Thanksgiving.
            (
                "America/New_York",
                Some("US"),
                "2026-11-25T15:00:00Z",
                BusinessDays(1),
                "2026-11-28T05:00:00Z",
            ),
            // Easter: Good Friday and Easter Monday of 2026 are 3 and 6 April.
            (
                "Europe/Paris",
                Some("GB"),
                "2026-04-02T09:00:00Z",
                BusinessDays(1),
                "2026-04-07T22:00:00Z",
            ),
            // A month from the 31st ends with the last day of a shorter month.
            ("UTC", None, "2026-01-31T10:00:00Z", Months(1), "2026-03-01T00:00:00Z"),
            ("UTC", None, "2024-01-31T10:00:00Z", Months(1), "2024-03-01T00:00:00Z"),
            ("UTC", None, "2026-11-22T10:00:00Z", Days(60), "2027-01-22T00:00:00Z"),
            // Midnight of 2026-04-24 does not exist in Cairo: the day begins at one.
            (
                "Africa/Cairo",
                None,
                "2026-04-22T10:00:00Z",
                Days(1),
                "2026-04-23T22:00:00Z",
            ),
        ] {
            assert_eq!(end(zone, country, from, offset), expect, "{zone} {from} {offset:?}");
        }
    }

    #[test]
    fn what_no_calendar_holds() {
        let calendar = Calendar::default();
        let now = "2026-11-22T12:00:00Z".parse().unwrap();
        for offset in [
            Offset::Days(-1),
            Offset::Hours(-5),
            Offset::Days(i32::MAX),
            Offset::Months(i32::MAX),
            Offset::BusinessDays(i32::MAX),
            Offset::Hours(i32::MAX),
        ] {
            assert_eq!(calendar.end(now, offset), None, "{offset:?}");
        }
        assert_eq!(calendar.end(Timestamp::MAX, Offset::Days(3)), None);
        assert!(Calendar::in_zone("Middle/Earth").is_none());
        assert!(Calendar::default().with_country("XX").is_none());
        let week: Vec<Weekday> = (0..7).map(|i| Weekday::from_monday_zero_offset(i).unwrap()).collect();
        assert!(Calendar::default().with_weekend(&week).is_none());
        assert_eq!(unix_ms(instant(u64::MAX)), unix_ms(Timestamp::MAX));
    }

    const ZONES: [&str; 10] = [
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "America/St_Johns",
        "Africa/Cairo",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "America/Sao_Paulo",
        "Africa/Casablanca",
    ];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(150))]

        /// The laws of every period, in every zone, on every day of 40 years.
        #[test]
        fn periods_are_lawful(
            second in 946_684_800_i64..2_208_988_800,
            zone in 0_usize..ZONES.len(),
            country in 0_usize..COUNTRIES.len(),
            count in 0_i32..90,
        ) {
            let from = Timestamp::from_second(second).unwrap();
            let calendar = Calendar::in_zone(ZONES[zone]).unwrap().with_country(COUNTRIES[country].0).unwrap();
            let day = calendar.date_of(from);
            // Hours pass.
            let hours = calendar.end(from, Offset::Hours(count)).unwrap();
            prop_assert_eq!(hours.as_second() - second, i64::from(count) * 3600);
            // A period of days ends later than it begins, with the end of a day: the instant before its end is on its
            // last day, the end itself on the next.
            for offset in [Offset::Days(count), Offset::BusinessDays(count), Offset::Months(count)] {
                let end = calendar.end(from, offset).unwrap();
                prop_assert!(end > from, "{:?}", offset);
                let before = calendar.date_of(end.checked_sub(1.nanosecond()).unwrap());
                prop_assert!(before < calendar.date_of(end), "{:?}", offset);
                // One more never ends earlier.
                let more = match offset {
                    Offset::Days(n) => Offset::Days(n + 1),
                    Offset::BusinessDays(n) => Offset::BusinessDays(n + 1),
                    other => other,
                };
                prop_assert!(calendar.end(from, more).unwrap() >= end);
            }
            // So many business days lie after the day of the event, up to the last day; and that one is a business day.
            let end = calendar.end(from, Offset::BusinessDays(count)).unwrap();
            let mut at = day;
            let mut counted = 0;
            let last = calendar.date_of(end.checked_sub(1.nanosecond()).unwrap());
            while at < last {
                at = at.tomorrow().unwrap();
                counted += i32::from(calendar.is_business_day(at));
            }
            prop_assert_eq!(counted, count);
            prop_assert!(count == 0 || calendar.is_business_day(last));
            // Days of the calendar: the difference of two dates, whatever the clocks did. Apia skipped a day once.
            let end = calendar.end(from, Offset::Days(count)).unwrap();
            if ZONES[zone] != "Pacific/Apia" {
                let last = calendar.date_of(end.checked_sub(1.nanosecond()).unwrap());
                prop_assert_eq!(day.until(last).unwrap().get_days(), count);
            }
        }
    }
}
