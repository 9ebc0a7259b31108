//! One blob after another, through archives, engines and suppressions, into the report. Any number of threads may bring
//! blobs at the same time.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap, hash_map::Entry},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError},
};

use ward_evidence::{Finding, Location, RuleMeta, Severity};
use ward_formats::input::Input;
use ward_seal::Secret32;

use crate::{
    Blob, Engine, Fact, Findings, Found, NotExamined, Project, Report,
    advisories::Known,
    archive::{self, Spent},
    baseline::Baseline,
    config::{self, Config, Profile},
    dependencies, excerpt, fact,
    fingerprint::{self, Fingerprint},
    models,
    report::{By, Caret, Commit, Progress, Reported, Stats},
    secrets::{self, verify},
    suppress::{self, Day, Inline, PathRules},
};

/// Asks a provider. May be called by several threads at once.
pub type Ask = Box<dyn Fn(verify::Question<'_>) -> Result<(u16, Vec<u8>), &'static str> + Send + Sync>;

/// Largest `ward.toml` of a folder below the root.
const MAX_CONFIG: usize = 1 << 20;

/// What a scan does.
pub struct Settings {
    /// The engines that look at every blob.
    pub engines: Vec<&'static Engine>,
    /// The key for fingerprints when there is no baseline.
    pub key: Secret32,
    /// The findings that were there already.
    pub baseline: Option<Baseline>,
    /// What `.wardignore` says.
    pub paths: PathRules,
    /// What `ward.toml` says.
    pub config: Config,
    /// Asks a provider about a token, when that is wanted: gives the status and the beginning of the body, or why nobody
    /// could be asked.
    pub ask: Option<Ask>,
    /// How much is shown, whatever `ward.toml` says.
    pub profile: Option<Profile>,
    /// Whose names for rules the report uses, and then only the rules that have one: a tool of [`Alias`](crate::report::Alias).
    pub compat: Option<&'static str>,
    /// Whether markers of other tools are obeyed.
    pub foreign_markers: bool,
    /// What may be spent on archives.
    pub limits: archive::Limits,
    /// What is known of packages that have faults.
    pub advisories: Known,
    /// Today.
    pub today: Day,
}

impl Settings {
    /// Whether the profile, or the tool whose names are wanted, has a place for a finding.
    fn shows(&self, one: &Reported, nested: &[(String, Config)]) -> bool {
        match self.compat {
            Some(tool) => one.more.alias.is_some_and(|alias| alias.tool == tool),
            None => {
                let config = fact::nearest(nested, &self.config, &one.finding.at.path);
                !one.more.thorough || self.profile.unwrap_or(config.profile) == Profile::Thorough
            }
        }
    }

    /// Of which day the advisories are, when they are asked.
    fn advisories_as_of(&self) -> Option<Day> {
        let asked = self
            .engines
            .iter()
            .any(|engine| engine.name == dependencies::ENGINE.name);
        match &self.advisories {
            Known::Open(advisories) if asked => advisories.as_of(),
            _ => None,
        }
    }

    fn key(&self) -> &Secret32 {
        self.baseline.as_ref().map_or(&self.key, Baseline::key)
    }
}

/// Where a blob of the history comes from.
#[derive(Clone, Copy)]
pub struct Origin<'a> {
    /// The first commit's place in the order of commits, oldest first.
    pub order: u32,
    /// That commit; asked only when there is something to say. None for a blob that no commit has.
    pub commit: &'a (dyn Fn() -> Option<Arc<Commit>> + Sync),
}

/// Most findings of one file, members included.
const MAX_FINDINGS: usize = 2_000;
/// Content that is searched for suppressions and shown in excerpts; beyond it a file is no text that people edit.
const MAX_TEXT: usize = 32 << 20;

/// A scan under way.
pub struct Scanner<'a> {
    settings: &'a Settings,
    progress: &'a Progress,
    outcome: Mutex<Outcome>,
}

