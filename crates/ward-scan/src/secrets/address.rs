//! Addresses with a user and a password: `postgres://user:password@host/db`.

use std::ops::Range;

use ward_evidence::Severity;

use super::{
    generic::values::is_weak_word,
    kinds,
    page::{Candidate, Certainty, Page},
    placeholder::{is_reference, placeholder},
    rarity::{is_random, is_unwordlike, surprisal},
};

/// Longest user and password.
const LONGEST: usize = 256;

/// The password in the address whose `://` is `at`, if there is one.
pub(crate) fn find(page: &Page<'_>, at: Range<usize>) -> Option<Candidate> {
    let rest = page
        .text
        .get(at.end..at.end.saturating_add(LONGEST).min(page.text.len()))?;
    let stop = rest.iter().position(|byte| {
        byte.is_ascii_whitespace()
            || matches!(
                byte,
                b'/' | b'?' | b'"' | b'\'' | b'<' | b'>' | b'`' | b'\\' | b',' | b'|' | b'(' | b')'
            )
    });
    // A password may hold `/`, `?` and `#` that should have been escaped; browsers and drivers differ, so only what all
    // take is taken.
    let authority = rest.get(..stop.unwrap_or(rest.len()))?;
    let end = memchr::memrchr(b'@', authority)?;
    let colon = memchr::memchr(b':', authority.get(..end)?)?;
    let scheme_start = page
        .text
        .get(at.start.saturating_sub(24)..at.start)?
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
        .count();
    let scheme = str::from_utf8(page.get(at.start - scheme_start..at.start))
        .ok()?
        .to_ascii_lowercase();
    let user = str::from_utf8(authority.get(..colon)?).ok()?;
    let password = str::from_utf8(authority.get(colon + 1..end)?).ok()?;
    let host = str::from_utf8(authority.get(end + 1..)?).ok()?;
    if scheme.is_empty() || password.len() < 3 || host.is_empty() || password.chars().any(char::is_control) {
        return None;
    }
    let said = |text: &str| {
        placeholder(text).is_some()
            || is_reference(text)
            || text.contains(['{', '}', '$', '*', '[', ']', '%']) && text.contains(['{', '}', '*', '[', ']', '$'])
    };
    if said(password) || said(user) || is_weak_word(password) || password.eq_ignore_ascii_case(user) {
        return None;
    }
    let host_name = host.split(':').next().unwrap_or_default().to_ascii_lowercase();
    let reserved = [
        "example.com",
        "example.org",
        "example.net",
        "example",
        "test",
        "invalid",
        "host",
        "hostname",
        "server",
        "domain.com",
        "domain",
        "myhost",
        "proxy",
        "proxy.com",
    ]
    .iter()
    .any(|end| host_name == *end || host_name.strip_suffix(end).is_some_and(|before| before.ends_with('.')));
    let strong = is_random(password.as_bytes()) || is_unwordlike(password.as_bytes());
    let local = matches!(
        host_name.as_str(),
        "localhost" | "127.0.0.1" | "0.0.0.0" | "::1" | "host.docker.internal"
    ) || !host_name.contains('.');
    if reserved && !is_random(password.as_bytes()) {
        return None;
    }
    let doubtful = page.place.is_doubtful();
    if doubtful && !(is_random(password.as_bytes()) && password.len() >= 12) {
        return None;
    }
    // `user:wordlike@localhost` stands in every compose file and docstring.
    if !strong && (local || !page.bare && surprisal(password.as_bytes()) < 4.6) {
        return None;
    }
    let start = at.end + colon + 1;
    let span = start..start + password.len();
    let mut candidate = Candidate::new(&kinds::ADDRESS, span, Certainty::Shape);
    if local {
        candidate = candidate
            .at_most(Severity::Low)
            .note("the host is this machine or a name without a domain");
    }
    Some(candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: bool) {
        let page = Page::of_file("app.env", "app.env", text.as_bytes());
        let at = text.find("://").unwrap();
        assert_eq!(find(&page, at..at + 3).is_some(), expect, "{text}");
    }

    #[test]
    fn passwords_in_addresses() {
        check(concat!("postgres://app:", "s3cr3tK3y@db.acme.io/x"), true);
        check(
            concat!("mongodb+srv://app:", "Xk29fQpLm2@cluster0.ab1.mongodb.net"),
            true,
        );
        check("postgres://user:password@localhost/x", false);
        check("postgres://user:${PASS}@db.acme.io/x", false);
        check("https://acme.io:8080/x@y", false);
        check("https://user@acme.io/", false);
        check("redis://:pass@redis:6379", false);
        check("http://user:pass@example.com/", false);
    }
}
