//! Names that somebody wrote beside a value, or alone into a column of notes, and what else may be called so: a scale, a
//! maker, a blood group.

use ward_formats::Span;

use super::profile::{self, Likely, name_level};
use super::{Column, header, names};
use crate::find::Hit;
use crate::{Class, lexicon};

/// Scales, makers of tests and drugs, antigens of blood, and houses that have people's names, beside the scores that
/// headers are called after.
const NAMESAKES: &[&str] = &[
    // Scales, classes and scores.
    "baker",
    "beck",
    "berg",
    "binet",
    "bishop",
    "bloom",
    "borg",
    "braak",
    "caprini",
    "dukes",
    "folstein",
    "geneva",
    "katz",
    "kurtzke",
    "lawton",
    "norton",
    "nottingham",
    "oswestry",
    "padua",
    "ramsay",
    "richmond",
    "salter",
    "wells",
    "wong",
    "zung",
    // Makers and pharmacies.
    "abbott",
    "bard",
    "baxter",
    "bayer",
    "beckman",
    "biogen",
    "braun",
    "fresenius",
    "janssen",
    "lilly",
    "merck",
    "novartis",
    "perrigo",
    "pfizer",
    "roche",
    "sandoz",
    "sanofi",
    "siemens",
    "stryker",
    "teva",
    "walgreens",
    "wyeth",
    // Antigens of blood; others stand in columns of it.
    "kell",
    // Catheters and drains.
    "foley",
    "hickman",
    "tiemann",
    // Houses.
    "mayo",
    "mercy",
    "trinity",
    // Days.
    "friday",
    "monday",
    "saturday",
    "sunday",
    "thursday",
    "tuesday",
    "wednesday",
];

/// Of a column of these, what stands beside a value says how it was measured (`A (Lewis)`).
const MEASURED: &[&str] = &["blood", "grade", "index", "risk", "scale", "score", "severity", "stage"];

/// True where nothing says that `remark` in the column `column` is somebody: a word of it is what a scale, a maker or the
/// like is called, or it is a lone word in a column of scores, or one that is a word for something else, too.
pub(super) fn is_called_after(remark: &str, column: &str) -> bool {
    /// Levels of names that so many people have that they are people's first: Smith.
    const WIDESPREAD: i32 = 9;
    let listed = |word: &str| NAMESAKES.contains(&word.to_lowercase().as_str()) || header::is_score(word);
    if remark.split([' ', '-']).any(listed) {
        return true;
    }
    let lone = !remark.contains([' ', '-']);
    let measured = || {
        names::words(column)
            .iter()
            .any(|word| MEASURED.contains(&word.as_str()))
    };
    let word = || lexicon::tags(remark) != 0 && name_level(remark) < WIDESPREAD;
    lone && (measured() || word())
}

impl Column {
    /// A name that somebody added to a number or a category: `70 (Smith)`, `active - Kowalczyk`, and not `18 (Braden)`.
    pub(super) fn remark(&self, value: &str) -> Option<Hit> {
        let (start, remark) = remark_of(value)?;
        let region = names::holds_regions(&self.name) && profile::may_be_a_place(remark);
        let medical = || remark.split_whitespace().any(profile::is_medical);
        let other = || region || medical() || self.explains(remark) || is_called_after(remark, &self.name);
        let named = profile::likely(remark) == Likely::Person && !other();
        named.then_some(Hit {
            span: Span::new(start, start + remark.len()),
            class: Class::Name,
            rule: "column-remark",
            score: 70,
        })
    }

    /// True for one or two words that are all of a note, and that the gazetteer knows as somebody's name. Not in documents,
    /// where a text may be a part of a sentence.
    pub(super) fn is_somebody(&self, value: &str) -> bool {
        let words: Vec<&str> = value.split(' ').take(3).collect();
        let name = |word: &&str| profile::likely(word) == Likely::Person && !profile::is_medical(word);
        let plain = self.by == "name" && !self.name.contains('.');
        plain && words.len() <= 2 && words.iter().all(name) && !is_called_after(value, "") && !self.explains(value)
    }
}

/// What stands behind the value of a cell, in brackets or after a dash, a comma or the like, and where; after a number or a
/// code a space is enough.
fn remark_of(value: &str) -> Option<(usize, &str)> {
    const AFTER: [&str; 8] = [" (", " [", " - ", " – ", "; ", ", ", ": ", " / "];
    let after = AFTER
        .iter()
        .filter_map(|mark| Some(value.find(mark)? + mark.len()))
        .min();
    let counted = || {
        let space = value.find(' ')?;
        value
            .get(..space)?
            .bytes()
            .any(|b| b.is_ascii_digit())
            .then_some(space + 1)
    };
    let start = after.or_else(counted)?;
    let rest = value.get(start..)?;
    let remark = rest.trim_end_matches([')', ']', ' ', '.', '?', '!']);
    let lead = remark.len() - remark.trim_start().len();
    Some((start + lead, remark.trim_start())).filter(|(_, remark)| !remark.is_empty())
}
