//! What a sentence asks of the runs that are to keep it: when, where, of what, looking for what.
//!
//! A run that gates keeps "Bandit scans `src/` on every pull request and fails on medium severity" only if it is one of a
//! pipeline, comes with pull requests, looks at that folder, and fails on that severity. The words of the sentence, of
//! what leads to it, and its frame are read; a demand that no word makes is not made up.

mod amounts;
mod coverage;
mod made;
mod manner;
mod order;
mod security_rules;
mod systems;
mod written;

use std::collections::BTreeSet;

use super::Facts;
use crate::{
    lexicon::Tool,
    pipeline::{Hollow, Occasion, Period, Run, Service, is_code, is_for, is_of_tests, languages_in, names_kinds},
    promise::{Frequency, Promise},
    read::looks_at_tests_too,
    topic::Topic,
};

pub(super) use order::Memory;

/// Severities, from the lowest.
const SEVERITIES: [&str; 4] = ["low", "medium", "high", "critical"];

/// What a run lacks that does not come with releases.
const ON_RELEASES: &str = "on releases";

/// What a sentence asks.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// Limits of a run that count against it.
    pub(super) limits: Vec<Hollow>,
    /// The workflow that it names, as a path or a part of one.
    pub(super) workflow: Option<String>,
    /// It speaks of hooks on developers' machines.
    pub(super) hooks: bool,
    topic: Option<Topic>,
    /// A pipeline is to run it: a hook on somebody's machine will not do.
    pipeline: bool,
    /// The rank of the lowest severity that is to count.
    severity: Option<usize>,
    /// Folders and files of the repository that it names.
    folders: Vec<String>,
    /// Languages that it names, each by its names.
    languages: Vec<&'static [&'static str]>,
    /// Everything of the tool's kind is to be looked at.
    everything: bool,
    /// Rules of security are named, and what the settings of Ruff choose.
    security: Option<security_rules::Chosen>,
    /// Words for when, with what counts as it; each is to be there.
    occasions: Vec<(&'static str, &'static [Occasion])>,
    /// Words for how often, with the longest time between.
    periods: Vec<(&'static str, Period)>,
    /// How it is to run beyond that.
    manners: Vec<&'static manner::Manner>,
    /// The versions and the coverage that it promises.
    amounts: amounts::Amounts,
    /// What is not for production is to be looked at as well.
    development: bool,
    /// What it says of what waits for what.
    order: Option<order::Order>,
    /// It says that the tests are looked at, and no other code.
    tests: bool,
    /// It says that they are looked at, beside other code or not.
    with_tests: bool,
    /// It also says what people do with what is found.
    pub(super) people: bool,
}

/// What a run does not do.
#[derive(Debug)]
pub(super) enum Lack {
    /// Only findings above the severity that is promised count: it runs, and does not fail as promised.
    Severity(String),
    /// Another place, another part, another thing.
    Other(String),
}

/// The words of a sentence, in lower case, with single spaces and a space on either side.
struct Words(String);

impl Words {
    fn of(promise: &Promise) -> Self {
        let mut text = String::from(" ");
        for part in promise.leads.iter().chain([&promise.text]) {
            for word in part.split_whitespace() {
                text.push_str(&word.to_ascii_lowercase());
                text.push(' ');
            }
        }
        Self(text)
    }

    fn say(&self, phrases: &[&str]) -> bool {
        phrases.iter().any(|phrase| self.0.contains(phrase))
    }

    /// Whether releases are what is looked at: "releases are scanned", "every stable release", "all published versions".
    fn say_of_releases(&self) -> bool {
        const LOOKS: &[&str] = &[
            "scan", "scanned", "test", "tested", "check", "checked", "audit", "audited", "lint", "linted",
        ];
        let words: Vec<&str> = self.bare().collect();
        let is = |at: usize, names: &[&str]| words.get(at).is_some_and(|word| names.contains(word));
        let each = |at: usize| is(at, &["every", "each", "all"]);
        (0..words.len()).any(|at| {
            let one = is(at, &["release", "releases"]);
            let published = is(at, &["version", "versions"]) && at > 0 && is(at - 1, &["published", "released"]);
            let begins = (0..=2).filter_map(|back| at.checked_sub(back + 1)).any(each);
            let looked = is(at, &["releases"]) && is(at + 1, &["are", "get"]) && is(at + 2, LOOKS);
            let ours = is(at, &["releases"]) && at > 1 && is(at - 1, &["our", "all", "the"]) && is(at - 2, LOOKS);
            (one || published) && begins || looked || ours
        })
    }

