//! What is told to everybody: advisories that machines read, security.txt, thanks. Every text in them was written for the
//! public in a [`Draft`]; nothing of a report goes into one by itself.

mod csaf;
mod cwe;
mod osv;
mod page;
mod provider;
mod security_txt;
mod vex;

use jiff::{Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Error, ErrorKind, Settings,
    affected::{is_of_line, version_of},
    calendar::instant,
    case::{Case, Fix},
    score,
};

pub use page::{hall_of_fame, markdown, policy_text};
pub use provider::{Listed, index};
pub use security_txt::{Checked, SecurityTxt};

/// Most versions of one kind that an advisory lists.
const MOST_VERSIONS: usize = 500;

/// An advisory's text and facts, as the team writes them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Draft {
    /// One line.
    pub title: String,
    /// What it is, in a paragraph.
    pub summary: String,
    /// All that a user needs to know.
    pub description: String,
    /// What somebody can do with it, and what that means for patients.
    pub impact: String,
    /// What to do until the fix is installed.
    pub workaround: String,
    /// The CVE, when it has one.
    pub cve: Option<String>,
    /// The weakness; none: that of the assessment.
    pub cwe: Option<String>,
    /// Addresses with more.
    pub references: Vec<String>,
    /// The commits that brought it, in full.
    pub introduced_commits: Vec<String>,
    /// The commits that mend it, in full.
    pub fixed_commits: Vec<String>,
    /// What this revision changes; for the first, nothing.
    pub change: String,
}

impl Draft {
    /// Reads a draft in TOML.
    ///
    /// # Errors
    /// [`ErrorKind::Input`] with the line or the field.
    pub fn read(text: &str) -> Result<Self, Error> {
        let draft: Self = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(0, |span| {
                text.get(..span.start).unwrap_or_default().matches('\n').count() + 1
            });
            let what = error.message().lines().next().unwrap_or_default();
            Error::new(ErrorKind::Input, format!("line {line} of the draft: {what}"))
        })?;
        draft.check()?;
        Ok(draft)
    }

    fn check(&self) -> Result<(), Error> {
        let wrong = |what: &str| Err(Error::new(ErrorKind::Input, format!("the draft: {what}")));
        let is_empty = |text: &str| text.trim().is_empty() || text.trim() == "...";
        if is_empty(&self.title) || is_empty(&self.description) {
            return wrong("title and description are needed");
        }
        if self.cve.as_deref().is_some_and(|cve| !is_cve(cve)) {
            return wrong("a cve is written as CVE-2026-12345");
        }
        if self.cwe.as_deref().is_some_and(|cwe| !score::is_cwe(cwe)) {
            return wrong("a cwe is written as CWE-22");
        }
        if self
            .references
            .iter()
            .any(|url| !url.starts_with("https://") || url.contains(char::is_whitespace))
        {
            return wrong("references begin with https://");
        }
        let commit = |hash: &String| {
            matches!(hash.len(), 40 | 64) && hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        };
        if !self.introduced_commits.iter().chain(&self.fixed_commits).all(commit) {
            return wrong("commits are written in full: 40 or 64 hexadecimal digits");
        }
        Ok(())
    }

    /// What to fill in, for a case.
    #[must_use]
    pub fn template(case: &Case) -> String {
        let quoted = |text: &str| Value::String(text.to_owned()).to_string();
        let cwe = case.assessment.as_ref().and_then(|assessment| assessment.cwe.clone());
        let cwe = cwe.map_or_else(
            || "# cwe = \"CWE-22\"".to_owned(),
            |cwe| format!("cwe = {}", quoted(&cwe)),
        );
        format!(
            "# The advisory of {}. Everything in this file becomes public.\n\
             # The report's own title is: {}\n\
             title = \"...\"\nsummary = \"...\"\ndescription = \"\"\"\n...\n\"\"\"\nimpact = \"...\"\nworkaround = \"\"\n\
             # cve = \"CVE-2026-12345\"\n{cwe}\nreferences = []\n\
             # introduced-commits = []\n# fixed-commits = []\n# For a later revision, what it changes:\nchange = \"\"\n",
            case.id,
            quoted(&case.title)
        )
    }
}

