//! Tables, and lists that are read like tables: versions, times of response, what a report holds, what is in scope.

use super::*;
use crate::read::support::Said;

impl Reader<'_> {
    /// A list of what a report is to hold. True when the unit is an item of one, and nothing else.
    pub(super) fn asks(&mut self, unit: &Unit, section: Section, leads: &[Found]) -> bool {
        if unit.kind == UnitKind::Sentence {
            return false;
        }
        let is_asked = section == Section::Asked
            || leads.iter().any(|lead| {
                phrases::topics(&lead.atoms, &lead.atoms).contains(&Topic::ReportContents) && !lead.has(Word::We)
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

    /// A heading of scope is one promise, which goes on as long as its units do. True when the unit is of one.
    pub(super) fn scope(&mut self, unit: &Unit) -> bool {
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
            return false;
        };
        if let Some(promise) = self.scoped.get(&at) {
            if let Some(promise) = self.reading.promises.get_mut(*promise) {
                promise.place.last_line = promise.place.last_line.max(unit.last_line);
            }
            return true;
        }
        let is_list = is_of_scope(&heading.text);
        if is_list {
            let place = self.place(heading.line, unit.last_line);
            let text = heading.text.to_string();
            self.push(unit, text, place, Topic::Scope, plain_frame(Actor::Project));
            self.scoped.insert(at, self.reading.promises.len().saturating_sub(1));
        }
        is_list
            || self
                .head(unit)
                .is_some_and(|head| head.texts.iter().any(|text| is_of_scope(text)))
    }

    /// A row of a table that is known. False for another: its words are read like a sentence.
    pub(super) fn row(&mut self, at: usize, unit: &Unit, section: Section) -> bool {
        let header: &[String] = unit.header.as_deref().unwrap_or_default();
        let is_versions = tables::version_columns(header).filter(|columns| {
            section == Section::Versions
                || !unit.cells.iter().any(|cell| tables::time_in(cell).is_some())
                || columns.2.is_some()
        });
        if let Some(columns) = is_versions
            && let Some(row) = tables::version_row(&unit.cells, columns)
        {
            let head = columns.2.and_then(|end| header.get(end));
            self.version(unit, row, head.and_then(|head| tables::phase(head)));
            return true;
        }
        if section == Section::Template {
            return true;
        }
        self.clock_row(unit, &unit.cells, section, header)
            || (section == Section::Asked && self.asks(unit, section, &[]))
            || {
                let _ = at;
                false
            }
    }

    pub(super) fn version(&mut self, unit: &Unit, row: tables::Version, phase: Option<&'static str>) {
        let place = self.place(unit.line, unit.last_line);
        if self.reading.versions.len() < MAX_ASIDES {
            self.reading.versions.push(VersionRow {
                text: row.text,
                versions: row.versions,
                supported: row.supported,
                until: row.until.as_ref().map(|days| *days.end()),
                until_at_least: row.until.as_ref().map(|days| *days.start()),
                phase,
                headings: self.head(unit).map(|head| head.texts.clone()).unwrap_or_default(),
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
    pub(super) fn version_item(&mut self, unit: &Unit) -> bool {
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
        // A whole sentence was read as one, or is not understood.
        let is_said = support::said(&unit.text).is_some();
        if is_said || name.split_whitespace().count() > 4 || matches!(versions, crate::read::Versions::Unknown) {
            return false;
        }
        let supported = tables::is_supported(rest).or(Some(!rest.to_lowercase().contains("not supported")));
        let until = tables::days(rest);
        let text = name.trim().to_owned();
        self.version(
            unit,
            tables::Version {
                text,
                versions,
                supported,
                until,
            },
            None,
        );
        true
    }

    /// "Version 1.x is supported until 30 June 2027", "support for 1.x ends in 2027".
    pub(super) fn version_sentence(&mut self, unit: &Unit) -> bool {
        let Some((name, said)) = support::said(&unit.text) else {
            return false;
        };
        let (supported, until) = match said {
            Said::Yes => (true, None),
            Said::No => (false, None),
            Said::Until(days) => (true, Some(days)),
            // A promise, and no row to hold against a table's.
            Said::Partly => {
                let place = self.place(unit.line, unit.last_line);
                let frame = plain_frame(Actor::Project);
                self.push(unit, unit.text.clone(), place, Topic::SupportedVersions, frame);
                return true;
            }
            Said::Unclear => return false,
        };
        let row = tables::Version {
            text: name.to_owned(),
            versions: tables::versions(name),
            supported: Some(supported),
            until,
        };
        self.version(unit, row, None);
        true
    }

    /// An item such as "Critical: 7 days", which is read like a row.
    pub(super) fn clock_item(&mut self, unit: &Unit, section: Section) -> bool {
        let cut = frame::label_end(unit);
        let (label, rest) = unit.text.split_at_checked(cut).unwrap_or_default();
        let is_other = matches!(
            section,
            Section::Users | Section::Measures | Section::Contributors | Section::Versions
        );
        if unit.kind != UnitKind::Item || cut == 0 || is_other || rest.split_whitespace().count() > 8 {
            return false;
        }
        let label = label.trim_end().trim_end_matches([':', '-', '–', '—']).to_owned();
        if tables::severity(&label).is_none() && tables::clock_kind(&label).is_none() {
            return false;
        }
        self.clock_row(unit, &[label, rest.to_owned()], section, &[])
    }

    /// Steps with their times in one line, without a verb: "receipt in 72 h; triage in 5 business days", "3 days (reply),
    /// 14 days (decision)". The topics that are timed so.
    pub(super) fn clock_list(&mut self, unit: &Unit, section: Section, found: &Found) -> Vec<Topic> {
        let is_other = matches!(
            section,
            Section::Users | Section::Contributors | Section::Versions | Section::Asked
        );
        if unit.kind == UnitKind::Row
            || is_other
            || found.has(Word::We)
            || found.has(Word::Our)
            || found.has(Word::Please)
        {
            return Vec::new();
        }
        let rest = unit.text.get(frame::label_end(unit)..).unwrap_or_default();
        // "30 days after the fix" times something else than the fix.
        let is_step = |part: &&str| {
            let mut words = part.split_whitespace();
            let count = words.clone().count();
            count <= 8 && !words.any(|word| matches!(word, "after" | "before" | "until" | "from" | "since" | "if"))
        };
        let parts = rest.split([',', ';']).take(32).filter(is_step);
        let timed = parts.filter_map(|part| Some((tables::step_kind(part)?, tables::time_in(part)?)));
        let timed: Vec<(ClockKind, Within)> = timed.collect();
        let topics: Vec<Topic> = timed.iter().filter_map(|(kind, _)| tables::topic_of(*kind)).collect();
        let is_list = topics.iter().any(|topic| Some(topic) != topics.first());
        if !is_list || frame::severity(found).is_some() {
            return Vec::new();
        }
        let modality = frame::modality(found, &[]);
        for ((kind, within), topic) in timed.into_iter().zip(&topics) {
            let place = self.place(unit.line, unit.last_line);
            self.reading.clocks.push(Clock {
                kind,
                within,
                severity: None,
                goal: modality != Modality::Binding,
                place: place.clone(),
            });
            let frame = Frame {
                within: Some(within),
                modality,
                ..plain_frame(Actor::Project)
            };
            self.push(unit, unit.text.clone(), place, *topic, frame);
        }
        topics
    }

    /// A row that says what is done by when.
    pub(super) fn clock_row(&mut self, unit: &Unit, cells: &[String], section: Section, header: &[String]) -> bool {
        let times: Vec<(usize, Within)> = cells
            .iter()
            .enumerate()
            .skip(1)
            .filter_map(|(at, cell)| Some((at, tables::time_in(cell)?)))
            .collect();
        if times.is_empty() {
            return false;
        }
        let severity = cells.iter().take(2).find_map(|cell| tables::severity(cell));
        let label = cells.first().and_then(|cell| tables::clock_kind(cell));
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
        let goal = header.iter().chain(cells.first()).any(|cell| {
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

    #[expect(clippy::too_many_arguments, reason = "one caller; each is a fact of the sentence")]
    pub(super) fn clocks(
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
}

/// Whether a heading stands over what is in scope and what is not.
fn is_of_scope(heading: &str) -> bool {
    let lower = heading.to_lowercase();
    [
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
}
