//! Is a key being used to copy the model, or to pull a data set out of it?
//!
//! What copies a model asks much, asks it systematically, and looks at more than the words of the answer. The last is
//! refused at the door: log probabilities, several choices and changed logits are fields that name themselves in a refusal.
//! The first two are watched here, per key: how many different questions came within a period, whether most of them are one
//! template with one place changing, and whether a number in them counts up.
//!
//! Functions over a state that the caller keeps for each key: no clock, no randomness, no text. The state holds keyed hashes
//! of words, and a period later nothing. Its size is fixed.

use std::hash::{BuildHasher, Hasher};

use ward_evidence::{Evidence, controls::MOD_6A};

/// What is usual for a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HarvestLimits {
    /// Length of the period, in milliseconds.
    pub period_ms: u64,
    /// Different questions within a period; one more is refused until the period ends.
    pub questions: u32,
    /// Different questions of one template within a period, from which on it is reported.
    pub template: u32,
    /// Questions in a row whose number goes on by the same step, from which on it is reported.
    pub steps: u32,
}

impl Default for HarvestLimits {
    /// 20,000 different questions a day; 200 of one template; 50 in a row that count.
    fn default() -> Self {
        Self {
            period_ms: 24 * 60 * 60 * 1000,
            questions: 20_000,
            template: 200,
            steps: 50,
        }
    }
}

/// What one more question says of its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Harvest {
    /// Nothing.
    Usual,
    /// So many different questions of one template: systematic querying.
    Template(u32),
    /// So many questions in a row whose number goes on by the same step.
    Counting(u32),
    /// More different questions than the limit; the period ends in so many milliseconds.
    TooMany(u64),
}

impl Harvest {
    /// For the ledger.
    #[must_use]
    pub fn evidence(self) -> Evidence {
        match self {
            Harvest::Usual => Evidence::held(MOD_6A, 1),
            Harvest::Template(count) => {
                Evidence::failed(MOD_6A, "one template with one place changing", u64::from(count))
            }
            Harvest::Counting(count) => Evidence::failed(MOD_6A, "a number that counts up", u64::from(count)),
            Harvest::TooMany(_) => Evidence::failed(MOD_6A, "more different questions than the limit", 1),
        }
    }
}

/// Words of a sketch.
const SKETCH: usize = 16;
/// Of these, how many must be the same in two questions of one template.
const ALIKE: usize = 11;
/// Templates that are kept; the one that was asked least makes room.
const TEMPLATES: usize = 32;
/// Words of a question that are looked at.
const MOST_WORDS: usize = 512;
/// Bits that tell different questions apart.
const SEEN_BITS: usize = 1 << 18;

/// One template.
#[derive(Clone, Copy)]
struct Template {
    sketch: [u64; SKETCH],
    different: u32,
}

/// What is known of one key. About 35 KiB.
pub struct Asked {
    began: u64,
    different: u32,
    /// A Bloom filter of the questions of this period.
    seen: Vec<u64>,
    templates: Vec<Template>,
    number: Option<i64>,
    step: i64,
    steps: u32,
}

impl Asked {
    /// Nothing yet, at this time in milliseconds.
    #[must_use]
    pub fn new(now_ms: u64) -> Self {
        Self {
            began: now_ms,
            different: 0,
            seen: vec![0; SEEN_BITS / 64],
            templates: Vec::new(),
            number: None,
            step: 0,
            steps: 0,
        }
    }

    /// Takes note of a question. `keyed` hashes words and must be keyed with a secret of the process, so that the state
    /// tells nothing to who reads it; `now_ms` may stand still or jump.
    pub fn note(&mut self, question: &str, now_ms: u64, limits: &HarvestLimits, keyed: &impl BuildHasher) -> Harvest {
        if now_ms.saturating_sub(self.began) >= limits.period_ms || now_ms < self.began {
            *self = Self::new(now_ms);
        }
        let words = Words::of(question, keyed);
        if !self.is_new(words.whole) {
            return Harvest::Usual;
        }
        if self.different >= limits.questions {
            let left = limits.period_ms.saturating_sub(now_ms.saturating_sub(self.began));
            return Harvest::TooMany(left);
        }
        self.remember(words.whole);
        self.different = self.different.saturating_add(1);
        let alike = self.template(words.sketch);
        let counting = self.count(words.number);
        if counting >= limits.steps {
            Harvest::Counting(counting)
        } else if alike >= limits.template {
            Harvest::Template(alike)
        } else {
            Harvest::Usual
        }
    }

