//! An estimate of how many tokens a language model would make of a text.

/// The name of the estimate.
pub const COUNTER: &str = "ward-estimate-1";

/// Estimated tokens of `text`.
#[must_use]
pub fn count(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut tokens = 0;
    let mut i = 0;
    while let Some(b) = bytes.get(i) {
        let run = |test: fn(&u8) -> bool| {
            bytes
                .get(i..)
                .map_or(0, |rest| rest.iter().take_while(|b| test(b)).count())
        };
        let (len, cost) = match b {
            b'a'..=b'z' | b'A'..=b'Z' => {
                let n = run(u8::is_ascii_alphabetic);
                (n, 1 + n.saturating_sub(1) / 7)
            }
            b'0'..=b'9' => {
                let n = run(u8::is_ascii_digit);
                (n, n.div_ceil(3))
            }
            b' ' => {
                let n = run(|b| *b == b' ');
                (n, usize::from(n > 1))
            }
            b if b.is_ascii() => (1, 1),
            _ => {
                let n = run(|b| !b.is_ascii());
                (n, n.div_ceil(2))
            }
        };
        tokens += cost;
        i += len.max(1);
    }
    tokens
}
