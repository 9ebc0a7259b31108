//! What all files together say about licences: the project's own against those of its parts.

use std::collections::{BTreeMap, BTreeSet};

use ward_evidence::{Location, RuleMeta, Severity};

use super::{
    compatible,
    expression::Expression,
    models,
    names::{self, Said},
    policy::{Policy, Verdict},
    rules,
    statement::{self, Statement, Subject},
    terms::{self, Kind},
};
use crate::{
    Fact, Findings, Project, config,
    inventory::{Component, Ecosystem, Origin, Scope},
    report::{Found, More, Package, Value},
};

/// The project's own licence, and where it is said.
pub struct Own<'a> {
    /// The licence; none when nothing says one.
    pub expression: Option<Expression>,
    /// The statement it is from.
    pub from: Option<(&'a Location, &'a Statement)>,
}

/// One part of the project with what is known of its licence.
struct Part<'a> {
    what: String,
    at: Location,
    said: &'a Said,
    words: &'a str,
    package: Option<Package>,
    /// Whether it is passed on with the project.
    passed_on: bool,
    /// Whether it is a model or a data set.
    model: bool,
}

/// The statements of a project, by place.
pub fn statements(facts: &[(Location, Fact)]) -> impl Iterator<Item = (&Location, &Statement)> {
    facts.iter().filter_map(|(at, fact)| match fact {
        Fact::Licence(statement) => Some((at, &**statement)),
        _ => None,
    })
}

/// The project's own licence: what the manifest nearest to the root says, else the licence file nearest to it.
#[must_use]
pub fn own(facts: &[(Location, Fact)]) -> Own<'_> {
    let nearest = |wanted: fn(&Subject) -> bool| {
        let fits =
            statements(facts).filter(|(at, one)| wanted(&one.of) && at.member.is_none() && is_own_place(&at.path));
        fits.filter(|(_, one)| one.said.expression().is_some())
            .min_by_key(|(at, _)| (at.path.matches('/').count(), at.path.clone()))
    };
    let manifest = nearest(|of| matches!(of, Subject::Project { .. }));
    // Several files at the root (LICENSE-MIT, LICENSE-APACHE) are alternatives by custom, and only a manifest says so.
    let from = manifest.or_else(|| nearest(|of| *of == Subject::Text).filter(|(at, _)| !at.path.contains('/')));
    Own {
        expression: from.and_then(|(_, one)| one.said.expression().cloned()),
        from,
    }
}

/// Whether words only say which file of the project holds the licence (npm manual, field `license`), and that one was read.
fn is_text_elsewhere(facts: &[(Location, Fact)], at: &Location, words: &str) -> bool {
    const SEE: &str = "see license in ";
    let Some((_, file)) = words
        .split_at_checked(SEE.len())
        .filter(|(start, _)| start.eq_ignore_ascii_case(SEE))
    else {
        return false;
    };
    let manifest = at.full_path();
    let (archive, manifest) = manifest.split_at(manifest.rfind('!').map_or(0, |end| end + 1));
    let mut parts: Vec<&str> = manifest.split('/').collect();
    parts.pop();
    for part in file.trim().trim_matches(['<', '>']).split('/') {
        match part {
            "" | "." => {}
            // Above what is scanned nothing was read.
            ".." if parts.pop().is_none() => return false,
            ".." => {}
            part => parts.push(part),
        }
    }
    let path = format!("{archive}{}", parts.join("/"));
    // Many a file system asks for no case.
    statements(facts).any(|(at, one)| one.of == Subject::Text && at.full_path().eq_ignore_ascii_case(&path))
}

/// Whether a path is the project's own, and not something that was copied into it.
fn is_own_place(path: &str) -> bool {
    const FOREIGN: &[&str] = &[
        "node_modules",
        "vendor",
        "third_party",
        "third-party",
        "site-packages",
        "dist-packages",
        "external",
        "extern",
        "tests",
        "test",
        "testdata",
        "fixtures",
        "examples",
    ];
    !path.split('/').any(|part| FOREIGN.contains(&part))
}

