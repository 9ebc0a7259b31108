//! From rules to the places in a text: one automaton over all keywords, then one pattern per rule, compiled when its
//! keyword is first met and run on a window around it.
//!
//! The automaton reads each byte once. A pattern whose every match starts with its keyword runs anchored there, which
//! costs little when it fails; windows of one rule that overlap are joined, so each rule reads each byte at most once.

use std::{
    ops::Range,
    sync::{LazyLock, OnceLock},
};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

pub use super::pattern::{Compiled, Hit};
use super::{
    pattern::{Outline, has_run, starts},
    rule::{SecretRule, Shape},
    rules,
};

/// How far before a keyword a match may start.
const BEFORE: usize = 96;

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
    /// The name or the mark of an alphabet that is not told by its letters.
    Encoded,
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
    (Trigger::Encoded, &["quoted-printable", "85decode(", "<~"]),
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
    outline: OnceLock<Outline>,
    compiled: OnceLock<Option<Compiled>>,
}

/// Where each rule has got to in one text.
pub struct Progress {
    /// For each rule, the end of what it has searched.
    done: Vec<usize>,
    /// For each rule, the window that it will search when nothing more is added to it; empty when there is none.
    pending: Vec<Range<usize>>,
    /// The rules that have a window.
    waiting: Vec<usize>,
}

static MATCHER: OnceLock<Matcher> = OnceLock::new();
/// The rules of tokens alone, in a form that is made in a fraction of the time and reads at a fraction of the speed.
pub(super) static SMALL: LazyLock<Matcher> = LazyLock::new(|| {
    let tokens = rules::all().filter(|rule| matches!(rule.shape, Shape::Token(_)));
    Matcher::of_kind(tokens, &[], AhoCorasickKind::ContiguousNFA)
});

impl Matcher {
    /// The matcher of every rule, made on first use.
    #[must_use]
    pub fn get() -> &'static Matcher {
        MATCHER.get_or_init(|| Matcher::of(rules::all()))
    }

    /// A matcher of the rules of tokens, and maybe of others, for a few short texts: what is there already, else one that is
    /// made sooner.
    #[must_use]
    pub fn for_little() -> &'static Matcher {
        MATCHER.get().unwrap_or_else(|| &SMALL)
    }

    /// A matcher of `rules` and all triggers.
    #[must_use]
    pub fn of(rules: impl Iterator<Item = &'static SecretRule>) -> Self {
        Self::of_kind(rules, TRIGGERS, AhoCorasickKind::DFA)
    }

    fn of_kind(
        rules: impl Iterator<Item = &'static SecretRule>,
        triggers: &[(Trigger, &[&'static str])],
        kind: AhoCorasickKind,
    ) -> Self {
        let slots: Vec<Slot> = rules
            .map(|rule| Slot {
                rule,
                outline: OnceLock::new(),
                compiled: OnceLock::new(),
            })
            .collect();
        let mut keywords: Vec<(&'static str, Event)> = Vec::new();
        for (index, slot) in slots.iter().enumerate() {
            keywords.extend(slot.rule.keywords.iter().map(|keyword| (*keyword, Event::Rule(index))));
        }
        for (trigger, literals) in triggers {
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
            .kind(Some(kind))
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
        let mut take = |compiled: &Compiled, hit| hits.push((compiled.rule, hit));
        self.events(text, |event, at| {
            if let Event::Rule(index) = event {
                self.rule(index, text, at, &mut progress, &mut take);
            }
        });
        self.finish(text, &mut progress, &mut take);
        hits
    }

    /// Where every rule stands at the start of a text.
    #[must_use]
    pub fn start(&self) -> Progress {
        Progress {
            done: vec![0; self.slots.len()],
            pending: vec![0..0; self.slots.len()],
            waiting: Vec::new(),
        }
    }

    /// Runs rule `index` at its keyword `at`, or notes that it is to run around it, and gives what it found.
    pub fn rule(
        &self,
        index: usize,
        text: &[u8],
        at: Range<usize>,
        progress: &mut Progress,
        each: &mut impl FnMut(&Compiled, Hit),
    ) {
        let Some(slot) = self.slots.get(index) else { return };
        let outline = slot.outline.get_or_init(|| Outline::of(slot.rule));
        if !outline.anchored {
            let end = at.end.saturating_add(slot.rule.reach).min(text.len());
            let from = at.start.saturating_sub(BEFORE);
            // The name of a named secret stands before it; a keyword of another may be a part of it.
            let first = if outline.named { at.end } else { from };
            if !has_run(text.get(first..end).unwrap_or_default(), outline.least) {
                return;
            }
            let (Some(pending), Some(done)) = (progress.pending.get_mut(index), progress.done.get(index)) else {
                return;
            };
            if pending.start < pending.end && from <= pending.end {
                pending.end = end;
                return;
            }
            let window = std::mem::replace(pending, from.max(*done)..end);
            if window.start >= window.end {
                progress.waiting.push(index);
            } else {
                self.search(index, text, window, progress, each);
            }
            return;
        }
        let Some(done) = progress.done.get_mut(index) else {
            return;
        };
        if at.start < *done {
            return;
        }
        if outline.bounded {
            let first = text
                .get(at.start..at.start.saturating_add(outline.least))
                .unwrap_or_default();
            if !starts(text, at.start) || !has_run(first, outline.least) {
                return;
            }
        }
        let Some(compiled) = slot.compiled() else { return };
        let end = at.start.saturating_add(slot.rule.reach).min(text.len());
        if let Some((span, hit)) = compiled.first(text, at.start..end) {
            *done = span.end;
            if let Some(hit) = hit {
                each(compiled, hit);
            }
        }
    }

    /// Searches the windows that are left at the end of a text.
    pub fn finish(&self, text: &[u8], progress: &mut Progress, each: &mut impl FnMut(&Compiled, Hit)) {
        for index in std::mem::take(&mut progress.waiting) {
            let window = progress
                .pending
                .get_mut(index)
                .map(|window| std::mem::replace(window, 0..0));
            self.search(index, text, window.unwrap_or(0..0), progress, each);
        }
    }

    /// Searches `window` with rule `index`.
    fn search(
        &self,
        index: usize,
        text: &[u8],
        window: Range<usize>,
        progress: &mut Progress,
        each: &mut impl FnMut(&Compiled, Hit),
    ) {
        let (Some(slot), Some(done)) = (self.slots.get(index), progress.done.get_mut(index)) else {
            return;
        };
        let Some(compiled) = slot.compiled() else { return };
        let mut from = window.start.max(*done);
        while from < window.end {
            let Some((span, hit)) = compiled.first(text, from..window.end) else {
                break;
            };
            from = span.end.max(from + 1);
            *done = from;
            if let Some(hit) = hit {
                each(compiled, hit);
            }
        }
    }
}

impl Slot {
    /// The pattern, compiled when it is first needed.
    fn compiled(&self) -> Option<&Compiled> {
        self.compiled.get_or_init(|| Compiled::new(self.rule).ok()).as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::rule::Shape;

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
}
