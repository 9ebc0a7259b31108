//! UTF-32, with or without a mark.

use super::utf16::Endian;

/// Whether `bytes` are UTF-32: they start with its mark, or with characters of it.
#[must_use]
pub fn guess(bytes: &[u8]) -> Option<Endian> {
    const LEAST: usize = 6;
    let start = bytes.get(..bytes.len().min(512))?.as_chunks::<4>().0;
    let all = |is: fn(&[u8; 4]) -> bool| start.len() >= LEAST && start.iter().all(is);
    match bytes {
        [0xff, 0xfe, 0, 0, ..] => return Some(Endian::Little),
        [0, 0, 0xfe, 0xff, ..] => return Some(Endian::Big),
        _ => {}
    }
    // Latin letters and marks; nothing else has three zeros for each of them.
    if all(|[a, b, c, d]| *a != 0 && *b < 3 && *c == 0 && *d == 0) {
        Some(Endian::Little)
    } else if all(|[a, b, c, d]| *a == 0 && *b == 0 && *c < 3 && *d != 0) {
        Some(Endian::Big)
    } else {
        None
    }
}

/// `bytes` as UTF-8; what is no character becomes U+FFFD. Lines and columns (in code points) stay what they are.
#[must_use]
pub fn decode(bytes: &[u8], endian: Endian) -> Vec<u8> {
    let units = bytes.as_chunks::<4>().0.iter().map(|unit| match endian {
        Endian::Little => u32::from_le_bytes(*unit),
        Endian::Big => u32::from_be_bytes(*unit),
    });
    let mut text = String::with_capacity(bytes.len() / 4);
    text.extend(
        units
            .map(|unit| char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER))
            .skip_while(|c| *c == '\u{feff}'),
    );
    text.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_orders_with_and_without_a_mark() {
        let text = "password = 1 \u{fc}";
        for mark in ["", "\u{feff}"] {
            let marked = format!("{mark}{text}");
            let little: Vec<u8> = marked.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
            let big: Vec<u8> = marked.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect();
            assert_eq!(guess(&little), Some(Endian::Little));
            assert_eq!(guess(&big), Some(Endian::Big));
            assert_eq!(decode(&little, Endian::Little), text.as_bytes());
            assert_eq!(decode(&big, Endian::Big), text.as_bytes());
        }
        assert_eq!(guess(b"password = 1, and more of it"), None);
        assert_eq!(guess(&[0; 64]), None);
    }
}
