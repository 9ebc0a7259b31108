//! Pickles in a file: one, or several after each other, with what stands after them and inside them.

use ward_evidence::Location;
use ward_formats::{
    input::Input,
    pickle::{Limits, Node, Options, Outcome, Sniffed, Style, decoded, follow, sniff},
};

use super::{Walk, gadgets, judge::Judge, torch};
use crate::Blob;

const OPTIONS: Options = Options {
    limits: Limits::MODEL,
    joblib: true,
    numbers: false,
};
/// Pickles in one file that are followed.
const MOST: usize = 100_000;
/// Bytes after the last pickle that are searched for another one.
const SEARCHED: u64 = 64 << 20;
/// Places in them that are tried.
const TRIES: usize = 256;
/// Longest contents inside a pickle that are looked into.
const LONGEST_NESTED: usize = 256 << 20;

/// True when the first bytes are a pickle, by what they say or by what they do.
pub(super) fn sniffed(_: &Blob<'_>, head: &[u8]) -> bool {
    sniff(head) != Sniffed::Not
}

/// Follows every pickle in the blob.
pub(super) fn scan(blob: &Blob<'_>, walk: &mut Walk<'_>) {
    let head = blob.content.at(0, 64 << 10).unwrap_or_default();
    let sure = sniff(&head) == Sniffed::Pickle || super::is_model_name(&blob.name());
    run(blob.content, 0, &blob.place, sure, walk);
}

/// Follows pickles from byte `start` on. When nobody is `sure` that it is one, a failure to follow it is no news.
pub(super) fn run(input: Input<'_>, start: u64, place: &Location, sure: bool, walk: &mut Walk<'_>) {
    let mut judge = Judge::new(input, walk.script);
    let mut contents = Vec::new();
    let mut at = start;
    let mut legacy: Option<Vec<String>> = None;
    let mut trouble: Option<String> = None;
    for count in 0.. {
        if count >= MOST {
            trouble = Some("it holds more pickles than are followed".to_owned());
            break;
        }
        let outcome = follow(input, at, OPTIONS, &mut |values, effect| judge.hear(values, effect));
        judge.finish(&outcome.values);
        contents.extend(outcome.nested.iter().copied());
        if outcome.arrays > 0 {
            again_without_joblib(input, at, &mut judge);
        }
        if let Some(halt) = outcome.halt {
            trouble = Some(format!("it is no whole pickle: {halt}"));
            break;
        }
        if let Some((place, what)) = outcome.doubt {
            trouble.get_or_insert_with(|| format!("it is an odd pickle: {what} (byte {place})"));
        }
        if count == 0 && begins_torch(&outcome) {
            legacy = Some(Vec::new());
        }
        at = outcome.end;
        if let (4, Some(keys)) = (count, &mut legacy) {
            keys.extend(texts(&outcome));
            break;
        }
        at = skip_padding(input, at);
        let next = input.at(at, 64 << 10).unwrap_or_default();
        if next.is_empty() || sniff(&next) == Sniffed::Not {
            break;
        }
    }
    // Lines of text that begin with `P` can be followed as persistent ids; a text that imports nothing and does not end as a
    // pickle is none.
    let silent =
        trouble.is_some() && !sure && at == start && (judge.is_silent() || !judge.imports && is_text(input, at));
    if silent {
        return;
    }
    let rest_at = match legacy {
        Some(keys) => end_of_storages(input, at, &keys, &judge),
        None => at,
    };
    if trouble.is_none() {
        rest(input, rest_at, "its last pickle", &mut judge, &mut trouble);
    }
    // So can a Makefile whose first line begins with `S` or `P` and whose second begins with a full stop.
    if !sure && !judge.imports && is_text(input, start) {
        return;
    }
    let loaded = std::mem::take(&mut judge.nested);
    contents.extend(&loaded);
    let assembled = std::mem::take(&mut judge.assembled);
    judge.tell(place, walk.findings);
    if let Some(why) = trouble {
        walk.findings.not_examined(place.clone(), why);
    }
    for (at, bytes) in assembled {
        walk.nested(Input::of_bytes(&bytes), place, at, true);
    }
    contents.sort_by_key(|text| text.at);
    contents.dedup();
    for text in contents {
        if text.len as usize > LONGEST_NESTED {
            walk.findings.not_examined(
                place.clone(),
                "it holds contents inside it that are too long to look into",
            );
            continue;
        }
        let inside = input.part(text.at, u64::from(text.len));
        let expected = loaded.contains(&text);
        if text.style == Style::Plain {
            walk.nested(inside, place, text.at, expected);
        } else if let Ok(bytes) = inside.at(0, LONGEST_NESTED) {
            walk.nested(Input::of_bytes(&decoded(&bytes, text.style)), place, text.at, expected);
        }
    }
}

