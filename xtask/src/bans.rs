//! Crates that only some may use, and crates that come in several versions.
//!
//! A ban of deny.toml names a crate and its `wrappers`, the only crates that may depend on it directly. This is how it
//! is certain that cryptography lives in one room and the network in another.

use crate::{
    Project,
    deny_file::{self, Ban, DenyFile},
    report::{Fault, Report},
    workspace::Workspace,
};
use anyhow::Result;
use std::collections::{BTreeMap, BTreeSet};

pub(crate) fn check(project: &Project) -> Result<Report> {
    let file = DenyFile::of(&project.tree)?;
    let line = |name: &str| deny_file::line_of(&project.tree, name);
    let faults = faults_of(&file.bans.deny, &project.workspace, line);
    let examined = format!(
        "{} bans over {} packages",
        file.bans.deny.len(),
        project.workspace.packages.len()
    );
    let mut notes = project.workspace.platform_notes();
    notes.extend(duplicates(&project.workspace));
    Ok(Report::new(examined, faults).with_notes(notes))
}

fn faults_of(bans: &[Ban], workspace: &Workspace, line: impl Fn(&str) -> Option<usize>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for ban in bans {
        for package in &workspace.packages {
            let uses = package.depends.iter().any(|arrow| arrow.to == ban.name);
            if uses && !ban.wrappers.contains(&package.name) {
                let what = format!("{} uses {} ({})", package.name, ban.name, ban.reason);
                let mend = if package.member {
                    "use the crate of Ward's that wraps it"
                } else {
                    "find out why it came in, then do without or add it to the wrappers"
                };
                faults.push(Fault::new(deny_file::FILE, line(&ban.name), "banned crate", what, mend));
            }
        }
        if !ban
            .name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        {
            let what = format!(
                "`{}` is not the bare name of a crate, so this check cannot obey it",
                ban.name
            );
            faults.push(Fault::new(
                deny_file::FILE,
                line(&ban.name),
                "unread ban",
                what,
                "ban every version of it",
            ));
        }
        if ban.reason.is_empty() {
            let what = format!("the ban of {} has no reason", ban.name);
            faults.push(Fault::new(
                deny_file::FILE,
                line(&ban.name),
                "ban without a reason",
                what,
                "give it one",
            ));
        }
    }
    faults
}

/// One note that lists every package that is there in several versions.
fn duplicates(workspace: &Workspace) -> Option<String> {
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in workspace.dependencies() {
        versions.entry(&package.name).or_default().insert(&package.version);
    }
    let several: Vec<String> = versions
        .into_iter()
        .filter(|(_, versions)| versions.len() > 1)
        .map(|(name, versions)| format!("{name} {}", versions.into_iter().collect::<Vec<_>>().join(" and ")))
        .collect();
    (!several.is_empty()).then(|| format!("in several versions: {}", several.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::{Arrow, Package};

    fn package(name: &str, version: &str, uses: &[&str]) -> Package {
        let depends = uses
            .iter()
            .map(|to| Arrow {
                to: (*to).to_owned(),
                dev: false,
            })
            .collect();
        Package {
            name: name.to_owned(),
            version: version.to_owned(),
            depends,
            ..Package::default()
        }
    }

    fn workspace() -> Workspace {
        let packages = vec![
            package("ward-seal", "0", &["sha2", "openssl"]),
            package("ward-deid", "0", &["sha2"]),
            package("sha2", "0.11", &[]),
            package("sha2", "0.10", &[]),
        ];
        Workspace {
            packages,
            host_only: None,
        }
    }

    #[track_caller]
    fn check(ban: &str, expect: &[&str]) {
        let file = DenyFile::parse(&format!("bans.deny = [{ban}]")).unwrap();
        let faults = faults_of(&file.bans.deny, &workspace(), |_| None);
        let whats: Vec<_> = faults.iter().map(|fault| fault.what.as_str()).collect();
        assert_eq!(whats, expect);
    }

    #[test]
    fn only_wrappers_may_use_a_banned_crate() {
        check(
            r#"{ crate = "sha2", wrappers = ["ward-seal"], reason = "r" }"#,
            &["ward-deid uses sha2 (r)"],
        );
        check(
            r#"{ crate = "sha2", wrappers = ["ward-seal", "ward-deid"], reason = "r" }"#,
            &[],
        );
        check(
            r#"{ crate = "openssl", reason = "r" }"#,
            &["ward-seal uses openssl (r)"],
        );
        check(
            r#"{ crate = "sha2:<=0.10", reason = "r" }"#,
            &["`sha2:<=0.10` is not the bare name of a crate, so this check cannot obey it"],
        );
        check(r#"{ crate = "absent" }"#, &["the ban of absent has no reason"]);
    }

    #[test]
    fn several_versions_are_told() {
        assert_eq!(
            duplicates(&workspace()).unwrap(),
            "in several versions: sha2 0.10 and 0.11"
        );
        assert_eq!(duplicates(&Workspace::default()), None);
    }
}
