//! Packages with known faults.

use std::{
    cell::OnceCell,
    collections::{BTreeMap, BTreeSet, HashMap},
    rc::Rc,
};

use ward_evidence::{Location, Severity};

use super::{
    about, named,
    reach::{Needs, Reach},
    rules::{ALLOWS_VULNERABLE, MALICIOUS, UNMAINTAINED, VULNERABLE},
    view::{Entry, View},
};
use crate::{
    Findings, Found, Project,
    advisories::{
        Advisories, Known,
        advisory::{self, Advisory, Kind},
        package::{ECOSYSTEMS, Package},
        specifier,
        version::{Scheme, Set, Version as Parsed},
    },
    inventory::{Component, Ecosystem, Origin, Scope, Version, hub},
    report::{Edit, Fix},
    suppress::write_day,
};

/// How many days old advisories may be when `ward.toml` does not say.
const AT_MOST_DAYS: u32 = 30;

const HOW: &str = "`ward db update` fetches them, `ward db import` takes them from files";

pub(super) fn judge(view: &View<'_>, project: &Project<'_>, findings: &mut Findings) {
    let asked = asked(view);
    if asked.is_empty() {
        return;
    }
    let here = || Location::of_file(".");
    let advisories = match project.advisories {
        Known::Open(advisories) => advisories,
        Known::None => {
            let count: u64 = asked.values().sum();
            let packages = if count == 1 {
                "1 package was".to_owned()
            } else {
                format!("{count} packages were")
            };
            findings.not_examined(
                here(),
                format!("{packages} not compared with advisories: there are none; {HOW}"),
            );
            return;
        }
        Known::Refused(error) => {
            findings.not_examined(here(), format!("packages were not compared with advisories: {error}"));
            return;
        }
    };
    standing(&asked, advisories, project, findings);
    let mut judge = Judge {
        view,
        advisories,
        reach: Reach::of(view),
        groups: HashMap::new(),
        damaged: false,
    };
    for at in 0..view.entries.len() {
        judge.entry(at, findings);
    }
    if judge.damaged {
        findings.not_examined(
            here(),
            "a part of the advisory database is damaged; import it again: ward db import --replace",
        );
    }
}

/// How many components of each ecosystem there are that advisories can be about.
fn asked(view: &View<'_>) -> BTreeMap<Ecosystem, u64> {
    let mut asked = BTreeMap::new();
    for entry in view.entries.iter().filter(|entry| !entry.constrains) {
        for component in entry.manifest.components.iter().filter(|one| is_comparable(one)) {
            if let Some(ecosystem) = Package::ecosystem_of(component) {
                *asked.entry(ecosystem).or_default() += 1;
            }
        }
    }
    asked
}

fn is_comparable(component: &Component) -> bool {
    !matches!(component.origin, Origin::Local(_)) && ECOSYSTEMS.contains(&component.ecosystem)
        || component.ecosystem == Ecosystem::Conda
}

/// Says which ecosystems have no advisories, or old ones.
fn standing(asked: &BTreeMap<Ecosystem, u64>, advisories: &Advisories, project: &Project<'_>, findings: &mut Findings) {
    let at_most = project
        .config
        .dependencies
        .advisories_at_most_days
        .unwrap_or(AT_MOST_DAYS);
    for ecosystem in asked.keys() {
        let why = match advisories.facts().ecosystems.get(ecosystem.name()) {
            None => format!("there are no advisories about packages of {ecosystem}; {HOW}"),
            Some(kept) => {
                let age = project.today.saturating_sub(kept.as_of);
                if age <= i64::from(at_most) {
                    continue;
                }
                format!(
                    "the advisories about packages of {ecosystem} are as of {}, which is more than {at_most} days ago; {HOW}",
                    write_day(kept.as_of)
                )
            }
        };
        findings.not_examined(Location::of_file("."), why);
    }
}

