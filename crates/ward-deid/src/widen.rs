//! What belongs to a name that was found, by the way in which it is written.

use ward_formats::Span;

use crate::find::Hit;
use crate::lex::{Scan, Shape};
use crate::lexicon::{ACTS, AMBIGUOUS, CREDENTIAL, DEPARTMENT, DOES, EPONYM, MONTH, SAYS, STOP, WORD_NAME};
use crate::{Class, names};

/// Least score of a hit that is widened.
const LIKELY: u8 = 60;

/// Most letters of the second half of a given name such as "Hye-jin".
const HALF: usize = 6;

/// Lets hits take in the rest of a word that a misread letter cut ("Hosp|1tal", "JEFFERS|0N"), and names the given name with
/// a hyphen ("Hye-jin| Bae", "Bae |Hye-jin") and the family name at the start of a line ("Tjandra, |Hendrik Wijaya").
pub(crate) fn widen(scan: &Scan<'_>, hits: &mut [Hit]) {
    let wanted = |hit: &&mut Hit| {
        matches!(hit.class, Class::Name | Class::Facility | Class::Place) && (LIKELY..100).contains(&hit.score)
    };
    for hit in hits.iter_mut().filter(wanted) {
        let first = scan
            .tokens
            .partition_point(|token| (token.end as usize) <= hit.span.start);
        let next = scan.token_at(hit.span.end);
        let Some(last) = next.checked_sub(1).filter(|last| *last >= first) else {
            continue;
        };
        if scan.start(first) != hit.span.start || scan.end(last) != hit.span.end {
            continue;
        }
        let (mut first, mut last) = (first, last);
        if is_misread(scan, last + 1) && scan.gap(last).is_empty() {
            last += 2;
        }
        if hit.class == Class::Name {
            last = family_after(scan, first, last);
            last = with_suffix(scan, given_after(scan, last));
            last = month_after(scan, last);
            last = past_nickname(scan, last);
            last = past_carets(scan, first, last);
            first = given_before(scan, first);
            first = family_before(scan, first, last);
            first = before_nickname(scan, first);
            first = before_carets(scan, first, last);
        }
        hit.span = Span::new(scan.start(first), scan.end(last));
    }
}

/// True for one capitalised word in quotes between two words: `Hobart "Hob" Lindstrom`.
fn is_nickname(scan: &Scan<'_>, i: usize) -> bool {
    matches!(scan.gap_before(i), " \"" | " “")
        && matches!(scan.gap(i), "\" " | "” ")
        && scan.shape(i) == Some(Shape::Capital)
        && i > 0
}

/// The last token of a name that ends with `last`, or of its family name behind a nickname: `|Hobart "Hob"| Lindstrom`.
fn past_nickname(scan: &Scan<'_>, last: usize) -> usize {
    let family = names::forward(scan, last + 2, names::Sign::Strong).filter(|_| is_nickname(scan, last + 1));
    family.unwrap_or(last)
}

/// The first token of a name that begins with `first`, or of its given name before a nickname: `Hobart |"Hob" Lindstrom|`.
fn before_nickname(scan: &Scan<'_>, first: usize) -> usize {
    let Some(nick) = first.checked_sub(1).filter(|nick| is_nickname(scan, *nick)) else {
        return first;
    };
    let given = nick - 1;
    let is_given = scan.shape(given) == Some(Shape::Capital) && scan.levels(given).given() >= 3;
    if is_given { given } else { first }
}

/// Most components of a name beside one of them.
const COMPONENTS: usize = 4;

/// True where nothing but carets stands between two tokens, as between the components of names in HL7 and DICOM.
fn is_caret(gap: &str) -> bool {
    !gap.is_empty() && gap.bytes().all(|b| b == b'^')
}

/// True for a word that can be a part of a name beside carets: listed as one, or known to nobody. What charts write between
/// carets are findings, drugs, units and roles as well.
fn is_component(scan: &Scan<'_>, i: usize) -> bool {
    let levels = scan.all_levels(i);
    let (word, tags) = (scan.word(i), scan.tags(i));
    let listed = levels.given().max(levels.surname()) >= 3 && levels.small_name_odds() > 0;
    matches!(scan.shape(i), Some(Shape::Capital | Shape::Upper | Shape::Mixed))
        && word.len() >= 3
        && tags & !(AMBIGUOUS | WORD_NAME) == 0
        && (listed || tags == 0 && !levels.is_listed())
        && !names::ends_like_a_term(word)
}

