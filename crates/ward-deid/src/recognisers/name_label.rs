use super::asked::{Person, closed, does, is_next_of_kin, person};
use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::lex::{Scan, Shape};
use crate::lexicon::{
    CREDENTIAL, DEPARTMENT, DRUG, EPONYM, FACILITY, FUNCTION, HONORIFIC, NAME_LABEL, NOT_NAME, STATE, STOP, WORD_NAME,
};
use crate::names::{self, Sign};

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "name-label",
    class: Class::Name,
    what: "Names after a label with a colon: \"Patient: Jane Doe\", \"Name: DOE, JANE\", \"PCP: A. Ruiz\".",
    why: "Headers of notes and letters name the patient and the staff.",
    source: SAFE_HARBOR,
    yes: &[
        ("Patient: Jane Doe\nDOB: 1/1/50", "Jane Doe"),
        ("Name: DOE, JANE Q.\n", "DOE, JANE Q"),
        ("Name: Marrow\n", "Marrow"),
        ("Name: Penicillin Jones\n", "Penicillin Jones"),
        ("Patient: KIM, JI-WOO\n", "KIM, JI-WOO"),
        ("Patient Name: jane doe\n", "jane doe"),
        ("PCP: Ana Ruiz, MD", "Ana Ruiz"),
        ("Emergency Contact: Omar Haddad (son)", "Omar Haddad"),
        ("Signed by: K. Ford", "K. Ford"),
        ("Last Name: Young", "Young"),
        ("Patient: Christian Hale.", "Christian Hale"),
        ("Patient: Low, Ada\n", "Low, Ada"),
        ("Patient: Day, March", "Day, March"),
        ("Patient: Hope\n", "Hope"),
        ("PATIENT: ADA LOW\nDOB", "ADA LOW"),
        ("Name: Oral Weeks", "Oral Weeks"),
        ("The patient is Zebulon Quackenbush.", "Zebulon Quackenbush"),
        ("My name is Maria Alvarez and", "Maria Alvarez"),
        ("Patient: Tomasz \"Tom\" Brandywine", "Tomasz \"Tom\" Brandywine"),
        ("Sincerely,\nC. Pace", "C. Pace"),
        ("Patient: Tom (Tommy) Brandywine", "Tom (Tommy) Brandywine"),
        ("pcp: t. vandersloot  ph 5", "t. vandersloot"),
        ("PT NAME: delacroix, jean-baptiste AGE: 61", "delacroix, jean-baptiste"),
        ("Ordering: PATEL, NIRAV\n", "PATEL, NIRAV"),
        ("Patient: Gene Ward\nSeen", "Gene Ward"),
        ("Name: Susan Ward", "Susan Ward"),
        ("Patient: Susan Lab\n", "Susan Lab"),
        ("Name: Susan Room\n", "Susan Room"),
        ("Patient: Susan Home\n", "Susan Home"),
        ("Patient Name: Susan Unit\n", "Susan Unit"),
        ("Patient: Susan Q. Team\n", "Susan Q. Team"),
        ("Name: Susan Male\n", "Susan Male"),
        ("Patient: Susan Female\n", "Susan Female"),
        ("PATIENT: SUSAN DOCTOR\n", "SUSAN DOCTOR"),
        ("Patient: Jane Doe Female\n", "Jane Doe"),
        ("Patient: Gene Ward, seen", "Gene Ward"),
        ("Initials: Z.Q.; patient", "Z.Q"),
        ("Initials: ZQ", "ZQ"),
        ("Best wishes,\nMichael\n", "Michael"),
        ("Best wishes,\nTakeshi\n", "Takeshi"),
        ("Name: Susan   Dose: 10 mg", "Susan"),
        ("Patient: Gene Ward DOB: 1952", "Gene Ward"),
        ("office (attn: Tamsin) at", "Tamsin"),
        ("Pt: Graves, Susan. Graves came", "Graves, Susan"),
        ("pt: Smith, Susan\n", "Smith, Susan"),
        ("Pt: Will, May.", "Will, May"),
        ("Client: Horner, Susan seen", "Horner, Susan"),
        ("Re: Graves, Susan", "Graves, Susan"),
        ("| Name | Graves, Susan |", "Graves, Susan"),
        ("| Patient | Venkatesh Zelenka |\n", "Venkatesh Zelenka"),
        ("Patient|Susan Graves\nAge|41", "Susan Graves"),
        ("Patient Name:|Min-jun Cho\nAge|41", "Min-jun Cho"),
        ("RE: Bell, Ann.\nSeen", "Bell, Ann"),
        ("Patient: Ed Norton\nSeen", "Ed Norton"),
        ("Patient: Camila Rojas", "Camila Rojas"),
        ("Pt: Camila Rojas, seen", "Camila Rojas"),
        ("PCP: Camila Rojas\n", "Camila Rojas"),
        ("Emergency contact: Camila Rojas (sister)", "Camila Rojas"),
        ("Patient: Allegra Conti DOB", "Allegra Conti"),
        ("Re: Graves, Susan DOB 1950", "Graves, Susan"),
        ("Patient: Norton, Ed\nSeen", "Norton, Ed"),
        ("Name: Baby Girl Sorensen\n", "Baby Girl Sorensen"),
        ("Next of Kin Park, Grace", "Park, Grace"),
        ("Next of Kin Smith", "Smith"),
        ("Next of Kin Turner", "Turner"),
        ("Next of Kin Graves, Susan M", "Graves, Susan M"),
        ("NEXT OF KIN PARK, GRACE", "PARK, GRACE"),
        ("Patient: Min-jun Kim", "Min-jun Kim"),
        ("Patient Name: Soo-ah Cho\n", "Soo-ah Cho"),
        ("Attending: Min-jun Cho, MD", "Min-jun Cho"),
        ("Patient: Hye-jin Park", "Hye-jin Park"),
    ],
    no: &[
        "Patient: denies pain",
        "(patient: Stable)",
        "(provider: Cardiology)",
        "Initials: none",
        "initials of the signer",
        "The patient is Stable.",
        "The patient is Alert And Oriented",
        "The patient is African American",
        "Patient is Full Code",
        "Doctor: how are you",
        "Provider: Cardiology",
        "Patient: stable",
        "Name: unknown",
        "Nurse: patient resting",
        "From: 2 weeks ago",
        "Patient: Stable",
        "Patient: Nope. I do not.",
        "Doctor: Ah, yes",
        "Patient: Stable.\nPlan: home",
        "Patient: Denies pain",
        "Patient: Feeling Good today",
        "Patient: Yes, Doctor",
        "Name: Unknown",
        "Seen by: March 3, 2024",
        "Patient: Full Code\n",
        "Patient: African American\n",
        "Patient: Home Alone\n",
        "Pt: stable",
        "Pt: Denies pain",
        "Pt: Stable, Afebrile",
        "Pt: Better, Will return",
        "Pt: Metoprolol Succinate",
        "Pt: Camila Tablets",
        "Patient: Allegra Allergy",
        "Pt: Allegra, Camila",
        "Meds: Allegra Conti",
        "Pt: Allegra Rojas daily",
        "Pt: Ambulates Independently",
        "Pt: Left Knee, Right Hip",
        "| Name | Dose | Route |",
        "| Name | Grace Period |",
        "| Name | Start Date |",
        "| Patient | Primary Nurse |",
        "| Name | Metoprolol |",
        "| Patient | Stable |",
        "| Name | Metoprolol Succinate |",
        "| Test Name | Result |",
        "| Patient | Hope Ward |",
        "Drug name: Metoprolol",
        "Name: Penicillin\n",
        "Name : Metformin\n",
        "Name: Aspirin Tablet\n",
        "Name: Levaquin   Dose: 10 mg",
        "Name: Robitussin   Dose: 10 mL",
        "Mother: Declined\n",
        "Patient: Void\n",
        "Patient: Absolutely.",
        "Mother: Healthy\n",
        "Refused, by name: sparse, quantised",
        "Kind regards\nPharmacy\n",
        "Generic Name: Lisinopril 10 mg",
        "Brand name: Zestril",
        "Re: Paris, Texas",
        "Re: Follow up, Monday",
        "Re: Pain, Left",
        "Re: Insulin, Grace period",
        "Re: Diet, Susan is asking",
        "Re: Foley, Rose bengal stain",
        "RE: Cataract, Dense",
        "re: Graves disease",
        "Re: Graves, Hashimoto",
        "Re: Labs, Will call",
        "Re: Chest, Abdomen",
        "PT: Gait Training",
        "PT: Home Exercise Program\n",
        "Pt is Full Code",
        "Client: Yes, Doctor",
        "Patient: ED Visit\n",
        "Patient: In ED",
        "Patient: Baby boy crying",
        "Next of Kin Notified",
        "Next of Kin Wife, Susan",
        "Next of Kin Phone",
        "Patient: Post-op Day 3",
        "Provider: On-call Physician",
    ],
    strong: false,
    trigger: Trigger::Word(NAME_LABEL, name),
};

