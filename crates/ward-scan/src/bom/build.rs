//! Facts of all files to one bill.

use std::collections::{BTreeMap, BTreeSet};

use ward_evidence::Location;

use super::{
    Bom, Kind, Model, Part, Place, Subject, purl,
    supplied::Supplied,
    weights::{Seen, Settings},
};
use crate::{
    Fact, NotExamined, config,
    inventory::{Component, Ecosystem, Origin, Scope, Version},
    licences::{
        card::Card,
        judge,
        names::{self, Said},
        statement::{self, Subject as About},
    },
};

/// Builds the bill of everything that files named. `name` is what the project is called when no manifest says it, `stated`
/// what it says of models and data sets itself.
#[must_use]
pub fn build(facts: &[(Location, Fact)], unknown: Vec<NotExamined>, name: &str, stated: &[config::Supplied]) -> Bom {
    let mut bom = Bom {
        subject: subject(facts, name),
        unknown,
        ..Bom::default()
    };
    let licences = Licences::of(facts);
    // Versions that some file fixes, by ecosystem and name; what lies in a folder has versions of its own.
    let mut exact: BTreeMap<(Ecosystem, bool, &str), BTreeSet<&str>> = BTreeMap::new();
    for (_, component) in components(facts) {
        if let Some(version) = component.version.exact() {
            exact.entry(kept_as(component)).or_default().insert(version);
        }
    }
    let members = members(facts);
    for (at, component) in components(facts) {
        let member = member(component, &members, &exact);
        let component = member.as_ref().unwrap_or(component);
        let versions: Vec<Option<&str>> = match (component.version.exact(), exact.get(&kept_as(component))) {
            (Some(version), _) => vec![Some(version)],
            // A lockfile fixes what another file only asks for.
            (None, Some(known)) => known.iter().map(|version| Some(*version)).collect(),
            (None, None) => vec![None],
        };
        for version in versions {
            add(&mut bom, at, component, version, &licences);
        }
    }
    graph(&mut bom, facts);
    models(&mut bom, facts);
    cards_without_weights(&mut bom, facts);
    for part in bom.parts.values_mut() {
        part.supplied = Supplied::of(part, stated);
    }
    bom
}

fn components(facts: &[(Location, Fact)]) -> impl Iterator<Item = (&Location, &Component)> {
    facts.iter().flat_map(|(at, fact)| {
        let components = match fact {
            Fact::Manifest(manifest) => manifest.components.as_slice(),
            _ => &[],
        };
        components.iter().map(move |component| (at, component))
    })
}

fn kept_as(component: &Component) -> (Ecosystem, bool, &str) {
    let local = matches!(component.origin, Origin::Local(_));
    (component.ecosystem, local, component.name.as_str())
}

/// The packages that the project's own `package.json` files describe. A workspace of npm or Yarn takes them from their
/// folders, whatever range another of its packages asks for.
fn members<'a>(facts: &'a [(Location, Fact)]) -> BTreeSet<&'a str> {
    let name = |(_, fact): &'a (Location, Fact)| match fact {
        Fact::Manifest(manifest) if manifest.format == "package.json" => manifest.project.as_ref()?.name.as_deref(),
        _ => None,
    };
    facts.iter().filter_map(name).collect()
}

/// A component that is a package of the project itself and that no lockfile takes from a registry, as one from a folder.
fn member(
    component: &Component,
    members: &BTreeSet<&str>,
    exact: &BTreeMap<(Ecosystem, bool, &str), BTreeSet<&str>>,
) -> Option<Component> {
    let own = component.ecosystem == Ecosystem::Npm
        && component.origin == Origin::Registry
        && members.contains(component.name.as_str())
        && !exact.contains_key(&kept_as(component));
    own.then(|| Component {
        origin: Origin::Local(".".to_owned()),
        ..component.clone()
    })
}

fn subject(facts: &[(Location, Fact)], name: &str) -> Subject {
    let described = facts
        .iter()
        .filter_map(|(at, fact)| match fact {
            Fact::Manifest(manifest) if at.member.is_none() && !manifest.lock => Some((at, manifest.project.as_ref()?)),
            _ => None,
        })
        .filter(|(at, one)| one.name.is_some() && !at.path.contains('/'))
        .min_by_key(|(at, _)| at.path.clone());
    Subject {
        name: described
            .and_then(|(_, one)| one.name.clone())
            .unwrap_or_else(|| name.to_owned()),
        version: described.and_then(|(_, one)| one.version.clone()),
        licence: judge::own(facts).expression.map(|one| one.to_string()),
    }
}

