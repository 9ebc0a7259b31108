//! Arrays in the files of joblib: their bytes stand between the opcodes, after the object that describes them.
//!
//! Source: `joblib/numpy_pickle.py`, `NumpyArrayWrapper.read_array`, of joblib 0.10 to 1.5.

use super::value::{Id, Node, Values};

/// What follows the description of an array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Payload {
    /// The array's bytes; with `aligned`, after one byte that says how many bytes of padding come first.
    Raw {
        /// Bytes.
        len: u64,
        /// Whether there is padding.
        aligned: bool,
    },
    /// A pickle, because the array holds objects.
    Pickle,
}

/// True when `target` is the object after whose `BUILD` joblib reads an array.
pub(crate) fn describes_array(values: &Values<'_>, target: Id) -> bool {
    values.callee(target).is_some_and(|global| {
        let of_joblib = matches!(
            global.module.as_str(),
            "joblib.numpy_pickle" | "sklearn.externals.joblib.numpy_pickle"
        );
        of_joblib && global.name == "NumpyArrayWrapper"
    })
}

/// What follows, by the wrapper's state.
pub(crate) fn payload(values: &Values<'_>, state: Id) -> Option<Payload> {
    let dtype = values.under(state, "dtype")?;
    if holds_objects(values, dtype) {
        return Some(Payload::Pickle);
    }
    let size = item_size(values, dtype)?;
    let shape = values.under(state, "shape")?;
    let mut count = 1u64;
    for dimension in values.items(shape) {
        count = count.checked_mul(u64::try_from(values.int(*dimension)?).ok()?)?;
    }
    let aligned = values
        .under(state, "numpy_array_alignment_bytes")
        .is_some_and(|id| values.int(id).is_some());
    Some(Payload::Raw {
        len: count.checked_mul(size)?,
        aligned,
    })
}

/// The text of `numpy.dtype("f8", False, True)`.
fn code(values: &Values<'_>, dtype: Id) -> Option<String> {
    let called = values.called(dtype)?;
    let global = values.global(called.callee)?;
    if global.name != "dtype" || global.module != "numpy" {
        return None;
    }
    values.items(called.args).first().and_then(|id| values.text(*id))
}

fn holds_objects(values: &Values<'_>, dtype: Id) -> bool {
    // A structure's fields stand in the state of its description: names to pairs of description and offset. A field may
    // be a structure again; pickles that go round in circles end at the depth of any real one.
    let mut todo = vec![(dtype, 0)];
    let mut looked = 0;
    while let Some((dtype, depth)) = todo.pop() {
        looked += 1;
        if depth > 16 || looked > 10_000 {
            return true;
        }
        if code(values, dtype).is_some_and(|code| code.trim_start_matches(['|', '<', '>', '=']).starts_with('O')) {
            return true;
        }
        let state = values.called(dtype).and_then(|called| called.state);
        let Some(state) = state else { continue };
        for part in values.items(state) {
            match values.get(*part) {
                Node::Dict(_) => {
                    let fields = values
                        .pairs(*part)
                        .filter_map(|(_, field)| values.items(field).first().copied());
                    todo.extend(fields.map(|field| (field, depth + 1)));
                }
                Node::Tuple(inner) => todo.extend(inner.first().map(|id| (*id, depth + 1))),
                _ => {}
            }
        }
    }
    false
}

/// Bytes of one item.
fn item_size(values: &Values<'_>, dtype: Id) -> Option<u64> {
    let code = code(values, dtype)?;
    let code = code.trim_start_matches(['|', '<', '>', '=']);
    let mut chars = code.chars();
    let kind = chars.next()?;
    let number = chars.as_str();
    let number: u64 = match number {
        "" => 1,
        digits => digits.parse().ok()?,
    };
    match kind {
        'b' | 'i' | 'u' | 'f' | 'c' | 'S' | 'V' | 'a' => Some(number),
        'U' => number.checked_mul(4),
        // Times are written without their size in front of the unit: 'M8'.
        'M' | 'm' => Some(8),
        _ => None,
    }
}
