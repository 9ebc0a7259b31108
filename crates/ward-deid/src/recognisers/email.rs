use super::{Recogniser, Trigger};
use crate::Class;

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "email",
    class: Class::Email,
    what: "E-mail addresses.",
    why: "An address reaches one person and often spells the name.",
    source: "45 CFR 164.514(b)(2)(i); RFC 5321 section 4.5.3.1 (local part 64, domain 255 octets)",
    yes: &[
        ("(Email: john.b@example.com)?", "john.b@example.com"),
        ("<o'neil+x@mail.example.org>", "o'neil+x@mail.example.org"),
        ("an JOSÉ@exämple.de schreiben", "JOSÉ@exämple.de"),
    ],
    no: &[
        "meet @ 5 pm",
        "a@b",
        "user@localhost",
        "@example.com",
        "10 mg @bedtime.",
        "x @ example.com",
    ],
    strong: true,
    trigger: Trigger::Text(|scan, hits| {
        let text = scan.text;
        let mut floor = 0;
        for at in memchr::memchr_iter(b'@', text.as_bytes()) {
            if at < floor {
                continue;
            }
            let Some((head, tail)) = text.split_at_checked(at) else {
                continue;
            };
            let local: usize = head
                .chars()
                .rev()
                .take(64)
                .take_while(|c| is_local(*c))
                .map(char::len_utf8)
                .sum();
            let tail = tail.get(1..).unwrap_or("");
            let mut domain: usize = tail
                .chars()
                .take(255)
                .take_while(|c| is_domain(*c))
                .map(char::len_utf8)
                .sum();
            while tail.get(..domain).is_some_and(|d| d.ends_with(['.', '-'])) {
                domain -= 1;
            }
            let name = tail.get(..domain).unwrap_or("");
            let start = head
                .get(at - local..)
                .map_or(at, |l| at - l.trim_start_matches(['\'', '.', '-', '/']).len());
            let top = name.rsplit('.').next().unwrap_or("");
            if start < at && name.contains('.') && top.chars().count() >= 2 && !top.bytes().all(|b| b.is_ascii_digit())
            {
                hits.push(start.max(floor), at + 1 + domain, Class::Email, 95);
                floor = at + 1 + domain;
            }
        }
    }),
};

fn is_local(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(
            c,
            '.' | '_' | '-' | '+' | '%' | '\'' | '&' | '=' | '~' | '!' | '#' | '/'
        )
}

fn is_domain(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '-')
}
