//! Tools that no run here shows: absent ones, services of a forge, libraries.

use crate::{
    check::{
        CONFIGURED, Facts, Outcome,
        asked::{Asked, is_workflow},
        broken, kept, proof, rules,
    },
    lexicon::{self, Tool},
    pipeline::{TASKS, unread_service},
    promise::Promise,
    verdict::{Proof, Verdict},
};

/// A tool that runs nowhere, or not in the workflow that is named.
pub(super) fn absent(facts: &Facts<'_>, promise: &Promise, tool: &Tool, asked: &Asked) -> Outcome {
    let name = tool.name;
    if let Some(outcome) = not_there(facts, tool, asked) {
        return outcome;
    }
    // In a pipeline that is not read, or called from elsewhere, it may run.
    for (path, reason) in &facts.pipelines.not_examined {
        let text = facts.text(path).unwrap_or_default();
        if tool.evidence.commands.iter().any(|command| text.contains(command)) {
            let verdict = Verdict::NotExamined(format!("{path} names {name}: {reason}"));
            return Outcome::new(
                &rules::PROMISE,
                verdict,
                format!("{name} is named in {path}, which was not examined."),
            );
        }
    }
    if let Some(outcome) = in_unread(facts, promise, name).or_else(|| within_another(facts, name)) {
        return outcome;
    }
    if let Some((place, reason)) = facts.pipelines.opaque.first() {
        let verdict = Verdict::NotExamined(format!("{}:{}: {reason}", place.path, place.line));
        return Outcome::new(
            &rules::PROMISE,
            verdict,
            format!("{name} runs nowhere that is here; {}: {reason}.", place.path),
        );
    }
    if let Some(outcome) = called(facts, tool) {
        return outcome;
    }
    let configured = tool
        .evidence
        .configs
        .iter()
        .find(|config| !config.contains('#') && facts.repository.files.contains_key(**config));
    let mut proofs = vec![facts.pipelines_proof(name)];
    if let Some(config) = configured {
        proofs.push(proof(
            config,
            None,
            format!("a configuration of {name} is there, and nothing runs it"),
        ));
    }
    Outcome::new(
        &rules::TOOL_ABSENT,
        broken(proofs),
        format!("{name} is promised, and nothing here runs it."),
    )
}

/// What a pipeline of a service that is not read may run. What is said to run in a hook, or in a service that is read, does not
/// run there.
pub(super) fn in_unread(facts: &Facts<'_>, promise: &Promise, what: &str) -> Option<Outcome> {
    let lower = promise.text.to_ascii_lowercase();
    if ["github action", "gitlab", " hook", "pre-commit"]
        .iter()
        .any(|word| lower.contains(word))
    {
        return None;
    }
    let mut all = facts.pipelines.not_examined.iter();
    let (path, reason) = all.find(|(path, _)| unread_service(path).is_some())?;
    let verdict = Verdict::NotExamined(format!("{path}: {reason}"));
    let says = format!("Nothing that was read runs {what}; {path} was not examined: {reason}.");
    Some(Outcome::new(&rules::PROMISE, verdict, says))
}

/// Files that a pipeline may have run and that are not read: part of a name, and words of a pipeline that run such a file.
const CALLED: &[(&str, &[&str])] = &[
    (
        "dockerfile",
        &[
            "docker build",
            "docker buildx",
            "docker compose",
            "docker-compose",
            "podman build",
            "build-push-action",
        ],
    ),
    ("compose.yml", &["docker compose", "docker-compose"]),
    ("compose.yaml", &["docker compose", "docker-compose"]),
    ("tasks.py", &["invoke ", "inv "]),
    ("justfile", &["just"]),
    ("flake.nix", &["nix "]),
    ("pom.xml", &["mvn"]),
    ("build.gradle", &["gradle"]),
];

/// A file that is not read, that a pipeline may run, and that has the command of a tool in a line of its own.
pub(super) fn called(facts: &Facts<'_>, tool: &Tool) -> Option<Outcome> {
    let name = tool.name;
    let mut commands: Vec<&str> = tool.evidence.commands.clone();
    // As plugins for Maven and Gradle are called.
    let plugins: &[&str] = match name {
        "owasp-dependency-check" => &[
            "dependencycheck",
            "dependencycheckanalyze",
            "dependencycheckaggregate",
            "dependency-check-maven",
        ],
        "cyclonedx" => &["cyclonedxbom", "cyclonedx-maven-plugin", "cyclonedx-gradle-plugin"],
        _ => &[],
    };
    commands.extend(plugins);
    let pipelines = || facts.pipelines.files.keys().filter_map(|path| facts.text(path));
    let runs = |line: &str| {
        let line = line.to_ascii_lowercase();
        let is_said = line.trim_start().starts_with(['#', '*']) || line.trim_start().starts_with("//");
        let is_other = ["install", "echo ", "name:"].iter().any(|word| line.contains(word));
        !is_said && !is_other && commands.iter().any(|command| mentions(&line, command))
    };
    let is_one = |file: &str| {
        let (name, words) = CALLED.iter().find(|(name, _)| file.contains(name))?;
        let words: &[&str] = words;
        (!name.is_empty() && pipelines().any(|text| words.iter().any(|word| text.contains(word)))).then_some(())
    };
    let is_called = |file: &str| is_one(file).is_some();
    let is_python = |file: &str| file.ends_with(".py");
    let by_name = facts.named(&is_called).take(50);
    // A program of the repository that a pipeline names.
    let programs = facts.named(&is_python).take(5_000).filter(|path| {
        let is_named =
            |text: &str| text.contains(&format!("python {path}")) || text.contains(&format!("python3 {path}"));
        pipelines().any(is_named)
    });
    let mut own = pipelines().filter(|_| !plugins.is_empty());
    let found = by_name.chain(programs).find(|path| {
        let text = facts.text(path).unwrap_or_default();
        text.lines().take(20_000).any(runs)
    });
    let why = match found {
        Some(path) => format!("{path} names {name}, a pipeline may run it, and it is not followed"),
        None if own.any(|text| text.lines().any(runs)) => {
            format!("a pipeline calls {name} by a plugin, whose settings are not followed")
        }
        None => return None,
    };
    let says = format!("Whether {name} runs was not examined: {why}.");
    Some(Outcome::new(&rules::PROMISE, Verdict::NotExamined(why), says))
}

