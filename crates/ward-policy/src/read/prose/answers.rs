//! Questions with their answers: "Do you scan your code? Yes, with Bandit." An answer is read with the words of its
//! question; a "no" promises only what is promised by not doing it.

use super::*;

/// Promised by a no: what is not kept, not sent, not paid, not pursued.
const DENIED: &[Topic] = &[
    Topic::NeverPublic,
    Topic::SafeHarbour,
    Topic::Bounty,
    Topic::SecretScan,
    Topic::WeightsOutsideGit,
    Topic::ErrorMasking,
    Topic::NetworkIsolation,
    Topic::Minimisation,
    Topic::Retention,
    Topic::OnDevice,
];

/// What a unit answers.
#[derive(Debug, Clone, Default)]
pub(super) struct Answer {
    /// The question, as it stands.
    pub(super) question: Option<Arc<str>>,
    /// The answer is no.
    pub(super) denies: bool,
}

impl Answer {
    /// Whether the question asks what its reader is to do.
    pub(super) fn is_advice(&self) -> bool {
        let question = self.question.as_deref().unwrap_or_default().to_lowercase();
        let asks = [
            "should i",
            "do i",
            "can i",
            "must i",
            "should we",
            "should users",
            "should operators",
        ];
        let reports = [
            "report", "found", "find", "tell", "contact", "disclos", "hear", "expect", "reach", "write",
        ];
        asks.iter().any(|words| question.contains(words)) && !reports.iter().any(|word| question.contains(word))
    }

    /// Which of the topics of question and answer are promised; `own` are those that the answer itself speaks of.
    pub(super) fn promised(&self, topics: &mut Vec<Topic>, own: &[Topic]) {
        if self.denies {
            topics.retain(|topic| DENIED.contains(topic) || own.contains(topic));
        }
        topics.extend(
            own.iter()
                .filter(|topic| !topics.contains(topic))
                .copied()
                .collect::<Vec<_>>(),
        );
        topics.sort_unstable();
    }

    /// The answer with the words of its question after it: who is asked and who asks is left out.
    pub(super) fn joined(&self, text: &str) -> Option<String> {
        const SMALL: &[&str] = &[
            "a", "a:", "am", "for", "the", "there", "to", "are", "can", "could", "did", "do", "does", "fast", "has",
            "have", "how", "i", "is", "long", "may", "me", "my", "often", "our", "q", "q:", "quickly", "should",
            "soon", "us", "was", "we", "were", "what", "when", "where", "which", "who", "will", "would", "you", "your",
        ];
        let question = self.question.as_deref()?;
        let words = question
            .split([' ', '?'])
            .filter(|word| !SMALL.contains(&word.to_lowercase().as_str()));
        Some(words.fold(text.to_owned(), |joined, word| joined + " " + word))
    }
}

/// The first word, in lower case, after marks of an answer ("A:", a dash).
fn first_word(text: &str) -> String {
    let rest = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let rest = ["A:", "Answer:"]
        .iter()
        .find_map(|mark| rest.strip_prefix(mark))
        .unwrap_or(rest);
    let rest = rest.trim_start();
    if rest.to_lowercase().starts_with("n/a") {
        return "n/a".to_owned();
    }
    let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
    rest.get(..end).unwrap_or_default().to_lowercase()
}

fn is_no(text: &str) -> bool {
    let rest = text.to_lowercase();
    matches!(
        first_word(text).as_str(),
        "no" | "not" | "none" | "never" | "n/a" | "nothing" | "nobody" | "neither"
    ) || ["it does not", "they do not", "we do not", "we don't", "we cannot"]
        .iter()
        .any(|no| rest.trim_start_matches("a:").trim_start().starts_with(no))
}

/// "Yes.", "No.", "Always.": the sentence after it says the rest.
fn is_bare(text: &str) -> bool {
    text.split_whitespace()
        .filter(|word| *word != "A:" && word.contains(char::is_alphanumeric))
        .count()
        <= 1
}