fn name(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    // "Signed by:"
    let i = if scan.is(i + 1, "by") && scan.gap(i) == " " {
        i + 1
    } else {
        i
    };
    let gap = scan.gap(i);
    let subject = scan.is(i, "re");
    if subject || scan.is(i, "pt") || scan.is(i, "client") {
        if matches!(gap, ":" | ": " | ":  " | " : " | ":\t")
            && (!subject || scan.levels(i + 1).surname() > GIVEN && !scan.has(i + 2, STATE))
            && let Some(last) = family_and_given(scan, i + 1)
                .filter(|last| !subject || ends_clause(scan, *last) || is_labelled(scan, *last + 1))
                .or_else(|| medicine_and_family(scan, i + 1).filter(|_| !subject))
        {
            hits.push(scan.start(i + 1), scan.end(last), Class::Name, 88);
        }
        return;
    }
    if gap == " " && is_next_of_kin(scan, i) {
        if let Some(last) = kin(scan, i + 1) {
            hits.push(scan.start(i + 1), scan.end(last), Class::Name, 84);
        }
        return;
    }
    // "The patient is Zelda Quill", "my name is Zelda Quill"
    if gap == " " && scan.is(i + 1, "is") && scan.gap(i + 1) == " " {
        let whole = names::forward(scan, i + 2, Sign::Weak).filter(|last| names::words(scan, i + 2, *last) >= 2);
        if let Some(last) = whole.filter(|_| !is_status(scan, i + 2)) {
            hits.push(scan.start(i + 2), scan.end(last), Class::Name, 82);
        }
        return;
    }
    if scan.is(i, "initials") {
        initials(scan, i, hits);
        return;
    }
    let closing = ["sincerely", "regards", "respectfully", "cordially", "wishes"]
        .iter()
        .any(|word| scan.is(i, word));
    if closing {
        // "Best wishes,\nSusan"
        let levels = scan.all_levels(i + 1);
        let often = levels.given() > GIVEN + 1 && levels.given() >= 2 * levels.lower().max(levels.proper());
        let strange = gap.starts_with(',') && !levels.is_listed() && scan.shape(i + 1) == Some(Shape::Capital);
        let given = (often || strange) && scan.tags(i + 1) & NOT_NAME == 0;
        let lines = matches!(
            gap.trim_matches([' ', '\r', '\t']),
            ",\n" | ",\n\n" | "\n" | ",\r\n" | ",\r\n\r\n"
        );
        let ends = i + 2 >= scan.tokens.len() || scan.gap(i + 1).trim_start_matches(' ').starts_with(['\n', '\r']);
        if lines && given && ends {
            hits.push(scan.start(i + 1), scan.end(i + 1), Class::Name, 80);
            return;
        }
        // "Sincerely,\nC. Pace"
        if gap.starts_with(',')
            && gap.contains('\n')
            && let Some(found) = person(scan, i + 1).filter(|found| found.parts >= 2)
        {
            hits.push(scan.start(i + 1), scan.end(found.last), Class::Name, 80);
        }
        return;
    }
    // "| Name | Graves, Susan |"
    if matches!(gap.trim_matches(' '), "|" | ":|") && (scan.is(i, "name") || scan.is(i, "patient")) {
        let strange = || in_markup(scan, i + 1, scan.is(i, "name")).filter(|_| scan.tags(i + 1) == 0);
        if let Some(last) = family_and_given(scan, i + 1)
            .or_else(|| given_and_family(scan, i + 1))
            .or_else(strange)
            && is_end_of_cell(scan, last)
        {
            hits.push(scan.start(i + 1), scan.end(last), Class::Name, 88);
        }
        return;
    }
    // "Drug name: Metoprolol"
    if scan.is(i, "name") && i > 0 && scan.gap(i - 1) == " " && OF_THINGS.iter().any(|word| scan.is(i - 1, word)) {
        return;
    }
    if !matches!(
        gap,
        ": " | ":" | ":  " | ":\t" | " : " | "): " | ":   " | "\t" | ": \t" | ":    " | ":\n" | "=" | " = " | "^"
    ) {
        return;
    }
    // "Name: Penicillin": a word of medical texts that is nobody's name, after a label that things have, too.
    let levels = scan.all_levels(i + 1);
    let bare = scan.is(i, "name") && (scan.starts_line(i) || scan.gap_before(i) != " ");
    // "Name: Penicillin Jones" is somebody.
    let family = scan.gap(i + 1) == " " && scan.all_levels(i + 2).surname() > GIVEN && scan.levels(i + 2).lower() == 0;
    let people = levels.given().max(levels.surname());
    let thing = people == 0 && levels.lower() >= 2 || people <= 1 && (scan.has(i + 1, DRUG) || is_dosed(scan, i + 1));
    if bare && !family && thing {
        return;
    }
    let mut at = i + 1;
    while scan.has(at, HONORIFIC) && matches!(scan.gap(at), " " | ". ") {
        at += 1;
    }
    if let Some(last) = medicine_and_family(scan, at).or_else(|| newborn(scan, at)) {
        hits.push(scan.start(at), scan.end(last), Class::Name, 88);
        return;
    }
    let is_name_label = ["name", "surname", "forename", "patientname"]
        .iter()
        .any(|word| scan.is(i, word));
    // "Name:" and "Patient:" believe any capitalised word that says nothing of the patient's state.
    let is_patient = scan.is(i, "patient");
    let whole = is_name_label || is_patient && (is_whole_name(scan, at) || whole_line(scan, at, false).is_some());
    let believed = whole && !is_status(scan, at);
    let sign = if believed { Sign::Title } else { Sign::Strong };
    if believed && let Some(last) = whole_line(scan, at, is_name_label) {
        hits.push(scan.start(at), scan.end(last), Class::Name, 88);
        return;
    }
    let Some(last) = names::forward(scan, at, sign)
        .or_else(|| small(scan, at, is_name_label))
        .or_else(|| in_small_letters(scan, at))
    else {
        return;
    };
    // "Doctor: How are you": one ordinary capitalised word at the start of a sentence.
    let mut last = names::past_nickname(scan, last);
    if believed && scan.gap(last) == " " && closes_in_capitals(scan, last + 1) {
        last += 1;
    }
    let words = names::words(scan, at, last);
    // "Patient: Void", "Mother: Declined"
    let does = !is_name_label && does(scan, at) && !scan.has(at, WORD_NAME);
    let word = !is_name_label || scan.shape(at) == Some(Shape::Lower);
    if words == 1 && (is_status(scan, at) || does || word && people == 0 && levels.lower() >= 2) {
        return;
    }
    // "Patient: Nope.", "Doctor: Ah, yes": what speakers say. A name that nobody lists stands alone on its line.
    let levels = scan.levels(at);
    let listed = levels.given().max(levels.surname()) >= 3 && levels.small_name_odds() >= 0;
    let gap = scan.gap(last);
    let alone = gap.starts_with(['\n', '\r', ')'])
        || matches!(gap, " (" | "  " | "\t" | "-")
        || matches!(gap, ", " | ",") && names::is_name_word(scan, last + 1, Sign::Strong)
        || last + 1 >= scan.tokens.len()
        || scan.has(last + 1, CREDENTIAL);
    if words == 1 && !is_name_label && !listed && !alone || scan.has(at, FUNCTION) && last == at {
        return;
    }
    if !believed && !is_name_label && words == 1 && scan.has(at, STOP | FACILITY | DEPARTMENT) {
        return;
    }
    if !is_name_label
        && words == 1
        && scan.get(last + 1).is_some_and(|t| t.shape == Shape::Lower)
        && scan.gap(last) == " "
    {
        return;
    }
    // "DOE, JANE Q."
    let mut end = last;
    if matches!(scan.gap(last), ", " | ",")
        && !scan.has(last + 1, CREDENTIAL)
        && let Some(given) = names::forward(scan, last + 1, sign)
            .or_else(|| names::halves(scan, last + 1))
            .or_else(|| small(scan, last + 1, is_name_label))
    {
        end = given;
    }
    hits.push(scan.start(at), scan.end(end), Class::Name, 88);
}

