//! The state as one page: no script, nothing fetched, readable when printed.

use super::{
    Medicine, Series, State, Thing, chart,
    text::{line, values},
};
use crate::fact::Fact;

/// The looks. Marks are told apart by shape and word, not by colour alone.
const STYLE: &str = "\
:root{color-scheme:light dark}body{font:15px/1.45 system-ui,sans-serif;max-width:70rem;margin:1.5rem auto;padding:0 1rem}\
h1{font-size:1.4rem;margin:0}h2{font-size:1.05rem;margin:1.4rem 0 .3rem;border-bottom:1px solid #888}\
ul{margin:.2rem 0;padding-left:1.2rem}table{border-collapse:collapse;width:100%}\
th,td{text-align:left;vertical-align:middle;padding:.2rem .5rem;border-bottom:1px solid #8885}\
td.now{font-variant-numeric:tabular-nums}small{color:#666}svg{width:220px;height:36px}\
polyline{fill:none;stroke:currentColor;opacity:.6}circle{fill:currentColor}.off{fill:#b00020}\
b.off{color:#b00020}.doubt{border:2px solid #b00020;padding:.3rem .8rem}details summary{cursor:pointer}\
@media print{body{margin:0;max-width:none;font-size:11px}h2,tr,li{break-inside:avoid}}\
@media(prefers-color-scheme:dark){small{color:#aaa}.off,b.off{fill:#ff8a80;color:#ff8a80}}";

/// How many visits the page shows before the others are folded.
const VISITS: usize = 5;

impl State {
    /// The state as an HTML page that stands alone.
    #[must_use]
    pub fn to_html(&self) -> String {
        let mut out = format!(
            "<!doctype html>\n<html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\">\
             <meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'\">\
             <meta name=robots content=noindex><title>Patient state</title><style>{STYLE}</style><body>\n<main>\n<h1>Patient state</h1>\n"
        );
        out += "<p><small>Read from one record. Decision support for trained staff: it shows what was written, and decides nothing.</small></p>\n";
        list(&mut out, "Patient", &plain(&self.patient));
        if !self.doubts.is_empty() {
            out += "<section class=doubt aria-label=Doubtful>";
            let doubts = self
                .doubts
                .iter()
                .map(|doubt| escape(&format!("{}: {}", doubt.about, doubt.why)));
            list(&mut out, "Doubtful", &doubts.collect::<Vec<_>>());
            out += "</section>\n";
        }
        let is = |all: &[Thing], active: bool| {
            let chosen = all.iter().filter(|one| one.active == active);
            chosen.map(thing).collect::<Vec<_>>()
        };
        let allergies = is(&self.allergies, true);
        if allergies.is_empty() && self.allergies.is_empty() {
            out += "<h2>Allergies</h2>\n<p>The record says nothing of allergies.</p>\n";
        }
        list(&mut out, "Allergies", &allergies);
        list(&mut out, "Allergies denied, or over", &is(&self.allergies, false));
        let taken = |now: bool| {
            let chosen = self.medicines.iter().filter(|one| one.now.is_some() == now);
            chosen.map(medicine).collect::<Vec<_>>()
        };
        list(&mut out, "Medicines now", &taken(true));
        list(&mut out, "Problems", &is(&self.problems, true));
        for (head, vital) in [("Vital signs", true), ("Laboratory", false)] {
            let of: Vec<&Series> = self.series.iter().filter(|one| one.vital == vital).collect();
            table(&mut out, head, &of);
        }
        let visits = plain(&self.encounters);
        list(&mut out, "Last visits", visits.get(..VISITS).unwrap_or(&visits));
        folded(&mut out, "Earlier visits", visits.get(VISITS..).unwrap_or(&[]));
        folded(&mut out, "Medicines not taken now", &taken(false));
        folded(
            &mut out,
            "Problems that are over or were ruled out",
            &is(&self.problems, false),
        );
        for (head, facts) in [
            ("Plans", &self.follow_up),
            ("Procedures", &self.procedures),
            ("Vaccines", &self.immunizations),
            ("Family", &self.family),
            ("Habits and home", &self.social),
            ("Reports", &self.reports),
            ("Said to be absent", &self.absent),
            ("Remarks", &self.remarks),
        ] {
            folded(&mut out, head, &plain(facts));
        }
        out += "</main>\n";
        out
    }
}

/// Text as HTML text or as the value of an attribute in double quotes.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            '\'' => out += "&#39;",
            // Marks that turn the direction of a line would show words in another order than they stand.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' => out.push('\u{fffd}'),
            _ => out.push(c),
        }
    }
    out
}

fn plain(facts: &[Fact]) -> Vec<String> {
    facts.iter().map(|fact| escape(&line(fact))).collect()
}

/// A head and a list of what is HTML already.
fn list(out: &mut String, head: &str, items: &[String]) {
    if items.is_empty() {
        return;
    }
    *out += &format!("<h2>{}</h2>\n<ul>\n", escape(head));
    for item in items {
        *out += &format!("<li>{item}\n");
    }
    *out += "</ul>\n";
}

fn folded(out: &mut String, head: &str, items: &[String]) {
    if items.is_empty() {
        return;
    }
    *out += &format!(
        "<details open><summary>{} ({})</summary>\n<ul>\n",
        escape(head),
        items.len()
    );
    for item in items {
        *out += &format!("<li>{item}\n");
    }
    *out += "</ul></details>\n";
}

fn thing(one: &Thing) -> String {
    let mut out = one.entries.last().map(|fact| escape(&line(fact))).unwrap_or_default();
    let reaction = one.entries.iter().rev().find_map(|fact| fact.reaction.as_deref());
    if let (Some(reaction), true) = (reaction, one.entries.last().is_some_and(|fact| fact.reaction.is_none())) {
        out += &format!(", {}", escape(reaction));
    }
    if one.entries.len() > 1 {
        out += &format!(" <small>{} entries</small>", one.entries.len());
    }
    out
}

fn medicine(one: &Medicine) -> String {
    let entry = one.now.as_ref().or(one.entries.last());
    let mut out = entry.map(|fact| escape(&line(fact))).unwrap_or_default();
    let changes = one.changes.iter().map(|change| {
        let when = change.when.as_ref().map_or("undated", |when| &when.text);
        escape(&format!(
            "{when} {} {}",
            change.what,
            change.dose.as_deref().unwrap_or("")
        ))
    });
    let changes: Vec<String> = changes.collect();
    if !changes.is_empty() {
        out += &format!("<br><small>{}</small>", changes.join("; "));
    }
    out
}

fn table(out: &mut String, head: &str, series: &[&Series]) {
    if series.is_empty() {
        return;
    }
    *out += &format!(
        "<h2>{head}</h2>\n<table><thead><tr><th scope=col>What<th scope=col>Newest<th scope=col>Over time<th scope=col>Values\n<tbody>\n"
    );
    for one in series {
        let newest = one.entries.last();
        let mark = newest
            .filter(|fact| Series::is_abnormal(fact))
            .and_then(|fact| fact.flag.as_deref())
            .map_or(String::new(), |flag| format!(" <b class=off>{}</b>", escape(flag)));
        *out += &format!(
            "<tr><th scope=row>{}<td class=now>{} {}{mark}<td>{}<td>{}\n",
            escape(&one.name),
            escape(newest.and_then(|fact| fact.value.as_deref()).unwrap_or("")),
            escape(one.unit.as_deref().unwrap_or("")),
            chart::of(one).unwrap_or_default(),
            escape(&values(one)),
        );
    }
    *out += "</table>\n";
}
