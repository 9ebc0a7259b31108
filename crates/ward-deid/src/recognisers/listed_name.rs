mod reversed;

use self::reversed::{begins_cell, ends_cell, reversed};
use super::{Recogniser, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::lex::{Scan, Shape};
use crate::lexicon::{
    AMBIGUOUS, COUNTRY, DOES, EPONYM, FACILITY, FUNCTION, KIN, LEAD, LETTER, LETTERED, MONTH, NAMED, OWNED, PARTICLE,
    ROLE, SAYS, SEX, STATE, STOP, STREET, SUFFIX, Tags, WORD_NAME,
};
use crate::names;

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "listed-name",
    class: Class::Name,
    what: "Names that the gazetteer knows, in any case: a given name and a surname together; one of them alone beside a \
           word that goes with persons; an unknown capitalised word that \"denies\" or \"reports\" something.",
    why: "Names stand in the middle of text without any sign before them, and in small letters.",
    source: "45 CFR 164.514(b)(2)(i)(A); name frequencies of the US Census 1990 and of other countries",
    yes: &[
        ("Brunhilda reports pain", "Brunhilda"),
        ("Garcia 71M COPD\n", "Garcia"),
        ("Miller, J 58F NSTEMI", "Miller, J"),
        ("Sharp, Rusty 58F", "Sharp, Rusty"),
        ("pt maria santos c/o cough", "maria santos"),
        ("can you find john smith's a1c", "john smith"),
        ("labs back, Priya Raghunathan wants a call", "Priya Raghunathan"),
        ("SMITH, JOHN seen", "SMITH, JOHN"),
        ("WILLIAM GARCIA SEEN TODAY", "WILLIAM GARCIA"),
        ("told Martha about it", "Martha"),
        ("did maria get her labs", "maria"),
        ("case of J. Kowalski today", "J. Kowalski"),
        ("Okonkwo denies fever", "Okonkwo"),
        ("review Nguyen's labs", "Nguyen"),
        ("Zebulon Quartermain presented to", "Zebulon Quartermain"),
        ("Call Zebulon Harrowgate 617-555-0142", "Zebulon Harrowgate"),
        ("Susan Parkinson has tremor.", "Susan Parkinson"),
        ("Stable. James Parkinson reports pain", "James Parkinson"),
        ("Saw Ann Bell.", "Ann Bell"),
        ("Ann Bell, 78.", "Ann Bell"),
        ("call Zebulon Harrowgate at (617) 555-0142", "Zebulon Harrowgate"),
        ("then Mary Ann O'Brien called", "Mary Ann O'Brien"),
        ("with carlos de la cruz today", "carlos de la cruz"),
        ("is dorothy still npo", "dorothy"),
        ("and Ahmed al-Rashid came", "Ahmed al-Rashid"),
        ("wei zhang's metformin", "wei zhang"),
        ("says \"Brenda at the desk told", "Brenda"),
        ("Kim, Soo-Jin was seen", "Kim, Soo-Jin"),
        ("KIM, JI-WOO\nseen", "KIM, JI-WOO"),
        ("Birdsong, Lottie     58F  new", "Birdsong, Lottie"),
        ("0830 Birdsong, Lottie 58F", "Birdsong, Lottie"),
        ("HILBURN, LAUREN     58F", "HILBURN, LAUREN"),
        ("Larochelle, Jeramy     58F", "Larochelle, Jeramy"),
        ("Pastrana, Jeremiah     58F", "Pastrana, Jeremiah"),
        ("Day, June  F 91", "Day, June"),
        ("Theresa White   58F\n", "Theresa White"),
        ("08:00  Lindqvist, Karin  F 44  follow-up", "Lindqvist, Karin"),
        ("Sertraline  50 mg  PO  Hartigan, L\n", "Hartigan, L"),
        ("08:20  Ashby, W     M 67  post op", "Ashby, W"),
        ("884213,Hartigan,Venkatesh,F,44\n", "Hartigan,Venkatesh"),
        ("1. WILSON, DONNA - PNA", "WILSON, DONNA"),
        ("Jackson, T     M 67", "Jackson, T"),
        ("Patient Reed, Ray   Dry cough", "Reed, Ray"),
        ("Kim, M.   67M   DKA", "Kim, M"),
        ("412  Westergaard-Parker, R   F 44   SOB", "Westergaard-Parker, R"),
        (
            "08:20  Hathaway-Novotny, Susan  F 44  chest pain",
            "Hathaway-Novotny, Susan",
        ),
        ("Tanaka, Y            55M      HA", "Tanaka, Y"),
        ("Lindqvist, K\tF\t44", "Lindqvist, K"),
        ("Patient  OYELOWO, BABATUNDE     MRN  1", "OYELOWO, BABATUNDE"),
        ("Patient GRAVES, SUSAN    MRN: 8", "GRAVES, SUSAN"),
        ("Patient Name\nSusan Graves\n", "Susan Graves"),
        ("PID Ng^Wei seen", "Ng^Wei"),
        ("O'Brien^Sean^M", "O'Brien^Sean"),
        ("PN [Smith^John]", "Smith^John"),
        ("PN DE LA CRUZ^MARIA", "DE LA CRUZ^MARIA"),
        ("PN van der Berg^Anna", "van der Berg^Anna"),
        ("PN DOS SANTOS^ANA", "DOS SANTOS^ANA"),
        ("PN ST JOHN^IAN", "ST JOHN^IAN"),
        ("PN Ferreira da Silva^Maria", "Ferreira da Silva^Maria"),
        ("PatientName: Smith^John", "Smith^John"),
        ("patient=\"SMITH^JOHN\"", "SMITH^JOHN"),
        ("Ngozi and her husband Emeka", "Ngozi"),
        ("\"Bernadette\" is how she", "Bernadette"),
    ],
    no: &[
        "Guillain Barre syndrome",
        "Foley 16F placed",
        "Cook 14F",
        "Wilson 71M",
        "Hepatitis, B 58F",
        "Chair, Dusty 58F",
        "Hope, B 58F",
        "Mahurkar 12F",
        "Parkinson disease and Crohn disease",
        "start Metformin and Lisinopril",
        "Wilson disease reports",
        "Down syndrome",
        "will may help",
        "a foley was placed",
        "Bell's palsy",
        "grace period, hope for the best",
        "Stevens Johnson syndrome",
        "Mark the site. Will follow up.",
        "Physical Exam Normal",
        "tia in 2019, ana positive",
        "Homan's sign, Murphy's sign",
        "E. coli and C. diff",
        "Radiology reports no change",
        "Carpal tunnel reports",
        "Call Front Desk 617-555-0142",
        "Jackson Pratt was removed",
        "Ramsay Hunt is likely",
        "Foley was placed",
        "Wolff Parkinson White is likely",
        "Marie Foley is draining",
        "Susan Parkinson disease is rare",
        "Call Poison Control 617-555-0142",
        "Cardiology Clinic 617-555-0142",
        "Home Phone 617-555-0142",
        "Nurse Line: 617-555-0142",
        "Pharmacy Fax 617-555-0142",
        "Zosyn Vancomycin 100-200-3000",
        "Zebulon Harrowgate 617-55",
        "Weight Loss 617-555-0142",
        "Medical Records (617) 555-0142",
        "GLU^Glucose^L",
        "Chest^Abdomen",
        "Penicillin^Rash",
        "Coombs, Direct    Negative",
        "Vitamin, D\n",
        "Lewis, A          neg",
        "Rose Spots   2 M\n",
        "Duffy, B          pos",
        "Thomas, R\tneg\n",
        "Allen, L  3+\n",
        "Coombs, D\n",
        "Hepatitis, B    Negative",
        "Neck, Art line    58",
        "Rash, Rose colored\n",
        "CHEST, ABDOMEN\n",
        "KIM, PA-C\n",
        "Braden^Score",
        "Graves^Disease",
        "EPSTEIN^BARR",
        "STEVENS^JOHNSON",
        "Swan^Ganz",
        "Paris, Texas\n",
        "Graves Disease\n",
        "Jackson Pratt    30 mL",
    ],
    strong: false,
    trigger: Trigger::Name(|scan, i, hits| {
        name(scan, i, hits);
    }),
};

