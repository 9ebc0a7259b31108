use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::lex::Scan;
use crate::lexicon::{DATE_CUE, MONTH, UNIT};
use crate::{dates, weekday};

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "day",
    class: Class::Day,
    what: "Dates with a day or a month, as digits or words; a month and a day alone after a word such as \"on\".",
    why: "Dates of admission, discharge and treatment single a patient out; a bare year does not.",
    source: SAFE_HARBOR,
    yes: &[
        ("seen 2024-01-08.", "2024-01-08"),
        ("on 01/08/2024 at 10:30", "01/08/2024"),
        ("March 5th, 2024, for", "March 5th, 2024"),
        ("since 5 Mar 2024", "5 Mar 2024"),
        ("in Mar 2024", "Mar 2024"),
        ("diagnosed 03/2024", "03/2024"),
        ("at Mercy on 08/22, with", "08/22"),
        ("on Nov 11th '23", "Nov 11th '23"),
        ("stamp 2024-01-08T10:15:00Z", "2024-01-08T10:15:00Z"),
        ("visit on March 5", "March 5"),
        ("seen last January", "last January"),
        ("back 14.3.52, then", "14.3.52"),
        ("of 3-14-52 and", "3-14-52"),
        ("in 14 Mar 52, with", "14 Mar 52"),
        ("day 2024-008, stable", "2024-008"),
        ("week 2024-W02 then", "2024-W02"),
        ("d/c 3-9-24 home", "3-9-24"),
        ("jan 3 labs ok", "jan 3"),
        ("in march 2021 he", "march 2021"),
        ("le 8 janvier 2024 il", "8 janvier 2024"),
        ("am 8. Januar 2024 war", "8. Januar 2024"),
        ("of the 4th of March, 1972.", "the 4th of March, 1972"),
        ("came the 3rd of May with", "the 3rd of May"),
        ("the fourteenth of March 1952, he", "fourteenth of March 1952"),
        ("scan of 2024/03 shows", "2024/03"),
        ("scan of 2024-03 shows", "2024-03"),
        ("am 17-III-1951 in", "17-III-1951"),
        ("Surgery 03052024 went", "03052024"),
        ("labs 03/05 ok", "03/05"),
        ("LMP 3/5 regular", "3/5"),
        ("catheter removed 4/11.", "4/11"),
        ("EGD 10/3 by", "10/3"),
        ("missed her 4/14 appointment today", "4/14"),
        ("records faxed 3-2-21, read", "3-2-21"),
        ("per the note of 9/30: stable", "9/30"),
        ("boy will return 11/30.", "11/30"),
        ("RTC 3/15 for labs", "3/15"),
        ("your mammogram is 3/14 at 9", "3/14"),
        ("dose due 12/4, then", "12/4"),
        ("DOS 030424", "030424"),
        ("DOS: 030424 bill", "030424"),
        ("DOS 03122024", "03122024"),
        ("Date of service 12032024", "12032024"),
        ("LMP=240304", "240304"),
        ("Date of service 030424", "030424"),
        ("date of admission: 240304", "240304"),
        ("Date: 030424", "030424"),
        ("off the week of 3/4, back", "3/4"),
        ("begins week of 12/30 at", "12/30"),
        ("week of 3/4", "3/4"),
        ("week ending 03/21", "03/21"),
        ("for the wk beginning 3/14, back", "3/14"),
        ("Week starting 3/15", "3/15"),
        ("w/e 03/21", "03/21"),
        ("Svc date 031224", "031224"),
        ("Admission date 03122024 to", "03122024"),
        ("Appointment 030424", "030424"),
        ("Appt: 030424 at 9", "030424"),
    ],
    no: &[
        "BP 120/80",
        "strength 5/5 in all",
        "take 1/2 tablet on Monday",
        "L4/5 disc",
        "2-0 suture",
        "12/8 mmHg",
        "in 2023",
        "may 5 mg help",
        "Ca 9.1, K 4.2",
        "a 3/6 murmur",
        "ratio 1.2.3",
        "may be seen",
        "the first may 3 days later",
        "10-12-20 mg",
        "take 1-15-30 mg",
        "1.2.24 Results",
        "platelets 10121952",
        "8 mars 12 kg",
        "a 2010-12 cohort",
        "type 2-III-4000",
        "power 3/5 and 4/5 today",
        "2000/05 mL",
        "2000-250 mL of water",
        "surgeon removed 4/11 nodes",
        "a murmur of 3/6, soft",
        "the 3/6 murmur",
        "return 3/4 of the tablets",
        "Strength return 4/5",
        "Return 4/7 with",
        "RTC 3/12 for",
        "Biopsy is 2/3 normal",
        "Mammogram is 4/5",
        "DOS 999999",
        "DOS 99992024",
        "lot 03122024",
        "DOS 134524",
        "DOS 0304241",
        "up to date 101112 people",
        "WBC 030424",
        "lot 030424",
        "a week of 1/2 tablets",
        "two weeks of 3/4 doses",
        "strength ending 4/5",
        "dose starting 3/15 strength",
        "w/e 4/5 strength",
        "w/o 120/80",
        "week ending 3/4 tablets",
        "a weak ending 3/4 of it",
        "up to date 030424 samples",
        "out of date 030424",
        "appointments 030424",
        "appointment number 030424",
        "appointment 3",
        "Appointment 993124",
        "service 030424",
        "Svc date 994424",
        "update 030424",
    ],
    strong: false,
    trigger: Trigger::Either(MONTH, day),
};

