//! reStructuredText, AsciiDoc and plain text as Markdown, line for line: what stood on a line stands there afterwards, so that
//! places hold. Headings, lists, links, code, comments and simple tables are rewritten; what is not read is said.

use regex::Regex;
use std::{borrow::Cow, sync::LazyLock};

use super::{Aside, Markup};

/// A document in Markdown.
#[derive(Debug, Default)]
pub(super) struct Rewritten {
    pub(super) text: String,
    pub(super) not_read: Vec<(u32, &'static str)>,
    pub(super) comments: Vec<Aside>,
}

/// The document as Markdown; none when it is Markdown.
pub(super) fn as_markdown(markup: Markup, source: &str) -> Option<Rewritten> {
    let lines: Vec<&str> = source.lines().collect();
    let mut out = Rewritten {
        text: String::with_capacity(source.len() + source.len() / 8),
        ..Rewritten::default()
    };
    match markup {
        Markup::Markdown => return None,
        Markup::Rst => rst(&lines, &mut out),
        Markup::AsciiDoc => asciidoc(&lines, &mut out),
        Markup::Plain => plain(&lines, &mut out),
    }
    Some(out)
}

impl Rewritten {
    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn comment(&mut self, text: &str, at: usize) {
        let line = u32::try_from(at + 1).unwrap_or(u32::MAX);
        let text: String = text.trim().chars().take(500).collect();
        if !text.is_empty() {
            self.comments.push(Aside {
                text,
                line,
                last_line: line,
            });
        }
    }

