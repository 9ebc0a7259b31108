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

/// Asks each provider about each token once. The tokens themselves are not kept, only their hashes.
pub(super) fn asker() -> Ask {
    terminal::note("tokens that are found are sent to their providers, to ask whether they are still accepted");
    let answers: Mutex<HashMap<[u8; 32], Answer>> = Mutex::default();
    Box::new(move |question| {
        let (name, lead, token) = question.header;
        let key = hash::sha256_parts(&[question.url.as_bytes(), b"\0", token.as_bytes()]);
        // One after the other: providers count requests.
        let mut answers = answers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = answers.get(&key) {
            return known.clone();
        }
        if answers.len() >= MOST {
            return Err("200 tokens were asked about already");
        }
        let value = format!("{lead}{token}");
        let mut headers = vec![(name, value.as_str())];
        headers.extend(question.also);
        let answer = fetch::ask(question.url, &headers, LIMITS).map_err(|error| match error {
            FetchError::Silent => "it was silent for too long",
            FetchError::Certificates => "this system has no certificates to check it with",
            FetchError::Unreachable => "it cannot be reached",
            _ => "its answer was none",
        });
        answers.insert(key, answer.clone());
        answer
    })
}