fn day(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    // "d/c 3-9-24"
    let left = i > 1 && scan.is(i - 1, "c") && scan.is(i - 2, "d") && scan.gap(i - 2) == "/";
    let cue = left && is_beside(scan, i) || is_cued(scan, i);
    let spelled = if scan.has(i, MONTH) {
        dates::foreign::spelled_before(scan, i)
    } else {
        None
    };
    let closed = || dates::six_digits(scan, i).or_else(|| dates::eight_digits(scan, i));
    if let Some(found) = Some(i).filter(|_| is_asked_for(scan, i)).and_then(|_| closed()) {
        hits.push(found.start, found.end, Class::Day, 90);
    } else if let Some(found) = spelled.or_else(|| dates::at(scan, i)) {
        let bare = found.day.is_none();
        let quantity = scan.has(found.last + 1, UNIT) && matches!(scan.gap(found.last), " " | "" | "-");
        let score = if bare { 65 } else { 90 };
        // "the 4th of March, 1972"
        let the = i.checked_sub(1).filter(|the| {
            scan.is(*the, "the") && scan.gap(*the) == " " && scan.is(i + 2, "of") && found.start == scan.start(i)
        });
        // "04/23: CT of the chest"
        let heads =
            bare && scan.starts_line(i) && scan.gap(found.last).starts_with(':') && !scan.is_number(found.last + 1);
        let closes = bare && (closes_a_clause(scan, i, found.last) || opens_an_event(scan, i, found.last));
        if found.certain || heads || closes || the.is_some() || (cue && !quantity) || (!bare && is_labelled(scan, i)) {
            hits.push(
                the.map_or(found.start, |the| scan.start(the)),
                found.end,
                Class::Day,
                score,
            );
        }
    } else if scan.has(i, MONTH) && is_bare_month(scan, i) {
        // "last July": the word says which.
        let relative = ["last", "next", "this"].iter().any(|word| scan.is(i - 1, word));
        let first = if relative { i - 1 } else { i };
        hits.push(scan.start(first), scan.end(i), Class::Day, 65);
    }
}

/// True after a label that only a date can follow: "DOS 030424", "Date of service: 030424", "Date: 030424".
fn is_asked_for(scan: &Scan<'_>, i: usize) -> bool {
    let Some(before) = i.checked_sub(1) else { return false };
    let is = |at: usize, words: &[&str]| words.iter().any(|word| scan.is(at, word));
    let mark = scan.gap(before).trim();
    let short = is(before, &["dos", "doa", "doi", "lmp", "edd", "edc"])
        || before >= 2 && scan.is(before - 2, "date") && scan.is(before - 1, "of")
        || is(before, &["appointment", "appt"])
        || before >= 1 && scan.is(before, "date") && scan.gap(before - 1) == " " && is(before - 1, DATED);
    let label = matches!(mark, ":" | "=") && scan.is(before, "date");
    (short && matches!(mark, "" | ":" | "=") || label) && !scan.gap(before).contains('\n')
}

