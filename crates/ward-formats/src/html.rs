//! What is written inside HTML's tags and text: attributes and character references (HTML Living Standard, sections 13.1.2.3
//! and 13.1.4). No tree is made; who reads HTML here wants its words, and says itself which of them are shown.

/// The value of the attribute `name` (in lower case) in the inside of a tag, as written, references and all. Linear in the
/// length of `inside`.
#[must_use]
pub fn attribute<'a>(inside: &'a str, name: &str) -> Option<&'a str> {
    let lower = inside.to_ascii_lowercase();
    let mut from = 0;
    while let Some(at) = lower.get(from..).and_then(|rest| rest.find(name)).map(|at| at + from) {
        let after = inside.get(at + name.len()..)?.trim_start();
        let before = at.checked_sub(1).and_then(|at| lower.as_bytes().get(at));
        let begins = before.is_none_or(|byte| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\''));
        if let Some(value) = after.strip_prefix('=').filter(|_| begins) {
            let value = value.trim_start();
            return match value.chars().next() {
                Some(quote @ ('"' | '\'')) => value.get(1..)?.split(quote).next(),
                _ => value.split([' ', '\t', '\n', '\r', '>']).next(),
            };
        }
        from = at + name.len();
    }
    None
}

/// `text` with its character references put in as characters: those by number, and the few by name that text needs. Others
/// stay as they are.
#[must_use]
pub fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, tail) = rest.split_at(at);
        out.push_str(before);
        let end = tail.bytes().take(LONGEST).position(|byte| byte == b';');
        let (c, after) = end
            .and_then(|end| Some((reference(tail.get(1..end)?)?, end + 1)))
            .unwrap_or(('&', 1));
        out.push(c);
        rest = tail.get(after..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// Longest reference that is looked for, in bytes.
const LONGEST: usize = 12;

fn reference(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let (digits, radix) = match number.strip_prefix(['x', 'X']) {
            Some(digits) => (digits, 16),
            None => (number, 10),
        };
        // `from_str_radix` would take a sign.
        let right = digits.chars().all(|c| c.is_digit(radix));
        return char::from_u32(u32::from_str_radix(digits, radix).ok().filter(|_| right)?);
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "commat" => '@',
        "period" => '.',
        "le" => '≤',
        "ge" => '≥',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "copy" => '©',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        "check" => '✓',
        "cross" => '✗',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_become_characters_and_what_is_none_stays() {
        assert_eq!(decoded("a&#64;b &amp; &nope; &#x2705;"), "a@b & &nope; ✅");
        assert_eq!(
            decoded("&unknown; & &#xffffffff; &#+65; &#;"),
            "&unknown; & &#xffffffff; &#+65; &#;"
        );
        assert_eq!(decoded("&amp;lt;"), "&lt;", "once, not twice");
        assert_eq!(decoded("&é;&"), "&é;&");
    }

    #[test]
    fn attributes_as_written() {
        assert_eq!(attribute(" class=x href='a.md'", "href"), Some("a.md"));
        assert_eq!(attribute(" HREF = \"a b\"", "href"), Some("a b"));
        assert_eq!(attribute(" data-href='x' href=y>", "href"), Some("y"));
        assert_eq!(attribute(" hrefs='x'", "href"), None);
        assert_eq!(attribute("", "href"), None);
    }
}
