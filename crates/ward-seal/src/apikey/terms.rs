//! On what terms a key is made: who may hold it, where, for what and until when.

use super::KeyRecord;
use crate::{Error, ErrorKind};

/// Most scopes, and most purposes, of one key.
const MAX_WORDS: usize = 32;
/// Most characters of an owner and of a reason.
const MAX_TEXT: usize = 200;

/// What a key is to be. The crate checks forms only: which roles, scopes and purposes there are is known to whoever
/// makes keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyTerms {
    /// What its holder is: 1 to 32 lower-case letters, digits and `-`.
    pub role: String,
    /// Who holds it: up to 200 characters, none of them a control character.
    pub owner: String,
    /// From when on it is refused, milliseconds since 1970 UTC.
    pub expires_unix_ms: Option<u64>,
    /// The environment it is for, a word like a role; none is any.
    pub environment: Option<String>,
    /// What it may do of what its role may, words like a role; empty is all of it.
    pub scopes: Vec<String>,
    /// The purposes it may be used for, words like a role; empty is any.
    pub purposes: Vec<String>,
    /// Why it is made: 1 to 200 characters, none of them a control character.
    pub reason: Option<String>,
}

impl KeyTerms {
    /// A key of this role that does not end and may do all that the role may.
    #[must_use]
    pub fn new(role: &str, owner: &str) -> Self {
        Self {
            role: role.to_owned(),
            owner: owner.to_owned(),
            expires_unix_ms: None,
            environment: None,
            scopes: Vec::new(),
            purposes: Vec::new(),
            reason: None,
        }
    }

    /// The terms of a key there is, to end at this time.
    pub(super) fn of(record: &KeyRecord, expires_unix_ms: Option<u64>) -> Self {
        Self {
            role: record.role.clone(),
            owner: record.owner.clone(),
            expires_unix_ms,
            environment: record.environment.clone(),
            scopes: record.scopes.clone(),
            purposes: record.purposes.clone(),
            reason: record.reason.clone(),
        }
    }

    /// Whether every part has its form.
    pub(super) fn check(&self) -> Result<(), Error> {
        let wrong = |what| Err(Error::new(ErrorKind::Argument, what));
        if !is_word(&self.role) {
            return wrong("a role is 1 to 32 lower-case letters, digits or `-`");
        }
        if !is_text(&self.owner) {
            return wrong("an owner is up to 200 characters without control characters");
        }
        if self.environment.as_deref().is_some_and(|word| !is_word(word)) {
            return wrong("an environment is 1 to 32 lower-case letters, digits or `-`");
        }
        for words in [&self.scopes, &self.purposes] {
            if words.len() > MAX_WORDS || !words.iter().all(|word| is_word(word)) {
                return wrong("scopes and purposes are up to 32 words of 1 to 32 lower-case letters, digits or `-`");
            }
        }
        if self
            .reason
            .as_deref()
            .is_some_and(|reason| reason.trim().is_empty() || !is_text(reason))
        {
            return wrong("a reason is 1 to 200 characters without control characters");
        }
        Ok(())
    }

    /// The record of a key made now on these terms.
    pub(super) fn record(&self, id: String, replaces: Option<String>, now_unix_ms: u64) -> KeyRecord {
        KeyRecord {
            id,
            role: self.role.clone(),
            owner: self.owner.clone(),
            created_unix_ms: now_unix_ms,
            expires_unix_ms: self.expires_unix_ms,
            revoked_unix_ms: None,
            environment: self.environment.clone(),
            scopes: self.scopes.clone(),
            purposes: self.purposes.clone(),
            reason: self.reason.clone(),
            replaces,
        }
    }
}

fn is_word(text: &str) -> bool {
    (1..=32).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn is_text(text: &str) -> bool {
    text.chars().count() <= MAX_TEXT && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_has_its_form() {
        let good = KeyTerms::new("clinician", "ward 4");
        assert!(good.check().is_ok());
        let long = "a".repeat(33);
        let text = "a".repeat(201);
        let bad: Vec<fn(&mut KeyTerms, &str)> = vec![
            |terms, word| terms.role = word.to_owned(),
            |terms, word| terms.environment = Some(word.to_owned()),
            |terms, word| terms.scopes = vec![word.to_owned()],
            |terms, word| terms.purposes = vec!["treatment".to_owned(), word.to_owned()],
        ];
        for set in bad {
            for word in ["", "A", "a b", "\u{e9}", &long] {
                let mut terms = good.clone();
                set(&mut terms, word);
                assert_eq!(terms.check().unwrap_err().kind(), ErrorKind::Argument);
            }
        }
        for reason in ["", "  ", "a\nb", &text] {
            let mut terms = good.clone();
            terms.reason = Some(reason.to_owned());
            assert_eq!(terms.check().unwrap_err().kind(), ErrorKind::Argument);
        }
        let mut many = good.clone();
        many.scopes = vec!["ask".to_owned(); 33];
        assert!(many.check().is_err());
    }
}
