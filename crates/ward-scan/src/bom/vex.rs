//! Statements about whether a vulnerability affects the project (VEX): read from OpenVEX 0.2 and from CycloneDX 1.4 to 1.7,
//! and written for the findings of a scan.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{cyclonedx, purl};
use crate::{Error, ErrorKind, Report, report::Package};

/// Largest file of statements that is read.
pub const MAX_FILE: usize = 64 << 20;

/// What a statement says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It does no harm here, and the statement says why.
    NotAffected,
    /// It does.
    Affected,
    /// It was mended here.
    Fixed,
    /// Somebody is looking.
    UnderInvestigation,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The vulnerability's names.
    pub vulnerability: Vec<String>,
    /// The package URLs it is about; none means every product of the file, which for a file of one project is the project.
    pub products: Vec<String>,
    /// What it says.
    pub status: Status,
    /// Why it does no harm: the standard's word, or a sentence.
    pub justification: Option<String>,
}

/// The statements of one file or several.
#[derive(Debug, Clone, Default)]
pub struct Statements {
    list: Vec<Statement>,
    /// Statements that say `not_affected` and give no reason: they keep nothing back.
    pub without_reason: usize,
}

impl Statements {
    /// Reads a file of statements.
    ///
    /// # Errors
    /// [`ErrorKind::Input`] when it is no JSON, or neither OpenVEX nor CycloneDX.
    pub fn read(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let wrong = |why| Error::new(ErrorKind::Input, why);
        if bytes.len() > MAX_FILE {
            return Err(wrong("the file of statements is larger than 64 MiB"));
        }
        let root: Value = serde_json::from_slice(bytes).map_err(|_| wrong("the file of statements is no JSON"))?;
        let open = text(&root, "@context").is_some_and(|context| context.contains("openvex"));
        let made = if open {
            openvex(&root)
        } else if text(&root, "bomFormat") == Some("CycloneDX") {
            cyclone(&root)
        } else {
            return Err(wrong("the file is neither OpenVEX nor CycloneDX"));
        };
        for one in made {
            if one.status == Status::NotAffected && one.justification.is_none() {
                self.without_reason += 1;
            } else {
                self.list.push(one);
            }
        }
        Ok(())
    }

    /// Takes what the project's own settings say. A package that is no package URL is taken for none.
    pub fn add(&mut self, own: &[crate::config::Statement]) {
        for one in own {
            let statement = Statement {
                vulnerability: vec![one.vulnerability.clone()],
                products: one.package.iter().cloned().collect(),
                status: match one.status {
                    crate::config::Status::NotAffected => Status::NotAffected,
                    crate::config::Status::Affected => Status::Affected,
                    crate::config::Status::Fixed => Status::Fixed,
                    crate::config::Status::UnderInvestigation => Status::UnderInvestigation,
                },
                justification: one.reason.clone().filter(|reason| !reason.trim().is_empty()),
            };
            if statement.status == Status::NotAffected && statement.justification.is_none() {
                self.without_reason += 1;
            } else {
                self.list.push(statement);
            }
        }
    }

    /// How many statements there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// True when there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// What is said about a package's vulnerability: the last statement that fits, as a later one replaces an earlier one.
    #[must_use]
    pub fn about(&self, package: &Package) -> Option<&Statement> {
        let names: Vec<&str> = package
            .advisory
            .iter()
            .chain(&package.aliases)
            .map(String::as_str)
            .collect();
        let own = of_package(package);
        self.list.iter().rev().find(|one| {
            let named = one
                .vulnerability
                .iter()
                .any(|name| names.iter().any(|known| known.eq_ignore_ascii_case(name)));
            named && (one.products.is_empty() || one.products.iter().any(|product| same(product, &own)))
        })
    }

    /// Takes the findings out of a report that a statement says do no harm. Gives how many there were.
    pub fn keep_back(&self, report: &mut Report) -> usize {
        let before = report.findings.len();
        report.findings.retain(|one| {
            let statement = one.more.package.as_deref().and_then(|package| self.about(package));
            !statement.is_some_and(|one| matches!(one.status, Status::NotAffected | Status::Fixed))
        });
        before - report.findings.len()
    }
}

/// The package URL of a finding's package.
fn of_package(package: &Package) -> String {
    let kind = match &*package.ecosystem {
        "PyPI" => "pypi",
        "npm" => "npm",
        "crates.io" => "cargo",
        "Go" => "golang",
        "OCI" => "oci",
        "conda" => "conda",
        "GitHub Actions" => "github",
        "Hugging Face" => "huggingface",
        _ => "generic",
    };
    let name: Vec<String> = package.name.split('/').map(purl::escaped).collect();
    let version = package
        .version
        .as_ref()
        .map_or_else(String::new, |version| format!("@{}", purl::escaped(version)));
    format!("pkg:{kind}/{}{version}", name.join("/"))
}

