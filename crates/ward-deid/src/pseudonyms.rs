//! The pseudonyms of one request: which placeholder stands for which value.

use std::collections::HashMap;
use std::sync::Arc;

use ward_formats::Span;
use ward_formats::date::{Civil, Precision};
use ward_formats::placeholder::LETTERS;
use zeroize::Zeroizing;

use crate::find::Hit;
use crate::hidden::Hidden;
use crate::lenient::{self, Key};
use crate::people::People;
use crate::replaced::{self, Replaced};
use crate::restore::{self, Restored, Restorer, Vault};
use crate::row::Row;
use crate::same::SameNumbers;
use crate::seeded::Seeded;
use crate::surrogate::StandIns;
use crate::{Class, Known, dates, find, fold, lexicon};

/// Day numbers of 1900-01-01 lie between 2,000 and 2,000 + `ORIGINS`; 2100 is 73,000 days later.
const ORIGINS: u32 = 20_000;

/// Days from 1900-01-01 to 1970-01-01.
const DAYS_1900_1970: i64 = 25_567;

/// Spellings of one value that get check letters of their own. Two letters allow 256; staying
/// below keeps the search for free letters short.
const MAX_SPELLINGS: u16 = 240;

/// Of these, how many may go to timestamps of a day. The others are for the date alone.
const MAX_TIMESTAMPS: u16 = 200;

/// The vault of one request: makes placeholders for values and puts values back.
///
/// The same value of the same class gets the same placeholder throughout. Spellings of one value
/// (`JANE DOE` and `Jane Doe`, `2024-01-08` and `Jan 8, 2024`) share the number and differ in the
/// check letters, so that each is restored exactly as it was spelled. A day's number is its
/// distance from a secret origin: order and intervals survive, the date does not. Check letters
/// are an HMAC-SHA-256, keyed by the request's secret, of class, number and spelling.
///
/// The law: `undo(replace_text(x)) == x` for every `x`; for every `x` without links, `restore` gives the same. Text that looks like a placeholder
/// itself is replaced (class [`Class::Text`]), so nothing a client or a record holds can name a
/// value.
///
/// There is no way to print it, and values are wiped when the last restorer is gone.
pub struct Pseudonyms {
    key: Zeroizing<[u8; 32]>,
    origin: i64,
    vault: Arc<Vault>,
    classes: Vec<Numbers>,
    range: Option<(Civil, Civil)>,
    people: People,
    same: SameNumbers,
}

/// The numbers of one class.
#[derive(Default)]
struct Numbers {
    spelled: HashMap<Hidden, Key, Seeded>,
    canonical: HashMap<Hidden, u32, Seeded>,
    spellings: HashMap<u32, u16, Seeded>,
    last: u32,
}

impl Pseudonyms {
    /// An empty vault. `secret` must be random and of this request alone; the caller draws it.
    #[must_use]
    pub fn new(secret: [u8; 32]) -> Self {
        let secret = Zeroizing::new(secret);
        let draw = ward_seal::hash::hmac_sha256(secret.as_ref(), b"ward-deid calendar origin");
        let offset = draw.iter().take(8).fold(0_u64, |n, b| n << 8 | u64::from(*b)) % u64::from(ORIGINS);
        Self {
            key: Zeroizing::new(ward_seal::hash::hmac_sha256(
                secret.as_ref(),
                b"ward-deid check letters",
            )),
            origin: DAYS_1900_1970 + 2_000 + i64::try_from(offset).unwrap_or(0),
            vault: Arc::new(Vault::default()),
            classes: Class::ALL.iter().map(|_| Numbers::default()).collect(),
            range: None,
            people: People::default(),
            same: SameNumbers::default(),
        }
    }

    /// Replaces what identifies somebody in `text`.
    pub fn replace_text(&mut self, text: &str, known: &Known) -> Replaced {
        self.replace_hits(text, &find::find(text, known))
    }

    /// Replaces `hits`, sorted and disjoint as [`find`](crate::find()) gives them, whoever chose them.
    pub fn replace_hits(&mut self, text: &str, hits: &[Hit]) -> Replaced {
        self.learn(text, hits);
        replaced::apply(text, hits, |hit, value| self.stand_in(hit.class, value))
    }

