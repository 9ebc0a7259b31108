//! `pyproject.toml`: the standard tables, and those of Poetry, PDM, uv and Hatch.
//!
//! Source: PEP 621 (project), PEP 735 (dependency groups), PEP 518 (build system); the documentation of each tool.

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    Component, Described, Ecosystem, Index, IndexKind, Origin, Scope, Version,
    reader::{Reading, Text, toml_get, toml_str, without_credentials},
    requirement::{normalised, origin_of},
    requirements::{component_of, version_of},
};

pub(super) fn read(text: &Text<'_>, reading: &mut Reading) {
    let Some(root) = text.toml(reading) else { return };
    let file = File { text, root: &root };
    if let Some(project) = file.table(&["project"]) {
        reading.manifest.project = Some(Described {
            name: string(project, "name").map(normalised),
            version: string(project, "version").map(str::to_owned),
            licence: licence(project),
            runtime: string(project, "requires-python").map(str::to_owned),
        });
        if let Some(list) = toml_get(project, "dependencies") {
            file.list(list, &Scope::Run, reading);
        }
        file.groups(
            project,
            "optional-dependencies",
            |name| Scope::Optional(name.to_owned().into()),
            reading,
        );
    }
    file.groups(&root, "dependency-groups", |_| Scope::Development, reading);
    if let Some(list) = file.at(&["build-system", "requires"]) {
        file.list(list, &Scope::Build, reading);
    }
    file.poetry(reading);
    if let Some(pdm) = file.table(&["tool", "pdm"]) {
        file.groups(pdm, "dev-dependencies", |_| Scope::Development, reading);
        file.sources(pdm, "source", reading);
    }
    if let Some(uv) = file.table(&["tool", "uv"]) {
        if let Some(list) = toml_get(uv, "dev-dependencies") {
            file.list(list, &Scope::Development, reading);
        }
        file.uv_indexes(uv, reading);
        file.uv_sources(uv, reading);
    }
    if let Some(hatch) = file.table(&["tool", "hatch", "envs"]) {
        for env in hatch.values() {
            let DeValue::Table(env) = env.get_ref() else { continue };
            for key in ["dependencies", "extra-dependencies"] {
                if let Some(list) = toml_get(env, key) {
                    file.list(list, &Scope::Development, reading);
                }
            }
        }
    }
}

struct File<'t, 'a> {
    text: &'t Text<'a>,
    root: &'t DeTable<'a>,
}

fn string<'v>(table: &'v DeTable<'_>, key: &str) -> Option<&'v str> {
    toml_str(toml_get(table, key)?.get_ref())
}

/// `license = "MIT"`, `license = { text = ".." }`, or the classifiers.
fn licence(project: &DeTable<'_>) -> Option<String> {
    let named = match toml_get(project, "license").map(Spanned::get_ref) {
        Some(DeValue::String(text)) => Some(text.to_string()),
        Some(DeValue::Table(table)) => string(table, "text").filter(|text| text.len() < 100).map(str::to_owned),
        _ => None,
    };
    named.or_else(|| {
        let Some(DeValue::Array(all)) = toml_get(project, "classifiers").map(Spanned::get_ref) else {
            return None;
        };
        let licence = |one: &Spanned<DeValue<'_>>| {
            toml_str(one.get_ref())
                .filter(|text| text.starts_with("License ::"))
                .map(str::to_owned)
        };
        all.iter().find_map(licence)
    })
}

