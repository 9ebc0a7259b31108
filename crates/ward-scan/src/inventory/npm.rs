//! `package.json`, `package-lock.json` of all three versions, and `npm-shrinkwrap.json`.
//!
//! Source: npm's documentation, *package.json* and *package-lock.json*.

use std::collections::HashSet;

use ward_formats::json::{JsonKind, NodeId};

use super::{
    Component, Described, Ecosystem, Origin, Scope, Version,
    reader::{Json, Name, Reading, Text, without_credentials},
    requirement::is_commit,
};

/// Address beginnings of the public registry. In parts, so that nothing that looks for addresses in this file takes them
/// for some that are fetched.
pub(super) const PUBLIC: &[&str] = &[
    concat!("https://registry.npm", "js.org"),
    concat!("http://registry.npm", "js.org"),
    concat!("https://registry.yarn", "pkg.com"),
];

/// `package-lock.json`, `npm-shrinkwrap.json`, and the hidden lockfile.
pub(super) fn is_lock(name: &Name<'_>) -> bool {
    matches!(
        name.file,
        "package-lock.json" | "npm-shrinkwrap.json" | ".package-lock.json"
    )
}

pub(super) fn package(text: &Text<'_>, reading: &mut Reading) {
    let Some(json) = text.json(reading) else { return };
    let root = json.tree.root();
    if json.tree.kind(root) != JsonKind::Object {
        reading.problem(None, "it is no object, so nothing of it was read");
        return;
    }
    let licence = match json.tree.get(root, "license") {
        Some(node) if json.tree.kind(node) == JsonKind::Object => json.str_of(node, "type"),
        Some(node) => json.tree.str(node),
        None => None,
    };
    reading.manifest.project = Some(Described {
        name: json.str_of(root, "name").map(str::to_owned),
        version: json.str_of(root, "version").map(str::to_owned),
        licence: licence.map(str::to_owned),
        runtime: json
            .tree
            .at(root, &["engines", "node"])
            .and_then(|one| json.tree.str(one))
            .map(str::to_owned),
    });
    for (key, scope) in [
        ("dependencies", Scope::Run),
        ("devDependencies", Scope::Development),
        ("optionalDependencies", Scope::Optional("".into())),
        ("peerDependencies", Scope::Optional("peer".into())),
    ] {
        let Some(all) = json.tree.get(root, key) else { continue };
        for (name, value) in json.tree.members(all) {
            let Some(spec) = json.tree.str(value) else {
                reading.problem(Some(json.line(value)), "a dependency whose version is no text");
                continue;
            };
            let (name, version, origin) = of_spec(name, spec);
            reading.push(Component {
                version,
                span: (origin == Origin::Registry && !spec.starts_with("npm:")).then(|| json.span(value)),
                origin,
                scope: scope.clone(),
                direct: Some(true),
                ..Component::new(Ecosystem::Npm, name, json.line(value))
            });
        }
    }
}

/// What `"name": "spec"` means.
pub(super) fn of_spec(name: &str, spec: &str) -> (String, Version, Origin) {
    let spec = spec.trim();
    let own = |version, origin| (name.to_owned(), version, origin);
    if let Some(alias) = spec.strip_prefix("npm:") {
        // `npm:@scope/real@^1`
        let at = alias.get(1..).and_then(|rest| rest.rfind('@')).map(|at| at + 1);
        return match at {
            Some(at) => (
                alias.get(..at).unwrap_or(alias).to_owned(),
                version_of(alias.get(at + 1..).unwrap_or_default()),
                Origin::Registry,
            ),
            None => (alias.to_owned(), Version::Any, Origin::Registry),
        };
    }
    for prefix in ["file:", "link:", "workspace:", "portal:"] {
        if let Some(path) = spec.strip_prefix(prefix) {
            return own(
                Version::Any,
                Origin::Local(if prefix == "workspace:" {
                    ".".to_owned()
                } else {
                    path.to_owned()
                }),
            );
        }
    }
    if spec.starts_with("./") || spec.starts_with("../") || spec.starts_with('/') || spec.starts_with("~/") {
        return own(Version::Any, Origin::Local(spec.to_owned()));
    }
    if let Some(origin) = git_of(spec) {
        let version = match (&origin, spec.split_once('#')) {
            (Origin::Git { commit: None, .. }, Some((_, moving))) => Version::Range(moving.to_owned()),
            _ => Version::Any,
        };
        return own(version, origin);
    }
    if spec.contains("://") {
        return own(Version::Any, Origin::Url(without_credentials(spec)));
    }
    own(version_of(spec), Origin::Registry)
}

