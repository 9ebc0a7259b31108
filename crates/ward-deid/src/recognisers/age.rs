use super::introduced::{aged_given, aged_person};
use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::lex::{Scan, Shape};
use crate::lexicon::{DEATH, HONORIFIC, KIN, NINETY, SEX, YEARS};

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
        ("Age/Sex: 93/M", "93"),
        ("Smith, 94 F with chest pain", "94"),
        ("94 F, fell at home", "94"),
        ("95/F seen today", "95"),
        ("91 WM c/o pain", "91"),
        ("Pt is ninety-five", "ninety-five"),
        ("Mother died at 97 of", "97"),
        ("Mother died at 60, father at ninety-one", "ninety-one"),
        ("mother d. 96, well", "96"),
        ("mother died, grandmother 101.", "101"),
        ("born 93 years ago", "93"),
        ("Her grandmother, 94, is well", "94"),
        ("grandfather (97) had MI", "97"),
        ("mother 95 alive and well", "95"),
        ("aunt is 92 and lives", "92"),
        ("Kasimir Quackenbush, 93, seen", "93"),
        ("Mary Bell (94) came", "94"),
        ("Mrs. Bell, 94, came", "94"),
        ("Mr. Quackenbush (95) fell", "95"),
        ("mother Anna, 97, is well", "97"),
        ("wife Ida (93) drove", "93"),
        ("Marco, 96, stable", "96"),
        ("seen; Lucia (91)", "91"),
        ("Age=96", "96"),
        ("age = 101, male", "101"),
        ("Age (years): 96", "96"),
        ("| Age | 96 |", "96"),
        ("|Age|96\n|Sex|F", "96"),
        ("|Age:|96\n|Sex:|F", "96"),
        ("Pt: Wanda, 90", "90"),
        ("Patient is Marta (92), widowed", "92"),
        ("Patient age is 96", "96"),
        ("97 yr F with", "97"),
        ("DOB 2/14/1929 (94 Y)", "94"),
        ("DOB 2/14/1929 (94 yrs)", "94"),
        ("Pt Kowalczyk, 96, fell", "96"),
        ("Patient Kowalczyk, 94, stable", "94"),
        ("97yr M", "97"),
        ("she is 101 yrs.", "101"),
        ("Pt is 94 years", "94"),
        ("Sex/Age: F/96", "96"),
        ("a woman of 97 years", "97"),
        ("in his 96th year", "96"),
        ("her 100th birthday", "100"),
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
        "95 % RA",
        "T 94 F with chills",
        "Temp: 100 F, stable",
        "98.6 F with rigors",
        "temperature\n99 F with chills",
        "died at 97 Elm",
        "son at 95 kg",
        "Pt is ninety percent better",
        "founded 93 years ago",
        "LDL 95/100",
        "mother 95 kg",
        "daughter, 90 minutes away",
        "husband (100 mg daily)",
        "son is 95 percent sure",
        "Heart Rate, 95, regular",
        "Fasting Glucose (95)",
        "Mrs. Bell, 94 kg, came",
        "Dr. Bell (100 mg)",
        "mother Anna, 97 kg",
        "sister Anna (95%)",
        "father Anna, 97/60",
        "Stage=96",
        "Dosage=96",
        "Age=45",
        "age=96 months",
        "Age: 95 days",
        "it is 101 yrs",
        "she is 95 years into it",
        "she is 95 years post transplant",
        "97 yr follow-up",
        "97 yr Fibrosis study",
        "96 pack yr M smoker",
        "F/95 mg",
        "his 96th dose",
        "the 100th year of the clinic",
        "a course of 97 years",
        "|Age|96 months\n",
        "|Dosage|96\n",
        "|HR|96\n",
        "|Age:|96 months\n",
        "Pt: Wanda, 90 mg",
        "Pt: Wanda, 90/60",
        "Patient is Stable (92)",
        "Pt: Sodium, 95",
        "Pt Sodium, 95, low",
        "Pt Afebrile, 98, RA",
        "Pt Kowalczyk, 96 kg, fell",
        "group B (93 Y)",
        "Ki-67 2.1 (93 Y)",
        "warranty 2.1 (93 yrs)",
        "PSA 2.1 (93 ng)",
        "Marco, 96 mg",
        "Lucia (96%)",
        "Sodium, 95, high",
        "Fasting, 95, 97",
        "St. Lucia, 95, was",
        "Dallas, 94, was",
        "Glucose (95)",
        "Virginia (95)",
        "Line (95)",
        "Tylenol (95)",
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
        if !(90..=130).contains(&years) {
            return;
        }
        // "in his 96th year", "her 100th birthday"
        if is_ordinal(scan, i) {
            hits.push(scan.start(i), scan.end(i + 1), Class::Age, 85);
            return;
        }
        if scan.gap_before(i).ends_with(['.', '/']) && !follows_sex(scan, i) {
            return;
        }
        if aged_person(scan, i).is_some()
            || aged_given(scan, i).is_some()
            || is_titled(scan, i)
            || says_age_before(scan, i, i)
            || says_age_after(scan, i)
            || is_sexed(scan, i)
            || follows_sex(scan, i)
        {
            hits.push(scan.start(i), scan.end(i), Class::Age, 85);
        }
    }),
};

