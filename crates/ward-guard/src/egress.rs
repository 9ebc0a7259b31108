//! What an answer may point to, and what a client's screen must not obey.
//!
//! A link or an image in an answer is fetched by whoever shows it, with whatever the model wrote into its address. So every
//! address gives way to `(link withheld)`, unless it is `https` and of a host that the operator allowed: destinations and
//! definitions of Markdown links, bare addresses, `www.`, and schemes such as `javascript:` and `data:`. The `<` of an HTML tag
//! becomes `&lt;`; the escape character of terminals becomes a visible sign; characters that no reader sees are taken out.
//!
//! Numbers, units and comparisons pass as they are: `<5`, `</= 30`, `120/80`, `< 60`.
//!
//! The law: however an answer is cut, what is passed on is the same. The guard works character by character, and holds back
//! only what may be the start of an address or a tag, at most [`Egress::HELD_MAX`] bytes.

use std::{collections::VecDeque, sync::Arc};

use crate::{Policy, unicode};

/// What was neutralised in an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Neutralised {
    /// Addresses of links and images that were withheld.
    pub links: u64,
    /// Tags whose `<` became `&lt;`.
    pub tags: u64,
    /// Characters that were taken out or made visible: controls and escapes of terminals, overrides of direction, tags.
    pub characters: u64,
}

impl Neutralised {
    /// All of them.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.links + self.tags + self.characters
    }
}

/// What stands in place of an address.
const WITHHELD: &str = "(link withheld)";

/// Longest beginning of an address before its colon.
const SCHEME: usize = 32;

/// Longest host in square brackets.
const HOST: usize = 80;

/// Schemes that do something without `//`.
const ACTIVE: &[&str] = &[
    "javascript",
    "vbscript",
    "livescript",
    "data",
    "mailto",
    "blob",
    "filesystem",
    "file",
    "intent",
    "view-source",
    "about",
    "ms-settings",
    "search-ms",
    "sms",
    "smsto",
    "facetime",
    "cid",
    "mid",
    "jar",
    "wyciwyg",
    "x-javascript",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Text,
    /// A run of letters, figures, `+`, `.` and `-`: perhaps a scheme.
    Run,
    /// A run and `:`, perhaps with one `/`.
    Colon,
    /// An address.
    Address,
    /// An address whose host may be a number of IPv6, in square brackets, which end every other address.
    Host,
    /// The rest of an address that was withheld.
    Swallow,
    /// `<`, and `</`.
    Less,
    LessSlash,
    /// `]`.
    Bracket,
    /// `](` and what follows, to the parenthesis that closes it.
    Destination {
        depth: u16,
        escaped: bool,
    },
    /// The rest of a destination that was withheld for its length.
    SwallowDestination,
    /// `]:`, blanks, and a word.
    Definition,
}

/// Passes an answer on, piece by piece.
pub struct Egress {
    policy: Arc<Policy>,
    state: State,
    held: String,
    queue: VecDeque<char>,
    /// Characters of the queue in which `](` begins no destination.
    plain: usize,
    selector: bool,
    done: Neutralised,
}

impl Egress {
    /// Most bytes held back.
    pub const HELD_MAX: usize = 2048 + 4;

    /// For one answer.
    #[must_use]
    pub fn new(policy: Arc<Policy>) -> Self {
        Self {
            policy,
            state: State::Text,
            held: String::new(),
            queue: VecDeque::new(),
            plain: 0,
            selector: false,
            done: Neutralised::default(),
        }
    }

    /// Takes a piece; what is certain goes to `out`.
    pub fn push(&mut self, piece: &str, out: &mut String) {
        for c in piece.chars() {
            if let Some(c) = self.shown(c) {
                self.queue.push_back(c);
                self.work(out);
            }
        }
    }

    /// The answer is over: what was held back goes to `out`.
    pub fn finish(mut self, out: &mut String) -> Neutralised {
        // Each round either ends or takes a beginning off what is held.
        while self.state != State::Text || !self.queue.is_empty() {
            match self.state {
                State::Text => {}
                State::Run | State::Colon => self.let_go(out),
                State::Address => self.address(out),
                State::Host => self.no_host(out),
                State::Swallow | State::SwallowDestination => self.state = State::Text,
                State::Less => self.say("<", out),
                State::LessSlash => self.say("</", out),
                State::Bracket => self.say("]", out),
                State::Destination { .. } => self.no_link(out),
                State::Definition => self.definition(out),
            }
            self.work(out);
        }
        self.done
    }

