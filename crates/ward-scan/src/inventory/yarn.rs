//! `yarn.lock` of version 1 and of the later versions, which are a small part of YAML.
//!
//! Source: Yarn's documentation, and the headers of the files themselves.

use super::{
    Component, Ecosystem, Origin, Scope, Version,
    npm::{of_resolved, of_spec},
    reader::{Reading, Text},
};

pub(super) fn read(text: &Text<'_>, reading: &mut Reading) {
    reading.manifest.lock = true;
    let mut open: Option<Entry> = None;
    let mut in_needs = false;
    let mut any = false;
    for (number, start, line) in text.lines() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        any = true;
        let indent = line.len() - line.trim_start().len();
        let body = line.trim();
        if indent == 0 {
            finish(open.take(), reading);
            in_needs = false;
            match body.strip_suffix(':') {
                Some("__metadata") => open = None,
                Some(keys) => open = Some(Entry::new(keys, number)),
                None => reading.problem(Some(number), "a line that yarn.lock does not have"),
            }
            continue;
        }
        let Some(entry) = &mut open else { continue };
        if indent <= 2 {
            let (key, value) = match body.split_once(": ") {
                Some(pair) => pair,
                None => body.split_once(' ').unwrap_or((body.trim_end_matches(':'), "")),
            };
            let value = value.trim().trim_matches('"');
            in_needs = matches!(key.trim_end_matches(':'), "dependencies" | "optionalDependencies") && value.is_empty();
            match key {
                "version" => {
                    let at = start + line.find(value).unwrap_or_default();
                    entry.version = Some((value.to_owned(), text.span(at, at + value.len()), number));
                }
                "resolved" => entry.resolved = Some(value.to_owned()),
                "resolution" => entry.resolution = Some(value.to_owned()),
                "integrity" | "checksum" => entry.hashes.push(value.to_owned()),
                _ => {}
            }
        } else if in_needs {
            let name = body.split([' ', ':']).find(|word| !word.is_empty()).unwrap_or_default();
            // A scoped name stands between quotes.
            let name = match body.strip_prefix('"') {
                Some(rest) => rest.split('"').next().unwrap_or(name),
                None => name,
            };
            entry.needs.push(name.to_owned());
        }
    }
    finish(open, reading);
    if !any && !text.text.trim().is_empty() && !text.text.starts_with('#') {
        reading.problem(None, "a lockfile without packages, so nothing of it was read");
    }
}

#[derive(Default)]
struct Entry {
    /// `name@range` of the first key.
    name: String,
    spec: String,
    line: u32,
    version: Option<(String, (u64, u64), u32)>,
    resolved: Option<String>,
    resolution: Option<String>,
    hashes: Vec<String>,
    needs: Vec<String>,
}

impl Entry {
    fn new(keys: &str, line: u32) -> Self {
        let first = keys.split(", ").next().unwrap_or(keys).trim_matches('"');
        let (name, spec) = split_descriptor(first);
        Self {
            name: name.to_owned(),
            spec: spec.to_owned(),
            line,
            ..Self::default()
        }
    }
}

/// `@scope/name@range` at its second or only `@`.
fn split_descriptor(text: &str) -> (&str, &str) {
    let skip = usize::from(text.starts_with('@'));
    match text.get(skip..).unwrap_or_default().find('@') {
        Some(at) => (
            text.get(..skip + at).unwrap_or(text),
            text.get(skip + at + 1..).unwrap_or_default(),
        ),
        None => (text, ""),
    }
}

fn finish(entry: Option<Entry>, reading: &mut Reading) {
    let Some(entry) = entry else { return };
    let Some((version, span, line)) = entry.version else {
        reading.problem(Some(entry.line), "a locked package without a version");
        return;
    };
    // A member of the workspace is the project itself.
    if entry
        .resolution
        .as_deref()
        .is_some_and(|one| one.contains("@workspace:"))
    {
        return;
    }
    let (mut name, _, mut origin) = of_spec(
        &entry.name,
        entry
            .spec
            .strip_prefix("npm:")
            .filter(|rest| !rest.contains('@'))
            .unwrap_or(&entry.spec),
    );
    if let Some(resolution) = &entry.resolution {
        let (real, place) = split_descriptor(resolution);
        real.clone_into(&mut name);
        if place.starts_with("npm:") {
            origin = Origin::Registry;
        } else {
            origin = of_spec(real, &place.replace("#commit=", "#")).2;
        }
    } else if let (Origin::Registry, Some(resolved)) = (&origin, &entry.resolved) {
        origin = of_resolved(resolved.split('#').next().unwrap_or(resolved));
    } else if let (Origin::Git { commit: None, .. }, Some(resolved)) = (&origin, &entry.resolved) {
        let fixed = of_resolved(resolved);
        if matches!(fixed, Origin::Git { commit: Some(_), .. }) {
            origin = fixed;
        }
    }
    reading.push(Component {
        version: Version::Exact(version),
        origin,
        hashes: entry.hashes,
        needs: entry.needs,
        span: Some(span),
        scope: Scope::Run,
        ..Component::new(Ecosystem::Npm, name, line)
    });
}

#[cfg(test)]
mod tests {
    use super::super::reader::{read_text, shown, spans};

    #[test]
    fn both_forms() {
        let public = super::super::npm::PUBLIC[2];
        let one = format!(
            "# yarn lockfile v1\n\n\"@s/a@^1.0.0\", \"@s/a@^1.1.0\":\n  version \"1.2.0\"\n  resolved \"{public}/@s/a/-/a-1.2.0.tgz#00\"\n  integrity sha512-x\n  dependencies:\n    b \"^2\"\n    \"@s/c\" \"1\"\n\n\
            b@^2:\n  version \"2.0.0\"\n  resolved \"https://i.example/b/-/b-2.0.0.tgz\"\nd@o/d:\n  version \"1.0.0\"\nnonsense\n"
        );
        let reading = read_text("yarn.lock", &one);
        assert_eq!(
            shown(&reading),
            "4 @s/a =1.2.0 hashes:1 needs:b,@s/c\n12 b =2.0.0 registry:https://i.example\n15 d =1.0.0 git:github:o/d#?\n! Some(16) a line that yarn.lock does not have\n"
        );
        assert_eq!(spans(&one, &reading), ["1.2.0", "2.0.0", "1.0.0"]);
        let berry = "__metadata:\n  version: 6\n\n\"a@npm:^1.0.0\":\n  version: 1.2.0\n  resolution: \"a@npm:1.2.0\"\n  dependencies:\n    b: \"npm:^2\"\n  checksum: 10/aa\n\n\
            \"x@workspace:.\":\n  version: 0.0.0-use.local\n  resolution: \"x@workspace:.\"\n";
        assert_eq!(shown(&read_text("yarn.lock", berry)), "5 a =1.2.0 hashes:1 needs:b\n");
    }
}
