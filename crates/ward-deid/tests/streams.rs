//! Restoring streams: however a de-identified text is cut into chunks, what comes out is the original, byte for byte.
//!
//! 2,000 streams in every run. `cargo test --release -p ward-deid --test streams -- --ignored` runs 100,000.

use ward_deid::synthetic::{Half, note_of_either_surface, query};
use ward_deid::{Deidentifier, Known, Mode, Restorer};

/// SplitMix64 (Steele, Lea, Flood 2014): numbers for tests.
struct Random(u64);

impl Random {
    fn below(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(below.max(1)).unwrap_or(1)).unwrap_or(0)
    }
}

/// What makes reading back hard, put between the words of notes.
const HARD: &[&str] = &[
    "[NAME_1KR]",
    "name_1kr",
    r"\[",
    "[[",
    "NAME",
    "_",
    "90+",
    "92-year-old",
    "Delgado",
    "Marisol",
    "王小明",
    "患者李小龙说",
    "Zoë Öz",
    "\u{301}",
    "\u{200b}",
    "é",
    "🙂",
    "\r\n",
    "12/12/2024",
    "1/8/24",
    "Jan 8",
    "555-678-1234",
    "example.com",
    "https://x.example/a",
    "[a](http://h/",
    ")",
    "id",
    "MRN: 12345",
    "MRN: 12346",
    "J. Smith",
    "Smith's",
    "SMITH, JOHN",
];

fn text(random: &mut Random) -> String {
    let seed = u64::try_from(random.below(1 << 40)).unwrap_or(0);
    let half = if random.below(2) == 0 { Half::Train } else { Half::Test };
    let note = if random.below(4) == 0 {
        note_of_either_surface(half, seed).text
    } else {
        query(half, seed).text
    };
    let mut out = String::new();
    for word in note.split_inclusive(' ') {
        out.push_str(word);
        if random.below(40) == 0 {
            out.push_str(HARD[random.below(HARD.len())]);
            if random.below(2) == 0 {
                out.push(' ');
            }
        }
    }
    out
}

/// `text` through `restorer`, in chunks of random length.
fn cut(text: &str, mut restorer: Restorer, random: &mut Random) -> String {
    let longest = [1, 2, 5, 30, 400][random.below(5)];
    let mut out = String::new();
    let mut chunk = String::new();
    for c in text.chars() {
        chunk.push(c);
        if random.below(longest) == 0 {
            restorer.push(&chunk, &mut out);
            chunk.clear();
        }
    }
    restorer.push(&chunk, &mut out);
    restorer.finish(&mut out);
    out
}

fn streams(count: usize, seed: u64) {
    let mut random = Random(seed);
    let (mut done, mut values) = (0, 0);
    while done < count {
        let key = std::array::from_fn(|_| u8::try_from(random.below(256)).unwrap_or(0));
        let mode = if random.below(2) == 0 {
            Mode::Tag
        } else {
            Mode::Surrogate
        };
        let mut subject = Deidentifier::new(mode, key);
        // Several texts of one subject: what is kept from one must not be misread in another.
        for _ in 0..3 {
            let text = text(&mut random);
            let replaced = subject.text(&text, &Known::default());
            values += replaced.applied.len();
            let kept = Restorer::from_rows(&subject.rows());
            for stream in 0..8 {
                let restorer = if stream % 2 == 0 {
                    subject.restorer()
                } else {
                    kept.clone()
                };
                let out = cut(&replaced.text, restorer.into_links(), &mut random);
                assert!(
                    out == text,
                    "stream {done} of seed {seed} in mode {} came back otherwise",
                    mode.word()
                );
                done += 1;
            }
        }
    }
    assert!(values > count / 4, "{values} values in {count} streams");
}

#[test]
fn two_thousand_streams_come_back() {
    streams(2_000, 1);
}

#[test]
#[ignore = "takes minutes; run it in release mode"]
fn a_hundred_thousand_streams_come_back() {
    streams(100_000, 2);
}
