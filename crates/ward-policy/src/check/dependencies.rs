//! Promises about dependencies: pinned, with hashes.

use super::{Facts, Outcome, broken, kept, proof, rules};
use crate::{promise::Promise, repository::Fault, verdict::Verdict};

const SHOWN: usize = 12;

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

pub(super) fn is_requirements(name: &str) -> bool {
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
