//! Rust source as text to search: without comments, literals and, where wanted, tests.
//!
//! This is a lexer, not a parser: it knows where comments, strings and characters end, and where a braced item ends.
//! Lines stay where they are, so a line of the result is the same line of the source.

/// `source` with every comment and every string and character literal replaced by spaces.
pub(crate) fn mask(source: &str) -> String {
    let chars: Vec<char> = source.chars().collect();
    let mut out: Vec<char> = Vec::with_capacity(chars.len());
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let end = match c {
            '/' if chars.get(at + 1) == Some(&'/') => line_end(&chars, at),
            '/' if chars.get(at + 1) == Some(&'*') => comment_end(&chars, at),
            '"' => string_end(&chars, at),
            'r' if starts_word(&chars, at) => raw_string_end(&chars, at).unwrap_or(at),
            '\'' => char_end(&chars, at).unwrap_or(at),
            _ => at,
        };
        if end == at {
            out.push(c);
            at += 1;
        } else {
            let masked = chars.iter().skip(at).take(end - at);
            out.extend(masked.map(|&c| if c == '\n' { '\n' } else { ' ' }));
            at = end;
        }
    }
    out.into_iter().collect()
}

/// `masked` source with every item under `#[test]` or `#[cfg(test)]` replaced by spaces; with `#![cfg(test)]`, all.
pub(crate) fn without_tests(masked: &str) -> String {
    let blank = |text: &str| {
        text.chars()
            .map(|c| if c == '\n' { '\n' } else { ' ' })
            .collect::<String>()
    };
    if masked.contains("#![cfg(test)]") {
        return blank(masked);
    }
    let mut out = String::with_capacity(masked.len());
    let mut rest = masked;
    while let Some(start) = ["#[cfg(test)]", "#[test]", "#[cfg(all(test"]
        .iter()
        .filter_map(|mark| rest.find(mark))
        .min()
    {
        let (before, from) = rest.split_at(start);
        out.push_str(before);
        let (item, after) = from.split_at(item_end(from));
        out.push_str(&blank(item));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The byte after the item that begins with an attribute: after its closing brace, or after its semicolon.
fn item_end(text: &str) -> usize {
    let mut brackets = 0_i64;
    let mut braces = 0_i64;
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' => brackets += 1,
            ')' | ']' => brackets -= 1,
            '{' => braces += 1,
            '}' => {
                braces -= 1;
                if braces <= 0 && brackets <= 0 {
                    return at + 1;
                }
            }
            ';' if brackets <= 0 && braces <= 0 => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The lines on which `word` stands in `code` with no letter, digit or `_` right before or after it, from 1.
pub(crate) fn lines_with_word(code: &str, word: &str) -> Vec<usize> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut lines: Vec<usize> = code
        .match_indices(word)
        .filter(|(at, _)| {
            let (before, after) = (code.get(..*at), code.get(at + word.len()..));
            !before.is_some_and(|text| text.ends_with(is_part)) && !after.is_some_and(|text| text.starts_with(is_part))
        })
        .map(|(at, _)| 1 + code.get(..at).map_or(0, |text| text.matches('\n').count()))
        .collect();
    lines.dedup();
    lines
}

/// Every path that the `use` declarations of `code` name, written out, with its line: `use a::{b, c::d};` gives `a::b`
/// and `a::c::d`. A renamed path ends with ` as name`.
pub(crate) fn use_paths(code: &str) -> Vec<(usize, String)> {
    let mut paths = Vec::new();
    for (at, _) in code.match_indices("use ") {
        let before = code.get(..at).unwrap_or_default();
        let starts_item = before
            .trim_end()
            .chars()
            .next_back()
            .is_none_or(|c| matches!(c, ';' | '{' | '}' | ']' | ')'))
            || before.trim_end().ends_with("pub");
        let Some(tree) = code.get(at + "use ".len()..).and_then(|text| text.split(';').next()) else {
            continue;
        };
        if starts_item && before.ends_with(|c: char| c.is_whitespace() || matches!(c, ';' | '{' | '}')) || at == 0 {
            expand(tree, 1 + before.matches('\n').count(), &mut paths);
        }
    }
    paths
}

/// Writes out one use tree with an explicit stack of prefixes.
fn expand(tree: &str, first_line: usize, paths: &mut Vec<(usize, String)>) {
    let mut line = first_line;
    let mut prefixes = vec![String::new()];
    let mut word = String::new();
    for c in tree.chars().chain([',']) {
        match c {
            '{' => {
                let prefix = prefixes.last().cloned().unwrap_or_default();
                prefixes.push(prefix + &squeeze(&std::mem::take(&mut word)));
            }
            ',' | '}' => {
                let name = squeeze(&std::mem::take(&mut word));
                if !name.is_empty() {
                    paths.push((line, prefixes.last().cloned().unwrap_or_default() + &name));
                }
                if c == '}' && prefixes.len() > 1 {
                    prefixes.pop();
                }
            }
            '\n' => {
                line += 1;
                word.push(' ');
            }
            _ => word.push(c),
        }
    }
}

/// Without white space, except around `as`.
fn squeeze(path: &str) -> String {
    match path.split_once(" as ") {
        Some((path, name)) => format!("{} as {}", path.split_whitespace().collect::<String>(), name.trim()),
        None => path.split_whitespace().collect(),
    }
}

fn starts_word(chars: &[char], at: usize) -> bool {
    let is_part = |c: &char| c.is_alphanumeric() || *c == '_';
    let before = at.checked_sub(1).and_then(|at| chars.get(at));
    match before {
        Some('b' | 'c') => {
            let earlier = at.checked_sub(2).and_then(|at| chars.get(at));
            !earlier.is_some_and(is_part)
        }
        other => !other.is_some_and(is_part),
    }
}

fn line_end(chars: &[char], at: usize) -> usize {
    chars
        .iter()
        .skip(at)
        .position(|&c| c == '\n')
        .map_or(chars.len(), |length| at + length)
}

fn comment_end(chars: &[char], start: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = start;
    while at < chars.len() {
        match (chars.get(at), chars.get(at + 1)) {
            (Some('/'), Some('*')) => {
                depth += 1;
                at += 2;
            }
            (Some('*'), Some('/')) => {
                depth = depth.saturating_sub(1);
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    chars.len()
}

fn string_end(chars: &[char], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(c) = chars.get(at) {
        match c {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    chars.len()
}

/// The end of `r"..."` or `r##"..."##`; none for a raw identifier or a plain word.
fn raw_string_end(chars: &[char], start: usize) -> Option<usize> {
    let hashes = chars.iter().skip(start + 1).take_while(|&&c| c == '#').count();
    let open = start + 1 + hashes;
    if chars.get(open) != Some(&'"') {
        return None;
    }
    let mut at = open + 1;
    while let Some(c) = chars.get(at) {
        at += 1;
        if *c == '"' && chars.iter().skip(at).take(hashes).filter(|&&c| c == '#').count() == hashes {
            return Some(at + hashes);
        }
    }
    Some(chars.len())
}

/// The end of a character literal; none for a lifetime.
fn char_end(chars: &[char], start: usize) -> Option<usize> {
    match chars.get(start + 1)? {
        '\\' => {
            let close = chars.iter().skip(start + 3).position(|&c| c == '\'')?;
            Some(start + 3 + close + 1)
        }
        _ => (chars.get(start + 2) == Some(&'\'')).then_some(start + 3),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_mask(source: &str, expect: &str) {
        let masked = mask(source);
        assert_eq!(
            masked.split_whitespace().collect::<Vec<_>>().join(" "),
            expect,
            "{source}"
        );
        assert_eq!(masked.matches('\n').count(), source.matches('\n').count());
    }

    #[test]
    fn comments_and_literals_are_masked() {
        check_mask("a // unsafe\nb", "a b");
        check_mask("a /* x /* y */ z */ b", "a b");
        check_mask(r#"a("x \" y", 'z', '\'', '\u{1f}')"#, "a( , , , )");
        check_mask("a(r\"x\\\", r#\"y \" z\"#, br##\"\"# q\"##)", "a( , , b )");
        check_mask(
            "fn a<'a>(x: &'a str, r#use: u8) {}",
            "fn a<'a>(x: &'a str, r#use: u8) {}",
        );
        check_mask("for r in 0..9 { b'\"'; b\"x\" }", "for r in 0..9 { b ; b }");
        check_mask("var\"x\"", "var");
        check_mask("\"unfinished", "");
        check_mask("/* unfinished", "");
        check_mask("'", "'");
        check_mask("r###", "r###");
        check_mask("'\\", "'\\");
    }

    #[track_caller]
    fn check_tests(source: &str, expect: &str) {
        let kept = without_tests(&mask(source));
        assert_eq!(
            kept.split_whitespace().collect::<Vec<_>>().join(" "),
            expect,
            "{source}"
        );
    }

    #[test]
    fn tests_are_taken_out() {
        check_tests(
            "fn a() {}\n#[cfg(test)]\nmod tests { fn b() { if x {} } }\nfn c() {}",
            "fn a() {} fn c() {}",
        );
        check_tests("#[cfg(test)] use x::{y, z};\nfn c() {}", "; fn c() {}");
        check_tests("#[cfg(test)] mod tests;\nfn c() {}", "fn c() {}");
        check_tests("#[test] fn a(b: [u8; 3]) -> [u8; 2] { \"}\"; } fn c() {}", "fn c() {}");
        check_tests("#![cfg(test)]\nfn a() {}", "");
        check_tests("#[cfg(not(test))] fn a() {}", "#[cfg(not(test))] fn a() {}");
        check_tests("#[cfg(test)] mod unfinished {", "");
    }

    #[test]
    fn words_are_whole() {
        assert_eq!(
            lines_with_word("unsafe_code\nunsafe {}\nnot_unsafe unsafe", "unsafe"),
            [2, 3]
        );
        assert_eq!(lines_with_word("std::fs::read; std::fst", "std::fs"), [1]);
        assert_eq!(lines_with_word("", "x"), [0; 0]);
    }

    #[track_caller]
    fn check_uses(code: &str, expect: &[(usize, &str)]) {
        let paths = use_paths(code);
        let paths: Vec<(usize, &str)> = paths.iter().map(|(line, path)| (*line, path.as_str())).collect();
        assert_eq!(paths, expect, "{code}");
    }

    #[test]
    fn use_trees_are_written_out() {
        check_uses("use std::fs;", &[(1, "std::fs")]);
        check_uses(
            "x;\npub(crate) use std::{fmt,\n env::{self, var}, io as i};",
            &[
                (2, "std::fmt"),
                (3, "std::env::self"),
                (3, "std::env::var"),
                (3, "std::io as i"),
            ],
        );
        check_uses("fn a() { use a::b; }", &[(1, "a::b")]);
        check_uses("pub use a::*;", &[(1, "a::*")]);
        check_uses("let reuse = 1; because use of", &[]);
    }
}
