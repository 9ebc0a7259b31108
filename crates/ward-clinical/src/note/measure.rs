//! Laboratory results and vital signs in notes: name, value, unit, flag.

use super::{Scan, cues::bit, pack, words::Sort};
use crate::{
    fact::{FactKind, Section},
    lexicon::{conditions, measures},
    when,
};

/// Words that may stand between a test and its value.
#[rustfmt::skip]
const BETWEEN: &[&str] = &[
    "after", "post", "of", "was", "is", "at", "level", "levels", "count", "today", "measured", "came", "back", "to",
    "now", "currently", "elevated", "high", "low", "result", "reading", "value", "approximately", "about", "up",
    "down", "are", "were", "stable", "normal", "improved", "increased", "decreased", "rose", "fell", "dropped",
    "score", "only", "down", "risen", "fallen", "has", "had", "been", "and", "a", "the", "in", "clinic", "office",
    "on", "room", "air", "her", "his", "remains", "went", "climbed", "less", "greater", "more", "lower", "higher", "than", "below",
    "above", "under", "over",
];

/// Words after a number that make it a time, not a value.
#[rustfmt::skip]
const TIMES: &[&str] = &[
    "day", "days", "week", "weeks", "month", "months", "year", "years", "hour", "hours", "minutes", "times", "am",
    "pm", "a.m", "p.m", "visits", "tablets", "tablet", "refills", "pack", "packs", "years-old", "st", "nd", "rd",
    "th", "o'clock", "siblings",
];

/// Words before a measurement that make its value one to be reached, or one that may come.
const NOT_MEASURED: &[&str] = &[
    "if", "unless", "until", "goal", "target", "keep", "maintain", "should", "falls",
];

/// Words of orders that hang on a value: "hold for HR < 60".
const ORDERS: &[&str] = &["hold", "call", "notify", "page", "parameters"];

/// Whether the value of the measurement at token `at` is one that was not measured.
fn is_condition(scan: &Scan<'_>, at: usize) -> bool {
    let right_before = |list: &[&str]| scan.has(at.saturating_sub(1), at, list);
    // "Hold HR<55", "hold parameters SBP < 90", "hold for SBP < 100 or HR < 60".
    let bound = || (at + 1..at + 4).any(|i| matches!(scan.words.any(i), Some("<" | ">" | "\u{2264}" | "\u{2265}")));
    scan.has(at.saturating_sub(3), at, NOT_MEASURED)
        || right_before(&["for"]) && scan.has(0, at, ORDERS)
        || right_before(&["hold", "parameters"]) && scan.has(0, at, &["hold"]) && bound()
        || right_before(&["or", "and"])
            && scan.words.sort(at.wrapping_sub(2)) == Some(Sort::Number)
            && scan.has(0, at, &["hold"])
            && bound()
}

/// Finds measurements.
pub(crate) fn find(scan: &mut Scan<'_>) {
    if scan.section == Section::FamilyHistory {
        return;
    }
    if !scan.words.has(bit::MEASURE) {
        return;
    }
    let mut i = 0;
    while i < scan.words.len() {
        let hit = if scan.is_taken(i) || !scan.words.may(i, bit::MEASURE) {
            None
        } else {
            measures::names().at(|k| scan.words.word(i + k))
        };
        let Some((index, len)) = hit else {
            i += 1;
            continue;
        };
        i = match measures::of(index) {
            Some(measure) if plausible(scan, i, len) && !is_condition(scan, i) => {
                take(scan, i, len, measure).unwrap_or(i + len)
            }
            _ => i + len,
        };
    }
}

