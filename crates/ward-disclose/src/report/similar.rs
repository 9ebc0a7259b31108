//! Reports that tell of the same thing: the share of three-word runs that two texts have in common, estimated from the
//! smallest hashes of each (a bottom-k sketch; Cohen and Kaplan, 2007), so that a thousand cases are compared at once.

use std::collections::BTreeSet;

/// Hashes that a sketch keeps. Texts of no more runs than this are compared exactly.
pub const SKETCH: usize = 64;
/// From here on two reports are said to be near.
const NEAR: f64 = 0.35;

/// What is kept of a text to compare it by. It does not hold the text, and tells of it what a keyless hash of short runs
/// tells: whoever guesses three words can check the guess. It is sealed like the case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sketch(BTreeSet<u64>);

impl Sketch {
    /// The sketch of a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let lower = text.to_lowercase();
        let words: Vec<&str> = lower
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        let mut smallest = BTreeSet::new();
        let mut add = |run: &[&str]| {
            smallest.insert(hash(run));
            if smallest.len() > SKETCH {
                smallest.pop_last();
            }
        };
        if words.len() < 3 {
            add(&words);
        }
        words.windows(3).for_each(&mut add);
        Self(smallest)
    }

    /// The share of runs that two texts have in common: 0 for nothing, 1 for all.
    #[must_use]
    pub fn likeness(&self, other: &Self) -> f64 {
        let union: BTreeSet<u64> = self.0.union(&other.0).copied().take(SKETCH).collect();
        if union.is_empty() {
            return 0.0;
        }
        let both = union
            .iter()
            .filter(|hash| self.0.contains(hash) && other.0.contains(hash))
            .count();
        #[expect(clippy::cast_precision_loss, reason = "at most 64")]
        let share = both as f64 / union.len() as f64;
        share
    }

    /// True when two texts are near enough to be looked at together.
    #[must_use]
    pub fn is_near(&self, other: &Self) -> bool {
        self.likeness(other) >= NEAR
    }

    /// The hashes, for keeping.
    #[must_use]
    pub fn hashes(&self) -> Vec<u64> {
        self.0.iter().copied().collect()
    }

    /// From kept hashes; more than a sketch has are left out.
    #[must_use]
    pub fn from_hashes(hashes: &[u64]) -> Self {
        Self(hashes.iter().copied().take(SKETCH).collect())
    }
}

/// FNV-1a over the words, with its bits mixed. Nothing depends on nobody being able to choose it.
fn hash(run: &[&str]) -> u64 {
    let mut state = 0xcbf2_9ce4_8422_2325_u64;
    for byte in run.iter().flat_map(|word| word.bytes().chain([0])) {
        state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    state ^= state >> 32;
    state = state.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    state ^ (state >> 29)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_same_in_other_words_is_near() {
        let one = "Path traversal in upload: the file name of an upload is joined to the folder without a check, so that ../ \
            leads out of it. Version 1.4.2, src/upload.py line 88. An attacker can write anywhere.";
        let again = "Hello team! Path traversal in upload: the file name of an upload is joined to the folder without a check, \
            so that ../ leads out of it. Version 1.4.3. An attacker can write anywhere. Please pay me.";
        let other = "The service answers any request with a token that has expired, because the clock is read once at start. \
            Version 1.4.2, src/token.py. An attacker can use stolen tokens for ever.";
        assert!(
            Sketch::of(one).is_near(&Sketch::of(again)),
            "{}",
            Sketch::of(one).likeness(&Sketch::of(again))
        );
        assert!(
            !Sketch::of(one).is_near(&Sketch::of(other)),
            "{}",
            Sketch::of(one).likeness(&Sketch::of(other))
        );
        assert!((Sketch::of(one).likeness(&Sketch::of(one)) - 1.0).abs() < f64::EPSILON);
        assert!(!Sketch::of("").is_near(&Sketch::of(one)));
    }

    proptest! {
        #[test]
        fn sketches_come_back(text in "[a-z ]{0,400}") {
            let sketch = Sketch::of(&text);
            prop_assert_eq!(&Sketch::from_hashes(&sketch.hashes()), &sketch);
            prop_assert!(sketch.hashes().len() <= SKETCH);
        }
    }
}
