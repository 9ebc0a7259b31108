//! The report for people at a terminal: by verdict, faults first, each sentence with its place and its evidence.

use std::{collections::HashMap, fmt::Write as _};

use ward_scan::output::harmless;

use super::{
    About, counted, counts,
    meaning::{Meaning, UNMAPPED, UNMAPPED_SAYS},
};
use crate::{
    report::{Judged, Report},
    verdict::{Proof, Verdict},
};

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

/// Most lines of evidence under one sentence.
const MOST_PROOFS: usize = 8;
/// Most sentences that no control takes up.
const MOST_UNMAPPED: usize = 15;
/// Most groups that are compared with one more verdict of the same message.
const MOST_GROUPS: usize = 100;
/// Narrowest terminal that is believed.
const NARROWEST: usize = 40;

/// The report as text. Advice without a gap is counted and not listed.
#[must_use]
pub fn render(report: &Report, about: &About<'_>, look: Look) -> String {
    let page = Page {
        colour: look.colour,
        width: look.width.max(NARROWEST),
    };
    let mut out = String::new();
    for (meaning, count) in counts(report) {
        let listed: Vec<&Judged> = report.judged.iter().filter(|one| is_listed(one, meaning)).collect();
        if listed.is_empty() {
            continue;
        }
        let count = if meaning.word == "advice" { listed.len() } else { count };
        let (name, says) = match meaning.word {
            "advice" => (
                "advice with a gap",
                "the project itself does not do what it tells its users",
            ),
            _ => (meaning.name, meaning.says),
        };
        let head = page.painted(meaning.word, &format!("{name} ({count})"));
        let _ = writeln!(out, "{head}: {says}\n");
        for group in groups(listed) {
            page.write_group(&mut out, &group);
        }
    }
    page.write_unmapped(&mut out, report);
    page.write_remarks(&mut out, report);
    page.write_missing(&mut out, report);
    page.write_not_examined(&mut out, report);
    page.write_summary(&mut out, report, about);
    out
}

fn is_listed(one: &Judged, meaning: &Meaning) -> bool {
    one.verdict.word() == meaning.word && !matches!(one.verdict, Verdict::Advice(None))
}

/// Promises with one and the same verdict, message and evidence, together, in the order of the first of each.
fn groups(listed: Vec<&Judged>) -> Vec<Vec<&Judged>> {
    let mut groups: Vec<Vec<&Judged>> = Vec::new();
    // Verdicts have no order: those with one message are few.
    let mut by_message: HashMap<&str, Vec<usize>> = HashMap::new();
    for one in listed {
        let candidates = by_message.entry(one.message.as_str()).or_default();
        let same = |at: &&usize| {
            let first = groups.get(**at).and_then(|group| group.first());
            first.is_some_and(|first| first.verdict == one.verdict)
        };
        let found = candidates.iter().take(MOST_GROUPS).find(same).copied();
        match found.and_then(|at| groups.get_mut(at)) {
            Some(group) => group.push(one),
            None => {
                candidates.push(groups.len());
                groups.push(vec![one]);
            }
        }
    }
    groups
}

struct Page {
    colour: bool,
    width: usize,
}