    fn places(whole: u64) -> [usize; 3] {
        [0, 21, 42].map(|shift| usize::try_from(whole >> shift).unwrap_or(0) % SEEN_BITS)
    }

    fn is_new(&self, whole: u64) -> bool {
        Self::places(whole).iter().any(|place| {
            self.seen
                .get(place / 64)
                .is_none_or(|bits| bits & (1 << (place % 64)) == 0)
        })
    }

    fn remember(&mut self, whole: u64) {
        for place in Self::places(whole) {
            if let Some(bits) = self.seen.get_mut(place / 64) {
                *bits |= 1 << (place % 64);
            }
        }
    }

    /// How many different questions were like this one.
    fn template(&mut self, sketch: [u64; SKETCH]) -> u32 {
        let same = |one: &Template| one.sketch.iter().zip(&sketch).filter(|(a, b)| a == b).count();
        let best = self.templates.iter_mut().max_by_key(|one| same(one));
        if let Some(template) = best.filter(|one| same(one) >= ALIKE) {
            template.different = template.different.saturating_add(1);
            return template.different;
        }
        if self.templates.len() >= TEMPLATES
            && let Some(least) =
                (0..self.templates.len()).min_by_key(|at| self.templates.get(*at).map(|one| one.different))
        {
            self.templates.swap_remove(least);
        }
        self.templates.push(Template { sketch, different: 1 });
        1
    }

    /// How many questions in a row counted on by the same step.
    fn count(&mut self, number: Option<i64>) -> u32 {
        let step = match (self.number, number) {
            (Some(before), Some(now)) => now.saturating_sub(before),
            _ => 0,
        };
        self.steps = match step {
            0 => 0,
            step if step == self.step => self.steps.saturating_add(1),
            _ => 1,
        };
        self.step = step;
        self.number = number;
        self.steps
    }
}

/// A question as hashes.
struct Words {
    whole: u64,
    /// The least hash of its words under each of some functions (Broder 1997): two questions share about as many of them as
    /// they share words.
    sketch: [u64; SKETCH],
    /// The last number in it.
    number: Option<i64>,
}

impl Words {
    fn of(question: &str, keyed: &impl BuildHasher) -> Self {
        let mut whole = keyed.build_hasher();
        let mut sketch = [u64::MAX; SKETCH];
        let mut number = None;
        let words = question
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty());
        for word in words.take(MOST_WORDS) {
            let small = word.to_lowercase();
            whole.write(small.as_bytes());
            whole.write_u8(0xff);
            if word.bytes().all(|b| b.is_ascii_digit()) {
                number = word.parse().ok().or(number);
                continue;
            }
            let hash = keyed.hash_one(&small);
            for (index, least) in (0u64..).zip(sketch.iter_mut()) {
                let mixed = (hash ^ index.wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                *least = (*least).min(mixed ^ (mixed >> 31));
            }
        }
        Self {
            whole: whole.finish(),
            sketch,
            number,
        }
    }
}

/// A phrase of one key, to stand in its prompts: found elsewhere, it says through which key a prompt left. `derived` must be
/// derived from a secret and the key's id, 8 bytes; the phrase has 30 bits of them.
#[must_use]
pub fn key_phrase(derived: [u8; 8]) -> String {
    const FIRST: &[u8; 16] = b"bdfghjklmnprstvz";
    const SECOND: &[u8; 4] = b"aeio";
    let mut bits = u64::from_be_bytes(derived);
    let mut phrase = String::from("ref");
    for word in 0..3 {
        phrase.push('-');
        for _ in 0..if word == 0 { 1 } else { 2 } {
            for letters in [&FIRST[..], &SECOND[..]] {
                let at = usize::try_from(bits).unwrap_or(usize::MAX) % letters.len();
                bits /= letters.len() as u64;
                phrase.extend(letters.get(at).map(|letter| char::from(*letter)));
            }
        }
        phrase.push('n');
    }
    phrase
}

