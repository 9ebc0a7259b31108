//! Which words can make up a person's name, read forwards or backwards from a sign.

use std::sync::LazyLock;

use crate::lex::{Scan, Shape};
use crate::lexicon::{
    ACTS, AMBIGUOUS, COUNTRY, CREDENTIAL, DEPARTMENT, DOES, EPONYM, EPONYM_HEAD, FACILITY, FUNCTION, HONORIFIC, LETTER,
    MONTH, NOT_NAME, PARTICLE, SAYS, STATE, STOP, STREET, SUFFIX, UNIT, WORD_NAME,
};

/// Longest name in words, initials and particles included.
const MAX_WORDS: usize = 6;

/// Endings of medical and ordinary words that are capitalised at times but are no names.
const NOT_NAME_ENDINGS: &[&str] = &[
    "itis",
    "osis",
    "emia",
    "oma",
    "pathy",
    "ectomy",
    "pril",
    "olol",
    "statin",
    "cillin",
    "mycin",
    "azole",
    "sartan",
    "mab",
    "nib",
    "otomy",
    "oscopy",
    "gram",
    "ology",
    "ological",
    "tion",
    "tions",
    "ment",
    "ness",
    "ism",
    "able",
    "ical",
    "ation",
    "ing",
    "ings",
    "ive",
    "ous",
    "gliptin",
    "gliflozin",
    "oxetine",
    "prazole",
    "tidine",
    "dipine",
    "semide",
    "thiazide",
    "lukast",
    "setron",
    "triptan",
    "vir",
    "zepam",
    "zolam",
    "caine",
    "profen",
    "therapy",
    "graphy",
    "plasty",
    "ostomy",
    "algia",
    "uria",
    "penia",
    "ally",
    "edly",
];

/// True when the word ends like a medical or ordinary word. Short words are never told by their
/// ending ("King", "Loma").
pub(crate) fn ends_like_a_term(word: &str) -> bool {
    if word.len() < 7 {
        return false;
    }
    let last = word
        .as_bytes()
        .last()
        .map_or(0, |b| usize::from(b.to_ascii_lowercase().wrapping_sub(b'a')));
    BY_LAST.get(last).is_some_and(|endings| {
        endings.iter().any(|ending| {
            word.len() > ending.len() + 2
                && word
                    .as_bytes()
                    .get(word.len() - ending.len()..)
                    .is_some_and(|tail| tail.eq_ignore_ascii_case(ending.as_bytes()))
        })
    })
}

/// The endings by their last letter.
static BY_LAST: LazyLock<[Vec<&str>; 26]> = LazyLock::new(|| {
    let mut table = [const { Vec::new() }; 26];
    for ending in NOT_NAME_ENDINGS {
        let last = ending
            .as_bytes()
            .last()
            .map_or(0, |b| usize::from(b.wrapping_sub(b'a')));
        if let Some(endings) = table.get_mut(last) {
            endings.push(*ending);
        }
    }
    table
});

/// Words that end the name of a test or a disease, some words behind the one that it is called after.
const FAR: &[&str] = &[
    "score",
    "scale",
    "rule",
    "rules",
    "criteria",
    "classification",
    "index",
    "equation",
    "syndrome",
    "disease",
    "study",
    "inventory",
];

/// Words that make a fixed term of an eponym before them.
#[rustfmt::skip]
const TERMS: &[&str] = &[
    "disease", "diseases", "syndrome", "disorder", "palsy", "phenomenon", "sign", "catheter", "thyroiditis", "chorea", "contracture", "lymphoma",
    "tumor", "tumour", "gangrene", "dystrophy", "sarcoma", "purpura", "diverticulum",
];

/// The word after token `last`, or after its possessive, that it may be one name with.
fn beside(scan: &Scan<'_>, last: usize) -> Option<usize> {
    let possessive = matches!(scan.gap(last), "'" | "’") && scan.is(last + 1, "s");
    let next = if possessive { last + 2 } else { last + 1 };
    is_joined(scan, next - 1).then_some(next)
}

fn is_joined(scan: &Scan<'_>, at: usize) -> bool {
    matches!(scan.gap(at), " " | "-" | "–")
}

/// "Dennis Fairhurst Moore syndrome": the last word of a name of capitals whose second word is token `next`.
fn end_of_capitals(scan: &Scan<'_>, next: usize) -> Option<usize> {
    let end = (next..next + 6).find(|at| scan.shape(*at) != Some(Shape::Capital) || !is_joined(scan, *at));
    (next + 1..=end.unwrap_or(next + 5)).find(|at| FAR.iter().any(|word| scan.is(*at, word)))
}