#[derive(Default)]
struct Outcome {
    findings: Vec<Kept>,
    not_examined: BTreeSet<NotExamined>,
    foreign_markers: u64,
    /// Findings that engines kept back themselves.
    kept_back: u64,
    facts: Vec<(Location, Fact)>,
    /// What the `ward.toml` of folders below the root say, by folder.
    nested: BTreeMap<String, Config>,
    /// The suppressions of files that left facts: what is found afterwards obeys them too.
    inline: HashMap<String, Inline>,
}

/// A finding with what decides whether it is reported.
struct Kept {
    reported: Reported,
    /// The place of its commit in the order of commits; none for what lies in the folder.
    order: Option<u32>,
    /// For what lies in the folder: the order of the commit that it names.
    since: Option<u32>,
    inline: bool,
}

impl Kept {
    fn since_order(&self) -> u32 {
        self.order.or(self.since).unwrap_or(u32::MAX)
    }
}

/// A finding before its file is done.
struct Pending {
    found: Found,
    inline: bool,
    excerpt: Option<String>,
    caret: Option<Caret>,
}

impl<'a> Scanner<'a> {
    /// Begins a scan.
    #[must_use]
    pub fn new(settings: &'a Settings, progress: &'a Progress) -> Self {
        Self {
            settings,
            progress,
            outcome: Mutex::default(),
        }
    }

    /// What is counted while the scan runs.
    #[must_use]
    pub fn progress(&self) -> &Progress {
        self.progress
    }

    /// Reports that something was not examined.
    pub fn not_examined(&self, at: Location, reason: impl Into<Cow<'static, str>>) {
        let reason = reason.into();
        self.outcome().not_examined.insert(NotExamined { at, reason });
    }

    /// Takes facts that come from outside of what is scanned, as what an environment has installed.
    pub fn add_facts(&self, facts: Vec<(Location, Fact)>) {
        self.outcome().facts.extend(facts);
    }

    /// Looks at a blob and at everything inside it. True when there was nothing to say.
    pub fn examine(&self, blob: &Blob<'_>, origin: Option<&Origin<'_>>) -> bool {
        if origin.is_none() {
            self.take_config(blob);
        }
        let mut file = File {
            scanner: self,
            in_history: origin.is_some(),
            pending: Vec::new(),
            not_examined: Vec::new(),
            foreign_markers: 0,
            kept_back: 0,
            facts: Vec::new(),
            inline: HashMap::new(),
            spent: Spent::default(),
        };
        // Engines are watched one by one; this is for what unpacks archives. What was found until then is kept.
        if catch_unwind(AssertUnwindSafe(|| file.look(blob, 0))).is_err() {
            file.say(&blob.place, "an internal error while it was unpacked; please report it");
        }
        if !file.facts.is_empty() {
            let mut outcome = self.outcome();
            outcome.facts.append(&mut file.facts);
            outcome.inline.extend(file.inline.drain());
        }
        if file.pending.is_empty() && file.not_examined.is_empty() && file.foreign_markers + file.kept_back == 0 {
            return true;
        }
        let File {
            pending,
            mut not_examined,
            foreign_markers,
            kept_back,
            ..
        } = file;
        let kept = self.finish_file(pending, origin, &blob.place, &mut not_examined);
        let mut outcome = self.outcome();
        outcome.findings.extend(kept);
        outcome.not_examined.extend(not_examined);
        outcome.foreign_markers += foreign_markers;
        outcome.kept_back += kept_back;
        false
    }

