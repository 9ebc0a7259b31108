//! The report as one page that needs no network: verdicts first, then every sentence with its evidence, what is missing,
//! what was not examined, and what the words mean.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use ward_evidence::RuleMeta;
use ward_scan::output::{date_time, harmless};

use super::{
    About, counts,
    meaning::{UNMAPPED_SAYS, VERDICTS},
    text,
};
use crate::{
    report::{Ending, Judged, Report},
    verdict::{Proof, Verdict},
};

/// One style and one script for the reports of Ward: those of `ward scan`, and what only this page has.
const STYLE: &str = concat!(
    include_str!("../../../ward-scan/src/output/html/report.css"),
    include_str!("html/policy.css")
);
const SCRIPT: &str = include_str!("../../../ward-scan/src/output/html/report.js");

/// Most sentences whose details are in the page; with more, browsers take seconds to open it.
const MOST: usize = 5_000;

/// Text between tags, or in an attribute between double quotes.
pub(super) fn escape(text: &str) -> String {
    harmless(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

/// The page. Everything that came out of files is escaped, and the page forbids itself to load or send anything: its
/// content security policy names its one style and its one script by their SHA-256.
#[must_use]
pub fn render(report: &Report, about: &About<'_>) -> String {
    let hash = |text: &str| data_encoding::BASE64.encode(&ward_seal::hash::sha256(text.as_bytes()));
    let mut page = format!(
        "<!doctype html><html lang=en><meta charset=utf-8>\
         <meta http-equiv=Content-Security-Policy content=\"default-src 'none'; base-uri 'none'; form-action 'none'; \
         style-src 'sha256-{}'; script-src 'sha256-{}'\">\
         <meta name=viewport content=\"width=device-width\"><meta name=referrer content=no-referrer>\
         <title>Ward policy check</title><style>{STYLE}</style><body>\n\
         <a class=skip href=\"#promises\">Skip to the promises</a>\n",
        hash(STYLE),
        hash(SCRIPT)
    );
    write_head(&mut page, report, about);
    write_promises(&mut page, report);
    write_unmapped(&mut page, report);
    write_remarks(&mut page, report);
    write_missing(&mut page, report);
    write_not_examined(&mut page, report);
    write_meanings(&mut page, report);
    write_rules(&mut page, report);
    write_basis(&mut page, report, about);
    let _ = writeln!(page, "<script>{SCRIPT}</script></body></html>");
    page
}

// Writing to a String cannot fail, so its results are not looked at below.

fn write_head(page: &mut String, report: &Report, about: &About<'_>) {
    let target = if about.target.is_empty() { "." } else { &about.target };
    let _ = write!(
        page,
        "<header><h1>Ward policy check</h1><p class=soft>of {} on {} UTC, Ward {}</p>",
        escape(target),
        date_time(about.at).replace('T', " at "),
        env!("CARGO_PKG_VERSION")
    );
    let verdict = match report.ending(false) {
        _ if report.documents.is_empty() && report.unread_policy => {
            "There is a security policy here, and it was not read.".to_owned()
        }
        _ if report.documents.is_empty() => "There is no security policy here.".to_owned(),
        Ending::Faults => "<strong class=broken>The policy does not hold as it is written.</strong>".to_owned(),
        Ending::NotExamined => {
            "Nothing that was examined contradicts the policy; part of it was not examined.".to_owned()
        }
        Ending::Clean => "Nothing in the repository contradicts the policy.".to_owned(),
    };
    let _ = write!(page, "<p class=verdict>{verdict}</p><ul class=cards>");
    for (meaning, count) in counts(report) {
        let _ = write!(
            page,
            "<li class={}><strong>{count}</strong> {}",
            meaning.word, meaning.name
        );
    }
    let _ = writeln!(page, "</ul><p>{}</p></header>", escape(&text::summary(report)));
}

fn write_promises(page: &mut String, report: &Report) {
    page.push_str("<h2 id=promises>Promises</h2>\n");
    if report.judged.is_empty() {
        page.push_str("<p>None was found.</p>\n");
        return;
    }
    write_filter(page, report);
    let order = VERDICTS.iter().flat_map(|meaning| {
        let has = move |one: &&Judged| one.verdict.word() == meaning.word;
        report.judged.iter().filter(has).map(move |one| (one, meaning.name))
    });
    for (one, name) in order.take(MOST) {
        write_promise(page, one, name);
    }
    let more = report.judged.len().saturating_sub(MOST);
    if more > 0 {
        let _ = writeln!(
            page,
            "<p><strong>{more} more sentences are not listed here</strong>; --format json lists them all.</p>"
        );
    }
}

fn write_filter(page: &mut String, report: &Report) {
    page.push_str(
        "<form id=filter role=search aria-label=\"Filter the promises\"><label>Search <input id=words type=search \
         placeholder=\"press / to search\"></label><fieldset><legend>Verdict</legend>",
    );
    for (meaning, count) in counts(report) {
        let _ = write!(
            page,
            "<label><input type=checkbox name=verdict value={word} checked> <span class={word}>{}</span> {count}</label>",
            meaning.name,
            word = meaning.word
        );
    }
    page.push_str("</fieldset><label>Control <select name=control><option value=\"\">all");
    let controls: BTreeSet<&str> = report
        .judged
        .iter()
        .filter_map(|one| Some(one.control?.as_str()))
        .collect();
    for id in controls {
        let _ = write!(page, "<option>{id}");
    }
    page.push_str("</select></label><label>Document <select name=file><option value=\"\">all");
    let files: BTreeSet<&str> = report
        .judged
        .iter()
        .map(|one| one.promise.place.path.as_str())
        .collect();
    for file in files {
        let _ = write!(page, "<option value=\"{0}\">{0}", escape(file));
    }
    page.push_str(
        "</select></label><button id=open type=button>Open all</button><button id=close type=button>Close all</button>\
         <button type=reset>Reset</button><span id=shown class=soft role=status></span></form>\n",
    );
}

fn write_promise(page: &mut String, one: &Judged, name: &str) {
    let word = one.verdict.word();
    let place = &one.promise.place;
    let path = escape(&place.path);
    let control = one.control.map_or("", |id| id.as_str());
    let open = if one.verdict.is_fault() { " open" } else { "" };
    let _ = write!(
        page,
        "<article data-verdict={word} data-control=\"{control}\" data-file=\"{path}\"><details{open}><summary>\
         <span class=\"badge {word}\">{name}</span> {}<span class=place>{path}:{}</span></summary><div class=body>\
         <blockquote>{}</blockquote>",
        escape(&one.message),
        place.line,
        escape(&one.promise.text)
    );
    match &one.verdict {
        Verdict::Kept { proofs, limit } => {
            write_proofs(page, "Evidence", proofs.all());
            if let Some(limit) = limit {
                let _ = write!(page, "<p class=soft>What this does not show: {}.</p>", escape(limit));
            }
        }
        Verdict::Broken(proofs) | Verdict::Weak(proofs) => write_proofs(page, "Evidence", proofs.all()),
        Verdict::Advice(Some(proofs)) => write_proofs(page, "Where the project itself does not", proofs.all()),
        Verdict::Contradictory(places) => {
            page.push_str("<h3>Something else is said here</h3><ul>");
            for place in places {
                let _ = write!(
                    page,
                    "<li><span class=place>{}:{}</span>",
                    escape(&place.path),
                    place.line
                );
            }
            page.push_str("</ul>");
        }
        Verdict::Unverifiable { why, would } => {
            let _ = write!(
                page,
                "<p>Why not here: {}.</p><p>What would verify it: {}.</p>",
                escape(why),
                escape(would)
            );
        }
        Verdict::NotExamined(why) => {
            let _ = write!(page, "<p>{}</p>", escape(why));
        }
        Verdict::Vague | Verdict::Advice(None) | Verdict::Delegated => {}
    }
    let title = ward_evidence::by_id(control).map_or("", |one| one.title);
    let headings: Vec<String> = one.promise.headings.iter().map(|one| escape(one)).collect();
    let _ = writeln!(
        page,
        "<dl><dt>About<dd>{}<dt>Control<dd>{control} {}<dt>Rule<dd><code>{}</code><dt>Under<dd>{}</dl></div></details></article>",
        one.promise.topic.word(),
        escape(title),
        escape(one.rule),
        headings.join(" › ")
    );
}

fn write_proofs(page: &mut String, title: &str, proofs: &[Proof]) {
    let _ = write!(page, "<h3>{title}</h3><ul>");
    for proof in proofs {
        let at = proof.line.map_or_else(String::new, |line| format!(":{line}"));
        let _ = write!(
            page,
            "<li><span class=place>{}{at}</span>: {}",
            escape(&proof.path),
            escape(&proof.note)
        );
    }
    page.push_str("</ul>");
}

fn write_unmapped(page: &mut String, report: &Report) {
    if report.unmapped.is_empty() {
        return;
    }
    let _ = writeln!(
        page,
        "<h2>Said, and bound to no control</h2><p>{}.</p><table><thead><tr><th scope=col>Place<th scope=col>What is said</thead><tbody>",
        escape(UNMAPPED_SAYS)
    );
    for one in report.unmapped.iter().take(MOST) {
        let place = &one.place;
        let _ = writeln!(
            page,
            "<tr><td class=place>{}:{}<td>{}",
            escape(&place.path),
            place.line,
            escape(&one.text)
        );
    }
    page.push_str("</tbody></table>\n");
    if report.unmapped_more > 0 {
        let _ = writeln!(
            page,
            "<p><strong>{} more such sentences are told nowhere.</strong></p>",
            report.unmapped_more
        );
    }
}

fn write_remarks(page: &mut String, report: &Report) {
    if report.remarks.is_empty() {
        return;
    }
    page.push_str("<h2>About the text</h2><table><thead><tr><th scope=col>Place<th scope=col>What<th scope=col>Rule</thead><tbody>\n");
    for one in report.remarks.iter().take(MOST) {
        let class = if one.is_fault { " class=broken" } else { "" };
        let _ = writeln!(
            page,
            "<tr><td class=place>{}:{}<td{class}>{}<td><code>{}</code>",
            escape(&one.path),
            one.line,
            escape(&one.message),
            escape(one.rule)
        );
    }
    page.push_str("</tbody></table>\n");
}

fn write_missing(page: &mut String, report: &Report) {
    page.push_str("<h2>What is missing</h2>\n");
    if report.missing.is_empty() {
        page.push_str("<p>Nothing that policies of this kind usually promise.</p>\n");
        return;
    }
    page.push_str("<p>Policies of this kind usually promise this, and this one does not.</p><table><thead><tr><th scope=col>About<th scope=col>Control<th scope=col>What it asks for</thead><tbody>\n");
    for topic in &report.missing {
        let control = topic.control().and_then(|id| ward_evidence::by_id(id.as_str()));
        let (id, statement) = control.map_or(("", ""), |one| (one.id.as_str(), one.rationale));
        let _ = writeln!(page, "<tr><td>{}<td>{id}<td>{}", topic.word(), escape(statement));
    }
    page.push_str("</tbody></table>\n");
}

fn write_not_examined(page: &mut String, report: &Report) {
    if report.not_examined.is_empty() {
        return;
    }
    page.push_str("<h2>Not examined</h2><table><thead><tr><th scope=col>Place<th scope=col>Why</thead><tbody>\n");
    for (path, why) in report.not_examined.iter().take(MOST) {
        let _ = writeln!(page, "<tr><td class=place>{}<td>{}", escape(path), escape(why));
    }
    page.push_str("</tbody></table>\n");
}

fn write_meanings(page: &mut String, report: &Report) {
    page.push_str("<h2>What the words mean</h2><dl>");
    for (meaning, _) in counts(report) {
        let _ = write!(
            page,
            "<dt class={}>{}<dd>{} <em>Instead:</em> {}",
            meaning.word,
            meaning.name,
            escape(meaning.explained),
            escape(meaning.instead)
        );
    }
    page.push_str("</dl>\n");
}

/// What the rules that are named say about themselves.
fn write_rules(page: &mut String, report: &Report) {
    let judged = report.judged.iter().map(|one| one.rule);
    let named: BTreeSet<&str> = judged.chain(report.remarks.iter().map(|one| one.rule)).collect();
    let known = crate::check::rules().iter().filter(|rule| named.contains(rule.id));
    let known: BTreeMap<&str, &RuleMeta> = known.map(|rule| (rule.id, *rule)).collect();
    if known.is_empty() {
        return;
    }
    page.push_str("<h2>Rules</h2>\n");
    for (id, rule) in known {
        let _ = write!(
            page,
            "<section class=rule id=\"{id}\"><h3>{id}</h3><p><strong>{}</strong></p>",
            escape(rule.summary)
        );
        for paragraph in rule.docs.split("\n\n") {
            let _ = write!(page, "<p>{}</p>", escape(&paragraph.replace("**", "")));
        }
        page.push_str("</section>\n");
    }
}

fn write_basis(page: &mut String, report: &Report, about: &About<'_>) {
    let documents: Vec<String> = report.documents.iter().map(|one| escape(one)).collect();
    let documents = if documents.is_empty() {
        "none".to_owned()
    } else {
        documents.join(", ")
    };
    let _ = writeln!(
        page,
        "<h2>What this rests on</h2><p>Documents: {documents}.</p><p>{}</p><p class=soft>What is said here is what files of \
         the repository show. It is evidence, with its limits, and no certificate.</p>",
        escape(&about.scanned())
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::every_verdict;

    #[test]
    fn everything_out_of_files_is_escaped_and_nothing_is_loaded() {
        let page = render(&every_verdict(), &About::default());
        assert!(!page.contains("<b>") && page.contains("&lt;b&gt;"));
        assert!(!page.contains('\u{202e}') && !page.contains('\u{1b}'));
        assert!(!page.contains("http://") && !page.contains("https://"));
        assert_eq!(page.matches("<article").count(), 10);
        assert_eq!(page.matches("<details open").count(), 3);
        assert!(page.contains("<strong>1</strong> broken"), "{page}");
        assert!(page.contains("docs/&lt;none&gt;.md"));
        assert!(page.contains("<h2>Said, and bound to no control</h2>") && page.contains("Fuzzers &lt;b&gt;run"));
        let policy = page
            .split("style-src 'sha256-")
            .nth(1)
            .unwrap()
            .split('\'')
            .next()
            .unwrap();
        assert_eq!(
            policy,
            data_encoding::BASE64.encode(&ward_seal::hash::sha256(STYLE.as_bytes()))
        );
    }

    #[test]
    fn no_policy_has_a_page_too() {
        assert!(render(&Report::default(), &About::default()).contains("There is no security policy here."));
    }
}
