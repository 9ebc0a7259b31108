//! What several formats say of a scan and of rules.

use ward_evidence::RuleMeta;

use crate::{ENGINES, suppress::write_day};

/// What a report says of the scan itself.
#[derive(Debug, Clone, Default)]
pub struct About {
    /// What was scanned, as it was typed.
    pub target: String,
    /// When the scan began, in seconds since 1970 (UTC).
    pub begun: i64,
    /// When it ended.
    pub ended: i64,
}

/// A moment in seconds since 1970 as date and time in UTC without a zone, as `2026-01-31T08:00:00`.
#[must_use]
pub fn date_time(seconds: i64) -> String {
    let (day, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // Years of more than four digits are no dates that anybody meant.
    let day = write_day(day.clamp(-700_000, 2_900_000));
    format!("{day}T{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)
}

/// The engine that a rule belongs to; `suppressions` for the rules about suppressions.
#[must_use]
pub fn engine_of(rule: &RuleMeta) -> &'static str {
    let has = |rules: &[&RuleMeta]| rules.iter().any(|one| one.id == rule.id);
    ENGINES
        .iter()
        .find(|engine| has((engine.rules)()))
        .map_or("suppressions", |engine| engine.name)
}

/// The numbers of the Common Weakness Enumeration that a rule's documentation names, in order, each once.
#[must_use]
pub fn weaknesses(rule: &RuleMeta) -> Vec<u32> {
    let number = |rest: &str| {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        rest.get(..digits)?.parse().ok()
    };
    let mut numbers: Vec<u32> = rule.docs.split("CWE-").skip(1).filter_map(number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// What to do instead, as a rule's documentation says it after `**Instead:**`.
#[must_use]
pub fn alternative(rule: &'static RuleMeta) -> Option<&'static str> {
    let (_, rest) = rule.docs.split_once("**Instead:**")?;
    let paragraph = rest.split("\n\n").next()?.trim();
    (!paragraph.is_empty()).then_some(paragraph)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ward_evidence::{Severity, controls::SEC_1A};

    static RULE: RuleMeta = RuleMeta {
        id: "code/none",
        severity: Severity::Low,
        controls: &[SEC_1A],
        summary: "x",
        docs: "Why, CWE-78.\n\n**Instead:** do\nthat.\n\nSource: CWE-502, CWE-78, CWE-.",
    };

    #[test]
    fn rules_tell_what_their_documentation_says() {
        assert_eq!(weaknesses(&RULE), [78, 502]);
        assert_eq!(alternative(&RULE), Some("do\nthat."));
        assert_eq!(engine_of(&RULE), "suppressions");
        let rule = crate::engine::rule("repository/lfs-pointer").unwrap();
        assert_eq!(engine_of(rule), "repository");
    }

    #[test]
    fn moments_are_utc() {
        assert_eq!(date_time(0), "1970-01-01T00:00:00");
        assert_eq!(date_time(1_700_000_000), "2023-11-14T22:13:20");
        assert_eq!(date_time(-1), "1969-12-31T23:59:59");
        let _ = (date_time(i64::MIN), date_time(i64::MAX));
    }
}
