//! Comments inside compressed images: JPEG (ITU-T T.81, T.87) and JPEG 2000 (ITU-T T.800) streams may carry text and whole
//! EXIF records that no viewer shows. They are overwritten in place, so that no length and no offset changes.

/// Overwrites what is no image in encapsulated pixel data: the value with its items, as it stands. Says how many segments
/// were overwritten. What does not look like a stream stays as it is.
pub(super) fn blank(value: &mut [u8]) -> usize {
    let mut count = 0;
    let mut at = 0;
    // Items: tag, length, bytes. Encapsulated syntaxes are little-endian.
    while let Some([_, _, _, _, a, b, c, d]) = value.get(at..at + 8).and_then(|head| <[u8; 8]>::try_from(head).ok()) {
        let length = u32::from_le_bytes([a, b, c, d]) as usize;
        let Some(fragment) = value.get_mut(at + 8..(at + 8).saturating_add(length)) else {
            break;
        };
        count += match fragment {
            [0xff, 0xd8, ..] => jpeg(fragment),
            [0xff, 0x4f, ..] => jpeg_2000(fragment),
            _ => 0,
        };
        at += 8 + length;
    }
    count
}

/// Two bytes as a number.
fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let [a, b] = bytes.get(at..at + 2)?.try_into().ok()?;
    Some(usize::from(u16::from_be_bytes([a, b])))
}

/// Overwrites `start..end`; 1 if something stood there.
fn fill(bytes: &mut [u8], start: usize, end: usize, with: u8) -> usize {
    let end = end.min(bytes.len());
    match bytes.get_mut(start..end) {
        Some(range) if range.iter().any(|b| *b != with) => {
            range.fill(with);
            1
        }
        _ => 0,
    }
}

/// Comments (COM) and application data (APPn) of a JPEG or JPEG-LS stream, but for what decoders read: JFIF, Adobe's and
/// HP's colour transforms, ICC profiles.
fn jpeg(bytes: &mut [u8]) -> usize {
    let mut count = 0;
    let mut at = 2;
    while let Some(marker) = next_marker(bytes, at) {
        let Some(&kind) = bytes.get(marker + 1) else {
            break;
        };
        at = marker + 2;
        // Restarts, the start and the end have no length.
        if matches!(kind, 0x01 | 0xd0..=0xd9) {
            continue;
        }
        let Some(length) = number(bytes, at).filter(|length| *length >= 2) else {
            break;
        };
        let (start, end) = (at + 2, at + length);
        let data = bytes.get(start..end).unwrap_or_default();
        let read = match kind {
            0xe0 => data.starts_with(b"JFIF\0"),
            0xe2 => data.starts_with(b"ICC_PROFILE\0"),
            0xe8 => data.starts_with(b"mrfx"),
            0xee => data.starts_with(b"Adobe"),
            _ => false,
        };
        if matches!(kind, 0xfe | 0xe0..=0xef) && !read {
            count += fill(bytes, start, end, if kind == 0xfe { b' ' } else { 0 });
        }
        at = end;
    }
    count
}

/// The next marker at or after `at`: 0xFF and a byte that is neither filling nor part of compressed data (below 0x80 in
/// JPEG-LS, zero in JPEG).
fn next_marker(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let rest = bytes.get(at..)?;
        at += rest.iter().position(|b| *b == 0xff)?;
        if matches!(bytes.get(at + 1)?, 0x80..=0xfe) {
            return Some(at);
        }
        at += 1;
    }
}

/// Comments (COM) of a JPEG 2000 codestream, in the main header and in the headers of tile-parts.
fn jpeg_2000(bytes: &mut [u8]) -> usize {
    let mut count = 0;
    let mut at = 2;
    // Where the next tile-part begins.
    let mut next = None;
    while let Some(marker) = number(bytes, at) {
        if marker == 0xff93 {
            // The data of a tile-part: over it, to the next.
            match next {
                Some(part) if part > at => at = part,
                _ => break,
            }
            continue;
        }
        let Some(length) = number(bytes, at + 2).filter(|length| *length >= 2 && marker >= 0xff00) else {
            break;
        };
        let end = at + 2 + length;
        match marker {
            0xff64 => count += fill(bytes, at + 6, end, b' '),
            0xff90 => {
                let size = bytes.get(at + 6..at + 10).and_then(|b| <[u8; 4]>::try_from(b).ok());
                let size = size.map_or(0, |b| u32::from_be_bytes(b) as usize);
                next = (size > 0).then(|| at.saturating_add(size));
            }
            _ => {}
        }
        at = end;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(stream: &[u8]) -> Vec<u8> {
        let mut out = vec![0xfe, 0xff, 0x00, 0xe0];
        out.extend((stream.len() as u32).to_le_bytes());
        out.extend(stream);
        out
    }

    #[track_caller]
    fn check(stream: &[u8], expect: &[u8], count: usize) {
        let mut value = item(b"");
        value.extend(item(stream));
        value.extend([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]);
        let before = value.len();
        assert_eq!(blank(&mut value), count);
        assert_eq!(value.len(), before);
        assert_eq!(value.get(16..16 + stream.len()), Some(expect));
    }

    #[test]
    fn comments_of_streams_go() {
        check(
            b"\xff\xd8\xff\xe0\0\x07JFIF\0\xff\xfe\0\x07Zelda\xff\xe1\0\x06Exif\xff\xda\0\x03\x01\x11\xff\0\xff\xd0\x22\xff\xfe\0\x04ZQ\xff\xd9",
            b"\xff\xd8\xff\xe0\0\x07JFIF\0\xff\xfe\0\x07     \xff\xe1\0\x06\0\0\0\0\xff\xda\0\x03\x01\x11\xff\0\xff\xd0\x22\xff\xfe\0\x04  \xff\xd9",
            3,
        );
        // A tile-part of 22 bytes with a comment of its own, data that looks like one, and the next part.
        check(
            b"\xff\x4f\xff\x51\0\x04ab\xff\x64\0\x09\0\x01Zelda\xff\x90\0\x0a\0\0\0\0\0\x1c\0\x01\xff\x64\0\x06\0\x01ZQ\xff\x93\xff\x64\0\x06xx\xff\xd9",
            b"\xff\x4f\xff\x51\0\x04ab\xff\x64\0\x09\0\x01     \xff\x90\0\x0a\0\0\0\0\0\x1c\0\x01\xff\x64\0\x06\0\x01  \xff\x93\xff\x64\0\x06xx\xff\xd9",
            2,
        );
        for other in [
            &b""[..],
            b"RLE....",
            b"\xff\xd8",
            b"\xff\xd8\xff\xfe",
            b"\xff\xd8\xff\xfe\0\0",
            b"\xff\x4f\xff\x64\0",
            b"\xff\x4fab",
        ] {
            check(other, other, 0);
        }
        // A comment that is cut.
        check(b"\xff\xd8\xff\xfe\0\x40Zelda", b"\xff\xd8\xff\xfe\0\x40     ", 1);
    }
}