/// "Ottoline Ibekwe" from token `at`, behind a label that asks for a patient and markup or a line to write on: two words or more
/// of which none is one that patients do or medical texts use.
pub(super) fn in_markup(scan: &Scan<'_>, at: usize, is_name_label: bool) -> Option<usize> {
    let nobody = |word: usize| {
        let levels = scan.all_levels(word);
        let people = levels.given().max(levels.surname());
        let other = levels.lower() >= 2 && levels.lower() >= if is_name_label { people } else { 6 * people };
        does(scan, word) || names::is_medical(scan, word) || other
    };
    let whole = is_name_label && scan.tags(at) & STOP == 0 || is_whole_name(scan, at);
    names::forward(scan, at, Sign::Strong)
        .filter(|last| whole && !is_status(scan, at) && names::words(scan, at, *last) >= 2)
        .filter(|last| !(at..=*last).any(nobody) && !names::is_eponymous(scan, *last))
}

/// "Graves, Susan" from token `at`. After "Pt:" ordinary words are as likely, so it takes a given name behind the comma, and one
/// that is also a word must end the clause.
fn family_and_given(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let family = names::forward(scan, at, Sign::Strong).filter(|_| !is_status(scan, at))?;
    let given = family + 1;
    let apart = matches!(scan.gap(family), ", " | ",") && names::words(scan, at, family) == 1;
    let last = names::forward(scan, given, Sign::Strong).filter(|_| apart && !scan.has(given, CREDENTIAL))?;
    let sure = scan.tags(given) & (NOT_NAME | WORD_NAME) == 0 || ends_clause(scan, last);
    (scan.levels(given).given() >= GIVEN && sure).then_some(last)
}

