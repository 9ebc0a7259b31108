//! One compressed stream: gzip, bzip2, xz, LZMA, Zstandard, LZ4. Mostly a tar inside, or one file.

use std::io::{self, BufRead, Cursor, Read};

use bzip2::bufread::MultiBzDecoder;
use flate2::bufread::MultiGzDecoder;
use lzma_rust2::{LzmaReader, XzReader};
use ruzstd::decoding::{
    BlockDecodingStrategy, FrameDecoder,
    errors::{FrameDecoderError, ReadFrameHeaderError},
};

use super::{BOMB, Each, FREE_BYTES, HEAD, Kind, Limits, Member, Spent, count_member, hand_on, read_member, tar};

/// Most memory for the dictionary of an xz stream, in KiB: what `xz -9` needs, and half as much again.
pub(super) const XZ_MEMORY: u32 = 100 << 10;
const LZMA: &str =
    "an LZMA file that is damaged or asks for more than 100 MiB to be unpacked; unpack it and scan the result";
/// Largest window of a Zstandard frame: what `zstd -22 --ultra` uses.
const ZSTD_WINDOW: u64 = 128 << 20;

/// Unpacks a stream of `size` compressed bytes.
pub(super) fn open(
    source: impl BufRead,
    kind: Kind,
    size: u64,
    name: &str,
    limits: &Limits,
    spent: &mut Spent,
    each: Each<'_>,
) {
    let mut decoder: Box<dyn Read + '_> = match kind {
        Kind::Gzip => Box::new(MultiGzDecoder::new(source)),
        Kind::Bzip2 => Box::new(MultiBzDecoder::new(source)),
        Kind::Xz => Box::new(XzReader::new_mem_limit(source, true, XZ_MEMORY)),
        Kind::Lzma => match LzmaReader::new_mem_limit(source, XZ_MEMORY, None) {
            Ok(reader) => Box::new(reader),
            Err(_) => return each(Member::Problem { name: None, why: LZMA }, spent),
        },
        Kind::Lz4 => Box::new(lz4_flex::frame::FrameDecoder::new(source)),
        _ => Box::new(Frames::of(source)),
    };
    let mut watched = Watched {
        read: 0,
        most: size.saturating_mul(limits.ratio).max(FREE_BYTES.saturating_mul(16)),
        over: false,
        source: &mut *decoder,
    };
    let mut head = Vec::with_capacity(HEAD);
    let began = (&mut watched).take(HEAD as u64).read_to_end(&mut head);
    if began.is_ok() && tar::is_header(&head) {
        tar::open(Cursor::new(head).chain(&mut watched), size, limits, spent, each);
        if watched.over {
            each(Member::Problem { name: None, why: BOMB }, spent);
        }
        return;
    }
    let inner = inner_name(name);
    let read = match (count_member(limits, spent), began) {
        (Err(stop), _) => Err(stop),
        (Ok(()), Err(_)) => Err(super::Stop::Member(super::DAMAGED)),
        (Ok(()), Ok(_)) => read_member(&mut Cursor::new(head).chain(&mut watched), size, limits, spent),
    };
    hand_on(&inner, read, spent, each);
}

/// The name that the file has without what compression added.
fn inner_name(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((stem, "gz" | "bz2" | "xz" | "lzma" | "zst" | "zstd" | "lz4" | "z")) if !stem.is_empty() => {
            stem.to_owned()
        }
        Some((stem, "tgz" | "tbz" | "tbz2" | "txz" | "tlz" | "tzst")) if !stem.is_empty() => format!("{stem}.tar"),
        _ => "content".to_owned(),
    }
}

/// Ends a stream that has become impossibly larger than its compressed form.
struct Watched<R> {
    read: u64,
    most: u64,
    over: bool,
    source: R,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.read > self.most {
            self.over = true;
            return Err(io::ErrorKind::InvalidData.into());
        }
        // Nothing here can be interrupted: every error is damage, so that nobody tries again without end.
        let count = self
            .source
            .read(buffer)
            .map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
        self.read += count as u64;
        Ok(count)
    }
}

/// All frames of a Zstandard stream, one after the other.
pub(super) struct Frames<R> {
    source: R,
    decoder: FrameDecoder,
    inside: bool,
}

impl<R: BufRead> Frames<R> {
    pub(super) fn of(source: R) -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(ZSTD_WINDOW);
        Self {
            source,
            decoder,
            inside: false,
        }
    }

    /// Begins the next frame; false when there is none.
    fn next_frame(&mut self) -> io::Result<bool> {
        loop {
            if self.source.fill_buf()?.is_empty() {
                return Ok(false);
            }
            match self.decoder.reset(&mut self.source) {
                Ok(()) => {
                    self.inside = true;
                    return Ok(true);
                }
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                    io::copy(&mut (&mut self.source).take(u64::from(length)), &mut io::sink())?;
                }
                Err(_) => return Err(io::ErrorKind::InvalidData.into()),
            }
        }
    }
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            if !self.inside && !self.next_frame()? {
                return Ok(0);
            }
            while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                let wanted = BlockDecodingStrategy::UptoBytes(buffer.len());
                let decoded = self.decoder.decode_blocks(&mut self.source, wanted);
                decoded.map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
            }
            let count = self.decoder.read(buffer)?;
            if count > 0 {
                return Ok(count);
            }
            self.inside = !self.decoder.is_finished();
        }
    }
}
