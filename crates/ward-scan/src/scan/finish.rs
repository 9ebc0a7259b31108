//! The end of a scan: what all files together say, what is suppressed, and the report.

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashMap},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    sync::PoisonError,
};

use ward_evidence::{Location, RuleMeta};

use super::{Kept, Pending, Scanner};
use crate::{
    Fact, Findings, NotExamined, Project, Report,
    baseline::Baseline,
    config::Config,
    fingerprint::Fingerprint,
    inventory::taken_in,
    report::{By, Progress, Stats},
    secrets, suppress,
};

impl Scanner<'_> {
    /// Ends the scan: what was found more than once is joined, what is suppressed is counted, the rest is sorted.
    #[must_use]
    pub fn finish(self) -> Report {
        self.finish_with_facts().0
    }

    /// Ends the scan as [`finish`](Self::finish) does, and gives the facts that engines left, by place.
    #[must_use]
    pub fn finish_with_facts(self) -> (Report, Vec<(Location, Fact)>) {
        self.about_path_rules();
        let nested = self.nested();
        let facts = self.conclude(&nested);
        let engines = self.ran();
        let outcome = self.outcome.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut report = Report {
            not_examined: outcome.not_examined.into_iter().collect(),
            stats: Stats {
                files: Progress::get(&self.progress.files),
                members: Progress::get(&self.progress.members),
                blobs: Progress::get(&self.progress.blobs),
                bytes: Progress::get(&self.progress.bytes),
                cached: Progress::get(&self.progress.cached),
                commits: Progress::get(&self.progress.commits),
                ignored: Progress::get(&self.progress.ignored),
                foreign_markers: outcome.foreign_markers,
                advisories: self.settings.advisories_as_of(),
                engines,
                ..Stats::default()
            },
            findings: Vec::new(),
            kept_back: Vec::new(),
        };
        report.stats.suppressed.inline = outcome.kept_back;
        let before = report.not_examined.len();
        let accepted = |at: &Location| self.settings.paths.covers(suppress::NOT_EXAMINED, &at.path);
        report.not_examined.retain(|one| !accepted(&one.at));
        report.stats.suppressed.not_examined = (before - report.not_examined.len()) as u64;
        let mut listed = BTreeSet::new();
        for mut kept in join(outcome.findings) {
            let finding = &kept.reported.finding;
            let about_suppressions = finding.rule.id.starts_with("suppressions/");
            let suppressed = &mut report.stats.suppressed;
            if !self.settings.shows(&kept.reported, &nested) {
                suppressed.profile += 1;
            } else if kept.inline {
                suppressed.inline += 1;
                report.kept_back.push((kept.reported, By::Comment));
            } else if !about_suppressions && self.settings.paths.covers(finding.rule.id, &finding.at.path) {
                suppressed.path += 1;
                report.kept_back.push((kept.reported, By::Path));
            } else if self
                .settings
                .baseline
                .as_ref()
                .is_some_and(|one| one.has(&finding.fingerprint))
            {
                suppressed.baseline += 1;
                listed.insert(finding.fingerprint);
                report.kept_back.push((kept.reported, By::Baseline));
            } else {
                if let (Some(_), Some(alias)) = (self.settings.compat, kept.reported.more.alias) {
                    kept.reported.called = Some(alias.id);
                    kept.reported.severity = alias.severity;
                }
                report.findings.push(kept.reported);
            }
        }
        let known = self.settings.baseline.as_ref().map_or(0, Baseline::len);
        report.stats.stale_baseline = known.saturating_sub(listed.len()) as u64;
        mask_names(&mut report);
        report.findings.sort_by(|a, b| a.finding.report_order(&b.finding));
        report
            .kept_back
            .sort_by(|(a, _), (b, _)| a.finding.report_order(&b.finding));
        (report, facts)
    }

    /// What the `ward.toml` of folders below the root say, the deepest first.
    fn nested(&self) -> Vec<(String, Config)> {
        let mut nested: Vec<(String, Config)> = std::mem::take(&mut self.outcome().nested).into_iter().collect();
        nested.sort_by_key(|(folder, _)| std::cmp::Reverse(folder.len()));
        nested
    }

    /// Asks every engine what all files together say.
    fn conclude(&self, nested: &[(String, Config)]) -> Vec<(Location, Fact)> {
        let (mut facts, inline) = {
            let mut outcome = self.outcome();
            (std::mem::take(&mut outcome.facts), std::mem::take(&mut outcome.inline))
        };
        // Threads bring files in any order; what is said of them must not depend on it.
        facts.sort_by(|a, b| a.0.cmp(&b.0));
        taken_in::settle(&mut facts);
        let project = Project {
            facts: &facts,
            config: &self.settings.config,
            nested,
            advisories: &self.settings.advisories,
            today: self.settings.today,
        };
        let mut by_file: HashMap<Location, Vec<Pending>> = HashMap::new();
        for (engine, ran) in self.settings.engines.iter().zip(&self.ran) {
            let Some(conclude) = engine.conclude else { continue };
            let mut findings = Findings::default();
            let conclude = || catch_unwind(AssertUnwindSafe(|| conclude(&project, &mut findings)));
            if ran.timed(self.settings.clock, conclude).is_err() {
                findings = Findings::default();
                let reason = format!(
                    "an internal error in the {} engine at the end; please report it",
                    engine.name
                );
                findings.not_examined(Location::of_file("."), reason);
            }
            self.outcome().not_examined.extend(findings.not_examined);
            for mut found in findings.found {
                let marks = inline.get(&found.at.full_path());
                let covered = |line| marks.is_some_and(|marks| marks.covers(found.rule.id, line));
                let pending = Pending {
                    inline: found.at.line.is_some_and(covered),
                    excerpt: found.more.excerpt.take(),
                    caret: None,
                    found,
                };
                let mut file = pending.found.at.clone();
                (file.line, file.column, file.span) = (None, None, None);
                by_file.entry(file).or_default().push(pending);
            }
        }
        for (place, pending) in by_file {
            let mut not_examined = Vec::new();
            let kept = self.finish_file(pending, None, &place, &mut not_examined);
            let mut outcome = self.outcome();
            outcome.findings.extend(kept);
            outcome.not_examined.extend(not_examined);
        }
        facts
    }

    /// What is wrong with `.wardignore` itself.
    fn about_path_rules(&self) {
        let paths = &self.settings.paths;
        let fault = |(place, rule): &(Location, &'static RuleMeta)| Pending {
            found: suppress::fault(rule, place.clone()),
            inline: false,
            excerpt: None,
            caret: None,
        };
        let faults: Vec<Pending> = paths.faults.iter().map(fault).collect();
        let mut not_examined = Vec::new();
        let kept = self.finish_file(faults, None, &Location::of_file(suppress::FILE), &mut not_examined);
        let mut outcome = self.outcome();
        outcome.findings.extend(kept);
        for (at, why) in &paths.broken {
            outcome.not_examined.insert(NotExamined {
                at: at.clone(),
                reason: (*why).into(),
            });
        }
    }
}

