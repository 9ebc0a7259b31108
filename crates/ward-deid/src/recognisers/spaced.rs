use super::{Recogniser, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::lex::{Scan, Shape};
use crate::lexicon::{ACCOUNT, DIGIT_WORD, FILLER, ID, MRN, PHONE, PLAN, SSN, TOP};

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const DIGITS: Recogniser = Recogniser {
    id: "spaced-digits",
    class: Class::Id,
    what: "Numbers with their digits set apart or spoken: \"1 2 3 - 4 5 - 6 7 8 9\", \"five five five one two three four\".",
    why: "Dictation and optical recognition take numbers apart.",
    source: "45 CFR 164.514(b)(2)(i); how numbers are dictated",
    yes: &[
        ("ssn 1 2 3 - 4 5 - 6 7 8 9 on", "1 2 3 - 4 5 - 6 7 8 9"),
        ("mrn is 8 8 2 1 3.", "8 8 2 1 3"),
        ("call five five five one two one two", "five five five one two one two"),
        ("number 5 5 5 8 6 7 5 3 0 9", "5 5 5 8 6 7 5 3 0 9"),
        ("mrn eight eight two one", "eight eight two one"),
    ],
    no: &[
        "scale 0 1 2 3 4 5 6 7 8 9 10",
        "1 2 3 4",
        "two or three times",
        "one two three go",
        "grades 3 3 4 4 2",
        "takes one, two or three",
    ],
    strong: false,
    trigger: Trigger::Either(DIGIT_WORD, digits),
};

/// The digit that token `i` is, as a figure or a word.
fn digit(scan: &Scan<'_>, i: usize) -> Option<u32> {
    const WORDS: [&str; 10] = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    ];
    if scan.digits(i) == 1 {
        return scan.number(i);
    }
    if scan.is(i, "oh") {
        return Some(0);
    }
    let word = WORDS.iter().position(|word| scan.is(i, word))?;
    u32::try_from(word).ok()
}

fn digits(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let apart = |gap: &str| matches!(gap, " " | " - " | "-" | " . " | ", " | " -" | "- " | "  ");
    let Some(first) = digit(scan, i) else { return };
    // From the first digit of the run only.
    if i > 0 && digit(scan, i - 1).is_some() && apart(scan.gap_before(i)) {
        return;
    }
    let mut last = i;
    let mut counts = true;
    let mut before = first;
    while apart(scan.gap(last)) && last < i + 40 {
        let Some(next) = digit(scan, last + 1) else { break };
        counts &= next == before + 1;
        before = next;
        last += 1;
    }
    let length = last - i + 1;
    // A number goes on: "1 2 3.5", "5 5 5 mg".
    let glued = !scan.gap(last).is_empty() && scan.gap(last).starts_with(['.', '/']) && scan.is_number(last + 1);
    if length < 4 || glued || scan.has(last + 1, crate::lexicon::UNIT) && scan.gap(last) == " " {
        return;
    }
    let Some(class) = announced(scan, i).or(match length {
        // "0 1 2 3 4 5 6 7 8 9 10"
        _ if counts => None,
        9 => Some(Class::Ssn),
        10 | 11 => Some(Class::Phone),
        8.. => Some(Class::Id),
        _ => None,
    }) else {
        return;
    };
    hits.push(scan.start(i), scan.end(last), class, 72);
}

