//! One pass over a text for every word and phrase of the lexicon.

use std::{collections::BTreeMap, sync::LazyLock};

use aho_corasick::{AhoCorasick, MatchKind};

use super::tools::tools;
use crate::topic::Topic;

const WORDS: &str = include_str!("words.txt");
const TOPICS: &str = include_str!("topics.txt");

/// One line a sense: its name in the code, its name in `words.txt`.
macro_rules! words {
    ($($(#[doc = $doc:literal])* $name:ident = $section:literal,)*) => {
        /// What a word says about who, how firmly, how often, how fast.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Word {
            $($(#[doc = $doc])* $name,)*
        }

        impl Word {
            const ALL: &'static [(&'static str, Word)] = &[$(($section, Word::$name),)*];
        }
    };
}

words! {
    /// "We", "the maintainers".
    We = "we",
    /// "Our".
    Our = "our",
    /// "CI", "automatically".
    Automation = "automation",
    /// "You", "users".
    Users = "users",
    /// "Reporters".
    Reporters = "reporters",
    /// Somebody else.
    ThirdParty = "third-party",
    /// "See the security policy of".
    Delegates = "delegates",
    /// "Please".
    Please = "please",
    /// "We recommend".
    Advise = "advise",
    /// "You should receive".
    Receives = "receives",
    /// "Must", "is", "runs".
    Must = "must",
    /// "Aim to".
    Goal = "goal",
    /// "Should".
    Should = "should",
    /// "May".
    Possible = "possible",
    /// "Plan to".
    Planned = "planned",
    /// "Not".
    Negation = "negation",
    /// "Can execute arbitrary code".
    Risk = "risk",
    /// "Scans", "checks": what a tool does.
    Scan = "scan",
    /// A verb that tells somebody to do something, where it begins a sentence.
    Imperative = "imperative",
    /// Thanks, good will and excuses, which bind nobody.
    Courtesy = "courtesy",
    /// On every change.
    EveryChange = "every-change",
    /// Before every commit.
    EveryCommit = "every-commit",
    /// Every release.
    EveryRelease = "every-release",
    /// Every day.
    Daily = "daily",
    /// Every week.
    Weekly = "weekly",
    /// Every month.
    Monthly = "monthly",
    /// Every quarter.
    Quarterly = "quarterly",
    /// Every year.
    Yearly = "yearly",
    /// "Regularly".
    Regularly = "regularly",
    /// "Promptly".
    SoonAs = "soon-as",
    /// Severity.
    Critical = "critical",
    /// Severity.
    High = "high",
    /// Severity.
    Medium = "medium",
    /// Severity.
    Low = "low",
    /// A heading over advice.
    HeadingUsers = "heading-users",
    /// A heading over rules for contributors.
    HeadingContributors = "heading-contributors",
    /// A heading over what the project does.
    HeadingMeasures = "heading-measures",
    /// A heading over how to report.
    HeadingReporting = "heading-reporting",
    /// A heading over what becomes of a report.
    HeadingResponse = "heading-response",
    /// A heading over what is in scope.
    HeadingScope = "heading-scope",
    /// A heading over versions.
    HeadingVersions = "heading-versions",
    /// A heading over an example.
    HeadingTemplate = "heading-template",
    /// A heading over what a report holds.
    HeadingAsked = "heading-asked",
    /// A heading over what was, or is elsewhere.
    HeadingHistory = "heading-history",
    /// A heading that speaks of security.
    HeadingSecurity = "heading-security",
}

/// What a pattern stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sense {
    Word(Word),
    Atom(u16),
    /// A tool by its place in the table, and one of its names when it counts only as written.
    Tool(u16, Option<&'static str>),
}

/// A group of a way to speak of a topic: any of these.
#[derive(Debug)]
struct Group {
    atoms: Vec<u16>,
    is_wanted: bool,
    above: bool,
}

/// A way to speak of a topic.
#[derive(Debug)]
struct Way {
    topic: Topic,
    groups: Vec<Group>,
}

/// The lexicon, ready to be searched for.
struct Index {
    automaton: Option<AhoCorasick>,
    /// For each pattern: what it stands for, and whether words go on after it.
    senses: Vec<Vec<Sense>>,
    prefix: Vec<bool>,
    ways: Vec<Way>,
    /// For each atom, the ways of which it is in the first group, and those of which it is in one that looks above.
    by_atom: Vec<Vec<u16>>,
    above_by_atom: Vec<Vec<u16>>,
}

/// Which atoms stand in a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Atoms(Vec<u64>);

impl Atoms {
    fn put(&mut self, atom: u16) {
        let at = usize::from(atom) / 64;
        if self.0.len() <= at {
            self.0.resize(at + 1, 0);
        }
        if let Some(bits) = self.0.get_mut(at) {
            *bits |= 1 << (atom % 64);
        }
    }

    fn has(&self, atom: u16) -> bool {
        self.0
            .get(usize::from(atom) / 64)
            .is_some_and(|bits| bits & (1 << (atom % 64)) != 0)
    }

    /// Puts in all of `others`.
    pub(crate) fn join(&mut self, others: &Atoms) {
        if self.0.len() < others.0.len() {
            self.0.resize(others.0.len(), 0);
        }
        for (bits, other) in self.0.iter_mut().zip(&others.0) {
            *bits |= other;
        }
    }

    fn each(&self) -> impl Iterator<Item = u16> + '_ {
        self.0.iter().enumerate().flat_map(|(at, bits)| {
            let start = u16::try_from(at * 64).unwrap_or(u16::MAX);
            (0..64u16)
                .filter(move |bit| bits & (1 << bit) != 0)
                .map(move |bit| start.saturating_add(bit))
        })
    }
}

