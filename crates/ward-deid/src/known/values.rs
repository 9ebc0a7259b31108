//! Learning places, telephone numbers, and the numbers and codes of people.

use super::names::MAX_PARTS;
use super::{Known, MAX_IDENTIFIER};
use crate::hidden::Hidden;
use crate::{Class, fold, lexicon};

/// Words of addresses, and their short forms.
#[rustfmt::skip]
const SHORT_FORMS: &[(&str, &str)] = &[
    ("street", "st"), ("avenue", "ave"), ("road", "rd"), ("drive", "dr"), ("boulevard", "blvd"), ("lane", "ln"), ("court", "ct"), ("place", "pl"),
    ("terrace", "ter"), ("circle", "cir"), ("parkway", "pkwy"), ("highway", "hwy"), ("square", "sq"), ("apartment", "apt"), ("suite", "ste"),
    ("north", "n"), ("south", "s"), ("east", "e"), ("west", "w"), ("saint", "st"), ("mount", "mt"), ("fort", "ft"),
];

impl Known {
    /// A place: a ZIP code, a town, an address and its parts.
    pub(super) fn learn_place(&mut self, value: &str) {
        let digits = value.bytes().filter(u8::is_ascii_digit).count();
        if digits >= 4 && !value.contains(' ') {
            self.identifier(value, Class::Place);
            if let Some(zip) = value.get(..5).filter(|_| value.len() > 5) {
                self.identifier(zip, Class::Place);
            }
            return;
        }
        self.phrase(value, Class::Place);
        // "12 Elm Street" without its number.
        let street = value.trim_start_matches(|c: char| c.is_ascii_digit());
        if street.len() < value.len() && street.starts_with(' ') && !value.contains(',') {
            let words: Vec<&str> = street.split(' ').filter(|word| !word.is_empty()).collect();
            let kind = words
                .iter()
                .rposition(|word| lexicon::tags(word) & lexicon::STREET != 0);
            if let Some(kind) = kind.filter(|_| (2..=MAX_PARTS).contains(&words.len())) {
                self.phrase(street.trim(), Class::Place);
                self.learn_short_forms(street.trim());
                // "12 Elm"
                let name = words.get(..kind).unwrap_or_default();
                if name
                    .iter()
                    .any(|word| word.len() >= 3 && lexicon::tags(word) & lexicon::NOT_NAME == 0)
                {
                    let number = value.strip_suffix(street).unwrap_or_default();
                    self.phrase(&format!("{number} {}", name.join(" ")), Class::Place);
                }
            }
        }
        // "12 Elm Street, Springfield, IL 62704": each part by itself.
        if value.contains(", ") {
            for part in value.split(", ").filter(|part| part.len() >= 4).take(MAX_PARTS) {
                let zip = part.rsplit(' ').next().unwrap_or(part);
                let coded = zip.len() >= 5 && zip.bytes().all(|b| b.is_ascii_digit() || b == b'-');
                if coded {
                    self.learn_place(zip);
                    // "Springfield IL 62704"
                    let town = part.strip_suffix(zip).unwrap_or_default().trim_end();
                    let state = town.rsplit(' ').next().unwrap_or_default();
                    let town = match lexicon::tags(state) & lexicon::STATE {
                        0 => town,
                        _ => town.strip_suffix(state).unwrap_or_default().trim_end(),
                    };
                    if town.len() >= 4 {
                        self.learn_place(town);
                    }
                } else if lexicon::tags(part) & (lexicon::STATE | lexicon::COUNTRY) == 0 {
                    self.learn_place(part);
                }
            }
        }
        if digits > 0 {
            self.learn_short_forms(value);
        }
    }

    /// "12 Elm Street" is also spelled "12 Elm St".
    fn learn_short_forms(&mut self, address: &str) {
        let folded = fold::words(address);
        let words: Vec<&str> = folded.split(' ').collect();
        let both = SHORT_FORMS
            .iter()
            .flat_map(|(long, short)| [(*long, *short), (*short, *long)]);
        for (from, to) in both.filter(|(from, _)| words.contains(from)) {
            let other: Vec<&str> = words
                .iter()
                .map(|word| if *word == from { to } else { *word })
                .collect();
            self.phrase(&other.join(" "), Class::Place);
        }
    }

    pub(super) fn learn_phone(&mut self, value: &str) {
        if value.contains('@') {
            self.phrase(value, Class::Email);
            return;
        }
        if value.contains("://") {
            self.phrase(value, Class::Url);
            return;
        }
        let main = value.split(['x', 'X']).next().unwrap_or(value);
        let digits: String = main.chars().filter(char::is_ascii_digit).collect();
        if digits.len() < 7 {
            return;
        }
        self.identifier(&digits, Class::Phone);
        // "+44 20 7946 0018" is "020 7946 0018" at home.
        if value.trim_start().starts_with('+') && digits.len() > 10 && !digits.starts_with('1') {
            for code in 2..=3 {
                if let Some(rest) = digits.get(code..) {
                    self.identifier(&format!("0{rest}"), Class::Phone);
                }
            }
        }
        let national = digits
            .strip_prefix('1')
            .filter(|rest| rest.len() == 10)
            .unwrap_or(&digits);
        self.identifier(national, Class::Phone);
        self.identifier(&format!("1{national}"), Class::Phone);
        if let Some(local) = national.get(3..).filter(|_| national.len() == 10) {
            self.identifier(local, Class::Phone);
        }
    }

    /// A number or code. Those that could be a clinical quantity are left out.
    pub(super) fn identifier(&mut self, value: &str, class: Class) {
        // Only the last part of a reference or a URN names the thing.
        let value = value.rsplit(['/', ':', '#', '|']).next().unwrap_or(value);
        let id = fold::identifier(value);
        let digits = id.bytes().filter(u8::is_ascii_digit).count();
        let letters = id.len() - digits;
        let distinct = if letters == 0 {
            digits >= 5
        } else {
            digits >= 2 && id.len() >= 5
        };
        if distinct && id.is_ascii() && id.len() <= MAX_IDENTIFIER {
            let ending = id.len().checked_sub(4).and_then(|at| id.get(at..));
            let ending = ending.filter(|end| id.len() >= 7 && end.bytes().all(|b| b.is_ascii_digit()));
            if let Some(ending) = ending.filter(|_| class != Class::Place) {
                self.endings.entry(Hidden::new(ending)).or_insert(class);
            }
            self.lengths.note(id.as_bytes());
            self.identifiers.entry(Hidden::new(&id)).or_insert(class);
            // "00123456" is also written "123456", "AB-123456" too.
            let number = id
                .trim_start_matches(|c: char| c.is_ascii_alphabetic())
                .trim_start_matches('0');
            if number.len() < id.len() && number.len() >= 6 && number.bytes().all(|b| b.is_ascii_digit()) {
                self.lengths.note(number.as_bytes());
                self.identifiers.entry(Hidden::new(number)).or_insert(class);
            }
        }
    }
}