    fn work(&mut self, out: &mut String) {
        while let Some(c) = self.queue.pop_front() {
            self.step(c, out);
            self.plain = self.plain.min(self.queue.len());
        }
    }

    /// Looks at a character again, in the state that is now.
    fn again(&mut self, c: char) {
        self.queue.push_front(c);
    }

    /// Back to text, with these words of Ward's or of the answer's that hold nothing to look at.
    fn say(&mut self, words: &str, out: &mut String) {
        self.held.clear();
        self.state = State::Text;
        out.push_str(words);
    }

    fn let_go(&mut self, out: &mut String) {
        out.push_str(&self.held);
        self.say("", out);
    }

    fn step(&mut self, c: char, out: &mut String) {
        match self.state {
            State::Text => self.text(c, out),
            State::Run => match c {
                'a'..='z' | 'A'..='Z' | '0'..='9' | '+' | '.' | '-' => {
                    self.held.push(c);
                    if self.held.len() >= 5 && self.held.get(..4).is_some_and(|www| www.eq_ignore_ascii_case("www.")) {
                        self.state = State::Address;
                    } else if self.held.len() > SCHEME {
                        out.push(self.held.remove(0));
                    }
                }
                ':' => {
                    self.held.push(c);
                    self.state = State::Colon;
                }
                _ => {
                    self.let_go(out);
                    self.again(c);
                }
            },
            State::Colon => {
                let one = self.held.ends_with('/');
                if c == '/' {
                    self.held.push(c);
                    if one {
                        self.state = State::Address;
                    }
                } else if !one && !c.is_whitespace() && is_active(self.held.trim_end_matches(':')) {
                    self.state = State::Address;
                    self.again(c);
                } else {
                    self.let_go(out);
                    self.again(c);
                }
            }
            State::Address if c == '[' && self.held.ends_with("://") => {
                self.held.push(c);
                self.state = State::Host;
            }
            State::Host => self.host(c, out),
            State::Address if ends_address(c) => {
                self.address(out);
                self.again(c);
            }
            State::Address => {
                self.held.push(c);
                if self.held.len() > Self::HELD_MAX - 4 {
                    self.done.links += 1;
                    self.say(WITHHELD, out);
                    self.state = State::Swallow;
                }
            }
            State::Swallow if ends_address(c) => {
                self.state = State::Text;
                self.again(c);
            }
            State::Swallow => {}
            State::Less => match c {
                '/' => self.state = State::LessSlash,
                'a'..='z' | 'A'..='Z' | '!' | '?' => {
                    self.done.tags += 1;
                    self.say("&lt;", out);
                    self.again(c);
                }
                _ => {
                    self.say("<", out);
                    self.again(c);
                }
            },
            State::LessSlash => {
                // `</=` is how some write "at most".
                if c == '=' {
                    self.say("</", out);
                } else {
                    self.done.tags += 1;
                    self.say("&lt;/", out);
                }
                self.again(c);
            }
            State::Bracket => match c {
                '(' if self.plain > 0 => {
                    self.done.links += 1;
                    self.say("] ", out);
                    self.again(c);
                    // `] (` begins no destination.
                }
                '(' => {
                    self.held.push_str("](");
                    self.state = State::Destination {
                        depth: 1,
                        escaped: false,
                    };
                }
                ':' => {
                    self.held.push_str("]:");
                    self.state = State::Definition;
                }
                _ => {
                    self.say("]", out);
                    self.again(c);
                }
            },
            State::Destination { depth, escaped } => self.destination(c, depth, escaped, out),
            State::SwallowDestination => {
                if matches!(c, ')' | '\n') {
                    self.state = State::Text;
                }
            }
            State::Definition => {
                let word = self.held.get(2..).unwrap_or_default();
                if c.is_whitespace() && (!word.trim().is_empty() || word.len() > 8 || c == '\n' && word.contains('\n'))
                {
                    self.again(c);
                    self.definition(out);
                    return;
                }
                self.held.push(c);
                if self.held.len() > Self::HELD_MAX - 4 {
                    self.done.links += 1;
                    self.say("]: (link withheld)", out);
                    self.state = State::Swallow;
                }
            }
        }
    }

