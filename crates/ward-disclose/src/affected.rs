//! Which releases are affected, from what git knows of tags. The questions to git are asked by whoever has a repository;
//! here stand the answers and what they come to.

use std::cmp::Ordering;

use serde::Serialize;

/// A tag, and what was found out about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Its name.
    pub name: String,
    /// True when the fault is in it: it holds the commit that brought it, or the text that shows it.
    pub has_fault: bool,
    /// True when it holds a commit that mends it.
    pub has_fix: bool,
}

/// What tags come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Affected {
    /// Affected tags, oldest version first.
    pub affected: Vec<String>,
    /// Tags that were looked at and are not.
    pub unaffected: Vec<String>,
}

/// Sorts tags into those that are affected and those that are not.
#[must_use]
pub fn affected(tags: &[Tag]) -> Affected {
    let mut sorted: Vec<&Tag> = tags.iter().collect();
    sorted.sort_by(|a, b| by_version(&a.name, &b.name));
    let names = |wanted: bool| {
        sorted
            .iter()
            .filter(|tag| (tag.has_fault && !tag.has_fix) == wanted)
            .map(|tag| tag.name.clone())
            .collect()
    };
    Affected {
        affected: names(true),
        unaffected: names(false),
    }
}

/// A version's text from a tag: `v1.2.3` and `release-1.2.3` are 1.2.3; a tag without a number is itself.
#[must_use]
pub fn version_of(tag: &str) -> &str {
    let start = tag.find(|c: char| c.is_ascii_digit());
    match start {
        Some(at)
            if tag
                .get(..at)
                .is_some_and(|before| before.is_empty() || before.ends_with(['v', 'V', '-', '_', '/', '.'])) =>
        {
            tag.get(at..).unwrap_or(tag)
        }
        _ => tag,
    }
}

/// True when a version belongs to a line such as `1.x`, `1.2`, `1.2.x`, `2.*` or `>= 3`... only the first forms: a line is
/// a beginning of numbers.
#[must_use]
pub fn is_of_line(version: &str, line: &str) -> bool {
    let parts = |text: &str| -> Vec<String> {
        version_of(text)
            .split('.')
            .map(str::to_owned)
            .take_while(|part| !matches!(part.as_str(), "x" | "X" | "*" | ""))
            .collect()
    };
    let (version, line) = (parts(version), parts(line));
    !line.is_empty() && version.len() >= line.len() && version.iter().zip(&line).all(|(a, b)| a == b)
}

/// Numbers as numbers, what is not a number as text; a version with a suffix (`1.0-rc1`) before the one without.
fn by_version(a: &str, b: &str) -> Ordering {
    let split = |text: &str| -> (Vec<u64>, String) {
        let text = version_of(text);
        let end = text
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(text.len());
        let (numbers, suffix) = text.split_at(end);
        (
            numbers.split('.').map(|part| part.parse().unwrap_or(0)).collect(),
            suffix.to_owned(),
        )
    };
    let ((numbers_a, suffix_a), (numbers_b, suffix_b)) = (split(a), split(b));
    numbers_a
        .cmp(&numbers_b)
        .then_with(|| suffix_a.is_empty().cmp(&suffix_b.is_empty()))
        .then_with(|| suffix_a.cmp(&suffix_b))
        .then_with(|| a.cmp(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_sorted_out() {
        let tag = |name: &str, has_fault, has_fix| Tag {
            name: name.to_owned(),
            has_fault,
            has_fix,
        };
        let tags = [
            tag("v1.10.0", true, true),
            tag("v1.2.0", true, false),
            tag("v1.9.1", true, false),
            tag("v1.0.0", false, false),
            tag("v1.10.0-rc1", true, false),
            tag("v1.2.1", true, true),
        ];
        let found = affected(&tags);
        assert_eq!(found.affected, ["v1.2.0", "v1.9.1", "v1.10.0-rc1"]);
        assert_eq!(found.unaffected, ["v1.0.0", "v1.2.1", "v1.10.0"]);
    }

    #[test]
    fn versions_belong_to_lines() {
        for (version, line, expect) in [
            ("v1.2.3", "1.2", true),
            ("1.2.3", "1.x", true),
            ("1.20.3", "1.2", false),
            ("release-2.0", "2.*", true),
            ("2.0", "2.0.1", false),
            ("nightly", "1.x", false),
            ("1.2", "", false),
        ] {
            assert_eq!(is_of_line(version, line), expect, "{version} {line}");
        }
        assert_eq!(
            (
                version_of("v1.2"),
                version_of("ward/v1.2"),
                version_of("utf8"),
                version_of("nightly")
            ),
            ("1.2", "1.2", "utf8", "nightly")
        );
    }
}
