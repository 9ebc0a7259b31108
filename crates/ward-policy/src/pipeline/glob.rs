//! Patterns of paths and branches, as forges read them, and times of cron.

use std::collections::BTreeSet;

/// Whether `text` matches `pattern`: `*` is any characters but `/`, `**` any at all, `?` makes the character before it
/// optional (as GitHub reads it), `[..]` one of a set.
///
/// Linear in the product of the lengths, without recursion; patterns of more than 1,024 bytes match nothing.
///
/// Source: GitHub Docs, "Workflow syntax", filter pattern cheat sheet.
#[must_use]
pub fn matches(pattern: &str, text: &str) -> bool {
    if pattern.len() > 1024 || text.len() > 4096 {
        return false;
    }
    let items = items(pattern);
    let text: Vec<char> = text.chars().collect();
    // States: how many items are matched.
    let mut now: BTreeSet<usize> = BTreeSet::new();
    add(&items, 0, &mut now);
    for c in text {
        let mut next = BTreeSet::new();
        for state in &now {
            match items.get(*state) {
                Some(Item::Any) => add(&items, *state, &mut next),
                Some(Item::Part) if c != '/' => add(&items, *state, &mut next),
                Some(Item::Set(set, repeat)) if set.has(c) => {
                    add(&items, state + 1, &mut next);
                    if *repeat {
                        add(&items, *state, &mut next);
                    }
                }
                Some(Item::Maybe(one)) if *one == c => add(&items, state + 1, &mut next),
                _ => {}
            }
        }
        if next.is_empty() {
            return false;
        }
        now = next;
    }
    now.contains(&items.len())
}

fn add(items: &[Item], mut state: usize, to: &mut BTreeSet<usize>) {
    loop {
        to.insert(state);
        match items.get(state) {
            Some(Item::Any | Item::Part | Item::Maybe(_)) => state += 1,
            _ => return,
        }
    }
}

enum Item {
    Any,
    Part,
    Maybe(char),
    Set(Set, bool),
}

struct Set {
    negated: bool,
    ranges: Vec<(char, char)>,
}

impl Set {
    fn has(&self, c: char) -> bool {
        self.ranges.iter().any(|(from, to)| (*from..=*to).contains(&c)) != self.negated
    }
}

fn items(pattern: &str) -> Vec<Item> {
    let mut out = Vec::new();
    let chars: Vec<char> = pattern.chars().collect();
    let mut at = 0;
    while let Some(c) = chars.get(at).copied() {
        let next = chars.get(at + 1).copied();
        match c {
            '*' if next == Some('*') => {
                at += 2;
                // `**/` is no folder as well.
                if chars.get(at) == Some(&'/') && (at == 2 || chars.get(at.wrapping_sub(3)) == Some(&'/')) {
                    at += 1;
                }
                out.push(Item::Any);
                continue;
            }
            '*' => out.push(Item::Part),
            '[' if chars.get(at + 2..).is_some_and(|rest| rest.contains(&']')) => {
                let mut set = Set {
                    negated: matches!(next, Some('!' | '^')),
                    ranges: Vec::new(),
                };
                at += 1 + usize::from(set.negated);
                while let Some(one) = chars.get(at).copied().filter(|one| *one != ']') {
                    match (chars.get(at + 1), chars.get(at + 2).copied()) {
                        (Some('-'), Some(to)) if to != ']' => {
                            set.ranges.push((one, to));
                            at += 3;
                        }
                        _ => {
                            set.ranges.push((one, one));
                            at += 1;
                        }
                    }
                }
                out.push(Item::Set(set, false));
            }
            '\\' if next.is_some() => {
                at += 1;
                let one = next.unwrap_or_default();
                out.push(Item::Set(
                    Set {
                        negated: false,
                        ranges: vec![(one, one)],
                    },
                    false,
                ));
            }
            '?' | '+' if matches!(out.last(), Some(Item::Set(..))) => {
                if let Some(Item::Set(set, _)) = out.pop() {
                    out.push(match (c, set.ranges.first()) {
                        ('?', Some((from, to))) if from == to && !set.negated => Item::Maybe(*from),
                        _ => Item::Set(set, c == '+'),
                    });
                }
            }
            c => out.push(Item::Set(
                Set {
                    negated: false,
                    ranges: vec![(c, c)],
                },
                false,
            )),
        }
        at += 1;
    }
    out
}

/// Whether a list of patterns, of which those with `!` take away again, lets `text` through.
#[must_use]
pub fn allowed<'p>(patterns: impl IntoIterator<Item = &'p str>, text: &str) -> bool {
    let mut through = false;
    for pattern in patterns {
        match pattern.strip_prefix('!') {
            Some(pattern) => through &= !matches(pattern, text),
            None => through |= matches(pattern, text),
        }
    }
    through
}