/// What of the lexicon stands in a text.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The text as it was matched: lower case, `-` as a space, addresses blank. As long as the text.
    pub(crate) plain: String,
    /// Cue words.
    pub(crate) atoms: Atoms,
    /// Words with where they begin and end, in order.
    pub(crate) words: Vec<(Word, usize, usize)>,
    /// Tools, by their place in the table, with where they are named.
    pub(crate) tools: Vec<(usize, usize, usize)>,
}

impl Found {
    /// Whether a word of this sense stands in the text.
    pub(crate) fn has(&self, word: Word) -> bool {
        self.words.iter().any(|found| found.0 == word)
    }

    /// Where the first word of this sense begins.
    pub(crate) fn first(&self, word: Word) -> Option<usize> {
        self.words.iter().find(|found| found.0 == word).map(|found| found.1)
    }

    /// How many words stand before a place.
    pub(crate) fn words_before(&self, at: usize) -> usize {
        self.plain
            .get(..at)
            .unwrap_or_default()
            .split_ascii_whitespace()
            .count()
    }
}

static INDEX: LazyLock<Index> = LazyLock::new(|| Index::new(WORDS, TOPICS).0);

/// Looks for everything.
pub(crate) fn find(text: &str) -> Found {
    let index = &*INDEX;
    let mut found = Found {
        plain: plain(text),
        ..Found::default()
    };
    let Some(automaton) = &index.automaton else {
        return found;
    };
    for hit in automaton.find_overlapping_iter(&found.plain) {
        let (start, end, pattern) = (hit.start(), hit.end(), hit.pattern().as_usize());
        let bytes = found.plain.as_bytes();
        let goes_on = |at: Option<usize>| {
            at.and_then(|at| bytes.get(at))
                .is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_')
        };
        if goes_on(start.checked_sub(1)) || (goes_on(Some(end)) && index.prefix.get(pattern) != Some(&true)) {
            continue;
        }
        for sense in index.senses.get(pattern).into_iter().flatten() {
            match sense {
                Sense::Word(word) => found.words.push((*word, start, end)),
                Sense::Atom(atom) => found.atoms.put(*atom),
                Sense::Tool(tool, None) => found.tools.push((usize::from(*tool), start, end)),
                Sense::Tool(tool, Some(written)) => {
                    if text
                        .get(start..end)
                        .is_some_and(|here| here == *written || here.contains(|c: char| c.is_ascii_uppercase()))
                    {
                        found.tools.push((usize::from(*tool), start, end));
                    }
                }
            }
        }
    }
    found.words.sort_unstable_by_key(|word| (word.1, word.2));
    found.tools.sort_unstable_by_key(|tool| (tool.1, tool.2));
    found
}

