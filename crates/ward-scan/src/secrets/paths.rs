//! Secrets in the names of files: found, and never shown.

use std::{collections::HashMap, ops::Range};

use ward_evidence::{Location, RuleMeta, Severity};

use super::{
    mask::mask,
    matcher::Matcher,
    rule::{META, Shape, Verdict},
};
use crate::{
    Found,
    report::{More, Value},
};

/// A token in the name of a file, a folder or a member of an archive.
pub static IN_NAME: RuleMeta = RuleMeta {
    id: "secrets/in-file-name",
    severity: Severity::High,
    summary: "The name of a file, a folder or a member of an archive holds a token.",
    docs: "Names travel further than contents: into listings, logs, addresses, reports and the index of every repository. The \
        report shows the path with the token masked.\n\n\
        Instead: have the token replaced where it was made, then rename the file. A history keeps the old name.",
    ..META
};

struct Token {
    span: Range<usize>,
    shown: usize,
    severity: Severity,
}

/// The tokens of providers in `text`, in order, none inside another. Only forms that stand for themselves: what is known by
/// a name beside it is no part of a path.
fn tokens(matcher: &Matcher, text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut take = |compiled: &super::matcher::Compiled, hit: super::matcher::Hit| {
        if !matches!(compiled.rule.shape, Shape::Token(_)) {
            return;
        }
        let severity = match hit.verdict {
            Verdict::Wrong => return,
            Verdict::Weaker(severity, _) => severity.min(IN_NAME.severity),
            Verdict::Plausible | Verdict::Proven => IN_NAME.severity,
        };
        tokens.push(Token {
            span: hit.span,
            shown: compiled.shown,
            severity,
        });
    };
    // Most names announce no token, and then nothing is kept of any rule.
    let mut progress = None;
    matcher.events(text.as_bytes(), |event, at| {
        if let super::matcher::Event::Rule(index) = event {
            let progress = progress.get_or_insert_with(|| matcher.start());
            matcher.rule(index, text.as_bytes(), at, progress, &mut take);
        }
    });
    if let Some(progress) = &mut progress {
        matcher.finish(text.as_bytes(), progress, &mut take);
    }
    tokens.sort_by_key(|token| (token.span.start, std::cmp::Reverse(token.span.end)));
    let mut end = 0;
    tokens.retain(|token| {
        let free = token.span.start >= end;
        end = end.max(token.span.end);
        free
    });
    tokens
}

/// `text` with every token replaced by its mask; none when it holds no token.
#[must_use]
pub fn masked(text: &str) -> Option<String> {
    let tokens = tokens(Matcher::for_little(), text);
    if tokens.is_empty() {
        return None;
    }
    let mut shown = String::new();
    let mut done = 0;
    for token in tokens {
        shown.push_str(text.get(done..token.span.start).unwrap_or_default());
        let value = text.as_bytes().get(token.span.clone()).unwrap_or_default();
        shown.push_str(&mask(value, token.shown));
        done = token.span.end;
    }
    shown.push_str(text.get(done..).unwrap_or_default());
    Some(shown)
}

/// Masks places; the many findings of one file have its name looked at once.
#[derive(Default)]
pub struct Places {
    known: HashMap<String, Option<String>>,
}

impl Places {
    /// Replaces the tokens in the path and the member of a place.
    pub fn mask(&mut self, place: &mut Location) {
        for name in [Some(&mut place.path), place.member.as_mut()].into_iter().flatten() {
            if !self.known.contains_key(name) {
                self.known.insert(name.clone(), masked(name));
            }
            if let Some(Some(shown)) = self.known.get(name) {
                name.clone_from(shown);
            }
        }
    }
}

/// The tokens in the innermost name of `place`, as findings. Each stands at the folder or file whose name holds it, so that
/// all that lies in one folder gives one finding. The path is not masked yet.
pub fn find(place: &Location) -> Vec<Found> {
    let text = place.member.as_deref().unwrap_or(&place.path);
    let found = |token: Token| {
        let value = text.as_bytes().get(token.span.clone()).unwrap_or_default();
        let rest = text.get(token.span.end..).unwrap_or_default();
        let end = token.span.end + rest.find(['/', '\\', '!']).unwrap_or(rest.len());
        let named = text.get(..end).unwrap_or(text).to_owned();
        let at = match place.member {
            Some(_) => Location {
                member: Some(named),
                ..Location::of_file(place.path.clone())
            },
            None => Location::of_file(named),
        };
        Found {
            rule: &IN_NAME,
            severity: token.severity,
            at,
            note: IN_NAME.summary.into(),
            details: vec![format!("value: {}", mask(value, token.shown))],
            value: Value::new(value),
            more: More::default(),
        }
    };
    tokens(Matcher::get(), text).into_iter().map(found).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::{matcher::SMALL, sample::Dice};

    #[test]
    fn tokens_are_found_in_names_and_masked() {
        let token = Dice::new(3).fill("AKIA<<b32:16>>").unwrap();
        let path = format!("keys/{token}.d/a/b.txt");
        let shown = masked(&path).unwrap();
        assert!(!shown.contains(&token[4..]) && shown.starts_with("keys/AKI****") && shown.ends_with(".d/a/b.txt"));
        let found = find(&Location::of_file(path));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].at.path, format!("keys/{token}.d"));
        let found = find(&Location::of_file("a.zip").inside(&format!("{token}.txt")));
        assert_eq!(found[0].at.member, Some(format!("{token}.txt")));
        assert_eq!(masked("src/secrets/rules/openai_token.rs"), None);
    }

    #[test]
    fn both_forms_find_the_same() {
        let token = Dice::new(3).fill("AKIA<<b32:16>>").unwrap();
        for text in [
            format!("keys/{token}.d/a/b.txt"),
            format!("{token}{token} {token}"),
            "src/secrets/rules/openai_token.rs: no token (CVE-2026-1, GHSA-aaaa-bbbb-cccc)".to_owned(),
            String::new(),
        ] {
            let found = |matcher| -> Vec<_> { tokens(matcher, &text).into_iter().map(|one| one.span).collect() };
            assert_eq!(found(Matcher::get()), found(&SMALL), "{text}");
        }
    }
}
