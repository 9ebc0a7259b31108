mod label;
mod person;

use self::label::{Asks, label};
use self::person::{
    GIVEN, SURNAME, are_anybodys, are_names, capital, ends, family_and_given, given_and_family, is_family,
    names_things, one_word, past_hyphen, past_particles, person, stands_alone, surnames,
};
use super::{Recogniser, SAFE_HARBOR, Trigger, name_label};
use crate::Class;
use crate::find::Hits;
use crate::lex::Scan;
use crate::lexicon::{AMBIGUOUS, CREDENTIAL, KIN, NAME_LABEL, NOT_NAME, WORD_NAME};
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
        ("Last: Patel   First: May", "Patel"),
        ("Last: Patel   First: May", "May"),
        ("Last: Small   First: Susan   DOB: 3/4/1961", "Small"),
        ("LAST: ABERNATHY   FIRST: WILL   MI: J", "ABERNATHY"),
        ("Last: Hand   First: Priya", "Hand"),
        ("Last: Garcia First: Susan DOB: 3/4/1961", "Garcia"),
        ("LAST: MILLER, FIRST: JAMES", "MILLER"),
        ("Last: Colon   First: Oluwaseun   MI: J   DOB: 3/4/1961", "Oluwaseun"),
        ("Last: Small\nFirst: Zofia\nDOB: 3/4/1961", "Small"),
        ("Last: Day   First: Fatoumata   DOB: 3/4/1961", "Fatoumata"),
        ("Last: Small\nFirst: Zofia\nDOB: 3/4/1961", "Zofia"),
        ("Last: Fleming   First: Tigist   MRN: 4471182", "Fleming"),
        ("MD: CLARK BRANTLEY  Pager 4471", "CLARK BRANTLEY"),
        ("**Patient:** Miller\n", "Miller"),
        ("**Patient Name:** Saunders\n", "Saunders"),
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
        "**Patient:** Sharp\n",
        "**Patient:** Baker cyst\n",
        "**Patient:** Foley\n",
        "**Patient:** Miller blade\n",
        "MD: MILLER BLADE  Size 3",
        "RN: WOUND CARE  Shift: Day",
        "MD: CLARK KERR SYNDROME",
        "RN: WEST WING  Shift: Day",
        "**Name:** Penicillin\n",
        "<tr><td>Name</td><td>Dose</td></tr>",
        "<tr><td>Patient</td><td>Room Number</td></tr>",
        "<tr><th>Name</th><th>Start Date</th></tr>",
        "<td>Patient</td><td>Denies Pain</td>",
        "<td>Test Name</td><td>Rose Bengal</td>",
        "Name: ________  Date Signed: ____",
        "Name: | Dose | Route | Start Date |",
        "Last: Void   First: Lasix",
        "Last: Void   First: May 5",
        "Last: Held   First: Given",
        "Last: Monday\nFirst: Friday\n",
        "Last: Dose First: May 5",
        "Last: Monday First: Friday",
        "Last: Void   First: Lasix   Age: 4 days",
        "Last: Day   First: Night   Next: 4",
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
        "RN: Triage\n",
        "RN: Bedrest",
        "RN: Pitocin\n",
        "MD: Normocephalic\n",
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
                && let Some(last) = one_word(scan, at).or_else(|| surnames(scan, at))
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
    // "Last: Case   First: Hope": each may be a word elsewhere.
    let doubted = is_bare(scan, end)
        && given.is_some_and(|given| {
            let levels = scan.all_levels(given);
            levels.given() < GIVEN || levels.small_name_odds() <= 0 || first_beside(scan, last).is_some()
        });
    let score = |first: usize, last: usize| match doubted && names_things(scan, first, last) {
        true => 76,
        false => 88,
    };
    hits.push(scan.start(first), scan.end(last), Class::Name, score(first, last));
    if let Some(given) = given {
        hits.push(scan.start(given), scan.end(given), Class::Name, score(given, given));
    }
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
    // "**Patient:** Miller", but not "**Patient:** Stable"
    let levels = scan.all_levels(at);
    let surname = levels.surname() >= SURNAME
        && levels.small_name_odds() > 2
        && capital(scan, at)
        && scan.tags(at) & !(AMBIGUOUS | WORD_NAME) == 0;
    let alone = Some(at).filter(|at| asks == Asks::Patient && surname && stands_apart(scan, *at));
    let last = family
        .or_else(|| name_label::in_markup(scan, at, asks == Asks::Name))
        .or(alone)?;
    let closed = ends(scan, last) && !scan.gap(last).starts_with(':');
    (markup && !head && closed).then_some(last)
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

