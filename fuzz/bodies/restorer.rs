//! Any text in any chunks: restoring and screening give the same as for the whole.

use ward_deid::{ForeignScreen, Known, Pseudonyms};

/// The first bytes of `data` say where to cut the rest.
pub fn run(data: &[u8]) {
    let (cuts, text) = data.split_at(data.len().min(8));
    let Ok(text) = std::str::from_utf8(text) else {
        return;
    };
    let mut pseudonyms = Pseudonyms::new([9; 32]);
    // Placeholders that exist, put where the text says `@`.
    let known = pseudonyms
        .replace_text("Dr. Ana Ruiz on 2024-01-08", &Known::default())
        .text;
    let name = known.split_inclusive(']').next().unwrap_or("").to_owned();
    let text = text.replace('@', &name);

    let mut chunks = Vec::new();
    let (mut rest, mut turn) = (text.as_str(), 0);
    while !rest.is_empty() {
        let mut cut = cuts.get(turn % 8).map_or(1, |b| usize::from(*b % 16)).min(rest.len());
        while !rest.is_char_boundary(cut) {
            cut += 1;
        }
        // A chunk may be empty, but not all of them.
        if cut == 0 && turn % 8 == 7 {
            cut = rest.chars().next().map_or(0, char::len_utf8);
        }
        let (chunk, more) = rest.split_at(cut);
        chunks.push(chunk);
        rest = more;
        turn += 1;
    }

    let (whole, done) = pseudonyms.restore(&text);
    let mut restorer = pseudonyms.restorer();
    let mut out = String::new();
    for chunk in &chunks {
        restorer.push(chunk, &mut out);
    }
    assert_eq!(restorer.finish(&mut out), done);
    assert_eq!(out, whole);

    let screened = |chunks: &[&str]| {
        let mut screen = ForeignScreen::new();
        let mut out = String::new();
        for chunk in chunks {
            screen.push(chunk, &mut out);
        }
        let done = screen.finish(&mut out);
        (out, done)
    };
    assert_eq!(screened(&chunks), screened(&[&text]));
}
