//! The crates of the workspace and everything they depend on, as `cargo metadata` tells it.

use anyhow::{Context as _, Result};
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand};
use std::{collections::BTreeMap, path::Path};

/// One package: a member of the workspace or a dependency.
#[derive(Debug, Clone, Default)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    /// The SPDX expression its author gave.
    pub(crate) licence: Option<String>,
    /// Where it comes from: `registry+https://..`, `git+https://..`; none for a folder.
    pub(crate) source: Option<String>,
    pub(crate) member: bool,
    /// What it depends on, by package name: for a member what its manifest declares on any platform and with any
    /// feature, for others what they were resolved to.
    pub(crate) depends: Vec<Arrow>,
}

/// One dependency of a package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Arrow {
    pub(crate) to: String,
    /// Only for tests, examples and benches.
    pub(crate) dev: bool,
}

/// Every package of the lock file.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    pub(crate) packages: Vec<Package>,
    /// Set when packages could only be examined for this platform, because those of others were never downloaded.
    pub(crate) host_only: Option<String>,
}

impl Workspace {
    /// Asks cargo, without network, for all platforms; when other platforms' packages were never downloaded, for this
    /// one, and says so in `host_only`.
    pub(crate) fn read(root: &Path) -> Result<Self> {
        let ask = |platform: Option<&str>| {
            let mut command = MetadataCommand::new();
            command.manifest_path(root.join("Cargo.toml"));
            let mut options = vec!["--offline".to_owned(), "--locked".to_owned()];
            if let Some(platform) = platform {
                options.extend(["--filter-platform".to_owned(), platform.to_owned()]);
            }
            command.other_options(options);
            command.exec()
        };
        let (metadata, host_only) = match ask(None) {
            Ok(metadata) => (metadata, None),
            Err(_) => {
                let host = host()?;
                let metadata = ask(Some(&host)).context("cargo metadata --offline --locked (is Cargo.lock fresh?)")?;
                (metadata, Some(host))
            }
        };
        Self::of(&metadata, host_only)
    }

    fn of(metadata: &Metadata, host_only: Option<String>) -> Result<Self> {
        let names: BTreeMap<_, _> = metadata.packages.iter().map(|p| (&p.id, p.name.to_string())).collect();
        let resolve = metadata
            .resolve
            .as_ref()
            .context("cargo metadata gave no dependency graph")?;
        let resolved: BTreeMap<_, Vec<Arrow>> = resolve
            .nodes
            .iter()
            .map(|node| {
                let arrows = node.dependencies.iter().filter_map(|id| names.get(id));
                (
                    &node.id,
                    arrows
                        .map(|to| Arrow {
                            to: to.clone(),
                            dev: false,
                        })
                        .collect(),
                )
            })
            .collect();
        let packages = metadata.packages.iter().map(|package| {
            let member = metadata.workspace_members.contains(&package.id);
            let mut depends: Vec<Arrow> = if member {
                let declared = package.dependencies.iter();
                declared
                    .map(|d| Arrow {
                        to: d.name.clone(),
                        dev: d.kind == DependencyKind::Development,
                    })
                    .collect()
            } else {
                resolved.get(&package.id).cloned().unwrap_or_default()
            };
            depends.sort();
            depends.dedup();
            Package {
                name: package.name.to_string(),
                version: package.version.to_string(),
                licence: package.license.clone(),
                source: package.source.as_ref().map(|source| source.repr.clone()),
                member,
                depends,
            }
        });
        Ok(Self {
            packages: packages.collect(),
            host_only,
        })
    }

    /// Members of the workspace.
    pub(crate) fn members(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| package.member)
    }

    /// Everything that is not a member.
    pub(crate) fn dependencies(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| !package.member)
    }

    /// What to tell about platforms that were not examined.
    pub(crate) fn platform_notes(&self) -> Vec<String> {
        self.host_only
            .iter()
            .map(|host| format!("only packages for {host} were examined; `cargo fetch --locked` brings the others"))
            .collect()
    }
}

/// This machine's platform, as `rustc` names it.
fn host() -> Result<String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = std::process::Command::new(rustc)
        .arg("-vV")
        .output()
        .context("rustc -vV")?;
    let text = String::from_utf8(output.stdout).context("rustc -vV")?;
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc -vV names no host")?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_knows_its_members_and_their_arrows() {
        let workspace = Workspace::read(&crate::tree::root()).unwrap();
        let xtask = workspace.members().find(|package| package.name == "xtask").unwrap();
        assert!(xtask.depends.contains(&Arrow {
            to: "cargo_metadata".into(),
            dev: false
        }));
        assert!(xtask.source.is_none());
        let serde = workspace
            .dependencies()
            .find(|package| package.name == "serde")
            .unwrap();
        assert!(serde.licence.is_some() && serde.source.as_deref().is_some_and(|s| s.starts_with("registry+")));
    }

    #[test]
    fn the_host_has_a_name() {
        assert!(host().unwrap().contains('-'));
    }
}
