//! Boxes to tick, and what an empty one says: nothing. Only a list of which every item begins with a box, and one box is ticked, is read so. A box behind
//! a word may belong to it or to the next, where no box is ticked the boxes are mere bullets, and of problems and things to do a tick may say that they were seen to.

use super::{
    by_place,
    cues::bit,
    layout::{self, Block, Sort},
    words::Words,
};
use crate::fact::{Fact, FactKind, Section};

/// Empty boxes and ticked ones.
const EMPTY: &[&str] = &["[ ]", "[]", "( )", "()", "\u{2610}", "\u{25a1}"];
const TICKED: &[&str] = &[
    "[x]", "[X]", "(x)", "(X)", "\u{2611}", "\u{2612}", "\u{2714}", "\u{2713}",
];

/// The box at token `at`: whether it is ticked, and its tokens.
pub(super) fn box_at(words: &Words<'_>, at: usize) -> Option<(bool, usize)> {
    match (words.any(at)?, words.any(at + 1), words.any(at + 2)) {
        ("\u{2610}" | "\u{25a1}", ..) => Some((false, 1)),
        ("[", Some("]"), _) | ("(", Some(")"), _) => Some((false, 2)),
        ("\u{2611}" | "\u{2612}" | "\u{2714}" | "\u{2713}", ..) => Some((true, 1)),
        ("[", Some("x"), Some("]")) | ("(", Some("x"), Some(")")) => Some((true, 3)),
        _ => None,
    }
}

/// Marks the items of lists with boxes that tell something.
pub(super) fn mark(text: &str, blocks: &mut [Block]) {
    let words_of = |block: &Block| text.get(block.span.start..block.span.end).unwrap_or("");
    let mut at = 0;
    while at < blocks.len() {
        let rest = blocks.get(at..).unwrap_or_default();
        let head = at
            .checked_sub(1)
            .and_then(|before| blocks.get(before))
            .filter(|before| before.sort == Sort::SectionHead);
        let headed = head.is_some();
        // Of problems and things to do a tick may as well say that they were seen to.
        let past = head.is_some_and(|head| {
            let words = words_of(head).to_lowercase();
            ["history", "pmh", "psh"].iter().any(|word| words.contains(word))
        });
        let items = rest.iter().enumerate().take_while(|(n, block)| {
            block.sort == Sort::Sentence
                && rest.first().is_some_and(|first| first.section == block.section)
                && (*n > 0 || headed || block.begins_line)
                && is_item(words_of(block))
        });
        let len = items.count();
        let list = rest.get(..len).unwrap_or_default();
        let ticked = list
            .iter()
            .any(|block| TICKED.iter().any(|tick| words_of(block).contains(tick)));
        let checks = list.first().is_some_and(|first| match first.section {
            Section::Review | Section::Allergies => true,
            Section::PastHistory | Section::SurgicalHistory => past,
            _ => list.iter().all(|block| names_symptoms(words_of(block))),
        });
        for block in blocks.iter_mut().skip(at).take(len) {
            block.boxes = ticked && checks;
        }
        at += len.max(1);
    }
}

/// Whether a line begins with a box, perhaps behind a bullet, and no box of it is that of a yes or a no.
fn is_item(line: &str) -> bool {
    let words = line.get(layout::bullet(line)..).unwrap_or(line).trim_start();
    let all = || EMPTY.iter().chain(TICKED);
    let answers = |sign: &str| {
        words.match_indices(sign).any(|(at, sign)| {
            let after = words.get(at + sign.len()..).unwrap_or("").trim_start();
            let mut next = after.split(|c: char| !c.is_alphanumeric());
            let (word, then) = (next.next().unwrap_or(""), next.next().unwrap_or(""));
            // "[ ] No known allergies".
            if then.eq_ignore_ascii_case("known") {
                return false;
            }
            ["yes", "no", "y", "n"].iter().any(|own| word.eq_ignore_ascii_case(own))
        })
    };
    all().any(|sign| words.starts_with(sign)) && !all().any(|sign| answers(sign))
}

/// Whether the boxes of a line stand before symptoms and nothing else: "[ ] cough [x] fever".
fn names_symptoms(line: &str) -> bool {
    let words = Words::new(line.get(layout::bullet(line)..).unwrap_or(line));
    let (mut at, mut any) = (0, false);
    while let Some((_, len)) = box_at(&words, at) {
        let from = at + len;
        at = (from..words.len())
            .find(|next| box_at(&words, *next).is_some())
            .unwrap_or(words.len());
        any = by_place::are_symptoms(&words, from, at);
        if !any {
            return false;
        }
    }
    any && at == words.len()
}

