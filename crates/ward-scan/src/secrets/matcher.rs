//! From rules to the places in a text: one automaton over all keywords, then one pattern per rule, compiled when its
//! keyword is first met and run on a window around it.
//!
//! The automaton reads each byte once. A pattern whose every match starts with its keyword runs anchored there, which
//! costs little when it fails; other windows of one rule never overlap by more than [`BEFORE`], so the whole is linear
//! in the text.

use std::{
    ops::Range,
    sync::{LazyLock, OnceLock},
};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::hir::literal::{ExtractKind, Extractor};

use super::{
    entropy::shannon,
    placeholder::placeholder,
    rarity::is_random_token,
    rule::{SecretRule, Shape, Verdict},
    rules,
};

/// How far before a keyword a match may start.
const BEFORE: usize = 96;

/// What stands between a name and its value: more of the name, an assignment of any language, and perhaps the name of an
/// argument or a member (`Acme(api_key="..")`, `"name": "ACME_KEY", "value": ".."`).
const ASSIGNED: &str = r#"[0-9A-Za-z_ .\-]{0,30}?["'`\])\\]{0,3}\s{0,3}(?:=>|::?=|\?{1,2}=|[+.]?=|[:,(>{]|\s)[\s"'`(=>\\\[|{:]{0,12}(?i:(?:bearer|basic|token|apikey|key)\s{1,3}|[a-z_]{0,12}(?:key|token|secret|value)["']?\s?[=:]\s?["']?)?"#;

/// What stands between a provider's address and a value that is sent to it on the same line: a header or a parameter.
const SENT: &str = r#"[^\n]{0,80}?(?i:authorization|x-[a-z-]{0,20}(?:key|token)|[?&"'][a-z_-]{0,12}(?:key|token))["']?[:=]\s?["']?(?i:(?:bearer|basic|token|apikey|key)\s{1,3})?"#;

/// What else keywords announce, besides provider rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trigger {
    /// A name that is given secrets.
    Name,
    /// `://`
    Address,
    /// The start of a key block.
    Block,
    /// The start of a password hash.
    Hash,
    /// The start of a JSON web token.
    Jwt,
}

/// Literals of the triggers, lower case.
const TRIGGERS: &[(Trigger, &[&str])] = &[
    (
        Trigger::Name,
        &[
            "pass",
            "pwd",
            "secret",
            "token",
            "apikey",
            "api_key",
            "api-key",
            "api.key",
            "access_key",
            "accesskey",
            "access-key",
            "auth",
            "credential",
            "private_key",
            "privatekey",
            "private-key",
            "_key",
            "accountkey",
            "encryptionkey",
            "signingkey",
            "masterkey",
            "sharedkey",
            "sessionkey",
            "appkey",
            "hmackey",
            "cookie",
        ],
    ),
    (Trigger::Address, &["://"]),
    (
        Trigger::Block,
        &["-----begin ", "putty-user-key-file-", "age-secret-key-1"],
    ),
    (
        Trigger::Hash,
        &[
            "$2a$",
            "$2b$",
            "$2y$",
            "$2x$",
            "$1$",
            "$5$",
            "$6$",
            "$y$",
            "$7$",
            "$apr1$",
            "$argon2",
            "pbkdf2_sha",
            "{ssha",
            "{sha",
            "{md5}",
            "$p$b",
            "$h$9",
            "$pbkdf2",
            "$scrypt",
            "$sha1$",
        ],
    ),
    (Trigger::Jwt, &["eyj"]),
];

/// What a keyword announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A provider rule, by its place in the matcher.
    Rule(usize),
    /// Something else.
    Trigger(Trigger),
}

/// All keywords and rules.
pub struct Matcher {
    automaton: Option<AhoCorasick>,
    events: Vec<Vec<Event>>,
    slots: Vec<Slot>,
}

struct Slot {
    rule: &'static SecretRule,
    compiled: OnceLock<Option<Compiled>>,
}

/// Where each rule has got to in one text.
pub struct Progress(Vec<usize>);

static MATCHER: LazyLock<Matcher> = LazyLock::new(|| Matcher::of(rules::all()));