/// Judges the project.
pub fn conclude(project: &Project<'_>, findings: &mut Findings) {
    let policy = Policy::of(&project.config.licences);
    let nested: Vec<(&str, Option<Policy>)> = project
        .nested
        .iter()
        .map(|(folder, config)| (folder.as_str(), Policy::of(&config.licences)))
        .collect();
    let all = nested.iter().map(|(folder, policy)| (*folder, policy));
    for (folder, policy) in std::iter::once(("", &policy)).chain(all) {
        for unknown in policy.iter().flat_map(|policy| &policy.unknown) {
            findings.not_examined(
                Location::of_file(format!("{folder}{}", config::FILE)),
                format!("`{unknown}` in the lists of licences is no licence of the SPDX list and no kind of licences"),
            );
        }
    }
    let own = own(project.facts);
    about_itself(project, &own, findings);
    let judge = Judge {
        policy,
        nested,
        own,
        findings,
    };
    judge.run(project);
}

/// The project's own statements: whether they agree, and whether their texts are what they seem.
fn about_itself(project: &Project<'_>, own: &Own<'_>, findings: &mut Findings) {
    for (at, one) in statements(project.facts) {
        if let (Subject::Project { .. } | Subject::Source, Said::Unknown(words)) = (&one.of, &one.said) {
            let note = format!("the licence is named as \u{201c}{words}\u{201d}, which is no SPDX expression");
            push(
                findings,
                &rules::UNREADABLE,
                Severity::Info,
                at.clone().at(one.line, 1),
                note,
                words.as_bytes().to_vec(),
                None,
                Vec::new(),
            );
            if !is_text_elsewhere(project.facts, at, words) {
                let reason = "its licence is no SPDX expression and on no list; somebody has to read it";
                findings.not_examined(at.clone().at(one.line, 1), reason);
            }
        }
        let Some(reading) = &one.reading else { continue };
        let Some(first) = reading.matches.first() else { continue };
        if reading.restricting.is_empty() {
            continue;
        }
        // Licences that restrict use say so themselves.
        let plain = one.said.expression().is_some_and(|one| {
            one.terms().iter().all(|term| {
                matches!(
                    terms::kind(term),
                    Kind::Permissive | Kind::PublicDomain | Kind::WeakCopyleft
                )
            })
        });
        let small = reading.other_words < 400;
        if plain && small {
            let words = reading.restricting.join(", ");
            let note = format!(
                "the text of {} stands here with words of its own about: {words}",
                first.id
            );
            push(
                findings,
                &rules::CHANGED,
                rules::CHANGED.severity,
                at.clone(),
                note,
                words.into_bytes(),
                None,
                Vec::new(),
            );
        }
    }
    let Some((at, manifest)) = own.from.filter(|(_, one)| matches!(one.of, Subject::Project { .. })) else {
        return;
    };
    let folder = statement::folder(at);
    let texts: Vec<(&Location, &Expression)> = statements(project.facts)
        .filter(|(place, one)| one.of == Subject::Text && statement::folder(place) == folder)
        .filter_map(|(place, one)| Some((place, one.said.expression()?)))
        .collect();
    let said: BTreeSet<String> = own
        .expression
        .iter()
        .flat_map(Expression::terms)
        .map(|term| term.bare().to_owned())
        .collect();
    let held: BTreeSet<String> = texts
        .iter()
        .flat_map(|(_, one)| one.terms())
        .map(|term| term.bare().to_owned())
        .collect();
    if texts.is_empty()
        || held.is_empty()
        || said.intersection(&held).next().is_some()
        || said.iter().any(|id| id.starts_with("LicenseRef-"))
    {
        return;
    }
    let held: Vec<&str> = held.iter().map(String::as_str).collect();
    let note = format!(
        "the manifest says {}, and the licence file beside it holds {}",
        manifest.said.expression().map_or_else(String::new, ToString::to_string),
        held.join(", ")
    );
    push(
        findings,
        &rules::CONTRADICTION,
        rules::CONTRADICTION.severity,
        at.clone().at(manifest.line, 1),
        note,
        held.join(",").into_bytes(),
        None,
        Vec::new(),
    );
}

