//! A folder, a file, or standard input.
//!
//! Which files: everything that git tracks, and everything that `git add .` would add. What is only ignored stays on the
//! machine and is left out and counted, unless [`Options::everything`] is set. Outside of a repository everything is
//! scanned. `.git` itself is never read as files. Symbolic links are not followed.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use ward_evidence::Location;
use ward_formats::input::Input;

use super::{
    disk::{self, Disk},
    git::{
        index,
        repo::{Repository, SUBMODULE},
        since::AsBefore,
    },
    ignored::Rules,
    queue,
};
use crate::{Blob, Error, ErrorKind, report::Progress, scan::Scanner};

/// How a folder is scanned.
#[derive(Clone)]
pub struct Options {
    /// Scan what git ignores too.
    pub everything: bool,
    /// How many threads.
    pub threads: usize,
    /// Whether the history is searched as well: then repositories inside the repository are named.
    pub with_history: bool,
    /// Files that are still as a revision has them are left out.
    pub as_before: Option<Arc<AsBefore>>,
}

/// Files up to this size are read once and kept while they are looked at; of larger ones engines read what they need.
const IN_MEMORY: u64 = 32 << 20;

/// One file to look at.
struct Job {
    path: PathBuf,
    place: String,
    tracked: Option<bool>,
    ignored: Option<bool>,
}

/// Scans a folder or a file. Places begin with `prefix`, which is empty or ends with `/`.
///
/// # Errors
/// [`ErrorKind::Argument`] when there is nothing at `root`, [`ErrorKind::Environment`] when it cannot be listed.
pub fn scan(
    root: &Path,
    prefix: &str,
    repository: Option<&Repository>,
    options: Options,
    scanner: &Scanner<'_>,
) -> Result<(), Error> {
    let meta = fs::metadata(root)
        .map_err(|_| Error::new(ErrorKind::Argument, "there is nothing at this path that can be read"))?;
    if !meta.is_dir() {
        let place = prefix.trim_end_matches('/').to_owned();
        let (tracked, ignored) = (None, None);
        look(
            &Job {
                path: root.to_owned(),
                place,
                tracked,
                ignored,
            },
            &|_, _| false,
            scanner,
        );
        return Ok(());
    }
    fs::read_dir(root).map_err(|_| Error::new(ErrorKind::Environment, "the folder cannot be listed"))?;
    let (threads, as_before) = (options.threads, options.as_before.clone());
    let mut walk = Walk::new(root, prefix, repository, options, scanner);
    let within = walk.within_work_tree();
    let before = |job: &Job, bytes: &[u8]| {
        let below = job.place.strip_prefix(prefix).unwrap_or(&job.place);
        as_before
            .as_ref()
            .is_some_and(|one| one.has(&format!("{within}{below}"), bytes))
    };
    queue::run(threads, |send| walk.run(send), |job: Job| look(&job, &before, scanner));
    Ok(())
}

/// Scans bytes that came from standard input.
pub fn scan_bytes(bytes: &[u8], name: &str, scanner: &Scanner<'_>) {
    Progress::add(&scanner.progress().files, 1);
    scanner.examine(&Blob::of_bytes(name, bytes), None);
}

fn look(job: &Job, is_as_before: &dyn Fn(&Job, &[u8]) -> bool, scanner: &Scanner<'_>) {
    let place = Location::of_file(job.place.clone());
    let unreadable = |scanner: &Scanner<'_>, error: &std::io::Error| {
        let reason = match error.kind() {
            std::io::ErrorKind::PermissionDenied => "this user may not read it",
            std::io::ErrorKind::NotFound => "it vanished while the folder was scanned",
            std::io::ErrorKind::InvalidInput => "no regular file: a pipe, a socket or a device",
            _ => "it cannot be read",
        };
        scanner.not_examined(Location::of_file(job.place.clone()), reason);
    };
    Progress::add(&scanner.progress().files, 1);
    let disk = match Disk::open(&job.path) {
        Ok(disk) => disk,
        Err(error) => return unreadable(scanner, &error),
    };
    let blob = |content| Blob {
        tracked: job.tracked,
        ignored: job.ignored,
        ..Blob::at(place.clone(), content)
    };
    match disk.whole(IN_MEMORY) {
        Ok(Some(bytes)) if is_as_before(job, &bytes) => {}
        Ok(Some(bytes)) => {
            scanner.examine(&blob(Input::of_bytes(&bytes)), None);
        }
        Ok(None) => {
            let read = |offset: u64, buffer: &mut [u8]| disk.read_exact_at(offset, buffer);
            scanner.examine(&blob(Input::of_reader(disk.len(), &read)), None);
        }
        Err(error) => unreadable(scanner, &error),
    }
}

