//! The report as a badge: one SVG file with its numbers, which loads nothing.

use super::html::escape;
use crate::report::Report;

/// The badge, 20 pixels high. Its title and its label say the same for those who do not see it.
#[must_use]
pub fn render(report: &Report) -> String {
    let (says, colour) = message(report);
    let label = "security policy";
    let (left, right) = (width(label), width(&says));
    let whole = left + right;
    let spoken = escape(&format!("{label}: {says}"));
    let text = |x: u32, room: u32, text: &str| {
        format!(
            "<text x=\"{}\" y=\"14\" textLength=\"{}\">{}</text>",
            x + room / 2,
            room.saturating_sub(PADDING),
            escape(text)
        )
    };
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{whole}\" height=\"20\" role=\"img\" aria-label=\"{spoken}\">\
         <title>{spoken}</title>\
         <clipPath id=\"r\"><rect width=\"{whole}\" height=\"20\" rx=\"3\"/></clipPath>\
         <g clip-path=\"url(#r)\"><rect width=\"{left}\" height=\"20\" fill=\"#3d3d45\"/>\
         <rect x=\"{left}\" width=\"{right}\" height=\"20\" fill=\"{colour}\"/></g>\
         <g fill=\"#fff\" text-anchor=\"middle\" font-family=\"Verdana,DejaVu Sans,sans-serif\" font-size=\"11\">{}{}</g></svg>\n",
        text(0, left, label),
        text(left, right, &says)
    )
}

/// What it says, and its colour: each carries white text with a contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3).
fn message(report: &Report) -> (String, &'static str) {
    const GREEN: &str = "#1a7431";
    const RED: &str = "#b3261e";
    const AMBER: &str = "#8a5300";
    const GREY: &str = "#5b5b66";
    if report.documents.is_empty() {
        return ("none".to_owned(), GREY);
    }
    let words = ["broken", "contradictory", "weak"];
    let mut parts = vec![format!("{} kept", report.count("kept"))];
    let counts: Vec<(usize, &str)> = words.iter().map(|word| (report.count(word), *word)).collect();
    parts.extend(
        counts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}")),
    );
    let faults = report.remarks.iter().filter(|one| one.is_fault).count();
    if faults > 0 {
        parts.push(format!("{faults} {}", if faults == 1 { "fault" } else { "faults" }));
    }
    let only_weak = counts.iter().all(|(count, word)| *count == 0 || *word == "weak") && faults == 0;
    let colour = match (parts.len(), only_weak, report.count("kept")) {
        (1, _, 0) => GREY,
        (1, ..) => GREEN,
        (_, true, _) => AMBER,
        _ => RED,
    };
    (parts.join(", "), colour)
}

/// Room around a text.
const PADDING: u32 = 12;

/// How wide a text is at 11 pixels, about: `textLength` makes it so exactly.
fn width(text: &str) -> u32 {
    let tenths: u32 = text
        .chars()
        .map(|c| match c {
            'i' | 'l' | 'j' | ',' | ' ' | 't' | 'f' | 'r' => 42,
            'm' | 'w' => 98,
            _ => 68,
        })
        .sum();
    tenths / 10 + PADDING
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        report::tests::{every_verdict, judged, proofs},
        topic::Topic,
        verdict::Verdict,
    };

    #[test]
    fn a_badge_says_its_numbers_to_everybody_and_loads_nothing() {
        let svg = render(&every_verdict());
        let said = "security policy: 1 kept, 1 broken, 1 contradictory, 1 weak, 1 fault";
        assert!(svg.contains(&format!("<title>{said}</title>")), "{svg}");
        assert!(svg.contains(&format!("aria-label=\"{said}\"")));
        // The one address in it is the name of the format.
        assert_eq!(svg.matches("http").count(), 1);
        assert!(render(&Report::default()).contains("security policy: none"));
        let kept = Verdict::Kept {
            proofs: proofs(),
            limit: None,
        };
        let report = Report {
            judged: vec![judged("x", 1, Topic::Lint, kept)],
            documents: vec!["SECURITY.md".into()],
            ..Report::default()
        };
        assert!(render(&report).contains("security policy: 1 kept<") && render(&report).contains("#1a7431"));
    }
}
