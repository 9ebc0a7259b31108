//! Promises that updates of dependencies are proposed: by Dependabot, by Renovate.

use std::{collections::BTreeSet, sync::LazyLock};

use regex::Regex;
use ward_formats::yaml::{Shape, Value as Node, Yaml};

use super::{CONFIGURED, Facts, Outcome, broken, dependencies, kept, proof, rules, weak};
use crate::{
    pipeline::glob,
    promise::{Frequency, Promise},
    verdict::{Proof, Verdict},
};

const YAML: ward_formats::Budget = ward_formats::Budget {
    bytes: 1 << 20,
    depth: 32,
    items: 50_000,
};

/// The bots that propose updates, with their files.
const RENOVATE: &[&str] = &[
    "renovate.json",
    "renovate.json5",
    ".renovaterc",
    ".renovaterc.json",
    ".github/renovate.json",
    ".github/renovate.json5",
    ".gitlab/renovate.json",
];

/// Updates are proposed.
pub(super) fn update_bot(facts: &Facts<'_>, promise: &Promise) -> Outcome {
    let named = |name: &str| promise.frame.tools.contains(&name);
    let (wants_dependabot, wants_renovate) = (named("dependabot"), named("renovate"));
    let dependabot = [".github/dependabot.yml", ".github/dependabot.yaml"]
        .iter()
        .find(|path| facts.repository.files.contains_key(**path));
    let renovate = RENOVATE.iter().find(|path| facts.repository.files.contains_key(**path));
    if wants_dependabot && dependabot.is_none() || wants_renovate && renovate.is_none() && !wants_dependabot {
        let (path, name) = if wants_dependabot {
            (".github/dependabot.yml", "Dependabot")
        } else {
            ("renovate.json", "Renovate")
        };
        let alerts = promise.text.to_ascii_lowercase().contains("alert");
        if alerts && wants_dependabot {
            let verdict = Verdict::Unverifiable {
                why: "alerts of the forge are a setting, not a file",
                would: "the settings of the forge",
            };
            return Outcome::new(
                &rules::FORGE_SETTING,
                verdict,
                "Alerts of the forge are a setting: no file shows it.",
            );
        }
        let shown = proof(path, None, format!("no configuration of {name} is there"));
        return Outcome::new(
            &rules::UPDATE_BOT,
            broken(vec![shown]),
            format!("{name} is promised, and nothing configures it."),
        );
    }
    if let Some(path) = dependabot.filter(|_| !wants_renovate || wants_dependabot) {
        return by_dependabot(facts, promise, path);
    }
    if let Some(path) = renovate {
        return by_renovate(facts, promise, path);
    }
    let lower = promise.text.to_ascii_lowercase();
    let firm = ["automat", "bot", "pull request", "weekly", "daily", "monthly"]
        .iter()
        .any(|word| lower.contains(word))
        || promise
            .frame
            .frequency
            .is_some_and(|often| often != Frequency::Regularly);
    if !firm {
        return Outcome::new(
            &rules::VAGUE,
            Verdict::Vague,
            "It names no bot and no time, so that nothing can be held against it.",
        );
    }
    let shown = proof(
        ".github/dependabot.yml",
        None,
        "no configuration of Dependabot or Renovate is there",
    );
    Outcome::new(
        &rules::UPDATE_BOT,
        broken(vec![shown]),
        "Updates are promised, and no bot is configured to propose them.",
    )
}

/// How many days may lie between two proposals.
fn wanted(promise: &Promise) -> u32 {
    match promise.frame.frequency {
        Some(Frequency::Daily) => 1,
        Some(Frequency::Weekly) => 7,
        Some(Frequency::Monthly) => 31,
        Some(Frequency::Quarterly) => 92,
        _ => u32::MAX,
    }
}