/// How often something happens, from the five fields of cron.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Period {
    /// Every day or more often.
    Day,
    /// Every week or more often.
    Week,
    /// Every month or more often.
    Month,
    /// Less often.
    Year,
}

/// How often a time of cron comes. None when it never does, or is no time of cron.
///
/// Source: POSIX.1-2024, crontab; GitHub Docs, "Events that trigger workflows", schedule.
#[must_use]
pub fn cron(text: &str) -> Option<Period> {
    match text.trim() {
        "@hourly" | "@daily" | "@midnight" => return Some(Period::Day),
        "@weekly" => return Some(Period::Week),
        "@monthly" => return Some(Period::Month),
        "@yearly" | "@annually" => return Some(Period::Year),
        _ => {}
    }
    let fields: Vec<&str> = text.split_whitespace().collect();
    let [minute, hour, day, month, weekday] = fields[..] else {
        return None;
    };
    field(minute, 0, 59, &[])?;
    field(hour, 0, 23, &[])?;
    let days = field(day, 1, 31, &[])?;
    let months = field(month, 1, 12, MONTHS)?;
    let weekdays = field(weekday, 0, 7, DAYS)?;
    let every = |set: &BTreeSet<u32>, count: usize| set.len() >= count;
    let (any_day, any_weekday) = (every(&days, 31), every(&weekdays, 7));
    // With both days given, either is enough.
    if any_weekday && !any_day {
        let possible = |month: &u32| {
            let longest = match month {
                2 => 29,
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            days.iter().any(|day| *day <= longest)
        };
        if !months.iter().any(possible) {
            return None;
        }
    }
    Some(if !every(&months, 12) {
        Period::Year
    } else if any_day && any_weekday {
        Period::Day
    } else if !any_weekday || days.len() >= 4 {
        Period::Week
    } else {
        Period::Month
    })
}

const MONTHS: &[&str] = &[
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
const DAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

fn field(text: &str, low: u32, high: u32, names: &[&str]) -> Option<BTreeSet<u32>> {
    let number = |word: &str| {
        let named = names.iter().position(|name| name.eq_ignore_ascii_case(word));
        let number = match named {
            Some(at) => u32::try_from(at).ok()? + u32::from(names.len() == 12),
            None => word.parse().ok()?,
        };
        (low..=high).contains(&number).then_some(number)
    };
    let mut out = BTreeSet::new();
    for part in text.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, Some(step.parse::<u32>().ok().filter(|step| *step > 0)?)),
            None => (part, None),
        };
        let (from, to) = match (range, range.split_once('-')) {
            ("*" | "?", _) => (low, high),
            (_, Some((from, to))) => (number(from)?, number(to)?),
            (one, None) => (number(one)?, if step.is_some() { high } else { number(one)? }),
        };
        if from > to {
            return None;
        }
        out.extend((from..=to).step_by(step.unwrap_or(1) as usize));
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match() {
        for (pattern, text, expect) in [
            ("main", "main", true),
            ("main", "maine", false),
            ("release/*", "release/1", true),
            ("release/*", "release/1/2", false),
            ("release/**", "release/1/2", true),
            ("**", "a/b", true),
            ("*", "a/b", false),
            ("**.py", "a/b.py", true),
            ("**/x.py", "x.py", true),
            ("**/x.py", "a/b/x.py", true),
            ("src/**", "src/a", true),
            ("src/**/a.py", "src/a.py", true),
            ("*.jsx?", "a.js", true),
            ("*.jsx?", "a.jsx", true),
            ("v[12].[0-9]+", "v1.10", true),
            ("v[12].[0-9]+", "v3.1", false),
            ("a\\*", "a*", true),
            ("[", "[", true),
        ] {
            assert_eq!(matches(pattern, text), expect, "{pattern} {text}");
        }
        assert!(!matches(&"*a".repeat(500), &"a".repeat(4000).replace('a', "b")));
        assert!(allowed(["src/**", "!src/x/**"], "src/a"));
        assert!(!allowed(["src/**", "!src/x/**"], "src/x/a"));
    }

    #[test]
    fn times_are_read() {
        for (text, expect) in [
            ("0 3 * * *", Some(Period::Day)),
            ("*/5 * * * *", Some(Period::Day)),
            ("0 3 * * 1", Some(Period::Week)),
            ("0 3 * * MON-FRI", Some(Period::Week)),
            ("0 3 1 * *", Some(Period::Month)),
            ("0 3 1,8,15,22 * *", Some(Period::Week)),
            ("0 3 1 1 *", Some(Period::Year)),
            ("0 0 30 2 *", None),
            ("0 0 31 4,6 *", None),
            ("61 0 * * *", None),
            ("0 0 * *", None),
            ("@weekly", Some(Period::Week)),
            ("x", None),
        ] {
            assert_eq!(cron(text), expect, "{text}");
        }
    }
}
