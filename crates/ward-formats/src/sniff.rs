//! What bytes look like. A guess from the first bytes, not a parse.

use crate::Kind;

/// How far into a JSON object `resourceType` is looked for.
const WINDOW: usize = 64 << 10;

/// The format the bytes look like: a JSON object with `resourceType` is FHIR, `MSH` (or a batch header
/// `FHS`, `BHS`) followed by a separator is HL7 v2, the rest is text. Space, a byte-order mark and
/// MLLP framing before it do not matter. `resourceType` is looked for in the first 64 KiB.
#[must_use]
pub fn kind(bytes: &[u8]) -> Kind {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let start = bytes
        .iter()
        .position(|b| !b.is_ascii_whitespace() && *b != 0x0b)
        .unwrap_or(bytes.len());
    let bytes = bytes.get(start..).unwrap_or_default();
    if let Some((b"MSH" | b"FHS" | b"BHS", rest)) = bytes.split_at_checked(3)
        && rest.first().is_some_and(|b| b.is_ascii_punctuation())
    {
        return Kind::Hl7;
    }
    if bytes.first() == Some(&b'{') {
        let window = bytes.get(..WINDOW).unwrap_or(bytes);
        if memchr::memmem::find(window, b"\"resourceType\"").is_some() {
            return Kind::Fhir;
        }
    }
    Kind::Text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_formats_apart() {
        for (bytes, expect) in [
            (&b""[..], Kind::Text),
            (b"MSH|^~\\&|", Kind::Hl7),
            (b"\x0bMSH|^~\\&|", Kind::Hl7),
            (b"\xef\xbb\xbf\r\nMSH|", Kind::Hl7),
            (b"FHS|^~\\&|\rBHS|", Kind::Hl7),
            (b"BHS|^~\\&|", Kind::Hl7),
            (b"MSH", Kind::Text),
            (b"MSH stands for header", Kind::Text),
            (b"MSHA", Kind::Text),
            (b"{\"resourceType\":\"Patient\"}", Kind::Fhir),
            (b"\xef\xbb\xbf { \"id\": 1, \"resourceType\" : \"x\"}", Kind::Fhir),
            (b"{\"messages\":[]}", Kind::Text),
            (b"[{\"resourceType\":\"Patient\"}]", Kind::Text),
            (b"The patient has a \"resourceType\"", Kind::Text),
        ] {
            assert_eq!(kind(bytes), expect, "{}", String::from_utf8_lossy(bytes));
        }
    }
}