fn by_renovate(facts: &Facts<'_>, promise: &Promise, path: &str) -> Outcome {
    let text = facts.text(path).unwrap_or_default();
    if settings_of(text, &OFF).next().is_some() {
        let shown = proof(path, None, "it is switched off");
        return Outcome::new(
            &rules::UPDATE_BOT,
            weak(vec![shown]),
            "Renovate is configured and switched off.",
        );
    }
    let times = settings_of(text, &SCHEDULE).flat_map(|value| value.split(['"', '\'']).skip(1).step_by(2));
    let days = times.filter_map(days_between).min();
    let note = match days {
        Some(1) => "Renovate is configured, every day".to_owned(),
        Some(days) => format!("Renovate is configured, every {days} days at the most often"),
        None => "Renovate is configured".to_owned(),
    };
    if days.is_some_and(|days| days > wanted(promise)) {
        return Outcome::new(
            &rules::SCHEDULE_ABSENT,
            broken(vec![proof(path, None, note)]),
            "Updates are proposed less often than promised.",
        );
    }
    // Where some managers are chosen, the others do nothing.
    let chosen = settings_of(text, &MANAGERS).next();
    for kind in named(&promise.text.to_ascii_lowercase()) {
        let is_chosen = |chosen: &str| kind.managers.iter().any(|manager| chosen.contains(manager));
        if chosen.is_some_and(|chosen| !is_chosen(chosen)) || is_switched_off(facts, text, kind) {
            return not_shown(path, kind.says);
        }
    }
    Outcome::new(
        &rules::PROMISE,
        kept(vec![proof(path, None, note)], Some(CONFIGURED)),
        "Renovate is configured.",
    )
}

static OFF: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#"\benabled["']?\s*:\s*(false)"#).ok());
/// The managers that are chosen.
static MANAGERS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"\benabledManagers["']?\s*:\s*(\[[^\]]*\])"#).ok());
/// A list of times or one, and the presets that are called for them (`schedule:weekly`).
static SCHEDULE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"\bschedule["']?\s*:\s*(\[[^\]]*\]|"[^"]*"|'[^']*')|(["'](?::|schedule:)[a-zA-Z0-9]+["'])"#).ok()
});

/// What a configuration of JSON or JSON5 gives a key for everything: not inside of rules for some packages. `what` finds
/// the key, its groups the value.
fn settings_of<'t>(text: &'t str, what: &'static LazyLock<Option<Regex>>) -> impl Iterator<Item = &'t str> {
    let (mut depth, mut at) = (0_i32, 0);
    let found = what.as_ref().map(|what| what.captures_iter(text).take(200));
    found.into_iter().flatten().filter_map(move |groups| {
        let start = groups.get(0)?.start();
        for byte in text.get(at..start).unwrap_or_default().bytes() {
            depth += i32::from(byte == b'{') - i32::from(byte == b'}');
        }
        at = start;
        let value = groups.iter().skip(1).flatten().next()?;
        (depth == 1).then_some(value.as_str())
    })
}

/// How many days lie between two times that Renovate's schedule names. None for a time of the day alone.
///
/// Source: Renovate Docs, "schedule", "Schedule Presets".
fn days_between(time: &str) -> Option<u32> {
    let time = time.to_ascii_lowercase();
    if let Some(period) = glob::cron(&time.replacen('*', "0", usize::from(time.starts_with('*')))) {
        return Some(match period {
            glob::Period::Day => 1,
            glob::Period::Week => 7,
            glob::Period::Month => 31,
            glob::Period::Year => 366,
        });
    }
    let says = |words: &[&str]| words.iter().any(|word| time.contains(word));
    // A preset for something else than proposing: `schedule:automergeWeekly`.
    if says(&["automerge"]) {
        return None;
    }
    Some(match () {
        () if says(&["year"]) => 366,
        () if says(&["quarter", "3 months"]) => 92,
        () if says(&["month"]) => 31,
        () if says(&["weekday", "daily", "every day"]) => 1,
        () if says(&["week", "mon", "tue", "wed", "thu", "fri", "sat", "sun"]) => 7,
        () => return None,
    })
}