/// True for one word, or words between carets alone.
fn is_bare(scan: &Scan<'_>, first: usize, last: usize) -> bool {
    (first..last).all(|at| is_caret(scan.gap(at)))
}

/// The last token of a name without blanks that ends with `last`, its components behind carets taken in:
/// `Kowalski|^Marta^M`.
fn past_carets(scan: &Scan<'_>, first: usize, last: usize) -> usize {
    if !is_caret(scan.gap(last)) || !is_bare(scan, first, last) {
        return last;
    }
    let mut end = last;
    for next in last + 1..=last + COMPONENTS {
        // "Adler^Simone^F^44" says the sex.
        let sex = matches!(scan.word(next), "M" | "F") && is_caret(scan.gap(next)) && scan.is_number(next + 1);
        let initial = end > first && scan.gap_before(next) == "^" && names::is_initial(scan, next) && !sex;
        if !(is_caret(scan.gap_before(next)) && (initial || is_component(scan, next))) {
            break;
        }
        end = next;
    }
    end
}

/// The first token of a name without blanks, its components before carets taken in: `Kowalski^|Marta`.
fn before_carets(scan: &Scan<'_>, first: usize, last: usize) -> usize {
    match first.checked_sub(1) {
        Some(before)
            if scan.gap_before(first) == "^"
                && is_bare(scan, first, last)
                && is_component(scan, before)
                && is_component(scan, first) =>
        {
            before
        }
        _ => first,
    }
}

/// Lets known surnames take in the given name before them that nobody gave: a relative's ("Thandiwe |Kowalczyk",
/// "thandiwe |kowalczyk"). An initial may stand between.
pub(crate) fn take_given(scan: &Scan<'_>, hits: &mut [Hit]) {
    let known = |hit: &&mut Hit| hit.class == Class::Name && matches!(hit.rule, "known-words" | "known-near-word");
    for hit in hits.iter_mut().filter(known) {
        let first = scan.token_at(hit.span.start);
        let Some(mut at) = first
            .checked_sub(1)
            .filter(|at| names::joined(scan, *at) && scan.gap(*at).ends_with(' '))
        else {
            continue;
        };
        if names::is_initial(scan, at) {
            match at.checked_sub(1).filter(|before| scan.gap(*before) == " ") {
                Some(before) => at = before,
                None => continue,
            }
        }
        if scan.start(first) == hit.span.start && scan.shape(first) == scan.shape(at) && is_given(scan, at) {
            hit.span = Span::new(scan.start(at), hit.span.end);
        }
    }
}

/// Lets known surnames take in a lone initial: "J. |Smith| is back", "|Smith|, J. left", "|SMITH| J."
pub(crate) fn take_initial(scan: &Scan<'_>, hits: &mut [Hit]) {
    const BEFORE: [&str; 4] = ["by", "with", "per", "from"];
    let known = |hit: &&mut Hit| hit.class == Class::Name && matches!(hit.rule, "known-words" | "known-near-word");
    for hit in hits.iter_mut().filter(known) {
        let first = scan.token_at(hit.span.start);
        let next = scan.token_at(hit.span.end);
        let opens = |at: usize| {
            scan.starts_line(at)
                || scan.gap_before(at).contains(['.', ',', ';', ':', '('])
                || at > 0 && BEFORE.iter().any(|word| scan.is(at - 1, word))
        };
        if let Some(at) = first.checked_sub(1)
            && names::is_initial(scan, at)
            && scan.gap(at) == ". "
            && opens(at)
        {
            hit.span = Span::new(scan.start(at), hit.span.end);
        }
        if matches!(scan.gap_before(next), ", " | " ") && is_somebodys(scan, next) {
            hit.span = Span::new(hit.span.start, scan.end(next));
        }
    }
}

/// True for an initial after a surname that is a person's by what follows, and no letter of medicine ("Smith, A. fib"):
/// the end of a clause, or what people do.
pub(crate) fn is_somebodys(scan: &Scan<'_>, initial: usize) -> bool {
    let (gap, next) = (scan.gap(initial), initial + 1);
    let closes = next >= scan.tokens.len() || gap.trim_start_matches('.').starts_with(['\n', ')', ';']);
    let goes_on = matches!(gap, ". " | " ") && (scan.has(next, ACTS | DOES | SAYS) || scan.is(next, "left"));
    names::is_initial(scan, initial) && (closes || goes_on)
}

