//! Compressed files: gzip, zlib, bzip2, xz, LZMA, Zstandard, LZ4, and what is inside them.

use std::io::{self, BufRead, Read};

use ward_formats::input::Input;

use super::{Walk, blob_at, is_model_name};
use crate::{
    Blob,
    archive::{is_skipped, past_skipped},
};

/// A way of compressing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Codec {
    Stored,
    Gzip,
    Zlib,
    Deflate,
    Bzip2,
    Xz,
    Lzma,
    Zstd,
    Lz4,
    /// LZMA as zip archives have it: two bytes of version, the length of the properties, the properties; with the length
    /// of the member, which stands elsewhere.
    ZipLzma(u64),
    /// joblib's first way: `ZF`, the length in hexadecimal, zlib.
    Zfile,
}

/// Most bytes that are decompressed of one file and held.
const LONGEST: u64 = 512 << 20;

/// Most memory for the dictionary of an xz or LZMA stream, in KiB: what `xz -9` needs, and half as much again.
const MEMORY: u32 = 100 << 10;

/// What the first bytes say.
pub(super) fn codec(head: &[u8]) -> Option<Codec> {
    Some(match head {
        [0x1f, 0x8b, 8, ..] => Codec::Gzip,
        [b'B', b'Z', b'h', b'1'..=b'9', 0x31 | 0x17, ..] => Codec::Bzip2,
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Codec::Xz,
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Codec::Zstd,
        [0x04, 0x22, 0x4d, 0x18, ..] => Codec::Lz4,
        [0x5d, 0, 0, _, _, ..] => Codec::Lzma,
        [b'Z', b'F', b'0', b'x', ..] => Codec::Zfile,
        // A zlib header is two bytes whose sum is a multiple of 31.
        [0x78, second, ..] if (0x7800 + u16::from(*second)).is_multiple_of(31) && second & 0x20 == 0 => Codec::Zlib,
        _ => return None,
    })
}

/// What the first bytes say, past frames of Zstandard and LZ4 that are skipped.
fn codec_of(content: &Input<'_>, head: &[u8]) -> Option<Codec> {
    if !is_skipped(head) {
        return codec(head);
    }
    let head = content.at(past_skipped(content, |_, _| {}), 8).ok()?;
    let codec = if is_skipped(&head) {
        Some(Codec::Zstd)
    } else {
        codec(&head)
    };
    codec.filter(|codec| matches!(codec, Codec::Zstd | Codec::Lz4))
}

/// Reads an input from its start, and knows how far it came.
pub(super) struct Bytes<'a> {
    input: Input<'a>,
    at: u64,
    buffer: Vec<u8>,
    used: usize,
}

impl<'a> Bytes<'a> {
    pub(super) fn new(input: Input<'a>) -> Self {
        Self {
            input,
            at: 0,
            buffer: Vec::new(),
            used: 0,
        }
    }

    /// Bytes that were taken.
    fn taken(&self) -> u64 {
        self.at - self.buffer.len().saturating_sub(self.used) as u64
    }
}

impl BufRead for Bytes<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.used >= self.buffer.len() {
            self.buffer = self.input.at(self.at, 64 << 10)?.into_owned();
            self.at += self.buffer.len() as u64;
            self.used = 0;
        }
        Ok(self.buffer.get(self.used..).unwrap_or_default())
    }

    fn consume(&mut self, count: usize) {
        self.used = self.used.saturating_add(count).min(self.buffer.len());
    }
}

impl Read for Bytes<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let ready = self.fill_buf()?;
        let len = ready.len().min(out.len());
        if let (Some(to), Some(from)) = (out.get_mut(..len), ready.get(..len)) {
            to.copy_from_slice(from);
        }
        self.consume(len);
        Ok(len)
    }
}

/// What decompressing gave.
#[derive(Default)]
pub(super) struct Unpacked {
    pub(super) bytes: Vec<u8>,
    /// True when there is more than was asked for.
    pub(super) more: bool,
    /// True when the compressed bytes are broken or cut.
    pub(super) broken: bool,
    /// Where bytes begin that are not compressed in this way, after everything that is.
    pub(super) tail: Option<u64>,
}

/// Streams after each other in one file that are decompressed: tools that work in parallel write one for each block.
const STREAMS: usize = 1_000_000;

