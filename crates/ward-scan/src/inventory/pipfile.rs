//! `Pipfile` and `Pipfile.lock`.
//!
//! Source: Pipenv's documentation.

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};
use ward_formats::json::{JsonKind, NodeId};

use super::{
    Component, Ecosystem, Index, IndexKind, Origin, Scope, Version,
    pyproject::{poetry_version, table_origin},
    reader::{Json, Reading, Text, toml_get, toml_str, without_credentials},
    requirement::{is_commit, normalised},
    requirements::version_of,
};

pub(super) fn pipfile(text: &Text<'_>, reading: &mut Reading) {
    let Some(root) = text.toml(reading) else { return };
    for (key, scope) in [("packages", Scope::Run), ("dev-packages", Scope::Development)] {
        let Some(DeValue::Table(all)) = toml_get(&root, key).map(Spanned::get_ref) else {
            continue;
        };
        for (name, value) in all {
            let component = Component {
                scope: scope.clone(),
                direct: Some(true),
                ..Component::new(
                    Ecosystem::PyPI,
                    normalised(name.get_ref()),
                    text.line(value.span().start),
                )
            };
            one(text, value, component, reading);
        }
    }
    let Some(DeValue::Array(sources)) = toml_get(&root, "source").map(Spanned::get_ref) else {
        return;
    };
    for (at, source) in sources.iter().enumerate() {
        let DeValue::Table(table) = source.get_ref() else {
            continue;
        };
        let Some(url) = toml_get(table, "url").and_then(|one| toml_str(one.get_ref())) else {
            continue;
        };
        let line = text.line(source.span().start);
        // Since 2022 Pipenv takes packages from the first source unless they name another.
        let kind = if at == 0 { IndexKind::Instead } else { IndexKind::Chosen };
        let url = without_credentials(url);
        if matches!(
            toml_get(table, "verify_ssl").map(Spanned::get_ref),
            Some(DeValue::Boolean(false))
        ) {
            reading.manifest.indexes.push(Index {
                url: url.clone(),
                kind: IndexKind::Trusted,
                line,
            });
        }
        reading.manifest.indexes.push(Index { url, kind, line });
    }
}

fn one(text: &Text<'_>, value: &Spanned<DeValue<'_>>, mut component: Component, reading: &mut Reading) {
    let inside = |value: &Spanned<DeValue<'_>>| {
        let span = value.span();
        Some(text.span(span.start + 1, span.end.saturating_sub(1)))
    };
    match value.get_ref() {
        DeValue::String(version) => {
            component.version = poetry_version(version);
            component.span = inside(value);
        }
        DeValue::Table(table) => {
            table_of(table, &mut component);
            if let Some(version) = toml_get(table, "version")
                && let Some(words) = toml_str(version.get_ref())
            {
                component.version = poetry_version(words);
                component.span = inside(version);
            }
        }
        _ => {
            reading.problem(Some(component.line), "a dependency that is neither text nor table");
            return;
        }
    }
    reading.push(component);
}

fn table_of(table: &DeTable<'_>, component: &mut Component) {
    component.marker = toml_get(table, "markers")
        .and_then(|one| toml_str(one.get_ref()))
        .map(str::to_owned);
    table_origin(table, component);
}

pub(super) fn lock(text: &Text<'_>, reading: &mut Reading) {
    reading.manifest.lock = true;
    let Some(json) = text.json(reading) else { return };
    let root = json.tree.root();
    if json.tree.kind(root) != JsonKind::Object {
        reading.problem(None, "a lockfile that is no object, so nothing of it was read");
        return;
    }
    let mut public = true;
    if let Some(sources) = json.tree.at(root, &["_meta", "sources"]) {
        for (at, source) in json.tree.items(sources).enumerate() {
            let Some(url) = json.str_of(source, "url") else {
                continue;
            };
            let kind = if at == 0 { IndexKind::Instead } else { IndexKind::Chosen };
            public &= super::python_locks::PUBLIC_INDEX.iter().any(|one| url.starts_with(one));
            reading.manifest.indexes.push(Index {
                url: without_credentials(url),
                kind,
                line: json.line(source),
            });
        }
    }
    for (key, scope) in [("default", Scope::Run), ("develop", Scope::Development)] {
        let Some(all) = json.tree.get(root, key) else { continue };
        for (name, value) in json.tree.members(all) {
            if let Some(component) = locked(&json, name, value, &scope, public) {
                reading.push(component);
            } else {
                reading.problem(Some(json.line(value)), "a locked package that cannot be read");
            }
        }
    }
}

fn locked(json: &Json<'_, '_>, name: &str, value: NodeId, scope: &Scope, public: bool) -> Option<Component> {
    if json.tree.kind(value) != JsonKind::Object {
        return None;
    }
    let mut component = Component {
        scope: scope.clone(),
        ..Component::new(Ecosystem::PyPI, normalised(name), json.line(value))
    };
    if let Some(version) = json.tree.get(value, "version") {
        component.version = version_of(json.tree.str(version)?);
        component.line = json.line(version);
        let span = json.span(version);
        let sign = json
            .tree
            .str(version)
            .map_or(0, |text| text.bytes().take_while(|b| *b == b'=').count());
        component.span = Some((span.0 + sign as u64, span.1));
    }
    if let Some(hashes) = json.tree.get(value, "hashes") {
        component.hashes = json
            .tree
            .items(hashes)
            .filter_map(|one| json.tree.str(one))
            .map(str::to_owned)
            .collect();
    }
    component.marker = json.str_of(value, "markers").map(str::to_owned);
    if let Some(git) = json.str_of(value, "git") {
        let commit = json
            .str_of(value, "ref")
            .filter(|one| is_commit(one))
            .map(str::to_owned);
        component.origin = Origin::Git {
            url: without_credentials(git),
            commit,
        };
        component.version = Version::Any;
    } else if let Some(path) = json.str_of(value, "path").or_else(|| json.str_of(value, "file")) {
        component.origin = Origin::Local(path.to_owned());
    } else if let Some(index) = json.str_of(value, "index").filter(|_| !public) {
        component.origin = Origin::OtherRegistry(index.to_owned());
    }
    Some(component)
}

#[cfg(test)]
mod tests {
    use super::super::reader::{read_text, shown, spans};

    #[test]
    fn both_files() {
        let pipfile = "[[source]]\nurl = 'http://i.example/simple'\nverify_ssl = false\n[packages]\na = '*'\nb = '==1.0'\nc = {version='>=2', markers='x'}\n\
            [dev-packages]\nd = {path='./d', editable=true}\n";
        let reading = read_text("Pipfile", pipfile);
        assert_eq!(
            shown(&reading),
            "5 a * direct\n6 b =1.0 direct\n7 c >=2 direct\n9 d * local:./d dev direct\n"
        );
        assert_eq!(reading.manifest.indexes.len(), 2);
        let lock = "{\"_meta\":{},\"default\":{\n\"A\":{\"hashes\":[\"sha256:a\"],\"version\":\"==1.2\"},\n\"b\":{\"git\":\"https://h.example/b\",\"ref\":\"main\"}},\n\
            \"develop\":{\"c\":3}}";
        let reading = read_text("Pipfile.lock", lock);
        assert_eq!(
            shown(&reading),
            "2 a =1.2 hashes:1\n3 b * git:https://h.example/b#?\n! Some(4) a locked package that cannot be read\n"
        );
        assert_eq!(spans(lock, &reading), ["1.2"]);
        assert!(shown(&read_text("Pipfile.lock", "{")).starts_with("! Some(1) it is no JSON"));
    }
}
