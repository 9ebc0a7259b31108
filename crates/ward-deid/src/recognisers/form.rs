use super::asked::does;
use super::{Recogniser, SAFE_HARBOR, Trigger, name_label};
use crate::Class;
use crate::find::Hits;
use crate::lex::{Scan, Shape};
use crate::lexicon::{
    AMBIGUOUS, CREDENTIAL, EPONYM, EPONYM_HEAD, KIN, NAME_LABEL, NOT_NAME, PARTICLE, STREET, SUFFIX, WORD_NAME,
};
use crate::names;

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "form-name",
    class: Class::Name,
    what: "Names behind a label of a form that asks for a person and nothing else: \"**Patient:** Zelda Quill\", \
           \"Name (Last, First): Quill, Zelda\", \"<td>Mother</td><td>Zelda Quill</td>\", \"Last Name   Quill   First Name   Zelda\".",
    why: "What such a label asks for is a person, whatever else the surname may mean.",
    source: SAFE_HARBOR,
    yes: &[
        ("**Patient:** Susan Graves\n", "Susan Graves"),
        ("**Name**: Susan Graves\n", "Susan Graves"),
        ("<b>Patient</b>: Susan Graves", "Susan Graves"),
        ("<td>Mother</td><td>Theresa Cohen</td>", "Theresa Cohen"),
        ("<td>Mother</td>\n <td><b>Soo-ah Cho</b></td>", "Soo-ah Cho"),
        ("Name (Last, First): Graves, Susan\n", "Graves, Susan"),
        ("Name (Last, First): Park, Grace\n", "Park, Grace"),
        ("Patient name (print): Susan Graves", "Susan Graves"),
        ("Patient Name ........ Susan Graves\n", "Susan Graves"),
        ("Patient Name: ______Susan Graves______", "Susan Graves"),
        ("Name/DOB: Susan Graves 1/2/50", "Susan Graves"),
        ("Patient's name: Theresa White\n", "Theresa White"),
        ("Provider: Suzanne   Bradford    Unit: 4", "Suzanne   Bradford"),
        ("Patient: THERESA   BEHRENS     MRN: 884213", "THERESA   BEHRENS"),
        ("Patient: NG, WEI\n", "NG, WEI"),
        ("Patient: NG^WEI\n", "NG^WEI"),
        ("Patient: LI, XU\n", "LI, XU"),
        ("Attending: 1234^Okafor^Tamsin^^^Dr", "Okafor^Tamsin"),
        ("Attending: 1234^Okafor^Theresa^^^Dr", "Okafor^Theresa"),
        ("RN: Sandoval, Iris     Time: 0700", "Sandoval, Iris"),
        ("RN: Susan Ward     Time: 0800", "Susan Ward"),
        ("Given by: S. Graves\n", "S. Graves"),
        (
            "Name of injured:      Theresa White            Employee ID: 4",
            "Theresa White",
        ),
        ("Next of Kin: Susan O'Down (sister)", "Susan O'Down"),
        ("Nom : DUPONT\n", "DUPONT"),
        ("Nom : BERNARD\nPrénom : ANNE\n", "BERNARD"),
        ("Nom de jeune fille : BERNARD\n", "BERNARD"),
        ("RN: Flores     Time: 0600", "Flores"),
        ("RN:\tSaunders\tShift: Day", "Saunders"),
        ("MD: Jackson  RN: Cox  Tech: Moss", "Jackson"),
        ("MD: Mkhwanazi   Pager: 12", "Mkhwanazi"),
        ("RT: Jankowski", "Jankowski"),
        ("RN: Diaz (charge)", "Diaz"),
        ("RN: Diaz 0700-1900", "Diaz"),
        ("RN: Diaz. Resting now.", "Diaz"),
        ("RN: Kilpatrick     Time: 0600", "Kilpatrick"),
        ("RN: al-Masri, Z     Time: 0600", "al-Masri, Z"),
        ("RN: O'Donnell     Time: 0600", "O'Donnell"),
        ("RN: Foley, N     Time: 0600", "Foley, N"),
        ("Nom : O'Donnell\nPrénom : Vikram\n", "O'Donnell"),
        ("**Patient:** G. Kilpatrick\n", "G. Kilpatrick"),
        ("RN: Lynch-Vasquez   BP 132/78", "Lynch-Vasquez"),
        ("RN: Moss, H     Time: 0600", "Moss, H"),
        ("Signed: Fenn, M", "Fenn, M"),
        ("MD: Best, J.\n", "Best, J"),
        ("On call: Novotny\n", "Novotny"),
        ("Name: | Susan Graves | Sex: | F |", "Susan Graves"),
        ("Patient: [Susan Graves]", "Susan Graves"),
        ("RN: Clark   Helm   Date", "Clark   Helm"),
        ("RN: Susan   Healthy\n", "Susan"),
        ("**Patient:** Ottoline Ibekwe\n", "Ottoline Ibekwe"),
        ("- **Patient Name:** Hope Cook\n", "Hope Cook"),
        ("<tr><td>Name</td><td>Hunter Fewell</td></tr>", "Hunter Fewell"),
        ("<label>Patient</label><div>Torvald Hill</div>", "Torvald Hill"),
        ("<label>Patient</label><div>Xu Li</div>", "Xu Li"),
        ("Name: ____Ray Howard____", "Ray Howard"),
        ("Name: | Torvald Pemberton | Sex: | F |", "Torvald Pemberton"),
        ("MD: Ashby   Wt 71 kg", "Ashby"),
        ("Nom de naissance : DUPONT\n", "DUPONT"),
    ],
    no: &[
        "Mother: Alive and well",
        "Mother: Susan\n",
        "Spouse: Susan\nHusband: none\n",
        "Patient: Susan\nPatient: Refused\n",
        "<td>Mother</td><td>Breast Cancer</td>",
        "<td>Mother</td><td>Grace Period</td>",
        "<td>Drain</td><td>Jackson Pratt</td>",
        "**Patient:** Denies Pain\n",
        "**Patient:** Full Code\n",
        "**Name:** Penicillin Tablet\n",
        "Name (generic): Metoprolol Succinate",
        "Name (generic): Ginger Root",
        "Patient: Joy Score 7",
        "Name ........ Dose\n",
        "RN: Float Pool     Shift: Day",
        "RN: Unna Boot     Time: 0600",
        "RN: Jackson Pratt     Time: 0600",
        "RN: Will Return     Time: 0600",
        "Father: Parkinson Disease\n",
        "Given by: I. Push",
        "Given by: P. Tube\n",
        "Nom : Metformine\n",
        "Nom : Rouge\n",
        "Last Name    First Name    MRN",
        "Last: 0800   First: 0700",
        "Last: BM 11/2   First: Void",
        "**Patient:** Stable\n",
        "**Name:** Penicillin\n",
        "<tr><td>Name</td><td>Dose</td></tr>",
        "<tr><td>Patient</td><td>Room Number</td></tr>",
        "<tr><th>Name</th><th>Start Date</th></tr>",
        "<td>Patient</td><td>Denies Pain</td>",
        "<td>Test Name</td><td>Rose Bengal</td>",
        "Name: ________  Date Signed: ____",
        "Name: | Dose | Route | Start Date |",
        "Last: Crown   First: Sage",
        "RN: Foley     Time: 0600",
        "RN: Palm     Time: 0600",
        "CNA: Rounds     Time: q1h",
        "RN: Turn, R     Time: 0600",
        "RN: Notified     Time: 0600",
        "RN: Cox 2 inhibitor held",
        "RN: Lasix 20 given",
        "RN: Baker (cyst)",
        "RN: Moss. Pt resting.",
        "RN: Educated     Time: 0600",
        "MD: Cardiology\n",
        "RN: Float     Shift: Day",
        "Collected by: Venipuncture",
        "Covering: Mepilex   Changed: Day",
        "RT: Bipap   Time: 0600",
        "RN: BEDREST   Time: 0600",
        "Reader: Glucometer",
        "Signed: Consent",
        "Tech: Doppler\n",
        "Name: | Dose | Route |",
        "Patient: Susan Denies\n",
        "Diagnosis: Susan Graves",
    ],
    strong: false,
    trigger: Trigger::Text(form),
};

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const COLUMNS: Recogniser = Recogniser {
    id: "form-column-name",
    class: Class::Name,
    what: "Names in the column or on the line beside a label of a form without a colon: \"Patient Name     Zelda Quill\".",
    why: "Forms that are printed as text set a label and its value apart with blanks.",
    source: SAFE_HARBOR,
    yes: &[
        ("Patient          Susan White\n", "Susan White"),
        ("Patient Name     Theresa Cohen     MRN     884213\n", "Theresa Cohen"),
        ("PATIENT          SUSAN GRAVES\n", "SUSAN GRAVES"),
        ("Patient Name\nTheresa Cohen\nMRN\n884213\n", "Theresa Cohen"),
        ("Last Name    Graves     First Name    Susan\n", "Graves"),
        ("Physician       Theresa Cohen\n", "Theresa Cohen"),
        ("RN       Theresa Cohen\n", "Theresa Cohen"),
        ("Patient\nMarjolein Evans\nAge\n44\n", "Marjolein Evans"),
    ],
    no: &[
        "Mother     Breast Cancer\n",
        "Mother     Grace Period\n",
        "Patient    Room     Nurse\n",
        "Patient\nMepilex Border\n",
        "Patient\nPrimary Nurse\n",
        "Attending\nMepilex Evans\n",
        "Patient\nRefused Evans\n",
        "Last Name     First Name     MRN\n",
        "Patient\nDenies Pain\n",
        "RN     Jackson Pratt\n",
        "Physician     WRIGHT GIEMSA\n",
        "the patient  Susan White\n",
        "Test Name     Rose Bengal\n",
    ],
    strong: false,
    trigger: Trigger::Word(NAME_LABEL | KIN | CREDENTIAL, column),
};

