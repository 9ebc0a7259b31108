use super::{Recogniser, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::lex::{Scan, Shape};
use crate::lexicon::{CREDENTIAL, DOES, HONORIFIC, KIN, LETTER, LETTERED, NAMED, ROLE, SAYS, SEX, YEARS};
use crate::names;

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "small-name",
    class: Class::Name,
    what: "Names typed in small letters: after a word for a person (\"male, kofi d., seen\", \"pt named wiktor nunes\") and a \
           given name cut to an initial (\"maria s., \").",
    why: "Questions to an assistant are typed in a hurry, without capitals.",
    source: "45 CFR 164.514(b)(2)(i)(A); how clinicians type",
    yes: &[
        ("a 67-year-old patient, fryderyk p., currently", "fryderyk p"),
        ("60 yo male, isabela zytisen, treated", "isabela zytisen"),
        ("a pt named wiktor nunes, seen", "wiktor nunes"),
        ("for 52yo f, daniel m., with", "daniel m"),
        ("notes for nomagugu h., admitted", "nomagugu h"),
        ("pts name john klusyshi, tx", "john klusyshi"),
        ("nurse jones discussed with", "jones"),
        ("seen w np guerrero, agrees", "guerrero"),
        ("rn kowalski aware", "kowalski"),
        ("by speech path j. lindgren on 4", "j. lindgren"),
    ],
    no: &[
        "a male, with copd",
        "female, hepatitis b, chronic",
        "patient, vitamin d, and calcium",
        "a 60-year-old male, hiv positive, with",
        "the patient, feeling well, went home",
        "pt named as above",
        "option a, option b.",
        "nurse practitioner called",
        "nurse manager said",
        "nurse young aware",
        "pa said so",
        "grew e. coli and s. aureus",
        "hepatitis b. smith",
        "np swab, sent",
    ],
    strong: false,
    trigger: Trigger::Word(SEX | ROLE | KIN | YEARS | NAMED | LETTER | CREDENTIAL, name),
};

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const PAIR: Recogniser = Recogniser {
    id: "small-pair",
    class: Class::Name,
    what: "Two words in small letters that are no ordinary ones, between a comma or a small word and \"who\", \"seen\" and the \
           like, in text typed without capitals.",
    why: "Questions to an assistant are typed in a hurry, without capitals.",
    source: "45 CFR 164.514(b)(2)(i)(A); how clinicians type",
    yes: &[
        ("with stage 3 copd, ludvik flietefield, who was", "ludvik flietefield"),
        ("statins to pierre raedoworth, a 67-year-old", "pierre raedoworth"),
        ("patients like mandla yifaton, seen at", "mandla yifaton"),
    ],
    no: &[
        "with diabetes, chronic kidney disease, who was",
        "on metoprolol tartrate, seen at the clinic",
        "with sertraline hydrochloride, who was",
        "Given ludvik flietefield, who was",
    ],
    strong: false,
    trigger: Trigger::Text(|scan, hits| {
        if scan.typed_small() {
            for i in 1..scan.tokens.len() {
                small_pair(scan, i, hits);
            }
        }
    }),
};

fn small_pair(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    if scan.word(i).len() < 3 || !names::is_small_part(scan, i) {
        return;
    }
    let gap = scan.gap(i - 1);
    let led = gap == ", "
        || gap == " "
            && ["for", "like", "to", "of", "is", "case", "in"]
                .iter()
                .any(|word| scan.is(i - 1, word));
    if !led {
        return;
    }
    let Some(last) = names::small_forward(scan, i).filter(|last| *last > i) else {
        return;
    };
    let gap = scan.gap(last);
    let next = last + 1;
    let comma = gap == ", " && (FOLLOWS.iter().any(|word| scan.is(next, word)) || scan.is_number(next));
    let bare = gap == " " && FOLLOWS.iter().take(BARE).any(|word| scan.is(next, word));
    let bracket = gap.starts_with(" (") && (scan.is(next, "ssn") || scan.is(next, "mrn") || scan.is(next, "dob"));
    // At least one word is a name, or both are unknown.
    let listed = (i..=last).any(|at| scan.levels(at).small_name_odds() >= 2);
    let unknown = (i..=last).all(|at| !scan.levels(at).is_listed());
    if (comma || bare || bracket) && (listed || unknown) {
        hits.push(scan.start(i), scan.end(last), Class::Name, 68);
    }
}

/// Words after a name; the first few also without a comma.
const FOLLOWS: &[&str] = &[
    "who",
    "whose",
    "seen",
    "admitted",
    "treated",
    "evaluated",
    "last",
    "presenting",
    "referred",
    "currently",
    "a",
    "with",
    "dob",
    "mrn",
    "an",
    "first",
    "recently",
    "diagnosed",
    "on",
    "from",
];

