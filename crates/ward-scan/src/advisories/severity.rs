//! How bad an advisory says its fault is.
//!
//! Source: the CVSS specifications 2.0, 3.0, 3.1 and 4.0 of FIRST; their qualitative scale.

use std::str::FromStr;

use ward_evidence::Severity;

/// The score of a CVSS vector in tenths, 0 to 100. None when it is no vector.
#[must_use]
pub fn score(vector: &str) -> Option<u8> {
    let vector = vector.trim();
    if vector.len() > 1_000 {
        return None;
    }
    if !is_whole(vector) {
        return None;
    }
    let parsed = cvss::Cvss::from_str(vector).ok()?;
    let tenths = (parsed.score() * 10.0).round();
    // In 0..=100 by the specification.
    (0.0..=100.0).contains(&tenths).then_some(tenths as u8)
}

/// Whether a vector has all its base metrics; without one of them there is no score. Vectors of version 2 have no prefix.
fn is_whole(vector: &str) -> bool {
    let needed: &[&str] = if vector.starts_with("CVSS:4") {
        &["AV", "AC", "AT", "PR", "UI", "VC", "VI", "VA", "SC", "SI", "SA"]
    } else if vector.starts_with("CVSS:3") {
        &["AV", "AC", "PR", "UI", "S", "C", "I", "A"]
    } else {
        &["AV", "AC", "Au", "C", "I", "A"]
    };
    needed
        .iter()
        .all(|name| vector.split('/').any(|part| part.split(':').next() == Some(name)))
}

/// The step of the qualitative scale: 0.1 low, 4.0 medium, 7.0 high, 9.0 critical.
#[must_use]
pub fn of_score(tenths: u8) -> Severity {
    match tenths {
        0 => Severity::Info,
        1..=39 => Severity::Low,
        40..=69 => Severity::Medium,
        70..=89 => Severity::High,
        _ => Severity::Critical,
    }
}

/// A word that databases use.
#[must_use]
pub fn of_word(word: &str) -> Option<Severity> {
    match word.to_ascii_lowercase().as_str() {
        "critical" => Some(Severity::Critical),
        "high" | "important" => Some(Severity::High),
        "moderate" | "medium" => Some(Severity::Medium),
        "low" => Some(Severity::Low),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_of_every_version() {
        // The vectors are written out here; the scores are those of the calculators of FIRST.
        for (vector, expect) in [
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", Some(98)),
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", Some(61)),
            ("CVSS:3.0/AV:L/AC:H/PR:L/UI:N/S:U/C:H/I:N/A:N", Some(47)),
            (
                "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
                Some(93),
            ),
            (
                "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N",
                Some(0),
            ),
            ("AV:N/AC:L/Au:N/C:P/I:P/A:P", Some(75)),
            ("CVSS:3.1/AV:N", None),
            ("high", None),
            ("", None),
        ] {
            assert_eq!(score(vector), expect, "{vector}");
        }
        assert_eq!(
            [0, 39, 40, 70, 90].map(of_score),
            [
                Severity::Info,
                Severity::Low,
                Severity::Medium,
                Severity::High,
                Severity::Critical
            ]
        );
    }
}