/// "Susan Graves", the first of whose words is a given name and little else.
fn given_and_family(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let given = scan.levels(at).given() > GIVEN && scan.tags(at) & !EPONYM == 0 || names::is_hyphenated(scan, at);
    names::forward(scan, at, Sign::Strong).filter(|last| given && names::words(scan, at, *last) >= 2)
}

/// "Camila Rojas": a given name that a medicine has, too, and a surname that is nothing else, which ends the clause.
fn medicine_and_family(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let family = at + 1;
    let capital = |i: usize| scan.shape(i) == Some(Shape::Capital);
    let levels = scan.levels(family);
    let surname = levels.surname() > GIVEN && levels.small_name_odds() > 0 && scan.tags(family) == 0;
    let first = scan.levels(at);
    let given = scan.tags(at) == STOP && first.given() > GIVEN && first.small_name_odds() > GIVEN && first.lower() == 0;
    let ends = ends_clause(scan, family) || scan.gap(family).starts_with(" (") || is_labelled(scan, family + 1);
    (given && surname && capital(at) && capital(family) && scan.gap(at) == " " && ends).then_some(family)
}

/// "Graves, Susan", "Susan Graves", "Smith" from token `at`: what stands behind "Next of Kin" without a colon.
fn kin(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let levels = scan.levels(at);
    let family = || {
        let last = names::forward(scan, at, Sign::Strong)?;
        // "Turner" names a syndrome, and is no word in small letters.
        let odds = levels.small_name_odds() > 0 || levels.lower() == 0;
        let surname = last == at && levels.surname() > GIVEN && odds;
        (surname && (ends_clause(scan, at) || scan.gap(at).starts_with(" ("))).then_some(last)
    };
    family_and_given(scan, at)
        .or_else(|| given_and_family(scan, at))
        .or_else(family)
}