/// Labels that ask for a patient and nothing else, in small letters.
#[rustfmt::skip]
const PATIENTS: &[&str] = &[
    "patient", "patient name", "pt name", "name of patient", "name of injured", "full name", "legal name", "preferred name", "client name",
    "resident name", "member name",
];

/// Labels that ask for another person and nothing else.
#[rustfmt::skip]
const PERSONS: &[&str] = &[
    "pt", "client", "resident", "member", "subscriber", "subscriber name", "insured", "insured name", "guarantor",
    "guarantor name", "next of kin", "nok", "mother", "father", "parent", "guardian", "legal guardian", "spouse", "wife", "husband", "son",
    "daughter", "sister", "brother", "partner", "emergency contact", "contact name", "contact person", "caregiver", "informant", "interpreter", "witness",
    "witnessed by", "proxy", "poa", "author", "scribe", "driver", "employee", "employee name", "staff name", "student", "student name", "printed name",
    "print name", "interviewer", "médecin", "infirmière", "infirmier", "arzt",
];

/// Labels that ask for somebody who cares for patients, whom a surname alone may name.
#[rustfmt::skip]
const STAFF: &[&str] = &[
    "attending", "attending physician", "attending md", "physician", "physician name", "provider", "provider name",
    "pcp", "primary care physician", "primary care provider", "referring physician", "referring provider", "ordering physician",
    "ordering provider", "consultant", "surgeon", "assistant", "anesthesiologist", "nurse", "nurse name", "charge nurse", "rn", "lpn", "cna", "md",
    "np", "tech", "technician", "signed", "signed by", "cosigned by", "cosigner", "verified by", "reviewed by", "reported by", "reported to",
    "given by", "performed by", "collected by", "ordered by", "dictated by", "transcribed by", "prepared by", "completed by", "entered by", "seen by",
    "rt", "midwife", "therapist", "counselor", "social worker", "case manager", "signature", "supervisor", "reader", "read by", "intern", "fellow",
    "hospitalist", "pharmacist", "on call", "on-call", "covering", "médecin traitant", "hausarzt",
    "stationsarzt", "oberarzt",
];

