//! Fewer words for the same statement: closed lists of words that carry none, and short forms of phrases and heads.
//!
//! Nothing here changes a number, a name, a negation or a word of time ("was", "will"). Whether a sentence still says the same is
//! not decided here: [`super::note`] reads it again and takes back what changed a fact.

mod idle;

use std::{borrow::Cow, collections::HashMap, sync::LazyLock};

use self::idle::{ARTICLE_SHAPES, ARTICLES, FILLERS, IDLE, IDLE_SHAPES, without};
use crate::{
    fact::Section,
    lexicon::{Plain, Shapes},
    note::{self, layout, pack::Pack, sections},
};

/// How much goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// White space only.
    Squeezed,
    /// Articles.
    Articles,
    /// Function words, and phrases in their short form.
    Terse,
}

/// Phrases and their short forms, lower case, the longest of those that begin alike first.
#[rustfmt::skip]
const PHRASES: &[Phrase] = &[
    ("past medical history significant for", "pmh:"), ("past medical history", "pmh"), ("medical history significant for", "pmh:"),
    ("within normal limits", "wnl"), ("in order to", "to"), ("a lot of", "much"), ("in addition to", "+"), ("in addition", ""),
    ("range of motion", "rom"), ("due to the fact that", "because"), ("with regards to", "re"), ("with regard to", "re"),
    ("in regard to", "re"), ("regarding", "re"), ("for further evaluation", "to evaluate"), ("further evaluation", "evaluation"), ("prior to", "before"),
    ("presents for evaluation of", "presents for"),
    ("who presents to the clinic today", "presents"), ("who presents today", "presents"), ("who presents", "presents"), ("presents to the clinic today", "presents"),
    ("presents today", "presents"), ("this point in time", "now"), ("would like to", "wants to"), ("in the office today", "today"), ("in the clinic today", "today"),
("does not", "not"), ("do not", "not"), ("at this point in time", "now"), ("i would like to", "want to"), ("i am going to", "will"),
    ("we are going to", "will"), ("i'm going to", "will"), ("we're going to", "will"), ("i will go ahead and", "will"), ("we will go ahead and", "will"),
    ("approximately", "~"), ("greater than", ">"), ("less than", "<"), ("was instructed to", "told to"), ("has been instructed to", "told to"),
    ("is encouraged to", "encouraged to"), ("was advised to", "advised to"), ("were discussed with the patient", "discussed"),
    ("was discussed with the patient", "discussed"), ("medical reasoning", "why"), ("additional testing", "tests"), ("medical treatment", "tx"),
    ("specialist referrals", "refer"), ("specialist referral", "refer"), ("patient education and counseling", "counsel"),
    ("patient education", "counsel"), ("physical therapy", "PT"), ("emergency department", "ED"), ("emergency room", "ER"),
    ("primary care physician", "PCP"), ("primary care provider", "PCP"), ("without difficulty", "w/o difficulty"), ("you know", ""),
    ("kind of", ""), ("sort of", ""), ("a little bit", "slightly"), ("and so on", ""), ("such as", "e.g."), ("for example", "e.g."),
    ("the right lower extremity", "RLE"), ("the left lower extremity", "LLE"), ("right lower extremity", "RLE"), ("left lower extremity", "LLE"),
    ("right upper extremity", "RUE"), ("left upper extremity", "LUE"), ("lower extremity", "LE"), ("upper extremity", "UE"),
    ("lower extremities", "LEs"), ("upper extremities", "UEs"), ("demonstrates", "shows"), ("demonstrated", "showed"), ("evidence of", "sign of"),
    ("status post", "s/p"), ("history of", "h/o"), ("complains of", "c/o"), ("examination", "exam"), ("laboratory", "lab"), ("bilaterally", "bilat"),
    ("bilateral", "bilat"), ("immediately", "at once"), ("approximately", "~"), ("utilizing", "using"), ("utilize", "use"), ("auscultation", "auscult"),
];

