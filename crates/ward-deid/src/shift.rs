//! Moving the dates of one subject by one secret number of days.

use ward_formats::date::{Civil, Precision};

/// How far the dates of one subject are moved: -365 to 365 days, never 0. Intervals between its dates stay exact.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shift(i32);

/// Most days a date is moved, either way.
const MOST: u64 = 365;

impl Shift {
    /// The shift that follows from a subject's key.
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        let draw = ward_seal::hash::hmac_sha256(key, b"ward-deid date shift");
        let number = draw.iter().take(8).fold(0_u64, |n, b| n << 8 | u64::from(*b));
        // 2^64 draws over 730 values: the bias is below 2^-54.
        let days = i32::try_from(number % (2 * MOST)).unwrap_or(0);
        let most = i32::try_from(MOST).unwrap_or(365);
        Self(if days < most { days - most } else { days - most + 1 })
    }

    /// A shift by so many days.
    #[cfg(test)]
    pub(crate) fn by(days: i32) -> Self {
        Self(days)
    }

    /// The days it moves a date by.
    pub(crate) fn days(self) -> i32 {
        self.0
    }

    /// `day`, moved. A month is moved from its middle to the nearest month, a year stays. None when that leaves the
    /// calendar.
    pub(crate) fn apply(self, day: Civil) -> Option<Civil> {
        match day.precision {
            Precision::Day => Civil::from_days(day.days().checked_add(self.0)?),
            Precision::Month => {
                let middle = Civil::from_days(day.days().checked_add(14 + self.0)?)?;
                Some(Civil {
                    day: 1,
                    precision: Precision::Month,
                    ..middle
                })
            }
            Precision::Year => Some(day),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_everything_alike_and_never_by_nothing() {
        let mut seen = std::collections::BTreeSet::new();
        for i in 0..=255 {
            let shift = Shift::new(&[i; 32]);
            assert!(shift.days() != 0 && (-365..=365).contains(&shift.days()));
            assert!(shift == Shift::new(&[i; 32]));
            seen.insert(shift.days());
            let (a, b) = (Civil::new(2024, 2, 27).unwrap(), Civil::new(2025, 3, 1).unwrap());
            let (c, d) = (shift.apply(a).unwrap(), shift.apply(b).unwrap());
            assert_eq!(d.days() - c.days(), b.days() - a.days());
            assert_eq!(c.days() - a.days(), shift.days());
            let month = Civil::from_iso("2020-02").unwrap();
            let moved = shift.apply(month).unwrap();
            assert_eq!((moved.precision, moved.day), (Precision::Month, 1));
            assert!((moved.days() - month.days() - shift.days()).abs() <= 17);
            assert_eq!(shift.apply(Civil::from_iso("2020").unwrap()), Civil::from_iso("2020"));
        }
        assert!(seen.len() > 200 && seen.iter().any(|d| *d > 0) && seen.iter().any(|d| *d < 0));
        assert_eq!(Shift(365).apply(Civil::new(9999, 12, 31).unwrap()), None);
    }
}
