//! Names after the words with which people are asked for, written to and called.

use super::{Recogniser, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::lex::{Scan, Shape};
use crate::lexicon::{
    ACTS, AMBIGUOUS, BIRTH, CARE_VERB, CREDENTIAL, DEPARTMENT, DOES, EPONYM, FACILITY, FUNCTION, HONORIFIC, ID, KIN,
    LEAD, LETTER, MONTH, MRN, NAMED, OWNED, PARTICLE, PERSONAL, PLAN, PREPOSITION, ROLE, SAYS, SEX, SSN, STOP, STREET,
    SUFFIX, TAKES_PERSON, WORD_NAME, YEARS,
};
use crate::names::{self, Sign};

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "asked-name",
    class: Class::Name,
    what: "Names after the words of a request or a message, in any case: \"referral for J. Banks (\", \"can owain young take\", \
           \"letter to\", \"mother of Dawn,\", \"d/w\", \"follow up with Cohen in\".",
    why: "Requests to an assistant name the patient, relatives and colleagues in the middle of a sentence.",
    source: "45 CFR 164.514(b)(2)(i)(A); how clinicians write requests",
    yes: &[
        ("what should I order for Kirchner, admitted to", "Kirchner"),
        ("apixaban 5 mg BID for Nowak", "Nowak"),
        ("can you summarize V. Pemberton's visit", "V. Pemberton"),
        ("Can Oluwaseun Kim in Utah travel", "Oluwaseun Kim"),
        ("to see pt b. kapoor for afib", "b. kapoor"),
        ("resident a. thakkar pgy2 aware", "a. thakkar"),
        ("can d. kilpatrick travel", "d. kilpatrick"),
        ("Write a letter to Yolanda Cohen, mother", "Yolanda Cohen"),
        ("the mother of Dawn, at", "Dawn"),
        ("his wife, Amelia Long Jr., can", "Amelia Long Jr"),
        ("Follow up with Cohen in two weeks", "Cohen"),
        ("D/w Owain Young by phone", "Owain Young"),
        ("my pt Xavier F. Long (see", "Xavier F. Long"),
        ("of fatigue. Crenshaw denies chest pain", "Crenshaw"),
    ],
    no: &[
        "treatment for Parkinson",
        "indicated for Sepsis, admitted to",
        "can vitamin d in winter",
        "Can Metformin Tablets be",
        "with Crohn disease",
        "Follow up with Cardiology in two weeks",
        "letter to insurance, please",
        "mother of two, at home",
        "for pain, seen today",
        "is long term use safe",
        "Pt Refused Meds",
        "Patient Requests Discharge",
    ],
    strong: false,
    trigger: Trigger::Word(
        LEAD | KIN | ROLE | LETTER | PREPOSITION | OWNED | SAYS,
        |scan, i, hits| {
            if scan.has(i, SAYS) {
                says(scan, i, hits);
            }
            asked(scan, i, hits);
        },
    ),
};

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const IDENTIFIED: Recogniser = Recogniser {
    id: "identified-name",
    class: Class::Name,
    what: "Names right before the word for a number or a birth: \"Cohen, Ramesh Z., DOB\", \"ada quill (member ID\".",
    why: "A number of a person follows the name.",
    source: "45 CFR 164.514(b)(2)(i)(A); how patients are identified in lists and requests",
    yes: &[
        ("Code this visit: Cohen, Ramesh Z., DOB 1/2/60", "Cohen, Ramesh Z"),
        ("asking for gutierrez, grace (member 12", "gutierrez, grace"),
        ("5 mg BID: XAVIER COHEN, MEMBER ID 4", "XAVIER COHEN"),
        ("bedtime for R. Day, MRN 003310", "R. Day"),
        ("C. Pace, 34 y/o with cough", "C. Pace"),
        ("signed\nC. Pace MD / dictated", "C. Pace"),
    ],
    no: &[
        "name, DOB",
        "Chest Pain, DOB",
        "stable on warfarin, insurance pending",
        "for the patient (MRN",
        "with Aspirin, Medicare",
    ],
    strong: false,
    trigger: Trigger::Either(PLAN | MRN | BIRTH | SSN | ID | MONTH | CREDENTIAL, identified),
};

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const INITIALS: Recogniser = Recogniser {
    id: "initials",
    class: Class::Name,
    what: "Two initials with dots for a person: \"Y.B. tolerated\", \"-- m.m., rn\", \"device check for Y.B.\".",
    why: "Initials with a date and a place single a patient out.",
    source: "45 CFR 164.514(b)(2)(i)(A); how notes shorten names",
    yes: &[
        ("X.I. tolerated the meal", "X.I"),
        ("-- S.L., RN", "S.L"),
        ("signed\n-- m.m., rn, clinic", "m.m"),
        ("device check for Y.B.", "Y.B"),
        ("for Y.B., record 5", "Y.B"),
        ("review Y.B.'s chart", "Y.B"),
    ],
    no: &[
        "given I.V. was stopped",
        "in the U.S. has",
        "at 5 p.m. was",
        "take p.o. with food",
        "for I.V., stop",
        "J.R., then",
    ],
    strong: false,
    trigger: Trigger::Word(LETTER, initials),
};

