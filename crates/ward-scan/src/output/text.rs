//! The report for people at a terminal: by place, with the line that is meant, the way of a value, and what to do.

use std::fmt::Write as _;

use ward_evidence::Severity;

use super::harmless;
use crate::{
    Report,
    report::{Package, Reported, Stats, Suppressed},
};

/// Most lines about what was not examined.
const MOST_NOT_EXAMINED: usize = 50;
/// Most steps of the way of a value.
const MOST_STEPS: usize = 12;
/// Narrowest terminal that is believed.
const NARROWEST: usize = 40;

/// How text is laid out.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Whether there is colour.
    pub colour: bool,
    /// How many columns there are.
    pub width: usize,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            colour: false,
            width: 100,
        }
    }
}

/// The report as text.
#[must_use]
pub fn render(report: &Report, look: Look) -> String {
    let mut out = findings(report, look);
    write_summary(&mut out, report, Pen { colour: look.colour });
    out
}

/// The findings and what was not examined, without the summary.
#[must_use]
pub fn findings(report: &Report, look: Look) -> String {
    let page = Page {
        pen: Pen { colour: look.colour },
        width: look.width.max(NARROWEST),
    };
    let mut out = String::new();
    for one in &report.findings {
        page.write_finding(&mut out, one);
    }
    write_not_examined(&mut out, report, page.pen);
    out
}

struct Page {
    pen: Pen,
    width: usize,
}

impl Page {
    /// A finding as compilers show theirs: what, where, the line, and what belongs to it.
    fn write_finding(&self, out: &mut String, one: &Reported) {
        let pen = self.pen;
        let word = one.severity.word();
        let rule = format!("[{}]", one.rule_name());
        let head = format!("{word}: {} {rule}", harmless(&one.finding.note));
        for (number, line) in wrap(&head, self.width).into_iter().enumerate() {
            // The severity and the rule are the only words with a colour of their own; wrapping comes first.
            let line = match line.strip_prefix(word).filter(|_| number == 0) {
                Some(rest) => pen.severity(one.severity, word) + rest,
                None => format!("  {line}"),
            };
            let line = match line.strip_suffix(&rule) {
                Some(start) => start.to_owned() + &pen.dim(&rule),
                None => line,
            };
            let _ = writeln!(out, "{line}");
        }
        let number = one.finding.at.line.map_or_else(String::new, |line| line.to_string());
        let margin = number.len().max(1);
        let _ = writeln!(
            out,
            "{:margin$}{} {}",
            "",
            pen.dim("-->"),
            pen.bold(&one.finding.at.to_string())
        );
        self.write_line(out, one, &number);
        let note = |out: &mut String, label: &str, text: &str| self.write_note(out, margin, label, text);
        if !one.more.flow.is_empty() {
            note(out, "flow:", "how the value gets here");
            for (step, at) in one.more.flow.iter().take(MOST_STEPS).zip(1..) {
                note(out, &format!("{at:>3}."), &format!("{}: {}", step.at, step.note));
            }
            let more = one.more.flow.len().saturating_sub(MOST_STEPS);
            if more > 0 {
                note(out, "   .", &format!("and {more} more steps; --json lists them all"));
            }
        }
        for line in &one.details {
            note(out, "note:", line);
        }
        if let Some(package) = &one.more.package {
            note(out, "package:", &about_package(package));
        }
        if let Some(fix) = &one.more.fix {
            // Whether another version of a package fits is for a person to try.
            let how = if one.more.package.is_none() {
                " (`ward scan --fix`)"
            } else {
                ""
            };
            note(out, "fix:", &format!("{}{how}", fix.what));
        }
        if let Some(commit) = &one.commit {
            let short = commit.id.get(..12).unwrap_or(&commit.id);
            let day = super::date_time(commit.time);
            let day = day.get(..10).unwrap_or_default();
            note(out, "since:", &format!("commit {short} of {day} by {}", commit.author));
        }
        out.push('\n');
    }

    /// The excerpt with a mark under what is meant. A line that is too wide loses its beginning or its end.
    fn write_line(&self, out: &mut String, one: &Reported, number: &str) {
        let Some(excerpt) = &one.excerpt else { return };
        let pen = self.pen;
        let margin = number.len().max(1);
        let room = self.width.saturating_sub(margin + 3).max(20);
        let mut shown: Vec<char> = excerpt.chars().collect();
        let (mut start, mut len) = one.caret.map_or((0, 0), |caret| (caret.start, caret.len));
        if shown.len() > room {
            // What is meant stays in view.
            let skip = (start + len.min(room / 2)).saturating_sub(room - 1);
            let mut part: Vec<char> = shown.iter().copied().skip(skip).take(room).collect();
            if skip > 0
                && let Some(first) = part.first_mut()
            {
                *first = '…';
            }
            if skip + room < shown.len()
                && let Some(last) = part.last_mut()
            {
                *last = '…';
            }
            start = start.saturating_sub(skip);
            shown = part;
        }
        len = len.min(shown.len().saturating_sub(start));
        let bar = pen.dim("|");
        let shown: String = shown.into_iter().collect();
        let _ = writeln!(out, "{:margin$} {bar}", "");
        let _ = writeln!(
            out,
            "{} {bar} {}",
            pen.dim(&format!("{number:>margin$}")),
            harmless(&shown)
        );
        if len > 0 {
            let before: String = shown.chars().take(start).collect();
            let meant: String = shown.chars().skip(start).take(len).collect();
            let mark = "^".repeat(columns(&harmless(&meant)));
            let _ = writeln!(
                out,
                "{:margin$} {bar} {:blank$}{}",
                "",
                "",
                pen.severity(one.severity, &mark),
                blank = columns(&harmless(&before))
            );
        }
    }