/// What is known of the licences of packages that lie in the tree.
struct Licences<'a> {
    packages: BTreeMap<(Ecosystem, &'a str), Vec<(&'a str, &'a Said)>>,
}

impl<'a> Licences<'a> {
    fn of(facts: &'a [(Location, Fact)]) -> Self {
        let mut packages: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (_, fact) in facts {
            if let Fact::Licence(one) = fact
                && let About::Package {
                    ecosystem,
                    name,
                    version,
                } = &one.of
            {
                packages
                    .entry((*ecosystem, name.as_str()))
                    .or_default()
                    .push((version.as_str(), &one.said));
            }
        }
        Self { packages }
    }

    /// The licence in words, and whether it is an expression.
    fn find(&self, component: &Component, version: Option<&str>) -> Option<(String, bool)> {
        let own = component
            .licence
            .as_deref()
            .map(names::read)
            .filter(|said| *said != Said::Nothing);
        let installed = || {
            let ecosystem = if component.ecosystem == Ecosystem::Conda {
                Ecosystem::PyPI
            } else {
                component.ecosystem
            };
            let all = self.packages.get(&(ecosystem, component.name.as_str()))?;
            all.iter()
                .find(|(known, _)| version.is_none_or(|version| version == *known))
                .map(|(_, said)| (*said).clone())
        };
        words(&own.or_else(installed)?)
    }
}

fn words(said: &Said) -> Option<(String, bool)> {
    match said {
        Said::Expression(expression) => Some((expression.to_string(), true)),
        Said::Unknown(words) if !words.is_empty() => Some((words.clone(), false)),
        Said::Unknown(_) | Said::Nothing => None,
    }
}

/// The reference of a component: its package URL, or a name of the same form.
fn reference(component: &Component, version: Option<&str>) -> String {
    purl::of(component, version).unwrap_or_else(|| {
        let at = version.map_or_else(String::new, |version| format!("@{}", purl::escaped(version)));
        format!(
            "{}/{}{at}",
            component.ecosystem.purl_type(),
            purl::escaped(&component.name)
        )
    })
}

fn add(bom: &mut Bom, at: &Location, component: &Component, version: Option<&str>, licences: &Licences<'_>) {
    let part = bom.parts.entry(reference(component, version)).or_insert_with(|| Part {
        kind: match component.ecosystem {
            Ecosystem::Oci => Kind::Container,
            Ecosystem::GitHubActions => Kind::Action,
            Ecosystem::System => Kind::System,
            Ecosystem::HuggingFace => Kind::Model,
            _ => Kind::Library,
        },
        ecosystem: Some(component.ecosystem),
        name: component.name.clone(),
        version: version.map(str::to_owned),
        purl: purl::of(component, version),
        hashes: BTreeSet::new(),
        licence: None,
        licence_is_expression: false,
        scope: component.scope.clone(),
        direct: false,
        places: BTreeSet::new(),
        fetched: fetched(&component.origin),
        model: None,
        supplied: Supplied::default(),
    });
    if part.licence.is_none()
        && let Some((words, expression)) = licences.find(component, version)
    {
        (part.licence, part.licence_is_expression) = (Some(words), expression);
    }
    part.hashes
        .extend(component.hashes.iter().filter_map(|text| digest(text)));
    part.direct |= component.direct == Some(true);
    if rank(&component.scope) < rank(&part.scope) {
        part.scope = component.scope.clone();
    }
    part.places.insert(Place {
        path: at.full_path(),
        line: component.line.max(1),
        wanted: match &component.version {
            Version::Exact(_) => None,
            Version::Range(range) => Some(range.clone()),
            Version::Any => Some("*".to_owned()),
        },
        marker: component.marker.clone(),
    });
}

/// What is needed for running counts most.
fn rank(scope: &Scope) -> u8 {
    match scope {
        Scope::Run => 0,
        Scope::Optional(_) => 1,
        Scope::Build => 2,
        Scope::Development => 3,
    }
}

fn fetched(origin: &Origin) -> Option<(&'static str, String)> {
    match origin {
        Origin::Registry => None,
        Origin::OtherRegistry(url) => Some(("distribution", url.clone())),
        Origin::Git { url, .. } => Some(("vcs", url.clone())),
        Origin::Url(url) => Some(("distribution", url.clone())),
        Origin::Local(path) => Some(("local", path.clone())),
    }
}

