//! From a rule's shape to the places in a text.

use std::ops::Range;

use regex::bytes::{Regex, RegexBuilder};

use super::{
    entropy::shannon,
    placeholder::placeholder,
    rule::{SecretRule, Shape, Verdict},
};

/// A rule whose pattern is ready to run.
pub struct Compiled {
    rule: &'static SecretRule,
    regex: Regex,
    bounded: bool,
}

/// What a rule found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The bytes of the secret in the text.
    pub span: Range<usize>,
    /// What its structure proves.
    pub verdict: Verdict,
}

impl Compiled {
    /// Compiles `rule`.
    ///
    /// # Errors
    /// The pattern is wrong or too large.
    pub fn new(rule: &'static SecretRule) -> Result<Self, regex::Error> {
        let (pattern, bounded) = match rule.shape {
            Shape::Token(pattern) => (pattern.to_owned(), true),
            Shape::Text(pattern) => (pattern.to_owned(), false),
            Shape::Named { name, value } => (
                format!(
                    r#"(?i:{name})[0-9A-Za-z_ .\-]{{0,30}}?["'`\])\\]{{0,3}}\s{{0,3}}(?:=>|:=|\?=|=|:|,|\(|>|\s)[\s"'`(=>\\\[]{{0,6}}(?i:(?:bearer|basic|token|apikey|key)\s{{1,3}})?(?P<secret>{value})"#
                ),
                true,
            ),
        };
        let regex = RegexBuilder::new(&pattern).unicode(false).size_limit(1 << 20).build()?;
        Ok(Self { rule, regex, bounded })
    }

    /// The credentials of this rule in `text`, in order: matched, checked, rare enough, and no placeholders.
    pub fn confirmed<'t>(&'t self, text: &'t [u8]) -> impl Iterator<Item = Hit> + 't {
        self.regex.captures_iter(text).filter_map(move |groups| {
            let secret = groups.name("secret").or_else(|| groups.get(0))?;
            let span = secret.range();
            if self.bounded && !(starts(text, span.start) && ends(text, span.end)) {
                return None;
            }
            let value = str::from_utf8(secret.as_bytes()).ok()?;
            let verdict = (self.rule.check)(value);
            let proven = verdict == Verdict::Proven;
            if verdict == Verdict::Wrong
                || (!proven && (shannon(value.as_bytes()) < self.rule.min_entropy || placeholder(value).is_some()))
            {
                return None;
            }
            Some(Hit { span, verdict })
        })
    }
}

/// Whether a token may start at `at`: no letter, digit or `_` before it, apart from an escape (`\n`, `%3D`, `\u003d`).
fn starts(text: &[u8], at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    match before {
        [] => true,
        [.., b'\\', b'n' | b't' | b'r' | b'b' | b'f'] => true,
        [.., b'%', high, low] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => true,
        [.., b'\\', b'u', a, b, c, d] if [a, b, c, d].iter().all(|x| x.is_ascii_hexdigit()) => true,
        [.., last] => !last.is_ascii_alphanumeric() && *last != b'_',
    }
}

/// Whether a token may end at `at`.
fn ends(text: &[u8], at: usize) -> bool {
    text.get(at)
        .is_none_or(|next| !next.is_ascii_alphanumeric() && *next != b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boundaries_know_escapes() {
        for (text, at, expect) in [
            ("x", 0, true),
            ("ax", 1, false),
            ("\\nx", 2, true),
            ("%3Dx", 3, true),
            ("%3gx", 3, false),
            ("_x", 1, false),
            ("\"x", 1, true),
        ] {
            assert_eq!(starts(text.as_bytes(), at), expect, "{text}");
        }
        assert!(ends(b"x", 1) && ends(b"x-", 1) && !ends(b"xa", 1) && !ends(b"x_", 1));
    }
}