/// True for a word that is a given name beside a surname: listed as one, or no word of the lexicon or of medical text.
fn is_given(scan: &Scan<'_>, i: usize) -> bool {
    let (levels, tags) = (scan.all_levels(i), scan.tags(i));
    let small = scan.shape(i) == Some(Shape::Lower);
    let listed = levels.given() >= 3 && levels.small_name_odds() >= 2;
    let strange =
        tags == 0 && levels.lower() == 0 && levels.proper() == 0 && scan.word(i).len() >= if small { 4 } else { 3 };
    matches!(scan.shape(i), Some(Shape::Capital | Shape::Upper | Shape::Lower))
        && tags & !(AMBIGUOUS | WORD_NAME) == 0
        && (listed || strange)
        && !names::ends_like_a_term(scan.word(i))
}

/// True for one figure inside a word that looks like a letter.
fn is_misread(scan: &Scan<'_>, i: usize) -> bool {
    matches!(scan.word(i), "0" | "1" | "5" | "8")
        && scan.gap(i).is_empty()
        && matches!(
            scan.shape(i + 1),
            Some(Shape::Lower | Shape::Upper | Shape::Initial | Shape::Mixed)
        )
}

/// True for the second half of a given name: in small letters, and no word of the lexicon or of medical text.
fn is_half(scan: &Scan<'_>, i: usize) -> bool {
    let levels = scan.all_levels(i);
    scan.shape(i) == Some(Shape::Lower)
        && (2..=HALF).contains(&scan.word(i).len())
        && scan.get(i).is_some_and(|token| token.tags == 0)
        && levels.lower() == 0
        && levels.proper() == 0
}

/// The last token of a given name that follows the name, or goes on with it.
fn given_after(scan: &Scan<'_>, last: usize) -> usize {
    let capital = |at: usize| scan.shape(at) == Some(Shape::Capital);
    let family = |at: usize| capital(at) && scan.tags(at) == 0 && scan.levels(at).lower() <= 1;
    if capital(last) && scan.gap(last) == "-" && is_half(scan, last + 1) {
        last + if scan.gap(last + 1) == " " && family(last + 2) {
            2
        } else {
            1
        }
    } else if scan.gap(last) == " " && capital(last + 1) && scan.gap(last + 1) == "-" && is_half(scan, last + 2) {
        last + 2
    } else {
        last
    }
}

/// The last token of a given name that stood alone, with the surname right behind it that is also the name of a disease, a sign
/// or a device ("saw Ann |Bell."): it is none of these when no word for one follows.
fn family_after(scan: &Scan<'_>, first: usize, last: usize) -> usize {
    const FREQUENT: i32 = 5;
    let next = last + 1;
    let capital = |at: usize| scan.shape(at) == Some(Shape::Capital);
    let given = scan.levels(last).given() > FREQUENT && scan.tags(last) & !EPONYM == 0;
    let family = scan.has(next, EPONYM)
        && scan.tags(next) & !(EPONYM | AMBIGUOUS) == 0
        && scan.levels(next).surname() >= FREQUENT;
    // "Ann Jackson Pratt drain"
    let more = capital(next + 1) && matches!(scan.gap(next), " " | "-");
    // "cc: Karen Fell", "Hausarzt: Cynthia Fell"
    let word = scan.levels(next).surname() >= 2 && scan.tags(next) & !(STOP | AMBIGUOUS | EPONYM | WORD_NAME) == 0;
    let closed =
        next + 1 >= scan.tokens.len() || scan.gap(next).starts_with(['\n', '\r']) || scan.gap(next).starts_with("  ");
    let labelled = scan.gap_before(first) == ": " || scan.gap_before(first).ends_with(['\n', '\t']);
    // "Notified Bill Still, NP", "Called to Michelle Bone RN at 0930"
    let titled = matches!(scan.gap(next), ", " | " ")
        && scan.has(next + 1, CREDENTIAL)
        && scan.shape(next + 1) == Some(Shape::Upper);
    let titled = titled
        && scan.levels(next).surname() >= 2
        && scan.tags(next) & !(STOP | AMBIGUOUS | EPONYM | WORD_NAME | DEPARTMENT) == 0;
    let ends = word && closed && labelled || titled;
    if given && first == last && capital(last) && capital(next) && scan.gap(last) == " " && ends {
        return next;
    }
    let alone = first == last && capital(last) && scan.gap(last) == " " && capital(next) && !more;
    if alone && given && family && !names::is_eponymous(scan, next) {
        next
    } else {
        last
    }
}