/// Short names ("K", "T", "P", "Hr") count in capitals or before a colon only.
fn plausible(scan: &Scan<'_>, at: usize, len: usize) -> bool {
    let written = scan.words.slice(at, at + len);
    // "Prostate CA 2015" is no calcium.
    let before = at.checked_sub(1);
    if scan.words.word(at) == Some("ca")
        && before.is_some_and(|from| {
            conditions::diagnoses()
                .at(|k| scan.words.word(from + k))
                .is_some_and(|(_, len)| len == 2)
        })
    {
        return false;
    }
    if written.len() > 2 || len > 1 {
        return true;
    }
    let next = scan.words.any(at + 1);
    // "BP today 162/94": no other number has a stroke. "O2 97%" is no flow.
    if written == "BP" && pressure_near(scan, at + 1) {
        return true;
    }
    if written.eq_ignore_ascii_case("o2") {
        let number = at + 1 + usize::from(next == Some(":"));
        return scan.words.sort(number) == Some(Sort::Number) && scan.words.any(number + 1) == Some("%");
    }
    let direct = scan.words.sort(at + 1) == Some(Sort::Number)
        || matches!(next, Some(":" | "="))
        // "HR >130", but "p < 0.05" is no pulse.
        || (matches!(next, Some("<" | ">" | "\u{2264}" | "\u{2265}")) && !written.eq_ignore_ascii_case("p"))
        || (written.len() == 2 && matches!(next, Some("of" | "is" | "was")));
    direct
        && (written.starts_with(|c: char| c.is_ascii_uppercase())
            || matches!(scan.section, Section::Vitals)
            || in_run(scan, at))
}

/// Whether a pressure, "162/94", stands at most two plain words after token `at`.
fn pressure_near(scan: &Scan<'_>, at: usize) -> bool {
    let words = &scan.words;
    let between = (at..at + 3).take_while(|i| words.word(*i).is_some_and(|word| BETWEEN.contains(&word)));
    let number = at + between.count();
    words.sort(number) == Some(Sort::Number)
        && words.any(number + 1) == Some("/")
        && words.sort(number + 2) == Some(Sort::Number)
}

/// Whether a short name in small letters is one of vital signs in a row: "hr 45 bp 85/40 t 39.1", but not "every 4 hr 2 tablets". A pressure, and
/// "rr" with its number, need no others beside them.
fn in_run(scan: &Scan<'_>, at: usize) -> bool {
    let words = &scan.words;
    let number = |i: usize| words.sort(i) == Some(Sort::Number);
    let value = |name: usize, len: usize| {
        let i = name + len;
        match words.any(i) {
            Some(":" | "=" | "of" | "is" | "was") => number(i + 1).then_some(i + 1),
            _ => number(i).then_some(i),
        }
    };
    let Some(own) = value(at, 1) else { return false };
    match words.word(at) {
        Some("bp") => return words.any(own + 1) == Some("/") && number(own + 2),
        Some("rr") => return true,
        // An hour after its number.
        Some("hr") if at > 0 && number(at - 1) && !scan.is_taken(at - 1) => return false,
        Some("hr" | "t" | "p" | "ht" | "wt") => {}
        _ => return false,
    }
    // Another one of which the name alone leaves no doubt.
    let is_vital = |i: usize| {
        let (index, len) = measures::names().at(|k| words.word(i + k))?;
        let own = value(i, len)?;
        let sure = match words.word(i) {
            Some("bp") => words.any(own + 1) == Some("/"),
            _ => words.slice(i, i + len).len() > 2 || words.word(i) == Some("rr"),
        };
        (sure && measures::of(index).is_some_and(|measure| measure.vital)).then_some(())
    };
    (0..words.len()).any(|i| i != at && words.may(i, bit::MEASURE) && is_vital(i).is_some())
}

/// Whether the "hr" at token `i` after a number is the next label, no hour: "RR: 16 HR: 70".
fn is_pulse(scan: &Scan<'_>, i: usize, before: &measures::Measure) -> bool {
    let labels = scan.words.sort(i + 1) == Some(Sort::Number) || matches!(scan.words.any(i + 1), Some(":" | "="));
    scan.words.word(i) == Some("hr") && (scan.words.slice(i, i + 1) == "HR" || (before.vital && labels))
}

