//! How fast the rules are: `cargo bench -p ward-deid --bench find`, or `-- FILE..` for texts of your own.
//!
//! On generated notes (both halves, 20 MB) in one text, in texts of 5 KB and in one note each, on one thread; and the whole
//! way of a file of 5 KB but for reading and writing it: what the text says of its people learnt, all of it found, and
//! placeholders put. Generated notes are far denser in identifiers than real ones. Megabytes (10^6 bytes) per second of
//! processor time, the median and the best of five rounds, and a fingerprint of everything that was found: a change that
//! is only to be faster must not change it.

#![expect(clippy::print_stdout, reason = "a bench prints its table")]

use std::hint::black_box;
use std::time::Instant;

use ward_deid::synthetic::{Half, note_of_either_surface};
use ward_deid::{Deidentifier, Hit, Known, Mode, find};
use ward_formats::{Budget, Doc, text::TextDoc};

const ROUNDS: usize = 5;
const BYTES: usize = 20_000_000;

fn main() {
    // `cargo test --benches` runs this too; a bench is no test.
    let args: Vec<String> = std::env::args().skip(1).collect();
    if !args.iter().any(|arg| arg == "--bench") {
        return;
    }
    println!("| input | bytes | hits | MB/s, median | MB/s, best | fingerprint |\n|---|---|---|---|---|---|");
    let files: Vec<&String> = args.iter().filter(|arg| !arg.starts_with("--")).collect();
    for file in &files {
        match std::fs::read_to_string(file) {
            Ok(text) => {
                let pieces = cut(text.split_inclusive('\n'));
                measure(file, &[text], search);
                measure(&format!("{file} in texts of 5 KB"), &pieces, search);
                measure("the same, learnt, found and replaced", &pieces, learn_and_replace);
            }
            Err(_) => println!("| {file} is no text in UTF-8 | | | | | |"),
        }
    }
    if !files.is_empty() {
        return;
    }
    let mut notes = Vec::new();
    let mut seed = 0;
    let mut size = 0;
    while size < BYTES {
        let half = if seed % 2 == 0 { Half::Train } else { Half::Test };
        let note = note_of_either_surface(half, seed).text;
        size += note.len() + 2;
        notes.push(note);
        seed += 1;
    }
    measure("one text", &[notes.join("\n\n")], search);
    let texts = cut(notes.iter().flat_map(|note| [note.as_str(), "\n\n"]));
    measure("texts of 5 KB", &texts, search);
    measure("the same, learnt, found and replaced", &texts, learn_and_replace);
    measure("single notes", &notes, search);
}

/// Texts of 5 KB or a little more.
fn cut<'a>(parts: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut texts = vec![String::new()];
    for part in parts {
        if texts.last().is_none_or(|text| text.len() >= 5_000) {
            texts.push(String::new());
        }
        if let Some(text) = texts.last_mut() {
            text.push_str(part);
        }
    }
    texts
}

fn search(text: &str) -> Vec<Hit> {
    find(text, &Known::default())
}

fn learn_and_replace(text: &str) -> Vec<Hit> {
    let budget = Budget {
        bytes: 64 << 20,
        depth: 64,
        items: 16_000_000,
    };
    let doc = TextDoc::parse(text.as_bytes(), budget).map(|parsed| Doc::Text(parsed.document));
    let known = Known::from_documents(doc.iter());
    let hits = find(text, &known);
    black_box(Deidentifier::new(Mode::Tag, [7; 32]).text_with(text, &hits));
    hits
}

fn measure(name: &str, texts: &[String], work: impl Fn(&str) -> Vec<Hit>) {
    let size: usize = texts.iter().map(String::len).sum();
    let mut speeds = Vec::new();
    let (mut count, mut print) = (0, 0);
    for _ in 0..ROUNDS {
        let began = spent();
        let found: Vec<Vec<Hit>> = texts.iter().map(|text| work(black_box(text))).collect();
        let took = spent() - began;
        #[expect(clippy::cast_precision_loss, reason = "sizes far below 2^52")]
        speeds.push(size as f64 / 1e6 / took);
        count = found.iter().map(Vec::len).sum();
        print = fingerprint(&found);
    }
    speeds.sort_by(f64::total_cmp);
    let best = speeds.last().copied().unwrap_or_default();
    let median = speeds.get(ROUNDS / 2).copied().unwrap_or_default();
    println!("| {name} | {size} | {count} | {median:.1} | {best:.1} | {print:016x} |");
}

/// Seconds of processor time of this thread, where the system says (Linux); of the clock elsewhere.
fn spent() -> f64 {
    static BEGAN: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    let clock = BEGAN.get_or_init(Instant::now).elapsed().as_secs_f64();
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = stat.split(' ').next().and_then(|nanos| nanos.parse::<f64>().ok());
    nanos.map_or(clock, |nanos| nanos / 1e9)
}

/// FNV-1a over everything that was found.
fn fingerprint(found: &[Vec<Hit>]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut eat = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
        }
    };
    for hits in found {
        for hit in hits {
            eat(&hit.span.start.to_le_bytes());
            eat(&hit.span.end.to_le_bytes());
            eat(hit.class.label().as_bytes());
            eat(hit.rule.as_bytes());
            eat(&[hit.score]);
        }
        eat(b"\n");
    }
    hash
}
