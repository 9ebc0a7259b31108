//! YAML by its lines: keys, indentation, list items. Enough to know which key a scalar belongs to.

use std::ops::Range;

use super::{DEEPEST, Entry, lines};

/// Calls `each` with every scalar of `text` that stands on one line, its own or that of its key.
pub(crate) fn scalars<'t>(text: &'t [u8], mut each: impl FnMut(&Entry<'_, 't>)) {
    // Ancestors with their indentation.
    let mut above: Vec<(usize, &'t [u8])> = Vec::new();
    let mut keys: Vec<&'t [u8]> = Vec::new();
    // A block scalar: the indentation of its key, the key, and its line as long as it has one only.
    let mut block: Option<(usize, &'t [u8], Range<usize>)> = None;
    for (start, line) in lines::lines(text) {
        let trimmed = line.trim_ascii();
        let indent = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        if trimmed.is_empty() || trimmed.first() == Some(&b'#') {
            continue;
        }
        if let Some((of, _, line_of_it)) = &mut block
            && indent > *of
        {
            let end = start + line.trim_ascii_end().len();
            let first = line_of_it.start == usize::MAX;
            *line_of_it = if first { start + indent..end } else { 0..0 };
            continue;
        }
        give_block(block.take(), &keys, &mut each);
        let mut from = indent;
        // `- - key: value`
        let mut dashes = 0;
        while line.get(from) == Some(&b'-') && line.get(from + 1).is_none_or(u8::is_ascii_whitespace) && dashes < 8 {
            from += 1;
            from += line
                .get(from..)
                .unwrap_or_default()
                .iter()
                .take_while(|byte| **byte == b' ')
                .count();
            dashes += 1;
        }
        // Items of a list belong to the key at the same indentation.
        while above
            .last()
            .is_some_and(|(of, _)| *of >= from || dashes > 0 && *of > indent)
        {
            above.pop();
            keys.pop();
        }
        let body = line.get(from..).unwrap_or_default();
        let Some(colon) = colon(body) else {
            let value = lines::unquoted(body);
            if dashes > 0 && !value.is_empty() {
                let entry = Entry {
                    above: &keys,
                    key: b"",
                    value: start + from + value.start..start + from + value.end,
                };
                each(&entry);
            }
            continue;
        };
        let key = body.get(..colon).unwrap_or_default().trim_ascii();
        let key = key
            .strip_prefix(b"\"")
            .and_then(|rest| rest.strip_suffix(b"\""))
            .or_else(|| key.strip_prefix(b"'").and_then(|rest| rest.strip_suffix(b"'")))
            .unwrap_or(key);
        let after = body.get(colon + 1..).unwrap_or_default();
        let space = after.len() - after.trim_ascii_start().len();
        let rest = after.get(space..).unwrap_or_default();
        if rest.is_empty() || rest.first() == Some(&b'#') || rest.starts_with(b"&") && !rest.contains(&b' ') {
            if above.len() < DEEPEST {
                above.push((from, key));
                keys.push(key);
            }
            continue;
        }
        if matches!(rest.first(), Some(b'|' | b'>')) && rest.len() <= 4 {
            block = Some((from, key, usize::MAX..usize::MAX));
            continue;
        }
        // `!!str value`; other tags say that it is computed.
        let tag = if rest.starts_with(b"!!str ") { 6 } else { 0 };
        let value = lines::unquoted(rest.get(tag..).unwrap_or_default());
        let offset = start + from + colon + 1 + space + tag;
        let entry = Entry {
            above: &keys,
            key,
            value: offset + value.start..offset + value.end,
        };
        each(&entry);
    }
    give_block(block, &keys, &mut each);
}

/// Gives a block scalar that has one line, as a password has.
fn give_block<'t>(
    block: Option<(usize, &'t [u8], Range<usize>)>,
    above: &[&'t [u8]],
    each: &mut impl FnMut(&Entry<'_, 't>),
) {
    if let Some((_, key, value)) = block
        && value.end > value.start
    {
        each(&Entry { above, key, value });
    }
}

/// The colon behind the key: followed by a space or the line's end, not inside quotes.
fn colon(body: &[u8]) -> Option<usize> {
    let skip = match body.first() {
        Some(quote @ (b'"' | b'\'')) => memchr::memchr(*quote, body.get(1..)?)? + 2,
        _ => 0,
    };
    body.iter()
        .enumerate()
        .skip(skip)
        .find(|(at, byte)| **byte == b':' && body.get(at + 1).is_none_or(u8::is_ascii_whitespace))
        .map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_with_their_keys() {
        let text = b"one: >-\n  x\nz:\n  two: |\n    y \na: 1\nb:\n  c: 'x y' # z\n  d:\n    - e: 2\n      f: \"3\"\n    - g\nh: |\n  i: no\n  j\n\"k l\": http://x:1/\nm: !secret n\n";
        let mut got = Vec::new();
        scalars(text, |entry| {
            let above: Vec<String> = entry
                .above
                .iter()
                .map(|key| String::from_utf8_lossy(key).into_owned())
                .collect();
            got.push(format!(
                "{}|{}={}",
                above.join("/"),
                String::from_utf8_lossy(entry.key),
                String::from_utf8_lossy(&text[entry.value.clone()])
            ));
        });
        assert_eq!(
            got,
            [
                "|one=x",
                "z|two=y",
                "|a=1",
                "b|c=x y",
                "b/d|e=2",
                "b/d|f=3",
                "b/d|=g",
                "|k l=http://x:1/",
                "|m=!secret n"
            ]
        );
    }
}