struct Judge<'v, 'a> {
    view: &'v View<'a>,
    advisories: &'v Advisories,
    reach: Reach<'a>,
    groups: HashMap<Package, Rc<[Group]>>,
    damaged: bool,
}

/// What advisories say of one fault of one package.
struct Group {
    members: Vec<Advisory>,
    exploited: bool,
    /// The versions that are affected; none when that cannot be computed.
    affected: Option<Set>,
}

impl Judge<'_, '_> {
    fn entry(&mut self, at: usize, findings: &mut Findings) {
        let Some(entry) = self.view.entries.get(at) else { return };
        if entry.constrains || entry.manifest.format == hub::FORMAT {
            return;
        }
        // What go.sum has besides go.mod was looked at when versions were chosen, and is not built.
        if entry.manifest.format == "go.sum" {
            let module = |other: &Entry<'_>| other.folder == entry.folder && other.manifest.format == "go.mod";
            if self.view.entries.iter().any(module) {
                return;
            }
        }
        let constraints = self.view.constraints(at);
        let needs = Needs::of(entry.manifest);
        for component in entry.manifest.components.iter().filter(|one| is_comparable(one)) {
            let Some(ecosystem) = Package::ecosystem_of(component) else {
                continue;
            };
            let name = Package::name_of(component, ecosystem);
            // Most packages have none.
            if !self.advisories.may_name(ecosystem, &name) {
                continue;
            }
            let groups = self.groups_of(Package {
                ecosystem,
                name: name.into_owned(),
            });
            if groups.is_empty() {
                continue;
            }
            let limit = constraints
                .get(&(component.ecosystem, component.name.as_str()))
                .copied();
            self.component(entry, component, limit, &groups, &needs, findings);
        }
    }

    fn groups_of(&mut self, package: Package) -> Rc<[Group]> {
        if let Some(groups) = self.groups.get(&package) {
            return groups.clone();
        }
        let all = self.advisories.of(&package).unwrap_or_else(|_| {
            self.damaged = true;
            Vec::new()
        });
        let scheme = Scheme::of(package.ecosystem);
        let group = |members: Vec<Advisory>| Group {
            exploited: members.iter().any(|one| self.advisories.is_exploited(one)),
            affected: scheme.and_then(|scheme| {
                members
                    .iter()
                    .try_fold(Set::none(), |set, one| Some(set.or(one.affected(scheme)?)))
            }),
            members,
        };
        let groups: Rc<[Group]> = advisory::grouped(all).into_iter().map(group).collect();
        self.groups.insert(package, groups.clone());
        groups
    }