/// A phrase and its short form.
type Phrase = (&'static str, &'static str);

/// The same by the two bytes that they begin with.
static BY_FIRST: LazyLock<HashMap<u16, Vec<Phrase>, Plain>> = LazyLock::new(|| {
    let mut by_first: HashMap<u16, Vec<_>, Plain> = HashMap::default();
    for phrase in PHRASES {
        if let Some(first) = phrase.0.as_bytes().first_chunk() {
            by_first.entry(u16::from_le_bytes(*first)).or_default().push(*phrase);
        }
    }
    by_first
});

/// Short heads, and the heads of the same section that say no more than they do, in small letters. "Admission medications" and "active problems" are
/// not here: "Meds" beside the "Meds" of the discharge would be two lists of one name, and what goes on is no past history.
#[rustfmt::skip]
const HEADS: &[(Section, &str, &[&str])] = &[
    (Section::ChiefComplaint, "CC", &["chief complaint", "chief complaints", "presenting complaint", "reason for visit"]),
    (Section::PresentIllness, "HPI", &["history of present illness", "present illness"]),
    (Section::PastHistory, "PMH", &["past medical history", "medical history", "past history", "past medical hx", "medical hx"]),
    (Section::SurgicalHistory, "PSH", &["past surgical history", "surgical history", "past surgical hx", "surgical hx"]),
    (Section::FamilyHistory, "FHX", &["family history", "family medical history", "family hx"]),
    (Section::SocialHistory, "SHX", &["social history", "social hx"]),
    (Section::Medications, "Meds", &["medications", "current medications", "medication", "medication list", "current meds"]),
    (Section::Review, "ROS", &["review of systems"]),
    (Section::Vitals, "Vitals", &["vitals", "vital signs", "vitals reviewed"]),
    (Section::Exam, "Exam", &["exam", "physical exam", "physical examination", "examination"]),
    (Section::Assessment, "A/P", &["assessment and plan", "assessment & plan", "assessment/plan", "impression and plan"]),
];

/// A head that says the same with fewer letters, or the head itself; one in capitals in small letters, which are fewer tokens.
pub(crate) fn head<'a>(line: &'a str, section: Section, pack: &'static Pack) -> Cow<'a, str> {
    let of_section = |short: &str| sections::named_head(short, pack).is_some_and(|head| head.section == section);
    let name = line.trim().trim_end_matches(':').trim_end();
    let shorter = HEADS.iter().find(|(of, short, long)| {
        *of == section && *short != name && of_section(short) && long.iter().any(|long| name.eq_ignore_ascii_case(long))
    });
    if let Some((_, short, _)) = shorter {
        return Cow::Borrowed(short);
    }
    let capitals =
        line.len() > LONGEST_SHORT && line.bytes().all(|b| b.is_ascii_uppercase() || matches!(b, b' ' | b':'));
    if capitals && pack.idle.is_empty() {
        let (first, rest) = line.split_at(1);
        let small = format!("{first}{}", rest.to_ascii_lowercase());
        if of_section(&small) {
            return Cow::Owned(small);
        }
    }
    Cow::Borrowed(line)
}

/// The longest head that may be an abbreviation, which keeps its capitals.
const LONGEST_SHORT: usize = 4;

/// Systems of the body, as a review or an examination labels its lines, and what clinicians write for them.
const SYSTEMS: &[(&str, &str)] = &[
    ("cardiovascular", "CV"),
    ("constitutional", "Const"),
    ("gastrointestinal", "GI"),
    ("genitourinary", "GU"),
    ("integumentary", "Skin"),
    ("musculoskeletal", "MSK"),
    ("neurological", "Neuro"),
    ("neurologic", "Neuro"),
    ("psychiatric", "Psych"),
    ("respiratory", "Resp"),
];

/// The longest label that loses its bullet, in bytes.
const LONGEST_LABEL: usize = 40;

