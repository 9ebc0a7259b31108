//! Who does a thing, how firmly, how often, how fast.

use crate::{
    lexicon::phrases::{Found, Word},
    markdown::{Unit, UnitKind},
    promise::{Actor, Frequency, Modality, TimeUnit, Within},
    read::times::{self, Time},
    topic::Topic,
};

/// What a part of a document is for, by the headings above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Section {
    /// Nothing is known.
    #[default]
    Plain,
    /// What the project does.
    Measures,
    /// What users are told.
    Users,
    /// Rules for who contributes.
    Contributors,
    /// How to report.
    Reporting,
    /// What becomes of a report.
    Response,
    /// What a report holds.
    Asked,
    /// What is in scope.
    Scope,
    /// Versions.
    Versions,
    /// An example.
    Template,
    /// What was, and what is elsewhere.
    History,
}

impl Section {
    /// What one heading says.
    pub(super) fn of(heading: &Found) -> Option<Section> {
        let table = [
            (Word::HeadingTemplate, Section::Template),
            (Word::HeadingScope, Section::Scope),
            (Word::HeadingAsked, Section::Asked),
            (Word::HeadingContributors, Section::Contributors),
            (Word::HeadingUsers, Section::Users),
            (Word::HeadingVersions, Section::Versions),
            (Word::HeadingMeasures, Section::Measures),
            (Word::HeadingResponse, Section::Response),
            (Word::HeadingReporting, Section::Reporting),
            (Word::HeadingHistory, Section::History),
        ];
        let found = table
            .iter()
            .find(|(word, _)| heading.has(*word))
            .map(|(_, section)| *section);
        match found {
            // "Our best practices" are the project's, and so is "How we use ..".
            Some(Section::Users) if (heading.has(Word::Our) || heading.has(Word::We)) && !heading.has(Word::Users) => {
                Some(Section::Measures)
            }
            // "Security updates" and "support" stand in many headings: only those that speak of nothing else are about versions.
            Some(Section::Versions) if heading.has(Word::HeadingReporting) => Some(Section::Reporting),
            found => found,
        }
    }
}

/// Topics about reports of vulnerabilities.
pub(super) fn is_disclosure(topic: Topic) -> bool {
    topic <= Topic::Bounty
}

/// What leads to a unit: the found words of each lead, the nearest first.
pub(super) struct Above<'a> {
    /// What the headings say.
    pub(super) section: Section,
    /// The leads.
    pub(super) leads: &'a [Found],
    /// The leads' words.
    pub(super) lead_texts: &'a [std::sync::Arc<str>],
}

