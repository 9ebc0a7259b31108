//! Where a command stands, and what it is once its wrappers are off.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use super::{
    Hollow, Occasion, Period, Pipelines, Run, Service,
    expression::DYNAMIC,
    judge,
    script::{self, Fate, Shell},
    tasks,
};
use crate::{
    lexicon::{Tool, tools},
    promise::Place,
    repository::Repository,
};

/// Most commands of one repository that are looked at.
const COMMANDS: usize = 30_000;
/// Runs whose results are looked for in later commands.
const LOOKED_FOR: usize = 500;
/// Tasks that are followed in all.
const TASKS: usize = 600;
/// Longest script in which they are looked for.
const SCRIPT: usize = 64 << 10;
/// Tasks that call tasks that are followed.
pub(super) const FOLLOWED: usize = 6;

/// Where a command stands: what is known from outside of it.
#[derive(Debug, Clone)]
pub(super) struct Setting {
    pub(super) service: Service,
    /// The file that an event starts: a workflow that calls others stands for them.
    pub(super) entry: Rc<str>,
    pub(super) occasions: Vec<Occasion>,
    pub(super) period: Option<Period>,
    pub(super) hollow: Vec<Hollow>,
    pub(super) unknown: Option<&'static str>,
    /// The folder it runs in, from the root; none when that is not known.
    pub(super) directory: Option<String>,
    pub(super) env: Rc<BTreeMap<String, String>>,
    /// How many commits are checked out, 0 for all; none when nothing says so.
    pub(super) commits: Option<u64>,
    /// Requirements of the project are installed.
    pub(super) installed: bool,
    /// Something was fetched or made: files that git does not track may be there.
    pub(super) fetched: bool,
    /// Files that commands before it wrote.
    pub(super) made: Rc<Vec<String>>,
    /// Nothing is checked out.
    pub(super) nothing_there: bool,
    /// Scripts of the steps after this one.
    pub(super) later: Rc<Vec<String>>,
    /// The script it stands in, and its line there.
    pub(super) within: (Rc<str>, u32),
    /// How many tasks called one another to get here.
    pub(super) followed: usize,
}

impl Setting {
    pub(super) fn new(service: Service) -> Self {
        Self {
            service,
            entry: Rc::from(""),
            occasions: Vec::new(),
            period: None,
            hollow: Vec::new(),
            unknown: None,
            directory: Some(String::new()),
            env: Rc::default(),
            commits: None,
            installed: false,
            fetched: false,
            made: Rc::default(),
            nothing_there: false,
            later: Rc::default(),
            within: (Rc::from(""), 0),
            followed: 0,
        }
    }

    /// The same with one more reason.
    pub(super) fn with(&self, hollow: Option<Hollow>) -> Self {
        let mut out = self.clone();
        out.hollow.extend(hollow);
        out
    }
}

/// Where lines are: a file, and the line of the first line of a text in it; where all of the text stands on one line of the
/// file, or its lines are not those of the file, `whole` is set.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    pub(super) path: String,
    pub(super) line: u32,
    pub(super) whole: bool,
}

impl Origin {
    pub(super) fn place(&self, breaks: u32) -> Place {
        let line = if self.whole {
            self.line
        } else {
            self.line.saturating_add(breaks)
        };
        Place {
            path: self.path.clone(),
            line,
            last_line: line,
        }
    }
}

/// Reads a repository's pipelines.
pub(super) struct Reader<'r> {
    pub(super) repository: &'r Repository,
    pub(super) out: Pipelines,
    /// Every folder that holds a tracked file.
    folders: BTreeSet<&'r str>,
    /// The project's name, as its slug ends.
    own: Option<String>,
    left: usize,
    looked_for: usize,
    /// Tasks that are being followed, and how many more may be.
    pub(super) active: BTreeSet<String>,
    pub(super) tasks: usize,
    /// First words of commands to tools.
    commands: BTreeMap<&'static str, Vec<(Vec<&'static str>, &'static Tool)>>,
    pub(super) hooks_called: bool,
    /// Workflows that others call.
    pub(super) called: BTreeSet<String>,
}

impl<'r> Reader<'r> {
    pub(super) fn new(repository: &'r Repository) -> Self {
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
        Self {
            repository,
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

    pub(super) fn finish(self) -> Pipelines {
        self.out
    }

    /// The bytes of a tracked file.
    pub(super) fn bytes(&self, path: &str) -> Option<&'r [u8]> {
        self.repository.files.get(path)?.bytes.as_deref()
    }

    /// The text of a tracked file.
    pub(super) fn text(&self, path: &str) -> Option<&'r str> {
        std::str::from_utf8(self.bytes(path)?).ok()
    }