    fn write_note(&self, out: &mut String, margin: usize, label: &str, text: &str) {
        let lead = margin + 3 + label.chars().count() + 1;
        let text = harmless(text);
        for (number, line) in wrap(&text, self.width.saturating_sub(lead)).into_iter().enumerate() {
            let _ = if number == 0 {
                writeln!(out, "{:margin$} {} {label} {line}", "", self.pen.dim("="))
            } else {
                writeln!(out, "{:lead$}{line}", "")
            };
        }
    }
}

fn about_package(package: &Package) -> String {
    let version = package.version.as_deref().unwrap_or("of any version");
    let mut text = format!("{} {version} ({})", package.name, package.ecosystem);
    if let Some(advisory) = &package.advisory {
        text += &format!(": {advisory}");
        if !package.aliases.is_empty() {
            text += &format!(", also {}", package.aliases.join(", "));
        }
        text += &match &package.fixed {
            Some(fixed) => format!("; fixed in {fixed}"),
            None => "; no fixed version is known".to_owned(),
        };
    }
    text
}

/// How many columns a text takes: two for the wide characters of East Asian scripts and for emoji, near enough for a mark.
fn columns(text: &str) -> usize {
    let wide = |c: char| matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{1f300}'..='\u{1faff}' | '\u{20000}'..='\u{3fffd}');
    text.chars().map(|c| if wide(c) { 2 } else { 1 }).sum()
}

/// Breaks a text at blanks so that no line has more than `width` characters, where its words allow it. Blanks at the
/// beginning stay: details may be laid out.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(20);
    if text.chars().count() <= width {
        return vec![text.to_owned()];
    }
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut length = 0;
    for (number, word) in text.split(' ').enumerate() {
        let more = word.chars().count();
        if number > 0 && length > 0 && length + 1 + more > width {
            lines.push(std::mem::take(&mut line));
            length = 0;
        } else if number > 0 && (length > 0 || lines.is_empty()) {
            line.push(' ');
            length += 1;
        }
        line.push_str(word);
        length += more;
    }
    lines.push(line);
    lines
}

fn write_not_examined(out: &mut String, report: &Report, pen: Pen) {
    if report.not_examined.is_empty() {
        return;
    }
    // Writing to a String cannot fail.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Blob,
        report::{Caret, Fix, Step},
        scan::tests::{scan_with, settings},
    };
    use ward_evidence::Location;

    fn report() -> Report {
        let mut report = scan_with(&settings(), |scanner| {
            scanner.examine(&Blob::of_bytes("src/a.py", b"x\n key = hidden-1\n"), None);
        });
        let one = report.findings.first_mut().unwrap();
        one.more.flow = vec![Step {
            at: Location::of_file("src/b.py").at(3, 4),
            note: "the request comes in".into(),
        }];
        one.more.fix = Some(Fix {
            what: "use a vault".into(),
            edits: Vec::new(),
        });
        one.more.package = Some(Box::new(Package {
            ecosystem: "PyPI".into(),
            name: "flask".into(),
            version: Some("1.0".into()),
            advisory: Some("GHSA-x".into()),
            aliases: vec!["CVE-1".into()],
            fixed: Some("1.1".into()),
        }));
        report
    }

    #[test]
    fn a_finding_shows_its_line_its_way_and_what_to_do() {
        let text = render(&report(), Look::default());
        let expect = "high: a word [secrets/test-word]\n \
             --> src/a.py:2:8\n  \
             |\n2 \
             | key = …\n  \
             |       ^\n  \
             = flow: how the value gets here\n  \
             =   1. src/b.py:3:4: the request comes in\n  \
             = package: flask 1.0 (PyPI): GHSA-x, also CVE-1; fixed in 1.1\n  \
             = fix: use a vault\n\n";
        assert!(text.starts_with(expect), "{text}");
        assert!(text.contains("1 finding: 1 high; 0 not examined"));
    }

    #[test]
    fn lines_keep_to_the_width_and_what_is_meant_stays_in_view() {
        let mut report = report();
        let one = report.findings.first_mut().unwrap();
        one.excerpt = Some(format!("{}call(x)", "é".repeat(300)));
        one.caret = Some(Caret { start: 300, len: 4 });
        one.finding.note = "many words ".repeat(40).into();
        let text = render(
            &report,
            Look {
                colour: false,
                width: 60,
            },
        );
        for line in text.lines().take_while(|line| !line.contains("1 finding:")) {
            assert!(line.chars().count() <= 62, "{line}");
        }
        let mark = text.lines().position(|line| line.contains("^^^^")).unwrap();
        let at = text.lines().nth(mark).unwrap().find('^').unwrap();
        let above: String = text.lines().nth(mark - 1).unwrap().chars().skip(at).take(4).collect();
        assert_eq!(above, "call");
    }

    #[test]
    fn colour_is_only_added() {
        let plain = render(&report(), Look::default());
        let coloured = render(
            &report(),
            Look {
                colour: true,
                width: 100,
            },
        );
        let mut stripped = String::new();
        let mut parts = coloured.split("\u{1b}[");
        stripped.push_str(parts.next().unwrap());
        for part in parts {
            stripped.push_str(part.split_once('m').unwrap().1);
        }
        assert_eq!(stripped, plain);
    }

    #[test]
    fn texts_are_broken_at_blanks() {
        assert_eq!(wrap("  laid out", 30), ["  laid out"]);
        assert_eq!(
            wrap("aaaaaaaaaa bbbbbbbbbb cccccccccc", 21),
            ["aaaaaaaaaa bbbbbbbbbb", "cccccccccc"]
        );
        assert_eq!(wrap(&"x".repeat(50), 20), ["x".repeat(50)]);
    }
}
