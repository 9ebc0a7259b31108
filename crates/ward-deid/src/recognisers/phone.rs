use super::{Recogniser, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::lex::Scan;
use crate::lexicon::{FILLER, HONORIFIC, KIN, PHONE, ROLE, UNIT};
use crate::names::{self, Sign};

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "phone",
    class: Class::Phone,
    what: "Telephone and fax numbers: North American ones by their shape, others by a leading + or a word before them.",
    why: "A number reaches the person or the household.",
    source: "45 CFR 164.514(b)(2)(i); North American Numbering Plan; ITU-T E.164 (at most 15 digits)",
    yes: &[
        ("(Phone: 312-555-1234)", "312-555-1234"),
        ("her contact is (555) 678-1234.", "(555) 678-1234"),
        ("call 555.678.1234 ext. 12", "555.678.1234 ext. 12"),
        ("+44 20 7946 0018 in London", "+44 20 7946 0018"),
        ("tel 555-1234", "555-1234"),
        ("Phone: 5551234", "5551234"),
        ("fax: 5556781234", "5556781234"),
        ("1-800-555-0199", "1-800-555-0199"),
        ("cell 555 678 1234", "555 678 1234"),
        ("Greta's cell is 555 0192", "555 0192"),
        ("reach her at 555-0192", "555-0192"),
        ("mobile 601 555 012", "601 555 012"),
        ("Greta Quill, 601 555 012", "601 555 012"),
        ("call Dr Quill on 555 0192.", "555 0192"),
        ("from +49 (0)30 901820 today", "+49 (0)30 901820"),
        ("tel: 030-901820", "030-901820"),
        ("pager #5678, please", "5678"),
        ("her number is 555-0132", "555-0132"),
        ("or 0161 4960123 at night", "0161 4960123"),
        ("GP 020 7946 0018;", "020 7946 0018"),
        ("Manchester, 0161 496 0123", "0161 496 0123"),
        ("on 07700 900123.", "07700 900123"),
        ("mobile 07700900123", "07700900123"),
        ("- 0044 20 7946 0018\n", "0044 20 7946 0018"),
        ("- 020 7946 0019\n- 31", "020 7946 0019"),
        ("Call ext 5512 please", "5512"),
        ("Called wife at 867-5309.", "867-5309"),
        ("can be reached at 867-5309", "867-5309"),
        ("Front desk, ext. 5512", "5512"),
        ("Lab extension 5512, ask", "5512"),
        ("Called wife at 867-5309 and 555-0188", "555-0188"),
        ("tel 867-5309, 555-0177 or 555-0188.", "555-0188"),
        ("Phone: 867-5309 (h), 555-0188 (w)", "555-0188"),
        ("Fax results to 555-0177", "555-0177"),
        ("Please fax to 555-0177.", "555-0177"),
        ("Home 555-0177, seen", "555-0177"),
        ("Stable, work 555-0178", "555-0178"),
        ("Wife Susan Quill 555-0178", "555-0178"),
        ("NOK: Susan Quill (daughter) 555-0178", "555-0178"),
        ("Husband: 555-0178", "555-0178"),
        ("POA Susan 555-0178", "555-0178"),
        ("wife (555-0178)", "555-0178"),
        ("daughter, Susan Quill (555-0178), is", "555-0178"),
    ],
    no: &[
        "BP 120/80, HR 72",
        "dose 100-200 mg",
        "platelets 150 200 300",
        "cell count 5000",
        "cell count: 5551234",
        "Cell: 5551234 mg",
        "call 5551234",
        "text 3 times",
        "WBC 12.5 10.2 9.8",
        "call on 2024-01-08",
        "call if 150 2000 mg",
        "Platelets, 150 200 300",
        "cell 100 2000",
        "levels reached 250-1000 ng",
        "ferritin called high at 1000",
        "called for 300 2000 mg",
        "Platelet Trend, 210 310 415 mg",
        "lot 0161 4960123 12",
        "barcode 07700900123",
        "knee extension 120 degrees",
        "ext 2024-01-08",
        "NDC 0069-2600-66",
        "metformin NDC 00378-0234-10",
        "metformin 00378-0234-10 daily",
        "NDC: 0044-20-7946-0018",
        "Leg ext 1200 N",
        "Leg extension 1200 N",
        "Triceps ext. 4500 reps",
        "knee ext 1200",
        "codes 0044 20",
        "platelets 150-2000 and 160-2100",
        "ratio 555-0142 and 555-0143",
        "lots 555-0142, 555-0143",
        "range 150-2000 (h), 555-0188 (w)",
        "Fax result, titrate to 250-1000",
        "fax dose changes to 250-1000 mg",
        "Home 250-1000 mL",
        "at home 250-1000, then",
        "Work 200-1000 steps",
        "mother on 250-1000 metformin",
        "wife 255-1000 mL",
        "Susan Quill 255-1000",
        "sister: 500-1000",
        "ferritin (255-1000)",
        "mother has B12 (255-1100)",
        "sister (500-1000)",
        "wife (255-1000 mL)",
    ],
    strong: true,
    trigger: Trigger::Number(|scan, i, hits| {
        let before = scan.gap_before(i);
        let glued = i > 0 && (before.is_empty() || scan.is_number(i - 1) && matches!(before, "-" | "." | "/" | ","));
        if !glued {
            number(scan, i, hits);
        }
    }),
};

