//! How unlike words and identifiers a value is.
//!
//! Entropy alone cannot tell `LTX2VideoDownBlock3D` from a key: both use many different characters. A small model of
//! how names are spelt can. `rarity.bin` holds, for each three neighbouring characters (letters without case, ten
//! digits, one class for everything else, one for the edge: 38 classes), the surprisal of the third in sixteenths of a
//! bit, then for each two cases of letters that of a third. Only these figures were kept of the texts.
//!
//! `cargo xtask rarity --from FOLDER..` makes such a table. This one was counted over the distinct words of 158 MB of
//! source text: the library of Python 3.11 and published packages (among them Django 5.2.19, LiteLLM 1.109.1, Openai
//! 3.54.0, scikit-learn 1.9.1, Torch Geometric 2.8.1 and Transformers 5.23.0), hashes and long mixed tokens left out. Which
//! others there were was not written down, so that a table from the same command differs in a few of its figures.

use super::entropy::shannon;

static TABLE: &[u8] = include_bytes!("rarity.bin");

const CLASSES: usize = 38;
const OTHER: usize = 36;
const EDGE: usize = 37;

/// Surprisal of `value` as a word or identifier, in bits per character: prose and identifiers have 3 to 5, random base62 about 9.5, random hexadecimal about 5.7, passwords such as `s3cr3tK3y` 6 to 8. 0 for nothing.
#[must_use]
pub fn surprisal(value: &[u8]) -> f32 {
    let (mut first, mut second) = (EDGE, EDGE);
    let (mut older, mut old) = (0, 0);
    let mut sixteenths = 0u32;
    for &byte in value {
        let class = class(byte);
        sixteenths += table((first * CLASSES + second) * CLASSES + class);
        (first, second) = (second, class);
        if byte.is_ascii_alphabetic() {
            let upper = usize::from(byte.is_ascii_uppercase());
            sixteenths += table(CLASSES * CLASSES * CLASSES + (older * 2 + old) * 2 + upper);
            (older, old) = (old, upper);
        } else {
            (older, old) = (0, 0);
        }
    }
    if value.is_empty() {
        0.0
    } else {
        sixteenths as f32 / 16.0 / value.len() as f32
    }
}

/// Whether `value` looks drawn at random: long enough, and nothing that a person would name a thing. About 1 in 100
/// random values are missed, more of those that have letters of one case only.
#[must_use]
pub fn is_random(value: &[u8]) -> bool {
    if value.len() < 8 {
        return false;
    }
    let has = |test: fn(&u8) -> bool| value.iter().any(test);
    let digits = has(u8::is_ascii_digit);
    if value.iter().all(u8::is_ascii_hexdigit) {
        let letters = value.iter().filter(|b| b.is_ascii_alphabetic()).count();
        return value.len() >= 16 && digits && letters >= 3 && shannon(value) >= 2.8;
    }
    if is_uuid(value) {
        return shannon(value) >= 3.0;
    }
    let cases = has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase);
    // What 1 in 100 random values of that alphabet and length falls below.
    let by_length = |short: f32, middle: f32, long: f32| match value.len() {
        0..12 => short,
        12..20 => middle,
        _ => long,
    };
    let least = match (cases, digits) {
        (true, true) => by_length(6.9, 7.4, 7.6),
        (true, false) => by_length(7.6, 7.6, 7.6),
        (false, true) => by_length(6.2, 6.3, 6.6),
        (false, false) => by_length(7.6, 6.5, 6.3),
    };
    surprisal(value) >= least
}

/// Whether a token of a known form looks drawn at random, in whole or in one of the parts that its form joins with
/// punctuation (`live_..`, `<uuid>:fx`, `<account>-<hex>`) or behind a word at its start (`mainnet..`). A value of many
/// parts, or one of digits alone, is taken at its form's word.
#[must_use]
pub fn is_random_token(value: &[u8]) -> bool {
    let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
    let letters = value.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let parts = || value.split(|byte| !byte.is_ascii_alphanumeric());
    is_random(value)
        || digits == value.len() && digits >= 16
        || parts().any(|part| part.len() >= 12 && is_random(part))
        || value.len() >= 16 && value.get(value.len() / 4..).is_some_and(is_random)
        || parts().count() > 2 && digits >= 4 && letters >= 4 && digits + letters >= 24
}

/// Whether `value` could be a password that somebody thought of: not a plain word, name or sentence. For places that
/// say that they hold a password.
#[must_use]
pub fn is_unwordlike(value: &[u8]) -> bool {
    let letters = value.iter().any(u8::is_ascii_alphabetic);
    let others = value.iter().filter(|b| !b.is_ascii_alphabetic()).count();
    (letters && others > 0 && surprisal(value) >= 5.4) || is_random(value)
}

/// `8-4-4-4-12` hexadecimal digits.
#[must_use]
pub fn is_uuid(value: &[u8]) -> bool {
    value.len() == 36
        && value.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

fn class(byte: u8) -> usize {
    match byte {
        b'a'..=b'z' => usize::from(byte - b'a'),
        b'A'..=b'Z' => usize::from(byte - b'A'),
        b'0'..=b'9' => usize::from(byte - b'0') + 26,
        _ => OTHER,
    }
}

fn table(at: usize) -> u32 {
    TABLE.get(at).copied().map_or(0, u32::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::sample::Dice;

    #[test]
    fn the_table_is_whole() {
        assert_eq!(TABLE.len(), CLASSES * CLASSES * CLASSES + 8);
    }

    #[test]
    fn names_are_not_random() {
        for name in [
            "LTX2VideoDownBlock3D",
            "access_token",
            "stabilityai/stable-diffusion",
            "TextToVideoZeroPipeline",
            "application/x-www-form-urlencoded",
            "my-secret-password",
            "refresh_token_expires_at",
            "aaaaaaaaaaaaaaaaaaaa",
            "1234567890123456",
            "password",
            "hunter2",
        ] {
            assert!(!is_random(name.as_bytes()), "{name} {}", surprisal(name.as_bytes()));
        }
    }

    #[test]
    fn nearly_all_random_values_are() {
        for (hole, least) in [
            ("<<b62:20>>", 990),
            ("<<hex:32>>", 990),
            ("<<low36:24>>", 980),
            ("<<b64:40>>", 990),
            ("<<b62:12>>", 960),
        ] {
            let mut dice = Dice::new(3);
            let found = (0..1000)
                .filter(|_| is_random(dice.fill(hole).unwrap().as_bytes()))
                .count();
            assert!(found >= least, "{hole}: {found}");
        }
    }

    #[test]
    fn thought_of_passwords() {
        for value in ["s3cr3tK3y", "Tr0ub4dor&3", "P@ssw0rd123", "sup3rs3cr3t"] {
            assert!(is_unwordlike(value.as_bytes()), "{value}");
        }
        for value in ["password", "correcthorse", "current-password", "user_password"] {
            assert!(!is_unwordlike(value.as_bytes()), "{value}");
        }
    }
}
