//! Base64 (RFC 4648, both alphabets, wrapped lines), base32 (the same) and hexadecimal.

use std::{io::Read, ops::Range};

use data_encoding::{BASE32_NOPAD, BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER_PERMISSIVE};

use ward_formats::{input::Input, zip};

use super::{Budget, Piece, is_text, utf16, utf32};

/// Shortest piece that is decoded.
const LEAST: usize = 32;
/// Longest piece that is decoded.
const MOST: usize = 1 << 20;
/// Most that a gzip stream in base64 may hold.
const INFLATED: usize = 1 << 20;

fn is_digit(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

/// Finds every run of at least [`LEAST`] base64 digits. A run that long has a digit at every [`LEAST`]th byte, so
/// most of the text
/// is never looked at.
pub(crate) fn pieces(text: &[u8], budget: &mut Budget, each: &mut dyn FnMut(Piece, &mut Budget)) {
    let mut done = 0;
    let mut probe = LEAST - 1;
    while let Some(&byte) = text.get(probe) {
        if !is_digit(byte) {
            probe += LEAST;
            continue;
        }
        let before = text.get(done..probe).unwrap_or_default();
        let start = probe - before.iter().rev().take_while(|byte| is_digit(**byte)).count();
        let after = text.get(probe..).unwrap_or_default();
        let end = probe + after.iter().take_while(|byte| is_digit(**byte)).count();
        done = end;
        if end - start >= LEAST
            && let Some(piece) = piece(text, start..end, &mut done, budget)
        {
            each(piece, budget);
        }
        probe = done + LEAST - 1;
    }
}

/// The piece at `run`, joined with the lines that go on with it.
fn piece(text: &[u8], run: Range<usize>, done: &mut usize, budget: &mut Budget) -> Option<Piece> {
    let digits = text.get(run.clone())?;
    if digits.iter().all(u8::is_ascii_hexdigit) {
        return hexadecimal(digits, run, budget);
    }
    if digits.iter().all(|byte| matches!(byte, b'A'..=b'Z' | b'2'..=b'7'))
        && let Some(piece) = base32(digits, run.clone(), budget)
    {
        return Some(piece);
    }
    // 24 digits are 18 bytes: enough to tell text from noise before anything is copied.
    let start = decode(digits.get(..24)?)?;
    // A UTF-32 text has four characters in 18 bytes, each with two zeros or more.
    let wide = start.iter().filter(|byte| **byte == 0).count() >= 8;
    let packed = start.starts_with(&[0x1f, 0x8b]) || start.starts_with(b"PK\x03\x04");
    let promising = is_text(&start) || packed || wide || utf16::guess(&start).is_some();
    if !promising {
        return None;
    }
    let (joined, end) = joined(text, run.clone());
    *done = end;
    if joined.len() > MOST {
        budget.spent = true;
        return None;
    }
    if !budget.take(joined.len()) {
        return None;
    }
    let whole = joined.len() / 4 * 4;
    // A tail of one digit is no base64: the run had something else behind it.
    let usable = if joined.len() % 4 == 1 { whole } else { joined.len() };
    let bytes = decode(joined.get(..usable)?)?;
    let span = run.start..end;
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut text = Vec::new();
        let limit = INFLATED as u64 + 1;
        // A stream that is cut gives what it has.
        let _ = flate2::read::GzDecoder::new(bytes.as_slice())
            .take(limit)
            .read_to_end(&mut text);
        if text.len() > INFLATED {
            budget.spent = true;
            text.truncate(INFLATED);
        }
        return (is_text(&text) && budget.take(text.len())).then_some(Piece {
            span,
            how: "gzip in base64",
            text,
        });
    }
    if bytes.starts_with(b"PK\x03\x04") {
        let text = unzipped(&bytes, budget);
        return (!text.is_empty()).then_some(Piece {
            span,
            how: "zip in base64",
            text,
        });
    }
    if let Some(endian) = utf32::guess(&bytes) {
        let text = utf32::decode(&bytes, endian);
        return is_text(&text).then_some(Piece {
            span,
            how: "UTF-32 in base64",
            text,
        });
    }
    if let Some(endian) = utf16::guess(&bytes) {
        let text = utf16::decode(&bytes, endian);
        return is_text(&text).then_some(Piece {
            span,
            how: "UTF-16 in base64",
            text,
        });
    }
    is_text(&bytes).then_some(Piece {
        span,
        how: "base64",
        text: bytes,
    })
}