    /// Notes the people whom a record names in parts, so that the parts share a number.
    pub(crate) fn meet(&mut self, known: &Known) {
        for name in known.people() {
            self.people.learn(name);
        }
    }

    /// Notes the people named in a text before they are numbered, so that a name of one word is known to be one of
    /// several.
    pub(crate) fn learn(&mut self, text: &str, hits: &[Hit]) {
        for hit in hits.iter().filter(|hit| hit.class == Class::Name) {
            self.people
                .learn(text.get(hit.span.start..hit.span.end).unwrap_or_default());
        }
    }

    /// What stands for what so far, in a stable order.
    #[must_use]
    pub fn rows(&self) -> Vec<Row> {
        let mut keys: Vec<&Key> = self.vault.values.keys().collect();
        keys.sort_by_key(|key| (key.class, key.number, key.check));
        let row = |key: &Key| {
            Some(Row::new(
                key.class,
                &written(*key),
                self.vault.values.get(key)?.expose(),
            ))
        };
        keys.into_iter().filter_map(row).collect()
    }

    /// Goes on where an earlier run with the same secret ended: `rows` are what [`Pseudonyms::rows`] gave then. Rows
    /// that hold no placeholder are passed over.
    #[must_use]
    pub fn with_rows(mut self, rows: &[Row]) -> Self {
        let vault = Arc::make_mut(&mut self.vault);
        for row in rows {
            let Some(key) = lenient::whole(row.stand_in()) else {
                continue;
            };
            let Some(numbers) = self.classes.get_mut(key.class.index()) else {
                continue;
            };
            if vault.values.insert(key, Hidden::new(row.value())).is_none() {
                let used = numbers.spellings.entry(key.number).or_insert(0);
                *used = used.saturating_add(1);
            }
            numbers.spelled.insert(Hidden::new(row.value()), key);
            if key.class == Class::Day {
                continue;
            }
            self.same.class(key.class, row.value());
            let canonical = canonical(key.class, row.value());
            if key.class == Class::Name {
                self.people.learn(row.value());
                if let Some(person) = self.people.one(row.value()) {
                    self.people.number(person, key.number);
                }
            }
            numbers.canonical.entry(Hidden::new(&canonical)).or_insert(key.number);
            numbers.last = numbers.last.max(key.number);
        }
        self
    }

    /// The number that stands for `day` in `[DAY_n..]`: days since a secret origin, between 2,000
    /// and 95,000 for the years 1900 to 2100. 0 for days too early to have one. A month stands at
    /// its first day.
    #[must_use]
    pub fn day_number(&self, day: Civil) -> u32 {
        let number = i64::from(day.days()) + self.origin;
        u32::try_from(number).ok().filter(|n| *n <= 999_999_999).unwrap_or(0)
    }

    /// The earliest and the latest clinical date replaced so far; dates of birth and death do not
    /// count.
    #[must_use]
    pub fn date_range(&self) -> Option<(Civil, Civil)> {
        self.range
    }