/// The last token of a name in capitals whose given name is a month, too ("KOWALSKI, |JAN."): nothing goes on after it.
fn month_after(scan: &Scan<'_>, last: usize) -> usize {
    let upper = |at: usize| scan.shape(at) == Some(Shape::Upper);
    let given = scan.has(last + 1, MONTH) && scan.all_levels(last + 1).given() >= 3;
    let ends = !scan.gap(last + 1).starts_with(' ') || scan.gap(last + 1).starts_with(" (");
    if upper(last) && scan.gap(last) == ", " && upper(last + 1) && given && ends {
        last + 1
    } else {
        last
    }
}

/// The last token of a name with "Jr." or "III" after it.
fn with_suffix(scan: &Scan<'_>, last: usize) -> usize {
    let suffix = ["jr", "sr", "ii", "iii"].iter().any(|word| scan.is(last + 1, word));
    if suffix && matches!(scan.gap(last), " " | ", ") {
        last + 1
    } else {
        last
    }
}

/// The first token of a given name with a hyphen before the name.
fn given_before(scan: &Scan<'_>, first: usize) -> usize {
    let Some(at) = first.checked_sub(2) else { return first };
    let whole = scan.shape(at) == Some(Shape::Capital)
        && scan.gap(at) == "-"
        && is_half(scan, at + 1)
        && scan.gap(at + 1) == " ";
    if whole { at } else { first }
}

/// The family name before the given names at the start of a line, if nobody knows it as another word.
fn family_before(scan: &Scan<'_>, first: usize, last: usize) -> usize {
    // "GILFORD, |RICHARD|   F   44"
    let sexed = names::is_sexed(scan, last + 1) && names::is_aged(scan, last + 1);
    let Some(at) = first.checked_sub(1).filter(|_| last > first || sexed) else {
        return first;
    };
    let name = matches!(scan.shape(at), Some(Shape::Capital | Shape::Upper | Shape::Mixed))
        && scan.shape(first) == scan.shape(at)
        && scan.word(at).len() >= 3
        && scan.tags(at) & !(AMBIGUOUS | WORD_NAME) == 0
        && scan.levels(at).lower() <= 1
        && !names::ends_like_a_term(scan.word(at));
    if name && scan.gap(at) == ", " && scan.starts_line(at) {
        at
    } else {
        first
    }
}

#[cfg(test)]
mod tests {
    use crate::{Known, find};