impl<'t> File<'t, '_> {
    fn at(&self, path: &[&str]) -> Option<&'t Spanned<DeValue<'t>>> {
        let (last, before) = path.split_last()?;
        let mut table = self.root;
        for key in before {
            let DeValue::Table(inner) = toml_get(table, key)?.get_ref() else {
                return None;
            };
            table = inner;
        }
        toml_get(table, last)
    }

    fn table(&self, path: &[&str]) -> Option<&'t DeTable<'t>> {
        match self.at(path)?.get_ref() {
            DeValue::Table(table) => Some(table),
            _ => None,
        }
    }

    fn line(&self, value: &Spanned<DeValue<'_>>) -> u32 {
        self.text.line(value.span().start)
    }

    /// The bytes inside the quotes of a string on one line.
    fn inside(&self, value: &Spanned<DeValue<'_>>) -> Option<(u64, u64)> {
        let span = value.span();
        let source = self.text.text.get(span.clone())?;
        let quotes = if source.starts_with("\"\"\"") || source.starts_with("'''") {
            3
        } else {
            1
        };
        (source.len() >= 2 * quotes).then(|| self.text.span(span.start + quotes, span.end - quotes))
    }

    /// A list of requirements.
    fn list(&self, list: &Spanned<DeValue<'_>>, scope: &Scope, reading: &mut Reading) {
        let DeValue::Array(all) = list.get_ref() else {
            reading.problem(Some(self.line(list)), "dependencies that are no list");
            return;
        };
        for one in all {
            match one.get_ref() {
                DeValue::String(text) => {
                    if let Some(mut component) = component_of(text, self.line(one), self.inside(one), reading) {
                        component.scope = scope.clone();
                        reading.push(component);
                    }
                }
                // `{ include-group = ".." }`: the group stands in the same table.
                DeValue::Table(_) => {}
                _ => reading.problem(Some(self.line(one)), "a dependency that is no text"),
            }
        }
    }

    /// A table of lists.
    fn groups(&self, table: &DeTable<'_>, key: &str, scope: impl Fn(&str) -> Scope, reading: &mut Reading) {
        let Some(DeValue::Table(groups)) = toml_get(table, key).map(Spanned::get_ref) else {
            return;
        };
        for (name, list) in groups {
            self.list(list, &scope(name.get_ref()), reading);
        }
    }

    fn poetry(&self, reading: &mut Reading) {
        let Some(poetry) = self.table(&["tool", "poetry"]) else {
            return;
        };
        if reading.manifest.project.as_ref().is_none_or(|one| one.name.is_none()) {
            reading.manifest.project = Some(Described {
                name: string(poetry, "name").map(normalised),
                version: string(poetry, "version").map(str::to_owned),
                licence: string(poetry, "license").map(str::to_owned),
                runtime: self
                    .at(&["tool", "poetry", "dependencies", "python"])
                    .and_then(|one| toml_str(one.get_ref()))
                    .map(str::to_owned),
            });
        }
        let dependencies = |table: &DeTable<'_>, key: &str, scope: &Scope, reading: &mut Reading| {
            let Some(DeValue::Table(all)) = toml_get(table, key).map(Spanned::get_ref) else {
                return;
            };
            for (name, value) in all {
                self.poetry_one(name.get_ref(), value, scope, reading);
            }
        };
        dependencies(poetry, "dependencies", &Scope::Run, reading);
        dependencies(poetry, "dev-dependencies", &Scope::Development, reading);
        if let Some(DeValue::Table(groups)) = toml_get(poetry, "group").map(Spanned::get_ref) {
            for group in groups.values() {
                if let DeValue::Table(group) = group.get_ref() {
                    dependencies(group, "dependencies", &Scope::Development, reading);
                }
            }
        }
        self.sources(poetry, "source", reading);
    }

    fn poetry_one(&self, name: &str, value: &Spanned<DeValue<'_>>, scope: &Scope, reading: &mut Reading) {
        if name == "python" {
            return;
        }
        let mut component = Component {
            direct: Some(true),
            scope: scope.clone(),
            ..Component::new(Ecosystem::PyPI, normalised(name), self.line(value))
        };
        match value.get_ref() {
            DeValue::String(text) => {
                component.version = poetry_version(text);
                component.span = self.inside(value);
            }
            DeValue::Table(table) => {
                if matches!(
                    toml_get(table, "optional").map(Spanned::get_ref),
                    Some(DeValue::Boolean(true))
                ) {
                    component.scope = Scope::Optional("".into());
                }
                component.marker = string(table, "markers").map(str::to_owned);
                self.table_origin(table, &mut component);
                if let Some(version) = toml_get(table, "version")
                    && let Some(text) = toml_str(version.get_ref())
                {
                    component.version = poetry_version(text);
                    component.span = self.inside(version);
                }
            }
            DeValue::Array(several) => {
                for one in several {
                    self.poetry_one(name, one, scope, reading);
                }
                return;
            }
            _ => {
                reading.problem(Some(self.line(value)), "a dependency that is neither text nor table");
                return;
            }
        }
        reading.push(component);
    }

    /// `{ git = .., rev = .. }`, `{ path = .. }`, `{ url = .. }`, as Poetry, uv, PDM and Pipenv write them.
    fn table_origin(&self, table: &DeTable<'_>, component: &mut Component) {
        table_origin(table, component);
    }

    /// `[[tool.poetry.source]]`, `[[tool.pdm.source]]`.
    fn sources(&self, table: &DeTable<'_>, key: &str, reading: &mut Reading) {
        let Some(DeValue::Array(all)) = toml_get(table, key).map(Spanned::get_ref) else {
            return;
        };
        for one in all {
            let DeValue::Table(source) = one.get_ref() else {
                continue;
            };
            let Some(url) = string(source, "url") else { continue };
            let kind = match (string(source, "priority"), string(source, "type")) {
                (_, Some("find_links")) => IndexKind::Links,
                (Some("explicit"), _) => IndexKind::Chosen,
                (Some("supplemental" | "secondary"), _) => IndexKind::Beside,
                (Some("primary" | "default"), _) => IndexKind::Instead,
                _ => IndexKind::Beside,
            };
            reading.manifest.indexes.push(Index {
                url: without_credentials(url),
                kind,
                line: self.line(one),
            });
            if matches!(
                toml_get(source, "verify_ssl").map(Spanned::get_ref),
                Some(DeValue::Boolean(false))
            ) {
                reading.manifest.indexes.push(Index {
                    url: without_credentials(url),
                    kind: IndexKind::Trusted,
                    line: self.line(one),
                });
            }
        }
    }

    fn uv_indexes(&self, uv: &DeTable<'_>, reading: &mut Reading) {
        // uv takes the first index that has a package, unless it is told to look for the best match.
        let unsafe_strategy = string(uv, "index-strategy").is_some_and(|one| one.starts_with("unsafe"));
        let beside = if unsafe_strategy {
            IndexKind::Beside
        } else {
            IndexKind::Chosen
        };
        let mut add = |value: &Spanned<DeValue<'_>>, url: &str, kind| {
            let url = without_credentials(url);
            reading.manifest.indexes.push(Index {
                url,
                kind,
                line: self.line(value),
            });
        };
        if let Some(value) = toml_get(uv, "index-url")
            && let Some(url) = toml_str(value.get_ref())
        {
            add(value, url, IndexKind::Instead);
        }
        for (key, kind) in [
            ("extra-index-url", beside),
            ("find-links", IndexKind::Links),
            ("allow-insecure-host", IndexKind::Trusted),
        ] {
            if let Some(DeValue::Array(all)) = toml_get(uv, key).map(Spanned::get_ref) {
                for one in all {
                    if let Some(url) = toml_str(one.get_ref()) {
                        add(one, url, kind);
                    }
                }
            }
        }
        if let Some(DeValue::Array(all)) = toml_get(uv, "index").map(Spanned::get_ref) {
            for one in all {
                let DeValue::Table(index) = one.get_ref() else { continue };
                let flag = |key| matches!(toml_get(index, key).map(Spanned::get_ref), Some(DeValue::Boolean(true)));
                let kind = if flag("explicit") {
                    IndexKind::Chosen
                } else if flag("default") {
                    IndexKind::Instead
                } else {
                    beside
                };
                if let Some(url) = string(index, "url") {
                    add(one, url, kind);
                }
            }
        }
    }

    /// `[tool.uv.sources]`: where packages that stand in the lists above come from.
    fn uv_sources(&self, uv: &DeTable<'_>, reading: &mut Reading) {
        let Some(DeValue::Table(all)) = toml_get(uv, "sources").map(Spanned::get_ref) else {
            return;
        };
        for (name, value) in all {
            let name = normalised(name.get_ref());
            let tables: Vec<&DeTable<'_>> = match value.get_ref() {
                DeValue::Table(table) => vec![table],
                DeValue::Array(several) => several
                    .iter()
                    .filter_map(|one| match one.get_ref() {
                        DeValue::Table(table) => Some(table),
                        _ => None,
                    })
                    .collect(),
                _ => continue,
            };
            let Some(table) = tables.first() else { continue };
            for component in reading.manifest.components.iter_mut().filter(|one| one.name == name) {
                table_origin(table, component);
            }
        }
    }
}

