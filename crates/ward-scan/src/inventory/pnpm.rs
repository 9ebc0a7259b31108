//! `pnpm-lock.yaml`, lockfile versions 5 to 9.
//!
//! Source: pnpm's documentation; the lockfile specification in its repository `pnpm/spec`.

use std::collections::HashSet;

use ward_formats::yaml::Value;

use super::{
    Component, Ecosystem, Origin, Scope, Version,
    npm::of_resolved,
    reader::{Reading, Text, without_credentials},
    requirement::is_commit,
};

pub(super) fn read(text: &Text<'_>, reading: &mut Reading) {
    reading.manifest.lock = true;
    let Some(yaml) = text.yaml(reading) else { return };
    let Some(root) = yaml.root() else { return };
    if root.get("lockfileVersion").is_none() {
        reading.problem(None, "a lockfile without a version, so nothing of it was read");
        return;
    }
    let mut direct = HashSet::new();
    direct_of(root, &mut direct);
    for (_, importer) in root.get("importers").into_iter().flat_map(|all| all.entries()) {
        direct_of(importer, &mut direct);
    }
    let snapshots = root.get("snapshots");
    let needs_in_snapshots: std::collections::HashMap<&str, Value<'_>> = snapshots
        .into_iter()
        .flat_map(|all| all.entries())
        .filter_map(|(key, value)| Some((bare(key.text()?), value)))
        .collect();
    for (key, package) in root.get("packages").into_iter().flat_map(|all| all.entries()) {
        let Some(path) = key.text() else { continue };
        let Some(mut component) = of_key(path, package, key.line()) else {
            reading.problem(Some(key.line()), "a locked package whose name cannot be read");
            continue;
        };
        component.direct = Some(direct.contains(component.name.as_str()));
        if let Some(resolution) = package.get("resolution") {
            component.hashes = resolution.text_of("integrity").map(str::to_owned).into_iter().collect();
            if let Some(repository) = resolution.text_of("repo") {
                let commit = resolution
                    .text_of("commit")
                    .filter(|one| is_commit(one))
                    .map(str::to_owned);
                component.origin = Origin::Git {
                    url: without_credentials(repository),
                    commit,
                };
            } else if let Some(folder) = resolution.text_of("directory") {
                component.origin = Origin::Local(folder.to_owned());
            } else if let Some(tarball) = resolution.text_of("tarball") {
                component.origin = of_resolved(tarball);
            }
        }
        if package.get("dev").and_then(Value::boolean) == Some(true) {
            component.scope = Scope::Development;
        } else if package.get("optional").and_then(Value::boolean) == Some(true) {
            component.scope = Scope::Optional("".into());
        }
        let of_needs = needs_in_snapshots.get(bare(path)).copied().unwrap_or(package);
        for kind in ["dependencies", "optionalDependencies"] {
            let names = of_needs
                .get(kind)
                .into_iter()
                .flat_map(|all| all.entries())
                .filter_map(|(name, _)| name.text());
            component.needs.extend(names.map(str::to_owned));
        }
        reading.push(component);
    }
}

fn direct_of<'a>(of: Value<'a>, direct: &mut HashSet<&'a str>) {
    for kind in ["dependencies", "devDependencies", "optionalDependencies"] {
        direct.extend(
            of.get(kind)
                .into_iter()
                .flat_map(|all| all.entries())
                .filter_map(|(name, _)| name.text()),
        );
    }
}

/// A key without the peers that stand behind it in brackets.
fn bare(key: &str) -> &str {
    key.split('(').next().unwrap_or(key)
}

/// `/name/1.0.0`, `/@scope/name/1.0.0_peer` (version 5), `/name@1.0.0(peer)` (6), `name@1.0.0` (9), or a place with the name
/// inside.
fn of_key(key: &str, package: Value<'_>, line: u32) -> Option<Component> {
    let named = (package.text_of("name"), package.text_of("version"));
    let path = bare(key.strip_prefix('/').unwrap_or(key));
    let skip = usize::from(path.starts_with('@'));
    let (name, version) = match path.get(skip..)?.find('@') {
        Some(at) => (path.get(..skip + at)?, path.get(skip + at + 1..)?),
        None => {
            let (name, version) = path.rsplit_once('/')?;
            (name, version.split('_').next().unwrap_or(version))
        }
    };
    let (name, version) = match named {
        (Some(name), version) => (name, version.unwrap_or(version_or_none(version, path))),
        (None, Some(version)) => (name, version),
        (None, None) => (name, version),
    };
    let exact = semver::Version::parse(version).is_ok();
    let mut component = Component {
        version: if exact {
            Version::Exact(version.to_owned())
        } else {
            Version::Any
        },
        ..Component::new(Ecosystem::Npm, name, line)
    };
    if !exact {
        component.origin = match version.split_once(':') {
            Some(("file" | "link", place)) => Origin::Local(place.to_owned()),
            _ if version.contains("://") => of_resolved(version),
            _ => Origin::Url(without_credentials(path)),
        };
    }
    (!name.is_empty()).then_some(component)
}

/// The version in a key whose package names itself and says no version.
fn version_or_none<'a>(version: Option<&'a str>, path: &'a str) -> &'a str {
    version.unwrap_or(path.rsplit('/').next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::super::reader::{read_text, shown};

    #[test]
    fn every_version() {
        let nine = "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      a: {specifier: ^1, version: 1.0.0}\npackages:\n  a@1.0.0:\n    resolution: {integrity: sha512-x}\n\
            \x20 '@s/b@2.0.0':\n    resolution: {integrity: sha512-y}\n  c@https://h.example/c.tgz:\n    resolution: {tarball: https://h.example/c.tgz}\n    version: 3.0.0\n\
            snapshots:\n  a@1.0.0(p@1):\n    dependencies:\n      '@s/b': 2.0.0\n";
        assert_eq!(
            shown(&read_text("pnpm-lock.yaml", nine)),
            "7 a =1.0.0 direct hashes:1 needs:@s/b\n9 @s/b =2.0.0 indirect hashes:1\n11 c =3.0.0 url:https://h.example/c.tgz indirect\n"
        );
        let five = "lockfileVersion: 5.4\ndependencies:\n  a: 1.0.0\npackages:\n  /a/1.0.0:\n    resolution: {integrity: sha512-x}\n    dev: true\n    dependencies:\n      '@s/b': 2.0.0\n  /@s/b/2.0.0_p@1:\n    resolution: {integrity: sha512-y}\n";
        let out = shown(&read_text("pnpm-lock.yaml", five));
        assert!(out.starts_with("5 a =1.0.0 dev direct hashes:1 needs:@s/b\n"), "{out}");
        let six = "lockfileVersion: '6.0'\npackages:\n  /@s/b@2.0.0(p@1):\n    resolution: {integrity: sha512-y}\n";
        assert_eq!(
            shown(&read_text("pnpm-lock.yaml", six)),
            "3 @s/b =2.0.0 indirect hashes:1\n"
        );
        assert!(shown(&read_text("pnpm-lock.yaml", "a: 1")).starts_with('!'));
    }
}
