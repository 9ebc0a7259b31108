//! pixi: `pixi.toml` and `pixi.lock`.
//!
//! Source: pixi's documentation, *The pixi.toml manifest* and *The lock file*; the names of conda's files, CEP 26.

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};
use ward_formats::yaml::Value;

use super::{
    Component, Described, Ecosystem, Origin, Scope, Version, conda,
    reader::{Reading, Text, toml_get, toml_str, without_credentials},
    requirement::normalised,
    requirements::version_of,
};

/// Tables of packages: whose they are, and what for.
const TABLES: &[(&str, Ecosystem, Scope)] = &[
    ("dependencies", Ecosystem::Conda, Scope::Run),
    ("run-dependencies", Ecosystem::Conda, Scope::Run),
    ("host-dependencies", Ecosystem::Conda, Scope::Build),
    ("build-dependencies", Ecosystem::Conda, Scope::Build),
    ("pypi-dependencies", Ecosystem::PyPI, Scope::Run),
];

pub(super) fn manifest(text: &Text<'_>, reading: &mut Reading) {
    let Some(root) = text.toml(reading) else { return };
    let project = toml_get(&root, "workspace").or_else(|| toml_get(&root, "project"));
    if let Some(DeValue::Table(project)) = project.map(Spanned::get_ref) {
        let string = |key: &str| toml_str(toml_get(project, key)?.get_ref()).map(str::to_owned);
        reading.manifest.project = Some(Described {
            name: string("name"),
            version: string("version"),
            licence: string("license"),
            runtime: None,
        });
    }
    tables(text, &root, None, reading);
    for (_, package) in inner(&root, "package") {
        tables(text, package, None, reading);
    }
    for (_, target) in inner(&root, "target") {
        tables(text, target, None, reading);
    }
    for (name, feature) in inner(&root, "feature") {
        tables(text, feature, Some(name), reading);
        for (_, target) in inner(feature, "target") {
            tables(text, target, Some(name), reading);
        }
    }
    // Tables are read in the order of their names.
    reading.manifest.components.sort_by_key(|component| component.line);
}

/// The tables inside a table; the table itself where it holds packages.
fn inner<'v, 'i>(of: &'v DeTable<'i>, key: &'v str) -> Vec<(&'v str, &'v DeTable<'i>)> {
    let Some(DeValue::Table(all)) = toml_get(of, key).map(Spanned::get_ref) else {
        return Vec::new();
    };
    if key == "package" {
        return vec![(key, all)];
    }
    let tables = all.iter().filter_map(|(name, one)| match one.get_ref() {
        DeValue::Table(table) => Some((&**name.get_ref(), table)),
        _ => None,
    });
    tables.collect()
}

fn tables(text: &Text<'_>, of: &DeTable<'_>, feature: Option<&str>, reading: &mut Reading) {
    for (key, ecosystem, scope) in TABLES {
        let Some(packages) = toml_get(of, key) else { continue };
        let DeValue::Table(packages) = packages.get_ref() else {
            let line = text.line(packages.span().start);
            reading.problem(Some(line), "dependencies that are no table");
            continue;
        };
        let scope = match (scope, feature) {
            (Scope::Run, Some(feature)) => Scope::Optional(feature.to_owned().into()),
            _ => scope.clone(),
        };
        for (name, wanted) in packages {
            let line = text.line(wanted.span().start);
            match package(name.get_ref(), wanted.get_ref(), *ecosystem, line) {
                Some(component) => reading.push(Component {
                    scope: scope.clone(),
                    direct: Some(true),
                    ..component
                }),
                None => reading.problem(Some(line), "a package specification that cannot be read"),
            }
        }
    }
}

fn package(name: &str, wanted: &DeValue<'_>, ecosystem: Ecosystem, line: u32) -> Option<Component> {
    let said = |key: &str| match wanted {
        DeValue::Table(table) => toml_str(toml_get(table, key)?.get_ref()),
        _ => None,
    };
    let version = match wanted {
        DeValue::String(version) => version,
        DeValue::Table(_) => said("version").unwrap_or("*"),
        _ => return None,
    };
    let mut component = match ecosystem {
        Ecosystem::Conda => conda::of_spec(&format!("{name} {version}"), line)?,
        _ => Component {
            version: match version {
                "*" => Version::Any,
                version => version_of(version),
            },
            ..Component::new(ecosystem, normalised(name), line)
        },
    };
    if let Some(url) = said("git") {
        let commit = said("rev")
            .filter(|one| super::requirement::is_commit(one))
            .map(str::to_owned);
        component.origin = Origin::Git {
            url: without_credentials(url),
            commit,
        };
    } else if let Some(url) = said("url") {
        component.origin = Origin::Url(without_credentials(url));
    } else if let Some(path) = said("path") {
        component.origin = Origin::Local(path.to_owned());
    }
    Some(component)
}

