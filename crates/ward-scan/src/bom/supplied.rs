//! Who supplies models and data sets, from where and since when: what the profiles AI and Dataset of SPDX 3.0.1 ask for.
//!
//! A name on a hub tells the account that publishes it and where it lies; a digest fixes a version. When something was
//! released no file tells: that stands in `[[scan.supplied]]` of `ward.toml`.

use super::{Kind, Part};
use crate::{config, inventory::Ecosystem, suppress::Day};

/// What is known of who supplies a part. Nothing for what is neither a model nor a data set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Supplied {
    /// Who supplies it: a person, an organisation, or an account of a hub.
    pub by: Option<String>,
    /// The address that it is fetched from.
    pub location: Option<String>,
    /// Its version: as stated, as fixed where it is named, or its digest.
    pub version: Option<String>,
    /// The day on which it was released.
    pub released: Option<Day>,
    /// The day on which a data set was made.
    pub built: Option<Day>,
}

impl Supplied {
    /// What is known of a part: what is stated, else what its name and its digest tell.
    pub(super) fn of(part: &Part, stated: &[config::Supplied]) -> Self {
        if !matches!(part.kind, Kind::Model | Kind::Data) {
            return Self::default();
        }
        let is_this = |one: &&config::Supplied| {
            let file = part.ecosystem.is_none() && part.places.iter().any(|place| place.path == one.name);
            one.name == part.name || file
        };
        let stated = stated.iter().find(is_this).cloned().unwrap_or_default();
        let hub = part.ecosystem == Some(Ecosystem::HuggingFace) && part.fetched.is_none();
        let owner = || part.name.split_once('/').map(|(owner, _)| owner.to_owned());
        let page = || {
            let data = if part.kind == Kind::Data { "datasets/" } else { "" };
            let at = part
                .version
                .as_ref()
                .map_or_else(String::new, |version| format!("/tree/{version}"));
            let plain = |c: char| c.is_ascii_alphanumeric() || "/-_.".contains(c);
            let page = format!("https://huggingface.co/{data}{}{at}", part.name);
            page.chars().skip("https:".len()).all(plain).then_some(page)
        };
        let digest = || {
            let sha256 = part.hashes.iter().find(|(algorithm, _)| algorithm == "SHA-256");
            sha256.map(|(_, digits)| format!("sha256:{digits}"))
        };
        Self {
            by: stated.supplier.or_else(|| hub.then(owner).flatten()),
            location: stated.location.or_else(|| hub.then(page).flatten()),
            version: stated.version.or_else(|| part.version.clone()).or_else(digest),
            released: stated.released,
            built: stated.built,
        }
    }

    /// What SPDX's profile for parts of this kind asks for and nobody told; empty when there is nothing or the kind has none.
    #[must_use]
    pub fn lacks(&self, kind: Kind) -> Vec<&'static str> {
        let model = kind == Kind::Model;
        let asked = [
            (self.by.is_none(), "supplier"),
            (self.location.is_none(), "location"),
            (model && self.version.is_none(), "version"),
            (self.released.is_none(), "day of release"),
            (!model && self.built.is_none(), "day on which it was made"),
        ];
        let known = matches!(kind, Kind::Model | Kind::Data);
        let missing = asked.into_iter().filter(|(missing, _)| known && *missing);
        missing.map(|(_, what)| what).collect()
    }
}