/// `{ git = .., rev = .. }`, `{ path = .. }`, `{ url = .. }`, `{ index = .. }`.
pub(super) fn table_origin(table: &DeTable<'_>, component: &mut Component) {
    if let Some(git) = string(table, "git") {
        let revision = ["rev", "ref", "tag", "branch"]
            .iter()
            .find_map(|key| string(table, key));
        let address = match revision {
            Some(revision) => format!("git+{git}@{revision}"),
            None => format!("git+{git}"),
        };
        let (origin, version) = origin_of(&address);
        component.origin = origin;
        if matches!(version, Version::Range(_)) {
            component.version = version;
        }
    } else if let Some(url) = string(table, "url") {
        (component.origin, component.version) = origin_of(url);
    } else if let Some(path) = string(table, "path").or_else(|| string(table, "file")) {
        component.origin = Origin::Local(path.to_owned());
    } else if matches!(
        toml_get(table, "workspace").map(Spanned::get_ref),
        Some(DeValue::Boolean(true))
    ) {
        component.origin = Origin::Local(".".to_owned());
    } else if let Some(index) = string(table, "index").or_else(|| string(table, "source")) {
        component.origin = Origin::OtherRegistry(index.to_owned());
    }
}

/// A version as Poetry writes it: without a sign it is that version and no other.
pub(super) fn poetry_version(text: &str) -> Version {
    let text = text.trim();
    if text.is_empty() || text == "*" {
        return Version::Any;
    }
    if text
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'+' | b'-' | b'!'))
    {
        return Version::Exact(text.to_owned());
    }
    match version_of(text) {
        Version::Exact(version) => Version::Exact(version),
        _ => Version::Range(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::reader::{read_text, shown, spans};

    #[test]
    fn every_table_is_read() {
        let text = r#"
[build-system]
requires = ["setuptools>=61", "wheel"]
[project]
name = "My.App"
version = "1.0"
license = "MIT"
requires-python = ">=3.10"
dependencies = [
    "requests==2.31.0",
    "numpy>=1.2,<2",
    "tool @ git+https://h.example/tool@main",
    "other",
]
[project.optional-dependencies]
gpu = ["torch==2.1.0"]
[dependency-groups]
test = ["pytest", { include-group = "x" }]
[tool.uv.sources]
other = { path = "../other" }
[[tool.uv.index]]
name = "inner"
url = "https://u:p@i.example/simple"
explicit = true
"#;
        let reading = read_text("pyproject.toml", text);
        assert_eq!(
            shown(&reading),
            "10 requests =2.31.0 direct\n11 numpy >=1.2,<2 direct\n12 tool main git:https://h.example/tool#? direct\n\
             13 other * local:../other direct\n16 torch =2.1.0 extra:gpu direct\n18 pytest * dev direct\n\
             3 setuptools >=61 build direct\n3 wheel * build direct\n"
        );
        assert_eq!(spans(text, &reading)[..2], ["2.31.0", ">=1.2,<2"]);
        let project = reading.manifest.project.as_ref().unwrap();
        assert_eq!(
            (project.name.as_deref(), project.licence.as_deref()),
            (Some("my-app"), Some("MIT"))
        );
        assert_eq!(reading.manifest.indexes[0].url, "https://i.example/simple");
    }

    #[test]
    fn poetry_and_faults() {
        let text = "[tool.poetry]\nname='x'\n[tool.poetry.dependencies]\npython='^3.8'\na='1.2.3'\nb='^1'\n\
            c={git='https://h.example/c', rev='0123456789012345678901234567890123456789'}\nd={version='*',optional=true}\n\
            [tool.poetry.group.dev.dependencies]\ne=[{version='<2',python='<3'},{version='>=2'}]\n";
        assert_eq!(
            shown(&read_text("pyproject.toml", text)),
            "5 a =1.2.3 direct\n6 b ^1 direct\n7 c * git:https://h.example/c#0123456789012345678901234567890123456789 direct\n\
             8 d * extra: direct\n10 e <2 dev direct\n10 e >=2 dev direct\n"
        );
        assert_eq!(
            shown(&read_text("pyproject.toml", "[project")),
            "! Some(1) it is no TOML, so nothing of it was read\n"
        );
        let bad = "[project]\ndependencies = ['a b', 3]\n";
        assert!(shown(&read_text("pyproject.toml", bad)).matches('!').count() == 2);
    }
}
