//! What stayed in earlier texts of a subject: a stand-in that is given later must not be read there.

use std::collections::HashSet;

use super::lists;
use crate::hidden::Hidden;

/// Most words remembered of a subject.
const MOST: usize = 1 << 16;

/// Digits from which a number may stand for another.
const DIGITS: usize = 5;

/// Words, folded, that stayed in texts before and of which a stand-in might be made. All others need no memory.
#[derive(Default)]
pub(super) struct Stayed(HashSet<Hidden>);

impl Stayed {
    /// Adds the words of a text that is done.
    pub(super) fn extend(&mut self, words: impl Iterator<Item = Hidden>) {
        for word in words {
            let digits = word.expose().bytes().filter(u8::is_ascii_digit).count();
            if self.0.len() < MOST && (digits >= DIGITS || lists::has(word.expose())) {
                self.0.insert(word);
            }
        }
    }

    pub(super) fn has(&self, folded: &str) -> bool {
        self.0.contains(folded)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Surrogates;
    use super::lists::{Kind, words};
    use crate::Class;
    use crate::shift::Shift;

    #[test]
    fn no_stand_in_is_read_in_an_earlier_text() {
        // All family names of the lists but the last hundred stay in the first text, as words.
        let all = words(Kind::Family);
        let (stay, rest) = all.split_at(all.len() - 100);
        let mut subject = Surrogates::new(&[7; 32], Shift::new(&[7; 32]));
        subject.begin();
        subject.learn(&stay.join(" ").to_lowercase(), &[]);
        subject.begin();
        let mut given = 0;
        for n in 0..40_u8 {
            let value = format!(
                "Quillfeather{}",
                char::from(b'a' + n % 26).to_string().repeat(usize::from(n / 26) + 1)
            );
            subject.learn(&value, &[]);
            if let Some(new) = subject.value(Class::Name, &value) {
                assert!(rest.iter().any(|word| new.eq_ignore_ascii_case(word)), "{new}");
                given += 1;
            }
        }
        assert!(given > 0);
    }
}
