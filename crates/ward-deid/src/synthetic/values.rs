//! What stands in the slots: people, places, days and numbers.

use ward_formats::date::{Civil, MONTHS};

use super::random::Random;
use super::{Half, Piece, What, forms, lists};
use crate::Class;

/// A person.
struct Person {
    given: &'static str,
    family: &'static str,
    middle: String,
}

impl Person {
    fn new(half: Half, random: &mut Random) -> Self {
        let given = if random.one_in(8) {
            lists::WORDY_GIVEN
        } else {
            lists::GIVEN
        };
        let family = if random.one_in(8) {
            lists::WORDY_FAMILY
        } else {
            lists::FAMILY
        };
        Self {
            given: half.pick(given, random),
            family: half.pick(family, random),
            middle: random.letters(1),
        }
    }

    fn full(&self, random: &mut Random) -> String {
        match random.below(6) {
            0 => format!("{} {}. {}", self.given, self.middle, self.family),
            1 => format!("{} {}", initial(self.given), self.family),
            2 => format!("{} {} Jr.", self.given, self.family),
            _ => format!("{} {}", self.given, self.family),
        }
    }

    fn initials(&self) -> String {
        format!("{}{}", initial(self.given), initial(self.family))
    }
}

fn initial(name: &str) -> String {
    name.chars()
        .next()
        .map(|c| format!("{}.", c.to_uppercase()))
        .unwrap_or_default()
}

/// Who is spoken of in one note: they stay the same from sentence to sentence.
pub(super) struct Cast {
    patient: Person,
    relative: Person,
    clinician: Person,
    mrn: String,
    born: Civil,
}

impl Cast {
    pub(super) fn new(half: Half, random: &mut Random) -> Self {
        let length = 6 + random.below(4);
        let prefix = random.of(&["", "", "", "A", "MR-", "00"]);
        Self {
            patient: Person::new(half, random),
            relative: Person::new(half, random),
            clinician: Person::new(half, random),
            mrn: format!("{prefix}{}", random.number(length)),
            born: civil(random, 1932, 2015),
        }
    }
}

fn civil(random: &mut Random, from: i32, to: i32) -> Civil {
    let year = random.between(from, to);
    let month = u8::try_from(random.between(1, 12)).unwrap_or(1);
    let day = u8::try_from(random.between(1, 28)).unwrap_or(1);
    let first = Civil {
        year,
        month: 1,
        day: 1,
        precision: ward_formats::date::Precision::Day,
    };
    Civil::new(year, month, day).unwrap_or(first)
}

fn month(day: Civil) -> &'static str {
    MONTHS
        .get(usize::from(day.month).saturating_sub(1))
        .copied()
        .unwrap_or("March")
}

fn ordinal(day: u8) -> String {
    let ending = match day {
        1 | 21 | 31 => "st",
        2 | 22 => "nd",
        3 | 23 => "rd",
        _ => "th",
    };
    format!("{day}{ending}")
}

/// A day as somebody writes it.
fn written(day: Civil, random: &mut Random) -> String {
    let Civil {
        year, month: m, day: d, ..
    } = day;
    let name = month(day);
    let short = name.get(..3).unwrap_or(name);
    match random.below(11) {
        0 => format!("{year}-{m:02}-{d:02}"),
        1 => format!("{m:02}/{d:02}/{year}"),
        2 => format!("{m}/{d}/{:02}", year % 100),
        3 => format!("{name} {d}, {year}"),
        4 => format!("{short} {d} {year}"),
        5 => format!("{d} {short} {year}"),
        6 => format!("{name} {}, {year}", ordinal(d)),
        7 => format!("the {} of {name}, {year}", ordinal(d)),
        8 => format!("{d:02}-{}-{year}", short.to_uppercase()),
        9 => format!("{d:02}.{m:02}.{year}"),
        _ => format!("{m:02}-{d:02}-{year}"),
    }
}

fn telephone(random: &mut Random) -> String {
    let area = random.between(201, 989);
    let line = random.digits(4);
    let exchange = random.between(200, 999);
    match random.below(6) {
        0 => format!("({area}) {exchange}-{line}"),
        1 => format!("{area}.{exchange}.{line}"),
        2 => format!("+1 {area} {exchange} {line}"),
        3 => format!("{area}{exchange}{line}"),
        4 => format!("{area}-{exchange}-{line} ext. {}", random.number(3)),
        _ => format!("{area}-{exchange}-{line}"),
    }
}

/// A National Provider Identifier: nine digits and a Luhn digit over 80840 and them (45 CFR 162.406).
fn npi(random: &mut Random) -> String {
    let body = format!("1{}", random.digits(8));
    let sum: u32 = format!("80840{body}")
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, digit)| {
            let digit = u32::from(digit - b'0') * if at % 2 == 0 { 2 } else { 1 };
            digit / 10 + digit % 10
        })
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

/// A registration number of the Drug Enforcement Administration (21 CFR 1301.13; the check digit is public lore).
fn dea(random: &mut Random) -> String {
    let digits: Vec<u32> = (0..6).map(|_| u32::try_from(random.below(10)).unwrap_or(0)).collect();
    let sum: u32 = digits
        .iter()
        .enumerate()
        .map(|(at, d)| d * if at % 2 == 1 { 2 } else { 1 })
        .sum();
    let body: String = digits.iter().map(ToString::to_string).collect();
    format!("B{}{body}{}", random.letters(1), sum % 10)
}

/// Renders `sentence` into labelled pieces.
pub(super) fn render(sentence: &str, half: Half, cast: &mut Cast, random: &mut Random, out: &mut Vec<Piece>) {
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('{') {
        push(out, before.to_owned(), What::Plain);
        let (slot, tail) = after.split_once('}').unwrap_or((after, ""));
        fill(slot, half, cast, random, out);
        rest = tail;
    }
    push(out, rest.to_owned(), What::Plain);
}