/// The digits of `run` and of the lines that go on with it, and where they end. Lines of 60 digits or more go on when
/// the next
/// line, indented or quoted alike, starts with a digit.
fn joined(text: &[u8], run: Range<usize>) -> (Vec<u8>, usize) {
    let mut out = text.get(run.clone()).unwrap_or_default().to_vec();
    let mut end = run.end;
    let mut line = run.end - run.start;
    while line >= 60 && out.len() <= MOST {
        let rest = text.get(end..).unwrap_or_default();
        let gap = if rest.starts_with(b"\\n") {
            2
        } else {
            rest.iter()
                .take(16)
                .take_while(|byte| byte.is_ascii_whitespace())
                .count()
        };
        let next = rest.get(gap..).unwrap_or_default();
        let length = next.iter().take_while(|byte| is_digit(**byte)).count();
        if gap == 0 || length == 0 || length > line {
            break;
        }
        out.extend_from_slice(next.get(..length).unwrap_or_default());
        end += gap + length;
        line = length;
    }
    (out, end)
}

fn decode(digits: &[u8]) -> Option<Vec<u8>> {
    BASE64_NOPAD
        .decode(digits)
        .or_else(|_| BASE64URL_NOPAD.decode(digits))
        .ok()
        .or_else(|| {
            // The last digit may carry bits that nobody uses.
            let whole = digits.get(..digits.len() / 4 * 4)?;
            (whole.len() < digits.len() && !whole.is_empty())
                .then(|| {
                    BASE64_NOPAD
                        .decode(whole)
                        .or_else(|_| BASE64URL_NOPAD.decode(whole))
                        .ok()
                })
                .flatten()
        })
}

/// The texts of an archive, one after the other.
fn unzipped(bytes: &[u8], budget: &mut Budget) -> Vec<u8> {
    const LIMITS: zip::Limits = zip::Limits { members: 256, gaps: 0 };
    let input = Input::of_bytes(bytes);
    let mut texts = Vec::new();
    for member in &zip::ZipFile::read(&input, LIMITS).members {
        let Ok(content) = member.content(&input).whole(INFLATED).map(Option::unwrap_or_default) else {
            continue;
        };
        let mut text = Vec::new();
        let limit = (INFLATED - texts.len().min(INFLATED)) as u64;
        // A stream that is cut gives what it has.
        let _ = match member.method {
            0 => content.take(limit).read_to_end(&mut text),
            8 => flate2::read::DeflateDecoder::new(&*content)
                .take(limit)
                .read_to_end(&mut text),
            _ => Ok(0),
        };
        if is_text(&text) {
            if !budget.take(text.len()) {
                break;
            }
            texts.append(&mut text);
            texts.push(b'\n');
        }
    }
    texts
}

fn hexadecimal(digits: &[u8], span: Range<usize>, budget: &mut Budget) -> Option<Piece> {
    let even = digits.get(..digits.len() / 2 * 2)?;
    let start = HEXLOWER_PERMISSIVE.decode(even.get(..24)?).ok()?;
    if !is_text(&start) || !budget.take(even.len()) {
        return None;
    }
    let text = HEXLOWER_PERMISSIVE.decode(even).ok()?;
    is_text(&text).then_some(Piece {
        span,
        how: "hexadecimal",
        text,
    })
}