/// Who is to do it; and whether the unit says so itself.
pub(super) fn actor(unit: &Unit, found: &Found, above: &Above<'_>, topic: Topic) -> (Actor, bool) {
    let reports = is_disclosure(topic);
    let asks = matches!(above.section, Section::Reporting | Section::Asked | Section::Response);
    let told = || if reports { Actor::Reporter } else { Actor::Users };
    if found.has(Word::Receives) {
        return (Actor::Project, true);
    }
    if delegates(found) && matches!(topic, Topic::PrivateChannel | Topic::Standards) && !found.has(Word::Please) {
        return (Actor::ThirdParty, true);
    }
    if found
        .first(Word::ThirdParty)
        .is_some_and(|at| found.words_before(at) <= 1)
        && !is_imperative(unit, found)
    {
        return (Actor::ThirdParty, true);
    }
    let asks_others = [
        "we ask",
        "we request that",
        "we request you",
        "we kindly",
        "we would appreciate",
        "we'd appreciate",
        "we encourage you",
    ];
    let is_asking = asks_others.iter().any(|phrase| found.plain.contains(phrase));
    let we = found.first(Word::We).filter(|_| !asks_of_reader(found) && !is_asking);
    // "Errors returned to clients": what they get, and not what they are to do.
    let is_sent = topic == Topic::ErrorMasking
        && ["returned to", "shown to", "sent to", "exposed to", "visible to"]
            .iter()
            .any(|phrase| found.plain.contains(phrase));
    let users = found
        .first(Word::Users)
        .filter(|_| !is_sent)
        .filter(|at| found.words_before(*at) <= 4 || is_modal_after(found, *at));
    // What only a project can do is its own, whatever else the sentence asks for.
    let own = matches!(
        topic,
        Topic::SupportedVersions
            | Topic::SafeHarbour
            | Topic::Bounty
            | Topic::Advisory
            | Topic::FixEveryVersion
            | Topic::Siblings
            | Topic::AffectedVersions
            | Topic::Scope
            | Topic::IncidentResponse
    );
    if own && (found.has(Word::We) || !found.has(Word::Please)) {
        return (Actor::Project, true);
    }
    if is_asking && reports {
        return (Actor::Reporter, true);
    }
    let talks = matches!(
        topic,
        Topic::NeverPublic | Topic::ReportContents | Topic::PrivateChannel
    );
    if talks && we.is_none_or(|at| found.words_before(at) > 1) {
        return (Actor::Reporter, true);
    }
    if advises(found) && !(reports && we.is_some()) {
        return (told(), true);
    }
    let pleads = found.has(Word::Please) || is_imperative(unit, found);
    match (we, users) {
        (Some(we), Some(users)) if users < we && pleads && !is_conditional(found) => return (told(), true),
        (Some(_), _) if !starts_imperative(unit, found) => return (Actor::Project, true),
        _ => {}
    }
    if found
        .first(Word::Reporters)
        .is_some_and(|at| found.words_before(at) <= 2)
        && found.has(Word::Should)
    {
        return (Actor::Reporter, true);
    }
    if matches!(
        topic,
        Topic::NeverPublic | Topic::ReportContents | Topic::PrivateChannel
    ) {
        return (Actor::Reporter, true);
    }
    if users.is_some()
        && !is_conditional(found)
        && !matches!(
            topic,
            Topic::Credit | Topic::Updates | Topic::SafeHarbour | Topic::Bounty | Topic::Acknowledge
        )
    {
        return (if reports || asks { told() } else { Actor::Users }, true);
    }
    // The words that lead to a list say whose it is.
    for (lead, text) in above.leads.iter().zip(above.lead_texts) {
        let leads_on =
            text.ends_with(':') || lead.has(Word::Advise) || (unit.kind == UnitKind::Item && lead.has(Word::We));
        if !leads_on {
            continue;
        }
        if lead.has(Word::Advise) || (lead.has(Word::Users) && !lead.has(Word::We) && !lead.has(Word::Receives)) {
            return (told(), false);
        }
        if lead.has(Word::We) || lead.has(Word::Our) {
            return (Actor::Project, false);
        }
        if lead.has(Word::Please) {
            return (told(), false);
        }
    }
    if pleads {
        if matches!(
            topic,
            Topic::Fix
                | Topic::Advisory
                | Topic::Credit
                | Topic::Assess
                | Topic::FixEveryVersion
                | Topic::Siblings
                | Topic::AffectedVersions
                | Topic::Acknowledge
                | Topic::Updates
        ) && matches!(
            above.section,
            Section::Response | Section::Measures | Section::Plain | Section::Reporting
        ) && unit.kind == UnitKind::Item
            && !found.has(Word::Please)
        {
            return (Actor::Project, false);
        }
        let rules = matches!(above.section, Section::Contributors | Section::Measures);
        return match () {
            () if reports => (Actor::Reporter, true),
            () if rules && !found.has(Word::Users) => (Actor::Project, false),
            () if is_rule_of_repository(found) => (Actor::Project, false),
            () => (Actor::Users, true),
        };
    }
    if found.has(Word::Our) {
        return (Actor::Project, true);
    }
    // "Inputs should be validated": said to whoever builds on it, unless the part of the document is the project's own.
    if found.has(Word::Should) && !reports && we.is_none() && matches!(above.section, Section::Plain | Section::Users) {
        return (Actor::Users, false);
    }
    if above.section == Section::Users && !reports {
        let is_run = found.has(Word::Automation)
            || (!found.tools.is_empty() && frequencies(found).iter().any(|often| *often != Frequency::Regularly));
        return if is_run {
            (Actor::Project, false)
        } else {
            (Actor::Users, false)
        };
    }
    (Actor::Project, false)
}

