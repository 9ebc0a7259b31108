//! Where tools run: workflows, pipelines, hooks and the tasks they call, and whether a run can fail.
//!
//! ```text
//! files of a Repository -> github, gitlab, hooks -> jobs, steps -> script (what becomes of a failure) -> judge (its arguments) -> Run
//!                                                        └-> tasks: make, tox, nox, package.json, scripts of the repository
//! ```
//!
//! A scan that a policy promises is worth something when it runs on changes or at set times, looks at something, and fails
//! on what it finds. Each way in which it does not is a [`Hollow`], from a closed list. What only a run could say (an
//! input, a script that is not here) is *not examined*, with its reason: nobody guesses.

mod bare;
mod expression;
mod github;
mod gitlab;
pub mod glob;
mod harmless;
mod hooks;
pub(crate) mod ini;
mod judge;
mod script;
mod setting;
mod shell;
mod tasks;
mod world;

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
};

use crate::{promise::Place, repository::Repository, topic::Topic};

pub(crate) use github::YAML;
pub use glob::Period;
pub(crate) use judge::{is_code, is_for, is_of_tests, languages_in, names_kinds};
pub(crate) use tasks::TASKS;

/// One line a reason: its name in the code, its name in output, what it means.
macro_rules! hollows {
    ($($(#[doc = $doc:literal])* $name:ident = $word:literal: $says:literal,)*) => {
        /// Why a run is worth nothing, or less than is promised. The list is closed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Hollow {
            $($(#[doc = $doc])* $name,)*
        }

        impl Hollow {
            /// Every reason.
            pub const ALL: &'static [Hollow] = &[$(Hollow::$name,)*];

            /// Its name in output: lower case, words joined by `-`.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Hollow::$name => $word,)* }
            }

            /// What it means, as the end of a sentence that begins with the tool: "bandit: `|| true` hides its exit status".
            #[must_use]
            pub fn says(self) -> &'static str {
                match self { $(Hollow::$name => $says,)* }
            }
        }
    };
}

hollows! {
    /// `scan || true`, `|| :`, `|| echo ..`.
    OrTrue = "or-true": "what follows `||` hides its exit status",
    /// `scan || exit 0`, or a trap that exits with 0.
    OrExitZero = "or-exit-zero": "the script exits with 0 when it fails",
    /// `scan; true` where `set -e` does not hold.
    ThenTrue = "then-true": "`true` after it hides its exit status",
    /// `set +e` before it, or a shell without `-e`, and other commands after it.
    NoErrexit = "no-errexit": "without `set -e` the commands after it hide its exit status",
    /// `scan && x` with other commands after it; in PowerShell, any command after it.
    Overwritten = "overwritten": "the commands after it hide its exit status",
    /// `scan | tee log` without `pipefail`.
    Pipe = "pipe": "it stands in a pipe without `pipefail`, which hides its exit status",
    /// `echo $(scan)`, `if scan`, `! scan`, `scan &`: its status only steers what is printed.
    Captured = "captured": "its exit status is taken and leads to nothing",
    /// `--exit-zero`, `--soft-fail`, `fail-build: false`.
    ExitZeroFlag = "exit-zero-flag": "it is told to end without a fault",
    /// A tool that ends without a fault unless it is told otherwise.
    ExitZeroDefault = "exit-zero-default": "it ends without a fault whatever it finds, unless it is told otherwise",
    /// `continue-on-error` at the step; `-` before a task's command; `allow_failure` of a script.
    ContinueStep = "continue-on-error-step": "its step may fail without failing the job",
    /// `continue-on-error` or `allow_failure` at the job.
    ContinueJob = "continue-on-error-job": "its job may fail without failing the pipeline",
    /// `if: false`, or a condition that no trigger meets.
    ConditionFalse = "condition-never-true": "its condition is never true",
    /// Only `workflow_dispatch` or `when: manual`.
    ManualOnly = "manual-only": "it runs only when somebody starts it by hand",
    /// Triggers name branches, and the default branch is not among them.
    BranchOther = "branch-not-default": "it runs on branches, and the default branch is not one of them",
    /// A filter of paths that no tracked file passes which the tool looks at.
    PathsNothing = "paths-match-nothing": "its filter of paths lets no file through that it looks at",
    /// A working directory that is not there, or does not hold its target.
    WrongDirectory = "wrong-directory": "it runs in a folder that is not there or does not hold what it is to look at",
    /// Its target is not there.
    TargetAbsent = "target-absent": "what it is told to look at is not in the repository",
    /// Its target holds nothing that it looks at; nothing is checked out.
    TargetEmpty = "target-empty": "there is nothing for it to look at",
    /// A dependency check without requirements, given or installed.
    NoRequirements = "no-requirements": "the project's requirements are not given to it or installed before it",
    /// The history is cut off.
    ShallowHistory = "shallow-history": "the checkout holds the newest commits and not the whole history",
    /// Only findings above a severity count.
    SeverityFloor = "severity-floor": "only findings of a higher severity make it fail",
    /// A baseline, an exclusion or an allowlist that covers everything.
    CoversAll = "ignores-everything": "its exclusions cover all or nearly all of the code",
    /// Its results are uploaded or kept as a file, and nothing fails.
    UploadOnly = "upload-only": "its results are only uploaded",
    /// A schedule that never comes.
    CronNever = "cron-never": "its schedule never comes",
    /// Only on tags or releases.
    OnlyTags = "only-tags": "it runs only on tags or releases",
    /// A hook of a stage that is not run before a commit or a push.
    HookStage = "hook-stage": "its hook stands in a stage that runs only by hand",
    /// Rules that came with the tool, where own rules are promised.
    StockRules = "stock-rules": "it runs with rules that came with it, not with own ones",
    /// It is installed and never run.
    OnlyInstalled = "only-installed": "it is installed and not run",
    /// `--version` or `--help`.
    OnlyVersion = "only-version": "only its version or its help is asked for",
    /// Commented out.
    CommentedOut = "commented-out": "it is commented out",
    /// A workflow, task or template that nothing calls.
    NeverCalled = "never-called": "nothing calls what runs it",
    /// A formatter that changes files and does not fail.
    Rewrites = "rewrites": "it changes files and does not fail",
    /// After an `exit`, in a branch or a function that no run comes to.
    Unreachable = "unreachable": "no run comes to it: what stands before or around it leaves it out",
    /// A file, a function or a module of the repository answers to its name.
    StandIn = "stand-in": "something else answers to its name",
    /// `rm -rf` before it.
    TargetRemoved = "target-removed": "what it is to look at is removed before it",
    /// `> /dev/null` of what it is to make.
    ThrownAway = "thrown-away": "what it makes is thrown away",
    /// `SKIP=` of pre-commit.
    SkippedByName = "skipped-by-name": "it is told to be skipped by its name",
    /// CodeQL of other languages than the code's.
    OtherLanguage = "other-language": "it looks at other languages than most of the code is written in",
    /// `make -n`.
    OnlyShown = "only-shown": "what would be run is only shown",
    /// `pull_request_target`, or `ref:` of a tag at the checkout.
    OtherVersion = "other-version": "what is checked out is another version than the change",
    /// It looks at what is staged, and in a pipeline nothing is.
    NothingStaged = "nothing-staged": "it looks at what is staged for a commit, and in a pipeline nothing is",
}

impl Hollow {
    /// Whether it only counts against some promises: a shallow checkout is a fault where the whole history is promised, and
    /// not elsewhere.
    #[must_use]
    pub fn is_limit(self) -> bool {
        matches!(
            self,
            Hollow::ShallowHistory | Hollow::SeverityFloor | Hollow::StockRules
        )
    }
}

/// Where a run is described.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Service {
    /// A workflow of GitHub, Gitea or Forgejo.
    GitHub,
    /// A pipeline of GitLab.
    GitLab,
    /// A hook on a developer's machine.
    Hook,
}

