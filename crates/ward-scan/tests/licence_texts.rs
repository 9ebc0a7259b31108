//! How well licence texts are recognised: every text of the SPDX list, as it is and changed in the ways that copies of
//! licences are.
//!
//! `WARD_ALL=1 cargo test -p ward-scan --test licence_texts -- --nocapture` looks at all of them and prints the figures that the
//! guide gives; without the variable it is every twentieth.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Instant,
};

use ward_scan::licences::{text, words};

/// A name, how a text is changed, and how many in a hundred must be told right.
struct Edit {
    name: &'static str,
    change: fn(&str) -> String,
    least: f64,
}

const EDITS: &[Edit] = &[
    Edit {
        name: "as it is",
        change: str::to_owned,
        least: 99.0,
    },
    Edit {
        name: "year and holder filled in, on a line of their own",
        change: |text| {
            format!(
                "Copyright (c) 2021-2024 The Example Project and its contributors\n\n{}",
                fill(text)
            )
        },
        least: 99.0,
    },
    Edit {
        name: "wrapped anew at 60 columns",
        change: |text| wrap(text, 60, ""),
        least: 99.0,
    },
    Edit {
        name: "as a comment of C",
        change: |text| format!("/*\n{}\n */\n", wrap(text, 76, " * ")),
        least: 99.0,
    },
    Edit {
        name: "upper case, other quotation marks",
        change: |text| text.to_uppercase().replace('"', "\u{201c}"),
        least: 99.0,
    },
    Edit {
        name: "the last tenth cut off",
        change: |text| cut(text, 9),
        least: 93.0,
    },
    Edit {
        name: "one word in fifty replaced",
        change: |text| replaced(text, 50),
        least: 97.0,
    },
    Edit {
        name: "under a title and a paragraph of the project's own",
        change: |text| {
            format!(
                "Example, a program for examples\n\nThis program was written by many people over several years, who are listed in the file of authors.\n\n{text}"
            )
        },
        least: 99.0,
    },
];

fn fill(text: &str) -> String {
    let mut out = text.to_owned();
    for (mark, value) in [
        ("<year>", "2021"),
        ("<copyright holders>", "The Example Project"),
        ("<owner>", "The Example Project"),
        ("[yyyy]", "2021"),
        ("[name of copyright owner]", "The Example Project"),
    ] {
        out = out.replace(mark, value);
    }
    out
}

fn wrap(text: &str, width: usize, before: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let mut at = 0;
        out.push_str(before);
        // A line about the copyright stays whole, as whoever wraps a text would leave it.
        let whole = line.trim_start().to_lowercase().starts_with("copyright");
        for word in line.split_whitespace() {
            if at > 0 && at + word.len() >= width && !whole {
                out.push('\n');
                out.push_str(before);
                at = 0;
            }
            out.push_str(word);
            out.push(' ');
            at += word.len() + 1;
        }
        out.push('\n');
    }
    out
}

fn cut(text: &str, tenths: usize) -> String {
    let words: Vec<&str> = text.split_inclusive(char::is_whitespace).collect();
    words.iter().take(words.len() * tenths / 10).copied().collect()
}

fn replaced(text: &str, every: usize) -> String {
    let words = text.split_inclusive(char::is_whitespace).enumerate();
    words
        .map(|(at, word)| if at % every == every - 1 { "something " } else { word })
        .collect()
}

/// A text of the GNU family does not say which versions may be taken.
fn gnu(id: &str) -> &str {
    id.trim_end_matches('+')
        .trim_end_matches("-or-later")
        .trim_end_matches("-only")
}

/// Texts that have the same words are one: their identifiers cannot be told apart by the text.
fn groups() -> BTreeMap<&'static str, usize> {
    let mut seen: BTreeMap<BTreeSet<u32>, usize> = BTreeMap::new();
    let mut groups = BTreeMap::new();
    for (id, text) in spdx::text::LICENSE_TEXTS {
        let runs: BTreeSet<u32> = words::shingles(&words::of(text)).into_iter().collect();
        let next = seen.len();
        groups.insert(*id, *seen.entry(runs).or_insert(next));
    }
    groups
}

#[test]
fn texts_of_the_list_are_recognised() {
    let groups = groups();
    let every = if std::env::var_os("WARD_ALL").is_some() { 1 } else { 20 };
    for edit in EDITS {
        let (mut right, mut wrong, mut none) = (0_u32, Vec::new(), Vec::new());
        let begun = Instant::now();
        let mut bytes = 0;
        for (at, (id, text)) in spdx::text::LICENSE_TEXTS.iter().enumerate() {
            // Old identifiers for a licence with an exception have no text of their own, only a note to insert one.
            if at % every != 0 || id.contains("-with-") || words::of(text).len() < 12 {
                continue;
            }
            let changed = (edit.change)(text);
            bytes += changed.len();
            let reading = text::identify(&changed);
            match reading.matches.first() {
                Some(one) if groups.get(one.id) == groups.get(id) || gnu(one.id) == gnu(id) => right += 1,
                Some(one) => wrong.push((*id, one.id)),
                None => none.push(*id),
            }
        }
        let all = f64::from(right) + (wrong.len() + none.len()) as f64;
        let share = 100.0 * f64::from(right) / all;
        println!(
            "{:<52} right {right} of {all} ({share:.1} %), another licence {}, none {}  [{:.1} MB/s]",
            edit.name,
            wrong.len(),
            none.len(),
            bytes as f64 / 1e6 / begun.elapsed().as_secs_f64(),
        );
        if std::env::var_os("WARD_LIST").is_some() {
            println!("  {wrong:?}\n  {none:?}");
        }
        assert!(share >= edit.least, "{}: {wrong:?} {none:?}", edit.name);
    }
}

/// Texts that are no licence are not taken for one.
#[test]
fn other_texts_are_no_licence() {
    let prose =
        "The quick brown fox jumps over the lazy dog. It may be used, copied and changed, or so it says. ".repeat(40);
    assert!(text::identify(&prose).matches.is_empty());
}