    /// A character as it may be shown; none when it is taken out. Before anything else, so that nothing is put together by
    /// taking something out.
    fn shown(&mut self, c: char) -> Option<char> {
        let selects = matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}');
        let run = std::mem::replace(&mut self.selector, selects) && selects;
        match c {
            '\t' | '\n' | '\r' => Some(c),
            '\u{1b}' => {
                self.done.characters += 1;
                Some('\u{241b}')
            }
            _ if run || c.is_control() || matches!(c, '\u{e0000}'..='\u{e007f}' | '\u{202d}' | '\u{202e}') => {
                self.done.characters += 1;
                None
            }
            _ => Some(c),
        }
    }

    /// A character of ordinary text.
    fn text(&mut self, c: char, out: &mut String) {
        match c {
            '<' => self.state = State::Less,
            ']' => self.state = State::Bracket,
            'a'..='z' | 'A'..='Z' => {
                self.held.push(c);
                self.state = State::Run;
            }
            _ => out.push(c),
        }
    }

    /// The end of an address.
    fn address(&mut self, out: &mut String) {
        let held = std::mem::take(&mut self.held);
        self.state = State::Text;
        let address = held.trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_', '~', '\'']);
        let rest = held.get(address.len()..).unwrap_or_default();
        let after = address.split_once(':').map_or(address, |(_, after)| after);
        // What is before the colon is a host then, not a scheme.
        let host = address.get(..4).is_some_and(|www| www.eq_ignore_ascii_case("www."));
        let harmless = !host && after.trim_start_matches('/').is_empty()
            // `data:` is a word; with a type, parameters or a comma it is an address.
            || address.get(..5).is_some_and(|data| data.eq_ignore_ascii_case("data:")) && !address.contains(['/', ';', ',']);
        if harmless || self.is_allowed(address) {
            out.push_str(&held);
            return;
        }
        self.done.links += 1;
        out.push_str(WITHHELD);
        out.push_str(rest);
    }

    /// A character after `://[`.
    fn host(&mut self, c: char, out: &mut String) {
        let inside = self.held.rsplit_once('[').map_or("", |(_, inside)| inside);
        let in_number = c.is_ascii_hexdigit() || matches!(c, ':' | '.');
        // Behind `%` stands the name of an interface.
        let goes_on = in_number || c == '%' || inside.contains('%') && !ends_address(c);
        if c == ']' && inside.contains(':') {
            self.held.push(c);
            self.state = State::Address;
        } else if goes_on && inside.len() < HOST {
            self.held.push(c);
        } else {
            self.again(c);
            self.no_host(out);
        }
    }

    /// What follows `://[` is no host: it is looked at as text.
    fn no_host(&mut self, out: &mut String) {
        let inside = self
            .held
            .rfind('[')
            .map(|at| self.held.split_off(at))
            .unwrap_or_default();
        self.address(out);
        for c in inside.chars().rev() {
            self.again(c);
        }
    }

    /// A character after `](`.
    fn destination(&mut self, c: char, depth: u16, escaped: bool, out: &mut String) {
        let ends = self.held.ends_with('\n') && c == '\n';
        self.held.push(c);
        if ends {
            self.no_link(out);
            return;
        }
        let depth = match c {
            _ if escaped => depth,
            '(' => depth.saturating_add(1),
            ')' => depth.saturating_sub(1),
            _ => depth,
        };
        if depth > 0 {
            self.state = State::Destination {
                depth,
                escaped: c == '\\' && !escaped,
            };
            if self.held.len() > Self::HELD_MAX - 4 {
                self.done.links += 1;
                self.say("] (link withheld)", out);
                self.state = State::SwallowDestination;
            }
            return;
        }
        let inside = self.held.get(2..self.held.len() - 1).unwrap_or_default().trim();
        let (target, title) = match inside.strip_prefix('<') {
            Some(rest) => rest.split_once('>').unwrap_or((inside, "")),
            None => inside.split_once(char::is_whitespace).unwrap_or((inside, "")),
        };
        let title = title.trim();
        if !(title.is_empty() || title.starts_with(['"', '\'', '('])) {
            self.no_link(out);
            return;
        }
        let anchor = target
            .strip_prefix('#')
            .is_some_and(|name| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
        if inside.is_empty() || anchor || self.is_allowed(target) {
            let kept = format!("]({target})");
            self.say(&kept, out);
        } else {
            self.done.links += 1;
            self.say("] (link withheld)", out);
        }
    }

    /// What follows `](` is no destination: a blank between them keeps it from being one, and it is looked at as text.
    fn no_link(&mut self, out: &mut String) {
        let held = std::mem::take(&mut self.held);
        self.state = State::Text;
        out.push_str("] (");
        let inside = held.get(2..).unwrap_or_default();
        self.plain = self.plain.max(inside.chars().count());
        for c in inside.chars().rev() {
            self.queue.push_front(c);
        }
    }

    /// The end of the word after `]:`.
    fn definition(&mut self, out: &mut String) {
        let held = std::mem::take(&mut self.held);
        self.state = State::Text;
        let after = held.get(2..).unwrap_or_default();
        let word = after.trim_start();
        if points_somewhere(word) && !self.is_allowed(word.trim_matches(['<', '>'])) {
            self.done.links += 1;
            out.push_str("]: ");
            out.push_str(WITHHELD);
            return;
        }
        out.push_str("]:");
        out.push_str(after.get(..after.len() - word.len()).unwrap_or_default());
        self.plain = self.plain.max(word.chars().count());
        for c in word.chars().rev() {
            self.queue.push_front(c);
        }
    }

    /// `https`, a host of the list, no user, no other port, and plain characters.
    fn is_allowed(&self, address: &str) -> bool {
        let Some((scheme, rest)) = address.split_once("://") else {
            return false;
        };
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~:/?#!$&*+,;=%".contains(&b);
        if !scheme.eq_ignore_ascii_case("https") || !rest.bytes().all(plain) {
            return false;
        }
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = authority.strip_suffix(":443").unwrap_or(authority).to_ascii_lowercase();
        !host.is_empty()
            && self
                .policy
                .output
                .hosts
                .iter()
                .any(|allowed| match allowed.strip_prefix("*.") {
                    Some(parent) => host
                        .strip_suffix(&parent.to_ascii_lowercase())
                        .is_some_and(|below| below.len() > 1 && below.ends_with('.')),
                    None => host.eq_ignore_ascii_case(allowed),
                })
    }
}

