//! Which releases are affected, and where else the fault is: git and `ward scan` are asked, as programs with arguments.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};
use serde_json::Value;
use ward_disclose::{
    affected::{Tag, affected as sort_out},
    case::{Siblings, Versions, What},
};

use ward_policy::{read::Versions as Read, repository::Repository};
use ward_scan::output::harmless;

use super::Room;
use crate::{
    cli::disclose::{Of, Words},
    exit::Exit,
    terminal,
};

/// Where a policy stands (as forges look for it).
const POLICIES: [&str; 3] = ["SECURITY.md", ".github/SECURITY.md", "docs/SECURITY.md"];
/// Largest policy that is read, in bytes.
const MAX_POLICY: u64 = 1 << 20;

/// The lines of versions that the table of a security policy calls supported. None where there is no such table.
pub(super) fn of_policy(folder: &Path, today: i64) -> Vec<String> {
    let Some(path) = POLICIES.into_iter().find(|path| folder.join(path).is_file()) else {
        return Vec::new();
    };
    let Ok(bytes) = super::read_bytes(&folder.join(path), MAX_POLICY) else {
        return Vec::new();
    };
    let file = ward_policy::repository::File {
        len: bytes.len() as u64,
        bytes: Some(bytes),
        lfs: false,
    };
    let repository = Repository {
        files: std::iter::once((path.to_owned(), file)).collect(),
        today,
        ..Repository::default()
    };
    let rows = ward_policy::read::policies(&repository).versions;
    let owed = rows
        .into_iter()
        .filter(|row| row.supported == Some(true) && row.until.is_none_or(|until| until >= today));
    owed.filter_map(|row| match row.versions {
        Read::Series(start) => Some(format!("{start}.x")),
        Read::Exact(version) | Read::Branch(version) => Some(version),
        Read::Compared(..) | Read::Between(..) => Some(row.text),
        Read::Latest => Some("latest".to_owned()),
        _ => None,
    })
    .collect()
}

/// Most tags that are asked about.
const MAX_TAGS: usize = 5_000;
/// Most places of siblings that are kept.
const MAX_PLACES: usize = 1_000;

/// What git is asked.
pub(super) struct Asked {
    pub(super) repo: PathBuf,
    pub(super) introduced: Vec<String>,
    pub(super) fixed: Vec<String>,
    pub(super) path: Option<String>,
    pub(super) pattern: Option<String>,
    pub(super) stated: Vec<String>,
    pub(super) declined: bool,
}

/// `ward disclose affected`.
pub(super) fn affected(of: &Of, asked: &Asked, words: &Words) -> Result<Exit> {
    let said = words.read()?;
    let versions = if asked.declined {
        let how = said.context("say why nobody looks: --reason, or --text FILE")?;
        Versions {
            affected: Vec::new(),
            unaffected: Vec::new(),
            how,
            declined: true,
        }
    } else if !asked.stated.is_empty() {
        let how = said.unwrap_or_else(|| "stated by a person".to_owned());
        Versions {
            affected: asked.stated.clone(),
            unaffected: Vec::new(),
            how,
            declined: false,
        }
    } else {
        let (tags, mut how) = tags(asked)?;
        let found = sort_out(&tags);
        if let Some(said) = said {
            how = format!("{how}; {said}");
        }
        Versions {
            affected: found.affected,
            unaffected: found.unaffected,
            how,
            declined: false,
        }
    };
    let room = Room::open(&of.desk)?;
    if !room.json && !versions.declined {
        terminal::result(&format!(
            "affected: {}\n",
            if versions.affected.is_empty() {
                "none".to_owned()
            } else {
                versions.affected.join(", ")
            }
        ))?;
    }
    room.take(&of.case, What::Affected { versions })
}