/// Whether a product of a statement is a package: the same URL without qualifiers; without a version any version.
fn same(product: &str, own: &str) -> bool {
    let bare = product.split(['?', '#']).next().unwrap_or(product);
    bare == own || own.strip_prefix(bare).is_some_and(|rest| rest.starts_with('@'))
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value
        .get(key)
        .and_then(Value::as_str)
        .filter(|text| !text.trim().is_empty())
}

fn items<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value
        .get(key)
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default()
}

/// OpenVEX 0.2.0 (and 0.0.x, where the vulnerability is a text and products are texts).
fn openvex(root: &Value) -> Vec<Statement> {
    let one = |statement: &Value| {
        let vulnerability = statement.get("vulnerability")?;
        let mut names: Vec<String> = vulnerability
            .as_str()
            .or_else(|| text(vulnerability, "name"))
            .map(str::to_owned)
            .into_iter()
            .collect();
        names.extend(
            items(vulnerability, "aliases")
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned),
        );
        let mut products = Vec::new();
        for product in items(statement, "products") {
            let id = |value: &Value| {
                let identifiers = value.get("identifiers");
                let purl = identifiers
                    .and_then(|all| text(all, "purl"))
                    .or_else(|| value.as_str())
                    .or_else(|| text(value, "@id"));
                purl.map(str::to_owned)
            };
            // A product is the whole, its subcomponents are what is meant.
            let inner: Vec<String> = items(product, "subcomponents").iter().filter_map(id).collect();
            if inner.is_empty() {
                products.extend(id(product).filter(|id| id.starts_with("pkg:")));
            } else {
                products.extend(inner);
            }
        }
        let status = match text(statement, "status")? {
            "not_affected" => Status::NotAffected,
            "affected" => Status::Affected,
            "fixed" => Status::Fixed,
            _ => Status::UnderInvestigation,
        };
        Some(Statement {
            vulnerability: names,
            products,
            status,
            justification: text(statement, "justification")
                .or_else(|| text(statement, "impact_statement"))
                .map(str::to_owned),
        })
    };
    items(root, "statements").iter().filter_map(one).collect()
}

/// CycloneDX: `vulnerabilities` with an analysis.
fn cyclone(root: &Value) -> Vec<Statement> {
    let mut by_reference: BTreeMap<&str, &str> = BTreeMap::new();
    let mut open: Vec<&Value> = items(root, "components").iter().collect();
    while let Some(one) = open.pop() {
        open.extend(items(one, "components"));
        by_reference.extend(text(one, "bom-ref").zip(text(one, "purl")));
    }
    let one = |vulnerability: &Value| {
        let analysis = vulnerability.get("analysis")?;
        let status = match text(analysis, "state")? {
            "not_affected" | "false_positive" => Status::NotAffected,
            "resolved" | "resolved_with_pedigree" => Status::Fixed,
            "exploitable" => Status::Affected,
            _ => Status::UnderInvestigation,
        };
        let mut names: Vec<String> = text(vulnerability, "id").map(str::to_owned).into_iter().collect();
        names.extend(
            items(vulnerability, "references")
                .iter()
                .filter_map(|one| text(one, "id"))
                .map(str::to_owned),
        );
        let products = items(vulnerability, "affects")
            .iter()
            .filter_map(|one| text(one, "ref"));
        let products = products.map(|reference| by_reference.get(reference).copied().unwrap_or(reference).to_owned());
        Some(Statement {
            vulnerability: names,
            products: products.filter(|one| one.starts_with("pkg:")).collect(),
            status,
            justification: text(analysis, "justification")
                .or_else(|| text(analysis, "detail"))
                .map(str::to_owned),
        })
    };
    items(root, "vulnerabilities").iter().filter_map(one).collect()
}

/// The words for reasons that OpenVEX knows.
const REASONS: &[&str] = &[
    "component_not_present",
    "vulnerable_code_not_present",
    "vulnerable_code_not_in_execute_path",
    "vulnerable_code_cannot_be_controlled_by_adversary",
    "inline_mitigations_already_exist",
];