/// Tags a word may have and still be the first word of a name.
const FIRST: Tags = AMBIGUOUS | EPONYM | WORD_NAME | STATE | PARTICLE | COUNTRY;

/// Tags that may stand beside those in a word that ends a name.
const LAST: Tags = FIRST | STREET | SUFFIX;

/// Most words of a name.
const MOST: usize = 6;

/// The case of a word, as far as it matters here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    Capital,
    Upper,
    Lower,
}

fn case(scan: &Scan<'_>, i: usize) -> Option<Case> {
    let token = scan.get(i)?;
    match token.shape {
        Shape::Capital if token.len() >= 2 => Some(Case::Capital),
        Shape::Mixed if scan.word(i).chars().next().is_some_and(char::is_uppercase) && token.len() >= 4 => {
            Some(Case::Capital)
        }
        Shape::Upper if token.len() >= 3 => Some(Case::Upper),
        Shape::Lower if token.len() >= 2 => Some(Case::Lower),
        _ => None,
    }
}

/// How much more token `i` is a given name than another word; none when it cannot be the first word of a name.
fn given_odds(scan: &Scan<'_>, i: usize, case: Case) -> Option<i32> {
    let mut tags = scan.tags(i);
    // "Jan Kowalski", but not "Jan 3" or "3 June".
    if case == Case::Capital && scan.has(i, MONTH) && !scan.is_number(i + 1) && !(i > 0 && scan.is_number(i - 1)) {
        tags &= !(MONTH | STOP);
    }
    let allowed = match case {
        Case::Capital => FIRST,
        Case::Upper => WORD_NAME | EPONYM | STATE,
        Case::Lower => EPONYM | STATE | COUNTRY,
    };
    if tags & !allowed != 0 || scan.word(i).len() < 2 + usize::from(case != Case::Capital) {
        return None;
    }
    let levels = scan.levels(i);
    let other = match case {
        Case::Lower => levels.lower().max(levels.proper()),
        _ => levels.proper(),
    };
    let doubt = i32::from(tags & (AMBIGUOUS | WORD_NAME | COUNTRY) != 0) * 2;
    let odds = levels.given() - 2 * other - doubt;
    (levels.given() >= 4).then_some(odds)
}