/// "Vulnerabilities are handled by the foundation", "this project follows the organisation's security policy": somebody
/// else's words count. Whose, a link or a name has to say.
pub(super) fn delegates(found: &Found) -> bool {
    let says = |words: &[&str]| words.iter().any(|word| found.plain.contains(word));
    let others = found.has(Word::ThirdParty) || says(&["foundation", "organisation", "organization", "upstream"]);
    let handled = says(&[
        "handled by",
        "managed by",
        "coordinated by",
        "processed by",
        "dealt with by",
    ]) && says(&["security", "vulnerab"])
        && others;
    let follows = says(&["follows", "we follow", "adheres to", "subject to", "covered by"])
        && (says(&["security policy", "security process"]) || others && says(&["policy", "process"]))
        && !says(&["this security policy", "this policy", "coordinated", "responsible"]);
    found.has(Word::Delegates) || handled || follows
}

/// Words of advice, and "we heavily recommend", "we also recommend": any one word between.
pub(super) fn advises(found: &Found) -> bool {
    found.has(Word::Advise)
        || found.plain.match_indices(" recommend ").any(|(at, _)| {
            let mut before = found.plain.get(..at).unwrap_or_default().split_ascii_whitespace().rev();
            before.nth(1) == Some("we")
        })
}

/// "Let us know", "help us": the reader is asked.
pub(super) fn asks_of_reader(found: &Found) -> bool {
    [
        "let us",
        "help us",
        "helps us",
        "allow us",
        "give us",
        "contact us",
        "email us",
        "to us",
        "reach us",
        "tell us",
        "with us",
    ]
    .iter()
    .any(|phrase| found.plain.contains(phrase))
        && !["we ", "we'll", "we've", "our "]
            .iter()
            .any(|phrase| found.plain.contains(phrase))
}

/// "If you .., we ..": the condition is the reader's, what follows is not.
fn is_conditional(found: &Found) -> bool {
    ["if ", "when ", "once ", "unless ", "after ", "should you "]
        .iter()
        .any(|word| found.plain.starts_with(word))
}

fn is_modal_after(found: &Found, at: usize) -> bool {
    let after = found.plain.get(at..).unwrap_or_default();
    let next: Vec<&str> = after.split_ascii_whitespace().skip(1).take(2).collect();
    next.iter().any(|word| {
        matches!(
            *word,
            "should" | "must" | "can" | "need" | "are" | "may" | "have" | "will"
        )
    })
}

/// Rules about what goes into a repository bind those who work on it.
fn is_rule_of_repository(found: &Found) -> bool {
    let text = &found.plain;
    !found.has(Word::Users)
        && [
            "commit",
            "check in",
            "version control",
            "codebase",
            "code base",
            "repository",
            ".gitignore",
            "pull request",
            "merge",
            "source code",
            "in code",
            "hardcode",
            "hard code",
        ]
        .iter()
        .any(|word| text.contains(word))
}

/// Whether the words tell somebody to do something: a verb begins the sentence, or what follows its label or its condition.
pub(super) fn is_imperative(unit: &Unit, found: &Found) -> bool {
    starts_imperative(unit, found) || {
        let comma = if is_conditional(found)
            || ["for ", "in ", "to ", "before ", "wherever ", "where ", "instead"]
                .iter()
                .any(|word| found.plain.starts_with(word))
        {
            found.plain.find(", ").map(|at| at + 2)
        } else {
            None
        };
        comma.is_some_and(|at| begins_with_verb(found, at))
    }
}

