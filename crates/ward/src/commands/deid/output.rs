//! Writing results: whole or not at all, and a journal of what is finished.

use std::{
    collections::HashMap,
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard},
};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{fault::Stop, source::Stamp};

/// What names of unfinished files begin with.
pub(in crate::commands) const PART: &str = ".ward-part-";

/// The journal in the output folder.
pub(super) const JOURNAL: &str = ".ward-deid.journal";

/// A result being written. Dropped unfinished, nothing of it stays.
pub(super) struct Output {
    to: To,
}

enum To {
    Standard,
    /// Standard output, all at once, since others write to it meanwhile. What is long keeps them waiting.
    Held(Vec<u8>, Option<MutexGuard<'static, ()>>),
    File {
        writer: Option<Writer>,
        part: PathBuf,
        path: PathBuf,
    },
    Memory(Vec<u8>),
}

enum Writer {
    Plain(BufWriter<File>),
    Gzip(Box<flate2::write::GzEncoder<BufWriter<File>>>),
}

impl Output {
    /// To standard output.
    pub(super) fn standard() -> Output {
        Output { to: To::Standard }
    }

    /// To standard output when it is whole.
    pub(super) fn held() -> Output {
        Output {
            to: To::Held(Vec::new(), None),
        }
    }

    /// Into memory, for a summary that holds the result.
    pub(super) fn memory() -> Output {
        Output {
            to: To::Memory(Vec::new()),
        }
    }

    /// To a file that appears under its name when it is finished.
    pub(super) fn file(path: &Path, gzip: bool) -> Result<Output> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder {
            fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
        }
        let mut name = std::ffi::OsString::from(PART);
        name.push(path.file_name().unwrap_or_default());
        let part = path.with_file_name(name);
        let file = File::create(&part).with_context(|| format!("cannot write {}", part.display()))?;
        let plain = BufWriter::with_capacity(1 << 18, file);
        let writer = if gzip {
            Writer::Gzip(Box::new(flate2::write::GzEncoder::new(
                plain,
                flate2::Compression::default(),
            )))
        } else {
            Writer::Plain(plain)
        };
        Ok(Output {
            to: To::File {
                writer: Some(writer),
                part,
                path: path.to_owned(),
            },
        })
    }

    /// Adds bytes.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        match &mut self.to {
            To::Standard => printed(io::stdout().lock().write_all(bytes)),
            To::Held(held, turn) => {
                held.extend_from_slice(bytes);
                if held.len() < LONGEST_HELD {
                    return Ok(());
                }
                turn.get_or_insert_with(take_turn);
                printed(io::stdout().lock().write_all(&std::mem::take(held)))
            }
            To::Memory(held) => {
                held.extend_from_slice(bytes);
                Ok(())
            }
            To::File { writer, path, .. } => {
                let done = match writer {
                    Some(Writer::Plain(writer)) => writer.write_all(bytes),
                    Some(Writer::Gzip(writer)) => writer.write_all(bytes),
                    None => Ok(()),
                };
                done.with_context(|| format!("cannot write {}", path.display()))
                    .map_err(Stop::Failed)
            }
        }
    }

    /// Puts the result in its place. What was held in memory is given back.
    pub(super) fn finish(mut self) -> Result<Option<Vec<u8>>, Stop> {
        match &mut self.to {
            To::Standard => printed(io::stdout().lock().flush()).map(|()| None),
            To::Held(held, turn) => {
                turn.get_or_insert_with(take_turn);
                let mut out = io::stdout().lock();
                printed(out.write_all(held).and_then(|()| out.flush())).map(|()| None)
            }
            To::Memory(held) => Ok(Some(std::mem::take(held))),
            To::File { writer, part, path } => {
                let file = match writer.take() {
                    Some(Writer::Plain(writer)) => writer.into_inner().map_err(io::IntoInnerError::into_error),
                    Some(Writer::Gzip(writer)) => writer
                        .finish()
                        .and_then(|plain| plain.into_inner().map_err(io::IntoInnerError::into_error)),
                    None => return Ok(None),
                };
                // Not forced to the disk: after a power cut the journal finds what is not there in its whole size.
                let done = file.and_then(|_file| fs::rename(&*part, &*path));
                if done.is_err() {
                    let _ = fs::remove_file(&*part);
                }
                done.with_context(|| format!("cannot write {}", path.display()))
                    .map_err(Stop::Failed)?;
                Ok(None)
            }
        }
    }
}

/// Whose turn it is to write to standard output.
static TURN: Mutex<()> = Mutex::new(());

fn take_turn() -> MutexGuard<'static, ()> {
    TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Bytes of a result that are held back.
const LONGEST_HELD: usize = 16 << 20;

fn printed(done: io::Result<()>) -> Result<(), Stop> {
    match done {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Stop::Closed),
        other => other.context("cannot write to standard output").map_err(Stop::Failed),
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        if let To::File {
            writer: Some(_), part, ..
        } = &self.to
        {
            // What cannot be removed keeps the name of a part, which no run takes for a result.
            let _ = fs::remove_file(part);
        }
    }
}

/// What is finished, one JSON object a line, so that an interrupted run can be taken up.
pub(super) struct Journal {
    file: Mutex<File>,
    done: HashMap<String, Value>,
    options: String,
}

impl Journal {
    /// Opens the journal of `folder`: `resume` keeps what runs with the same `options` have finished.
    pub(super) fn open(folder: &Path, options: String, resume: bool) -> Result<Journal> {
        let path = folder.join(JOURNAL);
        let mut done = HashMap::new();
        if resume && let Ok(text) = fs::read_to_string(&path) {
            for line in text.lines() {
                // A line that was cut by a crash is no finished file.
                if let Ok(entry) = serde_json::from_str::<Value>(line)
                    && entry["options"] == json!(options)
                    && let Some(name) = entry["file"].as_str()
                {
                    done.insert(name.to_owned(), entry.clone());
                }
            }
        }
        let mut open = OpenOptions::new();
        open.create(true);
        if resume {
            open.append(true);
        } else {
            open.write(true).truncate(true);
        }
        let mut file = open
            .open(&path)
            .with_context(|| format!("cannot write {}", path.display()))?;
        if resume {
            // A cut last line must not swallow the next.
            file.write_all(b"\n")
                .with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(Journal {
            file: Mutex::new(file),
            done,
            options,
        })
    }

    /// The entry of a file that was finished before and has not changed since, nor its result.
    pub(super) fn finished(&self, name: &str, stamp: Stamp, out: &Path) -> Option<&Value> {
        let entry = self.done.get(name)?;
        let result = fs::metadata(out).ok()?;
        let same = entry["size"] == json!(stamp.size)
            && entry["modified"] == json!(stamp.nanoseconds().to_string())
            && entry["written"] == json!(result.len());
        same.then_some(entry)
    }

    /// Notes that a file is finished.
    pub(super) fn note(&self, name: &str, stamp: Stamp, out: &Path, report: &Value) -> Result<()> {
        let written = fs::metadata(out).map(|data| data.len()).unwrap_or(0);
        let entry = json!({
            "file": name,
            "size": stamp.size,
            "modified": stamp.nanoseconds().to_string(),
            "options": self.options,
            "written": written,
            "report": report,
        });
        let mut file = self.file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        file.write_all(format!("{entry}\n").as_bytes())
            .context("cannot write the journal in the output folder")
    }
}