/// What a word among the three before announces.
fn announced(scan: &Scan<'_>, i: usize) -> Option<Class> {
    for back in 1..=3 {
        let at = i.checked_sub(back)?;
        if scan.gap(at).contains(['.', ';', '\n']) {
            return None;
        }
        for (tag, class) in [
            (SSN, Class::Ssn),
            (MRN, Class::Mrn),
            (PHONE, Class::Phone),
            (PLAN, Class::Plan),
            (ACCOUNT, Class::Account),
            (ID, Class::Id),
        ] {
            let plain = [
                "number", "text", "group", "plan", "unit", "order", "case", "dial", "visit", "study", "health",
                "medical",
            ]
            .iter()
            .any(|word| scan.is(at, word));
            if scan.has(at, tag) && !plain {
                return Some(class);
            }
        }
        if !scan.has(at, FILLER) {
            return None;
        }
    }
    None
}

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const EMAIL: Recogniser = Recogniser {
    id: "spelled-email",
    class: Class::Email,
    what: "E-mail addresses taken apart: \"j o h n @ x . com\", \"john at example dot com\", \"john (at) example.com\".",
    why: "Addresses are dictated, and written so that machines do not see them.",
    source: "45 CFR 164.514(b)(2)(i)(F); how addresses are dictated",
    yes: &[
        ("mail john at example dot com please", "john at example dot com"),
        ("j o h n @ x . com", "j o h n @ x . com"),
        (
            "jane dot doe at mail dot example dot org",
            "jane dot doe at mail dot example dot org",
        ),
        ("jdoe[at]example[dot]com", "jdoe[at]example[dot]com"),
        ("jdoe (at) example.com", "jdoe (at) example.com"),
        ("jdoe @ example.com", "jdoe @ example.com"),
        ("Email: zeb . q @ gmail . com", "zeb . q @ gmail . com"),
    ],
    no: &[
        "look at example.com",
        "at home com",
        "a dot on the scan",
        "see him at clinic dot phrase",
        "pain at rest .com",
    ],
    strong: false,
    trigger: Trigger::Word(TOP, email),
};

fn email(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let mut at = i;
    let (mut marked, mut spoken_dot) = (false, false);
    let bracket = |gap: &str| gap.len() <= 3 && !gap.is_empty() && gap.bytes().all(|b| b" [](){}<>".contains(&b));
    // Backwards over the domain: "example dot", "example .", "example.".
    for _ in 0..6 {
        let Some(before) = at.checked_sub(1) else { return };
        if scan.is(before, "dot") && bracket(scan.gap(before)) && before > 0 && bracket(scan.gap(before - 1)) {
            (marked, spoken_dot) = (true, true);
            at = before - 1;
        } else if matches!(scan.gap(before), "." | " . " | ". " | " .") {
            marked |= scan.gap(before).len() > 1;
            at = before;
        } else {
            break;
        }
    }
    if at == i {
        return;
    }
    let Some(sign) = at.checked_sub(1) else { return };
    let gap = scan.gap(sign);
    let written = gap.contains('@') && gap.trim_matches([' ', '@']).is_empty();
    let bracketed = scan.is(sign, "at") && gap.starts_with([']', ')', '}', '>']);
    let spoken = scan.is(sign, "at") && (bracketed || spoken_dot && bracket(gap));
    if !(written && (gap.len() > 1 || marked) || spoken) {
        return;
    }
    let local = if written { Some(sign) } else { sign.checked_sub(1) };
    let Some(mut first) = local.filter(|local| written || bracket(scan.gap(*local))) else {
        return;
    };
    // "j o h n", "jane dot doe"
    while let Some(before) = first
        .checked_sub(1)
        .filter(|before| first - before < 2 && i - before < 48)
    {
        let single = |at: usize| scan.word(at).len() == 1;
        if single(first) && single(before) && matches!(scan.gap(before), " " | " . " | ".") {
            first = before;
        } else if ["dot", "underscore", "dash"].iter().any(|word| scan.is(before, word))
            && before > 0
            && scan.gap(before) == " "
        {
            first = before - 1;
        } else if matches!(scan.gap(before), "." | "_" | "-" | "") || marked && scan.gap(before) == " . " {
            first = before;
        } else {
            break;
        }
    }
    if scan.shape(first) == Some(Shape::Uncased) {
        return;
    }
    hits.push(scan.start(first), scan.end(i), Class::Email, 85);
}

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const MISREAD: Recogniser = Recogniser {
    id: "misread-digits",
    class: Class::Id,
    what: "Numbers of the form of a social security or telephone number or a date, with letters that look like digits, or broken \
           over a line: \"l23-45-67B9\", \"555-867-\\n5309\".",
    why: "Optical recognition reads O for 0 and l for 1.",
    source: "45 CFR 164.514(b)(2)(i); confusions of optical character recognition",
    yes: &[
        ("ssn l23-45-67S9 on", "l23-45-67S9"),
        ("at 555-867-\n5309.", "555-867-\n5309"),
        ("dob O3/l4/1952", "O3/l4/1952"),
        ("(SSN 123-45-\n6789)", "123-45-\n6789"),
        ("call 5S5-8G7-5309", "5S5-8G7-5309"),
    ],
    no: &[
        "S1-S2 and L5-S1",
        "B12-10-20",
        "0-5-10",
        "1OO mg",
        "I-131 10-20",
        "C5-6-7 fusion",
    ],
    strong: false,
    trigger: Trigger::Number(misread),
};

