//! A GGUF file and a text to be counted with its vocabulary: the length of the text in one byte, the text, then the file.
//!
//! Laws: reading ends, and so does counting; the same text gives the same tokens; nothing is no token.

use ward_clinical::tokens::Tokenizer;
use ward_formats::input::Input;

pub fn run(data: &[u8]) {
    let Some((length, rest)) = data.split_first() else {
        return;
    };
    let (text, file) = rest.split_at(usize::from(*length).min(rest.len()));
    let Ok(tokenizer) = Tokenizer::read_gguf(&Input::of_bytes(file), "fuzz") else {
        return;
    };
    let text = String::from_utf8_lossy(text);
    let ids = tokenizer.ids(&text);
    assert_eq!(ids, tokenizer.ids(&text));
    assert_eq!(ids.len(), tokenizer.count(&text));
    assert_eq!(tokenizer.count(""), 0);
}
