//! The report for people at a terminal: by file, worst first, with what to do.

use std::fmt::Write as _;

use ward_evidence::Severity;

use super::harmless;
use crate::{
    Report,
    report::{Reported, Stats, Suppressed},
};

/// Most lines about what was not examined.
const MOST_NOT_EXAMINED: usize = 50;

/// The report as text, in colour when `colour`.
#[must_use]
pub fn render(report: &Report, colour: bool) -> String {
    let pen = Pen { colour };
    let mut out = String::new();
    let mut path = String::new();
    for one in &report.findings {
        let mut place = one.finding.at.clone();
        (place.line, place.column) = (None, None);
        let file = place.to_string();
        if file != path {
            if !path.is_empty() {
                out.push('\n');
            }
            let _ = writeln!(out, "{}", pen.bold(&file));
            path = file;
        }
        write_finding(&mut out, one, pen);
    }
    if !report.findings.is_empty() {
        out.push('\n');
    }
    write_not_examined(&mut out, report, pen);
    write_summary(&mut out, report, pen);
    out
}

fn write_finding(out: &mut String, one: &Reported, pen: Pen) {
    let at = &one.finding.at;
    let place = match (at.line, at.column) {
        (Some(line), Some(column)) => format!("{line}:{column}"),
        (Some(line), None) => line.to_string(),
        _ => "-".to_owned(),
    };
    let severity = pen.severity(one.severity, &format!("{:<8}", one.severity.word()));
    // Writing to a String cannot fail.
    let _ = writeln!(
        out,
        "  {place:>8}  {severity}  {}  {}",
        harmless(&one.finding.note),
        pen.dim(one.rule_name())
    );
    if let Some(excerpt) = &one.excerpt {
        let _ = writeln!(out, "            {}", pen.dim(&format!("| {}", harmless(excerpt))));
    }
    for line in &one.details {
        let _ = writeln!(out, "            {}", harmless(line));
    }
    if let Some(commit) = &one.commit {
        let short = commit.id.get(..12).unwrap_or(&commit.id);
        let _ = writeln!(
            out,
            "            since commit {short} of {} by {}",
            super::json::date(commit).get(..10).unwrap_or_default(),
            harmless(&commit.author)
        );
    }
}

fn write_not_examined(out: &mut String, report: &Report, pen: Pen) {
    if report.not_examined.is_empty() {
        return;
    }
    let _ = writeln!(out, "{}", pen.bold("not examined"));
    for one in report.not_examined.iter().take(MOST_NOT_EXAMINED) {
        let _ = writeln!(out, "  {}: {}", one.at, harmless(&one.reason));
    }
    let more = report.not_examined.len().saturating_sub(MOST_NOT_EXAMINED);
    if more > 0 {
        let _ = writeln!(out, "  and {more} more; --json lists them all");
    }
    out.push('\n');
}

fn write_summary(out: &mut String, report: &Report, pen: Pen) {
    let total = report.findings.len();
    let counts: Vec<String> = report
        .counts()
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| pen.severity(*severity, &format!("{count} {severity}")))
        .collect();
    let findings = match total {
        0 => "no findings".to_owned(),
        1 => format!("1 finding: {}", counts.join(", ")),
        _ => format!("{total} findings: {}", counts.join(", ")),
    };
    let _ = writeln!(out, "{findings}; {} not examined", report.not_examined.len());
    let _ = writeln!(out, "{}", looked_at(&report.stats));
    if let Some(day) = report.stats.advisories {
        let _ = writeln!(
            out,
            "compared with advisories as of {}",
            crate::suppress::write_day(day)
        );
    }
    if let Some(kept_back) = kept_back(&report.stats.suppressed) {
        let _ = writeln!(out, "{kept_back}");
    }
    if report.stats.stale_baseline > 0 {
        let _ = writeln!(
            out,
            "{} entries of the baseline match nothing any more",
            report.stats.stale_baseline
        );
    }
    if report.stats.foreign_markers > 0 {
        let _ = writeln!(
            out,
            "{} findings carry another tool's marker, which does nothing here; --foreign-markers obeys them",
            report.stats.foreign_markers
        );
    }
    if total > 0 {
        let _ = writeln!(
            out,
            "`ward explain RULE` says why a finding matters and what to do instead"
        );
    }
}

fn looked_at(stats: &Stats) -> String {
    let mut parts = Vec::new();
    let mut part = |count: u64, one: &str, many: &str| {
        if count > 0 {
            parts.push(format!("{count} {}", if count == 1 { one } else { many }));
        }
    };
    part(stats.files, "file", "files");
    part(stats.members, "member of archives", "members of archives");
    part(stats.blobs, "blob of the history", "blobs of the history");
    part(stats.cached, "blob known to be clean", "blobs known to be clean");
    let ignored = match stats.ignored {
        0 => String::new(),
        count => format!("; {count} left out because git ignores them"),
    };
    if parts.is_empty() {
        return format!("there was nothing to look at{ignored}");
    }
    format!(
        "looked at {}, {:.1} MB{ignored}",
        parts.join(", "),
        stats.bytes as f64 / 1e6
    )
}

fn kept_back(suppressed: &Suppressed) -> Option<String> {
    let Suppressed {
        inline,
        path,
        baseline,
        profile,
        vex,
        not_examined,
    } = *suppressed;
    (inline + path + baseline + profile + vex + not_examined > 0).then(|| {
        format!(
            "kept back: {inline} by comments, {path} by .wardignore, {baseline} by the baseline, {vex} by statements \
             of VEX, {profile} that only the thorough profile shows; .wardignore accepts {not_examined} not examined"
        )
    })
}

/// Colours of a terminal, or none.
#[derive(Clone, Copy)]
struct Pen {
    colour: bool,
}

impl Pen {
    fn with(self, code: &str, text: &str) -> String {
        if self.colour {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    fn bold(self, text: &str) -> String {
        self.with("1", text)
    }

    fn dim(self, text: &str) -> String {
        self.with("2", text)
    }

    fn severity(self, severity: Severity, text: &str) -> String {
        let code = match severity {
            Severity::Critical => "1;97;41",
            Severity::High => "1;31",
            Severity::Medium => "33",
            Severity::Low => "36",
            Severity::Info => "2",
        };
        self.with(code, text)
    }
}