fn take(scan: &mut Scan<'_>, at: usize, len: usize, measure: &measures::Measure) -> Option<usize> {
    let mut i = at + len;
    let mut passed = 0;
    // "improved from 8.3 to 7.9": the value is the second number.
    let mut after_from = false;
    loop {
        let words = &scan.words;
        if let Some(after) = day_before(scan, measure, i) {
            i = after;
        }
        match words.sort(i)? {
            Sort::Number if after_from => {
                let Some(to) = to_after(scan, i) else { break };
                after_from = false;
                i = to + 1;
                continue;
            }
            // "1 hour after 50 g": how it was tested, not what came out.
            Sort::Number
                if matches!(
                    words.word(i + 1),
                    Some("hour" | "hours" | "hr" | "minutes" | "g" | "grams")
                ) && !is_pulse(scan, i + 1, measure) =>
            {
                i += 1
            }
            Sort::Number => break,
            Sort::Date | Sort::Holder => {}
            Sort::Mark => match words.any(i) {
                Some(
                    ":" | "=" | "(" | ")" | "-" | "~" | "%" | "," | "<" | ">" | "\u{2248}" | "\u{2264}" | "\u{2265}"
                    | "|",
                ) => {}
                _ => return None,
            },
            Sort::Word => {
                let word = words.word(i).unwrap_or("");
                if !measure.vital && is_in_words(scan, i) {
                    let mut fact = scan.fact(FactKind::Lab, at, at + len);
                    fact.value = Some(words.told(i, i + 1));
                    scan.tell(fact, at, i + 1);
                    scan.take(at, i + 1);
                    return Some(i + 1);
                }
                let change = matches!(word, "up" | "down") && words.sort(i + 1) == Some(Sort::Number);
                if word == "from" || change && to_after(scan, i + 1).is_some() {
                    after_from = true;
                } else if change && measure.name == "body weight" && !scan.has(i + 2, i + 4, &["from"]) {
                    // "Weight down 5 lb" is no weight.
                    return None;
                } else if !BETWEEN.contains(&word) {
                    return None;
                }
            }
        }
        passed += 1;
        if passed > 7 {
            return None;
        }
        i += 1;
    }
    let (Some(first), end) = value(scan, measure, i)? else {
        scan.unclear = true;
        return None;
    };
    let mut values = vec![first];
    let mut end = end;
    // "4.1 -> 5.2 -> 5.9": each in its order, the newest last.
    while let Some(next) = arrow(scan, end)
        && let Some((Some(value), after)) = value(scan, measure, next)
        && values.len() < MOST_VALUES
    {
        values.push(value);
        end = after;
    }
    // "9.2 in January and is now 7.8": so is the newest.
    if let Some(next) = now_after(scan, end)
        && let Some((Some(value), after)) = value(scan, measure, next)
        && !scan.words.word(after).is_some_and(|unit| DOSES.contains(&unit))
    {
        values.push(value);
        end = after;
    }
    let words = &scan.words;
    let dose = words.word(end).is_some_and(|u| DOSES.contains(&u));
    if dose && values.iter().all(|value| value.unit.is_none()) {
        // A dose: the word is a medicine or a supplement here.
        return None;
    }
    let unit = values.iter().rev().find_map(|value| value.unit.clone());
    let mut flag_at = end;
    if matches!(words.any(flag_at), Some("(" | "," | "[" | "*")) {
        flag_at += 1;
    }
    let flag = words.word(flag_at).is_some_and(|f| {
        matches!(
            f,
            "h" | "l" | "hh" | "ll" | "high" | "low" | "elevated" | "abnormal" | "critical"
        )
    });
    let flag = flag.then(|| words.told(flag_at, flag_at + 1));
    if flag.is_some() {
        end = flag_at + 1;
    }
    let last = values.len();
    for (n, value) in values.into_iter().enumerate() {
        let kind = if measure.vital { FactKind::Vital } else { FactKind::Lab };
        let mut fact = scan.fact(kind, at, at + len);
        fact.value = Some(value.text);
        fact.unit = value.unit.or_else(|| unit.clone());
        fact.flag = flag.clone().filter(|_| n + 1 == last);
        scan.tell(fact, at, end);
    }
    scan.take(at, end);
    Some(end)
}

/// The token after the month and day at token `i`, perhaps in brackets, where the value follows them: "WBC (3/2) 12.1", "WBC 3/2: 12.1".
fn day_before(scan: &Scan<'_>, measure: &measures::Measure, i: usize) -> Option<usize> {
    let words = &scan.words;
    let bracket = words.any(i) == Some("(");
    let at = i + usize::from(bracket);
    let number = |at: usize, most: u8| {
        let written = words.slice(at, at + 1);
        words.sort(at) == Some(Sort::Number) && written.parse::<u8>().is_ok_and(|n| (1..=most).contains(&n))
    };
    if !(number(at, 12) && words.any(at + 1) == Some("/") && number(at + 2, 31)) {
        return None;
    }
    if bracket && words.any(at + 3) != Some(")") {
        return None;
    }
    let end = at + 3 + usize::from(bracket);
    let value = end + usize::from(words.any(end) == Some(":"));
    let pair = matches!(measure.name, "blood pressure" | "pain score") && words.any(value + 1) != Some("/");
    (words.sort(value) == Some(Sort::Number) && !pair).then_some(value)
}

