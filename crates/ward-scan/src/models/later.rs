//! What a pickle hands over so that other code calls it later: factories, states, items, and functions as values.
//!
//! Each function says what is wrong, or `None`. Sources: Python's reference of `copyreg`, `functools`, `collections` and
//! `pickle`, and the `__setstate__` methods of SciPy and joblib.

use ward_evidence::Severity;
use ward_formats::pickle::{Called, Global, Id, Node, Values};

use super::{
    allow::{self, Use},
    gadgets::modern,
};

/// A severity and the reason for it.
pub(super) type Wrong = Option<(Severity, &'static str)>;

/// Longest bytes that are put together from their parts.
const LONGEST: usize = 64 << 20;

/// Methods of texts that take no format and run nothing of others.
const OF_TEXTS: &str = "split rsplit lower upper strip lstrip rstrip casefold title capitalize splitlines swapcase";

/// Names that are allowed because a call with the right arguments is harmless; as values they can be called with any.
pub(super) fn only_called(global: &Global) -> Wrong {
    match (modern(&global.module), global.name.as_str()) {
        ("builtins", "getattr") | ("copyreg", _) => Some((
            Severity::High,
            "is handed over as a value: what calls it may reach anything",
        )),
        ("operator", "itemgetter" | "attrgetter" | "methodcaller")
        | ("functools", "partial" | "reduce")
        | ("torch.storage", "_load_from_bytes")
        | ("torch._tensor", _)
        | ("numpy.random._pickle", "__generator_ctor" | "__randomstate_ctor")
        | ("collections", "ChainMap")
        | ("builtins", "map" | "filter") => Some((
            Severity::Medium,
            "is handed over as a value: nobody can tell what it is called with",
        )),
        (_, "_ufunc_reconstruct") => Some((Severity::High, "is handed over as a value: it imports by name")),
        ("dill._dill", _) => Some((
            Severity::Critical,
            "is handed over as a value: it calls what it is given",
        )),
        _ => None,
    }
}

/// True when `id` is a plain name that is known and harmless whatever it is called with.
fn safe_to_call(values: &Values<'_>, id: Id) -> bool {
    values
        .global(id)
        .is_some_and(|global| known(global).is_some() && only_called(global).is_none())
}

fn known(global: &Global) -> Option<Use> {
    if global.computed {
        return None;
    }
    allow::of(&global.module, &global.name)
}

/// The class of an instance.
pub(super) fn class<'v>(values: &'v Values<'_>, id: Id) -> Option<&'v Global> {
    let called = values.called(id)?;
    let global = values.global(called.callee)?;
    if modern(&global.module) == "copyreg" {
        return values
            .items(called.args)
            .first()
            .and_then(|class| values.global(*class));
    }
    Some(global)
}

/// `functools.partial(function, ...)`.
pub(super) fn partial(values: &Values<'_>, function: Option<Id>) -> Wrong {
    let Some(function) = function else {
        return Some((Severity::Medium, "it is given nothing that can be called"));
    };
    if safe_to_call(values, function) {
        return None;
    }
    if let Some(global) = values.global(function) {
        // An unknown name is judged as an import too.
        return only_called(global).or(Some((Severity::Medium, "it keeps a function that Ward does not know")));
    }
    Some((
        Severity::High,
        "the function it keeps is the result of something else, or none",
    ))
}

/// `collections.defaultdict(factory, ...)`.
pub(super) fn factory(values: &Values<'_>, factory: Option<Id>) -> Wrong {
    let factory = factory?;
    if matches!(values.get(factory), Node::None) {
        return None;
    }
    let of_dill = values
        .called(factory)
        .and_then(|called| type_of_dill(values, values.global(called.callee)?, values.items(called.args)));
    if let Some(global) = values.global(factory).or(of_dill.as_ref()) {
        let made = known(global) >= Some(Use::Make) && only_called(global).is_none();
        return (!made).then_some((Severity::Medium, "its factory is called whenever a key is missing"));
    }
    Some((
        Severity::High,
        "its factory is the result of something else, and is called whenever a key is missing",
    ))
}

/// `copyreg._reconstructor(class, base, state)`: `base.__new__` is called, and `base.__init__`.
pub(super) fn base(values: &Values<'_>, base: Option<Id>) -> Wrong {
    let base = base?;
    match values.global(base) {
        None => Some((Severity::High, "its base class is the result of something else")),
        Some(global)
            if modern(&global.module) == "builtins" && known(global) == Some(Use::Call) && global.name != "getattr" =>
        {
            None
        }
        Some(global) if known(global) >= Some(Use::Make) && only_called(global).is_none() => Some((
            Severity::Medium,
            "its base class is initialised with a state of its own",
        )),
        Some(_) => Some((Severity::High, "its base class is none that Ward knows")),
    }
}

/// What rebuilds NumPy's generators calls its last argument.
pub(super) fn generator(values: &Values<'_>, args: &[Id]) -> Wrong {
    let of_numpy = |id: &Id| {
        let global = values.global(*id).or_else(|| class(values, *id));
        global.is_some_and(|global| global.module.starts_with("numpy.random") && known(global).is_some())
    };
    let first = args.first().is_none_or(|id| values.text(*id).is_some() || of_numpy(id));
    let second = args
        .get(1)
        .is_none_or(|id| values.global(*id).is_some() && of_numpy(id));
    (!first || !second).then_some((Severity::High, "it calls what it is given"))
}

/// `dill._dill._create_array(function, arguments, state, attributes)`: an array as NumPy itself rebuilds it, or a call of anything.
pub(super) fn array_of_dill(values: &Values<'_>, args: &[Id]) -> Wrong {
    let is = |id: Id, modules: &[&str], name: &str| {
        let global = values.global(id).filter(|global| !global.computed);
        global.is_some_and(|global| modules.contains(&global.module.as_str()) && global.name == name)
    };
    let as_numpy = match *args {
        [function, of, state, attributes] => {
            is(
                function,
                &["numpy.core.multiarray", "numpy._core.multiarray"],
                "_reconstruct",
            ) && matches!(values.items(of), [class, _, _] if is(*class, &["numpy"], "ndarray"))
                && matches!(values.get(state), Node::Tuple(items) if items.len() == 5)
                && matches!(values.get(attributes), Node::None)
        }
        _ => false,
    };
    (!as_numpy).then_some((Severity::Critical, "it calls what it is given"))
}

/// `dill._dill._load_type("int")`: a type of Python by its name, where an instance of it may be made.
pub(super) fn type_of_dill(values: &Values<'_>, function: &Global, args: &[Id]) -> Option<Global> {
    let [name] = args else { return None };
    let class = Global {
        module: "builtins".to_owned(),
        name: values.text(*name)?,
        computed: false,
    };
    let of_dill = function.module == "dill._dill" && function.name == "_load_type" && !function.computed;
    (of_dill && known(&class) >= Some(Use::Make) && only_called(&class).is_none()).then_some(class)
}

/// True when `name` is a method of `str` that runs nothing of others: `getattr(str, "split")`.
pub(super) fn method_of_text(global: &Global, name: &str) -> bool {
    modern(&global.module) == "builtins"
        && matches!(global.name.as_str(), "str" | "unicode")
        && OF_TEXTS.split(' ').any(|one| one == name)
}

/// The bytes that an argument stands for, when they are written as a call: `_codecs.encode(text, "latin1")`,
/// `bytes([1, 2])`, `bytearray(...)`. `None` when nobody can tell.
pub(super) fn resolved(values: &Values<'_>, id: Id) -> Option<Vec<u8>> {
    let mut id = id;
    // Calls inside calls: `bytes(bytearray([...]))`.
    for _ in 0..8 {
        if let Some(bytes) = values
            .payload(id, LONGEST)
            .filter(|_| !matches!(values.get(id), Node::Str(_)))
        {
            return Some(bytes.into_owned());
        }
        if let Node::List(items) | Node::Tuple(items) = values.get(id) {
            let byte = |item: &Id| values.int(*item).and_then(|number| u8::try_from(number).ok());
            return items.iter().map(byte).collect();
        }
        let called = values.called(id)?;
        let global = values.global(called.callee)?;
        let args = values.items(called.args);
        let first = *args.first()?;
        match (modern(&global.module), global.name.as_str()) {
            ("_codecs", "encode") => {
                let codec = args.get(1).and_then(|id| values.text(*id)).unwrap_or_default();
                let text = String::from_utf8(values.payload(first, LONGEST)?.into_owned()).ok()?;
                let codec = codec.to_ascii_lowercase().replace(['-', '_', ' '], "");
                return match codec.as_str() {
                    "latin1" | "iso88591" | "l1" | "8859" | "cp819" => {
                        text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect()
                    }
                    "" | "utf8" | "ascii" | "usascii" => Some(text.into_bytes()),
                    _ => None,
                };
            }
            ("builtins", "bytes" | "bytearray") if args.len() == 1 => id = first,
            // Filled later, or given more than its items: nobody can tell.
            ("builtins", "list" | "tuple") | ("collections", "deque")
                if args.len() == 1 && called.items.is_empty() && called.state.is_none() =>
            {
                id = first;
            }
            _ => return None,
        }
    }
    None
}

/// What is wrong with giving `target` this state, whatever its class is allowed for. `again` when it has had one.
pub(super) fn state(values: &Values<'_>, target: Id, state: Id, again: bool) -> Wrong {
    let parts = match values.get(state) {
        Node::Tuple(items) if items.len() == 2 => items.clone(),
        _ => vec![state],
    };
    for part in &parts {
        for (key, value) in values.pairs(*part) {
            let Some(key) = values.text(key) else { continue };
            if key.starts_with("__") && key.ends_with("__") && !is_harmless_dunder(values, &key, value) {
                return Some((Severity::High, "it sets special attributes"));
            }
            // Python asks instances, not their classes, for these.
            if matches!(key.as_str(), "append" | "extend" | "add" | "keys" | "default_factory")
                && is_callable(values, value)
            {
                return Some((Severity::Medium, "it sets a method that Python calls"));
            }
        }
    }
    let class = class(values, target)?;
    let module = modern(&class.module);
    let name = class.name.as_str();
    if module.starts_with("scipy.stats")
        && (name.ends_with("_gen") || name.starts_with("rv_") && !name.ends_with("_frozen"))
        && let Some(wrong) = distribution(values, state)
    {
        return Some(wrong);
    }
    if module == "functools" && name == "partial" {
        let parts = values.items(state);
        if parts.len() != 4 {
            return Some((Severity::Medium, "it is no state of a partial function"));
        }
        return partial(values, parts.first().copied());
    }
    if name.ends_with("NDArrayWrapper") {
        let file = values.under(state, "filename").map(|id| values.text(id));
        let plain = file.is_some_and(|file| file.is_some_and(|file| is_plain_name(&file)));
        if !plain {
            return Some((Severity::High, "it loads a file outside its folder"));
        }
    }
    if matches!((module, name), ("types", "SimpleNamespace") | ("argparse", "Namespace"))
        && (values.pairs(state).any(|(_, value)| is_callable(values, value))
            || !matches!(values.get(state), Node::Dict(_)))
    {
        return Some((Severity::Medium, "it hides a function behind an attribute"));
    }
    again.then_some((
        Severity::Medium,
        "it had a state before, which may decide what the second one does",
    ))
}

/// SciPy's distributions run a text of their state as code. What SciPy writes there defines three functions that return
/// their arguments.
fn distribution(values: &Values<'_>, state: Id) -> Wrong {
    let Node::Dict(_) = values.get(state) else {
        return Some((Severity::Medium, "its class runs a text of its state as code"));
    };
    for (key, value) in values.pairs(state) {
        let Some(key) = values.text(key) else {
            return Some((Severity::High, "its class runs a text of its state as code"));
        };
        match key.as_str() {
            "_parse_arg_template" if !values.text(value).is_some_and(|text| is_template(&text)) => {
                return Some((Severity::Critical, "its class runs a text of its state as code"));
            }
            "_attach_methods" | "_attach_argparser_methods" | "_updated_ctor_param" => {
                return Some((Severity::High, "it sets a method that its class calls"));
            }
            _ => {}
        }
    }
    None
}

/// True for definitions of functions that return names: no call but `_argcheck_rvs`, no attribute but of `self`.
fn is_template(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_ ,()=.':".contains(c);
    text.lines().all(|line| {
        let shape = line.trim().is_empty() || line.starts_with("def _parse_args") || line.starts_with("    return ");
        let calls = line.match_indices('(').all(|(at, _)| {
            let before = line.get(..at).unwrap_or_default();
            [
                "_parse_args",
                "_parse_args_rvs",
                "_parse_args_stats",
                "_argcheck_rvs",
                "return ",
            ]
            .iter()
            .any(|name| before.ends_with(name))
        });
        let attributes = line
            .match_indices('.')
            .all(|(at, _)| line.get(..at).unwrap_or_default().ends_with("self"));
        shape && calls && attributes && line.chars().all(plain) && !line.contains("__")
    })
}

/// True for special attributes that only describe.
pub(super) fn is_harmless_dunder(values: &Values<'_>, key: &str, value: Id) -> bool {
    matches!(
        key,
        "__doc__" | "__name__" | "__qualname__" | "__module__" | "__annotations__" | "__orig_class__"
    ) && !is_callable(values, value)
}

/// True for the results of what makes functions.
pub(super) fn is_callable(values: &Values<'_>, id: Id) -> bool {
    values.called(id).is_some_and(|called: &Called| {
        values.global(called.callee).is_none_or(|global| {
            matches!(modern(&global.module), "functools" | "operator")
                || modern(&global.module) == "builtins" && global.name == "getattr"
        })
    })
}

/// True for the name of a file in the same folder.
fn is_plain_name(file: &str) -> bool {
    !file.is_empty() && !file.contains(['/', '\\', ':', '\0']) && file != ".."
}

/// What is wrong with adding items to `target`, which is no literal. `again` when it was given a state before.
pub(super) fn items(values: &Values<'_>, target: Id, again: bool) -> Wrong {
    let container = class(values, target).is_some_and(|class| {
        known(class).is_some()
            && matches!(
                class.name.rsplit('.').next().unwrap_or_default(),
                "list"
                    | "dict"
                    | "set"
                    | "bytearray"
                    | "OrderedDict"
                    | "defaultdict"
                    | "deque"
                    | "Counter"
                    | "Bunch"
                    | "AttributeDict"
                    | "FrozenList"
                    | "OptimizeResult"
                    | "_RichResult"
                    | "EvalResult"
                    | "dok_matrix"
                    | "dok_array"
            )
    });
    if container && !again {
        return None;
    }
    let builtin =
        class(values, target).is_some_and(|class| matches!(modern(&class.module), "builtins" | "collections"));
    (!container || !builtin).then_some((Severity::Medium, "nobody can tell what its method for that does"))
}