/// "Baby Girl Quill", as a newborn is called.
fn newborn(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let sexed = scan.is(at + 1, "boy") || scan.is(at + 1, "girl");
    let called = scan.is(at, "baby") && sexed && scan.gap(at) == " " && scan.gap(at + 1) == " ";
    names::forward(scan, at + 2, Sign::Strong).filter(|_| called)
}

fn is_end_of_cell(scan: &Scan<'_>, last: usize) -> bool {
    last + 1 >= scan.tokens.len() || scan.gap(last).trim_start_matches(' ').starts_with(['|', '\n', '\r'])
}

/// True where the next label after token `i` is one of a medicine: "Name: Robitussin   Dose: 10 mL".
fn is_dosed(scan: &Scan<'_>, i: usize) -> bool {
    const NEXT: &[&str] = &[
        "dose",
        "strength",
        "route",
        "frequency",
        "sig",
        "quantity",
        "qty",
        "refills",
    ];
    let apart = scan.gap(i).starts_with("  ") || scan.gap(i).starts_with(['\n', '\t', ' ']);
    apart && scan.gap(i + 1).trim_start_matches(' ').starts_with(':') && NEXT.iter().any(|word| scan.is(i + 1, word))
}

/// Things that have names, as they stand before "name".
const OF_THINGS: &[&str] = &[
    "drug",
    "medication",
    "medicine",
    "generic",
    "brand",
    "trade",
    "vaccine",
    "test",
    "procedure",
];

