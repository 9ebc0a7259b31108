//! What git knows of a repository: tags, branches, whether it is a part of one. Read from git's files; no git is run.

use std::{collections::BTreeMap, fs, path::Path};

use ward_policy::repository::{Git, Tag};
use ward_scan::source::{
    disk,
    git::{
        lookup::Lookup,
        parse::{self, Kind, unhex},
        refs,
        repo::Repository,
    },
};

/// Largest commit or tag that is read.
const MAX_OBJECT: usize = 1 << 20;
/// Most tags that are looked at.
const MAX_TAGS: usize = 20_000;
/// Largest file of packed references.
const MAX_PACKED: u64 = 64 << 20;
/// How deep folders of references may lie.
const MAX_DEPTH: usize = 8;
/// What begins a signature in a tag (gitformat-signature).
const SIGNATURES: &[&str] = &[
    "-----BEGIN PGP SIGNATURE-----",
    "-----BEGIN PGP MESSAGE-----",
    "-----BEGIN SSH SIGNATURE-----",
    "-----BEGIN SIGNED MESSAGE-----",
];

/// Whether a folder lies in a work tree of git.
pub(super) fn is_in_repository(folder: &Path) -> bool {
    Repository::find(folder).is_some()
}

/// What git knows, and what of it could not be read.
pub(super) fn read(repository: &Repository, objects: &Lookup, today: i64) -> (Git, Vec<(String, String)>) {
    let mut dark = Vec::new();
    let mut references = references(repository);
    if references.len() > MAX_TAGS {
        dark.push((
            ".git/refs/tags".to_owned(),
            format!("more than {MAX_TAGS} tags; the rest were not looked at"),
        ));
        references = references.into_iter().rev().take(MAX_TAGS).collect();
    }
    let mut unread = 0;
    let mut tags = Vec::new();
    for (name, id) in references {
        match tag(&id, objects) {
            Some((day, signed)) => tags.push(Tag { name, day, signed }),
            None => {
                unread += 1;
                tags.push(Tag {
                    name,
                    day: None,
                    signed: false,
                });
            }
        }
    }
    if unread > 0 {
        dark.push((
            ".git/refs/tags".to_owned(),
            format!("{unread} tags whose objects are not here or damaged: their day and their signature are not known"),
        ));
    }
    let head = small(&repository.git_dir.join("HEAD")).unwrap_or_default();
    let branch = head.trim().strip_prefix("ref: refs/heads/").map(str::to_owned);
    let newest = refs::reference("HEAD", repository).and_then(|id| commit_time(&id, objects));
    let remote = small(&repository.common_dir.join("refs/remotes/origin/HEAD"));
    let default = remote.and_then(|text| Some(text.trim().strip_prefix("ref: refs/remotes/origin/")?.to_owned()));
    let git = Git {
        tags,
        shallow: repository.shallow,
        branch,
        default_branch: default,
        newest_commit: newest.map(|time| today - time.div_euclid(86_400)),
    };
    (git, dark)
}

/// The address of whoever made the newest commit.
pub(super) fn committer(folder: &Path) -> Option<String> {
    let repository = Repository::find(folder)?;
    let head = refs::reference("HEAD", &repository)?;
    let (_, bytes) = Lookup::open(&repository).read(&head, MAX_OBJECT)?;
    let text = String::from_utf8_lossy(&bytes);
    let line = text.lines().find_map(|line| line.strip_prefix("author "))?;
    let (_, rest) = line.split_once('<')?;
    rest.split_once('>').map(|(address, _)| address.to_owned())
}

/// Tags by name, with the ids of their objects. A loose one is newer than a packed one.
fn references(repository: &Repository) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let packed = disk::read_small(&repository.common_dir.join("packed-refs"), MAX_PACKED)
        .ok()
        .flatten();
    for line in String::from_utf8_lossy(&packed.unwrap_or_default()).lines() {
        if let Some((id, name)) = line.split_once(' ')
            && let Some(name) = name.strip_prefix("refs/tags/")
            && let Some(id) = unhex(id.as_bytes(), repository.id_len)
        {
            found.insert(name.to_owned(), id);
        }
    }
    let top = repository.common_dir.join("refs/tags");
    let mut waiting = vec![(top, String::new(), 0)];
    while let Some((folder, within, depth)) = waiting.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let name = format!("{within}{}", entry.file_name().to_string_lossy());
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && depth < MAX_DEPTH => waiting.push((entry.path(), name + "/", depth + 1)),
                Ok(kind) if kind.is_file() => {
                    let id = small(&entry.path()).and_then(|text| unhex(text.trim().as_bytes(), repository.id_len));
                    found.extend(id.map(|id| (name, id)));
                }
                _ => {}
            }
        }
    }
    found
}

