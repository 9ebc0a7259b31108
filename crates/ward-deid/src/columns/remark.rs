//! What a remark beside a value may be called after that is nobody in the record: a scale, a maker, a blood group.

use super::profile::name_level;
use super::{header, names};
use crate::lexicon;

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
