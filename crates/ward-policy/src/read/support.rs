//! Sentences about the support of one version: "Version 1.x is supported until 30 June 2027". What is said beside that (on
//! which systems, to whom, with which features) is another matter than a table's yes and no, and is told apart.

use std::{ops::RangeInclusive, sync::LazyLock};

use regex::Regex;

use super::{tables, times};

/// What a sentence says of a version's support.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Said {
    /// It is supported, and nothing more.
    Yes,
    /// It is not, and nothing more.
    No,
    /// It is, until a day that these days hold.
    Until(RangeInclusive<i64>),
    /// It is supported in some respect: for some, or on some systems.
    Partly,
    /// Something else, or not in words that are known.
    Unclear,
}

const NAME: &str = r"^(?:the\s+)?(?:versions?\s+|releases?\s+|line\s+|series\s+)?(v?\d+(?:\.\d+)*(?:\.[x*])?)\s+(?:line\s+|series\s+|branch\s+|releases?\s+)?";
const FIXES: &str = r"(?:security\s+)?(?:fixes|updates|patches)(?:\s+(?:and|or)\s+(?:fixes|updates|patches))?";
/// What may follow: nothing, or the advice to move on.
const END: &str = r"(?:\s+any\s?more)?\s*[.!]*(?:[,;.:–—-]*\s+(?:please|upgrade|update|use|move|migrate)\b.*)?$";

/// How a sentence names its version, and what it says of its support. None for one about something else, or with a time to
/// answer or fix.
pub(crate) fn said(text: &str) -> Option<(&str, Said)> {
    static IS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let verb = r"((?:is|are|gets?|receives?|remains?|stays?|will\s+(?:be|get|receive|remain)|no\s+longer|does\s+not|do\s+not|has|have)\s+.*)$";
        Regex::new(&format!("(?i){NAME}{verb}")).ok()
    });
    static ENDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let version = r"(?:versions?\s+|releases?\s+)?(v?\d+(?:\.\d+)*(?:\.[x*])?)";
        Regex::new(&format!(
            r"(?i)^support\s+(?:for|of)\s+{version}\s+((?:ends?|ended|expires?|runs?|stops?)\b.*)$"
        ))
        .ok()
    });
    let groups = IS.as_ref()?.captures(text).or_else(|| ENDS.as_ref()?.captures(text))?;
    let (name, rest) = (groups.get(1)?.as_str(), groups.get(2)?.as_str().to_lowercase());
    let lower = text.to_lowercase();
    let speaks = ["support", "maintain", "fixes", "patches", "updates", "life"]
        .iter()
        .any(|word| lower.contains(word));
    let is_version = name.contains('.') || lower.contains("version") || lower.contains("release");
    (speaks && is_version && times::times(&lower).is_empty()).then(|| (name, of(&rest)))
}

/// The one version or line that a sentence calls supported, and no other: "Only the 2.x line receives security fixes; 1.x is
/// end of life." None where that is said with more: on a system, for somebody, until a day.
pub(crate) fn only(text: &str) -> Option<&str> {
    static ONLY: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let name = NAME.trim_start_matches('^');
        let verb = format!(r"(?:(?:is|are)\s+(?:currently\s+)?(?:supported|maintained)|(?:gets?|receives?)\s+{FIXES})");
        Regex::new(&format!(
            r"(?i)^only\s+{name}(?:line\s+|series\s+)?{verb}\s*(?:[.!]|[;,]\s+[^;]*\bend[\s-]of[\s-]life\b.*)?$"
        ))
        .ok()
    });
    let groups = ONLY.as_ref()?.captures(text)?;
    Some(groups.get(1)?.as_str())
}

/// What is said from the verb on, in small letters.
fn of(rest: &str) -> Said {
    static SUPPORTED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"^(?:is|are|remains?|stays?|will\s+(?:be|remain))\s+(?:(?:still|currently|fully|actively)\s+)*(?:supported|maintained)\b").ok()
    });
    static FIXED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let gets = r"(?:gets?|receives?|(?:is|are)\s+(?:still\s+|currently\s+)?(?:getting|receiving))";
        Regex::new(&format!(r"^{gets}\s+{FIXES}{END}")).ok()
    });
    static ALONE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(&format!("^{END}")).ok());
    static NOT: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let ways = [
            r"(?:is|are)\s+(?:no\s+longer|not)\s+(?:supported|maintained)".to_owned(),
            r"(?:is|are)\s+(?:unsupported|unmaintained|out\s+of\s+support|end[\s-]of[\s-]life)".to_owned(),
            r"(?:has|have)\s+reached\s+(?:its\s+|their\s+)?end[\s-]of[\s-]life".to_owned(),
            r"ended".to_owned(),
            format!(r"(?:is|are)\s+no\s+longer\s+(?:getting|receiving)\s+{FIXES}"),
            format!(r"(?:gets?|receives?|will\s+(?:get|receive))\s+no\s+(?:more\s+|further\s+|longer\s+)?{FIXES}"),
            format!(r"(?:no\s+longer|does\s+not|do\s+not)\s+(?:gets?|receives?)\s+{FIXES}"),
        ];
        // The day from which it is not may still come: only one that has come is taken.
        let since = r"(?:\s+(?:since|in)\s+[\w\s,/-]{1,40}?)?";
        Regex::new(&format!("^(?:{}){since}{END}", ways.join("|"))).ok()
    });
    let has =
        |what: &'static LazyLock<Option<Regex>>, text: &str| what.as_ref().is_some_and(|what| what.is_match(text));
    if has(&NOT, rest) {
        return Said::No;
    }
    if has(&FIXED, rest) {
        return Said::Yes;
    }
    if ["end", "expire", "run", "stop"]
        .iter()
        .any(|verb| rest.starts_with(verb))
    {
        let after = rest.split_once(' ').map_or("", |(_, after)| after);
        return day(after).map_or(Said::Unclear, Said::Until);
    }
    let Some(found) = SUPPORTED.as_ref().and_then(|supported| supported.find(rest)) else {
        return Said::Unclear;
    };
    let after = rest.get(found.end()..).unwrap_or_default();
    match day(after.trim_start()) {
        Some(days) => Said::Until(days),
        // What will be supported is not said to be so now.
        None if rest.starts_with("will") => Said::Unclear,
        None if has(&ALONE, after) => Said::Yes,
        None => Said::Partly,
    }
}