/// True when the words after token `last` make a term of it, whoever the patient is: "Foley catheter", "Wilson's disease", "Beck
/// Depression Inventory". What a patient of that name may have is none: "Wilson pain score", "Wilson's dressing", "Wilson fever 38.5".
pub(crate) fn is_term_of(scan: &Scan<'_>, last: usize) -> bool {
    let capital = |at: usize| scan.shape(at) == Some(Shape::Capital);
    beside(scan, last).is_some_and(|next| {
        TERMS.iter().any(|word| scan.is(next, word)) || end_of_capitals(scan, next).is_some_and(capital)
    })
}

/// True when the words after token `last` make its name that of a disease, a test or a device: "Bell's palsy", "Ottawa
/// ankle rules".
pub(crate) fn is_eponymous(scan: &Scan<'_>, last: usize) -> bool {
    beside(scan, last).is_some_and(|next| {
        scan.has(next, EPONYM_HEAD)
            || scan.gap(next) == " " && FAR.iter().any(|word| scan.is(next + 1, word))
            || end_of_capitals(scan, next).is_some()
    })
}

/// How sure the sign before or after a name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    /// "Mr.", "Dr.", "Name:": the first capitalised word is a name, whatever else it means.
    Title,
    /// An honorific, a credential, a label: ordinary words that are also names count as names.
    Strong,
    /// Anything else.
    Weak,
}

/// True when token `i` is capitalised and can be a given name or a surname.
pub(crate) fn is_name_word(scan: &Scan<'_>, i: usize, sign: Sign) -> bool {
    let tags = scan.tags(i);
    let cased = match scan.shape(i) {
        Some(Shape::Capital) => scan.word(i).len() >= 2,
        Some(Shape::Upper) => scan.word(i).len() >= 3 || (sign == Sign::Strong && tags == 0),
        Some(Shape::Mixed) => scan.word(i).chars().next().is_some_and(char::is_uppercase),
        Some(Shape::Uncased) => true,
        _ => false,
    };
    // "Signed by: March 3"
    if tags & MONTH != 0 && scan.is_number(i + 1) && matches!(scan.gap(i), " " | ". ") && sign != Sign::Title {
        return false;
    }
    let capital = scan.shape(i) == Some(Shape::Capital);
    let word_name = tags & WORD_NAME != 0 && (capital || sign == Sign::Title) || is_short_given(scan, i);
    if sign == Sign::Title && capital && !scan.has(i, FUNCTION) && tags & HONORIFIC == 0 {
        return scan.word(i).len() >= 2;
    }
    let pronoun = scan.is(i, "you") || sign != Sign::Title && (scan.is(i, "he") || scan.is(i, "she"));
    let fits = match sign {
        _ if pronoun => false,
        Sign::Title | Sign::Strong => {
            tags & NOT_NAME == 0 || (tags & AMBIGUOUS != 0 && tags & (CREDENTIAL | UNIT) == 0) || word_name
        }
        Sign::Weak => {
            tags & (NOT_NAME | STREET | EPONYM) == 0 || (tags & EPONYM != 0 && tags & (NOT_NAME | STREET) == 0)
        }
    };
    let levels = scan.levels(i);
    // "Xiuying" ends like a term and is none.
    let given = levels.given() >= 4 && levels.lower() == 0 && levels.proper() == 0;
    cased && fits && (given || !ends_like_a_term(scan.word(i))) && !(sign == Sign::Weak && is_medical(scan, i))
}

/// "Ed", which is none of the abbreviation "ED".
pub(crate) fn is_short_given(scan: &Scan<'_>, i: usize) -> bool {
    scan.shape(i) == Some(Shape::Capital)
        && scan.word(i).len() == 2
        && scan.levels(i).given() >= 4
        && !scan.has(i, FUNCTION)
}

/// True when medical text has the word in small letters far more often than people have it as a name: "Ovarian",
/// "Tumors".
pub(crate) fn is_medical(scan: &Scan<'_>, i: usize) -> bool {
    let levels = scan.levels(i);
    levels.lower() >= 2
        && scan.word(i).len() >= 4
        && levels.given().max(levels.surname()) < 2 * levels.lower()
        && scan.tags(i) & (AMBIGUOUS | EPONYM | WORD_NAME) == 0
}

