//! What the values of a column say.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::{Column, Quasi, Treatment, is_address_of_the_web, is_measure, is_nothing, is_time, names};
use crate::find::find;
use crate::{Class, Known, dates, gazetteer, lexicon};

/// Values of a column that are looked at closely.
const LOOKED_AT: u32 = 400;

/// Distinct values up to which a column can be one of categories.
const CATEGORIES: usize = 40;

/// How often a value stands in a column that is usual there.
const USUAL: u32 = 3;

/// Looks at the first values of every column, then decides. Holds no value: counts, and hashes.
pub struct Profiler {
    columns: Vec<Seen>,
}

/// Tells values of a column apart.
pub(super) fn hash(value: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[derive(Default)]
struct Seen {
    name: String,
    /// Values that are something.
    count: u32,
    dates: u32,
    times: u32,
    numbers: u32,
    /// Whole numbers of five digits or more.
    long: u32,
    /// Digits and perhaps letters without space, five characters or more.
    codes: u32,
    /// One to four words of letters, each with a capital.
    capitalised: u32,
    /// Names and places that the gazetteer knows.
    people: u32,
    places: u32,
    /// One to four capitalised words that neither the gazetteer nor the lexicon knows.
    strange: u32,
    /// What may be a person's name, in whatever case.
    named: u32,
    /// One word that many people are called by, whatever else it is.
    called: u32,
    /// What has letters.
    lettered: u32,
    /// Addresses of pages.
    addresses: u32,
    /// More than four words.
    prose: u32,
    /// Values that are found whole, by class.
    found: HashMap<Class, u32>,
    /// Values in which something is found.
    hit: u32,
    /// Each value's hash, and how often it stands there.
    distinct: HashMap<u64, u32>,
}

impl Profiler {
    /// For the columns of these names.
    #[must_use]
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let seen = |name: &str| Seen {
            name: name.to_owned(),
            ..Seen::default()
        };
        Self {
            columns: names.into_iter().map(seen).collect(),
        }
    }

    /// Looks at a value of column `index`.
    pub fn see(&mut self, index: usize, value: &str) {
        let value = value.trim();
        let Some(seen) = self.columns.get_mut(index) else {
            return;
        };
        if is_nothing(value) || seen.count >= LOOKED_AT {
            return;
        }
        seen.count += 1;
        *seen.distinct.entry(hash(value)).or_insert(0) += 1;
        seen.addresses += u32::from(is_address_of_the_web(value));
        seen.lettered += u32::from(value.contains(char::is_alphabetic));
        let words = value.split_whitespace().count();
        if words > 4 {
            seen.prose += 1;
            return;
        }
        seen.named += u32::from(is_a_persons_name(value));
        seen.called += u32::from(words == 1 && name_level(value) >= LEAST);
        let digits = value.bytes().filter(u8::is_ascii_digit).count();
        let one_word = words == 1;
        seen.times += u32::from(is_time(value));
        if is_measure(value) {
            seen.numbers += 1;
            seen.long += u32::from(digits >= 5 && digits == value.len());
        }
        // Eight digits may be a day; five are rather a number.
        seen.dates += u32::from(dates::whole(value).is_some() && (digits > 5 || digits < value.len()));
        seen.codes += u32::from(one_word && digits >= 3 && value.len() >= 5 && !value.contains('.'));
        seen.capitalised += u32::from(value.split_whitespace().all(is_capitalised));
        match likely(value) {
            Likely::Person => seen.people += 1,
            Likely::Place => seen.places += 1,
            Likely::Strange => seen.strange += 1,
            Likely::Other => {}
        }
        let hits = find(value, &Known::default());
        seen.hit += u32::from(!hits.is_empty());
        if let [hit] = hits.as_slice()
            && hit.span.len() * 10 >= value.len() * 8
        {
            *seen.found.entry(hit.class).or_insert(0) += 1;
        }
    }

    /// What was decided about each column, in order. At most one says whose record it is: the first of those whose name does,
    /// but before all others the number that nobody else has in the whole of a study.
    #[must_use]
    pub fn decide(self) -> Vec<Column> {
        let mut columns: Vec<Column> = self.columns.iter().map(Seen::decide).collect();
        pair_halves(&mut columns, &self.columns);
        let unique = columns
            .iter()
            .position(|column| names::is_unique_in_a_study(&column.name));
        let mut taken = false;
        for (at, column) in columns.iter_mut().enumerate() {
            column.subject &= !taken && unique.is_none_or(|unique| unique == at);
            taken |= column.subject;
        }
        columns
    }
}

