//! HTML as it stands in Markdown: enough to read tables, items, paragraphs and links, and to set comments aside. Nothing here
//! fails: what is no tag is text.

pub(super) use ward_formats::html::{attribute, decoded};

/// A piece of HTML.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Text as written, entities and all; the offset is that of its first byte.
    Text(usize, &'a str),
    /// A tag that opens: its name in lower case, its inside.
    Open(usize, String, &'a str),
    /// A tag that closes.
    Close(usize, String),
    /// A comment: where it begins, where it ends, its inside.
    Comment(usize, usize, &'a str),
}

/// Most letters of a tag's name.
const MAX_NAME: usize = 20;

/// Cuts `source` into pieces; offsets are within it. Linear: nothing is looked at twice, save that one search for the end of a
/// comment or a tag which finds none is remembered.
pub(super) fn pieces(source: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let (mut at, mut text) = (0, 0);
    let (mut no_comment_end, mut no_tag_end) = (false, false);
    while let Some(next) = source.get(at..).and_then(|rest| rest.find('<')) {
        let start = at + next;
        let rest = source.get(start..).unwrap_or_default();
        if rest.starts_with("<!--") && !no_comment_end {
            if let Some(end) = rest.get(4..).and_then(|rest| rest.find("-->")) {
                put_text(source, text, start, &mut found);
                let inside = rest.get(4..4 + end).unwrap_or_default();
                at = start + 4 + end + 3;
                text = at;
                found.push(Piece::Comment(start, at, inside));
                continue;
            }
            no_comment_end = true;
        }
        let closes = rest.starts_with("</");
        let name_at = if closes { 2 } else { 1 };
        let name: String = rest
            .get(name_at..)
            .unwrap_or_default()
            .chars()
            .take(MAX_NAME)
            .take_while(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_ascii_lowercase();
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic());
        if is_name && !no_tag_end {
            if let Some(end) = tag_end(rest) {
                put_text(source, text, start, &mut found);
                let inside = rest.get(name_at + name.len()..end).unwrap_or_default();
                at = start + end + 1;
                text = at;
                found.push(if closes {
                    Piece::Close(start, name)
                } else {
                    Piece::Open(start, name, inside)
                });
                continue;
            }
            no_tag_end = true;
        }
        at = start + 1;
    }
    put_text(source, text, source.len(), &mut found);
    found
}

fn put_text<'a>(source: &'a str, from: usize, to: usize, into: &mut Vec<Piece<'a>>) {
    if let Some(text) = source.get(from..to).filter(|text| !text.is_empty()) {
        into.push(Piece::Text(from, text));
    }
}

/// Where the tag that `rest` begins with ends: the `>` that is in no quotes. Looks at 4,096 bytes at most.
fn tag_end(rest: &str) -> Option<usize> {
    let mut quote = None;
    for (at, b) in rest.bytes().enumerate().take(4096) {
        match (quote, b) {
            (None, b'>') => return Some(at),
            (None, b'"' | b'\'') => quote = Some(b),
            (Some(open), _) if open == b => quote = None,
            _ => {}
        }
    }
    // Unbalanced quotes: the first `>` will do.
    rest.bytes().take(4096).position(|b| b == b'>')
}

/// Whether a tag hides what it holds.
pub(super) fn hides(inside: &str) -> bool {
    let style: String = attribute(inside, "style")
        .unwrap_or_default()
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect();
    let style = style.to_ascii_lowercase();
    ["display:none", "visibility:hidden", "font-size:0", "opacity:0"]
        .iter()
        .any(|hidden| style.contains(hidden))
        || inside
            .split_ascii_whitespace()
            .any(|word| word.eq_ignore_ascii_case("hidden"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_put_together_are_the_source() {
        let source = "a <b>c</B> <!-- d --> < e <img alt='>'> <";
        let kinds: Vec<String> = pieces(source)
            .iter()
            .map(|piece| match piece {
                Piece::Text(_, text) => format!("t{text}"),
                Piece::Open(_, name, _) => format!("o{name}"),
                Piece::Close(_, name) => format!("c{name}"),
                Piece::Comment(_, _, text) => format!("!{text}"),
            })
            .collect();
        assert_eq!(kinds, ["ta ", "ob", "tc", "cb", "t ", "! d ", "t < e ", "oimg", "t <"]);
        assert!(hides(" style='Display: none'"));
    }
}