/// The "to" before another number, after the number at token `i` and at most its unit.
fn to_after(scan: &Scan<'_>, i: usize) -> Option<usize> {
    let words = &scan.words;
    (i + 1..i + 6)
        .take_while(|k| words.sort(*k) != Some(Sort::Number) && words.any(*k) != Some(","))
        .find(|k| words.word(*k) == Some("to") && words.sort(*k + 1) == Some(Sort::Number))
}

/// Whether token `i` is a result in a word that says nothing more: "troponin negative x2", but not "positive family history".
fn is_in_words(scan: &Scan<'_>, i: usize) -> bool {
    let words = &scan.words;
    matches!(words.word(i), Some("negative" | "positive" | "neg" | "undetectable"))
        && matches!(
            words.any(i + 1),
            None | Some("." | "," | ";" | ")" | "x" | "x2" | "x3" | "and" | "today" | "on" | "in")
        )
}

/// Units of a dose, which no value of a measurement has alone.
const DOSES: &[&str] = &["mg", "mcg", "units", "meq", "iu"];

/// The number after a value that ends before token `at` which is said to be the one of now: "and is now 7.8", ", now 4.2". Its place.
fn now_after(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let words = &scan.words;
    let joins = |i: usize| match words.any(i) {
        Some("," | "and" | "but" | "is" | "in" | "it" | "it's") => true,
        Some(word) => words.sort(i) == Some(Sort::Date) || (word.len() > 2 && when::month(word).is_some()),
        None => false,
    };
    let now = at + (at..at + 6).take_while(|i| joins(*i)).count();
    let number = now + 1 + usize::from(words.word(now + 1) == Some("at"));
    (words.word(now) == Some("now") && words.sort(number) == Some(Sort::Number)).then_some(number)
}

/// Most values of one series in a sentence.
const MOST_VALUES: usize = 32;

/// A value as read.
struct Value {
    /// With its comparator, with a decimal point.
    text: String,
    unit: Option<String>,
}

/// The value whose number stands at `i`, and the token after it with its unit; no value where the number can be read in two ways. Nothing
/// where the number is a time, an age or half of something.
fn value(scan: &Scan<'_>, measure: &measures::Measure, i: usize) -> Option<(Option<Value>, usize)> {
    let words = &scan.words;
    let mut end = i + 1;
    // "7B", "6O": a letter that a scan took for a digit.
    let touches = words.tokens.get(i).map(|token| token.end) == words.tokens.get(end).map(|token| token.start);
    if touches && matches!(words.slice(end, end + 1), "B" | "O" | "o" | "S" | "I" | "Z") {
        return Some((None, end + 1));
    }
    if measure.name == "body height"
        && let Some((text, end)) = feet(scan, i)
    {
        return Some((Some(Value { text, unit: None }), end));
    }
    let pressure = measure.name == "blood pressure";
    let number_next = words.sort(end + 1) == Some(Sort::Number);
    let said_over = pressure && words.word(end) == Some("over") && number_next;
    if words.any(end) == Some("/") && number_next && (pressure || measure.name == "pain score") || said_over {
        end += 2;
    } else if pressure {
        return None;
    }
    if words.word(end).is_some_and(|w| TIMES.contains(&w)) {
        return None;
    }
    if in_part(scan, end - 1) {
        return Some((None, end));
    }
    // "EF 55-60%" is a range and as such the value; "36-41 weeks" is none.
    if !measure.vital && is_range(scan, end) {
        end += 2;
    }
    let value_end = end;
    // "102-year", "1-2 weeks", "36-41": a range or an age is no single value.
    if words.any(end) == Some("-") && (words.word(end + 1).is_some_and(|w| TIMES.contains(&w))) {
        return None;
    }
    let mut unit = None;
    for n in (1..=5).rev() {
        let told = words.told(end, end + n);
        let lower = told.to_lowercase();
        if end + n <= words.len()
            && measures::UNITS.contains(&lower.as_str())
            && fits(scan, measure.name, &lower, end + n)
        {
            unit = Some(super::squeeze(&told));
            end += n;
            break;
        }
    }
    let written = words.slice(i, i + 1);
    let number = match words.pack.comma && value_end == i + 1 && pack::may_part_thousands(written) {
        // "1.250": the measurement tells whether it is a thousand or one.
        true => measure.unparted(written, unit.as_deref()),
        // "152 over 88", as it is said.
        false if said_over => Some(format!("{}/{}", words.slice(i, i + 1), words.slice(i + 2, value_end))),
        false if words.pack.comma => Some(words.told(i, value_end)),
        false => Some(pack::with_decimal_point(words.slice(i, value_end))),
    };
    let value = number.map(|number| Value {
        text: format!("{}{number}", comparator(scan, i)),
        unit,
    });
    Some((value, end))
}