/// Labels that ask for a surname.
const FAMILIES: &[&str] = &[
    "last",
    "last name",
    "family name",
    "surname",
    "nom",
    "nom de famille",
    "nom de naissance",
    "nom de jeune fille",
    "nachname",
];

/// Labels that ask for a given name, of a form with one for the surname before it.
const GIVENS: &[&str] = &[
    "first",
    "first name",
    "given name",
    "forename",
    "prénom",
    "prenom",
    "vorname",
];

/// What else a label may ask for behind a slash.
const BESIDE: &[&str] = &["dob", "age", "mrn", "id", "title", "relationship", "phone"];

/// What stands in brackets behind a label, and says how to write the name.
#[rustfmt::skip]
const BRACKETED: &[&str] = &[
    "last", "first", "middle", "mi", "initial", "family", "given", "surname", "forename", "maiden", "suffix", "name", "print", "printed", "please",
    "block", "capital", "capitals", "letters", "legal", "full", "preferred", "patient", "and", "or", "of", "as", "on", "id", "card", "type", "s",
];

/// Least level of a given name that is no surname or word instead.
const GIVEN: i32 = 4;

/// Least level of a surname that is one by itself.
const SURNAME: i32 = 4;

/// Most characters of a label, and of what stands in brackets behind it.
const LONGEST: usize = 40;

/// Most bytes that are looked at before the end of a label.
const WINDOW: usize = 256;

/// What a label asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asks {
    Patient,
    Person,
    /// Somebody who cares for patients.
    Staff,
    /// "Name", which things have, too.
    Name,
    Family,
    Given,
}

impl Asks {
    /// True where nothing but a person is asked for.
    fn is_of_person(self) -> bool {
        matches!(self, Self::Patient | Self::Person | Self::Staff)
    }
}

fn form(scan: &Scan<'_>, hits: &mut Hits) {
    let bytes = scan.text.as_bytes();
    for at in memchr::memchr2_iter(b':', b'<', bytes) {
        let cell = bytes.get(at) == Some(&b'<');
        if !cell || bytes.get(at + 1) == Some(&b'/') {
            field(scan, at, at + usize::from(!cell), cell, hits);
        }
    }
    for at in memchr::memmem::find_iter(bytes, b"....") {
        // The first dots of a leader.
        if at > 0 && bytes.get(at - 1) != Some(&b'.') {
            let dots = bytes.iter().skip(at).take_while(|b| **b == b'.').count();
            field(scan, at, at + dots, false, hits);
        }
    }
}