impl Matcher {
    /// The matcher of every rule, made on first use.
    #[must_use]
    pub fn get() -> &'static Matcher {
        &MATCHER
    }

    /// A matcher of `rules` and all triggers.
    #[must_use]
    pub fn of(rules: impl Iterator<Item = &'static SecretRule>) -> Self {
        let slots: Vec<Slot> = rules
            .map(|rule| Slot {
                rule,
                compiled: OnceLock::new(),
            })
            .collect();
        let mut keywords: Vec<(&'static str, Event)> = Vec::new();
        for (index, slot) in slots.iter().enumerate() {
            keywords.extend(slot.rule.keywords.iter().map(|keyword| (*keyword, Event::Rule(index))));
        }
        for (trigger, literals) in TRIGGERS {
            keywords.extend(literals.iter().map(|literal| (*literal, Event::Trigger(*trigger))));
        }
        keywords.sort_by_key(|(keyword, _)| *keyword);
        let mut literals: Vec<&'static str> = Vec::new();
        let mut events: Vec<Vec<Event>> = Vec::new();
        for (keyword, event) in keywords {
            match (literals.last(), events.last_mut()) {
                (Some(last), Some(list)) if *last == keyword => list.push(event),
                _ => {
                    literals.push(keyword);
                    events.push(vec![event]);
                }
            }
        }
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::DFA))
            .prefilter(false)
            .build(&literals)
            .ok();
        Self {
            automaton,
            events,
            slots,
        }
    }

    /// Calls `each` with every event in `text`, in the order of the keywords' ends: the event and the keyword's bytes.
    /// False when the automaton could not be built, which a test rules out.
    pub fn events(&self, text: &[u8], mut each: impl FnMut(Event, Range<usize>)) -> bool {
        let Some(automaton) = &self.automaton else {
            return false;
        };
        for found in automaton.find_overlapping_iter(text) {
            for event in self.events.get(found.pattern().as_usize()).into_iter().flatten() {
                each(*event, found.range());
            }
        }
        true
    }

    /// Everything that provider rules find in `text`.
    #[must_use]
    pub fn hits(&self, text: &[u8]) -> Vec<(&'static SecretRule, Hit)> {
        let mut progress = self.start();
        let mut hits = Vec::new();
        self.events(text, |event, at| {
            if let Event::Rule(index) = event {
                self.rule(index, text, at, &mut progress, |compiled, hit| {
                    hits.push((compiled.rule, hit))
                });
            }
        });
        hits
    }

    /// Where every rule stands at the start of a text.
    #[must_use]
    pub fn start(&self) -> Progress {
        Progress(vec![0; self.slots.len()])
    }

    /// Runs rule `index` around its keyword `at`, and gives the rule and what it found there that it had not found before.
    pub fn rule(
        &self,
        index: usize,
        text: &[u8],
        at: Range<usize>,
        progress: &mut Progress,
        mut each: impl FnMut(&Compiled, Hit),
    ) {
        let (Some(slot), Some(done)) = (self.slots.get(index), progress.0.get_mut(index)) else {
            return;
        };
        let Some(compiled) = slot.compiled.get_or_init(|| Compiled::new(slot.rule).ok()) else {
            return;
        };
        if compiled.anchored {
            if at.start < *done {
                return;
            }
            let end = at.start.saturating_add(slot.rule.reach).min(text.len());
            if let Some((span, hit)) = compiled.first(text, at.start..end) {
                *done = span.end;
                if let Some(hit) = hit {
                    each(compiled, hit);
                }
            }
            return;
        }
        let end = at.end.saturating_add(slot.rule.reach).min(text.len());
        let mut from = at.start.saturating_sub(BEFORE).max(*done);
        while from < end {
            let Some((span, hit)) = compiled.first(text, from..end) else {
                break;
            };
            from = span.end.max(from + 1);
            *done = from;
            if let Some(hit) = hit {
                each(compiled, hit);
            }
        }
        // What lies more than a match's start before the next keyword's end has been seen.
        *done = (*done).max(at.start);
    }
}

/// A rule whose pattern is ready to run.
pub struct Compiled {
    /// The rule.
    pub rule: &'static SecretRule,
    /// How many of a match's first characters are always the same.
    pub shown: usize,
    regex: Regex,
    /// Every match starts with a keyword, and the pattern is tried only there.
    anchored: bool,
    bounded: bool,
    grouped: bool,
}

/// What a rule found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The bytes of the secret in the text.
    pub span: Range<usize>,
    /// What its structure proves.
    pub verdict: Verdict,
}

impl Compiled {
    /// Compiles `rule`.
    ///
    /// # Errors
    /// The pattern is wrong or too large.
    pub fn new(rule: &'static SecretRule) -> Result<Self, regex::Error> {
        let (pattern, bounded) = match rule.shape {
            Shape::Token(pattern) => (pattern.to_owned(), true),
            Shape::Text(pattern) => (pattern.to_owned(), false),
            Shape::Named { name, value } => (format!("(?i:{name})(?:{ASSIGNED}|{SENT})(?P<secret>{value})"), true),
        };
        let (anchored, shown) = match rule.shape {
            Shape::Token(_) | Shape::Text(_) => prefixes(&pattern, rule.keywords),
            Shape::Named { .. } => (false, 0),
        };
        let pattern = if anchored { format!(r"\A(?:{pattern})") } else { pattern };
        let regex = RegexBuilder::new(&pattern)
            .unicode(false)
            .size_limit(1 << 20)
            .dfa_size_limit(1 << 18)
            .build()?;
        let grouped = regex.capture_names().flatten().any(|name| name == "secret");
        Ok(Self {
            rule,
            // What stands before a group is not part of the secret.
            shown: if grouped { 0 } else { shown },
            regex,
            anchored,
            bounded,
            grouped,
        })
    }

