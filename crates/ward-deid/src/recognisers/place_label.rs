use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::lex::{Scan, Shape};
use crate::lexicon::{
    AMBIGUOUS, FACILITY, FACILITY_LABEL, PLACE_LABEL, STATE, STREET, UNIT, UNIT_OF_ADDRESS, WORD_NAME,
};

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "place-label",
    class: Class::Place,
    what: "What stands on a header line after \"Address:\", \"City:\", \"Facility:\", \"Employer:\" and the like.",
    why: "Headers of notes and letters give the household and the place of care.",
    source: SAFE_HARBOR,
    yes: &[
        ("Address: 12 Elm Street, Springfield\n", "12 Elm Street, Springfield"),
        ("City: Springfield", "Springfield"),
        ("Facility: Lakeside Family Practice\n", "Lakeside Family Practice"),
        ("INSURANCE: Chesapeake Trust, member ID K1", "Chesapeake Trust"),
        ("Location: Unit 4 West  Room 12", "Unit 4 West"),
        ("Location: Oddville   Phone: 1", "Oddville"),
        ("Location: Temple\n", "Temple"),
        ("Home address: 12 Mill Apt 2", "12 Mill Apt 2"),
        ("Mailing address: 9 Church\n", "9 Church"),
        ("Home address: 12 Mill Apt 2, verified with daughter", "12 Mill Apt 2"),
        ("Home address: 12 Mill apt 2 verified", "12 Mill apt 2"),
        ("Home Address: 12 Mill, oddville\n", "12 Mill, oddville"),
        (
            "Home address: 12 Mill of the Winds, Oddville",
            "12 Mill of the Winds, Oddville",
        ),
        ("Stable. Home address: 12 Mill Apt 2", "12 Mill Apt 2"),
        ("home address: 12 Mill Apt 2 Phone: 3", "12 Mill Apt 2"),
        ("Home address:\n12 Mill Apt 2\nStable", "12 Mill Apt 2"),
        ("Current address: 12 Mill Apt 2. Lives alone", "12 Mill Apt 2"),
        ("Pt address: 12B Mill", "12B Mill"),
        ("Her home address is 12 Mill Apt 2.", "12 Mill Apt 2"),
        ("Address: 12 Mill, Oddville</li><li>Diet: regular", "12 Mill, Oddville"),
        ("Address: 12 Mill <Apt 4> Oddville", "12 Mill <Apt 4> Oddville"),
        ("Address: 12 Mill<br>Elko", "12 Mill"),
        ("Address: 12 Mill<br/>Oddville NV", "Oddville NV"),
        ("Address: 12 Mill</p><p>Oddville IL 62704</p>", "Oddville IL 62704"),
        ("Address: 12 Mill<br>Apt 4", "Apt 4"),
        ("Location: Denver    Duration: 30 min", "Denver"),
        ("Site: Boston    Stage: II", "Boston"),
        ("Location: Fresno VA    Duration: 2 h", "Fresno VA"),
        ("Location: Camp Pendleton    Onset: May", "Camp Pendleton"),
        ("Site: Maplewood SNF   Size: 4", "Maplewood SNF"),
        ("Location: Froedtert    Duration: 45 min", "Froedtert"),
        ("Address: 12 Mill<br>Unit 12B", "Unit 12B"),
        ("Address: 12 Mill<br>c/o Zelda Quill", "c/o Zelda Quill"),
    ],
    no: &[
        "address: the cause of pain",
        "Issues: none<br>Apt 4",
        "Location: left knee",
        "Location: Sacrum   Stage: II",
        "Site: Medial Thigh",
        "Location: Hip L",
        "Site: Vastus Lateralis   Lot: 4",
        "Location: RLQ   Quality: Sharp",
        "Site: Deltoid L   Lot: 4",
        "Location: Substernal    Duration: 30 min",
        "Location: Suprapubic    Onset: sudden",
        "Location: Substernal, radiating to L arm   Duration: 20 min",
        "Location: Olecranon   Size: 2 cm",
        "lesion location: superior",
        "Address the pain",
        "school performance",
        "Site: right arm",
        "Insurance: denied",
        "Will address: Pain",
        "Issues to address: Pain",
        "Home address: unknown",
        "Home address the pain",
        "Went home address: Pain",
        "Home address: 24 hr caregiver present",
        "Home address: 24 Hours caregiver",
        "Home address: 2nd floor walkup",
        "Home address: 3 steps to enter",
        "Home address:\n3 steps to enter",
        "Home address is 12 miles away",
        "Issues to address: 2 Falls",
        "To address is 12 Mill",
    ],
    strong: false,
    trigger: Trigger::Word(PLACE_LABEL | FACILITY_LABEL, line),
};