fn by_dependabot(facts: &Facts<'_>, promise: &Promise, path: &str) -> Outcome {
    let bytes = facts
        .repository
        .files
        .get(path)
        .and_then(|file| file.bytes.as_deref())
        .unwrap_or_default();
    let Ok(yaml) = Yaml::parse(bytes, YAML) else {
        return Outcome::new(
            &rules::UPDATE_BOT,
            weak(vec![proof(path, None, "it is no YAML that can be read")]),
            "The configuration of Dependabot cannot be read.",
        );
    };
    let updates: Vec<Node<'_>> = yaml
        .root()
        .and_then(|root| root.get("updates"))
        .into_iter()
        .flat_map(Node::items)
        .filter(|item| item.shape() == Shape::Mapping)
        .take(200)
        .collect();
    if updates.is_empty() {
        return Outcome::new(
            &rules::UPDATE_BOT,
            weak(vec![proof(path, None, "it names nothing to update")]),
            "Dependabot is configured to update nothing.",
        );
    }
    let (mut shown, mut off, mut late) = (Vec::new(), Vec::new(), Vec::new());
    let mut covered = BTreeSet::new();
    let wanted = wanted(promise);
    for update in &updates {
        let ecosystem = update.text_of("package-ecosystem").unwrap_or_default();
        let line = Some(update.line());
        if update
            .text_of("open-pull-requests-limit")
            .is_some_and(|limit| limit.trim() == "0")
        {
            off.push(proof(
                path,
                line,
                format!("{ecosystem}: it may open no pull request for new versions"),
            ));
            continue;
        }
        if let Some(note) = idle(facts, ecosystem, *update) {
            off.push(proof(path, line, format!("{ecosystem}: {note}")));
            continue;
        }
        covered.insert(ecosystem.to_owned());
        let interval = update
            .at(&["schedule", "interval"])
            .and_then(Node::text)
            .unwrap_or("weekly");
        let days = match interval {
            "daily" => 1,
            "weekly" => 7,
            "monthly" => 31,
            "quarterly" => 92,
            "semiannually" => 183,
            "yearly" => 366,
            _ => 7,
        };
        let note = format!("{ecosystem}: updates are proposed {interval}");
        if days > wanted {
            late.push(proof(path, line, note))
        } else {
            shown.push(proof(path, line, note))
        }
    }
    let lacks = uncovered(facts, &covered);
    if !late.is_empty() && shown.is_empty() {
        return Outcome::new(
            &rules::SCHEDULE_ABSENT,
            broken(late),
            "Updates are proposed less often than promised.",
        );
    }
    if shown.is_empty() {
        off.extend(lacks);
        return Outcome::new(
            &rules::UPDATE_BOT,
            weak(off),
            "Dependabot is configured to propose no new versions of what is there.",
        );
    }
    let lower = promise.text.to_ascii_lowercase();
    let everything = [
        "all dependenc",
        "all of our dependenc",
        "all our dependenc",
        "every dependenc",
    ]
    .iter()
    .any(|words| lower.contains(words));
    if everything && !lacks.is_empty() {
        let says = "Dependabot looks at some of the manifests that are there, and all are promised.";
        return Outcome::new(&rules::UPDATE_BOT, weak(lacks), says);
    }
    let kinds = named(&lower);
    for kind in &kinds {
        let covers = |one: &&Proof| {
            kind.ecosystems
                .iter()
                .any(|name| one.note.starts_with(&format!("{name}:")))
        };
        if shown.iter().any(|one| covers(&one)) {
            continue;
        }
        let seldom: Vec<Proof> = late.iter().filter(covers).cloned().collect();
        if !seldom.is_empty() {
            let says = "Updates are proposed less often than promised.";
            return Outcome::new(&rules::SCHEDULE_ABSENT, broken(seldom), says);
        }
        return not_shown(path, kind.says);
    }
    if kinds.is_empty() && !lacks.is_empty() && shown.iter().all(|one| one.note.starts_with("github-actions")) {
        return Outcome::new(
            &rules::UPDATE_BOT,
            weak(lacks),
            "Dependabot looks at none of the manifests that are there.",
        );
    }
    let message = match lacks.len() {
        0 => "Dependabot is configured.".to_owned(),
        count => format!("Dependabot is configured; {count} kinds of manifests are not covered."),
    };
    shown.extend(lacks);
    Outcome::new(&rules::PROMISE, kept(shown, Some(CONFIGURED)), message)
}