fn base32(digits: &[u8], span: Range<usize>, budget: &mut Budget) -> Option<Piece> {
    // A group of eight digits is five bytes; the last group may be short.
    let whole = digits.get(..digits.len() / 8 * 8)?;
    if !is_text(&BASE32_NOPAD.decode(whole.get(..32)?).ok()?) || !budget.take(digits.len()) {
        return None;
    }
    let text = BASE32_NOPAD
        .decode(digits)
        .or_else(|_| BASE32_NOPAD.decode(whole))
        .ok()?;
    is_text(&text).then_some(Piece {
        span,
        how: "base32",
        text,
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn found(text: &str) -> Vec<(Range<usize>, &'static str, String)> {
        let mut out = Vec::new();
        pieces(text.as_bytes(), &mut Budget::of(text.len()), &mut |piece, _| {
            out.push((
                piece.span.clone(),
                piece.how,
                String::from_utf8(piece.text.clone()).unwrap(),
            ));
        });
        out
    }

    #[test]
    fn text_is_found_in_any_place() {
        let plain = "the quick brown fox jumps over the lazy dog";
        let coded = data_encoding::BASE64.encode(plain.as_bytes());
        for pad in 0..70 {
            let text = format!("{}\"{coded}\"", " ".repeat(pad));
            let found = found(&text);
            assert_eq!(found.len(), 1, "{pad}");
            assert_eq!(found[0].2, plain);
            assert_eq!(found[0].0.start, pad + 1);
        }
        let hex = data_encoding::HEXLOWER.encode(plain.as_bytes());
        assert_eq!(found(&format!("x={hex};"))[0].2, plain);
        let base32 = data_encoding::BASE32.encode(plain.as_bytes());
        assert_eq!(found(&format!("x={base32};"))[0].2, plain);
    }

    #[test]
    fn wrapped_lines_are_joined() {
        let plain = "the quick brown fox jumps over the lazy dog ".repeat(6);
        let coded = data_encoding::BASE64.encode(plain.as_bytes());
        let lines: Vec<&str> = coded
            .as_bytes()
            .chunks(64)
            .map(|line| str::from_utf8(line).unwrap())
            .collect();
        assert_eq!(found(&lines.join("\n   "))[0].2, plain);
    }

    #[test]
    fn gzip_and_utf16_inside() {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gzip.write_all(b"password and more of the same").unwrap();
        let coded = data_encoding::BASE64.encode(&gzip.finish().unwrap());
        assert_eq!(found(&coded)[0].1, "gzip in base64");
        let wide: Vec<u8> = "a password of a script"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(
            found(&data_encoding::BASE64.encode(&wide))[0].2,
            "a password of a script"
        );
    }

    #[test]
    fn a_zip_archive_inside() {
        let text = b"a password of a script";
        let name = b"a.env";
        // One member, stored; the directory and the end record after it.
        let length = u32::try_from(text.len()).unwrap().to_le_bytes();
        let common = [&[0; 4][..], &[0; 4], &length, &length, &[5, 0, 0, 0]].concat();
        let mut zip = [b"PK\x03\x04\x14\0\0\0\0\0", &common[..], name, text].concat();
        let at = u32::try_from(zip.len()).unwrap().to_le_bytes();
        zip.extend([b"PK\x01\x02\x14\0\x14\0\0\0\0\0", &common[..], &[0; 14], name].concat());
        let size = (u32::try_from(zip.len()).unwrap() - u32::from_le_bytes(at)).to_le_bytes();
        zip.extend([&b"PK\x05\x06\0\0\0\0\x01\0\x01\0"[..], &size, &at, &[0, 0]].concat());
        let found = found(&data_encoding::BASE64.encode(&zip));
        assert_eq!(found[0].1, "zip in base64");
        assert_eq!(found[0].2, "a password of a script\n");
    }

    #[test]
    fn names_and_noise_are_not() {
        assert!(found("UniPCMultistepSchedulerForImageToImagePipelineOutput").is_empty());
        assert!(found("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855").is_empty());
    }
}
