//! The pseudonyms of one request: which placeholder stands for which value.

use std::collections::HashMap;
use std::sync::Arc;

use ward_formats::date::{Civil, Precision};
use ward_formats::placeholder::LETTERS;
use ward_formats::{OffsetMap, Span};
use zeroize::Zeroizing;

use crate::hidden::Hidden;
use crate::lenient::Key;
use crate::restore::{Restored, Restorer, Vault};
use crate::{Class, Known, Tally, dates, find, fold};

/// Day numbers of 1900-01-01 lie between 2,000 and 2,000 + `ORIGINS`; 2100 is 73,000 days later.
const ORIGINS: u32 = 20_000;

/// Days from 1900-01-01 to 1970-01-01.
const DAYS_1900_1970: i64 = 25_567;

/// Spellings of one value that get check letters of their own. Two letters allow 256; staying
/// below keeps the search for free letters short.
const MAX_SPELLINGS: u16 = 200;

/// De-identified text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaced {
    /// The text with placeholders.
    pub text: String,
    /// What was replaced, counted.
    pub tally: Tally,
    /// Offsets in `text` back to offsets in the original.
    pub map: OffsetMap,
}

/// The vault of one request: makes placeholders for values and puts values back.
///
/// The same value of the same class gets the same placeholder throughout. Spellings of one value
/// (`JANE DOE` and `Jane Doe`, `2024-01-08` and `Jan 8, 2024`) share the number and differ in the
/// check letters, so that each is restored exactly as it was spelled. A day's number is its
/// distance from a secret origin: order and intervals survive, the date does not. Check letters
/// are an HMAC-SHA-256, keyed by the request's secret, of class, number and spelling.
///
/// The law: `restore(replace_text(x)) == x` for every `x`. Text that looks like a placeholder
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
}

/// The numbers of one class.
#[derive(Default)]
struct Numbers {
    spelled: HashMap<Hidden, Key>,
    canonical: HashMap<Hidden, u32>,
    spellings: HashMap<u32, u16>,
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
            key: Zeroizing::new(ward_seal::hash::hmac_sha256(secret.as_ref(), b"ward-deid check letters")),
            origin: DAYS_1900_1970 + 2_000 + i64::try_from(offset).unwrap_or(0),
            vault: Arc::new(Vault::default()),
            classes: Class::ALL.iter().map(|_| Numbers::default()).collect(),
            range: None,
        }
    }

    /// Replaces what identifies somebody in `text`.
    pub fn replace_text(&mut self, text: &str, known: &Known) -> Replaced {
        let mut out = String::with_capacity(text.len());
        let mut tally = Tally::default();
        let mut map = OffsetMap::new();
        let mut at = 0;
        for hit in find::find(text, known) {
            let value = text.get(hit.span.start..hit.span.end).unwrap_or_default();
            out.push_str(text.get(at..hit.span.start).unwrap_or_default());
            let start = out.len();
            out.push_str(&self.stand_in(hit.class, value));
            map.push(Span::new(start, out.len()), hit.span);
            tally.add(hit.class);
            at = hit.span.end;
        }
        out.push_str(text.get(at..).unwrap_or_default());
        Replaced { text: out, tally, map }
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

    /// A restorer for what has been replaced so far. Cheap: it shares the vault.
    #[must_use]
    pub fn restorer(&self) -> Restorer {
        Restorer::new(Arc::clone(&self.vault))
    }

    /// Puts values back into a whole text.
    #[must_use]
    pub fn restore(&self, text: &str) -> (String, Restored) {
        let mut out = String::with_capacity(text.len());
        let mut restorer = self.restorer();
        restorer.push(text, &mut out);
        let done = restorer.finish(&mut out);
        (out, done)
    }

    /// The text that stands for `value`: a placeholder, and at most the time of day of a date.
    pub(crate) fn stand_in(&mut self, class: Class, value: &str) -> String {
        if class != Class::Day {
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
        if let Some(key) = self.placeholder(Class::Day, value, number) {
            return written(key);
        }
        // More spellings of one day than check letters: only times of day can be so many.
        let (date, time) = dates::split_time(value);
        match self.placeholder(Class::Day, date, number) {
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
                numbers.last = numbers.last.saturating_add(1);
                numbers.canonical.insert(Hidden::new(&canonical), numbers.last);
                numbers.last
            }
        };
        if let Some(key) = self.placeholder(class, value, number) {
            return written(key);
        }
        // Spelled in more ways than there are check letters: a number of its own.
        let next = self.classes.get_mut(class.index()).map_or(0, |numbers| {
            numbers.last = numbers.last.saturating_add(1);
            numbers.last
        });
        self.placeholder(class, value, next).map_or_else(String::new, written)
    }

    /// The placeholder of `value`, new or as given before; none when `number` has no letters left.
    fn placeholder(&mut self, class: Class, value: &str, number: u32) -> Option<Key> {
        let numbers = self.classes.get_mut(class.index())?;
        if let Some(key) = numbers.spelled.get(value) {
            return Some(*key);
        }
        let used = numbers.spellings.entry(number).or_insert(0);
        if *used >= MAX_SPELLINGS {
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
        Class::Text | Class::File | Class::Url => value.to_owned(),
        _ => fold::words(value),
    })
}
