//! The report as one JSON object. Scripts rely on its fields; more may be added.
//!
//! ```json
//! {"findings":[{"rule":"..","severity":"high","path":"file!member","line":3,"column":7,"message":"..",
//!   "fingerprint":"<32 hex digits>","engine":"..","controls":[".."],"cwe":[502],"excerpt":"..","details":[".."],
//!   "flow":[{"path":"..","line":1,"column":1,"note":".."}],
//!   "fix":{"what":"..","edits":[{"start":0,"end":4,"text":".."}]},
//!   "alias":{"tool":"bandit","id":"B101","severity":"low"},
//!   "commit":"..","author":"..","date":"..",
//!   "ecosystem":"PyPI","package":"..","version":"..","advisory":"..","aliases":[".."],"fixed":".."}],
//!  "kept_back":[{"rule":"..","severity":"high","path":"..","line":3,"controls":[".."],"by":"comment"}],
//!  "not_examined":[{"path":"..","reason":".."}],
//!  "stats":{"files":1, ..}}
//! ```
//!
//! [`SCHEMA`] says the same as a JSON schema.

use std::collections::HashMap;

use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::{Value, json};

use crate::{
    NotExamined, Report,
    report::{By, Commit, Edit, Package, Ran, Reported, Stats, Step},
    suppress::write_day,
};

use super::{date_time, engine_of, one_line, weaknesses};

/// The JSON schema (draft 2020-12) of the report.
pub const SCHEMA: &str = include_str!("scan.schema.json");

/// The report as a JSON value.
#[must_use]
pub fn value(report: &Report) -> Value {
    // Keys are texts and numbers are finite, so nothing here can fail.
    serde_json::to_value(Whole(report)).unwrap_or_default()
}

/// The report as one line of JSON text.
#[must_use]
pub fn text(report: &Report) -> String {
    one_line(serde_json::to_string(&Whole(report)).unwrap_or_default())
}

/// The report. It is written as it stands: a tree of a thousand findings costs more than finding them.
struct Whole<'a>(&'a Report);

impl Serialize for Whole<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let report = self.0;
        let mut rules = HashMap::new();
        for one in &report.findings {
            let rule = one.finding.rule;
            rules
                .entry(rule.id)
                .or_insert_with(|| (engine_of(rule), weaknesses(rule)));
        }
        let finding = |one| Finding { one, rules: &rules };
        let findings: Vec<Finding<'_>> = report.findings.iter().map(finding).collect();
        let not_examined: Vec<Value> = report.not_examined.iter().map(not_examined).collect();
        let kept_back: Vec<Value> = report.kept_back.iter().map(|(one, by)| kept_back(one, *by)).collect();
        let mut whole = serializer.serialize_map(None)?;
        whole.serialize_entry("findings", &findings)?;
        whole.serialize_entry("kept_back", &kept_back)?;
        whole.serialize_entry("not_examined", &not_examined)?;
        whole.serialize_entry("stats", &stats(&report.stats))?;
        whole.end()
    }
}

/// A finding that somebody keeps back: what and where, and what keeps it back.
fn kept_back(one: &Reported, by: By) -> Value {
    json!({
        "rule": one.finding.rule.id,
        "severity": one.severity.word(),
        "path": one.finding.at.full_path(),
        "line": one.finding.at.line,
        "controls": one.finding.rule.controls,
        "by": by.word(),
    })
}

/// A finding, and of each rule the engine and the weaknesses that it names.
struct Finding<'a> {
    one: &'a Reported,
    rules: &'a HashMap<&'static str, (&'static str, Vec<u32>)>,
}

impl Serialize for Finding<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let one = self.one;
        let at = &one.finding.at;
        let mut object = serializer.serialize_map(None)?;
        object.serialize_entry("rule", one.rule_name())?;
        if one.called.is_some() {
            object.serialize_entry("ward_rule", one.finding.rule.id)?;
        }
        object.serialize_entry("severity", one.severity.word())?;
        object.serialize_entry("path", &at.full_path())?;
        object.serialize_entry("line", &at.line)?;
        object.serialize_entry("column", &at.column)?;
        object.serialize_entry("message", one.finding.note.as_ref())?;
        object.serialize_entry("fingerprint", &one.finding.fingerprint_hex())?;
        let rule = self.rules.get(one.finding.rule.id);
        object.serialize_entry("engine", rule.map_or("", |(engine, _)| engine))?;
        object.serialize_entry("controls", &one.finding.rule.controls)?;
        if let Some((_, cwe)) = rule.filter(|(_, cwe)| !cwe.is_empty()) {
            object.serialize_entry("cwe", cwe)?;
        }
        if let Some(excerpt) = &one.excerpt {
            object.serialize_entry("excerpt", excerpt)?;
        }
        if !one.more.flow.is_empty() {
            object.serialize_entry("flow", &one.more.flow.iter().map(step).collect::<Vec<_>>())?;
        }
        if let Some(fix) = &one.more.fix {
            let edit = |edit: &Edit| json!({"start": edit.start, "end": edit.end, "text": edit.text});
            let edits: Vec<Value> = fix.edits.iter().map(edit).collect();
            object.serialize_entry("fix", &json!({"what": fix.what, "edits": edits}))?;
        }
        if let Some(alias) = &one.more.alias {
            let alias = json!({"tool": alias.tool, "id": alias.id, "severity": alias.severity});
            object.serialize_entry("alias", &alias)?;
        }
        if let Some(span) = at.span {
            object.serialize_entry("span", &json!({"start": span.start, "end": span.end}))?;
        }
        if !one.details.is_empty() {
            object.serialize_entry("details", &one.details)?;
        }
        if let Some(package) = &one.more.package {
            about_package(&mut object, package)?;
        }
        if let Some(commit) = &one.commit {
            object.serialize_entry("commit", &commit.id)?;
            object.serialize_entry("author", &commit.author)?;
            object.serialize_entry("date", &date(commit))?;
        }
        object.end()
    }
}

