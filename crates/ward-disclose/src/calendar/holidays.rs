//! Public holidays that the whole of a country keeps, as rules. Regional ones, and days that only offices keep, are for
//! `[disclose.holidays]` of `ward.toml`.
//!
//! Read from the countries' own laws: for Germany the federal list without regional days; for Great Britain the bank
//! holidays of England and Wales, with their substitute days; for the United States 5 U.S.C. 6103, with the days on which
//! they are observed. Days that a government sets for one year only (a coronation, a funeral) are not known here.

use jiff::{ToSpan as _, civil::Date, civil::Weekday};

/// When a holiday is.
#[derive(Debug, Clone, Copy)]
enum Rule {
    /// Month and day.
    On(i8, i8),
    /// Days from Easter Sunday.
    Easter(i32),
    /// The nth of a weekday in a month.
    Nth(i8, Weekday, i8),
    /// The last of a weekday in a month.
    Last(i8, Weekday),
    /// From a year on.
    Since(i16, &'static Rule),
}

/// What happens to a holiday on a weekend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moved {
    /// Nothing.
    Never,
    /// Saturday's is kept on Friday, Sunday's on Monday.
    Nearest,
    /// It is kept on the next day that is neither weekend nor holiday.
    Next,
}

struct Country {
    code: &'static str,
    moved: Moved,
    rules: &'static [Rule],
}

use Rule::{Easter, Last, Nth, On, Since};
use Weekday::{Monday, Thursday};

/// The countries that Ward knows, as ISO 3166-1 code and name.
pub const COUNTRIES: &[(&str, &str)] = &[
    ("AT", "Austria"),
    ("BE", "Belgium"),
    ("CH", "Switzerland"),
    ("DE", "Germany"),
    ("ES", "Spain"),
    ("FR", "France"),
    ("GB", "Great Britain (England and Wales)"),
    ("IE", "Ireland"),
    ("IT", "Italy"),
    ("NL", "Netherlands"),
    ("PL", "Poland"),
    ("SE", "Sweden"),
    ("US", "United States (federal)"),
];

const RULES: &[Country] = &[
    Country {
        code: "AT",
        moved: Moved::Never,
        rules: &[
            On(1, 1),
            On(1, 6),
            Easter(1),
            On(5, 1),
            Easter(39),
            Easter(50),
            Easter(60),
            On(8, 15),
            On(10, 26),
            On(11, 1),
            On(12, 8),
            On(12, 25),
            On(12, 26),
        ],
    },
    Country {
        code: "BE",
        moved: Moved::Never,
        rules: &[
            On(1, 1),
            Easter(1),
            On(5, 1),
            Easter(39),
            Easter(50),
            On(7, 21),
            On(8, 15),
            On(11, 1),
            On(11, 11),
            On(12, 25),
        ],
    },
    Country {
        code: "CH",
        moved: Moved::Never,
        rules: &[On(1, 1), Easter(39), On(8, 1), On(12, 25)],
    },
    Country {
        code: "DE",
        moved: Moved::Never,
        rules: &[
            On(1, 1),
            Easter(-2),
            Easter(1),
            On(5, 1),
            Easter(39),
            Easter(50),
            On(10, 3),
            On(12, 25),
            On(12, 26),
        ],
    },
    Country {
        code: "ES",
        moved: Moved::Never,
        rules: &[
            On(1, 1),
            On(1, 6),
            Easter(-2),
            On(5, 1),
            On(8, 15),
            On(10, 12),
            On(11, 1),
            On(12, 6),
            On(12, 8),
            On(12, 25),
        ],
    },
    Country {
        code: "FR",
        moved: Moved::Never,
        rules: &[
            On(1, 1),
            Easter(1),
            On(5, 1),
            On(5, 8),
            Easter(39),
            Easter(50),
            On(7, 14),
            On(8, 15),
            On(11, 1),
            On(11, 11),
            On(12, 25),
        ],
    },
    Country {
        code: "GB",
        moved: Moved::Next,
        rules: &[
            On(1, 1),
            Easter(-2),
            Easter(1),
            Nth(5, Monday, 1),
            Last(5, Monday),
            Last(8, Monday),
            On(12, 25),
            On(12, 26),
        ],
    },
    Country {
        code: "IE",
        moved: Moved::Next,
        rules: &[
            On(1, 1),
            Since(2023, &Nth(2, Monday, 1)),
            On(3, 17),
            Easter(1),
            Nth(5, Monday, 1),
            Nth(6, Monday, 1),
            Nth(8, Monday, 1),
            Last(10, Monday),
            On(12, 25),
            On(12, 26),
        ],
    },
    Country {
        code: "IT",
        moved: Moved::Never,
        rules: &[
            On(1, 1),
            On(1, 6),
            Easter(1),
            On(4, 25),
            On(5, 1),
            On(6, 2),
            On(8, 15),
            On(11, 1),
            On(12, 8),
            On(12, 25),
            On(12, 26),
        ],
    },
    Country {
        code: "NL",
        moved: Moved::Never,
        rules: &[
            On(1, 1),
            Easter(1),
            Since(2014, &On(4, 27)),
            Easter(39),
            Easter(50),
            On(12, 25),
            On(12, 26),
        ],
    },
    Country {
        code: "PL",
        moved: Moved::Never,
        rules: &[
            On(1, 1),
            On(1, 6),
            Easter(1),
            On(5, 1),
            On(5, 3),
            Easter(60),
            On(8, 15),
            On(11, 1),
            On(11, 11),
            Since(2025, &On(12, 24)),
            On(12, 25),
            On(12, 26),
        ],
    },
    Country {
        code: "SE",
        moved: Moved::Never,
        rules: &[
            On(1, 1),
            On(1, 6),
            Easter(-2),
            Easter(1),
            On(5, 1),
            Easter(39),
            On(6, 6),
            On(12, 25),
            On(12, 26),
        ],
    },
    Country {
        code: "US",
        moved: Moved::Nearest,
        rules: &[
            On(1, 1),
            Nth(1, Monday, 3),
            Nth(2, Monday, 3),
            Last(5, Monday),
            Since(2021, &On(6, 19)),
            On(7, 4),
            Nth(9, Monday, 1),
            Nth(10, Monday, 2),
            On(11, 11),
            Nth(11, Thursday, 4),
            On(12, 25),
        ],
    },
];

