//! Which files of a repository are its policies.

use crate::{
    promise::Place,
    read::{Document, DocumentKind, Fact, FactKind, Reading, insights, prose, security_txt, ward_toml},
    repository::{File, MAX_FILE, Repository},
};

/// Folders in which a forge looks for a security policy, the root first.
const HOMES: &[&str] = &["", ".github/", "docs/", "doc/", ".gitlab/"];
/// Endings of documents that are read.
const ENDINGS: &[&str] = &[
    "",
    ".md",
    ".markdown",
    ".mdown",
    ".mkd",
    ".rst",
    ".adoc",
    ".asciidoc",
    ".txt",
];
/// Most documents that are read.
const MAX_DOCUMENTS: usize = 64;

/// Reads everything.
pub(super) fn read(repository: &Repository, policy: Option<&str>) -> Reading {
    let mut reading = Reading::default();
    let own = own_names(repository);
    let mut found: Vec<(DocumentKind, &str, &File)> = Vec::new();
    for (path, file) in &repository.files {
        if let Some(kind) = kind_of(path, policy) {
            found.push((kind, path, file));
        }
    }
    if let Some(path) = policy.filter(|path| !repository.files.contains_key(*path)) {
        reading
            .not_examined
            .push((path.to_owned(), "it is not in the repository".to_owned()));
    }
    found.sort_by_key(|(kind, path, _)| (*kind, home(path), path.len(), *path));
    for (_, path, _) in found.iter().skip(MAX_DOCUMENTS) {
        reading
            .not_examined
            .push(((*path).to_owned(), format!("more than {MAX_DOCUMENTS} documents")));
    }
    found.truncate(MAX_DOCUMENTS);
    let policies: Vec<&str> = found
        .iter()
        .filter(|found| found.0 == DocumentKind::Policy)
        .map(|found| found.1)
        .collect();
    if let [first, others @ ..] = policies.as_slice() {
        for path in others {
            let note = format!("there is another security policy, {first}; a forge shows one of them");
            let place = Place {
                path: (*path).to_owned(),
                line: 1,
                last_line: 1,
            };
            reading.facts.push(Fact {
                kind: FactKind::SecondPolicy,
                note,
                place,
            });
        }
    }
    for (kind, path, file) in found {
        let Some(bytes) = &file.bytes else {
            let reason = if file.lfs {
                "its content is not here: a pointer of Git LFS".to_owned()
            } else if file.len > MAX_FILE {
                format!("it has more than {} MiB", MAX_FILE >> 20)
            } else {
                "its content was not given".to_owned()
            };
            reading.not_examined.push((path.to_owned(), reason));
            reading.unread_policy |= kind == DocumentKind::Policy;
            continue;
        };
        document(&mut reading, kind, path, bytes, &own);
    }
    reading
}

/// Reads one document.
fn document(reading: &mut Reading, kind: DocumentKind, path: &str, bytes: &[u8], own: &[String]) {
    if kind == DocumentKind::Insights {
        match insights::read(path, bytes) {
            Ok((found, contacts)) => {
                reading.insights.push(found);
                reading.contacts.extend(contacts);
            }
            Err(reason) => reading.not_examined.push((path.to_owned(), reason)),
        }
        plain(reading, kind, path, bytes);
        return;
    }
    if bytes.len() as u64 > MAX_FILE {
        reading
            .not_examined
            .push((path.to_owned(), format!("it has more than {} MiB", MAX_FILE >> 20)));
        reading.unread_policy |= kind == DocumentKind::Policy;
        return;
    }
    let text = String::from_utf8_lossy(bytes);
    if matches!(text, std::borrow::Cow::Owned(_)) {
        reading
            .not_examined
            .push((path.to_owned(), "some of its bytes are no UTF-8".to_owned()));
    }
    match kind {
        DocumentKind::SecurityTxt => {
            let (found, contacts) = security_txt::read(path, &text);
            reading.security_txt.push(found);
            reading.contacts.extend(contacts);
            plain(reading, kind, path, bytes);
        }
        DocumentKind::WardToml => {
            if let Err(reason) = ward_toml::read(reading, path, &text) {
                reading.not_examined.push((path.to_owned(), reason));
            }
            plain(reading, kind, path, bytes);
        }
        _ => prose::read(reading, kind, path, &text, own),
    }
}

/// A document that is no prose.
fn plain(reading: &mut Reading, kind: DocumentKind, path: &str, bytes: &[u8]) {
    reading.documents.push(Document {
        path: path.to_owned(),
        kind,
        language: None,
        headings: Vec::new(),
        len: bytes.len() as u64,
        has_text: bytes.iter().any(u8::is_ascii_alphanumeric),
    });
}