struct Judge<'p, 'f> {
    policy: Option<Policy>,
    /// Those of folders below the root, the deepest first.
    nested: Vec<(&'p str, Option<Policy>)>,
    own: Own<'p>,
    findings: &'f mut Findings,
}

/// What is known of packages that lie in the tree or in the environment.
struct Installed<'a> {
    by_name: BTreeMap<(Ecosystem, &'a str), Vec<(&'a Location, &'a Statement)>>,
    /// Licence texts by the folder they lie in.
    texts: BTreeMap<String, &'a Said>,
}

impl<'a> Installed<'a> {
    fn of(project: &Project<'a>) -> Self {
        let mut installed = Self {
            by_name: BTreeMap::new(),
            texts: BTreeMap::new(),
        };
        for (at, one) in statements(project.facts) {
            match &one.of {
                Subject::Package { ecosystem, name, .. } => {
                    installed.by_name.entry((*ecosystem, name)).or_default().push((at, one));
                }
                Subject::Text if one.said.expression().is_some() => {
                    let folder = statement::folder(at);
                    // PEP 639 puts the texts of a package one folder deeper.
                    let folder = folder.strip_suffix("/licenses").unwrap_or(&folder).to_owned();
                    installed.texts.entry(folder).or_insert(&one.said);
                }
                _ => {}
            }
        }
        installed
    }

    /// What a package says itself, and else the text beside it.
    fn said(&self, at: &Location, one: &'a Statement) -> &'a Said {
        if one.said.expression().is_some() {
            return &one.said;
        }
        self.texts.get(&statement::folder(at)).copied().unwrap_or(&one.said)
    }

    fn find(&self, component: &Component) -> Option<&'a Said> {
        let ecosystem = if component.ecosystem == Ecosystem::Conda {
            Ecosystem::PyPI
        } else {
            component.ecosystem
        };
        let all = self.by_name.get(&(ecosystem, component.name.as_str()))?;
        let same = |one: &&(&Location, &Statement)| match (&one.1.of, component.version.exact()) {
            (Subject::Package { version, .. }, Some(exact)) => version == exact,
            _ => true,
        };
        // A licence rarely changes from one version to the next, and when it does the wrong one would be told.
        let (at, one) = all.iter().find(same)?;
        Some(self.said(at, one))
    }
}

impl<'p> Judge<'p, '_> {
    fn run(mut self, project: &Project<'p>) {
        let installed = Installed::of(project);
        let mut judged: BTreeSet<(Ecosystem, String)> = BTreeSet::new();
        // Models that code names by their id on a hub: one line for all of them.
        let mut on_hub: BTreeMap<&str, &Location> = BTreeMap::new();
        for (at, fact) in project.facts {
            let Fact::Manifest(manifest) = fact else { continue };
            let mut unknown: Vec<&str> = Vec::new();
            for component in &manifest.components {
                if !has_licence(component) || judged.contains(&(component.ecosystem, component.name.clone())) {
                    continue;
                }
                let own_words = component.licence.as_deref().map(names::read);
                let Some(said) = own_words
                    .as_ref()
                    .filter(|said| **said != Said::Nothing)
                    .or_else(|| installed.find(component))
                else {
                    if component.ecosystem == Ecosystem::HuggingFace {
                        on_hub.entry(&component.name).or_insert(at);
                    } else {
                        unknown.push(&component.name);
                    }
                    continue;
                };
                judged.insert((component.ecosystem, component.name.clone()));
                let part = Part {
                    what: format!("the package {}", named(&component.name, component.version.exact())),
                    at: at.clone().at(component.line.max(1), 1),
                    said,
                    words: component.licence.as_deref().unwrap_or_default(),
                    package: Some(Package {
                        ecosystem: component.ecosystem.name().into(),
                        name: component.name.clone(),
                        version: component.version.exact().map(str::to_owned),
                        ..Package::default()
                    }),
                    passed_on: !matches!(component.scope, Scope::Development | Scope::Build),
                    model: component.ecosystem == Ecosystem::HuggingFace,
                };
                self.judge(&part);
            }
            unknown.sort_unstable();
            unknown.dedup();
            unknown.retain(|name| !judged.iter().any(|(_, known)| known == name));
            if let [first, ..] = unknown.as_slice() {
                let reason = match unknown.len() {
                    1 => format!("the licence of {first} is not known here"),
                    count => format!("the licences of {count} components are not known here, {first} first"),
                };
                let how = "install them and give the folder with --environment, or scan where they lie";
                self.findings.not_examined(at.clone(), format!("{reason}; {how}"));
            }
        }
        if let Some((name, at)) = on_hub.first_key_value() {
            let reason = format!(
                "the licences of {} models and data sets that are named by their id on a hub are not known here, {name} first; their cards say them",
                on_hub.len()
            );
            self.findings.not_examined((*at).clone(), reason);
        }
        for (at, one) in statements(project.facts) {
            match &one.of {
                Subject::Package {
                    ecosystem,
                    name,
                    version,
                } if !judged.contains(&(*ecosystem, name.clone())) => {
                    judged.insert((*ecosystem, name.clone()));
                    self.judge(&Part {
                        what: format!("the package {}", named(name, Some(version))),
                        at: at.clone().at(one.line, 1),
                        said: installed.said(at, one),
                        words: &one.words,
                        package: Some(Package {
                            ecosystem: ecosystem.name().into(),
                            name: name.clone(),
                            version: Some(version.clone()),
                            ..Package::default()
                        }),
                        passed_on: true,
                        model: false,
                    });
                }
                Subject::Card(card) => self.judge(&Part {
                    what: format!("{} of this card", if card.data { "the data set" } else { "the model" }),
                    at: at.clone().at(one.line, 1),
                    said: &one.said,
                    words: &one.words,
                    package: None,
                    passed_on: true,
                    model: true,
                }),
                // A licence text below the root is that of something that was copied into the project.
                Subject::Text if one.said.expression().is_some() && at.path.contains('/') && self.is_foreign(at) => {
                    self.judge(&Part {
                        what: format!("what lies in {}", statement::folder(at)),
                        at: at.clone(),
                        said: &one.said,
                        words: "",
                        package: None,
                        passed_on: true,
                        model: false,
                    });
                }
                _ => {}
            }
        }
        self.sources(project);
    }