/// The same for the last word of a name.
fn family_odds(scan: &Scan<'_>, i: usize, case: Case) -> Option<i32> {
    let tags = scan.tags(i);
    let allowed = match case {
        Case::Capital => LAST,
        Case::Upper => LAST & !STATE,
        Case::Lower => EPONYM | AMBIGUOUS | STATE | COUNTRY,
    };
    let word = scan.word(i);
    let levels = scan.levels(i);
    // "Brown" is a stop word to nobody; "Will" and "Long" are. A frequent surname passes.
    let frequent = tags & AMBIGUOUS != 0 && levels.surname() >= 6 && case == Case::Capital;
    if tags & !allowed != 0 && !frequent || word.len() < 2 || scan.has(i, FUNCTION) {
        return None;
    }
    let known = levels.surname().max(levels.given());
    if levels.is_listed() && known > 0 {
        let other = match case {
            Case::Lower => levels.lower().max(levels.proper()),
            _ => levels.proper(),
        };
        return Some(known - 2 * other - i32::from(tags & AMBIGUOUS != 0));
    }
    let strange = !levels.is_listed() && tags == 0 && word.len() >= 4 && !names::ends_like_a_term(word);
    (strange && case == Case::Capital).then_some(1)
}

/// Reports the name that begins with token `i`, and gives its last token.
fn name(scan: &Scan<'_>, i: usize, hits: &mut Hits) -> Option<usize> {
    if names::is_initial(scan, i) {
        return initialled(scan, i, hits);
    }
    let glued = i > 0 && scan.gap_before(i).is_empty() || scan.gap(i).is_empty() && i + 1 < scan.tokens.len();
    let case = case(scan, i).filter(|_| !glued)?;
    if case == Case::Lower && scan.tags(i) & !(EPONYM | STATE | COUNTRY) != 0 {
        return None;
    }
    full(scan, i, case, hits)
        .or_else(|| called_like_a_disease(scan, i, case, hits))
        .or_else(|| strange_pair(scan, i, case, hits))
        .or_else(|| reversed(scan, i, case, hits))
        .or_else(|| alone(scan, i, case, hits))
}

