//! What is installed: metadata of packages in an environment's folder, for their licences. Only metadata and licence files are
//! read; links are not followed.

use std::{
    fs,
    path::{Path, PathBuf},
};

use ward_evidence::Location;
use ward_formats::input::Input;

use super::disk;
use crate::{
    Blob, Fact, Findings, NotExamined,
    licences::{
        expression::Expression,
        names::Said,
        statement::{self, Subject},
    },
};

/// Folders that environments lie in, at the root of a project.
pub const USUAL: &[&str] = &[".venv", "venv", "env", "node_modules"];
/// Deepest folder that is looked into, and most folders.
const DEEPEST: usize = 12;
const MOST: usize = 200_000;
/// Largest file that is read.
const LARGEST: u64 = 1 << 20;

/// What is installed somewhere.
#[derive(Default)]
pub struct Installed {
    /// What packages say of their licences, by place.
    pub facts: Vec<(Location, Fact)>,
    /// What could not be read.
    pub not_examined: Vec<NotExamined>,
}

/// Reads what is installed below `root`. Places begin with `label`, without a slash at its end.
#[must_use]
pub fn read(root: &Path, label: &str) -> Installed {
    let mut walk = Walk {
        findings: Findings::default(),
        facts: Vec::new(),
    };
    let mut waiting: Vec<(PathBuf, String, usize)> = vec![(root.to_owned(), label.to_owned(), 0)];
    let mut seen = 0;
    while let Some((folder, place, depth)) = waiting.pop() {
        seen += 1;
        if depth > DEEPEST || seen > MOST {
            walk.findings.not_examined(
                Location::of_file(place),
                "more or deeper folders of an environment than are read",
            );
            continue;
        }
        let Ok(entries) = fs::read_dir(&folder) else {
            walk.findings.not_examined(
                Location::of_file(place),
                "the folder of the environment cannot be listed",
            );
            continue;
        };
        let mut folders: Vec<(PathBuf, String)> = Vec::new();
        for entry in entries.flatten() {
            // The type is that of the entry itself: a link is neither a folder nor a file.
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                let mut name = String::new();
                disk::push_name(&mut name, entry.file_name().as_encoded_bytes());
                folders.push((entry.path(), name));
            }
        }
        folders.sort();
        let python = folders.iter().any(|(_, name)| is_metadata(name));
        let node = place.rsplit('/').next() == Some("node_modules");
        for (path, name) in folders {
            let inner = format!("{place}/{name}");
            if is_metadata(&name) {
                walk.package(&path, &inner, &["METADATA", "PKG-INFO"]);
            } else if node && !name.starts_with('.') {
                if name.starts_with('@') {
                    walk.scope(&path, &inner, &mut waiting, depth);
                } else {
                    walk.node(&path, &inner, &mut waiting, depth);
                }
            } else if !python {
                waiting.push((path, inner, depth + 1));
            }
        }
    }
    Installed {
        facts: walk.facts,
        not_examined: walk.findings.not_examined,
    }
}

/// Whether a text tells more than a name: where there is no name that anybody knows, or one that is of the same family.
fn is_finer(named: &Said, text: &Expression) -> bool {
    let family = |one: &Expression| {
        let first = one
            .terms()
            .first()
            .map(|term| term.id.split(['-', '.']).next().unwrap_or_default().to_owned());
        first.filter(|_| one.terms().len() == 1)
    };
    named.expression().is_none_or(|named| family(named) == family(text))
}

fn is_metadata(name: &str) -> bool {
    name.ends_with(".dist-info") || name.ends_with(".egg-info")
}

struct Walk {
    findings: Findings,
    facts: Vec<(Location, Fact)>,
}

impl Walk {
    /// Packages of one scope of npm.
    fn scope(&mut self, path: &Path, place: &str, waiting: &mut Vec<(PathBuf, String, usize)>, depth: usize) {
        let Ok(entries) = fs::read_dir(path) else { return };
        let mut names: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        names.sort();
        for path in names {
            let mut name = String::new();
            disk::push_name(&mut name, path.file_name().unwrap_or_default().as_encoded_bytes());
            self.node(&path, &format!("{place}/{name}"), waiting, depth);
        }
    }

    /// A package of npm, and the packages that lie inside it.
    fn node(&mut self, path: &Path, place: &str, waiting: &mut Vec<(PathBuf, String, usize)>, depth: usize) {
        self.package(path, place, &["package.json"]);
        let inner = path.join("node_modules");
        if fs::symlink_metadata(&inner).is_ok_and(|meta| meta.is_dir()) {
            waiting.push((inner, format!("{place}/node_modules"), depth + 1));
        }
    }