fn ends_clause(scan: &Scan<'_>, last: usize) -> bool {
    scan.gap(last).starts_with(['.', ',', ';', '\n', '\r']) || last + 1 >= scan.tokens.len()
}

/// "Initials: Z.Q."
fn initials(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    const MOST: usize = 4;
    if !matches!(scan.gap(i), ": " | ":" | " : " | ":  ") {
        return;
    }
    let first = i + 1;
    let initial = |at: usize| scan.shape(at) == Some(Shape::Initial);
    let mut last = first;
    while initial(last) && last < first + MOST && matches!(scan.gap(last), "." | ". " | " ") && initial(last + 1) {
        last += 1;
    }
    let written = scan.shape(first) == Some(Shape::Upper) && (2..=MOST).contains(&scan.word(first).len());
    if last > first || written && scan.tags(first) & NOT_NAME == 0 {
        hits.push(scan.start(first), scan.end(last), Class::Name, 84);
    }
}

/// True for the label of what stands beside a name.
pub(super) fn is_labelled(scan: &Scan<'_>, i: usize) -> bool {
    const NEXT: &[&str] = &["dob", "mrn", "age", "sex", "gender", "born"];
    NEXT.iter().any(|word| scan.is(i, word))
}

/// The end of two or three capitalised words that are all of the line: a name, be its last word one that stands in charts
/// for itself (`Gene Ward`, `Ann Lab`).
fn whole_line(scan: &Scan<'_>, at: usize, is_name_label: bool) -> Option<usize> {
    let labelled = |i: usize| is_labelled(scan, i);
    let joined = |i: usize| matches!(scan.gap(i), " " | "-" | ". ") && !labelled(i + 1);
    let last = (at..at + 3).find(|i| !joined(*i))?;
    let gap = scan.gap(last);
    let ends = last + 1 >= scan.tokens.len()
        || gap.starts_with(['\n', '\r', '\t', ';', '|', ',', '<', '_', ']'])
        || gap.starts_with("  ")
        || gap.starts_with(" (")
        || gap.starts_with(" |")
        || gap.starts_with(".\n")
        || labelled(last + 1);
    let same = |i: usize| {
        matches!(scan.shape(i), Some(Shape::Capital | Shape::Initial | Shape::Mixed))
            || scan.shape(i) == Some(Shape::Upper) && scan.shape(at) == Some(Shape::Upper)
    };
    let word = scan.tags(at) & STOP == 0 || scan.has(at, WORD_NAME) || names::is_short_given(scan, at);
    let given = scan.levels(at).given() >= GIVEN && word;
    let opens = (given || is_name_label && scan.tags(at) == 0) && !names::is_medical(scan, at);
    let initial = scan.shape(last) == Some(Shape::Initial);
    // "Jane Doe Female": a third word that is none of the name.
    let third = last == at + 2
        && scan.tags(last) & NOT_NAME != 0
        && scan.tags(last - 1) & NOT_NAME == 0
        && scan.shape(last - 1) != Some(Shape::Initial);
    (last > at && ends && opens && !initial && !third && (at..=last).all(same)).then_some(last)
}

