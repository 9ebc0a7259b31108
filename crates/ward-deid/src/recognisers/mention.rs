//! Names that no title or label announces: what the word is called, and what people around do.

use super::asked::{self, Person};
use super::{Recogniser, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::lex::{Scan, Shape};
use crate::lexicon::{CREDENTIAL, DEPARTMENT, FACILITY, HONORIFIC, PARTICLE, SEX, STREET};
use crate::names;

use self::after::{after, asks};
use self::before::{Before, before, is_thing, label, taken_on};

mod after;
mod before;

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "mentioned-name",
    class: Class::Name,
    what: "Names in the middle of text, by weight: how much more often a word is a name than anything else, what stands before \
           it (\"told\", \"consulted\", \"message to\", a bullet, a dash at the end of a letter) and what follows (\"was \
           extubated\", \"at bedside\", \"from surgery\", an age in brackets).",
    why: "Most mentions of people carry no title and no label.",
    source: "45 CFR 164.514(b)(2)(i)(A); how clinicians write",
    yes: &[
        ("Ferraro was last seen in clinic", "Ferraro"),
        ("Yesterday Chowdhury was extubated.", "Chowdhury"),
        ("I told Zanele to stop smoking.", "Zanele"),
        ("Haugland from surgery will see", "Haugland"),
        ("Consulted Quigley from cardiology.", "Quigley"),
        ("Should Santos be on a statin?", "Santos"),
        ("see you soon\n-Venkataraman", "Venkataraman"),
        ("RN Aoife aware.", "Aoife"),
        ("Paged Zimmermann at 0200.", "Zimmermann"),
        ("Patient of Kin.", "Kin"),
        ("Wife Dorothea at bedside.", "Dorothea"),
        ("Thank you for referring Ferraro.", "Ferraro"),
        ("All done. Signed, Ferraro.", "Ferraro"),
        ("Mary Bell (née Quillbury) came", "Quillbury"),
        ("Seen w/ Karin Fontenot.", "Karin Fontenot"),
        ("Here w/ Zebediah Fontenot.", "Zebediah Fontenot"),
        ("f/u w/ Swanson in 2 wks", "Swanson"),
        ("Discussed w/ Grace Park.", "Grace Park"),
        ("Critical result read back by Quackenbush", "Quackenbush"),
        ("RN: Zanele Mkhwanazi   Date: 1/2/26", "Zanele Mkhwanazi"),
        ("RN: Will King     Time: 0600", "Will King"),
        ("BG Hernandez, DOL 3, stable", "Hernandez"),
    ],
    no: &[
        "Metoprolol was started yesterday.",
        "Should Ozempic be held before surgery?",
        "We started Keppra on day 2.",
        "Result read back by Pharmacy",
        "Consulted Cardiology. Paged Neurology at 0200.",
        "told Medicare about it",
        "Foley was placed. Heparin was stopped.",
        "RN aware. MD notified.",
        "Consent signed, Foley placed.",
        "1. Sepsis - continue Zosyn",
        "Plan: Continue Lisinopril",
        "Wound packed w/ Aquacel Extra.",
        "Treated w/ Lantus Solostar, stable",
        "Pt w/ Foley Catheter",
        "pt w/ Stevens Johnson",
        "pt w/ Port A Cath in place",
        "eval w/ Hunt Hess 3",
        "intubated w/ McGrath",
        "call w/ Language Line",
        "tx w/ Lactated Ringer",
        "Site: Left Knee   Side: L",
        "Drain: Jackson Pratt   Output: 30",
        "Line: PICC",
        "RN: Float Pool     Shift: Day",
        "CNA: Hourly Rounds    Time: q1h",
        "CNA: Bed Bath     Time: 0600",
        "RN: Unna Boot     Time: 0600",
        "RN: Army Navy     Time: 0600",
        "RN: Allen Test     Time: 0600",
        "RN: Norton Scale     Time: 0600",
        "RN: Salem Sump     Time: 0600",
        "Line: Arterial        Site: L radial",
        "Dressing: Aquacel Ag   Changed: Day",
        "Language: Haitian Creole        Interpreter: Yes",
        "Type: Salter Harris             Grade: II",
        "Maneuver: Dix Hallpike          Result: neg",
        "Mood: Euthymic Calm             Affect: Bright",
        "Allergies: Penicillin   Date: 1/2/26",
        "Pt Refused Meds",
        "Pt Bed Low",
        "Pt Bed Alarm On",
        "Pt: Refused Meds",
        "Pt Ambulates With Walker",
        "Pt Alert And Oriented",
        "Next of Kin notified.",
        "Next of Kin: Wife",
        "NEXT OF KIN: not known",
        "NEXT OF KIN NOTIFIED",
        "Next of Kin Notified",
        "Next of Kin Contact",
    ],
    strong: false,
    trigger: Trigger::NameAfter(|scan, i, hits| {
        if scan.shape(i) != Some(Shape::Lower) || !scan.typed_small() {
            mention(scan, i, hits);
        }
    }),
};

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const SMALL: Recogniser = Recogniser {
    id: "mentioned-small-name",
    class: Class::Name,
    what: "The same in text typed without capitals.",
    why: "Questions to an assistant are typed in a hurry.",
    source: "45 CFR 164.514(b)(2)(i)(A); how clinicians type",
    yes: &[
        ("i told zanele to stop smoking", "zanele"),
        ("paged zimmermann at 0200", "zimmermann"),
        ("should santos be on a statin?", "santos"),
        ("chowdhury was extubated yesterday", "chowdhury"),
    ],
    no: &[
        "told them to stop smoking",
        "paged on call at 0200",
        "should aspirin be held",
        "metoprolol was started",
        "message to billing about it",
    ],
    strong: false,
    trigger: Trigger::Text(|scan, hits| {
        if scan.typed_small() {
            for i in 0..scan.tokens.len() {
                let long = scan.word(i).len() >= 3 || scan.has(i, PARTICLE) && scan.gap(i) == "-";
                if scan.shape(i) == Some(Shape::Lower) && long {
                    mention(scan, i, hits);
                }
            }
        }
    }),
};

