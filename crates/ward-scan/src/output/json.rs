//! The report as one JSON object. Scripts rely on its fields; more may be added.
//!
//! ```json
//! {"findings":[{"rule":"..","severity":"high","path":"file!member","line":3,"column":7,"message":"..",
//!   "fingerprint":"<32 hex digits>","details":[".."],"commit":"..","author":"..","date":"..",
//!   "ecosystem":"PyPI","package":"..","version":"..","advisory":"..","aliases":[".."],"fixed":".."}],
//!  "not_examined":[{"path":"..","reason":".."}],
//!  "stats":{"files":1, ..}}
//! ```

use serde_json::{Map, Value, json};

use crate::{
    NotExamined, Report,
    report::{Commit, Package, Reported, Stats},
    suppress::write_day,
};

/// The report as a JSON value.
#[must_use]
pub fn value(report: &Report) -> Value {
    let findings: Vec<Value> = report.findings.iter().map(finding).collect();
    let not_examined: Vec<Value> = report.not_examined.iter().map(not_examined).collect();
    json!({"findings": findings, "not_examined": not_examined, "stats": stats(&report.stats)})
}

fn finding(one: &Reported) -> Value {
    let mut object = Map::new();
    let at = &one.finding.at;
    object.insert("rule".into(), one.rule_name().into());
    if one.called.is_some() {
        object.insert("ward_rule".into(), one.finding.rule.id.into());
    }
    object.insert("severity".into(), one.severity.word().into());
    object.insert("path".into(), at.full_path().into());
    object.insert("line".into(), at.line.into());
    object.insert("column".into(), at.column.into());
    object.insert("message".into(), one.finding.note.as_ref().into());
    object.insert("fingerprint".into(), one.finding.fingerprint_hex().into());
    if let Some(span) = at.span {
        object.insert("span".into(), json!({"start": span.start, "end": span.end}));
    }
    if !one.details.is_empty() {
        object.insert("details".into(), one.details.clone().into());
    }
    if let Some(package) = &one.more.package {
        about_package(&mut object, package);
    }
    if let Some(commit) = &one.commit {
        object.insert("commit".into(), commit.id.clone().into());
        object.insert("author".into(), commit.author.clone().into());
        object.insert("date".into(), date(commit).into());
    }
    Value::Object(object)
}

/// What a finding about a package says besides.
fn about_package(object: &mut Map<String, Value>, package: &Package) {
    object.insert("ecosystem".into(), package.ecosystem.as_ref().into());
    object.insert("package".into(), package.name.clone().into());
    object.insert("version".into(), package.version.clone().into());
    if let Some(advisory) = &package.advisory {
        object.insert("advisory".into(), advisory.clone().into());
        object.insert("aliases".into(), package.aliases.clone().into());
        object.insert("fixed".into(), package.fixed.clone().into());
    }
}

fn not_examined(one: &NotExamined) -> Value {
    let mut object = json!({"path": one.at.full_path(), "reason": one.reason});
    if let Some(line) = one.at.line {
        object["line"] = line.into();
    }
    object
}

/// When a commit was made: date and time in UTC.
#[must_use]
pub fn date(commit: &Commit) -> String {
    let (day, second) = (commit.time.div_euclid(86_400), commit.time.rem_euclid(86_400));
    // Years of more than four digits are no dates that anybody meant.
    let day = write_day(day.clamp(-700_000, 2_900_000));
    format!("{day}T{:02}:{:02}:{:02}Z", second / 3600, second / 60 % 60, second % 60)
}

fn stats(stats: &Stats) -> Value {
    json!({
        "files": stats.files,
        "members": stats.members,
        "blobs": stats.blobs,
        "cached": stats.cached,
        "commits": stats.commits,
        "bytes": stats.bytes,
        "ignored": stats.ignored,
        "suppressed": {
            "inline": stats.suppressed.inline,
            "path": stats.suppressed.path,
            "baseline": stats.suppressed.baseline,
            "profile": stats.suppressed.profile,
            "vex": stats.suppressed.vex,
            "not_examined": stats.suppressed.not_examined,
        },
        "stale_baseline": stats.stale_baseline,
        "foreign_markers": stats.foreign_markers,
        "advisories": stats.advisories.map(write_day),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_utc() {
        let at = |time| {
            date(&Commit {
                id: String::new(),
                time,
                author: String::new(),
            })
        };
        assert_eq!(at(0), "1970-01-01T00:00:00Z");
        assert_eq!(at(1_700_000_000), "2023-11-14T22:13:20Z");
        assert_eq!(at(-1), "1969-12-31T23:59:59Z");
        let _ = (at(i64::MIN), at(i64::MAX));
    }
}
