//! What hands nothing to anybody: commands and actions of which that is known.
//!
//! A promise that something comes before every release is kept only where nothing else may be a release. Whatever is not in
//! these lists may be one: nobody guesses from its name. What a task or a script of the repository does is followed, and
//! its commands are asked one by one.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use super::expression::DYNAMIC;

/// Programs, whatever they are told.
static PROGRAMS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let lines = lines(include_str!("harmless/programs.txt"));
    lines.flat_map(str::split_whitespace).collect()
});

/// Programs with the first words that make them harmless.
static PARTS: LazyLock<HashMap<&str, Vec<&str>>> = LazyLock::new(|| {
    let lines = lines(include_str!("harmless/parts.txt")).filter_map(|line| line.split_once(": "));
    lines
        .map(|(name, parts)| (name, parts.split_whitespace().collect()))
        .collect()
});

/// Actions. What is called `setup-..` sets something up, and is not among them.
static ACTIONS: LazyLock<HashSet<&str>> = LazyLock::new(|| lines(include_str!("harmless/actions.txt")).collect());

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#'))
}

/// Goals of Maven and tasks of Gradle that build and test.
const GOALS: &[&str] = &[
    "clean",
    "validate",
    "compile",
    "test",
    "test-compile",
    "package",
    "verify",
    "install",
    "integration-test",
    "site",
    "build",
    "check",
    "assemble",
    "lint",
    "jar",
    "javadoc",
    "wrapper",
    "classes",
    "testClasses",
];

/// Commands of Django itself; a project may have others.
///
/// Source: Django documentation, "django-admin and manage.py", "Available commands".
const DJANGO: &[&str] = &[
    "check",
    "collectstatic",
    "compilemessages",
    "createcachetable",
    "createsuperuser",
    "diffsettings",
    "dumpdata",
    "flush",
    "help",
    "inspectdb",
    "loaddata",
    "makemessages",
    "makemigrations",
    "migrate",
    "showmigrations",
    "sqlmigrate",
    "test",
];

/// Plugins of Maven whose goals hand out nothing, by their prefixes.
///
/// Source: documentation of each plugin. That of the release, of the deployment and of images are not among them.
const PLUGINS: &[&str] = &[
    "checkstyle",
    "clean",
    "compiler",
    "dependency",
    "enforcer",
    "failsafe",
    "formatter",
    "help",
    "jacoco",
    "jar",
    "javadoc",
    "license",
    "pmd",
    "resources",
    "source",
    "spotbugs",
    "spotless",
    "surefire",
    "versions",
];

/// Whether a goal of Maven that is named with its plugin is of one that is known; `group:plugin:version:goal` has its name second.
fn is_known_goal(goal: &str) -> bool {
    let parts: Vec<&str> = goal.split(':').collect();
    let plugin = match &parts[..] {
        [prefix, _] => *prefix,
        [_, artifact, ..] => {
            let name = artifact.strip_suffix("-maven-plugin").or_else(|| {
                let own = artifact.strip_prefix("maven-")?;
                own.strip_suffix("-plugin")
            });
            name.unwrap_or(artifact)
        }
        _ => return false,
    };
    PLUGINS.contains(&plugin)
}

fn is_python(program: &str) -> bool {
    matches!(program, "python" | "python3")
}

/// Whether a script asks which event or which branch it runs for: what it does for a pull request is then not what it does
/// for a tag.
pub(super) fn is_told_apart(script: &str) -> bool {
    let names = [
        "GITHUB_REF",
        "GITHUB_EVENT",
        "GITHUB_HEAD_REF",
        "GITHUB_BASE_REF",
        DYNAMIC,
    ];
    names.iter().any(|name| script.contains(name))
}

/// Whether something is called like what hands out: then it is not taken for harmless although every pull request runs it.
pub(super) fn is_called_so<'w>(words: impl Iterator<Item = &'w String>) -> bool {
    const NAMES: &[&str] = &["publish", "release", "deploy", "push", "upload", "ship"];
    let is_one = |word: &String| {
        let word = word.to_ascii_lowercase();
        NAMES.iter().any(|name| word.contains(name))
    };
    words.take(20).any(is_one)
}

