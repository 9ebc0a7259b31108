//! The report as one page that needs no network: for whoever has to decide, and for whoever has to mend. Totals and charts
//! first, then every finding with its line, its way, its fix and its rule, and what was not examined. No secrets.

mod chart;

use std::{collections::BTreeMap, fmt::Write as _};

use ward_evidence::{RuleMeta, Severity};

use super::{
    About, date_time, engine_of,
    markdown::{self, escape},
    weaknesses,
};
use crate::{Report, report::Reported, suppress::write_day};
use chart::Bar;

/// Most bars of a chart of files or controls.
const MOST_BARS: usize = 8;
/// Most findings whose details are in the page; with more, browsers take seconds to open it.
const MOST: usize = 5_000;

const STYLE: &str = include_str!("html/report.css");
const SCRIPT: &str = include_str!("html/report.js");

/// The page. Everything that came out of files is escaped, and the page forbids itself to load or send anything: its policy
/// names its one style and its one script by their SHA-256, so nothing else in it can be either.
#[must_use]
pub fn render(report: &Report, about: &About) -> String {
    let hash = |text: &str| data_encoding::BASE64.encode(&ward_seal::hash::sha256(text.as_bytes()));
    let mut page = format!(
        "<!doctype html><html lang=en><meta charset=utf-8>\
         <meta http-equiv=Content-Security-Policy content=\"default-src 'none'; base-uri 'none'; form-action 'none'; \
         style-src 'sha256-{}'; script-src 'sha256-{}'\">\
         <meta name=viewport content=\"width=device-width\"><meta name=referrer content=no-referrer>\
         <title>Ward scan</title><style>{STYLE}</style><body>\n<a class=skip href=\"#findings\">Skip to the findings</a>\n",
        hash(STYLE),
        hash(SCRIPT)
    );
    let engines = engines(report);
    write_head(&mut page, report, about);
    write_charts(&mut page, report, &engines, about);
    write_findings(&mut page, report, &engines);
    write_not_examined(&mut page, report);
    write_rules(&mut page, report);
    write_basis(&mut page, report);
    let _ = writeln!(page, "<script>{SCRIPT}</script></body></html>");
    page
}

/// The engine of every rule that is named.
fn engines(report: &Report) -> BTreeMap<&'static str, &'static str> {
    let mut engines = BTreeMap::new();
    for one in &report.findings {
        let rule = one.finding.rule;
        engines.entry(rule.id).or_insert_with(|| engine_of(rule));
    }
    engines
}

// Writing to a String cannot fail, so its results are not looked at below.

/// The verdict, the totals, and the warning about what was not examined.
fn write_head(page: &mut String, report: &Report, about: &About) {
    let (total, dark) = (report.findings.len(), report.not_examined.len());
    let files: std::collections::BTreeSet<&str> =
        report.findings.iter().map(|one| one.finding.at.path.as_str()).collect();
    let worst = report.findings.iter().map(|one| one.severity).max();
    let _ = write!(
        page,
        "<header><h1>Ward scan</h1><p class=soft>of {} on {} UTC, Ward {}</p>",
        escape(if about.target.is_empty() { "." } else { &about.target }),
        date_time(about.ended).replace('T', " at "),
        env!("CARGO_PKG_VERSION")
    );
    let verdict = match worst {
        None if dark == 0 => "Nothing was found, and everything was examined.".to_owned(),
        None => "Nothing was found in what was examined.".to_owned(),
        Some(worst) => format!(
            "{total} {} in {} {}; the worst {} <strong class={worst}>{worst}</strong>.",
            if total == 1 { "finding" } else { "findings" },
            files.len(),
            if files.len() == 1 { "file" } else { "files" },
            if total == 1 { "is" } else { "are" }
        ),
    };
    let _ = write!(page, "<p class=verdict>{verdict}</p><ul class=cards>");
    for (severity, count) in report.counts() {
        let _ = write!(page, "<li class={severity}><strong>{count}</strong> {severity}");
    }
    let _ = write!(
        page,
        "<li{}><strong>{dark}</strong> not examined</ul>",
        if dark > 0 { " class=medium" } else { "" }
    );
    if dark > 0 {
        let _ = write!(
            page,
            "<p class=warning role=note><strong>{dark} {} not examined.</strong> What is in there is not known, and this \
             report says nothing about it. <a href=\"#not-examined\">Which, and why</a>.</p>",
            if dark == 1 { "place was" } else { "places were" }
        );
    }
    page.push_str("</header>\n");
}

