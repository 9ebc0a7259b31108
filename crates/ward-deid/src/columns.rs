//! Tables and records without a standard: what a column holds, decided by its name and its values.
//!
//! A column is that of a CSV file, or a way to a value in JSON (`patient.name.family`). Its name decides first
//! ([`by_name`]; the columns of the OMOP common data model are known), its values next ([`Profiler`]). A column that
//! neither explains is [`Treatment::Unknown`]: its values are treated as free text, and the caller says so.
//!
//! A treatment is never blind: what is kept as a category or a number is kept only while it looks like one, is no name that
//! stands among categories by mistake, and is nothing the record says of its people.

mod header;
mod names;
mod profile;
mod remark;
#[cfg(test)]
mod tests;

use ward_formats::date::Precision;
use ward_formats::{OffsetMap, Span};

use crate::find::{self, Hit};
use crate::flow::together;
use crate::lex::Scan;
use crate::recognisers::{is_person_of, keys};
use crate::replaced::{Applied, Replaced};
use crate::{Class, Deidentifier, Known, Tally, dates};

use self::profile::{Likely, hash};
pub use self::profile::{Profiler, may_be_a_name};
pub use header::{header_hits, may_name_somebody};
pub use names::by_name;

/// What is done with the values of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Treatment {
    /// Replaced whole by what stands for a value of this class.
    Whole(Class),
    /// A date of birth or of something that happened: replaced unless it is a bare year.
    Date(Class),
    /// An age in years: replaced above 89.
    Age,
    /// Free text: what [`find`](crate::find()) finds in it.
    Text,
    /// One of a few words, or a code: kept unless something is found in it.
    Category,
    /// A number: kept while it is one.
    Number,
    /// Neither the name nor the values say what it is: as free text, and reported.
    Unknown,
}

impl Treatment {
    /// A word or three for people.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Treatment::Whole(class) | Treatment::Date(class) => class.word(),
            Treatment::Age => "age",
            Treatment::Text => "free text",
            Treatment::Category => "category",
            Treatment::Number => "number",
            Treatment::Unknown => "unknown, treated as free text",
        }
    }
}

/// What of a person a column tells that is not a name, and yet narrows down who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Quasi {
    /// A postal code; its first three digits count.
    Zip,
    /// A date or year of birth; the year counts.
    BirthYear,
    /// Sex or gender.
    Sex,
    /// Another category, such as race or language.
    Category,
}

/// A column and what was decided about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name as the table gives it, or `column 3`.
    pub name: String,
    /// What is done with its values.
    pub treatment: Treatment,
    /// Which sign decided: `name`, `values`, `nothing`, or [`STANDARD`].
    pub by: &'static str,
    /// Whether it counts for the residual risk.
    pub quasi: Option<Quasi>,
    /// True when its values say whose record it is.
    pub subject: bool,
    /// True when its name says that its values stand for people, be they identifiers or names.
    people: bool,
    /// Hashes of the values that it has often, sorted.
    usual: Vec<u64>,
}

/// Says of a [`Column`] that a standard, such as HL7 CDA, lists what its values may be: a word there is no odd one.
pub const STANDARD: &str = "standard";

/// True for a few words of letters, all of which are unknown but perhaps as names.
fn is_strange(value: &str) -> bool {
    let scan = Scan::new(value);
    let strange = |i: usize| {
        let word = scan.word(i);
        !scan.is_number(i)
            && word.len() >= 5
            && crate::lexicon::tags(word) == 0
            && scan.levels(i).lower() == 0
            && !crate::names::ends_like_a_term(word)
    };
    (1..=3).contains(&scan.tokens.len()) && (0..scan.tokens.len()).all(strange)
}

/// Categories that the lexicon and medical text do not have.
const ORDINARY: &[&str] = &[
    "amended", "buddhist", "hindu", "intersex", "muslim", "sikh", "stat", "unisex",
];

