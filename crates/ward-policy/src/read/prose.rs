//! From a document to what it says: units to promises, tables to clocks and versions, links to contacts.

use std::{borrow::Cow, sync::Arc};

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
        language, names, odd, tables,
    },
    topic::Topic,
};

/// Most promises that are lifted from one document.
const MAX_PROMISES: usize = 5_000;
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
    scoped: Vec<(usize, usize)>,
    /// The list that a report's contents stand in, and the promise that asks for them.
    asked: Option<(Option<usize>, u32, usize)>,
    /// The promises of the unit before, for "it runs weekly".
    before: std::ops::Range<usize>,
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
    asides(reading, kind, path, &page);
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
        scoped: Vec::new(),
        asked: None,
        before: 0..0,
    };
    reader.links.sort_unstable();
    reader.fences();
    if kind == DocumentKind::Readme {
        reader.badges();
    }
    if language.is_other {
        // Addresses are the same in every language.
        for at in 0..page.units.len() {
            reader.contacts(at, true);
        }
        return;
    }
    for at in 0..page.units.len() {
        reader.unit(at);
    }
}

/// Links, comments, shown commands.
fn asides(reading: &mut Reading, kind: DocumentKind, path: &str, page: &Page) {
    let place = |line: u32, last_line: u32| Place {
        path: path.to_owned(),
        line,
        last_line,
    };
    for link in page.links.iter().take(MAX_ASIDES) {
        reading.links.push(Link {
            text: link.text.chars().take(MAX_TEXT).collect(),
            target: link.target.chars().take(2_000).collect(),
            picture: link.picture,
            place: place(link.line, link.line),
        });
    }
    for aside in page.comments.iter().take(MAX_ASIDES) {
        let addresses_machines = odd::addresses_machines(&aside.text);
        let place = place(aside.line, aside.last_line);
        if addresses_machines {
            let note =
                "hidden text speaks to whoever reads or edits by machine; it is data and was not followed".to_owned();
            reading.facts.push(Fact {
                kind: FactKind::HiddenInstructions,
                note,
                place: place.clone(),
            });
        }
        reading.comments.push(Comment {
            text: aside.text.clone(),
            addresses_machines,
            place,
        });
    }
    if kind == DocumentKind::Readme {
        return;
    }
    for fence in &page.fences {
        let word = fence
            .info
            .split_whitespace()
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        if !matches!(
            word.as_str(),
            "" | "sh" | "bash" | "shell" | "console" | "zsh" | "shell-session" | "powershell" | "cmd"
        ) {
            continue;
        }
        for (line, text) in &fence.lines {
            let command = text.trim().trim_start_matches("$ ").trim_start_matches("> ").trim();
            let is_command = command.starts_with(|c: char| c.is_ascii_lowercase() || matches!(c, '.' | '/'));
            if is_command && reading.shown.len() < MAX_ASIDES {
                reading.shown.push(Shown {
                    command: command.chars().take(500).collect(),
                    headings: page.path(fence.heading).iter().map(ToString::to_string).collect(),
                    place: place(*line, *line),
                });
            }
        }
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
        let inherited = above.map(|head| head.section).unwrap_or_default();
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

    /// Whether the unit stands where this kind of document is read for security.
    fn is_read(&self, unit: &Unit) -> bool {
        match self.kind {
            DocumentKind::Readme => self.head(unit).is_some_and(|head| head.is_security),
            _ => true,
        }
    }

    /// The contacts that a unit names. They are kept where the text is about security.
    fn contacts(&mut self, at: usize, reports: bool) -> usize {
        let Some(unit) = self.page.units.get(at) else { return 0 };
        let place = self.place(unit.line, unit.last_line);
        let mut found = contacts::in_text(&unit.text, &place);
        for link in self.links_of(unit) {
            if let Some(link) = self.page.links.get(link).filter(|link| !link.picture) {
                found.extend(contacts::of_link(&link.target, reports, &place));
            }
        }
        for word in unit
            .text
            .split_whitespace()
            .filter(|word| word.starts_with("http") || word.contains("github.com/"))
        {
            let bare = word.trim_matches(|c: char| matches!(c, '(' | ')' | '<' | '>' | ',' | '.' | '`' | '"' | '\''));
            found.extend(contacts::of_link(bare, reports, &place));
        }
        let lower = unit.text.to_ascii_lowercase();
        if let Some(print) = Some(&lower)
            .filter(|text| text.contains("pgp") || text.contains("gpg") || text.contains("fingerprint"))
            .and_then(|_| contacts::fingerprint(&unit.text))
        {
            found.push(Contact {
                kind: ContactKind::Key,
                value: print,
                slug: None,
                obfuscated: false,
                trick: None,
                place: place.clone(),
            });
        }
        let names_form = [
            "private vulnerability report",
            "report a vulnerability",
            "report a security vulnerability",
            "security advisories tab",
            "private security advisor",
        ];
        if reports
            && !found.iter().any(|contact| contact.kind == ContactKind::Advisory)
            && names_form.iter().any(|name| lower.contains(name))
            && lower.contains("github") | lower.contains("tab") | lower.contains("private")
        {
            found.push(Contact {
                kind: ContactKind::Advisory,
                value: "private vulnerability reporting".into(),
                slug: None,
                obfuscated: false,
                trick: None,
                place,
            });
        }
        let known = self.reading.contacts.len();
        for contact in found {
            let is_new = !self
                .reading
                .contacts
                .iter()
                .rev()
                .take(64)
                .any(|other| other.value.eq_ignore_ascii_case(&contact.value) && other.place == contact.place);
            if is_new && self.reading.contacts.len() < MAX_ASIDES {
                self.reading.contacts.push(contact);
            }
        }
        self.reading
            .contacts
            .iter()
            .skip(known)
            .filter(|contact| contact.kind != ContactKind::Key)
            .count()
    }

    fn unit(&mut self, at: usize) {
        let page = self.page;
        let Some(unit) = page.units.get(at) else { return };
        if !self.is_read(unit) || language::is_foreign(&unit.text) {
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
        if unit.kind == UnitKind::Row && self.row(at, unit, section) {
            return;
        }
        if section == Section::Versions && unit.kind == UnitKind::Item && self.version_item(unit) {
            return;
        }
        let found = phrases::find(&unit.text);
        let leads: Vec<Found> = unit.leads.iter().map(|lead| phrases::find(lead)).collect();
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
        if self.asks(unit, section, &leads) {
            return;
        }
        if section == Section::Scope {
            self.scope(unit);
            if !found.has(Word::We) || unit.kind != UnitKind::Sentence {
                return;
            }
        }
        if matches!(section, Section::Template)
            || (section == Section::History && !found.has(Word::We))
            || unit.text.ends_with('?')
        {
            return;
        }
        self.sentence(at, unit, section, &found, &leads, contacts);
    }

    /// A list of what a report is to hold. True when the unit is an item of one, and nothing else.
    fn asks(&mut self, unit: &Unit, section: Section, leads: &[Found]) -> bool {
        if unit.kind == UnitKind::Sentence {
            return false;
        }
        let is_asked = section == Section::Asked
            || leads.iter().any(|lead| {
                phrases::topics(&lead.atoms, &Atoms::default()).contains(&Topic::ReportContents) && !lead.has(Word::We)
            });
        let goes_on = self
            .asked
            .is_some_and(|(heading, group, _)| unit.heading == heading && group != 0 && unit.group == group);
        if !is_asked && !goes_on {
            return false;
        }
        let place = self.place(unit.line, unit.last_line);
        if self.reading.asked.len() < MAX_ASIDES && !unit.continues {
            self.reading.asked.push(Asked {
                text: unit.text.chars().take(MAX_TEXT).collect(),
                place,
            });
        }
        match self.asked {
            Some((heading, group, promise)) if heading == unit.heading => {
                if let Some(promise) = self.reading.promises.get_mut(promise) {
                    promise.place.last_line = promise.place.last_line.max(unit.last_line);
                }
                self.asked = Some((heading, if group == 0 { unit.group } else { group }, promise));
            }
            _ => {
                // No sentence asked for it: the heading does.
                let Some(heading) = unit.heading.and_then(|at| self.page.headings.get(at)) else {
                    return true;
                };
                let place = self.place(heading.line, unit.last_line);
                let text = heading.text.to_string();
                let frame = plain_frame(Actor::Reporter);
                self.push(unit, text, place, Topic::ReportContents, frame);
                let promise = self.reading.promises.len().saturating_sub(1);
                self.asked = Some((unit.heading, unit.group, promise));
            }
        }
        true
    }

    /// A heading of scope is one promise, which goes on as long as its units do.
    fn scope(&mut self, unit: &Unit) {
        let mut outer = unit.heading;
        // The outermost heading of scope, seven steps away at most.
        while let Some(above) = outer
            .and_then(|at| self.page.headings.get(at))
            .and_then(|heading| heading.above)
        {
            if self.heads.get(above).is_none_or(|head| head.section != Section::Scope) {
                break;
            }
            outer = Some(above);
        }
        let Some((at, heading)) = outer.and_then(|at| Some((at, self.page.headings.get(at)?))) else {
            return;
        };
        if let Some((_, promise)) = self.scoped.iter().find(|scoped| scoped.0 == at) {
            if let Some(promise) = self.reading.promises.get_mut(*promise) {
                promise.place.last_line = promise.place.last_line.max(unit.last_line);
            }
            return;
        }
        let lower = heading.text.to_lowercase();
        if [
            "scope",
            "vulnerab",
            "qualif",
            "exclu",
            "eligible",
            "considered",
            "what to report",
        ]
        .iter()
        .any(|word| lower.contains(word))
        {
            let place = self.place(heading.line, unit.last_line);
            let text = heading.text.to_string();
            self.push(unit, text, place, Topic::Scope, plain_frame(Actor::Project));
            self.scoped.push((at, self.reading.promises.len().saturating_sub(1)));
        }
    }

    /// A row of a table that is known. False for another: its words are read like a sentence.
    fn row(&mut self, at: usize, unit: &Unit, section: Section) -> bool {
        let header: &[String] = unit.header.as_deref().unwrap_or_default();
        let is_versions = tables::version_columns(header).filter(|columns| {
            section == Section::Versions
                || !unit.cells.iter().any(|cell| tables::time_in(cell).is_some())
                || columns.2.is_some()
        });
        if let Some(row) = is_versions.and_then(|columns| tables::version_row(&unit.cells, columns)) {
            self.version(unit, row);
            return true;
        }
        if section == Section::Template {
            return true;
        }
        self.clock_row(unit, section, header) || (section == Section::Asked && self.asks(unit, section, &[])) || {
            let _ = at;
            false
        }
    }

    fn version(&mut self, unit: &Unit, row: tables::Version) {
        let place = self.place(unit.line, unit.last_line);
        if self.reading.versions.len() < MAX_ASIDES {
            self.reading.versions.push(VersionRow {
                text: row.text,
                versions: row.versions,
                supported: row.supported,
                until: row.until,
                until_text: row.until_text,
                place: place.clone(),
            });
            let frame = Frame {
                negated: row.supported == Some(false),
                ..plain_frame(Actor::Project)
            };
            self.push(unit, unit.text.clone(), place, Topic::SupportedVersions, frame);
        }
    }

    /// An item such as "1.x: supported" beneath a heading about versions.
    fn version_item(&mut self, unit: &Unit) -> bool {
        let cut = unit
            .text
            .find([':', '–', '—', '('])
            .or_else(|| unit.text.find(" - "))
            .or_else(|| unit.text.find(" is "));
        let (name, rest) = cut.map_or((unit.text.as_str(), ""), |at| unit.text.split_at(at));
        let rest = rest
            .trim_start_matches([':', '–', '—', '-', ' ', '('])
            .trim_start_matches("is ");
        let versions = tables::versions(name);
        if name.split_whitespace().count() > 4 || matches!(versions, crate::read::Versions::Unknown) {
            return false;
        }
        let supported = tables::is_supported(rest).or(Some(!rest.to_lowercase().contains("not supported")));
        let until = tables::date(rest);
        let text = name.trim().to_owned();
        self.version(
            unit,
            tables::Version {
                text,
                versions,
                supported,
                until,
                until_text: until.map(|_| rest.to_owned()),
            },
        );
        true
    }

    /// A row that says what is done by when.
    fn clock_row(&mut self, unit: &Unit, section: Section, header: &[String]) -> bool {
        let times: Vec<(usize, Within)> = unit
            .cells
            .iter()
            .enumerate()
            .skip(1)
            .filter_map(|(at, cell)| Some((at, tables::time_in(cell)?)))
            .collect();
        if times.is_empty() {
            return false;
        }
        let severity = unit.cells.iter().take(2).find_map(|cell| tables::severity(cell));
        let label = unit.cells.first().and_then(|cell| tables::clock_kind(cell));
        let heading = self
            .head(unit)
            .and_then(|head| head.texts.iter().rev().find_map(|text| tables::clock_kind(text)));
        let lead = unit.leads.first().and_then(|lead| tables::clock_kind(lead));
        let is_about =
            severity.is_some() || label.is_some() || matches!(section, Section::Response | Section::Reporting);
        if !is_about
            || matches!(section, Section::Users | Section::Measures | Section::Contributors)
                && severity.is_none()
                && label.is_none()
        {
            return false;
        }
        let goal = header.iter().chain(unit.cells.first()).any(|cell| {
            let lower = cell.to_lowercase();
            ["target", "goal", "aim", "expected", "estimate", "approx", "typical"]
                .iter()
                .any(|word| lower.contains(word))
        }) || unit
            .leads
            .first()
            .is_some_and(|lead| phrases::find(lead).has(Word::Goal));
        let mut done = false;
        for (at, within) in times {
            let column = header.get(at).and_then(|head| tables::clock_kind(head));
            // A row that is named for a step is about it; with a severity, the column says which.
            let kind = if severity.is_some() {
                column.or(label)
            } else {
                label.or(column)
            };
            let kind = kind.or(lead).or(heading).unwrap_or(if severity.is_some() {
                ClockKind::Fix
            } else {
                ClockKind::Other
            });
            let place = self.place(unit.line, unit.last_line);
            self.reading.clocks.push(Clock {
                kind,
                within,
                severity: severity.map(str::to_owned),
                goal,
                place: place.clone(),
            });
            if let Some(topic) = tables::topic_of(kind) {
                let modality = if goal { Modality::Goal } else { Modality::Binding };
                let frame = Frame {
                    within: Some(within),
                    severity: severity.map(str::to_owned),
                    modality,
                    ..plain_frame(Actor::Project)
                };
                self.push(unit, unit.text.clone(), place, topic, frame);
            }
            done = true;
        }
        done
    }

    /// A sentence, an item, or a row that is read like one.
    fn sentence(&mut self, at: usize, unit: &Unit, section: Section, found: &Found, leads: &[Found], contacts: usize) {
        let mut above = Atoms::default();
        if let Some(head) = self.head(unit) {
            above.join(&head.atoms);
        }
        leads.iter().for_each(|lead| above.join(&lead.atoms));
        let mut topics = phrases::topics(&found.atoms, &above);
        let named = self.tools(unit, found, section);
        for tool in &named {
            if !tool.topics.iter().any(|topic| topics.contains(topic))
                && let Some(first) = tool.topics.first()
            {
                topics.push(*first);
            }
        }
        self.prune(at, unit, section, found, contacts, &mut topics);
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
        let severity = frame::severity(found).filter(|_| !times.is_empty());
        for topic in topics {
            let (actor, _) = frame::actor(unit, found, &context, topic);
            let is_technical = !frame::is_disclosure(topic);
            if is_technical && !self.counts(unit, section, found, actor, topic, &named) {
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
                self.push(unit, unit.text.clone(), place.clone(), topic, frame);
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

    /// The tools that a unit names as something that is used.
    fn tools(&self, unit: &Unit, found: &Found, section: Section) -> Vec<&'static tools::Tool> {
        let mut named: Vec<&'static tools::Tool> = Vec::new();
        let is_used = found.has(Word::Scan)
            || found.has(Word::Automation)
            || found.has(Word::We)
            || found.has(Word::Our)
            || section == Section::Measures
            || unit.kind != UnitKind::Sentence
            || !frame::frequencies(found).is_empty();
        for (tool, start, end) in &found.tools {
            let Some(tool) = tools::tools().get(*tool) else {
                continue;
            };
            // The project itself is no tool that it promises to run.
            let is_own = self
                .own
                .iter()
                .any(|own| own == tool.name || tool.names.iter().any(|name| name.eq_ignore_ascii_case(own)));
            let linked = unit.linked.iter().any(|link| link.start <= *start && link.end >= *end);
            let only_linked = linked
                && (found.has(Word::Please)
                    || ["see ", "refer to", "read ", "visit"]
                        .iter()
                        .any(|word| found.plain.starts_with(word)));
            // A name that is also a word, as the first word of a sentence, is the word.
            let is_word = tool
                .names
                .iter()
                .all(|name| name.contains(|c: char| c.is_ascii_uppercase() || c == '`'))
                && *start == 0
                && found.tools.len() == 1
                && !unit.code.iter().any(|code| code.start == 0);
            if is_used && !is_own && !only_linked && !is_word && !named.iter().any(|other| other.name == tool.name) {
                named.push(tool);
            }
        }
        named
    }

    /// Topics that the words name by the way are taken away.
    fn prune(&self, at: usize, unit: &Unit, section: Section, found: &Found, contacts: usize, topics: &mut Vec<Topic>) {
        use Topic as T;
        let text = &found.plain;
        let has = |topics: &[Topic], topic| topics.contains(&topic);
        let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
        let reporting = matches!(section, Section::Reporting | Section::Response | Section::Plain);
        let in_policy = self.kind == DocumentKind::Policy || self.head(unit).is_some_and(|head| head.is_security);
        let reports = says(&[
            "report", "contact", "email", "e mail", "disclos", "reach", "submit", "send", "notify", "mail ", "write to",
        ]);
        // A contact among words of reporting is a channel, whatever the words.
        if contacts > 0
            && reporting
            && in_policy
            && (reports || unit.text.split_whitespace().count() <= 6)
            && !has(topics, T::PrivateChannel)
        {
            topics.push(T::PrivateChannel);
        }
        let is_private = says(&[
            "private",
            "confidential",
            "security tab",
            "report a vulnerability",
            "report a security vulnerability",
            "advisor",
        ]);
        if has(topics, T::PrivateChannel)
            && contacts == 0
            && !(is_private && reports && !has(topics, T::NeverPublic))
            && !says(&["instead", "pgp", "gpg"])
        {
            topics.retain(|topic| *topic != T::PrivateChannel);
        }
        if has(topics, T::PrivateChannel)
            && contacts == 0
            && (has(topics, T::Acknowledge) || has(topics, T::Embargo) || section == Section::Users)
        {
            topics.retain(|topic| *topic != T::PrivateChannel);
        }
        if found.has(Word::Delegates) && in_policy && !has(topics, T::PrivateChannel) {
            let elsewhere = self
                .links_of(unit)
                .iter()
                .filter_map(|at| self.page.links.get(*at))
                .any(|link| link.target.contains("://"))
                || found.has(Word::ThirdParty)
                || says(&["organization", "organisation", "foundation"]);
            if elsewhere {
                topics.push(T::PrivateChannel);
            }
        }
        let mut drop: Vec<Topic> = Vec::new();
        if has(topics, T::Credit) && !says(&["receipt", "hour", "business day", "your report"]) {
            drop.push(T::Acknowledge);
        }
        if has(topics, T::ReportContents) {
            drop.extend([
                T::Acknowledge,
                T::Assess,
                T::Fix,
                T::Updates,
                T::SupportedVersions,
                T::Advisory,
                T::AffectedVersions,
                T::Embargo,
            ]);
        }
        if has(topics, T::SupportedVersions) && frame::durations(found).is_empty() {
            drop.extend([T::Fix, T::FixEveryVersion]);
        }
        if has(topics, T::FixEveryVersion) {
            drop.extend([T::Fix, T::SupportedVersions]);
        }
        if has(topics, T::Embargo) && says(&["after", "until", "before", "once"]) && !found.has(Word::We) {
            drop.push(T::Fix);
        }
        if has(topics, T::Advisory)
            && frame::durations(found).is_empty()
            && !says(&["embargo", "coordinat", "until", "before"])
        {
            drop.push(T::Embargo);
        }
        if has(topics, T::NeverPublic) {
            drop.extend([T::Embargo, T::Fix, T::Advisory, T::Assess, T::Credit, T::Bounty]);
        }
        if has(topics, T::SafeHarbour) {
            drop.extend([T::Embargo, T::Scope]);
        }
        if has(topics, T::Acknowledge) && !says(&["fix", "patch", "resol", "remed"]) {
            drop.push(T::Fix);
        }
        let is_report = [
            T::PrivateChannel,
            T::NeverPublic,
            T::ReportContents,
            T::Acknowledge,
            T::Assess,
            T::Updates,
            T::Embargo,
            T::Credit,
            T::SafeHarbour,
            T::Bounty,
            T::Scope,
            T::Siblings,
            T::FixEveryVersion,
        ]
        .iter()
        .any(|topic| has(topics, *topic) && !drop.contains(topic));
        let about_versions = has(topics, T::SupportedVersions);
        topics.retain(|topic| {
            let technical = !frame::is_disclosure(*topic);
            let updates = matches!(topic, T::UpdateBot | T::DependencyScan | T::Pinning);
            !(drop.contains(topic) || (is_report && technical) || (about_versions && updates))
        });
        // Elsewhere than in talk of reports, its words mean other things.
        if matches!(section, Section::Users | Section::Measures | Section::Contributors) && contacts == 0 {
            let speaks = says(&[
                "report",
                "vulnerab",
                "advisor",
                "disclos",
                "incident",
                "security issue",
                "security fix",
                "security patch",
                "security update",
                "version",
            ]);
            topics.retain(|topic| {
                speaks || !frame::is_disclosure(*topic) || matches!(topic, T::IncidentResponse | T::SecurityTxt)
            });
        }
        if self.kind != DocumentKind::Policy && !self.head(unit).is_some_and(|head| head.is_security) {
            topics.retain(|topic| {
                !frame::is_disclosure(*topic)
                    || (matches!(topic, T::PrivateChannel | T::NeverPublic) && (contacts > 0 || has_security(text)))
            });
        }
        // Words that lead to a table of versions are those of its rows.
        let next_is_versions = self.page.units.get(at + 1).is_some_and(|next| {
            next.kind == UnitKind::Row
                && next
                    .header
                    .as_deref()
                    .is_some_and(|header| tables::version_columns(header).is_some())
        });
        if next_is_versions && !says(&["only", "month", "year", "backport", "latest"]) {
            topics.retain(|topic| *topic != T::SupportedVersions);
        }
    }

    /// Whether words about a technical matter promise or advise something, and do not merely speak of it.
    fn counts(
        &self,
        unit: &Unit,
        section: Section,
        found: &Found,
        actor: Actor,
        topic: Topic,
        named: &[&tools::Tool],
    ) -> bool {
        if matches!(section, Section::Reporting | Section::Response | Section::Versions)
            && named.is_empty()
            && !found.has(Word::We)
            && !found.has(Word::Our)
        {
            return false;
        }
        let often = !frame::frequencies(found).is_empty();
        if actor == Actor::Users {
            return true;
        }
        let says_itself = found.has(Word::We) || found.has(Word::Our);
        // "A model can execute code": a danger is told.
        if found.has(Word::Risk)
            && !says_itself
            && named.is_empty()
            && !found.plain.contains("prevent")
            && !found.plain.contains("protect")
            && unit.kind == UnitKind::Sentence
        {
            return false;
        }
        if self.kind == DocumentKind::Contributing && !self.head(unit).is_some_and(|head| head.is_security) {
            let firm = [
                "must", "require", "enforce", "will be", "are run", "is run", "runs", "we use", "we run", "blocked",
                "all pull", "every", "ci ",
            ]
            .iter()
            .any(|word| found.plain.contains(word));
            return firm
                && (often
                    || found.has(Word::Automation)
                    || !named.is_empty()
                    || matches!(
                        topic,
                        Topic::Review
                            | Topic::Tests
                            | Topic::CodeOwners
                            | Topic::BranchProtection
                            | Topic::SignedReleases
                    ))
                && !found.plain.starts_with("run ")
                && !found.has(Word::Advise);
        }
        // What a product does for its users is no promise about the project.
        let own_subject = self
            .own
            .iter()
            .any(|own| own.len() > 2 && found.plain.starts_with(own.as_str()));
        if own_subject && !says_itself && topic < Topic::Authentication && !found.plain.contains("never") && !often {
            return false;
        }
        says_itself
            || often
            || !named.is_empty()
            || found.has(Word::Must)
            || found.has(Word::Automation)
            || found.has(Word::Imperative)
            || section == Section::Measures
            || unit.kind != UnitKind::Sentence
    }

    #[expect(clippy::too_many_arguments, reason = "one caller; each is a fact of the sentence")]
    fn clocks(
        &mut self,
        kind: ClockKind,
        times: &[crate::read::times::Time],
        own: Option<Within>,
        severity: Option<&'static str>,
        found: &Found,
        modality: Modality,
        place: &Place,
        topics: usize,
        actor: Actor,
    ) {
        if actor != Actor::Project && kind != ClockKind::Publish {
            return;
        }
        let goal = modality != Modality::Binding;
        let severities: Vec<(usize, &str)> = found
            .words
            .iter()
            .filter_map(|word| match word.0 {
                Word::Critical => Some((word.1, "critical")),
                Word::High => Some((word.1, "high")),
                Word::Medium => Some((word.1, "medium")),
                Word::Low => Some((word.1, "low")),
                _ => None,
            })
            .collect();
        if topics == 1 && times.len() > 1 && severities.len() > 1 {
            for time in times {
                let before = severities
                    .iter()
                    .rev()
                    .find(|word| word.0 < time.range.start)
                    .or(severities.first());
                let severity = before.map(|word| word.1.to_owned());
                self.reading.clocks.push(Clock {
                    kind,
                    within: time.within,
                    severity,
                    goal,
                    place: place.clone(),
                });
            }
            return;
        }
        if let Some(within) = own.or_else(|| frame::within(found, &[])) {
            self.reading.clocks.push(Clock {
                kind,
                within,
                severity: severity.map(str::to_owned),
                goal,
                place: place.clone(),
            });
        }
    }

    /// Fences: a key, or a template of what a report holds.
    fn fences(&mut self) {
        for fence in &self.page.fences {
            let Some((first, text)) = fence.lines.first() else {
                continue;
            };
            if text.contains("BEGIN PGP PUBLIC KEY") {
                let place = Place {
                    path: self.path.to_owned(),
                    line: *first,
                    last_line: fence.lines.last().map_or(*first, |line| line.0),
                };
                self.reading.contacts.push(Contact {
                    kind: ContactKind::Key,
                    value: "a key in the text".into(),
                    slug: None,
                    obfuscated: false,
                    trick: None,
                    place,
                });
                continue;
            }
            let section = fence
                .heading
                .and_then(|at| self.heads.get(at))
                .map(|head| head.section)
                .unwrap_or_default();
            if matches!(section, Section::Asked) {
                for (line, text) in fence
                    .lines
                    .iter()
                    .filter(|line| line.1.starts_with(['#', '-', '*']) || line.1.ends_with(':'))
                {
                    let text = text
                        .trim_matches(|c: char| matches!(c, '#' | '-' | '*' | ':') || c.is_whitespace())
                        .to_owned();
                    let place = Place {
                        path: self.path.to_owned(),
                        line: *line,
                        last_line: *line,
                    };
                    if !text.is_empty() && self.reading.asked.len() < MAX_ASIDES {
                        self.reading.asked.push(Asked { text, place });
                    }
                }
            }
        }
    }

    /// Badges of a README that name a tool: "code style: black" is said of the project.
    fn badges(&mut self) {
        for at in 0..self.page.links.len().min(MAX_ASIDES) {
            let Some(link) = self.page.links.get(at).filter(|link| link.picture) else {
                continue;
            };
            let address = link.target.to_ascii_lowercase();
            let is_badge = [
                "shields.io",
                "badge",
                "codecov.io",
                "snyk.io",
                "api.securityscorecards.dev",
                "sonarcloud.io",
                "pre-commit.ci",
                "img.",
            ]
            .iter()
            .any(|part| address.contains(part));
            if !is_badge
                || self
                    .page
                    .headings
                    .get(1)
                    .is_some_and(|second| link.line > second.line.saturating_add(40))
            {
                continue;
            }
            let path: Cow<'_, str> = address
                .split_once("://")
                .map_or("", |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path))
                .replace(['/', '_', '.', '?', '=', '&', '%'], " ")
                .into();
            let words = format!("{} {path}", link.text);
            let found = phrases::find(&words);
            let mut seen: Vec<&str> = Vec::new();
            for (tool, _, _) in &found.tools {
                let Some(tool) = tools::tools()
                    .get(*tool)
                    .filter(|tool| !seen.contains(&tool.name) && !self.own.iter().any(|own| own == tool.name))
                else {
                    continue;
                };
                seen.push(tool.name);
                let Some(topic) = tool.topics.first().copied() else {
                    continue;
                };
                let text = if link.text.is_empty() {
                    tool.name.to_owned()
                } else {
                    link.text.clone()
                };
                let frame = Frame {
                    tools: vec![tool.name],
                    ..plain_frame(Actor::Project)
                };
                let headings = self.page.path(link.heading).iter().map(ToString::to_string).collect();
                let place = self.place(link.line, link.line);
                self.reading.promises.push(Promise {
                    text,
                    place,
                    headings,
                    topic,
                    frame,
                });
            }
        }
    }

    fn push(&mut self, unit: &Unit, text: String, place: Place, topic: Topic, frame: Frame) {
        if self.lifted >= MAX_PROMISES {
            if self.lifted == MAX_PROMISES {
                self.reading.not_examined.push((
                    self.path.to_owned(),
                    format!("after line {}: more than {MAX_PROMISES} promises", unit.line),
                ));
                self.lifted += 1;
            }
            return;
        }
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
