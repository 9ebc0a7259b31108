//! Edits that mend a call.

use ruff_python_ast::{Expr, ExprCall};
use ruff_text_size::{Ranged, TextRange, TextSize};

/// Where an argument can be added behind all others of a call, and the text for `argument` there: with a comma before it
/// where one is needed. None where that is not safe to say: after a generator without brackets of its own, and in a call
/// that does not end with its bracket.
pub(super) fn add_argument(source: &str, call: &ExprCall, argument: &str) -> Option<(TextRange, String)> {
    let list = call.arguments.range();
    let close = list.end().to_usize().checked_sub(1)?;
    let last = call.arguments.args.iter().map(Ranged::end);
    let last = last.chain(call.arguments.keywords.iter().map(Ranged::end)).max();
    let Some(last) = last else {
        let at = TextSize::try_from(close).ok()?;
        return (source.get(close..)?.starts_with(')')).then(|| (TextRange::empty(at), argument.to_owned()));
    };
    if let [Expr::Generator(generator)] = &*call.arguments.args
        && !generator.parenthesized
    {
        return None;
    }
    // Between the last argument and the end of the call stand brackets around the argument, a comma, and comments.
    let between = source.get(last.to_usize()..close)?;
    let mut at = last.to_usize();
    let mut comma = false;
    let mut in_comment = false;
    for (offset, c) in between.char_indices() {
        match c {
            '\n' | '\r' => in_comment = false,
            _ if in_comment || c.is_whitespace() => {}
            '#' => in_comment = true,
            ')' | ',' => {
                at = last.to_usize() + offset + 1;
                comma = c == ',';
            }
            _ => return None,
        }
    }
    source.get(close..)?.starts_with(')').then_some(())?;
    let text = if comma {
        format!(" {argument}")
    } else {
        format!(", {argument}")
    };
    Some((TextRange::empty(TextSize::try_from(at).ok()?), text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, expect: Option<&str>) {
        let parsed = ruff_python_parser::parse_expression(source).unwrap();
        let Expr::Call(call) = parsed.expr() else {
            panic!("no call")
        };
        let mended = add_argument(source, call, "a=1").map(|(range, text)| {
            let mut mended = source.to_owned();
            mended.replace_range(range.to_std_range(), &text);
            mended
        });
        assert_eq!(mended.as_deref(), expect);
    }

    #[test]
    fn arguments_are_added_behind_the_others() {
        check("f()", Some("f(a=1)"));
        check("f(x)", Some("f(x, a=1)"));
        check("f(x,)", Some("f(x, a=1)"));
        check("f((x))", Some("f((x), a=1)"));
        check(
            "f(\n  x, # why, (so)\n  y=2 # end\n)",
            Some("f(\n  x, # why, (so)\n  y=2, a=1 # end\n)"),
        );
        check("f(\n  x,\n)", Some("f(\n  x, a=1\n)"));
        check("f(i for i in x)", None);
        check("f((i for i in x))", Some("f((i for i in x), a=1)"));
        check("f(*a, **b)", Some("f(*a, **b, a=1)"));
    }
}
