//! One rule's pattern: what is known of it at once, how it is compiled, and what it finds in a window of text.

use std::ops::Range;

use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::hir::{
    Hir,
    literal::{ExtractKind, Extractor},
};

use super::{
    entropy::shannon,
    placeholder::placeholder,
    rarity::is_random_token,
    rule::{SecretRule, Shape, Verdict},
};

/// What stands between a name and its value: more of the name, an assignment of any language, and perhaps the name of
/// an
/// argument or a member (`Acme(api_key="..")`, `"name": "ACME_KEY", "value": ".."`).
const ASSIGNED: &str = r#"[0-9A-Za-z_ .\-]{0,30}?["'`\])\\]{0,3}\s{0,3}(?:=>|::?=|\?{1,2}=|[+.]?=|[:,(>{]|\s)[\s"'`(=>\\\[|{:]{0,12}(?i:(?:bearer|basic|token|apikey|key)\s{1,3}|[a-z_]{0,12}(?:key|token|secret|value)["']?\s?[=:]\s?["']?)?"#;

/// What stands between a provider's address and a value that is sent to it on the same line: a header or a parameter.
const SENT: &str = r#"[^\n{};,]*?(?i:authorization|x-[a-z-]{0,20}(?:key|token)|[?&"'][a-z_-]{0,12}(?:key|token))["']?[:=]\s?["']?(?i:(?:bearer|basic|token|apikey|key)\s{1,3})?"#;

/// Names in one window that are tried.
const NAMES: usize = 16;
/// Longest name of a provider that may be a part of another word.
const LONG_NAME: usize = 6;

/// A rule whose pattern is ready to run.
pub struct Compiled {
    /// The rule.
    pub rule: &'static SecretRule,
    /// How many of a match's first characters are always the same.
    pub shown: usize,
    regex: Regex,
    bounded: bool,
    grouped: bool,
}

/// What is known of a rule before its pattern is compiled, which costs a hundred times as much.
pub(super) struct Outline {
    /// Every match starts with a keyword, so the pattern is tried only there.
    pub(super) anchored: bool,
    /// How many of a match's first characters are always the same.
    shown: usize,
    /// The least length of a secret, for shapes that are made of what [`is_solid`] says; otherwise 0.
    pub(super) least: usize,
    /// The secret stands behind a name.
    pub(super) named: bool,
    /// A match is the secret, and stands between boundaries.
    pub(super) bounded: bool,
}

impl Outline {
    /// Reads the pattern of `rule`.
    pub(super) fn of(rule: &SecretRule) -> Self {
        match rule.shape {
            Shape::Token(pattern) => {
                let (anchored, shown) = prefixes(pattern, rule.keywords);
                let whole = !pattern.contains("?P<secret>");
                Self {
                    anchored,
                    // What stands before a group is not part of the secret.
                    shown: if whole { shown } else { 0 },
                    least: if whole { least(pattern) } else { 0 },
                    named: false,
                    bounded: whole,
                }
            }
            Shape::Text(pattern) => {
                let (anchored, shown) = prefixes(pattern, rule.keywords);
                Self {
                    anchored,
                    shown: if pattern.contains("?P<secret>") { 0 } else { shown },
                    least: 0,
                    named: false,
                    bounded: false,
                }
            }
            Shape::Named { value, .. } => Self {
                anchored: false,
                shown: 0,
                least: least(value),
                named: true,
                bounded: false,
            },
        }
    }
}

/// The least length of what `pattern` matches.
fn least(pattern: &str) -> usize {
    parse(pattern)
        .and_then(|hir| hir.properties().minimum_len())
        .unwrap_or(0)
}

fn parse(pattern: &str) -> Option<Hir> {
    regex_syntax::ParserBuilder::new()
        .utf8(false)
        .unicode(false)
        .build()
        .parse(pattern)
        .ok()
}

/// Whether tokens may hold `byte`: neither white space, nor quotes, nor what separates values in every language.
pub(super) fn is_solid(byte: u8) -> bool {
    byte > b' ' && !matches!(byte, b'"' | b'\'' | b'`' | b'<' | b'>' | b'(' | b')' | 0x7f)
}

