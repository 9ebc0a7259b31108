//! `Cargo.toml` and `Cargo.lock`.
//!
//! Source: the Cargo book, *The Manifest Format*, *Specifying Dependencies*.

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    Component, Described, Ecosystem, Origin, Scope, Version,
    lock_toml::{Kind, Table, Value},
    reader::{Reading, Text, toml_get, toml_str, without_credentials},
    requirement::is_commit,
};

fn string<'v>(table: &'v DeTable<'_>, key: &str) -> Option<&'v str> {
    toml_str(toml_get(table, key)?.get_ref())
}

fn table<'v, 'i>(of: &'v DeTable<'i>, key: &str) -> Option<&'v DeTable<'i>> {
    match toml_get(of, key)?.get_ref() {
        DeValue::Table(table) => Some(table),
        _ => None,
    }
}

pub(super) fn manifest(text: &Text<'_>, reading: &mut Reading) {
    let Some(root) = text.toml(reading) else { return };
    if let Some(package) = table(&root, "package") {
        reading.manifest.project = Some(Described {
            name: string(package, "name").map(str::to_owned),
            version: string(package, "version").map(str::to_owned),
            licence: string(package, "license").map(str::to_owned),
            runtime: string(package, "rust-version").map(str::to_owned),
        });
    }
    dependencies(text, &root, None, reading);
    if let Some(workspace) = table(&root, "workspace") {
        dependencies(text, workspace, None, reading);
    }
    if let Some(targets) = table(&root, "target") {
        for (target, inner) in targets {
            if let DeValue::Table(inner) = inner.get_ref() {
                dependencies(text, inner, Some(target.get_ref()), reading);
            }
        }
    }
}

fn dependencies(text: &Text<'_>, of: &DeTable<'_>, target: Option<&str>, reading: &mut Reading) {
    for (key, scope) in [
        ("dependencies", Scope::Run),
        ("build-dependencies", Scope::Build),
        ("dev-dependencies", Scope::Development),
    ] {
        let Some(all) = table(of, key) else { continue };
        for (name, value) in all {
            let mut component = Component {
                scope: scope.clone(),
                direct: Some(true),
                marker: target.map(str::to_owned),
                ..Component::new(
                    Ecosystem::Cargo,
                    name.get_ref().to_string(),
                    text.line(value.span().start),
                )
            };
            let inside = |value: &Spanned<DeValue<'_>>| {
                let span = value.span();
                Some(text.span(span.start + 1, span.end.saturating_sub(1)))
            };
            match value.get_ref() {
                DeValue::String(version) => {
                    component.version = version_of(version);
                    component.span = inside(value);
                }
                DeValue::Table(table) => {
                    // What a workspace says once is read there.
                    if matches!(
                        toml_get(table, "workspace").map(Spanned::get_ref),
                        Some(DeValue::Boolean(true))
                    ) {
                        continue;
                    }
                    if let Some(real) = string(table, "package") {
                        real.clone_into(&mut component.name);
                    }
                    if matches!(
                        toml_get(table, "optional").map(Spanned::get_ref),
                        Some(DeValue::Boolean(true))
                    ) {
                        component.scope = Scope::Optional(name.get_ref().to_string().into());
                    }
                    if let Some(version) = toml_get(table, "version")
                        && let Some(words) = toml_str(version.get_ref())
                    {
                        component.version = version_of(words);
                        component.span = inside(version);
                    }
                    if let Some(url) = string(table, "git") {
                        let commit = string(table, "rev").filter(|one| is_commit(one)).map(str::to_owned);
                        component.origin = Origin::Git {
                            url: without_credentials(url),
                            commit,
                        };
                        if let Some(moving) = ["rev", "tag", "branch"].iter().find_map(|key| string(table, key)) {
                            component.version = Version::Range(moving.to_owned());
                        }
                    } else if let Some(path) = string(table, "path") {
                        component.origin = Origin::Local(path.to_owned());
                    } else if let Some(registry) = string(table, "registry") {
                        component.origin = Origin::OtherRegistry(registry.to_owned());
                    }
                }
                _ => {
                    reading.problem(Some(component.line), "a dependency that is neither text nor table");
                    continue;
                }
            }
            reading.push(component);
        }
    }
}

/// A version without a sign allows what is compatible with it; only `=1.2.3` is exact.
fn version_of(text: &str) -> Version {
    let text = text.trim();
    match text.strip_prefix('=').map(str::trim) {
        Some(exact) if exact.split('.').count() >= 3 && !exact.contains(['*', ',']) => Version::Exact(exact.to_owned()),
        _ if text.is_empty() || text == "*" => Version::Any,
        _ => Version::Range(text.to_owned()),
    }
}

