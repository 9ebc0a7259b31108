//! Shell text: any text gives tokens that stand in it one behind the other, and reading ends with it.

use ward_formats::shell::{Lexer, Token, Word};

pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut parts: Vec<_> = std::iter::once(0..text.len()).collect();
    for _ in 0..3 {
        let mut inner = Vec::new();
        for part in parts {
            let mut lexer = Lexer::new(&text, part.clone());
            let (mut last, mut count) = (part.start, 0);
            for token in lexer.by_ref() {
                count += 1;
                match &token {
                    Token::Word(word) => last = follows(&text, last, word, part.end),
                    Token::Redirect { at, operator, word } => {
                        assert!(*at >= last && text[*at..].starts_with(operator) && !operator.is_empty());
                        last = follows(&text, at + operator.len(), word, part.end);
                    }
                    _ => {}
                }
                if let Token::Word(word) | Token::Redirect { word, .. } = token {
                    inner.extend(word.inside);
                }
            }
            assert!(count <= part.len(), "every token takes a byte");
            assert!(lexer.next().is_none(), "what has ended has ended");
            assert!(lexer.open().is_none_or(|open| part.contains(&open)));
        }
        parts = inner;
    }
}

/// Looks at a word that stands behind `last` and before `end`; gives where it ends.
fn follows(text: &str, last: usize, word: &Word, end: usize) -> usize {
    assert!(last <= word.start && word.start < word.end && word.end <= end);
    assert!(text.is_char_boundary(word.start) && text.is_char_boundary(word.end));
    assert!(!word.literal || word.quoted && !word.bare);
    let mut last = word.start;
    for range in &word.inside {
        assert!(last < range.start && range.start <= range.end && range.end <= word.end);
        assert!(text.get(range.clone()).is_some());
        last = range.end;
    }
    word.end
}
