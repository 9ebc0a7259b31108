//! Calls of names that are harmless only with the right arguments.

use ward_evidence::Severity;
use ward_formats::pickle::{Called, Global, Id, Node, Sniffed, Values, sniff};

use super::{
    super::{
        allow::{self, Use},
        attributes, dtype, gadgets, later,
    },
    Judge, MOST_NESTED,
};

impl<'a> Judge<'a> {
    /// What is wrong with a call of an allowed name, if anything: a few are harmless only with the right arguments.
    pub(super) fn unusual(&mut self, values: &Values<'a>, global: &Global, called: &Called, at: u64) -> later::Wrong {
        let args = values.items(called.args);
        let module = gadgets::modern(&global.module);
        match (module, global.name.as_str()) {
            // Python writes bound methods this way, members of nested classes, and in 3.11 those of enumerations. It is a
            // mere reference: calling it is judged as a call of something unknown.
            ("builtins", "getattr") => {
                let name = args.get(1).and_then(|id| values.text(*id)).unwrap_or_default();
                let plain = gadgets::find("", &name).is_none() && !name.contains('.') && !name.is_empty();
                let of_text = args
                    .first()
                    .and_then(|id| values.global(*id))
                    .is_some_and(|global| later::method_of_text(global, &name));
                let of_known = of_text || args.first().is_some_and(|id| self.is_known_object(values, *id));
                if !of_known || !plain || args.len() != 2 {
                    return Some((Severity::High, "it takes attributes by name"));
                }
                attributes::reaching_method(&name)
            }
            ("copyreg", "_reconstructor" | "__newobj__" | "__newobj_ex__") => {
                let class = args.first().and_then(|id| values.global(*id));
                let known = class.is_some_and(|class| self.use_of(class).is_some_and(|kind| kind >= Use::Make));
                // A class that is imported by name is judged as an import too; here it is made.
                if known && global.name == "_reconstructor" {
                    return later::base(values, args.get(1).copied())
                        .or_else(|| args.get(2).and_then(|state| attributes::keys(values, *state)));
                }
                if known && class.is_some_and(|class| later::only_called(class).is_some()) {
                    return Some((
                        Severity::High,
                        "it makes an instance of something that calls what it is given",
                    ));
                }
                (!known).then(
                    || match class.and_then(|class| gadgets::find(&class.module, &class.name)) {
                        Some(gadget) => (gadget.severity, "it makes an instance of something dangerous"),
                        None => (
                            Severity::Medium,
                            "it makes an instance of something that Ward does not know",
                        ),
                    },
                )
            }
            (_, "_ufunc_reconstruct") => {
                let part = |n: usize| args.get(n).and_then(|id| values.text(*id)).unwrap_or_default();
                let (module, name) = (part(0), part(1));
                let plain = matches!(
                    module.as_str(),
                    "numpy"
                        | "numpy.core._multiarray_umath"
                        | "numpy.core.umath"
                        | "scipy.special"
                        | "scipy.special._ufuncs"
                );
                let known = allow::of(&module, &name).is_some()
                    || plain
                        && !name.contains('.')
                        && gadgets::find(&module, &name).is_none()
                        && allow::of("numpy", &name).is_some();
                (!known).then(|| match gadgets::find(&module, &name) {
                    Some(gadget) => (gadget.severity, "it imports a function by the names it is given"),
                    None => (Severity::Medium, "it imports a function by the names it is given"),
                })
            }
            ("torch._tensor", "_rebuild_from_type_v2" | "_rebuild_from_type") => {
                let function = args.first().and_then(|id| values.global(*id));
                let known = function.is_some_and(|f| f.module == "torch._utils" && self.use_of(f) == Some(Use::Call));
                if !known {
                    return Some((Severity::High, "it calls what it is given"));
                }
                args.get(3).and_then(|state| attributes::parts(values, *state))
            }
            ("torch._utils", "_rebuild_parameter_with_state") => {
                args.get(3).and_then(|state| attributes::parts(values, *state))
            }
            (_, name) if name.starts_with("__pyx_unpickle_") => {
                args.get(2).and_then(|state| attributes::parts(values, *state))
            }
            ("types", "SimpleNamespace") | ("lightning_fabric.utilities.data", "AttributeDict") => {
                args.first().and_then(|state| attributes::keys(values, *state))
            }
            ("numpy" | "numpy.rec", "ndarray" | "recarray") => dtype::array(values, args),
            ("builtins", "bytes" | "bytearray" | "list" | "tuple" | "set" | "frozenset" | "dict")
            | ("collections", "deque" | "Counter" | "OrderedDict" | "UserList") => attributes::too_much(values, args),
            ("functools", "partial") => later::partial(values, args.first().copied()),
            ("collections", "defaultdict") => later::factory(values, args.first().copied()),
            ("numpy.random._pickle", _) => later::generator(values, args),
            ("dill._dill", "_load_type") => later::type_of_dill(values, global, args).is_none().then_some((
                Severity::Critical,
                "it reaches any type of Python, also those that hold code",
            )),
            ("dill._dill", _) => later::array_of_dill(values, args),
            ("dateutil.tz.tz", "tzfile") => args
                .first()
                .is_some_and(|id| !matches!(values.get(*id), Node::None))
                .then_some((Severity::High, "it opens a file")),
            ("torch.storage", "_load_from_bytes") => {
                self.nest(values, called);
                let first = *args.first()?;
                if matches!(values.get(first), Node::Bytes(_) | Node::ByteArray(_)) {
                    return None;
                }
                match later::resolved(values, first) {
                    Some(bytes)
                        if self.assembled.len() < MOST_NESTED
                            && (sniff(&bytes) != Sniffed::Not || bytes.starts_with(b"PK")) =>
                    {
                        self.assembled.push((at, bytes));
                        None
                    }
                    _ => Some((Severity::Medium, "nobody can tell what it loads")),
                }
            }
            _ => None,
        }
    }