fn push(out: &mut Vec<Piece>, text: String, what: What) {
    if !text.is_empty() {
        out.push(Piece { text, what });
    }
}

fn fill(slot: &str, half: Half, cast: &mut Cast, random: &mut Random, out: &mut Vec<Piece>) {
    let (text, class) = match slot {
        "pt" => (cast.patient.full(random), Class::Name),
        "pt.rev" => (
            format!(
                "{}, {} {}.",
                cast.patient.family, cast.patient.given, cast.patient.middle
            ),
            Class::Name,
        ),
        "pt.comma" => (format!("{}, {}", cast.patient.family, cast.patient.given), Class::Name),
        "pt.first" => (cast.patient.given.to_owned(), Class::Name),
        "pt.last" => (cast.patient.family.to_owned(), Class::Name),
        "pt.initials" => (cast.patient.initials(), Class::Name),
        "pt.poss" => {
            push(out, cast.patient.full(random), What::Identifies(Class::Name));
            return push(out, "'s".to_owned(), What::Plain);
        }
        "mr" => {
            push(out, random.of(&["Mr. ", "Ms. ", "Mrs. "]).to_owned(), What::Plain);
            (cast.patient.family.to_owned(), Class::Name)
        }
        "rel" => (cast.relative.full(random), Class::Name),
        "rel.first" => (cast.relative.given.to_owned(), Class::Name),
        "rel.last" => (cast.relative.family.to_owned(), Class::Name),
        "dr" => (cast.clinician.full(random), Class::Name),
        "dr.comma" => (
            format!("{}, {}", cast.clinician.family, cast.clinician.middle),
            Class::Name,
        ),
        "dr.last" => (cast.clinician.family.to_owned(), Class::Name),
        "dr.initials" => (cast.clinician.initials(), Class::Name),
        "day" => (written(civil(random, 2009, 2025), random), Class::Day),
        "day.short" => {
            let day = civil(random, 2009, 2025);
            (format!("{}/{}/{:02}", day.month, day.day, day.year % 100), Class::Day)
        }
        "day.noyear" => {
            let day = civil(random, 2009, 2025);
            (format!("{} {}", month(day), ordinal(day.day)), Class::Day)
        }
        "day.month" => {
            let day = civil(random, 2009, 2025);
            (format!("{} {}", month(day), day.year), Class::Day)
        }
        "dob" => (written(cast.born, random), Class::Birth),
        "age90" => (random.between(90, 104).to_string(), Class::Age),
        "phone" => (telephone(random), Class::Phone),
        "email" => {
            let name = cast
                .patient
                .given
                .to_lowercase()
                .replace(|c: char| !c.is_ascii_alphabetic(), "");
            let host = random.of(&["mailbox.example", "clinic-mail.example", "post.example.org"]);
            (format!("{name}{}@{host}", random.digits(2)), Class::Email)
        }
        "mrn" => (cast.mrn.clone(), Class::Mrn),
        "acct" => (random.number(9), Class::Account),
        "ssn" => {
            let (a, b, c) = (random.between(100, 665), random.between(10, 99), random.number(4));
            (format!("{a}-{b}-{c}"), Class::Ssn)
        }
        "plan" => (format!("{}{}", random.letters(3), random.number(9)), Class::Plan),
        "mbi" => {
            let text = format!(
                "{}{}{}{}-{}{}{}-{}{}",
                random.number(1),
                random.letters(1),
                random.letters(1),
                random.digits(1),
                random.letters(1),
                random.digits(1),
                random.digits(1),
                random.letters(2),
                random.digits(2)
            );
            (text, Class::Plan)
        }
        "serial" => (format!("{}{}", random.letters(2), random.number(7)), Class::Device),
        "plate" => (format!("{}-{}", random.letters(3), random.number(4)), Class::Vehicle),
        "dea" => (dea(random), Class::Licence),
        "npi" => (npi(random), Class::Licence),
        "ip" => (
            format!(
                "10.{}.{}.{}",
                random.below(256),
                random.below(256),
                random.between(1, 254)
            ),
            Class::Ip,
        ),
        "url" => (format!("https://portal.example/u/{}", random.number(6)), Class::Url),
        "id" => (
            format!("{}{}-{}", random.letters(1), random.between(10, 25), random.number(5)),
            Class::Id,
        ),
        "fac" => (
            format!(
                "{} {}",
                half.pick(lists::FACILITY, random),
                half.pick(lists::HEAD, random)
            ),
            Class::Facility,
        ),
        "town" => (half.pick(lists::TOWN, random).to_owned(), Class::Place),
        "street" => (
            format!("{} {}", random.between(3, 9899), half.pick(lists::STREET, random)),
            Class::Place,
        ),
        "zip" => (random.number(5), Class::Place),
        "state" => return push(out, random.of(lists::STATE).to_owned(), What::Plain),
        "age" => return push(out, random.between(19, 88).to_string(), What::Plain),
        "eponym" => return push(out, half.pick(lists::EPONYM, random).to_owned(), What::Stays),
        "drug" => return push(out, half.pick(lists::DRUG, random).to_owned(), What::Stays),
        "measure" => return push(out, half.pick(lists::MEASURE, random).to_owned(), What::Stays),
        "thing" => return push(out, half.pick(forms::CELLS, random).to_owned(), What::Stays),
        "part" => return push(out, half.pick(forms::PARTS, random).to_owned(), What::Stays),
        "word" => return push(out, half.pick(lists::WORDS, random).to_owned(), What::Stays),
        _ => return push(out, "??".to_owned(), What::Plain),
    };
    push(out, text, What::Identifies(class));
}