/// Decompresses at most `limit` bytes: all streams that stand after each other.
pub(super) fn unpack(codec: Codec, input: Input<'_>, limit: u64) -> Unpacked {
    let mut whole = Unpacked::default();
    let mut at = 0;
    for count in 0.. {
        let mut source = Bytes::new(input.part(at, u64::MAX));
        let ended = stream(codec, input, &mut source, &mut whole.bytes, limit);
        let taken = source.taken();
        at = at.saturating_add(taken);
        match ended {
            End::More => {
                whole.more = true;
                return whole;
            }
            End::Broken => {
                whole.broken = true;
                return whole;
            }
            End::Whole if matches!(codec, Codec::Stored | Codec::Deflate | Codec::ZipLzma(_)) => return whole,
            End::Whole => {}
        }
        at = super::pickle::skip_zeros(input, at);
        let next = input.at(at, 64).unwrap_or_default();
        if next.is_empty() {
            return whole;
        }
        if taken == 0 || count >= STREAMS || !goes_on(codec, &next) {
            whole.tail = Some(at);
            return whole;
        }
    }
    whole
}

/// True when `next` begins another stream that readers take for part of the same file.
fn goes_on(codec: Codec, next: &[u8]) -> bool {
    match codec {
        Codec::Gzip | Codec::Bzip2 | Codec::Xz => self::codec(next) == Some(codec),
        Codec::Zstd | Codec::Lz4 => self::codec(next) == Some(codec) || is_skipped(next),
        _ => false,
    }
}

/// How a stream ended.
enum End {
    Whole,
    /// There is more than was asked for.
    More,
    Broken,
}

/// Decompresses one stream to the end of `to`, which grows to `limit` bytes at most.
fn stream(codec: Codec, input: Input<'_>, source: &mut Bytes<'_>, to: &mut Vec<u8>, limit: u64) -> End {
    match codec {
        Codec::Stored => drain(source, to, limit),
        Codec::Gzip => drain(flate2::bufread::GzDecoder::new(source), to, limit),
        Codec::Zlib => drain(flate2::bufread::ZlibDecoder::new(source), to, limit),
        Codec::Deflate => drain(flate2::bufread::DeflateDecoder::new(source), to, limit),
        Codec::Bzip2 => drain(bzip2::bufread::BzDecoder::new(source), to, limit),
        Codec::Xz => drain(lzma_rust2::XzReader::new_mem_limit(source, false, MEMORY), to, limit),
        Codec::Lz4 => match skippable(source) {
            Some(end) => end,
            None => drain(lz4_flex::frame::FrameDecoder::new(source), to, limit),
        },
        // The dictionary is as long as its header claims, so that the claim is bounded.
        Codec::Lzma => match lzma_rust2::LzmaReader::new_mem_limit(source, MEMORY, None) {
            Ok(reader) => drain(reader, to, limit),
            Err(_) => End::Broken,
        },
        Codec::ZipLzma(size) => {
            let head = input.at(0, 9).unwrap_or_default();
            let Some(properties) = head.get(4..9).filter(|_| head.get(2..4) == Some(&[5, 0])) else {
                return End::Broken;
            };
            let header: Vec<u8> = properties.iter().copied().chain(size.to_le_bytes()).collect();
            let source = io::Cursor::new(header).chain(Bytes::new(input.part(9, u64::MAX)));
            match lzma_rust2::LzmaReader::new_mem_limit(source, MEMORY, None) {
                Ok(reader) => drain(reader, to, limit),
                Err(_) => End::Broken,
            }
        }
        Codec::Zstd => match skippable(source) {
            Some(end) => end,
            None => match ruzstd::decoding::StreamingDecoder::new(source) {
                Ok(reader) => drain(reader, to, limit),
                Err(_) => End::Broken,
            },
        },
        Codec::Zfile => {
            let skip = zfile_header(&input.at(0, 32).unwrap_or_default());
            let passed = io::copy(&mut (&mut *source).take(skip), &mut io::sink());
            match passed {
                Ok(_) => drain(flate2::bufread::ZlibDecoder::new(source), to, limit),
                Err(_) => End::Broken,
            }
        }
    }
}