/// Least level from which a word opens a name after `Patient:`.
const GIVEN: i32 = 3;

/// What is written after "Patient:" or "Name:" and is nobody's name.
const STATUS: &[&str] = &[
    "stable",
    "unknown",
    "alert",
    "awake",
    "agrees",
    "denies",
    "admits",
    "reports",
    "states",
    "yes",
    "no",
    "none",
    "ok",
    "okay",
    "well",
    "good",
    "improved",
    "improving",
    "worse",
    "unchanged",
    "critical",
    "deceased",
    "discharged",
    "admitted",
    "transferred",
    "pending",
    "active",
    "inactive",
    "male",
    "female",
    "adult",
    "new",
    "established",
    "not",
    "see",
    "same",
    "refused",
    "withheld",
    "redacted",
    "unresponsive",
    "sedated",
    "comfortable",
    "resting",
    "able",
    "unable",
    "feels",
    "says",
    "has",
    "is",
    "was",
    "presents",
    "complains",
    "continues",
    "today",
    "yeah",
    "right",
    "sure",
    "oh",
    "hi",
    "hello",
    "thanks",
    "thank",
    "information",
    "name",
    "details",
    "history",
];

fn is_status(scan: &Scan<'_>, i: usize) -> bool {
    STATUS.iter().any(|word| scan.is(i, word))
}

/// The "LOW" of "PATIENT: ADA LOW" at the end of the line.
fn closes_in_capitals(scan: &Scan<'_>, i: usize) -> bool {
    scan.shape(i) == Some(Shape::Upper)
        && scan.has(i, WORD_NAME)
        && (scan.gap(i).contains(['\n', ',']) || i + 1 >= scan.tokens.len())
}

/// "Hope" alone on the line, "Christian Hale", "Low, Ada": what can be all of a name.
fn is_whole_name(scan: &Scan<'_>, i: usize) -> bool {
    if scan.has(i, WORD_NAME) && (scan.gap(i).contains('\n') || i + 1 >= scan.tokens.len()) {
        return true;
    }
    // "Patient: Feeling Good today"
    let goes_on = scan.gap(i) == " " && scan.gap(i + 1) == " " && scan.shape(i + 2) == Some(Shape::Lower);
    matches!(scan.gap(i), " " | ", " | "," | "-")
        && (names::is_name_word(scan, i + 1, Sign::Strong) || closes_in_capitals(scan, i + 1))
        && (scan.has(i, WORD_NAME) || scan.tags(i) & STOP == 0 && !goes_on)
}

/// "attending: takeshi t. d'angelo, md": two parts of a name or more, in small letters.
fn in_small_letters(scan: &Scan<'_>, at: usize) -> Option<usize> {
    if scan.shape(at) != Some(Shape::Lower) {
        return None;
    }
    let likely = |found: &Person| found.believed() || found.odds >= 1 && !found.doubtful;
    let found = person(scan, at).filter(|found| found.parts >= 2 && likely(found))?;
    (closed(scan, found.last) || scan.gap(found.last).starts_with("  ")).then_some(found.last)
}

/// Names typed in small letters after a label that asks for a name.
fn small(scan: &Scan<'_>, at: usize, is_name_label: bool) -> Option<usize> {
    let mut last = None;
    for i in at..at + 3 {
        if !is_name_label || !names::is_uncapitalised_name(scan, i) || scan.is(i, "unknown") {
            break;
        }
        last = Some(i);
        if !matches!(scan.gap(i), " " | "-") {
            break;
        }
    }
    last
}
