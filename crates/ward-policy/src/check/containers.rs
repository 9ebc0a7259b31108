//! Promises about container images: built upon images that a digest names, and not run as root.
//!
//! What is held against them is every Dockerfile of the project, stage by stage; images that compose files, pipelines and
//! clusters name are told only where the scan found that they run as root.

use ward_formats::yaml::{Value as Node, Yaml};

use super::{Facts, Outcome, broken, kept, proof, rules, weak};
use crate::{
    pipeline::YAML,
    promise::Promise,
    verdict::{Proof, Verdict},
};

mod kustomize;

use kustomize::{Given, Layers};

/// Most places that are named as proofs.
const SHOWN: usize = 12;
/// Most lines of a file that are read.
const MOST_LINES: usize = 5_000;
/// Folders of files that no image of the project is built from.
const ASIDE: &[&str] = &[
    "test",
    "tests",
    "fixtures",
    "example",
    "examples",
    "docs",
    ".devcontainer",
    "vendor",
];
/// Official images that run as root where nothing says otherwise.
///
/// Source: the `Dockerfile`s of the Docker official images and of NVIDIA's CUDA images, which set no `USER`.
const ROOT: &[&str] = &[
    "alpine",
    "amazonlinux",
    "busybox",
    "debian",
    "eclipse-temurin",
    "fedora",
    "golang",
    "nginx",
    "node",
    "nvidia/cuda",
    "openjdk",
    "php",
    "python",
    "ruby",
    "rust",
    "ubuntu",
];

/// A step that begins with an image: what it is built upon, and what its last `USER` says.
#[derive(Debug, Default)]
struct Stage {
    line: u32,
    /// The image, with the defaults of arguments put in; with a `$` where one has none.
    image: String,
    /// The earlier stage that it is built upon.
    upon: Option<usize>,
    user: Option<(u32, String)>,
}

/// The files that images are built from.
fn dockerfiles<'a>(facts: &Facts<'a>) -> Vec<(&'a str, Vec<Stage>)> {
    let is_one = |name: &str| {
        let start = |word: &str| {
            name.strip_prefix(word)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '_']))
        };
        (start("dockerfile") || start("containerfile") || name.ends_with(".dockerfile"))
            && ![".md", ".py", ".dockerignore", ".txt", ".j2"]
                .iter()
                .any(|end| name.ends_with(end))
    };
    let files = facts.named(&is_one).filter(|path| {
        let mut folders = path.rsplit('/').skip(1);
        !folders.any(|folder| ASIDE.contains(&folder))
    });
    let files: Vec<&str> = files.take(50).collect();
    let read = files
        .into_iter()
        .map(|path| (path, stages(facts.text(path).unwrap_or_default())));
    read.filter(|(_, stages)| !stages.is_empty()).collect()
}

/// The stages of a Dockerfile.
///
/// Source: Docker's "Dockerfile reference": `FROM`, `ARG` before the first `FROM`, `USER`, line continuation by `\`.
fn stages(text: &str) -> Vec<Stage> {
    let mut stages: Vec<Stage> = Vec::new();
    let mut names: Vec<String> = Vec::new();
    let mut defaults: Vec<(String, String)> = Vec::new();
    let mut goes_on = false;
    for (line, text) in (1_u32..).zip(text.lines().take(MOST_LINES)) {
        let text = text.trim();
        if text.starts_with('#') {
            continue;
        }
        let begins = !std::mem::replace(&mut goes_on, text.ends_with('\\'));
        let mut words = text.split_whitespace();
        let Some(instruction) = words.next().filter(|_| begins) else {
            continue;
        };
        match instruction.to_ascii_uppercase().as_str() {
            "ARG" if stages.is_empty() => {
                if let Some((name, value)) = words.next().and_then(|word| word.split_once('=')) {
                    defaults.push((name.to_owned(), value.trim_matches(['"', '\'']).to_owned()));
                }
            }
            "FROM" => {
                let mut words = words.filter(|word| !word.starts_with("--"));
                let Some(written) = words.next() else { continue };
                let image = filled(written, &defaults);
                let upon = names.iter().rposition(|name| name.eq_ignore_ascii_case(&image));
                let is_named = words.next().is_some_and(|word| word.eq_ignore_ascii_case("as"));
                let name = words.next().filter(|_| is_named).unwrap_or_default();
                names.push(name.to_owned());
                stages.push(Stage {
                    line,
                    image,
                    upon,
                    user: None,
                });
            }
            "USER" => {
                if let (Some(stage), Some(user)) = (stages.last_mut(), words.next()) {
                    stage.user = Some((line, user.to_owned()));
                }
            }
            _ => {}
        }
    }
    stages
}