    /// Sorts, removes duplicates and gives fingerprints; the values are wiped here.
    fn finish_file(
        &self,
        mut pending: Vec<Pending>,
        origin: Option<&Origin<'_>>,
        place: &Location,
        not_examined: &mut Vec<NotExamined>,
    ) -> Vec<Kept> {
        pending.sort_by(|a, b| {
            let key = |one: &Pending| (one.found.rule.id, std::cmp::Reverse(one.found.severity));
            (a.found.at.cmp(&b.found.at))
                .then_with(|| a.found.value.expose().cmp(b.found.value.expose()))
                .then_with(|| key(a).cmp(&key(b)))
        });
        pending.dedup_by(|b, a| {
            a.found.rule.id == b.found.rule.id
                && a.found.at == b.found.at
                && a.found.value.expose() == b.found.value.expose()
        });
        if pending.len() > MAX_FINDINGS {
            pending.truncate(MAX_FINDINGS);
            let reason = "more than 2,000 findings in one file; the rest are not listed";
            not_examined.push(NotExamined {
                at: Location::of_file(place.path.clone()),
                reason: reason.into(),
            });
        }
        let commit = origin
            .filter(|_| !pending.is_empty())
            .and_then(|origin| (origin.commit)());
        let mut seen: HashMap<Fingerprint, u32> = HashMap::new();
        let finish = |one: Pending| {
            let found = one.found;
            let path = found.at.full_path();
            let of =
                |ordinal| fingerprint::of(self.settings.key(), found.rule.id, &path, found.value.expose(), ordinal);
            let ordinal = seen.entry(of(0)).or_insert(0);
            let fingerprint = of(*ordinal);
            *ordinal += 1;
            let mut found = found;
            let listed = self.settings.baseline.as_ref().is_some_and(|one| one.has(&fingerprint));
            if !one.inline && !listed {
                self.verify(&mut found);
            }
            Kept {
                inline: one.inline,
                since: None,
                order: origin.map(|origin| origin.order),
                reported: Reported {
                    finding: Finding {
                        rule: found.rule,
                        at: found.at,
                        fingerprint,
                        note: found.note,
                    },
                    severity: found.severity,
                    details: found.details,
                    excerpt: one.excerpt,
                    commit: commit.clone(),
                    more: crate::report::More {
                        gone: origin.is_some(),
                        ..found.more
                    },
                    called: None,
                    caret: one.caret,
                },
            }
        };
        pending.into_iter().map(finish).collect()
    }

    /// Asks the provider about a token, where that is wanted and there is one to ask.
    fn verify(&self, found: &mut Found) {
        let Some(ask) = &self.settings.ask else { return };
        let Some(question) = verify::question(found.rule.id, found.value.expose()) else {
            return;
        };
        let said = match ask(question).map(|(status, body)| question.judge(status, &body)) {
            Ok(verify::Verdict::Accepted) => {
                found.severity = Severity::Critical;
                "asked: the provider accepts it; replace it now".to_owned()
            }
            Ok(verify::Verdict::Refused) => {
                "asked: the provider refuses it; it was taken back, or never was one".to_owned()
            }
            Ok(verify::Verdict::Unclear) => "asked: the provider's answer says neither yes nor no".to_owned(),
            Err(why) => format!("the provider was not asked: {why}"),
        };
        found.details.push(said);
    }

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

    /// Takes what a `ward.toml` below the root says of its folder.
    fn take_config(&self, blob: &Blob<'_>) {
        let Some((folder, config::FILE)) = blob.place.path.rsplit_once('/').filter(|_| blob.place.member.is_none())
        else {
            return;
        };
        let bytes = blob.content.whole(MAX_CONFIG).ok().flatten().unwrap_or_default();
        match Config::read(&String::from_utf8_lossy(&bytes)) {
            Ok(config) => {
                self.outcome().nested.insert(format!("{folder}/"), config);
            }
            Err(error) => {
                let mut place = blob.place.clone();
                place.line = error.line();
                self.not_examined(place, format!("this folder's settings do not hold: {error}"));
            }
        }
    }