/// What has a date, as it stands before "date": "Svc date 030424".
const DATED: &[&str] = &[
    "svc",
    "service",
    "visit",
    "admit",
    "admission",
    "discharge",
    "appointment",
    "appt",
    "surgery",
    "procedure",
    "exam",
    "collection",
];

/// What stands between a date and the word before it that makes it one.
fn is_beside(scan: &Scan<'_>, i: usize) -> bool {
    matches!(scan.gap_before(i), " " | ": " | ":" | " (" | "\n")
}

/// "Strength return 4/5", "biopsy is 2/3 normal": a part of few; "RTC 3/12": months, weeks or days as written in Britain.
fn is_part_or_term(scan: &Scan<'_>, i: usize) -> bool {
    match (scan.number(i), scan.number(i + 1)) {
        (Some(part), Some(of)) => of <= 5 && part <= of || matches!(of, 7 | 12 | 52),
        _ => false,
    }
}

/// True when a word before token `i` makes a date of it, or before the dates it is listed with: "seen 3/5, 3/9 and 3/12".
fn is_cued(scan: &Scan<'_>, i: usize) -> bool {
    let mut at = i;
    for _ in 0..8 {
        let Some(before) = at.checked_sub(1) else { return false };
        // "labs 3/5", "her mammogram is 3/14"
        let of = if before > 0 && scan.is(before, "is") {
            before - 1
        } else {
            before
        };
        let comes_back = scan.is(of, "rtc");
        let no_day = (comes_back || of < before) && is_part_or_term(scan, i);
        let event = || !no_day && EVENTS.iter().any(|word| scan.is(of, word));
        if is_beside(scan, at) && (scan.has(before, DATE_CUE) || event()) {
            return true;
        }
        // "the week of 3/4", not "a week of 3/4 tablets"
        let week = before >= 1 && scan.is(before, "of") && (scan.is(before - 1, "week") || scan.is(before - 1, "wk"));
        if week
            && scan.gap(before) == " "
            && (before >= 2 && scan.is(before - 2, "the") || !is_part_or_term(scan, i) || ends_clause(scan, i + 1))
        {
            return true;
        }
        // "week ending 03/21"
        let bounds = ["ending", "beginning", "commencing", "starting"]
            .iter()
            .any(|word| scan.is(before, word));
        if bounds && is_beside(scan, at) && before > 0 && (scan.is(before - 1, "week") || scan.is(before - 1, "wk")) {
            return true;
        }
        // "w/e 03/21"
        let short = before > 0 && scan.is(before, "e") && scan.is(before - 1, "w") && scan.gap(before - 1) == "/";
        if short && is_beside(scan, at) && !is_part_or_term(scan, i) {
            return true;
        }
        // "Mon 4/3"
        if matches!(scan.gap_before(at), " " | ", " | ". ") && weekday::inside(scan.word(before)).is_some() {
            return true;
        }
        // "3/5 and 3/12", "3/5, 3/12"
        let joined = ["and", "to", "then"].iter().any(|word| scan.is(before, word)) && is_beside(scan, at);
        let end = if joined {
            before.checked_sub(1)
        } else {
            matches!(scan.gap_before(at), ", " | " & " | ",").then_some(before)
        };
        let Some(first) = end.and_then(|end| end.checked_sub(1)) else {
            return false;
        };
        let listed = scan.gap(first) == "/" && dates::at(scan, first).is_some_and(|found| found.last == first + 1);
        if !listed {
            return false;
        }
        at = first;
    }
    false
}