/// The day of a tag, and whether it carries a signature. A tag that is only a name has the day of its commit.
fn tag(id: &[u8], objects: &Lookup) -> Option<(Option<i64>, bool)> {
    let (kind, bytes) = objects.read(id, MAX_OBJECT)?;
    match kind {
        Kind::Commit => Some((Some(committed(&bytes, id)?.div_euclid(86_400)), false)),
        Kind::Tag => {
            let text = String::from_utf8_lossy(&bytes);
            let signed = SIGNATURES.iter().any(|start| text.lines().any(|line| line == *start))
                || text
                    .lines()
                    .take_while(|line| !line.is_empty())
                    .any(|line| line.starts_with("gpgsig"));
            let head = text.lines().take_while(|line| !line.is_empty());
            let tagger = head.into_iter().find_map(|line| line.strip_prefix("tagger "));
            let day = match tagger.and_then(time_of) {
                Some(time) => Some(time.div_euclid(86_400)),
                // Tags of the first years name nobody.
                None => parse::tag(&bytes, id.len())
                    .and_then(|commit| commit_time(&commit, objects))
                    .map(|time| time.div_euclid(86_400)),
            };
            Some((day, signed))
        }
        // A tag of a file or a folder has no day.
        _ => Some((None, false)),
    }
}

/// The time in `Name <address> 1700000000 +0100`.
fn time_of(person: &str) -> Option<i64> {
    person.rsplit('>').next()?.split_whitespace().next()?.parse().ok()
}

fn commit_time(id: &[u8], objects: &Lookup) -> Option<i64> {
    let (kind, bytes) = objects.read(id, MAX_OBJECT)?;
    committed(&bytes, id).filter(|_| kind == Kind::Commit)
}

fn committed(bytes: &[u8], id: &[u8]) -> Option<i64> {
    parse::commit(bytes, id.len()).map(|commit| commit.committed)
}

fn small(path: &Path) -> Option<String> {
    String::from_utf8(disk::read_small(path, 4_096).ok()??).ok()
}

/// Where the repository was cloned from, as `host/owner/name`. Names and passwords in an address are left out.
pub(super) fn slug(repository: &Repository) -> Option<String> {
    let config = disk::read_small(&repository.common_dir.join("config"), 1 << 20).ok()??;
    let config = String::from_utf8_lossy(&config);
    let mut section = String::new();
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for line in config.lines().map(str::trim) {
        if let Some(name) = line
            .strip_prefix("[remote \"")
            .and_then(|rest| rest.strip_suffix("\"]"))
        {
            name.clone_into(&mut section);
        } else if line.starts_with('[') {
            section.clear();
        } else if let Some((key, value)) = line.split_once('=')
            && key.trim() == "url"
            && !section.is_empty()
        {
            found.entry(section.clone()).or_insert_with(|| value.trim().to_owned());
        }
    }
    ["upstream", "origin"]
        .iter()
        .find_map(|name| slug_of(found.get(*name)?))
}