/// The surname with token `at`, and the given name of the field for it on the same line, if there is one.
fn family(scan: &Scan<'_>, at: usize, end: usize) -> Option<(usize, usize, Option<usize>)> {
    const LINE: usize = 96;
    let head = past_particles(scan, at);
    let last = past_hyphen(scan, head);
    let beside = first_beside(scan, last);
    if !is_family(scan, head) || !ends(scan, last) && beside.is_none() {
        return None;
    }
    let called = scan.text.get(..end).unwrap_or_default().trim_end();
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
        .or(beside)
        .and_then(|colon| value(scan, colon + 1, false))
        .filter(|given| capital(scan, *given) && ends(scan, *given))
        .filter(|given| {
            // "Last: Void   First: May 5"
            let dated = [last, *given]
                .iter()
                .any(|at| scan.gap(*at) == " " && scan.is_number(at + 1));
            let listed = are_anybodys(scan, head, *given);
            let line = !scan.slice(from, scan.start(*given)).contains('\n');
            let pair = beside.is_none() && line && !dated && listed && is_family(scan, *given);
            // "Last: BM 11/2   First: Void"
            !is_bare(scan, end) || pair || are_names(scan, head, *given) || is_identified(scan, *given)
        });
    // "Nom : DUPONT", but not "Nom : Metformine"
    let born = called.ends_with("naissance") || called.ends_with("famille") || called.ends_with("fille");
    (given.is_some() || born || called.ends_with("Nom") && stands_alone(scan, head)).then_some((at, last, given))
}

/// True where a label of a patient follows the given name with token `given`: "Last: Day   First: Fatoumata   DOB: 3/4/1961".
fn is_identified(scan: &Scan<'_>, given: usize) -> bool {
    // "First: Fatoumata   MI: J   DOB: .."
    let middle = ["mi", "middle"].iter().any(|word| scan.is(given + 1, word)) && names::is_initial(scan, given + 2);
    let next = given + if middle { 3 } else { 1 };
    let near = scan.gap_before(next).bytes().filter(|b| *b == b'\n').count() <= 1;
    near && scan.gap(next).trim_start_matches(' ').starts_with(':') && name_label::is_labelled(scan, next)
}

/// True when nothing stands behind token `last` on its line.
fn stands_apart(scan: &Scan<'_>, last: usize) -> bool {
    last + 1 >= scan.tokens.len() || scan.gap(last).trim_start_matches(' ').starts_with(['\n', '\r'])
}

/// True for "Last" without "Name", which things have, too.
fn is_bare(scan: &Scan<'_>, end: usize) -> bool {
    let called = scan.text.get(..end).unwrap_or_default().trim_end();
    ["last", "Last", "LAST"].iter().any(|word| called.ends_with(word))
}

/// The colon of the label of the given name one blank or a comma behind the surname that ends with token `last`:
/// "Last: Garcia First: Susan", "LAST: MILLER, FIRST: JAMES".
fn first_beside(scan: &Scan<'_>, last: usize) -> Option<usize> {
    let first = last + 1;
    let asked = ["first", "given", "forename"].iter().any(|word| scan.is(first, word));
    let name = usize::from(scan.gap(first) == " " && scan.is(first + 1, "name"));
    let near = matches!(scan.gap(last), " " | ", " | ",");
    (asked && near && scan.gap(first + name).starts_with(':')).then(|| scan.end(first + name))
}