/// Passes a frame that readers of Zstandard and LZ4 skip (RFC 8878, section 3.1.2); `None` when there is none.
fn skippable(source: &mut Bytes<'_>) -> Option<End> {
    let ready = source.fill_buf().ok()?;
    let [0x50..=0x5f, 0x2a, 0x4d, 0x18, a, b, c, d] = *ready.first_chunk::<8>()? else {
        return None;
    };
    let len = 8 + u64::from(u32::from_le_bytes([a, b, c, d]));
    match io::copy(&mut source.take(len), &mut io::sink()) {
        Ok(passed) if passed == len => Some(End::Whole),
        _ => Some(End::Broken),
    }
}

/// Bytes before the zlib stream of joblib's first format: `ZF` and 19 characters of length, of old 15.
fn zfile_header(head: &[u8]) -> u64 {
    [21u64, 17, 2]
        .into_iter()
        .find(|at| head.get(*at as usize) == Some(&0x78))
        .unwrap_or(21)
}

fn drain(mut reader: impl Read, to: &mut Vec<u8>, limit: u64) -> End {
    let mut chunk = vec![0; 32 << 10];
    loop {
        match reader.read(&mut chunk) {
            Ok(0) => return End::Whole,
            Ok(len) => {
                let room = limit.saturating_sub(to.len() as u64);
                let take = usize::try_from(room).unwrap_or(usize::MAX).min(len);
                to.extend_from_slice(chunk.get(..take).unwrap_or_default());
                if take < len {
                    return End::More;
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return End::Broken,
        }
    }
}

/// True for a compressed file.
pub(super) fn sniffed(blob: &Blob<'_>, head: &[u8]) -> bool {
    codec_of(&blob.content, head).is_some()
}

/// Decompresses the blob when what is inside begins like a model.
pub(super) fn scan(blob: &Blob<'_>, walk: &mut Walk<'_>) {
    let head = blob.content.at(0, 64).unwrap_or_default();
    let Some(codec) = codec_of(&blob.content, &head) else {
        return;
    };
    let first = unpack(codec, blob.content, super::HEAD as u64);
    let place = inner_place(blob);
    if !Walk::may_be_known(&place, &first) {
        // zlib and LZMA have no magic to speak of: what does not decompress is something else.
        let vague = matches!(codec, Codec::Zlib | Codec::Lzma) && first.bytes.is_empty();
        if is_model_name(&inner_name(&blob.name())) && !vague && first.bytes.is_empty() {
            walk.findings.not_examined(blob.place.clone(), "it does not decompress");
        }
        return;
    }
    let whole = if first.more {
        unpack(codec, blob.content, LONGEST.min(walk.left()))
    } else {
        first
    };
    walk.spend(whole.bytes.len());
    if whole.more {
        walk.findings.not_examined(
            blob.place.clone(),
            "it decompresses to more than is looked at; the rest was left",
        );
    }
    if whole.broken {
        walk.findings.not_examined(
            blob.place.clone(),
            "its compressed bytes are broken or cut; the rest was left",
        );
    }
    walk.inside(&blob_at(place, Input::of_bytes(&whole.bytes)));
    if let Some(at) = whole.tail {
        let rest = blob.content.part(at, u64::MAX);
        let place = blob.place.clone().inside(&format!("bytes@{at}"));
        if !walk.inside(&blob_at(place, rest)) {
            super::pickle::tail(blob.content, at, &blob.place, "its compressed data", walk);
        }
    }
}

/// The place of what is inside: the name without its last ending, as a member.
fn inner_place(blob: &Blob<'_>) -> ward_evidence::Location {
    blob.place.clone().inside(&inner_name(&blob.name()))
}

fn inner_name(name: &str) -> String {
    for ending in [".gz", ".bz2", ".xz", ".lzma", ".zst", ".zstd", ".lz4", ".z", ".zlib"] {
        if let Some(stem) = name.strip_suffix(ending).filter(|stem| !stem.is_empty()) {
            return stem.to_owned();
        }
    }
    for (ending, tar) in [(".tgz", "tar"), (".tbz2", "tar"), (".txz", "tar")] {
        if let Some(stem) = name.strip_suffix(ending).filter(|stem| !stem.is_empty()) {
            return format!("{stem}.{tar}");
        }
    }
    name.to_owned()
}
