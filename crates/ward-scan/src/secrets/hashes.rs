//! Hashes of passwords.

use std::{ops::Range, sync::LazyLock};

use regex::bytes::{Regex, RegexBuilder};
use ward_evidence::Severity;

use super::{
    kinds,
    page::{Candidate, Certainty, Page},
};

/// One pattern for all: anchored where a keyword was found.
static PATTERN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let pattern = concat!(
        r"\A(?:",
        r"(?P<bcrypt>\$2[abxy]\$[0-3][0-9]\$[./A-Za-z0-9]{53})",
        r"|(?P<strong>\$(?:5|6)\$(?:rounds=[0-9]{1,9}\$)?[^\s:$'\x22]{1,16}\$[./A-Za-z0-9]{43,86}",
        r"|\$(?:y|7)\$[./A-Za-z0-9]{1,12}\$[./A-Za-z0-9]{0,86}\$[./A-Za-z0-9]{43}",
        r"|\$argon2(?:id|i|d)\$(?:v=[0-9]{1,3}\$)?m=[0-9]{1,9},t=[0-9]{1,9},p=[0-9]{1,4}\$[A-Za-z0-9+/]{8,86}\$[A-Za-z0-9+/]{16,172}",
        r"|pbkdf2_sha(?:1|256|512)\$[0-9]{1,9}\$[A-Za-z0-9]{1,64}\$[A-Za-z0-9+/]{20,90}={0,2}",
        r"|\$pbkdf2(?:-sha(?:1|256|512))?\$[0-9]{1,9}\$[A-Za-z0-9./]{1,86}\$[A-Za-z0-9./]{20,90}",
        r"|\$scrypt\$ln=[0-9]{1,2},r=[0-9]{1,3},p=[0-9]{1,3}\$[A-Za-z0-9+/]{8,86}\$[A-Za-z0-9+/]{20,90})",
        r"|(?P<weak>\$1\$[^\s:$'\x22]{0,8}\$[./A-Za-z0-9]{22}",
        r"|\$apr1\$[^\s:$'\x22]{0,8}\$[./A-Za-z0-9]{22}",
        r"|\$sha1\$[0-9]{1,9}\$[./A-Za-z0-9]{1,64}\$[./A-Za-z0-9]{28}",
        r"|\$[PH]\$[./A-Za-z0-9]{31}",
        r"|\{SHA\}[A-Za-z0-9+/]{27}=|\{MD5\}[A-Za-z0-9+/]{22}==",
        r"|\{SSHA(?:256|384|512)?\}[A-Za-z0-9+/]{32,128}={0,2})",
        r")"
    );
    RegexBuilder::new(pattern)
        .unicode(false)
        .size_limit(4 << 20)
        .build()
        .ok()
});

/// The hash that starts at `at`, if it is one.
pub(crate) fn find(page: &Page<'_>, at: Range<usize>) -> Option<Candidate> {
    let rest = page
        .text
        .get(at.start..at.start.saturating_add(512).min(page.text.len()))?;
    let groups = PATTERN.as_ref()?.captures(rest)?;
    let whole = groups.get(0)?;
    let span = at.start..at.start + whole.end();
    let next = page.text.get(span.end).copied().unwrap_or(b' ');
    if next.is_ascii_alphanumeric()
        || matches!(next, b'.' | b'/') && page.text.get(span.end + 1).is_some_and(u8::is_ascii_alphanumeric)
    {
        return None;
    }
    let body = whole.as_bytes().rsplit(|byte| matches!(byte, b'$' | b'}')).next()?;
    if super::entropy::shannon(body) < 3.0 {
        return None;
    }
    let note = if groups.name("weak").is_some() {
        "an old scheme that is tried quickly"
    } else {
        "a scheme that is slow to try"
    };
    let mut candidate = Candidate::new(&kinds::HASH, span, Certainty::Shape).note(note);
    if page.place.is_doubtful() {
        candidate = candidate.at_most(Severity::Low);
    }
    Some(candidate)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::sample::Dice;

    #[test]
    fn hashes_of_every_scheme() {
        let mut dice = Dice::new(5);
        for (pattern, expect) in [
            ("$2y$10$<<b62:53>>", true),
            ("$2y$10$<<b62:52>>", false),
            ("$2y$10$<<b62:54>>", false),
            ("$6$<<b62:8>>$<<b62:86>>", true),
            ("$1$<<b62:8>>$<<b62:22>>:", true),
            ("$apr1$<<b62:8>>$<<b62:22>>", true),
            ("$argon2id$v=19$m=65536,t=3,p=4$<<b62:22>>$<<b62:43>>", true),
            ("pbkdf2_sha256$260000$<<b62:22>>$<<b62:43>>=", true),
            ("{SSHA}<<b62:32>>", true),
            ("{SHA}<<b62:27>>=", true),
            ("$1$2", false),
            ("$6$ per month", false),
            ("$P$B<<b62:30>>", true),
        ] {
            let text = dice.fill(pattern).unwrap();
            let page = Page::of_file("x", "x", text.as_bytes());
            assert_eq!(find(&page, 0..3).is_some(), expect, "{text}");
        }
    }
}