/// A name read forwards in any case.
pub(super) struct Person {
    pub(super) last: usize,
    /// Words and initials, particles not counted.
    pub(super) parts: usize,
    /// Words alone.
    words: usize,
    /// How frequent the best of its words is among names.
    known: i32,
    /// How much more the best of its words is a name than another word.
    pub(super) odds: i32,
    /// True when a word of it is in no list.
    pub(super) strange: bool,
    /// True when a word of it names a disease or a place as well, or is an ordinary one.
    pub(super) doubtful: bool,
}

impl Person {
    /// After a sign that leaves little doubt.
    fn expected(&self) -> bool {
        self.words > 0 && (self.strange || self.odds >= 1 || self.known >= 4 && (self.parts >= 2 || self.odds >= -4))
    }

    pub(super) fn believed(&self) -> bool {
        self.words > 0 && (self.parts >= 2 && (self.odds >= 2 || self.strange) || self.odds >= 3 && !self.doubtful)
    }
}

fn is_short(scan: &Scan<'_>, i: usize) -> bool {
    scan.word(i).len() == 1 && (names::is_initial(scan, i) || scan.has(i, LETTER) && scan.gap(i).starts_with('.'))
}

/// The name that begins with token `at`.
pub(super) fn person(scan: &Scan<'_>, at: usize) -> Option<Person> {
    let mut found = Person {
        last: at,
        parts: 0,
        words: 0,
        known: 0,
        odds: i32::MIN,
        strange: false,
        doubtful: false,
    };
    let mut case = None;
    let mut i = at;
    while i < at + 7 {
        let shape = scan.shape(i)?;
        let same = case.is_none_or(|case| case == shape || (case != Shape::Lower && shape == Shape::Mixed));
        if found.words > 0 && names::is_sexed(scan, i) && names::is_aged(scan, i) {
            // "Quill, Zelda F 44": the sex is none of the name, and speaks for one.
            found.parts += 1;
            break;
        } else if is_short(scan, i) {
            found.parts += 1;
            found.last = i;
        } else if found.words > 0 && scan.has(i, SUFFIX) {
            found.last = i;
            break;
        } else if scan.has(i, PARTICLE) && scan.word(i).len() <= 4 && may_follow(scan, i + 1) {
            // "van der Berg", "al-Masri"
        } else if same && is_part(scan, i, shape, found.parts > 0) {
            let levels = scan.levels(i);
            let known = scan.all_levels(i);
            let used = if shape == Shape::Lower {
                known.lower().max(known.proper())
            } else {
                levels.proper()
            };
            let ordinary = scan.has(i, AMBIGUOUS | WORD_NAME | EPONYM | STREET);
            let odds = known.given().max(known.surname()) - 2 * used - 2 * i32::from(ordinary);
            // "Bed" is nobody's name.
            let thing = known.given().max(known.surname()) == 0 && known.lower() >= 2;
            if !thing {
                found.odds = found.odds.max(odds);
            }
            found.known = found.known.max(known.given().max(known.surname()));
            found.strange |= !known.is_listed() && scan.tags(i) == 0 && scan.word(i).len() >= 4;
            found.doubtful |= ordinary || known.place() >= 6 || scan.tags(i) != 0;
            found.words += 1;
            found.parts += 1;
            found.last = i;
            if shape != Shape::Mixed || case.is_none() {
                case = Some(if shape == Shape::Mixed { Shape::Capital } else { shape });
            }
        } else {
            break;
        }
        let gap = scan.gap(i);
        let dotted = matches!(gap, ". " | ".") && (is_short(scan, i) || scan.has(i, PARTICLE));
        if !(dotted || matches!(gap, " " | "-" | "'" | "’")) {
            break;
        }
        i += 1;
    }
    (found.words > 0).then_some(found)
}