/// `Maria Santos`, `maria de la cruz`, `Mary Ann O'Brien`
fn full(scan: &Scan<'_>, i: usize, case_of_first: Case, hits: &mut Hits) -> Option<usize> {
    let given = match given_odds(scan, i, case_of_first) {
        Some(odds) if odds >= 1 => odds,
        // "Nguyen Thi Lan": the family name first.
        _ => family_first(scan, i, case_of_first)?,
    };
    let mut last = i;
    let mut best = i32::MIN;
    let mut at = i;
    while at + 1 < i + MOST && names::joined(scan, at) {
        at += 1;
        if names::is_initial(scan, at) {
            continue;
        }
        let particle = scan.has(at, PARTICLE) && names::joined(scan, at) && !scan.has(at + 1, FUNCTION);
        if last > i && scan.has(at, SUFFIX) {
            last = at;
            break;
        }
        let odds = if case(scan, at) == Some(case_of_first) || scan.word(at).len() == 2 {
            family_odds(scan, at, case_of_first)
        } else {
            None
        };
        match odds {
            Some(odds) if odds >= 1 || particle && odds >= -2 => {
                last = at;
                best = best.max(odds);
            }
            _ if particle || (scan.is(at, "o") && scan.gap(at).starts_with(['\'', '’'])) => {}
            _ => break,
        }
        // A hyphen or an apostrophe holds a name together, a space must not run into the next sentence.
        if !names::joined(scan, at) {
            break;
        }
    }
    if last == i || scan.is(last, "s") {
        return None;
    }
    if names::is_eponymous(scan, last) || (scan.has(i, EPONYM) && scan.has(last, EPONYM) && given < 6) {
        return None;
    }
    let needed = match case_of_first {
        Case::Capital => 6,
        Case::Upper => 8,
        Case::Lower => 9,
    };
    let known_person = scan.has(i.wrapping_sub(1), ROLE | NAMED | KIN | SEX);
    if given + best + 3 * i32::from(known_person) < needed {
        return None;
    }
    // A place of care or a street that is called after somebody is found as such.
    let other =
        scan.has(last + 1, FACILITY | STREET) && scan.gap(last) == " " && scan.shape(last + 1) != Some(Shape::Lower);
    let score = if other || given < 4 { 66 } else { 80 };
    hits.push(scan.start(i), scan.end(last), Class::Name, score);
    Some(last)
}

