//! Strings of compiled Python (`.pyc`), as `marshal` writes them: a letter, a length, and the text.
//!
//! The structure around them differs from version to version and is not followed: wherever a letter and a length stand
//! before as many printable characters, there is a string.

use std::ops::Range;

/// Shortest string that is of interest.
const LEAST: usize = 16;
/// Where the first object may begin: behind the header of Python 3.7, of 3.3, and of 2.
const HEADERS: &[usize] = &[16, 12, 8];

/// Whether `bytes` are a compiled module: its magic number ends in a line end, and a code object follows the header.
pub(super) fn is_compiled(bytes: &[u8]) -> bool {
    let code = |at: &usize| bytes.get(*at).is_some_and(|byte| byte & 0x7f == b'c');
    bytes.get(2..4) == Some(b"\r\n") && HEADERS.iter().any(code)
}

/// Every string of printable characters.
pub(super) fn strings(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        match string(bytes, at) {
            Some(span) => {
                at = span.end;
                found.push(span);
            }
            None => at += 1,
        }
    }
    found
}

/// The text behind the letter at `at`. A high bit says only that the object is referred to again.
fn string(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let rest = bytes.get(at + 1..)?;
    let (head, length) = match bytes.get(at)? & 0x7f {
        b'z' | b'Z' => (1, usize::from(*rest.first()?)),
        b's' | b't' | b'u' | b'a' | b'A' => {
            let length = u32::from_le_bytes(*rest.first_chunk()?);
            (4, usize::try_from(length).ok()?)
        }
        _ => return None,
    };
    if length < LEAST {
        return None;
    }
    let start = at + 1 + head;
    let text = bytes.get(start..start.checked_add(length)?)?;
    text.iter()
        .all(|byte| super::engine::is_printable(*byte) || *byte >= 0x80)
        .then_some(start..start + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_begin_behind_their_lengths() {
        // 48 is the digit 0: read as text it would stand before the string.
        let value = "x".repeat(48);
        let mut bytes = [&[0xa7, 0x0d, 0x0d, 0x0a][..], &[0; 12], &[0xe3, 0, 0, 0, 0]].concat();
        bytes.extend([b'z' | 0x80, 48]);
        bytes.extend(value.bytes());
        bytes.extend([b'N', b'a', 20, 0, 0, 0]);
        bytes.extend([b'y'; 20]);
        bytes.extend([b'z', 200, b'c', b'u', b't']);
        assert!(is_compiled(&bytes));
        let texts: Vec<&[u8]> = strings(&bytes).into_iter().map(|span| &bytes[span]).collect();
        assert_eq!(texts, [value.as_bytes(), &[b'y'; 20]]);
        assert!(!is_compiled(b"ab\r\nconfig of something"));
    }
}
