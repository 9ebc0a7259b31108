//! What an output tells of whom: a reader of its own puts every visit together again and compares it with the source.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod notation;

use notation::{expand, visits, words};
use proptest::prelude::*;
use ward_clinical::{Compressed, Options, compress, read};
use ward_formats::{Budget, Doc};

/// A head and what stands under it.
type Group = (String, Vec<String>);

/// Of whom or of what something may be said.
const SUBJECTS: &[&str] = &[
    "Left foot",
    "Right foot",
    "Mother",
    "Infant",
    "Donor",
    "Wound 1",
    "Wound 2",
    "Admission medications",
    "Discharge medications",
    "Admission diagnosis",
    "Tooth 14",
    "L4-L5",
    "Zorb plinth",
    "Quax",
    "Exam",
    "Plan",
];

/// What may be said: of a few words and of many.
const ITEMS: &[&str] = &[
    "Ulcer on heel",
    "Skin intact",
    "No pus",
    "Pus present",
    "Warfarin 5 mg daily",
    "Grey rim round lower edge, 2 cm wide, no smell, no warmth",
    "Callus under great toe with brown rim and slow healing",
    "Sleeps well, walks two miles before breakfast, eats little",
    "Murk seen",
];

/// A line of one of many kinds that names a subject.
fn head(subject: &str, kind: usize) -> String {
    match kind {
        0 => format!("{subject}:\n"),
        1 => format!("{subject}\n"),
        2 => format!("{}\n", subject.to_uppercase()),
        3 => format!("{}:\n", subject.to_uppercase()),
        4 => format!("## {subject}\n"),
        5 => format!("**{subject}**\n"),
        6 => format!("_{subject}_\n"),
        7 => format!("{subject}.\n"),
        8 => format!("{subject}: "),
        9 => format!("{subject} - "),
        10 => format!("**{subject}:** "),
        11 => format!("{subject} seen today. "),
        12 => format!("[{subject}] "),
        13 => format!("- {subject}\n"),
        14 => format!("{subject}:\n\n"),
        _ => format!("{subject}\n\n"),
    }
}

/// How the items stand.
fn listed(items: &[String], form: usize) -> String {
    let line = |before: &str, after: &str| -> String {
        items
            .iter()
            .map(|item| format!("{before}{item}{after}"))
            .collect::<String>()
    };
    match form {
        0 => format!("{}\n", line("", ". ").trim_end()),
        1 => line("- ", "\n"),
        2 => line("", "\n"),
        3 => line("", ".\n"),
        4 => line("* ", ".\n"),
        _ => line("", ".\n\n"),
    }
}

fn group() -> impl Strategy<Value = Group> {
    (
        prop::sample::select(SUBJECTS),
        prop::collection::vec(prop::sample::select(ITEMS), 1..5),
    )
        .prop_map(|(subject, items)| (subject.to_owned(), items.into_iter().map(str::to_owned).collect()))
}

/// The groups of the next visit: copied, with sides or items exchanged, or with one item less or more.
fn change(groups: &[Group], how: usize, at: usize) -> Vec<Group> {
    let mut next = groups.to_vec();
    let len = next.len();
    match how {
        0 => {}
        1 => {
            let (one, other) = (at % len, (at + 1) % len);
            let subject = next[one].0.clone();
            next[one].0 = std::mem::replace(&mut next[other].0, subject);
        }
        2 => next.reverse(),
        3 => drop(next[at % len].1.pop()),
        4 => next[at % len].1.insert(0, ITEMS[at % ITEMS.len()].to_owned()),
        5 => next[at % len].1.push(ITEMS[at % ITEMS.len()].to_owned()),
        _ => next[at % len].0 = SUBJECTS[at % SUBJECTS.len()].to_owned(),
    }
    next.retain(|(_, items)| !items.is_empty());
    next
}