/// The day that the words name, where they name it alone: "until the end of June 2028.", "in March 2027".
fn day(words: &str) -> Option<RangeInclusive<i64>> {
    const BESIDE: &[&str] = &["until", "till", "through", "in", "on", "the", "end", "of"];
    const MONTHS: &[&str] = &[
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let first = words.split_whitespace().next()?;
    if !matches!(first, "until" | "till" | "through" | "in" | "on") {
        return None;
    }
    let is_date = |word: &str| {
        let word = word.trim_matches([',', '.']);
        let is_month = word.len() >= 3 && MONTHS.iter().any(|month| month.starts_with(word) || word == "sept");
        BESIDE.contains(&word) || is_month || word.bytes().any(|b| b.is_ascii_digit())
    };
    words.split_whitespace().all(is_date).then(|| tables::days(words))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &Option<Said>) {
        assert_eq!(&said(text).map(|(_, said)| said), expect, "{text}");
    }

    #[test]
    fn plain_words_say_yes_or_no() {
        for text in [
            "2.x is supported.",
            "Version 2 is still supported",
            "The 2.x line gets security fixes.",
            "2.x is currently receiving fixes and updates",
        ] {
            check(text, &Some(Said::Yes));
        }
        for text in [
            "1.x is no longer supported.",
            "1.x is not maintained any more.",
            "1.x is unsupported, please upgrade to 2.x.",
            "1.x gets no further fixes; upgrade.",
            "1.x no longer receives security updates.",
            "1.x has reached its end of life.",
            "1.x is no longer supported since June 2025.",
            "Support for 1.x ended in June 2025.",
        ] {
            check(text, &Some(Said::No));
        }
    }

    #[test]
    fn what_is_said_beside_is_no_answer() {
        for text in [
            "2.x is supported on Python 3.10 and later; Python 3.9 is not supported.",
            "2.x is supported on Linux only, Windows is not supported.",
            "1.x is supported for customers with a contract.",
            "2.x is supported until mid 2028.",
            "2.x is supported until at least June 2028.",
            "2.x is supported with new features until 2027-06-30.",
        ] {
            check(text, &Some(Said::Partly));
        }
        for text in [
            "2.x is no longer getting new features, only security fixes and updates.",
            "2.x is not affected by CVE-2026-1234, no fixes are needed.",
            "2.x is not supported on Windows.",
            "2.x will be supported.",
            "2.x is no longer supported from 2030-01-01.",
            "Support for 1.x ends soon.",
        ] {
            check(text, &Some(Said::Unclear));
        }
        for text in ["2.x is fast.", "We support 2.x.", "1.x is supported within 2 days."] {
            check(text, &None);
        }
    }

    #[test]
    fn one_line_alone_is_told() {
        for (text, expect) in [
            ("Only version 3.x is supported.", Some("3.x")),
            (
                "Only the 2.x release line receives security fixes; 1.x is end of life.",
                Some("2.x"),
            ),
            ("Only 9.x is supported", Some("9.x")),
            ("Only version 3.x is supported on Windows.", None),
            ("Only version 3.x is supported until 2027.", None),
            ("Only Python 3.12 is supported.", None),
            ("Only the latest version is supported.", None),
        ] {
            assert_eq!(only(text), expect, "{text}");
        }
    }

    #[test]
    fn days_are_as_wide_as_their_words() {
        for (text, from, to) in [
            ("1.x is supported until 2025-06-30.", 20_269, 20_269),
            ("Version 1.x will be supported until 30 June 2025", 20_269, 20_269),
            ("1.x is supported until the end of June 2025.", 20_239, 20_269),
            ("Support for 1.x ends in June 2025.", 20_239, 20_269),
            ("1.x is supported until 2025.", 20_088, 20_453),
        ] {
            check(text, &Some(Said::Until(from..=to)));
        }
    }
}