/// A label that ends with token `i`, and its value in the next column or on the next line.
fn column(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let gap = scan.gap(i);
    let apart = gap.len() > 1 && gap.bytes().all(|b| b == b' ') || matches!(gap, "\t" | "\n" | "\r\n");
    if !apart {
        return;
    }
    let at = i + 1;
    match label(scan.text, scan.end(i)) {
        Some(Asks::Patient | Asks::Person | Asks::Staff) => {
            // On the next line a name stands alone.
            let next = gap.ends_with('\n');
            let alone = |last: &usize| !next || !scan.gap(*last).starts_with([' ', '.', ',']);
            let found = given_and_family(scan, at, Asks::Name)
                .or_else(|| family_and_given(scan, at))
                .or_else(|| unlisted(scan, i, at));
            let closed = |last: &usize| ends(scan, *last) && !names::is_eponymous(scan, *last);
            if let Some(last) = found.filter(|last| alone(last) && closed(last)) {
                hits.push(scan.start(at), scan.end(last), Class::Name, 84);
            }
        }
        // "Last Name    Graves     First Name    Susan"
        Some(Asks::Family) => {
            let last = past_hyphen(scan, at);
            let first = last + 3;
            let asked = ["first", "given"].iter().any(|word| scan.is(last + 1, word)) && scan.is(last + 2, "name");
            let wide = scan.gap(last).starts_with("  ") && scan.gap(last + 2).starts_with("  ");
            if asked && wide && is_family(scan, at) && capital(scan, first) && ends(scan, first) {
                hits.push(scan.start(at), scan.end(last), Class::Name, 84);
                hits.push(scan.start(first), scan.end(first), Class::Name, 84);
            }
        }
        _ => {}
    }
}

/// "Marjolein Evans" below or beside the label of a patient: a given name that nobody lists before a surname.
fn unlisted(scan: &Scan<'_>, i: usize, at: usize) -> Option<usize> {
    let levels = scan.all_levels(at);
    let strange = levels.lower() + levels.proper() == 0 && scan.tags(at) == 0;
    let patient = label(scan.text, scan.end(i)) == Some(Asks::Patient);
    let family = |last: &usize| scan.all_levels(*last).surname() >= SURNAME && scan.tags(*last) & NOT_NAME == 0;
    name_label::in_markup(scan, at, false).filter(|last| patient && strange && family(last))
}

/// True where `text` is the label of a person, as it stands alone in a cell, and `value` a name and nothing else.
pub(crate) fn is_person_of(text: &str, value: &str) -> bool {
    let scan = Scan::new(value);
    let all = |last: usize| last + 1 == scan.tokens.len();
    let named =
        || person(&scan, 0, Asks::Person).is_some_and(|(_, last)| all(last)) || all(0) && stands_alone(&scan, 0);
    label(text, text.len()).is_some_and(Asks::is_of_person) && named()
}

/// One field of a form: its label ends before byte `end`, what it holds begins behind byte `from`.
fn field(scan: &Scan<'_>, end: usize, from: usize, cell: bool, hits: &mut Hits) {
    let Some(asks) = label(scan.text, end) else { return };
    let Some(at) = value(scan, from, cell) else { return };
    let found = match asks {
        Asks::Person => person(scan, at, asks).map(|(first, last)| (first, last, None)),
        Asks::Patient | Asks::Name => person(scan, at, asks)
            .or_else(|| marked(scan, end, from, at, asks).map(|last| (at, last)))
            .map(|(first, last)| (first, last, None)),
        Asks::Staff => {
            let found = person(scan, at, asks);
            if found.is_none()
                && let Some(last) = one_word(scan, at)
            {
                let score = if names_things(scan, at, last) { 76 } else { 88 };
                hits.push(scan.start(at), scan.end(last), Class::Name, score);
            }
            found.map(|(first, last)| (first, last, None))
        }
        Asks::Family => family(scan, at, end),
        Asks::Given => None,
    };
    let Some((first, last, given)) = found else { return };
    hits.push(scan.start(first), scan.end(last), Class::Name, 88);
    if let Some(given) = given {
        hits.push(scan.start(given), scan.end(given), Class::Name, 88);
    }
}

/// True for words that a nurse is called by and charts write for other things, too, so that they are looked for nowhere else:
/// "RN: Jackson", and a Jackson Pratt drain.
fn names_things(scan: &Scan<'_>, first: usize, last: usize) -> bool {
    (first..=last).any(|at| {
        let levels = scan.all_levels(at);
        let word = scan.has(at, EPONYM | AMBIGUOUS | WORD_NAME) || levels.lower().max(levels.proper()) > 0;
        word && !scan.has(at, PARTICLE)
    })
}

