//! What commands of a shell install: in the build of an image, in a step of a pipeline, in a cell of a notebook.
//!
//! Source: the documentation of pip, apt, npm, cargo and go.

use super::{
    Component, Ecosystem, Scope, Version,
    npm::of_spec,
    reader::{Reading, Text},
    requirements,
};

/// The name of the format of notebooks.
pub(super) const NOTEBOOK: &str = "notebook";

/// Whether a notebook may install something.
pub(super) fn is_in(notebook: &[u8]) -> bool {
    memchr::memmem::find(notebook, b"install").is_some()
}

/// The lines of a script, each a command, or with a backslash at its end a part of one. `first` is the line of the file
/// that the script begins on.
pub(super) fn script(text: &str, first: u32, reading: &mut Reading) {
    let includes = reading.manifest.includes.len();
    let mut joined = String::new();
    let mut from = first;
    for (line, row) in (first..).zip(text.split('\n')) {
        let row = row.trim_end();
        joined.push_str(row.strip_suffix('\\').unwrap_or(row));
        if row.ends_with('\\') {
            joined.push('\n');
            continue;
        }
        // What is filled in before the shell reads it is not known here.
        if joined.contains("install") || joined.contains(" add ") {
            commands(&joined, from, reading);
        }
        joined.clear();
        from = line.saturating_add(1);
    }
    commands(&joined, from, reading);
    // Files that are named count from where the script runs, which is not known; they are read by their own names.
    reading.manifest.includes.truncate(includes);
}

/// The commands of a notebook's cells: lines that begin with `!`, and the magics that install.
///
/// Source: nbformat 4, *The notebook file format*; IPython's documentation of magics.
pub(super) fn notebook(text: &Text<'_>, reading: &mut Reading) {
    // That a notebook is no JSON says the engine that reads its programs.
    let Some(json) = text.json(&mut Reading::default()) else {
        return;
    };
    let tree = &json.tree;
    let cells = tree
        .get(tree.root(), "cells")
        .into_iter()
        .flat_map(|cells| tree.items(cells));
    for cell in cells.filter(|cell| json.str_of(*cell, "cell_type") == Some("code")) {
        let Some(source) = tree.get(cell, "source") else {
            continue;
        };
        let lines = tree.items(source).chain(std::iter::once(source));
        for node in lines {
            let Some(words) = tree.str(node) else { continue };
            for line in words.lines() {
                let line = line.trim();
                let command = line.strip_prefix('!').or_else(|| {
                    line.strip_prefix('%')
                        .filter(|rest| rest.starts_with(['p', 'c', 'u', 'm']))
                });
                if let Some(command) = command {
                    script(command, json.line(node), reading);
                }
            }
        }
    }
}

/// Looks for installations in a command line, which may be several lines of the file joined by line ends.
pub(super) fn commands(text: &str, first: u32, reading: &mut Reading) {
    let mut line = first;
    let mut words: Vec<(u32, &str)> = Vec::new();
    for row in text.split('\n') {
        let row_words = if row.trim_start().starts_with('#') { "" } else { row };
        for word in row_words.split_whitespace() {
            let ends = word.ends_with(';') && word.len() > 1;
            if matches!(word, "&&" | "||" | ";" | "|" | "&") {
                command(&words, reading);
                words.clear();
            } else {
                words.push((line, word.trim_end_matches(';')));
                if ends {
                    command(&words, reading);
                    words.clear();
                }
            }
        }
        line = line.saturating_add(1);
    }
    command(&words, reading);
}

