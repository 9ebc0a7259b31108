//! What the words of a report mean, and what to do about each: for the report itself and for `ward policy explain`.

/// A verdict in words.
#[derive(Debug, PartialEq, Eq)]
pub struct Meaning {
    /// The word of machine-readable output.
    pub word: &'static str,
    /// The word for people.
    pub name: &'static str,
    /// What it says, in a few words.
    pub says: &'static str,
    /// What it means, and how it comes about.
    pub explained: &'static str,
    /// What to do about it.
    pub instead: &'static str,
}

/// The name of what a policy says and no control takes up.
pub const UNMAPPED: &str = "said, and bound to no control";
/// What that is.
pub const UNMAPPED_SAYS: &str = "Ward has no check for it; it is neither kept nor broken";

/// Every verdict, faults first: the order of reports.
pub static VERDICTS: &[Meaning] = &[
    Meaning {
        word: "broken",
        name: "broken",
        says: "what the policy says is not so",
        explained: "The repository shows that the sentence is not true: a tool that is named runs nowhere, a check that is \
            promised every week has no schedule, a version that is called supported has ended. The evidence says where \
            that was seen. The command fails.",
        instead: "Do what the policy says, or say what is done. A shorter policy that is true is worth more than a longer \
            one that is not.",
    },
    Meaning {
        word: "contradictory",
        name: "contradictory",
        says: "the policy says something else elsewhere",
        explained: "Two sentences of the policy, or of two documents, cannot both be true: two times for the same step, two \
            addresses, two tables. Which one holds is not for Ward to say. The command fails.",
        instead: "Say it once, and refer to it elsewhere.",
    },
    Meaning {
        word: "weak",
        name: "weak",
        says: "something runs, but it cannot fail or looks at nothing",
        explained: "The step that is promised is there, and would not notice anything: its exit code is thrown away, it is \
            switched off by a condition, it is given no files, or only part of what the sentence promises. The evidence \
            says which. The command fails.",
        instead: "Let the step fail: take away `|| true`, `continue-on-error` and their like, give it what it has to look \
            at, and begin with a baseline if there is too much to mend at once.",
    },
    Meaning {
        word: "not_examined",
        name: "not examined",
        says: "it could have been checked and was not",
        explained: "Something that the check needs was not there or not asked for: no engine of `ward scan` ran, there is \
            no git, a file is too long. When nothing else is wrong, the command ends with 3.",
        instead: "Give it what the message names, and check again.",
    },
    Meaning {
        word: "vague",
        name: "vague",
        says: "nothing can be held against it",
        explained: "The sentence names no tool, no time, no place and no thing that could be looked at: \"regular audits\", \
            \"industry best practice\". It is neither kept nor broken. It fails the command only with --strict.",
        instead: "Say what is done, with what, and when; or leave it out.",
    },
    Meaning {
        word: "unverifiable",
        name: "unverifiable here",
        says: "files cannot show it",
        explained: "The sentence may well be true, and no file of a repository could show it: how fast people answer, what a \
            forge's settings are, what a hosted service does. The report says why, and what would verify it. It fails the \
            command only with --strict.",
        instead: "Nothing in the policy. Keep the records that would verify it.",
    },
    Meaning {
        word: "kept",
        name: "kept",
        says: "the repository shows it",
        explained: "At least one piece of evidence shows it, and none contradicts it; a verdict without evidence cannot be \
            made. Where a limit is given, the evidence does not show everything: a workflow that gates is configuration, \
            and not a run.",
        instead: "Nothing.",
    },
    Meaning {
        word: "delegated",
        name: "delegated",
        says: "somebody else promises it",
        explained: "The sentence says what an organisation, a platform or another project does. What they do was not \
            examined.",
        instead: "Nothing. Check the other policy where it lives.",
    },
    Meaning {
        word: "advice",
        name: "advice",
        says: "it tells users what to do",
        explained: "The sentence is no promise: it tells users or reporters what to do. Where the project itself does not do \
            what it advises, the report says so as a gap. Neither fails the command.",
        instead: "Nothing; for a gap, do as you advise.",
    },
];

/// The verdict called `word`; spaces and `-` stand for `_`.
#[must_use]
pub fn verdict(word: &str) -> Option<&'static Meaning> {
    let word = word.trim().to_lowercase().replace([' ', '-'], "_");
    VERDICTS
        .iter()
        .find(|one| one.word == word || one.name.replace(' ', "_") == word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::every_verdict;

    #[test]
    fn every_verdict_has_a_meaning_once() {
        for one in &every_verdict().judged {
            assert_eq!(
                VERDICTS.iter().filter(|said| said.word == one.verdict.word()).count(),
                1,
                "{:?}",
                one.verdict
            );
        }
        assert_eq!(verdict("Not examined").map(|one| one.word), Some("not_examined"));
        assert_eq!(verdict("unverifiable here").map(|one| one.word), Some("unverifiable"));
        assert_eq!(verdict("good"), None);
    }
}
