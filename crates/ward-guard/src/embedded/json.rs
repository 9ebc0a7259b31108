//! FHIR resources inside text: JSON objects with a key `resourceType`.

use ward_formats::{
    Budget, Error, ErrorKind, Span,
    json::{JsonKind, Tree},
};

/// The key that makes an object a FHIR resource.
const KEY: &str = "resourceType";

/// How many times over the text may be looked at while brackets that turn out not to be JSON are tried.
const PASSES: usize = 16;

/// Brackets are too tangled to go on looking for JSON. What is left is prose, and may not speak like FHIR.
struct Spent;

/// What may stand between a key and its name, as people and programs write it.
const QUOTES: [&str; 9] = [
    "\"", "'", "&quot;", "&#34;", "&#x22;", "\u{201c}", "\u{201d}", "\u{2018}", "\u{2019}",
];

/// Where the FHIR resources of a text stand: the outermost objects with the key, in order.
///
/// # Errors
/// When the key stands where no whole JSON value is, or inside a JSON string, and when a value costs too much.
pub(super) fn resources(text: &str, budget: Budget) -> Result<Vec<Span>, Error> {
    let mut found = Vec::new();
    if !may_hold(text) {
        return Ok(found);
    }
    let bytes = text.as_bytes();
    let mut work = bytes.len().saturating_mul(PASSES).saturating_add(4096);
    // Up to where the text is known to be JSON, and from where it is not.
    let mut loose = 0;
    let mut at = 0;
    while let Some(start) = next_bracket(bytes, at) {
        let end = match end_of_value(bytes, start, budget.depth, &mut work) {
            Ok(Some(end)) => end,
            Ok(None) => {
                at = start + 1;
                continue;
            }
            Err(Spent) => break,
        };
        at = end;
        let value = text.get(start..end).unwrap_or_default();
        if !may_hold(value) {
            continue;
        }
        let Some(left) = work.checked_sub(value.len()) else {
            break;
        };
        work = left;
        match Tree::parse(value.as_bytes(), budget) {
            Ok(tree) => {
                refuse_mention(text, Span::new(loose, start))?;
                outermost(&tree, start, &mut found)?;
                loose = end;
            }
            Err(error) if error.kind() == ErrorKind::Budget => {
                return Err(Error::new(ErrorKind::Budget, error.what(), start + error.at()));
            }
            Err(_) => at = start + 1,
        }
    }
    refuse_mention(text, Span::new(loose, bytes.len()))?;
    Ok(found)
}

/// The outermost objects of a JSON value that have the key. `base` is where the value stands in the text.
fn outermost(tree: &Tree, base: usize, found: &mut Vec<Span>) -> Result<(), Error> {
    let mut done = 0;
    for node in tree.values() {
        let span = tree.outer(node);
        if span.start < done {
            continue;
        }
        match tree.kind(node) {
            // An object under the key is a schema that describes it.
            JsonKind::Object
                if tree
                    .get(node, KEY)
                    .is_some_and(|value| tree.kind(value) != JsonKind::Object) =>
            {
                found.push(Span::new(base + span.start, base + span.end));
                done = span.end;
            }
            JsonKind::String if tree.str(node).is_some_and(|text| mention(text).is_some()) => {
                return Err(Error::new(
                    ErrorKind::Malformed,
                    "a FHIR resource is written inside a JSON string; send the resource itself",
                    base + span.start,
                ));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Text that is not JSON must not speak like FHIR: it would be read as prose.
fn refuse_mention(text: &str, span: Span) -> Result<(), Error> {
    match mention(text.get(span.start..span.end).unwrap_or_default()) {
        None => Ok(()),
        Some(at) => Err(Error::new(
            ErrorKind::Malformed,
            "a key resourceType stands outside of whole JSON; mend the JSON or send the FHIR resource as a file",
            (span.start + at).min(span.end),
        )),
    }
}

/// Where the key is used as one: in quotes (or right after a brace) and followed by a colon or an equals sign.
fn mention(text: &str) -> Option<usize> {
    let plain = unescaped(text);
    let text = plain.as_deref().unwrap_or(text);
    text.match_indices(KEY).map(|(at, _)| at).find(|at| {
        let before = text.get(..*at).unwrap_or_default();
        let after = text.get(at + KEY.len()..).unwrap_or_default();
        let after = after.trim_start_matches('\\');
        let closed = QUOTES.iter().find_map(|quote| after.strip_prefix(quote));
        let quoted = closed.is_some() && QUOTES.iter().any(|quote| before.ends_with(quote));
        let bare = closed.is_none() && before.trim_end().ends_with('{');
        let rest = closed.unwrap_or(after).trim_start();
        (quoted || bare) && rest.starts_with([':', '='])
    })
}

/// Whether the key can be in the text at all, escapes seen through.
fn may_hold(text: &str) -> bool {
    text.contains(KEY) || unescaped(text).is_some_and(|text| text.contains(KEY))
}

/// The text with `\uXXXX` of ASCII characters read. `None` when there are none.
fn unescaped(text: &str) -> Option<String> {
    let mut plain: Option<String> = None;
    let mut copied = 0;
    for (at, _) in text.match_indices("\\u") {
        let code = text
            .get(at + 2..at + 6)
            .and_then(|hex| u32::from_str_radix(hex, 16).ok());
        if at >= copied
            && let Some(c) = code.and_then(char::from_u32).filter(char::is_ascii)
        {
            let plain = plain.get_or_insert_default();
            plain.push_str(text.get(copied..at).unwrap_or_default());
            plain.push(c);
            copied = at + 6;
        }
    }
    let mut plain = plain?;
    plain.push_str(text.get(copied..).unwrap_or_default());
    Some(plain)
}

fn next_bracket(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes.get(at..)?;
    Some(at + rest.iter().position(|b| matches!(b, b'{' | b'['))?)
}

/// One past the bracket that closes the one at `start`; `None` when that is not JSON. Strings are seen; the grammar
/// is left to the parser. What is read is taken off `work`.
fn end_of_value(bytes: &[u8], start: usize, depth: usize, work: &mut usize) -> Result<Option<usize>, Spent> {
    let mut open: Vec<u8> = Vec::new();
    let mut at = start;
    let mut in_string = false;
    let end = loop {
        let Some(b) = bytes.get(at) else {
            break None;
        };
        at += 1;
        match b {
            0..0x20 if in_string => break None,
            b'\\' if in_string => at += 1,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' if open.len() >= depth => break None,
            b'{' => open.push(b'}'),
            b'[' => open.push(b']'),
            b'}' | b']' => {
                if open.pop() != Some(*b) {
                    break None;
                }
                if open.is_empty() {
                    break Some(at);
                }
            }
            b' ' | b'\t' | b'\r' | b'\n' | b',' | b':' | b'-' | b'+' | b'.' | b'0'..=b'9' | b'E' => {}
            b'a' | b'e' | b'f' | b'l' | b'n' | b'r' | b's' | b't' | b'u' => {}
            _ => break None,
        }
    };
    *work = work.checked_sub(at - start).ok_or(Spent)?;
    Ok(end)
}
