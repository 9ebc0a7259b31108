//! One subject, one mode: the front of this crate for whole files.

use std::collections::HashMap;

use ward_formats::Doc;
use ward_formats::date::Civil;
use zeroize::Zeroizing;

use crate::document::{self, ReplacedDocument};
use crate::find::{self, Hit};
use crate::hidden::Hidden;
use crate::removal::Removal;
use crate::replaced::{self, Replaced};
use crate::row::Row;
use crate::shift::Shift;
use crate::{Class, Error, Known, Pseudonyms, Restorer, weekday};

/// What is put in place of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Mode {
    /// Typed placeholders, `[NAME_1KR]`: what a model needs to see that something was there, and nothing else.
    #[default]
    Tag,
    /// Realistic stand-ins of the same shape, the same for the same value of a subject; dates moved by one number of
    /// days. Pseudonymised, not anonymous.
    Surrogate,
    /// Removal or random tokens, dates to the year: the Safe Harbor profile, 45 CFR 164.514(b)(2). There is no way
    /// back.
    Remove,
}

impl Mode {
    /// Every mode.
    pub const ALL: [Mode; 3] = [Mode::Tag, Mode::Surrogate, Mode::Remove];

    /// The word on a command line: `tag`, `surrogate`, `remove`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Mode::Tag => "tag",
            Mode::Surrogate => "surrogate",
            Mode::Remove => "remove",
        }
    }

    /// The mode whose [`word`](Mode::word) is `word`.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Mode> {
        Mode::ALL.into_iter().find(|mode| mode.word() == word)
    }
}

/// Begins every UID made here.
const UID: &str = "2.25.";

/// De-identifies what belongs to one subject: a patient, or one request.
///
/// The key decides what stands for what. In mode [`Mode::Surrogate`] it is the subject's own, so that the same
/// patient gets the same stand-ins next week. In mode [`Mode::Tag`] it is random or the subject's. In mode
/// [`Mode::Remove`] it must be random and forgotten afterwards: what it makes must not follow from the subject
/// (45 CFR 164.514(c)(1)).
///
/// There is no way to print it, and its values are wiped when it is dropped.
pub struct Deidentifier {
    mode: Mode,
    key: Zeroizing<[u8; 32]>,
    shift: Shift,
    names: Pseudonyms,
    removal: Removal,
    uids: HashMap<Hidden, String>,
}

impl Deidentifier {
    /// For one subject, in one mode.
    #[must_use]
    pub fn new(mode: Mode, key: [u8; 32]) -> Self {
        Self {
            mode,
            shift: Shift::new(&key),
            names: Pseudonyms::new(key),
            removal: Removal::new(&key),
            key: Zeroizing::new(key),
            uids: HashMap::new(),
        }
    }

    /// Goes on where an earlier run for the same subject, with the same mode and key, ended.
    #[must_use]
    pub fn from_rows(mode: Mode, key: [u8; 32], rows: &[Row]) -> Self {
        let mut new = Self::new(mode, key);
        new.names = new.names.with_rows(rows);
        let uids = rows.iter().filter(|row| row.stand_in().starts_with(UID));
        new.uids
            .extend(uids.map(|row| (Hidden::new(row.value()), row.stand_in().to_owned())));
        new
    }

    /// Says what day it is, so that mode [`Mode::Remove`] may keep the birth years of people who are not over 89.
    /// Without it, no birth year is kept.
    #[must_use]
    pub fn on(mut self, today: Civil) -> Self {
        self.removal.today = Some(today);
        self
    }

    /// The mode.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Replaces what identifies somebody in `text`.
    pub fn text(&mut self, text: &str, known: &Known) -> Replaced {
        self.text_with(text, &find::find(text, known))
    }

    /// Replaces `hits`, chosen by somebody else, such as a reviewer. They should be sorted and disjoint; what of a
    /// hit overlaps an earlier one is left to that.
    pub fn text_with(&mut self, text: &str, hits: &[Hit]) -> Replaced {
        if self.mode == Mode::Tag {
            return self.names.replace_hits(text, hits);
        }
        let mut hits = hits.to_vec();
        weekday::cover(text, &mut hits);
        replaced::apply(text, &hits, |hit, value| self.value(hit.class, value))
    }

    /// Replaces what identifies somebody in `doc`, by the role of each field: see
    /// [`Pseudonyms::replace_document`].
    ///
    /// # Errors
    /// [`ErrorKind::Splice`](crate::ErrorKind::Splice) when the document cannot take the replacements. Then nothing
    /// of it may be passed on.
    pub fn document(&mut self, doc: &Doc, known: &Known) -> Result<ReplacedDocument, Error> {
        let mut plan = document::plan(doc, known);
        if self.mode != Mode::Tag {
            plan.cover_weekdays(doc);
        }
        let stand_ins = plan
            .found
            .iter()
            .map(|one| self.value(one.hit.class, document::value(doc, one)))
            .collect();
        document::carry_out(doc, plan, stand_ins)
    }

