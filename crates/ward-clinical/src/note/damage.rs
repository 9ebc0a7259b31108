//! Words and numbers that a scan has damaged: a digit for a letter in the name of a medicine, a letter for a digit in a dose.
//!
//! Nothing is guessed: "l0 mg" may be 10 mg or not. What looks so is named as not read.

use super::{Scan, amount};
use crate::lexicon::{drugs, has_digit, measures};

/// Words beside those of the lists that a damaged one is known by.
#[rustfmt::skip]
const KNOWN: &[&str] = &[
    "medications", "medication", "allergies", "allergy", "daily", "tablet", "tablets", "units", "hives", "vitals", "twice", "weekly",
];

/// Whether a word or number of the sentence looks damaged.
pub(super) fn is_damaged(scan: &Scan<'_>) -> bool {
    let text = scan.words.text;
    let mixed = |two: &[u8]| matches!(two, [a, b] if a.is_ascii_alphabetic() && b.is_ascii_digit() || a.is_ascii_digit() && b.is_ascii_alphabetic());
    let bytes = text.as_bytes();
    let letter = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_alphabetic);
    let touches =
        |(at, byte): (usize, &u8)| byte.is_ascii_digit() && (letter(at.checked_sub(1)) || letter(at.checked_add(1)));
    if !has_digit(bytes) || !bytes.iter().enumerate().any(touches) {
        return false;
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    words.iter().enumerate().any(|(at, word)| {
        let bare = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        if !bare.as_bytes().windows(2).any(mixed) || bare.len() > LONGEST {
            return false;
        }
        let near = |at: Option<usize>| {
            let word = at.and_then(|at| words.get(at)).unwrap_or(&"");
            word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
        };
        let amount = || amount::STRONG_UNITS.contains(&near(at.checked_add(1)).as_str());
        // "TSH, B12 and folate", "RR, O2 sat": after a comma, or by its own first letter, it is the next name.
        let apart = at
            .checked_sub(1)
            .and_then(|at| words.get(at))
            .is_some_and(|word| word.ends_with([',', ';', '/']));
        let measured = || !apart && bare.len() >= 3 && measures::names().single(&near(at.checked_sub(1))).is_some();
        is_name(bare) || (is_number(bare) && !bare.starts_with(['B', 'S']) && (amount() || measured()))
    })
}

/// The longest word that is looked at, in bytes.
const LONGEST: usize = 24;

/// The shortest word that is looked for in the lists: "T1D" is no damaged "tid".
const SHORTEST: usize = 5;

/// Whether a word with digits is a known one with letters in their place: "Penici11in", "dai1y".
fn is_name(word: &str) -> bool {
    let read = |one: char| -> String {
        let letter = |c: char| match c {
            '0' => 'o',
            '1' => one,
            '5' => 's',
            '8' => 'b',
            c => c.to_ascii_lowercase(),
        };
        word.chars().map(letter).collect()
    };
    ['l', 'i'].into_iter().map(read).any(|word| {
        let known = drugs::names().single(&word).is_some() || drugs::allergens().single(&word).is_some();
        word.len() >= SHORTEST && (known || KNOWN.contains(&word.as_str()))
    })
}

/// Whether a word is a number with letters in the place of digits: "5OO", "l0", "1Z0/8O".
fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| {
        byte.is_ascii_digit() || matches!(byte, b'O' | b'o' | b'l' | b'I' | b'S' | b'Z' | b'B' | b'/' | b'.')
    }) && word.bytes().any(|byte| byte.is_ascii_digit())
        && !word.ends_with('l')
}

#[cfg(test)]
mod tests {
    use crate::note::{pack, read};

    #[test]
    fn what_a_scan_damaged_is_named() {
        let check = |text: &str, damaged: bool| {
            let record = read(text, 0, pack::of(text));
            let named = record
                .problems
                .iter()
                .any(|problem| problem.broken && problem.what.contains("misread"));
            assert_eq!(named, damaged, "{text}");
        };
        for text in [
            "L1sinopril l0 mg daily",
            "Take it dai1y.",
            "Metformin 5OO mg BID",
            "Allergies: Penici11in",
            "BP 1Z0/8O",
            "HR l02",
        ] {
            check(text, true);
        }
        for text in [
            "Vitamin B12 500 mcg daily, A1c 7.9, T4 5.1, O2 sat 93 %",
            "Take 500mg q6h x3 days, 2L NC, S1 S2 normal, L5-S1 disc, COVID19, CD4 count 350",
            "HR 102, BP 120/80, T3 level 1l, 10ml of 5% dextrose, H1N1, HCO3 24, P2Y12 inhibitor",
            "TSH, B12 and folate normal",
            "Ferritin, B12 and folate",
            "BP, HR, RR, O2 sat all stable",
            "Pulse O2 98 %",
            "T1D since age 9",
            "On 12l O2, BMI 3O-something",
        ] {
            check(text, false);
        }
    }
}
