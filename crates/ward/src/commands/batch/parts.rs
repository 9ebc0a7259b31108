//! Results in parts, each whole or not there, and the manifest of those that are.
//!
//! The folder of results holds `part-000000.parquet` and so on, and `_manifest.ndjson`, which readers of a folder of columns pass
//! over for its first letter: a first line with what was asked for, a line a part with how many records were done when it was
//! written, what they were, and the SHA-256 of its bytes, and a last line when all is done. A part is
//! written beside its place, forced to the disk and renamed before its line is written. So what the manifest names is whole, and
//! what it does not name is no result.

use std::{
    fs::{self, File, OpenOptions},
    io::{Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use ward_seal::hash;

use super::{
    super::deid::{inputs::Input, output::PART, source::Stamp},
    columns, ending,
    records::Done,
    row::Row,
    seen::Seen,
    words,
};
use crate::cli::batch::{Batch, Format};

/// The manifest in the folder of results.
const MANIFEST: &str = "_manifest.ndjson";

/// Records of a part, at most.
const PART_RECORDS: usize = 10_000;

/// Bytes of rows after which a part is written.
const PART_BYTES: usize = 32 << 20;

/// Largest manifest that is read: a line a part.
const LARGEST_MANIFEST: u64 = 256 << 20;

/// How many of what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) records: u64,
    pub(super) not_examined: u64,
    pub(super) not_proved: u64,
    pub(super) same_id: u64,
    pub(super) parts: u64,
}

/// The results being written.
pub(super) struct Parts {
    folder: PathBuf,
    manifest: File,
    format: Format,
    steps: Vec<&'static str>,
    rows: Vec<Value>,
    bytes: usize,
    /// Of the records that were seen; those of parts that are written are `written`.
    counts: Counts,
    written: Counts,
    /// What the records were that are in `rows` or written, and what those were that are written.
    seen: Seen,
    seen_written: Seen,
}

impl Parts {
    /// A new folder of results, or one to go on with.
    ///
    /// # Errors
    /// When the folder holds other results, is being written by another run, or cannot be written.
    pub(super) fn open(args: &Batch, files: &[Input], counter: Option<String>) -> Result<Self> {
        let folder = args.out.clone();
        fs::create_dir_all(&folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
        let path = folder.join(MANIFEST);
        if !path.exists()
            && let Some(stranger) = stranger(&folder)?
        {
            bail!(
                "{} holds {stranger}, which is no part of a run; name another folder",
                folder.display()
            );
        }
        let manifest = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .with_context(|| format!("cannot write {}", path.display()))?;
        if manifest.try_lock().is_err() {
            bail!("{} is being written by another run", folder.display());
        }
        let steps = words(&args.steps);
        let asked = json!({
            "ward": env!("CARGO_PKG_VERSION"),
            "steps": steps,
            "format": ending(args.format),
            "kind": format!("{:?}", args.kind).to_lowercase(),
            "max_tokens": args.max_tokens,
            "counter": counter,
            "tokenizer": args.tokenizer.as_deref().map(stamp),
            "scale": args.scale.map(|scale| format!("{scale:?}").to_lowercase()),
            "id_key": args.id_key,
            "text_key": args.text_key,
            "inputs": digest(files),
        });
        let mut parts = Self {
            folder,
            manifest,
            format: args.format,
            steps,
            rows: Vec::new(),
            bytes: 0,
            counts: Counts::default(),
            written: Counts::default(),
            seen: Seen::default(),
            seen_written: Seen::default(),
        };
        parts.begin(&asked, args.resume)?;
        Ok(parts)
    }

    /// Reads the manifest that is there, and writes the first line of a new one.
    fn begin(&mut self, asked: &Value, resume: bool) -> Result<()> {
        let mut text = Vec::new();
        (&self.manifest)
            .take(LARGEST_MANIFEST)
            .read_to_end(&mut text)
            .with_context(|| format!("cannot read {MANIFEST}"))?;
        // A line that was cut off is no line.
        let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let lines: Vec<Value> = text
            .get(..whole)
            .unwrap_or_default()
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty())
            .map(serde_json::from_slice)
            .collect::<Result<_, _>>()
            .with_context(|| format!("{MANIFEST} is damaged; name another folder"))?;
        let Some((head, rest)) = lines.split_first() else {
            self.cut(0)?;
            return self.line(asked);
        };
        if !resume {
            bail!(
                "{} holds results already; --resume goes on with them, or name another folder",
                self.folder.display()
            );
        }
        if head != asked {
            let other = asked
                .as_object()
                .into_iter()
                .flatten()
                .find(|(name, value)| head[name.as_str()] != **value);
            let other = other.map_or("first line", |(name, _)| name.as_str());
            bail!(
                "{} is of a run with other {other}; resume with the same inputs and options, or name another folder",
                self.folder.display()
            );
        }
        for line in rest.iter().filter(|line| line.get("part").is_some()) {
            self.seen_written = self.check(line)?;
            let count = |name: &str| line[name].as_u64().unwrap_or(0);
            self.written = Counts {
                records: count("through"),
                not_examined: count("not_examined"),
                not_proved: count("not_proved"),
                same_id: count("same_id"),
                parts: self.written.parts + 1,
            };
        }
        self.counts = self.written;
        self.seen = self.seen_written;
        self.cut(whole as u64)
    }

    /// Takes what stands after so many bytes off the manifest.
    fn cut(&mut self, length: u64) -> Result<()> {
        let cut = self.manifest.set_len(length);
        cut.and_then(|()| self.manifest.seek(SeekFrom::Start(length)))
            .map(drop)
            .with_context(|| format!("cannot write {MANIFEST}"))
    }

    /// Fails when a part is not the one that the manifest names, or the manifest counts other records than stand in it. Gives
    /// what the records up to its end were.
    fn check(&self, line: &Value) -> Result<Seen> {
        let name = line["part"].as_str().unwrap_or_default();
        let is_ours = name == self.name(self.written.parts);
        let bytes = if is_ours {
            fs::read(self.folder.join(name)).ok()
        } else {
            None
        };
        let bytes = bytes.filter(|bytes| hash::hex(&hash::sha256(bytes)) == line["sha256"]);
        let rows = bytes.and_then(|bytes| match self.format {
            Format::Parquet => columns::rows(bytes),
            Format::Ndjson => Some(bytes.iter().filter(|byte| **byte == b'\n').count() as u64),
        });
        let through = rows.map(|rows| self.written.records.saturating_add(rows));
        let seen = line["seen"].as_str().and_then(Seen::of_hex);
        match seen {
            Some(seen) if through.is_some() && line["through"].as_u64() == through => Ok(seen),
            _ => bail!(
                "{} is not as the manifest says: it is gone or has changed; name another folder",
                if is_ours { name } else { "a part" }
            ),
        }
    }

    /// What is in parts that are written.
    pub(super) fn done(&self) -> Done {
        Done {
            records: self.written.records,
            seen: self.seen_written,
        }
    }

    /// The counts of what was seen.
    pub(super) fn counts(&mut self) -> &mut Counts {
        &mut self.counts
    }

    /// Adds a row, and writes a part when it is time.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn add(&mut self, row: Row) -> Result<()> {
        self.seen.add(&row.seen);
        let row = row.json();
        self.bytes += row.to_string().len();
        self.rows.push(row);
        if self.rows.len() >= PART_RECORDS || self.bytes >= PART_BYTES {
            self.write()?;
        }
        Ok(())
    }

    /// Writes the last part and says that all is done.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn finish(mut self) -> Result<Counts> {
        if !self.rows.is_empty() {
            self.write()?;
        }
        self.line(&json!({"finished": true, "records": self.written.records, "parts": self.written.parts}))?;
        Ok(Counts {
            parts: self.written.parts,
            ..self.counts
        })
    }

    fn name(&self, number: u64) -> String {
        format!("part-{number:06}.{}", ending(self.format))
    }

    fn write(&mut self) -> Result<()> {
        let rows = std::mem::take(&mut self.rows);
        self.bytes = 0;
        let bytes = match self.format {
            Format::Parquet => columns::write(&rows, &self.steps)?,
            Format::Ndjson => rows
                .iter()
                .map(|row| format!("{row}\n"))
                .collect::<String>()
                .into_bytes(),
        };
        let name = self.name(self.written.parts);
        put(&self.folder, &name, &bytes)
            .with_context(|| format!("cannot write {name} in {}", self.folder.display()))?;
        let mut written = self.counts;
        written.parts = self.written.parts + 1;
        self.line(&json!({
            "part": name,
            "records": rows.len(),
            "through": written.records,
            "seen": self.seen.hex(),
            "not_examined": written.not_examined,
            "not_proved": written.not_proved,
            "same_id": written.same_id,
            "bytes": bytes.len(),
            "sha256": hash::hex(&hash::sha256(&bytes)),
        }))?;
        self.written = written;
        self.seen_written = self.seen;
        Ok(())
    }

    fn line(&mut self, line: &Value) -> Result<()> {
        let done = self
            .manifest
            .write_all(format!("{line}\n").as_bytes())
            .and_then(|()| self.manifest.sync_data());
        done.with_context(|| format!("cannot write {MANIFEST} in {}", self.folder.display()))
    }
}

