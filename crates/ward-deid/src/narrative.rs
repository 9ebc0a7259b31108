//! Free text with XHTML markup: looked at as a reader sees it, replaced between the tags.

use std::ops::Range;

use ward_formats::Span;
use ward_formats::html::reference;

use crate::find::{Hit, find, resolve};
use crate::{Class, Known};

/// Longest run of bytes taken for a tag.
const LONGEST_TAG: usize = 8_192;

/// A piece of plain text and where it came from. Pieces of equal length are verbatim, others
/// character references.
struct Piece {
    plain: Range<usize>,
    source: Range<usize>,
}

/// What identifies somebody in `markup`: in the text between the tags, read with tags as white
/// space and character references resolved, and in the tags themselves (attributes, comments).
pub(crate) fn hits(markup: &str, known: &Known) -> Vec<(Span, Class)> {
    let hits = find_in_markup(markup, known).into_iter();
    hits.map(|hit| (hit.span, hit.class)).collect()
}

/// What [`find`](crate::find()) finds in XHTML: in the text between the tags as a reader sees it, and in their attributes
/// and comments, but for the namespace that every narrative of FHIR declares.
#[must_use]
pub fn find_in_markup(markup: &str, known: &Known) -> Vec<Hit> {
    let mut text = Plain::default();
    let mut tags = Plain::default();
    let mut at = 0;
    while let Some(rest) = markup.get(at..).filter(|rest| !rest.is_empty()) {
        let len = if let Some(len) = tag(rest) {
            let tag = rest.get(..len).unwrap_or("");
            text.text.push_str(spacing(tag));
            if tag.contains('=') || tag.starts_with("<!") || tag.starts_with("<?") {
                let (before, after) = around_namespace(tag);
                tags.push(before, at, before.len());
                tags.push(after, at + len - after.len(), after.len());
                tags.text.push('\n');
            }
            len
        } else if let Some((c, len)) = reference(rest) {
            text.push(c.encode_utf8(&mut [0; 4]), at, len);
            len
        } else {
            let first = rest.chars().next().map_or(1, char::len_utf8);
            let end = rest.get(first..).and_then(|r| r.find(['<', '&']));
            let end = end.map_or(rest.len(), |i| first + i);
            text.push(rest.get(..end).unwrap_or(""), at, end);
            end
        };
        at += len;
    }
    let hit = |score| {
        move |(span, class)| Hit {
            span,
            class,
            rule: "narrative",
            score,
        }
    };
    let mut found: Vec<Hit> = tags.hits(markup, known).into_iter().map(hit(90)).collect();
    found.extend(text.hits(markup, known).into_iter().map(hit(90)));
    // A form of placeholder may hide across references and tags: look at the source as it stands.
    let forged = crate::lenient::candidates(markup).into_iter();
    found.extend(
        forged
            .map(|range| (Span::new(range.start, range.end), Class::Text))
            .map(hit(100)),
    );
    resolve(found)
}

/// Plain text made of pieces of markup.
#[derive(Default)]
struct Plain {
    text: String,
    pieces: Vec<Piece>,
}

impl Plain {
    /// Adds `text`, which stands for `len` bytes of markup from `at`.
    fn push(&mut self, text: &str, at: usize, len: usize) {
        let start = self.text.len();
        self.text.push_str(text);
        self.pieces.push(Piece {
            plain: start..self.text.len(),
            source: at..at + len,
        });
    }

    /// What identifies somebody, as spans of the markup, none of them across a tag.
    fn hits(&self, markup: &str, known: &Known) -> Vec<(Span, Class)> {
        let mut found: Vec<(Span, Class)> = Vec::new();
        for hit in find(&self.text, known) {
            let first = self.pieces.partition_point(|piece| piece.plain.end <= hit.span.start);
            let touched = self
                .pieces
                .iter()
                .skip(first)
                .take_while(|piece| piece.plain.start < hit.span.end);
            for piece in touched {
                let (from, to) = (hit.span.start.max(piece.plain.start), hit.span.end.min(piece.plain.end));
                let span = if piece.plain.len() == piece.source.len() {
                    let shift = |at: usize| piece.source.start + at - piece.plain.start;
                    Span::new(shift(from), shift(to))
                } else {
                    Span::new(piece.source.start, piece.source.end)
                };
                match found.last_mut() {
                    Some((last, class)) if last.end == span.start && *class == hit.class => last.end = span.end,
                    Some((last, _)) if last.end > span.start => {}
                    _ if markup
                        .get(span.start..span.end)
                        .is_some_and(|text| text.trim().is_empty()) => {}
                    _ => found.push((span, hit.class)),
                }
            }
        }
        found
    }
}

