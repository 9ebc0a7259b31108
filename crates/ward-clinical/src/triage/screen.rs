//! Which of several lists of phrases a text may hold: one look at each of its words, before any phrase is searched for.

/// Phrases, by their first byte, and the lists that have them, as bits.
pub(super) struct Screen(Vec<Vec<(&'static str, u8)>>);

impl Screen {
    pub(super) fn of(phrases: impl IntoIterator<Item = (&'static str, u8)>) -> Self {
        let mut by_first = vec![Vec::new(); 256];
        for (phrase, list) in phrases {
            let first = phrase.bytes().next().unwrap_or(0);
            if let Some(phrases) = by_first.get_mut(usize::from(first)) {
                phrases.push((phrase, list));
            }
        }
        Self(by_first)
    }

    /// The lists of which a phrase may stand in `text`: begins where no letter of ASCII is before it.
    pub(super) fn may_stand(&self, text: &str) -> u8 {
        let bytes = text.as_bytes();
        let mut in_word = false;
        let mut found = 0;
        for (at, byte) in bytes.iter().enumerate() {
            if !in_word && let Some(phrases) = self.0.get(usize::from(*byte)) {
                let rest = bytes.get(at..).unwrap_or(&[]);
                let stands = |(phrase, _): &&(&str, u8)| rest.starts_with(phrase.as_bytes());
                found |= phrases.iter().filter(stands).fold(0, |all, (_, list)| all | list);
            }
            in_word = byte.is_ascii_alphabetic();
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::Screen;

    #[test]
    fn a_phrase_may_stand_where_a_word_begins() {
        let screen = Screen::of([("on oxygen", 1), ("l nc", 1), ("a&o", 2)]);
        for (text, may) in [
            ("98% on oxygen", 1),
            ("2l nc", 1),
            ("(a&ox3)", 2),
            ("\u{e9}on oxygen", 1),
            ("a&o, 2l nc", 3),
            ("neon oxygen", 0),
            ("oxygen", 0),
            ("", 0),
        ] {
            assert_eq!(screen.may_stand(text), may, "{text}");
        }
    }
}