/// True when what stands at `at` is printable text, as far as a look goes.
fn is_text(input: Input<'_>, at: u64) -> bool {
    let head = input.at(at, 64 << 10).unwrap_or_default();
    head.iter()
        .all(|byte| matches!(byte, b'\n' | b'\r' | b'\t' | b' '..=b'~'))
}

/// True for bytes that are one pickle of protocol 2 or later from their first to their last.
pub(super) fn is_whole(content: Input<'_>) -> bool {
    let head = content.at(0, 64).unwrap_or_default();
    if sniff(&head) != Sniffed::Pickle {
        return false;
    }
    let outcome = follow(content, 0, OPTIONS, &mut |_, _| {});
    outcome.halt.is_none() && outcome.end == content.len()
}

/// A reader that is not joblib takes the bytes of arrays for opcodes. Where that leads somewhere harmful, it counts.
fn again_without_joblib<'a>(input: Input<'a>, at: u64, judge: &mut Judge<'a>) {
    let options = Options {
        joblib: false,
        ..OPTIONS
    };
    let mut strict = Judge::new(input, false).strict();
    follow(input, at, options, &mut |values, effect| strict.hear(values, effect));
    judge.absorb(strict);
}

fn begins_torch(outcome: &Outcome<'_>) -> bool {
    let Some(root) = outcome.root else { return false };
    match outcome.values.get(root) {
        Node::Long(text) => *outcome.values.bytes(*text, 16) == torch::MAGIC,
        _ => false,
    }
}

/// The keys of the storages, which the fifth pickle of PyTorch's old format lists.
fn texts(outcome: &Outcome<'_>) -> Vec<String> {
    let items = outcome.root.map(|root| outcome.values.items(root)).unwrap_or_default();
    items.iter().filter_map(|item| outcome.values.text(*item)).collect()
}

/// Where the storages end that follow the pickles of the old format: for each a count of 8 bytes and its bytes.
fn end_of_storages(input: Input<'_>, at: u64, keys: &[String], judge: &Judge<'_>) -> u64 {
    let mut end = at;
    for key in keys {
        let Some(len) = judge.storages.get(key) else { return at };
        end = end.saturating_add(8).saturating_add(*len);
    }
    if end <= input.len() { end } else { at }
}

/// The first byte from `at` on that is neither zero nor white space.
pub(super) fn skip_padding(input: Input<'_>, at: u64) -> u64 {
    skip(input, at, |byte| matches!(byte, 0 | b'\n' | b'\r' | b' '))
}

/// The first byte from `at` on that is not zero.
pub(super) fn skip_zeros(input: Input<'_>, at: u64) -> u64 {
    skip(input, at, |byte| byte == 0)
}

fn skip(input: Input<'_>, mut at: u64, is_padding: fn(u8) -> bool) -> u64 {
    while let Ok(bytes) = input.at(at, 64 << 10) {
        match bytes.iter().position(|byte| !is_padding(*byte)) {
            Some(first) => return at + first as u64,
            None if bytes.is_empty() => return at,
            None => at += bytes.len() as u64,
        }
    }
    at
}

