use super::{Recogniser, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::lex::Scan;
use crate::lexicon::SECRET;

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "secret",
    class: Class::Id,
    what: "Passwords, PINs and API keys after the words for them, and well-known keys by their form.",
    why: "A secret opens the record itself.",
    source: "45 CFR 164.514(b)(2)(i)(R); public documentation of key formats",
    yes: &[
        ("password: Hunter2!pass, then", "Hunter2!pass"),
        ("pin 4471 for", "4471"),
        ("api key = qh82-xx71-zz90", "qh82-xx71-zz90"),
        ("the password is Tulip#99", "Tulip#99"),
        (
            concat!("use gh", "p_aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3z."),
            concat!("gh", "p_aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3z"),
        ),
    ],
    no: &[
        "password reset today",
        "pin site clean",
        "a 2 mm pin 3 weeks ago",
        "secret: none",
        "the pin is out",
        "pins and needles",
    ],
    strong: true,
    trigger: Trigger::Word(SECRET, |scan, i, hits| {
        by_form(scan, i, hits);
        labelled(scan, i, hits);
    }),
};

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const KEY: Recogniser = Recogniser {
    id: "secret-key",
    class: Class::Id,
    what: "Keys and tokens of well-known services that begin with a word of their own: AWS, Google, JSON web tokens.",
    why: "A secret opens the record itself.",
    source: "45 CFR 164.514(b)(2)(i)(R); public documentation of key formats; RFC 7519",
    yes: &[
        (concat!("AKI", "AQ7X2M5ZK8RT4WY3B"), concat!("AKI", "AQ7X2M5ZK8RT4WY3B")),
        (
            concat!("key AI", "zaSyB4x9Kq2LmN8pRtV7wXz1CdE5fGhJ3kQ"),
            concat!("AI", "zaSyB4x9Kq2LmN8pRtV7wXz1CdE5fGhJ3kQ"),
        ),
        (
            concat!("ey", "J0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.e30.Zm9vYmFyYmF6cXV4"),
            concat!("ey", "J0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.e30.Zm9vYmFyYmF6cXV4"),
        ),
    ],
    no: &["AKIA is short", "Aiza came", "eyJ", "ASIA TOUR 2019"],
    strong: true,
    trigger: Trigger::Name(by_form),
};

/// Longest secret read, in bytes.
const LONGEST: usize = 200;

/// How keys of well-known services begin, and the least length of what follows.
const FORMS: &[(&str, usize)] = &[
    ("ghp_", 30),
    ("gho_", 30),
    ("ghs_", 30),
    ("github_pat_", 20),
    ("glpat-", 18),
    ("sk-", 20),
    ("xoxb-", 20),
    ("xoxp-", 20),
    ("AKIA", 16),
    ("ASIA", 16),
    ("AIza", 30),
    ("hf_", 30),
    ("eyJ", 40),
];

fn by_form(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let start = scan.start(i);
    let rest = scan.text.as_bytes().get(start..).unwrap_or_default();
    let Some((_, least)) = FORMS.iter().find(|(form, _)| rest.starts_with(form.as_bytes())) else {
        return;
    };
    let free = i == 0 || !scan.gap_before(i).is_empty();
    let mut len = rest
        .iter()
        .take(LONGEST * 8)
        .take_while(|b| b.is_ascii_alphanumeric() || b"_-.".contains(b))
        .count();
    while rest.get(len.wrapping_sub(1)).is_some_and(|b| b".-".contains(b)) {
        len -= 1;
    }
    let value = rest.get(..len).unwrap_or_default();
    let mixed = value.iter().any(u8::is_ascii_digit) && value.iter().any(u8::is_ascii_uppercase);
    if free && len >= least + 3 && mixed {
        hits.push(start, start + len, Class::Id, 88);
    }
}

/// What stands after "password:", "pin", "api key".
fn labelled(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let api = scan.is(i, "api");
    if api && !(scan.is(i + 1, "key") || scan.is(i + 1, "token")) {
        return;
    }
    let mut last = if api { i + 1 } else { i };
    let mut sign = scan.gap(last).contains([':', '=']);
    if ["is", "number", "no", "code"]
        .iter()
        .any(|word| scan.is(last + 1, word))
        && scan.gap(last) == " "
    {
        last += 1;
        sign |= scan.is(last, "is") || scan.gap(last).contains([':', '=']);
    }
    let gap = scan.gap(last);
    if gap.is_empty() || gap.len() > 4 || !gap.bytes().all(|b| b" :=#\"'".contains(&b)) {
        return;
    }
    let start = scan.end(last) + gap.len();
    let rest = scan.text.get(start..).unwrap_or_default();
    let len: usize = rest
        .chars()
        .take(LONGEST)
        .take_while(|c| !c.is_whitespace() && !matches!(c, ',' | ';' | '"' | '\'' | ')'))
        .map(char::len_utf8)
        .sum();
    let value = rest.get(..len).unwrap_or_default().trim_end_matches(['.', '?', ':']);
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let believed = if scan.is(i, "pin") {
        digits == value.len() && (4..=8).contains(&digits)
    } else {
        sign && value.len() >= 6 && (digits > 0 || value.bytes().any(|b| b.is_ascii_punctuation()))
    };
    if believed {
        hits.push(start, start + value.len(), Class::Id, 85);
    }
}