// Writing to a String cannot fail, so its results are not looked at below.
impl Page {
    fn painted(&self, word: &str, text: &str) -> String {
        let code = match word {
            "broken" | "contradictory" => "1;31",
            "weak" => "1;33",
            "kept" => "1;32",
            "not_examined" | "advice" => "33",
            _ => "1",
        };
        self.paint(code, text)
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.colour {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    fn dim(&self, text: &str) -> String {
        self.paint("2", text)
    }

    /// Sentences with one verdict: each with its place and its topics, then what holds for all of them.
    fn write_group(&self, out: &mut String, group: &[&Judged]) {
        let Some(one) = group.first() else { return };
        let mut rest = group.iter().peekable();
        while let Some(first) = rest.next() {
            let (place, text) = (&first.promise.place, &first.promise.text);
            let mut topics = vec![topic(first)];
            while let Some(next) = rest.next_if(|next| next.promise.place == *place && next.promise.text == *text) {
                topics.push(topic(next));
            }
            topics.dedup();
            let at = format!("{}:{}", harmless(&place.path), place.line);
            let what = format!("[{}]", topics.join(", "));
            let _ = writeln!(out, "  {} {}", self.paint("1", &at), self.dim(&what));
            self.write_wrapped(out, "    ", &format!("\"{}\"", shortened(text)));
        }
        self.write_wrapped(out, "    ", &one.message);
        let mut line = |text: &str| self.write_wrapped(out, "    - ", text);
        match &one.verdict {
            Verdict::Kept { proofs, limit } => {
                self.proofs(proofs.all(), &mut line);
                if let Some(limit) = limit {
                    line(&format!("limit: {limit}"));
                }
            }
            Verdict::Broken(proofs) | Verdict::Weak(proofs) | Verdict::Advice(Some(proofs)) => {
                self.proofs(proofs.all(), &mut line);
            }
            Verdict::Contradictory(places) => {
                for place in places.iter().take(MOST_PROOFS) {
                    line(&format!("{}:{}: says something else", place.path, place.line));
                }
            }
            Verdict::Unverifiable { why, would } => {
                if !one.message.trim_end_matches('.').eq_ignore_ascii_case(why) {
                    line(&format!("why not here: {why}"));
                }
                line(&format!("what would verify it: {would}"));
            }
            Verdict::NotExamined(why) => line(why),
            Verdict::Vague | Verdict::Advice(None) | Verdict::Delegated => {}
        }
        out.push('\n');
    }

    fn proofs(&self, proofs: &[Proof], line: &mut dyn FnMut(&str)) {
        for proof in proofs.iter().take(MOST_PROOFS) {
            let at = proof.line.map_or_else(String::new, |line| format!(":{line}"));
            line(&format!("{}{at}: {}", proof.path, proof.note));
        }
        let more = proofs.len().saturating_sub(MOST_PROOFS);
        if more > 0 {
            line(&format!("and {more} more; --format json lists them all"));
        }
    }

    /// A line for each sentence that no control takes up, as far as there is room.
    fn write_unmapped(&self, out: &mut String, report: &Report) {
        let all = report.unmapped.len() + report.unmapped_more;
        if all == 0 {
            return;
        }
        let head = self.paint("1", &format!("{UNMAPPED} ({all})"));
        let _ = writeln!(out, "{head}: {UNMAPPED_SAYS}\n");
        for one in report.unmapped.iter().take(MOST_UNMAPPED) {
            let at = format!("{}:{}", harmless(&one.place.path), one.place.line);
            let room = self.width.saturating_sub(at.chars().count() + 5).max(NARROWEST);
            let text = cut_off(&harmless(&one.text), room);
            let _ = writeln!(out, "  {} \"{text}\"", self.paint("1", &at));
        }
        let more = all.saturating_sub(MOST_UNMAPPED);
        match report.unmapped_more {
            _ if more == 0 => {}
            0 => self.write_wrapped(out, "  ", &format!("and {more} more: --json has them")),
            lost => self.write_wrapped(
                out,
                "  ",
                &format!("and {more} more: --json has them but for the last {lost}, which are told nowhere"),
            ),
        }
        out.push('\n');
    }

    fn write_remarks(&self, out: &mut String, report: &Report) {
        if report.remarks.is_empty() {
            return;
        }
        let any = report.remarks.iter().any(|one| one.is_fault);
        let head = self.painted(if any { "broken" } else { "" }, "about the text");
        let _ = writeln!(out, "{head}: what is wrong with the documents themselves\n");
        for one in &report.remarks {
            let at = format!("{}:{}", harmless(&one.path), one.line);
            let kind = if one.is_fault { "" } else { " (a note)" };
            let _ = writeln!(
                out,
                "  {}{kind} {}",
                self.paint("1", &at),
                self.dim(&format!("[{}]", one.rule))
            );
            self.write_wrapped(out, "    ", &one.message);
        }
        out.push('\n');
    }

    fn write_missing(&self, out: &mut String, report: &Report) {
        if report.missing.is_empty() {
            return;
        }
        let _ = writeln!(
            out,
            "{}: what policies of this kind usually promise, and this one does not\n",
            self.paint("1", &format!("missing ({})", report.missing.len()))
        );
        for topic in &report.missing {
            let control = topic.control();
            let title = control.and_then(|id| ward_evidence::by_id(id.as_str()));
            let (id, title) = title.map_or(("", ""), |one| (one.id.as_str(), one.title));
            let _ = writeln!(out, "  {:20} {}", topic.word(), self.dim(&format!("{id} {title}")));
        }
        out.push('\n');
    }

    fn write_not_examined(&self, out: &mut String, report: &Report) {
        if report.not_examined.is_empty() {
            return;
        }
        let _ = writeln!(
            out,
            "{}:\n",
            self.painted("not_examined", &format!("not examined ({})", report.not_examined.len()))
        );
        for (path, why) in &report.not_examined {
            self.write_wrapped(out, "  - ", &format!("{path}: {why}"));
        }
        out.push('\n');
    }

    fn write_summary(&self, out: &mut String, report: &Report, about: &About<'_>) {
        self.write_wrapped(out, "", &about.scanned());
        if report.documents.is_empty() {
            let none = if report.unread_policy {
                "There is a security policy here, and it was not read."
            } else {
                "There is no security policy here: no SECURITY.md, no security.txt. `ward policy init` writes one."
            };
            self.write_wrapped(out, "", none);
            return;
        }
        self.write_wrapped(out, "", &summary(report));
    }

    /// Words wrapped under a lead; the lead stands once.
    fn write_wrapped(&self, out: &mut String, lead: &str, text: &str) {
        let text = harmless(text);
        let room = self.width.saturating_sub(lead.chars().count()).max(20);
        let blank = " ".repeat(lead.chars().count());
        for (number, line) in wrap(&text, room).into_iter().enumerate() {
            let lead = if number == 0 { lead } else { &blank };
            let _ = writeln!(out, "{lead}{line}");
        }
    }
}

/// One sentence of numbers.
pub(super) fn summary(report: &Report) -> String {
    let promises: Vec<String> = counts(report)
        .into_iter()
        .filter(|(meaning, _)| !matches!(meaning.word, "advice" | "delegated"))
        .map(|(meaning, count)| format!("{count} {}", meaning.name))
        .collect();
    let others: Vec<String> = [("advice", "of advice"), ("delegated", "about what others do")]
        .into_iter()
        .map(|(word, name)| (report.count(word), name))
        .filter(|(count, _)| *count > 0)
        .map(|(count, name)| format!("{} {name}", counted(count, "sentence")))
        .collect();
    let mut text = format!(
        "{} in {}",
        counted(report.promises(), "promise"),
        named(&report.documents)
    );
    if !promises.is_empty() {
        text += &format!(": {}", promises.join(", "));
    }
    if !others.is_empty() {
        text += &format!("; besides, {}", others.join(" and "));
    }
    text + "."
}

fn named(documents: &[String]) -> String {
    match documents {
        [] => "no document".to_owned(),
        [one] => one.clone(),
        [one, two] => format!("{one} and {two}"),
        [one, more @ ..] => format!("{one} and {} more documents", more.len()),
    }
}

/// What a promise is about, with its control.
fn topic(one: &Judged) -> String {
    let control = one.control.map_or_else(String::new, |id| format!("{id} "));
    format!("{control}{}", one.promise.topic.word())
}

/// A sentence of a policy may be a page long.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 300;
    cut_off(text, LONGEST + 1)
}

/// The text in at most `room` characters.
fn cut_off(text: &str, room: usize) -> String {
    if text.chars().count() < room {
        return text.to_owned();
    }
    let start: String = text.chars().take(room.saturating_sub(1)).collect();
    format!("{start}…")
}

/// Lines of at most `width` characters, broken between words; a word that is longer stands alone.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        let long = word.chars().count();
        if length > 0 && length + 1 + long > width {
            lines.push(std::mem::take(&mut line));
            length = 0;
        }
        if length > 0 {
            line.push(' ');
            length += 1;
        }
        line.push_str(word);
        length += long;
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        report::tests::{every_verdict, judged},
        repository::Scan,
        topic::Topic,
    };

    #[test]
    fn faults_stand_first_and_everything_is_said() {
        let scan = Scan {
            engines: vec!["code".into(), "secrets".into()],
            not_examined: vec![("a.rar".into(), "no format that is read".into())],
            ..Scan::default()
        };
        let about = About {
            scan: Some(&scan),
            ..About::default()
        };
        let text = render(&every_verdict(), &about, Look::default());
        let on_one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let order = [
            "broken (1)",
            "contradictory (1)",
            "weak (1)",
            "not examined (1)",
            "vague (1)",
            "kept (1)",
        ];
        let places: Vec<usize> = order.iter().map(|word| text.find(word).unwrap()).collect();
        assert!(places.is_sorted(), "{text}");
        for said in [
            "SECURITY.md:90: says something else",
            ".github/workflows/a b.yml:7: runs bandit",
            "limit: no run was seen",
            "what would verify it: case records",
            "advice with a gap (1)",
            "missing (2)",
            "said, and bound to no control (1)",
            "SECURITY.md:12 \"Fuzzers <b>run",
            "supported-versions",
            "[policy-link-dead]",
            "`ward scan` ran code, secrets on the files, not the history (--history): 0 findings; 1 place was not examined.",
            "7 promises in SECURITY.md and README.md: 1 broken, 1 contradictory, 1 weak, 1 not examined, 1 vague, 1 unverifiable",
        ] {
            assert!(on_one_line.contains(said), "{said}\n{text}");
        }
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
        let colour = Look {
            colour: true,
            width: 60,
        };
        let text = render(&every_verdict(), &about, colour);
        assert!(text.contains("\u{1b}[1;31mbroken (1)\u{1b}[0m"));
        // A name with an escape sequence in it stays a name.
        assert!(!text.contains("\u{1b}[31m"));
    }

    #[test]
    fn a_sentence_about_several_things_is_shown_once() {
        let one = |topic, message: &str| crate::report::Judged {
            message: message.to_owned(),
            ..judged("We scan.", 4, topic, Verdict::Vague)
        };
        let report = Report {
            judged: vec![
                one(Topic::SecretScan, "a"),
                one(Topic::HistoryScan, "a"),
                one(Topic::Lint, "b"),
            ],
            ..Report::default()
        };
        let text = render(&report, &About::default(), Look::default());
        let lines = "  SECURITY.md:4 [SEC-1a secret-scan, SEC-1b history-scan]\n    \"We scan.\"\n    a\n";
        assert!(text.contains(lines), "{text}");
        let lines = "  SECURITY.md:4 [CODE-4a lint]\n    \"We scan.\"\n    b\n";
        assert!(text.contains(lines), "{text}");
    }

    #[test]
    fn no_policy_is_said() {
        let text = render(&Report::default(), &About::default(), Look::default());
        assert!(text.contains("There is no security policy here"), "{text}");
        let unread = Report {
            unread_policy: true,
            ..Report::default()
        };
        let unread = render(&unread, &About::default(), Look::default());
        assert!(
            unread.contains("There is a security policy here, and it was not read."),
            "{unread}"
        );
        assert!(text.contains("No engine of `ward scan` ran."), "{text}");
    }

    #[test]
    fn words_are_wrapped() {
        assert_eq!(wrap("a bb ccc", 4), ["a bb", "ccc"]);
        assert_eq!(wrap("", 4), [""]);
        assert_eq!(wrap("longer x", 4), ["longer", "x"]);
    }
}