    /// A callee that is written as the result of something else and is a plain name all the same:
    /// `getattr(module.Class, "name")` when `module.Class.name` is allowed, types as dill writes them, and the classes of
    /// PyTorch's old format, which come as `("module", class, file, source)`.
    pub(super) fn written_otherwise(&mut self, values: &Values<'a>, callee: Id) -> Option<Global> {
        if let Node::Persistent(pid) = values.get(callee) {
            let parts = values.items(*pid);
            let is_module = parts
                .first()
                .and_then(|id| values.text(*id))
                .is_some_and(|word| word == "module");
            return parts
                .get(1)
                .filter(|_| is_module)
                .and_then(|class| values.global(*class))
                .cloned();
        }
        let called = values.called(callee)?;
        let getattr = values.global(called.callee)?;
        if let Some(class) = later::type_of_dill(values, getattr, values.items(called.args)) {
            return Some(class);
        }
        let [of, name] = values.items(called.args) else {
            return None;
        };
        if gadgets::modern(&getattr.module) != "builtins" || getattr.name != "getattr" {
            return None;
        }
        let of = values.global(*of)?;
        let whole = Global {
            module: of.module.clone(),
            name: format!("{}.{}", of.name, values.text(*name)?),
            computed: false,
        };
        self.use_of(&whole).map(|_| whole)
    }

    /// True for a class of a framework that is known, and for an instance of one.
    fn is_known_object(&mut self, values: &Values<'a>, id: Id) -> bool {
        let class = match values.called(id) {
            None => values.global(id),
            Some(called) => match values.global(called.callee) {
                Some(global) if gadgets::modern(&global.module) == "copyreg" => values
                    .items(called.args)
                    .first()
                    .and_then(|class| values.global(*class)),
                other => other,
            },
        };
        class.is_some_and(|class| {
            let of_python = matches!(
                gadgets::modern(&class.module),
                "builtins"
                    | "copyreg"
                    | "functools"
                    | "operator"
                    | "_codecs"
                    | "logging"
                    | "pathlib"
                    | "pathlib._local"
                    | "types"
                    | "argparse"
                    | "collections"
                    | "array"
                    | "random"
            );
            !of_python && self.use_of(class).is_some_and(|kind| kind >= Use::Make)
        })
    }

    /// Remembers the bytes among the arguments, to be looked into.
    pub(super) fn nest(&mut self, values: &Values<'a>, called: &Called) {
        for id in values.items(called.args) {
            if let Node::Bytes(text) | Node::Str(text) | Node::ByteArray(text) = values.get(*id)
                && self.nested.len() < MOST_NESTED
            {
                self.nested.push(*text);
            }
        }
    }
}
