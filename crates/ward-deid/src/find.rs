//! Finding what identifies somebody in a text.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashSet};

use ward_formats::Span;

use crate::dispatch::{self, recognise};
use crate::lex::{Scan, WINDOW};
use crate::lexicon::{self, EPONYM};
use crate::seeded::Seeded;
use crate::{Class, Known, aligned, dates, detection, known, names, widen};

/// Something found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// Bytes of the text.
    pub span: Span,
    /// What it is.
    pub class: Class,
    /// The rule that found it: a recogniser's id, or `known-..` for values of the record.
    pub rule: &'static str,
    /// How sure the rule is, 0 to 100. 100 is kept for what must be replaced as a whole.
    pub score: u8,
}

/// Hits that pass this teach their value to the rest of the text.
pub(crate) const SURE: u8 = 80;

/// The same for initials with a surname: see [`is_lettered`].
const LETTERED: u8 = 70;

/// Collects hits of one rule after another.
pub(crate) struct Hits {
    pub(crate) found: Vec<Hit>,
    pub(crate) rule: &'static str,
}

impl Hits {
    pub(crate) fn push(&mut self, start: usize, end: usize, class: Class, score: u8) {
        if start < end {
            self.found.push(Hit {
                span: Span::new(start, end),
                class,
                rule: self.rule,
                score,
            });
        }
    }
}

/// Everything in `text` that identifies somebody: by the shape of values and the words around
/// them, by what `known` says of the record, and by what other places of the same text say (a name
/// after "Dr." is found everywhere). Sorted, not overlapping, on character boundaries. Linear time.
#[must_use]
pub fn find(text: &str, known: &Known) -> Vec<Hit> {
    find_in_windows(text, known, WINDOW)
}

fn find_in_windows(text: &str, known: &Known, size: usize) -> Vec<Hit> {
    if text.len() <= size {
        return find_window(text, known, &mut Known::default());
    }
    // Names found in one window are looked for in all: in those after it at once, in those before it afterwards.
    let mut taught = Known::default();
    let mut windows = Vec::new();
    let mut from = 0;
    while from < text.len() {
        let window = piece(text, from, size);
        let hits = find_window(window, known, &mut taught);
        windows.push((from, window, taught.size(), hits));
        from += window.len();
    }
    let mut hits = Vec::new();
    for (from, window, before, mut here) in windows {
        if before < taught.size() {
            taught.mark(&Scan::new(window), &mut here);
            here = resolve(here);
        }
        hits.extend(here.into_iter().map(|hit| Hit {
            span: Span::new(hit.span.start + from, hit.span.end + from),
            ..hit
        }));
    }
    hits
}

/// Everything in one window, and in the copy of it that shows what only a reader sees.
fn find_window(window: &str, known: &Known, taught: &mut Known) -> Vec<Hit> {
    let (scan, recognised) = known.reading(window).unwrap_or_else(|| {
        let scan = Scan::new(window);
        let hits = recognise(&scan, &dispatch::ALL);
        (scan, hits)
    });
    let mut hits = find_in(&scan, recognised, known, taught);
    let stretches = detection::stretches(window);
    for (from, to) in &stretches {
        let shown = window.get(*from..*to).unwrap_or_default();
        let Some(copy) = detection::Copy::of(shown) else {
            continue;
        };
        let scan = Scan::new(&copy.text);
        let mut recognised = recognise(&scan, &dispatch::ALL);
        widen::widen(&scan, &mut recognised);
        aligned::sift(shown, &copy, &scan, &mut recognised);
        for hit in find_in(&scan, recognised, known, taught) {
            let (start, end) = copy.back(hit.span.start, hit.span.end);
            if hit.class == Class::Name && aligned::holds_far_colon(shown, start, end) {
                continue;
            }
            hits.push(Hit {
                span: Span::new(from + start, from + end),
                ..hit
            });
        }
    }
    if !stretches.is_empty() {
        hits = resolve(hits);
    }
    hits
}

/// The next piece of `text` that can be scanned at once.
pub(crate) fn window(text: &str, from: usize) -> &str {
    piece(text, from, WINDOW)
}

