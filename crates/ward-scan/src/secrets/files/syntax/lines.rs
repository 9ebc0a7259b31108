//! Lines of `key = value`, with sections and comments: ini files, properties, environment files, and their kin.

use std::ops::Range;

/// A line of a text: its place and its bytes, without the line end.
pub(crate) fn lines(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut at = 0;
    text.split(|byte| *byte == b'\n').map(move |line| {
        let start = at;
        at += line.len() + 1;
        (start, line.strip_suffix(b"\r").unwrap_or(line))
    })
}

/// A key and a value on one line.
pub(crate) struct Pair<'t> {
    /// The section above, without its brackets; empty where there is none.
    pub(crate) section: &'t [u8],
    /// The key, trimmed, without `export` and `set`.
    pub(crate) key: &'t [u8],
    /// The value, without quotes and trailing comments.
    pub(crate) value: Range<usize>,
}

impl Pair<'_> {
    /// Whether the key is one of `names`, in upper or lower case.
    pub(crate) fn is_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.key.eq_ignore_ascii_case(name.as_bytes()))
    }
}

/// What stands between key and value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Between {
    /// `=` or `:`.
    Sign,
    /// `=`, `:` or white space.
    SignOrSpace,
}

/// Calls `each` with every pair of `text`.
pub(crate) fn pairs<'t>(text: &'t [u8], between: Between, mut each: impl FnMut(&Pair<'t>)) {
    let mut section: &[u8] = b"";
    for (start, line) in lines(text) {
        let trimmed = line.trim_ascii();
        if let Some(inner) = trimmed.strip_prefix(b"[").and_then(|rest| rest.strip_suffix(b"]")) {
            section = inner;
            continue;
        }
        if trimmed.is_empty()
            || matches!(trimmed.first(), Some(b'#' | b';' | b'!'))
            || trimmed.starts_with(b"//")
            || trimmed.starts_with(b"--")
        {
            continue;
        }
        let mut from = line.len() - line.trim_ascii_start().len();
        for word in [
            &b"export "[..],
            b"set ",
            b"setenv ",
            b"declare -x ",
            b"SET ",
            b"ENV ",
            b"ARG ",
            b"env ",
            b"- ",
            b"$env:",
            b"local ",
            b"my_hdr ",
        ] {
            if line.get(from..).is_some_and(|rest| rest.starts_with(word)) {
                from += word.len();
                // `setenv NAME value`, `ENV NAME value`
                let rest = line.get(from..).unwrap_or_default();
                from += rest.len() - rest.trim_ascii_start().len();
            }
        }
        let spaced = between == Between::SignOrSpace
            || matches!(line.get(..from), Some(lead) if lead.trim_ascii().ends_with(b"env") || lead.trim_ascii().ends_with(b"ENV"));
        let body = line.get(from..).unwrap_or_default();
        let sign = body.iter().position(|byte| matches!(byte, b'=' | b':'));
        let space = body.iter().position(u8::is_ascii_whitespace);
        let cut = match (sign, space) {
            (Some(sign), Some(space)) if spaced && space < sign => {
                // `key = value` has a space before its sign, `key value=x` has not.
                if body.get(space..sign).is_some_and(|gap| gap.trim_ascii().is_empty()) {
                    sign
                } else {
                    space
                }
            }
            (Some(sign), _) => sign,
            (None, Some(space)) if spaced => space,
            _ => continue,
        };
        // Colons inside of keys (`//registry/:_token=`, `drive:key=`): the first `=` wins where there is one.
        let cut = match body.iter().position(|byte| *byte == b'=') {
            Some(equals)
                if body.get(cut) == Some(&b':')
                    && body.get(cut + 1).is_some_and(|next| !next.is_ascii_whitespace()) =>
            {
                equals
            }
            _ => cut,
        };
        let key = body.get(..cut).unwrap_or_default().trim_ascii();
        if key.is_empty() || key.len() > 256 {
            continue;
        }
        let lead = body.get(cut + 1..).unwrap_or_default();
        let skip = lead
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'>'))
            .count();
        let value_start = start + from + cut + 1 + skip;
        let value = unquoted(lead.get(skip..).unwrap_or_default());
        each(&Pair {
            section,
            key,
            value: value_start + value.start..value_start + value.end,
        });
    }
}

/// The part of a value that counts: inside its quotes, or up to a comment.
pub(crate) fn unquoted(value: &[u8]) -> Range<usize> {
    if let Some(&quote @ (b'"' | b'\'' | b'`')) = value.first() {
        let mut at = 1;
        while let Some(&byte) = value.get(at) {
            match byte {
                b'\\' if quote == b'"' => at += 2,
                _ if byte == quote => return 1..at,
                _ => at += 1,
            }
        }
    }
    let mut end = value.len();
    for mark in [&b" #"[..], b"\t#", b" ;", b" //"] {
        if let Some(at) = memchr::memmem::find(value.get(..end).unwrap_or_default(), mark) {
            end = at;
        }
    }
    let kept = value.get(..end).unwrap_or_default();
    0..kept.trim_ascii_end().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(between: Between, text: &str, expect: &[(&str, &str, &str)]) {
        let mut got = Vec::new();
        pairs(text.as_bytes(), between, |pair| {
            let word = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            got.push((
                word(pair.section),
                word(pair.key),
                word(&text.as_bytes()[pair.value.clone()]),
            ));
        });
        let got: Vec<(&str, &str, &str)> = got
            .iter()
            .map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str()))
            .collect();
        assert_eq!(got, expect, "{text}");
    }

    #[test]
    fn pairs_of_many_kinds() {
        check(
            Between::Sign,
            "[s]\r\na = 1\r\n# c=2\nexport B='x y' # z\nC: \"q\\\"r\"\n//host/:_t=v\nd=e=f==\nnothing here\nsetenv G h\n",
            &[
                ("s", "a", "1"),
                ("s", "B", "x y"),
                ("s", "C", "q\\\"r"),
                ("s", "d", "e=f=="),
                ("s", "G", "h"),
            ],
        );
        check(Between::Sign, "d=e=f==", &[("", "d", "e=f==")]);
        check(Between::Sign, "x//host/:_t=v", &[("", "x//host/:_t", "v")]);
        check(
            Between::SignOrSpace,
            "password hunter2\nuser = me\nset pass=\"a b\"\n",
            &[("", "password", "hunter2"), ("", "user", "me"), ("", "pass", "a b")],
        );
    }
}
