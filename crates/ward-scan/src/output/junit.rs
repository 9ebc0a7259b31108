//! The report as JUnit XML, which nearly every build server shows: a test a rule that found something, a failure a
//! finding, an error a place that was not examined.

use std::{collections::BTreeMap, fmt::Write as _};

use super::{About, date_time, engine_of};
use crate::{Report, report::Reported};

/// The report as XML 1.0.
#[must_use]
pub fn render(report: &Report, about: &About) -> String {
    let mut by_engine: BTreeMap<&str, Vec<&Reported>> = BTreeMap::new();
    for one in &report.findings {
        by_engine.entry(engine_of(one.finding.rule)).or_default().push(one);
    }
    let (failures, errors) = (report.findings.len(), report.not_examined.len());
    let tests = (failures + errors).max(1);
    let seconds = about.ended.saturating_sub(about.begun).max(0);
    let begun = date_time(about.begun);
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    // Writing to a String cannot fail.
    let _ = writeln!(
        out,
        "<testsuites name=\"ward scan\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" time=\"{seconds}\">"
    );
    let suite = |out: &mut String, name: &str, tests: usize, failures: usize, errors: usize| {
        let _ = writeln!(
            out,
            "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"0\" \
             timestamp=\"{begun}\" time=\"0\">"
        );
    };
    for (engine, findings) in &by_engine {
        suite(&mut out, engine, findings.len(), findings.len(), 0);
        for one in findings {
            write_finding(&mut out, one);
        }
        out.push_str("  </testsuite>\n");
    }
    if !report.not_examined.is_empty() {
        suite(&mut out, "not examined", errors, 0, errors);
        for one in &report.not_examined {
            let place = escape(&one.at.to_string());
            let reason = escape(&one.reason);
            let _ = writeln!(
                out,
                "    <testcase classname=\"not examined\" name=\"{place}\" time=\"0\"><error message=\"{reason}\"/></testcase>"
            );
        }
        out.push_str("  </testsuite>\n");
    }
    if failures + errors == 0 {
        suite(&mut out, "ward scan", 1, 0, 0);
        out.push_str("    <testcase classname=\"ward scan\" name=\"nothing was found\" time=\"0\"/>\n  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

fn write_finding(out: &mut String, one: &Reported) {
    let place = one.finding.at.to_string();
    let mut text = format!("{place}\n");
    if let Some(excerpt) = &one.excerpt {
        text += &format!("{excerpt}\n");
    }
    for (step, number) in one.more.flow.iter().zip(1..) {
        text += &format!("{number}. {}: {}\n", step.at, step.note);
    }
    for line in &one.details {
        text += &format!("{line}\n");
    }
    text += &format!("fingerprint {}", one.finding.fingerprint_hex());
    let _ = writeln!(
        out,
        "    <testcase classname=\"{rule}\" name=\"{name}\" file=\"{file}\" time=\"0\"><failure type=\"{severity}\" \
         message=\"{message}\">{text}</failure></testcase>",
        rule = escape(one.rule_name()),
        name = escape(&place),
        file = escape(&one.finding.at.path),
        severity = one.severity,
        message = escape(&one.finding.note),
        text = escape(&text),
    );
}

/// Text of XML 1.0: a character that no document may hold becomes an escape that people can read.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            c if c.is_control() || super::misleads(c) || matches!(c, '\u{fffe}' | '\u{ffff}') => {
                out.extend(c.escape_unicode())
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Blob,
        scan::tests::{scan_with, settings},
    };

    #[test]
    fn findings_fail_and_what_was_not_examined_is_an_error() {
        let report = scan_with(&settings(), |scanner| {
            scanner.examine(&Blob::of_bytes("<a>&\"\u{1}.py", b"x = hidden-1"), None);
            scanner.not_examined(ward_evidence::Location::of_file("b"), "broken & more");
        });
        let xml = render(&report, &About::default());
        assert!(xml.contains("tests=\"2\" failures=\"1\" errors=\"1\""), "{xml}");
        assert!(xml.contains("name=\"&lt;a&gt;&amp;&quot;\\u{1}.py:1:5\""), "{xml}");
        assert!(xml.contains("<error message=\"broken &amp; more\"/>") && !xml.contains("hidden-1"));
        assert_eq!(xml.matches("<testcase").count(), xml.matches("</testcase>").count());
        let clean = render(&Report::default(), &About::default());
        assert!(clean.contains("tests=\"1\" failures=\"0\" errors=\"0\"") && clean.contains("nothing was found"));
    }
}
