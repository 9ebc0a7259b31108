//! Any text that goes in: its copy keeps every place, control tokens are found in order and gone once they are taken out,
//! and its score is one.

use ward_guard::{
    control_tokens,
    injection::suspect,
    unicode::{Copy, screen},
};

/// Looks at `data` as a text.
pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let copy = Copy::of(&text);
    let mut last = 0;
    for at in 0..=copy.text().len() {
        let place = copy.back(at);
        assert!(place >= last && text.is_char_boundary(place), "places are in order");
        last = place;
    }
    let spans = control_tokens::find(&text, &[]);
    let mut rest = String::new();
    let mut from = 0;
    for span in &spans {
        assert!(span.start >= from && span.end > span.start, "tokens are apart");
        rest.push_str(&text[from..span.start]);
        rest.push_str("[TEXT_1KR]");
        from = span.end;
    }
    rest.push_str(&text[from..]);
    assert!(
        control_tokens::find(&rest, &[]).is_empty(),
        "no token is put together by taking one out"
    );
    let found = suspect(&text);
    assert!((0.0..=1.0).contains(&found.score) && text.is_char_boundary(found.at));
    let _ = screen(&text);
}