/// A kind of thing that bots update: what a sentence calls it, ecosystems of Dependabot, managers of Renovate.
struct Kind {
    says: &'static str,
    /// Whole names that are updated: "base images".
    names: &'static [&'static str],
    /// Words before "packages" or "dependencies".
    of: &'static [&'static str],
    ecosystems: &'static [&'static str],
    managers: &'static [&'static str],
}

const NAMED: &[Kind] = &[
    Kind {
        says: "actions",
        names: &[
            "github actions",
            "and actions",
            "our actions",
            "the actions",
            "updates actions",
            "keeps actions",
        ],
        of: &[],
        ecosystems: &["github-actions"],
        managers: &["github-actions"],
    },
    Kind {
        says: "images",
        names: &["docker images", "base images", "container images", "dockerfiles"],
        of: &[],
        ecosystems: &["docker", "docker-compose"],
        managers: &["dockerfile", "docker-compose", "docker"],
    },
    Kind {
        says: "npm packages",
        names: &[],
        of: &["npm", "javascript", "typescript", "node", "node.js"],
        ecosystems: &["npm", "bun"],
        managers: &["npm"],
    },
    Kind {
        says: "Python packages",
        names: &[],
        of: &["python", "pip", "pypi"],
        ecosystems: &["pip", "uv"],
        managers: &["pip", "pep621", "poetry", "setup-cfg"],
    },
    Kind {
        says: "crates",
        names: &[],
        of: &["rust", "cargo"],
        ecosystems: &["cargo"],
        managers: &["cargo"],
    },
    Kind {
        says: "Go modules",
        names: &[],
        of: &["go", "golang"],
        ecosystems: &["gomod"],
        managers: &["gomod"],
    },
];

/// The kinds of things that a sentence says are updated. Actions that do the updating are none.
fn named(lower: &str) -> Vec<&'static Kind> {
    const VERBS: [&str; 12] = [
        "updat",
        "keep",
        "bump",
        "upgrad",
        "proposes",
        "enabled",
        "configured",
        "watch",
        "monitor",
        "track",
        "new versions of",
        "pull requests for",
    ];
    const MEANS: [&str; 6] = ["by", "in", "through", "using", "via", "with"];
    // "Updates packages, and actions are pinned".
    const GO_ON: [&str; 6] = ["are", "have", "is", "must", "run", "were"];
    const THINGS: [&str; 5] = ["package", "dependenc", "librar", "module", "requirement"];
    let is_object = |name: &&str| {
        lower.find(name).is_some_and(|at| {
            let before = lower.get(..at).unwrap_or_default();
            let last = before.split_whitespace().next_back().unwrap_or_default();
            let after = lower.get(at + name.len()..).unwrap_or_default();
            let goes_on = after
                .split_whitespace()
                .next()
                .is_some_and(|word| GO_ON.contains(&word));
            let is_done = [" are updated", " are kept"].iter().any(|verb| after.contains(verb));
            let verb = name.starts_with("updates ") || name.starts_with("keeps ");
            is_done && before.trim().is_empty()
                || after.starts_with(" are updated")
                || after.starts_with(" are kept")
                || (verb || VERBS.iter().any(|verb| before.contains(verb))) && !MEANS.contains(&last) && !goes_on
        })
    };
    let words: Vec<&str> = lower
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| matches!(c, ',' | '.' | ';' | ':' | '(' | ')')))
        .collect();
    let is_known = |word: &str| NAMED.iter().any(|kind| kind.of.contains(&word));
    let is_of = |kind: &Kind| {
        words.iter().enumerate().any(|(at, word)| {
            let mut rest = words.iter().skip(at + 1).take(8);
            kind.of.contains(word)
                && rest
                    .find(|word| !(is_known(word) || matches!(**word, "and" | "or" | "our" | "the")))
                    .is_some_and(|word| THINGS.iter().any(|thing| word.starts_with(thing)))
        })
    };
    let all = NAMED
        .iter()
        .filter(|kind| kind.names.iter().any(&is_object) || is_of(kind));
    all.collect()
}