    /// What `text` reads as, with the stand-ins of `table`.
    pub(crate) fn readings<'a>(&'a self, text: &str, table: &'a StandIns) -> Vec<(Span, &'a str)> {
        restore::readings(&self.vault, table, text)
    }

    /// A restorer for what has been replaced so far. Cheap: it shares the vault.
    #[must_use]
    pub fn restorer(&self) -> Restorer {
        Restorer::new(Arc::clone(&self.vault))
    }

    /// Puts values back into a whole text of a model, but not into links: see [`Restorer`].
    #[must_use]
    pub fn restore(&self, text: &str) -> (String, Restored) {
        Self::whole(self.restorer(), text)
    }

    /// Undoes [`replace_text`](Pseudonyms::replace_text): puts values back everywhere. For text
    /// that is not a model's.
    #[must_use]
    pub fn undo(&self, text: &str) -> (String, Restored) {
        Self::whole(self.restorer().into_links(), text)
    }

    fn whole(mut restorer: Restorer, text: &str) -> (String, Restored) {
        let mut out = String::with_capacity(text.len());
        restorer.push(text, &mut out);
        let done = restorer.finish(&mut out);
        (out, done)
    }

    /// The text that stands for `value`: a placeholder, and at most the time of day of a date.
    pub(crate) fn stand_in(&mut self, class: Class, value: &str) -> String {
        if class != Class::Day {
            let class = self.same.class(class, value);
            return self.numbered(class, value);
        }
        let Some(day) = dates::whole(value).filter(|day| self.day_number(*day) > 0) else {
            return self.numbered(Class::Text, value);
        };
        if day.precision != Precision::Year {
            let (first, last) = self.range.unwrap_or((day, day));
            self.range = Some((first.min(day), last.max(day)));
        }
        let number = self.day_number(day);
        let (date, time) = dates::split_time(value);
        let limit = if time.is_empty() { MAX_SPELLINGS } else { MAX_TIMESTAMPS };
        if let Some(key) = self.placeholder(Class::Day, value, number, limit) {
            return written(key);
        }
        // More timestamps on one day than check letters: the time stays beside the placeholder.
        match self.placeholder(Class::Day, date, number, MAX_SPELLINGS) {
            Some(key) if !time.is_empty() => written(key) + time,
            _ => self.numbered(Class::Text, value),
        }
    }

    /// A placeholder of a class that counts.
    fn numbered(&mut self, class: Class, value: &str) -> String {
        let canonical = canonical(class, value);
        let Some(numbers) = self.classes.get_mut(class.index()) else {
            return String::new();
        };
        let number = match numbers.canonical.get(canonical.as_str()) {
            Some(number) => *number,
            None => {
                let person = if class == Class::Name {
                    self.people.one(value)
                } else {
                    None
                };
                let number = match person {
                    Some(person) if self.people.is_numbered(person) => self.people.number(person, numbers.last),
                    _ => {
                        numbers.last = numbers.last.saturating_add(1);
                        person.map_or(numbers.last, |person| self.people.number(person, numbers.last))
                    }
                };
                numbers.canonical.insert(Hidden::new(&canonical), number);
                number
            }
        };
        if let Some(key) = self.placeholder(class, value, number, MAX_SPELLINGS) {
            return written(key);
        }
        // Spelled in more ways than there are check letters: a number of its own.
        let next = self.classes.get_mut(class.index()).map_or(0, |numbers| {
            numbers.last = numbers.last.saturating_add(1);
            numbers.last
        });
        self.placeholder(class, value, next, MAX_SPELLINGS)
            .map_or_else(String::new, written)
    }

    /// The placeholder of `value`, new or as given before; none when `number` has no letters left.
    fn placeholder(&mut self, class: Class, value: &str, number: u32, limit: u16) -> Option<Key> {
        let numbers = self.classes.get_mut(class.index())?;
        if let Some(key) = numbers.spelled.get(value) {
            return Some(*key);
        }
        let used = numbers.spellings.entry(number).or_insert(0);
        if *used >= limit {
            return None;
        }
        let vault = Arc::make_mut(&mut self.vault);
        let key = (0_u32..).find_map(|variant| {
            let check = letters(&self.key, class, number, variant);
            let key = Key { class, number, check };
            (!vault.values.contains_key(&key)).then_some(key)
        })?;
        *used += 1;
        vault.values.insert(key, Hidden::new(value));
        numbers.spelled.insert(Hidden::new(value), key);
        Some(key)
    }
}

fn letters(key: &[u8; 32], class: Class, number: u32, variant: u32) -> [u8; 2] {
    let mut message = [0_u8; 9];
    message[0] = class as u8;
    message[1..5].copy_from_slice(&number.to_be_bytes());
    message[5..].copy_from_slice(&variant.to_be_bytes());
    let byte = ward_seal::hash::hmac_sha256(key, &message)[0];
    [LETTERS[usize::from(byte >> 4)], LETTERS[usize::from(byte & 15)]]
}

fn written(key: Key) -> String {
    let [a, b] = key.check.map(char::from);
    format!("[{}_{}{a}{b}]", key.class.label(), key.number)
}

/// What two spellings of one value have in common.
fn canonical(class: Class, value: &str) -> Zeroizing<String> {
    Zeroizing::new(match class {
        Class::Birth => match dates::whole(value) {
            Some(day) => day.days().to_string(),
            None => value.to_owned(),
        },
        Class::Phone | Class::Ssn => {
            let digits: String = value.chars().filter(char::is_ascii_digit).collect();
            if digits.is_empty() { value.to_owned() } else { digits }
        }
        Class::Email => value.to_lowercase(),
        Class::Text | Class::File | Class::Url | Class::Ip => value.to_owned(),
        Class::Name => fold::words(without_title(value)),
        _ => fold::words(value),
    })
}