/// Tools that others run as a part of them: the part, the whole, and a word for the part that settings or what is installed hold.
const PARTS: &[(&str, &str, &str)] = &[
    ("gosec", "golangci-lint", "gosec"),
    ("gosec", "golangci-lint", "enable-all: true"),
    ("gosec", "golangci-lint", "default: all"),
    ("bandit", "flake8", "flake8-bandit"),
    ("bandit", "flake8", "flake8_bandit"),
];

/// A tool that another one may run, which runs here: what its settings choose is not followed.
fn within_another(facts: &Facts<'_>, name: &str) -> Option<Outcome> {
    let is_settings = |file: &str| {
        file.starts_with(".golangci.")
            || file.starts_with("requirements")
            || matches!(file, "pyproject.toml" | "setup.cfg" | "tox.ini")
    };
    let runs = |whole: &str| facts.pipelines.runs.iter().any(|run| run.tool == whole && run.gates());
    let says = |word: &str| {
        let files = facts.named(&is_settings).take(50);
        let mut all = files.chain(facts.pipelines.files.keys().map(String::as_str));
        all.find(|path| facts.text(path).is_some_and(|text| text.contains(word)))
    };
    let mut parts = PARTS.iter().filter(|(part, whole, _)| *part == name && runs(whole));
    let (whole, path) = parts.find_map(|(_, whole, word)| Some((whole, says(word)?)))?;
    let why = format!("{whole} runs here, and {path} names {name}: what it runs of it was not followed");
    let says = format!("{name} may run as a part of {whole}, which runs here: {path} names it.");
    Some(Outcome::new(&rules::PROMISE, Verdict::NotExamined(why), says))
}

/// A tool that a forge or a service runs, by its configuration.
pub(super) fn service(facts: &Facts<'_>, promise: &Promise, tool: &'static Tool) -> Outcome {
    match tool.name {
        "dependabot" | "renovate" | "pyup" => return crate::check::updates::update_bot(facts, promise),
        _ => {}
    }
    let config = tool
        .evidence
        .configs
        .iter()
        .map(|config| config.split('#').next().unwrap_or(config));
    let found: Vec<Proof> = config
        .filter(|config| facts.repository.files.contains_key(*config))
        .map(|config| proof(config, None, format!("{} is configured", tool.name)))
        .collect();
    if found.is_empty() {
        let verdict = Verdict::Unverifiable {
            why: "it runs at a forge or a service, and no file here says so",
            would: "the settings or reports of the service",
        };
        return Outcome::new(
            &rules::PROMISE,
            verdict,
            format!("{} runs at a service: no file here shows it.", tool.name),
        );
    }
    Outcome::new(
        &rules::PROMISE,
        kept(found, Some(CONFIGURED)),
        format!("{} is configured.", tool.name),
    )
}

