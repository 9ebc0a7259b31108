//! What commands of pipelines are: tools with what they are worth, tasks that are followed, what may send something out.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use super::{Origin, Setting};
use crate::{
    lexicon::{Tool, tools},
    pipeline::{
        Hollow, Job, Open, Pipelines, Run, Service,
        bare::{installed, installs, strip, within_container},
        expression::DYNAMIC,
        github, harmless, judge,
        script::{self, Fate, Shell},
        tasks, world,
    },
    promise::Place,
    repository::Repository,
};

/// Most commands of one repository that are looked at.
const COMMANDS: usize = 30_000;
/// Runs whose results are looked for in later commands.
const LOOKED_FOR: usize = 500;
/// What may send something out that is remembered.
const OPEN: usize = 5_000;
/// Tasks that are followed in all.
const TASKS: usize = 600;
/// Longest script in which they are looked for.
const SCRIPT: usize = 64 << 10;
/// Reads a repository's pipelines.
pub(in crate::pipeline) struct Reader<'r> {
    pub(in crate::pipeline) repository: &'r Repository,
    pub(in crate::pipeline) out: Pipelines,
    /// Every folder that holds a tracked file.
    folders: BTreeSet<&'r str>,
    /// The project's name, as its slug ends.
    pub(in crate::pipeline) own: Option<String>,
    /// `owner/name` of the repository; where the clone does not say it, the one that its workflows' guards name.
    pub(in crate::pipeline) named: Option<String>,
    left: usize,
    looked_for: usize,
    /// Tasks that are being followed, and how many more may be.
    pub(in crate::pipeline) active: BTreeSet<String>,
    pub(in crate::pipeline) tasks: usize,
    /// First words of commands to tools.
    pub(in crate::pipeline) commands: BTreeMap<&'static str, Vec<(Vec<&'static str>, &'static Tool)>>,
    pub(in crate::pipeline) hooks_called: bool,
    /// Workflows that others call.
    pub(in crate::pipeline) called: BTreeSet<String>,
}

impl<'r> Reader<'r> {
    pub(in crate::pipeline) fn new(repository: &'r Repository) -> Self {
        let mut folders = BTreeSet::new();
        for path in repository.files.keys() {
            let mut at = path.as_str();
            while let Some((folder, _)) = at.rsplit_once('/') {
                if !folders.insert(folder) {
                    break;
                }
                at = folder;
            }
        }
        let mut commands: BTreeMap<&'static str, Vec<(Vec<&'static str>, &'static Tool)>> = BTreeMap::new();
        for tool in tools() {
            for command in tool.evidence.commands.iter().chain(
                judge::COMMANDS
                    .iter()
                    .filter(|(name, _)| *name == tool.name)
                    .map(|(_, command)| command),
            ) {
                let words: Vec<&'static str> = command.split(' ').collect();
                if let Some(first) = words.first().copied() {
                    commands.entry(first).or_default().push((words, tool));
                }
            }
        }
        for list in commands.values_mut() {
            list.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        }
        let own = repository.slug.as_deref().and_then(|slug| slug.rsplit('/').next());
        let slug = repository.slug.as_deref().and_then(|slug| slug.split_once('/'));
        let named = match slug {
            Some((_, slug)) => Some(slug.to_owned()),
            None => github::guarded(repository),
        };
        Self {
            repository,
            named,
            out: Pipelines::default(),
            folders,
            own: own.map(str::to_ascii_lowercase),
            left: COMMANDS,
            looked_for: LOOKED_FOR,
            active: BTreeSet::new(),
            tasks: TASKS,
            commands,
            hooks_called: false,
            called: BTreeSet::new(),
        }
    }

    pub(in crate::pipeline) fn finish(self) -> Pipelines {
        self.out
    }

