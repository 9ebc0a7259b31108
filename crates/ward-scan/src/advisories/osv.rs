//! Advisories in the OSV format: JSON as osv.dev and GitHub publish it, YAML as the Python Packaging Authority does.
//!
//! Source: the OSV schema (<https://ossf.github.io/osv-schema/>).

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use ward_formats::{
    Budget,
    yaml::{self, Shape, Yaml},
};

use super::{
    advisory::{Advisory, Event, Kind},
    package::Package,
    severity,
};
use crate::suppress::{Day, read_day};

/// What a file says.
pub(super) struct Read {
    /// Its advisory's name.
    pub(super) id: String,
    /// The day from which on it is taken back; the beginning of time where a file gives no day that can be read.
    pub(super) withdrawn: Option<Day>,
    /// What it says of each package of an ecosystem that Ward knows.
    pub(super) about: Vec<(Package, Advisory)>,
    /// Packages of other ecosystems.
    pub(super) elsewhere: u64,
    /// When it was last changed.
    pub(super) modified: Day,
}

#[derive(Deserialize)]
struct File {
    id: String,
    modified: Option<String>,
    published: Option<String>,
    withdrawn: Option<Value>,
    #[serde(default)]
    aliases: Option<Vec<String>>,
    summary: Option<String>,
    details: Option<String>,
    #[serde(default)]
    severity: Option<Vec<Rating>>,
    affected: Option<Vec<Affected>>,
    database_specific: Option<Value>,
}

#[derive(Deserialize)]
struct Rating {
    #[serde(rename = "type")]
    kind: Option<String>,
    score: Option<String>,
}

#[derive(Deserialize)]
struct Affected {
    package: Option<Named>,
    #[serde(default)]
    ranges: Option<Vec<Range>>,
    #[serde(default)]
    versions: Option<Vec<String>>,
    #[serde(default)]
    severity: Option<Vec<Rating>>,
    database_specific: Option<Value>,
}

#[derive(Deserialize)]
struct Named {
    ecosystem: Option<String>,
    name: Option<String>,
}

#[derive(Deserialize)]
struct Range {
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    events: Option<Vec<BTreeMap<String, Value>>>,
}

/// Longest summary that is kept, in characters.
const MAX_SUMMARY: usize = 140;

/// Reads JSON. None when it is none, or no advisory.
pub(super) fn json(bytes: &[u8]) -> Option<Read> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    serde_json::from_slice(bytes).ok().and_then(read)
}

/// Reads YAML. None when it is none, or no advisory.
pub(super) fn yaml(bytes: &[u8]) -> Option<Read> {
    let parsed = Yaml::parse(bytes, Budget::RECORD).ok()?;
    serde_json::from_value(value(parsed.root()?, 30)).ok().and_then(read)
}

/// YAML as JSON in which every scalar is a text: `1.10` keeps its zero. Below the depth nothing is kept.
fn value(node: yaml::Value<'_>, depth: u32) -> Value {
    if depth == 0 {
        return Value::Null;
    }
    match node.shape() {
        Shape::Scalar if node.is_null() => Value::Null,
        Shape::Scalar => Value::String(node.text().unwrap_or_default().to_owned()),
        Shape::Sequence => Value::Array(node.items().map(|one| value(one, depth - 1)).collect()),
        Shape::Mapping => Value::Object(
            node.entries()
                .filter_map(|(key, one)| Some((key.text()?.to_owned(), value(one, depth - 1))))
                .collect(),
        ),
    }
}

