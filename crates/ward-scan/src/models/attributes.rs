//! Attributes that a pickle sets or hands over by name, and lengths that it asks for.
//!
//! Python asks objects for attributes by name in many places: `pickle` for `__setstate__`, `dict` for `keys`, destructors
//! for what they free. Who sets such a name decides what is called.

use ward_evidence::Severity;
use ward_formats::pickle::{Id, Node, Values};

use super::{
    gadgets::modern,
    later::{Wrong, class, is_callable, is_harmless_dunder},
};

/// Beginnings of the names of methods that write or read files, run code or commands, or call what they are given.
const REACHING: &[&str] = &[
    "to_",
    "from_",
    "read",
    "write",
    "load",
    "save",
    "dump",
    "open",
    "exec",
    "eval",
    "query",
    "apply",
    "map",
    "pipe",
    "agg",
    "transform_",
    "tofile",
    "plot",
    "hist",
    "boxplot",
    "export",
    "compile",
    "register",
    "hook",
    "call",
    "run",
    "spawn",
    "start",
    "system",
    "import",
    "assign",
    "groupby",
    "rolling",
    "resample",
    "style",
    "memmap",
    "unlink",
    "remove",
    "rename",
    "set_",
    "_set",
    "add_",
    "_load",
    "_save",
    "_open",
    "_exec",
    "_eval",
];

/// What is wrong with a method of a framework's object that is handed over as a value: what calls it is not known.
pub(super) fn reaching_method(name: &str) -> Wrong {
    let lower = name.to_ascii_lowercase();
    // Members of enumerations and classes in classes begin with a capital, and are no methods.
    let is_method = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
    (is_method && REACHING.iter().any(|start| lower.starts_with(start))).then_some((
        Severity::High,
        "it hands over a method that reaches for files or runs what it is given",
    ))
}

/// What is wrong with the keys of a dictionary whose entries become attributes.
pub(super) fn keys(values: &Values<'_>, dict: Id) -> Wrong {
    for (key, value) in values.pairs(dict) {
        match values.text(key) {
            Some(key) if key.starts_with("__") && key.ends_with("__") && !is_harmless_dunder(values, &key, value) => {
                return Some((Severity::High, "it sets special attributes"));
            }
            Some(key)
                if matches!(key.as_str(), "append" | "extend" | "add" | "keys" | "default_factory")
                    && is_callable(values, value) =>
            {
                return Some((Severity::Medium, "it sets a method that Python calls"));
            }
            None if is_computed(values, key) => {
                return Some((Severity::Medium, "it sets an attribute whose name is computed"));
            }
            _ => {}
        }
    }
    None
}

/// The same, for a dictionary among the parts of a state.
pub(super) fn parts(values: &Values<'_>, state: Id) -> Wrong {
    keys(values, state).or_else(|| values.items(state).iter().find_map(|part| keys(values, *part)))
}

/// True for what is a name only when it is loaded.
fn is_computed(values: &Values<'_>, key: Id) -> bool {
    match values.get(key) {
        Node::Persistent(_) | Node::Extension(_) => true,
        Node::Called(_) => {
            let of = class(values, key).or_else(|| values.called(key).and_then(|called| values.global(called.callee)));
            // Keys of other types are data: numbers of NumPy, members of enumerations, times.
            of.is_none_or(|of| {
                matches!(
                    modern(&of.module),
                    "builtins" | "_codecs" | "operator" | "functools" | "collections"
                ) || of.name.contains("str")
            })
        }
        _ => false,
    }
}

/// What is wrong with the items of an object whose items are its attributes.
pub(super) fn items(values: &Values<'_>, target: Id) -> Wrong {
    let class = class(values, target)?;
    let name = class.name.rsplit('.').next().unwrap_or_default();
    matches!(
        name,
        "Bunch" | "AttributeDict" | "OptimizeResult" | "_RichResult" | "DictConfig"
    )
    .then(|| keys(values, target))
    .flatten()
}

/// What is wrong with the state of an object, by what its class does with it.
pub(super) fn state(values: &Values<'_>, target: Id, state: Id) -> Wrong {
    let class = class(values, target)?;
    let module = modern(&class.module);
    if (module, class.name.as_str()) == ("logging", "getLogger") {
        return Some((Severity::High, "it changes a logger of the whole program"));
    }
    let parts: Vec<Id> = match values.items(state) {
        items if items.len() == 2 => items.to_vec(),
        _ => vec![state],
    };
    for (key, value) in parts.iter().flat_map(|part| values.pairs(*part)) {
        let Some(key) = values.text(key) else {
            if is_computed(values, key) {
                return Some((Severity::Medium, "it sets an attribute whose name is computed"));
            }
            continue;
        };
        // Libraries free what these point to when the object goes.
        let is_handle = matches!(key.as_str(), "handle" | "_handle" | "_Booster__handle" | "_qhull");
        if is_handle && matches!(values.get(value), Node::Int(_) | Node::Long(_) | Node::Number) {
            return Some((Severity::High, "it sets an address of memory, which is freed later"));
        }
    }
    None
}

/// Most items or bytes that a container may be asked to make without having them.
const MOST: i64 = 1 << 30;

/// What is wrong with making a container from a number or a range: it can ask for all memory there is.
pub(super) fn too_much(values: &Values<'_>, args: &[Id]) -> Wrong {
    let first = *args.first()?;
    let huge = match values.get(first) {
        Node::Int(count) => *count > MOST,
        Node::Long(_) => true,
        Node::Called(called) => {
            let of = values.global(called.callee)?;
            let name = of.name.as_str();
            match modern(&of.module) {
                "builtins" if matches!(name, "range" | "xrange") => {
                    let ends: Vec<i64> = values
                        .items(called.args)
                        .iter()
                        .map(|id| values.int(*id).unwrap_or(i64::MAX))
                        .collect();
                    let (from, to) = match ends.as_slice() {
                        [to] => (0, *to),
                        [from, to, ..] => (*from, *to),
                        [] => (0, 0),
                    };
                    to.saturating_sub(from).saturating_abs() > MOST / 8
                }
                "ipaddress" => name.ends_with("Network"),
                _ => false,
            }
        }
        _ => false,
    };
    huge.then_some((Severity::Medium, "it asks for more memory than a model needs"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_that_reach_are_told_from_others() {
        for (name, expect) in [
            ("to_pickle", true),
            ("query", true),
            ("tofile", true),
            ("predict", false),
            ("rvs", false),
            ("lower", false),
            ("LOAD", false),
            ("_call_linear", false),
        ] {
            assert_eq!(reaching_method(name).is_some(), expect, "{name}");
        }
    }
}
