//! Files, archives, errors that nobody sees, and text that hides its direction: B110, B112, B202, B506, B613.

use ruff_python_ast::{ExceptHandlerExceptHandler, Expr, Stmt};
use ruff_text_size::{TextRange, TextSize};
use ward_evidence::Severity::{High, Low, Medium};

use super::{
    values,
    walk::{Call, Walk},
};

/// The tests of this file that look at calls.
pub(super) fn call<'a>(walk: &mut Walk<'a>, call: &Call<'a>) {
    if call.last().contains("extractall") && walk.imported("tarfile") && !call.is("filter", "data") {
        let severity = match call.keyword("members") {
            None => High,
            Some(Expr::Call(_)) => Low,
            Some(_) => Medium,
        };
        walk.about("B202", severity, call);
    }
    if call.has_part("yaml") && call.last() == "load" && walk.imported("yaml") {
        let safe = |value: Option<values::Value<'_>>| {
            value.is_some_and(|value| value.is("SafeLoader") || value.is("CSafeLoader"))
        };
        if !safe(call.value("Loader")) && !safe(call.arg(1).and_then(values::argument)) {
            walk.about("B506", Medium, call);
        }
    }
}

/// B110 and B112: an error of any kind is caught, and nothing is done about it.
pub(super) fn swallowed(walk: &mut Walk<'_>, handler: &ExceptHandlerExceptHandler) {
    let any = match handler.type_.as_deref() {
        None => true,
        Some(Expr::Name(name)) => name.id.as_str() == "Exception",
        Some(_) => false,
    };
    let [only] = handler.body.as_slice() else { return };
    match only {
        Stmt::Pass(_) if any => walk.report("B110", Low, handler.range, handler.range),
        Stmt::Continue(_) if any => walk.report("B112", Low, handler.range, handler.range),
        _ => {}
    }
}

/// B613: the first character that changes the direction of what follows, anywhere in the file.
pub(super) fn hidden_direction(walk: &mut Walk<'_>) {
    let turns = |c: char| matches!(c, '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let Some(at) = walk.source.find(turns) else { return };
    let at = TextSize::try_from(at).unwrap_or_default();
    let range = TextRange::empty(at);
    walk.report("B613", High, range, range);
}
