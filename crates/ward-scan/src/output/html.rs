//! The report as one page that needs no network: filters, details on demand, no secrets.

use std::fmt::Write as _;

use ward_evidence::Severity;

use super::harmless;
use crate::{Report, report::Reported};

/// The page. Everything that came out of files is escaped, and the page forbids itself to load or send anything.
#[must_use]
pub fn render(report: &Report) -> String {
    let mut page = [HEAD, "<style>", STYLE, "</style><body>\n"].concat();
    let total = report.findings.len();
    // Writing to a String cannot fail.
    let _ = write!(
        page,
        "<h1>Ward scan</h1><p>{total} findings, {} places not examined. Looked at {} files, {} members of archives, {} \
         blobs of the history; {} bytes.</p>",
        report.not_examined.len(),
        report.stats.files,
        report.stats.members,
        report.stats.blobs,
        report.stats.bytes
    );
    let kept = report.stats.suppressed;
    let _ = write!(
        page,
        "<p>Kept back: {} by comments, {} by .wardignore, {} by the baseline.</p>",
        kept.inline, kept.path, kept.baseline
    );
    page.push_str("<form id=filter><label>Search <input id=words type=search></label>");
    for (severity, count) in report.counts() {
        let _ = write!(
            page,
            "<label><input type=checkbox value={severity} checked> <span class={severity}>{severity}</span> {count}</label>"
        );
    }
    page.push_str("<span id=shown role=status></span></form>\n<table><thead><tr><th>Severity<th>Place<th>Finding<th>Rule</thead><tbody>\n");
    for one in &report.findings {
        write_row(&mut page, one);
    }
    page.push_str("</tbody></table>\n");
    write_rules(&mut page, report);
    if !report.not_examined.is_empty() {
        page.push_str("<h2>Not examined</h2><table><thead><tr><th>Place<th>Why</thead><tbody>\n");
        for one in &report.not_examined {
            let _ = writeln!(
                page,
                "<tr><td>{}<td>{}",
                escape(&one.at.to_string()),
                escape(&one.reason)
            );
        }
        page.push_str("</tbody></table>\n");
    }
    page.push_str("<script>");
    page.push_str(SCRIPT);
    page.push_str("</script></body></html>\n");
    page
}

fn write_row(page: &mut String, one: &Reported) {
    let severity: Severity = one.severity;
    let rule = one.finding.rule.id;
    let _ = write!(
        page,
        "<tr data-severity={severity}><td class={severity}>{severity}<td>{}<td>{}",
        escape(&one.finding.at.to_string()),
        escape(&one.finding.note)
    );
    if let Some(excerpt) = &one.excerpt {
        let _ = write!(page, "<pre>{}</pre>", escape(excerpt));
    }
    let mut details: Vec<String> = one.details.clone();
    if let Some(commit) = &one.commit {
        details.push(format!(
            "since commit {} of {}, by {}",
            commit.id,
            super::json::date(commit),
            commit.author
        ));
    }
    details.push(format!("fingerprint {}", one.finding.fingerprint_hex()));
    let _ = write!(
        page,
        "<details><summary>more</summary><pre>{}</pre></details>",
        escape_lines(&details)
    );
    let _ = writeln!(page, "<td><a href=\"#{rule}\">{rule}</a>");
}

/// What the rules that are named say about themselves.
fn write_rules(page: &mut String, report: &Report) {
    let mut rules: Vec<_> = report.findings.iter().map(|one| one.finding.rule).collect();
    rules.sort_by_key(|rule| rule.id);
    rules.dedup_by_key(|rule| rule.id);
    if rules.is_empty() {
        return;
    }
    page.push_str("<h2>Rules</h2>\n");
    for rule in rules {
        let _ = writeln!(
            page,
            "<h3 id=\"{}\">{}</h3><p>{}</p><pre>{}</pre>",
            rule.id,
            rule.id,
            escape(rule.summary),
            escape_lines(&rule.docs.lines().map(str::to_owned).collect::<Vec<_>>())
        );
    }
}

/// Text between tags.
fn escape(text: &str) -> String {
    let text = harmless(text);
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

fn escape_lines(lines: &[String]) -> String {
    lines.iter().map(|line| escape(line)).collect::<Vec<_>>().join("\n")
}

/// The page's policy names its one style and its one script by their SHA-256 (a test compares them): nothing else in the page
/// can be either, whatever came out of a file.
const HEAD: &str = "<!doctype html><html lang=en><meta charset=utf-8>\
<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; base-uri 'none'; form-action 'none'; \
style-src 'sha256-/OdFT7w6YGeQ12nvIlaxDdbHUiE+rTsTt4isySZ8XMQ='; \
script-src 'sha256-uYZaFZ5lWwv7M1MRvCpp8S/Zl9eEE0SqItrbRLNLLvM='\">\
<meta name=viewport content=\"width=device-width\"><meta name=referrer content=no-referrer><title>Ward scan</title>";

const STYLE: &str = "
body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:80rem;padding:0 1rem;color:#1b1b1f;background:#fff}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid #ddd}
td{overflow-wrap:anywhere}pre{white-space:pre-wrap;margin:.3rem 0;color:#555}form{display:flex;gap:1rem;flex-wrap:wrap;margin:1rem 0}
.critical{color:#9b0000;font-weight:700}.high{color:#b3261e;font-weight:600}.medium{color:#8a5300}.low{color:#00677d}.info{color:#666}
@media(prefers-color-scheme:dark){body{color:#e4e4e8;background:#17171a}th,td{border-color:#333}pre{color:#aaa}a{color:#8ab4f8}
.critical,.high{color:#ff8a80}.medium{color:#ffb95c}.low{color:#6fd3ea}.info{color:#999}}
";

const SCRIPT: &str = "
const rows=[...document.querySelectorAll('tr[data-severity]')],form=document.getElementById('filter'),words=document.getElementById('words');
function show(){const on=new Set([...form.querySelectorAll('input:checked')].map(i=>i.value)),w=words.value.toLowerCase();let n=0;
for(const r of rows){const v=on.has(r.dataset.severity)&&r.textContent.toLowerCase().includes(w);r.hidden=!v;n+=v}
document.getElementById('shown').textContent=n+' shown'}
form.addEventListener('input',show);form.addEventListener('submit',e=>e.preventDefault());show()
";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Blob,
        scan::tests::{scan_with, settings},
    };

    #[test]
    fn what_came_out_of_files_cannot_become_part_of_the_page() {
        let path = "<script>alert(1)</script>&\"'\u{202e}";
        let report = scan_with(&settings(), |scanner| {
            scanner.examine(&Blob::of_bytes(path, b"<img src=x> hidden-1"), None);
        });
        let page = render(&report);
        assert_eq!(page.matches("<script>").count(), 1);
        assert!(!page.contains("unsafe-inline") && !page.contains(" style="));
        for text in [STYLE, SCRIPT] {
            let hash = data_encoding::BASE64.encode(&ward_seal::hash::sha256(text.as_bytes()));
            assert!(
                page.contains(&format!("'sha256-{hash}'")),
                "the policy must name {hash}"
            );
        }
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#39;\\u{202e}"));
        assert!(!page.contains("<img") && !page.contains("hidden-1") && page.contains("default-src 'none'"));
    }
}
