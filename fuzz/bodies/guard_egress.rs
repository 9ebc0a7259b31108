//! Any answer, however it is cut: what is passed on does not depend on the cuts, no address and no tag passes, and a call of
//! a tool is judged without a panic.

use std::sync::Arc;

use ward_guard::{
    Policy,
    egress::Egress,
    tools::{Tool, judge},
};

/// The first byte says how often the text is cut.
pub fn run(data: &[u8]) {
    let Some((every, text)) = data.split_first() else {
        return;
    };
    let text = String::from_utf8_lossy(text);
    let policy = Arc::new(Policy::default());
    let pass = |pieces: &[&str]| {
        let mut out = String::new();
        let mut egress = Egress::new(Arc::clone(&policy));
        for piece in pieces {
            egress.push(piece, &mut out);
        }
        let done = egress.finish(&mut out);
        (out, done)
    };
    let whole = pass(&[&text]);
    let step = usize::from(*every % 7) + 1;
    let chars: Vec<char> = text.chars().collect();
    let cut: Vec<String> = chars.chunks(step).map(|chunk| chunk.iter().collect()).collect();
    let cut: Vec<&str> = cut.iter().map(String::as_str).collect();
    assert_eq!(pass(&cut), whole, "cutting changes nothing");
    let low = whole.0.to_ascii_lowercase();
    for (at, _) in low.match_indices("://") {
        let after = low[at + 3..].chars().next();
        let before = low[..at].chars().next_back();
        // `http://` alone is a word.
        let begun = before.is_some_and(|c| c.is_ascii_alphabetic());
        assert!(
            !(begun && after.is_some_and(|c| c.is_ascii_alphanumeric())),
            "an address passed"
        );
    }
    for (at, _) in low.match_indices('<') {
        assert!(
            !low[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic()),
            "a tag passed"
        );
    }
    let schema = r#"{"type":"object","properties":{"a":{"type":"array","items":{"type":"integer"}}}}"#;
    if let Ok(tool) = Tool::new("t", schema, true) {
        let _ = judge(&[tool], "t", &text);
    }
    let _ = Tool::new("t", &text, false);
}