/// "**Patient:** Ottoline Ibekwe", "<td>Name</td><td>Hunter Fewell</td>": the end of a name that nobody lists as one, where markup
/// stands before or behind the end of the label, or a line to write on.
fn marked(scan: &Scan<'_>, end: usize, from: usize, at: usize, asks: Asks) -> Option<usize> {
    let text = scan.text;
    let filler = text.get(from..scan.start(at))?;
    let markup = filler.contains(['*', '_', '|', '[', '<']) || text.get(..end)?.ends_with(['*', '>']);
    // A row of heads: "<th>Name</th><th>Start</th>"
    let head = filler.contains("<th");
    // "<b>Patient</b>: R. Kilpatrick"
    let lettered = asks == Asks::Patient && names::is_initial(scan, at) && scan.gap(at) == ". ";
    let family = Some(at + 1).filter(|at| lettered && is_family(scan, *at) && scan.tags(*at) & NOT_NAME == 0);
    let last = family.or_else(|| name_label::in_markup(scan, at, asks == Asks::Name))?;
    let closed = ends(scan, last) && !scan.gap(last).starts_with(':');
    (markup && !head && closed).then_some(last)
}

/// What the label asks for that ends before byte `end` of `text`, markup, leaders and a bracket behind it left out.
fn label(text: &str, end: usize) -> Option<Asks> {
    const FILLED: [char; 5] = [' ', '\t', '.', '_', '*'];
    let from = (end.saturating_sub(WINDOW)..=end).find(|at| text.is_char_boundary(*at))?;
    let mut head = text.get(from..end)?.trim_end_matches(FILLED);
    for _ in 0..2 {
        // "</b>"
        while let Some((at, _)) = head
            .strip_suffix('>')
            .and_then(|head| head.char_indices().rev().take(LONGEST).find(|(_, c)| *c == '<'))
            .filter(|(at, _)| head.as_bytes().get(at + 1) == Some(&b'/'))
        {
            head = head.get(..at)?.trim_end_matches(FILLED);
        }
        // "(Last, First)"
        if let Some(open) = head.strip_suffix(')') {
            let (at, _) = open.char_indices().rev().take(LONGEST).find(|(_, c)| *c == '(')?;
            // "Name (generic)" is that of a thing.
            let mut words = open.get(at + 1..)?.split([' ', ',', '/', '.', '&']);
            if !words.all(|word| word.is_empty() || BRACKETED.iter().any(|known| word.eq_ignore_ascii_case(known))) {
                return None;
            }
            head = head.get(..at)?.trim_end_matches(FILLED);
        }
    }
    let mut len = 0;
    let mut opens = true;
    for c in head.chars().rev() {
        let before = head.get(..head.len() - len)?;
        if before.ends_with("  ") {
            break;
        }
        if !(c.is_alphabetic() || matches!(c, ' ' | '\'' | '’' | '/' | '-')) {
            opens = matches!(c, '\n' | '\r' | '\t' | '|' | '>' | '*' | '_' | '•' | ';');
            break;
        }
        len += c.len_utf8();
        if len > LONGEST {
            return None;
        }
    }
    let shown = head.get(head.len() - len..)?.trim_start_matches(['-', ' ']);
    if !opens || shown.is_empty() {
        return None;
    }
    let folded = shown.to_lowercase().replace(['\'', '’'], "");
    let mut parts = folded.split('/');
    let first = parts.next()?.trim();
    if !parts.all(|part| BESIDE.contains(&part.trim())) {
        return None;
    }
    let owned = first.strip_prefix("patients ").map(|rest| format!("patient {rest}"));
    let first = owned.as_deref().unwrap_or(first);
    let asks = [
        (Asks::Name, &["name"][..]),
        (Asks::Patient, PATIENTS),
        (Asks::Person, PERSONS),
        (Asks::Staff, STAFF),
        (Asks::Family, FAMILIES),
        (Asks::Given, GIVENS),
    ];
    asks.iter()
        .find(|(_, labels)| labels.contains(&first))
        .map(|(asks, _)| *asks)
}

/// The token with which the value begins behind byte `from`: past blanks, lines to write on and markup.
fn value(scan: &Scan<'_>, from: usize, cell: bool) -> Option<usize> {
    const MOST_TAGS: usize = 6;
    const LONGEST_TAG: usize = 200;
    const WIDEST: usize = 64;
    let mut at = from;
    for _ in 0..=MOST_TAGS {
        let rest = scan.text.as_bytes().get(at..)?;
        let filled =
            |b: &&u8| matches!(b, b' ' | b'\t' | b'_' | b'*' | b'|' | b'[') || cell && matches!(b, b'\n' | b'\r');
        at += rest.iter().take(WIDEST).take_while(filled).count();
        let rest = scan.text.as_bytes().get(at..)?;
        if rest.first() != Some(&b'<') {
            break;
        }
        at += rest.iter().take(LONGEST_TAG).position(|b| *b == b'>')? + 1;
    }
    let token = scan.token_at(at);
    (token < scan.tokens.len() && scan.start(token) == at).then_some(token)
}

