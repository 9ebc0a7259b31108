//! What each stage of the request path costs for a note of 2 KB: `cargo run --release -p ward-guard --example path_speed -- 2000`.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement may fail loudly, and prints its table"
)]

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use ward_guard::{
    Answering, Delta, Finish, Limits, Message, Part, Phi, Reading, Request, Sampling, Speaker, admit, compress,
    deidentify, inspect,
};

const ANSWER: &str = "She is allergic to penicillin (hives). Metformin was stopped when the eGFR fell. Follow up in \
                      three months.";

fn main() {
    let rounds: usize = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(1000);
    let text = include_str!("../../../examples/maria-alvarez.txt");
    let mut note: String = text.chars().take(1950).collect();
    note.push_str("\n\nWhat is she allergic to, and what is her dose of metformin?");
    let limits = Limits::default();
    let mut times: [Vec<Duration>; 6] = Default::default();
    for round in 0..rounds + rounds / 10 {
        let request = Phi::new(Request {
            model: "m".to_owned(),
            messages: vec![Message {
                speaker: Speaker::User,
                parts: vec![Part::Text(note.clone())],
            }],
            sampling: Sampling::default(),
            stream: false,
        });
        let t0 = Instant::now();
        let admitted = admit(request, Reading::Conversation, &limits, &Default::default()).unwrap();
        let t1 = Instant::now();
        let clean = deidentify(admitted, [7; 32]).unwrap();
        let t2 = Instant::now();
        let inspected = inspect(clean).unwrap();
        let ti = Instant::now();
        let prompt = compress(inspected, [9; 16], None).unwrap();
        let t3 = Instant::now();
        let (prompt, mut answering) = Answering::begin(prompt);
        black_box(&prompt);
        for word in ANSWER.split_inclusive(' ') {
            black_box(answering.push(Delta::Text(word.to_owned())).unwrap());
        }
        answering.push(Delta::Finish(Finish::Stop)).unwrap();
        black_box(answering.finish().unwrap());
        let t4 = Instant::now();
        if round >= rounds / 10 {
            let stages = [t1 - t0, t2 - t1, ti - t2, t3 - ti, t4 - t3, t4 - t0];
            for (all, one) in times.iter_mut().zip(stages) {
                all.push(one);
            }
        }
    }
    println!("| stage, {} bytes | p50, us | p99, us |\n|---|---|---|", note.len());
    for (name, times) in ["admit", "deidentify", "inspect", "compress", "answer", "all"]
        .iter()
        .zip(&mut times)
    {
        times.sort_unstable();
        let at = |share: usize| {
            times
                .get(times.len() * share / 100)
                .map_or(0.0, |t| t.as_secs_f64() * 1e6)
        };
        println!("| {name} | {:.1} | {:.1} |", at(50), at(99));
    }
}
