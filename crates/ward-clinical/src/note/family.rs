//! Illnesses of relatives, under their own head or in a sentence about "family history".

use super::{Scan, cues::bit, history::denied, layout, listed, negation::denied_after, whose};
use crate::{
    fact::{Experiencer, Fact, FactKind, Section},
    lexicon::conditions,
};

/// Illnesses of relatives. True when the sentence was about relatives and is done with.
pub(super) fn family(scan: &mut Scan<'_>) -> bool {
    let section = scan.section == Section::FamilyHistory;
    let said = scan.words.has(bit::FAMILY) && scan.words.lower().contains("family history");
    if !section && !said {
        // Whom each fact of the sentence is about is told when all are found.
        return false;
    }
    let relatives: Vec<(usize, &'static str)> = (0..scan.words.len())
        .filter(|i| scan.words.may(*i, bit::RELATIVE))
        .filter_map(|i| {
            let word = scan.words.word(i)?;
            Some((i, conditions::relative(conditions::owner(word).unwrap_or(word))?))
        })
        .collect();
    let (mut any, mut own) = (false, false);
    let mut i = 0;
    while i < scan.words.len() {
        let may = scan.words.may(i, bit::DIAGNOSIS);
        let hit = may
            .then(|| conditions::diagnoses().at(|k| scan.words.word(i + k)))
            .flatten();
        let Some(len) = hit.map(|(_, len)| len).or_else(|| listed::short_illness(scan, i)) else {
            i += 1;
            continue;
        };
        if !section && of_patient(scan, i) {
            own = true;
            i += len;
            continue;
        }
        // "CAD: none".
        let none = denied_after(scan, i + len);
        let negated = none
            || !affirmed(scan, i) && (denied(scan, i) || negative_for(scan, i))
            || whose::of_neither(scan, i, FactKind::Problem).is_some();
        // "Asthma (mother)", "asthma: mother" tell of whom right after it; else the relative before it counts. What nobody has is told of nobody in particular.
        let labels = |(at, _): &&(usize, _)| {
            *at == i + len + 1 && scan.words.any(i + len) == Some(":") && scan.words.any(at + 1) != Some(":")
        };
        // "No CAD: mother DM": whoever stands behind a denial begins an item.
        let labelled = relatives
            .iter()
            .find(labels)
            .filter(|_| !negated)
            .map(|(_, word)| *word);
        let word = whose::after(scan, i + len).or(labelled).or_else(|| {
            let before = relatives.iter().rev().find(|(at, _)| *at < i && !none);
            let first = relatives
                .first()
                .filter(|(at, _)| !negated && !begins_item(scan, i + len, *at));
            before.or(first).map(|(_, word)| *word)
        });
        tell(scan, i, i + len, word, negated);
        any = true;
        i += len;
    }
    if section && relatives.len() > 1 {
        any |= stretches(scan, &relatives);
    }
    if section && !any {
        let text = scan.words.text.trim();
        let text = text.get(layout::bullet(text)..).unwrap_or(text).trim_end_matches('.');
        if !text.is_empty() {
            let mut fact = Fact::new(FactKind::FamilyHistory, super::squeeze(text), scan.section);
            let word = relatives.first().map_or("family", |(_, word)| word);
            fact.experiencer = Experiencer::Relative(word.to_owned());
            fact.negated = scan.has(
                0,
                scan.words.len(),
                &["no", "denies", "negative", "noncontributory", "unremarkable"],
            );
            scan.tell(fact, 0, scan.words.len());
        }
    }
    // What else the sentence says of the patient is not done with.
    section || any && !own
}

/// Whether the relative at token `at` begins an item of its own behind what ends before token `to`, which is of somebody else: "F - CAD; MGM - DM2".
fn begins_item(scan: &Scan<'_>, to: usize, at: usize) -> bool {
    (to..at).any(|i| matches!(scan.words.any(i), Some(";" | ".")))
        || matches!(
            scan.words.any(at + 1),
            Some(":" | "-" | "\u{2013}" | "with" | "w" | "has" | "had" | "died")
        )
}

/// Whether token `at` stands in a clause of the patient's own after a semicolon: "no family history of cancer; she has colitis".
fn of_patient(scan: &Scan<'_>, at: usize) -> bool {
    let clause = (0..at).rev().find(|i| scan.words.any(*i) == Some(";"));
    clause.is_some_and(|i| scan.has(i + 1, i + 2, &["she", "he", "patient", "pt", "they", "i"]))
}

/// Whether the words before the illness at token `at` say that it is there, after whatever they deny: "negative for CAD, positive for gout",
/// "no cancer, + asthma in aunt", "no diabetes, father gout".
fn affirmed(scan: &Scan<'_>, at: usize) -> bool {
    let words = &scan.words;
    let apart = |i: usize| {
        i.checked_sub(1)
            .is_none_or(|before| matches!(words.any(before), Some("," | ";" | "." | ":" | "(")))
    };
    let said = (0..at).rev().find_map(|i| match words.any(i)? {
        "no" | "not" | "denies" | "denied" | "negative" | "neg" | "without" | "never" => Some(false),
        "positive" | "pos" => Some(true),
        "+" if apart(i) => Some(true),
        word if apart(i) && conditions::relative(word).is_some() => Some(true),
        // "No diabetes, does have gout".
        "does" if apart(i) && words.word(i + 1) == Some("have") => Some(true),
        _ => None,
    });
    said == Some(true)
}

/// Tells an illness of tokens `from..to` of a relative, of the family where nobody is named.
fn tell(scan: &mut Scan<'_>, from: usize, to: usize, who: Option<&str>, negated: bool) {
    let mut fact = scan.fact(FactKind::FamilyHistory, from, to);
    fact.experiencer = Experiencer::Relative(who.unwrap_or("family").to_owned());
    fact.negated = negated;
    scan.take(from, to);
    scan.tell(fact, from, to);
}

/// Whether "neg for" stands in the same item before token `at`, or "neg" opens the item. Any other "neg" belongs to what stands before it.
fn negative_for(scan: &Scan<'_>, at: usize) -> bool {
    (at.saturating_sub(8)..at)
        .rev()
        .take_while(|i| !matches!(scan.words.any(*i), Some("," | ";" | "." | "+")))
        .any(|i| {
            let opens = i
                .checked_sub(1)
                .is_none_or(|before| matches!(scan.words.any(before), Some("," | ";" | ":")));
            scan.words.word(i) == Some("neg") && (opens || scan.words.word(i + 1) == Some("for"))
        })
}

/// Words between a relative and an illness that say no more than that it is the relative's.
const LEADS: &[&str] = &[
    "with", "w", "/", "-", "\u{2013}", ":", "(", "had", "has", "having", "of", "died", "from", "a", "an", "the", "h/o",
    "hx", "history",
];

/// Words of what is said of a relative and names no illness.
#[rustfmt::skip]
const NO_ILLNESS: &[&str] = &[
    "absence", "alive", "living", "lives", "well", "healthy", "deceased", "passed", "unknown", "none", "no", "not", "age", "aged", "died", "side", "noncontributory",
    "unremarkable", "negative", "denies", "adopted", "is", "are", "was", "and", "or", "both", "patient", "she", "he", "years", "year", "estranged",
];

/// The longest stretch that is taken for the name of an illness, in tokens.
const STRETCH: usize = 5;

/// What a line of several relatives says of each in words that no list has: "mother breast ca, father MI at 52; brother w/ DM". Each stretch up to
/// the next mark or relative is told of the relative that it follows. True when there is one.
fn stretches(scan: &mut Scan<'_>, relatives: &[(usize, &'static str)]) -> bool {
    let mut found = Vec::new();
    for (at, who) in relatives {
        let ends = |i: usize| {
            matches!(
                scan.words.any(i),
                None | Some("," | ";" | "." | "at" | "in" | ")" | "+")
            ) || relatives.iter().any(|(other, _)| *other == i)
        };
        let leads = |i: &usize| scan.words.any(*i).is_some_and(|word| LEADS.contains(&word));
        let from = at + 1 + (at + 1..scan.words.len()).take_while(leads).count();
        let to = (from..=scan.words.len()).find(|i| ends(*i)).unwrap_or(from);
        let named = from < to
            && to - from <= STRETCH
            && (from..to).all(|i| !scan.is_taken(i) && scan.words.word(i).is_some())
            && !scan.has(from, to, NO_ILLNESS);
        if named && listed::is_name(scan.words.slice(from, to)) {
            found.push((from, to, *who));
        }
    }
    let any = !found.is_empty();
    for (from, to, who) in found {
        let negated = denied(scan, from);
        tell(scan, from, to, Some(who), negated);
    }
    any
}

