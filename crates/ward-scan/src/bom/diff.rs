//! What two bills differ in: what came, what went, what changed its version or its licence.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::read::{Line, Listed};

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What tells the component apart from others: its package URL without the version, or kind and name.
    pub component: String,
    /// As it was; nothing when it is new.
    pub before: Vec<Line>,
    /// As it is; nothing when it is gone.
    pub after: Vec<Line>,
}

/// Everything that differs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diff {
    /// Components that were not there.
    pub added: Vec<Change>,
    /// Components that are gone.
    pub removed: Vec<Change>,
    /// Components of another version.
    pub versions: Vec<Change>,
    /// Components of another licence. One whose version changed too stands in both lists.
    pub licences: Vec<Change>,
    /// Files that the newer bill could not examine: what they name is unknown.
    pub unknown: BTreeSet<String>,
    /// Entries of the older and of the newer bill that name nothing ([`Listed::malformed`]).
    pub malformed: [usize; 2],
}

/// Compares two bills.
#[must_use]
pub fn of(before: &Listed, after: &Listed) -> Diff {
    let mut diff = Diff {
        unknown: after.unknown.clone(),
        malformed: [before.malformed, after.malformed],
        ..Diff::default()
    };
    let names: BTreeSet<&String> = before.parts.keys().chain(after.parts.keys()).collect();
    for name in names {
        let lines = |listed: &Listed| {
            listed
                .parts
                .get(name)
                .map(|set| set.iter().cloned().collect::<Vec<_>>())
                .unwrap_or_default()
        };
        let change = Change {
            component: name.clone(),
            before: lines(before),
            after: lines(after),
        };
        let set = |lines: &[Line], of: fn(&Line) -> Option<&String>| -> BTreeSet<Option<String>> {
            lines.iter().map(|line| of(line).cloned()).collect()
        };
        if change.before.is_empty() {
            diff.added.push(change);
        } else if change.after.is_empty() {
            diff.removed.push(change);
        } else {
            let other = |of: fn(&Line) -> Option<&String>| set(&change.before, of) != set(&change.after, of);
            if other(|line| line.licence.as_ref()) {
                diff.licences.push(change.clone());
            }
            if other(|line| line.version.as_ref()) {
                diff.versions.push(change);
            }
        }
    }
    diff
}

impl Diff {
    /// True when nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.versions.is_empty() && self.licences.is_empty()
    }

    /// Whether there may be differences that nobody can see: something was not examined, or a bill is malformed.
    #[must_use]
    pub fn is_incomplete(&self) -> bool {
        !self.unknown.is_empty() || self.malformed != [0, 0]
    }

    /// What is malformed, a line a bill.
    fn faults(&self) -> Vec<String> {
        let bills = ["older", "newer"].into_iter().zip(self.malformed);
        bills
            .filter(|(_, count)| *count > 0)
            .map(|(which, count)| {
                let entries = if count == 1 { "entry" } else { "entries" };
                format!("{count} {entries} of the {which} bill could not be read: no component as its format knows it")
            })
            .collect()
    }

    /// For programs.
    #[must_use]
    pub fn json(&self) -> Value {
        let line = |line: &Line| json!({"version": line.version, "licence": line.licence});
        let list = |changes: &[Change]| -> Vec<Value> {
            let one = |change: &Change| {
                let name = change
                    .after
                    .first()
                    .or_else(|| change.before.first())
                    .map(|line| line.name.as_str());
                json!({
                    "component": change.component,
                    "name": name,
                    "before": change.before.iter().map(line).collect::<Vec<_>>(),
                    "after": change.after.iter().map(line).collect::<Vec<_>>(),
                })
            };
            changes.iter().map(one).collect()
        };
        let [older, newer] = self.malformed;
        json!({
            "added": list(&self.added),
            "removed": list(&self.removed),
            "versions": list(&self.versions),
            "licences": list(&self.licences),
            "not_examined": self.unknown,
            "malformed": {"older": older, "newer": newer},
        })
    }

    /// For people at a terminal.
    #[must_use]
    pub fn text(&self) -> String {
        if self.is_empty() && !self.is_incomplete() {
            return "nothing differs\n".to_owned();
        }
        let mut out = String::new();
        for (sign, changes) in [
            ("+", &self.added),
            ("-", &self.removed),
            ("~", &self.versions),
            ("licence", &self.licences),
        ] {
            for change in changes.iter() {
                let _ = writeln!(
                    out,
                    "{sign:<8}{}  {}",
                    plain(&change.component),
                    summary(change, sign == "licence")
                );
            }
        }
        for path in &self.unknown {
            let _ = writeln!(out, "?       {}  not examined: what it names is unknown", plain(path));
        }
        for fault in self.faults() {
            let _ = writeln!(out, "?       {fault}");
        }
        out
    }

    /// For a comment on a pull request.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut out = format!(
            "### Components: {} added, {} removed, {} of another version, {} of another licence\n",
            self.added.len(),
            self.removed.len(),
            self.versions.len(),
            self.licences.len()
        );
        let rows = [
            ("added", &self.added),
            ("removed", &self.removed),
            ("version", &self.versions),
            ("licence", &self.licences),
        ];
        if !self.is_empty() {
            out += "\n| | component | before | after |\n|---|---|---|---|\n";
        }
        for (what, changes) in rows {
            for change in changes.iter() {
                let side = |lines: &[Line]| {
                    cell(
                        &lines
                            .iter()
                            .map(|line| shown(line, true))
                            .collect::<Vec<_>>()
                            .join("; "),
                    )
                };
                let _ = writeln!(
                    out,
                    "| {what} | {} | {} | {} |",
                    cell(&change.component),
                    side(&change.before),
                    side(&change.after)
                );
            }
        }
        if !self.unknown.is_empty() {
            out += "\nNot examined, so that what they name is unknown:\n\n";
            for path in &self.unknown {
                let _ = writeln!(out, "- {}", cell(path));
            }
        }
        for fault in self.faults() {
            let _ = writeln!(out, "\n{fault}");
        }
        out
    }
}

