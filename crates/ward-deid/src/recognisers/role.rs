use super::asked::does;
use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::lex::{Scan, Shape};
use crate::lexicon::{
    AMBIGUOUS, CONTACT_VERB, CREDENTIAL, DEPARTMENT, EPONYM, HONORIFIC, KIN, MONTH, NAMED, ROLE, STREET,
};
use crate::names::{self, Sign};

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "role",
    class: Class::Name,
    what: "Capitalised names after a role, a relative, \"named\", or a verb of contact with \"by\", \"with\" or \"to\".",
    why: "The name of a patient, a relative or a clinician identifies directly.",
    source: SAFE_HARBOR,
    yes: &[
        ("patient Jane Doe presents", "Jane Doe"),
        ("nurse Kelly Ford called", "Kelly Ford"),
        ("her daughter Maria drove", "Maria"),
        ("his wife, Carol Stone, said", "Carol Stone"),
        ("seen by Ana Ruiz today", "Ana Ruiz"),
        ("a man named Omar", "Omar"),
        ("cared for by daughter Li Na.", "Li Na"),
        ("RN Kelly Ford", "Kelly Ford"),
        ("and NP Halloran saw", "Halloran"),
        ("pt Cindy L., referred", "Cindy L"),
        ("ordered by NP-C Delacroix today", "Delacroix"),
        ("with her sister May, who", "May"),
        ("she goes by Scooter at home", "Scooter"),
        ("pt goes by \"Scooter\", he", "Scooter"),
        ("d/w IR fellow (Pietrangeli) - ok", "Pietrangeli"),
        ("Interpreter Fatoumata present", "Fatoumata"),
        ("her maiden name was Quillbury", "Quillbury"),
        ("Mary Bell nee Quillbury came", "Quillbury"),
    ],
    no: &[
        "patient denies pain",
        "Patient Denies Pain",
        "the patient Foley was removed",
        "seen by Cardiology",
        "daughter reports",
        "referred to Neurology",
        "nurse Practitioner",
        "followed by CT scan",
        "NP Swab taken",
        "PA Chest film",
        "the patient. Aspirin was given",
        "treated with Humira",
        "visited her sister May 3 and",
        "goes by ambulance",
        "maiden name unknown",
        "brand name Lipitor",
        "a Sister Mary Joseph nodule",
        "goes to Cardiology",
        "Treated by: A. Rest",
        "Verified by: Cardiology",
        "verified by: X-ray",
        "consultant (Cardiology)",
        "registrar Cardiology",
        "Pt Refused Meds",
        "Patient Ambulates With Walker",
        "daughter Brought Clothes",
    ],
    strong: false,
    trigger: Trigger::Word(ROLE | KIN | NAMED | CONTACT_VERB | CREDENTIAL, name),
};

fn name(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    if scan.is(i, "goes") {
        goes_by(scan, i, hits);
        return;
    }
    // "her sister May"
    let at = i + 1;
    let month = scan.has(i, KIN) && scan.gap(i) == " " && scan.has(at, MONTH) && scan.shape(at) == Some(Shape::Capital);
    if month && !scan.is_number(i + 2) && scan.levels(at).given() >= 4 {
        hits.push(scan.start(at), scan.end(at), Class::Name, 70);
        return;
    }
    let (at, sure) = if scan.has(i, CONTACT_VERB) && !scan.has(i, ROLE | KIN) {
        // "Verified by: L. Brandvold"
        let labelled = scan.is(i + 1, "by") && scan.gap(i + 1) == ": " && names::is_initial(scan, i + 2);
        let carried = ["by", "with", "to"].iter().any(|word| scan.is(i + 1, word));
        if !carried || scan.gap(i) != " " || !(scan.gap(i + 1) == " " || labelled) {
            return;
        }
        (
            i + 2,
            scan.is(i + 1, "by") && !scan.is(i, "followed") && !scan.is(i, "treated"),
        )
    } else if scan.has(i, CREDENTIAL) && !scan.has(i, ROLE) {
        if !matches!(scan.word(i), "RN" | "LPN" | "NP" | "CNA" | "PA" | "LVN") {
            return;
        }
        // "NP-C Delacroix"
        let certified = scan.gap(i) == "-" && scan.word(i + 1) == "C";
        (i + 1 + usize::from(certified), false)
    } else {
        {
            // "Brand name Lipitor": "name" alone announces two words or more, "maiden name" one.
            let label = scan.is(i, "name") || scan.is(i, "names");
            let maiden = label && i > 0 && scan.is(i - 1, "maiden");
            let said = maiden && scan.gap(i) == " " && (scan.is(i + 1, "is") || scan.is(i + 1, "was"));
            let sure = scan.has(i, NAMED | KIN) && !label || maiden || scan.is(i, "nurse");
            (i + 1 + usize::from(said), sure)
        }
    };
    if !matches!(scan.gap(at - 1), " " | ", " | "  " | " (" | " - " | ": ")
        || scan.gap(at - 1) == ": " && !scan.has(i, CONTACT_VERB)
        || (scan.gap(at - 1) == ", " && !scan.has(i, KIN | ROLE))
    {
        return;
    }
    if scan.has(at, HONORIFIC | ROLE) && !scan.has(at, AMBIGUOUS) || scan.has(i, ROLE | KIN) && does(scan, at) {
        return;
    }
    let Some(last) = names::forward(scan, at, Sign::Weak) else {
        return;
    };
    // "Sister Mary Joseph nodule"
    if names::is_eponymous(scan, last) {
        return;
    }
    let words = names::words(scan, at, last);
    // One capitalised word may be anything: a drug, a device, a department.
    // "NP Halloran", "fellow (Pietrangeli)": a surname, or a word that nobody knows. What patients are called is often
    // what they take.
    let levels = scan.levels(at);
    let patient = ["patient", "pt", "client", "member", "resident", "author"]
        .iter()
        .any(|word| scan.is(i, word));
    let surname = (scan.has(i, CREDENTIAL) || scan.has(i, ROLE) && !patient)
        && scan.tags(at) == 0
        && (levels.surname() >= 2 && levels.lower() == 0 || !levels.is_listed() && scan.word(at).len() >= 5);
    let single = words == 1 && (scan.has(at, EPONYM | DEPARTMENT | STREET) || !(sure || surname));
    let upper = scan.word(at).bytes().all(|b| b.is_ascii_uppercase());
    if single || (words == 1 && upper) {
        return;
    }
    let score = if sure || scan.has(i, ROLE) { 85 } else { 75 };
    hits.push(scan.start(at), scan.end(last), Class::Name, score);
}

/// "goes by Scooter", also in quotes.
fn goes_by(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let at = i + 2;
    let said =
        scan.is(i + 1, "by") && scan.gap(i) == " " && matches!(scan.gap(i + 1), " " | " \"" | " “" | " '" | " ‘");
    if said && let Some(last) = names::forward(scan, at, Sign::Strong) {
        hits.push(scan.start(at), scan.end(last), Class::Name, 85);
    }
}
