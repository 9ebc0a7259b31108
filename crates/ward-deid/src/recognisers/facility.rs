use super::address::zip;
use super::residence::is_state;
use super::visit::place;
use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::Class;
use crate::detection::is_in_row;
use crate::find::Hits;
use crate::lex::{Scan, Shape};
use crate::lexicon::{AMBIGUOUS, COUNTRY, DATE_CUE, DEPARTMENT, EPONYM, FACILITY, HONORIFIC, NAMED, ROLE, STATE, STOP};

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "facility",
    class: Class::Facility,
    what: "Names that end in Hospital, Clinic, Medical Center, University and the like, and \"University of ..\".",
    why: "The place of care with a date or a diagnosis narrows the patient down.",
    source: SAFE_HARBOR,
    yes: &[
        ("seen at Our Lady of Mercy Hospital on", "Our Lady of Mercy Hospital"),
        ("to our lady of lourdes hospital on", "our lady of lourdes hospital"),
        ("at St. Mary's Hospital on", "St. Mary's Hospital"),
        ("from Elm Clinic today", "Elm Clinic"),
        ("New Orleans Health Center on", "New Orleans Health Center"),
        (
            "University of Springfield Medical Center",
            "University of Springfield Medical Center",
        ),
        ("Baylor Med. Center", "Baylor Med. Center"),
        ("Brigham and Women's Hospital", "Brigham and Women's Hospital"),
        ("Mercy General Hospital", "Mercy General Hospital"),
        ("at Mercy Hospital, Boston, on", "Mercy Hospital"),
        ("Mercy Hospital in Cedar Falls on", "Mercy Hospital in Cedar Falls"),
        ("visited our Newport clinic on", "Newport clinic"),
        ("Church of the Good Well (", "Church of the Good Well"),
        (
            "Lakemont Heart and Vascular Center.",
            "Lakemont Heart and Vascular Center",
        ),
        ("seen at geisler health center on", "geisler health center"),
        ("admitted to st. rita's hospital on", "st. rita's hospital"),
        ("at los lunas general hospital, on", "los lunas general hospital"),
        ("at quevoshi med center", "quevoshi med center"),
        ("admitted to General Hospital on", "General Hospital"),
        ("at Pine Ridge Nursing Home on", "Pine Ridge Nursing Home"),
        ("admitted to cedar grove hospital on", "cedar grove hospital"),
        ("at Larkfield Urgent Care with", "Larkfield Urgent Care"),
        ("St. Joseph’s Medical Center, diagnosed", "St. Joseph’s Medical Center"),
        ("seen at Angels of Care on", "Angels of Care"),
    ],
    no: &[
        "the hospital course",
        "Emergency Department",
        "Outpatient Clinic",
        "Hospital Course",
        "Cardiology Clinic follow up",
        "in Medical Center",
        "Mental Health",
        "Home Health",
        "Primary Care",
        "Internal Medicine",
        "Plan of Care",
        "Wound Care",
        "at an outside hospital",
        "to the pain clinic",
        "from nursing home health",
        "at a tertiary care center",
        "in palliative care",
        "grew up in foster care",
        "Continuity of Care: stable",
        "Point of Care glucose 101",
        "Transition of Care Summary",
        "Standard of Care met",
        "44 F  SOB  Labs pending",
    ],
    strong: false,
    trigger: Trigger::Word(FACILITY, name),
};

/// The longest name in words before its last head word.
const MAX_WORDS: usize = 7;

