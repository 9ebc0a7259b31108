//! Which of some hundred words stand in a text: one look at a small table for each byte, and a comparison where it says
//! "perhaps".

/// A set of rules, one bit each.
pub(super) type Set = u128;

/// Values of the key of three bytes.
const KEYS: usize = 1 << 15;

/// The words, by their first three bytes.
pub(super) struct Cues {
    /// Whether a word begins with these bytes: a bit a key.
    may: Vec<u64>,
    /// For each key, the number of its chain, or 0.
    chain: Vec<u16>,
    chains: Vec<Vec<(&'static str, Set)>>,
}

fn key(a: u8, b: u8, c: u8) -> usize {
    usize::from(a & 31) | usize::from(b & 31) << 5 | usize::from(c & 31) << 10
}

impl Cues {
    /// Indexes words of three bytes and more. Shorter ones are never found.
    pub(super) fn new(words: &[(&'static str, Set)]) -> Self {
        let mut cues = Self {
            may: vec![0; KEYS / 64],
            chain: vec![0; KEYS],
            chains: vec![Vec::new()],
        };
        for (word, set) in words {
            let [a, b, c, ..] = word.as_bytes() else { continue };
            let key = key(*a, *b, *c);
            let number = match cues.chain.get(key) {
                Some(0) | None => {
                    cues.chains.push(Vec::new());
                    u16::try_from(cues.chains.len() - 1).unwrap_or(0)
                }
                Some(number) => *number,
            };
            if let Some(slot) = cues.chain.get_mut(key) {
                *slot = number;
            }
            if let Some(bits) = cues.may.get_mut(key / 64) {
                *bits |= 1 << (key % 64);
            }
            if let Some(chain) = cues.chains.get_mut(usize::from(number)) {
                chain.push((word, *set));
            }
        }
        cues
    }

    /// Calls `found` with the place and the rules of every word that stands in the text. Linear, but for words with the
    /// same beginning.
    pub(super) fn each(&self, text: &str, mut found: impl FnMut(usize, Set)) {
        let bytes = text.as_bytes();
        for (at, three) in bytes.windows(3).enumerate() {
            let [a, b, c] = three else { continue };
            let key = key(*a, *b, *c);
            if self.may.get(key / 64).is_none_or(|bits| bits & (1 << (key % 64)) == 0) {
                continue;
            }
            let chain = self
                .chain
                .get(key)
                .and_then(|number| self.chains.get(usize::from(*number)));
            let rest = bytes.get(at..).unwrap_or_default();
            for (word, set) in chain.into_iter().flatten() {
                if rest.starts_with(word.as_bytes()) {
                    found(at, *set);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_found_where_it_stands() {
        let cues = Cues::new(&[("ignore", 1), ("ignor", 2), ("指示", 4), ("](http", 8), ("ab", 16)]);
        let found = |text: &str| {
            let mut all = Vec::new();
            cues.each(text, |at, set| all.push((at, set)));
            all
        };
        assert_eq!(found("x ignore y"), [(2, 1), (2, 2)]);
        assert_eq!(found("ignoring指示"), [(0, 2), (8, 4)]);
        assert_eq!(found("](http ab"), [(0, 8)]);
        assert_eq!(found("ig"), []);
    }
}