/// Whether `text` has `least` solid bytes in a row. Looks at every `least`th byte first.
pub(super) fn has_run(text: &[u8], least: usize) -> bool {
    if least == 0 {
        return true;
    }
    let (mut done, mut probe) = (0, least - 1);
    while let Some(&byte) = text.get(probe) {
        if is_solid(byte) {
            let before = text.get(done..probe).unwrap_or_default();
            let start = probe - before.iter().rev().take_while(|byte| is_solid(**byte)).count();
            let after = text
                .get(probe..start.saturating_add(least).min(text.len()))
                .unwrap_or_default();
            let end = probe + after.iter().take_while(|byte| is_solid(**byte)).count();
            if end - start >= least {
                return true;
            }
            done = end;
            probe = end + least;
        } else {
            probe += least;
        }
    }
    false
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
            Shape::Named { name, value } => (format!("(?i:{name})(?:{ASSIGNED}|{SENT})(?P<secret>{value})"), true),
        };
        let outline = Outline::of(rule);
        let pattern = if outline.anchored {
            format!(r"\A(?:{pattern})")
        } else {
            pattern
        };
        let regex = RegexBuilder::new(&pattern)
            .unicode(false)
            .size_limit(1 << 20)
            .dfa_size_limit(1 << 18)
            .build()?;
        let grouped = regex.capture_names().flatten().any(|name| name == "secret");
        Ok(Self {
            rule,
            shown: outline.shown,
            regex,
            bounded,
            grouped,
        })
    }

    /// The first match in `window` of `text`: the bytes it covers, and the secret if it stands up to the checks.
    pub(super) fn first(&self, text: &[u8], window: Range<usize>) -> Option<(Range<usize>, Option<Hit>)> {
        let mut window = window;
        // A name in the middle of a word is none; the next one may be.
        for _ in 0..NAMES {
            let (whole, hit) = self.next(text, window.clone())?;
            if !matches!(self.rule.shape, Shape::Named { .. }) || begins_name(text, whole.start, self.rule.keywords) {
                return Some((whole, hit));
            }
            window.start = whole.start + 1;
        }
        None
    }

    /// The first match in `window`, whatever stands around its name.
    fn next(&self, text: &[u8], window: Range<usize>) -> Option<(Range<usize>, Option<Hit>)> {
        let haystack = text.get(window.clone())?;
        let (whole, secret) = if self.grouped {
            let groups = self.regex.captures(haystack)?;
            let whole = groups.get(0)?.range();
            let secret = groups.name("secret").map_or(whole.clone(), |group| group.range());
            (whole, secret)
        } else {
            let whole = self.regex.find(haystack)?.range();
            (whole.clone(), whole)
        };
        let place = |span: Range<usize>| span.start + window.start..span.end + window.start;
        let span = place(secret);
        let hit = self.confirm(text, &span).map(|verdict| Hit { span, verdict });
        Some((place(whole), hit))
    }

    /// What the secret at `span` of `text` is worth, if it is one: bounded, checked, random enough, no placeholder.
    fn confirm(&self, text: &[u8], span: &Range<usize>) -> Option<Verdict> {
        if self.bounded && !(starts(text, span.start) && ends(text, span.end)) {
            return None;
        }
        let value = str::from_utf8(text.get(span.clone())?).ok()?;
        let verdict = (self.rule.check)(value);
        match verdict {
            Verdict::Wrong => return None,
            Verdict::Proven => return Some(verdict),
            Verdict::Plausible | Verdict::Weaker(..) => {}
        }
        let bytes = value.as_bytes();
        let named = matches!(self.rule.shape, Shape::Named { .. });
        let common =
            shannon(bytes) < self.rule.min_entropy || placeholder(value).is_some() || named && !is_random_token(bytes);
        let inside = self.bounded && in_blob(text, span);
        (!common && !inside).then_some(verdict)
    }
}

/// Whether the name of a provider may start at `at`: at the start of a word, at a hump (`myAcmeKey`), or anywhere when the
/// name is so long that it is no part of another word (`mygithub`). `rookTable` is no `okta`, and `sumOf` no `sumo`.
fn begins_name(text: &[u8], at: usize, keywords: &[&str]) -> bool {
    let length = keywords.iter().map(|keyword| keyword.len()).min().unwrap_or(0);
    if length > LONG_NAME {
        return true;
    }
    let name = text.get(at..at.saturating_add(length)).unwrap_or_default();
    let starts = match (at.checked_sub(1).and_then(|before| text.get(before)), name.first()) {
        (Some(before), Some(first)) if before.is_ascii_alphabetic() => {
            let escape = at >= 2 && text.get(at - 2) == Some(&b'\\');
            escape || before.is_ascii_lowercase() && first.is_ascii_uppercase()
        }
        _ => true,
    };
    let hump = name
        .windows(2)
        .skip(usize::from(length > 4) * length)
        .any(|pair| matches!(pair, [a, b] if a.is_ascii_lowercase() && b.is_ascii_uppercase()));
    starts && !hump
}

