//! Days of birth and death.

use ward_formats::date::{Civil, Precision};
use zeroize::Zeroize;

use crate::dates;

/// Days since 1970, ascending; wiped when dropped.
#[derive(Default)]
pub(super) struct Days(Vec<i32>);

impl Days {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a whole day; a month or a year is none.
    pub(super) fn insert(&mut self, day: Civil) {
        if day.precision == Precision::Day
            && let Err(at) = self.0.binary_search(&day.days())
        {
            self.0.insert(at, day.days());
        }
    }

    pub(super) fn has(&self, day: Civil) -> bool {
        day.precision == Precision::Day && self.0.binary_search(&day.days()).is_ok()
    }

    /// True when day and month, in either order, are those of one of the days.
    pub(super) fn has_day_of_year(&self, a: Option<u32>, b: Option<u32>) -> bool {
        let small = |number: Option<u32>| number.and_then(|number| u8::try_from(number).ok());
        let (Some(a), Some(b)) = (small(a), small(b)) else {
            return false;
        };
        self.0
            .iter()
            .filter_map(|day| dates::calendar_day(*day))
            .any(|day| (day.month, day.day) == (a, b) || (day.month, day.day) == (b, a))
    }
}

impl Drop for Days {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}