/// The tokens of the name that is all of the value that begins with token `at`.
fn person(scan: &Scan<'_>, at: usize, asks: Asks) -> Option<(usize, usize)> {
    // "1234^Okafor^Theresa"
    let numbered = scan.is_number(at) && scan.gap(at) == "^";
    let at = at + usize::from(numbered);
    let found = given_and_family(scan, at, asks).or_else(|| family_and_given(scan, at));
    let last = found.filter(|last| ends(scan, *last) && !names::is_eponymous(scan, *last))?;
    Some((at, last))
}

/// "Susan Graves", "Theresa   Behrens", "S. Graves"
fn given_and_family(scan: &Scan<'_>, at: usize, asks: Asks) -> Option<usize> {
    const WIDEST: usize = 3;
    let initial = asks.is_of_person() && names::is_initial(scan, at) && scan.gap(at) == ". ";
    let mut last = match given(scan, at) {
        Some(last) => last,
        None if initial && stands_alone(scan, at + 1) => return Some(at + 1),
        None => return None,
    };
    // "Susan M. Graves", "Susan de la Cruz", "Susan O'Down"
    while names::is_initial(scan, last + 1) && matches!(scan.gap(last), " " | "  ") && !names::is_aged(scan, last + 1)
        || scan.has(last + 1, PARTICLE) && scan.gap(last) == " "
    {
        let joins = matches!(scan.gap(last + 1), " " | ". " | "'" | "’");
        if !joins {
            break;
        }
        last += 1;
    }
    let gap = scan.gap(last);
    let blanks = !gap.is_empty() && gap.len() <= WIDEST && gap.bytes().all(|b| b == b' ');
    let name = last + 1;
    let near = matches!(gap, " " | "-" | "'" | "’" | ". " | "." | "\u{a0}");
    let levels = scan.all_levels(name);
    // "RN: Susan   Day"
    let named = levels.surname() > 0 || levels.proper() == 0;
    let far = named
        && levels.surname() >= levels.lower()
        && scan.tags(name) & NOT_NAME == 0
        && !scan.gap(name).starts_with(':');
    // "Name: Ginger Root"
    let sure = asks.is_of_person() || !levels.is_listed() || levels.surname() >= levels.lower().max(2);
    if !((near || blanks && far) && is_family(scan, name) && sure) {
        return None;
    }
    Some(past_hyphen(scan, name))
}

/// "Graves, Susan", "NG^WEI"
fn family_and_given(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let mut family = at;
    while scan.has(family, PARTICLE) && scan.gap(family) == " "
        || names::is_initial(scan, family) && matches!(scan.gap(family), "'" | "’")
    {
        family += 1;
    }
    if !is_family(scan, family) {
        return None;
    }
    family = past_hyphen(scan, family);
    let caret = scan.gap(family) == "^";
    if !(caret || matches!(scan.gap(family), ", " | ",")) {
        return None;
    }
    // "Okafor^Tamsin", "LI, XU"
    let beside = |name: usize| {
        let levels = scan.all_levels(name);
        let surname = scan.all_levels(family).surname() >= SURNAME && scan.tags(name) == 0;
        let unknown = caret && !levels.is_listed() && scan.word(name).len() >= 4;
        let other = levels.surname() > SURNAME && levels.lower() + levels.proper() == 0;
        (capital(scan, name) && surname && (unknown || other)).then_some(name)
    };
    let last = given(scan, family + 1).or_else(|| beside(family + 1))?;
    let initial = names::is_initial(scan, last + 1) && !names::is_aged(scan, last + 1);
    let more = initial && (scan.gap(last) == " " && !caret || scan.gap(last) == "^" && caret);
    Some(last + usize::from(more))
}

/// The end of a surname in two halves.
fn past_hyphen(scan: &Scan<'_>, name: usize) -> usize {
    let second = scan.gap(name) == "-" && is_family(scan, name + 1);
    let suffix = |at: usize| scan.gap(at) == " " && scan.has(at + 1, SUFFIX);
    let last = name + usize::from(second);
    last + usize::from(suffix(last))
}

/// The last token of a listed given name, which is no word and no disease instead, or of one in two halves.
fn given(scan: &Scan<'_>, at: usize) -> Option<usize> {
    if names::is_hyphenated(scan, at) {
        return Some(at + 1);
    }
    let levels = scan.all_levels(at);
    let often = levels.given() > GIVEN + 1 || levels.proper() == 0;
    let only = scan.tags(at) & !(WORD_NAME | AMBIGUOUS) == 0 && levels.small_name_odds() >= 0;
    // "Wright", "Hunt"
    let surname = levels.surname() > levels.given() + 2;
    let listed = capital(scan, at) && levels.given() >= GIVEN && often && only && !surname;
    listed.then_some(at).or_else(|| names::halves(scan, at))
}

