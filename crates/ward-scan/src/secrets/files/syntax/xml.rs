//! XML as configuration files use it: elements, attributes, text, CDATA.

use std::ops::Range;

use super::{DEEPEST, Entry};

/// What a value of an XML file is.
pub(crate) enum Node<'a, 't> {
    /// The text of an element: [`Entry::key`] is its name.
    Text(Entry<'a, 't>, &'a [(&'t [u8], Range<usize>)]),
    /// An attribute: [`Entry::key`] is its name, the last of [`Entry::above`] that of its element; with all
    /// attributes of it.
    Attribute(Entry<'a, 't>, &'a [(&'t [u8], Range<usize>)]),
}

/// Most attributes of an element that are looked at.
const ATTRIBUTES: usize = 64;

/// Calls `each` with every text and attribute of `text`.
pub(crate) fn nodes<'t>(text: &'t [u8], mut each: impl FnMut(&Node<'_, 't>)) {
    let mut above: Vec<&'t [u8]> = Vec::new();
    let mut attributes: Vec<(&'t [u8], Range<usize>)> = Vec::new();
    let mut depth = 0usize;
    let mut at = 0;
    // The element whose text comes next.
    let mut open = false;
    while let Some(found) = text.get(at..).and_then(|rest| memchr::memchr(b'<', rest)) {
        let tag = at + found;
        if open && depth <= DEEPEST {
            give_text(text, at..tag, &above, &attributes, &mut each);
        }
        let rest = text.get(tag..).unwrap_or_default();
        if rest.starts_with(b"<!--") {
            at = tag + memchr::memmem::find(rest, b"-->").map_or(rest.len(), |end| end + 3);
            continue;
        }
        if rest.starts_with(b"<![CDATA[") {
            let end = memchr::memmem::find(rest, b"]]>").unwrap_or(rest.len());
            if open && depth <= DEEPEST {
                give_text(text, tag + 9..tag + end.max(9), &above, &attributes, &mut each);
            }
            at = tag + (end + 3).min(rest.len());
            continue;
        }
        let end = tag_end(text, tag);
        let inside = tag + 1..end;
        at = end + 1;
        match text.get(tag + 1) {
            Some(b'?' | b'!') => {}
            Some(b'/') => {
                if depth > 0 && depth <= DEEPEST {
                    above.pop();
                }
                depth = depth.saturating_sub(1);
                open = false;
                attributes.clear();
            }
            _ => {
                let body = text.get(inside.clone()).unwrap_or_default();
                let length = body
                    .iter()
                    .take_while(|byte| !byte.is_ascii_whitespace() && **byte != b'/')
                    .count();
                let name = body.get(..length).unwrap_or_default();
                let closed = body.last() == Some(&b'/');
                attributes.clear();
                read_attributes(text, inside.start + length..inside.end, &mut attributes);
                depth += 1;
                if depth <= DEEPEST {
                    above.push(name);
                }
                for (key, value) in &attributes {
                    let entry = Entry {
                        above: &above,
                        key,
                        value: value.clone(),
                    };
                    each(&Node::Attribute(entry, &attributes));
                }
                open = true;
                if closed {
                    if depth <= DEEPEST {
                        above.pop();
                    }
                    depth -= 1;
                    open = false;
                }
            }
        }
    }
}

fn give_text<'t>(
    text: &'t [u8],
    span: Range<usize>,
    above: &[&'t [u8]],
    attributes: &[(&'t [u8], Range<usize>)],
    each: &mut impl FnMut(&Node<'_, 't>),
) {
    let content = text.get(span.clone()).unwrap_or_default();
    let trimmed = content.trim_ascii();
    let Some((key, above)) = above.split_last() else { return };
    if !trimmed.is_empty() {
        let start = span.start + content.len() - content.trim_ascii_start().len();
        let entry = Entry {
            above,
            key,
            value: start..start + trimmed.len(),
        };
        each(&Node::Text(entry, attributes));
    }
}

/// Where the tag that starts at `at` ends: at a `>` outside of quotes, or at the end of the text.
fn tag_end(text: &[u8], at: usize) -> usize {
    let mut quote = None;
    for (offset, &byte) in text.get(at..).unwrap_or_default().iter().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at + offset,
            // A tag that never ends was text.
            (None, b'<') if offset > 0 => return at + offset - 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    text.len()
}

fn read_attributes<'t>(text: &'t [u8], span: Range<usize>, out: &mut Vec<(&'t [u8], Range<usize>)>) {
    let mut at = span.start;
    while at < span.end && out.len() < ATTRIBUTES {
        let rest = text.get(at..span.end).unwrap_or_default();
        let Some(equals) = memchr::memchr(b'=', rest) else {
            return;
        };
        let name = rest.get(..equals).unwrap_or_default().trim_ascii();
        let name = name.rsplit(u8::is_ascii_whitespace).next().unwrap_or(name);
        let after = rest.get(equals + 1..).unwrap_or_default();
        let space = after.len() - after.trim_ascii_start().len();
        let start = at + equals + 1 + space;
        let Some(quote @ (b'"' | b'\'')) = text.get(start).copied() else {
            at = start.max(at + 1);
            continue;
        };
        let value = text.get(start + 1..span.end).unwrap_or_default();
        let length = memchr::memchr(quote, value).unwrap_or(value.len());
        out.push((name, start + 1..start + 1 + length));
        at = start + length + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_attributes() {
        let text = br#"<?xml?><a x="1" y='>2'><!-- <n>no</n> --><b>text</b><c z="3"/> <d><![CDATA[raw<]]></d></a>"#;
        let mut got = Vec::new();
        nodes(text, |node| {
            let (kind, entry) = match node {
                Node::Text(entry, _) => ("text", entry),
                Node::Attribute(entry, _) => ("attribute", entry),
            };
            let above: Vec<String> = entry
                .above
                .iter()
                .map(|key| String::from_utf8_lossy(key).into_owned())
                .collect();
            got.push(format!(
                "{kind} {}|{}={}",
                above.join("/"),
                String::from_utf8_lossy(entry.key),
                String::from_utf8_lossy(&text[entry.value.clone()])
            ));
        });
        assert_eq!(
            got,
            [
                "attribute a|x=1",
                "attribute a|y=>2",
                "text a|b=text",
                "attribute a/c|z=3",
                "text a|d=raw<"
            ]
        );
    }

    #[test]
    fn deep_and_broken_text_is_read_to_its_end() {
        nodes(&b"<a>".repeat(100_000), |_| {});
        nodes(&b"<a b='".repeat(1_000), |_| {});
        nodes(&b"</a><".repeat(1_000), |_| {});
        nodes(b"<", |_| {});
        nodes(b"<![CDATA[", |_| {});
    }
}