/// `Susan Parkinson has tremor`, `Saw Ann Bell.`, `Ann Bell, 78.`: a frequent given name that opens the sentence or follows the
/// verb that does, and an eponym that is also a surname, of which something is said that is said of persons.
fn called_like_a_disease(scan: &Scan<'_>, i: usize, case_of_first: Case, hits: &mut Hits) -> Option<usize> {
    const FREQUENT: i32 = 6;
    const SURNAME: i32 = 4;
    let last = i + 1;
    let opening = |at: usize| at == 0 || scan.starts_line(at) || scan.gap_before(at).ends_with(". ");
    let met = i
        .checked_sub(1)
        .is_some_and(|verb| scan.gap(verb) == " " && (scan.is(verb, "saw") || scan.is(verb, "met")) && opening(verb));
    let first = scan.levels(i);
    let given = scan.tags(i) == 0 && first.given() >= FREQUENT && first.small_name_odds() >= FREQUENT;
    let family = scan.has(last, EPONYM)
        && scan.tags(last) & !(EPONYM | AMBIGUOUS) == 0
        && scan.levels(last).surname() >= SURNAME;
    let gap = scan.gap(last);
    let said = gap == " "
        && ["has", "had", "is", "was", "reports"]
            .iter()
            .any(|word| scan.is(last + 1, word));
    let aged = gap == ", " && scan.number(last + 1).is_some_and(|years| (1..=120).contains(&years));
    let ends = met && (gap.starts_with(['.', ',', '\n']) || last + 1 >= scan.tokens.len());
    let capitals = case_of_first == Case::Capital && case(scan, last) == Some(Case::Capital) && scan.gap(i) == " ";
    // All of a line, or of a cell.
    let alone = begins_cell(scan, i) && ends_cell(scan, last);
    // "Theresa White   58F"
    let listed = scan.gap(last).starts_with("  ") && names::is_aged(scan, last + 1) && scan.starts_line(i);
    if listed
        && given
        && scan.gap(i) == " "
        && scan.shape(i) == scan.shape(last)
        && scan.all_levels(last).surname() > SURNAME
    {
        hits.push(scan.start(i), scan.end(last), Class::Name, 70);
        return Some(last);
    }
    if !(capitals && given && family && ((met || opening(i)) && (said || aged || ends) || alone))
        || names::is_eponymous(scan, last)
    {
        return None;
    }
    hits.push(scan.start(i), scan.end(last), Class::Name, 70);
    Some(last)
}

/// `Zebulon Quartermain presented`: two words that nobody lists otherwise, before a verb that people do or a telephone number.
fn strange_pair(scan: &Scan<'_>, i: usize, case_of_first: Case, hits: &mut Hits) -> Option<usize> {
    let strange = |at: usize| {
        let levels = scan.levels(at);
        scan.tags(at) == 0
            && levels.lower() == 0
            && levels.proper() <= 1
            && scan.word(at).len() >= 3
            && !names::ends_like_a_term(scan.word(at))
    };
    let last = i + 1;
    if case_of_first != Case::Capital || case(scan, last) != Some(Case::Capital) || scan.gap(i) != " " {
        return None;
    }
    let verb = scan.gap(last) == " "
        && (scan.has(last + 1, SAYS)
            || [
                "presented",
                "presents",
                "came",
                "underwent",
                "arrived",
                "fell",
                "called",
            ]
            .iter()
            .any(|word| scan.is(last + 1, word)));
    if !((verb || is_phoned(scan, last)) && strange(i) && strange(last)) {
        return None;
    }
    hits.push(scan.start(i), scan.end(last), Class::Name, 70);
    Some(last)
}

/// `Zebulon Harrowgate 617-555-0142`, `Zebulon Harrowgate at (617) 555-0142`: a whole telephone number follows token `last`.
fn is_phoned(scan: &Scan<'_>, last: usize) -> bool {
    let at = scan.is(last + 1, "at") && scan.gap(last) == " ";
    let first = if at { last + 2 } else { last + 1 };
    matches!(scan.gap_before(first), " " | ", " | ": " | " (")
        && matches!(scan.gap(first), "-" | "." | ") " | ")")
        && matches!(scan.gap(first + 1), "-" | ".")
        && [3, 3, 4]
            .iter()
            .zip(first..)
            .all(|(digits, at)| scan.digits(at) == *digits)
}