/// How many of those need no comma.
const BARE: usize = 6;

fn name(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    if scan.word(i).len() == 1 && scan.shape(i) == Some(Shape::Lower) {
        cut(scan, i, hits);
        initialled(scan, i, hits);
    }
    let title = scan.is(i, "nurse") || ["np", "rn", "pa", "lpn", "cna"].iter().any(|word| scan.is(i, word));
    if title && scan.gap(i) == " " && scan.shape(i) == Some(Shape::Lower) {
        called(scan, i + 1, hits);
    }
    let named = scan.has(i, NAMED);
    let person = scan.has(i, SEX | ROLE | KIN | YEARS);
    let at = i + 1;
    let gap = scan.gap(i);
    let near =
        person && matches!(gap, ", " | " (" | " - " | ": ") || (named || scan.is(i, "pt")) && matches!(gap, " " | ": ");
    if !near || scan.shape(at) != Some(Shape::Lower) || scan.has(at, HONORIFIC) {
        return;
    }
    // Words nobody knows are names only where nothing else is capitalised.
    let listed = scan.levels(at).small_name_odds() >= 3;
    if !(listed || scan.typed_small()) || !names::is_small_part(scan, at) {
        return;
    }
    let Some(last) = names::small_forward(scan, at).filter(|last| *last > at) else {
        return;
    };
    let gap = scan.gap(last);
    let closed = gap.starts_with([',', '.', ')', '?', ';', ':', '\n', '\'', '’'])
        || gap == " ("
        || gap == " - "
        || gap.is_empty()
        || gap == " " && (scan.has(last + 1, DOES | SAYS) || listed || named)
        || gap == " "
            && ["at", "on", "in", "from", "for", "w", "and"]
                .iter()
                .any(|word| scan.is(last + 1, word));
    if closed {
        hits.push(scan.start(at), scan.end(last), Class::Name, 74);
    }
}

/// "nurse jones discussed": one surname in small letters that is hardly any other word, with what a person does after it.
fn called(scan: &Scan<'_>, at: usize, hits: &mut Hits) {
    let surname =
        scan.shape(at) == Some(Shape::Lower) && names::is_small_part(scan, at) && scan.levels(at).surname() >= 4;
    let does = scan.gap(at) == " "
        && (scan.has(at + 1, DOES | SAYS)
            || ["discussed", "aware", "notified", "gave", "with", "and", "to"]
                .iter()
                .any(|word| scan.is(at + 1, word)));
    let closed = scan.gap(at).starts_with([',', '.', ')', ';', '\n']);
    if surname && (does || closed) {
        hits.push(scan.start(at), scan.end(at), Class::Name, 72);
    }
}

/// `j. lindgren`: an initial and a surname that is hardly any other word, both in small letters.
fn initialled(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let last = i + 1;
    let levels = scan.levels(last);
    let lettered = i > 0 && (scan.has(i - 1, LETTERED) || scan.gap_before(i) != " ");
    let surname = scan.shape(last) == Some(Shape::Lower) && scan.tags(last) == 0 && names::is_small_part(scan, last);
    if scan.gap(i) == ". " && !lettered && surname && levels.surname() >= 3 && levels.lower().max(levels.proper()) == 0
    {
        hits.push(scan.start(i), scan.end(last), Class::Name, 68);
    }
}

/// `kofi d.` in small letters, with a full stop or a comma after it.
fn cut(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let Some(given) = i.checked_sub(1) else { return };
    let word = scan.word(given);
    let fits = scan.gap(given) == " "
        && word.len() >= 3
        && names::is_small_part(scan, given)
        && !scan.has(given, LETTERED)
        && names::ends_after_initial(scan, i);
    if !fits {
        return;
    }
    let odds = scan.levels(given).small_name_odds();
    let before = given.checked_sub(1);
    let introduced = before.is_none_or(|b| {
        let gap = scan.gap(b);
        matches!(gap, ", " | " (" | ": " | " - ")
            || gap == " "
                && (scan.has(
                    b,
                    ROLE | KIN | NAMED | SEX | crate::lexicon::LEAD | crate::lexicon::PREPOSITION,
                ) || scan.is(b, "like"))
    });
    let dotted = scan.gap(i).starts_with('.');
    let strange = scan.typed_small() && introduced && (dotted || odds >= 0);
    if odds >= 4 && dotted || odds >= 3 && introduced || strange {
        // "maria julia h."
        let first = given.checked_sub(1).filter(|b| {
            scan.gap(*b) == " " && names::is_small_part(scan, *b) && scan.levels(*b).small_name_odds() >= 3
        });
        hits.push(scan.start(first.unwrap_or(given)), scan.end(i), Class::Name, 72);
    }
}