/// Joins what has one fingerprint: of several commits the earliest; a place in the folder rather than one in the history,
/// with the commit that brought it in. What is suppressed in the folder is suppressed in the history too.
fn join(all: Vec<Kept>) -> Vec<Kept> {
    let mut joined: Vec<Kept> = Vec::with_capacity(all.len());
    let mut places: HashMap<Fingerprint, usize> = HashMap::with_capacity(all.len());
    for one in all {
        let place = *places.entry(one.reported.finding.fingerprint).or_insert(joined.len());
        match joined.get_mut(place) {
            None => joined.push(one),
            Some(kept) => {
                // None, the folder, is less than any commit.
                if one.order < kept.order {
                    let other = std::mem::replace(kept, one);
                    join_into(kept, other);
                } else {
                    join_into(kept, one);
                }
            }
        }
    }
    joined
}

/// Tells a finding of the folder since when it is in the history. `since` holds the earliest order met so far.
fn join_into(kept: &mut Kept, other: Kept) {
    if kept.order.is_none()
        && other.reported.commit.is_some()
        && kept.since.is_none_or(|since| other.since_order() < since)
    {
        kept.since = Some(other.since_order());
        kept.reported.commit = other.reported.commit;
    }
}

/// Takes tokens out of everything that may repeat the name of a file. Fingerprints and suppressions go by the true names.
fn mask_names(report: &mut Report) {
    let mut places = secrets::paths::Places::default();
    let mask = |text: &mut Cow<'static, str>| {
        if let Some(masked) = secrets::paths::masked(text) {
            *text = masked.into();
        }
    };
    let plain = |text: &mut String| {
        if !crate::output::is_plain(text) {
            *text = crate::output::harmless(text);
        }
    };
    let kept_back = report.kept_back.iter_mut().map(|(one, _)| one);
    for one in report.findings.iter_mut().chain(kept_back) {
        // What is shown of a file must not reorder what stands around it, in any format.
        if let Some(excerpt) = &mut one.excerpt {
            plain(excerpt);
        }
        if !crate::output::is_plain(&one.finding.note) {
            one.finding.note = crate::output::harmless(&one.finding.note).into();
        }
        one.details.iter_mut().for_each(plain);
        for step in &mut one.more.flow {
            places.mask(&mut step.at);
            mask(&mut step.note);
        }
        places.mask(&mut one.finding.at);
        mask(&mut one.finding.note);
        if let Some(commit) = &mut one.commit
            && let Some(author) = secrets::paths::masked(&commit.author)
        {
            Arc::make_mut(commit).author = author;
        }
        for line in &mut one.details {
            if let Some(masked) = secrets::paths::masked(line) {
                *line = masked;
            }
        }
    }
    for one in &mut report.not_examined {
        places.mask(&mut one.at);
        mask(&mut one.reason);
    }
}