/// The beginnings of the public registry's names in lockfiles.
const PUBLIC: &[&str] = &[
    "registry+https://github.com/rust-lang/crates.io-index",
    concat!("sparse+https://index.crates", ".io"),
];

pub(super) fn lock(text: &Text<'_>, reading: &mut Reading) {
    reading.manifest.lock = true;
    let Some(root) = text.locked(reading) else { return };
    match root.get("package").map(|one| &one.kind) {
        Some(Kind::Array(_)) => {}
        None if root.get("version").is_some() => {}
        _ => {
            reading.problem(None, "a lockfile without a list of packages, so nothing of it was read");
            return;
        }
    }
    let needs_of = |package: &Table<'_>| -> Vec<String> {
        let name = |one: &Value<'_>| Some(one.text()?.split(' ').next()?.to_owned());
        package
            .array("dependencies")
            .unwrap_or_default()
            .iter()
            .filter_map(name)
            .collect()
    };
    // What stands without a source is the workspace's own; what those need is asked for directly.
    let mut direct: Vec<String> = root
        .tables("package")
        .filter(|(_, one)| one.text("source").is_none())
        .flat_map(|(_, one)| needs_of(one))
        .collect();
    direct.sort_unstable();
    for (start, package) in root.tables("package") {
        let line = || Some(text.line(start));
        let (Some(name), Some(version)) = (package.text("name"), package.get("version")) else {
            reading.problem(line(), "a locked package without name or version");
            continue;
        };
        let Some(version_text) = version.text() else {
            reading.problem(line(), "a locked package whose version is no text");
            continue;
        };
        let Some(source) = package.text("source") else {
            continue;
        };
        let span = &version.span;
        let mut component = Component {
            version: Version::Exact(version_text.to_owned()),
            direct: Some(direct.binary_search_by(|one| one.as_str().cmp(name)).is_ok()),
            needs: needs_of(package),
            hashes: package
                .text("checksum")
                .map(|sum| format!("sha256:{sum}"))
                .into_iter()
                .collect(),
            span: Some(text.span(span.start + 1, span.end.saturating_sub(1))),
            ..Component::new(Ecosystem::Cargo, name, text.line(span.start))
        };
        if let Some(git) = source.strip_prefix("git+") {
            component.origin = Origin::locked_git(git);
        } else if !PUBLIC.iter().any(|one| source.starts_with(one)) {
            let url = source.split_once('+').map_or(source, |(_, url)| url);
            component.origin = Origin::OtherRegistry(without_credentials(url));
        }
        reading.push(component);
    }
}

#[cfg(test)]
mod tests {
    use super::super::reader::{read_text, shown, spans};

    #[test]
    fn manifests_and_locks() {
        let text = "[package]\nname='x'\nlicense='MIT'\n[dependencies]\na = '1.2'\nb = { version = '=1.2.3', optional = true }\n\
            c = { git = 'https://h.example/c', branch = 'main' }\nd = { path = '../d' }\ne.workspace = true\nf = { package = 'g', version = '*' }\n\
            [target.'cfg(unix)'.dev-dependencies]\nh = '>=1, <2'\n";
        assert_eq!(
            shown(&read_text("Cargo.toml", text)),
            "5 a 1.2 direct\n6 b =1.2.3 extra:b direct\n7 c main git:https://h.example/c#? direct\n8 d * local:../d direct\n10 g * direct\n12 h >=1, <2 dev direct\n"
        );
        let lock = "version = 3\n[[package]]\nname = 'x'\nversion = '0'\ndependencies = ['a', 'b 1.0.0']\n\
            [[package]]\nname = 'a'\nversion = '1.0.1'\nsource = 'registry+https://github.com/rust-lang/crates.io-index'\nchecksum='00'\ndependencies=['c']\n\
            [[package]]\nname = 'c'\nversion = '2.0.0'\nsource = 'git+https://h.example/c?rev=1#0123456789012345678901234567890123456789'\n";
        let reading = read_text("Cargo.lock", lock);
        assert_eq!(
            shown(&reading),
            "8 a =1.0.1 direct hashes:1 needs:c\n14 c =2.0.0 git:https://h.example/c#0123456789012345678901234567890123456789 indirect\n"
        );
        assert_eq!(spans(lock, &reading), ["1.0.1", "2.0.0"]);
        assert!(shown(&read_text("Cargo.lock", "[[package")).starts_with('!'));
    }
}
