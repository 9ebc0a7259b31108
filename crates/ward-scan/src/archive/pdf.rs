//! The compressed streams of a PDF (ISO 32000-2): the words of its pages, its metadata, and the objects inside object
//! streams. Streams that hold pictures and fonts are left out; the bytes between streams are looked at as they are.
//!
//! The file is read from one end to the other, and not by its table of references: what no page refers to any more, because
//! it was replaced, is read too.

use std::io::{Cursor, Read};

use flate2::read::ZlibDecoder;
use ward_formats::input::Input;

use super::{Each, Limits, Member, Spent, Stop, count_member, hand_on, read_member};
use crate::secrets::decode::base85;

/// Largest file whose streams are read.
const LARGEST: usize = 256 << 20;
/// Where a stream's dictionary is looked for before it.
const DICTIONARY: usize = 4 << 10;

const TOO_LARGE: &str = "a PDF of more than 256 MiB: its compressed texts are not read";
const ENCRYPTED: &str = "an encrypted PDF: its texts are not read; save it without a password and scan that";
const FILTER: &str = "a stream packed in a way that Ward does not read; save the PDF anew and scan that";

/// Hands on the streams as `stream 1`, `stream 2`, ..
pub(super) fn open(content: &Input<'_>, limits: &Limits, spent: &mut Spent, each: Each<'_>) {
    let bytes = match content.whole(LARGEST) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return each(problem(TOO_LARGE), spent),
        Err(_) => return each(problem(super::DAMAGED), spent),
    };
    if memchr::memmem::find(&bytes, b"/Encrypt").is_some() {
        return each(problem(ENCRYPTED), spent);
    }
    let (mut done, mut end, mut number) = (0, 0, 0_u32);
    for keyword in memchr::memmem::find_iter(&bytes, b"stream") {
        let before = bytes
            .get(done.max(keyword.saturating_sub(DICTIONARY))..keyword)
            .unwrap_or_default();
        if before.ends_with(b"end") || keyword < done {
            continue;
        }
        let after = bytes.get(keyword + 6..).unwrap_or_default();
        let Some(data) = after.strip_prefix(b"\r\n").or_else(|| after.strip_prefix(b"\n")) else {
            continue;
        };
        let dictionary = before
            .get(memchr::memmem::rfind(before, b" obj").unwrap_or(0)..)
            .unwrap_or_default();
        let packing = Packing::of(dictionary);
        let start = bytes.len() - data.len();
        if end < start {
            end = memchr::memmem::find(data, b"endstream").map_or(bytes.len(), |length| start + length);
        }
        let data = bytes.get(start..end).unwrap_or_default();
        (done, number) = (end, number + 1);
        if packing == Packing::None || is_picture_or_font(dictionary) {
            continue;
        }
        let name = format!("stream {number}");
        let read = count_member(limits, spent).and_then(|()| match packing {
            Packing::Flate => unpack(data, limits, spent),
            Packing::Ascii85Flate => unpack(&base85::decode_adobe(data).unwrap_or_default(), limits, spent),
            Packing::None | Packing::Other => Err(Stop::Member(FILTER)),
        });
        let read = read.map(|stream| words(&stream).unwrap_or(stream));
        if !hand_on(&name, read, spent, each) {
            return;
        }
    }
}

fn problem(why: &'static str) -> Member<'static> {
    Member::Problem { name: None, why }
}

/// How a stream is packed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Packing {
    None,
    Flate,
    Ascii85Flate,
    Other,
}

