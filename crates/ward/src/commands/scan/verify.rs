//! `ward scan --verify`: tokens are asked about, each once, at their own provider.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use ward_scan::scan::Ask;
use ward_seal::hash;
use ward_serve::fetch::{self, FetchError, Limits};

use crate::terminal;

/// Most tokens that are asked about in one scan.
const MOST: usize = 200;
/// What one answer may cost.
const LIMITS: Limits = Limits {
    bytes: 64 << 10,
    silence: Duration::from_secs(10),
};

type Answer = Result<(u16, Vec<u8>), &'static str>;
type Fetched = Result<(u16, Vec<u8>), FetchError>;

/// Asks each provider about each token once.
pub(super) fn asker() -> Ask {
    terminal::note("tokens that are found are sent to their providers, to ask whether they are still accepted");
    by(|url, headers| fetch::ask(url, headers, LIMITS))
}

/// What was answered. The tokens themselves are not kept, only their hashes.
#[derive(Default)]
struct Answers {
    given: HashMap<[u8; 32], Answer>,
    /// Providers that could not be reached or were silent: they are not waited for again.
    out_of_reach: HashMap<&'static str, &'static str>,
}

fn by(fetch: impl Fn(&str, &[(&str, &str)]) -> Fetched + Send + Sync + 'static) -> Ask {
    let answers: Mutex<Answers> = Mutex::default();
    Box::new(move |question| {
        let (name, lead, token) = question.header;
        let key = hash::sha256_parts(&[question.url.as_bytes(), b"\0", token.as_bytes()]);
        // One after the other: providers count requests.
        let mut answers = answers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = answers.given.get(&key) {
            return known.clone();
        }
        if let Some(why) = answers.out_of_reach.get(question.url) {
            return Err(why);
        }
        if answers.given.len() >= MOST {
            return Err("200 tokens were asked about already");
        }
        let value = format!("{lead}{token}");
        let mut headers = vec![(name, value.as_str())];
        headers.extend(question.also);
        let answer = fetch(question.url, &headers).map_err(|error| match error {
            FetchError::Silent => (true, "it was silent for too long"),
            FetchError::Certificates => (true, "this system has no certificates to check it with"),
            FetchError::Unreachable => (true, "it cannot be reached"),
            _ => (false, "its answer was none"),
        });
        if let Err((true, why)) = answer {
            answers.out_of_reach.insert(question.url, why);
        }
        let answer = answer.map_err(|(_, why)| why);
        answers.given.insert(key, answer.clone());
        answer
    })
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use ward_scan::secrets::verify::question;

    use super::*;

    /// What is said of tokens, and how often somebody was asked.
    fn said(of: &[(&str, &str)], answer: fn() -> Fetched) -> (Vec<Answer>, usize) {
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        let ask = by(move |_, _| {
            count.fetch_add(1, Ordering::Relaxed);
            answer()
        });
        let said = of
            .iter()
            .filter_map(|(rule, token)| question(rule, token.as_bytes()).map(&ask))
            .collect();
        (said, asked.load(Ordering::Relaxed))
    }

    #[test]
    fn each_token_is_asked_about_once_and_nobody_is_waited_for_twice() {
        let tokens = [
            ("secrets/github-token", "token-of-one"),
            ("secrets/github-token", "token-of-another"),
            ("secrets/github-token", "token-of-one"),
            ("secrets/npm-token", "token-of-one"),
        ];
        let (said, asked) = self::said(&tokens, || Ok((200, Vec::new())));
        assert_eq!((said.iter().filter(|one| one.is_ok()).count(), asked), (4, 3));
        let (said, asked) = self::said(&tokens, || Err(FetchError::Silent));
        assert_eq!((said.iter().filter(|one| one.is_err()).count(), asked), (4, 2));
        let (said, asked) = self::said(&tokens, || Err(FetchError::Unreachable));
        assert_eq!((said.first(), asked), (Some(&Err("it cannot be reached")), 2));
        // A broken answer says nothing of the next.
        let (said, asked) = self::said(&tokens, || Err(FetchError::Broken));
        assert_eq!((said.len(), asked), (4, 3));
    }
}