/// What makes it run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Occasion {
    /// A push to the default branch.
    Push,
    /// A push to any branch: what GitLab runs then, a merge request from that branch shows as its own.
    Branch,
    /// A pull or merge request.
    PullRequest,
    /// A merge queue.
    MergeGroup,
    /// A time.
    Schedule,
    /// A tag.
    Tag,
    /// A release.
    Release,
    /// A hand.
    Manual,
    /// Before a commit or a push, on the machine of whoever installed the hooks.
    Commit,
    /// Another event of the forge: a comment, a label, another workflow.
    Other,
}

impl Occasion {
    /// Its name in output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Occasion::Push => "push",
            Occasion::Branch => "every branch",
            Occasion::PullRequest => "pull request",
            Occasion::MergeGroup => "merge queue",
            Occasion::Schedule => "schedule",
            Occasion::Tag => "tag",
            Occasion::Release => "release",
            Occasion::Manual => "by hand",
            Occasion::Commit => "commit",
            Occasion::Other => "another event",
        }
    }

    /// Whether it comes with every change or by itself.
    #[must_use]
    pub fn is_regular(self) -> bool {
        !matches!(self, Occasion::Manual | Occasion::Tag | Occasion::Release)
    }
}

/// A place where a tool runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The tool, by its name in the lexicon.
    pub tool: &'static str,
    /// Where it stands.
    pub place: Place,
    /// The file that an event starts: the workflow that calls the action or the workflow it stands in, else its own.
    pub entry: String,
    /// Whose file it stands in.
    pub service: Service,
    /// What makes it run; without those that its conditions leave out.
    pub occasions: Vec<Occasion>,
    /// Those of them of which only a run knows whether they reach it.
    pub perhaps: Vec<Occasion>,
    /// A test in a script lets some runs that end well pass it over.
    pub doubtful: bool,
    /// Its failure ends its script only after the commands that follow it.
    pub aside: bool,
    /// How often its schedule comes.
    pub period: Option<Period>,
    /// Why it is worth nothing. Empty for a run that gates.
    pub hollow: Vec<Hollow>,
    /// What it does not do that some promises ask for.
    pub limits: Vec<Hollow>,
    /// What could not be examined about it.
    pub unknown: Option<&'static str>,
    /// The lowest severity that makes it fail, where it says one: `high`.
    pub floor: Option<&'static str>,
    /// The folders and files that it looks at, from the root; none where that is not known, empty text for the root.
    pub targets: Option<Vec<String>>,
    /// What a baseline holds lets it pass.
    pub baseline: bool,
    /// It leaves out every file of the tests that it would look at.
    pub leaves_tests: bool,
    /// What it was told to look for, as the topics that this serves; none where nothing was chosen.
    pub serves: Option<Vec<Topic>>,
    /// The languages that it is told to look at, in CodeQL's words; empty where nothing says which.
    pub languages: Vec<String>,
    /// The jobs that it stands in, or that call what it stands in.
    pub jobs: Vec<Job>,
    /// The line of the file that an event starts at which the step, or the job that calls what it stands in, begins.
    pub step: Option<u32>,
    /// The command as it is run, words with one space between them, or the action.
    pub command: String,
}

