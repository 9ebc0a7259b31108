//! A licence's text as words: what differs between two copies of one text (names, years, wrapping, bullets, spelling of
//! "licence") is taken out, so that what is left can be compared.

/// Longest text that is taken apart; what is beyond is not looked at, and the caller says so.
pub const MAX_TEXT: usize = 1 << 20;

/// The words of a text, in order.
#[must_use]
pub fn of(text: &str) -> Vec<String> {
    let mut words = Vec::with_capacity(text.len() / 6);
    for line in text.lines() {
        if is_copyright(line) {
            continue;
        }
        of_line(line, &mut words);
    }
    words
}

/// Adds the words of one line, without the number or the letter that begins a list's item.
fn of_line(line: &str, words: &mut Vec<String>) {
    let start = line.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '(');
    let mut rest = start;
    if let Some(end) = rest.find(['.', ')']) {
        let label = rest.get(..end).unwrap_or_default().trim_start_matches('(');
        let bullet = !label.is_empty()
            && label.len() <= 3
            && label.chars().all(|c| c.is_ascii_digit() || "ivxabcdefgh".contains(c));
        let after = rest.get(end + 1..).unwrap_or_default();
        if bullet && (after.is_empty() || after.starts_with([' ', '\t'])) {
            rest = after;
        }
    }
    let mut word = String::new();
    for c in rest.chars().chain([' ']) {
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        } else if !word.is_empty() {
            words.push(spelled(std::mem::take(&mut word)));
        }
    }
}

/// One spelling for words that have two.
fn spelled(word: String) -> String {
    match word.as_str() {
        "licence" => "license".to_owned(),
        "licences" => "licenses".to_owned(),
        "licenced" => "licensed".to_owned(),
        "https" => "http".to_owned(),
        "noncommercial" => "commercial".to_owned(),
        _ => word,
    }
}

/// Whether a line says who holds the copyright: that differs from copy to copy.
fn is_copyright(line: &str) -> bool {
    let line = line.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '(' && c != '©' && c != '<' && c != '[');
    let lower: String = line.chars().take(80).flat_map(char::to_lowercase).collect();
    let rest = match lower.strip_prefix("copyright") {
        Some(rest) => rest,
        None if lower.starts_with("(c) ") || lower.starts_with('©') => return true,
        None => return lower.trim_end_matches(['.', ' ']) == "all rights reserved",
    };
    let year = rest
        .as_bytes()
        .windows(4)
        .any(|four| four.iter().all(u8::is_ascii_digit));
    year || ["(c)", "©", "<", "[", "{", "yyyy", "year"]
        .iter()
        .any(|mark| rest.contains(mark))
        || rest.trim_start().starts_with(':')
}

/// Three words in a row as one number of 32 bits: the low 24 tell the words, the high 8 decide what is kept of a long text.
/// FNV-1a over the words, then the finish of MurmurHash3 (public domain).
#[must_use]
pub fn shingle(three: &[String]) -> u32 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for word in three {
        for byte in word.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^= hash >> 33;
    u32::try_from(hash >> 32).unwrap_or_default()
}

/// The numbers of a text, one for each word but the last two, in order.
#[must_use]
pub fn shingles(words: &[String]) -> Vec<u32> {
    words.windows(3).map(shingle).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &str) {
        assert_eq!(of(text).join(" "), expect, "{text}");
    }

    #[test]
    fn copies_of_one_text_have_the_same_words() {
        check("Copyright (c) 2020 A. Person\nThe Software, is", "the software is");
        check(" * Copyright 2019 Someone\n * is provided", "is provided");
        check(
            "Copyright (c) <year> <owner>. All rights reserved.\n1. Redistributions",
            "redistributions",
        );
        check("# (a) this licence", "this license");
        check("  copyright notice, this list of", "copyright notice this list of");
        check("All rights reserved.\n(i) x", "x");
        check("a. b", "b");
        check("mit", "mit");
        check("", "");
    }

    #[test]
    fn three_words_have_one_number() {
        let words = of("a b c d a b c");
        let numbers = shingles(&words);
        assert_eq!(numbers.len(), 5);
        assert_eq!(numbers[0], numbers[4]);
        assert_ne!(numbers[0], numbers[1]);
        assert!(shingles(&of("a b")).is_empty());
    }
}
