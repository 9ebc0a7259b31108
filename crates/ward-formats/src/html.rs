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
        let (c, length) = reference(tail).unwrap_or(('&', 1));
        out.push(c);
        rest = tail.get(length..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// Longest name of a reference, in bytes.
const LONGEST: usize = 12;

/// The names that HTML gives the characters from U+00A0 on, in their order.
const LATIN: &str = "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 \
    sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml \
    Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml \
    times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave \
    eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute \
    ucirc uuml yacute thorn yuml";

/// The character reference that `text` begins with, and its length in bytes. A blank that does not break is a blank.
#[must_use]
pub fn reference(text: &str) -> Option<(char, usize)> {
    let body = text.strip_prefix('&')?;
    let end = body.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let name = body.get(..end)?;
    let c = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "zwj" => '\u{200d}',
        "zwnj" => '\u{200c}',
        "commat" => '@',
        "period" => '.',
        "le" => '≤',
        "ge" => '≥',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        "check" => '✓',
        "cross" => '✗',
        _ => char::from_u32(match name.strip_prefix('#') {
            Some(number) => numbered(number)?,
            None => 0xa0 + u32::try_from(LATIN.split(' ').position(|latin| latin == name)?).ok()?,
        })?,
    };
    Some((c, end + 2))
}

/// What stands after the `#` of a reference by number.
fn numbered(text: &str) -> Option<u32> {
    let (digits, radix) = match text.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16),
        None => (text, 10),
    };
    // `from_str_radix` would take a sign.
    let right = digits.chars().all(|c| c.is_digit(radix));
    u32::from_str_radix(digits, radix).ok().filter(|_| right)
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
        assert_eq!(LATIN.split(' ').count(), 96);
        assert_eq!(decoded("M&uuml;ller&nbsp;&yuml;&copy;"), "Müller ÿ©");
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
