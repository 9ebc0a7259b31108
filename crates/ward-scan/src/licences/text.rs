//! Which licence a text is, without a network: by the words it shares with the texts of the SPDX licence list.
//!
//! `texts.bin` beside this file holds, for every text of the list, numbers for its runs of three words (see
//! `words`): no text, and of long ones every fourth run only. A text is taken for the licence of which it
//! holds most while leaving out least; then the next one is looked for in what is left, because one file often holds
//! several. How much is missing and how much was added is told, so that a changed text is not taken for the plain one.

use std::{collections::HashMap, sync::LazyLock};

use super::words;

/// What was recognised in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// The licence's SPDX identifier. A text of the GNU family does not say whether later versions may be taken; then
    /// it is the one that ends in `-only`.
    pub id: &'static str,
    /// How much of the licence's text is there, 0 to 1.
    pub held: f32,
    /// How much of the part of the file that holds it is not in the licence's text, 0 to 1.
    pub added: f32,
}

/// Everything recognised in a text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// Licences, the one with most words first.
    pub matches: Vec<Match>,
    /// A licence that the text resembles, when none was recognised, and how much of it is there.
    pub resembles: Option<(&'static str, f32)>,
    /// Words that belong to none of the licences.
    pub other_words: usize,
    /// Words among the others that restrict what may be done, as `commercial`.
    pub restricting: Vec<&'static str>,
}

/// Least share of a licence's text that must be there.
const LEAST_HELD: f32 = 0.75;
/// Least share for saying that a text resembles a licence.
const LEAST_RESEMBLANCE: f32 = 0.3;
/// Most licences that are looked for in one text.
const MOST: usize = 24;
/// Texts with more runs than this are kept by every fourth.
#[cfg(test)]
pub(crate) const SAMPLED_FROM: usize = 600;
/// Runs whose upper bits are divisible by this are kept of long texts.
pub(crate) const SAMPLE: u32 = 4;
/// Words between two that match, beyond which they belong to different places of a file.
const GAP: usize = 12;
/// The same where only every fourth run is kept.
const SAMPLED_GAP: usize = 20;
/// Fewest matching runs that make a place of their own.
const LEAST_IN_PLACE: usize = 4;
/// Words that restrict use; a plain permissive licence has none of them outside its own text.
const RESTRICTING: &[&str] = &[
    "commercial",
    "academic",
    "educational",
    "evil",
    "military",
    "weapons",
    "surveillance",
    "nonprofit",
    "prohibited",
    "forbidden",
    "commons",
];

/// Whether a run of a long text is kept.
pub(crate) fn is_kept(run: u32) -> bool {
    (run >> 24).is_multiple_of(SAMPLE)
}

/// The part of a run that tells the words.
fn low(run: u32) -> u32 {
    run & 0x00ff_ffff
}

struct Licence {
    id: &'static str,
    /// Its runs, as many as are kept.
    runs: usize,
    sampled: bool,
}

struct Texts {
    licences: Vec<Licence>,
    /// Run, and the licence that has it; by run.
    index: Vec<(u32, u16)>,
}

static DATA: &[u8] = include_bytes!("texts.bin");
static TEXTS: LazyLock<Texts> = LazyLock::new(|| {
    read(DATA).unwrap_or(Texts {
        licences: Vec::new(),
        index: Vec::new(),
    })
});

/// First bytes of the data.
pub(crate) const MAGIC: &[u8; 4] = b"WLT1";

/// Reads the data: magic, then for each licence the length of its name, the name, a byte that says whether it is sampled,
/// the number of runs (LEB128), and the sorted runs as differences (LEB128).
fn read(data: &'static [u8]) -> Option<Texts> {
    let mut rest = data.strip_prefix(MAGIC)?;
    let (mut licences, mut index) = (Vec::new(), Vec::new());
    while !rest.is_empty() {
        let (&length, after) = rest.split_first()?;
        let (name, after) = after.split_at_checked(usize::from(length))?;
        let (&sampled, after) = after.split_first()?;
        rest = after;
        let runs = usize::try_from(number(&mut rest)?).ok()?;
        let which = u16::try_from(licences.len()).ok()?;
        let mut run = 0_u32;
        for _ in 0..runs {
            run = run.checked_add(number(&mut rest)?)?;
            index.push((run, which));
        }
        licences.push(Licence {
            id: str::from_utf8(name).ok()?,
            runs,
            sampled: sampled == 1,
        });
    }
    index.sort_unstable();
    Some(Texts { licences, index })
}

fn number(rest: &mut &[u8]) -> Option<u32> {
    let (mut value, mut shift) = (0_u32, 0_u32);
    loop {
        let (&byte, after) = rest.split_first()?;
        *rest = after;
        value |= u32::from(byte & 0x7f).checked_shl(shift)?;
        if byte < 0x80 {
            return Some(value);
        }
        shift += 7;
    }
}

