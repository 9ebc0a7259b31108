//! Cutting names and addresses into words, and writing a word in the manner of another.

use std::ops::Range;

/// The words of `text`: runs of letters and of what stands between letters in one word (an apostrophe, a combining
/// mark). In scripts without spaces, a run of letters is one word.
pub(super) fn words(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut start = None;
    let mut unspaced = false;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next_is_letter = chars.peek().is_some_and(|(_, next)| next.is_alphabetic());
        let inside = c.is_alphabetic()
            || (start.is_some() && (crate::fold::is_glue(c) || (matches!(c, '\'' | '’' | 'ʼ') && next_is_letter)));
        // "王小明Delgado" are two words: whoever reads it back takes them for two.
        let other = c.is_alphabetic() && crate::fold::is_unspaced(c) != unspaced;
        if c.is_alphabetic() {
            unspaced = crate::fold::is_unspaced(c);
        }
        match (inside, start) {
            (true, None) => start = Some(at),
            (true, Some(from)) if other => {
                found.push(from..at);
                start = Some(at);
            }
            (false, Some(from)) => {
                found.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        found.push(from..text.len());
    }
    // "Smith's" is "Smith" and what shows whose it is.
    for range in &mut found {
        let word = text.get(range.clone()).unwrap_or_default();
        let lower = word.to_lowercase();
        if lower.len() == word.len() && (lower.ends_with("'s") || lower.ends_with("’s")) {
            range.end -= if lower.ends_with("'s") { 2 } else { "’s".len() };
        }
    }
    found.retain(|range| !range.is_empty());
    found
}

/// `word` in capitals, in small letters or as it is, as `like` is written. Scripts without case stay.
pub(super) fn in_case_of(word: &str, like: &str) -> String {
    let letters = || like.chars().filter(|c| c.is_alphabetic());
    if letters().all(char::is_lowercase) {
        word.to_lowercase()
    } else if letters().count() > 1 && letters().all(char::is_uppercase) {
        word.to_uppercase()
    } else {
        word.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_words() {
        for (text, expect) in [
            ("Dr. J. O'Brien-Smith's", &["Dr", "J", "O'Brien", "Smith"][..]),
            ("SMITH^JOHN", &["SMITH", "JOHN"]),
            ("王小明", &["王小明"]),
            ("12 Elm", &["Elm"]),
            ("王小明Delgado王", &["王小明", "Delgado", "王"]),
            ("' x '", &["x"]),
            ("Zoe\u{308} SMITH'S", &["Zoe\u{308}", "SMITH"]),
        ] {
            let found: Vec<_> = words(text).into_iter().map(|range| &text[range]).collect();
            assert_eq!(found, expect);
        }
        assert_eq!(in_case_of("Delgado", "SMITH"), "DELGADO");
        assert_eq!(in_case_of("Delgado", "smith"), "delgado");
        assert_eq!(in_case_of("Delgado", "McSmith"), "Delgado");
        assert_eq!(in_case_of("陈", "王"), "陈");
    }
}