    fn component(
        &self,
        entry: &Entry<'_>,
        component: &Component,
        limit: Option<&Version>,
        groups: &[Group],
        needs: &Needs<'_>,
        findings: &mut Findings,
    ) {
        let Some(scheme) = Scheme::of(component.ecosystem) else {
            return;
        };
        let unknown = |why: &str, findings: &mut Findings| {
            let why = format!("{} was not compared with advisories: {why}", component.name);
            findings.not_examined(entry.place.clone().at(component.line, 1), why);
        };
        // The same for every fault of the component.
        let fixed = OnceCell::new();
        if let Version::Exact(version) = &component.version {
            // An action that is fixed to a commit says nothing of its version; the comment beside it may.
            let commented = component.ecosystem == Ecosystem::GitHubActions && scheme.read(version).is_none();
            let version = match (&component.noted, commented) {
                (_, false) => version,
                (Some(noted), true) if scheme.read(noted).is_some() => noted,
                _ => return unknown("a commit does not tell which version it is", findings),
            };
            let parsed = scheme.read(version);
            for group in groups {
                // Most faults are of other versions; that is told without looking at each advisory.
                let outside = |set: &Set| parsed.as_ref().is_some_and(|parsed| !set.contains(parsed));
                if group.affected.as_ref().is_some_and(outside) {
                    continue;
                }
                let hit: Vec<&Advisory> = group
                    .members
                    .iter()
                    .filter(|one| one.affects(Some(scheme), version) == Some(true))
                    .collect();
                if hit.is_empty() {
                    if group
                        .members
                        .iter()
                        .any(|one| one.affects(Some(scheme), version).is_none())
                    {
                        unknown("its version, or one in an advisory, cannot be compared", findings);
                    }
                    continue;
                }
                let mut found = self.finding(entry, component, group, &hit, (groups, needs, &fixed));
                if commented {
                    let note = format!(
                        "version {version} is what the comment beside the commit says; whether it is true was not looked up"
                    );
                    found.details.push(note);
                }
                findings.found.push(found);
            }
            return;
        }
        let words = match &component.version {
            Version::Range(words) => words.as_str(),
            _ => "*",
        };
        let any = component.version == Version::Any || component.ecosystem != Ecosystem::GitHubActions && is_tag(words);
        let allowed = if any {
            Some(Set::all())
        } else {
            specifier::allowed(component.ecosystem, words)
        };
        let Some(mut allowed) = allowed else {
            // A branch; what it holds today is not known.
            if component.origin == Origin::Registry {
                unknown(
                    "what it asks for is no range of versions that Ward understands",
                    findings,
                );
            }
            return;
        };
        if let Some(Version::Exact(words) | Version::Range(words)) = limit {
            let exact = matches!(limit, Some(Version::Exact(_)));
            let words = if exact { format!("=={words}") } else { words.clone() };
            if let Some(limits) = specifier::allowed(component.ecosystem, &words) {
                allowed = allowed.and(&limits);
            }
        }
        if allowed.is_empty() {
            return;
        }
        let mut some = BTreeSet::new();
        for group in groups {
            let Some(affected) = &group.affected else {
                unknown("a version in an advisory cannot be compared", findings);
                continue;
            };
            if allowed.within(affected) {
                let all: Vec<&Advisory> = group.members.iter().collect();
                findings
                    .found
                    .push(self.finding(entry, component, group, &all, (groups, needs, &fixed)));
            } else if !allowed.and(affected).is_empty() {
                some.extend(group.members.first().map(|one| shown_id(one, group)));
            }
        }
        // What a lockfile holds is judged there.
        if some.is_empty() || self.view.locks_of(entry, component).next().is_some() || component.version == Version::Any
        {
            return;
        }
        let note = format!(
            "{} also allows versions with known faults ({})",
            named(component),
            some.len()
        );
        let mut found = about(&ALLOWS_VULNERABLE, ALLOWS_VULNERABLE.severity, entry, component, note);
        found.details = vec![some.iter().take(12).cloned().collect::<Vec<_>>().join(", ")];
        if let Some(fixed) = newest_fix(scheme, groups) {
            found.details.push(format!("no known fault from {fixed} on"));
        }
        found.more.thorough = entry.aside || component.scope == Scope::Build;
        findings.found.push(found);
    }