/// Images without a digest that a step copies files from: `COPY --from=ghcr.io/acme/tool:1`. An earlier step is none.
fn copied_from(facts: &Facts<'_>) -> Vec<Proof> {
    let mut out = Vec::new();
    for (path, _) in dockerfiles(facts) {
        let text = facts.text(path).unwrap_or_default();
        let mut names: Vec<&str> = Vec::new();
        for (line, text) in (1_u32..).zip(text.lines().take(MOST_LINES)) {
            let words: Vec<&str> = text.split_whitespace().collect();
            let is = |name: &str| words.first().is_some_and(|word| word.eq_ignore_ascii_case(name));
            if is("FROM")
                && let [.., mark, name] = &words[..]
                && mark.eq_ignore_ascii_case("as")
            {
                names.push(name);
            }
            let from = words.iter().find_map(|word| word.strip_prefix("--from="));
            let Some(image) = from.filter(|_| is("COPY")) else {
                continue;
            };
            let is_step =
                names.iter().any(|name| name.eq_ignore_ascii_case(image)) || image.chars().all(|c| c.is_ascii_digit());
            if !is_step && !image.contains('$') && !image.contains("@sha256:") {
                let note = "the image that files are copied from is named without a digest";
                out.push(proof(path, Some(line), note));
            }
        }
    }
    out
}

/// `${NAME}` and `$NAME` by the defaults of arguments; what has none stays.
fn filled(image: &str, defaults: &[(String, String)]) -> String {
    let mut out = image.to_owned();
    for (name, value) in defaults.iter().rev().take(20) {
        out = out.replace(&format!("${{{name}}}"), value);
        let bare = format!("${name}");
        if out.ends_with(&bare) || out.contains(&format!("{bare}:")) || out.contains(&format!("{bare}@")) {
            out = out.replace(&bare, value);
        }
    }
    out
}

fn none_here() -> Outcome {
    let verdict = Verdict::NotExamined("there is no Dockerfile here".to_owned());
    Outcome::new(&rules::PROMISE, verdict, "There is no Dockerfile to look at.")
}

/// Images are built upon others that are named by a digest.
pub(super) fn digests(facts: &Facts<'_>, promise: &Promise) -> Outcome {
    let (mut loose, mut pinned, mut open) = (Vec::new(), Vec::new(), None);
    let lower = promise.text.to_ascii_lowercase();
    // Of base images, what is built from them is looked at; of images, also what is run.
    let of_base = ["base image", "base-image", "dockerfile", "built", "build"];
    if !of_base.iter().any(|word| lower.contains(word)) {
        let (mut named, unknown) = named_elsewhere(facts);
        open = unknown;
        named.extend(copied_from(facts));
        named.truncate(SHOWN);
        if !named.is_empty() {
            let says = "Files that name images to run, or to copy from, name some without a digest.";
            return Outcome::new(&rules::IMAGES, weak(named), says);
        }
    }
    if !of_base.iter().any(|word| lower.contains(word)) {
        open = open.or_else(|| run_without_digest(facts));
    }
    for (path, stages) in dockerfiles(facts) {
        for stage in stages
            .iter()
            .filter(|stage| stage.upon.is_none() && stage.image != "scratch")
        {
            let at = |note: &str| proof(path, Some(stage.line), note);
            if stage.image.contains("@sha256:") {
                pinned.push(at("the image is named by its digest"));
            } else if stage.image.contains('$') {
                open.get_or_insert_with(|| format!("{path}:{}: which image it is, the build says", stage.line));
            } else {
                loose.push(at("the image is named without a digest"));
            }
        }
    }
    if !loose.is_empty() {
        loose.truncate(SHOWN);
        return Outcome::new(
            &rules::IMAGES,
            broken(loose),
            "Images are built upon others without a digest.",
        );
    }
    if let Some(why) = open {
        let says = format!("Whether every image has a digest was not examined: {why}.");
        return Outcome::new(&rules::IMAGES, Verdict::NotExamined(why), says);
    }
    if pinned.is_empty() {
        return none_here();
    }
    pinned.truncate(SHOWN);
    let limit = "which images pipelines and templates of charts run was not looked at";
    Outcome::new(
        &rules::PROMISE,
        kept(pinned, Some(limit)),
        "Images are built upon others with a digest.",
    )
}