/// At most about `size` bytes from `from` on, to the end of a line or a word if there is one in the last sixteenth.
fn piece(text: &str, from: usize, size: usize) -> &str {
    let rest = text.get(from..).unwrap_or("");
    let mut end = rest.len().min(size);
    if end < rest.len() {
        let tail = rest.as_bytes().get(end - size / 16..end).unwrap_or_default();
        let back = memchr::memrchr(b'\n', tail).or_else(|| memchr::memrchr(b' ', tail));
        end -= back.map_or(0, |at| tail.len() - at - 1);
    }
    while end < rest.len() && !rest.is_char_boundary(end) {
        end += 1;
    }
    rest.get(..end).unwrap_or(rest)
}

/// Everything in one text, of which the recognisers said `hits`.
fn find_in(scan: &Scan<'_>, mut hits: Vec<Hit>, known: &Known, taught: &mut Known) -> Vec<Hit> {
    widen::widen(scan, &mut hits);
    let from = hits.len();
    known.mark(scan, &mut hits);
    let mut said = hits.split_off(from);
    said.retain(|hit| !(is_eponym(scan, hit) && names_a_thing(scan, hit, names::is_term_of)));
    hits.append(&mut said);
    let mut seen: HashSet<_, Seeded> = HashSet::default();
    // The pieces of a broken word are no names.
    let teaches = |hit: &&Hit| {
        hit.class == Class::Name && hit.rule != known::BROKEN && (hit.score >= SURE || is_lettered(scan, hit))
    };
    for hit in hits.iter().filter(teaches) {
        let name = scan.slice(hit.span.start, hit.span.end);
        if seen.insert(name) && !known.knows_name(hit.rule, name) {
            taught.learn_from(hit.rule, hit.class, name);
        }
    }
    let own = hits.split_off(0);
    taught.mark(scan, &mut hits);
    hits.retain(|hit| !(is_eponym(scan, hit) && names_a_thing(scan, hit, names::is_eponymous)));
    hits.extend(own);
    widen::take_given(scan, &mut hits);
    widen::take_initial(scan, &mut hits);
    known.mark_births(scan, &mut hits);
    for hit in &mut hits {
        if hit.class == Class::Day && known.is_birth(dates::whole(scan.slice(hit.span.start, hit.span.end))) {
            hit.class = Class::Birth;
        }
    }
    let mut hits = resolve(hits);
    hits.retain_mut(|hit| trim(scan.text, hit));
    hits
}

/// Leaves spaces and commas at the ends of a hit to the text, and a stop at its beginning: where one hit cut another, they
/// would be lost between two placeholders. False when nothing is left.
fn trim(text: &str, hit: &mut Hit) -> bool {
    let edge = |b: &u8| matches!(b, b' ' | b',' | b'\n' | b'\t');
    let bytes = text.as_bytes().get(hit.span.start..hit.span.end).unwrap_or_default();
    let stop = usize::from(bytes.starts_with(b". "));
    let front = stop + bytes.iter().skip(stop).take_while(|b| edge(b)).count();
    let back = bytes.iter().skip(front).rev().take_while(|b| edge(b)).count();
    hit.span = Span::new(hit.span.start + front, hit.span.end - back);
    front < bytes.len()
}

/// True for initials before a word that is far more often a surname than anything else, "J.Q. Kowalczyk": the surname
/// stands alone afterwards.
fn is_lettered(scan: &Scan<'_>, hit: &Hit) -> bool {
    const SURNAME: i32 = 4;
    let first = scan.token_at(hit.span.start);
    let last = (first..first + 4)
        .take_while(|at| scan.end(*at) <= hit.span.end)
        .last()
        .unwrap_or(first);
    let levels = scan.all_levels(last);
    hit.score >= LETTERED
        && names::is_initial(scan, first)
        && scan.gap(first).starts_with('.')
        && scan.end(last) == hit.span.end
        && levels.surname().min(levels.small_name_odds()) >= SURNAME
}

/// True when the words of a hit are one that names a disease or a device: a look that costs less than the next.
fn is_eponym(scan: &Scan<'_>, hit: &Hit) -> bool {
    lexicon::tags(scan.slice(hit.span.start, hit.span.end)) & EPONYM != 0
}

/// True for one word of a name that another place gave, where it names a disease or a device, as `says` tells: the patient is
/// called Foley, and has a Foley catheter.
fn names_a_thing(scan: &Scan<'_>, hit: &Hit, says: fn(&Scan<'_>, usize) -> bool) -> bool {
    let at = scan.token_at(hit.span.start);
    scan.has(at, EPONYM) && scan.end(at) == hit.span.end && says(scan, at)
}