/// "her 4/14 appointment"
fn opens_an_event(scan: &Scan<'_>, i: usize, last: usize) -> bool {
    const AFTER: &[&str] = &[
        "appointment",
        "appt",
        "visit",
        "note",
        "labs",
        "scan",
        "admission",
        "surgery",
    ];
    scan.gap(last) == " "
        && AFTER.iter().any(|word| scan.is(last + 1, word))
        && i > 0
        && ["her", "his", "their", "the", "from", "missed", "my", "your"]
            .iter()
            .any(|word| scan.is(i - 1, word))
}

/// What happens on a day, as it stands right before one: "Surgery 03052024", "labs 03/05", "LMP 3/5".
const EVENTS: &[&str] = &[
    "surgery",
    "operation",
    "operated",
    "lab",
    "labs",
    "lmp",
    "edd",
    "edc",
    "appt",
    "appointment",
    "biopsy",
    "colonoscopy",
    "mammogram",
    "procedure",
    "delivered",
    "vaccinated",
    "hospitalized",
    "hospitalised",
    "readmitted",
    "egd",
    "ercp",
    "cath",
    "cxr",
    "faxed",
    "mailed",
    "extubated",
    "intubated",
    "transferred",
    "rtc",
];

/// The same for words after which two numbers may also be a count ("removed 4/11 nodes"): only where the clause ends.
const DEEDS: &[&str] = &[
    "removed",
    "placed",
    "inserted",
    "pulled",
    "drawn",
    "collected",
    "done",
    "performed",
    "started",
    "stopped",
    "resumed",
    "completed",
    "repeated",
    "signed",
    "fell",
    "return",
    "due",
];

/// What is written on a day, before "of": "note of 9/30".
const PAPERS: &[&str] = &[
    "note", "notes", "report", "letter", "labs", "scan", "visit", "film", "study", "result", "results", "message",
];

/// True for a day without a year after a deed or a paper, at the end of a clause.
fn closes_a_clause(scan: &Scan<'_>, i: usize, last: usize) -> bool {
    let Some(before) = i.checked_sub(1).filter(|_| scan.gap_before(i) == " ") else {
        return false;
    };
    let among = |at: usize, words: &[&str]| words.iter().any(|word| scan.is(at, word));
    if among(before, &["return", "due"]) && is_part_or_term(scan, i) {
        return false;
    }
    let said = among(before, DEEDS) || before > 0 && scan.is(before, "of") && among(before - 1, PAPERS);
    said && ends_clause(scan, last)
}

fn ends_clause(scan: &Scan<'_>, last: usize) -> bool {
    scan.gap(last).starts_with(['.', ',', ';', ')', ':', '\n']) || last + 1 >= scan.tokens.len()
}

fn is_labelled(scan: &Scan<'_>, i: usize) -> bool {
    matches!(scan.gap_before(i), ": " | ":" | " (" | "(")
}

/// A month without day and year: capitalised, after a word that makes it a time.
fn is_bare_month(scan: &Scan<'_>, i: usize) -> bool {
    let Some(before) = i.checked_sub(1) else { return false };
    let long = scan.word(i).len() > 4 || scan.is(i, "june") || scan.is(i, "july");
    let cue = [
        "between", "in", "since", "last", "until", "early", "late", "mid", "during", "next", "this", "from", "through",
    ]
    .iter()
    .any(|word| scan.is(before, word));
    let capital = scan.word(i).chars().next().is_some_and(char::is_uppercase);
    long && capital && cue && matches!(scan.gap_before(i), " " | "-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dispatch::{Dispatch, recognise};
    use crate::recognisers::RECOGNISERS;

    #[test]
    fn finds_every_day_of_a_list() {
        let only = Dispatch::of(|i| RECOGNISERS.get(i).is_some_and(|other| other.id == "day"));
        for (text, expect) in [
            ("Seen 3/5 and 3/12", &["3/5", "3/12"][..]),
            ("Seen 3/5, 3/9 & 3/12.", &["3/5", "3/9", "3/12"]),
            ("strength 3/5 and 4/5", &[]),
        ] {
            let hits = recognise(&Scan::new(text), &only);
            let found: Vec<_> = hits.iter().map(|hit| &text[hit.span.start..hit.span.end]).collect();
            assert_eq!(found, expect, "{text}");
        }
    }
}