/// The last token of the name that ends with token `last`, when a nickname in quotes or brackets
/// and the rest of the name follow: `Tomasz "Tom" Quill`, `Tom (Tommy) Quill`.
pub(crate) fn past_nickname(scan: &Scan<'_>, last: usize) -> usize {
    let nick = last + 1;
    let quoted = matches!(scan.gap(last), " \"" | " (" | " '" | " “" | " ‘" | " (\"" | " (“")
        && matches!(scan.gap(nick), "\" " | ") " | "' " | "” " | "’ " | "\") " | "”) ");
    if !quoted || !is_name_word(scan, nick, Sign::Strong) {
        return last;
    }
    forward(scan, nick + 1, Sign::Strong).unwrap_or(last)
}

/// True when token `i` is a single capital letter.
pub(crate) fn is_initial(scan: &Scan<'_>, i: usize) -> bool {
    scan.shape(i) == Some(Shape::Initial)
}

/// True when what stands between tokens `i` and `i + 1` can stand inside a name.
pub(crate) fn joined(scan: &Scan<'_>, i: usize) -> bool {
    match scan.gap(i) {
        " " | "  " | "-" | "'" | "’" | "\u{a0}" | "‐" => true,
        ". " | "." | ".-" => is_initial(scan, i) || scan.has(i, PARTICLE),
        _ => false,
    }
}

/// The last token of the name that starts at token `i`, if one does. `i` itself may be an initial
/// or a particle, but somewhere there is a whole word.
pub(crate) fn forward(scan: &Scan<'_>, i: usize, sign: Sign) -> Option<usize> {
    let mut last = None;
    let mut whole = false;
    let mut at = i;
    while at < i + MAX_WORDS {
        // Only the word right after the title is taken whatever it means.
        let sign = if whole && sign == Sign::Title {
            Sign::Strong
        } else {
            sign
        };
        if sign != Sign::Weak && is_hyphenated(scan, at) {
            // "Min-jun Kim"
            whole = true;
            at += 1;
            last = Some(at);
        } else if is_name_word(scan, at, sign) && !(whole && scan.has(at, CREDENTIAL)) {
            whole = true;
            last = Some(at);
        } else if is_initial(scan, at) && !(whole && (scan.gap(at).starts_with(['-', '/']) || is_aged(scan, at))) {
            last = Some(at);
        } else if whole && scan.has(at, SUFFIX) {
            last = Some(at);
            break;
        } else if !(is_particle(scan, at) && may_follow_particle(scan, at + 1, sign)) {
            break;
        }
        // "Zelda Quill  Wt 71 kg"
        if whole && at > i && scan.gap(at) == "  " && is_beside(scan, at + 1) {
            break;
        }
        if !joined(scan, at) {
            // "Sanchez, Jr."
            if whole && scan.gap(at) == ", " && scan.has(at + 1, SUFFIX) {
                last = Some(at + 1);
            }
            break;
        }
        at += 1;
    }
    if !whole {
        return None;
    }
    // "Park Ji-won"
    last.map(|last| {
        let half = last + 1;
        let small = scan.gap(last) == "-"
            && scan.shape(half) == Some(Shape::Lower)
            && (2..=5).contains(&scan.word(half).len())
            && !["like", "led", "based", "type", "free", "style", "and", "to"]
                .iter()
                .any(|word| scan.is(half, word))
            && scan.shape(last) == Some(Shape::Capital);
        if small { half } else { last }
    })
}

/// True for a given name of two short halves, the second of them in small letters, before another word of the name:
/// "Min-jun Kim".
pub(crate) fn is_hyphenated(scan: &Scan<'_>, i: usize) -> bool {
    let half = i + 1;
    let short = |at: usize| (2..=5).contains(&scan.word(at).len());
    let family = half + 1;
    scan.gap(i) == "-"
        && scan.gap(half) == " "
        && scan.shape(i) == Some(Shape::Capital)
        && scan.shape(half) == Some(Shape::Lower)
        && short(i)
        && short(half)
        && (scan.tags(half) == 0 && scan.all_levels(half).lower() <= 1 || scan.is(half, "jun") || scan.is(half, "ah"))
        && scan.shape(family) == Some(Shape::Capital)
        && is_name_word(scan, family, Sign::Strong)
        && scan.levels(family).surname() >= 3
}