/// A line of a review or an examination with the short name of its system, and a line with a label without the bullet: a label begins an item as
/// well as that does. "- Auscultation of Heart: regular" is "Heart: regular".
pub(crate) fn labelled(line: &str, section: Section, pack: &'static Pack) -> String {
    let examines = matches!(section, Section::Review | Section::Exam);
    let mark = layout::bullet(line);
    let (bullet, rest) = line.split_at_checked(mark).unwrap_or(("", line));
    let end = rest.find(':').unwrap_or(rest.len());
    let (label, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
    if label.len() > LONGEST_LABEL || !label.starts_with(char::is_uppercase) || !pack.idle.is_empty() {
        return line.to_owned();
    }
    let system = SYSTEMS
        .iter()
        .find(|(long, _)| examines && label.eq_ignore_ascii_case(long));
    let part = ["Examination of ", "Auscultation of "]
        .iter()
        .find_map(|of| label.strip_prefix(of));
    let short = match (system, part) {
        (Some((_, short)), _) => short,
        (None, Some(part)) if examines && part.starts_with(char::is_uppercase) => part,
        _ => label,
    };
    if short == label && !after.starts_with(": ") {
        return line.to_owned();
    }
    let plain = format!("{short}{after}");
    let numbered = bullet.bytes().any(|b| b.is_ascii_digit());
    let is_label = after.starts_with(": ") && layout::is_item(&plain);
    if !numbered && is_label && sections::head(&plain, section, pack).is_none() {
        plain
    } else {
        format!("{bullet}{plain}")
    }
}

/// Whether a sentence is made of marks alone that say nothing. A plus, a minus, a tick or a number may be a result on a line of its own.
pub(crate) fn is_empty(part: &str) -> bool {
    part.chars()
        .all(|c| c.is_whitespace() || matches!(c, '.' | ',' | ';' | ':' | '*' | '•' | '·' | '…' | '_' | '='))
}

/// Whether white space within a line parts columns. Which column a value stands in is told by nothing else.
pub(crate) fn parts_columns(part: &str) -> bool {
    is_column_gap(part) && part.lines().any(|line| is_column_gap(line.trim()))
}

/// Whether there is a tab, or three blanks or more.
pub(crate) fn is_column_gap(gap: &str) -> bool {
    let bytes = gap.as_bytes();
    let after = |n: usize| bytes.get(n..).unwrap_or(&[]);
    let threes = bytes.iter().zip(after(1)).zip(after(2));
    // All bytes are looked at, many at a time, which takes less than to stop at the first.
    threes.fold(false, |any, ((a, b), c)| {
        any | ((*a == b' ') & (*b == b' ') & (*c == b' '))
    }) || bytes.contains(&b'\t')
}

/// Whether a line is a row of columns, or stands so far in, behind `lead`, that it begins under a later column.
pub(crate) fn is_row(lead: &str, words: &str) -> bool {
    parts_columns(words) || lead.contains('\t') || lead.len() >= DEEP
}

/// Blanks before a line that are more than an indent.
const DEEP: usize = 8;

/// White space squeezed, but for columns.
pub(crate) fn squeeze(part: &str) -> String {
    if parts_columns(part) {
        part.to_owned()
    } else {
        note::squeeze(part)
    }
}

/// Words of greeting, thanks and going on, which say nothing where nothing was asked.
const GREETINGS: &[&str] = &[
    "good",
    "fine",
    "great",
    "nice",
    "lovely",
    "glad",
    "wonderful",
    "perfect",
    "awesome",
    "cool",
    "wow",
    "okay",
    "ok",
    "alright",
    "all",
    "right",
    "morning",
    "afternoon",
    "evening",
    "day",
    "welcome",
    "thanks",
    "thank",
    "you",
    "please",
    "hey",
    "hi",
    "hello",
    "bye",
    "good-bye",
    "goodbye",
    "meet",
    "see",
    "later",
    "soon",
    "again",
    "care",
    "take",
    "have",
    "a",
    "the",
    "to",
    "so",
    "very",
    "much",
    "for",
    "mm-hmm",
    "uh-huh",
    "um-hum",
    "doctor",
    "dr.",
    "sir",
    "ma'am",
    "gotcha",
    "understood",
    "too",
];

/// Whether a sentence of a conversation is made of such words alone, whoever says it. After a question they are an answer: the
/// caller knows. "All right" is one; "right" and "one" without "all" may be a side or a number.
pub(crate) fn is_small_talk(part: &str) -> bool {
    let words = untagged(part).1;
    let mut before = String::new();
    words
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '.' | '!' | '?'))
        .filter(|word| !word.is_empty())
        .all(|word| {
            let word = word.to_ascii_lowercase();
            let all = word != "right" || before == "all";
            before.clone_from(&word);
            all && [GREETINGS, FILLERS].iter().any(|list| list.contains(&word.as_str()))
        })
}

