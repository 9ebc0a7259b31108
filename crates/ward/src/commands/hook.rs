//! `ward hook`: a script that git runs before a commit.
//!
//! The script names this program by its path and falls back to `ward` on the search path; when neither is there it stops the
//! commit and says so. A hook that was there is kept beside it and runs first.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};
use serde_json::json;
use ward_scan::source::{disk, git::repo::Repository};

use super::scan;
use crate::{
    cli::hook::{Hook, Install, Place, Run, Status},
    exit::Exit,
    terminal,
};

/// The hook's name.
const NAME: &str = "pre-commit";
/// What a hook is called that was there before.
const BEFORE: &str = "pre-commit.before-ward";
/// The line by which Ward knows its own script.
const MARK: &str = "# ward-hook 1: written by `ward hook install`; `ward hook uninstall` takes it away";
/// Largest hook that is read.
const MAX_HOOK: u64 = 1 << 20;

/// Runs a command about hooks.
///
/// # Errors
/// When there is no repository, or the folder of hooks cannot be read or written.
pub fn run(hook: &Hook) -> Result<Exit> {
    match hook {
        Hook::Install(args) => install(args),
        Hook::Uninstall(place) => uninstall(place),
        Hook::Status(args) => status(args),
        Hook::Run(args) => check(args),
    }
}

/// Where hooks of a repository are.
struct Folder {
    path: PathBuf,
    /// Whether it lies outside of the repository, so that others use it too.
    shared: bool,
    /// Whether it lies among the files that people work on.
    in_work_tree: bool,
}

impl Folder {
    fn of(place: &Place) -> Result<Self> {
        let named = || place.path.display().to_string();
        let Some(repository) = Repository::find(&place.path) else {
            bail!("{} is in no git repository", named());
        };
        let path = asked_of_git(&place.path).unwrap_or_else(|| repository.common_dir.join("hooks"));
        let common = repository.common_dir.canonicalize().with_context(named)?;
        // The folder itself need not be there yet.
        let whole = path
            .canonicalize()
            .or_else(|_| std::path::absolute(&path))
            .with_context(named)?;
        let work_tree = repository.work_tree.as_deref().and_then(|one| one.canonicalize().ok());
        let in_git = whole.starts_with(&common);
        let in_work_tree = !in_git && work_tree.is_some_and(|one| whole.starts_with(one));
        Ok(Self {
            shared: !in_git && !in_work_tree,
            in_work_tree,
            path: whole,
        })
    }

    fn hook(&self) -> PathBuf {
        self.path.join(NAME)
    }

    fn before(&self) -> PathBuf {
        self.path.join(BEFORE)
    }
}

/// Git's own answer, which follows `core.hooksPath` wherever it is set. None where there is no git.
fn asked_of_git(path: &Path) -> Option<PathBuf> {
    let folder = if path.is_dir() { path } else { path.parent()? };
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["rev-parse", "--git-path", "hooks"])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?;
    let text = text.strip_suffix('\n').unwrap_or(&text);
    (!text.is_empty()).then(|| folder.join(text))
}

/// What stands where the hook belongs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum There {
    Nothing,
    Ours,
    Other,
}

fn what_is_there(hook: &Path) -> Result<There> {
    if fs::symlink_metadata(hook).is_err() {
        return Ok(There::Nothing);
    }
    let bytes = disk::read_small(hook, MAX_HOOK);
    let bytes = bytes.with_context(|| format!("cannot read {}", hook.display()))?;
    let ours = bytes.is_some_and(|bytes| String::from_utf8_lossy(&bytes).lines().any(|line| line == MARK));
    Ok(if ours { There::Ours } else { There::Other })
}

fn install(args: &Install) -> Result<Exit> {
    let folder = Folder::of(&args.place)?;
    if folder.shared && !args.shared {
        bail!(
            "core.hooksPath names {}, which lies outside of this repository: a hook there runs for every repository that \
             uses it; install it all the same with --shared",
            folder.path.display()
        );
    }
    let hook = folder.hook();
    fs::create_dir_all(&folder.path).with_context(|| format!("cannot make {}", folder.path.display()))?;
    let there = what_is_there(&hook)?;
    if there == There::Other {
        if fs::symlink_metadata(folder.before()).is_ok() {
            bail!(
                "{} is there already, and so is a hook that is not Ward's; put one of them away first",
                folder.before().display()
            );
        }
        fs::rename(&hook, folder.before()).with_context(|| format!("cannot move {}", hook.display()))?;
    }
    let script = script(args)?;
    write_executable(&hook, &script).with_context(|| format!("cannot write {}", hook.display()))?;
    let word = match there {
        There::Nothing => "installed",
        There::Ours => "installed again",
        There::Other => "installed before the hook that was there, which still runs first",
    };
    terminal::result(&format!("{word}: {}\n", hook.display()))?;
    if folder.in_work_tree {
        terminal::note("this folder of hooks is part of the work tree: the script names a path of this machine");
    }
    Ok(Exit::Clean)
}

