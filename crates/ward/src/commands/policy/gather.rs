//! From a folder to what promises are held against: files, tags, branches, where the project lives.
//!
//! Which files: those that git tracks; without git, those that the folder holds and no `.gitignore` in it names. A link is
//! followed only to a file within the folder. What is long, or more than the limits, is not read, and that is said.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use anyhow::{Context, Result, bail};
use ignore::WalkBuilder;
use ward_policy::repository::{self, File, MAX_FILE, MAX_TOTAL, Repository};
use ward_scan::source::{
    disk::{self, Disk},
    git::{index, lookup::Lookup, repo},
};
use ward_serve::settings::read as settings;

use super::git;

/// Most files of a folder.
const MAX_FILES: usize = 1_000_000;
/// A pointer of Git LFS is shorter than this (Git LFS specification, version 1).
const MAX_POINTER: usize = 1_024;
/// How a pointer begins.
const POINTER: &[u8] = b"version https://git-lfs.github.com/spec/v1\n";
/// The file of settings.
const SETTINGS: &str = "ward.toml";
/// Where a policy is looked for that git does not track yet.
const POLICIES: &[&str] = &[
    "SECURITY.md",
    ".github/SECURITY.md",
    "docs/SECURITY.md",
    ".well-known/security.txt",
    "security.txt",
];

/// A repository as it was read, and what was not.
pub(super) struct Gathered {
    pub(super) repository: Repository,
    /// Paths and why they were not read.
    pub(super) not_examined: Vec<(String, String)>,
    /// Policies that lie in the folder and that git does not track.
    pub(super) untracked: Vec<&'static str>,
}

/// The project's folder: the one that was named, or the root of the repository that the current folder lies in.
pub(super) fn root(named: Option<&Path>) -> Result<PathBuf> {
    let Some(path) = named else {
        let top = repo::Repository::find(Path::new(".")).and_then(|one| one.work_tree);
        return Ok(top.unwrap_or_else(|| PathBuf::from(".")));
    };
    let meta = fs::metadata(path).with_context(|| format!("there is nothing at {}", path.display()))?;
    if !meta.is_dir() {
        bail!(
            "{} is a file; name the project's folder, and a document with --policy",
            path.display()
        );
    }
    Ok(path.to_owned())
}

/// Today, in days since 1970 (UTC).
fn today() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| i64::try_from(since.as_secs() / 86_400).unwrap_or_default())
}

/// Reads a folder.
///
/// # Errors
/// When it cannot be listed, or is a repository without files.
pub(super) fn read(root: &Path) -> Result<Gathered> {
    let canonical = root.canonicalize().with_context(|| root.display().to_string())?;
    let mut reading = Reading {
        root: canonical.clone(),
        files: BTreeMap::new(),
        not_examined: Vec::new(),
        total: 0,
        folders: HashMap::new(),
    };
    let today = today();
    let mut git = None;
    let mut slug = None;
    let mut untracked = Vec::new();
    match repo::Repository::find(&canonical) {
        Some(found) if found.work_tree.is_none() => {
            bail!("{} is a bare repository: it has no files to look at", root.display())
        }
        Some(found) => {
            let objects = Lookup::open(&found);
            let is_root = found.work_tree.as_deref().and_then(|top| top.canonicalize().ok()) == Some(canonical.clone());
            let tracked = reading.tracked(&found, &objects);
            if tracked || is_root {
                let (known, dark) = git::read(&found, &objects, today);
                reading.not_examined.extend(dark);
                git = Some(known);
                slug = git::slug(&found);
                let missing = |path: &&&str| !reading.files.contains_key(**path) && canonical.join(path).is_file();
                untracked = POLICIES.iter().filter(missing).copied().collect();
            } else {
                // A folder of somebody else's repository in which nothing is tracked.
                reading.walk();
            }
        }
        None => reading.walk(),
    }
    let mut repository = Repository {
        files: reading.files,
        git,
        scan: None,
        pins: None,
        slug: None,
        service_fault: None,
        service_limits: BTreeMap::new(),
        today,
    };
    service(&mut repository, &canonical);
    repository.slug = from_manifest(&repository).or(slug);
    Ok(Gathered {
        repository,
        not_examined: reading.not_examined,
        untracked,
    })
}

