use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::lex::Shape;
use crate::lexicon::TOP;

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
        for at in memchr::memmem::find_iter(bytes, "://").filter(|at| *at > 0) {
            if at < floor {
                continue;
            }
            let head = bytes.get(..at).unwrap_or_default();
            let scheme = head
                .iter()
                .rev()
                .take(16)
                .take_while(|b| b.is_ascii_alphanumeric())
                .count();
            if bytes.get(at - scheme).is_some_and(u8::is_ascii_alphabetic) {
                floor = address(scan.text, at - scheme, scheme + 3, hits);
            }
        }
        for sign in ["www.", "WWW.", "Www."] {
            floor = 0;
            for at in memchr::memmem::find_iter(bytes, sign) {
                let glued = at > 0
                    && bytes
                        .get(at - 1)
                        .is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'/');
                if !glued && at >= floor {
                    floor = address(scan.text, at, 4, hits);
                }
            }
        }
    }),
};

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const BARE: Recogniser = Recogniser {
    id: "bare-url",
    class: Class::Url,
    what: "Web addresses without a scheme: \"portal.example.org/u/17\", \"example.com\".",
    why: "A personal page or a portal link leads to the person, and paths hold identifiers.",
    source: SAFE_HARBOR,
    yes: &[
        ("on linkedin.com/in/janedoe, says", "linkedin.com/in/janedoe"),
        (
            "portal.myhealth-example.com/u/jdoe",
            "portal.myhealth-example.com/u/jdoe",
        ),
        ("see quillfeather.org.", "quillfeather.org"),
    ],
    no: &[
        "is better.Care was given",
        "2.5.com",
        "the .org site",
        "pain.Info follows",
        "h.o. de novo",
        "x.y.io2",
    ],
    strong: false,
    trigger: Trigger::Word(TOP, |scan, i, hits| {
        if scan.gap_before(i) != "." || i == 0 || scan.shape(i) != Some(Shape::Lower) {
            return;
        }
        let bytes = scan.text.as_bytes();
        let dot = scan.start(i) - 1;
        let head = bytes.get(..dot).unwrap_or_default();
        let len = head
            .iter()
            .rev()
            .take(253)
            .take_while(|b| b.is_ascii_alphanumeric() || b"-.".contains(b))
            .count();
        let name = head.get(dot - len..).unwrap_or_default();
        let lead = name.iter().take_while(|b| b"-.".contains(b)).count();
        let name = name.get(lead..).unwrap_or_default();
        let next = bytes.get(scan.end(i)).copied().unwrap_or(b' ');
        let letters = name.iter().filter(|b| b.is_ascii_alphabetic()).count();
        let capital = name.first().is_some_and(u8::is_ascii_uppercase);
        // A part of a longer name is read from its last part; an abbreviation has short parts.
        let inner = next.is_ascii_alphanumeric()
            || next == b'.' && bytes.get(scan.end(i) + 1).is_some_and(u8::is_ascii_alphanumeric);
        let before = (dot - len).checked_sub(1).and_then(|at| head.get(at));
        if letters < 3 || inner || capital || matches!(before, Some(b'@' | b'/')) {
            return;
        }
        address(scan.text, dot - len + lead, 0, hits);
    }),
};

/// Reports the address at `start`, of which `head` bytes are the scheme, and says where it ends:
/// at white space, a quote or a bracket that was not opened in it. Every byte is read once, since
/// what is cut off at the end holds no sign of an address.
fn address(text: &str, start: usize, head: usize, hits: &mut Hits) -> usize {
    let rest = text.as_bytes().get(start..).unwrap_or_default();
    let mut depth = 0_usize;
    let mut is_part = |b: &u8| {
        match b {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return false,
            },
            _ => {}
        }
        *b > b' ' && !b"<>\"|\\^`".contains(b)
    };
    let mut len = rest.iter().copied().take_while(|b| is_part(b)).count();
    while len > 0 && rest.get(len - 1).is_some_and(|b| b".,;:!?'\"".contains(b)) {
        len -= 1;
    }
    while !text.is_char_boundary(start + len) {
        len -= 1;
    }
    if len > head + 2 {
        hits.push(start, start + len, Class::Url, 90);
    }
    start + len
}

#[cfg(test)]
mod tests {
    use crate::{Known, find};

    fn check(text: &str, expect: &[&str]) {
        let found: Vec<_> = find(text, &Known::default())
            .iter()
            .map(|hit| &text[hit.span.start..hit.span.end])
            .collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn takes_the_whole_address() {
        let long = format!("https://h.example/?q={}zelda", "a".repeat(5_000));
        check(&format!("see {long}, then"), &[&long]);
        check("[x](http://h.example/a(b)/c) y", &["http://h.example/a(b)/c"]);
        check(
            "WWW.one.example/a and www.two.example/b",
            &["WWW.one.example/a", "www.two.example/b"],
        );
    }
}
