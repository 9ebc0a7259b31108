use super::{Recogniser, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::lex::{Scan, Shape};
use crate::lexicon::{PLACE_LABEL, STOP, UNIT, ZIP};

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "postcode",
    class: Class::Place,
    what: "Postal codes beside a town or a street without a state: United States (five digits or ZIP+4), Germany and its \
           neighbours, United Kingdom.",
    why: "A postal code leads to a few thousand people, a British one to a few houses.",
    source: "45 CFR 164.514(b)(2)(i)(B); UPU S42 (address templates); BS 7666 (British postcodes)",
    yes: &[
        ("from Boston, 02139 with", "Boston, 02139"),
        ("moved to Lowell 01850-1234.", "Lowell 01850-1234"),
        ("in New York, 10025 since", "New York, 10025"),
        ("London SW1A 1AA, UK", "SW1A 1AA"),
        ("postcode: M1 1AE", "M1 1AE"),
        ("moved to BN1 1AA last year", "BN1 1AA"),
        ("lives at EC1A 1BB.", "EC1A 1BB"),
        ("near M20 2QR since", "M20 2QR"),
        ("wohnt Hauptstraße 12, 10115 Berlin", "Hauptstraße 12, 10115 Berlin"),
        ("Hauptstr. 12, 10115", "Hauptstr. 12, 10115"),
        ("aus 10115 Berlin mit", "10115 Berlin"),
    ],
    no: &[
        "platelets 15000 Stable",
        "Platelets 15000",
        "B12 5MG daily",
        "at T4 5TH level",
        "code 12345 Pain",
        "Boston 12000 mL",
        "room 12, 10115",
        "given 10000 Units",
        "at L5 4LB load",
        "QT1 1AA segment",
        "at T4 3PH level",
        "NDC 00071-0155-23",
        "Lipitor 00071-0155-23",
        "Boston 00071-0155-23",
    ],
    strong: false,
    trigger: Trigger::Number(|scan, i, hits| match scan.digits(i) {
        5 => five_digits(scan, i, hits),
        1 | 2 => british(scan, i, hits),
        _ => {}
    }),
};

/// Most words of a town.
const MOST: usize = 3;

/// True for a word that a town may be called.
fn is_capital(scan: &Scan<'_>, i: usize) -> bool {
    matches!(scan.shape(i), Some(Shape::Capital | Shape::Upper | Shape::Mixed)) && scan.word(i).len() > 2
}

/// True when the gazetteer knows tokens `first..=last` as a town of a few thousand people or more.
fn is_town(scan: &Scan<'_>, first: usize, last: usize) -> bool {
    if first < last {
        return scan.phrase_levels(first, last).place() >= 3;
    }
    let levels = scan.levels(first);
    levels.place() >= 3 && levels.place() > levels.lower() && !scan.has(first, STOP | UNIT)
}

/// "Boston, 02139", "Lowell 01850-1234", "Hauptstraße 12, 10115", "10115 Berlin"
fn five_digits(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let long = scan.gap(i) == "-" && scan.digits(i + 1) == 4;
    let last = if long { i + 1 } else { i };
    if scan.has(last + 1, UNIT) || i > 0 && !scan.gap_before(i).ends_with([' ', ',', '\n']) {
        return;
    }
    // "NDC 00071-0155-23"
    if long && scan.gap(last) == "-" && scan.is_number(last + 1) {
        return;
    }
    let town = if !long && scan.gap(last) == " " {
        town_after(scan, last + 1)
    } else {
        None
    };
    let Some(before) = i.checked_sub(1) else {
        if let Some(end) = town {
            hits.push(scan.start(i), scan.end(end), Class::Place, 76);
        }
        return;
    };
    let near = matches!(scan.gap(before), ", " | " " | ",");
    if near && let Some(first) = street_before(scan, before) {
        let end = town.unwrap_or(last);
        hits.push(scan.start(first), scan.end(end), Class::Place, 84);
    } else if near && let Some(first) = town_before(scan, before, long) {
        hits.push(scan.start(first), scan.end(last), Class::Place, 80);
    } else if let Some(end) = town {
        hits.push(scan.start(i), scan.end(end), Class::Place, 76);
    }
}