    /// The words without the marks around them.
    fn bare(&self) -> impl Iterator<Item = &str> {
        self.0.split_whitespace().map(|word| {
            word.trim_matches(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '_' | '-')))
                .trim_end_matches('.')
        })
    }
}

impl Asked {
    /// What `promise` asks of the runs of a tool.
    pub(super) fn of(facts: &Facts<'_>, promise: &Promise) -> Self {
        let words = Words::of(promise);
        let mut asked = Asked {
            topic: Some(promise.topic),
            hooks: words.say(&[
                " hook",
                "pre-commit",
                "husky",
                "lefthook",
                "before commit",
                "before every commit",
                "before each commit",
                "locally",
            ]),
            ..Asked::default()
        };
        asked.order = order::Order::of(&words.0, promise);
        asked.history(promise, &words);
        asked.when(promise, &words);
        asked.place(facts, &words);
        asked.severity = severity(&words);
        let rules = [
            "security rule",
            "flake8-bandit",
            "bandit rule",
            "rules of bandit",
            "security lint rule",
        ];
        if promise.frame.tools.contains(&"ruff") && words.say(&rules) {
            asked.security = Some(security_rules::Chosen::of(facts));
        }
        asked.languages = languages_in(words.bare());
        asked.manners = manner::asked(&words, promise);
        asked.amounts = amounts::Amounts::of(&words, promise);
        asked.development = words.say(&[
            "all dependencies",
            "every dependency",
            "dev dependenc",
            "dev-dependenc",
            "devdependenc",
            "development dependenc",
            "development ones",
        ]);
        let other_code = words.say(&[" code", " source", " src", " module"]);
        asked.tests = looks_at_tests(&words) || looks_at_tests_too(&words.0) && !other_code;
        asked.with_tests =
            asked.tests || looks_at_tests_too(&words.0) || asked.folders.iter().any(|one| is_of_tests(one));
        asked.people = speaks_of_people(&words);
        asked
    }

    fn history(&mut self, promise: &Promise, words: &Words) {
        let whole = ["full", "entire", "whole", "git", "complete", "commit"]
            .iter()
            .any(|which| words.0.contains(&format!("{which} history")));
        let whole = whole
            || words.say(&[
                "--history",
                "fetch-depth: 0",
                "every past commit",
                "all past commits",
                "all branches",
            ]);
        if promise.topic == Topic::HistoryScan || promise.topic == Topic::SecretScan && whole {
            self.limits.push(Hollow::ShallowHistory);
        }
        if promise.topic == Topic::CustomRules {
            self.limits.push(Hollow::StockRules);
        }
    }