/// The last token of a given name in two short halves, both with a capital or in capitals: "Soo-Jin", "JI-WOO".
pub(crate) fn halves(scan: &Scan<'_>, i: usize) -> Option<usize> {
    let last = i + 1;
    let half = |at: usize| {
        let len = scan.word(at).len();
        let letters = matches!(scan.shape(at), Some(Shape::Capital | Shape::Upper)) && (2..=6).contains(&len);
        letters && scan.tags(at) == 0 && scan.levels(at).lower() <= i32::from(scan.shape(at) == Some(Shape::Upper))
    };
    (scan.gap(i) == "-" && half(i) && half(last) && scan.shape(i) == scan.shape(last)).then_some(last)
}

/// True for the sex, as lists of patients have it: "58F", "F 91".
pub(crate) fn is_sexed(scan: &Scan<'_>, i: usize) -> bool {
    scan.is(i, "f") || scan.is(i, "m")
}

/// True for an age with the sex beside it: "58F", "58 F", "F 91".
pub(crate) fn is_aged(scan: &Scan<'_>, i: usize) -> bool {
    const OLDEST: u32 = 120;
    let years = |at: usize| scan.number(at).is_some_and(|years| years <= OLDEST);
    let near = scan.gap(i).len() <= 2;
    near && (years(i) && is_sexed(scan, i + 1) || is_sexed(scan, i) && years(i + 1))
}

/// True for a word that begins the next column and goes on with no name: listed, and next to never as one ("Wt", "Dry").
pub(crate) fn is_beside(scan: &Scan<'_>, i: usize) -> bool {
    let levels = scan.all_levels(i);
    levels.given().max(levels.surname()) <= 1 && levels.lower().max(levels.proper()) >= 3
}

/// The first token of the name that ends with token `i`, if one does.
pub(crate) fn backward(scan: &Scan<'_>, i: usize, sign: Sign) -> Option<usize> {
    let mut first = None;
    let mut whole = false;
    let mut at = i;
    loop {
        if is_name_word(scan, at, sign) {
            whole = true;
            first = Some(at);
        } else if is_initial(scan, at) || (at == i && scan.has(at, SUFFIX)) {
            first = Some(at);
        } else if !(is_particle(scan, at) && whole) {
            break;
        }
        match at.checked_sub(1) {
            Some(before) if at + MAX_WORDS > i + 1 && (joined(scan, before) || suffix_joined(scan, before)) => {
                at = before
            }
            _ => break,
        }
    }
    if whole { first } else { None }
}

/// How many capitalised words, initials included, the name from `first` to `last` has.
pub(crate) fn words(scan: &Scan<'_>, first: usize, last: usize) -> usize {
    (first..=last).filter(|i| !is_particle(scan, *i)).count()
}

fn suffix_joined(scan: &Scan<'_>, i: usize) -> bool {
    scan.gap(i) == ", " && scan.has(i + 1, SUFFIX)
}

fn is_particle(scan: &Scan<'_>, i: usize) -> bool {
    scan.has(i, PARTICLE) && matches!(scan.shape(i), Some(Shape::Lower | Shape::Capital))
}

fn may_follow_particle(scan: &Scan<'_>, i: usize, sign: Sign) -> bool {
    is_name_word(scan, i, sign) || is_particle(scan, i)
}

/// True when token `i` is a lower-case word that can be a surname after an honorific in text
/// typed without capitals: nothing the lexicon knows as an ordinary word.
pub(crate) fn is_uncapitalised_name(scan: &Scan<'_>, i: usize) -> bool {
    let ordinary = STOP | MONTH | NOT_NAME | FACILITY | DEPARTMENT | PARTICLE;
    scan.shape(i) == Some(Shape::Lower)
        && scan.word(i).len() >= 3
        && scan.tags(i) & (ordinary & !STATE) == 0
        && !ends_like_a_term(scan.word(i))
}

/// True when token `i` is a word in small letters that can be part of a name that has other signs: listed as one, or
/// neither in the lexicon nor frequent in medical text.
pub(crate) fn is_small_part(scan: &Scan<'_>, i: usize) -> bool {
    let word = scan.word(i);
    let levels = scan.levels(i);
    let tags = scan.tags(i);
    scan.shape(i) == Some(Shape::Lower)
        && word.len() >= 2
        && tags & !(AMBIGUOUS | EPONYM | STATE | COUNTRY | PARTICLE | WORD_NAME) == 0
        && !scan.has(i, FUNCTION)
        && (levels.small_name_odds() >= 2 && (tags == 0 || levels.surname().max(levels.given()) >= 5)
            || levels.lower() <= 1 && tags == 0 && !ends_like_a_term(word))
}