/// `sha256:<hex>`, or subresource integrity (`sha512-<base64>`), as algorithm and hexadecimal digits.
fn digest(text: &str) -> Option<(String, String)> {
    let (algorithm, value) = text.split_once([':', '-'])?;
    let (name, len) = match algorithm.to_ascii_lowercase().as_str() {
        "md5" => ("MD5", 16),
        "sha1" => ("SHA-1", 20),
        "sha256" => ("SHA-256", 32),
        "sha384" => ("SHA-384", 48),
        "sha512" => ("SHA-512", 64),
        _ => return None,
    };
    let hexadecimal = value.len() == 2 * len && value.bytes().all(|byte| byte.is_ascii_hexdigit());
    let digits = if hexadecimal {
        value.to_lowercase()
    } else {
        let bytes = data_encoding::BASE64
            .decode(value.as_bytes())
            .ok()
            .filter(|bytes| bytes.len() == len)?;
        data_encoding::HEXLOWER.encode(&bytes)
    };
    Some((name.to_owned(), digits))
}

/// What the project asks for itself, and what lockfiles say of the rest.
fn graph(bom: &mut Bom, facts: &[(Location, Fact)]) {
    let mut by_name: BTreeMap<(Ecosystem, String), Vec<String>> = BTreeMap::new();
    for (reference, part) in &bom.parts {
        if let Some(ecosystem) = part.ecosystem {
            by_name
                .entry((ecosystem, part.name.clone()))
                .or_default()
                .push(reference.clone());
        }
    }
    let mut needed: BTreeSet<&str> = BTreeSet::new();
    for (at, component) in components(facts) {
        let from = reference(component, component.version.exact());
        if !bom.parts.contains_key(&from) {
            continue;
        }
        for need in &component.needs {
            let known = by_name
                .get(&(component.ecosystem, need.clone()))
                .map(Vec::as_slice)
                .unwrap_or_default();
            // Of several versions in one list, those of the same file; which of them is meant the file may not tell.
            let path = at.full_path();
            let here = known.iter().filter(|to| {
                bom.parts
                    .get(*to)
                    .is_some_and(|part| part.places.iter().any(|place| place.path == path))
            });
            let mut targets: Vec<&String> = here.collect();
            if targets.is_empty() {
                targets = known.iter().collect();
            }
            for to in targets.into_iter().filter(|to| **to != from) {
                bom.needs.entry(from.clone()).or_default().insert(to.clone());
            }
        }
    }
    for targets in bom.needs.values() {
        needed.extend(targets.iter().map(String::as_str));
    }
    let roots: BTreeSet<String> = bom
        .parts
        .iter()
        .filter(|(reference, part)| part.direct || !needed.contains(reference.as_str()))
        .map(|(reference, _)| reference.clone())
        .collect();
    bom.needs.insert(String::new(), roots);
}

/// Model files, each with the card and the configuration of its folder.
fn models(bom: &mut Bom, facts: &[(Location, Fact)]) {
    let mut settings: BTreeMap<String, &Settings> = BTreeMap::new();
    let mut cards: BTreeMap<String, &Card> = BTreeMap::new();
    for (at, fact) in facts {
        match fact {
            Fact::Model(seen) => {
                if let Seen::Settings(one) = &**seen {
                    settings.insert(statement::folder(at), one);
                }
            }
            Fact::Licence(one) => {
                if let About::Card(card) = &one.of
                    && !card.data
                {
                    cards.insert(statement::folder(at), card);
                }
            }
            _ => {}
        }
    }
    for (at, fact) in facts {
        let Fact::Model(seen) = fact else { continue };
        let Seen::Weights(weights) = &**seen else { continue };
        let folder = statement::folder(at);
        let card = cards.get(&folder).copied();
        let path = at.full_path();
        let said = card
            .map(of_card)
            .or_else(|| weights.licence.as_deref().map(names::read))
            .as_ref()
            .and_then(words);
        let reference = format!("file:{}", purl::escaped(&path));
        let title = weights
            .name
            .clone()
            .or_else(|| card.and_then(|card| card.title.clone()));
        let mut part = file(Kind::Model, title.unwrap_or_else(|| name_of(&path)), path, 1);
        part.hashes.extend(
            weights
                .sha256
                .iter()
                .map(|digest| ("SHA-256".to_owned(), digest.clone())),
        );
        if let Some((words, expression)) = said {
            (part.licence, part.licence_is_expression) = (Some(words), expression);
        }
        part.model = Some(Model {
            weights: Some(weights.clone()),
            config: settings.get(&folder).map(|one| (*one).clone()),
            card: card.cloned(),
        });
        bom.parts.insert(reference.clone(), part);
        bom.needs.entry(String::new()).or_default().insert(reference.clone());
        for base in card.into_iter().flat_map(|card| &card.base_models) {
            let to = named(bom, Kind::Model, base, &folder);
            bom.needs.entry(reference.clone()).or_default().insert(to);
        }
        for data in card.into_iter().flat_map(|card| &card.datasets) {
            let to = named(bom, Kind::Data, data, &folder);
            bom.needs.entry(reference.clone()).or_default().insert(to);
        }
    }
}