/// Every identifier that a text can be recognised as.
pub fn known() -> impl Iterator<Item = &'static str> {
    TEXTS.licences.iter().map(|licence| licence.id)
}

/// What stands in a text. Linear in the text times the licences that share a run with it.
#[must_use]
pub fn identify(text: &str) -> Reading {
    let words = words::of(text);
    let runs = words::shingles(&words);
    let mut free = vec![true; runs.len()];
    let mut reading = Reading::default();
    let mut sizes = Vec::new();
    while reading.matches.len() < MOST {
        let Some(candidate) = best(&runs, &free) else { break };
        if candidate.held < LEAST_HELD {
            if reading.matches.is_empty() && candidate.held >= LEAST_RESEMBLANCE {
                reading.resembles = Some((candidate.id, candidate.held));
            }
            break;
        }
        for (start, end) in &candidate.places {
            if let Some(place) = free.get_mut(*start..*end) {
                place.fill(false);
            }
        }
        sizes.push(candidate.size);
        if !reading.matches.iter().any(|one| one.id == candidate.id) {
            reading.matches.push(Match {
                id: candidate.id,
                held: candidate.held,
                added: candidate.added,
            });
            for at in candidate.strangers {
                note_restriction(words.get(at..at + 3).unwrap_or_default(), &mut reading);
            }
        }
    }
    for (at, word) in words.iter().enumerate() {
        // A word belongs to a licence when one of the three runs it stands in does.
        let runs = free
            .get(at.saturating_sub(2)..free.len().min(at + 1))
            .unwrap_or_default();
        if runs.iter().all(|free| *free) {
            reading.other_words += 1;
            note_restriction(std::slice::from_ref(word), &mut reading);
        }
    }
    reading
}

fn note_restriction(words: &[String], reading: &mut Reading) {
    for word in words {
        if let Some(known) = RESTRICTING.iter().find(|known| *known == word)
            && !reading.restricting.contains(known)
        {
            reading.restricting.push(known);
        }
    }
}

struct Candidate {
    id: &'static str,
    held: f32,
    added: f32,
    size: usize,
    /// Parts of the text that hold it: first run, one past the last.
    places: Vec<(usize, usize)>,
    /// Runs in those parts that the licence does not have.
    strangers: Vec<usize>,
}

