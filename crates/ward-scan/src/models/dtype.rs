//! Types of NumPy's items as pickles have them. A type that says of objects that they are numbers makes NumPy take the bytes
//! of an array for addresses.
//!
//! Source: `arraydescr_reduce` and `arraydescr_setstate` in NumPy's `descriptor.c`: the state is `(version, byte order,
//! subtype, names, fields, size, alignment, flags)`.

use ward_evidence::Severity;
use ward_formats::pickle::{Id, Node, Values};

use super::later::{Wrong, class};

/// Types in types that are followed.
const DEEPEST: u8 = 16;
/// The flag of types whose items are counted references.
const COUNTED: i64 = 1;

const ADDRESSES: Wrong = Some((Severity::High, "its type makes NumPy take numbers for addresses"));

/// What is wrong with the state of a type of items, if `target` is one.
pub(super) fn state(values: &Values<'_>, target: Id, state: Id) -> Wrong {
    let code = code(values, target)?;
    let parts = values.items(state);
    let part = |n: usize| parts.get(n).copied();
    // States of other lengths are those of versions before 1.0.
    let flags = part(7).and_then(|id| values.int(id));
    let inside = fields(values, state);
    let objects = code.starts_with('O') || inside.iter().any(|(_, of)| holds_objects(values, *of, DEEPEST));
    if objects && flags.is_none_or(|flags| flags & COUNTED == 0) {
        return ADDRESSES;
    }
    let is_void = code.starts_with('V');
    let size = part(5).and_then(|id| values.int(id)).unwrap_or(-1);
    let has_fields = part(4).is_some_and(|id| !matches!(values.get(id), Node::None));
    if has_fields && !is_void {
        return Some((Severity::High, "its type is said to be a number and to have fields"));
    }
    for (offset, of) in inside {
        // A subtype's length is that of its items times its shape; what it holds is looked at above.
        let end = offset.zip(length(values, of)).map(|(at, len)| at.saturating_add(len));
        if is_void && has_fields && end.is_none_or(|end| end > size) || offset.is_some_and(|at| at < 0) {
            return ADDRESSES;
        }
    }
    None
}

/// What is wrong with `numpy.ndarray(shape, dtype, buffer, ..)`: an array over given bytes.
pub(super) fn array(values: &Values<'_>, args: &[Id]) -> Wrong {
    let objects = args.get(1).is_some_and(|of| {
        holds_objects(values, *of, DEEPEST)
            || values
                .text(*of)
                .is_some_and(|code| code.trim_start_matches(['|', '<', '>', '=']).starts_with('O'))
            || values
                .global(*of)
                .is_some_and(|global| global.name.ends_with("object") || global.name == "object_")
    });
    let buffer = args.get(2).is_some_and(|id| !matches!(values.get(*id), Node::None));
    match (buffer, objects) {
        (true, true) => ADDRESSES,
        (true, false) => Some((Severity::Medium, "it makes an array over bytes that it is given")),
        _ => None,
    }
}

/// The code of a type: `f8`, `V16`; `None` for what is none.
fn code(values: &Values<'_>, id: Id) -> Option<String> {
    let class = class(values, id)?;
    let known = match (class.module.as_str(), class.name.as_str()) {
        ("numpy", "dtype") => None,
        ("numpy.dtypes", "ObjectDType") => Some("O8"),
        ("numpy.dtypes", "VoidDType") => Some("V0"),
        ("numpy.dtypes", _) => Some("?"),
        _ => return None,
    };
    if let Some(known) = known {
        return Some(known.to_owned());
    }
    let first = values
        .called(id)
        .and_then(|called| values.items(called.args).first().copied())?;
    Some(match values.text(first) {
        Some(text) => text.trim_start_matches(['|', '<', '>', '=']).to_owned(),
        // A class of NumPy's for records, and classes of numbers.
        None => match values.global(first) {
            Some(global) if matches!(global.name.as_str(), "record" | "void") => "V0".to_owned(),
            Some(global) if global.name.starts_with("object") => "O8".to_owned(),
            Some(_) => "?".to_owned(),
            None => "O8".to_owned(),
        },
    })
}

/// The types inside a type, with their offsets: those of its fields, and its subtype's.
fn fields(values: &Values<'_>, state: Id) -> Vec<(Option<i64>, Id)> {
    let parts = values.items(state);
    let mut inside = Vec::new();
    if let Some(subtype) = parts.get(2).and_then(|id| values.items(*id).first()) {
        inside.push((None, *subtype));
    }
    if let Some(all) = parts.get(4) {
        for (_, field) in values.pairs(*all) {
            if let [of, offset, ..] = values.items(field) {
                inside.push((values.int(*offset), *of));
            }
        }
    }
    inside
}

fn holds_objects(values: &Values<'_>, id: Id, left: u8) -> bool {
    if left == 0 {
        return true;
    }
    let Some(code) = code(values, id) else { return false };
    let state = values.called(id).and_then(|called| called.state);
    code.starts_with('O')
        || state.is_some_and(|state| {
            fields(values, state)
                .iter()
                .any(|(_, of)| holds_objects(values, *of, left - 1))
        })
}

/// Bytes of an item.
fn length(values: &Values<'_>, id: Id) -> Option<i64> {
    let code = code(values, id)?;
    let state = values.called(id).and_then(|called| called.state);
    let said = state
        .and_then(|state| values.items(state).get(5).and_then(|id| values.int(*id)))
        .filter(|said| *said >= 0);
    if let Some(said) = said {
        return Some(said);
    }
    let (kind, digits) = code.split_at_checked(1)?;
    let digits: String = digits.chars().take_while(char::is_ascii_digit).collect();
    match (kind, digits.parse::<i64>()) {
        ("U", Ok(count)) => count.checked_mul(4),
        (_, Ok(count)) => Some(count),
        ("?" | "b" | "B", Err(_)) => Some(1),
        ("h" | "H" | "e", Err(_)) => Some(2),
        ("i" | "I" | "f", Err(_)) => Some(4),
        ("O" | "l" | "L" | "q" | "Q" | "d" | "F" | "M" | "m", Err(_)) => Some(8),
        ("g" | "D", Err(_)) => Some(16),
        ("G", Err(_)) => Some(32),
        _ => None,
    }
}