/// The length of the tag, comment or declaration that `text` begins with.
fn tag(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let opens = bytes.first() == Some(&b'<')
        && bytes
            .get(1)
            .is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'/' | b'!' | b'?'));
    if !opens {
        return None;
    }
    let end = bytes
        .iter()
        .take(LONGEST_TAG)
        .skip(1)
        .position(|b| matches!(b, b'>' | b'<'))?
        + 1;
    (bytes.get(end) == Some(&b'>')).then_some(end + 1)
}

/// The value of the namespace declaration that every narrative must have.
const XHTML: &str = "http://www.w3.org/1999/xhtml";

/// What is before and after the declaration of the XHTML namespace in a tag: the address of a standard tells nothing
/// of anybody, and without it the narrative would be none.
fn around_namespace(tag: &str) -> (&str, &str) {
    let whole = (tag, "");
    let Some(at) = memchr::memmem::find(tag.as_bytes(), XHTML.as_bytes()) else {
        return whole;
    };
    let (Some(before), Some(after)) = (tag.get(..at), tag.get(at + XHTML.len()..)) else {
        return whole;
    };
    let quote = before.chars().next_back().filter(|c| matches!(c, '"' | '\''));
    let Some(quote) = quote.filter(|quote| after.starts_with(*quote)) else {
        return whole;
    };
    let name = before.strip_suffix(quote).map(str::trim_end).unwrap_or_default();
    let name = name.strip_suffix('=').map(str::trim_end).unwrap_or_default();
    let name = name.rsplit(char::is_whitespace).next().unwrap_or_default();
    let declares = name == "xmlns" || name.starts_with("xmlns:");
    if declares { (before, after) } else { whole }
}

/// What a tag is to a reader.
fn spacing(tag: &str) -> &'static str {
    let name: String = tag
        .trim_start_matches(['<', '/'])
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect();
    match name.to_ascii_lowercase().as_str() {
        "b" | "i" | "u" | "em" | "strong" | "span" | "a" | "sub" | "sup" | "small" | "font" | "tt" | "code" => "",
        "td" | "th" if !tag.starts_with("</") => " ",
        "td" | "th" => "",
        _ => "\n",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(markup: &str, known: &Known, expect: &[&str]) {
        let found: Vec<_> = hits(markup, known)
            .into_iter()
            .map(|(s, _)| &markup[s.start..s.end])
            .collect();
        assert_eq!(found, expect, "{markup}");
    }

    #[test]
    fn reads_between_and_inside_tags() {
        let mut known = Known::default();
        known.learn(Class::Name, "Zelda O'Quill");
        check(
            "<div><p><b>Zelda</b> O&#39;Quill, A1c &lt; 7</p></div>",
            &known,
            &["Zelda", " O&#39;Quill"],
        );
        check(
            "<table><tr><td>MRN</td><td>778899</td></tr></table>",
            &known,
            &["778899"],
        );
        check(
            "<a href=\"https://h.example/zelda\" title=\"Zelda\">x</a>",
            &known,
            &["https://h.example/zelda", "Zelda"],
        );
        check(
            "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Zelda</p></div>",
            &known,
            &["Zelda"],
        );
        check(
            "<h:div title='Zelda' xmlns:h = 'http://www.w3.org/1999/xhtml' class='x'/>",
            &known,
            &["Zelda"],
        );
        check(
            "<div xmlns=\"http://www.w3.org/1999/xhtml/zelda\"><a href=\"http://www.w3.org/1999/xhtml\">x</a></div>",
            &known,
            &["http://www.w3.org/1999/xhtml/zelda", "http://www.w3.org/1999/xhtml"],
        );
        check("A1c <7 and > 5 [NAME_1KR]", &known, &["[NAME_1KR]"]);
        known.learn(Class::Name, "Jürgen Vandermolen");
        check(
            "<p>J&uuml;rgen came; Vander&shy;molen left</p>",
            &known,
            &["J&uuml;rgen", "Vander&shy;molen"],
        );
        check("<p>unclosed &amp; Zelda <", &known, &["Zelda"]);
    }
}
