//! Find protected health information, replace it, put it back.
//!
//! - [`find()`] finds what identifies somebody in a text: by shape and context
//!   ([`RECOGNISERS`]) and by what the record itself says of its people ([`Known`]).
//! - [`Pseudonyms`] replaces it by placeholders (`[NAME_1KR]`, `[DAY_4812TR]`; the grammar is
//!   [`ward_formats::placeholder`]) and remembers, for one request, what they stand for.
//! - [`Restorer`] puts the values back into an answer that arrives in pieces, but not into links,
//!   and not more of them than the caller allows.
//! - [`ForeignScreen`] withholds identifying values from an answer that did not come from the
//!   request.
//!
//! Two laws hold and are tested: what was replaced is restored exactly ([`Pseudonyms::undo`]), and
//! neither restoring nor screening depends on how a text is cut into chunks.
//!
//! The output is **pseudonymised**, not anonymous: rules do not find everything, clinical facts
//! remain, and whoever holds the vault can go back. Years, states, ages up to 89 and times of day
//! are kept. No IO, no clock, no randomness: the caller draws the secret.

mod aligned;
mod class;
pub mod columns;
mod dates;
mod deidentifier;
mod detection;
pub mod dicom;
mod dispatch;
mod document;
mod error;
mod find;
mod flow;
mod fold;
mod foreign;
mod gazetteer;
mod hidden;
mod identifier;
mod known;
mod lenient;
mod lex;
mod lexicon;
mod links;
mod names;
mod narrative;
mod people;
mod pseudonyms;
mod question;
mod recognisers;
mod removal;
mod replaced;
pub mod residual;
mod restore;
mod row;
mod same;
mod seeded;
mod shift;
mod surrogate;
pub mod synthetic;
mod weekday;
mod widen;
mod zip;

pub use class::{Class, Tally};
pub use deidentifier::{Deidentifier, Mode};
pub use document::{ReplacedDocument, is_all_titles};
pub use error::{Error, ErrorKind};
pub use find::{Hit, find};
pub use flow::{find_in_flow, together};
pub use foreign::{ForeignScreen, Withheld};
pub use known::Known;
pub use narrative::find_in_markup;
pub use pseudonyms::Pseudonyms;
pub use recognisers::{RECOGNISERS, Recogniser};
pub use replaced::{Applied, Replaced};
pub use restore::{Restored, Restorer, Unknown};
pub use row::Row;