/// Feet and inches, `5'10"`, of which the feet are token `i`: as written, and the token after them.
fn feet(scan: &Scan<'_>, i: usize) -> Option<(String, usize)> {
    let token = scan.words.tokens.get(i)?;
    let text = scan.words.text.get(token.start..)?;
    let rest = text.get(token.end - token.start..)?;
    let inches = rest.strip_prefix(['\'', '\u{2019}', '\u{2032}'])?.trim_start();
    let after = inches.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let after = after.trim_start_matches(['"', '\'', '\u{201d}', '\u{2033}']);
    let written = text.get(..text.len() - after.len())?.trim_end_matches('.').trim_end();
    let stop = token.start + written.len();
    let end = (i + 1..scan.words.len()).find(|k| scan.words.tokens.get(*k).is_some_and(|next| next.start >= stop));
    Some((super::squeeze(written), end.unwrap_or(scan.words.len())))
}

/// Whether a hyphen and another number follow at token `at` without a space, and no word of time.
fn is_range(scan: &Scan<'_>, at: usize) -> bool {
    let words = &scan.words;
    let joined = |i: usize| match (words.tokens.get(i), words.tokens.get(i + 1)) {
        (Some(one), Some(next)) => one.end == next.start,
        _ => false,
    };
    at.checked_sub(1).is_some_and(joined)
        && joined(at)
        && words.any(at) == Some("-")
        && words.sort(at + 1) == Some(Sort::Number)
        && !matches!(words.any(at + 2), Some("-" | "/" | "."))
        && !words.word(at + 2).is_some_and(|word| TIMES.contains(&word))
}

/// Whether the number that token `i` is was not written in full: "3.x", "3?", "13_". The value is not the part that can be read.
fn in_part(scan: &Scan<'_>, i: usize) -> bool {
    let end = scan.words.tokens.get(i).map_or(0, |token| token.end);
    let rest = scan.words.text.get(end..).unwrap_or("");
    let rest = rest.strip_prefix(['.', ',']).unwrap_or(rest);
    let mut after = rest.chars();
    let holds = matches!(after.next(), Some('x' | 'X' | '?' | '_' | '#'));
    holds && !after.next().is_some_and(char::is_alphabetic)
}

/// The sign before the number at token `i`, as written or as its words say: `<`, `≥`.
fn comparator<'a>(scan: &'a Scan<'_>, i: usize) -> &'a str {
    let words = &scan.words;
    let back = |n: usize| i.checked_sub(n).and_then(|at| words.any(at));
    match (back(2), back(1)) {
        (Some("<"), Some("=")) | (Some("="), Some("<")) => "<=",
        (Some(">"), Some("=")) => ">=",
        // An arrow is none.
        (Some("-" | "=" | "\u{2013}"), Some(">")) => "",
        (_, Some(sign @ ("<" | ">" | "\u{2264}" | "\u{2265}"))) => sign,
        (Some("less" | "lower" | "fewer" | "smaller"), Some("than")) | (_, Some("below" | "under")) => "<",
        (Some("greater" | "more" | "higher" | "larger"), Some("than")) | (_, Some("above" | "over")) => ">",
        _ => "",
    }
}

