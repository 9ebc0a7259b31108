//! Findings that somebody decided to live with, and why.
//!
//! - In the file: a comment `ward:allow RULE reason` on the line of the finding, or alone on the line above it. In a string
//!   it does nothing.
//! - For paths: a line `GLOB RULE reason` in `.wardignore` at the root of what is scanned.
//!
//! `RULE` is a rule's id, a family with a star, or a star alone (`secrets/*`). `until YYYY-MM-DD` may stand before the reason; after
//! that day the suppression ends. In `.wardignore` the word `not-examined` in place of a rule accepts that something cannot
//! be examined, such as a broken archive among a test's inputs. One without a reason does nothing and is itself a finding, and so is one that ended.
//! Markers of other tools do nothing unless they are asked for; they are counted.

use memchr::memmem;
use ward_evidence::{Location, RuleMeta, Severity, controls::SEC_1A};

use crate::{
    engine,
    report::{Found, More, Value},
};

mod comments;

/// A suppression without a reason.
pub static NO_REASON: RuleMeta = RuleMeta {
    id: "suppressions/no-reason",
    severity: Severity::Low,
    controls: &[SEC_1A],
    summary: "A suppression gives no reason, so it does nothing.",
    docs: "A finding that is kept back without a reason cannot be reviewed: nobody knows whether it was looked at or \
        only in the way.\n\n\
        **Instead:** say after the rule why the finding is no fault, in three letters at least: \
        `ward:allow secrets/* made-up values for the parser's tests`. Add `until YYYY-MM-DD` when it shall end.\n\n\
        Source: the guide to `ward scan`, section *Suppressions*.",
};

/// A suppression whose day has passed.
pub static EXPIRED: RuleMeta = RuleMeta {
    id: "suppressions/expired",
    severity: Severity::Low,
    controls: &[SEC_1A],
    summary: "A suppression has ended, so it does nothing.",
    docs: "Its author wanted the finding back after a day that has passed, so the finding is reported again.\n\n\
        **Instead:** mend what it covers, or decide anew and set a later day.\n\n\
        Source: the guide to `ward scan`, section *Suppressions*.",
};

/// A suppression until a day that no calendar has.
pub static NO_SUCH_DAY: RuleMeta = RuleMeta {
    id: "suppressions/no-such-day",
    severity: Severity::Low,
    controls: &[SEC_1A],
    summary: "A suppression ends on a day that does not exist (no such day), so it does nothing.",
    docs: "After `until` stands something of the form of a day, and no calendar has that day, as 31 February. Nobody can say \
        when the suppression was meant to end.\n\n\
        **Instead:** write a day that there is, as `until 2027-02-28`.\n\n\
        Source: the guide to `ward scan`, section *Suppressions*.",
};

/// The rules about suppressions.
pub static RULES: &[&RuleMeta] = &[&NO_REASON, &EXPIRED, &NO_SUCH_DAY];

/// What announces a suppression in a file. In two parts, so that this line is none.
pub const MARKER: &str = concat!("ward:", "allow");

/// What other tools call theirs.
const FOREIGN: &[&str] = &[
    concat!("gitleaks:", "allow"),
    concat!("betterleaks:", "allow"),
    concat!("trufflehog:", "ignore"),
    concat!("kingfisher:", "ignore"),
    concat!("pragma: ", "allowlist secret"),
    concat!("pragma: ", "whitelist secret"),
    concat!("# no", "sec"),
];

/// The file of path suppressions.
pub const FILE: &str = ".wardignore";

/// A day, counted from 1970-01-01.
pub type Day = i64;

/// One suppression: which rule, until when, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Allow<'a> {
    rule: &'a str,
    until: Option<Day>,
    /// Something of the form of a day that is none.
    no_such_day: bool,
    reason: &'a str,
}

/// Whether a suppression holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Holds,
    NoReason,
    Ended,
    NoSuchDay,
}

