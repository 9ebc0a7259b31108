use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::Class;

/// Longest address read as one. What follows is looked at like any other text.
const LONGEST: usize = 2_048;

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "url",
    class: Class::Url,
    what: "Web addresses with a scheme or beginning with www.",
    why: "A personal page or a portal link leads to the person, and paths hold identifiers.",
    source: SAFE_HARBOR,
    yes: &[
        (
            "see https://portal.example.org/p/123?x=1.",
            "https://portal.example.org/p/123?x=1",
        ),
        ("www.example.com/jane, says", "www.example.com/jane"),
        ("(ftp://h.example/a)", "ftp://h.example/a"),
    ],
    no: &["and/or", "ratio 1://2", "http", "www", "Dx: // none"],
    strong: false,
    trigger: Trigger::Text(|scan, hits| {
        let bytes = scan.text.as_bytes();
        let mut floor = 0;
        for i in 0..scan.tokens.len() {
            let start = scan.start(i);
            let scheme = scan.gap(i).starts_with("://") && !scan.is_number(i);
            let www = scan.gap(i).starts_with('.') && scan.is(i, "www");
            if start < floor || !(scheme || www) {
                continue;
            }
            let rest = bytes.get(start..).unwrap_or_default();
            let mut len = rest.iter().take(LONGEST).take_while(|b| is_url(**b)).count();
            while len > 0 && rest.get(len - 1).is_some_and(|b| b".,;:!?'\"".contains(b)) {
                len -= 1;
            }
            while !scan.text.is_char_boundary(start + len) {
                len -= 1;
            }
            let head = if scheme { scan.word(i).len() + 3 } else { 4 };
            if len > head + 2 {
                hits.push(start, start + len, Class::Url, 90);
                floor = start + len;
            }
        }
    }),
};

fn is_url(b: u8) -> bool {
    b > b' ' && !b"<>\"()[]{}|\\^`".contains(&b)
}
