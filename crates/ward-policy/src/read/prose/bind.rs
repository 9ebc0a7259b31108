//! Which topics a sentence is about, which of its tools are used, and whether it promises anything at all.

use super::*;
use crate::read::looks_at_tests_too;

/// "Memory Safety: written in Rust": a word with a capital, as the end of a label of several such words, is no tool.
fn is_part_of_label(unit: &Unit, found: &Found, start: usize, end: usize) -> bool {
    let (before, after) = (unit.text.get(..start), unit.text.get(end..));
    let words: Vec<&str> = before.unwrap_or_default().split_whitespace().collect();
    let is_titled = |word: &&str| {
        word.starts_with(|c: char| c.is_ascii_uppercase()) && word.chars().all(|c| c.is_ascii_alphabetic())
    };
    let is_told = |word: &Word| matches!(word, Word::Imperative | Word::Automation | Word::We | Word::Our);
    let ends_label = after
        .unwrap_or_default()
        .trim_start()
        .starts_with([':', '|', '-', '\u{2013}', '\u{2014}']);
    let name = unit.text.get(start..end).unwrap_or_default();
    let is_same = |at: usize| tools::tools().get(at).is_some_and(|tool| tool.names.contains(&name));
    name.starts_with(|c: char| c.is_ascii_uppercase())
        && !name.contains(' ')
        && tools::tools().iter().any(|tool| tool.names.contains(&name))
        && ends_label
        && (1..=3).contains(&words.len())
        && words.iter().all(is_titled)
        && found
            .tools
            .iter()
            .all(|hit| hit.1 == start || hit.1 > end && !is_same(hit.0))
        && !found.words.iter().any(|(word, at, _)| *at == 0 && is_told(word))
}