    fn finding(
        &self,
        entry: &Entry<'_>,
        component: &Component,
        group: &Group,
        hit: &[&Advisory],
        (groups, needs, fixed): (&[Group], &Needs<'_>, &OnceCell<Option<Smallest>>),
    ) -> Found {
        let first = hit.first().copied();
        let kind = if hit.iter().any(|one| one.kind == Kind::Malicious) {
            Kind::Malicious
        } else {
            first.map_or(Kind::Fault, |one| one.kind)
        };
        let rule = match kind {
            Kind::Malicious => &MALICIOUS,
            Kind::Unmaintained | Kind::Notice => &UNMAINTAINED,
            Kind::Fault | Kind::Unsound => &VULNERABLE,
        };
        let mut severity = hit.iter().map(|one| one.severity()).max().unwrap_or(rule.severity);
        let mut details = Vec::new();
        if group.exploited {
            severity = Severity::Critical;
            details.push("known to be exploited (KEV)".to_owned());
        }
        let scored = hit.iter().find_map(|one| Some((one.score()?, one.vector.as_str())));
        if let Some((score, vector)) = scored {
            details.push(format!("CVSS {}.{} {vector}", score / 10, score % 10));
        } else if kind == Kind::Fault && hit.iter().all(|one| one.rated.is_none()) {
            details.push("no database rates it, so it counts as medium".to_owned());
        }
        if let Some(rate) = hit.iter().filter_map(|one| one.epss).max() {
            details.push(format!(
                "EPSS {}.{:02} %: the likelihood of being exploited within 30 days",
                rate / 100,
                rate % 100
            ));
        }
        if kind != Kind::Malicious
            && let Some(why) = self.reach.unused(component)
        {
            severity = lower(severity);
            details.push(format!("one step lower: {why}"));
        }
        if let Some(by) = needs.needed_by(component) {
            details.push(format!("needed by {by}"));
        }
        if component.ecosystem == Ecosystem::Conda {
            details.push("the advisory is about the package of this name on PyPI".to_owned());
        }
        if let Origin::Git { .. } | Origin::Url(_) = component.origin {
            details.push("it is not taken from the registry, so the fault may be mended there".to_owned());
        }
        let names: BTreeSet<&str> = group.members.iter().flat_map(Advisory::names).collect();
        let id = first.map_or_else(String::new, |one| one.id.clone());
        let aliases: Vec<String> = names
            .iter()
            .filter(|name| **name != id)
            .map(|name| (*name).to_owned())
            .collect();
        let scheme = Scheme::of(component.ecosystem);
        let fixed = fixed.get_or_init(|| smallest_fix(scheme?, component, groups)).clone();
        let shown = first.map_or_else(String::new, |one| shown_id(one, group));
        let summary = hit
            .iter()
            .map(|one| one.summary.as_str())
            .find(|one| !one.is_empty())
            .unwrap_or_default();
        let what = match kind {
            Kind::Malicious => "was made to do harm",
            Kind::Unmaintained | Kind::Notice => "has a notice",
            Kind::Unsound => "is unsound",
            Kind::Fault => "has a known fault",
        };
        let end = match &fixed {
            Some((version, _)) => format!("; {version} has no known fault"),
            None if kind == Kind::Fault => "; no version without known faults is known".to_owned(),
            None => String::new(),
        };
        let every = if component.version.exact().is_some() {
            ""
        } else {
            ": every version it allows"
        };
        let colon = if summary.is_empty() { "" } else { ": " };
        let note = format!(
            "{} {what}{every} ({shown}){colon}{}{end}",
            named(component),
            summary.trim_end_matches('.')
        );
        if let Some((version, true)) = &fixed {
            details.push(format!(
                "{version} is of another major version: there is none of the present one without known faults"
            ));
        }
        let mut found = about(rule, severity, entry, component, note);
        found.value = crate::report::Value::new(format!("{} {} {} {id}", rule.id, component.ecosystem, component.name));
        found.details = details;
        if let Some(package) = &mut found.more.package {
            package.advisory = Some(id);
            package.aliases = aliases;
            package.fixed = fixed.as_ref().map(|(version, _)| version.clone());
        }
        if let Some((version, false)) = &fixed {
            found.more.fix = fix(entry, component, version);
        }
        found
    }
}

/// A word for which version is meant that is no range: npm's tags.
fn is_tag(words: &str) -> bool {
    words.starts_with(|c: char| c.is_ascii_alphabetic()) && !words.starts_with('v') && !words.starts_with(['x', 'X'])
}

fn lower(severity: Severity) -> Severity {
    match severity {
        Severity::Critical => Severity::High,
        Severity::High => Severity::Medium,
        Severity::Medium => Severity::Low,
        Severity::Low | Severity::Info => Severity::Info,
    }
}

/// The name of a fault that people know: its CVE if it has one.
fn shown_id(one: &Advisory, group: &Group) -> String {
    let cve = group
        .members
        .iter()
        .flat_map(Advisory::names)
        .filter(|name| name.starts_with("CVE-"))
        .min();
    match cve {
        Some(cve) if cve != one.id => format!("{}, {cve}", one.id),
        _ => one.id.clone(),
    }
}

/// Whether any known fault of the package affects a version; what cannot be compared counts as affected.
fn is_clear(groups: &[Group], version: &Parsed) -> bool {
    groups
        .iter()
        .all(|group| group.affected.as_ref().is_some_and(|set| !set.contains(version)))
}

/// A version to go to, and whether it is of another major version.
type Smallest = (String, bool);

/// The smallest version that no known fault affects and that is not below the present one; true beside it when it is of
/// another major version, because the present one has none. Only versions that advisories name as fixed are considered: others
/// may not exist.
fn smallest_fix(scheme: Scheme, component: &Component, groups: &[Group]) -> Option<Smallest> {
    let current = component.version.exact().and_then(|version| scheme.read(version));
    let mut candidates: Vec<(Parsed, &str)> = groups
        .iter()
        .flat_map(|group| group.members.iter().flat_map(Advisory::fixes))
        .filter_map(|text| Some((scheme.read(text)?, text)))
        .filter(|(version, _)| current.as_ref().is_none_or(|current| version >= current))
        .filter(|(version, _)| !version.is_pre() || current.as_ref().is_some_and(Parsed::is_pre))
        .collect();
    candidates.sort();
    candidates.dedup_by(|b, a| a.0 == b.0);
    let same = |version: &Parsed| {
        current
            .as_ref()
            .is_none_or(|current| version.major() == current.major())
    };
    // The lowest ones are the likeliest, and asking is what takes time.
    let clear = |(version, _): &&(Parsed, &str)| is_clear(groups, version);
    let (near, far): (Vec<_>, Vec<_>) = candidates.iter().partition(|(version, _)| same(version));
    let (version, text) = near.into_iter().find(clear).or_else(|| far.into_iter().find(clear))?;
    let text = if scheme == Scheme::Semver {
        text.trim_start_matches('v')
    } else {
        text
    };
    // Go's own library is numbered without the letter.
    let own = component.ecosystem == Ecosystem::Go && component.name != "stdlib";
    let go = if own { "v" } else { "" };
    Some((format!("{go}{text}"), !same(version)))
}

/// The highest version that an advisory names as fixed, if nothing affects it.
fn newest_fix(scheme: Scheme, groups: &[Group]) -> Option<&str> {
    let fixes = groups
        .iter()
        .flat_map(|group| group.members.iter().flat_map(Advisory::fixes));
    let (version, text) = fixes.filter_map(|text| Some((scheme.read(text)?, text))).max()?;
    is_clear(groups, &version).then_some(text)
}

/// The change that asks for another version. Not in lockfiles and not where hashes stand: there more would have to change.
fn fix(entry: &Entry<'_>, component: &Component, version: &str) -> Option<Fix> {
    let hashed = entry.manifest.components.iter().any(|one| !one.hashes.is_empty());
    if entry.manifest.lock || hashed || component.origin != Origin::Registry {
        return None;
    }
    let (start, end) = component.span?;
    let format = entry.manifest.format;
    let text = match (&component.version, format) {
        (Version::Exact(_), "requirements.txt" | "pyproject.toml" | "setup.cfg" | "setup.py") => version.to_owned(),
        (Version::Range(_), "requirements.txt" | "pyproject.toml" | "setup.cfg" | "setup.py") => format!(">={version}"),
        (Version::Exact(_), "package.json") => version.to_owned(),
        (Version::Range(_), "package.json") => format!("^{version}"),
        (Version::Range(_), "Cargo.toml") => version.to_owned(),
        (Version::Exact(_), "Cargo.toml") => format!("={version}"),
        _ => return None,
    };
    Some(Fix {
        what: format!("ask for {} {version}", component.name).into(),
        edits: vec![Edit { start, end, text }],
    })
}
