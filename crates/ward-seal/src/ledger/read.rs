//! Reading a ledger from its first byte, batch by batch, in constant memory.
//!
//! Everything that reads goes through [`Batches`]: opening, verifying, listing, proving. A batch is given
//! out only when it is whole, its checksums hold, and its checkpoint names the root that the entries
//! have. Signatures are left to who needs them.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufReader, Read, Seek, SeekFrom},
    ops::Range,
    time::Duration,
};

use super::{
    folder::{self, Folder, segment_name},
    record::{BATCH_ENTRIES, FRAME_LEN, Frame, HEADER_LEN, Header, KIND_CHECKPOINT, MAX_BATCH, MAX_LEN, parse_entry},
};
use crate::{
    Error,
    hash::sha256,
    merkle::{self, Hash, RightEdge},
    note::{MAX_NOTE, checkpoint_text},
};

/// How often the end of a ledger that is being written is looked at again, and the pause between.
const LOOKS: u32 = 400;
const PAUSE: Duration = Duration::from_millis(5);

/// A whole batch.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// The number of its segment.
    pub(super) segment: u64,
    /// Where its checkpoint's record begins.
    pub(super) note_at: u64,
    /// One past its last byte.
    pub(super) end: u64,
    /// Index of its first entry.
    pub(super) first: u64,
    /// The signed note. Its text is right; its signature is not checked.
    pub(super) note: String,
    /// Leaf hashes of its entries.
    pub(super) leaves: Vec<Hash>,
    bytes: Vec<u8>,
    bodies: Vec<Range<usize>>,
}

impl Batch {
    /// Entries: kind, time, payload, leaf.
    pub(super) fn entries(&self) -> impl Iterator<Item = (u8, u64, &[u8], Hash)> {
        let bodies = self.bodies.iter().filter_map(|range| self.bytes.get(range.clone()));
        bodies.zip(&self.leaves).filter_map(|(body, leaf)| {
            let (kind, time, payload) = parse_entry(body)?;
            Some((kind, time, payload, *leaf))
        })
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.bodies.clear();
        self.leaves.clear();
        self.note.clear();
    }
}

/// Bytes at the end of the last segment that are no whole batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tail {
    pub(super) segment: u64,
    pub(super) start: u64,
    pub(super) len: u64,
}

/// A segment being read.
struct Segment {
    number: u64,
    reader: BufReader<File>,
    /// Where the next byte to be read stands.
    offset: u64,
    /// Bytes of the file when last looked at.
    len: u64,
    /// Bytes of the file when it was opened.
    first_len: u64,
}

enum Record {
    Body(Range<usize>),
    End,
    Short,
}

/// Reads a ledger.
pub(super) struct Batches {
    folder: Folder,
    origin: String,
    /// All entries so far.
    pub(super) tree: RightEdge,
    /// Whole batches so far.
    pub(super) batches: u64,
    /// Bytes of segments read so far.
    pub(super) bytes: u64,
    /// What is left at the end, once all is read.
    pub(super) tail: Option<Tail>,
    /// Sizes whose roots are wanted, and the roots.
    pub(super) watched: BTreeMap<u64, Option<Hash>>,
    current: Option<Segment>,
    /// How often a short end may be looked at again, because somebody is writing.
    looks: u32,
}

impl Batches {
    /// Reads what `folder` listed. With `live`, a short end is waited for as long as the lock is held.
    pub(super) fn new(folder: Folder, origin: &str, live: bool) -> Self {
        let looks = if live && folder::is_locked(&folder.path) {
            LOOKS
        } else {
            0
        };
        Self {
            folder,
            origin: origin.to_owned(),
            tree: RightEdge::new(),
            batches: 0,
            bytes: 0,
            tail: None,
            watched: BTreeMap::new(),
            current: None,
            looks,
        }
    }

    /// The number of the segment last read and where its last whole batch ends.
    pub(super) fn position(&self) -> (u64, u64) {
        self.current
            .as_ref()
            .map_or((0, 0), |segment| (segment.number, segment.offset))
    }

