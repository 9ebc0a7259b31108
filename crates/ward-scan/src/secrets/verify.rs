//! Whether a provider still accepts a token: what to ask whom, and what the answer means. Nothing here asks anybody.
//!
//! Every question reads who the token belongs to or what it may do, and changes nothing. It goes to the provider's own
//! address and nowhere else; tokens of servers that people run themselves (GitLab, for one) are asked about nowhere, since
//! nobody can say which server is theirs.

/// A question to a provider: one GET request.
#[derive(Clone, Copy)]
pub struct Question<'s> {
    /// The address.
    pub url: &'static str,
    /// The header that carries the token: its name, what stands before the token, and the token.
    pub header: (&'static str, &'static str, &'s str),
    /// Another header that the provider wants, if any.
    pub also: Option<(&'static str, &'static str)>,
    known: &'static Known,
}

/// What a provider says of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It accepts it.
    Accepted,
    /// It does not: the token was taken back, or never was one.
    Refused,
    /// Its answer says neither.
    Unclear,
}

struct Known {
    rules: &'static [&'static str],
    url: &'static str,
    header: (&'static str, &'static str),
    also: Option<(&'static str, &'static str)>,
    /// What stands in the body of a status of 200 when the token is not accepted after all.
    refuses: Option<&'static str>,
}

const BEARER: (&str, &str) = ("authorization", "Bearer ");

const fn known(rules: &'static [&'static str], url: &'static str, header: (&'static str, &'static str)) -> Known {
    Known {
        rules,
        url,
        header,
        also: None,
        refuses: None,
    }
}

/// One line a provider: the rules whose tokens it issues, and where its documentation says that a token can be asked about.
static PROVIDERS: &[Known] = &[
    // REST API, *Get the authenticated user*.
    known(
        &["secrets/github-token", "secrets/github-fine-grained-token"],
        "https://api.github.com/user",
        BEARER,
    ),
    // Hub API, *whoami-v2*.
    known(
        &["secrets/huggingface-token"],
        "https://huggingface.co/api/whoami-v2",
        BEARER,
    ),
    // API reference, *List models*.
    known(&["secrets/openai-key"], "https://api.openai.com/v1/models", BEARER),
    // API reference, *List models*.
    Known {
        also: Some(("anthropic-version", "2023-06-01")),
        ..known(
            &["secrets/anthropic-key"],
            "https://api.anthropic.com/v1/models",
            ("x-api-key", ""),
        )
    },
    // Web API, *auth.test*: status 200 in both cases.
    Known {
        refuses: Some("\"ok\":false"),
        ..known(
            &["secrets/slack-bot-token", "secrets/slack-user-token"],
            "https://slack.com/api/auth.test",
            BEARER,
        )
    },
    // API reference, *Retrieve balance*.
    known(
        &["secrets/stripe-secret-key", "secrets/stripe-test-key"],
        "https://api.stripe.com/v1/balance",
        BEARER,
    ),
    // Registry API, *whoami*.
    known(&["secrets/npm-token"], "https://registry.npmjs.org/-/whoami", BEARER),
    // HTTP API, *account.get*.
    known(
        &["secrets/replicate-token"],
        "https://api.replicate.com/v1/account",
        BEARER,
    ),
    // API reference, *Retrieve a list of scopes*.
    known(&["secrets/sendgrid-key"], "https://api.sendgrid.com/v3/scopes", BEARER),
    // API reference, *Get user information*.
    known(
        &["secrets/digitalocean-token"],
        "https://api.digitalocean.com/v2/account",
        BEARER,
    ),
];

/// The question about a token that a rule found. None where there is nobody to ask, or the value is none that can stand in a
/// header.
#[must_use]
pub fn question<'s>(rule: &str, value: &'s [u8]) -> Option<Question<'s>> {
    let known = PROVIDERS.iter().find(|one| one.rules.contains(&rule))?;
    let token = std::str::from_utf8(value).ok()?.trim();
    let plain = (8..=512).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_graphic());
    plain.then_some(Question {
        url: known.url,
        header: (known.header.0, known.header.1, token),
        also: known.also,
        known,
    })
}

impl Question<'_> {
    /// What an answer means: its status, and the beginning of its body.
    #[must_use]
    pub fn judge(&self, status: u16, body: &[u8]) -> Verdict {
        let refused = || {
            let text: String = String::from_utf8_lossy(body).split_ascii_whitespace().collect();
            self.known.refuses.is_some_and(|words| text.contains(words))
        };
        match status {
            200 if refused() => Verdict::Refused,
            200 => Verdict::Accepted,
            401 => Verdict::Refused,
            // 403 may mean that the token is good and may not do this.
            _ => Verdict::Unclear,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine;

    #[test]
    fn every_question_is_about_a_rule_and_goes_to_its_provider() {
        for one in PROVIDERS {
            assert!(one.url.starts_with("https://"));
            for rule in one.rules {
                assert!(engine::rule(rule).is_some(), "{rule}");
                assert!(question(rule, b"abcdefgh-12345678").is_some());
            }
        }
        assert!(question("secrets/gitlab-pat", b"abcdefgh").is_none());
        for bad in [
            &b"a\r\nHost: b.example"[..],
            b"short",
            b"\xff\xff\xff\xff\xff\xff\xff\xff\xff",
        ] {
            assert!(question("secrets/openai-key", bad).is_none());
        }
    }

    #[test]
    fn answers_are_understood() {
        let github = question("secrets/github-token", b"abcdefgh").unwrap();
        let slack = question("secrets/slack-bot-token", b"abcdefgh").unwrap();
        for (question, status, body, expect) in [
            (github, 200, "{}", Verdict::Accepted),
            (github, 401, "", Verdict::Refused),
            (github, 403, "", Verdict::Unclear),
            (github, 500, "", Verdict::Unclear),
            (slack, 200, "{\"ok\": true}", Verdict::Accepted),
            (
                slack,
                200,
                "{\"ok\": false, \"error\": \"invalid_auth\"}",
                Verdict::Refused,
            ),
        ] {
            assert_eq!(question.judge(status, body.as_bytes()), expect, "{status} {body}");
        }
    }
}
