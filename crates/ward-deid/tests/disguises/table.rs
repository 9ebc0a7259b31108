//! Invented demographics, and the ways in which texts disguise them.

use ward_formats::date::MONTHS;

/// What a record says of one person.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) given: &'static str,
    pub(crate) family: &'static str,
    /// Another form of the given name.
    pub(crate) nick: &'static str,
    pub(crate) year: u16,
    pub(crate) month: u8,
    pub(crate) day: u8,
    pub(crate) area: u16,
    pub(crate) exchange: u16,
    pub(crate) line: u16,
    pub(crate) house: u16,
    pub(crate) street: &'static str,
    pub(crate) town: &'static str,
    pub(crate) zip: u32,
    /// Eight digits.
    pub(crate) mrn: u32,
    /// Nine digits.
    pub(crate) ssn: u32,
}

/// Given names with another form of each.
pub(crate) const GIVEN: &[(&str, &str)] = &[
    ("Thaddeus", "Thad"),
    ("Robert", "Bob"),
    ("Margaret", "Peggy"),
    ("William", "Bill"),
    ("Elizabeth", "Betty"),
    ("Katherine", "Kathy"),
    ("Theodore", "Teddy"),
    ("Dorothy", "Dottie"),
];

/// Family names of six letters and more.
pub(crate) const FAMILY: &[&str] = &[
    "Vandermolen",
    "Quillfeather",
    "Kowalczyk",
    "Brandstetter",
    "Okonkwo",
    "Hernandez",
    "Ferndale",
    "Wolski",
    "Lindqvist",
    "Abernathy",
];

pub(crate) const STREETS: &[&str] = &[
    "Elmgrove Street",
    "North Quarry Road",
    "Maple Hollow Drive",
    "Wexford Avenue",
];

pub(crate) const TOWNS: &[&str] = &["Oddville", "Quillhaven", "Marlbury", "Fernleigh"];

impl Person {
    pub(crate) fn phone(&self) -> String {
        format!("{:03}-{:03}-{:04}", self.area, self.exchange, self.line)
    }

    pub(crate) fn birth(&self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    fn month_name(&self) -> &'static str {
        MONTHS[usize::from(self.month) - 1]
    }

    fn first(&self) -> char {
        self.given.chars().next().unwrap_or('X')
    }

    fn last(&self) -> char {
        self.family.chars().next().unwrap_or('X')
    }

    /// Years of two digits.
    fn yy(&self) -> u16 {
        self.year % 100
    }
}

fn ordinal(day: u8) -> &'static str {
    match day {
        1 | 21 | 31 => "st",
        2 | 22 => "nd",
        3 | 23 => "rd",
        _ => "th",
    }
}

/// `word` with a mark after every letter but the last.
fn apart(word: &str, mark: &str) -> String {
    word.chars().map(String::from).collect::<Vec<_>>().join(mark)
}

/// `word` cut after three letters, with `mark` there.
fn cut(word: &str, mark: &str) -> String {
    let (head, tail) = word.split_at(3);
    format!("{head}{mark}{tail}")
}

/// Letters replaced, each by what `from` to `to` says.
fn swap(word: &str, pairs: &[(&str, &str)]) -> String {
    pairs
        .iter()
        .fold(word.to_owned(), |word, (from, to)| word.replace(from, to))
}

/// Two letters from the middle on in the other order.
fn transposed(word: &str) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    // Where the two are not the same.
    let at = (2..letters.len() - 1)
        .find(|at| letters[*at] != letters[*at + 1])
        .unwrap_or(2);
    letters.swap(at, at + 1);
    letters.into_iter().collect()
}

/// What a disguise needs to be possible for a person.
type Possible = fn(&Person) -> bool;

/// A way of writing something of a person: its name, when it is possible, and the text, in which what identifies the
/// person stands in braces.
pub(crate) type Disguise = (&'static str, Possible, fn(&Person) -> String);

fn always(_: &Person) -> bool {
    true
}

fn has(letters: &'static [&'static str]) -> impl Fn(&Person) -> bool {
    move |p| letters.iter().any(|letter| p.family.to_lowercase().contains(letter))
}

