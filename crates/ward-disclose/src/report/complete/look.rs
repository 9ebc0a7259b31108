//! What a report shows without a label: each says on which line, and why.

use super::{
    super::Report,
    text::{Text, has_words},
    words,
};

pub(super) fn kind(title: &str, text: &Text) -> Option<String> {
    let cwe = |line: &str| {
        line.split("cwe-")
            .nth(1)
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    if words::of("kinds").iter().any(|kind| has_words(title, kind)) || cwe(title) {
        return Some("the title names a kind of fault".to_owned());
    }
    if let Some((number, _)) = text.prose().find(|(_, line)| cwe(line)) {
        return Some(format!("line {number} names a CWE"));
    }
    text.phrase(words::of("kinds"))
        .map(|line| format!("line {line} names a kind of fault"))
}

/// A number like 1.2 or v3 near a word for versions, 1.2.3 anywhere, or a commit.
pub(super) fn version(text: &Text) -> Option<String> {
    for (number, line) in text.prose() {
        let near = ["version", "release", "tag", "v"]
            .iter()
            .any(|word| has_words(line, word))
            || line.contains("==")
            || line.contains('@');
        for word in line.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '`' | '"' | '\'')) {
            let word = word.trim_end_matches(['.', ':', '!', '?']);
            let bare = word.rsplit(['=', '@', '<', '>', '~', '^', '-']).next().unwrap_or(word);
            let digits = bare.trim_start_matches('v');
            let dots = digits.split('.').count();
            let numeric = digits
                .split('.')
                .next()
                .is_some_and(|first| !first.is_empty() && first.bytes().all(|b| b.is_ascii_digit()))
                && digits
                    .split('.')
                    .all(|part| part.starts_with(|c: char| c.is_ascii_digit()));
            // Four numbers may be an address; three with a year in front are a date, which `-` would divide.
            if numeric && ((3..=3).contains(&dots) || (dots == 2 && (near || bare.starts_with('v')))) {
                return Some(format!("line {number} holds what looks like a version"));
            }
            let hash = (7..=40).contains(&word.len())
                && word.bytes().all(|b| b.is_ascii_hexdigit())
                && word.bytes().any(|b| b.is_ascii_digit());
            if hash && (has_words(line, "commit") || has_words(line, "revision") || word.len() == 40) {
                return Some(format!("line {number} names a commit"));
            }
        }
        if [
            "latest release",
            "latest version",
            "main branch",
            "master branch",
            "current master",
            "current main",
            "latest main",
            "all versions",
        ]
        .iter()
        .any(|phrase| line.contains(phrase))
        {
            return Some(format!("line {number} says which state was tried"));
        }
    }
    None
}

/// A path with an ending of a file, a route, a function of a module.
pub(super) fn path(text: &Text) -> Option<String> {
    for (number, (line, _)) in (1..).zip(&text.lines) {
        for word in line.split(|c: char| {
            c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '`' | '"' | '\'' | '<' | '>' | '[' | ']')
        }) {
            let word = word.trim_end_matches(['.', ':', '!', '?']);
            let bare = word.split(['#', '?']).next().unwrap_or(word);
            let file = bare.split(':').next().unwrap_or(bare);
            let named = words::of("endings")
                .iter()
                .any(|end| file.len() > end.len() && file.ends_with(end))
                && !file.contains("://");
            let route =
                bare.starts_with('/') && bare.len() > 3 && bare.matches('/').count() >= 2 && !bare.starts_with("//");
            let module = bare.contains("::") && bare.len() > 5;
            if named || route || module {
                return Some(format!("line {number} names a file, an address or a function"));
            }
        }
    }
    None
}

pub(super) fn steps(text: &Text) -> Option<String> {
    let mut expected = 1_u32;
    let mut first = 0;
    for (number, line) in text.prose() {
        let line = line.trim_start();
        let end = line.find(|c: char| !c.is_ascii_digit()).unwrap_or(0);
        let marked = line
            .get(end..)
            .is_some_and(|rest| rest.starts_with('.') || rest.starts_with(')'));
        let count = line.get(..end).and_then(|digits| digits.parse::<u32>().ok());
        let step = line
            .strip_prefix("step ")
            .and_then(|rest| rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok());
        match count.filter(|_| marked).or(step) {
            Some(n) if n == expected => {
                if n == 1 {
                    first = number;
                }
                expected += 1;
            }
            Some(1) => (first, expected) = (number, 2),
            _ => {}
        }
        if expected > 2 {
            return Some(format!("numbered steps from line {first} on"));
        }
    }
    text.phrase(&[
        "to reproduce",
        "reproduce this",
        "reproduce it",
        "can be reproduced",
        "reproduced by",
        "steps to",
    ])
    .map(|line| format!("line {line} says how to reproduce it"))
}

pub(super) fn proof(report: &Report, text: &Text) -> Option<String> {
    if !report.parts.is_empty() {
        return Some(format!("{} attachments came with it", report.parts.len()));
    }
    if let Some(at) = text.lines.iter().position(|(_, code)| *code) {
        return Some(format!("code on line {}", at + 1));
    }
    for (number, line) in text.prose() {
        let trimmed = line.trim_start();
        let typed = [
            "curl ",
            "$ ",
            "> ",
            "wget ",
            "python ",
            "python3 ",
            "import ",
            "get /",
            "post /",
            "put /",
            "traceback (most recent call last)",
            "panicked at",
            "segmentation fault",
            "==error:",
        ];
        if typed.iter().any(|start| trimmed.starts_with(start)) || trimmed.contains("stack trace") {
            return Some(format!("line {number} looks like a command, a request or a trace"));
        }
    }
    text.phrase(&["proof of concept", "proof-of-concept", "poc"])
        .map(|line| format!("line {line} speaks of a proof of concept"))
}

pub(super) fn contact(report: &Report, text: &Text) -> Option<String> {
    if report
        .contact
        .as_deref()
        .is_some_and(|contact| !contact.trim().is_empty())
    {
        return Some("an address to answer to came with it".to_owned());
    }
    let address = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        word.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty()
                && host.contains('.')
                && !host.contains('@')
                && !host.ends_with("example.com")
                && host.split('.').all(|part| !part.is_empty())
        })
    };
    let (number, _) = text.prose().find(|(_, line)| {
        line.split_whitespace().any(address) || line.contains("signal.me/") || line.contains("matrix.to/")
    })?;
    Some(format!("an address on line {number}"))
}