/// Where a column "First" is of names, one "Last" beside it is, too, and the other way round, if people are called as at least half of its values
/// are: many surnames are words.
fn pair_halves(columns: &mut [Column], seen: &[Seen]) {
    let is = |column: &Column, name: &str| column.name.trim().eq_ignore_ascii_case(name);
    let named = |column: &Column| column.treatment == Treatment::Whole(Class::Name);
    let may = |at: usize| seen.get(at).is_some_and(|seen| seen.called * 2 >= seen.count);
    for at in 1..columns.len() {
        let Some([left, right]) = columns.get_mut(at - 1..=at) else {
            continue;
        };
        let halves = is(left, "last") && is(right, "first") || is(left, "first") && is(right, "last");
        let (known, other, of_other) = if named(left) {
            (left, right, at)
        } else {
            (right, left, at - 1)
        };
        let open = matches!(other.treatment, Treatment::Unknown | Treatment::Category);
        if halves && named(known) && open && may(of_other) {
            (other.treatment, other.by, other.quasi) = (known.treatment, known.by, None);
        }
    }
}

impl Seen {
    fn most(&self, count: u32) -> bool {
        self.count > 0 && count * 10 >= self.count * 8
    }

    fn decide(&self) -> Column {
        let said = names::by_name(&self.name);
        let people = said.is_some_and(|said| said.subject) || names::is_of_members(&self.name);
        let of = |treatment, by, quasi, subject| Column {
            name: self.name.clone(),
            treatment,
            by,
            quasi,
            subject,
            people,
            usual: self.usual(),
        };
        if let Some(said) = said {
            // A name that promises a category or a number, over values that are something else.
            let kept = matches!(said.treatment, Treatment::Category | Treatment::Number);
            if let (true, Some(treatment)) = (kept, self.identifying()) {
                return of(treatment, "values", None, false);
            }
            // `patient` over names of people. "Unknown" and "Doe #2" among them are none, and change nothing.
            let holders = matches!(said.treatment, Treatment::Whole(Class::Id | Class::Plan));
            let letters = self.lettered * 2 > self.count;
            if people && holders && letters && self.named * 2 > self.lettered {
                return of(Treatment::Whole(Class::Name), "values", None, said.subject);
            }
            // `referrer`: whoever sent a patient, or the page that led to another.
            if said.treatment == Treatment::Whole(Class::Name) && self.most(self.addresses) {
                return of(Treatment::Whole(Class::Url), "values", None, false);
            }
            return of(said.treatment, "name", said.quasi, said.subject);
        }
        match self.by_values() {
            Some(Treatment::Category) => of(Treatment::Category, "values", Some(Quasi::Category), false),
            Some(treatment) => of(treatment, "values", None, false),
            None => of(Treatment::Unknown, "nothing", None, false),
        }
    }

    /// The values that stand there often, by hash, sorted.
    fn usual(&self) -> Vec<u64> {
        let often = self.distinct.iter().filter(|(_, count)| **count >= USUAL);
        let mut usual: Vec<u64> = often.map(|(hash, _)| *hash).collect();
        usual.sort_unstable();
        usual
    }

    /// What identifies somebody, by the shape of most values.
    fn identifying(&self) -> Option<Treatment> {
        if self.most(self.dates) {
            return Some(Treatment::Date(Class::Day));
        }
        let (class, count) = self.found.iter().max_by_key(|(class, count)| (**count, **class))?;
        let whole = !matches!(
            class,
            Class::Day | Class::Birth | Class::Text | Class::File | Class::Age
        );
        (whole && self.most(*count)).then_some(Treatment::Whole(*class))
    }

