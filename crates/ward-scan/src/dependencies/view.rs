//! All manifests of a project and what they have to do with one another: includes, constraints, lockfiles.

use std::{
    cell::OnceCell,
    collections::{BTreeSet, HashMap, HashSet},
};

use ward_evidence::Location;

use crate::{
    Fact, Findings, Project,
    inventory::{Component, Ecosystem, Manifest, Version, taken_in::join},
};

/// A manifest with its place.
pub(super) struct Entry<'a> {
    /// The file.
    pub(super) place: &'a Location,
    /// What it names.
    pub(super) manifest: &'a Manifest,
    /// Its folder, without a `/` at its end; empty for the root. Archives count as folders.
    pub(super) folder: String,
    /// Whether it belongs to tests, examples or documentation.
    pub(super) aside: bool,
    /// Whether other files take it in only to limit versions.
    pub(super) constrains: bool,
}

type Locked<'a> = HashMap<(Ecosystem, &'a str), Vec<(usize, &'a Component)>>;

/// All manifests of a project.
pub(super) struct View<'a> {
    pub(super) entries: Vec<Entry<'a>>,
    /// By path, the place in [`entries`](Self::entries).
    by_path: HashMap<String, usize>,
    /// For each ecosystem and name, the lockfiles that hold it, with the component; made when it is first asked for.
    locked: OnceCell<Locked<'a>>,
    /// Modules that Python files import.
    pub(super) imports: HashSet<&'a str>,
    /// Whether there are Python files that import anything.
    pub(super) has_python: bool,
}

impl<'a> View<'a> {
    pub(super) fn of(project: &Project<'a>) -> Self {
        let mut view = Self {
            entries: Vec::new(),
            by_path: HashMap::new(),
            locked: OnceCell::new(),
            imports: HashSet::new(),
            has_python: false,
        };
        for (place, fact) in project.facts {
            match fact {
                Fact::Manifest(manifest) => {
                    let path = place.full_path();
                    let folder = path.rsplit_once(['/', '!']).map_or("", |(folder, _)| folder).to_owned();
                    view.by_path.entry(path.clone()).or_insert(view.entries.len());
                    view.entries.push(Entry {
                        place,
                        manifest,
                        folder,
                        aside: is_aside(&path),
                        constrains: manifest.constrains,
                    });
                }
                Fact::Imports(modules) => {
                    view.has_python = true;
                    view.imports.extend(modules.iter().map(|one| &**one));
                }
                Fact::Licence(_) | Fact::Python(_) | Fact::Model(_) => {}
            }
        }
        view.mark_constraints();
        view
    }

    fn locked(&self) -> &Locked<'a> {
        self.locked.get_or_init(|| {
            let mut locked = Locked::new();
            let locks = self.entries.iter().enumerate().filter(|(_, entry)| entry.manifest.lock);
            for (at, entry) in locks {
                for component in &entry.manifest.components {
                    let key = (component.ecosystem, component.name.as_str());
                    locked.entry(key).or_default().push((at, component));
                }
            }
            locked
        })
    }

    /// Whether a file of this path is a manifest or a lockfile.
    pub(super) fn holds(&self, path: &str) -> bool {
        self.by_path.contains_key(path)
    }

    /// The file that an include of an entry means.
    fn included(&self, entry: &Entry<'_>, path: &str) -> Option<usize> {
        let joined = join(&entry.folder, path)?;
        self.by_path.get(&joined).copied()
    }

    /// A file that others take in as constraints only is no list of dependencies; one that is taken in otherwise is.
    fn mark_constraints(&mut self) {
        let (mut limits, mut asked) = (BTreeSet::new(), BTreeSet::new());
        for entry in &self.entries {
            for include in &entry.manifest.includes {
                if let Some(at) = self.included(entry, &include.path) {
                    if include.constraints {
                        limits.insert(at);
                    } else {
                        asked.insert(at);
                    }
                }
            }
        }
        for (at, entry) in self.entries.iter_mut().enumerate() {
            if asked.contains(&at) {
                entry.constrains = false;
            } else if limits.contains(&at) {
                entry.constrains = true;
            }
        }
    }

    /// What an entry's includes limit versions to, over any number of files; files that take in one another are read once.
    pub(super) fn constraints(&self, at: usize) -> HashMap<(Ecosystem, &'a str), &'a Version> {
        let mut out = HashMap::new();
        let mut seen = HashSet::from([at]);
        let mut open = vec![at];
        while let Some(at) = open.pop() {
            let Some(entry) = self.entries.get(at) else { continue };
            for include in &entry.manifest.includes {
                if let Some(next) = self.included(entry, &include.path).filter(|next| seen.insert(*next)) {
                    open.push(next);
                }
            }
            if entry.constrains {
                for component in &entry.manifest.components {
                    out.entry((component.ecosystem, component.name.as_str()))
                        .or_insert(&component.version);
                }
            }
        }
        out
    }

    /// The lockfiles' entries for a component of a file: those of lockfiles in its folder or one above.
    pub(super) fn locks_of(
        &self,
        entry: &Entry<'_>,
        component: &Component,
    ) -> impl Iterator<Item = (usize, &'a Component)> {
        let key = (component.ecosystem, component.name.as_str());
        // The borrow of the key ends here; what is found lives as long as the facts.
        let found: Vec<(usize, &'a Component)> = self.locked().get(&key).cloned().unwrap_or_default();
        let folder = entry.folder.clone();
        let folders: Vec<(usize, bool)> = found
            .iter()
            .map(|(at, _)| {
                (
                    *at,
                    self.entries
                        .get(*at)
                        .is_some_and(|lock| is_above(&lock.folder, &folder)),
                )
            })
            .collect();
        found
            .into_iter()
            .zip(folders)
            .filter(|(_, (_, above))| *above)
            .map(|(one, _)| one)
    }

    /// Says which files that are taken in were not found.
    pub(super) fn missing_includes(&self, findings: &mut Findings) {
        for entry in &self.entries {
            for include in &entry.manifest.includes {
                if self.included(entry, &include.path).is_some() || entry.manifest.format == "Dockerfile" {
                    continue;
                }
                let remote = include.path.contains("://");
                let why = if remote {
                    "it takes in a file from an address, which was not fetched"
                } else {
                    "it takes in a file that was not scanned, or that is no list of requirements"
                };
                findings.not_examined(entry.place.clone().at(include.line, 1), why);
            }
        }
    }
}

/// Whether a folder is another or lies above it.
fn is_above(folder: &str, of: &str) -> bool {
    folder.is_empty() || folder == of || of.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// Whether a path is one of tests, examples or documentation.
fn is_aside(path: &str) -> bool {
    path.split(['/', '!']).any(|part| {
        matches!(
            part.to_ascii_lowercase().as_str(),
            "test"
                | "tests"
                | "testing"
                | "testdata"
                | "test_data"
                | "fixtures"
                | "__fixtures__"
                | "example"
                | "examples"
                | "samples"
                | "demo"
                | "demos"
                | "doc"
                | "docs"
                | "benchmark"
                | "benchmarks"
                | "tutorials"
                | "templates"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_told_apart() {
        assert!(is_above("", "a") && is_above("a", "a/b") && !is_above("a", "ab") && !is_above("a/b", "a"));
        assert!(is_aside("x/examples/requirements.txt") && !is_aside("x/latest/requirements.txt"));
    }
}