fn starts_imperative(unit: &Unit, found: &Found) -> bool {
    let label = label_end(unit);
    begins_with_verb(found, 0) && !(label > 0 && unit.kind != UnitKind::Sentence)
        || (label > 0 && begins_with_verb(found, label))
}

/// Whether a verb stands at `at`, after at most some small words.
fn begins_with_verb(found: &Found, at: usize) -> bool {
    let start = found.words.partition_point(|word| word.1 < at);
    let rest = found.words.get(start..).unwrap_or_default();
    rest.iter()
        .filter(|word| word.0 == Word::Imperative)
        .take(1)
        .any(|word| {
            let before: Vec<&str> = found
                .plain
                .get(at..word.1)
                .unwrap_or_default()
                .split_ascii_whitespace()
                .collect();
            let small = |word: &&str| {
                matches!(
                    *word,
                    "please"
                        | "only"
                        | "then"
                        | "also"
                        | "first"
                        | "instead"
                        | "and"
                        | "so"
                        | "or"
                        | "kindly"
                        | "periodically"
                        | "regularly"
                        | "carefully"
                        | "*"
                        | "-"
                        | "strictly"
                )
            };
            let is_small = before.len() <= 2
                && before
                    .iter()
                    .all(|word| small(word) || !word.contains(|c: char| c.is_ascii_alphabetic()));
            // "Use of ..", "Report contents": a noun.
            let after = found.plain.get(word.2..).unwrap_or_default();
            let next = after.split_ascii_whitespace().next().unwrap_or_default();
            is_small
                && !after.starts_with(':')
                && !matches!(
                    next,
                    "of" | "is"
                        | "are"
                        | "was"
                        | "will"
                        | "has"
                        | "by"
                        | "must"
                        | "|"
                        | ""
                        | "coverage"
                        | "suite"
                        | "results"
                        | "cases"
                        | "logs"
                        | "requests"
                        | "files"
                        | "generation"
                )
        })
}

/// Where the label of an item ends: "Static analysis: We run ..", "Static analysis - We run ..".
pub(super) fn label_end(unit: &Unit) -> usize {
    let cut = [": ", " - ", " – ", " — "]
        .iter()
        .filter_map(|mark| unit.text.find(mark).map(|at| at + mark.len()))
        .min();
    cut.filter(|at| *at <= 70 && !unit.text.get(..*at).unwrap_or_default().contains(". "))
        .unwrap_or(0)
}

/// Whether it says what was: "we used to run Bandit", "Bandit ran until 2024".
pub(super) fn is_past(found: &Found) -> bool {
    let words: Vec<&str> = found.plain.split_ascii_whitespace().collect();
    let runs = ["run", "runs", "running", "scans", "checks"];
    let tools: Vec<usize> = found.tools.iter().map(|tool| tool.2).collect();
    let used = found.plain.match_indices(" used to ").any(|(at, _)| {
        let after_we = found
            .plain
            .get(..at)
            .is_some_and(|before| before.ends_with("we") || before.ends_with("ci"));
        after_we || tools.contains(&at)
    });
    used || words.contains(&"ran") && !words.iter().any(|word| runs.contains(word))
}

