//! 7-Zip archives.

use sevenz_rust2::{ArchiveReader, Password};
use ward_formats::input::Input;

use super::{Cursor, Each, Limits, Member, Spent, Stop, count_member, hand_on, read_member};

/// The methods that Ward unpacks, and one that it names: see the list `Methods.txt` of 7-Zip.
const AES: &[u8] = &[0x06, 0xf1, 0x07, 0x01];
const LZMA: &[u8] = &[0x03, 0x01, 0x01];
const LZMA2: &[u8] = &[0x21];
/// Largest dictionary: what `7z -mx=9` uses, and as much again.
const MAX_DICTIONARY: u64 = 128 << 20;

const ENCRYPTED: &str = "encrypted; unpack it with its password and scan the folder";
const CANNOT: &str =
    "cannot be opened as a 7-Zip archive: damaged, encrypted, or packed by a method that Ward does not know";
const REST: &str = "what follows a member that could not be unpacked was not unpacked either";
const DICTIONARY: &str = "asks for more than 128 MiB to be unpacked; unpack it and scan the folder";

/// Hands on the members of a 7-Zip archive.
pub(super) fn open(content: Input<'_>, limits: &Limits, spent: &mut Spent, each: Each<'_>) {
    let Ok(mut archive) = ArchiveReader::new(Cursor::of(content), Password::empty()) else {
        each(
            Member::Problem {
                name: None,
                why: CANNOT,
            },
            spent,
        );
        return;
    };
    archive.set_thread_count(1);
    for block in &archive.archive().blocks {
        for (_, coder) in block.ordered_coder_iter() {
            let why = match coder.encoder_method_id() {
                AES => ENCRYPTED,
                LZMA if lzma_dictionary(coder.properties()) > MAX_DICTIONARY => DICTIONARY,
                LZMA2 if lzma2_dictionary(coder.properties()) > MAX_DICTIONARY => DICTIONARY,
                _ => continue,
            };
            each(Member::Problem { name: None, why }, spent);
            return;
        }
    }
    let size = content.len();
    let mut ended = false;
    let walked = archive.for_each_entries(|entry, reader| {
        if entry.is_directory() || !entry.has_stream() {
            return Ok(true);
        }
        let read = match count_member(limits, spent) {
            Err(stop) => Err(stop),
            Ok(()) => read_member(reader, size, limits, spent),
        };
        // What follows in the same block can only be reached by unpacking this to its end, and on damage the decoder may
        // go on without end.
        let stops = matches!(read, Err(Stop::Member(_)));
        ended = !hand_on(entry.name(), read, spent, each);
        if stops {
            ended = true;
            each(Member::Problem { name: None, why: REST }, spent);
        }
        // Asked to stop, the reader would unpack the rest first.
        if ended {
            Err(std::io::Error::from(std::io::ErrorKind::InvalidData).into())
        } else {
            Ok(true)
        }
    });
    if walked.is_err() && !ended {
        each(
            Member::Problem {
                name: None,
                why: CANNOT,
            },
            spent,
        );
    }
}

fn lzma_dictionary(properties: &[u8]) -> u64 {
    let bytes = properties.get(1..5).and_then(|bytes| bytes.first_chunk());
    bytes.map_or(0, |bytes| u64::from(u32::from_le_bytes(*bytes)))
}

fn lzma2_dictionary(properties: &[u8]) -> u64 {
    let bits = u64::from(properties.first().copied().unwrap_or_default());
    if bits > 40 {
        u64::MAX
    } else {
        (2 | (bits & 1)) << (bits / 2 + 11)
    }
}
