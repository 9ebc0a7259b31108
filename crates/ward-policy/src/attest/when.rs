//! Moments as text.

use ward_formats::date::Civil;

const DAY: i64 = 86_400;

/// A moment, in seconds since 1970, as RFC 3339 in UTC: `2026-11-22T13:05:00Z`. Moments that no calendar holds become that
/// of 1970.
#[must_use]
pub fn rfc3339(seconds: i64) -> String {
    let day = i32::try_from(seconds.div_euclid(DAY)).ok().and_then(Civil::from_days);
    let Some(day) = day else {
        return "1970-01-01T00:00:00Z".to_owned();
    };
    let within = seconds.rem_euclid(DAY);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        day.year,
        day.month,
        day.day,
        within / 3600,
        within / 60 % 60,
        within % 60
    )
}

/// The first second of a day written `YYYY-MM-DD`, since 1970. None for anything else.
#[must_use]
pub fn day(text: &str) -> Option<i64> {
    if text.len() != 10 {
        return None;
    }
    Civil::from_iso(text).map(|day| i64::from(day.days()) * DAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_and_days_read() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00Z");
        assert_eq!(rfc3339(1_795_352_705), "2026-11-22T13:05:05Z");
        assert_eq!(rfc3339(i64::MAX), "1970-01-01T00:00:00Z");
        assert_eq!(day("2026-11-22").map(rfc3339).as_deref(), Some("2026-11-22T00:00:00Z"));
        for bad in ["", "2026-11", "2026-13-01", "2026-02-30", "22.11.2026", "2026-11-22T"] {
            assert_eq!(day(bad), None, "{bad}");
        }
    }
}
