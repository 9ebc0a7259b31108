//! A tokenizer.json, a zero byte, and a text to be counted with it.
//!
//! Laws: reading ends, and so does counting; the same text gives the same tokens; what is added to a text is counted too.

use ward_clinical::tokens::Tokenizer;

/// The longest text that is counted, in bytes.
const LONGEST: usize = 4096;

pub fn run(data: &[u8]) {
    let (json, text) = match data.iter().position(|byte| *byte == 0) {
        Some(at) => (&data[..at], &data[at + 1..]),
        None => (data, &b"Metformin 500 mg twice daily."[..]),
    };
    let Ok(tokenizer) = Tokenizer::read(json, "fuzz") else {
        return;
    };
    let text = String::from_utf8_lossy(&text[..text.len().min(LONGEST)]);
    let ids = tokenizer.ids(&text);
    assert_eq!(ids, tokenizer.ids(&text));
    assert_eq!(ids.len(), tokenizer.count(&text));
    assert!(tokenizer.count("") <= 1);
}