#[cfg(test)]
mod tests {
    use crate::note::tests::lines;

    #[test]
    fn a_clause_of_the_patient_is_the_patients() {
        assert_eq!(
            lines("HPI: No family history of colon cancer; she has ulcerative colitis."),
            [
                "family history: colon cancer; who family; absent yes",
                "problem: ulcerative colitis"
            ]
        );
        assert_eq!(
            lines("HPI: Family history of gout; asthma."),
            ["family history: gout; who family", "family history: asthma; who family"]
        );
    }

    #[test]
    fn tells_each_relative_its_own_illness() {
        let check = |text: &str, expect: &[&str]| {
            let expect: Vec<String> = expect.iter().map(|one| format!("family history: {one}")).collect();
            assert_eq!(lines(text), expect, "{text}");
        };
        check(
            "FH: mother breast cancer, father MI at 52",
            &["breast cancer; who mother", "MI; who father"],
        );
        check(
            "FAMILY HISTORY\nmother - sarcoma; brother w/ DM.",
            &["DM; who brother", "sarcoma; who mother"],
        );
        check("FH: father MI, mother alive and well", &["MI; who father"]);
        // Whose an illness is before the item of a relative is not said, or not in words that are known.
        check(
            "FH: M - breast CA; F - CAD; MGM - DM2",
            &["breast CA; who family", "CAD; who family", "DM2; who grandmother"],
        );
        check("FH: CAD, sister: gout", &["CAD; who family", "gout; who sister"]);
        check(
            "FH: CAD in father; gout in sister",
            &["CAD; who father", "gout; who sister"],
        );
        check(
            "FH: CAD: father; gout: sister",
            &["CAD; who father", "gout; who sister"],
        );
        check(
            "FH: No CAD: mother DM",
            &["CAD; who family; absent yes", "DM; who mother"],
        );
        check("FH: CAD, gout in father", &["CAD; who father", "gout; who father"]);
        check("FH: mother HTN, sister healthy", &["HTN; who mother"]);
        check(
            "FHx: neg for CAD, + DM2 in both parents",
            &["CAD; who family; absent yes", "DM2; who parents"],
        );
        for text in [
            "FH: negative for CAD, positive for DM2 in mother",
            "FH: no CAD, + DM2 in mother",
            "FH: neg CAD, mother DM2",
        ] {
            check(text, &["CAD; who family; absent yes", "DM2; who mother"]);
        }
        check(
            "FH: neg CAD, neg DM, + HTN (father)",
            &[
                "CAD; who family; absent yes",
                "DM; who family; absent yes",
                "HTN; who father",
            ],
        );
        check("FH: mother DM neg, father HTN", &["DM; who mother", "HTN; who father"]);
        check(
            "FH: no CAD or DM in mother",
            &["CAD; who family; absent yes", "DM; who mother; absent yes"],
        );
        // One relative, or none: the sentence as it stands.
        check("FH: Adopted, unknown.", &["Adopted, unknown; who family"]);
    }
}