/// The topics that a text speaks of, where `above` is what stands in the headings and in the words that lead to it.
pub(crate) fn topics(atoms: &Atoms, above: &Atoms) -> Vec<Topic> {
    let index = &*INDEX;
    let mut found = Vec::new();
    let mut try_ways = |ways: Option<&Vec<u16>>| {
        for way in ways.into_iter().flatten() {
            let Some(way) = index
                .ways
                .get(usize::from(*way))
                .filter(|way| !found.contains(&way.topic))
            else {
                continue;
            };
            let holds = way.groups.iter().all(|group| {
                let place = if group.above { above } else { atoms };
                group.atoms.iter().any(|atom| place.has(*atom)) == group.is_wanted
            });
            if holds {
                found.push(way.topic);
            }
        }
    };
    for atom in atoms.each() {
        try_ways(index.by_atom.get(usize::from(atom)));
    }
    for atom in above.each() {
        try_ways(index.above_by_atom.get(usize::from(atom)));
    }
    found.sort_unstable();
    found
}

/// The text in lower case, with `-` as a space and addresses blank; as long as it was.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, part) in text.split(' ').enumerate() {
        if at > 0 {
            out.push(' ');
        }
        let is_address = part.contains("://") || part.contains("www.") || (part.contains('@') && part.len() > 3);
        for c in part.chars() {
            match c {
                _ if is_address => (0..c.len_utf8()).for_each(|_| out.push(' ')),
                '-' => out.push(' '),
                c => out.push(c.to_ascii_lowercase()),
            }
        }
    }
    out
}

