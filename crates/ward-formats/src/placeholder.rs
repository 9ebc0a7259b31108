//! The grammar of Ward's placeholders: what de-identified text holds in place of a value.
//!
//! `[CLASS_<number><two letters>]`, for example `[NAME_1KR]` or `[DAY_4812TR]`. The class is one of
//! [`CLASSES`]; the number counts within a request, except for `DAY`, where it is a day on a
//! calendar whose start is secret, so that order and intervals survive and the date does not; the
//! letters are a check that only the holder of the request's secret can make.
//!
//! Only the grammar lives here. `ward-deid` makes placeholders and puts values back.

/// Every class a placeholder may name.
pub const CLASSES: &[&str] = &[
    "NAME", "FACILITY", "PLACE", "DAY", "BIRTH", "AGE", "PHONE", "EMAIL", "URL", "IP", "SSN", "MRN", "PLAN", "ACCOUNT",
    "LICENCE", "VEHICLE", "DEVICE", "ID", "FILE", "TEXT",
];

/// The two check letters come from these: no vowels, nothing that looks like a digit.
pub const LETTERS: &[u8; 16] = b"BCDFGHJKMNPRTVXZ";

/// Longest placeholder in bytes, brackets included: class 8, `_`, number 9, letters 2, brackets 2.
pub const MAX_LEN: usize = 22;

/// A placeholder found in text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placeholder<'a> {
    /// One of [`CLASSES`].
    pub class: &'static str,
    /// The number.
    pub number: u32,
    /// The check letters.
    pub check: &'a str,
    /// Bytes it takes, brackets included.
    pub len: usize,
}

/// Reads the placeholder that `text` begins with, in its exact form.
#[must_use]
pub fn at_start(text: &str) -> Option<Placeholder<'_>> {
    let body = text.strip_prefix('[')?;
    let underscore = body.bytes().take(9).position(|b| b == b'_')?;
    let class = CLASSES.iter().copied().find(|c| *c == &body[..underscore])?;
    let rest = &body[underscore + 1..];
    let digits = rest.bytes().take(10).take_while(u8::is_ascii_digit).count();
    if digits == 0 || digits > 9 {
        return None;
    }
    let check = rest.get(digits..digits + 2)?;
    if !check.bytes().all(|b| LETTERS.contains(&b)) || rest.as_bytes().get(digits + 2) != Some(&b']') {
        return None;
    }
    let number = rest[..digits].parse().ok()?;
    Some(Placeholder {
        class,
        number,
        check,
        len: 1 + underscore + 1 + digits + 2 + 1,
    })
}

/// Every placeholder in `text`, with the byte it starts at.
pub fn find(text: &str) -> impl Iterator<Item = (usize, Placeholder<'_>)> {
    memchr::memchr_iter(b'[', text.as_bytes()).filter_map(|i| at_start(&text[i..]).map(|p| (i, p)))
}

/// The bytes at which texts begin that a reader takes for placeholders and that none is: a class, a number and one to three
/// other letters or digits in brackets.
pub fn misspelt(text: &str) -> impl Iterator<Item = usize> {
    let looks = |rest: &str| {
        let end = rest.bytes().take(MAX_LEN + 2).position(|b| b == b']')?;
        let (class, key) = rest.get(1..end)?.split_once('_')?;
        let letters = key.trim_start_matches(|c: char| c.is_ascii_digit());
        let key_fits = letters.len() < key.len()
            && (1..=3).contains(&letters.len())
            && letters.bytes().all(|b| b.is_ascii_alphanumeric());
        (CLASSES.contains(&class) && key_fits && at_start(rest).is_none()).then_some(())
    };
    memchr::memchr_iter(b'[', text.as_bytes()).filter(move |at| text.get(*at..).and_then(looks).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_what_only_looks_like_one() {
        let found = |text| misspelt(text).collect::<Vec<_>>();
        assert_eq!(found("[NAME_9QQ] and [MRN_1AA] é"), [0, 15]);
        assert_eq!(
            found("[NAME_1KR] [NAME] [X_1AA] [NAME_QQ] [NAME_12] [NAME_1KR"),
            [0_usize; 0]
        );
        assert_eq!(found("[NAME_1K é]"), [0_usize; 0]);
    }

    #[test]
    fn reads_the_exact_form_only() {
        let found = at_start("[DAY_4812TR] later").unwrap();
        assert_eq!(
            (found.class, found.number, found.check, found.len),
            ("DAY", 4812, "TR", 12)
        );
        for bad in [
            "DAY_1TR]",
            "[DAY_TR]",
            "[DAY_1T]",
            "[DAY_1AE]",
            "[DUY_1TR]",
            "[DAY_1TR",
            "[DAY_1234567890TR]",
            "[",
            "[DAY_1é]",
        ] {
            assert!(at_start(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn finds_all() {
        let text = "[NAME_1BC] saw [NAME_2DF] [x] [";
        let found: Vec<_> = find(text).map(|(i, p)| (i, p.number)).collect();
        assert_eq!(found, [(0, 1), (15, 2)]);
    }
}
