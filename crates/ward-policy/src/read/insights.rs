//! SECURITY-INSIGHTS files of the OpenSSF (versions 1 and 2): what they claim, as paths and values.

use ward_formats::{
    Budget,
    yaml::{Value, Yaml},
};

use crate::{
    promise::Place,
    read::{Contact, Insights, contacts},
};

/// Most claims that are kept.
const MAX_CLAIMS: usize = 2_000;
/// Deepest nesting that is followed.
const MAX_DEPTH: usize = 24;

/// Reads a file.
///
/// # Errors
/// When it is no YAML that can be read; the text says so without quoting it.
pub(super) fn read(path: &str, bytes: &[u8]) -> Result<(Insights, Vec<Contact>), String> {
    let yaml = Yaml::parse(bytes, Budget::RECORD).map_err(|_| "it is no YAML that can be read".to_owned())?;
    let mut found = Insights {
        path: path.to_owned(),
        ..Insights::default()
    };
    let mut reports = Vec::new();
    let mut open: Vec<(String, Value<'_>, usize)> =
        yaml.root().map(|root| (String::new(), root, 0)).into_iter().collect();
    while let Some((way, value, depth)) = open.pop() {
        if found.claims.len() >= MAX_CLAIMS || depth > MAX_DEPTH {
            break;
        }
        if let Some(text) = value.text() {
            let line = value.line();
            if way.ends_with("schema-version") {
                found.schema = Some(text.chars().take(40).collect());
            }
            if way.contains("security-contacts") || way.contains("vulnerability-reporting") {
                let place = Place {
                    path: path.to_owned(),
                    line,
                    last_line: line,
                };
                let new = contacts::in_text(text, &place)
                    .into_iter()
                    .chain(contacts::of_link(text, true, &place));
                for contact in new {
                    if !reports.contains(&contact) {
                        reports.push(contact);
                    }
                }
            }
            found.claims.push((way, text.chars().take(500).collect(), line));
            continue;
        }
        let join = |key: &str| {
            if way.is_empty() {
                key.to_owned()
            } else {
                format!("{way}.{key}")
            }
        };
        let entries: Vec<_> = value
            .entries()
            .take(MAX_CLAIMS)
            .filter_map(|(key, value)| Some((join(key.text()?), value, depth + 1)))
            .collect();
        open.extend(entries.into_iter().rev());
        let items: Vec<_> = value
            .items()
            .take(MAX_CLAIMS)
            .enumerate()
            .map(|(at, item)| (join(&at.to_string()), item, depth + 1))
            .collect();
        open.extend(items.into_iter().rev());
    }
    Ok((found, reports))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_have_their_ways_and_lines() {
        let text = b"header:\n  schema-version: 2.0.0\nproject:\n  vulnerability-reporting:\n    reports-accepted: true\n    contact:\n      email: sec@example.org\n";
        let (found, contacts) = read("SECURITY-INSIGHTS.yml", text).expect("YAML");
        assert_eq!(found.schema.as_deref(), Some("2.0.0"));
        assert!(found.claims.contains(&(
            "project.vulnerability-reporting.reports-accepted".into(),
            "true".into(),
            5
        )));
        assert_eq!(contacts[0].value, "sec@example.org");
        assert!(read("x", b"a: [").is_err());
    }
}