    /// Reads the next batch. False at the end; then [`Self::tail`] tells what is left over.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Damaged`] with file and offset where something is not as written.
    pub(super) fn next(&mut self, batch: &mut Batch) -> Result<bool, Error> {
        if self.tail.is_some() {
            return Ok(false);
        }
        loop {
            let segment = match self.current.take() {
                Some(segment) => segment,
                None if self.folder.segments == 0 => return Ok(false),
                None => self.open(1)?,
            };
            let (number, offset, at_end) = (segment.number, segment.offset, segment.offset >= segment.first_len);
            self.current = Some(segment);
            if !at_end {
                return self.next_here(batch).map_err(|e| e.in_file(segment_name(number)));
            }
            if number >= self.folder.segments {
                return Ok(false);
            }
            self.bytes += offset;
            self.current = Some(self.open(number + 1)?);
        }
    }

    fn open(&self, number: u64) -> Result<Segment, Error> {
        self.open_segment(number).map_err(|e| e.in_file(segment_name(number)))
    }

    fn open_segment(&self, number: u64) -> Result<Segment, Error> {
        let cannot = |e: std::io::Error| Error::io(&e, "cannot read the segment");
        let file = File::open(self.folder.segment_path(number)).map_err(cannot)?;
        let len = file.metadata().map_err(cannot)?.len();
        let mut reader = BufReader::with_capacity(1 << 18, file);
        let mut header = [0; HEADER_LEN];
        if len < HEADER_LEN as u64 {
            return Err(Error::damaged("the segment ends inside its header"));
        }
        reader.read_exact(&mut header).map_err(cannot)?;
        let header = Header::parse(&header)?;
        if header.origin != sha256(self.origin.as_bytes()) {
            return Err(Error::damaged("the segment belongs to another ledger"));
        }
        if header.first != self.tree.size() || header.root != self.tree.root() {
            return Err(Error::damaged("the segment does not follow the one before"));
        }
        Ok(Segment {
            number,
            reader,
            offset: HEADER_LEN as u64,
            len,
            first_len: len,
        })
    }

    /// Reads a batch of the current segment, which has bytes left.
    fn next_here(&mut self, batch: &mut Batch) -> Result<bool, Error> {
        let Some(segment) = &mut self.current else {
            return Ok(false);
        };
        let start = segment.offset;
        loop {
            batch.clear();
            if let Some(note) = segment.read_batch(batch)? {
                (batch.segment, batch.end) = (segment.number, segment.offset);
                batch.note_at = batch.end - (FRAME_LEN + note.len()) as u64;
                break self.take(batch, note);
            }
            if segment.number < self.folder.segments {
                return Err(Error::damaged("the segment ends inside a batch, and it is not the last").at(start));
            }
            if self.looks == 0 || !folder::is_locked(&self.folder.path) {
                segment.go_back(start)?;
                if self.looks == 0 || segment.len == segment.first_len {
                    let len = segment.len - start;
                    let tail = Tail {
                        segment: segment.number,
                        start,
                        len,
                    };
                    self.tail = Some(tail);
                    return Ok(false);
                }
                // The writer went away between two looks: what it left is final. Look once more.
                segment.first_len = segment.len;
                self.looks = 0;
                continue;
            }
            self.looks -= 1;
            std::thread::sleep(PAUSE);
            segment.go_back(start)?;
        }
    }

    /// Hashes a framed batch and holds it against its checkpoint.
    fn take(&mut self, batch: &mut Batch, note: Range<usize>) -> Result<bool, Error> {
        let damaged = |what| Error::damaged(what).at(batch.note_at);
        if batch.bodies.is_empty() != (self.batches == 0) {
            return Err(damaged("there is a checkpoint too many or too few"));
        }
        batch.first = self.tree.size();
        for body in &batch.bodies {
            let leaf = merkle::leaf(batch.bytes.get(body.clone()).unwrap_or_default());
            batch.leaves.push(leaf);
            self.tree.append(leaf);
            if !self.watched.is_empty()
                && let Some(root) = self.watched.get_mut(&self.tree.size())
            {
                *root = Some(self.tree.root());
            }
        }
        if self.batches == 0
            && let Some(root) = self.watched.get_mut(&0)
        {
            *root = Some(self.tree.root());
        }
        self.batches += 1;
        // The first byte of the body is its kind.
        let note = batch
            .bytes
            .get(note.start + 1..note.end)
            .and_then(|note| std::str::from_utf8(note).ok());
        let note = note.ok_or_else(|| damaged("the checkpoint is not text"))?;
        let text = checkpoint_text(&self.origin, self.tree.size(), &self.tree.root());
        let signed = note
            .strip_prefix(text.as_str())
            .is_some_and(|rest| rest.starts_with("\n\u{2014} "));
        if !signed {
            return Err(damaged("the checkpoint is not one over the entries before it"));
        }
        batch.note.push_str(note);
        Ok(true)
    }
}