    fn when(&mut self, promise: &Promise, words: &Words) {
        const CHANGES: &[Occasion] = &[
            Occasion::Push,
            Occasion::PullRequest,
            Occasion::MergeGroup,
            Occasion::Commit,
        ];
        const REQUESTS: &[Occasion] = &[Occasion::PullRequest, Occasion::MergeGroup, Occasion::Branch];
        const PIPELINES_OF_REQUESTS: &[Occasion] = &[Occasion::PullRequest, Occasion::MergeGroup];
        const PIPELINES: &[Occasion] = &[
            Occasion::Push,
            Occasion::PullRequest,
            Occasion::MergeGroup,
            Occasion::Schedule,
        ];
        const RELEASES: &[Occasion] = &[Occasion::Tag, Occasion::Release, Occasion::Push, Occasion::PullRequest];
        let often = promise.frame.frequency;
        // Who reviews a request says nothing of when a tool runs.
        let reviewed = words.say(&["review", "approv"]);
        if matches!(often, Some(Frequency::EveryChange | Frequency::EveryCommit)) {
            self.occasions.push(("on changes", CHANGES));
        }
        if !reviewed
            && words.say(&[
                "pull request",
                "pull-request",
                "merge request",
                " pr ",
                " pr, ",
                " pr. ",
                " prs ",
                " prs, ",
                " prs. ",
                " pr: ",
            ])
        {
            // A pipeline of a merge request is one that GitLab makes for it, and not that of its branch.
            let own = words.say(&["merge request pipeline", "merge-request pipeline"]);
            let wanted = if own { PIPELINES_OF_REQUESTS } else { REQUESTS };
            self.occasions.push(("on pull requests", wanted));
        }
        if words.say(&[
            "every push",
            "each push",
            "all pushes",
            "any push",
            "on push",
            "pushes to",
            "pushed to",
            "merge to main",
            "merges to main",
        ]) {
            self.occasions.push(("on pushes", &[Occasion::Push]));
        }
        if often == Some(Frequency::EveryRelease) || words.say_of_releases() {
            self.occasions.push((ON_RELEASES, RELEASES));
        }
        let mut period = |is: bool, says: &[&str], word, period| {
            if is || words.say(says) {
                self.periods.push((word, period));
            }
        };
        period(
            often == Some(Frequency::Daily),
            &["daily", "every day", "every night"],
            "every day",
            Period::Day,
        );
        period(
            often == Some(Frequency::Weekly),
            &["weekly", "every week", "each week", "once a week"],
            "every week",
            Period::Week,
        );
        period(
            often == Some(Frequency::Monthly),
            &["monthly", "every month", "each month", "once a month"],
            "every month",
            Period::Month,
        );
        self.pipeline = words.bare().any(|word| {
            matches!(
                word,
                "ci" | "ci/cd" | "pipeline" | "pipelines" | "workflow" | "workflows"
            )
        }) || words.say(&[
            "continuous integration",
            "github action",
            "gitlab ci",
            "before merg",
            "before it is merged",
            "server-side",
        ]);
        let both = [
            " and in ci",
            " and ci",
            " and in our ci",
            " and in the ci",
            " and in the pipeline",
            " and in github actions",
        ];
        if self.hooks && words.say(&both) {
            self.occasions.push(("in a pipeline", PIPELINES));
        }
    }

    /// The workflow, the folders and the files that are named.
    fn place(&mut self, facts: &Facts<'_>, words: &Words) {
        for word in words.bare() {
            let is_yaml = word.ends_with(".yml") || word.ends_with(".yaml");
            if is_yaml && (word.contains("workflows/") || !word.contains('/')) && !word.starts_with(".pre-commit") {
                self.workflow = self.workflow.take().or_else(|| Some(word.to_owned()));
            } else if word.contains('/') && word.len() > 1 {
                let path = word.trim_start_matches("./").trim_matches('/');
                // Case was lost: the repository knows it.
                let is_path = |file: &&String| {
                    file.get(..path.len())
                        .is_some_and(|start| start.eq_ignore_ascii_case(path))
                        && matches!(file.as_bytes().get(path.len()), None | Some(b'/'))
                };
                if !path.is_empty()
                    && let Some(file) = facts.repository.files.keys().find(is_path)
                {
                    self.folders.extend(file.get(..path.len()).map(str::to_owned));
                }
            }
        }
        if self.workflow.is_none() {
            self.workflow = by_name(facts, &words.0);
        }
        if words.say(&[
            "tests included",
            "including tests",
            "including the tests",
            "tests as well",
            "tests too",
        ]) {
            let tests = ["tests", "test"].into_iter().find(|folder| {
                let mut files = facts.repository.files.keys();
                files.any(|path| path.split_once('/').is_some_and(|(first, _)| first == *folder))
            });
            self.folders.extend(tests.map(str::to_owned));
        }
        let all = [" all ", " every ", " entire ", " whole ", " full "];
        let things = [
            "code ",
            "code.",
            "code,",
            "codebase",
            "code base",
            "repository",
            "repo ",
            "source",
            "file",
            "module",
        ];
        self.everything = all.iter().any(|all| {
            words.0.match_indices(all).any(|(at, _)| {
                let after = words.0.get(at + all.len()..).unwrap_or_default();
                let near: String = after.split(' ').take(3).flat_map(|word| [word, " "]).collect();
                things.iter().any(|thing| near.contains(thing)) && !near.contains("change") && !near.contains("review")
            })
        });
    }