/// Weight from which on a word is believed to be a name, and from which on it is looked for elsewhere.
const ENOUGH: i32 = 7;
const PLENTY: i32 = 13;

fn mention(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    // What surely is none, quickly.
    if scan.has(i, HONORIFIC | CREDENTIAL | DEPARTMENT | FACILITY | SEX)
        && scan.tags(i) & crate::lexicon::AMBIGUOUS == 0
    {
        return;
    }
    if !asked::may_begin(scan, i) {
        return;
    }
    // "Next of kin" is a label.
    if asked::is_next_of_kin(scan, i) {
        return;
    }
    let Before::Points(lead) = before(scan, i, hits) else {
        return;
    };
    // "I sliced my finger"
    let small = scan.word(i) == "I" && scan.shape(i + 1) == Some(Shape::Lower);
    if scan.gap(i) == " " && (small || scan.word(i) == "A") {
        return;
    }
    let Some(person) = asked::person(scan, i).filter(|_| !is_thing(scan, i)) else {
        return;
    };
    let last = person.last;
    let lead = lead + label(scan, i, last) + taken_on(scan, i, last);
    let other =
        scan.has(last + 1, FACILITY | STREET) && scan.gap(last) == " " && scan.shape(last + 1) != Some(Shape::Lower);
    if other || names::is_eponymous(scan, last) || scan.gap(last).is_empty() && last + 1 < scan.tokens.len() {
        return;
    }
    let Some(called) = called(scan, i, &person) else { return };
    let question = asks(scan, i);
    let follow = after(scan, last, question);
    // Nothing around says anything: the other recognisers judge names by themselves.
    if lead.max(follow) < 2 {
        return;
    }
    // In the middle of a sentence a capital is a sign by itself.
    let inside = scan.shape(i) == Some(Shape::Capital)
        && i > 0
        && scan.gap_before(i) == " "
        && scan.shape(i - 1) == Some(Shape::Lower);
    let weight = called + lead + follow + 2 * i32::from(inside && lead >= 3);
    // Among capitals, small letters are a sign against a name.
    let small = scan.shape(i) == Some(Shape::Lower) && !scan.typed_small();
    if small && scan.tags(i) != 0 {
        return;
    }
    if weight >= if small { ENOUGH + 4 } else { ENOUGH } {
        let score = if weight >= PLENTY { 80 } else { 68 };
        hits.push(scan.start(i), scan.end(last), Class::Name, score);
    }
}

/// How much more the words are a name than anything else; none for what is never one without a title.
fn called(scan: &Scan<'_>, i: usize, person: &Person) -> Option<i32> {
    let word = scan.word(person.last);
    if names::ends_like_a_term(word) && person.parts < 2 && person.odds < 4 || person.parts == 1 && word.len() < 3 {
        return None;
    }
    let capital = matches!(scan.shape(i), Some(Shape::Capital | Shape::Mixed | Shape::Initial));
    let listed = person.odds.clamp(-6, 8);
    let strange = match person.strange {
        false => i32::MIN,
        true => i32::from(capital || scan.typed_small() || scan.shape(i) == Some(Shape::Upper) && in_capitals(scan, i)),
    };
    let several = match person.parts {
        0 | 1 => 0,
        _ if person.odds >= 1 => 3,
        _ => 2,
    };
    let doubt = i32::from(person.doubtful && person.parts < 2);
    Some(listed.max(strange) + several - doubt)
}

/// True when the words around are in capitals, too, so that capitals say nothing.
fn in_capitals(scan: &Scan<'_>, i: usize) -> bool {
    let upper = |at: usize| scan.shape(at) == Some(Shape::Upper);
    upper(i + 1) || i > 0 && upper(i - 1)
}
