//! Lockfiles of Python tools: `poetry.lock`, `uv.lock`, `pdm.lock`, `pylock.toml`.
//!
//! Source: the documentation of Poetry, uv and PDM; PEP 751 for `pylock.toml`.

use super::{
    Component, Ecosystem, Origin, Scope, Version,
    lock_toml::{Kind, Table, Value, parse},
    reader::{Name, Reading, Text, without_credentials},
    requirement::{is_commit, normalised, origin_of},
};

/// Address beginnings of the public index, which lockfiles name for every package. In parts, so that nothing that looks for
/// addresses in this file takes them for some that are fetched.
pub(crate) const PUBLIC_INDEX: &[&str] = &[
    concat!("https://pypi", ".org"),
    concat!("https://files.pythonhosted", ".org"),
    concat!("https://pypi.python", ".org"),
];

/// `pylock.toml`, `pylock.name.toml` (PEP 751).
pub(super) fn is_pylock(name: &Name<'_>) -> bool {
    name.file == "pylock.toml" || name.file.starts_with("pylock.") && name.file.ends_with(".toml")
}

fn hashes(of: &Table<'_>, key: &str) -> Vec<String> {
    of.tables(key)
        .filter_map(|(_, file)| file.text("hash").map(str::to_owned))
        .collect()
}