/// True for `CVE-`, a year and four digits or more.
fn is_cve(text: &str) -> bool {
    let mut parts = text.split('-');
    let digits = |part: Option<&str>, least: usize, most: usize| {
        part.is_some_and(|part| (least..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    parts.next() == Some("CVE") && digits(parts.next(), 4, 4) && digits(parts.next(), 4, 19) && parts.next().is_none()
}

/// A file of an advisory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its path in the folder of advisories.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Everything that the formats are made from.
pub(crate) struct Facts<'a> {
    case: &'a Case,
    draft: &'a Draft,
    settings: &'a Settings,
    /// When each revision was made, the first first.
    revisions: &'a [u64],
    affected: Vec<String>,
    fixed: Vec<String>,
    unaffected: Vec<String>,
}

impl Facts<'_> {
    /// When the first revision was made.
    fn first(&self) -> Timestamp {
        instant(self.revisions.first().copied().unwrap_or(0))
    }

    /// When this one was.
    fn last(&self) -> Timestamp {
        instant(self.revisions.last().copied().unwrap_or(0))
    }

    /// The id as a name of a file (CSAF 2.0, section 5.1).
    fn file_stem(&self) -> String {
        let mut out = String::new();
        for c in self.case.id.to_ascii_lowercase().chars() {
            let plain = c.is_ascii_alphanumeric() || matches!(c, '+' | '-');
            if plain {
                out.push(c);
            } else if !out.ends_with('_') {
                out.push('_');
            }
        }
        out
    }

    fn cwe(&self) -> Option<&str> {
        let assessed = self
            .case
            .assessment
            .as_ref()
            .and_then(|assessment| assessment.cwe.as_deref());
        self.draft.cwe.as_deref().or(assessed)
    }

    /// The fix for an affected version: that of its own line, else the highest there is.
    fn fix_of(&self, version: &str) -> Option<&Fix> {
        let own = self
            .case
            .fixes
            .iter()
            .find(|(line, _)| is_of_line(version, line))
            .map(|(_, fix)| fix);
        own.or_else(|| self.case.fixes.values().rfind(|fix| matches!(fix, Fix::Released(_))))
    }

    fn credits(&self) -> impl Iterator<Item = &crate::case::Credit> {
        self.case.credits.iter().filter(|credit| credit.consent)
    }
}

/// The files of an advisory: CSAF with its hash, OSV, CycloneDX VEX, and a page for people. Beside them what could not be
/// written, and why.
///
/// # Errors
/// [`ErrorKind::Settings`] when `ward.toml` does not say who publishes, [`ErrorKind::State`] when no affected version is
/// known.
pub fn files(
    case: &Case,
    draft: &Draft,
    settings: &Settings,
    revisions: &[u64],
) -> Result<(Vec<File>, Vec<String>), Error> {
    let publisher = &settings.publisher;
    if publisher.name.trim().is_empty() || !publisher.namespace.starts_with("https://") {
        let what = "ward.toml: an advisory names who publishes it; add [disclose.publisher] with name and namespace (an https:// address of yours)";
        return Err(Error::new(ErrorKind::Settings, what));
    }
    let versions = case
        .versions
        .as_ref()
        .filter(|versions| !versions.declined && !versions.affected.is_empty());
    let Some(versions) = versions else {
        return Err(Error::new(
            ErrorKind::State,
            "an advisory names affected versions; record them with `ward disclose affected`",
        ));
    };
    let mut fixed: Vec<String> = case
        .fixes
        .values()
        .filter_map(|fix| match fix {
            Fix::Released(version) => Some(version.clone()),
            Fix::Declined(_) => None,
        })
        .collect();
    fixed.dedup();
    let mut seen = std::collections::BTreeSet::new();
    let affected: Vec<String> = versions
        .affected
        .iter()
        .filter(|version| !fixed.contains(version) && seen.insert((*version).clone()))
        .take(MOST_VERSIONS)
        .cloned()
        .collect();
    // The tag `v2.0.1` and the release 2.0.1 that mends it are one product.
    let is_fix = |version: &&String| fixed.iter().any(|fix| version_of(fix) == version_of(version));
    let unaffected = versions
        .unaffected
        .iter()
        .filter(|version| !is_fix(version) && seen.insert((*version).clone()))
        .take(MOST_VERSIONS)
        .cloned()
        .collect();
    let facts = Facts {
        case,
        draft,
        settings,
        revisions,
        affected,
        fixed,
        unaffected,
    };
    let mut notes = Vec::new();
    let mut files = Vec::new();
    let year = facts.first().to_zoned(TimeZone::UTC).year();
    let stem = facts.file_stem();
    let csaf = pretty(&csaf::document(&facts));
    let name = format!("white/{year}/{stem}.json");
    let hash = format!(
        "{}  {stem}.json\n",
        ward_seal::hash::hex(&ward_seal::hash::sha256(&csaf))
    );
    files.push(File {
        path: name.clone(),
        bytes: csaf,
    });
    files.push(File {
        path: format!("{name}.sha256"),
        bytes: hash.into_bytes(),
    });
    match osv::document(&facts) {
        Some(document) => files.push(File {
            path: format!("osv/x_{}.json", case.id),
            bytes: pretty(&document),
        }),
        None => notes.push(
            "OSV was not written: it names a package; add ecosystem and name to [disclose.package] of ward.toml"
                .to_owned(),
        ),
    }
    files.push(File {
        path: format!("vex/{stem}.cdx.json"),
        bytes: pretty(&vex::document(&facts)),
    });
    files.push(File {
        path: format!("pages/{stem}.md"),
        bytes: markdown(case, draft, settings).into_bytes(),
    });
    if facts.cwe().is_some_and(|cwe| cwe::name(cwe).is_none()) {
        notes.push(
            "the weakness is named in a note of the CSAF document only: Ward does not know its official name"
                .to_owned(),
        );
    }
    Ok((files, notes))
}

/// To the second, in UTC.
fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn pretty(value: &Value) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// A UUID (version 8, RFC 9562) from what is in a document, so that the same document has the same.
fn uuid(content: &str) -> String {
    let digest = ward_seal::hash::sha256(content.as_bytes());
    let mut bytes: [u8; 16] = digest.first_chunk().copied().unwrap_or_default();
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex = ward_seal::hash::hex(&bytes);
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default().to_owned();
    [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
}

#[cfg(test)]
mod tests;
