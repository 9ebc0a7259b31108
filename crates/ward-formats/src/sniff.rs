//! What bytes look like. A guess from the outline, not a parse.

use crate::Kind;

/// The format the bytes look like: a JSON object with a `resourceType` of its own is FHIR, `MSH` (or a
/// batch header `FHS`, `BHS`) followed by a bar, or by another separator, encoding characters and the separator
/// again, is HL7 v2, as is a header in small letters or with a separator that is none; the rest is text. Space, a byte-order mark and MLLP framing before it do not matter.
#[must_use]
pub fn kind(bytes: &[u8]) -> Kind {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let start = bytes
        .iter()
        .position(|b| !b.is_ascii_whitespace() && *b != 0x0b)
        .unwrap_or(bytes.len());
    let bytes = bytes.get(start..).unwrap_or_default();
    if let Some((id, rest)) = bytes.split_at_checked(3)
        && match id {
            b"MSH" | b"FHS" | b"BHS" => is_separated(rest) || is_damaged(rest),
            _ => matches!(id.to_ascii_uppercase().as_slice(), b"MSH" | b"FHS" | b"BHS") && is_damaged(rest),
        }
    {
        return Kind::Hl7;
    }
    if bytes.first() == Some(&b'{') && has_resource_type(bytes) {
        return Kind::Fhir;
    }
    Kind::Text
}

/// A header segment with the usual encoding characters and something wrong before them: small letters, a separator that is
/// none. Its parser says so; as text its fields would be read without their meaning.
fn is_damaged(rest: &[u8]) -> bool {
    rest.get(1..5) == Some(b"^~\\&")
}

/// What follows the id of a header segment. A sentence that begins with the id goes on otherwise.
fn is_separated(rest: &[u8]) -> bool {
    let Some((field, rest)) = rest.split_first() else {
        return false;
    };
    let encoding = rest.iter().take_while(|b| *b != field && b.is_ascii_punctuation());
    let length = encoding.take(6).count();
    *field == b'|' || (field.is_ascii_punctuation() && (1..=5).contains(&length) && rest.get(length) == Some(field))
}

/// True when the outermost object has a key `resourceType`. It may stand last: writers that sort keys put
/// it after the entries of a bundle. One pass, from quote to quote.
fn has_resource_type(bytes: &[u8]) -> bool {
    // Without the word anywhere there is nothing to look for.
    if memchr::memmem::find(bytes, b"\"resourceType\"").is_none() {
        return false;
    }
    let mut depth = 0usize;
    let mut at = 0;
    while let Some(b) = bytes.get(at) {
        at += 1;
        match b {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => {
                let Some(len) = string(bytes.get(at..).unwrap_or_default()) else {
                    return false;
                };
                let is_it = bytes.get(at..at + len) == Some(b"resourceType");
                at += len + 1;
                if is_it && depth == 1 && follows_colon(bytes.get(at..).unwrap_or_default()) {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}

/// Bytes up to the quote that ends a string.
fn string(rest: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let found = at + memchr::memchr2(b'"', b'\\', rest.get(at..)?)?;
        if rest.get(found) == Some(&b'"') {
            return Some(found);
        }
        at = found + 2;
    }
}

fn follows_colon(rest: &[u8]) -> bool {
    rest.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b':')
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
            (b"MSH*+!%#*LAB*", Kind::Hl7),
            (b"MSH\t^~\\&\tLAB", Kind::Hl7),
            (b"msh|^~\\&|lab", Kind::Hl7),
            (b"msh of the lab", Kind::Text),
            (b"MSH, PID and OBX", Kind::Text),
            (b"MSH-3 is the sender", Kind::Text),
            (b"MSH: the header", Kind::Text),
            (b"{\"resourceType\":\"Patient\"}", Kind::Fhir),
            (b"\xef\xbb\xbf { \"id\": 1, \"resourceType\" : \"x\"}", Kind::Fhir),
            (
                b"{\"entry\":[{\"a\":\"\\\"{\"}],\"resourceType\":\"Bundle\"}",
                Kind::Fhir,
            ),
            (b"{\"record\":{\"resourceType\":\"Patient\"}}", Kind::Text),
            (b"{\"text\":\"resourceType\"}", Kind::Text),
            (b"{\"text\":\"\\\"resourceType\\\":1\"}", Kind::Text),
            (b"{\"a\\", Kind::Text),
            (b"{\"resourceType\"", Kind::Text),
            (b"{\"messages\":[]}", Kind::Text),
            (b"[{\"resourceType\":\"Patient\"}]", Kind::Text),
            (b"The patient has a \"resourceType\"", Kind::Text),
        ] {
            assert_eq!(kind(bytes), expect, "{}", String::from_utf8_lossy(bytes));
        }
    }
}
