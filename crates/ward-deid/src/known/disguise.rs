//! Finding known values that do not stand in the text as they are: letters misread, words in pieces, initials, the last
//! digits of a number.

use super::mark::is_near_gap;
use super::{Known, MAX_IDENTIFIER, spellings};
use crate::find::Hits;
use crate::lex::{Scan, Shape};
use crate::lexicon::{
    ACCOUNT, BIRTH, DEPARTMENT, DOES, FACILITY, HONORIFIC, ID, KIN, LAST_FOUR, MRN, NAMED, PHONE, PLAN, ROLE, SAYS,
    SSN, UNIT,
};
use crate::recognisers::ABBREVIATIONS;
use crate::{Class, fold};

/// Most words of a name that white space has taken apart.
const MAX_PIECES: usize = 3;

/// Least letters of a name that is known when white space has taken it apart or letters are misread.
const LEAST: usize = 5;

/// Short forms of medicine of two and three letters, of which something is said as of people: "MDR reports", "MDR ruled
/// out".
const SHORT_TERMS: &[&str] = &[
    "abg", "acs", "adl", "aed", "afb", "aki", "ama", "ami", "ana", "bka", "bmi", "bmp", "bnp", "bph", "bun", "cad",
    "cbc", "cdc", "chf", "ckd", "cll", "cml", "cmp", "cmv", "cns", "cnm", "cpr", "cro", "crp", "csf", "cva", "dka",
    "dme", "dmr", "dnr", "dvt", "dxa", "ebv", "ecg", "eeg", "egd", "ekg", "emg", "emr", "ems", "ent", "erd", "esr",
    "fda", "fhr", "gcs", "gfr", "gsw", "hcv", "hiv", "hpv", "hsv", "htn", "ibd", "ibs", "icd", "icu", "ims", "inr",
    "itp", "iud", "ivc", "jvd", "lad", "lbp", "ldl", "lmp", "mca", "mdd", "mdr", "mds", "mdt", "mgr", "mi", "mrc",
    "mri", "msw", "mva", "mvp", "nsr", "ocd", "osa", "pcp", "pcr", "pda", "pdr", "pet", "pfo", "pft", "pid", "pmr",
    "pna", "ppd", "psa", "pta", "ptt", "pvd", "rbc", "rca", "rdw", "rsv", "rvr", "sbo", "sle", "snf", "ssi", "std",
    "sti", "svt", "tav", "tbi", "tia", "tpn", "tsh", "uri", "uti", "vre", "wbc", "xdr",
];

/// True for a mark that optical recognition or a careless hand puts for a letter.
fn is_letter_like(gap: &str) -> bool {
    matches!(gap, "|" | "!" | "$" | "@")
}

impl Known {
    /// Names in which figures and marks stand for letters, or letters for those that look like them: `Vanderm0len`,
    /// `VANDERRNOLEN`.
    pub(super) fn mark_misread_words(&self, scan: &Scan<'_>, hits: &mut Hits) {
        if self.skeletons.is_empty() {
            return;
        }
        let mut skeleton = String::new();
        // Strange words, and words and numbers with another right behind them, in order.
        let (mut rare, mut glued) = (scan.rare.iter().peekable(), scan.glued.iter().peekable());
        let candidates = std::iter::from_fn(|| match (rare.peek(), glued.peek()) {
            (Some(a), Some(b)) if a <= b => rare.next(),
            (_, Some(_)) => glued.next(),
            _ => rare.next(),
        });
        let mut i = 0;
        for candidate in candidates.map(|i| *i as usize) {
            if candidate < i {
                continue;
            }
            i = candidate;
            let Some(token) = scan.get(i) else { break };
            let first = i;
            let (mut letters, mut odd) = (0, 0);
            loop {
                if scan.is_number(i) {
                    odd += scan.digits(i);
                } else {
                    letters += scan.word(i).len();
                }
                let gap = scan.gap(i);
                let marked = is_letter_like(gap);
                if i + 1 >= scan.tokens.len() || !(gap.is_empty() || marked) || i - first > MAX_IDENTIFIER {
                    break;
                }
                odd += usize::from(marked);
                i += 1;
            }
            i += 1;
            let ordinary = i - first == 1 && (token.tags != 0 || token.levels.lower() > 0);
            let length = letters + odd;
            if ordinary || letters <= odd || !(LEAST..=MAX_IDENTIFIER).contains(&length) {
                continue;
            }
            skeleton.clear();
            spellings::push_skeleton(scan.slice(scan.start(first), scan.end(i - 1)), &mut skeleton);
            if self.skeletons.contains(skeleton.as_str()) {
                hits.push(scan.start(first), scan.end(i - 1), Class::Name, 84);
            }
        }
    }

