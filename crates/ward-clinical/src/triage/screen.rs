//! Whether a text may hold one of some phrases: one look at each of its words, before any phrase is searched for.

/// Phrases, by their first byte.
pub(super) struct Screen(Vec<Vec<&'static str>>);

impl Screen {
    pub(super) fn of(phrases: impl IntoIterator<Item = &'static str>) -> Self {
        let mut by_first = vec![Vec::new(); 256];
        for phrase in phrases {
            let first = phrase.bytes().next().unwrap_or(0);
            if let Some(list) = by_first.get_mut(usize::from(first)) {
                list.push(phrase);
            }
        }
        Self(by_first)
    }

    /// Whether any of them may stand in `text`: begins where no letter of ASCII is before it.
    pub(super) fn may_stand(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        let mut in_word = false;
        bytes.iter().enumerate().any(|(at, byte)| {
            let begins = !in_word
                && self.0.get(usize::from(*byte)).is_some_and(|phrases| {
                    let rest = bytes.get(at..).unwrap_or(&[]);
                    phrases.iter().any(|phrase| rest.starts_with(phrase.as_bytes()))
                });
            in_word = byte.is_ascii_alphabetic();
            begins
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Screen;

    #[test]
    fn a_phrase_may_stand_where_a_word_begins() {
        let screen = Screen::of(["on oxygen", "l nc", "a&o"]);
        for (text, may) in [
            ("98% on oxygen", true),
            ("2l nc", true),
            ("(a&ox3)", true),
            ("\u{e9}on oxygen", true),
            ("neon oxygen", false),
            ("oxygen", false),
            ("", false),
        ] {
            assert_eq!(screen.may_stand(text), may, "{text}");
        }
    }
}