/// False for most words that begin no [`person`], without looking them up.
pub(super) fn may_begin(scan: &Scan<'_>, i: usize) -> bool {
    match scan.shape(i) {
        None | Some(Shape::Number) => false,
        Some(Shape::Lower) => {
            scan.has(i, AMBIGUOUS | WORD_NAME | PARTICLE) || is_short(scan, i) || names::is_small_part(scan, i)
        }
        Some(_) => true,
    }
}

fn may_follow(scan: &Scan<'_>, i: usize) -> bool {
    scan.has(i, PARTICLE) || scan.shape(i).is_some_and(|shape| is_part(scan, i, shape, false))
}

fn is_part(scan: &Scan<'_>, i: usize, shape: Shape, inside: bool) -> bool {
    let known = || scan.all_levels(i);
    let word_name = scan.has(i, AMBIGUOUS | WORD_NAME)
        && !scan.has(i, FUNCTION | HONORIFIC | FACILITY)
        && (inside || !scan.has(i, DEPARTMENT));
    match shape {
        // "lopez refuses"
        Shape::Lower | Shape::Upper if inside && scan.has(i, SAYS | ACTS | PERSONAL | TAKES_PERSON) => false,
        Shape::Lower => {
            names::is_small_part(scan, i) && scan.word(i).len() >= 3
                || word_name && (inside && known().surname() >= 5 || known().given() >= 6)
        }
        Shape::Capital | Shape::Mixed => {
            names::is_name_word(scan, i, Sign::Strong) && known().lower() < 5 || word_name && known().surname() >= 4
        }
        Shape::Upper => {
            scan.word(i).len() >= 3
                && (names::is_name_word(scan, i, Sign::Strong)
                    && (known().small_name_odds() >= 0 || inside && known().surname() >= 4)
                    || word_name && known().given().max(known().surname()) >= 4)
        }
        _ => false,
    }
}

/// True for the last word of "next of kin".
pub(super) fn is_next_of_kin(scan: &Scan<'_>, i: usize) -> bool {
    scan.is(i, "kin") && i >= 2 && scan.is(i - 1, "of") && scan.is(i - 2, "next")
}

/// What stands after the name: the end, a comma, a bracket, a possessive, a verb.
pub(super) fn closed(scan: &Scan<'_>, last: usize) -> bool {
    let gap = scan.gap(last);
    ends(scan, last)
        || gap.starts_with([',', '(', ')', '?', ';', ':', '\n', '\'', '’'])
        || gap.starts_with("., ")
        || gap.starts_with(" (")
}

/// True when the text or the sentence ends after token `last`.
fn ends(scan: &Scan<'_>, last: usize) -> bool {
    let gap = scan.gap(last);
    gap.starts_with(['.', '?', '\n']) || last + 1 >= scan.tokens.len()
}

/// `Cohen denies` at the start of a sentence.
fn says(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let Some(last) = i
        .checked_sub(1)
        .filter(|last| scan.gap(*last) == " " && scan.word(i).len() > 3)
    else {
        return;
    };
    for back in [2, 1, 0] {
        let Some(at) = last.checked_sub(back) else { continue };
        let opens = at == 0 || scan.gap_before(at).contains(['.', '\n', ';']);
        let ordinary = (at..=last).any(|at| scan.has(at, STOP | ROLE | KIN | DEPARTMENT) && !scan.has(at, AMBIGUOUS));
        if opens
            && !ordinary
            && let Some(found) = person(scan, at)
            && found.last == last
            && (found.known >= 4
                || found.odds >= 1 && scan.shape(last) != Some(Shape::Lower)
                || found.strange && scan.shape(last) == Some(Shape::Capital))
            && found.odds >= if scan.shape(last) == Some(Shape::Lower) { 3 } else { -6 }
        {
            hits.push(scan.start(at), scan.end(last), Class::Name, 68);
            return;
        }
    }
}

/// "Pt Refused Meds": a verb that people do and nobody is called.
pub(super) fn does(scan: &Scan<'_>, i: usize) -> bool {
    scan.has(i, SAYS | ACTS | PERSONAL) && !scan.has(i, AMBIGUOUS | WORD_NAME)
}

