//! The texts of a PNG picture (ISO/IEC 15948, PNG specification 11.3.3): what programs that draw and models that paint write
//! beside the pixels, compressed or not, the EXIF block, chunks that the standard does not know, and what follows the end.

use std::io::Read;

use flate2::read::ZlibDecoder;
use ward_formats::input::Input;

use super::{Each, Limits, Spent, Stop, TOO_LARGE, count_member, hand_on, read_member};

/// The eight bytes at the beginning.
pub(super) const MAGIC: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Chunks that hold pixels, colours and measures.
const SILENT: &[&[u8]] = &[
    b"IHDR", b"IDAT", b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"hIST", b"pHYs",
    b"sPLT", b"tIME", b"acTL", b"fcTL", b"fdAT", b"cICP", b"mDCV", b"cLLI",
];
/// Longest keyword of a text.
const KEYWORD: usize = 79;

/// Hands on every text as `keyword: text`, named after its chunk and its place among those that are handed on.
pub(super) fn open(content: &Input<'_>, limits: &Limits, spent: &mut Spent, each: Each<'_>) {
    let (mut at, mut number) = (MAGIC.len() as u64, 0_u64);
    let mut rest = None;
    while at < content.len() && rest.is_none() {
        let header = content.at(at, 8).unwrap_or_default();
        let Some((length, kind)) = header.split_first_chunk::<4>().filter(|(_, kind)| is_kind(kind)) else {
            // Something else than a chunk: what follows is looked at as it is.
            rest = Some(at);
            break;
        };
        let length = u64::from(u32::from_be_bytes(*length));
        let next = at.saturating_add(12).saturating_add(length);
        if next > content.len() {
            rest = Some(at);
        } else if !SILENT.contains(&kind) && length > 0 {
            number += 1;
            let name = format!("{} {number}", String::from_utf8_lossy(kind));
            let read = count_member(limits, spent).and_then(|()| text(content, at + 8, length, kind, limits, spent));
            if !hand_on(&name, read, spent, each) {
                return;
            }
        }
        at = next;
        if kind == b"IEND" && at < content.len() {
            rest = Some(at);
        }
    }
    let Some(rest) = rest else { return };
    let length = content.len() - rest;
    let read = match content.at(
        rest,
        usize::try_from(length.min(limits.member_bytes)).unwrap_or(usize::MAX),
    ) {
        _ if length > limits.member_bytes => Err(Stop::Member(TOO_LARGE)),
        Err(_) => Err(Stop::Member(super::DAMAGED)),
        Ok(bytes) => count_member(limits, spent)
            .and_then(|()| super::spend(length, limits, spent))
            .map(|()| bytes.into_owned()),
    };
    hand_on("bytes after the picture", read, spent, each);
}

fn is_kind(kind: &[u8]) -> bool {
    kind.len() == 4 && kind.iter().all(u8::is_ascii_alphabetic)
}

/// A chunk's text behind its keyword; the bytes of a chunk that is no text.
fn text(
    content: &Input<'_>,
    at: u64,
    length: u64,
    kind: &[u8],
    limits: &Limits,
    spent: &mut Spent,
) -> Result<Vec<u8>, Stop> {
    if length > limits.member_bytes {
        return Err(Stop::Member(TOO_LARGE));
    }
    let bytes = usize::try_from(length)
        .ok()
        .and_then(|length| content.at(at, length).ok());
    let bytes = bytes.ok_or(Stop::Member(super::DAMAGED))?;
    let keyword_ends = memchr::memchr(0, bytes.get(..bytes.len().min(KEYWORD + 1)).unwrap_or_default());
    let parts = keyword_ends.and_then(|end| Some((bytes.get(..end)?, bytes.get(end + 1..)?)));
    let (keyword, packed, body) = match (kind, parts) {
        (b"tEXt", Some((keyword, body))) => (keyword, false, body),
        (b"zTXt", Some((keyword, body))) => (keyword, true, body.get(1..).unwrap_or_default()),
        (b"iTXt", Some((keyword, body))) => {
            // A flag, a method, a language and the keyword in that language stand before the text.
            let packed = body.first() == Some(&1);
            let mut fields = body.get(2..).unwrap_or_default().splitn(3, |byte| *byte == 0);
            (keyword, packed, fields.nth(2).unwrap_or_default())
        }
        _ => {
            super::spend(length, limits, spent)?;
            return Ok(bytes.into_owned());
        }
    };
    let mut out = [keyword, b": "].concat();
    if packed {
        let mut reader: Box<dyn Read + '_> = Box::new(ZlibDecoder::new(body));
        out.extend(read_member(&mut *reader, body.len() as u64, limits, spent)?);
    } else {
        super::spend(length, limits, spent)?;
        out.extend_from_slice(body);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::{super::Member, *};

    fn chunk(kind: &[u8], body: &[u8]) -> Vec<u8> {
        [&u32::try_from(body.len()).unwrap().to_be_bytes(), kind, body, &[0; 4]].concat()
    }

    fn deflated(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    #[track_caller]
    fn check(chunks: &[Vec<u8>], expect: &[(&str, &str)]) {
        let bytes = [MAGIC.to_vec(), chunks.concat()].concat();
        let mut got = Vec::new();
        let mut each = |member: Member<'_>, _: &mut Spent| match member {
            Member::Bytes { name, bytes } => got.push((name.to_owned(), String::from_utf8_lossy(bytes).into_owned())),
            Member::Problem { name, why } => got.push((name.unwrap_or_default().to_owned(), why.to_owned())),
        };
        open(
            &Input::of_bytes(&bytes),
            &Limits::default(),
            &mut Spent::default(),
            &mut each,
        );
        let expect: Vec<_> = expect.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        assert_eq!(got, expect);
    }

    #[test]
    fn texts_stand_behind_their_keywords() {
        let end = chunk(b"IEND", b"");
        let packed = deflated(b"steps: 20");
        check(
            &[
                chunk(b"IHDR", &[0; 13]),
                chunk(b"tEXt", b"Comment\0hello"),
                chunk(b"zTXt", &[b"parameters\0\0", &packed[..]].concat()),
                chunk(b"iTXt", &[b"prompt\0\x01\0en\0Aufgabe\0", &packed[..]].concat()),
                chunk(b"iTXt", b"plain\0\0\0\0\0as it is"),
                chunk(b"prVt", b"private"),
                chunk(b"IDAT", b"pixels"),
                end.clone(),
                b"and more".to_vec(),
            ],
            &[
                ("tEXt 1", "Comment: hello"),
                ("zTXt 2", "parameters: steps: 20"),
                ("iTXt 3", "prompt: steps: 20"),
                ("iTXt 4", "plain: as it is"),
                ("prVt 5", "private"),
                ("bytes after the picture", "and more"),
            ],
        );
        check(&[chunk(b"IHDR", &[0; 13]), end], &[]);
    }

    #[test]
    fn damage_is_looked_at_as_it_is_or_told() {
        let cut = chunk(b"tEXt", b"Comment\0hello");
        check(
            &[cut[..14].to_vec()],
            &[("bytes after the picture", "\0\0\0\rtEXtCommen")],
        );
        check(
            &[chunk(b"zTXt", b"k\0\0nonsense")],
            &[("zTXt 1", super::super::DAMAGED)],
        );
        let bomb = deflated(&vec![b' '; 8 << 20]);
        check(
            &[chunk(b"zTXt", &[b"k\0\0", &bomb[..]].concat())],
            &[("zTXt 1", super::super::BOMB)],
        );
    }
}