/// "Mrs. Bell, 94, came", "Mr. Quackenbush (95) fell", "mother Anna, 97, is well"
fn is_titled(scan: &Scan<'_>, i: usize) -> bool {
    let apart = scan.gap_before(i) == ", " && scan.gap(i).starts_with(", ")
        || scan.gap_before(i) == " (" && scan.gap(i).starts_with(')');
    apart
        && i.checked_sub(2).is_some_and(|title| {
            scan.has(title, HONORIFIC | KIN)
                && matches!(scan.gap(title), " " | ". ")
                && scan.shape(i - 1) == Some(Shape::Capital)
        })
}

/// "in his 96th year", "her 100th birthday"
fn is_ordinal(scan: &Scan<'_>, i: usize) -> bool {
    let ending = scan.gap(i).is_empty() && is_any(scan, i + 1, &["th", "st", "nd", "rd"]) && scan.gap(i + 1) == " ";
    let whose = i
        .checked_sub(1)
        .is_some_and(|at| is_any(scan, at, &["his", "her", "their", "my", "s"]));
    ending && (scan.is(i + 2, "birthday") || whose && scan.is(i + 2, "year"))
}

/// "Sex/Age: F/96"
fn follows_sex(scan: &Scan<'_>, i: usize) -> bool {
    i >= 3
        && scan.gap_before(i).trim() == "/"
        && matches!(scan.word(i - 1), "M" | "F")
        && is_label(scan.gap(i - 2))
        && scan.is(i - 2, "age")
        && is_any(scan, i - 3, &["sex", "gender"])
}

fn is_any(scan: &Scan<'_>, at: usize, words: &[&str]) -> bool {
    words.iter().any(|word| scan.is(at, word))
}

/// What stands between a label and its value.
fn is_label(gap: &str) -> bool {
    matches!(gap.trim_matches([' ', '\t']), "" | ":" | "=" | "|" | ":|") || gap == " - "
}

/// "Age=96", "Age (years): 96", "| Age | 96 |", "aged 94", "age is 96". Not "age 96 months".
fn is_labelled(scan: &Scan<'_>, i: usize, last: usize) -> bool {
    const SHORTER: &[&str] = &[
        "months", "month", "mos", "mo", "weeks", "week", "wks", "wk", "days", "day", "hours", "hrs", "minutes", "min",
    ];
    let Some(before) = i.checked_sub(1) else { return false };
    let gap = scan.gap(before);
    if scan.gap(last).starts_with('%') || is_any(scan, last + 1, SHORTER) && matches!(scan.gap(last), " " | "" | "-") {
        return false;
    }
    if is_any(scan, before, &["age", "aged"]) {
        let cell = gap.contains('|');
        let after = scan.gap(last).trim_start_matches(' ');
        let end = last + 1 >= scan.tokens.len() || after.starts_with(['|', '\n', '\r']);
        return gap == ", " || is_label(gap) && (!cell || end);
    }
    before > 0
        && scan.is(before - 1, "age")
        && (scan.has(before, YEARS) && scan.gap(before - 1) == " (" && gap.strip_prefix(')').is_some_and(is_label)
            || scan.is(before, "is") && scan.gap(before - 1) == " " && gap == " ")
}