fn step(step: &Step) -> Value {
    json!({"path": step.at.full_path(), "line": step.at.line, "column": step.at.column, "note": step.note})
}

/// What a finding about a package says besides.
fn about_package<M: SerializeMap>(object: &mut M, package: &Package) -> Result<(), M::Error> {
    object.serialize_entry("ecosystem", package.ecosystem.as_ref())?;
    object.serialize_entry("package", &package.name)?;
    object.serialize_entry("version", &package.version)?;
    if let Some(advisory) = &package.advisory {
        object.serialize_entry("advisory", advisory)?;
        object.serialize_entry("aliases", &package.aliases)?;
        object.serialize_entry("fixed", &package.fixed)?;
    }
    Ok(())
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
    date_time(commit.time) + "Z"
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
        "engines": stats.engines.iter().map(ran).collect::<Vec<_>>(),
    })
}

/// What an engine did. Times are rounded to microseconds.
fn ran(ran: &Ran) -> Value {
    json!({
        "name": ran.engine,
        "version": env!("CARGO_PKG_VERSION"),
        "items": ran.items,
        "seconds": ran.time.map(|time| time.as_micros() as f64 / 1e6),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Blob,
        report::{Alias, Fix},
        scan::tests::{scan_with, settings},
    };
    use ward_evidence::{Location, Severity};

    /// Whether a value is as a schema says: the few words of JSON schema that ours uses, and no field it does not name.
    fn fault(value: &Value, schema: &Value, root: &Value, at: &str) -> Option<String> {
        if let Some(name) = schema["$ref"].as_str() {
            let target = root.pointer(name.trim_start_matches('#')).unwrap();
            return fault(value, target, root, at);
        }
        let kind = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(number) if number.is_f64() => "number",
            Value::Number(_) => "integer",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        let allowed = &schema["type"];
        let fits = allowed == kind || allowed.as_array().is_some_and(|all| all.iter().any(|one| one == kind));
        if !fits && !allowed.is_null() {
            return Some(format!("{at} is {kind}"));
        }
        if let Some(words) = schema["enum"].as_array()
            && !words.contains(value)
        {
            return Some(format!("{at} is no such word"));
        }
        if let Some(items) = value.as_array() {
            return items.iter().find_map(|item| fault(item, &schema["items"], root, at));
        }
        let fields = value.as_object()?;
        let known = schema["properties"].as_object()?;
        let missing = schema["required"].as_array().into_iter().flatten();
        for name in missing.filter_map(Value::as_str) {
            if !fields.contains_key(name) {
                return Some(format!("{at} lacks {name}"));
            }
        }
        fields.iter().find_map(|(name, inner)| match known.get(name) {
            Some(schema) => fault(inner, schema, root, &format!("{at}.{name}")),
            None => Some(format!("{at}.{name} is not in the schema")),
        })
    }

    #[test]
    fn reports_are_as_the_schema_says() {
        let mut report = scan_with(&settings(), |scanner| {
            scanner.examine(&Blob::of_bytes("a.py", b"x = hidden-1"), None);
            scanner.not_examined(Location::of_file("b").at(2, 1), "broken");
        });
        let one = report.findings.first_mut().unwrap();
        one.called = Some("B1");
        one.details = vec!["x".into()];
        one.commit = Some(std::sync::Arc::new(Commit {
            id: "0".into(),
            time: 0,
            author: "Ann".into(),
        }));
        one.finding.at.span = Some(ward_evidence::ByteRange { start: 1, end: 2 });
        one.more.alias = Some(Alias {
            tool: "bandit",
            id: "B1",
            severity: Severity::Low,
        });
        one.more.flow = vec![Step {
            at: Location::of_file("c"),
            note: "n".into(),
        }];
        one.more.fix = Some(Fix {
            what: "w".into(),
            edits: vec![Edit {
                start: 1,
                end: 2,
                text: String::new(),
            }],
        });
        one.more.package = Some(Box::new(Package {
            advisory: Some("A".into()),
            ..Package::default()
        }));
        report.stats.advisories = Some(1);
        let schema: Value = serde_json::from_str(SCHEMA).unwrap();
        let value = value(&report);
        assert_eq!(fault(&value, &schema, &schema, "report"), None);
        // Every field that a finding can have stands in this report, so that the schema has none that is never written.
        let known = schema
            .pointer("/$defs/finding/properties")
            .unwrap()
            .as_object()
            .unwrap();
        for name in known.keys().filter(|name| *name != "cwe") {
            assert!(
                !value["findings"][0][name].is_null() || name == "version" || name == "fixed",
                "{name}"
            );
        }
        assert!(fault(&json!({"findings": []}), &schema, &schema, "report").is_some());
    }
}