/// Whether a command without its wrappers is known to hand out nothing.
pub(super) fn command(words: &[String]) -> bool {
    let Some(first) = words.first() else { return true };
    if matches!(first.as_str(), "source" | ".") {
        return words
            .get(1)
            .is_some_and(|file| file.rsplit('/').next() == Some("activate"));
    }
    let program = first.rsplit('/').next().unwrap_or(first);
    let program = program.strip_suffix(".exe").unwrap_or(program);
    let rest = words.get(1..).unwrap_or_default();
    if rest.iter().any(|word| word.contains(DYNAMIC)) && !PROGRAMS.contains(program) && !is_installer(program, rest) {
        return false;
    }
    if let [only] = rest
        && matches!(only.as_str(), "--version" | "--help" | "-V" | "version")
    {
        return true;
    }
    if is_python(program)
        && rest
            .first()
            .is_some_and(|word| word == "manage.py" || word == "./manage.py")
    {
        return rest.get(1).is_some_and(|part| DJANGO.contains(&part.as_str()));
    }
    let tries = [
        "cargo",
        "npm",
        "pnpm",
        "yarn",
        "helm",
        "kubectl",
        "poetry",
        "uv",
        "semantic-release",
        "rsync",
    ];
    if tries.contains(&program) && rest.iter().any(|word| word == "--dry-run") {
        return true;
    }
    // What puts a package together may also be told to hand it out.
    let sends = |word: &String| {
        matches!(
            word.as_str(),
            "--push" | "--publish" | "--upload" | "--deploy" | "--sign-and-upload" | "--release"
        ) && !(matches!(program, "cargo" | "cross") && word == "--release")
            || word.starts_with("--push=") && word != "--push=false"
            || word.contains("push=true")
            || word.contains("type=registry")
    };
    if rest.iter().any(sends) && !PROGRAMS.contains(program) {
        return false;
    }
    match program {
        "curl" | "wget" => return downloads(rest),
        "mvn" | "mvnw" => return builds(rest, is_known_goal),
        "gradle" | "gradlew" => {
            return builds(rest, |task| {
                task.rsplit(':').next().is_some_and(|own| GOALS.contains(&own))
            });
        }
        "docker" | "podman" if matches!(first_of(rest), Some("buildx" | "compose" | "builder")) => {
            let second = rest.iter().filter(|word| !word.starts_with('-')).nth(1);
            let known = [
                "build", "create", "use", "inspect", "ls", "version", "config", "pull", "up", "down", "ps", "logs",
                "stop", "start", "rm", "prune", "wait",
            ];
            return second.is_some_and(|second| known.contains(&second.as_str()));
        }
        "docker-compose" => {
            return matches!(
                first_of(rest),
                Some("build" | "up" | "down" | "pull" | "config" | "ps" | "logs")
            );
        }
        "docker" | "podman" if matches!(first_of(rest), Some("image" | "manifest" | "system")) => {
            return !rest.iter().any(|word| word == "push");
        }
        "node" if rest.first().is_some_and(|word| word == "--test") => return true,
        "git" if first_of(rest) == Some("lfs") => return !rest.iter().any(|word| word == "push"),
        "gh" if first_of(rest) == Some("release") => {
            let second = rest.iter().filter(|word| !word.starts_with('-')).nth(1);
            return second.is_some_and(|second| matches!(second.as_str(), "view" | "list" | "download"));
        }
        "gh" if first_of(rest) == Some("run") => return !rest.iter().any(|word| word == "rerun"),
        "python" | "python3" if rest.first().is_some_and(|word| word == "setup.py") => {
            let goals = [
                "sdist",
                "bdist_wheel",
                "bdist",
                "install",
                "develop",
                "build",
                "build_ext",
                "check",
                "test",
                "clean",
                "egg_info",
            ];
            let mut own = rest.iter().skip(1).filter(|word| !word.starts_with('-'));
            return own.all(|word| goals.contains(&word.as_str()) || !word.contains(char::is_alphabetic));
        }
        _ => {}
    }
    if PROGRAMS.contains(program) {
        return true;
    }
    let parts = PARTS.get(program);
    parts.is_some_and(|parts| match first_of(rest).or(rest.first().map(String::as_str)) {
        Some(part) => parts.contains(&part) || *parts == ["*"],
        None => parts.contains(&"*"),
    })
}