/// A job of a workflow, by its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// The workflow.
    pub path: String,
    /// Its own lines.
    pub own: RangeInclusive<u32>,
    /// The lines of all jobs of the workflow.
    pub all: RangeInclusive<u32>,
    /// What it runs on, in lower case.
    pub system: String,
    /// The texts that its matrix gives it, where the matrix leaves some of its combinations out.
    pub values: Option<Vec<String>>,
}

impl Job {
    /// Whether what it runs on is known only when it runs.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.system.is_empty() || self.system.contains(expression::DYNAMIC)
    }
}

impl Run {
    /// Whether it fails on what it finds, on every change or at set times.
    #[must_use]
    pub fn gates(&self) -> bool {
        self.hollow.is_empty() && self.unknown.is_none()
    }

    /// What people call it: of the commands that run tests, the one that stands there.
    #[must_use]
    pub fn called(&self) -> &'static str {
        let of_tool = judge::COMMANDS
            .iter()
            .filter(|(tool, _)| *tool == self.tool && *tool == "pytest");
        let mut commands = of_tool.map(|(_, command)| *command);
        let mut words = self.command.split_whitespace();
        let program = words.next().unwrap_or_default();
        let program = program.rsplit('/').next().unwrap_or(program);
        let rest: Vec<String> = words.map(str::to_owned).collect();
        if judge::builds_with_tests(program, &rest) {
            return "the build with its tests";
        }
        if self.tool == "sbom-generator-action" && !self.command.contains(self.tool) {
            return "what writes a bill of materials";
        }
        commands
            .find(|command| self.command.starts_with(command))
            .unwrap_or(self.tool)
    }
}

/// A command or an action of which nobody knows that it hands nothing out, where an event that may come with a release
/// starts it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Open {
    /// The file that an event starts.
    pub entry: String,
    /// The line there at which its step begins, or the job that calls what it stands in.
    pub step: u32,
    /// Where it stands.
    pub place: Place,
    /// What starts it is there for tags or releases, and not only for a branch, a time or a hand.
    pub of_releases: bool,
    /// Whose file it stands in.
    pub service: Service,
    /// The program with the part of it that is called, or the action: what may be shown of it.
    pub name: String,
    /// All of it on one line, to be held against what is known to send something out; not for output.
    pub text: String,
}

