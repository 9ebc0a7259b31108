//! From a document to what it says: units to promises, tables to clocks and versions, links to contacts.

mod answers;
mod asides;
mod bind;
mod rows;
mod unbound;

use std::{rc::Rc, sync::Arc};

use crate::{
    lexicon::{
        phrases::{self, Atoms, Found, Word},
        tools,
    },
    markdown::{self, Markup, Page, Unit, UnitKind},
    promise::{Actor, Frame, Modality, Place, Promise, Within},
    read::{
        Asked, Clock, ClockKind, Comment, Contact, ContactKind, Document, DocumentKind, Fact, FactKind, Link, Named,
        Reading, Shown, VersionRow, contacts,
        frame::{self, Above, Section},
        language, names, odd, support, tables,
    },
    topic::Topic,
};
use answers::Answer;

/// Most promises that are lifted from one document.
const MAX_PROMISES: usize = 2_000;
/// Most units of one document that are read.
const MAX_UNITS: usize = 20_000;
/// Most links, comments and shown commands of one document.
const MAX_ASIDES: usize = 2_000;
/// Longest text of a promise, in characters.
const MAX_TEXT: usize = 600;

/// A heading with what was found in it.
struct Head {
    section: Section,
    atoms: Atoms,
    is_security: bool,
    texts: Vec<Arc<str>>,
}

/// What is read, with what it is read into.
struct Reader<'a> {
    reading: &'a mut Reading,
    kind: DocumentKind,
    path: &'a str,
    page: &'a Page,
    heads: Vec<Head>,
    own: &'a [String],
    /// The links, by line, in the order of their lines.
    links: Vec<(u32, usize)>,
    lifted: usize,
    /// The headings of scope that have their promise, with its place in the reading.
    scoped: std::collections::BTreeMap<usize, usize>,
    /// The list that a report's contents stand in, and the promise that asks for them.
    asked: Option<(Option<usize>, u32, usize)>,
    /// The promises of the unit before, for "it runs weekly".
    before: std::ops::Range<usize>,
    /// What was found in the words that led to the unit before: most units of a list share them.
    leads: (Vec<Arc<str>>, Rc<Vec<Found>>),
    /// What a list of steps with times in the unit has lifted already.
    timed: Vec<Topic>,
    /// What each unit answers.
    answers: Vec<Answer>,
    /// The lists of tasks of which some are ticked.
    ticked: std::collections::BTreeSet<u32>,
}

/// Reads a document.
pub(super) fn read(reading: &mut Reading, kind: DocumentKind, path: &str, text: &str, own: &[String]) {
    let page = markdown::page(Markup::of(path), text);
    let language = language::of(&page);
    let has_text = page.units.iter().any(|unit| unit.text.split_whitespace().count() > 1);
    reading.documents.push(Document {
        path: path.to_owned(),
        kind,
        language: language.code,
        headings: page
            .headings
            .iter()
            .map(|heading| (heading.line, heading.text.to_string()))
            .take(MAX_ASIDES)
            .collect(),
        len: text.len() as u64,
        has_text,
    });
    if !has_text && page.links.is_empty() && kind == DocumentKind::Policy {
        let place = Place {
            path: path.to_owned(),
            line: 1,
            last_line: 1,
        };
        reading.facts.push(Fact {
            kind: FactKind::EmptyDocument,
            note: "it holds no words".into(),
            place,
        });
    }
    if let Some(reason) = language.not_examined {
        reading.not_examined.push((path.to_owned(), reason));
    }
    for (line, why) in &page.not_read {
        reading
            .not_examined
            .push((path.to_owned(), format!("line {line}: {why}")));
    }
    asides::read(reading, kind, path, &page);
    odd::facts(reading, kind, path, &page);
    let mut reader = Reader {
        reading,
        kind,
        path,
        page: &page,
        heads: heads(&page),
        own,
        links: page
            .links
            .iter()
            .enumerate()
            .map(|(at, link)| (link.line, at))
            .collect(),
        lifted: 0,
        scoped: std::collections::BTreeMap::new(),
        asked: None,
        before: 0..0,
        leads: (Vec::new(), Rc::new(Vec::new())),
        timed: Vec::new(),
        answers: answers::of(&page),
        ticked: page
            .units
            .iter()
            .filter(|unit| unit.checked == Some(true))
            .map(|unit| unit.group)
            .collect(),
    };
    reader.links.sort_unstable();
    reader.fences();
    if kind == DocumentKind::Readme {
        reader.badges();
    }
    if language.is_other {
        // Addresses are the same in every language.
        for at in 0..page.units.len().min(MAX_UNITS) {
            reader.contacts(at, true);
        }
        return;
    }
    for (at, unit) in page.units.iter().enumerate() {
        let why = if reader.lifted >= MAX_PROMISES {
            format!("from line {}: more than {MAX_PROMISES} promises", unit.line)
        } else if at >= MAX_UNITS {
            format!("from line {}: more than {MAX_UNITS} sentences", unit.line)
        } else {
            reader.unit(at);
            continue;
        };
        reader.reading.not_examined.push((path.to_owned(), why));
        break;
    }
}