/// The code of a country that is known, as it stands in the table.
pub(super) fn country(code: &str) -> Option<&'static str> {
    RULES
        .iter()
        .map(|country| country.code)
        .find(|known| known.eq_ignore_ascii_case(code))
}

/// True when the country does not work on that day because of a holiday.
pub(super) fn is_holiday(code: &str, day: Date) -> bool {
    let Some(country) = RULES.iter().find(|country| country.code == code) else {
        return false;
    };
    // New Year's Day may be kept on the day before it, in the old year: 1 January 2028 on 31 December 2027.
    let next = (day.month() == 12 && day.day() == 31).then(|| day.year() + 1);
    kept(country, day.year()).contains(&day) || next.is_some_and(|year| kept(country, year).contains(&day))
}

/// The days on which a country keeps the holidays of a year.
fn kept(country: &Country, year: i16) -> Vec<Date> {
    let mut on: Vec<Date> = country.rules.iter().filter_map(|rule| date(*rule, year)).collect();
    on.sort_unstable();
    let weekend = |day: Date| matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    let mut moved: Vec<Date> = Vec::new();
    for day in on.iter().copied().filter(|day| weekend(*day)) {
        let to = match (country.moved, day.weekday()) {
            (Moved::Never, _) => None,
            (Moved::Nearest, Weekday::Saturday) => day.yesterday().ok(),
            (Moved::Nearest, _) => day.tomorrow().ok(),
            (Moved::Next, _) => {
                let after = std::iter::successors(day.tomorrow().ok(), |day| day.tomorrow().ok());
                after
                    .take(14)
                    .find(|day| !weekend(*day) && !on.contains(day) && !moved.contains(day))
            }
        };
        moved.extend(to);
    }
    on.extend(moved);
    on
}

fn date(rule: Rule, year: i16) -> Option<Date> {
    match rule {
        On(month, day) => Date::new(year, month, day).ok(),
        Easter(days) => easter(year)?.checked_add(days.days()).ok(),
        Nth(month, weekday, nth) => Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, weekday).ok(),
        Last(month, weekday) => Date::new(year, month, 1).ok()?.nth_weekday_of_month(-1, weekday).ok(),
        Since(first, rule) => (year >= first).then(|| date(*rule, year)).flatten(),
    }
}

/// Easter Sunday of the Gregorian calendar (the anonymous algorithm, as Meeus gives it).
#[must_use]
pub fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y.rem_euclid(19), y.div_euclid(100), y.rem_euclid(100));
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn easter_is_when_it_was() {
        for expect in [
            "1961-04-02",
            "2000-04-23",
            "2008-03-23",
            "2019-04-21",
            "2024-03-31",
            "2025-04-20",
            "2026-04-05",
            "2038-04-25",
        ] {
            let expect = day(expect);
            assert_eq!(easter(expect.year()), Some(expect));
        }
    }

    #[test]
    fn holidays_are_when_they_were() {
        for (code, text, expect) in [
            ("US", "2026-07-03", true), // the fourth is a Saturday
            ("US", "2026-07-04", true),
            ("US", "2027-12-31", true), // New Year's Day of 2028 is a Saturday
            ("US", "2020-06-19", false),
            ("US", "2026-11-26", true),
            ("US", "2026-05-25", true),
            ("GB", "2021-12-27", true), // Christmas Day on a Saturday, Boxing Day on a Sunday
            ("GB", "2021-12-28", true),
            ("GB", "2021-12-29", false),
            ("GB", "2022-01-03", true),
            ("DE", "2026-05-14", true),  // Ascension
            ("DE", "2026-10-31", false), // regional
            ("DE", "2026-11-22", false),
            ("IE", "2022-02-07", false),
            ("IE", "2026-02-02", true),
            ("PL", "2024-12-24", false),
            ("PL", "2025-12-24", true),
        ] {
            assert_eq!(is_holiday(code, day(text)), expect, "{code} {text}");
        }
        let known: Vec<&str> = RULES.iter().map(|country| country.code).collect();
        let named: Vec<&str> = COUNTRIES.iter().map(|(code, _)| *code).collect();
        assert_eq!(known, named);
    }
}