/// Every disguise.
pub(crate) const DISGUISES: &[Disguise] = &[
    ("as it is", always, |p| format!("{{{} {}}}", p.given, p.family)),
    ("small letters", always, |p| {
        format!("{{{} {}}}", p.given, p.family).to_lowercase()
    }),
    ("capitals", always, |p| {
        format!("{{{} {}}}", p.given, p.family).to_uppercase()
    }),
    ("family first", always, |p| format!("{{{}, {}}}", p.family, p.given)),
    ("family first, no space", always, |p| {
        format!("{{{},{}}}", p.family, p.given).to_uppercase()
    }),
    ("HL7", always, |p| format!("{{{}^{}}}", p.family, p.given)),
    ("HL7 in capitals", always, |p| {
        format!("{{{}^{}}}", p.family, p.given).to_uppercase()
    }),
    ("initial and family", always, |p| {
        format!("{{{}. {}}}", p.first(), p.family)
    }),
    ("bare initial and family", always, |p| {
        format!("{{{} {}}}", p.first(), p.family)
    }),
    ("family and initial", always, |p| {
        format!("{{{}, {}.}}", p.family, p.first())
    }),
    ("given and initial", always, |p| {
        format!("{{{} {}.}}", p.given, p.last())
    }),
    ("initials", always, |p| format!("{{{}.{}.}}", p.first(), p.last())),
    ("initials apart", always, |p| {
        format!("{{{}. {}.}}", p.first(), p.last())
    }),
    ("initials after a role", always, |p| {
        format!("pt {{{}{}}}", p.first(), p.last())
    }),
    ("title and initial", always, |p| format!("Ms. {{{}.}}", p.last())),
    ("family", always, |p| format!("{{{}}}", p.family)),
    ("family in small letters", always, |p| {
        format!("{{{}}}", p.family.to_lowercase())
    }),
    ("family in capitals", always, |p| {
        format!("{{{}}}", p.family.to_uppercase())
    }),
    ("given", always, |p| format!("{{{}}}", p.given)),
    ("given in small letters", always, |p| {
        format!("{{{}}}", p.given.to_lowercase())
    }),
    ("possessive", always, |p| format!("{{{}}}'s", p.family)),
    ("possessive, curly", always, |p| format!("{{{}}}\u{2019}s", p.given)),
    ("possessive without apostrophe", always, |p| {
        format!("{{{}s}}", p.family)
    }),
    ("the family", always, |p| format!("the {{{}s}}", p.family)),
    ("joined", always, |p| format!("{{{}{}}}", p.given, p.family)),
    ("joined in small letters", always, |p| {
        format!("{{{}{}}}", p.given, p.family).to_lowercase()
    }),
    ("joined, family first", always, |p| {
        format!("{{{}{}}}", p.family, p.given).to_lowercase()
    }),
    ("user name", always, |p| {
        format!("{{{}{}}}", p.first(), p.family).to_lowercase()
    }),
    ("user name with numbers", always, |p| {
        format!("{{{}{}{}}}", p.first(), p.family, p.yy()).to_lowercase()
    }),
    ("user name, family first", always, |p| {
        format!("{{{}{}}}", p.family, p.first()).to_lowercase()
    }),
    ("user name, given and initial", always, |p| {
        format!("{{{}{}}}", p.given, p.last()).to_lowercase()
    }),
    ("with a dot", always, |p| {
        format!("{{{}.{}}}", p.given, p.family).to_lowercase()
    }),
    ("with an underscore", always, |p| {
        format!("{{{}_{}}}", p.given, p.family).to_lowercase()
    }),
    ("initial and underscore", always, |p| {
        format!("{{{}_{}}}", p.first(), p.family).to_lowercase()
    }),
    ("in a file name", always, |p| {
        format!("scan_{{{}_{}}}.pdf", p.family, p.given)
    }),
    ("in an address", always, |p| {
        format!("{{{}.{}@mailbox.example}}", p.given, p.family).to_lowercase()
    }),
    ("in an address with a sign", always, |p| {
        format!("{{{}+x@mailbox.example}}", p.family).to_lowercase()
    }),
    ("hash tag", always, |p| format!("#{{{}{}}}", p.given, p.family)),
    ("nickname", always, |p| format!("{{{}}}", p.nick)),
    ("nickname and family", always, |p| {
        format!("{{{} {}}}", p.nick, p.family)
    }),
    ("nickname in quotes", always, |p| {
        format!("{{{} \"{}\" {}}}", p.given, p.nick, p.family)
    }),
    (
        "zero for o",
        |p| has(&["o"])(p),
        |p| format!("{{{}}}", swap(p.family, &[("o", "0")])),
    ),
    (
        "zero for O",
        |p| has(&["o"])(p),
        |p| format!("{{{}}}", swap(&p.family.to_uppercase(), &[("O", "0")])),
    ),
    (
        "one for l",
        |p| has(&["l"])(p),
        |p| format!("{{{}}}", swap(p.family, &[("l", "1")])),
    ),
    (
        "I for l",
        |p| has(&["l"])(p),
        |p| format!("{{{}}}", swap(p.family, &[("l", "I")])),
    ),
    (
        "bar for l",
        |p| has(&["l"])(p),
        |p| format!("{{{}}}", swap(p.family, &[("l", "|")])),
    ),
    (
        "one for i",
        |p| has(&["i"])(p),
        |p| format!("{{{}}}", swap(p.family, &[("i", "1")])),
    ),
    (
        "l for i",
        |p| has(&["i"])(p),
        |p| format!("{{{}}}", swap(p.family, &[("i", "l")])),
    ),
    (
        "five for S",
        |p| has(&["s"])(p),
        |p| format!("{{{}}}", swap(&p.family.to_uppercase(), &[("S", "5")])),
    ),
    (
        "eight for B",
        |p| has(&["b"])(p),
        |p| format!("{{{}}}", swap(&p.family.to_uppercase(), &[("B", "8")])),
    ),
    (
        "rn for m",
        |p| has(&["m"])(p),
        |p| format!("{{{}}}", swap(p.family, &[("m", "rn")])),
    ),
    (
        "m for rn",
        |p| has(&["rn"])(p),
        |p| format!("{{{}}}", swap(p.family, &[("rn", "m")])),
    ),
    (
        "cl for d",
        |p| has(&["d"])(p),
        |p| format!("{{{}}}", swap(p.family, &[("d", "cl")])),
    ),
    (
        "vv for w",
        |p| has(&["w"])(p),
        |p| format!("{{{}}}", swap(&p.family.to_lowercase(), &[("w", "vv")])),
    ),
    (
        "numbers for letters",
        |p| has(&["a", "e"])(p),
        |p| format!("{{{}}}", swap(p.family, &[("a", "4"), ("e", "3")])),
    ),
    ("a letter swapped", always, |p| format!("{{{}}}", transposed(p.family))),
    ("a letter left out", always, |p| {
        format!("{{{}{}}}", &p.family[..4], &p.family[5..])
    }),
    ("a letter twice", always, |p| {
        format!("{{{}{}}}", &p.family[..4], &p.family[3..])
    }),
    ("another letter", always, |p| {
        format!("{{{}x{}}}", &p.family[..3], &p.family[4..])
    }),
    ("a typing error in small letters", always, |p| {
        format!("{{{}}}", transposed(p.family)).to_lowercase()
    }),
    ("letters apart", always, |p| format!("{{{}}}", apart(p.family, " "))),
    ("capitals apart", always, |p| {
        format!("{{{}}}", apart(p.family, " ")).to_uppercase()
    }),
    ("letters with dots", always, |p| {
        format!("{{{}}}", apart(p.family, ".")).to_uppercase()
    }),
    ("letters with hyphens", always, |p| {
        format!("{{{}}}", apart(p.family, "-")).to_uppercase()
    }),
    ("a space inside", always, |p| format!("{{{}}}", cut(p.family, " "))),
    ("broken at the end of a line", always, |p| {
        format!("{{{}}}", cut(p.family, "-\n"))
    }),
    ("broken without a hyphen", always, |p| {
        format!("{{{}}}", cut(p.family, "\n"))
    }),
    ("an underscore inside", always, |p| {
        format!("{{{}}}", cut(p.family, "_"))
    }),
    ("zero-width space", always, |p| {
        format!("{{{}}}", cut(p.family, "\u{200b}"))
    }),
    ("soft hyphen", always, |p| format!("{{{}}}", cut(p.family, "\u{ad}"))),
    ("bold letters", always, |p| format!("<b>{{{}}}", cut(p.family, "</b>"))),
    ("span around letters", always, |p| {
        format!("<span class=\"x\">{{{}}}", cut(p.family, "</span>"))
    }),
    ("asterisks around letters", always, |p| {
        format!("**{{{}}}", cut(p.family, "**"))
    }),
    ("one asterisk", always, |p| format!("*{{{}}}", cut(p.family, "*"))),
    (
        "character reference",
        |p| has(&["a"])(p),
        |p| format!("{{{}}}", swap(p.family, &[("a", "&#97;")])),
    ),
    (
        "hexadecimal reference",
        |p| has(&["e"])(p),
        |p| format!("{{{}}}", swap(p.family, &[("e", "&#x65;")])),
    ),
    ("full-width letters", always, |p| {
        let wide = |c: char| char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c);
        format!("{{{}}}", p.family.chars().map(wide).collect::<String>())
    }),
    (
        "a Cyrillic letter",
        |p| has(&["e"])(p),
        |p| format!("{{{}}}", swap(p.family, &[("e", "\u{435}")])),
    ),
    (
        "combining marks",
        |p| has(&["e"])(p),
        |p| format!("{{{}}}", swap(p.family, &[("e", "e\u{301}")])),
    ),
    ("in brackets", always, |p| format!("({{{}}})", p.family)),
    ("with a slash", always, |p| format!("{{{}/{}}}", p.family, p.given)),
    ("with a hyphen", always, |p| format!("{{{}}}-Smith", p.family)),
    ("behind a colon", always, |p| format!("x:{{{}}};", p.family)),
    // Days of birth.
    ("birth, ISO", always, |p| format!("{{{}}}", p.birth())),
    ("birth, basic", always, |p| {
        format!("{{{:04}{:02}{:02}}}", p.year, p.month, p.day)
    }),
    ("birth, month first", always, |p| {
        format!("{{{:02}/{:02}/{}}}", p.month, p.day, p.year)
    }),
    ("birth, month first, short", always, |p| {
        format!("{{{}/{}/{:02}}}", p.month, p.day, p.yy())
    }),
    ("birth, day first", always, |p| {
        format!("{{{:02}.{:02}.{}}}", p.day, p.month, p.year)
    }),
    ("birth, day first, short", always, |p| {
        format!("{{{}.{}.{:02}}}", p.day, p.month, p.yy())
    }),
    ("birth, hyphens", always, |p| {
        format!("{{{}-{}-{:02}}}", p.day, p.month, p.yy())
    }),
    ("birth, six digits, day first", always, |p| {
        format!("{{{:02}{:02}{:02}}}", p.day, p.month, p.yy())
    }),
    ("birth, six digits, month first", always, |p| {
        format!("{{{:02}{:02}{:02}}}", p.month, p.day, p.yy())
    }),
    ("birth, six digits, year first", always, |p| {
        format!("{{{:02}{:02}{:02}}}", p.yy(), p.month, p.day)
    }),
    ("birth, eight digits", always, |p| {
        format!("{{{:02}{:02}{}}}", p.month, p.day, p.year)
    }),
    ("birth, a word", always, |p| {
        format!("{{{} {}, {}}}", p.month_name(), p.day, p.year)
    }),
    ("birth, short words", always, |p| {
        format!("{{{} {} {}}}", p.day, &p.month_name()[..3], p.year)
    }),
    ("birth, military", always, |p| {
        format!("{{{:02}{}{}}}", p.day, &p.month_name()[..3], p.year).to_uppercase()
    }),
    ("birth, ordinal", always, |p| {
        format!("the {{{}{} of {}, {}}}", p.day, ordinal(p.day), p.month_name(), p.year)
    }),
    ("birthday without a year", always, |p| {
        format!("{{{} {}}}", &p.month_name()[..3], p.day)
    }),
    ("birthday with a cue", always, |p| {
        format!("birthday {{{}/{}}}", p.month, p.day)
    }),
    ("birth, month and year", always, |p| {
        format!("{{{} {}}}", p.month_name(), p.year)
    }),
    // Numbers.
    ("phone", always, |p| format!("{{{}}}", p.phone())),
    ("phone in brackets", always, |p| {
        format!("{{({:03}) {:03}-{:04}}}", p.area, p.exchange, p.line)
    }),
    ("phone with dots", always, |p| {
        format!("{{{}}}", p.phone().replace('-', "."))
    }),
    ("phone with spaces", always, |p| {
        format!("{{{}}}", p.phone().replace('-', " "))
    }),
    ("phone in one", always, |p| {
        format!("{{{}}}", p.phone().replace('-', ""))
    }),
    ("phone, international", always, |p| format!("{{+1 {}}}", p.phone())),
    ("phone, last seven", always, |p| {
        format!("{{{:03}-{:04}}}", p.exchange, p.line)
    }),
    ("phone, last seven in one", always, |p| {
        format!("{{{:03}{:04}}}", p.exchange, p.line)
    }),
    ("phone, last four", always, |p| {
        format!("phone ending in {{{:04}}}", p.line)
    }),
    ("social security number", always, |p| {
        format!(
            "{{{:03}-{:02}-{:04}}}",
            p.ssn / 1_000_000,
            p.ssn / 10_000 % 100,
            p.ssn % 10_000
        )
    }),
    ("social security number in one", always, |p| format!("{{{}}}", p.ssn)),
    ("social security number with spaces", always, |p| {
        format!(
            "{{{:03} {:02} {:04}}}",
            p.ssn / 1_000_000,
            p.ssn / 10_000 % 100,
            p.ssn % 10_000
        )
    }),
    ("social security number, last four", always, |p| {
        format!("last four {{{:04}}}", p.ssn % 10_000)
    }),
    ("social security number, last four with a label", always, |p| {
        format!("SSN {{{:04}}}", p.ssn % 10_000)
    }),
    ("social security number, hidden", always, |p| {
        format!("***-**-{{{:04}}}", p.ssn % 10_000)
    }),
    ("social security number, hidden by letters", always, |p| {
        format!("xxx-xx-{{{:04}}}", p.ssn % 10_000)
    }),
    ("record number", always, |p| format!("{{{:08}}}", p.mrn)),
    ("record number with a letter", always, |p| format!("{{MR{:08}}}", p.mrn)),
    ("record number with hyphens", always, |p| {
        format!(
            "{{{:02}-{:03}-{:03}}}",
            p.mrn / 1_000_000,
            p.mrn / 1_000 % 1_000,
            p.mrn % 1_000
        )
    }),
    ("record number with spaces", always, |p| {
        format!(
            "{{{:02} {:03} {:03}}}",
            p.mrn / 1_000_000,
            p.mrn / 1_000 % 1_000,
            p.mrn % 1_000
        )
    }),
    ("record number after #", always, |p| format!("#{{{:08}}}", p.mrn)),
    ("record number, last four", always, |p| {
        format!("MRN ending {{{:04}}}", p.mrn % 10_000)
    }),
    ("record number, digits apart", always, |p| {
        format!("{{{}}}", apart(&format!("{:08}", p.mrn), " "))
    }),
    // Places.
    ("street", always, |p| format!("{{{} {}}}", p.house, p.street)),
    ("street in small letters", always, |p| {
        format!("{{{} {}}}", p.house, p.street).to_lowercase()
    }),
    ("street in capitals", always, |p| {
        format!("{{{} {}}}", p.house, p.street).to_uppercase()
    }),
    ("street, short", always, |p| {
        let short = [
            ("Street", "St"),
            ("Road", "Rd"),
            ("Drive", "Dr"),
            ("Avenue", "Ave"),
            ("North", "N"),
        ];
        format!("{{{} {}}}", p.house, swap(p.street, &short))
    }),
    ("street without a number", always, |p| format!("on {{{}}}", p.street)),
    ("street without a number in small letters", always, |p| {
        format!("on {{{}}}", p.street).to_lowercase()
    }),
    ("town", always, |p| format!("{{{}}}", p.town)),
    ("town in capitals", always, |p| format!("{{{}}}", p.town).to_uppercase()),
    ("town in small letters", always, |p| {
        format!("{{{}}}", p.town).to_lowercase()
    }),
    ("ZIP code", always, |p| format!("{{{:05}}}", p.zip)),
    ("ZIP code with four more", always, |p| format!("{{{:05}-1234}}", p.zip)),
    ("ZIP code in a sentence", always, |p| {
        format!("lives around {{{:05}}} now", p.zip)
    }),
];

/// Sentences for a disguise; neither says that a name follows.
pub(crate) const CARRIERS: &[&str] = &[
    "{}",
    "Pain is better; {} refused the walker.",
    "plan: per {} labs tomorrow",
    "No acute distress. {} was told, agrees.",
    "ASSESSMENT: STABLE. {} TO FOLLOW UP",
    "see {}",
];