/// Longest value read.
const LONGEST: usize = 120;

/// Where the first sentence of `value` ends: "Aetna member ID X12. His mother died", but not "St. Mary".
fn sentence(value: &str) -> usize {
    let bytes = value.as_bytes();
    for (at, _) in value.match_indices('.') {
        let word = bytes.get(..at).unwrap_or_default();
        let long = word.iter().rev().take_while(|b| b.is_ascii_alphanumeric()).count();
        let number = word.last().is_some_and(u8::is_ascii_digit);
        let next = bytes.get(at + 1).copied().unwrap_or(b' ');
        if (long >= 4 || number) && (next == b' ' || next.is_ascii_uppercase()) {
            return at;
        }
    }
    value.len()
}

/// The number of the house after "Home address:", "Her home address is", where a capitalised word follows it.
fn house(scan: &Scan<'_>, i: usize) -> Option<usize> {
    const WHOSE: &[&str] = &[
        "home",
        "mailing",
        "postal",
        "street",
        "residential",
        "permanent",
        "current",
        "pt",
        "patient",
    ];
    let before = i.checked_sub(1)?;
    let owned = scan.gap(before) == " " && WHOSE.iter().any(|word| scan.is(before, word));
    let said = scan.gap(i) == " " && scan.is(i + 1, "is") && scan.gap(i + 1) == " ";
    let labelled = matches!(scan.gap(i).trim_matches([' ', '\t', '\r']), ":" | ":\n" | ":\r\n");
    let number = if said { i + 2 } else { i + 1 };
    let lettered = scan.gap(number).is_empty() && scan.shape(number + 1) == Some(Shape::Initial);
    let street = if lettered { number + 2 } else { number + 1 };
    let named = scan.gap(street - 1) == " "
        && matches!(scan.shape(street), Some(Shape::Capital | Shape::Upper))
        && !scan.has(street, UNIT);
    let house = scan.is(i, "address") && owned && (said || labelled) && (1..=6).contains(&scan.digits(number));
    (house && named).then_some(number)
}

/// The end of an address that begins with token `at`, before the first word in small letters that belongs to none.
fn before_small(scan: &Scan<'_>, at: usize, end: usize) -> usize {
    const JOINING: &[&str] = &["of", "the", "on", "upon", "de", "la", "del"];
    let small = |i: usize| scan.shape(i) == Some(Shape::Lower);
    let joining = |i: usize| JOINING.iter().any(|word| scan.is(i, word)) && scan.gap_before(i) != ", ";
    let mut last = at;
    while scan.end(last + 1) <= end && last + 1 < scan.tokens.len() {
        let next = last + 1;
        let joined = joining(next) && (!small(next + 1) || joining(next + 1) && !small(next + 2));
        let own = scan.has(next, STREET | UNIT_OF_ADDRESS) || scan.gap(last).is_empty();
        if small(next) && !joined && !own {
            break;
        }
        last = next;
    }
    scan.end(last)
}

fn line(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let gap = scan.gap(i);
    if !gap.trim_start().starts_with(':')
        || gap.contains('\n')
        || scan.shape(i) == Some(Shape::Lower) && !scan.starts_line(i)
    {
        if let Some(first) = house(scan, i) {
            let end = scan.start(first) + value(scan, i, first).len();
            hits.push(scan.start(first), before_small(scan, first, end), Class::Place, 82);
        }
        return;
    }
    let first = i + 1;
    let start = scan.start(first);
    let value = value(scan, i, first);
    let capital = matches!(
        scan.shape(first),
        Some(Shape::Capital | Shape::Upper | Shape::Mixed | Shape::Number)
    );
    let body = [
        "left",
        "right",
        "upper",
        "lower",
        "bilateral",
        "anterior",
        "posterior",
        "superior",
        "chest",
        "abdomen",
        "none",
        "unknown",
        "rlq",
        "llq",
        "ruq",
        "luq",
    ]
    .iter()
    .any(|word| scan.is(first, word))
        || (scan.is(i, "location") || scan.is(i, "site"))
            && (is_of_body(scan, first, start + value.len()) || is_examined(scan, first, start + value.len()));
    if capital && !body && !value.is_empty() {
        let class = if scan.has(i, PLACE_LABEL) {
            Class::Place
        } else {
            Class::Facility
        };
        hits.push(start, start + value.len(), class, 82);
        if class == Class::Place {
            lines_below(scan, start + value.len(), hits);
        }
    }
}