/// What each heading says, with those above it.
fn heads(page: &Page) -> Vec<Head> {
    let mut heads: Vec<Head> = Vec::with_capacity(page.headings.len());
    for (at, heading) in page.headings.iter().enumerate() {
        let found = phrases::find(&heading.text);
        let above = heading.above.and_then(|above| heads.get(above));
        let mut atoms = found.atoms.clone();
        if let Some(above) = above {
            atoms.join(&above.atoms);
        }
        // What the title is for need not be what each part is for: "Vulnerability handling", and under it "Engineering".
        let is_of_title = heading.above == Some(0) && page.headings.first().is_some_and(|title| title.level == 1);
        let inherited = above.map(|head| head.section).unwrap_or_default();
        let inherited = match inherited {
            Section::Reporting | Section::Response | Section::Versions if is_of_title => Section::Plain,
            inherited => inherited,
        };
        let section = Section::of(&found).filter(|section| {
            // The title of the document says what it is, not what a part of it is for.
            !(heading.level == 1
                && at == 0
                && matches!(section, Section::Contributors | Section::Users | Section::History))
        });
        let section = match (section, inherited) {
            // Under "what is in scope", "reports", "model security" and the like are things that are in scope.
            (Some(Section::Reporting | Section::Versions | Section::Response), Section::Template) => inherited,
            (Some(section), _) => section,
            (None, inherited) => inherited,
        };
        let is_security =
            (heading.level > 1 && found.has(Word::HeadingSecurity)) || above.is_some_and(|head| head.is_security);
        heads.push(Head {
            section,
            atoms,
            is_security,
            texts: page.path(Some(at)),
        });
    }
    heads
}