    /// Short capitalised words without a name for them: names or places when the gazetteer knows a good share, or when
    /// nobody knows most of them.
    fn unexplained(&self, few: bool) -> Option<Treatment> {
        let listed = self.people + self.places;
        let share = if few || self.count < 2 { 5 } else { 3 };
        let many = self.count > 1 && self.most(self.capitalised) && (listed + self.strange) * 2 > self.count;
        let class = if self.places > self.people {
            Class::Place
        } else {
            Class::Name
        };
        (listed > 0 && listed * 10 >= self.count * share || many).then_some(Treatment::Whole(class))
    }

    fn by_values(&self) -> Option<Treatment> {
        if self.count == 0 {
            return None;
        }
        if let Some(treatment) = self.identifying() {
            return Some(treatment);
        }
        let few = self.distinct.len() <= CATEGORIES && self.distinct.len() * 3 <= self.count as usize;
        let many = self.distinct.len() * 2 > self.count as usize;
        if self.most(self.times) {
            return Some(Treatment::Number);
        }
        if self.most(self.long) && many {
            return Some(Treatment::Whole(Class::Id));
        }
        if self.most(self.numbers) {
            return Some(Treatment::Number);
        }
        if self.most(self.codes) && many {
            return Some(Treatment::Whole(Class::Id));
        }
        if self.prose * 2 > self.count {
            return Some(Treatment::Text);
        }
        if let Some(treatment) = self.unexplained(few) {
            return Some(treatment);
        }
        if few && self.hit == 0 && self.prose == 0 {
            return Some(Treatment::Category);
        }
        None
    }
}

/// True for one to five words of letters, in whatever case, that are called by the gazetteer as people or places are, or by
/// nobody: what stands for a person in a column of identifiers.
pub(super) fn is_a_persons_name(value: &str) -> bool {
    const LONGEST: usize = 80;
    if value.len() > LONGEST || value.chars().any(|c| c.is_ascii_digit()) {
        return false;
    }
    let mut inside = false;
    let written = value.chars().flat_map(|c| {
        let first = !std::mem::replace(&mut inside, c.is_alphabetic());
        let (upper, lower) = (first.then(|| c.to_uppercase()), (!first).then(|| c.to_lowercase()));
        upper.into_iter().flatten().chain(lower.into_iter().flatten())
    });
    likely(&written.collect::<String>()) != Likely::Other
}

/// What a short value may be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Likely {
    /// The gazetteer knows it as a name of people.
    Person,
    /// The gazetteer knows it as a place.
    Place,
    /// Capitalised words that nobody knows.
    Strange,
    /// Ordinary words, or no words.
    Other,
}

fn is_capitalised(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
        && word
            .chars()
            .all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '.' | ','))
}

/// True when a short value without a name beside it may be a person's or a place's: the gazetteer knows it, or it is
/// capitalised and no word that the lexicon or medical text knows.
#[must_use]
pub fn may_be_a_name(value: &str) -> bool {
    likely(value.trim()) != Likely::Other
}

/// True when the gazetteer knows the words as a place, be they names of people, too.
pub(super) fn may_be_a_place(value: &str) -> bool {
    // States stand in no list of towns.
    let one = gazetteer::word(value).place();
    lexicon::tags(value) & lexicon::STATE != 0
        || one.max(gazetteer::phrase(value.split_whitespace().take(8)).place()) >= LEAST
}

/// How well the gazetteer knows a word as a name of people; 0 for not at all.
pub(super) fn name_level(word: &str) -> i32 {
    let levels = gazetteer::word(word);
    levels.given().max(levels.surname())
}

/// True for a word that the gazetteer knows neither as a name of people nor of a place.
pub(super) fn is_nobodys_name(word: &str) -> bool {
    name_level(word) == 0 && gazetteer::word(word).place() < LEAST
}

/// True for a name that few people have and that medical text has too: `ELISA`, `Candida`.
pub(super) fn is_medical(word: &str) -> bool {
    const WIDESPREAD: i32 = 9;
    let levels = gazetteer::word(word);
    (levels.lower() > 0 || levels.proper() > 1) && name_level(word) < WIDESPREAD
}

/// True for a word that stands in texts for itself, be it a name, too: `German`.
pub(super) fn is_common(word: &str) -> bool {
    lexicon::tags(word) & (lexicon::STOP | lexicon::COUNTRY | lexicon::STATE) != 0
}

