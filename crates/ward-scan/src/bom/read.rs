//! Bills of materials of others: CycloneDX JSON (1.2 to 1.7) and SPDX JSON (2.2 to 3.0.1), as a flat list.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{Error, ErrorKind};

/// Largest bill that is read.
pub const MAX_FILE: usize = 256 << 20;

/// A bill as a list: what is compared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listed {
    /// Components by what tells them apart from others: the package URL without version and qualifiers, or kind and name.
    pub parts: BTreeMap<String, BTreeSet<Line>>,
    /// Files that whoever made the bill did not examine.
    pub unknown: BTreeSet<String>,
    /// Entries that are none as its format knows them, and so name nothing: no list where one is, no object, no name.
    pub malformed: usize,
}

impl Listed {
    /// The name of an entry; one without is counted.
    fn name<'a>(&mut self, one: &'a Value) -> Option<&'a str> {
        let name = text(one, "name");
        self.malformed += usize::from(name.is_none());
        name
    }

    /// The entries of a list; something else in its place is counted. `null` is how Go writes a list of nothing.
    fn entries<'a>(&mut self, of: &'a Value, key: &str) -> &'a [Value] {
        self.malformed += usize::from(of.get(key).is_some_and(|list| !list.is_array() && !list.is_null()));
        items(of, key)
    }
}

/// One component.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
    /// Its licence.
    pub licence: Option<String>,
}

/// Reads a bill.
///
/// # Errors
/// [`ErrorKind::Input`] when it is no JSON, or no bill of a kind that is known.
pub fn read(bytes: &[u8]) -> Result<Listed, Error> {
    let wrong = |why| Error::new(ErrorKind::Input, why);
    if bytes.len() > MAX_FILE {
        return Err(wrong("the bill of materials is larger than 256 MiB"));
    }
    let root: Value = serde_json::from_slice(bytes).map_err(|_| wrong("the bill of materials is no JSON"))?;
    if root.get("bomFormat").and_then(Value::as_str) == Some("CycloneDX") {
        return Ok(cyclonedx(&root));
    }
    if root
        .get("spdxVersion")
        .and_then(Value::as_str)
        .is_some_and(|version| version.starts_with("SPDX-2"))
    {
        return Ok(spdx_two(&root));
    }
    if root.get("@context").is_some() && root.get("@graph").is_some() {
        return Ok(spdx_three(&root));
    }
    Err(wrong(
        "the file is no bill of materials that Ward knows: CycloneDX JSON, SPDX 2 JSON or SPDX 3 JSON-LD",
    ))
}

/// The part of a package URL that names the package: without version, qualifiers and subpath.
fn package(purl: &str) -> String {
    let bare = purl.split(['?', '#']).next().unwrap_or(purl);
    let slash = bare.rfind('/').map_or(0, |at| at + 1);
    match bare.get(slash..).and_then(|name| name.find('@')) {
        // A scope of npm begins with its own sign, which is encoded.
        Some(at) if at > 0 => bare.get(..slash + at).unwrap_or(bare).to_owned(),
        _ => bare.to_owned(),
    }
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str).filter(|text| !text.is_empty())
}

fn items<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value
        .get(key)
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default()
}

fn cyclonedx(root: &Value) -> Listed {
    let mut listed = Listed::default();
    // Components may hold components; the depth of the JSON is limited where it is read.
    let mut open: Vec<&Value> = listed.entries(root, "components").iter().collect();
    while let Some(one) = open.pop() {
        open.extend(listed.entries(one, "components"));
        let Some(name) = listed.name(one) else { continue };
        if items(one, "properties")
            .iter()
            .any(|property| text(property, "name") == Some("ward:not-examined"))
        {
            listed.unknown.insert(name.to_owned());
            continue;
        }
        let name = text(one, "group").map_or_else(|| name.to_owned(), |group| format!("{group}/{name}"));
        let kind = text(one, "type").unwrap_or("component");
        let licences: Vec<&str> = items(one, "licenses")
            .iter()
            .filter_map(|licence| {
                let inner = licence.get("license");
                text(licence, "expression")
                    .or_else(|| inner.and_then(|inner| text(inner, "id").or_else(|| text(inner, "name"))))
            })
            .collect();
        let key = text(one, "purl").map_or_else(|| format!("{kind} {name}"), package);
        listed.parts.entry(key).or_default().insert(Line {
            name,
            version: text(one, "version").map(str::to_owned),
            licence: (!licences.is_empty()).then(|| licences.join(" AND ")),
        });
    }
    listed
}

fn spdx_two(root: &Value) -> Listed {
    let mut listed = Listed::default();
    let described: BTreeSet<&str> = items(root, "documentDescribes")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    for one in listed.entries(root, "packages") {
        let Some(name) = listed.name(one) else { continue };
        if text(one, "SPDXID").is_some_and(|id| described.contains(id)) {
            continue;
        }
        let purl = items(one, "externalRefs")
            .iter()
            .find(|reference| text(reference, "referenceType") == Some("purl"));
        let key = purl
            .and_then(|one| text(one, "referenceLocator"))
            .map_or_else(|| format!("package {name}"), package);
        let licence = text(one, "licenseConcluded")
            .filter(|word| *word != "NOASSERTION")
            .or_else(|| text(one, "licenseDeclared"));
        listed.parts.entry(key).or_default().insert(Line {
            name: name.to_owned(),
            version: text(one, "versionInfo").map(str::to_owned),
            licence: licence
                .filter(|word| !["NOASSERTION", "NONE"].contains(word))
                .map(str::to_owned),
        });
    }
    listed
}