/// Images without a digest that compose files and files of clusters run, and one of which that is not known; those that are
/// built here are one's own.
fn named_elsewhere(facts: &Facts<'_>) -> (Vec<Proof>, Option<String>) {
    let layers = Layers::of(facts);
    let is_yaml = |name: &str| name.ends_with(".yml") || name.ends_with(".yaml");
    let files = facts.named(&is_yaml).filter(|path| {
        let mut folders = path.rsplit('/').skip(1);
        !folders.any(|folder| ASIDE.contains(&folder)) && !path.starts_with('.')
    });
    let (mut out, mut open) = (Vec::new(), None);
    for path in files.take(500) {
        let text = facts.text(path).unwrap_or_default();
        let runs = text.contains("services:") || text.contains("apiVersion:") && text.contains("kind:");
        let Ok(yaml) = Yaml::parse(text.as_bytes(), YAML) else {
            continue;
        };
        if path
            .rsplit('/')
            .next()
            .is_some_and(|name| name.starts_with("kustomization."))
        {
            let images = yaml.root().and_then(|root| root.get("images"));
            let loose = |image: &Node<'_>| image.get("digest").is_none() && image.get("newTag").is_some();
            for image in images.into_iter().flat_map(Node::items).filter(loose).take(SHOWN) {
                out.push(proof(
                    path,
                    Some(image.line()),
                    "the image is given a tag, and no digest",
                ));
            }
        }
        for node in yaml.nodes().filter(|_| runs) {
            let Some(image) = node.get("image").filter(|_| node.get("build").is_none()) else {
                continue;
            };
            let name = image.text().unwrap_or_default();
            if name.is_empty() || name.contains("@sha256:") || out.len() >= SHOWN {
                continue;
            }
            match layers.give(path, name) {
                Given::Nothing => out.push(proof(path, Some(image.line()), "the image is named without a digest")),
                Given::Digest => {}
                Given::Open => {
                    let why = "Kustomize gives the image a digest, and whether it does wherever it runs is not known";
                    open.get_or_insert_with(|| format!("{path}:{}: {why}", image.line()));
                }
            }
        }
    }
    out.extend(of_containers_for_developers(facts));
    (out, open)
}

/// Images without a digest that the settings of containers for developers name, in JSON with comments.
fn of_containers_for_developers(facts: &Facts<'_>) -> Vec<Proof> {
    let is_one = |path: &&str| {
        let rest = path.strip_prefix(".devcontainer");
        rest.is_some_and(|rest| rest == ".json" || rest.starts_with('/') && rest.ends_with("devcontainer.json"))
    };
    let files = facts.named(&|name| name.ends_with("devcontainer.json")).filter(is_one);
    let found = files.take(20).filter_map(|path| {
        let text = facts.text(path)?;
        let line = text.lines().take(5_000).position(|line| {
            let key = line.split("//").next().unwrap_or_default().split_once("\"image\"");
            let value = key.and_then(|(_, rest)| rest.trim_start().strip_prefix(':'));
            value.is_some_and(|value| value.trim_start().starts_with('"') && !value.contains("@sha256:"))
        })?;
        Some(proof(
            path,
            u32::try_from(line + 1).ok(),
            "the image is named without a digest",
        ))
    });
    found.collect()
}

