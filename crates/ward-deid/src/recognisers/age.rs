use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::lex::Scan;
use crate::lexicon::{NINETY, SEX, YEARS};

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "age",
    class: Class::Age,
    what: "Ages from 90 to 130 years.",
    why: "Few people are that old, so the age narrows them down; younger ages may stay.",
    source: SAFE_HARBOR,
    yes: &[
        ("a 92-year-old man", "92"),
        ("97 yo F", "97"),
        ("age 101", "101"),
        ("aged 94, with", "94"),
        ("at the age of 93.", "93"),
        ("93F with", "93"),
        ("turned 100 last", "100"),
        ("she is 91, lives", "91"),
        ("in his 90s", "90s"),
        ("in her late nineties", "nineties"),
        ("a nonagenarian with", "nonagenarian"),
        ("she is 99 years of age", "99"),
        ("ninety-three years old", "ninety-three"),
        ("a ninety-two-year-old man", "ninety-two"),
        ("Ninety years old", "Ninety"),
        ("at the age of ninety one.", "ninety one"),
        ("one hundred and two years old", "one hundred and two"),
    ],
    no: &[
        "a 89-year-old man",
        "HR 92",
        "back in the 90s",
        "she is 95 kg",
        "SpO2 95%",
        "95 years of research",
        "weight 92 kg",
        "aged 34",
        "age 150",
        "eighty-nine years old",
        "ninety-three percent",
        "ninety days",
        "two hundred years of research",
    ],
    strong: false,
    trigger: Trigger::Either(NINETY, |scan, i, hits| {
        if !scan.is_number(i) {
            in_words(scan, i, hits);
            return;
        }
        let years = scan.number(i).unwrap_or(0);
        // "in his 90s"
        let decade = matches!(years, 90 | 100) && scan.gap(i).is_empty() && scan.is(i + 1, "s");
        if decade && is_owned_decade(scan, i) {
            hits.push(scan.start(i), scan.end(i + 1), Class::Age, 80);
            return;
        }
        if !(90..=130).contains(&years) || scan.gap_before(i).ends_with(['.', '/']) {
            return;
        }
        if says_age_before(scan, i) || says_age_after(scan, i) {
            hits.push(scan.start(i), scan.end(i), Class::Age, 85);
        }
    }),
};

/// "his 90s", "her late nineties"
fn is_owned_decade(scan: &Scan<'_>, i: usize) -> bool {
    (1..=2).any(|back| {
        i.checked_sub(back).is_some_and(|at| {
            ["his", "her", "their", "my", "late", "early", "mid"]
                .iter()
                .any(|word| scan.is(at, word))
        })
    })
}

/// Small numbers, as they follow "ninety" and "hundred".
const SMALL: &[&str] = &[
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
];

/// "ninety-three years old", "one hundred and two years old".
fn in_words(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    if scan.is(i, "nineties") {
        if is_owned_decade(scan, i) {
            hits.push(scan.start(i), scan.end(i), Class::Age, 80);
        }
        return;
    }
    if !(scan.is(i, "ninety") || scan.is(i, "hundred")) {
        hits.push(scan.start(i), scan.end(i), Class::Age, 80);
        return;
    }
    let small = |at: usize| SMALL.iter().any(|word| scan.is(at, word));
    let near = |at: usize| matches!(scan.gap(at), " " | "-" | "\n");
    let mut first = i;
    let mut last = i;
    if scan.is(i, "hundred") {
        let Some(one) = i.checked_sub(1).filter(|at| near(*at)) else {
            return;
        };
        if !(scan.is(one, "one") || scan.is(one, "a")) {
            return;
        }
        first = one;
        if near(i) && scan.is(i + 1, "and") && near(i + 1) && small(i + 2) {
            last = i + 2;
        }
    }
    if last == i && near(i) && small(i + 1) {
        last = i + 1;
    }
    if says_age_before(scan, first) || says_age_after(scan, last) {
        hits.push(scan.start(first), scan.end(last), Class::Age, 85);
    }
}

fn says_age_before(scan: &Scan<'_>, i: usize) -> bool {
    let Some(before) = i.checked_sub(1) else { return false };
    let near = matches!(scan.gap(before), " " | ": " | ":" | ", ");
    if near && ["turned", "turning", "turns"].iter().any(|word| scan.is(before, word)) {
        return true;
    }
    // "she is 91, lives alone"
    let gap = scan.gap(i);
    let closed =
        gap.starts_with([',', ';', ')']) || gap.starts_with(". ") || gap == "." || gap == " " && scan.is(i + 1, "and");
    let pronoun = |at: usize| {
        ["he", "she", "pt", "patient", "who"]
            .iter()
            .any(|word| scan.is(at, word))
    };
    if near && closed && scan.is(before, "is") && before > 0 && pronoun(before - 1) {
        return true;
    }
    if near && scan.is(before, "of") && before > 0 && scan.is(before - 1, "age") {
        return true;
    }
    near && (scan.is(before, "age") || scan.is(before, "aged")) && !scan.gap(i).starts_with('%')
}

fn says_age_after(scan: &Scan<'_>, i: usize) -> bool {
    if !matches!(scan.gap(i), " " | "-" | "" | "- ") {
        return false;
    }
    let next = scan.word(i + 1).to_ascii_lowercase();
    let sexed = |at: usize| scan.has(at, SEX) && scan.word(at).len() >= 3;
    match next.as_str() {
        "yo" | "yoa" | "yom" | "yof" => true,
        "y" => (scan.is(i + 2, "o") && matches!(scan.gap(i + 1), "/" | "." | "-" | "")) || scan.is(i + 2, "old"),
        "m" | "f" => scan.gap(i).is_empty() && scan.word(i + 1).starts_with(['M', 'F']),
        _ if scan.has(i + 1, YEARS) => {
            scan.is(i + 2, "old") || (scan.is(i + 2, "of") && scan.is(i + 3, "age")) || sexed(i + 2)
        }
        _ => false,
    }
}