/// A folder that waits for its turn.
struct Folder {
    path: PathBuf,
    /// Its path below the root, empty or with `/` at the end.
    below: String,
    rules: Option<Arc<Rules>>,
    ignored: bool,
    /// Below another repository's root: what git tracks there is not known.
    foreign: bool,
}

struct Walk<'a> {
    root: &'a Path,
    canonical: Option<PathBuf>,
    prefix: &'a str,
    options: Options,
    scanner: &'a Scanner<'a>,
    repository: Option<&'a Repository>,
    /// What git tracks: path below the root as text, and whether it was met. Empty without a repository.
    tracked: HashMap<String, Tracked>,
    /// Whether the index could be read.
    index_known: bool,
}

struct Tracked {
    mode: u32,
    met: bool,
}

impl<'a> Walk<'a> {
    fn new(
        root: &'a Path,
        prefix: &'a str,
        repository: Option<&'a Repository>,
        options: Options,
        scanner: &'a Scanner<'a>,
    ) -> Self {
        let mut walk = Self {
            root,
            canonical: root.canonicalize().ok(),
            prefix,
            options,
            scanner,
            repository,
            tracked: HashMap::new(),
            index_known: false,
        };
        walk.read_index();
        walk
    }

    /// What git tracks below the root.
    fn read_index(&mut self) {
        let Some(repository) = self.repository else { return };
        let entries = match repository.index() {
            Ok(entries) => entries,
            Err(why) => {
                self.scanner
                    .not_examined(Location::of_file(format!("{}.git/index", self.prefix)), why);
                return;
            }
        };
        self.index_known = true;
        let within = self.within_work_tree();
        for index::Entry { path, mode, .. } in entries {
            let mut text = String::new();
            disk::push_name(&mut text, &path);
            if let Some(below) = text.strip_prefix(&within) {
                self.tracked.insert(below.to_owned(), Tracked { mode, met: false });
            }
        }
    }

    /// Where the root is in the work tree: empty, or with `/` at the end.
    fn within_work_tree(&self) -> String {
        let work_tree = self
            .repository
            .and_then(|one| one.work_tree.as_deref())
            .and_then(|path| path.canonicalize().ok());
        let below = match (&self.canonical, &work_tree) {
            (Some(root), Some(work_tree)) => root.strip_prefix(work_tree).ok(),
            _ => None,
        };
        match below.map(disk::path_text) {
            Some(text) if !text.is_empty() => format!("{text}/"),
            _ => String::new(),
        }
    }

    fn place(&self, below: &str) -> Location {
        Location::of_file(format!("{}{below}", self.prefix))
    }

    fn run(&mut self, send: &mut dyn FnMut(Job)) {
        let mut waiting = vec![Folder {
            path: self.root.to_owned(),
            below: String::new(),
            rules: self.rules_above(),
            ignored: false,
            foreign: false,
        }];
        while let Some(folder) = waiting.pop() {
            self.list(folder, &mut waiting, send);
        }
        self.leftovers(send);
    }

    /// The rules that hold at the root: those of the repository and of the folders between.
    fn rules_above(&self) -> Option<Arc<Rules>> {
        let repository = self.repository?;
        let (work_tree, root) = (
            repository.work_tree.as_deref()?.canonicalize().ok()?,
            self.canonical.as_deref()?,
        );
        let mut rules = Rules::read(&work_tree, &repository.common_dir.join("info/exclude"), None).0;
        let mut folder = work_tree.clone();
        for part in root.strip_prefix(&work_tree).ok()?.components() {
            rules = Rules::of(&folder, rules.as_ref()).0;
            folder.push(part);
        }
        rules
    }

