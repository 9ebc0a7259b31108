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
use crate::surrogate::Surrogates;
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

/// Most times that the stand-ins of a document are drawn before they are written.
const DRAWS: usize = 4;

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
    surrogates: Surrogates,
    removal: Removal,
    uids: HashMap<Hidden, String>,
}

impl Deidentifier {
    /// For one subject, in one mode.
    #[must_use]
    pub fn new(mode: Mode, key: [u8; 32]) -> Self {
        let shift = Shift::new(&key);
        Self {
            mode,
            shift,
            surrogates: Surrogates::new(&key, shift),
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
        new.surrogates = new.surrogates.with_rows(rows);
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

    /// Notes the people whom a record names in parts, as in the columns `first_name` and `last_name`: in mode [`Mode::Tag`]
    /// the parts of one person's name then share a number, in mode [`Mode::Surrogate`] given names become given names. Call
    /// it before the values of the record are replaced.
    pub fn meet(&mut self, known: &Known) {
        match self.mode {
            Mode::Tag => self.names.meet(known),
            Mode::Surrogate => self.surrogates.meet(known),
            Mode::Remove => {}
        }
    }

    /// Replaces what identifies somebody in `text`.
    pub fn text(&mut self, text: &str, known: &Known) -> Replaced {
        self.text_with(text, &find::find(text, known))
    }

    /// Replaces `hits`, chosen by somebody else, such as a reviewer. They should be sorted and disjoint; what of a
    /// hit overlaps an earlier one is left to that.
    pub fn text_with(&mut self, text: &str, hits: &[Hit]) -> Replaced {
        match self.mode {
            Mode::Tag => {
                // A subject may have stand-ins from another run: they must not be read in this text.
                let hits = self.surrogates.with_stand_ins(text, hits.to_vec());
                self.names.replace_hits(text, &hits)
            }
            Mode::Surrogate => {
                let hits = replaced::disjoint(text, hits);
                self.surrogates.begin();
                self.surrogates.learn(text, &hits);
                let done = self.surrogates.replace(&mut self.names, text, &hits);
                let hits: Vec<Hit> = done.iter().map(|(hit, _)| *hit).collect();
                let mut stand_ins = done.into_iter().map(|(_, stand_in)| stand_in);
                replaced::apply(text, &hits, |_, _| stand_ins.next().unwrap_or_default())
            }
            Mode::Remove => {
                let mut hits = replaced::disjoint(text, hits);
                weekday::cover(text, &mut hits);
                replaced::apply(text, &hits, |hit, value| self.removal.value(hit.class, value))
            }
        }
    }

    /// Replaces what identifies somebody in `doc`, by the role of each field: see
    /// [`Pseudonyms::replace_document`].
    ///
    /// # Errors
    /// [`ErrorKind::Splice`](crate::ErrorKind::Splice) when the document cannot take the replacements. Then nothing
    /// of it may be passed on.
    pub fn document(&mut self, doc: &Doc, known: &Known) -> Result<ReplacedDocument, Error> {
        let mut plan = document::plan(doc, known);
        let mut stand_ins = match self.mode {
            Mode::Tag => {
                self.names.meet(known);
                plan.each_field(doc, |text, hits| self.names.learn(text, hits));
                let names = &mut self.names;
                plan.change(doc, |text, hits| {
                    let hits = self.surrogates.with_stand_ins(text, hits.to_vec());
                    let stand_in = |hit: Hit| {
                        let value = text.get(hit.span.start..hit.span.end).unwrap_or_default();
                        (hit, names.stand_in(hit.class, value))
                    };
                    hits.into_iter().map(stand_in).collect()
                })
            }
            Mode::Surrogate => {
                plan.found.retain(|found| !document::is_title(doc, found));
                self.surrogates.meet(known);
                self.surrogates.begin();
                plan.each_field(doc, |text, hits| self.surrogates.learn(text, hits));
                // What is drawn for a later field must not change how an earlier one reads: all are drawn before any is
                // written.
                for _ in 0..DRAWS {
                    let before = self.surrogates.count();
                    plan.each_field(doc, |text, hits| {
                        self.surrogates.replace(&mut self.names, text, hits);
                    });
                    if self.surrogates.count() == before {
                        break;
                    }
                }
                plan.change(doc, |text, hits| self.surrogates.replace(&mut self.names, text, hits))
            }
            Mode::Remove => {
                let removal = &mut self.removal;
                plan.change(doc, |text, hits| {
                    let mut hits = hits.to_vec();
                    weekday::cover(text, &mut hits);
                    let left = |hit: Hit| {
                        let value = text.get(hit.span.start..hit.span.end).unwrap_or_default();
                        (hit, removal.value(hit.class, value))
                    };
                    hits.into_iter().map(left).collect()
                })
            }
        };
        match self.mode {
            Mode::Remove => document::keep_removed(doc, &mut plan, &mut stand_ins, self.removal.today),
            Mode::Tag | Mode::Surrogate => {
                let surrogates = &mut self.surrogates;
                document::number_ages(doc, &plan, &mut stand_ins, |age| surrogates.old_number(doc, age));
            }
        }
        document::carry_out(doc, plan, stand_ins)
    }

    /// What stands for one whole value: a cell of a table, a name in an image's header.
    pub fn value(&mut self, class: Class, value: &str) -> String {
        match self.mode {
            Mode::Tag => self.names.stand_in(class, value),
            Mode::Surrogate => {
                let hit = Hit {
                    span: ward_formats::Span::new(0, value.len()),
                    class,
                    rule: "field",
                    score: 100,
                };
                self.surrogates.begin();
                self.surrogates.learn(value, &[hit]);
                let done = self.surrogates.replace(&mut self.names, value, &[hit]);
                done.into_iter()
                    .next()
                    .map_or_else(String::new, |(_, stand_in)| stand_in)
            }
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
                rows.extend(self.surrogates.rows());
                rows.extend(self.uids.iter().map(uid));
                rows
            }
        }
    }

    /// Puts back what has been replaced so far, in what a model wrote. In mode [`Mode::Remove`] it puts nothing back.
    #[must_use]
    pub fn restorer(&self) -> Restorer {
        self.names.restorer().with_stand_ins(self.surrogates.table())
    }

    /// Puts the values back into a de-identified document of any format, as
    /// [`Pseudonyms::restore_document`] does.
    ///
    /// # Errors
    /// [`ErrorKind::Splice`](crate::ErrorKind::Splice) when the document cannot take the values.
    pub fn restore_document(&self, doc: &Doc) -> Result<Vec<u8>, Error> {
        self.restorer().document(doc).map(|(bytes, _)| bytes)
    }
}

#[cfg(test)]
mod tests;
