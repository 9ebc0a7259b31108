//! Any text in every mode: what was replaced comes back exactly, and what was removed leaves nothing to put back.

use ward_deid::{Deidentifier, Known, Mode, Restorer};

/// The first byte of `data` chooses the key; the rest is two texts of one subject, cut at the first NUL.
pub fn run(data: &[u8]) {
    let Some((key, text)) = data.split_first() else {
        return;
    };
    let Ok(text) = std::str::from_utf8(text) else {
        return;
    };
    let (first, second) = text.split_once('\0').unwrap_or((text, ""));
    for mode in [Mode::Tag, Mode::Surrogate] {
        let mut subject = Deidentifier::new(mode, [*key; 32]);
        for text in [first, second] {
            let done = subject.text(text, &Known::default());
            for restorer in [subject.restorer(), Restorer::from_rows(&subject.rows())] {
                let mut restorer = restorer.into_links();
                let mut out = String::new();
                // Two chunks, cut in the middle.
                let mut middle = done.text.len() / 2;
                while !done.text.is_char_boundary(middle) {
                    middle += 1;
                }
                let (head, tail) = done.text.split_at(middle);
                restorer.push(head, &mut out);
                restorer.push(tail, &mut out);
                restorer.close(&mut out);
                assert!(out == text, "in mode {}", mode.word());
                assert_eq!(restorer.done().unknown, 0);
            }
            for one in &done.applied {
                assert!(text.get(one.old.start..one.old.end).is_some());
                assert!(done.text.get(one.new.start..one.new.end).is_some());
            }
        }
    }
    let mut removed = Deidentifier::new(Mode::Remove, [*key; 32]);
    let done = removed.text(first, &Known::default());
    assert!(removed.rows().is_empty());
    assert_eq!(u32::try_from(done.applied.len()), Ok(done.tally.total()));
}