/// True for a value up to byte `end` of which no word names a place or somebody, where the next label is one of a wound, a pain or an
/// injection: "Site: Vastus Lateralis   Lot: 4", but not "Location: Denver   Duration: 30 min".
fn is_examined(scan: &Scan<'_>, first: usize, end: usize) -> bool {
    #[rustfmt::skip]
    const WOUND: &[&str] = &[
        "lot", "gauge", "route", "dose", "stage", "size", "depth", "drainage", "dressing", "appearance", "laterality",
    ];
    // A pain may have begun at a place that nobody lists: "Location: Fallujah   Onset: 2004".
    const PAIN: &[&str] = &[
        "quality",
        "radiation",
        "radiates",
        "severity",
        "duration",
        "onset",
        "intensity",
        "character",
    ];
    let next = scan.token_at(end);
    let is = |words: &[&str]| words.iter().any(|word| scan.is(next, word));
    let of_body = |at: usize| {
        let ends = ["al", "ic", "ar", "ium", "oid", "thorax"];
        scan.word(at).len() > 7 && ends.iter().any(|end| scan.word(at).to_ascii_lowercase().ends_with(end))
    };
    let listed = |at: usize| scan.all_levels(at).is_listed() || scan.tags(at) != 0 || of_body(at);
    // "Substernal, radiating to L arm"
    let told =
        |at: usize| scan.shape(at) == Some(Shape::Lower) && scan.word(at).len() > 3 && scan.all_levels(at).lower() >= 2;
    let apart = matches!(scan.gap_before(next).trim_matches([' ', '\t']), "" | "," | ";" | "|");
    apart
        && scan.gap(next).starts_with(':')
        && (is(WOUND)
            || is(PAIN) && ((first..next).all(|at| is_side(scan, at) || listed(at)) || (first..next).any(told)))
        && (first..next).all(|at| is_side(scan, at) || !names_a_place(scan, at))
}

/// True for a word that names a place, a facility or somebody as often as it stands in small letters.
fn names_a_place(scan: &Scan<'_>, at: usize) -> bool {
    let levels = scan.all_levels(at);
    let named = levels.given().max(levels.surname()).max(levels.place());
    scan.tags(at) & (STREET | STATE | FACILITY | PLACE_LABEL) != 0 || named > 0 && named >= levels.lower()
}

/// "Hip L"
fn is_side(scan: &Scan<'_>, at: usize) -> bool {
    matches!(scan.word(at), "L" | "R")
}

/// True for a value up to byte `end` whose words stand in small letters in medical texts far more often than they name anything:
/// "Sacrum", "Medial Thigh", "Emergency Department", but not "Unit 4 West", "Elm Street".
fn is_of_body(scan: &Scan<'_>, first: usize, end: usize) -> bool {
    const MOST: usize = 6;
    let count = (first..first + MOST + 1)
        .take_while(|at| *at < scan.tokens.len() && scan.end(*at) <= end)
        .count();
    let ordinary = |at: usize| !names_a_place(scan, at) && scan.all_levels(at).lower() >= 2;
    (1..=MOST).contains(&count) && (first..first + count).all(|at| ordinary(at) || at > first && is_side(scan, at))
}

/// True for a tag of a page at byte `at` of `text`: `</p>`, `<br>`, `<td class=..`.
fn is_tag(text: &str, at: usize) -> bool {
    let rest = text.as_bytes().get(at + 1..).unwrap_or_default();
    let closes = usize::from(rest.first() == Some(&b'/'));
    let name = rest.get(closes..).unwrap_or_default();
    let len = name.iter().take_while(|b| b.is_ascii_alphanumeric()).count();
    let small = name.iter().take(len).any(u8::is_ascii_lowercase);
    len > 0
        && (closes > 0
            || name.get(len) == Some(&b'>')
            || name.get(len) == Some(&b'/')
            || small && name.first().is_some_and(u8::is_ascii_lowercase))
}

/// The other lines of an address in a page: "12 Mill Rd<br>|Elko NV|", "12 Mill Rd</p><p>|Apt 4|".
fn lines_below(scan: &Scan<'_>, mut end: usize, hits: &mut Hits) {
    const MOST: usize = 4;
    for _ in 0..MOST {
        let Some(start) = next_line(scan.text, end) else { return };
        let breaks = scan
            .text
            .get(end..start)
            .is_some_and(|tags| tags.to_ascii_lowercase().contains("<br"));
        let rest = scan.text.get(start..).unwrap_or_default();
        let stop = rest
            .bytes()
            .take(LONGEST)
            .position(|b| b"<\n\r|;:(".contains(&b))
            .unwrap_or(rest.len().min(LONGEST));
        let Some(line) = rest.get(..stop) else { return };
        // Another column stands apart: "Elko NV    Phone: ..".
        let own = line.split("  ").next().unwrap_or_default();
        let labelled = own.len() == line.len() && rest.as_bytes().get(stop) == Some(&b':');
        end = start + own.trim_end_matches([' ', '.', ',']).len();
        if labelled
            || !(is_of_address(scan, start, end) || breaks && is_capital(scan.text.get(start..end).unwrap_or_default()))
        {
            return;
        }
        hits.push(start, end, Class::Place, 82);
    }
}

