//! Look-alikes of secrets, made when a test runs: no literal of them stands in the source, so no scanner takes the
//! rules
//! for leaks.

/// A text for a rule's examples.
#[derive(Debug, Clone, Copy)]
pub enum Sample {
    /// A text with holes that are filled with random characters: `token = "acme_<<b62:36>>"`. A hole is
    /// `<<class:count>>`, or `<<uuid>>`; the classes are those of [`Dice::fill`].
    Text(&'static str),
    /// A text that needs a computation: a checksum, an encoded structure.
    Made(fn(&mut Dice) -> String),
}

impl Sample {
    /// The text, the same for the same seed.
    ///
    /// # Errors
    /// The hole that has no meaning.
    pub fn text(&self, seed: u64) -> Result<String, &'static str> {
        let mut dice = Dice::new(seed);
        match self {
            Sample::Text(pattern) => dice.fill(pattern),
            Sample::Made(make) => Ok(make(&mut dice)),
        }
    }
}

/// Repeatable random characters for examples (SplitMix64). Not for keys.
pub struct Dice(u64);

/// `0-9A-Za-z`, the digits of base 62 in the order that GitHub and npm use.
pub const BASE62: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

impl Dice {
    /// Dice that fall the same way for the same seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// `count` characters of `alphabet` (ASCII).
    pub fn of(&mut self, alphabet: &str, count: usize) -> String {
        let letters = alphabet.as_bytes();
        (0..count)
            .filter_map(|_| letters.get((self.roll() % letters.len().max(1) as u64) as usize))
            .map(|&b| char::from(b))
            .collect()
    }

    /// `count` random bytes.
    pub fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.roll().to_le_bytes()[0]).collect()
    }

    /// `pattern` with its holes filled.
    ///
    /// | class | characters |
    /// |---|---|
    /// | `hex`, `HEX` | `0-9a-f`, `0-9A-F` |
    /// | `digit`, `lower`, `upper`, `alpha` | `0-9`, `a-z`, `A-Z`, `A-Za-z` |
    /// | `low36`, `up36`, `b62` | `0-9a-z`, `0-9A-Z`, `0-9A-Za-z` |
    /// | `b64`, `url64` | `A-Za-z0-9+/`, `A-Za-z0-9-_`; ends in a letter or digit |
    /// | `b32` | `A-Z2-7` |
    /// | `b58` | `1-9A-HJ-NP-Za-km-z` |
    ///
    /// # Errors
    /// A hole whose class or count is unknown.
    pub fn fill(&mut self, pattern: &str) -> Result<String, &'static str> {
        let mut out = String::with_capacity(pattern.len() + 64);
        let mut rest = pattern;
        while let Some((before, after)) = rest.split_once("<<") {
            let (hole, next) = after.split_once(">>").ok_or("a hole has no end")?;
            out.push_str(before);
            rest = next;
            if hole == "uuid" {
                for (index, count) in [8, 4, 4, 4, 12].into_iter().enumerate() {
                    if index > 0 {
                        out.push('-');
                    }
                    match index {
                        2 => out.push_str(&format!("4{}", self.of("0123456789abcdef", 3))),
                        3 => out.push_str(&format!("{}{}", self.of("89ab", 1), self.of("0123456789abcdef", 3))),
                        _ => out.push_str(&self.of("0123456789abcdef", count)),
                    }
                }
                continue;
            }
            let (class, count) = hole.split_once(':').ok_or("a hole is <<class:count>>")?;
            let count: usize = count.parse().map_err(|_| "a hole's count is a number")?;
            let alphabet = match class {
                "hex" => "0123456789abcdef",
                "HEX" => "0123456789ABCDEF",
                "digit" => "0123456789",
                "lower" => "abcdefghijklmnopqrstuvwxyz",
                "upper" => "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
                "alpha" => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
                "low36" => "0123456789abcdefghijklmnopqrstuvwxyz",
                "up36" => "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
                "b62" => BASE62,
                "b64" => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
                "url64" => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
                "b32" => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
                "b58" => "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
                _ => return Err("a hole's class is unknown"),
            };
            if matches!(class, "b64" | "url64") && count > 0 {
                out.push_str(&self.of(alphabet, count - 1));
                out.push_str(&self.of(BASE62, 1));
            } else {
                out.push_str(&self.of(alphabet, count));
            }
        }
        out.push_str(rest);
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_are_filled() {
        let text = Sample::Text("a<<hex:8>>-<<uuid>>.<<b62:0>>{z}").text(1).unwrap();
        assert_eq!(text.len(), 1 + 8 + 1 + 36 + 1 + 3);
        assert!(text.ends_with(".{z}"));
        assert_eq!(text, Sample::Text("a<<hex:8>>-<<uuid>>.<<b62:0>>{z}").text(1).unwrap());
        assert_ne!(text, Sample::Text("a<<hex:8>>-<<uuid>>.<<b62:0>>{z}").text(2).unwrap());
        for wrong in ["<<", "<<hex>>", "<<hex:x>>", "<<what:3>>"] {
            assert!(Dice::new(1).fill(wrong).is_err(), "{wrong}");
        }
    }
}
