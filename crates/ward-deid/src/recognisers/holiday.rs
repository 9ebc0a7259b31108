use super::{Recogniser, Trigger};
use crate::Class;
use crate::dates;
use crate::find::Hits;
use crate::lex::{Scan, Shape};
use crate::lexicon::{EPONYM_HEAD, HOLIDAY};

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "holiday",
    class: Class::Day,
    what: "Days by the name of a holiday: \"Christmas 2023\", \"on Thanksgiving\", \"New Year's Eve\".",
    why: "Everybody knows the date of a holiday.",
    source: "45 CFR 164.514(b)(2)(i)(C)",
    yes: &[
        ("seen on Christmas 2023 for", "Christmas 2023"),
        ("on Christmas Day she", "Christmas Day"),
        ("after Thanksgiving 2022", "Thanksgiving 2022"),
        ("on New Year's Eve 2021", "New Year's Eve 2021"),
        ("fell on Mother's Day.", "Mother's Day"),
        ("since Labor Day weekend", "Labor Day weekend"),
    ],
    no: &[
        "Christmas disease",
        "a Christmas tree farm",
        "at new year level",
        "her mother 2 days ago",
        "in labor 2021",
        "Memorial Hospital",
        "since memorial service",
    ],
    strong: false,
    trigger: Trigger::Word(HOLIDAY, holiday),
};

/// Holidays that need "Day" or "Eve" after them, and their other meanings.
const WITH_DAY: &[&str] = &[
    "independence",
    "memorial",
    "labor",
    "veterans",
    "valentine",
    "valentines",
    "mothers",
    "fathers",
    "mother",
    "father",
    "boxing",
    "mlk",
    "presidents",
    "columbus",
    "new",
];

fn holiday(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let capital = matches!(scan.shape(i), Some(Shape::Capital | Shape::Upper)) || scan.typed_small();
    let mut last = i;
    if scan.is(i, "new") {
        if !(scan.is(i + 1, "year") || scan.is(i + 1, "years")) {
            return;
        }
        last += 1;
    }
    if matches!(scan.gap(last), "'" | "’") && scan.is(last + 1, "s") {
        last += 1;
    }
    let dayed = scan.gap(last) == " " && ["day", "eve"].iter().any(|word| scan.is(last + 1, word));
    if dayed {
        last += 1;
    }
    let longer = ["weekend", "sunday", "monday", "friday", "week"];
    if scan.gap(last) == " " && longer.iter().any(|word| scan.is(last + 1, word)) {
        last += 1;
    }
    let led = i > 0
        && scan.gap_before(i) == " "
        && [
            "on", "since", "after", "before", "around", "over", "until", "last", "this", "past", "by", "next",
        ]
        .iter()
        .any(|word| scan.is(i - 1, word));
    let year = matches!(scan.gap(last), " " | ", " | " '" | " ’")
        && scan
            .number(last + 1)
            .is_some_and(|year| (1900..=2099).contains(&year) || scan.gap(last).len() > 2 && year < 100);
    let needs_day = WITH_DAY.iter().any(|word| scan.is(i, word));
    let noun = scan.gap(last) == " " && (scan.has(last + 1, EPONYM_HEAD) || scan.is(last + 1, "tree"));
    if !capital || noun || needs_day && !dayed || !(led || year || dayed) {
        return;
    }
    if year {
        last += 1;
    }
    if dates::at(scan, i).is_none() {
        hits.push(scan.start(i), scan.end(last), Class::Day, 66);
    }
}