impl Packing {
    /// By what stands behind `/Filter`.
    fn of(dictionary: &[u8]) -> Self {
        let Some(at) = memchr::memmem::find(dictionary, b"/Filter") else {
            return Self::None;
        };
        let value = dictionary.get(at + 7..).unwrap_or_default().trim_ascii_start();
        let names: Vec<&[u8]> = match value.strip_prefix(b"[") {
            Some(list) => list
                .split(|byte| *byte == b']')
                .next()
                .unwrap_or_default()
                .split(|byte| *byte == b'/')
                .skip(1)
                .map(<[u8]>::trim_ascii)
                .collect(),
            None => value
                .strip_prefix(b"/")
                .map(|name| {
                    let length = name.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
                    name.get(..length).unwrap_or_default()
                })
                .into_iter()
                .collect(),
        };
        match names.as_slice() {
            [b"FlateDecode" | b"Fl"] => Self::Flate,
            [b"ASCII85Decode" | b"A85", b"FlateDecode" | b"Fl"] => Self::Ascii85Flate,
            [] => Self::None,
            _ => Self::Other,
        }
    }
}

fn is_picture_or_font(dictionary: &[u8]) -> bool {
    [
        &b"/Image"[..],
        b"/Length1",
        b"/Type1C",
        b"/CIDFontType0C",
        b"/OpenType",
        b"/XRef",
        b"/FunctionType",
        b"/ShadingType",
    ]
    .iter()
    .any(|mark| memchr::memmem::find(dictionary, mark).is_some())
}

fn unpack(data: &[u8], limits: &Limits, spent: &mut Spent) -> Result<Vec<u8>, Stop> {
    let mut reader: Box<dyn Read + '_> = Box::new(ZlibDecoder::new(Cursor::new(data)));
    read_member(&mut *reader, data.len() as u64, limits, spent)
}

/// The words that a page's stream shows; none for a stream that is not one. Pieces that one operator shows are joined, since
/// a page cuts words where letters are moved together. What stands as numbers of a font's shapes is a picture to who has not the font.
fn words(stream: &[u8]) -> Option<Vec<u8>> {
    let shows = [&b"Tj"[..], b"TJ"]
        .iter()
        .any(|mark| memchr::memmem::find(stream, mark).is_some());
    if !shows || memchr::memmem::find(stream, b"BT").is_none() {
        return None;
    }
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(&byte) = stream.get(at) {
        let rest = stream.get(at..).unwrap_or_default();
        at += match byte {
            b'(' => literal(rest, &mut words),
            b'<' if rest.get(1) != Some(&b'<') => numbers(rest, &mut words),
            b'<' | b'>' => 2,
            // In an array a move back by a quarter of a letter's height or more is a space.
            b'-' => {
                let digits = rest.iter().skip(1).take_while(|byte| byte.is_ascii_digit()).count();
                if digits >= 4 || digits == 3 && rest.get(1).is_some_and(|first| *first >= b'3') {
                    words.push(b' ');
                }
                1 + digits
            }
            b'T' if matches!(rest.get(1), Some(b'd' | b'D' | b'*' | b'm')) => {
                words.push(b'\n');
                2
            }
            b'E' if rest.starts_with(b"ET") => {
                words.push(b'\n');
                2
            }
            _ => 1,
        };
    }
    Some(words)
}

/// `(text)` with its escapes; the length that was read.
fn literal(rest: &[u8], words: &mut Vec<u8>) -> usize {
    let (mut at, mut open) = (1, 1_u32);
    while let Some(&byte) = rest.get(at) {
        at += 1;
        let said = match byte {
            b'(' => {
                open = open.saturating_add(1);
                b'('
            }
            b')' => {
                open -= 1;
                if open == 0 {
                    break;
                }
                b')'
            }
            b'\\' => {
                let escaped = rest.get(at).copied().unwrap_or_default();
                let octal = rest.get(at..).unwrap_or_default();
                let digits = octal
                    .iter()
                    .take(3)
                    .take_while(|byte| matches!(byte, b'0'..=b'7'))
                    .count();
                at += digits.max(1);
                if digits > 0 {
                    let value = octal
                        .iter()
                        .take(digits)
                        .fold(0_u32, |value, byte| value * 8 + u32::from(byte - b'0'));
                    u8::try_from(value).unwrap_or(b'?')
                } else {
                    match escaped {
                        b'n' | b'r' | b't' => b' ',
                        b'\n' => continue,
                        other => other,
                    }
                }
            }
            other => other,
        };
        words.push(said);
    }
    at
}

