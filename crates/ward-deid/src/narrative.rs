//! Free text with XHTML markup: looked at as a reader sees it, replaced between the tags.

use std::ops::Range;

use ward_formats::Span;

use crate::{Class, Known, find};

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
    let mut found: Vec<(Span, Class)> = Vec::new();
    let mut plain = String::with_capacity(markup.len());
    let mut pieces: Vec<Piece> = Vec::new();
    let mut at = 0;
    while let Some(rest) = markup.get(at..).filter(|rest| !rest.is_empty()) {
        let start = plain.len();
        if let Some(len) = tag(rest) {
            let text = rest.get(..len).unwrap_or("");
            plain.push_str(spacing(text));
            for hit in find(text, known) {
                found.push((Span::new(at + hit.span.start, at + hit.span.end), hit.class));
            }
            at += len;
            continue;
        }
        let len = match reference(rest) {
            Some((c, len)) => {
                plain.push(c);
                len
            }
            None => {
                let first = rest.chars().next().map_or(1, char::len_utf8);
                let end = rest
                    .get(first..)
                    .and_then(|r| r.find(['<', '&']))
                    .map_or(rest.len(), |i| first + i);
                plain.push_str(rest.get(..end).unwrap_or(""));
                end
            }
        };
        pieces.push(Piece {
            plain: start..plain.len(),
            source: at..at + len,
        });
        at += len;
    }
    for hit in find(&plain, known) {
        let first = pieces.partition_point(|piece| piece.plain.end <= hit.span.start);
        for piece in pieces
            .iter()
            .skip(first)
            .take_while(|piece| piece.plain.start < hit.span.end)
        {
            let verbatim = piece.plain.len() == piece.source.len();
            let (from, to) = (hit.span.start.max(piece.plain.start), hit.span.end.min(piece.plain.end));
            let span = if verbatim {
                Span::new(
                    piece.source.start + from - piece.plain.start,
                    piece.source.start + to - piece.plain.start,
                )
            } else {
                Span::new(piece.source.start, piece.source.end)
            };
            match found.last_mut() {
                Some((last, class)) if last.end == span.start && *class == hit.class => last.end = span.end,
                _ if markup
                    .get(span.start..span.end)
                    .is_some_and(|text| text.trim().is_empty()) => {}
                _ => found.push((span, hit.class)),
            }
        }
    }
    // A form of placeholder may hide across references and tags: look at the source as it stands.
    for range in crate::lenient::candidates(markup) {
        let span = Span::new(range.start, range.end);
        found.retain(|(other, _)| other.end <= span.start || span.end <= other.start);
        found.push((span, Class::Text));
    }
    found.sort_by_key(|(span, _)| *span);
    found
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

/// The character reference that `text` begins with, and its length.
fn reference(text: &str) -> Option<(char, usize)> {
    let body = text.strip_prefix('&')?;
    let end = body.bytes().take(10).position(|b| b == b';')?;
    let name = body.get(..end)?;
    let c = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((c, end + 2))
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
        check("A1c <7 and > 5 [NAME_1KR]", &known, &["[NAME_1KR]"]);
        check("<p>unclosed &amp; Zelda <", &known, &["Zelda"]);
    }
}
