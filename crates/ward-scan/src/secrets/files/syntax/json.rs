//! JSON with the liberties that editors take: comments, trailing commas, single quotes.

use super::{DEEPEST, Entry};

/// Calls `each` with every string value of `text`.
pub(crate) fn strings<'t>(text: &'t [u8], mut each: impl FnMut(&Entry<'_, 't>)) {
    let mut above: Vec<&'t [u8]> = Vec::new();
    let mut depth = 0usize;
    let mut key: &'t [u8] = b"";
    let mut at = 0;
    // Whether the next string is a value: after a colon, or in a list.
    let mut value_next = false;
    // One bit per level: an object (`false`) or a list (`true`), for the levels that are remembered.
    let mut lists: Vec<bool> = Vec::new();
    while let Some(&byte) = text.get(at) {
        match byte {
            b'"' | b'\'' => {
                let end = string_end(text, at + 1, byte);
                let span = at + 1..end;
                at = end + 1;
                if value_next {
                    let entry = Entry {
                        above: &above,
                        key,
                        value: span,
                    };
                    each(&entry);
                    value_next = lists.last().copied().unwrap_or(false);
                } else {
                    key = text.get(span).unwrap_or_default();
                }
                continue;
            }
            b':' => value_next = true,
            b',' => {
                value_next = lists.last().copied().unwrap_or(false);
                if !value_next {
                    key = b"";
                }
            }
            b'{' | b'[' => {
                depth += 1;
                if depth <= DEEPEST {
                    above.push(key);
                    lists.push(byte == b'[');
                }
                value_next = byte == b'[';
                if byte == b'{' {
                    key = b"";
                }
            }
            b'}' | b']' => {
                if depth > 0 && depth <= DEEPEST {
                    above.pop();
                    lists.pop();
                }
                depth = depth.saturating_sub(1);
                value_next = false;
                key = b"";
            }
            b'/' if text.get(at + 1) == Some(&b'/') => {
                at += memchr::memchr(b'\n', text.get(at..).unwrap_or_default()).unwrap_or(text.len() - at);
                continue;
            }
            b'/' if text.get(at + 1) == Some(&b'*') => {
                let rest = text.get(at + 2..).unwrap_or_default();
                at += 2 + memchr::memmem::find(rest, b"*/").map_or(rest.len(), |end| end + 2);
                continue;
            }
            _ => {}
        }
        at += 1;
    }
}

/// Where the string that starts at `at` ends: at its quote, or at the line's end when that is missing.
fn string_end(text: &[u8], mut at: usize, quote: u8) -> usize {
    while let Some(&byte) = text.get(at) {
        match byte {
            b'\\' => at += 1,
            b'\n' => return at,
            _ if byte == quote => return at,
            _ => {}
        }
        at += 1;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_with_their_keys() {
        let text = br#"{ // c "x": "y"
            "a": "1", "b": {"c": ["2", "3",], /* "no": "no" */ 'd': '4"'}, "e": 5, "f": "6\"7",}"#;
        let mut got = Vec::new();
        strings(text, |entry| {
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
        assert_eq!(got, ["|a=1", "/b/c|c=2", "/b/c|c=3", "/b|d=4\"", "|f=6\\\"7"]);
    }

    #[test]
    fn deep_and_broken_text_is_read_to_its_end() {
        strings(&b"[".repeat(100_000), |_| {});
        strings(&b"]}\"".repeat(1_000), |_| {});
        let mut count = 0;
        let text = format!("{}\"x\"{}", "[".repeat(200), "]".repeat(200));
        strings(text.as_bytes(), |_| count += 1);
        assert_eq!(count, 1);
    }
}
