//! What pipelines use: actions and containers of GitHub workflows, includes and images of GitLab pipelines, hooks of
//! pre-commit. Their faults are another engine's; here they are components.
//!
//! Source: GitHub's *Workflow syntax*, GitLab's *CI/CD YAML syntax reference*, pre-commit's documentation.

use ward_formats::yaml::{Shape, Value};

use super::{
    Component, Ecosystem, Origin, Scope, Version,
    dockerfile::image_of,
    install,
    reader::{Name, Reading, Text, without_credentials},
    requirement::is_commit,
};

/// A workflow, or an action of the repository's own.
pub(super) fn is_github(name: &Name<'_>) -> bool {
    let yaml = name.file.ends_with(".yml") || name.file.ends_with(".yaml");
    yaml && (name.path.contains(".github/workflows/") || matches!(name.file, "action.yml" | "action.yaml"))
}

/// `.gitlab-ci.yml`.
pub(super) fn is_gitlab(name: &Name<'_>) -> bool {
    name.file.ends_with(".gitlab-ci.yml") || name.file.ends_with(".gitlab-ci.yaml")
}

/// `.pre-commit-config.yaml`.
pub(super) fn is_pre_commit(name: &Name<'_>) -> bool {
    matches!(name.file, ".pre-commit-config.yaml" | ".pre-commit-config.yml")
}

pub(super) fn github(text: &Text<'_>, reading: &mut Reading) {
    let Some(yaml) = text.yaml(reading) else { return };
    let Some(root) = yaml.root() else { return };
    for (_, job) in root.get("jobs").into_iter().flat_map(|jobs| jobs.entries()) {
        if let Some(uses) = job.get("uses") {
            action(text, uses, reading);
        }
        if let Some(container) = job.get("container") {
            image(container, reading);
        }
        for (_, service) in job.get("services").into_iter().flat_map(|all| all.entries()) {
            image(service, reading);
        }
        steps(text, job, reading);
    }
    if let Some(runs) = root.get("runs") {
        steps(text, runs, reading);
        if let Some(container) = runs.get("image") {
            image(container, reading);
        }
    }
}

fn steps(text: &Text<'_>, of: Value<'_>, reading: &mut Reading) {
    for step in of.get("steps").into_iter().flat_map(|all| all.items()) {
        if let Some(uses) = step.get("uses") {
            action(text, uses, reading);
        }
        if let Some(run) = step.get("run") {
            installed(run, reading);
        }
    }
}

/// What a script installs, for the pipeline alone.
fn installed(script: Value<'_>, reading: &mut Reading) {
    let known = reading.manifest.components.len();
    if let Some(text) = script.text() {
        install::script(&without_expressions(text), script.line(), reading);
    }
    for component in reading.manifest.components.iter_mut().skip(known) {
        component.scope = Scope::Build;
    }
}