/// `git+https://..`, `github:owner/name#ref`, `owner/name#ref`.
fn git_of(spec: &str) -> Option<Origin> {
    let (place, reference) = spec.split_once('#').map_or((spec, None), |(a, b)| (a, Some(b)));
    let url = if let Some(rest) = place.strip_prefix("git+") {
        without_credentials(rest)
    } else if place.starts_with("git://") || place.starts_with("git@") || place.starts_with("ssh://") {
        without_credentials(place)
    } else if let Some((host, path)) = ["github", "gitlab", "bitbucket", "gist"]
        .iter()
        .find_map(|host| Some((host, place.strip_prefix(host)?.strip_prefix(':')?)))
    {
        format!("{host}:{path}")
    } else if place.contains("://") && place.ends_with(".git") {
        without_credentials(place)
    } else if place.matches('/').count() == 1 && !place.starts_with('@') && !place.contains([':', ' ']) {
        format!("github:{place}")
    } else {
        return None;
    };
    let commit = reference.filter(|one| is_commit(one)).map(str::to_owned);
    Some(Origin::Git { url, commit })
}

/// Exact only when it is a whole version; `latest` and other tags move.
pub(super) fn version_of(spec: &str) -> Version {
    let spec = spec.trim();
    if spec.is_empty() || matches!(spec, "*" | "x" | "X") {
        return Version::Any;
    }
    let bare = spec.strip_prefix('=').unwrap_or(spec).trim();
    let bare = bare.strip_prefix('v').unwrap_or(bare);
    if semver::Version::parse(bare).is_ok() {
        return Version::Exact(bare.to_owned());
    }
    Version::Range(spec.to_owned())
}

pub(super) fn lock(text: &Text<'_>, reading: &mut Reading) {
    reading.manifest.lock = true;
    let Some(json) = text.json(reading) else { return };
    let root = json.tree.root();
    if let Some(packages) = json.tree.get(root, "packages") {
        newer(&json, packages, reading);
    } else if let Some(dependencies) = json.tree.get(root, "dependencies") {
        older(&json, dependencies, reading);
    } else if json.tree.get(root, "lockfileVersion").is_none() {
        reading.problem(None, "a lockfile without packages, so nothing of it was read");
    }
}

/// Versions 2 and 3: a flat table from paths to packages.
fn newer(json: &Json<'_, '_>, packages: NodeId, reading: &mut Reading) {
    let mut direct: HashSet<&str> = HashSet::new();
    for (path, package) in json.tree.members(packages) {
        // The project and the members of its workspace.
        if !path.contains("node_modules/") {
            for key in [
                "dependencies",
                "devDependencies",
                "optionalDependencies",
                "peerDependencies",
            ] {
                if let Some(all) = json.tree.get(package, key) {
                    direct.extend(json.tree.members(all).map(|(name, _)| name));
                }
            }
        }
    }
    for (path, package) in json.tree.members(packages) {
        let Some((_, installed)) = path.rsplit_once("node_modules/") else {
            continue;
        };
        let nested = path.matches("node_modules/").count() > 1;
        let mut component = Component {
            direct: Some(!nested && direct.contains(installed)),
            ..Component::new(Ecosystem::Npm, installed, json.line(package))
        };
        let mut link = false;
        let (mut development, mut optional) = (false, false);
        let mut resolved = None;
        for (key, value) in json.tree.members(package) {
            let yes = || json.tree.text(value) == Some("true");
            match key {
                "version" => {
                    if let Some(version) = json.tree.str(value) {
                        component.version = Version::Exact(version.to_owned());
                        component.span = Some(json.span(value));
                        component.line = json.line(value);
                    }
                }
                "resolved" => resolved = json.tree.str(value),
                "integrity" => {
                    let sums = json.tree.str(value).unwrap_or_default();
                    component.hashes = sums.split_whitespace().map(str::to_owned).collect();
                }
                "name" => {
                    // An alias: the real name stands here.
                    if let Some(real) = json.tree.str(value) {
                        real.clone_into(&mut component.name);
                    }
                }
                "dev" => development = yes(),
                "optional" | "devOptional" => optional |= yes(),
                "link" => link = yes(),
                "license" => component.licence = json.tree.str(value).map(str::to_owned),
                "dependencies" | "optionalDependencies" => {
                    component
                        .needs
                        .extend(json.tree.members(value).map(|(name, _)| name.to_owned()));
                }
                _ => {}
            }
        }
        if link {
            continue;
        }
        if development {
            component.scope = Scope::Development;
        } else if optional {
            component.scope = Scope::Optional("".into());
        }
        component.origin = resolved.map_or(Origin::Registry, of_resolved);
        if component.version == Version::Any && component.origin == Origin::Registry {
            reading.problem(Some(component.line), "a locked package without a version");
            continue;
        }
        reading.push(component);
    }
}