/// How firmly it is said.
pub(super) fn modality(found: &Found, leads: &[Found]) -> Modality {
    let is_planned = found
        .words
        .iter()
        .any(|word| word.0 == Word::Planned && !lies_in(found, word, Word::SoonAs))
        || leads
            .first()
            .is_some_and(|lead| lead.has(Word::Planned) && !lead.has(Word::SoonAs));
    if is_planned {
        return Modality::Planned;
    }
    let may = [
        "we may ",
        "we might ",
        "we could ",
        "team may ",
        "maintainers may ",
        "team might ",
        "may be ",
        "might be ",
        "at our discretion",
        "case by case",
        "can be enabled",
        "can optionally",
        "optionally",
    ];
    // "A deadline of 90 days, which we may shorten": what was said before it holds.
    let is_aside = |at: usize| {
        let before = found.plain.get(..at).unwrap_or_default();
        before.ends_with(", which ") || before.ends_with(", that ")
    };
    if may
        .iter()
        .any(|phrase| found.plain.match_indices(phrase).any(|(at, _)| !is_aside(at)))
    {
        return Modality::Possible;
    }
    let aims = found.has(Word::Goal)
        || leads.first().is_some_and(|lead| lead.has(Word::Goal))
        || (found.has(Word::Should) && !found.plain.contains("should you "));
    if aims { Modality::Goal } else { Modality::Binding }
}

fn lies_in(found: &Found, inner: &(Word, usize, usize), outer: Word) -> bool {
    found
        .words
        .iter()
        .any(|word| word.0 == outer && word.1 <= inner.1 && word.2 >= inner.2)
}

/// Whether it is said that something is not done.
pub(super) fn negated(found: &Found) -> bool {
    found.words.iter().filter(|word| word.0 == Word::Negation).any(|word| {
        let after = found.plain.get(word.1..).unwrap_or_default();
        ![
            "no later",
            "not later",
            "not limited",
            "not only",
            "no longer than",
            "not guarantee",
            "no more than",
            "without delay",
            "without undue",
            "not exceed",
            "no matter",
            "without exception",
            "no need",
        ]
        .iter()
        .any(|phrase| after.starts_with(phrase))
    })
}

/// Whether every word of fixing names a fix by the way: "after the fix", "progress towards a fix", "if a fix takes longer".
pub(super) fn fixes_by_the_way(text: &str) -> bool {
    let mut words: Vec<&str> = Vec::new();
    let mut is_any = false;
    for word in text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '|' | ':' | '.'))
        .filter(|word| !word.is_empty())
    {
        let is_fix = ["fix", "patch", "resol", "remed", "mitigat", "hotfix"]
            .iter()
            .any(|stem| word.starts_with(stem));
        if is_fix {
            is_any = true;
            let from = words.len().saturating_sub(5);
            let near = words.get(from..).unwrap_or_default();
            let aside = near.iter().any(|word| {
                matches!(
                    *word,
                    "after"
                        | "until"
                        | "once"
                        | "before"
                        | "towards"
                        | "toward"
                        | "if"
                        | "when"
                        | "progress"
                        | "including"
                        | "with"
                        | "unless"
                        | "affected"
                        | "for"
                        | "to"
                        | "till"
                )
            }) || near
                .last()
                .is_some_and(|word| matches!(*word, "of" | "about" | "on" | "and" | "covers"));
            let acts = near.iter().any(|word| {
                matches!(
                    *word,
                    "will"
                        | "we"
                        | "we'll"
                        | "aim"
                        | "prepare"
                        | "develop"
                        | "release"
                        | "ship"
                        | "provide"
                        | "strive"
                        | "within"
                        | "are"
                        | "be"
                        | "is"
                )
            });
            if !aside
                || (acts
                    && !near.iter().any(|word| {
                        matches!(
                            *word,
                            "until"
                                | "after"
                                | "once"
                                | "before"
                                | "if"
                                | "towards"
                                | "progress"
                                | "till"
                                | "unless"
                                | "when"
                        )
                    }))
            {
                return false;
            }
        }
        words.push(word);
    }
    is_any
}