impl Column {
    /// A column of which only the name is known.
    #[must_use]
    pub fn named(name: &str) -> Column {
        match by_name(name) {
            Some(said) => Column {
                name: name.to_owned(),
                treatment: said.treatment,
                by: "name",
                quasi: said.quasi,
                subject: said.subject,
                people: said.subject || names::is_of_members(name),
                usual: Vec::new(),
            },
            None => Column {
                name: name.to_owned(),
                treatment: Treatment::Unknown,
                by: "nothing",
                quasi: None,
                subject: false,
                people: false,
                usual: Vec::new(),
            },
        }
    }

    /// What a value may be that this column of categories or numbers, or of nobody knows what, does not explain. A category that comes again and
    /// again is none, whatever the gazetteer says of it, if the name of the column promised categories; nor is a country
    /// among countries, or a word that nobody knows among drugs.
    fn odd(&self, value: &str) -> Option<Class> {
        let read = matches!(
            self.treatment,
            Treatment::Category | Treatment::Number | Treatment::Unknown
        );
        if !read || self.by == STANDARD {
            return None;
        }
        if ORDINARY.iter().any(|word| value.eq_ignore_ascii_case(word)) {
            return None;
        }
        if self.explains(value) {
            return None;
        }
        let usual = self.usual.binary_search(&hash(value)).is_ok();
        let likely = profile::likely(value);
        let odd = match likely {
            Likely::Person if names::holds_regions(&self.name) => !usual && !profile::may_be_a_place(value),
            Likely::Person => !(usual && self.by == "name"),
            Likely::Place => !usual && !names::holds_regions(&self.name),
            Likely::Strange => !usual && !names::holds_terms(&self.name),
            Likely::Other => !usual && !names::holds_terms(&self.name) && is_strange(value),
        };
        let class = if likely == Likely::Place {
            Class::Place
        } else {
            Class::Name
        };
        odd.then_some(class)
    }

    /// True for `#prob1` in a `reference`: a mark within the same document (HL7 CDA).
    fn points(&self, value: &str) -> bool {
        let refers = self
            .name
            .strip_suffix(".value")
            .unwrap_or_default()
            .ends_with("reference");
        refers && value.starts_with('#') && is_reference(value)
    }

    /// True for a word that nobody is called by in a column whose name says what it holds: no list has all categories
    /// (`Triaged`, `Telehealth`), and no column of results all tests (`ELISA`) or organisms (`Candida auris`).
    fn explains(&self, value: &str) -> bool {
        let (terms, regions) = (names::holds_terms(&self.name), names::holds_regions(&self.name));
        if self.by != "name" && !terms && !regions {
            return false;
        }
        let words: Vec<&str> = value
            .split([' ', '-', '/'])
            .filter(|word| !word.is_empty())
            .take(6)
            .collect();
        let small = |word: &&str| word.chars().all(char::is_lowercase);
        match words.as_slice() {
            [word] => {
                let unlisted = profile::is_nobodys_name(word);
                let listed = profile::name_level(word) > 0;
                unlisted && (self.treatment == Treatment::Category || profile::ends_like_a_word(word))
                    || (2..=5).contains(&word.len())
                        && word.bytes().all(|b| b.is_ascii_uppercase())
                        && (!listed || profile::is_medical(word))
                    || terms && profile::is_medical(word)
                    || regions && (profile::likely(word) == Likely::Strange || profile::is_common(word))
            }
            [genus, species] if terms => {
                !genus.starts_with(char::is_lowercase) && small(species) && profile::is_nobodys_name(species)
            }
            many => {
                many.len() > 1
                    && many
                        .iter()
                        .all(|word| profile::is_nobodys_name(word) && profile::ends_like_a_word(word))
            }
        }
    }

    /// What the values of this column teach of the people of a record: see [`Known::learn_value`].
    pub fn teach(&self, value: &str, known: &mut Known) {
        let value = value.trim();
        if let (Treatment::Whole(class) | Treatment::Date(class), false) = (self.treatment, is_nothing(value)) {
            known.learn_value(self.class_of(class, value), value);
        }
    }