fn asked(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    // "V. Pemberton's visit"
    if is_short(scan, i)
        && let Some(found) = person(scan, i).filter(|found| found.parts >= 2 && (found.believed() || found.strange))
        && matches!(scan.gap(found.last), "'" | "’")
        && scan.is(found.last + 1, "s")
        && scan.has(found.last + 2, OWNED | KIN | CARE_VERB)
        && !names::is_eponymous(scan, found.last)
    {
        hits.push(scan.start(i), scan.end(found.last), Class::Name, 72);
    }
    let is = |at: usize, words: &[&str]| words.iter().any(|word| scan.is(at, word));
    let gap = scan.gap(i);
    let before = i.wrapping_sub(1);
    // "D/w Owain Young"
    let talked = scan.is(i, "w") && scan.is(before, "d") && scan.gap_before(i) == "/";
    // "mother of Dawn"
    let of = scan.has(i, KIN) && gap == " " && scan.is(i + 1, "of");
    let kin = scan.has(i, KIN) && (of || matches!(gap, " " | ", " | ","));
    let at = if of { i + 2 } else { i + 1 };
    if !(gap == " " || kin) || scan.gap(at - 1).len() > 2 {
        return;
    }
    // Most words are no name: a quick look.
    if scan.has(at, FUNCTION | HONORIFIC) && !scan.has(at, LETTER) || !may_begin(scan, at) {
        return;
    }
    let opens = i == 0 || scan.gap_before(i).contains(['.', '?', '!', '\n', ':']);
    let up = scan.is(i, "with") && scan.is(before, "up");
    let written = scan.is(i, "to")
        && is(
            before,
            &["letter", "message", "note", "reply", "email", "refer", "send", "write"],
        );
    let question = opens
        && is(
            i,
            &["can", "could", "should", "does", "did", "is", "has", "was", "will"],
        );
    let patient = is(i, &["pt", "patient"]) || scan.has(i, ROLE) && is_short(scan, at) && scan.gap(at) == ". ";
    let lead = is(i, &["for", "about", "to"]) || is(i, &["summarize", "summarise", "review"]);
    let _ = NAMED;
    if patient && does(scan, at) {
        return;
    }
    if !(talked || kin || up || written || question || patient || lead) {
        return;
    }
    let Some(found) = person(scan, at) else {
        return;
    };
    let last = found.last;
    let after = scan.gap(last);
    let next = last + 1;
    let cared = matches!(after, ", " | "., " | ",")
        && (scan.has(next, MRN | BIRTH | SSN | PLAN | KIN)
            || is(
                next,
                &[
                    "admitted",
                    "seen",
                    "treated",
                    "evaluated",
                    "discharged",
                    "referred",
                    "hospitalized",
                ],
            ));
    let capital = scan.shape(last) != Some(Shape::Lower);
    let ended = scan.is(i, "for")
        && ends(scan, last)
        && scan.tags(last) & !AMBIGUOUS == 0
        && (scan.tags(last) == 0 || found.known >= 6 && capital);
    let strong = (talked || up || of || cared || ended || lead && found.parts >= 2) && (capital || found.odds >= 1);
    if !(found.believed() || strong && found.expected()) {
        return;
    }
    if names::is_eponymous(scan, last) {
        return;
    }
    let possessive = matches!(after, "'" | "’") && scan.is(next, "s");
    let owned = possessive && scan.has(last + 2, OWNED | KIN | CARE_VERB);
    let goes_on = after == " " && scan.has(next, PREPOSITION | DOES | SAYS | CARE_VERB);
    let fits = if talked || up {
        closed(scan, last) || goes_on || after == " " && is(next, &["by", "on", "about", "today", "re"])
    } else if kin {
        closed(scan, last) || goes_on
    } else if written || patient {
        let cut = is_short(scan, at) && found.odds >= 3 && after == " ";
        closed(scan, last) && (found.parts >= 2 || cared) || goes_on && patient && found.parts >= 3 || cut
    } else if question {
        found.parts >= 2 && (possessive || after == " " && scan.shape(next) != Some(Shape::Number))
    } else {
        owned || cared || scan.is(i, "for") && (ends(scan, last) || found.parts >= 2 && closed(scan, last))
    };
    if fits {
        hits.push(scan.start(at), scan.end(last), Class::Name, 72);
    }
}

/// The name that ends with token `last`, read backwards, and whether it is one.
fn before_number(scan: &Scan<'_>, last: usize) -> Option<usize> {
    for back in (0..7).rev() {
        let Some(at) = last.checked_sub(back) else { continue };
        // It begins a line, or follows a colon or a small word.
        let gap = scan.gap_before(at);
        let led = scan.starts_line(at)
            || gap.contains(". ")
            || gap.contains("? ")
            || gap == ": "
            || at > 0 && gap == " " && scan.has(at - 1, LEAD | PREPOSITION | ROLE | KIN);
        if !led {
            continue;
        }
        let Some(found) = person(scan, at) else { continue };
        if found.last == last && found.parts >= 2 && (found.believed() || found.known >= 5) {
            return Some(at);
        }
        // "Cohen, Ramesh Z."
        if matches!(scan.gap(found.last), ", " | ",")
            && let Some(given) = person(scan, found.last + 1)
            && given.last == last
            && (found.expected() && given.expected() || found.odds.max(given.odds) >= 3)
        {
            return Some(at);
        }
    }
    None
}