impl Index {
    /// The index of two tables, and the lines of each that say nothing known. A test allows none.
    fn new(words: &'static str, topics: &'static str) -> (Index, Vec<usize>) {
        let mut patterns: BTreeMap<(String, bool), Vec<Sense>> = BTreeMap::new();
        let mut wrong = Vec::new();
        let mut put = |phrase: &str, sense: Sense| {
            let (phrase, prefix) = phrase
                .strip_suffix('*')
                .map_or((phrase, false), |phrase| (phrase, true));
            let senses = patterns.entry((plain(phrase), prefix)).or_default();
            if !senses.contains(&sense) {
                senses.push(sense);
            }
        };
        let mut section = None;
        for (at, line) in content(words) {
            if let Some(name) = heading(line) {
                section = Word::ALL.iter().find(|word| word.0 == name).map(|word| word.1);
                if section.is_none() {
                    wrong.push(at);
                }
            } else if let Some(word) = section {
                line.split(',')
                    .map(str::trim)
                    .filter(|phrase| !phrase.is_empty())
                    .for_each(|phrase| put(phrase, Sense::Word(word)));
            } else {
                wrong.push(at);
            }
        }
        for (at, tool) in tools().iter().enumerate() {
            for name in &tool.names {
                let is_code = name.starts_with('`');
                let name = name.trim_matches('`');
                let written = (is_code || name.contains(|c: char| c.is_ascii_uppercase())).then_some(name);
                put(name, Sense::Tool(u16::try_from(at).unwrap_or(u16::MAX), written));
            }
        }
        let mut named: BTreeMap<&str, &str> = BTreeMap::new();
        let mut atoms: BTreeMap<&str, u16> = BTreeMap::new();
        let mut ways = Vec::new();
        let mut topic = None;
        for (at, line) in content(topics) {
            if let Some((name, value)) = line.strip_prefix('$').and_then(|line| line.split_once(" = ")) {
                named.insert(name, value);
                continue;
            }
            if let Some(name) = heading(line) {
                topic = Topic::from_word(name);
                if topic.is_none() {
                    wrong.push(at);
                }
                continue;
            }
            let Some(topic) = topic else {
                wrong.push(at);
                continue;
            };
            let mut groups = Vec::new();
            for group in line.split(" + ") {
                let group = group.trim();
                let (is_wanted, group) = group.strip_prefix('!').map_or((true, group), |rest| (false, rest));
                let (above, group) = group.strip_prefix('^').map_or((false, group), |rest| (true, rest));
                let mut members = Vec::new();
                for part in group.split('|') {
                    let part = part.trim();
                    let list = part
                        .strip_prefix('$')
                        .map_or(Some(part), |name| named.get(name).copied());
                    if list.is_none() || part.is_empty() {
                        wrong.push(at);
                    }
                    for phrase in list.unwrap_or_default().split('|').map(str::trim) {
                        // In a group that looks above, each phrase of the line does.
                        let phrase = phrase.strip_prefix('^').unwrap_or(phrase);
                        let next = u16::try_from(atoms.len()).unwrap_or(u16::MAX);
                        let atom = *atoms.entry(phrase).or_insert(next);
                        put(phrase, Sense::Atom(atom));
                        members.push(atom);
                    }
                }
                groups.push(Group {
                    atoms: members,
                    is_wanted,
                    above,
                });
            }
            ways.push(Way { topic, groups });
        }
        let (mut by_atom, mut above_by_atom) = (vec![Vec::new(); atoms.len()], vec![Vec::new(); atoms.len()]);
        for (at, way) in ways.iter().enumerate() {
            // A way is found by its first group that must stand there; one that only looks above, by that.
            let first = way.groups.iter().find(|group| group.is_wanted && !group.above);
            let (group, by) = match first {
                Some(group) => (Some(group), &mut by_atom),
                None => (way.groups.iter().find(|group| group.is_wanted), &mut above_by_atom),
            };
            for atom in group.into_iter().flat_map(|group| &group.atoms) {
                if let Some(list) = by.get_mut(usize::from(*atom)) {
                    list.push(u16::try_from(at).unwrap_or(u16::MAX));
                }
            }
        }
        let mut senses = Vec::new();
        let mut prefix = Vec::new();
        let mut needles = Vec::new();
        for ((phrase, goes_on), sense) in patterns {
            needles.push(phrase);
            prefix.push(goes_on);
            senses.push(sense);
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(&needles)
            .ok();
        (
            Index {
                automaton,
                senses,
                prefix,
                ways,
                by_atom,
                above_by_atom,
            },
            wrong,
        )
    }
}

/// The lines that say something, with their numbers.
fn content(table: &'static str) -> impl Iterator<Item = (usize, &'static str)> {
    table
        .lines()
        .enumerate()
        .map(|(at, line)| (at + 1, line.trim()))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

fn heading(line: &'static str) -> Option<&'static str> {
    line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[Topic]) {
        assert_eq!(topics(&find(text).atoms, &Atoms::default()), expect, "{text}");
    }

    #[test]
    fn the_tables_are_read_whole() {
        let (index, wrong) = Index::new(WORDS, TOPICS);
        assert!(wrong.is_empty(), "lines {wrong:?}");
        assert!(index.automaton.is_some());
        for (name, _) in Word::ALL {
            assert!(WORDS.contains(&format!("[{name}]")), "{name}");
        }
        for topic in Topic::ALL {
            assert!(
                index.ways.iter().any(|way| way.topic == *topic),
                "{topic:?} has no way to speak of it"
            );
        }
    }

    #[test]
    fn topics_are_heard() {
        check("We acknowledge your report within 48 hours.", &[Topic::Acknowledge]);
        check("Never commit passwords to the repository.", &[Topic::SecretScan]);
        check("All dependencies are pinned to exact versions", &[Topic::Pinning]);
        check("Certificate pinning is used", &[Topic::CertificatePinning]);
        check("The weather is fine", &[]);
    }

    #[test]
    fn tools_are_told_from_words() {
        let named = |text: &str| {
            find(text)
                .tools
                .iter()
                .map(|tool| tools()[tool.0].name)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            named("We run Bandit, pip-audit and Safety."),
            ["bandit", "pip-audit", "safety"]
        );
        assert!(named("the safety of users, see https://x.org/bandit/x").is_empty());
    }
}