fn read(file: File) -> Option<Read> {
    if file.id.trim().is_empty() || file.id.len() > 200 {
        return None;
    }
    let date = |text: &Option<String>| text.as_deref().and_then(|text| read_day(text.get(..10)?));
    let modified = date(&file.modified)
        .or_else(|| date(&file.published))
        .unwrap_or_default();
    let mut aliases = file.aliases.unwrap_or_default();
    aliases.retain(|one| *one != file.id && one.len() <= 200);
    aliases.sort();
    aliases.dedup();
    let summary = file
        .summary
        .or(file.details)
        .map(|text| first_sentence(&text))
        .unwrap_or_default();
    let own = vector(file.severity.as_deref());
    let word = |specific: &Option<Value>| {
        let specific = specific.as_ref()?;
        let rated = specific
            .get("severity")
            .and_then(Value::as_str)
            .and_then(severity::of_word);
        let cvss = specific
            .get("cvss")
            .and_then(|cvss| cvss.as_str().or_else(|| cvss.get("vector").and_then(Value::as_str)));
        Some((rated, cvss.map(str::to_owned)))
    };
    let (rated, other) = word(&file.database_specific).unwrap_or_default();
    let mut out = Read {
        withdrawn: match &file.withdrawn {
            None | Some(Value::Null) => None,
            Some(day) => Some(
                day.as_str()
                    .and_then(|text| read_day(text.get(..10)?))
                    .unwrap_or(Day::MIN),
            ),
        },
        about: Vec::new(),
        elsewhere: 0,
        modified,
        id: file.id,
    };
    for affected in file.affected? {
        let Some(package) = affected.package else {
            out.elsewhere += 1;
            continue;
        };
        let named = Package::of(
            package.ecosystem.as_deref().unwrap_or_default(),
            package.name.as_deref().unwrap_or_default(),
        );
        let Some(named) = named else {
            out.elsewhere += 1;
            continue;
        };
        let (rated_here, other_here) = word(&affected.database_specific).unwrap_or_default();
        let informational = affected
            .database_specific
            .as_ref()
            .and_then(|one| one.get("informational"))
            .and_then(Value::as_str);
        let vector = vector(affected.severity.as_deref())
            .or_else(|| own.clone())
            .or(other_here)
            .or_else(|| other.clone());
        let about = Advisory {
            id: out.id.clone(),
            aliases: aliases.clone(),
            summary: summary.clone(),
            vector: vector.unwrap_or_default(),
            rated: rated_here.or(rated),
            kind: kind(&out.id, informational),
            modified,
            epss: None,
            ranges: affected.ranges.unwrap_or_default().iter().filter_map(range).collect(),
            versions: affected.versions.unwrap_or_default(),
        };
        out.about.push((named, about));
    }
    join(&mut out.about);
    Some(out)
}

/// An advisory may name one package several times: once for each branch of it.
fn join(about: &mut Vec<(Package, Advisory)>) {
    about.sort_by(|a, b| a.0.cmp(&b.0));
    about.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1.ranges.append(&mut next.1.ranges);
            kept.1.versions.append(&mut next.1.versions);
        }
        same
    });
}

fn kind(id: &str, informational: Option<&str>) -> Kind {
    match informational {
        _ if id.starts_with("MAL-") => Kind::Malicious,
        Some("unmaintained") => Kind::Unmaintained,
        Some("unsound") => Kind::Unsound,
        Some(_) => Kind::Notice,
        None => Kind::Fault,
    }
}

/// The vector of the newest version of CVSS.
fn vector(all: Option<&[Rating]>) -> Option<String> {
    let order = |kind: &str| match kind {
        "CVSS_V4" => 3,
        "CVSS_V3" => 2,
        "CVSS_V2" => 1,
        _ => 0,
    };
    let mut best: Option<(u8, &str)> = None;
    for one in all? {
        let (Some(kind), Some(score)) = (&one.kind, &one.score) else {
            continue;
        };
        let rank = order(kind);
        if rank > 0 && severity::score(score).is_some() && best.is_none_or(|(before, _)| rank > before) {
            best = Some((rank, score));
        }
    }
    best.map(|(_, score)| score.to_owned())
}

/// A range of versions. Ranges of commits are of no use without the repository.
fn range(range: &Range) -> Option<Vec<Event>> {
    if range.kind.as_deref() == Some("GIT") {
        return None;
    }
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let mut events = Vec::new();
    for event in range.events.as_deref().unwrap_or_default() {
        for (key, value) in event {
            let Some(version) = text(value) else { continue };
            match key.as_str() {
                "introduced" => events.push(Event::Introduced(version)),
                "fixed" => events.push(Event::Fixed(version)),
                "last_affected" => events.push(Event::LastAffected(version)),
                "limit" => events.push(Event::Limit(version)),
                _ => {}
            }
        }
    }
    // `0` may be left out by those who forget it; the schema asks for it.
    if !events.iter().any(|one| matches!(one, Event::Introduced(_))) && !events.is_empty() {
        events.insert(0, Event::Introduced("0".to_owned()));
    }
    (!events.is_empty()).then_some(events)
}

