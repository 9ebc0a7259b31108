//! Compressed files: gzip, zlib, bzip2, xz, LZMA, Zstandard, LZ4, and what is inside them.

use std::io::{self, Read};

use ward_formats::input::Input;

use super::{FORMATS, Walk, blob_at, is_model_name};
use crate::Blob;

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

/// Reads an input from its start.
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
}

impl Read for Bytes<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.used >= self.buffer.len() {
            self.buffer = self.input.at(self.at, 64 << 10)?.into_owned();
            self.at += self.buffer.len() as u64;
            self.used = 0;
        }
        let ready = self.buffer.get(self.used..).unwrap_or_default();
        let len = ready.len().min(out.len());
        if let (Some(to), Some(from)) = (out.get_mut(..len), ready.get(..len)) {
            to.copy_from_slice(from);
        }
        self.used += len;
        Ok(len)
    }
}

/// What decompressing gave.
pub(super) struct Unpacked {
    pub(super) bytes: Vec<u8>,
    /// True when there is more than was asked for.
    pub(super) more: bool,
    /// True when the compressed bytes are broken or cut.
    pub(super) broken: bool,
}

/// Decompresses at most `limit` bytes.
pub(super) fn unpack(codec: Codec, input: Input<'_>, limit: u64) -> Unpacked {
    let source = Bytes::new(input);
    match codec {
        Codec::Stored => drain(source, limit),
        Codec::Gzip => drain(flate2::read::MultiGzDecoder::new(source), limit),
        Codec::Zlib => drain(flate2::read::ZlibDecoder::new(source), limit),
        Codec::Deflate => drain(flate2::read::DeflateDecoder::new(source), limit),
        Codec::Bzip2 => drain(bzip2::read::MultiBzDecoder::new(source), limit),
        Codec::Xz => drain(lzma_rust2::XzReader::new_mem_limit(source, true, MEMORY), limit),
        Codec::Lz4 => drain(lz4_flex::frame::FrameDecoder::new(source), limit),
        // The dictionary is as long as its header claims, so that the claim is bounded.
        Codec::Lzma => match lzma_rust2::LzmaReader::new_mem_limit(source, MEMORY, None) {
            Ok(reader) => drain(reader, limit),
            Err(_) => nothing(),
        },
        Codec::ZipLzma(size) => {
            let head = input.at(0, 9).unwrap_or_default();
            let Some(properties) = head.get(4..9).filter(|_| head.get(2..4) == Some(&[5, 0])) else {
                return nothing();
            };
            let header: Vec<u8> = properties.iter().copied().chain(size.to_le_bytes()).collect();
            let source = io::Cursor::new(header).chain(Bytes::new(input.part(9, u64::MAX)));
            match lzma_rust2::LzmaReader::new_mem_limit(source, MEMORY, None) {
                Ok(reader) => drain(reader, limit),
                Err(_) => nothing(),
            }
        }
        Codec::Zstd => match ruzstd::decoding::StreamingDecoder::new(source) {
            Ok(reader) => drain(reader, limit),
            Err(_) => nothing(),
        },
        Codec::Zfile => {
            let skip = zfile_header(&input.at(0, 32).unwrap_or_default());
            drain(
                flate2::read::ZlibDecoder::new(Bytes::new(input.part(skip, u64::MAX))),
                limit,
            )
        }
    }
}

/// Bytes before the zlib stream of joblib's first format: `ZF` and 19 characters of length, of old 15.
fn zfile_header(head: &[u8]) -> u64 {
    [21u64, 17, 2]
        .into_iter()
        .find(|at| head.get(*at as usize) == Some(&0x78))
        .unwrap_or(21)
}

fn nothing() -> Unpacked {
    Unpacked {
        bytes: Vec::new(),
        more: false,
        broken: true,
    }
}

fn drain(mut reader: impl Read, limit: u64) -> Unpacked {
    let mut bytes = Vec::new();
    let mut chunk = vec![0; 32 << 10];
    loop {
        match reader.read(&mut chunk) {
            Ok(0) => {
                return Unpacked {
                    bytes,
                    more: false,
                    broken: false,
                };
            }
            Ok(len) => {
                let room = limit.saturating_sub(bytes.len() as u64);
                let take = usize::try_from(room).unwrap_or(usize::MAX).min(len);
                bytes.extend_from_slice(chunk.get(..take).unwrap_or_default());
                if take < len {
                    return Unpacked {
                        bytes,
                        more: true,
                        broken: false,
                    };
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => {
                return Unpacked {
                    bytes,
                    more: false,
                    broken: true,
                };
            }
        }
    }
}

/// True for a compressed file.
pub(super) fn sniffed(_: &Blob<'_>, head: &[u8]) -> bool {
    codec(head).is_some()
}

/// Decompresses the blob when what is inside begins like a model.
pub(super) fn scan(blob: &Blob<'_>, walk: &mut Walk<'_>) {
    let head = blob.content.at(0, 64).unwrap_or_default();
    let Some(codec) = codec(&head) else { return };
    let first = unpack(codec, blob.content, super::HEAD as u64);
    let place = inner_place(blob);
    let peek = blob_at(place.clone(), Input::of_bytes(&first.bytes));
    let known = FORMATS.iter().any(|format| (format.sniff)(&peek, &first.bytes));
    if !known {
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