fn identified(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    // "Cohen, Ramesh Z. | 10-06-1957 |"
    let i = if i > 0 && scan.is(i - 1, "the") { i - 1 } else { i };
    // "C. Pace, 34 y/o", "C. Pace, 45F"
    let aged = scan.number(i).is_some_and(|years| years <= 130)
        && scan.gap(i).len() <= 1
        && (scan.has(i + 1, YEARS | SEX) || scan.is(i + 1, "y") && scan.gap(i + 1) == "/");
    // "C. Pace MD / dictated"
    let titled = scan.has(i, CREDENTIAL) && scan.shape(i) == Some(Shape::Upper) && scan.gap_before(i) == " ";
    if (scan.is_number(i) && !aged || scan.has(i, MONTH) || scan.is(i, "the")) && !scan.gap_before(i).contains('|') {
        return;
    }
    let Some(last) = i.checked_sub(1) else { return };
    let written = titled
        || matches!(
            scan.gap(last),
            ", " | "., " | " (" | ". (" | "," | ".," | " | " | ". | "
        );
    if !written || scan.has(last, STOP) && !scan.has(last, AMBIGUOUS) {
        return;
    }
    if let Some(first) = before_number(scan, last) {
        hits.push(scan.start(first), scan.end(last), Class::Name, 74);
    }
}

/// Abbreviations of two letters with dots that are nobody.
pub(crate) const ABBREVIATIONS: &[&str] = &[
    "iv", "im", "sc", "po", "pr", "sq", "pm", "am", "eg", "ie", "us", "uk", "id", "er", "or", "dc", "md", "rn", "pa",
    "do", "np", "pt", "ot", "qd", "cc", "un", "eu", "ph", "bp", "hr", "rr",
];

fn initials(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let (a, b) = (scan.word(i), scan.word(i + 1));
    let single = a.len() == 1 && b.len() == 1 && scan.gap(i) == "." && scan.shape(i) == scan.shape(i + 1);
    let gap = scan.gap(i + 1);
    if !single || !gap.starts_with('.') || !scan.has(i + 1, LETTER) {
        return;
    }
    let before = scan.gap_before(i);
    let lone = i == 0 || !(before.is_empty() || before == "." && scan.word(i - 1).len() == 1);
    let short = ABBREVIATIONS.iter().any(|word| {
        word.len() == 2 && word.starts_with(&a.to_ascii_lowercase()) && word.ends_with(&b.to_ascii_lowercase())
    });
    let next = i + 2;
    if !lone || gap == "." && scan.word(next).len() == 1 {
        return;
    }
    let capital = names::is_initial(scan, i);
    // "Y.B., 45F"
    let aged =
        capital && gap == "., " && scan.is_number(next) && scan.gap(next).len() <= 1 && scan.has(next + 1, YEARS | SEX);
    let signed = aged || scan.gap_before(i).contains("--") && gap.starts_with(".,");
    let credential = matches!(gap, "., " | ".,") && scan.has(next, CREDENTIAL) && scan.word(next).len() >= 2;
    let acts = matches!(gap, ". " | ".  ") && scan.has(next, DOES | SAYS) && (capital || scan.word(next).len() >= 6);
    let possessive = capital && matches!(gap, ".'" | ".’") && scan.is(next, "s");
    let led = capital
        && i > 0
        && scan.gap_before(i) == " "
        && ["for", "pt", "patient", "about", "with", "on"]
            .iter()
            .any(|word| scan.is(i - 1, word))
        && (gap.starts_with("., ") && scan.has(next, MRN | BIRTH | CARE_VERB | SSN | PLAN | ID)
            || scan.is(i - 1, "for") && (next >= scan.tokens.len() || gap.contains(['\n', '?', ',', ':'])));
    let tolerated = capital && acts && scan.word(next).len() >= 9;
    if signed || tolerated || !short && (credential || acts || possessive || led) {
        hits.push(scan.start(i), scan.end(i + 1), Class::Name, 70);
    }
}