/// The first sentence or line, on one line.
pub(super) fn first_sentence(text: &str) -> String {
    let line = text.trim_start_matches(['#', ' ', '\n', '\r', '\t']);
    let line = line.split("\n\n").next().unwrap_or(line);
    let mut out = String::new();
    let mut count = 0;
    for word in line.split_whitespace() {
        let length = word.chars().count();
        if count + length > MAX_SUMMARY {
            out.push('…');
            break;
        }
        if count > 0 {
            out.push(' ');
        }
        out.extend(word.chars().filter(|c| !c.is_control()));
        count += length + 1;
        if word.ends_with('.') && count > 30 {
            break;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use ward_evidence::Severity;

    #[test]
    fn json_and_yaml_say_the_same() {
        let json_text = br#"{"id":"GHSA-x","modified":"2024-02-03T00:00:00Z","aliases":["CVE-2","CVE-2","GHSA-x"],"summary":"Bad  thing",
            "severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"},{"type":"CVSS_V4","score":"broken"}],
            "affected":[{"package":{"ecosystem":"PyPI","name":"A_b"},"ranges":[{"type":"GIT","events":[{"introduced":"0"}]},
            {"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1.10"}]}],"versions":["1.9"]},
            {"package":{"ecosystem":"Maven","name":"g:a"}},{"package":{"ecosystem":"PyPI","name":"a.B"},"versions":["7"]}],
            "database_specific":{"severity":"LOW"}}"#;
        let yaml_text = b"id: GHSA-x\nmodified: 2024-02-03T00:00:00Z\naliases: [CVE-2, CVE-2, GHSA-x]\nsummary: Bad  thing\nseverity:\n- type: CVSS_V3\n  score: CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H\n\
            affected:\n- package: {ecosystem: PyPI, name: A_b}\n  ranges:\n  - type: ECOSYSTEM\n    events:\n    - introduced: \"0\"\n    - fixed: 1.10\n  versions: [1.9]\n- package: {ecosystem: Maven, name: x}\n- package: {ecosystem: PyPI, name: a-b}\n  versions: [7]\n\
            database_specific: {severity: LOW}\n";
        let (a, b) = (json(json_text).unwrap(), yaml(yaml_text).unwrap());
        assert_eq!(a.about, b.about);
        assert_eq!((a.about.len(), a.elsewhere, a.withdrawn), (1, 1, None));
        let one = &a.about[0].1;
        assert_eq!(
            (one.aliases.as_slice(), one.summary.as_str()),
            (["CVE-2".to_owned()].as_slice(), "Bad thing")
        );
        assert_eq!(
            one.ranges,
            [vec![Event::Introduced("0".into()), Event::Fixed("1.10".into())]]
        );
        assert_eq!((one.severity(), one.rated), (Severity::Critical, Some(Severity::Low)));
        assert_eq!(one.versions, ["1.9", "7"]);
    }

    #[test]
    fn what_is_no_advisory() {
        for bad in [
            "",
            "{}",
            "[]",
            "{\"id\":\"\"}",
            "{\"id\":\"x\"}",
            "{\"id\":3,\"affected\":[]}",
        ] {
            assert!(json(bad.as_bytes()).is_none(), "{bad}");
        }
        let withdrawn =
            json(br#"{"id":"MAL-1","withdrawn":"2024-01-01","affected":[{"package":{"ecosystem":"npm","name":"x"}}]}"#)
                .unwrap();
        assert_eq!(withdrawn.withdrawn, read_day("2024-01-01"));
        assert_eq!(withdrawn.about[0].1.kind, Kind::Malicious);
        let unmaintained = br#"{"id":"RUSTSEC-1","affected":[{"package":{"ecosystem":"crates.io","name":"x"},"database_specific":{"informational":"unmaintained"}}]}"#;
        assert_eq!(json(unmaintained).unwrap().about[0].1.kind, Kind::Unmaintained);
        assert_eq!(first_sentence("# A title\n\nMore"), "A title");
        assert!(first_sentence(&"word ".repeat(100)).ends_with('…'));
    }
}