/// Makes hits disjoint without uncovering a byte: the better hit keeps its span, the others keep
/// what is left of theirs. Better: must be replaced whole; then sure; then longer; then score.
pub(crate) fn resolve(mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort_by_key(|hit| hit.span.start);
    let mut resolved = Vec::with_capacity(hits.len());
    let mut rest = hits.as_slice();
    while let Some(first) = rest.first() {
        // Hits that touch no other stay as they are.
        let mut end = first.span.end;
        let others = rest.iter().skip(1).take_while(|hit| {
            let touches = hit.span.start < end;
            if touches {
                end = end.max(hit.span.end);
            }
            touches
        });
        let count = 1 + others.count();
        let (group, after) = rest.split_at_checked(count).unwrap_or((rest, &[]));
        match group {
            [only] => resolved.push(*only),
            _ => resolve_group(group, Span::new(first.span.start, end), &mut resolved),
        }
        rest = after;
    }
    resolved
}

/// Better hits come first.
fn by_rank(a: &Hit, b: &Hit) -> Ordering {
    fn tier(hit: &Hit) -> u8 {
        match hit.score {
            100 => 2,
            60.. => 1,
            _ => 0,
        }
    }
    (tier(b), b.span.len(), b.score, a.span, a.class).cmp(&(tier(a), a.span.len(), a.score, b.span, b.class))
}