/// What the project is called, in lower case: by its address, its manifests and the title of its README.
fn own_names(repository: &Repository) -> Vec<String> {
    let mut names = Vec::new();
    let mut put = |name: &str| {
        let name = name.trim().trim_start_matches('@').to_lowercase();
        let name = name.rsplit('/').next().unwrap_or_default().to_owned();
        if name.len() > 1 && !names.contains(&name) {
            names.push(name);
        }
    };
    if let Some(slug) = &repository.slug {
        put(slug);
    }
    let readme = repository.files.get("README.md").and_then(|file| file.bytes.as_ref());
    let first = readme.and_then(|bytes| bytes.split(|byte| *byte == b'\n').next());
    let title = first.and_then(|line| str::from_utf8(line).ok()?.strip_prefix("# "));
    if let Some(title) = title.filter(|title| !title.trim().contains(' ')) {
        put(title);
    }
    for manifest in ["pyproject.toml", "Cargo.toml", "package.json", "setup.cfg", "setup.py"] {
        let Some(bytes) = repository.files.get(manifest).and_then(|file| file.bytes.as_ref()) else {
            continue;
        };
        let text = String::from_utf8_lossy(bytes.get(..bytes.len().min(1 << 16)).unwrap_or_default());
        for line in text.lines() {
            let line = line.trim().trim_start_matches('"');
            let Some(rest) = line.strip_prefix("name") else {
                continue;
            };
            let rest = rest.trim_start_matches('"').trim_start();
            if let Some(value) = rest.strip_prefix(['=', ':']) {
                put(value.trim().trim_matches(|c: char| matches!(c, '"' | '\'' | ',' | ' ')));
                break;
            }
        }
    }
    let text = |path: &str| {
        let bytes = repository.files.get(path)?.bytes.as_ref()?;
        Some(String::from_utf8_lossy(bytes.get(..bytes.len().min(1 << 12)).unwrap_or_default()).into_owned())
    };
    if let Some(module) = text("go.mod")
        .as_deref()
        .and_then(|text| text.lines().find_map(|line| line.strip_prefix("module ")))
    {
        let is_major = |part: &str| {
            part.strip_prefix('v')
                .is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
        };
        module
            .trim()
            .rsplit('/')
            .find(|part| !is_major(part))
            .into_iter()
            .for_each(&mut put);
    }
    // A title of one word is the project's name.
    let title = text("README.md").and_then(|text| {
        let line = text
            .lines()
            .take(30)
            .find_map(|line| line.strip_prefix("# "))?
            .trim()
            .to_owned();
        (line.split_whitespace().count() == 1).then_some(line)
    });
    title.as_deref().into_iter().for_each(&mut put);
    names
}

/// Where a forge looks first.
fn home(path: &str) -> usize {
    // GitHub's order: .github, the root, docs.
    let folder = path
        .rfind('/')
        .map_or("", |at| path.get(..=at).unwrap_or_default())
        .to_ascii_lowercase();
    [".github/", "", "docs/"]
        .iter()
        .position(|home| *home == folder)
        .unwrap_or(3)
}

/// What a file is, by its path; none for a file that is no policy.
fn kind_of(path: &str, policy: Option<&str>) -> Option<DocumentKind> {
    let lower = path.to_ascii_lowercase();
    let (folder, name) = lower
        .rfind('/')
        .map_or(("", lower.as_str()), |at| lower.split_at(at + 1));
    if policy == Some(path) {
        return Some(match name {
            "security.txt" => DocumentKind::SecurityTxt,
            _ => DocumentKind::Policy,
        });
    }
    let at_home = HOMES.contains(&folder);
    let (stem, ending) = name
        .rfind('.')
        .filter(|at| *at > 0)
        .map_or((name, ""), |at| name.split_at(at));
    let is_prose = ENDINGS.contains(&ending);
    match stem {
        "security" if name == "security.txt" && is_well_known(folder) => Some(DocumentKind::SecurityTxt),
        "security" | "security-policy" | "security_policy" if at_home && is_prose && policy.is_none() => {
            Some(DocumentKind::Policy)
        }
        "contributing" if at_home && is_prose => Some(DocumentKind::Contributing),
        "readme" if at_home && is_prose => Some(DocumentKind::Readme),
        "security-insights" if at_home && matches!(ending, ".yml" | ".yaml") => Some(DocumentKind::Insights),
        "ward" if folder.is_empty() && ending == ".toml" => Some(DocumentKind::WardToml),
        _ => None,
    }
}

/// Whether a folder is where a website's files, or the root's, stand.
fn is_well_known(folder: &str) -> bool {
    folder.is_empty()
        || folder.ends_with(".well-known/")
        || ["static/", "public/", "docs/", "www/", "web/", "site/"]
            .iter()
            .any(|part| folder.ends_with(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, kind: Option<DocumentKind>) {
        assert_eq!(kind_of(path, None), kind, "{path}");
    }

    #[test]
    fn documents_are_known_by_their_path() {
        use DocumentKind::*;
        check("SECURITY.md", Some(Policy));
        check("security", Some(Policy));
        check(".github/Security.MARKDOWN", Some(Policy));
        check("docs/security.rst", Some(Policy));
        check("src/security.md", None);
        check("security.txt", Some(SecurityTxt));
        check(".well-known/security.txt", Some(SecurityTxt));
        check("web/static/security.txt", Some(SecurityTxt));
        check("src/security.txt", None);
        check("SECURITY-INSIGHTS.yml", Some(Insights));
        check(".github/CONTRIBUTING.md", Some(Contributing));
        check("README.rst", Some(Readme));
        check("ward.toml", Some(WardToml));
        check("CODE_OF_CONDUCT.md", None);
        check("security.py", None);
        assert_eq!(
            kind_of("docs/rules/POLICY.md", Some("docs/rules/POLICY.md")),
            Some(Policy)
        );
        assert_eq!(kind_of("SECURITY.md", Some("other.md")), None);
    }
}