    /// The bytes of a tracked file.
    pub(in crate::pipeline) fn bytes(&self, path: &str) -> Option<&'r [u8]> {
        self.repository.files.get(path)?.bytes.as_deref()
    }

    /// The text of a tracked file.
    pub(in crate::pipeline) fn text(&self, path: &str) -> Option<&'r str> {
        std::str::from_utf8(self.bytes(path)?).ok()
    }

    /// Whether a path is a tracked file or a folder with one.
    pub(in crate::pipeline) fn exists(&self, path: &str) -> bool {
        path.is_empty() || self.repository.files.contains_key(path) || self.folders.contains(path)
    }

    /// Whether a path is a folder with a tracked file.
    pub(in crate::pipeline) fn is_folder(&self, path: &str) -> bool {
        path.is_empty() || self.folders.contains(path)
    }

    /// Tracked files below a folder, or the file itself.
    pub(in crate::pipeline) fn below<'s>(&'s self, path: &'s str) -> impl Iterator<Item = &'r str> + 's {
        self.repository.files.keys().map(String::as_str).filter(move |file| {
            path.is_empty() || *file == path || file.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'))
        })
    }

    pub(in crate::pipeline) fn skipped(&mut self, path: &str, reason: impl Into<String>) {
        self.out.not_examined.push((path.to_owned(), reason.into()));
    }

    /// Looks at every command of a script. What it installs is remembered in `setting`.
    pub(in crate::pipeline) fn script(
        &mut self,
        text: &str,
        shell: Shell,
        setting: &mut Setting,
        origin: &Origin,
        outer: Fate,
    ) {
        self.commented(text, setting, origin);
        let whole: Rc<str> = Rc::from(if text.len() <= SCRIPT { text } else { "" });
        for run in script::commands(text, shell, setting.sourced) {
            if self.left == 0 {
                let reason = "it has more commands than are looked at";
                return self.skipped(&origin.path, reason);
            }
            self.left -= 1;
            let mut own = setting.clone();
            own.directory = match (&setting.directory, &run.directory) {
                (Some(from), Some(to)) => Some(script::join(from, to)),
                _ => None,
            };
            own.within = (whole.clone(), run.line);
            own.doubtful |= run.doubtful;
            own.aside |= run.aside;
            if run.doubtful && script::asks_what_started(text) {
                own.perhaps.clone_from(&own.occasions);
                own.perhaps.push(crate::pipeline::Occasion::Other);
            }
            let place = origin.place(run.line);
            let fate = run.fate.within(outer);
            if run.fate != Fate::Lost(Hollow::Unreachable) {
                setting.world.after(self, &run, &own);
                if run.sure && world::fetches_all(&run.words) {
                    setting.commits = Some(0);
                }
            }
            self.command(&run.words, &run.writes, own, place, fate, setting);
        }
    }

    /// A tool whose command is commented out in a script.
    fn commented(&mut self, text: &str, setting: &Setting, origin: &Origin) {
        for (breaks, line) in text.lines().enumerate().take(5_000) {
            let Some(comment) = line.trim_start().strip_prefix('#') else {
                continue;
            };
            let comment = comment.trim();
            // Prose has no flags and no paths.
            if comment.len() > 300
                || !comment
                    .split(' ')
                    .skip(1)
                    .any(|word| word.starts_with('-') || word.contains('/') || word == ".")
            {
                continue;
            }
            let words: Vec<String> = comment.split_whitespace().map(str::to_owned).collect();
            if let Some((tool, _)) = self.tool_of(&words) {
                let place = origin.place(u32::try_from(breaks).unwrap_or(u32::MAX));
                let setting = setting.with(Some(Hollow::CommentedOut));
                self.push(
                    tool,
                    place,
                    &setting,
                    words.join(" "),
                    judge::Judgement::default(),
                    Fate::Gates,
                );
            }
        }
    }

    /// The tool that a command runs, with the number of words that name it. The first word must be the program.
    pub(in crate::pipeline) fn tool_of(&self, words: &[String]) -> Option<(&'static Tool, usize)> {
        let first = words.first()?;
        let program = first.rsplit('/').next().unwrap_or(first);
        let program = program.split('@').next().unwrap_or(program);
        let program = program.strip_suffix(".exe").unwrap_or(program);
        // A tool's own repository that runs what it has just built is no scan.
        if first.starts_with("./") && self.own.as_deref() == Some(program) {
            return None;
        }
        if judge::builds_with_tests(program, words.get(1..).unwrap_or_default()) {
            return crate::lexicon::tool("pytest").map(|tool| (tool, 1));
        }
        let list = self.commands.get(program)?;
        // It checks who signed the packages, and looks for no vulnerability.
        let signatures = program == "npm" && words.iter().any(|word| word == "signatures");
        list.iter().find_map(|(command, tool)| {
            if signatures && tool.name == "npm-audit" {
                return None;
            }
            let rest = words.get(1..).unwrap_or_default();
            let mut count = 1;
            // Flags may stand between a program and its command: `gitleaks --verbose detect`, `cargo +nightly audit`.
            for word in command.iter().skip(1) {
                let at = rest
                    .get(count - 1..)?
                    .iter()
                    .position(|one| one == word || !one.starts_with(['-', '+']))?;
                if rest.get(count - 1 + at)? != word {
                    return None;
                }
                count += at + 1;
            }
            Some((*tool, count))
        })
    }

    /// One command: a tool, a task that is followed, or something that changes what comes after.
    fn command(
        &mut self,
        words: &[String],
        writes: &[String],
        mut own: Setting,
        place: Place,
        fate: Fate,
        setting: &mut Setting,
    ) {
        let bare = strip(words, &mut own);
        let Some(first) = bare.words.first() else {
            // `export A=b` and plain assignments.
            for word in words {
                if let Some((name, value)) = script::assignment(word) {
                    Rc::make_mut(&mut setting.env).insert(name.to_owned(), value.to_owned());
                }
            }
            return;
        };
        if first.contains(DYNAMIC) || first.starts_with('$') {
            return self.open(&own, &place, fate, &bare.words);
        }
        if let Some((tool, judgement)) = judge::bill_beside(&bare.words) {
            self.push(tool, place.clone(), &own, bare.words.join(" "), judgement, fate);
        }
        if let Some((tool, named)) = self.tool_of(&bare.words) {
            if tool.name == "pre-commit" {
                self.pre_commit(&bare.words, own, &place, fate);
                return;
            }
            if tool.name == "tox" {
                let program = first.rsplit('/').next().unwrap_or(first).to_owned();
                self.follow(&program, &bare.words, own, &place, fate);
                return;
            }
            // A build that runs the tests on its way may also hand out what it built.
            let program = first.rsplit('/').next().unwrap_or(first);
            if matches!(program, "mvn" | "mvnw" | "gradle" | "gradlew") {
                self.open(&own, &place, fate, &bare.words);
            }
            let stands_in = world::stands_in(self, tool, &bare, &own);
            let plain = own.clone();
            let own = own.with(stands_in.then_some(Hollow::StandIn));
            let judgement = judge::command(self, tool, &bare, named, &own, writes);
            self.push(tool, place.clone(), &own, bare.words.join(" "), judgement, fate);
            if let Some(words) = judge::bill_alone(tool, &bare.words) {
                let bare = super::super::bare::Bare { words, ..bare.clone() };
                let judgement = judge::command(self, tool, &bare, named, &own, writes);
                self.push(tool, place.clone(), &own, bare.words.join(" "), judgement, fate);
            }
            if matches!(program, "npm" | "pnpm" | "yarn" | "bun") && tool.name == "pytest" {
                // What the script of that name runs beside the tests stands in it.
                let program = program.to_owned();
                return self.follow(&program, &bare.words, plain, &place, fate);
            }
            if stands_in && first.contains('/') {
                // A script of the repository under the tool's name may run the tool.
                let program = first.rsplit('/').next().unwrap_or(first).to_owned();
                tasks::follow(self, &program, &bare.words, plain, &place, fate);
            }
            return;
        }
        if let Some(inner) = within_container(words)
            && let Some((tool, _)) = self.tool_of(&inner)
        {
            own.unknown = own
                .unknown
                .or(Some("it runs in a container, and what that holds was not followed"));
            let judgement = judge::Judgement::default();
            return self.push(tool, place, &own, inner.join(" "), judgement, fate);
        }
        if let Some(tool) = installed(&bare.words, self) {
            let own = own.with(Some(Hollow::OnlyInstalled));
            for tool in tool {
                self.push(
                    tool,
                    place.clone(),
                    &own,
                    bare.words.join(" "),
                    judge::Judgement::default(),
                    Fate::Gates,
                );
            }
        }
        if installs(&bare.words) {
            setting.installed = true;
        }
        let program = first.rsplit('/').next().unwrap_or(first).to_owned();
        setting.fetched |= world::MAKERS.contains(&program.as_str());
        self.follow(&program, &bare.words, own, &place, fate);
    }

    /// Follows a command that calls a task of the repository; what could not be followed may do anything.
    fn follow(&mut self, program: &str, words: &[String], own: Setting, place: &Place, fate: Fate) {
        let before = self.left;
        let outer = own.clone();
        tasks::follow(self, program, words, own, place, fate);
        if self.left == before {
            self.open(&outer, place, fate, words);
        }
    }

    /// Records a command of which nobody knows that it hands nothing out.
    pub(in crate::pipeline) fn open(&mut self, own: &Setting, place: &Place, fate: Fate, words: &[String]) {
        let Some(of_releases) = own.may_release else { return };
        let is_dead = fate == Fate::Lost(Hollow::Unreachable) || own.hollow.contains(&Hollow::CommentedOut);
        let first = words.first().map(String::as_str).unwrap_or_default();
        let (script, _) = &own.within;
        if own.is_held && !harmless::is_told_apart(script) && !harmless::is_called_so(words.iter()) {
            return;
        }
        if is_dead || harmless::command(words) || is_function(first, &own.within.0) {
            return;
        }
        // Words beyond those that name a program and its part may hold anything.
        let plain = |word: &&String| {
            word.len() <= 40
                && word
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ':'))
                && !word.starts_with('-')
        };
        let mut shown = words.iter().take(2);
        let program = shown
            .next()
            .filter(plain)
            .map_or("a command that only a run names", String::as_str);
        let name = match shown.next().filter(plain) {
            Some(part) => format!("{program} {part}"),
            None => program.to_owned(),
        };
        self.note(own, place, of_releases, name, words.join(" "));
    }

    /// Records an action, or a workflow, of which nobody knows that it hands nothing out.
    pub(in crate::pipeline) fn open_action(&mut self, own: &Setting, place: &Place, slug: &str, text: String) {
        if own.is_held && !text.contains(DYNAMIC) && !harmless::is_called_so([&text].into_iter()) {
            return;
        }
        if let Some(of_releases) = own.may_release {
            self.note(own, place, of_releases, slug.to_owned(), text);
        }
    }

    fn note(&mut self, own: &Setting, place: &Place, of_releases: bool, name: String, text: String) {
        let entry = match &*own.entry {
            "" => place.path.clone(),
            entry => entry.to_owned(),
        };
        // What stands in the file that is started has its own line.
        let step = if entry == place.path {
            Some(place.line)
        } else {
            own.step
        };
        if let Some(step) = step
            && self.out.open.len() < OPEN
        {
            let (place, service) = (place.clone(), own.service);
            let open = Open {
                entry,
                step,
                place,
                of_releases,
                service,
                name,
                text,
            };
            self.out.open.push(open);
        }
    }

    /// `pre-commit run` in a pipeline: its hooks run there.
    fn pre_commit(&mut self, words: &[String], own: Setting, place: &Place, fate: Fate) {
        if !words.iter().any(|word| word == "run") {
            return;
        }
        let has = |flag: &str| {
            words
                .iter()
                .any(|word| word == flag || word.starts_with(&format!("{flag}=")))
        };
        let mut own = own;
        match fate {
            Fate::Lost(hollow) => own.hollow.push(hollow),
            Fate::Unknown(why) => own.unknown = own.unknown.or(Some(why)),
            Fate::Gates => {}
        }
        if own.service != Service::Hook
            && !has("--all-files")
            && !has("-a")
            && !has("--files")
            && !has("--from-ref")
            && !has("-s")
        {
            own.hollow.push(Hollow::NothingStaged);
        }
        // The first word that is no flag and no flag's value names the one hook to run.
        let (mut only, mut stage, mut flag) = (None, None, "");
        for word in words.iter().skip_while(|word| *word != "run").skip(1) {
            match flag {
                "--hook-stage" => stage = Some(word.clone()),
                "--from-ref" | "--to-ref" | "-s" | "-o" | "--source" | "--origin" | "--files" | "-c" | "--config" => {}
                _ if word.starts_with('-') || only.is_some() => {}
                _ => only = Some(word.clone()),
            }
            flag = word;
            stage = stage.or_else(|| word.strip_prefix("--hook-stage=").map(str::to_owned));
        }
        self.hooks_of_pipeline(own, place, crate::pipeline::hooks::Asked { only, stage });
    }

    /// The hooks of `.pre-commit-config.yaml`, run by a pipeline.
    pub(in crate::pipeline) fn hooks_of_pipeline(
        &mut self,
        own: Setting,
        place: &Place,
        asked: crate::pipeline::hooks::Asked,
    ) {
        self.hooks_called = true;
        if let Some(tool) = crate::lexicon::tool("pre-commit") {
            self.push(
                tool,
                place.clone(),
                &own,
                "pre-commit run".to_owned(),
                judge::Judgement::default(),
                Fate::Gates,
            );
        }
        crate::pipeline::hooks::in_pipeline(self, own, &asked);
    }

    /// Records a run.
    pub(in crate::pipeline) fn push(
        &mut self,
        tool: &'static Tool,
        place: Place,
        setting: &Setting,
        command: String,
        judgement: judge::Judgement,
        fate: Fate,
    ) {
        let mut hollow = setting.hollow.clone();
        let mut unknown = setting.unknown;
        match fate {
            Fate::Lost(reason) => hollow.push(reason),
            Fate::Unknown(why) => unknown = unknown.or(Some(why)),
            Fate::Gates => {}
        }
        hollow.extend(judgement.hollow);
        unknown = judgement.unknown.or(unknown);
        // What makes something for others to take is done when it is done: nothing has to fail, and a release is its time.
        if judge::produces(tool) {
            hollow.retain(|one| !matches!(one, Hollow::OnlyTags | Hollow::ExitZeroDefault | Hollow::UploadOnly));
        }
        hollow.sort_unstable();
        hollow.dedup();
        // Whose results another command reads, that may decide.
        if !hollow.is_empty()
            && hollow.iter().all(|one| one.is_about_status())
            && !judgement.writes.is_empty()
            && self.looked_for > 0
        {
            self.looked_for -= 1;
            if is_read_later(&judgement.writes, setting) {
                hollow.clear();
                unknown = Some("a later command reads what it wrote");
            }
        }
        let mut limits = judgement.limits;
        limits.sort_unstable();
        limits.dedup();
        let entry = match &*setting.entry {
            "" => place.path.clone(),
            entry => entry.to_owned(),
        };
        self.out.runs.push(Run {
            tool: tool.name,
            place,
            entry,
            service: setting.service,
            occasions: setting.occasions.clone(),
            perhaps: setting.perhaps.clone(),
            doubtful: setting.doubtful,
            aside: setting.aside,
            period: setting.period,
            hollow,
            limits,
            unknown,
            floor: judgement.floor,
            targets: judgement.targets,
            serves: judgement.serves,
            languages: judgement.languages,
            baseline: judgement.baseline,
            leaves_tests: judgement.leaves_tests,
            jobs: setting.job.iter().map(|job| Job::clone(job)).collect(),
            step: setting.step,
            command,
        });
    }
}