    /// Whether a licence text is not the project's own and not that of a package that is judged by its metadata.
    fn is_foreign(&self, at: &Location) -> bool {
        let path = at.full_path();
        let packaged = [".dist-info/", ".egg-info/", "node_modules/"]
            .iter()
            .any(|part| path.contains(part));
        // REUSE keeps the texts of all licences of a project in one folder; the files say which one is theirs.
        let reuse = path.starts_with("LICENSES/");
        let own = self.own.from.is_some_and(|(own, _)| own == at);
        !packaged && !reuse && !own
    }

    /// Source files that name a licence of their own: one finding for each licence that does not go with the project's.
    fn sources(&mut self, project: &Project<'p>) {
        let mut by_licence: BTreeMap<String, Vec<(&'p Location, &'p Statement)>> = BTreeMap::new();
        for (at, one) in statements(project.facts) {
            if let (Subject::Source, Some(expression)) = (&one.of, one.said.expression()) {
                by_licence.entry(expression.to_string()).or_default().push((at, one));
            }
        }
        for all in by_licence.into_values() {
            let Some((at, one)) = all.first() else { continue };
            let count = all.len();
            self.judge(&Part {
                what: if count == 1 {
                    "this file".to_owned()
                } else {
                    format!("this file, and {} more,", count - 1)
                },
                at: (*at).clone().at(one.line, 1),
                said: &one.said,
                words: &one.words,
                package: None,
                passed_on: true,
                model: false,
            });
        }
    }

