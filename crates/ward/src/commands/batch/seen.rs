//! What records were, in so many bytes: an interrupted run goes on only after the very records that it has done.

use std::borrow::Cow;

use ward_seal::hash::{self, sha256, sha256_parts};

/// What one record was: where it stands, and its bytes or why there were none.
pub(super) fn of(file: &str, number: u64, content: &Result<Cow<'_, [u8]>, String>) -> [u8; 32] {
    let (word, bytes) = match content {
        Ok(bytes) => (1u8, &**bytes),
        Err(why) => (0u8, why.as_bytes()),
    };
    let name = sha256(file.as_bytes());
    sha256_parts(&[&name, &number.to_be_bytes(), &[word], &sha256(bytes)])
}

/// What all records up to one were, in their order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Seen([u8; 32]);

impl Seen {
    /// And one more.
    pub(super) fn add(&mut self, one: &[u8; 32]) {
        self.0 = sha256_parts(&[&self.0, one]);
    }

    /// For the manifest.
    pub(super) fn hex(self) -> String {
        hash::hex(&self.0)
    }

    /// From the manifest.
    pub(super) fn of_hex(text: &str) -> Option<Self> {
        hash::unhex(text).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_record_order_or_reason_is_another_past() {
        let ok = |text: &'static str| Ok(Cow::Borrowed(text.as_bytes()));
        let past = |records: &[[u8; 32]]| {
            let mut seen = Seen::default();
            records.iter().for_each(|one| seen.add(one));
            assert_eq!(Seen::of_hex(&seen.hex()), Some(seen));
            seen
        };
        let (first, second) = (of("a", 1, &ok("x")), of("a", 2, &ok("y")));
        let whole = past(&[first, second]);
        for other in [
            &[][..],
            &[first],
            &[second, first],
            &[first, of("a", 2, &ok("z"))],
            &[first, of("a", 3, &ok("y"))],
            &[first, of("b", 2, &ok("y"))],
            &[first, of("a", 2, &Err("y".to_owned()))],
            &[first, second, second],
        ] {
            assert_ne!(past(other), whole);
        }
        assert_eq!(Seen::of_hex("00"), None);
    }
}