fn number(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let mut groups = [0_usize; 8];
    let mut count = 0;
    let mut last = i;
    let plus = scan.gap_before(i).ends_with('+');
    while let Some(slot) = groups.get_mut(count) {
        *slot = scan.digits(last);
        count += 1;
        let open = matches!(
            scan.gap(last),
            "-" | "." | " " | ") " | ")" | " (" | "‐" | " - " | "–" | ")-" | "-(" | "("
        );
        if !open || !scan.is_number(last + 1) || scan.digits(last + 1) > 8 {
            break;
        }
        last += 1;
    }
    let cue = has_cue(scan, i)
        || is_listed(scan, i)
        || is_faxed(scan, i)
        || is_of_a_place(scan, i)
        || is_of_a_relative(scan, i);
    // "pager #5678", "beeper 4-4312"
    let pager = (1..=2).any(|back| {
        i.checked_sub(back)
            .is_some_and(|at| is_pager(scan, at) && scan.gap(at).len() <= 3)
    });
    // "ext 5512"
    let inside = i
        .checked_sub(1)
        .is_some_and(|at| is_extension(scan, at) && matches!(scan.gap(at), " " | ". " | "." | ": "));
    if is_drug_code(scan, groups.get(..count).unwrap_or_default(), i, cue) {
        return;
    }
    if inside && count == 1 && (4..=6).contains(&scan.digits(i)) && is_extension_number(scan, i) {
        hits.push(scan.start(i), scan.end(i), Class::Phone, 82);
        return;
    }
    let short: usize = groups.iter().take(count.min(2)).sum();
    if pager && (3..=7).contains(&short) && !scan.has(i + count.min(2), UNIT) {
        hits.push(scan.start(i), scan.end(i + count.min(2) - 1), Class::Phone, 85);
        return;
    }
    for taken in (1..=count).rev() {
        let shape = groups.get(..taken).unwrap_or_default();
        let end = i + taken - 1;
        if is_number(scan, shape, plus, cue, i, end) && !glued_after(scan, end) {
            let bracketed = scan.gap(i).starts_with(')') && scan.gap_before(i).ends_with('(');
            let start = scan.start(i) - usize::from(plus || bracketed);
            let score = if cue || plus { 90 } else { 80 };
            hits.push(start, scan.end(extension(scan, end)), Class::Phone, score);
            return;
        }
    }
}

/// A National Drug Code: after its label, or in the groups of labeler, product and package (21 CFR 207.33).
fn is_drug_code(scan: &Scan<'_>, groups: &[usize], i: usize, cue: bool) -> bool {
    let labelled = (1..=2).any(|back| i.checked_sub(back).is_some_and(|at| scan.is(at, "ndc")));
    let grouped = matches!(groups, [4, 4, 2] | [5, 3, 2] | [5, 4, 1] | [5, 4, 2]);
    labelled || grouped && !cue && scan.gap(i) == "-" && scan.gap(i + 1) == "-"
}