impl Allow<'_> {
    /// Reads `RULE [until YYYY-MM-DD] reason`. None when the first word is no rule: then it is prose.
    fn read(text: &str) -> Option<Allow<'_>> {
        let text = text.trim_start_matches([' ', '\t']);
        let end = text.find(|c: char| c.is_whitespace()).unwrap_or(text.len());
        let (rule, rest) = text.split_at_checked(end)?;
        if !is_pattern(rule) {
            return None;
        }
        let mut rest = rest.trim();
        let (mut until, mut no_such_day) = (None, false);
        if let Some(after) = rest.strip_prefix("until ") {
            let after = after.trim_start();
            let (day, more) = after.split_at_checked(10).unwrap_or((after, ""));
            if let Some(day) = read_day(day) {
                until = Some(day);
                rest = more.trim_start();
            } else if is_dated(day) {
                no_such_day = true;
                rest = more.trim_start();
            }
        }
        // What ends a comment is no reason.
        let reason = rest
            .trim_end_matches("-->")
            .trim_end_matches("*/")
            .trim_end_matches("#}")
            .trim();
        Some(Allow {
            rule,
            until,
            no_such_day,
            reason,
        })
    }

    fn standing(&self, today: Day) -> Standing {
        if self.reason.chars().filter(|c| c.is_alphabetic()).count() < 3 {
            Standing::NoReason
        } else if self.no_such_day {
            Standing::NoSuchDay
        } else if self.until.is_some_and(|until| until < today) {
            Standing::Ended
        } else {
            Standing::Holds
        }
    }
}

fn covers(pattern: &str, rule: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => rule.starts_with(start),
        None => rule == pattern,
    }
}

/// Whether a word is the id of a rule, or a family with a star.
fn is_pattern(word: &str) -> bool {
    match word.strip_suffix("/*") {
        Some(family) => {
            engine::by_name(family).is_some()
                || engine::all_rules().any(|rule| rule.id.split_once('/').is_some_and(|(own, _)| own == family))
        }
        None => word == "*" || word == NOT_EXAMINED || word.contains('/') && engine::rule(word).is_some(),
    }
}