fn summary(change: &Change, licence: bool) -> String {
    let side = |lines: &[Line]| {
        lines
            .iter()
            .map(|line| shown(line, licence))
            .collect::<Vec<_>>()
            .join("; ")
    };
    match (change.before.as_slice(), change.after.as_slice()) {
        ([], after) => plain(
            &after
                .iter()
                .map(|line| shown(line, true))
                .collect::<Vec<_>>()
                .join("; "),
        ),
        (before, []) => plain(&side(before)),
        (before, after) => plain(&format!("{} -> {}", side(before), side(after))),
    }
}

fn shown(line: &Line, licence: bool) -> String {
    let version = line.version.as_deref().unwrap_or("any version");
    match (&line.licence, licence) {
        (Some(licence), true) => format!("{version} ({licence})"),
        (None, true) => format!("{version} (licence unknown)"),
        _ => version.to_owned(),
    }
}

/// Without what could draw on a terminal.
fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect()
}

/// Text of a bill as text of a table of Markdown: code, which renders nothing.
fn cell(text: &str) -> String {
    let text: String = plain(text).replace('|', "\\|").replace('`', "'");
    if text.is_empty() {
        String::new()
    } else {
        format!("`{text}`")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bom::read;

    fn listed(parts: &[(&str, &str, &str)]) -> Listed {
        let one = |(name, version, licence): &(&str, &str, &str)| {
            format!(
                r#"{{"type":"library","name":"{name}","version":"{version}","purl":"pkg:pypi/{name}@{version}","licenses":[{{"expression":"{licence}"}}]}}"#
            )
        };
        let parts: Vec<String> = parts.iter().map(one).collect();
        read::read(format!(r#"{{"bomFormat":"CycloneDX","components":[{}]}}"#, parts.join(",")).as_bytes()).unwrap()
    }

    #[test]
    fn what_differs_is_told() {
        let before = listed(&[
            ("a", "1", "MIT"),
            ("b", "1", "MIT"),
            ("c", "1", "MIT"),
            ("d", "1", "MIT"),
        ]);
        let after = listed(&[
            ("a", "1", "MIT"),
            ("b", "2", "MIT"),
            ("c", "1", "AGPL-3.0-only"),
            ("e", "1", "ISC"),
        ]);
        let diff = of(&before, &after);
        let names = |changes: &[Change]| changes.iter().map(|one| one.component.clone()).collect::<Vec<_>>();
        assert_eq!(names(&diff.added), ["pkg:pypi/e"]);
        assert_eq!(names(&diff.removed), ["pkg:pypi/d"]);
        assert_eq!(names(&diff.versions), ["pkg:pypi/b"]);
        assert_eq!(names(&diff.licences), ["pkg:pypi/c"]);
        assert!(diff.text().contains("+       pkg:pypi/e  1 (ISC)\n"), "{}", diff.text());
        assert!(
            diff.markdown()
                .contains("| licence | `pkg:pypi/c` | `1 (MIT)` | `1 (AGPL-3.0-only)` |\n")
        );
        assert_eq!(diff.json()["added"][0]["name"], "e");
        assert!(of(&before, &before).is_empty());
    }

    #[test]
    fn a_bill_cannot_draw_or_render() {
        assert_eq!(cell("a|b`c\u{1b}"), "`a\\|b'c\u{fffd}`");
        assert_eq!(plain("a\nb"), "a\u{fffd}b");
    }
}