/// Version 1: packages inside packages.
fn older(json: &Json<'_, '_>, dependencies: NodeId, reading: &mut Reading) {
    let mut open = vec![(dependencies, true)];
    while let Some((all, top)) = open.pop() {
        for (name, package) in json.tree.members(all) {
            let Some(version) = json.tree.get(package, "version") else {
                reading.problem(Some(json.line(package)), "a locked package without a version");
                continue;
            };
            let spec = json.tree.str(version).unwrap_or_default();
            let (name, version_read, origin) = of_spec(name, spec);
            let mut component = Component {
                version: match version_read {
                    Version::Range(range) if origin == Origin::Registry => Version::Exact(range),
                    other => other,
                },
                origin,
                direct: if top { None } else { Some(false) },
                span: Some(json.span(version)),
                ..Component::new(Ecosystem::Npm, name, json.line(version))
            };
            if json.tree.get(package, "dev").and_then(|one| json.tree.text(one)) == Some("true") {
                component.scope = Scope::Development;
            }
            if let Some(sums) = json.str_of(package, "integrity") {
                component.hashes = sums.split_whitespace().map(str::to_owned).collect();
            }
            if component.origin == Origin::Registry
                && let Some(resolved) = json.str_of(package, "resolved")
            {
                component.origin = of_resolved(resolved);
            }
            if let Some(needs) = json.tree.get(package, "requires") {
                component.needs = json.tree.members(needs).map(|(name, _)| name.to_owned()).collect();
            }
            reading.push(component);
            if let Some(inner) = json.tree.get(package, "dependencies") {
                open.push((inner, false));
            }
        }
    }
}

/// Where `resolved` of a lockfile leads.
pub(super) fn of_resolved(resolved: &str) -> Origin {
    if PUBLIC.iter().any(|one| resolved.starts_with(one)) {
        return Origin::Registry;
    }
    if let Some(path) = resolved.strip_prefix("file:") {
        return Origin::Local(path.to_owned());
    }
    if let Some(origin) = git_of(resolved).filter(|_| resolved.contains("://")) {
        return origin;
    }
    // A registry keeps archives under `/-/`; anything else is a file somewhere.
    match resolved.split_once("/-/") {
        Some((registry, _)) if resolved.starts_with("http") => {
            let host = registry.split('/').take(3).collect::<Vec<_>>().join("/");
            Origin::OtherRegistry(without_credentials(&host))
        }
        _ if resolved.contains("://") => Origin::Url(without_credentials(resolved)),
        _ => Origin::Local(resolved.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::reader::{read_text, shown, spans};

    #[test]
    fn manifests() {
        let text = "{\"name\":\"x\",\"license\":\"MIT\",\n\"dependencies\":{\n\"a\":\"^1.0.0\",\n\"@s/b\":\"2.0.0\",\n\"c\":\"github:o/c#main\",\n\"d\":\"file:../d\",\n\
            \"e\":\"npm:@real/e@~3\",\n\"f\":\"https://h.example/f.tgz\",\n\"g\":\"*\",\"h\":\"o/h\",\"i\":3},\n\"devDependencies\":{\"j\":\"latest\"}}";
        let reading = read_text("package.json", text);
        assert_eq!(
            shown(&reading),
            "3 a ^1.0.0 direct\n4 @s/b =2.0.0 direct\n5 c main git:github:o/c#? direct\n6 d * local:../d direct\n7 @real/e ~3 direct\n\
             8 f * url:https://h.example/f.tgz direct\n9 g * direct\n9 h * git:github:o/h#? direct\n10 j latest dev direct\n\
             ! Some(9) a dependency whose version is no text\n"
        );
        assert_eq!(spans(text, &reading), ["^1.0.0", "2.0.0", "*", "latest"]);
    }

    #[test]
    fn locks_of_every_version() {
        let public = super::PUBLIC[0];
        let three = format!(
            "{{\"lockfileVersion\":3,\"packages\":{{\"\":{{\"dependencies\":{{\"a\":\"^1\"}}}},\n\
            \"node_modules/a\":{{\"version\":\"1.0.0\",\"resolved\":\"{public}/a/-/a-1.0.0.tgz\",\"integrity\":\"sha512-x\",\"dependencies\":{{\"b\":\"1\"}},\"license\":\"MIT\"}},\n\
            \"node_modules/a/node_modules/b\":{{\"version\":\"1.0.0\",\"resolved\":\"https://i.example/b/-/b.tgz\",\"dev\":true}},\n\
            \"node_modules/c\":{{\"resolved\":\"../c\",\"link\":true}}}}}}"
        );
        assert_eq!(
            shown(&read_text("package-lock.json", &three)),
            "2 a =1.0.0 direct hashes:1 needs:b licence:MIT\n3 b =1.0.0 registry:https://i.example dev indirect\n"
        );
        let one = "{\"lockfileVersion\":1,\"dependencies\":{\"a\":{\"version\":\"1.0.0\",\"requires\":{\"b\":\"1\"},\n\"dependencies\":{\"b\":{\"version\":\"2.0.0\",\"dev\":true}}},\n\
            \"c\":{\"version\":\"git+https://h.example/c.git#0123456789012345678901234567890123456789\"},\"d\":{}}}";
        let out = shown(&read_text("npm-shrinkwrap.json", one));
        assert_eq!(
            out,
            "1 a =1.0.0 needs:b\n3 c * git:https://h.example/c.git#0123456789012345678901234567890123456789\n2 b =2.0.0 dev indirect\n\
             ! Some(3) a locked package without a version\n"
        );
        assert!(shown(&read_text("package-lock.json", "{\"a\":1}")).starts_with("! None"));
    }
}
