//! The hasher of the tables that are made for each text.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::LazyLock;

/// A hasher for numbers and short texts, fast and seeded: who does not know the seed cannot make many of them meet in one
/// place.
#[derive(Clone)]
pub(crate) struct Seeded(u64, u64);

/// One seed for each run of the program.
static SEED: LazyLock<Seeded> = LazyLock::new(|| {
    let state = RandomState::new();
    Seeded(state.hash_one(0_u8), state.hash_one(1_u8) | 1)
});

impl Default for Seeded {
    fn default() -> Self {
        SEED.clone()
    }
}

impl BuildHasher for Seeded {
    type Hasher = Folding;

    fn build_hasher(&self) -> Folding {
        Folding(self.0, self.1)
    }
}

/// Up to eight bytes as a number; fewer are marked with how many they are.
fn eight(chunk: &[u8]) -> u64 {
    match chunk.try_into() {
        Ok(eight) => u64::from_le_bytes(eight),
        Err(_) => chunk.iter().fold(1, |number, b| number << 8 | u64::from(*b)),
    }
}

/// Multiplies with a secret number and folds both halves of the product together.
pub(crate) struct Folding(u64, u64);

impl Hasher for Folding {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            self.write_u64(eight(chunk));
        }
    }

    fn write_u64(&mut self, number: u64) {
        let product = u128::from(self.0 ^ number) * u128::from(self.1);
        self.0 = (product as u64) ^ (product >> 64) as u64;
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(u64::from(number));
    }

    fn write_u8(&mut self, number: u8) {
        self.write_u64(u64::from(number));
    }
}
