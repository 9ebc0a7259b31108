//! Checksums that providers put into their tokens.

use super::sample::BASE62;

/// CRC-32 as zip and PNG use it (ISO-HDLC, polynomial 0xEDB88320 reflected).
#[must_use]
pub fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for &byte in bytes {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xedb8_8320 & 0u32.wrapping_sub(crc & 1));
        }
    }
    !crc
}

/// `value` in base 62 (digits `0-9A-Za-z`), filled on the left with `0` to `width` characters.
#[must_use]
pub fn base62(mut value: u32, width: usize) -> String {
    let digits = BASE62.as_bytes();
    let mut out = Vec::new();
    while value > 0 {
        out.push(digits.get((value % 62) as usize).copied().unwrap_or(b'0'));
        value /= 62;
    }
    while out.len() < width {
        out.push(b'0');
    }
    out.reverse();
    out.into_iter().map(char::from).collect()
}

/// Whether the last six characters of `body` are the CRC-32 of what stands before them in base 62, as in the tokens of
/// GitHub and npm (GitHub blog, "Behind GitHub's new authentication token formats", 2021).
#[must_use]
pub fn ends_with_crc32_base62(body: &str) -> bool {
    body.len() > 6
        && body.is_char_boundary(body.len() - 6)
        && body.split_at(body.len() - 6).1 == base62(crc32(body.split_at(body.len() - 6).0.as_bytes()), 6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(base62(0, 6), "000000");
        assert_eq!(base62(61, 1), "z");
        assert_eq!(base62(62 * 62 + 1, 6), "000101");
    }

    #[test]
    fn a_changed_character_is_noticed() {
        let body = "abcdefghij0123456789ABCDEFGHIJ";
        let token = format!("{body}{}", base62(crc32(body.as_bytes()), 6));
        assert!(ends_with_crc32_base62(&token));
        assert!(!ends_with_crc32_base62(&token.replace('j', "k")));
        assert!(!ends_with_crc32_base62("é12345"));
    }
}