    fn list(&mut self, folder: Folder, waiting: &mut Vec<Folder>, send: &mut dyn FnMut(Job)) {
        let place = |walk: &Self, below: &str| {
            walk.place(if below.is_empty() {
                "."
            } else {
                below.trim_end_matches('/')
            })
        };
        let Ok(entries) = fs::read_dir(&folder.path) else {
            self.scanner
                .not_examined(place(self, &folder.below), "a folder that this user may not list");
            return;
        };
        // The rules match canonical paths where the root is a link or relative.
        let at = match &self.canonical {
            Some(root) => root.join(folder.path.strip_prefix(self.root).unwrap_or(Path::new(""))),
            None => folder.path.clone(),
        };
        let rules = if self.repository.is_some() {
            let (rules, read) = Rules::of(&at, folder.rules.as_ref());
            if let Err(why) = read {
                self.scanner
                    .not_examined(self.place(&format!("{}.gitignore", folder.below)), why);
            }
            rules
        } else {
            None
        };
        let mut sorted = Vec::new();
        for entry in entries {
            match entry {
                Ok(entry) => sorted.push(entry),
                Err(_) => self
                    .scanner
                    .not_examined(place(self, &folder.below), "a folder that cannot be listed to its end"),
            }
        }
        sorted.sort_by_key(fs::DirEntry::file_name);
        let mut inner = Vec::new();
        for entry in sorted {
            let name = entry.file_name();
            let mut below = folder.below.clone();
            disk::push_name(&mut below, name.as_encoded_bytes());
            let Ok(kind) = entry.file_type() else {
                self.scanner.not_examined(self.place(&below), "it cannot be looked at");
                continue;
            };
            if name == ".git" {
                continue;
            }
            let ignored = folder.ignored
                || rules
                    .as_ref()
                    .is_some_and(|rules| rules.ignore(&at.join(&name), kind.is_dir()));
            if kind.is_dir() {
                if ignored && !self.options.everything {
                    Progress::add(&self.scanner.progress().ignored, 1);
                    continue;
                }
                let path = entry.path();
                let own_repository = fs::symlink_metadata(path.join(".git")).is_ok();
                if own_repository && self.options.with_history {
                    self.scanner.not_examined(self.place(&below), SUBMODULE);
                }
                if let Some(tracked) = self.tracked.get_mut(&below) {
                    tracked.met = fs::read_dir(&path).is_ok_and(|mut entries| entries.next().is_some());
                }
                below.push('/');
                inner.push(Folder {
                    path,
                    below,
                    rules: if own_repository { None } else { rules.clone() },
                    ignored,
                    foreign: folder.foreign || own_repository,
                });
            } else {
                let tracked = self.tracked.get_mut(&below).map(|tracked| tracked.met = true).is_some();
                if kind.is_symlink() {
                    self.link(&entry.path(), &below);
                } else if ignored && !tracked && !self.options.everything {
                    Progress::add(&self.scanner.progress().ignored, 1);
                } else {
                    let known = self.repository.is_some() && !folder.foreign;
                    send(Job {
                        path: entry.path(),
                        place: format!("{}{below}", self.prefix),
                        tracked: (known && self.index_known).then_some(tracked),
                        ignored: known.then_some(ignored),
                    });
                }
            }
        }
        waiting.extend(inner.into_iter().rev());
    }

    /// A link is not followed. What lies in the folder is met at its own place; what lies outside is not examined. Where it
    /// leads is a text that git keeps as a file's, and is looked at as one.
    fn link(&self, path: &Path, below: &str) {
        if let Ok(target) = fs::read_link(path) {
            let place = self.place(below).inside(disk::LINK_TARGET);
            let target = target.as_os_str().as_encoded_bytes();
            self.scanner.examine(&Blob::at(place, Input::of_bytes(target)), None);
        }
        let why = match (path.canonicalize(), &self.canonical) {
            (Ok(target), Some(root)) if target.starts_with(root) => return,
            // It leads nowhere: there is nothing to examine.
            (Err(error), _) if error.kind() == std::io::ErrorKind::NotFound => return,
            (Err(_), _) => "a link that leads back to itself, or through what may not be read",
            (Ok(_), _) => "a link that leads out of the scanned folder; it was not followed",
        };
        self.scanner.not_examined(self.place(below), why);
    }

    /// What git tracks and the walk did not meet: files below ignored folders, and submodules that are not there.
    fn leftovers(&mut self, send: &mut dyn FnMut(Job)) {
        let mut missed: Vec<(&String, u32)> = self
            .tracked
            .iter()
            .filter(|(_, one)| !one.met)
            .map(|(path, one)| (path, one.mode))
            .collect();
        missed.sort_unstable();
        for (below, mode) in missed {
            let path = self.root.join(below);
            let meta = fs::symlink_metadata(&path);
            if mode & index::KIND == index::GITLINK {
                let empty = fs::read_dir(&path).map_or(true, |mut entries| entries.next().is_none());
                if empty {
                    let why = "a submodule that is not checked out; run `git submodule update --init` and scan again";
                    self.scanner.not_examined(self.place(below), why);
                }
            } else if meta.is_ok_and(|meta| meta.is_file()) && !self.passes_a_link(below) {
                send(Job {
                    path,
                    place: format!("{}{below}", self.prefix),
                    tracked: Some(true),
                    ignored: Some(true),
                });
            }
        }
    }

    /// Whether a folder on the way to a tracked path is a link, which would lead somewhere else.
    fn passes_a_link(&self, below: &str) -> bool {
        let mut path = self.root.to_owned();
        let mut parts = below.split('/').peekable();
        while let Some(part) = parts.next() {
            path.push(part);
            if parts.peek().is_some() && fs::symlink_metadata(&path).is_ok_and(|meta| meta.is_symlink()) {
                return true;
            }
        }
        false
    }
}