/// The odds of a frequent surname that stands before given names.
fn family_first(scan: &Scan<'_>, i: usize, case_of_first: Case) -> Option<i32> {
    if case_of_first != Case::Capital || scan.has(i, AMBIGUOUS | EPONYM | STREET) || !names::joined(scan, i) {
        return None;
    }
    let family = family_odds(scan, i, case_of_first).filter(|_| scan.levels(i).surname() >= 5)?;
    let given = given_odds(scan, i + 1, case_of_first).filter(|odds| *odds >= 3)?;
    (case(scan, i + 1) == Some(case_of_first)).then_some(family.min(given))
}

/// `J. Kowalski`, `J. R. Smith`
fn initialled(scan: &Scan<'_>, i: usize, hits: &mut Hits) -> Option<usize> {
    let mut at = i;
    while at < i + 3 && matches!(scan.gap(at), ". " | "." | " ") && names::is_initial(scan, at + 1) {
        at += 1;
    }
    let dotted = scan.gap(at).starts_with('.');
    if !matches!(scan.gap(at), ". " | "." | " ") {
        return None;
    }
    let last = at + 1;
    let before = i.checked_sub(1);
    let lettered = before.is_some_and(|b| scan.gap(b) == " " && scan.has(b, LETTERED));
    let odds = case(scan, last)
        .filter(|case| *case == Case::Capital)
        .and_then(|case| family_odds(scan, last, case))?;
    let needed = if dotted { 4 } else { 6 };
    if odds < needed || lettered || names::is_eponymous(scan, last) || scan.has(last, EPONYM) && odds < 6 {
        return None;
    }
    // "402A  Steele", "47F  Beth": the letter belongs to the number.
    let glued = i > 0 && scan.gap_before(i).is_empty() && scan.is_number(i - 1);
    let first = if glued { last } else { i };
    hits.push(scan.start(first), scan.end(last), Class::Name, 70);
    Some(last)
}

/// One word: a given name, a surname, or a word nobody knows, beside something that goes with persons.
fn alone(scan: &Scan<'_>, i: usize, case: Case, hits: &mut Hits) -> Option<usize> {
    let word = scan.word(i);
    if word.len() < 3 || scan.has(i, FUNCTION) {
        return None;
    }
    let given = given_odds(scan, i, case);
    let family = family_odds(scan, i, case);
    if given.is_none() && family.is_none() || names::ends_like_a_term(word) || names::is_eponymous(scan, i) {
        return None;
    }
    let levels = scan.levels(i);
    let eponym = scan.has(i, EPONYM);
    let doubtful = scan.has(i, AMBIGUOUS | WORD_NAME | COUNTRY | STATE | STREET);
    let (given, family) = (given.unwrap_or(i32::MIN), family.unwrap_or(i32::MIN));
    // "O'Brien"
    let first = match i.checked_sub(1) {
        Some(b) if matches!(scan.gap(b), "'" | "’") && names::is_initial(scan, b) => b,
        _ => i,
    };
    let context = Context::of(scan, first, i);
    let opens = first == 0
        || scan
            .gap(first - 1)
            .contains(['.', '\n', '?', '!', ':', '\u{2022}', '"', '\u{201c}']);
    let goes_on = scan.gap(i) == " " && scan.shape(i + 1) == Some(Shape::Lower);
    let capitals =
        scan.shape(i.wrapping_sub(1)) == Some(Shape::Upper) && i > 0 || scan.shape(i + 1) == Some(Shape::Upper);
    let believed = match case {
        Case::Capital => {
            // Inside a sentence, a frequent given name is a name.
            let inside =
                context.inside && !doubtful && given >= if eponym { 7 } else { 5 } && levels.small_name_odds() >= 2;
            // The first word of a sentence may be any word.
            let odds = if context.inside {
                given.max(family)
            } else {
                levels.small_name_odds()
            };
            let beside = odds >= 3 && !eponym && context.person();
            let strange = family >= 1 && !eponym && !doubtful && context.strict();
            let called = doubtful && given >= 4 && context.verb && context.strict_verb;
            // "Siobhan and", "Maria to return": a frequent given name opens the sentence.
            let opening = opens && goes_on && !doubtful && !eponym && given >= 7 && levels.small_name_odds() >= 7;
            // "Siobhan and Zoe"
            let coupled = context.coupled && !doubtful && !eponym && given >= 4 && levels.small_name_odds() >= 4;
            // "Bernadette" in quotes
            let quoted =
                i > 0 && scan.gap(i - 1).ends_with(['"', '\u{201c}']) && scan.gap(i).starts_with(['"', '\u{201d}'])
                    || i == 0 && scan.gap_before(0).ends_with('"') && scan.gap(0).starts_with('"');
            let quoted = quoted && !doubtful && !eponym && given >= 5 && levels.small_name_odds() >= 5;
            quoted || opening || coupled || inside || beside && !doubtful || strange || called
        }
        Case::Upper => {
            word.len() >= 4 && !capitals && !doubtful && !eponym && given >= 7 && (context.inside || context.person())
        }
        Case::Lower => {
            word.len() >= 4 && !doubtful && !eponym && {
                let (given, family) = (
                    given.min(levels.small_name_odds()),
                    family.min(levels.small_name_odds()),
                );
                given >= 7 && context.small() || given >= 5 && context.strict() || family >= 6 && context.possessive
            }
        }
    };
    if !believed {
        return None;
    }
    hits.push(scan.start(first), scan.end(i), Class::Name, 66);
    Some(i)
}

