//! What stands before a finding on its line, so that people recognise the place, without anything that could be a secret.

use ward_evidence::Location;

use crate::report::Caret;

/// The lines of one text.
pub(crate) struct Lines<'a> {
    text: &'a [u8],
    /// Offsets of line starts, found as far as they were asked for.
    starts: Vec<usize>,
}

/// Most of a line that is looked at: minified files have lines of megabytes.
const MAX_LINE: usize = 4_000;
/// Most characters that are shown.
const MAX_SHOWN: usize = 100;
/// What stands for something that is not shown.
const HIDDEN: &str = "…";

impl<'a> Lines<'a> {
    pub(crate) fn of(text: &'a [u8]) -> Self {
        Self { text, starts: vec![0] }
    }

    /// The line (from 1) without its end.
    fn line(&mut self, number: u32) -> Option<&'a [u8]> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        while self.starts.len() <= index {
            let last = self.starts.last().copied().unwrap_or_default();
            let next = memchr::memchr(b'\n', self.text.get(last..)?)?;
            self.starts.push(last + next + 1);
        }
        let rest = self.text.get(*self.starts.get(index)?..)?;
        let rest = rest.get(..MAX_LINE).unwrap_or(rest);
        let end = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        rest.get(..end)
    }

    /// What of `shown`, the line at a place without the blanks around it, is meant: from the place's column on, as far as
    /// its span goes on this line. None where something is hidden before it, since then nobody can say.
    pub(crate) fn caret(&mut self, at: &Location, shown: &str) -> Option<Caret> {
        let (number, column) = (at.line?, at.column?);
        let line = self.line(number)?;
        let line = String::from_utf8_lossy(line);
        let blanks = line.chars().take_while(|c| c.is_whitespace()).count();
        let start = usize::try_from(column).ok()?.checked_sub(1)?.checked_sub(blanks)?;
        let mut rest = line.chars().skip(blanks);
        let mut visible = shown.chars();
        if !rest.by_ref().take(start).eq(visible.by_ref().take(start)) {
            return None;
        }
        let bytes = at.span.map_or(0, |span| span.end.saturating_sub(span.start));
        let mut left = usize::try_from(bytes).ok()?;
        let meant = rest.zip(visible).take_while(|(c, other)| {
            let goes_on = left > 0 && c == other;
            left = left.saturating_sub(c.len_utf8());
            goes_on
        });
        let len = meant.count().max(1);
        (start < shown.chars().count()).then_some(Caret { start, len })
    }

    /// The words that stand before `value` on a line. None where the value does not stand there as it is (it was decoded,
    /// or goes over several lines): then nothing can be shown for certain.
    pub(crate) fn excerpt(&mut self, line: u32, value: &[u8], others: &[&[u8]]) -> Option<String> {
        let line = self.line(line)?;
        if value.is_empty() {
            return None;
        }
        let at = memchr::memmem::find(line, value)?;
        let mut before = String::from_utf8_lossy(line.get(..at)?).into_owned();
        for other in others.iter().filter(|other| !other.is_empty()) {
            if let Ok(other) = std::str::from_utf8(other) {
                before = before.replace(other, HIDDEN);
            }
        }
        let shown = words_only(before.trim_start());
        let skip = shown.chars().count().saturating_sub(MAX_SHOWN);
        let tail: String = shown.chars().skip(skip).collect();
        let lead = if skip > 0 { HIDDEN } else { "" };
        Some(format!("{lead}{tail}{HIDDEN}"))
    }
}

/// Where the value stood that an excerpt ends before.
pub(crate) fn caret_of_hidden(shown: &str) -> Option<Caret> {
    let start = shown.strip_suffix(HIDDEN)?.chars().count();
    Some(Caret { start, len: 1 })
}

/// Keeps names and punctuation; what has a digit and is longer than a few characters, or is longer than any name, could
/// be a secret that no rule knows.
fn words_only(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    let flush = |word: &mut String, out: &mut String| {
        let length = word.chars().count();
        let suspicious = length > 32 || length >= 6 && word.chars().any(|c| c.is_ascii_digit());
        out.push_str(if suspicious { HIDDEN } else { word });
        word.clear();
    };
    for c in text.chars() {
        if c.is_alphanumeric() || matches!(c, '+' | '/' | '_' | '-' | '.' | '~' | '%' | '$') {
            word.push(c);
        } else {
            flush(&mut word, &mut out);
            if !c.is_control() {
                out.push(c);
            }
        }
    }
    flush(&mut word, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, line: u32, value: &str, expect: Option<&str>) {
        let mut lines = Lines::of(text.as_bytes());
        let shown = lines.excerpt(line, value.as_bytes(), &[value.as_bytes(), b"topsecret"]);
        assert_eq!(shown.as_deref(), expect);
    }

    #[test]
    fn carets_stand_under_what_is_meant() {
        #[track_caller]
        fn check(text: &str, column: u32, span: (u64, u64), shown: &str, expect: Option<(usize, usize)>) {
            let at = Location::of_file("a").at(1, column).over(span.0, span.1);
            let caret = Lines::of(text.as_bytes()).caret(&at, shown);
            assert_eq!(caret.map(|caret| (caret.start, caret.len)), expect);
        }
        check("  a = f(é)\n", 7, (6, 11), "a = f(é)", Some((4, 4)));
        check("a(\n  1)", 1, (0, 7), "a(", Some((0, 2)));
        check("k = 'secret'; f()", 15, (14, 17), "k = '…'; f()", None);
        check("f('secret')", 1, (0, 11), "f('…')", Some((0, 3)));
        check("f()", 9, (8, 9), "f()", None);
        check("    f()", 2, (1, 2), "f()", None);
        assert_eq!(caret_of_hidden("a = …"), Some(Caret { start: 4, len: 1 }));
    }

    #[test]
    fn only_words_before_the_value_are_shown() {
        check("a\n  API_KEY = \"v4lue\" # rest\n", 2, "v4lue", Some("API_KEY = \"…"));
        check("a\r\nuser=x1y2z3w4 pass=v4lue\r\n", 2, "v4lue", Some("user=… pass=…"));
        check("topsecret,v4lue", 1, "v4lue", Some("…,…"));
        check("a\nb\n", 2, "v4lue", None);
        check("a\nb\n", 9, "v4lue", None);
        check("a", 0, "a", None);
        let long = format!("{}v4lue", "name ".repeat(60));
        check(&long, 1, "v4lue", Some(&format!("…{}…", "name ".repeat(20))));
    }
}
