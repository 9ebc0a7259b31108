//! Promises about dependencies: pinned, with hashes, with a bot that proposes updates.

use std::collections::BTreeSet;

use ward_formats::yaml::{Shape, Value as Node, Yaml};

use super::{CONFIGURED, Facts, Outcome, broken, kept, proof, rules, weak};
use crate::{
    pipeline::glob,
    promise::{Frequency, Promise},
    repository::Fault,
    verdict::{Proof, Verdict},
};

const SHOWN: usize = 12;
const YAML: ward_formats::Budget = ward_formats::Budget {
    bytes: 1 << 20,
    depth: 32,
    items: 50_000,
};

/// Lock files with digests of what they name.
const LOCKS: &[&str] = &[
    "poetry.lock",
    "uv.lock",
    "pdm.lock",
    "pipfile.lock",
    "pylock.toml",
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lock",
    "cargo.lock",
    "go.sum",
    "composer.lock",
    "pixi.lock",
    "conda-lock.yml",
];

fn is_requirements(name: &str) -> bool {
    (name.starts_with("requirements") || name.ends_with("requirements.txt") || name.starts_with("constraints"))
        && name.ends_with(".txt")
}

/// Lines of a file of requirements that name a package: line, text.
fn requirements(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().filter_map(|(index, line)| {
        let line = line.split(" #").next().unwrap_or_default().trim();
        let names =
            !line.is_empty() && !line.starts_with(['#', '-']) && line.starts_with(|c: char| c.is_ascii_alphanumeric());
        names.then_some((index, line))
    })
}

/// Versions are pinned.
pub(super) fn pinning(facts: &Facts<'_>, _promise: &Promise) -> Outcome {
    let (mut loose, mut shown) = (Vec::new(), Vec::new());
    for path in facts.named(&is_requirements).take(200) {
        let mut pinned = 0;
        for (index, line) in requirements(facts.text(path).unwrap_or_default()).take(5_000) {
            if line.contains("==") && !line.contains(".*") || line.contains(" @ ") || line.contains("===") {
                pinned += 1;
            } else if loose.len() < SHOWN {
                let name: String = line
                    .chars()
                    .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
                    .collect();
                loose.push(proof(
                    path,
                    u32::try_from(index + 1).ok(),
                    format!("{name} has no fixed version"),
                ));
            }
        }
        if pinned > 0 {
            shown.push(proof(path, None, format!("{pinned} packages with a fixed version")));
        }
    }
    for path in facts.named(&|name| LOCKS.contains(&name)).take(20) {
        shown.push(proof(path, None, "a lock file"));
    }
    let scanned = facts
        .repository
        .scan
        .as_ref()
        .filter(|scan| scan.engines.iter().any(|one| one == "dependencies"));
    if loose.is_empty()
        && let Some(scan) = scanned
    {
        let wanted = |fault: &&Fault| fault.rule == "dependencies/unpinned";
        loose.extend(
            scan.findings
                .iter()
                .chain(scan.kept_back.iter().map(|(fault, _)| fault))
                .filter(wanted)
                .take(SHOWN)
                .map(|fault| proof(&fault.path, fault.line, "a dependency without a fixed version")),
        );
    }
    let locked = shown.iter().any(|one| one.note == "a lock file");
    if !loose.is_empty() && !locked {
        return Outcome::new(&rules::UNPINNED, broken(loose), "Dependencies have no fixed version.");
    }
    if !shown.is_empty() {
        return Outcome::new(
            &rules::PROMISE,
            kept(shown, None),
            "Versions of dependencies are fixed.",
        );
    }
    let manifest = facts
        .named(&|name| {
            matches!(
                name,
                "pyproject.toml"
                    | "package.json"
                    | "setup.py"
                    | "setup.cfg"
                    | "environment.yml"
                    | "pipfile"
                    | "cargo.toml"
            )
        })
        .next();
    match manifest {
        Some(path) => {
            let shown = proof(
                path,
                None,
                "it names dependencies, and no lock file fixes their versions",
            );
            Outcome::new(
                &rules::UNPINNED,
                broken(vec![shown]),
                "Nothing fixes the versions of dependencies.",
            )
        }
        None => {
            let verdict = Verdict::NotExamined("there is no manifest of dependencies that is known".to_owned());
            Outcome::new(
                &rules::UNPINNED,
                verdict,
                "There is no manifest of dependencies to look at.",
            )
        }
    }
}

/// What is downloaded is verified by hash.
pub(super) fn hashes(facts: &Facts<'_>, promise: &Promise) -> Outcome {
    if !promise.frame.tools.is_empty() {
        return super::tools::judge(facts, promise);
    }
    let lower = promise.text.to_ascii_lowercase();
    if ![
        "hash",
        "checksum",
        "digest",
        "sha",
        "signature",
        "signed",
        "verif",
        "lock",
        "integrity",
    ]
    .iter()
    .any(|word| lower.contains(word))
    {
        let verdict = Verdict::Unverifiable {
            why: "what somebody looks at before a dependency is taken is not shown by files",
            would: "the reviews of the changes that added dependencies",
        };
        return Outcome::new(
            &rules::CONDUCT,
            verdict,
            "How new dependencies are looked at is not shown by files.",
        );
    }
    let (mut without, mut shown) = (Vec::new(), Vec::new());
    for path in facts.named(&is_requirements).take(200) {
        let text = facts.text(path).unwrap_or_default();
        if requirements(text).next().is_none() {
            continue;
        }
        if text.contains("--hash=") {
            shown.push(proof(path, None, "packages with hashes"));
        } else {
            without.push(proof(path, None, "no package in it has a hash"));
        }
    }
    for path in facts.named(&|name| LOCKS.contains(&name)).take(20) {
        let text = facts.text(path).unwrap_or_default();
        let has = ["sha256", "sha512", "checksum", "integrity", "h1:", "hash ="]
            .iter()
            .any(|word| text.contains(word));
        // A lock too long to be held here is what it is called.
        if has || text.is_empty() {
            shown.push(proof(path, None, "a lock file with digests"));
        } else {
            without.push(proof(path, None, "a lock file without digests"));
        }
    }
    if !without.is_empty() && shown.is_empty() {
        return Outcome::new(
            &rules::UNHASHED,
            broken(without),
            "No dependency has a hash that could be checked.",
        );
    }
    if shown.is_empty() {
        let verdict = Verdict::NotExamined("there is no lock file and no file of requirements".to_owned());
        return Outcome::new(&rules::UNHASHED, verdict, "There is nothing to look at.");
    }
    Outcome::new(
        &rules::PROMISE,
        kept(shown, Some("that installations check these digests is not shown")),
        "Dependencies have digests.",
    )
}

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
        let text = facts.text(path).unwrap_or_default();
        if text.contains("\"enabled\": false") || text.contains("\"enabled\":false") {
            let shown = proof(path, None, "it is switched off");
            return Outcome::new(
                &rules::UPDATE_BOT,
                weak(vec![shown]),
                "Renovate is configured and switched off.",
            );
        }
        return Outcome::new(
            &rules::PROMISE,
            kept(vec![proof(path, None, "Renovate is configured")], Some(CONFIGURED)),
            "Renovate is configured.",
        );
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
    let wanted = match promise.frame.frequency {
        Some(Frequency::Daily) => 1,
        Some(Frequency::Weekly) => 7,
        Some(Frequency::Monthly) => 31,
        _ => u32::MAX,
    };
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
    if !lacks.is_empty() && shown.iter().all(|one| one.note.starts_with("github-actions")) {
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
        let of_pip = || is_requirements(&name) || holds.ends_with("requirements") && name.ends_with(".txt");
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