    /// Whether a run stands in the workflow that is named.
    pub(super) fn is_in_workflow(&self, run: &Run) -> bool {
        let Some(wanted) = &self.workflow else { return true };
        [&run.place.path, &run.entry]
            .iter()
            .any(|path| is_workflow(path, wanted))
    }

    /// What a run that gates does not do of what is asked.
    pub(super) fn lacks(&self, tool: &Tool, run: &Run) -> Option<Lack> {
        let name = tool.name;
        if self.pipeline && !self.hooks && is_hook(run) {
            let says = format!("{name} runs in hooks on developers' machines only, and in no pipeline");
            return Some(Lack::Other(says));
        }
        if let (Some(topic), Some(serves)) = (self.topic, &run.serves)
            && !serves.contains(&topic)
            && tool.topics.contains(&topic)
        {
            let looks: BTreeSet<&str> = serves.iter().map(|topic| topic.word()).collect();
            let looks: Vec<&str> = looks.into_iter().collect();
            let says = format!(
                "{name} is told to look for something else here: {}",
                super::listed(&looks)
            );
            return Some(Lack::Other(says));
        }
        let production = |word: &str| matches!(word, "--omit=dev" | "--production" | "--prod" | "--only=prod");
        if self.development && name == "npm-audit" && run.command.split_whitespace().any(production) {
            return Some(Lack::Other("npm-audit leaves out what is for development".to_owned()));
        }
        if name == "ruff" && self.security.as_ref().is_some_and(|chosen| !chosen.by(run)) {
            return Some(Lack::Other("ruff runs without its rules of security (`S`)".to_owned()));
        }
        let told = |names: &&&[&str]| run.languages.iter().any(|one| names.contains(&one.as_str()));
        if let Some(names) = self
            .languages
            .iter()
            .find(|names| !run.languages.is_empty() && !told(names))
        {
            let looks: Vec<&str> = run.languages.iter().map(String::as_str).collect();
            let missed = names.first().copied().unwrap_or_default();
            let says = format!("{name} looks at {}, and not at {missed}", super::listed(&looks));
            return Some(Lack::Other(says));
        }
        let floor = SEVERITIES.iter().position(|one| Some(*one) == run.floor);
        match (self.severity, floor) {
            (Some(promised), Some(floor)) if floor > promised => {
                let floor = SEVERITIES.get(floor).copied().unwrap_or_default();
                let says = format!("{name}: {} ({floor} and above)", Hollow::SeverityFloor.says());
                Some(Lack::Severity(says))
            }
            _ => None,
        }
    }