    /// What stands for one whole value: a cell of a table, a name in an image's header.
    pub fn value(&mut self, class: Class, value: &str) -> String {
        match self.mode {
            Mode::Tag | Mode::Surrogate => self.names.stand_in(class, value),
            Mode::Remove => self.removal.value(class, value),
        }
    }

    /// What a date becomes: moved in mode [`Mode::Surrogate`]; none in the others, where a caller that must write a
    /// date keeps the year (remove) or the placeholder of [`value`](Deidentifier::value) (tag).
    pub fn day(&mut self, day: Civil) -> Option<Civil> {
        match self.mode {
            Mode::Surrogate => self.shift.apply(day),
            Mode::Tag | Mode::Remove => None,
        }
    }

    /// A UID of its own for `uid`: `2.25.` and a number of 128 bits (ITU-T X.667, DICOM PS3.5 B.2), at most 44
    /// characters. Equal UIDs get equal ones. In mode [`Mode::Remove`] it does not follow from `uid`.
    pub fn uid(&mut self, uid: &str) -> String {
        if let Some(known) = self.uids.get(uid) {
            return known.clone();
        }
        let count = self.uids.len().to_be_bytes();
        let of: &[u8] = if self.mode == Mode::Remove {
            &count
        } else {
            uid.as_bytes()
        };
        let draw = ward_seal::hash::hmac_sha256_parts(self.key.as_ref(), &[b"ward-deid uid\0", of]);
        let number = draw.iter().take(16).fold(0_u128, |n, b| n << 8 | u128::from(*b));
        let new = format!("{UID}{number}");
        self.uids.insert(Hidden::new(uid), new.clone());
        new
    }

    /// What stands for what so far, for a vault. Empty in mode [`Mode::Remove`]: there is no way back.
    #[must_use]
    pub fn rows(&self) -> Vec<Row> {
        match self.mode {
            Mode::Remove => Vec::new(),
            Mode::Tag | Mode::Surrogate => {
                let uid = |(value, stand_in): (&Hidden, &String)| Row::new(Class::Id, stand_in, value.expose());
                let mut rows = self.names.rows();
                rows.extend(self.uids.iter().map(uid));
                rows
            }
        }
    }

    /// Puts back what has been replaced so far, in what a model wrote.
    #[must_use]
    pub fn restorer(&self) -> Restorer {
        self.names.restorer()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_have_words() {
        for mode in Mode::ALL {
            assert_eq!(Mode::from_word(mode.word()), Some(mode));
        }
        assert_eq!(Mode::default(), Mode::Tag);
        assert_eq!(Mode::from_word("Tag"), None);
    }

    #[test]
    fn placeholders_stay_stable_across_runs() {
        let text = "Dr. Ana Ruiz saw him on 2024-01-08; DR. ANA RUIZ; MRN: 778899";
        let mut first = Deidentifier::new(Mode::Tag, [5; 32]);
        let done = first.text(text, &Known::default());
        let mut second = Deidentifier::from_rows(Mode::Tag, [5; 32], &first.rows());
        let other = second.text("Dr. Bo Lind, Dr. Ana Ruiz", &Known::default());
        assert!(other.text.starts_with("[NAME_2"), "{}", other.text);
        assert_eq!(second.text(text, &Known::default()), done);
        assert_eq!(second.names.undo(&done.text).0, text);
    }

    #[test]
    fn removal_leaves_no_date_finer_than_a_year() {
        let text = "Seen Monday, January 8, 2024 (Tues 1/9/24) and 8.1.2024 14:30. DOB 3/14/1931. A 97-year-old.";
        let mut one = Deidentifier::new(Mode::Remove, [5; 32]).on(Civil::new(2024, 6, 1).unwrap());
        let done = one.text(text, &Known::default());
        assert_eq!(done.text, "Seen 2024 (2024) and 2024 14:30. DOB 90+. A 90+-year-old.");
        assert!(one.rows().is_empty());
    }

    #[test]
    fn uids_are_consistent_and_short() {
        for mode in Mode::ALL {
            let mut one = Deidentifier::new(mode, [5; 32]);
            let (a, b) = (one.uid("1.2.840.1"), one.uid("1.2.840.2"));
            assert!(a != b && a == one.uid("1.2.840.1") && a.len() <= 64 && a.starts_with("2.25."));
        }
    }
}
