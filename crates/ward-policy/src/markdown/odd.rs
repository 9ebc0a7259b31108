//! Characters that a reader does not see or takes for others.

use crate::read::Trick;

/// A character that nobody sees, or that turns the direction of writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Odd {
    /// Its line.
    pub(crate) line: u32,
    /// The character.
    pub(crate) character: char,
    /// What it does.
    pub(crate) trick: Trick,
    /// How many such characters the line has.
    pub(crate) count: u32,
}

/// Most lines that are told.
const MAX_ODD: usize = 100;

/// What is odd about a character on its own; none for most.
pub(crate) fn trick_of(c: char) -> Option<Trick> {
    match c {
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}' => {
            Some(Trick::Direction)
        }
        '\u{200b}'
        | '\u{200c}'
        | '\u{2060}'..='\u{2064}'
        | '\u{feff}'
        | '\u{ad}'
        | '\u{180e}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{3164}'
        | '\u{ffa0}'
        | '\u{e0000}'..='\u{e007f}'
        | '\u{e0100}'..='\u{e01ef}'
        | '\0'..='\u{8}'
        | '\u{b}'
        | '\u{c}'
        | '\u{e}'..='\u{1f}'
        | '\u{7f}' => Some(Trick::Invisible),
        _ => None,
    }
}

/// The lines of a document that hold such characters. A byte order mark at the very start is no trick, and neither are the tags
/// that make a flag of 🏴.
pub(super) fn find(source: &str) -> Vec<Odd> {
    let mut found: Vec<Odd> = Vec::new();
    for (at, line) in source.split('\n').enumerate() {
        if line
            .bytes()
            .all(|b| (b' '..=b'~').contains(&b) || b == b'\t' || b == b'\r')
        {
            continue;
        }
        let mut flag = false;
        let mut first: Option<Odd> = None;
        for (place, c) in line.char_indices() {
            flag = c == '\u{1f3f4}' || (flag && matches!(c, '\u{e0020}'..='\u{e007f}'));
            let bom = c == '\u{feff}' && at == 0 && place == 0;
            let Some(trick) = trick_of(c).filter(|_| !bom && !flag) else {
                continue;
            };
            let odd = first.get_or_insert(Odd {
                line: u32::try_from(at + 1).unwrap_or(u32::MAX),
                character: c,
                trick,
                count: 0,
            });
            odd.count += 1;
        }
        found.extend(first);
        if found.len() >= MAX_ODD {
            break;
        }
    }
    found
}
