//! What a SECURITY-INSIGHTS file claims, held against the repository: how long it holds, whose it is, which tools run.
//!
//! Source: OpenSSF, Security Insights specification, versions 1.0.0 and 2.0.0.

use ward_scan::suppress::read_day;

use super::{Facts, rules};
use crate::{
    lexicon::{self, Gates},
    pipeline::Standing,
    read::Insights,
    report::Remark,
};

/// Most claims of one file that are told.
const MOST: usize = 50;

/// Claims that the repository shows to be wrong.
pub(super) fn remarks(facts: &Facts<'_>) -> Vec<Remark> {
    facts
        .reading
        .insights
        .iter()
        .flat_map(|file| of_file(facts, file))
        .take(MOST)
        .collect()
}

fn of_file(facts: &Facts<'_>, file: &Insights) -> Vec<Remark> {
    let mut out = Vec::new();
    let mut say = |line: u32, message: String| {
        out.push(Remark {
            rule: rules::INSIGHTS.id,
            path: file.path.clone(),
            line,
            message,
            is_fault: true,
        });
    };
    for (way, text, line) in &file.claims {
        let key = way.rsplit('.').next().unwrap_or(way);
        match key {
            "expiration-date" => {
                let day = text.get(..10).and_then(read_day);
                if day.is_some_and(|day| day < facts.repository.today) {
                    say(*line, "the day until which these claims hold has passed".to_owned());
                }
            }
            "project-url" | "url" if matches!(way.as_str(), "header.project-url" | "repository.url") => {
                let slug = |text: &str| text.trim_end_matches('/').trim_end_matches(".git").to_ascii_lowercase();
                let claimed = slug(text.split_once("://").map_or(text, |(_, rest)| rest));
                let own = facts.repository.slug.as_deref().map(slug);
                if own.is_some_and(|own| own != claimed) {
                    say(*line, "it is about another repository".to_owned());
                }
            }
            // Version 2: `tools.N.name` with `tools.N.integration.ci: true`; version 1: `security-testing.N.tool-name`
            // with `security-testing.N.integration.ci: true`.
            "name" | "tool-name" if way.contains("tools.") || way.contains("security-testing.") => {
                let of_tool = way.strip_suffix(key).unwrap_or_default();
                let in_pipeline = format!("{of_tool}integration.ci");
                let runs = file
                    .claims
                    .iter()
                    .any(|(way, text, _)| *way == in_pipeline && text == "true");
                if runs && is_absent(facts, text) {
                    say(
                        *line,
                        "it claims that this tool runs in a pipeline, and none here runs it".to_owned(),
                    );
                }
            }
            _ => {}
        }
    }
    out
}

/// Whether a tool that is known runs in no pipeline that could be read.
fn is_absent(facts: &Facts<'_>, name: &str) -> bool {
    let name = name.trim().to_ascii_lowercase();
    let tool = lexicon::tools()
        .iter()
        .find(|tool| tool.names.iter().any(|one| one.eq_ignore_ascii_case(&name)));
    tool.is_some_and(|tool| {
        tool.evidence.gates != Gates::Service
            && facts.pipelines.opaque.is_empty()
            && facts.pipelines.standing(tool.name, &[]) == Standing::Absent
    })
}
