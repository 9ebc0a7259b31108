//! A picture's file without what is not its pixels, before anything decodes it.
//!
//! What stands beside the pixels is compressed (a colour profile of a few kilobytes unpacks to hundreds of megabytes), nested, or
//! both, and none of it goes on. So no decoder gets to see it: a PNG keeps the chunks that its pixels are made of (PNG, third
//! edition, section 11.2, and `tRNS`), a JPEG the segments (ITU-T T.81, annex B) but those of applications and comments.

/// The start of a PNG.
pub(super) const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
/// The start of a JPEG.
pub(super) const JPEG: &[u8] = b"\xff\xd8\xff";

/// A PNG with the chunks that make its pixels. `None` when it is not made of chunks up to its end, or has a chunk that must
/// be understood and is not one of them.
pub(super) fn png(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut rest = bytes.strip_prefix(PNG)?;
    let mut bare = Vec::with_capacity(bytes.len());
    bare.extend_from_slice(PNG);
    loop {
        let (head, _) = rest.split_first_chunk::<4>()?;
        // Length, kind, data, check.
        let whole = usize::try_from(u32::from_be_bytes(*head)).ok()?.checked_add(12)?;
        let (chunk, after) = rest.split_at_checked(whole)?;
        rest = after;
        match chunk.get(4..8)? {
            b"IHDR" | b"PLTE" | b"tRNS" | b"IDAT" => bare.extend_from_slice(chunk),
            b"IEND" => {
                bare.extend_from_slice(chunk);
                return Some(bare);
            }
            // A capital first letter: the pixels cannot be made without it.
            [first, ..] if first.is_ascii_uppercase() => return None,
            _ => {}
        }
    }
}

/// A JPEG without the segments of applications before its first scan, but those that say how its colours are meant (`APP0` and
/// `APP14`, which hold a few bytes), and without comments. `None` when it is not made of segments up to a scan.
pub(super) fn jpeg(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut rest = bytes.get(2..)?;
    let mut bare = Vec::with_capacity(bytes.len());
    bare.extend_from_slice(bytes.get(..2)?);
    loop {
        rest = rest.strip_prefix(&[0xff])?;
        let marker = *rest.first()?;
        match marker {
            // Any number of these may stand before a marker.
            0xff => continue,
            // From a scan on everything is pixels, or the end.
            0xda => {
                bare.push(0xff);
                bare.extend_from_slice(rest);
                return Some(bare);
            }
            // The end before any scan; what has no place before one.
            0x00 | 0x01 | 0xd0..=0xd9 => return None,
            _ => {}
        }
        let (length, _) = rest.get(1..)?.split_first_chunk::<2>()?;
        let whole = usize::from(u16::from_be_bytes(*length)).checked_add(1)?;
        let (segment, after) = rest.split_at_checked(whole)?;
        rest = after;
        if !matches!(marker, 0xe1..=0xed | 0xef | 0xfe) {
            bare.push(0xff);
            bare.extend_from_slice(segment);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{
        Media,
        tests::{drawn, with_chunk},
    };
    use super::*;

    #[test]
    fn only_what_makes_pixels_is_left_of_a_png() {
        let plain = drawn(Media::Png, 30, 20);
        assert_eq!(png(&plain).unwrap(), plain);
        for kind in [b"iCCP", b"zTXt", b"iTXt", b"tEXt", b"eXIf", b"acTL", b"fdAT", b"abCd"] {
            let more = with_chunk(&plain, kind, b"PLANTED");
            assert_eq!(png(&more).unwrap(), plain, "{}", kind.escape_ascii());
        }
        assert_eq!(png(&[&plain[..], b"PLANTED"].concat()).unwrap(), plain);
        assert!(
            png(&with_chunk(&plain, b"ABCD", b"")).is_none(),
            "a part of the pixels that nobody knows"
        );
        for cut in 0..plain.len() {
            assert!(png(&plain[..cut]).is_none(), "{cut}");
        }
        assert!(
            png(&[PNG, &[0xff; 40]].concat()).is_none(),
            "a length of four gigabytes"
        );
    }

    #[test]
    fn only_what_makes_pixels_is_left_of_a_jpeg() {
        let plain = drawn(Media::Jpeg, 30, 20);
        assert_eq!(jpeg(&plain).unwrap(), plain);
        for marker in [0xe1, 0xe2, 0xed, 0xef, 0xfe] {
            let more = [&plain[..2], &[0xff, 0xff, marker, 0, 9], b"PLANTED", &plain[2..]].concat();
            assert_eq!(jpeg(&more).unwrap(), plain, "{marker:x}");
        }
        for cut in 0..plain.len() / 2 {
            let _ = jpeg(&plain[..cut]);
        }
        for bad in [
            &b"\xff\xd8\xff"[..],
            b"\xff\xd8\xff\xd9",
            b"\xff\xd8\xff\xe1\0\0",
            b"\xff\xd8x",
            b"\xff\xd8\xff\xff\xff",
        ] {
            assert!(jpeg(bad).is_none(), "{}", bad.escape_ascii());
        }
    }
}