fn write_charts(page: &mut String, report: &Report, engines: &BTreeMap<&'static str, &'static str>, about: &About) {
    let of = |one: &Reported| engines.get(one.finding.rule.id).copied().unwrap_or_default();
    let severity: Vec<Bar> = report
        .counts()
        .into_iter()
        .map(|(severity, count)| Bar {
            name: severity.to_string(),
            count,
            class: severity.word(),
        })
        .collect();
    let engine = tally(report.findings.iter().map(|one| of(one).to_owned()));
    let files = tally(report.findings.iter().map(|one| one.finding.at.path.clone()));
    let controls = report.findings.iter().flat_map(|one| one.finding.rule.controls);
    let controls = tally(controls.map(|id| {
        let title = ward_evidence::by_id(id.as_str()).map_or("", |control| control.title);
        format!("{id} {title}")
    }));
    page.push_str("<h2>At a glance</h2><div class=charts>");
    page.push_str(&chart::bars(
        "By severity",
        if report.findings.is_empty() { &[] } else { &severity },
    ));
    page.push_str(&chart::bars("By engine", &engine));
    page.push_str(&chart::bars("Files with the most findings", &files));
    page.push_str(&chart::bars("Controls that are touched", &controls));
    page.push_str(&chart::bars(
        "How long it has been in the history",
        &ages(report, about),
    ));
    page.push_str("</div>\n");
}

/// How often each name stands there, most often first.
fn tally(names: impl Iterator<Item = String>) -> Vec<Bar> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for name in names {
        *counts.entry(name).or_default() += 1;
    }
    let mut bars: Vec<Bar> = counts
        .into_iter()
        .map(|(name, count)| Bar { name, count, class: "" })
        .collect();
    bars.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
    bars.truncate(MOST_BARS);
    bars
}

/// How old findings are whose first commit is known.
fn ages(report: &Report, about: &About) -> Vec<Bar> {
    const DAY: i64 = 86_400;
    let spans: [(&str, i64); 5] = [
        ("less than a week", 7 * DAY),
        ("less than a month", 30 * DAY),
        ("less than half a year", 182 * DAY),
        ("less than two years", 730 * DAY),
        ("longer", i64::MAX),
    ];
    let mut bars: Vec<Bar> = spans
        .iter()
        .map(|(name, _)| Bar {
            name: (*name).to_owned(),
            count: 0,
            class: "",
        })
        .collect();
    for commit in report.findings.iter().filter_map(|one| one.commit.as_ref()) {
        let age = about.ended.saturating_sub(commit.time);
        let at = spans
            .iter()
            .position(|(_, most)| age < *most)
            .unwrap_or(spans.len() - 1);
        if let Some(bar) = bars.get_mut(at) {
            bar.count += 1;
        }
    }
    bars
}

fn write_findings(page: &mut String, report: &Report, engines: &BTreeMap<&'static str, &'static str>) {
    page.push_str("<h2 id=findings>Findings</h2>\n");
    if report.findings.is_empty() {
        page.push_str("<p>None.</p>\n");
        return;
    }
    write_filter(page, report, engines);
    for one in report.worst_first().into_iter().take(MOST) {
        write_finding(page, one, engines.get(one.finding.rule.id).copied().unwrap_or_default());
    }
    let more = report.findings.len().saturating_sub(MOST);
    if more > 0 {
        let _ = write!(
            page,
            "<p><strong>{more} more findings are not listed here</strong>; --json lists them all.</p>"
        );
    }
}

fn write_filter(page: &mut String, report: &Report, engines: &BTreeMap<&'static str, &'static str>) {
    page.push_str(
        "<form id=filter role=search aria-label=\"Filter the findings\"><label>Search <input id=words type=search \
         placeholder=\"press / to search\"></label><fieldset><legend>Severity</legend>",
    );
    for (severity, count) in report.counts() {
        let _ = write!(
            page,
            "<label><input type=checkbox name=severity value={severity} checked> <span class={severity}>{severity}</span> \
             {count}</label>"
        );
    }
    page.push_str("</fieldset><label>Engine <select name=engine><option value=\"\">all");
    let mut names: Vec<&str> = engines.values().copied().collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let _ = write!(page, "<option>{name}");
    }
    page.push_str("</select></label><label>Control <select name=controls><option value=\"\">all");
    let controls = report.findings.iter().flat_map(|one| one.finding.rule.controls);
    let controls: std::collections::BTreeSet<&str> = controls.map(|id| id.as_str()).collect();
    for id in controls {
        let _ = write!(page, "<option>{id}");
    }
    page.push_str(
        "</select></label><label><input name=fix value=yes type=checkbox> with a fix</label><button id=open type=button>Open \
         all</button><button id=close type=button>Close all</button><button type=reset>Reset</button>\
         <span id=shown class=soft role=status></span></form>\n",
    );
}