/// The number after an arrow at token `at`: its place.
fn arrow(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let words = &scan.words;
    let mut next = match (words.any(at)?, words.any(at + 1)) {
        ("\u{2192}", _) => at + 1,
        ("-" | "\u{2013}" | "=", Some(">")) => {
            let mut next = at + 2;
            // "-->"
            while words.any(next) == Some(">") {
                next += 1;
            }
            next
        }
        ("-", Some("-")) if words.any(at + 2) == Some(">") => at + 3,
        _ => return None,
    };
    while matches!(words.any(next), Some("<" | ">" | "=" | "\u{2264}" | "\u{2265}")) {
        next += 1;
    }
    (words.sort(next) == Some(Sort::Number)).then_some(next)
}

/// Whether `unit`, which may be a word of its own ("in June"), is a unit of what was measured. `next` is the
/// token after it.
fn fits(scan: &Scan<'_>, measure: &str, unit: &str, next: usize) -> bool {
    match unit {
        "in" => measure.ends_with("height") && scan.words.word(next).is_none_or(|w| !PLACES.contains(&w)),
        "m" => measure.ends_with("height"),
        "f" | "c" => measure == "temperature",
        _ => true,
    }
}

/// Words after "in" that make it no inch.
#[rustfmt::skip]
const PLACES: &[&str] = &[
    "the", "a", "our", "clinic", "office", "hospital", "ed", "er", "triage", "january", "february", "march", "april",
    "may", "june", "july", "august", "september", "october", "november", "december",
];

#[cfg(test)]
mod tests {
    use crate::note::tests::lines;

