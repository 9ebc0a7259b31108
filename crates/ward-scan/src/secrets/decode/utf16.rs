//! UTF-16, with or without a mark.

/// The order of the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Endian {
    /// Low byte first.
    Little,
    /// High byte first.
    Big,
}

/// Whether `bytes` are UTF-16: they start with its mark, or nearly every other byte of their start is zero, as in
/// text in Latin
/// letters.
#[must_use]
pub fn guess(bytes: &[u8]) -> Option<Endian> {
    match bytes {
        [0xff, 0xfe, rest @ ..] if !rest.starts_with(&[0, 0]) => return Some(Endian::Little),
        [0xfe, 0xff, ..] => return Some(Endian::Big),
        _ => {}
    }
    let start = bytes.get(..bytes.len().min(512))?;
    let pairs = start.len() / 2;
    if pairs < 6 {
        return None;
    }
    let zeros = |offset: usize| start.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if odd * 10 >= pairs * 9 && even * 20 <= pairs {
        Some(Endian::Little)
    } else if even * 10 >= pairs * 9 && odd * 20 <= pairs {
        Some(Endian::Big)
    } else {
        None
    }
}

/// `bytes` as UTF-8; what is no UTF-16 becomes U+FFFD. Lines and columns (in code points) stay what they are.
#[must_use]
pub fn decode(bytes: &[u8], endian: Endian) -> Vec<u8> {
    let units = bytes.as_chunks::<2>().0.iter().map(|pair| match endian {
        Endian::Little => u16::from_le_bytes(*pair),
        Endian::Big => u16::from_be_bytes(*pair),
    });
    let mut text = String::with_capacity(bytes.len() / 2);
    text.extend(
        char::decode_utf16(units)
            .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
            .skip_while(|c| *c == '\u{feff}'),
    );
    text.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_orders_with_and_without_a_mark() {
        let text = "password = 1 ü";
        for mark in ["", "\u{feff}"] {
            let marked = format!("{mark}{text}");
            let little: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let big: Vec<u8> = marked.encode_utf16().flat_map(u16::to_be_bytes).collect();
            assert_eq!(guess(&little), Some(Endian::Little));
            assert_eq!(guess(&big), Some(Endian::Big));
            assert_eq!(decode(&little, Endian::Little), text.as_bytes());
            assert_eq!(decode(&big, Endian::Big), text.as_bytes());
        }
        assert_eq!(guess(b"password = 1, and more of it"), None);
        assert_eq!(guess(&[0; 64]), None);
    }
}