/// Looks for pickles in bytes at `at` that belong to no container: what follows `what`.
pub(super) fn tail(input: Input<'_>, at: u64, place: &Location, what: &str, walk: &mut Walk<'_>) {
    let mut judge = Judge::new(input, walk.script);
    let mut trouble = None;
    rest(input, at, what, &mut judge, &mut trouble);
    judge.tell(place, walk.findings);
    if let Some(why) = trouble {
        walk.findings.not_examined(place.clone(), why);
    }
}

/// Looks for pickles in all bytes from `at` on, and says nothing of those that are none.
pub(super) fn search(input: Input<'_>, at: u64, place: &Location, walk: &mut Walk<'_>) {
    let mut judge = Judge::new(input, walk.script);
    try_places(input, at, &mut judge);
    judge.tell(place, walk.findings);
}

/// What stands after the last pickle: searched for pickles that something could be made to load.
fn rest<'a>(input: Input<'a>, at: u64, what: &str, judge: &mut Judge<'a>, trouble: &mut Option<String>) {
    let at = skip_padding(input, at);
    let len = input.len().saturating_sub(at);
    if len == 0 {
        return;
    }
    try_places(input, at, judge);
    trouble.get_or_insert_with(|| {
        format!("{len} bytes after {what} are no pickle as a whole; what looks like one in them was followed")
    });
}

/// Follows what looks like a pickle wherever it begins from `at` on, within [`SEARCHED`] bytes and [`TRIES`] tries.
fn try_places<'a>(input: Input<'a>, at: u64, judge: &mut Judge<'a>) {
    let len = input.len().saturating_sub(at);
    let mut tries = 0;
    let mut from = at;
    let end = at.saturating_add(len.min(SEARCHED));
    while from < end && tries < TRIES {
        let step = usize::try_from(end - from).unwrap_or(usize::MAX).min(1 << 20);
        let Ok(bytes) = input.at(from, step) else { break };
        let begins = |found: &usize| {
            let head = bytes.get(*found..).unwrap_or_default();
            sniff(head.get(..64).unwrap_or(head)) == Sniffed::Pickle && matches!(head.get(1), Some(1..=5))
        };
        let places = memchr::memchr_iter(0x80, &bytes).filter(begins).chain(globals(&bytes));
        for found in places.take(TRIES - tries) {
            tries += 1;
            let options = Options {
                limits: Limits {
                    opcodes: 20_000,
                    values: 40_000,
                    depth: 2,
                },
                ..OPTIONS
            };
            let mut strict = Judge::new(input, false).strict();
            follow(input, from + found as u64, options, &mut |values, effect| {
                strict.hear(values, effect)
            });
            judge.absorb(strict);
        }
        from += step as u64;
    }
}

/// Where the lines of protocol 0 import something that is known to reach out: `c`, a module, a name, each with its line's end.
fn globals(bytes: &[u8]) -> impl Iterator<Item = usize> {
    /// Longest module and name.
    const LONGEST: usize = 100;
    /// Names that are looked up.
    const LOOKED_UP: usize = 10_000;
    let word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.');
    let pairs = memchr::memchr_iter(b'\n', bytes).filter_map(move |end| {
        let before = bytes.get(end.saturating_sub(LONGEST)..end)?;
        let after = bytes.get(end + 1..(end + 1 + LONGEST).min(bytes.len()))?;
        let name = after.get(..memchr::memchr(b'\n', after)?)?;
        let start = end - before.iter().rev().take_while(|byte| word(byte)).count();
        let words = bytes.get(start..end)?;
        (!name.is_empty() && name.iter().all(word)).then_some((start, words, name))
    });
    let places = pairs.flat_map(|(start, words, name)| {
        memchr::memchr_iter(b'c', words).map(move |at| (start + at, words.get(at + 1..).unwrap_or_default(), name))
    });
    let known = |module: &[u8], name: &[u8]| match (str::from_utf8(module), str::from_utf8(name)) {
        (Ok(module), Ok(name)) => gadgets::find(module, name).is_some(),
        _ => false,
    };
    places
        .take(LOOKED_UP)
        .filter_map(move |(at, module, name)| known(module, name).then_some(at))
}