/// A name without "Dr." or "Mrs." before it, so that both spellings share their number.
fn without_title(name: &str) -> &str {
    let word = name.find(|c: char| !c.is_alphabetic()).unwrap_or(name.len());
    match name.split_at_checked(word) {
        Some((title, rest))
            if lexicon::tags(title) & lexicon::HONORIFIC != 0 && !rest.trim_start_matches(['.', ' ']).is_empty() =>
        {
            rest.trim_start_matches(['.', ' '])
        }
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ward_formats::placeholder;

    use super::*;

    fn vault() -> Pseudonyms {
        Pseudonyms::new([42; 32])
    }

    fn numbers(text: &str) -> Vec<(&'static str, u32)> {
        placeholder::find(text).map(|(_, p)| (p.class, p.number)).collect()
    }

    #[test]
    fn one_value_one_placeholder() {
        let mut names = vault();
        let first = names
            .replace_text("Dr. Ana Ruiz called Dr. Bo Lind.", &Known::default())
            .text;
        let again = names.replace_text("Dr. Ana Ruiz, DR. ANA RUIZ", &Known::default()).text;
        assert_eq!(numbers(&first), [("NAME", 1), ("NAME", 2)]);
        assert_eq!(numbers(&again), [("NAME", 1), ("NAME", 1)]);
        let spelled: Vec<_> = again.split(", ").collect();
        assert_ne!(spelled[0], spelled[1]);
        assert!(first.contains(spelled[0]));
        assert_eq!(names.restore(&again).0, "Dr. Ana Ruiz, DR. ANA RUIZ");
        let bare = names.replace_text("patient Ana Ruiz", &Known::default()).text;
        assert_eq!(numbers(&bare), [("NAME", 1)]);
    }

    #[test]
    fn one_person_one_number() {
        let mut names = vault();
        let text = "Patient: SMITH, JOHN\nMr. Smith came. Dr. Ana Ruiz saw John Smith. Ruiz told J. Smith.";
        let out = names.replace_text(text, &Known::default()).text;
        let found: std::collections::BTreeSet<_> = numbers(&out).into_iter().collect();
        assert_eq!(found, [("NAME", 1), ("NAME", 2)].into(), "{out}");
        let spelled: std::collections::BTreeSet<_> = placeholder::find(&out).map(|(_, p)| p.check).collect();
        assert!(spelled.len() >= 5, "{out}");
        assert_eq!(names.restore(&out).0, text);
        // Two of one name: which of them is not certain.
        let text = "Dr. John Smith and Dr. Mary Smith came. Dr. Smith left.";
        let out = vault().replace_text(text, &Known::default()).text;
        assert_eq!(numbers(&out), [("NAME", 1), ("NAME", 2), ("NAME", 3)]);
        // The next run goes on with the same people.
        let mut later = vault().with_rows(&names.rows());
        let again = later.replace_text("Dr. Bo Lind met Mrs. Ruiz.", &Known::default()).text;
        assert_eq!(numbers(&again), [("NAME", 3), ("NAME", 2)]);
    }

    #[test]
    fn days_keep_order_and_spelling() {
        let mut names = vault();
        let text = "seen 2024-01-08, Jan 8, 2024, 01/08/2024; due 1/15/2024; since 2019; in Mar 2020";
        let out = names.replace_text(text, &Known::default()).text;
        let found = numbers(&out);
        assert_eq!(found.len(), 5, "{out}");
        assert!(found[..3].iter().all(|f| *f == found[0]));
        assert_eq!(found[3].1 - found[0].1, 7);
        assert!(found[4].1 < found[0].1 && out.contains("since 2019"));
        assert_eq!(names.restore(&out).0, text);
        let (first, last) = names.date_range().unwrap();
        assert_eq!((first.year, first.month), (2020, 3));
        assert_eq!((last.year, last.month, last.day), (2024, 1, 15));
        assert_eq!(names.day_number(Civil::new(2024, 1, 8).unwrap()), found[0].1);
        let other = Pseudonyms::new([43; 32]);
        assert_ne!(other.day_number(Civil::new(2024, 1, 8).unwrap()), found[0].1);
        for (year, range) in [(1900, 2_000..22_000), (2100, 75_000..96_000)] {
            assert!(range.contains(&other.day_number(Civil::new(year, 1, 1).unwrap())));
        }
        assert_eq!(other.day_number(Civil::new(1, 1, 1).unwrap()), 0);
    }

    #[test]
    fn births_have_no_day() {
        let mut names = vault();
        let text = "DOB: 03/14/1952. Born on March 14, 1952.";
        let out = names.replace_text(text, &Known::default()).text;
        assert_eq!(numbers(&out), [("BIRTH", 1), ("BIRTH", 1)]);
        assert_eq!(names.date_range(), None);
        assert_eq!(names.restore(&out).0, text);
    }

    #[test]
    fn more_spellings_than_letters() {
        let mut names = vault();
        let times: Vec<String> = (0..400)
            .map(|i| format!("2024-01-08T{:02}:{:02}:00Z", i / 60, i % 60))
            .collect();
        let out: Vec<String> = times.iter().map(|t| names.stand_in(Class::Day, t)).collect();
        let number = format!("[DAY_{}", names.day_number(Civil::new(2024, 1, 8).unwrap()));
        for (time, placeholder) in times.iter().zip(&out) {
            assert!(placeholder.starts_with(&number));
            assert_eq!(&names.restore(placeholder).0, time);
        }
    }

    #[test]
    fn forged_placeholders_come_back_as_text() {
        let mut names = vault();
        let real = names.replace_text("Dr. Ana Ruiz", &Known::default()).text;
        let forged = format!("Repeat {} and {}", real, &real[1..real.len() - 1].to_lowercase());
        let out = names.replace_text(&forged, &Known::default()).text;
        assert_eq!(numbers(&out), [("TEXT", 1), ("TEXT", 2)]);
        assert_eq!(names.restore(&out).0, forged);
    }

    #[test]
    fn maps_offsets_back() {
        let text = "Dr. Ana Ruiz saw him";
        let done = vault().replace_text(text, &Known::default());
        let at = done.text.find("saw").unwrap();
        let old = done.map.to_old(Span::new(at, at + 3));
        assert_eq!(&text[old.start..old.end], "saw");
        assert_eq!(done.tally.get(Class::Name), 1);
    }

    const PIECES: &[&str] = &[
        "Dr. Ana Ruiz",
        "Ana",
        "MRN: 12345",
        "[NAME_1KR]",
        "NAME_1BC",
        r"\[",
        "[",
        "]",
        r"\",
        "_",
        "2024-01-08",
        "Jan 8, 2024",
        "DOB 1/2/1950",
        "555-678-1234",
        "a@b.example",
        "[DAY_",
        "AGE_1NN",
        "é",
        "王小明",
        "\n",
        "name: Zoë Öz",
        "1234 Elm St, Chicago, IL",
        "123-45-6789",
        "patient Zoë Öz",
        "92-year-old",
        "https://x.example/é",
        "\u{301}",
        "\u{200b}",
        "1KR]",
        "KR",
        "id",
        "ID: A123-456",
    ];

    proptest! {
        #[test]
        fn restore_undoes_replace(
            parts in proptest::collection::vec(
                prop_oneof![
                    3 => proptest::sample::select(PIECES).prop_map(str::to_owned),
                    1 => ".{0,8}",
                    1 => r"[A-Z_0-9\\\[\] -]{0,8}",
                ],
                0..16,
            ),
            spaced in any::<bool>(),
            secret in any::<[u8; 32]>(),
        ) {
            let text = parts.join(if spaced { " " } else { "" });
            let mut known = Known::default();
            known.learn(Class::Name, "Zoë Öz");
            known.learn(Class::Mrn, "12345");
            let mut names = Pseudonyms::new(secret);
            let first = names.replace_text(&text, &known);
            let second = names.replace_text(&text, &known);
            prop_assert_eq!(&first.text, &second.text);
            let (back, done) = names.undo(&first.text);
            prop_assert_eq!(&back, &text);
            prop_assert_eq!(done.restored, first.tally.total());
            prop_assert_eq!(done.unknown, 0);
        }
    }
}
