//! The lists of words.txt.

use std::{collections::BTreeMap, sync::LazyLock};

static WORDS: LazyLock<BTreeMap<&str, Vec<&str>>> = LazyLock::new(|| {
    let mut lists: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut name = "";
    for line in include_str!("words.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        match line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            Some(list) => name = list,
            None => lists
                .entry(name)
                .or_default()
                .extend(line.split(',').map(str::trim).filter(|word| !word.is_empty())),
        }
    }
    lists
});

/// The list of this name.
pub(super) fn of(name: &str) -> &'static [&'static str] {
    WORDS.get(name).map(Vec::as_slice).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{super::Need, *};

    #[test]
    fn every_list_that_is_asked_for_is_there() {
        let needs = Need::ALL.map(Need::word);
        for name in needs.into_iter().chain(["kinds", "gains", "endings", "fillers"]) {
            assert!(!of(name).is_empty(), "{name}");
        }
        assert_eq!(WORDS.len(), needs.len() + 4, "lists that nobody asks for");
    }

    #[test]
    fn no_word_goes_over_a_line() {
        let text = include_str!("words.txt");
        for (line, next) in text.lines().zip(text.lines().skip(1)) {
            let inside = !line.starts_with(['#', '[']) && !line.is_empty() && !next.is_empty();
            assert!(!inside || line.ends_with(','), "{line}");
        }
        for word in ["patients", "could", "reads", "data", "missing", "server"] {
            assert!(!of("gains").contains(&word) && !of("kinds").contains(&word), "{word}");
        }
    }
}
