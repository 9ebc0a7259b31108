//! How fast records are read and compressed, and how far: `cargo bench -p ward-clinical --bench record -- FILE..`.
//!
//! Prints for all files together: bytes, processor seconds of the fastest of five rounds of reading and of compressing, tokens before
//! and after by Ward's estimate, facts found, kept and invented, and how many outputs were proved. With `--out DIR` as the first
//! arguments the outputs are written there, so that other tokenizers and matchers can judge them.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench prints and may fail loudly"
)]

use std::{fs, hint::black_box, path::PathBuf};

use ward_clinical::{Options, compress, read};
use ward_formats::{Budget, Doc};

/// Processor seconds of this thread (Linux).
fn cpu() -> f64 {
    let stat = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    let nanos: f64 = stat.split_whitespace().next().unwrap().parse().unwrap();
    nanos / 1e9
}

/// The least processor seconds that `work` takes in five rounds of `times` each, for one.
fn least(times: u32, mut work: impl FnMut()) -> f64 {
    let mut round = || {
        let start = cpu();
        (0..times).for_each(|_| work());
        (cpu() - start) / f64::from(times)
    };
    (0..5).map(|_| round()).fold(f64::INFINITY, f64::min)
}

fn main() {
    // `cargo test --benches` runs this too; a bench is no test.
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    if !args.iter().any(|arg| arg == "--bench") {
        return;
    }
    args.retain(|arg| arg != "--bench");
    let asked = args.first().map(String::as_str) == Some("--out");
    let out = asked.then(|| PathBuf::from(args.drain(..2).nth(1).unwrap()));
    let files: Vec<(PathBuf, Vec<u8>)> = args.iter().map(|path| (path.into(), fs::read(path).unwrap())).collect();
    let docs: Vec<Doc> = files
        .iter()
        .map(|(_, bytes)| Doc::parse(bytes, None, Budget::RECORD).unwrap().document)
        .collect();
    let records: Vec<_> = docs.iter().map(read).collect();
    let options = Options::default();
    let (mut before, mut after, mut found, mut kept, mut invented, mut proved) = (0, 0, 0, 0, 0, 0);
    for ((path, _), (doc, record)) in files.iter().zip(docs.iter().zip(&records)) {
        let small = compress(doc, record, &options);
        before += small.tokens.before;
        after += small.tokens.after;
        found += small.facts.found;
        kept += small.facts.kept;
        invented += small.facts.invented;
        proved += usize::from(small.verified);
        if let Some(folder) = &out {
            fs::write(folder.join(path.file_name().unwrap()), &small.text).unwrap();
        }
    }
    let bytes: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
    let mega = bytes as f64 / 1e6;
    println!("{} files, {bytes} bytes, {proved} proved", docs.len());
    println!(
        "tokens {before} -> {after}, {:.1} % saved; facts {found} found, {kept} kept, {invented} invented",
        100.0 * (1.0 - after as f64 / before as f64)
    );
    let times = u32::try_from((4_000_000 / bytes.max(1)).clamp(1, 2_000)).unwrap();
    let facts = least(times, || docs.iter().for_each(|doc| drop(black_box(read(doc)))));
    println!("facts: {facts:.5} CPU s, {:.1} MB/s", mega / facts);
    let small = least(1 + times / 8, || {
        for (doc, record) in docs.iter().zip(&records) {
            black_box(compress(doc, record, &options));
        }
    });
    println!("compress: {small:.5} CPU s, {:.1} MB/s", mega / small);
}
