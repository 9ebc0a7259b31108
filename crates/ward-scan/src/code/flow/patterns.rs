//! Regular expressions in conditions: whether one says anything of the text that fits it.

use regex_syntax::hir::{Class, Hir, HirKind, Look};
use ruff_python_ast::{Expr, ExprCall};

use crate::code::Ctx;

/// Longest pattern that is looked at.
const LONGEST: usize = 2_000;
/// From so many repetitions on, a part of a text is as long as anybody wants.
const MANY: u32 = 16;

/// Whether a call asks for a match with a pattern of the program that lets everything pass. False where the pattern is not
/// known, or is none that is understood here.
pub(super) fn lets_anything<'a>(ctx: &Ctx<'a>, call: &'a ExprCall, name: &str) -> bool {
    let end = match &*call.func {
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        Expr::Name(_) => name.rsplit('.').next().unwrap_or(name),
        _ => return false,
    };
    if !matches!(end, "fullmatch" | "match") {
        return false;
    }
    let pattern = if matches!(name, "re.fullmatch" | "re.match" | "regex.fullmatch" | "regex.match") {
        call.arguments.args.first()
    } else if let Expr::Attribute(attribute) = &*call.func
        && let Expr::Call(compiled) = ctx.behind(&attribute.value)
        && matches!(ctx.callee(compiled).as_deref(), Some("re.compile" | "regex.compile"))
    {
        compiled.arguments.args.first()
    } else {
        None
    };
    let pattern = pattern.and_then(|pattern| ctx.str(pattern));
    pattern.is_some_and(|pattern| is_open(&pattern, end == "fullmatch"))
}

/// Whether texts of nearly any kind fit: `.*`, `\\S+`, `(?s:.+)?`, and, where only the beginning has to fit, whatever does not
/// end with an end.
fn is_open(pattern: &str, whole: bool) -> bool {
    if pattern.len() > LONGEST {
        return false;
    }
    // Python writes `\\Z` where this parser has `\\z`.
    let pattern = pattern.replace("\\Z", "\\z");
    let Ok(hir) = regex_syntax::ParserBuilder::new()
        .nest_limit(50)
        .build()
        .parse(&pattern)
    else {
        return false;
    };
    let ends = hir.properties().look_set_suffix();
    let ended = whole || ends.contains(Look::End) || ends.contains(Look::EndLF);
    !ended || is_wide(&hir)
}

/// Whether a part may be long and of nearly any characters.
fn is_wide(hir: &Hir) -> bool {
    let mut open = vec![hir];
    while let Some(hir) = open.pop() {
        match hir.kind() {
            HirKind::Repetition(repetition) => {
                if repetition.max.is_none_or(|max| max >= MANY) && is_anything(&repetition.sub) {
                    return true;
                }
                open.push(&repetition.sub);
            }
            HirKind::Capture(capture) => open.push(&capture.sub),
            HirKind::Concat(parts) | HirKind::Alternation(parts) => open.extend(parts),
            _ => {}
        }
    }
    false
}

/// Whether one character may be any of those that end a command, a query, a path or a tag.
fn is_anything(hir: &Hir) -> bool {
    let mut hir = hir;
    while let HirKind::Capture(capture) = hir.kind() {
        hir = &capture.sub;
    }
    match hir.kind() {
        HirKind::Class(Class::Unicode(class)) => [';', '\'', '/', '<'].iter().all(|c| {
            let mut ranges = class.iter();
            ranges.any(|range| (range.start()..=range.end()).contains(c))
        }),
        HirKind::Alternation(parts) => parts.iter().any(is_anything),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_that_let_everything_pass_are_known() {
        for (pattern, whole, expect) in [
            (".*", true, true),
            ("(?s).+", true, true),
            ("[\\s\\S]*", true, true),
            ("^(.|\\n)*$", true, true),
            ("\\S+", true, true),
            ("[^x]{0,200}", true, true),
            ("ab.*", true, true),
            ("[a-z0-9_-]+", true, false),
            ("[^/;]+", true, false),
            ("v.{1,3}", true, false),
            ("\\d+", true, false),
            ("\\d+", false, true),
            ("^\\d+$", false, false),
            ("\\w+\\Z", false, false),
            ("(?=x).*", true, false),
            ("(", true, false),
        ] {
            assert_eq!(is_open(pattern, whole), expect, "{pattern}");
        }
    }
}