/// True when the digits at `i`, which follow "ext", are an extension and no force or count: a word for telephones stands
/// before, or "ext." or "extension" does and no part of the body moves.
fn is_extension_number(scan: &Scan<'_>, i: usize) -> bool {
    const MOVES: &[&str] = &[
        "leg",
        "knee",
        "hip",
        "ankle",
        "toe",
        "arm",
        "elbow",
        "wrist",
        "finger",
        "thumb",
        "hand",
        "shoulder",
        "neck",
        "back",
        "trunk",
        "spine",
        "cervical",
        "lumbar",
        "triceps",
        "quad",
        "quads",
        "hamstring",
        "flexion",
        "flex",
        "isometric",
        "passive",
        "active",
    ];
    let measured = scan.has(i + 1, UNIT)
        || scan.gap(i) == " " && (scan.get(i + 1).is_some_and(|next| next.len() <= 2) || scan.is(i + 1, "reps"));
    let Some(at) = i.checked_sub(1).filter(|_| !measured) else {
        return false;
    };
    let spelled = scan.is(at, "extension") || scan.gap(at).starts_with(['.', ':']);
    let moves = at
        .checked_sub(1)
        .is_some_and(|before| MOVES.iter().any(|word| scan.is(before, word)));
    has_cue(scan, at) || spelled && !moves
}

fn is_number(scan: &Scan<'_>, groups: &[usize], plus: bool, cue: bool, first: usize, last: usize) -> bool {
    let total: usize = groups.iter().sum();
    if plus {
        return (8..=15).contains(&total) && groups.iter().skip(2).all(|g| *g >= 2);
    }
    if is_british(scan, groups, first, last) || is_international(scan, groups, first, last) {
        return true;
    }
    match groups {
        [3, 3, 4] => cue || scan.gap(first) != " " || is_north_american(scan, first),
        [1, 3, 3, 4] => scan.is(first, "1"),
        [10] => cue,
        // "Phone: 5551234"
        [7] => cue && scan.gap_before(first).contains(':') && !scan.has(last + 1, UNIT),
        [11] => cue && scan.word(first).starts_with(['0', '1']),
        [3, 4] => cue && (scan.gap(first) != " " || is_exchange(scan, first) && !scan.has(last + 1, UNIT)),
        // "Greta Quill, 601 555 012"
        [3, 3, 3] if !cue => {
            scan.gap(first) == " "
                && is_north_american(scan, first)
                && follows_a_name(scan, first)
                && !scan.has(last + 1, UNIT)
        }
        [1] | [2] | [3] | [4] => false,
        _ => {
            cue && (7..=15).contains(&total) && groups.len() >= 2 && !scan.has(last + 1, UNIT) && !is_date(scan, first)
        }
    }
}

/// Eleven digits (some areas have ten) that begin with 0, in the groups that British numbers are written in: Ofcom's National
/// Telephone Numbering Plan.
fn is_british(scan: &Scan<'_>, groups: &[usize], first: usize, last: usize) -> bool {
    let grouped = matches!(
        groups,
        [5, 6] | [5, 5] | [5, 3, 3] | [4, 3, 4] | [4, 7] | [3, 4, 4] | [3, 8] | [4, 3, 3]
    );
    let spaced = (first..last).all(|at| matches!(scan.gap(at), " " | "-" | ") " | ")"));
    let area = scan.word(first).as_bytes();
    let trunk = area.first() == Some(&b'0')
        && area
            .get(1)
            .is_some_and(|digit| matches!(digit, b'1'..=b'3' | b'7' | b'8'));
    grouped && spaced && trunk && !goes_on(scan, last) && !scan.has(last + 1, UNIT)
}