    #[test]
    fn reads_measurements() {
        let check = |text: &str, expect: &[&str]| {
            let found: Vec<String> = lines(text)
                .into_iter()
                .filter(|l| l.starts_with("lab") || l.starts_with("vital"))
                .collect();
            assert_eq!(found, expect, "{text}");
        };
        check(
            "BP 130/68, HR 98, Temp 98.6 F, SpO2 98% on room air.",
            &[
                "vital: BP = 130/68",
                "vital: HR = 98",
                "vital: Temp = 98.6; unit F",
                "vital: SpO2 = 98; unit %",
            ],
        );
        check(
            "Her A1c was 7.9% (H) and creatinine 1.42 mg/dL.",
            &["lab: A1c = 7.9; unit %; flag H", "lab: creatinine = 1.42; unit mg/dL"],
        );
        check(
            "Hemoglobin A1c improved from 8.3% to 7.9%.",
            &["lab: Hemoglobin A1c = 7.9; unit %"],
        );
        check(
            "Echocardiogram demonstrates decreased ejection fraction of 45%.",
            &["lab: ejection fraction = 45; unit %"],
        );
        check(
            "K 5.1, Na 138, eGFR 38 mL/min/1.73m2",
            &["lab: K = 5.1", "lab: Na = 138", "lab: eGFR = 38; unit mL/min/1.73m2"],
        );
        check(
            "Creatinine fell from 1.89 mg/dL to 1.52 mg/dL.",
            &["lab: Creatinine = 1.52; unit mg/dL"],
        );
        check("Weight loss of 2 weeks; glucose for 3 days; iron 325 mg daily", &[]);
        check(
            "Troponin <0.01 ng/mL, CRP > 200 mg/L, PSA \u{2264}0.1, hCG less than 5.",
            &[
                "lab: Troponin = <0.01; unit ng/mL",
                "lab: CRP = >200; unit mg/L",
                "lab: PSA = \u{2264}0.1",
                "lab: hCG = <5",
            ],
        );
        check(
            "Creatinine 4.1 -> 5.9 mg/dL (H). BP 150/90 \u{2192} 130/80.",
            &[
                "lab: Creatinine = 4.1; unit mg/dL",
                "lab: Creatinine = 5.9; unit mg/dL; flag H",
                "vital: BP = 150/90",
                "vital: BP = 130/80",
            ],
        );
        check(
            "Creat 1,2 mg/dL, K 4,1",
            &["lab: Creat = 1.2; unit mg/dL", "lab: K = 4.1"],
        );
        check("Glucose 1,250 mg/dL", &["lab: Glucose = 1,250; unit mg/dL"]);
        check("Hold for SBP < 100. Goal A1c <7. Call if K is over 5.5.", &[]);
        check(
            "BP today 162/94 left arm. Your blood pressure is 152 over 88 today.",
            &["vital: BP = 162/94", "vital: blood pressure = 152/88"],
        );
        check("BP over 3 days was fine. Blood pressure 120 over 3 days.", &[]);
        check(
            "O2 97% RA, O2: 94 %. On O2 2 L.",
            &["vital: O2 = 97; unit %", "vital: O2 = 94; unit %"],
        );
        check(
            "HbA1c was 9.2 in January and is now 7.8. K 3.1, now 4.2. K 3.1 now 20 meq given.",
            &[
                "lab: HbA1c = 9.2",
                "lab: HbA1c = 7.8",
                "lab: K = 3.1",
                "lab: K = 4.2",
                "lab: K = 3.1",
            ],
        );
        check(
            "Troponin was negative x2, urine hCG: positive. Glucose negative balance.",
            &["lab: Troponin = negative", "lab: hCG = positive"],
        );
        check("History of prostate CA 2015. Ca 7.9", &["lab: Ca = 7.9"]);
        check("LVEF 55-60%, K 4.1", &["lab: LVEF = 55-60; unit %", "lab: K = 4.1"]);
        check(
            "Ht 5'10\", Wt 182 lbs",
            &["vital: Ht = 5'10\"", "vital: Wt = 182; unit lbs"],
        );
        for text in ["RR: 16 HR: 70 T: 37.0 HR: 72", "RR 16 HR 70 T 37.0 HR 72"] {
            check(
                text,
                &["vital: RR = 16", "vital: HR = 70", "vital: T = 37.0", "vital: HR = 72"],
            );
        }
        check("K 4.1 HR 70", &["lab: K = 4.1", "vital: HR = 70"]);
        check("Glucose 1 hr after 50 g was 140", &["lab: Glucose = 140"]);
        // Small letters.
        check("bp 85/40", &["vital: bp = 85/40"]);
        check("rr 30, sbp 85", &["vital: rr = 30", "vital: sbp = 85"]);
        check(
            "hr 45 bp 85/40 rr 30 spo2 88% temp 39.1",
            &[
                "vital: hr = 45",
                "vital: bp = 85/40",
                "vital: rr = 30",
                "vital: spo2 = 88; unit %",
                "vital: temp = 39.1",
            ],
        );
        check(
            "t 39.1, hr: 120, o2 sat 88%",
            &["vital: t = 39.1", "vital: hr = 120", "vital: o2 sat = 88; unit %"],
        );
        check("bp 130/80, tylenol every 4 hr 2 tablets", &["vital: bp = 130/80"]);
        check("Every 4 hr 2 tablets. For hr 2 she waited. p 3, t 4, bp 4, k 3.", &[]);
        check("HR >130, P < 0.05", &["vital: HR = >130"]);
        check("K 3.x. Na 13?. Troponin 3x normal. Glucose 9_.", &[]);
        check(
            "BP 130/80.HR 70. K 3.9.Then",
            &["vital: BP = 130/80", "vital: HR = 70", "lab: K = 3.9"],
        );
        check("eGFR 29 in June.", &["lab: eGFR = 29"]);
        check("BP 120/80 in the office", &["vital: BP = 120/80"]);
        check("Height 65 in.", &["vital: Height = 65; unit in"]);
        check("Height 65 in clinic", &["vital: Height = 65"]);
        check("Blood pressure: Elevated.", &[]);
        check("HR 7B, RR 6O, heart rate 70 BPM", &["vital: heart rate = 70; unit BPM"]);
        // By how much is no value.
        check("Weight down 5 lb since May.", &[]);
        check("Weight down 5 lb to 180 lb", &["vital: Weight = 180; unit lb"]);
        check("Weight down to 180 lb", &["vital: Weight = 180; unit lb"]);
        check("Weight up 180 lb from 175", &["vital: Weight = 180; unit lb"]);
        check(
            "Creatinine up 1.8, heart rate up 20 to 120",
            &["lab: Creatinine = 1.8", "vital: heart rate = 120"],
        );
    }
}