/// A file of a folder that no run left.
fn stranger(folder: &Path) -> Result<Option<String>> {
    let not = || format!("cannot read {}", folder.display());
    for entry in fs::read_dir(folder).with_context(not)? {
        let name = entry.with_context(not)?.file_name().to_string_lossy().into_owned();
        if !name.starts_with(PART) {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

/// Writes a file so that it is there whole or not at all, also after a power cut.
fn put(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    let part = folder.join(format!("{PART}{name}"));
    let done = File::create(&part)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&part, folder.join(name)));
    if done.is_err() {
        let _ = fs::remove_file(&part);
    }
    done?;
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    Ok(())
}

/// What tells a tokenizer's file apart: its size and the time of its change.
fn stamp(path: &Path) -> String {
    let inside = path.join("tokenizer.json");
    let about = fs::metadata(if path.is_dir() { &inside } else { path });
    about.map_or_else(
        |_| String::new(),
        |data| format!("{} {}", data.len(), Stamp::of(&data).nanoseconds()),
    )
}

/// What tells inputs apart: names, sizes, times of change, in order.
fn digest(files: &[Input]) -> String {
    let mut all = String::new();
    for file in files {
        let stamp = file.path.as_ref().and_then(|path| fs::metadata(path).ok());
        let changed = stamp.map_or(0, |data| Stamp::of(&data).nanoseconds());
        all.push_str(&format!("{}\0{}\0{changed}\n", file.name, file.size));
    }
    hash::hex(&hash::sha256(all.as_bytes()))
}