/// Words of small talk that are an answer where a patient says them to a statement: "So you take warfarin." "Mm-hmm.", "You take it in the morning." "Evening."
const ASSENTS: &[&str] = &[
    "good",
    "fine",
    "great",
    "perfect",
    "wonderful",
    "mm-hmm",
    "uh-huh",
    "um-hum",
    "morning",
    "afternoon",
    "evening",
    "later",
    "soon",
    "again",
];

/// Whether a turn of the patient's begins with such a word.
pub(crate) fn is_assent(part: &str) -> bool {
    let (who, words) = untagged(part);
    let first = words
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '.' | '!'))
        .next();
    who == "Pt:" && first.is_some_and(|first| ASSENTS.iter().any(|word| first.eq_ignore_ascii_case(word)))
}

/// Who speaks, in a short form, and what: `[doctor] any pain` is `Dr:` and `any pain`.
pub(crate) fn untagged(part: &str) -> (&'static str, &str) {
    for (tag, short) in [
        ("[doctor]", "Dr:"),
        ("[patient]", "Pt:"),
        ("Doctor:", "Dr:"),
        ("Patient:", "Pt:"),
    ] {
        if let Some(rest) = part.strip_prefix(tag) {
            return (short, rest.trim_start());
        }
    }
    ("", part)
}

/// `words` (white space squeezed) with fewer of them. Every subject stays: what was said before may be of somebody else.
pub(crate) fn sentence(words: &str, level: Level, speech: bool, pack: &Pack) -> String {
    // The lists here are of English words; another language has its own in its pack.
    if !pack.idle.is_empty() {
        return match level {
            Level::Squeezed => words.to_owned(),
            Level::Articles | Level::Terse => without(words, (&pack.idle, &pack.idle_shapes), false),
        };
    }
    match level {
        Level::Squeezed => words.to_owned(),
        Level::Articles => without(words, (ARTICLES, &ARTICLE_SHAPES), false),
        Level::Terse => {
            let (who, words) = if speech { untagged(words) } else { ("", words) };
            let list: (&[&str], &Shapes) = match speech {
                true => (ARTICLES, &ARTICLE_SHAPES),
                false => (IDLE, &IDLE_SHAPES),
            };
            let short = without(&phrases(words), list, speech);
            if who.is_empty() {
                short
            } else {
                format!("{who} {short}")
            }
        }
    }
}