    /// The class of a value where the column's name says `class`: a name among the identifiers of people is a name.
    fn class_of(&self, class: Class, value: &str) -> Class {
        let numbers = matches!(class, Class::Id | Class::Mrn | Class::Plan);
        if !numbers && is_address_of_the_web(value) {
            return Class::Url;
        }
        // `P-0012` among the names of patients.
        let coded = || !value.contains(char::is_whitespace) && value.bytes().any(|b| b.is_ascii_digit());
        if class == Class::Name && self.people && coded() {
            return Class::Id;
        }
        // "Xu Li": two words of nothing but letters are nobody's number.
        let words = value.split(' ').count() > 1 && value.chars().all(|c| c.is_alphabetic() || " ,.'-".contains(c));
        if numbers && self.people && (words || profile::is_a_persons_name(value)) {
            Class::Name
        } else {
            class
        }
    }

    /// What has to go of one value: nothing when it stays as it is. Hits are sorted, disjoint and lie on character
    /// boundaries.
    #[must_use]
    pub fn hits(&self, value: &str, known: &Known) -> Vec<Hit> {
        let trimmed = value.trim();
        if is_nothing(trimmed) {
            return Vec::new();
        }
        let start = value.len() - value.trim_start().len();
        let whole = |class| {
            vec![Hit {
                span: Span::new(start, start + trimmed.len()),
                class,
                rule: "column",
                score: 100,
            }]
        };
        match self.treatment {
            _ if self.points(trimmed) => known.find(value),
            Treatment::Whole(class) => whole(self.class_of(class, trimmed)),
            Treatment::Date(class) => match dates::whole(trimmed) {
                Some(day) if day.precision == Precision::Year && class == Class::Day => Vec::new(),
                Some(_) if class == Class::Birth || known.is_birth(dates::whole(trimmed)) => whole(Class::Birth),
                Some(_) => whole(Class::Day),
                None if is_time(trimmed) => Vec::new(),
                // "next week", "3 days after admission": words. Digits that are no date are a count of days or seconds.
                None if trimmed.contains(' ') => self.found(value, known),
                None if trimmed.bytes().any(|b| b.is_ascii_digit()) => whole(Class::Text),
                None => self.found(value, known),
            },
            Treatment::Age => match oldest(trimmed) {
                Some(age) if age < 90.0 => known.find(value),
                Some(age) if age < 200.0 => whole(Class::Age),
                _ => self.found(value, known),
            },
            // Eight digits that make a day, fourteen that make a time: a date in the wrong place.
            Treatment::Number if trimmed.len() >= 8 && is_compact_date(trimmed) => whole(Class::Day),
            Treatment::Number if is_measure(trimmed) => known.find(value),
            // The namespace of XML, a template's id, the mark `prob1`: what a reader of the document looks for as it stands.
            Treatment::Category if self.by == STANDARD && is_reference(trimmed) => known.find(value),
            // Nothing in so few letters has a shape; only the record can know it.
            Treatment::Category if trimmed.len() <= 3 => known.find(value),
            // A name among others, or a word that nobody knows.
            _ if let Some(class) = self.odd(trimmed) => whole(class),
            Treatment::Text if self.is_somebody(trimmed) => whole(Class::Name),
            Treatment::Number | Treatment::Category if self.by != STANDARD => {
                together(self.found(value, known), self.remark(value).into_iter().collect())
            }
            Treatment::Number | Treatment::Category | Treatment::Text | Treatment::Unknown => self.found(value, known),
        }
    }

    /// What is found in a value as text. A short value of a column that nothing explains is read after the column's name,
    /// as in `contact: Smith`.
    fn found(&self, value: &str, known: &Known) -> Vec<Hit> {
        const SHORT: usize = 160;
        if value.len() > SHORT
            || self.treatment != Treatment::Unknown
            || !self.name.bytes().any(|b| b.is_ascii_alphabetic())
        {
            return find::find(value, known);
        }
        let mut text = names::label(&self.name);
        text.push_str(": ");
        let from = text.len();
        text.push_str(value);
        let mut hits = find::find(&text, known);
        hits.retain_mut(|hit| {
            let start = hit.span.start.max(from);
            let keep = hit.span.end > start;
            hit.span = Span::new(start.saturating_sub(from), hit.span.end.saturating_sub(from));
            keep
        });
        hits
    }

