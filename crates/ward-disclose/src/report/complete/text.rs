//! The lines of a report, its labels and headings.

use super::{Need, words};

/// The lines of a text in lower case, with which of them are code.
pub(super) struct Text {
    pub(super) lines: Vec<(String, bool)>,
}

impl Text {
    pub(super) fn new(text: &str) -> Self {
        let mut code = false;
        let lines = text.lines().take(20_000).map(|line| {
            let fence = line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~");
            let inside = code;
            code ^= fence;
            (line.to_lowercase(), inside || fence)
        });
        Self { lines: lines.collect() }
    }

    /// Numbered from 1.
    pub(super) fn prose(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..)
            .zip(&self.lines)
            .filter(|(_, (_, code))| !code)
            .map(|(number, (line, _))| (number, line.as_str()))
    }

    /// A label (`Version: 1.2`) or a heading with something under it.
    pub(super) fn labelled(&self, need: Need) -> Option<String> {
        for (number, line) in self.prose() {
            // "Steps: run it. Impact: any file is read": each piece of a line may have its label.
            let mut pieces = line.split_inclusive(['.', ';']).peekable();
            let mut from = 0;
            let mut at = 0;
            while let Some(piece) = pieces.next() {
                at += piece.len();
                let ends = pieces.peek().is_none_or(|next| next.starts_with(' '));
                if !ends {
                    continue;
                }
                let piece = line.get(from..at).unwrap_or_default();
                from = at;
                let Some((label, rest, heading)) = label(piece) else {
                    continue;
                };
                if !words::of(need.word()).contains(&label) {
                    continue;
                }
                if is_filled(rest) || (rest.trim().is_empty() && self.followed(number)) {
                    let what = if heading { "heading" } else { "label" };
                    return Some(format!("a {what} on line {number} announces it, and something follows"));
                }
            }
        }
        None
    }

    /// True when there is text between this line and the next heading.
    fn followed(&self, number: usize) -> bool {
        for (line, _) in self.lines.iter().skip(number).take(30) {
            if line.trim().is_empty() {
                continue;
            }
            if label(line).is_some_and(|(label, _, heading)| {
                heading || Need::ALL.iter().any(|need| words::of(need.word()).contains(&label))
            }) {
                return false;
            }
            return is_filled(line) || line.trim_start().starts_with("```");
        }
        false
    }

    /// The line of the first phrase that stands in prose. A label or a heading with nothing under it says nothing.
    pub(super) fn phrase(&self, phrases: &[&str]) -> Option<usize> {
        let is_bare = |number: usize, line: &str| {
            label(line).is_some_and(|(_, rest, _)| rest.trim().is_empty()) && !self.followed(number)
        };
        self.prose()
            .filter(|(number, line)| !is_bare(*number, line))
            .find(|(_, line)| phrases.iter().any(|phrase| has_words(line, phrase)))
            .map(|(number, _)| number)
    }
}

/// `## Label`, `**Label:** value`, `Label: value`: the label, what follows, and whether it is a heading.
fn label(line: &str) -> Option<(&str, &str, bool)> {
    let line = line.trim();
    if let Some(rest) = line.strip_prefix('#') {
        let text = rest.trim_start_matches('#').trim();
        let text = text
            .trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == ')')
            .trim();
        return match text.split_once(':') {
            Some((label, rest)) => Some((label.trim_matches(['*', ' ']), rest, true)),
            None => Some((text.trim_matches(['*', ' ']), "", true)),
        };
    }
    let bare = line
        .trim_start_matches(['-', '*', '+', '_', ' '])
        .trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == ')')
        .trim_start();
    if let Some((label, rest)) = bare.split_once(':')
        && label.len() <= 40
    {
        return Some((
            label.trim_matches(['*', '_', ' ', '`']),
            rest.trim_start_matches(['*', '_', ' ']),
            false,
        ));
    }
    // A line that is nothing but bold is a heading, too.
    let bold = line.strip_prefix("**").and_then(|rest| rest.strip_suffix("**"));
    bold.map(|label| (label.trim(), "", true))
}

fn is_filled(text: &str) -> bool {
    let text = text.trim().trim_matches(['*', '_', '`', '.', '<', '>']);
    let placeholder =
        (text.starts_with('[') && text.ends_with(']') && !text.contains("](")) || text.starts_with("<!--");
    !text.is_empty() && !placeholder && !words::of("fillers").contains(&text) && text.chars().any(char::is_alphanumeric)
}

/// True when the phrase stands in the line with no letter or digit beside it.
pub(super) fn has_words(line: &str, phrase: &str) -> bool {
    let mut from = 0;
    while let Some(found) = line.get(from..).and_then(|rest| rest.find(phrase)) {
        let (start, end) = (from + found, from + found + phrase.len());
        let open = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        if open(line.get(..start).and_then(|before| before.chars().next_back()))
            && open(line.get(end..).and_then(|after| after.chars().next()))
        {
            return true;
        }
        from = end;
    }
    false
}