    /// The first match in `window` of `text`: the bytes it covers, and the secret if it stands up to the checks.
    fn first(&self, text: &[u8], window: Range<usize>) -> Option<(Range<usize>, Option<Hit>)> {
        let haystack = text.get(window.clone())?;
        let (whole, secret) = if self.grouped {
            let groups = self.regex.captures(haystack)?;
            let whole = groups.get(0)?.range();
            let secret = groups.name("secret").map_or(whole.clone(), |group| group.range());
            (whole, secret)
        } else {
            let whole = self.regex.find(haystack)?.range();
            (whole.clone(), whole)
        };
        let place = |span: Range<usize>| span.start + window.start..span.end + window.start;
        let span = place(secret);
        let hit = self.confirm(text, &span).map(|verdict| Hit { span, verdict });
        Some((place(whole), hit))
    }

    /// What the secret at `span` of `text` is worth, if it is one: bounded, checked, random enough, no placeholder.
    fn confirm(&self, text: &[u8], span: &Range<usize>) -> Option<Verdict> {
        if self.bounded && !(starts(text, span.start) && ends(text, span.end)) {
            return None;
        }
        let value = str::from_utf8(text.get(span.clone())?).ok()?;
        let verdict = (self.rule.check)(value);
        match verdict {
            Verdict::Wrong => return None,
            Verdict::Proven => return Some(verdict),
            Verdict::Plausible | Verdict::Weaker(..) => {}
        }
        let bytes = value.as_bytes();
        let named = matches!(self.rule.shape, Shape::Named { .. });
        let common =
            shannon(bytes) < self.rule.min_entropy || placeholder(value).is_some() || named && !is_random_token(bytes);
        let inside = self.bounded && in_blob(text, span);
        (!common && !inside).then_some(verdict)
    }
}

/// Whether every match of `pattern` starts with one of `keywords`, and how long the literal start of every match is.
fn prefixes(pattern: &str, keywords: &[&str]) -> (bool, usize) {
    let parsed = regex_syntax::ParserBuilder::new()
        .utf8(false)
        .unicode(false)
        .build()
        .parse(pattern);
    let Ok(hir) = parsed else {
        return (false, 0);
    };
    let sequence = Extractor::new().kind(ExtractKind::Prefix).extract(&hir);
    let Some(literals) = sequence.literals().filter(|literals| !literals.is_empty()) else {
        return (false, 0);
    };
    let starts_with_keyword = |literal: &[u8]| {
        let lower = literal.to_ascii_lowercase();
        keywords.iter().any(|keyword| lower.starts_with(keyword.as_bytes()))
    };
    let anchored = literals.iter().all(|literal| starts_with_keyword(literal.as_bytes()));
    let shown = if anchored {
        literals.iter().map(|literal| literal.as_bytes().len()).min()
    } else {
        // Several literals may be the first characters of the secret itself.
        sequence.longest_common_prefix().map(<[u8]>::len)
    };
    (anchored, shown.unwrap_or(0))
}

/// Whether a token may start at `at`: no letter, digit or `_` before it, apart from an escape (`\n`, `%3D`, `\u003d`).
#[must_use]
pub fn starts(text: &[u8], at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    match before {
        [] => true,
        [.., b'\\', b'n' | b't' | b'r' | b'b' | b'f'] => true,
        [.., b'%', high, low] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => true,
        [.., b'\\', b'u', a, b, c, d] if [a, b, c, d].iter().all(|x| x.is_ascii_hexdigit()) => true,
        [.., last] => !last.is_ascii_alphanumeric() && *last != b'_',
    }
}

/// Whether a token may end at `at`.
#[must_use]
pub fn ends(text: &[u8], at: usize) -> bool {
    text.get(at)
        .is_none_or(|next| !next.is_ascii_alphanumeric() && *next != b'_')
}

