//! Where crates come from: an allowed registry, never a git repository or a folder outside the workspace.

use crate::{
    Project,
    deny_file::{self, DenyFile, Sources},
    report::{Fault, Report},
    workspace::Workspace,
};
use anyhow::Result;

pub(crate) fn check(project: &Project) -> Result<Report> {
    let file = DenyFile::of(&project.tree)?;
    let faults = faults_of(&file.sources, &project.workspace);
    let count = project.workspace.dependencies().count();
    let notes = project.workspace.platform_notes();
    Ok(Report::new(format!("{count} dependencies"), faults).with_notes(notes))
}

fn faults_of(allowed: &Sources, workspace: &Workspace) -> Vec<Fault> {
    let mut faults = Vec::new();
    for package in workspace.dependencies() {
        let welcome = match package.source.as_deref() {
            None => false,
            Some(source) => {
                let url = |list: &[String], prefix: &str| {
                    let url = source
                        .strip_prefix(prefix)
                        .map(|url| url.split(['?', '#']).next().unwrap_or(url));
                    url.is_some_and(|url| list.iter().any(|allowed| allowed == url))
                };
                url(&allowed.allow_registry, "registry+")
                    || url(&allowed.allow_registry, "sparse+")
                    || url(&allowed.allow_git, "git+")
            }
        };
        if !welcome {
            let from = package.source.as_deref().unwrap_or("a folder outside the workspace");
            let what = format!("{} {} comes from {from}", package.name, package.version);
            let mend = "take it from crates.io, or allow its origin in deny.toml and say why";
            faults.push(Fault::new(deny_file::FILE, None, "origin", what, mend));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Package;

    #[track_caller]
    fn check(source: Option<&str>, member: bool, welcome: bool) {
        let allowed = Sources {
            allow_registry: vec!["https://github.com/rust-lang/crates.io-index".into()],
            allow_git: vec!["https://example.org/ours".into()],
        };
        let package = Package {
            source: source.map(str::to_owned),
            member,
            ..Package::default()
        };
        let workspace = Workspace {
            packages: vec![package],
            host_only: None,
        };
        assert_eq!(faults_of(&allowed, &workspace).is_empty(), welcome, "{source:?}");
    }

    #[test]
    fn only_allowed_origins_pass() {
        check(
            Some("registry+https://github.com/rust-lang/crates.io-index"),
            false,
            true,
        );
        check(Some("registry+https://registry.example.org/index"), false, false);
        check(Some("git+https://example.org/ours?rev=1#2"), false, true);
        check(Some("git+https://example.org/theirs#2"), false, false);
        check(Some("git+https://github.com/rust-lang/crates.io-index#2"), false, false);
        check(None, false, false);
        check(None, true, true);
    }
}