impl Hollow {
    fn is_about_status(self) -> bool {
        matches!(
            self,
            Hollow::OrTrue
                | Hollow::OrExitZero
                | Hollow::ThenTrue
                | Hollow::NoErrexit
                | Hollow::Overwritten
                | Hollow::Pipe
                | Hollow::ExitZeroFlag
                | Hollow::ExitZeroDefault
                | Hollow::ContinueStep
        )
    }
}

/// Whether a script has a function of this name: what it does stands there, and is asked where it is called.
fn is_function(name: &str, script: &str) -> bool {
    !name.is_empty()
        && script.lines().take(5_000).any(|line| {
            let line = line.trim_start();
            let named = line.strip_prefix("function ").map(str::trim_start);
            let rest = named.unwrap_or(line).strip_prefix(name).map(str::trim_start);
            rest.is_some_and(|rest| {
                rest.starts_with("()") || named.is_some() && (rest.is_empty() || rest.starts_with('{'))
            })
        })
}

/// Whether a later step gives one of `files` to a program that may judge it.
fn is_read_later(files: &[String], setting: &Setting) -> bool {
    let judges = |line: &str| {
        let word = line.trim_start().trim_start_matches("if ").trim_start_matches("! ");
        let program = word.split_whitespace().next().unwrap_or_default();
        matches!(
            program,
            "python" | "python3" | "node" | "jq" | "grep" | "bash" | "sh" | "ruby" | "awk" | "test" | "[" | "[[" | "!"
        ) || program.starts_with("./")
    };
    files
        .iter()
        .filter(|file| file.len() > 2 && !file.starts_with("/dev/"))
        .any(|file| {
            let reads = |line: &str| line.contains(file.as_str()) && judges(line);
            let (within, line) = &setting.within;
            let after = within.lines().skip(*line as usize + 1).take(400);
            let later = setting
                .later
                .iter()
                .take(100)
                .flat_map(|script| script.lines().take(400));
            after.chain(later).any(reads)
        })
}