/// Whether `span` lies in a longer stretch of base64 with nothing around it but more of the same.
fn in_blob(text: &[u8], span: &Range<usize>) -> bool {
    const LONG: usize = 40;
    let before = text
        .get(span.start.saturating_sub(LONG)..span.start)
        .unwrap_or_default();
    let after = text
        .get(span.end..span.end.saturating_add(LONG).min(text.len()))
        .unwrap_or_default();
    let base64 = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let mixed = |bytes: &[u8]| {
        bytes.len() == LONG
            && bytes.iter().all(base64)
            && bytes.iter().any(u8::is_ascii_digit)
            && bytes.iter().any(u8::is_ascii_uppercase)
            && bytes.iter().any(u8::is_ascii_lowercase)
    };
    mixed(before) || mixed(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boundaries_know_escapes() {
        for (text, at, expect) in [
            ("x", 0, true),
            ("ax", 1, false),
            ("\\nx", 2, true),
            ("%3Dx", 3, true),
            ("%3gx", 3, false),
            ("_x", 1, false),
            ("\"x", 1, true),
        ] {
            assert_eq!(starts(text.as_bytes(), at), expect, "{text}");
        }
        assert!(ends(b"x", 1) && ends(b"x-", 1) && !ends(b"xa", 1) && !ends(b"x_", 1));
    }

    #[test]
    fn patterns_that_start_with_their_keyword_are_anchored() {
        for (pattern, keywords, expect) in [
            (
                "gh[pousr]_[0-9A-Za-z]{36}",
                &["ghp_", "gho_", "ghu_", "ghs_", "ghr_"][..],
                (true, 4),
            ),
            ("gh[pousr]_[0-9A-Za-z]{36}", &["ghp_"][..], (false, 2)),
            ("[0-9]{3}acme_", &["acme_"][..], (false, 0)),
            ("https://hooks.acme.com/[a-z]{8}", &["hooks.acme.com"][..], (false, 23)),
            ("(?:acme_live|acme_test)_[a-z]{3}", &["acme_"][..], (true, 10)),
        ] {
            let (anchored, shown) = prefixes(pattern, keywords);
            assert_eq!(anchored, expect.0, "{pattern}");
            assert!(
                shown >= expect.1.min(4) && (expect.1 > 0 || shown == 0),
                "{pattern} {shown}"
            );
        }
    }

    static ACME: SecretRule = SecretRule {
        keywords: &["acme"],
        shape: Shape::Named {
            name: "acme",
            value: "[0-9a-f]{32}",
        },
        ..SecretRule::DEFAULT
    };

    #[track_caller]
    fn named(pattern: &str, expect: bool) {
        let text = pattern.replace('#', "17eb9055861e0a8b31e86cdcf75b7a4a");
        let found = Matcher::of([&ACME].into_iter()).hits(text.as_bytes());
        assert_eq!(found.len(), usize::from(expect), "{pattern}");
    }

    #[test]
    fn a_name_is_given_its_value_in_any_language() {
        for pattern in [
            "acmeToken=\"#\"",
            "acme_token = #",
            "{\n    \"acme_token\": \"#\"\n}",
            r##"{\"acme_token\": \"#\"}"##,
            "{\n    \"name\": \"acmeToken\",\n    \"value\": \"#\"\n}",
            "<acmeToken>#</acmeToken>",
            "<acmeToken>\n    #\n</acmeToken>",
            "<add key=\"AcmeToken\" value=\"#\" />",
            "acme_token: '#'",
            "acme_token: |\n  #",
            "acme:\n  api_key: #\n",
            "string acmeToken = \"#\";",
            "var acmeToken string = \"#\"",
            "acmeToken := `#`",
            "$acmeToken .= \"#\";",
            "$acmeToken ??= \"#\";",
            "ACME_TOKEN ::= #",
            "ACME_TOKEN ?= #",
            "ACME_TOKEN += #",
            "\"acmeToken\" => \"#\"",
            "{:acme_token, \"#\"}",
            "std::string acme_token{\"#\"};",
            "os.environ[\"ACME_KEY\"] = \"#\"",
            "config.set('acme.key', '#')",
            "client = Acme(api_key=\"#\")",
            "acme --token #",
            "ENV ACME_TOKEN #",
            "-H 'X-Acme-Key: #'",
            "curl https://api.acme.test/v1/x -H \"Authorization: Bearer #\"",
            "https://api.acme.test/v1?page=2&api_key=#",
            "\"acme\": {\"key\": \"#\"}",
        ] {
            named(pattern, true);
        }
        for pattern in [
            "https://files.test/acme/#",
            "acme-1.0.tar.gz#md5=#",
            "acme 1.0 \\\n    --hash=md5:#",
            "acme_token = \"x#\"",
            "acme_token = #0",
            "acme\n\nchecksums of other things\n#",
        ] {
            named(pattern, false);
        }
    }

    #[test]
    fn the_automaton_of_all_rules_is_built() {
        assert!(Matcher::get().events(b"", |_, _| {}));
    }

    #[test]
    fn a_token_inside_a_longer_blob_is_none() {
        let blob = format!("{}/x", "aB3".repeat(20));
        assert!(in_blob(blob.as_bytes(), &(61..62)));
        assert!(!in_blob(b"https://example.com/path/to/x", &(28..29)));
    }
}