impl Reader<'_> {
    fn place(&self, line: u32, last_line: u32) -> Place {
        Place {
            path: self.path.to_owned(),
            line,
            last_line,
        }
    }

    fn head(&self, unit: &Unit) -> Option<&Head> {
        unit.heading.and_then(|at| self.heads.get(at))
    }

    fn section(&self, unit: &Unit) -> Section {
        self.head(unit).map(|head| head.section).unwrap_or_default()
    }

    /// The links that stand on the lines of a unit.
    fn links_of(&self, unit: &Unit) -> Vec<usize> {
        let from = self.links.partition_point(|link| link.0 < unit.line);
        self.links
            .iter()
            .skip(from)
            .take_while(|link| link.0 <= unit.last_line)
            .map(|link| link.1)
            .take(50)
            .collect()
    }

    /// Whether the unit stands under a heading about security, or says itself where security problems are reported.
    fn is_about_security(&self, unit: &Unit) -> bool {
        let says = |words: &[&str]| {
            let lower = unit.text.to_lowercase();
            words.iter().any(|word| lower.contains(word))
        };
        self.head(unit).is_some_and(|head| head.is_security)
            || unit.kind == UnitKind::Sentence
                && says(&["security", "vulnerab"])
                && says(&[
                    "report", "disclos", "contact", "e-mail", "email", "mail", "write to", "reach", "@",
                ])
    }

    /// Whether the unit stands where this kind of document is read for security.
    fn is_read(&self, unit: &Unit) -> bool {
        match self.kind {
            DocumentKind::Readme => self.is_about_security(unit),
            _ => true,
        }
    }

    fn unit(&mut self, at: usize) {
        let page = self.page;
        let Some(unit) = page.units.get(at) else { return };
        if !self.is_read(unit) || language::is_foreign(&unit.text) {
            return;
        }
        if unit.text.to_lowercase().contains("use this section to tell people") {
            return;
        }
        let section = self.section(unit);
        if self.kind == DocumentKind::Policy || self.head(unit).is_some_and(|head| head.is_security) {
            for name in
                names::of(&unit.text)
                    .into_iter()
                    .chain(if at == 0 { names::of_title(page) } else { Vec::new() })
            {
                let place = self.place(unit.line, unit.last_line);
                if self.reading.names.len() < MAX_ASIDES {
                    self.reading.names.push(Named { name, place });
                }
            }
        }
        let lifted = self.reading.promises.len();
        if unit.kind == UnitKind::Row && self.row(at, unit, section) {
            if self.reading.promises.len() == lifted {
                self.unbound(at, unit, section, &[]);
            }
            return;
        }
        if self.kind == DocumentKind::Policy && unit.kind != UnitKind::Row && self.version_sentence(unit) {
            return;
        }
        if section == Section::Versions && unit.kind == UnitKind::Item && self.version_item(unit) {
            return;
        }
        // Beside a box that is ticked, one that is not says what is not done.
        if unit.checked == Some(false) && self.ticked.contains(&unit.group) {
            return;
        }
        let answer = self.answers.get(at).cloned().unwrap_or_default();
        let found = match answer.joined(&unit.text) {
            Some(joined) => phrases::find(&joined),
            None => phrases::find(&unit.text),
        };
        if self.leads.0 != unit.leads {
            let found = unit.leads.iter().map(|lead| phrases::find(lead)).collect();
            self.leads = (unit.leads.clone(), Rc::new(found));
        }
        let leads = Rc::clone(&self.leads.1);
        let leads: &[Found] = &leads;
        let reports = matches!(section, Section::Reporting | Section::Asked | Section::Response)
            || [
                "report", "contact", "email", "e mail", "disclos", "reach", "submit", "notify", "send", "vulnerab",
            ]
            .iter()
            .any(|word| found.plain.contains(word));
        let contacts = match self.kind {
            DocumentKind::Contributing
                if !self.head(unit).is_some_and(|head| head.is_security)
                    && !found.plain.contains("security")
                    && !found.plain.contains("vulnerab") =>
            {
                0
            }
            _ if section == Section::Scope && !found.plain.contains("report") => 0,
            _ => self.contacts(at, reports),
        };
        if self.asks(unit, section, leads) {
            return;
        }
        if self.clock_item(unit, section) {
            if self.reading.promises.len() == lifted {
                self.unbound(at, unit, section, leads);
            }
            return;
        }
        // An item that only names what the items beneath it are about.
        let is_title =
            |next: &Unit| next.leads.first().is_some_and(|lead| **lead == *unit.text) && next.group != unit.group;
        let words = unit.text.split_whitespace().count();
        if unit.kind == UnitKind::Item && words <= 4 && contacts == 0 && page.units.get(at + 1).is_some_and(is_title) {
            return;
        }
        let conditions = |lead: &Found| {
            let topics = phrases::topics(&lead.atoms, &Atoms::default());
            topics.contains(&Topic::SafeHarbour) || topics.contains(&Topic::Scope)
        };
        if unit.kind == UnitKind::Item && leads.first().is_some_and(conditions) {
            return;
        }
        if section == Section::Scope {
            let is_list = self.scope(unit);
            if !found.has(Word::We) || unit.kind != UnitKind::Sentence {
                // "Security model", "trust boundaries": what stands there speaks of the software.
                if !is_list && contacts == 0 {
                    self.unbound(at, unit, section, leads);
                }
                return;
            }
        }
        if matches!(section, Section::Template)
            || (section == Section::History && !found.has(Word::We))
            || unit.text.ends_with('?')
        {
            return;
        }
        self.timed = self.clock_list(unit, section, &found);
        self.sentence(at, unit, section, &found, leads, contacts);
        if contacts == 0 && self.reading.promises.len() == lifted {
            self.unbound(at, unit, section, leads);
        }
    }

    /// A sentence, an item, or a row that is read like one.
    fn sentence(&mut self, at: usize, unit: &Unit, section: Section, found: &Found, leads: &[Found], contacts: usize) {
        let mut above = Atoms::default();
        if let Some(head) = self.head(unit) {
            above.join(&head.atoms);
        }
        leads.iter().for_each(|lead| above.join(&lead.atoms));
        let mut topics = phrases::topics(&found.atoms, &above);
        let answer = self.answers.get(at).cloned().unwrap_or_default();
        if answer.question.is_some() || answer.denies {
            let own = match unit.kind {
                // A row's cells are question and answer in one.
                UnitKind::Row => Vec::new(),
                _ => phrases::topics(&phrases::find(&unit.text).atoms, &above),
            };
            answer.promised(&mut topics, &own);
        }
        let mut named = self.tools(unit, found, section);
        // Ruff has the rules of flake8-bandit itself.
        let rules = unit.text.to_ascii_lowercase();
        if named.iter().any(|tool| tool.name == "ruff") && rules.contains("flake8-bandit") {
            let rest = rules.replace("flake8-bandit", "");
            named.retain(|tool| !matches!(tool.name, "flake8" | "bandit") || rest.contains(tool.name));
        }
        for tool in &named {
            if !tool.topics.iter().any(|topic| topics.contains(topic)) {
                // "Licences | cargo-deny": of what it serves, what the words name.
                let licences = tool.topics.iter().find(|topic| **topic == Topic::Licences);
                let licences = licences.filter(|_| found.plain.contains("licen"));
                topics.extend(licences.or(tool.topics.first()));
            }
        }
        self.prune(at, unit, section, found, contacts, &mut topics);
        topics.retain(|topic| !self.timed.contains(topic));
        // The heading of scope has its promise already.
        if section == Section::Scope && !self.scoped.is_empty() {
            topics.retain(|topic| *topic != Topic::Scope);
        }
        // A row that is named for a step of handling reports is about that step.
        let step = unit
            .cells
            .first()
            .and_then(|cell| tables::clock_kind(cell))
            .and_then(tables::topic_of);
        if let Some(step) =
            step.filter(|step| topics.contains(step) && !named.iter().any(|tool| !tool.topics.is_empty()))
        {
            topics.retain(|topic| *topic == step);
        }
        let start = self.reading.promises.len();
        let times = frame::durations(found);
        if topics.is_empty() {
            self.goes_on(unit, found, leads);
            return;
        }
        let context = Above {
            section,
            leads,
            lead_texts: &unit.leads,
        };
        let clocks: Vec<Topic> = topics
            .iter()
            .copied()
            .filter(|topic| tables::clock_of(*topic).is_some())
            .collect();
        let often = frame::frequencies(found);
        let modality = frame::modality(found, leads);
        let is_past = frame::is_past(found);
        let severity = frame::severity(found).filter(|_| !times.is_empty());
        for topic in topics {
            let (mut actor, _) = frame::actor(unit, found, &context, topic);
            if answer.is_advice() && actor == Actor::Project {
                actor = Actor::Users;
            }
            let is_technical = !frame::is_disclosure(topic);
            if is_technical && is_past {
                continue;
            }
            if is_technical && !self.counts(unit, section, found, actor, topic, &named) {
                continue;
            }
            // "It does not process authentication": nothing is promised by a thing that is not there.
            let disclaims = matches!(
                topic,
                Topic::Authentication
                    | Topic::RateLimit
                    | Topic::InputValidation
                    | Topic::ResourceLimits
                    | Topic::Tls
                    | Topic::CertificatePinning
                    | Topic::AuditLog
                    | Topic::Backup
                    | Topic::EncryptionAtRest
                    | Topic::Fuzzing
                    | Topic::Sbom
                    | Topic::StaticAnalysis
                    | Topic::Review
            ) && frame::negated(found)
                && actor == Actor::Project
                && modality != Modality::Planned;
            if disclaims
                && !["never", "without", "no one", "nobody", "cannot"]
                    .iter()
                    .any(|word| found.plain.contains(word))
            {
                continue;
            }
            let place = self.place(unit.line, unit.last_line);
            // The n-th of the things with a time has the n-th time.
            let time = clocks
                .iter()
                .position(|clock| *clock == topic)
                .and_then(|nth| times.get(nth).or(times.last()));
            let within = match tables::clock_of(topic) {
                Some(kind) => {
                    self.clocks(
                        kind,
                        &times,
                        time.map(|time| time.within),
                        severity,
                        found,
                        modality,
                        &place,
                        clocks.len(),
                        actor,
                    );
                    time.map(|time| time.within).or_else(|| frame::within(found, &[]))
                }
                None => None,
            };
            let tools: Vec<&'static str> = named
                .iter()
                .filter(|tool| tool.topics.contains(&topic))
                .map(|tool| tool.name)
                .collect();
            let is_often = is_technical || matches!(topic, Topic::Updates | Topic::SupportedVersions);
            let frequencies: Vec<_> = if often.is_empty() || !is_often {
                vec![None]
            } else {
                often.iter().copied().map(Some).collect()
            };
            for frequency in frequencies {
                let frame = Frame {
                    actor,
                    modality,
                    negated: frame::negated(found),
                    tools: tools.clone(),
                    frequency,
                    within,
                    severity: severity.map(str::to_owned),
                    condition: frame::condition(unit, found),
                };
                let text = match &answer.question {
                    Some(question) => format!("{question} {}", unit.text),
                    None => unit.text.clone(),
                };
                self.push(unit, text, place.clone(), topic, frame);
            }
            if topic == Topic::ReportContents {
                self.asked = Some((unit.heading, 0, self.reading.promises.len().saturating_sub(1)));
            }
        }
        self.before = start..self.reading.promises.len();
    }

    /// "It runs weekly": the sentence before said what.
    fn goes_on(&mut self, unit: &Unit, found: &Found, leads: &[Found]) {
        let often = frame::frequencies(found);
        let first = found.plain.split_ascii_whitespace().next().unwrap_or_default();
        let refers = matches!(
            first,
            "it" | "they" | "this" | "these" | "both" | "results" | "scans" | "findings" | "all" | "failures" | "runs"
        );
        let before: Vec<Promise> = self
            .reading
            .promises
            .get(self.before.clone())
            .unwrap_or_default()
            .to_vec();
        let near = before.first().is_some_and(|promise| {
            promise.place.path == self.path && unit.continues && unit.line <= promise.place.last_line.saturating_add(2)
        });
        let gates = found.plain.contains("block") || found.plain.contains("fail");
        if !refers || !near || (often.is_empty() && !gates) {
            return;
        }
        for promise in before.into_iter().take(3) {
            let frame = Frame {
                frequency: often.first().copied(),
                modality: frame::modality(found, leads),
                negated: frame::negated(found),
                ..promise.frame.clone()
            };
            let place = self.place(unit.line, unit.last_line);
            self.push(unit, unit.text.clone(), place, promise.topic, frame);
        }
    }

    fn push(&mut self, unit: &Unit, text: String, place: Place, topic: Topic, frame: Frame) {
        self.lifted += 1;
        let headings = self
            .head(unit)
            .map(|head| head.texts.iter().map(ToString::to_string).collect())
            .unwrap_or_default();
        let text = text.chars().take(MAX_TEXT).collect();
        self.reading.promises.push(Promise {
            text,
            place,
            headings,
            leads: unit.leads.iter().map(ToString::to_string).collect(),
            topic,
            frame,
        });
    }
}

fn has_security(text: &str) -> bool {
    text.contains("security") || text.contains("vulnerab")
}

fn plain_frame(actor: Actor) -> Frame {
    Frame {
        actor,
        modality: Modality::Binding,
        negated: false,
        tools: Vec::new(),
        frequency: None,
        within: None,
        severity: None,
        condition: None,
    }
}