/// Whether a configuration of Renovate switches off what updates a kind of thing, or leaves all of its files out.
///
/// Source: Renovate Docs, "Configuration Options": `enabled`, `ignorePaths`, `packageRules`; "Docker presets".
fn is_switched_off(facts: &Facts<'_>, text: &str, kind: &Kind) -> bool {
    let bare: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '"' && *c != '\'')
        .collect();
    let names = |text: &str, manager: &str| {
        text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_')))
            .any(|word| word == manager)
    };
    let is_off = |manager: &&str| {
        let begin = format!("{manager}:{{");
        let own = bare.split(&begin).skip(1);
        let mut own = own.map(|rest| rest.split(['{', '}']).next().unwrap_or_default());
        let mut rules = bare.split(['{', '}']).filter(|rule| rule.contains("enabled:false"));
        own.any(|inside| inside.contains("enabled:false"))
            || bare.contains(&format!("{manager}:disable"))
            || rules.any(|rule| rule.contains("match") && names(rule, manager))
    };
    let ignored = bare
        .split("ignorePaths:[")
        .nth(1)
        .and_then(|rest| rest.split(']').next());
    let ignored: Vec<&str> = ignored
        .unwrap_or_default()
        .split(',')
        .filter(|one| !one.is_empty())
        .collect();
    let is_left_out = |path: &&String| {
        ignored
            .iter()
            .any(|one| glob::matches(one, path) || path.starts_with(&format!("{}/", one.trim_end_matches('/'))))
    };
    let mut files = facts
        .repository
        .files
        .keys()
        .filter(|path| is_manifest_of(kind, path))
        .peekable();
    kind.managers.iter().any(is_off)
        || !ignored.is_empty() && files.peek().is_some() && files.all(|path| is_left_out(&path))
}

/// Whether a file is one that names things of a kind.
fn is_manifest_of(kind: &Kind, path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    match kind.says {
        "actions" => path.starts_with(".github/workflows/"),
        "images" => name.contains("dockerfile") || name.contains("compose"),
        _ => KINDS
            .iter()
            .filter(|(names, _)| names.iter().any(|one| kind.ecosystems.contains(one)))
            .any(|(_, files)| files.contains(&name.as_str())),
    }
}

/// A bot is there, and what it updates is not all that is named.
fn not_shown(path: &str, what: &str) -> Outcome {
    let why = format!("{path} names no {what}");
    let says = format!("A bot is configured; nothing in {path} shows that it updates {what}.");
    Outcome::new(&rules::PROMISE, Verdict::NotExamined(why), says)
}

/// Ecosystems by the words of `dependabot.yml`, and what their manifests are called.
const KINDS: &[(&[&str], &[&str])] = &[
    (
        &["pip", "uv"],
        &[
            "requirements.txt",
            "pyproject.toml",
            "setup.py",
            "pipfile",
            "uv.lock",
            "poetry.lock",
        ],
    ),
    (&["npm", "bun"], &["package.json"]),
    (&["cargo"], &["cargo.toml"]),
    (&["gomod"], &["go.mod"]),
    (&["bundler"], &["gemfile"]),
    (&["maven", "gradle"], &["pom.xml", "build.gradle", "build.gradle.kts"]),
    (&["docker", "docker-compose"], &["dockerfile"]),
];