/// Whether a fact that begins at token `from` of an item stands behind an empty box and is all that the item names: "[ ] chest pain". What more is said
/// in the item may be true.
pub(super) fn is_unticked(words: &Words<'_>, fact: &Fact, from: usize) -> bool {
    // That there are no allergies has a box of its own: [`is_empty_before`].
    let none = fact.kind == FactKind::Allergy && fact.negated;
    let named = matches!(fact.kind, FactKind::Problem | FactKind::Negation | FactKind::Allergy) && !none;
    match fact.kind {
        FactKind::Allergy => named && before(words, from) == Some(false),
        _ => named && is_named_unticked(words, from),
    }
}

/// Whether the problem that begins at token `from` of an item stands behind an empty box and is all that the item names. Not "[ ] diabetes on metformin".
pub(super) fn is_named_unticked(words: &Words<'_>, from: usize) -> bool {
    before(words, from) == Some(false) && !(0..words.len()).any(|at| words.may(at, bit::DRUG))
}

/// Whether the box before token `from`, or the first of a line of which all tokens tell the fact, is ticked.
fn before(words: &Words<'_>, from: usize) -> Option<bool> {
    let first = (0..words.len()).find(|at| box_at(words, *at).is_some())?;
    let (at, (ticked, len)) = (0..from.max(first + 1))
        .rev()
        .find_map(|at| Some((at, box_at(words, at)?)))?;
    let end = (at + len..words.len())
        .find(|next| box_at(words, *next).is_some())
        .unwrap_or(words.len());
    let more = end - at > LONGEST || (at + len..end).any(|next| matches!(words.any(next), Some(":" | "-" | ";")));
    (!more).then_some(ticked)
}

/// Most tokens of an item.
const LONGEST: usize = 10;

/// Whether the way to say that there are none has an empty box: "[ ] NKDA [x] latex".
pub(super) fn is_empty_before(words: &Words<'_>, word: &[&str]) -> bool {
    let at = (0..words.len()).find(|at| words.word(*at).is_some_and(|own| word.contains(&own)));
    at.is_some_and(|at| before(words, at) == Some(false))
}

/// Leaves out the tokens of a no whose box is empty beside a yes whose box is ticked: what follows "[x] Yes [ ] No" is so.
pub(super) fn leave_out_no(words: &mut Words<'_>) {
    let answer = |at: usize, ticked: bool, word: &str| {
        let (is_ticked, len) = box_at(words, at)?;
        (is_ticked == ticked && words.word(at + len) == Some(word)).then_some(at + len + 1)
    };
    let no = (0..words.len()).filter_map(|at| match answer(at, true, "yes") {
        Some(no) => Some(no..answer(no, false, "no")?),
        None => {
            let yes = answer(at, false, "no")?;
            answer(yes, true, "yes").map(|_| at..yes)
        }
    });
    // Behind a name, and at the end of a line, they answer for what stands before them.
    let first = (0..words.len()).find(|at| box_at(words, *at).is_some());
    let leads = first.is_some_and(|first| (0..first).all(|at| words.sort(at) == Some(super::words::Sort::Mark)));
    let names = |end: usize| {
        words.word(end).is_some() || box_at(words, end).is_some_and(|(_, len)| words.word(end + len + 1).is_some())
    };
    let out: Vec<_> = no.filter(|range| leads && names(range.end)).collect();
    for range in out.into_iter().rev() {
        words.tokens.drain(range);
    }
}

/// Whether ": [ ] Yes [x] No" stands at token `at`, and nothing behind it.
pub(super) fn says_no(words: &Words<'_>, at: usize) -> bool {
    let yes = box_at(words, at + 1).filter(|(ticked, _)| !ticked && words.any(at) == Some(":"));
    let Some(no) = yes
        .map(|(_, len)| at + 1 + len)
        .filter(|yes| words.word(*yes) == Some("yes"))
    else {
        return false;
    };
    box_at(words, no + 1).is_some_and(|(ticked, len)| {
        let end = no + 1 + len;
        ticked && words.word(end) == Some("no") && words.any(end + 1).is_none_or(|next| matches!(next, "." | "," | ";"))
    })
}

