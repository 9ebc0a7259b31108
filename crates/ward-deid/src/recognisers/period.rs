use super::{Recogniser, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::lex::Scan;

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "period",
    class: Class::Day,
    what: "Quarters and seasons of a year: \"Q1 2024\", \"third quarter of 2022\", \"spring 2023\", \"the fall of 2019\".",
    why: "Of a date, only the year may stay; a season or a quarter is finer.",
    source: "45 CFR 164.514(b)(2)(i)(C): all elements of dates except year",
    yes: &[
        ("seen in Q1 2024 for", "Q1 2024"),
        ("2023 Q4 labs", "2023 Q4"),
        ("the 3rd quarter of 2022", "3rd quarter of 2022"),
        ("in spring 2023", "spring 2023"),
        ("since the fall of 2019", "fall of 2019"),
        ("in winter 2020-2021 he", "winter 2020-2021"),
        ("SUMMER OF '19", "SUMMER OF '19"),
    ],
    no: &[
        "a fall 2019 was ruled out",
        "after a fall in 2019",
        "in 2019 he fell",
        "Q2 2000 mL",
        "q4 hours, 2024",
        "spring allergies, 2023",
        "the quarter 5 2022",
    ],
    strong: false,
    trigger: Trigger::Number(period),
};

fn year(scan: &Scan<'_>, i: usize) -> bool {
    scan.digits(i) == 4
        && scan.number(i).is_some_and(|year| (1950..=2049).contains(&year))
        && !scan.has(i + 1, crate::lexicon::UNIT)
}

fn period(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let short = scan.digits(i) == 2 && scan.gap_before(i).ends_with(['\'', '’']);
    if !(year(scan, i) || short) {
        return;
    }
    // "2023 Q4"
    if scan.is(i + 1, "q") && quarter(scan, i + 1) && matches!(scan.gap(i), " " | "-" | "/") {
        hits.push(scan.start(i), scan.end(i + 2), Class::Day, 70);
        return;
    }
    if i == 0 {
        return;
    }
    let mut last = i;
    if scan.gap(i) == "-" && year(scan, i + 1) || scan.gap(i) == "/" && scan.digits(i + 1) == 2 {
        last = i + 1;
    }
    let near = |gap: &str| matches!(gap, " " | ", " | "-" | " '" | " ’" | "/");
    let of = scan.is(i - 1, "of") || scan.is(i - 1, "in");
    let Some(word) = i
        .checked_sub(1 + usize::from(of))
        .filter(|word| near(scan.gap(*word)) && near(scan.gap(i - 1)))
    else {
        return;
    };
    // "Q1 2024", "Q1 of 2024"
    if scan.is_number(word) && word > 0 && scan.is(word - 1, "q") && quarter(scan, word - 1) {
        hits.push(scan.start(word - 1), scan.end(last), Class::Day, 70);
        return;
    }
    let is = |at: usize, words: &[&str]| words.iter().any(|word| scan.is(at, word));
    let before = |back: usize| word.checked_sub(back);
    if scan.is(word, "quarter") {
        // "3rd quarter", "third quarter"
        let first = match (before(1), before(2)) {
            (_, Some(at))
                if is(word - 1, &["st", "nd", "rd", "th"]) && scan.number(at).is_some_and(|n| (1..=4).contains(&n)) =>
            {
                at
            }
            (Some(at), _) if is(at, &["first", "second", "third", "fourth", "last"]) => at,
            _ => return,
        };
        hits.push(scan.start(first), scan.end(last), Class::Day, 70);
        return;
    }
    let season = is(word, &["spring", "summer", "autumn", "winter"]);
    // "a fall in 2019" is no season.
    let led = before(1).is_some_and(|at| {
        is(
            at,
            &[
                "in", "since", "the", "early", "late", "last", "until", "by", "from", "mid",
            ],
        )
    });
    let fall = scan.is(word, "fall") && led && !(of && scan.is(i - 1, "in"));
    if season || fall {
        hits.push(scan.start(word), scan.end(last), Class::Day, 68);
    }
}

/// `Q1` to `Q4`, with its letter at token `i`.
fn quarter(scan: &Scan<'_>, i: usize) -> bool {
    scan.gap(i).is_empty() && scan.digits(i + 1) == 1 && scan.number(i + 1).is_some_and(|n| (1..=4).contains(&n))
}