    fn judge(&mut self, part: &Part<'_>) {
        let expression = match part.said {
            Said::Expression(expression) => expression,
            Said::Nothing => {
                let note = format!("{} gives no licence", part.what);
                return self.push(part, &rules::NONE, rules::NONE.severity, note, "none", Vec::new());
            }
            Said::Unknown(words) => {
                let note = format!(
                    "{} names its licence as \u{201c}{words}\u{201d}, which no list has",
                    part.what
                );
                self.push(
                    part,
                    &rules::UNREADABLE,
                    rules::UNREADABLE.severity,
                    note,
                    words,
                    Vec::new(),
                );
                let reason = format!("the licence of {} is on no list; somebody has to read it", part.what);
                self.findings.not_examined(part.at.clone(), reason);
                return;
            }
        };
        let text = expression.to_string();
        let below = self.nested.iter().find(|(folder, _)| part.at.path.starts_with(folder));
        if let Some(policy) = below.map_or(&self.policy, |(_, policy)| policy) {
            let note = format!("{} is under {text}", part.what);
            match policy.judge(expression) {
                Verdict::Allow => {}
                Verdict::Ask => self.push(part, &rules::ASK, rules::ASK.severity, note, &text, details(expression)),
                Verdict::Deny => self.push(
                    part,
                    &rules::DENIED,
                    rules::DENIED.severity,
                    note,
                    &text,
                    details(expression),
                ),
            }
            return;
        }
        // Without lists: the best of the alternatives counts, by how much it asks for.
        let best = expression.judge(&mut |term| match terms::kind(term) {
            Kind::PublicDomain | Kind::Permissive | Kind::WeakCopyleft => 0,
            Kind::Other => 1,
            Kind::UseRestricted => 2,
            Kind::Copyleft | Kind::NetworkCopyleft => 3,
            Kind::SourceAvailable | Kind::NonCommercial => 4,
            Kind::Proprietary => 5,
        });
        let clash = {
            let own = self.own.expression.as_ref();
            let mut reason = None;
            expression
                .judge(&mut |term| {
                    let why = compatible::clash(own, term);
                    reason = reason.or(why);
                    why.is_some()
                })
                .then_some(reason)
                .flatten()
        };
        let under = format!("{} is under {text}", part.what);
        if let Some(why) = clash.filter(|_| !part.model) {
            let own = self
                .own
                .expression
                .as_ref()
                .map_or_else(|| "no stated licence".to_owned(), ToString::to_string);
            let note = format!("{under}: {why} (project: {own})");
            // What only builds or tests the project is not passed on with it.
            let severity = if part.passed_on {
                rules::INCOMPATIBLE.severity
            } else {
                Severity::Info
            };
            return self.push(part, &rules::INCOMPATIBLE, severity, note, &text, Vec::new());
        }
        match best {
            2 => self.push(
                part,
                &rules::RESTRICTED,
                rules::RESTRICTED.severity,
                under,
                &text,
                details(expression),
            ),
            4 => self.push(
                part,
                &rules::NON_COMMERCIAL,
                rules::NON_COMMERCIAL.severity,
                under,
                &text,
                details(expression),
            ),
            5 => {
                let note = format!(
                    "{} gives no right to use it ({})",
                    part.what,
                    if part.words.is_empty() { &text } else { part.words }
                );
                self.push(part, &rules::NONE, rules::NONE.severity, note, &text, Vec::new());
            }
            1 => {
                let reason = format!(
                    "the licence of {}, {text}, is on Ward's list of no kind; somebody has to read it",
                    part.what
                );
                self.findings.not_examined(part.at.clone(), reason);
            }
            _ => {}
        }
    }

    fn push(
        &mut self,
        part: &Part<'_>,
        rule: &'static RuleMeta,
        severity: Severity,
        note: String,
        value: &str,
        details: Vec<String>,
    ) {
        let value = match &part.package {
            Some(package) => format!("{} {} {value}", package.ecosystem, package.name),
            None => value.to_owned(),
        };
        let thorough = severity == Severity::Info && !part.passed_on;
        let before = self.findings.found.len();
        push(
            self.findings,
            rule,
            severity,
            part.at.clone(),
            note,
            value.into_bytes(),
            part.package.clone(),
            details,
        );
        if let Some(found) = self.findings.found.get_mut(before) {
            found.more.thorough = thorough;
        }
    }
}

/// What the licences of models ask for.
fn details(expression: &Expression) -> Vec<String> {
    let of = |id: &str| models::by_id(id).map(|one| format!("{id} asks for: {} ({})", one.asks, one.source));
    expression.terms().iter().filter_map(|term| of(&term.id)).collect()
}

fn named(name: &str, version: Option<&str>) -> String {
    match version.filter(|version| !version.is_empty()) {
        Some(version) => format!("{name} {version}"),
        None => name.to_owned(),
    }
}

/// Components that are packages with a licence of their own; an image or an action is not judged here.
fn has_licence(component: &Component) -> bool {
    let packaged = matches!(
        component.ecosystem,
        Ecosystem::PyPI | Ecosystem::Conda | Ecosystem::Npm | Ecosystem::Cargo | Ecosystem::Go | Ecosystem::HuggingFace
    );
    packaged && !matches!(component.origin, Origin::Local(_))
}

#[expect(clippy::too_many_arguments, reason = "one place where a finding is made")]
fn push(
    findings: &mut Findings,
    rule: &'static RuleMeta,
    severity: Severity,
    at: Location,
    note: String,
    value: Vec<u8>,
    package: Option<Package>,
    details: Vec<String>,
) {
    findings.found.push(Found {
        rule,
        severity,
        at,
        note: note.into(),
        details,
        value: Value::new(value),
        more: More {
            package: package.map(Box::new),
            ..More::default()
        },
    });
}
