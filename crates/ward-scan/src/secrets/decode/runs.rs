//! Text of documents, whose letters are cut into runs: WordprocessingML and DrawingML (`w:t`, `a:t`; ECMA-376), shared strings
//! of workbooks (`t` in `si`), OpenDocument (`text:p` with spans). A paragraph is handed on without its tags.

use super::{Budget, Piece};

/// How paragraphs begin and end.
const PARAGRAPHS: &[(&[u8], &[u8])] = &[
    (b"<w:p", b"</w:p>"),
    (b"<a:p", b"</a:p>"),
    (b"<si", b"</si>"),
    (b"<text:p", b"</text:p>"),
];
/// Longest paragraph with its tags.
const MOST: usize = 1 << 20;

/// Finds every paragraph that has more than one run.
pub(crate) fn pieces(text: &[u8], budget: &mut Budget, each: &mut dyn FnMut(Piece, &mut Budget)) {
    for (open, close) in PARAGRAPHS {
        let mut done = 0;
        for at in memchr::memmem::find_iter(text, open) {
            let named = text
                .get(at + open.len())
                .is_some_and(|byte| matches!(byte, b'>' | b' '));
            if at < done || !named {
                continue;
            }
            let rest = text.get(at..text.len().min(at + MOST)).unwrap_or_default();
            let Some(length) = memchr::memmem::find(rest, close) else {
                done = at + rest.len();
                continue;
            };
            done = at + length;
            let (said, runs) = without_tags(rest.get(..length).unwrap_or_default());
            if runs > 1 && budget.take(length) {
                each(
                    Piece {
                        span: at..at + length,
                        how: "runs of a document",
                        text: said,
                    },
                    budget,
                );
            }
        }
    }
}

/// What stands between tags, entities resolved, and in how many stretches.
fn without_tags(paragraph: &[u8]) -> (Vec<u8>, usize) {
    let (mut out, mut runs) = (Vec::new(), 0);
    for part in paragraph.split(|byte| *byte == b'<') {
        let Some(end) = memchr::memchr(b'>', part) else {
            continue;
        };
        let tag = part.get(..end).unwrap_or_default();
        if [&b"w:tab"[..], b"w:br", b"text:s", b"text:tab"]
            .iter()
            .any(|space| tag.strip_suffix(b"/") == Some(space))
        {
            out.push(b' ');
        }
        let said = part.get(end + 1..).unwrap_or_default();
        runs += usize::from(!said.is_empty());
        let mut rest = said;
        while let Some(at) = memchr::memchr(b'&', rest) {
            out.extend_from_slice(rest.get(..at).unwrap_or_default());
            rest = rest.get(at..).unwrap_or_default();
            let named = ENTITIES.iter().find(|(name, _)| rest.starts_with(name));
            let (length, byte) = named.map_or((1, b'&'), |(name, byte)| (name.len(), *byte));
            out.push(byte);
            rest = rest.get(length..).unwrap_or_default();
        }
        out.extend_from_slice(rest);
    }
    (out, runs)
}

const ENTITIES: &[(&[u8], u8)] = &[
    (b"&amp;", b'&'),
    (b"&lt;", b'<'),
    (b"&gt;", b'>'),
    (b"&quot;", b'"'),
    (b"&apos;", b'\''),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        super::super::tests::check(pieces, text, expect);
    }

    #[test]
    fn paragraphs_are_joined() {
        check(
            "<w:p><w:r><w:t>key: ab</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">cd &amp;</w:t></w:r></w:p><w:p><w:r><w:t>one</w:t></w:r></w:p>",
            &["key: abcd &"],
        );
        check("<si><r><t>ab</t></r><r><t>cd</t></r></si>", &["abcd"]);
        check(
            "<text:p text:style-name=\"P1\">ab<text:span>cd</text:span></text:p>",
            &["abcd"],
        );
        check("<w:pPr>x</w:pPr><w:p>never <w:t>closed", &[]);
    }
}
