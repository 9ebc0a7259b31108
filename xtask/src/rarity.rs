//! Makes the table by which `ward scan` tells random values from names: how surprising each character is after the two
//! before it, and how surprising its case. The sources are not in the repository; `crates/ward-scan/src/secrets/rarity.rs` says
//! which there were.

use anyhow::{Context as _, Result, bail};
use regex::bytes::Regex;
use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

/// Where the table is written.
const TABLE: &str = "crates/ward-scan/src/secrets/rarity.bin";
/// Files that are read, by their endings.
const ENDINGS: &[&str] = &[
    "py", "md", "rst", "txt", "yml", "yaml", "js", "ts", "html", "cfg", "toml",
];
/// Longer files are data.
const LONGEST: u64 = 500_000;
/// Letters, digits, everything else, the edge of a word.
const CLASSES: usize = 38;
const OTHER: usize = 36;
const EDGE: usize = 37;

/// Options of `cargo xtask rarity`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Folders of source text: see crates/ward-scan/src/secrets/rarity.rs
    #[arg(long, required = true, num_args = 1..)]
    from: Vec<PathBuf>,
    /// Write nothing; say whether the table would be the one that is there
    #[arg(long)]
    check: bool,
}

/// Counts, and writes the table or compares it. True when it was written, or is the same.
pub(crate) fn run(options: &Options, root: &Path) -> Result<bool> {
    let token = Regex::new(r"(?-u)[A-Za-z0-9][A-Za-z0-9_\-./:]{2,60}")?;
    let mut words: HashMap<Vec<u8>, u32> = HashMap::new();
    let mut bytes = 0;
    for from in &options.from {
        bytes += read(from, &token, &mut words)?;
    }
    let made = table(&words);
    println!("{} words in {bytes} bytes", words.len());
    let path = root.join(TABLE);
    if options.check {
        let same = fs::read(&path).with_context(|| TABLE)? == made;
        println!("{TABLE}: {}", if same { "the same" } else { "another one" });
        return Ok(same);
    }
    fs::write(&path, &made).with_context(|| format!("cannot write {TABLE}"))?;
    println!("{TABLE}: {} bytes", made.len());
    Ok(true)
}

/// Adds the words of a folder; gives how many bytes were read.
fn read(from: &Path, token: &Regex, words: &mut HashMap<Vec<u8>, u32>) -> Result<usize> {
    if !from.is_dir() {
        bail!("there is no folder {}", from.display());
    }
    let mut bytes = 0;
    let mut waiting = vec![from.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let (path, kind) = entry.and_then(|entry| Ok((entry.path(), entry.file_type()?)))?;
            let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            if kind.is_dir() {
                waiting.push(path);
            } else if kind.is_file() && ENDINGS.contains(&ending) && path.metadata()?.len() <= LONGEST {
                let text = fs::read(&path).with_context(|| path.display().to_string())?;
                bytes += text.len();
                for word in token.find_iter(&text) {
                    *words.entry(word.as_bytes().to_vec()).or_default() += 1;
                }
            }
        }
    }
    Ok(bytes)
}

/// Whether a word is no name: a hash, or a long one of both cases and digits without any punctuation.
fn is_random(word: &[u8]) -> bool {
    let has = |test: fn(&u8) -> bool| word.iter().any(test);
    word.len() >= 20 && word.iter().all(u8::is_ascii_hexdigit)
        || word.len() >= 24
            && word.iter().all(u8::is_ascii_alphanumeric)
            && has(u8::is_ascii_digit)
            && has(u8::is_ascii_uppercase)
            && has(u8::is_ascii_lowercase)
}

fn class(byte: u8) -> usize {
    match byte.to_ascii_lowercase() {
        letter @ b'a'..=b'z' => usize::from(letter - b'a'),
        digit @ b'0'..=b'9' => usize::from(digit - b'0') + 26,
        _ => OTHER,
    }
}

/// The surprisal of a share, in sixteenths of a bit.
fn sixteenths(share: f64) -> u8 {
    (-share.log2() * 16.0).round_ties_even().clamp(0.0, 255.0) as u8
}

/// The table: each three classes, then each three cases. A word counts by the logarithm of how often it stands, so that
/// common words do not hide rare ones; what was never seen is taken from the two, the one and nothing before it.
fn table(words: &HashMap<Vec<u8>, u32>) -> Vec<u8> {
    let mut three = vec![0.0; CLASSES * CLASSES * CLASSES];
    let mut cases = [0.0; 8];
    // In one order, so that the sums are the same every time.
    let mut sorted: Vec<(&Vec<u8>, &u32)> = words.iter().filter(|(word, _)| !is_random(word)).collect();
    sorted.sort_unstable();
    for (word, count) in sorted {
        let weight = 1.0 + f64::from(*count).log2();
        let (mut first, mut second, mut older, mut old) = (EDGE, EDGE, 0, 0);
        for byte in word {
            let class = class(*byte);
            three[(first * CLASSES + second) * CLASSES + class] += weight;
            (first, second) = (second, class);
            if byte.is_ascii_alphabetic() {
                let upper = usize::from(byte.is_ascii_uppercase());
                cases[(older * 2 + old) * 2 + upper] += weight;
                (older, old) = (old, upper);
            } else {
                (older, old) = (0, 0);
            }
        }
        three[(first * CLASSES + second) * CLASSES + EDGE] += weight;
    }
    let mut two = vec![0.0; CLASSES * CLASSES];
    let mut one = vec![0.0; CLASSES];
    for (at, weight) in three.iter().enumerate() {
        two[at % (CLASSES * CLASSES)] += weight;
        one[at % CLASSES] += weight;
    }
    let total: f64 = one.iter().sum();
    let mut made = Vec::with_capacity(three.len() + cases.len());
    for (group, row) in three.chunks(CLASSES).enumerate() {
        let seen: f64 = row.iter().sum();
        let pair = &two[group % CLASSES * CLASSES..][..CLASSES];
        let seen_pair: f64 = pair.iter().sum();
        for (class, weight) in row.iter().enumerate() {
            let alone = (one[class] + 1.0) / (total + CLASSES as f64);
            let paired = (pair[class] + 20.0 * alone) / (seen_pair + 20.0);
            made.push(sixteenths((weight + 8.0 * paired) / (seen + 8.0)));
        }
    }
    for pair in cases.chunks(2) {
        let seen: f64 = pair.iter().sum();
        made.extend(pair.iter().map(|weight| sixteenths(weight / seen)));
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_that_of_the_words() {
        let words = |list: &[(&str, u32)]| -> HashMap<Vec<u8>, u32> {
            list.iter()
                .map(|(word, count)| (word.as_bytes().to_vec(), *count))
                .collect()
        };
        let made = table(&words(&[("aab", 4), ("aAc", 1), (&"0123456789abcdef".repeat(2), 9)]));
        assert_eq!(made.len(), CLASSES * CLASSES * CLASSES + 8);
        let after = |first: usize, second: usize, third: usize| made[(first * CLASSES + second) * CLASSES + third];
        // Twice as often, and counted by its logarithm: three to one.
        assert!(after(0, 0, 1) < after(0, 0, 2) && after(0, 0, 2) < after(0, 0, 3));
        // The hash was left out.
        assert_eq!(after(26, 27, 28), after(27, 28, 29));
        assert!(table(&words(&[("abc", 1)])) != made);
    }
}