#[cfg(test)]
mod tests {
    use std::hash::{BuildHasherDefault, DefaultHasher};

    use super::*;

    type Keyed = BuildHasherDefault<DefaultHasher>;

    fn ask(questions: impl IntoIterator<Item = String>, limits: HarvestLimits) -> Vec<Harvest> {
        let mut asked = Asked::new(0);
        let keyed = Keyed::default();
        questions
            .into_iter()
            .enumerate()
            .map(|(at, question)| asked.note(&question, at as u64, &limits, &keyed))
            .collect()
    }

    #[test]
    fn one_template_with_one_place_changing_is_reported_at_its_limit() {
        let drugs = (0..300).map(|n| {
            format!(
                "{}{}mab",
                ["ada", "beva", "ceti", "dura"][n % 4],
                "xyzuvw".repeat(n / 4 + 1)
            )
        });
        let questions = drugs.map(|drug| {
            format!("What is the usual starting dose of {drug} for an adult patient with normal kidney function, and why so?")
        });
        let found = ask(questions, HarvestLimits::default());
        assert!(found[..199].iter().all(|one| *one == Harvest::Usual));
        assert_eq!(found[199], Harvest::Template(200));
        assert!(!found[199].evidence().outcome.held());
    }

    #[test]
    fn counting_is_reported() {
        let questions = (0..60).map(|n| format!("Tell me everything about patient number {} please", 1000 + 3 * n));
        let found = ask(questions, HarvestLimits::default());
        assert_eq!(
            found.iter().position(|one| matches!(one, Harvest::Counting(_))),
            Some(50)
        );
        let backwards = (0..60).map(|n| format!("Row {} of the training data", 1000 - n));
        assert!(ask(backwards, HarvestLimits::default()).contains(&Harvest::Counting(50)));
    }

    #[test]
    fn a_day_on_a_ward_is_usual() {
        // The same few questions about many records, and many questions of many kinds.
        let same = (0..2000).map(|_| "What is she allergic to, and what is her dose of metformin?".to_owned());
        assert!(
            ask(same, HarvestLimits::default())
                .iter()
                .all(|one| *one == Harvest::Usual)
        );
        let words = [
            "dose", "cough", "plan", "fever", "scan", "rash", "pain", "sleep", "gait", "mood", "diet",
        ];
        let mixed = (0..3000).map(|n: usize| {
            let word = |k: usize| words[(n * (k + 3) + n / (k + 7)) % words.len()];
            format!(
                "{} and {} since {} with {} but no {} {}",
                word(0),
                word(1),
                word(2),
                word(3),
                word(4),
                n * n % 97
            )
        });
        let found = ask(
            mixed,
            HarvestLimits {
                template: 2000,
                ..HarvestLimits::default()
            },
        );
        assert!(found.iter().all(|one| *one == Harvest::Usual));
    }

    #[test]
    fn different_questions_are_limited_at_the_border_and_until_the_period_ends() {
        let limits = HarvestLimits {
            period_ms: 1000,
            questions: 3,
            ..HarvestLimits::default()
        };
        let mut asked = Asked::new(0);
        let keyed = Keyed::default();
        let mut note = |question: &str, now| asked.note(question, now, &limits, &keyed);
        for question in ["one cough", "two fevers", "three rashes", "one cough"] {
            assert_eq!(note(question, 10), Harvest::Usual);
        }
        assert_eq!(note("four falls", 400), Harvest::TooMany(600));
        assert_eq!(note("two fevers", 999), Harvest::Usual);
        assert_eq!(note("four falls", 1000), Harvest::Usual);
        // A clock that goes back begins anew.
        assert_eq!(note("five stents", 5), Harvest::Usual);
    }

    #[test]
    fn phrases_differ_by_key() {
        let all: std::collections::HashSet<String> =
            (0..=255u8).map(|n| key_phrase([n, 1, 2, 3, 4, 5, 6, n])).collect();
        assert_eq!(all.len(), 256);
        assert!(
            all.iter()
                .all(|phrase| phrase.starts_with("ref-") && phrase.len() == 19)
        );
    }
}
