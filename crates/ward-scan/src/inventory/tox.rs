//! `tox.ini`: what the environments of tests install.
//!
//! Source: tox's documentation, *Configuration* (ini), keys `deps` and `requires`; factors stand before a colon.

use super::{
    Scope, ini,
    reader::{Reading, Text},
    requirements::of_arguments,
};

pub(super) fn read(text: &Text<'_>, reading: &mut Reading) {
    ini::settings(text, &['='], reading, &mut |found, reading| {
        let installs = match found.key {
            "deps" => found.section.starts_with("testenv"),
            "requires" => found.section == "tox",
            _ => false,
        };
        if !installs {
            return;
        }
        let body = found.body();
        let body = body.split_once(": ").map_or(body, |(_, rest)| rest.trim());
        // `{[testenv]deps}` stands for another section, which is read where it stands.
        if body.is_empty() || body.contains('{') {
            return;
        }
        if body.starts_with(['-', '.', '/']) {
            let words: Vec<&str> = body.split_whitespace().collect();
            of_arguments(words.into_iter(), found.number, reading);
            return;
        }
        if let Some(mut component) = found.component(text, body, reading) {
            component.scope = Scope::Development;
            reading.push(component);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::super::reader::{read_text, shown};

    #[test]
    fn environments_of_tests() {
        let text = "[tox]\nrequires = tox>=4\nenvlist = py\n[testenv:lint]\ndeps =\n  a==1  # why\n  py311: b>=2\n  {[testenv]deps}\n  -r req.txt\n  -c limits.txt\n\
            commands =\n  pip install c\n[flake8]\ndeps = d\n";
        let reading = read_text("tox.ini", text);
        assert_eq!(
            shown(&reading),
            "2 tox >=4 dev direct\n6 a =1 dev direct\n7 b >=2 dev direct\n"
        );
        let included: Vec<_> = reading
            .manifest
            .includes
            .iter()
            .map(|one| (&*one.path, one.constraints))
            .collect();
        assert_eq!(included, [("req.txt", false), ("limits.txt", true)]);
    }
}
