//! x
/// x
#[must_use] pub fn count(text: &str) -> usize { text.len()/4 }