fn name(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    if !is_capital(scan, i) {
        all_small(scan, i, hits);
        return small_head(scan, i, hits);
    }
    // Only the last head word of "Medical Center" and "Health Center" counts.
    if scan.has(i + 1, FACILITY) && is_capital(scan, i + 1) && matches!(scan.gap(i), " " | ". ") {
        return;
    }
    let (mut first, mut own) = (i, false);
    let mut at = i;
    while let Some(before) = at.checked_sub(1).filter(|before| i - before <= MAX_WORDS) {
        let gap = scan.gap(before);
        let abbreviated = matches!(gap, ". " | ".")
            && ["st", "ste", "mt", "ft", "med", "dr", "hosp"]
                .iter()
                .any(|word| scan.is(before, word));
        let joins = matches!(gap, " " | "-" | "'" | "’" | " & ") || gap == "  " && !is_row(scan, before);
        if !(joins || abbreviated) {
            break;
        }
        if is_capital(scan, before) && !is_outside(scan, before) {
            first = before;
            own |= scan.tags(before) & (FACILITY | DEPARTMENT) == 0
                && scan.word(before).len() > 1
                && ![
                    "national",
                    "american",
                    "world",
                    "international",
                    "medlineplus",
                    "european",
                ]
                .iter()
                .any(|word| scan.is(before, word));
        } else if !(is_inner(scan, before)
            && before > 0
            && is_capital(scan, before - 1)
            && !is_outside(scan, before - 1))
        {
            break;
        }
        at = before;
    }
    let mut last = i;
    // "University of Springfield", "Hospital for Special Surgery", "Clinic of the North".
    if matches!(scan.gap(i), " ")
        && (scan.is(i + 1, "of") || scan.is(i + 1, "for") || scan.is(i + 1, "at"))
        && scan.gap(i + 1) == " "
    {
        let mut next = if scan.is(i + 2, "the") { i + 3 } else { i + 2 };
        while is_capital(scan, next)
            && (last > i || scan.tags(next) & STOP == 0 || scan.has(next, AMBIGUOUS))
            && next < i + 6
        {
            own |= scan.tags(next) & DEPARTMENT == 0;
            last = next;
            if scan.gap(next) != " " {
                break;
            }
            next += 1;
        }
    }
    // "Medical Group", "Health Care"
    while matches!(scan.gap(last), " ")
        && is_capital(scan, last + 1)
        && [
            "group",
            "care",
            "system",
            "network",
            "partners",
            "foundation",
            "trust",
            "services",
            "home",
            "homes",
            "facility",
        ]
        .iter()
        .any(|word| scan.is(last + 1, word))
        && last < i + 6
    {
        last += 1;
    }
    // "at General Hospital": ordinary words, but a name after "at" or "to".
    own |= first < i
        && first > 0
        && ["at", "to"].iter().any(|word| scan.is(first - 1, word))
        && [
            "general",
            "central",
            "memorial",
            "county",
            "city",
            "community",
            "children",
            "regional",
            "university",
            "downtown",
        ]
        .iter()
        .any(|word| scan.is(first, word));
    // "Continuity of Care", "Point of Care"
    let kind_of_care = last == i
        && scan.is(i, "care")
        && i > 0
        && scan.is(i - 1, "of")
        && !(first > 0 && ["at", "to", "from", "by"].iter().any(|word| scan.is(first - 1, word)));
    if own && !kind_of_care {
        let city = city_after(scan, last);
        // "Mercy Hospital in Cedar Falls" is one name, "Mercy Hospital, Boston, MA 02114" has an address behind it.
        if let Some((at, end)) = city
            && scan.gap(last) == ", "
        {
            let end = zip(scan, end).unwrap_or(end);
            hits.push(scan.start(at), scan.end(end), Class::Place, 80);
        } else if let Some((_, end)) = city {
            last = end;
        }
        let first = our_lady(scan, first);
        hits.push(scan.start(first), scan.end(last), Class::Facility, 80);
    }
}

/// True where two blanks stand before the last words up to token `i` on its line, too: "44 F  SOB  Labs pending" has columns.
fn is_row(scan: &Scan<'_>, i: usize) -> bool {
    is_in_row(scan.text.as_bytes(), scan.end(i))
}

/// The first token of "Our Lady of" before a name that begins with token `first`, or with its "of".
fn our_lady(scan: &Scan<'_>, first: usize) -> usize {
    let of = if scan.is(first, "of") {
        Some(first)
    } else {
        first.checked_sub(1).filter(|of| scan.is(*of, "of"))
    };
    match of.and_then(|of| of.checked_sub(2)) {
        Some(our) if scan.is(our, "our") && scan.is(our + 1, "lady") => our,
        _ => first,
    }
}

/// "at geisler health center", "to st. rita's hospital": all in small letters, after a word of place.
fn all_small(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    // Only the last head word counts.
    if scan.has(i + 1, FACILITY) && scan.gap(i) == " " && !scan.is(i + 1, "and") {
        return;
    }
    let mut first = i;
    let mut own = false;
    loop {
        let Some(before) = first.checked_sub(1).filter(|before| i - before <= MAX_WORDS) else {
            return;
        };
        let gap = scan.gap(before);
        if own && matches!(gap, ", " | ",") {
            break;
        }
        let saint = gap == ". " && (scan.is(before, "st") || scan.is(before, "mt") || scan.is(before, "ft"));
        if !(matches!(gap, " " | "-" | "'" | "’") || saint) || scan.shape(before) != Some(Shape::Lower) {
            return;
        }
        if ["at", "to", "from", "in", "by", "near", "visited", "attended", "of"]
            .iter()
            .any(|word| scan.is(before, word))
        {
            break;
        }
        if scan.is(before, "the") || scan.is(before, "our") {
            if before > 0
                && scan.gap(before - 1) == " "
                && (scan.has(before - 1, crate::lexicon::PREPOSITION) || scan.is(before - 1, "visited"))
            {
                break;
            }
            return;
        }
        let levels = scan.levels(before);
        let rare = scan.tags(before) & !(AMBIGUOUS | EPONYM | STATE | COUNTRY) == 0
            && scan.word(before).len() >= 2
            && (levels.lower() <= 1 || levels.place() >= 4 || levels.surname() >= 5)
            && !crate::names::ends_like_a_term(scan.word(before));
        // "grew up in foster care"
        if scan.is(before, "foster") && (scan.is(i, "care") || scan.is(i, "home")) {
            return;
        }
        let inside =
            scan.has(before, FACILITY | DEPARTMENT) || scan.is(before, "s") || saint || scan.has(before, AMBIGUOUS);
        let plain = inside_or_plain(scan, before) && first < i;
        if !(rare || inside || plain) {
            return;
        }
        // "blue mesa hospital", "tri-county clinic"
        let placed = inside_or_plain(scan, before)
            && (levels.place() >= 1 || levels.surname() >= 3 || scan.is(before, "tri") || scan.is(before, "mesa"));
        own |= rare || saint || placed;
        first = before;
    }
    if own && first < i {
        let home = scan.is(i, "nursing") && scan.gap(i) == " " && scan.is(i + 1, "home");
        let first = our_lady(scan, first);
        hits.push(scan.start(first), scan.end(i + usize::from(home)), Class::Facility, 66);
    }
}