/// Whether a text has the form of a day, `dddd-dd-dd`.
fn is_dated(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

/// Reads `YYYY-MM-DD`. None when no calendar has the day.
#[must_use]
pub fn read_day(text: &str) -> Option<Day> {
    let mut parts = text.splitn(3, '-');
    let year: i64 = parts.next().filter(|part| part.len() == 4)?.parse().ok()?;
    let month: i64 = parts.next().filter(|part| part.len() == 2)?.parse().ok()?;
    let day: i64 = parts.next().filter(|part| part.len() == 2)?.parse().ok()?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if !(1..=12).contains(&month) || !(1..=days).contains(&day) {
        return None;
    }
    // Days of the civil calendar, with March as the first month, so that the leap day is the last.
    let (year, month) = if month <= 2 {
        (year - 1, month + 9)
    } else {
        (year, month - 3)
    };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * month + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

/// Writes a day as `YYYY-MM-DD`.
#[must_use]
pub fn write_day(day: Day) -> String {
    let day = day + 719_468;
    let (era, of_era) = (day.div_euclid(146_097), day.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let date = of_year - (153 * month + 2) / 5 + 1;
    let (year, month) = if month < 10 { (0, month + 3) } else { (1, month - 9) };
    format!("{:04}-{month:02}-{date:02}", year_of_era + era * 400 + year)
}

/// The suppressions that stand in one text.
#[derive(Debug, Default)]
pub struct Inline {
    /// Line (from 1), whether the marker stands alone there, rule pattern.
    holding: Vec<(u32, bool, String)>,
    /// Lines of markers of other tools.
    foreign: Vec<u32>,
    /// Faults of the suppressions themselves.
    faults: Vec<(u32, &'static RuleMeta)>,
}

impl Inline {
    /// Looks for markers in the comments of the text at `path`. Linear; most texts hold none and cost one search for a rare
    /// word.
    #[must_use]
    pub fn read(path: &str, text: &[u8], today: Day, foreign_too: bool) -> Self {
        let mut inline = Inline::default();
        let mut lines = LineCounter::default();
        let mut comments = comments::Reader::of(path, text);
        for at in memmem::find_iter(text, MARKER) {
            let line = lines.line_of(text, at);
            let rest = text.get(at + MARKER.len()..).unwrap_or_default();
            if !rest.starts_with(b" ") {
                continue;
            }
            let end = memchr::memchr2(b'\n', b'\r', rest.get(..1000).unwrap_or(rest));
            let rest = rest.get(..end.unwrap_or(rest.len().min(1000))).unwrap_or_default();
            let rest = String::from_utf8_lossy(rest);
            let Some(allow) = Allow::read(&rest) else { continue };
            // What stands in a text of the program is no word to this one.
            if !comments.holds(at) {
                continue;
            }
            match allow.standing(today) {
                Standing::Holds => {
                    // What stands so far behind that its line has no beginning here is not alone in it.
                    let from = at.saturating_sub(1000);
                    let near = text.get(from..at).unwrap_or_default();
                    let start = memchr::memrchr(b'\n', near).map(|end| end + 1);
                    let start = start.or_else(|| (from == 0).then_some(0));
                    let alone = start.is_some_and(|start| comments::is_alone(near.get(start..).unwrap_or_default()));
                    inline.holding.push((line, alone, allow.rule.to_owned()));
                }
                Standing::NoReason => inline.faults.push((line, &NO_REASON)),
                Standing::Ended => inline.faults.push((line, &EXPIRED)),
                Standing::NoSuchDay => inline.faults.push((line, &NO_SUCH_DAY)),
            }
        }
        if foreign_too {
            inline.read_foreign(text);
        }
        inline
    }

    fn read_foreign(&mut self, text: &[u8]) {
        for marker in FOREIGN {
            let mut lines = LineCounter::default();
            for at in memmem::find_iter(text, marker) {
                self.foreign.push(lines.line_of(text, at));
            }
        }
    }

    /// Whether anything is kept back here.
    #[must_use]
    pub fn holds_any(&self) -> bool {
        !self.holding.is_empty()
    }

    /// Whether a finding of `rule` on `line` is kept back.
    #[must_use]
    pub fn covers(&self, rule: &str, line: u32) -> bool {
        self.holding
            .iter()
            .any(|(at, alone, pattern)| (*at == line || *alone && *at + 1 == line) && covers(pattern, rule))
    }

    /// Whether another tool's marker stands on `line`.
    #[must_use]
    pub fn foreign(&self, line: u32) -> bool {
        self.foreign.contains(&line)
    }

    /// The faults of the suppressions themselves, as findings.
    pub fn faults<'a>(&'a self, place: &'a Location) -> impl Iterator<Item = Found> + 'a {
        self.faults
            .iter()
            .map(|(line, rule)| fault(rule, place.clone().at(*line, 1)))
    }
}

/// A fault of a suppression as a finding.
#[must_use]
pub fn fault(rule: &'static RuleMeta, at: Location) -> Found {
    Found {
        rule,
        severity: rule.severity,
        at,
        note: rule.summary.into(),
        details: Vec::new(),
        value: Value::new(rule.id.as_bytes()),
        more: More::default(),
    }
}

/// Counts lines forward through one text.
#[derive(Default)]
struct LineCounter {
    at: usize,
    lines: u32,
}

impl LineCounter {
    /// The line (from 1) of an offset that is not before the last one asked for.
    fn line_of(&mut self, text: &[u8], offset: usize) -> u32 {
        let between = text.get(self.at..offset).unwrap_or_default();
        let more = memchr::memchr_iter(b'\n', between).count();
        self.lines = self.lines.saturating_add(u32::try_from(more).unwrap_or(u32::MAX));
        self.at = offset;
        self.lines.saturating_add(1)
    }
}

/// The word that stands for a rule in `.wardignore` where somebody accepts that something cannot be examined.
pub const NOT_EXAMINED: &str = "not-examined";

/// The suppressions of `.wardignore`.
#[derive(Default)]
pub struct PathRules {
    rules: Vec<(ignore::gitignore::Gitignore, String)>,
    /// Faults of the suppressions themselves: where, and which rule.
    pub faults: Vec<(Location, &'static RuleMeta)>,
    /// Lines that could not be understood, with the reason.
    pub broken: Vec<(Location, &'static str)>,
}

/// Most lines of `.wardignore` that are read.
const MAX_PATH_RULES: usize = 2_000;

impl PathRules {
    /// Reads the text of `.wardignore`: one `GLOB RULE [until YYYY-MM-DD] reason` per line; `#` begins a comment line.
    #[must_use]
    pub fn read(text: &str, today: Day) -> Self {
        let mut rules = PathRules::default();
        for (index, line) in text.lines().enumerate() {
            let place = Location::of_file(FILE).at(u32::try_from(index + 1).unwrap_or(u32::MAX), 1);
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if rules.rules.len() >= MAX_PATH_RULES {
                rules
                    .broken
                    .push((place, "more suppressions than are read; use wider globs"));
                break;
            }
            let (glob, rest) = line.split_once([' ', '\t']).unwrap_or((line, ""));
            let Some(allow) = Allow::read(rest) else {
                rules
                    .broken
                    .push((place, "this line names no rule: write GLOB RULE reason"));
                continue;
            };
            match allow.standing(today) {
                Standing::NoReason => rules.faults.push((place, &NO_REASON)),
                Standing::Ended => rules.faults.push((place, &EXPIRED)),
                Standing::NoSuchDay => rules.faults.push((place, &NO_SUCH_DAY)),
                Standing::Holds => match matcher(glob) {
                    Some(matcher) => rules.rules.push((matcher, allow.rule.to_owned())),
                    None => rules.broken.push((place, "this line's first word is no glob")),
                },
            }
        }
        rules
    }

    /// Whether findings of `rule` at `path` are kept back; with [`NOT_EXAMINED`], whether it is accepted that something at
    /// `path` was not examined, which only that word does.
    #[must_use]
    pub fn covers(&self, rule: &str, path: &str) -> bool {
        self.rules.iter().any(|(matcher, pattern)| {
            let named = if rule == NOT_EXAMINED {
                pattern == NOT_EXAMINED
            } else {
                covers(pattern, rule)
            };
            named && matcher.matched_path_or_any_parents(path, false).is_ignore()
        })
    }
}

/// A glob with the meaning it has in `.gitignore`, below the root.
fn matcher(glob: &str) -> Option<ignore::gitignore::Gitignore> {
    if glob.starts_with('!') {
        return None;
    }
    let mut builder = ignore::gitignore::GitignoreBuilder::new("");
    builder.add_line(None, glob).ok()?;
    builder.build().ok().filter(|matcher| matcher.num_ignores() == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Day = 20_000;

    #[track_caller]
    fn check(text: &str, covered_lines: &[u32], faults: &[&str]) {
        let inline = Inline::read("a", text.as_bytes(), TODAY, false);
        let lines: Vec<u32> = (1..6)
            .filter(|line| inline.covers("repository/credential-file-tracked", *line))
            .collect();
        let found: Vec<_> = inline.faults.iter().map(|(_, rule)| rule.id).collect();
        assert_eq!((lines.as_slice(), found.as_slice()), (covered_lines, faults), "{text}");
    }

    #[test]
    fn a_marker_behind_something_covers_its_own_line_alone() {
        for (line, expect) in [
            ("b # @", &[2][..]),
            ("b  // @", &[2]),
            ("\"b\": 1, # @", &[2]),
            ("- b # @", &[2]),
            ("run: | # @", &[2]),
            ("f(b, # @", &[2]),
            ("} // @", &[2]),
            ("# @", &[2, 3]),
            ("  // @", &[2, 3]),
            ("# other: a, @", &[2, 3]),
            ("/* @ */", &[2, 3]),
            (" * @", &[2, 3]),
            ("<!-- @ -->", &[2, 3]),
            ("{/* @ */}", &[2, 3]),
            ("rem @", &[2, 3]),
            ("- # @", &[2, 3]),
            ("<# @ #>", &[2, 3]),
            ("{{- /* @ */ -}}", &[2, 3]),
            ("<%# @ %>", &[2, 3]),
            ("<%-- @ --%>", &[2, 3]),
            ("{{!-- @ --}}", &[2, 3]),
            ("<#-- @ -->", &[2, 3]),
            ("-# @", &[2, 3]),
        ] {
            let allow = format!("{MARKER} repository/* made up");
            for end in ["\n", "\r\n"] {
                let text = format!("a{end}{line}{end}c{end}d{end}").replace('@', &allow);
                check(&text, expect, &[]);
            }
        }
    }

    #[test]
    fn a_marker_with_a_reason_covers_its_line_and_the_next() {
        let allow = |rest: &str| format!("a\n# {MARKER} {rest}\nc\nd\n");
        check(&allow("repository/credential-file-tracked made up"), &[2, 3], &[]);
        check(&allow("repository/* made up -->"), &[2, 3], &[]);
        check(&allow("* made up"), &[2, 3], &[]);
        check(&allow("secrets/* made up"), &[], &[]);
        check(&allow("repository/*"), &[], &["suppressions/no-reason"]);
        check(&allow("repository/* -->"), &[], &["suppressions/no-reason"]);
        check(
            &allow("repository/* until 2024-10-03 made up"),
            &[],
            &["suppressions/expired"],
        );
        check(&allow("repository/* until 2024-10-04 made up"), &[2, 3], &[]);
        check(
            &allow("repository/* until 2124-10-04"),
            &[],
            &["suppressions/no-reason"],
        );
        check(
            &allow("repository/* until 2124-02-31 made up"),
            &[],
            &["suppressions/no-such-day"],
        );
        // Prose about the marker, and rules that do not exist.
        check(&allow("RULE reason"), &[], &[]);
        check(&allow("no/such-rule reason"), &[], &[]);
        check(&allow(""), &[], &[]);
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        for (text, day) in [
            ("1970-01-01", 0),
            ("2000-03-01", 11_017),
            ("2024-02-29", 19_782),
            ("2024-10-04", TODAY),
        ] {
            assert_eq!((read_day(text), write_day(day).as_str()), (Some(day), text));
        }
        for text in [
            "",
            "2024",
            "2024-13-01",
            "2024-1-1",
            "x",
            "2024-01-00",
            "2026-02-31",
            "2026-02-29",
            "1900-02-29",
            "2026-04-31",
            "é-01-01",
        ] {
            assert_eq!(read_day(text), None, "{text}");
        }
    }

    #[test]
    fn path_rules_cover_paths_and_tell_what_is_wrong() {
        let rules = PathRules::read(
            "# ours\ntests/** secrets/* made-up values\n*.pkl models/x reason\n/docs repository/* words only\nx secrets/*\n!y * why\n",
            TODAY,
        );
        assert!(rules.covers("secrets/any", "tests/a/b.txt"));
        assert!(!rules.covers("models/any", "tests/a/b.txt"));
        let accepted = PathRules::read(
            "fuzz/** not-examined seeds are broken on purpose\nall/** * no reason needed\n",
            TODAY,
        );
        assert!(accepted.covers(NOT_EXAMINED, "fuzz/a") && !accepted.covers("secrets/any", "fuzz/a"));
        assert!(!accepted.covers(NOT_EXAMINED, "all/a") && accepted.covers("secrets/any", "all/a"));
        assert!(
            rules.covers("repository/weights-in-git", "docs/a.md")
                && !rules.covers("repository/weights-in-git", "a/docs/a.md")
        );
        assert_eq!(rules.faults.len(), 1);
        assert_eq!(rules.broken.len(), 2);
        assert_eq!(rules.broken[0].0.line, Some(3));
    }

    #[test]
    fn other_tools_markers_are_seen_only_when_asked_for() {
        let text = format!("a\nb # {}\n", FOREIGN[0]);
        assert!(Inline::read("a", text.as_bytes(), TODAY, true).foreign(2));
        assert!(!Inline::read("a", text.as_bytes(), TODAY, false).foreign(2));
    }
}
