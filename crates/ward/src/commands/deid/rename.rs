//! Names of results that say nothing, and the private file that says which is which.

use std::{
    collections::{HashMap, HashSet},
    fs,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use ward_seal::random;

use super::{
    inputs::{Inputs, Passed},
    output::PART,
    settings::create,
};

/// Endings that say what a file is and nothing else. Any other may be the end of a name, as in `john.smith`.
const ENDINGS: &[&str] = &[
    "txt", "text", "md", "log", "csv", "tsv", "json", "jsonl", "ndjson", "fhir", "xml", "cda", "hl7", "dcm", "dicom",
    "gz",
];

/// Which new name stands for which.
struct Names {
    /// Paths of files and folders, as results call them, to the last part of the new path.
    parts: HashMap<String, String>,
    /// New parts.
    taken: HashSet<String>,
    /// Files by their old and new paths, in the order in which they came.
    files: Vec<(String, String)>,
}

/// Gives every input of a folder run, and what was passed over, a name that says nothing, and writes down in the file
/// `map` which is which, before any result is written. What stands there already keeps its name.
///
/// # Errors
/// When results do not go into a folder, or the file lies among results or inputs, is no such file, or cannot be written.
pub(super) fn rename(inputs: &mut Inputs, map: &Path) -> Result<()> {
    let Some(folder) = inputs.folder.clone() else {
        bail!("--rename names the results in a folder; name one with --out DIR");
    };
    if lies_in(map, &folder)? {
        bail!(
            "{} would lie among the results, which it is to be kept apart from; name another place",
            map.display()
        );
    }
    if inputs.files.iter().any(|input| input.path.as_deref() == Some(map)) {
        bail!("{} is an input; name another file", map.display());
    }
    let mut names = Names::read(map)?;
    let mut seen = HashSet::new();
    let mut twice = Vec::new();
    for mut input in std::mem::take(&mut inputs.files) {
        // Names that are no UTF-8 may read alike.
        let again = !seen.insert(input.name.clone());
        input.name = names.of(&input.name)?;
        if again {
            twice.push(Passed {
                name: input.name,
                why: "its name is not UTF-8 and reads like that of another; rename it",
            });
        } else {
            input.out = Some(folder.join(&input.name));
            inputs.files.push(input);
        }
    }
    for passed in &mut inputs.passed {
        passed.name = names.of(&passed.name)?;
    }
    inputs.passed.extend(twice);
    names.write(map)
}

/// True when `file` is or will be below `folder`.
fn lies_in(file: &Path, folder: &Path) -> Result<bool> {
    let above = match file.parent() {
        Some(above) if !above.as_os_str().is_empty() => above,
        _ => Path::new("."),
    };
    let above = fs::canonicalize(above).with_context(|| format!("cannot open the folder {}", above.display()))?;
    let folder = fs::canonicalize(folder).with_context(|| format!("cannot open {}", folder.display()))?;
    Ok(above.starts_with(folder))
}

impl Names {
    /// What an earlier run wrote down; nothing when the file is not there.
    fn read(map: &Path) -> Result<Names> {
        let mut names = Names {
            parts: HashMap::new(),
            taken: HashSet::new(),
            files: Vec::new(),
        };
        let text = match fs::read_to_string(map) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(names),
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", map.display())),
        };
        for (line, number) in text.lines().zip(1..) {
            let entry: Value = serde_json::from_str(line).unwrap_or_default();
            let (Some(old), Some(new)) = (entry["file"].as_str(), entry["result"].as_str()) else {
                bail!("line {number} of {} does not say which result is which", map.display());
            };
            if old.split('/').count() != new.split('/').count() || !new.split('/').all(is_part) {
                bail!("line {number} of {} was not written by --rename", map.display());
            }
            for (path, part) in paths(old).zip(new.split('/')) {
                names.taken.insert(part.to_owned());
                names.parts.insert(path.to_owned(), part.to_owned());
            }
            names.files.push((old.to_owned(), new.to_owned()));
        }
        Ok(names)
    }

    /// The new path of the file at `old`.
    fn of(&mut self, old: &str) -> Result<String> {
        let known = self.parts.contains_key(old);
        let mut parts = Vec::new();
        for path in paths(old) {
            let part = match self.parts.get(path) {
                Some(part) => part.clone(),
                None => self.draw(path, path.len() == old.len())?,
            };
            parts.push(part);
        }
        let new = parts.join("/");
        if !known {
            self.files.push((old.to_owned(), new.clone()));
        }
        Ok(new)
    }

    /// A part that nothing has yet.
    fn draw(&mut self, path: &str, file: bool) -> Result<String> {
        loop {
            let token = data_encoding::BASE32_DNSSEC.encode(&random::bytes::<5>()?);
            let part = if file {
                format!("file-{token}{}", ending(path))
            } else {
                format!("folder-{token}")
            };
            if self.taken.insert(part.clone()) {
                self.parts.insert(path.to_owned(), part.clone());
                return Ok(part);
            }
        }
    }

    /// Writes everything down, whole or not at all, so that only its owner can read it.
    fn write(&self, map: &Path) -> Result<()> {
        let mut name = std::ffi::OsString::from(PART);
        name.push(map.file_name().context("--rename names a folder; name a file")?);
        let part: PathBuf = map.with_file_name(name);
        let mut out = BufWriter::new(create(&part, true)?);
        let done = (|| {
            for (old, new) in &self.files {
                writeln!(out, "{}", json!({"file": old, "result": new}))?;
            }
            out.flush()?;
            fs::rename(&part, map)
        })();
        done.with_context(|| format!("cannot write {}", map.display()))
    }
}

/// `a`, `a/b`, `a/b/c` of `a/b/c`.
fn paths(path: &str) -> impl Iterator<Item = &str> {
    let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
    ends.filter_map(move |end| path.get(..end))
}

/// The known endings of a name, with their dots.
fn ending(name: &str) -> String {
    let mut ending = String::new();
    let mut rest = name;
    while let Some((before, last)) = rest.rsplit_once('.')
        && let Some(known) = ENDINGS.iter().find(|known| last.eq_ignore_ascii_case(known))
    {
        ending.insert_str(0, &format!(".{known}"));
        rest = before;
    }
    ending
}

/// True for a part as [`Names::draw`] makes it: a path of such parts leads nowhere else.
fn is_part(part: &str) -> bool {
    let rest = part.strip_prefix("file-").or_else(|| part.strip_prefix("folder-"));
    rest.is_some_and(|rest| {
        rest.len() >= 8 && !rest.contains("..") && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_endings_that_say_what_a_file_is() {
        for (name, expect) in [
            ("ann_lee.json", ".json"),
            ("a/Ann Lee.FHIR.json.GZ", ".fhir.json.gz"),
            ("john.smith", ""),
            ("john.smith.txt", ".txt"),
            ("README", ""),
            ("doe.gz", ".gz"),
        ] {
            assert_eq!(ending(name), expect, "{name}");
        }
    }

    #[test]
    fn takes_no_path_that_leads_elsewhere() {
        for (part, expect) in [
            ("file-0123abcd.json", true),
            ("folder-0123abcd", true),
            ("..", false),
            ("file-..", false),
            ("file-0123abcd..", false),
            ("file-0123ab\\d", false),
            ("ann", false),
        ] {
            assert_eq!(is_part(part), expect, "{part}");
        }
    }
}
