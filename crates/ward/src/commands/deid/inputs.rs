//! Which files there are to do, and where each result goes.

use std::{
    collections::{BTreeSet, HashSet},
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use super::output::{JOURNAL, PART};

/// One file to do.
#[derive(Debug, Clone)]
pub(in crate::commands) struct Input {
    /// Where it lies; `None` for standard input.
    pub(in crate::commands) path: Option<PathBuf>,
    /// What it is called in output: relative to the folder that was named, with `/` between.
    pub(in crate::commands) name: String,
    /// Where its result goes; `None` for standard output.
    pub(in crate::commands) out: Option<PathBuf>,
    /// Its size in bytes when it was found.
    pub(in crate::commands) size: u64,
}

/// Something in a folder that is no file to do.
#[derive(Debug)]
pub(in crate::commands) struct Passed {
    pub(in crate::commands) name: String,
    pub(in crate::commands) why: &'static str,
}

/// Everything that was named.
#[derive(Debug, Default)]
pub(in crate::commands) struct Inputs {
    pub(in crate::commands) files: Vec<Input>,
    pub(in crate::commands) passed: Vec<Passed>,
    /// Where results go, when that is a folder.
    pub(in crate::commands) folder: Option<PathBuf>,
}

/// Deepest folder that is entered.
const DEEPEST: usize = 128;

/// Finds all files under what was named, in the order of their names.
///
/// # Errors
/// When something that was named is not there, or results would be written over inputs.
pub(in crate::commands) fn gather(named: &[PathBuf], out: Option<&Path>, to_stdout: bool) -> Result<Inputs> {
    let standard = [PathBuf::from("-")];
    let named = if named.is_empty() { &standard[..] } else { named };
    let mut inputs = Inputs::default();
    let mut folders = 0;
    let inside = out.and_then(|out| fs::canonicalize(out).ok());
    for path in named {
        if path == Path::new("-") {
            inputs.files.push(Input {
                path: None,
                name: "standard input".to_owned(),
                out: None,
                size: 0,
            });
            continue;
        }
        let data = fs::metadata(path).with_context(|| format!("cannot open {}", path.display()))?;
        if data.is_dir() {
            folders += 1;
            if let (Some(inside), Ok(real)) = (&inside, fs::canonicalize(path))
                && real == *inside
            {
                bail!("--out is the folder that is read; name another, or files would be written over");
            }
            walk(path, inside.as_deref(), &mut inputs);
        } else {
            inputs.files.push(Input {
                path: Some(path.clone()),
                name: path.file_name().map_or_else(
                    || path.display().to_string(),
                    |name| name.to_string_lossy().into_owned(),
                ),
                out: None,
                size: data.len(),
            });
        }
    }
    let several = folders > 0 || named.len() > 1;
    let Some(out) = out else {
        if several && !to_stdout {
            bail!("several files have no one result: name a folder with --out DIR");
        }
        // Where a file would stand below a folder of results is no place to write to without one.
        for input in &mut inputs.files {
            input.out = None;
        }
        return Ok(inputs);
    };
    if fs::metadata(out).is_ok_and(|found| !found.is_file() && !found.is_dir()) {
        bail!(
            "--out is neither a file nor a folder, and results replace what stands there; leave it out for standard output"
        );
    }
    let text = out.as_os_str().to_string_lossy();
    if !several && !out.is_dir() && !text.ends_with(['/', std::path::MAIN_SEPARATOR]) {
        for input in &mut inputs.files {
            input.out = Some(out.to_owned());
        }
    } else {
        fs::create_dir_all(out).with_context(|| format!("cannot make the folder {}", out.display()))?;
        inputs.folder = Some(out.to_owned());
        let mut taken: HashSet<PathBuf> = HashSet::new();
        let (mut kept, mut passed) = (Vec::new(), Vec::new());
        for mut input in std::mem::take(&mut inputs.files) {
            let below = input.out.take().unwrap_or_else(|| match &input.path {
                Some(path) => path.file_name().map_or_else(|| PathBuf::from("out"), PathBuf::from),
                None => PathBuf::from("stdin"),
            });
            if taken.insert(below.clone()) {
                input.out = Some(out.join(below));
                kept.push(input);
            } else {
                passed.push(Passed {
                    name: input.name,
                    why: "another input has the same name, and results keep their names",
                });
            }
        }
        inputs.files = kept;
        inputs.passed.extend(passed);
    }
    let read: BTreeSet<PathBuf> = inputs
        .files
        .iter()
        .filter_map(|input| input.path.as_ref().and_then(|path| fs::canonicalize(path).ok()))
        .collect();
    for input in &inputs.files {
        if let Some(real) = input.out.as_ref().and_then(|out| fs::canonicalize(out).ok())
            && read.contains(&real)
        {
            bail!(
                "the result would be written over the input {}; name another place with --out",
                input.name
            );
        }
    }
    Ok(inputs)
}

/// Adds every regular file under `root`. Where each result goes below the output folder stands in `out` for now.
fn walk(root: &Path, inside: Option<&Path>, inputs: &mut Inputs) {
    let mut folders = vec![(root.to_owned(), PathBuf::new())];
    while let Some((folder, below)) = folders.pop() {
        let mut pass = |below: &Path, why| {
            inputs.passed.push(Passed {
                name: shown(below),
                why,
            });
        };
        if below.components().count() > DEEPEST {
            pass(&below, "the folder lies too deep");
            continue;
        }
        let Ok(entries) = fs::read_dir(&folder) else {
            pass(&below, "the folder cannot be read");
            continue;
        };
        let mut names: Vec<_> = Vec::new();
        for entry in entries {
            match entry {
                Ok(entry) => names.push(entry.file_name()),
                Err(_) => pass(&below, "an entry of the folder cannot be read"),
            }
        }
        names.sort();
        // Folders are taken from the end: the last must be put first.
        let mut inner = Vec::new();
        for name in names {
            let (path, below) = (folder.join(&name), below.join(&name));
            let own = name.to_string_lossy();
            if own == JOURNAL || own.starts_with(PART) {
                continue;
            }
            let Ok(data) = fs::symlink_metadata(&path) else {
                inputs.passed.push(Passed {
                    name: shown(&below),
                    why: "it cannot be looked at",
                });
                continue;
            };
            let kind = data.file_type();
            if kind.is_dir() {
                if inside.is_some_and(|inside| fs::canonicalize(&path).is_ok_and(|real| real == inside)) {
                    // The output of this very command is no input.
                    continue;
                }
                inner.push((path, below));
            } else if kind.is_file() {
                inputs.files.push(Input {
                    path: Some(path),
                    name: shown(&below),
                    out: Some(below),
                    size: data.len(),
                });
            } else {
                let why = if kind.is_symlink() {
                    "it is a symbolic link, which is not followed; name it to have it read"
                } else {
                    "it is no regular file"
                };
                inputs.passed.push(Passed {
                    name: shown(&below),
                    why,
                });
            }
        }
        folders.extend(inner.into_iter().rev());
    }
}

/// A path for people and for JSON. Bytes that are no UTF-8 show as U+FFFD.
fn shown(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    if parts.is_empty() {
        ".".to_owned()
    } else {
        parts.join("/")
    }
}