fn write_finding(page: &mut String, one: &Reported, engine: &str) {
    let severity: Severity = one.severity;
    let rule = one.finding.rule;
    let controls: Vec<&str> = rule.controls.iter().map(|id| id.as_str()).collect();
    let _ = write!(
        page,
        "<article data-severity={severity} data-engine={engine} data-controls=\"{}\" data-fix={}><details><summary>\
         <span class=\"badge {severity}\">{severity}</span> {}<span class=place>{}</span></summary><div class=body>",
        controls.join(" "),
        if one.more.fix.is_some() { "yes" } else { "no" },
        escape(&one.finding.note),
        escape(&one.finding.at.to_string())
    );
    if let Some(excerpt) = &one.excerpt {
        let _ = write!(page, "<pre>{}</pre>", marked(one, excerpt));
    }
    if !one.more.flow.is_empty() {
        page.push_str("<h3>How the value gets there</h3><ol>");
        for step in &one.more.flow {
            let place = escape(&step.at.to_string());
            let _ = write!(page, "<li><span class=place>{place}</span>: {}", escape(&step.note));
        }
        page.push_str("</ol>");
    }
    if !one.details.is_empty() {
        let lines: Vec<String> = one.details.iter().map(|line| escape(line)).collect();
        let _ = write!(page, "<pre>{}</pre>", lines.join("\n"));
    }
    page.push_str("<dl>");
    let mut row = |name: &str, text: &str| {
        let _ = write!(page, "<dt>{name}<dd>{text}");
    };
    row(
        "Rule",
        &format!("<a href=\"#{}\">{}</a>", rule.id, escape(one.rule_name())),
    );
    if let Some(package) = &one.more.package {
        let version = package.version.as_deref().unwrap_or("any version");
        row(
            "Package",
            &escape(&format!("{} {version} ({})", package.name, package.ecosystem)),
        );
        if let Some(advisory) = &package.advisory {
            let names: Vec<&str> = [advisory]
                .into_iter()
                .chain(&package.aliases)
                .map(String::as_str)
                .collect();
            row("Advisory", &escape(&names.join(", ")));
            row(
                "Fixed in",
                &escape(package.fixed.as_deref().unwrap_or("no version that is known")),
            );
        }
    }
    if let Some(fix) = &one.more.fix {
        let by_ward = one.more.package.is_none();
        let how = if by_ward { " (<code>ward scan --fix</code>)" } else { "" };
        row("Fix", &format!("{}{how}", escape(&fix.what)));
    }
    if let Some(commit) = &one.commit {
        let day = date_time(commit.time);
        let day = day.get(..10).unwrap_or_default();
        row(
            "Since",
            &escape(&format!("{day}, commit {} by {}", commit.id, commit.author)),
        );
    }
    row("Controls", &controls.join(", "));
    row(
        "Fingerprint",
        &format!("<code>{}</code>", one.finding.fingerprint_hex()),
    );
    page.push_str("</dl></div></details></article>\n");
}

/// The excerpt with what is meant marked.
fn marked(one: &Reported, excerpt: &str) -> String {
    let Some(caret) = one.caret else { return escape(excerpt) };
    let part = |skip, take| escape(&excerpt.chars().skip(skip).take(take).collect::<String>());
    format!(
        "{}<mark>{}</mark>{}",
        part(0, caret.start),
        part(caret.start, caret.len),
        part(caret.start + caret.len, usize::MAX)
    )
}

fn write_not_examined(page: &mut String, report: &Report) {
    page.push_str("<h2 id=not-examined>Not examined</h2>\n");
    if report.not_examined.is_empty() {
        page.push_str("<p>Nothing: everything was examined to its end.</p>\n");
        return;
    }
    page.push_str("<table><thead><tr><th scope=col>Place<th scope=col>Why</thead><tbody>\n");
    for one in report.not_examined.iter().take(MOST) {
        let place = escape(&one.at.to_string());
        let _ = writeln!(page, "<tr><td class=place>{place}<td>{}", escape(&one.reason));
    }
    page.push_str("</tbody></table>\n");
    let more = report.not_examined.len().saturating_sub(MOST);
    if more > 0 {
        let _ = write!(page, "<p><strong>And {more} more</strong>; --json lists them all.</p>");
    }
}