/// What `ward serve` would make of the project's `ward.toml`, by its text alone: its limits, or what it would not take.
fn service(repository: &mut Repository, folder: &Path) {
    let Some(text) = repository.text(SETTINGS) else { return };
    let document = settings::Document {
        name: SETTINGS,
        text: &text,
        folder,
    };
    match settings::by_text(document) {
        Ok(read) => {
            let limits = read.effective.iter().filter(|one| one.path.starts_with("limits."));
            let limits = limits.filter_map(|one| Some((one.path.to_owned(), one.value.replace('_', "").parse().ok()?)));
            repository.service_limits = limits.collect();
        }
        Err(error) => {
            let what = match error.path.as_str() {
                "" => error.what,
                path => format!("{path}: {}", error.what),
            };
            repository.service_fault = Some((error.line.and_then(|line| u32::try_from(line).ok()), what));
        }
    }
}

struct Reading {
    /// The folder, with no link in its path.
    root: PathBuf,
    files: BTreeMap<String, File>,
    not_examined: Vec<(String, String)>,
    /// Bytes that were read.
    total: u64,
    /// Folders, and whether they lie within the root when links are followed.
    folders: HashMap<PathBuf, bool>,
}

impl Reading {
    fn dark(&mut self, path: &str, why: &str) {
        self.not_examined.push((path.to_owned(), why.to_owned()));
    }

    /// What git tracks below the root. False when that is nothing.
    fn tracked(&mut self, repository: &repo::Repository, objects: &Lookup) -> bool {
        let entries = match repository.index() {
            Ok(entries) => entries,
            Err(why) => {
                self.dark(".git/index", why);
                return true;
            }
        };
        let top = repository.work_tree.as_deref().and_then(|top| top.canonicalize().ok());
        let below = top
            .and_then(|top| Some(self.root.strip_prefix(top).ok()?.to_owned()))
            .unwrap_or_default();
        let within = match disk::path_text(&below) {
            text if text.is_empty() => text,
            text => text + "/",
        };
        let sparse = repository.git_dir.join("info/sparse-checkout").is_file();
        let mut any = false;
        for entry in entries.into_iter().take(MAX_FILES) {
            let mut whole = String::new();
            disk::push_name(&mut whole, &entry.path);
            let Some(path) = whole.strip_prefix(&within).map(str::to_owned) else {
                continue;
            };
            any = true;
            if entry.mode & index::KIND == index::GITLINK {
                continue;
            }
            let on_disk = self.file(&path);
            // A work tree may hold the content that git keeps elsewhere: what git tracks decides.
            let may_be_pointer = on_disk
                .as_ref()
                .is_some_and(|file| file.len > MAX_POINTER as u64 && is_weighty(&path));
            let found = match on_disk {
                Some(mut file) => {
                    if may_be_pointer {
                        let kept = objects.read(&entry.id, MAX_POINTER);
                        file.lfs = kept.is_some_and(|(_, bytes)| bytes.starts_with(POINTER));
                    }
                    Some(file)
                }
                // A sparse checkout leaves files out on purpose; any other file that is gone is gone.
                None if sparse => Some(self.as_git_has_it(&path, &entry.id, objects)),
                None => None,
            };
            if let Some(file) = found {
                self.files.insert(path, file);
            }
        }
        any
    }

    /// A file that is not in the work tree, as git has it.
    fn as_git_has_it(&mut self, path: &str, id: &[u8], objects: &Lookup) -> File {
        if !repository::wanted(path) {
            return File::default();
        }
        let read = objects.read(id, usize::try_from(MAX_FILE).unwrap_or(usize::MAX));
        let Some((_, bytes)) = read else {
            self.dark(path, "it is not checked out, and git does not have it here");
            return File::default();
        };
        File {
            len: bytes.len() as u64,
            lfs: bytes.starts_with(POINTER),
            bytes: Some(bytes),
        }
    }

    /// Every file below the root that no `.gitignore` names.
    fn walk(&mut self) {
        let mut builder = WalkBuilder::new(&self.root);
        builder
            .hidden(false)
            .parents(false)
            .require_git(false)
            .git_global(false)
            .git_exclude(false)
            .ignore(false);
        builder
            .follow_links(false)
            .filter_entry(|entry| entry.file_name() != ".git");
        let mut count = 0;
        for entry in builder.build() {
            let Ok(entry) = entry else {
                self.dark(".", "a folder that cannot be listed to its end");
                continue;
            };
            if entry.file_type().is_none_or(|kind| kind.is_dir()) {
                continue;
            }
            count += 1;
            if count > MAX_FILES {
                return self.dark(".", "more than a million files; the rest were not looked at");
            }
            let path = disk::path_text(entry.path().strip_prefix(&self.root).unwrap_or(entry.path()));
            if let Some(file) = self.file(&path) {
                self.files.insert(path, file);
            }
        }
    }

