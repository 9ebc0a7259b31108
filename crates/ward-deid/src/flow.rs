//! Text in pieces: words of which a part is bold, or a sentence around a link, stand in several texts of a document, and a
//! reader sees one.

use ward_formats::Span;

use crate::Known;
use crate::find::{Hit, find, resolve};

/// What [`find`](crate::find()) finds in the text that `pieces` are together, for each piece what of it lies there. A piece
/// is what stands before it in the flow (nothing within a word, a space, a line end) and its text.
#[must_use]
pub fn find_in_flow(pieces: &[(&str, &str)], known: &Known) -> Vec<Vec<Hit>> {
    let whole: String = pieces.iter().flat_map(|(before, text)| [*before, *text]).collect();
    let found = find(&whole, known);
    let mut at = 0;
    let mut from = 0;
    let mut parts = Vec::with_capacity(pieces.len());
    for (before, text) in pieces {
        let start = at + before.len();
        at = start + text.len();
        while found.get(from).is_some_and(|hit| hit.span.end <= start) {
            from += 1;
        }
        let here = found.iter().skip(from).take_while(|hit| hit.span.start < at);
        let part = here.filter_map(|hit| {
            let (first, last) = (
                hit.span.start.max(start) - start,
                hit.span.end.min(at).saturating_sub(start),
            );
            let blank = text.get(first..last).is_none_or(|part| part.trim().is_empty());
            (!blank).then_some(Hit {
                span: Span::new(first, last),
                ..*hit
            })
        });
        parts.push(part.collect());
    }
    parts
}

/// What was found in a text in two ways, made one: nothing that either covers is left uncovered.
#[must_use]
pub fn together(mut hits: Vec<Hit>, others: Vec<Hit>) -> Vec<Hit> {
    if others.is_empty() {
        return hits;
    }
    hits.extend(others);
    resolve(hits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Class;

    #[test]
    fn finds_what_is_parted() {
        let mut known = Known::default();
        known.learn_value(Class::Name, "Zebulon Quackenbush");
        let pieces = [
            ("", "Seen "),
            ("", "Zebu"),
            ("", "lon. Quac"),
            ("", "ken"),
            ("", "bush. Phone 617-"),
            ("", "555"),
            ("", "-0188"),
            ("\n", "Fever"),
        ];
        let found = find_in_flow(&pieces, &known);
        let words: Vec<Vec<&str>> = found
            .iter()
            .zip(pieces)
            .map(|(hits, (_, text))| hits.iter().map(|hit| &text[hit.span.start..hit.span.end]).collect())
            .collect();
        assert_eq!(
            words,
            [
                &[][..],
                &["Zebu"],
                &["lon", "Quac"],
                &["ken"],
                &["bush", "617-"],
                &["555"],
                &["-0188"],
                &[]
            ]
        );
    }
}