/// `<6869>`: bytes of text, when they are; the length that was read.
fn numbers(rest: &[u8], words: &mut Vec<u8>) -> usize {
    let length = memchr::memchr(b'>', rest).unwrap_or(rest.len());
    let digits: Vec<u8> = rest
        .get(1..length)
        .unwrap_or_default()
        .iter()
        .filter_map(|byte| u8::try_from(char::from(*byte).to_digit(16)?).ok())
        .collect();
    let bytes: Vec<u8> = digits
        .chunks(2)
        .map(|pair| pair.first().unwrap_or(&0) << 4 | pair.get(1).unwrap_or(&0))
        .collect();
    if !bytes.is_empty() && bytes.iter().all(|byte| matches!(byte, b' '..=b'~')) {
        words.extend(bytes);
    }
    length + 1
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn deflated(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn object(dictionary: &str, data: &[u8]) -> Vec<u8> {
        let head = format!("1 0 obj\n<<{dictionary}>>\nstream\n");
        [head.as_bytes(), data, b"\nendstream\nendobj\n"].concat()
    }

    #[track_caller]
    fn check(objects: &[Vec<u8>], expect: &[&str]) {
        let bytes = [b"%PDF-1.7\n".to_vec(), objects.concat()].concat();
        let mut got = Vec::new();
        let mut each = |member: Member<'_>, _: &mut Spent| match member {
            Member::Bytes { bytes, .. } => got.push(String::from_utf8_lossy(bytes).into_owned()),
            Member::Problem { why, .. } => got.push(why.to_owned()),
        };
        open(
            &Input::of_bytes(&bytes),
            &Limits::default(),
            &mut Spent::default(),
            &mut each,
        );
        assert_eq!(got, expect);
    }

    const FLATE: &str = "/Length 9 /Filter /FlateDecode";

    #[test]
    fn words_of_pages_and_other_streams() {
        check(
            &[object(
                FLATE,
                &deflated(b"BT /F1 12 Tf 10 20 Td [(se)-20(cr)5(et) -300 (is)] TJ <6869> Tj ET"),
            )],
            &["\nsecret ishi\n"],
        );
        check(
            &[object(FLATE, &deflated(b"BT (a \\(b\\) \\101 (nested)) Tj ET"))],
            &["a (b) A (nested)\n"],
        );
        check(
            &[object(FLATE, &deflated(b"1 0 2 9 <</Title (x)>>"))],
            &["1 0 2 9 <</Title (x)>>"],
        );
        check(&[object("/Filter [ /FlateDecode ]", &deflated(b"text"))], &["text"]);
        let letters = base85::tests::encode(&deflated(b"text"), base85::tests::to_adobe) + "~>";
        check(
            &[object("/Filter [/ASCII85Decode /FlateDecode]", letters.as_bytes())],
            &["text"],
        );
    }

    #[test]
    fn what_is_not_read_is_told_and_pictures_are_left_out() {
        check(&[object("/Filter /LZWDecode", b"x")], &[FILTER]);
        check(&[object("/Subtype /Image /Filter /DCTDecode", b"x")], &[]);
        check(&[object("/Length 3", b"raw")], &[]);
        check(&[object(FLATE, b"nonsense")], &[super::super::DAMAGED]);
        check(&[object(FLATE, &deflated(b"BT <00010002> Tj ET"))], &["\n"]);
        check(&[b"trailer <</Encrypt 3 0 R>>".to_vec()], &[ENCRYPTED]);
        check(&[object(FLATE, &deflated(&vec![b' '; 8 << 20]))], &[super::super::BOMB]);
    }
}
