//! The licence of every dependency, compared with the allow-list of deny.toml.

use crate::{
    Project,
    deny_file::{self, DenyFile, Licenses},
    report::{Fault, Report},
    workspace::Workspace,
};
use anyhow::Result;

pub(crate) fn check(project: &Project) -> Result<Report> {
    let file = DenyFile::of(&project.tree)?;
    let faults = faults_of(&file.licenses, &project.workspace);
    let examined = format!(
        "{} dependencies, {} licences allowed",
        project.workspace.dependencies().count(),
        file.licenses.allow.len()
    );
    Ok(Report::new(examined, faults).with_notes(project.workspace.platform_notes()))
}

fn faults_of(licences: &Licenses, workspace: &Workspace) -> Vec<Fault> {
    let mut faults = Vec::new();
    for package in workspace.dependencies() {
        let exceptions = licences
            .exceptions
            .iter()
            .filter(|exception| exception.name == package.name);
        let more: Vec<&String> = exceptions.flat_map(|exception| &exception.allow).collect();
        let allowed = |licence: &str| {
            licences
                .allow
                .iter()
                .chain(more.iter().copied())
                .any(|one| one == licence)
        };
        let what = match package.licence.as_deref() {
            None => format!("{} {} names no licence", package.name, package.version),
            Some(expression) => match satisfied(expression, &allowed) {
                Some(true) => continue,
                Some(false) => format!("{} {} has the licence {expression}", package.name, package.version),
                None => format!(
                    "{} {} has a licence that is no SPDX expression: {expression}",
                    package.name, package.version
                ),
            },
        };
        let mend = "do without it, or add the licence to deny.toml if it is permissive";
        faults.push(Fault::new(deny_file::FILE, None, "licence", what, mend));
    }
    faults
}

/// Whether an SPDX licence expression can be satisfied with allowed licences alone; none when it cannot be read.
///
/// The grammar is that of SPDX 2.3, annex D, with `/` read as `OR` as crates.io did before it. `WITH` binds tightest,
/// then `AND`, then `OR`; an exception counts as part of its licence, so it must be allowed together with it.
fn satisfied(expression: &str, allowed: &dyn Fn(&str) -> bool) -> Option<bool> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut reader = Reader {
        words: spaced.split_whitespace().collect(),
        at: 0,
        allowed,
    };
    let value = reader.either(0)?;
    (reader.at == reader.words.len()).then_some(value)
}

struct Reader<'a> {
    words: Vec<&'a str>,
    at: usize,
    allowed: &'a dyn Fn(&str) -> bool,
}

/// Parentheses deeper than this are no licence.
const DEEPEST: usize = 32;

impl<'a> Reader<'a> {
    fn next_is(&mut self, word: &str) -> bool {
        let is = self.words.get(self.at) == Some(&word);
        self.at += usize::from(is);
        is
    }

    fn either(&mut self, depth: usize) -> Option<bool> {
        let mut value = self.both(depth)?;
        while self.next_is("OR") {
            value |= self.both(depth)?;
        }
        Some(value)
    }

    fn both(&mut self, depth: usize) -> Option<bool> {
        let mut value = self.one(depth)?;
        while self.next_is("AND") {
            value &= self.one(depth)?;
        }
        Some(value)
    }

    fn one(&mut self, depth: usize) -> Option<bool> {
        if depth > DEEPEST {
            return None;
        }
        if self.next_is("(") {
            let value = self.either(depth + 1)?;
            return self.next_is(")").then_some(value);
        }
        let licence = self.name()?;
        if self.next_is("WITH") {
            let exception = self.name()?;
            return Some((self.allowed)(&format!("{licence} WITH {exception}")));
        }
        Some((self.allowed)(licence))
    }

    fn name(&mut self) -> Option<&'a str> {
        let word = *self.words.get(self.at)?;
        self.at += 1;
        let is_name = !matches!(word, "OR" | "AND" | "WITH" | "(" | ")")
            && word
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'+' | b':'));
        is_name.then_some(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{deny_file::Exception, workspace::Package};

    #[track_caller]
    fn check(expression: &str, expect: Option<bool>) {
        let allowed = |licence: &str| ["MIT", "Apache-2.0", "ISC", "Apache-2.0 WITH LLVM-exception"].contains(&licence);
        assert_eq!(satisfied(expression, &allowed), expect, "{expression}");
    }

    #[test]
    fn expressions_are_satisfied_by_allowed_licences_alone() {
        check("MIT", Some(true));
        check("GPL-3.0-only", Some(false));
        check("MIT OR GPL-3.0-only", Some(true));
        check("GPL-3.0-only OR MIT", Some(true));
        check("MIT AND GPL-3.0-only", Some(false));
        check("MIT/GPL-3.0-only", Some(true));
        check("Apache-2.0 / MIT", Some(true));
        check("GPL-3.0-only AND ISC OR MIT", Some(true));
        check("GPL-3.0-only AND (ISC OR MIT)", Some(false));
        check("(MIT OR GPL-2.0-or-later) AND ISC", Some(true));
        check("Apache-2.0 WITH LLVM-exception", Some(true));
        check("Apache-2.0 WITH Other-exception", Some(false));
        check("GPL-2.0-only WITH Classpath-exception-2.0 OR MIT", Some(true));
        check("MPL-2.0", Some(false));
        check("mit", Some(false));
    }

    #[test]
    fn what_is_no_expression_is_not_read_as_one() {
        for text in [
            "",
            "MIT OR",
            "OR MIT",
            "MIT MIT",
            "(MIT",
            "MIT)",
            "MIT WITH",
            "MIT WITH OR",
            "()",
            "see LICENSE,",
        ] {
            check(text, None);
        }
        check(&format!("{}MIT{}", "(".repeat(30), ")".repeat(30)), Some(true));
        check(&format!("{}MIT{}", "(".repeat(100_000), ")".repeat(100_000)), None);
    }

    #[test]
    fn members_are_excepted_and_exceptions_belong_to_one_crate() {
        let package = |name: &str, licence: Option<&str>, member| Package {
            name: name.to_owned(),
            licence: licence.map(str::to_owned),
            member,
            ..Package::default()
        };
        let packages = vec![
            package("ours", None, true),
            package("bare", None, false),
            package("x", Some("Zlib"), false),
            package("y", Some("Zlib"), false),
        ];
        let exceptions = vec![Exception {
            name: "x".into(),
            allow: vec!["Zlib".into()],
        }];
        let licences = Licenses {
            allow: vec!["MIT".into()],
            exceptions,
        };
        let faults = faults_of(
            &licences,
            &Workspace {
                packages,
                host_only: None,
            },
        );
        let whats: Vec<_> = faults.iter().map(|fault| fault.what.trim()).collect();
        assert_eq!(whats, ["bare  names no licence", "y  has the licence Zlib"]);
    }
}