/// Every phrase of [`PHRASES`] in its short form. Phrases are looked for at the beginnings of words.
fn phrases(words: &str) -> String {
    let lower = words.to_ascii_lowercase();
    let mut out = String::with_capacity(words.len());
    let mut at = 0;
    while let Some(rest) = lower.get(at..) {
        let Some(c) = words.get(at..).and_then(|rest| rest.chars().next()) else {
            break;
        };
        let begins = at == 0 || lower.get(..at).is_some_and(|before| before.ends_with([' ', '(']));
        let hit = begins
            .then(|| {
                BY_FIRST
                    .get(&u16::from_le_bytes(*rest.as_bytes().first_chunk()?))?
                    .iter()
                    .find(|(long, _)| is_at(rest, long) && !is_answer(rest, long) && !is_clause(&lower, at, long))
            })
            .flatten();
        match hit {
            Some((long, "")) => {
                at += long.len();
                // No white space and no comma is left before what ends a clause.
                if lower
                    .get(at..)
                    .is_some_and(|after| after.starts_with(['.', ',', ';', '?', '!']))
                {
                    let kept = out.trim_end_matches([' ', ',']);
                    if kept.ends_with(char::is_alphanumeric) {
                        out.truncate(kept.len());
                    }
                }
            }
            Some((long, short)) => {
                // A capital stays one.
                let capital = c.is_uppercase() && (at == 0 || !long.starts_with("i "));
                let mut letters = short.chars();
                match letters.next() {
                    Some(first) if capital => out.extend(first.to_uppercase().chain(letters)),
                    _ => out += short,
                }
                at += long.len();
            }
            None => {
                // On to the next word.
                let len = rest.bytes().position(|b| matches!(b, b' ' | b'('));
                let len = len.map_or(rest.len(), |i| i + 1);
                out += words.get(at..at + len).unwrap_or("");
                at += len;
            }
        }
    }
    out
}

/// Whether an idle phrase is what somebody says to a question: "Well, yeah, kind of."
fn is_answer(rest: &str, phrase: &str) -> bool {
    let after = rest.get(phrase.len()..).unwrap_or("").trim_start();
    matches!(phrase, "kind of" | "sort of") && !after.starts_with(char::is_alphanumeric)
}

/// Whether an idle phrase at byte `at` may say something: "do you know if", "and you know that". It says nothing between commas or ends of a sentence.
fn is_clause(lower: &str, at: usize, phrase: &str) -> bool {
    if phrase != "you know" {
        return false;
    }
    let before = lower.get(..at).map_or("", str::trim_end);
    let after = lower.get(at + phrase.len()..).map_or("", str::trim_start);
    !((before.is_empty() || before.ends_with(',')) && (after.is_empty() || after.starts_with([',', '.'])))
}