    /// What is asked of how a run is done and that nothing shows.
    pub(super) fn not_shown(&self, facts: &Facts<'_>, run: &Run) -> Option<&'static str> {
        if self.order.is_some() && order::has_unread(facts) {
            return Some("that the pipelines of another service, which were not read, send nothing out past it");
        }
        if self.order.is_some() && !self.comes_first(facts, run) {
            return Some("that what goes out waits for it");
        }
        let comes = |wanted: &[Occasion], surely: bool| {
            let mut all = run.occasions.iter().filter(|one| wanted.contains(one));
            all.any(|one| !surely || !run.perhaps.contains(one))
        };
        let is_asked =
            |(_, wanted): &&(&str, &[Occasion])| run.doubtful && comes(wanted, false) && !comes(wanted, true);
        if self.occasions.iter().any(|one| is_asked(&one)) {
            return Some("that it runs then: a test in its script asks what started it");
        }
        let of_releases = self.occasions.iter().any(|(word, _)| *word == ON_RELEASES);
        if of_releases && self.order.is_none() && order::releases_pass(facts, run) {
            return Some("that it looks at what tags and releases send out, which does not wait for it");
        }
        self.rest_not_shown(facts, run)
    }

    /// What is asked of how it runs beyond its order, and that nothing shows of a run.
    fn rest_not_shown(&self, facts: &Facts<'_>, run: &Run) -> Option<&'static str> {
        let mut each = self.manners.iter().filter(|manner| !manner.by_several);
        let missing = each.find(|manner| !manner.is_shown(facts, run));
        let says = missing.map(|manner| manner.says);
        says.or_else(|| self.amounts.not_shown(facts, run))
    }

    /// Whether all is shown of a run that is asked beside its order.
    pub(super) fn shows_the_rest(&self, facts: &Facts<'_>, run: &Run) -> bool {
        self.rest_not_shown(facts, run).is_none()
    }

    /// Whether one of `runs` comes with what goes out, and with each such time that is asked for.
    pub(super) fn releases(&self, runs: &[&Run]) -> bool {
        const OUT: [Occasion; 2] = [Occasion::Release, Occasion::Tag];
        let comes = |run: &&Run, wanted: &[Occasion]| run.occasions.iter().any(|one| wanted.contains(one));
        let mut asked = self
            .occasions
            .iter()
            .filter(|(_, wanted)| OUT.iter().any(|one| wanted.contains(one)));
        runs.iter().any(|run| comes(run, &OUT)) && asked.all(|(_, wanted)| runs.iter().any(|run| comes(run, wanted)))
    }

    /// Whether it says what waits for what.
    pub(super) fn is_of_order(&self) -> bool {
        self.order.is_some()
    }

    /// Whether it asks for something at releases, or before them.
    pub(super) fn is_of_releases(&self) -> bool {
        self.is_of_order() || self.occasions.iter().any(|(word, _)| *word == ON_RELEASES)
    }

    /// Whether it says what waits for what, and files show that of a run.
    pub(super) fn comes_first(&self, facts: &Facts<'_>, run: &Run) -> bool {
        self.order
            .as_ref()
            .is_some_and(|order| order::is_shown(facts, run, order))
    }

    /// A step that keeps a run from being shown to come first, where the sentence asks for that.
    pub(super) fn open_step(&self, facts: &Facts<'_>, run: &Run) -> Option<String> {
        self.order.as_ref().and_then(|_| order::open_step(facts, run))
    }

    /// What is asked that several runs may show together, each on a system or with a version, and that nothing shows.
    pub(super) fn not_shown_by(&self, facts: &Facts<'_>, runs: &[&Run]) -> Option<&'static str> {
        let mut together = self.manners.iter().filter(|manner| manner.by_several);
        let missing = together.find(|manner| !runs.iter().any(|run| manner.is_shown(facts, run)));
        let says = missing.map(|manner| manner.says);
        says.or_else(|| self.amounts.not_shown_by(facts, runs))
    }

    /// A folder that is named and that none of `runs` looks at, or such a file where everything is promised: several
    /// runs may look at a part each.
    pub(super) fn missed(&self, facts: &Facts<'_>, tool: &Tool, runs: &[&Run]) -> Option<String> {
        let mut targets: Vec<&str> = Vec::new();
        for run in runs {
            let own = run.targets.as_deref().filter(|targets| !targets.is_empty())?;
            targets.extend(own.iter().map(String::as_str));
        }
        targets.sort_unstable();
        targets.dedup();
        let is_seen = |path: &str| {
            targets.iter().any(|target| {
                target.is_empty()
                    || path == *target
                    || path.strip_prefix(target).is_some_and(|rest| rest.starts_with('/'))
            })
        };
        let code = || {
            facts
                .repository
                .files
                .keys()
                .filter(|path| is_code(path) && is_for(tool, path))
        };
        // A look at the tests alone is none at the code, whatever the sentence calls it.
        let of_code =
            self.folders.is_empty() && !self.tests && self.topic.is_some_and(|topic| OF_CODE.contains(&topic));
        let reads_code = self.topic == Some(Topic::StaticAnalysis) && names_kinds(tool);
        let only_tests = !targets.is_empty() && targets.iter().all(|path| is_of_tests(path));
        let is_none = || of_code && (only_tests || reads_code && !code().any(|path| is_seen(path)));
        // Of tests alone, what looks at files of every kind misses any other.
        let of_any_kind = only_tests && !names_kinds(tool);
        let all = facts.repository.files.keys();
        let mut all = all.filter(|path| of_any_kind && !path.starts_with('.'));
        let missed_file = || {
            let mut missed = code().filter(|path| !is_seen(path));
            missed.next().or_else(|| all.find(|path| !is_seen(path)))
        };
        if let Some(says) = self.misses_tests(facts, tool, runs, &is_seen) {
            return Some(says);
        }
        let folder = self.folders.iter().find(|folder| !is_seen(folder));
        let missed = folder.or_else(|| (self.everything || is_none()).then(missed_file).flatten())?;
        Some(format!(
            "{} looks at {}, and not at {missed}",
            tool.name,
            super::listed(&targets)
        ))
    }

    /// Tests that are said to be looked at, and that no run looks at: they stand elsewhere, or are left out by a flag.
    fn misses_tests(
        &self,
        facts: &Facts<'_>,
        tool: &Tool,
        runs: &[&Run],
        is_seen: &dyn Fn(&str) -> bool,
    ) -> Option<String> {
        let all = facts.repository.files.keys();
        let mut tests = all.filter(|path| is_of_tests(path) && is_for(tool, path)).peekable();
        if !self.with_tests || self.topic == Some(Topic::Tests) || tests.peek().is_none() {
            return None;
        }
        if runs.iter().all(|run| run.leaves_tests) {
            return Some(format!("{} is told to leave the tests out", tool.name));
        }
        let missed = tests.next()?;
        let none = !is_seen(missed) && !tests.any(|path| is_seen(path));
        none.then(|| format!("{} does not look at the tests, as at {missed}", tool.name))
    }

    /// The runs that come as promised by themselves: on each of the occasions, and often enough.
    pub(super) fn coming<'r>(&self, runs: &[&'r Run]) -> Vec<&'r Run> {
        runs.iter()
            .filter(|run| self.comes_not(&[**run]).is_empty())
            .copied()
            .collect()
    }