/// The same for hits that touch each other, and together cover `all`.
fn resolve_group(group: &[Hit], all: Span, resolved: &mut Vec<Hit>) {
    // As a rule the best of them covers the others.
    if let Some(best) = group
        .iter()
        .min_by(|a, b| by_rank(a, b))
        .filter(|best| best.span == all)
    {
        resolved.push(*best);
        return;
    }
    let mut hits = group.to_vec();
    hits.sort_by(by_rank);
    let mut kept: BTreeMap<usize, Hit> = BTreeMap::new();
    for hit in hits {
        let mut start = hit.span.start;
        let previous = kept.range(..=start).next_back().map(|(_, other)| other.span.end);
        start = start.max(previous.unwrap_or(0));
        if start >= hit.span.end {
            continue;
        }
        let mut pieces = Vec::new();
        for (_, other) in kept.range(start..hit.span.end) {
            if start < other.span.start {
                pieces.push(Span::new(start, other.span.start));
            }
            start = other.span.end;
        }
        if start < hit.span.end {
            pieces.push(Span::new(start, hit.span.end));
        }
        for span in pieces {
            kept.insert(span.start, Hit { span, ..hit });
        }
    }
    resolved.extend(kept.into_values());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(start: usize, end: usize, class: Class, score: u8) -> Hit {
        Hit {
            span: Span::new(start, end),
            class,
            rule: "",
            score,
        }
    }

    #[test]
    fn what_stands_between_two_values_stays() {
        for (text, expect) in [
            (
                "Seen at St. Mary's Hospital, Oddville, IL 62704 on May 5",
                &["St. Mary's Hospital", "Oddville, IL 62704", "May 5"][..],
            ),
            (
                "at Mercy Hospital, Boston, on May 5",
                &["Mercy Hospital", "Boston", "May 5"],
            ),
        ] {
            let hits = find(text, &Known::default());
            let found: Vec<_> = hits.iter().map(|hit| &text[hit.span.start..hit.span.end]).collect();
            assert_eq!(found, expect);
        }
    }

    #[test]
    fn words_of_tables_and_labels_name_nobody_elsewhere() {
        const REST: &str = "Negative. Pending. Normal. Blood pressure 90/50. Mean pressure. Green sputum. Short of breath. Stone in ureter. \
                            Morse Fall Scale 45. Case closed. May return. Held dose. Control group. Hunter syndrome. Triage.";
        for (text, expect) in [
            (
                "| Test | First | Last |\n|---|---|---|\n| Culture | Negative | Pending |\n| Panel | Elevated | Normal |\n",
                &[][..],
            ),
            (
                "| Organism | First | Last |\n|---|---|---|\n| none | Nares | Blood |\n",
                &[],
            ),
            ("Culture\tFirst\tLast\nnone\tNegative\tPending\n", &[]),
            ("| Patient | Age |\n|---|---|\n| Mean | 61 |\n| Total | 51 |\n", &[]),
            ("Name,Age\nControl,61\nMedian,40\n", &[]),
            (
                "Last,First,Age\nFewell,Hunter,58\nSharp,Rusty,71\n",
                &["Fewell", "Hunter", "Sharp", "Rusty"],
            ),
            ("Last: Case   First: Hope\n", &["Case", "Hope"]),
            ("Last: Patel   First: May\n", &["Patel", "May"]),
            ("LAST: SHORT, FIRST: SUSAN\n", &["SHORT", "SUSAN"]),
            ("Last: Short   First: Oluwaseun   Age: 7\n", &["Short", "Oluwaseun"]),
            ("Last: Held   First: Void\n", &[]),
            ("RN: Green    Time: 0715\n", &["Green"]),
            ("RN: Short, K\n", &["Short, K"]),
            ("RN: Stone, M\n", &["Stone, M"]),
            ("RN: Morse   Time: 0600\n", &["Morse"]),
            ("RN: Triage\n", &[]),
            ("RN: Triage    Time: 0715\n", &["Triage"]),
            ("Meds given by Miller RN.\n", &["Miller"]),
            ("Garcia 71M COPD\n", &["Garcia"]),
        ] {
            let text = format!("{text}\n{REST}");
            let hits = find(&text, &Known::default());
            let found: Vec<_> = hits.iter().map(|hit| &text[hit.span.start..hit.span.end]).collect();
            assert_eq!(found, expect, "{text}");
        }
    }

    #[test]
    fn what_is_called_after_somebody_stays() {
        let text = "Seen by Dr. Beck. Beck Depression Inventory 22, Beck came";
        let hits = find(text, &Known::default());
        let found: Vec<_> = hits.iter().map(|hit| (hit.span.start, hit.span.end)).collect();
        assert_eq!(found, [(8, 16), (48, 52)]);
    }

    #[test]
    fn what_a_nurse_is_called_like_stays() {
        for (text, expect) in [
            ("RN: Jackson   Time: 0600\nJackson Pratt drain 30 mL", &["Jackson"][..]),
            ("RN: Foley, N   Time: 0600\nFoley draining", &["Foley, N"]),
            ("RN: Hunter   Time: 0600\nHunter syndrome", &["Hunter"]),
            ("MD: Moody   RN: Rivers\nMoody today", &["Moody", "Rivers"]),
            ("RN: Weber   Time: 0600\nWeber midline", &["Weber"]),
            ("RN: Flores   Time: 0600\nFlores gave it", &["Flores", "Flores"]),
        ] {
            let hits = find(text, &Known::default());
            let found: Vec<_> = hits.iter().map(|hit| &text[hit.span.start..hit.span.end]).collect();
            assert_eq!(found, expect, "{text}");
        }
    }

    #[test]
    fn a_patient_called_as_a_disease_is_found_beside_findings() {
        let mut known = Known::default();
        known.learn_value(Class::Name, "Wilson, Mary");
        let text = "Wilson pain score 4/10. Wilson's dressing changed. Pt Wilson fever 38.5. Wilson Braden score 18. Wilson's disease excluded, Wilson Disease Scale 3";
        let found = find(text, &known)
            .iter()
            .filter(|hit| text[hit.span.start..].starts_with("Wilson"))
            .count();
        assert_eq!(found, 4);
    }

    #[test]
    fn exports_of_other_systems_hide_nobody() {
        for text in [
            "name,dob,mrn\nZelda Quillfeather,1952-03-14,AB778899\nBrunhilda Quill,1960-01-02,CD112233\n\nDid Brunhilda reply?",
            "last_name,first_name,city\nQuillfeather,Zelda,Oddville\n\nzelda quillfeather has a1c 7",
            "city,note,surname\nOddville,x,Zeld\nOddville,\"a\nb\",Quill\nOddville,z,Quillfeather\n",
            "Last Name\tFirst Name\tCity\nQuillfeather\tZelda\tOddville\n",
            "| Patient | City |\n|---|---|\n| Zelda Quillfeather | Oddville |\n",
            "patient:\n  family: Quillfeather\n  given: Zelda\n  city: Oddville\n",
            "patient:\n  name: Zelda Quillfeather\n  city: Oddville\n  mrn: AB778899\n",
            r#"{"patient":{"firstName":"Zelda","lastName":"Quillfeather","city":"Oddville","mrn":"AB778899"}} zelda"#,
            r#"{"patient_name":"Zelda Quillfeather","note":"Quillfeather has diabetes"}"#,
            r#"{"id":"x","name":[{"family":"Quillfeather","given":["Zelda"]}],"birthDate":"1952-03-14","address":[{"city":"Oddville"}]}"#,
            r#"<Patient><name><family value="Quillfeather"/><given value="Zelda"/></name><birthDate value="1952-03-14"/><city value="Oddville"/></Patient>"#,
            "<id extension=\"AB-778899\"/><city>Oddville</city><given>Zelda</given><family>Quillfeather</family><birthTime value=\"19520314\"/>",
        ] {
            let mut left = String::new();
            let mut at = 0;
            for hit in find(text, &Known::default()) {
                left.push_str(&text[at..hit.span.start]);
                at = hit.span.end;
            }
            left.push_str(&text[at..]);
            let left = left.to_lowercase();
            for value in [
                "quill",
                "zelda",
                "brunhilda",
                "oddville",
                "778899",
                "112233",
                "1952",
                "1960",
            ] {
                assert!(!left.contains(value), "{value} is left of {text}: {left}");
            }
        }
    }

    #[test]
    fn windows_share_names() {
        const SIZE: usize = 1_024;
        let filler = "No acute distress. Lungs are clear.\n".repeat(SIZE / 36 + 2);
        let text = format!("wexelby slept.\n{filler}Dr. Wexelby came.\n{filler}wexelby left.");
        let found: Vec<_> = find_in_windows(&text, &Known::default(), SIZE)
            .iter()
            .map(|hit| text[hit.span.start..hit.span.end].to_owned())
            .collect();
        assert_eq!(found, ["wexelby", "Dr. Wexelby", "wexelby"]);
        let mut at = 0;
        while at < text.len() {
            let piece = piece(&text, at, SIZE);
            assert!(!piece.is_empty() && piece.len() <= SIZE && piece.ends_with(['\n', '.']));
            at += piece.len();
        }
        let long = "é".repeat(SIZE);
        assert!(find_in_windows(&long, &Known::default(), SIZE).is_empty());
    }

    #[test]
    fn finds_what_only_readers_see() {
        for (text, value) in [
            ("saw J\u{43e}hn Smith today", "J\u{43e}hn Smith"),
            (
                "mrn \u{ff11}\u{ff12}\u{ff13}\u{ff14}\u{ff15} ok",
                "\u{ff11}\u{ff12}\u{ff13}\u{ff14}\u{ff15}",
            ),
            ("ssn 123\u{200b}-45-\u{2060}6789 ok", "123\u{200b}-45-\u{2060}6789"),
            ("call 555\u{2011}867\u{2011}5309", "555\u{2011}867\u{2011}5309"),
            ("Ma\u{ad}ria San\u{200b}tos called", "Ma\u{ad}ria San\u{200b}tos"),
            (
                "\u{1d40c}\u{1d42b}. \u{1d413}\u{1d428}\u{1d426} came",
                "\u{1d40c}\u{1d42b}. \u{1d413}\u{1d428}\u{1d426}",
            ),
            ("seen 03\u{2044}04\u{2044}2024", ""),
        ] {
            let hits = find(text, &Known::default());
            let masked = |at: usize| hits.iter().any(|hit| hit.span.start <= at && at < hit.span.end);
            let start = text.find(value).unwrap_or_default();
            assert!((start..start + value.len()).all(masked), "{text}: {hits:?}");
        }
    }

    #[test]
    fn overlaps_never_uncover_anything() {
        let hits = vec![
            hit(0, 10, Class::Name, 80),
            hit(5, 20, Class::Facility, 70),
            hit(8, 9, Class::Text, 100),
            hit(18, 30, Class::Day, 90),
            hit(40, 41, Class::Id, 50),
        ];
        let spans: Vec<_> = resolve(hits)
            .iter()
            .map(|h| (h.span.start, h.span.end, h.class))
            .collect();
        assert_eq!(
            spans,
            [
                (0, 5, Class::Name),
                (5, 8, Class::Facility),
                (8, 9, Class::Text),
                (9, 20, Class::Facility),
                (20, 30, Class::Day),
                (40, 41, Class::Id)
            ]
        );
    }
}