/// The last token of the name in small letters that begins with token `i`: one to four words and an initial.
pub(crate) fn small_forward(scan: &Scan<'_>, i: usize) -> Option<usize> {
    let mut last = None;
    for at in i..i + 4 {
        let initial = scan.word(at).len() == 1 && at > i && scan.has(at, LETTER) && ends_after_initial(scan, at);
        // "mrs. halvorsen ambulated"
        let acts = at > i && scan.has(at, ACTS | SAYS | DOES);
        if !(is_small_part(scan, at) || initial) || acts {
            break;
        }
        if !is_particle(scan, at) || last.is_none() {
            last = Some(at);
        }
        if initial && !is_small_part(scan, at + 1) || !matches!(scan.gap(at), " " | "-" | "'" | "’" | ". ") {
            break;
        }
        if scan.gap(at) == ". " && !initial {
            break;
        }
    }
    last
}

/// True when the single letter at `i` ends a name or stands inside one: "john d.", "john d, seen".
pub(crate) fn ends_after_initial(scan: &Scan<'_>, i: usize) -> bool {
    let gap = scan.gap(i);
    gap.starts_with(['.', ',', ')', '?', ';']) || gap.is_empty() && i + 1 >= scan.tokens.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_forward() {
        for (text, expect) in [
            ("Ana Ruiz said", Some("Ana Ruiz")),
            ("J. R. Smith, MD", Some("J. R. Smith")),
            ("Jean-Luc O'Brien-Smith was", Some("Jean-Luc O'Brien-Smith")),
            ("Ludwig van der Berg in", Some("Ludwig van der Berg")),
            ("José Álvarez III, seen", Some("José Álvarez III")),
            ("Luis Sanchez, Jr. seen", Some("Luis Sanchez, Jr")),
            ("White noted", Some("White")),
            ("JANE DOE DENIES", Some("JANE DOE")),
            ("McDonald", Some("McDonald")),
            ("David S., seen", Some("David S")),
            ("Park Ji-won came", Some("Park Ji-won")),
            ("Kim-like gait", Some("Kim")),
            ("Hospital", None),
            ("Denies pain", None),
            ("smith", None),
            ("Pneumonectomy", None),
            ("Ana Tumors", Some("Ana Tumors")),
        ] {
            let scan = Scan::new(text);
            let found = forward(&scan, 0, Sign::Strong).map(|last| scan.slice(0, scan.end(last)));
            assert_eq!(found, expect, "{text}");
        }
    }

    #[test]
    fn believes_a_title() {
        for (text, sign, expect) in [
            ("Christian Hale came", Sign::Title, Some("Christian Hale")),
            ("March Wexlerby", Sign::Title, Some("March Wexlerby")),
            ("Stable Low", Sign::Title, Some("Stable Low")),
            ("Weeks", Sign::Title, Some("Weeks")),
            ("Ada Day", Sign::Strong, Some("Ada Day")),
            ("On call", Sign::Title, None),
            ("on call", Sign::Title, None),
            ("The patient", Sign::Title, None),
            ("March 3", Sign::Strong, None),
        ] {
            let scan = Scan::new(text);
            let found = forward(&scan, 0, sign).map(|last| scan.slice(0, scan.end(last)));
            assert_eq!(found, expect, "{text}");
        }
    }

    #[test]
    fn reads_past_a_nickname() {
        for (text, expect) in [
            ("Tomasz \"Tom\" Quill came", 2),
            ("Tom (Tommy) Quill", 2),
            ("Tomasz “Tom” Quill", 2),
            ("Tomasz (64 M)", 0),
            ("Tomasz (seen) Quill", 0),
        ] {
            assert_eq!(past_nickname(&Scan::new(text), 0), expect, "{text}");
        }
    }

    #[test]
    fn reads_backward() {
        for (text, expect) in [
            ("seen by Ana M. Ruiz", Some("Ana M. Ruiz")),
            ("The Ludwig van der Berg", Some("Ludwig van der Berg")),
            ("with MD", None),
        ] {
            let scan = Scan::new(text);
            let i = scan.tokens.len() - 1;
            let found = backward(&scan, i, Sign::Strong).map(|first| scan.slice(scan.start(first), text.len()));
            assert_eq!(found, expect, "{text}");
        }
    }
}