/// Statements for the findings of a scan, as OpenVEX 0.2.0, with what `said` says of each. Everything else is under
/// investigation until a person says otherwise: that a module is nowhere imported is told as evidence and does not by
/// itself make a finding harmless.
#[must_use]
pub fn write(report: &Report, made: i64, said: &Statements) -> Value {
    let mut statements = Vec::new();
    for one in &report.findings {
        let Some(package) = one.more.package.as_deref() else {
            continue;
        };
        let Some(advisory) = &package.advisory else { continue };
        let notes = one.finding.note.to_string();
        let mut statement = json!({
            "vulnerability": {"name": advisory, "aliases": package.aliases},
            "products": [{"@id": of_package(package), "identifiers": {"purl": of_package(package)}}],
            "status": "under_investigation",
            "status_notes": notes,
        });
        let person = said.about(package);
        if let Some(fixed) = &package.fixed {
            statement["action_statement"] = json!(format!("Upgrade to {fixed}"));
        }
        if let Some(person) = person {
            statement["status"] = json!(match person.status {
                Status::NotAffected => "not_affected",
                Status::Affected => "affected",
                Status::Fixed => "fixed",
                Status::UnderInvestigation => "under_investigation",
            });
            let reason = person.justification.as_deref();
            match (person.status, reason) {
                (Status::NotAffected, Some(word)) if REASONS.contains(&word) => {
                    statement["justification"] = json!(word)
                }
                (Status::NotAffected, Some(words)) => statement["impact_statement"] = json!(words),
                // The standard asks for it where something is affected.
                (Status::Affected, Some(words)) => statement["action_statement"] = json!(words),
                (Status::Affected, None) if package.fixed.is_none() => {
                    statement["action_statement"] = json!("no version without the fault is known");
                }
                (_, Some(words)) => statement["status_notes"] = json!(format!("{words}. {notes}")),
                (_, None) => {}
            }
        }
        statements.push(statement);
    }
    let id = cyclonedx::uuid(&Value::Array(statements.clone()));
    json!({
        "@context": "https://openvex.dev/ns/v0.2.0",
        "@id": format!("urn:uuid:{id}"),
        "author": "ward",
        "timestamp": cyclonedx::time(made),
        "version": 1,
        "statements": statements,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(version: &str) -> Package {
        Package {
            ecosystem: "PyPI".into(),
            name: "a".to_owned(),
            version: Some(version.to_owned()),
            advisory: Some("PYSEC-1".to_owned()),
            aliases: vec!["CVE-2024-0001".to_owned()],
            fixed: None,
        }
    }

    #[track_caller]
    fn check(file: &str, version: &str, expect: Option<Status>) {
        let mut statements = Statements::default();
        statements.read(file.as_bytes()).unwrap();
        assert_eq!(
            statements.about(&package(version)).map(|one| one.status),
            expect,
            "{file}"
        );
    }

    #[test]
    fn statements_of_both_standards_are_read() {
        let open = |status: &str, product: &str| {
            format!(
                r#"{{"@context":"https://openvex.dev/ns/v0.2.0","statements":[{{"vulnerability":{{"name":"CVE-2024-0001"}},"products":[{{"@id":"{product}"}}],{status}}}]}}"#
            )
        };
        let harmless = r#""status":"not_affected","justification":"vulnerable_code_not_in_execute_path""#;
        check(&open(harmless, "pkg:pypi/a@1"), "1", Some(Status::NotAffected));
        check(&open(harmless, "pkg:pypi/a"), "1", Some(Status::NotAffected));
        check(&open(harmless, "pkg:pypi/a@2"), "1", None);
        check(&open(harmless, "pkg:pypi/ab"), "1", None);
        check(
            &open(r#""status":"affected""#, "pkg:pypi/a@1"),
            "1",
            Some(Status::Affected),
        );
        // Without a reason nothing is kept back.
        check(&open(r#""status":"not_affected""#, "pkg:pypi/a@1"), "1", None);
        let cyclone = r#"{"bomFormat":"CycloneDX","components":[{"bom-ref":"r","purl":"pkg:pypi/a@1"}],"vulnerabilities":[{"id":"PYSEC-1","affects":[{"ref":"r"}],"analysis":{"state":"not_affected","justification":"code_not_reachable"}}]}"#;
        check(cyclone, "1", Some(Status::NotAffected));
        check(cyclone, "2", None);
        let mut statements = Statements::default();
        for bad in ["", "[]", "{}"] {
            assert!(statements.read(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_people_say_is_written_and_obeyed() {
        let config = crate::config::Config::read(
            "[[scan.vex]]\nvulnerability = 'cve-2024-0001'\npackage = 'pkg:pypi/a'\nstatus = 'not_affected'\nreason = 'never called'\n\
             [[scan.vex]]\nvulnerability = 'CVE-9'\nstatus = 'not_affected'\n",
        )
        .unwrap();
        let mut said = Statements::default();
        said.add(&config.vex);
        assert_eq!((said.len(), said.without_reason), (1, 1));
        assert_eq!(
            said.about(&package("1")).map(|one| one.status),
            Some(Status::NotAffected)
        );
    }
}