fn capital(scan: &Scan<'_>, at: usize) -> bool {
    matches!(scan.shape(at), Some(Shape::Capital | Shape::Upper | Shape::Mixed)) && scan.word(at).len() >= 2
}

/// True for a capitalised word that is not only a word: "Graves", "White", "Quill", but not "Denies".
fn is_family(scan: &Scan<'_>, at: usize) -> bool {
    let levels = scan.all_levels(at);
    let word = levels.given().max(levels.surname()) == 0 && (levels.lower() >= 2 || scan.tags(at) != 0);
    // "Joy Score 7"
    let word = word || levels.surname() <= 1 && scan.has(at, EPONYM_HEAD);
    let credential = scan.has(at, CREDENTIAL) && scan.shape(at) == Some(Shape::Upper) && levels.surname() < GIVEN;
    capital(scan, at) && !word && !credential && !names::ends_like_a_term(scan.word(at))
}

/// True for a surname that needs no given name beside it.
fn stands_alone(scan: &Scan<'_>, at: usize) -> bool {
    let levels = scan.all_levels(at);
    let surname = levels.surname() >= SURNAME && levels.lower() == 0 && scan.tags(at) & NOT_NAME == 0;
    surname && capital(scan, at) && scan.word(at).len() >= 3
}

/// True where a value of a form ends.
fn ends(scan: &Scan<'_>, last: usize) -> bool {
    let gap = scan.gap(last);
    let behind = gap.trim_start_matches(' ');
    last + 1 >= scan.tokens.len()
        || gap.starts_with("  ")
        || gap.starts_with(['\n', '\r', '\t', '.', ',', ';', '|', '<', '_', '*', '^', ')', ']', '"'])
        || behind.starts_with(['(', '\n', '\r', '|', '/', '<', '[', '-', '–'])
        || gap == " "
            && (scan.is_number(last + 1)
                || ["mrn", "dob", "age", "sex", "rn", "md"]
                    .iter()
                    .any(|word| scan.is(last + 1, word)))
}

/// The end of a surname or a given name that is all of a value: "RN: Flores", "MD: Mkhwanazi", "Signed: Fenn, M".
fn one_word(scan: &Scan<'_>, first: usize) -> Option<usize> {
    let at = past_particles(scan, first);
    let family = past_hyphen(scan, at);
    let initial = scan.gap(family) == ", " && names::is_initial(scan, family + 1) && !names::is_aged(scan, family + 1);
    let last = family + usize::from(initial);
    let gap = scan.gap(last).trim_start_matches('.');
    let labelled = gap == " " && scan.gap(last + 1).starts_with(':');
    let closed = last + 1 >= scan.tokens.len()
        || gap.starts_with(['\n', '\r', '\t', '|', '<'])
        || gap.starts_with("  ")
        || gap == ", " && scan.has(last + 1, CREDENTIAL)
        || labelled;
    let levels = scan.all_levels(at);
    let people = levels.given().max(levels.surname());
    // "RN: Lynch-Vasquez"
    let half = |at: usize| {
        let levels = scan.all_levels(at);
        !levels.is_listed() && scan.tags(at) == 0 || levels.surname() > 1 && levels.surname() > levels.lower()
    };
    let double = family > at && scan.gap(at) == "-" && half(at) && half(at + 1);
    // "RN: O'Donnell", "MD: van der Berg"
    let particled = at > first && is_family(scan, at) && people >= levels.lower();
    // "MD: Best, J", but not "RN: Turn, R"
    let doubt = levels.lower().max(levels.proper()) - i32::from(scan.has(at, AMBIGUOUS));
    let lettered = initial && is_family(scan, at) && (people > doubt || !levels.is_listed() && scan.tags(at) == 0);
    let named = capital(scan, at) && !names::ends_like_a_term(scan.word(at));
    // "RN: Diaz (charge)", "RN: Diaz 0700-1900": nothing but a name is one in whatever company.
    let sure = scan.tags(at) == 0 && people >= SURNAME && !names_things(scan, at, last);
    let next = last + 1;
    let beside = scan.is_number(next) || scan.has(next, CREDENTIAL) || scan.is(next, "at") || scan.is(next, "x");
    let ends = matches!(scan.gap(last), ". " | ".\n" | "; " | ")" | " (") || scan.gap(last) == " " && beside;
    let closed = closed || sure && ends;
    let found = lettered || double || particled || is_one_name(scan, first, at);
    (closed && named && found).then(|| past_blanks(scan, last))
}

/// The token of a surname behind "van der", "al-", "O'".
fn past_particles(scan: &Scan<'_>, first: usize) -> usize {
    const MOST: usize = 3;
    let before = |at: usize| {
        let particle = scan.has(at, PARTICLE) && scan.word(at).len() <= 4 && matches!(scan.gap(at), " " | "-");
        (particle || names::is_initial(scan, at) && matches!(scan.gap(at), "'" | "’")) && capital(scan, at + 1)
            || particle && scan.has(at + 1, PARTICLE)
    };
    (first..first + MOST).find(|at| !before(*at)).unwrap_or(first + MOST)
}

