//! What the marks of a compressed note say, read by the words of the guide and by nothing of Ward.

use std::collections::HashMap;

/// The note with what every mark stands for in its place. `newest` are the sentences of the newest visit, as the test knows them.
pub(crate) fn expand(text: &str, newest: &[String]) -> String {
    let mut told: HashMap<usize, String> = HashMap::new();
    let mut out = String::new();
    let mut chars = text.chars();
    // White space after a telling, which a range takes for what stands between two.
    let mut gaps: HashMap<usize, String> = HashMap::new();
    let mut last: Option<(usize, usize)> = None;
    while let Some(c) = chars.next() {
        if c != '{' {
            out.push(c);
            continue;
        }
        let inside: String = chars.by_ref().take_while(|c| *c != '}').collect();
        let range = |range: &str| {
            let (from, to) = range.split_once('-').unwrap_or((range, range));
            (from.parse::<usize>().unwrap(), to.parse::<usize>().unwrap())
        };
        if let Some((number, words)) = inside.split_once(": ") {
            let number: usize = number.parse().unwrap();
            assert!(
                told.insert(number, words.to_owned()).is_none(),
                "{number} is told twice: {text}"
            );
            if let Some((before, end)) = last
                && before + 1 == number
            {
                gaps.insert(number, out[end..].to_owned());
            }
            out += words;
            last = Some((number, out.len()));
        } else if let Some(numbers) = inside.strip_prefix("newest ") {
            let (from, to) = range(numbers);
            out += &newest[from - 1..to].join(" ");
        } else {
            let (from, to) = range(&inside);
            for number in from..=to {
                if number > from {
                    out += &gaps[&number];
                }
                out += &told[&number];
            }
        }
    }
    out
}

/// Its visits as words in small letters, without bullets and marks of layout.
pub(crate) fn visits(text: &str) -> Vec<Vec<String>> {
    let parts = text.split("Visit date: ").skip(1);
    parts.map(words).collect()
}

/// Words in small letters.
pub(crate) fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '/' | '\''))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}