fn tags(asked: &Asked) -> Result<(Vec<Tag>, String)> {
    let git = Git { repo: &asked.repo };
    let all = git.lines(&["tag", "--list"])?;
    if all.is_empty() {
        bail!(
            "git knows no tags in {}; state the versions with --release",
            asked.repo.display()
        );
    }
    if all.len() > MAX_TAGS {
        bail!(
            "there are {} tags, more than {MAX_TAGS}; state the versions with --release",
            all.len()
        );
    }
    let holding = |commits: &[String]| -> Result<Vec<String>> {
        let mut out = Vec::new();
        for commit in commits {
            let full = git.commit(commit)?;
            out.extend(git.lines(&["tag", "--list", "--contains", &full])?);
        }
        Ok(out)
    };
    if git
        .lines(&["rev-parse", "--is-shallow-repository"])?
        .iter()
        .any(|line| line == "true")
    {
        bail!("the history is cut off (a shallow clone), so tags cannot be asked; run `git fetch --unshallow --tags`");
    }
    let fixed = holding(&asked.fixed)?;
    let (faulty, how) = match (&asked.path, &asked.pattern) {
        (Some(path), Some(pattern)) => {
            let mut faulty = Vec::new();
            for tag in &all {
                if git.holds(tag, path, pattern)? {
                    faulty.push(tag.clone());
                }
            }
            (
                faulty,
                format!("tags in which {path} holds the text that shows the fault"),
            )
        }
        _ if !asked.introduced.is_empty() => (
            holding(&asked.introduced)?,
            "tags that hold a commit which brought it, and none which mends it".to_owned(),
        ),
        _ => bail!(
            "say how to tell: --introduced COMMIT [--fixed COMMIT], --path FILE --pattern TEXT, --release VERSION, or --declined"
        ),
    };
    let tags = all
        .into_iter()
        .map(|name| Tag {
            has_fault: faulty.contains(&name),
            has_fix: fixed.contains(&name),
            name,
        })
        .collect();
    Ok((tags, how))
}

/// git, as a program that answers questions. Nothing of the repository's own settings that would run something is used.
struct Git<'a> {
    repo: &'a Path,
}