/// True for the one word of a value, at token `at`, that names somebody: "Flores", "Mkhwanazi", but not "Foley", "Rounds", and
/// behind labels that things have, too, not "Venipuncture", "Mepilex".
fn is_one_name(scan: &Scan<'_>, first: usize, at: usize) -> bool {
    #[rustfmt::skip]
    const OF_THINGS: &[&str] = &[
        "by", "to", "covering", "reader", "signed", "signature", "tech", "technician", "cna", "assistant", "rt",
    ];
    const COMMON: i32 = 7;
    const STRANGE: usize = 5;
    let (levels, tags, word) = (scan.all_levels(at), scan.tags(at), scan.word(at));
    let people = levels.given().max(levels.surname());
    let other = levels.lower().max(levels.proper());
    let thing = first > 0 && OF_THINGS.iter().any(|label| scan.is(first - 1, label));
    let like_a_verb = ["ed", "ing", "ly"].iter().any(|end| word.ends_with(end));
    let unlisted =
        !levels.is_listed() && word.len() >= STRANGE && scan.shape(at) == Some(Shape::Capital) && !like_a_verb;
    let rare = people >= 2 && other == 0;
    let strange = tags == 0 && !thing && (unlisted || rare);
    let plain = tags & !(AMBIGUOUS | WORD_NAME | EPONYM | STREET) == 0;
    let often = tags & EPONYM == 0 && people > 2 * other || people >= COMMON && people >= 2 * other;
    let listed = plain && people >= SURNAME && often;
    !does(scan, at) && levels.place() <= people.max(SURNAME) && (listed || strange)
}

/// The surname behind two or three blanks that goes on from a word of a name: "RN: Ellis   Meisner   Date", but not
/// "RN: Ellis   Foley out", "RN: Ellis   Tele".
fn past_blanks(scan: &Scan<'_>, last: usize) -> usize {
    let next = last + 1;
    let levels = scan.all_levels(next);
    let surname = levels.surname() >= SURNAME && levels.surname() > 2 * levels.lower().max(levels.proper());
    let plain = scan.tags(next) & !(AMBIGUOUS | WORD_NAME | STREET) == 0;
    let cased = capital(scan, next) && scan.shape(next) == scan.shape(last);
    if matches!(scan.gap(last), "  " | "   ") && surname && plain && cased && ends(scan, next) {
        next
    } else {
        last
    }
}

/// The surname with token `at`, and the given name of the field for it on the same line, if there is one.
fn family(scan: &Scan<'_>, at: usize, end: usize) -> Option<(usize, usize, Option<usize>)> {
    const LINE: usize = 96;
    let head = past_particles(scan, at);
    let last = past_hyphen(scan, head);
    if !is_family(scan, head) || !ends(scan, last) {
        return None;
    }
    let called = scan.text.get(..end).unwrap_or_default().trim_end();
    // "Last: BM 11/2   First: Void"
    let is_bare = ["last", "Last", "LAST"].iter().any(|word| called.ends_with(word));
    let from = scan.end(last);
    let line = scan.text.as_bytes().get(from..).unwrap_or_default();
    // "Nom : DUPONT\nPrénom : Anne"
    let lines = line
        .split(|b| *b == b'\n')
        .take(2)
        .map(|line| line.len() + 1)
        .sum::<usize>();
    let given = line
        .iter()
        .take(LINE.min(lines))
        .enumerate()
        .find(|(_, b)| **b == b':')
        .map(|(colon, _)| from + colon)
        .filter(|colon| label(scan.text, *colon) == Some(Asks::Given))
        .and_then(|colon| value(scan, colon + 1, false))
        .filter(|given| capital(scan, *given) && ends(scan, *given))
        .filter(|given| !is_bare || are_names(scan, head, *given));
    // "Nom : DUPONT", but not "Nom : Metformine"
    let born = called.ends_with("naissance") || called.ends_with("famille") || called.ends_with("fille");
    (given.is_some() || born || called.ends_with("Nom") && stands_alone(scan, head)).then_some((at, last, given))
}

/// True for a surname and a given name of which one is little else, and none a word of medical texts.
fn are_names(scan: &Scan<'_>, family: usize, given: usize) -> bool {
    let levels = |at: usize| scan.all_levels(at);
    let word = |at: usize| levels(at).given().max(levels(at).surname()) < levels(at).lower();
    let only = |at: usize| {
        let plain = levels(at).lower() + levels(at).proper() == 0 && scan.tags(at) == 0;
        plain && scan.word(at).len() > 3 && !does(scan, at)
    };
    let surname = levels(family).surname() > 2 && levels(family).surname() > levels(family).lower();
    let sure = surname || levels(given).given() > GIVEN + 1;
    !word(family) && !word(given) && (sure || only(family) && only(given))
}