/// Whether "nightly" is no time but the name of a compiler: "nightly Rust", "stable and nightly", "the nightly toolchain".
fn is_toolchain(found: &Found, begin: usize, end: usize) -> bool {
    if found.plain.get(begin..end) != Some("nightly") {
        return false;
    }
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_ascii_alphanumeric()).to_owned();
    let before = found.plain.get(..begin).unwrap_or_default().split_whitespace().rev();
    let before: Vec<String> = before
        .map(bare)
        .filter(|word| word != "and" && word != "or")
        .take(1)
        .collect();
    let after = found.plain.get(end..).unwrap_or_default().split_whitespace();
    let after: Vec<String> = after.map(bare).take(1).collect();
    let names = |word: &String| {
        matches!(
            word.as_str(),
            "rust" | "toolchain" | "toolchains" | "compiler" | "channel"
        )
    };
    let others = |word: &String| matches!(word.as_str(), "stable" | "beta" | "rust");
    after.iter().any(names) || before.iter().any(others)
}

/// How often, the firmest first; at most two. "Regularly" is left out where a date follows from another.
pub(super) fn frequencies(found: &Found) -> Vec<Frequency> {
    let table = [
        (Word::EveryChange, Frequency::EveryChange),
        (Word::EveryCommit, Frequency::EveryCommit),
        (Word::EveryRelease, Frequency::EveryRelease),
        (Word::Daily, Frequency::Daily),
        (Word::Weekly, Frequency::Weekly),
        (Word::Monthly, Frequency::Monthly),
        (Word::Quarterly, Frequency::Quarterly),
        (Word::Yearly, Frequency::Yearly),
        (Word::Regularly, Frequency::Regularly),
    ];
    let words: Vec<_> = found
        .words
        .iter()
        .filter(|word| table.iter().any(|row| row.0 == word.0) && !is_toolchain(found, word.1, word.2))
        .collect();
    let mut often = Vec::new();
    for word in &words {
        let is_part = words
            .iter()
            .any(|other| other.1 <= word.1 && other.2 >= word.2 && other.2 - other.1 > word.2 - word.1);
        if let Some(row) = table
            .iter()
            .find(|row| row.0 == word.0)
            .filter(|row| !is_part && !often.contains(&row.1))
        {
            often.push(row.1);
        }
    }
    if often.len() > 1 {
        often.retain(|often| *often != Frequency::Regularly);
    }
    often.truncate(2);
    often
}

/// How fast: the first duration of the text, or "promptly".
pub(super) fn within(found: &Found, times: &[Time]) -> Option<Within> {
    if let Some(time) = times.first() {
        return Some(time.within);
    }
    found.has(Word::SoonAs).then_some(Within {
        min: 0,
        max: 0,
        unit: TimeUnit::Vague,
    })
}

/// The durations of a text. Those that say how often are none: "every 24 hours".
pub(super) fn durations(found: &Found) -> Vec<Time> {
    let mut times = times::times(&found.plain);
    times.retain(|time| {
        let before = found.plain.get(..time.range.start).unwrap_or_default().trim_end();
        !before.ends_with("every") && !before.ends_with("each") && !before.ends_with("per")
    });
    times
}

/// The severity that the text is limited to.
pub(super) fn severity(found: &Found) -> Option<&'static str> {
    [
        (Word::Critical, "critical"),
        (Word::High, "high"),
        (Word::Medium, "medium"),
        (Word::Low, "low"),
    ]
    .into_iter()
    .filter_map(|(word, name)| Some((found.first(word)?, name)))
    .min()
    .map(|(_, name)| name)
}

/// The condition that the text is limited to, as written.
pub(super) fn condition(unit: &Unit, found: &Found) -> Option<String> {
    let text = &found.plain;
    let starts = ["if ", "unless ", "when ", "once ", "provided that "];
    let at = starts
        .iter()
        .filter_map(|word| {
            let at = text
                .match_indices(word)
                .map(|(at, _)| at)
                .find(|at| *at == 0 || text.as_bytes().get(at - 1) == Some(&b' '))?;
            Some(at)
        })
        .min()?;
    let rest = unit.text.get(at..)?;
    let end = rest.find([',', ';', '.']).unwrap_or(rest.len());
    let condition: String = rest.get(..end)?.chars().take(160).collect();
    (condition.split_whitespace().count() > 1).then(|| condition.trim().to_owned())
}