/// The note, and what each visit says.
fn note() -> impl Strategy<Value = (String, Vec<Vec<Group>>)> {
    (
        prop::collection::vec(group(), 1..4),
        prop::collection::vec((0..7usize, 0..9usize), 1..4),
        (0..16usize, 0..6usize, any::<bool>()),
    )
        .prop_map(|(first, changes, (kind, form, apart))| {
            let mut all = vec![first];
            for (how, at) in changes {
                let next = change(all.last().unwrap(), how, at);
                if !next.is_empty() {
                    all.push(next);
                }
            }
            let mut text = "Patient: Ana Ruiz\n\n".to_owned();
            for (month, groups) in all.iter().enumerate() {
                text += &format!("Visit date: 0{}/05/2024\n", month + 1);
                for (subject, items) in groups {
                    text += &(head(subject, kind) + &listed(items, form));
                    text += if apart { "\n" } else { "" };
                }
                text += "\n";
            }
            text += "Visit date: 09/05/2024\nReturn in six weeks.\n";
            (text, all)
        })
}

fn small(text: &str, most: Option<usize>) -> Compressed {
    let doc = Doc::parse(text.as_bytes(), None, Budget::RECORD).unwrap().document;
    let options = Options {
        max_tokens: most,
        ..Options::default()
    };
    compress(&doc, &read(&doc), &options)
}

/// Whether `told` is some of `groups` in their order, each a head with as many of its items as there are from the first on.
fn is_some_of(told: &[String], groups: &[Vec<Vec<String>>]) -> bool {
    let Some((group, rest)) = groups.split_first() else {
        return told.is_empty();
    };
    let mut told = told;
    if is_some_of(told, rest) {
        return true;
    }
    for (at, part) in group.iter().enumerate() {
        let Some(after) = told.strip_prefix(part.as_slice()) else {
            return false;
        };
        told = after;
        if at > 0 && is_some_of(told, rest) {
            return true;
        }
    }
    false
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn every_visit_comes_out_as_it_went_in((text, _) in note()) {
        let small = small(&text, None);
        prop_assert!(small.verified);
        prop_assert_eq!(visits(&expand(&small.text, &[])), visits(&text), "{}\n{}", text, small.text);
    }

    #[test]
    fn a_number_of_tokens_parts_nothing_from_its_head((text, groups) in note(), share in 30..95usize) {
        let whole = small(&text, None);
        let few = small(&text, Some(whole.tokens.before * share / 100));
        prop_assert!(few.verified);
        for (told, groups) in visits(&expand(&few.text, &[])).iter().zip(&groups) {
            let groups: Vec<Vec<Vec<String>>> = groups
                .iter()
                .map(|(subject, items)| {
                    let today = if text.contains("seen today") { " seen today" } else { "" };
                    let head = words(&format!("{subject}{today}"));
                    std::iter::once(head).chain(items.iter().map(|item| words(item))).collect()
                })
                .collect();
            // The date is one word.
            prop_assert!(is_some_of(told.get(1..).unwrap(), &groups), "{:?}\n{}\n{}", told, text, few.text);
        }
    }

    #[test]
    fn what_the_newest_visit_says_too_stands_in_its_place(
        items in prop::collection::vec(prop::sample::select(ITEMS), 2..8),
        kinds in prop::collection::vec(0..3usize, 8),
        turn in 0..8usize,
    ) {
        // One sentence in each line, so that their numbers are known here.
        let lines = |items: &[&str]| -> Vec<String> {
            let ends = ["Left knee: ", "Quax: ", ""];
            items.iter().zip(&kinds).map(|(item, kind)| format!("{}{item}.", ends[*kind])).collect()
        };
        let mut turned = items.clone();
        turned.rotate_left(turn % items.len());
        let (old, new) = (lines(&turned), lines(&items));
        let text = format!(
            "Patient: Ana Ruiz\n\nVisit date: 01/05/2024\n{}\n\nVisit date: 02/05/2024\n{}\n",
            old.join("\n"),
            new.join("\n"),
        );
        let small = small(&text, None);
        prop_assert!(small.verified);
        prop_assert_eq!(visits(&expand(&small.text, &new)), visits(&text), "{}\n{}", text, small.text);
    }
}