/// Classes of what is a component.
const PACKAGES: &[&str] = &["software_Package", "ai_AIPackage", "dataset_DatasetPackage"];

fn spdx_three(root: &Value) -> Listed {
    let mut listed = Listed::default();
    let graph = listed.entries(root, "@graph");
    let mut expressions: BTreeMap<&str, &str> = BTreeMap::new();
    let mut declared: BTreeMap<&str, &str> = BTreeMap::new();
    let mut roots: BTreeSet<&str> = BTreeSet::new();
    for one in graph {
        match text(one, "type").unwrap_or_default() {
            "simplelicensing_LicenseExpression" => {
                expressions.extend(text(one, "spdxId").zip(text(one, "simplelicensing_licenseExpression")));
            }
            "software_Sbom" => roots.extend(items(one, "rootElement").iter().filter_map(Value::as_str)),
            _ => {}
        }
    }
    for one in graph {
        let kind = text(one, "relationshipType").unwrap_or_default();
        if ["hasDeclaredLicense", "hasConcludedLicense"].contains(&kind)
            && let (Some(from), Some(to)) = (text(one, "from"), items(one, "to").first().and_then(Value::as_str))
            && let Some(expression) = expressions.get(to)
        {
            declared.insert(from, expression);
        }
    }
    for one in graph {
        let kind = text(one, "type").unwrap_or_default();
        let listable = PACKAGES.contains(&kind);
        let Some(id) = text(one, "spdxId") else {
            // Records without an identifier of their own, as of who made the document, are fine.
            listed.malformed += usize::from(kind.is_empty() || listable);
            continue;
        };
        let Some(name) = text(one, "name") else {
            listed.malformed += usize::from(listable);
            continue;
        };
        if kind == "software_File"
            && text(one, "comment").is_some_and(|comment| comment.starts_with("This file was not"))
        {
            listed.unknown.insert(name.to_owned());
        }
        if !listable || roots.contains(id) {
            continue;
        }
        let key = text(one, "software_packageUrl").map_or_else(|| format!("{kind} {name}"), package);
        listed.parts.entry(key).or_default().insert(Line {
            name: name.to_owned(),
            version: text(one, "software_packageVersion").map(str::to_owned),
            licence: declared.get(id).map(|text| (*text).to_owned()),
        });
    }
    listed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[(&str, Option<&str>, Option<&str>)]) {
        let listed = read(text.as_bytes()).unwrap();
        let got: Vec<_> = listed
            .parts
            .iter()
            .flat_map(|(key, lines)| {
                lines
                    .iter()
                    .map(move |line| (key.as_str(), line.version.as_deref(), line.licence.as_deref()))
            })
            .collect();
        assert_eq!(got, expect);
    }

    #[test]
    fn bills_of_several_kinds_are_read() {
        check(
            r#"{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"type":"library","group":"@a","name":"b","version":"1","purl":"pkg:npm/%40a/b@1?x=y","licenses":[{"license":{"id":"MIT"}}],
            "components":[{"type":"file","name":"c"}]}]}"#,
            &[("file c", None, None), ("pkg:npm/%40a/b", Some("1"), Some("MIT"))],
        );
        check(
            r#"{"spdxVersion":"SPDX-2.3","documentDescribes":["SPDXRef-r"],"packages":[{"SPDXID":"SPDXRef-r","name":"r"},{"SPDXID":"SPDXRef-a","name":"a","versionInfo":"2","licenseConcluded":"NOASSERTION","licenseDeclared":"ISC",
            "externalRefs":[{"referenceType":"purl","referenceLocator":"pkg:pypi/a@2"}]}]}"#,
            &[("pkg:pypi/a", Some("2"), Some("ISC"))],
        );
        for bad in ["", "{}", "[]", "{\"bomFormat\":1}"] {
            assert!(read(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_malformed_is_counted() {
        for (text, expect) in [
            (r#"{"bomFormat":"CycloneDX","components":[{"name":"a"}]}"#, 0),
            (r#"{"bomFormat":"CycloneDX","components":"x"}"#, 1),
            (r#"{"bomFormat":"CycloneDX","components":null}"#, 0),
            (
                r#"{"bomFormat":"CycloneDX","components":[{"name":"a","components":null},null]}"#,
                1,
            ),
            (r#"{"spdxVersion":"SPDX-2.3","packages":null}"#, 0),
            (
                r#"{"bomFormat":"CycloneDX","components":[1,{"name":7},{"name":"a","components":{}}]}"#,
                3,
            ),
            (r#"{"spdxVersion":"SPDX-2.3","packages":[{"name":1}]}"#, 1),
            (
                r#"{"@context":"x","@graph":[{"type":"CreationInfo"},{"type":"software_Package"},null,{"type":"ai_AIPackage","spdxId":"a"}]}"#,
                3,
            ),
            (r#"{"@context":"x","@graph":1}"#, 1),
        ] {
            assert_eq!(read(text.as_bytes()).unwrap().malformed, expect, "{text}");
        }
    }

    #[test]
    fn package_urls_are_cut_at_the_version() {
        for (purl, expect) in [
            ("pkg:pypi/a@1", "pkg:pypi/a"),
            ("pkg:npm/%40a/b@1?q", "pkg:npm/%40a/b"),
            ("pkg:npm/@a/b", "pkg:npm/@a/b"),
            ("x", "x"),
            ("pkg:pypi/a#p", "pkg:pypi/a"),
        ] {
            assert_eq!(package(purl), expect);
        }
    }
}