    /// Names of one word with white space inside, of which not every piece is an ordinary word: `Vander molen`.
    pub(super) fn mark_parted_words(&self, scan: &Scan<'_>, hits: &mut Hits) {
        let spaced = |i: usize| matches!(scan.gap(i), " " | "\n" | "\r\n" | "  ");
        let letters = |i: usize| scan.get(i).map_or(0, |token| token.len());
        let ordinary = |i: usize| {
            scan.get(i)
                .is_none_or(|token| token.tags != 0 || token.levels.lower() > 0)
        };
        let text = scan.text.as_bytes();
        let mut folded = String::new();
        let mut next = 0;
        let around = scan.strange.iter().flat_map(|strange| {
            let strange = *strange as usize;
            let from = next.max((strange + 1).saturating_sub(MAX_PIECES));
            next = strange + 1;
            from..strange + 1
        });
        for i in around {
            let Some(token) = scan
                .get(i)
                .filter(|token| token.shape != Shape::Number && token.len() >= 2)
            else {
                continue;
            };
            let mut length = token.len();
            for last in i + 1..i + MAX_PIECES {
                if !spaced(last - 1) || scan.is_number(last) || last >= scan.tokens.len() {
                    break;
                }
                length += letters(last);
                let bytes = text.get(token.start as usize..token.end as usize).unwrap_or_default();
                if length < LEAST + 1 || !self.lengths.has_of(bytes, length) || (i..=last).all(ordinary) {
                    continue;
                }
                folded.clear();
                (i..=last).for_each(|at| fold::push_word(scan.word(at), &mut folded));
                if self.ends_one_word(&folded) == Some(Class::Name) {
                    hits.push(scan.start(i), scan.end(last), Class::Name, 86);
                }
            }
        }
    }

    /// The class of a known value of this one folded word.
    pub(super) fn ends_one_word(&self, folded: &str) -> Option<Class> {
        self.phrases.one_word(folded).map(|end| end.class)
    }

    /// Initials of known people: `T.V.`, `T. V.`, and `TV` after a word for a person or before what people do.
    pub(super) fn mark_initials(&self, scan: &Scan<'_>, hits: &mut Hits) {
        if self.initials.is_empty() {
            return;
        }
        let person = |i: usize| {
            i > 0
                && scan.has(i - 1, ROLE | KIN | HONORIFIC | NAMED)
                && matches!(scan.gap(i - 1), " " | ". " | ", " | ": " | " (" | " - ")
        };
        let mut folded = String::new();
        for i in scan.capitals.iter().map(|i| *i as usize) {
            let Some(token) = scan.get(i) else { break };
            let last = match token.shape {
                Shape::Initial if i == 0 || scan.word(i - 1).len() != 1 || !scan.gap_before(i).starts_with('.') => {
                    let mut last = i;
                    while last < i + 3
                        && matches!(scan.gap(last), "." | ". ")
                        && scan.shape(last + 1) == Some(Shape::Initial)
                    {
                        last += 1;
                    }
                    last
                }
                Shape::Upper if (2..=3).contains(&token.len()) => i,
                _ => continue,
            };
            let bare = last == i;
            if bare && token.shape == Shape::Initial {
                continue;
            }
            folded.clear();
            (i..=last).for_each(|at| fold::push_word(scan.word(at), &mut folded));
            if !self.initials.contains(folded.as_str()) {
                continue;
            }
            let cue = person(i)
                || matches!(scan.gap(last), "'" | "’" | ".'" | ".’") && scan.is(last + 1, "s")
                || !bare && matches!(scan.gap(last), ". " | " ") && scan.has(last + 1, SAYS | DOES);
            let tagged = bare && scan.tags(i) & (DEPARTMENT | FACILITY) != 0;
            let ordinary = ABBREVIATIONS.contains(&folded.as_str()) || tagged;
            // "ZQ reports", where no other word has these letters
            let unlisted = scan.tags(i) == 0
                && !scan.all_levels(i).is_listed()
                && !SHORT_TERMS.iter().any(|term| scan.word(i).eq_ignore_ascii_case(term));
            let speaks = bare && unlisted && scan.gap(i) == " " && scan.has(i + 1, SAYS | DOES);
            // "J.P. drain"
            let thing = scan.has(last + 1, crate::lexicon::EPONYM_HEAD) && scan.gap(last).len() <= 2;
            let stopped = scan.gap(last).starts_with('.') || last + 1 >= scan.tokens.len();
            if (cue || speaks) && !(bare && ordinary) || !bare && stopped && !ordinary && !thing {
                hits.push(scan.start(i), scan.end(last), Class::Name, 82);
            }
        }
    }

    /// The last four digits of a known number, where something says that they are that.
    pub(super) fn mark_endings(&self, scan: &Scan<'_>, hits: &mut Hits) {
        if self.endings.is_empty() {
            return;
        }
        for i in (0..scan.tokens.len()).filter(|i| scan.digits(*i) == 4) {
            let Some(class) = self.endings.get(scan.word(i)) else {
                continue;
            };
            let gap = scan.gap_before(i);
            let hidden = gap.contains("**") || gap.contains("##") || gap.contains("••");
            let crossed =
                i > 0 && matches!(gap, "-" | "" | " ") && scan.word(i - 1).bytes().all(|b| matches!(b, b'x' | b'X'));
            let said = (1..=4)
                .take_while(|back| i >= *back && is_near_gap(scan, i - back))
                .any(|back| scan.has(i - back, LAST_FOUR | SSN | MRN | PHONE | ID | ACCOUNT | PLAN));
            let goes_on = scan.has(i + 1, UNIT) && scan.gap(i) == " ";
            if hidden || crossed || said && !goes_on {
                hits.push(scan.start(i), scan.end(i), *class, 84);
            }
        }
    }

    /// True when a word for a birth stands among the three tokens before `i`.
    pub(super) fn is_said_birth(scan: &Scan<'_>, i: usize) -> bool {
        (1..=3)
            .take_while(|back| i >= *back && is_near_gap(scan, i - back))
            .any(|back| scan.has(i - back, BIRTH) || scan.is(i - back, "birthday") || scan.is(i - back, "bday"))
    }
}
