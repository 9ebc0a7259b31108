//! The report as a page of Markdown: for the summary of a build or a comment on a change.

use std::fmt::Write as _;

use super::{About, harmless};
use crate::{Report, report::Reported};

/// Most findings that are listed.
const MOST: usize = 50;
/// Most places not examined that are listed.
const MOST_NOT_EXAMINED: usize = 20;

/// The report as Markdown (`CommonMark` with tables).
#[must_use]
pub fn render(report: &Report, about: &About) -> String {
    let total = report.findings.len();
    let not_examined = report.not_examined.len();
    let mut out = String::from("## Ward scan\n\n");
    // Writing to a String cannot fail.
    let _ = match (total, not_examined) {
        (0, 0) => writeln!(out, "Nothing was found, and everything was examined.\n"),
        (0, _) => writeln!(
            out,
            "Nothing was found, but **{not_examined} places were not examined**.\n"
        ),
        (_, 0) => writeln!(out, "**{total} findings.** Everything was examined.\n"),
        _ => writeln!(
            out,
            "**{total} findings**, and **{not_examined} places were not examined**.\n"
        ),
    };
    if total > 0 {
        let counts = report.counts();
        out.push_str("| critical | high | medium | low | info |\n|---:|---:|---:|---:|---:|\n|");
        for (_, count) in counts {
            let _ = write!(out, " {count} |");
        }
        out.push_str("\n\n| severity | place | finding | rule |\n|---|---|---|---|\n");
        for one in report.worst_first().into_iter().take(MOST) {
            write_finding(&mut out, one);
        }
        if total > MOST {
            let _ = writeln!(out, "\nAnd {} more; the whole report lists them.", total - MOST);
        }
        out.push('\n');
    }
    if not_examined > 0 {
        out.push_str("### Not examined\n\n");
        for one in report.not_examined.iter().take(MOST_NOT_EXAMINED) {
            let _ = writeln!(out, "- {}: {}", plain(&one.at.to_string()), plain(&one.reason));
        }
        if not_examined > MOST_NOT_EXAMINED {
            let _ = writeln!(out, "- and {} more", not_examined - MOST_NOT_EXAMINED);
        }
        out.push('\n');
    }
    let stats = &report.stats;
    let kept = &stats.suppressed;
    let _ = writeln!(
        out,
        "Looked at {} files, {} members of archives and {} blobs of the history of {}. Kept back: {} by comments, {} by \
         `.wardignore`, {} by the baseline, {} by VEX.",
        stats.files,
        stats.members,
        stats.blobs,
        plain(&about.target),
        kept.inline,
        kept.path,
        kept.baseline,
        kept.vex
    );
    out
}

fn write_finding(out: &mut String, one: &Reported) {
    let _ = writeln!(
        out,
        "| {} | {} | {} | `{}` |",
        one.severity,
        plain(&one.finding.at.to_string()),
        plain(&one.finding.note),
        one.rule_name()
    );
}

/// Text that Markdown takes as it is: a name out of a file can be neither a link nor a tag nor the end of a cell.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in harmless(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // A name that is an address or a person's handle would become a link or call that person.
            '@' => out.push_str("&#64;"),
            ':' => out.push_str("&#58;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '(' | ')' | '!' | '|' | '#' | '~' | '$' | '+' | '-' => {
                out.push('\\');
                out.push(c);
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
    fn names_are_text_and_not_markdown() {
        let report = scan_with(&settings(), |scanner| {
            let path = "[a](http://x)|<img>@all\n# b.py";
            scanner.examine(&Blob::of_bytes(path, b"x = hidden-1"), None);
        });
        let text = render(&report, &About::default());
        assert!(
            text.contains(r"| high | \[a\]\(http&#58;//x\)\|&lt;img&gt;&#64;all\\u{a}\# b.py&#58;1&#58;5 | a word |"),
            "{text}"
        );
        assert!(text.contains("**1 findings.** Everything was examined.") && !text.contains("hidden-1"));
        let clean = render(&Report::default(), &About::default());
        assert!(clean.contains("Nothing was found, and everything was examined."));
    }
}