/// The packages of a lockfile: each table under `key`, with name and version.
fn packages(
    text: &Text<'_>,
    root: &Table<'_>,
    key: &str,
    reading: &mut Reading,
    fill: impl Fn(&Table<'_>, &mut Component) -> bool,
) {
    reading.manifest.lock = true;
    match root.get(key).map(|one| &one.kind) {
        Some(Kind::Array(_)) => {}
        // A lockfile of a project without dependencies.
        None if root.len() > 0 || text.text.trim().is_empty() => {}
        _ => reading.problem(None, "a lockfile without a list of packages, so nothing of it was read"),
    }
    for (start, package) in root.tables(key) {
        one_package(text, 0, start, package, reading, &fill);
    }
}

/// One package. `base` is where the text begins that the offsets of the table count from.
fn one_package(
    text: &Text<'_>,
    base: usize,
    start: usize,
    package: &Table<'_>,
    reading: &mut Reading,
    fill: impl Fn(&Table<'_>, &mut Component) -> bool,
) {
    let Some(name) = package.get("name") else {
        reading.problem(Some(text.line(base + start)), "a locked package without a name");
        return;
    };
    let Some(name_text) = name.text() else {
        let line = text.line(base + start);
        reading.problem(Some(line), "a locked package whose name is no text");
        return;
    };
    let mut component = Component::new(
        Ecosystem::PyPI,
        normalised(name_text),
        text.line(base + name.span.start),
    );
    if let Some(version) = package.get("version")
        && let Some(version_text) = version.text()
    {
        component.version = Version::Exact(version_text.to_owned());
        let span = &version.span;
        component.line = text.line(base + span.start);
        component.span = Some(text.span(base + span.start + 1, (base + span.end).saturating_sub(1)));
    }
    if fill(package, &mut component) {
        reading.push(component);
    }
}

/// What stands at `source`, in the words of Poetry and PDM.
fn source_of(url: &str, kind: Option<&str>, commit: Option<&str>) -> Origin {
    let clean = without_credentials(url);
    match kind {
        Some("git") => Origin::Git {
            url: clean,
            commit: commit.filter(|one| is_commit(one)).map(str::to_owned),
        },
        Some("directory" | "file") => Origin::Local(url.to_owned()),
        Some("url") => Origin::Url(clean),
        _ => Origin::OtherRegistry(clean),
    }
}

pub(super) fn poetry(text: &Text<'_>, reading: &mut Reading) {
    let Some(root) = text.locked(reading) else { return };
    // Until Poetry 1.2 the hashes of all packages stood in one table.
    let old_hashes = root.table("metadata").and_then(|metadata| metadata.table("files"));
    packages(text, &root, "package", reading, |package, component| {
        if package.text("category") == Some("dev") {
            component.scope = Scope::Development;
        } else if matches!(package.get("optional").map(|one| &one.kind), Some(Kind::Truth(true))) {
            component.scope = Scope::Optional("".into());
        }
        if let Some(groups) = package.array("groups")
            && !groups.iter().any(|one| one.text() == Some("main"))
        {
            component.scope = Scope::Development;
        }
        component.hashes = hashes(package, "files");
        if let Some(old) = old_hashes.filter(|_| component.hashes.is_empty()) {
            let name = package.text("name").unwrap_or_default();
            component.hashes = hashes(old, name);
        }
        if let Some(needs) = package.table("dependencies") {
            component.needs = needs.iter().map(|(name, _)| normalised(name)).collect();
        }
        if let Some(source) = package.table("source") {
            let url = source.text("url").unwrap_or_default();
            component.origin = source_of(url, source.text("type"), source.text("resolved_reference"));
        }
        true
    });
}

pub(super) fn uv(text: &Text<'_>, reading: &mut Reading) {
    let mut direct: Vec<String> = Vec::new();
    if !uv_in_parts(text, reading, &mut direct) {
        let Some(root) = text.locked(reading) else { return };
        root.tables("package")
            .for_each(|(_, package)| asked_for(package, &mut direct));
        packages(text, &root, "package", reading, uv_package);
    }
    direct.sort_unstable();
    for component in &mut reading.manifest.components {
        component.direct = Some(direct.binary_search(&component.name).is_ok());
    }
}

/// The head of a package in a lockfile, a line of its own.
const PACKAGE: &str = "[[package]]";

/// Reads a lockfile package by package, which takes the memory of one of them and not of all. False, with nothing read,
/// where the parts might say something else than the whole does.
fn uv_in_parts(text: &Text<'_>, reading: &mut Reading, direct: &mut Vec<String>) -> bool {
    // Inside of a text of several lines a head would be none.
    let several_lines = |quote| memchr::memmem::find(text.text.as_bytes(), quote).is_some();
    if several_lines(b"\"\"\"") || several_lines(b"'''") {
        return false;
    }
    let mut heads = heads(text.text).peekable();
    let part = |start: usize, end: Option<usize>| parse(text.text.get(start..end.unwrap_or(text.text.len()))?).ok();
    let begins_well = heads
        .peek()
        .and_then(|first| part(0, Some(*first)))
        .is_some_and(|head| head.get("package").is_none());
    let before = (reading.manifest.components.len(), reading.problems.len());
    let mut read = || {
        while let Some(start) = heads.next() {
            let Some(root) = part(start, heads.peek().copied()).filter(|root| root.len() == 1) else {
                return false;
            };
            for (at, package) in root.tables("package") {
                asked_for(package, direct);
                one_package(text, start, at, package, reading, uv_package);
            }
        }
        true
    };
    if begins_well && read() {
        reading.manifest.lock = true;
        return true;
    }
    reading.manifest.components.truncate(before.0);
    reading.problems.truncate(before.1);
    direct.clear();
    false
}

/// Where the heads of packages begin.
fn heads(text: &str) -> impl Iterator<Item = usize> {
    memchr::memmem::find_iter(text.as_bytes(), PACKAGE).filter(move |at| {
        let (before, rest) = text.split_at_checked(*at).unwrap_or_default();
        let rest = rest.get(PACKAGE.len()..).unwrap_or_default().trim_start_matches('\r');
        (before.is_empty() || before.ends_with('\n')) && (rest.is_empty() || rest.starts_with('\n'))
    })
}

/// What the project itself asks for, where an entry of `uv.lock` is the project or a member of its workspace.
fn asked_for(package: &Table<'_>, direct: &mut Vec<String>) {
    if !is_own(package) {
        return;
    }
    let named = |(_, one): (usize, &Table<'_>)| one.text("name").map(normalised);
    direct.extend(package.tables("dependencies").filter_map(named));
    for key in ["optional-dependencies", "dev-dependencies"] {
        let Some(all) = package.table(key) else { continue };
        for (group, _) in all.iter() {
            direct.extend(all.tables(group).filter_map(named));
        }
    }
}

fn uv_package(package: &Table<'_>, component: &mut Component) -> bool {
    if is_own(package) {
        // The project itself and the members of its workspace.
        return false;
    }
    component.needs = package
        .tables("dependencies")
        .filter_map(|(_, one)| one.text("name"))
        .map(normalised)
        .collect();
    component.needs.dedup();
    component.hashes = hashes(package, "wheels");
    if let Some(sdist) = package.table("sdist") {
        component.hashes.extend(sdist.text("hash").map(str::to_owned));
    }
    let Some(source) = package.table("source") else {
        return true;
    };
    if let Some(registry) = source.text("registry") {
        if !PUBLIC_INDEX.iter().any(|one| registry.starts_with(one)) {
            component.origin = Origin::OtherRegistry(without_credentials(registry));
        }
    } else if let Some(git) = source.text("git") {
        component.origin = Origin::locked_git(git);
    } else if let Some(url) = source.text("url") {
        component.origin = Origin::Url(without_credentials(url));
    } else if let Some(path) = source.text("path").or_else(|| source.text("directory")) {
        component.origin = Origin::Local(path.to_owned());
    }
    true
}

/// Whether an entry of `uv.lock` is the project itself.
fn is_own(package: &Table<'_>) -> bool {
    package
        .table("source")
        .is_some_and(|source| source.get("editable").is_some() || source.get("virtual").is_some())
}

pub(super) fn pdm(text: &Text<'_>, reading: &mut Reading) {
    let Some(root) = text.locked(reading) else { return };
    let old_hashes = root.table("metadata").and_then(|metadata| metadata.table("files"));
    packages(text, &root, "package", reading, |package, component| {
        if let Some(groups) = package.array("groups")
            && !groups.iter().any(|one| one.text() == Some("default"))
        {
            component.scope = Scope::Development;
        }
        component.hashes = hashes(package, "files");
        if let Some(old) = old_hashes.filter(|_| component.hashes.is_empty()) {
            let key = format!("{} {}", component.name, component.version.exact().unwrap_or_default());
            component.hashes = hashes(old, &key);
        }
        if let Some(needs) = package.array("dependencies") {
            let name = |one: &Value<'_>| super::requirement::Requirement::read(one.text()?).map(|one| one.name);
            component.needs = needs.iter().filter_map(name).collect();
        }
        if let Some(git) = package.text("git") {
            component.origin = source_of(git, Some("git"), package.text("revision"));
        } else if let Some(url) = package.text("url") {
            component.origin = Origin::Url(without_credentials(url));
        } else if let Some(path) = package.text("path") {
            component.origin = Origin::Local(path.to_owned());
            // The project itself, installed from its folder.
            return path != ".";
        }
        component.marker = package.text("marker").map(str::to_owned);
        true
    });
}

pub(super) fn pylock(text: &Text<'_>, reading: &mut Reading) {
    let Some(root) = text.locked(reading) else { return };
    packages(text, &root, "packages", reading, |package, component| {
        component.marker = package.text("marker").map(str::to_owned);
        component.needs = package
            .tables("dependencies")
            .filter_map(|(_, one)| one.text("name"))
            .map(normalised)
            .collect();
        let of_file = |file: &Table<'_>| -> Vec<String> {
            let Some(hashes) = file.table("hashes") else {
                return Vec::new();
            };
            let one = |(kind, value): (&str, &Value<'_>)| Some(format!("{kind}:{}", value.text()?));
            hashes.iter().filter_map(one).collect()
        };
        for (_, wheel) in package.tables("wheels") {
            component.hashes.extend(of_file(wheel));
        }
        for key in ["sdist", "archive"] {
            if let Some(file) = package.table(key) {
                component.hashes.extend(of_file(file));
            }
        }
        if let Some(git) = package.table("vcs") {
            let url = git.text("url").or_else(|| git.text("path")).unwrap_or_default();
            component.origin = source_of(url, Some("git"), git.text("commit-id"));
        } else if let Some(folder) = package.table("directory") {
            component.origin = Origin::Local(folder.text("path").unwrap_or_default().to_owned());
        } else if let Some(archive) = package.table("archive") {
            let place = archive.text("url").or_else(|| archive.text("path")).unwrap_or_default();
            component.origin = origin_of(place).0;
        } else if let Some(index) = package.text("index")
            && !PUBLIC_INDEX.iter().any(|one| index.starts_with(one))
        {
            component.origin = Origin::OtherRegistry(without_credentials(index));
        }
        true
    });
}

#[cfg(test)]
mod tests {
    use super::super::reader::{read_text, shown, spans};

    #[track_caller]
    fn check(name: &str, text: &str, expect: &str) {
        let reading = read_text(name, text);
        assert_eq!(shown(&reading), expect);
        assert!(reading.manifest.lock);
    }

    #[test]
    fn locks_of_four_tools() {
        let poetry = "[[package]]\nname = \"A_b\"\nversion = \"1.0\"\noptional = false\nfiles = [{file='x', hash='sha256:aa'}]\n\
            [package.dependencies]\nc = \">=1\"\n[[package]]\nname = \"c\"\nversion = \"2\"\ngroups = [\"dev\"]\n\
            [package.source]\ntype = \"git\"\nurl = \"https://h.example/c\"\nresolved_reference = \"0123456789012345678901234567890123456789\"\n";
        check(
            "poetry.lock",
            poetry,
            "3 a-b =1.0 hashes:1 needs:c\n10 c =2 git:https://h.example/c#0123456789012345678901234567890123456789 dev\n",
        );
        assert_eq!(spans(poetry, &read_text("poetry.lock", poetry)), ["1.0", "2"]);
        let uv = "version = 1\n[[package]]\nname = \"app\"\nversion = \"0\"\nsource = { editable = \".\" }\ndependencies = [{ name = \"a\" }]\n\
            [[package]]\nname = \"a\"\nversion = \"1\"\nsource = { registry = \"https://i.example/simple\" }\ndependencies = [{name='b'}]\n\
            wheels = [{ url = \"u\", hash = \"sha256:aa\" }]\n[[package]]\nname = \"b\"\nversion = \"2\"\n\
            source = { git = \"https://h.example/b?rev=main#0123456789012345678901234567890123456789\" }\n";
        check(
            "uv.lock",
            uv,
            "9 a =1 registry:https://i.example/simple direct hashes:1 needs:b\n\
             15 b =2 git:https://h.example/b#0123456789012345678901234567890123456789 indirect\n",
        );
        let pdm = "[[package]]\nname = \"a\"\nversion = \"1\"\ngroups = [\"default\"]\ndependencies = [\"b>=1; x\"]\nfiles=[{hash='sha256:a'}]\n";
        check("pdm.lock", pdm, "3 a =1 hashes:1 needs:b\n");
        let pylock =
            "lock-version = '1.0'\n[[packages]]\nname = 'a'\nversion = '1'\nwheels = [{hashes={sha256='aa'}}]\n";
        check("pylock.dev.toml", pylock, "4 a =1 hashes:1\n");
    }

    /// A lockfile that is read in parts says what the whole says; where it would not, the whole is read.
    #[test]
    fn parts_say_what_the_whole_says() {
        use super::super::reader::{Reading, Text};
        let a = "[[package]]\nname = \"a\"\nversion = \"1\"\nsource = { registry = \"https://i.example/simple\" }\n\
            dependencies = [\n    { name = \"b\" },\n    { name = \"b\", marker = \"x\" },\n]\nwheels = [\n    { url = \"u\", hash = \"sha256:aa\" },\n]\n";
        let own = "[[package]]\nname = \"app\"\nversion = \"0\"\nsource = { virtual = \".\" }\ndependencies = [{ name = \"a\" }]\n\n\
            [package.optional-dependencies]\nx = [\n    { name = \"c\" },\n]\n\n[package.dev-dependencies]\ndev = [{ name = \"d\" }]\n\n[package.metadata]\nrequires-dist = [{ name = \"a\" }]\n";
        let c = "[[package]]\nname = \"C\"\nversion = \"1\"\nsource = { git = \"https://h.example/c#0123456789012345678901234567890123456789\" }\n";
        let head = "version = 1\nrevision = 3\n\n[manifest]\nmembers = [\"app\"]\n\n";
        let (nameless, numbered) = ("[[package]]\nversion = \"1\"\n", "[[package]]\nname = 3\n");
        let windows = a.replace('\n', "\r\n");
        for (parts, in_parts) in [
            (vec![head, a, own, c], true),
            (vec![head, own, "\r\n", &windows, c], true),
            (vec![a, own], true),
            (vec![head, a, nameless, numbered, c], true),
            (vec![head, a, "[[ package ]]\nname = 'd'\nversion = '2'\n", c], true),
            (vec![head, a, "x = [[1]]\n", c], true),
            (vec![head, "[package]\nname = 'x'\n", a], false),
            (vec![head, a, "[other]\nx = 1\n", c], false),
            (vec![head, a, "[manifest]\nx = 1\n", c], false),
            (vec![head, "x = \"\"\"\n", a, "\"\"\"\n", c], false),
            (vec![head, a, "x = '''\n[[package]]\n'''\n", c], false),
            (vec![head, a, "name = \"again\"\n", c], false),
            (vec![head, a, "x = [\n", c], false),
            (vec![head, "x = [\n", a, "]\n"], false),
            (vec![head, a, "<<<<<<< HEAD\n", c], false),
            (vec!["package = 3\n"], false),
            (vec![head], false),
        ] {
            let text = parts.concat();
            let text = Text::new("uv.lock", &text);
            let (mut read, mut asked) = (Reading::default(), Vec::new());
            assert_eq!(
                super::uv_in_parts(&text, &mut read, &mut asked),
                in_parts,
                "{}",
                text.text
            );
            if !in_parts {
                assert!(read.manifest.components.is_empty() && read.problems.is_empty() && asked.is_empty());
                continue;
            }
            let (mut whole, mut asked_whole) = (Reading::default(), Vec::new());
            let root = text.locked(&mut whole).unwrap();
            root.tables("package")
                .for_each(|(_, package)| super::asked_for(package, &mut asked_whole));
            super::packages(&text, &root, "package", &mut whole, super::uv_package);
            assert_eq!((read.manifest, read.problems), (whole.manifest, whole.problems));
            assert_eq!(asked, asked_whole);
        }
    }

    #[test]
    fn broken_locks_are_named() {
        check("uv.lock", "", "");
        check(
            "uv.lock",
            "[[package]]\nversion = '1'\n",
            "! Some(1) a locked package without a name\n",
        );
        check(
            "uv.lock",
            "package = 3\n",
            "! None a lockfile without a list of packages, so nothing of it was read\n",
        );
        assert!(shown(&read_text("poetry.lock", "<<<<<<< HEAD\n")).starts_with("! Some(1) it is no TOML"));
    }
}