/// Cards beside which no weights lie: of a model that is fetched elsewhere, or of a data set.
fn cards_without_weights(bom: &mut Bom, facts: &[(Location, Fact)]) {
    let with: BTreeSet<String> = facts
        .iter()
        .filter(|(_, fact)| matches!(fact, Fact::Model(seen) if matches!(**seen, Seen::Weights(_))))
        .map(|(at, _)| statement::folder(at))
        .collect();
    for (at, fact) in facts {
        let Fact::Licence(one) = fact else { continue };
        let About::Card(card) = &one.of else { continue };
        let folder = statement::folder(at);
        if !card.data && with.contains(&folder) {
            continue;
        }
        let path = at.full_path();
        let name = card.title.clone().unwrap_or_else(|| {
            if folder.is_empty() {
                bom.subject.name.clone()
            } else {
                name_of(&folder)
            }
        });
        let mut part = file(
            if card.data { Kind::Data } else { Kind::Model },
            name,
            path.clone(),
            one.line,
        );
        if let Some((words, expression)) = words(&one.said) {
            (part.licence, part.licence_is_expression) = (Some(words), expression);
        }
        part.model = Some(Model {
            card: Some((**card).clone()),
            ..Model::default()
        });
        let reference = format!("card:{}", purl::escaped(&path));
        bom.parts.insert(reference.clone(), part);
        bom.needs.entry(String::new()).or_default().insert(reference.clone());
        for (kind, names) in [(Kind::Model, &card.base_models), (Kind::Data, &card.datasets)] {
            for name in names {
                let to = named(bom, kind, name, &folder);
                bom.needs.entry(reference.clone()).or_default().insert(to);
            }
        }
    }
}

fn of_card(card: &Card) -> Said {
    let said = names::read(card.licence.as_deref().unwrap_or_default());
    match (&said, &card.licence_name) {
        (Said::Expression(one), Some(name)) if one.to_string() == "LicenseRef-Hub-Other" => match names::read(name) {
            Said::Nothing => said,
            known => known,
        },
        _ => said,
    }
}

fn name_of(path: &str) -> String {
    path.rsplit(['/', '!']).next().unwrap_or(path).to_owned()
}

fn file(kind: Kind, name: String, path: String, line: u32) -> Part {
    Part {
        kind,
        ecosystem: None,
        name,
        version: None,
        purl: None,
        hashes: BTreeSet::new(),
        licence: None,
        licence_is_expression: false,
        scope: Scope::Run,
        direct: true,
        places: BTreeSet::from([Place {
            path,
            line,
            wanted: None,
            marker: None,
        }]),
        fetched: None,
        model: None,
        supplied: Supplied::default(),
    }
}

/// A model or a data set that a card names: the part that is there, or a new one.
fn named(bom: &mut Bom, kind: Kind, name: &str, folder: &str) -> String {
    let component = Component::new(Ecosystem::HuggingFace, name, 1);
    let mut reference = reference(&component, None);
    if kind == Kind::Data {
        // Models and data sets of one hub have names of their own; the purl specification has no type for data sets.
        reference = format!("data:{}", purl::escaped(name));
    }
    let place = if folder.is_empty() {
        "README.md".to_owned()
    } else {
        format!("{folder}/README.md")
    };
    let part = bom.parts.entry(reference.clone()).or_insert_with(|| Part {
        ecosystem: Some(Ecosystem::HuggingFace),
        purl: (kind == Kind::Model).then(|| purl::of(&component, None)).flatten(),
        direct: false,
        ..file(kind, name.to_owned(), place.clone(), 1)
    });
    part.places.insert(Place {
        path: place,
        line: 1,
        wanted: None,
        marker: None,
    });
    reference
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_become_hexadecimal() {
        let zero = "00".repeat(32);
        assert_eq!(
            digest(&format!("sha256:{zero}")),
            Some(("SHA-256".to_owned(), zero.clone()))
        );
        let encoded = data_encoding::BASE64.encode(&[0; 64]);
        assert_eq!(
            digest(&format!("sha512-{encoded}")),
            Some(("SHA-512".to_owned(), "00".repeat(64)))
        );
        for bad in ["sha256:00", "sha9:00", "", "sha256", "h1:abc="] {
            assert_eq!(digest(bad), None, "{bad}");
        }
    }
}