/// The first token of the town that ends with token `end`.
fn town_before(scan: &Scan<'_>, end: usize, long: bool) -> Option<usize> {
    if !is_capital(scan, end) {
        return None;
    }
    let mut best = None;
    for back in 0..MOST {
        let Some(first) = end.checked_sub(back).filter(|first| is_capital(scan, *first)) else {
            break;
        };
        if back > 0 && !matches!(scan.gap(first), " " | "-" | ". ") {
            break;
        }
        if is_town(scan, first, end) {
            best = Some(first);
        }
    }
    // Nothing else is written with five digits, a hyphen and four.
    best.or_else(|| (long && !scan.has(end, STOP)).then_some(end))
}

/// The last token of a known town that begins with token `first`.
fn town_after(scan: &Scan<'_>, first: usize) -> Option<usize> {
    (0..MOST)
        .map(|more| first + more)
        .take_while(|last| is_capital(scan, *last) && (*last == first || matches!(scan.gap(last - 1), " " | "-")))
        .filter(|last| is_town(scan, first, *last))
        .last()
}

/// The German street whose house number is token `number`.
fn street_before(scan: &Scan<'_>, number: usize) -> Option<usize> {
    let street = number.checked_sub(1)?;
    if !(1..=4).contains(&scan.digits(number)) || !matches!(scan.gap(street), " " | ". ") {
        return None;
    }
    let word = scan.word(street).to_lowercase();
    let is_street = [
        "straße", "strasse", "str", "weg", "platz", "allee", "gasse", "ring", "damm", "ufer",
    ]
    .iter()
    .any(|end| word.ends_with(end));
    (is_street && is_capital(scan, street) && word.len() > 5).then_some(street)
}

/// The areas of British postcodes, and of the Crown dependencies.
const AREAS: &str = "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX \
    FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR \
    NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD \
    WF WN WR WS WV YO ZE";

/// "London SW1A 1AA", "postcode: M1 1AE": token `i` is the first number.
fn british(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let letters = |at: usize, most: usize| {
        let word = scan.word(at);
        (1..=most).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_uppercase())
    };
    let Some(area) = i
        .checked_sub(1)
        .filter(|area| letters(*area, 2) && scan.gap(*area).is_empty())
    else {
        return;
    };
    let out = if scan.gap(i).is_empty() && letters(i + 1, 1) {
        i + 1
    } else {
        i
    };
    let (number, unit) = (out + 1, out + 2);
    let inward = scan.gap(out) == " "
        && scan.digits(number) == 1
        && scan.gap(number).is_empty()
        && letters(unit, 2)
        && scan.word(unit).len() == 2
        && !scan.word(unit).contains(['C', 'I', 'K', 'M', 'O', 'V'])
        && !matches!(scan.word(unit), "ST" | "ND" | "RD" | "TH" | "HR")
        && !scan.has(unit, UNIT)
        && (!scan.gap(unit).is_empty() || unit + 1 >= scan.tokens.len());
    let Some(before) = area.checked_sub(1) else { return };
    let near = matches!(scan.gap(before), " " | ", " | ": " | ":" | "\n" | ",\n");
    let sign = scan.has(before, ZIP | PLACE_LABEL) || is_capital(scan, before) || scan.is(before, "is");
    // Two letters of an area and its number, or two digits, are nothing else.
    let long = scan.word(area).len() == 2 || scan.word(i).len() == 2 || out > i;
    let known = AREAS.split_ascii_whitespace().any(|known| known == scan.word(area));
    if inward && near && known && (sign || long) {
        hits.push(scan.start(area), scan.end(unit), Class::Place, 84);
    }
}