/// A library: kept when a manifest names it.
pub(super) fn library(facts: &Facts<'_>, promise: &Promise, tool: &Tool) -> Outcome {
    let manifest = |name: &str| {
        name.starts_with("requirements")
            || name.starts_with("constraints")
            || matches!(
                name,
                "pyproject.toml"
                    | "setup.py"
                    | "setup.cfg"
                    | "cargo.toml"
                    | "package.json"
                    | "environment.yml"
                    | "pipfile"
                    | "poetry.lock"
                    | "uv.lock"
            )
    };
    let found: Vec<Proof> = facts
        .named(&manifest)
        .take(500)
        .filter_map(|path| {
            let text = facts.text(path)?;
            let line = text.lines().position(|line| mentions(line, tool.name))?;
            Some(proof(
                path,
                u32::try_from(line + 1).ok(),
                format!("{} is a dependency", tool.name),
            ))
        })
        .collect();
    let installs = |path: &String| {
        let is_installed = |line: &&str| line.contains("install") && !line.trim_start().starts_with('#');
        let mut lines = facts.text(path)?.lines();
        let line = lines.position(|line| is_installed(&line) && mentions(line, tool.name))?;
        let note = format!("{} is installed here", tool.name);
        Some(proof(path, u32::try_from(line + 1).ok(), note))
    };
    let installed: Vec<Proof> = facts.pipelines.files.keys().filter_map(installs).take(4).collect();
    if found.is_empty() && !installed.is_empty() {
        let limit = "that a pipeline installs it does not show how it is used";
        let says = format!("{} is installed by a pipeline.", tool.name);
        if promise.frame.frequency.is_some() {
            let verdict = Verdict::Unverifiable {
                why: "a pipeline installs it, and what runs it is a program of the project",
                would: "the runs of that pipeline",
            };
            return Outcome::new(&rules::PROMISE, verdict, says);
        }
        return Outcome::new(&rules::PROMISE, kept(installed, Some(limit)), says);
    }
    if found.is_empty() {
        let note = format!("no manifest of the repository names {}", tool.name);
        let path = facts.named(&manifest).next().unwrap_or("pyproject.toml");
        return Outcome::new(
            &rules::TOOL_ABSENT,
            broken(vec![proof(path, None, note)]),
            format!("{} is promised, and no manifest names it.", tool.name),
        );
    }
    let limit = "that it is a dependency does not show how it is used";
    Outcome::new(
        &rules::PROMISE,
        kept(found, Some(limit)),
        format!("{} is a dependency.", tool.name),
    )
}

/// "CI runs redocly lint": a program that a pipeline calls so, and that is no linter which is known. What others make of the
/// code says nothing of it.
pub(super) fn other_linter(facts: &Facts<'_>, promise: &Promise) -> Option<Outcome> {
    fn words(text: &str) -> Vec<&str> {
        let is_mark = |c: char| !c.is_ascii_alphanumeric() && c != '@' && c != '/';
        text.split_whitespace().map(|word| word.trim_matches(is_mark)).collect()
    }
    let before = |words: &[&str]| -> Vec<String> {
        let pairs = words.windows(2).filter(|pair| matches!(pair, [_, "lint"]));
        pairs.filter_map(|pair| Some((*pair.first()?).to_owned())).collect()
    };
    let is_known = |name: &str| {
        name == "run"
            || TASKS.contains(&name)
            || lexicon::tools()
                .iter()
                .any(|tool| tool.evidence.commands.contains(&name))
    };
    let said = before(&words(&promise.text));
    let mut said = said.iter().filter(|name| name.len() > 2 && !is_known(name)).peekable();
    said.peek()?;
    let texts = facts.pipelines.files.keys().filter_map(|path| facts.text(path));
    let is_called = |line: &str| !line.contains("name:") && !line.trim_start().starts_with('#');
    let lines = texts
        .flat_map(str::lines)
        .take(50_000)
        .filter(|line| line.contains(" lint") && is_called(line));
    let called: Vec<String> = lines.flat_map(|line| before(&words(line))).collect();
    let name = said.find(|name| {
        called
            .iter()
            .any(|call| call.split(['/', '@']).any(|part| part == *name))
    })?;
    let why = format!("a pipeline runs `{name} lint`, which is no linter that is known");
    let says = format!("Whether `{name} lint` does it was not examined: it is no linter that is known.");
    Some(Outcome::new(&rules::PROMISE, Verdict::NotExamined(why), says))
}

/// Whether a word stands in a line by itself.
fn mentions(line: &str, word: &str) -> bool {
    let line = line.to_ascii_lowercase();
    line.match_indices(word).any(|(at, _)| {
        let edge = |c: Option<char>| !c.is_some_and(|c| c.is_ascii_alphanumeric());
        edge(line.get(..at).and_then(|before| before.chars().next_back()))
            && edge(line.get(at + word.len()..).and_then(|after| after.chars().next()))
    })
}

/// A tool that is to run in a workflow that the sentence names, and does not run there.
fn not_there(facts: &Facts<'_>, tool: &Tool, asked: &Asked) -> Option<Outcome> {
    let wanted = asked.workflow.as_deref()?;
    let name = tool.name;
    let path = facts.repository.files.keys().find(|path| is_workflow(path, wanted));
    let Some(path) = path else {
        let shown = proof(wanted, None, "the workflow that the sentence names is not there");
        let says = format!("{name} is said to run in a workflow that is not there.");
        return Some(Outcome::new(&rules::TOOL_ABSENT, broken(vec![shown]), says));
    };
    // What could not be read, or stands elsewhere, may run it.
    let dark = facts.pipelines.not_examined.iter().any(|(other, _)| other == path)
        || facts.pipelines.opaque.iter().any(|(place, _)| place.path == *path);
    if dark {
        return None;
    }
    let mut proofs = vec![proof(path, None, format!("it does not run {name}"))];
    let others = facts.pipelines.runs.iter().filter(|run| run.tool == name).take(3);
    proofs.extend(others.map(|run| proof(&run.place.path, Some(run.place.line), format!("{name} stands here"))));
    let says = format!("The workflow that the sentence names does not run {name}.");
    Some(Outcome::new(&rules::TOOL_ABSENT, broken(proofs), says))
}