impl Git<'_> {
    fn command(&self, args: &[&str]) -> Command {
        let mut git = Command::new("git");
        git.arg("-C").arg(self.repo);
        for setting in [
            "core.fsmonitor=false",
            "core.hooksPath=/dev/null",
            "core.pager=cat",
            "diff.external=",
            "protocol.allow=never",
        ] {
            git.args(["-c", setting]);
        }
        git.arg("--no-pager")
            .args(args)
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_NO_LAZY_FETCH", "1");
        git.stdin(Stdio::null());
        git
    }

    fn lines(&self, args: &[&str]) -> Result<Vec<String>> {
        let output = self
            .command(args)
            .output()
            .context("cannot run git; is it installed?")?;
        if !output.status.success() {
            bail!("git does not answer in {}: is it a repository?", self.repo.display());
        }
        Ok(String::from_utf8_lossy(&output.stdout)
            .lines()
            .map(str::to_owned)
            .collect())
    }

    /// The full name of a commit.
    fn commit(&self, name: &str) -> Result<String> {
        let wanted = format!("{name}^{{commit}}");
        let output = self
            .command(&["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted])
            .output()
            .context("cannot run git; is it installed?")?;
        let full = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if !output.status.success() || !matches!(full.len(), 40 | 64) {
            bail!("git knows no such commit; name it by its hash");
        }
        Ok(full)
    }

    /// Whether a file of a tag holds a text.
    fn holds(&self, tag: &str, path: &str, pattern: &str) -> Result<bool> {
        let full = self.commit(&format!("refs/tags/{tag}"))?;
        let path = format!(":(literal){path}");
        let status = self
            .command(&[
                "grep",
                "--quiet",
                "--fixed-strings",
                "--no-textconv",
                "-e",
                pattern,
                &full,
                "--",
                &path,
            ])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .context("cannot run git; is it installed?")?;
        match status.code() {
            Some(0) => Ok(true),
            Some(1) => Ok(false),
            _ => bail!("git cannot look into the tag {tag}"),
        }
    }
}

/// `ward disclose siblings`.
pub(super) fn siblings(of: &Of, repo: &Path, rules: Vec<String>, declined: bool, words: &Words) -> Result<Exit> {
    let said = words.read()?;
    let siblings = if declined {
        let how = said.context("say why nobody looks: --reason, or --text FILE")?;
        Siblings {
            rules: Vec::new(),
            places: Vec::new(),
            how,
            declined: true,
        }
    } else if rules.is_empty() {
        let how = said
            .context("name rules of `ward scan` with --rule, or say what was found by hand with --reason or --text")?;
        Siblings {
            rules: Vec::new(),
            places: Vec::new(),
            how,
            declined: false,
        }
    } else {
        let (places, mut how) = scan(repo, &rules)?;
        if let Some(said) = said {
            how = format!("{how}; {said}");
        }
        Siblings {
            rules,
            places,
            how,
            declined: false,
        }
    };
    let room = Room::open(&of.desk)?;
    if !room.json {
        let mut text = format!("{}\n", siblings.how);
        siblings
            .places
            .iter()
            .for_each(|place| text.push_str(&format!("  {place}\n")));
        terminal::result(&text)?;
    }
    room.take(&of.case, What::Siblings { siblings })
}

/// What the rules find in a folder, by this very program.
fn scan(repo: &Path, rules: &[String]) -> Result<(Vec<String>, String)> {
    let program = std::env::current_exe().context("cannot find this program's own file")?;
    let known = Command::new(&program)
        .args(["rules", "--json"])
        .stdin(Stdio::null())
        .output()
        .context("cannot run ward rules")?;
    let known = String::from_utf8_lossy(&known.stdout).into_owned();
    for rule in rules {
        if !known.contains(&format!("\"{rule}\"")) {
            bail!("there is no rule {rule}; `ward rules` lists them");
        }
    }
    let output = Command::new(&program)
        .arg("scan")
        .arg(repo)
        .args(["--json", "--threshold", "info", "--profile", "thorough"])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .context("cannot run ward scan")?;
    let report: Value =
        serde_json::from_slice(&output.stdout).context("ward scan gave no report; run it by hand to see why")?;
    let mut places: Vec<String> = Vec::new();
    for finding in report["findings"].as_array().map_or(&[][..], Vec::as_slice) {
        if rules.iter().any(|rule| finding["rule"] == rule.as_str()) {
            places.push(format!(
                "{}:{}",
                finding["path"].as_str().unwrap_or_default(),
                finding["line"]
            ));
        }
    }
    places.dedup();
    let how = format!(
        "{} places by {}{}",
        places.len(),
        rules.join(", "),
        not_examined(report["not_examined"].as_array().map_or(&[][..], Vec::as_slice))
    );
    places.truncate(MAX_PLACES);
    Ok((places, how))
}

/// What a scan could not look at, in words: the first five places, each with its reason, and how many more.
fn not_examined(places: &[Value]) -> String {
    let mut text = String::new();
    for place in places.iter().take(5) {
        let said = |field: &str| harmless(place[field].as_str().unwrap_or_default());
        text.push_str(&format!("\nnot examined: {}: {}", said("path"), said("reason")));
    }
    if places.len() > 5 {
        text.push_str(&format!("\nnot examined: {} places more", places.len() - 5));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_search_for_siblings_did_not_see_is_named() {
        let place = |path: &str| serde_json::json!({"path": path, "reason": "it is damaged"});
        assert_eq!(not_examined(&[]), "");
        assert_eq!(not_examined(&[place("a.py")]), "\nnot examined: a.py: it is damaged");
        let many: Vec<_> = (0..7).map(|_| place("a.py")).collect();
        assert!(not_examined(&many).ends_with("\nnot examined: 2 places more"));
    }

    #[test]
    fn the_table_of_a_policy_says_what_is_owed_a_fix() {
        let folder = tempfile::tempdir().unwrap();
        assert!(of_policy(folder.path(), 20_000).is_empty());
        let table = "# Security\n\n## Supported versions\n\n| Version | Supported |\n|---|---|\n| 2.x | yes |\n| 1.4.x | yes |\n| < 1.4 | no |\n";
        std::fs::write(folder.path().join("SECURITY.md"), table).unwrap();
        assert_eq!(of_policy(folder.path(), 20_000), ["2.x", "1.4.x"]);
    }
}