pub(super) fn lock(text: &Text<'_>, reading: &mut Reading) {
    let Some(yaml) = text.yaml(reading) else { return };
    reading.manifest.lock = true;
    let Some(packages) = yaml.root().and_then(|root| root.get("packages")) else {
        reading.problem(None, "a lockfile without a list of packages, so nothing of it was read");
        return;
    };
    for package in packages.items() {
        match locked(package) {
            Some(component) => reading.push(component),
            None => reading.problem(Some(package.line()), "a locked package without a name"),
        }
    }
}

/// `conda: <address of the file>` with digests; `pypi: <address>` with name and version. Until version 5 of the format the
/// kind stood in a key of its own.
fn locked(package: Value<'_>) -> Option<Component> {
    let conda = package.text_of("conda");
    let url = conda
        .or_else(|| package.text_of("pypi"))
        .or_else(|| package.text_of("url"))?;
    let is_conda = conda.is_some() || package.text_of("kind") == Some("conda");
    let (name, version) = match (package.text_of("name"), package.text_of("version")) {
        (Some(name), version) => (name, version.map(str::to_owned)),
        (None, _) => of_file(url)?,
    };
    let ecosystem = if is_conda { Ecosystem::Conda } else { Ecosystem::PyPI };
    let mut component = Component::new(ecosystem, normalised(name), package.line());
    component.version = version.map_or(Version::Any, Version::Exact);
    if is_conda {
        name.clone_into(&mut component.name);
    }
    if !url.contains("://") {
        component.origin = Origin::Local(url.to_owned());
    }
    let digest = package.text_of("sha256").map(|digest| format!("sha256:{digest}"));
    component.hashes = digest.into_iter().collect();
    component.licence = package.text_of("license").map(str::to_owned);
    Some(component)
}

/// `name-version-build.conda`.
fn of_file(url: &str) -> Option<(&str, Option<String>)> {
    let file = url.rsplit('/').next()?;
    let stem = file.strip_suffix(".conda").or_else(|| file.strip_suffix(".tar.bz2"))?;
    let (rest, _) = stem.rsplit_once('-')?;
    let (name, version) = rest.rsplit_once('-')?;
    Some((name, Some(version.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::super::reader::{read_text, shown};

    #[test]
    fn manifests() {
        let text = "[workspace]\nname = \"x\"\n[dependencies]\npython = \"3.12.*\"\nnumpy = \"==2.1\"\n[pypi-dependencies]\na = \"==1\"\nb = { version = \">=2\", extras = [\"c\"] }\n\
            c = { git = \"https://h.example/c\" }\nd = { path = \"d\", editable = true }\n[feature.gpu.dependencies]\ncuda = \"*\"\n[target.linux-64.dependencies]\ne = 1\n";
        assert_eq!(
            shown(&read_text("pixi.toml", text)),
            "4 python ==3.12.* direct\n5 numpy =2.1 direct\n7 a =1 direct\n8 b >=2 direct\n9 c * git:https://h.example/c#? direct\n10 d * local:d direct\n\
             12 cuda * extra:gpu direct\n! Some(14) a package specification that cannot be read\n"
        );
    }

    #[test]
    fn lockfiles() {
        let text = "version: 6\npackages:\n- conda: https://c.example/linux-64/bzip2-1.0.8-h4bc722e_7.conda\n  sha256: aa\n- pypi: https://f.example/a-1-py3-none-any.whl\n  name: A_b\n  version: '1'\n- {}\n";
        assert_eq!(
            shown(&read_text("pixi.lock", text)),
            "3 bzip2 =1.0.8 hashes:1\n5 a-b =1\n! Some(8) a locked package without a name\n"
        );
        let old = "version: 5\npackages:\n- kind: conda\n  name: zlib\n  version: 1.3\n  url: https://c.example/zlib-1.3-0.conda\n";
        assert_eq!(shown(&read_text("pixi.lock", old)), "3 zlib =1.3\n");
        assert!(shown(&read_text("pixi.lock", "version: 6\n")).starts_with("! None"));
    }
}