/// True for a word that ends as words of English and of medicine do.
pub(super) fn ends_like_a_word(word: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "able", "al", "ant", "ary", "ate", "ed", "ent", "health", "ible", "ic", "ile", "ing", "ion", "ism", "ive",
        "less", "ly", "ment", "ness", "ology", "ory", "ous", "uria",
    ];
    let small = word.to_lowercase();
    small.len() >= 6 && ENDINGS.iter().any(|end| small.ends_with(end))
}

/// Least level of a name or a place, some thousand people.
const LEAST: i32 = 3;

pub(super) fn likely(value: &str) -> Likely {
    /// Odds from which a name is one though it is a word, too: Smith, King.
    const CERTAIN: i32 = 4;
    let words: Vec<&str> = value
        .split(|c: char| c.is_whitespace() || matches!(c, '-' | ',' | '.'))
        .filter(|word| !word.is_empty())
        .take(8)
        .collect();
    let letters = |word: &&str| word.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '’'));
    if words.is_empty() || words.len() > 5 || !words.iter().all(letters) {
        return Likely::Other;
    }
    let place = gazetteer::phrase(words.iter().copied()).place();
    if words.len() > 1 && (LEAST..15).contains(&place) {
        return Likely::Place;
    }
    let (mut person, mut town, mut strange) = (false, false, false);
    for word in words.iter().filter(|word| word.chars().count() > 1) {
        let levels = gazetteer::word(word);
        let odds = levels.small_name_odds();
        let small = (levels.lower() > 1 || lexicon::tags(word) != 0) && odds < CERTAIN;
        let named = levels.given().max(levels.surname()) >= LEAST && odds > 0;
        if named && !small {
            person = true;
            town |= (LEAST..15).contains(&levels.place()) && levels.place() > levels.given().max(levels.surname());
        } else if !small && (LEAST..15).contains(&levels.place()) {
            town = true;
        } else if small || levels.lower() > 0 {
            return Likely::Other;
        } else {
            // `PascalCase` and `XYZ` are rather codes.
            let mut rest = word.chars();
            strange |= word.chars().count() > 2
                && rest.next().is_some_and(char::is_uppercase)
                && rest.all(|c| !c.is_uppercase());
        }
    }
    match (person, town, strange) {
        (true, false, _) => Likely::Person,
        (_, true, _) => Likely::Place,
        (_, _, true) => Likely::Strange,
        _ => Likely::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, values: &[&str], expect: &str) {
        let mut profiler = Profiler::new([name]);
        for _ in 0..if values.len() < 6 { 8 } else { 1 } {
            for value in values {
                profiler.see(0, value);
            }
        }
        assert_eq!(profiler.decide()[0].treatment.word(), expect, "{name} {values:?}");
    }

    #[test]
    fn values_say_what_a_name_does_not() {
        check("x1", &["2024-01-08", "2023-11-30", ""], "date");
        check("x2", &["ann@h.example", "bo@h.example"], "e-mail address");
        check("x3", &["555-123-4567", "555-123-9999"], "phone number");
        check("x4", &["A", "B", "A", "NULL"], "category");
        check("x5", &["1.5", "2", "7.25"], "number");
        check("x6", &["10:15", "11:00"], "number");
        let ids: Vec<String> = (0..50).map(|n| format!("{}", 71_000 + n * 37)).collect();
        check("x7", &ids.iter().map(String::as_str).collect::<Vec<_>>(), "identifier");
        let codes: Vec<String> = (0..50).map(|n| format!("QX{}", 71_000 + n * 37)).collect();
        check(
            "x8",
            &codes.iter().map(String::as_str).collect::<Vec<_>>(),
            "identifier",
        );
        check("x9", &["The patient was seen and is well today."], "free text");
        check("x10", &[], "unknown, treated as free text");
        let words = [
            "Ama", "Bode", "Cilo", "Dunne", "Eski", "Fara", "Gullo", "Hask", "Imre", "Jost",
        ];
        check("x11", &words, "name");
        check("x12", &["Thaddeus", "Olumide", "Greta"], "name");
        check("x13", &["Vandermolen", "Adebayo-Wright", "Kowalczyk"], "name");
        check("x18", &["smith", "lee", "king", "grace", "ruiz", "jones"], "name");
        check(
            "x19",
            &["mild", "low", "high", "left", "pain", "rash"],
            "unknown, treated as free text",
        );
        check("x14", &["Lowell", "Worcester", "San Antonio", "Springfield"], "address");
        check(
            "x15",
            &["Knee pain", "Flu", "Cough", "Headache", "Fever", "Rash"],
            "unknown, treated as free text",
        );
        check(
            "x16",
            &["Metformin", "Aspirin", "Lisinopril", "Warfarin", "Heparin", "Insulin"],
            "unknown, treated as free text",
        );
        check("x17", &["Negative", "Positive", "Pending"], "category");
    }

    #[test]
    fn last_and_first_are_names_together() {
        let treatments = |names: [&str; 2], rows: &[[&str; 2]]| {
            let mut profiler = Profiler::new(names);
            for row in rows {
                for (at, value) in row.iter().enumerate() {
                    profiler.see(at, value);
                }
            }
            profiler
                .decide()
                .iter()
                .map(|column| column.treatment)
                .collect::<Vec<_>>()
        };
        let name = Treatment::Whole(Class::Name);
        let people = [["Miller", "James"], ["Young", "Maria"]];
        assert_eq!(treatments(["Last", "First"], &people), [name, name]);
        assert_eq!(treatments(["LAST", "FIRST"], &people), [name, name]);
        let other = treatments(["Last", "First"], &[["Urine", "Nares"], ["Wound", "Blood"]]);
        assert!(!other.contains(&name), "{other:?}");
        for others in [
            [["Monday", "Sunday"], ["Friday", "Saturday"]],
            [["Negative", "Candida"], ["Rods", "Cocci"]],
            [["Loading", "Trough"], ["Bolus", "Extended"]],
        ] {
            let other = treatments(["First", "Last"], &others);
            assert_ne!(other, [name, name], "{others:?}");
        }
        let apart = treatments(["Dose", "First"], &people);
        assert_ne!(apart.first(), Some(&name));
    }

    #[test]
    fn a_name_does_not_hide_what_stands_there() {
        check("status", &["555-123-4567", "555-123-9999"], "phone number");
        check("code", &["2024-01-08", "2023-11-30"], "date");
        check("status", &["final", "draft"], "category");
        check("patient", &["Tariq Vandermolen", "QUACKENBUSH, ZEBULON"], "name");
        check("patient", &["P-0012", "P-0013"], "identifier");
        check("patient", &["A77123", "A77124", "A77125", "John Smith"], "identifier");
        check("patient", &["10011", "10012", "10013", "Smith"], "identifier");
        for odd in ["Unknown", "Xu Li", "Doe #2", "P-0012", "123"] {
            for name in ["Patient", "Member", "subscriber"] {
                check(name, &["John Smith", "Mary Jones", odd, "Robert Kowalczyk"], "name");
            }
        }
        check("Member", &["M-0012", "M-0013"], "health plan number");
        check("Plan", &["John Smith", "Mary Jones"], "health plan number");
        check("Referrer", &["https://a.example/x", "http://b.example/"], "web address");
        check("Referrer", &["John Smith", "Mary Jones"], "name");
        check("patient", &["Unknown", "not known"], "identifier");
        check("mrn", &["Tariq Vandermolen"], "medical record number");
    }

    #[test]
    fn one_column_says_whose_record_it_is() {
        let columns = Profiler::new(["id", "person_id", "mrn"]).decide();
        assert_eq!(
            columns.iter().map(|c| c.subject).collect::<Vec<_>>(),
            [false, true, false]
        );
        for (names, expect) in [
            (["SUBJID", "USUBJID", "SITEID"], [false, true, false]),
            (["USUBJID", "SUBJID", "SITEID"], [true, false, false]),
            (["patient", "age", "usubjid"], [false, false, true]),
            (["SITEID", "SUBJID", "AGE"], [false, true, false]),
        ] {
            let columns = Profiler::new(names).decide();
            assert_eq!(
                columns.iter().map(|c| c.subject).collect::<Vec<_>>(),
                expect,
                "{names:?}"
            );
        }
    }
}
