//! `go.mod` and `go.sum`.
//!
//! Source: the Go Modules Reference.

use std::collections::HashMap;

use super::{
    Component, Described, Ecosystem, Origin, Version,
    reader::{Reading, Text},
};

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
            ("go", [version]) => project.runtime = Some((*version).to_owned()),
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
            ("toolchain" | "exclude" | "retract" | "godebug" | "tool" | "ignore", _) => {}
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
            "4 h.example/a =v1.2.3 local:../a indirect\n6 h.example/b =v0.0.0-20200101000000-abcdef012345 direct\n7 h.example/d =v3.0.0 direct\n\
             ! Some(11) a line that go.mod does not have\n"
        );
        assert_eq!(spans(text, &reading), ["v1.2.3", "v0.0.0-20200101000000-abcdef012345"]);
        let sums = "h.example/a v1.2.3 h1:aa=\nh.example/a v1.2.3/go.mod h1:bb=\nx\n";
        assert_eq!(
            shown(&read_text("go.sum", sums)),
            "1 h.example/a =v1.2.3 hashes:1\n! Some(3) a line that go.sum does not have\n"
        );
    }
}
