//! Calendar dates: the proleptic Gregorian calendar as day numbers, and the two machine forms
//! (ISO 8601 as FHIR uses it, HL7 v2 DTM). Dates in prose are `ward-deid`'s.

/// The months of the year, in English.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// How much of a date was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Precision {
    /// Year only.
    Year,
    /// Year and month.
    Month,
    /// A day, perhaps with a time.
    Day,
}

/// A calendar date. Missing parts are 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Civil {
    /// Year, 1..=9999.
    pub year: i32,
    /// Month, 1..=12.
    pub month: u8,
    /// Day of the month, 1..=31.
    pub day: u8,
    /// What was given.
    pub precision: Precision,
}

impl Civil {
    /// A full date, if it exists on the calendar.
    #[must_use]
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        let valid = (1..=9999).contains(&year) && (1..=12).contains(&month) && day >= 1 && day <= days_in(year, month);
        valid.then_some(Self {
            year,
            month,
            day,
            precision: Precision::Day,
        })
    }

    /// Days since 1970-01-01 (the first day of the month or year when less was given).
    /// Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
    #[must_use]
    pub fn days(&self) -> i32 {
        let year = if self.month <= 2 { self.year - 1 } else { self.year };
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let month = i32::from(self.month);
        let shifted = if month > 2 { month - 3 } else { month + 9 };
        let day_of_year = (153 * shifted + 2) / 5 + i32::from(self.day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        era * 146_097 + day_of_era - 719_468
    }

    /// The day that lies `days` after 1970-01-01; none outside of the years 1 to 9999. The inverse of
    /// [`days`](Civil::days). Source: H. Hinnant, as there, civil_from_days.
    #[must_use]
    pub fn from_days(days: i32) -> Option<Self> {
        let shifted = days.checked_add(719_468)?;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = year_of_era + era * 400 + i32::from(month <= 2);
        Self::new(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
    }

    /// Reads `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or `YYYY-MM-DDThh..`, whole string. The time is not
    /// read, but nothing other than a time with a zone may stand there.
    #[must_use]
    pub fn from_iso(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if let Some((separator, time)) = bytes.get(10..).and_then(<[u8]>::split_first) {
            let fits = |b: &u8| b.is_ascii_digit() || matches!(b, b':' | b'.' | b'+' | b'-' | b'Z' | b'z');
            let starts = time.first().is_some_and(u8::is_ascii_digit);
            if !matches!(separator, b'T' | b't' | b' ') || !starts || time.len() > 40 || !time.iter().all(fits) {
                return None;
            }
        }
        let date = text.get(..text.len().min(10))?;
        let mut parts = date.split('-');
        let year = digits(parts.next()?, 4)?;
        let month = parts.next().map(|m| digits(m, 2).ok_or(())).transpose().ok()?;
        let day = parts.next().map(|d| digits(d, 2).ok_or(())).transpose().ok()?;
        if parts.next().is_some() {
            return None;
        }
        Self::from_parts(year, month, day)
    }

    /// Reads HL7 v2 DTM: `YYYY[MM[DD[HH[MM[SS[.S..]]]]]][+/-ZZZZ]`, whole string.
    #[must_use]
    pub fn from_hl7(text: &str) -> Option<Self> {
        let end = text.bytes().position(|b| !b.is_ascii_digit()).unwrap_or(text.len());
        let rest = text.as_bytes().get(end..)?;
        let fraction = if rest.first() == Some(&b'.') {
            1 + rest[1..].iter().take_while(|b| b.is_ascii_digit()).count()
        } else {
            0
        };
        let zone = &rest[fraction..];
        let zone_is_right = zone.is_empty()
            || (matches!(zone[0], b'+' | b'-') && zone.len() == 5 && zone[1..].iter().all(u8::is_ascii_digit));
        if !matches!(end, 4 | 6 | 8 | 10 | 12 | 14) || !zone_is_right {
            return None;
        }
        let part = |from: usize, to: usize| {
            if end >= to {
                digits(&text[from..to], to - from)
            } else {
                None
            }
        };
        Self::from_parts(part(0, 4)?, part(4, 6), part(6, 8))
    }

    fn from_parts(year: i32, month: Option<i32>, day: Option<i32>) -> Option<Self> {
        let full = Self::new(
            year,
            u8::try_from(month.unwrap_or(1)).ok()?,
            u8::try_from(day.unwrap_or(1)).ok()?,
        )?;
        let precision = match (month, day) {
            (None, _) => Precision::Year,
            (_, None) => Precision::Month,
            _ => Precision::Day,
        };
        Some(Self { precision, ..full })
    }
}

/// Days in a month.
#[must_use]
pub fn days_in(year: i32, month: u8) -> u8 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn digits(text: &str, len: usize) -> Option<i32> {
    (text.len() == len && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_back() {
        for days in (-719_162..2_932_896)
            .step_by(97)
            .chain([-719_162, 2_932_896, 0, -1, 11_016])
        {
            assert_eq!(Civil::from_days(days).map(|day| day.days()), Some(days));
        }
        assert_eq!(Civil::from_days(-719_163), None);
        assert_eq!(Civil::from_days(2_932_897), None);
        assert_eq!(Civil::from_days(i32::MAX), None);
    }

    #[test]
    fn counts_days() {
        assert_eq!(Civil::new(1970, 1, 1).unwrap().days(), 0);
        assert_eq!(Civil::new(2000, 3, 1).unwrap().days(), 11_017);
        assert_eq!(Civil::new(1969, 12, 31).unwrap().days(), -1);
        let (mut last, mut n) = (Civil::new(1599, 12, 31).unwrap().days(), 0);
        for year in 1600..=2400 {
            for month in 1..=12 {
                for day in 1..=days_in(year, month) {
                    let days = Civil::new(year, month, day).unwrap().days();
                    assert_eq!(days, last + 1);
                    (last, n) = (days, n + 1);
                }
            }
        }
        assert_eq!(n, 292_560);
    }

    #[test]
    fn reads_machine_forms() {
        let day = Civil::new(2024, 2, 29).unwrap();
        assert_eq!(Civil::from_iso("2024-02-29"), Some(day));
        assert_eq!(Civil::from_iso("2024-02-29T10:00:00+01:00"), Some(day));
        assert_eq!(Civil::from_hl7("20240229"), Some(day));
        assert_eq!(Civil::from_hl7("202402291530-0500"), Some(day));
        assert_eq!(Civil::from_iso("2024-02").unwrap().precision, Precision::Month);
        assert_eq!(Civil::from_hl7("2024").unwrap().precision, Precision::Year);
        for bad in [
            "2023-02-29",
            "2024-2-29",
            "2024-02-29x",
            "2024-13",
            "20240230",
            "é24-01",
            "",
            "2024-01-01-01",
            "2024-01-01T",
            "2024-01-01Tea",
            "2024-01-01 10:00 Jane",
            "99999",
        ] {
            assert!(Civil::from_iso(bad).is_none(), "{bad}");
            assert!(Civil::from_hl7(bad).is_none(), "{bad}");
        }
    }
}