#[cfg(test)]
mod tests {
    use crate::note::tests::lines;

    #[test]
    fn an_empty_box_tells_nothing_only_in_a_list_with_a_ticked_one() {
        let check = |text: &str, expect: &[&str]| assert_eq!(lines(text), expect, "{text}");
        for list in [
            "[ ] cough\n[x] fever",
            "\u{2610} cough \u{2611} fever",
            "( ) cough (x) fever",
            "[X] fever [ ] cough",
            "ROS:\n- [ ] cough\n- [x] fever\n",
        ] {
            check(list, &["problem: fever"]);
        }
        // No box is ticked, or words stand before the first one.
        check("[ ] cough\n[ ] fever", &["problem: cough", "problem: fever"]);
        let both = ["problem: asthma", "problem: gout"];
        check("PMH: asthma [ ] gout [x]", &both);
        check("PMH: asthma: [x], gout: [ ]", &both);
        check("PMH: asthma \u{2610} gout \u{2612}", &both);
        check(
            "Allergies: latex [ ] penicillin [x]",
            &["allergy: latex", "allergy: penicillin"],
        );
        // What is done, and what is taken.
        check(
            "[ ] start metformin 500 mg",
            &["medication: metformin; dose 500 mg; status started"],
        );
        check(
            "Medications:\n[ ] aspirin 81 mg\n[x] metformin 500 mg\n",
            &["medication: aspirin; dose 81 mg", "medication: metformin; dose 500 mg"],
        );
        check(
            "Plan:\n[x] Gout: rest\n[ ] Asthma: refills\n",
            &["problem: Gout", "problem: Asthma"],
        );
        check(
            "PMH:\n[x] gout\n[ ] asthma: see list\n",
            &["problem: gout", "problem: asthma"],
        );
    }

    #[test]
    fn boxes_of_a_yes_and_a_no_answer() {
        let check = |text: &str, expect: &[&str]| assert_eq!(lines(text), expect, "{text}");
        let (asthma, none) = ("problem: Asthma", "negation: Asthma; absent yes");
        check("Asthma: [ ] Yes [x] No", &[none]);
        check("Asthma: \u{2610} Yes \u{2612} No", &[none]);
        check("Asthma: [x] Yes [ ] No", &[asthma]);
        check("Asthma: [ ] Yes [ ] No", &[asthma]);
        check("Asthma: [ ] Yes [x] No change", &[asthma]);
        for yes in [
            "[x] Yes [ ] No Asthma",
            "[ ] No [x] Yes Asthma",
            "(x) Yes ( ) No Asthma",
            "\u{2612} Yes \u{2610} No Asthma",
        ] {
            check(yes, &[asthma]);
        }
        check("[ ] Yes [x] No Asthma", &[none]);
        check("[x] Yes [ ] No Gout [ ] Yes [x] No Asthma", &["problem: Gout", none]);
        check("Gout: [x] Yes [ ] No Asthma: [ ] Yes [x] No", &["problem: Gout", none]);
        check("Gout [x] Yes [ ] No Asthma [ ] Yes [x] No", &["problem: Gout", none]);
        check("[x] Yes. No asthma.", &["negation: asthma; absent yes"]);
        check("Allergies: [x] Yes [ ] No Latex", &["allergy: Latex"]);
        check("Allergies: [ ] Yes [x] No Latex", &["allergy: Latex; absent yes"]);
        check("Allergies: [x] Yes [ ] No", &[]);
        check("Latex allergy: [ ] Yes [x] No", &["allergy: Latex; absent yes"]);
        check("Latex allergy: [x] Yes [ ] No", &["allergy: Latex"]);
    }

    #[test]
    fn a_box_before_the_word_for_none_is_read() {
        let check = |text: &str, expect: &[&str]| assert_eq!(lines(text), expect, "{text}");
        let none = "allergy: no known allergies; absent yes";
        check("Allergies:\n[ ] NKDA\n[x] Latex\n", &["allergy: Latex"]);
        check("Allergies: [ ] NKDA [x] Latex", &["allergy: Latex"]);
        check("Allergies: [ ] No known drug allergies [x] Latex", &["allergy: Latex"]);
        check("Allergies:\n[x] NKDA\n[ ] Latex\n", &[none]);
        check("Allergies: [x] NKDA [ ] Latex", &[none]);
        check("Allergies:\n[ ] NKDA\n[ ] Latex\n", &[none, "allergy: Latex"]);
    }
}