/// "she is 91, lives alone", "he's now 96", "the patient is 101 yrs."
fn is_said_of_somebody(scan: &Scan<'_>, before: usize, last: usize) -> bool {
    let verb = if is_any(scan, before, &["now", "currently", "almost", "nearly"]) {
        before.checked_sub(1)
    } else {
        Some(before)
    };
    let Some((verb, who)) = verb.and_then(|verb| Some((verb, verb.checked_sub(1)?))) else {
        return false;
    };
    let short = scan.is(verb, "s") && matches!(scan.gap(who), "'" | "’");
    let years = scan.has(last + 1, YEARS) && matches!(scan.gap(last), " " | "") && is_closed(scan, last + 1);
    let ends = years || is_closed(scan, last) || scan.gap(last) == " " && scan.is(last + 1, "and");
    (short || scan.is(verb, "is")) && ends && is_any(scan, who, &["he", "she", "pt", "patient", "who"])
}

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
    if says_age_before(scan, first, last) || says_age_after(scan, last) {
        hits.push(scan.start(first), scan.end(last), Class::Age, 85);
    }
}

fn says_age_before(scan: &Scan<'_>, i: usize, last: usize) -> bool {
    let Some(before) = i.checked_sub(1) else { return false };
    let near = matches!(scan.gap(before), " " | ": " | ":" | ", ");
    if near && ["turned", "turning", "turns"].iter().any(|word| scan.is(before, word)) {
        return true;
    }
    if near && is_said_of_somebody(scan, before, last) || is_labelled(scan, i, last) {
        return true;
    }
    // "a woman of 97 years"
    let years = scan.has(last + 1, YEARS) && scan.gap(last) == " ";
    if near && years && scan.is(before, "of") && before > 0 && is_person(scan, before - 1) {
        return true;
    }
    if near && scan.is(before, "of") && before > 0 && scan.is(before - 1, "age") {
        return true;
    }
    // "Age/Sex: 93/M"
    if near && scan.is(before, "sex") && before > 0 && scan.is(before - 1, "age") && scan.gap(before - 1).contains('/')
    {
        return true;
    }
    says_age_of_kin(scan, before, last)
}

/// True when a comma, a bracket or the end of the sentence, of the line or of the text follows token `last`.
fn is_closed(scan: &Scan<'_>, last: usize) -> bool {
    let gap = scan.gap(last);
    let end = last + 1 >= scan.tokens.len();
    gap.starts_with([',', ';', ')', '\n', '\r'])
        || gap.starts_with(". ")
        || gap.starts_with(".\n")
        || end && matches!(gap, "" | ".")
}

/// "Mother died at 97, father at ninety-one", "mother d. 96, grandmother 101"
fn says_age_of_kin(scan: &Scan<'_>, before: usize, last: usize) -> bool {
    let closed = is_closed(scan, last);
    // "grandmother, 94, is well", "grandfather (97) had", "mother 95 alive", "aunt is 92 and lives"
    let lives = ["alive", "living", "lives", "well", "healthy", "and"]
        .iter()
        .any(|word| scan.is(last + 1, word));
    let kin = match scan.gap(before) {
        ", " => scan.has(before, KIN) && closed,
        " (" => scan.has(before, KIN) && scan.gap(last).starts_with(')'),
        " " if scan.is(before, "is") => {
            (closed || lives && scan.gap(last) == " ") && before.checked_sub(1).is_some_and(|at| scan.has(at, KIN))
        }
        " " => scan.has(before, KIN) && lives && scan.gap(last) == " " && !scan.is(last + 1, "and"),
        _ => false,
    };
    if kin {
        return true;
    }
    let goes_on = scan.gap(last) == " "
        && ["of", "from", "with", "in", "and", "after", "due"]
            .iter()
            .any(|word| scan.is(last + 1, word));
    if !closed && !goes_on {
        return false;
    }
    let dead = |at: usize| {
        ["died", "passed", "deceased", "expired", "away", "dead"]
            .iter()
            .any(|word| scan.is(at, word))
            || scan.has(at, DEATH) && !scan.is(at, "d")
    };
    // Within the same sentence.
    let death_before = |from: usize| {
        (1..=8)
            .map_while(|back| from.checked_sub(back))
            .take_while(|at| !scan.gap(*at).contains(['\n', ';']) && (scan.gap(*at) != ". " || scan.is(*at, "d")))
            .any(|at| dead(at) || scan.is(at, "d"))
    };
    let gap = scan.gap(before);
    if scan.is(before, "at") && gap == " " {
        return before
            .checked_sub(1)
            .is_some_and(|at| dead(at) || scan.has(at, KIN) && death_before(at));
    }
    if scan.is(before, "d") && matches!(gap, ". " | " " | ".") {
        return before.checked_sub(1).is_some_and(|at| scan.has(at, KIN));
    }
    closed && gap == " " && scan.has(before, KIN) && death_before(before)
}