impl Reader<'_> {
    /// The tools that a unit names as something that is used.
    pub(super) fn tools(&self, unit: &Unit, found: &Found, section: Section) -> Vec<&'static tools::Tool> {
        let mut named: Vec<&'static tools::Tool> = Vec::new();
        let is_used = found.has(Word::Scan)
            || found.has(Word::Automation)
            || found.has(Word::We)
            || found.has(Word::Our)
            || section == Section::Measures
            || unit.kind != UnitKind::Sentence
            || found.plain.contains("warnings are errors")
            || !frame::frequencies(found).is_empty();
        for (tool, start, end) in &found.tools {
            let Some(tool) = tools::tools().get(*tool) else {
                continue;
            };
            // The project itself is no tool that it promises to run, and neither is a command of its program.
            let program = |name: &str| name.trim_matches('`').split(' ').next().unwrap_or_default().to_owned();
            let is_own = self.own.iter().any(|own| {
                let mut names = tool.names.iter();
                own == tool.name || names.any(|name| program(name).eq_ignore_ascii_case(own))
            });
            // "In CycloneDX": a format, which other programs write too.
            let is_format = matches!(tool.name, "cyclonedx" | "spdx")
                && unit
                    .text
                    .get(*start..*end)
                    .is_some_and(|name| name.eq_ignore_ascii_case(tool.name))
                && !unit.text.get(*end..).unwrap_or_default().starts_with(['-', '_'])
                && !unit.code.iter().any(|code| code.contains(start));
            let linked = unit.linked.iter().any(|link| link.start <= *start && link.end >= *end);
            let only_linked = linked
                && (found.has(Word::Please)
                    || ["see ", "refer to", "read ", "visit"]
                        .iter()
                        .any(|word| found.plain.starts_with(word)));
            // A name that is also a word, as the first word of a sentence, is the word.
            let is_word = tool
                .names
                .iter()
                .all(|name| name.contains(|c: char| c.is_ascii_uppercase() || c == '`'))
                && *start == 0
                && found.tools.len() == 1
                && !unit.code.iter().any(|code| code.start == 0);
            if is_used
                && !is_own
                && !only_linked
                && !is_word
                && !is_part_of_label(unit, found, *start, *end)
                && !is_format
                && !named.iter().any(|other| other.name == tool.name)
            {
                named.push(tool);
            }
        }
        named
    }

    /// Topics that the words name by the way are taken away.
    pub(super) fn prune(
        &self,
        at: usize,
        unit: &Unit,
        section: Section,
        found: &Found,
        contacts: usize,
        topics: &mut Vec<Topic>,
    ) {
        use Topic as T;
        let text = &found.plain;
        let has = |topics: &[Topic], topic| topics.contains(&topic);
        let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
        let reporting = matches!(
            section,
            Section::Reporting | Section::Response | Section::Asked | Section::Plain
        );
        let in_policy = self.kind == DocumentKind::Policy || self.is_about_security(unit);
        let reports = says(&[
            "report",
            "contact",
            "email",
            "e mail",
            "disclos",
            "reach",
            "submit",
            "send",
            "notify",
            "mail ",
            "write to",
            "tell us",
            "open a private",
            "draft advisory",
            "let us know",
            "get in touch",
            "write ",
            "inform us",
            "ping ",
            "tell ",
            "call ",
        ]);
        // "security@acme.dev, encrypted if you can": the address says what it is for.
        let begins_with_address = unit
            .text
            .split_whitespace()
            .next()
            .is_some_and(|word| word.contains('@'));
        // A contact among words of reporting is a channel, whatever the words.
        if contacts > 0
            && (reporting || text.contains("report"))
            && in_policy
            && (reports || begins_with_address || unit.text.split_whitespace().count() <= 6)
            && !has(topics, T::PrivateChannel)
        {
            topics.push(T::PrivateChannel);
        }
        let is_private = says(&[
            "private",
            "confidential",
            "security tab",
            "report a vulnerability",
            "report a security vulnerability",
            "draft advisory",
        ]);
        if has(topics, T::PrivateChannel)
            && contacts == 0
            && !(is_private && reports && !has(topics, T::NeverPublic))
            && !says(&["instead", "pgp", "gpg"])
        {
            topics.retain(|topic| *topic != T::PrivateChannel);
        }
        let we_first = found.first(Word::We).is_some_and(|at| found.words_before(at) <= 2);
        if has(topics, T::PrivateChannel)
            && contacts == 0
            && (we_first && !says(&["accept", "prefer", "offer", "provide", "we use"])
                || says(&["see security.md", "see the security.md"])
                || self.kind != DocumentKind::Policy && !says(&["private", "confidential"]))
        {
            topics.retain(|topic| *topic != T::PrivateChannel);
        }
        if has(topics, T::PrivateChannel)
            && contacts == 0
            && (has(topics, T::Acknowledge) || has(topics, T::Embargo) || section == Section::Users)
        {
            topics.retain(|topic| *topic != T::PrivateChannel);
        }
        if frame::delegates(found) && in_policy && !has(topics, T::PrivateChannel) {
            let elsewhere = self
                .links_of(unit)
                .iter()
                .filter_map(|at| self.page.links.get(*at))
                .any(|link| link.target.contains("://"))
                || found.has(Word::ThirdParty)
                || says(&["organization", "organisation", "foundation"]);
            if elsewhere {
                topics.push(T::PrivateChannel);
            }
        }
        let mut drop: Vec<Topic> = Vec::new();
        // How tests are built is no promise that they run.
        let runs = [
            "run", "pass", "add", "must", "should", "cover", "includ", " ci", "requir", "accompan", "each", "every",
            "all ",
        ];
        if has(topics, T::Tests) && self.kind == DocumentKind::Contributing && !says(&runs) {
            drop.push(T::Tests);
        }
        // "Audit trail: Gain full visibility into ..": what a product offers its buyers.
        let offer = text.get(frame::label_end(unit)..).unwrap_or_default();
        let offers = ["gain ", "access our", "enjoy ", "discover ", "explore ", "unlock "];
        if self.kind == DocumentKind::Readme && offers.iter().any(|verb| offer.starts_with(verb)) {
            topics.clear();
        }
        // "We acknowledge your contribution": thanks, and no time to answer.
        if has(topics, T::Credit) && says(&["acknowledg"]) && !says(&["receipt", "hour", "business day", "your report"])
        {
            drop.push(T::Acknowledge);
        }
        if has(topics, T::Credit) && !says(&["publish", "issue an", "announce"]) {
            drop.push(T::Advisory);
        }
        if has(topics, T::ReportContents) {
            drop.extend([
                T::Acknowledge,
                T::Assess,
                T::Fix,
                T::Updates,
                T::SupportedVersions,
                T::Advisory,
                T::AffectedVersions,
                T::Embargo,
            ]);
        }
        if has(topics, T::FixEveryVersion) {
            drop.extend([T::Fix, T::SupportedVersions]);
        } else if has(topics, T::SupportedVersions) && frame::durations(found).is_empty() {
            drop.push(T::Fix);
        }
        if has(topics, T::Advisory) || has(topics, T::AffectedVersions) {
            drop.push(T::SupportedVersions);
        }
        if frame::fixes_by_the_way(text) {
            drop.push(T::Fix);
        }
        if topics
            .iter()
            .any(|topic| frame::is_disclosure(*topic) && *topic != T::Scope)
            && !text.contains("policy covers")
        {
            drop.push(T::Scope);
        }
        if says(&[
            "help us",
            "helps us",
            "allow us to",
            "allows us to",
            "so that we can",
            "so we can",
        ]) {
            drop.extend([T::Assess, T::Fix, T::Acknowledge]);
        }
        if says(&[
            "not a vulnerability",
            "not vulnerabilities",
            "as a vulnerability",
            "as vulnerabilities",
            "considered a vulnerability",
        ]) {
            topics.retain(|topic| *topic == T::Scope);
        }
        let named = || found.tools.iter().filter_map(|(tool, ..)| tools::tools().get(*tool));
        let serves = |topic: Topic| named().any(|tool| tool.topics.contains(&topic));
        // "Trivy scans our code for vulnerabilities": what is looked for is what the tool looks for.
        if has(topics, T::StaticAnalysis)
            && !serves(T::StaticAnalysis)
            && topics.iter().any(|topic| serves(*topic))
            && !says(&["static", "sast", "analys", "analyz"])
        {
            drop.push(T::StaticAnalysis);
        }
        // "All commits are scanned with Bandit": as they come, where the tool looks for no secrets.
        let of_the_past = [
            "histor",
            "commit ever",
            "first commit",
            "old commit",
            "past commit",
            "git log",
            "beginning",
        ];
        if has(topics, T::HistoryScan)
            && says(&["all commits"])
            && !says(&of_the_past)
            && !says(&["secret", "credential", "password", "token", "key"])
            && named().next().is_some()
            && !serves(T::SecretScan)
            && !serves(T::HistoryScan)
        {
            drop.push(T::HistoryScan);
        }
        // "`redactions()` scans the environment for ..": what a function of the program does.
        let is_function = |word: &str| word.trim_end_matches([',', ':']).ends_with("()");
        if has(topics, T::SecretScan) && unit.text.split_whitespace().next().is_some_and(is_function) {
            drop.push(T::SecretScan);
        }
        // "Our tests are scanned with Bandit": they are looked at, and nobody says that they run.
        if has(topics, T::Tests)
            && !serves(T::Tests)
            && topics.iter().any(|topic| serves(*topic))
            && looks_at_tests_too(text)
        {
            drop.push(T::Tests);
        }
        // "Updated by Renovate, and vulnerable ones within 7 days": no scan is spoken of.
        if has(topics, T::UpdateBot)
            && says(&["renovate", "dependabot"])
            && !says(&["scan", "audit", "check", "monitor", "alert", "detect"])
        {
            drop.push(T::DependencyScan);
        }
        // Alerts propose nothing.
        if has(topics, T::DependencyScan)
            && says(&["dependabot alert"])
            && !says(&["update", "upgrade", "pull request"])
        {
            drop.push(T::UpdateBot);
        }
        // Whose certificates are checked is another matter than what is encrypted.
        if has(topics, T::CertificateChecks) && !says(&["1.2", "1.3", "encrypt", "in transit"]) {
            drop.push(T::Tls);
        }
        if has(topics, T::Embargo) && says(&["after", "until", "before", "once"]) && !found.has(Word::We) {
            drop.push(T::Fix);
        }
        if has(topics, T::Advisory)
            && frame::durations(found).is_empty()
            && !says(&["embargo", "coordinat", "until", "before"])
        {
            drop.push(T::Embargo);
        }
        if text.starts_with("find out more")
            || text.starts_with("to learn more")
            || text.starts_with("for more information")
            || text.starts_with("learn more")
        {
            topics.clear();
        }
        if text.starts_with("after ") && has(topics, T::Updates) {
            drop.push(T::Acknowledge);
        }
        if text.contains("incident response team") {
            drop.push(T::IncidentResponse);
        }
        if has(topics, T::PrivateChannel) && contacts > 0 && !found.has(Word::We) {
            drop.push(T::Advisory);
        }
        if has(topics, T::Fix) && !drop.contains(&T::Fix) && !says(&["disclos", "embargo", "public"]) {
            drop.push(T::Embargo);
        }
        if has(topics, T::Bounty) {
            drop.extend([T::Acknowledge, T::Embargo]);
        }
        if frame::delegates(found) && !found.has(Word::We) {
            drop.push(T::SupportedVersions);
        }
        if says(&["of disclosure", "of being disclosed"]) && !says(&["publi"]) {
            drop.push(T::Embargo);
        }
        if has(topics, T::NeverPublic) {
            drop.extend([T::Embargo, T::Fix, T::Advisory, T::Assess, T::Credit, T::Bounty]);
        }
        if has(topics, T::SafeHarbour) {
            drop.extend([T::Embargo, T::Scope]);
        }
        if has(topics, T::Acknowledge) && !says(&["fix", "patch", "resol", "remed"]) {
            drop.push(T::Fix);
        }
        let is_report = [
            T::PrivateChannel,
            T::NeverPublic,
            T::ReportContents,
            T::Acknowledge,
            T::Assess,
            T::Updates,
            T::Embargo,
            T::Credit,
            T::SafeHarbour,
            T::Bounty,
            T::Scope,
            T::Siblings,
            T::FixEveryVersion,
        ]
        .iter()
        .any(|topic| has(topics, *topic) && !drop.contains(topic));
        let about_versions = has(topics, T::SupportedVersions);
        topics.retain(|topic| {
            let technical = !frame::is_disclosure(*topic);
            let updates = matches!(topic, T::UpdateBot | T::DependencyScan | T::Pinning);
            !(drop.contains(topic) || (is_report && technical) || (about_versions && updates))
        });
        // Elsewhere than in talk of reports, its words mean other things.
        if matches!(section, Section::Users | Section::Measures | Section::Contributors) && contacts == 0 {
            let speaks = says(&[
                "report",
                "vulnerab",
                "advisor",
                "disclos",
                "incident",
                "security issue",
                "security fix",
                "security patch",
                "security update",
                "version",
            ]);
            topics.retain(|topic| {
                speaks
                    || !frame::is_disclosure(*topic)
                    || matches!(topic, T::IncidentResponse | T::SecurityTxt)
                    // "What we promise: an answer within a day": with a time, or of its own name, it is about reports.
                    || self.kind == DocumentKind::Policy
                        && section == Section::Measures
                        && (matches!(topic, T::Credit | T::SafeHarbour) || !frame::durations(found).is_empty())
            });
        }
        if self.kind != DocumentKind::Policy && !self.head(unit).is_some_and(|head| head.is_security) {
            topics.retain(|topic| {
                !frame::is_disclosure(*topic)
                    || (matches!(topic, T::PrivateChannel | T::NeverPublic) && (contacts > 0 || has_security(text)))
            });
        }
        // Words that lead to a table of versions are those of its rows.
        let next_is_versions = self.page.units.get(at + 1).is_some_and(|next| {
            next.kind == UnitKind::Row
                && next
                    .header
                    .as_deref()
                    .is_some_and(|header| tables::version_columns(header).is_some())
        });
        if next_is_versions && !says(&["only", "month", "year", "backport", "latest"]) {
            topics.retain(|topic| *topic != T::SupportedVersions);
        }
    }

    /// Whether words about a technical matter promise or advise something, and do not merely speak of it.
    pub(super) fn counts(
        &self,
        unit: &Unit,
        section: Section,
        found: &Found,
        actor: Actor,
        topic: Topic,
        named: &[&tools::Tool],
    ) -> bool {
        if topic == Topic::IncidentResponse {
            return true;
        }
        if matches!(section, Section::Reporting | Section::Response | Section::Versions)
            && named.is_empty()
            && !found.has(Word::We)
            && !found.has(Word::Our)
        {
            return false;
        }
        let often = !frame::frequencies(found).is_empty();
        let is_contributing =
            self.kind == DocumentKind::Contributing && !self.head(unit).is_some_and(|head| head.is_security);
        if actor == Actor::Users {
            let tells = frame::is_imperative(unit, found)
                || frame::advises(found)
                || [Word::Users, Word::Should, Word::Please]
                    .iter()
                    .any(|word| found.has(*word))
                || unit.kind != UnitKind::Sentence;
            return !is_contributing && (tells || !found.has(Word::Risk));
        }
        let says_itself = found.has(Word::We) || found.has(Word::Our);
        // "A model can execute code": a danger is told.
        if found.has(Word::Risk)
            && !says_itself
            && named.is_empty()
            && !found.plain.contains("prevent")
            && !["protect", "reduce", "mitigat", "limit", "defen", "against", "guard"]
                .iter()
                .any(|word| found.plain.contains(word))
            && unit.kind == UnitKind::Sentence
        {
            return false;
        }
        if is_contributing {
            let firm = [
                "must", "require", "enforce", "will be", "are run", "is run", "runs", "we use", "we run", "blocked",
                "all pull", "every", "ci ",
            ]
            .iter()
            .any(|word| found.plain.contains(word));
            return firm
                && (often
                    || found.has(Word::Automation)
                    || !named.is_empty()
                    || matches!(
                        topic,
                        Topic::Review
                            | Topic::Tests
                            | Topic::CodeOwners
                            | Topic::BranchProtection
                            | Topic::SignedReleases
                    ))
                && !found.plain.starts_with("run ")
                && !found.has(Word::Advise);
        }
        // What a product does for its users is no promise about the project.
        let own_subject = self
            .own
            .iter()
            .any(|own| own.len() > 2 && found.plain.starts_with(own.as_str()));
        let verbs = ["scan", "detect", "find", "analy", "identif", "check"];
        let finds = found.plain.split_ascii_whitespace().any(|word| {
            let is_verb = |verb: &&str| word.starts_with(*verb);
            verbs.iter().any(is_verb) && !word.starts_with("checkpoint")
        });
        if own_subject
            && finds
            && !says_itself
            && topic < Topic::Authentication
            && !found.plain.contains("never")
            && !often
        {
            return false;
        }
        self.kind == DocumentKind::Policy
            || says_itself
            || often
            || !named.is_empty()
            || [Word::Must, Word::Automation, Word::Imperative]
                .iter()
                .any(|word| found.has(*word))
            || unit.kind != UnitKind::Sentence
    }
}