    /// One value with what has to go replaced. `place` is written into what was applied.
    pub fn replace(&self, deid: &mut Deidentifier, value: &str, hits: &[Hit], place: &str) -> Replaced {
        let is_whole = |hit: &Hit| hit.rule == "column" && hit.span == Span::new(0, value.len());
        if let [hit] = hits
            && is_whole(hit)
        {
            let text = deid.value(hit.class, value);
            let mut tally = Tally::default();
            tally.add(hit.class);
            let mut map = OffsetMap::new();
            let new = Span::new(0, text.len());
            map.push(new, hit.span);
            return Replaced {
                text,
                tally,
                map,
                applied: vec![Applied {
                    place: place.to_owned(),
                    old: hit.span,
                    new,
                    class: hit.class,
                    rule: hit.rule,
                    score: hit.score,
                }],
            };
        }
        let mut done = deid.text_with(value, hits);
        for one in &mut done.applied {
            place.clone_into(&mut one.place);
        }
        done
    }
}

/// Teaches what the cells of one record say of its people, each by its column, and the whole names of those whose parts
/// stand in cells of their own, as `first_name` and `last_name`.
pub fn teach(cells: &[(&Column, &str)], known: &mut Known) {
    let names = |(column, value): &&(&Column, &str)| {
        column.treatment == Treatment::Whole(Class::Name) && !is_nothing(value.trim())
    };
    let parts = |wanted: &[&str]| {
        cells
            .iter()
            .enumerate()
            .filter(|(_, cell)| names(cell))
            .map(|(at, (column, value))| (at, names::words(&column.name), value.trim()))
            .filter(|(_, words, _)| words.iter().any(|word| wanted.contains(&word.as_str())))
            .take(MOST_PARTS)
            .collect::<Vec<_>>()
    };
    let (mut given, mut family) = (Vec::new(), Vec::new());
    if cells.iter().filter(names).count() > 1 {
        given = parts(&["first", "given", "forename", "fname", "firstname", "givenname"]);
        family = parts(&["last", "family", "surname", "lname", "lastname"]);
    }
    teach_labelled(cells, known);
    let mut taught = Vec::new();
    // `patient_first_name` belongs to `patient_last_name`: to the family name whose column shares most words.
    for (at, own, first) in &given {
        let shared =
            |(_, words, _): &&(usize, Vec<String>, &str)| words.iter().filter(|word| own.contains(word)).count();
        if let Some((other, _, last)) = family.iter().max_by_key(shared) {
            known.learn_value(Class::Name, &format!("{first} {last}"));
            // The whole teaches its parts, if they are single words.
            let single = |part: &str| !part.contains([' ', '-', ',', '.']);
            taught.extend([(*at, single(first)), (*other, single(last))]);
        }
    }
    for (at, (column, value)) in cells.iter().enumerate() {
        if !taught.contains(&(at, true)) {
            column.teach(value, known);
        }
    }
}

/// Teaches what a table of labels and values says: `Field,Value` over `Next of Kin,Turner` or `mrn,884213`.
fn teach_labelled(cells: &[(&Column, &str)], known: &mut Known) {
    const LABELS: &[&str] = &[
        "field",
        "item",
        "key",
        "label",
        "question",
        "attribute",
        "element",
        "variable",
    ];
    const SHORT: usize = 40;
    for pair in cells.windows(2) {
        let [(column, label), (_, value)] = pair else { continue };
        let (label, value) = (label.trim(), value.trim());
        let words = names::words(&column.name);
        let labels = words.iter().any(|word| LABELS.contains(&word.as_str()));
        if !labels || label.len() > SHORT || is_nothing(value) || !label.contains(char::is_alphabetic) {
            continue;
        }
        let class = keys::key(label).filter(|key| !key.vague).map(|key| key.class);
        let person = || is_person_of(label, value);
        if let Some(class) = class.filter(|class| keys::fits(*class, value)) {
            known.learn_value(class, value);
        } else if class.is_none() && person() {
            known.learn_value(Class::Name, value);
        }
    }
}

