//! Environment files of conda: `environment.yml` and its kin.
//!
//! Source: conda's documentation, *Creating an environment file manually*, *Package match specifications*.

use ward_formats::yaml::Shape;

use super::{
    Component, Ecosystem, Index, IndexKind, Origin, Version,
    reader::{Name, Reading, Text, without_credentials},
    requirements::component_of,
};

/// `environment.yml`, `environment-gpu.yaml`, `conda.yml`.
pub(super) fn is(name: &Name<'_>) -> bool {
    let Some((stem, "yml" | "yaml")) = name.file.rsplit_once('.') else {
        return false;
    };
    stem.starts_with("environment")
        || stem == "conda"
        || stem == "conda-env"
        || stem.ends_with("_environment")
        || stem.ends_with("-environment")
}

pub(super) fn read(text: &Text<'_>, reading: &mut Reading) {
    let Some(yaml) = text.yaml(reading) else { return };
    let Some(root) = yaml.root() else { return };
    let Some(dependencies) = root.get("dependencies") else {
        // Other tools have files of this name too.
        return;
    };
    for (value, channel) in root.get("channels").into_iter().flat_map(|all| all.texts()) {
        if channel.contains("://") {
            let kind = IndexKind::Chosen;
            reading.manifest.indexes.push(Index {
                url: without_credentials(channel),
                kind,
                line: value.line(),
            });
        }
    }
    if dependencies.shape() != Shape::Sequence && !dependencies.is_null() {
        reading.problem(Some(dependencies.line()), "dependencies that are no list");
    }
    for item in dependencies.items() {
        if let Some(spec) = item.text() {
            match of_spec(spec, item.line()) {
                Some(mut component) => {
                    component.span = Some(text.yaml_span(item));
                    reading.push(component);
                }
                None => reading.problem(Some(item.line()), "a package specification that cannot be read"),
            }
            continue;
        }
        let Some(pip) = item.get("pip") else { continue };
        for (value, line) in pip.texts() {
            if line.starts_with('-') {
                let words: Vec<&str> = line.split_whitespace().collect();
                super::requirements::of_arguments(words.into_iter(), value.line(), reading);
            } else if line.contains("://") && !line.contains('@') {
                super::requirements::of_arguments(std::iter::once(line), value.line(), reading);
            } else if let Some(component) = component_of(line, value.line(), Some(text.yaml_span(value)), reading) {
                reading.push(component);
            }
        }
    }
}

/// `channel::name[=version[=build]]`, `name >=1,<2`.
pub(super) fn of_spec(spec: &str, line: u32) -> Option<Component> {
    let spec = spec.split(" #").next().unwrap_or(spec).trim();
    let (channel, rest) = match spec.split_once("::") {
        Some((channel, rest)) => (Some(channel), rest),
        None => (None, spec),
    };
    let length = rest
        .bytes()
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
        .count();
    let (name, version) = rest.split_at_checked(length)?;
    if name.is_empty() {
        return None;
    }
    let version = version.trim();
    let version = version.split('[').next().unwrap_or(version).trim();
    let version = if version.is_empty() || version == "*" {
        Version::Any
    } else if let Some(exact) = version.strip_prefix("==") {
        Version::Exact(exact.trim().to_owned())
    } else if let Some(fuzzy) = version.strip_prefix('=') {
        // One sign means "begins with", unless a build is named too.
        match fuzzy.split_once('=') {
            Some((exact, _)) => Version::Exact(exact.to_owned()),
            None if fuzzy.ends_with('*') => Version::Range(format!("=={fuzzy}")),
            None => Version::Range(format!("=={fuzzy}.*")),
        }
    } else if version.starts_with(|c: char| c.is_ascii_digit()) {
        // `name 1.2` means exactly that; `name 1.2.*` and `name 1.2|1.3` do not.
        let one = version.split(' ').next().unwrap_or(version);
        if one.contains(['*', '|', ',']) {
            Version::Range(format!("=={one}"))
        } else {
            Version::Exact(one.to_owned())
        }
    } else if version.starts_with(['<', '>', '!', '~']) {
        Version::Range(version.to_owned())
    } else {
        return None;
    };
    let origin = match channel {
        Some(channel) if channel.contains("://") => Origin::OtherRegistry(without_credentials(channel)),
        _ => Origin::Registry,
    };
    Some(Component {
        version,
        origin,
        direct: Some(true),
        ..Component::new(Ecosystem::Conda, name.to_lowercase(), line)
    })
}

#[cfg(test)]
mod tests {
    use super::super::reader::{read_text, shown};

    #[test]
    fn environments() {
        let text = "name: x\nchannels: [conda-forge, 'https://u:p@c.example/x']\ndependencies:\n  - python=3.11\n  - numpy==1.2\n  - a=1.0=h0\n  - conda-forge::b>=1,<2\n  - c\n  - pip:\n    - d==1\n    - -r more.txt\n    - --extra-index-url https://i.example\n  - '&'\n";
        let reading = read_text("environment-gpu.yml", text);
        assert_eq!(
            shown(&reading),
            "4 python ==3.11.* direct\n5 numpy =1.2 direct\n6 a =1.0 direct\n7 b >=1,<2 direct\n8 c * direct\n10 d =1 direct\n! Some(13) a package specification that cannot be read\n"
        );
        assert_eq!(
            (reading.manifest.includes.len(), reading.manifest.indexes.len()),
            (1, 2)
        );
        assert!(shown(&read_text("environment.yml", "dependencies: {{")).starts_with('!'));
    }
}