/// What the rules that are named say about themselves.
fn write_rules(page: &mut String, report: &Report) {
    let mut rules: BTreeMap<&str, (&'static RuleMeta, usize)> = BTreeMap::new();
    for one in &report.findings {
        rules.entry(one.finding.rule.id).or_insert((one.finding.rule, 0)).1 += 1;
    }
    if rules.is_empty() {
        return;
    }
    page.push_str("<h2>Rules</h2>\n");
    for (id, (rule, count)) in rules {
        let mut serves: Vec<String> = rule.controls.iter().map(|id| id.to_string()).collect();
        serves.extend(weaknesses(rule).into_iter().map(|number| format!("CWE-{number}")));
        let _ = writeln!(
            page,
            "<section class=rule id=\"{id}\"><h3>{id}</h3><p class=soft>{count} here · {}</p><p><strong>{}</strong></p>{}</section>",
            serves.join(", "),
            escape(rule.summary),
            markdown::html(rule.docs)
        );
    }
}

/// What the numbers rest on.
fn write_basis(page: &mut String, report: &Report) {
    let stats = &report.stats;
    let kept = stats.suppressed;
    page.push_str("<h2>What this rests on</h2><table><tbody>");
    let mut row = |name: &str, text: String| {
        let _ = write!(page, "<tr><th scope=row>{name}<td>{text}");
    };
    row(
        "Looked at",
        format!(
            "{} files, {} members of archives, {} blobs of the history; {:.1} MB",
            stats.files,
            stats.members,
            stats.blobs,
            stats.bytes as f64 / 1e6
        ),
    );
    row("Left out because git ignores them", stats.ignored.to_string());
    row(
        "Kept back",
        format!(
            "{} by comments, {} by .wardignore, {} by the baseline, {} by statements of VEX, {} that only the thorough \
             profile shows",
            kept.inline, kept.path, kept.baseline, kept.vex, kept.profile
        ),
    );
    row("Accepted as not examined by .wardignore", kept.not_examined.to_string());
    if let Some(day) = stats.advisories {
        row("Advisories as of", write_day(day));
    }
    page.push_str("</tbody></table>\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Blob,
        report::{Commit, Fix, Package, Step},
        scan::tests::{scan_with, settings},
    };
    use ward_evidence::Location;

    #[test]
    fn what_came_out_of_files_cannot_become_part_of_the_page() {
        let hostile = "<script>alert(1)</script>&\"'\u{202e}";
        let mut report = scan_with(&settings(), |scanner| {
            scanner.examine(&Blob::of_bytes(hostile, b"<img src=x> hidden-1"), None);
            scanner.not_examined(Location::of_file(hostile), hostile);
        });
        let one = report.findings.first_mut().unwrap();
        one.finding.note = hostile.into();
        one.details = vec![hostile.into()];
        one.more.flow = vec![Step {
            at: Location::of_file(hostile),
            note: hostile.into(),
        }];
        one.more.fix = Some(Fix {
            what: hostile.into(),
            edits: Vec::new(),
        });
        one.more.package = Some(Box::new(Package {
            ecosystem: hostile.into(),
            name: hostile.into(),
            version: Some(hostile.into()),
            advisory: Some(hostile.into()),
            aliases: vec![hostile.into()],
            fixed: Some(hostile.into()),
        }));
        one.commit = Some(std::sync::Arc::new(Commit {
            id: hostile.into(),
            time: 0,
            author: hostile.into(),
        }));
        let about = About {
            target: hostile.into(),
            ..About::default()
        };
        let page = render(&report, &about);
        assert_eq!(page.matches("<script>").count(), 1);
        assert_eq!(page.matches("<style>").count(), 1);
        assert!(!page.contains("unsafe-inline") && !page.contains(" style=") && !page.contains("alert(1)</s"));
        for text in [STYLE, SCRIPT] {
            assert!(!text.contains("</"), "it would end its element");
            let hash = data_encoding::BASE64.encode(&ward_seal::hash::sha256(text.as_bytes()));
            assert!(page.contains(&format!("'sha256-{hash}'>")) || page.contains(&format!("'sha256-{hash}'")));
            assert!(page.contains(&format!(">{text}</")));
        }
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#39;\\u{202e}"));
        assert!(!page.contains("<img") && !page.contains("hidden-1") && page.contains("default-src 'none'"));
        assert!(!page.contains("http:") && !page.contains("https:"));
    }

    #[test]
    fn totals_and_what_was_not_examined_come_first() {
        let report = scan_with(&settings(), |scanner| {
            scanner.examine(&Blob::of_bytes("a.py", b"x hidden-1\ny hidden-2"), None);
            scanner.not_examined(Location::of_file("b"), "broken");
        });
        let page = render(&report, &About::default());
        assert!(page.contains("2 findings in 1 file; the worst are <strong class=high>high</strong>."));
        let warning = page.find("1 place was not examined.").unwrap();
        assert!(warning < page.find("<h2").unwrap());
        assert!(page.contains("aria-label=\"By severity: critical 0, high 2, medium 0, low 0, info 0\""));
        assert!(!page.contains("How long it has been"));
        let clean = render(&Report::default(), &About::default());
        assert!(clean.contains("Nothing was found, and everything was examined.") && !clean.contains("<form"));
    }
}