/// Given and family names of one record that are put together.
const MOST_PARTS: usize = 8;

/// True for an address with a scheme, such as that of the page that led to another.
pub(crate) fn is_address_of_the_web(value: &str) -> bool {
    let Some((scheme, rest)) = value.split_once("://") else {
        return false;
    };
    let letters = (2..=20).contains(&scheme.len()) && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    letters && scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && !rest.is_empty() && !value.contains(' ')
}

/// What people write into a cell that holds nothing.
fn is_nothing(value: &str) -> bool {
    const NOTHING: [&str; 9] = ["null", "na", "n/a", "nan", "none", "nil", "\\n", "-", "."];
    value.is_empty() || NOTHING.iter().any(|word| value.eq_ignore_ascii_case(word))
}

/// What the parts of an XML document are called by: a namespace, the name of a type, a mark within the document.
fn is_reference(value: &str) -> bool {
    const NAMESPACES: &[&str] = &["http://www.w3.org/", "urn:hl7-org:", "http://hl7.org/"];
    let mark = value.strip_prefix('#').unwrap_or(value);
    let digits = mark.bytes().filter(u8::is_ascii_digit).count();
    let named = mark.starts_with(|c: char| c.is_ascii_alphabetic())
        && mark
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'));
    named && digits < 7 || NAMESPACES.iter().any(|space| value.starts_with(space))
}

fn is_time(value: &str) -> bool {
    value.contains(':')
        && value
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b':' | b'.' | b' ' | b'a' | b'p' | b'm' | b'A' | b'P' | b'M'))
}

fn is_compact_date(value: &str) -> bool {
    !value.contains('.') && dates::whole(value).is_some_and(|day| (1900..=2099).contains(&day.year))
}

fn number(value: &str) -> Option<f64> {
    let plain = value
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+'));
    if plain && value.len() <= 24 {
        value.parse().ok()
    } else {
        None
    }
}

/// The highest age in years of `93`, `93.5`, `95 years`, `90-94`, `90+` or `>89` (which is 90); none for anything else.
fn oldest(value: &str) -> Option<f64> {
    const UNITS: &[&str] = &[
        "y", "yr", "yrs", "year", "years", "yo", "old", "of", "age", "to", "and", "over", "plus",
    ];
    const SHORT: &[&str] = &[
        "m", "mo", "month", "months", "w", "wk", "week", "weeks", "d", "day", "days",
    ];
    if value.len() > 40 {
        return None;
    }
    let words: Vec<String> = value
        .split(|c: char| !c.is_ascii_alphabetic())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let fits = value
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b" .-+<>=/".contains(&b))
        || value.contains(['–', '≥']);
    let short = words.iter().any(|word| SHORT.contains(&word.as_str()));
    if !fits || !words.iter().all(|word| short || UNITS.contains(&word.as_str())) {
        return None;
    }
    let above = value.contains(['>', '+', '≥']) || words.iter().any(|word| word == "over" || word == "plus");
    let ages = value
        .split(|c: char| !c.is_ascii_digit() && c != '.')
        .filter_map(number)
        .map(|age| if above && age == 89.0 { 90.0 } else { age });
    let age = ages.reduce(f64::max)?;
    // Ages in months and days are those of children.
    Some(if short && age < 1_100.0 { 0.0 } else { age })
}

/// A number that counts or measures something. One of nine digits or more is a number of somebody.
fn is_measure(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let fraction = value.contains('.');
    (digits < 9 || fraction)
        && value
            .trim_start_matches(['<', '>', '=', '~', ' '])
            .trim_end_matches(['%', ' '])
            .parse::<f64>()
            .is_ok()
}