/// `0044 20 7946 0018`: 00 for the + of ITU-T E.164, and three groups or more.
fn is_international(scan: &Scan<'_>, groups: &[usize], first: usize, last: usize) -> bool {
    let total: usize = groups.iter().sum();
    let spaced = (first..last).all(|at| matches!(scan.gap(at), " " | "-" | ") " | ")" | " ("));
    let code = scan.word(first).strip_prefix("00").unwrap_or_default();
    let coded = (1..=3).contains(&code.len()) && !code.starts_with('0');
    coded && spaced && groups.len() >= 3 && (10..=17).contains(&total) && !goes_on(scan, last)
}

/// True when another group of digits follows in the same number; one after a comma or on the next line is another number.
fn goes_on(scan: &Scan<'_>, last: usize) -> bool {
    scan.is_number(last + 1) && !scan.gap(last).contains(['\n', ',', ';'])
}

fn is_extension(scan: &Scan<'_>, i: usize) -> bool {
    ["ext", "extn", "extension"].iter().any(|word| scan.is(i, word))
}

fn is_pager(scan: &Scan<'_>, i: usize) -> bool {
    ["pager", "beeper", "pgr", "bleep"].iter().any(|word| scan.is(i, word))
}

/// A first group from 200 up that is not round.
fn is_exchange(scan: &Scan<'_>, i: usize) -> bool {
    scan.number(i).is_some_and(|n| n > 200 && n % 100 != 0)
}

/// Two or more words of a name and a comma before the number.
fn follows_a_name(scan: &Scan<'_>, i: usize) -> bool {
    let Some(last) = i.checked_sub(1).filter(|last| scan.gap(*last) == ", ") else {
        return false;
    };
    names::backward(scan, last, Sign::Weak).is_some_and(|first| names::words(scan, first, last) >= 2)
}

/// Three groups with equal spaces, area code and exchange from 200 up and not round.
fn is_north_american(scan: &Scan<'_>, first: usize) -> bool {
    scan.gap(first + 1) == " " && is_exchange(scan, first) && is_exchange(scan, first + 1)
}

fn is_date(scan: &Scan<'_>, i: usize) -> bool {
    crate::dates::at(scan, i).is_some()
}

fn glued_after(scan: &Scan<'_>, last: usize) -> bool {
    scan.is_number(last + 1) && matches!(scan.gap(last), "-" | "." | "/" | ":")
}

/// A word for telephones among the three tokens before.
fn has_cue(scan: &Scan<'_>, i: usize) -> bool {
    for back in 1..=5 {
        let Some(at) = i.checked_sub(back) else { return false };
        if scan.gap(at).contains(['\n', ';']) || scan.gap(at).len() > 5 {
            return false;
        }
        // "her number is 555-0132", but not "the number 100-2000".
        let owned = at > 0
            && ["her", "his", "my", "their", "s", "your", "mobile", "home"]
                .iter()
                .any(|word| scan.is(at - 1, word));
        // "called wife at 867-5309", "can be reached at 867-5309"
        let called = ["called", "calling", "phoned"].iter().any(|word| scan.is(at, word));
        if called || scan.is(at, "reached") && back == 2 && scan.is(i - 1, "at") {
            return scan.gap(i) == "-";
        }
        if scan.has(at, PHONE) && (!scan.is(at, "number") || owned) && !scan.is(at, "text") {
            return true;
        }
        if !(scan.has(at, FILLER | PHONE | ROLE | KIN | HONORIFIC)
            || names::is_name_word(scan, at, Sign::Weak)
            || ["at", "on", "for", "or", "and", "home", "work", "office", "me", "him"]
                .iter()
                .any(|w| scan.is(at, w)))
        {
            return false;
        }
    }
    false
}

