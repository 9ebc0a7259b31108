//! A model's own tokenizer, from its file.

use std::{
    fs::File,
    io::{self, Read as _, Seek as _, SeekFrom},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use ward_clinical::tokens::{LONGEST_FILE, Tokenizer, TokenizerError};
use ward_formats::{gguf, input::Input};

use crate::error::StartError;

/// Reads a tokenizer: a `tokenizer.json`, the folder that holds one, or a GGUF file, of which the metadata alone is read.
///
/// # Errors
/// When it cannot be read, or cannot be done exactly.
pub fn read(path: &Path) -> Result<Tokenizer, StartError> {
    let file = file_of(path);
    named(&file, &file.display().to_string())
}

/// The same, called by its name and that of its folder: where a server keeps it is nobody's business.
///
/// # Errors
/// As [`read`].
pub(crate) fn read_short(path: &Path) -> Result<Tokenizer, StartError> {
    let file = file_of(path);
    let folder = file.parent().and_then(Path::file_name);
    let name: PathBuf = folder.into_iter().chain(file.file_name()).collect();
    named(&file, &name.display().to_string())
}

fn file_of(path: &Path) -> PathBuf {
    if path.is_dir() {
        path.join("tokenizer.json")
    } else {
        path.to_owned()
    }
}

fn named(path: &Path, name: &str) -> Result<Tokenizer, StartError> {
    let shown = path.display();
    let unread = |_: io::Error| StartError::setting(format!("{shown} cannot be read."));
    let mut file = File::open(path).map_err(unread)?;
    let mut head = Vec::new();
    (&mut file).take(4).read_to_end(&mut head).map_err(unread)?;
    file.rewind().map_err(unread)?;
    let tokenizer = if gguf::sniff(&head) {
        of_gguf(file, name).map_err(unread)?
    } else {
        let mut json = Vec::new();
        file.take(LONGEST_FILE as u64 + 1)
            .read_to_end(&mut json)
            .map_err(unread)?;
        Tokenizer::read(&json, name)
    };
    tokenizer.map_err(|why| StartError::setting(format!("{shown} cannot be used as a tokenizer: {why}.")))
}

fn of_gguf(file: File, name: &str) -> io::Result<Result<Tokenizer, TokenizerError>> {
    let length = file.metadata()?.len();
    let file = Mutex::new(file);
    let read_at = |at: u64, buffer: &mut [u8]| {
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(buffer)
    };
    Ok(Tokenizer::read_gguf(&Input::of_reader(length, &read_at), name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_file_by_what_it_holds_and_calls_it_by_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let model = folder.path().join("a-model");
        std::fs::create_dir(&model).unwrap();
        let json = model.join("tokenizer.json");
        std::fs::write(&json, r#"{"model":{"type":"BPE","vocab":{"a":0},"merges":[]}}"#).unwrap();
        for path in [&model, &json] {
            assert_eq!(read_short(path).unwrap().name(), "a-model/tokenizer.json");
            assert_eq!(read(path).unwrap().name(), json.display().to_string());
        }
        let gguf = folder.path().join("x.gguf");
        let check = |bytes: &[u8], part: &str| {
            std::fs::write(&gguf, bytes).unwrap();
            let error = read(&gguf).unwrap_err().to_string();
            assert!(error.contains("x.gguf") && error.contains(part), "{error}");
        };
        check(b"GGUF\x03\0\0\0", "points outside of the file");
        check(b"[]", "no tokenizer.json");
        assert!(
            read(&folder.path().join("none"))
                .unwrap_err()
                .to_string()
                .contains("cannot be read")
        );
    }
}