/// `host/owner/name` of an address.
pub(super) fn slug_of(address: &str) -> Option<String> {
    let address = address
        .trim()
        .trim_matches('"')
        .strip_prefix("git+")
        .unwrap_or(address.trim().trim_matches('"'));
    let rest = match address.split_once("://") {
        Some(("http" | "https" | "ssh" | "git", rest)) => rest.to_owned(),
        Some(_) => return None,
        // `git@host:owner/name`
        None => {
            let (host, path) = address.split_once(':')?;
            format!("{host}/{path}")
        }
    };
    let (host, path) = rest.split_once('/')?;
    let host = host.rsplit('@').next()?;
    let host = host.split(':').next()?.to_lowercase();
    let path = path.split(['?', '#']).next()?.trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    let mut parts: Vec<&str> = path.split('/').collect();
    // Pages of a repository: the repository is what stands before them.
    if let Some(at) = parts
        .iter()
        .position(|part| matches!(*part, "-" | "tree" | "blob" | "issues" | "wiki"))
    {
        parts.truncate(at);
    }
    let good = |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || "-_.~".contains(c));
    let is_host = host.contains('.') && host.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '.');
    (is_host && host.starts_with(char::is_alphanumeric) && parts.len() >= 2 && parts.iter().all(good))
        .then(|| format!("{host}/{}", parts.join("/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(address: &str, expect: Option<&str>) {
        assert_eq!(slug_of(address).as_deref(), expect, "{address}");
    }

    #[test]
    fn addresses_become_slugs_without_anybodys_password() {
        check("https://example.org/ann/tool.git", Some("example.org/ann/tool"));
        check("https://user:pass@example.org/ann/tool", Some("example.org/ann/tool"));
        check("git@example.org:ann/tool.git", Some("example.org/ann/tool"));
        check(
            "ssh://git@example.org:2222/group/sub/tool.git/",
            Some("example.org/group/sub/tool"),
        );
        check(
            "git+https://example.org/ann/tool/tree/main#readme",
            Some("example.org/ann/tool"),
        );
        for none in [
            "",
            "file:///srv/x/y",
            "/srv/x",
            "https://example.org",
            "https://example.org/ann",
            "../x:y/z",
            "https://example.org/a b/c",
        ] {
            check(none, None);
        }
    }

    fn git(folder: &Path, args: &[&str]) -> Option<String> {
        let mut git = std::process::Command::new("git");
        git.arg("-C")
            .arg(folder)
            .args(["-c", "user.name=Ann", "-c", "user.email=ann@example.org"]);
        git.args(["-c", "commit.gpgsign=false", "-c", "tag.gpgsign=false"])
            .args(args);
        git.env("GIT_CONFIG_NOSYSTEM", "1").env("HOME", folder);
        git.env("GIT_AUTHOR_DATE", "1700000000 +0100")
            .env("GIT_COMMITTER_DATE", "1700090000 +0100");
        for name in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"] {
            git.env_remove(name);
        }
        let output = git.output().ok().filter(|output| output.status.success())?;
        String::from_utf8(output.stdout).ok()
    }

    fn tags(folder: &Path) -> Vec<(String, Option<i64>, bool)> {
        let repository = Repository::find(folder).unwrap();
        let (git, dark) = read(&repository, &Lookup::open(&repository), 20_000);
        assert_eq!(dark, []);
        assert_eq!(git.newest_commit, Some(20_000 - 1_700_090_000 / 86_400));
        assert_eq!((git.branch.as_deref(), git.shallow), (Some("main"), false));
        git.tags
            .into_iter()
            .map(|tag| (tag.name, tag.day, tag.signed))
            .collect()
    }

    #[test]
    fn tags_are_read_from_loose_objects_and_from_packs() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path();
        // A system without git has no such test.
        if git(folder, &["init", "-q", "-b", "main"]).is_none() {
            return;
        }
        let long: String = (0..400).map(|line| format!("line {line}\n")).collect();
        for number in 0..12 {
            fs::write(folder.join("a"), format!("{long}{number}\n")).unwrap();
            git(folder, &["add", "-A"]).unwrap();
            git(folder, &["commit", "-q", "-m", &format!("{number} {long}")]).unwrap();
            git(folder, &["tag", &format!("v0.{number}")]).unwrap();
        }
        git(folder, &["tag", "-a", "-m", "one", "v1.0"]).unwrap();
        let signed = "two\n-----BEGIN SSH SIGNATURE-----\nU1NI\n-----END SSH SIGNATURE-----";
        git(folder, &["tag", "-a", "-m", signed, "deep/er/v2.0"]).unwrap();
        let loose = tags(folder);
        let day = Some(1_700_090_000 / 86_400);
        assert_eq!(loose.len(), 14);
        assert!(loose.contains(&("v0.3".to_owned(), day, false)));
        assert!(loose.contains(&("v1.0".to_owned(), day, false)));
        assert!(loose.contains(&("deep/er/v2.0".to_owned(), day, true)), "{loose:?}");
        git(folder, &["gc", "-q", "--aggressive", "--prune=now"]).unwrap();
        git(folder, &["pack-refs", "--all"]).unwrap();
        assert_eq!(tags(folder), loose);
        // A pack that was cut off, or whose index lies, harms nobody.
        let packs = folder.join(".git/objects/pack");
        for entry in fs::read_dir(&packs).unwrap().flatten() {
            let bytes = fs::read(entry.path()).unwrap();
            fs::remove_file(entry.path()).unwrap();
            fs::write(entry.path(), bytes.get(..bytes.len() / 2).unwrap()).unwrap();
        }
        let repository = Repository::find(folder).unwrap();
        let (found, dark) = read(&repository, &Lookup::open(&repository), 20_000);
        assert_eq!((found.tags.len(), dark.len()), (14, 1));
        assert_eq!(slug(&repository), None);
        git(
            folder,
            &["remote", "add", "origin", "https://me:secret@example.org/ann/tool.git"],
        )
        .unwrap();
        assert_eq!(slug(&repository).as_deref(), Some("example.org/ann/tool"));
    }
}
