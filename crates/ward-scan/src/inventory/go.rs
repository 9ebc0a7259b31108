//! `go.mod` and `go.sum`.
//!
//! Source: the Go Modules Reference.

use std::collections::HashMap;

use super::{
    Component, Described, Ecosystem, Origin, Version,
    reader::{Reading, Text},
};

/// The name under which advisories speak of Go's own library.
const STANDARD: &str = "stdlib";

/// Go's own library, which comes with the toolchain.
fn standard(version: Version, line: u32) -> Component {
    Component {
        version,
        direct: Some(true),
        ..Component::new(Ecosystem::Go, STANDARD, line)
    }
}

pub(super) fn module(text: &Text<'_>, reading: &mut Reading) {
    let mut block: Option<String> = None;
    let mut project = Described::default();
    let mut replaced: HashMap<String, (String, Option<String>)> = HashMap::new();
    for (number, start, line) in text.lines() {
        let (body, comment) = line.split_once("//").unwrap_or((line, ""));
        let words: Vec<&str> = body.split_whitespace().collect();
        let Some(first) = words.first() else { continue };
        if block.is_some() && *first == ")" {
            block = None;
            continue;
        }
        let (verb, rest): (&str, &[&str]) = match &block {
            Some(verb) => (verb, &words),
            None => (first, words.get(1..).unwrap_or_default()),
        };
        if rest == ["("] {
            block = Some(verb.to_owned());
            continue;
        }
        match (verb, rest) {
            ("module", [name]) => project.name = Some(name.trim_matches('"').to_owned()),
            ("go", [version]) => {
                project.runtime = Some((*version).to_owned());
                if !reading.manifest.components.iter().any(|one| one.name == STANDARD) {
                    // The version that is built with is this one or a later one.
                    reading.push(standard(Version::Range(format!(">={version}")), number));
                }
            }
            ("toolchain", [name]) => {
                if let Some(version) = name
                    .strip_prefix("go")
                    .filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
                {
                    let version = version.split('-').next().unwrap_or(version);
                    reading.manifest.components.retain(|one| one.name != STANDARD);
                    reading.push(standard(Version::Exact(version.to_owned()), number));
                }
            }
            ("require" | "tool", [name]) if verb == "tool" => {
                let _ = name;
            }
            ("require", [name, version]) => {
                let at = start + line.rfind(version).unwrap_or_default();
                let mut component = Component {
                    // A module path leads to where it is fetched from; Go's proxy is the registry.
                    version: Version::Exact((*version).to_owned()),
                    direct: Some(!comment.trim().starts_with("indirect")),
                    span: Some(text.span(at, at + version.len())),
                    ..Component::new(Ecosystem::Go, name.trim_matches('"'), number)
                };
                if let Some(stripped) = version.strip_suffix("+incompatible") {
                    component.version = Version::Exact(stripped.to_owned());
                }
                reading.push(component);
            }
            ("replace", [from, .., "=>", to]) => {
                replaced.insert((*from).to_owned(), ((*to).to_owned(), None));
            }
            ("replace", [from, .., "=>", to, version]) => {
                replaced.insert((*from).to_owned(), ((*to).to_owned(), Some((*version).to_owned())));
            }
            ("exclude" | "retract" | "godebug" | "tool" | "ignore", _) => {}
            _ => reading.problem(Some(number), "a line that go.mod does not have"),
        }
    }
    for component in &mut reading.manifest.components {
        match replaced.get(&component.name) {
            Some((path, None)) => component.origin = Origin::Local(path.clone()),
            Some((name, Some(version))) => {
                component.name.clone_from(name);
                component.version = Version::Exact(version.clone());
                component.span = None;
            }
            None => {}
        }
    }
    // A go.mod fixes the version of everything since Go 1.17.
    reading.manifest.lock = true;
    reading.manifest.project = Some(project);
}

/// Every module whose content was checked. A line for `/go.mod` alone says only that a module was looked at.
pub(super) fn sums(text: &Text<'_>, reading: &mut Reading) {
    reading.manifest.lock = true;
    for (number, _, line) in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            [] => {}
            [_, version, _] if version.ends_with("/go.mod") => {}
            [name, version, hash] if version.starts_with('v') => {
                let version = version.strip_suffix("+incompatible").unwrap_or(version);
                reading.push(Component {
                    version: Version::Exact(version.to_owned()),
                    hashes: vec![(*hash).to_owned()],
                    ..Component::new(Ecosystem::Go, *name, number)
                });
            }
            _ => reading.problem(Some(number), "a line that go.sum does not have"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::reader::{read_text, shown, spans};

    #[test]
    fn modules_and_sums() {
        let text = "module h.example/x\n\ngo 1.21\nrequire h.example/a v1.2.3 // indirect\nrequire (\n\th.example/b v0.0.0-20200101000000-abcdef012345\n\th.example/c v2.0.0+incompatible\n)\n\
            replace h.example/a => ../a\nreplace h.example/c v2.0.0 => h.example/d v3.0.0\nwhat is this\n";
        let reading = read_text("go.mod", text);
        assert_eq!(
            shown(&reading),
            "3 stdlib >=1.21 direct\n4 h.example/a =v1.2.3 local:../a indirect\n6 h.example/b =v0.0.0-20200101000000-abcdef012345 direct\n7 h.example/d =v3.0.0 direct\n\
             ! Some(11) a line that go.mod does not have\n"
        );
        assert_eq!(spans(text, &reading), ["v1.2.3", "v0.0.0-20200101000000-abcdef012345"]);
        let chosen = "module m\ngo 1.21\ntoolchain go1.22.3-custom\n";
        assert_eq!(shown(&read_text("go.mod", chosen)), "3 stdlib =1.22.3 direct\n");
        assert_eq!(shown(&read_text("go.mod", "module m\ntoolchain default\n")), "");
        let sums = "h.example/a v1.2.3 h1:aa=\nh.example/a v1.2.3/go.mod h1:bb=\nx\n";
        assert_eq!(
            shown(&read_text("go.sum", sums)),
            "1 h.example/a =v1.2.3 hashes:1\n! Some(3) a line that go.sum does not have\n"
        );
    }
}