    /// The metadata of one package; when they say no licence, the licence files beside them.
    fn package(&mut self, folder: &Path, place: &str, names: &[&str]) {
        let before = self.facts.len();
        for name in names {
            if self.file(&folder.join(name), &format!("{place}/{name}")) {
                break;
            }
        }
        // An expression says it all. A name may lack its version, and then the text beside it tells which is meant.
        let exact = self
            .facts
            .get(before..)
            .unwrap_or_default()
            .iter()
            .any(|(_, fact)| match fact {
                Fact::Licence(one) => {
                    matches!(one.of, Subject::Package { .. }) && Expression::parse(&one.words).is_ok()
                }
                _ => false,
            });
        if exact {
            return;
        }
        let texts = self.facts.len();
        for (folder, place) in [
            (folder.to_owned(), place.to_owned()),
            (folder.join("licenses"), format!("{place}/licenses")),
        ] {
            let Ok(entries) = fs::read_dir(&folder) else { continue };
            let mut found: Vec<(PathBuf, String)> = Vec::new();
            for entry in entries.flatten() {
                let mut name = String::new();
                disk::push_name(&mut name, entry.file_name().as_encoded_bytes());
                let file = entry.file_type().is_ok_and(|kind| kind.is_file());
                if file && statement::is_text_name(&name.to_lowercase()) {
                    found.push((entry.path(), name));
                }
            }
            found.sort();
            for (path, name) in found {
                self.file(&path, &format!("{place}/{name}"));
            }
        }
        let texts = self.facts.get(texts..).unwrap_or_default().iter();
        let said: Vec<Expression> = texts
            .filter_map(|(_, fact)| match fact {
                Fact::Licence(one) => one.said.expression().cloned(),
                _ => None,
            })
            .collect();
        // One text, one licence; of several nobody knows whether they are alternatives.
        if let ([said], Some((_, Fact::Licence(one)))) = (said.as_slice(), self.facts.get_mut(before))
            && matches!(one.of, Subject::Package { .. })
            && is_finer(&one.said, said)
        {
            one.said = Said::Expression(said.clone());
        }
    }

    /// True when the file is there.
    fn file(&mut self, path: &Path, place: &str) -> bool {
        let place = Location::of_file(place);
        match disk::read_small(path, LARGEST) {
            Ok(Some(bytes)) => {
                let mut of_file = Findings::default();
                statement::read(&Blob::at(place.clone(), Input::of_bytes(&bytes)), &mut of_file);
                // A text that nobody knows is told with its package, not as a file.
                self.facts
                    .extend(of_file.facts.into_iter().map(|fact| (place.clone(), fact)));
                true
            }
            Ok(None) => false,
            Err(_) => {
                self.findings
                    .not_examined(place, "metadata of a package that cannot be read");
                true
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn what_is_installed_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write(
            "lib/python3/site-packages/a-1.dist-info/METADATA",
            "Name: a\nVersion: 1\nLicense: MIT\n",
        );
        write(
            "lib/python3/site-packages/b-2.dist-info/METADATA",
            "Name: b\nVersion: 2\n",
        );
        write(
            "lib/python3/site-packages/b-2.dist-info/licenses/LICENSE",
            "Apache License 2.0",
        );
        write("lib/python3/site-packages/deep/LICENSE", "not read");
        write(
            "node_modules/c/package.json",
            r#"{"name":"c","version":"3","license":"ISC"}"#,
        );
        write(
            "node_modules/c/node_modules/@d/e/package.json",
            r#"{"name":"@d/e","version":"4","license":"MIT"}"#,
        );
        let findings = read(folder.path(), "env");
        assert!(findings.not_examined.is_empty());
        let said: BTreeMap<String, String> = findings
            .facts
            .iter()
            .map(|(at, fact)| match fact {
                Fact::Licence(one) => (
                    at.path.clone(),
                    one.said.expression().map_or_else(String::new, ToString::to_string),
                ),
                _ => unreachable!("only licences are read"),
            })
            .collect();
        let got: Vec<(&str, &str)> = said.iter().map(|(path, said)| (path.as_str(), said.as_str())).collect();
        assert_eq!(
            got,
            [
                ("env/lib/python3/site-packages/a-1.dist-info/METADATA", "MIT"),
                ("env/lib/python3/site-packages/b-2.dist-info/METADATA", "Apache-2.0"),
                (
                    "env/lib/python3/site-packages/b-2.dist-info/licenses/LICENSE",
                    "Apache-2.0"
                ),
                ("env/node_modules/c/node_modules/@d/e/package.json", "MIT"),
                ("env/node_modules/c/package.json", "ISC"),
            ]
        );
    }
}