/// An image that a pipeline or a chart names without a digest: whether a sentence means it is not said, so that it is not
/// said to keep it either.
fn run_without_digest(facts: &Facts<'_>) -> Option<String> {
    let is_yaml = |name: &str| name.ends_with(".yml") || name.ends_with(".yaml");
    let mut found = facts.named(&is_yaml).take(500).filter_map(|path| {
        let of_pipeline = facts.pipelines.files.contains_key(path);
        let name = path.rsplit('/').next().unwrap_or(path);
        let folder = path.strip_suffix(name).unwrap_or_default();
        let of_chart = name.starts_with("values") && facts.text(&format!("{folder}Chart.yaml")).is_some();
        if !of_pipeline && !of_chart {
            return None;
        }
        let yaml = Yaml::parse(facts.text(path)?.as_bytes(), YAML).ok()?;
        let line = yaml.nodes().find_map(|node| {
            let loose = |image: Node<'_>| {
                let named = image
                    .text()
                    .or_else(|| image.text_of("image"))
                    .or_else(|| image.text_of("name"));
                named
                    .is_some_and(|name| !name.is_empty() && !name.contains("@sha256:"))
                    .then(|| image.line())
            };
            if of_chart {
                let has_digest = node
                    .get("digest")
                    .and_then(Node::text)
                    .is_some_and(|text| !text.is_empty())
                    || node.text_of("tag").is_some_and(|tag| tag.contains("sha256:"))
                    || node.text_of("repository").is_some_and(|name| name.contains("@sha256:"));
                let by_parts = node
                    .get("repository")
                    .filter(|_| node.get("tag").is_some() && !has_digest);
                return by_parts.map(|name| name.line());
            }
            let services = node.get("services");
            let listed = services.into_iter().flat_map(Node::items).find_map(loose);
            let mapped = services
                .into_iter()
                .flat_map(Node::entries)
                .find_map(|(_, one)| loose(one));
            let alone = ["image", "container"]
                .iter()
                .find_map(|key| node.get(key).and_then(loose));
            let used = node.get("uses").filter(|uses| {
                let name = uses.text().unwrap_or_default();
                name.starts_with("docker://") && !name.contains("@sha256:")
            });
            listed.or(mapped).or(alone).or(used.map(|uses| uses.line()))
        })?;
        Some(format!("{path}:{line}: an image is named without a digest there"))
    });
    found.next()
}

/// Whose the program of an image is.
enum Runs {
    Root(Proof),
    Other(Proof),
    Unknown(String),
}

/// Whose the program of the last stage is.
fn runs(path: &str, stages: &[Stage]) -> Option<Runs> {
    let mut at = stages.len().checked_sub(1)?;
    loop {
        let stage = stages.get(at)?;
        if let Some((line, user)) = &stage.user {
            let name = user.split(':').next().unwrap_or(user);
            return Some(match name {
                "root" | "0" => Runs::Root(proof(path, Some(*line), "the last user is root")),
                name if name.contains('$') => Runs::Unknown(format!("{path}:{line}: which user it is, the build says")),
                _ => Runs::Other(proof(path, Some(*line), "the last user is not root")),
            });
        }
        match stage.upon {
            // A stage is built upon an earlier one.
            Some(upon) if upon < at => at = upon,
            _ => break,
        }
    }
    let stage = stages.get(at)?;
    let image = stage
        .image
        .trim_start_matches("docker.io/")
        .trim_start_matches("library/");
    let name = image.split([':', '@']).next().unwrap_or(image);
    let line = Some(stage.line);
    Some(
        if ["nonroot", "unprivileged", "rootless"]
            .iter()
            .any(|word| image.contains(word))
        {
            Runs::Other(proof(
                path,
                line,
                "the base image is one that does not run as root, by its name",
            ))
        } else if ROOT.contains(&name) {
            Runs::Root(proof(path, line, "no user is set, and the base image's is root"))
        } else {
            Runs::Unknown(format!(
                "{path}:{}: no user is set, and the base image decides",
                stage.line
            ))
        },
    )
}

