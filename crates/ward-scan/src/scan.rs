//! One blob after another, through archives, engines and suppressions, into the report. Any number of threads may bring
//! blobs at the same time.

mod file;
mod finish;
mod ran;

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError},
};

use ward_evidence::{Finding, Location, Severity};
use ward_seal::Secret32;

pub use self::ran::Clock;
use self::{file::File, ran::Counter};
use crate::{
    Blob, Engine, Fact, Found, NotExamined,
    advisories::Known,
    archive::{self, Spent},
    baseline::Baseline,
    config::{self, Config, Profile},
    dependencies, fact,
    fingerprint::{self, Fingerprint},
    report::{Caret, Commit, Progress, Reported},
    secrets::verify,
    suppress::{Day, Inline, PathRules},
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
    /// Measures how long engines take; without one the report does not say.
    pub clock: Option<Clock>,
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

/// A scan under way.
pub struct Scanner<'a> {
    settings: &'a Settings,
    progress: &'a Progress,
    /// What each engine of the settings did, in their order.
    ran: Vec<Counter>,
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
            ran: settings.engines.iter().map(|_| Counter::default()).collect(),
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
            let first = of(0);
            let ordinal = seen.entry(first).or_insert(0);
            let fingerprint = if *ordinal == 0 { first } else { of(*ordinal) };
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

    fn outcome(&self) -> std::sync::MutexGuard<'_, Outcome> {
        self.outcome.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
pub(crate) mod tests;