/// A text whose expressions (`${{ .. }}`) are variables: what they become is not known here.
fn without_expressions(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${{") {
        let Some((_, behind)) = after.split_once("}}") else {
            break;
        };
        out.push_str(before);
        out.push('$');
        rest = behind;
    }
    out + rest
}

/// `owner/name/path@reference`, `./path`, `docker://image`.
fn action(text: &Text<'_>, uses: Value<'_>, reading: &mut Reading) {
    let Some(word) = uses.text() else { return };
    if word.contains("${{") {
        return;
    }
    let line = uses.line();
    if let Some(name) = word.strip_prefix("docker://") {
        reading.push(image_of(name, line));
        return;
    }
    let own = |name: &str| Component {
        scope: Scope::Build,
        direct: Some(true),
        ..Component::new(Ecosystem::GitHubActions, name, line)
    };
    if word.starts_with("./") || word.starts_with("../") {
        reading.push(Component {
            origin: Origin::Local(word.to_owned()),
            ..own(word)
        });
        return;
    }
    let Some((name, reference)) = word.rsplit_once('@') else {
        reading.problem(Some(line), "an action without a reference");
        return;
    };
    let (start, end) = text.yaml_span(uses);
    let at = start + name.len() as u64 + 1;
    let version = if is_commit(reference) {
        // People write the tag that was meant into a comment.
        Version::Exact(reference.to_owned())
    } else {
        Version::Range(reference.to_owned())
    };
    let noted = match &version {
        Version::Exact(_) => noted(text.line_text(line)),
        _ => None,
    };
    reading.push(Component {
        version,
        noted,
        span: (at <= end).then_some((at, end)),
        ..own(name)
    });
}

/// The version in the comment behind a commit: `uses: a/b@<commit> # v4.1.1`, `# tag=v4`, `# ratchet:a/b@v4`.
fn noted(line: &str) -> Option<String> {
    let (_, comment) = line.split_once(" #")?;
    let mut words = comment.split([' ', '\t', '=', '@', ':', '(', ',']);
    let version = words.find(|word| {
        let bare = word.strip_prefix('v').unwrap_or(word);
        bare.starts_with(|c: char| c.is_ascii_digit()) && bare.len() < 40 && !is_commit(bare)
    })?;
    Some(version.trim_end_matches(')').to_owned())
}

/// `image: name`, or a mapping with one.
fn image(value: Value<'_>, reading: &mut Reading) {
    let named = match value.shape() {
        Shape::Mapping => value.get("image").or_else(|| value.get("name")),
        _ => Some(value),
    };
    let Some(named) = named else { return };
    if let Some(name) = named
        .text()
        .filter(|name| !name.is_empty() && !name.contains('$') && *name != "Dockerfile")
    {
        reading.push(image_of(name.strip_prefix("docker://").unwrap_or(name), named.line()));
    }
}

pub(super) fn gitlab(text: &Text<'_>, reading: &mut Reading) {
    let Some(yaml) = text.yaml(reading) else { return };
    for root in yaml.documents() {
        for (key, value) in root.entries() {
            match key.text() {
                Some("include") => includes(value, reading),
                Some("image") => image(value, reading),
                Some("services") => value.items().for_each(|one| image(one, reading)),
                _ => {
                    let scripts = ["before_script", "script", "after_script"];
                    for script in scripts.iter().filter_map(|key| value.get(key)) {
                        script.texts().for_each(|(one, _)| installed(one, reading));
                    }
                    for inner in ["image", "services"] {
                        match (inner, value.get(inner)) {
                            ("image", Some(one)) => image(one, reading),
                            (_, Some(all)) => all.items().for_each(|one| image(one, reading)),
                            _ => {}
                        }
                    }
                }
            }
        }
    }
}

fn includes(value: Value<'_>, reading: &mut Reading) {
    let alone = (value.shape() != Shape::Sequence).then_some(value);
    for one in alone.into_iter().chain(value.items()) {
        let component = |name: &str, version: Version, origin: Origin| Component {
            version,
            origin,
            scope: Scope::Build,
            direct: Some(true),
            ..Component::new(Ecosystem::System, name, one.line())
        };
        if let Some(place) = one.text() {
            let origin = if place.contains("://") {
                Origin::Url(without_credentials(place))
            } else {
                Origin::Local(place.to_owned())
            };
            reading.push(component(place, Version::Any, origin));
        } else if let Some(project) = one.text_of("project") {
            let reference = one.text_of("ref");
            let commit = reference.filter(|one| is_commit(one)).map(str::to_owned);
            let version = match (&commit, reference) {
                (None, Some(moving)) => Version::Range(moving.to_owned()),
                _ => Version::Any,
            };
            let origin = Origin::Git {
                url: format!("gitlab:{project}"),
                commit,
            };
            reading.push(component(project, version, origin));
        } else if let Some(url) = one.text_of("remote") {
            reading.push(component(
                &without_credentials(url),
                Version::Any,
                Origin::Url(without_credentials(url)),
            ));
        } else if let Some(place) = one.text_of("component") {
            let (name, reference) = place.rsplit_once('@').unwrap_or((place, ""));
            let version = if is_commit(reference) || semver::Version::parse(reference).is_ok() {
                Version::Exact(reference.to_owned())
            } else {
                Version::Range(reference.to_owned())
            };
            reading.push(component(
                name,
                version,
                Origin::Git {
                    url: name.to_owned(),
                    commit: None,
                },
            ));
        }
    }
}

pub(super) fn pre_commit(text: &Text<'_>, reading: &mut Reading) {
    let Some(yaml) = text.yaml(reading) else { return };
    let Some(root) = yaml.root() else { return };
    let Some(repositories) = root.get("repos") else {
        reading.problem(None, "it names no repositories, so nothing of it was read");
        return;
    };
    for repository in repositories.items() {
        let Some(url) = repository.text_of("repo") else {
            continue;
        };
        if matches!(url, "local" | "meta") {
            hooks(repository, reading);
            continue;
        }
        let revision = repository.get("rev");
        let commit = revision
            .and_then(Value::text)
            .filter(|one| is_commit(one))
            .map(str::to_owned);
        let name = url.trim_end_matches('/').trim_end_matches(".git");
        let name = name.rsplit_once("://").map_or(name, |(_, rest)| rest);
        reading.push(Component {
            version: match (&commit, revision.and_then(Value::text)) {
                (None, Some(tag)) => Version::Range(tag.to_owned()),
                _ => Version::Any,
            },
            origin: Origin::Git {
                url: without_credentials(url),
                commit,
            },
            scope: Scope::Development,
            direct: Some(true),
            span: revision.map(|one| text.yaml_span(one)),
            ..Component::new(
                Ecosystem::System,
                without_credentials(&format!("x://{name}")).trim_start_matches("x://"),
                revision.map_or(repository.line(), Value::line),
            )
        });
        hooks(repository, reading);
    }
}

/// Packages that hooks ask for besides.
fn hooks(repository: Value<'_>, reading: &mut Reading) {
    for hook in repository.get("hooks").into_iter().flat_map(|all| all.items()) {
        let language = hook.text_of("language");
        // Without a language the hook's own repository says; Python is by far the most common.
        if language.is_some_and(|one| one != "python") {
            continue;
        }
        for (value, spec) in hook
            .get("additional_dependencies")
            .into_iter()
            .flat_map(|all| all.texts())
        {
            let Some(one) = super::requirement::Requirement::read(spec).filter(|_| !spec.starts_with('@')) else {
                continue;
            };
            // `name@1.0` is npm's way of writing.
            if spec.contains('@') && one.origin == Origin::Registry {
                continue;
            }
            let component = Component {
                scope: Scope::Development,
                direct: Some(true),
                span: None,
                ..one.component(value.line(), (0, 0))
            };
            reading.push(component);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::reader::{read_text, shown, spans};

    #[test]
    fn github_workflows() {
        let text = "on: push\njobs:\n  a:\n    container: python:3.12\n    steps:\n      - uses: actions/checkout@v4\n      - uses: \"o/n/sub@0123456789012345678901234567890123456789\" # v1\n\
            \x20     - uses: ./local\n      - uses: docker://alpine@sha256:00\n  b:\n    uses: o/r/.github/workflows/x.yml@main\n";
        let reading = read_text(".github/workflows/ci.yml", text);
        assert_eq!(
            shown(&reading),
            "4 python 3.12 direct\n6 actions/checkout v4 build direct\n7 o/n/sub =0123456789012345678901234567890123456789 build direct\n\
             8 ./local * local:./local build direct\n9 alpine * direct hashes:1\n11 o/r/.github/workflows/x.yml main build direct\n"
        );
        assert_eq!(reading.manifest.components[2].noted.as_deref(), Some("v1"));
        for (line, expect) in [
            ("uses: a/b@c # v4.1.1", Some("v4.1.1")),
            ("uses: a/b@c #tag=v4", Some("v4")),
            ("uses: a/b@c # ratchet:a/b@4.1", Some("4.1")),
            ("uses: a/b@c # the third one", None),
            ("uses: a/b@c", None),
        ] {
            assert_eq!(super::noted(line).as_deref(), expect, "{line}");
        }
        assert_eq!(spans(text, &reading)[0], "v4");
        assert_eq!(spans(text, &reading)[1], "0123456789012345678901234567890123456789");
    }

    #[test]
    fn scripts_install() {
        let text = "on: push\njobs:\n  a:\n    steps:\n      - run: pip install a==1\n      - run: |\n          # why\n          python -m pip install \\\n            b==2 -r r.txt\n          pip install \"${{ matrix.x }}\" $Y .\n";
        let reading = read_text(".github/workflows/ci.yml", text);
        assert_eq!(
            shown(&reading),
            "5 a =1 build direct\n9 b =2 build direct\n10 . * local:. build direct\n"
        );
        let text = "t:\n  script:\n    - pip install a==1\n    - make\n  before_script: npm install -g b@2.0.0\n";
        assert_eq!(
            shown(&read_text(".gitlab-ci.yml", text)),
            "5 b =2.0.0 build direct\n3 a =1 build direct\n"
        );
    }

    #[test]
    fn gitlab_and_pre_commit() {
        let text = "image: a:1\ninclude:\n  - local: x.yml\n  - remote: https://h.example/y.yml\n  - {project: g/p, ref: main, file: z.yml}\nt:\n  image: {name: b}\n  services: [c]\n";
        assert_eq!(
            shown(&read_text(".gitlab-ci.yml", text)),
            "1 a 1 direct\n4 https://h.example/y.yml * url:https://h.example/y.yml build direct\n5 g/p main git:gitlab:g/p#? build direct\n7 b latest direct\n8 c latest direct\n"
        );
        let text = "repos:\n- repo: https://github.com/o/n\n  rev: v1\n  hooks:\n  - id: x\n    additional_dependencies: [a==1, 'b@2']\n- repo: local\n";
        assert_eq!(
            shown(&read_text(".pre-commit-config.yaml", text)),
            "3 github.com/o/n v1 git:https://github.com/o/n#? dev direct\n6 a =1 dev direct\n"
        );
    }
}