/// True for a capitalised word that is mostly a given name.
fn is_frequent_given(scan: &Scan<'_>, i: usize) -> bool {
    case(scan, i) == Some(Case::Capital) && given_odds(scan, i, Case::Capital).is_some_and(|odds| odds >= 4)
}

/// What stands around a word.
struct Context {
    /// After a word in small letters or a comma, so that a capital means something.
    inside: bool,
    /// Before a verb that people do.
    verb: bool,
    /// Before a verb that only people do, or "and her husband".
    strict_verb: bool,
    /// Before "'s" and something that people have.
    possessive: bool,
    /// After a word for a person.
    role: bool,
    /// Before "and" and another given name.
    coupled: bool,
    /// After a word such as "did", "told", "about".
    lead: bool,
}

impl Context {
    fn of(scan: &Scan<'_>, first: usize, i: usize) -> Self {
        let next = i + 1;
        let spaced = matches!(scan.gap(i), " ");
        let possessed = matches!(scan.gap(i), "'" | "’") && scan.is(next, "s");
        let bracketed = scan.gap(i) == " (" && scan.has(next, KIN | ROLE);
        let before = first
            .checked_sub(1)
            .filter(|b| matches!(scan.gap(*b), " " | ", " | "/ "));
        let is = |at: usize, words: &[&str]| words.iter().any(|word| scan.is(at, word));
        Self {
            inside: before
                .is_some_and(|b| matches!(scan.shape(b), Some(Shape::Lower | Shape::Number)) || scan.gap(b) == ", "),
            verb: spaced && scan.has(next, DOES | SAYS),
            strict_verb: spaced
                && (scan.has(next, SAYS)
                    || scan.is(next, "and") && is(i + 2, &["her", "his", "their"]) && scan.has(i + 3, KIN)),
            possessive: possessed && scan.has(i + 2, OWNED),
            role: bracketed
                || before.is_some_and(|b| {
                    scan.has(b, ROLE | KIN) && !scan.has(b, LETTER) || is(b, &["named", "pt", "called"])
                }),
            coupled: (spaced && scan.is(next, "and") && is_frequent_given(scan, next + 1))
                || scan.gap(i) == " & " && is_frequent_given(scan, next),
            lead: before.is_some_and(|b| scan.gap(b) == " " && scan.has(b, LEAD)),
        }
    }

    fn person(&self) -> bool {
        self.verb || self.possessive || self.role
    }

    fn strict(&self) -> bool {
        self.strict_verb || self.possessive
    }

    fn small(&self) -> bool {
        self.verb || self.possessive || self.role || self.lead
    }
}