/// The answers of a page, one for each unit.
pub(super) fn of(page: &Page) -> Vec<Answer> {
    let mut answers = vec![Answer::default(); page.units.len()];
    let mut question: Option<(Arc<str>, &Unit)> = None;
    // A bare answer before: whether it was no.
    let mut bare: Option<bool> = None;
    for (at, unit) in page.units.iter().enumerate() {
        if unit.kind == UnitKind::Row {
            let says_no = |cell: &String| is_no(cell) && cell.split_whitespace().count() <= 3;
            let rest = unit.cells.get(1..).unwrap_or_default();
            if let Some(answer) = answers.get_mut(at) {
                answer.denies = rest.first().is_some_and(says_no);
            }
            continue;
        }
        if unit.text.ends_with('?') {
            question = Some((unit.text.as_str().into(), unit));
            bare = None;
            continue;
        }
        // A heading that asks is answered by what stands first beneath it.
        let heading = unit.heading.and_then(|at| page.headings.get(at));
        let is_first = at
            .checked_sub(1)
            .and_then(|at| page.units.get(at))
            .is_none_or(|before| before.heading != unit.heading);
        let says = matches!(
            first_word(&unit.text).as_str(),
            "yes" | "always" | "no" | "never" | "not" | "none"
        );
        if let Some(heading) = heading.filter(|heading| is_first && says && heading.text.ends_with('?')) {
            question = Some((Arc::clone(&heading.text), unit));
            bare = None;
        }
        let Some((asked, asks)) = &question else { continue };
        let is_near = unit.heading == asks.heading && unit.line <= asks.last_line.saturating_add(2);
        if !is_near || (unit.kind != asks.kind && unit.kind == UnitKind::Sentence) {
            question = None;
            continue;
        }
        let goes_on = page
            .units
            .get(at + 1)
            .is_some_and(|next| next.continues && !next.text.ends_with('?'));
        if bare.is_none() && is_bare(&unit.text) && goes_on {
            bare = Some(is_no(&unit.text));
            continue;
        }
        let denies = bare.unwrap_or_else(|| is_no(&unit.text));
        if let Some(answer) = answers.get_mut(at) {
            *answer = Answer {
                question: Some(Arc::clone(asked)),
                denies,
            };
        }
        // "Critical: a day. High: a week.": what else has a time answers the same.
        let timed = |unit: &Unit| unit.text.split_whitespace().count() <= 8 && tables::time_in(&unit.text).is_some();
        let next = page
            .units
            .get(at + 1)
            .filter(|next| next.continues && timed(next) && timed(unit));
        bare = next.map(|_| false);
        if next.is_none() {
            question = None;
        }
    }
    answers
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The topics that a text promises.
    #[track_caller]
    fn check(text: &str, expect: &[Topic]) {
        let mut reading = Reading::default();
        read(
            &mut reading,
            DocumentKind::Policy,
            "SECURITY.md",
            &format!("# Security\n\n{text}\n"),
            &[],
        );
        let mut found: Vec<Topic> = reading.promises.iter().map(|promise| promise.topic).collect();
        found.sort_unstable();
        found.dedup();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn an_answer_is_read_with_its_question() {
        use Topic as T;
        check("**Do you scan the code?** Yes, with Bandit.", &[T::StaticAnalysis]);
        check(
            "**Is traffic encrypted with TLS?**\nYes. Plain HTTP is refused.",
            &[T::Tls],
        );
        check("1. Are backups taken? — Yes, every night.", &[T::Backup]);
        check("Q: How quickly will I hear back?\nA: Within a day.", &[T::Acknowledge]);
        check("## Do you fuzz the parsers?\n\nYes, every night.", &[T::Fuzzing]);
    }

    #[test]
    fn steps_with_times_stand_in_one_line() {
        use Topic as T;
        check(
            "Reply in 72 h; triage in 5 business days.",
            &[T::Acknowledge, T::Assess],
        );
        check(
            "Targets: 3 days (reply), 14 days (decision), 90 days (fix).",
            &[T::Acknowledge, T::Assess, T::Fix],
        );
        check(
            "What you get: an answer in three days, a fix in 30 days.",
            &[T::Acknowledge, T::Fix],
        );
        check("Tests take 5 minutes, and backups are kept for 30 days.", &[T::Backup]);
    }

    #[test]
    fn an_answer_is_quoted_with_its_own_question() {
        let text = "# Security\n\n**Can I test in production?** No.\n**Do you pay bounties?** No, but we thank you.\n";
        let mut reading = Reading::default();
        read(&mut reading, DocumentKind::Policy, "SECURITY.md", text, &[]);
        let quoted = reading.promises.iter().find(|promise| promise.topic == Topic::Bounty);
        let quoted = quoted.map(|promise| promise.text.as_str());
        assert_eq!(quoted, Some("Do you pay bounties? No, but we thank you."));
    }

    #[test]
    fn a_no_promises_what_is_not_done() {
        use Topic as T;
        check("**Are prompts stored?** No.", &[T::Retention]);
        check("**Do you pay a bounty?** No.", &[T::Bounty]);
        check("**Are backups taken?** No.", &[]);
        check("1. Is there an SBOM? — Not yet.", &[]);
        check("| Question | Answer |\n|---|---|\n| Is there an SBOM? | No |", &[]);
        check(
            "**Are backups taken?** No.\n\nBandit runs on every push.",
            &[T::StaticAnalysis],
        );
    }

    #[test]
    fn a_box_that_is_not_ticked_promises_nothing_beside_one_that_is() {
        use Topic as T;
        check(
            "- [x] Bandit runs on every push\n- [ ] Fuzzing of the parsers",
            &[T::StaticAnalysis],
        );
        check("- [ ] Bandit runs on every push", &[T::StaticAnalysis]);
    }
}