fn is_active(scheme: &str) -> bool {
    let letters = scheme.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
    ACTIVE.iter().any(|active| letters.eq_ignore_ascii_case(active))
}

/// What can stand in no bare address.
fn ends_address(c: char) -> bool {
    c.is_whitespace() || c.is_control() || "<>\"`()[]{}|\\^".contains(c)
}

/// Whether the destination of a definition leads out of the answer, however it is written.
fn points_somewhere(word: &str) -> bool {
    let copy = unicode::Copy::of(word);
    let word = copy.text();
    let word = word.strip_prefix('<').unwrap_or(word);
    let scheme = word.split_once(':').is_some_and(|(scheme, rest)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && (rest.starts_with(['/', '\\']) || is_active(scheme))
    });
    scheme
        || word.contains("://")
        || word.starts_with("//")
        || word.starts_with("/\\")
        || word.starts_with("www.")
        || word.contains('\\')
        || word.contains("&#")
        || word.contains("&colon")
        || word.contains("&sol")
        // An address of the caller's, which would come back in its place.
        || word.contains("[url_")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::OutputPolicy;
    use proptest::prelude::*;

    fn policy() -> Arc<Policy> {
        Arc::new(Policy {
            output: OutputPolicy {
                hosts: vec!["good.example".to_owned(), "*.cdn.example".to_owned()],
                ..OutputPolicy::default()
            },
            ..Policy::default()
        })
    }

    fn pieces(pieces: &[&str]) -> (String, Neutralised) {
        let mut out = String::new();
        let mut egress = Egress::new(policy());
        for piece in pieces {
            egress.push(piece, &mut out);
            assert!(egress.held.len() <= Egress::HELD_MAX + 8);
        }
        let done = egress.finish(&mut out);
        (out, done)
    }

    fn check(text: &str, expect: &str) {
        assert_eq!(pieces(&[text]).0, expect, "{text}");
    }

    #[test]
    fn addresses_are_withheld() {
        check("![x](https://evil.example/p.png?d=1)", "![x] (link withheld)");
        check("see [here](http://evil.example) now", "see [here] (link withheld) now");
        check("[a](<https://evil.example/a b> \"t\")", "[a] (link withheld)");
        check("[a](//evil.example/x)", "[a] (link withheld)");
        check("[a](/api/logout)", "[a] (link withheld)");
        check("[a](&#104;ttps://evil.example)", "[a] (link withheld)");
        check("[a](java\nscript:alert(1))", "[a] (java\nscript:alert(1))");
        check("[a](javascript:alert(1))", "[a] (link withheld)");
        check("go to https://evil.example/x?q=1.", "go to (link withheld).");
        check("(https://evil.example)", "((link withheld))");
        check(
            "HTTPS://EVIL.EXAMPLE and www.evil.example!",
            "(link withheld) and (link withheld)!",
        );
        check(
            "www.secret.evil.example:/ WWW.evil.example:// x",
            "(link withheld) (link withheld) x",
        );
        check("ftp://evil.example x", "(link withheld) x");
        check("see http://[fd00::1]/a?q=1 now", "see (link withheld) now");
        check("(HTTPS://[::ffff:192.0.2.1]:8443/a).", "((link withheld)).");
        check("http://[fe80::1%eth0]/a", "(link withheld)");
        check("[a](http://[fd00::1]/a)", "[a] (link withheld)");
        check("data:image/png;base64,AAAA", "(link withheld)");
        check("[x]: https://evil.example\n![a][x]", "[x]: (link withheld)\n![a][x]");
        check("[x]:\n  https://evil.example", "[x]: (link withheld)");
        check(
            "![a][x]\n\n[x]: [URL_1KR]q=1 and",
            "![a][x]\n\n[x]: (link withheld) and",
        );
        check("[x]: [DAY_1KR] on", "[x]: [DAY_1KR] on");
        check("[x]: &#104;ttps://evil.example", "[x]: (link withheld)");
        check("<https://evil.example>", "&lt;(link withheld)>");
        check("https://good.example@evil.example/", "(link withheld)");
        check("https://good.example.evil.example/", "(link withheld)");
        check(
            "https://xn--gd-eka.example/ https://g\u{43e}od.example/",
            "(link withheld) (link withheld)",
        );
        check("https://good.example:8443/x", "(link withheld)");
        check("http://good.example/x", "(link withheld)");
        check(
            "https://good.example/](http://evil.example)",
            "https://good.example/] (link withheld)",
        );
        check("[a]([b](http://evil.example))", "[a] (link withheld)");
        check("[a](see [b](http://evil.example))", "[a] (see [b] ((link withheld)))");
    }

    #[test]
    fn tags_and_escapes_are_made_harmless() {
        check("<script>alert(1)</script>", "&lt;script>alert(1)&lt;/script>");
        check("<img src=x onerror=y>", "&lt;img src=x onerror=y>");
        check("<!-- x --><?php", "&lt;!-- x -->&lt;?php");
        check("a\u{1b}[31mb\u{9b}c\u{7}", "a\u{241b}[31mbc");
        check("a\u{e0041}b\u{202e}c", "abc");
        check("[a]\u{7}(//evil.example) <\u{7}b>", "[a] (link withheld) &lt;b>");
        check("http://evil.example(//evil.example)", "(link withheld)(//evil.example)");
        check("x\u{fe0f}\u{fe01}", "x\u{fe0f}");
    }

    #[test]
    fn what_is_allowed_and_what_is_clinical_passes() {
        for text in [
            "BP 120/80, HR <60, eGFR < 30, BMI </= 35, K >5.5; p<0.05",
            "Assessment: stable. Plan: 1) rest 2) fluids. Ratio 1:2, time 14:30.",
            "[NAME_1KR]: 120/80 on [DAY_4812TR] (see note) [1] [2]: cough",
            "https://good.example/a?b=c#d and [x](https://a.cdn.example/y.png)",
            "http://[NAME_1KR] http://[DAY_4812TR] http://[1] http://[fd00 http://[a:b http://[",
            "Levels [1:2] and [::] and {http://} [see note]",
            "[top](#plan) []() data: none; data:5 http:// mail",
            "m\u{b2} \u{bd} \u{b5}g \u{2264} 3 \u{2764}\u{fe0f}",
            "",
            "]]](", // unfinished
        ] {
            let expect = if text == "]]](" { "]]] (" } else { text };
            check(text, expect);
        }
    }

    #[test]
    fn long_addresses_are_withheld_and_held_no_longer() {
        let long = format!("https://evil.example/{} x", "a".repeat(10_000));
        check(&long, "(link withheld) x");
        let long = format!("[a](https://evil.example/{}) x", "a".repeat(10_000));
        check(&long, "[a] (link withheld) x");
        let nested = "[a](b ".repeat(20_000);
        let (out, _) = pieces(&[&nested]);
        assert!(!out.contains("](") && out.len() < 3 * nested.len());
    }

    const TRICKY: &[&str] = &[
        "![x](https://evil.example/p?d=1) <b>x</b> www.evil.example",
        "[a](see [b](http://evil.example)) [x]: //evil.example ]:x",
        "](](]: <a]( javascript:x data:a/b \u{1b}[2J\u{e0041}",
        "https://good.example/x https://good.example.evil/ </= </a",
        "[x]:\n\n[y]:\n z ](\n\nhttp://e.example",
        "http://[fd00::1]/a http://[DAY_1] http://[fe80::1%a_b-c]x http://[http://[a:b](//e.example) http://[::",
    ];

    #[test]
    fn every_split_gives_the_same() {
        for text in TRICKY {
            let expect = pieces(&[text]);
            for (i, _) in text.char_indices() {
                for (j, _) in text.char_indices().filter(|(j, _)| *j >= i) {
                    assert_eq!(pieces(&[&text[..i], &text[i..j], &text[j..]]), expect, "{text} {i} {j}");
                }
            }
            let chars: Vec<&str> = text.char_indices().map(|(i, c)| &text[i..i + c.len_utf8()]).collect();
            assert_eq!(pieces(&chars), expect);
        }
    }

    proptest! {
        #[test]
        fn any_split_gives_the_same_and_no_address_passes(
            parts in prop::collection::vec(prop_oneof![
                prop::sample::select(TRICKY).prop_map(str::to_owned),
                "[\\]\\[(): </>\"\\\\\nwa.-]{0,16}",
                prop::sample::select(vec!["https://e.example/", "](", "]:", "http:", "//", "javascript:", "<", "&#x"]).prop_map(str::to_owned),
            ], 0..24),
            cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
        ) {
            let text = parts.concat();
            let whole = pieces(&[&text]);
            let bounds: Vec<usize> = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
            let mut at: Vec<usize> = cuts.iter().map(|c| bounds[c.index(bounds.len())]).collect();
            at.extend([0, text.len()]);
            at.sort_unstable();
            let cut: Vec<&str> = at.windows(2).map(|w| &text[w[0]..w[1]]).collect();
            prop_assert_eq!(&pieces(&cut), &whole);
            let low = whole.0.to_ascii_lowercase();
            prop_assert!(!low.contains("://e") && !low.contains("www.e") && !low.contains("<a") && !low.contains("<b"), "{}", whole.0);
            for (at, _) in low.match_indices("](") {
                let rest = &low[at + 2..];
                let kept = rest.starts_with(')') || rest.starts_with("link withheld)") || rest.starts_with('#') || rest.starts_with("https://good.example/");
                prop_assert!(kept, "{}", whole.0);
            }
        }
    }
}