    #[test]
    fn names_are_found_to_their_ends() {
        for (text, expect) in [
            ("Mr. Kowalczyk. Thandiwe Kowalczyk came", "Thandiwe Kowalczyk"),
            ("Mr. Kowalczyk. Tumelo M. Kowalczyk came", "Tumelo M. Kowalczyk"),
            ("MAYNE, ISABEL\tF\t44", "MAYNE, ISABEL"),
            ("Mr. Kowalczyk. Call thandiwe kowalczyk", "thandiwe kowalczyk"),
            ("Mrs. Bell slept. Mary Bell came", "Mary Bell"),
            ("then saw Ann Bell.", "Ann Bell"),
            ("cc: Karen Fell\n", "Karen Fell"),
            ("Hausarzt: Cynthia Fell", "Cynthia Fell"),
            ("Notified Susan Still, NP of K 6.1", "Susan Still"),
            ("Called to Michelle Bone RN at 0930", "Michelle Bone"),
            ("cc: Karen Stable", "Karen"),
            ("told Karen Fell off", "Karen"),
            ("Pt Hobart \"Hob\" Lindstrom fell", "Hobart \"Hob\" Lindstrom"),
            ("then Susan \"Stop\" sign", "Susan"),
            ("told Susan \"Metoprolol\" helps", "Susan"),
            ("told Susan \"no more\" Lindstrom", "Susan"),
            ("then saw Mary Turner for cough", "Mary Turner"),
            ("told Ann Bell's palsy is back", "Ann"),
            ("gave Ann Foley catheter care", "Ann"),
            ("told Ann Graves ophthalmopathy is rare", "Ann Graves"),
            ("told Ann, Foley out", "Ann"),
            ("told Ann. Foley out", "Ann"),
            ("told Ann Lisinopril is fine", "Ann"),
            ("told Ann bell rings", "Ann"),
            ("told Ann Jackson Pratt drain is out", "Ann"),
            ("Mr. Kowalczyk. Kowalczyk, J. left", "Kowalczyk, J"),
            ("Mr. Kowalczyk. J. Kowalczyk is back", "J. Kowalczyk"),
            ("Mr. Kowalczyk. Seen by J. Kowalczyk", "J. Kowalczyk"),
            ("Mr. Kowalczyk. KOWALCZYK J.", "KOWALCZYK J"),
            ("Mr. Kowalczyk. Kowalczyk, A. fib stable", "Kowalczyk"),
            ("Mr. Kowalczyk. Kowalczyk, E. coli grew", "Kowalczyk"),
            ("Mr. Kowalczyk. Kowalczyk K 3.4", "Kowalczyk"),
            ("Mr. Kowalczyk. Lantus Kowalczyk", "Kowalczyk"),
            ("Mr. Kowalczyk. Discharge Kowalczyk home", "Kowalczyk"),
            ("Mr. Kowalczyk. ECG Kowalczyk", "Kowalczyk"),
            ("Mr. Kowalczyk. told kowalczyk", "kowalczyk"),
            (
                "Patient: Zebulon Kowalczyk\nThandiwe Kowalczyk came",
                "Thandiwe Kowalczyk",
            ),
            ("PATIENT: KOWALSKI, JAN", "KOWALSKI, JAN"),
            ("Patient KOWALSKI, JAN (70 M) came", "KOWALSKI, JAN"),
            ("DR. KOWALSKI, MAY REPEAT LABS", "DR. KOWALSKI"),
            ("SEEN BY DR. KOWALSKI, JAN 12, 2024", "DR. KOWALSKI"),
            ("Hye-jin Bae (MRN 0048221) came", "Hye-jin Bae"),
            ("her mother Bae Hye-jin said", "Bae Hye-jin"),
            ("told Maria Santos Jr.'s wife", "Maria Santos Jr"),
            ("Tjandra, Hendrik Wijaya - 71 yo", "Tjandra, Hendrik Wijaya"),
            ("PATIENT NAME: JEFFERS0N\nseen", "JEFFERS0N"),
            ("seen at Mercy Ridge Hosp1tal", "Mercy Ridge Hosp1tal"),
            ("Patient name: Kowalski^Marta^M. Summarise", "Kowalski^Marta^M"),
            ("PATIENT=Kowalski^Marta^^^Dr came", "Kowalski^Marta"),
            ("seen Kowalski^Marta^M today", "Kowalski^Marta^M"),
            ("Allergy^Penicillin^Dr. Lund^Rash", "Dr. Lund"),
            ("Dr. Lund^Cardiology", "Dr. Lund"),
            ("Jane Holloway^Potassium^4.2", "Jane Holloway"),
            ("Jane Holloway^Hypertension^active", "Jane Holloway"),
            ("Mr. Boone^Warfarin^5", "Mr. Boone"),
            ("Denise Holloway^RN^ICU", "Denise Holloway"),
            ("Adler,Simone^F^44", "Adler,Simone"),
            ("Patient: Adler^Simone^F^44", "Adler^Simone"),
            ("Lisinopril^10 mg^Dr. Lund", "Dr. Lund"),
            ("Mr. Kowalski^3 came", "Mr. Kowalski"),
            ("Mr. Kowalski ^ Marta", "Mr. Kowalski"),
            ("Mr. Kowalczyk. 4411^Zebu^Kowalczyk came", "Zebu^Kowalczyk"),
            // Words of medical text go on with nothing.
            ("Post-op Maria Santos was well", "Maria Santos"),
            ("X-ray Maria Santos", "Maria Santos"),
            ("Aspirin, Maria Santos", "Maria Santos"),
        ] {
            let hits = find(text, &Known::default());
            let found: Vec<_> = hits.iter().map(|hit| &text[hit.span.start..hit.span.end]).collect();
            assert!(found.contains(&expect), "{text}: {found:?}");
        }
    }
}