/// The licence that fits best what is free of a text.
fn best(runs: &[u32], free: &[bool]) -> Option<Candidate> {
    let texts = &*TEXTS;
    let mut shared: HashMap<u16, Vec<(u32, usize)>> = HashMap::new();
    for (at, run) in runs.iter().enumerate() {
        if free.get(at) != Some(&true) {
            continue;
        }
        let key = low(*run);
        let from = texts.index.partition_point(|entry| entry.0 < key);
        for (_, licence) in texts.index.iter().skip(from).take_while(|entry| entry.0 == key) {
            let sampled = texts.licences.get(usize::from(*licence)).is_some_and(|one| one.sampled);
            if !sampled || is_kept(*run) {
                shared.entry(*licence).or_default().push((key, at));
            }
        }
    }
    let mut best: Option<(f32, u16)> = None;
    for (licence, hits) in &mut shared {
        hits.sort_unstable();
        let Some(about) = texts.licences.get(usize::from(*licence)) else {
            continue;
        };
        let distinct = hits.chunk_by(|a, b| a.0 == b.0).count();
        let scale = if about.sampled { SAMPLE as f32 } else { 1.0 };
        let (held, missing) = (
            distinct as f32 * scale,
            about.runs.saturating_sub(distinct) as f32 * scale,
        );
        // Of two that are wholly there the longer one is meant; what is missing weighs three times what is there.
        let score = held - 3.0 * missing;
        let better = match best {
            None => true,
            Some((other, which)) => score > other || score == other && *licence < which,
        };
        if better {
            best = Some((score, *licence));
        }
    }
    let (_, licence) = best?;
    let about = texts.licences.get(usize::from(licence))?;
    let hits = shared.remove(&licence)?;
    let distinct = hits.chunk_by(|a, b| a.0 == b.0).count();
    let mut at: Vec<usize> = hits.iter().map(|hit| hit.1).collect();
    at.sort_unstable();
    let mut places: Vec<(usize, usize)> = Vec::new();
    let gap = if about.sampled { SAMPLED_GAP } else { GAP };
    for one in &at {
        match places.last_mut() {
            Some(place) if *one <= place.1 + gap => place.1 = one + 1,
            _ => places.push((*one, one + 1)),
        }
    }
    let (mut seen, mut strangers) = (0_usize, Vec::new());
    // A few words that two licences share are no part of the one.
    let hits_in = |place: &(usize, usize)| at.iter().filter(|one| (place.0..place.1).contains(*one)).count();
    if places.len() > 1 {
        places.retain(|place| hits_in(place) >= LEAST_IN_PLACE);
    }
    for (start, end) in &places {
        for place in *start..*end {
            let counted = runs.get(place).is_some_and(|run| !about.sampled || is_kept(*run));
            if counted {
                seen += 1;
                if at.binary_search(&place).is_err() {
                    strangers.push(place);
                }
            }
        }
    }
    Some(Candidate {
        id: about.id,
        held: distinct as f32 / about.runs.max(1) as f32,
        added: strangers.len() as f32 / seen.max(1) as f32,
        size: about.runs,
        places,
        strangers,
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    /// Every text of the list as the data file holds it.
    fn generated() -> Vec<u8> {
        let mut by_text: BTreeMap<Vec<u32>, Vec<&'static str>> = BTreeMap::new();
        for (id, text) in spdx::text::LICENSE_TEXTS {
            let listed = spdx::license_id(id).unwrap();
            if listed.is_gnu() && listed.is_deprecated() {
                continue;
            }
            // What follows is advice on how to apply the licence, which many copies leave out.
            let end = text
                .to_ascii_lowercase()
                .find("end of terms and conditions")
                .unwrap_or(text.len());
            let all: BTreeSet<u32> = words::shingles(&words::of(&text[..end])).into_iter().collect();
            let sampled = all.len() > SAMPLED_FROM;
            let kept: BTreeSet<u32> = all
                .iter()
                .filter(|run| !sampled || is_kept(**run))
                .map(|run| low(*run))
                .collect();
            if kept.len() < 6 {
                continue;
            }
            let mut key = vec![u32::from(sampled)];
            key.extend(kept);
            by_text.entry(key).or_default().push(id);
        }
        let mut licences: Vec<(&'static str, Vec<u32>)> =
            by_text.into_iter().map(|(runs, ids)| (preferred(&ids), runs)).collect();
        licences.sort();
        let mut data = MAGIC.to_vec();
        for (id, runs) in licences {
            data.push(u8::try_from(id.len()).unwrap());
            data.extend_from_slice(id.as_bytes());
            data.push(u8::try_from(runs[0]).unwrap());
            write(&mut data, u32::try_from(runs.len() - 1).unwrap());
            let mut before = 0;
            for run in &runs[1..] {
                write(&mut data, run - before);
                before = *run;
            }
        }
        data
    }

    /// The one of several identifiers of a text that a text alone can mean.
    fn preferred(ids: &[&'static str]) -> &'static str {
        let old = |id: &&str| spdx::license_id(id).is_none_or(|id| id.is_deprecated());
        let mut ids = ids.to_vec();
        ids.sort_by_key(|id| (old(id), !id.ends_with("-only"), id.len(), *id));
        ids[0]
    }

    fn write(data: &mut Vec<u8>, mut value: u32) {
        while value >= 0x80 {
            data.push((value & 0x7f) as u8 | 0x80);
            value >>= 7;
        }
        data.push(value as u8);
    }

    /// The data is made by this test: `WARD_WRITE_LICENCES=1 cargo test -p ward-scan licences::text` writes it anew.
    #[test]
    fn the_data_is_that_of_the_list() {
        let made = generated();
        if std::env::var_os("WARD_WRITE_LICENCES").is_some() {
            let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/licences/texts.bin");
            std::fs::write(file, &made).unwrap();
            return;
        }
        assert!(made == DATA, "texts.bin is not that of the list; write it anew");
        assert_eq!(read(DATA).unwrap().licences.len(), TEXTS.licences.len());
    }

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        let reading = identify(text);
        let ids: Vec<_> = reading.matches.iter().map(|one| one.id).collect();
        assert_eq!(ids, expect, "{reading:?}");
    }

    fn listed(id: &str) -> &'static str {
        spdx::license_id(id).unwrap().text()
    }

    #[test]
    fn several_licences_of_one_file_are_told() {
        check("", &[]);
        check("All rights are mine, and nobody may do anything at all.", &[]);
        check(listed("MIT"), &["MIT"]);
        check(listed("BSD-2-Clause"), &["BSD-2-Clause"]);
        check(listed("BSD-3-Clause"), &["BSD-3-Clause"]);
        let both = format!("{}\n\n----\n\n{}", listed("MIT"), listed("Apache-2.0"));
        let reading = identify(&both);
        let ids: BTreeSet<_> = reading.matches.iter().map(|one| one.id).collect();
        assert_eq!(ids, BTreeSet::from(["MIT", "Apache-2.0"]));
    }

    #[test]
    fn what_restricts_use_is_told_beside_the_licence() {
        let text = format!(
            "{}\nThe Software may not be used for commercial purposes.\n",
            listed("MIT")
        );
        let reading = identify(&text);
        assert_eq!(reading.matches[0].id, "MIT");
        assert_eq!(reading.restricting, ["commercial"]);
        assert!(identify(listed("MIT")).restricting.is_empty());
    }
}