/// Why an entry proposes nothing: everything is ignored, or nothing of its kind lies in its folders.
///
/// Source: GitHub Docs, "Dependabot options reference".
fn idle(facts: &Facts<'_>, ecosystem: &str, update: Node<'_>) -> Option<&'static str> {
    let ignores = |item: Node<'_>| {
        let partly = item.get("versions").is_some() || item.get("update-types").is_some();
        item.text_of("dependency-name") == Some("*") && !partly
    };
    if update
        .get("ignore")
        .into_iter()
        .flat_map(Node::items)
        .take(500)
        .any(ignores)
    {
        return Some("every dependency is ignored");
    }
    let single = update.text_of("directory").into_iter();
    let several = update
        .get("directories")
        .into_iter()
        .flat_map(Node::texts)
        .map(|(_, text)| text);
    let folders: Vec<&str> = single.chain(several).take(100).collect();
    // Kinds that are not known here, and entries without a folder, are left as they are.
    let known = KINDS.iter().find(|(names, _)| names.contains(&ecosystem));
    let (_, manifests) = known.filter(|_| !folders.is_empty())?;
    let lies = facts.repository.files.keys().any(|path| {
        let (holds, name) = path.rsplit_once('/').unwrap_or(("", path));
        let name = name.to_ascii_lowercase();
        let of_pip =
            || dependencies::is_requirements(&name) || holds.ends_with("requirements") && name.ends_with(".txt");
        if !(manifests.contains(&name.as_str()) || ecosystem == "pip" && of_pip()) {
            return false;
        }
        folders.iter().any(|folder| {
            let folder = folder.trim_matches('/').trim_start_matches("./");
            let below = format!("{folder}/**");
            matches!(folder, "" | ".") || glob::matches(folder, holds) || glob::matches(&below, holds)
        })
    });
    (!lies).then_some("nothing of this kind lies in its folder")
}

/// Kinds of manifests that are there and that no entry covers.
fn uncovered(facts: &Facts<'_>, covered: &BTreeSet<String>) -> Vec<Proof> {
    let mut out = Vec::new();
    for (names, files) in KINDS {
        if names.iter().any(|name| covered.contains(*name)) {
            continue;
        }
        if let Some(path) = facts.named(&|name| files.contains(&name)).next() {
            out.push(proof(
                path,
                None,
                format!("no entry of Dependabot covers it ({})", names.first().unwrap_or(&"")),
            ));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_of_renovate_are_read() {
        for (text, expect) in [
            ("on monday", Some(7)),
            ("before 5am on the first day of the month", Some(31)),
            ("after 10pm every weekday", Some(1)),
            ("every weekend", Some(7)),
            ("before 5am", None),
            ("* 0-3 * * 1", Some(7)),
            ("* 0-3 1 * *", Some(31)),
            ("schedule:quarterly", Some(92)),
            ("schedule:automergeMonthly", None),
        ] {
            assert_eq!(days_between(text), expect, "{text}");
        }
    }

    #[test]
    fn what_holds_for_some_packages_is_not_for_all() {
        let some = r#"{"packageRules": [{"matchDepNames": ["x"], "enabled": false, "schedule": ["monthly"]}]}"#;
        assert_eq!(settings_of(some, &OFF).count(), 0);
        assert_eq!(settings_of(some, &SCHEDULE).count(), 0);
        let all = "{ // all\n  enabled: false,\n  extends: ['config:recommended', 'schedule:weekly'],\n  schedule: 'on monday' }";
        assert_eq!(settings_of(all, &OFF).count(), 1);
        assert_eq!(settings_of(all, &SCHEDULE).count(), 2);
    }
}