/// True for a word that the lexicon does not know, or knows as part of names as well.
fn inside_or_plain(scan: &Scan<'_>, i: usize) -> bool {
    scan.tags(i) & !(AMBIGUOUS | EPONYM | STATE | COUNTRY) == 0 && scan.word(i).len() >= 3
}

/// "our Chicago clinic", "the Cedars-Sinai campus": the noun in small letters after a name.
fn small_head(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let Some(mut first) = i.checked_sub(1) else { return };
    let own = |at: usize| matches!(scan.shape(at), Some(Shape::Capital)) && scan.tags(at) & !(STATE | AMBIGUOUS) == 0;
    if scan.gap(first) != " " || !own(first) {
        return;
    }
    while first > 0
        && first + 3 > i
        && matches!(scan.gap(first - 1), " " | "-")
        && (own(first - 1) || scan.is(first - 1, "new") && is_capital(scan, first - 1))
    {
        first -= 1;
    }
    let introduced = first > 0
        && ["our", "the", "in", "at", "visited", "from", "to", "a", "her", "his"]
            .iter()
            .any(|word| scan.is(first - 1, word));
    if introduced && scan.gap_before(first) == " " {
        hits.push(scan.start(first), scan.end(i), Class::Facility, 65);
    }
}

/// First and last token of the city: "Mercy Hospital, Boston", "Mercy Hospital in Cedar Falls".
fn city_after(scan: &Scan<'_>, last: usize) -> Option<(usize, usize)> {
    let at = match scan.gap(last) {
        ", " => last + 1,
        " " if scan.is(last + 1, "in") && scan.gap(last + 1) == " " => last + 2,
        _ => return None,
    };
    let end = place(scan, at).filter(|_| scan.tags(at) & (EPONYM | COUNTRY | FACILITY | DEPARTMENT) == 0)?;
    let upper = scan.shape(at) == Some(Shape::Upper) && end == at;
    // After a comma only when the name ends there, so that lists are not eaten.
    let closed =
        scan.gap(end).starts_with([',', '.', ')', '?', ';']) || scan.has(end + 1, DATE_CUE) || scan.gap(end).is_empty();
    if upper || (at == last + 1 && (!closed || end > at + 2)) {
        return None;
    }
    let state = scan.gap(end) == ", " && is_state(scan, end + 1, end + 1);
    Some((at, end + usize::from(state)))
}

fn is_capital(scan: &Scan<'_>, i: usize) -> bool {
    matches!(
        scan.shape(i),
        Some(Shape::Capital | Shape::Upper | Shape::Mixed | Shape::Initial)
    ) && scan.word(i).chars().next().is_some_and(char::is_uppercase)
        || (scan.is(i, "s") && i > 0 && matches!(scan.gap(i - 1), "'" | "’"))
}

/// Small words inside a name.
fn is_inner(scan: &Scan<'_>, i: usize) -> bool {
    ["of", "the", "and", "for", "s", "de", "la"]
        .iter()
        .any(|word| scan.is(i, word))
}

/// A capitalised word that stands before a facility's name and is no part of it.
fn is_outside(scan: &Scan<'_>, i: usize) -> bool {
    let ordinary = scan.has(i, STOP) && !scan.has(i, DEPARTMENT | FACILITY) && !scan.has(i, crate::lexicon::AMBIGUOUS);
    let north = [
        "north", "south", "east", "west", "northern", "southern", "eastern", "western", "central", "american",
        "african",
    ]
    .iter()
    .any(|word| scan.is(i, word));
    let joins = ["of", "and", "the", "for"].iter().any(|word| scan.is(i, word));
    (ordinary && !north)
        || scan.has(i, crate::lexicon::FUNCTION) && !joins
        || scan.has(i, ROLE | NAMED)
        || (scan.has(i, HONORIFIC) && !scan.is(i, "dr"))
}
