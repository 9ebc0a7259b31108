//! Where one sentence ends and the next begins.

use std::ops::Range;

/// Words whose full stop does not end a sentence.
const SHORT: &[&str] = &[
    "e.g", "i.e", "vs", "cf", "approx", "inc", "ltd", "dr", "mr", "ms", "mrs", "st", "fig", "sec", "al", "ver", "v",
    "art", "incl", "max", "min", "ca", "resp", "eg", "ie", "dept", "corp", "u.s", "a.k.a",
];

/// Signs that begin a line like a list item does, in paragraphs that are no list.
const BULLETS: &[char] = &[
    '•', '·', '◦', '▪', '●', '➤', '→', '✅', '✔', '✓', '☑', '❌', '✗', '✘', '❎', '🔒', '🔐', '🛡',
];

/// Whether a line that begins with `c` begins something new.
pub(super) fn begins_anew(c: char) -> bool {
    BULLETS.contains(&c)
}

/// The sentences of `text`, trimmed, none of them empty. `breaks` are places where one ends anyway, in order; no sentence ends
/// within a range of `whole` (names in code), which are in order too.
pub(super) fn cut(text: &str, breaks: &[usize], whole: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    let mut breaks = breaks.iter().copied().peekable();
    let mut whole = whole.iter().peekable();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        while whole.next_if(|range| range.end <= at).is_some() {}
        if breaks.next_if(|place| *place <= at).is_some() {
            while breaks.next_if(|place| *place <= at).is_some() {}
            push(text, from..at, &mut found);
            from = at;
        }
        if !matches!(c, '.' | '!' | '?' | '。') || whole.peek().is_some_and(|range| range.contains(&at)) {
            continue;
        }
        // Closing marks belong to the sentence.
        let mut end = at + c.len_utf8();
        while let Some((place, mark)) =
            chars.next_if(|(_, c)| matches!(c, '.' | '!' | '?' | ')' | '"' | '\'' | ']' | '*'))
        {
            end = place + mark.len_utf8();
        }
        let rest = text.get(end..).unwrap_or_default();
        let mut after = rest.chars();
        if c == '。' {
            push(text, from..end, &mut found);
            from = end;
            continue;
        }
        // A name in code begins a sentence in whatever letters it is written.
        let is_name = whole.peek().is_some_and(|range| range.start == end + 1);
        if after.next() != Some(' ')
            || !after
                .next()
                .is_some_and(|next| is_name || !next.is_lowercase() && !matches!(next, ',' | ';' | '-'))
        {
            continue;
        }
        if c == '.' && end == at + 1 && is_short(text.get(from..at).unwrap_or_default(), rest) {
            continue;
        }
        push(text, from..end, &mut found);
        from = end;
    }
    push(text, from..text.len(), &mut found);
    found
}

/// Whether the last word of `before` is short for something, or a number of a list. "No." is short before a number, and an
/// answer before words.
fn is_short(before: &str, after: &str) -> bool {
    let start = before.rfind([' ', '(']).map_or(0, |at| at + 1);
    let word = before.get(start..).unwrap_or_default();
    let is_number = start == 0 && !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
    let is_letter = word.len() == 1 && word.bytes().all(|b| b.is_ascii_uppercase());
    // Longer than any of them: not worth the copy.
    let is_numbered = word.eq_ignore_ascii_case("no") && after.trim_start().starts_with(|c: char| c.is_ascii_digit());
    is_number || is_letter || is_numbered || (word.len() <= 8 && SHORT.contains(&word.to_ascii_lowercase().as_str()))
}

fn push(text: &str, range: Range<usize>, into: &mut Vec<Range<usize>>) {
    let part = text.get(range.clone()).unwrap_or_default();
    let start = range.start + (part.len() - part.trim_start().len());
    let end = start + part.trim().len();
    if part.chars().any(char::is_alphanumeric) {
        into.push(start..end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        let found: Vec<&str> = cut(text, &[], &[]).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn sentences_end_where_they_end() {
        check("We scan. We fix!", &["We scan.", "We fix!"]);
        check(
            "Use tools, e.g. Bandit. Then go.",
            &["Use tools, e.g. Bandit.", "Then go."],
        );
        check(
            "Version 1.2.3 is fine. Two too.",
            &["Version 1.2.3 is fine.", "Two too."],
        );
        check(
            "(See below.) Next \"one.\" Last",
            &["(See below.)", "Next \"one.\"", "Last"],
        );
        check(
            "See art. 5, no. 7 of it. Any more? No. Do you pay? No, never.",
            &[
                "See art. 5, no. 7 of it.",
                "Any more?",
                "No.",
                "Do you pay?",
                "No, never.",
            ],
        );
        check("... --- !!!", &[]);
        let text = "We run cargo audit. cargo clippy gates, e.g. bandit does. it goes on";
        let code = |name: &str| text.find(name).map(|at| at..at + name.len()).unwrap();
        let found = cut(text, &[], &[code("cargo audit"), code("cargo clippy"), code("bandit")]);
        let found: Vec<&str> = found.into_iter().map(|range| &text[range]).collect();
        assert_eq!(
            found,
            [
                "We run cargo audit.",
                "cargo clippy gates, e.g. bandit does. it goes on"
            ]
        );
        check("Within 48 hours. 5 days later", &["Within 48 hours.", "5 days later"]);
    }
}
