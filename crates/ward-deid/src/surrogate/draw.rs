//! Choices that follow from a subject's key, and from nothing else.

use ward_seal::{ff1::Ff1, hash};
use zeroize::Zeroizing;

/// Draws numbers that follow from the key, a purpose, a value and an attempt.
pub(super) struct Draw {
    key: Zeroizing<[u8; 32]>,
    ff1: Option<Ff1>,
}

impl Draw {
    pub(super) fn new(key: &[u8; 32]) -> Self {
        let ff1 = Zeroizing::new(hash::derive(key, "ward-deid ff1"));
        Self {
            key: Zeroizing::new(hash::derive(key, "ward-deid stand-ins")),
            ff1: Ff1::new(ff1.as_ref()).ok(),
        }
    }

    /// 256 pseudo-random bits.
    pub(super) fn bits(&self, purpose: &str, value: &str, attempt: u32) -> [u8; 32] {
        // Purposes hold no NUL, so that no two questions read alike.
        let parts: [&[u8]; 4] = [purpose.as_bytes(), b"\0", &attempt.to_be_bytes(), value.as_bytes()];
        hash::hmac_sha256_parts(self.key.as_ref(), &parts)
    }

    /// A number below `below`, or 0 when that is 0. The bias is below 2^-32 for every use here.
    pub(super) fn number(&self, purpose: &str, value: &str, attempt: u32, below: usize) -> usize {
        let bits = self.bits(purpose, value, attempt);
        let number = bits.iter().take(8).fold(0_u64, |n, b| n << 8 | u64::from(*b));
        let below = u64::try_from(below).unwrap_or(u64::MAX);
        number
            .checked_rem(below)
            .and_then(|n| usize::try_from(n).ok())
            .unwrap_or(0)
    }

    /// One of `list`.
    pub(super) fn pick<T: Copy>(&self, purpose: &str, value: &str, attempt: u32, list: &[T]) -> Option<T> {
        list.get(self.number(purpose, value, attempt, list.len())).copied()
    }

    /// A permutation of the numbers below `size`, by FF1 on decimal digits and cycle walking (P. Rogaway, "A Synopsis
    /// of Format-Preserving Encryption", 2010). None when NIST SP 800-38G does not allow a domain so small, or it is
    /// too large.
    pub(super) fn permute(&self, tweak: &str, number: u128, size: u128) -> Option<u128> {
        if size < ward_seal::ff1::LEAST_DOMAIN || number >= size {
            return None;
        }
        let mut digits = Vec::new();
        let mut left = size - 1;
        while left > 0 {
            digits.push(0_u16);
            left /= 10;
        }
        let mut number = number;
        // Fewer than ten decimal numbers for each of the domain: 400 steps fail once in 10^18.
        for _ in 0..400 {
            let mut rest = number;
            for digit in digits.iter_mut().rev() {
                *digit = u16::try_from(rest % 10).unwrap_or(0);
                rest /= 10;
            }
            let new = self.ff1.as_ref()?.encrypt(tweak.as_bytes(), 10, &digits).ok()?;
            number = new.iter().fold(0, |n, digit| n * 10 + u128::from(*digit));
            if number < size {
                return Some(number);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permutes_small_domains_without_collisions() {
        let draw = Draw::new(&[1; 32]);
        let size = 1_000_003;
        let mut seen = std::collections::HashSet::new();
        for number in 0..2_000 {
            let new = draw.permute("t", number, size).unwrap();
            assert!(new < size && seen.insert(new));
            assert_ne!(draw.permute("u", number, size), Some(new));
        }
        assert_eq!(draw.permute("t", 5, 999_999), None);
        assert!(draw.permute("t", 5, 10_u128.pow(36)).is_some());
        assert!(draw.number("p", "v", 0, 0) == 0 && draw.number("p", "v", 0, 7) < 7);
    }
}