/// Whether every match of `pattern` starts with one of `keywords`, and how long the literal start of every match is.
fn prefixes(pattern: &str, keywords: &[&str]) -> (bool, usize) {
    let Some(hir) = parse(pattern) else {
        return (false, 0);
    };
    let sequence = Extractor::new().kind(ExtractKind::Prefix).extract(&hir);
    let Some(literals) = sequence.literals().filter(|literals| !literals.is_empty()) else {
        return (false, 0);
    };
    let starts_with_keyword = |literal: &[u8]| {
        let lower = literal.to_ascii_lowercase();
        keywords.iter().any(|keyword| lower.starts_with(keyword.as_bytes()))
    };
    // Or every keyword is the literal start of a match and more.
    let in_keyword = |literal: &[u8]| {
        let lower = literal.to_ascii_lowercase();
        keywords.iter().any(|keyword| keyword.as_bytes().starts_with(&lower))
    };
    let from_literal = |keyword: &&str| {
        literals
            .iter()
            .any(|literal| keyword.as_bytes().starts_with(&literal.as_bytes().to_ascii_lowercase()))
    };
    let anchored = literals.iter().all(|literal| starts_with_keyword(literal.as_bytes()))
        || literals
            .iter()
            .all(|literal| literal.as_bytes().len() >= 2 && in_keyword(literal.as_bytes()))
            && keywords.iter().all(from_literal);
    let shown = if anchored {
        literals.iter().map(|literal| literal.as_bytes().len()).min()
    } else {
        // Several literals may be the first characters of the secret itself.
        sequence.longest_common_prefix().map(<[u8]>::len)
    };
    (anchored, shown.unwrap_or(0))
}

/// Whether a token may start at `at`: no letter, digit or `_` before it, apart from an escape (`\n`, `%3D`, `\u003d`).
#[must_use]
pub fn starts(text: &[u8], at: usize) -> bool {
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
#[must_use]
pub fn ends(text: &[u8], at: usize) -> bool {
    text.get(at)
        .is_none_or(|next| !next.is_ascii_alphanumeric() && *next != b'_')
}

/// Whether `span` lies in a longer stretch of base64 with nothing around it but more of the same.
fn in_blob(text: &[u8], span: &Range<usize>) -> bool {
    const LONG: usize = 40;
    let before = text
        .get(span.start.saturating_sub(LONG)..span.start)
        .unwrap_or_default();
    let after = text
        .get(span.end..span.end.saturating_add(LONG).min(text.len()))
        .unwrap_or_default();
    let base64 = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let mixed = |bytes: &[u8]| {
        bytes.len() == LONG
            && bytes.iter().all(base64)
            && bytes.iter().any(u8::is_ascii_digit)
            && bytes.iter().any(u8::is_ascii_uppercase)
            && bytes.iter().any(u8::is_ascii_lowercase)
    };
    mixed(before) || mixed(after)
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

    #[test]
    fn patterns_that_start_with_their_keyword_are_anchored() {
        for (pattern, keywords, expect) in [
            (
                "gh[pousr]_[0-9A-Za-z]{36}",
                &["ghp_", "gho_", "ghu_", "ghs_", "ghr_"][..],
                (true, 4),
            ),
            ("gh[pousr]_[0-9A-Za-z]{36}", &["ghp_"][..], (false, 2)),
            ("[0-9]{3}acme_", &["acme_"][..], (false, 0)),
            ("https://hooks.acme.com/[a-z]{8}", &["hooks.acme.com"][..], (false, 23)),
            ("(?:acme_live|acme_test)_[a-z]{3}", &["acme_"][..], (true, 10)),
        ] {
            let (anchored, shown) = prefixes(pattern, keywords);
            assert_eq!(anchored, expect.0, "{pattern}");
            assert!(
                shown >= expect.1.min(4) && (expect.1 > 0 || shown == 0),
                "{pattern} {shown}"
            );
        }
    }

    #[test]
    fn names_begin_where_words_do() {
        for (text, at, keyword, expect) in [
            ("rookTable", 2, "okta", false),
            ("okta_token", 0, "okta", true),
            ("my_okta", 3, "okta", true),
            ("myOkta", 2, "okta", true),
            ("CameraKit", 2, "meraki", false),
            ("sumOfAll", 0, "sumo", false),
            ("SUMO_KEY", 0, "sumo", true),
            ("mygithubtoken", 2, "githubtoken", true),
            ("\\nokta", 2, "okta", true),
        ] {
            assert_eq!(begins_name(text.as_bytes(), at, &[keyword]), expect, "{text}");
        }
    }

    #[test]
    fn a_token_inside_a_longer_blob_is_none() {
        let blob = format!("{}/x", "aB3".repeat(20));
        assert!(in_blob(blob.as_bytes(), &(61..62)));
        assert!(!in_blob(b"https://example.com/path/to/x", &(28..29)));
    }

    #[test]
    fn runs_of_solid_bytes() {
        for (text, least, expect) in [
            ("", 1, false),
            ("abcd", 4, true),
            ("abc d", 4, false),
            ("ab cdefg", 5, true),
            ("a bcdef", 5, true),
            ("a 'bcde' f", 5, false),
            ("", 0, true),
        ] {
            assert_eq!(has_run(text.as_bytes(), least), expect, "{text:?} {least}");
        }
    }
}