/// What each letter is misread from.
fn as_digit(b: u8) -> bool {
    b.is_ascii_digit() || b"OoQDlIi|SsBZzGg".contains(&b)
}

/// Separator and lengths of the groups of a form, its class.
const FORMS: &[(u8, &[usize], Class)] = &[
    (b'-', &[3, 2, 4], Class::Ssn),
    (b'-', &[3, 3, 4], Class::Phone),
    (b'.', &[3, 3, 4], Class::Phone),
    (b'/', &[2, 2, 4], Class::Day),
    (b'-', &[4, 2, 2], Class::Day),
];

fn misread(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let bytes = scan.text.as_bytes();
    // The run may begin with letters.
    let head = bytes.get(..scan.start(i)).unwrap_or_default();
    let lead = head
        .iter()
        .rev()
        .take(4)
        .take_while(|b| b.is_ascii_alphanumeric())
        .count();
    let start = scan.start(i) - lead;
    // From the first number of the run only, and not in the middle of a longer one.
    let before = start.checked_sub(1).and_then(|at| bytes.get(at));
    if lead > 3 || head.iter().rev().take(lead).any(u8::is_ascii_digit) || before.is_some_and(|b| b"-./_".contains(b)) {
        return;
    }
    for (separator, groups, class) in FORMS {
        if let Some((end, digits, letters, broken)) = form(bytes, start, *separator, groups) {
            let total: usize = groups.iter().sum();
            if letters + digits == total && digits * 2 > total && (letters > 0 || broken) {
                hits.push(start, end, *class, 78);
                return;
            }
        }
    }
}

/// Where a run of the given form ends, with its digits, the letters that stand for some, and whether a line breaks it.
fn form(bytes: &[u8], start: usize, separator: u8, groups: &[usize]) -> Option<(usize, usize, usize, bool)> {
    let (mut at, mut digits, mut letters, mut broken) = (start, 0, 0, false);
    for (n, group) in groups.iter().enumerate() {
        if n > 0 {
            if bytes.get(at) != Some(&separator) {
                return None;
            }
            at += 1;
            let space = bytes
                .get(at..)?
                .iter()
                .take(3)
                .take_while(|b| b.is_ascii_whitespace())
                .count();
            broken |= bytes.get(at..at + space)?.contains(&b'\n');
            if space > 0 && !broken {
                return None;
            }
            at += space;
        }
        for b in bytes.get(at..at + group)? {
            if !as_digit(*b) {
                return None;
            }
            digits += usize::from(b.is_ascii_digit());
            letters += usize::from(!b.is_ascii_digit());
        }
        at += group;
    }
    let free = !bytes.get(at).is_some_and(|b| b.is_ascii_alphanumeric());
    let ends = !bytes.get(at).is_some_and(|b| b"-/".contains(b)) || !bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
    (free && ends).then_some((at, digits, letters, broken))
}
