//! What keyboards, scanners and interfaces do to a text.

use super::random::Random;
use super::{Piece, What};

/// Applies one to three kinds of noise. Letters change, pieces do not: what identified somebody still does, and what
/// must stay is never touched beyond its case.
pub(super) fn apply(pieces: &mut [Piece], random: &mut Random) {
    let kinds: [fn(&mut [Piece], &mut Random); 6] = [lower, |pieces, _| upper(pieces), typos, scanned, run_on, spaced];
    for _ in 0..=random.below(2) {
        if let Some(kind) = kinds.get(random.below(kinds.len())) {
            kind(pieces, random);
        }
    }
}

/// All in lower case, as in haste.
fn lower(pieces: &mut [Piece], _: &mut Random) {
    for piece in pieces.iter_mut().filter(|piece| piece.what != What::Stays) {
        piece.text = piece.text.to_lowercase();
    }
}

/// All in capitals, as old systems print.
pub(super) fn upper(pieces: &mut [Piece]) {
    for piece in pieces.iter_mut().filter(|piece| piece.what != What::Stays) {
        piece.text = piece.text.to_uppercase();
    }
}

/// Neighbouring letters swapped in some ordinary words. Values stay as they are: a value with a typing error is another
/// value.
fn typos(pieces: &mut [Piece], random: &mut Random) {
    for piece in pieces.iter_mut().filter(|piece| piece.what == What::Plain) {
        piece.text = piece
            .text
            .split_inclusive(' ')
            .map(|word| {
                if word.len() > 5 && random.one_in(12) {
                    swapped(word, random)
                } else {
                    word.to_owned()
                }
            })
            .collect();
    }
}

fn swapped(word: &str, random: &mut Random) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let at = 1 + random.below(letters.len().saturating_sub(4));
    if letters
        .get(at..at + 2)
        .is_some_and(|two| two.iter().all(|c| c.is_lowercase()))
    {
        letters.swap(at, at + 1);
    }
    letters.into_iter().collect()
}

/// A scanner's reading of one digit in some numbers of five digits and more.
fn scanned(pieces: &mut [Piece], random: &mut Random) {
    for piece in pieces {
        let identifies = matches!(piece.what, What::Identifies(_));
        if !identifies || piece.text.bytes().filter(u8::is_ascii_digit).count() < 5 || !random.one_in(4) {
            continue;
        }
        let (from, to) = [('0', 'O'), ('1', 'l'), ('5', 'S')]
            .get(random.below(3))
            .copied()
            .unwrap_or(('0', 'O'));
        // The first digit stays, so that a reader still sees a number.
        let first = piece.text.find(|c: char| c.is_ascii_digit()).map_or(0, |at| at + 1);
        if let Some((head, tail)) = piece.text.split_at_checked(first) {
            piece.text = format!("{head}{}", tail.replacen(from, to.encode_utf8(&mut [0; 4]), 1));
        }
    }
}

/// No space after a full stop or a comma.
fn run_on(pieces: &mut [Piece], random: &mut Random) {
    for piece in pieces.iter_mut().filter(|piece| piece.what == What::Plain) {
        if random.one_in(2) {
            piece.text = piece.text.replace(". ", ".").replace(", ", ",");
        }
    }
}

/// Two spaces for one, and tabs, as columns leave them.
fn spaced(pieces: &mut [Piece], random: &mut Random) {
    for piece in pieces.iter_mut().filter(|piece| piece.what == What::Plain) {
        if random.one_in(3) {
            piece.text = piece.text.replace(' ', random.of(&["  ", "\t", "   "]));
        }
    }
}