/// Everything that runs.
#[derive(Debug, Clone, Default)]
pub struct Pipelines {
    /// Runs of tools, by place.
    pub runs: Vec<Run>,
    /// What runs something that is not here to be read: a workflow of another repository, a script that is not tracked.
    pub opaque: Vec<(Place, &'static str)>,
    /// What was not examined: path, reason.
    pub not_examined: Vec<(String, String)>,
    /// What may send something out for all that is known.
    pub open: Vec<Open>,
    /// Steps that use an action: place, `owner/name[/path]`, the ref.
    pub uses: Vec<(Place, String, String)>,
    /// The files that were read, with how many jobs or hooks each has.
    pub files: BTreeMap<String, usize>,
}

/// What can be said of a tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing<'p> {
    /// It runs and gates, here.
    Gates(Vec<&'p Run>),
    /// It runs; none of its runs gates.
    Hollow(Vec<&'p Run>),
    /// It runs; whether one of its runs gates could not be examined.
    Unknown(Vec<&'p Run>),
    /// It runs nowhere.
    Absent,
}

impl Pipelines {
    /// What can be said of `tool` where the limits `asked` count as well. It is hollow only if no run of it gates.
    #[must_use]
    pub fn standing(&self, tool: &str, asked: &[Hollow]) -> Standing<'_> {
        Standing::of(self.runs.iter().filter(|run| run.tool == tool).collect(), asked)
    }
}

impl<'p> Standing<'p> {
    /// What can be said of a tool by these runs of it, where the limits `asked` count as well.
    #[must_use]
    pub fn of(runs: Vec<&'p Run>, asked: &[Hollow]) -> Self {
        let meets = |run: &&&Run| !run.limits.iter().any(|limit| asked.contains(limit));
        let gating: Vec<&Run> = runs.iter().filter(|run| run.gates()).filter(meets).copied().collect();
        let unknown = |run: &&&Run| run.hollow.is_empty() && run.unknown.is_some();
        if runs.is_empty() {
            Standing::Absent
        } else if !gating.is_empty() {
            Standing::Gates(gating)
        } else if runs.iter().filter(meets).any(|run| unknown(&run)) {
            Standing::Unknown(runs.iter().filter(unknown).copied().collect())
        } else {
            Standing::Hollow(runs)
        }
    }
}

/// Services that are known and not read: where they look for their files, by the whole path, or a folder before `/`, or a
/// name after `*/`, where a setting of the service may name another folder; a name may go on where `*` stands in it.
const UNREAD: &[(&str, &str)] = &[
    ("*/Jenkinsfile", "Jenkins"),
    ("*/Jenkinsfile.*", "Jenkins"),
    (".circleci/", "CircleCI"),
    ("*/azure-pipelines.yml", "Azure Pipelines"),
    ("*/azure-pipelines.yaml", "Azure Pipelines"),
    ("*/azure-pipelines-*.yml", "Azure Pipelines"),
    ("*/azure-pipelines-*.yaml", "Azure Pipelines"),
    ("azure-pipelines/", "Azure Pipelines"),
    (".azure-pipelines/", "Azure Pipelines"),
    (".azuredevops/", "Azure Pipelines"),
    (".travis.yml", "Travis CI"),
    ("bitbucket-pipelines.yml", "Bitbucket Pipelines"),
    (".drone.yml", "Drone"),
    (".woodpecker.yml", "Woodpecker"),
    (".woodpecker.yaml", "Woodpecker"),
    (".woodpecker/", "Woodpecker"),
    ("appveyor.yml", "AppVeyor"),
    (".appveyor.yml", "AppVeyor"),
    (".cirrus.yml", "Cirrus CI"),
    (".buildkite/", "Buildkite"),
    ("cloudbuild.yaml", "Cloud Build"),
    ("cloudbuild.yml", "Cloud Build"),
    ("*/cloudbuild-*.yaml", "Cloud Build"),
    ("*/cloudbuild-*.yml", "Cloud Build"),
    ("bamboo-specs/", "Bamboo"),
    ("bitrise.yml", "Bitrise"),
    ("codemagic.yaml", "Codemagic"),
    ("buildspec.yml", "CodeBuild"),
    ("buildspec.yaml", "CodeBuild"),
    (".semaphore/", "Semaphore"),
    (".tekton/", "Tekton"),
    (".zuul.yaml", "Zuul"),
    ("zuul.yaml", "Zuul"),
    (".zuul.d/", "Zuul"),
    ("zuul.d/", "Zuul"),
    (".teamcity/", "TeamCity"),
    (".builds/", "builds.sr.ht"),
    (".build.yml", "builds.sr.ht"),
];

/// Folders in which a pipeline is shown, and not run.
const SHOWN: &[&str] = &[
    "test",
    "tests",
    "testdata",
    "fixtures",
    "__tests__",
    "spec",
    "specs",
    "doc",
    "docs",
    "example",
    "examples",
    "samples",
    "templates",
];

/// The service whose pipelines a file describes, where it is one that is known and not read.
pub(crate) fn unread_service(path: &str) -> Option<&'static str> {
    let named = |name: &str| {
        let mut parts = path.rsplit('/');
        let file = parts.next().unwrap_or_default();
        let is_named = match name.split_once('*') {
            Some((start, end)) => {
                let rest = file.strip_prefix(start).and_then(|rest| rest.strip_suffix(end));
                let is_text = [".md", ".txt", ".rst", ".adoc"].iter().any(|end| file.ends_with(end));
                rest.is_some_and(|rest| !rest.is_empty()) && !is_text
            }
            None => file == name,
        };
        // Among the data of tests, in a guide or an example it is shown, and starts nothing.
        is_named && !parts.any(|folder| SHOWN.contains(&folder))
    };
    let is = |pattern: &str| match (pattern.strip_prefix("*/"), pattern.ends_with('/')) {
        (Some(name), _) => named(name),
        (None, true) => path.starts_with(pattern),
        (None, false) => path == pattern,
    };
    let found = UNREAD.iter().find(|(pattern, _)| is(pattern));
    found.map(|(_, service)| *service)
}

/// Reads everything that runs in a repository.
#[must_use]
pub fn read(repository: &Repository) -> Pipelines {
    let mut reader = setting::Reader::new(repository);
    github::read(&mut reader);
    gitlab::read(&mut reader);
    hooks::read(&mut reader);
    let mut out = reader.finish();
    let unread = |path: &String| Some((path.clone(), unread_service(path)?));
    for (path, service) in repository.files.keys().filter_map(unread).take(50) {
        let reason = format!("pipelines of {service} are not read");
        out.not_examined.push((path, reason));
    }
    settle(&mut out);
    out
}

/// One run a tool and line: of those that a matrix makes, the one that gates stands for all.
fn settle(out: &mut Pipelines) {
    let rank = |run: &Run| match (run.hollow.is_empty(), run.unknown.is_some()) {
        (true, false) => 0_u8,
        (true, true) => 1,
        _ => 2,
    };
    out.runs
        .sort_by(|a, b| (&a.place, a.tool, rank(a)).cmp(&(&b.place, b.tool, rank(b))));
    out.runs.dedup_by(|b, a| {
        let alike = a.place == b.place && a.tool == b.tool && a.command == b.command;
        // What comes at another time and looks elsewhere stands by itself.
        let both = a.gates() && b.gates();
        // What a release's pipeline runs stands beside the same hook on developers' machines, and the same script in
        // another pipeline.
        let out = |run: &Run| {
            run.occasions
                .iter()
                .any(|one| matches!(one, Occasion::Tag | Occasion::Release))
        };
        let of_tags = (a.service != b.service || a.entry != b.entry) && b.hollow == [Hollow::OnlyTags]
            || both && a.entry != b.entry && out(a) != out(b);
        let same = alike && !of_tags && !(both && a.targets != b.targets && a.occasions != b.occasions);
        // Together the jobs of a matrix look at all of their languages and folders.
        if same && b.gates() {
            a.doubtful |= b.doubtful;
            a.aside |= b.aside;
            a.languages.append(&mut b.languages);
            a.baseline |= b.baseline;
            a.leaves_tests &= b.leaves_tests;
            a.jobs.append(&mut b.jobs);
            match (&mut a.targets, b.targets.take()) {
                (Some(all), Some(more)) => all.extend(more),
                (all, _) => *all = None,
            }
        }
        same
    });
    // What is commented out, installed or asked for its version says nothing beside a run of the same tool.
    let run: BTreeSet<&'static str> = out
        .runs
        .iter()
        .filter(|run| !is_shadow(run))
        .map(|run| run.tool)
        .collect();
    out.runs.retain(|one| !is_shadow(one) || !run.contains(one.tool));
    out.opaque.sort();
    out.opaque.dedup();
    out.not_examined.sort();
    out.not_examined.dedup();
    out.open.sort();
    out.open.dedup();
    out.uses.sort();
    out.uses.dedup();
}

fn is_shadow(run: &Run) -> bool {
    run.hollow
        .iter()
        .any(|one| matches!(one, Hollow::CommentedOut | Hollow::OnlyInstalled | Hollow::OnlyVersion))
}