    /// When the runs together do not come as promised.
    pub(super) fn comes_not(&self, runs: &[&Run]) -> Vec<&'static str> {
        // Where something is said to wait for it, what comes by hand alone is left only where what it sends out waits.
        let by_hand = |run: &Run| self.order.is_some() && run.occasions == [Occasion::Manual];
        let on = |wanted: &[Occasion]| {
            let of_releases = wanted.contains(&Occasion::Release);
            runs.iter()
                .any(|run| run.occasions.iter().any(|one| wanted.contains(one)) || of_releases && by_hand(run))
        };
        let within = |at_most: Period| {
            runs.iter()
                .any(|run| run.period.is_some_and(|period| period <= at_most))
        };
        let missing = self
            .occasions
            .iter()
            .filter(|(_, wanted)| !on(wanted))
            .map(|(word, _)| *word);
        let seldom = self
            .periods
            .iter()
            .filter(|(_, period)| !within(*period))
            .map(|(word, _)| *word);
        missing.chain(seldom).collect()
    }
}

/// Promises about the project's code that a look at its tests alone does not keep.
const OF_CODE: &[Topic] = &[
    Topic::StaticAnalysis,
    Topic::CustomRules,
    Topic::Lint,
    Topic::TypeCheck,
    Topic::SecretScan,
    Topic::DependencyScan,
];
/// Whether a run is one of a hook on a developer's machine only.
pub(super) fn is_hook(run: &Run) -> bool {
    run.service == Service::Hook || run.occasions == [Occasion::Commit]
}

/// Whether `path` is the workflow that a sentence calls `wanted`: by its whole path or the end of it.
pub(super) fn is_workflow(path: &str, wanted: &str) -> bool {
    let path = path.to_ascii_lowercase();
    path == wanted || path.strip_suffix(wanted).is_some_and(|before| before.ends_with('/'))
}

/// The workflow that is called by its name: "the `release` workflow", "the Security scan workflow".
fn by_name(facts: &Facts<'_>, words: &str) -> Option<String> {
    let workflows = facts.pipelines.files.keys().filter(|path| path.contains("/workflows/"));
    workflows.into_iter().find_map(|path| {
        let stem = path.rsplit('/').next()?.rsplit_once('.')?.0;
        let title = facts
            .text(path)?
            .lines()
            .take(40)
            .find_map(|line| line.strip_prefix("name:"))?;
        let title = title.trim().trim_matches(['"', '\'']);
        [stem, title].iter().filter(|name| name.len() > 1).find_map(|name| {
            let name = name.to_ascii_lowercase();
            let says = |mark: &str| words.contains(&format!(" {mark}{name}{mark} workflow"));
            (says("") || says("\"") || says("`")).then(|| path.to_ascii_lowercase())
        })
    })
}