impl Segment {
    /// Reads records up to a checkpoint; gives the checkpoint's body. `None` when the file ends before.
    fn read_batch(&mut self, batch: &mut Batch) -> Result<Option<Range<usize>>, Error> {
        loop {
            let at = self.offset;
            match self.read_record(&mut batch.bytes)? {
                Record::End | Record::Short => return Ok(None),
                Record::Body(body) => {
                    let bytes = batch.bytes.get(body.clone()).unwrap_or_default();
                    if bytes.first() == Some(&KIND_CHECKPOINT) {
                        if bytes.len() > 1 + MAX_NOTE {
                            return Err(Error::damaged("the checkpoint is too long").at(at));
                        }
                        return Ok(Some(body));
                    }
                    if parse_entry(bytes).is_none() {
                        return Err(Error::damaged("the record is of no known kind").at(at));
                    }
                    batch.bodies.push(body);
                }
            }
            if batch.bodies.len() > BATCH_ENTRIES || batch.bytes.len() > MAX_BATCH {
                return Err(Error::damaged("a batch is larger than Ward writes it").at(at));
            }
        }
    }

    fn read_record(&mut self, out: &mut Vec<u8>) -> Result<Record, Error> {
        let at = self.offset;
        let cannot = |e: std::io::Error| Error::io(&e, "cannot read the segment").at(at);
        let left = self.len.saturating_sub(self.offset);
        if left == 0 {
            return Ok(Record::End);
        }
        if left < FRAME_LEN as u64 {
            return Ok(Record::Short);
        }
        let mut frame = [0; FRAME_LEN];
        self.reader.read_exact(&mut frame).map_err(cannot)?;
        let zero = frame == [0; FRAME_LEN];
        let frame = Frame::parse(frame);
        let len = frame.len as usize;
        if len == 0 || len > MAX_LEN {
            // A power cut may leave a file that was made longer before its bytes were written.
            if zero && self.rest_is_zero(left - FRAME_LEN as u64).map_err(cannot)? {
                return Ok(Record::Short);
            }
            return Err(Error::damaged("the record's length is impossible").at(at));
        }
        if left < (FRAME_LEN + len) as u64 {
            return Ok(Record::Short);
        }
        let start = out.len();
        out.resize(start + len, 0);
        let body = out.get_mut(start..).unwrap_or_default();
        self.reader.read_exact(body).map_err(cannot)?;
        if !frame.matches(body) {
            return Err(Error::damaged("the record's checksum is wrong").at(at));
        }
        self.offset += (FRAME_LEN + len) as u64;
        Ok(Record::Body(start..start + len))
    }

    fn rest_is_zero(&mut self, left: u64) -> std::io::Result<bool> {
        let mut buffer = [0u8; 4096];
        let mut rest = (&mut self.reader).take(left);
        loop {
            let got = rest.read(&mut buffer)?;
            if got == 0 {
                return Ok(true);
            }
            if buffer.iter().take(got).any(|b| *b != 0) {
                return Ok(false);
            }
        }
    }

    /// Goes back to `offset` and looks at the file's length again.
    fn go_back(&mut self, offset: u64) -> Result<(), Error> {
        let cannot = |e: std::io::Error| Error::io(&e, "cannot read the segment").at(offset);
        self.reader.seek(SeekFrom::Start(offset)).map_err(cannot)?;
        self.len = self.reader.get_ref().metadata().map_err(cannot)?.len();
        self.offset = offset;
        Ok(())
    }
}
