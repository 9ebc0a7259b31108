//! Repeatable choices. Not for secrets: everybody can compute what comes next.

/// SplitMix64 (G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014).
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`; 0 when `end` is 0.
    pub(super) fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % end).unwrap_or(0)
    }

    /// A number of `low..=high`.
    pub(super) fn between(&mut self, low: i32, high: i32) -> i32 {
        let count = usize::try_from(high.saturating_sub(low)).unwrap_or(0).saturating_add(1);
        low.saturating_add(i32::try_from(self.below(count)).unwrap_or(0))
    }

    /// True once in `n`.
    pub(super) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// One of a few.
    pub(super) fn of<'a>(&mut self, few: &[&'a str]) -> &'a str {
        few.get(self.below(few.len())).copied().unwrap_or("")
    }

    /// `count` digits.
    pub(super) fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + self.digit())).collect()
    }

    /// `count` digits, the first not 0.
    pub(super) fn number(&mut self, count: usize) -> String {
        let first = char::from(b'1' + self.digit() % 9);
        std::iter::once(first)
            .chain(self.digits(count.saturating_sub(1)).chars())
            .collect()
    }

    /// `count` capital letters without I, O, Q, as serial numbers have them.
    pub(super) fn letters(&mut self, count: usize) -> String {
        const LETTERS: [&str; 23] = [
            "A", "B", "C", "D", "E", "F", "G", "H", "J", "K", "L", "M", "N", "P", "R", "S", "T", "U", "V", "W", "X",
            "Y", "Z",
        ];
        (0..count).map(|_| self.of(&LETTERS)).collect()
    }

    fn digit(&mut self) -> u8 {
        u8::try_from(self.below(10)).unwrap_or(0)
    }
}
