//! The recognisers: one file each, one line in [`RECOGNISERS`].
//!
//! A recogniser says what wakes it (a tagged word, a number, or the text as a whole) and looks at
//! the tokens around. Each looks at a bounded stretch, so that the whole pass takes linear time.

use crate::Class;
use crate::find::Hits;
use crate::lex::Scan;
use crate::lexicon::Tags;

mod labelled;

mod account;
mod address;
mod age;
mod area;
mod asked;
mod biometric;
mod birth;
mod card;
mod city;
mod code;
mod credential;
mod day;
mod device;
mod email;
mod facility;
mod file_name;
mod foreign_script;
mod form;
mod handle;
mod hl7_line;
mod holiday;
mod honorific;
mod id;
mod introduced;
mod ip;
mod keyed;
pub(crate) mod keys;
mod licence;
mod listed_name;
mod listed_place;
mod literal;
mod mac;
mod mention;
mod misread;
mod mrn;
mod name_label;
mod object_id;
mod pair;
mod period;
mod phone;
mod place_label;
mod plan;
mod postcode;
mod residence;
mod role;
mod secret;
mod small_name;
mod spaced;
mod ssn;
mod table;
mod url;
mod vehicle;
mod visit;

pub(crate) use asked::ABBREVIATIONS;
pub(crate) use form::is_person_of;

/// What wakes a recogniser.
#[derive(Clone, Copy)]
pub(crate) enum Trigger {
    /// Every word with one of these tags; gets the index of the token.
    Word(Tags, fn(&Scan<'_>, usize, &mut Hits)),
    /// Every number; gets the index of the token.
    Number(fn(&Scan<'_>, usize, &mut Hits)),
    /// Every number and every word with one of these tags.
    Either(Tags, fn(&Scan<'_>, usize, &mut Hits)),
    /// Every capitalised word and initial, and every word in small letters that is far more often a name than anything
    /// else; gets the index of the token.
    Name(fn(&Scan<'_>, usize, &mut Hits)),
    /// The same, for one that looks at what was found before.
    NameAfter(fn(&Scan<'_>, usize, &mut Hits)),
    /// Once per text.
    Text(fn(&Scan<'_>, &mut Hits)),
}

/// A recogniser: its behaviour, its documentation and its examples in one place.
pub struct Recogniser {
    /// Stable name, as in [`Hit::rule`](crate::Hit::rule).
    pub id: &'static str,
    /// The class it finds most.
    pub class: Class,
    /// What it finds.
    pub what: &'static str,
    /// Why that identifies somebody.
    pub why: &'static str,
    /// Where the rule comes from.
    pub source: &'static str,
    /// Texts, and in each the part that must be found.
    pub yes: &'static [(&'static str, &'static str)],
    /// Texts in which it must find nothing.
    pub no: &'static [&'static str],
    /// True when a hit needs no record to be believed: such recognisers also screen what a model
    /// says ([`ForeignScreen`](crate::ForeignScreen)).
    pub strong: bool,
    pub(crate) trigger: Trigger,
}

/// HIPAA Safe Harbor, the list most rules serve.
pub(crate) const SAFE_HARBOR: &str = "45 CFR 164.514(b)(2)(i)";

/// Every recogniser.
pub static RECOGNISERS: &[Recogniser] = &[
    literal::RECOGNISER,
    day::RECOGNISER,
    birth::RECOGNISER,
    holiday::RECOGNISER,
    age::RECOGNISER,
    phone::RECOGNISER,
    email::RECOGNISER,
    spaced::EMAIL,
    spaced::DIGITS,
    spaced::MISREAD,
    url::RECOGNISER,
    url::BARE,
    handle::RECOGNISER,
    file_name::RECOGNISER,
    secret::RECOGNISER,
    secret::KEY,
    ip::RECOGNISER,
    object_id::RECOGNISER,
    biometric::RECOGNISER,
    ssn::RECOGNISER,
    mrn::RECOGNISER,
    plan::RECOGNISER,
    account::RECOGNISER,
    account::IBAN,
    card::RECOGNISER,
    licence::RECOGNISER,
    vehicle::RECOGNISER,
    device::RECOGNISER,
    mac::RECOGNISER,
    id::RECOGNISER,
    code::RECOGNISER,
    honorific::RECOGNISER,
    role::RECOGNISER,
    credential::RECOGNISER,
    introduced::RECOGNISER,
    name_label::RECOGNISER,
    form::RECOGNISER,
    form::COLUMNS,
    pair::RECOGNISER,
    facility::RECOGNISER,
    visit::RECOGNISER,
    residence::RECOGNISER,
    address::RECOGNISER,
    address::FOREIGN,
    city::RECOGNISER,
    postcode::RECOGNISER,
    place_label::RECOGNISER,
    listed_name::RECOGNISER,
    small_name::RECOGNISER,
    small_name::PAIR,
    listed_place::RECOGNISER,
    listed_place::SMALL,
    keyed::RECOGNISER,
    table::RECOGNISER,
    hl7_line::RECOGNISER,
    asked::RECOGNISER,
    asked::IDENTIFIED,
    asked::INITIALS,
    misread::RECOGNISER,
    period::RECOGNISER,
    area::RECOGNISER,
    mention::RECOGNISER,
    mention::SMALL,
    foreign_script::RECOGNISER,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dispatch::{Dispatch, recognise};

    #[test]
    fn every_recogniser_finds_its_examples_and_leaves_the_others() {
        let mut wrong = Vec::new();
        for (index, recogniser) in RECOGNISERS.iter().enumerate() {
            let id = recogniser.id;
            assert!(
                recogniser.yes.len() >= 3 && recogniser.no.len() >= 3,
                "{id}: three examples of each"
            );
            assert!(recogniser.what.ends_with('.') && recogniser.why.ends_with('.') && !recogniser.source.is_empty());
            assert_eq!(RECOGNISERS.iter().filter(|other| other.id == id).count(), 1);
            for (text, value) in recogniser.yes {
                let hits = recognise(&Scan::new(text), &Dispatch::of(|i| i == index));
                let found: Vec<_> = hits.iter().map(|h| &text[h.span.start..h.span.end]).collect();
                let start = text.find(value).unwrap_or(usize::MAX / 2);
                let covered = |at: usize| hits.iter().any(|h| h.span.start <= at && at < h.span.end);
                let most = hits.iter().map(|h| h.span.len()).max().unwrap_or(0);
                if !(start..start + value.len()).all(covered) || most > value.len() + 2 {
                    wrong.push(format!("{id}: {text}: wanted {value}, found {found:?}"));
                }
            }
            for text in recogniser.no {
                let hits = recognise(&Scan::new(text), &Dispatch::of(|i| i == index));
                let found: Vec<_> = hits.iter().map(|h| &text[h.span.start..h.span.end]).collect();
                if !found.is_empty() {
                    wrong.push(format!("{id}: {text}: wanted nothing, found {found:?}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