/// Containers do not run as root.
pub(super) fn users(facts: &Facts<'_>, _promise: &Promise) -> Outcome {
    let (mut root, mut other, mut unknown) = (Vec::new(), Vec::new(), None);
    for (path, stages) in dockerfiles(facts) {
        match runs(path, &stages) {
            Some(Runs::Root(shown)) => root.push(shown),
            Some(Runs::Other(shown)) => other.push(shown),
            Some(Runs::Unknown(why)) => {
                unknown.get_or_insert(why);
            }
            None => {}
        }
    }
    // What starts the image may choose another user than it was built with.
    let chosen = facts.repository.files.keys().find(|path| {
        let is_yaml = path.ends_with(".yml") || path.ends_with(".yaml");
        is_yaml
            && facts.text(path).is_some_and(|text| {
                let sets = |line: &str| {
                    ["runAsNonRoot:", "runAsUser:", "user:"]
                        .iter()
                        .any(|key| line.starts_with(key))
                };
                text.lines()
                    .take(MOST_LINES)
                    .any(|line| sets(line.trim_start_matches([' ', '-'])))
            })
    });
    if let Some(path) = chosen.filter(|_| !root.is_empty()) {
        let why = format!("{path} chooses a user, and for which image is not known here");
        let says = format!("Whether containers run as root was not examined: {why}.");
        return Outcome::new(&rules::CONTAINER_ROOT, Verdict::NotExamined(why), says);
    }
    if !root.is_empty() {
        root.truncate(SHOWN);
        return Outcome::new(&rules::CONTAINER_ROOT, broken(root), "Containers run as root.");
    }
    if let Some(why) = unknown {
        let says = format!("Whether containers run as root was not examined: {why}.");
        return Outcome::new(&rules::CONTAINER_ROOT, Verdict::NotExamined(why), says);
    }
    if other.is_empty() {
        return none_here();
    }
    other.truncate(SHOWN);
    let limit = "what starts a container can choose another user, and which containers run is not shown";
    Outcome::new(
        &rules::PROMISE,
        kept(other, Some(limit)),
        "Images are built to run as another user than root.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &str) {
        let found = match runs("Dockerfile", &stages(text)) {
            Some(Runs::Root(shown)) => format!("root {}", shown.line.unwrap_or_default()),
            Some(Runs::Other(shown)) => format!("other {}", shown.line.unwrap_or_default()),
            Some(Runs::Unknown(_)) => "unknown".to_owned(),
            None => "none".to_owned(),
        };
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn the_last_user_of_the_last_stage_counts() {
        check("FROM python:3.13\nUSER app\nUSER root\n", "root 3");
        check("FROM python:3.13\nUSER 0:0\nUSER 1000:1000\n", "other 3");
        check(
            "FROM rust AS build\nUSER app\nFROM debian:12\nCOPY --from=build a b\n",
            "root 3",
        );
        check("FROM node AS base\nUSER node\nFROM base AS app\nRUN a\n", "other 2");
        check("ARG V=3.13\nFROM python:${V}-slim\n", "root 2");
        check("FROM gcr.io/distroless/cc:nonroot\n", "other 1");
        check("FROM registry.acme.dev/base:1\n", "unknown");
        check("FROM python\nUSER $WHO\n", "unknown");
        check("FROM python\n# USER app\nRUN a \\\n  USER app\n", "root 1");
        check("", "none");
    }

    #[test]
    fn stages_know_what_they_are_built_upon() {
        let found = stages("ARG TAG=1\nFROM --platform=linux/amd64 a:$TAG AS one\nFROM ONE\nFROM b:$OTHER\n");
        let found: Vec<(&str, Option<usize>)> = found.iter().map(|one| (one.image.as_str(), one.upon)).collect();
        assert_eq!(found, [("a:1", None), ("ONE", Some(0)), ("b:$OTHER", None)]);
    }
}