    fn unread(&mut self, at: usize, why: &'static str) {
        if self.not_read.len() < 50 {
            self.not_read.push((u32::try_from(at + 1).unwrap_or(u32::MAX), why));
        }
    }
}

/// The sign that a line of reStructuredText which marks a heading is made of.
fn rule_of(line: &str) -> Option<u8> {
    let line = line.trim_end();
    let first = line.bytes().next().filter(|b| b"=-~^\"'`#*+.:_".contains(b))?;
    (line.len() >= 3 && line.bytes().all(|b| b == first)).then_some(first)
}

fn rst(lines: &[&str], out: &mut Rewritten) {
    static LINK: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"`([^`<>]+?)\s*<([^`<>\s]+)>`__?").ok());
    static ROLE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r":[a-z:+-]{2,20}:`([^`]+)`").ok());
    let mut levels: Vec<u8> = Vec::new();
    let (mut at, mut literal, mut columns): (usize, bool, Option<Vec<usize>>) = (0, false, None);
    while let Some(line) = lines.get(at).copied() {
        let blank = line.trim().is_empty();
        let indented = line.starts_with([' ', '\t']);
        if literal {
            if blank || indented {
                out.line(line);
                at += 1;
                continue;
            }
            literal = false;
        }
        // A grid: its rules vanish, its rows are rows already.
        if line.trim_start().starts_with("+-") && line.trim_end().ends_with('+') {
            let begins = !lines
                .get(at.wrapping_sub(1))
                .is_some_and(|before| before.trim_start().starts_with('|'));
            out.line(if begins { "" } else { "| |" });
            at += 1;
            continue;
        }
        if line.trim_start().starts_with("+=") && line.trim_end().ends_with('+') {
            let count = line.matches('+').count().saturating_sub(1).clamp(1, 32);
            out.line(&format!("|{}", "---|".repeat(count)));
            at += 1;
            continue;
        }
        // A simple table: `==== ====`.
        let is_simple = line.contains("= =") && line.trim().bytes().all(|b| matches!(b, b'=' | b' '));
        if is_simple {
            match &columns {
                None => {
                    let starts = line.char_indices().filter(|(at, c)| {
                        *c == '='
                            && at
                                .checked_sub(1)
                                .is_none_or(|before| line.as_bytes().get(before) == Some(&b' '))
                    });
                    columns = Some(starts.map(|(at, _)| at).take(32).collect());
                    out.line("");
                }
                Some(columns) if lines.get(at + 1).is_some_and(|next| !next.trim().is_empty()) => {
                    out.line(&format!("|{}", "---|".repeat(columns.len())));
                }
                Some(_) => {
                    columns = None;
                    out.line("");
                }
            }
            at += 1;
            continue;
        }
        if let Some(starts) = columns.as_ref().filter(|_| !blank) {
            let mut row = String::from("|");
            for (index, start) in starts.iter().enumerate() {
                let end = starts.get(index + 1).copied().unwrap_or(line.len()).min(line.len());
                row.push_str(line.get((*start).min(end)..end).unwrap_or_default().trim());
                row.push('|');
            }
            out.line(&row);
            at += 1;
            continue;
        }
        // A heading with a rule beneath, and perhaps one above.
        if let (Some(sign), true) = (
            rule_of(line),
            lines.get(at + 2).is_some_and(|next| rule_of(next) == rule_of(line)),
        ) && lines.get(at + 1).is_some_and(|title| !title.trim().is_empty())
        {
            out.line("");
            out.line(&heading(
                sign ^ 0x80,
                &mut levels,
                lines.get(at + 1).copied().unwrap_or_default(),
            ));
            out.line("");
            at += 3;
            continue;
        }
        if let Some(sign) = lines
            .get(at + 1)
            .and_then(|next| rule_of(next))
            .filter(|_| !blank && !indented && rule_of(line).is_none())
        {
            out.line(&heading(sign, &mut levels, line));
            out.line("");
            at += 2;
            continue;
        }
        let trimmed = line.trim_start();
        if let Some(rest) = trimmed
            .strip_prefix("..")
            .filter(|rest| rest.is_empty() || rest.starts_with(' '))
        {
            let rest = rest.trim();
            let directive = rest.split_once("::").map(|(name, _)| name);
            match directive {
                Some(
                    "note" | "warning" | "important" | "caution" | "tip" | "hint" | "attention" | "danger"
                    | "admonition",
                ) => {
                    let text = rest.split_once("::").map_or("", |(_, text)| text.trim());
                    out.line(text);
                    at += 1;
                    // What belongs to it is indented: it is text.
                    while let Some(next) = lines
                        .get(at)
                        .filter(|next| next.trim().is_empty() || next.starts_with([' ', '\t']))
                    {
                        out.line(next.trim_start());
                        at += 1;
                    }
                    continue;
                }
                Some("code-block" | "code" | "sourcecode" | "highlight" | "literalinclude") => literal = true,
                Some("list-table" | "csv-table" | "table") => {
                    out.unread(at, "a table of a directive");
                    literal = true;
                }
                Some("include") => out.unread(at, "a file that is included"),
                Some(_) => {}
                None if rest.starts_with('_') || rest.starts_with('[') || rest.starts_with('|') => {
                    // `.. _name: target`
                    let target = rest.strip_prefix('_').and_then(|rest| rest.split_once(": "));
                    out.line(&target.map_or_else(String::new, |(name, url)| {
                        format!("[{}]: {url}", name.trim_matches('`'))
                    }));
                    at += 1;
                    continue;
                }
                None => out.comment(rest, at),
            }
            out.line("");
            at += 1;
            continue;
        }
        let mut text = Cow::Borrowed(line);
        if let Some(before) = line.trim_end().strip_suffix("::") {
            literal = true;
            text = Cow::Owned(format!("{before}:"));
        }
        let text = match LINK.as_ref() {
            Some(link) => link.replace_all(&text, "[$1]($2)").into_owned(),
            None => text.into_owned(),
        };
        let text = match ROLE.as_ref() {
            Some(role) => role.replace_all(&text, "$1").into_owned(),
            None => text,
        };
        let text = match text.trim_start().strip_prefix("#. ") {
            Some(rest) => format!("{}1. {rest}", " ".repeat(text.len() - text.trim_start().len())),
            None => text,
        };
        out.line(&text);
        at += 1;
    }
}

/// A heading of reStructuredText: its level is the order in which its sign first came.
fn heading(sign: u8, levels: &mut Vec<u8>, title: &str) -> String {
    let known = levels.iter().position(|level| *level == sign);
    let level = known.unwrap_or_else(|| {
        levels.push(sign);
        levels.len() - 1
    });
    format!("{} {}", "#".repeat((level + 1).min(6)), title.trim())
}