/// Letters for race and sex after an age.
const RACE_AND_SEX: &[&str] = &["WM", "WF", "BF", "BM", "AAM", "AAF"];

/// "95/F", "91 WM c/o", and "94 F with" where no temperature can stand.
fn is_sexed(scan: &Scan<'_>, i: usize) -> bool {
    let next = i + 1;
    let word = scan.word(next);
    let sex = matches!(word, "M" | "F");
    let after = scan.gap(next);
    if sex
        && scan.gap(i) == "/"
        && !after.starts_with(['/', '-'])
        && (!after.is_empty() || next + 1 >= scan.tokens.len())
    {
        return true;
    }
    if scan.gap(i) != " " {
        return false;
    }
    let told = matches!(after, " " | ", ")
        && [
            "c",
            "with",
            "w",
            "who",
            "presents",
            "presenting",
            "presented",
            "here",
            "admitted",
            "s",
            "hx",
            "found",
            "brought",
        ]
        .iter()
        .any(|word| scan.is(next + 1, word));
    if RACE_AND_SEX.contains(&word) {
        return told || is_closed(scan, next);
    }
    let before = scan.gap_before(i);
    let opens = i == 0 || before.contains('\n') || matches!(before, ". " | ", " | ": ");
    let temperature = (1..=2).filter_map(|back| i.checked_sub(back)).any(|at| {
        [
            "t",
            "temp",
            "temperature",
            "tmax",
            "tm",
            "tc",
            "fever",
            "febrile",
            "afebrile",
            "vs",
            "vitals",
            "deg",
            "oral",
            "air",
        ]
        .iter()
        .any(|word| scan.is(at, word))
    });
    // A temperature by itself is 97 and more.
    let low = word == "M" || scan.number(i).is_some_and(|years| years < 97);
    sex && opens && !temperature && (told || low && is_closed(scan, next))
}

/// A word for somebody, not its letter.
fn is_person(scan: &Scan<'_>, at: usize) -> bool {
    scan.has(at, SEX) && scan.word(at).len() >= 3
}

/// True for a letter that is the beginning of more: "F-18", "M1".
fn goes_on(scan: &Scan<'_>, at: usize) -> bool {
    let gap = scan.gap(at);
    at + 1 < scan.tokens.len() && (gap.is_empty() || matches!(gap, "-" | "/" | "." | "'" | "’"))
}

fn says_age_after(scan: &Scan<'_>, i: usize) -> bool {
    if !matches!(scan.gap(i), " " | "-" | "" | "- ") {
        return false;
    }
    let next = scan.word(i + 1).to_ascii_lowercase();
    let sexed = |at: usize| {
        is_person(scan, at)
            || matches!(scan.word(at), "M" | "F") && matches!(scan.gap(at - 1), " " | ", " | "/") && !goes_on(scan, at)
    };
    match next.as_str() {
        "yo" | "yoa" | "yom" | "yof" => true,
        "y" if scan.is(i + 2, "o") && matches!(scan.gap(i + 1), "/" | "." | "-" | "") => true,
        // "2/14/1931 (93 Y)"
        "y" | "yr" | "yrs" | "years" if scan.gap_before(i).ends_with(" (") && scan.gap(i + 1).starts_with(')') => {
            i > 1 && scan.is_number(i - 1) && matches!(scan.gap_before(i - 1), "/" | "-")
        }
        "m" | "f" => scan.gap(i).is_empty() && scan.word(i + 1).starts_with(['M', 'F']),
        _ if scan.has(i + 1, YEARS) => {
            let born = scan.is(i + 2, "ago") && i > 0 && scan.is(i - 1, "born");
            born || scan.is(i + 2, "old")
                || scan.is(i + 2, "young")
                || (scan.is(i + 2, "of") && scan.is(i + 3, "age"))
                || sexed(i + 2)
        }
        _ => false,
    }
}
