//! Labelled clinical notes that nobody wrote: a grammar, invented people, surface noise and hard negatives.
//!
//! [`note`] makes a note from a seed, with the place and class of everything in it that identifies somebody
//! ([`Note::spans`]) and of what looks as if it did and must stay ([`Note::keep`]): doses, laboratory values, vital
//! signs, eponyms, drugs, words that are also names. Tests measure with it, and training can.
//!
//! The two [`Half`]s share no name, place, sentence or hard negative, so that what is tuned on one can be measured on
//! the other. They share the grammar of values (what a date or a number looks like) and the noise. A generator's author
//! and a recogniser's author think alike: figures on these notes are a guard against regress, no proof of recall on
//! real notes.
//!
//! Everything here is invented; a likeness to a living person is chance. No randomness: the same seed gives the same
//! note for ever.

mod forms;
mod lists;
mod noise;
mod random;
mod sentences;
mod values;

use ward_formats::Span;

use crate::Class;

use random::Random;

/// A half of everything: names, places, sentences, hard negatives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Half {
    /// To tune and to train on.
    Train,
    /// To measure on.
    Test,
}

impl Half {
    /// The half of this name: `train` or `test`.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Half> {
        match word {
            "train" => Some(Half::Train),
            "test" => Some(Half::Test),
            _ => None,
        }
    }

    /// This half of a list: every other entry.
    fn of<T>(self, list: &[T]) -> impl Iterator<Item = &T> + Clone {
        list.iter().skip(usize::from(self == Half::Test)).step_by(2)
    }

    /// An entry of this half. The lists are constants with two entries or more, as a test checks.
    fn pick(self, list: &[&'static str], random: &mut Random) -> &'static str {
        let count = self.of(list).count().max(1);
        let at = random.below(count) * 2 + usize::from(self == Half::Test);
        list.get(at).or_else(|| list.first()).copied().unwrap_or_default()
    }
}

/// A labelled note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The text.
    pub text: String,
    /// What identifies somebody: bytes of the text, ascending, not overlapping.
    pub spans: Vec<(Span, Class)>,
    /// What must stay as it is: bytes of the text, ascending.
    pub keep: Vec<Span>,
}

/// The surface a note gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    /// As a careful person types.
    Clean,
    /// With one or more of: case lost, typing errors, scanning errors in numbers, words run together.
    Noisy,
}

/// A piece of a note on its way to becoming text.
#[derive(Debug, Clone)]
struct Piece {
    text: String,
    what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    /// Ordinary words.
    Plain,
    /// Identifies somebody.
    Identifies(Class),
    /// Must stay.
    Stays,
}

/// The note of `seed`. Half of the notes are [`Surface::Noisy`] when `surface` is `None`.
#[must_use]
pub fn note(half: Half, seed: u64, surface: Option<Surface>) -> Note {
    let mut random = Random::new(seed ^ if half == Half::Test { 0x7e57 << 40 } else { 0 });
    let mut people = values::Cast::new(half, &mut random);
    let mut pieces = Vec::new();
    for sentence in sentences::outline(half, &mut random) {
        values::render(sentence, half, &mut people, &mut random, &mut pieces);
    }
    let noisy = surface.map_or_else(|| random.one_in(2), |surface| surface == Surface::Noisy);
    if noisy {
        noise::apply(&mut pieces, &mut random);
    }
    join(pieces)
}

/// The note of `seed` with the surface that the seed chooses.
#[must_use]
pub fn note_of_either_surface(half: Half, seed: u64) -> Note {
    note(half, seed, None)
}

/// A question to an assistant, of one sentence or two, with what identifies the patient in it; one in five without.
#[must_use]
pub fn query(half: Half, seed: u64) -> Note {
    let mut random = Random::new(seed ^ 0x90e5 << 44 ^ if half == Half::Test { 0x7e57 << 40 } else { 0 });
    let mut people = values::Cast::new(half, &mut random);
    let mut pieces = Vec::new();
    let sentence = if random.one_in(5) {
        half.pick(sentences::HARMLESS_QUERIES, &mut random)
    } else {
        half.pick(sentences::QUERIES, &mut random)
    };
    values::render(sentence, half, &mut people, &mut random, &mut pieces);
    if random.one_in(3) {
        noise::apply(&mut pieces, &mut random);
    }
    join(pieces)
}

/// A line of a form, a list or a letter: two in three with a person, the others of the same shape with nobody; one in five in
/// capitals.
#[must_use]
pub fn form(half: Half, seed: u64) -> Note {
    let mut random = Random::new(seed ^ 0xf034 << 44 ^ if half == Half::Test { 0x7e57 << 40 } else { 0 });
    let mut people = values::Cast::new(half, &mut random);
    let lines = if random.one_in(3) { forms::THINGS } else { forms::PEOPLE };
    let mut pieces = Vec::new();
    values::render(
        half.pick(lines, &mut random),
        half,
        &mut people,
        &mut random,
        &mut pieces,
    );
    if random.one_in(5) {
        noise::upper(&mut pieces);
    }
    join(pieces)
}

fn join(pieces: Vec<Piece>) -> Note {
    let mut note = Note {
        text: String::new(),
        spans: Vec::new(),
        keep: Vec::new(),
    };
    for piece in pieces {
        let start = note.text.len();
        note.text.push_str(&piece.text);
        let span = Span::new(start, note.text.len());
        match piece.what {
            What::Plain => {}
            _ if span.is_empty() => {}
            What::Identifies(class) => note.spans.push((span, class)),
            What::Stays => note.keep.push(span),
        }
    }
    note
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORMS: &[&[&str]] = &[forms::PEOPLE, forms::THINGS, forms::CELLS, forms::PARTS];

    #[test]
    fn a_seed_is_a_note() {
        for half in [Half::Train, Half::Test] {
            for seed in 0..200 {
                let one = note(half, seed, None);
                assert_eq!(one, note(half, seed, None));
                assert!(one.spans.len() >= 5, "{}", one.text);
                for (span, _) in &one.spans {
                    assert!(one.text.get(span.start..span.end).is_some_and(|v| !v.trim().is_empty()));
                }
                assert!(one.spans.is_sorted_by(|a, b| a.0.end <= b.0.start));
                assert!(!one.text.contains(['{', '}']), "{}", one.text);
                assert!(!query(half, seed).text.contains(['{', '}']));
                assert!(!form(half, seed).text.contains(['{', '}']));
            }
        }
    }

    #[test]
    fn the_halves_share_nothing() {
        for list in lists::ALL.iter().chain(sentences::ALL).chain(FORMS) {
            let train: Vec<_> = Half::Train.of(list).collect();
            assert!(train.len() >= 2);
            for entry in Half::Test.of(list) {
                assert!(!train.contains(&entry), "{entry} is in both halves");
            }
        }
    }

    #[test]
    fn every_sentence_can_be_rendered() {
        for half in [Half::Train, Half::Test] {
            let mut random = Random::new(1);
            let mut people = values::Cast::new(half, &mut random);
            for sentence in sentences::ALL.iter().chain(FORMS).copied().flatten() {
                let mut pieces = Vec::new();
                values::render(sentence, half, &mut people, &mut random, &mut pieces);
                let text = join(pieces).text;
                assert!(!text.contains("??"), "a slot nobody knows in: {sentence}");
            }
        }
    }

    #[test]
    fn surfaces_differ() {
        let differ = (0..50)
            .filter(|seed| {
                note(Half::Train, *seed, Some(Surface::Clean)).text
                    != note(Half::Train, *seed, Some(Surface::Noisy)).text
            })
            .count();
        assert!(differ >= 40, "{differ}");
    }
}