fn asciidoc(lines: &[&str], out: &mut Rewritten) {
    static LINK: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?:link:|xref:|\b)((?:https?://|mailto:)?[^\s\[\]()<>]+)\[([^\]]*)\]").ok());
    let (mut fence, mut table): (Option<&str>, Option<usize>) = (None, None);
    for (at, line) in lines.iter().copied().enumerate() {
        let trimmed = line.trim();
        if let Some(end) = fence {
            if trimmed == end {
                fence = None;
                out.line(if end == "////" { "" } else { "~~~~~~~~" });
            } else if end == "////" {
                out.comment(line, at);
                out.line("");
            } else {
                out.line(line);
            }
            continue;
        }
        match trimmed {
            "----" | "...." | "```" | "++++" => {
                fence = Some(trimmed);
                out.line("~~~~~~~~");
                continue;
            }
            "////" => {
                fence = Some("////");
                out.line("");
                continue;
            }
            "|===" => {
                table = if table.is_some() { None } else { Some(0) };
                out.line("");
                continue;
            }
            "____" | "====" | "****" | "--" => {
                out.line("");
                continue;
            }
            _ => {}
        }
        if let Some(rows) = &mut table {
            if let Some(cells) = trimmed.strip_prefix('|') {
                if *rows == 0 && !lines.get(at + 1).is_some_and(|next| next.trim().is_empty()) {
                    out.unread(at, "a table whose head is not on a line of its own");
                }
                *rows += 1;
                let cells: Vec<&str> = cells.split('|').map(str::trim).take(32).collect();
                out.line(&format!("|{}|", cells.join("|")));
                if *rows == 1 {
                    *rows = cells.len() << 8 | 1;
                }
            } else if trimmed.is_empty() && *rows & 0xff == 1 {
                out.line(&format!("|{}", "---|".repeat((*rows >> 8).clamp(1, 32))));
                *rows += 1;
            } else {
                out.line(if trimmed.is_empty() { "| |" } else { trimmed });
            }
            continue;
        }
        if let Some(comment) = trimmed.strip_prefix("//") {
            out.comment(comment, at);
            out.line("");
            continue;
        }
        if (trimmed.starts_with(':')
            && trimmed.get(1..).is_some_and(|rest| rest.contains(':'))
            && !trimmed.contains(": :"))
            && trimmed
                .bytes()
                .skip(1)
                .take_while(|b| *b != b':')
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'!'))
            || (trimmed.starts_with('[') && trimmed.ends_with(']') && !trimmed.contains("]["))
        {
            out.line("");
            continue;
        }
        if trimmed.starts_with("include::") {
            out.unread(at, "a file that is included");
            out.line("");
            continue;
        }
        let signs = trimmed.bytes().take_while(|b| *b == b'=').count();
        let text = if (1..=6).contains(&signs) && trimmed.as_bytes().get(signs) == Some(&b' ') {
            format!(
                "{} {}",
                "#".repeat(signs),
                trimmed.get(signs..).unwrap_or_default().trim()
            )
        } else if let Some((depth, rest)) = marker(trimmed, b'*') {
            format!("{}- {rest}", "  ".repeat(depth - 1))
        } else if let Some((depth, rest)) = marker(trimmed, b'.') {
            format!("{}- {rest}", "  ".repeat(depth - 1))
        } else {
            line.to_owned()
        };
        let text = match LINK.as_ref() {
            Some(link) => link.replace_all(&text, "[$2]($1)").into_owned(),
            None => text,
        };
        out.line(&text);
    }
}

/// The depth of a list item of AsciiDoc (`** text`), at most six, and its words.
fn marker(line: &str, sign: u8) -> Option<(usize, &str)> {
    let depth = line.bytes().take_while(|b| *b == sign).count();
    let rest = line.get(depth..)?.strip_prefix(' ')?;
    (1..=6).contains(&depth).then_some((depth, rest))
}

/// Plain text: rules beneath words make headings, as in reStructuredText; nothing else is markup but lists, which are those of
/// Markdown.
fn plain(lines: &[&str], out: &mut Rewritten) {
    let mut levels = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at).copied() {
        if let Some(sign) = lines
            .get(at + 1)
            .and_then(|next| rule_of(next))
            .filter(|_| !line.trim().is_empty() && rule_of(line).is_none())
        {
            out.line(&heading(sign, &mut levels, line));
            out.line("");
            at += 2;
            continue;
        }
        let text = line.trim_start();
        let alone = at
            .checked_sub(1)
            .is_none_or(|before| lines.get(before).is_none_or(|line| line.trim().is_empty()))
            && lines.get(at + 1).is_some_and(|line| line.trim().is_empty());
        let shouts = text.len() <= 60
            && text.bytes().any(|b| b.is_ascii_uppercase())
            && !text.bytes().any(|b| b.is_ascii_lowercase());
        if alone && shouts && text.bytes().filter(u8::is_ascii_alphabetic).count() > 3 {
            out.line(&format!("## {text}"));
        } else if let Some(rest) = text
            .strip_prefix(['•', '*', '-', '·'])
            .filter(|rest| rest.starts_with([' ', '\t']))
        {
            out.line(&format!("- {}", rest.trim_start()));
        } else {
            out.line(text);
        }
        at += 1;
    }
}