    /// Asks every engine what all files together say.
    fn conclude(&self, nested: &[(String, Config)]) -> Vec<(Location, Fact)> {
        let (mut facts, inline) = {
            let mut outcome = self.outcome();
            (std::mem::take(&mut outcome.facts), std::mem::take(&mut outcome.inline))
        };
        // Threads bring files in any order; what is said of them must not depend on it.
        facts.sort_by(|a, b| a.0.cmp(&b.0));
        let project = Project {
            facts: &facts,
            config: &self.settings.config,
            nested,
            advisories: &self.settings.advisories,
            today: self.settings.today,
        };
        let mut by_file: HashMap<Location, Vec<Pending>> = HashMap::new();
        for engine in &self.settings.engines {
            let Some(conclude) = engine.conclude else { continue };
            let mut findings = Findings::default();
            if catch_unwind(AssertUnwindSafe(|| conclude(&project, &mut findings))).is_err() {
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

    fn outcome(&self) -> std::sync::MutexGuard<'_, Outcome> {
        self.outcome.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Joins what has one fingerprint: of several commits the earliest; a place in the folder rather than one in the history,
/// with the commit that brought it in. What is suppressed in the folder is suppressed in the history too.
fn join(all: Vec<Kept>) -> Vec<Kept> {
    let mut joined: HashMap<Fingerprint, Kept> = HashMap::with_capacity(all.len());
    for one in all {
        match joined.entry(one.reported.finding.fingerprint) {
            Entry::Vacant(place) => {
                place.insert(one);
            }
            Entry::Occupied(mut place) => {
                let kept = place.get_mut();
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
    joined.into_values().collect()
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
    let mask = |text: &mut Cow<'static, str>| {
        if let Some(masked) = secrets::paths::masked(text) {
            *text = masked.into();
        }
    };
    let plain = |text: &mut String| {
        let shown = crate::output::harmless(text);
        if shown != *text {
            *text = shown;
        }
    };
    let kept_back = report.kept_back.iter_mut().map(|(one, _)| one);
    for one in report.findings.iter_mut().chain(kept_back) {
        // What is shown of a file must not reorder what stands around it, in any format.
        if let Some(excerpt) = &mut one.excerpt {
            plain(excerpt);
        }
        let note = crate::output::harmless(&one.finding.note);
        if note != one.finding.note {
            one.finding.note = note.into();
        }
        one.details.iter_mut().for_each(plain);
        for step in &mut one.more.flow {
            secrets::paths::mask_place(&mut step.at);
            mask(&mut step.note);
        }
        secrets::paths::mask_place(&mut one.finding.at);
        mask(&mut one.finding.note);
        for line in &mut one.details {
            if let Some(masked) = secrets::paths::masked(line) {
                *line = masked;
            }
        }
    }
    for one in &mut report.not_examined {
        secrets::paths::mask_place(&mut one.at);
        mask(&mut one.reason);
    }
}

/// One file and what is inside it.
struct File<'a, 'b> {
    scanner: &'b Scanner<'a>,
    in_history: bool,
    pending: Vec<Pending>,
    not_examined: Vec<NotExamined>,
    foreign_markers: u64,
    kept_back: u64,
    facts: Vec<(Location, Fact)>,
    inline: HashMap<String, Inline>,
    spent: Spent,
}

impl File<'_, '_> {
    /// Looks at a blob with every engine, then at its members.
    fn look(&mut self, blob: &Blob<'_>, depth: u32) {
        Progress::add(&self.scanner.progress.bytes, blob.content.len());
        let mut findings = Findings {
            compat: self.scanner.settings.compat,
            ..Findings::default()
        };
        if self
            .scanner
            .settings
            .engines
            .iter()
            .any(|engine| engine.name == secrets::ENGINE.name)
        {
            let named = secrets::paths::find(&blob.place).into_iter().map(|found| Pending {
                found,
                inline: false,
                excerpt: None,
                caret: None,
            });
            self.pending.extend(named);
        }
        let kind = archive::kind(&blob.content);
        let opened = kind.is_some_and(|kind| !matches!(kind, archive::Kind::Other(_)))
            && depth < self.scanner.settings.limits.depth;
        for engine in &self.scanner.settings.engines {
            // What is in an archive is looked at member by member; its own bytes are no text.
            if opened && engine.name == secrets::ENGINE.name {
                continue;
            }
            // The engine of models opens containers itself, as loaders do.
            if depth > 0 && engine.name == models::ENGINE.name {
                continue;
            }
            if self.in_history && !engine.history {
                continue;
            }
            let found = findings.found.len();
            if catch_unwind(AssertUnwindSafe(|| (engine.scan)(blob, &mut findings))).is_err() {
                findings.found.truncate(found);
                let reason = format!("an internal error in the {} engine; please report it", engine.name);
                findings.not_examined(blob.place.clone(), reason);
            }
        }
        self.take(blob, findings);
        if let Some(kind) = kind {
            self.members(blob, kind, depth);
        }
    }

    /// Takes what engines said, with the suppressions that stand in the same text.
    fn take(&mut self, blob: &Blob<'_>, findings: Findings) {
        self.not_examined.extend(findings.not_examined);
        self.kept_back += findings.kept_back;
        let left_facts = !findings.facts.is_empty();
        self.facts
            .extend(findings.facts.into_iter().map(|fact| (blob.place.clone(), fact)));
        // In history suppressions matter only where something was found; in the folder those without a reason are
        // findings themselves.
        if findings.found.is_empty() && self.in_history {
            return;
        }
        let text = blob.content.whole(MAX_TEXT).ok().flatten().unwrap_or_default();
        let inline = Inline::read(
            blob.place.member.as_deref().unwrap_or(&blob.place.path),
            &text,
            self.scanner.settings.today,
            !findings.found.is_empty(),
        );
        let faults: Vec<Found> = if self.in_history {
            Vec::new()
        } else {
            inline.faults(&blob.place).collect()
        };
        let own = |found: &Found| found.at.full_path() == blob.place.full_path();
        let values: Vec<&[u8]> = findings.found.iter().map(|found| found.value.expose()).collect();
        let mut lines = excerpt::Lines::of(&text);
        let excerpts: Vec<Option<String>> = findings
            .found
            .iter()
            .map(|found| {
                found
                    .at
                    .line
                    .filter(|_| own(found))
                    .and_then(|line| lines.excerpt(line, found.value.expose(), &values))
            })
            .collect();
        drop(values);
        let obeyed = self.scanner.settings.foreign_markers;
        for (mut found, excerpt) in findings.found.into_iter().zip(excerpts) {
            let caret = match &found.more.excerpt {
                Some(shown) => lines.caret(&found.at, shown),
                None => excerpt.as_deref().and_then(excerpt::caret_of_hidden),
            };
            let excerpt = found.more.excerpt.take().or(excerpt);
            let line = found.at.line.filter(|_| own(&found));
            let foreign = line.is_some_and(|line| inline.foreign(line));
            self.foreign_markers += u64::from(foreign && !obeyed);
            let inline = line.is_some_and(|line| inline.covers(found.rule.id, line)) || foreign && obeyed;
            self.pending.push(Pending {
                found,
                inline,
                excerpt,
                caret,
            });
        }
        self.pending.extend(faults.into_iter().map(|found| Pending {
            found,
            inline: false,
            excerpt: None,
            caret: None,
        }));
        if left_facts && inline.holds_any() {
            self.inline.insert(blob.place.full_path(), inline);
        }
    }

    /// Opens a blob that is an archive or compressed, and looks at what is inside.
    fn members(&mut self, blob: &Blob<'_>, kind: archive::Kind, depth: u32) {
        let limits = &self.scanner.settings.limits;
        if depth >= limits.depth {
            self.say(
                &blob.place,
                "an archive inside too many archives; unpack it and scan the folder",
            );
            return;
        }
        let mut spent = std::mem::take(&mut self.spent);
        archive::open(
            &blob.content,
            kind,
            &blob.name(),
            limits,
            &mut spent,
            &mut |member, spent| match member {
                archive::Member::Bytes { name, bytes } => {
                    Progress::add(&self.scanner.progress.members, 1);
                    let inner = Blob {
                        place: blob.place.clone().inside(name),
                        content: Input::of_bytes(bytes),
                        tracked: blob.tracked,
                        ignored: blob.ignored,
                    };
                    std::mem::swap(&mut self.spent, spent);
                    self.look(&inner, depth + 1);
                    std::mem::swap(&mut self.spent, spent);
                }
                archive::Member::Problem { name: Some(name), why } => self.say(&blob.place.clone().inside(name), why),
                archive::Member::Problem { name: None, why } => self.say(&blob.place, why),
            },
        );
        self.spent = spent;
    }

    fn say(&mut self, at: &Location, reason: &'static str) {
        self.not_examined.push(NotExamined {
            at: at.clone(),
            reason: reason.into(),
        });
    }
}

#[cfg(test)]
pub(crate) mod tests;