fn command(words: &[(u32, &str)], reading: &mut Reading) {
    let at = |name: &str| {
        words
            .iter()
            .position(|(_, word)| *word == name || word.ends_with(&format!("/{name}")))
    };
    let after = |from: usize| words.get(from..).unwrap_or_default();
    let pip = ["pip", "pip3", "pip2"].iter().find_map(|one| at(one));
    let installs = words.iter().position(|(_, word)| *word == "install" || *word == "add");
    let Some(install) = installs else { return };
    let has = |name: &str| at(name).is_some_and(|one| one < install);
    if pip.is_some_and(|pip| pip < install) {
        // Each word keeps its line; options and their values stand on one line as a rule.
        let rest = after(install + 1);
        let mut from = 0;
        while let Some((line, _)) = rest.get(from) {
            let count = rest
                .get(from..)
                .unwrap_or_default()
                .iter()
                .take_while(|(other, _)| other == line)
                .count();
            let row = rest
                .get(from..from + count)
                .unwrap_or_default()
                .iter()
                .map(|(_, word)| *word);
            requirements::of_arguments(row, *line, reading);
            from += count;
        }
    } else if has("apt-get") || has("apt") || has("apk") || has("yum") || has("dnf") || has("microdnf") {
        let mut skip = false;
        for (line, word) in after(install + 1) {
            if std::mem::take(&mut skip) {
                continue;
            }
            if word.starts_with('-') {
                skip = matches!(
                    *word,
                    "-t" | "--target-release" | "--virtual" | "-o" | "--repository" | "-X"
                );
                continue;
            }
            if word.starts_with(['$', '.', '/', '"', '\'', '{', '>']) || word.contains("://") {
                continue;
            }
            let (name, version) = word.split_once('=').map_or((*word, None), |(a, b)| (a, Some(b)));
            let version = version.map_or(Version::Any, |one| {
                if one.contains('*') {
                    Version::Range(one.to_owned())
                } else {
                    Version::Exact(one.trim_start_matches('=').to_owned())
                }
            });
            let direct = Some(true);
            reading.push(Component {
                version,
                direct,
                ..Component::new(Ecosystem::System, name.trim_end_matches(['<', '>', '~']), *line)
            });
        }
    } else if has("npm") || has("yarn") || has("pnpm") {
        for (line, word) in after(install + 1) {
            if word.starts_with('-') || word.starts_with('$') {
                continue;
            }
            let skip = usize::from(word.starts_with('@'));
            let (name, spec) = match word.get(skip..).unwrap_or_default().find('@') {
                Some(at) => word
                    .split_at_checked(skip + at)
                    .map_or((*word, ""), |(a, b)| (a, b.trim_start_matches('@'))),
                None => (*word, ""),
            };
            let (name, version, origin) = if spec.is_empty() && word.contains("/") && !word.starts_with('@') {
                (name.to_owned(), Version::Any, of_spec(name, word).2)
            } else {
                of_spec(name, spec)
            };
            reading.push(Component {
                version,
                origin,
                direct: Some(true),
                ..Component::new(Ecosystem::Npm, name, *line)
            });
        }
    } else if has("cargo") {
        for (line, word) in after(install + 1) {
            if word.starts_with('-') || word.starts_with('$') {
                break;
            }
            let (name, version) = word.split_once('@').map_or((*word, None), |(a, b)| (a, Some(b)));
            let version = version.map_or(Version::Any, |one| Version::Exact(one.to_owned()));
            reading.push(Component {
                version,
                direct: Some(true),
                scope: Scope::Build,
                ..Component::new(Ecosystem::Cargo, name, *line)
            });
        }
    } else if has("go") {
        for (line, word) in after(install + 1) {
            let Some((name, version)) = word.split_once('@').filter(|_| !word.starts_with('-')) else {
                continue;
            };
            let version = if version.starts_with('v') {
                Version::Exact(version.to_owned())
            } else {
                Version::Range(version.to_owned())
            };
            reading.push(Component {
                version,
                direct: Some(true),
                scope: Scope::Build,
                ..Component::new(Ecosystem::Go, name, *line)
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::reader::{read_text, shown};

    #[test]
    fn cells_install() {
        let text = "{\"cells\":[\n{\"cell_type\":\"code\",\"source\":[\n\"!pip install -q a==1 b\\n\",\n\"%pip install c>=2\\n\",\n\"x = 1\"]},\n\
            {\"cell_type\":\"code\",\"source\":\"%%bash\\n!apt-get install -y d\"},\n{\"cell_type\":\"markdown\",\"source\":[\"!pip install e\"]}]}";
        assert_eq!(
            shown(&read_text("a.ipynb", text)),
            "3 a =1 direct\n3 b * direct\n4 c >=2 direct\n6 d * direct\n"
        );
        assert_eq!(shown(&read_text("a.ipynb", "{ install")), "");
    }
}