/// Where the text behind the end of a line in a page begins, which stands at byte `at` of `text`.
fn next_line(text: &str, at: usize) -> Option<usize> {
    const ENDS: &[&str] = &["<br>", "<br/>", "<br />", "</p><p>", "</div><div>", "</span><span>"];
    let rest = text.get(at..)?;
    let tag = rest.trim_start_matches([' ', '.', ',']);
    let ends = |end: &&&str| tag.get(..end.len()).is_some_and(|head| head.eq_ignore_ascii_case(end));
    let behind = tag.get(ENDS.iter().find(ends)?.len()..)?;
    Some(text.len() - behind.trim_start().len())
}

/// True for a short line whose words begin with a capital, a figure or `#`, as the lines of an address do: "Salt Lake City UT",
/// "Village of Elko", "2nd Floor".
fn is_capital(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let small = |word: &str| matches!(word, "of" | "the" | "and");
    let capital = |word: &str| word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || c == '#');
    line.split_whitespace().count() <= 6
        && words.all(|word| capital(word) || small(word))
        && line.starts_with(|c: char| !c.is_lowercase())
}

/// True for what an address goes on with: "Apt 4", "c/o Zelda Quill", "Elko", "Elko NV 89801".
fn is_of_address(scan: &Scan<'_>, start: usize, end: usize) -> bool {
    const MOST: usize = 6;
    let first = scan.token_at(start);
    let last = scan.token_at(end).saturating_sub(1);
    if last < first || last - first >= MOST || scan.start(first) != start {
        return false;
    }
    let capital = |at: usize| matches!(scan.shape(at), Some(Shape::Capital | Shape::Upper | Shape::Mixed));
    let unit = scan.has(first, UNIT_OF_ADDRESS) && first < last && scan.digits(first + 1) <= 5;
    let in_care = scan.is(first, "c") && scan.gap(first) == "/" && scan.is(first + 1, "o") && capital(first + 2);
    let zip = scan.digits(last) == 5 && first < last;
    let state = last - usize::from(zip);
    let city = |last: usize| {
        (first..=last).all(|at| capital(at) && scan.tags(at) & !(STATE | STREET | WORD_NAME | AMBIGUOUS) == 0)
            && (scan.phrase_levels(first, last).place() > 0 || scan.levels(first).lower() == 0)
    };
    unit || in_care || state > first && scan.has(state, STATE) && city(state - 1) || city(last)
}

/// What stands after the label at token `i`, from token `first` to the end of the line, the sentence or the cell, or the next label.
fn value<'t>(scan: &Scan<'t>, i: usize, first: usize) -> &'t str {
    let start = scan.start(first);
    let rest = scan.text.get(start..).unwrap_or("");
    let mut end = rest.len().min(LONGEST);
    while !rest.is_char_boundary(end) {
        end -= 1;
    }
    let mut value = rest.get(..end).unwrap_or("");
    for stop in ["\n", "\r", "  ", "\t", "|", ";"] {
        value = value.split(stop).next().unwrap_or("");
    }
    // "12 Mill, Oddville</li>", but not "12 Mill <Apt 4>"
    let tag = value.match_indices('<').find(|(at, _)| is_tag(value, *at));
    value = tag.and_then(|(at, _)| value.get(..at)).unwrap_or(value);
    // A label further on ends the value: "City: Erie Phone: ..".
    if let Some(colon) = value.find(':') {
        value = value
            .get(..colon)
            .and_then(|v| v.rsplit_once(' '))
            .map_or("", |(v, _)| v);
    }
    if !scan.has(i, PLACE_LABEL) {
        value = value.split(", ").next().unwrap_or("");
    }
    value = value.get(..sentence(value)).unwrap_or(value);
    // "M20 2QR. Tel 0161 496 0123"
    for stop in [". Tel", ". Phone", ". Mob", ". Fax", ". Email", ", Tel", ", Phone"] {
        value = value.split(stop).next().unwrap_or("");
    }
    value.trim_end_matches([' ', '.', ','])
}