fn is_at(rest: &str, phrase: &str) -> bool {
    rest.strip_prefix(phrase)
        .is_some_and(|after| !after.starts_with(|c: char| c.is_alphanumeric() || c == '-' || c == '\''))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::{language::Language, pack::pack};

    #[test]
    fn says_it_in_fewer_words() {
        let check = |text: &str, expect: &str| {
            assert_eq!(
                sentence(text, Level::Terse, false, pack(Language::English)),
                expect,
                "{text}"
            )
        };
        check(
            "The patient is a 50-year-old female with asthma.",
            "Patient 50-year-old female with asthma.",
        );
        check(
            "She was taking the metformin and does not have any chest pain.",
            "She was taking metformin and not any chest pain.",
        );
        check(
            "Her mother has asthma and she has gout.",
            "Her mother asthma and she gout.",
        );
        check("Take it with or without food.", "Take it with or without food.");
        check("It may be cancer.", "It may be cancer.");
        check(
            "She has a little pain and a few bruises.",
            "She has a little pain and a few bruises.",
        );
        check("Otherwise negative.", "Otherwise negative.");
        check("I would like to stop.", "Want to stop.");
        check("She is to be seen by surgery.", "She to be seen by surgery.");
        check("If he continues to have pain.", "If he continues to have pain.");
        check(
            "I explained to the patient that it may be gout.",
            "I explained to patient that it may be gout.",
        );
        check("She reports that she has gout.", "She reports she gout.");
        check("The rash that she has is new.", "Rash that she has new.");
        check("Follow up in 3 months.", "Follow up in 3 months.");
        // A letter that names a kind is no article, and "not quite" is not "not".
        for whole in [
            "Hepatitis a and b negative.",
            "influenza a was positive",
            "blood type a positive",
            "vitamin a 5000 units",
            "in a fib with rapid response",
            "hgb a 1 c 9",
            "He took a third of it.",
            "Metformin 500 mg twice a day.",
            "She did not specifically deny it.",
            "Wound not quite healed.",
        ] {
            check(whole, whole);
        }
        check(
            "She is in a wheelchair with an open wound.",
            "She in wheelchair with open wound.",
        );
        check("It is quite sore.", "It sore.");
        // Words of time stay.
        check(
            "He has no suicidal ideation at this time, but did last week.",
            "He no suicidal ideation at this time, but did last week.",
        );
        check("She is well at this point.", "She well at this point.");
        check("At this point in time the rash is gone.", "Now rash gone.");
        // An idle phrase leaves no mark behind, and one that answers stays.
        check("It began in March, you know.", "It began in March.");
        check("Pt: You know, about March.", "Pt: You know, about March.");
        check("It is, you know, sore.", "It is, sore.");
        check("It is kind of sore, sort of.", "It sore, sort of.");
        check("Approximately 4 days ago", "~ 4 days ago");
        // What compares is no idle word: "not sleeping" is something else.
        check("He is not sleeping as well.", "He not sleeping as well.");
        check(
            "She does not hear as well in the left ear.",
            "She not hear as well in left ear.",
        );
        check("It is not as well controlled.", "It not as well controlled.");
        check("He does not see as well as before.", "He not see as well as before.");
    }

    #[test]
    fn who_does_and_who_must_stay() {
        for whole in [
            "He reports gout.",
            "She was started on colchicine.",
            "We will order labs.",
            "We want echo.",
            "I discussed surgery.",
            "He has to use oxygen.",
            "Donor CMV positive. Patient CMV negative.",
            "Nurse ill and patient well.",
            "Neighbour ill; patient well.",
            "Nurse ill, but patient well.",
            "Denies any and all drug use.",
            "Denied any or all of it.",
            "Without any of these.",
        ] {
            let short = sentence(whole, Level::Terse, false, pack(Language::English));
            assert_eq!(short, whole);
        }
    }

    #[test]
    fn labels_and_heads_are_short() {
        let check = |line: &str, section: Section, expect: &str| {
            assert_eq!(labelled(line, section, pack(Language::English)), expect, "{line}");
        };
        check("- Cardiovascular: Regular.", Section::Exam, "CV: Regular.");
        check("Musculoskeletal", Section::Exam, "MSK");
        check("- Auscultation of Heart: Regular.", Section::Exam, "Heart: Regular.");
        check(
            "- Palpation of Knee: Tender.",
            Section::Exam,
            "Palpation of Knee: Tender.",
        );
        check("- Cardiovascular: stable.", Section::Plan, "Cardiovascular: stable.");
        // What would be a head without its bullet, a number, and what is no label, stay.
        check("- Medications: aspirin", Section::Plan, "- Medications: aspirin");
        check("1. Plan B: rest", Section::Plan, "1. Plan B: rest");
        check("- Rest and fluids", Section::Plan, "- Rest and fluids");
        check("- ice: twice", Section::Plan, "- ice: twice");
        let head = |line: &'static str, section: Section| head(line, section, pack(Language::English)).into_owned();
        // What says more than the short head stays.
        for (whole, section) in [
            ("Admission medications:", Section::Medications),
            ("Discharge medications:", Section::Medications),
            ("Medications prior to admission:", Section::Medications),
            ("Active problems:", Section::PastHistory),
            ("Hospital course:", Section::PresentIllness),
            ("Reason for consultation:", Section::ChiefComplaint),
            ("Mental status exam:", Section::Exam),
        ] {
            assert_eq!(head(whole, section), whole);
        }
        assert_eq!(head("Current medications:", Section::Medications), "Meds");
        assert_eq!(head("PHYSICAL EXAM", Section::Exam), "Exam");
        assert_eq!(head("Past medical history:", Section::PastHistory), "PMH");
        assert_eq!(head("ASSESSMENT AND PLAN", Section::Assessment), "A/P");
        assert_eq!(head("ASSESSMENT", Section::Assessment), "Assessment");
        assert_eq!(head("PLAN", Section::Plan), "PLAN");
        assert_eq!(head("RESULTS", Section::Results), "Results");
        assert_eq!(head("IMAGING", Section::Results), "Imaging");
    }

    #[test]
    fn a_conversation_keeps_what_it_says() {
        let check = |text: &str, expect: &str| {
            assert_eq!(sentence(text, Level::Terse, true, pack(Language::English)), expect);
        };
        check(
            "Doctor: Stop the lisinopril and do losartan 50 instead.",
            "Dr: Stop lisinopril and do losartan 50 instead.",
        );
        check("Patient: Was it a virus, not strep", "Pt: Was it virus, not strep");
        check(
            "Doctor: Do you know if the rash is new",
            "Dr: Do you know if rash is new",
        );
        check("Doctor: Do you know what I mean?", "Dr: Do you know what I mean?");
        check("Patient: It is, you know, sore", "Pt: It is, sore");
        check("Patient: You know it is sore", "Pt: You know it is sore");
        check(
            "Patient: And you know that it is sore",
            "Pt: And you know that it is sore",
        );
        check("Patient: You know, it is sore", "Pt: it is sore");
        check(
            "Patient: My left, I mean my right, arm",
            "Pt: My left, I mean my right, arm",
        );
        check("Patient: I took two, I mean three", "Pt: I took two, I mean three");
        check("Patient: I do", "Pt: I do");
        check("Patient: Oh no.", "Pt: Oh no.");
        check("[patient] oh , no .", "Pt: oh , no");
        check("[patient] oh , not since may .", "Pt: not since may");
        check("Um , it could be .", "it could be");
        for answer in [
            "I have.",
            "Absolutely",
            "A lot",
            "Maybe",
            "I am",
            "That's right",
            "Of course",
        ] {
            assert!(!is_small_talk(answer), "{answer}");
        }
        assert!(is_small_talk("[doctor] Okay, great, thank you so much!") && is_small_talk("All right."));
        for side in ["Uh, the right.", "Right.", "One", "Okay, right"] {
            assert!(!is_small_talk(side), "{side}");
        }
        assert!(is_assent("[patient] Good.") && is_assent("Patient: mm-hmm .") && is_assent("Patient: Evening."));
        for other in ["[doctor] Good.", "[patient] Okay, thank you.", "[patient]", "Good."] {
            assert!(!is_assent(other), "{other}");
        }
    }

    #[test]
    fn a_result_on_a_line_of_its_own_and_what_stands_in_columns_stay() {
        for result in ["7", "+", "-", "(-)", "2+", "8.", "±"] {
            assert!(!is_empty(result), "{result}");
        }
        for mark in ["...", "*", "· ·", ""] {
            assert!(is_empty(mark), "{mark}");
        }
        for row in [
            "Knee ext             3",
            "Metformin\t500 mg\t\t500 mg",
            "Grip\n  L    5",
        ] {
            assert!(parts_columns(row) && squeeze(row) == row, "{row}");
        }
        for prose in ["It  is sore.", "It was\n      sore.", "   It was sore.   "] {
            assert!(!parts_columns(prose), "{prose}");
        }
    }

    #[test]
    fn nothing_that_says_no_and_no_number_is_idle() {
        for word in IDLE.iter().chain(FILLERS).chain(ARTICLES) {
            assert!(
                !matches!(
                    *word,
                    "no" | "not" | "never" | "without" | "denies" | "none" | "stopped" | "off"
                ),
                "{word}"
            );
            assert!(
                !word.ends_with("n't") && !word.bytes().any(|b| b.is_ascii_digit()),
                "{word}"
            );
        }
    }

    #[test]
    fn short_heads_are_of_the_same_section() {
        for (section, short, long) in HEADS {
            for head in long.iter().chain([short]) {
                assert_eq!(
                    sections::named_head(head, pack(Language::English)).map(|head| head.section),
                    Some(*section),
                    "{head}"
                );
            }
        }
    }
}