/// "called 555-0142 and |555-0143", "tel 555-0142, |555-0143": a number of the same form after one that has its word.
fn is_listed(scan: &Scan<'_>, i: usize) -> bool {
    const MOST: usize = 4;
    let local = |at: usize| is_local(scan, at);
    if !local(i) || scan.has(i + 2, UNIT) {
        return false;
    }
    let mut at = i;
    for _ in 0..MOST {
        let joined = ["and", "or"].iter().any(|word| at > 0 && scan.is(at - 1, word)) && scan.gap_before(at) == " ";
        let end = if joined { at - 1 } else { at };
        let apart = matches!(scan.gap_before(end), ", " | " / " | "/") || joined && scan.gap_before(end) == " ";
        // "(h), "
        let noted = end >= 3
            && matches!(scan.gap_before(end), "), " | ") ")
            && scan.gap_before(end - 1) == " ("
            && NOTED.iter().any(|word| scan.is(end - 1, word));
        let back = if noted { 3 } else { 2 };
        let Some(first) = end.checked_sub(back).filter(|first| (apart || noted) && local(*first)) else {
            return false;
        };
        if has_cue(scan, first) {
            return true;
        }
        at = first;
    }
    false
}

/// Which telephone a number in brackets says it is.
const NOTED: &[&str] = &["h", "w", "c", "m", "home", "work", "cell", "mobile", "office"];

/// Three digits, a hyphen and four digits.
fn is_local(scan: &Scan<'_>, i: usize) -> bool {
    scan.digits(i) == 3 && scan.gap(i) == "-" && scan.digits(i + 1) == 4
}

/// "Please fax to |555-0142", "Faxed results to |555-0142"
fn is_faxed(scan: &Scan<'_>, i: usize) -> bool {
    const MOST: usize = 5;
    if !is_local(scan, i) || scan.gap_before(i) != " " || !i.checked_sub(1).is_some_and(|to| scan.is(to, "to")) {
        return false;
    }
    (2..=MOST)
        .map_while(|back| i.checked_sub(back).filter(|at| scan.gap(*at) == " "))
        .any(|at| scan.is(at, "fax") || scan.is(at, "faxed"))
        && !scan.has(i + 2, UNIT)
}

/// "Home |555-0142, work |555-0143": the whole clause.
fn is_of_a_place(scan: &Scan<'_>, i: usize) -> bool {
    let Some(place) = i.checked_sub(1).filter(|_| is_local(scan, i) && is_exchange(scan, i)) else {
        return false;
    };
    let opens = scan.starts_line(place) || matches!(scan.gap_before(place), ", " | ". " | "; ");
    let ends = scan.gap(i + 1).starts_with([',', '.', ';', '\n']) || i + 2 >= scan.tokens.len();
    ["home", "work", "office"].iter().any(|word| scan.is(place, word))
        && matches!(scan.gap(place), " " | ": ")
        && opens
        && ends
}

/// "Wife Zelda Quill |555-0142", "Zelda Quill (daughter) |555-0142": nothing but a name between the relative and the number.
fn is_of_a_relative(scan: &Scan<'_>, i: usize) -> bool {
    const MOST: usize = 4;
    if !is_local(scan, i) || !is_exchange(scan, i) || scan.has(i + 2, UNIT) {
        return false;
    }
    // "Wife Zelda Quill (|555-0142)"
    let bracketed = scan.gap_before(i) == " (" && scan.gap(i + 1).starts_with(')');
    for at in (1..=MOST).map_while(|back| i.checked_sub(back)) {
        let opened = bracketed && at + 1 == i;
        if !(opened || matches!(scan.gap(at), " " | ", " | ": " | " - " | ") " | "), " | "): ")) {
            return false;
        }
        if scan.has(at, KIN) || ["nok", "poa", "proxy", "guardian"].iter().any(|word| scan.is(at, word)) {
            return true;
        }
        if !names::is_name_word(scan, at, Sign::Weak) {
            return false;
        }
    }
    false
}

/// Takes in `x12`, `ext. 12` after the number.
fn extension(scan: &Scan<'_>, last: usize) -> usize {
    let is_ext = scan.is(last + 1, "x") || is_extension(scan, last + 1);
    let near = matches!(scan.gap(last), " " | "" | ", ");
    let number = (1..=6).contains(&scan.digits(last + 2)) && matches!(scan.gap(last + 1), "" | " " | ". " | "." | ": ");
    if is_ext && near && number { last + 2 } else { last }
}
