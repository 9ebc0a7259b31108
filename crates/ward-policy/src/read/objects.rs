//! What a sentence says is looked at.

/// Whether a sentence says that tests are looked at, alone or beside other code: "also scans the tests", "checks source and
/// tests on every change", "tests are scanned". What is said to run is not.
pub(crate) fn looks_at_tests_too(words: &str) -> bool {
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_ascii_alphanumeric()).to_owned();
    let all: Vec<String> = words.split_whitespace().map(bare).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let verbs = [
        "scans", "checks", "lints", "analyses", "analyzes", "covers", "scan", "lint", "analyse", "analyze",
    ];
    let active = all.iter().enumerate().filter(|(_, word)| verbs.contains(word));
    let scanned = ["scanned", "checked", "linted", "analysed", "analyzed"];
    let passive = |three: &[&str]| matches!(three, ["tests", "are", done] if scanned.contains(done));
    active
        .into_iter()
        .any(|(at, _)| is_object(all.get(at + 1..).unwrap_or_default()))
        || all.windows(3).any(passive)
}

/// Whether what stands behind a verb names things alone, tests among them, up to the end or to words for when and how.
fn is_object(behind: &[&str]) -> bool {
    let is_thing = |word: &&&str| {
        matches!(
            **word,
            "the"
                | "our"
                | "all"
                | "its"
                | "both"
                | "and"
                | "source"
                | "sources"
                | "code"
                | "src"
                | "tests"
                | "test"
                | "folder"
                | "directory"
                | "files"
                | "suite"
                | "as"
                | "well"
                | "too"
                | "python"
                | "application"
        )
    };
    let things: Vec<&&str> = behind.iter().take_while(is_thing).collect();
    let ends = match behind.get(things.len()) {
        None => true,
        Some(next) => matches!(
            *next,
            "on" | "in" | "for" | "with" | "at" | "before" | "during" | "daily" | "weekly"
        ),
    };
    ends && things.iter().any(|word| matches!(**word, "test" | "tests"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_that_run_are_no_object() {
        for (text, expect) in [
            ("Bandit scans our code and tests.", true),
            ("Bandit scans our code and tests on every pull request.", true),
            ("Ruff also checks the tests.", true),
            ("Our tests are scanned with Bandit.", true),
            ("Bandit scans the tests as well.", true),
            ("Bandit scans our code and tests run on every pull request.", false),
            ("Bandit scans our code, and tests are run on every pull request.", false),
            ("Bandit scans the code and pytest runs the tests.", false),
            ("Linting and tests run on every pull request.", false),
            ("Bandit scans our code.", false),
        ] {
            assert_eq!(looks_at_tests_too(&text.to_ascii_lowercase()), expect, "{text}");
        }
    }
}
