//! JSON web tokens, decoded (RFC 7519, RFC 7515).

use std::ops::Range;

use data_encoding::BASE64URL_NOPAD;
use ward_evidence::Severity;

use super::{
    kinds,
    page::{Candidate, Certainty, Page},
    pattern::starts,
};

/// Longest token that is read.
const LONGEST: usize = 16 << 10;

/// The token that starts with the `eyJ` at `at`, if it is one with a signature.
pub(crate) fn find(page: &Page<'_>, at: Range<usize>, done: &mut usize) -> Option<Candidate> {
    // The keyword was found without regard to case.
    if at.start < *done || !page.get(at.clone()).starts_with(b"eyJ") || !starts(page.text, at.start) {
        return None;
    }
    let rest = page
        .text
        .get(at.start..at.start.saturating_add(LONGEST).min(page.text.len()))?;
    let length = rest
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
        .count();
    *done = at.start + length;
    let token = str::from_utf8(rest.get(..length)?).ok()?.trim_end_matches('.');
    let mut parts = token.split('.');
    let (header, claims, signature) = (parts.next()?, parts.next()?, parts.next().unwrap_or(""));
    if parts.next().is_some() || header.len() > 4096 {
        return None;
    }
    let header = object(header)?;
    let claims = object(claims)?;
    let algorithm = member(&header, "\"alg\"")?;
    if signature.len() < 16 {
        // Unsigned tokens (`alg: none`) open nothing that checks them.
        return None;
    }
    let mut candidate = Candidate::new(&kinds::JWT, at.start..at.start + token.len(), Certainty::Shape);
    candidate.shown = 3;
    let ends = claims.contains("\"exp\"");
    // The token on the front page of the standard's best known site, and the like of it.
    let textbook = claims.contains("\"1234567890\"")
        || claims.contains("John Doe")
        || claims.contains("\"payload\"")
        || claims.contains("\"1516239022\"")
        || claims.contains("1300819380");
    if textbook {
        return None;
    }
    let role = ["service_role", "\"admin\"", "\"root\""]
        .iter()
        .any(|word| claims.contains(word));
    if role {
        candidate.severity = Severity::Critical;
    } else if claims.contains("\"anon\"") && claims.contains("supabase") {
        candidate = candidate.at_most(Severity::Low);
    }
    let algorithm = match algorithm.as_str() {
        "HS256" | "HS384" | "HS512" => "signed with a shared secret",
        "none" => "not signed",
        _ => "signed with a key pair",
    };
    let end = if ends { "it has an end" } else { "it has no end" };
    Some(candidate.note(format!("{algorithm}; {end}")))
}

fn object(part: &str) -> Option<String> {
    let text = String::from_utf8(BASE64URL_NOPAD.decode(part.as_bytes()).ok()?).ok()?;
    (text.starts_with('{') && text.trim_end().ends_with('}')).then_some(text)
}

/// The string behind the first `name` in `json`.
fn member(json: &str, name: &str) -> Option<String> {
    let (_, rest) = json.split_once(name)?;
    let rest = rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    rest.split_once('"').map(|(value, _)| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(header: &str, claims: &str, signature: &str) -> String {
        format!(
            "{}.{}.{signature}",
            BASE64URL_NOPAD.encode(header.as_bytes()),
            BASE64URL_NOPAD.encode(claims.as_bytes())
        )
    }

    #[test]
    fn only_signed_tokens_that_decode() {
        let signature = "q8Zr1LwT0vXk29fQpLm2q8Zr1LwT0vXk29fQpLm2abc";
        for (text, expect) in [
            (token(r#"{"alg":"HS256"}"#, r#"{"sub":"7","exp":1}"#, signature), true),
            (
                token(
                    r#"{"alg":"HS256"}"#,
                    r#"{"sub":"1234567890","name":"John Doe"}"#,
                    signature,
                ),
                false,
            ),
            (token(r#"{"alg":"none"}"#, r#"{"sub":"7"}"#, ""), false),
            (token(r#"{"typ":"x"}"#, r#"{"sub":"7"}"#, signature), false),
            ("eyJabc.def.ghi".to_owned(), false),
        ] {
            let page = Page::of_file("x", "x", text.as_bytes());
            assert_eq!(find(&page, 0..3, &mut 0).is_some(), expect, "{text}");
        }
    }
}
