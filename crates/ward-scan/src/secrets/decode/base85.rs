//! Base 85: Adobe's (`<~..~>`, and what `a85decode` is given), and that of RFC 1924 (what `b85decode` is given).

use super::{Budget, Piece, is_text};

/// The digits of RFC 1924.
const RFC_1924: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";
/// Longest piece that is decoded.
const MOST: usize = 1 << 20;
/// Shortest.
const LEAST: usize = 20;

/// Finds what stands between `<~` and `~>`, and the strings that are handed to Python's decoders.
pub(crate) fn pieces(text: &[u8], budget: &mut Budget, each: &mut dyn FnMut(Piece, &mut Budget)) {
    let mut done = 0;
    for at in memchr::memmem::find_iter(text, b"<~") {
        let start = at + 2;
        if start < done {
            continue;
        }
        let body = text.get(start..text.len().min(start + MOST)).unwrap_or_default();
        let length = body
            .iter()
            .take_while(|byte| matches!(byte, b'!'..=b'u' | b'z' | b'\n' | b'\r' | b' '))
            .count();
        done = start + length;
        if body.get(length..).is_some_and(|rest| rest.starts_with(b"~>")) {
            piece(text, start, length, adobe, budget, each);
        }
    }
    for at in memchr::memmem::find_iter(text, b"85decode(") {
        let decoder = match at.checked_sub(1).and_then(|before| text.get(before)) {
            Some(b'a') => adobe,
            Some(b'b') => rfc_1924,
            _ => continue,
        };
        let mut start = at + 9;
        start += usize::from(text.get(start) == Some(&b'b'));
        let Some(&quote @ (b'"' | b'\'')) = text.get(start) else {
            continue;
        };
        let body = text.get(start + 1..text.len().min(start + MOST)).unwrap_or_default();
        if let Some(length) = memchr::memchr2(quote, b'\n', body) {
            piece(text, start + 1, length, decoder, budget, each);
        }
    }
}

type Digit = fn(u8) -> Option<u32>;

fn adobe(byte: u8) -> Option<u32> {
    matches!(byte, b'!'..=b'u').then(|| u32::from(byte - b'!'))
}

fn rfc_1924(byte: u8) -> Option<u32> {
    memchr::memchr(byte, RFC_1924).and_then(|at| u32::try_from(at).ok())
}

fn piece(
    text: &[u8],
    start: usize,
    length: usize,
    digit: Digit,
    budget: &mut Budget,
    each: &mut dyn FnMut(Piece, &mut Budget),
) {
    let span = start..start + length;
    let body = text.get(span.clone()).unwrap_or_default();
    if length < LEAST || !budget.take(length) {
        return;
    }
    if let Some(decoded) = decode(body, digit).filter(|decoded| is_text(decoded)) {
        let how = "base85";
        each(
            Piece {
                span,
                how,
                text: decoded,
            },
            budget,
        );
    }
}

/// Groups of five digits to four bytes, the last group may be short; none where a digit is none.
pub(crate) fn decode(body: &[u8], digit: Digit) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(body.len() / 5 * 4 + 4);
    let (mut value, mut count) = (0_u32, 0);
    for byte in body.iter().filter(|byte| !byte.is_ascii_whitespace()) {
        if count == 0 && *byte == b'z' && digit(b'z').is_none() {
            out.extend([0; 4]);
            continue;
        }
        value = value.wrapping_mul(85).wrapping_add(digit(*byte)?);
        count += 1;
        if count == 5 {
            out.extend(value.to_be_bytes());
            (value, count) = (0, 0);
        }
    }
    if count > 1 {
        let whole = (count..5).fold(value, |value, _| value.wrapping_mul(85).wrapping_add(84));
        out.extend_from_slice(whole.to_be_bytes().get(..count - 1).unwrap_or_default());
    }
    Some(out)
}

/// Adobe's base 85, as PDF has it, up to `~>`.
pub(crate) fn decode_adobe(body: &[u8]) -> Option<Vec<u8>> {
    let body = body.strip_prefix(b"<~").unwrap_or(body);
    let end = memchr::memchr(b'~', body).unwrap_or(body.len());
    decode(body.get(..end)?, adobe)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The other way round.
    pub(crate) fn encode(bytes: &[u8], digit: fn(u32) -> u8) -> String {
        let mut out = String::new();
        for group in bytes.chunks(4) {
            let mut four = [0; 4];
            four[..group.len()].copy_from_slice(group);
            let mut value = u32::from_be_bytes(four);
            let mut digits = [0; 5];
            for one in digits.iter_mut().rev() {
                *one = digit(value % 85);
                value /= 85;
            }
            out.extend(digits[..=group.len()].iter().map(|digit| char::from(*digit)));
        }
        out
    }

    pub(crate) fn to_adobe(digit: u32) -> u8 {
        u8::try_from(digit).unwrap() + b'!'
    }

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        super::super::tests::check(pieces, text, expect);
    }

    #[test]
    fn both_alphabets() {
        let plain = "the quick brown fox jumps over the lazy dog";
        let adobe = encode(plain.as_bytes(), to_adobe);
        let python = encode(plain.as_bytes(), |digit| RFC_1924[digit as usize]);
        check(&format!("x <~{adobe}~> y"), &[plain]);
        check(&format!("base64.a85decode(b'{adobe}')"), &[plain]);
        check(&format!("base64.b85decode(\"{python}\")"), &[plain]);
        check("<~ not ~ closed", &[]);
        check("b85decode(value)", &[]);
        // Known answer: CPython's documentation of base64 has none, Wikipedia's article on Ascii85 begins like this.
        assert_eq!(decode_adobe(b"<~9jqo^BlbD-~>").unwrap(), b"Man is d");
    }
}