    /// Whether a path is a tracked file or a folder with one.
    pub(super) fn exists(&self, path: &str) -> bool {
        path.is_empty() || self.repository.files.contains_key(path) || self.folders.contains(path)
    }

    /// Whether a path is a folder with a tracked file.
    pub(super) fn is_folder(&self, path: &str) -> bool {
        path.is_empty() || self.folders.contains(path)
    }

    /// Tracked files below a folder, or the file itself.
    pub(super) fn below<'s>(&'s self, path: &'s str) -> impl Iterator<Item = &'r str> + 's {
        self.repository.files.keys().map(String::as_str).filter(move |file| {
            path.is_empty() || *file == path || file.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'))
        })
    }

    pub(super) fn skipped(&mut self, path: &str, reason: impl Into<String>) {
        self.out.not_examined.push((path.to_owned(), reason.into()));
    }

    /// Looks at every command of a script. What it installs is remembered in `setting`.
    pub(super) fn script(&mut self, text: &str, shell: Shell, setting: &mut Setting, origin: &Origin, outer: Fate) {
        self.commented(text, setting, origin);
        let whole: Rc<str> = Rc::from(if text.len() <= SCRIPT { text } else { "" });
        for run in script::commands(text, shell) {
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
            let place = origin.place(run.line);
            self.command(&run.words, &run.writes, own, place, run.fate.within(outer), setting);
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
    pub(super) fn tool_of(&self, words: &[String]) -> Option<(&'static Tool, usize)> {
        let first = words.first()?;
        let program = first.rsplit('/').next().unwrap_or(first);
        let program = program.split('@').next().unwrap_or(program);
        let program = program.strip_suffix(".exe").unwrap_or(program);
        // A tool's own repository that runs what it has just built is no scan.
        if first.starts_with("./") && self.own.as_deref() == Some(program) {
            return None;
        }
        let list = self.commands.get(program)?;
        list.iter().find_map(|(command, tool)| {
            let rest = words.get(1..).unwrap_or_default();
            let mut count = 1;
            // Flags may stand between a program and its command: `gitleaks --verbose detect`, `cargo +nightly audit`.
            for word in command.iter().skip(1) {
                let at = rest
                    .get(count - 1..)?
                    .iter()
                    .position(|one| !one.starts_with(['-', '+']))?;
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
            return;
        }
        if let Some((tool, named)) = self.tool_of(&bare.words) {
            if tool.name == "pre-commit" {
                self.pre_commit(&bare.words, own, &place, fate);
                return;
            }
            if tool.name == "tox" {
                let program = first.rsplit('/').next().unwrap_or(first).to_owned();
                tasks::follow(self, &program, &bare.words, own, &place, fate);
                return;
            }
            let judgement = judge::command(self, tool, &bare, named, &own, writes);
            self.push(tool, place, &own, bare.words.join(" "), judgement, fate);
            return;
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
        let wrote = writes.iter().cloned().chain(script::outputs(&bare.words));
        let wrote: Vec<String> = wrote
            .filter(|file| !file.starts_with("/dev/") && !file.contains('$'))
            .collect();
        if !wrote.is_empty() && setting.made.len() < 200 {
            Rc::make_mut(&mut setting.made).extend(wrote);
        }
        if installs(&bare.words) {
            setting.installed = true;
        }
        let program = first.rsplit('/').next().unwrap_or(first).to_owned();
        if matches!(
            program.as_str(),
            "curl"
                | "wget"
                | "dvc"
                | "aws"
                | "gsutil"
                | "gcloud"
                | "az"
                | "huggingface-cli"
                | "hf"
                | "git"
                | "mkdir"
                | "cp"
                | "mv"
                | "tar"
                | "unzip"
                | "docker"
                | "rsync"
                | "scp"
                | "python"
                | "python3"
                | "cmake"
        ) {
            setting.fetched = true;
        }
        tasks::follow(self, &program, &bare.words, own, &place, fate);
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
        let only = words
            .iter()
            .skip_while(|word| *word != "run")
            .skip(1)
            .find(|word| !word.starts_with('-'))
            .cloned();
        self.hooks_of_pipeline(own, place, only);
    }

    /// The hooks of `.pre-commit-config.yaml`, run by a pipeline.
    pub(super) fn hooks_of_pipeline(&mut self, own: Setting, place: &Place, only: Option<String>) {
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
        super::hooks::in_pipeline(self, own, only.as_deref());
    }

    /// Records a run.
    pub(super) fn push(
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
            period: setting.period,
            hollow,
            limits,
            unknown,
            floor: judgement.floor,
            targets: judgement.targets,
            serves: judgement.serves,
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

/// A command without what stands around it.
#[derive(Debug, Clone, Default)]
pub(super) struct Bare {
    pub(super) words: Vec<String>,
    /// It runs in an environment of its own, without the project's packages (`uvx`, `pipx run`).
    pub(super) isolated: bool,
    /// It runs in the project's environment (`poetry run`, `uv run`).
    pub(super) project: bool,
}

/// Takes off assignments, `sudo`, `env`, `poetry run`, `python -m`, `npx` and the like.
fn strip(words: &[String], setting: &mut Setting) -> Bare {
    let mut bare = Bare::default();
    let mut rest = words;
    for _ in 0..12 {
        let Some(first) = rest.first() else { return bare };
        if let Some((name, value)) = script::assignment(first) {
            Rc::make_mut(&mut setting.env).insert(name.to_owned(), value.to_owned());
            rest = rest.get(1..).unwrap_or_default();
            continue;
        }
        let program = first.rsplit('/').next().unwrap_or(first);
        let second = rest.get(1).map(String::as_str).unwrap_or_default();
        let (skip, valued): (usize, &[&str]) = match (program, second) {
            ("export", _) if rest.len() > 1 => (1, &[]),
            ("command" | "exec" | "time" | "nohup" | "builtin" | "@" | "chronic" | "winpty", _) => (1, &[]),
            (
                "sudo" | "doas" | "env" | "nice" | "ionice" | "stdbuf" | "xvfb-run" | "timeout" | "retry" | "xargs"
                | "unbuffer",
                _,
            ) => (1, &["-u", "-g", "-n", "-c", "-k", "-s", "-I", "-P", "-L", "-t"]),
            ("poetry" | "pipenv" | "pdm" | "rye" | "hatch" | "pixi" | "conda" | "mamba" | "micromamba", "run") => {
                bare.project = true;
                (2, &["-n", "--name", "-p", "-e", "--environment", "--env"])
            }
            ("uv", "run") => {
                bare.project = true;
                (2, UV)
            }
            ("uv", "tool") if rest.get(2).is_some_and(|word| word == "run") => {
                bare.isolated = true;
                (3, UV)
            }
            ("uvx", _) => {
                bare.isolated = true;
                (1, UV)
            }
            ("pipx", "run") => {
                bare.isolated = true;
                (2, &["--spec", "--python", "--with"])
            }
            ("npx" | "bunx", _) => (1, &["-p", "--package"]),
            ("pnpm" | "yarn", "exec" | "dlx") | ("npm", "exec") | ("bundle", "exec") | ("mise", "exec") => (2, &[]),
            ("python" | "python3" | "py", "-m") => (2, &[]),
            ("coverage", "run") if rest.iter().any(|word| word == "-m") => {
                (rest.iter().position(|word| word == "-m").map_or(2, |at| at + 1), &[])
            }
            ("go", "run") => (2, &[]),
            ("docker" | "podman", "run") => match container(rest) {
                Some(words) => {
                    bare.words = words;
                    setting.directory = None;
                    return bare;
                }
                None => return bare,
            },
            ("find", _) => match rest.iter().position(|word| word == "-exec" || word == "-execdir") {
                // With `;` the status of what it runs is lost.
                Some(at) => {
                    if rest.last().is_some_and(|word| word == ";") {
                        setting.hollow.push(Hollow::Captured);
                    }
                    rest = rest.get(at + 1..).unwrap_or_default();
                    continue;
                }
                None => (0, &[]),
            },
            _ if program.starts_with("python3.") && second == "-m" => (2, &[]),
            _ => (0, &[]),
        };
        if skip == 0 {
            break;
        }
        rest = rest.get(skip..).unwrap_or_default();
        let number = |word: &String| program == "timeout" && word.starts_with(|c: char| c.is_ascii_digit());
        while let Some(word) = rest.first().filter(|word| word.starts_with('-') || number(word)) {
            let takes = valued.contains(&word.as_str());
            rest = rest.get(1 + usize::from(takes)..).unwrap_or_default();
        }
    }
    bare.words = rest.to_vec();
    // Modules are named with `_` where programs have `-`.
    let module = words.iter().any(|word| word == "-m");
    if let Some(first) = bare.words.first_mut() {
        if module {
            *first = first.replace('_', "-");
        }
        // `go run golang.org/x/vuln/cmd/govulncheck@latest`: the last part names it.
        if first.contains('/') && first.contains('@') && !first.starts_with('@') {
            *first = first.rsplit('/').next().unwrap_or_default().to_owned();
        }
    }
    bare
}

const UV: &[&str] = &[
    "--with",
    "--extra",
    "--group",
    "--python",
    "-p",
    "--project",
    "--directory",
    "--package",
    "--only-group",
    "--from",
    "--with-requirements",
    "--index-url",
    "--no-group",
    "-q",
];

/// The command that a container is given, with the image's name as its program where the image is a tool's own.
fn container(words: &[String]) -> Option<Vec<String>> {
    const VALUED: &[&str] = &[
        "-v",
        "--volume",
        "-e",
        "--env",
        "-w",
        "--workdir",
        "--name",
        "-u",
        "--user",
        "--entrypoint",
        "--network",
        "-p",
        "--mount",
        "--env-file",
        "--platform",
        "--pull",
    ];
    let mut at = 2;
    while let Some(word) = words.get(at).filter(|word| word.starts_with('-')) {
        at += 1 + usize::from(VALUED.contains(&word.as_str()));
    }
    let image = words.get(at)?;
    let name = image.split(['@', ':']).next().unwrap_or(image);
    let name = name.rsplit('/').next().unwrap_or(name);
    let rest = words.get(at + 1..).unwrap_or_default();
    let mut out = Vec::new();
    // `aquasec/trivy image x` and `semgrep/semgrep semgrep scan`.
    if rest
        .first()
        .is_none_or(|word| word != name && !(word.starts_with("sh") || word.starts_with("bash")))
    {
        out.push(name.to_owned());
    }
    out.extend(rest.iter().cloned());
    Some(out)
}

/// Whether a command installs the project's requirements.
fn installs(words: &[String]) -> bool {
    let word = |at: usize| words.get(at).map(String::as_str).unwrap_or_default();
    let program = word(0).rsplit('/').next().unwrap_or_default();
    let pip = |from: usize| {
        let rest = words.get(from..).unwrap_or_default();
        rest.iter().any(|word| {
            matches!(
                word.as_str(),
                "-r" | "--requirement" | "." | "-e" | "--editable" | "--group"
            ) || word.starts_with(".[")
                || word.starts_with("-r")
                || word.starts_with("--requirement=")
                || word.starts_with("./")
                || word.ends_with(".whl")
        })
    };
    match (program, word(1)) {
        ("pip" | "pip3", "install") => pip(2),
        ("uv", "pip") => word(2) == "sync" || word(2) == "install" && pip(3),
        ("uv", "sync") | ("poetry" | "pdm" | "pipenv" | "npm" | "yarn" | "pnpm", "install") => true,
        ("pipenv" | "pdm" | "rye" | "hatch" | "pixi", "sync" | "install" | "env")
        | ("npm", "ci" | "i")
        | ("pip-sync", _) => true,
        ("yarn" | "pnpm", "") => true,
        ("conda" | "mamba" | "micromamba", "env" | "create" | "install") => true,
        ("python" | "python3", "setup.py") => matches!(word(2), "develop" | "install"),
        ("make", target) => target.contains("install") || target.contains("setup") || target.contains("deps"),
        _ => false,
    }
}

/// The tools that a command installs.
fn installed(words: &[String], reader: &Reader<'_>) -> Option<Vec<&'static Tool>> {
    let at = words.iter().position(|word| word == "install" || word == "add")?;
    let program = words.first()?.rsplit('/').next()?;
    if !matches!(
        program,
        "pip"
            | "pip3"
            | "uv"
            | "pipx"
            | "npm"
            | "cargo"
            | "go"
            | "brew"
            | "apt-get"
            | "apt"
            | "poetry"
            | "gem"
            | "conda"
    ) {
        return None;
    }
    let named: Vec<&'static Tool> = words
        .get(at + 1..)?
        .iter()
        .filter(|word| !word.starts_with('-'))
        .filter_map(|word| {
            let name: String = word
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
                .collect();
            let name = name
                .split(['=', '<', '>', '~', '['])
                .next()
                .unwrap_or_default()
                .to_ascii_lowercase();
            let list = reader.commands.get(name.as_str())?;
            list.first().map(|(_, tool)| *tool)
        })
        .collect();
    (!named.is_empty()).then_some(named)
}
