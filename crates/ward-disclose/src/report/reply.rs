//! What is written back. Templates: a person reads them before they are sent, and sends them.

use super::{Completeness, Need, Report};
use crate::calendar::Calendar;
use jiff::Timestamp;

/// What letters are signed with and speak of.
#[derive(Debug, Clone, Copy)]
pub struct Letter<'a> {
    /// The case's id.
    pub case: &'a str,
    /// The team, as it signs.
    pub team: &'a str,
    /// The product.
    pub product: &'a str,
    /// By when the report will be assessed, if that is promised.
    pub assessed_by: Option<Timestamp>,
    /// In which calendar.
    pub calendar: &'a Calendar,
}

/// The first answer: thanks, the case's id, what happens next, and what is missing.
#[must_use]
pub fn letter(report: &Report, complete: &Completeness, about: Letter<'_>) -> String {
    if complete.is_complete() {
        acknowledgement(report, about)
    } else {
        incomplete(report, complete, about)
    }
}

/// An acknowledgement.
#[must_use]
pub fn acknowledgement(report: &Report, about: Letter<'_>) -> String {
    let mut text = opening(report, about);
    text.push_str(&next(about));
    text.push_str(&closing(about));
    text
}

/// An acknowledgement that asks for what is missing.
#[must_use]
pub fn incomplete(report: &Report, complete: &Completeness, about: Letter<'_>) -> String {
    let mut text = opening(report, about);
    text.push_str("To look into it we would be glad to know, as far as you can tell:\n\n");
    for need in complete.missing() {
        text.push_str(&format!("- {}\n", need.question()));
    }
    let seen: Vec<&str> = Need::ALL
        .into_iter()
        .filter(|need| !complete.missing().any(|missing| missing == *need))
        .map(Need::word)
        .collect();
    if !seen.is_empty() {
        text.push_str(&format!("\nWhat you told us about {} has arrived.\n", list(&seen)));
    }
    text.push_str("\nIf you do not know something, say so; an incomplete report is welcome, too.\n\n");
    text.push_str(&next(about));
    text.push_str(&closing(about));
    text
}

fn opening(report: &Report, about: Letter<'_>) -> String {
    let name = report.name.as_deref().unwrap_or_default();
    let hello = if name.is_empty() {
        "Hello,".to_owned()
    } else {
        format!("Dear {name},")
    };
    let Letter { case, product, .. } = about;
    format!(
        "Subject: [{case}] Your report\n\n{hello}\n\nthank you for your report about {product}. We keep it as {case}; please name that in what you write to us.\n\n"
    )
}

fn next(about: Letter<'_>) -> String {
    let when = about.assessed_by.map_or_else(String::new, |end| {
        let day = about
            .calendar
            .date_of(end.checked_sub(jiff::SignedDuration::from_secs(1)).unwrap_or(end));
        format!(" by the end of {day} ({})", about.calendar.zone_name())
    });
    format!(
        "We will tell you{when} whether we can reproduce it and how severe we take it to be. Until a fix is available, please keep it between us.\n\n"
    )
}

fn closing(about: Letter<'_>) -> String {
    format!(
        "If you would like to be named in the advisory, tell us how. We do so only with your consent.\n\nWith kind regards\n{}\n",
        about.team
    )
}

fn list(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Channel;
    use super::*;

    #[test]
    fn asks_for_what_is_missing_and_nothing_else() {
        let calendar = Calendar::default();
        let about = Letter {
            case: "WD-2026-0001",
            team: "The Acme security team",
            product: "Acme",
            assessed_by: Some("2026-11-28T00:00:00Z".parse().unwrap()),
            calendar: &calendar,
        };
        let report = Report::from_text(Channel::Text, None, b"SQL injection in src/db.py of version 1.2.3").unwrap();
        let text = letter(&report, &Completeness::of(&report), about);
        for expect in [
            "[WD-2026-0001]",
            "by the end of 2026-11-27 (UTC)",
            "The steps that show it",
            "Where we can reach you",
            "about type, version and paths has arrived",
        ] {
            assert!(text.contains(expect), "{expect}: {text}");
        }
        assert!(!text.contains("Which version"));
        let whole = acknowledgement(&report, about);
        assert!(!whole.contains("as far as you can tell"));
    }
}