    /// A file on the disk; none when there is none, or it is no file.
    fn file(&mut self, path: &str) -> Option<File> {
        let mut whole = self.root.join(path);
        let meta = fs::symlink_metadata(&whole).ok()?;
        let wanted = repository::wanted(path);
        if !self.stays_inside(whole.parent()?) {
            self.dark(path, "its folder is a link that leads elsewhere");
            return None;
        }
        let mut len = meta.len();
        if meta.is_symlink() {
            let Some(target) = whole
                .canonicalize()
                .ok()
                .filter(|target| target.starts_with(&self.root))
            else {
                if wanted {
                    self.dark(
                        path,
                        "a link that leads nowhere or out of the folder; it was not followed",
                    );
                }
                return Some(File::default());
            };
            let meta = fs::metadata(&target).ok()?;
            if !meta.is_file() {
                return Some(File::default());
            }
            len = meta.len();
            whole = target;
        } else if !meta.is_file() {
            return None;
        }
        let mut file = File { len, ..File::default() };
        if wanted {
            file.bytes = self.bytes(path, &whole, len);
            file.lfs = file.bytes.as_deref().is_some_and(|bytes| bytes.starts_with(POINTER));
        } else if len <= MAX_POINTER as u64 && len >= POINTER.len() as u64 {
            let mut start = vec![0; POINTER.len()];
            let read = Disk::open(&whole).and_then(|disk| disk.read_exact_at(0, &mut start));
            file.lfs = read.is_ok() && start == POINTER;
        }
        Some(file)
    }

    fn bytes(&mut self, path: &str, whole: &Path, len: u64) -> Option<Vec<u8>> {
        if len > MAX_FILE {
            self.dark(path, "longer than 5 MiB; it was not read");
            return None;
        }
        if self.total + len > MAX_TOTAL {
            self.dark(path, "more than 256 MiB were read before it; it was not read");
            return None;
        }
        match disk::read_small(whole, MAX_FILE) {
            Ok(Some(bytes)) => {
                self.total += bytes.len() as u64;
                Some(bytes)
            }
            _ => {
                self.dark(path, "it cannot be read");
                None
            }
        }
    }

    fn stays_inside(&mut self, folder: &Path) -> bool {
        if let Some(known) = self.folders.get(folder) {
            return *known;
        }
        let inside = folder.canonicalize().is_ok_and(|real| real.starts_with(&self.root));
        self.folders.insert(folder.to_owned(), inside);
        inside
    }
}

/// Files that are often kept in LFS: only of those git's own content is looked at.
fn is_weighty(path: &str) -> bool {
    !repository::wanted(path)
        && !matches!(
            path.rsplit('.').next(),
            Some("py" | "rs" | "js" | "ts" | "go" | "c" | "h" | "java")
        )
}

/// Where the project says that it lives.
fn from_manifest(repository: &Repository) -> Option<String> {
    if let Some(text) = repository.text("pyproject.toml")
        && let Ok(table) = text.parse::<toml::Table>()
        && let Some(urls) = table.get("project").and_then(|project| project.get("urls")?.as_table())
    {
        let named = |wanted: &str| {
            let found = urls.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
            found.and_then(|(_, address)| git::slug_of(address.as_str()?))
        };
        let names = [
            "repository",
            "source",
            "source code",
            "code",
            "github",
            "gitlab",
            "homepage",
        ];
        if let Some(slug) = names.iter().find_map(|name| named(name).filter(|slug| is_forge(slug))) {
            return Some(slug);
        }
    }
    if let Some(text) = repository.text("Cargo.toml")
        && let Ok(table) = text.parse::<toml::Table>()
    {
        let of = |table: &toml::Table| table.get("package")?.get("repository")?.as_str().and_then(git::slug_of);
        let workspace = || of(table.get("workspace")?.as_table()?);
        if let Some(slug) = of(&table).or_else(workspace) {
            return Some(slug);
        }
    }
    let text = repository.text("package.json")?;
    let value: serde_json::Value = serde_json::from_str(&text).ok()?;
    let of = &value["repository"];
    let address = of.as_str().or_else(|| of["url"].as_str())?;
    match address.strip_prefix("github:") {
        Some(path) => git::slug_of(&format!("https://github.com/{path}")),
        None if !address.contains(':') && address.matches('/').count() == 1 => {
            git::slug_of(&format!("https://github.com/{address}"))
        }
        None => git::slug_of(address),
    }
}

/// A home page is where a project lives only when it is a page of a forge.
fn is_forge(slug: &str) -> bool {
    let host = slug.split('/').next().unwrap_or_default();
    [
        "github.",
        "gitlab.",
        "codeberg.",
        "bitbucket.",
        "git.",
        "gitea.",
        "sr.ht",
    ]
    .iter()
    .any(|part| host.contains(part))
}
