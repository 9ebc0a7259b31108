//! What a project wants of a scan: the section `[scan]` of its `ward.toml`.
//!
//! ```toml
//! [scan]
//! profile = "thorough"
//!
//! [scan.licences]
//! allow = ["MIT", "Apache-2.0"]
//! ask = ["MPL-2.0"]
//! deny = ["AGPL-3.0-only"]
//!
//! [scan.dependencies]
//! internal = ["acme-*"]
//! advisories-at-most-days = 30
//! ```

use serde::Deserialize;

use crate::{Error, ErrorKind};

/// The file's name, at the root of what is scanned.
pub const FILE: &str = "ward.toml";

/// The section `[scan]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// How much is shown.
    pub profile: Profile,
    /// Which licences dependencies and models may have.
    pub licences: Licences,
    /// What is known of dependencies.
    pub dependencies: Dependencies,
}

/// How much is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// What is worth a person's time.
    #[default]
    Default,
    /// Everything, also style and tests.
    Thorough,
}

/// Licences by what is to be done about them: SPDX identifiers. What stands nowhere is asked about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Licences {
    /// Fine.
    pub allow: Vec<String>,
    /// Somebody has to decide.
    pub ask: Vec<String>,
    /// Never.
    pub deny: Vec<String>,
}

/// What is known of dependencies.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Dependencies {
    /// Names, with `*` for any characters, of packages that come from the project's own index only: the same name in a
    /// public index is dependency confusion.
    pub internal: Vec<String>,
    /// Most days since the advisories were made; older ones make the dependencies not examined. None: 30.
    pub advisories_at_most_days: Option<u32>,
}

/// The whole file; sections of other commands are theirs.
#[derive(Deserialize)]
struct File {
    #[serde(default)]
    scan: Config,
}

impl Config {
    /// Reads the section `[scan]` of a `ward.toml`. Without one, the default.
    ///
    /// # Errors
    /// [`ErrorKind::Input`] when the file is no TOML or the section holds a field or a value that does not exist.
    pub fn read(text: &str) -> Result<Self, Error> {
        let file: File = toml::from_str(text).map_err(|_| {
            Error::new(
                ErrorKind::Input,
                "ward.toml is no TOML, or its section [scan] has a field or a value that `ward scan` does not know; \
                 the guide to `ward scan` lists them",
            )
        })?;
        Ok(file.scan)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_read_and_unknown_fields_refused() {
        assert_eq!(Config::read("").unwrap(), Config::default());
        assert_eq!(Config::read("[serve]\nport = 1").unwrap(), Config::default());
        let config = Config::read("[scan]\nprofile = 'thorough'\n[scan.dependencies]\ninternal = ['a-*']").unwrap();
        assert_eq!(config.profile, Profile::Thorough);
        assert_eq!(config.dependencies.internal, ["a-*"]);
        for bad in [
            "[scan]\nprofil = 1",
            "[scan]\nprofile = 'loud'",
            "[scan",
            "[scan.licences]\nallow = 'MIT'",
        ] {
            assert_eq!(Config::read(bad).unwrap_err().kind(), ErrorKind::Input, "{bad}");
        }
    }
}