/// The script. It is for any POSIX shell, which git brings along on every system.
fn script(args: &Install) -> Result<String> {
    let program = std::env::current_exe().context("this program does not know where it is")?;
    let program = program.to_str().context("the path of this program is no UTF-8")?;
    let mut words = format!("hook run --threshold {}", args.threshold);
    if args.strict {
        words += " --strict";
    }
    if let Some(file) = &args.baseline {
        let file = file.to_str().context("the path of the baseline is no UTF-8")?;
        words += &format!(" --baseline {}", quoted(file));
    }
    Ok(format!(
        "#!/bin/sh\n{MARK}\n\
         before=\"$(dirname \"$0\")/{BEFORE}\"\n\
         if [ -x \"$before\" ]; then \"$before\" \"$@\" || exit $?; fi\n\
         ward={}\n\
         if [ ! -x \"$ward\" ]; then ward=\"$(command -v ward)\"; fi\n\
         if [ -z \"$ward\" ]; then\n  \
         echo 'ward: this program is not there any more, so nothing was scanned and the commit is stopped.' >&2\n  \
         echo 'ward: install it again, or delete this hook.' >&2\n  \
         exit 1\nfi\n\
         exec \"$ward\" {words}\n",
        quoted(program)
    ))
}

/// A word for a POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

fn write_executable(path: &Path, text: &str) -> std::io::Result<()> {
    fs::write(path, text)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}

fn uninstall(place: &Place) -> Result<Exit> {
    let folder = Folder::of(place)?;
    let hook = folder.hook();
    match what_is_there(&hook)? {
        There::Nothing => terminal::note("there is no hook"),
        There::Other => bail!("{} is not Ward's; it stays", hook.display()),
        There::Ours => {
            fs::remove_file(&hook).with_context(|| format!("cannot delete {}", hook.display()))?;
            if fs::symlink_metadata(folder.before()).is_ok() {
                fs::rename(folder.before(), &hook).with_context(|| format!("cannot put {} back", hook.display()))?;
                terminal::result(&format!(
                    "uninstalled; the hook before it is back: {}\n",
                    hook.display()
                ))?;
            } else {
                terminal::result(&format!("uninstalled: {}\n", hook.display()))?;
            }
        }
    }
    Ok(Exit::Clean)
}

fn status(args: &Status) -> Result<Exit> {
    let folder = Folder::of(&args.place)?;
    let hook = folder.hook();
    let there = what_is_there(&hook)?;
    let runs = there == There::Ours && is_executable(&hook);
    let chained = fs::symlink_metadata(folder.before()).is_ok();
    if args.json {
        terminal::json(&json!({
            "installed": there == There::Ours,
            "runs": runs,
            "hook": disk::path_text(&hook),
            "other_hook": there == There::Other,
            "runs_first": chained.then(|| disk::path_text(&folder.before())),
            "shared": folder.shared,
        }))?;
    } else {
        let text = match there {
            There::Nothing => "not installed",
            There::Other => "not installed; there is a hook that is not Ward's",
            There::Ours if runs => "installed",
            There::Ours => "installed, but it is not executable, so git does not run it",
        };
        let first = if chained && there == There::Ours {
            format!("; {BEFORE} runs first")
        } else {
            String::new()
        };
        terminal::result(&format!("{text}: {}{first}\n", hook.display()))?;
    }
    Ok(if runs { Exit::Clean } else { Exit::Findings })
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).is_ok_and(|meta| meta.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(path: &Path) -> bool {
    path.is_file()
}

/// Scans what is staged and says what to do.
fn check(args: &Run) -> Result<Exit> {
    let mut words: Vec<std::ffi::OsString> = vec!["--staged".into()];
    words.extend(["--threshold".into(), args.threshold.word().into()]);
    let engines = if args.engines.is_empty() {
        "secrets,models,repository,code".to_owned()
    } else {
        args.engines.join(",")
    };
    words.extend(["--engines".into(), engines.into()]);
    if let Some(file) = &args.baseline {
        words.extend(["--baseline".into(), file.as_os_str().to_owned()]);
    }
    if let Some(data) = &args.data.data {
        words.extend(["--data".into(), data.as_os_str().to_owned()]);
    }
    let top = Repository::find(Path::new(".")).and_then(|one| one.work_tree);
    let top = top.context("this is no work tree of a git repository")?;
    words.extend(["--".into(), top.into_os_string()]);
    let report = scan::of_staged(words)?;
    if report.reaches(args.threshold) {
        scan::show(&report)?;
        terminal::note(&format!(
            "the commit is stopped: what is staged has findings of severity {} or worse.\n\
             ward: mend them (`ward explain RULE` says how) and stage the change; or allow one with a comment on its line,\n\
             ward: `{} RULE why it is no fault`, or a line in .wardignore, and stage that.\n\
             ward: `git commit --no-verify` skips every hook and leaves no trace: scan in CI too.",
            args.threshold,
            ward_scan::suppress::MARKER
        ));
        return Ok(Exit::Findings);
    }
    if !report.not_examined.is_empty() {
        for one in &report.not_examined {
            let reason = ward_scan::output::harmless(&one.reason);
            terminal::note(&format!("not examined: {}: {reason}", one.at));
        }
        if args.strict {
            terminal::note("the commit is stopped: something staged was not examined (--strict)");
            return Ok(Exit::NotExamined);
        }
    }
    let below = report.findings.len();
    if below > 0 {
        terminal::note(&format!(
            "{below} findings below the threshold {}; `ward scan --staged` shows them",
            args.threshold
        ));
    }
    Ok(Exit::Clean)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_the_shell_stay_one_word() {
        assert_eq!(quoted("a b"), "'a b'");
        assert_eq!(quoted("it's; rm -rf $HOME"), "'it'\\''s; rm -rf $HOME'");
    }
}