/// Whether a sentence says that tests are looked at, and no other code: "runs over our test code", "scans the tests folder".
fn looks_at_tests(words: &Words) -> bool {
    let all: Vec<&str> = words.bare().collect();
    let is_place = |at: usize| {
        let two = (all.get(at).copied(), all.get(at + 1).copied());
        let (Some("test" | "tests"), Some(place)) = two else {
            return false;
        };
        matches!(
            place,
            "code" | "folder" | "directory" | "files" | "sources" | "modules" | "suite"
        )
    };
    let is_object = |at: usize| {
        let mut before = all.iter().take(at).rev();
        let before = before.find(|word| !matches!(**word, "our" | "the" | "all" | "its" | "own" | "project's"));
        before.is_some_and(|word| {
            matches!(
                *word,
                "over"
                    | "on"
                    | "through"
                    | "across"
                    | "against"
                    | "scans"
                    | "checks"
                    | "lints"
                    | "analyses"
                    | "analyzes"
                    | "covers"
            )
        })
    };
    // What else is named is to be looked at as well.
    let other = |at: usize| {
        let word = all.get(at).copied().unwrap_or_default();
        let is_thing = [
            "code",
            "source",
            "module",
            "package",
            "repositor",
            "everything",
            "folder",
            "director",
            "src",
        ]
        .iter()
        .any(|thing| word.starts_with(thing));
        is_thing && !at.checked_sub(1).is_some_and(is_place)
    };
    let tests = (0..all.len()).any(|at| is_place(at) && is_object(at));
    tests && !(0..all.len()).any(other)
}

/// Whether a sentence says what people do with what a tool finds: "its findings are triaged", "two maintainers sign off".
fn speaks_of_people(words: &Words) -> bool {
    let all: Vec<&str> = words.bare().collect();
    let done = |word: &&str| {
        matches!(
            *word,
            "triaged"
                | "reviewed"
                | "published"
                | "posted"
                | "sent"
                | "mailed"
                | "discussed"
                | "investigated"
                | "signed"
        )
    };
    let does = |word: &&str| {
        matches!(
            *word,
            "sign" | "review" | "triage" | "approve" | "confirm" | "investigate"
        )
    };
    let reads = |word: &&str| matches!(*word, "look" | "looks" | "read" | "reads");
    // "Before a maintainer looks at it" says when.
    let has_before = |at: usize| all.iter().take(at).rev().take(3).any(|word| *word == "before");
    all.iter().enumerate().any(|(at, word)| {
        let near = all.iter().skip(at + 1).take(3);
        match *word {
            "finding" | "findings" | "result" | "results" | "report" | "reports" => near.clone().any(done),
            "maintainers" | "reviewers" | "engineers" | "people" | "developers" if near.clone().any(does) => true,
            "maintainers" | "maintainer" | "reviewers" | "engineers" | "team" | "developers" => {
                !has_before(at) && near.clone().any(reads)
            }
            _ => false,
        }
    })
}

/// The rank of the lowest severity that a sentence says counts; none where it speaks of none.
fn severity(words: &Words) -> Option<usize> {
    let about = [
        "severit",
        "vulnerab",
        "finding",
        "issue",
        "cve",
        "advisor",
        "alert",
        "or higher",
        "or above",
        "and above",
        "and higher",
        "and up",
    ];
    if !words.say(&about) {
        return None;
    }
    // What is left aside is no promise: "except low", "ignoring low-severity findings".
    let said = [" except", " ignor", " exclud", " other than", " apart from"]
        .iter()
        .filter_map(|mark| words.0.find(mark))
        .min()
        .and_then(|at| words.0.get(..at))
        .unwrap_or(&words.0);
    let named = said
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter_map(|word| match word {
            "moderate" | "warning" => Some(1),
            word => SEVERITIES.iter().position(|one| *one == word),
        });
    let all = [" any ", " all ", " every "].iter().any(|all| {
        words.0.match_indices(all).any(|(at, _)| {
            let after = words.0.get(at + all.len()..).unwrap_or_default();
            let near: Vec<&str> = after.split(' ').take(3).collect();
            near.iter().any(|word| {
                ["finding", "issue", "vulnerab", "severit", "advisor", "alert"]
                    .iter()
                    .any(|thing| word.starts_with(thing))
            })
        })
    });
    named.min().or(all.then_some(0))
}