/// The first word that is no flag and no toolchain.
fn first_of(rest: &[String]) -> Option<&str> {
    let mut words = rest.iter().map(String::as_str);
    words.find(|word| !word.starts_with(['-', '+']))
}

/// Whether a command installs what a run names: whatever that is, it is brought here.
fn is_installer(program: &str, rest: &[String]) -> bool {
    matches!(
        program,
        "pip" | "pip3" | "npm" | "pnpm" | "yarn" | "cargo" | "gem" | "conda" | "uv" | "go" | "docker" | "git"
    ) && rest.first().is_some_and(|word| {
        matches!(
            word.as_str(),
            "install" | "add" | "ci" | "pip" | "build" | "test" | "tag" | "checkout" | "config"
        )
    })
}

/// Whether `curl` and `wget` only fetch.
fn downloads(rest: &[String]) -> bool {
    let gives = |word: &String| {
        let word = word.as_str();
        let short = word.starts_with('-') && !word.starts_with("--");
        word.starts_with("--data")
            || word.starts_with("--form")
            || word.starts_with("--upload")
            || word.starts_with("--post")
            || word.starts_with("--body")
            || word.starts_with("--method")
            || word.starts_with("--request")
            || word.starts_with("--json")
            || word.starts_with("--config")
            || short && word.contains(['T', 'd', 'F', 'X', 'K'])
    };
    !rest.iter().any(gives)
}

/// Whether Maven or Gradle only builds and tests; `is_known` is asked of what is named with a plugin or a project.
fn builds(rest: &[String], is_known: impl Fn(&str) -> bool) -> bool {
    let takes = |at: usize| {
        let before = at.checked_sub(1).and_then(|at| rest.get(at)).map(String::as_str);
        matches!(
            before,
            Some("-f" | "--file" | "-P" | "-pl" | "--projects" | "-s" | "--settings" | "-T" | "-p")
        )
    };
    let words = rest.iter().enumerate();
    let goals = words.filter(|(at, word)| !word.starts_with('-') && !takes(*at));
    let mut goals = goals.map(|(_, word)| word).peekable();
    goals.peek().is_some() && goals.all(|goal| GOALS.contains(&goal.as_str()) || goal.contains(':') && is_known(goal))
}

/// Whether an action is known to hand out nothing with these inputs.
pub(super) fn action(slug: &str, with: &[(String, String)]) -> bool {
    let slug = slug.to_ascii_lowercase();
    let mut parts = slug.split('/');
    let owner = parts.next().unwrap_or_default();
    let name = parts.next().unwrap_or_default();
    let input = |name: &str| {
        let found = with.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim())
    };
    if matches!(slug.as_str(), "docker/build-push-action" | "docker/bake-action") {
        let keeps = input("push").is_none_or(|push| matches!(push, "false" | ""));
        let writes = ["outputs", "set", "files"].iter().filter_map(|name| input(name));
        let mut writes =
            writes.filter(|text| text.contains("push") || text.contains("registry") || text.contains(DYNAMIC));
        return keeps && writes.next().is_none();
    }
    if slug == "release-drafter/release-drafter" {
        return input("publish").is_none_or(|publish| matches!(publish, "false" | ""));
    }
    let is_known = ACTIONS.contains(owner) || ACTIONS.contains(format!("{owner}/{name}").as_str());
    is_known || name.starts_with("setup-") && !name.contains("release") && !name.contains("publish")
}
