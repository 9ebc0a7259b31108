//! What literal strings say: B104 to B108.

use ruff_python_ast::{AnyNodeRef, Expr, ExprFString, FStringPart, InterpolatedStringElement, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange};
use ward_evidence::Severity::{Low, Medium};

use super::{
    sql,
    walk::{Call, Walk},
};

/// A string with its place: B104, B105, B108.
pub(super) fn check<'a>(walk: &mut Walk<'a>, text: &str, range: TextRange, over: TextRange) {
    if text == "0.0.0.0" {
        walk.report("B104", Medium, range, over);
    }
    if ["/tmp", "/var/tmp", "/dev/shm"]
        .iter()
        .any(|start| text.starts_with(start))
    {
        walk.report("B108", Medium, range, over);
    }
    if is_password(walk, text, range) {
        walk.report("B105", Low, range, over);
    }
}

/// B105: a string that is assigned to, or compared with, something called like a password.
fn is_password(walk: &Walk<'_>, text: &str, range: TextRange) -> bool {
    let string = |expr: &Expr| matches!(expr, Expr::StringLiteral(_));
    match walk.parent(0) {
        Some(AnyNodeRef::StmtAssign(assign)) => assign.targets.iter().any(|target| match target {
            Expr::Name(name) => is_password_name(name.id.as_str()),
            Expr::Attribute(attribute) => is_password_name(attribute.attr.as_str()),
            _ => false,
        }),
        Some(AnyNodeRef::ExprSubscript(_)) if is_password_name(text) => match walk.parent(1) {
            Some(AnyNodeRef::StmtAssign(assign)) => string(&assign.value),
            _ => false,
        },
        Some(AnyNodeRef::ExprDict(dict)) if is_password_name(text) => {
            let mut items = dict.items.iter();
            let item = items.find(|item| item.key.as_ref().is_some_and(|key| key.range() == range));
            item.is_some_and(|item| item.value.is_literal_expr())
        }
        Some(AnyNodeRef::ExprCompare(compare)) => {
            let named = match &*compare.left {
                Expr::Name(name) => is_password_name(name.id.as_str()),
                Expr::Attribute(attribute) => is_password_name(attribute.attr.as_str()),
                _ => false,
            };
            named && compare.comparators.first().is_some_and(string)
        }
        _ => false,
    }
}

/// B106: a literal string for an argument called like a password.
pub(super) fn password_argument<'a>(walk: &mut Walk<'a>, call: &Call<'a>) {
    let mut keywords = call.node.arguments.keywords.iter();
    let named = keywords.find(|keyword| {
        matches!(keyword.value, Expr::StringLiteral(_))
            && keyword.arg.as_ref().is_some_and(|name| is_password_name(name.as_str()))
    });
    if let Some(keyword) = named {
        walk.report("B106", Low, keyword.value.range(), call.node.range());
    }
}

/// B107: a parameter called like a password whose default is a literal string. Bandit counts the defaults of
/// positional-only parameters among those of the others, from the last.
pub(super) fn password_default<'a>(walk: &mut Walk<'a>, function: &'a StmtFunctionDef) {
    let parameters = &function.parameters;
    let defaults: Vec<&Expr> = parameters
        .posonlyargs
        .iter()
        .chain(&parameters.args)
        .filter_map(|one| one.default.as_deref())
        .collect();
    let without = parameters.args.len().saturating_sub(defaults.len());
    let mut pairs = parameters.args.iter().skip(without).zip(&defaults);
    let named = pairs.any(|(parameter, default)| {
        matches!(default, Expr::StringLiteral(_)) && is_password_name(parameter.name().as_str())
    });
    if named {
        let range = walk.lines_of(function.into());
        walk.report("B107", Low, range, range);
    }
}

/// Whether a word for a secret is the whole name, begins it, ends it, or stands in it, between underscores.
fn is_password_name(name: &str) -> bool {
    let lower = name.to_lowercase();
    // `pas+wo?r?d` and its kin hold underscores nowhere, so the parts between them can be looked at one by one. A name
    // is looked at only in its first part, its last, and those between.
    lower.split('_').any(is_password_word)
}

fn is_password_word(word: &str) -> bool {
    if matches!(word, "pass" | "passphrase" | "pwd" | "token" | "secret" | "secrete") {
        return true;
    }
    let Some(rest) = word.strip_prefix("pas") else {
        return false;
    };
    matches!(rest.trim_start_matches('s'), "wd" | "wod" | "wrd" | "word")
}

/// The parts of an f-string that are no interpolation, each as a string of its own: where the f-string begins.
pub(super) fn f_string<'a>(walk: &mut Walk<'a>, node: &'a ExprFString) {
    let over = node.range;
    let mut texts: Vec<String> = Vec::new();
    let mut open = false;
    let add = |text: &str, texts: &mut Vec<String>, open: &mut bool| {
        match texts.last_mut().filter(|_| *open) {
            Some(last) => last.push_str(text),
            None => texts.push(text.to_owned()),
        }
        *open = true;
    };
    for part in &node.value {
        match part {
            FStringPart::Literal(literal) => add(literal.as_str(), &mut texts, &mut open),
            FStringPart::FString(f_string) => {
                for element in &f_string.elements {
                    match element {
                        InterpolatedStringElement::Literal(literal) => add(literal, &mut texts, &mut open),
                        InterpolatedStringElement::Interpolation(inner) => {
                            if let Some(spec) = &inner.format_spec {
                                specification(walk, spec, f_string.range);
                            }
                            open = false;
                        }
                    }
                }
            }
        }
    }
    texts.retain(|text| !text.is_empty());
    for text in &texts {
        check_in_f_string(walk, text, over);
    }
    sql::f_string(walk, &texts, over);
}

fn specification(walk: &mut Walk<'_>, spec: &ruff_python_ast::InterpolatedStringFormatSpec, at: TextRange) {
    let texts: Vec<String> = spec
        .elements
        .iter()
        .filter_map(|element| match element {
            InterpolatedStringElement::Literal(literal) => Some(literal.to_string()),
            InterpolatedStringElement::Interpolation(_) => None,
        })
        .collect();
    for text in &texts {
        check_in_f_string(walk, text, at);
    }
    sql::f_string(walk, &texts, at);
}

fn check_in_f_string(walk: &mut Walk<'_>, text: &str, range: TextRange) {
    if text == "0.0.0.0" {
        walk.report("B104", Medium, range, range);
    }
    if ["/tmp", "/var/tmp", "/dev/shm"]
        .iter()
        .any(|start| text.starts_with(start))
    {
        walk.report("B108", Medium, range, range);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_passwords() {
        for name in [
            "password",
            "db_PWD",
            "my_pass_x",
            "token",
            "passswd",
            "pasword",
            "SECRET",
            "_pass",
            "pass_",
        ] {
            assert!(is_password_name(name), "{name}");
        }
        for name in [
            "mypassword",
            "passwordx",
            "passord",
            "tokens",
            "my password",
            "secrets",
            "paword",
            "passs",
        ] {
            assert!(!is_password_name(name), "{name}");
        }
    }
}
